"""Agenda items (pykälät): where each begins and ends, its title, case, preparers, presenter, proposal and decision.

An item is found by its number. Systems print it in different places; each place is a small layout (``_layouts``). Numbers
that run on from one another are the items; a contents list, a paragraph of a law or a page head that shows them again is none.
What an earlier body did with the matter (aikaisempi käsittely) may stand inside an item: only its own, latest handling counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import regex

from extract import listing
from extract.document import Document, Evidence, Finding, Item, Line, Passage, Person
from extract.listing import Named
from rules import bodies, cases, headings
from rules.bodies import Handling
from rules.headings import Heading

_GAP = 10  # how far one item's number may be from the next: secret items are left out of published minutes
_PARTS = frozenset({
    "decision", "proposal", "counter", "presenter", "preparer", "information", "attachment", "material", "discussion", "vote",
    "dissent", "disqualification", "notice", "extract", "execution", "appeal", "appeal_guide", "grounds", "background", "history",
})  # fmt: skip
_STRONG = frozenset({"decision", "proposal", "presenter", "preparer"})
_TELLING = frozenset({"decision", "proposal", "presenter", "preparer", "notice", "discussion"})
_COVER = frozenset({
    "time", "place", "time_place", "present", "members", "deputies", "chair", "others", "secretary", "absent", "signatures",
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
    firsts = [_first_line(body, mark, marks[n - 1].at + 1 if n else 0) for n, mark in enumerate(marks)]
    for ordinal, (mark, first, stop) in enumerate(zip(marks, firsts, [*firsts[1:], len(body.lines)], strict=True)):
        item, people = _Reading(body, mark, first, _end(body, mark, stop), ordinal).result()
        items.append(item)
        persons += people
    return items, persons, []


# ---------------------------------------------------------------- rows and what they may be


@dataclass(slots=True)
class Body:
    """A document's body rows, the heading each begins with, how its running text is set, and the rows that open items."""

    document: Document
    lines: list[Line]
    heads: list[Heading | None]
    bold: bool
    size: float
    decides: bool
    """Whether any row is headed as a decision; where none is, the body's own name heads what it decided (``Kunnanhallitus:``)."""
    handlings: list[Handling | None]
    tables: dict[int, int]
    """Where a row of a table begins → which table it is."""
    marks: list[Mark] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> Body:
        """The rows of a document, running heads left out."""
        lines = _without_running_heads(document.body()) if document.reader == "text" else document.body()
        weight: dict[tuple[bool, float], int] = {}
        for line in lines:
            weight[line.bold, line.size] = weight.get((line.bold, line.size), 0) + len(line.text)
        bold, size = max(weight, key=lambda style: weight[style]) if weight else (False, 0.0)
        handlings = [_handling_of(line) for line in lines]
        heads = [_heading_of(line) for line in lines]
        decides = any(head and head.kind == "decision" for head in heads)
        tables = {line.start: line.table for line in lines if line.table is not None}
        body = cls(document, lines, heads, bold, size, decides, handlings, tables)
        body.marks = starts(body)
        return body

    @property
    def is_minutes(self) -> bool:
        """Whether any item has a decision that no earlier handling's head stands above."""
        numbers = {mark.at: mark.number for mark in self.marks}
        number, own = None, True
        for at, (head, handling) in enumerate(zip(self.heads, self.handlings, strict=True)):
            if at in numbers:
                number, own = numbers[at], True
            elif handling:
                own = handling.number == number
            elif head and head.kind == "decision" and own and number is not None:
                return True
        return False

    def stands_out(self, line: Line) -> bool:
        """Whether a row is set apart from the running text: bold, larger, or tagged as a heading."""
        return (line.bold and not self.bold) or line.size > self.size + 0.4 or (line.tag or "").startswith("H")

    def gap(self, at: int) -> float:
        """The empty space above a row, in heights of the row before it; a new page counts as wide."""
        if at == 0:
            return 9.0
        line, before = self.lines[at], self.lines[at - 1]
        if line.page_no != before.page_no:
            return 9.0
        return (line.top - before.bottom) / max(before.bottom - before.top, 0.1)


def _heading_of(line: Line) -> Heading | None:
    """The heading a row begins with; in a table only one that no column has for its name."""
    head = headings.find(line.text)
    return None if head and line.table is not None and head.kind not in _STRONG else head


_DIGITS = str.maketrans(dict.fromkeys("0123456789"))


