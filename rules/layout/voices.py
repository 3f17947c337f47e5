"""Whose words follow a colon (kenen sanat): a body that decides or proposes, an officer who proposes.

Small municipalities head no proposal and no decision but name who speaks: ``Kj: Hyväksytään.``, ``Kh: Hyväksyttiin.``

>>> [(v.kind, v.who) for text in ("Khall: Todettiin.", "Vt. kunnanjohtaja:", "Kj: Puolletaan.", "Liite: 1") if (v := read(text))]
[('body', 'khall'), ('officer', 'kunnanjohtaja'), ('officer', 'kunnanjohtaja')]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

from poytakirja.rules.names.titles import TitleReader, head_of
from poytakirja.rules.organisations import bodies

_LONGEST = 70
_ENDS = (
    "johtaja", "päällikkö", "sihteeri", "insinööri", "kamreeri", "rehtori", "esittelijä", "tarkastaja", "lakimies", "kirkkoherra",
    "pormestari", "direktör", "direktören", "chef", "chefen", "sekreterare", "sekreteraren",
)  # fmt: skip
_SHORT = {
    "kj": "kunnanjohtaja", "kaupj": "kaupunginjohtaja", "kaup.joht": "kaupunginjohtaja", "kunnanjoht": "kunnanjohtaja",
    "tekn.joht": "tekninen johtaja", "siv.joht": "sivistysjohtaja", "sivj": "sivistysjohtaja", "ptj": "perusturvajohtaja",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: ``who`` in base form and small letters (a body as printed); what is said begins at ``rest``."""

    kind: Literal["body", "officer"]
    who: str
    start: int
    end: int
    rest: int


@cache
def _label() -> regex.Pattern[str]:
    return regex.compile(
        r"\s*(?P<acting>[Vv]\.?[st]\.?\s?|[Tt]f\.?\s)?(?P<who>\p{L}[\p{L}.-]*(?: [\p{L}.-]+){0,4}?)\s?:(?=\s|$)\s*"
    )


def read(text: str) -> Voice | None:
    """The voice with which a row begins."""
    if ":" not in text[:_LONGEST]:
        return None
    m = _label().match(text)
    if not m or not text.lstrip()[0].isupper() or text[m.end() : m.end() + 1].islower():
        return None
    who, start, end = m["who"], m.start("who"), m.end("who")
    if not m["acting"] and bodies.is_body(who.rstrip(".")) and who.casefold() not in _SHORT:
        return Voice("body", who.casefold().rstrip("."), start, end, m.end())
    title = officer(who)
    return Voice("officer", title, m.start("acting") if m["acting"] else start, end, m.end()) if title else None


def officer(who: str) -> str | None:
    """The title, in base form, that is all some words hold, if its bearer may propose; else None.

    >>> officer("Tekninen johtaja"), officer("Kj"), officer("Kunnanjohtajan"), officer("Vuokralainen")
    ('tekninen johtaja', 'kunnanjohtaja', 'kunnanjohtaja', None)
    """
    low = who.casefold().rstrip(".").replace("kj:n", "kj")
    if low in _SHORT:
        return _SHORT[low]
    words = who.split()
    if not words or len(words) > 5 or not head_of(words[-1]):
        return None
    reader = TitleReader(who)
    title = reader.title_at(len(reader.tokens) - 1, whole=True) if reader.tokens else None
    if not title or title.start > 0 or not title.base.endswith(_ENDS):
        return None
    return title.base
