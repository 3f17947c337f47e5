"""What needs the entries of all documents: their links, where they differ, and one row per project with its newest figures.

``batches`` makes the rows of ``project_links``, of ``projects_latest`` and of the findings about two documents.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from poytakirja.links import scoring as link
from poytakirja.links.scoring import Day, Link, LinkRecord, Sum
from poytakirja.projects.record.findings import CODES
from poytakirja.tables.schema import FINDINGS, LATEST_VALUES, PROJECT_LINKS, PROJECTS_LATEST, TABLES, Row

SUMS = ("total_cost", "municipal_share", "own_contribution", "grant", "applied_grant")
_PLACE = ("document_id", "item_id", "project_id", "page_no", "char_start", "char_end")
_PERIOD = ("start_date", "start_precision", "end_date", "end_precision")
_OF_PROJECT = ("ordinal", "project_name", "project_code", "status", "funder_codes", "contact_name")
READ = {
    "projects": (*_PLACE, *_OF_PROJECT, *_PERIOD, *(f"{kind}_eur" for kind in SUMS)),
    "documents": ("source", "document_id", "organisation", "municipality_code", "meeting_date"),
    "amounts": ("project_id", "kind", "value_eur", "approximate"),
}
_TOLD = 3
"""So many other values are told in one finding."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Said:
    """A row of ``projects``, what it tells for linking, and the row of its document."""

    row: Record
    document: Record
    entry: LinkRecord

    @property
    def age(self) -> tuple[object, ...]:
        """What sorts entries from the oldest to the newest: the day of the meeting, else the order of the documents."""
        known = self.document["meeting_date"]
        return known or dt.date.min, self.document["source"], self.row["ordinal"]


# ---------------------------------------------------------------- the parts


def stored(name: str, parts: Iterable[Path]) -> pa.Table:
    """What linking reads of a table, from its parts in the order given."""
    columns = list(READ[name])
    schema = pa.schema([TABLES[name].schema.field(c) for c in columns]).remove_metadata()
    return pa.concat_tables([schema.empty_table(), *(pq.read_table(p, columns=columns).cast(schema) for p in parts)])


def batches(projects: pa.Table, documents: pa.Table, amounts: pa.Table) -> dict[str, pa.RecordBatch]:
    """The rows of ``project_links`` and ``projects_latest``, and the findings across documents, in the order of the documents."""
    said = _said(projects, documents, amounts)
    links = {found.id: found for found in link.links(s.entry for s in said)}
    groups: defaultdict[str, list[_Said]] = defaultdict(list)
    for one in sorted(said, key=attrgetter("age")):
        groups[links[one.entry.id].key].append(one)
    told = [row for group in groups.values() if len(group) > 1 for row in _conflicts(group)]
    order = {s.entry.id: n for n, s in enumerate(said)}
    return {
        "project_links": PROJECT_LINKS.batch([_link_row(links[s.entry.id]) for s in said]),
        "projects_latest": PROJECTS_LATEST.batch([_latest(key, groups[key]) for key in sorted(groups, key=order.__getitem__)]),
        "findings": FINDINGS.batch(sorted(told, key=lambda row: (order[row[2]], row[4]))),
    }


def _said(projects: pa.Table, documents: pa.Table, amounts: pa.Table) -> list[_Said]:
    """All entries, in the order of their documents' sources."""
    known = {row["document_id"]: row for row in documents.to_pylist() if row["document_id"]}
    rough = {(row["project_id"], row["kind"]) for row in amounts.filter(pc.field("approximate")).to_pylist()}
    rows = [row for row in projects.to_pylist() if row["document_id"] in known]
    rows.sort(key=lambda row: (known[row["document_id"]]["source"], row["ordinal"]))
    return [_Said(row, document := known[row["document_id"]], _entry(row, document, rough)) for row in rows]


