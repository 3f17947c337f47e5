"""An extraction without its persons' names: what replaces them stands in the text and in every value (henkilöiden häivytys).

The document is read and extracted as ever, names and all, since names tell much: who a list names, where a sentence turns to
its title. Then, with all of them known,

1. their places are gathered: of every person read, and of every further form of their names, family names alone and e-mail
   addresses (``identify``). In this mode the recogniser reads tables and page heads too, which tell it of no mention: what it
   takes for a name there is replaced but is no row of ``persons``;
2. the canonical text is rewritten, and a map, which never goes backwards, leads every old offset to its new one: a span that
   begins or ends inside a name takes in all of what replaced it. Surfaces are cut from the new text;
3. every other string (titles, names of projects, cells, messages) has its names replaced by the same rules.

A name broken over two rows or columns is replaced in each, so that rows stay rows. Persons keep parts, roles and places; given
and family name are null, since a token of a given name alone could be guessed by how often it stands.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from time import perf_counter
from typing import TypeVar

import regex

from poytakirja.document import Cell, Document, Evidence, Finding, Line, Page, Table
from poytakirja.outline.blocks import blocks
from poytakirja.passage import Passage
from poytakirja.people import find as people
from poytakirja.privacy.name_locator import Hit, Known, merged
from poytakirja.privacy.pseudonyms import Pseudonyms
from poytakirja.records import Extraction, Fact, Item, Meeting, Person, Project
from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.organisations import municipalities

_PART = regex.compile(r"\S++(?: {1,2}\S++)*+")
"""What stands between line ends and wide gaps."""
F = TypeVar("F", bound=Fact)
S = TypeVar("S", str, str | None)


def hide(extraction: Extraction, pseudonyms: Pseudonyms) -> Extraction:
    """The extraction with persons' names as ``pseudonyms`` shows them; the same one where they are kept."""
    if not pseudonyms.hides:
        return extraction
    began = perf_counter()
    said = [*extraction.persons, *chain.from_iterable(p.persons for p in extraction.projects)]
    said += _found_besides(extraction, sorted({p.name for p in said if p.name and p.family_name}))
    town = municipalities.of_organisation(extraction.meeting.organisation or "")
    known = Known(said, pseudonyms, town.name if town else None)
    change = _Change(extraction.document, list(_places(extraction.document, said, known, pseudonyms)))
    hidden = _Hidden(extraction, known, pseudonyms, change).extraction()
    hidden.seconds = {**extraction.seconds, "hide": perf_counter() - began}
    return hidden


# ---------------------------------------------------------------- where the names stand


def _found_besides(extraction: Extraction, known: Sequence[str]) -> list[Person]:
    """Whom the recogniser finds where persons are not looked for otherwise: outside the items, in tables and page heads."""
    document, body = extraction.document, extraction.document.body()
    inside = {id(line) for item in extraction.items for line in item.lines} if extraction.items else set(map(id, body))
    outside = [line for line in body if id(line) not in inside]
    passages = [Passage.of_lines([line]) for line in document.lines if line.role != "body"]
    passages += _cells(document)
    passages += [block.passage for block in (blocks(outside) if outside else []) if block.kind != "table"]
    found = []
    for passage, row in zip(passages, people.find([p.text for p in passages], known), strict=True):
        for m in row:
            if not (m.family_name and m.given_name and is_given(m.given_name.split()[0])):
                continue  # the heads and words of tables look like family names
            span = passage.span(m.start, m.end)
            place = passage.text[m.start : m.end], m.rule_id, span.start, span.end
            found.append(Person(*place, "mentioned", m.name, m.given_name, m.family_name))
    return found


def _cells(document: Document) -> Iterator[Passage]:
    """The cells of all tables as running text."""
    starts = [line.start for line in document.lines]
    for cell in chain.from_iterable(table.cells for table in document.tables):
        lines = document.lines[bisect_left(starts, cell.start) : bisect_left(starts, cell.end)]
        if lines and cell.text:
            yield Passage.of_lines([line for line in lines if line.role == "body"])


def _places(document: Document, said: Iterable[Person], known: Known, pseudonyms: Pseudonyms) -> Iterator[Hit]:
    """All names of the canonical text, row by row."""
    for person in said:
        yield from _by_row(document, Hit(person.start, person.end, pseudonyms.shown(person.name or person.surface)))
    for role in ("header", "body", "footer"):
        passage = Passage.of_lines([line for line in document.lines if line.role == role])
        for hit in known.find(passage.text):
            span = passage.span(hit.start, hit.end)
            yield from _by_row(document, Hit(span.start, span.end, hit.shown))


def _by_row(document: Document, hit: Hit) -> Iterator[Hit]:
    """A name's parts in the rows and columns it stands in; what a page end puts between them is no part of it."""
    lines = document.lines
    first = max(0, bisect_right(lines, hit.start, key=lambda line: line.start) - 1)
    for line in lines[first : bisect_left(lines, hit.end, key=lambda line: line.start)]:
        if line.role == lines[first].role:
            start, end = max(hit.start, line.start), min(hit.end, line.end)
            for m in _PART.finditer(document.text[start:end]):
                yield Hit(start + m.start(), start + m.end(), hit.shown)


# ---------------------------------------------------------------- the text, and where everything went


