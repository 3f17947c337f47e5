"""Dates and periods (päivämäärät ja ajanjaksot) in running text.

The text is read in three steps. ``_atoms`` finds every date that stands in it, whole (``31.7.2023``, ``joulukuu 2019``,
``2022``) or waiting for its end (``1.5.-``). ``_expressions`` joins two of them where what stands between says so. ``_match``
asks the words around the expression what it is for. A value is never guessed: what cannot be a date is reported as
``dates.impossible``, and a season or a school year has no dates at all.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

from rules._load import rows

Form = Literal["range", "point", "from", "until"]
Kind = Literal["duration", "transfer", "deadline", "meeting", "other"]
Precision = Literal["day", "month", "year"]

DASH = r"[-‐‑‒–—―−]"


@dataclass(frozen=True, slots=True)
class PeriodMatch:
    """A date expression: where it stands, what it states, and what the words around it say it is for.

    ``start`` and ``end`` bound the expression without its cue words; both dates are inclusive, None where open or unknown.
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


def find(text: str) -> list[PeriodMatch]:
    """Every date expression of a text, in order, none over another.

    >>> [(m.start_date.isoformat(), m.end_date.isoformat()) for m in find("Kerhot 4 2.8.2021-31.12.2022")]
    [('2021-08-02', '2022-12-31')]
    >>> [(m.kind, m.form) for m in find("siirtyy hyvinvointialueelle 1.1.2023")]
    [('transfer', 'point')]
    """
    found = list(_expressions(text))
    matches = []
    for i, expression in enumerate(found):
        before = found[i - 1].end if i else 0
        after = found[i + 1].start if i + 1 < len(found) else len(text)
        match = _match(text, expression, before, after)
        if match is not None:
            matches.append(match)
    return matches


# ---------------------------------------------------------------- dates as they stand


@dataclass(slots=True)
class _Atom:
    """One date as printed: its parts, and the notation (``shape``) it is written in."""

    start: int
    end: int
    shape: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until_year: int | None = None

    @property
    def whole(self) -> bool:
        """It needs no other date to be one."""
        return self.year is not None


_ATOM = r"""
    (?<! [\p{L}\d_@\#=&/] ) (?<! \p{L}[-‐‑] ) (?<! \d[.:] )      # not inside a word, a case number, a time, an address
    (?:
        (?P<iso> (?:19|20)\d\d-\d\d-\d\d ) (?! [\d-] )
      | (?P<dmy> \d{1,2} \. (?: \d{1,2} \. \s{0,2} | \s{1,2} \d{1,2} \. \s{1,2} ) \d{4} ) (?! \d )
      | (?P<dmyy> \d{1,2} \. \d{1,2} \. \d\d ) (?! \d | [.,:/]\d )
      | (?P<day_name> \d{1,2} \.? \s{0,2} (?:päivänä \s)? (?: MONTH ) (?: \s{1,2} \d{4} (?!\d) )? )
      | (?P<month_year> (?:0?[1-9]|1[0-2]) \s?/\s? (?:19|20)\d\d ) (?! [\d/] )
      | (?P<partial> \d{1,2} \. (?: \s? \d{1,2} \.? )? ) (?= \s{0,3} DASH{1,2} \s{0,3} \d )
      | (?P<day> \d{1,2} ) (?= DASH \d{1,2} \. \d{1,2} \. \s? \d{4} )
      | (?P<year> (?:19|20)\d\d ) (?<! \d{3}\s\d{4} ) (?<! \b0\d\s\d{4} )
        (?: DASH (?P<yy> \d\d ) (?! [\d.,:/] | \s?UNIT ) )?
        (?! [\p{L}\d_%] | [.,:]\d | /\d(?!\d{3}) | DASH(?:\d{3}(?!\d)|\d{5}|lu[kv]) | \s?UNIT )
    )
  | \b (?P<name> (?: MONTH ) (?: \s (?:alu|lop)\p{L}{1,6} )? (?: \s{1,2} \d{4} (?!\d) | (?= \s{0,3} DASH \s{0,3} \p{L} ) ) )
  | \b (?P<stem> (?: STEM ) ) (?= \s?DASH\s? (?: MONTH ) )
"""
_UNIT = r"(?:€|euro|eur\b|e\b|[tm]€|milj|mrd|%|prosen|m2|m²|m3|ha\b|km|kpl|kg\b|hlö|henkilö|asuka|oppila|kappal)"


