"""A document's rows as a record to look at: sections of values, each with its place in the text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from poytakirja.report.rows import Row

WIDE = 160
"""A mark on more letters than this is shown only while it is chosen: it would cover what stands in it."""
WIDE_FINDING = 40
"""The same for findings: most are about a whole entry, and few about a word or a sum."""
_OF_MEETING = (
    "organisation", "municipality_code", "body", "document_kind", "meeting_number", "meeting_date", "meeting_start",
    "meeting_end", "meeting_place", "stated_project_count",
)  # fmt: skip
_OF_ITEM = ("number_label", "title", "case_id", "proposal", "decision")
_OF_PROJECT = ("entry_number", "section", "project_name", "project_code", "status", "municipality_role")
_WORDS = frozenset(("status", "municipality_role", "document_kind"))
"""Fields whose values are words of a closed list: these have labels."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the record. ``label`` and ``word`` (where the value is of a closed list) are keys of labels.

    ``kind`` is its colour. ``start`` and ``end`` bound it in the canonical text, both None where it has no place.
    """

    number: int
    label: str
    kind: str
    text: str
    word: str | None = None
    notes: tuple[str, ...] = ()
    extra: str = ""
    rule: str | None = None
    page: int | None = None
    start: int | None = None
    end: int | None = None

    @property
    def placed(self) -> bool:
        """Whether it has a place."""
        return self.start is not None and self.end is not None and self.end > self.start

    @property
    def wide(self) -> bool:
        """Whether its mark is shown only while it is chosen."""
        most = {"entry": 0, "finding": WIDE_FINDING}.get(self.kind, WIDE)
        return (self.end or 0) - (self.start or 0) > most


@dataclass(slots=True)
class Section:
    """A part of the record: ``kind`` meeting | project | item | other, ``anchor`` its id on the page."""

    kind: str
    anchor: str
    heading: str = ""
    told: list[Value] = field(default_factory=list)
    findings: list[Value] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """A document's record; ``points`` are its agenda items."""

    projects: list[Section]
    meeting: Section
    points: list[Section]
    other: Section
    findings: list[Value]

    def values(self) -> list[Value]:
        """All values, in the order of the record."""
        sections = [*self.projects, self.meeting, *self.points, self.other]
        return [*self.findings, *(value for section in sections for value in section.told)]


def record_of(document: Row, rows: dict[str, list[Row]]) -> Record:
    """The record of a document."""
    numbers = count(1)
    evidence = _by(rows["evidence"], "row_id")
    facts = [(name, row) for name in ("periods", "amounts", "organisations", "persons") for row in rows[name]]
    findings = [_finding(next(numbers), row) for row in rows["findings"]]
    told = list(zip(findings, rows["findings"], strict=True))

    def section(kind: str, row: Row, row_id: str, fields: Sequence[str], own: Iterable[tuple[str, Row]], heading: str) -> Section:
        values = _section_values(numbers, row, fields, evidence.get(row_id, []), list(own))
        mine = [value for value, finding in told if kind == "project" and finding["project_id"] == row_id]
        return Section(kind, row_id.rpartition("/")[2], heading, values, mine)

    projects = [
        section("project", p, p["project_id"], _OF_PROJECT, _owned(facts, "project_id", p["project_id"]), p["project_name"] or "")
        for p in sorted(rows["projects"], key=lambda p: p["ordinal"])
    ]
    loose = [(name, row) for name, row in facts if row["project_id"] is None]
    rest = [(name, row) for name, row in loose if row["item_id"] is None]
    attending = [(name, row) for name, row in rest if name == "persons" and row["part"] != "mentioned"]
    meeting = section("meeting", document, document["document_id"], _OF_MEETING, attending, "")
    meeting.anchor = "meeting"
    items = [
        section("item", i, i["item_id"], _OF_ITEM, _owned(loose, "item_id", i["item_id"]), _title(i))
        for i in sorted(rows["items"], key=lambda i: i["ordinal"])
    ]
    others = [fact for fact in rest if fact not in attending]
    return Record(projects, meeting, items, Section("other", "other", "", _facts(numbers, others)), findings)


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _owned(facts: Iterable[tuple[str, Row]], column: str, owner: str) -> Iterator[tuple[str, Row]]:
    return ((name, row) for name, row in facts if row[column] == owner)


def _title(item: Row) -> str:
    return " ".join(part for part in (item["number_label"], item["title"]) if part)


# ---------------------------------------------------------------- values


