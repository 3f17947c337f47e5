"""The examples beside the rules, as parameters of tests."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
import regex

_MARKED = regex.compile(r"\{([^{}]*)\}")


def examples(name: str, group: str) -> Iterator[dict[str, Any]]:
    """The cases of a group of rules/examples/NAME.toml."""
    text = (resources.files("poytakirja.rules") / "examples" / f"{name}.toml").read_text(encoding="utf-8")
    yield from tomllib.loads(text)[group]


def texts(name: str, group: str, key: str = "text") -> list[Any]:
    """Each text of a group with the value it is to give; those that are still to do fail strictly."""
    cases = list(examples(name, group))
    found = [pytest.param(text, case.get("value"), id=text[:60]) for case in cases for text in case.get(key, ())]
    return found + [
        pytest.param(
            todo["text"], case["value"], id=todo["text"][:60], marks=pytest.mark.xfail(strict=True, reason=todo["reason"])
        )
        for case in cases
        for todo in (case.get("todo", []) if key == "text" else [])
    ]


def pairs(name: str, group: str) -> list[Any]:
    """Each pair of what is written and what is to come out; those that are still to do fail strictly."""
    cases = list(examples(name, group))
    found = [pytest.param(*pair, id=str(pair[0])[:60]) for case in cases for pair in case["pairs"]]
    return found + [
        pytest.param(*todo["pair"], id=str(todo["pair"][0])[:60], marks=pytest.mark.xfail(strict=True, reason=todo["reason"]))
        for case in cases
        for todo in case.get("todo", [])
    ]


def marked(groups: list[dict[str, Any]]) -> list[Any]:
    """Each marked text with its group; those that are still to do fail strictly."""
    found = [pytest.param(group, text, id=text) for group in groups for text in group["text"]]
    return found + [
        pytest.param(group, case["text"], id=case["text"], marks=pytest.mark.xfail(strict=True, reason=case["reason"]))
        for group in groups
        for case in group.get("todo", [])
    ]


def unmark(text: str) -> tuple[str, list[str]]:
    """The text without its braces, and what stood in them."""
    return _MARKED.sub(r"\1", text), _MARKED.findall(text)


def rules_of(group: dict[str, Any]) -> set[str]:
    """The rules that a group shows."""
    return {group["rule"]} if isinstance(group["rule"], str) else set(group["rule"])