@cache
def _months() -> dict[str, int]:
    return {row["stem"]: int(row["month"]) for row in rows("months")}


@cache
def _atom_pattern() -> regex.Pattern[str]:
    finnish = [row["stem"] for row in rows("months") if row["ending"]]
    endings = {row["ending"] for row in rows("months") if row["ending"]}
    others = [row["stem"] for row in rows("months") if not row["ending"]]
    month = rf"(?:{'|'.join(finnish)})(?:{'|'.join(endings)})\p{{L}}{{0,6}}|(?:{'|'.join(others)})\b"
    pattern = _ATOM.replace("MONTH", month).replace("STEM", "|".join(finnish)).replace("DASH", DASH).replace("UNIT", _UNIT)
    return regex.compile(pattern, regex.VERBOSE | regex.IGNORECASE)


_DIGITS = regex.compile(r"\d+")
_LETTERS = regex.compile(r"\p{L}+")


def _month_number(word: str) -> int:
    lowered = word.lower()
    return next(number for stem, number in _months().items() if lowered.startswith(stem))


def _century(two: str) -> int:
    """The year that two digits mean in minutes of this century.

    >>> _century("21"), _century("98")
    (2021, 1998)
    """
    return int(two) + (2000 if int(two) < 70 else 1900)


def _atom(match: regex.Match[str]) -> _Atom:
    shape, surface = match.lastgroup or "", match[0]
    atom = _Atom(match.start(), match.end(), shape)
    numbers = _DIGITS.findall(surface)
    match shape:
        case "iso":
            atom.year, atom.month, atom.day = map(int, numbers)
        case "dmy":
            atom.day, atom.month, atom.year = map(int, numbers)
        case "dmyy":
            atom.day, atom.month, atom.year = int(numbers[0]), int(numbers[1]), _century(numbers[2])
        case "day_name":
            atom.day, atom.month = int(numbers[0]), _month_number(_month_word(surface))
            atom.year = int(numbers[1]) if len(numbers) > 1 else None
        case "month_year":
            atom.month, atom.year = map(int, numbers)
        case "name" | "stem":
            atom.month, atom.year = _month_number(_month_word(surface)), int(numbers[0]) if numbers else None
        case "partial" | "day":
            atom.day, atom.month = int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else None
        case "year" | "yy":
            atom.shape, atom.year = "year", int(numbers[0])
            atom.until_year = _short_year(atom.year, numbers[1]) if len(numbers) > 1 else None
            if len(numbers) > 1 and atom.until_year is None:
                atom.shape = "code"
    return atom


def _month_word(surface: str) -> str:
    words: list[str] = _LETTERS.findall(surface)
    return next(word for word in words if word.lower() != "päivänä")


def _short_year(year: int, two: str) -> int | None:
    """The end year of ``2025-26``, None where the two digits are no later year of the next ten."""
    end = year // 100 * 100 + int(two)
    return end if year < end <= year + 10 else None


# ---------------------------------------------------------------- two dates, one period


@dataclass(slots=True)
class _Expression:
    """One date or two joined ones."""

    first: _Atom
    last: _Atom
    rule: str

    @property
    def start(self) -> int:
        return self.first.start

    @property
    def end(self) -> int:
        return self.last.end


@cache
def _joint() -> regex.Pattern[str]:
    """What stands between the two dates of one period."""
    return regex.compile(
        rf"""
        (?P<range> \s{{0,4}} (?:{DASH}{{1,2}}|\.\.\.|…) \s{{0,4}} )
      | \s (?:alkaen|lukien|lähtien) ,? \s (?:ja \s)? (?:aina \s)? (?P<from_until>)
      | \s? ,? \s? (?:ja|sekä)? \s? (?:se|hanke)? \s? (?:päättyy|päättyi|päättyen|loppuu|kestää|jatkuu) \s{{1,3}}
        (?P<begins_ends>)
      | \s? [,;]? \s? (?:ja \s)? (?:päättymis|lopetus|loppumis)\p{{L}}{{0,12}} \s? :? \s{{0,3}}
        (?P<label_ends>)
        """,
        regex.VERBOSE | regex.IGNORECASE,
    )


_LONGEST_JOINT = 40


