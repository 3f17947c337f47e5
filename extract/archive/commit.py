"""Parts take their places all at once: staged, made whole by one rename, then put in place, ``documents`` last.

Whoever dies before the rename has changed nothing; whoever dies after it leaves a change that the next command finishes.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from poytakirja.archive.ledger import Ledger, PartRecord
from poytakirja.archive.output_folder import PART_FILES, OutputFolder
from poytakirja.files import flush, hash_of, read_json, write_json
from poytakirja.tables.schema import TABLES

_FACTS = [name for name in TABLES if name != "documents"]
_ROW_GROUP = 32_768


class PartTransaction:
    """Parts to put and parts to remove, as one. Used as a context: what has not been committed at its end is dropped."""

    def __init__(self, place: OutputFolder, name: str) -> None:
        self.place = place
        self.name = name
        self.folder = place.note("staged", f"{name}.{secrets.token_hex(4)}")
        self._put: dict[str, list[str]] = {}
        self._removed: list[str] = []
        self.folder.mkdir(parents=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, entry: PartRecord, table: str, rows: pa.Table) -> None:
        """Stage a part file, and note it in the part's entry. The same rows give the same bytes, however they were chunked."""
        path = self.folder / entry.part / f"{table}.parquet"
        path.parent.mkdir(exist_ok=True)
        pq.write_table(rows.combine_chunks(), path, compression="zstd", row_group_size=_ROW_GROUP)
        entry.rows[table], entry.hashes[table] = rows.num_rows, hash_of(path)
        entry.sizes[table], entry.times[table] = path.stat().st_size, path.stat().st_mtime_ns

    def put(self, entry: PartRecord) -> None:
        """Let a part whose files are staged take its place, with its entry in the ledger."""
        write_json(self.folder / entry.part / "entry.json", entry.as_dict())
        self._put[entry.part] = list(entry.sizes)

    def remove(self, parts: Iterable[str]) -> None:
        """Let parts go; one that is also put is replaced."""
        self._removed += parts

    def commit(self, token: str) -> None:
        """Carry it out, as long as OUTPUT is still held by the run of this token."""
        removed = sorted(set(self._removed) - set(self._put))
        write_json(self.folder / "journal.json", {"put": self._put, "remove": removed})
        for path in self.folder.rglob("*"):
            flush(path)
        ready = self.place.note("ready", self.name)
        ready.parent.mkdir(exist_ok=True)
        with self.place.commit_of(token):
            if ready.exists():  # a worker that died here has left its change to whoever comes next
                _carry_out(self.place, ready)
            os.rename(self.folder, ready)
            flush(ready.parent)
            _carry_out(self.place, ready)


def recover(place: OutputFolder) -> None:
    """Finish what an earlier command had made ready, and drop what it had not."""
    for ready in sorted(place.note("ready").glob("[!.]*")):
        _carry_out(place, ready)
    shutil.rmtree(place.note("staged"), ignore_errors=True)


def sweep(place: OutputFolder, ledger: Ledger, to_repair: Iterable[str] = ()) -> None:
    """Remove the part files that the ledger does not name, ``documents`` first: they are not committed.

    The notes of parts ``to_repair`` are kept until their documents have been read again.
    """
    for table in ("documents", *_FACTS):
        for path in sorted((place.out / table).glob(PART_FILES)):
            if path.stem not in ledger or table not in ledger[path.stem].sizes:
                path.unlink()
    noted = {*ledger, *to_repair}
    for path in place.note("ledger").glob("part-*.json"):
        if path.stem not in noted:
            path.unlink()


def _carry_out(place: OutputFolder, ready: Path) -> None:
    """Old rows of ``documents`` away, so that nothing old counts; new facts in; new ``documents`` last.

    Whatever of it has been done already stays done.
    """
    journal = read_json(ready / "journal.json") or {"put": {}, "remove": []}  # damaged: what it would change is read again
    for part in journal["remove"]:
        for table in ("documents", *_FACTS):
            place.part(table, part).unlink(missing_ok=True)
        place.note("ledger", f"{part}.json").unlink(missing_ok=True)
    for part, own in journal["put"].items():
        for table in TABLES:
            if table not in own or (table == "documents" and (ready / part / "documents.parquet").exists()):
                place.part(table, part).unlink(missing_ok=True)
    for part in journal["put"]:
        for table in _FACTS:
            _move(ready / part / f"{table}.parquet", place.part(table, part))
        _move(ready / part / "entry.json", place.note("ledger", f"{part}.json"))
    for part in journal["put"]:
        _move(ready / part / "documents.parquet", place.part("documents", part))
    done = place.note("staged", f"{ready.name}.{secrets.token_hex(4)}")
    done.parent.mkdir(exist_ok=True)
    os.rename(ready, done)
    shutil.rmtree(done)


def _move(new: Path, old: Path) -> None:
    """Move a file to its place, where it is not there yet."""
    if new.exists():
        old.parent.mkdir(parents=True, exist_ok=True)
        os.replace(new, old)
