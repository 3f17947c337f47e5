"""An extraction becomes rows: ids, places and evidence are given here, and nothing is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import pyarrow as pa

from poytakirja.document import Evidence
from poytakirja.records import Amount, Extraction, Fact, Meeting, Organisation, Period, Person, Project
from poytakirja.rules.layout import identity_codes
from poytakirja.tables.schema import ACROSS, DOCUMENTS, ITEMS, PROJECTS, TABLES, Row, Table
from poytakirja.tables.versions import versions

# ---------------------------------------------------------------- from an extraction to rows

_SUMS = ("total_cost", "municipal_share", "own_contribution", "grant", "applied_grant")
_READ_WITH = {
    "start_precision": "start_date",
    "end_precision": "end_date",
    "number": "number_label",
    "number_label": "number",
    "municipality_code": "organisation",
}
"""Columns whose value stands in the same words as another one's."""


class _Rows:
    """The rows of one extraction, table by table."""

    def __init__(self, extraction: Extraction, source: str, own: str) -> None:
        self.extraction = extraction
        self.source = source
        self.own = own
        self.document = extraction.document
        self.id = document_id(extraction.document.sha256)
        self._item_starts = [item.start for item in extraction.items]

    # -- ids and places

    def item_id(self, ordinal: int | None) -> str | None:
        return None if ordinal is None else f"{self.id}/i{ordinal}"

    def project_id(self, ordinal: int | None) -> str | None:
        return None if ordinal is None else f"{self.id}/p{ordinal}"

    def item_at(self, offset: int) -> str | None:
        """The agenda item in which a character stands."""
        index = bisect_right(self._item_starts, offset) - 1
        if index < 0 or offset >= self.extraction.items[index].end:
            return None
        return self.item_id(self.extraction.items[index].ordinal)

    def place(self, start: int, end: int) -> Row:
        if not 0 <= start <= end <= len(self.document.text):
            raise ValueError(f"the span {start}:{end} lies outside a text of {len(self.document.text)} characters")
        return self.document.page_of(start), start, end

    def mention(self, said: Fact | Evidence) -> Row:
        """The surface, cut from the text itself so that it cannot differ, the rule and the place."""
        place = self.place(said.start, said.end)
        if said.start == said.end:
            raise ValueError(f"{said.rule_id} names no text at {said.start}")
        return self.document.text[said.start : said.end], said.rule_id, *place

    # -- tables

    def documents(self) -> Iterator[Row]:
        document, problem = self.document, self.document.problem
        yield file_row(
            self.source,
            "partial" if problem else "ok",
            self.own,
            document_id=self.id,
            sha256=document.sha256,
            media_type=document.media_type,
            error_code=problem.code if problem else None,
            error=problem.message if problem else None,
            reader=document.reader,
            recogniser=document.recogniser,
            confidence=document.confidence,
            page_count=len(document.pages),
            char_count=len(document.text),
            persons_mode=self.extraction.persons_mode,
            **_own(self.extraction.meeting, DOCUMENTS),
        )

    def pages(self) -> Iterator[Row]:
        for page in self.document.pages:
            yield self.id, page.number, page.start, page.text, page.confidence

    def items(self) -> Iterator[Row]:
        for i in self.extraction.items:
            read = (i.number, i.number_label, i.title, i.case_id, i.proposal, i.decision, i.outcome)
            yield self.item_id(i.ordinal), self.id, i.ordinal, *read, *self.place(i.start, i.end)

    def cells(self) -> Iterator[Row]:
        for number, table in enumerate(self.document.tables):
            for c in chain.from_iterable(table.rows()):
                text = (c.row, c.col, c.is_header, c.text)
                yield self.id, self.item_at(c.start), number, *text, c.page_no, *self.place(c.start, c.end)[1:]

    def projects(self) -> Iterator[Row]:
        for p in self.extraction.projects:
            contact = _contact(p)
            sums = {f"{kind}_eur": amount.value for kind in _SUMS if (amount := _only(p, kind))}
            page_no, *_ = self.place(p.start, p.end)
            yield PROJECTS.row(
                **_own(p, PROJECTS) | {"funder_codes": sorted(p.funder_codes), "confidence": sure(p)},
                **sums,
                project_id=self.project_id(p.ordinal),
                document_id=self.id,
                item_id=self.item_id(p.item),
                contact_name=contact.name if contact else None,
                contact_role=contact.role if contact else None,
                page_no=page_no,
                char_start=p.start,
                char_end=p.end,
            )

    def _facts(self, kind: str) -> list[tuple[Row, Any, Row]]:
        """All facts of a kind in the order of the text: (to whom they belong, the fact, where it is said)."""
        item_of = {p.ordinal: p.item for p in self.extraction.projects}
        found = [(f, f.item, f.project) for f in getattr(self.extraction, kind)]
        found += [(f, p.item, p.ordinal) for p in self.extraction.projects for f in getattr(p, kind)]
        found.sort(key=lambda fact: (fact[0].start, fact[0].end))
        return [(self._owner(item, project, item_of), fact, self.mention(fact)) for fact, item, project in found]

    def _owner(self, item: int | None, project: int | None, item_of: Mapping[int, int | None]) -> Row:
        if item is None and project is not None:
            item = item_of[project]
        return self.id, self.item_id(item), self.project_id(project)

    def amounts(self) -> Iterator[Row]:
        a: Amount
        for owner, a, mention in self._facts("amounts"):
            yield *owner, a.kind, a.value, a.approximate, a.year, a.party, a.label, sure(a), *mention

    def periods(self) -> Iterator[Row]:
        p: Period
        for owner, p, mention in self._facts("periods"):
            yield *owner, p.kind, p.start_date, p.start_precision, p.end_date, p.end_precision, sure(p), *mention

    def persons(self) -> Iterator[Row]:
        p: Person
        for owner, p, mention in self._facts("persons"):
            name = (p.name, p.given_name, p.family_name, p.role)
            yield *owner, p.part, *name, p.acting, p.method, sure(p), *mention

    def organisations(self) -> Iterator[Row]:
        o: Organisation
        for owner, o, mention in self._facts("organisations"):
            yield *owner, o.name, o.role, o.funder_code, o.business_id, sure(o), *mention

    def votes(self) -> Iterator[Row]:
        for item in self.extraction.items:
            for v in item.votes:
                counts = (v.votes_for, v.votes_against, v.votes_empty, v.votes_absent)
                yield *self._owner(v.item, None, {}), v.subject, *counts, sure(v), *self.mention(v)

    def evidence(self) -> Iterator[Row]:
        x = self.extraction
        rows: list[tuple[str, str | None, Evidence]] = []
        rows += [("documents", self.id, e) for e in _complete(x.meeting, x.meeting.evidence)]
        rows += [("items", self.item_id(i.ordinal), e) for i in x.items for e in _complete(i, i.evidence)]
        for p in x.projects:
            rows += [("projects", self.project_id(p.ordinal), e) for e in _complete(p, [*p.evidence, *_said_by_facts(p)])]
        rows.sort(key=lambda row: (row[2].start, row[2].end))
        for table, row_id, e in rows:
            yield self.id, table, row_id, e.field, sure(e), *self.mention(e)

    def corrections(self) -> Iterator[Row]:
        """None: a reviewer's corrections come to the rows of a document when its part is written."""
        return iter(())

    def findings(self) -> Iterator[Row]:
        item_of = {p.ordinal: p.item for p in self.extraction.projects}
        for f in sorted(self.extraction.findings, key=lambda f: (-1 if f.start is None else f.start, f.code)):
            place = (None, None, None) if f.start is None else self.place(f.start, f.start if f.end is None else f.end)
            yield *self._owner(f.item, f.project, item_of), f.severity, f.code, f.message, *place