def _joined(text: str, a: _Atom, b: _Atom) -> str | None:
    """The notation that joins two dates, None where they stand apart."""
    if not 0 < b.start - a.end <= _LONGEST_JOINT or not b.whole or "code" in (a.shape, b.shape) or a.until_year:
        return None
    joint = _joint().fullmatch(text, a.end, b.start)
    if joint is None:
        return None
    if not a.whole:
        return joint.lastgroup if joint.lastgroup == "range" and _completes(a, b) else None
    return str(joint.lastgroup)


def _completes(a: _Atom, b: _Atom) -> bool:
    """Whether the later date gives what the earlier lacks."""
    if a.day is not None:
        return b.day is not None and b.month is not None
    return b.month is not None


def _expressions(text: str) -> Iterator[_Expression]:
    atoms = [_atom(match) for match in _atom_pattern().finditer(text)]
    i = 0
    while i < len(atoms):
        first, following = atoms[i], atoms[i + 1] if i + 1 < len(atoms) else None
        notation = _joined(text, first, following) if following else None
        if notation and following:
            yield _Expression(first, following, notation)
            i += 2
            continue
        if first.whole and first.shape != "code":
            yield _Expression(first, first, "range" if first.until_year else "point")
        i += 1


# ---------------------------------------------------------------- what the words around say


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: str
    applies: str
    reach: str
    label: str


@cache
def _cues(where: str) -> tuple[regex.Pattern[str], dict[str, list[_Cue]]]:
    """The cues of one side: a pattern that finds them, and what each says."""
    by_words: dict[str, list[_Cue]] = {}
    alternatives = []
    for row in rows("period_cues"):
        if row["where"] != where:
            continue
        key = row["cue"] + ("*" if row["inflects"] == "yes" else "")
        if key not in by_words:
            ending = r"\p{L}*" if row["inflects"] == "yes" else r"(?!\p{L})"
            words = r"\s+".join(regex.escape(word) for word in row["cue"].split())
            alternatives.append((key, f"(?:{words}){ending}"))
        by_words.setdefault(key, []).append(_Cue(row["kind"], row["applies"], row["reach"], row["label"]))
    alternatives.sort(key=lambda pair: -len(pair[0]))
    keys = [key for key, _ in alternatives]
    pattern = regex.compile("(?<![\\p{L}])(?:" + "|".join(f"({p})" for _, p in alternatives) + ")", regex.IGNORECASE)
    return pattern, {str(i + 1): by_words[key] for i, key in enumerate(keys)}


_WINDOW = 90
_NEAR = 30
_TOUCHING = regex.compile(r"[\s:,(]*")
_BREAK = regex.compile(r"[.!?]\s+(?=\p{Lu})|[;•]|\n\s*\n|\((?![^()]*\))")
_BREAK_AFTER = regex.compile(r"[.!?]\s+(?=\p{Lu})|[;•(]|\n\s*\n")


def _before(text: str, floor: int, start: int) -> str:
    """The words of the same clause before a date."""
    window = text[max(floor, start - _WINDOW) : start]
    cut = 0
    for boundary in _BREAK.finditer(window):
        cut = boundary.end()
    return window[cut:]


def _after(text: str, end: int, ceiling: int) -> str:
    """The words of the same clause after a date."""
    window = text[end : min(ceiling, end + _WINDOW)]
    boundary = _BREAK_AFTER.search(window)
    return window[: boundary.start()] if boundary else window


def _applies(cue: _Cue, form: Form, years: bool, gap: str) -> bool:
    fits = {"any": True, "open": form != "range" and not years, "years": years, "range": form == "range"}[cue.applies]
    if not fits:
        return False
    if cue.reach == "touching":
        return _TOUCHING.fullmatch(gap) is not None
    return cue.reach == "clause" or len(gap) <= _NEAR


def _kind_cue(before: str, after: str, form: Form, years: bool) -> tuple[_Cue, int] | None:
    """The nearest cue that applies, and how far before the date it begins (0: after it)."""
    pattern, meaning = _cues("before")
    for hit in reversed(list(pattern.finditer(before))):
        for cue in meaning[str(hit.lastindex)]:
            if _applies(cue, form, years, before[hit.end() :]):
                return cue, len(before) - hit.start()
    pattern, meaning = _cues("after")
    for hit in pattern.finditer(after):
        for cue in meaning[str(hit.lastindex)]:
            if _applies(cue, form, years, after[: hit.start()]):
                return cue, 0
    return None


