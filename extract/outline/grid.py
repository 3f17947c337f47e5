"""Tables as grids of cells (taulukot): ruled ones, and those that gaps, tabs or bars set in columns.

A grid is any run of rows in columns: lists of projects, budgets, attendance. What it is about others decide; here its columns are
found, the rows of its header, the rows that wrap, group rows (a heading within) and rows of sums.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import regex

from poytakirja.document import Cell, Line, Segment, Span, Table
from poytakirja.outline.blocks import rows_between
from poytakirja.outline.units import is_columned
from poytakirja.passage import Passage
from poytakirja.records import Rows
from poytakirja.rules.layout import headings
from poytakirja.rules.money.numbers import parse_number
from poytakirja.rules.projects import field_labels as labels
from poytakirja.rules.projects.column_headers import column_labels, may_head_column
from poytakirja.rules.projects.field_labels import Label

_GAP = regex.compile(r"\s{2,}")
_STROKES = regex.compile(r"[-–—_=+|:\s]{3,}")
_SUM_WORDS = regex.compile(
    r"(?i)\W*(?:kaikki\s+|hankkeet\s+)?(?:yhteensä|yht\.|summa|loppusumma|välisumma|totalt|summa|sammanlagt)\b"
)
_LONGEST = 600


@dataclass(slots=True)
class GridCell:
    """A cell: its rows as a passage takes them, and its words on one line."""

    rows: Rows
    start: int
    end: int
    carried: bool = False
    """Whether it stands above, and holds for this row too."""

    @property
    def text(self) -> str:
        """Its words."""
        return Passage.of(self.rows).text


@dataclass(slots=True)
class GridRow:
    """A row with its cells by column, the heading within the table that it stands under, and whether it is a sum of others."""

    cells: dict[int, GridCell]
    group: Span | None = None
    is_sum: bool = False

    @property
    def span(self) -> Span:
        """From its first cell of its own to its last."""
        own = [c for c in self.cells.values() if not c.carried] or list(self.cells.values())
        return Span(min(c.start for c in own), max(c.end for c in own))


@dataclass(slots=True)
class Grid:
    """A table: the words above each column, what they name where that is known, and its rows below the header."""

    header: dict[int, str]
    rows: list[GridRow] = field(default_factory=list)
    start: int = 0
    columns: int = 0

    labels: dict[int, Label] = field(default_factory=dict)
    """The columns of which their header or their cells show what they hold."""
    numbers: float = 0.0
    """How many cells of a row begin with a number, on average."""

    def finish(self) -> None:
        """What its header and its rows tell of the whole table, once all are there."""
        columns = {n: [row.cells[n].text for row in self.rows if n in row.cells] for n in range(self.columns)}
        self.labels = column_labels(self.header, columns)
        numbered = sum(cell.rows[0][0][:1].isdigit() for row in self.rows for cell in row.cells.values() if cell.rows)
        self.numbers = numbered / max(len(self.rows), 1)
        _mark_sums(self)


# ---------------------------------------------------------------- ruled tables


def of_table(table: Table, lines: Sequence[Line]) -> Grid:
    """The grid of a ruled or tagged table; ``lines`` are the document's."""
    grid = Grid({}, start=table.span.start)
    group: Span | None = None
    for n, row in enumerate(table.rows()):
        filled = [cell for cell in row if cell.text.strip()]
        grid.columns = max(grid.columns, len(row))
        known = sum(labels.field_of(cell.text) is not None for cell in filled if len(cell.text) <= 80)
        numbers = any(parse_number(cell.text)[0] is not None for cell in filled)
        heads = filled and (all(c.is_header for c in filled) or known >= 2 or (n == 0 and len(filled) > 1 and not numbers))
        if heads and not (grid.rows and known < 2):
            same = {cell.col: cell.text for cell in filled}
            grid.header = (
                same if grid.rows else {c: f"{grid.header.get(c, '')} {same.get(c, '')}".strip() for c in {*grid.header, *same}}
            )
        elif len(filled) == 1 and len(row) > 1:
            group = Span(filled[0].start, filled[0].end)
        elif filled:
            grid.rows.append(GridRow({cell.col: _of_cell(cell, lines) for cell in filled}, group))
    grid.finish()
    return grid


