"""A chosen candidate as an entry: its layout, its parts with the fields that labels and columns name, and its heading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import regex

from poytakirja.document import Line, Span
from poytakirja.outline.blocks import Block, Heading, LineMetrics, heading_of, rows_between, rows_of
from poytakirja.outline.units import Unit
from poytakirja.projects.entries.generate import Candidate, Scope, name_column
from poytakirja.records import EntryCandidate, Layout, Part, Rows
from poytakirja.rules.layout import headings
from poytakirja.rules.organisations import bodies
from poytakirja.rules.projects import field_labels
from poytakirja.rules.projects.field_labels import Label

_INLINE = regex.compile(r"(?:^|(?<=[.,;]?\s))(?P<label>\p{Lu}[\p{L}-]*(?: [\p{L}-]+){0,3})\s?:\s*")
_FACT = regex.compile(r"€|\beuro|\d\.\d{1,2}\.(?!.{0,24}$)")
"""A date may stand at the end of a name's row, in brackets or not."""
_LONGEST_NAME = 160


def build(scope: Scope, chosen: Sequence[Candidate], sizes: dict[str, int]) -> list[EntryCandidate]:
    """The entries of the chosen candidates of a scope, in order; ``sizes`` says how many a list or table has in all."""
    found = Counter(c.group for c in chosen)
    taken = [n for c in chosen if c.kind != "row" for n in range(c.first, c.last)]
    groups = {group: n for n, group in enumerate(dict.fromkeys(c.group for c in chosen))}
    out = [_entry(scope, c, groups[c.group], frozenset(taken)) for c in chosen]
    for entry, c in zip(out, chosen, strict=True):
        entry.whole_list = found[c.group] == sizes[c.group]
    return out


def _entry(scope: Scope, c: Candidate, group: int, taken: frozenset[int]) -> EntryCandidate:
    layout, parts = _read(scope, c)
    heading = _heading(scope, c, layout, taken)
    entry = EntryCandidate(
        layout, parts, Span(c.start, c.end), item=scope.item.ordinal if scope.item else None,
        heading=heading.text if heading else None, heading_span=heading.span if heading else None, group=group,
    )  # fmt: skip
    marker = scope.units[c.first].marker
    if layout in ("numbered", "bulleted") and marker is not None and marker.label is not None:
        at = c.start + scope.units[c.first].lines[0].text.index(marker.label)
        entry.number, entry.number_span = marker.label, Span(at, at + len(marker.label))
    return entry


def _read(scope: Scope, c: Candidate) -> tuple[Layout, list[Part]]:
    if c.row is not None:
        return "table_row", _cells(c)
    if c.kind == "item" and scope.item is not None:
        return "item", _item(scope)
    parts = _parts(scope, c)
    if c.kind == "marker":
        marker = scope.units[c.first].marker
        return ("bulleted" if marker is None or marker.label is None else "numbered"), parts
    labelled = sum(part.field not in (None, "name") for part in parts) >= 2
    return ("labelled" if labelled or (c.kind == "labels" and len(parts) > 2) else "prose"), parts


def _part(rows: Rows, label: Label) -> Part:
    return Part(rows, label.field, label.year, label.unit)


def _cells(c: Candidate) -> list[Part]:
    """The cells of a row by their columns; the name leads, as in a list."""
    assert c.row is not None
    assert c.grid is not None
    known, named = c.grid.labels, name_column(c)
    parts = []
    for n, cell in sorted(c.row.cells.items()):
        label = known.get(n)
        if n == named and (label is None or label.field not in ("name", "code")):
            parts.append(Part(cell.rows, "name"))
        else:
            parts.append(_part(cell.rows, label) if label else Part(cell.rows, "other"))
    parts.sort(key=lambda part: part.field != "name")
    return parts


# ---------------------------------------------------------------- running text, with labels or without


def _parts(scope: Scope, c: Candidate) -> list[Part]:
    """The parts of a stretch: its name where that stands on a row of its own, the values of known labels, and the rest."""
    if c.kind in ("sentences", "clause"):
        return [Part(rows_between(scope.units[c.first].lines, c.start, c.end))]
    found = scope.units[c.first : c.last]
    first = found[0]
    rest, parts = found, [Part([])]
    titled = len(found) > 1 and (first.is_heading or (first.marker is not None and _is_name(first.text)))
    if titled and not _labels(first) and _alone(first) is None:
        parts, rest = [Part(_rows(first), "name"), Part([])], found[1:]
    for unit in rest:
        _add(parts, unit)
    parts = [part for part in parts if any(text.strip() for text, _, _ in part.rows)]
    known = sum(part.field not in (None, "name") for part in parts)
    if known < 2 and not any(part.field == "name" for part in parts):
        return [Part([row for unit in found for row in _rows(unit)])]
    return parts or [Part(_rows(first))]


def _is_name(text: str) -> bool:
    """Whether the first row of an entry is its name alone: no sentence, no date, no sum."""
    return len(text) <= _LONGEST_NAME and not text.endswith((".", ":", ";", ",", "(")) and not _FACT.search(text)


def _rows(unit: Unit) -> Rows:
    return rows_of(unit.lines, unit.marker.end if unit.marker else 0)


