"""The attendance list (osallistujat) of minutes as persons, each with the part the list gives them, and with them who signs.

Lists stand under headings (Saapuvilla olleet jäsenet, Muut saapuvilla olleet, Poissa …); their rows name a person each, or
several side by side. What a row notes of arriving and leaving is neither a name nor a role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import regex

from poytakirja.document import Segment
from poytakirja.minutes import attendance_marks as marks
from poytakirja.minutes import item_bounds as bounds
from poytakirja.minutes import person_rows as listing
from poytakirja.minutes import signatures
from poytakirja.minutes.body_rows import Body
from poytakirja.minutes.cover.rows import PARTS, Row, rows, uncrossed
from poytakirja.minutes.person_rows import ListedPerson
from poytakirja.passage import Passage
from poytakirja.records import Person
from poytakirja.rules.layout import headings
from poytakirja.rules.layout.headings import Heading

_SAME = 2.0
"""Letters or points by which the places of one column may differ."""
_NEAR = 6.0
"""Letters or points by which the name may stand before the head of its column."""
_ELSEWHERE = frozenset({
    "time", "place", "time_place", "contents", "legality", "display", "meeting", "attachment", "material", "appeal_guide",
})  # fmt: skip


def read(body: Body, cover: Sequence[Row]) -> list[Person]:
    """The persons of the attendance list, the signatures and the checkers; ``cover`` are the rows before the items."""
    end = bounds.signed_from(body)
    behind = bounds.end_of(body, body.marks[-1], len(body.lines)) if body.marks else end
    closing = rows(body, behind, len(body.lines))
    groups = [*_groups(cover), *(group for group in _groups(closing) if group.signs)]
    if all(group.kind == "presenter" or group.signs for group in groups):
        groups = [group for group in groups if group.signs]  # a presenter alone is an item's, not one of those present
    usual = listing.order_of(text for group in groups if not group.signs for text in group.texts())
    crossed = any(group.crosses() for group in groups)
    found = [said for group in groups for said in group.read(usual, crossed)]
    keepers = _keepers(found)
    found += signatures.below_items(body, closing, end)
    if not any(part == "minutes_checker" for part, _ in found):
        found += signatures.elected(body)
    return _settled(body.document.text, found, keepers)


# ---------------------------------------------------------------- lists under their headings


def _groups(found: Sequence[Row]) -> Iterator[_Group]:
    """The lists under their headings."""
    group: _Group | None = None
    for row in found:
        head = row.head
        if group and group.signs and signatures.checked().match(row.text):
            yield group
            group = _Group("checkers")
            continue
        if head and group and group.signs and head.kind in ("chair", "secretary"):  # the part in which someone signs
            if signatures.titles_of(row.pieces):
                head = None
            elif group.kind == "signatures" and row.text[head.rest :].strip():
                group.add(row, head.rest)
                continue
        heads_table = not head and _is_table_head(row) and not (group and not group.rows)
        if not heads_table and (not head or (head.kind not in PARTS and head.kind not in _ELSEWHERE)):
            if group and not group.closed:
                group.add(row, row.begin)
            continue
        if group:
            yield group
        group = _Group.under(head, row, group.columns if group else [])
    if group:
        yield group


@cache
def _nobody() -> regex.Pattern[str]:
    """What stands beside a heading under which there is nobody: ``Poissa   –``."""
    return regex.compile(r"\s*(?:[-–—]+|ei ketään|ei kukaan|ingen|inga)\.?\s*", regex.IGNORECASE)


def _is_table_head(row: Row) -> bool:
    """``Nimi   Läsnä   Poissa``: the head of a list of persons without a heading."""
    words = [piece.text.casefold().strip(" :.") for piece in row.pieces]
    return len(words) > 1 and words[0] == "nimi" and all(map(_is_column, words)) and not {"läsnä", "poissa"}.isdisjoint(words)


# ---------------------------------------------------------------- one list of the attendance


@dataclass(slots=True)
class _Group:
    """A list of persons under one heading; each row with the place where its persons begin."""

    kind: str
    heading: str = ""
    rows: list[tuple[Row, int]] = field(default_factory=list)
    columns: list[tuple[float, str]] = field(default_factory=list)
    """Where the columns Läsnä and Poissa stand, if the list marks attendance with a cross."""
    closed: bool = False
    """Whether it is said that there is nobody: then what stands below is no part of it."""
    deputies: float | None = None
    """Where the column of the personal deputies stands beside that of the members."""

    @classmethod
    def under(cls, head: Heading | None, row: Row, columns: list[tuple[float, str]]) -> _Group | None:
        """The list under a heading, with what stands beside it; under the head of a table where there is no heading.

        ``columns`` are those of the list above: the head of a table is said once.
        """
        if head is None:
            group = cls("present")
            group.add(row, 0)
            return group
        if head.kind not in PARTS:
            return None
        group = cls(head.kind, row.text[head.start : head.end], columns=columns)
        if _heads_pairs(row.pieces):
            group.deputies = row.pieces[1].x0
        elif _nobody().fullmatch(row.text, head.rest):
            group.closed = True
        elif row.text[head.rest :].strip():
            group.add(row, head.rest)
        return group

    @property
    def part(self) -> str:
        """The part that the list gives its persons, if their rows do not say otherwise."""
        return PARTS[self.kind]

    @property
    def signs(self) -> bool:
        """Whether the list is one of signatures."""
        return self.part in ("signatory", "minutes_checker")

    @property
    def title(self) -> str | None:
        """The part that the heading names for its one person: ``Puheenjohtaja``, ``Varapuheenjohtaja``, ``Sihteeri``."""
        label = self.heading.casefold().partition("/")[0].strip(" :")
        return label if label.endswith(_TITLED) else None

    def add(self, row: Row, begin: int) -> None:
        """A row below the heading, or beside it; the head of a table names columns, not persons."""
        pieces = row.behind(begin)
        if len(pieces) == 1 and all(_is_column(word) for word in row.text[begin:].split()):
            return
        if pieces and all(_is_column(piece.text) for piece in pieces):
            kinds = [(piece.x0, headings.kind_of(piece.text.strip(" :"))) for piece in pieces]
            self.columns = [(x0, kind) for x0, kind in kinds if kind in ("present", "absent")]
        elif _heads_pairs(pieces):
            self.deputies = pieces[1].x0
        else:
            self.rows.append((row, begin))

    def texts(self) -> Iterator[str]:
        """What its rows say."""
        return (uncrossed(row.text[begin:])[0] for row, begin in self.rows)

    def crosses(self) -> bool:
        """Whether crosses stand before names of the list, as they mark those present."""
        return self.deputies is None and any(
            m["mark"] in "xX×" for row, begin in self.rows for m in marks.crossings().finditer(row.text, begin)
        )

    def read(self, usual: bool | None, crossed: bool) -> list[tuple[str, ListedPerson]]:
        """Its persons, each with the part it gives them; ``usual`` is whether the lists of the file name the family first.

        A list that agrees on it settles it for its names; in a mixed or short one each name speaks for itself.
        """
        if self.signs:
            return signatures.read(self.part, self.rows)
        self.rows = _paragraphs(self.rows)
        agreed = listing.order_of(self.texts())
        found: list[tuple[str, ListedPerson]] = []
        before = ""
        columns = self._name_columns()
        parts = list(self._parts(columns, crossed))
        marked = any(marks.mark(text) == "x" or cross for _, text, cross in parts)
        deputies = sum(bool(marks.vice().search(text)) for _, text, _ in parts)
        for row, text, cross in parts:
            orders = (listing.sure_order(text), agreed, listing.own_order(text), usual)
            order = next((told for told in orders if told is not None), None)
            named = listing.read(text, 0, family_first=order, in_list=True) or _shaped(row, text, order, columns)
            titled = listing.read_titles_first(text, 0)
            named = titled if len(titled) > len(named) else named
            if deputies > 1 and marks.vice().search(text):
                named = [replace(person, parts=(*person.parts, "varajäsen")) for person in named]
            if named:
                kept = [
                    (self._marked(self._part(person, row), person, row, text, cross if marked else None), person)
                    for person in named
                ]
                found += [(part, person.moved(row.passage)) for part, person in kept if part]
                before = text
            elif found and before and text.strip().casefold().startswith(marks.DEPUTIES) and found[-1][0] == "member":
                found[-1] = ("deputy", found[-1][1])  # henk.koht. / varajäsen
            elif found and before and listing.titles(text):  # a title that goes on below its row
                part, person = found[-1]
                glue = ", " if text.strip().casefold().startswith(_PARTS_ALONE) else " "  # a part, or a title that goes on
                joined = listing.read(f"{before}{glue}{text.strip()}", 0, family_first=order, in_list=True)
                if len(joined) == 1:
                    part = self._part(joined[0], row) if part == "member" else part
                    found[-1] = (part, replace(person, role=joined[0].role, acting=joined[0].acting))
                before = ""
        return [(part, replace(person, role=listing.role_beside_part(person.role) or self.title)) for part, person in found]

    def _marked(self, part: str, person: ListedPerson, row: Row, text: str, cross: str | None) -> str | None:
        """The part of a person in a list that marks those present; None for a deputy who was not called in."""
        if cross is None:
            return "absent" if marks.absent().search(row.text[: person.end + marks.NOTE], person.end) else part
        mark = cross or marks.mark(text)
        lead = len(text) - len(text.lstrip())
        first = next(piece for piece in row.pieces if row.place_of(piece) + len(piece.text) > lead)
        if self.deputies is not None and first.x0 > self.deputies - _NEAR:
            return "deputy" if mark == "x" else None
        column = any(kind == "present" for _, kind in self.columns)
        return "absent" if mark == "-" or (mark is None and (column or self.deputies is not None)) else part

    def _parts(self, columns: Sequence[float], crossed: bool) -> Iterator[tuple[Row, str, str]]:
        """Each row, or each of the persons that it names side by side, blanks before it; and the mark in brackets before it."""
        for row, begin in self.rows:
            text = " " * begin + row.text[begin:]
            crosses = [*marks.crossings().finditer(row.text, begin)] if crossed and self.deputies is None else []
            if crosses:  # x Aino Mäki, pj.   - Eero Aho
                for m, stop in zip(crosses, [*(m.start() for m in crosses[1:]), len(text)], strict=True):
                    yield row, " " * m.end() + text[m.end() : stop], "x" if m["mark"] in "xX×" else "-"
                continue
            for start, stop in pairwise([begin, *self._starts(row, begin, columns)[1:], len(text)]):
                told, cross = uncrossed(marks.unlabelled(" " * start + text[start:stop]))
                for person_text in marks.substituted(told):
                    yield row, *((person_text, cross) if cross else marks.status(person_text))

    def _starts(self, row: Row, begin: int, columns: Sequence[float]) -> list[int]:
        """Where in a row the persons begin that it names side by side."""
        pieces = [piece for piece in row.behind(begin) if len(piece.text.strip()) > 1 and not piece.text.strip().isdigit()]
        if self.deputies is not None:
            beside = [piece for piece in pieces[1:] if piece.x0 > self.deputies - _NEAR]
            return [row.place_of(piece) for piece in (*pieces[:1], *beside[:1])]
        in_columns = [row.place_of(piece) for piece in pieces if any(abs(piece.x0 - x0) <= _SAME for x0 in columns)]
        if len(columns) > 1 and len(in_columns) > 1:
            return in_columns
        if any(marks.for_whom().search(piece.text) for piece in pieces):
            return []
        told = [listing.read(uncrossed(piece.text)[0], 0, in_list=True) for piece in pieces]
        if len(columns) < 2 and all(len(named) == 1 and named[0].confidence >= 0.6 for named in told):
            return [row.place_of(piece) for piece in pieces]
        unnumbered = (piece for piece in row.pieces if not piece.text.strip().isdigit())
        behind = {after.start for before, after in pairwise(unnumbered) if marks.mark("  " + before.text)}  # another one's cross
        more = [piece for piece, named in zip(pieces, told, strict=True) if named and piece.start in behind]
        return [row.place_of(piece) for piece in (*pieces[:1], *more)] if more else []

    def _name_columns(self) -> list[float]:
        """Where in the rows of the list names begin: places at which several do, and seldom anything else."""
        names: dict[float, list[bool]] = {}
        for row, begin in self.rows:
            for piece in row.behind(begin):
                x0 = next((known for known in names if abs(known - piece.x0) <= _SAME), piece.x0)
                names.setdefault(x0, []).append(bool(listing.read(uncrossed(piece.text)[0], 0, in_list=True)))
        return sorted(x0 for x0, told in names.items() if sum(told) > 1 and 2 * sum(told) >= len(told))

    def _part(self, person: ListedPerson, row: Row) -> str:
        parts = {said.strip().removeprefix("kokouksen ") for part in person.parts for said in part.split("/")}
        parts |= {_SWEDISH_PARTS[said] for said in (*parts, *person.notes) if said in _SWEDISH_PARTS}
        notes = " ".join(person.notes).casefold()
        if self.part == "absent" or self._crossed_absent(row) or person.notes[-1:] == ("poissa",):
            return "absent"
        if self.part in ("chair", "secretary", "deputy"):
            return self.part
        if parts & {"sihteeri", "pöytäkirjanpitäjä"} or any(map(_is_body_secretary, parts)):
            return "secretary"
        if self.part == "other_attendee":
            return self.part
        if "puheenjohtaja" in parts:
            return "chair"
        if any(part.endswith(("varajäsen", "varavaltuutettu", "ersättare")) for part in parts) or notes.startswith("varaj"):
            return "deputy"
        if self.kind == "present" and parts and not any(part.endswith(_MEMBERLY) for part in parts):
            return "other_attendee"
        return "member"

    def _crossed_absent(self, row: Row) -> bool:
        """Whether the row's cross stands in the column of those absent."""
        crosses = [p.x0 for p in row.pieces if p.text.strip().casefold() in ("x", "×", "✓", "-x-")]
        if not crosses or not self.columns:
            return False
        return min(self.columns, key=lambda column: abs(column[0] - crosses[0]))[1] == "absent"