def _of_cell(cell: Cell, lines: Sequence[Line]) -> GridCell:
    near = bisect_left(lines, cell.start, key=lambda line: line.end)
    body = [line for line in lines[near : near + 60] if line.role == "body"]
    rows = [row for part in cell.parts or (Span(cell.start, cell.end),) for row in rows_between(body, part.start, part.end)]
    return GridCell(rows, cell.start, cell.end, cell.carried)


# ---------------------------------------------------------------- tables by gaps


def grids(lines: Sequence[Line]) -> list[Grid]:
    """The grids that gaps, tabs or bars make among some rows, in order; ruled tables are left out."""
    runs = (part for run in _runs(lines) for part in _tables(run))
    return [grid for run in runs if sum(map(is_columned, run)) > 1 and (grid := _of_run(run)) is not None and grid.rows]


def _tables(run: list[Line]) -> Iterator[list[Line]]:
    """The tables of a run: another header than the one above, below rows of another table or of a page head, begins one."""
    begin, known = 0, ""
    for n, line in enumerate(run):
        if not _is_header(line) or (n and _is_header(run[n - 1])):
            continue
        words = _words(line)
        if words != known and n > begin:
            yield run[begin:n]
            begin = n
        known = words
    yield run[begin:]


def _words(line: Line) -> str:
    """The words of a row, its gaps aside: a header is printed again on the next page with others."""
    return " ".join(line.text.split())


