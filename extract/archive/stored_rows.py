"""Rows that OUTPUT has already, document by document: kept, moved to another part, or put under another source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from poytakirja.archive.commit import PartTransaction
from poytakirja.archive.inputs import bucket_of, part_name
from poytakirja.archive.ledger import Ledger, PartRecord, records_of
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.tables.schema import ACROSS, TABLES

OWN = [name for name in TABLES if name not in ACROSS]
"""The tables whose rows one document gives."""
_PART = re.compile(r"part-(?P<bucket>\d+)-of-(?P<buckets>\d+)")


class DocumentRows(Protocol):
    """The rows of one document."""

    def of(self, table: str) -> list[pa.RecordBatch]:
        """Its rows of a table."""


@dataclass(slots=True)
class StoredRows:
    """The rows in some part files, by source; a table is loaded when it is asked for, and only the last one kept.

    ``files`` gives for each part the folder tree that it is in: table by table. Documents whose rows a reviewer corrected are
    given as they were read: ``as_read`` finds those rows.
    """

    files: Mapping[str, Mapping[str, Path]]
    as_read: Path | None = None
    _ids: dict[str, tuple[str, str | None, int]] = field(init=False)
    _table: str = ""
    _rows: dict[str, pa.Table] = field(default_factory=dict)
    _spans: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    _corrected: dict[str, dict[str, list[pa.RecordBatch]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = {}
        for part, files in self.files.items():
            self._corrected |= _corrected_in(files["corrections"], self.as_read) if self.as_read else {}
            known = pq.read_table(files["documents"], columns=["source", "document_id"]).to_pydict()
            for index, (source, document_id) in enumerate(zip(*known.values(), strict=True)):
                self._ids[source] = part, document_id, index

    @classmethod
    def of_parts(cls, place: OutputFolder, parts: Iterable[str]) -> StoredRows:
        """The rows in some parts of OUTPUT."""
        files = {part: {table: place.part(table, part) for table in OWN} for part in parts}
        return cls(files, place.note("as_read"))

    def rows(self, source: str, table: str) -> list[pa.RecordBatch]:
        """The rows of a table that a document gives."""
        part, document_id, index = self._ids[source]
        if document_id in self._corrected:
            return self._corrected[document_id][table]
        if table != self._table:
            self._load(table)
        if table == "documents":
            return self._cut(part, index, 1)
        if document_id not in self._spans:
            return []
        return self._cut(*self._spans[document_id])

    def _load(self, table: str) -> None:
        schema = TABLES[table].schema
        self._table, self._spans = table, {}
        self._rows = {part: pq.read_table(files[table]).cast(schema) for part, files in self.files.items()}
        if table != "documents":
            for part, rows in self._rows.items():
                self._spans |= {document_id: (part, start, n) for document_id, start, n in _runs(rows["document_id"])}

    def _cut(self, part: str, start: int, length: int) -> list[pa.RecordBatch]:
        batches: list[pa.RecordBatch] = self._rows[part].slice(start, length).to_batches()
        return batches


def rows_as_read(path: Path) -> dict[str, list[pa.RecordBatch]] | None:
    """The rows of a document before its corrections, from the file that keeps them; None where there is none."""
    try:
        kept = pq.read_table(path).to_pylist()
    except (OSError, pa.ArrowException):
        return None
    messages = {row["table"]: pa.py_buffer(row["rows"]) for row in kept}
    if set(messages) != set(OWN):
        return None
    return {table: [pa.ipc.read_record_batch(messages[table], TABLES[table].schema)] for table in OWN}


def _corrected_in(corrections: Path, as_read: Path) -> dict[str, dict[str, list[pa.RecordBatch]]]:
    """The rows as read of the documents that have corrections in a part."""
    found = {}
    for document_id in pc.unique(pq.read_table(corrections, columns=["document_id"])["document_id"]).to_pylist():
        rows = rows_as_read(as_read / f"{document_id}.parquet")
        if rows is not None:
            found[document_id] = rows
    return found


@dataclass(frozen=True, slots=True)
class ReusedRows:
    """A document whose rows there are already; ``renamed`` is its new source, where another file has the same content."""

    source: str
    stored: StoredRows
    renamed: str | None = None

    def of(self, table: str) -> list[pa.RecordBatch]:
        """Its rows of a table."""
        found = self.stored.rows(self.source, table)
        if table != "documents" or self.renamed is None:
            return found
        schema = TABLES[table].schema
        return [b.set_column(schema.get_field_index("source"), schema.field("source"), pa.array([self.renamed])) for b in found]


def _runs(column: pa.ChunkedArray) -> Iterator[tuple[str, int, int]]:
    """Each value of a column that repeats it row after row: (value, start, length)."""
    start = 0
    for chunk in _encoded(column):
        for value, end in zip(chunk.values.to_pylist(), chunk.run_ends.to_pylist(), strict=True):
            yield value, start, end - start
            start = end


def _encoded(column: pa.ChunkedArray) -> Iterable[pa.RunEndEncodedArray]:
    whole = column.combine_chunks()
    return [pc.run_end_encode(whole, run_end_type=pa.int64())] if len(whole) else []


def write(change: PartTransaction, entry: PartRecord, rows: Sequence[DocumentRows], keys: Mapping[str, str]) -> None:
    """Stage an entry's part of each table, document after document, one table at a time, and let it be put in place.

    ``keys`` names what documents were read with that were not read with the key of the entry, by source.
    """
    for name in OWN:
        schema = TABLES[name].schema
        table = pa.Table.from_batches([batch for document in rows for batch in document.of(name)], schema)
        if name == "documents":
            entry.records = records_of(table, keys, entry.key)
        change.write(entry, name, table)
    change.put(entry)


# ---------------------------------------------------------------- to other parts


def move_to_buckets(place: OutputFolder, ledger: Ledger, buckets: int, token: str) -> None:
    """Move the rows of all parts to so many buckets, since the archive has grown or shrunk; nothing is read again.

    Numbers of buckets are powers of two, so that what is in some old buckets goes to some new ones and to no other: each such
    group moves at once.
    """
    old = {part: (int(found["bucket"]), int(found["buckets"])) for part in ledger if (found := _PART.fullmatch(part))}
    groups: dict[tuple[int, int], list[str]] = {}
    for part, (bucket, count) in old.items():
        if count != buckets:
            fewest = min(count, buckets)
            groups.setdefault((bucket % fewest, fewest), []).append(part)
    for parts in groups.values():
        documents = {record.source: record.source for part in parts for record in ledger[part].records}
        _rewrite(place, ledger, sorted(parts), documents, buckets, token)


def take_over(place: OutputFolder, ledger: Ledger, sources: Mapping[str, str], buckets: int, token: str) -> None:
    """Put the rows of documents under the sources of their copies: their own files are gone or have another content now.

    ``sources`` are copies by the source of their original.
    """
    part_of = {record.source: part for part, entry in ledger.items() for record in entry.records}
    for original, copy in sources.items():
        parts = sorted({part_of[original], part_name(bucket_of(copy, buckets), buckets)} & set(ledger))
        documents = {record.source: record.source for part in parts for record in ledger[part].records}
        _rewrite(place, ledger, parts, {**documents, original: copy}, buckets, token)


def _rewrite(
    place: OutputFolder, ledger: Ledger, parts: list[str], documents: Mapping[str, str], buckets: int, token: str
) -> None:
    """Write the rows of some parts to those that their documents belong to; ``documents`` gives each source its new one."""
    stored = StoredRows.of_parts(place, parts)
    records = {documents[record.source]: record for part in parts for record in ledger[part].records}
    last_key = ledger[parts[0]].key
    new: dict[str, list[str]] = {part: [] for part in parts if _of_buckets(part) == buckets}
    for source in sorted(records):
        new.setdefault(part_name(bucket_of(source, buckets), buckets), []).append(source)
    with PartTransaction(place, f"{parts[0]}-into-{buckets:05d}") as change:
        change.remove(parts)
        for part in parts:
            del ledger[part]
        for part, own in new.items():
            entry = PartRecord(part, last_key, [], {})
            rows = [_under(source, records[source].source, stored) for source in own]
            write(change, entry, rows, {source: records[source].key for source in own})
            ledger[part] = entry
        change.commit(token)


def _under(source: str, old: str, stored: StoredRows) -> ReusedRows:
    return ReusedRows(old, stored, None if source == old else source)


def buckets_of(ledger: Ledger) -> int:
    """The number of buckets that the parts of OUTPUT are made for."""
    return max(map(_of_buckets, ledger), default=0) or 1


def _of_buckets(part: str) -> int:
    found = _PART.fullmatch(part)
    return int(found["buckets"]) if found else 0