def _shaped(row: Row, text: str, order: bool | None, columns: Sequence[float]) -> list[ListedPerson]:
    """A name that no list knows, in a column of names."""
    start = len(text) - len(text.lstrip())
    piece = next((piece for piece in row.pieces if row.place_of(piece) >= start), None)
    in_column = piece and any(abs(piece.x0 - x0) <= _SAME for x0 in columns)
    return listing.shaped(text, 0, order) if in_column else []


_PARAGRAPH = 2000  # letters a paragraph of names may have


def _paragraphs(rows: Sequence[tuple[Row, int]]) -> list[tuple[Row, int]]:
    """Rows with a paragraph of names put together, where a name or the list goes on in the row below."""
    joined: list[tuple[Row, int]] = []
    for row, begin in rows:
        above, first = joined[-1] if joined else (row, begin)
        short = joined and len(row.pieces) == 1 and len(above.text) < _PARAGRAPH
        if short and _goes_on().search(above.text, first):
            lead = len(row.text) - len(row.text.lstrip())
            below = Passage(row.text[lead:], [0], [row.passage.place(lead)])
            passage = Passage.joined([above.passage, below])[0]
            joined[-1] = (Row(above.at, passage, (*above.pieces, *row.pieces), above.head), first)
        else:
            joined.append((row, begin))
    return joined


