"""The tables of a run as they stand in OUTPUT, and what its manifest says of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from poytakirja.archive import ledger
from poytakirja.archive.ledger import persons_in, persons_of
from poytakirja.archive.output_folder import PART_FILES, OutputFolder
from poytakirja.tables.schema import SCHEMA_VERSION, TABLES, Table, is_readable
from poytakirja.terminal import InputError

Row = dict[str, Any]
"""A row of a table, by column."""


def manifest_of(output: Path) -> dict[str, Any]:
    """The manifest of the run whose tables stand in OUTPUT; empty where there is none.

    Raises InputError where it cannot be read, where the tables are of another schema, or where the run has not ended: after
    Ctrl-C what it committed is whole, too.
    """
    _check_schema(output)
    path = output / "_run" / "manifest.json"
    if not path.is_file():
        return {}
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error}); extract again") from error
    if manifest.get("state", "complete") not in ("complete", "interrupted"):
        raise InputError(f"{output}: a run into it was cut short and its tables are not whole; extract again")
    _check_persons(output, manifest)
    return manifest


def _check_persons(output: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse tables that still show names which the last run, cut short, was to hide."""
    stated = manifest.get("options", {})
    if stated.get("persons", "keep") == "keep":
        return
    shown = Counter(persons_in(record.key) for record in ledger.records(ledger.load(OutputFolder(output))))
    left = sum(count for persons, count in shown.items() if persons != persons_of(stated))
    if left:
        raise InputError(
            f"{output}: the run with --persons {stated['persons']} has not ended, and {left} documents show names in another "
            "manner: run it again to its end"
        )


def parts_of(output: Path, table: str) -> list[Path]:
    """The part files of a table, in order of their names; whatever else lies in its folder is not read."""
    return sorted((output / table).glob(PART_FILES))


def _check_schema(output: Path) -> None:
    """Refuse tables whose columns mean something else than this version takes them for."""
    for part in parts_of(output, "documents")[:1]:
        try:
            metadata = pq.read_schema(part).metadata or {}
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{part}: cannot be read as Parquet ({error}); extract again") from error
        written = metadata.get(b"schema_version", b"none").decode()
        if not is_readable(written):
            told = f"its tables are of schema version {written}, and this software reads {SCHEMA_VERSION}"
            raise InputError(f"{output}: {told}: extract again, or use the version that wrote them")


def tables_of(output: Path) -> dict[str, ds.Dataset]:
    """Every table that stands in OUTPUT, by name, in the order of the schema.

    Raises InputError where there are none, or where one cannot be read.
    """
    manifest_of(output)
    found = {}
    for name in TABLES:
        parts = parts_of(output, name)
        if not parts:
            continue
        try:
            found[name] = _dataset(parts, TABLES[name])
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{output / name}: cannot be read as Parquet ({error}); extract again") from error
    if "documents" not in found:
        raise InputError(f"{output}: holds no table `documents`; is it the OUTPUT of `poytakirja extract`?")
    return found


def _dataset(parts: list[Path], table: Table) -> ds.Dataset:
    """A table with today's columns: what an older version lacks is null, what a newer one has besides is not read."""
    files = [str(part) for part in parts]
    found = ds.dataset(files, format="parquet")
    if found.schema.names == table.schema.names:
        return found
    fields = [found.schema.field(f.name) if f.name in found.schema.names else f for f in table.schema]
    return ds.dataset(files, pa.schema(fields, found.schema.metadata), format="parquet")


def read_rows(output: Path, table: str, columns: Sequence[str] | None = None) -> list[Row]:
    """The rows of one table of an OUTPUT; a column it lacks is null, a table it lacks is empty."""
    parts = parts_of(output, table)
    if not parts:
        return []
    try:
        data = ds.dataset([str(part) for part in parts], format="parquet")
        present = data.schema.names if columns is None else [c for c in columns if c in data.schema.names]
        rows: list[Row] = data.to_table(columns=present).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{output / table}: cannot be read as Parquet ({error}); extract again") from error
    blank = dict.fromkeys(columns or ())
    return [blank | row for row in rows]
