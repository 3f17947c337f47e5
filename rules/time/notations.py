"""Dates as they are printed (merkintätavat): whole (``31.7.2023``, ``joulukuu 2019``) or waiting for their end (``1.5.-``).

Every date holds a digit, so digits are all that the search looks for; the name of a month may stand before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation, rows

DASH = r"[-‐‑‒–—―−]"


@dataclass(slots=True)
class DateAtom:
    """One date as printed: its parts, and the notation (``shape``) it is written in.

    ``from_day``, ``from_month`` and ``until_year`` make it a period by itself: ``syyskuun 26.–27. päivä``,
    ``tammi-kesäkuu 2024``, ``2025-26``.
    """

    start: int
    end: int
    shape: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    from_day: int | None = None
    from_month: int | None = None
    until_year: int | None = None

    @property
    def is_range(self) -> bool:
        """Whether it is a period by itself."""
        return self.from_day is not None or self.from_month is not None or self.until_year is not None


_ATOM = r"""
    (?=\d) (?= \d{4} | \d{1,2} (?: [./] | \s[/.] | \s?DASH\s?\d{1,2}[./] | \s{0,2}\p{L} ) )
    (?<! [\p{L}\d_@\#=&/] ) (?<! \p{L}[-‐‑] ) (?<! \d[.:] )   # not inside a word, a case number, a time, an address
    (?<! (?<!\p{L}) (?:klo|kello|kl\.?) \s )
    (?:
        (?P<chain> (?: \d[\d.]{3,9} \s?DASH\s? ){3,}+ [\d.]* )               # three dates in a row are no period
      | (?P<iso> (?:19|20)\d\d-\d\d-\d\d ) (?! \d | -\d{1,2}(?!\d) )
      | (?P<dmy> \d{1,2} \. (?: \d{1,2} \. \s{0,2} | \s \d{1,2} \. \s{1,2} ) (?:1[5-9]|2[01])\d\d ) (?! \d | \.\d )
      | (?P<dmy> \d{1,2} \s?\.\s? \d{1,2} \s\. \s? (?:19|20)\d\d ) (?! \d | \.\d )            # 1.9 .2023, 1. 9 . 2023
      | (?P<roman> \d{1,2} \. \s? ROMAN \. \s? (?:19|20)\d\d ) (?! \d )
      | (?P<slashed> \d{1,2} / \d{1,2} / (?:19|20)\d\d ) (?! [\d/] )
      | (?<= DASH\s{0,3} ) (?P<broken> \d{1,2} \. (?: \s \d{1,2} \. | \d{1,2} \s ) (?:19|20)\d\d )
        (?! \d )   # a row ended after its first full stop, or the second one is left out
      | (?P<dmyy> \d{1,2} \. \d{1,2} \. \d\d ) (?! \d | [.,:/]\d )
      | (?<= kuun\s{1,2} ) (?P<of_month> (?: (?P<from_day> \d{1,2} ) \.? \s?DASH\s? )? \d{1,2}
            (?: \. (?: \s{0,2} PÄIVÄ )? | \s PÄIVÄ ) (?: \s{1,2} (?:19|20)\d\d (?!\d) )? )
      | (?P<day_name> \d{1,2} \.? \s{0,2} (?: PÄIVÄ \s)? (?: MONTH ) (?: \s{1,2} \d{4} (?!\d) )? )
      | (?P<month_year> (?: 0?[1-9] | 1[0-2] ) \s?/\s? (?:19|20)\d\d ) (?! [\d/] )
      | (?P<month_dot_year> (?: 0?[1-9] | 1[0-2] ) \. (?:19|20)\d\d ) (?! \d | \.\d )
      | (?P<month_yy> (?: 0?[1-9] | 1[0-2] ) / ['’]? \d\d ) (?! [\d/] )
        (?: (?= \s?DASH\s? \d{1,2}/['’]?\d\d (?![\d/]) ) | (?<= DASH\s?\d{1,2}/['’]?\d\d ) )
      | (?P<roman_partial> \d{1,2} \. \s? ROMAN \.? ) (?= \s{0,3} DASH{1,2} \s{0,3} \d )
      | (?P<partial> \d{1,2} \s?\. (?: \s? \d{1,2} \s?\.? )? ) (?= \s{0,3} DASH{1,2} \s{0,3} \d )
      | (?<= DASH\s{0,3} ) (?P<lacking> \d{1,2} \. \d{1,2} \.? )
        (?= \s{0,2} (?:,|ja|sekä|och) \s{1,2} \d{1,2}\.\d{1,2}\.? \s?DASH )
      | (?P<month> 0?[1-9] | 1[0-2] ) (?= \s?DASH\s? \d{1,2}/ (?:19|20)\d\d )
      | (?P<day> \d{1,2} ) (?= DASH \d{1,2} \. \d{1,2} \. \s? \d{4} )
      | (?P<year> (?:19|20)\d\d )
        (?<! \d{3}\s\d{4} | \b0\d\s\d{4} | \bPL\s\d{4} | (?:dnro|[nd]ro|dno|diaari\p{L}{0,12}) [\s:]{1,2} \d{4} )
        (?: DASH (?P<two> \d\d ) (?! \d | [.,:/-]\d | \.\s?[IVX] | \p{L} | \s?UNIT ) )?
        (?! [\p{L}\d_%] | [.,:]\d | /\d | \s?UNIT | \s000 | \s?DASH\s?\d{3,6}\s?UNIT
          | DASH (?: \d{3}(?!\d) | \d{5} | lu[kv] | \d\d?(?! \d | \.\s?\d{1,2}\. | \.\s?[IVX] ) )
          | \.(?:pdf|docx?|xlsx?|fi|com)\b )
        (?<= \b (?: (?P<from_name> MONTH|STEM ) \s{0,2} DASH \s{0,2} )?
                (?P<name> MONTH ) (?: \s(?:alu|lop)\p{L}{1,6} )? \s{1,2} \d{4} )?
    )
"""
_UNIT = (
    r"(?:€|euro|eur\b|e\b|[tm]€|milj|mrd|tuhatta|%|prosen|m2|m²|m3|m\b|mm\b|ha\b|km|kpl|kg\b|tonn|litr|tunti|päivä\p{L}|krt\b"
    r"|hlö|henkilö|asuka|asukk|asunto|oppila|lasta|nuorta|kappal|kävij|käyttäj|osallistuj|työntekij|ihmi|opiskelij)"
)
_DAY_WORD = r"(?:päivä(?:nä|stä|än|n)?(?!\p{L}))"
_ROMAN = r"(?:XI{0,2}|IX|IV|VI{0,3}|I{1,3})"
_ROMAN_NUMBERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@cache
def _months() -> dict[str, int]:
    return {row["stem"]: int(row["month"]) for row in rows("months")}


@cache
def _month() -> str:
    """A month by name in any case form, or cut short: ``syyskuussa``, ``syysk.``, ``sept.``."""
    finnish = alternation(row["stem"] for row in rows("months") if row["ending"])
    endings = alternation(row["ending"] for row in rows("months") if row["ending"])
    others = alternation(row["stem"] for row in rows("months") if not row["ending"])
    return rf"{finnish}(?:{endings}\p{{L}}{{0,6}}|k\.?(?!\p{{L}}))|{others}\b\.?"


@cache
def _atom_pattern() -> regex.Pattern[str]:
    finnish = alternation(row["stem"] for row in rows("months") if row["ending"])
    words = {"MONTH": _month(), "STEM": finnish, "DASH": DASH, "UNIT": _UNIT, "ROMAN": _ROMAN, "PÄIVÄ": _DAY_WORD}
    pattern = _ATOM
    for word, meant in words.items():
        pattern = pattern.replace(word, meant)
    return regex.compile(pattern, regex.VERBOSE | regex.IGNORECASE)


@cache
def _month_before() -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\p{{L}})(?:{_month()})\s{{1,2}}$", regex.IGNORECASE)


_DIGITS = regex.compile(r"\d+")
_LETTERS = regex.compile(r"\p{L}+")


def _month_number(surface: str) -> int:
    """The month that a word of the surface names."""
    for word in _LETTERS.findall(surface.lower()):
        for stem, number in _months().items():
            if word.startswith(stem):
                return number
    raise ValueError(surface)


def _century(two: int) -> int:
    """The year that two digits mean in minutes of this century.

    >>> _century(21), _century(98)
    (2021, 1998)
    """
    return two + (2000 if two < 70 else 1900)


def atoms(text: str) -> Iterator[DateAtom]:
    """Every date and every part of one, in order."""
    reached = 0
    for match in _atom_pattern().finditer(text):
        shape = "year" if match["year"] else "of_month" if match["of_month"] else match.lastgroup or ""
        if shape == "chain" or (shape == "year" and match.start() < reached):
            continue
        if shape == "of_month":
            atom = _of_month(text, match, reached)
        else:
            atom = _year_atom(match, reached) if shape == "year" else _numeric(match, shape)
        if atom is not None:
            reached = atom.end
            yield atom


def _numeric(match: regex.Match[str], shape: str) -> DateAtom:
    """A date that begins with a number."""
    numbers = [int(n) for n in _DIGITS.findall(match[0])]
    rest = numbers[1] if len(numbers) > 1 else None
    atom = DateAtom(match.start(), match.end(), shape)
    match shape:
        case "iso":
            atom.year, atom.month, atom.day = numbers
        case "dmy" | "broken" | "slashed":
            atom.shape = "dmy"
            atom.day, atom.month, atom.year = numbers
        case "roman" | "roman_partial":
            roman = next(word for word in _LETTERS.findall(match[0]) if word)
            atom.shape = "dmy" if shape == "roman" else "partial"
            atom.day, atom.month, atom.year = numbers[0], _ROMAN_NUMBERS.index(roman.upper()) + 1, rest
        case "dmyy":
            atom.day, atom.month, atom.year = numbers[0], numbers[1], _century(numbers[2])
        case "day_name":
            atom.day, atom.month, atom.year = numbers[0], _month_number(match[0]), rest
        case "month_year" | "month_dot_year":
            atom.shape = "month_year"
            atom.month, atom.year = numbers
        case "month_yy":
            atom.month, atom.year = numbers[0], _century(numbers[1])
        case "month":
            atom.month = numbers[0]
        case _:
            atom.shape = "day" if shape == "day" else "partial"
            atom.day, atom.month = numbers[0], rest
    return atom


def _of_month(text: str, match: regex.Match[str], reached: int) -> DateAtom | None:
    """A day behind its month: ``kesäkuun 5. päivä 2023``, ``syyskuun 26.–27. päivä``."""
    name = _month_before().search(text, max(reached, match.start() - 16), match.start())
    if name is None:
        return None
    numbers = [int(n) for n in _DIGITS.findall(match[0])]
    year = numbers.pop() if numbers[-1] > 31 else None
    from_day = numbers[0] if match["from_day"] else None
    return DateAtom(name.start(), match.end(), "day_name", year, _month_number(name[0]), numbers[-1], from_day)


def _year_atom(match: regex.Match[str], reached: int) -> DateAtom | None:
    """A year, alone or behind the month that names it; None for a number such as 2023-45, which is no pair of years."""
    atom = DateAtom(match.start(), match.end(), "year", year=int(match["year"]))
    if match["two"]:
        end = int(match["year"][:2] + match["two"])
        if not int(match["year"]) < end <= int(match["year"]) + 10:
            return None
        atom.until_year = end
    if match["name"] and match.start("name") >= reached:
        atom.shape, atom.start, atom.month = "name", match.start("name"), _month_number(match["name"])
        if match["from_name"] and match.start("from_name") >= reached:
            atom.start, atom.from_month = match.start("from_name"), _month_number(match["from_name"])
            _take_next_year(atom, match)
    return atom


_NEXT_YEAR = regex.compile(rf"\s?{DASH}\s?((?:19|20)\d\d)(?!\d)")


def _take_next_year(atom: DateAtom, match: regex.Match[str]) -> None:
    """Months over a turn of the year with both years behind them: ``marras-helmikuu 2023-2024`` ends in the later one."""
    later = _NEXT_YEAR.match(match.string, match.end())
    over = atom.from_month is not None and atom.month is not None and atom.from_month > atom.month
    if later and over and atom.year is not None and int(later[1]) == atom.year + 1:
        atom.year, atom.end = atom.year + 1, later.end()
