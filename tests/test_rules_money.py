"""Sums of money: every example line, every notation written and read back, hostile text in linear time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

import pytest
from examples import examples, marked, rules_of, unmark
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from officialese import CARRIERS, slowness

from poytakirja.rules.money import numbers
from poytakirja.rules.money import sums as money

GROUPS = list(examples("money", "find"))
CELL_GROUPS = list(examples("money", "cell"))
NOT = sorted({text for group in GROUPS for text in group.get("not", [])})
CELLS = [pytest.param(cell, value, id=cell) for group in CELL_GROUPS for cell, value in group["pairs"]]
NO_CELLS = [cell for group in CELL_GROUPS for cell in group["not"]]


def as_value(match: money.AmountMatch) -> str:
    """A match in the form of the examples: ``~345955.00 municipal_share/osuus Kuusilahden``."""
    value = ("~" if match.approximate else "") + ("?" if match.value is None else str(match.value))
    if match.per_unit:
        return f"{value} per unit"
    kind = f"{match.kind}/{match.label}" if match.kind else None
    return " ".join(str(part) for part in (value, kind, match.party, match.year) if part)


@pytest.mark.parametrize(("group", "text"), marked(GROUPS))
def test_example(group: dict[str, Any], text: str) -> None:
    plain, surfaces = unmark(text)
    found = money.find(plain)
    spans = [(span, " + ".join(map(as_value, same))) for span, same in groupby(found, key=lambda m: plain[m.start : m.end])]
    assert spans == list(zip(surfaces, group["value"], strict=True))
    assert {match.rule_id for match in found} <= rules_of(group)


@pytest.mark.parametrize("text", NOT)
def test_nothing_to_read(text: str) -> None:
    assert money.find(text) == []


@pytest.mark.parametrize(("cell", "value"), CELLS)
def test_cell(cell: str, value: str) -> None:
    assert numbers.parse_number(cell) == (Decimal(value.removeprefix("~")), value.startswith("~"))


@pytest.mark.parametrize("cell", NO_CELLS)
def test_cell_without_a_sum(cell: str) -> None:
    assert numbers.parse_number(cell) == (None, False)


def test_every_rule_has_an_example() -> None:
    named = {rule for group in GROUPS for rule in rules_of(group)}
    read = {match.rule_id for group in GROUPS for text in group["text"] for match in money.find(unmark(text)[0])}
    assert read == named


def test_every_group_says_why_in_two_lines() -> None:
    assert [group["why"] for group in GROUPS if len(group["why"].splitlines()) != 2] == []


# ---------------------------------------------------------------- written and read back


def grouped(whole: str, separator: str) -> str:
    """A number in groups of three."""
    head = len(whole) % 3 or 3
    return separator.join([whole[:head], *(whole[i : i + 3] for i in range(head, len(whole), 3))])


def cents(value: Decimal) -> str:
    return f"{value:.2f}".partition(".")[2]


def whole(value: Decimal) -> str:
    return str(int(value))


def trimmed(value: Decimal) -> str:
    """A number without noughts at its end, with a decimal comma."""
    return f"{value.normalize():f}".replace(".", ",")


def even(value: Decimal) -> bool:
    return value == int(value)


def always(value: Decimal) -> bool:
    return True


def millions(value: Decimal) -> bool:
    return value % 1000 == 0 and 1_000 <= value < 10_000_000_000


def thousands(value: Decimal) -> bool:
    return value % 1000 == 0 and 1000 <= value < 10_000_000


# notation → (which sums can be written so, how)
NOTATIONS: dict[str, tuple[Callable[[Decimal], bool], Callable[[Decimal], str]]] = {
    "spaces": (even, lambda v: f"{grouped(whole(v), ' ')} €"),
    "spaces, cents": (always, lambda v: f"{grouped(whole(v), ' ')},{cents(v)} €"),
    "no space before the unit": (even, lambda v: f"{grouped(whole(v), ' ')}€"),
    "hard spaces": (even, lambda v: f"{grouped(whole(v), chr(0xA0))}{chr(0xA0)}€"),
    "row end inside": (even, lambda v: f"{grouped(whole(v), chr(10))} euroa"),
    "full stops": (even, lambda v: f"{grouped(whole(v), '.')} euroa"),
    "full stops, cents": (always, lambda v: f"{grouped(whole(v), '.')},{cents(v)} €"),
    "plain": (always, lambda v: f"{whole(v)},{cents(v)} euroa"),
    "decimal point": (always, lambda v: f"{whole(v)}.{cents(v)} €"),
    "inflected": (even, lambda v: f"{grouped(whole(v), ' ')} eurolla"),
    "sign inflected": (even, lambda v: f"{grouped(whole(v), ' ')} €:n"),
    "abbreviated": (even, lambda v: f"{grouped(whole(v), ' ')} eur"),
    "currency first": (always, lambda v: f"€ {grouped(whole(v), ' ')},{cents(v)}"),
    "code first": (even, lambda v: f"EUR {grouped(whole(v), '.')}"),
    "old": (even, lambda v: f"{grouped(whole(v), ' ')}:-"),
    "old with currency": (even, lambda v: f"{grouped(whole(v), '.')},- euroa"),
    "millions": (millions, lambda v: f"{trimmed(v / 1_000_000)} milj. euroa"),
    "millions in words": (millions, lambda v: f"{trimmed(v / 1_000_000)} miljoonalla eurolla"),
    "millions, sign": (millions, lambda v: f"{trimmed(v / 1_000_000)} M€"),
    "thousands": (thousands, lambda v: f"{trimmed(v / 1000)} t€"),
    "thousands in words": (thousands, lambda v: f"{trimmed(v / 1000)} tuhatta euroa"),
}
LABELS = {
    "kustannusarvio": "total_cost", "kokonaisbudjetti on": "total_cost", "kokonaiskustannukset": "total_cost",
    "omarahoitus": "own_contribution", "omavastuuosuus": "own_contribution", "kuntarahoitusosuus": "municipal_share",
    "josta Kuusilahden osuus": "municipal_share", "haettava avustus on": "applied_grant", "myönnetty avustus:": "grant",
    "korvamerkitty": "earmarked", "väliaikaisrahoitus": "loan",
}  # fmt: skip
HEDGES = ("", "noin ", "n. ", "arviolta ", "enintään ", "vähintään ")

sums = st.one_of(
    st.integers(1, 10**9).map(lambda n: Decimal(n) / 100),
    st.integers(0, 10**8).map(Decimal),
    st.integers(1, 10**5).map(lambda n: Decimal(n) * 1000),
)


@st.composite
def written_sums(draw: st.DrawFn) -> tuple[Decimal, str]:
    """A sum and a way of writing it."""
    value = draw(sums)
    name = draw(st.sampled_from([name for name, (fits, _) in NOTATIONS.items() if fits(value)]))
    return value, NOTATIONS[name][1](value)


@settings(deadline=None)
@given(written_sums(), st.sampled_from(sorted(LABELS)), st.sampled_from(HEDGES), st.sampled_from(CARRIERS))
def test_a_written_sum_reads_back(case: tuple[Decimal, str], label: str, hedge: str, carrier: str) -> None:
    value, written = case
    text = carrier.format(f"{label} {hedge}{written}")
    (match,) = money.find(text)
    assert (match.value, match.kind, match.approximate) == (value, LABELS[label], bool(hedge))
    assert text[match.start : match.end] == written


@settings(deadline=None)
@given(written_sums(), written_sums(), written_sums())
def test_three_sums_of_a_sentence_keep_their_labels(
    total: tuple[Decimal, str], share: tuple[Decimal, str], own: tuple[Decimal, str]
) -> None:
    text = f"Tietotuuli (ESR), kustannusarvio {total[1]}, josta Kuusilahden osuus on {share[1]} (omarahoitus {own[1]})."
    found = [(m.value, m.kind, m.party) for m in money.find(text)]
    assert found == [
        (total[0], "total_cost", None),
        (share[0], "municipal_share", "Kuusilahden"),
        (own[0], "own_contribution", None),
    ]


@settings(deadline=None)
@given(st.integers(1000, 10**7), st.integers(1000, 10**7), st.sampled_from(["–", "-", " - ", " – "]))
def test_both_ends_of_a_range_read_back(low: int, high: int, dash: str) -> None:
    assume(not 1900 <= low < 2100)
    text = f"Tapahtuman budjetti on {grouped(str(low), ' ')}{dash}{grouped(str(high), ' ')} euroa."
    assert [(m.value, m.kind, m.approximate) for m in money.find(text)] == [(low, "total_cost", True), (high, "total_cost", True)]


@settings(deadline=None)
@given(st.text(alphabet="0123456789., €-–()euromiljtn:/%\nkso ", max_size=120))
def test_matches_stand_in_order_and_apart(text: str) -> None:
    found = money.find(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(a.end <= b.start or (a.start, a.end) == (b.start, b.end) for a, b in pairwise(found))
    assert all(m.rule_id in {rule for group in GROUPS for rule in rules_of(group)} for m in found)


@settings(deadline=None)
@given(written_sums())
def test_a_cell_reads_as_its_sum(case: tuple[Decimal, str]) -> None:
    value, written = case
    assert numbers.parse_number(written) == (value, False)


# ---------------------------------------------------------------- hostile text


@pytest.mark.parametrize(
    "unit", ["1.", "-", "1", " ", "1,", "1.1.2020-", "1.000", "(", "€", "(1", "omarahoitus ", "ei oma", "n. ", "\n"]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    assert slowness(money.find, unit) < 3
