"""Agenda items (pykälät): the title, case, preparers, presenter, proposal and decision of each.

What an earlier body did with the matter (aikaisempi käsittely) may stand inside an item: only its own, latest handling counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

import regex

from poytakirja.document import Document, Evidence, Finding, Line
from poytakirja.minutes import item_bounds as bounds
from poytakirja.minutes import person_rows as listing
from poytakirja.minutes.item_numbers import STRONG, Body, Mark
from poytakirja.minutes.person_rows import ListedPerson
from poytakirja.passage import Passage
from poytakirja.records import Item, Person, Rows
from poytakirja.rules.layout import case_numbers as cases
from poytakirja.rules.layout import headings
from poytakirja.rules.layout.headings import Heading
from poytakirja.rules.organisations import bodies
from poytakirja.rules.organisations.bodies import Handling

_PARTS = frozenset({
    "decision", "proposal", "counter", "presenter", "preparer", "information", "attachment", "material", "discussion", "vote",
    "dissent", "disqualification", "notice", "extract", "execution", "appeal", "appeal_guide", "grounds", "background", "history",
})  # fmt: skip


def read(document: Document, body: Body | None = None) -> tuple[list[Item], list[Person], list[Finding]]:
    """The items of a document in order, their preparers and presenters, and what a reader should look at.

    A document without items gives the preparers and presenters it names, with ``item`` None. Who has its ``body`` hands it in.
    """
    body = body or Body.of(document)
    marks = body.marks
    if not marks:
        return [], _loose_persons(body), []
    items: list[Item] = []
    persons: list[Person] = []
    firsts = [bounds.first_line(body, mark, marks[n - 1].at + 1 if n else 0) for n, mark in enumerate(marks)]
    for ordinal, (mark, first, stop) in enumerate(zip(marks, firsts, [*firsts[1:], len(body.lines)], strict=True)):
        item, people = _ItemParser(body, mark, first, bounds.end_of(body, mark, stop), ordinal).result()
        items.append(item)
        persons += people
    return items, persons, []


# ---------------------------------------------------------------- one item


@dataclass(slots=True)
class _Section:
    """A part of an item: its kind and its rows, as a passage takes them."""

    kind: str
    rows: Rows = field(default_factory=list)


class _ItemParser:
    """The reading of one item: rows ``first`` to ``stop`` of the body."""

    def __init__(self, body: Body, mark: Mark, first: int, stop: int, ordinal: int) -> None:
        self.body, self.mark, self.first, self.stop = body, mark, first, stop
        self.text = body.document.text
        lines = body.lines[first:stop]
        label = self.text[mark.start : mark.end]
        self.item = Item(ordinal, lines[0].start, lines[-1].end, lines, mark.number, label)
        self.people: list[tuple[str, ListedPerson]] = []
        self.decides = self.proposes = False
        self._say("number", mark.start, mark.end, f"items.{mark.layout}")

    def result(self) -> tuple[Item, list[Person]]:
        """The item with its fields, and its preparers and presenters."""
        below = self._head()
        own = self._own_rows(below)
        kinds = {head.kind for at in own if (head := self.body.heads[at])}
        self.decides, self.proposes = "decision" in kinds, "proposal" in kinds
        for section in self._sections(own):
            self._presented(section)
            self._keep(section)
        seen: dict[tuple[str, str | None], Person] = {}
        for part, named in self.people:
            person = named.person(self.text, part, f"items.{part}", self.item.ordinal)
            known = seen.setdefault((part, person.name), person)
            known.role = known.role or person.role
        return self.item, list(seen.values())

    def _say(self, name: str, start: int, end: int, rule: str) -> None:
        self.item.evidence.append(Evidence(name, self.text[start:end], rule, start, end))

    # -- title and case number

    def _head(self) -> int:
        """Read the title and the case number; the first row below them."""
        rows = self._above()
        below = self.mark.at if rows else self._below(rows)
        if rows:
            passage = Passage.of(rows)
            kind = _kind_of_matter().search(passage.text)  # TWeb marks what kind of matter it is
            self.item.title = passage.text[: kind.start()] if kind else passage.text
            span = passage.span(0, len(self.item.title))
            self._say("title", span.start, span.end, "items.title")
        self._case_below(below)
        return below

    def _above(self) -> Rows:
        """The title and the case number that stand above the item's number."""
        rows: Rows = []
        for at in range(self.first, self.mark.at):
            line = self.body.lines[at]
            if case := cases.read(line.text):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)
            elif not self.body.handlings[at]:
                self._take_pieces(line, 0, rows)
        return rows

    def _below(self, rows: Rows) -> int:
        """Read the title's ``rows`` and the case number from the item's number on; the first row below them."""
        lines, mark = self.body.lines, self.mark
        at = begin = mark.at
        if mark.layout != "page_head":
            self._take_pieces(lines[at], mark.rest, rows)
            at += 1
        last, closed = mark.at, False
        while at < self.stop:
            line, head = lines[at], self.body.heads[at]
            own = None if rows else self._own_handling(at)
            parts_here = head and head.kind in _PARTS and (rows or self.item.case_id)
            if parts_here or at in self.body.margins or (self.body.handlings[at] and not own):
                break
            if case := cases.read(line.text):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)
                closed = closed or bool(rows)
            elif closed or (rows and not self._goes_on(last, at)):
                break
            else:
                begin = begin if rows else at
                self._take_pieces(line, own.end if own else 0, rows)
                last = at
            at += 1
        if bounds.is_prose(Passage.of(rows).text):
            rows.clear()
            return begin if self.body.handlings[begin] else max(begin, mark.at + 1)
        return at

    def _own_handling(self, at: int) -> Handling | None:
        """The head of the item's own handling, beside which its title may stand: ``KHALL § 188    Talousarvion muutos``."""
        handling = self.body.handlings[at]
        if not handling or handling.number != self.item.number:
            return None
        beside = self.body.lines[at].text[handling.end :]
        return handling if beside.strip() and not headings.find(" " * handling.end + beside) else None

    def _take_pieces(self, line: Line, rest: int, rows: Rows) -> None:
        """The words of a row after the item's number: pieces of the title, or its case number."""
        for segment in line.segments:
            begin = max(segment.start, line.start + rest)
            if begin >= segment.end or (segment.start <= self.mark.start < segment.end and self.mark.layout == "section_right"):
                continue
            words = self.text[begin : segment.end]
            if _rule_line().fullmatch(words):
                continue
            if case := cases.read(words):
                self._take_case(case.value, begin + case.start, begin + case.end, case.rule_id)
            elif words.strip():
                words, case = cases.split(words)
                if case:
                    self._take_case(case.value, begin + case.start, begin + case.end, case.rule_id)
                rows.append((words, begin, line.breaks_word))

    def _take_case(self, value: str, start: int, end: int, rule: str) -> None:
        if self.item.case_id is None:
            self.item.case_id = value
            self._say("case_id", start, end, rule)

    def _case_below(self, at: int) -> None:
        """A case number a few rows below the title, as its label tells."""
        for line in self.body.lines[at : min(at + 6, self.stop)]:
            if self.item.case_id is not None:
                return
            labelled = (case for case in cases.find(line.text) if case.labelled)
            if case := cases.read(line.text) or next(labelled, None):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)

    def _goes_on(self, last: int, at: int) -> bool:
        """Whether a title goes on from one row to the next."""
        body = self.body
        before, line = body.lines[last], body.lines[at]
        if at == self.mark.at + 1 and last == self.mark.at and not self._title_begun():
            return True
        if body.gap(at) > 0.6 or (line.bold, round(line.size)) != (before.bold, round(before.size)) or line.tag != before.tag:
            return False
        if body.stands_out(before):
            return body.gap(at) < 0.35
        words, above = line.text.strip(), before.text.strip()
        if above.isupper() or words.isupper():
            return above.isupper() and words.isupper()
        if above.endswith(("-", "–", "/", ",")) or words[0].islower() or words[0] in "-–/(":
            return True
        right = max((row.x1 for row in body.lines[self.mark.at : self.stop]), default=0.0)
        return before.x1 > 0.85 * right and at + 1 < self.stop and body.gap(at + 1) > 0.6

    def _title_begun(self) -> bool:
        line = self.body.lines[self.mark.at]
        return bool(line.text[self.mark.rest :].strip()) and not cases.read(line.text[self.mark.rest :])

    # -- its own handling

    def _own_rows(self, below: int) -> list[int]:
        """The rows of the item's own, latest handling: what stands before any handling's head, and what stands under its own."""
        groups: list[tuple[Handling | None, list[int]]] = [(None, [])]
        for at in range(below, self.stop):
            if handling := self.body.handlings[at]:
                groups.append((handling, []))
                if not self.body.lines[at].text[handling.end :].strip():
                    continue
            groups[-1][1].append(at)
        own = [h for h, _ in groups if h and h.number == self.item.number and (h.letter or None) == (self.mark.letter or None)]
        if not own and len(groups) > 1 and not self._has_decision(groups[0][1]):
            return groups[0][1] + self._unlabelled(groups[-1][1])
        latest = max((h.date for h in own if h.date), default=None)
        return [at for h, rows in groups if h is None or (h in own and (h.date is None or h.date == latest)) for at in rows]

    def _has_decision(self, rows: Sequence[int]) -> bool:
        return any((head := self.body.heads[at]) and head.kind == "decision" for at in rows)

    def _unlabelled(self, rows: list[int]) -> list[int]:
        """The own part of an item that goes on without a head of its own below what earlier bodies did.

        In minutes the last decision is its own, in an agenda what follows the last decision.
        """
        kinds = [head.kind if (head := self.body.heads[at]) else None for at in rows]
        decided = [n for n, kind in enumerate(kinds) if kind == "decision"]
        if self.body.is_minutes:
            decided = decided[:-1]
        cut = decided[-1] + 1 if decided else 0
        start = next((n for n in range(cut, len(rows)) if kinds[n] in STRONG), len(rows))
        return rows[start:]

    # -- parts

    def _sections(self, own: list[int]) -> list[_Section]:
        """The parts of the handling in order; those who prepared and present it go to ``people``."""
        sections = [_Section("background")]
        n = 0
        while n < len(own):
            at = own[n]
            head = self._part_head(at, sections[-1])
            n += 1
            presenter = self._presenter(at, own[n : n + 1]) if head is None and sections[-1].kind == "background" else None
            if presenter:
                self.people.append(("presenter", presenter))
                if not self.proposes:
                    sections.append(_Section("proposal"))
                continue
            if head is None:
                sections[-1].rows.append(self._row(at))
                continue
            if head.kind in ("preparer", "presenter"):
                used = self._take_people(head, own, n - 1)
                if used:
                    n += used - 1
                    if not (sections[-1].kind == "proposal" and not sections[-1].rows):
                        sections.append(_Section("background"))
                elif head.form == "open":
                    sections[-1].rows.append(self._row(at))
                continue
            if head.kind == "history" and any(s.kind in ("decision", "proposal") for s in sections):
                break
            sections.append(_Section(head.kind))
            self._open_section(sections[-1], head, at)
        return sections

    def _open_section(self, section: _Section, head: Heading, at: int) -> None:
        line = self.body.lines[at]
        if head.note:
            start, end = head.note
            label = _presenter_label().match(line.text, start, end)
            start = label.end() if label else start
            declined = end <= head.start  # Tekninen johtaja Eeva Mäen ehdotus
            read = listing.row_of_titled if declined else listing.read
            self.people += [("presenter", named) for named in read(line.text[start:end], line.start + start)]
        if line.text[head.rest :].strip():
            section.rows.append((line.text[head.rest :], line.start + head.rest, line.breaks_word))

    def _row(self, at: int) -> tuple[str, int, bool]:
        """A row of text, without the head of a handling or its day in the margin."""
        line = self.body.lines[at]
        handling = self.body.handlings[at]
        cut = handling.end if handling else self.body.margins.get(at, 0)
        return line.text[cut:], line.start + cut, line.breaks_word

    def _part_head(self, at: int, section: _Section) -> Heading | None:
        """The heading that opens a part at a row; a line in the middle of a part that only looks like one opens none."""
        head = self.body.heads[at]
        text = self.body.lines[at].text
        if handling := self.body.handlings[at]:
            head = headings.find(" " * handling.end + text[handling.end :])
        if head is None and not self.decides:
            head = _decided_by_name(text)
        if head is None and not self.proposes and section.kind == "background":
            head = _proposed_by_officer(text, self.body.lines[at + 1].text if at + 1 < self.stop else "")
        if head is None or head.kind not in _PARTS:
            return None
        if head.kind == "grounds" and head.form == "line" and text.rstrip().endswith(":"):
            return None
        in_proposal = head.kind == section.kind == "proposal"
        return None if in_proposal and (not section.rows or _is_nested(text[head.start : head.end])) else head

    def _presenter(self, at: int, below: Sequence[int]) -> ListedPerson | None:
        """Who presents the item, where a row above the proposal says only that: ``Tekninen johtaja Matti Aho:``."""
        line = self.body.lines[at]
        if not line.text.rstrip().endswith(":") or not below:
            return None
        head = self.body.heads[below[0]]
        if self.proposes and not (head and head.kind == "proposal"):
            return None
        return _titled_alone(line.text, line.start)

    def _take_people(self, head: Heading, own: list[int], n: int) -> int:
        """Read who prepared or presents the item from a label on; how many rows that took (0: no person)."""
        rows = []
        for k in range(n, min(n + 9, len(own))):
            line = self.body.lines[own[k]]
            if k > n and (self.body.heads[own[k]] or self.body.handlings[own[k]]):
                break
            begin = head.rest if k == n else 0
            rows.append((line.text[begin:], line.start + begin, line.breaks_word))
        named, used = listing.people(rows)
        self.people += [(head.kind, person) for person in named]
        return used if named else 0

    def _presented(self, section: _Section) -> None:
        """The presenter's title and name may fill the first row of the proposal, without a label."""
        if section.kind != "proposal" or len(section.rows) < 2 or any(part == "presenter" for part, _ in self.people):
            return
        text, offset, _ = section.rows[0]
        if presenter := _titled_alone(text, offset):
            self.people.append(("presenter", presenter))
            section.rows.pop(0)

    def _keep(self, section: _Section) -> None:
        """The item's proposal and decision are the last ones of its handling."""
        if section.kind not in ("proposal", "decision"):
            return
        rows = [row for row in section.rows if row[0].strip() and not _rule_line().fullmatch(row[0])]
        if not rows:
            return
        setattr(self.item, section.kind, Passage.of(self._cell_by_cell(rows)).text)
        self.item.evidence = [e for e in self.item.evidence if e.field != section.kind]
        start = min(offset + len(text) - len(text.lstrip()) for text, offset, _ in rows)
        end = max(offset + len(text.rstrip()) for text, offset, _ in rows)
        self._say(section.kind, start, end, f"items.{section.kind}")

    def _cell_by_cell(self, rows: Rows) -> Iterable[tuple[str, int, bool]]:
        """The rows with each table in the order of its cells, which a page break may have torn apart."""
        last = rows[-1][1] + len(rows[-1][0])
        done: set[int] = set()
        for row in rows:
            table = self.body.tables.get(row[1])
            if table is None:
                yield row
            elif table not in done:
                done.add(table)
                cells = [cell for cells in self.body.document.tables[table].rows() for cell in cells]
                yield from ((cell.text, cell.start, False) for cell in cells if rows[0][1] <= cell.start < last)


