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
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
"""The mark of the 1900s, and what programs and fonts make of it."""
_MARKS = f"+A-FU-Ya-fu-y\\{_DASHES}"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NEAR = 60
"""So many characters before a code its label may stand."""

Kind = Literal["code", "labelled", "doubtful"]


@dataclass(frozen=True, slots=True)
class IdentityCode:
    """Where a code stands in a text, white space inside it included."""

    start: int
    end: int
    kind: Kind


@cache
def _shapes() -> tuple[regex.Pattern[str], ...]:
    """The shape, white space anywhere inside; and without its mark, which may be lost where it ended a line.

    Two patterns, since both together find no first character to look for: apart they cost a page some ten microseconds.
    White space is bounded, so the time is linear.
    """
    digit, s = "[0-9]", r"\s{0,3}"
    marked = s.join([*[digit] * 6, f"[{_MARKS}]", *[digit] * 3, "[0-9A-Za-z]"])
    return regex.compile(marked), regex.compile(r"(?<![0-9])[0-9]{9}[0-9A-Ya-y](?![0-9\p{L}])")


@cache
def _label() -> regex.Pattern[str]:
    """What officials call the code; it begins a word, or ends a compound (``henkilötunnus``, ``vainajan hetu``)."""
    return regex.compile(
        r"(?i)(?<![^\W\d_])hetu(?:n|t|a|ja|jen|lla|sta|nsa)?(?![^\W\d_])|henkilö[-\s]{0,3}tun|henk\.?[-\s]{0,2}tunn"
        r"|sosiaaliturvatun|(?<![^\W\d_])sotu(?![^\W\d_])|person(?:beteckning|nummer|signum)|identity\s(?:code|number)"
    )


def speaks_of_codes(text: str) -> bool:
    """Whether a text has a word for identity codes, so that whatever has their shape is taken for one."""
    return _label().search(text) is not None


def may_go_on(text: str) -> bool:
    """Whether the end of a row or column may be the beginning of a code that goes on below."""
    return any(c in "0123456789" for c in text[-3:])


def possible(text: str) -> bool:
    """Whether a text may hold a code: a test that costs next to nothing."""
    return any(shape.search(text) for shape in _shapes())


def find(text: str, *, stated: bool = False) -> list[IdentityCode]:
    """The codes of a text in order; ``stated`` where its document speaks of identity codes, elsewhere if not here."""
    hits = [m.span() for shape in _shapes() for m in shape.finditer(text, overlapped=True)]
    stated = stated or (bool(hits) and speaks_of_codes(text))
    found: list[IdentityCode] = []
    for start, end in sorted(hits):
        if (not found or start >= found[-1].end) and (kind := _kind(text, start, end, stated)):
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
    """What stands in the place of a code: ``######-####``, white space kept; the mark, which tells the century, is always ``-``.

    >>> mask_of("131052 A 308T")
    '###### - ####'
    """
    signs = [n for n, c in enumerate(code) if not c.isspace()]
    mark = signs[6] if len(signs) == 11 else -1
    return "".join(c if c.isspace() else "-" if n == mark else MASK for n, c in enumerate(code))


def check_character(digits: str) -> str:
    """The check character of DDMMYYNNN.

    >>> check_character("131052308")
    'T'
    """
    return CHECKS[int(digits) % 31]


# ---------------------------------------------------------------- is it one


def _kind(text: str, start: int, end: int, stated: bool) -> Kind | None:
    """What a string of the shape is, None where it is no code."""
    written = text[start:end]
    signs = "".join(written.split())
    digits, last = signs[:6] + signs[-4:-1], signs[-1].upper()
    by_letter = last.isalpha()
    dated = _is_date(digits)
    plain = len(signs) == 11 or by_letter
    sure = by_letter or (_is_whole(written) and not _touches(text, start, end, str.isdigit))
    if plain and sure and dated and int(digits[6:]) >= 2 and last == check_character(digits):
        return "code"
    if not _is_whole(written):
        return None
    if _label().search(text, max(0, start - _NEAR), start):
        return "labelled"
    if not (dated and plain) or _touches(text, start, end, str.isalnum):
        return None
    if stated:
        return "labelled"
    return "doubtful" if by_letter and len(signs) == len(written) == 11 and int(digits[6:]) >= 2 else None


def _is_date(digits: str) -> bool:
    """Whether DDMM is a day of some year."""
    day, month = int(digits[:2]), int(digits[2:4])
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def _touches(text: str, start: int, end: int, kind: Callable[[str], bool]) -> bool:
    """Whether a character of a kind stands right before or behind."""
    return kind(text[start - 1 : start]) or kind(text[end : end + 1])


def _is_whole(written: str) -> bool:
    """Whether white space inside stands where a code may have it.

    Spaces around the mark; one break (a line end, or a gap between columns) anywhere; or one space between all characters.
    A dash that begins a row with a space behind it is a bullet, not a mark.
    """
    gaps = list(_gaps(written))
    if all(gap == " " for gap in gaps):
        return True
    breaks = sum(gap.isspace() and ("\n" in gap or len(gap) > 2) for gap in gaps)
    inside = [gap for n, gap in enumerate(gaps) if gap and not (len(gaps) == 10 and n in (5, 6))]
    bullet = len(gaps) == 10 and "\n" in gaps[5] and gaps[6] != ""
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
