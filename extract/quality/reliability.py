"""How often each rule is right (sääntöjen luotettavuus): every value of an OUTPUT's projects held against gold, rule by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poytakirja.projects.confidence import context_of
from poytakirja.publish.stored import Row, read_rows
from poytakirja.quality.evaluate import align
from poytakirja.quality.evaluate_minutes import evaluate_minutes
from poytakirja.quality.gold import GoldProject, fold, read_gold
from poytakirja.quality.gold_from_output import read_output

_FACTS = ("amounts", "periods", "organisations")
_SUMS = ("total_cost", "municipal_share", "own_contribution", "grant", "applied_grant")


@dataclass(frozen=True, slots=True)
class Judged:
    """A value that a rule read: of which field, in an entry of which kind, whether gold has it, and how sure it was called."""

    document: str
    field: str
    rule_id: str
    context: str
    right: bool
    in_gold: bool = True
    """Whether gold has the entry at all."""
    entry: float = 1.0
    """How sure the entry was called to be one."""

    @property
    def layout(self) -> str:
        """The layout of the entry, with which its context begins."""
        return self.context.partition(",")[0]


def judged(output: Path, golds: Sequence[Path]) -> Iterator[Judged]:
    """All values of the projects of an OUTPUT whose documents gold has; what gold calls unsure or optional is left out."""
    gold_of = {gold["document"]: gold for path in golds for _, gold in read_gold(path)}
    projects = _by(read_rows(output, "projects"), "document_id")
    rows = {name: _by(read_rows(output, name), "project_id") for name in _FACTS}
    evidence = _by((e for e in read_rows(output, "evidence") if e["table"] == "projects"), "row_id")
    ids = {Path(d["source"]).name: d["document_id"] for d in read_rows(output, "documents")}
    for predicted in read_output(output):
        gold = gold_of.get(predicted.form["document"])
        if gold is None:
            continue
        found = sorted(projects[ids[gold["document"]]], key=lambda p: int(p["ordinal"]))
        partner = {j: gold["projects"][i] for i, j in align(gold["projects"], predicted.form["projects"]).items()}
        for n, project in enumerate(found):
            true = partner.get(n)
            if true and true.get("optional"):
                continue
            facts = {name: of[project["project_id"]] for name, of in rows.items()}
            context, sure = context_of(project["layout"], said=_said(project, facts)), project["confidence"]
            yield Judged(gold["document"], "projects", project["layout"], context, true is not None, entry=sure)
            for field, row, right in _values(project, facts, evidence[project["project_id"]], true):
                yield Judged(gold["document"], field, row["rule_id"], context, right, true is not None, sure)


def _by(rows: Iterable[Row], key: str) -> defaultdict[Any, list[Row]]:
    found: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _said(project: Row, facts: dict[str, list[Row]]) -> int:
    """How many of name, time, sums, payers, contact and status an entry has."""
    dated = project["start_date"] or project["end_date"]
    has = (project["project_name"], dated, facts["amounts"], project["funder_codes"], project["contact_name"], project["status"])
    return sum(bool(value) for value in has)


def _values(
    project: Row, facts: dict[str, list[Row]], evidence: Iterable[Row], gold: GoldProject | None
) -> Iterator[tuple[str, Row, bool]]:
    """Each value of a project with its field and whether gold has it; of an entry that gold has not, none is right."""
    true = _True(gold or NO_PROJECT)
    for name, rows in facts.items():
        for row in rows:
            field, value = _fact(name, row)
            if value is not None and not true.is_unsure(field):
                yield f"{name}.{row.get('kind') or row.get('role')}", row, value in true.values(field)
    for row in evidence:
        field, column = _FIELD_OF.get(row["field"], ""), row["field"]
        if field and not true.is_unsure(field):
            yield f"projects.{column}", row, _value(project, column) in true.values(field)


def _fact(table: str, row: Row) -> tuple[str, Hashable | None]:
    """The gold's field of a fact and its value there; None where gold need not list it."""
    if table == "amounts":
        return "amounts", (row["kind"], str(row["value_eur"]), row["year"])
    if table == "organisations":
        if row["role"] == "funder" and row["funder_code"]:
            return "funders", row["funder_code"]
        return "organisations", (fold(row["organisation_name"]), row["role"])
    if row["kind"] == "transfer" and row["start_date"]:
        return "transfer", str(row["start_date"])
    if row["kind"] == "duration":
        return "duration", (_iso(row["start_date"]), _iso(row["end_date"]))
    return "", None


