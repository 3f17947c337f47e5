"""What to look at first: the values of projects, the doubtful ones that much money hangs on before the others."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from poytakirja.archive.output_folder import OutputFolder
from poytakirja.corrections import store
from poytakirja.corrections.store import WHOLE_ROW, Correction
from poytakirja.corrections.values import FIELDS, as_text, row_value
from poytakirja.publish.stored import read_rows
from poytakirja.report.record import day, shown

Row = dict[str, Any]
SUMS = ("total_cost_eur", "grant_eur", "applied_grant_eur", "municipal_share_eur", "own_contribution_eur")
_LEAST_DOUBT = 0.01
_OF_FINDING = {"error": 0.5, "warning": 0.25, "info": 0.05}
"""How much more doubtful a finding makes the values of its project."""
POSSIBLE = "possible_project"


def score(confidence: float, findings: Iterable[str], euros: Decimal) -> float:
    """Doubt × euros: how probable an error is, times how much it would matter; money counts by its order of magnitude.

    >>> score(0.5, [], Decimal(1_000_000)) > score(0.9, [], Decimal(1_000_000)) > score(0.99, [], Decimal(100))
    True
    """
    doubt = min(1.0, max(_LEAST_DOUBT, 1 - confidence) + sum(_OF_FINDING.get(one, 0.0) for one in findings))
    return round(doubt * (1 + math.log10(1 + float(euros))), 4)


def decisions(output: Path) -> dict[tuple[str, str], Correction]:
    """The last word on each value of a project, by project_id and field."""
    lines = store.load(OutputFolder(output).corrections()).lines
    return {(line.row, line.field): line for line in lines if line.table == "projects" and line.row}


def queue(output: Path) -> list[Row]:
    """Every value of every project, and what may be a project besides; what to look at first comes first."""
    documents = {row["document_id"]: row for row in read_rows(output, "documents") if row["document_id"]}
    evidence: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in read_rows(output, "evidence"):
        if row["table"] == "projects":
            evidence[row["row_id"]][row["field"]] = row
    findings: defaultdict[str, list[Row]] = defaultdict(list)
    entries: list[Row] = []
    for row in read_rows(output, "findings"):
        if row["project_id"]:
            findings[row["project_id"]].append(row)
        elif row["code"] == POSSIBLE and row["char_start"] is not None:
            entries.append(_possible(row, documents))
    for project in read_rows(output, "projects"):
        if project["document_id"] in documents:
            own, known = findings[project["project_id"]], evidence[project["project_id"]]
            entries += _of_project(project, known, own, documents[project["document_id"]])
    decided = decisions(output)
    for entry in entries:
        line = decided.get((entry["row"], entry["field"]))
        entry["decided"] = line.action if line else None
        entry["by"] = line.by if line else None
    return sorted(entries, key=lambda e: (-e["score"], e["source"], e["start"] or 0, e["id"]))


def _of_project(project: Row, evidence: Mapping[str, Row], findings: list[Row], document: Row) -> list[Row]:
    """The entry itself, then its values."""
    euros = max((project[name] for name in SUMS if project[name] is not None), default=Decimal(0))
    severities = [f["severity"] for f in findings]
    base = {
        **_of_document(document), "row": project["project_id"], "project": project["project_name"],
        "funds": project["funder_codes"] or [], "findings": sorted({f["code"] for f in findings}),
    }  # fmt: skip
    place = {"page": project["page_no"], "start": project["char_start"], "end": project["char_end"]}
    made = [
        {**base, **place, "field": WHOLE_ROW, "value": project["project_name"] or "", "text": project["project_name"] or "",
         "confidence": project["confidence"], "rule": project["layout"], "score": score(project["confidence"], (), euros)}
    ]  # fmt: skip
    for field in FIELDS["projects"]:
        value = row_value(project, field)
        if value in (None, []):
            continue
        known = evidence.get(field)
        confidence = known["confidence"] if known else project["confidence"]
        where = {"page": known["page_no"], "start": known["char_start"], "end": known["char_end"]} if known else place
        stake = value if isinstance(value, Decimal) else euros
        made.append({
            **base, **where, "field": field, "value": as_text(value), "text": _as_people_write(project, field),
            "confidence": confidence, "rule": known["rule_id"] if known else None, "score": score(confidence, severities, stake),
        })  # fmt: skip
    for entry in made:
        entry["id"] = f"{entry['row']}|{entry['field']}"
    return made


def _possible(finding: Row, documents: Mapping[str, Row]) -> Row:
    """A place that may be a project which was not taken for one."""
    place = {"page": finding["page_no"], "start": finding["char_start"], "end": finding["char_end"]}
    return {
        **_of_document(documents[finding["document_id"]]), **place, "row": finding["document_id"], "project": None, "funds": [],
        "findings": [POSSIBLE], "field": POSSIBLE, "value": "", "text": finding["message"], "confidence": 0.5, "rule": None,
        "score": score(0.5, (), Decimal(10_000)), "id": f"{finding['document_id']}|{place['start']}",
    }  # fmt: skip


def _of_document(document: Row) -> Row:
    return {
        "document": document["document_id"], "source": document["source"], "organisation": document["organisation"],
        "date": day(document["meeting_date"]) if document["meeting_date"] else None,
    }  # fmt: skip


def _as_people_write(project: Row, field: str) -> str:
    """A value as the page shows it."""
    if field in ("start_date", "end_date"):
        return day(project[field], project[field.replace("date", "precision")])
    return " ".join(project[field]) if isinstance(project[field], list) else shown(project[field])
