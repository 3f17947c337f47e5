"""The tables in other forms, for people without Parquet: ``poytakirja export OUTPUT --format csv|xlsx|jsonl|duckdb``."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.dataset as ds

from poytakirja.archive import datapackage
from poytakirja.files import flush, hash_of, read_json, write_json
from poytakirja.publish.formula_escape import defused_column
from poytakirja.publish.stored import tables_of
from poytakirja.terminal import InputError, guarded, require_extra

Tables = Mapping[str, ds.Dataset]
CELL = 32_767
"""So many characters a cell of a spreadsheet holds; longer texts are cut, and it is said."""
SHEET = 1_048_576
"""So many rows a sheet holds, its head included; what is more goes on in another sheet."""
CUT = " … [cut]"
_FIRST_YEAR = 1900
"""Spreadsheets count days from here; earlier ones are written as text."""
_NOTE = "_run/exports.json"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def run(
    output: Path, form: str, place: Path | None = None, tables: Sequence[str] = (), *, quiet: bool = False, force: bool = False
) -> int:
    """Write the tables of OUTPUT, or some of them, in another form; a folder of files, or one file.

    Status 2 where it cannot be written, or where it would replace a file that is no unchanged export of OUTPUT (``force``: do).
    """
    return guarded(lambda: _export(output, form, place, tables, quiet, force))


def _export(output: Path, form: str, place: Path | None, wanted: Sequence[str], quiet: bool, force: bool) -> int:
    if form not in FORMS:
        raise InputError(f"--format {form}: choose one of {', '.join(FORMS)}")
    ending, files_of, write = FORMS[form]
    found = tables_of(output)
    if unknown := [name for name in wanted if name not in found]:
        raise InputError(f"--table {unknown[0]}: {output} holds {', '.join(found)}")
    home = output.absolute()
    place = place or home.with_name(home.name + ending)
    if place.resolve().is_relative_to(output.resolve()):
        raise InputError(f"{place}: lies in the tables themselves; name a place elsewhere with --out")
    chosen = {name: found[name] for name in wanted or found}
    files = [place / file for file in files_of(chosen)] if files_of(chosen) else [place]
    _check_own(output, files, force)
    try:
        write(chosen, place)
    except OSError as error:
        raise InputError(f"{error.filename or place}: {error.strerror or error}; name another place with --out") from error
    _note_own(output, files)
    if not quiet:
        print(place)
    return 0


# ---------------------------------------------------------------- files of the user's own are not replaced


def _check_own(output: Path, files: Sequence[Path], force: bool) -> None:
    """Refuse to replace a file, unless an export of OUTPUT wrote it and nobody has changed it since."""
    known = read_json(output / _NOTE) or {}
    for path in files:
        if path.is_file() and not force and known.get(_name_of(path)) != hash_of(path):
            raise InputError(
                f"{path}: is there already, and is no unchanged export; name another place with --out, or add --force"
            )


def _note_own(output: Path, files: Sequence[Path]) -> None:
    """Note what an export has written, beside the tables; where these cannot be written, the next export asks for --force."""
    if (output / _NOTE).parent.is_dir() and os.access((output / _NOTE).parent, os.W_OK):
        known = read_json(output / _NOTE) or {}
        write_json(output / _NOTE, {**known, **{_name_of(path): hash_of(path) for path in files if path.is_file()}})


def _name_of(path: Path) -> str:
    """A path as the note has it: nobody reads from it where exports lie."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]


