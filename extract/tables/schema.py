"""What the tables hold, told once: the source of the Arrow schemas, datapackage.json, docs/tables.md and the contract's test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

Row = tuple[Any, ...]

SCHEMA_VERSION = "1.0.0"
"""The version of all that stands here. docs/schema.md tells which number a change raises; `make schema` holds one to it."""


def is_readable(version: str) -> bool:
    """Whether tables of this version can be read: columns may be missing, but none means another thing.

    >>> is_readable(SCHEMA_VERSION), is_readable("none")
    (True, False)
    """
    return version.split(".")[:1] == SCHEMA_VERSION.split(".")[:1]


def is_same(version: str) -> bool:
    """Whether tables of this version have the same columns, so that their rows can stand beside new ones."""
    return version.split(".")[:2] == SCHEMA_VERSION.split(".")[:2]


TEXT, BOOL, COUNT, OFFSET, REAL = pa.string(), pa.bool_(), pa.int32(), pa.int64(), pa.float32()
DATE, TIME, EURO = pa.date32(), pa.timestamp("s"), pa.decimal128(16, 2)
TEXTS = pa.list_(pa.field("element", TEXT))

_WORDS = re.compile(r"[\w/]+(?: \| [\w/]+)+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``evident``: read from the text, so that each value has a row in ``evidence``.

    A meaning that begins with words between bars (``ok | partial``) lists all the values there are.
    """

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = True
    evident: bool = False

    @property
    def words(self) -> list[str]:
        """All the values there are; empty where that is an open matter."""
        listed = _WORDS.match(self.meaning)
        return listed.group().split(" | ") if listed else []


@dataclass(frozen=True)
class Table:
    """A table of the output. No two rows have the same values in the columns of ``key``; facts have none."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema, meanings in the metadata."""
        fields = [pa.field(c.name, c.type, c.nullable, {"description": c.meaning}) for c in self.columns]
        return pa.schema(fields, {"description": self.meaning, "schema_version": SCHEMA_VERSION})

    @property
    def references(self) -> dict[str, tuple[str, str]]:
        """The columns that name a row of another table, and that table and its column."""
        found = {c.name: _REFERENCES.get(c.name) for c in self.columns}
        return {name: place for name, place in found.items() if place and place != (self.name, name)}

    def row(self, **values: Any) -> Row:
        """A row by column name, null where nothing is said."""
        row = tuple(values.pop(c.name, None) for c in self.columns)
        if values:
            raise TypeError(f"{self.name} has no column {', '.join(values)}")
        return row

    def batch(self, rows: Sequence[Row]) -> pa.RecordBatch:
        """Rows, each with a value for every column in order, as Arrow columns."""
        values = zip(*rows, strict=True) if rows else ((),) * len(self.columns)
        arrays = [pa.array(column, c.type) for column, c in zip(values, self.columns, strict=True)]
        for array, c in zip(arrays, self.columns, strict=True):
            if array.null_count and not c.nullable:
                raise ValueError(f"{self.name}.{c.name} must not be null")
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def _must(name: str, kind: pa.DataType, meaning: str) -> Column:
    return Column(name, kind, meaning, nullable=False)


def _may(name: str, kind: pa.DataType, meaning: str) -> Column:
    return Column(name, kind, meaning)


def _read(name: str, kind: pa.DataType, meaning: str) -> Column:
    return Column(name, kind, meaning, evident=True)


_DOCUMENT = _must("document_id", TEXT, "The document.")
_PRECISION = "day | month | year: as exactly as the text says it; a month or year is widened to its first or last day."
_PLACE = (
    _must("page_no", COUNT, "The page, from 1, on which it begins."),
    _must("char_start", OFFSET, "Where it begins in the canonical text, in Unicode code points."),
    _must("char_end", OFFSET, "Where it ends, exclusive."),
)
_OWNER = (
    _DOCUMENT,
    _may("item_id", TEXT, "The agenda item, null where it belongs to none."),
    _may("project_id", TEXT, "The project, null where it belongs to none."),
)
_MENTION = (
    _must("surface", TEXT, "The words of the text, exactly text[char_start:char_end]."),
    _must("rule_id", TEXT, "The rule that read it."),
    *_PLACE,
)
_TIME = (
    _may("start_date", DATE, "First day, inclusive."),
    _may("start_precision", TEXT, _PRECISION),
    _may("end_date", DATE, "Last day, inclusive."),
    _may("end_precision", TEXT, _PRECISION),
)

