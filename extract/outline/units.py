"""Rows to units (jaksotus): the smallest stretches that an entry may begin or end with, whatever the text is about.

A unit is a paragraph, an entry's first paragraph behind its marker, a row ``Label: value``, a row set in columns or a heading.
Blank rows are one sign among several: a row that left room for the next word was ended on purpose, with or without one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from poytakirja.document import Line, Span
from poytakirja.outline.blocks import LineMetrics, rows_of
from poytakirja.passage import Passage
from poytakirja.rules.layout import headings
from poytakirja.rules.layout.list_markers import Marker, read_marker, recurrent_marker

_LABEL = regex.compile(r"\s*(?P<label>\p{Lu}[\p{L}\d /()€.-]{1,48}?)\s?(?:(?<=[\p{L})€]\s?):(?=\s|$|\d|\p{Lu})|:(?=\s|$))")
_CARRIES_ON = regex.compile(r"(?:[,–—/(-]|\b(?:ja|tai|sekä|että|och|eller|on|ovat|sen|n|noin|klo))$")
_OPENS = frozenset("\"”“„'(•")
_LONGEST_HEADING = 120


@dataclass
class Unit:
    """Rows that belong together more closely than any entry could part them.

    ``label`` is the words before the colon of a row ``Label: value``; ``part`` the kind of heading of an agenda item's part
    (decision, proposal …) that it begins with; ``columned`` whether gaps or bars part its row.
    """

    lines: list[Line]
    marker: Marker | None = None
    label: str | None = None
    part: str | None = None
    columned: bool = False
    table: int | None = None
    gap_above: bool = field(default=False)

    _passage: Passage | None = None
    _heading: bool | None = None

    @property
    def passage(self) -> Passage:
        """The unit as running text, its marker left out; joined once, when all its rows are there."""
        if self._passage is None:
            self._passage = Passage.of(rows_of(self.lines, self.marker.end if self.marker else 0))
        return self._passage

    @property
    def text(self) -> str:
        """Its words."""
        return self.passage.text

    @property
    def start(self) -> int:
        """Where it begins in the document."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Where it ends in the document."""
        return self.lines[-1].end

    @property
    def span(self) -> Span:
        """All of it, marker included."""
        return Span(self.start, self.end)

    @property
    def is_heading(self) -> bool:
        """Whether it may be a heading: a short row of its own that is no sentence, no label with a value and not in columns."""
        if self._heading is None:
            self._heading = self._may_be_heading()
        return self._heading

    def _may_be_heading(self) -> bool:
        text = self.text
        if self.marker or self.columned or self.table is not None or len(self.lines) > 2 or len(text) > _LONGEST_HEADING:
            return False
        first = text[:1]
        worded = (first.isupper() or first.isdigit() or first in _OPENS) and any(c.isalpha() for c in text)
        if not worded or text.endswith((",", ";")) or regex.search(r"\p{Ll}{2}[.!?]\s+\p{Lu}", text):
            return False
        if self.label is not None and not text.endswith(":"):
            return False
        return not text.endswith(".") or len(text) < 40


def units(lines: Sequence[Line]) -> list[Unit]:
    """The units of some body rows, in order."""
    if not lines:
        return []
    metrics = _Metrics.of(lines)
    markers = _markers(lines)
    out: list[Unit] = []
    for n, line in enumerate(lines):
        last = out[-1] if out else None
        if line.table is not None:
            if last is None or last.table != line.table:
                out.append(Unit([line], table=line.table))
            else:
                last.lines.append(line)
            continue
        marker = markers[n]
        if marker and last and _continues_range(last, line, marker):
            marker = None
        above = last.lines[-1] if last and last.table is None else None
        gap = above is not None and metrics.lines.gap(above, line)
        if marker or last is None or above is None or _begins(last, above, line, metrics, gap=gap):
            out.append(_unit(line, marker, gap=gap))
        else:
            last.lines.append(line)
    return out


def _unit(line: Line, marker: Marker | None, *, gap: bool) -> Unit:
    label = _LABEL.match(line.text, marker.end if marker else 0)
    heading = headings.find(line.text) if marker is None else None
    return Unit(
        [line],
        marker,
        " ".join(label["label"].split()) if label else None,
        heading.kind if heading else None,
        is_columned(line),
        gap_above=gap,
    )