_FROM_AFTER = regex.compile(r"\s{0,3}(?:alkaen|lukien|lähtien|alk\.|eteenpäin|alusta)(?!\p{L})", regex.IGNORECASE)
_UNTIL_AFTER = regex.compile(r"\s{0,3}(mennessä|saakka|asti|loppuun)\b", regex.IGNORECASE)
_FROM_BEFORE = regex.compile(r"\b(alka|alkaa|alkaen|alkoi|käynnist|aloit)\p{L}*(?: on)?[\s:]{1,3}$", regex.IGNORECASE)
_UNTIL_BEFORE = regex.compile(r"\b(viimeistään|päätty|loppuu)\p{L}*(?: on)?[\s:]{1,3}$", regex.IGNORECASE)


def _open_form(before: str, after: str) -> tuple[Form, str | None]:
    """Whether a lone date opens or closes a time, and by which word."""
    if hit := _UNTIL_AFTER.match(after):
        return "until", "mennessä" if "mennessä" in after[: hit.end() + 10].lower() else hit[1].lower()
    if hit := _FROM_AFTER.match(after):
        return "from", "alkaen"
    if _UNTIL_BEFORE.search(before):
        return "until", "viimeistään" if "viimeistään" in before[-15:].lower() else "päättyy"
    if _FROM_BEFORE.search(before):
        return "from", "alkaa"
    return "point", None


# ---------------------------------------------------------------- the match


def _day(atom: _Atom, other: _Atom, last: bool) -> tuple[dt.date, Precision]:
    """The first or last day of a date, missing parts taken from the other end. ValueError for a day that does not exist."""
    year = atom.year if atom.year is not None else other.year
    assert year is not None
    month = atom.month if atom.month is not None or atom.shape == "year" else other.month if atom.day is not None else None
    if month is None:
        return (dt.date(year, 12, 31) if last else dt.date(year, 1, 1)), "year"
    if atom.day is not None:
        return dt.date(year, month, atom.day), "day"
    return dt.date(year, month, monthrange(year, month)[1] if last else 1), "month"


def _rule(expression: _Expression, form: Form) -> str:
    shape = {"dmy": "", "dmyy": "short_", "iso": "iso_", "day_name": "named_", "year": "year_"}
    prefix = shape.get(expression.first.shape, "")
    if expression.first.shape in ("name", "stem", "month_year") or expression.last.shape in ("name", "month_year"):
        prefix = "month_"
    if expression.first is not expression.last:
        return f"dates.{prefix}{expression.rule}"
    return f"dates.{prefix}{'range' if form == 'range' else form}"


def _match(text: str, expression: _Expression, floor: int, ceiling: int) -> PeriodMatch | None:
    before, after = _before(text, floor, expression.start), _after(text, expression.end, ceiling)
    single = expression.first is expression.last
    years = expression.first.shape == "year" and expression.last.shape == "year"
    form, form_cue = ("range", None) if not single or expression.first.until_year else _open_form(before, after)
    found = _kind_cue(before, after, form, years)
    cue, distance = found if found else (None, 0)
    vague = single and form == "point" and expression.first.shape in ("dmyy", "month_year")
    if vague and (cue is None or cue.kind != "duration"):
        return None
    if cue is not None and cue.kind == "season":
        start = expression.start - distance
        return PeriodMatch(start, expression.end, "dates.season", form, None, None, None, None, "other", cue.label)
    kind = _kind(cue, form, years)
    label = cue.label if cue else form_cue
    try:
        start_date, start_precision = _day(expression.first, expression.last, last=False)
        until = _Atom(0, 0, "year", year=expression.first.until_year) if expression.first.until_year else expression.last
        end_date, end_precision = _day(until, until, last=True)
    except ValueError:
        return PeriodMatch(expression.start, expression.end, "dates.impossible", form, None, None, None, None, kind, label)
    return PeriodMatch(
        expression.start,
        expression.end,
        _rule(expression, form),
        form,
        None if form == "until" else start_date,
        None if form == "until" else start_precision,
        None if form == "from" else end_date,
        None if form == "from" else end_precision,
        kind,
        label,
    )


def _kind(cue: _Cue | None, form: Form, years: bool) -> Kind:
    if cue is not None:
        kinds: dict[str, Kind] = {"duration": "duration", "transfer": "transfer", "deadline": "deadline", "meeting": "meeting"}
        return kinds.get(cue.kind, "other")
    return "other" if form == "point" else "duration"
