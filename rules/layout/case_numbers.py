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
    """A case number as printed, without its label (``labelled`` tells of one) and the class code that may follow it."""

    value: str
    start: int
    end: int
    rule_id: str
    labelled: bool = False


_CLASS = r"\d{2}(?:\.\d{2}){1,4}"
_YEAR = r"(?:19|20)\d{2}"
_NUMBER = rf"(?:D[ ]?/[ ]?)? \d{{1,6}} \s?/\s? {_CLASS} \s?/\s? {_YEAR}"
_SERIES = rf"(?:{_YEAR} [/-] \d{{1,6}} | \d{{1,6}} [/-] {_YEAR})"
_LABEL = r"(?:Diaarinumero|Diaarinro|Dnro|Dno|Dnr|D:nro|D:no|Dn:o|Asianumero|Asianro|Asian[ ]numero|Asiatunnus|Asia|Ärendenummer)"
_LONGEST = 90

# Shapes that nothing else has, so that they may be found in running text:
# LAPDno-2025-282; HEL 2024-001234 T 02 05 01; OUKA/1234/10.02.03/2017 or TRE:1234/02.05.01/2020; 254/02.02.00/2015
_SAFE = rf"""
    (?P<dno> \p{{Lu}}\p{{L}}{{0,11}} D[Nn][Rr]?[Oo] [-\s/]? {_YEAR} [-/] \d{{1,6}} )
  | (?P<ahjo> \p{{Lu}}{{3}} [ ] {_YEAR} - \d{{6}} (?!\d) )
  | (?P<prefixed> \p{{Lu}}{{1,6}} [-\p{{L}}]{{0,10}} [ ]?[:/][ ]? {_NUMBER} (?!\d) )
  | (?P<classed> (?<![\d/.,-]) {_NUMBER} (?! [\d.] ) )
"""
# Shapes that a law, a meeting or a lot may have too, so that they need their label, or a line of their own under a title:
# KUO/1234/2021; 2019-1234; 1234/2020 or 11053-2019 (231); 187/250/2007 or 55/14.148/2005; 312/02.05.01
_LOOSE = rf"""
    (?P<series> \p{{Lu}}{{3,7}} [/:\s-]{{1,2}} {_SERIES} (?:[ ]\(\d{{2,4}}\))? (?![\d.]) )
  | (?P<year_first> {_YEAR} [-/] (?!{_YEAR}\b) \d{{1,6}} (?![\d.]) )
  | (?P<plain> (?!{_YEAR}-) \d{{1,6}} [/-] {_YEAR} (?:[ ]\(\d{{2,4}}\))? (?![\d./]) )
  | (?P<old> \d{{1,6}} / \d{{2,3}}(?:\.\d{{1,3}}){{0,4}} / {_YEAR} (?![\d./]) )
  | (?P<serial> \d{{1,6}} / {_CLASS} (?![\d./]) )
"""
_SHAPES = ("dno", "ahjo", "prefixed", "classed", "series", "year_first", "plain", "old", "serial")


@cache
def _safe() -> regex.Pattern[str]:
    return regex.compile(rf"(?<![\p{{L}}\d/]) (?:{_SAFE})", regex.VERBOSE)


@cache
def _labelled() -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\p{{L}}) (?i:{_LABEL}) \.? \s* :? \s* (?P<value> {_SAFE} | {_LOOSE} )", regex.VERBOSE)


@cache
def _alone() -> regex.Pattern[str]:
    label = rf"(?: (?P<label> (?i:{_LABEL}) ) \.? \s* :? \s* )?"
    class_code = r"(?: \s+ (?:T[ ])? \d{2} (?:[ .]\d{2}){1,4} )?"
    return regex.compile(rf"\s* \(? {label} (?P<value> {_SAFE} | {_LOOSE} ) {class_code} \)? [\s.,]*", regex.VERBOSE)


def _rule(match: regex.Match[str]) -> str:
    groups = match.groupdict()
    return next(name for name in _SHAPES if groups.get(name))


def find(text: str) -> list[CaseId]:
    """Every case number in running text: shapes of their own, and looser ones after their label (``Dnro 12/2019``)."""
    labelled = {m.start("value"): m for m in _labelled().finditer(text)}
    found = [CaseId(m.group(), *m.span(), f"cases.{_rule(m)}", m.start() in labelled) for m in _safe().finditer(text)]
    taken = {case.start for case in found}
    found += [CaseId(m["value"], *m.span("value"), f"cases.{_rule(m)}", True) for at, m in labelled.items() if at not in taken]
    return sorted(found, key=lambda case: case.start)


@cache
def _trailing() -> regex.Pattern[str]:
    return regex.compile(rf"(?i)[\s,;/–-]*(?:{_LABEL}\.?\s*:?)?[\s(]*$", regex.VERBOSE)


def split(title: str) -> tuple[str, CaseId | None]:
    """A title and the case number with which its row ends.

    >>> title, case = split("Hankkeen kuntarahoitus, Dnro 254/02.02.00/2015"); title, case.value
    ('Hankkeen kuntarahoitus', '254/02.02.00/2015')
    """
    found = find(title)
    if not found or title[found[-1].end :].strip(" )."):
        return title, None
    lead = _trailing().search(title, 0, found[-1].start)
    words = title[: lead.start() if lead else found[-1].start]
    return (words, found[-1]) if words.strip() else (title, None)


@cache
def _label_first() -> regex.Pattern[str]:
    return regex.compile(rf"(?i)\s*{_LABEL}\.?\s*:?\s*(?=\d)")


def _cleared(line: str) -> str:
    """A line with the letters that text recognition takes for digits put right, behind a label: ``Dnro 12/14.148/2OO9``."""
    label = _label_first().match(line)
    return line[: label.end()] + line[label.end() :].translate(_DIGITS) if label else line


_DIGITS = str.maketrans("OolI", "0011")


def read(line: str) -> CaseId | None:
    """The case number that is all a line holds (label, class code and brackets aside), as it stands under an item's title.

    >>> read("Dnro 214/02.05.00/2019").value, read("HEL 2024-003456 T 02 05 01 03").value, read("Kuntalaki 410/2015")
    ('214/02.05.00/2019', 'HEL 2024-003456', None)
    """
    if len(line) > _LONGEST:
        return None
    m = _alone().fullmatch(line) or _alone().fullmatch(_cleared(line))
    return CaseId(line[slice(*m.span("value"))], *m.span("value"), f"cases.{_rule(m)}", bool(m["label"])) if m else None
