"""Rows of the web pages on which minutes are shown (verkkosivun kehys): links, names of services, addresses.

The words stand in vocabulary/frame_rows.csv.

>>> [is_frame(row) for row in ("Edellinen asia | Seuraava asia   Kokousasia PDF-muodossa", "RSS-linkki", "Haku", "Haku | 1.3.")]
[True, True, False, True]
>>> service_of("Dynasty tietopalvelu Haku RSS Kaislalan kaupunki")
(30, 48)
"""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.organisations import bodies
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

_LONGEST = 200


@cache
def _words(*where: str) -> regex.Pattern[str]:
    told = [row["words"] for row in rows("frame_rows") if row["where"] in where]
    return regex.compile(rf"(?<![\p{{L}}\d-])(?:{alternation(sorted(told, key=len, reverse=True))})(?![\p{{L}}\d-])")


@cache
def _heads() -> frozenset[str]:
    """The first letters of all the words: asked before a pattern is tried."""
    return frozenset(row["words"][:3] for row in rows("frame_rows"))


@cache
def _parts() -> regex.Pattern[str]:
    return regex.compile(r"\s*[|·»>]\s*|\s{2,}|\s/\s|\t")


@cache
def _address() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?:https?:/)?/\S*(?:DREQUEST|ktproxy)\S*\s*")


def is_frame(text: str) -> bool:
    """Whether a row is one of a page's frame, no part of the minutes."""
    bare = text.strip()
    if not bare or len(bare) > _LONGEST:
        return False
    if bare[0] in "/h" and _address().fullmatch(bare):
        return True
    if not any(head in bare for head in _heads()):
        return False
    if _words("begins").match(bare):
        return True
    pieces = [piece for piece in _parts().split(bare) if piece]
    links = [piece for piece in pieces if _is_link(piece, len(pieces) > 1)]
    sure = any(_words("alone").search(piece) for piece in links) or (len(pieces) > 2 and bool(links) and links[0] == pieces[0])
    return sure or (len(pieces) > 1 and (len(links) > len(pieces) / 2 or (len(links) > 0 and "|" in bare)))


def _is_link(piece: str, beside: bool) -> bool:
    """Whether a piece of a row is a link, or several one after another."""
    bare = piece.rstrip(".")
    if _words("alone").fullmatch(bare) or (beside and _words("alone", "beside").fullmatch(bare)):
        return True
    return len(piece.split()) > 1 and not _words("alone", "beside").sub("", bare).strip(" .:")


@cache
def _service() -> regex.Pattern[str]:
    return regex.compile(r"\s*Dynasty \w+ (?:(?:Haku|Sökning|RSS) )*")


def service_of(text: str) -> tuple[int, int] | None:
    """Where in a frame's row the name of the organisation stands behind that of the service, if it is such a row."""
    if not _words("begins").match(text.strip()):
        return None
    m = _service().match(text)
    return (m.end(), len(text.rstrip())) if m and m.end() < len(text.rstrip()) else None


@cache
def _sheet() -> regex.Pattern[str]:
    kinds = "(?:kokous)?pöytäkirja|esityslista|protokoll|föredragningslista"
    day = r"\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}"
    whose = r"[\p{L}-]+(?: [\p{L}-]+){0,4} (?:kaupunki|kunta|kuntayhtymä|hyvinvointialue|seurakunta|stad|kommun)"
    page = r"(?:sivu\s?)?\d{1,4}\s?\(\d{1,4}\)"
    piece = rf"(?:{kinds}|{whose}|{day}|{page}|\d{{1,3}}/(?:19|20)\d{{2}}|asia/\d{{1,3}}|sivu\s\d{{1,4}})"
    return regex.compile(rf"(?i)\s*{piece}(?:\s+{piece})*\s*")


def is_sheet_row(text: str) -> bool:
    """Whether a row holds only what the head of a sheet does: organisation, kind, body, day, page, number of the matter.

    >>> [is_sheet_row(row) for row in ("Kaislan kunta   Pöytäkirja   3 (9)", "Kunnanhallitus   4.5.2020", "Asia/3", "Hanke")]
    [True, True, True, False]
    """
    bare = text.strip()
    if not bare or len(bare) > 120 or bare.endswith("."):
        return False
    if _sheet().fullmatch(bare):
        return True
    words = _sheet_day().sub("", bare)
    return bodies.read(words) is not None


@cache
def _sheet_day() -> regex.Pattern[str]:
    return regex.compile(r"[,\s]+\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}$")
