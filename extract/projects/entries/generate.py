"""Every stretch that might describe one project (ehdokkaat): by marker, heading, label, row, paragraph, sentence and item.

The generator leaves nothing out that an entry could be; what speaks for a candidate is weighed elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import regex

from poytakirja.document import Document, Line, Span
from poytakirja.outline.grid import Grid, GridRow, grids, of_table
from poytakirja.outline.units import Unit, same_style, units
from poytakirja.records import Item
from poytakirja.rules.projects import signs
from poytakirja.rules.projects.name_trimming import continues_entry

Kind = Literal["marker", "titled", "labels", "row", "paragraph", "sentences", "clause", "item"]
KINDS: tuple[Kind, ...] = ("marker", "titled", "labels", "row", "paragraph", "sentences", "clause", "item")

_TITLED_REACH = 12
_RUN_OF_SENTENCES = 5
_SENTENCE = regex.compile(
    r"(?<![\d\s(]\d{1,2}|\b(?:n|esim|mm|ns|klo|nro|os|v|vs|vt|alv|milj|milj|yht|ym|tel|puh|ts|bl\.a|t\.ex))[.!?][”\"]?\s+(?=[\p{Lu}\d\"”“])"
)
_CLAUSE = regex.compile(r";\s+|\s[•▪◦●■»]\s+|(?<=\)),?\s+(?:(?:ja|sekä|och)\s+)?(?=\p{Lu})")
_JOINED = regex.compile(
    r"[.!?;:][”\"]?\s+(?=[\p{Lu}\"”“])|,\s(?:(?:ja|sekä|mutta|kun|kun\staas|och|men|medan)\s)?(?=[\p{Lu}\"”“])|\s(?:ja|sekä|och)\s(?=[\p{Lu}\"”“])"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where candidates are looked for: the body rows of one agenda item, or of a text without items."""

    document: Document
    lines: list[Line]
    units: list[Unit]
    item: Item | None

    @classmethod
    def of(cls, document: Document, lines: Sequence[Line], item: Item | None) -> Scope:
        """The scope of an item, or of the whole text where ``item`` is None."""
        body = [line for line in lines if line.role == "body"]
        return cls(document, body, units(body), item)

    @property
    def title(self) -> Span | None:
        """Where the item's title stands."""
        found = next((e for e in self.item.evidence if e.field == "title"), None) if self.item else None
        return Span(found.start, found.end) if found else None


@dataclass(slots=True)
class Candidate:
    """A stretch that may describe one project: its kind, its units (first, behind the last), and what it hangs together with.

    ``group`` names the list, table or run of headings whose members look alike; ``head`` is where its own words begin.
    """

    kind: Kind
    start: int
    end: int
    first: int
    last: int
    group: str
    head: int
    row: GridRow | None = None
    grid: Grid | None = None
    whole: bool = False
    """Whether a marked entry reaches to the next marker of its list."""
    kinds: set[Kind] = field(default_factory=set)


def candidates(scope: Scope) -> list[Candidate]:
    """The candidates of a scope in order of their place, one per stretch."""
    found: dict[tuple[int, int], Candidate] = {}
    for candidate in _all(scope):
        known = found.setdefault((candidate.start, candidate.end), candidate)
        known.kinds.add(candidate.kind)
    return sorted(found.values(), key=lambda c: (c.start, c.end))


def _all(scope: Scope) -> Iterator[Candidate]:
    yield from _rows(scope)
    yield from _marked(scope)
    yield from _labelled(scope)
    yield from _titled(scope)
    for n, unit in enumerate(scope.units):
        if unit.table is None and unit.part is None:
            yield from _inside(n, unit)
    yield from _paragraphs(scope)
    yield from _item(scope)


def _spanning(kind: Kind, scope: Scope, first: int, last: int, group: str) -> Candidate:
    """A candidate of whole units."""
    start = scope.units[first].start
    head = scope.units[first].passage.place(0) if scope.units[first].passage.text else start
    return Candidate(kind, start, scope.units[last - 1].end, first, last, group, head)


def _stop(scope: Scope, n: int) -> int:
    """The unit before which anything that begins at a unit ends: the next part of the item, or a ruled table."""
    found = scope.units
    m = n + 1
    while m < len(found) and found[m].part is None and found[m].table is None:
        m += 1
    return m


