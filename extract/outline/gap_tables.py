"""Project tables without ruling lines (viivattomat hanketaulukot): columns made by wide gaps or by ``|``.

Old minutes print them as plain rows. A table is taken only where its header is one of projects beyond doubt: at least three of
its columns have labels that are known, a name and something that only a project has among them, and at least two rows below
stand in its columns. Attendance lists, budgets and text set in columns have no such header.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import regex

from poytakirja.document import Line, Segment, Span
from poytakirja.outline.blocks import Block, Heading, LineMetrics, heading_of
from poytakirja.passage import Passage
from poytakirja.records import EntryCandidate, Part
from poytakirja.rules.layout import headings
from poytakirja.rules.projects import field_labels as labels
from poytakirja.rules.projects.field_labels import Label

Cells = dict[int, Segment]
"""The segments of a row by their columns."""
_SUMS = ("yhteensä", "kaikki yhteensä", "summa", "loppusumma", "välisumma")
_LONGEST_NAME = 160
_LONGEST_HEADER = 400


def from_columns(document_lines: Sequence[Line], blocks: Sequence[Block], item: int | None) -> Iterator[EntryCandidate]:
    """The rows of project tables that have no ruling lines, in order."""
    lines = [line for line in document_lines if line.table is None]
    starts = [block.lines[0].start for block in blocks]
    at = 0
    while at < len(lines):
        header, below = _Header.read(lines[at : at + 3])
        if header is None:
            at += 1
            continue
        group = bisect_right(starts, lines[at].start) - 1
        caption = _caption(lines[at - 1] if at else None, lines[at], blocks, group)
        rows, at = _rows(header, lines, at + below, caption)
        if len(rows) > 1:
            yield from (row.entry(header, item, group) for row in rows)


def _caption(above: Line | None, header: Line, blocks: Sequence[Block], group: int) -> Heading | None:
    """What stands right above a table: the row before its header in the same block, else the block before."""
    if group < 0 or above is None:
        return None
    if blocks[group].lines[0].start < header.start:
        return heading_of(Block("paragraph", [above]))
    before = blocks[group - 1] if group else None
    return heading_of(before) if before and before.kind == "paragraph" else None


def is_header(line: Line) -> bool:
    """Whether a row is the header of a project table; its words name no project."""
    return line.table is None and _Header.read([line])[0] is not None


# ---------------------------------------------------------------- cells of a row


@cache
def _gap() -> regex.Pattern[str]:
    return regex.compile(r"\s{2,}")


@cache
def _ruled() -> regex.Pattern[str]:
    """A row of strokes that stands for a ruling line: ``-----   ----``, ``|---|---|``."""
    return regex.compile(r"[-–—_=+|:\s]{3,}")


def _barred(line: Line) -> list[Segment]:
    """The cells of a row between bars, the empty ones too; none where fewer than two bars stand."""
    if line.text.count("|") < 2:
        return []
    found, at = [], 0
    for piece in line.text.split("|"):
        text = piece.strip()
        start = at + len(piece) - len(piece.lstrip()) if text else at
        found.append(Segment(text, line.start + start, line.start + start + len(text), 0.0, 0.0))
        at += len(piece) + 1
    return found


def _spaced(line: Line) -> list[Segment]:
    """The cells of a row between gaps: its segments, cut again where two spaces part a column filled to its edge."""
    found = []
    for segment in line.segments:
        gaps = [m.span() for m in _gap().finditer(segment.text)]
        bounds = [0, *(place for gap in gaps for place in gap), len(segment.text)]
        for start, end in zip(bounds[::2], bounds[1::2], strict=True):
            x0, x1 = (segment.x0 + start, segment.x0 + end) if gaps else (segment.x0, segment.x1)
            found.append(Segment(segment.text[start:end], segment.start + start, segment.start + end, x0, x1))
    return found


# ---------------------------------------------------------------- header


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns of a table: where they stand, and the labels of those that have one."""

    cells: tuple[Segment, ...]
    labels: dict[int, Label]
    barred: bool
    letter: float
    """The width of a letter: how far off a column's edge its cells may stand."""

    @classmethod
    def read(cls, lines: Sequence[Line]) -> tuple[_Header | None, int]:
        """The header that some rows begin with, of one row or of two (``Kokonais-`` above ``kustannus``), and its height."""
        top = lines[0]
        if len(top.segments) < 2 and "|" not in top.text and "  " not in top.text:
            return None, 0
        barred = _barred(top)
        cells = barred or _spaced(top)
        if len(cells) < 2 or len(top.text) > _LONGEST_HEADER or not any(_label(cell.text) for cell in cells):
            return None, 0
        if not barred:
            cells = [part for cell in cells for part in _parted(cell)]
        letter = (top.x1 - top.x0) / max(len(top.text), 1)
        header = cls(tuple(cells), _labels(cell.text for cell in cells), bool(barred), letter)
        if len(lines) > 1 and (both := header._over(lines[1])):
            more = len(both.labels) - len(header.labels)
            words_alone = header._is_of_projects() and header.name not in (header.cells_of(lines[1]) or {})
            if more > 0 or (more == 0 and words_alone):  # "Myönnetty," above "euroa"
                return (both, 2) if both._is_of_projects() else (None, 0)
        return (header, 1) if header._is_of_projects() else (None, 0)

    def _over(self, line: Line) -> _Header | None:
        """The header with a second row of its words."""
        cells = self.cells_of(line)
        if not cells or any(c.isdigit() for c in line.text):
            return None
        joined = []
        for n, above in enumerate(self.cells):
            below = cells.get(n)
            text = Passage.of([(above.text, 0, False), (below.text if below else "", 0, False)]).text
            x0, x1 = (min(above.x0, below.x0), max(above.x1, below.x1)) if below else (above.x0, above.x1)
            joined.append(Segment(text, above.start, above.end, x0, x1))
        return _Header(tuple(joined), _labels(cell.text for cell in joined), self.barred, self.letter)

    def _is_of_projects(self) -> bool:
        fields = {label.field for label in self.labels.values()}
        worded = all(
            (len(cell.text) <= 60 and not cell.text.endswith(".")) or n in self.labels for n, cell in enumerate(self.cells)
        )
        return len(self.labels) >= 3 and "name" in fields and bool(fields & labels.TELLING) and worded

    @property
    def name(self) -> int:
        """The column of names."""
        return next(n for n, label in self.labels.items() if label.field == "name")

    def field(self, column: int) -> str:
        """What a column holds."""
        return self.labels[column].field if column in self.labels else "other"

    def cells_of(self, line: Line) -> Cells | None:
        """The segments of a row by their columns, None where they do not stand in them."""
        if self.barred:
            pieces = _barred(line)
            return {n: cell for n, cell in enumerate(pieces) if cell.text} if len(pieces) == len(self.cells) else None
        found = _spaced(line)
        if len(found) < len(self.cells):
            found = [part for segment in found for part in self._cut(segment)]
        if len(found) == len(self.cells):
            return dict(enumerate(found))
        columns = [self._column(segment) for segment in found]
        kept = [column for column in columns if column is not None]
        if len(kept) < len(found) or any(a >= b for a, b in pairwise(kept)):
            return None
        return dict(zip(kept, found, strict=True))

    def _cut(self, segment: Segment) -> list[Segment]:
        """A segment whose words fill one column up to the next, where a word begins: ``… luonnossa oppien OKM``."""
        width = (segment.x1 - segment.x0) / max(len(segment.text), 1)
        for head in self.cells:
            at = round((head.x0 - segment.x0) / width) if width else 0
            if 0 < at < len(segment.text) and segment.text[at - 1] == " " and segment.x0 < head.x0 - self.letter:
                left, right = segment.text[: at - 1], segment.text[at:]
                if left.strip() and right.strip() and self._column(segment) is not None:
                    cut = segment.x0 + at * width
                    first = Segment(left, segment.start, segment.start + at - 1, segment.x0, cut - width)
                    return [first, *self._cut(Segment(right, segment.start + at, segment.end, cut, segment.x1))]
        return [segment]

    def _column(self, segment: Segment) -> int | None:
        """The column that a segment starts or ends with, else the only one whose header it stands under."""
        for near in (
            [n for n, head in enumerate(self.cells) if abs(head.x0 - segment.x0) <= self.letter],
            [n for n, head in enumerate(self.cells) if abs(head.x1 - segment.x1) <= self.letter],
            [n for n, head in enumerate(self.cells) if head.x0 < segment.x1 and segment.x0 < head.x1],
        ):
            if near:
                return near[0] if len(near) == 1 else None
        return None

    def fills(self, segment: Segment, word: str) -> bool:
        """Whether a name leaves no room in its column for another word."""
        right = self.cells[self.name + 1].x0 if self.name + 1 < len(self.cells) else float("inf")
        return not self.barred and segment.x1 + (len(word) + 2) * self.letter > right


