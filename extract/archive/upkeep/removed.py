"""Documents that ``--prune`` took out of the tables, kept beside them until ``compact`` deletes them: ``_run/removed``.

Removal takes two steps, so that one command can be undone: a folder that was not mounted looks like one that was emptied.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from poytakirja.archive import cross_document_parts as across
from poytakirja.archive.ledger import ACROSS, Ledger, Record, persons_in
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.stored_rows import OWN, ReusedRows, StoredRows
from poytakirja.files import flush, read_json, write_json
from poytakirja.tables.schema import SCHEMA_VERSION, TABLES, is_same

_NOTE = "records.json"


@dataclass(frozen=True, slots=True)
class Removed:
    """What one run took out: documents with their rows, and copies of others, which have none of their own."""

    folder: Path
    schema: str
    records: list[Record]
    copies: list[across.Copy]

    @property
    def sources(self) -> list[str]:
        """The documents."""
        return [*(record.source for record in self.records), *(source for source, *_ in self.copies)]

    def rows(self) -> StoredRows:
        """The rows."""
        return StoredRows({"removed": {table: self.folder / f"{table}.parquet" for table in OWN}})

    def is_usable(self) -> bool:
        """Whether the rows can be put beside those that this version writes."""
        return is_same(self.schema) and all((self.folder / f"{table}.parquet").is_file() for table in OWN)


def keep(place: OutputFolder, known: Ledger, sources: Collection[str]) -> None:
    """Keep the rows of documents that are about to go."""
    wanted = set(sources)
    parts = [part for part, entry in known.items() if part != ACROSS and any(record.source in wanted for record in entry.records)]
    records = sorted(record for part in parts for record in known[part].records if record.source in wanted)
    copies = [copy for copy in across.copies_of(known) if copy[0] in wanted]
    if records or copies:
        _write(place, records, copies, StoredRows.of_parts(place, parts))


def _write(place: OutputFolder, records: list[Record], copies: list[across.Copy], stored: StoredRows) -> None:
    name = f"{time.strftime('%Y%m%dT%H%M%S')}-{os.urandom(4).hex()}"
    new = place.note("staged", name)
    new.mkdir(parents=True)
    for table in OWN:
        schema = TABLES[table].schema
        batches = [batch for record in records for batch in ReusedRows(record.source, stored).of(table)]
        pq.write_table(pa.Table.from_batches(batches, schema), new / f"{table}.parquet", compression="zstd")
    write_json(new / _NOTE, {"schema": SCHEMA_VERSION, "records": records, "copies": copies})
    for path in new.iterdir():
        flush(path)
    place.note("removed").mkdir(exist_ok=True)
    new.rename(place.note("removed", name))
    flush(place.note("removed"))


def listed(place: OutputFolder) -> list[Removed]:
    """What runs have taken out, the last one first; what is damaged is left out."""
    found = []
    for folder in sorted(place.note("removed").glob("[!.]*"), reverse=True):
        noted = read_json(folder / _NOTE)
        if noted is not None:
            records = [Record(*record) for record in noted["records"]]
            copies = [(source, sha256, key) for source, sha256, key in noted["copies"]]
            found.append(Removed(folder, noted["schema"], records, copies))
    return found


def drop_of_other_persons(place: OutputFolder, key: str) -> None:
    """Delete what shows persons in another manner than rows read with this key: a run that hides names leaves none behind."""
    for one in listed(place):
        keys = {record.key for record in one.records} | {copy[2] for copy in one.copies}
        if {persons_in(old) for old in keys} != {persons_in(key)}:
            shutil.rmtree(one.folder)


def delete(place: OutputFolder) -> tuple[int, int]:
    """Delete all that was taken out, for good; how many documents and bytes it was."""
    documents = sum(len(one.sources) for one in listed(place))
    size = sum(path.stat().st_size for path in place.note("removed").rglob("*") if path.is_file())
    shutil.rmtree(place.note("removed"), ignore_errors=True)
    return documents, size


def drop(place: OutputFolder, sources: Collection[str]) -> set[str]:
    """Delete some documents from what was taken out; those that were there."""
    dropped: set[str] = set()
    wanted = set(sources)
    for one in listed(place):
        if gone := wanted.intersection(one.sources):
            records = [record for record in one.records if record.source not in gone]
            copies = [copy for copy in one.copies if copy[0] not in gone]
            if (records or copies) and one.is_usable():
                _write(place, records, copies, one.rows())
            shutil.rmtree(one.folder)
            dropped |= gone
    return dropped