DOCUMENTS = Table(
    "documents",
    "One row per input file, failed ones too.",
    (
        _must("source", TEXT, "The path as given, with the file's place in a given folder added; unique."),
        _may("document_id", TEXT, "First 16 hex digits of the content's SHA-256; null where status is failed or duplicate."),
        _may("sha256", TEXT, "SHA-256 of the content; null where the file could not be read at all."),
        _may("media_type", TEXT, "text/plain | application/pdf."),
        _must("status", TEXT, "ok | partial | failed | duplicate."),
        _may("duplicate_of", TEXT, "document_id of the first source with the same content."),
        _may(
            "error_code",
            TEXT,
            "empty | unsupported | unreadable | encrypted | broken | no_text_layer | too_large | timeout | out_of_memory "
            "| crashed | internal.",
        ),
        _may("error", TEXT, "What happened and what to do."),
        _may("reader", TEXT, "text | pdf | pdf_tagged | pdfplumber | ocr."),
        _may(
            "recogniser", TEXT, "Where scanned pages were read: what recognised their text, with version, languages and models."
        ),
        _may("confidence", REAL, "How sure it was of the words it read, 0–1: the mean of them all."),
        _may("page_count", COUNT, "Number of pages."),
        _may("char_count", OFFSET, "Length of the canonical text in code points."),
        _may("language", TEXT, "fi | sv: the language of most of the text."),
        _read("organisation", TEXT, "Whose minutes they are, in base form (Lapuan kaupunki)."),
        _read("municipality_code", TEXT, "Three digits, Statistics Finland; from the organisation's name."),
        _read("body", TEXT, "The body that met, toimielin (Sivistyslautakunta)."),
        _read("document_kind", TEXT, "minutes | agenda | extract | list | other (nothing says what it is)."),
        _read("meeting_number", TEXT, 'Number of the meeting ("4/2025").'),
        _read("meeting_date", DATE, "Day of the meeting."),
        _read("meeting_start", TIME, "Beginning of the meeting, Finnish local time."),
        _read("meeting_end", TIME, "End of the meeting, Finnish local time."),
        _read("meeting_place", TEXT, "Where they met."),
        _read("stated_project_count", COUNT, "How many projects the text itself says it lists."),
        _may("persons_mode", TEXT, "keep | hash | drop: what became of persons' names; null where the file gave no rows."),
        _must("software_version", TEXT, "Version of the software, with a hash of its source."),
        _must("rules_version", TEXT, "Hash of the rules and vocabulary; after a plus, that of rules of one's own."),
        _may("model_version", TEXT, "Hash of the person recogniser's model, null where there is none."),
    ),
    key=("source",),
)

PAGES = Table(
    "pages",
    "The canonical text: all pages in order, nothing between.",
    (
        _DOCUMENT,
        _must("page_no", COUNT, "Number of the page, from 1."),
        _must("char_start", OFFSET, "Where the page begins in the canonical text."),
        _must("text", TEXT, "Its text: NFC, NBSP as space, no zero-width or soft hyphens, lines ended by a line feed."),
        _may("confidence", REAL, "Of a scanned page: how sure text recognition was of its words, 0–1, the mean; else null."),
    ),
    key=("document_id", "page_no"),
)

ITEMS = Table(
    "items",
    "One row per agenda item (pykälä); a text without § has none.",
    (
        _must("item_id", TEXT, "document_id + /i + ordinal."),
        _DOCUMENT,
        _must("ordinal", COUNT, "Its place in the document, from 0."),
        _read("number", COUNT, "Number of the item."),
        _read("number_label", TEXT, "The number as printed (12 a §)."),
        _read("title", TEXT, "Title."),
        _read("case_id", TEXT, "Case number (diaarinumero)."),
        _read("proposal", TEXT, "The proposal (päätösehdotus), without its heading."),
        _read("decision", TEXT, "The decision (päätös), without its heading."),
        *_PLACE,
    ),
    key=("item_id",),
)

CELLS = Table(
    "cells",
    "Tables as they stand in the document, one row per cell.",
    (
        _DOCUMENT,
        _may("item_id", TEXT, "The agenda item in which the table stands."),
        _must("table_no", COUNT, "Number of the table in the document, from 0."),
        _must("row", COUNT, "Row in the table, from 0."),
        _must("col", COUNT, "Column in the table, from 0."),
        _must("is_header", BOOL, "Whether it is a heading."),
        _must("text", TEXT, "Its text on one line; a token broken by a narrow column is joined."),
        *_PLACE,
    ),
    key=("document_id", "table_no", "row", "col"),
)

