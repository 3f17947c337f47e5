"""What replaced what (muutokset): the figure or the time that counts, and the one that it was before."""

from __future__ import annotations

from functools import cache
from typing import Literal

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Change = Literal["old", "new"]


@cache
def _pattern(where: str, reach: str) -> regex.Pattern[str]:
    """The words of a place and a reach as one pattern with the groups ``old`` and ``new``."""
    sides = []
    for change in ("old", "new"):
        words = [row for row in rows("change_words") if (row["where"], row["reach"], row["change"]) == (where, reach, change)]
        whole = alternation(row["word"] for row in words if row["inflects"] != "yes")
        begun = alternation(row["word"] for row in words if row["inflects"] == "yes")
        forms = [form for form in (f"{whole}(?!\\p{{L}})" if whole else "", f"{begun}\\p{{L}}*" if begun else "") if form]
        sides.append(f"(?P<{change}>{'|'.join(forms) or '(?!)'})")
    either = rf"(?<!\p{{L}})(?:{'|'.join(sides)})"
    if where == "after":
        return regex.compile(rf"\s?\(\s?{either}", regex.IGNORECASE)
    tail = r"(?:\s[\p{L}-]+)?(?:\s(?:on|oli|olisi|nyt|päättyy|päättyi))?[\s:,(–-]*$" if reach == "near" else ""
    return regex.compile(either + tail, regex.IGNORECASE)


def change_of(before: str, after: str = "") -> Change | None:
    """Whether the words of the clause before a date or a sum, or in brackets behind it, call it the old one or the new one.

    >>> change_of("alkuperäinen hankeaika "), change_of("uusi päättymispäivä on "), change_of("vanhan koulun peruskorjaus ")
    ('old', 'new', None)
    >>> change_of("kustannusarvio ", " (aiempi)"), change_of("hankkeen piti alun perin päättyä ")
    ('old', 'old')
    """
    found = (
        _pattern("before", "near").search(before)
        or _pattern("after", "near").match(after)
        or _pattern("before", "clause").search(before)
    )
    return ("old" if found["old"] else "new") if found else None
