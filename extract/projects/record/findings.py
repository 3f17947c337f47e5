"""Records to findings: what a reader should look at (huomiot).

``CODES`` is the closed list; docs/findings.md is made from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import mean

import regex

from poytakirja.document import Finding, Severity, Span
from poytakirja.projects.record.facts import EntryFacts
from poytakirja.records import Amount, Meeting, Project

CODES: dict[str, tuple[Severity, str]] = {
    "stated_count_differs": ("warning", "The text states a number of projects that differs from the number of entries found."),
    "number_gap": ("warning", "A number is missing from a numbered list of projects."),
    "number_repeat": ("warning", "A number stands twice in a numbered list of projects."),
    "end_before_start": ("error", "A project's period ends before it starts."),
    "share_above_total": ("error", "A share of the costs is larger than the project's total."),
    "parts_above_total": ("warning", "The parts of a project's funding add up to more than its total."),
    "percentage_differs": ("warning", "A share stated in per cent is not the share that its sum is of the project's total."),
    "own_contribution_above_share": (
        "warning",
        "The own contribution is larger than the municipality's share or the project's total.",
    ),
    "unclosed_bracket": ("info", "A bracket is opened in the entry and never closed."),
    "sum_without_unit": ("info", "A sum is given without euros; its label tells that it is money."),
    "malformed_sum": ("warning", "A sum of money cannot be read for certain (a typing error); it is left out."),
    "other_currency": ("info", "A sum is given in marks or in another currency; it is left out."),
    "impossible_date": ("warning", "A date that is not in the calendar; it is left out."),
    "no_period": ("info", "The entry gives no period where most of its neighbours do."),
    "no_money": ("info", "The entry gives no sum of money where most of its neighbours do."),
    "two_readings": (
        "warning",
        "Two rules, or two places of the entry, give different values for the same thing; the value is left out.",
    ),
    "other_period_elsewhere": ("warning", "Another entry of the same project (project_links) gives another period."),
    "other_sum_elsewhere": ("warning", "Another entry of the same project (project_links) gives another total cost or grant."),
    "possible_project": ("info", "A stretch that may describe a project, but is not sure enough to be an entry."),
    "several_meetings": ("warning", "The file holds the minutes of several meetings; the row in documents is the first one's."),
    "correction_stale": (
        "warning",
        "A reviewer's correction is not applied: the words or the entry that it is about are not in the text any more.",
    ),
    "correction_conflict": ("warning", "Two reviewers decided otherwise about one value; the later decision is applied."),
    "partial": ("warning", "A part of the document could not be read."),
    "personal_identity_code": ("warning", "A personal identity code was masked."),
    "doubtful_identity_code": (
        "warning",
        "Not masked: it has the shape of a personal identity code, but its check character fails and nothing calls it one.",
    ),
    "hidden_text": (
        "warning",
        "Text that nobody can see was left out: covered, cut off, in a layer that is off, white.",
    ),
    "struck_out_text": ("info", "Text that a line is drawn through was left out."),
    "garbled_text": ("warning", "The letters of a page make no words: its fonts do not say what their signs mean."),
    "no_minutes_in_page": ("warning", "The page holds no minutes itself: they are in a frame or behind a link."),
    "misread_number": (
        "warning",
        "Text recognition read letters in a number; it was put right where that is certain.",
    ),
}


def finding(code: str, message: str, *, start: int | None = None, end: int | None = None,
            item: int | None = None, project: int | None = None) -> Finding:  # fmt: skip
    """A finding with the severity of its code."""
    return Finding(CODES[code][0], code, message, start, end, item, project)


def findings(meeting: Meeting, readings: Sequence[EntryFacts], records: Sequence[Project]) -> list[Finding]:
    """All findings about one document's records, in the order of the records."""
    found = list(_stated_count(meeting, readings, records))
    found += _numbering(readings, records)
    for reading, record in zip(readings, records, strict=True):
        found += _periods(record)
        found += _money(record)
        found += _arithmetic(reading, record)
        found += _text(reading, record)
    found += _neighbours(readings, records)
    return found


def of_values(record: Project) -> Iterator[Finding]:
    """The findings that a record's own values give, without the text that they were read from."""
    yield from _periods(record)
    yield from _money(record)


