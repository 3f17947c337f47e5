"""Dates and periods (päivämäärät ja ajanjaksot) in running text.

The text is read in three steps. ``_atoms`` finds every date that stands in it, whole (``31.7.2023``, ``joulukuu 2019``,
``2022``) or waiting for its end (``1.5.-``). ``_expressions`` joins those that what stands between makes one period. ``_match``
asks the words around what the time is for (``vocabulary/period_cues.csv``) and whether it is open (``period_bounds.csv``).

A value is never guessed: a day that no calendar has is reported as ``dates.impossible``, and a season or a school year has no
dates at all. Every date holds a digit, so digits are all that the search looks for.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Form = Literal["range", "point", "from", "until"]
Kind = Literal["duration", "transfer", "deadline", "meeting", "other"]
Precision = Literal["day", "month", "year"]

DASH = r"[-‐‑‒–—―−]"


@dataclass(frozen=True, slots=True)
class PeriodMatch:
    """A date expression: where it stands, what it states, and what the words around it say it is for.

    ``start`` and ``end`` bound the expression without its cue words (a season's own word belongs to it). Both dates are
    inclusive, None where open or unknown: ``from`` has only a start, ``until`` only an end. ``cue`` is the normal form of the
    words that decided ``kind``, else of those that opened the time or named its years (``mennessä``, ``vuosille``).
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
    >>> [(m.kind, m.form, m.cue) for m in find("toteutetaan 31.12.2025 mennessä (siirtyy hyvinvointialueelle 1.1.2026)")]
    [('duration', 'until', 'toteutetaan'), ('transfer', 'point', 'siirtyy')]
    >>> [(m.rule_id, m.start_date) for m in find("31.2.2022, lukuvuonna 2024-2025, § 31, 751/2023")]
    [('dates.impossible', None), ('dates.season', None)]
    """
    found = list(_expressions(text))
    matches: list[PeriodMatch] = []
    for i, expression in enumerate(found):
        floor = found[i - 1].end if i else 0
        ceiling = found[i + 1].start if i + 1 < len(found) else len(text)
        match = _match(text, expression, floor, ceiling, matches[-1] if matches else None)
        if match is not None:
            matches.append(match)
    return matches


# ---------------------------------------------------------------- dates as they stand


@dataclass(slots=True)
class _Atom:
    """One date as printed: its parts, and the notation (``shape``) it is written in.

    ``from_month`` and ``until_year`` make it a period by itself: ``tammi-kesäkuu 2024``, ``2025-26``.
    """

    start: int
    end: int
    shape: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    from_month: int | None = None
    until_year: int | None = None

    @property
    def is_range(self) -> bool:
        return self.from_month is not None or self.until_year is not None


_ATOM = r"""
    (?=\d) (?= \d{4} | \d{1,2} (?: [./] | \s?/ | \s?DASH\s?\d{1,2}[./] | \s{0,2}\p{L} ) )
    (?<! [\p{L}\d_@\#=&/] ) (?<! \p{L}[-‐‑] ) (?<! \d[.:] )   # not inside a word, a case number, a time, an address
    (?:
        (?P<chain> (?: \d[\d.]{3,9} \s?DASH\s? ){3,}+ [\d.]* )               # three dates in a row are no period
      | (?P<iso> (?:19|20)\d\d-\d\d-\d\d ) (?! \d | -\d{1,2}(?!\d) )
      | (?P<dmy> \d{1,2} \. (?: \d{1,2} \. \s{0,2} | \s \d{1,2} \. \s{1,2} ) (?:1[5-9]|2[01])\d\d ) (?! \d | \.\d )
      | (?<= DASH\s{0,3} ) (?P<broken> \d{1,2} \. (?: \s \d{1,2} \. | \d{1,2} \s ) (?:19|20)\d\d )
        (?! \d )   # a row ended after its first full stop, or the second one is left out
      | (?P<dmyy> \d{1,2} \. \d{1,2} \. \d\d ) (?! \d | [.,:/]\d )
      | (?P<day_name> \d{1,2} \.? \s{0,2} (?:päivänä \s)? (?: MONTH ) (?: \s{1,2} \d{4} (?!\d) )? )
      | (?P<month_year> (?: 0?[1-9] | 1[0-2] ) \s?/\s? (?:19|20)\d\d ) (?! [\d/] )
      | (?P<month_dot_year> (?: 0?[1-9] | 1[0-2] ) \. (?:19|20)\d\d ) (?! \d | \.\d )
      | (?P<partial> \d{1,2} \. (?: \s? \d{1,2} \.? )? ) (?= \s{0,3} DASH{1,2} \s{0,3} \d )
      | (?P<month> 0?[1-9] | 1[0-2] ) (?= \s?DASH\s? \d{1,2}/ (?:19|20)\d\d )
      | (?P<day> \d{1,2} ) (?= DASH \d{1,2} \. \d{1,2} \. \s? \d{4} )
      | (?P<year> (?:19|20)\d\d )
        (?<! \d{3}\s\d{4} | \b0\d\s\d{4} | \bPL\s\d{4} | (?:dnro|[nd]ro|dno|diaari\p{L}{0,12}) [\s:]{1,2} \d{4} )
        (?: DASH (?P<two> \d\d ) (?! \d | [.,:/-]\d | \p{L} | \s?UNIT ) )?
        (?! [\p{L}\d_%] | [.,:]\d | /\d | \s?UNIT | \s000 | \s?DASH\s?\d{3,6}\s?UNIT
          | DASH (?: \d{3}(?!\d) | \d{5} | lu[kv] | \d\d?(?! \d | \.\s?\d{1,2}\. ) ) | \.(?:pdf|docx?|xlsx?|fi|com)\b )
        (?<= \b (?: (?P<from_name> MONTH|STEM ) \s{0,2} DASH \s{0,2} )?
                (?P<name> MONTH ) (?: \s(?:alu|lop)\p{L}{1,6} )? \s{1,2} \d{4} )?
    )
"""
_UNIT = (
    r"(?:€|euro|eur\b|e\b|[tm]€|milj|mrd|tuhatta|%|prosen|m2|m²|m3|m\b|mm\b|ha\b|km|kpl|kg\b|tonn|litr|tunti|päivä\p{L}|krt\b"
    r"|hlö|henkilö|asuka|asukk|asunto|oppila|lasta|nuorta|kappal|kävij|käyttäj|osallistuj|työntekij|ihmi|opiskelij)"
)


@cache
def _months() -> dict[str, int]:
    return {row["stem"]: int(row["month"]) for row in rows("months")}


@cache
def _atom_pattern() -> regex.Pattern[str]:
    finnish = alternation(row["stem"] for row in rows("months") if row["ending"])
    endings = alternation(row["ending"] for row in rows("months") if row["ending"])
    others = alternation(row["stem"] for row in rows("months") if not row["ending"])
    month = rf"{finnish}{endings}\p{{L}}{{0,6}}|{others}\b"
    pattern = _ATOM.replace("MONTH", month).replace("STEM", finnish).replace("DASH", DASH).replace("UNIT", _UNIT)
    return regex.compile(pattern, regex.VERBOSE | regex.IGNORECASE)


_DIGITS = regex.compile(r"\d+")
_LETTERS = regex.compile(r"\p{L}+")


def _month_number(surface: str) -> int:
    """The month that a word of the surface names."""
    for word in _LETTERS.findall(surface.lower()):
        for stem, number in _months().items():
            if word.startswith(stem):
                return number
    raise ValueError(surface)


def _century(two: int) -> int:
    """The year that two digits mean in minutes of this century.

    >>> _century(21), _century(98)
    (2021, 1998)
    """
    return two + (2000 if two < 70 else 1900)


def _atoms(text: str) -> Iterator[_Atom]:
    """Every date and every part of one, in order."""
    reached = 0
    for match in _atom_pattern().finditer(text):
        shape = "year" if match["year"] else match.lastgroup or ""
        if shape == "chain":
            continue
        atom = _numeric(match, shape) if shape != "year" else _year_atom(match, reached)
        if atom is not None:
            reached = atom.end
            yield atom


def _numeric(match: regex.Match[str], shape: str) -> _Atom:
    """A date that begins with a number."""
    numbers = [int(n) for n in _DIGITS.findall(match[0])]
    rest = numbers[1] if len(numbers) > 1 else None
    atom = _Atom(match.start(), match.end(), shape)
    match shape:
        case "iso":
            atom.year, atom.month, atom.day = numbers
        case "dmy" | "broken":
            atom.shape = "dmy"
            atom.day, atom.month, atom.year = numbers
        case "dmyy":
            atom.day, atom.month, atom.year = numbers[0], numbers[1], _century(numbers[2])
        case "day_name":
            atom.day, atom.month, atom.year = numbers[0], _month_number(match[0]), rest
        case "month_year" | "month_dot_year":
            atom.shape = "month_year"
            atom.month, atom.year = numbers
        case "month":
            atom.month = numbers[0]
        case _:
            atom.day, atom.month = numbers[0], rest
    return atom


def _year_atom(match: regex.Match[str], reached: int) -> _Atom | None:
    """A year, alone or behind the month that names it; None for a number such as 2023-45, which is no pair of years."""
    atom = _Atom(match.start(), match.end(), "year", year=int(match["year"]))
    if match["two"]:
        end = int(match["year"][:2] + match["two"])
        if not int(match["year"]) < end <= int(match["year"]) + 10:
            return None
        atom.until_year = end
    if match["name"] and match.start("name") >= reached:
        atom.shape, atom.start, atom.month = "name", match.start("name"), _month_number(match["name"])
        if match["from_name"] and match.start("from_name") >= reached:
            atom.start, atom.from_month = match.start("from_name"), _month_number(match["from_name"])
    return atom


# ---------------------------------------------------------------- dates that make one period


@dataclass(slots=True)
class _Expression:
    """One date, or two that what stands between joins (``joint``)."""

    first: _Atom
    last: _Atom
    joint: str | None = None

    @property
    def start(self) -> int:
        return self.first.start

    @property
    def end(self) -> int:
        return self.last.end

    @property
    def years(self) -> bool:
        """Neither months nor days."""
        return self.first.shape == self.last.shape == "year"

    @property
    def is_range(self) -> bool:
        return self.joint is not None or self.first.is_range


_LONGEST_JOINT = 45


@cache
def _joint() -> regex.Pattern[str]:
    seasons = alternation(row["cue"] for row in rows("period_cues") if row["kind"] == "season" and row["where"] == "before")
    ending = r"(?:päättyy|päättyi|päättynyt|päättyen|loppuu|loppui|kestää|jatkuu|slutar|avslutas)"
    year = r"(?:vuo(?:den|teen)\s)?"
    return regex.compile(
        rf"""
        (?P<range> \s{{0,4}} (?:{DASH}{{1,2}}|\.\.\.|…) \s{{0,4}} | \s(?:till(?:\soch\smed)?|t\.o\.m\.)\s )
      | (?P<season> \s{{0,2}}{DASH}\s{{0,2}} {seasons}\p{{L}}{{0,8}} \s )
      | (?P<from_until> \s (?:alusta|(?:alusta\s)?(?:alkaen|lukien|lähtien)) ,? \s (?:ja\s)? (?:aina\s)? {year} )
      | (?P<begins_ends> \s? ,? \s? (?:ja|sekä|och)? \s? (?:se|hanke)? \s? {ending} \s{{1,3}} {year} )
      | (?P<labels> \s{{0,2}} [,;]? \s{{0,2}} (?:ja\s)? (?:päättymis|lopetus|loppumis)\p{{L}}{{0,12}} \s?:?\s{{0,3}} )
      | (?P<elative> \s (?:vuoteen\s)? )
      | (?P<between> \s ja \s )
        """,
        regex.VERBOSE | regex.IGNORECASE,
    )


_UNTIL = regex.compile(r"\s{1,2}(?:saakka|asti|mennessä|loppuun)", regex.IGNORECASE)
_BETWEEN = regex.compile(r"\s{1,2}väli(?:se|nen|llä|ltä)", regex.IGNORECASE)
_FROM_YEAR = regex.compile(r"(?:\bvuodesta\s|kuusta\s\d{4})$", regex.IGNORECASE)


def _joined(text: str, a: _Atom, b: _Atom) -> str | None:
    """The notation that joins two dates, None where they stand apart."""
    if not 0 < b.start - a.end <= _LONGEST_JOINT or b.year is None or a.is_range or b.is_range:
        return None
    joint = _joint().fullmatch(text, a.end, b.start)
    if joint is None:
        return None
    notation = str(joint.lastgroup)
    if a.year is None:
        return notation if notation == "range" and _completes(a, b) else None
    if notation == "from_until" and not _UNTIL.match(text, b.end):
        return None
    if notation == "between" and not (a.shape == b.shape and _BETWEEN.match(text, b.end)):
        return None
    if notation == "elative" and not _FROM_YEAR.search(text, max(0, a.start - 9), a.end if a.shape == "name" else a.start):
        return None
    return notation if _same_kind(text, a, b, notation) else None


def _same_kind(text: str, a: _Atom, b: _Atom, notation: str) -> bool:
    """Whether two dates may be the ends of one period: a season joins years only, and what is told of it in words nothing.

    ``käynnistyy keväällä 2019 ja päättyy vuoden 2021 lopussa`` has an end and no beginning.
    """
    if notation == "season":
        return b.shape == "year"
    told = notation in ("begins_ends", "from_until") and a.shape == "year"
    return not (told and _season_before().search(text, max(0, a.start - 30), a.start))


@cache
def _season_before() -> regex.Pattern[str]:
    season = [row for row in rows("period_cues") if row["kind"] == "season" and row["where"] == "before"]
    words = alternation(row["cue"] for row in season)
    return regex.compile(rf"(?<!\p{{L}}){words}\p{{L}}{{0,8}}\s$", regex.IGNORECASE)


def _completes(a: _Atom, b: _Atom) -> bool:
    """Whether the later date gives what the earlier lacks."""
    return b.month is not None and (b.day is not None) == (a.day is not None)


def _expressions(text: str) -> Iterator[_Expression]:
    atoms = list(_atoms(text))
    i = 0
    while i < len(atoms):
        first = atoms[i]
        listed = _listed_years(text, atoms, i)
        joint = _joined(text, first, atoms[i + 1]) if not listed and i + 1 < len(atoms) else None
        if listed:
            yield _Expression(first, atoms[i + listed], "list")
        elif joint:
            yield _Expression(first, atoms[i + 1], joint)
        elif first.year is not None:
            yield _Expression(first, first)
        i += 1 + (listed or bool(joint))


_YEARS_BEFORE = regex.compile(r"(?:vuosi(?:na|lle|ksi|en|lta)|vuodet|åren)\s$", regex.IGNORECASE)
_AND = regex.compile(r"\s(?:ja|sekä|och)\s", regex.IGNORECASE)


def _listed_years(text: str, atoms: list[_Atom], i: int) -> int:
    """How many more years a list of consecutive ones names after its first: ``vuosina 2024, 2025 ja 2026`` → 2."""
    first = atoms[i]
    if first.shape != "year" or first.is_range or not _YEARS_BEFORE.search(text, max(0, first.start - 10), first.start):
        return 0
    for more, (a, b) in enumerate(zip(atoms[i:], atoms[i + 1 :], strict=False), 1):
        if b.shape != "year" or b.is_range or b.year != (a.year or 0) + 1:
            return 0
        if _AND.fullmatch(text, a.end, b.start):
            return more
        if text[a.end : b.start] != ", ":
            return 0
    return 0


# ---------------------------------------------------------------- what the words around say


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a vocabulary as one pattern, and the rows that each stands for."""

    pattern: regex.Pattern[str]
    rows: dict[str, list[dict[str, str]]]

    def said_by(self, hit: regex.Match[str]) -> list[dict[str, str]]:
        """The rows of a hit."""
        key: str = hit["whole"] or (hit["begun"] + "*" if hit["begun"] else f"-{hit['within']}*")
        return self.rows[" ".join(key.lower().split())]


@cache
def _words(table: str, where: str, frame: str = "WORDS") -> _Words:
    """The words of a table that stand ``where``, their first column the word; ``frame`` is the pattern around them.

    A word whole, the beginning of one, or (with a hyphen before it) the beginning of one or of a later part of one.
    """
    by_word: dict[str, list[dict[str, str]]] = {}
    for row in rows(table):
        if row["where"] == where:
            word = next(iter(row.values()))
            by_word.setdefault(word + ("*" if row["inflects"] == "yes" else ""), []).append(row)
    whole = alternation(key for key in by_word if not key.endswith("*"))
    begun = alternation(key[:-1] for key in by_word if key.endswith("*") and not key.startswith("-"))
    within = alternation(key[1:-1] for key in by_word if key.startswith("-"))
    either = rf"(?<!\p{{L}})(?:(?P<whole>{whole})(?!\p{{L}})|(?P<begun>{begun})\p{{L}}*)"
    if within:
        either = rf"(?:{either}|(?P<within>{within})\p{{L}}*)"
    return _Words(regex.compile(frame.replace("WORDS", either), regex.IGNORECASE), by_word)


_WINDOW = 90
_NEAR = 30
_FILLER = r"(?:vuosi(?:na|lle|en|ksi)|vuo(?:nna|den|delle|deksi|det)|v\.)"
_TOUCHING = regex.compile(rf"[\s:,(]*(?:{_FILLER}\s)?", regex.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class _Cue:
    """What decided the kind, and where the word stands: so many characters before the date, None behind it."""

    row: dict[str, str]
    distance: int | None


def _applies(row: dict[str, str], form: Form, years: bool, gap: str) -> bool:
    opens = form in ("from", "until") or (form == "point" and not years)
    fits = {"any": True, "open": opens, "until": form == "until", "years": years, "range": form == "range"}
    near = {"clause": True, "near": len(gap) <= _NEAR, "touching": _TOUCHING.fullmatch(gap) is not None}
    return fits[row["applies"]] and near[row["reach"]]


def _cues(before: str, after: str, form: Form, years: bool) -> Iterator[_Cue]:
    """The cues that apply, nearest first: those that touch the date, before and behind, then the rest before, then the rest."""
    ahead, behind = [], []
    words = _words("period_cues", "before")
    for hit in reversed(list(words.pattern.finditer(before))):
        gap = before[hit.end() :]
        ahead += [_Cue(row, len(before) - hit.start()) for row in words.said_by(hit) if _applies(row, form, years, gap)]
    words = _words("period_cues", "after")
    for hit in words.pattern.finditer(after):
        gap = after[: hit.start()]
        behind += [_Cue(row, None) for row in words.said_by(hit) if _applies(row, form, years, gap) and "," not in gap]
    yield from sorted(ahead + behind, key=lambda cue: cue.row["reach"] != "touching")


def _kind_cue(before: str, after: str, form: Form, years: bool) -> _Cue | None:
    """The cue that decides what the time is for; a generic one (ajalle) only where no other does."""
    generic = None
    for cue in _cues(before, after, form, years):
        if not cue.row["generic"]:
            return cue
        generic = generic or cue
    return generic


_BOUND_AFTER = r"\s{0,3}WORDS"
_BOUND_BEFORE = (
    r"WORDS(?:\s(?:on|oli|noin|arviolta|aikaisintaan|viimeistään|suunnitellusti|den))?"
    r"(?:\s(?:vuonna|vuoden(?:\salussa)?))?[\s:]{1,3}$"
)
_YEARS_NAMED = regex.compile(rf"(?<!\p{{L}})({_FILLER})\s$", regex.IGNORECASE)
_UNBOUNDED = regex.compile(r"\s?[-–—]?\s?toistaiseksi\b", regex.IGNORECASE)
_LEFT_OPEN = regex.compile(r"\s?[–-](?=\s*(?:[.,;)]|$))")


def _bound(before: str, after: str, years: bool) -> tuple[Form, str | None]:
    """Whether a lone date opens or closes a time, and the word that says so."""
    words = _words("period_bounds", "after", _BOUND_AFTER)
    if hit := words.pattern.match(after):
        row = words.said_by(hit)[0]
        return ("until" if row["form"] == "until" else "from"), row["label"]
    words = _words("period_bounds", "before", _BOUND_BEFORE)
    if hit := words.pattern.search(before[-60:]):
        row = words.said_by(hit)[0]
        return ("until" if row["form"] == "until" else "from"), row["label"]
    if _UNBOUNDED.match(after):
        return "from", "toistaiseksi"
    if years and _LEFT_OPEN.match(after):
        return "from", "–"
    return "point", None


# ---------------------------------------------------------------- the match

_VAGUE = ("dmyy", "month_year", "month")
_CONTINUES = regex.compile(r",?\s(?:(?:ja|sekä|tai|och)\s)?", regex.IGNORECASE)


def _match(text: str, expression: _Expression, floor: int, ceiling: int, previous: PeriodMatch | None) -> PeriodMatch | None:
    before, after = _before(text, floor, expression.start), _after(text, expression.end, ceiling)
    at_previous = floor > 0 and len(before) == expression.start - floor
    if at_previous and (bound := _words("period_bounds", "after", _BOUND_AFTER).pattern.match(before)):
        before = before[bound.end() :]
    form, word = ("range", None) if expression.is_range else _bound(before, after, expression.years)
    cue = _kind_cue(before, after, form, expression.years)
    vague = expression.first.shape in _VAGUE and (form == "point" or expression.first.year is None)
    if vague and (cue is None or cue.row["kind"] != "duration"):
        return None  # 3/2022 and 1.8.21 alone are as well the number of a meeting and of a chapter
    season = _season(text, expression, cue, form, previous)
    if season is not None:
        return season
    named = _YEARS_NAMED.search(before) if expression.years else None
    label = cue.row["label"] if cue else word or (named[1].lower() if named else None)
    kind = _kind(cue, form)
    try:
        (start_date, start_precision), (end_date, end_precision) = _first_day(expression), _last_day(expression)
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
    )


def _season(text: str, expression: _Expression, cue: _Cue | None, form: Form, previous: PeriodMatch | None) -> PeriodMatch | None:
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


def _kind(cue: _Cue | None, form: Form) -> Kind:
    if cue is None:
        return "other" if form == "point" else "duration"
    kinds: dict[str, Kind] = {"duration": "duration", "transfer": "transfer", "deadline": "deadline", "meeting": "meeting"}
    return kinds.get(cue.row["kind"], "other")


def _first_day(expression: _Expression) -> tuple[dt.date, Precision]:
    """The first day, what the earlier date lacks taken from the later. ValueError for a day that no calendar has."""
    first, last = expression.first, expression.last
    year = first.year or last.year or 0
    month = first.from_month or first.month or (last.month if first.day else None)
    if month is None:
        return dt.date(year, 1, 1), "year"
    return dt.date(year, month, 1 if first.day is None else first.day), "month" if first.day is None else "day"


def _last_day(expression: _Expression) -> tuple[dt.date, Precision]:
    """The last day. ValueError for a day that no calendar has."""
    last = expression.last
    year = last.until_year or last.year or 0
    if last.month is None:
        return dt.date(year, 12, 31), "year"
    if last.day is None:
        return dt.date(year, last.month, monthrange(year, last.month)[1]), "month"
    return dt.date(year, last.month, last.day), "day"


_NOTATIONS = {
    "dmy": "", "dmyy": "short_year_", "iso": "iso_", "day_name": "named_", "name": "month_", "month": "month_number_",
    "month_year": "month_number_", "year": "year_", "partial": "shared_", "day": "shared_",
}  # fmt: skip


def _rule(expression: _Expression, form: Form) -> str:
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
