"""Which stretches of a document describe one project each (hankekuvaukset).

``find(document, items)`` looks in each agenda item, or in the whole text where there is none: first for rows of project
tables, entries of lists and blocks of labels; and where an item has none of these, whether the item itself is about one
project. What an entry says is for parse.py; here only its outline and plain signs that it is about a project count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.document import Cell, Document, Entry, Item, Line, Part, Span
from extract.segment import Block, Heading, ListEntry, ProjectList, blocks, heading_of, lists, rows_of
from rules import dates, headings, labels, money, organisations, projects
from rules.labels import Label


def find(document: Document, items: Sequence[Item]) -> list[Entry]:
    """The project entries of a document, in reading order."""
    if not items:
        return _entries(document, document.body(), None)
    return [entry for item in items for entry in _entries(document, item.lines, item)]


def _entries(document: Document, lines: Sequence[Line], item: Item | None) -> list[Entry]:
    found = blocks([line for line in lines if line.role == "body"])
    out = [*_from_tables(document, found, item), *_from_lists(found, item)]
    if not out:
        out += _from_labels(found, item)
    if not out and item is not None:
        out += _from_item(found, item)
    return sorted(out, key=lambda entry: entry.span.start)


# ---------------------------------------------------------------- signs


def signs_of(text: str) -> set[str]:
    """The signs that a text describes a project: a duration, a payer, a sum with its kind, a word for project."""
    signs = set()
    if any(p.kind == "duration" and p.form == "range" for p in dates.find(text)):
        signs.add("duration")
    if organisations.find_funders(text):
        signs.add("payer")
    if any(a.kind not in (None, "other") for a in money.find(text)):
        signs.add("sum")
    if projects.mentions_project(text):
        signs.add("word")
    return signs


# ---------------------------------------------------------------- lists


def _from_lists(found: Sequence[Block], item: Item | None) -> Iterator[Entry]:
    for group, known in enumerate(lists(found)):
        chosen = projects_among(known)
        whole = len(chosen) == len(known.entries)
        yield from (_list_entry(entry, item, group, whole) for entry in chosen)


def projects_among(known: ProjectList) -> list[ListEntry]:
    """The entries of a list that describe a project each.

    A list whose heading announces projects, or most of whose entries carry signs of one, is a project list: all of it
    counts but what plainly is something else. In other lists (notices, ilmoitusasiat) an entry must show it by itself.
    """
    texts = [entry.block.passage.text for entry in known.entries]
    signs = [signs_of(text) for text in texts]
    strong = [bool(s & {"duration", "payer"}) for s in signs]
    share = sum(strong) / len(strong)
    chosen = []
    for entry, text, sign in zip(known.entries, texts, signs, strict=True):
        if projects.looks_otherwise(text):
            continue
        announced = entry.heading is not None and projects.announces_projects(entry.heading.text)
        listed = (announced and share >= 0.25) or (share >= 0.5 and len(strong) >= 3)
        if listed or len(sign) >= 3 or {"word", "payer"} <= sign:
            chosen.append(entry)
    return chosen


def _list_entry(listed: ListEntry, item: Item | None, group: int, whole_list: bool) -> Entry:
    block, heading, marker = listed.block, listed.heading, listed.block.marker
    assert marker is not None  # a list holds marker blocks only
    number_span = None
    if marker.label is not None:
        at = block.span.start + block.lines[0].text.index(marker.label)
        number_span = Span(at, at + len(marker.label))
    return Entry(
        "bulleted" if marker.style == "bullet" else "numbered",
        [Part(block.rows)],
        block.span,
        item=_ordinal(item),
        number=marker.label,
        number_span=number_span,
        heading=heading.text if heading else None,
        heading_span=heading.span if heading else None,
        group=group,
        whole_list=whole_list,
    )


def _ordinal(item: Item | None) -> int | None:
    return None if item is None else item.ordinal


# ---------------------------------------------------------------- tables


def _from_tables(document: Document, found: Sequence[Block], item: Item | None) -> Iterator[Entry]:
    caption: Heading | None = None
    for group, block in enumerate(found):
        if block.kind != "table" or block.table is None:
            caption = heading_of(block) if block.kind == "paragraph" else None
            continue
        yield from _table_entries(document, document.tables[block.table].rows(), caption, item, group)


def _columns(row: Sequence[Cell]) -> dict[int, Label]:
    """The fields that the columns of a header row hold."""
    return {cell.col: label for cell in row if (label := labels.field_of(cell.text))}


def _is_project_header(columns: dict[int, Label]) -> bool:
    fields = {label.field for label in columns.values()}
    return "name" in fields and bool(fields & labels.TELLING)


def _table_entries(
    document: Document, rows: list[list[Cell]], caption: Heading | None, item: Item | None, group: int
) -> Iterator[Entry]:
    columns: dict[int, Label] = {}
    heading = caption
    for row in rows:
        filled = [cell for cell in row if cell.text.strip()]
        header = _columns(row)
        if _is_project_header(header):
            columns = header
        elif columns and len(filled) == 1 and len(row) > 1:
            heading = Heading(filled[0].text.strip(" .:"), Span(filled[0].start, filled[0].end))
        elif columns and len(filled) > 1 and not _is_sum_row(filled):
            yield _table_entry(document, filled, columns, heading, item, group)


def _is_sum_row(filled: Sequence[Cell]) -> bool:
    return filled[0].text.strip().casefold().startswith(("yhteensä", "kaikki yhteensä", "summa"))


def _table_entry(
    document: Document, cells: Sequence[Cell], columns: dict[int, Label], heading: Heading | None, item: Item | None, group: int
) -> Entry:
    parts = []
    for cell in cells:
        label = columns.get(cell.col)
        lines = [line for line in document.lines if line.start < cell.end and line.end > cell.start and line.role == "body"]
        rows = [
            (document.text[max(line.start, cell.start) : min(line.end, cell.end)], max(line.start, cell.start), line.breaks_word)
            for line in lines
        ]
        parts.append(Part(rows, label.field if label else "other", label.year if label else None))
    parts.sort(key=lambda part: part.field != "name")  # the name leads, as in a list
    return Entry(
        "table_row",
        parts,
        Span(min(c.start for c in cells), max(c.end for c in cells)),
        item=_ordinal(item),
        heading=heading.text if heading else None,
        heading_span=heading.span if heading else None,
        group=group,
    )


# ---------------------------------------------------------------- labels


def _from_labels(found: Sequence[Block], item: Item | None) -> Iterator[Entry]:
    """Blocks of ``Label: value`` rows, each project from its name on."""
    open_parts: list[tuple[Part, Line]] = []
    heading: Line | None = None
    for block in found:
        if block.kind == "table":
            continue
        for line in block.lines:
            told = labels.split_label(line.text)
            if told:
                label, _, begin = told
                if label.field == "name" and open_parts:
                    yield from _labelled(open_parts, heading, item)
                    open_parts, heading = [], None
                rows = [(line.text[begin:], line.start + begin, line.breaks_word)]
                open_parts.append((Part(rows, label.field, label.year), line))
            elif open_parts and line is not block.lines[0]:
                part, _ = open_parts[-1]
                part.rows.append((line.text, line.start, line.breaks_word))
                open_parts[-1] = (part, line)
            else:
                if open_parts:
                    yield from _labelled(open_parts, heading, item)
                    open_parts = []
                heading = block.lines[0] if len(block.lines) == 1 else block.lines[-1]
    yield from _labelled(open_parts, heading, item)


def _labelled(told: Sequence[tuple[Part, Line]], heading: Line | None, item: Item | None) -> Iterator[Entry]:
    fields = {part.field for part, _ in told}
    if len(fields) < 3 or not fields & labels.TELLING:
        return
    parts = [part for part, _ in told]
    start = min(part.rows[0][1] for part in parts)
    if "name" not in fields:
        if heading is None:
            return
        parts.insert(0, Part([(heading.text, heading.start, False)], "name"))
        start = heading.start
    yield Entry("labelled", parts, Span(start, told[-1][1].end), item=_ordinal(item))


# ---------------------------------------------------------------- items about one project

_LEFT_OUT = frozenset({"preparer", "presenter", "attachment", "material", "information", "appeal", "appeal_guide", "notice", "extract"})


def _from_item(found: Sequence[Block], item: Item) -> Iterator[Entry]:
    """The item itself, where its title or first paragraph names one project and its text tells of its money or time."""
    if item.title is None or not projects.titles_project(item.title):
        return
    lines = list(_telling_lines(item))
    if not lines:
        return
    text = " ".join(line.text for line in lines)
    if len(signs_of(text)) < 2:
        return
    title = next((e for e in item.evidence if e.field == "title"), None)
    parts = [Part(rows_of(lines))]
    if title is not None:
        parts.insert(0, Part([(title.surface, title.start, False)], "title"))
    yield Entry("item", parts, Span(item.start, item.end), item=item.ordinal)


def _telling_lines(item: Item) -> Iterator[Line]:
    """The item's own words: no title, preparers, attachments or guide for appeals."""
    title = next((e for e in item.evidence if e.field == "title"), None)
    told = True
    for line in item.lines:
        if line.role != "body" or (title is not None and line.start < title.end):
            continue
        heading = headings.find(line.text)
        if heading is not None:
            told = heading.kind not in _LEFT_OUT
        elif not told and len(line.text) > 70:
            told = True
        if told:
            yield line
