"""Which candidates of a document are its gold entries, and how well each is one (0…1).

Gold names no places. An entry's place is where its name stands together with most of its sums, dates and people, and with no
other entry's name; the candidates that hold them share it, the closer the better.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from poytakirja.projects.entries.generate import Candidate
from poytakirja.projects.facts import Mention
from poytakirja.rules.vocabulary_tables.tables import lowered

Matrix = npt.NDArray[np.float64]

KINDS = {
    "numbered": {"marker"}, "bulleted": {"marker", "clause"}, "labelled": {"labels", "titled", "marker", "paragraph"},
    "table_row": {"row"},
    "item": {"item"}, "prose": {"titled", "paragraph", "sentences", "clause", "item", "labels", "marker"},
}  # fmt: skip
"""The kinds of candidates by the layout that gold gives an entry."""


def fold(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return "".join(c for c in lowered(text) if c.isalnum())


@dataclass(frozen=True)
class Letters:
    """A document's letters and digits, and the place of each."""

    text: str
    places: list[int]

    @classmethod
    def of(cls, text: str) -> Letters:
        """Those of a canonical text."""
        kept = [(c, n) for n, c in enumerate(lowered(text)) if c.isalnum()]
        return cls("".join(c for c, _ in kept), [n for _, n in kept])

    def find(self, words: str) -> list[tuple[int, int]]:
        """Where some words stand, whatever stands between their letters."""
        wanted, found = fold(words), []
        at = self.text.find(wanted) if len(wanted) >= 3 else -1
        while at >= 0:
            found.append((self.places[at], self.places[at + len(wanted) - 1] + 1))
            at = self.text.find(wanted, at + 1)
        return found


@dataclass
class GoldEntry:
    """An entry of the gold: where its name stands, and where each of its facts that can be found does."""

    gold: dict[str, Any]
    names: list[str]
    occurrences: list[tuple[int, int]]
    facts: list[npt.NDArray[np.int64]] = field(default_factory=list)

    @classmethod
    def of(cls, gold: dict[str, Any], letters: Letters, found: Sequence[Mention]) -> GoldEntry:
        """An entry with its places in a document."""
        names = [gold["name"], *gold.get("name_also", [])]
        places = sorted({o for name in names for o in letters.find(name)})
        for cut in range(1, 5):  # a name printed in another case than its gold
            if not places:
                places = sorted({o for name in names if len(fold(name)) - cut >= 6 for o in letters.find(fold(name)[:-cut])})
        entry = cls(gold, [fold(name) for name in names], places)
        for where in _fact_places(gold, letters, found):
            if where:
                entry.facts.append(np.array(sorted(where), dtype=np.int64))
        return entry


def _fact_places(gold: dict[str, Any], letters: Letters, found: Sequence[Mention]) -> list[list[int]]:
    out = []
    for value in sorted({Decimal(a["value"]) for a in gold["amounts"]}):
        places = [m.start for m in found if m.value == value]
        whole = str(int(value)) if value == int(value) else ""
        out.append(places or [start for start, _ in letters.find(whole)])
    start, end = (dt.date.fromisoformat(gold[side]) if gold[side] else None for side in ("start", "end"))
    if start or end:
        pairs = [(m.start, m.value) for m in found if isinstance(m.value, tuple)]
        out.append([at for at, value in pairs if (start and value[0] == start) or (end and value[1] == end)])
    out += [[start for start, _ in letters.find(person["name"])] for person in gold["persons"]]
    return out


@dataclass
class Labels:
    """For each candidate: how well it is an entry (0: not at all), which one, and whether it counts in training."""

    quality: Matrix
    owner: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]


