"""The parts of an agenda item's own handling (pykälän osat): proposal, decision, the course between, who presents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import regex

from poytakirja.minutes import officer_rows as officers
from poytakirja.minutes import person_rows as listing
from poytakirja.minutes.body_rows import PARTS, Body
from poytakirja.minutes.item_head import rule_line
from poytakirja.minutes.person_rows import ListedPerson
from poytakirja.records import Rows
from poytakirja.rules.layout import debate, frame_rows, headings, voices
from poytakirja.rules.layout.headings import Heading
from poytakirja.rules.organisations import bodies

PartRow = tuple[str, int, bool]
"""A row as a passage takes it: its text, its place, whether it ends inside a token."""
_PEOPLE = 20  # rows that may name who prepared an item
_OFFICER = 8  # words that a title with a name may have
_COURSE = frozenset({"discussion", "vote", "counter", "dissent", "disqualification"})


@dataclass(slots=True)
class Section:
    """A part of an item: its kind, its rows, and which of them begin a paragraph."""

    kind: str
    swedish: bool = False
    rows: list[PartRow] = field(default_factory=list)
    begins: list[bool] = field(default_factory=list)

    def add(self, row: PartRow, begins: bool) -> None:
        """A row more; ``begins`` where a paragraph begins with it."""
        self.rows.append(row)
        self.begins.append(begins)

    def paragraphs(self) -> list[list[PartRow]]:
        """Its rows, paragraph by paragraph."""
        found: list[list[PartRow]] = []
        for row, begins in zip(self.rows, self.begins, strict=True):
            if begins or not found:
                found.append([])
            found[-1].append(row)
        return found


@dataclass(slots=True)
class Parts:
    """What the handling says: the rows of the proposal, the decision and the course of the discussion, and persons."""

    proposal: Rows = field(default_factory=list)
    decision: Rows = field(default_factory=list)
    course: Rows = field(default_factory=list)
    """What was said, voted and noted between proposal and decision, and behind it."""
    people: list[tuple[str, ListedPerson]] = field(default_factory=list)
    proposer: str | None = None
    """The title of who proposes, in base form, where a heading says only that: ``Kunnanjohtajan ehdotus``."""


def read_parts(body: Body, own: list[int], stop: int) -> Parts:
    """The parts of an item from the rows ``own`` of its handling; ``stop`` is the first row behind the item."""
    return _PartsParser(body, own, stop).read()


class _PartsParser:
    """The rows of an item's own handling, read part by part."""

    def __init__(self, body: Body, own: list[int], stop: int) -> None:
        self.body, self.own, self.stop = body, own, stop
        heads = [head for at in own if (head := body.heads[at])]
        self.proposes = any(head.kind == "proposal" for head in heads)
        self.prepared = any(head.kind == "preparer" for head in heads)
        self.states = _states(body, own)
        self.right = max((body.lines[at].x1 for at in own), default=0.0)
        self.parts = Parts()

    def read(self) -> Parts:
        """All the parts."""
        latest: dict[str, Section] = {}
        for section in self._sections():
            self._presented(section)
            if section.kind in _COURSE:
                self.parts.course += section.rows
            if section.kind not in ("proposal", "decision") or not any(row[0].strip() for row in section.rows):
                continue
            rows, course = _own_words(section)
            self.parts.course += course
            before = latest.get(section.kind)
            kept = [row for row in rows if row[0].strip() and not rule_line().fullmatch(row[0])]
            both = before is not None and before.swedish != section.swedish
            setattr(self.parts, section.kind, [*getattr(self.parts, section.kind), *kept] if both else kept)
            latest[section.kind] = section
        return self.parts

    # -- sections under their headings

    def _sections(self) -> list[Section]:
        """The parts of the handling in order; those who prepared and present it go to ``people``."""
        sections = [Section("background")]
        own = self.own
        n = 0
        while n < len(own):
            at = own[n]
            head = self._part_head(at, sections[-1])
            n += 1
            presenter = self._presenter(at, own[n : n + 1]) if head is None and sections[-1].kind == "background" else None
            if presenter:
                self.parts.people.append(("presenter", presenter))
                if not self.proposes:
                    sections.append(Section("proposal"))
                continue
            if head is None:
                self._add(sections[-1], at)
                continue
            if head.kind in ("preparer", "presenter") or (head.kind == "information" and self._tells_preparer(head)):
                used = self._take_people(head, n - 1)
                if used:
                    n += used - 1
                    if not (sections[-1].kind == "proposal" and not sections[-1].rows):
                        sections.append(Section("background"))
                elif head.form == "open":
                    self._add(sections[-1], at)
                continue
            if head.kind == "history" and any(s.kind in ("decision", "proposal") for s in sections):
                break
            sections.append(Section(head.kind, _is_swedish(self.body.lines[at].text[head.start : head.end])))
            self._open_section(sections[-1], head, at)
        return sections

    def _add(self, section: Section, at: int) -> None:
        """A row of text, without the head of a handling or its day in the margin; one with a wide gap may hold two paragraphs."""
        handling = self.body.handlings[at]
        cut = handling.end if handling else self.body.margins.get(at, 0)
        self._add_from(section, at, cut, self._begins(at))

    def _add_from(self, section: Section, at: int, cut: int, begins: bool) -> None:
        line = self.body.lines[at]
        places = [cut]
        if section.kind in ("proposal", "decision"):
            places += self._courses_beside(at, cut)
        for start, stop in zip(places, [*places[1:], len(line.text)], strict=True):
            whole = stop == len(line.text)
            section.add((line.text[start:stop], line.start + start, line.breaks_word and whole), begins or start > cut)

    def _courses_beside(self, at: int, cut: int) -> Iterable[int]:
        """Where in a row, behind a wide gap or a label, a note begins: ``Hyväksyttiin.   Aino Mäki poistui``."""
        line = self.body.lines[at]
        for piece in line.segments[1:]:
            if piece.start - line.start > cut and debate.opens_debate(piece.text):
                yield piece.start - line.start
        if m := _dissent_beside().search(line.text, cut + 1):
            yield m.end()

    def _begins(self, at: int) -> bool:
        """Whether a paragraph begins at a row: there is space above it, or the sentence above ends short of the margin."""
        if self.body.gap(at) > 0.6:
            return True
        above, text = self.body.lines[at - 1], self.body.lines[at].text
        if self.body.document.reader not in ("text", "ocr", "html", "docx") or not above.text.rstrip().endswith((".", "!", "?")):
            return False
        return above.x1 < 0.85 * self.right or (_dissent().search(text) is not None and debate.opens_debate(text))

    def _open_section(self, section: Section, head: Heading, at: int) -> None:
        line = self.body.lines[at]
        if head.note:
            start, end = head.note
            label = _presenter_label().match(line.text, start, end)
            start = label.end() if label else start
            declined = end <= head.start  # Tekninen johtaja Eeva Mäen ehdotus
            read = officers.row_of_titled if declined else listing.read
            end -= declined and _is_swedish(line.text[head.start : head.end])  # Stadsdirektör Eva Mårds förslag
            self.parts.people += [("presenter", named) for named in read(line.text[start:end], line.start + start)]
        if section.kind == "proposal":
            self._proposed_by(line.text[head.start : head.end])
        rest = head.rest if section.kind != "vote" else head.start  # Äänestys: esittelijä 3, Aho 4
        voice = voices.read(" " * rest + line.text[rest:]) if section.kind == "proposal" else None
        if (
            voice and voice.kind == "officer" and voice.who != "puheenjohtaja"
        ):  # Ehdotus   Kunnanjohtaja: Kunnanhallitus päättää …
            self.parts.proposer, rest = voice.who, voice.rest
        if line.text[rest:].strip():
            self._add_from(section, at, rest, True)

    def _proposed_by(self, label: str) -> None:
        """The title in ``Kunnanjohtajan ehdotus``, or the voice ``Kj`` that heads the proposal."""
        words = label.split()
        whose = words[:-1] if words[-1].casefold().rstrip(":").endswith(("ehdotus", "esitys", "förslag")) else words
        whose = [word for word in whose if word.casefold() not in ("muutettu", "korjattu", "uusi", "ändrade")]
        if whose and (title := voices.officer(" ".join(whose))):
            self.parts.proposer = title

    def _part_head(self, at: int, section: Section) -> Heading | None:
        """The heading that opens a part at a row; a line in the middle of a part that only looks like one opens none."""
        head = self.body.heads[at]
        text = self.body.lines[at].text
        if handling := self.body.handlings[at]:
            head = headings.find(" " * handling.end + text[handling.end :]) or head
        if head is None or head.kind not in PARTS:
            return None
        if head.kind == "grounds" and head.form == "line" and text.rstrip().endswith(":"):
            return None
        label = text[head.start : head.end].casefold()
        if label in _STATEMENTS:
            if self.states == at:
                return Heading("decision", head.start, head.end, head.rest, head.form, head.note)
            if head.kind == "statement":
                return None
        if not head.kind == section.kind == "proposal" or _is_swedish(label) != section.swedish:
            return head
        return None if not section.rows or _is_nested(label) else head

    # -- persons

    def _presenter(self, at: int, below: Sequence[int]) -> ListedPerson | None:
        """Who presents the item, where a row above the proposal says only that: ``Tekninen johtaja Matti Aho:``."""
        line = self.body.lines[at]
        if not line.text.rstrip().endswith(":") or not below:
            return None
        head = self.body.heads[below[0]]
        if self.proposes and not (head and head.kind == "proposal"):
            return None
        return _titled_alone(line.text, line.start)

    def _tells_preparer(self, head: Heading) -> bool:
        """Whether who gives further information prepared the item: in Ahjo's minutes, which name no other preparer."""
        return head.form == "line" and not self.prepared

    def _take_people(self, head: Heading, n: int) -> int:
        """Read who prepared or presents the item from a label on; how many rows that took (0: no person)."""
        rows = []
        for k in range(n, min(n + _PEOPLE, len(self.own))):
            at = self.own[k]
            if k > n and (self.body.heads[at] or self.body.handlings[at]):
                break
            line = self.body.lines[at]
            begin = head.rest if k == n else 0
            rows.append((line.text[begin:], line.start + begin, line.breaks_word))
        named, used = officers.people(rows)
        part = "preparer" if head.kind == "information" else head.kind
        if not named and rows and head.form != "line":  # Valmistelija rehtori Aino Mäki. Hakemuksia on saatu …
            text, offset, _ = rows[0]
            told = officers.row_of_titled(text.partition(". ")[0].rstrip("."), offset)
            self.parts.people += [(part, person) for person in told]
        self.parts.people += [(part, person) for person in named]
        return used if named else 0

    def _presented(self, section: Section) -> None:
        """The presenter's title and name may fill the first row of the proposal, without a label."""
        if section.kind != "proposal" or len(section.rows) < 2 or any(part == "presenter" for part, _ in self.parts.people):
            return
        text, offset, _ = section.rows[0]
        if presenter := _titled_alone(text, offset):
            self.parts.people.append(("presenter", presenter))
            section.rows.pop(0)
            section.begins.pop(0)


