"""Ruling lines (viivat) of a page, from pdfium's path objects, and the grids that they draw.

Lines come as strokes, as thin filled boxes, as boxes around cells, each cell with its own or all in one path. Whatever the
way, they become level and upright edges; edges that meet make a grid; boxes of a grid between which no edge stands are one cell.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from poytakirja.read.pdf.pdfium_calls import Address, places, quick

FAR = 20_000.0
"""No paper is so large: coordinates beyond are nonsense."""
THIN = 2.6
"""A box no wider than this (points) is a line."""
NEAR = 3.0
"""Edges nearer than this are one: tables often draw each cell's own border beside its neighbour's."""
MANY = 4000
"""A page with more objects or lines than this is a drawing, and no table is looked for in it."""
MANY_CROSSINGS = 40_000

ROOM = 1024
"""So many boxes are asked for at once."""

Seen = Callable[[float, float], tuple[float, float]]


class Edge(NamedTuple):
    """A straight line from (x0, top) to (x1, bottom), level or upright."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.bottom - self.top


# ---------------------------------------------------------------- path objects → edges


@cache
def _quads() -> tuple[Any, list[list[Address]]]:
    """Memory for boxes, and where each of their four numbers goes."""
    memory, addresses = places(1, 4 * ROOM)
    return memory, [addresses[n::4] for n in range(4)]


