"""The meeting (kokous): organisation, body, kind, number, date, time and place; with it who took part (attendance.py).

All of it stands before the first item: in the page heads, in the first rows, and beside the labels of the cover.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import regex

from poytakirja.document import Document, Evidence, Finding, Segment
from poytakirja.minutes import attendance
from poytakirja.minutes.body_rows import Body
from poytakirja.minutes.cover import words as said
from poytakirja.minutes.cover.rows import Row, first_matter, rows
from poytakirja.minutes.item_numbers import body_of
from poytakirja.passage import Passage
from poytakirja.records import Meeting, Person
from poytakirja.rules.layout import frame_rows
from poytakirja.rules.organisations import bodies, municipalities
from poytakirja.rules.organisations.municipalities import Municipality
from poytakirja.rules.time import dates

_OF_MEETING = frozenset({"minutes", "agenda", "extract"})
_DATED = 10  # rows of a page or an official's decision among which the day stands
_TOP = 14  # rows of the first page that may name organisation, body and kind


def read(document: Document, body: Body | None = None) -> tuple[Meeting, list[Person], list[Finding]]:
    """What a document says of its meeting, the persons of its attendance list and signatures, and what to look at.

    Who has its ``body`` hands it in.
    """
    body = body or body_of(document)
    meeting = Meeting(language=language(document.text))
    cover = _CoverParser(body, body.marks[0].at if body.marks else first_matter(body), meeting)
    cover.read_top(bool(body.marks))
    cover.read_labels()
    cover.complete_number()
    persons = attendance.read(body, cover.rows) if body.marks or meeting.document_kind in _OF_MEETING else []
    return meeting, persons, _several(document)


# ---------------------------------------------------------------- the cover


class _CoverParser:
    """The rows before the first item, read into ``meeting``."""

    def __init__(self, body: Body, stop: int, meeting: Meeting) -> None:
        self.body, self.meeting = body, meeting
        self.text = body.document.text
        self.rows = rows(body, 0, stop)
        first_page = body.document.pages[0].number if body.document.pages else 1
        heads = [line for line in body.document.lines if line.role == "header" and line.page_no <= first_page + 1]
        first_rows = [line for line in body.lines[:stop] if line.page_no == first_page][:_TOP]
        # The pages of a text are not known: what stands in the heads of later sheets comes behind its first rows.
        self.top = [*first_rows, *heads] if body.document.flowed else [*heads, *first_rows]

    def _say(self, name: str, value: object, start: int, end: int, rule: str) -> None:
        """State a field once, where it stands first."""
        if getattr(self.meeting, name) is None or (name == "document_kind" and self.meeting.document_kind == "other"):
            setattr(self.meeting, name, value)
            self.meeting.evidence.append(Evidence(name, self.text[start:end], f"meeting.{rule}", start, end))

    def _unsay(self, name: str, value: object = None) -> None:
        setattr(self.meeting, name, value)
        self.meeting.evidence = [e for e in self.meeting.evidence if e.field != name]

    # -- organisation, body, kind, number, date

    def read_top(self, has_items: bool) -> None:
        """The page heads and first rows, segment by piece."""
        days: list[tuple[Segment, bool, bool]] = []
        for n, line in enumerate(self.top):
            pieces = line.segments or (Segment(line.text, line.start, line.end, line.x0, line.x1),)
            for piece in pieces:
                self._organisation(piece)
                self._body(piece)
                self._number(piece)
                self._kind(piece)
            near = line.role == "header" or n < 4
            if near or n < _DATED:
                named = any(bodies.read(said.undated(piece.text)) for piece in pieces)
                days += [(piece, named, near) for piece in pieces]
        self._service()
        for line in self.top[:4]:
            for piece in line.segments:
                self._owner(piece)
        if self.meeting.organisation is None:
            self._speaker()
        if self.meeting.document_kind == "other" and has_items:
            decided = next((n for n, head in enumerate(self.body.heads) if head and head.kind == "decision"), None)
            row = self.body.lines[self.body.marks[0].at if decided is None else decided]  # what shows the kind
            self._say("document_kind", "agenda" if decided is None else "minutes", row.start, row.end, "items")
        if self.meeting.body is None and has_items:
            self._official()
        self._days(days)
        if has_items:
            self._handled()
            self._date_at_item()
        if self.meeting.document_kind == "other":
            self._list()

    def _days(self, days: list[tuple[Segment, bool, bool]]) -> None:
        """The meeting's day among the pieces of the first rows, each with whether a body stands beside it and whether it is near.

        A day at the top is the meeting's where the file is of a meeting or an official's decision, or a body stands beside it.
        """
        for piece, named, near in days:
            of_meeting = near and (named or self.meeting.document_kind in _OF_MEETING)
            if of_meeting or self.meeting.document_kind == "decision" or said.page_date().match(piece.text):
                self._date(piece)

    def _organisation(self, piece: Segment) -> None:
        if self.meeting.organisation is not None:
            return
        words = piece.text.strip()
        m = said.organisation().match(words)
        if not m:
            return
        found = municipalities.of_organisation(m.group())
        rest = words[m.end() :].strip(" ,/")
        if rest and (not found or rest[0].islower() or words[m.end()] not in " ,/"):
            return
        start = piece.start + piece.text.index(m.group())
        self._name_organisation(m.group(), found, start, "organisation")

    def _owner(self, piece: Segment) -> None:
        """An organisation in the name of its body or its list: ``Ahvenniemen kunnan vanhusneuvosto``."""
        words = piece.text.strip()
        m = said.owner().match(words)
        patterns = [said.list_word(), *said.kinds().values()]
        named = m and (bodies.read(words) or any(pattern.search(words, m.end()) for pattern in patterns))
        if m and named and len(words) <= 80 and self.meeting.organisation is None:
            start = piece.start + piece.text.index(m.group())
            base = f"{m['name']} {said.BASES[m['kind'].lower()]}"
            self._say("organisation", base, start, start + len(m.group()), "organisation.genitive")
            if found := municipalities.of_organisation(base):
                self._say("municipality_code", found.code, start, start + len(m.group()), "municipality")

    def _name_organisation(self, words: str, found: Municipality | None, start: int, rule: str) -> None:
        name = words
        if found and (words.isupper() or rule == "speaker"):
            swedish = found.swedish if words.casefold().endswith(("stad", "kommun")) else None
            name = f"{swedish} {words.rpartition(' ')[2].lower()}" if swedish else found.organisation
        elif words.isupper():
            first, *rest = words.lower().split()
            name = " ".join([regex.sub(r"(?:^|-)\p{L}", lambda m: m.group().upper(), first), *rest])
        self._say("organisation", name, start, start + len(words), rule)
        if found:
            self._say("municipality_code", found.code, start, start + len(words), "municipality")

    def _speaker(self) -> None:
        """A text that speaks of its municipality's own divisions: ``Kemin kaupungin perusturvan toimialalla on …``."""
        for line in self.body.lines[:40]:
            m = said.speaker().match(line.text)
            if m and (found := municipalities.by_name(m["name"])) and found.kind[:4] == m["kind"][:4]:
                self._name_organisation(m["whose"], found, line.start + m.start("whose"), "speaker")
                return

    def _body(self, piece: Segment) -> None:
        if self.meeting.body is None and (m := said.whose_minutes().match(piece.text)):  # Yhtymähallituksen pöytäkirja 10/2018
            name = bodies.read(f"{m['body']} kokous")
            if name:
                self._say("body", name, piece.start + m.start("body"), piece.start + m.end("body"), "body.genitive")
                if m["number"]:
                    number = (piece.start + m.start("number"), piece.start + m.end("number"))
                    self._say("meeting_number", "".join(m["number"].split()), *number, "number")
                return
        handling = bodies.read_handling(piece.text)
        words = (handling.body if handling.is_name else "") if handling else said.undated(piece.text)
        for part in [words, *said.bilingual().split(words)]:
            if (name := bodies.read(part)) and name != self.meeting.organisation:
                start = piece.start + piece.text.index(part.strip())
                shown = name.capitalize() if name.isupper() else name
                self._say("body", shown, start, start + len(part.strip()), "body")
                return

    def _service(self) -> None:
        """The organisation in the name of the service that shows the minutes: ``Dynasty tietopalvelu Haku RSS Kaislan kunta``."""
        for line in self.body.frames[:3]:
            place = frame_rows.service_of(line.text)
            if place and self.meeting.organisation is None:
                name = line.text[slice(*place)]
                self._name_organisation(name, municipalities.of_organisation(name), line.start + place[0], "organisation.service")

    def _official(self) -> None:
        """Whose decision it is, where an official alone decides: ``Kehittämisjohtaja``, ``rehtori, kampus 5``."""
        at = self.body.marks[0].at
        for line in [*self.top, *self.body.lines[at : at + 1]]:
            for piece in line.segments:
                words = piece.text.strip()
                if said.is_official(words):
                    start = piece.start + piece.text.index(words)
                    self._unsay("document_kind", "other")
                    self._say("document_kind", "decision", start, start + len(words), "official")
                    self._say("body", words[:1].upper() + words[1:], start, start + len(words), "official")
                    return

    def _number(self, piece: Segment) -> None:
        if number := bodies.read_meeting_number(piece.text):
            self._unsay_bare_number()
            self._say("meeting_number", number.value, piece.start + number.start, piece.start + number.end, "number")
        elif m := said.bare_number().fullmatch(piece.text):
            start = piece.start + m.start("number")
            self._say("meeting_number", m["number"], start, start + len(m["number"]), "number.bare")

    def _unsay_bare_number(self) -> None:
        if self.meeting.meeting_number and "/" not in self.meeting.meeting_number:
            self._unsay("meeting_number")

    def complete_number(self) -> None:
        """``Nro 6`` of a meeting held in 2007 is meeting 6/2007."""
        number, date = self.meeting.meeting_number, self.meeting.meeting_date
        if number and "/" not in number and date:
            self.meeting.meeting_number = f"{number}/{date.year}"

    def _kind(self, piece: Segment) -> None:
        for kind, words in said.kinds().items():
            if m := words.search(piece.text):
                if kind == "minutes" and self.meeting.document_kind == "agenda":  # KOKOUSKUTSU / PÖYTÄKIRJA
                    self._unsay("document_kind", "other")
                self._say("document_kind", kind, piece.start + m.start(), piece.start + m.end(), "kind")
                return

    def _list(self) -> None:
        for line in self.top[:6]:
            if m := said.list_word().search(line.text):
                self._say("document_kind", "list", line.start + m.start(), line.start + m.end(), "list")
                return

    def _date(self, piece: Segment) -> None:
        m = said.page_date().match(piece.text) or said.trailing_date().search(piece.text)
        if m and "day" in m.re.groupindex:  # Pöytäkirja 12.6.2023/Pykälä 164
            day = next((p for p in dates.find(m["day"]) if p.start_precision == "day"), None)
            if day:
                self._say("meeting_date", day.start_date, piece.start + m.start("day"), piece.start + m.end("day"), "date")
            return
        found = [p for p in dates.find(piece.text[m.start() :]) if p.form == "point"] if m else []
        if m and found and found[0].start_precision == "day":
            start = piece.start + m.start() + found[0].start
            self._say("meeting_date", found[0].start_date, start, start + found[0].end - found[0].start, "date")

    def _handled(self) -> None:
        """Body and day in the head of the one item's handling, where no cover names them: ``Kunnanhallitus 20.3.2017 § 10``."""
        mark = self.body.marks[0]
        handling = self.body.handlings[mark.at]
        if len(self.body.marks) > 1 or not handling or not handling.is_name or (self.rows[:1] and self.meeting.body):
            return
        line = self.body.lines[mark.at]
        self._body(Segment(line.text, line.start, line.end, line.x0, line.x1))
        if handling.date and (day := next((p for p in dates.find(line.text) if p.start_precision == "day"), None)):
            self._say("meeting_date", handling.date, line.start + day.start, line.start + day.end, "date")

    def _date_at_item(self) -> None:
        """The day beside or right below the one item's number: of a page with one item, of an official's decision."""
        first = self.body.marks[0].at
        for line in self.body.lines[first : first + 3] if self.meeting.meeting_date is None else ():
            for piece in line.segments:
                alone = self.meeting.document_kind == "decision" and said.trailing_date().fullmatch(piece.text)
                if alone or said.page_date().match(piece.text):
                    self._date(piece)

    # -- time and place, beside their labels

    def read_labels(self) -> None:
        """The rows ``Aika`` and ``Paikka``."""
        displayed = False
        for n, row in enumerate(self.rows):
            if row.head:  # when and where the minutes are on display is neither the meeting's time nor its place
                displayed = row.head.kind == "display" or (displayed and row.head.kind in ("time", "place", "time_place"))
            if not row.head or displayed or self._figure(row):
                continue
            if row.head.kind not in ("time", "place", "time_place", "meeting"):
                continue
            if row.head.kind == "meeting" and row.head.form != "label":  # Kokoustiedot over the rows of the cover
                continue
            value = self._value(n, row.head.rest)
            if not value.text:
                continue
            end = self._time(value) if row.head.kind != "place" else 0
            if row.head.kind in ("place", "time_place") or (row.head.kind == "meeting" and end):
                self._place(value, end, row.text[row.head.start : row.head.end])

    def _figure(self, row: Row) -> bool:
        """A row of its own for the meeting's number, its day, its beginning or its end; whether it is one."""
        head = row.head
        if head is None or head.kind not in ("number", "day", "begin", "end"):
            return False
        value, offset = row.text[head.rest :], head.rest
        span = row.passage.span
        if head.kind == "number" and (m := said.number().search(value)):
            self._unsay_bare_number()
            place = span(offset + m.start(), offset + m.end())
            self._say("meeting_number", "".join(m.group().split()), place.start, place.end, "number")
        elif head.kind == "day" and (day := next((p for p in dates.find(value) if p.start_precision == "day"), None)):
            place = span(offset + day.start, offset + day.end)
            self._unsay("meeting_date")
            self._say("meeting_date", day.start_date, place.start, place.end, "time")
        elif (m := said.hour().search(value)) and self.meeting.meeting_date:
            place = span(offset + m.start("h"), offset + max(m.end("h"), m.end("m")))
            time = said.at(self.meeting.meeting_date, m["h"], m["m"])
            self._say("meeting_start" if head.kind == "begin" else "meeting_end", time, place.start, place.end, "time")
        return True

    def _value(self, n: int, begin: int) -> Passage:
        """What stands beside a label, with the rows below that belong to it."""
        row = self.rows[n]
        beside = row.behind(begin) if begin < len(row.text) else ()
        rows = [(p.text, p.start, False) for p in beside] if beside else []
        if not rows and begin < len(row.text):
            rows = [(row.text[begin:], row.passage.place(begin), False)]
        left = beside[0].x0 if beside else 0.0
        for below in self.rows[n + 1 : n + 4]:
            if below.head or below.begin or below.at == row.at or (rows and below.pieces[0].x0 < left - 3) or "§" in below.text:
                break
            new_style = self.body.stands_out(self.body.lines[below.at]) and not self.body.stands_out(self.body.lines[row.at])
            if rows and (new_style or self.body.gap(below.at) > 0.9):
                break
            rows.append((below.text, below.passage.place(0), False))
        return Passage.of(rows)

    def _time(self, value: Passage) -> int:
        """Date, start and end of the meeting; the place in ``value`` behind them."""
        day = next((p for p in dates.find(value.text) if p.start_precision == "day" and p.start_date), None)
        if not day and self.body.document.reader in ("text", "ocr"):
            day = next((p for p in dates.find(said.cleared(value.text)) if p.start_precision == "day" and p.start_date), None)
        if not day:
            return 0
        if self.meeting.meeting_start is None:  # the label's date outranks the page head's
            self._unsay("meeting_date")
        span = value.span(day.start, day.end)
        self._say("meeting_date", day.start_date, span.start, span.end, "time")
        clock = said.clock().search(value.text, day.end)
        if not clock or clock.start() > day.end + 25:
            clock = said.clock().search(value.text, 0, day.start)
        if not clock or self.meeting.meeting_date is None:
            return day.end
        at = clock.end()
        begin = said.at(self.meeting.meeting_date, clock["h1"], clock["m1"])
        self._tell_time("meeting_start", begin, value, clock.start("h1"), max(clock.end("h1"), clock.end("m1")))
        last = clock if clock["h2"] else said.ended().search(value.text, at)
        if begin and last:
            end = said.at(self.meeting.meeting_date, last["h2"], last["m2"])
            if end and end < begin:
                end += dt.timedelta(days=1)
            self._tell_time("meeting_end", end, value, last.start("h2"), max(last.end("h2"), last.end("m2")))
            at = last.end()
        return max(at, day.end)

    def _tell_time(self, name: str, value: dt.datetime | None, passage: Passage, start: int, end: int) -> None:
        if value:
            span = passage.span(start, end)
            self._say(name, value, span.start, span.end, "time")

    def _place(self, value: Passage, begin: int, label: str = "") -> None:
        words = value.text[begin:]
        if said.bilingual().search(label):  # Paikka – Plats
            words = said.bilingual().split(words)[0]
        lead = len(words) - len(words.lstrip(" ,;.–-"))
        place = words[lead:].rstrip(" ,;")
        if place:
            span = value.span(begin + lead, begin + lead + len(place))
            self._say("meeting_place", place, span.start, span.end, "place")


# ---------------------------------------------------------------- language, several meetings

_FINNISH = frozenset({"ja", "on", "että", "ei", "sekä", "joka", "kanssa", "mukaan", "vuoden", "oli", "tai", "ovat", "päätös"})
_SWEDISH = frozenset({"och", "att", "det", "som", "för", "till", "med", "den", "inte", "är", "av", "ett", "på", "har", "beslut"})


def language(text: str) -> Literal["fi", "sv"] | None:
    """The language of a text by its commonest words: fi, sv, or None where neither shows."""
    words = text[:8000].lower().split()
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
                if number := bodies.read_meeting_number(segment.text):
                    seen.setdefault(number.value, segment.start + number.start)
    if len(seen) < 2:
        return []
    second = list(seen.items())[1]
    message = f"The file holds several meetings ({', '.join(seen)}); the meeting's values are those of the first."
    return [Finding("warning", "several_meetings", message, second[1], second[1] + len(second[0]))]
