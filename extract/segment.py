"""Document to project entries: paragraphs, lists with their headings, project tables, labelled blocks (jaksotus).

``entries(document, items)`` finds the stretches that describe one project each. What a stretch says is for parse.py; here only
its outline and the plain evidence that it is about a project count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal

import regex

from extract.document import Document, Entry, Item, Line, Passage, Span
from rules import dates, money, organisations, projects
from rules.lists import Marker, read_marker

BlockKind = Literal["paragraph", "marker", "table"]


@dataclass(slots=True)
class Block:
    """Rows that stand together: a paragraph, an entry of a list, or a table (its index in ``Document.tables``)."""

    kind: BlockKind
    lines: list[Line]
    marker: Marker | None = None
    table: int | None = None

    @property
    def passage(self) -> Passage:
        """The block as running text, marker left out."""
        return Passage.of(self.parts())

    def parts(self) -> Iterator[tuple[str, int, bool]]:
        """The rows as ``Passage.of`` takes them, the first one from behind its marker."""
        cut = self.marker.end if self.marker else 0
        for n, line in enumerate(self.lines):
            skip = cut if n == 0 else 0
            yield line.text[skip:], line.start + skip, line.breaks_word


# ---------------------------------------------------------------- paragraphs


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance from the top of a row to the top of the next, in the document's own units."""
    steps = [b.top - a.top for a, b in pairwise(lines) if a.page_no == b.page_no and b.top > a.top]
    return median(steps) if steps else 1.0


def _indent(line: Line) -> float:
    """Where a row's first visible character stands."""
    return line.x0


def _finished(text: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", ":", ";", ")"))