def _mask(line: Line) -> str:
    return (line.segments[0].text if line.segments else line.text).translate(_DIGITS)


def _without_running_heads(lines: list[Line]) -> list[Line]:
    """Text files print the head of each sheet between the rows: what repeats the document's first rows, numbers aside."""
    top = [_mask(line) for line in lines[:3]]
    if not top or not top[0]:
        return _without_page_numbers(lines)
    skipped: set[int] = set()
    for at in range(3, len(lines)):
        if _mask(lines[at]) == top[0] and len(lines[at].segments) > 1 and len(lines[at].segments) >= len(lines[0].segments) - 1:
            count = next((n for n in range(1, len(top)) if at + n >= len(lines) or _mask(lines[at + n]) != top[n]), len(top))
            skipped.update(range(at, at + count))
    return _without_page_numbers([line for at, line in enumerate(lines) if at not in skipped])


def _without_page_numbers(lines: list[Line]) -> list[Line]:
    """Numbers that stand alone at the right edge of a text file and count its sheets."""
    alone = [at for at, line in enumerate(lines) if line.x0 > 30 and line.text.strip().isdigit() and len(line.text.strip()) < 4]
    numbers = [int(lines[at].text) for at in alone]
    if not numbers or any(b != a + 1 for a, b in pairwise(numbers)) or numbers[0] > 2:
        return lines
    return [line for at, line in enumerate(lines) if at not in alone]


# ---------------------------------------------------------------- layouts: where a system prints the number


@dataclass(slots=True)
class Mark:
    """A row that may open an item: ``start`` and ``end`` bound the number's label, ``rest`` is where the row goes on."""

    at: int
    layout: str
    number: int
    letter: str | None
    start: int
    end: int
    rest: int
    weight: float = 1.0
    tells: bool = False


@cache
def _layouts() -> dict[str, regex.Pattern[str]]:
    number = r"(?P<n>\d{1,4})(?:\s?(?P<l>[a-zA-Z])(?![\p{L}\d]))?"
    after = r"(?=\s|$|[.:])(?P<dot>[.:]?)(?:\s*[-–]\s)?\s*+(?=$|[\p{Lu}\d\"”'(])"
    return {
        # CaseM and CloudNC, Ahjo: § 48 above or beside the title
        "section_first": regex.compile(rf"\s*(?P<label>(?:§|Pykälä|PYKÄLÄ|Paragraf)\s?{number}){after}"),
        # Dynasty, TWeb, plain minutes: 57 § above or beside the title
        "section_last": regex.compile(rf"\s*(?P<label>{number}\s?(?:§(?!\s?§)|pykälä)){after}"),
        # the title first, 57 § at the right edge
        "section_right": regex.compile(rf"(?|(?P<label>§\s?{number})|(?P<label>{number}\s?§))"),
    }


def _marks_of(line: Line, at: int, handling: Handling | None) -> Iterable[Mark]:
    """The number that a row may show, in the first layout that fits; a row like ``Khall § 57`` also in that of body_section."""
    text = line.text
    for layout in ("section_first", "section_last"):
        m = _layouts()[layout].match(text)
        if m:
            yield Mark(at, layout, int(m["n"]), m["l"], line.start + m.start("label"), line.start + m.end("label"), m.end())
            return
    if handling:
        start, end = (line.start + place for place in handling.label)
        layout = "body_section" if handling.is_name else "margin"
        yield Mark(at, layout, handling.number, handling.letter, start, end, handling.end)
        return
    if len(line.segments) > 1:
        last = line.segments[-1]
        m = _layouts()["section_right"].fullmatch(last.text)
        if m:
            yield Mark(at, "section_right", int(m["n"]), m["l"], last.start, last.end, 0)


def _handling_of(line: Line) -> Handling | None:
    """The head of a handling that a row is, or that stands in the margin beside its text."""
    handling = bodies.read_handling(line.text)
    if not handling:
        return None
    rest = line.text[handling.end :]
    if not rest.strip():
        return handling
    beside = rest.startswith("  ") or rest.startswith("\t")
    return handling if beside or (not handling.is_name and rest.lstrip()[0].isupper()) else None


# ---------------------------------------------------------------- which numbers are items


