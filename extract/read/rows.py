"""Words with boxes → printed rows with segments: the geometry that all readers of PDF share.

Coordinates are points from the top left corner of the page as it is seen, y downwards. The words of a page are parallel lists,
and a word is an index into them: nearly all rows of minutes are plain, and slices of lists settle those at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import sub
from statistics import median

from extract.document import LineRole

SAME_ROW = 0.25
"""Baselines nearer than this share of the letter size are one row."""
RAISED = 0.85
"""Letters smaller than this share of their row's may stand above or below its baseline."""
TIGHT = 0.08
"""Words of different runs that stand nearer than this share of the letter size are one."""
WIDE, NARROW = 0.66, 0.33
"""A gap of this share of the letter size may part segments; unless the row's usual gap is wider than the smaller share."""
GAP = "   "
"""Stands between the segments of a row: as wide as the gap that divides the rows of a text file."""

Path = tuple[int, ...]
"""The place of an element in the structure tree: child numbers from the root."""


@dataclass(slots=True)
class Words:
    """The words of a page: runs of characters without white space, in the order of its raw text.

    ``base`` is the baseline. ``after`` is what the raw text has after the last word of a line: a space, a zero-width space (a
    place where a token may be broken) or nothing; None for other words. ``at`` is the index of its first character in the
    page, ``mark`` its marked-content id. ``lines`` are the lines of the raw text, ``led`` the words that begin one after a space.
    """

    text: list[str] = field(default_factory=list)
    x0: list[float] = field(default_factory=list)
    x1: list[float] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    bottom: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    after: list[str | None] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    mark: list[int] = field(default_factory=list)
    lines: list[Sequence[int]] = field(default_factory=list)
    led: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Piece:
    """A part of a row between wide gaps."""

    text: str
    x0: float
    x1: float


@dataclass(slots=True)
class Row:
    """A printed row before it has its place in the canonical text.

    ``words`` are indices into the page's words. ``indent`` counts the spaces kept before it, ``gaps`` are the white space
    between its pieces (text files). ``block`` is the element of the structure tree it stands in, ``after`` what the raw text
    has after it (None where that goes on), ``led`` that it has a space before it, ``head`` and ``letter`` the widths of its first
    word and letter.
    """

    pieces: list[Piece]
    top: float
    bottom: float
    words: Sequence[int] = ()
    after: str | None = ""
    head: float = 0.0
    size: float = 0.0
    gaps: Sequence[str] = ()
    indent: int = 0
    tag: str | None = None
    block: Path | None = None
    role: LineRole = "body"
    letter: float = 0.0
    led: bool = False
    breaks_word: bool = False
    table: int | None = None
    bold: bool = False

    @property
    def text(self) -> str:
        """The row as printed, without indent."""
        return self.pieces[0].text if len(self.pieces) == 1 else GAP.join([piece.text for piece in self.pieces])

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
    """Words that follow one another on one baseline. ``plain`` says that all have the very same one, in one line of raw text."""

    __slots__ = ("base", "plain", "size", "words")

    def __init__(self, words: Sequence[int], base: float, size: float, plain: bool) -> None:
        self.words = words
        self.base = base
        self.size = size
        self.plain = plain


def _takes(w: Words, run: _Run, n: int) -> bool:
    """Whether a following word stands on a run's row: on its baseline, or raised or lowered small letters beside it."""
    top, bottom = w.top[n], w.bottom[n]
    size = bottom - top
    if abs(w.base[n] - run.base) <= SAME_ROW * max(size, run.size):
        return True
    last = run.words[-1]
    if not -size < w.x0[n] - w.x1[last] < size:
        return False
    if size < RAISED * run.size:
        return w.top[last] - size / 2 < top and bottom < w.bottom[last] + size / 2
    if run.size < RAISED * size:
        return top - run.size / 2 < w.top[last] and w.bottom[last] < bottom + run.size / 2
    return False


