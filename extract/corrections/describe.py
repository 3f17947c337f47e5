"""A reviewer's word on a row becomes a correction: checked, and with all by which its place is found again."""

from __future__ import annotations

from collections.abc import Mapping

from poytakirja.corrections.anchors import Anchor
from poytakirja.corrections.document_rows import FACTS, DocumentRows, Place, Row
from poytakirja.corrections.names import Shown, check_name
from poytakirja.corrections.resolve import KNOWN_BY
from poytakirja.corrections.store import WHOLE_ROW, Action, Correction
from poytakirja.corrections.values import as_text, column_of, parse, row_value
from poytakirja.errors import UsageError


def correction(
    rows: DocumentRows, table: str, row: Row, field: str, action: Action, typed: str | None = None, by: str | None = None
) -> Correction:
    """What is said of a value (or, field ``*``, of a row) as a line of the file of corrections.

    Raises UsageError where that cannot be said: an unknown field, a value that is none, a row that cannot be rejected.
    """
    shown = Shown.of(rows.document["persons_mode"])
    was = value = None
    if field == WHOLE_ROW:
        if action == "change" or table in ("documents", "items"):
            raise UsageError(f"rows of {table} cannot be {'changed' if action == 'change' else action + 'ed'} as a whole")
    else:
        column = column_of(table, field)
        was = as_text(row_value(row, field))
        if action == "change":
            check_name(shown, field, typed)
            value = as_text(parse(table, field, typed or ""))
        elif action == "confirm":
            value = was
            if was is None:
                raise UsageError(f"{field}: there is no value to confirm")
        elif not column.nullable and table in FACTS and field not in (KNOWN_BY[table][0], "value_eur", "organisation_name"):
            raise UsageError(f"{field}: every row of {table} has a value there: change it, or reject the row")
    entry, place = _anchors(rows, table, row, field)
    line = Correction(
        action, rows.document["sha256"], rows.document["source"], table, _row_id(table, row), field, was, value, by,
        entry, place, _record(table, row),
    )  # fmt: skip
    return shown.line(line)


def addition(
    rows: DocumentRows, table: str, place: Place, values: Mapping[str, str], owner: Row | None = None, by: str | None = None
) -> Correction:
    """A project, or a fact of a project (``owner``) or of none, that was missed; ``place`` is the text that says it."""
    start, end = place
    if table not in ("projects", *FACTS):
        raise UsageError(f"{table}: no row can be added there, only to projects, {', '.join(FACTS)}")
    if not 0 <= start < end <= len(rows.text):
        raise UsageError(f"{start}-{end}: is no stretch of the text, which has {len(rows.text)} characters")
    shown = Shown.of(rows.document["persons_mode"])
    record = {}
    for field, typed in values.items():
        check_name(shown, field, typed)
        column_of(table, field)
        record[field] = as_text(parse(table, field, typed)) or ""
    needed = {"projects": "project_name", "amounts": "value_eur", "persons": "person_name", "organisations": "organisation_name"}
    lacking = [field for field in (KNOWN_BY[table][0], needed.get(table)) if field and field not in record]
    if lacking and not (lacking == ["person_name"] and shown.mode == "drop"):
        raise UsageError(f"a new row of {table} needs {' and '.join(lacking)}")
    entry = Anchor.of(rows.text, *rows.span_of("projects", owner)) if owner is not None else None
    line = Correction(
        "add", rows.document["sha256"], rows.document["source"], table, owner["project_id"] if owner else None, WHOLE_ROW,
        by=by, entry=entry, place=Anchor.of(rows.text, start, end), record=record,
    )  # fmt: skip
    return shown.line(line)


def _row_id(table: str, row: Row) -> str | None:
    return row.get({"documents": "document_id", "items": "item_id"}.get(table, "project_id"))


def _record(table: str, row: Row) -> dict[str, str]:
    """The values that a row is known by, or made again with."""
    extra = {"amounts": ("approximate", "party"), "persons": ("role", "acting"), "organisations": ("funder_code", "business_id")}
    fields = [*KNOWN_BY[table], *extra.get(table, ())]
    return {field: text for field in fields if (text := as_text(row_value(row, field))) is not None}


def _anchors(rows: DocumentRows, table: str, row: Row, field: str) -> tuple[Anchor | None, Anchor | None]:
    """The place of the row (of a fact: of its project), and that of the value, where it has one of its own."""
    if table in FACTS:
        owner = rows.project_of(row)
        entry = Anchor.of(rows.text, *rows.span_of("projects", owner)) if owner else None
        return entry, Anchor.of(rows.text, row["char_start"], row["char_end"])
    span = rows.span_of(table, row)
    known = rows.evidence_of(table, row, field)
    place = (known["char_start"], known["char_end"]) if known else None
    entry = None if table == "documents" else Anchor.of(rows.text, *span)
    return entry, Anchor.of(rows.text, *place) if place and place != span else None
