"""The meeting (kokous) and who took part: organisation, body, number, date, time, place, and the attendance list as persons.

All of it stands before the first item: in the page heads, beside the labels of the cover, and in lists under headings
(Saapuvilla olleet jäsenet, Muut saapuvilla olleet, Poissa …), whose rows name a person each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate, pairwise
from typing import Literal

import regex

from extract import items, listing
from extract.document import Document, Evidence, Finding, Meeting, Passage, Person, Segment
from extract.items import Body
from extract.listing import Named
from rules import bodies, dates, headings, municipalities
from rules.headings import Heading
from rules.municipalities import Municipality

_GROUPS = {
    "present": "member", "members": "member", "deputies": "deputy", "chair": "chair", "others": "other_attendee",
    "secretary": "secretary", "absent": "absent", "checkers": "minutes_checker", "signatures": "signatory",
    "presenter": "other_attendee",
}  # fmt: skip
_ELSEWHERE = frozenset({
    "time", "place", "time_place", "contents", "legality", "display", "meeting", "attachment", "material", "appeal_guide",
})  # fmt: skip
_OF_MEETING = frozenset({"minutes", "agenda", "extract"})
_TOP = 14  # rows of the first page that may name organisation, body and kind


def read(document: Document, body: Body | None = None) -> tuple[Meeting, list[Person], list[Finding]]:
    """What a document says of its meeting, the persons of its attendance list and signatures, and what to look at.

    Who has its ``body`` hands it in.
    """
    body = body or Body.of(document)
    meeting = Meeting(language=language(document.text))
    cover = _Cover(body, body.marks[0].at if body.marks else len(body.lines), meeting)
    cover.read_top(bool(body.marks))
    cover.read_labels()
    persons = cover.attendance() if body.marks or meeting.document_kind in _OF_MEETING else []
    return meeting, persons, _several(document)


# ---------------------------------------------------------------- the cover


@dataclass(slots=True)
class _Row:
    """A row of the cover: a line, or the row of a table with its cells for pieces; ``at`` is its line's index."""

    at: int
    passage: Passage
    pieces: tuple[Segment, ...]
    head: Heading | None
    begin: int = 0
    """Where what the row says begins: behind the second half of a label broken in its margin."""

    @property
    def text(self) -> str:
        return self.passage.text

    def behind(self, index: int) -> tuple[Segment, ...]:
        """The pieces behind a place in the row's text."""
        place = self.passage.place(index) if index < len(self.text) else 1 << 60
        return tuple(piece for piece in self.pieces if piece.start >= place)


def _rows(body: Body, first: int, stop: int) -> Iterator[_Row]:
    """The rows from line ``first`` to ``stop``: a table's rows are put together from its cells."""
    done: set[int] = set()
    for at, line in enumerate(body.lines[first:stop], first):
        if line.table is None:
            yield _Row(at, Passage(line.text, [0], [line.start]), line.segments, body.heads[at])
        elif line.table not in done:
            done.add(line.table)
            for cells in body.document.tables[line.table].rows():
                pieces = tuple(Segment(c.text, c.start, c.end, float(c.col), float(c.col) + 1) for c in cells if c.text.strip())
                places = list(accumulate((len(p.text) + 3 for p in pieces[:-1]), initial=0))
                passage = Passage("   ".join(p.text for p in pieces), places, [p.start for p in pieces])
                if pieces:
                    yield _Row(at, passage, pieces, headings.find(passage.text))


def _join_labels(rows: Sequence[_Row]) -> None:
    """A label broken over two rows of a narrow margin heads both: ``Muut läsnä- / olleet``, ``Pöytäkirjan / tarkastus``."""
    for n, row in enumerate(rows):
        for height in (3, 2):
            group = rows[n : n + height]
            kind = _broken_label(group) if len(group) == height else None
            if kind:
                rest = _second(row)
                row.head = Heading(kind, 0, len(row.pieces[0].text), rest, "label" if rest < len(row.text) else "line")
                for below in group[1:]:
                    below.head, below.begin = None, _second(below)
                break


