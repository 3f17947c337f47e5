"""A shard: the documents of one bucket. What is to be read of it, and how its part of every table is made of that."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from poytakirja.archive.commit import PartTransaction
from poytakirja.archive.inputs import Plan
from poytakirja.archive.ledger import Ledger, PartRecord, Record, still_valid
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.sources import File
from poytakirja.archive.stored_rows import DocumentRows, ReusedRows, StoredRows, write
from poytakirja.files import read_json, write_json
from poytakirja.options import Limits, ReadOptions
from poytakirja.tables import rows as tables
from poytakirja.tables.schema import DOCUMENTS, TABLES, Row


@dataclass(frozen=True, slots=True)
class Shard:
    """A part to write: its files in order of their source; ``kept`` are those whose rows it has already, with their keys."""

    part: str
    files: tuple[File, ...]
    kept: Mapping[str, str] = field(default_factory=dict)

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
    """The shards whose parts do not hold what the plan wants them to."""
    found = []
    for bucket, files in enumerate(plan.by_bucket()):
        own = tuple(file for file in files if file.source not in plan.copies)
        entry = ledger.get(plan.part(bucket))
        known = {record.source: record for record in entry.records} if entry else {}
        kept = {}
        for file in own:
            record = known.get(file.source)
            if record and file.stored:
                kept[file.source] = record.key
            elif record and still_valid(record, key) and _is_current(file, record, retry_failed):
                kept[file.source] = key
        if entry is None or len(kept) < len(own) or len(own) < len(known):
            found.append(Shard(plan.part(bucket), own, kept))
    return found


def _is_current(file: File, record: Record, retry_failed: bool) -> bool:
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
    attempt = 1 + int((read_json(path) or {}).get("attempt", 0))
    write_json(path, {"attempt": attempt, "documents": len(shard.to_read), "host": socket.gethostname(), "pid": os.getpid()})
    return attempt


def finish(job: Job, shard: Shard, outcomes: Mapping[str, Outcome], attempt: int, elapsed: float) -> PartRecord:
    """Write a shard's part of every table and commit it; its entry in the ledger."""
    entry = PartRecord(shard.part, job.key, [], {}, read=len(outcomes), attempt=attempt, elapsed=elapsed)
    for outcome in outcomes.values():
        entry.pages += outcome.counts.get("pages", 0)
        for stage, seconds in outcome.seconds.items():
            entry.seconds[stage] = entry.seconds.get(stage, 0.0) + seconds
    stored = StoredRows.of_parts(job.place, [shard.part] if shard.kept else [])
    with PartTransaction(job.place, shard.part) as change:
        write(change, entry, [_rows(file, outcomes, shard.kept, stored, job) for file in shard.files], shard.kept)
        change.commit(job.token)
    job.place.note("begun", f"{shard.part}.json").unlink(missing_ok=True)
    return entry


def _rows(file: File, outcomes: Mapping[str, Outcome], kept: Mapping[str, str], stored: StoredRows, job: Job) -> DocumentRows:
    if file.source in kept:
        return ReusedRows(file.source, stored)
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