def starts(body: Body) -> list[Mark]:
    """The rows with which the items begin: of each layout the numbers that run on best, and of those the best told."""
    found = [
        mark
        for at, (line, handling) in enumerate(zip(body.lines, body.handlings, strict=True))
        if handling or "§" in line.text
        for mark in _marks_of(line, at, handling)
    ]
    if not found:
        found = _page_head_marks(body)
    listed = _listed_in_contents(body, found)
    chosen: list[Mark] = []
    for first, stop in _meetings(body):
        mine = [mark for mark in found if first <= mark.at < stop]
        free = [mark for mark in mine if mark.at not in listed]
        named = [mark for mark in free if mark.layout != "margin"]  # Khall § 57 opens an item only where nothing else does
        running = [mark for mark in named if body.lines[mark.at].table is None]
        chosen += next((chain for some in (running, named, free, mine) if (chain := _best_chain(body, some))), [])
    return chosen


def _meetings(body: Body) -> list[tuple[int, int]]:
    """The rows of each meeting in a file, told by the meeting numbers in the page heads."""
    at_line = {line.start: at for at, line in enumerate(body.lines)}
    cuts = [0]
    known: str | None = None
    changed = False
    for line in body.document.lines:
        if line.role == "header":
            number = next((found.value for s in line.segments if (found := bodies.read_meeting_number(s.text))), None)
            changed = changed or (number is not None and known is not None and number != known)
            known = number or known
        elif changed and line.start in at_line:
            cuts.append(at_line[line.start])
            changed = False
    return list(pairwise([*cuts, len(body.lines)]))


def _best_chain(body: Body, marks: list[Mark]) -> list[Mark]:
    by_layout: dict[str, list[Mark]] = {}
    for mark in marks:
        same = by_layout.setdefault(mark.layout, [])
        if not same or (same[-1].number, same[-1].letter) != (mark.number, mark.letter):  # a page head shows the number again
            same.append(mark)
    best: list[Mark] = []
    score = 0.0
    for same in by_layout.values():
        _weigh(body, same)
        chain, total = _chain(same)
        if total > score and any(mark.tells for mark in chain):
            best, score = chain, total
    return best


def _weigh(body: Body, marks: Sequence[Mark]) -> None:
    """How well a number is told to be an item's: what follows it, how it is set, where on the page it stands."""
    for n, mark in enumerate(marks):
        stop = min(mark.at + 11, marks[n + 1].at if n + 1 < len(marks) else len(body.lines), len(body.lines))
        following = range(mark.at, stop)
        mark.tells = any(
            ((head := body.heads[at]) and head.kind in _TELLING) or cases.read(body.lines[at].text) for at in following
        ) or any(cases.read(segment.text) for segment in body.lines[mark.at].segments[1:])
        new_page = mark.at == 0 or body.lines[mark.at].page_no != body.lines[mark.at - 1].page_no
        mark.weight = 1.0 + mark.tells + 0.5 * body.stands_out(body.lines[mark.at]) + 0.5 * new_page


def _chain(marks: Sequence[Mark]) -> tuple[list[Mark], float]:
    """The heaviest run of rising numbers, each at most ``_GAP`` from the one before (a wider gap costs as much as a number)."""
    best: dict[tuple[int, str], tuple[float, int]] = {}
    back: list[int] = []
    scores: list[float] = []
    top = (0.0, -1)
    for n, mark in enumerate(marks):
        before = [best[key] for key in _nearest(mark) if key in best]
        score, previous = max(before, default=(0.0, -1))
        if top[1] >= 0 and marks[top[1]].number < mark.number and top[0] - 1 > score:
            score, previous = top[0] - 1, top[1]
        score += mark.weight
        scores.append(score)
        back.append(previous)
        key = (mark.number, mark.letter or "")
        if key not in best or score >= best[key][0]:
            best[key] = (score, n)
        if score >= top[0]:
            top = (score, n)
    chain, at = [], top[1]
    while at >= 0:
        chain.append(marks[at])
        at = back[at]
    return chain[::-1], top[0]


def _nearest(mark: Mark) -> Iterable[tuple[int, str]]:
    """The numbers that may come before: 12 before 12 a, 12 a before 12 b and 13."""
    letter = (mark.letter or "").lower()
    if letter:
        yield mark.number, ""
        yield from ((mark.number, chr(code)) for code in range(ord("a"), ord(letter[0])))
    for number in range(mark.number - 1, max(mark.number - _GAP, 0) - 1, -1):
        yield number, ""
        yield from ((number, extra) for extra in "abc")