# ---------------------------------------------------------------- what belongs to a part


def _own_words(section: Section) -> tuple[Rows, Rows]:
    """The rows of a proposal or a decision, and behind them those that tell the course of the discussion.

    What closes the minutes (how to appeal) belongs to neither. Behind a decision only notes of who came or dissented are left
    out: a discussion that leads to it belongs to it.
    """
    paragraphs = [
        rows for rows in section.paragraphs() if any(c.isalnum() for text, _, _ in rows for c in text) or _ruled_off(rows)
    ]
    closed = (n for n, rows in enumerate(paragraphs) if n and (debate.is_closing(rows[0][0]) or _ruled_off(rows)))
    paragraphs = paragraphs[: next(closed, len(paragraphs))]
    told = [debate.opens_debate(_begun(rows)) for rows in paragraphs]
    if section.kind == "proposal":
        cut = next((n for n, course in enumerate(told) if course and n), len(paragraphs))
    else:
        cut = len(paragraphs)
        while cut > 1 and told[cut - 1] and _note().search(_begun(paragraphs[cut - 1])):
            cut -= 1
    own, course = [row for rows in paragraphs[:cut] for row in rows], [row for rows in paragraphs[cut:] for row in rows]
    sheet = len(own)  # the head of the next sheet
    while sheet > 1 and frame_rows.is_sheet_row(own[sheet - 1][0]):
        sheet -= 1
    names_body_alone = all(bodies.read(text) for text, _, _ in own[sheet:])
    return own if names_body_alone else own[:sheet], course


