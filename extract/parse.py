"""Project entry to facts: the rules of ``rules/`` applied to an entry's running text (jäsennys).

A ``Reading`` keeps every match in offsets of its passage; ``assemble`` decides which of them are the project's, and maps them
to the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.document import Document, Entry, Line, Passage
from rules import dates, money, organisations, persons, projects


@dataclass(slots=True)
class Reading:
    """An entry, its running text and what the rules found in it."""

    entry: Entry
    passage: Passage
    periods: list[dates.PeriodMatch] = field(default_factory=list)
    amounts: list[money.AmountMatch] = field(default_factory=list)
    funders: list[organisations.FunderMatch] = field(default_factory=list)
    organisations: list[organisations.OrganisationMatch] = field(default_factory=list)
    persons: list[persons.NamedPerson] = field(default_factory=list)
    statuses: list[projects.CueMatch] = field(default_factory=list)
    roles: list[tuple[str, projects.CueMatch]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The entry as running text."""
        return self.passage.text


def entry(document: Document, found: Entry) -> Reading:
    """Read all facts of one entry."""
    passage = Passage.of(_parts(found.lines, found.body_start))
    text = passage.text
    return Reading(
        found,
        passage,
        periods=dates.find(text),
        amounts=money.find(text),
        funders=organisations.find_funders(text),
        organisations=organisations.find_organisations(text),
        persons=persons.find_titled(text),
        statuses=projects.find_status(text),
        roles=projects.find_municipality_role(text),
    )


def _parts(lines: list[Line], body_start: int) -> list[tuple[str, int, bool]]:
    """The entry's rows from ``body_start`` on (its number or bullet left out)."""
    parts = []
    for line in lines:
        skip = min(max(0, body_start - line.start), len(line.text))
        parts.append((line.text[skip:], line.start + skip, line.breaks_word))
    return parts