def possible_projects(found: Sequence[tuple[Span, int | None, float]]) -> list[Finding]:
    """A finding for each stretch that may be an entry but was not taken for one."""
    return [
        finding("possible_project", f"This may be a project ({confidence:.2f}).", start=span.start, end=span.end, item=item)
        for span, item, confidence in found
    ]  # fmt: skip


def _stated_count(meeting: Meeting, readings: Sequence[EntryFacts], records: Sequence[Project]) -> Iterator[Finding]:
    """A count may be that of the document, of an agenda item, or of one list: any of these may agree with it."""
    stated = meeting.stated_project_count
    parts = [Counter(key) for key in ([r.item for r in records], [(r.entry.item, r.entry.group) for r in readings])]
    if stated is None or stated == len(records) or any(stated in part.values() for part in parts):
        return
    place = next((e for e in meeting.evidence if e.field == "stated_project_count"), None)
    message = f"The text says {stated} projects, {len(records)} entries were found."
    start, end = (place.start, place.end) if place else (None, None)
    yield finding("stated_count_differs", message, start=start, end=end)


def _numbering(readings: Sequence[EntryFacts], records: Sequence[Project]) -> Iterator[Finding]:
    last: dict[tuple[int | None, int], int] = {}
    for reading, record in zip(readings, records, strict=True):
        entry = reading.entry
        if entry.layout != "numbered" or not entry.number or not entry.number.isdigit() or not entry.whole_list:
            continue
        key, number = (entry.item, entry.group), int(entry.number)
        before = last.get(key)
        if before is not None and number != before + 1:
            code = "number_repeat" if number <= before else "number_gap"
            message = f"Entry {number} follows entry {before}."
            yield finding(code, message, start=record.start, end=record.end, item=record.item, project=record.ordinal)
        last[key] = number


def _about(record: Project, code: str, message: str, start: int | None = None, end: int | None = None) -> Finding:
    place = (record.start, record.end) if start is None else (start, end)
    return finding(code, message, start=place[0], end=place[1], item=record.item, project=record.ordinal)


def _periods(record: Project) -> Iterator[Finding]:
    if record.start_date and record.end_date and record.end_date < record.start_date:
        yield _about(record, "end_before_start", f"The period ends on {record.end_date} and starts on {record.start_date}.")


def _sums(record: Project, kind: str) -> list[Amount]:
    return [a for a in record.amounts if a.kind == kind]


def _money(record: Project) -> Iterator[Finding]:
    totals = [a.value for a in _sums(record, "total_cost")]
    shares = _sums(record, "municipal_share")
    for amount in (*shares, *_sums(record, "partner_share"), *_sums(record, "grant")):
        if totals and amount.value > max(totals):
            yield _about(
                record, "share_above_total", f"{amount.value} is more than the total {max(totals)}.", amount.start, amount.end
            )
    exact = {a.value for a in _sums(record, "total_cost") if not a.approximate}
    if len(exact) > 1:
        message = f"Totals of {' and '.join(str(value) for value in sorted(exact))} are stated."
        yield _about(record, "two_readings", message)
    limit: list[Decimal] = [a.value for a in shares] or totals
    for amount in _sums(record, "own_contribution"):
        if limit and amount.value > max(limit):
            message = f"An own contribution of {amount.value} is more than {max(limit)}."
            yield _about(record, "own_contribution_above_share", message, amount.start, amount.end)


_PARTS = ("own_contribution", "partner_share")
_ROUNDED = Decimal("0.01")
"""How far sums may be from an exact share of the total: officials round percentages and sums."""
_PERCENT_BEHIND = regex.compile(
    r"\s?(?:\(|,?\s(?:eli|joka\son|mikä\son)\s)?\s?(?:n\.\s|noin\s)?(\d{1,2}(?:,\d{1,2})?)\s?(?:%|prosent)"
)
_PERCENT_BEFORE = regex.compile(r"(?<![\d,])(\d{1,2}(?:,\d{1,2})?)\s?(?:%|prosenttia)\s?(?:\(|eli\s|,\s)\s?(?:n\.\s|noin\s)?$")


