"""Rows to paragraphs and lists with their headings (jaksotus): the outline of a text, whatever it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat, zip_longest
from typing import Literal

import regex

from poytakirja.document import Line, Span
from poytakirja.passage import Passage
from poytakirja.records import Rows
from poytakirja.rules.layout import headings
from poytakirja.rules.layout.list_markers import Marker, read_marker
from poytakirja.rules.projects import name_trimming as project_names
from poytakirja.rules.projects import signs as projects

BlockKind = Literal["paragraph", "marker", "table"]


@dataclass(slots=True)
class Block:
    """Rows that stand together: a paragraph, an entry of a list, or a table (its index in ``Document.tables``)."""

    kind: BlockKind
    lines: list[Line]
    marker: Marker | None = None
    table: int | None = None
    titled: bool = False
    """A numbered row that is the title of the paragraphs below it, which it holds."""
    _read: tuple[int, Passage] | None = None

    @property
    def passage(self) -> Passage:
        """The block as running text, marker left out; joined once for as many rows as it holds."""
        if self._read is None or self._read[0] != len(self.lines):
            self._read = len(self.lines), Passage.of(self.rows)
        return self._read[1]

    @property
    def rows(self) -> Rows:
        """The rows as ``Passage.of`` takes them, the first one from behind its marker."""
        return rows_of(self.lines, self.marker.end if self.marker else 0)

    @property
    def span(self) -> Span:
        """All of it, marker included."""
        return Span(self.lines[0].start, self.lines[-1].end)


def rows_between(lines: Sequence[Line], start: int, end: int) -> Rows:
    """The stretches of rows that stand between two offsets, as ``Passage.of`` takes them."""
    found = []
    for line in lines:
        a, b = max(line.start, start), min(line.end, end)
        if a < b:
            found.append((line.text[a - line.start : b - line.start], a, line.breaks_word))
    return found


def rows_of(lines: Sequence[Line], skip: int = 0) -> Rows:
    """Lines as ``Passage.of`` takes them, the first ``skip`` characters left out."""
    cuts = chain((skip,), repeat(0))
    return [(line.text[cut:], line.start + cut, line.breaks_word) for line, cut in zip(lines, cuts, strict=False)]


# ---------------------------------------------------------------- paragraphs


def _finished(text: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", ":", ";", ")"))


@dataclass(frozen=True, slots=True)
class LineMetrics:
    """How a text is set: the usual distance between its rows, and its right edge."""

    leading: float
    right: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> LineMetrics:
        """The setting of some rows, in the document's own units."""
        steps = sorted(b.top - a.top for a, b in pairwise(lines) if a.page_no == b.page_no and b.top > a.top)
        heights = sorted(line.bottom - line.top for line in lines)
        tight = steps[len(steps) // 4] if steps else 1.0  # in a list of one-row entries most steps are wide,
        if heights and heights[len(heights) // 2] > 0:  # and in an item of one-row paragraphs nearly all of them
            tight = min(tight, 1.3 * heights[len(heights) // 2])
        return cls(tight, max((line.x1 for line in lines), default=0.0))

    def gap(self, above: Line, below: Line) -> bool:
        """Whether two rows of a page stand wider apart than usual."""
        return above.page_no == below.page_no and below.top - above.top > self.leading * 1.45

    def room_left(self, above: Line, below: Line) -> bool:
        """Whether the first word of a row would have fitted on the row above: that one was ended on purpose."""
        word = below.text.split(maxsplit=1)[0]
        width = (below.x1 - below.x0) / max(len(below.text), 1)
        return above.x1 + width * (len(word) + 2) < self.right


def _ends(block: Block, line: Line, below: Line | None, setting: LineMetrics) -> bool:
    """Whether a row begins a paragraph of its own behind a block; ``below`` is the row after it."""
    last = block.lines[-1]
    if block.kind == "table" or _outdented(block, line) or _heads_part(line):
        return True
    if last.page_no == line.page_no:
        return setting.gap(last, line) or _other_type(last, line)
    return not _carries_on_overleaf(block, line, below, setting)


_PARTS = frozenset({"proposal", "decision", "presenter", "preparer", "counter", "appeal", "attachment", "information"})


def _heads_part(line: Line) -> bool:
    """Whether a row opens a part of an agenda item (Ehdotus, Päätös, Esittelijä), which ends any entry."""
    heading = headings.find(line.text)
    return heading is not None and heading.kind in _PARTS


def _other_type(above: Line, below: Line) -> bool:
    """Whether one row is set in bold and the other is not, or in another size: a heading and its text."""
    return above.bold != below.bold or abs(above.size - below.size) > 0.15 * max(above.size, below.size)


def _carries_on_overleaf(block: Block, line: Line, below: Line | None, setting: LineMetrics) -> bool:
    """Whether a paragraph goes on at the top of the next page.

    It does in mid-sentence, or with words that tell more of the entry (``Projektipäällikkö …``); it does not where the row
    above was ended on purpose, or where a heading stands alone above another list.
    """
    last, text = block.lines[-1], line.text.strip()
    if not text[0].isupper():
        return text[0].isalnum() or text[0] in "()€"
    alone = below is None or setting.gap(line, below) or read_marker(below.text) is not None
    ended = setting.room_left(last, line)
    heading = alone and not text.endswith((".", ",", ")")) and not any(c.isdigit() for c in text)
    if heading and (_finished(last.text) or block.kind == "marker") and (ended or not project_names.is_incomplete(last.text)):
        return False
    if not _finished(last.text):
        return True
    if projects.announces_projects(text) and _finished(text):
        return False
    return project_names.continues_entry(text) or (block.kind == "marker" and not ended)


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Group body rows into paragraphs, list entries and tables, in order; a document may be all page heads and have none."""
    if not lines:
        return []
    setting = LineMetrics.of(lines)
    out: list[Block] = []
    for line, below in zip_longest(lines, lines[1:]):
        last = out[-1] if out else None
        if line.table is not None:
            if last and last.kind == "table" and last.table == line.table:
                last.lines.append(line)
            else:
                out.append(Block("table", [line], table=line.table))
            continue
        marker = read_marker(line.text)
        if marker and not _continues_range(last, line, marker):
            out.append(Block("marker", [line], marker))
        elif last is None or _ends(last, line, below, setting):
            out.append(Block("paragraph", [line]))
        else:
            last.lines.append(line)
    return _titled(_rejoin(out))


def _continues_range(last: Block | None, line: Line, marker: Marker) -> bool:
    """A dash that goes on with a sentence or a range of the row above is no bullet."""
    if last is None or marker.glyph not in ("-", "–", "—") or last.lines[-1].page_no != line.page_no:
        return False
    above = last.lines[-1].text.rstrip()
    return bool(regex.search(r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?$", above)) and line.text[marker.end : marker.end + 1].isdigit()


def _outdented(block: Block, line: Line) -> bool:
    """A row left of a list entry's hanging text ends the entry."""
    if block.kind != "marker" or len(block.lines) < 2 or block.lines[-1].page_no != line.page_no:
        return False
    hang = block.lines[1].x0
    return hang > block.lines[0].x0 + 0.9 and line.x0 < hang - 0.9


def _rejoin(found: list[Block]) -> list[Block]:
    """Give a list entry back its further paragraphs: those indented under it, and those that go on in mid-sentence."""
    out: list[Block] = []
    for block in found:
        last = out[-1] if out else None
        if last and last.kind == "marker" and block.kind == "paragraph":
            deeper = block.lines[0].x0 > last.lines[0].x0 + 0.9 and last.lines[-1].page_no == block.lines[0].page_no
            goes_on = block.lines[0].text.lstrip()[:1].islower() and not _finished(last.lines[-1].text)
            if deeper or goes_on:
                last.lines.extend(block.lines)
                continue
        out.append(block)
    return out


def _titled(found: list[Block]) -> list[Block]:
    """Give numbered titles the paragraphs below them: ``1. Pihat kuntoon`` and what is told of it, up to the next number.

    Only where numbers go on behind such paragraphs: a list is not cut by a remark between its entries.
    """
    numbered = [n for n, block in enumerate(found) if _is_title(found, n)]
    if len(numbered) < 2:
        return found
    out: list[Block] = []
    for n, block in enumerate(found):
        title = out[-1] if out and out[-1].marker and (out[-1].titled or n - 1 in numbered) else None
        if title and block.kind == "paragraph" and not _opens_part(block):
            title.titled = True
            title.lines.extend(block.lines)
        else:
            out.append(block)
    return out


def _is_title(found: Sequence[Block], n: int) -> bool:
    """A short numbered row without a full stop or a date, a paragraph below it, and its neighbour in number near."""
    marker, below = found[n].marker, found[n + 1] if n + 1 < len(found) else None
    if marker is None or marker.ordinal is None or below is None or below.kind != "paragraph" or len(found[n].lines) > 2:
        return False
    text = found[n].passage.text
    if len(text) > 110 or text.endswith((".", ":", ";", ",")) or "€" in text or regex.search(r"\d\.\d{1,2}\.(?!.{0,24}$)", text):
        return False  # a date may stand at the end of a title, in brackets or not
    beside = {m.ordinal for b in found[max(0, n - 8) : n + 9] if (m := b.marker) and m.style == marker.style}
    return marker.ordinal + 1 in beside or marker.ordinal - 1 in beside


def _opens_part(block: Block) -> bool:
    """Whether a paragraph is a heading: of a part of the item, in capitals, or in bold."""
    first = block.lines[0]
    letters = [c for c in first.text if c.isalpha()]
    capitals = len(block.lines) == 1 and len(letters) > 3 and all(c.isupper() for c in letters)
    return capitals or headings.find(first.text) is not None or (len(block.lines) == 1 and first.bold)


# ---------------------------------------------------------------- lists


@dataclass(slots=True)
class Heading:
    """A heading or lead-in above a list, trailing colon or full stop left out."""

    text: str
    span: Span


_SENTENCE_END = regex.compile(r"(?<!\d)[.!?:]\s+(?=[\p{Lu}\"”])")


_NO_HEADING = regex.compile(r"§|\d+\s?§|(?:Dnro|Asianro|Asianumero)\b|\p{L}{2,8}[/-]\S*\d{4}\S*$")


def heading_of(block: Block) -> Heading | None:
    """The heading that a paragraph above a list is: a short line, or the last sentence where that announces the list."""
    passage = block.passage
    text = passage.text
    start = max((m.end() for m in _SENTENCE_END.finditer(text)), default=0)
    last = text[start:]
    announces = text.endswith(":") or projects.announces_projects(last)
    single = start == 0 and len(text) <= 160 and not text.endswith(".")  # a whole sentence is a heading only if it announces
    if _NO_HEADING.match(last):
        return None
    if not (single or announces) or len(last) > 300:
        return None
    trimmed = last.rstrip(" .:;")
    if not trimmed:
        return None
    return Heading(trimmed, passage.span(start, start + len(trimmed)))
