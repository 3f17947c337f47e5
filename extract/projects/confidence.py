"""How probable it is that a value is right (luotettavuus): the reliability of its rule, where nothing else was weighed.

``model/reliability.csv`` says how often each rule was right in documents whose gold is known, by field and by the layout of the
entry (``training/measure_reliability.py`` makes it). A rule seldom seen there is taken for what its field is in that layout, and
that for what the field is in all: each count of the narrower case draws the estimate its way.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from math import exp, log

from poytakirja.document import Evidence
from poytakirja.records import Amount, Extraction, Fact, Organisation, Period, Project

_WEIGHT = 8.0
"""How many observations the wider case counts for beside those of the narrower one."""
_PRIOR = 0.8
"""What a field that was never measured is taken for."""


@dataclass(slots=True)
class Reliability:
    """How often rules were right: (right, seen) by field, by field and layout, by field, rule and layout."""

    counts: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, int, int]]) -> Reliability:
        """From rows of field, rule, layout, right and seen."""
        summed: defaultdict[tuple[str, ...], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for name, rule, context, right, seen in rows:
            for key in ((name,), (name, "", rule), (name, context), (name, context, rule)):
                known = summed[key]
                summed[key] = known[0] + right, known[1] + seen
        return cls(dict(summed))

    def probability(self, name: str, rule: str, context: str) -> float:
        """How probable it is that a value of a field is right, by its rule and what its entry is like.

        >>> measured = Reliability.of([("status", "a", "prose", 18, 20), ("status", "b", "prose", 2, 20)])
        >>> [round(measured.probability("status", rule, "prose"), 2) for rule in "abc"]
        [0.86, 0.13, 0.51]
        """
        whole = self._share((name,), _PRIOR)
        by_rule, by_context = self._share((name, "", rule), whole), self._share((name, context), whole)
        both = _logit(by_rule) + _logit(by_context) - _logit(whole)
        return self._share((name, context, rule), 1 / (1 + exp(-both)))

    def _share(self, key: tuple[str, ...], otherwise: float) -> float:
        """The share of a case that was right, drawn towards what it would be otherwise."""
        right, seen = self.counts.get(key, (0, 0))
        return (right + _WEIGHT * otherwise) / (seen + _WEIGHT)


def _logit(p: float) -> float:
    return log(p / (1 - p))


@cache
def measured() -> Reliability:
    """The reliabilities of the package."""
    text = (resources.files("poytakirja") / "model" / "reliability.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return Reliability.of((r["field"], r["rule_id"], r["context"], int(r["right"]), int(r["seen"])) for r in rows)


def context_of(layout: str, said: int) -> str:
    """What an entry is like: its layout, and whether it says little, some or much of what entries say."""
    return f"{layout}, {'little' if said < 3 else 'some' if said < 5 else 'much'}"


def _said(project: Project) -> int:
    """How many of name, time, sums, payers, contact and status an entry has."""
    dated = project.start_date or project.end_date
    contact = any(p.part == "project_contact" for p in project.persons)
    has = (project.project_name, dated, project.amounts, project.funder_codes, contact, project.status)
    return sum(bool(value) for value in has)


def set_confidences(extraction: Extraction) -> None:
    """Give every project, fact and evidence that has no confidence of its own that of its rule."""
    for project in extraction.projects:
        _of_project(project)
    for facts in (extraction.amounts, extraction.periods, extraction.organisations):
        for fact in facts:
            if fact.confidence is None:
                fact.confidence = measured().probability(f"outside.{type(fact).__name__.lower()}", fact.rule_id, "")
    extraction.meeting.evidence = [_sure(e, "documents", "") for e in extraction.meeting.evidence]
    for item in extraction.items:
        item.evidence = [_sure(e, "items", "") for e in item.evidence]


def _of_project(project: Project) -> None:
    context = context_of(project.layout, _said(project))
    if project.confidence is None:
        project.confidence = measured().probability("projects", project.layout, context)
    entry = project.confidence
    for fact in (*project.amounts, *project.periods, *project.organisations):
        if fact.confidence is None:
            fact.confidence = entry * measured().probability(name_of(fact), fact.rule_id, context)
    project.evidence = [_sure(e, "projects", context, entry) for e in project.evidence]


def name_of(fact: Fact) -> str:
    """What a fact's field is called among the reliabilities: ``amounts.grant``, ``organisations.funder``."""
    if isinstance(fact, Amount | Period):
        return f"{'amounts' if isinstance(fact, Amount) else 'periods'}.{fact.kind}"
    return f"organisations.{fact.role}" if isinstance(fact, Organisation) else "persons"


def _sure(evidence: Evidence, table: str, context: str, entry: float = 1.0) -> Evidence:
    if evidence.confidence is not None:
        return evidence
    return replace(evidence, confidence=entry * measured().probability(f"{table}.{evidence.field}", evidence.rule_id, context))
