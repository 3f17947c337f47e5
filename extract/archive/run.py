"""Many documents: plan, read what is not there yet, commit shard by shard. What is in OUTPUT is whole, or does not count.

Runs add: documents that the INPUTs hold are added or renewed, the others of OUTPUT are kept. A run goes on where the last one
ended, whatever ended it: a document is read again where its content has changed, or what it is read with
(``poytakirja.archive.ledger.key``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from poytakirja.archive import cross_document_parts as across
from poytakirja.archive import datapackage, ledger, shard, stored_rows
from poytakirja.archive import inputs as planning
from poytakirja.archive.changes import Changes, settle
from poytakirja.archive.commit import recover, sweep
from poytakirja.archive.engines import local
from poytakirja.archive.inputs import Listing
from poytakirja.archive.ledger import ACROSS, Ledger, PartRecord
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.shard import Job, Shard
from poytakirja.archive.summary import Failed, Progress, Summary, Watch
from poytakirja.archive.upkeep import corrections, removed
from poytakirja.custom_rules import load as own_rules
from poytakirja.errors import UsageError
from poytakirja.files import printable, write_json
from poytakirja.options import Limits, Options, ReadOptions
from poytakirja.read.formats import SUFFIXES
from poytakirja.tables import versions

__all__ = ["Failed", "Limits", "Options", "Progress", "ReadOptions", "Summary", "Watch", "preview", "run"]


def run(inputs: Sequence[str], output: str | Path, options: Options | None = None, watch: Watch | None = None) -> Summary:
    """Extract what the inputs hold into the tables under ``output``; ``watch`` hears how far it is.

    Raises UsageError, with nothing written, for inputs or an output that cannot be used, and where the inputs hold no document.
    Ctrl-C ends it after the shards that are being committed.
    """
    options, place = options or Options(), OutputFolder(Path(output))
    return _run(_listed(inputs, place), _shown(inputs, options), place, options, watch)


def repair(output: str | Path, options: Options, watch: Watch | None = None) -> Summary:
    """Read the documents of damaged parts again, from where they were; every part file is looked at wholly."""
    place = OutputFolder(Path(output))
    return _run(Listing([], [], 0, []), place.manifest().get("inputs", []), place, options, watch, wholly=True)


def _run(
    listing: Listing, inputs: Sequence[str], place: OutputFolder, options: Options, watch: Watch | None, *, wholly: bool = False
) -> Summary:
    began = perf_counter()
    with place.held() as token, own_rules.using(options.reading.rules):
        recover(place)
        found = ledger.find(place, wholly=wholly)
        changes = _settled(listing, found, place, options)
        job = Job(place, options.reading, options.limits, ledger.key(options.reading), token)
        _prepare(place, found, changes, job)
        known = found.ledger
        manifest = _manifest(inputs, changes, options) | _corrections_of(place, options)
        write_json(place.note("manifest.json"), {**manifest, "state": "running"})
        copies = changes.copies(known, job.key)
        summary = _counted(str(place.out), changes)
        state = "interrupted"
        try:
            _bring_up(changes, known, job, options, summary, watch or (lambda _: None))
            state = "complete"
        finally:
            last = place.new_token()  # a worker on another machine may still be at it
            recover(place)
            known = corrections.bring_up(place, ledger.load(place), last)
            known[ACROSS] = across.write(place, known, copies, last, options.reading.rules.version)
            if state == "complete":
                sweep(place, known)
            datapackage.write(place, known)
            write_json(place.note("manifest.json"), {**manifest, "state": state})
        summary.conclude(known)
        summary.elapsed = perf_counter() - began
        write_json(place.note("summary.json"), summary.as_dict())
    return summary


def _prepare(place: OutputFolder, found: ledger.Found, changes: Changes, job: Job) -> None:
    """Clear away what is not committed, and keep what is about to be taken out where it can be put back from."""
    datapackage.clear(place)
    sweep(place, found.ledger, found.to_repair)
    ledger.note_times(place, found.ledger)
    removed.drop_of_other_persons(place, job.key)
    removed.keep(place, found.ledger, changes.removed)


def preview(inputs: Sequence[str], output: str | Path, options: Options | None = None) -> Changes:
    """What such a run would add, renew, keep and take out; nothing is written.

    Raises UsageError as the run would, but for the share of documents that ``prune`` takes out.
    """
    options, place = options or Options(), OutputFolder(Path(output))
    listing = _listed(inputs, place)
    with own_rules.using(options.reading.rules):
        return _settled(listing, ledger.find(place), place, options)


def _listed(inputs: Sequence[str], place: OutputFolder) -> Listing:
    """What the inputs hold, listed; refused where that is nothing, or where OUTPUT cannot be written or is being written."""
    place.check()
    planning.check(inputs, place.out)
    if holder := place.holder():
        raise UsageError(f"{printable(str(place.out))}: {holder} is writing it: wait for it to end")
    listing = planning.listed(inputs, place.out)
    if not listing.paths and not listing.elsewhere:
        others = f" ({listing.others} other files)" if listing.others else ""
        kinds = " ".join(SUFFIXES)
        raise UsageError(f"INPUT holds no document{others}: folders are searched for {kinds}; nothing was written")
    return listing


def _settled(listing: Listing, found: ledger.Found, place: OutputFolder, options: Options) -> Changes:
    """What the run will change of what OUTPUT holds."""
    given = planning.hashed(listing, place.out, options.reading.persons.of_path)
    return settle(given, listing.folders, found, ledger.key(options.reading), options, place)


def _counted(output: str, changes: Changes) -> Summary:
    return Summary(
        output,
        others=changes.plan.others,
        new=len(changes.new),
        changed=len(changes.changed),
        unchanged=len(changes.unchanged),
        elsewhere=len(changes.elsewhere),
        removed=len(changes.removed),
    )


def _shown(inputs: Sequence[str], options: Options) -> list[str]:
    """The INPUTs as notes may hold them."""
    return [planning.source_of(given, options.reading.persons.of_path) for given in inputs]


def _manifest(inputs: Sequence[str], changes: Changes, options: Options) -> dict[str, Any]:
    return {
        "inputs": list(inputs),
        "options": {"limits": asdict(options.limits), **options.reading.stated()},
        "versions": asdict(versions.versions(options.reading.rules.version)),
        "rules": own_rules.stated(options.reading.rules),
        "documents": len(changes.plan.files),
        "others": changes.plan.others,
        "buckets": changes.plan.buckets,
    }


def _corrections_of(place: OutputFolder, options: Options) -> dict[str, str]:
    """The file of corrections that a run was given, or an earlier one; nothing where it is that of OUTPUT."""
    named = options.corrections.absolute() if options.corrections else place.manifest().get("corrections")
    return {"corrections": str(named)} if named else {}


# ---------------------------------------------------------------- reading


def _bring_up(changes: Changes, known: Ledger, job: Job, options: Options, summary: Summary, watch: Watch) -> None:
    """Read what is not there as the plan wants it, and commit it shard by shard."""
    plan = changes.plan
    shards = shard.shards_to_read(plan, known, job.key, retry_failed=options.retry_failed)
    if shards:
        across.clear(job.place, known, job.token)
        stored_rows.move_to_buckets(job.place, known, plan.buckets, job.token)
        stored_rows.take_over(job.place, known, changes.taken_over, plan.buckets, job.token)
        shards = shard.shards_to_read(plan, known, job.key, retry_failed=options.retry_failed)
    progress = Progress(total=sum(len(one.to_read) for one in shards))
    watch(progress)
    counted = options.engine == "local"
    for said in _engine(shards, job, options):
        if isinstance(said, Outcome):
            progress.count(1, said.counts.get("pages", 0), said.status == "failed")
        else:
            progress.entry = said
            if not counted:
                progress.count(said.read, said.pages, said.statuses()["failed"])
            summary.note(said)
        watch(progress)
        progress.entry = None


def _engine(shards: Sequence[Shard], job: Job, options: Options) -> Iterator[PartRecord | Outcome]:
    """What the chosen engine makes of the shards: every entry, and of documents what it hears."""
    if options.engine == "local":
        return local.run(shards, job, options.jobs)
    from poytakirja.archive.engines import dask  # noqa: PLC0415  an extra

    return dask.run(shards, job, options.scheduler or "")
