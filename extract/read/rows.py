"""Words with boxes → printed rows with segments: the geometry that all readers of PDF share.

Coordinates are points from the top left corner of the page as it is seen, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extract.document import LineRole

SAME_ROW = 0.25
"""Baselines nearer than this share of the letter size are one row."""
RAISED = 0.85
"""Letters smaller than this share of their row's may stand above or below its baseline."""
TIGHT = 0.08
"""Words of different runs that stand nearer than this share of the letter size are one."""
GAP = "   "
"""Stands between the segments of a row: as wide as the gap that divides the rows of a text file."""

Path = tuple[int, ...]
"""The place of an element in the structure tree: child numbers from the root."""


class Word(NamedTuple):
    """A run of characters without white space.

    ``base`` is its baseline. ``after`` is what the page's raw text has after it: a space, a zero-width space (a place where a
    token may be broken) or nothing. ``at`` is the index of its first character in the page, ``mark`` its marked-content id.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    after: str = " "
    at: int = -1
    mark: int = -1


@dataclass(slots=True)
class Piece:
    """A part of a row between wide gaps."""

    text: str
    x0: float
    x1: float


@dataclass(slots=True)
class Row:
    """A printed row before it has its place in the canonical text.

    ``indent`` counts the spaces kept before it, ``gaps`` are the white space between its pieces (text files). ``block`` is the
    element of the structure tree it stands in, ``after`` what the raw text has after it, ``head`` and ``letter`` the widths of
    its first word and letter.
    """

    pieces: list[Piece]
    top: float
    bottom: float
    words: Sequence[Word] = ()
    gaps: Sequence[str] = ()
    indent: int = 0
    tag: str | None = None
    block: Path | None = None
    role: LineRole = "body"
    after: str = ""
    head: float = 0.0
    letter: float = 0.0
    breaks_word: bool = False
    table: int | None = None
    size: float = 0.0
    bold: bool = False

    @property
    def text(self) -> str:
        """The row as printed, without indent."""
        return self.pieces[0].text if len(self.pieces) == 1 else GAP.join(piece.text for piece in self.pieces)

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.pieces[0].x0 if self.pieces else 0.0

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.pieces[-1].x1 if self.pieces else 0.0


@dataclass(slots=True)
class Sheet:
    """A page before its rows have their place in the canonical text; rows in reading order."""

    number: int
    rows: list[Row] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


# ---------------------------------------------------------------- words → runs → rows


class _Run:
    """Words that follow one another on one baseline."""

    __slots__ = ("base", "size", "words")

    def __init__(self, word: Word) -> None:
        self.words = [word]
        self.base = word.base
        self.size = word.bottom - word.top

    def takes(self, word: Word) -> bool:
        """Whether a following word stands on the same row: on its baseline, or raised or lowered small letters beside it."""
        size = word.bottom - word.top
        if abs(word.base - self.base) <= SAME_ROW * max(size, self.size):
            return True
        last = self.words[-1]
        if not -size < word.x0 - last.x1 < size:
            return False
        if size < RAISED * self.size:
            return last.top - size / 2 < word.top and word.bottom < last.bottom + size / 2
        if self.size < RAISED * size:
            return word.top - self.size / 2 < last.top and last.bottom < word.bottom + self.size / 2
        return False

    def add(self, word: Word) -> None:
        """Take the word in; the largest letters give the row its baseline."""
        size = word.bottom - word.top
        if size > self.size / RAISED:
            self.base, self.size = word.base, size
        self.words.append(word)


def _runs(lines: Iterable[Sequence[Word]]) -> list[_Run]:
    """The lines of the raw text, cut where they change their baseline."""
    runs: list[_Run] = []
    for line in lines:
        run: _Run | None = None
        for word in line:
            if run is not None and word.base == run.base:
                run.words.append(word)
            elif run is not None and run.takes(word):
                run.add(word)
            else:
                run = _Run(word)
                runs.append(run)
    return runs


def _merge(runs: list[_Run]) -> list[_Run]:
    """Runs of one baseline made into one row, from top to bottom."""
    runs.sort(key=lambda run: run.base)
    rows: list[_Run] = []
    for run in runs:
        if rows and run.base - rows[-1].base <= SAME_ROW * min(run.size, rows[-1].size):
            rows[-1].words += run.words
        else:
            rows.append(run)
    return rows


def _cuts(words: Sequence[Word], size: float) -> list[int]:
    """The words before which a wide gap stands.

    A gap is wide when it is wider than the letters are high; or, in type that is not stretched to both margins, when it is
    two thirds of that and outdoes the row's usual gap.
    """
    gaps = [b.x0 - a.x1 for a, b in pairwise(words)]
    if not gaps or max(gaps) < 0.66 * size:
        return []
    usual = median(gaps) if len(gaps) > 2 else 0.25 * size
    wide = 0.66 * size if usual < 0.33 * size else size
    return [n for n, gap in enumerate(gaps, 1) if gap >= wide]


def _joined(words: Sequence[Word], size: float) -> str:
    """Words of one row as text. Two that nothing parts, and that only their baselines told apart, are one (``m2``)."""
    text = " ".join([word.text for word in words])
    if all(word.after == " " for word in words[:-1]):
        return text
    parts = [words[0].text]
    for a, b in pairwise(words):
        if a.after == " " or b.x0 - a.x1 > TIGHT * size:
            parts.append(" ")
        parts.append(b.text)
    return "".join(parts)


def row_of(words: list[Word], size: float) -> Row:
    """One row of the words given, in order of x."""
    cuts = _cuts(words, size)
    first, last = words[0], words[-1]
    if cuts:
        parts = [words[start:end] for start, end in pairwise([0, *cuts, len(words)])]
        pieces = [Piece(_joined(part, size), part[0].x0, part[-1].x1) for part in parts]
    else:
        pieces = [Piece(_joined(words, size), first.x0, last.x1)]
    top, bottom = min([w.top for w in words]), max([w.bottom for w in words])
    return Row(pieces, top, bottom, words, after=last.after, head=first.x1 - first.x0, size=size)


def rows_of(lines: Iterable[Sequence[Word]]) -> list[Row]:
    """The rows of a page or a cell, top to bottom, from the lines of its raw text."""
    rows = []
    for run in _merge(_runs(lines)):
        words = run.words
        if any(a.x0 > b.x0 for a, b in pairwise(words)):
            words.sort(key=lambda word: word.x0)
        rows.append(row_of(words, run.size))
    return rows


# ---------------------------------------------------------------- reading order


def beside(label: Row, first: Row) -> Row:
    """A label and the first row of the text beside it, as one row."""
    row = Row(
        label.pieces + first.pieces, min(label.top, first.top), max(label.bottom, first.bottom), [*label.words, *first.words],
        tag=label.tag, block=first.block, after=first.after, head=label.head, size=label.size, bold=label.bold,
    )  # fmt: skip
    return row


def settle_labels(rows: list[Row]) -> list[Row]:
    """Bring a label that is centred beside the two rows of its text to the first of them.

    ``Talousarvion toteutuminen / § 126 / (kuukausiraportti)`` by height is ``§ 126   Talousarvion toteutuminen`` and its rest.
    """
    out: list[Row] = []
    n = 0
    while n < len(rows):
        if n + 2 < len(rows) and _centred(rows[n], rows[n + 1], rows[n + 2]):
            out += [beside(rows[n + 1], rows[n]), rows[n + 2]]
            n += 3
        else:
            out.append(rows[n])
            n += 1
    return out


def _centred(upper: Row, label: Row, lower: Row) -> bool:
    """Whether a row stands to the left of two others and between them."""
    if label.x1 >= min(upper.x0, lower.x0) or len(label.pieces) > 1 or abs(upper.x0 - lower.x0) > label.size:
        return False
    middle = (upper.bottom + lower.bottom) / 2
    return abs(label.bottom - middle) < 0.2 * label.size and lower.top - upper.bottom < 0.3 * label.size