class _Change:
    """The canonical text rewritten, and the map from its old offsets to the new ones."""

    def __init__(self, document: Document, places: Iterable[Hit]) -> None:
        hits = merged(places)
        self._starts, self._ends = [hit.start for hit in hits], [hit.end for hit in hits]
        grown = list(accumulate((len(hit.shown) - (hit.end - hit.start) for hit in hits), initial=0))
        self._shift = grown
        self._new = [(hit.start + by, hit.start + by + len(hit.shown)) for hit, by in zip(hits, grown, strict=False)]
        out, last = [], 0
        for hit in hits:
            out += [document.text[last : hit.start], hit.shown]
            last = hit.end
        self.text = "".join([*out, document.text[last:]])

    def start(self, offset: int) -> int:
        """Where what began at an old offset begins; inside a name, where the name does."""
        n = bisect_right(self._starts, offset)
        if n and offset < self._ends[n - 1]:
            return self._new[n - 1][0]
        return offset + self._shift[n]

    def end(self, offset: int) -> int:
        """Where what ended before an old offset ends; inside a name, where the name does."""
        n = bisect_left(self._starts, offset)
        if n and offset < self._ends[n - 1]:
            return self._new[n - 1][1]
        return offset + self._shift[n]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Both ends of a span; an empty one stays empty."""
        begin = self.start(start)
        return begin, begin if start == end else self.end(end)


# ---------------------------------------------------------------- everything that hangs on it


@dataclass(frozen=True, slots=True)
class _Hidden:
    """An extraction under way from its names to what replaces them."""

    old: Extraction
    known: Known
    pseudonyms: Pseudonyms
    change: _Change

    def extraction(self) -> Extraction:
        """The new extraction."""
        old = self.old
        lines = {id(line): self._line(line) for line in old.document.lines}
        return replace(
            old,
            document=self._document(lines),
            meeting=self._meeting(old.meeting),
            items=[self._item(item, lines) for item in old.items],
            projects=[self._project(project) for project in old.projects],
            persons=[self._person(person) for person in old.persons],
            organisations=[self._fact(o, name=self._words(o.name)) for o in old.organisations],
            amounts=[self._fact(a, party=self._words(a.party)) for a in old.amounts],
            periods=[self._fact(period) for period in old.periods],
            findings=[self._finding(finding) for finding in old.findings],
            persons_mode=self.pseudonyms.mode,
        )

    def _words(self, text: S) -> S:
        return self.known.hidden(text) if text is not None else text

    def _document(self, lines: dict[int, Line]) -> Document:
        old, text = self.old.document, self.change.text
        starts = [self.change.start(page.start) for page in old.pages]
        pages = [
            Page(page.number, start, text[start:stop], page.width, page.height)
            for page, start, stop in zip(old.pages, starts, [*starts[1:], len(text)], strict=True)
        ]
        tables = [Table([self._cell(cell) for cell in table.cells]) for table in old.tables]
        findings = [self._finding(finding) for finding in old.findings]
        return replace(old, text=text, pages=pages, lines=list(lines.values()), tables=tables, findings=findings)

    def _line(self, line: Line) -> Line:
        start, end = self.change.span(line.start, line.end)
        segments = []
        for segment in line.segments:
            a, b = self.change.span(segment.start, segment.end)
            segments.append(segment._replace(text=self.change.text[a:b], start=a, end=b))
        return replace(line, text=self.change.text[start:end], start=start, end=end, segments=tuple(segments))

    def _cell(self, cell: Cell) -> Cell:
        start, end = self.change.span(cell.start, cell.end)
        return replace(cell, text=self._words(cell.text), start=start, end=end)

    def _evidence(self, said: Sequence[Evidence]) -> list[Evidence]:
        spans = [(e, self.change.span(e.start, e.end)) for e in said]
        return [replace(e, surface=self.change.text[a:b], start=a, end=b) for e, (a, b) in spans]

    def _fact(self, fact: F, **values: object) -> F:
        start, end = self.change.span(fact.start, fact.end)
        return replace(fact, surface=self.change.text[start:end], start=start, end=end, **values)  # type: ignore[arg-type]

    def _person(self, person: Person) -> Person:
        named = self.pseudonyms.mode == "hash" and person.name is not None
        name = self.pseudonyms.shown(person.name or "") if named else None
        return self._fact(person, name=name, given_name=None, family_name=None, role=self._words(person.role))

    def _finding(self, finding: Finding) -> Finding:
        if finding.start is None:
            return replace(finding, message=self._words(finding.message))
        start, end = self.change.span(finding.start, finding.start if finding.end is None else finding.end)
        return replace(finding, message=self._words(finding.message), start=start, end=end)

    def _meeting(self, meeting: Meeting) -> Meeting:
        named = {name: self._words(getattr(meeting, name)) for name in ("organisation", "body", "meeting_place")}
        return replace(meeting, **named, evidence=self._evidence(meeting.evidence))

    def _item(self, item: Item, lines: dict[int, Line]) -> Item:
        start, end = self.change.span(item.start, item.end)
        said = {name: self._words(getattr(item, name)) for name in ("title", "proposal", "decision")}
        own = [lines[id(line)] for line in item.lines]
        votes = [self._fact(vote, subject=self._words(vote.subject)) for vote in item.votes]
        return replace(item, **said, start=start, end=end, lines=own, votes=votes, evidence=self._evidence(item.evidence))

    def _project(self, project: Project) -> Project:
        start, end = self.change.span(project.start, project.end)
        said = {
            name: self._words(getattr(project, name))
            for name in ("text", "section", "project_name", "project_name_base", "project_code")
        }
        return replace(
            project,
            **said,
            start=start,
            end=end,
            amounts=[self._fact(a, party=self._words(a.party)) for a in project.amounts],
            periods=[self._fact(period) for period in project.periods],
            persons=[self._person(person) for person in project.persons],
            organisations=[self._fact(o, name=self._words(o.name)) for o in project.organisations],
            evidence=self._evidence(project.evidence),
        )
