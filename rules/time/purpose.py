"""What the words around a date say it is for (aikamääreiden merkitys), and whether they leave the time open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Form = Literal["range", "point", "from", "until"]
"""A period, one date, a beginning alone, an end alone."""


@dataclass(frozen=True, slots=True)
class CueWords:
    """Words of a vocabulary as one pattern, and the rows that each stands for."""

    pattern: regex.Pattern[str]
    rows: dict[str, list[dict[str, str]]]

    def said_by(self, hit: regex.Match[str]) -> list[dict[str, str]]:
        """The rows of a hit."""
        key: str = hit["whole"] or (hit["begun"] + "*" if hit["begun"] else f"-{hit['within']}*")
        return self.rows[" ".join(key.lower().split())]


@cache
def cue_words(table: str, where: str, frame: str = "WORDS") -> CueWords:
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
    return CueWords(regex.compile(frame.replace("WORDS", either), regex.IGNORECASE), by_word)


_WINDOW = 90
_NEAR = 30
_FILLER = r"(?:vuosi(?:na|lle|en|ksi)|vuo(?:nna|den|delle|deksi|det)|v\.)"
_TOUCHING = regex.compile(rf"[\s:,(]*(?:{_FILLER}\s)?", regex.IGNORECASE)
_BREAK = regex.compile(r"[.!?]\s+(?=\p{Lu})|[;•]|\n\s*\n|\((?![^()]*\))")
_BREAK_AFTER = regex.compile(r"[.!?]\s+(?=\p{Lu})|[;•(]|\n\s*\n")


def words_before(text: str, floor: int, start: int) -> str:
    """The words of the same clause before a date."""
    window = text[max(floor, start - _WINDOW) : start]
    cut = 0
    for boundary in _BREAK.finditer(window):
        cut = boundary.end()
    return window[cut:]


def words_after(text: str, end: int, ceiling: int) -> str:
    """The words of the same clause after a date."""
    window = text[end : min(ceiling, end + _WINDOW)]
    boundary = _BREAK_AFTER.search(window)
    return window[: boundary.start()] if boundary else window


@dataclass(frozen=True, slots=True)
class PurposeCue:
    """What decided the kind, and where the word stands: so many characters before the date, None behind it."""

    row: dict[str, str]
    distance: int | None


def _applies(row: dict[str, str], form: Form, years: bool, gap: str) -> bool:
    opens = form in ("from", "until") or (form == "point" and not years)
    fits = {"any": True, "open": opens, "until": form == "until", "years": years, "range": form == "range"}
    near = {"clause": True, "near": len(gap) <= _NEAR, "touching": _TOUCHING.fullmatch(gap) is not None}
    return fits[row["applies"]] and near[row["reach"]]


def _cues(before: str, after: str, form: Form, years: bool) -> Iterator[PurposeCue]:
    """The cues that apply, nearest first: those that touch the date, before and behind, then the rest before, then the rest."""
    ahead, behind = [], []
    words = cue_words("period_cues", "before")
    for hit in reversed(list(words.pattern.finditer(before))):
        gap = before[hit.end() :]
        ahead += [PurposeCue(row, len(before) - hit.start()) for row in words.said_by(hit) if _applies(row, form, years, gap)]
    words = cue_words("period_cues", "after")
    for hit in words.pattern.finditer(after):
        gap = after[: hit.start()]
        behind += [PurposeCue(row, None) for row in words.said_by(hit) if _applies(row, form, years, gap) and "," not in gap]
    yield from sorted(ahead + behind, key=lambda cue: cue.row["reach"] != "touching")


def kind_cue(before: str, after: str, form: Form, years: bool) -> PurposeCue | None:
    """The cue that decides what the time is for; a generic one (ajalle) only where no other does."""
    generic = None
    for cue in _cues(before, after, form, years):
        if not cue.row["generic"]:
            return cue
        generic = generic or cue
    return generic


BOUND_AFTER = r"\s{0,3}WORDS"
_BOUND_BEFORE = (
    r"WORDS(?:\s(?:on|oli|noin|arviolta|aikaisintaan|viimeistään|suunnitellusti|den))?"
    r"(?:\s(?:vuonna|vuoden(?:\salussa)?))?[\s:]{1,3}$"
)
YEARS_NAMED = regex.compile(rf"(?<!\p{{L}})({_FILLER})\s$", regex.IGNORECASE)
_UNBOUNDED = regex.compile(r"\s?[-–—]?\s?toistaiseksi\b", regex.IGNORECASE)
_LENGTH_ADDED = regex.compile(r"\s?\+\s?\d{1,3}\s?(?:kk|kuukau|v\.|vuo|mån|år)", regex.IGNORECASE)
"""A length behind a beginning: ``1.9.2023 + 24 kk``; the end that it implies is not stated."""
_LEFT_OPEN = regex.compile(r"\s?[–-](?=\s*(?:[.,;)]|$))")


def open_end(before: str, after: str, years: bool) -> tuple[Form, str | None]:
    """Whether a lone date opens or closes a time, and the word that says so."""
    words = cue_words("period_bounds", "after", BOUND_AFTER)
    if hit := words.pattern.match(after):
        row = words.said_by(hit)[0]
        return ("until" if row["form"] == "until" else "from"), row["label"]
    words = cue_words("period_bounds", "before", _BOUND_BEFORE)
    if hit := words.pattern.search(before[-60:]):
        row = words.said_by(hit)[0]
        return ("until" if row["form"] == "until" else "from"), row["label"]
    if _UNBOUNDED.match(after):
        return "from", "toistaiseksi"
    if _LENGTH_ADDED.match(after):
        return "from", "+"
    if years and _LEFT_OPEN.match(after):
        return "from", "–"
    return "point", None
