"""Finnish personal identity codes (henkilötunnukset): DDMMYY, century mark, individual number, check character.

>>> [code.kind for code in find("Hakijan henkilötunnus on 131052-308T.")]
['code']
>>> masked("131052-308T on vahvistettu 13.10.1952")
'######-#### on vahvistettu 13.10.1952'

What counts as a code is settled for those who must not publish one:

- ``code``: the check character holds, the day is one of the calendar, the individual number is 002–999 (900–999 are given for a
  time). It may touch letters, be broken once over rows or columns, have spaces around its mark or between all its characters.
- ``labelled``: it has the shape, its check character fails, and the words beside it, or elsewhere in the document, call it
  an identity code: mistyped, it still tells whose it was.
- ``doubtful``: the same without a label, ending in a letter, as no telephone number does. Such strings are told, not masked.

Other strings of that shape are dates, telephone numbers (``040123-4567``) and sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
"""The check character is the one at DDMMYYNNN modulo 31."""
MASK = "#"
_DASHES = "-\u2010-\u2015\u2043\u207b\u208b\u2212\ufe58\ufe63\ufffd"
"""The mark of the 1900s, and what programs and fonts make of it."""
_SIGNS = f"+A-FU-Ya-fu-y\\{_DASHES}"
_ODD = "/_"
"""What stands for the mark in file names; it joins other numbers, too."""
_ESCAPED = "%(?:2[0BbDdFf]|5[Ff]|[Ee]2%80%9[0-5]|[Ee]2%88%92)"
"""A mark in a URL."""
_GAP = r"[\s|]{0,3}"
"""White space and the border of a cell; bounded, so the time is linear."""
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NEAR = 60
"""So many characters before a code its label may stand."""
_ASCII = {0xFEE0 + n: n for n in range(0x21, 0x7F)} | {0xF000 + n: n for n in range(0x21, 0x7F)}
"""Full-width characters, and those that symbol fonts have for the plain ones."""
_LIKE_ASCII = regex.compile("[\uff01-\uff5e\uf021-\uf07e]")

Kind = Literal["code", "labelled", "doubtful"]


@dataclass(frozen=True, slots=True)
class IdentityCode:
    """Where a code is in a text, white space inside it included."""

    start: int
    end: int
    kind: Kind


@cache
def _shapes() -> tuple[regex.Pattern[str], ...]:
    """The shape with white space anywhere inside; without its mark, which may be lost; and with a day as it is spoken.

    Separate patterns, since together they find no first character to look for: apart they cost a page some ten microseconds.
    """
    digit = "[0-9]"
    mark = f"(?:[{_SIGNS}{_ODD}]|--|{_ESCAPED})"
    marked = _GAP.join([*[digit] * 6, mark, *[digit] * 3, "[0-9A-Za-z]"])
    ends = r"[0-9]{3}[0-9A-Ya-y](?![0-9\p{L}])"
    spoken = rf"(?:(?:[{_SIGNS}]|--|{_ESCAPED})\s?{ends}|[{_ODD}]\s?(?=...[A-Ya-y]){ends})"  # not 02.05.01/2016, a case
    return (
        regex.compile(marked),
        regex.compile(rf"(?<![0-9])[0-9]{{6}}{_GAP}{ends}"),
        regex.compile(rf"(?<![0-9.])[0-9]{{1,2}}\.[0-9]{{1,2}}\.(?:[0-9]{{2}})?[0-9]{{2}}\s?{spoken}"),
    )


@cache
def _parts() -> regex.Pattern[str]:
    """A string of one of these shapes, in its parts."""
    day = rf"(?:[0-9]{_GAP}){{5}}[0-9]|[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{2,4}}"
    mark = f"[{_SIGNS}{_ODD}]|--|{_ESCAPED}"
    return regex.compile(rf"(?P<day>{day}){_GAP}(?P<mark>{mark})?{_GAP}(?P<number>(?:[0-9]{_GAP}){{3}})(?P<last>[0-9A-Za-z])")


def _plain(text: str) -> str:
    """A text with plain characters for those that look alike, one for each."""
    return text.translate(_ASCII) if _LIKE_ASCII.search(text) else text


@cache
def _label() -> regex.Pattern[str]:
    """What officials call the code; it begins a word, or ends a compound (``henkilötunnus``, ``vainajan hetu``)."""
    return regex.compile(
        r"(?i)(?<![^\W\d_])hetu(?:n|t|a|ja|jen|lla|sta|nsa)?(?![^\W\d_])|henkilö[-\s]{0,3}tun|henk\.?[-\s]{0,2}tunn"
        r"|sosiaaliturvatun|(?<![^\W\d_])sotu(?![^\W\d_])|person(?:beteckning|nummer|signum)|identity\s(?:code|number)"
    )


_LABEL_WORDS = ("hetu", "henk", "sosiaaliturvatun", "sotu", "person", "identity")
"""With one of these each label begins: a test that costs a tenth of the pattern's time."""


def speaks_of_codes(text: str) -> bool:
    """Whether a text has a word for identity codes, so that whatever has their shape is taken for one."""
    low = text.lower()
    return any(word in low for word in _LABEL_WORDS) and _label().search(text) is not None


