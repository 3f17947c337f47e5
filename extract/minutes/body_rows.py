"""The rows of minutes (pöytäkirjan rivit), and what each may be: a heading, the head of a handling, whose words follow.

Rows of the web page around the minutes are left out, and so are the rows over which the head of an earlier handling is broken.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache

import regex

from poytakirja.document import Document, Line
from poytakirja.rules.layout import frame_rows, headings, voices
from poytakirja.rules.layout.headings import Heading
from poytakirja.rules.layout.voices import Voice
from poytakirja.rules.organisations import bodies
from poytakirja.rules.organisations.bodies import Handling

STRONG = frozenset({"decision", "proposal", "presenter", "preparer"})
"""The kinds of headings that only an item has."""
PARTS = frozenset({
    "decision", "proposal", "counter", "presenter", "preparer", "information", "attachment", "material", "discussion", "vote",
    "dissent", "disqualification", "notice", "extract", "execution", "appeal", "appeal_guide", "grounds", "background", "history",
    "statement",
})  # fmt: skip
"""The kinds of headings of an item's parts."""
_DECIDING = 60  # rows within which a decision follows what is proposed


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


@dataclass(slots=True)
class Body:
    """A document's body rows, the heading each begins with, how its running text is set, and the rows that open items."""

    document: Document
    lines: list[Line]
    heads: list[Heading | None]
    bold: bool
    size: float
    handlings: list[Handling | None]
    tables: dict[int, int]
    """Where a row of a table begins → which table it is."""
    frames: list[Line]
    """Rows of the web page around the minutes."""
    margins: dict[int, int] = field(default_factory=dict)
    """Rows in whose margin the day of the handling stands, that is headed above them → where their own words begin."""
    voices: list[Voice | None] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    listed: dict[int, str] = field(default_factory=dict)
    """The titles that a list of contents gives, by number."""
    _is_minutes: bool | None = None

    @classmethod
    def of(cls, document: Document) -> Body:
        """The rows of a document, running heads and the web page's frame left out; without marks."""
        rows = document.body()
        framed = [frame_rows.is_frame(line.text) for line in rows]
        frames = [line for line, is_frame in zip(rows, framed, strict=True) if is_frame]
        lines = [line for line, is_frame in zip(rows, framed, strict=True) if not is_frame]
        weight: dict[tuple[bool, float], int] = {}
        for line in lines:
            weight[line.bold, line.size] = weight.get((line.bold, line.size), 0) + len(line.text)
        bold, size = max(weight, key=lambda style: weight[style]) if weight else (False, 0.0)
        lines, handlings = _handlings_of(lines)
        heads = [_heading_of(line) for line in lines]
        tables = {line.start: line.table for line in lines if line.table is not None}
        margins = _dated_margins(lines, handlings)
        for at, begin in margins.items():
            heads[at] = headings.find(" " * begin + lines[at].text[begin:])
        body = cls(document, lines, heads, bold, size, handlings, tables, frames, margins)
        body.voices = _recurring(
            [_voice_of(line, head, h) for line, head, h in zip(lines, heads, handlings, strict=True)], body.heads
        )
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

    def voices_to_heads(self) -> None:
        """From the first item on, who speaks heads what he says: officers propose, the body whose words come last decides.

        A body whose words a heading or another body's decision follows only proposes (``Kunnanhallitus: …`` before ``Kvalt: …``).
        """
        if not self.marks:
            return
        stops = [*(mark.at for mark in self.marks[1:]), len(self.lines)]
        items = [range(mark.at, stop) for mark, stop in zip(self.marks, stops, strict=True)]
        deciding = [self._deciding_voice(rows) for rows in items]
        usual = Counter(voice.who for at in deciding if at is not None and (voice := self.voices[at])).most_common(1)
        for rows, last in zip(items, deciding, strict=True):
            alone = sum(1 for at in rows if (voice := self.voices[at]) and voice.kind == "body") == 1
            for at in rows:
                voice = self.voices[at]
                if not voice or self.heads[at] is not None:
                    continue
                decides = at == last and not (alone and usual and voice.who != usual[0][0])
                if decides or voice.kind == "officer" or self._decided_below(at, rows.stop, last):
                    self._head_with(at, voice, "decision" if decides else "proposal")

    def _head_with(self, at: int, voice: Voice, kind: str) -> None:
        length = len(self.lines[at].text)
        form: headings.Form = "line" if voice.rest >= length else "label"
        self.heads[at] = Heading(kind, voice.start, voice.end, min(voice.rest, length), form)

    def _deciding_voice(self, rows: range) -> int | None:
        """The row in which an item's body says what it decides: its last, where no heading says it."""
        if any((head := self.heads[at]) and head.kind == "decision" for at in rows):
            return None
        return next((at for at in reversed(rows) if (voice := self.voices[at]) and voice.kind == "body"), None)

    def _decided_below(self, at: int, stop: int, last: int | None) -> bool:
        """Whether a decision follows what a body says, which no heading right above says is the decision already."""
        above = self.heads[at - 1] if at else None
        if above and above.kind == "decision" and above.form == "line":
            return False
        below = (last is not None and last > at) or any((h := self.heads[n]) and h.kind == "decision" for n in range(at, stop))
        return below or not self.is_minutes


