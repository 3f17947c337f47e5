"""Tables of flowing text: those of data with their cells, those that only lay text out as rows with gaps or one after the other.

A table of data has heads, lines drawn around its cells, or columns of figures. One that holds tables, headings or long texts lays
out the page. Word files and pages of the net have both kinds, and call both tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from poytakirja.read.flowed import FlowedCell, FlowedTable
from poytakirja.read.pdf.rows import Row

PROSE = 80
"""Cells of so many letters side by side are columns of running text, to be read one after the other."""
LONG = 1500
"""A cell with more letters than this is a part of a page, and none of a table of data."""
FIGURES = 0.5
"""A column in which this share of the filled cells holds figures tells a table of data."""
WIDEST = 40
"""A column takes no more room than so many letters, however long its cells are."""


@dataclass(slots=True)
class Box:
    """A cell where it stands in the grid.

    ``lay`` gives its rows, set in bold or not and under a tag; ``is_part`` says that it holds headings, tables or several
    paragraphs; ``widest`` is how many letters its longest row has.
    """

    row: int
    col: int
    text: str
    lay: Callable[[str | None, bool], list[Row]]
    row_span: int = 1
    col_span: int = 1
    is_header: bool = False
    is_bold: bool = False
    is_part: bool = False
    widest: int = 0


# ---------------------------------------------------------------- what kind of table


@cache
def _figure() -> re.Pattern[str]:
    """A cell that holds a number, a sum, a share or a date."""
    return re.compile(r"(?i)[-–+]?\s?(?:n\. ?)?\d[\d\s.,:/–-]*\s?(?:€|euroa|eur|t€|%|milj\.? ?€?|kpl|htv|v)?\.?")


def is_data(boxes: Sequence[Box], lined: bool) -> bool:
    """Whether a table holds data rather than laying out a page; ``lined`` says that lines are drawn around its cells."""
    filled = [box for box in boxes if box.text]
    rows, cols = {box.row for box in filled}, {box.col for box in filled}
    if len(rows) < 2 or len(cols) < 2 or any(box.is_part or len(box.text) > LONG for box in filled):
        return False
    if lined or any(box.is_header for box in boxes):
        return True
    by_row: dict[int, int] = {}
    by_col: dict[int, list[str]] = {}
    for box in filled:
        by_row[box.row] = by_row.get(box.row, 0) + 1
        by_col.setdefault(box.col, []).append(box.text)
    figures = [_holds_figures(by_col[col]) for col in sorted(by_col)]
    if len(cols) > 2:
        return sum(count > 2 for count in by_row.values()) > 1 and any(figures[1:]) and len(filled) > 5
    return figures[-1] and len(rows) > 2 and not figures[0]


def _holds_figures(texts: Sequence[str]) -> bool:
    """Whether a column holds figures for the most part, its head aside."""
    found = sum(_figure().fullmatch(text) is not None for text in texts)
    return found > 1 and found >= FIGURES * len(texts)


# ---------------------------------------------------------------- tables of data


def data_rows(boxes: Sequence[Box], number: int) -> tuple[list[Row], FlowedTable]:
    """The rows of a table of data, cell by cell and row by row, and its cells; ``number`` is its place among the tables."""
    table = FlowedTable(width=max(box.col + box.col_span for box in boxes))
    heads = not any(box.is_header for box in boxes) and _first_heads(boxes)
    laid: list[Row] = []
    for box in sorted(boxes, key=lambda box: (box.row, box.col)):
        head = box.is_header or (heads and box.row == 0)
        tag = "TH" if head else "TD"
        rows = [row for row in box.lay(tag, head) if row.pieces]
        for row in rows:
            row.table, row.tag, row.indent = number, tag, 0
        table.cells.append(FlowedCell(box.row, box.col, head, rows, box.row_span, box.col_span))
        laid += rows
    return laid, table


def _first_heads(boxes: Sequence[Box]) -> bool:
    """Whether the first row heads the columns: all bold above lighter rows, or words above figures."""
    first = [box for box in boxes if box.row == 0 and box.text]
    if len(first) < 2:
        return False
    if all(box.is_bold for box in first) and not all(box.is_bold for box in boxes if box.row and box.text):
        return True
    figures = {box.col for box in boxes if box.row and _figure().fullmatch(box.text)}
    return len(first) > 2 and not any(_figure().fullmatch(box.text) for box in first) and any(box.col in figures for box in first)


# ---------------------------------------------------------------- tables that lay out


def layout_rows(boxes: Sequence[Box], tag: str | None = None, bold: bool = False) -> list[Row]:
    """The rows of a table that lays out: cells side by side where they are short, a label beside its text, else in turn."""
    by_row: dict[int, list[Box]] = {}
    for box in boxes:
        if box.text:
            by_row.setdefault(box.row, []).append(box)
    in_columns = [row for row in by_row.values() if len(row) > 1]
    labelled = bool(in_columns) and all(len(row[0].text) < PROSE / 2 for row in in_columns)
    prose = not labelled and any(sum(_is_prose(box.text) for box in row) > 1 for row in in_columns)
    starts = _starts(boxes)
    laid: list[Row] = []
    for row in by_row.values():
        rows = _laid_row(row, starts, prose, tag, bold)
        if len(rows) > 1 and any(not r.pieces for r in rows):
            rows.append(Row([], 0, 0))
        laid += rows
    return laid


def _is_prose(text: str) -> bool:
    """Whether a cell holds running text: much of it, or a sentence."""
    return len(text) >= PROSE or (len(text) >= 25 and text[-1] in ".!?" and text.count(" ") > 2)


def _starts(boxes: Sequence[Box]) -> list[int]:
    """Where each column begins, in letters."""
    widest: dict[int, int] = {}
    for box in boxes:
        if box.col_span == 1:
            widest[box.col] = max(widest.get(box.col, 0), min(WIDEST, box.widest))
    starts, at = [], 0
    for col in range(max((box.col for box in boxes), default=-1) + 1):
        starts.append(at)
        at += widest.get(col, 0) + 3 if widest.get(col, 0) else 0
    return starts


def _laid_row(row: Sequence[Box], starts: Sequence[int], prose: bool, tag: str | None, bold: bool) -> list[Row]:
    """The rows of the cells of one row of the table."""
    cells = [(rows, starts[box.col]) for box in row if (rows := trimmed(box.lay(tag, bold or box.is_bold)))]
    in_table = any(r.table is not None for rows, _ in cells for r in rows)
    broken = sum(len(rows) > 1 for rows, _ in cells)
    short = all(r.pieces and r.x1 - r.x0 < PROSE for rows, _ in cells for r in rows)
    if not in_table and not prose and (len(cells) > 1 or (cells and len(cells[0][0]) == 1)) and (broken <= 1 or short):
        return beside([rows for rows, _ in cells], [start for _, start in cells])
    laid: list[Row] = []
    for rows, _ in cells:
        if laid:
            laid.append(Row([], 0, 0))
        laid += rows
    return laid


def trimmed(rows: Sequence[Row]) -> list[Row]:
    """Rows without the empty ones at their ends."""
    first, last = 0, len(rows)
    while first < last and not rows[first].pieces:
        first += 1
    while last > first and not rows[last - 1].pieces:
        last -= 1
    return list(rows[first:last])


def beside(cells: Sequence[Sequence[Row]], starts: Sequence[int]) -> list[Row]:
    """Rows of cells side by side, from the columns where they begin: the first rows of all together, and so on."""
    out = []
    for n in range(max((len(rows) for rows in cells), default=0)):
        here = [(rows[n], start) for rows, start in zip(cells, starts, strict=True) if n < len(rows) and rows[n].pieces]
        out.append(_side_by_side(here) if here else Row([], 0, 0))
    return out


def _side_by_side(parts: Sequence[tuple[Row, int]]) -> Row:
    """Several rows as one, each moved to where its column begins; none begins before the one to its left has ended."""
    row = Row([], 0, 0, tag=parts[0][0].tag, bold=all(part.bold for part, _ in parts))
    gaps: list[str] = []
    for part, start in parts:
        shift = start
        if row.pieces:
            shift = max(start, int(row.pieces[-1].x1) + 3 - part.indent)
            gaps.append("   ")
        else:
            row.indent = part.indent + start
        for piece in part.pieces:
            piece.x0 += shift
            piece.x1 += shift
        row.pieces += part.pieces
        gaps += part.gaps
    row.gaps = gaps
    return row
