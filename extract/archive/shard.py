"""A shard: the documents of one bucket. What is to be read of it, and how its part of every table is made of that."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from poytakirja.archive.commit import PartTransaction
from poytakirja.archive.inputs import Plan
from poytakirja.archive.ledger import Ledger, PartRecord, Record, records_of, same_except_ocr, still_valid
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.sources import File
from poytakirja.files import write_json
from poytakirja.options import Limits, ReadOptions
from poytakirja.tables import rows as tables
from poytakirja.tables.schema import ACROSS, DOCUMENTS, TABLES, Row

OWN = [name for name in TABLES if name not in ACROSS]
"""The tables whose rows one document gives."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A part to write: its files in order of their source, and the sources whose rows stand in it already and are kept."""

    part: str
    files: tuple[File, ...]
    kept: frozenset[str] = frozenset()

    @property
    def to_read(self) -> list[File]:
        """The files that a worker has to read."""
        return [f for f in self.files if f.failure is None and f.source not in self.kept]


@dataclass(frozen=True, slots=True)
class Job:
    """What every shard of a run is read and committed with. ``key`` is that of ``reading``, ``token`` that of the run."""

    place: OutputFolder
    reading: ReadOptions
    limits: Limits
    key: str
    token: str


def shards_to_read(plan: Plan, ledger: Ledger, key: str, *, retry_failed: bool = False) -> list[Shard]:
    """The shards whose parts do not stand as the plan wants them."""
    found = []
    for bucket, files in enumerate(plan.by_bucket()):
        own = tuple(file for file in files if file.source not in plan.copies)
        entry = ledger.get(plan.part(bucket))
        if entry is None or not same_except_ocr(entry.key, key):
            found.append(Shard(plan.part(bucket), own))
            continue
        known = {r.source: r for r in entry.records}
        same = {source for source, record in known.items() if still_valid(record, entry.key, key)}
        kept = {f.source for f in own if f.source in same and _stands(f, known[f.source], retry_failed)}
        if len(kept) < len(own) or len(own) < len(known):
            found.append(Shard(plan.part(bucket), own, frozenset(kept)))
    return found


def _stands(file: File, record: Record, retry_failed: bool) -> bool:
    """Whether what is known of a file still holds."""
    if record.sha256 != file.sha256:
        return False
    if file.failure is not None:
        return (record.status, record.code, record.error) == ("failed", file.failure.code, file.failure.message)
    return record.status != "failed" or not (retry_failed or record.code == "unreadable")


# ---------------------------------------------------------------- a shard being read


def begin(place: OutputFolder, shard: Shard) -> int:
    """Note that a shard is being read; how often that has been begun, this time with it, and never ended."""
    path = place.note("begun", f"{shard.part}.json")
    path.parent.mkdir(exist_ok=True)
    attempt = 1 + (json.loads(path.read_text(encoding="utf-8"))["attempt"] if path.exists() else 0)
    write_json(path, {"attempt": attempt, "documents": len(shard.to_read), "host": socket.gethostname(), "pid": os.getpid()})
    return attempt


def finish(job: Job, shard: Shard, outcomes: Mapping[str, Outcome], attempt: int, elapsed: float) -> PartRecord:
    """Write a shard's part of every table and commit it; its entry in the ledger."""
    entry = PartRecord(shard.part, job.key, [], {}, read=len(outcomes), attempt=attempt, elapsed=elapsed)
    for outcome in outcomes.values():
        entry.pages += outcome.counts.get("pages", 0)
        for stage, seconds in outcome.seconds.items():
            entry.seconds[stage] = entry.seconds.get(stage, 0.0) + seconds
    standing = ExistingRows(job.place, [shard.part] if shard.kept else [])
    with PartTransaction(job.place, shard.part) as change:
        write(change, entry, [_rows(file, outcomes, shard.kept, standing, job) for file in shard.files])
        change.commit(job.token)
    job.place.note("begun", f"{shard.part}.json").unlink(missing_ok=True)
    return entry


def _rows(
    file: File, outcomes: Mapping[str, Outcome], kept: frozenset[str], standing: ExistingRows, job: Job
) -> _Made | ReusedRows:
    if file.source in kept:
        return ReusedRows(file.source, standing)
    return _Made(file, outcomes.get(file.source), job.reading.rules.version)