def label(found: Sequence[Candidate], entries: Sequence[GoldEntry], item: int | None) -> Labels:
    """The labels of the candidates of one scope; ``item`` is its number, None where it has none."""
    size = len(found)
    out = Labels(np.zeros(size), np.full(size, -1), np.ones(size, bool))
    start, end = np.array([c.start for c in found]), np.array([c.end for c in found])
    here = [n for n, e in enumerate(entries) if e.gold.get("item") is None or item is None or e.gold["item"] == item]
    held = {n: _held(entries[n], found, start, end) for n in here}
    here = [n for n in here if held[n][0].any()]
    for n in here:
        entry, (named, offset, share) = entries[n], held[n]
        others = [m for m in here if m != n and not any(name in entry.names[0] for name in entries[m].names)]
        foreign = (
            np.sum([held[m][0] & ((held[m][2] > 0) | (not entries[m].facts)) for m in others], axis=0)
            if others
            else np.zeros(size)
        )
        quality = _quality(entry, found, (start, end), (named, offset, share), foreign)
        optional = bool(entry.gold.get("optional"))
        if not optional and quality.any():
            strange = np.sum(
                [_strange(entries[m], entry, start, end) for m in others if not entries[m].gold.get("optional")]
                or [np.zeros(size)],
                axis=0,
            )
            quality = np.where(strange > 0, 0.5, 1.0) * quality if entry.gold["layout"] != "item" else quality
            better = quality > out.quality
            out.quality[better], out.owner[better], out.counts[better] = quality[better], n, True
        elif optional:
            out.counts[named & (out.owner < 0)] = False
    return out


def _held(
    entry: GoldEntry, found: Sequence[Candidate], start: Matrix, end: Matrix
) -> tuple[npt.NDArray[np.bool_], Matrix, Matrix]:
    """Which candidates hold the name, how far behind their beginning, and what share of the facts they hold."""
    named, offset = np.zeros(len(found), bool), np.full(len(found), 9999.0)
    for a, b in entry.occurrences:
        inside = (start <= a) & (b <= end)
        named |= inside
        offset = np.where(inside, np.minimum(offset, a - start), offset)
    for n, c in enumerate(found):
        for cell in c.row.cells.values() if c.row and not named[n] else ():
            text = fold(cell.text)
            if any(name in text for name in entry.names):
                named[n], offset[n] = True, min(text.find(name) for name in entry.names if name in text)
    held = [np.searchsorted(places, end) > np.searchsorted(places, start) for places in entry.facts]
    share = np.mean(held, axis=0) if held else np.zeros(len(found))
    return named, offset, share


def _quality(
    entry: GoldEntry,
    found: Sequence[Candidate],
    span: tuple[Matrix, Matrix],
    held: tuple[npt.NDArray[np.bool_], Matrix, Matrix],
    foreign: Matrix,
) -> Matrix:
    start, end = span
    named, offset, share = held
    layout = entry.gold["layout"]
    item = layout == "item"
    allowed = named & np.array([bool(c.kinds & KINDS[layout]) for c in found])
    if not allowed.any():
        return np.zeros(len(found))
    if not item:
        allowed &= foreign == foreign[allowed].min()
    best = share[allowed].max()
    length = end - start
    whole = allowed & (share >= best - 1e-9)
    shortest = int(length[whole].min())
    nearest = int(np.flatnonzero(whole & (length == shortest))[0])
    within = [(a, b) for a, b in entry.occurrences if start[nearest] <= a and b <= end[nearest]]
    anchored = (start <= within[0][0]) & (end >= within[0][1]) if within else np.ones(len(found), bool)
    if item:
        return np.where(np.array([c.kind == "item" for c in found]) & allowed & anchored, 1.0, 0.0)
    good = anchored & allowed & (share >= 0.5 * best) & (length <= 4 * shortest + 300)
    close = np.clip((shortest + 60) / (np.maximum(length, 1) + 60), 0, 1) ** 0.25
    leading = np.clip(1 - (offset - 60) / 600, 0.5, 1)
    complete = share / best if best > 0 else np.ones(len(found))
    return np.where(good, complete * close * leading, 0.0)


def _strange(other: GoldEntry, entry: GoldEntry, start: Matrix, end: Matrix) -> npt.NDArray[np.bool_]:
    """Which candidates hold a fact of another entry that is not this one's too."""
    out = np.zeros(len(start), bool)
    for places in other.facts:
        own = np.array([p for p in places if not any(p in mine for mine in entry.facts)], dtype=np.int64)
        out |= np.searchsorted(own, end) > np.searchsorted(own, start)
    return out
