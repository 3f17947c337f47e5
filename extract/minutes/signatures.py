"""The signatures of minutes (allekirjoitukset): where they begin below the last item, and who signs or has checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import regex

from poytakirja.document import Segment
from poytakirja.minutes import person_rows as listing
from poytakirja.minutes.body_rows import Body
from poytakirja.minutes.cover.rows import Row, rows, uncrossed
from poytakirja.minutes.person_rows import ListedPerson
from poytakirja.passage import Passage
from poytakirja.rules.organisations import bodies

# ---------------------------------------------------------------- where they begin

_LAST = 40  # rows at the end of the last item among which the signatures may begin
_NEAR = 6  # rows below what was checked among which a name stands
_CHAIRS = frozenset({"puheenjohtaja", "kokouksen puheenjohtaja", "varapuheenjohtaja", "ordförande", "pj", "pj."})


def begin(body: Body, first: int, stop: int) -> int:
    """Where the signatures begin among the rows behind a number, from ``first`` to ``stop``; ``stop`` where none do.

    They begin with their heading, with what is said above them, or with names and the parts in which they sign.
    """
    decided = False
    for at in range(first, stop):
        head, late = body.heads[at], at >= stop - _LAST
        kind = head.kind if head and head.form == "line" else None
        decided = decided or kind == "decision"
        headed = kind == "signatures" and (decided or late)
        if headed or _vouches().match(body.lines[at].text) or (late and _begins_late(body, at)):
            return _led_from(body, at, first)
    return stop


def _led_from(body: Body, at: int, first: int) -> int:
    """The first of the rows that lead to the one with which the signatures begin; the row ``first`` is none of them."""
    while at > first + 1 and _leads(body, at - 1):
        at -= 1
    return at


def _leads(body: Body, at: int) -> bool:
    """Whether a row belongs to the signatures below it: a line to sign on; apart, the body, or the place with the day."""
    text = body.lines[at].text
    apart = min(body.gap(at), body.gap(at + 1)) > 0.6
    return bool(_ruled().fullmatch(text) or (apart and (bodies.read(text) or _place_and_day().fullmatch(text))))


@cache
def _ruled() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?:[_.…]{8,}+\s*)+")


@cache
def _place_and_day() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?:\p{Lu}[\p{L}-]+,?\s+)?\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}\s*")


def _begins_late(body: Body, at: int) -> bool:
    """Whether a row is the first of the signatures, as only the end of an item tells: in its middle it might say so of others."""
    if _chair_signs(body, at) or _signed_at(body, at) or _signs_below(body, at) or _signs_beside(body, at):
        return True
    text = body.lines[at].text
    below = body.lines[at + 1 : at + 1 + (_NEAR if text.lstrip()[:1].isupper() else 1)]  # small letters may go on from above
    return checked().match(text) is not None and any(listing.read(line.text, 0, in_list=True) for line in below)


def _chair_signs(body: Body, at: int) -> bool:
    """Whether a name stands alone in its row, and alone below it that it is the chair's."""
    name, below = body.lines[at], body.lines[at + 1] if at + 1 < len(body.lines) else None
    if below is None or name.table is not None or len(name.segments) != len(below.segments):
        return False
    signs = _bare_part(below.segments[0].text).strip().casefold() in _CHAIRS if below.segments else False
    return signs and all(len(listing.read(piece.text, 0, in_list=True)) == 1 for piece in name.segments)


@cache
def checked() -> regex.Pattern[str]:
    """What stands above the names of the checkers: ``Pöytäkirja tarkastettu Pielavedellä 19.11.2008``."""
    minutes = r"pöytäkirja(?:\s+on)?\s+tark[ai]stettu|protokollet(?:\s+är)?\s+justerat"
    said = r"tarkastettu\s+ja\s+(?:hyväksytty|todettu)|olemme\s+tarkastaneet|tarkastaneet\s*:?$|justerat\s+och\s+godkänt"
    return regex.compile(rf"(?i)\s*(?:{minutes}|{said})\b(?!\p{{L}})")


_SIGNING = ("puheenjohtaja", "sihteeri", "pöytäkirjanpitäjä", "ordförande", "sekreterare", "protokollförare")


