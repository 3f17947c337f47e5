"""Projects told in running text (proosa): paragraph after paragraph, by rows, between semicolons, sentence after sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from poytakirja.document import Span
from poytakirja.outline.blocks import Block, Heading, LineMetrics, heading_of, rows_between, rows_of
from poytakirja.outline.gap_tables import is_header
from poytakirja.projects.entries.candidates import Scope, described, evidence_of
from poytakirja.records import EntryCandidate, Part, Rows
from poytakirja.rules.layout import headings
from poytakirja.rules.organisations import organisations
from poytakirja.rules.organisations.funders import find_funders
from poytakirja.rules.projects import name_in_text as projects_in_text
from poytakirja.rules.projects import signs as projects


def from_prose(place: Scope) -> Iterator[EntryCandidate]:
    """Paragraphs that tell of one project each, and several told in one: by rows, by semicolons, sentence after sentence."""
    paragraphs = [b for b in place.blocks if b.kind == "paragraph" and not any(map(is_header, b.lines))]
    title = place.title
    announced = title is None or projects.announces_projects(title.text)
    setting = LineMetrics.of(place.lines)
    row: Block | None = None
    for n, block in enumerate(paragraphs):
        heading = heading_of(row) if row else None
        if len(block.lines) == 1 and not block.lines[0].text.rstrip().endswith("."):
            row = block
        several = [*_by_rows(place, paragraphs, n)] or [*_by_semicolons(place, block, heading)]
        several = several or [*_by_names(place, block, heading)]
        yield from several
        under = heading is not None and projects.is_project_heading(heading.text)
        if several or not (announced or under):
            continue
        above = paragraphs[n - 1] if n else None
        told = _told_project(block, setting) or _told_under(above, block, place) or (_told_in_turn(block) if under else None)
        if told:
            rows, name = told
            parts = [Part(name, "name"), Part(rows)] if name else [Part(rows)]
            yield described(place, "prose", parts, block.span, heading if under else title or heading)


def _by_rows(place: Scope, paragraphs: Sequence[Block], n: int) -> Iterator[EntryCandidate]:
    """Projects on a row each without a mark, under a lead-in with a colon: ``Kunnalla on käynnissä 3 hanketta:``."""
    block = paragraphs[n]
    first = block.lines[0].text.rstrip()
    lead = Block("paragraph", block.lines[:1]) if first.endswith(":") else paragraphs[n - 1] if n else None
    rows = block.lines[1:] if first.endswith(":") else block.lines
    if lead is None or len(rows) < 2 or not lead.lines[-1].text.rstrip().endswith(":"):
        return
    lead_text = lead.passage.text
    telling = all(line.text.lstrip()[:1].isupper() and evidence_of(line.text) & {"duration", "payer"} for line in rows)
    if telling and projects.mentions_project(lead_text) and not projects.lists_otherwise(lead_text.rstrip(" :")):
        heading = heading_of(lead)
        for line in rows:
            yield described(place, "prose", [Part(rows_of([line]))], Span(line.start, line.end), heading)


_SENTENCE_START = regex.compile(r"(?:^|[.!?;]\s+)(?=[\p{Lu}\"”“])")


def _by_names(place: Scope, block: Block, above: Heading | None) -> Iterator[EntryCandidate]:
    """Projects told one after another in a paragraph, each from the sentence on that begins with its name."""
    heading = above if above is not None and projects.is_project_heading(above.text) else place.title
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
    pieces = [(a, b) for a, b in pairwise(bounds) if _has_two_facts(text[a:b])]
    if len(pieces) < 2:
        return
    for a, b in pieces:
        span = passage.span(a, a + len(text[a:b].rstrip()))
        yield described(place, "prose", [Part(rows_between(block.lines, span.start, span.end))], span, heading)


_FACTS = frozenset(("duration", "sum", "payer"))


def _has_two_facts(text: str) -> bool:
    """Whether a stretch tells two of when, how much and who pays."""
    return len(evidence_of(text) & _FACTS) >= 2


def _told_project(block: Block, setting: LineMetrics) -> tuple[Rows, Rows] | None:
    """A paragraph about one project as (its rows, the rows of its name, empty where its first sentence names it)."""
    text = block.passage.text
    if len(text) < 60 or not _has_two_facts(text) or projects.is_not_a_project(text):
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


def _told_under(above: Block | None, block: Block, place: Scope) -> tuple[Rows, Rows] | None:
    """A paragraph about one project under a row of its own that is the name, in an item that lists projects."""
    if above is None or len(above.lines) != 1 or place.title is None or not projects.announces_projects(place.title.text):
        return None
    name = above.lines[0].text.strip()
    worded = (
        name[:1].isupper() and len(name) <= 90 and not name.endswith((".", ":", ",", ";")) and not any(map(str.isdigit, name))
    )
    of_another = above.lines[0].end <= place.title.span.end or headings.find(name) or projects.is_project_heading(name)
    if not worded or of_another:
        return None
    signs = evidence_of(block.passage.text)
    return (block.rows, rows_of(above.lines)) if "duration" in signs and signs & {"sum", "payer"} else None


def _told_in_turn(block: Block) -> tuple[Rows, Rows] | None:
    """A paragraph under a heading that announces projects, which begins with a name that no word tells to be a project's."""
    text = block.passage.text
    named = projects_in_text.named_before_verb(text)
    if named is None or not _has_two_facts(text) or projects.is_not_a_project(text):
        return None
    return None if _is_payer(text[slice(*named)]) else (block.rows, [])


def _quotes_one(text: str) -> bool:
    """Whether a paragraph names one project in quotation marks, however often."""
    names = {text[a:b] for a, b in projects_in_text.quoted_names(text) if text[a].isupper()}
    return len(names) == 1


def _starts_with_name(text: str) -> bool:
    named = _named_first(text) or projects_in_text.named_in_capitals(text)
    return named is not None and not _is_payer(text[slice(*named)])


def _named_first(text: str) -> tuple[int, int] | None:
    """The project that the first sentence names, at its beginning or behind who pays for it."""
    named = projects_in_text.named_in_sentence(text)
    first = _SENTENCE_START.search(text, 1)
    inside = named is not None and named[1] - named[0] >= 3 and named[1] <= (first.start() if first else len(text))
    return named if inside else None


def _is_payer(name: str) -> bool:
    return organisations.ends_as_organisation(name) or bool(find_funders(name))


_SEMICOLON = regex.compile(r";\s+")
_PARTED = regex.compile(r";\s+|(?<=\)),?\s+(?:(?:ja|sekä)\s+)?(?=\p{Lu})")


def _by_semicolons(place: Scope, block: Block, above: Heading | None) -> Iterator[EntryCandidate]:
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
    told = [len(evidence_of(passage.text[start:end])) for start, end in pairwise(bounds)]
    enough = 1 if projects.announces_projects(lead) and sum(n >= 2 for n in told) >= 2 else 2
    if heading is above and any(n >= 2 for n in told):
        enough = 0  # a paragraph under "EAKR-hankkeet" lists nothing else
    for (start, end), signs in zip(pairwise(bounds), told, strict=True):
        stretch = passage.text[start:end]
        begin = start + len(stretch) - len(stretch.lstrip())
        if begin < end and signs >= enough:
            span = passage.span(begin, end - len(stretch) + len(stretch.rstrip()) if stretch.strip() else end)
            yield described(place, "prose", [Part(rows_between(block.lines, span.start, span.end))], span, heading)
