"""Dates that make one period (ajanjaksot): two that what stands between joins, or one alone."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import regex

from poytakirja.rules.time.notations import DASH, DateAtom, atoms
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Precision = Literal["day", "month", "year"]


@dataclass(slots=True)
class DateExpression:
    """One date, or two that what stands between joins (``joint``)."""

    first: DateAtom
    last: DateAtom
    joint: str | None = None

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.first.start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.last.end

    @property
    def years(self) -> bool:
        """Neither months nor days."""
        return self.first.shape == self.last.shape == "year"

    @property
    def is_range(self) -> bool:
        """Whether it has a beginning and an end."""
        return self.joint is not None or self.first.is_range

    def first_day(self) -> tuple[dt.date, Precision]:
        """The first day, what the earlier date lacks taken from the later. ValueError for a day that no calendar has.

        A beginning later in the year than the end lies in the year before: ``15.11.–14.2.2024``, ``elo–toukokuu 2024``.
        """
        first, last = self.first, self.last
        year = first.year or last.year or 0
        month = first.from_month or first.month or (last.month if first.day else None)
        if month is None:
            return dt.date(year, 1, 1), "year"
        day = first.day if first.from_day is None else first.from_day
        shared = first.from_month is not None or (first.year is None and first.month is not None)
        if shared and last.month is not None and (month, day or 0) > (last.month, last.day or 0):
            year -= 1
        return dt.date(year, month, 1 if day is None else day), "month" if day is None else "day"

    def last_day(self) -> tuple[dt.date, Precision]:
        """The last day. ValueError for a day that no calendar has."""
        last = self.last
        year = last.until_year or last.year or 0
        if last.month is None:
            return dt.date(year, 12, 31), "year"
        if last.day is None:
            return dt.date(year, last.month, monthrange(year, last.month)[1]), "month"
        return dt.date(year, last.month, last.day), "day"


def expressions(text: str) -> Iterator[DateExpression]:
    """Every period and every date that stands alone, in order; what never gets a year is none."""
    found = list(atoms(text))
    i = 0
    while i < len(found):
        first = found[i]
        listed = _listed_years(text, found, i)
        borrowed = _year_of_next(text, found, i)
        joint = _joined(text, first, found[i + 1]) if not listed and i + 1 < len(found) else None
        if listed:
            yield DateExpression(first, found[i + listed], "list")
        elif borrowed:
            yield DateExpression(first, replace(found[i + 1], year=borrowed), "range")
        elif joint:
            yield DateExpression(first, found[i + 1], joint)
        elif first.year is not None:
            yield DateExpression(first, first)
        i += 1 + (listed or bool(joint or borrowed))


# ---------------------------------------------------------------- what joins two dates

_LONGEST_JOINT = 45
_CLOCK = r"(?: ,? \s (?:klo|kello|kl\.?) \s \d{1,2} (?: [.:]\d\d )? )?"
_WEEKDAY = (
    r"(?: (?:ma|ti|ke|to|pe|la|su|mån|tis|ons|tors|fre|lör|sön) \.? \s"
    r" | (?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai) \p{L}{0,3} \s )?"
)


@cache
def _joint() -> regex.Pattern[str]:
    seasons = alternation(row["cue"] for row in rows("period_cues") if row["kind"] == "season" and row["where"] == "before")
    ending = r"(?:päättyy|päättyi|päättynyt|päättyen|loppuu|loppui|kestää|jatkuu|slutar|avslutas)"
    year = r"(?:vuo(?:den|teen)\s)?"
    return regex.compile(
        rf"""
        (?P<range> {_CLOCK} (?: \.(?=\s?{DASH}) )? \s{{0,4}} (?:{DASH}{{1,2}}>?|\.\.\.|…|→) \s{{0,4}} {_WEEKDAY} (?: vuoden\s )?
          | {_CLOCK} \s(?:till(?:\soch\smed)?|t\.o\.m\.)\s )
      | (?P<season> \s{{0,2}}{DASH}\s{{0,2}} {seasons}\p{{L}}{{0,8}} \s )
      | (?P<from_until> \s (?:alusta|(?:alusta\s)?(?:alkaen|lukien|lähtien)) ,? \s (?:ja\s)? (?:aina\s)? {year} )
      | (?P<begins_ends> \s? ,? \s? (?:ja|sekä|och)? \s? (?:se|hanke)? \s? {ending} (?: \s? : )? \s{{1,3}} {year} )
      | (?P<labels> \s{{0,2}} [,;]? \s{{0,2}} (?:ja\s)? (?:päättymis|lopetus|loppumis|loppupäivä|loppupvm
          |slutdatum|avslutnings)\p{{L}}{{0,12}} \s?:?\s{{0,3}} )
      | (?P<elative> \s (?:vuoteen\s)? )
      | (?P<between> \s ja \s )
        """,
        regex.VERBOSE | regex.IGNORECASE,
    )


_UNTIL = regex.compile(r"\s{1,2}(?:saakka|asti|mennessä|loppuun)", regex.IGNORECASE)
_BETWEEN = regex.compile(r"\s{1,2}väli(?:se|nen|llä|ltä)", regex.IGNORECASE)
_FROM_YEAR = regex.compile(r"(?:\bvuodesta\s|kuusta\s\d{4})$", regex.IGNORECASE)
_FROM_DAY = regex.compile(r"päivästä(?:\s\d{4})?$", regex.IGNORECASE)
_VAGUE_END = regex.compile(r"\s(?:alku|alus|puoliväl|kevä|kesä|syksy|syys|talv)", regex.IGNORECASE)
"""What behind a year says that it is no end: ``1.8.2023–vuoden 2025 alku``."""


def _joined(text: str, a: DateAtom, b: DateAtom) -> str | None:
    """The notation that joins two dates, None where they stand apart."""
    if not 0 < b.start - a.end <= _LONGEST_JOINT or b.year is None or a.is_range or b.is_range:
        return None
    joint = _joint().fullmatch(text, a.end, b.start)
    if joint is None:
        return None
    notation = str(joint.lastgroup)
    days = notation == "elative" and _FROM_DAY.search(text, a.start, a.end) is not None
    if a.year is None:
        return notation if (notation == "range" or days) and _completes(a, b) else None
    if notation == "from_until" and not _UNTIL.match(text, b.end):
        return None
    if notation == "between" and not (a.shape == b.shape and _BETWEEN.match(text, b.end)):
        return None
    if notation == "range" and joint[0].endswith("vuoden ") and _VAGUE_END.match(text, b.end):
        return None
    if notation == "elative" and not (
        days or _FROM_YEAR.search(text, max(0, a.start - 9), a.end if a.shape == "name" else a.start)
    ):
        return None
    return notation if _same_kind(text, a, b, notation) else None


def _same_kind(text: str, a: DateAtom, b: DateAtom, notation: str) -> bool:
    """Whether two dates may be the ends of one period: a season joins years only, and what is said of it in words nothing.

    ``käynnistyy keväällä 2019 ja päättyy vuoden 2021 lopussa`` has an end and no beginning.
    """
    if notation == "season":
        return b.shape == "year"
    in_words = notation in ("begins_ends", "from_until") and a.shape == "year"
    return not (in_words and _season_before().search(text, max(0, a.start - 30), a.start))


@cache
def _season_before() -> regex.Pattern[str]:
    season = [row for row in rows("period_cues") if row["kind"] == "season" and row["where"] == "before"]
    words = alternation(row["cue"] for row in season)
    return regex.compile(rf"(?<!\p{{L}}){words}\p{{L}}{{0,8}}\s$", regex.IGNORECASE)


def _completes(a: DateAtom, b: DateAtom) -> bool:
    """Whether the later date gives what the earlier lacks."""
    return b.month is not None and (b.day is not None) == (a.day is not None)


_DASHED = regex.compile(rf"\s{{0,3}}{DASH}\s{{0,3}}")
_LISTED = regex.compile(r"\s{0,2}(?:,|ja|sekä|och)\s{1,2}", regex.IGNORECASE)


def _year_of_next(text: str, found: Sequence[DateAtom], i: int) -> int | None:
    """The year of two days that only the range behind them states: ``1.3.–31.5. ja 1.8.–31.10.2023`` → 2023."""
    if i + 3 >= len(found):
        return None
    a, b, c, d = found[i : i + 4]
    if a.year or b.year or not (a.month and b.month and a.day and b.day and c.month) or d.year is None:
        return None
    in_order = (a.month, a.day) <= (b.month, b.day) <= (c.month, c.day or 0) <= (d.month or 0, d.day or 0)
    ranged = _DASHED.fullmatch(text, a.end, b.start) and _LISTED.fullmatch(text, b.end, c.start)
    return d.year if ranged and in_order and _joined(text, c, d) == "range" else None


_YEARS_BEFORE = regex.compile(r"(?:vuosi(?:na|lle|ksi|en|lta)|vuodet|åren)\s$", regex.IGNORECASE)
_AND = regex.compile(r"\s(?:ja|sekä|och)\s", regex.IGNORECASE)


def _listed_years(text: str, found: Sequence[DateAtom], i: int) -> int:
    """How many more years a list of consecutive ones names after its first: ``vuosina 2024, 2025 ja 2026`` → 2."""
    first = found[i]
    if first.shape != "year" or first.is_range or not _YEARS_BEFORE.search(text, max(0, first.start - 10), first.start):
        return 0
    more = 0
    while i + more + 1 < len(found):
        a, b = found[i + more], found[i + more + 1]
        if b.shape != "year" or b.is_range or b.year != (a.year or 0) + 1:
            return 0
        more += 1
        if _AND.fullmatch(text, a.end, b.start):
            return more
        if text[a.end : b.start] != ", ":
            return 0
    return 0
