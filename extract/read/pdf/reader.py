"""A PDF as a document: its pages by pdfium, by pdfplumber what pdfium refuses, made into one text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from poytakirja.document import Document, Finding, Reader, Severity
from poytakirja.errors import ErrorCode, ReadError
from poytakirja.read.canonical_text import Composed, compose
from poytakirja.read.formats import HowToRead
from poytakirja.read.identity_masking import mask
from poytakirja.read.line_joins import mark_joints
from poytakirja.read.page_furniture import settle_frames
from poytakirja.read.pdf import document as pdf
from poytakirja.read.pdf.rows import Sheet, Words
from poytakirja.read.pdf.tables.cells import TablePart
from poytakirja.read.pdf.tables.joining import cells_of, mark_tables, tables_of

if TYPE_CHECKING:
    from poytakirja.read.ocr.tesseract import Engine

__all__ = ["document", "with_words"]


def document(data: bytes, how: HowToRead) -> Document:
    """Read a PDF."""
    printed, reader = _read_pdf(data, how.structure, engine=how.engine)
    return _composed(data, printed, reader)


def with_words(data: bytes, engine: Engine | None = None) -> tuple[Document, list[Sheet], dict[int, Words]]:
    """A PDF again, with the words that its rows are made of, by page: to look up where on a page a letter stands.

    The rows that hold anything are the document's lines, in the same order.
    """
    printed, reader = _read_pdf(data, keep_words=True, engine=engine)
    return _composed(data, printed, reader), printed.sheets, printed.words or {}


def _read_pdf(
    data: bytes, structure: bool = True, keep_words: bool = False, engine: Engine | None = None
) -> tuple[pdf.PdfPages, Reader]:
    """The pages by pdfium, and by pdfplumber what pdfium refuses."""
    reader: Reader
    try:
        printed = pdf.read(data, structure, keep_words, engine)
        reader = "ocr" if printed.recognised else "pdf_tagged" if printed.tagged else "pdf"
    except pdf.PdfiumError as trouble:
        sheets, shares, count = _second_opinion(data)
        if not any(sheet.rows for sheet in sheets):
            raise ReadError("broken", "the PDF is damaged and cannot be opened; export the document again") from trouble
        read = {sheet.number for sheet in sheets}
        printed = pdf.PdfPages(sheets, shares, refused=[n for n in range(1, count + 1) if n not in read])
        reader = "pdfplumber"
    else:
        if printed.refused:
            _mend(printed, _second_opinion(data, frozenset(printed.refused)))
    return printed, reader


def _second_opinion(data: bytes, numbers: frozenset[int] | None = None) -> tuple[list[Sheet], list[TablePart], int]:
    """What pdfplumber makes of the file, or of some pages."""
    from poytakirja.read.pdf import pdfplumber_fallback as plumber  # noqa: PLC0415 (takes long to load, and is seldom needed)

    return plumber.read(data, numbers)


def _mend(printed: pdf.PdfPages, second: tuple[list[Sheet], list[TablePart], int]) -> None:
    """Put the second opinion's pages in the place of those that pdfium refused."""
    sheets, shares, _ = second
    for sheet in sheets:
        printed.sheets[sheet.number - 1] = sheet
        printed.refused.remove(sheet.number)
    printed.shares = sorted(printed.shares + shares, key=lambda share: (share.page, share.top))


def _composed(data: bytes, printed: pdf.PdfPages, reader: Reader) -> Document:
    """The document of the pages read."""
    sheets = printed.sheets
    if not any(sheet.rows for sheet in sheets):
        if printed.refused:
            raise ReadError("broken", "no page of the PDF can be read; export the document again")
        empty = "text recognition finds no words in its pictures" if printed.recognised else "it holds no text and no pictures"
        raise _unread(printed) or ReadError("no_text_layer", f"{empty}; look at it, and export or scan it again")
    shares = settle_frames(sheets, printed.shares)
    wholes = mark_tables(shares)
    mark_joints(sheets, shares)
    masked = mask(sheets, cells_of(wholes))
    found = compose(sheets)
    findings = [*masked.findings(found), *left_out(printed.notes, found), *_garbled(printed.garbled, found)]
    digest = hashlib.sha256(data).hexdigest()
    tables = tables_of(wholes, found)
    problem = _problem(printed)
    for page in found.pages:
        if page.number in printed.turned:
            page.width, page.height = printed.turned[page.number]
    whole = Document(found.text, found.pages, found.lines, tables, reader, digest, "application/pdf", findings, problem)
    if printed.recognised:
        whole.recogniser, whole.confidence = str(printed.recognised.engine), printed.recognised.confidence()
        for page in whole.pages:
            page.confidence = printed.recognised.confidence(page.number)
    return whole