def _listed_in_contents(body: Body, marks: Sequence[Mark]) -> set[int]:
    """The rows of contents lists (käsitellyt asiat) among the marks."""
    listed: set[int] = set()
    by_line = {mark.at: mark for mark in marks}
    for at, head in enumerate(body.heads):
        if not head or head.kind != "contents" or head.form == "open":
            continue
        last, number = at, -1
        for below in range(at + 1, len(body.lines)):
            other = body.heads[below]
            if below - last > 7 or (other and (other.kind in _COVER or other.kind in _TELLING)):
                break
            if below in by_line:
                if by_line[below].number < number:
                    break
                last, number = below, by_line[below].number
                listed.add(below)
    latest = {(mark.layout, mark.number, mark.letter): mark.at for mark in marks}
    return {at for at in listed if latest[by_line[at].layout, by_line[at].number, by_line[at].letter] > at}


def _page_head_marks(body: Body) -> list[Mark]:
    """Dynasty's page heads (``Kunnanhallitus   § 57   12.3.2019``) where the rows themselves show no number."""
    marks: list[Mark] = []
    at_line = {line.start: at for at, line in enumerate(body.lines)}
    pending: tuple[Line, Handling] | None = None
    for line in body.document.lines:
        if line.role != "body":
            if handling := bodies.read_handling(line.text):
                pending = (line, handling)
        elif pending and line.start in at_line:
            head, handling = pending
            start, end = (head.start + place for place in handling.label)
            marks.append(Mark(at_line[line.start], "page_head", handling.number, handling.letter, start, end, 0))
            pending = None
    return marks


def _first_line(body: Body, mark: Mark, floor: int) -> int:
    """The item's first row: the list of its handlings may stand above its number."""
    first = mark.at
    while first > floor:
        handling = body.handlings[first - 1]
        if not handling or body.lines[first - 1].text[handling.end :].strip():
            break
        first -= 1
    below = body.lines[mark.at + 1 : mark.at + 4]
    if first - 1 > floor + 2 and cases.read(body.lines[first - 1].text) and not any(cases.read(line.text) for line in below):
        first -= 1
    return first


def _end(body: Body, mark: Mark, stop: int) -> int:
    """Where an item's rows end: before the next item, an appeal guide at the head of a page, or the closing signatures."""
    decided = False
    for at in range(mark.at + 1, stop):
        head = body.heads[at]
        if not head or head.form != "line":
            continue
        decided = decided or head.kind == "decision"
        new_page = body.lines[at].page_no != body.lines[at - 1].page_no
        if head.kind == "appeal_guide" and (new_page or (body.document.reader == "text" and body.gap(at) >= 1)):
            return at
        if head.kind == "signatures" and decided and stop == len(body.lines):
            return at
    if stop == len(body.lines):
        return next((at for at in range(max(mark.at + 1, stop - 40), stop - 1) if signed_at(body, at)), stop)
    return stop


_SIGNING = ("puheenjohtaja", "sihteeri", "pöytäkirjanpitäjä", "ordförande", "sekreterare", "protokollförare")


def signed_at(body: Body, at: int) -> bool:
    """Whether names stand at a row side by side, and under them who signs as what."""
    names, below = body.lines[at], body.lines[at + 1]
    if len(names.segments) < 2 or len(names.segments) != len(below.segments) or names.table is not None:
        return False
    titles = listing.titles(", ".join(piece.text for piece in below.segments)) or []
    if not titles or not all(title.casefold().endswith(_SIGNING) for title in titles):
        return False
    return bool(listing.read(names.text, names.start))


def closing(body: Body) -> int:
    """The first row behind the last item: appeal guides, signatures."""
    return _end(body, body.marks[-1], len(body.lines)) if body.marks else len(body.lines)


# ---------------------------------------------------------------- one item


@dataclass(slots=True)
class _Section:
    """A part of an item: its kind and its rows, as a passage takes them."""

    kind: str
    rows: list[tuple[str, int, bool]] = field(default_factory=list)


