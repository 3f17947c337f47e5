"""Many documents: plan, read what is not there yet, commit shard by shard. What stands in OUTPUT is whole, or does not count.

Runs go on where the last one ended, whatever ended it: a document is read again where its content has changed, or what it is
read with (``poytakirja.archive.ledger.key``); one that is no longer among the inputs goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from poytakirja.archive import cross_document_parts as across
from poytakirja.archive import datapackage, ledger, rebucket, shard
from poytakirja.archive import inputs as planning
from poytakirja.archive.commit import PartTransaction, recover, sweep
from poytakirja.archive.engines import local
from poytakirja.archive.inputs import Plan
from poytakirja.archive.ledger import ACROSS, Ledger, PartRecord
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.shard import ExistingRows, Job, ReusedRows, Shard
from poytakirja.custom_rules import load as own_rules
from poytakirja.errors import UsageError
from poytakirja.files import printable, write_json
from poytakirja.options import Limits, Options, ReadOptions
from poytakirja.rules.layout import identity_codes
from poytakirja.tables import versions
from poytakirja.tables.schema import TABLES, is_same

__all__ = ["Failed", "Limits", "Options", "Progress", "ReadOptions", "Summary", "remove", "run"]

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that failed, or gave only a part."""

    source: str
    status: str
    code: str
    error: str


