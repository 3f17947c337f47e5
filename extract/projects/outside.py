"""Sums, times and organisations that an agenda item states outside its projects (muut tiedot).

Each paragraph and each table cell is read once. What stands within a project's entry counts here too where the project's record
did not take it: a neighbour's sum, a bidder, an earlier year. A value that the record has is not repeated.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from poytakirja.document import Document, Line, Table
from poytakirja.outline.blocks import Block, blocks
from poytakirja.passage import Passage
from poytakirja.projects import money_columns
from poytakirja.projects.money_columns import ColumnSum
from poytakirja.records import Amount, Item, Organisation, Period, Project
from poytakirja.rules.money import sums
from poytakirja.rules.organisations import municipalities, named
from poytakirja.rules.organisations.funders import FunderMatch, find_funders, payer_name
from poytakirja.rules.projects.payers import speaks_of_money
from poytakirja.rules.time import dates


@dataclass(slots=True)
class OutsideFacts:
    """The facts that belong to no project, in the order of the text."""

    amounts: list[Amount] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)


def find(document: Document, items: Sequence[Item], records: Sequence[Project], publisher: str | None) -> OutsideFacts:
    """All of a document; ``publisher`` (Kemin kaupunki), whose own name is no news, may be None."""
    reader = _Reader(document, _Owned(records), publisher)
    for item, lines in _stretches(document, items):
        reader.read(item, lines)
    return reader.facts


def _stretches(document: Document, items: Sequence[Item]) -> Iterator[tuple[int | None, Sequence[Line]]]:
    """The rows of each item, those before and between items, and all rows of a document without items.

    What stands behind the last item tells how to appeal, the same in all minutes of a body: it is left out.
    """
    within = sorted((item.start, item.end) for item in items)
    last = max((end for _, end in within), default=len(document.text))
    between: list[Line] = []
    n = 0
    for line in document.body():
        while n < len(within) and within[n][1] <= line.start:
            n += 1
        if line.start < last and not (n < len(within) and within[n][0] <= line.start):
            between.append(line)
    if between:
        yield None, between
    yield from ((item.ordinal, item.lines) for item in items)


class _Owned:
    """What the projects' records hold, by place: whether a value found there is one of theirs."""

    def __init__(self, records: Sequence[Project]) -> None:
        self._records = sorted(records, key=lambda p: p.start)
        self._starts = [p.start for p in self._records]
        self._values: dict[int, set[object]] = {}

    def has(self, place: int, value: object) -> bool:
        """Whether the project whose entry holds this place has this value."""
        n = bisect_right(self._starts, place) - 1
        if n < 0 or place >= self._records[n].end:
            return False
        if n not in self._values:
            self._values[n] = set(_values_of(self._records[n]))
        return value in self._values[n]


def _values_of(record: Project) -> Iterator[object]:
    yield from (amount.value for amount in record.amounts)
    yield record.start_date, record.end_date
    yield from ((period.start_date, period.end_date) for period in record.periods)
    for organisation in record.organisations:
        yield organisation.name.casefold()
        yield organisation.funder_code
    yield from record.funder_codes