_LEFT_OUT = {
    "hidden_text": "Text that nobody can see on page {page} was left out ({count} words).",
    "struck_out_text": "Text of page {page} that a line is drawn through was left out ({count} words).",
}


def left_out(notes: Sequence[pdf.PageNote], found: Composed) -> list[Finding]:
    """Where words were left out, and how many, never which: at the row that stands nearest."""
    findings = []
    for note in notes:
        rows = [line for line in found.lines if line.page_no == note.number]
        near = min(rows, key=lambda line: abs(line.top - note.top), default=None)
        said = _LEFT_OUT[note.code].format(page=note.number, count=note.words)
        severity: Severity = "info" if note.code == "struck_out_text" else "warning"
        findings.append(Finding(severity, note.code, said, *((near.start, near.end) if near else (None, None))))
    return findings


def _garbled(pages: dict[int, float], found: Composed) -> list[Finding]:
    """The pages whose letters make no words, and how many of them do not."""
    findings = []
    for number, share in pages.items():
        page = found.pages[number - 1]
        said = f"The fonts of page {number} do not say what {share:.0%} of its letters are."
        findings.append(Finding("warning", "garbled_text", said, page.start, page.start + len(page.text)))
    return findings


def _problem(printed: pdf.PdfPages) -> ReadError | None:
    """What could not be read of a document."""
    if printed.refused:
        return ReadError("broken", f"{_pages(printed.refused)} cannot be read; export the document again")
    if printed.garbled:
        what = f"the fonts of {_pages(sorted(printed.garbled))} do not say what some letters are"
        return ReadError("no_text_layer", f"{what}; have them read by text recognition (--ocr), or export the document again")
    return _unread(printed) or _unopened(printed)


COVER = 400
"""A portfolio's own page has fewer letters than this."""


def _unopened(printed: pdf.PdfPages) -> ReadError | None:
    """What to do with a portfolio: a page that says what it is, and the minutes as files within."""
    letters = sum(len(row.text) for sheet in printed.sheets for row in sheet.rows)
    if not printed.attached or letters >= COVER or any("§" in row.text for sheet in printed.sheets for row in sheet.rows):
        return None
    what = f"the PDF is a cover of {printed.attached} file{'s' if printed.attached > 1 else ''} that lie in it"
    return ReadError("unsupported", f"{what}; open it and save them as files of their own")


_UNRECOGNISED: dict[ErrorCode, str] = {
    "timeout": "took text recognition too long; scan them again with fewer dots or raise --time-limit",
    "broken": "are pictures on which text recognition fails; scan them again",
    "too_large": "are more scanned pages than one document may have; split it",
}


def _unread(printed: pdf.PdfPages) -> ReadError | None:
    """Why scanned pages were not read."""
    if printed.scans:
        what = "the PDF holds" if len(printed.scans) == len(printed.sheets) else f"{_pages(printed.scans)} hold"
        return ReadError("no_text_layer", f"{what} pictures of text only; have them read by text recognition (--ocr)")
    failed = printed.recognised.failed if printed.recognised else {}
    for code, why in _UNRECOGNISED.items():
        if pages := sorted(number for number, its in failed.items() if its == code):
            return ReadError(code, f"{_pages(pages)} {why}")
    return None


def _pages(numbers: list[int]) -> str:
    """Page numbers in words; long lists cut."""
    shown = ", ".join(map(str, numbers[:20]))
    return f"pages {shown}{' …' if len(numbers) > 20 else ''}"
