"""A project's columns and its facts say the same: what a reviewer corrected of one side is carried over to the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from poytakirja.corrections.document_rows import RULE, DocumentRows, Place, Row
from poytakirja.corrections.resolve import split_name
from poytakirja.document import Finding
from poytakirja.projects.record import findings
from poytakirja.records import Amount, Project

SUMS = ("total_cost", "municipal_share", "own_contribution", "grant", "applied_grant")
_PERIOD = ("start_date", "start_precision", "end_date", "end_precision")
_OF_MONEY = frozenset({
    "share_above_total", "own_contribution_above_share", "parts_above_total", "percentage_differs", "no_money", "malformed_sum",
    "sum_without_unit", "two_readings",
})  # fmt: skip
_OF_PERIOD = frozenset({"end_before_start", "no_period", "impossible_date"})


class ProjectFacts:
    """One project of a document, whose corrections have been put in its columns and facts."""

    def __init__(self, rows: DocumentRows, project: Row, before: Row) -> None:
        """``before`` holds the columns as they were."""
        self.rows = rows
        self.project = project
        self.before = before

    # -- from a column to the facts

    def carry_to_facts(self, field: str) -> None:
        """Let the facts say what a corrected column says."""
        if field.removesuffix("_eur") in SUMS:
            self._carry_sum(field)
        elif field in ("start_date", "end_date"):
            self._carry_period()
        elif field in ("contact_name", "contact_role"):
            self._carry_contact()
        elif field == "funder_codes":
            codes = set(self.project["funder_codes"])
            payers = [o for o in self.rows.facts_of(self.project, "organisations") if o["funder_code"]]
            self.rows.drop("organisations", *(o for o in payers if o["funder_code"] not in codes))
        elif field == "project_name":
            self.project["project_name_base"] = self.project["project_name"]

    def _place_of(self, field: str) -> Place:
        """Where a column's value is, after its correction."""
        known = self.rows.evidence_of("projects", self.project, field)
        return (known["char_start"], known["char_end"]) if known else self.rows.span_of("projects", self.project)

    def _own(self) -> Row:
        return {name: self.project[name] for name in ("document_id", "item_id", "project_id")}

    def _carry_sum(self, field: str) -> None:
        """The project has one sum of this kind, the corrected one, or none."""
        kind, value = field.removesuffix("_eur"), self.project[field]
        own = [a for a in self.rows.facts_of(self.project, "amounts") if a["kind"] == kind]
        kept = next((a for a in own if a["value_eur"] == value), None) or next(
            (a for a in own if a["value_eur"] == self.before[field]), None
        )
        if value is None:
            wrong = [a for a in own if a["value_eur"] == self.before[field]] if self.before[field] is not None else own
            self.rows.drop("amounts", *wrong)
            return
        mention = self.rows.mention(self._place_of(field))
        if kept is None:
            kept = self.rows.new_row("amounts", **self._own(), kind=kind, approximate=False)
        kept |= {"value_eur": value, **mention}
        self.rows.drop("amounts", *(a for a in own if a is not kept))

    def _carry_period(self) -> None:
        """The project has the duration that its columns say."""
        mine = [p for p in self.rows.facts_of(self.project, "periods") if p["kind"] == "duration"]
        kept = next((p for p in mine if _dates(p) == _dates(self.before)), None)
        now = {name: self.project[name] for name in _PERIOD}
        if not (now["start_date"] or now["end_date"]):
            self.rows.drop("periods", *([kept] if kept else []))
            return
        mention = self.rows.mention(self._place_of("start_date" if now["start_date"] else "end_date"))
        if kept is None:
            kept = self.rows.new_row("periods", **self._own(), kind="duration")
            kept |= mention
        kept |= {**now, "rule_id": RULE, "confidence": 1.0}

    def _carry_contact(self) -> None:
        """The project's first contact is who its columns say."""
        mine = [p for p in self.rows.facts_of(self.project, "persons") if p["part"] == "project_contact"]
        kept = next((p for p in mine if p["person_name"] == self.before["contact_name"]), None)
        name, role = self.project["contact_name"], self.project["contact_role"]
        if not (name or role):
            self.rows.drop("persons", *([kept] if kept else []))
            return
        if kept is None:
            kept = self.rows.new_row("persons", **self._own(), part="project_contact", acting=False, method="cue")
            kept |= self.rows.mention(self._place_of("contact_name" if name else "contact_role"))
        kept |= {"person_name": name, "role": role, "rule_id": RULE, "confidence": 1.0}
        split_name(kept)

    # -- from the facts to the columns

    def carry_to_columns(self, table: str) -> None:
        """Let the columns say what corrected facts of a table say."""
        if table == "amounts":
            for kind in SUMS:
                own = [a for a in self.rows.facts_of(self.project, "amounts") if a["kind"] == kind]
                self._set(f"{kind}_eur", own[0]["value_eur"] if len(own) == 1 else None, own[0] if own else None)
        elif table == "periods":
            own = [p for p in self.rows.facts_of(self.project, "periods") if p["kind"] == "duration"]
            if len(own) == 1:
                for name in _PERIOD:
                    self._set(name, own[0][name], own[0])
        elif table == "persons":
            mine = [p for p in self.rows.facts_of(self.project, "persons") if p["part"] == "project_contact"]
            first = min(mine, key=lambda p: (p["char_start"], p["char_end"]), default=None)
            self._set("contact_name", first["person_name"] if first else None, first)
            self._set("contact_role", first["role"] if first else None, first)

    def _set(self, field: str, value: Any, fact: Row | None) -> None:
        """Give a column the value of a fact, and its place."""
        if self.project[field] == value and not (fact and fact["rule_id"] == RULE):
            return
        self.project[field] = value
        place = (fact["char_start"], fact["char_end"]) if fact else None
        self.rows.set_evidence("projects", self.project, field, place)

    # -- findings

    def renew_findings(self, fields: Iterable[str]) -> None:
        """Take away what was found about values that are others now, and look at the project again."""
        touched = set(fields)
        codes = set[str]()
        if touched & {"amounts", *(f"{kind}_eur" for kind in SUMS)}:
            codes |= _OF_MONEY
        if touched & {"periods", "start_date", "end_date"}:
            codes |= _OF_PERIOD
        if not codes:
            return
        mine = [f for f in self.rows.tables["findings"] if f["project_id"] == self.project["project_id"]]
        self.rows.drop("findings", *(f for f in mine if f["code"] in codes))
        for found in findings.of_values(self._record()):
            if found.code in codes:
                self._note(found)

    def _note(self, found: Finding) -> None:
        place = (found.start or 0, found.end or 0)
        self.rows.new_row(
            "findings", **self._own(), severity=found.severity, code=found.code, message=found.message,
            page_no=self.rows.page_of(place[0]), char_start=place[0], char_end=place[1],
        )  # fmt: skip

    def _record(self) -> Project:
        """The project as its record, with what findings about values need."""
        row = self.project
        amounts = [
            Amount(a["surface"], a["rule_id"], a["char_start"], a["char_end"], kind=a["kind"], value=a["value_eur"],
                   approximate=a["approximate"])
            for a in self.rows.facts_of(row, "amounts")
        ]  # fmt: skip
        return Project(
            row["ordinal"], row["layout"], row["text"], row["char_start"], row["char_end"], amounts=amounts,
            start_date=row["start_date"], end_date=row["end_date"],
        )  # fmt: skip


def _dates(row: Row) -> tuple[Any, Any]:
    return row["start_date"], row["end_date"]
