"""Which period of an entry is its duration (kesto)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import regex

from poytakirja.document import Document
from poytakirja.projects.record.facts import EntryFacts
from poytakirja.records import Period, Project
from poytakirja.rules.projects import status
from poytakirja.rules.time.dates import PeriodMatch

_LABELS_OF_DURATION = frozenset(
    {"hankeaika", "toteutusaika", "rahoituskausi", "käyttöaika", "kesto", "aikataulu", "toteutetaan", "ajalle", "ajalla",
     "aikavälillä", "välisenä aikana", "duration"}
)  # fmt: skip
_TERMS = frozenset({"toimikausi", "voimassa"})


def choose_duration(reading: EntryFacts) -> PeriodMatch | None:
    """The period that is the project's own (hankeaika), or None where none is stated.

    In order: a range behind its label (``toteutusaika``), a range with days, one with months, one of years, an end or a
    beginning alone that is labelled, and last a year at the end of the name or of the entry.
    """
    tests: tuple[Callable[[PeriodMatch], bool], ...] = (
        lambda p: p.form == "range" and p.cue in _LABELS_OF_DURATION,
        lambda p: p.form == "range" and "day" in (p.start_precision, p.end_precision),
        lambda p: p.form == "range" and "month" in (p.start_precision, p.end_precision),
        lambda p: p.form == "range" and _stands_alone(reading.text, p),
        lambda p: p.form in ("until", "from"),
        lambda p: (
            p.form == "point" and p.start_precision == "year" and _stands_alone(reading.text, p) and not _years_a_sum(reading, p)
        ),
    )
    dated = [p for p in reading.periods if p.kind == "duration" or (p.kind == "other" and p.start_precision == "year")]
    dated = [p for p in dated if not any(f.start <= p.start < f.end for f in reading.funders)]  # Horizon 2020
    known = [p for p in dated if p.start_date or p.end_date]
    for found in (reading.newest(known), known):  # what the latest handling does not say, an earlier one may
        pool = [p for p in found if p.change != "old"] or found
        for test in tests:
            fit = [p for p in pool if test(p)]
            if fit:
                chosen = next((p for p in fit if p.change == "new"), fit[0])
                return _exactly(_changed(_with_its_end(_and_next(reading.text, chosen, fit), pool), reading.text, pool), pool)
    return _term(reading)


_AND = regex.compile(r"\s(?:ja|sekä|och)\s")


def _and_next(text: str, chosen: PeriodMatch, fit: Sequence[PeriodMatch]) -> PeriodMatch:
    """A range together with the one that ``ja`` adds to it: ``1.3.–31.5. ja 1.8.–31.10.2023`` runs until October."""
    following = next((p for p in fit if p.start > chosen.start), None)
    if following is None or chosen.form != "range" or not _AND.fullmatch(text, chosen.end, following.start):
        return chosen
    if following.form != "range" or not (chosen.end_date and following.end_date and chosen.end_date < following.end_date):
        return chosen
    ends = {"end": following.end, "end_date": following.end_date, "end_precision": following.end_precision}
    return replace(chosen, rule_id="assemble.two_ranges", **ends)  # type: ignore[arg-type]


def _exactly(chosen: PeriodMatch, dated: Sequence[PeriodMatch]) -> PeriodMatch:
    """Years with the day on which the text says that they begin: ``vuosina 2025–2026``, ``alkoi 1.1.2025``."""
    if chosen.form != "range" or chosen.start_precision != "year":
        return chosen
    begins = (p for p in dated if p.form == "from" and p.start_precision == "day" and p.start_date == chosen.start_date)
    return replace(chosen, start_precision="day") if next(begins, None) else chosen


def _changed(chosen: PeriodMatch, text: str, dated: Sequence[PeriodMatch]) -> PeriodMatch:
    """The period with the end that a prolongation or an early end gave it; an application for more time changes nothing."""
    moved = [
        p
        for p in dated
        if p.form == "until" and p.end_date and (p.change == "new" or status.moves_end(text, p.start, p.end)) and p is not chosen
    ]
    newer = moved[-1] if moved else None
    if newer is None or (chosen.start_date and newer.end_date and newer.end_date < chosen.start_date):
        return chosen
    if chosen.end_date == newer.end_date or (status.prolongs(text, newer.start, newer.end) and not _later(newer, chosen)):
        return chosen
    if chosen.start_date is None:
        return _with_its_end(newer, dated)
    ends = {"end_date": newer.end_date, "end_precision": newer.end_precision}
    start, end = min(chosen.start, newer.start), max(chosen.end, newer.end)
    return replace(chosen, start=start, end=end, form="range", rule_id="assemble.prolonged", **ends)  # type: ignore[arg-type]


def _later(newer: PeriodMatch, chosen: PeriodMatch) -> bool:
    return chosen.end_date is None or (newer.end_date is not None and newer.end_date > chosen.end_date)


def _term(reading: EntryFacts) -> PeriodMatch | None:
    """A term (toimikausi, voimassa) with its days, where an entry states no other time; an item may speak of a body's."""
    if reading.entry.layout == "item":
        return None
    terms = [p for p in reading.periods if p.form == "range" and p.cue in _TERMS and p.start_precision == "day"]
    return terms[0] if len(terms) == 1 else None


