"""How lists are marked (luettelomerkit): numbers, letters and signs at the beginning of a row.

>>> read_marker("1) Pihat"), read_marker("• Puistot").glyph, read_marker("1.9.2021 alkaen"), read_marker("– 31.12.2021")
(Marker(style='paren', label='1', ordinal=1, glyph=None, end=3), '•', None, None)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import regex

Style = Literal["paren", "dot", "bracket", "letter", "bullet", "step", "dash", "colon", "roman", "word"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A list marker: ``label`` the number or letter as printed, ``ordinal`` its place, ``end`` where the entry's words begin."""

    style: Style
    label: str | None
    ordinal: int | None
    glyph: str | None
    end: int


_MONTHS = "tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu"
_MARKER = regex.compile(
    rf"""\s* (?:
        (?P<paren>\d{{1,3}}) \) \s* (?=\S)
      | \( (?P<bracket>\d{{1,3}}) \) \s* (?=\S)
      | (?P<letter>[a-zåäö]) \) \s+ (?=\S)
      | (?P<dot>\d{{1,2}}) \. \s+
          (?! \d{{1,2}}\.\s?\d | (?:{_MONTHS})kuu | \p{{Ll}}{{1,12}}-?\s?puheenjohtaja | luokka | luokan | krs | kerros )
          (?= [\p{{L}}\d"”(] )
      | (?P<bullet> [•▪◦●○■□‣∙·*►▶✓✔➢➤❖◆◇\uf0b7\uf0a7\uf0d8\uf02d\uf0fc] \s* | [-–—−‒»>+~=] \s+ | o \s{{2,}} )
          (?= \S ) (?! [\d\s.]{{3,10}} \.\d{{4}} \s* (?:$|[,)(;]) )
    )""",
    regex.VERBOSE,
)
_RECURRENT = regex.compile(
    r"""\s* (?:
        (?P<step>\d{1,2}(?:\.\d{1,2}){1,2}) \.? \s+ (?=\p{L})
      | (?P<dash>\d{1,2}) \s* [-–—] \s+ (?=[\p{Lu}"”])
      | (?P<colon>\d{1,2}) \s? : \s+ (?=[\p{Lu}"”])
      | (?P<roman>[IVX]{1,5}[.)]|[ivx]{1,5}\)) \s+ (?=\p{L})
      | (?P<word>(?:Hanke|Projekti|Kohde|Projekt|HANKE|PROJEKTI)\s\d{1,2}) \s? [.:)–-] \s* (?=\p{L})
      | (?P<bullet> o \s+ (?=\p{Lu}) | [^\p{L}\p{N}\s"'”“„«(\[§€%&@/#.,:;|] \s+ (?=\S) )
    )""",
    regex.VERBOSE,
)
_DASHES = "-–—−‒"
_ROMAN = {"I": 1, "V": 5, "X": 10}


def _roman(text: str) -> int:
    """``IV`` → 4."""
    values = [_ROMAN[c] for c in text]
    return sum(-v if any(w > v for w in values[n + 1 : n + 2]) else v for n, v in enumerate(values))


def read_marker(text: str) -> Marker | None:
    """The list marker with which a row begins, or None.

    A date, an ordinal (``1. varapuheenjohtaja``) or the dash of a range is none.
    """
    m = _MARKER.match(text)
    if not m:
        return None
    style: Style = m.lastgroup  # type: ignore[assignment]  # the groups are named after the styles
    found = m[style].strip()
    if style == "bullet":
        if found in _DASHES and regex.match(r"\d{1,2}\.\s?(?:\d{1,2}\.|\p{Ll}+kuu)", text[m.end() :]):
            return None  # the second half of a range broken over lines
        return Marker(style, None, None, found, m.end())
    ordinal = int(found) if found.isdigit() else "abcdefghijklmnopqrstuvwxyzåäö".index(found) + 1
    return Marker(style, found, ordinal, None, m.end())


def recurrent_marker(text: str) -> Marker | None:
    """A beginning of a row that is a marker only where other rows begin alike: ``1 - Pihat``, ``II. Pihat``, ``o Pihat``.

    >>> [m.label for t in ("1 - Pihat", "2: Pihat", "IV. Pihat", "1.2 Pihat") if (m := recurrent_marker(t))]
    ['1', '2', 'IV', '1.2']
    >>> recurrent_marker("2 Pihat"), recurrent_marker("1-2 Pihat")
    (None, None)
    """
    m = _RECURRENT.match(text)
    if not m:
        return None
    style: Style = m.lastgroup  # type: ignore[assignment]  # the groups are named after the styles
    found = m[style].strip()
    if style == "bullet":
        return Marker(style, None, None, found, m.end())
    found = found.rstrip(".)")
    last = regex.split(r"[\s.]", found)[-1].upper()
    return Marker(style, last if style == "word" else found, int(last) if last.isdigit() else _roman(last), None, m.end())
