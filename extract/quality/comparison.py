"""Values compared with gold, and the counts and shares that come of it: what all evaluations share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """The values of one field, as gold has them and as they were got."""

    document: str
    entry: str | None
    layout: str | None
    field: str
    gold: frozenset[Hashable]
    got: frozenset[Hashable]
    scored: bool = True
    key: bool = False

    @property
    def right(self) -> bool:
        """Whether nothing counts as wrong."""
        return self.gold == self.got or not self.scored


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, false and missing values. ``spurious`` are those got where gold has none at all."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    spurious: int = 0

    @classmethod
    def of(cls, c: Comparison) -> Counts:
        """The counts of one comparison."""
        spurious = 0 if c.gold else len(c.got)
        if not c.scored:
            return cls(spurious=spurious)
        return cls(len(c.gold & c.got), len(c.got - c.gold), len(c.gold - c.got), spurious)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.spurious + other.spurious)

    @property
    def n(self) -> int:
        """How many values gold has."""
        return self.tp + self.fn

    @property
    def precision(self) -> float:
        """The share of the values got that are right."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """The share of the gold's values that were got."""
        return self.tp / self.n if self.n else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0

    def as_dict(self) -> dict[str, float]:
        """The counts and shares as JSON has them."""
        return {"p": self.precision, "r": self.recall, "f1": self.f1, "n": self.n, **asdict(self)}


def sum_of(comparisons: Iterable[Comparison]) -> Counts:
    """The counts of several comparisons."""
    return sum(map(Counts.of, comparisons), Counts())


def tally(comparisons: Iterable[Comparison], part: Callable[[Comparison], str | None]) -> dict[str, Counts]:
    """The counts of each part; what belongs to no part is left out."""
    groups: defaultdict[str, list[Comparison]] = defaultdict(list)
    for c in comparisons:
        if (name := part(c)) is not None:
            groups[name].append(c)
    return {name: sum_of(group) for name, group in groups.items()}


# ---------------------------------------------------------------- how it is shown

MISS = ("document", "entry", "field", "gold", "got")
HEAD = ("P", "R", "F1", "tp", "fp", "fn", "spurious")


def cells(c: Counts) -> list[str]:
    """Counts and shares as a row under ``HEAD``."""
    return [f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}", *map(str, (c.tp, c.fp, c.fn, c.spurious))]


def value_text(value: Hashable) -> str:
    """A value of a comparison as printed.

    >>> value_text(("annual", 25000, None))
    'annual 25000'
    """
    return " ".join(str(v) for v in value if v not in (None, "")) if isinstance(value, tuple) else str(value)


def _values_text(values: Iterable[Hashable]) -> str:
    return "; ".join(sorted(map(value_text, values))) or "-"


def miss_row(c: Comparison) -> list[str]:
    """A comparison as a row under ``MISS``: what is missing, what is false."""
    return [c.document, c.entry or "-", c.field, _values_text(c.gold - c.got), _values_text(c.got - c.gold)]