def _arithmetic(reading: EntryFacts, record: Project) -> Iterator[Finding]:
    """Parts against the only total: they add up to no more, and each is the share of it that is stated beside it."""
    totals = [a.value for a in _sums(record, "total_cost") if not a.approximate]
    if len(totals) != 1 or totals[0] <= 0:
        return
    total = totals[0]
    paid = _sums(record, "grant") or _sums(record, "applied_grant")
    parts = [*paid, *(a for kind in _PARTS for a in _sums(record, kind))]
    if len(paid) == 1 and len(parts) > 1 and sum(a.value for a in parts) > total * (1 + _ROUNDED):
        added = " + ".join(str(a.value) for a in parts)
        yield _about(record, "parts_above_total", f"{added} is more than the total {total}.")
    by_sum = {(a.kind, a.value): a for a in (*parts, *_sums(record, "municipal_share"))}
    for match in reading.amounts:
        amount = by_sum.get((str(match.kind), match.value or Decimal(0)))
        share = _share_beside(reading.text, match.start, match.end) if amount else None
        if amount and share is not None and abs(amount.value - total * share / 100) > max(total * _ROUNDED, Decimal(1)):
            message = f"{amount.value} is stated as {share} % of the total {total}."
            yield _about(record, "percentage_differs", message, amount.start, amount.end)


def _share_beside(text: str, start: int, end: int) -> Decimal | None:
    """The percentage right beside a sum (``30 000 € (20 %)``, ``20 % eli 30 000 €``), None where it is of something else."""
    m = _PERCENT_BEHIND.match(text, end) or _PERCENT_BEFORE.search(text, max(0, start - 30), start)
    of_another = m is not None and _OF_SOMETHING.match(text, m.end())
    return Decimal(m[1].replace(",", ".")) if m and not of_another else None


_OF_SOMETHING = regex.compile(r"[^.;€]{0,40}(?:hyväksyttäv|osuudes|tukikelpois|avustuksest|palkka)|[^.;€]{0,20}\p{L}+n osuudesta")


def _text(reading: EntryFacts, record: Project) -> Iterator[Finding]:
    opened = unclosed_bracket(reading.text)
    if opened is not None:
        span = reading.passage.span(opened, opened + 1)
        yield _about(record, "unclosed_bracket", "A bracket is opened here and never closed.", span.start, span.end)
    for amount in reading.amounts:
        span = reading.passage.span(amount.start, amount.end)
        if amount.rule_id == "money.malformed":
            yield _about(
                record,
                "malformed_sum",
                f"»{reading.text[amount.start : amount.end]}» cannot be read for certain.",
                span.start,
                span.end,
            )
        elif amount.rule_id == "money.marks":
            message = f"»{reading.text[amount.start : amount.end]}» is no sum in euros."
            yield _about(record, "other_currency", message, span.start, span.end)
        elif amount.rule_id == "money.unitless":
            yield _about(
                record,
                "sum_without_unit",
                f"»{reading.text[amount.start : amount.end]}» stands without a unit.",
                span.start,
                span.end,
            )
    for period in reading.periods:
        if period.rule_id == "dates.impossible":
            span = reading.passage.span(period.start, period.end)
            yield _about(
                record,
                "impossible_date",
                f"»{reading.text[period.start : period.end]}» is not in the calendar.",
                span.start,
                span.end,
            )


def unclosed_bracket(text: str) -> int | None:
    """The place of the first bracket that is never closed, or None. A list marker's ``a)`` closes nothing."""
    opened: list[int] = []
    for place, char in enumerate(text):
        if char == "(":
            opened.append(place)
        elif char == ")" and opened:
            opened.pop()
    return opened[0] if opened else None


def _neighbours(readings: Sequence[EntryFacts], records: Sequence[Project]) -> Iterator[Finding]:
    groups: dict[tuple[int | None, int, str], list[Project]] = {}
    for reading, record in zip(readings, records, strict=True):
        groups.setdefault((record.item, reading.entry.group, record.layout), []).append(record)
    for members in groups.values():
        if len(members) < 3:
            continue
        dated = mean(bool(r.start_date or r.end_date) for r in members)
        paid = mean(bool(r.amounts) for r in members)
        for record in members:
            if dated > 0.5 and not (record.start_date or record.end_date):
                yield _about(record, "no_period", "No period is given; most entries of this list give one.")
            if paid > 0.5 and not record.amounts:
                yield _about(record, "no_money", "No sum is given; most entries of this list give one.")