def _entry(row: Record, document: Record, rough: Set[tuple[str, str]]) -> LinkRecord:
    sums = {kind: Sum(value, (row["project_id"], kind) in rough) for kind in SUMS if (value := row[f"{kind}_eur"]) is not None}
    return LinkRecord(
        id=row["project_id"],
        place=(row["document_id"], row["item_id"]),
        name=row["project_name"] or "",
        municipality=document["municipality_code"],
        code=row["project_code"],
        contact=row["contact_name"],
        start=_day(row, "start"),
        end=_day(row, "end"),
        funders=frozenset(row["funder_codes"]),
        sums=sums,
    )


def _day(row: Record, side: str) -> Day | None:
    return Day(row[f"{side}_date"], row[f"{side}_precision"] or "day") if row[f"{side}_date"] else None


def _link_row(found: Link) -> Row:
    return PROJECT_LINKS.row(project_id=found.id, project_key=found.key, score=found.score, reason=found.reason)


# ---------------------------------------------------------------- projects_latest


def _latest(key: str, group: Sequence[_Said]) -> Row:
    """One project: each value from the newest entry that states it, and which one that is. ``group`` begins with the oldest."""
    newest_first = group[::-1]
    values: dict[str, Any] = {}
    for column, origin in LATEST_VALUES.items():
        stated = next((s for s in newest_first if s.row[column] not in (None, [])), None)
        values[column] = stated.row[column] if stated else ([] if column == "funder_codes" else None)
        values[origin] = stated.entry.id if stated else None
        if column in ("start_date", "end_date"):
            precision = column.replace("date", "precision")
            values[precision] = stated.row[precision] if stated else None
    placed = next((s.document for s in newest_first if s.document["municipality_code"] or s.document["organisation"]), {})
    days = [s.document["meeting_date"] for s in group if s.document["meeting_date"]]
    return PROJECTS_LATEST.row(
        project_key=key,
        municipality_code=placed.get("municipality_code"),
        organisation=placed.get("organisation"),
        entry_count=len(group),
        project_ids=[s.entry.id for s in group],
        document_ids=list(dict.fromkeys(s.row["document_id"] for s in group)),
        first_meeting_date=min(days, default=None),
        last_meeting_date=max(days, default=None),
        **values,
    )


# ---------------------------------------------------------------- what two documents tell differently


def _conflicts(group: Sequence[_Said]) -> Iterator[Row]:
    """The findings about each entry whose period or sums others of its project tell otherwise."""
    yield from _differing(group, "other_period_elsewhere", "period", _period, _one_period, _period_in_words)
    for kind in ("total_cost", "grant"):
        yield from _differing(group, "other_sum_elsewhere", kind.replace("_", " "), _sum_of(kind), Sum.agrees, _sum_in_words)


def _sum_of(kind: str) -> Callable[[LinkRecord], Sum | None]:
    return lambda entry: entry.sums.get(kind)


def _sum_in_words(known: Sum) -> str:
    return f"{known.value} €"


def _differing(
    group: Sequence[_Said], code: str, what: str, value: Callable[[LinkRecord], Any], agrees: Callable[[Any, Any], bool],
    in_words: Callable[[Any], str],
) -> Iterator[Row]:  # fmt: skip
    stated = [(s, known) for s in group if (known := value(s.entry)) is not None]
    distinct = {in_words(known): (known, s.document["source"]) for s, known in stated}
    for s, own in stated:
        others = [f"{words} ({source})" for words, (known, source) in distinct.items() if not agrees(own, known)]
        if others:
            told = "; ".join(others[:_TOLD])
            yield _finding(s, code, f"The {what} is {in_words(own)} here and otherwise elsewhere: {told}.")


def _finding(said: _Said, code: str, message: str) -> Row:
    return FINDINGS.row(severity=CODES[code][0], code=code, message=message, **{c: said.row[c] for c in _PLACE})


Period = tuple[Day | None, Day | None]


def _period(entry: LinkRecord) -> Period | None:
    return (entry.start, entry.end) if entry.start or entry.end else None


def _one_period(a: Period, b: Period) -> bool:
    """Whether two periods agree in what both tell."""
    return all(x is None or y is None or x.agrees(y) for x, y in zip(a, b, strict=True))


def _period_in_words(period: Period) -> str:
    return "–".join(str(day.date) if day else "" for day in period)
