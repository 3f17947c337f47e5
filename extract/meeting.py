"""The meeting (kokous) and who took part: organisation, body, number, date, time, place, and the attendance list as persons.

All of it stands before the first item: in the page heads, beside the labels of the cover, and in lists under headings
(Saapuvilla olleet jäsenet, Muut saapuvilla olleet, Poissa …), whose rows name a person each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

import regex

from extract import items, listing
from extract.document import Document, Evidence, Finding, Line, Meeting, Passage, Person, Segment
from extract.items import Body
from extract.listing import Named
from rules import bodies, dates, headings, municipalities

_GROUPS = {
    "present": "member", "members": "member", "deputies": "deputy", "chair": "chair", "others": "other_attendee",
    "secretary": "secretary", "absent": "absent", "checkers": "minutes_checker", "signatures": "signatory",
}  # fmt: skip
_ELSEWHERE = frozenset({"time", "place", "time_place", "contents", "legality", "display", "meeting", "attachment", "material", "appeal_guide"})
_TOP = 14  # rows of the first page that may name organisation, body and kind


def read(document: Document) -> tuple[Meeting, list[Person], list[Finding]]:
    """What a document says of its meeting, the persons of its attendance list and signatures, and what a reader should look at."""
    body = Body.of(document)
    marks = items.starts(body)
    meeting = Meeting(language=language(document.text))
    cover = _Cover(body, marks[0].at if marks else len(body.lines), meeting)
    cover.read_top(bool(marks))
    cover.read_labels()
    persons = cover.attendance() if marks or meeting.document_kind in ("minutes", "agenda", "extract") else []
    return meeting, persons, _several(document)


# ---------------------------------------------------------------- the cover


class _Cover:
    """The rows before the first item, read into ``meeting``."""

    def __init__(self, body: Body, stop: int, meeting: Meeting) -> None:
        self.body, self.meeting = body, meeting
        self.text = body.document.text
        self.rows = body.lines[:stop]
        first_page = body.document.pages[0].number if body.document.pages else 1
        heads = [line for line in body.document.lines if line.role == "header" and line.page_no <= first_page + 1]
        self.top = [*heads, *[line for line in self.rows if line.page_no == first_page][:_TOP]]

    def _say(self, name: str, value: object, start: int, end: int, rule: str) -> None:
        """State a field once, where it stands first."""
        if getattr(self.meeting, name) is None or (name == "document_kind" and self.meeting.document_kind == "other"):
            setattr(self.meeting, name, value)
            self.meeting.evidence.append(Evidence(name, self.text[start:end], f"meeting.{rule}", start, end))

    # -- organisation, body, kind, number, date

    def read_top(self, has_items: bool) -> None:
        """The page heads and first rows, segment by segment."""
        for line in self.top:
            for segment in line.segments or (Segment(line.text, line.start, line.end, line.x0, line.x1),):
                self._organisation(segment)
                self._body(segment)
                self._number(segment)
                self._kind(segment)
                if line.role == "header" or line in self.top[:4]:
                    self._date(segment)
        if self.meeting.document_kind == "other" and has_items:
            decided = any(head and head.kind == "decision" for head in self.body.heads)
            self.meeting.document_kind = "minutes" if decided else "agenda"
        if self.meeting.document_kind == "other":
            self._list()

    def _organisation(self, segment: Segment) -> None:
        m = _organisation().fullmatch(segment.text.strip()) or _organisation().match(segment.text.strip())
        if not m or (m.end() < len(segment.text.strip()) and not segment.text.strip()[m.end()] in " ,/"):
            return
        whole = m.end() == len(segment.text.strip())
        found = municipalities.of_organisation(m.group())
        if not whole and (not found or segment.text.strip()[m.end() :].strip()[:1].islower()):
            return
        start = segment.start + segment.text.index(m.group())
        name = found.organisation if found and m.group().isupper() else m.group().capitalize() if m.group().isupper() else m.group()
        if self.meeting.organisation is None:
            self._say("organisation", name, start, start + len(m.group()), "organisation")
            if found:
                self._say("municipality_code", found.code, start, start + len(m.group()), "municipality")

    def _body(self, segment: Segment) -> None:
        words = segment.text
        if handling := bodies.read_handling(words):
            words = handling.body if handling.is_name else ""
        elif m := _trailing_date().search(words):
            words = words[: m.start()]
        name = bodies.read(words)
        if name:
            start = segment.start + segment.text.index(words.strip()[:4])
            shown = name.capitalize() if name.isupper() else name
            self._say("body", shown, start, start + len(words.strip()), "body")

    def _number(self, segment: Segment) -> None:
        m = _number().fullmatch(segment.text.strip())
        if m:
            start = segment.start + segment.text.index(m["number"])
            self._say("meeting_number", regex.sub(r"\s", "", m["number"]), start, start + len(m["number"]), "number")

    def _kind(self, segment: Segment) -> None:
        for kind, words in _kinds().items():
            if m := words.search(segment.text):
                if kind == "minutes" and self.meeting.document_kind == "agenda":  # KOKOUSKUTSU / PÖYTÄKIRJA
                    self.meeting.document_kind = "other"
                    self.meeting.evidence = [e for e in self.meeting.evidence if e.field != "document_kind"]
                self._say("document_kind", kind, segment.start + m.start(), segment.start + m.end(), "kind")
                return

    def _list(self) -> None:
        for line in self.top[:6]:
            if m := _list_word().search(line.text):
                self._say("document_kind", "list", line.start + m.start(), line.start + m.end(), "list")
                return

    def _date(self, segment: Segment) -> None:
        m = _trailing_date().search(segment.text)
        found = [p for p in dates.find(segment.text[m.start() :]) if p.form == "point"] if m else []
        if m and found and found[0].start_precision == "day":
            start = segment.start + m.start() + found[0].start
            self._say("meeting_date", found[0].start_date, start, start + found[0].end - found[0].start, "date")

    # -- time and place, beside their labels

    def read_labels(self) -> None:
        """The rows ``Aika`` and ``Paikka``."""
        for at, line in enumerate(self.rows):
            head = self.body.heads[at]
            if not head or head.kind not in ("time", "place", "time_place"):
                continue
            value = self._value(at, line.start + head.rest)
            if not value.text:
                continue
            end = self._time(value) if head.kind != "place" else 0
            if head.kind != "time":
                self._place(value, end)

    def _value(self, at: int, begin: int) -> Passage:
        """What stands beside a label, with the rows below that belong to it."""
        line = self.rows[at]
        rows = [(self.text[begin : line.end], begin, line.breaks_word)]
        left = next((s.x0 for s in line.segments if s.end > begin), line.x0)
        for below in range(at + 1, min(at + 4, len(self.rows))):
            row = self.rows[below]
            beside = row.x0 >= left - 3 or not line.text[begin - line.start :].strip()
            if self.body.heads[below] or not beside or self.body.gap(below) > 0.9 or "§" in row.text:
                break
            rows.append((row.text, row.start, row.breaks_word))
        return Passage.of(rows)

    def _time(self, value: Passage) -> int:
        """Date, start and end of the meeting; the place in ``value`` behind them."""
        day = next((p for p in dates.find(value.text) if p.start_precision == "day" and p.start_date), None)
        if not day:
            return 0
        if self.meeting.meeting_start is None:  # the label's date outranks the page head's
            self.meeting.meeting_date = None
            self.meeting.evidence = [e for e in self.meeting.evidence if e.field != "meeting_date"]
        span = value.span(day.start, day.end)
        self._say("meeting_date", day.start_date, span.start, span.end, "time")
        clock = _clock().search(value.text, day.end)
        if not clock or clock.start() > day.end + 25 or self.meeting.meeting_date is None:
            return day.end
        begin = _at(self.meeting.meeting_date, clock["h1"], clock["m1"])
        self._tell_time("meeting_start", begin, value, clock, "h1", "m1")
        if begin and clock["h2"]:
            end = _at(self.meeting.meeting_date, clock["h2"], clock["m2"])
            if end and end < begin:
                end += dt.timedelta(days=1)
            self._tell_time("meeting_end", end, value, clock, "h2", "m2")
        return clock.end()

    def _tell_time(self, name: str, value: dt.datetime | None, passage: Passage, clock: regex.Match[str], hour: str, minute: str) -> None:
        if value:
            end = clock.end(minute) if clock[minute] else clock.end(hour)
            span = passage.span(clock.start(hour), end)
            self._say(name, value, span.start, span.end, "time")

    def _place(self, value: Passage, begin: int) -> None:
        words = value.text[begin:]
        lead = len(words) - len(words.lstrip(" ,;.–-"))
        place = words[lead:].rstrip(" ,;")
        if place:
            span = value.span(begin + lead, begin + lead + len(place))
            self._say("meeting_place", place, span.start, span.end, "place")

    # -- attendance

    def attendance(self) -> list[Person]:
        """The persons of the attendance list, the signatures and the checkers of the minutes."""
        found: list[tuple[str, Named]] = []
        for group in self._groups():
            found += group.read()
        return _settled(self.text, found)

    def _groups(self) -> Iterator[_Group]:
        """The lists under their headings."""
        group: _Group | None = None
        for at, line in enumerate(self.rows):
            head = self.body.heads[at]
            role_row = bool(group and group.part in ("signatory", "minutes_checker") and listing.titles(", ".join(s.text for s in line.segments)))
            if not head or role_row or (head.kind not in _GROUPS and head.kind not in _ELSEWHERE):
                if group:
                    group.add(line, line.text, line.start)
                continue
            if group:
                yield group
            group = _Group(head.kind) if head.kind in _GROUPS else None
            if group and line.text[head.rest :].strip():
                group.add(line, line.text[head.rest :], line.start + head.rest)
        if group:
            yield group


# ---------------------------------------------------------------- one list of the attendance


@dataclass(slots=True)
class _Group:
    """A list of persons under one heading."""

    kind: str
    rows: list[tuple[Line, str, int]] = field(default_factory=list)
    columns: list[tuple[float, str]] = field(default_factory=list)
    """Where the columns Läsnä and Poissa stand, if the list marks attendance with a cross."""

    @property
    def part(self) -> str:
        return _GROUPS[self.kind]

    def add(self, line: Line, text: str, offset: int) -> None:
        """A row below the heading, or beside it; the head of a table names columns, not persons."""
        pieces = [s for s in line.segments if s.end > offset]
        if all(piece.text.casefold().strip(" :") in _COLUMNS for piece in pieces):
            self.columns = [(p.x0, kind) for p in pieces if (kind := headings.kind_of(p.text.strip(" :"))) in ("present", "absent")]
        else:
            self.rows.append((line, text, offset))

    def read(self) -> list[tuple[str, Named]]:
        """Its persons, each with the part it gives them."""
        if self.part in ("signatory", "minutes_checker"):
            return self._signed()
        order = listing.order_of(text for _, text, _ in self.rows)
        found: list[tuple[str, Named]] = []
        before = ""
        for line, text, offset in self.rows:
            named = listing.read(text, offset, family_first=order, in_list=True)
            if named:
                found += [(self._part(person, line), person) for person in named]
                before = text
            elif found and before and listing.titles(text):  # a title that goes on below its row
                part, person = found[-1]
                joined = listing.read(f"{before} {text.strip()}", person.start, family_first=order, in_list=True)
                if joined:
                    found[-1] = (part, replace(person, role=joined[-1].role, acting=joined[-1].acting))
                before = ""
        return found

    def _part(self, person: Named, line: Line) -> str:
        parts = {regex.sub(r"^(?:kokouksen|\d\.) ", "", part) for part in person.parts}
        notes = " ".join(person.notes).casefold()
        if self.part == "absent" or self._crossed_absent(line) or regex.search(r"(?:^|\s)poissa$", notes):
            return "absent"
        if self.part in ("chair", "secretary", "deputy"):
            return self.part
        if parts & {"sihteeri", "pöytäkirjanpitäjä"}:
            return "secretary"
        if self.part == "other_attendee":
            return self.part
        if "puheenjohtaja" in parts:
            return "chair"
        if any(part.endswith(("varajäsen", "varavaltuutettu")) for part in parts) or regex.search(r"\bvaraj", notes):
            return "deputy"
        if self.kind == "present" and parts and not any(part.endswith(_MEMBERLY) for part in parts):
            return "other_attendee"
        return "member"

    def _crossed_absent(self, line: Line) -> bool:
        """Whether the row's cross stands in the column of those absent."""
        crosses = [s.x0 for s in line.segments if s.text.strip().casefold() in ("x", "×", "✓", "-x-")]
        if not crosses or not self.columns:
            return False
        return min(self.columns, key=lambda column: abs(column[0] - crosses[0]))[1] == "absent"

    def _signed(self) -> list[tuple[str, Named]]:
        """Signatures: names side by side, and below or above each the part in which it signs."""
        found: list[tuple[str, Named]] = []
        latest: list[int] = []
        above: list[str] = []
        for line, text, offset in self.rows:
            begin = offset - line.start
            pieces = [s for s in line.segments if s.start >= line.start + begin] or list(line.segments)
            if titles := listing.titles(", ".join(_bare_part(s.text) for s in pieces)):
                if latest and len(titles) == len(latest):
                    for index, title in zip(latest, titles, strict=True):
                        found[index] = ("signatory" if _signs(title) else found[index][0], _titled(found[index][1], title))
                    latest = []
                else:
                    above = titles
                continue
            named = listing.read(text, offset, in_list=True) if not text.rstrip().endswith(".") else []
            if not named:
                continue
            if len(above) == len(named):
                named = [_titled(person, title) for person, title in zip(named, above, strict=True)]
                above = []
            latest = list(range(len(found), len(found) + len(named)))
            found += [(self.part, person) for person in named]
        return found


