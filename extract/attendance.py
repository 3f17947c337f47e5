"""The attendance list (osallistujat) and the signatures of minutes as persons, each with the part the list gives them.

Lists stand under headings (Saapuvilla olleet jäsenet, Muut saapuvilla olleet, Poissa …); their rows name a person each, or
several side by side. What a row notes of arriving and leaving is neither a name nor a role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate, pairwise

import regex

from extract import agenda, listing
from extract.agenda import Body
from extract.document import Passage, Person, Segment
from extract.listing import Named
from rules import headings
from rules.headings import Heading

_GROUPS = {
    "present": "member", "members": "member", "deputies": "deputy", "chair": "chair", "others": "other_attendee",
    "secretary": "secretary", "absent": "absent", "checkers": "minutes_checker", "signatures": "signatory",
    "presenter": "other_attendee",
}  # fmt: skip
_SAME = 2.0
"""Letters or points by which the places of one column may differ."""
_NEAR = 6.0
"""Letters or points by which the name may stand before the head of its column."""
_ELSEWHERE = frozenset({
    "time", "place", "time_place", "contents", "legality", "display", "meeting", "attachment", "material", "appeal_guide",
})  # fmt: skip


def read(body: Body, cover: Sequence[Row]) -> list[Person]:
    """The persons of the attendance list, the signatures and the checkers; ``cover`` are the rows before the items."""
    end = _signed_off_at(body)
    closing = rows(body, min(agenda.closing(body), end), len(body.lines))
    groups = [*_groups(cover), *(group for group in _groups(closing) if group.signs)]
    if all(group.kind == "presenter" or group.signs for group in groups):
        groups = [group for group in groups if group.signs]  # a presenter alone is an item's, not one of those present
    for names, titles in pairwise(closing):
        if titles.at == names.at + 1 and agenda.signed_at(body, names.at):
            groups.append(_Group("signatures", rows=[(names, 0), (titles, 0)]))
    groups += _signing_off(rows(body, end, len(body.lines)))
    usual = listing.order_of(text for group in groups if not group.signs for text in group.texts())
    found = [said for group in groups for said in group.read(usual)]
    if not any(part == "minutes_checker" for part, _ in found):
        found += _elected(body)
    return _settled(body.document.text, found)


@cache
def _electing_checkers() -> regex.Pattern[str]:
    whom = r"(?<!\p{L})(?i:(?:pöytäkirjan\s?)?tarkastaj(?:iksi|aksi))"
    chosen = r"(?i:valittiin|nimettiin)"
    swedish = r"(?i:protokolljusterare\s+(?:valdes|utsågs)|(?:valdes|utsågs)\s+till\s+protokolljusterare)"
    names = r"(?P<names>\p{Lu}.*?)(?=,?\s+(?:(?i:ja|sekä|och)\s+)?(?i:vara|ersättare)|\.(?:\s|$)|$)"
    return regex.compile(rf"(?:{whom}\s+{chosen}|{chosen}\s+{whom}|{swedish})\s+{names}")


def _elected(body: Body) -> list[tuple[str, Named]]:
    """The checkers whom the meeting elected by a decision of its own: ``Pöytäkirjantarkastajiksi valittiin A ja B.``"""
    for at in range(body.marks[0].at if body.marks else first_matter(body), len(body.lines)):
        if not _checking().search(body.lines[at].text):
            continue
        passage = Passage.of_lines(body.lines[at : at + 3])
        found = _electing_checkers().search(passage.text)
        named = listing.read(" " * found.start("names") + found["names"], 0, in_list=True) if found else []
        if named:
            return [("minutes_checker", person.moved(passage)) for person in named]
    return []


def first_matter(body: Body) -> int:
    """In minutes that number no §: the row of the first matter (``1. Kokouksen avaus``), behind the list of those present."""
    listed = False
    for at, line in enumerate(body.lines):
        head = body.heads[at]
        listed = listed or (head is not None and head.kind in ("present", "members", "chair"))
        if listed and _matter().match(line.text) and not listing.read(_uncrossed(line.text)[0], 0):
            return at
    return len(body.lines)


@cache
def _matter() -> regex.Pattern[str]:
    return regex.compile(r"\s{0,3}(?:(?i:asia|ärende)\s+)?1[.)]?\s{1,6}\p{Lu}")


@cache
def _checking() -> regex.Pattern[str]:
    return regex.compile(r"(?i)tarkastaj|protokolljuster")


# ---------------------------------------------------------------- rows


@dataclass(slots=True)
class Row:
    """A row of the cover: a line, or the row of a table with its cells for pieces; ``at`` is its line's index."""

    at: int
    passage: Passage
    pieces: tuple[Segment, ...]
    head: Heading | None
    begin: int = 0
    """Where what the row says begins: behind the second half of a label broken in its margin."""

    @property
    def text(self) -> str:
        """Its words, pieces set apart by three spaces."""
        return self.passage.text

    def place_of(self, piece: Segment) -> int:
        """Where in the row's text a piece begins."""
        at = 0
        for known in self.pieces:
            at = self.text.index(known.text, at)
            if known is piece:
                return at
            at += len(known.text)
        return at

    def behind(self, index: int) -> tuple[Segment, ...]:
        """The pieces behind a place in the row's text."""
        place = self.passage.place(index) if index < len(self.text) else 1 << 60
        return tuple(piece for piece in self.pieces if piece.start >= place)