PROJECTS = Table(
    "projects",
    "One row per project entry (hanke).",
    (
        _must("project_id", TEXT, "document_id + /p + ordinal."),
        _DOCUMENT,
        _may("item_id", TEXT, "The agenda item in which the entry stands."),
        _must("ordinal", COUNT, "Its place in the document, from 0."),
        _must("layout", TEXT, "numbered | bulleted | labelled | table_row | item | prose."),
        _read("entry_number", TEXT, "Number or letter of the entry, without bracket or full stop."),
        _read("section", TEXT, "The nearest heading above the list, or the table's caption."),
        _read("project_name", TEXT, "Name as printed."),
        _may("project_name_base", TEXT, "The name in base form where its case ending can be undone safely, else as printed."),
        _read("project_code", TEXT, "Cost centre, project number or case number printed with the entry."),
        _read("status", TEXT, "granted | rejected | applied | planned | running | ended."),
        _read("municipality_role", TEXT, "lead | co_implementer | partner | participant: what the publishing municipality is."),
        _read("start_date", DATE, "First day of the project, inclusive."),
        _read("start_precision", TEXT, _PRECISION),
        _read("end_date", DATE, "Last day of the project, inclusive."),
        _read("end_precision", TEXT, _PRECISION),
        _must("funder_codes", TEXTS, "Codes of those who pay, sorted (EAKR, ESR, OKM …); empty where none is said."),
        _read("total_cost_eur", EURO, "The amount of kind total_cost, if there is exactly one."),
        _read("municipal_share_eur", EURO, "The amount of kind municipal_share, if there is exactly one."),
        _read("own_contribution_eur", EURO, "The amount of kind own_contribution, if there is exactly one."),
        _read("grant_eur", EURO, "The amount of kind grant, if there is exactly one."),
        _read("applied_grant_eur", EURO, "The amount of kind applied_grant, if there is exactly one."),
        _read("contact_name", TEXT, "The first project_contact, in base form; as person_name in persons_mode hash and drop."),
        _read("contact_role", TEXT, "That person's role, in base form."),
        _must("text", TEXT, "The entry, cleaned of page headers; need not equal the slice."),
        *_PLACE,
    ),
    key=("project_id",),
)

AMOUNTS = Table(
    "amounts",
    "Sums of money: one row per distinct value of a project.",
    (
        *_OWNER,
        _must(
            "kind",
            TEXT,
            "total_cost | municipal_share | own_contribution | grant | applied_grant | partner_share | earmarked | annual "
            "| loan | other.",
        ),
        _must("value_eur", EURO, "The sum in euros."),
        _must("approximate", BOOL, "Whether the text says about, at most, at least, or rounds."),
        _may("year", COUNT, "The year of an annual sum, else null."),
        _may("party", TEXT, "Whose share or grant it is."),
        *_MENTION,
    ),
)

PERIODS = Table(
    "periods",
    "Times: one row per distinct value of a project.",
    (
        *_OWNER,
        _must("kind", TEXT, "duration | transfer | deadline | other (a school year or season: null dates)."),
        *_TIME,
        *_MENTION,
    ),
)

PERSONS = Table(
    "persons",
    "People: one row per part in an item, project or meeting, and one per mention with part mentioned.",
    (
        *_OWNER,
        _must(
            "part",
            TEXT,
            "chair | member | deputy | secretary | other_attendee | absent | minutes_checker | signatory | preparer | presenter "
            "| project_contact | mentioned: the first eight of the meeting, the next two of an item.",
        ),
        _may("person_name", TEXT, "Name in base form, given name first; a token in persons_mode hash, null in drop."),
        _may("given_name", TEXT, "Given name in base form; null in persons_mode hash and drop."),
        _may("family_name", TEXT, "Family name in base form; null in persons_mode hash and drop."),
        _may("role", TEXT, "Title in lower-case base form, without vs. or vt. (projektipäällikkö)."),
        _must("acting", BOOL, "Whether the title is acting (vs., vt.)."),
        _must("method", TEXT, "cue | list | ner: how the person was found."),
        _must("confidence", REAL, "0…1."),
        *_MENTION,
    ),
)

ORGANISATIONS = Table(
    "organisations",
    "Organisations in their roles.",
    (
        *_OWNER,
        _must("organisation_name", TEXT, "Name in base form."),
        _must("role", TEXT, "implementer | co_implementer | coordinator | applicant | partner | beneficiary | funder."),
        _may("funder_code", TEXT, "Code of a known payer (EAKR, OKM …)."),
        _may("business_id", TEXT, "Business id (Y-tunnus)."),
        *_MENTION,
    ),
)

EVIDENCE = Table(
    "evidence",
    "Where the other values stand: one row per value of documents, items and projects that was read from the text.",
    (
        _DOCUMENT,
        _must("table", TEXT, "documents | items | projects."),
        _must("row_id", TEXT, "document_id, item_id or project_id."),
        _must("field", TEXT, "The column."),
        *_MENTION,
    ),
)

