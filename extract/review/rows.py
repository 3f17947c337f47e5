"""The rows of one document of an OUTPUT, and the row that an id names.

Documents, items and projects have ids. A fact is named by its table and place: ``DOCUMENT_ID/amounts@1204``, with its kind, part
or role where several are there: ``DOCUMENT_ID/amounts@1204:grant``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.dataset as ds

from poytakirja.corrections.document_rows import FACTS, DocumentRows, Row
from poytakirja.corrections.resolve import KNOWN_BY
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.publish.stored import tables_of
from poytakirja.tables.schema import ACROSS, TABLES
from poytakirja.terminal import InputError

_ROW_ID = re.compile(r"(?P<document>[0-9a-f]{16})(?:/(?:(?P<kind>[ip])\d+|(?P<table>[a-z]+)@(?P<at>\d+)(?::(?P<word>\w+))?))?")


def document_rows(output: Path, document_id: str) -> DocumentRows:
    """The rows of a document as the tables have them; UsageError where there is no such document."""
    try:
        tables = tables_of(output)
    except InputError as error:
        raise UsageError(str(error)) from error
    found: dict[str, list[Row]] = {}
    for name in TABLES:
        if name not in ACROSS:
            rows = tables[name].to_table(filter=ds.field("document_id") == document_id) if name in tables else None
            found[name] = rows.to_pylist() if rows is not None else []
    if not found["documents"]:
        raise UsageError(f"{document_id}: is no document of {printable(str(output))}")
    return DocumentRows(found)


def find_row(output: Path, row_id: str) -> tuple[DocumentRows, str, Row]:
    """The row that an id names: its document's rows, its table and itself; UsageError where there is none."""
    named = _ROW_ID.fullmatch(row_id)
    if named is None:
        raise UsageError(f"{row_id}: is no id of a row: give document_id, item_id, project_id or DOCUMENT_ID/amounts@CHAR_START")
    rows = document_rows(output, named["document"])
    if named["table"]:
        return rows, named["table"], _fact(rows, named["table"], int(named["at"]), named["word"])
    table = {"i": "items", "p": "projects", None: "documents"}[named["kind"]]
    row = rows.by_id(table, row_id)
    if row is None:
        raise UsageError(f"{row_id}: is not in {table}")
    return rows, table, row


def _fact(rows: DocumentRows, table: str, at: int, word: str | None) -> Row:
    if table not in FACTS:
        raise UsageError(f"{table}: is no table of facts; these are: {', '.join(FACTS)}")
    known_by = KNOWN_BY[table][0]
    found = [row for row in rows.tables[table] if row["char_start"] == at and word in (None, row[known_by])]
    if len(found) != 1:
        several = ", ".join(sorted({row[known_by] for row in found}))
        raise UsageError(f"{table}@{at}: " + (f"there are several: add one of :{several}" if found else "no row begins there"))
    return found[0]