# ---------------------------------------------------------------- tables


def _rows(scope: Scope) -> Iterator[Candidate]:
    starts = [unit.start for unit in scope.units]
    found = [
        (unit.start, of_table(scope.document.tables[unit.table], scope.document.lines))
        for unit in scope.units
        if unit.table is not None
    ]
    seen: set[int] = set()
    for start, grid in [*found, *((g.start, g) for g in grids(scope.lines))]:
        if start in seen:
            continue
        seen.add(start)
        for row in grid.rows:
            span = row.span
            first, last = bisect_right(starts, span.start) - 1, bisect_left(starts, span.end)
            if first >= 0:
                yield Candidate("row", span.start, span.end, first, max(last, first + 1), f"row {start}", span.start, row, grid)


# ---------------------------------------------------------------- lists


def _marked(scope: Scope) -> Iterator[Candidate]:
    """Entries of lists: a marker's own paragraph, with the paragraphs and the lists that hang below it."""
    found = scope.units
    marked = [n for n, unit in enumerate(found) if unit.marker]
    runs = _list_runs(found, marked)
    for place, n in enumerate(marked):
        marker = found[n].marker
        assert marker is not None
        stop = _stop(scope, n)
        following = [m for m in marked[place + 1 :] if m < stop]
        alike = next((m for m in following if (other := found[m].marker) and same_style(other, marker)), None)
        ends = {n + 1}
        if following:
            ends.add(following[0])
        if alike is not None:
            ends.add(alike)
        else:
            ends |= {end for end in (n + 2, n + 3, n + 4, stop) if end <= stop}
        heading = next((m for m in range(n + 1, stop) if found[m].is_heading and found[m].gap_above), None)
        if heading is not None and (alike is None or heading < alike):
            ends.add(heading)
        for end in sorted({_without_heading(found, n, end) for end in ends}):
            candidate = _spanning("marker", scope, n, end, f"list {runs[n]}")
            candidate.whole = alike is not None and runs[alike] == runs[n] and end == _without_heading(found, n, alike)
            yield candidate


def _without_heading(found: Sequence[Unit], n: int, end: int) -> int:
    """The end of a marked entry without the headings of what follows it: words alone that stand no deeper than its marker."""
    left = found[n].lines[0].x0
    while end > n + 1 and _heads_next(found[end - 1], left):
        end -= 1
    return end


def _heads_next(unit: Unit, left: float) -> bool:
    text = unit.text
    if unit.marker or unit.lines[0].x0 > left + 0.9 or any(map(str.isdigit, text)) or continues_entry(text):
        return False
    return unit.is_heading or (len(unit.lines) == 1 and signs.announces_projects(text))


def _list_runs(found: Sequence[Unit], marked: Sequence[int]) -> dict[int, int]:
    """To which list each marked unit belongs: one style, its numbers going on."""
    runs: dict[int, int] = {}
    last: dict[tuple[str, str | None], int] = {}
    for n in marked:
        marker = found[n].marker
        assert marker is not None
        key = marker.style, marker.glyph
        before = last.get(key)
        far = before is None or any(found[m].part for m in range(before + 1, n + 1))
        other = found[before].marker if before is not None else None
        again = other and marker.ordinal is not None and other.ordinal is not None and marker.ordinal < other.ordinal
        runs[n] = n if far or again or before is None else runs[before]
        last[key] = n
    return runs


# ---------------------------------------------------------------- labels


def _labelled(scope: Scope) -> Iterator[Candidate]:
    """Runs of rows ``Label: value``, from each of their labels that recurs, and with the row above that may be the name."""
    found = scope.units
    n = 0
    while n < len(found):
        if found[n].label is None or found[n].part or found[n].table is not None:
            n += 1
            continue
        stop = _stop(scope, n)
        run = [m for m in range(n, stop) if found[m].label is not None]
        end = run[0]
        for m in run:
            if m - end > 3:
                break
            end = m
        end = min(stop, end + 1)
        yield from _cards(scope, n, end, stop)
        n = end


