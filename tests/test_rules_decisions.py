"""The rules of outcomes, votes and item numbers against their examples."""

from __future__ import annotations

import pytest
from examples import examples

from poytakirja.rules.decisions import outcome, votes
from poytakirja.rules.layout import item_labels


def told(name: str, group: str, key: str) -> list[tuple[object, object]]:
    return [(case["value"], text) for case in examples(name, group) for text in case.get(key, ())]


@pytest.mark.parametrize(("value", "texts"), told("outcomes", "outcome", "text"))
def test_outcomes(value: str, texts: list[str]) -> None:
    decision, proposal = texts
    found = outcome.outcome(decision, proposal or None)
    assert found
    assert found.value == value
    assert 0 <= found.start < found.end <= len(decision)


@pytest.mark.parametrize(("value", "texts"), told("outcomes", "outcome", "not"))
def test_other_outcomes(value: str, texts: list[str]) -> None:
    found = outcome.outcome(texts[0], texts[1] or None)
    assert found is None or found.value != value


@pytest.mark.parametrize(("value", "text"), told("votes", "vote", "text"))
def test_votes(value: list[int], text: str) -> None:
    counts = [(v.votes_for, v.against, v.empty, v.absent) for v in votes.find(text)]
    assert counts == [tuple(None if n < 0 else n for n in value)]


@pytest.mark.parametrize("text", [text for _, text in told("votes", "vote", "not")])
def test_what_is_no_vote(text: str) -> None:
    assert votes.find(text) == []


@pytest.mark.parametrize(("value", "text"), told("item_labels", "label", "text"))
def test_numbers_of_items(value: list[object], text: str) -> None:
    assert [[found.layout, found.number] for found in item_labels.read(text)] == [value]


@pytest.mark.parametrize("text", [text for _, text in told("item_labels", "label", "not")])
def test_what_numbers_no_item(text: str) -> None:
    assert item_labels.read(text) == []