def sure(said: Fact | Evidence | Project) -> float:
    """How probable it is that a value is right; 1 where nothing speaks against it."""
    return 1.0 if said.confidence is None else said.confidence


def _own(record: Meeting | Project, table: Table) -> dict[str, Any]:
    """The fields of a record that stand in a table under their own name."""
    return {c.name: getattr(record, c.name) for c in table.columns if c.name in record.__slots__}


def _only(project: Project, kind: str) -> Amount | None:
    """The project's amount of a kind, if there is exactly one."""
    amounts = [a for a in project.amounts if a.kind == kind]
    return amounts[0] if len(amounts) == 1 else None


def _contact(project: Project) -> Person | None:
    """The first contact person (yhteyshenkilö) of a project."""
    contacts = [p for p in project.persons if p.part == "project_contact"]
    return min(contacts, key=lambda p: (p.start, p.end), default=None)


def _said_by_facts(project: Project) -> Iterator[Evidence]:
    """The evidence of the project's columns that repeat one of its facts."""
    for kind in _SUMS:
        if amount := _only(project, kind):
            yield _evidence(f"{kind}_eur", amount)
    if contact := _contact(project):
        if contact.name is not None:
            yield _evidence("contact_name", contact)
        if contact.role is not None:
            yield _evidence("contact_role", contact)