@dataclass(frozen=True, slots=True)
class _Made:
    """A document just read, or a file that cannot be."""

    file: File
    outcome: Outcome | None
    own: str

    def of(self, table: str) -> list[pa.RecordBatch]:
        """Its rows of a table."""
        outcome = self.outcome or _outcome(self.file)
        if table in outcome.tables:
            return [pa.ipc.read_record_batch(pa.py_buffer(outcome.tables[table]), TABLES[table].schema)]
        if table == "documents":
            return [DOCUMENTS.batch([failed_row(self.file.source, self.file.sha256, outcome.code, outcome.error, self.own)])]
        return []


def _outcome(file: File) -> Outcome:
    """Of a file that was not given to a worker."""
    if file.failure is None:
        raise LookupError(f"{file.source}: neither read nor failed")
    return Outcome.failed(file.failure.code, file.failure.message)


def failed_row(source: str, sha256: str | None, code: str | None, error: str | None, own: str) -> Row:
    """A failed file's row in ``documents``."""
    return tables.file_row(source, "failed", own, sha256=sha256, error_code=code, error=error)


# ---------------------------------------------------------------- part files


def write(change: PartTransaction, entry: PartRecord, rows: Sequence[_Made | ReusedRows]) -> None:
    """Stage an entry's parts, document after document, one table at a time, and let them be put in place."""
    for name in OWN:
        schema = TABLES[name].schema
        table = pa.Table.from_batches([batch for document in rows for batch in document.of(name)], schema)
        if name == "documents":
            entry.records = records_of(table)
        change.write(entry, name, table)
    change.put(entry)


@dataclass(slots=True)
class ExistingRows:
    """The rows that stand in some parts, by source; a table is loaded when it is asked for, and only the last one kept."""

    place: OutputFolder
    parts: Sequence[str]
    _ids: dict[str, tuple[str, str | None, int]] = field(init=False)
    _table: str = ""
    _rows: dict[str, pa.Table] = field(default_factory=dict)
    _spans: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = {}
        for part in self.parts:
            known = pq.read_table(self.place.part("documents", part), columns=["source", "document_id"]).to_pydict()
            for index, (source, document_id) in enumerate(zip(*known.values(), strict=True)):
                self._ids[source] = part, document_id, index

    def rows(self, source: str, table: str) -> list[pa.RecordBatch]:
        """The rows of a table that a document gives."""
        if table != self._table:
            self._load(table)
        part, document_id, index = self._ids[source]
        if table == "documents":
            return self._cut(part, index, 1)
        if document_id not in self._spans:
            return []
        return self._cut(*self._spans[document_id])

    def _load(self, table: str) -> None:
        schema = TABLES[table].schema
        self._table, self._spans = table, {}
        self._rows = {part: pq.read_table(self.place.part(table, part)).cast(schema) for part in self.parts}
        if table != "documents":
            for part, rows in self._rows.items():
                self._spans |= {document_id: (part, start, n) for document_id, start, n in _runs(rows["document_id"])}

    def _cut(self, part: str, start: int, length: int) -> list[pa.RecordBatch]:
        batches: list[pa.RecordBatch] = self._rows[part].slice(start, length).to_batches()
        return batches


@dataclass(frozen=True, slots=True)
class ReusedRows:
    """A document whose rows stand already."""

    source: str
    standing: ExistingRows

    def of(self, table: str) -> list[pa.RecordBatch]:
        """Its rows of a table."""
        return self.standing.rows(self.source, table)


def _runs(column: pa.ChunkedArray) -> Iterator[tuple[str, int, int]]:
    """Each value of a column that stands in runs: (value, start, length)."""
    start = 0
    for chunk in _encoded(column):
        for value, end in zip(chunk.values.to_pylist(), chunk.run_ends.to_pylist(), strict=True):
            yield value, start, end - start
            start = end


def _encoded(column: pa.ChunkedArray) -> Iterable[pa.RunEndEncodedArray]:
    whole = column.combine_chunks()
    return [pc.run_end_encode(whole, run_end_type=pa.int64())] if len(whole) else []
