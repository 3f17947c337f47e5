"""The facts that a text states, found once (maininnat): where its periods, sums, payers and telling words stand.

``mentions(units, document)`` reads each unit of an outline once; who asks what a stretch of the document holds counts in sorted
arrays and reads no text again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from poytakirja.document import Cell, Document
from poytakirja.outline.blocks import rows_between
from poytakirja.outline.units import Unit
from poytakirja.passage import Passage
from poytakirja.records import Rows
from poytakirja.rules.money import sums as money
from poytakirja.rules.organisations.funders import find_funders
from poytakirja.rules.projects import name_in_text, signs
from poytakirja.rules.time import dates

Places = npt.NDArray[np.int64]

SUM_KINDS = {
    "total_cost": "total",
    "municipal_share": "share sum",
    "own_contribution": "share sum",
    "partner_share": "share sum",
    "grant": "grant sum",
    "applied_grant": "grant sum",
    None: "plain sum",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact where it stands: its kind, its place in the document and what it says (a date pair, a sum, a code)."""

    kind: str
    start: int
    end: int
    value: object = None


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of a stretch in order, and the places of each kind."""

    found: list[Mention]
    places: dict[str, Places]

    @classmethod
    def of(cls, found: list[Mention]) -> Mentions:
        """Mentions in order of their place."""
        found.sort(key=lambda m: (m.start, m.end, m.kind))
        by_kind: dict[str, list[int]] = {}
        for mention in found:
            by_kind.setdefault(mention.kind, []).append(mention.start)
        return cls(found, {kind: np.array(places, dtype=np.int64) for kind, places in by_kind.items()})

    def count(self, kind: str, starts: Places, ends: Places) -> npt.NDArray[np.float64]:
        """How many mentions of a kind begin in each of some stretches."""
        places = self.places.get(kind)
        if places is None:
            return np.zeros(len(starts))
        return (np.searchsorted(places, ends) - np.searchsorted(places, starts)).astype(np.float64)

    def distance(self, kind: str, starts: Places, ends: Places) -> npt.NDArray[np.float64]:
        """How far behind the beginning of each stretch its first mention of a kind stands; 9999 where it has none."""
        places = self.places.get(kind)
        if places is None:
            return np.full(len(starts), 9999.0)
        first = np.searchsorted(places, starts)
        at = places[np.minimum(first, len(places) - 1)]
        return np.where((first < len(places)) & (at < ends), at - starts, 9999).astype(np.float64)


def mentions(document: Document, units: Sequence[Unit]) -> Mentions:
    """The mentions of some units, each read once; the cells of a ruled table one by one."""
    found: list[Mention] = []
    for unit in units:
        if unit.table is None:
            found += _of_passage(unit.passage)
            continue
        for cell in document.tables[unit.table].cells:
            if unit.start <= cell.start < unit.end and cell.text.strip() and not cell.carried:
                found += _of_passage(cell_passage(document, cell))
    return Mentions.of(found)


def cell_passage(document: Document, cell: Cell) -> Passage:
    """The words of a cell of a ruled table as running text."""
    return Passage.of(cell_rows(document, cell.start, cell.end))


def cell_rows(document: Document, start: int, end: int) -> Rows:
    """The rows of a cell as a passage takes them."""
    lines = document.lines
    near = bisect_left(lines, start, key=lambda line: line.end)
    return rows_between([line for line in lines[near : near + 60] if line.role == "body"], start, end)


def _of_passage(passage: Passage) -> Iterator[Mention]:
    text = passage.text
    if any(map(str.isdigit, text)):
        for period in dates.find(text):
            kind = "duration" if period.kind == "duration" and (period.start_date or period.end_date) else "date"
            value = (period.start_date, period.end_date)
            yield Mention(kind, passage.place(period.start), passage.place(period.end - 1) + 1, value)
            if kind == "duration" and period.form == "range":
                yield Mention("range", passage.place(period.start), passage.place(period.end - 1) + 1, value)
        for amount in money.find(text):
            kind = "unit sum" if amount.per_unit else SUM_KINDS.get(amount.kind, "other sum")
            yield Mention(kind, passage.place(amount.start), passage.place(max(amount.start, amount.end - 1)) + 1, amount.value)
    for payer in find_funders(text):
        kind = "vague payer" if payer.code in ("EU", "VALTIO", "KUNTA", "MUU") else "payer"
        yield Mention(kind, passage.place(payer.start), passage.place(payer.end - 1) + 1, payer.code)
    for start, end in name_in_text.name_signs(text):
        yield Mention("name", passage.place(start), passage.place(end - 1) + 1)
    for start, kind in signs.find_signs(text):
        yield Mention(kind, passage.place(start), passage.place(start) + 1)