def rows(body: Body, first: int, stop: int) -> list[Row]:
    """The rows from line ``first`` to ``stop``, labels that are broken in a narrow margin joined."""
    found = list(_each_row(body, first, stop))
    _join_labels(found)
    return found


def _each_row(body: Body, first: int, stop: int) -> Iterator[Row]:
    """Lines as they stand; a table's rows put together from its cells."""
    done: set[int] = set()
    for at, line in enumerate(body.lines[first:stop], first):
        if line.table is None:
            head = body.heads[at] or _run_on(line.text)
            yield from _pairs(Row(at, Passage(line.text, [0], [line.start]), line.segments, head))
        elif line.table not in done:
            done.add(line.table)
            for cells in body.document.tables[line.table].rows():
                pieces = tuple(Segment(c.text, c.start, c.end, float(c.col), float(c.col) + 1) for c in cells if c.text.strip())
                places = list(accumulate((len(p.text) + 3 for p in pieces[:-1]), initial=0))
                passage = Passage("   ".join(p.text for p in pieces), places, [p.start for p in pieces])
                if pieces:
                    yield Row(at, passage, pieces, headings.find(passage.text))


@cache
def _opening() -> regex.Pattern[str]:
    first = r"(?i:muut|läsnä|poissa|saapuvilla|övriga|närvarande|frånvarande)"
    return regex.compile(rf"\s*(?P<label>{first}(?: \p{{Ll}}+){{0,3}}) (?=\p{{Lu}})")


def _run_on(text: str) -> Heading | None:
    """A label that nearly fills its column, a name one space behind it: ``Muut läsnäolijat Aino Mäki     rehtori``."""
    m = _opening().match(text)
    kind = headings.kind_of(m["label"]) if m else None
    if not m or kind not in _GROUPS or not listing.read(text[m.end() :], 0):
        return None
    return Heading(kind, m.start("label"), m.end("label"), m.end(), "label")


_SINGLE = frozenset({"chair", "secretary", "time", "place"})


def _pairs(row: Row) -> Iterator[Row]:
    """A row cut where another label with its value begins: ``Puheenjohtaja   Eero Salo     Sihteeri   Aino Mäki``."""
    pieces = row.pieces
    kinds = [headings.kind_of(piece.text.strip(" :")) for piece in pieces] if len(pieces) > 3 and row.head else []
    cuts = [
        n for n, kind in enumerate(kinds[:-1]) if kind in _SINGLE and (n == 0 or kinds[n - 1] is None) and kinds[n + 1] is None
    ]
    if len(cuts) < 2 or cuts[0] != 0:
        yield row
        return
    lead = row.passage.place(0)
    for n, stop in pairwise([*cuts, len(pieces)]):
        begin = pieces[n].start - lead if n else 0
        text = row.text[begin : pieces[stop - 1].end - lead]
        yield Row(row.at, Passage(text, [0], [lead + begin]), pieces[n:stop], headings.find(text))


