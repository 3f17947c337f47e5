"""Which rows open agenda items (pykälät).

An item is found by its number. Systems print it in different places; each place is a small layout (``_layouts``). Numbers
that run on from one another are the items; a contents list, a paragraph of a law or a page head that shows them again is none.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import regex

from poytakirja.document import Document, Line
from poytakirja.read.text_page_heads import KINDS
from poytakirja.rules.layout import case_numbers as cases
from poytakirja.rules.layout import headings
from poytakirja.rules.layout.headings import Heading
from poytakirja.rules.organisations import bodies
from poytakirja.rules.organisations.bodies import Handling

_GAP = 10  # how far one item's number may be from the next: secret items are left out of published minutes
_NEAR = 11  # rows below a number that weigh for it; an item's long account may stand before its first heading
STRONG = frozenset({"decision", "proposal", "presenter", "preparer"})
"""The kinds of headings that only an item has."""
_TELLING = STRONG | {"notice", "discussion"}
_COVER = frozenset({
    "time", "place", "time_place", "present", "members", "deputies", "chair", "others", "secretary", "absent", "signatures",
})  # fmt: skip


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
    margins: dict[int, int] = field(default_factory=dict)
    """Rows in whose margin the day of the handling stands, that is headed above them → where their own words begin."""
    marks: list[Mark] = field(default_factory=list)
    _is_minutes: bool | None = None

    @classmethod
    def of(cls, document: Document) -> Body:
        """The rows of a document, running heads left out."""
        lines = document.body()
        weight: dict[tuple[bool, float], int] = {}
        for line in lines:
            weight[line.bold, line.size] = weight.get((line.bold, line.size), 0) + len(line.text)
        bold, size = max(weight, key=lambda style: weight[style]) if weight else (False, 0.0)
        handlings = [_handling_of(line) for line in lines]
        heads = [_heading_of(line) for line in lines]
        decides = any(head and head.kind == "decision" for head in heads)
        tables = {line.start: line.table for line in lines if line.table is not None}
        margins = _dated_margins(lines, handlings)
        for at, begin in margins.items():
            heads[at] = headings.find(" " * begin + lines[at].text[begin:])
        body = cls(document, lines, heads, bold, size, decides, handlings, tables, margins)
        body.marks = starts(body)
        return body

    @property
    def is_minutes(self) -> bool:
        """Whether any item has a decision that no earlier handling's head stands above."""
        if self._is_minutes is None:
            self._is_minutes = self._own_decision()
        return self._is_minutes

    def _own_decision(self) -> bool:
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
    return None if head and line.table is not None and head.kind not in STRONG else head


@cache
def _margin_day() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d{2})\s{2,}(?=\S)")


def _dated_margins(lines: Sequence[Line], handlings: list[Handling | None]) -> dict[int, int]:
    """TWeb prints the day of a handling below its head, beside the text: ``TEKLA § 71`` / ``26.8.2014       Päätös:``."""
    found: dict[int, int] = {}
    for at, handling in enumerate(handlings[:-1]):
        if handling and handling.date is None and not lines[at].text[handling.end :].strip():
            if not (m := _margin_day().match(lines[at + 1].text)):
                continue
            found[at + 1] = m.end()
            with suppress(ValueError):  # no such day
                date = dt.date(int(m["year"]), int(m["month"]), int(m["day"]))
                handlings[at] = replace(handling, date=date)
    return found


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

    @property
    def name(self) -> tuple[int, str | None]:
        """The number with its letter."""
        return self.number, self.letter