def _add(parts: list[Part], unit: Unit) -> None:
    """Take a unit in: cut at its known labels; a label alone waits for its value; other words go on with the part above."""
    rows = _rows(unit)
    alone = _alone(unit)
    if alone is not None:
        parts.append(_part([], alone))
        return
    found = _labels(unit)
    if not found:
        waiting = parts[-1].field is None or not parts[-1].rows or len(parts[-1].rows) < 3
        parts[-1].rows.extend(rows) if waiting else parts.append(Part(rows))
        return
    text, offset, breaks = rows[0]
    bounds = [begin for _, begin, _ in found] + [len(text)]
    if text[: bounds[0]].strip(" .,;"):
        parts[-1].rows.append((text[: bounds[0]], offset, False))
    for (label, _, value), end in zip(found, bounds[1:], strict=True):
        parts.append(
            _part([(text[value:end].rstrip(" .,;") if end < len(text) else text[value:], offset + value, breaks)], label)
        )
    parts[-1].rows.extend(rows[1:])


def _labels(unit: Unit) -> list[tuple[Label, int, int]]:
    """The known labels in a unit's first row: the label, where it begins and where its value does."""
    text = _rows(unit)[0][0]
    whole = field_labels.split_label(text)
    found = [(label, m.start("label"), m.end()) for m in _INLINE.finditer(text) if (label := field_labels.field_of(m["label"]))]
    if whole and (not found or found[0][1] > len(text) - len(text.lstrip())):
        lead = len(text) - len(text.lstrip())
        found = [(whole[0], lead, whole[2]), *(f for f in found if f[1] >= whole[2])]
    return found


def _alone(unit: Unit) -> Label | None:
    """The known label that a unit is, its value below it."""
    text = unit.text.rstrip(" :")
    short = (
        unit.marker is None and len(unit.lines) == 1 and len(text) <= 40 and text[:1].isalpha() and not text.endswith((".", ","))
    )
    return field_labels.field_of(text) if short and not unit.columned else None


# ---------------------------------------------------------------- headings


def _heading(scope: Scope, c: Candidate, layout: Layout, taken: frozenset[int]) -> Heading | None:
    """The heading an entry stands under: above it and the entries it follows; within a table the group row."""
    if layout == "item":
        return None
    text = scope.document.text
    if c.row is not None and c.grid is not None:
        if c.row.group is not None:
            words = text[c.row.group.start : c.row.group.end].strip(" .:|")
            return Heading(" ".join(words.split()), c.row.group)
        above = max((n for n, unit in enumerate(scope.units) if unit.start < c.grid.start), default=-1)
    else:
        above = c.first - 1
    title = _title(scope)
    while above >= 0 and (above in taken or (layout in ("numbered", "bulleted") and _hangs(scope.units, above))):
        above -= 1
    found = heading_of(Block("paragraph", scope.units[above].lines)) if above >= 0 and _may_head(scope.units[above]) else None
    if found is not None and title is not None and found.span.start < title.span.end and found.span.end > title.span.start:
        found = title
    return found or (title if layout in ("numbered", "bulleted", "prose") else None)


def _may_head(unit: Unit) -> bool:
    return unit.table is None and not unit.columned and unit.marker is None and unit.part not in ("preparer", "presenter")


def _hangs(units: Sequence[Unit], n: int) -> bool:
    """Whether a unit is an entry of the list that another follows, no heading."""
    return units[n].marker is not None


def _title(scope: Scope) -> Heading | None:
    span = scope.title
    return Heading(scope.item.title, span) if span and scope.item and scope.item.title else None


# ---------------------------------------------------------------- items

_LEFT_OUT = frozenset(
    {"preparer", "presenter", "attachment", "material", "information", "appeal", "appeal_guide", "notice", "extract"}
)


def _item(scope: Scope) -> list[Part]:
    """An item's title and its own words; where it repeats earlier handlings, its own, latest one leads."""
    title = scope.title
    lines = _own_lines(scope, title)
    heads = [n for n, line in enumerate(lines) if bodies.read_handling(line.text) is not None]
    latest = lines[heads[-1] + 1 :] if heads else lines
    earlier = lines[: len(lines) - len(latest)]
    parts = [Part(rows_between(scope.lines, title.start, title.end), "title")] if title else []
    parts.append(Part(rows_of(latest)))
    return [*parts, Part(rows_of(earlier), "earlier")] if earlier else parts


def _own_lines(scope: Scope, title: Span | None) -> list[Line]:
    """The item's own words: no title, preparers, attachments or guide for appeals.

    What stands under such a heading ends at the next heading, at a gap, or where a row is as long as running text.
    """
    metrics = LineMetrics.of(scope.lines)
    item = scope.item
    case = next((e for e in item.evidence if e.field == "case_id"), None) if item else None
    own: list[Line] = []
    told, above = True, None
    for line in scope.lines:
        if (title and line.start < title.end) or (case and line.start < case.end and case.start < line.end):
            continue
        heading = headings.find(line.text)
        if heading is not None:
            told = heading.kind not in _LEFT_OUT
        elif not told and (len(line.text) > 60 or (above is not None and metrics.gap(above, line))) and "@" not in line.text:
            told = True
        if told and not (heading is not None and heading.form == "line"):
            own.append(line)
        above = line
    return own
