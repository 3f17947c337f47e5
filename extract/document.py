"""What flows through the pipeline: a document read, its parts, its facts and its records.

The rooms of the house hand these on, one way only:

    bytes → Document → items and entries → facts → project records → findings → Arrow tables

Offsets count Unicode code points of the document's canonical text, ``Document.text``; a span is half open, and
``document.text[span.start:span.end]`` is the surface of whatever carries it. Coordinates are points from the page's top left
corner (PDF), or columns and line numbers (text files).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

LineRole = Literal["header", "footer", "body"]
Precision = Literal["day", "month", "year"]
Layout = Literal["numbered", "bulleted", "labelled", "table_row", "item", "prose"]
Reader = Literal["text", "pdf", "pdf_tagged", "pdfplumber", "ocr"]
Severity = Literal["info", "warning", "error"]
ErrorCode = Literal[
    "empty", "unsupported", "unreadable", "encrypted", "broken", "no_text_layer", "too_large",
    "timeout", "out_of_memory", "crashed", "internal",
]  # fmt: skip


class ReadError(Exception):
    """A document that cannot be read: a reason from the contract's closed list, and what to do about it."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(code, message)
        self.code: ErrorCode = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


# ---------------------------------------------------------------- what read/ makes


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of the canonical text, in code points."""

    start: int
    end: int


class Segment(NamedTuple):
    """A part of a row between wide gaps: a column of an attendance list, a label beside its value."""

    text: str
    start: int
    end: int
    x0: float
    x1: float


@dataclass(slots=True)
class Line:
    """One printed row of a page (or of a table cell), as it stands in the canonical text, without its line end.

    ``tag`` is the standard structure type of the nearest block element of a tagged PDF (``H1``, ``P``, ``LI``, ``Lbl``,
    ``LBody``, ``TH``, ``TD``, ``Artifact`` …), else None. ``breaks_word`` says that the page's raw text shows the row ending
    inside a token (a narrow column), so that it joins the next one without a space. ``table`` is the index of its table in
    ``Document.tables``.
    """

    text: str
    start: int
    end: int
    page_no: int
    x0: float
    x1: float
    top: float
    bottom: float
    segments: tuple[Segment, ...]
    tag: str | None = None
    role: LineRole = "body"
    breaks_word: bool = False
    table: int | None = None
    size: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, ``text`` joined to one line: words at a line end keep a space, a token broken by the column does not."""

    row: int
    col: int
    is_header: bool
    text: str
    start: int
    end: int
    page_no: int


@dataclass(slots=True)
class Table:
    """A table as it stands, row by row; one that runs over a page break is one table."""

    cells: list[Cell] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """All its cells."""
        return Span(min(c.start for c in self.cells), max(c.end for c in self.cells))

    def rows(self) -> list[list[Cell]]:
        """The cells of each row, in column order."""
        by_row: dict[int, list[Cell]] = {}
        for cell in self.cells:
            by_row.setdefault(cell.row, []).append(cell)
        return [sorted(by_row[n], key=lambda c: c.col) for n in sorted(by_row)]


@dataclass(slots=True)
class Page:
    """A page: ``text`` is its share of the canonical text, line ends included; ``start`` where that begins.

    ``confidence`` is the mean of its words' (0–1) where text recognition read it, else None.
    """

    number: int
    start: int
    text: str
    width: float = 0.0
    height: float = 0.0
    confidence: float | None = None


@dataclass(slots=True)
class Document:
    """A file read. ``text`` is the pages' text in order, nothing between; ``lines`` are all its non-empty rows in that order.

    ``recogniser`` names the text recognition that read some of its pages, ``confidence`` is the mean of their words'.
    """

    text: str
    pages: list[Page]
    lines: list[Line]
    tables: list[Table]
    reader: Reader
    sha256: str
    media_type: str
    findings: list[Finding] = field(default_factory=list)
    problem: ReadError | None = None
    """Set where only a part could be read (status partial): why, and what to do."""
    recogniser: str | None = None
    confidence: float | None = None

    def page_of(self, offset: int) -> int:
        """The number of the page on which a character stands."""
        return self.pages[max(0, bisect_right(self.pages, offset, key=lambda p: p.start) - 1)].number

    def evidence(self, field: str, span: Span, rule: str) -> Evidence:
        """That a value stands somewhere, and which rule read it."""
        return Evidence(field, self.text[span.start : span.end], rule, span.start, span.end)

    def body(self) -> list[Line]:
        """The lines that are neither page header nor page footer."""
        return [line for line in self.lines if line.role == "body"]


# ---------------------------------------------------------------- running text, mapped back

_SUSPENDED = ("ja", "tai", "sekä", "eli", "och", "eller")
_VOWELS = frozenset("aeiouyäöå")


def _joint(left: str, right: str, breaks_word: bool) -> tuple[int, str]:
    """How two rows join: how many characters to drop from the end of the left one, and what to put between.

    >>> _joint("kehittä-", "minen", False)       # a word split at a line end
    (1, '')
    >>> _joint("SOTE-", "keskus", False)         # a hyphen of its own
    (0, '')
    >>> _joint("sosiaali-", "ja terveys", False)  # a suspended hyphen keeps its space
    (0, ' ')
    """
    if breaks_word:
        return 0, ""
    if len(left) < 2 or left[-1] != "-" or not right or left[-2] in " -–":
        return 0, " "
    if not right[0].isalpha():
        return 0, "" if right[0].isdigit() else " "
    if right.split(maxsplit=1)[0].strip(",.;:") in _SUSPENDED:
        return 0, " "
    a, b = left[-2], right[0]
    own_hyphen = not (a.islower() and b.islower()) or (a == b and a in _VOWELS)
    return (0, "") if own_hyphen else (1, "")


