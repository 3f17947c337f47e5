"""Decision-making bodies (toimielimet): their names in page heads and at the head of a handling.

>>> read("Kaupunginhallituksen konserni- ja elinvoimajaosto"), read("Lautakunta hyväksyi esityksen")
('Kaupunginhallituksen konserni- ja elinvoimajaosto', None)
>>> h = read_handling("Ympäristölautakunta, 19.04.2022, § 19"); h.body, h.date, h.number
('Ympäristölautakunta', datetime.date(2022, 4, 19), 19)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.vocabulary_tables.tables import rows


@dataclass(frozen=True, slots=True)
class Handling:
    """The head of a handling (asian käsittely): ``Kunnanhallitus 12.3.2019 § 57``, ``Khall § 57``.

    ``body`` as printed (a name or an abbreviation); ``label`` bounds the number with its §; what follows begins at ``end``.
    """

    body: str
    number: int
    letter: str | None
    date: dt.date | None
    start: int
    end: int
    label: tuple[int, int]
    is_name: bool


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted((r["ending"] for r in rows("bodies")), key=len, reverse=True))


@cache
def _name() -> str:
    word = r"(?:\p{L}[\p{L}-]*+-?,?)"
    return rf"(?=\p{{Lu}})(?:{word}[ ]){{0,7}}?[\p{{L}}-]*?(?i:{'|'.join(map(regex.escape, _endings()))})"


@cache
def _name_pattern() -> regex.Pattern[str]:
    return regex.compile(_name())


# Text recognition reads O and l for 0 and 1; where a handling's head is so clear, they are taken for digits.
_DIGIT = "[0-9OolI]"
_DATE = rf"(?P<date> {_DIGIT}{{1,2}} \. \s? {_DIGIT}{{1,2}} \. \s? (?:19|2[0O]){_DIGIT}{{2}} )"
_NUMBER = rf"(?P<number> (?=[OolI]{{0,3}}\d) {_DIGIT}{{1,4}} ) (?:[ ]?(?P<letter>[a-z])(?!\p{{L}}))?"
_CLEAR = str.maketrans("OolI", "0011")
_SECTION = rf"(?P<label> (?| § \s? {_NUMBER} (?:[ ]?/[ ]?(?:19|20)\d{{2}})? | {_NUMBER} [ ]? § (?![:\p{{L}}]) ) )"


@cache
def _handling() -> regex.Pattern[str]:
    short = r"\p{Lu}[\p{L}]{0,14}(?:[-/. ]?\p{L}{1,10}){0,2}"
    return regex.compile(
        rf"""\s* (?P<body> {_name()} | {short} ) \.? \s*+ [,/–-]? \s*+
             (?| {_DATE} \s*+ [,/–-]? \s*+ {_SECTION} | {_SECTION} (?: \s*+ [,/–-]? \s*+ {_DATE} )?
               | (?<=\s{{2}}) (?P<label> {_NUMBER} ) \s{{2,}} {_DATE} \s*+ $
               | {_DATE} \s++ (?P<label> {_NUMBER} ) \s*+ $ ) [.:]?""",
        regex.VERBOSE,
    )


def read(text: str) -> str | None:
    """The body whose name is all that ``text`` holds, else None."""
    folded = " ".join(text.split())
    if len(folded) > 120:
        return None
    if not folded.casefold().endswith(_endings()):
        return folded if " för " in folded and _for_what().fullmatch(folded) else None
    if m := _meeting_of().fullmatch(folded):  # Kunnanhallitus, kokous; KIRKKOVALTUUSTON KOKOUS
        folded = _nominative(m["body"])
    return folded if _name_pattern().fullmatch(folded) else None


@cache
def _for_what() -> regex.Pattern[str]:
    """``Nämnden för fostran och utbildning``, ``Svenska sektionen vid nämnden för social- och hälsovård``."""
    body = r"(?:[nN]ämnd|[sS]ektion|[uU]tskott|[dD]irektion)(?:en|et)?"
    return regex.compile(rf"(?:\p{{Lu}}\p{{Ll}}+ )?{body}(?: vid {body})? för \p{{Ll}}[\p{{Ll}}, -]{{2,60}}")


@cache
def _meeting_of() -> regex.Pattern[str]:
    genitives = "hallituksen|valtuuston|lautakunnan|jaoston|neuvoston|toimikunnan|johtokunnan|valiokunnan|neuvottelukunnan"
    return regex.compile(rf"(?i)(?P<body>.+(?:{genitives}) (?=kokous$)|.+, (?=kokous$|sammanträde$))(?:kokous|sammanträde)")


_GENITIVES = {"hallituksen": "hallitus", "kunnan": "kunta", "ston": "sto"}


def _nominative(whose: str) -> str:
    """The body that holds a meeting: ``Kirkkovaltuuston`` → ``Kirkkovaltuusto``."""
    bare = whose.strip(" ,")
    end = next((end for end in _GENITIVES if bare.casefold().endswith(end)), None)
    if not end:
        return bare
    base = _GENITIVES[end]
    return bare[: -len(end)] + (base.upper() if bare.isupper() else base)


def is_body(words: str) -> bool:
    """Whether words are a body's name, or its abbreviation as margins print it.

    >>> [is_body(words) for words in ("Kunnanhallitus", "Khall", "Sivltk", "Tekn.ltk", "KST", "Kunta", "Alv")]
    [True, True, True, True, True, False, False]
    """
    bare = words.strip()
    if read(bare) is not None:
        return True
    return bare[:1].isupper() and _abbreviation().fullmatch(bare) is not None and bare.casefold() not in _NO_BODY


_NO_BODY = frozenset({"alv", "h", "v", "la", "lk", "lt", "kpl", "sv", "pv"})


@cache
def _abbreviation() -> regex.Pattern[str]:
    ends = {regex.escape(row["abbreviation"]) for row in rows("bodies") if row["abbreviation"]} | {"la", "lk", "lt", "h", "v"}
    longest_first = "|".join(sorted(ends, key=len, reverse=True))
    alone = "|".join(regex.escape(row["abbreviation"]) for row in rows("bodies") if row["abbreviation"])
    return regex.compile(rf"(?i)\p{{L}}[\p{{L}}./ -]{{0,18}}?(?:{longest_first})\.?|(?:{alone}|k[hv]s?)\.?")


@cache
def _dated_row() -> regex.Pattern[str]:
    """Where the § is lost, or was never printed: ``Khall   132     16.6.2009``, ``Khall 30.8.2010 138``."""
    return regex.compile(
        rf"\s{{2}}{_DIGIT}{{1,4}}\s{{2,}}{_DATE}\s*$|^\s*\p{{Lu}}.{{1,60}}\s{_DATE}\s+{_DIGIT}{{1,4}}\s*$", regex.VERBOSE
    )


def read_handling(text: str) -> Handling | None:
    """The head of a handling with which a line begins, or None. What follows on the line is the caller's to judge."""
    if "§" not in text and not _dated_row().search(text):
        return None
    m = _handling().match(text)
    if not m:
        return None
    body = m["body"]
    is_name = read(body) is not None
    if not is_name and not _abbreviation().fullmatch(body):
        return None
    number = int(m["number"].translate(_CLEAR))
    return Handling(body, number, m["letter"], _date(m["date"]), m.start("body"), m.end(), m.span("label"), is_name)


