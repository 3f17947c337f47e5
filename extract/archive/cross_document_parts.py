"""What needs more than one document, made anew at the end of every run, as parts of its own: duplicates and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import pyarrow as pa

from poytakirja.archive import ledger as ledgers
from poytakirja.archive.commit import PartTransaction
from poytakirja.archive.ledger import ACROSS, PENDING, Ledger, PartRecord, Record
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.shard import failed_row
from poytakirja.links import across_documents as linked
from poytakirja.tables import rows as tables
from poytakirja.tables import versions
from poytakirja.tables.schema import DOCUMENTS, Row

Copy = tuple[str, str | None, str]
"""The source and content's hash of a file that repeats another one's content, and the key that it was listed with."""


def clear(place: OutputFolder, ledger: Ledger, token: str) -> None:
    """Empty these parts before a run changes what they tell of; their entry still names the copies."""
    if ACROSS in ledger:
        write(place, {}, copies_of(ledger), token, "")
        del ledger[ACROSS]


def write(place: OutputFolder, ledger: Ledger, copies: Iterable[Copy], token: str, rules: str) -> PartRecord:
    """Write them for the parts of OUTPUT, unless they are there already. A copy has a row once its original has one.

    The entry names the other copies, too, so that they are not forgotten. ``rules`` is the version of an organisation's own.
    """
    own = {part: entry for part, entry in ledger.items() if part != ACROSS}
    copies = sorted(copies)
    key = _key(own, copies, rules)
    if ACROSS in ledger and ledger[ACROSS].key == key:
        return ledger[ACROSS]
    entry = PartRecord(ACROSS, key, [], {})
    with PartTransaction(place, ACROSS) as change:
        read = (linked.stored(name, (place.part(name, part) for part in sorted(own))) for name in linked.READ)
        for table, batch in linked.batches(*read).items():
            _stage(change, entry, table, batch)
        if rows := _duplicates(own, copies, rules):
            batch = DOCUMENTS.batch(rows)
            entry.records = ledgers.records_of(batch, {source: key for source, _, key in copies})
            _stage(change, entry, "documents", batch)
        there = {record.source for record in entry.records}
        entry.records += [
            Record(source, sha, PENDING, None, None, None, key) for source, sha, key in copies if source not in there
        ]
        change.put(entry)
        change.commit(token)
    return entry


def _key(ledger: Ledger, copies: Sequence[Copy], rules: str) -> str:
    """A hash of all that decides these parts."""
    parts = {part: sorted(entry.hashes.items()) for part, entry in ledger.items()}
    return ledgers.digest({"parts": parts, "copies": copies, "versions": asdict(versions.versions(rules))})


def copies_of(ledger: Ledger) -> list[Copy]:
    """The copies that it names."""
    return [(r.source, r.sha256, r.key) for r in ledger[ACROSS].records] if ACROSS in ledger else []


def _stage(change: PartTransaction, entry: PartRecord, table: str, batch: pa.RecordBatch) -> None:
    change.write(entry, table, pa.Table.from_batches([batch]))


def _duplicates(ledger: Ledger, copies: Sequence[Copy], rules: str) -> Sequence[Row]:
    """A file with another one's content is its duplicate; or has failed, where that could not be read."""
    contents = {sha256 for _, sha256, _ in copies}
    originals = {r.sha256: r for r in ledgers.records(ledger) if r.sha256 in contents}
    return [_row(source, sha256, originals[sha256], rules) for source, sha256, _ in copies if sha256 in originals]


def _row(source: str, sha256: str | None, original: Record, rules: str) -> Row:
    if sha256 is None or original.status == "failed":
        return failed_row(source, sha256, original.code, original.error, rules)
    return tables.file_row(source, "duplicate", rules, sha256=sha256, duplicate_of=tables.document_id(sha256))
