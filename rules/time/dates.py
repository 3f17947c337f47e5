"""Dates and periods (päivämäärät ja ajanjaksot) in running text.

The text is read in three steps. ``notations`` finds every date that stands in it, whole (``31.7.2023``, ``joulukuu 2019``,
``2022``) or waiting for its end (``1.5.-``). ``periods`` joins those that what stands between makes one period. ``purpose`` asks
the words around what the time is for (``vocabulary/period_cues.csv``) and whether it is open (``period_bounds.csv``).

A value is never guessed: a day that no calendar has is reported as ``dates.impossible``, and a season or a school year has no
dates at all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import regex

from poytakirja.rules.projects.changes import Change, change_of
from poytakirja.rules.time.periods import DateExpression, Precision, expressions
from poytakirja.rules.time.purpose import (
    BOUND_AFTER,
    YEARS_NAMED,
    Form,
    PurposeCue,
    cue_words,
    kind_cue,
    open_end,
    words_after,
    words_before,
)

Kind = Literal["duration", "transfer", "deadline", "meeting", "other"]


@dataclass(frozen=True, slots=True)
class PeriodMatch:
    """A date expression: where it stands, what it states, and what the words around it say it is for.

    ``start`` and ``end`` bound the expression without its cue words (a season's own word belongs to it). Both dates are
    inclusive, None where open or unknown: ``from`` has only a start, ``until`` only an end. ``cue`` is the normal form of the
    words that decided ``kind``, else of those that opened the time or named its years (``mennessä``, ``vuosille``). ``change``
    says that the words call it the old one or the new one of two (``alkuperäinen``, ``uusi``).
    """

    start: int
    end: int
    rule_id: str
    form: Form
    start_date: dt.date | None
    start_precision: Precision | None
    end_date: dt.date | None
    end_precision: Precision | None
    kind: Kind
    cue: str | None
    change: Change | None = None


def find(text: str) -> list[PeriodMatch]:
    """Every date expression of a text, in order, none over another.

    >>> [(m.start_date.isoformat(), m.end_date.isoformat()) for m in find("Kerhot 4 2.8.2021-31.12.2022")]
    [('2021-08-02', '2022-12-31')]
    >>> [(m.kind, m.form, m.cue) for m in find("toteutetaan 31.12.2025 mennessä (siirtyy hyvinvointialueelle 1.1.2026)")]
    [('duration', 'until', 'toteutetaan'), ('transfer', 'point', 'siirtyy')]
    >>> [(m.rule_id, m.start_date) for m in find("31.2.2022, lukuvuonna 2024-2025, § 31, 751/2023")]
    [('dates.impossible', None), ('dates.season', None)]
    """
    found = list(expressions(text))
    matches: list[PeriodMatch] = []
    for i, expression in enumerate(found):
        floor = found[i - 1].end if i else 0
        ceiling = found[i + 1].start if i + 1 < len(found) else len(text)
        match = _match(text, expression, floor, ceiling, matches[-1] if matches else None)
        if match is not None:
            matches.append(match)
    return matches


_VAGUE = ("dmyy", "month_year", "month")
"""Notations that alone may be as well the number of a meeting or of a chapter: ``3/2022``, ``1.8.21``."""
_CONTINUES = regex.compile(r",?\s(?:(?:ja|sekä|tai|och)\s)?", regex.IGNORECASE)


def _match(text: str, expression: DateExpression, floor: int, ceiling: int, previous: PeriodMatch | None) -> PeriodMatch | None:
    before, after = words_before(text, floor, expression.start), words_after(text, expression.end, ceiling)
    at_previous = floor > 0 and len(before) == expression.start - floor
    if at_previous and (bound := cue_words("period_bounds", "after", BOUND_AFTER).pattern.match(before)):
        before = before[bound.end() :]
    form, word = ("range", None) if expression.is_range else open_end(before, after, expression.years)
    cue = kind_cue(before, after, form, expression.years)
    if _is_vague(expression, form) and (cue is None or cue.row["kind"] != "duration"):
        return None
    season = _season(text, expression, cue, form, previous)
    if season is not None:
        return season
    named = YEARS_NAMED.search(before) if expression.years else None
    label = cue.row["label"] if cue else word or (named[1].lower() if named else None)
    kind = _kind(cue, form)
    try:
        (start_date, start_precision), (end_date, end_precision) = expression.first_day(), expression.last_day()
    except ValueError:
        return PeriodMatch(expression.start, expression.end, "dates.impossible", form, None, None, None, None, kind, label)
    opens, closes = form != "until", form != "from"
    return PeriodMatch(
        expression.start,
        expression.end,
        _rule(expression, form),
        form,
        start_date if opens else None,
        start_precision if opens else None,
        end_date if closes else None,
        end_precision if closes else None,
        kind,
        label,
        change_of(before, after),
    )


def _is_vague(expression: DateExpression, form: Form) -> bool:
    """Whether a notation is a date only where a word says so; ``9/22–8/24`` always."""
    first = expression.first
    return first.shape == "month_yy" or (first.shape in _VAGUE and (form == "point" or first.year is None))


def _season(
    text: str, expression: DateExpression, cue: PurposeCue | None, form: Form, previous: PeriodMatch | None
) -> PeriodMatch | None:
    """A season or a school year (lukuvuosi, kevät): of kind other, without dates."""
    start, label = expression.start, None
    if cue is not None and cue.row["kind"] == "season":
        start, label = start - (cue.distance or 0), cue.row["label"]
    elif expression.joint == "season":
        label = "kausi"
    elif expression.years and previous is not None and previous.rule_id == "dates.season":
        label = previous.cue if _CONTINUES.fullmatch(text, previous.end, start) else None
    if label is None:
        return None
    return PeriodMatch(start, expression.end, "dates.season", form, None, None, None, None, "other", label)


def _kind(cue: PurposeCue | None, form: Form) -> Kind:
    if cue is None:
        return "other" if form == "point" else "duration"
    kinds: dict[str, Kind] = {"duration": "duration", "transfer": "transfer", "deadline": "deadline", "meeting": "meeting"}
    return kinds.get(cue.row["kind"], "other")


_NOTATIONS = {
    "dmy": "", "dmyy": "short_year_", "iso": "iso_", "day_name": "named_", "name": "month_", "month": "month_number_",
    "month_year": "month_number_", "month_yy": "month_number_", "year": "year_", "partial": "shared_", "day": "shared_",
}  # fmt: skip


def _rule(expression: DateExpression, form: Form) -> str:
    """The name of the notation: ``dates.range``, ``dates.shared_range``, ``dates.begins_ends``, ``dates.until`` …"""
    first, last = expression.first, expression.last
    if form in ("from", "until"):
        return f"dates.{form}"
    if expression.joint not in (None, "range"):
        return f"dates.{expression.joint}"
    if first.until_year:
        return "dates.year_short_range"
    mixed = first.shape != last.shape and first.year is not None and last.shape != "day_name"
    return f"dates.{'mixed_' if mixed else _NOTATIONS[first.shape]}{form}"