_COLUMNS = frozenset("nimi klo tehtävä lisätiedot lisätieto asema rooli paikalla läsnä poissa aika osallistuja kello huom huomautukset x".split())
_MEMBERLY = ("puheenjohtaja", "jäsen", "valtuutettu", "pormestari")


def _bare_part(text: str) -> str:
    """``Puheenjohtaja §:t 76 ja 78`` → ``Puheenjohtaja``."""
    return regex.sub(r"\s*[(,]?\s*§.*$|\s+\d+\s*[-–].*$", "", text).strip(" ,")


def _signs(title: str) -> bool:
    return title.casefold().endswith(("puheenjohtaja", "sihteeri", "pöytäkirjanpitäjä"))


def _titled(person: Named, title: str) -> Named:
    role, acting = listing.role_from(title)
    return replace(person, role=person.role or role, acting=person.acting or acting)


def _settled(text: str, found: Sequence[tuple[str, Named]]) -> list[Person]:
    """One row a person and part; who is absent, in the chair or keeps the minutes is not listed as a member or attendee too."""
    names: dict[str, set[str]] = {}
    for part, person in found:
        names.setdefault(person.name, set()).add(part)
    persons: dict[tuple[str, str], Person] = {}
    for part, person in found:
        others = names[person.name]
        if (part in ("member", "deputy", "other_attendee") and others & {"absent", "chair", "secretary"}) or (
            part == "other_attendee" and others & {"member", "deputy"}
        ):
            continue
        row = person.person(text, part, f"meeting.{part}")
        known = persons.setdefault((part, person.name), row)
        known.role = known.role or row.role
    return list(persons.values())