def _join_labels(rows: Sequence[Row]) -> None:
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


def _broken_label(group: Sequence[Row]) -> str | None:
    """The kind of a label whose words stand in the first pieces of the rows; only some of them have a second piece."""
    if any(row.begin or abs(row.pieces[0].x0 - group[0].pieces[0].x0) > 2 for row in group):
        return None
    if all(len(row.pieces) == 1 for row in group):
        return None
    label = Passage.of([(row.pieces[0].text, row.pieces[0].start, False) for row in group])
    kind = headings.kind_of(label.text.rstrip(" :"))
    first, head = group[0].pieces[0], group[0].head
    if head and (kind not in _GROUPS or head.end > group[0].place_of(first) + len(first.text)):
        return None
    whole = first.text.casefold().strip() in _BEGUN
    return kind if whole or all(not row.head or row.head.kind == kind for row in group[1:]) else None


_BEGUN = frozenset({"muut", "övriga"})  # words that begin a label, though they may be one


def _second(row: Row) -> int:
    """Where the second piece of a row stands in its text."""
    return len(row.text) if len(row.pieces) < 2 else row.text.index(row.pieces[1].text, len(row.pieces[0].text))


# ---------------------------------------------------------------- lists under their headings


def _groups(found: Sequence[Row]) -> Iterator[_Group]:
    """The lists under their headings."""
    group: _Group | None = None
    for row in found:
        head = row.head
        if group and group.signs and _checked().match(row.text):
            yield group
            group = _Group("checkers")
            continue
        if head and group and group.signs and head.kind in ("chair", "secretary"):  # the part in which someone signs
            if _titles_of(row.pieces):
                head = None
            elif group.kind == "signatures" and row.text[head.rest :].strip():
                group.add(row, head.rest)
                continue
        if not head and _is_table_head(row) and not (group and not group.rows):
            if group:
                yield group
            group = _Group("present")
            group.add(row, 0)
            continue
        if not head or (head.kind not in _GROUPS and head.kind not in _ELSEWHERE):
            if group:
                group.add(row, row.begin)
            continue
        if group:
            yield group
        columns = group.columns if group else []  # the head of a table is said once
        group = _Group(head.kind, row.text[head.start : head.end], columns=columns) if head.kind in _GROUPS else None
        if group and row.text[head.rest :].strip():
            group.add(row, head.rest)
    if group:
        yield group


def _is_table_head(row: Row) -> bool:
    """``Nimi   Läsnä   Poissa``: the head of a list of persons without a heading."""
    words = [piece.text.casefold().strip(" :.") for piece in row.pieces]
    return len(words) > 1 and words[0] == "nimi" and all(map(_is_column, words)) and not {"läsnä", "poissa"}.isdisjoint(words)


@cache
def _checked() -> regex.Pattern[str]:
    """What stands above the names of the checkers: ``Pöytäkirja tarkastettu Pielavedellä 19.11.2008``."""
    said = (
        r"pöytäkirja(?:\s+on)?\s+tarkastettu|tarkastettu\s+ja\s+(?:hyväksytty|todettu)|olemme\s+tarkastaneet|tarkastaneet\s*:?$"
    )
    return regex.compile(rf"(?i)\s*(?:{said}|protokollet(?:\s+är)?\s+justerat|justerat\s+och\s+godkänt)\b(?!\p{{L}})")


# ---------------------------------------------------------------- signatures below the last item

_LAST = 40  # rows at the end of the last item among which the signatures may begin
_CHAIRS = frozenset({"puheenjohtaja", "kokouksen puheenjohtaja", "varapuheenjohtaja", "ordförande", "pj", "pj."})