class _Pen:
    """Reads the path objects of a page. The memory that pdfium writes to is made once."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.left = MANY
        self.numbers, (first, second, *_) = places(1, 6)
        self.point_at, self.matrix_at = (first, second), first
        self.whole = (ctypes.c_uint * 4)()
        self.colour_at = [ctypes.byref(self.whole, 4 * n) for n in range(4)]
        self.ask_matrix = quick("FPDFPageObj_GetMatrix")
        self.ask_clip = quick("FPDFPageObj_GetClipPath", Address)
        self.count_clips = quick("FPDFClipPath_CountPaths")
        self.count_clip_points = quick("FPDFClipPath_CountPathSegments")
        self.clip_point = quick("FPDFClipPath_GetPathSegment", Address)
        self.count_points = quick("FPDFPath_CountSegments")
        self.path_point = quick("FPDFPath_GetPathSegment", Address)
        self.kind_of = quick("FPDFPathSegment_GetType")
        self.closes = quick("FPDFPathSegment_GetClose")
        self.ask_point = quick("FPDFPathSegment_GetPoint")
        self.ask_mode = quick("FPDFPath_GetDrawMode")
        self.ask_colour = quick("FPDFPageObj_GetFillColor")

    def boxes(self, items: Sequence[Any]) -> Iterator[tuple[Any, Edge]]:
        """The box around each object, as seen; those that make no sense are left out."""
        memory, addresses = _quads()
        ask, seen = quick("FPDFPageObj_GetBounds"), self.seen
        for start in range(0, len(items), ROOM):
            part = items[start : start + ROOM]
            fine = list(map(ask, part, *addresses))
            numbers = memory[: 4 * len(part)]
            for item, ok, left, bottom, right, top in zip(part, fine, *(numbers[n::4] for n in range(4)), strict=True):
                if ok and -FAR < left <= right < FAR and -FAR < bottom <= top < FAR:
                    (xa, ya), (xb, yb) = seen(left, top), seen(right, bottom)
                    yield item, Edge(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def clipped(self, item: Any, edge: Edge) -> Edge | None:
        """What is to be seen of an edge: a table that runs over a page break is often drawn whole on both pages."""
        clip = self.ask_clip(item)
        for n in range(min(self.count_clips(clip), 20) if clip else 0):
            points = []
            for k in range(min(self.count_clip_points(clip, n), 20)):
                self.ask_point(self.clip_point(clip, n, k), *self.point_at)
                points.append(self.seen(self.numbers[0], self.numbers[1]))
            if len(points) > 2:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                edge = Edge(max(edge.x0, min(xs)), max(edge.top, min(ys)), min(edge.x1, max(xs)), min(edge.bottom, max(ys)))
                if edge.x0 > edge.x1 or edge.top > edge.bottom:
                    return None
        return edge

    def shows(self, item: Any) -> tuple[bool, bool]:
        """Whether a path is stroked, and whether it is filled with something other than white."""
        self.ask_mode(item, *self.colour_at[:2])
        filled, stroked, *_ = self.whole
        if filled:
            self.ask_colour(item, *self.colour_at)
            red, green, blue, alpha = self.whole
            filled = alpha > 0 and min(red, green, blue) < 250
        return bool(stroked), bool(filled)

    def parts(self, item: Any, count: int) -> Iterator[list[tuple[float, float]]]:
        """The points of each part of a path that has straight lines only."""
        a, b, c, d, e, f = self.numbers if self.ask_matrix(item, self.matrix_at) else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        points: list[tuple[float, float]] = []
        straight = True
        for n in range(count):
            segment = self.path_point(item, n)
            kind = self.kind_of(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if straight and len(points) > 1:
                    yield points
                points, straight = [], True
            straight = straight and kind != pdfium.FPDF_SEGMENT_BEZIERTO
            self.ask_point(segment, *self.point_at)
            x, y, *_ = self.numbers
            points.append(self.seen(a * x + c * y + e, b * x + d * y + f))
            if self.closes(segment):
                points.append(points[0])
        if straight and len(points) > 1:
            yield points

    def edges(self, item: Any, box: Edge) -> Iterator[Edge]:
        """The edges a path draws."""
        x0, top, x1, bottom = box
        if x1 - x0 <= THIN or bottom - top <= THIN:
            if (seen := self.clipped(item, box)) and (seen.x1 - seen.x0 > THIN or seen.bottom - seen.top > THIN):
                yield seen
            return
        count = self.count_points(item)
        stroked, filled = self.shows(item)
        if count > MANY or not (stroked or filled):
            return
        self.left -= count // 10
        for points in self.parts(item, count):
            for edge in _edges_of(points, stroked, filled):
                if seen := self.clipped(item, edge):
                    yield seen

    def draw(self, items: Sequence[Any], kinds: Sequence[int], depth: int = 0) -> Iterator[Edge]:
        """The edges that objects draw, those of forms (drawings within the drawing) too."""
        paths = [item for item, kind in zip(items, kinds, strict=True) if kind == pdfium.FPDF_PAGEOBJ_PATH]
        self.left -= len(paths)
        for item, box in self.boxes(paths if self.left > 0 else ()):
            yield from self.edges(item, box)
        for item, kind in zip(items, kinds, strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 3 and self.left > 0:
                yield from self.form(item, depth + 1)

    def form(self, item: Any, depth: int) -> Iterator[Edge]:
        """The edges of a form, where its matrix puts them."""
        outer = self.seen
        a, b, c, d, e, f = self.numbers if self.ask_matrix(item, self.matrix_at) else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        self.seen = lambda x, y: outer(a * x + c * y + e, b * x + d * y + f)
        count = min(quick("FPDFFormObj_CountObjects")(item), MANY)
        child = quick("FPDFFormObj_GetObject", Address)
        items = [found for n in range(count) if (found := child(item, ctypes.c_ulong(n)))]
        yield from self.draw(items, list(map(quick("FPDFPageObj_GetType"), items)), depth)
        self.seen = outer


def _edges_of(points: Sequence[tuple[float, float]], stroked: bool, filled: bool) -> Iterator[Edge]:
    """The level and upright edges of one part of a path."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = Edge(min(xs), min(ys), max(xs), max(ys))
    if min(box.x1 - box.x0, box.bottom - box.top) <= THIN:
        if max(box.x1 - box.x0, box.bottom - box.top) > THIN:
            yield box
        return
    if filled and not stroked and len(points) > 6:
        return  # a filled shape
    for (xa, ya), (xb, yb) in pairwise([*points, points[0]] if filled else points):
        if min(abs(xa - xb), abs(ya - yb)) < 0.5 and max(abs(xa - xb), abs(ya - yb)) > THIN:
            yield Edge(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


def edges_of(items: Sequence[Any], kinds: Sequence[int], seen: Seen) -> list[Edge]:
    """All edges of a page, of whose objects the kinds are given; none where it holds a drawing rather than tables."""
    if pdfium.FPDF_PAGEOBJ_PATH not in kinds and pdfium.FPDF_PAGEOBJ_FORM not in kinds:
        return []
    pen = _Pen(seen)
    edges = list(islice(pen.draw(items, kinds), MANY))
    return edges if pen.left > 0 and len(edges) < MANY else []


# ---------------------------------------------------------------- edges → grids


@dataclass(slots=True)
class Box:
    """A cell of a grid: its first row and column, and where it lies."""

    row: int
    col: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(slots=True)
class Grid:
    """A ruled table: its column edges, its row edges, its cells; which box of the finest division belongs to which cell."""

    xs: list[float]
    ys: list[float]
    cells: list[Box]
    owner: list[list[int]]
    open_top: bool = False
    open_bottom: bool = False

    def at(self, x: float, y: float) -> int | None:
        """The cell at a point."""
        col, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= col < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return self.owner[row][col]
        return None

    def parts(self, x0: float, x1: float, y: float) -> bool:
        """Whether what reaches from x0 to x1 lies in two cells."""
        first, last = self.at(x0 + 1.0, y), self.at(x1 - 1.0, y)
        return first != last and first is not None and last is not None


def _levels(values: Iterable[float]) -> Callable[[float], float]:
    """Values that lie close together made one; gives the common value of each."""
    ordered = sorted(set(values))
    groups: list[list[float]] = []
    for value in ordered:
        if groups and value - groups[-1][0] <= NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    starts = [group[0] for group in groups]
    means = [sum(group) / len(group) for group in groups]
    return lambda value: means[bisect_right(starts, value) - 1]


def _united(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that overlap or nearly touch, united."""
    spans.sort()
    out: list[tuple[float, float]] = []
    for start, end in spans:
        if out and start <= out[-1][1] + NEAR:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


Line = tuple[float, float, float]
"""A long line: its height (or its x), its start and its end."""


def _long_lines(edges: Sequence[Edge]) -> tuple[list[Line], list[Line]]:
    """Edges made into long level and long upright lines."""
    level = [e for e in edges if e.level]
    upright = [e for e in edges if not e.level]
    at_y = _levels((e.top + e.bottom) / 2 for e in level)
    at_x = _levels((e.x0 + e.x1) / 2 for e in upright)
    rows: dict[float, list[tuple[float, float]]] = defaultdict(list)
    cols: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for e in level:
        rows[at_y((e.top + e.bottom) / 2)].append((e.x0, e.x1))
    for e in upright:
        cols[at_x((e.x0 + e.x1) / 2)].append((e.top, e.bottom))
    return (
        [(y, start, end) for y, spans in sorted(rows.items()) for start, end in _united(spans)],
        [(x, start, end) for x, spans in sorted(cols.items()) for start, end in _united(spans)],
    )


def _components(level: list[Line], upright: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that meet, together."""
    parent = list(range(len(level) + len(upright)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    heights = [y for y, _, _ in level]
    for v, (x, top, bottom) in enumerate(upright, len(level)):
        for h in range(bisect_left(heights, top - NEAR), bisect_right(heights, bottom + NEAR)):
            _, x0, x1 = level[h]
            if x0 - NEAR <= x <= x1 + NEAR:
                parent[root(v)] = root(h)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for n, line in enumerate([*level, *upright]):
        groups.setdefault(root(n), ([], []))[n >= len(level)].append(line)
    return list(groups.values())


def _covers(lines: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    """Whether a line runs all along a stretch."""
    return any(a <= start + NEAR and b >= end - NEAR for a, b in lines)


def _grid(level: list[Line], upright: list[Line]) -> Grid | None:
    """The grid of lines that meet; None where they part no columns."""
    ends_x = [x for _, a, b in level for x in (a, b)]
    ends_y = [y for _, a, b in upright for y in (a, b)]
    at_x = _levels([*(x for x, _, _ in upright), *ends_x])
    at_y = _levels([*(y for y, _, _ in level), *ends_y])
    columns: dict[float, list[tuple[float, float]]] = defaultdict(list)
    rows: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for x, a, b in upright:
        columns[at_x(x)].append((a, b))
    for y, a, b in level:
        rows[at_y(y)].append((a, b))
    # A table may be open at its sides: its outermost ends are edges there all the same.
    xs = sorted({*columns, at_x(min(ends_x)), at_x(max(ends_x))})
    ys = sorted({*rows, at_y(min(ends_y)), at_y(max(ends_y))})
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > MANY:
        return None
    grid = Grid(xs, ys, [], [[-1] * (len(xs) - 1) for _ in ys[1:]])
    grid.open_top = not _covers(rows[ys[0]], xs[0], xs[-1])
    grid.open_bottom = not _covers(rows[ys[-1]], xs[0], xs[-1])
    _fill(grid, columns, rows)
    return grid


def _fill(grid: Grid, columns: dict[float, list[tuple[float, float]]], rows: dict[float, list[tuple[float, float]]]) -> None:
    """Give each box of the division to a cell: first to the right, then down, as long as no line stands between."""
    xs, ys, owner = grid.xs, grid.ys, grid.owner
    for r, (top, bottom) in enumerate(pairwise(ys)):
        for c in range(len(xs) - 1):
            if owner[r][c] >= 0:
                continue
            right = c + 1
            while right < len(xs) - 1 and owner[r][right] < 0 and not _covers(columns[xs[right]], top, bottom):
                right += 1
            down = r + 1
            while down < len(ys) - 1 and not any(
                _covers(rows[ys[down]], a, b) or owner[down][k] >= 0 for k, (a, b) in enumerate(pairwise(xs[c : right + 1]), c)
            ):
                down += 1
            for row in range(r, down):
                owner[row][c:right] = [len(grid.cells)] * (right - c)
            grid.cells.append(Box(r, c, xs[c], top, xs[right], ys[down]))


def grids_of(edges: Sequence[Edge]) -> list[Grid]:
    """The ruled tables of a page, from top to bottom."""
    if len(edges) < 4:
        return []
    level, upright = _long_lines(edges)
    if len(level) < 2 or not upright or len(level) * len(upright) > MANY_CROSSINGS:
        return []
    grids = (_grid(h, v) for h, v in _components(level, upright) if len(h) > 1 and v)
    return sorted((grid for grid in grids if grid), key=lambda grid: grid.ys[0])