class _Reading:
    """The reading of one item: rows ``first`` to ``stop`` of the body."""

    def __init__(self, body: Body, mark: Mark, first: int, stop: int, ordinal: int) -> None:
        self.body, self.mark, self.first, self.stop = body, mark, first, stop
        self.text = body.document.text
        lines = body.lines[first:stop]
        label = self.text[mark.start : mark.end]
        self.item = Item(ordinal, lines[0].start, lines[-1].end, lines, mark.number, label)
        self.people: list[tuple[str, Named]] = []
        self._say("number", mark.start, mark.end, f"items.{mark.layout}")

    def result(self) -> tuple[Item, list[Person]]:
        """The item with its fields, and its preparers and presenters."""
        below = self._head()
        own = self._own_rows(below)
        for section in self._sections(own):
            self._presented(section)
            self._keep(section)
        seen: dict[tuple[str, str], Person] = {}
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
        lines, mark = self.body.lines, self.mark
        if lines[self.first].start != lines[mark.at].start and (case := cases.read(lines[self.first].text)):
            begin = lines[self.first].start
            self._take_case(case.value, begin + case.start, begin + case.end, case.rule_id)
        rows: list[tuple[str, int, bool]] = []
        self._take_pieces(lines[mark.at], mark.rest, rows)
        last = mark.at
        closed = False
        at = mark.at + (1 if mark.layout != "page_head" else 0)
        if mark.layout == "page_head":
            rows.clear()
        while at < self.stop:
            line, head = lines[at], self.body.heads[at]
            if (head and head.kind in _PARTS and (rows or self.item.case_id)) or self.body.handlings[at]:
                break
            if case := cases.read(line.text):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)
                at += 1
                if rows:
                    closed = True
                continue
            if closed or (rows and not self._goes_on(last, at)):
                break
            self._take_pieces(line, 0, rows)
            last = at
            at += 1
        if rows:
            passage = Passage.of(rows)
            self.item.title = passage.text
            span = passage.span(0, len(passage.text))
            self._say("title", span.start, span.end, "items.title")
        self._case_below(at)
        return at

    def _take_pieces(self, line: Line, rest: int, rows: list[tuple[str, int, bool]]) -> None:
        """The words of a row after the item's number: pieces of the title, or its case number."""
        for segment in line.segments:
            begin = max(segment.start, line.start + rest)
            if begin >= segment.end or (segment.start <= self.mark.start < segment.end and self.mark.layout == "section_right"):
                continue
            words = self.text[begin : segment.end]
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
        start = next((n for n in range(cut, len(rows)) if kinds[n] in _STRONG), len(rows))
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
            self.people += [("presenter", named) for named in listing.read(line.text[start:end], line.start + start)]
        if line.text[head.rest :].strip():
            section.rows.append((line.text[head.rest :], line.start + head.rest, line.breaks_word))

    def _row(self, at: int) -> tuple[str, int, bool]:
        """A row of text, without the head of a handling in its margin."""
        line = self.body.lines[at]
        handling = self.body.handlings[at]
        cut = handling.end if handling else 0
        return line.text[cut:], line.start + cut, line.breaks_word

    def _part_head(self, at: int, section: _Section) -> Heading | None:
        """The heading that opens a part at a row; a line in the middle of a part that only looks like one opens none."""
        head = self.body.heads[at]
        text = self.body.lines[at].text
        if handling := self.body.handlings[at]:
            head = headings.find(" " * handling.end + text[handling.end :])
        if head is None and not self.body.decides:
            head = _decided_by_name(text)
        if head is None or head.kind not in _PARTS:
            return None
        if head.kind == "grounds" and head.form == "line" and text.rstrip().endswith(":"):
            return None
        in_proposal = head.kind == section.kind == "proposal"
        return None if in_proposal and (not section.rows or _is_nested(text[head.start : head.end])) else head

    def _take_people(self, head: Heading, own: list[int], n: int) -> int:
        """Read who prepared or presents the item from a label on; how many rows that took (0: no person)."""
        rows = []
        for k in range(n, min(n + 9, len(own))):
            line = self.body.lines[own[k]]
            if k > n and (self.body.heads[own[k]] or self.body.handlings[own[k]]):
                break
            begin = head.rest if k == n else 0
            rows.append((line.text[begin:], line.start + begin, line.breaks_word))
        named, used = people_in(rows)
        self.people += [(head.kind, person) for person in named]
        return used if named else 0

    def _presented(self, section: _Section) -> None:
        """The presenter's title and name may fill the first row of the proposal, without a label."""
        if section.kind != "proposal" or len(section.rows) < 2 or any(part == "presenter" for part, _ in self.people):
            return
        text, offset, _ = section.rows[0]
        named = listing.read(text, offset)
        if len(named) == 1 and named[0].role and named[0].end == offset + len(text.rstrip()) and not named[0].notes:
            self.people.append(("presenter", named[0]))
            section.rows.pop(0)

    def _keep(self, section: _Section) -> None:
        """The item's proposal and decision are the last ones of its handling."""
        if section.kind not in ("proposal", "decision"):
            return
        rows = [row for row in section.rows if row[0].strip()]
        if not rows:
            return
        setattr(self.item, section.kind, Passage.of(self._cell_by_cell(rows)).text)
        self.item.evidence = [e for e in self.item.evidence if e.field != section.kind]
        start = min(offset + len(text) - len(text.lstrip()) for text, offset, _ in rows)
        end = max(offset + len(text.rstrip()) for text, offset, _ in rows)
        self._say(section.kind, start, end, f"items.{section.kind}")

    def _cell_by_cell(self, rows: Sequence[tuple[str, int, bool]]) -> Iterable[tuple[str, int, bool]]:
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