@cache
def _goes_on() -> regex.Pattern[str]:
    """A row of several names that breaks off behind a comma, ``ja`` or a name of one word."""
    return regex.compile(r"(?:,[^,]+){2,}(?:,|(?<=,)\s*\p{Lu}[\p{L}-]+|\s(?:ja|sekä|och))\s*$|(?:,[^,]+)+,\s*\p{Lu}[\p{L}-]+\s*$")


_COLUMNS = frozenset({
    "nimi", "klo", "kello", "aika", "tehtävä", "asema", "rooli", "lisätiedot", "lisätieto", "huom", "osallistuja",
    "paikalla", "läsnä", "poissa", "x", "läsnäolo", "virka", "virka-asema", "edustaa",
})  # fmt: skip
_SWEDISH_PARTS = {
    "sekr.": "sihteeri", "ordf.": "puheenjohtaja", "ordf": "puheenjohtaja", "viceordf.": "varapuheenjohtaja",
    "ordförande": "puheenjohtaja", "sekreterare": "sihteeri", "protokollförare": "pöytäkirjanpitäjä", "ersättare": "varajäsen",
    "viceordförande": "varapuheenjohtaja", "vice ordförande": "varapuheenjohtaja", "ledamot": "jäsen",
}  # fmt: skip
_PARTS_ALONE = ("varajäsen", "jäsen", "puheenjohtaja", "varapuheenjohtaja", "ersättare", "ledamot")
_TITLED = ("puheenjohtaja", "sihteeri", "pöytäkirjanpitäjä", "ordförande")
_MEMBERLY = ("puheenjohtaja", "jäsen", "valtuutettu", "pormestari")