@dataclass(slots=True)
class Summary:
    """What stands in the tables, and what the run did for it.

    ``documents`` counts by status, ``rows`` by table. ``read`` documents with ``pages`` were read by this run, ``kept`` stood
    there already, ``gone`` were taken out; ``again`` had been begun before, by a run or a worker that did not end them.
    ``seconds`` is the time of each stage, all workers together.
    """

    output: str
    documents: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[Failed] = field(default_factory=list)
    others: int = 0
    read: int = 0
    pages: int = 0
    kept: int = 0
    gone: int = 0
    again: int = 0
    elapsed: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 all read, 3 some failed or partial."""
        return 3 if self.failures else 0

    def as_dict(self) -> dict[str, Any]:
        """The summary as JSON can hold it."""
        return asdict(self)


@dataclass(slots=True)
class Progress:
    """How far a run is: documents ``done`` of ``total`` to read, the ``pages`` they gave, how many ``failed``.

    ``entry`` is what has just been committed, None between.
    """

    total: int = 0
    done: int = 0
    pages: int = 0
    failed: int = 0
    entry: PartRecord | None = None


Watch = Callable[[Progress], None]


def run(inputs: Sequence[str], output: str | Path, options: Options | None = None, watch: Watch | None = None) -> Summary:
    """Extract what the inputs hold into the tables under ``output``; ``watch`` hears how far it is.

    Raises UsageError, with nothing written, for inputs or an output that cannot be used. Ctrl-C ends it after the shards that
    are being committed.
    """
    began = perf_counter()
    options, place = options or Options(), OutputFolder(Path(output))
    place.check()
    planning.check(inputs, place.out)
    with place.held() as token, own_rules.using(options.reading.rules):
        known = _opened(place)
        plan = planning.make(inputs, place.out, options.reading.persons.of_path)
        job = Job(place, options.reading, options.limits, ledger.key(options.reading), token)
        manifest = _manifest(inputs, plan, options)
        write_json(place.note("manifest.json"), {**manifest, "state": "running"})
        summary = Summary(str(output), others=plan.others)
        state = "interrupted"
        try:
            _bring_up(plan, known, job, options, summary, watch or (lambda _: None))
            state = "complete"
        finally:
            last = place.new_token()  # a worker on another machine may still be at it
            recover(place)
            known = ledger.load(place)
            copies = [(source, original.sha256) for source, original in plan.copies.items()]
            known[ACROSS] = across.write(place, known, copies, last, options.reading.rules.version)
            datapackage.write(place, known)
            write_json(place.note("manifest.json"), {**manifest, "state": state})
        _conclude(summary, known)
        summary.elapsed = perf_counter() - began
        write_json(place.note("summary.json"), summary.as_dict())
    return summary


def remove(output: str | Path, sources: Sequence[str]) -> list[str]:
    """Take documents out of the tables, and the copies of their content with them; the sources that went.

    Raises UsageError, with nothing changed, where a source is not in ``documents``.
    """
    place = OutputFolder(Path(output))
    place.check_known()
    place.check_schema()
    rules = own_rules.of_manifest(place.manifest())
    with place.held() as token, own_rules.using(rules):
        known = _opened(place)
        gone = _with_copies(known, sources)
        copies = [copy for copy in across.copies_of(known) if copy[0] not in gone]
        across.clear(place, known, token)
        for part, entry in known.items():
            if not gone.isdisjoint(record.source for record in entry.records):
                known[part] = _without(place, entry, gone, token)
        known[ACROSS] = across.write(place, known, copies, token, rules.version)
        datapackage.write(place, known)
    return sorted(gone)


def _opened(place: OutputFolder) -> Ledger:
    """The ledger of an OUTPUT that is held, with what an earlier command left half done finished or dropped.

    Parts of another schema go: their rows cannot stand beside new ones, and are all read again.
    """
    datapackage.clear(place)
    recover(place)
    known = {part: entry for part, entry in ledger.load(place).items() if is_same(entry.schema)}
    sweep(place, known)
    return known


def _manifest(inputs: Sequence[str], plan: Plan, options: Options) -> dict[str, Any]:
    persons = options.reading.persons
    return {
        "inputs": [identity_codes.masked(persons.of_path(printable(given, escape_lines=False))) for given in inputs],
        "options": {"limits": asdict(options.limits), **options.reading.stated()},
        "versions": asdict(versions.versions(options.reading.rules.version)),
        "rules": own_rules.stated(options.reading.rules),
        "documents": len(plan.files),
        "others": plan.others,
        "buckets": plan.buckets,
    }


# ---------------------------------------------------------------- reading


def _bring_up(plan: Plan, known: Ledger, job: Job, options: Options, summary: Summary, watch: Watch) -> None:
    """Read what is not there as the plan wants it, and commit it shard by shard."""
    shards = shard.shards_to_read(plan, known, job.key, retry_failed=options.retry_failed)
    before = {record.source for record in ledger.records(known)}
    summary.gone = len(before - {file.source for file in plan.files})
    if shards:
        across.clear(job.place, known, job.token)
        if rebucket.move_to_buckets(job.place, known, plan.buckets, job.key, job.token):
            shards = shard.shards_to_read(plan, known, job.key, retry_failed=options.retry_failed)
    progress = Progress(total=sum(len(one.to_read) for one in shards))
    watch(progress)
    counted = options.engine == "local"
    for said in _engine(shards, job, options):
        if isinstance(said, Outcome):
            _count(progress, 1, said.counts.get("pages", 0), said.status == "failed")
        else:
            progress.entry = said
            if not counted:
                _count(progress, said.read, said.pages, said.statuses()["failed"])
            _note(summary, said)
        watch(progress)
        progress.entry = None
    summary.kept = len(plan.files) - len(plan.copies) - progress.total


def _engine(shards: Sequence[Shard], job: Job, options: Options) -> Iterator[PartRecord | Outcome]:
    """What the chosen engine makes of the shards: every entry, and of documents what it hears."""
    if options.engine == "local":
        return local.run(shards, job, options.jobs)
    from poytakirja.archive.engines import dask  # noqa: PLC0415  an extra

    return dask.run(shards, job, options.scheduler or "")


def _count(progress: Progress, documents: int, pages: int, failed: int) -> None:
    progress.done += documents
    progress.pages += pages
    progress.failed += failed


def _note(summary: Summary, entry: PartRecord) -> None:
    summary.read += entry.read
    summary.pages += entry.pages
    summary.again += entry.read if entry.attempt > 1 else 0
    _add_up(summary.seconds, entry.seconds)


def _conclude(summary: Summary, known: Ledger) -> None:
    """Tell what stands in the tables."""
    statuses, rows = ledger.totals(known)
    summary.documents = dict(sorted(statuses.items()))
    summary.rows = {name: rows[name] for name in TABLES if name != "documents"}
    summary.failures = sorted(
        (
            Failed(r.source, r.status, r.code or "", r.error or "")
            for r in ledger.records(known)
            if r.status in ("failed", "partial")
        ),
        key=lambda failed: failed.source,
    )


def _add_up(sums: dict[str, _Number], more: Mapping[str, _Number]) -> None:
    for name, n in more.items():
        sums[name] = sums[name] + n if name in sums else n


# ---------------------------------------------------------------- taking out


def _with_copies(known: Ledger, sources: Sequence[str]) -> set[str]:
    """The sources, and the copies of those that are no copies themselves."""
    records = {record.source: record for record in ledger.records(known)}
    missing = [source for source in sources if source not in records]
    if missing:
        raise UsageError("\n".join(f"{printable(source)}: not in documents: give it as its source there" for source in missing))
    copies = dict(across.copies_of(known))
    contents = {records[source].sha256 for source in sources if source not in copies}
    return {*sources, *(source for source, sha256 in copies.items() if sha256 in contents)}


def _without(place: OutputFolder, entry: PartRecord, gone: set[str], token: str) -> PartRecord:
    """Write a part without some of its documents."""
    standing = ExistingRows(place, [entry.part])
    left = PartRecord(entry.part, entry.key, [], {})
    with PartTransaction(place, entry.part) as change:
        shard.write(change, left, [ReusedRows(r.source, standing) for r in entry.records if r.source not in gone])
        change.commit(token)
    return left
