"""Dates and periods: every example line, every notation written and read back, hostile text in linear time."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from examples import examples, marked, rules_of, unmark
from hypothesis import given, settings
from hypothesis import strategies as st
from officialese import CARRIERS, slowness

from poytakirja.rules.time import dates

GROUPS = list(examples("dates", "find"))
NOT = sorted({text for group in GROUPS for text in group.get("not", [])})


def as_written(day: dt.date | None, precision: str | None) -> str:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]] if day and precision else ""


def as_value(match: dates.PeriodMatch) -> str:
    """A match in the form of the examples: ``2021-09..2022 duration/toteutusaika``."""
    start, end = as_written(match.start_date, match.start_precision), as_written(match.end_date, match.end_precision)
    span = "?" if not start and not end else start if match.form == "point" else f"{start}..{end}"
    return f"{span} {match.kind}" + (f"/{match.cue}" if match.cue else "")


@pytest.mark.parametrize(("group", "text"), marked(GROUPS))
def test_example(group: dict[str, Any], text: str) -> None:
    plain, surfaces = unmark(text)
    found = dates.find(plain)
    assert ([plain[m.start : m.end] for m in found], [as_value(m) for m in found]) == (surfaces, group["value"])
    assert {match.rule_id for match in found} == rules_of(group)


@pytest.mark.parametrize("text", NOT)
def test_nothing_to_read(text: str) -> None:
    assert dates.find(text) == []


def test_every_rule_has_an_example() -> None:
    named = {rule for group in GROUPS for rule in rules_of(group)}
    read = {match.rule_id for group in GROUPS for text in group["text"] for match in dates.find(unmark(text)[0])}
    assert read == named


def test_every_group_says_why_in_two_lines() -> None:
    assert [group["rule"] for group in GROUPS if len(group["why"].splitlines()) != 2] == []


# ---------------------------------------------------------------- written and read back

STEMS = ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu")
MANADER = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
CASES = ("kuu", "kuun", "kuussa", "kuuta", "kuusta", "kuulle")
DASHES = ("-", "–", "—", "−", "‐", " - ", " – ", "- ", " -", "-\n", " –\n")

days = st.dates(dt.date(2000, 1, 1), dt.date(2049, 12, 31))
Pair = tuple[dt.date, dt.date]


def dmy(day: dt.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def month(day: dt.date, case: str) -> str:
    return f"{STEMS[day.month - 1]}{case} {day.year}"


def manad(day: dt.date) -> str:
    return f"{MANADER[day.month - 1]} {day.year}"


def month_start(day: dt.date) -> dt.date:
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def whole(pair: Pair) -> Pair:
    return pair


def months(pair: Pair) -> Pair:
    return month_start(pair[0]), month_end(pair[1])


def years(pair: Pair) -> Pair:
    return dt.date(pair[0].year, 1, 1), dt.date(pair[1].year, 12, 31)


def same_year(pair: Pair) -> bool:
    return pair[0].year == pair[1].year


def same_month(pair: Pair) -> bool:
    return same_year(pair) and pair[0].month == pair[1].month and pair[0].day < pair[1].day


def few_years(pair: Pair) -> bool:
    return 0 < pair[1].year - pair[0].year <= 10


def always(pair: Pair) -> bool:
    return True


def other_year(pair: Pair) -> bool:
    return pair[0].year < pair[1].year


# notation → (when it can be written, how, what it states, how precisely)
Writer = tuple[Callable[[Pair], bool], Callable[[dt.date, dt.date, str, str], str], Callable[[Pair], Pair], str]
NOTATIONS: dict[str, Writer] = {
    "days": (always, lambda a, b, dash, _: f"{dmy(a)}{dash}{dmy(b)}", whole, "day"),
    "zeros": (always, lambda a, b, dash, _: f"{a:%d.%m.%Y}{dash}{b:%d.%m.%Y}", whole, "day"),
    "spaced year": (always, lambda a, b, dash, _: f"{a.day}.{a.month}. {a.year}{dash}{b.day}.{b.month}. {b.year}", whole, "day"),
    "short year": (always, lambda a, b, dash, _: f"{a.day}.{a.month}.{a:%y}{dash}{b.day}.{b.month}.{b:%y}", whole, "day"),
    "shared year": (same_year, lambda a, b, dash, _: f"{a.day}.{a.month}.{dash}{dmy(b)}", whole, "day"),
    "shared year, no stop": (same_year, lambda a, b, dash, _: f"{a.day}.{a.month}{dash.strip()}{dmy(b)}", whole, "day"),
    "shared month": (same_month, lambda a, b, dash, _: f"{a.day}.{dash}{dmy(b)}", whole, "day"),
    "iso": (always, lambda a, b, dash, _: f"{a.isoformat()}{dash}{b.isoformat()}", whole, "day"),
    "named days": (always, lambda a, b, dash, _: f"{a.day}. {month(a, 'kuuta')}{dash}{b.day}. {month(b, 'kuuta')}", whole, "day"),
    "svenska dagar": (always, lambda a, b, dash, _: f"{a.day} {manad(a)}{dash}{b.day} {manad(b)}", whole, "day"),
    "sentence": (always, lambda a, b, dash, _: f"{dmy(a)} ja päättyy {dmy(b)}", whole, "day"),
    "months": (always, lambda a, b, dash, case: f"{month(a, case)}{dash}{month(b, case)}", months, "month"),
    "months of a year": (
        same_year,
        lambda a, b, dash, case: f"{STEMS[a.month - 1]}{dash.strip()}{month(b, case)}",
        months,
        "month",
    ),
    "svenska månader": (always, lambda a, b, dash, _: f"{manad(a)}{dash}{manad(b)}", months, "month"),
    "month numbers": (always, lambda a, b, dash, _: f"{a.month}/{a.year}{dash}{b.month}/{b.year}", months, "month"),
    "month.year": (always, lambda a, b, dash, _: f"{a.month}.{a.year}{dash}{b.month}.{b.year}", months, "month"),
    "years": (always, lambda a, b, dash, _: f"{a.year}{dash}{b.year}", years, "year"),
    "short years": (few_years, lambda a, b, dash, _: f"{a.year}-{b:%y}", years, "year"),
    "elative years": (other_year, lambda a, b, dash, _: f"vuodesta {a.year} vuoteen {b.year}", years, "year"),
}


@st.composite
def written_periods(draw: st.DrawFn) -> tuple[str, Pair, str, str]:
    """A text that states one period: the text, its days, its precision, the notation."""
    pair: Pair = tuple(sorted((draw(days), draw(days))))  # type: ignore[assignment]
    if draw(st.booleans()):
        pair = pair[0], max(pair[0], pair[1].replace(year=pair[0].year, day=min(pair[1].day, 28)))
    name = draw(st.sampled_from([name for name, (fits, *_) in NOTATIONS.items() if fits(pair)]))
    _, write, states, precision = NOTATIONS[name]
    written = write(*pair, draw(st.sampled_from(DASHES)), draw(st.sampled_from(CASES)))
    return draw(st.sampled_from(CARRIERS)).format(written), states(pair), precision, name


@settings(deadline=None)
@given(written_periods())
def test_a_written_period_reads_back(case: tuple[str, Pair, str, str]) -> None:
    text, (start, end), precision, _ = case
    ranges = [match for match in dates.find(text) if match.form == "range"]
    assert [(m.start_date, m.end_date, m.start_precision, m.end_precision, m.kind) for m in ranges] == [
        (start, end, precision, precision, "duration")
    ]
    assert len(dates.find(text)) == 1


OPEN = {
    "{} mennessä": "until", "{} saakka": "until", "{} asti": "until", "viimeistään {}": "until", "päättyy {}": "until",
    "{} alkaen": "from", "{} lukien": "from", "{} lähtien": "from", "alkaa {}": "from", "käynnistyy {}": "from",
    "senast {}": "until", "fr.o.m. {}": "from",
}  # fmt: skip


@settings(deadline=None)
@given(days, st.sampled_from(sorted(OPEN)), st.sampled_from(CARRIERS))
def test_an_open_end_stays_open(day: dt.date, words: str, carrier: str) -> None:
    (match,) = dates.find(carrier.format(words.format(dmy(day))))
    stated = (match.start_date, match.end_date)
    assert (match.form, stated) == (OPEN[words], (day, None) if OPEN[words] == "from" else (None, day))


@settings(deadline=None)
@given(st.text(alphabet="0123456789./- –()€§ \nkuamjtevsloi,:", max_size=120))
def test_matches_stand_in_order_and_apart(text: str) -> None:
    found = dates.find(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(m.rule_id in {rule for group in GROUPS for rule in rules_of(group)} for m in found)


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.integers(1900, 2099))
def test_a_day_is_a_calendar_s_or_impossible(day: int, month: int, year: int) -> None:
    (match,) = dates.find(f"({day}.{month}.{year})")
    try:
        assert match.start_date == dt.date(year, month, day)
    except ValueError:
        assert (match.rule_id, match.start_date, match.end_date) == ("dates.impossible", None, None)


# ---------------------------------------------------------------- hostile text


@pytest.mark.parametrize("unit", ["1.", "-", "1", " ", "1-", "1.1.2020-", "1.1.-", "(", "2020-", "kuu ", "tammi-", "1/", "\n"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    assert slowness(dates.find, unit) < 3
