"""Business ids (y-tunnukset), whose last digit tells whether the others are right."""

from __future__ import annotations

import regex

_BUSINESS_ID = regex.compile(r"(?<![\d-])(\d{7})-(\d)(?![\d-])")


def find_business_ids(text: str) -> list[tuple[int, int, str]]:
    """Business ids (y-tunnus) whose check digit is right, as (start, end, id).

    >>> find_business_ids("Esimerkki Oy (0737546-2), viite 1234567-2")
    [(14, 23, '0737546-2')]
    """
    return [(m.start(), m.end(), m.group()) for m in _BUSINESS_ID.finditer(text) if _check_digit(m[1]) == int(m[2])]


_ID_BEHIND = regex.compile(r"[\s,;(/–-]{0,3}(?:(?i:y-tunnus|y-tunn\.|ly-tunnus|fo-nummer)\s?:?\s?)?(?=\d{7}-\d)")


def business_id_of(text: str, end: int) -> str | None:
    """The business id that stands right behind an organisation's name; None where none does, or its check digit is wrong.

    >>> t = "Hakijana on Esimerkki Oy (Y-tunnus 0737546-2)."
    >>> business_id_of(t, 24), business_id_of("Esimerkki Oy, 1234567-2", 12), business_id_of("Esimerkki Oy ja 0737546-2", 12)
    ('0737546-2', None, None)
    """
    lead = _ID_BEHIND.match(text, end)
    return (
        next((found for start, _, found in find_business_ids(text[lead.end() : lead.end() + 9]) if start == 0), None)
        if lead
        else None
    )


def _check_digit(digits: str) -> int:
    rest = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return 0 if rest == 0 else 11 - rest  # 11 - 1 = 10 is no digit, so an id with remainder 1 is never valid
