"""What flows through the pipeline: a document read, its parts, its facts and its records.

The rooms of the house hand these on, one way only:

    bytes → Document → items and entries → facts → project records → findings → Arrow tables

Offsets count Unicode code points of the document's canonical text, ``Document.text``; a span is half open, and
``document.text[span.start:span.end]`` is the surface of whatever carries it. Coordinates are points from the page's top left
corner (PDF), or columns and line numbers (text files).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from poytakirja.errors import ReadError

LineRole = Literal["header", "footer", "body"]
Reader = Literal["text", "html", "docx", "pdf", "pdf_tagged", "pdf_source", "pdfplumber", "ocr"]
Severity = Literal["info", "warning", "error"]


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
    """A cell of a table, ``text`` joined to one line: words at a line end keep a space, a token broken by the column does not.

    ``parts`` are its rows where it is broken over pages, so that others stand between them; ``carried`` says that it stands in a
    row above and covers this one too.
    """

    row: int
    col: int
    is_header: bool
    text: str
    start: int
    end: int
    page_no: int
    parts: tuple[Span, ...] = ()
    carried: bool = False


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

    @property
    def flowed(self) -> bool:
        """Whether its text flows, without printed pages: rows are counted, not measured."""
        return self.reader in ("text", "html", "docx")

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


# ---------------------------------------------------------------- what segment makes


# ---------------------------------------------------------------- facts and records, as the tables hold them


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value of a record stands, the rule that read it, and how probable it is that it is right (None: as the rule)."""

    field: str
    surface: str
    rule_id: str
    start: int
    end: int
    confidence: float | None = None


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
