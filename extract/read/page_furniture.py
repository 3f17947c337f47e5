"""Page headers and footers (ylä- ja alatunnisteet): what repeats at the edges of pages, page counter aside.

A row belongs to the frame of its page when rows like it stand at the same height on most pages, when it holds the counter of
this very page, or when a tagged PDF says that it is no content; and so does a single row between it and the edge. "Like" means
alike but for numbers, and these stay or count the pages. Rows that name an agenda item (``§ 5``) must be alike to the digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from statistics import median

import regex

from poytakirja.read.pdf.rows import Row, Sheet
from poytakirja.read.pdf.tables.cells import TablePart

DEEP = 7
"""So many rows from an edge are looked at."""
SHALLOW = 4
"""Few frames have more rows: only then are all the others compared."""
OFTEN = 0.5
"""A row that this share of all pages holds at one height belongs to their frame."""
LEVEL = 3.0
"""Points by which the heights of a frame's row may differ."""
UPPER, LOWER = 0.2, 0.15
"""Shares of a page's height in which its frame can stand."""


@cache
def _number() -> regex.Pattern[str]:
    return regex.compile(r"\d{1,9}+")


@cache
def _counter() -> regex.Pattern[str]:
    """A page counter at the end of a part of a row: ``21 (29)``, ``Sivu 3/7``, ``s. 3``."""
    return regex.compile(
        r"""(?: ^ | \s ) (?:
            (?: sivu | sida | s\. ) \s? (?P<page>\d{1,4}) (?: \s? [/(] \s? (?P<of>\d{1,4}) \s? \)? )?
          | (?P<page>\d{1,4}) \s? (?: \( \s? (?P<of>\d{1,4}) \s? \) | / \s? (?P<of>\d{1,4}) )
        ) $""",
        regex.VERBOSE | regex.IGNORECASE,
    )


@lru_cache(2048)
def _likeness(text: str) -> str | None:
    """What rows of a frame have in common; None for a row that is like no other."""
    if "§" in text:
        return text
    alike = _number().sub("#", text)
    return alike.casefold() if len(text) <= 16 or any(c.isalpha() for c in alike) else None


def _steady(rows: Sequence[tuple[int, Row]]) -> bool:
    """Whether the numbers in like rows of several pages are those of a frame: they stay, or they count the pages.

    ``Pöytäkirja 3/2022   4 (29)`` goes on with ``Pöytäkirja 3/2022   5 (29)``; the figures of a budget do not go on so.
    """
    numbers = [(page, [int(found) for found in _number().findall(row.text)]) for page, row in rows]
    steady = sum(
        all(a == b or b - a == after - before for a, b in zip(first, second, strict=True))
        for (before, first), (after, second) in pairwise(numbers)
    )
    return 2 * steady >= len(rows) - 1


def counts_page(row: Row, page: int, pages: int) -> bool:
    """Whether the row holds the counter of this page: ``3 (7)`` on the third of seven, or ``Sivu 3`` on it."""
    number = str(page)
    for piece in row.pieces:
        if number in piece.text and (found := _counter().search(piece.text)) and found["page"] == number:
            return found["of"] == str(pages) or (found["of"] is None and pages > 1)
    return False


def _edges(sheet: Sheet, upper: bool, printed: bool) -> list[Row]:
    """The rows that stand nearest to an edge, from the edge inwards. A table that leaves the edge is none of it."""
    near = sheet.rows[: 2 * DEEP] if upper else sheet.rows[-2 * DEEP :][::-1]
    if not printed:
        return [row for row in near if row.pieces][:DEEP]
    upper_end, lower_start = sheet.height * UPPER, sheet.height * (1 - LOWER)
    kept = [row for row in near if row.table is None and (row.bottom <= upper_end if upper else row.top >= lower_start)]
    return sorted(kept, key=lambda row: row.top, reverse=not upper)[:DEEP]


