"""What all ways of finding entries share: where they look, the signs that a text is about a project, and how an entry is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from poytakirja.document import Document, Line, Span
from poytakirja.outline.blocks import Block, Heading
from poytakirja.records import EntryCandidate, Item, Part
from poytakirja.rules.money import sums as money
from poytakirja.rules.organisations.funders import find_funders
from poytakirja.rules.projects import signs as projects
from poytakirja.rules.time import dates


@dataclass(frozen=True, slots=True)
class Scope:
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


@lru_cache(maxsize=1 << 8)
def evidence_of(text: str) -> frozenset[str]:
    """The signs that a text describes a project: a duration, a payer, a sum with its kind, a word for project.

    Each way of finding entries asks it of the same paragraphs.
    """
    signs = set()
    if any(p.kind == "duration" and (p.start_date or p.end_date) for p in dates.find(text)):
        signs.add("duration")
    if find_funders(text):
        signs.add("payer")
    if any(a.kind not in (None, "other") for a in money.find(text)):
        signs.add("sum")
    if projects.mentions_project(text):
        signs.add("word")
    return frozenset(signs)


def described(
    place: Scope, layout: str, parts: list[Part], span: Span, heading: Heading | None, group: int = 0
) -> EntryCandidate:
    """An entry of some layout, told by its parts, under a heading."""
    return EntryCandidate(
        layout,  # type: ignore[arg-type]  # one of Layout
        parts,
        span,
        item=place.ordinal,
        heading=heading.text if heading else None,
        heading_span=heading.span if heading else None,
        group=group,
    )