def _evidence(field: str, said: Fact | Evidence) -> Evidence:
    return Evidence(field, said.surface, said.rule_id, said.start, said.end, said.confidence)


def _complete(record: Any, evidence: Sequence[Evidence]) -> list[Evidence]:
    """A record's evidence, with that of the columns which stand in the same words as another one."""
    known = {e.field: e for e in evidence}
    added = [
        _evidence(field, known[source])
        for field, source in _READ_WITH.items()
        if field not in known and source in known and getattr(record, field, None) is not None
    ]
    return [*evidence, *added]


def document_id(sha256: str) -> str:
    """The id of a document with this content."""
    return sha256[:16]


def rows(extraction: Extraction, source: str, own: str = "") -> dict[str, pa.RecordBatch]:
    """The rows of every table that one document gives (those of all documents together aside); ``own`` as in ``versions``."""
    made = _Rows(extraction, source, own)
    return {name: table.batch(list(getattr(made, name)())) for name, table in TABLES.items() if name not in ACROSS}


def file_row(source: str, status: str, own: str = "", **known: Any) -> Row:
    """A file's row in ``documents``: what is known of it, by column; no identity code in its name or in an error's words."""
    v = versions(own)
    source = identity_codes.masked(source, stated=True)
    if known.get("error"):
        known["error"] = identity_codes.masked(known["error"], stated=True)
    made = {"software_version": v.software, "rules_version": v.rules, "model_version": v.model}
    return DOCUMENTS.row(source=source, status=status, **made, **known)


# ---------------------------------------------------------------- checks


def without_evidence(batches: Mapping[str, pa.RecordBatch | pa.Table]) -> list[tuple[str, str, str]]:
    """The values read from the text that no evidence supports, as (table, row_id, column)."""
    rows = batches["evidence"].select(["table", "row_id", "field"]).to_pylist()
    known = {(e["table"], e["row_id"], e["field"]) for e in rows}
    missing = []
    for table, key in ((DOCUMENTS, "document_id"), (ITEMS, "item_id"), (PROJECTS, "project_id")):
        for row in batches[table.name].to_pylist():
            said = [c.name for c in table.columns if c.evident and row[c.name] is not None]
            missing += [(table.name, row[key], name) for name in said if (name, row[name]) != ("document_kind", "other")]
    return [value for value in missing if value not in known]


def misplaced(extraction: Extraction) -> list[Fact | Evidence]:
    """The facts and evidence of an extraction whose surface is not what the text holds at their span."""
    x = extraction
    said: list[Fact | Evidence] = [*x.meeting.evidence, *chain.from_iterable(i.evidence for i in x.items)]
    owners: list[Extraction | Project] = [x, *x.projects]
    for owner in owners:
        said += chain(owner.amounts, owner.periods, owner.persons, owner.organisations)
    said += chain.from_iterable(p.evidence for p in x.projects)
    said += chain.from_iterable(i.votes for i in x.items)
    return [s for s in said if not 0 <= s.start < s.end or x.document.text[s.start : s.end] != s.surface]
