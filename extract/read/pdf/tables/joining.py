"""Tables: the shares of pages joined to whole tables, with their heads, and with cells where they stand in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from poytakirja.document import Cell, Span, Table
from poytakirja.passage import Passage
from poytakirja.read.canonical_text import Composed
from poytakirja.read.pdf.rows import Path, Row
from poytakirja.read.pdf.tables.cells import CellFragment, TablePart


@dataclass(slots=True)
class _Whole:
    """A table over all its pages: its rows in order, each with its slots."""

    shares: list[TablePart]
    rows: list[list[CellFragment]] = field(default_factory=list)
    repeated: list[Row] = field(default_factory=list)
    width: int = 0


def _by_row(share: TablePart) -> list[tuple[Path, list[CellFragment]]]:
    rows: dict[Path, list[CellFragment]] = {}
    for slot in share.slots:
        rows.setdefault(slot.row, []).append(slot)
    return list(rows.items())


def _words_of(slots: Sequence[CellFragment]) -> list[str]:
    return [" ".join(row.text for row in slot.rows) for slot in slots]


def _continues(last: Sequence[CellFragment], first: Sequence[CellFragment], before: TablePart, after: TablePart) -> bool:
    """Whether the first row of a page goes on with the last row of the page before."""
    if before.open_bottom and after.open_top:
        return True
    above = {slot.col: slot.rows[-1].text for slot in last}
    below = {slot.col: slot.rows[0].text for slot in first}
    if not below.keys() < above.keys():
        return False
    if 0 not in below:
        return any(above[col][-1] not in ".!?" for col in below)
    return any(text[0].islower() and above[col][-1] not in ".:;!?" for col, text in below.items())


def _join_shares(shares: Sequence[TablePart]) -> list[_Whole]:
    """Shares that are one table, together."""
    wholes: list[_Whole] = []
    by_key: dict[Path, _Whole] = {}
    for share in shares:
        if share.key is not None and share.key in by_key:
            whole = by_key[share.key]
        elif wholes and _goes_on(wholes[-1].shares[-1], share):
            whole = wholes[-1]
        elif share.lone:
            continue
        else:
            whole = _Whole([])
            wholes.append(whole)
        whole.shares.append(share)
        if share.key is not None:
            by_key[share.key] = whole
    for whole in wholes:
        _collect(whole)
    return wholes


def _goes_on(before: TablePart, after: TablePart) -> bool:
    """Whether a table at the top of a page is the one at the bottom of the page before."""
    if not (before.last and after.first and before.page + 1 == after.page):
        return False
    if before.key is not None or after.key is not None:
        return False
    same = len(before.xs) == len(after.xs)
    return same and all(abs(a - b) < 4.0 for a, b in zip(before.xs, after.xs, strict=True))


def _collect(whole: _Whole) -> None:
    """The rows of a table over all its pages."""
    keys: dict[Path, int] = {}
    before: TablePart | None = None
    for share in whole.shares:
        rows = _by_row(share)
        if before is not None and whole.rows and _words_of(rows[0][1]) == _words_of(whole.rows[0]) and len(rows) > 1:
            whole.repeated += [row for slot in rows[0][1] for row in slot.rows]
            rows = rows[1:]
        for n, (key, slots) in enumerate(rows):
            if share.key is not None and key in keys:
                whole.rows[keys[key]] = _united(whole.rows[keys[key]], slots)
            elif share.key is None and before is not None and n == 0 and _continues(whole.rows[-1], slots, before, share):
                whole.rows[-1] = _united(whole.rows[-1], slots)
            else:
                keys[key] = len(whole.rows)
                whole.rows.append(slots)
            whole.width = max(whole.width, share.widths.get(key, 0), max(slot.col for slot in slots) + 1)
        before = share


def _united(upper: list[CellFragment], lower: list[CellFragment]) -> list[CellFragment]:
    """A row and what of it stands on the next page."""
    by_col = {slot.col: slot for slot in upper}
    for slot in lower:
        if known := by_col.get(slot.col):
            known.rows.extend(slot.rows)
        else:
            by_col[slot.col] = slot
    return [by_col[col] for col in sorted(by_col)]


def _headed(whole: _Whole) -> bool:
    """Whether the first row heads the columns: bold above lighter rows, or words above figures."""
    first, others = whole.rows[0], whole.rows[1:]
    bold = [all(row.bold for row in slot.rows) for slot in first]
    if all(bold) and not all(row.bold for slots in others for slot in slots for row in slot.rows):
        return True
    if len(first) < 2 or any(slot.rows[0].text[:1].isdigit() for slot in first if slot.col == 0):
        return False
    heads = {slot.col: slot for slot in first}
    figures: dict[int, list[bool]] = defaultdict(list)
    for slots in others:
        for slot in slots:
            figures[slot.col].append(_is_figure(slot))
    return any(sum(marks) > len(marks) / 2 for col, marks in figures.items() if col in heads and not _is_figure(heads[col]))


def _is_figure(slot: CellFragment) -> bool:
    """Whether a cell holds a number, a sum or a date rather than words."""
    text = "".join(row.text for row in slot.rows)
    return any(c.isdigit() for c in text) and sum(c.isalpha() for c in text) <= 2


def mark_tables(shares: Sequence[TablePart]) -> list[_Whole]:
    """Join the shares of all pages to tables and give their printed rows the table's number."""
    wholes = [whole for whole in _join_shares(shares) if len(whole.rows) > 1 and whole.width > 1]
    for number, whole in enumerate(wholes):
        for row in whole.repeated:
            row.table = number
        for slots in whole.rows:
            for slot in slots:
                for row in slot.rows:
                    row.table = number
    return wholes


def cells_of(wholes: Sequence[_Whole]) -> Iterator[list[Row]]:
    """The rows of each cell that has several, a cell broken by a page end too."""
    return (slot.rows for whole in wholes for slots in whole.rows for slot in slots if len(slot.rows) > 1)


def tables_of(wholes: Sequence[_Whole], composed: Composed) -> list[Table]:
    """The tables with their cells where they stand in the canonical text."""
    return [_table(whole, composed) for whole in wholes]


def _table(whole: _Whole, composed: Composed) -> Table:
    cells: list[Cell] = []
    headed = not any(slot.is_header for slots in whole.rows for slot in slots) and _headed(whole)
    covering: dict[int, tuple[Cell, int]] = {}
    for number, slots in enumerate(whole.rows):
        by_col = {slot.col: slot for slot in slots}
        at = composed.line_of[id(slots[0].rows[0])].start
        page = composed.line_of[id(slots[0].rows[0])].page_no
        for col in range(whole.width):
            slot = by_col.get(col)
            if slot is None:
                above, left = covering.get(col, (None, 0))
                if above is not None and left > 0:
                    covering[col] = (above, left - 1)
                    cells.append(replace(above, row=number, carried=True))
                else:
                    cells.append(Cell(number, col, headed and number == 0, "", at, at, page))
                continue
            lines = [composed.line_of[id(row)] for row in slot.rows]
            text = Passage.of_lines(lines).text
            at, page = lines[-1].end, lines[0].page_no
            header = slot.is_header or (headed and number == 0)
            parts = tuple(Span(line.start, line.end) for line in lines) if lines[-1].page_no != page else ()
            cells.append(Cell(number, col, header, text, lines[0].start, at, page, parts))
            covering[col] = (cells[-1], slot.height - 1)
    return Table(cells)
