"""Whether a project is planned, runs or has ended (tila)."""

from __future__ import annotations

from collections.abc import Iterable

from poytakirja.document import Document, Span
from poytakirja.projects.record.facts import EntryFacts
from poytakirja.records import Amount, Project
from poytakirja.rules.projects import status

_STATUS_ORDER = ("rejected", "cancelled", "ended", "granted", "running", "applied", "planned")


def set_status(document: Document, record: Project, reading: EntryFacts) -> None:
    """The status that the entry states, else the one its heading states."""
    decided = _status_of_sums(record)
    chosen = first_status(reading.newest(reading.statuses))
    if decided and (chosen is None or chosen.value in ("applied", "planned")):
        amount, record.status = decided
        record.evidence.append(document.evidence("status", Span(amount.start, amount.end), "assemble.status_of_sums"))
        return
    if chosen:
        record.status = chosen.value
        record.evidence.append(document.evidence("status", reading.passage.span(chosen.start, chosen.end), chosen.rule_id))
        return
    entry = reading.entry
    if entry.heading and entry.heading_span and (chosen := first_status(status.find_status(entry.heading))):
        record.status = chosen.value
        record.evidence.append(document.evidence("status", entry.heading_span, f"{chosen.rule_id}.heading"))


def _status_of_sums(record: Project) -> tuple[Amount, str] | None:
    """A sum applied for beside the sum granted tells of a decision: ``haettu 30.000 €, myönnetty 24.000 €``."""
    granted = [a for a in record.amounts if a.kind == "grant"]
    if len(granted) != 1 or not any(a.kind == "applied_grant" for a in record.amounts):
        return None
    return granted[0], "granted" if granted[0].value else "rejected"


def first_status(found: Iterable[status.CueMatch]) -> status.CueMatch | None:
    """The status that counts where words say several: a decision before an application, a refusal before a grant."""
    return min(found, key=lambda m: (_STATUS_ORDER.index(m.value), m.start), default=None)
