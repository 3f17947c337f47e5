"""The cells of a page's tables: from the structure tree where it is sane, else from ruling lines.

A page gives its *share* of each table; ``tables`` joins the shares of one table when all pages are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from poytakirja.read.pdf.reading_order import beside, turned_rows
from poytakirja.read.pdf.rows import Path, Row, Words, rows_of
from poytakirja.read.pdf.structure_tree import TaggedCell, Tree
from poytakirja.read.pdf.tables.ruling_lines import Edge, Grid

Lines = list[list[int]]
"""Lines of raw text, of words by their index."""


@dataclass(slots=True)
class CellFragment:
    """A cell as printed on one page: its row's key and its column, its printed rows, how far right these can reach, and how many
    rows of the table it covers."""

    row: Path
    col: int
    is_header: bool
    rows: list[Row]
    x1: float = 0.0
    height: int = 1


@dataclass(slots=True)
class TablePart:
    """The share of a table that stands on one page.

    ``key`` is the table's path where the tree has it, ``widths`` how many columns each row has, ``open_top`` and ``open_bottom``
    say that a row's lines are cut there, ``lone`` that no two cells stand side by side (only the end of a table may be such),
    ``first`` and ``last`` that nothing but the page's frame stands above or below.
    """

    page: int
    slots: list[CellFragment]
    top: float
    bottom: float
    key: Path | None = None
    xs: tuple[float, ...] = ()
    widths: dict[Path, int] = field(default_factory=dict)
    open_top: bool = False
    open_bottom: bool = False
    lone: bool = False
    first: bool = False
    last: bool = False

    def rows(self) -> list[Row]:
        """Its printed rows, cell by cell."""
        return [row for slot in self.slots for row in slot.rows]


# ---------------------------------------------------------------- from the structure tree


@dataclass(slots=True)
class _Tagged:
    """A table of the tree, on one page: the words of each cell, raw line by raw line."""

    cells: dict[Path, tuple[TaggedCell, Lines]] = field(default_factory=dict)

    def words(self) -> list[int]:
        """All its words."""
        return [n for _, lines in self.cells.values() for line in lines for n in line]

    def rows(self) -> dict[Path, list[tuple[TaggedCell, Lines]]]:
        """Cells row by row, both in the tree's order."""
        rows: dict[Path, list[tuple[TaggedCell, Lines]]] = defaultdict(list)
        for _, (cell, lines) in sorted(self.cells.items(), key=lambda item: item[0]):
            rows[cell.row].append((cell, lines))
        return dict(sorted(rows.items()))


def _cells_of(tree: Tree, known: dict[Path, bool]) -> dict[int, TaggedCell]:
    """The cell of each mark in a table of data: an innermost one, with cells side by side or known from the page before."""
    cells = {mark: place.cell for mark, place in tree.places.items() if place.cell and place.cell.table not in tree.nesting}
    rows: dict[Path, set[Path]] = defaultdict(set)
    for cell in cells.values():
        rows[cell.row].add(cell.path)
    wide = {cell.table for cell in cells.values() if len(rows[cell.row]) > 1 or known.get(cell.table)}
    return {mark: cell for mark, cell in cells.items() if cell.table in wide}


def _gather(w: Words, all_lines: Sequence[Sequence[int]], cells: dict[int, TaggedCell]) -> dict[Path, _Tagged]:
    """The tables of the tree with their words."""
    tables: dict[Path, _Tagged] = {}
    for line in all_lines:
        last: Path | None = None
        for n in line:
            cell = cells.get(w.mark[n])
            if cell is None:
                last = None
                continue
            _, parts = tables.setdefault(cell.table, _Tagged()).cells.setdefault(cell.path, (cell, []))
            if last == cell.path:
                parts[-1].append(n)
            else:
                parts.append([n])
            last = cell.path
    return tables


def _box(w: Words, words: Sequence[int]) -> Edge:
    """The box around words."""
    return Edge(
        min([w.x0[n] for n in words]), min([w.top[n] for n in words]),
        max([w.x1[n] for n in words]), max([w.bottom[n] for n in words]),
    )  # fmt: skip


def _flat(lines: Iterable[Sequence[int]]) -> list[int]:
    return [n for line in lines for n in line]


