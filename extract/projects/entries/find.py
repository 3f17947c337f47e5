"""Which stretches of a document describe one project each (hankekuvaukset).

``find(document, items)`` looks in each agenda item, or in the whole text where there is none: for rows of project tables,
entries of lists, cards of labels, paragraphs about a project each; and where an item has none of these, whether it is about one
project itself. What an entry says is for parse.py; here only its outline and plain signs that it is about a project count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import regex

from poytakirja.document import Cell, Document, Line, Span
from poytakirja.outline.blocks import (
    Block,
    Heading,
    LineMetrics,
    ListEntry,
    ProjectList,
    blocks,
    heading_of,
    lists,
    rows_between,
    rows_of,
)
from poytakirja.outline.gap_tables import from_columns, is_header
from poytakirja.passage import Passage
from poytakirja.projects.entries.candidates import Scope, described, evidence_of
from poytakirja.projects.entries.prose import from_prose
from poytakirja.records import EntryCandidate, Item, Part
from poytakirja.rules.layout import headings
from poytakirja.rules.layout.list_markers import read_marker
from poytakirja.rules.organisations import bodies
from poytakirja.rules.projects import field_labels as labels
from poytakirja.rules.projects import item_titles
from poytakirja.rules.projects import name_in_text as projects_in_text
from poytakirja.rules.projects import signs as projects
from poytakirja.rules.projects.field_labels import Label


def find(document: Document, items: Sequence[Item]) -> list[EntryCandidate]:
    """The project entries of a document, in reading order."""
    if not items:
        return _entries(document, document.body(), None)
    return [entry for item in items for entry in _entries(document, item.lines, item)]


def _entries(document: Document, lines: Sequence[Line], item: Item | None) -> list[EntryCandidate]:
    body = [line for line in lines if line.role == "body"]
    place = Scope(document, body, blocks(body), item)
    about_one = place.title is not None and item_titles.titles_project(place.title.text) and not _is_divided(place)
    out = [*_from_tables(place), *from_columns(body, place.blocks, place.ordinal)]
    out += _non_overlapping(out, _from_lists(place, strict=about_one))
    if not out or item is None:
        out += _non_overlapping(out, _from_labels(place, named=about_one))
    if not about_one:
        out += _non_overlapping(out, from_prose(place))
    if not out and item is not None:
        out += _from_item(place, about_one)
    return sorted(out, key=lambda entry: entry.span.start)


def _is_divided(place: Scope) -> bool:
    """Whether projects stand under several headings (``EAKR-hankkeet``, ``ESR-hankkeet``), whatever the title says."""
    alone = (b for b in place.blocks if b.kind == "paragraph" and len(b.lines) == 1 and len(b.lines[0].text.strip()) <= 60)
    return sum(projects.announces_projects(b.lines[0].text) and headings.find(b.lines[0].text) is None for b in alone) >= 2


def _non_overlapping(known: Sequence[EntryCandidate], more: Iterator[EntryCandidate]) -> list[EntryCandidate]:
    """Entries that overlap none of those already known."""
    spans = sorted((k.span.start, k.span.end) for k in known)
    starts = [start for start, _ in spans]
    reach = list(accumulate((end for _, end in spans), max, initial=-1))
    return [e for e in more if reach[bisect_left(starts, e.span.end)] <= e.span.start]


# ---------------------------------------------------------------- lists


def _from_lists(place: Scope, *, strict: bool) -> Iterator[EntryCandidate]:
    title = place.title.text if place.title else ""
    about = projects.announces_projects(title)
    notices = False if about else projects.lists_notices(title) or None
    found = lists(place.blocks)
    chosen = [projects_among(known, strict=strict, notices=notices, about=about) for known in found]
    catalogue = any(len(among) == len(known.entries) >= 3 for known, among in zip(found, chosen, strict=True))
    both = about and projects.lists_notices(title)  # "Rahoituspäätökset ja muut ilmoitusasiat"
    for group, (known, among) in enumerate(zip(found, chosen, strict=True)):
        kept = [entry for entry in among if not both or evidence_of(entry.block.passage.text)]
        if not kept and catalogue and not (strict or notices):
            kept = _of_catalogue(known)
        whole = len(kept) == len(known.entries)
        yield from (_list_entry(entry, place, group, whole) for entry in kept)


def _of_catalogue(known: ProjectList) -> list[ListEntry]:
    """A department's one or two projects, in a catalogue where others have more: each with a duration, none anything else."""
    texts = [entry.block.passage.text for entry in known.entries]
    headings_above = [entry.heading.text for entry in known.entries if entry.heading]
    plain = all("duration" in evidence_of(text) and not projects.is_not_a_project(text) for text in texts)
    return known.entries if plain and not any(map(projects.lists_otherwise, headings_above)) else []


