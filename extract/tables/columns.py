"""What a table and a column are, the version of the schema, and the columns that several tables share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

Row = tuple[Any, ...]

SCHEMA_VERSION = "2.2.0"
"""The version of all the tables. docs/schema.md tells which number a change raises; `make schema` holds one to it."""


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

_WORD = r"\w(?:[\w/.+-]*\w)?"
_WORDS = re.compile(rf"{_WORD}(?: \| {_WORD})+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``evident``: read from the text, so that each value has a row in ``evidence``. ``refers``: the table and column
    whose row a value names.

    A meaning that begins with words between bars (``ok | partial``) lists all the values there are.
    """

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = True
    evident: bool = False
    refers: tuple[str, str] | None = None

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
        return {c.name: c.refers for c in self.columns if c.refers and c.refers != (self.name, c.name)}

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


def must(name: str, kind: pa.DataType, meaning: str, refers: tuple[str, str] | None = None) -> Column:
    """A column that is never null."""
    return Column(name, kind, meaning, nullable=False, refers=refers)


def may(name: str, kind: pa.DataType, meaning: str, refers: tuple[str, str] | None = None) -> Column:
    """A column that may be null, made by the program."""
    return Column(name, kind, meaning, refers=refers)


def read(name: str, kind: pa.DataType, meaning: str) -> Column:
    """A column read from the text, with evidence."""
    return Column(name, kind, meaning, evident=True)


ONE_DOCUMENT, ONE_ITEM, ONE_PROJECT = ("documents", "document_id"), ("items", "item_id"), ("projects", "project_id")
DOCUMENT = must("document_id", TEXT, "The document.", ONE_DOCUMENT)
CONFIDENCE = must("confidence", REAL, "How probable it is that the value is right, 0…1, calibrated (accuracy.md).")
PRECISION = "day | month | year: as exactly as the text says it; a month or year is widened to its first or last day."
PLACE = (
    must("page_no", COUNT, "The page, from 1, on which it begins."),
    must("char_start", OFFSET, "Where it begins in the canonical text, in Unicode code points."),
    must("char_end", OFFSET, "Where it ends, exclusive."),
)
OWNER = (
    DOCUMENT,
    may("item_id", TEXT, "The agenda item, null where it belongs to none.", ONE_ITEM),
    may("project_id", TEXT, "The project, null where it belongs to none.", ONE_PROJECT),
)
MENTION = (
    must("surface", TEXT, "The words of the text, exactly text[char_start:char_end]."),
    must("rule_id", TEXT, "The rule that read it."),
    *PLACE,
)
SPAN_OF_TIME = (
    may("start_date", DATE, "First day, inclusive."),
    may("start_precision", TEXT, PRECISION),
    may("end_date", DATE, "Last day, inclusive."),
    may("end_precision", TEXT, PRECISION),
)

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