def _without(lines: Iterable[Sequence[int]], taken: set[int]) -> list[Sequence[int]]:
    """Lines less the words taken from them."""
    left: list[Sequence[int]] = []
    for line in lines:
        if taken.isdisjoint(line):
            left.append(line)
        elif kept := [n for n in line if n not in taken]:
            left.append(kept)
    return left


def _ruled(box: Edge, edges: Sequence[Edge]) -> bool:
    """Whether lines are drawn in and around a box of text."""
    size = 10.0
    inside = [
        e for e in edges
        if e.top >= box.top - size and e.bottom <= box.bottom + size and e.x0 <= box.x1 + size and e.x1 >= box.x0 - size
    ]  # fmt: skip
    return len(inside) > 1


def _sane(w: Words, rows: Sequence[list[tuple[TaggedCell, Lines]]]) -> bool:
    """Whether the words stand as the tree says: cells from left to right, rows from top to bottom."""
    wrong = seen = 0
    before: Edge | None = None
    for row in rows:
        boxes = [_box(w, _flat(lines)) for _, lines in row]
        for a, b in pairwise(boxes):
            seen += 1
            wrong += not (a.x0 < b.x0 and a.x1 <= b.x0 + 2.0)
        top = min(box.top for box in boxes)
        if before is not None:
            seen += 1
            wrong += top < before.top - 2.0
        before = Edge(0, top, 0, max(box.bottom for box in boxes))
    return wrong <= 0.1 * seen


@dataclass(slots=True)
class Tagged:
    """What the tree's tables gave on one page, and the words that are left."""

    shares: list[TablePart]
    layout: list[Row]
    rest: Sequence[Sequence[int]]


def tagged_tables(
    page: int,
    w: Words,
    lines: Sequence[Sequence[int]],
    tree: Tree,
    edges: Sequence[Edge],
    grids: Sequence[Grid],
    known: dict[Path, bool],
) -> Tagged:
    """The tables of the tree that are tables of data; rows of layout tables whose cells need their order.

    A table that only lays out the page (a label beside its text, a list of contents, a signature block) is no table here: it
    has no lines, no head and no third column. ``known`` remembers over pages which tables are which.
    """
    found = Tagged([], [], lines)
    if not (cells := _cells_of(tree, known)):
        return found
    taken: set[int] = set()
    for key, table in _gather(w, lines, cells).items():
        rows = table.rows()
        full = [len(row) for row in rows.values()]
        if (max(full) < 2 and not known.get(key)) or not _sane(w, list(rows.values())):
            continue
        data = known.get(key) or any(cell.is_header for cell, _ in table.cells.values())
        data = data or (max(full) > 2 and sum(n > 2 for n in full) > 1) or _ruled(_box(w, table.words()), edges)
        known[key] = bool(data)
        if data:
            found.shares.append(_tagged_share(page, w, key, table, tree, grids))
            taken.update(table.words())
            continue
        for row in rows.values():
            if laid := _laid_out(w, row):
                found.layout += laid
                taken.update(n for _, parts in row for n in _flat(parts))
    if taken:
        found.rest = _without(lines, taken)
    return found


def _right(words: Edge, grids: Sequence[Grid], otherwise: float) -> float:
    """How far a row of a cell can reach: to the cell's line, less the margin that it keeps on its left."""
    for grid in grids:
        if (n := grid.at(words.x0 + 1.0, (words.top + words.bottom) / 2)) is not None:
            return grid.cells[n].x1 - min(max(0.0, words.x0 - grid.cells[n].x0), 8.0)
    return otherwise


def _tagged_share(page: int, w: Words, key: Path, table: _Tagged, tree: Tree, grids: Sequence[Grid]) -> TablePart:
    """A table of the tree as a share."""
    box = _box(w, table.words())
    slots = []
    boxes = {path: _box(w, _flat(lines)) for path, (_, lines) in table.cells.items()}
    ends: dict[int, float] = defaultdict(float)
    for path, (cell, _) in table.cells.items():
        ends[cell.col] = max(ends[cell.col], boxes[path].x1)
    for row, cells in table.rows().items():
        for cell, lines in cells:
            right = _right(boxes[cell.path], grids, ends[cell.col])
            slots.append(CellFragment(row, cell.col, cell.is_header, rows_of(w, lines), right))
    widths = {row: tree.widths.get(row, 0) for row in table.rows()}
    return TablePart(page, slots, box.top, box.bottom, key, widths=widths)


