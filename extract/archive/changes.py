"""What a run would change in OUTPUT: documents that it adds, renews, keeps and takes out; settled before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from poytakirja.archive import cross_document_parts as across
from poytakirja.archive import inputs as planning
from poytakirja.archive.inputs import Hashed, Plan
from poytakirja.archive.ledger import ACROSS, Found, Ledger, Record, persons_in, still_valid
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.sources import Failure, File
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.options import Options

_SURE_FROM = 10
"""Where more than one of so many documents would be taken out, it takes ``--yes``."""
_OF_THE_FILE = ("empty", "unreadable", "too_large")
"""Failures that are known before a file is read."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The plan of a run, and what it does to OUTPUT; all by source.

    ``taken_over`` are copies that OUTPUT keeps while their original goes, by the source of the original: they get its rows.
    """

    plan: Plan
    new: list[str]
    changed: list[str]
    unchanged: list[str]
    elsewhere: list[str]
    removed: list[str]
    taken_over: dict[str, str]

    def copies(self, known: Ledger, key: str) -> list[across.Copy]:
        """The files with another one's content, each with the key that it was listed with."""
        keys = {source: old for source, _, old in across.copies_of(known)}
        keys |= {record.source: record.key for part, entry in known.items() if part != ACROSS for record in entry.records}
        stored = {file.source for file in self.plan.files if file.stored}
        return [
            (source, original.sha256, keys.get(source, key) if source in stored else key)
            for source, original in self.plan.copies.items()
        ]


def settle(
    given: Hashed, folders: Sequence[tuple[str, str]], found: Found, key: str, options: Options, place: OutputFolder
) -> Changes:
    """Settle what becomes of each document that the INPUTs or OUTPUT hold.

    Raises UsageError where it would lose or show what nobody asked for: see the parts.
    """
    known = {record.source: record for part, entry in found.ledger.items() if part != ACROSS for record in entry.records}
    copies = {source: (sha256, old) for source, sha256, old in across.copies_of(found.ledger)}
    lost = _lost(found, {*known, *copies})
    sources = {file.source for file in given.files}
    removed = set[str]()
    if options.prune:
        removed = planning.under(folders, {*known, *copies, *lost}, options.reading.persons.of_path) - sources
        _check_share(removed, len({*known, *copies, *lost}), options)
    rest = {*known, *copies} - sources - removed
    _check_persons(place, [known[s].key if s in known else copies[s][1] for s in rest], key)
    contents = {record.sha256 for record in known.values()} | {file.sha256 for file in given.files}
    orphans = {source for source in rest & copies.keys() if copies[source][0] not in contents}
    again = _from_their_places(place, [*(lost[s] for s in set(lost) - sources - removed), *(_orphan(s, copies) for s in orphans)])
    stored = [_stored(known[s]) if s in known else File(s, "", sha256=copies[s][0], stored=True) for s in rest - orphans]
    plan = planning.planned(given, [*stored, *again])
    renewed = {file.source for file in plan.files if not _is_kept(file, known, copies, key, retry_failed=options.retry_failed)}
    before = {*known, *copies, *lost}
    return Changes(
        plan,
        new=sorted(sources - before),
        changed=sorted(({*sources, *(file.source for file in again)} & before) & renewed),
        unchanged=sorted((sources & before) - renewed),
        elsewhere=sorted(file.source for file in stored),
        removed=sorted(removed),
        taken_over=_taken_over(plan, known, copies),
    )


def _is_kept(
    file: File, known: dict[str, Record], copies: dict[str, tuple[str | None, str]], key: str, *, retry_failed: bool
) -> bool:
    """Whether a run leaves a document as it is, as far as a count of them goes."""
    if file.stored:
        return True
    record = known.get(file.source)
    if record is None:
        return file.source in copies and copies[file.source][0] == file.sha256
    again = record.status == "failed" and (retry_failed or record.code == "unreadable")
    return record.sha256 == file.sha256 and still_valid(record, key) and not again


def _lost(found: Found, known: set[str]) -> dict[str, Record]:
    """The documents whose rows in OUTPUT cannot be used."""
    records = [record for part, own in found.to_repair.items() if part != ACROSS for record in own]
    return {record.source: record for record in records if record.source not in known}


def _orphan(source: str, copies: dict[str, tuple[str | None, str]]) -> Record:
    """A copy whose original is lost."""
    return Record(source, copies[source][0], "duplicate", None, None, None)


def _check_share(removed: set[str], known: int, options: Options) -> None:
    """Refuse to take out a great part of the archive unless that is meant."""
    if len(removed) * _SURE_FROM > known and not options.sure:
        raise UsageError(
            f"--prune would take out {len(removed)} of {known} documents, more than one in {_SURE_FROM}: look at them with "
            "--dry-run, and add --yes if they are to go"
        )


def _check_persons(place: OutputFolder, keys: Iterable[str], key: str) -> None:
    """Refuse to keep rows that show persons in another manner than the run does."""
    others = [persons_in(old) for old in keys if persons_in(old) != persons_in(key)]
    if others:
        raise UsageError(
            f"{printable(str(place.out))}: holds {len(others)} documents read with --persons {others[0].partition('-')[0]} that "
            "are not under INPUT: name their folders, too, so that they are read again, or another OUTPUT"
        )


def _from_their_places(place: OutputFolder, lost: Iterable[Record]) -> list[File]:
    """The files of documents whose rows cannot be used, though they are not under the INPUTs: where they were."""
    files: list[File] = []
    missing: list[File] = []
    for record in sorted(lost, key=lambda record: record.source):
        file = planning.file_at(record.source, record.source)
        (missing if file.failure and file.failure.code == "unreadable" else files).append(file)
    if missing:
        raise UsageError(
            f"{printable(str(place.out))}: the rows of {len(missing)} documents are damaged or of an older version, and "
            f"their files are not where they were ({printable(missing[0].source)}): name their folders as INPUT, too, or take "
            "them out with poytakirja remove"
        )
    return files


def _stored(record: Record) -> File:
    """A document that OUTPUT keeps, as a file of the plan."""
    failed = record.status == "failed" and record.code in _OF_THE_FILE
    failure = Failure(record.code, record.error or "") if failed and record.code else None  # type: ignore[arg-type]
    return File(record.source, "", 0, record.sha256, failure, stored=True)


def _taken_over(plan: Plan, known: dict[str, Record], copies: dict[str, tuple[str | None, str]]) -> dict[str, str]:
    """The stored copies that have become originals, by the source that has the rows of their content."""
    of_content = {record.sha256: source for source, record in known.items() if record.sha256}
    return {
        of_content[file.sha256]: file.source
        for file in plan.files
        if file.stored and file.source in copies and file.source not in known and file.source not in plan.copies and file.sha256
    }
