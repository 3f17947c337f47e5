"""How right the links between entries are, beside pairs of entries of which a careful reader said whether they are one project.

One JSON object a pair: ``document`` and ``project`` (its name), ``other_document`` and ``other_project``, ``same``, ``why``. The
file lists all pairs that are the same among its documents, so that each other link between these is false.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Prefix

from poytakirja.publish.stored import read_rows
from poytakirja.quality.comparison import Comparison
from poytakirja.quality.evaluate_minutes import MinutesReport
from poytakirja.quality.gold import fold
from poytakirja.terminal import InputError


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """An entry: its document's file name and its own name."""

    document: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.document})"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, whether they are one project, and why that is hard to tell."""

    a: EntryPlace
    b: EntryPlace
    same: bool
    why: str


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file."""
    for line in path.read_text("utf-8").splitlines():
        try:
            row: Mapping[str, Any] = json.loads(line)
            a, b = EntryPlace(row["document"], row["project"]), EntryPlace(row["other_document"], row["other_project"])
            yield Pair(a, b, bool(row["same"]), row["why"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: {line[:60]}: {error!r}: not in the form of links") from error


def evaluate_links(output: Path, paths: Iterable[Path]) -> MinutesReport:
    """Compare the links of an OUTPUT with those of gold."""
    report = MinutesReport("links")
    found = _Output(output)
    for path in paths:
        report.gold[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        report.comparisons += _compared(list(read_pairs(path)), found)
    return report


class _Output:
    """The entries of a run by document and name, and their keys."""

    def __init__(self, output: Path) -> None:
        names = {
            row["document_id"]: Path(row["source"]).name for row in read_rows(output, "documents", ["source", "document_id"])
        }
        self.keys = {row["project_id"]: row["project_key"] for row in read_rows(output, "project_links")}
        self.places: dict[str, EntryPlace] = {}
        self.of_document: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in read_rows(output, "projects", ["project_id", "document_id", "project_name"]):
            document = names[row["document_id"]]
            self.places[row["project_id"]] = EntryPlace(document, row["project_name"] or "")
            self.of_document[document].setdefault(fold(row["project_name"]), row["project_id"])

    def entry(self, place: EntryPlace) -> str | None:
        """The entry of this name; else the one whose name contains it, is contained in it, or begins so but for its ending."""
        known, name = self.of_document[place.document], fold(place.name)
        near = (entry for other, entry in known.items() if name in other or (len(other) > 7 and other in name))
        alike = (entry for other, entry in known.items() if Prefix.similarity(name, other) > max(10, 0.8 * len(name)))
        return known.get(name) or next(near, None) or next(alike, None)


def _compared(pairs: list[Pair], output: _Output) -> Iterator[Comparison]:
    """Each pair, as linked or not; then the links between the same documents that no pair tells of."""
    told = set()
    for pair in pairs:
        a, b = output.entry(pair.a), output.entry(pair.b)
        linked = a is not None and b is not None and a != b and output.keys[a] == output.keys[b]
        told.add(frozenset((a, b)))
        yield _comparison(pair.a, pair.b, pair.same, linked)
    documents = {place.document for pair in pairs for place in (pair.a, pair.b)}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for entry, place in output.places.items():
        if place.document in documents:
            groups[output.keys[entry]].append(entry)
    for group in groups.values():
        for a, b in combinations(group, 2):
            if frozenset((a, b)) not in told:
                yield _comparison(output.places[a], output.places[b], False, True)


def _comparison(a: EntryPlace, b: EntryPlace, same: bool, linked: bool) -> Comparison:
    value = frozenset({f"one with {b}"})
    return Comparison(a.document, a.name, None, "link", value if same else frozenset(), value if linked else frozenset())