# ---------------------------------------------------------------- words of the cover


@cache
def _organisation() -> regex.Pattern[str]:
    kinds = (
        "kaupunki|kunta|kuntayhtymä|hyvinvointialue|seurakunta|seurakuntayhtymä|hyvinvointikuntayhtymä|maakuntaliitto|liitto|"
        "koulutuskuntayhtymä|stad|kommun|samkommun|välfärdsområde|ammattiopisto|pelastuslaitos|konserni"
    )
    return regex.compile(rf"(?i)\p{{L}}[\p{{L}}-]+(?:[ ](?!§)[\p{{L}}-]+){{0,5}}?[ ](?:[\p{{L}}-]*(?:{kinds}))(?!\p{{L}})")


@cache
def _number() -> regex.Pattern[str]:
    lead = r"(?:(?:Pöytäkirja|Pöytäkirjanote|Esityslista|Kokouskutsu|Kokous|Kokousnumero|Kokousnro|Protokoll|Föredragningslista)?\s*(?:nro|n:o|no|nr)?\.?\s*:?\s*)"
    return regex.compile(rf"(?i){lead}(?P<number>\d{{1,3}}\s?/\s?(?:19|20)\d{{2}})")


@cache
def _kinds() -> dict[str, regex.Pattern[str]]:
    return {
        "extract": regex.compile(r"(?i)\b(?:pöytäkirjan?ote|ote pöytäkirjasta|protokollsutdrag)\b"),
        "minutes": regex.compile(r"(?i)\b(?:pöytäkirja|kokouspöytäkirja|protokoll)\b"),
        "agenda": regex.compile(r"(?i)\b(?:esityslista|kokouskutsu|asialista|föredragningslista|kallelse)\b"),
    }


