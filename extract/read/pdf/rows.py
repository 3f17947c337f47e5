"""Words with boxes → printed rows with segments: the geometry that all readers of PDF share.

Coordinates are points from the top left corner of the page as it is seen, y downwards. The words of a page are parallel lists,
and a word is an index into them: nearly all rows of minutes are plain, and slices of lists settle those at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter, sub
from statistics import median

from poytakirja.document import LineRole

DESCENT = 0.205
"""Share of the line of type below the baseline, near enough for all text fonts."""
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

    ``after`` is what the raw text has after the last word of a line: a space, a zero-width space (a
    place where a token may be broken) or nothing; None for other words. ``at`` and ``end`` bound its characters in the page,
    ``mark`` is its marked-content id. ``lines`` are the lines of the raw text, ``led`` the words that begin one after a space,
    ``turned`` those that do not run from left to right; ``nameless`` is the share of letters whose font does not say what they
    are.
    """

    text: list[str] = field(default_factory=list)
    x0: list[float] = field(default_factory=list)
    x1: list[float] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    bottom: list[float] = field(default_factory=list)
    after: list[str | None] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    mark: list[int] = field(default_factory=list)
    lines: list[Sequence[int]] = field(default_factory=list)
    led: set[int] = field(default_factory=set)
    turned: set[int] = field(default_factory=set)
    nameless: float = 0.0

    def base(self, n: int) -> float:
        """The baseline of a word."""
        return self.bottom[n] - DESCENT * (self.bottom[n] - self.top[n])


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
    """Words that follow one another on one baseline: a range where all have the very same one, in one line of raw text."""

    __slots__ = ("base", "size", "words")

    def __init__(self, words: range | list[int], base: float, size: float) -> None:
        self.words = words
        self.base = base
        self.size = size


def _takes(w: Words, run: _Run, n: int) -> bool:
    """Whether a following word stands on a run's row: on its baseline, or raised or lowered small letters beside it."""
    top, bottom = w.top[n], w.bottom[n]
    size = bottom - top
    if abs(w.base(n) - run.base) <= SAME_ROW * max(size, run.size):
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
        if isinstance(line, range):
            first = line.start
            bottoms, top = w.bottom[first : line.stop], w.top[first]
            if bottoms.count(bottoms[0]) == len(bottoms) == w.top[first : line.stop].count(top):
                runs.append(_Run(line, w.base(first), bottoms[0] - top))
                continue
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
            runs.append(_Run(words, w.base(n), size))
            continue
        if size > runs[-1].size / RAISED:
            runs[-1].base, runs[-1].size = w.base(n), size
        words.append(n)
    return runs


def _merge(w: Words, runs: list[_Run]) -> list[_Run]:
    """Runs of one baseline made into one row, from top to bottom."""
    runs.sort(key=attrgetter("base"))
    rows: list[_Run] = []
    last = _Run([], float("-inf"), 0.0)
    for run in runs:
        if run.base - last.base <= SAME_ROW * min(run.size, last.size):
            if isinstance(last.words, range):
                last.words = list(last.words)
            last.words += run.words
        else:
            rows.append(run)
            last = run
    sizes = [run.size for run in rows]
    return _raised(w, rows) if len(rows) > 1 and min(sizes) < RAISED * max(sizes) else rows


def _raised(w: Words, rows: list[_Run]) -> list[_Run]:
    """Small letters that stand raised or lowered beside a word of the row above or below, brought into that row."""
    kept: list[_Run] = []
    for n, run in enumerate(rows):
        near = (row for row in (*kept[-1:], *rows[n + 1 : n + 2]) if _beside(w, row, run))
        if (row := next(near, None)) is None:
            kept.append(run)
        else:
            row.words = [*row.words, *run.words]
    return kept


def _beside(w: Words, row: _Run, small: _Run) -> bool:
    """Whether small letters stand beside a word of a row, not far above or below it."""
    if small.size >= RAISED * row.size or len(small.words) > 3:
        return False
    first, reach = small.words[0], small.size / 2
    return any(
        -reach < w.x0[first] - w.x1[n] < reach and w.top[n] - reach < w.top[first] and w.bottom[first] < w.bottom[n] + reach
        for n in row.words
    )


def _cuts(gaps: Sequence[float], size: float) -> list[int]:
    """The words before which a wide gap stands.

    A gap is wide when it is wider than the letters are high; or, in type that is not stretched to both margins, when it is
    two thirds of that and outdoes the row's usual gap.
    """
    usual = median(gaps) if len(gaps) > 2 else 0.0
    wide = WIDE * size if usual < NARROW * size else size
    return [n for n, gap in enumerate(gaps, 1) if gap >= wide]


def _joined(w: Words, words: Sequence[int], size: float) -> str:
    """Words of one row as text. Two that do not follow one another in the raw text and that nothing parts are one (``m2``)."""
    parts = [w.text[words[0]]]
    for a, b in pairwise(words):
        if (b == a + 1 and w.after[a] is None) or w.x0[b] - w.x1[a] > TIGHT * size:
            parts.append(" ")
        if _is_mark(w, a, b, size):
            w.text[b] = w.text[b].translate(SUPERSCRIPTS)
        parts.append(w.text[b])
    return "".join(parts)


SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
UNITS = ("m", "km", "cm", "dm", "mm")


def _is_mark(w: Words, a: int, b: int, size: float) -> bool:
    """Whether a word is the raised number of a note, behind another word: not the power of a unit (``m2``)."""
    if not (w.text[b].isdigit() and len(w.text[b]) < 3 and w.bottom[b] - w.top[b] < RAISED * size):
        return False
    return w.base(b) < w.base(a) - 0.15 * size and not w.text[a].endswith(UNITS)


def _row(w: Words, run: _Run) -> Row:
    """One printed row."""
    words, size = run.words, run.size
    first, last = words[0], words[-1]
    if isinstance(words, range):
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
    return [_row(w, run) for run in _merge(w, _runs(w, lines))]