def may_go_on(text: str) -> bool:
    """Whether the end of a row or column may be the beginning of a code that goes on below."""
    return any(c in "0123456789" for c in text[-3:])


def possible(text: str) -> bool:
    """Whether a text may hold a code: a test that costs next to nothing."""
    plain = _plain(text)
    return any(shape.search(plain) for shape in _shapes())


def find(text: str, *, stated: bool = False) -> list[IdentityCode]:
    """The codes of a text in order; ``stated`` where its document speaks of identity codes, elsewhere if not here."""
    text = _plain(text)
    hits = {m.span() for shape in _shapes() for m in shape.finditer(text, overlapped=True)}
    speaks = cache(lambda: stated or speaks_of_codes(text))
    found: list[IdentityCode] = []
    for start, end in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if (not found or start >= found[-1].end) and (kind := _kind(text, start, end, speaks)):
            found.append(IdentityCode(start, end, kind))
    return found


def masked(text: str, *, stated: bool = False) -> str:
    """The text with its codes masked, character by character: offsets stay."""
    if not possible(text):
        return text
    for code in find(text, stated=stated):
        if code.kind != "doubtful":
            text = text[: code.start] + mask_of(text[code.start : code.end]) + text[code.end :]
    return text


def mask_of(code: str) -> str:
    """What stands in the place of a code: ``######-####``; the mark, which tells the century, is always ``-``.

    White space, the borders of cells and the full stops of a day are kept.

    >>> mask_of("131052 A 308T"), mask_of("13.10.52-308T"), mask_of("131052%2B308T")
    ('###### - ####', '##.##.##-####', '######---####')
    """
    m = _parts().fullmatch(_plain(code))
    start, end = m.span("mark") if m and m["mark"] else (-1, -1)
    return "".join("-" if start <= n < end else c if c.isspace() or c in "|." else MASK for n, c in enumerate(code))


def check_character(digits: str) -> str:
    """The check character of DDMMYYNNN.

    >>> check_character("131052308")
    'T'
    """
    return CHECKS[int(digits) % 31]


# ---------------------------------------------------------------- is it one


def _kind(text: str, start: int, end: int, speaks: Callable[[], bool]) -> Kind | None:
    """What a string of the shape is, None where it is no code; ``speaks`` says whether its document speaks of codes."""
    m = _parts().fullmatch(text, start, end)
    if m is None:
        return None
    mark, last = m["mark"] or "", m["last"].upper()
    digits = _digits_of(m["day"]) + regex.sub(r"[^0-9]", "", m["number"])
    by_letter = last.isalpha()
    dated, whole = _is_date(digits), _is_whole(m["day"], mark, m.group()[len(m["day"]) :])
    usual = by_letter or (mark != "" and mark not in _ODD and "." not in m["day"])
    sure = by_letter or (whole and not _touches(text, start, end, str.isdigit))
    if usual and sure and dated and int(digits[6:]) >= 2 and last == check_character(digits):
        return "code"
    if not whole:
        return None
    if _label().search(text, max(0, start - _NEAR), start):
        return "labelled"
    if not (dated and usual) or _touches(text, start, end, str.isalnum):
        return None
    if speaks():
        return "labelled"
    told = by_letter and len(mark) == 1 and mark not in _ODD and end - start == 11 and int(digits[6:]) >= 2
    return "doubtful" if told else None


def _digits_of(day: str) -> str:
    """DDMMYY of a day, with full stops or without.

    >>> _digits_of("3.10.1952"), _digits_of("03 10 52")
    ('031052', '031052')
    """
    if "." in day:
        date, month, year = day.split(".")
        return f"{date:0>2}{month:0>2}{year[-2:]}"
    return regex.sub(r"[^0-9]", "", day)


def _is_date(digits: str) -> bool:
    """Whether DDMM is a day of some year."""
    day, month = int(digits[:2]), int(digits[2:4])
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def _touches(text: str, start: int, end: int, kind: Callable[[str], bool]) -> bool:
    """Whether a character of a kind stands right before or behind."""
    return kind(text[start - 1 : start]) or kind(text[end : end + 1])


def _is_whole(day: str, mark: str, rest: str) -> bool:
    """Whether white space inside stands where a code may have it.

    Spaces around the mark or in its place; one break (a line end, the border of a cell, a gap between columns) anywhere; or one
    space between all characters. A dash that begins a row with a space behind it is a bullet, not a mark.
    """
    written = day.replace(".", "") + (rest.replace(mark, "-", 1) if mark else rest)
    gaps = list(_gaps(written.replace("|", " \n ")))
    if all(gap == " " for gap in gaps):
        return True
    at_mark = (5, 6) if mark else (5,)
    breaks = sum(gap.isspace() and ("\n" in gap or len(gap) > 2) for gap in gaps)
    inside = [gap for n, gap in enumerate(gaps) if gap and not (n in at_mark and len(gaps) in (9, 10))]
    bullet = bool(mark) and "\n" in gaps[5] and gaps[6] != "" and "|" not in rest
    return breaks <= 1 and len(inside) <= breaks and not bullet


def _gaps(written: str) -> Iterator[str]:
    """The white space between each character and the next."""
    gap = ""
    for c in written[1:]:
        if c.isspace():
            gap += c
        else:
            yield gap
            gap = ""