@cache
def _kind_of_matter() -> regex.Pattern[str]:
    return regex.compile(r"(?i)(?<=\S)\s*\((?:ilmoitus|päätös|kokous)?asia\)$")


def _decided_by_name(text: str) -> Heading | None:
    """``Kunnanhallitus:`` before what it decided."""
    name, colon, _ = text.partition(":")
    if not colon or not bodies.read(name):
        return None
    rest = len(text) - len(text[len(name) + 1 :].lstrip())
    start = len(name) - len(name.lstrip())
    return Heading("decision", start, len(name), rest, "label" if rest < len(text) else "line")


def _titled_alone(text: str, offset: int) -> ListedPerson | None:
    """The one person with a title that a row holds, with or without a colon: ``Tekninen johtaja Matti Aho:``."""
    bare = text.rstrip().removesuffix(":").rstrip()
    named = listing.read(bare, offset)
    alone = len(named) == 1 and named[0].role and named[0].end == offset + len(bare) and not named[0].notes
    return named[0] if alone else None


_PROPOSING = ("johtaja", "päällikkö", "sihteeri", "insinööri", "kamreeri", "rehtori", "esittelijä", "tarkastaja")


def _proposed_by_officer(text: str, below: str) -> Heading | None:
    """``Kunnanjohtaja:`` before what that officer proposes; a list of what officers decided (``§ 41 …``) is no proposal."""
    name, colon, words_ = text.partition(":")
    if not (words_.strip() or below.strip())[:1].isupper():
        return None
    words = name.split()
    if not colon or not 0 < len(words) < 5 or not name.lstrip()[0].isupper() or not words[-1].casefold().endswith(_PROPOSING):
        return None
    rest = len(text) - len(text[len(name) + 1 :].lstrip())
    start = len(name) - len(name.lstrip())
    return Heading("proposal", start, len(name), rest, "label" if rest < len(text) else "line")