def _with_its_end(chosen: PeriodMatch, dated: Sequence[PeriodMatch]) -> PeriodMatch:
    """A beginning joined with an end that is told apart from it: columns ``Alkaa`` and ``Päättyy``, or two sentences."""
    if chosen.form not in ("from", "until"):
        return chosen
    other = next((p for p in dated if {p.form, chosen.form} == {"from", "until"}), None)
    if other is None:
        return chosen
    first, last = (chosen, other) if chosen.form == "from" else (other, chosen)
    if not (first.start_date and last.end_date and first.start_date <= last.end_date):
        return chosen
    start, end = min(first.start, last.start), max(first.end, last.end)
    ends = {"end_date": last.end_date, "end_precision": last.end_precision}
    return replace(first, start=start, end=end, form="range", rule_id="assemble.begins_and_ends", **ends)  # type: ignore[arg-type]


def _years_a_sum(reading: EntryFacts, year: PeriodMatch) -> bool:
    """Whether a lone year says when a sum beside it is paid: ``10 000 euroa vuodelle 2019``, ``vuonna 2019 5 000 €``."""
    if year.cue is None or year.cue in _LABELS_OF_DURATION:
        return False
    return any(0 <= year.start - a.end < 30 or 0 <= a.start - year.end < 30 for a in reading.amounts)


def _stands_alone(text: str, period: PeriodMatch) -> bool:
    """Whether years end the entry or a part of it, and are not in the middle of a name (``vuosille 2023-2025 hanke``)."""
    rest = text[period.end :].lstrip()
    return (bool(period.cue) and period.cue != "nimi") or not rest or rest[0] in ".,;()"


def set_duration(document: Document, record: Project, reading: EntryFacts, duration: PeriodMatch | None) -> None:
    """The chosen period as the record's start and end, each with its precision."""
    if duration is None:
        return
    span = reading.passage.span(duration.start, duration.end)
    if duration.start_date:
        record.start_date, record.start_precision = duration.start_date, duration.start_precision
        record.evidence.append(document.evidence("start_date", span, duration.rule_id))
    if duration.end_date:
        record.end_date, record.end_precision = duration.end_date, duration.end_precision
        record.evidence.append(document.evidence("end_date", span, duration.rule_id))


def periods(document: Document, reading: EntryFacts, duration: PeriodMatch | None) -> list[Period]:
    """The entry's periods as facts: its duration, transfers, deadlines, and what other ranges it names."""
    out: dict[tuple[object, ...], Period] = {}
    for match in reading.periods:
        if match is duration:
            kind = "duration"
        elif match.kind in ("transfer", "deadline"):
            kind = match.kind
        elif match.form == "range":
            kind = "other"
        else:
            continue
        span = reading.passage.span(match.start, match.end)
        fact = Period(
            document.text[span.start : span.end], match.rule_id, span.start, span.end,
            kind=kind, start_date=match.start_date, start_precision=match.start_precision,
            end_date=match.end_date, end_precision=match.end_precision,
        )  # fmt: skip
        out.setdefault((kind, match.start_date, match.end_date), fact)
    return list(out.values())