def projects_among(
    known: ProjectList, *, strict: bool = False, notices: bool | None = None, about: bool = False
) -> list[ListEntry]:
    """The entries of a list that describe a project each.

    A list whose heading announces projects, or most of whose entries have a duration or a payer with a sum, is a project list:
    all of it counts but what plainly is something else. In other lists (notices, ilmoitusasiat) an entry must show it by
    itself. Lists of decisions and goals have none; ``strict`` asks for a project list: the text is about one project, whose
    goals and steps its lists name. ``notices``: whether the title says that notices are listed; None leaves it to the heading.
    ``about``: the title announces projects, which counts for a list without a heading of its own.
    """
    texts = [entry.block.passage.text for entry in known.entries]
    signs = [evidence_of(text) for text in texts]
    strong = ["duration" in s or {"payer", "sum"} <= s for s in signs]
    share = sum(strong) / len(strong)
    paid = sum(bool(s & {"duration", "payer"}) for s in signs) / len(signs)
    share_of_sums = sum("sum" in s for s in signs) / len(signs)
    chosen = []
    for entry, text, sign in zip(known.entries, texts, signs, strict=True):
        heading = entry.heading.text if entry.heading else ""
        decided = share_of_sums == 1 and projects.decides_on_projects(heading)
        if projects.is_not_a_project(text) or (projects.lists_otherwise(heading) and not decided):
            continue
        announced = projects.announces_projects(heading) if heading else about
        mixed = projects.lists_notices(heading) if notices is None else notices
        many = share >= 0.5 and len(strong) >= 3 and not mixed and not strict
        listed = decided or (announced and (share >= 0.25 or paid == 1)) or many
        alone = not strict and (len(sign) >= 3 or {"word", "payer"} <= sign or ({"word", "sum"} <= sign and _names_one(text)))
        if listed or alone:
            chosen.append(entry)
    return chosen


def _labelled_parts(block: Block) -> list[Part]:
    """An entry whose rows below the first begin with labels, each its own part: ``Hankeaika: …``, ``Rahoittaja: …``."""
    parts = [Part(block.rows[:1], "name")]
    for line, row in zip(block.lines[1:], block.rows[1:], strict=True):
        told = labels.split_label(line.text)
        if told:
            label, _, begin = told
            parts.append(Part([(line.text[begin:], line.start + begin, line.breaks_word)], label.field, label.year, label.unit))
        else:
            parts[-1].rows.append(row)
    return parts


def _leads_sub_bullets(block: Block) -> bool:
    """Whether an entry's first row is a name with bullets under it."""
    return len(block.lines) > 1 and read_marker(block.lines[1].text) is not None


def _names_one(text: str) -> bool:
    """Whether a notice names a project: in quotation marks before -hanke, or as what was applied for."""
    return projects_in_text.named_in_notice(text) is not None or projects_in_text.quoted_project(text) is not None


def _list_entry(listed: ListEntry, place: Scope, group: int, whole_list: bool) -> EntryCandidate:
    block, heading, marker = listed.block, listed.heading, listed.block.marker
    assert marker is not None  # a list holds marker blocks only
    number_span = None
    if marker.label is not None:
        at = block.span.start + block.lines[0].text.index(marker.label)
        number_span = Span(at, at + len(marker.label))
    if place.title is not None and (heading is None or heading.text.endswith(place.title.text)):
        heading = place.title  # it stands in one block with what is printed above it: "Khall § 235"
    rows = block.rows
    parts = [Part(rows[:1], "name"), Part(rows[1:])] if block.titled or _leads_sub_bullets(block) else [Part(rows)]
    if len(told := _labelled_parts(block)) > 2:
        parts = told
    return EntryCandidate(
        "bulleted" if marker.style == "bullet" else "numbered",
        parts,
        block.span,
        item=place.ordinal,
        number=marker.label,
        number_span=number_span,
        heading=heading.text if heading else None,
        heading_span=heading.span if heading else None,
        group=group,
        whole_list=whole_list,
    )


# ---------------------------------------------------------------- tables


def _from_tables(place: Scope) -> Iterator[EntryCandidate]:
    above: Block | None = None
    for group, block in enumerate(place.blocks):
        if block.kind != "table" or block.table is None:
            above = block
            continue
        caption = heading_of(above) if above and above.kind == "paragraph" else None
        yield from _table_entries(place, place.document.tables[block.table].rows(), caption, group)