@dataclass(frozen=True, slots=True)
class MeetingNumber:
    """A meeting's number: ``value`` without spaces, ``start`` and ``end`` bound it in the text."""

    value: str
    start: int
    end: int


@cache
def _meeting_number() -> regex.Pattern[str]:
    words = "Pöytäkirja|Kokouspöytäkirja|Pöytäkirjanote|Esityslista|Kokouskutsu|Kokous|Kokousnumero|Protokoll|Föredragningslista"
    words += "|Muistio"
    number = r"(?P<number>\d{1,3}\s?/\s?(?:19|20)\d{2})"
    return regex.compile(rf"(?i)\s*(?:(?:{words})\s?[-–/]\s?)?(?:{words})?\s*(?:nro|n:o|no|nr)?\.?\s*:?\s*{number}\s*")


def read_meeting_number(text: str) -> MeetingNumber | None:
    """The meeting's number that is all a piece of a page head holds.

    >>> [found.value for text in ("Pöytäkirja 11/2024", "Nro 3/2015", "Liite 3/2015") if (found := read_meeting_number(text))]
    ['11/2024', '3/2015']
    """
    m = _meeting_number().fullmatch(text)
    return MeetingNumber("".join(m["number"].split()), *m.span("number")) if m else None


def _date(text: str | None) -> dt.date | None:
    if not text:
        return None
    day, month, year = (int(part) for part in text.translate(_CLEAR).replace(" ", "").split("."))
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