def _is_header(line: Line) -> bool:
    """Whether a row is the header of a table: words in columns that name what projects have, and no number."""
    if any(map(str.isdigit, line.text)) or not is_columned(line):
        return False
    heads = [may_head_column(cell.text) for cell in _cells(line) if len(cell.text) <= 60]
    return len(heads) > 2 and 2 * sum(heads) >= len(heads)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of rows in columns, with the rows of one cell between them that a wrapped cell or a group heading makes."""
    run: list[Line] = []
    loose: list[Line] = []
    for line in lines:
        ends = line.table is not None or len(line.text) > _LONGEST or headings.find(line.text) is not None
        if not ends and is_columned(line):
            run, loose = [*run, *loose, line], []
            continue
        if run and (ends or len(line.text.strip()) > 100 or len(loose) >= 3):
            yield [*run, *loose[: 0 if ends else 1]]
            run, loose = [], []
        elif run and not _STROKES.fullmatch(line.text):
            loose.append(line)
    if run:
        yield [*run, *loose[:1]]


def _cells(line: Line) -> list[Segment]:
    """The cells of a row: between bars, the empty ones too, or between gaps."""
    if line.text.count("|") > 1:
        found, at = [], 0
        for piece in line.text.strip().strip("|").split("|"):
            at = line.text.index(piece, at)
            text = piece.strip()
            start = at + len(piece) - len(piece.lstrip()) if text else at
            found.append(
                Segment(text, line.start + start, line.start + start + len(text), float(start), float(start + len(text)))
            )
            at += len(piece)
        return found
    found = []
    for segment in line.segments:
        gaps = [m.span() for m in _GAP.finditer(segment.text)]
        bounds = [0, *(place for gap in gaps for place in gap), len(segment.text)]
        width = (segment.x1 - segment.x0) / max(len(segment.text), 1)
        for a, b in zip(bounds[::2], bounds[1::2], strict=True):
            found.append(
                Segment(segment.text[a:b], segment.start + a, segment.start + b, segment.x0 + a * width, segment.x0 + b * width)
            )
    return [s for s in found if s.text.strip()]


def _of_run(run: list[Line]) -> Grid | None:
    """The grid of a run: its columns are those of the rows with most cells, others stand where they overlap them."""
    cells = [_cells(line) for line in run]
    counts = Counter(len(c) for c in cells if len(c) > 1)
    total = sum(counts.values())
    columns = max((n for n, k in counts.items() if k >= max(2, 0.25 * total)), default=max(counts, default=0))
    if columns < 2:
        return None
    full = [c for c in cells if len(c) == columns]
    edges = [(min(c[k].x0 for c in full), max(c[k].x1 for c in full)) for k in range(columns)]
    grid = Grid({}, start=run[0].start, columns=columns)
    placed = [_placed(c, edges, columns) for c in cells]
    top = _header_rows(placed)
    for row in placed[:top]:
        for n, cell in row.items():
            grid.header[n] = Passage.of([(grid.header.get(n, ""), 0, False), (cell.text, 0, False)]).text
    heads = {_words(line) for line in run[:top]}
    below = [(line, row) for line, row in zip(run[top:], placed[top:], strict=True) if _words(line) not in heads]
    _fill(grid, [line for line, _ in below], [row for _, row in below])
    grid.finish()
    return grid


def _placed(cells: list[Segment], edges: Sequence[tuple[float, float]], columns: int) -> dict[int, Segment]:
    """The cells of a row by their columns."""
    if len(cells) == columns:
        return dict(enumerate(cells))
    out: dict[int, Segment] = {}
    floor = 0
    for cell in cells:
        overlap = [min(cell.x1, b) - max(cell.x0, a) for a, b in edges]
        near = [-min(abs(cell.x0 - a), abs(cell.x1 - b)) for a, b in edges]
        best = max(range(floor, columns), key=lambda n: (near[n] > -2.0, overlap[n] > 0, near[n]), default=None)
        if best is None:
            break
        out[best] = cell
        floor = best + 1
    return out


def _header_rows(placed: Sequence[dict[int, Segment]]) -> int:
    """How many rows at the top are the header: up to three without a number, a known label among several or not."""
    top = 0
    for row in placed[:3]:
        known = sum(labels.field_of(cell.text) is not None for cell in row.values() if len(cell.text) <= 60)
        numbers = any(any(c.isdigit() for c in cell.text) for cell in row.values())
        if known < 2 and (numbers or (top and len(row) == 1)):
            break
        top += 1
    return top if top < len(placed) else 0


def _fill(grid: Grid, run: Sequence[Line], placed: Sequence[dict[int, Segment]]) -> None:
    """Put rows below the header into a grid: new ones, those that go on with the row above, headings within."""
    group: Span | None = None
    full = [row for row in placed if len(row) == grid.columns] or [row for row in placed if len(row) > 1]
    keys = {k for k in range(grid.columns) if 2 * sum(k in r and r[k].text[:1].isdigit() for r in full) > len(full)}
    for n, (line, row) in enumerate(zip(run, placed, strict=True)):
        last = grid.rows[-1] if grid.rows else None
        known = sum(labels.field_of(cell.text) is not None for cell in row.values() if len(cell.text) <= 60)
        if _STROKES.fullmatch(line.text) or not row or (known >= 2 and not any(map(str.isdigit, line.text))):
            continue
        filled = {k: GridCell([(s.text, s.start, False)], s.start, s.end) for k, s in row.items() if s.text}
        if not filled:
            continue
        wraps = keys and len(filled) > 1 and not keys & set(filled)
        sums = any(_SUM_WORDS.match(cell.text) for cell in filled.values())
        if last is not None and not sums and (wraps or _goes_on(last, filled, grid.columns)):
            for k, cell in filled.items():
                if k in last.cells:
                    last.cells[k].rows += cell.rows
                    last.cells[k].end = cell.end
                else:
                    last.cells[k] = cell
        elif len(filled) == 1 and grid.columns > 1:
            if n + 1 < len(placed) and len(placed[n + 1]) > 1:
                group = Span(min(c.start for c in filled.values()), max(c.end for c in filled.values()))
        else:
            grid.rows.append(GridRow(filled, group))


def _goes_on(row: GridRow, filled: dict[int, GridCell], columns: int) -> bool:
    """Whether cells wrap from the row above: no number that the row has already, few columns, words in mid-phrase."""
    if any(parse_number(cell.text)[0] is not None and k in row.cells for k, cell in filled.items()):
        return False
    first = min(row.cells)
    if first not in filled:
        return 2 * len(filled) <= columns + 1 or len(filled) == 1
    if 2 * len(filled) > columns and len(filled) > 1:
        return False
    above, text = row.cells[first].text, filled[first].text
    return text[:1].islower() or above.endswith((",", "-", "–", "/")) or text[:1] == "("


def _mark_sums(grid: Grid) -> None:
    """Mark the rows that are sums: by their words, or since each of their numbers adds up those above."""
    values = [{k: v for k, c in row.cells.items() if (v := parse_number(c.text)[0]) is not None} for row in grid.rows]
    above: list[dict[int, Decimal]] = []
    for row, own in zip(grid.rows, values, strict=True):
        words = any(_SUM_WORDS.match(cell.text) for cell in row.cells.values())
        adds = len(above) > 1 and own and all(v == sum(a.get(k, Decimal(0)) for a in above) and v != 0 for k, v in own.items())
        row.is_sum = bool(words or adds)
        if not row.is_sum:
            above.append(own)
