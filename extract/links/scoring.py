"""Entries of many documents to projects: which describe one and the same, by named evidence.

Entries that may be one project meet in blocks (a word of the name in one municipality, a word and a date or a sum anywhere, a
code), so that the cost stays near linear. Each pair that meets is scored by its evidence (``projects.name_similarity``); the best
pairs are joined first, and groups are joined only where no pair of their members forbids it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, product

from poytakirja.rules.projects.name_similarity import Name, bases, forbidding, is_distinctive, likeness, name_of, score, weights

LINKED = 0.9
"""Two entries that are one project so likely are linked."""
_WINDOW = 10
"""In a larger block each entry meets so many that follow it in the order of names and days."""
_LOOKED_AT = 50
"""So many of a group's members are asked whether it may be joined with another."""
_REMEMBERED = 1 << 16
"""Of so many pairs it is remembered what they tell."""
_STEM = 4
_ROUND = 1000
_COMMON_PAYERS = frozenset(("KUNTA", "MUU"))
_UNTELLING = _COMMON_PAYERS | {"EU", "VALTIO", "ELY", "LIITTO"}
"""Payers that may be named beside or in place of another: that others are named does not tell against a link."""
_LOCAL_SUMS = frozenset(("municipal_share", "own_contribution"))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, as exactly as it is known: ``day``, ``month`` or ``year``."""

    date: dt.date
    precision: str = "day"

    def agrees(self, other: Day) -> bool:
        """Whether both may be one day.

        >>> Day(dt.date(2021, 1, 1), "year").agrees(Day(dt.date(2021, 10, 7)))
        True
        """
        coarse = {self.precision, other.precision}
        if "year" in coarse:
            return self.date.year == other.date.year
        if "month" in coarse:
            return (self.date.year, self.date.month) == (other.date.year, other.date.month)
        return self.date == other.date


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in euros."""

    value: Decimal
    approximate: bool = False

    def agrees(self, other: Sum) -> bool:
        """Whether both may be one sum: equal, or near where one is approximate."""
        if self.approximate or other.approximate:
            return abs(self.value - other.value) * 10 <= max(self.value, other.value)
        return self.value == other.value


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What an entry tells of its project. ``place`` is the list it stands in: two of one list are two projects."""

    id: str
    place: Hashable
    name: str
    municipality: str | None = None
    code: str | None = None
    contact: str | None = None
    start: Day | None = None
    end: Day | None = None
    funders: frozenset[str] = frozenset()
    sums: dict[str, Sum] = field(default_factory=dict)

    @property
    def parsed(self) -> Name:
        """The name as it is compared."""
        return name_of(self.name)

    @property
    def told(self) -> Hashable:
        """All that it tells but for where it stands."""
        sums = tuple(sorted(self.sums.items()))
        return self.name, self.municipality, self.code, self.contact, self.start, self.end, self.funders, sums


@dataclass(frozen=True, slots=True)
class Link:
    """An entry's project: ``like`` is the entry it is most surely one with, ``evidence`` why; neither where it stands alone."""

    id: str
    key: str
    score: float = 1.0
    like: str | None = None
    evidence: tuple[str, ...] = ()

    @property
    def reason(self) -> str | None:
        """In words: ``as 1f…/p3: same name, same period``."""
        words = ", ".join(weights()[name].words for name in self.evidence)
        return None if self.like is None else f"as {self.like}: {words}"


# ---------------------------------------------------------------- two entries


def evidence(
    a: LinkRecord, b: LinkRecord, told: Callable[[LinkRecord, LinkRecord], tuple[str, ...]] | None = None
) -> tuple[str, ...]:
    """What speaks for and against two entries being one project, in the order of the vocabulary; none where names are unlike."""
    found = (told or _of_told)(a, b)
    return _in_order((*found, "same_list")) if found and a.place == b.place else found


def _of_told(a: LinkRecord, b: LinkRecord) -> tuple[str, ...]:
    """The evidence of what they tell, wherever they stand."""
    names = likeness(a.name, b.name)
    return _in_order(names.union(_of_place(a, b), _of_period(a, b), _of_money(a, b))) if names else ()


def _in_order(found: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in weights() if name in found)


