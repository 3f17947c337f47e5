"""What the tables hold, as a machine reads it: ``OUTPUT/datapackage.json``, a Data Package (Frictionless, version 2).

It says of each table its columns, types, closed lists of values, keys and references, and names its files. The same tables give
the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from poytakirja.archive.ledger import Ledger
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.files import hash_of, write_json
from poytakirja.tables import columns, versions
from poytakirja.tables.schema import TABLES, Column, Table

NAME = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {
    columns.TEXT: "string",
    columns.BOOL: "boolean",
    columns.COUNT: "integer",
    columns.OFFSET: "integer",
    columns.REAL: "number",
    columns.DATE: "date",
    columns.TIME: "datetime",
    columns.EURO: "number",
    columns.TEXTS: "list",
}
_CSV_TIME = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a table: its path from the package, its rows and bytes, its content's SHA-256."""

    path: str
    rows: int
    bytes: int
    hash: str


def clear(place: OutputFolder) -> None:
    """Take the package of OUTPUT away, before what it tells of changes: whoever dies meanwhile leaves none that is wrong."""
    (place.out / NAME).unlink(missing_ok=True)


def write(place: OutputFolder, ledger: Ledger) -> None:
    """Write the package of OUTPUT, for the parts that stand in it."""
    found = {
        name: [
            Part(f"{name}/{part}.parquet", entry.rows[name], entry.sizes[name], f"sha256:{entry.hashes[name]}")
            for part, entry in sorted(ledger.items())
            if name in entry.sizes
        ]
        for name in TABLES
    }
    write_parquet(place.out, found)


def write_parquet(folder: Path, parts: Mapping[str, Sequence[Part]]) -> None:
    """Write the package of a folder that holds a folder of Parquet files for each table; one without files is left out."""
    found = {name: own for name, own in parts.items() if own}
    write_json(folder / NAME, _package([_parquet(TABLES[name], own, found) for name, own in found.items()]))


def write_csv(folder: Path, files: Iterable[str]) -> None:
    """Write the package of a folder that holds a CSV file for each of these tables."""
    found = list(files)
    write_json(folder / NAME, _package([_csv(TABLES[name], folder / f"{name}.csv", found) for name in found]))


def _package(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": _PROFILE,
        "name": "poytakirja",
        "title": "Projects in minutes of Finnish municipalities",
        "schema_version": columns.SCHEMA_VERSION,
        "versions": asdict(versions.versions()),
        "resources": resources,
    }


def _parquet(table: Table, parts: Sequence[Part], present: Collection[str]) -> dict[str, Any]:
    """A table as a folder of Parquet files: the whole of it is what the folder holds, so the folder is its path.

    Parquet files cannot be put one after the other, as the standard wants of a list of paths, and the frictionless library takes
    the first of such a list for the whole. The files are told under ``parts``.
    """
    return {
        **_resource(table, table.name),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "rows": sum(part.rows for part in parts),
        "schema": {**_schema(table, [_field_of_parquet(c) for c in table.columns], present), "missingValues": []},
        "parts": [asdict(part) for part in parts],
    }


def _csv(table: Table, path: Path, present: Collection[str]) -> dict[str, Any]:
    """A table as one CSV file."""
    return {
        **_resource(table, path.name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{hash_of(path)}",
        "schema": _schema(table, [_field_of_csv(c, c.name in table.key) for c in table.columns], present),
    }


def _resource(table: Table, path: str) -> dict[str, Any]:
    return {"name": table.name, "type": "table", "path": path, "description": table.meaning}


def _schema(table: Table, fields: list[dict[str, Any]], present: Collection[str]) -> dict[str, Any]:
    """A table's columns, its key, and its references to the tables that are there."""
    references = [
        {"fields": [name], "reference": {"resource": other, "fields": [column]}}
        for name, (other, column) in table.references.items()
        if other in present
    ]
    key = {"primaryKey": list(table.key)} if table.key else {}
    return {"fields": fields, **key, **({"foreignKeys": references} if references else {})}


# ---------------------------------------------------------------- columns


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.meaning}
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.words:
        constraints["enum"] = column.words
    return {**field, "constraints": constraints} if constraints else field


def _field_of_parquet(column: Column) -> dict[str, Any]:
    """A column with its Parquet type.

    The frictionless library reads by pandas, which makes arrays of lists, and NaN of nulls among integers; it would refuse what
    is right, were it not told so.
    """
    field = {**_field(column), "arrowType": columns.TYPE_NAMES[column.type]}
    if column.type == columns.TEXTS:
        field["type"] = "any"
    if column.type in (columns.COUNT, columns.OFFSET) and column.nullable:
        field["missingValues"] = ["nan"]
    return field


def _field_of_csv(column: Column, is_key: bool) -> dict[str, Any]:
    """A column as CSV has it, where an empty text or list and none are the same."""
    field = _field(column)
    if column.type in (columns.TEXT, columns.TEXTS) and not is_key:
        field.get("constraints", {}).pop("required", None)
    if column.type == columns.TIME:
        field["format"] = _CSV_TIME
    if column.type == columns.TEXTS:
        field["delimiter"] = " "
    return {name: value for name, value in field.items() if value != {}}
