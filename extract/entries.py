"""Which stretches of a document describe one project each (hankekuvaukset).

``find(document, items)`` looks in each agenda item, or in the whole text where there is none: for rows of project tables,
entries of lists, cards of labels, paragraphs about a project each; and where an item has none of these, whether it is about one
project itself. What an entry says is for parse.py; here only its outline and plain signs that it is about a project count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise

import regex

from extract.columns import from_columns, is_header
from extract.document import Cell, Document, Entry, Item, Line, Part, Passage, Rows, Span
from extract.segment import Block, Heading, ListEntry, ProjectList, Setting, blocks, heading_of, lists, rows_between, rows_of
from rules import bodies, dates, headings, labels, money, organisations, project_names, projects
from rules.labels import Label
from rules.lists import read_marker


@dataclass(frozen=True, slots=True)
class Place:
    """Where entries are looked for: a document's rows, of one agenda item or of the whole text."""

    document: Document
    lines: list[Line]
    blocks: list[Block]
    item: Item | None

    @property
    def ordinal(self) -> int | None:
        """The agenda item's ordinal."""
        return None if self.item is None else self.item.ordinal

    @property
    def title(self) -> Heading | None:
        """The agenda item's title."""
        if self.item is None or self.item.title is None:
            return None
        found = next((e for e in self.item.evidence if e.field == "title"), None)
        return Heading(self.item.title, Span(found.start, found.end)) if found else None


def find(document: Document, items: Sequence[Item]) -> list[Entry]:
    """The project entries of a document, in reading order."""
    if not items:
        return _entries(document, document.body(), None)
    return [entry for item in items for entry in _entries(document, item.lines, item)]


def _entries(document: Document, lines: Sequence[Line], item: Item | None) -> list[Entry]:
    body = [line for line in lines if line.role == "body"]
    place = Place(document, body, blocks(body), item)
    about_one = place.title is not None and project_names.titles_project(place.title.text) and not _is_divided(place)
    out = [*_from_tables(place), *from_columns(body, place.blocks, place.ordinal)]
    out += _outside(out, _from_lists(place, strict=about_one))
    if not out or item is None:
        out += _outside(out, _from_labels(place, named=about_one))
    if not about_one:
        out += _outside(out, _from_prose(place))
    if not out and item is not None:
        out += _from_item(place, about_one)
    return sorted(out, key=lambda entry: entry.span.start)


def _is_divided(place: Place) -> bool:
    """Whether projects stand under several headings (``EAKR-hankkeet``, ``ESR-hankkeet``), whatever the title says."""
    alone = (b for b in place.blocks if b.kind == "paragraph" and len(b.lines) == 1 and len(b.lines[0].text.strip()) <= 60)
    return sum(projects.announces_projects(b.lines[0].text) and headings.find(b.lines[0].text) is None for b in alone) >= 2


def _outside(known: Sequence[Entry], more: Iterator[Entry]) -> list[Entry]:
    """Entries that overlap none of those already known."""
    spans = sorted((k.span.start, k.span.end) for k in known)
    starts = [start for start, _ in spans]
    reach = list(accumulate((end for _, end in spans), max, initial=-1))
    return [e for e in more if reach[bisect_left(starts, e.span.end)] <= e.span.start]


# ---------------------------------------------------------------- signs


@lru_cache(maxsize=1 << 8)
def signs_of(text: str) -> frozenset[str]:
    """The signs that a text describes a project: a duration, a payer, a sum with its kind, a word for project.

    Each way of finding entries asks it of the same paragraphs.
    """
    signs = set()
    if any(p.kind == "duration" and (p.start_date or p.end_date) for p in dates.find(text)):
        signs.add("duration")
    if organisations.find_funders(text):
        signs.add("payer")
    if any(a.kind not in (None, "other") for a in money.find(text)):
        signs.add("sum")
    if projects.mentions_project(text):
        signs.add("word")
    return frozenset(signs)