def _signed_at(body: Body, at: int) -> bool:
    """Whether names stand at a row side by side, and under them who signs as what."""
    if at + 1 == len(body.lines):
        return False
    names, below = body.lines[at], body.lines[at + 1]
    if len(names.segments) < 2 or len(names.segments) != len(below.segments) or names.table is not None:
        return False
    titles = listing.titles(", ".join(piece.text for piece in below.segments)) or []
    if not titles or not all(title.casefold().endswith(_SIGNING) for title in titles):
        return False
    return bool(listing.read(names.text, names.start))


def _signs_below(body: Body, at: int) -> bool:
    """Whether parts stand at a row, and under each the name of who signs as it."""
    parts, names = body.lines[at], body.lines[at + 1] if at + 1 < len(body.lines) else None
    if names is None or names.table is not None or not parts.segments or len(names.segments) != len(parts.segments):
        return False
    said = parts.text.casefold()
    if not any(part in said for part in _SIGNING):
        return False
    signing = all(_bare_part(piece.text).casefold().endswith(_SIGNING) for piece in parts.segments)
    return signing and titles_of(parts.segments) is not None and all(_is_name(piece.text) for piece in names.segments)


def _signs_beside(body: Body, at: int) -> bool:
    """Whether chair and secretary stand in two rows, and beside each, with no colon, the name of who signs."""
    heads = body.heads[at : at + 2]
    if [head.kind if head and head.form == "label" else None for head in heads] != ["chair", "secretary"]:
        return False
    pieces = [line.segments for line in body.lines[at : at + 2]]
    return all(len(row) == 2 and row[0].text.rstrip()[-1:] != ":" and _is_name(row[1].text) for row in pieces)


def _is_name(text: str) -> bool:
    """Whether words are the name of one person and no more."""
    named = listing.read(text, 0, in_list=True)
    return len(named) == 1 and named[0].end == len(text.rstrip()) and not named[0].role


@cache
def _vouches() -> regex.Pattern[str]:
    """What stands above the closing signatures and nowhere else: ``Pöytäkirjan vakuudeksi``, ``Pöytäkirja on tarkastettu …``."""
    return regex.compile(
        r"(?i)\s*(?:(?:pöytäkirjan|kokouksen)\s+vakuudeksi\b|vakuudeksi\s*:?\s*$|pöytäkirja(?:\s+on)?\s+tark[ai]stettu\b)"
    )


# ---------------------------------------------------------------- who signs


def read(part: str, rows: Iterable[tuple[Row, int]]) -> list[tuple[str, ListedPerson]]:
    """Signatures with their parts: names side by side, and below or above each what it signs as; ``part`` where none is said.

    With each row goes the place where its persons begin.
    """
    found: list[tuple[str, ListedPerson]] = []
    latest: list[int] = []
    above: list[str] = []
    for row, begin in rows:
        if titles := titles_of(row.behind(begin) or row.pieces):
            if latest and len(titles) == len(latest):
                for index, title in zip(latest, titles, strict=True):
                    found[index] = ("signatory" if _signs(title) else found[index][0], _titled(found[index][1], title))
                latest = []
            else:
                above = titles
            continue
        signing = _side_by_side(row, begin) or _signing(uncrossed(" " * begin + row.text[begin:])[0], begin)
        named = [person for person in signing if person.confidence >= 0.5 or not row.text.isupper()]
        if not named:
            continue
        if row.head and row.head.kind in ("chair", "secretary"):  # beside the part in which someone signs
            named = [_titled(person, row.text[row.head.start : row.head.end]) for person in named]
        latest = list(range(len(found), len(found) + len(named)))
        if len(above) == len(named):
            named = [_titled(person, title) for person, title in zip(named, above, strict=True)]
            above, latest = [], []
        found += [(part, person.moved(row.passage)) for person in named]
    return [(part, replace(person, role=listing.role_beside_part(person.role))) for part, person in found]


