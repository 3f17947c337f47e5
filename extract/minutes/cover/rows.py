"""The rows of the cover (kansilehti) and of the signatures: labels beside what they head, tables row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

import regex

from poytakirja.document import Line, Segment
from poytakirja.minutes import person_rows as listing
from poytakirja.minutes.body_rows import Body
from poytakirja.passage import Passage
from poytakirja.rules.layout import headings
from poytakirja.rules.layout.headings import Heading

PARTS = {
    "present": "member", "members": "member", "deputies": "deputy", "chair": "chair", "others": "other_attendee",
    "secretary": "secretary", "absent": "absent", "checkers": "minutes_checker", "signatures": "signatory",
    "presenter": "other_attendee",
}  # fmt: skip
"""The kinds of headings over lists of persons → the part that they give them."""


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
            pieces = _pieces(line) if body.document.reader in ("text", "ocr") else line.segments
            yield from _pairs(Row(at, Passage(line.text, [0], [line.start]), pieces, head))
        elif line.table not in done:
            done.add(line.table)
            for cells in body.document.tables[line.table].rows():
                pieces = tuple(Segment(c.text, c.start, c.end, float(c.col), float(c.col) + 1) for c in cells if c.text.strip())
                places = list(accumulate((len(p.text) + 3 for p in pieces[:-1]), initial=0))
                passage = Passage("   ".join(p.text for p in pieces), places, [p.start for p in pieces])
                if pieces:
                    yield Row(at, passage, pieces, headings.find(passage.text))


@cache
def _gap() -> regex.Pattern[str]:
    return regex.compile(r"\s{2,}")


def _pieces(line: Line) -> tuple[Segment, ...]:
    """The pieces of a row of the cover in a text file, where two spaces set apart what stands beside one another."""
    if "  " not in line.text.strip():
        return line.segments
    found: list[Segment] = []
    at = len(line.text) - len(line.text.lstrip())
    for gap in [*_gap().finditer(line.text, at, len(line.text.rstrip())), None]:
        stop = gap.start() if gap else len(line.text.rstrip())
        if stop > at:
            left = line.x0 + at - (len(line.text) - len(line.text.lstrip()))
            found.append(Segment(line.text[at:stop], line.start + at, line.start + stop, left, left + stop - at))
        at = gap.end() if gap else stop
    return tuple(found)


_ALONE = frozenset({"legality", "display"})


@cache
def _words() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?:[\p{L}./:-]+ ){1,4}")


@cache
def _note() -> regex.Pattern[str]:
    return regex.compile(r"\([^()]{1,80}\) ")


def _run_on(text: str) -> Heading | None:
    """A label that nearly fills its column, a name one space behind it: ``Muut läsnäolijat Aino Mäki     rehtori``."""
    m = _words().match(text) if headings.may_begin(text) else None
    stop = m.end() - 1 if m else 0
    start = len(text) - len(text.lstrip())
    while stop > start:
        kind = headings.kind_of(text[start:stop].rstrip("."))
        if kind in PARTS or kind in _ALONE:
            note = _note().match(text, stop + 1)
            rest = note.end() if note else stop + 1
            if text[rest : rest + 1].isupper() and (kind in _ALONE or listing.read(text[rest:], 0, in_list=True)):
                return Heading(kind, start, stop, rest, "label")
        stop = text.rfind(" ", start, stop)
    return None


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
        if n + 1 < len(rows) and _join_hyphened(row, rows[n + 1]):
            continue
        for height in (3, 2):
            group = rows[n : n + height]
            kind = _broken_label(group) if len(group) == height else None
            if kind:
                rest = _second(row)
                row.head = Heading(kind, 0, len(row.pieces[0].text), rest, "label" if rest < len(row.text) else "line")
                for below in group[1:]:
                    below.head, below.begin = None, _second(below)
                break


def _join_hyphened(row: Row, below: Row) -> bool:
    """A label broken within a word, its second half one space before a name: ``Muut saapu-`` / ``villa olleet Aho``."""
    first = row.pieces[0].text.rstrip() if row.pieces else ""
    if row.head or len(row.pieces) < 2 or not first.endswith("-") or not below.text.lstrip()[:1].islower():
        return False
    lead = len(below.text) - len(below.text.lstrip())
    words = below.text.split()[:3]
    for count in range(len(words), 0, -1):
        kind = headings.kind_of(first[:-1] + " ".join(words[:count]))
        if kind in PARTS:
            row.head = Heading(kind, 0, len(first), _second(row), "label")
            below.begin = lead + len(" ".join(words[:count]))
            return True
    return False


def _broken_label(group: Sequence[Row]) -> str | None:
    """The kind of a label whose words stand in the first pieces of the rows; only some of them have a second piece."""
    if any(row.begin or abs(row.pieces[0].x0 - group[0].pieces[0].x0) > 2 for row in group):
        return None
    if all(len(row.pieces) == 1 for row in group):
        return None
    label = Passage.of([(row.pieces[0].text, row.pieces[0].start, False) for row in group])
    kind = headings.kind_of(label.text.rstrip(" :"))
    first, head = group[0].pieces[0], group[0].head
    if head and (kind not in PARTS or head.end > group[0].place_of(first) + len(first.text)):
        return None
    whole = first.text.casefold().strip() in _BEGUN
    return kind if whole or all(not row.head or row.head.kind == kind for row in group[1:]) else None


_BEGUN = frozenset({"muut", "övriga"})  # words that begin a label, though they may be one


def _second(row: Row) -> int:
    """Where the second piece of a row stands in its text."""
    return len(row.text) if len(row.pieces) < 2 else row.text.index(row.pieces[1].text, len(row.pieces[0].text))


def first_matter(body: Body) -> int:
    """In minutes that number no §: the row of the first matter (``1. Kokouksen avaus``), behind the list of those present."""
    listed = False
    for at, line in enumerate(body.lines):
        head = body.heads[at]
        listed = listed or (head is not None and head.kind in ("present", "members", "chair"))
        if listed and _matter().match(line.text) and not listing.read(uncrossed(line.text)[0], 0):
            return at
    return len(body.lines)


@cache
def _matter() -> regex.Pattern[str]:
    return regex.compile(r"\s{0,3}(?:(?i:asia|ärende)\s+)?1[.)]?\s{1,6}\p{Lu}")


@cache
def _cross() -> regex.Pattern[str]:
    return regex.compile(r"\s*[\[(]\s*(?P<cross>[xX×✓✗–-]?)\s*[\])]\s+(?=\p{Lu})")


@cache
def _lead() -> regex.Pattern[str]:
    """What stands before the name in its row: its number in the list, when the person was there, whose turn it is."""
    clock = r"(?i:klo|kl\.?)?\s?\d{1,2}[.:]\d{2}(?:\s?[-–]\s?(?:\d{1,2}[.:]\d{2})?)?"
    return regex.compile(rf"\s*(?:\d{{1,3}}(?:[.)]\s+|\s{{2,}})|{clock}\s+|(?i:vuorossa|i tur)\s?:?\s+)(?=\p{{Lu}})")


def uncrossed(text: str) -> tuple[str, str]:
    """A row without what leads up to its name, and what its bracket says: ``x`` present, ``-`` not (``( ) Ahola Kauko``)."""
    if m := _lead().match(text):
        text = " " * m.end() + text[m.end() :]
    m = _cross().match(text)
    return (" " * m.end() + text[m.end() :], "-" if m["cross"] in ("", "-", "–") else "x") if m else (text, "")
