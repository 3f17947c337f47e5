"""Case numbers (diaarinumerot, asianumerot) in the shapes that case management systems print them.

>>> [c.value for c in find("LAPDno-2025-282, OUKA/1234/10.02.03/2017, HEL 2024-001234 T 02 05 01 ja Dnro 254/02.02.00/2015")]
['LAPDno-2025-282', 'OUKA/1234/10.02.03/2017', 'HEL 2024-001234', '254/02.02.00/2015']
>>> find("kuntalain (410/2015) 39 §, kortteli 408-404-6-155, 17.3.2025")
[]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex


@dataclass(frozen=True, slots=True)
class CaseId:
    """A case number as printed, without its label and without the class code that may follow it."""

    value: str
    start: int
    end: int
    rule_id: str


_CLASS = r"\d{2}(?:\.\d{2}){1,4}"
_YEAR = r"(?:19|20)\d{2}"
# Shapes that nothing else has, so that they may be found in running text.
_SAFE = rf"""
    (?P<dno> \p{{Lu}}[\p{{L}}]{{1,11}} D[Nn][Rr]?[Oo] [-\s]? {_YEAR} [-/] \d{{1,6}} )                 # LAPDno-2025-282
  | (?P<ahjo> (?: HEL | \p{{Lu}}{{3}} ) [ ] {_YEAR} - \d{{6}} (?!\d) )                                  # HEL 2024-001234 T 02 05 01
  | (?P<prefixed> \p{{Lu}}{{1,6}}(?:[-\p{{L}}]{{0,10}})? (?: [ ]? : [ ]? | [ ]? / [ ]? ) (?:D[ ]?/[ ]?)? \d{{1,6}} \s?/\s? {_CLASS} \s?/\s? {_YEAR} (?!\d) )  # OUKA/…, TRE: …
  | (?P<classed> (?<![\d/.,-]) (?:D[ ]?/[ ]?)? \d{{1,6}} \s?/\s? {_CLASS} \s?/\s? {_YEAR} (?! [\d.] ) )  # 254/02.02.00/2015
"""
# Shapes that a law, a meeting or a lot may have too: only with their label, or alone on a line under a title.
_LOOSE = rf"""
    (?P<series> \p{{Lu}}{{3,7}} [/: -]{{1,2}} (?:{_YEAR} [/-] \d{{1,6}} | \d{{1,6}} [/-] {_YEAR}) (?:[ ]\(\d{{2,4}}\))? (?![\d.]) )  # KUO/1234/2021
  | (?P<year_first> {_YEAR} [-/] (?!{_YEAR}\b) \d{{1,6}} (?![\d.]) )                                                  # 2019-1234
  | (?P<plain> (?!{_YEAR}-) \d{{1,6}} [/-] {_YEAR} (?:[ ]\(\d{{2,4}}\))? (?![\d./]) )                                # 1234/2020, 11053-2019 (231)
  | (?P<serial> \d{{1,6}} / {_CLASS} (?![\d./]) )                                                       # 312/02.05.01
"""
_LABEL = r"(?:Dia(?:a)?rinumero|Diaarinro|Diaarinr|Diaari|Dnro|Dno|DNRO|DNO|D:nro|D:no|Dn:o|Drno|Asianumero|Asianro|Asian?[ ]numero|Asiakohtainen[ ]numero|Asiatunnus|Ärendenummer|Dnr)"


@cache
def _safe() -> regex.Pattern[str]:
    return regex.compile(rf"(?<![\p{{L}}\d/]) (?:{_SAFE})", regex.VERBOSE)


@cache
def _labelled() -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\p{{L}}) (?i:{_LABEL}) \.? \s* :? \s* (?P<value> {_SAFE} | {_LOOSE} )", regex.VERBOSE)


@cache
def _alone() -> regex.Pattern[str]:
    tail = r"(?: \s+ (?:T[ ])? \d{2} (?:[ .]\d{2}){1,4} )?"
    return regex.compile(
        rf"\s* \(? (?: (?i:{_LABEL}) \.? \s* :? \s* )? (?P<value> {_SAFE} | {_LOOSE} ) {tail} \)? [\s.,]*", regex.VERBOSE
    )


def _rule(match: regex.Match[str]) -> str:
    return next(name for name in ("dno", "ahjo", "prefixed", "classed", "series", "year_first", "plain", "serial") if match.groupdict().get(name))


def find(text: str) -> list[CaseId]:
    """Every case number in running text: shapes of their own, and looser ones after their label (``Dnro 12/2019``)."""
    if not any(c.isdigit() for c in text):
        return []
    found = [CaseId(m.group(), m.start(), m.end(), f"cases.{_rule(m)}") for m in _safe().finditer(text)]
    taken = {c.start for c in found}
    for m in _labelled().finditer(text):
        if m.start("value") not in taken:
            found.append(CaseId(m["value"], *m.span("value"), f"cases.{_rule(m)}"))
    return sorted(found, key=lambda c: c.start)


def read(line: str) -> CaseId | None:
    """The case number that is all a line holds (label, class code and brackets aside), as it stands under an item's title.

    >>> read("Dnro 214/02.05.00/2019").value, read("HEL 2024-003456 T 02 05 01 03").value, read("Kuntalaki 410/2015")
    ('214/02.05.00/2019', 'HEL 2024-003456', None)
    """
    m = _alone().fullmatch(line) if any(c.isdigit() for c in line) else None
    return CaseId(m["value"], *m.span("value"), f"cases.{_rule(m)}") if m else None
