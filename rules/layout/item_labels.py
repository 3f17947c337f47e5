"""Numbers of agenda items (pykälänumerot) in the layouts in which document systems print them.

Each layout has a name, by which the evidence of an item's number is known (``items.section_last``):

- ``section_first`` CaseM, CloudNC, Ahjo: ``§ 48`` above or beside the title, also ``Pykälä 48``, ``Paragraf 48``
- ``section_last`` Dynasty, TWeb, plain minutes: ``57 §`` above or beside the title
- ``section_page`` Dynasty's and CaseM's web pages, one an item: ``Pöytäkirja 12.6.2023/Pykälä 164``
- ``section_right`` the title first, ``57 §`` at the right edge
- ``title_section`` the title first, ``, § 18`` at its end
- ``misread`` text recognition's signs for § : ``93 $``, ``95 S``, ``1OO §``
- ``body_number`` the body's name or abbreviation with a bare number: ``Kvalt 42``
- ``number_title`` a bare number before a title in capitals: ``121 VUOKRASOPIMUS``

>>> [(one.layout, one.number) for text in ("§ 48 Avaus", "57 a § Avaus", "Protokoll 4.5.2015/Paragraf 94") for one in read(text)]
[('section_first', 48), ('section_last', 57), ('section_page', 94)]
>>> read("Kuntalain 39 §:n mukaan")
[]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.organisations import bodies


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """A number that a row shows: ``start`` and ``end`` bound it with its sign, ``rest`` is where the row goes on."""

    layout: str
    number: int
    letter: str | None
    start: int
    end: int
    rest: int


_NUMBER = r"(?P<n>\d{1,4})(?:\s?(?P<l>[a-zA-Z])(?![\p{L}\d]))?"
_YEAR = r"(?:\s?/\s?(?:19|20)\d{2})?"
_NOTE = r"(?:\s*\((?i:liite|liitteet|liitteineen|bilaga|bilagor)[^()]{0,30}\))?"
_AFTER = rf"{_NOTE}(?=\s|$|[.:])(?P<dot>[.:]?)(?:\s*[-–]\s)?\s*+(?=$|[\p{{Lu}}\d\"”'(])"
_DAY = r"\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}"


@cache
def _section() -> dict[str, regex.Pattern[str]]:
    kinds = "Pöytäkirja|Esityslista|Pöytäkirjanote|Protokoll|Protokollsutdrag|Föredragningslista"
    return {
        "section_page": regex.compile(
            rf"\s*(?:\d{{1,3}}\.\s+)?(?:{kinds})\s+{_DAY}\s*[/,–-]?\s*(?P<label>(?i:§|pykälä|paragraf)\s?{_NUMBER})\s*$"
        ),
        "section_first": regex.compile(rf"\s*(?P<label>(?:§|Pykälä|PYKÄLÄ|Paragraf|PARAGRAF)\s?{_NUMBER}{_YEAR}){_AFTER}"),
        "section_last": regex.compile(rf"\s*(?P<label>{_NUMBER}\.?\s?(?:§(?!\s?§)|pykälä){_YEAR}){_AFTER}"),
    }


@cache
def _misread() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?P<label>(?P<n>(?=[OolI]{0,3}\d)[\dOolI]{1,4})\s?[§$S])(?=\s{2,}\p{Lu}|\s*$)")


@cache
def _number_title() -> regex.Pattern[str]:
    return regex.compile(r"\s{0,3}(?P<label>(?P<n>\d{1,4}))\s{1,8}(?=\p{Lu})")


@cache
def _body_number() -> regex.Pattern[str]:
    return regex.compile(r"\s*(?P<body>\p{L}[\p{L}. -]{0,60}?)\.?\s+(?P<label>(?P<n>\d{1,4}))\s*$")


@cache
def _title_section() -> regex.Pattern[str]:
    return regex.compile(rf".{{4,200}}?(?P<label>,\s(?P<sign>§\s?{_NUMBER}))\s*$")


@cache
def _right() -> regex.Pattern[str]:
    return regex.compile(rf"(?|(?P<label>§\s?{_NUMBER})|(?P<label>{_NUMBER}\s?§))")


_CLEAR = str.maketrans("OolI", "0011")


def _label(layout: str, m: regex.Match[str], group: str = "label") -> ItemLabel:
    letter = m["l"] if "l" in m.re.groupindex else None
    return ItemLabel(layout, int(m["n"].translate(_CLEAR)), letter, m.start(group), m.end(group), m.end())


def may_show(text: str) -> bool:
    """Whether a row may show a number with a sign or a word for it; asked before any pattern is tried."""
    return "§" in text or "ykälä" in text or "YKÄLÄ" in text or "aragraf" in text or "ARAGRAF" in text


def read(text: str) -> list[ItemLabel]:
    """The number with which a row opens in a layout that prints § or its word: none or one."""
    if not may_show(text):
        return []
    found = ((layout, pattern.match(text)) for layout, pattern in _section().items())
    return next(([_label(layout, m)] for layout, m in found if m), [])


def read_right(piece: str) -> ItemLabel | None:
    """The number that is all a piece at the right edge holds."""
    m = _right().fullmatch(piece) if "§" in piece else None
    return _label("section_right", m) if m else None


def read_title_end(text: str) -> ItemLabel | None:
    """The number at the end of a title: ``Avustuksen vastaanottaminen, § 18``."""
    m = _title_section().match(text) if "§" in text[-10:] else None
    return _label("title_section", m, "sign") if m else None


def read_misread(text: str) -> ItemLabel | None:
    """A number whose § or digits text recognition misread: ``93 $``, ``95 S``, ``1OO §``."""
    m = _misread().match(text)
    return _label("misread", m) if m else None


def read_body_number(text: str) -> ItemLabel | None:
    """A body with a number and no sign, alone in its row: ``Kvalt 42``, ``KHAL 171``.

    >>> [read_body_number(text) is not None for text in ("Kvalt 42", "Kunnanhallitus 171", "Liite 3", "Kh:n huone 12")]
    [True, True, False, False]
    """
    if len(text) > 70 or not text.rstrip()[-1:].isdigit():
        return None
    m = _body_number().match(text)
    return _label("body_number", m) if m and bodies.is_body(m["body"]) else None


def read_number_title(text: str) -> ItemLabel | None:
    """A bare number before a title in capitals.

    >>> [read_number_title(text) is not None for text in ("121 VUOKRASOPIMUS / KOULU", "121 Vuokrasopimus", "12 KPL")]
    [True, False, False]
    """
    m = _number_title().match(text)
    if not m:
        return None
    letters = [c for c in text[m.end() :] if c.isalpha()]
    return _label("number_title", m) if len(letters) > 5 and sum(c.isupper() for c in letters) > 0.8 * len(letters) else None