@cache
def _layouts() -> dict[str, regex.Pattern[str]]:
    number = r"(?P<n>\d{1,4})(?:\s?(?P<l>[a-zA-Z])(?![\p{L}\d]))?"
    year = r"(?:\s?/\s?(?:19|20)\d{2})?"
    after = r"(?=\s|$|[.:])(?P<dot>[.:]?)(?:\s*[-–]\s)?\s*+(?=$|[\p{Lu}\d\"”'(])"
    return {
        # CaseM and CloudNC, Ahjo: § 48 above or beside the title
        "section_first": regex.compile(rf"\s*(?P<label>(?:§|Pykälä|PYKÄLÄ|Paragraf)\s?{number}{year}){after}"),
        # Dynasty, TWeb, plain minutes: 57 § above or beside the title
        "section_last": regex.compile(rf"\s*(?P<label>{number}\.?\s?(?:§(?!\s?§)|pykälä){year}){after}"),
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
        free = _of_the_meeting(body, [mark for mark in mine if mark.at not in listed])
        handlings = _mere_handlings(body, free)
        # Khall § 57 opens an item only where nothing else does
        named = [mark for mark in free if mark.layout != "margin" and mark.at not in handlings]
        running = [mark for mark in named if body.lines[mark.at].table is None]
        chosen += next((chain for some in (running, named, free, mine) if (chain := _best_chain(body, some))), [])
    return chosen


def _of_the_meeting(body: Body, marks: list[Mark]) -> list[Mark]:
    """The marks without those of handlings on an earlier day than most: what went before this meeting."""
    days = {mark.at: handling.date for mark in marks if (handling := body.handlings[mark.at]) and handling.date}
    counts = Counter(days.values())
    usual = max(counts, key=lambda day: (counts[day], day), default=None)
    return [mark for mark in marks if usual is None or days.get(mark.at, usual) >= usual]


def _mere_handlings(body: Body, marks: Sequence[Mark]) -> set[int]:
    """The rows ``Kunnanhallitus, § 57, 12.3.2019`` that only list or head handlings, since the items have their § elsewhere.

    So it is where the number of such a row also stands alone with the item under it, unless the same body has on that day
    other numbers that do not: then a paragraph that some text quotes bears the number of an item by chance.
    """
    named = [mark for mark in marks if mark.layout == "body_section"]
    alone = _opening(body, marks) if named else set()
    shown: dict[tuple[str, object], set[bool]] = {}
    for mark in named:
        if handling := body.handlings[mark.at]:
            shown.setdefault((handling.body.casefold(), handling.date), set()).add(mark.name in alone)
    mere = any(True in both for both in shown.values()) and all(len(both) == 1 for both in shown.values())
    return {mark.at for mark in named} if mere else set()


def _opening(body: Body, marks: Sequence[Mark]) -> set[tuple[int, str | None]]:
    """The numbers that stand alone with an item's parts under them, before any other number."""
    found: set[tuple[int, str | None]] = set()
    told = False
    for mark, below in zip(reversed(marks), [None, *reversed(marks[1:])], strict=True):
        told = told and below is not None and below.name == mark.name
        told = told or _telling(body, range(mark.at, below.at if below else len(body.lines)))
        if told and mark.layout in ("section_first", "section_last"):
            found.add(mark.name)
    return found


def _telling(body: Body, following: Iterable[int]) -> bool:
    return any(((head := body.heads[at]) and head.kind in _TELLING) or cases.read(body.lines[at].text) for at in following)


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
        if not same or same[-1].name != mark.name:  # a page head shows the number again
            same.append(mark)
    best: list[Mark] = []
    score = 0.0
    for same in by_layout.values():
        _weigh(body, same)
        chain, total = _chain(same)
        if total > score and (any(mark.tells for mark in chain) or _plain_agenda(body, chain)):
            best, score = chain, total
    return best


def _plain_agenda(body: Body, chain: Sequence[Mark]) -> bool:
    """Whether numbers without any known heading are items: three or more that follow one another, in minutes, not in a statute.

    Small councils write ``§ 30  Kokouksen avaus`` and below it what was done, no more.
    """
    if len(chain) < 3 or any(b.number != a.number + 1 for a, b in pairwise(chain)) or chain[0].layout not in _BARE:
        return False
    heads = [line.text for line in body.document.lines if line.role == "header"]
    top = "\n".join([*heads, *(line.text for line in body.lines[: min(chain[0].at, 15)])]).casefold()
    return _of_a_meeting().search(top) is not None and "sääntö" not in top


_BARE = frozenset({"section_first", "section_last"})


@cache
def _of_a_meeting() -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\p{{L}})(?:{KINDS})(?!\p{{L}})")


def _weigh(body: Body, marks: Sequence[Mark]) -> None:
    """How well a number is told to be an item's: what follows it, how it is set, where on the page it stands."""
    for n, mark in enumerate(marks):
        stop = marks[n + 1].at if n + 1 < len(marks) else len(body.lines)
        near = min(mark.at + _NEAR, stop)
        soon = _telling(body, range(mark.at, near)) or any(cases.read(piece.text) for piece in body.lines[mark.at].segments[1:])
        mark.tells = soon or any((head := body.heads[at]) and head.kind in STRONG for at in range(near, stop))
        new_page = mark.at == 0 or body.lines[mark.at].page_no != body.lines[mark.at - 1].page_no
        mark.weight = 1.0 + soon + 0.5 * body.stands_out(body.lines[mark.at]) + 0.5 * new_page


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
    again = {at for at in listed if latest[by_line[at].layout, by_line[at].number, by_line[at].letter] > at}
    return listed if len(again) >= 2 and len(listed) <= 2 * len(again) else again  # an extract leaves some items out


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
