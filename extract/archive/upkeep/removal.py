"""Documents taken out of OUTPUT for good, or put back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from poytakirja.archive import cross_document_parts as across
from poytakirja.archive import datapackage, ledger
from poytakirja.archive.commit import PartTransaction, recover, sweep
from poytakirja.archive.inputs import bucket_of, part_name
from poytakirja.archive.ledger import ACROSS, Found, Ledger, PartRecord
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.stored_rows import ReusedRows, StoredRows, buckets_of, write
from poytakirja.archive.upkeep import corrections, removed
from poytakirja.custom_rules import load as own_rules
from poytakirja.errors import UsageError
from poytakirja.files import printable, write_json


@dataclass(slots=True)
class _Opened:
    """An OUTPUT that is held for one command; at its end ``copies`` are written with its tables, and ``done`` is deleted."""

    place: OutputFolder
    found: Found
    token: str
    copies: list[across.Copy]
    done: list[Path] = field(default_factory=list)

    @property
    def known(self) -> Ledger:
        return self.found.ledger


@contextmanager
def _opened(output: str | Path) -> Iterator[_Opened]:
    """Hold OUTPUT, let its rows be changed, then write what tells of several documents anew."""
    place = OutputFolder(Path(output))
    place.check_known()
    place.check_schema()
    rules = own_rules.of_manifest(place.manifest())
    with place.held() as token, own_rules.using(rules):
        recover(place)
        found = ledger.find(place)
        opened = _Opened(place, found, token, across.copies_of(found.ledger))
        try:
            yield opened
        finally:  # also where there is nothing to do: an earlier command may have ended before this
            recover(place)
            known = ledger.load(place)
            corrections.bring_up(place, known, token)
            known[ACROSS] = across.write(place, known, opened.copies, token, rules.version)
            datapackage.write(place, known)
        for folder in opened.done:
            shutil.rmtree(folder)


def remove(output: str | Path, sources: Sequence[str]) -> list[str]:
    """Delete documents from the tables, and the copies of their content with them; the sources that went.

    What ``--prune`` took out can be named, too. Raises UsageError, with nothing changed, where a source is unknown.
    """
    with _opened(output) as opened:
        place, known = opened.place, opened.known
        marked = {source for one in removed.listed(place) for source in one.sources}
        lost = {record.source for records in opened.found.to_repair.values() for record in records}
        gone = _with_copies(known, [source for source in sources if source not in marked or source in _sources(known)], lost)
        datapackage.clear(place)
        opened.copies = [copy for copy in opened.copies if copy[0] not in gone]
        across.clear(place, known, opened.token)
        for part, entry in known.items():
            if not gone.isdisjoint(record.source for record in entry.records):
                known[part] = _without(place, entry, gone, opened.token)
        _forget(place, opened.found, gone)
        gone |= removed.drop(place, {*gone, *sources})
    return sorted(gone)


def restore(output: str | Path, sources: Sequence[str] = ()) -> list[str]:
    """Put back documents that ``--prune`` took out, all of them or some; the sources that are in the tables again.

    One that has been added meanwhile is left as it is. Raises UsageError, with nothing changed, where there is none such.
    """
    with _opened(output) as opened:
        place, known = opened.place, opened.known
        marked = removed.listed(place)
        wanted = set(sources) or {source for one in marked for source in one.sources}
        missing = sorted(wanted - {source for one in marked for source in one.sources if one.is_usable()})
        if missing:
            raise UsageError("\n".join(f"{printable(s)}: is not among what --prune took out, see status" for s in missing))
        if not wanted:
            raise UsageError(f"{printable(str(place.out))}: nothing was taken out by --prune, or compact has deleted it")
        datapackage.clear(place)
        across.clear(place, known, opened.token)
        there = {*_sources(known), *(source for source, *_ in opened.copies)}
        back: set[str] = set()
        for one in marked:
            now = wanted - there - back
            back |= _put_back(opened, one, now)
        opened.done += [one.folder for one in marked if set(one.sources) <= wanted]
    return sorted(back)


def _put_back(opened: _Opened, one: removed.Removed, wanted: set[str]) -> set[str]:
    """Write the rows of some documents to their parts again."""
    place, known = opened.place, opened.known
    contents = {record.sha256 for entry in known.values() for record in entry.records if record.sha256}
    buckets = buckets_of(known)
    by_part: dict[str, list[ledger.Record]] = {}
    for record in one.records:
        if record.source in wanted:
            if record.sha256 in contents:  # another file has the same content now
                opened.copies.append((record.source, record.sha256, record.key))
            else:
                by_part.setdefault(part_name(bucket_of(record.source, buckets), buckets), []).append(record)
    opened.copies += [copy for copy in one.copies if copy[0] in wanted]
    rows = one.rows()
    for part, records in by_part.items():
        old = known.get(part) or PartRecord(part, records[0].key, [], {})
        stored = StoredRows.of_parts(place, [part] if part in known else [])
        provided = {record.source: ReusedRows(record.source, stored) for record in old.records}
        provided |= {record.source: ReusedRows(record.source, rows) for record in records}
        entry = PartRecord(part, old.key, [], {})
        keys = {record.source: record.key for record in (*old.records, *records)}
        with PartTransaction(place, part) as change:
            write(change, entry, [provided[source] for source in sorted(provided)], keys)
            change.commit(opened.token)
        known[part] = entry
    return wanted & set(one.sources)


def compact_removed(output: str | Path) -> tuple[int, int]:
    """Delete for good what ``--prune`` took out; how many documents and bytes it was."""
    place = OutputFolder(Path(output))
    place.check_known()
    with place.held():
        return removed.delete(place)


def _sources(known: Ledger) -> set[str]:
    return {record.source for record in ledger.records(known)}


def _with_copies(known: Ledger, sources: Sequence[str], lost: set[str]) -> set[str]:
    """The sources, and the copies of those that are no copies themselves."""
    records = {record.source: record for record in ledger.records(known)}
    missing = [source for source in sources if source not in records and source not in lost]
    if missing:
        raise UsageError("\n".join(f"{printable(source)}: not in documents: give it as its source there" for source in missing))
    copies = {source: sha256 for source, sha256, _ in across.copies_of(known)}
    contents = {records[source].sha256 for source in sources if source not in copies and source in records}
    return {*sources, *(source for source, sha256 in copies.items() if sha256 in contents)}


def _without(place: OutputFolder, entry: PartRecord, gone: set[str], token: str) -> PartRecord:
    """Write a part without some of its documents."""
    stored = StoredRows.of_parts(place, [entry.part])
    left = PartRecord(entry.part, entry.key, [], {})
    kept = [record for record in entry.records if record.source not in gone]
    with PartTransaction(place, entry.part) as change:
        write(change, left, [ReusedRows(r.source, stored) for r in kept], {r.source: r.key for r in kept})
        change.commit(token)
    return left


def _forget(place: OutputFolder, found: Found, gone: set[str]) -> None:
    """Let the notes of damaged parts name these documents no more; what is left of them has yet to be read again."""
    for part, records in list(found.to_repair.items()):
        left = [record for record in records if record.source not in gone]
        if left and len(left) < len(records):
            no_file = dict.fromkeys(["documents"], 0)
            write_json(place.note("ledger", f"{part}.json"), PartRecord(part, "", left, {}, no_file).as_dict())
        elif not left:
            del found.to_repair[part]
    sweep(place, found.ledger, found.to_repair)
