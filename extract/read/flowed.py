"""Documents whose text flows (HTML, Word): rows and the cells of tables → a Document, as a text file of the same words would
give it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from poytakirja.document import Cell, Document, Finding, Reader, Table
from poytakirja.errors import ReadError
from poytakirja.passage import Passage
from poytakirja.read.canonical_text import Composed, compose
from poytakirja.read.identity_masking import mask
from poytakirja.read.normalise import normalise, strange_places
from poytakirja.read.page_furniture import mark_frames
from poytakirja.read.pdf.rows import Row, Sheet
from poytakirja.read.text import cut_row
from poytakirja.read.text_page_heads import mark_heads


@dataclass(slots=True)
class FlowedCell:
    """A cell of a table of data: its first row and column, how many of each it covers, and its rows of text."""

    row: int
    col: int
    is_header: bool
    rows: list[Row]
    row_span: int = 1
    col_span: int = 1


@dataclass(slots=True)
class FlowedTable:
    """A table of data: its cells and how many columns it has."""

    cells: list[FlowedCell] = field(default_factory=list)
    width: int = 0


@dataclass(slots=True)
class Flowed:
    """What a reader makes of a file: its sheets, its tables of data, and what a reader should know, each with the row it stands
    at."""

    sheets: list[Sheet]
    tables: list[FlowedTable] = field(default_factory=list)
    notes: list[tuple[Finding, Row | None]] = field(default_factory=list)
    problem: ReadError | None = None


def row_of(text: str, *, x0: int = 0, tag: str | None = None, bold: bool = False) -> Row:
    """A row of a text, parted where gaps stand in it; ``x0`` counts the columns before it."""
    row = cut_row(text if next(strange_places(text), None) is None else normalise(text), 0)
    row.indent += x0
    for piece in row.pieces:
        piece.x0 += x0
        piece.x1 += x0
    row.tag, row.bold = tag, bold
    return row


def place_rows(rows: Sequence[Row]) -> None:
    """Give rows their heights: each is one high, empty ones too."""
    for number, row in enumerate(rows):
        row.top, row.bottom = float(number), float(number + 1)


def document_of(data: bytes, flowed: Flowed, reader: Reader, media_type: str) -> Document:
    """The document of what flows; rows are placed, masked and composed."""
    sheets = flowed.sheets
    for sheet in sheets:
        place_rows(sheet.rows)
        sheet.width, sheet.height = max((row.x1 for row in sheet.rows), default=0.0), float(len(sheet.rows))
    mark_frames(sheets, printed=False)
    masked = mask(sheets, (cell.rows for table in flowed.tables for cell in table.cells if len(cell.rows) > 1))
    found = compose(sheets)
    findings = masked.findings(found)
    for note, row in flowed.notes:
        line = found.line_of.get(id(row)) if row is not None else None
        if line is not None:
            note.start, note.end = line.start, line.end
        findings.append(note)
    whole = Document(
        found.text, found.pages, found.lines, [_table(table, found) for table in flowed.tables], reader,
        hashlib.sha256(data).hexdigest(), media_type, findings, flowed.problem,
    )  # fmt: skip
    mark_heads(whole.body())
    return whole


def _table(table: FlowedTable, found: Composed) -> Table:
    """A table with its cells where they stand in the text; a cell that covers several rows stands in each of them."""
    grid: dict[tuple[int, int], Cell] = {}
    height = max((cell.row + cell.row_span for cell in table.cells), default=0)
    for cell in table.cells:
        if not cell.rows:
            continue
        lines = [found.line_of[id(row)] for row in cell.rows]
        text = Passage.of_lines(lines).text
        for row in range(cell.row, cell.row + cell.row_span):
            start, end, page_no, carried = lines[0].start, lines[-1].end, lines[0].page_no, row > cell.row
            grid[row, cell.col] = Cell(row, cell.col, cell.is_header, text, start, end, page_no, carried=carried)
    heads = {(cell.row, cell.col) for cell in table.cells if cell.is_header}
    cells, at, page = [], min((cell.start for cell in grid.values()), default=0), 1
    for row in range(height):
        for col in range(table.width):
            known = grid.get((row, col))
            if known is not None:
                at, page = known.end, known.page_no
            cells.append(known or Cell(row, col, (row, col) in heads, "", at, at, page))
    return Table(cells)
