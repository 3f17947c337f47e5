"""What text recognition misreads in minutes (lukuvirheet), put right where the shape of the words leaves no doubt.

Tesseract's Finnish and Swedish models have no ``§``, no ``–`` and no ``•`` among their characters: what they give in their place
is another one, always. The rest is letters in numbers. A word stays one word, so that its box stays its own.

>>> mended("57 $ Avustus l3.5.2O24—-31.12.2024, 12 000 C".split())
['57', '§', 'Avustus', '13.5.2024–31.12.2024,', '12', '000', '€']
>>> sections(["57 § Kokouksen avaus", "588 Pöytäkirjantarkastajat", "888 euroa"])
[3, 2, None]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.layout import case_numbers as cases

_ZERO, _ONE = "Oo", "lI|"


# ---------------------------------------------------------------- within a line


@cache
def _repairs() -> list[tuple[regex.Pattern[str], str]]:
    """Patterns and what takes their place, in this order. None takes in a space or leaves one."""
    law = r"(?:lain|lagens?|säännön|asetuksen|kaaren|stadgans?)"
    no_sum = r"(?! [\d,] | [.]\d | [ ]\d{3}(?!\d) | [ ]?(?:milj|mn) )"
    # A dollar sign beside a whole number of at most four digits is a section; one beside a sum stays.
    before = rf"(?<! [\p{{L}}\d,.-] | \d[ ] ) \$ (?= [ ]?\d{{1,4}} {no_sum} )"
    after = r"(?<= (?<! [\d,.] | \d[ ] ) \b\d{1,4} [ ]?[a-z]?[ ]? ) \$ (?![\d\p{L}])"
    in_law = rf"(?<= {law} [ ] \d{{1,3}} [ ] ) [8S] (?= :\p{{Ll}} )"
    # Dashes: a pair of them is one, and the long one that the models know stands for the short one.
    dash = r"[—–] [—–-]++ | (?<!-) -++ [—–] [—–-]*+ | —"
    bullet = r"^ [e©¢»] (?=[ ]\S)"  # no Finnish or Swedish word is a lone e
    euro = r"(?<= \d{1,3} (?:[ .]\d{3}){1,4} (?:,\d\d)? [ ] ) [CE] (?![\p{L}\d:.])"
    made = ((before, "§"), (after, "§"), (in_law, "§"), (dash, "–"), (bullet, "•"), (euro, "€"))
    return [(regex.compile(pattern, regex.VERBOSE), right) for pattern, right in made]


@cache
def _dollars() -> regex.Pattern[str]:
    return regex.compile(r"(?i)dollar|\bUSD?\b")


@cache
def _mixed() -> regex.Pattern[str]:
    """A word of digits and of letters that look like them, with at least one of each; marks around it aside."""
    sign = rf"[\d{_ZERO}{_ONE}]"
    return regex.compile(
        rf"""(?<![\p{{L}}\d|]) (?=\S{{0,60}}\d) (?=\S{{0,60}}[{_ZERO}{_ONE}])
             (?P<number> {sign}{{1,8}} (?: [.,:/–-]{{1,2}} {sign}{{1,8}} ){{0,8}} ) (?P<stop>[.]?) (?![\p{{L}}\d|])""",
        regex.VERBOSE,
    )


@cache
def _certain() -> regex.Pattern[str]:
    """Numbers whose shape is one of a date, a time of day, a year, a sum or a share: nothing else is written so."""
    day, year = r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.", r"(?:19|20)\d\d"
    time = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
    shapes = (
        rf"{day}(?:{year})?(?:[–-]{{1,2}}{day}(?:{year})?)?", rf"{year}(?:[–-]{{1,2}}{year})?", rf"{time}(?:[–-]{time})?",
        r"\d{1,3}(?:[.]\d{3})+(?:,\d\d)?", r"\d{1,3},\d\d?",
    )  # fmt: skip
    return regex.compile("|".join(shapes))


_DIGITS = str.maketrans(dict.fromkeys(_ZERO, "0") | dict.fromkeys(_ONE, "1"))


def _as_number(found: regex.Match[str]) -> str:
    """A mixed word as the number it is; as it stands where its shape is no certain one."""
    number: str = found["number"].translate(_DIGITS)
    following = found.string[found.end() : found.end() + 6]
    shaped = _certain().fullmatch(number + found["stop"]) or _certain().fullmatch(number)
    counted = number.isdigit() and found["number"][-1] not in _ONE and regex.match(r"[ ](?:%|€|euro|000\b)", following)
    whole: str = found.group()
    return number + found["stop"] if shaped or counted else whole


def mended(words: Sequence[str]) -> list[str]:
    """The words of a line as they were printed, as far as that is certain; as many as were read."""
    line = " ".join(words)
    if _dollars().search(line):
        return list(words)
    for pattern, right in _repairs():
        line = pattern.sub(right, line)
    line = _mixed().sub(_as_number, line)
    return line.split(" ") if words else []


# ---------------------------------------------------------------- the numbers of agenda items


@dataclass(slots=True)
class _Reading:
    """A way to read a row that may begin with an item's number: the number, and which character of the row is its ``§``."""

    row: int
    number: int
    at: int
    way: int
    apart: bool
    sure: bool = False