def _iso(date: Any) -> str | None:
    return date.isoformat() if date else None


_FIELD_OF = {
    "project_name": "name", "start_date": "start", "end_date": "end", "status": "status", "section": "section",
    "municipality_role": "municipality_role", "project_code": "code", "entry_number": "number",
    "contact_name": "persons", "contact_role": "roles", **{f"{kind}_eur": "amounts" for kind in _SUMS},
}  # fmt: skip


def _value(project: Row, column: str) -> Hashable:
    value = project[column]
    if column in ("start_date", "end_date"):
        return _iso(value)
    if column.endswith("_eur"):
        return (column.removesuffix("_eur"), str(value), None)
    return fold(value) if isinstance(value, str) else value


NO_PROJECT: GoldProject = {
    "number": None, "section": None, "name": "", "code": None, "start": None, "end": None, "start_precision": None,
    "end_precision": None, "funders": [], "amounts": [], "persons": [], "organisations": [], "municipality_role": None,
    "status": None, "layout": None, "events": [],
}  # type: ignore[typeddict-item]  # fmt: skip
"""What gold has of an entry that is none."""


class _True:
    """What gold has of a project, in the words of ``_fact`` and ``_value``."""

    def __init__(self, gold: GoldProject) -> None:
        self._gold: Any = gold
        self._unsure = set(gold.get("unsure", ()))

    def is_unsure(self, field: str) -> bool:
        """Whether two careful readers could differ here."""
        parts = {"duration": {"start", "end"}, "roles": {"persons"}}.get(field, {field})
        return bool(parts & self._unsure)

    def values(self, field: str) -> set[Hashable]:
        """All right values of a field."""
        gold = self._gold
        listed: dict[str, Iterable[Hashable]] = {
            "amounts": [(a["kind"], str(a["value"]), a.get("year")) for a in gold["amounts"]],
            "organisations": [(fold(o["name"]), o["role"]) for o in gold.get("organisations", ())],
            "funders": gold["funders"],
            "name": [fold(name) for name in (gold["name"], *gold.get("name_also", ()))],
            "duration": [(gold["start"], gold["end"])],
            "start": [gold["start"]],
            "end": [gold["end"]],
            "transfer": [e["date"] for e in gold.get("events", ())],
            "persons": [fold(p["name"]) for p in gold["persons"]],
            "roles": [fold(p["role"]) for p in gold["persons"]],
        }
        value = gold.get(field)
        return set(listed[field]) if field in listed else {fold(value) if isinstance(value, str) else str(value)}


_OF_MINUTES = {
    "title": ("items.title",), "case_id": ("items.case_id",), "proposal": ("items.proposal",), "decision": ("items.decision",),
    "item number": ("items.number", "items.number_label"), "meeting_date": ("documents.meeting_date",),
    "meeting": (
        "documents.organisation", "documents.municipality_code", "documents.body", "documents.meeting_number",
        "documents.meeting_place", "documents.document_kind",
    ),
    "meeting_time": ("documents.meeting_start", "documents.meeting_end"),
}  # fmt: skip
"""The fields of the truth of minutes, and the columns that each speaks for."""


def of_minutes(output: Path, truths: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    """How often the columns of documents and items were right: column, right, seen; from the truth of whole minutes."""
    for name, counts in evaluate_minutes(output, "items", truths).fields().items():
        for column in _OF_MINUTES.get(name, ()):
            yield column, counts.tp, counts.tp + counts.fp
