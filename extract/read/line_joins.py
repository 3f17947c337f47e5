"""Whether a printed row ends inside a word: the evidence by which rows are joined later, with a space or without.

Many systems leave the space of a line break in the page's raw text, so that a row without one ended inside a token, or its
author ended it. A token is broken only where the next letter finds no room, which tells the two apart. Other systems drop
the space. Then much depends on how the cells of a table are broken: anywhere, so that most of their rows are full; or between
words, and only a lone token that fills its column may be broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal

import regex

from poytakirja.read.normalise import BREAK
from poytakirja.read.pdf.rows import Row, Sheet
from poytakirja.read.pdf.tables.cells import CellFragment, TablePart

Habit = Literal["kept", "anywhere", "between"]
"""How rows are broken: with their space kept, anywhere, or between words."""

KEPT = 0.15
"""Where this share of the rows ends with a space, rows do so by rule."""
FULL = 0.4
"""Where this share of a table's broken rows is full to the last letter, they are broken anywhere."""
ROUNDING = 0.5
"""Points by which a cell's edge and a letter's may be off."""
SHORT = 4
"""What is left of a lone long word is short; these words are no such rests."""
_WHOLE = frozenset("ja tai sekä eli on ei oy oyj ry rf ab och eller".split())  # noqa: SIM905 (reads better)


@cache
def _unfinished() -> regex.Pattern[str]:
    """A number or a date that cannot end here, if a digit follows: ``1.1.202``, ``31.12.``, ``85.80``, ``398 7``."""
    return regex.compile(
        r"""(?: ^ | [\s–-] ) \d{1,2} \. (?: \d{1,2} \. (?: \d{1,3} )? )? $
        | \d [.\s] \d{1,2} $ | \d , \d? $ | (?: ^ | [\s–-] ) (?: 1 | 2 | 19 | 20 | 19\d | 20\d ) $""",
        regex.VERBOSE,
    )


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
    return row.x1 + need > right - ROUNDING


def _breaks(row: Row, following: Row, right: float, habit: Habit) -> bool:
    """Whether a token goes on from a row to the next."""
    if row.after == " " or following.led or row.block != following.block or not _no_room(row, following, right):
        return False
    if row.after == BREAK:
        return True
    left, rest = row.pieces[-1].text, following.pieces[0].text
    if left[-1].isalpha() and rest[0].isdigit():
        return False
    if habit == "kept":
        return left[-1] != "-"
    if rest[0].isdigit():
        return _unfinished().search(left) is not None
    if not ((left[-1].isdigit() and rest[0] in ".,") or (left[-1].islower() and rest[0].islower())):
        return False
    token = rest.split(" ", 1)[0].rstrip(".,;:")
    return habit == "anywhere" or (" " not in left and len(token) <= SHORT and token not in _WHOLE)


def _joints(slot: CellFragment) -> Iterator[tuple[Row, Row, float]]:
    """Each row of a cell with the one that follows, and how far right its rows can reach."""
    right = max([slot.x1, *(row.x1 for row in slot.rows)])
    return ((row, following, right) for row, following in pairwise(slot.rows))


def _habit(share: TablePart) -> Habit:
    """How the cells of a table are broken, by how many of their broken rows are full."""
    joints = [joint for slot in share.slots for joint in _joints(slot) if joint[0].block == joint[1].block]
    full = sum(_no_room(*joint) for joint in joints)
    return "anywhere" if full > 2 and full >= FULL * len(joints) else "between"


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
            row.breaks_word = _breaks(row, following, right, "kept")


def mark_joints(sheets: Sequence[Sheet], shares: Iterable[TablePart]) -> None:
    """Tell of each row whether it ends inside a token."""
    kept = keeps_spaces(sheets)
    if kept:
        for sheet in sheets:
            _in_prose([row for row in sheet.rows if row.table is None and row.role == "body"])
    for share in shares:
        habit: Habit = "kept" if kept else _habit(share)
        for slot in share.slots:
            for row, following, right in _joints(slot):
                row.breaks_word = _breaks(row, following, right, habit)