def _parts_from(last: Line, line: Line, leading: float, right: float) -> bool:
    """Whether a paragraph ends between two rows: a wider gap, or a new page after a finished short row."""
    if last.page_no != line.page_no:
        unfinished = not _finished(last.text) or last.x1 > right * 0.92 or line.text.lstrip()[:1].islower()
        return not unfinished
    if line.top <= last.top:
        return False
    return line.top - last.top > leading * 1.45


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Group body rows into paragraphs, list entries and tables, in order."""
    leading = _leading(lines)
    right = max((line.x1 for line in lines), default=0.0)
    out: list[Block] = []
    for line in lines:
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
        elif last is None or last.kind == "table" or _parts_from(last.lines[-1], line, leading, right) or _outdented(last, line):
            out.append(Block("paragraph", [line]))
        else:
            last.lines.append(line)
    return _rejoin(out)


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


# ---------------------------------------------------------------- lists


@dataclass(slots=True)
class Heading:
    """A heading or lead-in above a list, trailing colon or full stop left out."""

    text: str
    span: Span


@dataclass(slots=True)
class ListEntry:
    """An entry of a list with the heading it stands under."""

    block: Block
    heading: Heading | None


@dataclass(slots=True)
class ProjectList:
    """Entries of one style that belong together, headings and paragraphs between them left out."""

    entries: list[ListEntry] = field(default_factory=list)

    @property
    def style(self) -> str:
        """The style of its markers."""
        marker = self.entries[0].block.marker
        return marker.style if marker else "bullet"


_SENTENCE_END = regex.compile(r"[.!?:]\s+(?=[\p{Lu}\"”])")


def heading_of(block: Block) -> Heading | None:
    """The heading that a paragraph above a list is: a short line, or the last sentence where that announces the list."""
    passage = block.passage
    text = passage.text
    start = max((m.end() for m in _SENTENCE_END.finditer(text)), default=0)
    last = text[start:]
    announces = text.endswith(":") or projects.announces_projects(last)
    single = start == 0 and len(text) <= 160
    if not (single or announces) or len(last) > 300:
        return None
    trimmed = last.rstrip(" .:;")
    if not trimmed:
        return None
    return Heading(trimmed, passage.span(start, start + len(trimmed)))


def lists(found: Sequence[Block]) -> list[ProjectList]:
    """The lists among the blocks: a run of one style, going on over paragraphs while its numbers go on."""
    out: list[ProjectList] = []
    heading: Heading | None = None
    adjacent = False
    for n, block in enumerate(found):
        if block.kind != "marker" or block.marker is None:
            candidate = heading_of(block) if block.kind == "paragraph" else None
            heading = candidate or (heading if adjacent and block.kind == "paragraph" else None)
            adjacent = False
            continue
        if out and (outer := _nested_under(found, n, out[-1])) is not None:
            outer.block.lines.extend(block.lines)
            continue
        if not (out and (adjacent or _goes_on(out[-1], block)) and out[-1].style == block.marker.style):
            out.append(ProjectList())
        out[-1].entries.append(ListEntry(block, heading))
        adjacent = True
    return out


def _goes_on(known: ProjectList, block: Block) -> bool:
    """Whether a numbered entry carries on the numbering of a list above (a gap of one is a finding, not a new list)."""
    last, marker = known.entries[-1].block.marker, block.marker
    if marker is None or last is None or last.ordinal is None or marker.ordinal is None:
        return False
    return 0 < marker.ordinal - last.ordinal <= 2


def _nested_under(found: Sequence[Block], n: int, known: ProjectList) -> ListEntry | None:
    """The open entry to which a marker of another style belongs: it stands deeper, or the outer numbers go on behind it."""
    block, outer = found[n], known.entries[-1]
    if block.marker is None or outer.block.marker is None or found[n - 1].kind != "marker":
        return None
    if block.marker.style == outer.block.marker.style and block.marker.glyph == outer.block.marker.glyph:
        return None
    if block.lines[0].x0 > outer.block.lines[0].x0 + 2:
        return outer
    if outer.block.marker.ordinal is None or block.marker.style != "bullet":
        return None
    for later in found[n + 1 :]:
        if later.kind != "marker" or later.marker is None:
            return None
        if later.marker.style == outer.block.marker.style:
            return outer if later.marker.ordinal == outer.block.marker.ordinal + 1 else None
    return None


# ---------------------------------------------------------------- which stretches are projects


def entries(document: Document, items: Sequence[Item]) -> list[Entry]:
    """The project entries of a document, in reading order: those of each agenda item, or of the whole where it has none."""
    if not items:
        return _entries_of(document.body(), None)
    return [entry for item in items for entry in _entries_of(item.lines, item)]


def _entries_of(lines: Sequence[Line], item: Item | None) -> list[Entry]:
    found = blocks(lines)
    out: list[Entry] = []
    for group, known in enumerate(lists(found)):
        chosen = projects_among(known)
        whole = len(chosen) == len(known.entries)
        out.extend(_list_entry(entry, item, group, whole) for entry in chosen)
    return sorted(out, key=lambda entry: entry.lines[0].start)


def _list_entry(listed: ListEntry, item: Item | None, group: int, whole_list: bool) -> Entry:
    block, heading = listed.block, listed.heading
    marker = block.marker
    assert marker is not None  # a list holds marker blocks only
    first = block.lines[0]
    number_span = None
    if marker.label is not None:
        at = first.text.index(marker.label)
        number_span = Span(first.start + at, first.start + at + len(marker.label))
    return Entry(
        "bulleted" if marker.style == "bullet" else "numbered",
        block.lines,
        item=None if item is None else item.ordinal,
        number=marker.label,
        number_span=number_span,
        heading=heading.text if heading else None,
        heading_span=heading.span if heading else None,
        body_start=first.start + marker.end,
        group=group,
        whole_list=whole_list,
    )


def evidence(text: str) -> set[str]:
    """The kinds of sign that a text describes a project: a duration, a payer, a sum with its kind, a word for project."""
    signs = set()
    if any(p.kind == "duration" and p.form == "range" for p in dates.find(text)):
        signs.add("duration")
    if organisations.find_funders(text):
        signs.add("payer")
    if any(a.kind not in (None, "other") for a in money.find(text)):
        signs.add("sum")
    if projects.mentions_project(text):
        signs.add("word")
    return signs


def projects_among(known: ProjectList) -> list[ListEntry]:
    """The entries of a list that describe a project each.

    A list whose heading announces projects, or most of whose entries carry signs of one, is a project list: all of it
    counts but what plainly is something else. In other lists (notices, ilmoitusasiat) an entry must show it by itself.
    """
    texts = [entry.block.passage.text for entry in known.entries]
    signs = [evidence(text) for text in texts]
    announced = [entry.heading is not None and projects.announces_projects(entry.heading.text) for entry in known.entries]
    strong = [bool(s & {"duration", "payer"}) for s in signs]
    share = sum(strong) / len(strong)
    chosen = []
    for entry, text, sign, told in zip(known.entries, texts, signs, announced, strict=True):
        if projects.looks_otherwise(text):
            continue
        listed = (told and share >= 0.25) or (share >= 0.5 and len(strong) >= 3)
        if listed or len(sign) >= 3 or {"word", "payer"} <= sign:
            chosen.append(entry)
    return chosen