# ---------------------------------------------------------------- lists


def _from_lists(place: Place, *, strict: bool) -> Iterator[Entry]:
    title = place.title.text if place.title else ""
    about = projects.announces_projects(title)
    notices = False if about else projects.lists_notices(title) or None
    found = lists(place.blocks)
    chosen = [projects_among(known, strict=strict, notices=notices, about=about) for known in found]
    catalogue = any(len(among) == len(known.entries) >= 3 for known, among in zip(found, chosen, strict=True))
    both = about and projects.lists_notices(title)  # "Rahoituspäätökset ja muut ilmoitusasiat"
    for group, (known, among) in enumerate(zip(found, chosen, strict=True)):
        kept = [entry for entry in among if not both or signs_of(entry.block.passage.text)]
        if not kept and catalogue and not (strict or notices):
            kept = _of_catalogue(known)
        whole = len(kept) == len(known.entries)
        yield from (_list_entry(entry, place, group, whole) for entry in kept)


def _of_catalogue(known: ProjectList) -> list[ListEntry]:
    """A department's one or two projects, in a catalogue where others have more: each with a duration, none anything else."""
    texts = [entry.block.passage.text for entry in known.entries]
    headings_above = [entry.heading.text for entry in known.entries if entry.heading]
    plain = all("duration" in signs_of(text) and not projects.looks_otherwise(text) for text in texts)
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
    signs = [signs_of(text) for text in texts]
    strong = ["duration" in s or {"payer", "sum"} <= s for s in signs]
    share = sum(strong) / len(strong)
    paid = sum(bool(s & {"duration", "payer"}) for s in signs) / len(signs)
    share_of_sums = sum("sum" in s for s in signs) / len(signs)
    chosen = []
    for entry, text, sign in zip(known.entries, texts, signs, strict=True):
        heading = entry.heading.text if entry.heading else ""
        decided = share_of_sums == 1 and projects.decides_on_projects(heading)
        if projects.looks_otherwise(text) or (projects.lists_otherwise(heading) and not decided):
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
            parts.append(Part([(line.text[begin:], line.start + begin, line.breaks_word)], label.field, label.year))
        else:
            parts[-1].rows.append(row)
    return parts


def _leads_sub_bullets(block: Block) -> bool:
    """Whether an entry's first row is a name with bullets under it."""
    return len(block.lines) > 1 and read_marker(block.lines[1].text) is not None


def _names_one(text: str) -> bool:
    """Whether a notice names a project: in quotation marks before -hanke, or as what was applied for."""
    return project_names.named_in_notice(text) is not None or project_names.quoted_project(text) is not None