def _is_body_secretary(part: str) -> bool:
    """``lautakunnan sihteeri``; a ``toimialasihteeri`` holds an office, not the pen."""
    whose, _, title = part.rpartition(" ")
    return title == "sihteeri" and whose.endswith(("kunnan", "hallituksen", "valtuuston", "jaoston", "neuvoston"))


_OWN = frozenset({"jäsen", "jäsenet", "varsinainen jäsen", "varsinaiset jäsenet"})


def _heads_pairs(pieces: Sequence[Segment]) -> bool:
    """``Varsinaiset jäsenet:   Henkilökohtaiset varajäsenet:``: members, and beside each the personal deputy."""
    if len(pieces) != 2:
        return False
    own, deputy = (piece.text.strip(" :").casefold() for piece in pieces)
    return own in _OWN and regex.fullmatch(r"(?:henkilökohtai(?:nen|set) )?varajäsen(?:et)?", deputy) is not None


def _is_column(text: str) -> bool:
    return text.casefold().strip(" :.") in _COLUMNS


def _settled(text: str, found: Sequence[tuple[str, ListedPerson]], signing: dict[str, str]) -> list[Person]:
    """One row a person and part; who is absent, in the chair or keeps the minutes is not listed as a member or attendee too."""
    names: dict[str, set[str]] = {}
    for part, person in found:
        names.setdefault(person.name, set()).add(part)
    persons: dict[tuple[str, str], Person] = {}
    keepers = {} if any("secretary" in parts for parts in names.values()) else signing
    for listed, person in found:
        part = "secretary" if listed == "other_attendee" and person.name in keepers else listed
        others = names[person.name]
        if (part in ("member", "deputy", "other_attendee") and others & {"absent", "chair", "secretary"}) or (
            part == "other_attendee" and others & {"member", "deputy"}
        ):
            continue
        row = person.person(text, part, f"meeting.{part}")
        known = persons.setdefault((part, person.name), row)
        known.role = known.role or row.role
    return list(persons.values())


def _keepers(found: Sequence[tuple[str, ListedPerson]]) -> dict[str, str]:
    """Who signs the cover as the keeper of the minutes, where no list says who that was."""
    signing = [person for part, person in found if part == "signatory"]
    chairs = {person.name for part, person in found if part == "chair"}
    keepers = {person.name: person.role for person in signing if person.role in _KEEPING}
    if not keepers and len(signing) == 2 and signing[0].name in chairs and signing[0].role is signing[1].role is None:
        return {signing[1].name: "sihteeri"}  # the chair signs, and beside the chair who keeps the minutes
    return {name: role for name, role in keepers.items() if role}


_KEEPING = frozenset({"pöytäkirjanpitäjä", "sihteeri", "protokollförare", "sekreterare"})