def _label(text: str) -> Label | None:
    return labels.field_of(text) if 0 < len(text) <= 60 else None


def _parted(cell: Segment) -> list[Segment]:
    """The labels that stand too near each other to be segments of their own: ``Rahoittaja Kesto``; else the cell itself."""
    if _label(cell.text) is not None:
        return [cell]
    words = list(_word().finditer(cell.text))
    width = (cell.x1 - cell.x0) / max(len(cell.text), 1)
    found, n = [], 0
    while n < len(words):
        ends = (words[m].end() for m in range(min(n + 4, len(words)) - 1, n - 1, -1))
        start = words[n].start()
        end = next((end for end in ends if _label(cell.text[start:end])), None)
        if end is None:
            return [cell]
        found.append(
            Segment(cell.text[start:end], cell.start + start, cell.start + end, cell.x0 + start * width, cell.x0 + end * width)
        )
        n = next((m for m in range(n, len(words)) if words[m].start() >= end), len(words))
    return found


@cache
def _word() -> regex.Pattern[str]:
    return regex.compile(r"\S++")


def _labels(texts: Iterator[str]) -> dict[int, Label]:
    return {n: label for n, text in enumerate(texts) if (label := _label(text))}


# ---------------------------------------------------------------- rows


@dataclass(slots=True)
class _Row:
    """A row of a table: the segments of its columns, those of the rows that go on with it too."""

    cells: dict[int, list[Segment]]
    heading: Heading | None
    last: Segment = field(init=False)

    def __post_init__(self) -> None:
        self.last = max((cell for cells in self.cells.values() for cell in cells), key=lambda cell: cell.end)

    def extend(self, cells: Cells) -> None:
        """Take in a row that goes on with this one."""
        for column, cell in cells.items():
            self.cells.setdefault(column, []).append(cell)
            self.last = max(self.last, cell, key=lambda known: known.end)

    def entry(self, header: _Header, item: int | None, group: int) -> EntryCandidate:
        """The row as an entry: the name leads, as in a list."""
        parts = []
        for column, cells in sorted(self.cells.items()):
            label = header.labels.get(column)
            rows = [(cell.text, cell.start, False) for cell in cells]
            parts.append(Part(rows, header.field(column), label.year if label else None, label.unit if label else 1))
        parts.sort(key=lambda part: part.field != "name")
        span = Span(min(cells[0].start for cells in self.cells.values()), self.last.end)
        heading = self.heading
        return EntryCandidate(
            "table_row", parts, span, item=item, group=group,
            heading=heading.text if heading else None, heading_span=heading.span if heading else None,
        )  # fmt: skip