def _list_entry(listed: ListEntry, place: Place, group: int, whole_list: bool) -> Entry:
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
    return Entry(
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


def _from_tables(place: Place) -> Iterator[Entry]:
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


def _table_entries(place: Place, rows: list[list[Cell]], caption: Heading | None, group: int) -> Iterator[Entry]:
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


def _table_entry(place: Place, cells: Sequence[Cell], columns: dict[int, Label], heading: Heading | None, group: int) -> Entry:
    lines = place.document.lines
    parts = []
    for cell in cells:
        label = columns.get(cell.col)
        near = bisect_left(lines, cell.start, key=lambda line: line.end)
        rows = rows_between([line for line in lines[near : near + 60] if line.role == "body"], cell.start, cell.end)
        parts.append(Part(rows, label.field if label else "other", label.year if label else None))
    parts.sort(key=lambda part: part.field != "name")  # the name leads, as in a list
    span = Span(min(c.start for c in cells), max(c.end for c in cells))
    return _described(place, "table_row", parts, span, heading, group)


def _described(place: Place, layout: str, parts: list[Part], span: Span, heading: Heading | None, group: int = 0) -> Entry:
    return Entry(
        layout,  # type: ignore[arg-type]  # one of Layout
        parts,
        span,
        item=place.ordinal,
        heading=heading.text if heading else None,
        heading_span=heading.span if heading else None,
        group=group,
    )


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

    def entry(self, place: Place) -> Iterator[Entry]:
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
        yield _described(place, "labelled", parts, Span(start, self.told[-1][1].end), heading)


def _from_labels(place: Place, *, named: bool) -> Iterator[Entry]:
    """Cards of ``Label: value`` rows, each project from its name on; ``named``: only those whose name has a label too."""
    for entry in _cards(place):
        if not named or labels.split_label(place.document.text[entry.span.start : entry.span.end]) is not None:
            yield entry


def _cards(place: Place) -> Iterator[Entry]:
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
                card.told.append((Part(value, label.field, label.year), line))
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


# ---------------------------------------------------------------- prose


def _from_prose(place: Place) -> Iterator[Entry]:
    """Paragraphs that tell of one project each, and several told in one: by rows, by semicolons, sentence after sentence."""
    paragraphs = [b for b in place.blocks if b.kind == "paragraph" and not any(map(is_header, b.lines))]
    title = place.title
    announced = title is None or projects.announces_projects(title.text)
    setting = Setting.of(place.lines)
    row: Block | None = None
    for n, block in enumerate(paragraphs):
        heading = heading_of(row) if row else None
        if len(block.lines) == 1 and not block.lines[0].text.rstrip().endswith("."):
            row = block
        several = [*_by_rows(place, paragraphs, n)] or [*_by_semicolons(place, block, heading)]
        several = several or [*_by_names(place, block, heading)]
        yield from several
        under = heading is not None and projects.heads_projects(heading.text)
        if several or not (announced or under):
            continue
        above = paragraphs[n - 1] if n else None
        told = _told_project(block, setting) or _told_under(above, block, place) or (_told_in_turn(block) if under else None)
        if told:
            rows, name = told
            parts = [Part(name, "name"), Part(rows)] if name else [Part(rows)]
            yield _described(place, "prose", parts, block.span, heading if under else title or heading)


def _by_rows(place: Place, paragraphs: Sequence[Block], n: int) -> Iterator[Entry]:
    """Projects on a row each without a mark, under a lead-in with a colon: ``Kunnalla on käynnissä 3 hanketta:``."""
    block = paragraphs[n]
    first = block.lines[0].text.rstrip()
    lead = Block("paragraph", block.lines[:1]) if first.endswith(":") else paragraphs[n - 1] if n else None
    rows = block.lines[1:] if first.endswith(":") else block.lines
    if lead is None or len(rows) < 2 or not lead.lines[-1].text.rstrip().endswith(":"):
        return
    lead_text = lead.passage.text
    telling = all(line.text.lstrip()[:1].isupper() and signs_of(line.text) & {"duration", "payer"} for line in rows)
    if telling and projects.mentions_project(lead_text) and not projects.lists_otherwise(lead_text.rstrip(" :")):
        heading = heading_of(lead)
        for line in rows:
            yield _described(place, "prose", [Part(rows_of([line]))], Span(line.start, line.end), heading)


_SENTENCE_START = regex.compile(r"(?:^|[.!?;]\s+)(?=[\p{Lu}\"”“])")


def _by_names(place: Place, block: Block, above: Heading | None) -> Iterator[Entry]:
    """Projects told one after another in a paragraph, each from the sentence on that begins with its name."""
    heading = above if above is not None and projects.heads_projects(above.text) else place.title
    passage = block.passage
    text = passage.text
    starts: list[int] = []
    names: set[str] = set()
    for m in _SENTENCE_START.finditer(text) if any(map(str.isdigit, text)) else ():  # no number, no period nor sum
        sentence = text[m.end() : m.end() + 240]
        named = _named_first(sentence)
        if named is not None and (name := sentence[slice(*named)]) not in names:
            starts.append(m.end())
            names.add(name)
    bounds = [*starts, len(text)]
    pieces = [(a, b) for a, b in pairwise(bounds) if len(signs_of(text[a:b]) & {"duration", "sum", "payer"}) >= 2]
    if len(pieces) < 2:
        return
    for a, b in pieces:
        span = passage.span(a, a + len(text[a:b].rstrip()))
        yield _described(place, "prose", [Part(rows_between(block.lines, span.start, span.end))], span, heading)


def _told_project(block: Block, setting: Setting) -> tuple[Rows, Rows] | None:
    """A paragraph about one project as (its rows, the rows of its name, empty where its first sentence names it)."""
    text = block.passage.text
    if len(text) < 60 or len(signs_of(text) & {"duration", "sum", "payer"}) < 2 or projects.looks_otherwise(text):
        return None
    head, rest = block.lines[0], block.lines[1:]
    if len(block.lines) > 2:  # tables may reach further to the right than paragraphs do
        setting = replace(setting, right=max(line.x1 for line in block.lines))
    short = head.x1 < 0.8 * setting.right and ". " not in head.text and not head.text.rstrip().endswith((".", ":", ",", ";"))
    own_row = rest and short and setting.room_left(head, rest[0])
    if own_row and len(head.text) <= 90 and head.text.lstrip()[:1].isupper() and headings.find(head.text) is None:
        return rows_of(rest), rows_of([head])
    if _quotes_one(text) or _starts_with_name(text):
        return block.rows, []
    return None


def _told_under(above: Block | None, block: Block, place: Place) -> tuple[Rows, Rows] | None:
    """A paragraph about one project under a row of its own that is the name, in an item that lists projects."""
    if above is None or len(above.lines) != 1 or place.title is None or not projects.announces_projects(place.title.text):
        return None
    name = above.lines[0].text.strip()
    worded = (
        name[:1].isupper() and len(name) <= 90 and not name.endswith((".", ":", ",", ";")) and not any(map(str.isdigit, name))
    )
    of_another = above.lines[0].end <= place.title.span.end or headings.find(name) or projects.heads_projects(name)
    if not worded or of_another:
        return None
    signs = signs_of(block.passage.text)
    return (block.rows, rows_of(above.lines)) if "duration" in signs and signs & {"sum", "payer"} else None


def _told_in_turn(block: Block) -> tuple[Rows, Rows] | None:
    """A paragraph under a heading that announces projects, which begins with a name that no word tells to be a project's."""
    text = block.passage.text
    named = project_names.named_before_verb(text)
    if named is None or len(signs_of(text) & {"duration", "sum", "payer"}) < 2 or projects.looks_otherwise(text):
        return None
    return None if _is_payer(text[slice(*named)]) else (block.rows, [])


def _quotes_one(text: str) -> bool:
    """Whether a paragraph names one project in quotation marks, however often."""
    names = {text[a:b] for a, b in project_names.quoted_names(text) if text[a].isupper()}
    return len(names) == 1


def _starts_with_name(text: str) -> bool:
    named = _named_first(text) or project_names.named_in_capitals(text)
    return named is not None and not _is_payer(text[slice(*named)])


def _named_first(text: str) -> tuple[int, int] | None:
    """The project that the first sentence names, at its beginning or behind who pays for it."""
    named = project_names.named_in_sentence(text)
    first = _SENTENCE_START.search(text, 1)
    inside = named is not None and named[1] - named[0] >= 3 and named[1] <= (first.start() if first else len(text))
    return named if inside else None


def _is_payer(name: str) -> bool:
    return organisations.ends_as_organisation(name) or bool(organisations.find_funders(name))


_SEMICOLON = regex.compile(r";\s+")
_PARTED = regex.compile(r";\s+|(?<=\)),?\s+(?:(?:ja|sekä)\s+)?(?=\p{Lu})")


def _by_semicolons(place: Place, block: Block, above: Heading | None) -> Iterator[Entry]:
    """Projects told one after another between semicolons, behind a lead-in with a colon or under a heading of projects."""
    if not any(";" in line.text or ")" in line.text for line in block.lines):
        return
    passage = block.passage
    lead, colon, rest = passage.text.partition(":")
    if colon and projects.mentions_project(lead) and _PARTED.search(rest):
        heading_start = max((m.end() for m in regex.finditer(r"[.!?]\s+(?=\p{Lu})", lead)), default=0)
        heading = Heading(lead[heading_start:].strip(), passage.span(heading_start, len(lead.rstrip())))
        begin, parted = len(lead) + 1, _PARTED
    elif above is not None and projects.announces_projects(above.text) and "; " in passage.text:
        lead, heading, begin, parted = above.text, above, 0, _SEMICOLON
    else:
        return
    bounds = [begin, *(m.end() for m in parted.finditer(passage.text, begin)), len(passage.text)]
    told = [len(signs_of(passage.text[start:end])) for start, end in pairwise(bounds)]
    enough = 1 if projects.announces_projects(lead) and sum(n >= 2 for n in told) >= 2 else 2
    if heading is above and any(n >= 2 for n in told):
        enough = 0  # a paragraph under "EAKR-hankkeet" lists nothing else
    for (start, end), signs in zip(pairwise(bounds), told, strict=True):
        stretch = passage.text[start:end]
        begin = start + len(stretch) - len(stretch.lstrip())
        if begin < end and signs >= enough:
            span = passage.span(begin, end - len(stretch) + len(stretch.rstrip()) if stretch.strip() else end)
            yield _described(place, "prose", [Part(rows_between(block.lines, span.start, span.end))], span, heading)


# ---------------------------------------------------------------- items about one project

_LEFT_OUT = frozenset(
    {"preparer", "presenter", "attachment", "material", "information", "appeal", "appeal_guide", "notice", "extract"}
)


def _from_item(place: Place, about_one: bool) -> Iterator[Entry]:
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
    signs = signs_of(f"{text} {Passage.of_lines(earlier).text}" if earlier else text)
    enough = 1 if project_names.names_project(title.text) else 2
    if len(signs) >= enough:
        parts = [Part(rows_between(place.lines, title.span.start, title.span.end), "title"), Part(rows_of(latest))]
        parts += [Part(rows_of(earlier), "earlier")] if earlier else []
        yield Entry("item", parts, Span(item.start, item.end), item=item.ordinal)


def _names_project_first(text: str, title: Heading) -> bool:
    """Whether an item whose title names no project tells of one: at its beginning, or beside the word with all its signs."""
    if project_names.quoted_project(text[:160]) is not None:
        return True
    if projects.looks_otherwise(title.text) or project_names.titles_many(title.text):
        return False
    named = project_names.named_in_sentence(text[:400])
    if named is not None and named[0] <= 60:
        return True
    if project_names.called_project(_name_in(title.text), text):
        return True
    titled, told = project_names.may_title_project(title.text), projects.told_as_project(text)
    beside = project_names.named_after_word(text) or project_names.named_before_word(text)
    if not (titled or told or beside):
        return False  # what its sums and days are need not be read
    signs = signs_of(text)
    if titled and "sum" in signs and signs & {"duration", "payer"}:
        return True
    return (told and {"duration", "sum"} <= signs) or (beside is not None and len(signs) >= 3)


def _name_in(title: str) -> str:
    """What of an item's title may be a project's name."""
    return title[slice(*project_names.name_in_title(title))]


def _latest_handling(lines: list[Line]) -> list[Line]:
    """The rows behind the last head of a handling (``Hyvinvointilautakunta, 22.08.2023, § 6``); all where there is none."""
    heads = [n for n, line in enumerate(lines) if bodies.read_handling(line.text) is not None]
    return lines[heads[-1] + 1 :] if heads else lines


def _own_lines(place: Place, title: Heading) -> list[Line]:
    """The item's own words: no title, preparers, attachments or guide for appeals.

    What stands under such a heading ends at the next heading, at a gap, or where a row is as long as running text.
    """
    setting = Setting.of(place.lines)
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
