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
GAP = "   "
"""Stands between the segments of a row: as wide as the gap that divides the rows of a text file."""


class Word(NamedTuple):
    """A run of characters without white space.

    ``base`` is its baseline and ``size`` the height of its line of type; ``spaced`` says that the page's raw text has a space
    after it, ``glued`` that nothing parts it from the word before; ``at`` is the index of its first character in the page.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    spaced: bool = True
    glued: bool = False
    at: int = -1

    @property
    def size(self) -> float:
        """Height of the line of type."""
        return self.bottom - self.top


@dataclass(slots=True)
class Piece:
    """A part of a row between wide gaps."""

    text: str
    x0: float
    x1: float


@dataclass(slots=True)
class Row:
    """A printed row before it has its place in the canonical text. ``indent`` counts the spaces kept before it (text files)."""

    pieces: list[Piece]
    top: float
    bottom: float
    words: Sequence[Word] = ()
    gaps: Sequence[str] = ()
    indent: int = 0
    tag: str | None = None
    role: LineRole = "body"
    breaks_word: bool = False
    table: int | None = None
    size: float = 0.0
    bold: bool = False

    @property
    def text(self) -> str:
        """The row as printed, without indent."""
        if len(self.pieces) == 1:
            return self.pieces[0].text
        gaps = self.gaps or (GAP,) * len(self.pieces)
        return "".join(part for piece, gap in zip(self.pieces, (*gaps, ""), strict=False) for part in (piece.text, gap)).rstrip()

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


@dataclass(slots=True)
class _Run:
    """Words that follow one another on one baseline."""

    words: list[Word]
    base: float
    size: float

    def takes(self, word: Word) -> bool:
        """Whether a following word stands on the same row: on its baseline, or raised or lowered small letters beside it."""
        size = word.bottom - word.top
        if abs(word.base - self.base) <= SAME_ROW * max(size, self.size):
            return True
        last = self.words[-1]
        near = -size < word.x0 - last.x1 < size
        if size < RAISED * self.size:
            return near and last.top - size / 2 < word.top and word.bottom < last.bottom + size / 2
        if self.size < RAISED * size:
            return near and word.top - self.size / 2 < last.top and last.bottom < word.bottom + self.size / 2
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
            if run is None:
                run = _Run([word], word.base, word.bottom - word.top)
            elif word.base == run.base or run.takes(word):
                run.add(word)
            else:
                runs.append(run)
                run = _Run([word], word.base, word.bottom - word.top)
        if run is not None:
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
    if max(gaps, default=0.0) < 0.66 * size:
        return []
    usual = median(gaps) if len(gaps) > 2 else 0.25 * size
    wide = 0.66 * size if usual < 0.33 * size else size
    return [n for n, gap in enumerate(gaps, 1) if gap >= wide]


def join_words(words: Sequence[Word]) -> str:
    """Words of one row as text."""
    return "".join(word.text if n == 0 or word.glued else " " + word.text for n, word in enumerate(words))


def row_of(words: list[Word], size: float) -> Row | None:
    """One row of the words given, in order of x; None where nothing is left to see."""
    cuts = _cuts(words, size)
    bounds = [0, *cuts, len(words)]
    pieces = []
    for start, end in pairwise(bounds):
        part = words[start:end]
        if text := join_words(part).strip():
            pieces.append(Piece(text, part[0].x0, part[-1].x1))
    if not pieces:
        return None
    return Row(pieces, min(w.top for w in words), max(w.bottom for w in words), words, size=size)


def rows_of(lines: Iterable[Sequence[Word]]) -> list[Row]:
    """The rows of a page, top to bottom, from the lines of its raw text."""
    rows = []
    for run in _merge(_runs(lines)):
        words = run.words
        if any(a.x0 > b.x0 for a, b in pairwise(words)):
            words = sorted(words, key=lambda word: word.x0)
        if row := row_of(words, run.size):
            rows.append(row)
    return rows