def _signed_off_at(body: Body) -> int:
    """Where the signatures begin below the last item: their heading, the chair's name above the part, what was checked."""
    first = body.marks[-1].at + 1 if body.marks else first_matter(body) + 1
    for at in range(max(first, len(body.lines) - _LAST), len(body.lines)):
        head = body.heads[at]
        heads = head is not None and head.kind == "signatures" and head.form == "line"
        if heads or _checked().match(body.lines[at].text) or _chair_signs(body, at):
            return at
    return len(body.lines)


def _chair_signs(body: Body, at: int) -> bool:
    """Whether a name stands alone in its row, and alone below it that it is the chair's."""
    name, below = body.lines[at], body.lines[at + 1] if at + 1 < len(body.lines) else None
    if below is None or name.table is not None or len(name.segments) != len(below.segments):
        return False
    signs = _bare_part(below.segments[0].text).strip().casefold() in _CHAIRS if below.segments else False
    return signs and all(len(listing.read(piece.text, 0, in_list=True)) == 1 for piece in name.segments)


def _signing_off(found: Sequence[Row]) -> list[_Group]:
    """The names below the last item and what they sign as, up to a heading or running text; those of the checkers apart."""
    groups = [_Group("signatures")]
    for row in found:
        if _checked().match(row.text):
            groups.append(_Group("checkers"))
        elif (row.head and not _titles_of(row.pieces)) or len(row.text.split()) > 4 * len(row.pieces) + 1:
            break
        else:
            groups[-1].rows.append((row, 0))
    return groups


# ---------------------------------------------------------------- one list of the attendance