PROJECT_LINKS = Table(
    "project_links",
    "Which entries describe the same project.",
    (
        _must("project_id", TEXT, "The entry."),
        _must("project_key", TEXT, "The project: entries with the same key describe the same one."),
        _must("score", REAL, "How sure the entry's surest link is, 0…1; 1 where an entry stands alone."),
        _may("reason", TEXT, "With which entry, and the evidence in words (links.md); null where an entry stands alone."),
    ),
    key=("project_id",),
)

LATEST_VALUES = {
    "project_name": "project_name_from",
    "status": "status_from",
    "start_date": "start_from",
    "end_date": "end_from",
    "funder_codes": "funder_codes_from",
    "total_cost_eur": "total_cost_from",
    "municipal_share_eur": "municipal_share_from",
    "own_contribution_eur": "own_contribution_from",
    "grant_eur": "grant_from",
    "applied_grant_eur": "applied_grant_from",
}
"""The columns of projects of which projects_latest has the newest, and the column that names the entry which states it."""


def _from(name: str) -> Column:
    return _may(name, TEXT, "project_id of the newest entry that states it, from which it is taken.")


def _sum(kind: str) -> tuple[Column, Column]:
    return _may(f"{kind}_eur", EURO, f"The newest {kind}_eur that an entry states."), _from(f"{kind}_from")


PROJECTS_LATEST = Table(
    "projects_latest",
    "One row per project, however many entries tell of it: each value from the newest entry that states it.",
    (
        _must("project_key", TEXT, "The project, as in project_links."),
        _may("project_name", TEXT, "Name as the newest entry prints it."),
        _from("project_name_from"),
        _may("municipality_code", TEXT, "Of the newest document that has one; others may tell of the project too."),
        _may("organisation", TEXT, "Whose minutes that document holds, in base form."),
        _may("status", TEXT, "granted | rejected | applied | planned | running | ended."),
        _from("status_from"),
        _may("start_date", DATE, "First day, inclusive."),
        _may("start_precision", TEXT, _PRECISION),
        _from("start_from"),
        _may("end_date", DATE, "Last day, inclusive."),
        _may("end_precision", TEXT, _PRECISION),
        _from("end_from"),
        _must("funder_codes", TEXTS, "Codes of those who pay, of one entry, sorted; empty where no entry says any."),
        _from("funder_codes_from"),
        *_sum("total_cost"),
        *_sum("municipal_share"),
        *_sum("own_contribution"),
        *_sum("grant"),
        *_sum("applied_grant"),
        _must("entry_count", COUNT, "How many entries tell of it."),
        _must(
            "project_ids",
            TEXTS,
            "Those entries, the oldest first: undated ones, then by meeting_date; else by source.",
        ),
        _must("document_ids", TEXTS, "Their documents, in the same order."),
        _may("first_meeting_date", DATE, "Day of the first meeting that tells of it."),
        _may("last_meeting_date", DATE, "Day of the last one."),
    ),
    key=("project_key",),
)

FINDINGS = Table(
    "findings",
    "What a reader should look at.",
    (
        *_OWNER,
        _must("severity", TEXT, "info | warning | error."),
        _must("code", TEXT, "What kind of finding: findings.md lists them all."),
        _must("message", TEXT, "What was found, in words."),
        *(_may(c.name, c.type, c.meaning) for c in _PLACE),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        DOCUMENTS,
        PAGES,
        ITEMS,
        CELLS,
        PROJECTS,
        AMOUNTS,
        PERIODS,
        PERSONS,
        ORGANISATIONS,
        EVIDENCE,
        PROJECT_LINKS,
        PROJECTS_LATEST,
        FINDINGS,
    )
}

ACROSS = (PROJECT_LINKS.name, PROJECTS_LATEST.name)
"""The tables that are made of all documents together."""

_REFERENCES = {
    "document_id": ("documents", "document_id"),
    "duplicate_of": ("documents", "document_id"),
    "item_id": ("items", "item_id"),
    "project_id": ("projects", "project_id"),
    "project_key": ("projects_latest", "project_key"),
    **dict.fromkeys(LATEST_VALUES.values(), ("projects", "project_id")),
}
"""Columns that name a row of another table, wherever they stand: that table, and its column."""

TYPE_NAMES = {
    TEXT: "string",
    BOOL: "bool",
    COUNT: "int32",
    OFFSET: "int64",
    REAL: "float32",
    DATE: "date32",
    TIME: "timestamp[s]",
    EURO: "decimal128(16, 2)",
    TEXTS: "list<string>",
}
"""What the docs call the types."""