def _rows(header: _Header, lines: Sequence[Line], at: int, heading: Heading | None) -> tuple[list[_Row], int]:
    """The rows below a header, and the place of the first row that is none of the table's."""
    setting = LineMetrics.of(lines[max(0, at - 1) : at + 60])
    rows: list[_Row] = []
    waiting: Line | None = None  # a name alone: a heading within the table, if a row of it follows
    end = at
    for n in range(at, len(lines)):
        line, above = lines[n], lines[n - 1]
        if n < end:
            continue
        again, height = _Header.read(lines[n : n + 2])
        if again and again.labels == header.labels:  # printed anew, as on the next page
            header, end = again, n + height
            continue
        cells = None if again else header.cells_of(line)
        if _ruled().fullmatch(line.text) or (cells and _is_sum(line.text)):
            end = n + 1
            continue
        if not cells or (len(cells) == 1 and headings.find(line.text) is not None):
            break
        close = waiting is None and above.page_no == line.page_no and not setting.gap(above, line)
        if rows and close and _goes_on(header, rows[-1], cells):
            rows[-1].extend(cells)
        elif _tells(header, cells):
            heading = _heading_within(waiting) if waiting else heading
            waiting = None
            rows.append(_Row({column: [cell] for column, cell in cells.items()}, heading))
        elif waiting is None and list(cells) == [header.name] and not line.text.rstrip().endswith("."):
            waiting = line
            continue
        else:
            break
        end = n + 1
    return rows, end


def _heading_within(line: Line) -> Heading | None:
    text = line.text.strip(" .:|")
    start = line.start + line.text.index(text)
    return Heading(text, Span(start, start + len(text)))


def _is_sum(text: str) -> bool:
    return text.strip(" |").casefold().startswith(_SUMS)


def _tells(header: _Header, cells: Cells) -> bool:
    """Whether a row tells of a project: it has a name, and something that only a project has."""
    name = cells.get(header.name)
    named = name is not None and any(c.isalpha() for c in name.text) and len(name.text) <= _LONGEST_NAME
    return named and any(header.field(column) in labels.TELLING for column in cells)


def _goes_on(header: _Header, row: _Row, cells: Cells) -> bool:
    """Whether cells wrap from the row above: some columns only, no sum and no code; a name in mid-phrase or out of room."""
    told = {n: header.field(n) for n in cells}
    if any(field == "code" or (field in labels.MONEY and any(c.isdigit() for c in cells[n].text)) for n, field in told.items()):
        return False
    if 0 in row.cells and 0 not in cells and header.field(0) in ("code", "number"):
        return set(cells) <= set(row.cells)
    if 2 * len(cells) > len(header.cells):
        return False
    name = cells.get(header.name)
    if name is None or name.text[0].islower():
        return set(cells) <= set(row.cells)
    above = row.cells[header.name][-1]
    return len(cells) == 1 and header.fills(above, name.text.split(maxsplit=1)[0])