@dataclass(slots=True)
class _Group:
    """A list of persons under one heading; each row with the place where its persons begin."""

    kind: str
    heading: str = ""
    rows: list[tuple[Row, int]] = field(default_factory=list)
    columns: list[tuple[float, str]] = field(default_factory=list)
    """Where the columns Läsnä and Poissa stand, if the list marks attendance with a cross."""
    deputies: float | None = None
    """Where the column of the personal deputies stands beside that of the members."""

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
        label = self.heading.casefold().partition("/")[0].strip(" :")
        return label if label.endswith(_TITLED) else None

    def add(self, row: Row, begin: int) -> None:
        """A row below the heading, or beside it; the head of a table names columns, not persons."""
        pieces = row.behind(begin)
        if pieces and all(_is_column(piece.text) for piece in pieces):
            kinds = [(piece.x0, headings.kind_of(piece.text.strip(" :"))) for piece in pieces]
            self.columns = [(x0, kind) for x0, kind in kinds if kind in ("present", "absent")]
        elif _heads_pairs(pieces):
            self.deputies = pieces[1].x0
        else:
            self.rows.append((row, begin))

    def texts(self) -> Iterator[str]:
        """What its rows say."""
        return (_uncrossed(row.text[begin:])[0] for row, begin in self.rows)

    def read(self, usual: bool | None) -> list[tuple[str, Named]]:
        """Its persons, each with the part it gives them; ``usual`` is whether the lists of the file name the family first.

        A list that agrees on it settles it for its names; in a mixed or short one each name speaks for itself.
        """
        if self.signs:
            return self._signed()
        self.rows = _paragraphs(self.rows)
        agreed = listing.order_of(self.texts())
        found: list[tuple[str, Named]] = []
        before = ""
        columns = self._name_columns()
        parts = list(self._parts(columns))
        marked = any(_mark(text) == "x" or cross for _, text, cross in parts)
        for row, text, cross in parts:
            order = next((told for told in (agreed, listing.own_order(text), usual) if told is not None), None)
            named = listing.read(text, 0, family_first=order, in_list=True) or _shaped(row, text, order, columns)
            if named:
                kept = [(self._marked(self._part(person, row), row, text, cross if marked else None), person) for person in named]
                found += [(part, person.moved(row.passage)) for part, person in kept if part]
                before = text
            elif found and before and listing.titles(text):  # a title that goes on below its row
                part, person = found[-1]
                joined = listing.read(f"{before} {text.strip()}", 0, family_first=order, in_list=True)
                if joined:
                    found[-1] = (part, replace(person, role=joined[-1].role, acting=joined[-1].acting))
                before = ""
        return [(part, replace(person, role=_told_role(person.role) or self.title)) for part, person in found]

    def _marked(self, part: str, row: Row, text: str, cross: str | None) -> str | None:
        """The part of a person in a list that marks those present; None for a deputy who was not called in."""
        if cross is None:
            return part
        mark = cross or _mark(text)
        lead = len(text) - len(text.lstrip())
        first = next(piece for piece in row.pieces if row.place_of(piece) + len(piece.text) > lead)
        if self.deputies is not None and first.x0 > self.deputies - _NEAR:
            return "deputy" if mark == "x" else None
        column = any(kind == "present" for _, kind in self.columns)
        return "absent" if mark == "-" or (mark is None and (column or self.deputies is not None)) else part

    def _parts(self, columns: Sequence[float]) -> Iterator[tuple[Row, str, str]]:
        """Each row, or each of the persons that it names side by side, blanks before it; and the mark in brackets before it."""
        for row, begin in self.rows:
            text = " " * begin + row.text[begin:]
            for start, stop in pairwise([begin, *self._starts(row, begin, columns)[1:], len(text)]):
                yield row, *_uncrossed(" " * start + text[start:stop])

    def _starts(self, row: Row, begin: int, columns: Sequence[float]) -> list[int]:
        """Where in a row the persons begin that it names side by side."""
        pieces = [piece for piece in row.behind(begin) if len(piece.text.strip()) > 1 and not piece.text.strip().isdigit()]
        if self.deputies is not None:
            beside = [piece for piece in pieces[1:] if piece.x0 > self.deputies - _NEAR]
            return [row.place_of(piece) for piece in (*pieces[:1], *beside[:1])]
        in_columns = [row.place_of(piece) for piece in pieces if any(abs(piece.x0 - x0) <= _SAME for x0 in columns)]
        if len(columns) > 1 and len(in_columns) > 1:
            return in_columns
        if any(_for_whom().search(piece.text) for piece in pieces):
            return []
        told = [listing.read(_uncrossed(piece.text)[0], 0, in_list=True) for piece in pieces]
        if len(columns) < 2 and all(len(named) == 1 and named[0].confidence >= 0.6 for named in told):
            return [row.place_of(piece) for piece in pieces]
        unnumbered = (piece for piece in row.pieces if not piece.text.strip().isdigit())
        behind = {after.start for before, after in pairwise(unnumbered) if _mark("  " + before.text)}  # another one's cross
        more = [piece for piece, named in zip(pieces, told, strict=True) if named and piece.start in behind]
        return [row.place_of(piece) for piece in (*pieces[:1], *more)] if more else []

    def _name_columns(self) -> list[float]:
        """Where in the rows of the list names begin: places at which several do, and seldom anything else."""
        names: dict[float, list[bool]] = {}
        for row, begin in self.rows:
            for piece in row.behind(begin):
                x0 = next((known for known in names if abs(known - piece.x0) <= _SAME), piece.x0)
                names.setdefault(x0, []).append(bool(listing.read(_uncrossed(piece.text)[0], 0, in_list=True)))
        return sorted(x0 for x0, told in names.items() if sum(told) > 1 and 2 * sum(told) >= len(told))

    def _part(self, person: Named, row: Row) -> str:
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
            signing = _side_by_side(row, begin) or _signing(_uncrossed(" " * begin + row.text[begin:])[0], begin)
            named = [person for person in signing if person.confidence >= 0.5 or not row.text.isupper()]
            if not named:
                continue
            if row.head and row.head.kind in ("chair", "secretary"):  # beside the part in which someone signs
                named = [_titled(person, row.text[row.head.start : row.head.end]) for person in named]
            if len(above) == len(named):
                named = [_titled(person, title) for person, title in zip(named, above, strict=True)]
                above = []
            latest = list(range(len(found), len(found) + len(named)))
            found += [(self.part, person.moved(row.passage)) for person in named]
        return [(part, replace(person, role=_told_role(person.role))) for part, person in found]


