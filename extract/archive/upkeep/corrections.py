"""Reviewers' corrections put into the tables of an OUTPUT, and taken out again where they are taken back.

What a corrected document gave when it was read is kept in ``_run/as_read``, so that corrections are always applied to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from poytakirja.archive import cross_document_parts as across
from poytakirja.archive import datapackage, ledger
from poytakirja.archive.commit import PartTransaction, recover, sweep
from poytakirja.archive.ledger import ACROSS, Ledger, PartRecord, Record
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.stored_rows import OWN, DocumentRows, ReusedRows, StoredRows, write
from poytakirja.corrections.apply import apply
from poytakirja.corrections.names import Shown
from poytakirja.corrections.store import Correction, Corrections, load
from poytakirja.custom_rules import load as own_rules
from poytakirja.files import flush, read_json, write_json
from poytakirja.tables import versions
from poytakirja.tables.schema import TABLES

_NOTE = "corrected.json"


def apply_now(output: Path) -> None:
    """Put the corrections of an OUTPUT into its tables, outside a run; UsageError where another command is writing them."""
    place = OutputFolder(output)
    place.check_known()
    place.check_schema()
    rules = own_rules.of_manifest(place.manifest())
    with place.held() as token, own_rules.using(rules):
        recover(place)
        known = ledger.load(place)
        copies = across.copies_of(known)
        datapackage.clear(place)
        sweep(place, known, ledger.find(place).to_repair)
        bring_up(place, known, token)
        known[ACROSS] = across.write(place, known, copies, token, rules.version)
        datapackage.write(place, known)


def bring_up(place: OutputFolder, known: Ledger, token: str) -> Ledger:
    """Rewrite the parts whose rows are not what the corrections of today make of them; the ledger, brought up, too."""
    corrections = load(place.corrections())
    if not corrections.lines and not any(entry.rows.get("corrections") for entry in known.values()):
        return known
    wanted = _by_source(corrections, known)
    noted = read_json(place.note(_NOTE)) or {}
    done: dict[str, list[str]] = {}
    for part in sorted(known.keys() - {ACROSS}):
        entry = known[part]
        own = {record.source: wanted[record.source] for record in entry.records if record.source in wanted}
        digest = _digest(own) if own else ""
        if own or entry.rows.get("corrections"):
            if noted.get(part) != [entry.hashes["corrections"], digest]:
                entry = known[part] = _rewrite(place, entry, own, token)
            done[part] = [entry.hashes["corrections"], digest]
    write_json(place.note(_NOTE), done)
    _sweep(place, {record.sha256[:16] for record in _corrected(known, wanted) if record.sha256})
    return known


def _by_source(corrections: Corrections, known: Ledger) -> dict[str, list[Correction]]:
    """The corrections of each document that has rows: those of its content, and those of a content it had before."""
    records = [record for part, entry in known.items() if part != ACROSS for record in entry.records]
    contents = {record.sha256 for record in records if record.status != "failed"}
    by_content = corrections.by_content()
    gone: dict[str, list[Correction]] = {}
    for sha256, lines in by_content.items():
        if sha256 not in contents:
            for line in lines:
                gone.setdefault(line.source, []).append(line)
    found = {}
    for record in records:
        if record.status != "failed" and record.sha256:
            own = [*gone.get(record.source, ()), *by_content.get(record.sha256, ())]
            if own:
                found[record.source] = own
    return found


def _corrected(known: Ledger, wanted: Mapping[str, object]) -> list[Record]:
    return [record for part, entry in known.items() if part != ACROSS for record in entry.records if record.source in wanted]


def _digest(own: Mapping[str, Sequence[Correction]]) -> str:
    """A hash of what decides the corrected rows of a part, beside the rows as read."""
    lines = {source: [asdict(line) for line in lines] for source, lines in own.items()}
    return ledger.digest({"lines": lines, "software": versions.versions().software})


# ---------------------------------------------------------------- the rows of a document


@dataclass(frozen=True, slots=True)
class _Corrected:
    """A document's rows with its corrections."""

    tables: Mapping[str, pa.RecordBatch]

    def of(self, table: str) -> list[pa.RecordBatch]:
        """Its rows of a table."""
        return [self.tables[table]]


def _rewrite(place: OutputFolder, entry: PartRecord, own: Mapping[str, Sequence[Correction]], token: str) -> PartRecord:
    """Write a part again, from its documents' rows as they were read and their corrections."""
    stored = StoredRows.of_parts(place, [entry.part])
    provided: list[DocumentRows] = []
    for record in entry.records:
        rows = ReusedRows(record.source, stored)
        lines = own.get(record.source)
        provided.append(_corrected_rows(place, rows, lines) if lines else rows)
    new = PartRecord(entry.part, entry.key, [], {}, read=entry.read, pages=entry.pages, seconds=entry.seconds)
    with PartTransaction(place, entry.part) as change:
        write(change, new, provided, {record.source: record.key for record in entry.records})
        change.commit(token)
    return new


def _corrected_rows(place: OutputFolder, rows: ReusedRows, lines: Sequence[Correction]) -> _Corrected:
    """A document's rows with its corrections; what it was read as is kept."""
    batches = {name: pa.Table.from_batches(rows.of(name), TABLES[name].schema).combine_chunks() for name in OWN}
    document = batches["documents"].to_pylist()[0]
    _keep(place.note("as_read"), document["document_id"], batches)
    shown = Shown.of(document["persons_mode"])
    applied = apply({name: batch.to_pylist() for name, batch in batches.items()}, lines, shown)
    return _Corrected({name: TABLES[name].batch([TABLES[name].row(**row) for row in applied[name]]) for name in OWN})


def _keep(folder: Path, document_id: str, batches: Mapping[str, pa.Table]) -> None:
    """Write the rows of a document as it was read to a file of its own, whole or not at all."""
    messages = []
    for name, table in batches.items():
        rows = table.to_batches()
        batch = rows[0] if rows else TABLES[name].batch([])
        messages.append({"table": name, "rows": batch.serialize().to_pybytes()})
    folder.mkdir(exist_ok=True)
    new = folder / f".{document_id}.new"
    pq.write_table(pa.Table.from_pylist(messages), new, compression="zstd")
    flush(new)
    new.replace(folder / f"{document_id}.parquet")
    flush(folder)


def _sweep(place: OutputFolder, corrected: set[str]) -> None:
    """Delete the rows as read of documents that are not corrected any more."""
    for path in place.note("as_read").glob("*.parquet"):
        if path.stem not in corrected:
            path.unlink()