def _repeated(edges: Sequence[Sequence[Row]], printed: bool) -> set[int]:
    """The rows (by ``id``) that stand on most pages at one height: points of a printed page, rows of a text."""
    places: dict[str, list[tuple[int, float, Row]]] = defaultdict(list)
    for page, rows in enumerate(edges):
        for depth, row in enumerate(rows):
            if likeness := _likeness(row.text):
                places[likeness].append((page, row.top if printed else depth, row))
    found: set[int] = set()
    # In a short document much may stand at one height by chance: all its pages must agree, but for the first.
    enough = max(2, OFTEN * len(edges), min(len(edges) - 1, 4))
    for group in places.values():
        if len(group) < enough:
            continue
        usual = median(height for _, height, _ in group)
        level = [(page, row) for page, height, row in group if abs(height - usual) <= (LEVEL if printed else 0)]
        if len({page for page, _ in level}) >= enough and _steady(level):
            found.update(id(row) for _, row in level)
    return found


def _aside(edges: Sequence[Sequence[Row]]) -> set[int]:
    """The rows (by ``id``) that a tagged PDF says are no content, where another page has such at the same height."""
    artifacts = sorted((row.top, page, id(row)) for page, rows in enumerate(edges) for row in rows if row.tag == "Artifact")
    if len(edges) < 2:
        return {row for _, _, row in artifacts}
    level = [(a, b) for a, b in pairwise(artifacts) if b[0] - a[0] <= LEVEL and a[1] != b[1]]
    return {row for pair in level for _, _, row in pair}


def _beneath(rows: Sequence[Row], n: int) -> bool:
    """Whether a row goes on with the frame's row above it: its parts stand under parts of that one."""
    if len(rows[n].pieces) < 2 or rows[n].top - rows[n - 1].top > 2 * rows[n].size:
        return False
    above = [piece.x0 for piece in rows[n - 1].pieces]
    return all(any(abs(piece.x0 - x0) < 2.0 for x0 in above) for piece in rows[n].pieces)


def _mark(sheets: Sequence[Sheet], upper: bool, printed: bool) -> None:
    """Give the rows of one edge their role."""
    edges = [_edges(sheet, upper, printed) for sheet in sheets]
    for deep in (SHALLOW, DEEP):
        shallow = [rows[:deep] for rows in edges]
        repeated = _aside(shallow) | (_repeated(shallow, printed) if len(sheets) > 1 else set())
        if not any(id(row) in repeated for rows in shallow for row in rows[SHALLOW - 2 : SHALLOW]):
            break  # no frame goes deeper
    for sheet, rows in zip(sheets, edges, strict=True):
        depth = 0
        for n, row in enumerate(rows, 1):
            if id(row) in repeated or (n <= 3 and counts_page(row, sheet.number, len(sheets))):
                depth = n
            elif "§" in row.text or n > depth + 1:
                break
        if upper and printed and 0 < depth < len(rows) and id(rows[depth - 1]) not in repeated and _beneath(rows, depth):
            depth += 1
        for row in rows[:depth]:
            row.role = "header" if upper else "footer"


def mark_frames(sheets: Sequence[Sheet], printed: bool = True) -> None:
    """Tell headers and footers from the body, page by page, and bring them to the edges of their page."""
    if not printed and len(sheets) == 1:
        return  # a text without pages has no page frames
    _mark(sheets, True, printed)
    _mark(sheets, False, printed)
    order = {"header": 0, "body": 1, "footer": 2}
    for sheet in sheets:
        roles = [order[row.role] for row in sheet.rows]
        if roles != sorted(roles):
            sheet.rows.sort(key=lambda row: order[row.role])


def settle_frames(sheets: Sequence[Sheet], shares: Sequence[TablePart]) -> list[TablePart]:
    """Mark the frames of a printed document; gives the tables that are left when those drawn in the frames are put aside."""
    by_number = {sheet.number: sheet for sheet in sheets} if shares else {}
    for share in shares:
        height = by_number[share.page].height
        if share.bottom > UPPER * height and share.top < (1 - LOWER) * height:
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