def _shaped(row: Row, text: str, order: bool | None, columns: Sequence[float]) -> list[Named]:
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


def _told_role(role: str | None) -> str | None:
    """A role, unless the part says it already: ``jäsen``, ``varajäsen``, ``pöytäkirjantarkastaja``."""
    return None if role in _SAID_BY_PART else role


def _signing(text: str, begin: int) -> list[Named]:
    """The persons of a row of signatures; of a sentence those it elects: ``Tarkastajiksi valittiin Aino Mäki ja Eero Aho.``"""
    if text.rstrip().endswith("."):
        elected = _electing().search(text)
        if not elected:
            return []
        begin, text = elected.end(), text.rstrip(" .")
    return listing.read(" " * begin + text[begin:], 0, in_list=True)


def _side_by_side(row: Row, begin: int) -> list[Named]:
    """Signatures in columns, one of them known as a name: then the others are names too, if they look so."""
    pieces = row.behind(begin)
    if len(pieces) < 2:
        return []
    texts = [" " * row.place_of(piece) + piece.text for piece in pieces]
    read = [listing.read(text, 0, in_list=True) for text in texts]
    shaped = [named or listing.shaped(text, 0) for named, text in zip(read, texts, strict=True)]
    return [named[0] for named in shaped] if any(read) and all(len(named) == 1 for named in shaped) else []


@cache
def _cross() -> regex.Pattern[str]:
    return regex.compile(r"\s*[\[(]\s*(?P<cross>[xX×✓✗–-]?)\s*[\])]\s+(?=\p{Lu})")


@cache
def _lead() -> regex.Pattern[str]:
    """What stands before the name in its row: its number in the list, when the person was there, whose turn it is."""
    clock = r"(?i:klo|kl\.?)?\s?\d{1,2}[.:]\d{2}(?:\s?[-–]\s?(?:\d{1,2}[.:]\d{2})?)?"
    return regex.compile(rf"\s*(?:\d{{1,3}}(?:[.)]\s+|\s{{2,}})|{clock}\s+|(?i:vuorossa|i tur)\s?:?\s+)(?=\p{{Lu}})")


def _uncrossed(text: str) -> tuple[str, str]:
    """A row without what leads up to its name, and what its bracket says: ``x`` present, ``-`` not (``( ) Ahola Kauko``)."""
    if m := _lead().match(text):
        text = " " * m.end() + text[m.end() :]
    m = _cross().match(text)
    return (" " * m.end() + text[m.end() :], "-" if m["cross"] in ("", "-", "–") else "x") if m else (text, "")


@cache
def _for_whom() -> regex.Pattern[str]:
    return regex.compile(r"\p{Lu}\p{L}*n (?:varajäsen|varavaltuutettu|tilalla|sijalla|sijaan)\s*$")


@cache
def _marks() -> regex.Pattern[str]:
    return regex.compile(r"\s{2,}(?P<mark>-?[xX]-?|[×✓✗–-])(?=\s{2}|\s*$)")


def _mark(text: str) -> str | None:
    """The mark behind a person in the row: ``x`` present, ``-`` not, None where there is none."""
    m = _marks().search(text)
    return None if not m else "-" if m["mark"] in ("-", "–", "✗") else "x"


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
    "sekr.": "sihteeri",
    "ordförande": "puheenjohtaja", "sekreterare": "sihteeri", "protokollförare": "pöytäkirjanpitäjä", "ersättare": "varajäsen",
    "viceordförande": "varapuheenjohtaja", "vice ordförande": "varapuheenjohtaja", "ledamot": "jäsen",
}  # fmt: skip
_SAID_BY_PART = frozenset({
    "jäsen", "varajäsen", "ledamot", "ersättare", "tarkastaja", "pöytäkirjantarkastaja", "pöytäkirjan tarkastaja",
    "protokolljusterare",
})  # fmt: skip
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
