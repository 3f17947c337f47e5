"""Bare numbers in columns of money (taulukon rahasarakkeet): each with the header of its column and the words above the table.

A column is known by its header alone; rows that have none are left to the rules of running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from poytakirja.document import Cell, Line, Segment, Table
from poytakirja.outline.blocks import LineMetrics
from poytakirja.rules.money.columns import MoneyColumn, names_a_unit, read_header
from poytakirja.rules.money.numbers import parse_number

_GAP = re.compile(r"\s{2,}|\t|\|")
_NUMBER = re.compile(r"(?P<number>[-–−]?\s?\d[\d\u00a0 .]*(?:,\d{1,3})?)\s?(?:€|e|eur|euroa)?\s?(?:\(\w\)|\*{1,2})?")
_LONGEST = 600
"""So many characters of a row of a caption are read."""


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """A number in a column of money: its place in the document, its value in euros, and the header it stands under."""

    start: int
    end: int
    value: Decimal
    approximate: bool
    column: MoneyColumn
    header: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A cell: its words, their place, and where it stands from left to right."""

    text: str
    start: int
    end: int
    x0: float
    x1: float


def of_table(table: Table, caption: str) -> Iterator[ColumnSum]:
    """The sums of a table that the document marks as one."""
    yield from _of_rows([[_piece_of(cell) for cell in row if cell.text.strip()] for row in table.rows()], caption)


def _piece_of(cell: Cell) -> _Piece:
    return _Piece(cell.text, cell.start, cell.end, cell.col, cell.col + 0.5)


def of_lines(lines: Sequence[Line]) -> Iterator[ColumnSum]:
    """The sums of the tables that rows of text make by gaps, tabs or bars."""
    run: list[list[_Piece]] = []
    caption: list[str] = []
    alone = 0
    setting = LineMetrics.of(lines)
    for above, line in zip([None, *lines], lines, strict=False):
        pieces = _pieces(line) if line.table is None else []
        if run and above and _begins_another(setting, above, line, pieces):
            yield from _of_rows(run, "\n".join(caption))
            run, alone, caption = [], 0, [] if len(run) > 2 else caption[-2:]
        if len(pieces) > 1:
            run.append(pieces)
            alone = 0
        elif run and pieces and alone < 3 and len(pieces[0].text) < 60 and not pieces[0].text.endswith((".", ":")):
            run.append(pieces)  # the second row of a cell, or a heading within the table
            alone += 1
        else:
            yield from _of_rows(run, "\n".join(caption))
            before = [] if len(run) > 2 or line.table is not None else caption[-2:]  # no unit of the table before holds here
            caption = [*before, line.text[:_LONGEST]]
            run, alone = [], 0
    yield from _of_rows(run, "\n".join(caption))


def _begins_another(setting: LineMetrics, above: Line, line: Line, pieces: Sequence[_Piece]) -> bool:
    """Whether a row begins another table: it names a unit of its own, or holds no number and stands behind a gap."""
    if len(pieces) == 1 and names_a_unit(line.text):
        return True
    return setting.gap(above, line) and not any(_value(piece) for piece in pieces)


def _pieces(line: Line) -> list[_Piece]:
    if "|" in line.text or "\t" in line.text:
        pieces, at = [], 0
        for n, part in enumerate(re.split(r"[|\t]", line.text)):
            text = part.strip()
            if text:
                start = line.start + at + len(part) - len(part.lstrip())
                pieces.append(_Piece(text, start, start + len(text), n, n + 0.5))
            at += len(part) + 1
        return pieces
    return [piece for segment in line.segments for piece in _cut(segment)]


def _cut(segment: Segment) -> Iterator[_Piece]:
    """A segment cut at wide gaps."""
    width = (segment.x1 - segment.x0) / max(len(segment.text), 1)
    at = 0
    for gap in [*_GAP.finditer(segment.text), None]:
        end = gap.start() if gap else len(segment.text)
        if text := segment.text[at:end].strip():
            start = at + len(segment.text[at:end]) - len(segment.text[at:end].lstrip())
            stop = start + len(text)
            yield _Piece(text, segment.start + start, segment.start + stop, segment.x0 + start * width, segment.x0 + stop * width)
        at = gap.end() if gap else end


def _of_rows(rows: Sequence[Sequence[_Piece]], caption: str) -> Iterator[ColumnSum]:
    """The sums of rows, the first of which hold the headers of the columns."""
    height = next((n for n, row in enumerate(rows[:5]) if any(_value(p) is not None and not _is_year(p) for p in row)), 0)
    while height and len(rows[height - 1]) < 2:
        height -= 1  # a heading within the table, above its first row
    if not height or len(rows) - height < 1:
        return
    heads = _heads(rows[:height])
    known = [read_header(head.text, caption) for head in heads]
    if not any(known):
        return
    for row in rows[height:]:
        for piece in row:
            number = _value(piece)
            at = _under(heads, piece) if number is not None else None
            column = known[at] if at is not None else None
            if number is not None and column is not None and at is not None:
                value, approximate = number
                scaled = (value * column.scale).quantize(Decimal("0.01"))
                yield ColumnSum(piece.start, piece.end, scaled, approximate, column, heads[at].text)


def _is_year(piece: _Piece) -> bool:
    return len(piece.text) == 4 and piece.text[:2] in ("19", "20")


def _value(piece: _Piece) -> tuple[Decimal, bool] | None:
    """The value of a cell that holds a number alone."""
    m = _NUMBER.fullmatch(piece.text)
    if m is None:
        return None
    value, approximate = parse_number(m["number"].strip())
    if value is None and _FRACTION.fullmatch(m["number"].strip()):
        value = Decimal(m["number"].strip().replace(",", "."))
    return None if value is None else (value, approximate)


_FRACTION = re.compile(r"\d{1,4},\d{1,4}")


def _heads(rows: Sequence[Sequence[_Piece]]) -> list[_Piece]:
    """The headers of the columns: the pieces of the header's rows that stand above each other, joined."""
    heads: list[_Piece] = []
    for row in rows:
        for piece in row:
            n = next((n for n, head in enumerate(heads) if head.x0 < piece.x1 and piece.x0 < head.x1), None)
            if n is None:
                heads.append(piece)
            else:
                above = heads[n]
                text = (
                    above.text[:-1] + piece.text
                    if above.text.endswith("-") and piece.text[:1].islower()
                    else f"{above.text} {piece.text}"
                )
                heads[n] = _Piece(text, above.start, above.end, min(above.x0, piece.x0), max(above.x1, piece.x1))
    return sorted(heads, key=lambda head: head.x0)


def _under(heads: Sequence[_Piece], piece: _Piece) -> int | None:
    """The column of a cell: the one header above it, else the one whose right edge it shares."""
    over = [n for n, head in enumerate(heads) if head.x0 < piece.x1 and piece.x0 < head.x1]
    if len(over) == 1:
        return over[0]
    letter = (piece.x1 - piece.x0) / max(len(piece.text), 1)
    near = [n for n, head in enumerate(heads) if abs(head.x1 - piece.x1) <= 1.5 * letter]
    return near[0] if len(near) == 1 else None
