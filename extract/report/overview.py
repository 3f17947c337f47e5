"""What the overview, the table of projects and the list of findings show: rows for the page's script, and sums."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from poytakirja.projects.record.findings import CODES
from poytakirja.report.record import day
from poytakirja.report.rows import Row
from poytakirja.rules.organisations import municipalities

MEASURES = ("grant_eur", "total_cost_eur", "municipal_share_eur", "applied_grant_eur", "own_contribution_eur")
FUNDS_SHOWN = 9
"""So many funds have a colour of their own; the smaller ones are taken together."""
_SEVERITIES = ("error", "warning", "info")
SEVERAL, NONE, OTHERS = "several_funds", "no_fund", "other_funds"

PROJECT_COLUMNS = (
    "project_id", "document_id", "ordinal", "project_name", "status", "start_date", "start_precision", "end_date",
    "end_precision", "funder_codes", *MEASURES, "page_no",
)  # fmt: skip


@dataclass(slots=True)
class Overview:
    """The rows of the report's tables, as its script reads them, and the figures of the overview."""

    documents: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    money: list[dict[str, Any]]
    by_code: list[tuple[str, str, int]]
    figures: list[tuple[str, int]]
    states: list[tuple[str, int]]


def overview(
    documents: Sequence[Row], projects: Sequence[Row], findings: Sequence[Row], links: Iterable[Row], shown: Mapping[str, str]
) -> Overview:
    """All of it; ``shown`` tells of each document_id whether its pages are images, and if not, why."""
    of = {row["document_id"]: n for n, row in enumerate(documents) if row["document_id"]}
    counts = Counter(row["document_id"] for row in projects)
    doubts = Counter(row["document_id"] for row in findings)
    about = Counter(row["project_id"] for row in findings if row["project_id"])
    codes = Counter(row["code"] for row in findings)
    listed = [_project(row, of[row["document_id"]], about) for row in projects]
    return Overview(
        [_document(row, counts, doubts, shown) for row in documents],
        listed,
        sorted(
            (_finding(row, number, of[row["document_id"]]) for row, number in _numbered(findings) if row["document_id"] in of),
            key=lambda row: _SEVERITIES.index(row["severity"]),
        ),
        money(projects, links),
        [(code, CODES[code][0] if code in CODES else "info", n) for code, n in codes.most_common()],
        [
            ("documents", len(documents)),
            ("pages", sum(row["page_count"] or 0 for row in documents)),
            ("projects", len(projects)),
            ("dated", sum(bool(row["start_date"] or row["end_date"]) for row in projects)),
            ("priced", sum(any(row[measure] is not None for measure in MEASURES) for row in projects)),
            ("findings", len(findings)),
        ],
        sorted(Counter(row["status"] for row in documents).items()),
    )


def _document(row: Row, projects: Counter[str], findings: Counter[str], shown: Mapping[str, str]) -> dict[str, Any]:
    """A document as the script reads it; ``href`` only where it has a page."""
    known = row["document_id"]
    return {
        "source": row["source"],
        "href": f"documents/{known}.html" if known else None,
        "state": row["status"],
        "error": row["error"],
        "organisation": row["organisation"],
        "municipality": _municipality_names().get(row["municipality_code"]),
        "body": row["body"],
        "date": _iso(row["meeting_date"]),
        "pages": row["page_count"],
        "projects": projects[known] if known else None,
        "findings": findings[known] if known else None,
        "shown": shown.get(known) if known else None,
    }


@cache
def _municipality_names() -> dict[str, str]:
    """The names of municipalities by their codes."""
    return {town.code: town.name for town in municipalities.all_municipalities()}


def _project(row: Row, document: int, findings: Counter[str]) -> dict[str, Any]:
    """A project as the script reads it; ``document`` is its document's row, which tells the rest.

    Its days are those to sort by; ``begins`` and ``ends`` are as exact as the text, where that is no day.
    """
    return {
        "document": document,
        "anchor": f"p{row['ordinal']}",
        "name": row["project_name"],
        "start": _iso(row["start_date"]),
        "end": _iso(row["end_date"]),
        "begins": _inexact(row["start_date"], row["start_precision"]),
        "ends": _inexact(row["end_date"], row["end_precision"]),
        "funds": row["funder_codes"] or [],
        "total": _number(row["total_cost_eur"]),
        "grant": _number(row["grant_eur"]),
        "status": row["status"],
        "findings": findings[row["project_id"]],
        "page": row["page_no"],
    }


def _inexact(date: dt.date | None, precision: str | None) -> str | None:
    return None if date is None or precision == "day" else day(date, precision)


def _numbered(findings: Iterable[Row]) -> Iterator[tuple[Row, int]]:
    """Findings with their number in their document's record, which they begin."""
    numbers: Counter[str] = Counter()
    for row in findings:
        numbers[row["document_id"]] += 1
        yield row, numbers[row["document_id"]]


def _finding(row: Row, number: int, document: int) -> dict[str, Any]:
    """A finding as the script reads it; its document's page shows the place."""
    return {
        "document": document,
        "anchor": f"v{number}",
        "code": row["code"],
        "severity": row["severity"],
        "message": row["message"],
        "page": row["page_no"],
    }


def _iso(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


# ---------------------------------------------------------------- money by fund and year


def money(projects: Iterable[Row], links: Iterable[Row]) -> list[dict[str, Any]]:
    """Sums by measure, year of beginning and fund, in whole cents; entries that describe one project count once."""
    key_of: dict[str, str] = {row["project_id"]: row["project_key"] for row in links}
    sums: defaultdict[tuple[str, str, int | None], Decimal] = defaultdict(Decimal)
    counted: Counter[tuple[str, str, int | None]] = Counter()
    seen: set[tuple[str, str]] = set()
    for row in projects:
        key = key_of.get(row["project_id"]) or row["project_id"]
        for measure in MEASURES:
            if row[measure] is None or (measure, key) in seen:
                continue
            seen.add((measure, key))
            group = (measure, _fund(row["funder_codes"] or []), row["start_date"].year if row["start_date"] else None)
            sums[group] += row[measure]
            counted[group] += 1
    return _shown_funds(sums, counted)


def _fund(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else SEVERAL if codes else NONE


def _shown_funds(
    sums: Mapping[tuple[str, str, int | None], Decimal], counted: Mapping[tuple[str, str, int | None], int]
) -> list[dict[str, Any]]:
    """The groups as rows, the funds beyond the largest taken together."""
    by_fund: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (_, fund, _), euros in sums.items():
        by_fund[fund] += euros
    named = sorted((fund for fund in by_fund if fund not in (SEVERAL, NONE)), key=lambda fund: (-by_fund[fund], fund))
    kept = {*named[:FUNDS_SHOWN], SEVERAL, NONE}
    groups: dict[tuple[str, str, int | None], list[Any]] = {}
    for (measure, fund, year), euros in sums.items():
        group = groups.setdefault((measure, fund if fund in kept else OTHERS, year), [Decimal(), 0])
        group[0] += euros
        group[1] += counted[measure, fund, year]
    in_order = sorted(groups.items(), key=lambda item: (item[0][0], item[0][2] or 0, item[0][1]))
    return [
        {"measure": measure, "fund": fund, "year": year, "euros": float(euros), "projects": n}
        for (measure, fund, year), (euros, n) in in_order
    ]
