"""How many projects a text says there are."""

from __future__ import annotations

import regex

from poytakirja.rules.projects.status import CueMatch
from poytakirja.rules.vocabulary_tables.tables import lowered

_NUMERAL_WORDS = (
    "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen yksitoista kaksitoista kolmetoista neljätoista "
    "viisitoista kuusitoista seitsemäntoista kahdeksantoista yhdeksäntoista kaksikymmentä"
)


_NUMERALS = {word: n for n, word in enumerate(_NUMERAL_WORDS.split(), start=1)}


_NUMBER = rf"\d{{1,3}}|{'|'.join(_NUMERALS)}"


_COUNT = regex.compile(
    rf"""(?ix) \b
      (?: (?:hankkeita|projekteja) \s+ (?:\p{{Ll}}+\s+){{0,4}}? (?:on|oli) \s+ (?:\p{{Ll}}+\s+){{0,3}}? (?P<a>{_NUMBER})
            (?:\s+(?:kappaletta|kpl))?
        | (?:on|koottu|esitellään|lueteltu|yhteensä|kaikkiaan) \s+ (?:\p{{Ll}}+\s+){{0,3}}? (?P<b>{_NUMBER}) \s+
            (?:\p{{L}}+\s+){{0,3}}? (?:[\p{{L}}-]*hanketta|projektia) )
      \b (?! \s*(?:euro|€|%|\.\d) )"""
)


_COUNTED = regex.compile(r"hankkeita|projekteja|hanketta|projektia")


_AROUND = 200
"""How many characters from its word a count may stand."""


def find_stated_count(text: str) -> list[tuple[int, CueMatch]]:
    """How many projects the text says there are (hankkeiden ilmoitettu määrä).

    >>> [n for n, _ in find_stated_count("Kaikkiaan hankkeita on yhdeksän kappaletta.")]
    [9]
    """
    found = []
    reached = 0
    for counted in _COUNTED.finditer(lowered(text)):  # which is much faster than to try the pattern everywhere
        m = _COUNT.search(text, max(reached, counted.start() - _AROUND), counted.end() + _AROUND)
        if m is None:
            continue
        reached = m.end()
        group = "a" if m["a"] else "b"
        word = m[group].casefold()
        number = int(word) if word.isdigit() else _NUMERALS[word]
        found.append((number, CueMatch(*m.span(group), m[group], str(number), "projects.stated_count")))
    return found