def _runs(w: Words, lines: Iterable[Sequence[int]]) -> list[_Run]:
    """The lines of the raw text, cut where they change their baseline."""
    runs: list[_Run] = []
    for line in lines:
        first, last = line[0], line[-1]
        bases = w.base[first : last + 1]
        base = bases[0]
        if bases.count(base) == last + 1 - first and len(line) == len(bases):
            runs.append(_Run(line, base, w.bottom[first] - w.top[first], True))
        else:
            runs += _cut_runs(w, line)
    return runs


def _cut_runs(w: Words, line: Sequence[int]) -> list[_Run]:
    """The runs of a line that has several baselines; the largest letters give a run its own."""
    runs: list[_Run] = []
    words: list[int] = []
    for n in line:
        size = w.bottom[n] - w.top[n]
        if not runs or not _takes(w, runs[-1], n):
            words = [n]
            runs.append(_Run(words, w.base[n], size, False))
            continue
        if size > runs[-1].size / RAISED:
            runs[-1].base, runs[-1].size = w.base[n], size
        words.append(n)
    return runs


def _merge(runs: list[_Run]) -> list[_Run]:
    """Runs of one baseline made into one row, from top to bottom."""
    runs.sort(key=lambda run: run.base)
    rows: list[_Run] = []
    base = size = float("-inf")
    for run in runs:
        if run.base - base <= SAME_ROW * min(run.size, size):
            rows[-1] = _Run([*rows[-1].words, *run.words], base, size, False)
        else:
            base, size = run.base, run.size
            rows.append(run)
    return rows


def _cuts(gaps: Sequence[float], size: float) -> list[int]:
    """The words before which a wide gap stands.

    A gap is wide when it is wider than the letters are high; or, in type that is not stretched to both margins, when it is
    two thirds of that and outdoes the row's usual gap.
    """
    usual = median(gaps) if len(gaps) > 2 else 0.0
    wide = WIDE * size if usual < NARROW * size else size
    return [n for n, gap in enumerate(gaps, 1) if gap >= wide]


def _joined(w: Words, words: Sequence[int], size: float) -> str:
    """Words of one row as text. Two that nothing parts, and that only their baselines told apart, are one (``m2``)."""
    parts = [w.text[words[0]]]
    for a, b in pairwise(words):
        if w.after[a] in (None, " ") or w.x0[b] - w.x1[a] > TIGHT * size:
            parts.append(" ")
        parts.append(w.text[b])
    return "".join(parts)


def _row(w: Words, run: _Run) -> Row:
    """One printed row."""
    words, size = run.words, run.size
    first, last = words[0], words[-1]
    if run.plain:
        gaps = list(map(sub, w.x0[first + 1 : last + 1], w.x1[first:last]))
        if not gaps or (max(gaps) < WIDE * size and min(gaps) > -size):
            pieces = [Piece(" ".join(w.text[first : last + 1]), w.x0[first], w.x1[last])]
            return Row(pieces, w.top[first], w.bottom[first], words, w.after[last], w.x1[first] - w.x0[first], size)
    words = sorted(words, key=w.x0.__getitem__)
    first, last = words[0], words[-1]
    cuts = _cuts([w.x0[b] - w.x1[a] for a, b in pairwise(words)], size)
    parts = [words[start:end] for start, end in pairwise([0, *cuts, len(words)])]
    pieces = [Piece(_joined(w, part, size), w.x0[part[0]], w.x1[part[-1]]) for part in parts]
    top, bottom = min([w.top[n] for n in words]), max([w.bottom[n] for n in words])
    return Row(pieces, top, bottom, words, w.after[last], w.x1[first] - w.x0[first], size)


def rows_of(w: Words, lines: Iterable[Sequence[int]]) -> list[Row]:
    """The rows of a page or a cell, top to bottom, from lines of its raw text."""
    return [_row(w, run) for run in _merge(_runs(w, lines))]
