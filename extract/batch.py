"""Many documents: plan, read, stage, put in place. What stands in OUTPUT is whole, or it does not count.

The parts of each bucket are staged under ``OUTPUT/_run/staged``, its ledger entry last. When all are there, the old rows of
``documents`` go, the new facts take their places, and the new ``documents`` come last: a document counts when its row is there.
``OUTPUT/_run/manifest.json`` tells of the tables that stand in place, ``_run/staged/manifest.json`` of a run under way.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from operator import itemgetter
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from extract import linked, tables
from extract import plan as planning
from extract.document import ErrorCode
from extract.engines import local
from extract.engines.isolate import Pool
from extract.engines.worker import Limits, Outcome
from extract.plan import File, Plan, UsageError, printable
from extract.pseudonyms import Pseudonyms
from extract.schema import ACROSS, DOCUMENTS, TABLES, Row
from rules import identity_codes

_OWN_FACTS = [name for name in TABLES if name not in ("documents", *ACROSS)]
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. ``work`` names the function that reads a document, ``persons`` what becomes of persons' names."""

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    work: str = "extract:extract_document"
    persons: Pseudonyms = field(default_factory=Pseudonyms)


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that failed, or gave only a part."""

    source: str
    status: str
    code: str
    error: str


@dataclass(slots=True)
class Summary:
    """What a run did. ``seconds`` is the time of each stage, all workers together."""

    output: str
    documents: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[Failed] = field(default_factory=list)
    others: int = 0
    elapsed: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 all read, 3 some failed or partial."""
        return 3 if self.failures else 0

    def as_dict(self) -> dict[str, Any]:
        """The summary as JSON can hold it."""
        return asdict(self)


Watch = Callable[[int, int], None]


def run(inputs: Sequence[str], output: str | Path, options: Options | None = None, watch: Watch | None = None) -> Summary:
    """Extract what the inputs hold into the tables under ``output``; ``watch`` hears how many documents of how many are read."""
    began = perf_counter()
    options, out = options or Options(), Path(output)
    _check_output(out)
    planning.check(inputs, out)
    with _hold(out) as home, _staging(home) as staged:
        plan = planning.make(inputs, out, options.persons.of_path)
        _write_json(staged / "manifest.json", manifest := _manifest(inputs, plan, options))
        summary = Summary(str(output), others=plan.others)
        _read(plan, options, staged, summary, watch or (lambda _done, _total: None))
        _add_up(summary.rows, linked.rebuild(staged))
        with _uninterrupted():
            _put_in_place(out, staged, manifest)
        summary.elapsed = perf_counter() - began
        _write_json(home / "summary.json", summary.as_dict())
    return summary


# ---------------------------------------------------------------- the output's place


def _check_output(out: Path) -> None:
    """Refuse an OUTPUT that cannot be written or holds something else."""
    name = printable(str(out))
    if out.is_dir():
        held = {entry.name for entry in out.iterdir() if not entry.name.startswith(".")}
        if held - {"_run"} and not (out / "_run" / "manifest.json").is_file():
            raise UsageError(f"{name}: holds something else than tables of poytakirja: name a new or an empty folder with --out")
    elif os.path.lexists(out):
        raise UsageError(f"{name}: is no folder: name a new or an empty folder with --out")
    home = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        raise UsageError(
            f"{name}: cannot be written, as {printable(str(home))} does not allow it: choose another place with --out"
        )