def _columns(row: Sequence[Cell]) -> dict[int, Label]:
    """The fields that the columns of a header row hold."""
    return {cell.col: label for cell in row if (label := labels.field_of(cell.text))}


def _is_project_header(columns: dict[int, Label]) -> bool:
    fields = {label.field for label in columns.values()}
    return "name" in fields and bool(fields & labels.TELLING)


def _table_entries(place: Scope, rows: list[list[Cell]], caption: Heading | None, group: int) -> Iterator[EntryCandidate]:
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
            yield _table_entry(place, filled, columns, heading, group)


def _is_sum_row(filled: Sequence[Cell]) -> bool:
    return filled[0].text.strip().casefold().startswith(("yhteensä", "kaikki yhteensä", "summa"))


def _table_entry(
    place: Scope, cells: Sequence[Cell], columns: dict[int, Label], heading: Heading | None, group: int
) -> EntryCandidate:
    lines = place.document.lines
    parts = []
    for cell in cells:
        label = columns.get(cell.col)
        near = bisect_left(lines, cell.start, key=lambda line: line.end)
        body = [line for line in lines[near : near + 60] if line.role == "body"]
        rows = [row for part in cell.parts or (Span(cell.start, cell.end),) for row in rows_between(body, part.start, part.end)]
        parts.append(Part(rows, label.field, label.year, label.unit) if label else Part(rows, "other"))
    parts.sort(key=lambda part: part.field != "name")  # the name leads, as in a list
    own = [c for c in cells if not c.carried]
    span = Span(min(c.start for c in own), max(c.end for c in own))
    return described(place, "table_row", parts, span, heading, group)


# ---------------------------------------------------------------- cards of labels


@dataclass(slots=True)
class _Card:
    """Labels read so far, with the row above them and the paragraph that is the heading they stand under."""

    told: list[tuple[Part, Line]]
    above: Line | None
    section: Block | None

    def waits(self) -> bool:
        """Whether the last label still has no value: what follows in small letters is one (``Kunnan rooli``, ``kumppani``)."""
        return bool(self.told) and not any(text.strip() for text, _, _ in self.told[-1][0].rows)

    def entry(self, place: Scope) -> Iterator[EntryCandidate]:
        """The card as an entry, where its labels are those of a project."""
        fields = {part.field for part, _ in self.told}
        if len(fields) < 3 or not fields & labels.TELLING:
            return
        parts = [part for part, _ in self.told]
        start = self.told[0][0].rows[0][1]
        if "name" not in fields:
            if self.above is None:
                return
            parts.insert(0, Part(rows_of([self.above]), "name"))
            start = self.above.start
        else:
            start = place.lines[bisect_left(place.lines, start, key=lambda line: line.end)].start
        heading = heading_of(self.section) if self.section else None
        yield described(place, "labelled", parts, Span(start, self.told[-1][1].end), heading)


def _from_labels(place: Scope, *, named: bool) -> Iterator[EntryCandidate]:
    """Cards of ``Label: value`` rows, each project from its name on; ``named``: only those whose name has a label too."""
    for entry in _cards(place):
        if not named or labels.split_label(place.document.text[entry.span.start : entry.span.end]) is not None:
            yield entry


def _cards(place: Scope) -> Iterator[EntryCandidate]:
    card = _Card([], None, None)
    for block in place.blocks:
        if block.kind == "table":
            continue
        told = [labels.split_label(line.text) or _label_alone(line, block) for line in block.lines]
        if not any(told):
            yield from card.entry(place)
            alone = len(block.lines) == 1
            section = block if alone and len(block.lines[0].text) <= 80 else card.section if alone else None
            card = _Card([], block.lines[-1], section)
            continue
        for line, found in zip(block.lines, told, strict=True):
            if found is None and _CARD.fullmatch(line.text):
                yield from card.entry(place)
                card = _Card([], line, card.section)
            elif found is not None and not (card.waits() and line.text.lstrip()[:1].islower()):
                label, _, begin = found
                if label.field == "name" and card.told:
                    yield from card.entry(place)
                    card = _Card([], None, card.section)
                value = [(line.text[begin:], line.start + begin, line.breaks_word)]
                card.told.append((Part(value, label.field, label.year, label.unit), line))
            elif card.told:
                part, _ = card.told[-1]
                part.rows.append((line.text, line.start, line.breaks_word))
                card.told[-1] = (part, line)
            else:
                card.above = line
    yield from card.entry(place)


