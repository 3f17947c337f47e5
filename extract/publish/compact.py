"""The tables of an archive in few large files, for queries and for others: a copy, which no run goes on from."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from poytakirja.archive import datapackage, ledger
from poytakirja.archive.datapackage import Part
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.errors import UsageError
from poytakirja.files import hash_of, new_folder, printable
from poytakirja.tables.schema import TABLES

_ROWS, _BYTES = 122_880, 64_000_000
"""The most that a row group holds: what engines read at a time."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a table became: so many files of so many bytes in all, out of ``parts``."""

    table: str
    rows: int
    parts: int
    files: int
    bytes: int


def run(output: Path, folder: Path, *, megabytes: int = 256) -> list[Compacted]:
    """Write the tables of OUTPUT to a new folder, in files of about so many megabytes; rows keep their order.

    Raises UsageError where OUTPUT holds no tables or is being written, or the folder cannot be used.
    """
    place = OutputFolder(output)
    place.check_known()
    place.check_schema()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{printable(str(folder))}: is there already: name a new or an empty folder")
    if folder.absolute().is_relative_to(output.absolute()):
        raise UsageError(f"{printable(str(folder))}: lies in the tables that it is to copy: name a folder elsewhere")
    with place.held():
        found = ledger.find(place)
        if found.to_repair:
            raise UsageError(f"{printable(str(output))}: parts of it are damaged: extract into it again, then compact it")
        entries = found.ledger
        with new_folder(folder) as new:
            done = [_table(place, entries, name, new, megabytes * 1_000_000) for name in TABLES]
            datapackage.write_parquet(new, {name: [_part(new, path) for path in _files(new / name)] for name in TABLES})
    return done


def _table(place: OutputFolder, entries: ledger.Ledger, table: str, folder: Path, limit: int) -> Compacted:
    """Copy a table, as a folder that is there whole or not at all."""
    parts = [place.part(table, part) for part, entry in sorted(entries.items()) if table in entry.sizes]
    new = folder / f".{table}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    writer = _Writer(new, TABLES[table].schema, limit)
    for group in _groups(parts, TABLES[table].schema):
        writer.write(group)
    writer.close()
    files = sorted(new.iterdir())
    for file in files:
        file.rename(new / re.sub("-of-x", f"-of-{len(files):05d}", file.name))
    os.rename(new, folder / table)
    size = sum(file.stat().st_size for file in (folder / table).iterdir())
    return Compacted(table, writer.rows, len(parts), len(files), size)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def _part(folder: Path, path: Path) -> Part:
    name = path.relative_to(folder).as_posix()
    return Part(name, pq.read_metadata(path).num_rows, path.stat().st_size, f"sha256:{hash_of(path)}")


def _groups(parts: list[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of all parts, in groups of a good size."""
    held = schema.empty_table()
    for path in parts:
        with pq.ParquetFile(path) as part:
            for number in range(part.num_row_groups):
                held = pa.concat_tables([held, part.read_row_group(number).cast(schema)])
                while held.num_rows >= _ROWS or held.nbytes >= _BYTES:
                    yield held.slice(0, _ROWS).combine_chunks()
                    held = held.slice(_ROWS)
    if held.num_rows:
        yield held.combine_chunks()


class _Writer:
    """Files of a table, a new one begun where the last has grown large enough; one at least, so that the schema is told."""

    def __init__(self, folder: Path, schema: pa.Schema, limit: int) -> None:
        self.folder = folder
        self.schema = schema
        self.limit = limit
        self.rows = self.files = 0
        self._open: pq.ParquetWriter | None = None
        self._path = folder

    def write(self, rows: pa.Table) -> None:
        """Add a row group."""
        if self._open is None:
            self._path = self.folder / f"part-{self.files:05d}-of-x.parquet"
            self._open = pq.ParquetWriter(self._path, self.schema, compression="zstd")
            self.files += 1
        self._open.write_table(rows, row_group_size=max(len(rows), 1))
        self.rows += len(rows)
        if self._path.stat().st_size >= self.limit:
            self._end()

    def close(self) -> None:
        """End the last file."""
        if not self.files:
            self.write(self.schema.empty_table())
        self._end()

    def _end(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