# ---------------------------------------------------------------- headings and voices


def _heading_of(line: Line) -> Heading | None:
    """The heading a row begins with; in a table only one that no column has for its name."""
    head = headings.find(line.text)
    return None if head and line.table is not None and head.kind not in STRONG else head


def _voice_of(line: Line, head: Heading | None, handling: Handling | None) -> Voice | None:
    """Whose words a row begins with, also behind the head of a handling: ``Khall § 39   Khall: Valittiin …``."""
    if head or line.table is not None:
        return None
    begin = handling.end if handling else 0
    return voices.read(" " * begin + line.text[begin:] if begin else line.text)


def _recurring(found: list[Voice | None], heads: Sequence[Heading | None]) -> list[Voice | None]:
    """The voices that speak for an item: a body at least twice; an officer before a decision or a body's words.

    A list of what officers decided (``Rakennustarkastaja: § 41 …``) goes on with no decision between.
    """
    said = Counter(voice.who for voice in found if voice and voice.kind == "body")
    decided = len(found) + _DECIDING + 1
    kept: list[Voice | None] = []
    for at in range(len(found) - 1, -1, -1):
        voice, head = found[at], heads[at]
        if voice and voice.kind == "body" and said[voice.who] < 2 and not bodies.read(voice.who.capitalize()):
            voice = None
        if voice and voice.kind == "officer" and decided - at > _DECIDING:
            voice = None
        if (voice and voice.kind == "body") or (head and head.kind == "decision"):
            decided = at
        elif voice:
            decided = len(found) + _DECIDING + 1  # the officer before him speaks for another item
        kept.append(voice)
    return kept[::-1]


# ---------------------------------------------------------------- heads of handlings


def _handlings_of(lines: Sequence[Line]) -> tuple[list[Line], list[Handling | None]]:
    """The rows with the heads of handlings among them; one broken over three rows becomes its first."""
    kept: list[Line] = []
    found: list[Handling | None] = []
    at = 0
    while at < len(lines):
        broken = _broken_handling(lines[at : at + 3])
        kept.append(lines[at])
        found.append(broken or handling_of(lines[at]))
        at += 3 if broken else 1
    return kept, found


def handling_of(line: Line) -> Handling | None:
    """The head of a handling that a row is, or that stands in the margin beside its text."""
    handling = bodies.read_handling(line.text)
    if not handling:
        return None
    rest = line.text[handling.end :]
    if not rest.strip():
        return handling
    beside = rest.startswith("  ") or rest.startswith("\t")
    return handling if beside or (not handling.is_name and rest.lstrip()[0].isupper()) else None


@cache
def _alone() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    number = regex.compile(r"\s*(?:§\s?(?P<n>\d{1,4})|(?P<n>\d{1,4})\s?§)\s*")
    return number, regex.compile(r"\s*(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)\d{2})\s*")


def _broken_handling(rows: Sequence[Line]) -> Handling | None:
    """The head of a handling whose body, § and day stand in a row each, as the cells of a table in a text."""
    if len(rows) < 3 or "§" not in rows[1].text:
        return None
    number, day = _alone()
    m, d = number.fullmatch(rows[1].text), day.fullmatch(rows[2].text)
    if not m or not d or bodies.read(rows[0].text) is None:
        return None
    begin = rows[1].start - rows[0].start
    label = (begin + m.start() + len(m.group()) - len(m.group().lstrip()), begin + len(m.group().rstrip()))
    return Handling(rows[0].text.strip(), int(m["n"]), None, _day(d["y"], d["m"], d["d"]), 0, len(rows[0].text), label, True)


def _day(year: str, month: str, day: str) -> dt.date | None:
    with suppress(ValueError):  # no such day
        return dt.date(int(year), int(month), int(day))
    return None


@cache
def _margin_day() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d{2})(?:\s{2,}(?=\S)|\s*$)")


def _dated_margins(lines: Sequence[Line], handlings: list[Handling | None]) -> dict[int, int]:
    """TWeb prints the day of a handling below its head, beside the text: ``TEKLA § 71`` / ``26.8.2014       Päätös:``."""
    found: dict[int, int] = {}
    for at, handling in enumerate(handlings[:-1]):
        if handling and handling.date is None and not lines[at].text[handling.end :].strip():
            if not (m := _margin_day().match(lines[at + 1].text)):
                continue
            found[at + 1] = m.end()
            if date := _day(m["year"], m["month"], m["day"]):
                handlings[at] = replace(handling, date=date)
    return found