_CARD = regex.compile(r"(?i)\s*(?:hanke|projekti)(?:kortti|tiedot)?\s*(?:nro\s*)?\d{1,3}\.?\s*")
"""``HANKEKORTTI 2``: the head of the next card."""


def _label_alone(line: Line, block: Block) -> tuple[Label, str, int] | None:
    """A row that is a label and nothing else, its value on the row below; set in bold, or one of several in its block."""

    def named(text: str) -> Label | None:
        worded = len(text) <= 40 and text[:1].isalpha() and not text.rstrip().endswith((".", ","))
        return labels.field_of(text) if worded else None

    label = named(line.text)
    if label is None:
        return None
    several = sum(named(other.text) is not None for other in block.lines) >= 3
    return (label, line.text, len(line.text)) if line.bold or several else None


# ---------------------------------------------------------------- items about one project

_LEFT_OUT = frozenset(
    {"preparer", "presenter", "attachment", "material", "information", "appeal", "appeal_guide", "notice", "extract"}
)


def _from_item(place: Scope, about_one: bool) -> Iterator[EntryCandidate]:
    """The item itself, where its title or its first paragraph names one project and its text tells of its money or time.

    Where it repeats earlier handlings, its own, latest one leads, and what they told comes after it.
    """
    title, item = place.title, place.item
    if title is None or item is None:
        return
    lines = _own_lines(place, title)
    latest = _latest_handling(lines)
    earlier = lines[: len(lines) - len(latest)]
    text = Passage.of_lines(latest).text
    if not about_one and not _names_project_first(text, title):
        return
    signs = evidence_of(f"{text} {Passage.of_lines(earlier).text}" if earlier else text)
    enough = 1 if item_titles.names_project(title.text) else 2
    if len(signs) >= enough:
        parts = [Part(rows_between(place.lines, title.span.start, title.span.end), "title"), Part(rows_of(latest))]
        parts += [Part(rows_of(earlier), "earlier")] if earlier else []
        yield EntryCandidate("item", parts, Span(item.start, item.end), item=item.ordinal)


def _names_project_first(text: str, title: Heading) -> bool:
    """Whether an item whose title names no project tells of one: at its beginning, or beside the word with all its signs."""
    if projects_in_text.quoted_project(text[:160]) is not None:
        return True
    if projects.is_not_a_project(title.text) or item_titles.titles_many(title.text):
        return False
    named = projects_in_text.named_in_sentence(text[:400])
    if named is not None and named[0] <= 60:
        return True
    if projects_in_text.called_project(_name_in(title.text), text):
        return True
    titled, told = item_titles.may_title_project(title.text), projects.is_described_as_project(text)
    beside = projects_in_text.named_after_word(text) or projects_in_text.named_before_word(text)
    if not (titled or told or beside):
        return False  # what its sums and days are need not be read
    signs = evidence_of(text)
    if titled and "sum" in signs and signs & {"duration", "payer"}:
        return True
    return (told and {"duration", "sum"} <= signs) or (beside is not None and len(signs) >= 3)


def _name_in(title: str) -> str:
    """What of an item's title may be a project's name."""
    return title[slice(*item_titles.name_in_title(title))]


def _latest_handling(lines: list[Line]) -> list[Line]:
    """The rows behind the last head of a handling (``Hyvinvointilautakunta, 22.08.2023, § 6``); all where there is none."""
    heads = [n for n, line in enumerate(lines) if bodies.read_handling(line.text) is not None]
    return lines[heads[-1] + 1 :] if heads else lines


def _own_lines(place: Scope, title: Heading) -> list[Line]:
    """The item's own words: no title, preparers, attachments or guide for appeals.

    What stands under such a heading ends at the next heading, at a gap, or where a row is as long as running text.
    """
    setting = LineMetrics.of(place.lines)
    case = next((e for e in place.item.evidence if e.field == "case_id"), None) if place.item else None
    own: list[Line] = []
    told, above = True, None
    for line in place.lines:
        beside = line.start < title.span.end or (case and line.start < case.end and case.start < line.end)
        if beside or is_header(line):
            continue
        heading = headings.find(line.text)
        if heading is not None:
            told = heading.kind not in _LEFT_OUT
        elif not told and (len(line.text) > 60 or (above is not None and setting.gap(above, line))) and "@" not in line.text:
            told = True
        if told and not (heading is not None and heading.form == "line"):
            own.append(line)
        above = line
    return own