def _begun(rows: Sequence[PartRow]) -> str:
    return " ".join(text.strip() for text, _, _ in rows[:2])


def _ruled_off(rows: Sequence[PartRow]) -> bool:
    return rule_line().fullmatch(rows[0][0]) is not None


_STATEMENTS = frozenset({"esitys", "lausunto", "utlåtande"})


def _states(body: Body, own: Sequence[int]) -> int | None:
    """The row of ``Esitys`` or ``Lausunto`` that heads what a body decided which only proposes or states: a proposal or the
    presenter stands below it, and no decision is headed as one."""
    heads = [(at, head) for at in own if (head := body.heads[at])]
    if any(head.kind == "decision" for _, head in heads):
        return None
    for n, (at, head) in enumerate(heads):
        if body.lines[at].text[head.start : head.end].casefold() in _STATEMENTS and head.form == "line":
            below = heads[n + 1 :]
            told = any(other.kind == "proposal" and other.form == "line" for _, other in below)
            return at if told or any(other.kind == "presenter" for _, other in below) else None
    return None


def _is_swedish(label: str) -> bool:
    return label.casefold().rstrip(": ").endswith(("förslag", "beslut"))


def _titled_alone(text: str, offset: int) -> ListedPerson | None:
    """The one person with a title that a row holds, with or without a colon: ``Tekninen johtaja Matti Aho:``."""
    bare = text.rstrip().removesuffix(":").rstrip()
    named = listing.read(bare, offset)
    alone = len(named) == 1 and named[0].role and named[0].end == offset + len(bare) and not named[0].notes
    return named[0] if alone else _officer_named(bare, offset)


