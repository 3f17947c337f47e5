r"""Page headers and footers (ylä- ja alatunnisteet): what repeats at the edges of pages, page counter aside.

A row belongs to the frame of its page when rows like it stand at the same height on most pages, or when it holds the counter
of this very page. "Like" means alike but for numbers. The heading of an agenda item (``§ 5``) never counts as like another, nor
do rows of mere numbers, whose likeness says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from statistics import median
from typing import NamedTuple

import regex

from extract.read.rows import Row, Sheet
from extract.read.tables import Share

DEEP = 7
"""So many rows from an edge are looked at."""
OFTEN = 0.5
"""A row that this share of all pages holds at one height belongs to their frame."""

UPPER, LOWER = 0.2, 0.15
"""Shares of a page's height in which its frame can stand."""


@cache
def _number() -> regex.Pattern[str]:
    return regex.compile(r"\d++")


@cache
def _counter() -> regex.Pattern[str]:
    """A page counter at the end of a part of a row: ``21 (29)``, ``Sivu 3/7``, ``- 3 -``, ``s. 3``."""
    return regex.compile(
        r"""^ (?: .*\s )?? (?: (?P<page>\d{1,4}) \s? (?: \( \s? (?P<of>\d{1,4}) \s? \) | / \s? (?P<of>\d{1,4}) )
        | (?: sivu | sida | s\. ) \s? (?P<page>\d{1,4}) (?: \s? (?: / | \( ) \s? (?P<of>\d{1,4}) \)? )?
        | [-–] \s? (?P<page>\d{1,4}) \s? [-–] ) $
        | ^ (?P<page>\d{1,4}) $""",
        regex.VERBOSE | regex.IGNORECASE,
    )


class _Place(NamedTuple):
    page: int
    row: int
    at: float


def _likeness(row: Row) -> str | None:
    """What rows of a frame have in common; None for a row that is like no other."""
    text = row.text
    if not any(c.isalpha() for c in text):
        return None
    if "§" in text:
        return text.casefold()
    return " ".join(_number().sub("#", text).casefold().split())


def counts_page(row: Row, number: int, pages: int) -> bool:
    """Whether the row holds the counter of this page."""
    for piece in row.pieces:
        if (found := _counter().match(piece.text)) and int(found["page"]) == number:
            of = found["of"]
            if of is None and found.start("page") == 0 and len(row.pieces) == 1 and pages == 1:
                continue  # a lone 1 on a lone page may be anything
            if of is None or int(of) == pages or number <= int(of):
                return True
    return False


def _edges(sheet: Sheet, upper: bool) -> list[Row]:
    """The rows that stand nearest to an edge, from the edge inwards. A table that leaves the edge is none of it."""
    rows = [row for row in sheet.rows if row.pieces and row.table is None]
    if not upper:
        rows.reverse()
    if not sheet.height:
        return rows[:DEEP]
    band = sheet.height * (UPPER if upper else LOWER)
    kept = [row for row in rows if (row.bottom <= band if upper else row.top >= sheet.height - band)]
    return sorted(kept, key=lambda row: row.top, reverse=not upper)[:DEEP]


def _height(row: Row, depth: int, printed: bool) -> float:
    """How far from the edge a row stands: points of a printed page, rows of a text."""
    return row.top if printed else depth


def _repeated(edges: Sequence[Sequence[Row]], printed: bool, pages: int) -> set[tuple[int, int]]:
    """The (page, depth) of rows that stand on most pages at one height."""
    places: dict[str, list[_Place]] = defaultdict(list)
    for page, rows in enumerate(edges):
        for depth, row in enumerate(rows):
            if likeness := _likeness(row):
                places[likeness].append(_Place(page, depth, _height(row, depth, printed)))
    found: set[tuple[int, int]] = set()
    for group in places.values():
        usual = median(place.at for place in group)
        level = [place for place in group if abs(place.at - usual) <= (6.0 if printed else 0)]
        if len({place.page for place in level}) >= max(2, OFTEN * pages):
            found.update((place.page, place.row) for place in level)
    return found


def _mark(sheets: Sequence[Sheet], upper: bool, printed: bool) -> None:
    """Give the rows of one edge their role."""
    edges = [_edges(sheet, upper) for sheet in sheets]
    repeated = _repeated(edges, printed, len(sheets)) if len(sheets) > 1 else set()
    for page, rows in enumerate(edges):
        deepest = -1
        for depth, row in enumerate(rows):
            if (page, depth) in repeated or counts_page(row, sheets[page].number, len(sheets)):
                deepest = depth
            elif "§" in row.text:
                break
        for row in rows[: deepest + 1]:
            row.role = "header" if upper else "footer"


def mark_frames(sheets: Sequence[Sheet], printed: bool = True) -> None:
    """Tell headers and footers from the body, page by page, and bring them to the edges of their page."""
    if not printed and len(sheets) == 1:
        return  # a text without pages has no page frames
    _mark(sheets, True, printed)
    _mark(sheets, False, printed)
    for sheet in sheets:
        if any(row.role != "body" for row in sheet.rows):
            order = {"header": 0, "body": 1, "footer": 2}
            sheet.rows.sort(key=lambda row: order[row.role])


def settle_frames(sheets: Sequence[Sheet], shares: Sequence[Share]) -> list[Share]:
    """Mark the frames of a printed document; gives the tables that are left when those drawn in the frames are put aside."""
    by_number = {sheet.number: sheet for sheet in sheets}
    for share in shares:
        if share.bottom > UPPER * by_number[share.page].height and share.top < (1 - LOWER) * by_number[share.page].height:
            for row in share.rows():
                row.table = -1
    mark_frames(sheets)
    kept = []
    for share in shares:
        share.slots = [slot for slot in share.slots if all(row.role == "body" for row in slot.rows)]
        if not share.slots:
            continue
        for row in share.rows():
            row.table = None
        body = [row for row in by_number[share.page].rows if row.role == "body"]
        share.first, share.last = body[0] is share.slots[0].rows[0], body[-1] is share.slots[-1].rows[-1]
        kept.append(share)
    return kept