def _section_values(
    numbers: Iterator[int], row: Row, fields: Sequence[str], evidence: Sequence[Row], facts: Sequence[tuple[str, Row]]
) -> list[Value]:
    """The values of a row: its own fields, then its facts."""
    place = {e["field"]: e for e in evidence}
    values = []
    if "char_end" in row:
        values.append(Value(next(numbers), "ui.entry", "entry", "", **_place(row)))
    for name in fields:
        if row[name] is None:
            continue
        word = f"value.{row[name]}" if name in _WORDS else None
        kind = "name" if name in ("project_name", "title", "organisation") else "field"
        values.append(Value(next(numbers), f"field.{name}", kind, shown(row[name]), word, **_evidence(place.get(name))))
    values += _dates(numbers, row, place)
    return values + _facts(numbers, [fact for fact in facts if not _is_told(fact, place)])


def _dates(numbers: Iterator[int], row: Row, place: dict[str, Row]) -> Iterator[Value]:
    """A project's period: one value where one place tells both ends."""
    ends = [name for name in ("start_date", "end_date") if row.get(name)]
    texts = [day(row[name], row[name.replace("date", "precision")]) for name in ends]
    if len(ends) == 2 and _same(place.get("start_date"), place.get("end_date")):
        yield Value(next(numbers), "field.period", "period", " – ".join(texts), **_evidence(place.get("start_date")))
        return
    for name, text in zip(ends, texts, strict=True):
        yield Value(next(numbers), f"field.{name}", "period", text, **_evidence(place.get(name)))


def _same(a: Row | None, b: Row | None) -> bool:
    return a is not None and b is not None and _span(a) == _span(b)


def _span(row: Row) -> tuple[int, int]:
    return row["char_start"], row["char_end"]


def _is_told(fact: tuple[str, Row], place: dict[str, Row]) -> bool:
    """Whether the row's own dates tell a period already."""
    name, row = fact
    mine = [_span(place[f]) for f in ("start_date", "end_date") if f in place]
    return name == "periods" and row["kind"] == "duration" and _span(row) in mine


def _facts(numbers: Iterator[int], facts: Iterable[tuple[str, Row]]) -> list[Value]:
    return [_fact(next(numbers), name, row) for name, row in facts]


def _fact(number: int, table: str, row: Row) -> Value:
    """A fact as a value."""
    where = _evidence(row)
    match table:
        case "amounts":
            notes = ("ui.approximate",) if row["approximate"] else ()
            extra = ", ".join(str(row[key]) for key in ("year", "party") if row[key])
            return Value(number, f"amount.{row['kind']}", "amount", shown(row["value_eur"]), None, notes, extra, **where)
        case "periods":
            ends = [(row["start_date"], row["start_precision"]), (row["end_date"], row["end_precision"])]
            text = " – ".join(day(*end) for end in ends) if any(date for date, _ in ends) else row["surface"]
            return Value(number, f"period.{row['kind']}", "period", text, **where)
        case "organisations":
            extra = ", ".join(row[key] for key in ("funder_code", "business_id") if row[key])
            return Value(
                number, f"organisation.{row['role']}", "organisation", row["organisation_name"], None, (), extra, **where
            )
        case "persons":
            notes = ("ui.acting",) if row["acting"] else ()
            name = row["person_name"] or row["surface"]  # a run that drops names keeps their places
            return Value(number, f"person.{row['part']}", "person", name, None, notes, row["role"] or "", **where)
    raise ValueError(f"no such facts: {table}")


def _finding(number: int, row: Row) -> Value:
    return Value(
        number, f"severity.{row['severity']}", "finding", "", f"finding.{row['code']}", (), row["message"], **_place(row)
    )


def _place(row: Row) -> dict[str, Any]:
    return {"page": row["page_no"], "start": row["char_start"], "end": row["char_end"]}


def _evidence(row: Row | None) -> dict[str, Any]:
    return {} if row is None else {**_place(row), "rule": row["rule_id"]}


# ---------------------------------------------------------------- values as people write them


def day(date: dt.date | None, precision: str | None = "day") -> str:
    """A day as exactly as the text says it.

    >>> day(dt.date(2021, 9, 1)), day(dt.date(2021, 9, 1), "month"), day(dt.date(2021, 1, 1), "year"), day(None)
    ('1.9.2021', '9/2021', '2021', '…')
    """
    if date is None:
        return "…"
    match precision:
        case "year":
            return str(date.year)
        case "month":
            return f"{date.month}/{date.year}"
    return f"{date.day}.{date.month}.{date.year}"


def shown(value: object) -> str:
    """A value as the report shows it.

    >>> shown(Decimal("156.5")), shown(dt.datetime(2025, 4, 29, 17, 5)), shown(None)
    ('156,50 €', '29.4.2025 17.05', '')
    """
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:,.2f} €".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
        case dt.datetime():
            return f"{day(value.date())} {value.hour}.{value.minute:02}"
        case dt.date():
            return day(value)
    return str(value)
