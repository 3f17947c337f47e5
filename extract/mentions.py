"""Everyone named in the running text of a document (maininnat), once each place, whatever part else they have in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from extract import people
from extract.document import Document, Item, Line, Passage, Person, Project
from extract.segment import blocks
from rules.persons import NamedPerson


def find(document: Document, items: Sequence[Item], records: Sequence[Project], named: Sequence[Person]) -> list[Person]:
    """Persons with part ``mentioned``, in the order of their places.

    ``named`` are the persons already read (attendance, preparers, presenters, contacts): what stands at their places is not
    told twice, and their names help to recognise a surname alone and to undo its case.
    """
    whole: list[tuple[int | None, list[Line]]] = [(None, document.body())]
    places = [(item.ordinal, item.lines) for item in items] or whole
    passages = [(item, passage) for item, lines in places for passage in _paragraphs(lines)]
    known = sorted({person.name for person in named if person.family_name})
    taken = sorted((person.start, person.end) for person in named)
    found = people.find([passage.text for _, passage in passages], known)
    introduced = {person.family_name for person in named} | {m.family_name for row in found for m in row if m.given_name}
    out = []
    for (item, passage), mentions in zip(passages, found, strict=True):
        for mention in mentions:
            if not _introduced(mention, introduced):
                continue
            span = passage.span(mention.start, mention.end)
            if not _overlaps(taken, span.start, span.end):
                out.append(_person(document, mention, span.start, span.end, item, _project_at(records, span.start)))
    return out


def _introduced(mention: NamedPerson, families: AbstractSet[str | None]) -> bool:
    """Whether a name is whole or beside a title, or a family name alone that the document has introduced with a given name.

    Estates, bridges and quarters are called by family names too (``Riipisen silta``), and lists break names over their cells.
    """
    whole = mention.given_name is not None and mention.family_name is not None
    return whole or people.method_of(mention) == "cue" or (mention.family_name is not None and mention.family_name in families)


def _paragraphs(lines: Sequence[Line]) -> list[Passage]:
    body = [line for line in lines if line.role == "body"]
    return [block.passage for block in blocks(body) if block.kind != "table"]


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a span shares characters with one of some others, which are in order and do not nest."""
    n = bisect_right(taken, (start, end))
    return any(a < end and start < b for a, b in taken[max(0, n - 1) : n + 1])


def _project_at(records: Sequence[Project], place: int) -> int | None:
    """The project in whose entry a place stands; an agenda item about a project names others too."""
    return next((r.ordinal for r in records if r.layout != "item" and r.start <= place < r.end), None)


def _person(document: Document, mention: NamedPerson, start: int, end: int, item: int | None, project: int | None) -> Person:
    return Person(
        document.text[start:end],
        mention.rule_id,
        start,
        end,
        part="mentioned",
        name=mention.name,
        given_name=mention.given_name,
        family_name=mention.family_name,
        role=mention.role,
        acting=mention.acting,
        method=people.method_of(mention),
        confidence=mention.confidence,
        item=item,
        project=project,
    )