@cache
def _list_word() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\b[\p{L}-]*(?:luettelo|lista|listaus|listaan|hankekortit|hanketaulukko)\b|^\s*[\p{L} ]{0,40}hankkeet\b")


@cache
def _trailing_date() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}\s*$")


@cache
def _clock() -> regex.Pattern[str]:
    return regex.compile(
        r"(?i)(?:\b(?:klo|kello|kl\.?)\s*(?P<h1>\d{1,2})(?:[.:](?P<m1>\d{2}))?|(?<![\d.])(?P<h1>\d{1,2})[.:](?P<m1>\d{2}))"
        r"(?:\s*[-–—]\s*(?:klo\s*)?(?P<h2>\d{1,2})(?:[.:](?P<m2>\d{2}))?(?![\d.]))?"
    )


def _at(day: dt.date, hour: str, minute: str | None) -> dt.datetime | None:
    h, m = int(hour), int(minute or 0)
    if h == 24 and m == 0:
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(h, m)) if h < 24 and m < 60 else None


# ---------------------------------------------------------------- language, several meetings

_FINNISH = frozenset("ja on että ei kunnan kaupungin sekä joka hankkeen kanssa mukaan vuoden päätös ehdotus oli tai ovat".split())
_SWEDISH = frozenset("och att det som för till med den inte är av en ett beslut förslag på har kommunen staden".split())


def language(text: str) -> Literal["fi", "sv"] | None:
    """The language of a text by its commonest words: fi, sv, or None where neither shows."""
    words = regex.findall(r"\p{Ll}+", text[:12000].lower())
    finnish, swedish = sum(w in _FINNISH for w in words), sum(w in _SWEDISH for w in words)
    if finnish == swedish:
        return None
    return "fi" if finnish > swedish else "sv"


def _several(document: Document) -> list[Finding]:
    """A finding where the page heads show more than one meeting."""
    seen: dict[str, int] = {}
    for line in document.lines:
        if line.role == "header":
            for segment in line.segments:
                if m := _number().fullmatch(segment.text.strip()):
                    seen.setdefault(regex.sub(r"\s", "", m["number"]), segment.start)
    if len(seen) < 2:
        return []
    second = list(seen.items())[1]
    message = f"The file holds several meetings ({', '.join(seen)}); the meeting's values are those of the first."
    return [Finding("warning", "several_meetings", message, second[1], second[1] + len(second[0]))]
