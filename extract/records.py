"""Facts and records, as the tables hold them, and the entries they are read from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, ClassVar, Literal, cast

from poytakirja.document import Document, Evidence, Finding, Line, Span

Precision = Literal["day", "month", "year"]


Layout = Literal["numbered", "bulleted", "labelled", "table_row", "item", "prose"]


Rows = list[tuple[str, int, bool]]
"""Rows as ``Passage.of`` joins them: their text, its offset in the document, whether the row ends inside a token."""


@dataclass(slots=True)
class Part:
    """A part of an entry: running text (``field`` None), or the value of a label or of a table's column."""

    rows: Rows
    field: str | None = None
    year: int | None = None
    unit: int = 1
    """What a bare number counts, by its label or column: 1, 1000 or 1 000 000 euros."""


@dataclass(slots=True)
class EntryCandidate:
    """A stretch that describes one project (hankkeen kuvaus), before its facts are read.

    ``span`` bounds it, number included; ``heading`` is the heading above its list, or its table's caption.
    """

    layout: Layout
    parts: list[Part]
    span: Span
    item: int | None = None
    number: str | None = None
    number_span: Span | None = None
    heading: str | None = None
    heading_span: Span | None = None
    group: int = 0
    """The list or table it stands in, counted within its agenda item."""
    whole_list: bool = False
    """Whether every entry of that list is a project, so that its numbers are to go on by one."""
    confidence: float | None = None
    """How probable it is that this is an entry, calibrated out of fold."""


class Record:
    """What a record can do for whoever reads it: its values under the names of the tables' columns."""

    __slots__ = ()
    _NAMES: ClassVar[dict[str, str]] = {}
    """The fields that a table calls otherwise, and how."""

    def to_dict(self) -> dict[str, Any]:
        """Its values by column; records and evidence within it are left to their own tables."""
        values = {f.name: getattr(self, f.name) for f in fields(cast(Any, self))}
        plain = {name: value for name, value in values.items() if name not in _WITHIN}
        return {self._NAMES.get(name, name): value for name, value in plain.items()}


_WITHIN = frozenset({"amounts", "periods", "persons", "organisations", "votes", "evidence", "lines", "item", "project"})
_PLACE = {"start": "char_start", "end": "char_end"}


@dataclass(slots=True)
class Fact(Record):
    """What every fact carries: to whom it belongs (ordinals, None where to none), and the mention that states it best.

    ``confidence`` is how probable it is that the value is right, 0…1; None where only its rule's reliability speaks for it.
    """

    surface: str
    rule_id: str
    start: int
    end: int
    item: int | None = field(default=None, kw_only=True)
    project: int | None = field(default=None, kw_only=True)
    confidence: float | None = field(default=None, kw_only=True)


@dataclass(slots=True)
class Amount(Fact):
    """A sum of money (rahasumma) in euros. ``label`` holds the words that name it, as printed."""

    _NAMES: ClassVar[dict[str, str]] = {**_PLACE, "value": "value_eur"}
    kind: str
    value: Decimal
    approximate: bool = False
    year: int | None = None
    party: str | None = None
    label: str | None = None

    @property
    def value_eur(self) -> Decimal:
        """The sum, as the table calls it."""
        return self.value


@dataclass(slots=True)
class Period(Fact):
    """A time (ajanjakso): both ends inclusive, None where open or unknown."""

    _NAMES: ClassVar[dict[str, str]] = _PLACE
    kind: str
    start_date: dt.date | None
    start_precision: Precision | None
    end_date: dt.date | None
    end_precision: Precision | None


@dataclass(slots=True)
class Person(Fact):
    """A person in one part, name in base form; None where names are dropped."""

    _NAMES: ClassVar[dict[str, str]] = {**_PLACE, "name": "person_name"}
    part: str
    name: str | None
    given_name: str | None = None
    family_name: str | None = None
    role: str | None = None
    acting: bool = False
    method: Literal["cue", "list", "ner"] = "cue"

    @property
    def person_name(self) -> str | None:
        """The name, as the table calls it."""
        return self.name


@dataclass(slots=True)
class Organisation(Fact):
    """An organisation in one role, name in base form."""

    _NAMES: ClassVar[dict[str, str]] = {**_PLACE, "name": "organisation_name"}
    name: str
    role: str
    funder_code: str | None = None
    business_id: str | None = None

    @property
    def organisation_name(self) -> str:
        """The name, as the table calls it."""
        return self.name


@dataclass(slots=True)
class Meeting(Record):
    """What the minutes say of their meeting (kokous)."""

    language: Literal["fi", "sv"] | None = None
    organisation: str | None = None
    municipality_code: str | None = None
    body: str | None = None
    document_kind: str = "other"
    meeting_number: str | None = None
    meeting_date: dt.date | None = None
    meeting_start: dt.datetime | None = None
    meeting_end: dt.datetime | None = None
    meeting_place: str | None = None
    stated_project_count: int | None = None
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Vote(Fact):
    """A vote (äänestys) on an agenda item; counts are None where they are not said."""

    _NAMES: ClassVar[dict[str, str]] = _PLACE
    subject: str | None
    votes_for: int
    votes_against: int
    votes_empty: int | None = None
    votes_absent: int | None = None


@dataclass(slots=True)
class Item(Record):
    """An agenda item (pykälä). ``start`` and ``end`` bound all of it; ``lines`` are its body rows, heading included."""

    _NAMES: ClassVar[dict[str, str]] = _PLACE
    ordinal: int
    start: int
    end: int
    lines: list[Line] = field(repr=False)
    number: int | None = None
    number_label: str | None = None
    title: str | None = None
    case_id: str | None = None
    proposal: str | None = None
    decision: str | None = None
    outcome: str | None = None
    votes: list[Vote] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Project(Record):
    """One project entry as a record (hanke). ``confidence`` is how probable it is that this is one; None: not weighed."""

    _NAMES: ClassVar[dict[str, str]] = _PLACE
    ordinal: int
    layout: Layout
    text: str
    start: int
    end: int
    item: int | None = None
    entry_number: str | None = None
    section: str | None = None
    project_name: str | None = None
    project_name_base: str | None = None
    project_code: str | None = None
    status: str | None = None
    municipality_role: str | None = None
    start_date: dt.date | None = None
    start_precision: Precision | None = None
    end_date: dt.date | None = None
    end_precision: Precision | None = None
    funder_codes: list[str] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    confidence: float | None = None

    def __repr__(self) -> str:
        """In one line: its name, time and sums."""
        sums = ", ".join(f"{a.kind} {a.value} €" for a in self.amounts)
        when = f"{self.start_date or ''}–{self.end_date or ''}" if self.start_date or self.end_date else "no dates"
        return f"<Project {self.project_name!r}: {when}; {sums or 'no sums'}>"


@dataclass(slots=True)
class Extraction:
    """All that one document gave.

    ``persons``, ``organisations``, ``amounts`` and ``periods`` hold the facts that belong to no project; those of a project
    stand in its record.
    ``seconds`` is the time each stage took (read, segment, parse, people, hide); ``persons_mode`` what became of persons' names
    (keep, hash, drop).
    """

    document: Document
    meeting: Meeting
    items: list[Item] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    persons_mode: str = "keep"
