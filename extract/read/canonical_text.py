"""Rows in reading order → the canonical text, with the offsets that everything later points at.

A row's characters change no more: ``mask`` has had its turn, and each row gets its place for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from poytakirja.document import Line, Page, Segment
from poytakirja.read.pdf.rows import GAP, Row, Sheet


@dataclass(slots=True)
class Composed:
    """The text as it now stands, and where each row went."""

    text: str
    pages: list[Page]
    lines: list[Line]
    line_of: dict[int, Line] = field(default_factory=dict)
    """``id`` of a row → its line."""


def _line(row: Row, offset: int, page_no: int) -> Line:
    """The line of a row that begins at an offset (after its indent)."""
    pieces = row.pieces
    if len(pieces) == 1:
        text = pieces[0].text
        end = offset + len(text)
        segments: tuple[Segment, ...] = (Segment(text, offset, end, pieces[0].x0, pieces[0].x1),)
    else:
        text, segments = _several(row, offset)
        end = offset + len(text)
    return Line(
        text, offset, end, page_no, pieces[0].x0, pieces[-1].x1, row.top, row.bottom, segments,
        row.tag, row.role, row.breaks_word, row.table, row.size, row.bold,
    )  # fmt: skip


def _several(row: Row, offset: int) -> tuple[str, tuple[Segment, ...]]:
    """The text and the segments of a row that has gaps."""
    segments = []
    text = ""
    for piece, gap in zip(row.pieces, row.gaps or [GAP] * (len(row.pieces) - 1), strict=False):
        part = piece.text
        at = offset + len(text)
        segments.append(Segment(part, at, at + len(part), piece.x0, piece.x1))
        text += part + gap
    last = row.pieces[-1]
    part = last.text
    at = offset + len(text)
    return text + part, (*segments, Segment(part, at, at + len(part), last.x0, last.x1))


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
            if row.pieces:
                line = line_of[id(row)] = _line(row, offset + row.indent, sheet.number)
                lines.append(line)
                parts.append(" " * row.indent + line.text if row.indent else line.text)
                offset = line.end + 1
            else:
                parts.append("")
                offset += 1
        parts.append("")
        text = "\n".join(parts)
        offset = start + len(text)
        pages.append(Page(sheet.number, start, text, sheet.width, sheet.height))
    return Composed("".join([page.text for page in pages]), pages, lines, line_of)