def _officer_named(bare: str, offset: int) -> ListedPerson | None:
    """The same where no list knows the family name: an officer's title, and behind it two words that can only be the name."""
    words = bare.split()
    if not 3 <= len(words) <= _OFFICER or not all(word[:1].isupper() for word in words[-2:]):
        return None
    begin = bare.rindex(words[-2], 0, bare.rindex(words[-1]))
    title = voices.officer(bare[:begin].strip())
    named = listing.read(" " * begin + bare[begin:], offset, in_list=True) if title else []
    return replace(named[0], role=title) if len(named) == 1 and named[0].end == offset + len(bare) else None


def _is_nested(label: str) -> bool:
    """Whether a heading inside a proposal only says whose words follow (``Kaupunginjohtajan ehdotus:``)."""
    low = label.strip().casefold()
    return " " in low and not any(changed in low for changed in ("muute", "korja", "uusi", "muutos"))


@cache
def _presenter_label() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\s*esittelijä\s*:?\s*")


@cache
def _note() -> regex.Pattern[str]:
    return regex.compile(
        r"(?i)\b(?:poistui|saapui|palasi|eriävä|avvikande|avlägsna|anlän|esteelli|jääv|jäv)|päätti kokouksen|avslutade"
    )


@cache
def _dissent() -> regex.Pattern[str]:
    return regex.compile(r"(?i)eriävä|avvikande")


@cache
def _dissent_beside() -> regex.Pattern[str]:
    return regex.compile(r"(?<=[.)])\s+(?=(?:Eriävä mielipide|Eriävät mielipiteet|Avvikande åsikt)\s*:)")