def _broken_label(group: Sequence[_Row]) -> str | None:
    """The kind of a label whose words stand in the first pieces of the rows; only some of them have a second piece."""
    if group[0].head or any(row.begin or abs(row.pieces[0].x0 - group[0].pieces[0].x0) > 2 for row in group):
        return None
    if all(len(row.pieces) == 1 for row in group):
        return None
    label = Passage.of([(row.pieces[0].text, row.pieces[0].start, False) for row in group])
    kind = headings.kind_of(label.text.rstrip(" :"))
    return kind if all(not row.head or row.head.kind == kind for row in group) else None


def _second(row: _Row) -> int:
    """Where the second piece of a row stands in its text."""
    return len(row.text) if len(row.pieces) < 2 else row.text.index(row.pieces[1].text, len(row.pieces[0].text))


class _Cover:
    """The rows before the first item, read into ``meeting``."""

    def __init__(self, body: Body, stop: int, meeting: Meeting) -> None:
        self.body, self.meeting = body, meeting
        self.text = body.document.text
        self.rows = list(_rows(body, 0, stop))
        self.closing = list(_rows(body, items.closing(body), len(body.lines)))
        _join_labels(self.rows)
        first_page = body.document.pages[0].number if body.document.pages else 1
        heads = [line for line in body.document.lines if line.role == "header" and line.page_no <= first_page + 1]
        self.top = [*heads, *[line for line in body.lines[:stop] if line.page_no == first_page][:_TOP]]

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
            decided = any(head and head.kind == "decision" for head in self.body.heads)
            self.meeting.document_kind = "minutes" if decided else "agenda"
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
        name = words.capitalize() if words.isupper() else words
        if found and (words.isupper() or rule == "speaker"):
            name = found.organisation
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
            if not row.head or row.head.kind not in ("time", "place", "time_place"):
                continue
            value = self._value(n, row.head.rest)
            if not value.text:
                continue
            end = self._time(value) if row.head.kind != "place" else 0
            if row.head.kind != "time":
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
        begin = _at(self.meeting.meeting_date, clock["h1"], clock["m1"])
        self._tell_time("meeting_start", begin, value, clock.start("h1"), max(clock.end("h1"), clock.end("m1")))
        if begin and clock["h2"]:
            end = _at(self.meeting.meeting_date, clock["h2"], clock["m2"])
            if end and end < begin:
                end += dt.timedelta(days=1)
            self._tell_time("meeting_end", end, value, clock.start("h2"), max(clock.end("h2"), clock.end("m2")))
        return max(clock.end(), day.end)

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

    # -- attendance

    def attendance(self) -> list[Person]:
        """The persons of the attendance list, the signatures and the checkers of the minutes."""
        groups = [*self._groups(self.rows), *(group for group in self._groups(self.closing) if group.signs)]
        for names, titles in pairwise(self.closing):
            if titles.at == names.at + 1 and items.signed_at(self.body, names.at):
                groups.append(_Group("signatures", rows=[(names, 0), (titles, 0)]))
        return _settled(self.text, [said for group in groups for said in group.read()])

    def _groups(self, rows: Sequence[_Row]) -> Iterator[_Group]:
        """The lists under their headings."""
        group: _Group | None = None
        for row in rows:
            head = row.head
            if head and group and group.signs and head.kind in ("chair", "secretary") and _titles_of(row.pieces):
                head = None  # under a signature: the part in which someone signs
            if not head or (head.kind not in _GROUPS and head.kind not in _ELSEWHERE):
                if group:
                    group.add(row, row.begin)
                continue
            if group:
                yield group
            group = _Group(head.kind, row.text[head.start : head.end]) if head.kind in _GROUPS else None
            if group and row.text[head.rest :].strip():
                group.add(row, head.rest)
        if group:
            yield group


# ---------------------------------------------------------------- one list of the attendance


