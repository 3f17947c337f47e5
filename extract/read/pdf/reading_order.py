"""Reading order (lukujärjestys): rows by height, but for labels beside their text, columns of prose, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from poytakirja.read.pdf.rows import Piece, Row, Words, rows_of
from poytakirja.rules.layout.list_markers import read_marker

PROSE = 28
"""Rows of prose columns have so many letters at least; names and titles in attendance lists have fewer."""
MANY = 8
"""Prose columns have so many rows at least."""


def beside(label: Row, first: Row) -> Row:
    """A label and the first row of the text beside it, as one row."""
    return Row(
        label.pieces + first.pieces, min(label.top, first.top), max(label.bottom, first.bottom), [*label.words, *first.words],
        first.after, label.head, label.size,
    )  # fmt: skip


def settle_labels(rows: list[Row]) -> list[Row]:
    """Bring a label that is centred beside the two rows of its text to the first of them.

    ``Avustusten jakaminen / § 12 / kevään haussa`` by height is ``§ 12   Avustusten jakaminen`` and its rest.
    """
    out: list[Row] = []
    n = 0
    while n < len(rows):
        if n + 2 < len(rows) and rows[n].bottom > rows[n + 1].top and _centred(rows[n], rows[n + 1], rows[n + 2]):
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


# ---------------------------------------------------------------- columns of prose (palstat)


def _halves(row: Row) -> bool:
    """Whether a row may be two rows of prose side by side."""
    return len(row.pieces) == 2 and all(len(piece.text) >= PROSE for piece in row.pieces)


def _gutter(rows: Sequence[Row]) -> float | None:
    """Where the gap between two columns of prose lies in a run of rows; None where it is a list in columns or a chance gap."""
    pairs = [row for row in rows if _halves(row)]
    if len(pairs) < MANY:
        return None
    left, right = max(row.pieces[0].x1 for row in pairs), min(row.pieces[1].x0 for row in pairs)
    goes_on = min(sum(row.pieces[n].text[0].islower() for row in pairs) for n in (0, 1))
    level = median(row.pieces[1].x0 for row in pairs) - right < pairs[0].size
    return (left + right) / 2 if left < right and level and goes_on > len(pairs) / 2 else None


def settle_columns(w: Words, rows: list[Row]) -> list[Row]:
    """Read columns of prose one after the other. Lists in columns (a name, a title) stay rows: they go on across the gap."""
    if sum(map(_halves, rows)) < MANY:
        return rows
    first = next(n for n, row in enumerate(rows) if _halves(row))
    last = max(n for n, row in enumerate(rows) if _halves(row))
    block = rows[first : last + 1]
    gutter = _gutter(block)
    if gutter is None or any(piece.x0 < gutter < piece.x1 for row in block for piece in row.pieces):
        return rows
    words = [n for row in block for n in row.words]
    sides = [[n for n in words if (w.x1[n] <= gutter) == left] for left in (True, False)]
    columns = [row for side in sides for row in rows_of(w, _lines(side))]
    return [*rows[:first], *columns, *rows[last + 1 :]]


# ---------------------------------------------------------------- columns of lists


def settle_lists(w: Words, rows: list[Row]) -> list[Row]:
    """Read two columns of list entries one after the other: each begins with a mark, and the left one's numbers come first."""
    n = 0
    out: list[Row] = []
    while n < len(rows):
        if _opens_lists(rows[n]) and (found := _lists(rows, n)):
            gutter, stop = found
            words = [word for row in rows[n:stop] for word in row.words]
            for left in (True, False):
                out += rows_of(w, _lines([word for word in words if (w.x1[word] <= gutter) == left]))
            n = stop
        else:
            out.append(rows[n])
            n += 1
    return out


def _opens_lists(row: Row) -> bool:
    """Whether a row begins two entries side by side."""
    return len(row.pieces) == 2 and all(read_marker(piece.text) is not None for piece in row.pieces)


def _lists(rows: Sequence[Row], first: int) -> tuple[float, int] | None:
    """The gutter between two columns of list entries, and the row behind them; None where entries stand row by row."""
    right = rows[first].pieces[1].x0
    stop = first
    sides: tuple[list[str], list[str]] = ([], [])
    edge = 0.0
    for row in rows[first:]:
        if stop > first and row.top - rows[stop - 1].bottom > 1.5 * row.size:
            break
        level = [piece for piece in row.pieces if abs(piece.x0 - right) < 2 * row.size]
        if (
            len(row.pieces) > 2
            or (len(row.pieces) == 2 and not level)
            or any(p.x0 < right - 2.0 < p.x1 - 2.0 for p in row.pieces)
        ):
            break
        for piece in row.pieces:
            sides[piece in level].append(piece.text)
        edge = max([edge, *(piece.x1 for piece in row.pieces if piece not in level)])
        stop += 1
    marks = [[m for text in side if (m := read_marker(text)) is not None] for side in sides]
    if edge >= right or stop - first < 3 or any(len(side) == len(its) for side, its in zip(sides, marks, strict=True)):
        return None
    numbers = [[int(m.label) for m in its if m.label is not None and m.label.isdigit()] for its in marks]
    if all(numbers) and max(numbers[0]) >= min(numbers[1]):
        return None
    return (edge + right) / 2, stop


def _lines(words: Sequence[int]) -> list[list[int]]:
    """Words of one column, in their order on the page, as lines."""
    return [[n] for n in words]


def turned_rows(w: Words, lines: Iterable[Sequence[int]]) -> list[Row]:
    """Lines of the raw text that run up, down or aslant (stamps, margins, heads of columns), each as one row in its own order."""
    rows = []
    for line in lines:
        first = line[0]
        x0, x1 = min(w.x0[n] for n in line), max(w.x1[n] for n in line)
        top, bottom = min(w.top[n] for n in line), max(w.bottom[n] for n in line)
        pieces = [Piece(" ".join(w.text[n] for n in line), x0, x1)]
        rows.append(Row(pieces, top, bottom, line, w.after[line[-1]], size=min(bottom - top, x1 - x0), head=w.x1[first] - x0))
    return rows


def arranged(rows: Sequence[Row], tables: Sequence[Sequence[Row]]) -> list[Row]:
    """Rows and tables from top to bottom, the rows of a table together."""
    if not tables:
        return list(rows)
    blocks = [(row.top, [row]) for row in rows] + [(min(row.top for row in table), list(table)) for table in tables if table]
    return [row for _, block in sorted(blocks, key=lambda block: block[0]) for row in block]
