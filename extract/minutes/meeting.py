"""The meeting (kokous): organisation, body, kind, number, date, time and place; with it who took part (attendance.py).

All of it stands before the first item: in the page heads, in the first rows, and beside the labels of the cover.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Literal

import regex

from poytakirja.document import Document, Evidence, Finding, Segment
from poytakirja.minutes import attendance
from poytakirja.minutes.body_rows import Body
from poytakirja.minutes.cover import first_matter, rows
from poytakirja.minutes.item_numbers import body_of
from poytakirja.passage import Passage
from poytakirja.records import Meeting, Person
from poytakirja.rules.organisations import bodies, municipalities
from poytakirja.rules.organisations.municipalities import Municipality
from poytakirja.rules.time import dates

_OF_MEETING = frozenset({"minutes", "agenda", "extract"})
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
        days: list[tuple[Segment, bool]] = []
        for line in self.top:
            pieces = line.segments or (Segment(line.text, line.start, line.end, line.x0, line.x1),)
            for piece in pieces:
                self._organisation(piece)
                self._body(piece)
                self._number(piece)
                self._kind(piece)
            if line.role == "header" or line in self.top[:4]:
                named = any(bodies.read(_undated(piece.text)) for piece in pieces)
                days += [(piece, named) for piece in pieces]
        for line in self.top[:4]:
            for piece in line.segments:
                self._owner(piece)
        if self.meeting.organisation is None:
            self._speaker()
        if self.meeting.document_kind == "other" and has_items:
            decided = next((n for n, head in enumerate(self.body.heads) if head and head.kind == "decision"), None)
            row = self.body.lines[self.body.marks[0].at if decided is None else decided]  # what shows the kind
            self._say("document_kind", "agenda" if decided is None else "minutes", row.start, row.end, "items")
        for piece, named in days:  # a date at the top is the meeting's where the file is of a meeting, or a body stands beside it
            if named or self.meeting.document_kind in _OF_MEETING:
                self._date(piece)
        if self.meeting.document_kind == "other":
            self._list()

    def _organisation(self, piece: Segment) -> None:
        if self.meeting.organisation is not None:
            return
        words = piece.text.strip()
        m = _organisation().match(words)
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
        m = _owner().match(words)
        patterns = [_list_word(), *_kinds().values()]
        named = m and (bodies.read(words) or any(pattern.search(words, m.end()) for pattern in patterns))
        if m and named and len(words) <= 80 and self.meeting.organisation is None:
            start = piece.start + piece.text.index(m.group())
            base = f"{m['name']} {_BASES[m['kind'].lower()]}"
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
            m = _speaker().match(line.text)
            if m and (found := municipalities.by_name(m["name"])) and found.kind[:4] == m["kind"][:4]:
                self._name_organisation(m["whose"], found, line.start + m.start("whose"), "speaker")
                return

    def _body(self, piece: Segment) -> None:
        handling = bodies.read_handling(piece.text)
        words = (handling.body if handling.is_name else "") if handling else _undated(piece.text)
        for part in [words, *_bilingual().split(words)]:
            if (name := bodies.read(part)) and name != self.meeting.organisation:
                start = piece.start + piece.text.index(part.strip())
                shown = name.capitalize() if name.isupper() else name
                self._say("body", shown, start, start + len(part.strip()), "body")
                return

    def _number(self, piece: Segment) -> None:
        if number := bodies.read_meeting_number(piece.text):
            self._unsay_bare_number()
            self._say("meeting_number", number.value, piece.start + number.start, piece.start + number.end, "number")
        elif m := _bare_number().fullmatch(piece.text):
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
        for kind, words in _kinds().items():
            if m := words.search(piece.text):
                if kind == "minutes" and self.meeting.document_kind == "agenda":  # KOKOUSKUTSU / PÖYTÄKIRJA
                    self._unsay("document_kind", "other")
                self._say("document_kind", kind, piece.start + m.start(), piece.start + m.end(), "kind")
                return

    def _list(self) -> None:
        for line in self.top[:6]:
            if m := _list_word().search(line.text):
                self._say("document_kind", "list", line.start + m.start(), line.start + m.end(), "list")
                return

    def _date(self, piece: Segment) -> None:
        m = _trailing_date().search(piece.text)
        found = [p for p in dates.find(piece.text[m.start() :]) if p.form == "point"] if m else []
        if m and found and found[0].start_precision == "day":
            start = piece.start + m.start() + found[0].start
            self._say("meeting_date", found[0].start_date, start, start + found[0].end - found[0].start, "date")

    # -- time and place, beside their labels

    def read_labels(self) -> None:
        """The rows ``Aika`` and ``Paikka``."""
        for n, row in enumerate(self.rows):
            if not row.head or row.head.kind not in ("time", "place", "time_place", "meeting"):
                continue
            if row.head.kind == "meeting" and row.head.form != "label":  # Kokoustiedot over the rows of the cover
                continue
            value = self._value(n, row.head.rest)
            if not value.text:
                continue
            end = self._time(value) if row.head.kind != "place" else 0
            if row.head.kind in ("place", "time_place") or (row.head.kind == "meeting" and end):
                self._place(value, end)

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
        if not day:
            return 0
        if self.meeting.meeting_start is None:  # the label's date outranks the page head's
            self._unsay("meeting_date")
        span = value.span(day.start, day.end)
        self._say("meeting_date", day.start_date, span.start, span.end, "time")
        clock = _clock().search(value.text, day.end)
        if not clock or clock.start() > day.end + 25:
            clock = _clock().search(value.text, 0, day.start)
        if not clock or self.meeting.meeting_date is None:
            return day.end
        at = clock.end()
        begin = _at(self.meeting.meeting_date, clock["h1"], clock["m1"])
        self._tell_time("meeting_start", begin, value, clock.start("h1"), max(clock.end("h1"), clock.end("m1")))
        last = clock if clock["h2"] else _ended().search(value.text, at)
        if begin and last:
            end = _at(self.meeting.meeting_date, last["h2"], last["m2"])
            if end and end < begin:
                end += dt.timedelta(days=1)
            self._tell_time("meeting_end", end, value, last.start("h2"), max(last.end("h2"), last.end("m2")))
            at = last.end()
        return max(at, day.end)

    def _tell_time(self, name: str, value: dt.datetime | None, passage: Passage, start: int, end: int) -> None:
        if value:
            span = passage.span(start, end)
            self._say(name, value, span.start, span.end, "time")

    def _place(self, value: Passage, begin: int) -> None:
        words = value.text[begin:]
        lead = len(words) - len(words.lstrip(" ,;.–-"))
        place = words[lead:].rstrip(" ,;")
        if place:
            span = value.span(begin + lead, begin + lead + len(place))
            self._say("meeting_place", place, span.start, span.end, "place")


# ---------------------------------------------------------------- words of the cover


@cache
def _organisation() -> regex.Pattern[str]:
    kinds = (
        "kaupunki|kunta|kuntayhtymä|hyvinvointialue|seurakunta|seurakuntayhtymä|hyvinvointikuntayhtymä|maakuntaliitto|liitto|"
        "koulutuskuntayhtymä|stad|kommun|samkommun|välfärdsområde|ammattiopisto|pelastuslaitos|konserni"
    )
    return regex.compile(rf"(?i)\p{{L}}[\p{{L}}-]+(?:[ ](?!§)[\p{{L}}-]+){{0,5}}?[ ](?:[\p{{L}}-]*(?:{kinds}))(?!\p{{L}})")


_BASES = {"kaupungin": "kaupunki", "kunnan": "kunta", "kuntayhtymän": "kuntayhtymä", "hyvinvointialueen": "hyvinvointialue"}


@cache
def _owner() -> regex.Pattern[str]:
    return regex.compile(rf"(?P<name>\p{{Lu}}[\p{{L}}-]*n(?: [\p{{L}}-]+n){{0,2}}?) (?P<kind>{'|'.join(_BASES)})(?= \p{{L}})")


@cache
def _kinds() -> dict[str, regex.Pattern[str]]:
    return {
        "extract": regex.compile(r"(?i)\b(?:pöytäkirjan?ote|ote pöytäkirjasta|protokollsutdrag)\b"),
        "minutes": regex.compile(
            r"(?i)\b(?:(?:kokous)?pöytäkirja|kokousmuistio|muistio(?=\s+(?:nro\s+)?\d)|"
            r"(?:sammanträdes)?protokoll|p ö y t ä k i r j a)\b"
        ),
        "agenda": regex.compile(r"(?i)\b(?:esityslista|kokouskutsu|asialista|föredragningslista|kallelse)\b"),
    }


@cache
def _bilingual() -> regex.Pattern[str]:
    """Between the two names of a bilingual body: ``Kommunstyrelsen – Kunnanhallitus``."""
    return regex.compile(r"\s[–/|-]\s")


@cache
def _bare_number() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\s*(?:nro|n:o)\.? ?(?P<number>\d{1,3})\s*")


@cache
def _list_word() -> regex.Pattern[str]:
    word = r"\b[\p{L}-]*(?:luettelo|lista|listaus|listaan|hankekortit|hanketaulukko)\b"
    return regex.compile(rf"(?i){word}|\bhankkeet(?=\s*(?:$|\d|[(,–-]))")


@cache
def _trailing_date() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}\s*$")


def _undated(text: str) -> str:
    m = _trailing_date().search(text)
    return text[: m.start()] if m else text


@cache
def _speaker() -> regex.Pattern[str]:
    whose = r"(?P<whose>(?P<name>\p{Lu}[\p{L}-]+) (?P<kind>kaupungin|kunnan))"
    own = "toimial|palvelu|virasto|hallin|organisaatio|konserni|hankkei|hankeluettelo|hankekatsau"
    return regex.compile(rf"\s*{whose} (?:[\p{{L}}-]+ ){{0,4}}?[\p{{L}}-]*(?:{own})")


@cache
def _clock() -> regex.Pattern[str]:
    d = "[0-9OolI]"  # text recognition's digits
    return regex.compile(
        rf"(?:\b(?i:klo|kello|klockan|kl\.?(?:\s?/\s?klo)?)\s*(?P<h1>{d}{{1,2}})(?:[.:](?P<m1>{d}{{2}}))?|(?<![\d.])(?P<h1>\d{{1,2}})[.:](?P<m1>\d{{2}}))"
        rf"(?:\s*[-–—]\s*(?:klo\s*)?(?P<h2>{d}{{1,2}})(?:[.:](?P<m2>{d}{{2}}))?(?![\d.]))?"
    )


@cache
def _ended() -> regex.Pattern[str]:
    """The end of the meeting in words of its own: ``kokous päättyi klo 17.15``, ``Päättyi klo 17.15``."""
    return regex.compile(
        r"(?i)\b(?:päättyi|päätettiin|päättyminen|päättynyt|avslutades|slutade)\s?:?\s*(?:(?:klo|kello|klockan|kl\.?)\s*)?"
        r"(?P<h2>\d{1,2})(?:[.:](?P<m2>\d{2}))?(?![\d.:]*\d)"
    )


_CLEAR = str.maketrans("OolI", "0011")


def _at(day: dt.date, hour: str, minute: str | None) -> dt.datetime | None:
    try:
        h, m = (int((part or "0").translate(_CLEAR)) for part in (hour, minute))
    except ValueError:
        return None
    if h == 24 and m == 0:
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(h, m)) if h < 24 and m < 60 else None


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