@dataclass(slots=True)
class _Group:
    """A list of persons under one heading; each row with the place where its persons begin."""

    kind: str
    heading: str = ""
    rows: list[tuple[_Row, int]] = field(default_factory=list)
    columns: list[tuple[float, str]] = field(default_factory=list)
    """Where the columns Läsnä and Poissa stand, if the list marks attendance with a cross."""

    @property
    def part(self) -> str:
        """The part that the list gives its persons, if their rows do not say otherwise."""
        return _GROUPS[self.kind]

    @property
    def signs(self) -> bool:
        """Whether the list is one of signatures."""
        return self.part in ("signatory", "minutes_checker")

    @property
    def title(self) -> str | None:
        """The part that the heading names for its one person: ``Puheenjohtaja``, ``Varapuheenjohtaja``, ``Sihteeri``."""
        label = self.heading.casefold().strip(" :")
        return label if label in ("puheenjohtaja", "varapuheenjohtaja", "sihteeri", "pöytäkirjanpitäjä", "ordförande") else None

    def add(self, row: _Row, begin: int) -> None:
        """A row below the heading, or beside it; the head of a table names columns, not persons."""
        pieces = row.behind(begin)
        if pieces and all(_is_column(piece.text) for piece in pieces):
            kinds = [(piece.x0, headings.kind_of(piece.text.strip(" :"))) for piece in pieces]
            self.columns = [(x0, kind) for x0, kind in kinds if kind in ("present", "absent")]
        else:
            self.rows.append((row, begin))

    def read(self) -> list[tuple[str, Named]]:
        """Its persons, each with the part it gives them."""
        if self.signs:
            return self._signed()
        order = listing.order_of(_uncrossed(row.text[begin:])[0] for row, begin in self.rows)
        found: list[tuple[str, Named]] = []
        before = ""
        for row, begin in self.rows:
            text, crossed_out = _uncrossed(" " * begin + row.text[begin:])
            named = listing.read(text, 0, family_first=order, in_list=True)
            if named:
                found += [("absent" if crossed_out else self._part(person, row), person.moved(row.passage)) for person in named]
                before = text
            elif found and before and listing.titles(text):  # a title that goes on below its row
                part, person = found[-1]
                joined = listing.read(f"{before} {text.strip()}", 0, family_first=order, in_list=True)
                if joined:
                    found[-1] = (part, replace(person, role=joined[-1].role, acting=joined[-1].acting))
                before = ""
        return [(part, replace(person, role=person.role or self.title)) for part, person in found]

    def _part(self, person: Named, row: _Row) -> str:
        parts = {part.removeprefix("kokouksen ") for part in person.parts}
        parts |= {_SWEDISH_PARTS[note] for note in person.notes if note in _SWEDISH_PARTS}
        notes = " ".join(person.notes).casefold()
        if self.part == "absent" or self._crossed_absent(row) or person.notes[-1:] == ("poissa",):
            return "absent"
        if self.part in ("chair", "secretary", "deputy"):
            return self.part
        if parts & {"sihteeri", "pöytäkirjanpitäjä"}:
            return "secretary"
        if self.part == "other_attendee":
            return self.part
        if "puheenjohtaja" in parts:
            return "chair"
        if any(part.endswith(("varajäsen", "varavaltuutettu")) for part in parts) or notes.startswith("varaj"):
            return "deputy"
        if self.kind == "present" and parts and not any(part.endswith(_MEMBERLY) for part in parts):
            return "other_attendee"
        return "member"

    def _crossed_absent(self, row: _Row) -> bool:
        """Whether the row's cross stands in the column of those absent."""
        crosses = [p.x0 for p in row.pieces if p.text.strip().casefold() in ("x", "×", "✓", "-x-")]
        if not crosses or not self.columns:
            return False
        return min(self.columns, key=lambda column: abs(column[0] - crosses[0]))[1] == "absent"

    def _signed(self) -> list[tuple[str, Named]]:
        """Signatures: names side by side, and below or above each the part in which it signs."""
        found: list[tuple[str, Named]] = []
        latest: list[int] = []
        above: list[str] = []
        for row, begin in self.rows:
            if titles := _titles_of(row.behind(begin) or row.pieces):
                if latest and len(titles) == len(latest):
                    for index, title in zip(latest, titles, strict=True):
                        found[index] = ("signatory" if _signs(title) else found[index][0], _titled(found[index][1], title))
                    latest = []
                else:
                    above = titles
                continue
            named = [person for person in _signing(row.text, begin) if person.confidence >= 0.5 or not row.text.isupper()]
            if not named:
                continue
            if len(above) == len(named):
                named = [_titled(person, title) for person, title in zip(named, above, strict=True)]
                above = []
            latest = list(range(len(found), len(found) + len(named)))
            found += [(self.part, person.moved(row.passage)) for person in named]
        return found