@contextmanager
def _hold(out: Path) -> Iterator[Path]:
    """Keep OUTPUT for one run alone; gives its ``_run`` folder."""
    home = out / "_run"
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("a+")
    except OSError as error:
        raise UsageError(
            f"{printable(str(out))}: cannot be written ({error.strerror}): choose another place with --out"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise UsageError(f"{printable(str(out))}: process {lock.read().strip()} is writing it: wait for it to end") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield home


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """A fresh folder for what is not yet in place; gone at the end, whatever the end is."""
    staged = home / "staged"
    shutil.rmtree(staged, ignore_errors=True)
    for name in (*TABLES, "ledger"):
        (staged / name).mkdir(parents=True)
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the parts are in place."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _manifest(inputs: Sequence[str], plan: Plan, options: Options) -> dict[str, Any]:
    return {
        "state": "running",
        "inputs": [identity_codes.masked(options.persons.of_path(printable(given, escape_lines=False))) for given in inputs],
        "options": {"limits": asdict(options.limits), "work": options.work} | options.persons.stated(),
        "versions": asdict(tables.versions()),
        "documents": len(plan.files),
        "others": plan.others,
        "buckets": plan.buckets,
    }


def _write_json(path: Path, content: object) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(new, path)


# ---------------------------------------------------------------- reading and staging


def _read(plan: Plan, options: Options, staged: Path, summary: Summary, watch: Watch) -> None:
    """Read every document once and stage the parts of every bucket."""
    buckets = plan.by_bucket()
    shards = [[f for f in files if f.failure is None and f.source not in plan.copies] for files in buckets]
    originals = {original.source for original in plan.copies.values()}
    fate: dict[str, Outcome] = {}
    total, done = sum(map(len, shards)), 0

    def note(file: File, outcome: Outcome) -> None:
        nonlocal done
        done += 1
        if file.source in originals:
            fate[file.source] = Outcome(outcome.status, outcome.code, outcome.error)
        watch(done, total)

    watch(0, total)
    pool = Pool(min(options.jobs, total), options.limits, options.work, options.persons)
    for entry in local.run(shards, pool, partial(_stage, plan, buckets, staged), note):
        _add(summary, entry)
    for bucket, files in enumerate(buckets):
        copies = [(file, plan.copies[file.source]) for file in files if file.source in plan.copies]
        if copies:
            rows = [_copy_row(file, original, fate[original.source]) for file, original in copies]
            _add(summary, _stage_copies(staged, plan.part(bucket), rows))
    summary.failures.sort(key=lambda failed: failed.source)


def _stage(plan: Plan, buckets: list[list[File]], staged: Path, bucket: int, outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """Write a bucket's part of every table, rows in order of source, and its ledger entry."""
    began = perf_counter()
    messages: dict[str, list[bytes]] = {name: [] for name in TABLES}
    counts, seconds = dict[str, int](), dict[str, float]()
    for file in buckets[bucket]:
        if file.failure is not None:
            messages["documents"].append(_message(_failed_row(file, file.failure.code, file.failure.message)))
        elif file.source in outcomes:
            outcome = outcomes[file.source]
            if outcome.status == "failed":
                messages["documents"].append(_message(_failed_row(file, outcome.code, outcome.error)))
            for name, message in outcome.tables.items():
                messages[name].append(message)
            _add_up(counts, outcome.counts)
            _add_up(seconds, outcome.seconds)
    part = plan.part(bucket)
    for name in _OWN_FACTS:
        _write_part(staged / name / part, name, _batches(name, messages[name]))
    documents = pa.Table.from_batches(_batches("documents", messages["documents"]), DOCUMENTS.schema)
    _write_part(staged / "documents" / part, "documents", documents.to_batches())
    _add_up(seconds, {"write": perf_counter() - began})
    entry = _entry(documents, counts, seconds)
    _write_json(staged / "ledger" / f"{Path(part).stem}.json", entry)
    return entry


def _stage_copies(staged: Path, part: str, rows: list[Row]) -> dict[str, Any]:
    """Add to a bucket's documents the rows of files whose content stands elsewhere, now that its fate is known."""
    path = staged / "documents" / part
    added = pa.Table.from_batches([DOCUMENTS.batch(rows)])
    documents = pa.concat_tables([pq.read_table(path).cast(DOCUMENTS.schema), added])
    sources = documents["source"].to_pylist()
    in_order = [documents.slice(i, 1) for i in sorted(range(len(sources)), key=sources.__getitem__)]
    _write_part(path, "documents", pa.concat_tables(in_order).to_batches())
    ledger = staged / "ledger" / f"{Path(part).stem}.json"
    entry = _entry(added, {}, {})
    old = json.loads(ledger.read_text(encoding="utf-8"))
    _write_json(ledger, {**old, "documents": sorted(old["documents"] + entry["documents"], key=itemgetter(0))})
    return entry


def _entry(documents: pa.Table, counts: dict[str, int], seconds: dict[str, float]) -> dict[str, Any]:
    """What the ledger says of staged documents."""
    known = documents.select(["source", "sha256", "status", "error_code", "error"]).to_pydict()
    return {"documents": [list(row) for row in zip(*known.values(), strict=True)], "rows": counts, "seconds": seconds}


def _add(summary: Summary, entry: dict[str, Any]) -> None:
    _add_up(summary.rows, entry["rows"])
    _add_up(summary.seconds, entry["seconds"])
    for source, _, status, code, error in entry["documents"]:
        _add_up(summary.documents, {status: 1})
        if status in ("failed", "partial"):
            summary.failures.append(Failed(source, status, code, error))


def _add_up(sums: dict[str, _Number], more: Mapping[str, _Number]) -> None:
    for name, n in more.items():
        sums[name] = sums[name] + n if name in sums else n


def _failed_row(file: File, code: ErrorCode | None, error: str | None) -> Row:
    return tables.file_row(file.source, "failed", sha256=file.sha256, error_code=code, error=error)


def _copy_row(file: File, original: File, fate: Outcome) -> Row:
    """A file with another one's content is its duplicate; or has failed, where that could not be read."""
    if fate.status == "failed" or original.sha256 is None:
        return _failed_row(file, fate.code, fate.error)
    return tables.file_row(file.source, "duplicate", sha256=file.sha256, duplicate_of=tables.document_id(original.sha256))


def _message(document: Row) -> bytes:
    message: bytes = DOCUMENTS.batch([document]).serialize().to_pybytes()
    return message


def _batches(name: str, messages: Iterable[bytes]) -> list[pa.RecordBatch]:
    return [pa.ipc.read_record_batch(pa.py_buffer(message), TABLES[name].schema) for message in messages]


def _write_part(path: Path, name: str, batches: list[pa.RecordBatch]) -> None:
    """Write a part file; the same rows give the same bytes."""
    table = pa.Table.from_batches(batches, TABLES[name].schema)
    pq.write_table(table, path, compression="zstd", row_group_size=32_768)


# ---------------------------------------------------------------- putting in place


def _put_in_place(out: Path, staged: Path, manifest: dict[str, Any]) -> None:
    """Old rows of ``documents`` away, so that nothing old counts; new facts in; new ``documents`` last."""
    home = staged.parent
    _write_json(home / "manifest.json", {**manifest, "state": "committing"})
    for old in (out / "documents").glob("*.parquet"):
        old.unlink()
    for name in TABLES:
        if name != "documents":
            _replace_parts(staged / name, out / name)
    shutil.rmtree(home / "ledger", ignore_errors=True)
    os.replace(staged / "ledger", home / "ledger")
    _replace_parts(staged / "documents", out / "documents")
    _write_json(home / "manifest.json", {**manifest, "state": "complete"})


def _replace_parts(new: Path, old: Path) -> None:
    """Move a table's parts to their place and remove those that are no more."""
    old.mkdir(exist_ok=True)
    parts = {part.name for part in new.iterdir()}
    for part in sorted(parts):
        os.replace(new / part, old / part)
    for stale in old.glob("*.parquet"):
        if stale.name not in parts:
            stale.unlink()