@contextmanager
def _new(path: Path) -> Iterator[Path]:
    """A name to write a file under; it takes its place once it is whole and on the disk."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file with --out")
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.name}.*.new"):  # of an export that was killed
        left.unlink(missing_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        yield new
        flush(new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def _folder(place: Path) -> Path:
    if place.exists() and not place.is_dir():
        raise InputError(f"{place}: is no folder; name one with --out")
    place.mkdir(parents=True, exist_ok=True)
    return place


# ---------------------------------------------------------------- CSV


def _write_csv(tables: Tables, place: Path) -> None:
    """A file for each table, and their package: UTF-8 with its mark, commas, lists joined by spaces, formulas defused."""
    (_folder(place) / datapackage.NAME).unlink(missing_ok=True)  # it tells of files that change now
    for name, table in tables.items():
        with _new(place / f"{name}.csv") as path, path.open("wb") as file:
            file.write(_BYTE_ORDER_MARK)
            schema = pa.schema([(field.name, pa.string() if _is_list(field) else field.type) for field in table.schema])
            with pacsv.CSVWriter(file, schema) as writer:
                for batch in table.to_batches():
                    writer.write_batch(pa.RecordBatch.from_arrays([_flat(column) for column in batch.columns], schema=schema))
    datapackage.write_csv(place, tables)


def _is_list(field: pa.Field) -> bool:
    return bool(pa.types.is_list(field.type))


def _flat(column: pa.Array) -> pa.Array:
    """A column as CSV can hold it."""
    if pa.types.is_list(column.type):
        column = pc.binary_join(column, " ")
    return defused_column(column) if pa.types.is_string(column.type) else column


# ---------------------------------------------------------------- XLSX


def _write_xlsx(tables: Tables, place: Path) -> None:
    """A workbook with a sheet for each table. Texts are written as text, never as formulas or links."""
    require_extra("export", "query", "xlsxwriter")
    import xlsxwriter  # noqa: PLC0415 (an extra)

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with _new(place) as path, _workbook(xlsxwriter, path, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # the same tables give the same bytes
        forms = {
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            Decimal: book.add_format({"num_format": "# ##0.00"}),
            str: book.add_format({"bold": True, "bottom": 1}),
        }
        cut = sum(_sheets(book, name, table, forms) for name, table in tables.items())
    if cut:
        print(
            f"poytakirja: {cut} texts are longer than a cell holds and end in »{CUT.strip()}»; CSV has them whole",
            file=sys.stderr,
        )


@contextmanager
def _workbook(xlsxwriter: Any, path: Path, options: Mapping[str, bool]) -> Iterator[Any]:
    """A workbook to write; it is written where the context ends."""
    book = xlsxwriter.Workbook(str(path), options)
    yield book
    try:
        book.close()
    except xlsxwriter.exceptions.XlsxFileError as error:
        raise InputError(f"{path.parent}: cannot be written ({error}); name another place with --out") from error


def _sheets(book: Any, name: str, table: ds.Dataset, forms: Mapping[type, Any]) -> int:
    """A table as a sheet, or as many as it fills; gives how many texts were cut."""
    sheet: Any = None
    at = SHEET
    cut = sheets = 0
    columns = table.schema.names
    for row in _rows_of(table):
        if at == SHEET:
            sheets += 1
            sheet, at = _sheet(book, name if sheets == 1 else f"{name}_{sheets}", columns, forms), 1
        for n, column in enumerate(columns):
            cut += _write_cell(sheet, at, n, row[column], forms)
        at += 1
    if sheet is None:
        _sheet(book, name, columns, forms)
    return cut


def _rows_of(table: ds.Dataset) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(batch_size=10_000):
        yield from batch.to_pylist()


def _sheet(book: Any, name: str, columns: Sequence[str], forms: Mapping[type, Any]) -> Any:
    """An empty sheet with its head."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(columns):
        sheet.set_column(n, n, max(11, len(column) + 2))
        sheet.write_string(0, n, column, forms[str])
    return sheet


def _write_cell(sheet: Any, row: int, column: int, value: Any, forms: Mapping[type, Any]) -> bool:
    """A value as what it is; true where a text had to be cut."""
    match value:
        case None:
            return False
        case bool():
            sheet.write_boolean(row, column, value)
        case dt.date() if value.year < _FIRST_YEAR:
            sheet.write_string(row, column, value.isoformat())
        case dt.date():
            sheet.write_datetime(row, column, value, forms[type(value)])
        case Decimal():
            sheet.write_number(row, column, value, forms[Decimal])
        case int() | float():
            sheet.write_number(row, column, value)
        case _:
            text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
            cut = _units(text) > CELL
            sheet.write_string(row, column, text[: CELL // 2 - len(CUT)] + CUT if cut else text)
            return cut
    return False


def _units(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text.encode("utf-16-le")) // 2


# ---------------------------------------------------------------- JSON lines, DuckDB


def _write_jsonl(tables: Tables, place: Path) -> None:
    """A file for each table, a JSON object for each row; sums with both decimals, days as ISO dates."""
    with _duckdb() as connection:
        for name, table in tables.items():
            connection.register(name, table)
            with _new(_folder(place) / f"{name}.jsonl") as path:
                connection.execute(f'COPY (SELECT * FROM "{name}") TO {_quoted(str(path))} (FORMAT json)')


def _write_duckdb(tables: Tables, place: Path) -> None:
    """A database file with each table, its meaning and those of its columns as comments."""
    with _new(place) as path, _duckdb(str(path)) as connection:
        for name, table in tables.items():
            connection.register("given", table)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')
            connection.execute(f'COMMENT ON TABLE "{name}" IS {_quoted(_meaning(table.schema.metadata))}')
            for field in table.schema:
                meaning = _quoted(_meaning(field.metadata))
                connection.execute(f'COMMENT ON COLUMN "{name}"."{field.name}" IS {meaning}')


@contextmanager
def _duckdb(path: str = ":memory:") -> Iterator[Any]:
    require_extra("export", "query", "duckdb")
    import duckdb  # noqa: PLC0415 (an extra)

    with duckdb.connect(path) as connection:
        try:
            yield connection
        except duckdb.Error as error:
            raise InputError(f"{error}; name another place with --out") from error


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _meaning(metadata: Mapping[bytes, bytes] | None) -> str:
    return (metadata or {}).get(b"description", b"").decode()


FORMS: dict[str, tuple[str, Callable[[Tables], list[str]], Callable[[Tables, Path], None]]] = {
    "csv": ("-csv", lambda tables: [*(f"{name}.csv" for name in tables), datapackage.NAME], _write_csv),
    "xlsx": (".xlsx", lambda _: [], _write_xlsx),
    "jsonl": ("-jsonl", lambda tables: [f"{name}.jsonl" for name in tables], _write_jsonl),
    "duckdb": (".duckdb", lambda _: [], _write_duckdb),
}
"""By name: how the place is called if nobody names one, the files in it (none: it is a file itself), and what writes them."""
