"""Rows in reading order → the canonical text, with the offsets that everything later points at.

Here is the last place where a row's characters may change: ``mask`` is called, then each row gets its place for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from extract.document import Line, Page, Segment
from extract.read.normalise import mask
from extract.read.rows import GAP, Row, Sheet


@dataclass(slots=True)
class Composed:
    """The text as it now stands, and where each row went."""

    text: str
    pages: list[Page]
    lines: list[Line]
    line_of: dict[int, Line] = field(default_factory=dict)
    """``id`` of a row → its line."""


def _line(row: Row, offset: int, page_no: int) -> tuple[Line, str]:
    """The line of a row that begins at an offset (after its indent), and its text."""
    segments = []
    parts = []
    at = offset
    gaps = (*row.gaps, *(GAP,) * (len(row.pieces) - len(row.gaps)))
    for n, piece in enumerate(row.pieces):
        text = mask(piece.text)
        segments.append(Segment(text, at, at + len(text), piece.x0, piece.x1))
        parts.append(text)
        at += len(text)
        if n + 1 < len(row.pieces):
            parts.append(gaps[n])
            at += len(gaps[n])
    line = Line(
        "".join(parts), offset, at, page_no, row.x0, row.x1, row.top, row.bottom, tuple(segments),
        row.tag, row.role, row.breaks_word, row.table, row.size, row.bold,
    )  # fmt: skip
    return line, line.text


def compose(sheets: Iterable[Sheet]) -> Composed:
    """Put the rows of all pages in their places: joined with line ends, each page ended by one."""
    pages: list[Page] = []
    lines: list[Line] = []
    line_of: dict[int, Line] = {}
    offset = 0
    for sheet in sheets:
        parts: list[str] = []
        start = offset
        for row in sheet.rows:
            if row.indent:
                parts.append(" " * row.indent)
                offset += row.indent
            if row.pieces:
                line, text = _line(row, offset, sheet.number)
                lines.append(line)
                line_of[id(row)] = line
                parts.append(text)
                offset += len(text)
            parts.append("\n")
            offset += 1
        pages.append(Page(sheet.number, start, "".join(parts), sheet.width, sheet.height))
    return Composed("".join(page.text for page in pages), pages, lines, line_of)