@dataclass(slots=True)
class Passage:
    """Rows of a document as running text, each character mapped to its place in the canonical text.

    Rows are joined by a space, or by nothing where a word or a token was split between them. Rules read ``text``;
    ``span`` tells where in the document what they found stands.
    """

    text: str
    _at: list[int]
    _doc: list[int]

    @classmethod
    def of(cls, parts: Iterable[tuple[str, int, bool]]) -> Passage:
        """Join ``(text, offset in the document, breaks_word)`` rows."""
        out: list[str] = []
        at: list[int] = []
        doc: list[int] = []
        length = 0
        breaks = False
        for text, offset, breaks_next in parts:
            body = text.strip()
            if not body:
                continue
            if out:
                drop, glue = _joint(out[-1], body, breaks)
                if drop:
                    out[-1] = out[-1][:-drop]
                    length -= drop
                out.append(glue)
                length += len(glue)
            at.append(length)
            doc.append(offset + len(text) - len(text.lstrip()))
            out.append(body)
            length += len(body)
            breaks = breaks_next
        return cls("".join(out), at, doc)

    @classmethod
    def of_lines(cls, lines: Sequence[Line]) -> Passage:
        """Join whole lines."""
        return cls.of((line.text, line.start, line.breaks_word) for line in lines)

    @classmethod
    def joined(cls, passages: Sequence[Passage]) -> tuple[Passage, list[int]]:
        """Several passages as one, a space between, and where in it each begins."""
        texts: list[str] = []
        at: list[int] = []
        doc: list[int] = []
        begins: list[int] = []
        length = 0
        for passage in passages:
            begins.append(length)
            at += [length + i for i in passage._at]
            doc += passage._doc
            texts.append(passage.text)
            length += len(passage.text) + 1
        return cls(" ".join(texts), at, doc), begins

    def place(self, index: int) -> int:
        """The offset in the document of the character at ``index``."""
        i = max(0, bisect_right(self._at, index) - 1)
        return self._doc[i] + index - self._at[i]

    def span(self, start: int, end: int) -> Span:
        """The span in the document of ``text[start:end]`` (not empty)."""
        return Span(self.place(start), self.place(end - 1) + 1)

    def within(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The spans of the document that begin in the passage, as places in its text; its rows and the spans are in order."""
        first, last = self._doc[0], self.place(len(self.text) - 1)
        inside = spans[bisect_left(spans, (first, 0)) : bisect_right(spans, (last, last + 1))]
        return [(self._index(start), self._index(end - 1) + 1) for start, end in inside]

    def _index(self, place: int) -> int:
        i = max(0, bisect_right(self._doc, place) - 1)
        end = self._at[i + 1] if i + 1 < len(self._at) else len(self.text)
        return min(self._at[i] + place - self._doc[i], end - 1)


# ---------------------------------------------------------------- what segment makes


Rows = list[tuple[str, int, bool]]
"""Rows as ``Passage.of`` joins them: their text, its offset in the document, whether the row ends inside a token."""


@dataclass(slots=True)
class Part:
    """A part of an entry: running text (``field`` None), or the value of a label or of a table's column."""

    rows: Rows
    field: str | None = None
    year: int | None = None


@dataclass(slots=True)
class Entry:
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


# ---------------------------------------------------------------- facts and records, as the tables hold them


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value of a record stands, and the rule that read it."""

    field: str
    surface: str
    rule_id: str
    start: int
    end: int


@dataclass(slots=True)
class Fact:
    """What every fact carries: to whom it belongs (ordinals, None where to none), and the mention that states it best."""

    surface: str
    rule_id: str
    start: int
    end: int
    item: int | None = field(default=None, kw_only=True)
    project: int | None = field(default=None, kw_only=True)


@dataclass(slots=True)
class Amount(Fact):
    """A sum of money (rahasumma) in euros."""

    kind: str
    value: Decimal
    approximate: bool = False
    year: int | None = None
    party: str | None = None


@dataclass(slots=True)
class Period(Fact):
    """A time (ajanjakso): both ends inclusive, None where open or unknown."""

    kind: str
    start_date: dt.date | None
    start_precision: Precision | None
    end_date: dt.date | None
    end_precision: Precision | None


@dataclass(slots=True)
class Person(Fact):
    """A person in one part, name in base form; None where names are dropped."""

    part: str
    name: str | None
    given_name: str | None = None
    family_name: str | None = None
    role: str | None = None
    acting: bool = False
    method: Literal["cue", "list", "ner"] = "cue"
    confidence: float = 1.0


@dataclass(slots=True)
class Organisation(Fact):
    """An organisation in one role, name in base form."""

    name: str
    role: str
    funder_code: str | None = None
    business_id: str | None = None


@dataclass(slots=True)
class Finding:
    """Something a reader should look at. ``code`` is one of the closed list in docs/findings.md."""

    severity: Severity
    code: str
    message: str
    start: int | None = None
    end: int | None = None
    item: int | None = None
    project: int | None = None


@dataclass(slots=True)
class Meeting:
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
class Item:
    """An agenda item (pykälä). ``start`` and ``end`` bound all of it; ``lines`` are its body rows, heading included."""

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
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Project:
    """One project entry as a record (hanke)."""

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
