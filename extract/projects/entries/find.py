"""Which stretches of a document describe one project each (hankekuvaukset).

``find(document, items)`` takes every stretch that might (generate.py), weighs what speaks for and against it (evidence.py,
score.py), and keeps the best set without overlaps (select.py). No word and no layout decides alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from poytakirja.document import Document
from poytakirja.projects.entries.build import build
from poytakirja.projects.entries.evidence import company, evidence, hopeful
from poytakirja.projects.entries.generate import Candidate, Scope, candidates
from poytakirja.projects.entries.score import model
from poytakirja.projects.entries.select import select
from poytakirja.projects.facts import mentions
from poytakirja.records import EntryCandidate, Item


@dataclass(slots=True)
class Weighed:
    """The candidates of a scope with their evidence, their confidence and which of them are chosen."""

    scope: Scope
    candidates: list[Candidate]
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
        built = build(place.scope, [place.candidates[n] for n in place.chosen])
        for entry, n in zip(built, place.chosen, strict=True):
            entry.confidence = model().confidence(place.probability[n])
        out += built
    return sorted(out, key=lambda entry: entry.span.start)


def scopes(document: Document, items: Sequence[Item]) -> list[Scope]:
    """Where candidates are looked for: each agenda item, or the whole text where there is none."""
    if not items:
        return [Scope.of(document, document.body(), None)]
    return [Scope.of(document, item.lines, item) for item in items]


def gathered(scope: Scope) -> tuple[list[Candidate], npt.NDArray[np.float64]]:
    """The candidates of a scope that hold anything a project could have, and their evidence."""
    if not scope.units:
        return [], np.zeros((0, 0))
    known = mentions(scope.document, scope.units)
    found = hopeful(candidates(scope), known)
    return found, evidence(scope, found, known)


def weigh(document: Document, items: Sequence[Item]) -> list[Weighed]:
    """All candidates of a document by scope, weighed; scopes without any are left out."""
    out = []
    for scope in scopes(document, items):
        found, matrix = gathered(scope)
        if not found:
            continue
        probability = model().second.probability(company(found, matrix, model().trees.probability(matrix)))
        chosen = _whole(found, select([(c.start, c.end) for c in found], (probability - model().threshold).tolist()))
        out.append(Weighed(scope, found, matrix, probability, chosen))
    return out


def _whole(found: Sequence[Candidate], chosen: Sequence[int]) -> list[int]:
    """The chosen candidates, those of a list with all that stands before the list's next marker."""
    whole = {c.start: n for n, c in enumerate(found) if c.whole}
    ends = [found[n].start for n in chosen[1:]] + [found[-1].end + 1]
    out = []
    for n, following in zip(chosen, ends, strict=True):
        longer = whole.get(found[n].start) if found[n].kind == "marker" else None
        out.append(longer if longer is not None and found[n].end < found[longer].end <= following else n)
    return out