def is_columned(line: Line) -> bool:
    """Whether wide gaps or bars part a row; the gap behind a list marker does not."""
    if line.text.count("|") > 1:
        return True
    pieces = len(line.segments)
    if pieces == 2 and len(line.segments[0].text) <= 5:
        marker = read_marker(line.text)
        return marker is None or line.start + marker.end < line.segments[1].start
    return pieces > 1


@dataclass(frozen=True, slots=True)
class _Metrics:
    """How the rows are set: their distances, and the right edge that running text keeps to."""

    lines: LineMetrics
    right: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Metrics:
        """The metrics of some rows: the edge is that of the widest rows but a few, tables and overlong rows apart."""
        edges = sorted(line.x1 for line in lines if not is_columned(line)) or [line.x1 for line in lines]
        return cls(LineMetrics.of(lines), edges[min(len(edges) - 1, int(0.95 * len(edges)))])

    def room(self, above: Line, below: Line) -> float:
        """How much of the text's width was left on a row behind the next one's first word; below 0: none."""
        word = below.text.split(maxsplit=1)[0]
        width = (below.x1 - below.x0) / max(len(below.text), 1)
        return (self.right - above.x1 - width * (len(word) + 1)) / max(self.right, 1.0)


def _begins(last: Unit, above: Line, line: Line, metrics: _Metrics, *, gap: bool) -> bool:
    """Whether a row begins a unit of its own below another row."""
    if is_columned(line) or is_columned(above) or _LABEL.match(line.text):
        return True
    text, before = line.text.lstrip(), above.text.rstrip()
    finished = before.endswith((".", "!", "?", ":", ";", ")"))
    carries = _CARRIES_ON.search(before) is not None or (text[0].islower() and not finished)
    if text[0].isdigit() and not finished and metrics.room(above, line) < 0.3 and not line.text.strip().isdigit():
        carries = True  # a sum or a date of the sentence above
    if above.page_no != line.page_no:
        return not carries and (finished or metrics.room(above, line) > 0.15) and not text[0].islower()
    if above.bold != line.bold or abs(above.size - line.size) > 0.15 * max(above.size, line.size):
        return True
    if headings.find(line.text) is not None:
        return True
    if carries:
        return False
    hang = last.lines[1].x0 if last.marker and len(last.lines) > 1 else None
    if hang is not None and hang > last.lines[0].x0 + 0.9 and line.x0 < hang - 0.9:
        return True
    if gap:
        return True
    room = metrics.room(above, line)
    return room > (0.0 if finished else 0.12) and not text[0].islower()


def _continues_range(last: Unit, line: Line, marker: Marker) -> bool:
    """A dash that goes on with a sentence or a range of the row above is no bullet."""
    if marker.glyph not in ("-", "–", "—") or last.lines[-1].page_no != line.page_no:
        return False
    above = last.lines[-1].text.rstrip()
    return bool(regex.search(r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?$", above)) and line.text[marker.end : marker.end + 1].isdigit()


def _markers(lines: Sequence[Line]) -> list[Marker | None]:
    """The marker of each row: one that is a marker anywhere, or one with which several rows begin alike."""
    found = [read_marker(line.text) for line in lines]
    weak = {
        n: marker
        for n, line in enumerate(lines)
        if found[n] is None and line.table is None and (marker := recurrent_marker(line.text))
    }
    alike = Counter((m.style, m.glyph) for m in weak.values())
    for n, marker in weak.items():
        if alike[marker.style, marker.glyph] >= 2:
            found[n] = marker
    return found


def same_style(a: Marker, b: Marker) -> bool:
    """Whether two markers are of one list: the same sign, or numbers of one form."""
    return a.style == b.style and a.glyph == b.glyph


def goes_on(found: Sequence[Unit]) -> bool:
    """Whether the numbers of some marked units go on by one or two."""
    ordinals = [u.marker.ordinal for u in found if u.marker and u.marker.ordinal is not None]
    return all(0 < b - a <= 2 for a, b in pairwise(ordinals))
