"""Where a name ends, and what bears a person's name but is no person (kaima): streets, schools, funds, prizes, projects.

A recogniser sees words; these rules see what stands around them on the page.

>>> text = "Juho Kurkelan tie 4 ja Elli Tammisen lausunto"
>>> [is_namesake(text, *span) for span in ((0, 13), (23, 36))]
[True, False]
>>> [text[a:b] for text in ["Öhman EI", "Suvi-Mari      M. Hakola"] for a, b in parts(text, 0, len(text))]
['Öhman', 'Suvi-Mari', 'M. Hakola']
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from poytakirja.rules.names.base_form import is_family_form, is_given
from poytakirja.rules.names.lexicon import capitals_down, words_of
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Span = tuple[int, int]


def _stems(kind: str) -> str:
    return alternation(row["stem"] for row in rows("namesakes") if row["kind"] == kind)


@cache
def _behind() -> regex.Pattern[str]:
    """What stands behind a name that is the first part of a longer one: ``Silver Economy -hanke``, ``Arvo Kuoppala -mitali``."""
    return regex.compile(
        rf"""\s?[-–]\p{{Ll}} | ["”]?\s[-–]\p{{Ll}}
          | \s+ (?: [\p{{L}}-]*? (?:{_stems("after")}) \p{{Ll}}*+ | (?:{_stems("exactly")}) ) (?![\p{{L}}])""",
        regex.VERBOSE | regex.IGNORECASE,
    )


@cache
def _company() -> regex.Pattern[str]:
    """A company's form or an estate's number behind the name: ``Maansiirto Laine Ky``, ``Hurme & Vuori``, ``Timo Aho RN:o 4``."""
    return regex.compile(
        r"\s*(?:&\s*\p{Lu}[\p{L}-]+|(?:(?!ja\s|sekä\s)[\p{L}-]+\s)?(?:Oyj?|Ab|Ky|Ay|Tmi|T:mi|ry|rf|sr|R[Nn])(?![\p{L}]))"
    )


@cache
def _firm() -> regex.Pattern[str]:
    """A company's form at the end of the words themselves."""
    return regex.compile(r"\s(?:Oyj?|Ab|Ky|Ay|Tmi|ry|rf)(?::\p{Ll}+)?$")


def is_namesake(text: str, start: int, end: int) -> bool:
    """Whether a name in a text is that of a place, a foundation, a prize, a project or a company, not of a person there."""
    behind = _behind().match(text, end)
    dashed = behind is not None and behind.group().lstrip(' "”')[:1] in "-–"
    genitive = text[end - 1] == "n" or "niminen" in text[end : end + 12]
    if behind and (dashed or genitive):
        return True
    if _company().match(text, end) or _firm().search(text, start, end):
        return True
    return text[max(0, start - 2) : start] == "& "


@cache
def _joint() -> regex.Pattern[str]:
    """Where a name cannot go on: a wide gap in a row; a row's end before a label."""
    return regex.compile(r"(?<=\S)[ \t]{2,}(?=\S)|\s*\n\s*(?=[\p{L}-]+\s?:)|\s*\n[ \t]*\n\s*")


@cache
def _vote() -> regex.Pattern[str]:
    """A word in capitals behind a name in small letters is another column or label: ``Öhman EI``, ``Virta TYHJÄ``."""
    return regex.compile(r"(?<=\p{Ll})\s+\p{Lu}{2,}(?:\s.*)?$", regex.DOTALL)


def parts(text: str, start: int, end: int) -> Iterator[Span]:
    """The names that a span of words with capitals holds: cut at wide gaps and before labels, votes left out."""
    at = start
    gaps = (gap for gap in _joint().finditer(text, start, end + 40) if gap.start() < end)
    for gap in [*gaps, None]:
        stop = gap.start() if gap else end
        if vote := _vote().search(text, at, stop):
            stop = vote.start()
        if (row := text.find("\n", at, stop)) > 0 and _is_next_row(text[at:row], text[row:stop]):
            stop = row
        if text[at:stop].strip():
            yield at, stop
        at = gap.end() if gap else end


def _is_next_row(name: str, rest: str) -> bool:
    """Whether a name is whole at the end of its row, and what the next row begins with is none: ``Satu Kankare / Tekninen``."""
    words, below = name.split(), rest.split()
    if name.rstrip().endswith("-"):
        return False
    return len(words) > 1 and is_given(words[0]) and len(below) == 1 and not (is_family_form(below[0]) or is_given(below[0]))


@cache
def _nickname() -> regex.Pattern[str]:
    return regex.compile(r"""\s+["”“'’](\p{Lu}[\p{L}-]+)["”'’]\s+\p{Lu}\p{Ll}[\p{L}'’-]*""")


@cache
def _initials() -> regex.Pattern[str]:
    return regex.compile(r"(?:\p{Lu}\.[-\s]?){0,2}\p{Lu}\.?")


def grown(text: str, start: int, end: int) -> Span:
    """A name with its particle before it and its nickname inside: ``af Hällsten``, ``Eeli "Eetu" Paananen``.

    >>> text = 'Kuvataiteilija Eeli "Eetu" Paananen, von Kreutz'
    >>> [text[a:b] for a, b in (grown(text, 15, 19), grown(text, 41, 47))]
    ['Eeli "Eetu" Paananen', 'von Kreutz']
    """
    before = text[max(0, start - 9) : start]
    words = before.split(" ")
    if before.endswith(" ") and len(words) > 1 and words[-2] in words_of("particle") and text[start:end].count(" ") == 0:
        start -= len(words[-2]) + 1
    if text[start:end].isalpha() and (nick := _nickname().match(text, end)):
        end = nick.end()
    return start, end


def goes_on(text: str, end: int, start: int) -> bool:
    """Whether what ends and what begins at two places is one name: initials before a family name (``J.-P. Bagge``)."""
    if text[end:start] not in (". ", ".", " "):
        return False
    head = text[max(0, end - 8) : end].split()
    return bool(head) and _initials().fullmatch(head[-1]) is not None


def is_heading(words: str) -> bool:
    """Whether words in capitals are a heading rather than a name printed so: none of them is a given name.

    >>> is_heading("VIRAN TÄYTTÄMINEN"), is_heading("KALLE OJASEN"), is_heading("Viran Täyttäminen")
    (True, False, False)
    """
    return words.isupper() and len(words) > 3 and not any(is_given(capitals_down(word)) for word in words.split())


@cache
def _acts() -> regex.Pattern[str]:
    return regex.compile(rf"(?:'?n|:n)?\s+(?:{_stems('acts')})")


def acts(text: str, end: int) -> bool:
    """Whether the word behind a family name is one for persons: ``Majavan ehdotus``, ``Pöyhönen poistui``.

    >>> acts("Porin ehdotus raukesi", 5), acts("Porin kaupunki", 5)
    (True, False)
    """
    return _acts().match(text, end) is not None
