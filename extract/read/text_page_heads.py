"""The head of each sheet (sivun ylätunniste) in text files, where it stands between the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import regex

from poytakirja.document import Line
from poytakirja.rules.organisations import bodies

_TOP_ROWS = 3
KINDS = (
    "(?:kokous)?pöytäkirja|pöytäkirjan?ote|ote pöytäkirjasta|esityslista|kokouskutsu|"
    "protokoll|protokollsutdrag|föredragningslista"
)
"""The words for what a document of a meeting is, as a pattern."""


@cache
def _sheet() -> regex.Pattern[str]:
    """What stands beside the organisation in a page head: the kind of the document, the meeting's number, the page."""
    page = r"(?:sivu|sida|s\.)\s?\d{1,4}(?:\s?[/(]\s?\d{1,4}\)?)?|\d{1,4}\s?\(\d{1,4}\)"
    return regex.compile(rf"(?i)\s*(?:(?:{KINDS})(?:\s+(?:nro\s)?\d{{1,3}}\s?/\s?\d{{4}})?|{page})\s*")


@cache
def _unparted() -> regex.Pattern[str]:
    """A page head without wide gaps: ``Ahvenniemen kunta Pöytäkirja 3/2020 4 (9)``."""
    return regex.compile(rf"(?i)[^§]{{0,60}}?\b(?:{KINDS})\s[\s\d/]{{0,12}}\d{{1,4}}\s?\(\d{{1,4}}\)\s*")


@cache
def _whose() -> regex.Pattern[str]:
    return regex.compile(
        r"(?i)[\p{L}-]+ (?:[\p{L}-]+ )*(?:kunta|kaupunki|stad|kommun|kuntayhtymä|hyvinvointialue|välfärdsområde)\s*"
    )


@cache
def _day() -> regex.Pattern[str]:
    return regex.compile(r"\s*\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}\s*")


def mark_heads(lines: list[Line]) -> None:
    """Text files print the head of each sheet between the rows: like an earlier one, numbers aside."""
    known: dict[str, int] = {}
    for at, line in enumerate(lines):
        if not (mask := _mask(line)) or not _heads_sheet(line):
            continue
        first = known.setdefault(mask, at)
        if at == first:
            continue
        for row in (at,) if first < _TOP_ROWS else (first, at):  # the first one on the cover stays to be read with it
            for head in _head_rows(lines, row, first):
                head.role = "header"
    for line in _page_numbers([line for line in lines if line.role == "body"]):
        line.role = "header"


def _heads_sheet(line: Line) -> bool:
    """Whether a row may be a page head: the document's kind, or an organisation with the day, beside number and page."""
    words, beside = line.segments[0].text, [piece.text for piece in line.segments[1:]]
    if any(_sheet().fullmatch(text) for text in beside) or _unparted().fullmatch(line.text):
        return True
    return any(_day().fullmatch(text) or bodies.read_meeting_number(text) for text in beside) and bool(_whose().fullmatch(words))


def _head_rows(lines: Sequence[Line], at: int, known: int) -> Iterable[Line]:
    """A row that heads a sheet, and below it those that repeat rows of the known head or name but the body and the day."""
    yield lines[at]
    for n in (1, 2):
        if at + n >= len(lines) or not (mask := _mask(lines[at + n])):
            return
        repeats = at != known and mask == _mask(lines[known + n])
        named = all(bodies.read(p.text) or _day().fullmatch(p.text) for p in lines[at + n].segments)
        if not repeats and not named:
            return
        yield lines[at + n]


def _page_numbers(lines: list[Line]) -> list[Line]:
    """Numbers that stand alone at the right edge of a text file and count its sheets."""
    alone = [line for line in lines if line.x0 > 30 and line.text.strip().isdigit() and len(line.text.strip()) < 4]
    numbers = [int(line.text) for line in alone]
    return [] if numbers and (any(b != a + 1 for a, b in pairwise(numbers)) or numbers[0] > 2) else alone


_DIGITS = str.maketrans(dict.fromkeys("0123456789"))


def _mask(line: Line) -> str:
    """What a row begins with, numbers aside; nothing where it names an item, which a page head may show but not repeat."""
    return "" if "§" in line.text else (line.segments[0].text if line.segments else line.text).translate(_DIGITS)
