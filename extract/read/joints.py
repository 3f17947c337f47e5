"""Whether a printed row ends inside a word: the evidence by which rows are joined later, with a space or without.

Many systems leave the space of a line break in the page's raw text, so that a row without one ended inside a token, or its
author ended it. A token is broken only where the next letter finds no room, which tells the two apart. Other systems drop
the space: then only a lone token that fills its column, and that cannot be whole, counts as broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import regex

from extract.read.normalise import BREAK
from extract.read.rows import Row, Sheet
from extract.read.tables import Share, Slot

KEPT = 0.15
"""Where this share of the rows ends with a space, rows do so by rule."""


@cache
def _unfinished() -> regex.Pattern[str]:
    """A number or a date that cannot end here: ``85.80`` is none in Finnish, ``1.1.202`` neither, ``12.`` before a digit is."""
    return regex.compile(r"(?: ^|[\s–-] ) \d{1,2} \. \d{1,2} \. \d{1,3} $ | \d \. \d{1,2} $ | [.,–-] $", regex.VERBOSE)


def keeps_spaces(sheets: Iterable[Sheet]) -> bool:
    """Whether the document's raw text keeps the space at the end of a broken row."""
    rows = kept = 0
    for sheet in sheets:
        rows += len(sheet.rows)
        kept += sum([row.after == " " for row in sheet.rows])
    return kept > KEPT * rows


def _no_room(row: Row, following: Row, right: float) -> bool:
    """Whether what follows finds no room: its first word where the token could be broken here, else its first letter."""
    need = following.head if row.after == BREAK else following.letter
    return row.x1 + need > right


def _breaks(row: Row, following: Row, right: float, kept: bool) -> bool:
    """Whether a token goes on from a row to the next."""
    if row.after == " " or row.block != following.block:
        return False
    if row.after == BREAK:
        return _no_room(row, following, right)
    left, rest = row.pieces[-1].text, following.pieces[0].text
    if left[-1].isalpha() and rest[0].isdigit():
        return False
    if kept:
        return left[-1] != "-" and _no_room(row, following, right)
    if " " in left or not _no_room(row, following, right) or not left[-1].isalnum():
        return False
    if rest[0].isdigit() or rest[0] in ".,":
        return _unfinished().search(left) is not None or rest[0] in ".,"
    return left[-1].islower() and rest[0].islower()


def _in_cell(slot: Slot, kept: bool) -> None:
    right = max([slot.x1, *(row.x1 for row in slot.rows)])
    for row, following in pairwise(slot.rows):
        row.breaks_word = _breaks(row, following, right, kept)


def _in_prose(rows: Sequence[Row]) -> None:
    """Tokens broken at the right margin, where the raw text keeps spaces: at a place marked for it or beside a punctuation mark.

    Between two letters only a token that is longer than the line is broken, an address on the net for one.
    """
    right = max((row.x1 for row in rows), default=0.0)
    for row, following in pairwise(rows):
        if row.after == " " or not row.top < following.top < row.bottom + row.size / 2:
            continue
        left, rest = row.text, following.text
        if left[-1] in ".:;!?)" or rest[0].isupper() or len(row.pieces) + len(following.pieces) > 2:
            continue
        if row.after == BREAK or " " not in left or not (left[-1].isalnum() and rest[0].isalnum()):
            row.breaks_word = _breaks(row, following, right, True)


def mark_joints(sheets: Sequence[Sheet], shares: Iterable[Share]) -> None:
    """Tell of each row whether it ends inside a token."""
    kept = keeps_spaces(sheets)
    if kept:
        for sheet in sheets:
            _in_prose([row for row in sheet.rows if row.table is None and row.role == "body"])
    for share in shares:
        for slot in share.slots:
            _in_cell(slot, kept)