@cache
def _ways() -> tuple[regex.Pattern[str], ...]:
    """How an item's number stands at the beginning of a row, with what is read for the ``§``: ``57 §``, ``§ 57``, ``Kh § 57``."""
    after = r"(?= $ | [ ]{3} | [ ] \p{Lu} )"
    last = rf"(?P<n>\d{{1,4}})(?P<gap>[ ]?) (?P<sign>§|[8S5]{after})"
    first = rf"(?P<sign>§|[8S5])(?P<gap>[ ]?) (?P<n>\d{{1,4}}) {after}"
    day = r"(?= $ | [ ]{3} | [ ] (?: \p{Lu} | \d{1,2}\. ) )"
    margin = rf"\p{{Lu}}\p{{L}}{{1,15}}[ ] (?P<sign>§|[8S5](?=[ ]))(?P<gap>[ ]?) (?P<n>\d{{1,4}}) {day}"
    return tuple(regex.compile(way, regex.VERBOSE) for way in (last, first, margin))


_MARGIN = 2


def sections(rows: Sequence[str]) -> list[int | None]:
    """Of each row of a document, which character of it is the ``§`` of an item's number; None for other rows.

    ``588 Työjärjestys`` may be a number of its own. It is ``58 §`` where the numbered row before or after it has 57 or 59; where
    three such rows in turn, read alike, go on by one; or, alone on its row, where the case's id follows the title below it.
    """
    readings = [group for row, text in enumerate(rows) if (group := list(_readings(row, text)))]
    for group in readings:
        if len(group) == 1 and group[0].apart and _heads_case(rows, group[0].row):
            group[0].sure = True
    _run_on(readings)
    _follow(readings, 1)
    _follow(readings[::-1], -1)
    found: list[int | None] = [None] * len(rows)
    for reading in (one for group in readings for one in group if one.sure):
        found[reading.row] = reading.at
    return found


def _readings(row: int, text: str) -> Iterator[_Reading]:
    """The ways to read a row; one alone where the ``§`` itself was read."""
    if not text or not (text[0].isdigit() or text[0].isupper() or text[0] == "§"):
        return
    ways = [(way, found) for way, pattern in enumerate(_ways()) if (found := pattern.match(text))]
    sure = [(way, found) for way, found in ways if found["sign"][0] == "§"][:1]
    for way, found in sure or ways:
        yield _Reading(row, int(found["n"]), found.start("sign"), way, bool(found["gap"]), bool(sure))


def _heads_case(rows: Sequence[str], row: int) -> bool:
    """Whether a row holds a number and no more, and what follows it within three rows is a case's id (diaarinumero)."""
    alone = all(not c.isalpha() or c == "S" for c in rows[row])
    return alone and any(cases.read(text) for text in rows[row + 1 : row + 4])


def _run_on(readings: Sequence[Sequence[_Reading]]) -> None:
    """Make sure of three rows in turn whose numbers, read alike, go on by one."""
    for groups in zip(readings, readings[1:], readings[2:], strict=False):
        for first in groups[0]:
            chain = [first]
            for group in groups[1:]:
                chain += [one for one in group if one.way == first.way and one.number == chain[-1].number + 1]
            if (
                len(chain) == 3
                and any(one.apart for one in chain)
                and not any(one.sure for group in groups for one in group if one not in chain)
            ):
                for one in chain:
                    one.sure = True


def _follow(readings: Sequence[Sequence[_Reading]], step: int) -> None:
    """Make sure of a row whose number is the next one, or in a margin the same, beside a sure one."""
    known: int | None = None
    for group in readings:
        if sure := next((one for one in group if one.sure), None):
            known = sure.number
            continue
        near = [one for one in group if known is not None and one.number - known == (0 if one.way == _MARGIN else step)]
        if len(near) == 1:
            near[0].sure = True
            known = near[0].number
