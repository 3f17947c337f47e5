"""Corrections to rows: each finds its row, the last word on a value wins, and what follows from it is made anew.

The same rows and the same corrections give the same rows, in whatever order documents come.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from poytakirja.corrections.document_rows import FACTS, IDS, RULE, DocumentRows, Place, Row
from poytakirja.corrections.names import Shown
from poytakirja.corrections.project_facts import ProjectFacts
from poytakirja.corrections.resolve import Resolver, Target, split_name
from poytakirja.corrections.store import WHOLE_ROW, Correction
from poytakirja.corrections.values import Day, as_text, parse, row_value
from poytakirja.errors import UsageError
from poytakirja.projects.record.findings import CODES
from poytakirja.rules.organisations import municipalities

_VALUES = {"amounts": "value_eur", "periods": "start_date", "persons": "person_name", "organisations": "organisation_name"}


@dataclass(slots=True)
class _Said:
    """A correction and what it is about. ``status``: applied | stale | conflict; None: a later one took its place."""

    line: Correction
    target: Target
    status: str | None = "applied"

    @property
    def about(self) -> tuple[str, int, str]:
        """What tells one corrected value from another."""
        return self.line.table, id(self.target.row), self.line.field


def apply(tables: Mapping[str, list[Row]], lines: Sequence[Correction], shown: Shown) -> dict[str, list[Row]]:
    """The rows of one document with the corrections that concern it, in the order in which they were made."""
    return _Application(DocumentRows(tables), [shown.line(line) for line in lines]).run()


class _Application:
    """The corrections of one document being applied."""

    def __init__(self, rows: DocumentRows, lines: Sequence[Correction]) -> None:
        self.rows = rows
        self.lines = lines
        self._before = {id(project): dict(project) for project in rows.tables["projects"]}
        self._touched: dict[int, tuple[Row, list[str]]] = {}

    def run(self) -> dict[str, list[Row]]:
        """Find the rows, settle who wins, apply, and note what became of each correction."""
        resolver = Resolver(self.rows)
        added = [_Said(line, resolver.add(line)) for line in self.lines if line.action == "add"]
        said = [*added, *(_Said(line, resolver.target(line)) for line in self.lines if line.action != "add")]
        for project in self.rows.tables["projects"]:
            self._before.setdefault(id(project), dict(project))
        said.sort(key=lambda one: self.lines.index(one.line))
        for one in self._winners(said):
            try:
                self._apply(one)
            except UsageError as error:  # the tables have no such field or word any more
                one.status, one.target = "stale", replace(one.target, stale=str(error))
        self._follow()
        for one in said:
            if one.status is not None:
                self._note(one)
        self.rows.sort()
        return self.rows.tables

    # -- who has the last word

    def _winners(self, said: Sequence[_Said]) -> list[_Said]:
        """The last correction of each value; what it disagrees with is a conflict, unless its reviewer saw that."""
        last: dict[tuple[str, int, str], _Said] = {}
        earlier: dict[tuple[str, int, str], list[_Said]] = {}
        for one in said:
            if one.target.row is None:
                one.status = "stale" if one.target.stale else "applied"
                continue
            if one.line.action == "add":  # made already; what is said of it later is another matter
                self._touch(one.line.table, one.target.row, one.line.table)
                self._confirm_added(one)
                continue
            earlier.setdefault(one.about, []).append(one)
            last[one.about] = one
        for about, others in earlier.items():
            for one in others:
                if one is not last[about]:
                    one.status = "conflict" if _disagree(one, others) else None
        return list(last.values())

    def _confirm_added(self, one: _Said) -> None:
        row = one.target.row
        assert row is not None
        row["confidence"] = 1.0
        fields = {field: value for field, value in one.line.record.items() if one.line.table == "projects" and field != "layout"}
        for field, value in fields.items():
            try:
                line = replace(one.line, action="change", field=field, value=value, was=as_text(row_value(row, field)))
                self._apply_field(line, row, None)
            except (UsageError, KeyError) as error:
                one.status, one.target = "stale", replace(one.target, stale=str(error))

    # -- one correction

    def _apply(self, one: _Said) -> None:
        line, row = one.line, one.target.row
        if row is None:
            return
        if line.field == WHOLE_ROW:
            if line.action == "reject":
                self._reject_row(line.table, row)
            else:
                self._confirm_row(line.table, row)
        elif line.table in FACTS:
            self._apply_to_fact(line, row)
        else:
            self._apply_field(line, row, one.target.place)

    def _apply_field(self, line: Correction, row: Row, place: Place | None) -> None:
        """Change, confirm or reject a value of documents, items or projects."""
        value = None if line.action == "reject" or line.value is None else parse(line.table, line.field, line.value)
        if line.action == "reject" and line.field == "funder_codes":
            value = []
        _put(row, line.field, value)
        if place is None and value is not None:
            place = self.rows.find_value(value, self.rows.span_of(line.table, row))
        for field in (line.field, *([line.field.replace("date", "precision")] if isinstance(value, Day) else [])):
            self.rows.set_evidence(line.table, row, field, place)
        if line.table == "documents" and line.field == "organisation":
            town = municipalities.of_organisation(value or "")
            row["municipality_code"] = town.code if town else None
            self.rows.set_evidence(line.table, row, "municipality_code", place)
        if line.table == "projects":
            row["confidence"] = 1.0
            self._touch("projects", row, line.field)

    def _apply_to_fact(self, line: Correction, row: Row) -> None:
        """Change, confirm or reject a value of a fact."""
        if line.action == "reject" and line.field in (_VALUES[line.table], "kind", "part"):
            self._reject_row(line.table, row)
            return
        value = None if line.action == "reject" or line.value is None else parse(line.table, line.field, line.value)
        _put(row, line.field, value)
        if line.field == "person_name":
            split_name(row)
        row |= {"rule_id": RULE, "confidence": 1.0}
        self._touch_owner(line.table, row)

    def _confirm_row(self, table: str, row: Row) -> None:
        if table in FACTS:
            row |= {"rule_id": RULE, "confidence": 1.0}
            self._touch_owner(table, row)
        elif table == "projects":
            row["confidence"] = 1.0

    def _reject_row(self, table: str, row: Row) -> None:
        """Take a row out; what a project that is none says stays with its agenda item."""
        self.rows.drop(table, row)
        if table in FACTS:
            self._touch_owner(table, row)
            return
        if table != "projects":
            raise UsageError(f"rows of {table} cannot be rejected")
        gone = row["project_id"]
        tables = self.rows.tables
        for fact in (fact for name in FACTS for fact in tables[name] if fact["project_id"] == gone):
            fact["project_id"] = None
            if fact.get("part") == "project_contact":
                fact["part"] = "mentioned"
        self.rows.drop("evidence", *(e for e in tables["evidence"] if e["row_id"] == gone))
        self.rows.drop("findings", *(f for f in tables["findings"] if f["project_id"] == gone))
        self._touched.pop(id(row), None)

    # -- what follows

    def _touch_owner(self, table: str, fact: Row) -> None:
        if project := self.rows.project_of(fact):
            self._touch("projects", project, table)

    def _touch(self, table: str, row: Row, what: str) -> None:
        """Note that a field of a project, or a table of its facts, was corrected."""
        if table == "projects":
            self._touched.setdefault(id(row), (row, []))[1].append(what)
        elif table in FACTS:
            self._touch_owner(table, row)

    def _follow(self) -> None:
        """Carry corrected columns to facts and corrected facts to columns, and look for what is odd again."""
        for project, what in list(self._touched.values()):
            if not any(project is row for row in self.rows.tables["projects"]):
                continue
            facts = ProjectFacts(self.rows, project, self._before[id(project)])
            for table in (name for name in FACTS if name in what):
                facts.carry_to_columns(table)
            for field in (field for field in what if field not in FACTS):
                facts.carry_to_facts(field)
            facts.renew_findings(what)

    # -- what became of it

    def _note(self, one: _Said) -> None:
        line, row, place = one.line, one.target.row, self._place(one)
        row_id = row[IDS[line.table]] if row is not None and line.table in IDS else row["project_id"] if row else None
        self.rows.new_row(
            "corrections", document_id=self.rows.id, table=line.table, row_id=row_id, field=line.field, action=line.action,
            was=line.was, value=_value_of(line), by=line.by, at=_time(line.at), status=one.status, **self._where(place),
        )  # fmt: skip
        if one.status in ("stale", "conflict"):
            code = f"correction_{one.status}"
            why = one.target.stale or "another reviewer decided otherwise later"
            self.rows.new_row(
                "findings", document_id=self.rows.id, severity=CODES[code][0], code=code,
                message=f"A correction of {line.table}.{line.field} ({line.action}, {line.at[:10]}) is not applied: {why}.",
                **self._where(place),
            )  # fmt: skip

    def _place(self, one: _Said) -> Place | None:
        if one.target.place or one.target.row is None:
            return one.target.place
        return None if one.line.table == "documents" else self.rows.span_of(one.line.table, one.target.row)

    def _where(self, place: Place | None) -> Row:
        if place is None:
            return {}
        return {"page_no": self.rows.page_of(place[0]), "char_start": place[0], "char_end": place[1]}


def _put(row: Row, field: str, value: Any) -> None:
    """Give a row's column a value; a date brings its precision."""
    if field in ("start_date", "end_date"):
        row[field] = value.date if value else None
        row[field.replace("date", "precision")] = value.precision if value else None
    else:
        row[field] = value


def _disagree(one: _Said, others: Sequence[_Said]) -> bool:
    """Whether a correction says something else than the last one, whose reviewer, another, had not seen it."""
    last = others[-1]
    if one.line.by == last.line.by or _value_of(one.line) == _value_of(last.line):
        return False
    return not any(later.line.was == _value_of(one.line) for later in others[others.index(one) + 1 :])


def _value_of(line: Correction) -> str | None:
    """The value that a correction gives, as text; of an added row, its values."""
    if line.action == "add":
        return json.dumps(dict(line.record), ensure_ascii=False, sort_keys=True)
    return None if line.action == "reject" else line.value


def _time(at: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(at).replace(tzinfo=None, microsecond=0)
    except ValueError:  # another program's line: a time is no reason to lose a correction
        return None