def below_items(body: Body, closing: Sequence[Row], end: int) -> list[tuple[str, ListedPerson]]:
    """Who signs without a heading: ``closing`` are the rows behind the items; from row ``end`` on all names sign."""
    found: list[tuple[str, ListedPerson]] = []
    for names, titles in pairwise(closing):
        if titles.at == names.at + 1 and _signed_at(body, names.at):
            found += read("signatory", [(names, 0), (titles, 0)])
    part, block = "signatory", list[tuple[Row, int]]()
    for row in rows(body, end, len(body.lines)):
        if checked().match(row.text):
            found += read(part, block)
            part, block = "minutes_checker", []
        elif row.head and row.head.kind in ("chair", "secretary") and not titles_of(row.pieces):
            block.append((row, row.head.rest))
        elif (row.head and not titles_of(row.pieces)) or len(row.text.split()) > 4 * len(row.pieces) + 1:
            break  # a heading or running text
        else:
            block.append((row, 0))
    return found + read(part, block)


def _signing(text: str, begin: int) -> list[ListedPerson]:
    """The persons of a row of signatures; of a sentence those it elects: ``Tarkastajiksi valittiin Aino Mäki ja Eero Aho.``"""
    if text.rstrip().endswith("."):
        elected = _electing().search(text)
        if not elected:
            return []
        begin, text = elected.end(), text.rstrip(" .")
    return listing.read(" " * begin + text[begin:], 0, in_list=True)


def _side_by_side(row: Row, begin: int) -> list[ListedPerson]:
    """Signatures in columns, one of them known as a name: then the others are names too, if they look so."""
    pieces = row.behind(begin)
    if len(pieces) < 2:
        return []
    texts = [" " * row.place_of(piece) + piece.text for piece in pieces]
    read = [listing.read(text, 0, in_list=True) for text in texts]
    shaped = [named or listing.shaped(text, 0) for named, text in zip(read, texts, strict=True)]
    return [named[0] for named in shaped] if any(read) and all(len(named) == 1 for named in shaped) else []


@cache
def _electing() -> regex.Pattern[str]:
    return regex.compile(r"(?:valittiin|valitaan|toimivat|ovat)\s+(?=\p{Lu})")


def titles_of(pieces: Sequence[Segment]) -> list[str] | None:
    """The titles of a row under signatures (``Puheenjohtaja   Sihteeri``), if it holds nothing else."""
    return listing.titles(", ".join(_bare_part(piece.text) for piece in pieces))


def _bare_part(text: str) -> str:
    """``Puheenjohtaja §:t 76 ja 78`` → ``Puheenjohtaja``."""
    return _sections().sub("", text).strip(" ,")


@cache
def _sections() -> regex.Pattern[str]:
    return regex.compile(r"\s*[(,]?\s*§.*$|\s+\d+\s*[-–].*$")


def _signs(title: str) -> bool:
    return title.casefold().endswith(("puheenjohtaja", "sihteeri", "pöytäkirjanpitäjä"))


def _titled(person: ListedPerson, title: str) -> ListedPerson:
    role, acting = listing.role_from(title)
    return replace(person, role=person.role or role, acting=person.acting or acting)


# ---------------------------------------------------------------- checkers elected by the meeting


@cache
def _electing_checkers() -> regex.Pattern[str]:
    whom = r"(?<!\p{L})(?i:(?:pöytäkirjan\s?)?tarkastaj(?:iksi|aksi))"
    chosen = r"(?i:valittiin|nimettiin)"
    swedish = r"(?i:protokolljusterare\s+(?:valdes|utsågs)|(?:valdes|utsågs)\s+till\s+protokolljusterare)"
    names = r"(?P<names>\p{Lu}.*?)(?=,?\s+(?:(?i:ja|sekä|och)\s+)?(?i:vara|ersättare)|\.(?:\s|$)|$)"
    return regex.compile(rf"(?:{whom}\s+{chosen}|{chosen}\s+{whom}|{swedish})\s+{names}")


def elected(body: Body) -> list[tuple[str, ListedPerson]]:
    """The checkers whom the meeting elected by a decision of its own: ``Pöytäkirjantarkastajiksi valittiin A ja B.``"""
    for at in range(len(body.lines)):
        if not _checking().search(body.lines[at].text):
            continue
        passage = Passage.of_lines(body.lines[at : at + 3])
        found = _electing_checkers().search(passage.text)
        named = listing.read(" " * found.start("names") + found["names"], 0, in_list=True) if found else []
        if named:
            return [("minutes_checker", person.moved(passage)) for person in named]
    return []


@cache
def _checking() -> regex.Pattern[str]:
    return regex.compile(r"(?i)tarkastaj|protokolljuster")