def _decided_by_name(text: str) -> Heading | None:
    """``Kunnanhallitus:`` before what it decided."""
    name, colon, _ = text.partition(":")
    if not colon or not bodies.read(name):
        return None
    rest = len(text) - len(text[len(name) + 1 :].lstrip())
    start = len(name) - len(name.lstrip())
    return Heading("decision", start, len(name), rest, "label" if rest < len(text) else "line")


def _is_nested(label: str) -> bool:
    """Whether a heading inside a proposal only says whose words follow (``Kaupunginjohtajan ehdotus:``)."""
    low = label.strip().casefold()
    return " " in low and not any(changed in low for changed in ("muute", "korja", "uusi", "muutos"))


@cache
def _presenter_label() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\s*esittelijä\s*:?\s*")


# ---------------------------------------------------------------- who prepared, who presents


def people_in(rows: Sequence[tuple[str, int, bool]]) -> tuple[list[Named], int]:
    """The persons at the head of rows ``(text, offset, breaks_word)``, and how many rows they take.

    Known shapes: a person a row (``Riina Aho, Hyvinvointikoordinaattori, riina.aho@…``); a row of names, one of addresses, one of
    titles; a title above its name.
    """
    people: list[Named] = []
    n = used = 0
    while n < len(rows):
        text, offset, _ = rows[n]
        if not text.strip() or listing.is_contact(text):
            n += 1
            used = n if people else used
            continue
        found = listing.read(text, offset) or listing.read_titled(text, offset)
        taken = 1
        if found and not any(person.role for person in found):
            found, taken = _titled_below(found, rows[n:])
        elif not found:
            found, taken = _titled_above(rows[n:])
        if not found:
            break
        people += found
        n += taken
        used = n
    return people, used


def _titled_below(found: list[Named], rows: Sequence[tuple[str, int, bool]]) -> tuple[list[Named], int]:
    """Names without titles: the titles may stand in a row of their own, behind the addresses."""
    below = 1
    while below < len(rows) and listing.is_contact(rows[below][0]):
        below += 1
    titles = listing.titles(rows[below][0]) if below < len(rows) else None
    if not titles:
        return found, 1
    if len(titles) == len(found):
        roles = [listing.role_from(title) for title in titles]
    elif len(found) == 1:
        roles = [listing.role_from(", ".join(titles))]
    else:
        roles = [(None, False)] * len(found)  # which title is whose is not said
    return [replace(person, role=role, acting=acting) for person, (role, acting) in zip(found, roles, strict=True)], below + 1


def _titled_above(rows: Sequence[tuple[str, int, bool]]) -> tuple[list[Named], int]:
    """A title in a row or two of its own, the name below it; or a person broken over two rows."""
    for height in (1, 2):
        if len(rows) <= height:
            break
        above = Passage.of(rows[:height])
        named = listing.read(*rows[height][:2])
        if listing.titles(above.text) and len(named) == 1 and not named[0].role:
            role, acting = listing.role_from(above.text)
            return [replace(named[0], role=role, acting=acting)], height + 1
    if len(rows) > 1:
        both = Passage.of(rows[:2])
        return [person.moved(both) for person in listing.read(both.text, 0)], 2
    return [], 1


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
            named, _ = people_in(rest[: 1 + next((n for n, h in enumerate(body.heads[at + 1 : at + 5]) if h), 4)])
            persons += [person.person(body.document.text, head.kind, f"items.{head.kind}") for person in named]
        elif m := _inner_label().search(line.text):
            part = "presenter" if m["part"] == "Esittelijä" else "preparer"
            named = [person for person in listing.read(line.text[m.end() :], line.start + m.end()) if person.role]
            persons += [person.person(body.document.text, part, f"items.{part}.inner") for person in named]
    return persons