def _of_place(a: LinkRecord, b: LinkRecord) -> Iterator[str]:
    known = a.municipality is not None and b.municipality is not None
    if known:
        yield "same_municipality" if a.municipality == b.municipality else "other_municipality"
    elif a.municipality == b.municipality:
        yield "unplaced"
    if a.code is not None and a.code == b.code and not (known and a.municipality != b.municipality):
        yield "same_code"
    if a.contact is not None and a.contact == b.contact:
        yield "same_contact"


def _of_period(a: LinkRecord, b: LinkRecord) -> Iterator[str]:
    if (a.end and b.start and a.end.date < b.start.date) or (b.end and a.start and b.end.date < a.start.date):
        yield "periods_apart"
        return
    start = a.start is not None and b.start is not None and a.start.agrees(b.start)
    end = a.end is not None and b.end is not None and a.end.agrees(b.end)
    years_only = all(d is None or d.precision == "year" for e in (a, b) for d in (e.start, e.end))
    if start and end and not years_only:
        yield "same_period"
    elif start or end:
        yield "same_start" if start else "same_end"
    elif a.start and a.end and b.start and b.end:
        yield "period_overlaps"


def _of_money(a: LinkRecord, b: LinkRecord) -> Iterator[str]:
    if (a.funders & b.funders) - _COMMON_PAYERS:
        yield "same_funder"
    elif a.funders - _UNTELLING and b.funders - _UNTELLING:
        yield "funder_differs"
    local = a.municipality == b.municipality or a.municipality is None or b.municipality is None
    kinds = [kind for kind in a.sums.keys() & b.sums.keys() if local or kind not in _LOCAL_SUMS]
    same = [a.sums[kind] for kind in kinds if a.sums[kind].value == b.sums[kind].value >= _ROUND]
    if any(s.value % _ROUND and not s.approximate for s in same):
        yield "same_sum"
    elif same:
        yield "same_round_sum"
    elif "total_cost" in kinds and not a.sums["total_cost"].agrees(b.sums["total_cost"]):
        yield "sum_differs"


def forbids(found: Iterable[str]) -> bool:
    """Whether some of the evidence keeps two entries apart whatever else is known."""
    return not forbidding().isdisjoint(found)


# ---------------------------------------------------------------- who meets whom


def _stems(entry: LinkRecord) -> list[str]:
    """Beginnings of the telling words of a name, of the longest first; of all its words where none tells anything."""
    words = {word for part in (entry.parsed.whole, *entry.parsed.parts) for word in part}
    telling = {word for word in words if is_distinctive(word)} or words
    return list(dict.fromkeys(word[:_STEM] for word in sorted(telling, key=lambda word: (-len(word), word))))


def _keys(entry: LinkRecord) -> Iterator[Hashable]:
    """The blocks in which an entry meets others; that of ``None`` holds those of which no municipality is known."""
    stems = _stems(entry)
    known: list[dt.date | Decimal] = [day.date for day in (entry.start, entry.end) if day]
    known += [s.value for s in entry.sums.values() if s.value >= _ROUND]
    for stem in stems:
        if entry.municipality:
            yield entry.municipality, stem
        yield from ((stem, fact) for fact in known)
    pairs = combinations(sorted(stems[:4]), 2) if len(stems) > 1 else [stems] if stems else []
    yield from ((None, *pair) for pair in pairs)
    if entry.code:
        yield "code", entry.code


def _meetings(entries: Sequence[LinkRecord]) -> Iterator[tuple[LinkRecord, LinkRecord]]:
    """Each two entries that share a block, once."""
    order = sorted(entries, key=_in_block)
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    unplaced: defaultdict[Hashable, list[int]] = defaultdict(list)
    keys = [list(_keys(entry)) for entry in order]
    for rank, entry in enumerate(order):
        for key in keys[rank]:
            blocks[key].append(rank)
            if entry.municipality is None:
                unplaced[key].append(rank)
    for rank, entry in enumerate(order):
        met: set[int] = set()
        for key in keys[rank]:
            of_unplaced = isinstance(key, tuple) and key[0] is None and entry.municipality is not None
            block = (unplaced if of_unplaced else blocks).get(key, [])
            after = bisect_right(block, rank)
            met.update(block[after : after + _WINDOW])
        yield from ((entry, order[other]) for other in sorted(met))