class _Reader:
    """Reads the stretches of a document one after another; each distinct value of an item once."""

    def __init__(self, document: Document, owned: _Owned, publisher: str | None) -> None:
        self.document = document
        self.owned = owned
        home = municipalities.of_organisation(publisher) if publisher else None
        self.home = home.code if home else None
        self.publisher = publisher
        self.facts = OutsideFacts()
        self._known: set[tuple[object, ...]] = set()
        self._taken: set[int] = set()

    def read(self, item: int | None, lines: Sequence[Line]) -> None:
        """The facts of some rows, which belong to an item or to none."""
        self._known.clear()
        self._taken = {found.start for found in self._columns(item, lines)}
        for block in blocks(lines):
            for passage in self._passages(block):
                self._amounts(item, passage)
                self._periods(item, passage)
                self._organisations(item, passage)

    def _columns(self, item: int | None, lines: Sequence[Line]) -> Iterator[ColumnSum]:
        """The bare numbers in columns of money, each added to the facts."""
        tables = {line.table: line.start for line in reversed(lines) if line.table is not None}
        found = list(money_columns.of_lines(lines))
        for number, begin in tables.items():
            caption = "\n".join(line.text for line in lines if begin - 400 < line.start < begin and line.table is None)
            found += money_columns.of_table(self.document.tables[number], caption)
        for one in sorted(found, key=lambda one: one.start):
            yield one
            kind = one.column.kind or "other"
            if (one.value == 0 and kind == "other") or not self._is_new(item, one.start, one.value, kind, one.column.year):
                continue
            label = one.header if any(c.isalpha() for c in one.header) else None
            self.facts.amounts.append(
                Amount(
                    self.document.text[one.start : one.end], "money.column", one.start, one.end, kind=kind, value=one.value,
                    approximate=one.approximate, year=one.column.year, label=label, item=item,
                )
            )  # fmt: skip

    def _passages(self, block: Block) -> Iterator[Passage]:
        if block.kind != "table" or block.table is None:
            yield block.passage
        else:
            yield from _rows_of(self.document.tables[block.table])

    def _is_new(self, item: int | None, place: int, value: object, *more: object) -> bool:
        key = (item, value, *more)
        if key in self._known or self.owned.has(place, value):
            return False
        self._known.add(key)
        return True

    def _amounts(self, item: int | None, passage: Passage) -> None:
        for m in sums.find(passage.text):
            if m.value is None or m.in_range or (m.value == 0 and m.kind is None):
                continue
            kind = m.kind or "other"
            span = passage.span(m.start, m.end)
            if span.start in self._taken:
                continue
            if not self._is_new(item, span.start, m.value, kind, m.year):
                continue
            self.facts.amounts.append(
                Amount(
                    self.document.text[span.start : span.end], m.rule_id, span.start, span.end, kind=kind, value=m.value,
                    approximate=m.approximate, year=m.year if kind == "annual" else None, party=m.party,
                    label=_unit_behind(passage.text, m.end) if m.per_unit else m.label, item=item,
                )
            )  # fmt: skip

    def _periods(self, item: int | None, passage: Passage) -> None:
        for m in dates.find(passage.text):
            if not _is_a_period(m):
                continue
            span = passage.span(m.start, m.end)
            if not self._is_new(item, span.start, (m.start_date, m.end_date)):
                continue
            kind = m.kind if m.kind in ("transfer", "deadline") or _says_duration(m) else "other"
            self.facts.periods.append(
                Period(
                    self.document.text[span.start : span.end], m.rule_id, span.start, span.end, kind=kind,
                    start_date=m.start_date, start_precision=m.start_precision, end_date=m.end_date,
                    end_precision=m.end_precision, item=item,
                )
            )  # fmt: skip

    def _organisations(self, item: int | None, passage: Passage) -> None:
        bodies = named.find(passage.text)
        payers = find_funders(passage.text)
        for body in bodies:
            payer = next((p for p in payers if p.start < body.end and body.start < p.end), None)
            self._organisation(item, passage, body.start, body.end, body.name, body.rule_id, payer)
        for payer in payers:
            if passage.text[max(0, payer.start - 1) : payer.start] in _IN_AN_ADDRESS:
                continue
            if not any(payer.start < body.end and body.start < payer.end for body in bodies):
                start, name = payer_name(passage.text, payer)
                self._organisation(item, passage, start, payer.end, name, payer.rule_id, payer)

    def _organisation(
        self, item: int | None, passage: Passage, start: int, end: int, name: str, rule: str, payer: FunderMatch | None
    ) -> None:  # fmt: skip
        span = passage.span(start, end)
        if self._is_own(name) or not self._is_new(item, span.start, name.casefold()):
            return
        role = "funder" if payer and _pays(passage.text, start, end, payer) else "mentioned"
        code = payer.code if payer and (payer.code != "MUU" or role == "funder") else None
        self.facts.organisations.append(
            Organisation(
                self.document.text[span.start : span.end], rule, span.start, span.end, name=name, role=role, funder_code=code,
                item=item,
            )
        )  # fmt: skip

    def _is_own(self, name: str) -> bool:
        """Whether it is the publisher itself, or one of its houses (Kemin kansalaisopisto)."""
        if name == self.publisher:
            return True
        place, _, rest = name.partition(" ")
        known = municipalities.of_organisation(name) or (municipalities.by_name(place) if rest.endswith(_HOUSES) else None)
        return known is not None and known.code == self.home


_UNIT = re.compile(r"\s?/\s?\w{1,20}|\s\w{1,20}")


def _unit_behind(text: str, end: int) -> str | None:
    """Per what a price is, as printed behind it: ``/h``, ``tunnilta``."""
    unit = _UNIT.match(text, end)
    return unit.group().strip() if unit else None


_IN_AN_ADDRESS = ("/", ".", "-", "@")
_HOUSES = ("opisto", "laitos", "virasto")
_FUNDS = frozenset({"ESR", "EAKR", "JTF", "AMIF", "MASEURA", "INTERREG", "ERASMUS", "AKKE", "EU", "VALTIO"})
_GIVES = re.compile(
    r"(?:\W+\w+){0,4}?\W+(?:myönt|myönn|rahoitt|rahoitu|tukee|tukema|avusta|avustu|tuki\b|tue[nl]|osuu|beviljat|bidrag|finansier)",
    re.IGNORECASE,
)
_FROM_WHOM = re.compile(r"(?:lta|ltä)$")


def _pays(text: str, start: int, end: int, payer: FunderMatch) -> bool:
    """Whether words say that a payer pays: a fund does, an authority where it grants, or where money is got or asked from it."""
    if payer.code in _FUNDS:
        return True
    if _FROM_WHOM.search(text[start:end]) and speaks_of_money(text[max(0, start - 90) : end + 90]):
        return True
    return _GIVES.match(text, end, end + 90) is not None


_DURING = ("toteut", "hankea", "hankke", "projekti", "kesto", "kestä")


def _says_duration(m: dates.PeriodMatch) -> bool:
    """Whether words call a time the duration of something that is carried out."""
    return m.kind == "duration" and m.cue is not None and m.cue.startswith(_DURING)


def _is_a_period(m: dates.PeriodMatch) -> bool:
    """Whether a date is a time of its own: a range, an open time, a deadline; a day on which something was is none."""
    if m.start_date is None and m.end_date is None:
        return False
    if m.kind == "meeting":
        return False
    return m.form != "point" or m.kind in ("transfer", "deadline")


def _rows_of(table: Table) -> Iterator[Passage]:
    """The rows of a table as running text, a cell behind the other."""
    for row in table.rows():
        passages = [Passage.of([(c.text, c.start, False)]) for c in row if c.text.strip()]
        if passages:
            yield Passage.joined(passages)[0]
