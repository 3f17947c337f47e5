"""Values as people type them: what may be corrected, read as the column has it, or refused with a reason."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from poytakirja.errors import UsageError
from poytakirja.rules.layout import identity_codes
from poytakirja.rules.vocabulary_tables import tables as vocabulary
from poytakirja.tables import columns
from poytakirja.tables.schema import TABLES, Column

FIELDS: dict[str, tuple[str, ...]] = {
    "documents": tuple(c.name for c in TABLES["documents"].columns if c.evident),
    "items": tuple(c.name for c in TABLES["items"].columns if c.evident),
    "projects": (
        *(c.name for c in TABLES["projects"].columns if c.evident and not c.name.endswith("_precision")), "funder_codes",
    ),
    "amounts": ("kind", "value_eur", "approximate", "year", "party"),
    "periods": ("kind", "start_date", "end_date"),
    "persons": ("part", "person_name", "role", "acting"),
    "organisations": ("organisation_name", "role", "funder_code", "business_id"),
}  # fmt: skip
"""The columns of each table that a reviewer may correct."""
NAMES = frozenset({"contact_name", "person_name", "given_name", "family_name"})
"""The columns that hold names of persons and nothing else."""
LONGEST = 4000
_MOST = Decimal(10) ** 12
_YES, _NO = frozenset({"true", "kyllä", "yes", "1"}), frozenset({"false", "ei", "no", "0"})


class Day(NamedTuple):
    """A date as exactly as it was typed."""

    date: dt.date
    precision: str


def column_of(table: str, field: str) -> Column:
    """A column that may be corrected; UsageError where it may not."""
    if table not in FIELDS:
        raise UsageError(f"{table}: rows of this table cannot be corrected; of these: {', '.join(FIELDS)}")
    if field not in FIELDS[table]:
        raise UsageError(f"{field}: is no field of {table} that can be corrected; these are: {', '.join(FIELDS[table])}")
    return next(c for c in TABLES[table].columns if c.name == field)


def parse(table: str, field: str, typed: str) -> Any:
    """The value that a reviewer typed, as the column has it; a date with its precision (Day).

    Raises UsageError, with what is wrong, where it is none.

    >>> parse("projects", "grant_eur", "12 345,50 €"), parse("projects", "end_date", "2/2024").date.isoformat()
    (Decimal('12345.50'), '2024-02-29')
    """
    column = column_of(table, field)
    typed = " ".join(typed.split())
    if not typed:
        raise UsageError(f"{field}: no value was given: reject the value instead")
    if column.type == columns.DATE:
        return _day(field, typed)
    if column.type == columns.EURO:
        return _sum(field, typed)
    if column.type == columns.COUNT:
        return _number(field, typed)
    if column.type == columns.BOOL:
        return _truth(field, typed)
    if column.type == columns.TIME:
        return _time(field, typed)
    if column.type == columns.TEXTS:
        return sorted({_code(field, code) for code in re.split(r"[,;\s]+", typed.strip(",; ")) if code})
    return _text(column, typed)


def as_text(value: Any) -> str | None:
    """A value as the file of corrections has it, and as ``parse`` reads it again.

    >>> as_text(Day(__import__("datetime").date(2024, 2, 29), "month")), as_text(["EAKR", "OKM"])
    ('2024-02', 'EAKR OKM')
    """
    if value is None or value == []:
        return None
    if isinstance(value, Day):
        return value.date.isoformat()[: {"year": 4, "month": 7}.get(value.precision, 10)]
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)


def row_value(row: dict[str, Any], field: str) -> Any:
    """The value of a row's column; a date with its precision."""
    value = row[field]
    if value is not None and field in ("start_date", "end_date"):
        return Day(value, row[field.replace("date", "precision")] or "day")
    return value


# ---------------------------------------------------------------- by type


def _day(field: str, typed: str) -> Day:
    iso = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", typed)
    finnish = re.fullmatch(r"(?:(?:(\d{1,2})\.\s?)?(\d{1,2})[./]\s?)?(\d{4})", typed)
    if iso:
        year, month, day = iso.groups()
    elif finnish:
        day, month, year = finnish.groups()
    else:
        raise UsageError(f"{field}: {typed} is no date: give 2024-05-01, 1.5.2024, 5/2024 or 2024")
    precision = "day" if day else "month" if month else "year"
    last = field.startswith("end")
    try:
        m = int(month) if month else 12 if last else 1
        d = int(day) if day else calendar.monthrange(int(year), m)[1] if last else 1
        return Day(dt.date(int(year), m, d), precision)
    except ValueError as error:
        raise UsageError(f"{field}: {typed} is not in the calendar") from error


def _sum(field: str, typed: str) -> Decimal:
    bare = re.sub(r"\s|€|euroa?\b|eur\b", "", typed, flags=re.IGNORECASE)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", bare):
        bare = bare.replace(".", "")
    if not re.fullmatch(r"\d+(?:[.,]\d{1,2})?(?:,-)?", bare):
        raise UsageError(f"{field}: {typed} is no sum in euros: give 12345.67 or 12 345,67")
    value = Decimal(bare.removesuffix(",-").replace(",", ".")).quantize(Decimal("0.01"))
    if value >= _MOST:
        raise UsageError(f"{field}: {typed} is more than the tables can hold")
    return value


def _number(field: str, typed: str) -> int:
    if not re.fullmatch(r"\d{1,9}", typed):
        raise UsageError(f"{field}: {typed} is no whole number")
    return int(typed)


def _truth(field: str, typed: str) -> bool:
    if typed.casefold() not in _YES | _NO:
        raise UsageError(f"{field}: {typed} is neither true nor false")
    return typed.casefold() in _YES


def _time(field: str, typed: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(typed).replace(tzinfo=None, microsecond=0)
    except ValueError as error:
        raise UsageError(f"{field}: {typed} is no time: give 2024-05-01 17:30") from error


@cache
def funder_codes() -> frozenset[str]:
    """All codes of payers that the tables know."""
    return frozenset({row["code"] for row in vocabulary.rows("funders")}) | {"KUNTA", "EU", "VALTIO", "MUU"}


def _code(field: str, typed: str) -> str:
    code = typed.upper()
    if code not in funder_codes():
        raise UsageError(f"{field}: {typed} is no code of a payer; these are: {', '.join(sorted(funder_codes()))}")
    return code


def _text(column: Column, typed: str) -> str:
    if column.words and typed not in column.words:
        raise UsageError(f"{column.name}: {typed} is none of {', '.join(column.words)}")
    if column.name == "funder_code":
        return _code(column.name, typed)
    if column.name == "business_id" and not re.fullmatch(r"\d{7}-\d", typed):
        raise UsageError(f"business_id: {typed} is no Y-tunnus: give 1234567-8")
    if len(typed) > LONGEST or not typed.isprintable():
        raise UsageError(f"{column.name}: a text of at most {LONGEST} characters on one line is wanted")
    return identity_codes.masked(typed, stated=True)