def _cards(scope: Scope, n: int, end: int, stop: int) -> Iterator[Candidate]:
    found = scope.units
    first = found[n].label
    cuts = [m for m in range(n, end) if found[m].label == first]
    for m, following in zip(cuts, [*cuts[1:], end], strict=True):
        for last in {following, min(following + 1, stop)} if following == end else {following}:
            yield _spanning("labels", scope, m, last, f"labels {first}")
        above = m - 1
        if above >= 0 and found[above].part is None and found[above].table is None and found[above].label is None:
            cut = following - 1 if following < end and found[following - 1].label is None else following
            yield _spanning("labels", scope, above, max(cut, m + 1), f"labels above {first}")


# ---------------------------------------------------------------- headings with what stands below


def _titled(scope: Scope) -> Iterator[Candidate]:
    """Short rows with the units below them: up to the next heading, the next gap, and some units more."""
    found = scope.units
    for n, unit in enumerate(found):
        if unit.part or unit.table is not None or not (unit.is_heading or unit.marker is None) or unit.columned:
            continue
        stop = min(_stop(scope, n), n + _TITLED_REACH)
        heads = [m for m in range(n + 1, stop) if found[m].is_heading]
        gaps = [m for m in range(n + 2, stop) if found[m].gap_above]
        if unit.is_heading:
            ends = {*range(n + 2, min(stop, n + 9) + 1), *heads[:2], *gaps[:2]}
        else:
            ends = {n + 2, n + 3, *heads[:1], *gaps[:1]}
        for end in sorted(e for e in ends if n + 2 <= e <= stop):
            yield _spanning("titled", scope, n, end, f"titled {unit.is_heading}")


def _paragraphs(scope: Scope) -> Iterator[Candidate]:
    for n, unit in enumerate(scope.units):
        if unit.table is None and unit.part is None and unit.marker is None:
            yield _spanning("paragraph", scope, n, n + 1, "paragraph")


# ---------------------------------------------------------------- within a paragraph


def _inside(n: int, unit: Unit) -> Iterator[Candidate]:
    """Runs of sentences, and clauses between semicolons or signs, of a unit."""
    text = unit.text
    if len(text) < 60 or unit.columned:
        return
    yield from _pieces("sentences", n, unit, [0, *(m.end() for m in _SENTENCE.finditer(text)), len(text)], _RUN_OF_SENTENCES)
    colon = text.find(": ")
    begin = [colon + 2] if 0 <= colon < 200 else []
    cuts = [m.end() for m in _CLAUSE.finditer(text)]
    if cuts:
        yield from _pieces("clause", n, unit, sorted({0, *begin, *cuts, len(text)}), 1)
    if sum(map(str.isdigit, text)) >= 6 and (cuts := [m.end() for m in _JOINED.finditer(text)]):
        yield from _pieces("clause", n, unit, sorted({0, *begin, *cuts, len(text)}), 2)


def _pieces(kind: Kind, n: int, unit: Unit, bounds: Sequence[int], longest: int) -> Iterator[Candidate]:
    text, passage = unit.text, unit.passage
    for a in range(len(bounds) - 1):
        for b in range(a + 1, min(len(bounds), a + 1 + longest)):
            piece = text[bounds[a] : bounds[b]].rstrip(" •▪◦●■»")
            if len(piece) < 12 or (a == 0 and b == len(bounds) - 1):
                continue
            start, end = passage.place(bounds[a]), passage.place(bounds[a] + len(piece) - 1) + 1
            yield Candidate(kind, start, end, n, n + 1, f"{kind} {n}", start)


# ---------------------------------------------------------------- items


def _item(scope: Scope) -> Iterator[Candidate]:
    if scope.item is not None:
        yield Candidate("item", scope.item.start, scope.item.end, 0, len(scope.units), "item", scope.item.start)
    elif scope.units and len(scope.units) <= 60:
        yield _spanning("item", scope, 0, len(scope.units), "item")


def name_column(c: Candidate) -> int:
    """The column of a row that holds the name: the one with such a label, else the first one that holds words."""
    assert c.row is not None
    assert c.grid is not None
    known = c.grid.labels
    labelled = next((n for n, label in known.items() if label.field == "name" and n in c.row.cells), None)
    if labelled is not None:
        return labelled
    free = [n for n in sorted(c.row.cells) if n not in known or known[n].field == "other"] or sorted(c.row.cells)
    return next((n for n in free if sum(map(str.isalpha, c.row.cells[n].text)) >= 4), free[0])