def _signing(text: str, begin: int) -> list[Named]:
    """The persons of a row of signatures; of a sentence those it elects: ``Tarkastajiksi valittiin Aino Mäki ja Eero Aho.``"""
    if text.rstrip().endswith("."):
        elected = _electing().search(text)
        if not elected:
            return []
        begin, text = elected.end(), text.rstrip(" .")
    return listing.read(" " * begin + text[begin:], 0, in_list=True)


@cache
def _cross() -> regex.Pattern[str]:
    return regex.compile(r"\s*[\[(]\s*(?P<cross>[xX×✓✗–-]?)\s*[\])]\s+(?=\p{Lu})")


def _uncrossed(text: str) -> tuple[str, bool]:
    """A row without the bracket in front that marks attendance, and whether that leaves the person out: ``( x ) Ahola Kauko``."""
    m = _cross().match(text)
    return (" " * m.end() + text[m.end() :], m["cross"] in ("", "-", "–")) if m else (text, False)


@cache
def _electing() -> regex.Pattern[str]:
    return regex.compile(r"(?:valittiin|valitaan|toimivat|ovat)\s+(?=\p{Lu})")


def _titles_of(pieces: Sequence[Segment]) -> list[str] | None:
    """The titles of a row under signatures (``Puheenjohtaja   Sihteeri``), if it holds nothing else."""
    return listing.titles(", ".join(_bare_part(piece.text) for piece in pieces))


_COLUMNS = frozenset({
    "nimi", "klo", "kello", "aika", "tehtävä", "asema", "rooli", "lisätiedot", "lisätieto", "huom", "osallistuja",
    "paikalla", "läsnä", "poissa", "x",
})  # fmt: skip
_SWEDISH_PARTS = {
    "ordförande": "puheenjohtaja", "sekreterare": "sihteeri", "protokollförare": "pöytäkirjanpitäjä", "ersättare": "varajäsen",
    "viceordförande": "varapuheenjohtaja", "vice ordförande": "varapuheenjohtaja", "ledamot": "jäsen",
}  # fmt: skip
_MEMBERLY = ("puheenjohtaja", "jäsen", "valtuutettu", "pormestari")


def _is_column(text: str) -> bool:
    return text.casefold().strip(" :") in _COLUMNS


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


_BASES = {"kaupungin": "kaupunki", "kunnan": "kunta", "kuntayhtymän": "kuntayhtymä", "hyvinvointialueen": "hyvinvointialue"}


@cache
def _owner() -> regex.Pattern[str]:
    return regex.compile(rf"(?P<name>\p{{Lu}}[\p{{L}}-]*n(?: [\p{{L}}-]+n){{0,2}}?) (?P<kind>{'|'.join(_BASES)})(?= \p{{L}})")


@cache
def _kinds() -> dict[str, regex.Pattern[str]]:
    return {
        "extract": regex.compile(r"(?i)\b(?:pöytäkirjan?ote|ote pöytäkirjasta|protokollsutdrag)\b"),
        "minutes": regex.compile(r"(?i)\b(?:pöytäkirja|kokouspöytäkirja|protokoll|p ö y t ä k i r j a)\b"),
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
        rf"(?:\b(?i:klo|kello|kl\.?)\s*(?P<h1>{d}{{1,2}})(?:[.:](?P<m1>{d}{{2}}))?|(?<![\d.])(?P<h1>\d{{1,2}})[.:](?P<m1>\d{{2}}))"
        rf"(?:\s*[-–—]\s*(?:klo\s*)?(?P<h2>{d}{{1,2}})(?:[.:](?P<m2>{d}{{2}}))?(?![\d.]))?"
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