def _in_block(entry: LinkRecord) -> tuple[object, ...]:
    """Entries alike stand near each other: by words, then by days."""
    words = [min(bases(word), key=lambda base: (len(base), base)) for word in entry.parsed.whole]
    return (words, entry.start.date if entry.start else dt.date.min, entry.id)


# ---------------------------------------------------------------- groups


@dataclass(frozen=True, slots=True)
class _Edge:
    score: float
    a: LinkRecord
    b: LinkRecord
    evidence: tuple[str, ...]


class _Group:
    """Entries of one project; the ``first`` of them by id are asked whether it may be joined with another."""

    def __init__(self, entry: LinkRecord) -> None:
        self.members = [entry]
        self.first = [entry]
        self.places = {entry.place}

    @property
    def key(self) -> str:
        """The smallest id."""
        return self.first[0].id

    def join(self, other: _Group) -> None:
        """Take in the members of another."""
        self.members += other.members
        self.first = sorted(self.first + other.first, key=lambda e: e.id)[:_LOOKED_AT]
        self.places = {e.place for e in self.first}


class _Pairs:
    """What any two entries tell, worked out once for all pairs that tell the same: archives repeat themselves."""

    def __init__(self, entries: Sequence[LinkRecord]) -> None:
        numbers: dict[Hashable, int] = {}
        self._number = {e.id: numbers.setdefault(e.told, len(numbers)) for e in entries}
        tells = {self._number[e.id]: e for e in entries}
        remember = lru_cache(_REMEMBERED)
        self._evidence = remember(lambda one, other: _of_told(tells[one], tells[other]))
        self._apart = remember(lambda one, other: forbids(_apart(tells[one], tells[other])))

    def edge(self, x: LinkRecord, y: LinkRecord) -> _Edge | None:
        """The link between two entries, where their evidence makes one."""
        a, b = (x, y) if x.id < y.id else (y, x)
        found = evidence(a, b, self._told)
        sure = _sure(found)
        return _Edge(sure, a, b, found) if sure >= LINKED else None

    def _told(self, a: LinkRecord, b: LinkRecord) -> tuple[str, ...]:
        return self._evidence(self._number[a.id], self._number[b.id])

    def keep_apart(self, one: _Group, other: _Group) -> bool:
        """Whether some two members forbid that their groups be one."""
        told = ({self._number[e.id] for e in group.first} for group in (one, other))
        return not one.places.isdisjoint(other.places) or any(self._apart(*pair) for pair in product(*told))


@lru_cache(_REMEMBERED)
def _sure(found: tuple[str, ...]) -> float:
    """How likely evidence makes two entries one project; 0 where there is none, or some forbids it."""
    return score(found) if found and not forbids(found) else 0.0


def _apart(a: LinkRecord, b: LinkRecord) -> Iterator[str]:
    """What may keep two members of a group apart, alike in name or not."""
    yield from _of_told(a, b)
    yield from _of_place(a, b)
    yield from _of_period(a, b)


def links(entries: Iterable[LinkRecord]) -> list[Link]:
    """The project of each entry, by id. The key is the smallest id of the group, whatever the order of the entries."""
    everyone = sorted(entries, key=lambda e: e.id)
    pairs, groups = _Pairs(everyone), {e.id: _Group(e) for e in everyone}
    best: dict[str, _Edge] = {}
    edges = filter(None, (pairs.edge(x, y) for x, y in _meetings(everyone)))
    for edge in sorted(edges, key=lambda x: (-x.score, x.a.id, x.b.id)):
        one, other = groups[edge.a.id], groups[edge.b.id]
        if one is not other:
            if pairs.keep_apart(one, other):
                continue
            if len(one.members) < len(other.members):
                one, other = other, one
            one.join(other)
            groups.update((e.id, one) for e in other.members)
        for entry in (edge.a, edge.b):
            best.setdefault(entry.id, edge)
    return [_link(e, groups[e.id], best.get(e.id)) for e in everyone]


def _link(entry: LinkRecord, group: _Group, edge: _Edge | None) -> Link:
    if edge is None:
        return Link(entry.id, entry.id)
    like = edge.b.id if edge.a.id == entry.id else edge.a.id
    return Link(entry.id, group.key, edge.score, like, edge.evidence)
