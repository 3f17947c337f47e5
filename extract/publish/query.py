"""SQL over the tables of a run, by DuckDB: ``poytakirja sql OUTPUT "select …"``.

The tables are views; a query reads them and nothing else. Before it runs, DuckDB's access to files, extensions and the network is
shut and its settings are locked, so that no file can be read or written whatever the query says.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from poytakirja.files import printable
from poytakirja.publish.formula_escape import defused
from poytakirja.publish.stored import tables_of
from poytakirja.terminal import InputError, guarded, require_extra, show

Format = Literal["auto", "table", "csv", "json", "jsonl"]
FORMATS = ("auto", "table", "csv", "json", "jsonl")
SHOWN = 500
"""So many rows are shown on a terminal."""
_BATCH = 2000


def run(output: Path, sql: str, form: str = "auto") -> int:
    """Print what a query gives: ``auto`` is a table on a terminal, CSV in a pipe. Status 2 where it cannot be run."""
    return guarded(lambda: _query(output, sql, form))


def connect(output: Path) -> Any:
    """A connection that sees the tables of OUTPUT as views, and no file."""
    require_extra("sql", "query", "duckdb")
    import duckdb  # noqa: PLC0415 (an extra)

    connection = duckdb.connect(":memory:")
    for name, table in tables_of(output).items():
        connection.register(name, table)
    for setting in (
        "python_enable_replacements = false",
        "temp_directory = ''",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


def _query(output: Path, sql: str, form: str) -> int:
    if form not in FORMATS:
        raise InputError(f"--format {form}: choose one of {', '.join(FORMATS)}")
    connection = connect(output)
    import duckdb  # noqa: PLC0415 (an extra)

    try:
        statements = connection.extract_statements(sql)
        kinds = [statement.type for statement in statements]
        if len(kinds) != 1 or kinds[0] not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
            raise InputError("give one query that only reads: SELECT, WITH, DESCRIBE, SUMMARIZE, SHOW TABLES or EXPLAIN")
        connection.execute(statements[0])
        columns = [column[0] for column in connection.description]
        console = Console()
        _WRITERS["table" if form == "auto" and console.is_terminal else form](columns, _rows(connection), console)
    except duckdb.Error as error:
        raise InputError(printable(str(error), escape_lines=False)) from error
    return 0


def _rows(connection: Any) -> Iterator[Sequence[Any]]:
    while batch := connection.fetchmany(_BATCH):
        yield from batch


def _table(columns: Sequence[str], rows: Iterator[Sequence[Any]], console: Console) -> None:
    shown = [
        [printable(_told(value)) for _, value in zip(columns, row, strict=True)]
        for _, row in zip(range(SHOWN), rows, strict=False)
    ]
    more = sum(1 for _ in rows)
    show(console, f"{len(shown) + more} rows", columns, shown, numeric=False)
    if more:
        print(f"poytakirja: {more} more rows: use LIMIT, or --format csv", file=sys.stderr)


def _csv(columns: Sequence[str], rows: Iterator[Sequence[Any]], console: Console) -> None:
    writer = csv.writer(console.file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        [defused(_told(value)) if isinstance(value, str | list | tuple) else _told(value) for value in row] for row in rows
    )


def _json(columns: Sequence[str], rows: Iterator[Sequence[Any]], console: Console) -> None:
    console.file.write("[")
    for n, line in enumerate(_lines(columns, rows)):
        console.file.write((",\n " if n else "\n ") + line)
    console.file.write("\n]\n")


def _jsonl(columns: Sequence[str], rows: Iterator[Sequence[Any]], console: Console) -> None:
    console.file.writelines(line + "\n" for line in _lines(columns, rows))


def _lines(columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[str]:
    """Each row as a JSON object."""
    return (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=_plain) for row in rows)


def _plain(value: Any) -> float | str:
    """What JSON has no word for: a sum as a number, a day as text."""
    return float(value) if isinstance(value, Decimal) else str(value)


def _told(value: Any) -> str:
    """A value as text: null is empty, a list its members."""
    if value is None:
        return ""
    return " ".join(map(_told, value)) if isinstance(value, list | tuple) else str(value)


_WRITERS = {"auto": _csv, "table": _table, "csv": _csv, "json": _json, "jsonl": _jsonl}