def _is_nested(label: str) -> bool:
    """Whether a heading inside a proposal only says whose words follow (``Kaupunginjohtajan ehdotus:``)."""
    low = label.strip().casefold()
    return " " in low and not any(changed in low for changed in ("muute", "korja", "uusi", "muutos"))


@cache
def _rule_line() -> regex.Pattern[str]:
    """A line drawn of signs, as it closes an item."""
    return regex.compile(r"\s*+(?:[_*=–—-]\s?){3,}+\s*")


@cache
def _presenter_label() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\s*esittelijä\s*:?\s*")


# ---------------------------------------------------------------- texts without items


@cache
def _inner_label() -> regex.Pattern[str]:
    return regex.compile(r"(?<=\s)(?P<part>Esittelijä|Valmistelijat?|Valmistelu)\s?:?\s+(?=\p{Lu}|v[st]\.)")


def _loose_persons(body: Body) -> list[Person]:
    """Preparers and presenters of a document without items, wherever in a row their label stands."""
    persons: list[Person] = []
    for at, (line, head) in enumerate(zip(body.lines, body.heads, strict=True)):
        if head and head.kind in ("preparer", "presenter"):
            rest = [(line.text[head.rest :], line.start + head.rest, line.breaks_word)]
            rest += [(row.text, row.start, row.breaks_word) for row in body.lines[at + 1 : at + 5]]
            named, _ = listing.people(rest[: 1 + next((n for n, h in enumerate(body.heads[at + 1 : at + 5]) if h), 4)])
            persons += [person.person(body.document.text, head.kind, f"items.{head.kind}") for person in named]
        elif m := _inner_label().search(line.text):
            part = "presenter" if m["part"] == "Esittelijä" else "preparer"
            named = [person for person in listing.read(line.text[m.end() :], line.start + m.end()) if person.role]
            persons += [person.person(body.document.text, part, f"items.{part}.inner") for person in named]
    return persons