def _laid_out(w: Words, row: list[tuple[TaggedCell, Lines]]) -> list[Row]:
    """The printed rows of a layout table's row, cell by cell, where a cell has several; a label joins the first of its text."""
    if len(row) < 2:
        return []
    cells = [rows_of(w, lines) for _, lines in row]
    if all(len(rows) == 1 for rows in cells):
        return []
    first, *others = cells
    if len(first) == 1 and len(first[0].pieces) == 1 and first[0].x1 < others[0][0].x0:
        return [beside(first[0], others[0][0]), *others[0][1:], *(row for rows in others[1:] for row in rows)]
    return [row for rows in cells for row in rows]


# ---------------------------------------------------------------- from ruling lines


Cut = Callable[[int, Grid], int | None]
"""Cuts a word at the first cell edge that it runs over, and gives what is beyond as a new word."""


def ruled_tables(
    page: int, w: Words, lines: Sequence[Sequence[int]], grids: Sequence[Grid], cut: Cut | None = None
) -> tuple[list[TablePart], Sequence[Sequence[int]]]:
    """The tables that lines draw, and the words that are left."""
    shares = []
    for grid in grids:
        if inside := _inside(w, lines, grid, cut):
            shares.append(_ruled_share(page, w, grid, inside))
            lines = _without(lines, {n for parts in inside.values() for n in _flat(parts)})
    return shares, lines


def _inside(w: Words, lines: Sequence[Sequence[int]], grid: Grid, cut: Cut | None) -> dict[int, Lines]:
    """The words of each cell of a grid, raw line by raw line."""
    inside: dict[int, Lines] = defaultdict(list)
    top, bottom = grid.ys[0], grid.ys[-1]
    for line in lines:
        last = None
        for word in line:
            y = (w.top[word] + w.bottom[word]) / 2
            n: int | None = word if top < y < bottom else None
            while n is not None:
                beyond = cut(n, grid) if cut and grid.parts(w.x0[n], w.x1[n], y) else None
                owner = grid.at((w.x0[n] + w.x1[n]) / 2, y)
                if owner is not None and owner == last:
                    inside[owner][-1].append(n)
                elif owner is not None:
                    inside[owner].append([n])
                last, n = owner, beyond
    return inside


def _printed(w: Words, lines: Lines) -> list[Row]:
    """The printed rows of a cell; those that run up or down, as the heads of narrow columns do, in their own order."""
    if w.turned and any(n in w.turned for line in lines for n in line):
        return turned_rows(w, lines)
    return rows_of(w, lines)


def _beside(grid: Grid, inside: dict[int, Lines]) -> bool:
    """Whether a grid holds words side by side, rather than being a frame around a page's text."""
    by_row: dict[int, int] = defaultdict(int)
    for n in inside:
        by_row[grid.cells[n].row] += 1
    return max(by_row.values()) > 1


def _ruled_share(page: int, w: Words, grid: Grid, inside: dict[int, Lines]) -> TablePart:
    """A grid as a share; rows and columns that hold nothing are left out."""
    used = [grid.cells[n] for n in inside]
    rows = {row: n for n, row in enumerate(sorted({box.row for box in used}))}
    cols = {col: n for n, col in enumerate(sorted({box.col for box in used}))}
    slots = []
    for n in sorted(inside, key=lambda n: (grid.cells[n].row, grid.cells[n].col)):
        box = grid.cells[n]
        right = _right(_box(w, _flat(inside[n])), [grid], box.x1)
        height = sum(grid.ys[row] < box.bottom - 1.0 for row in rows if row >= box.row)
        slots.append(CellFragment((rows[box.row],), cols[box.col], False, _printed(w, inside[n]), right, height))
    widths: dict[Path, int] = {(row,): len(cols) for row in rows.values()}
    open_top = grid.open_top and any(box.row == 0 for box in used)
    open_bottom = grid.open_bottom and any(box.bottom == grid.ys[-1] for box in used)
    lone = not _beside(grid, inside)
    return TablePart(page, slots, grid.ys[0], grid.ys[-1], None, tuple(grid.xs), widths, open_top, open_bottom, lone)
