"""Facts to one project record: the only place that decides what belongs to what (koonti).

Each decision names its rule, so that ``evidence.rule_id`` tells why a date is the project's start or a sum its total.
"""

from __future__ import annotations

from collections.abc import Sequence

from poytakirja.document import Document, Evidence
from poytakirja.projects.record.duration import choose_duration, periods, set_duration
from poytakirja.projects.record.facts import EntryFacts
from poytakirja.projects.record.money import amounts
from poytakirja.projects.record.name import chosen_name, name_span, set_code, set_name, within_handling
from poytakirja.projects.record.parties import contact_persons, set_payers_and_doers
from poytakirja.projects.record.status import first_status, set_status
from poytakirja.records import Item, Meeting, Project
from poytakirja.rules.projects.stated_count import find_stated_count

__all__ = ["choose_duration", "first_status", "name_span", "project", "projects", "stated_count"]


def projects(
    document: Document, readings: Sequence[EntryFacts], items: Sequence[Item], municipality: str | None
) -> list[Project]:
    """The records of a document's entries. ``municipality`` is the publishing organisation (``Kemin kaupunki``), where known."""
    by_ordinal: dict[int | None, Item] = {item.ordinal: item for item in items}
    return [project(document, r, n, municipality, by_ordinal.get(r.entry.item)) for n, r in enumerate(readings)]


def stated_count(document: Document, meeting: Meeting) -> None:
    """Set the number of projects that the text itself claims, the first where several are."""
    for number, match in find_stated_count(document.text)[:1]:
        meeting.stated_project_count = number
        meeting.evidence.append(Evidence("stated_project_count", match.surface, match.rule_id, match.start, match.end))


def project(document: Document, reading: EntryFacts, ordinal: int, municipality: str | None, item: Item | None = None) -> Project:
    """The record of one entry, which stands in ``item``."""
    entry = reading.entry
    duration = choose_duration(reading)
    start, end, rule, sure = chosen_name(reading, duration)
    name = within_handling(reading, start, end, rule)
    record = Project(
        ordinal=ordinal,
        layout=entry.layout,
        text=reading.text,
        start=entry.span.start,
        end=entry.span.end,
        item=entry.item,
        confidence=entry.confidence,
    )
    _set_outline(document, record, reading)
    set_name(document, record, reading, name, sure)
    set_code(document, record, reading, item)
    set_duration(document, record, reading, duration)
    record.amounts = amounts(document, reading)
    record.periods = periods(document, reading, duration)
    set_payers_and_doers(document, record, reading, municipality)
    record.persons = contact_persons(document, reading)
    set_status(document, record, reading)
    for fact in (*record.amounts, *record.periods, *record.persons, *record.organisations):
        fact.item, fact.project = record.item, record.ordinal
    return record


def _set_outline(document: Document, record: Project, reading: EntryFacts) -> None:
    entry = reading.entry
    if entry.number and entry.number_span:
        record.entry_number = entry.number
        record.evidence.append(document.evidence("entry_number", entry.number_span, "segment.number"))
    if entry.heading and entry.heading_span:
        record.section = entry.heading
        record.evidence.append(document.evidence("section", entry.heading_span, "segment.heading"))
