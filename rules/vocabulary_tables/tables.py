"""The vocabulary (sanasto): tables that a Finnish reader can edit without Python."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

import regex

Row = dict[str, str]
"""A row of a table of the vocabulary, by column."""
_added: dict[str, list[Row]] = {}


@cache
def rows(name: str) -> list[Row]:
    """The rows of ``rules/vocabulary/NAME.csv``, and behind them those that an organisation has added."""
    return [*shipped(name), *_added.get(name, ())]


@cache
def shipped(name: str) -> list[Row]:
    """The rows of ``rules/vocabulary/NAME.csv`` alone."""
    return [
        row
        for _, row in parsed((resources.files("poytakirja.rules") / "vocabulary" / f"{name}.csv").read_text(encoding="utf-8-sig"))
    ]


def parsed(text: str) -> list[tuple[int, Row]]:
    """The rows of a table with their lines, cells stripped; an empty or missing cell is the empty string.

    The first row is the header; rows whose first cell is empty or begins with ``#`` are notes to the reader.
    """
    read = csv.DictReader(text.splitlines())
    cleaned = ((read.line_num, {key: (value or "").strip() for key, value in row.items() if key is not None}) for row in read)
    return [(line, row) for line, row in cleaned if (first := next(iter(row.values()))) and not first.startswith("#")]


def add(tables: Mapping[str, Sequence[Row]]) -> None:
    """Let these rows stand behind the shipped ones, in place of any added before. What is compiled already does not know them."""
    _added.clear()
    _added.update({name: list(added) for name, added in tables.items()})
    rows.cache_clear()


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether any of some words stands in a text, letter for letter: asked before a pattern that needs one of them is tried."""
    return any(word in text for word in words)


def word_heads(words: Iterable[str]) -> re.Pattern[str]:
    r"""Finds in a text in small letters where words begin that may be some of those given, by their first four letters.

    A pattern of hundreds of words, tried at these places alone, takes a fifth of its time. ``re``, since it is the faster of the
    two engines where words stand side by side.

    >>> [m.start() for m in word_heads(["Euroopan unioni", "ELY-keskus"]).finditer("ely, europa, keuro")]
    [0, 5]
    """
    heads = {regex.split(r"[\W_]", word.lower(), maxsplit=1)[0][:4] for word in words}
    return re.compile(rf"(?<![^\W\d_])(?:{alternation(heads)})")


@cache
def with_funds(pattern: str) -> regex.Pattern[str]:
    """A pattern in which FUND is a fund by its abbreviation, which before -hanke names the payer (``ESR-hanke``)."""
    funds = alternation(row["form"] for row in rows("funders") if row["match"] == "word" and row["form"].isupper())
    return regex.compile(pattern.replace("FUND", rf"(?:{funds}|EU|[Ll]eader)"))


def lowered(text: str) -> str:
    """A text in small letters, each character at its place (``İ``, which would be two, stays)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def alternation(words: Iterable[str]) -> str:
    r"""One pattern for many words, factored by their first letters; white space in a word matches any white space.

    An engine that tries ``hakemu|hakuaik|hankeaik|…`` word by word is twenty times slower on running text.

    >>> alternation(["haku", "hakea", "virka"])
    '(?:hak(?:ea|u)|virka)'
    >>> alternation(["v.", "oma osuu"])
    '(?:oma\\s+osuu|v\\.)'
    """
    tails: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        tails.setdefault(word[:1], []).append(word[1:])
    ends = "" in tails and tails.pop("") is not None
    branches = [(r"\s+" if head == " " else regex.escape(head)) + alternation(rest) for head, rest in tails.items()]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return body + "?" if ends else body
