"""Which stretches of a document describe one project each (hankekuvaukset).

``find(document, items)`` takes every stretch that might (generate.py), weighs what speaks for and against it (evidence.py,
score.py), and keeps the best set without overlaps (select.py). No word and no layout decides alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from poytakirja.document import Document, Span
from poytakirja.projects.entries.build import build
from poytakirja.projects.entries.evidence import company, evidence, hopeful
from poytakirja.projects.entries.generate import Candidate, Scope, candidates
from poytakirja.projects.entries.score import model
from poytakirja.projects.entries.select import select
from poytakirja.projects.facts import Mentions, mentions
from poytakirja.records import EntryCandidate, Item


@dataclass(slots=True)
class Weighed:
    """The candidates of a scope with their evidence, their confidence and which of them are chosen."""

    scope: Scope
    candidates: list[Candidate]
    known: Mentions
    evidence: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]
    chosen: list[int]


def find(document: Document, items: Sequence[Item]) -> list[EntryCandidate]:
    """The project entries of a document, in reading order."""
    return entries(weigh(document, items))


def entries(weighed: Sequence[Weighed]) -> list[EntryCandidate]:
    """The chosen candidates as entries, with their confidence."""
    out = []
    for place in weighed:
        sizes = Counter(group for group, _ in {(c.group, c.start) for c in place.candidates})
        built = build(place.scope, [place.candidates[n] for n in place.chosen], sizes)
        for entry, n in zip(built, place.chosen, strict=True):
            entry.confidence = model().confidence(place.probability[n])
        out += built
    return sorted(out, key=lambda entry: entry.span.start)


def possible(weighed: Sequence[Weighed], least: float = 0.2) -> list[tuple[Span, int | None, float]]:
    """What was not chosen though it may be an entry: its place, its agenda item and its confidence, at least ``least``."""
    out = []
    for place in weighed:
        taken = [(place.candidates[n].start, place.candidates[n].end) for n in place.chosen]
        confidence = [model().confidence(p) for p in place.probability]
        free = [
            n for n, c in enumerate(place.candidates)
            if confidence[n] >= least and all(c.end <= start or end <= c.start for start, end in taken)
        ]  # fmt: skip
        spans = [(place.candidates[n].start, place.candidates[n].end) for n in free]
        for k in select(spans, [confidence[n] for n in free]):
            item = place.scope.item.ordinal if place.scope.item else None
            out.append((Span(*spans[k]), item, confidence[free[k]]))
    return out


def scopes(document: Document, items: Sequence[Item]) -> list[Scope]:
    """Where candidates are looked for: each agenda item, or the whole text where there is none."""
    if not items:
        return [Scope.of(document, document.body(), None)]
    return [Scope.of(document, item.lines, item) for item in items]


def gathered(scope: Scope) -> tuple[list[Candidate], npt.NDArray[np.float64], Mentions]:
    """The candidates of a scope that hold anything a project could have, their evidence, and the facts of the scope."""
    known = mentions(scope.document, scope.units)
    found = hopeful(candidates(scope), known) if scope.units else []
    return found, evidence(scope, found, known), known


def reasons(place: Weighed, n: int, most: int = 4) -> list[str]:
    """What spoke most for a candidate and against it: each feature with its value and what it added to the log odds."""
    shares = model().trees.reasons(place.evidence[n])
    order = sorted(range(len(shares)), key=lambda k: (-abs(shares[k]), k))[: 2 * most]
    return [f"{model().names[k]} {place.evidence[n][k]:g} ({shares[k]:+.2f})" for k in order if abs(shares[k]) > 0.01]


def weigh(document: Document, items: Sequence[Item]) -> list[Weighed]:
    """All candidates of a document by scope, weighed; scopes without any are left out."""
    out = []
    for scope in scopes(document, items):
        found, matrix, known = gathered(scope)
        if not found:
            continue
        probability = model().second.probability(company(found, matrix, model().trees.probability(matrix)))
        chosen = _whole(found, select([(c.start, c.end) for c in found], (probability - model().threshold).tolist()))
        out.append(Weighed(scope, found, known, matrix, probability, chosen))
    return out


def _whole(found: Sequence[Candidate], chosen: Sequence[int]) -> list[int]:
    """The chosen candidates, those of a list with all that stands before the list's next marker."""
    whole = {c.start: n for n, c in enumerate(found) if c.whole}
    ends = [*(found[n].start for n in chosen), found[-1].end + 1][1:] if chosen else []
    out = []
    for n, following in zip(chosen, ends, strict=True):
        longer = whole.get(found[n].start) if found[n].kind == "marker" else None
        out.append(longer if longer is not None and found[n].end < found[longer].end <= following else n)
    return out
