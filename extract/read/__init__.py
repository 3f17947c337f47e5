"""Bytes to Document: ``document(path)`` picks the reader by what the file holds."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from poytakirja.document import Document, Reader
from poytakirja.errors import ErrorCode, ReadError
from poytakirja.read import text
from poytakirja.read.canonical_text import compose
from poytakirja.read.identity_masking import mask
from poytakirja.read.line_joins import mark_joints
from poytakirja.read.page_furniture import mark_frames, settle_frames
from poytakirja.read.pdf.rows import Sheet, Words
from poytakirja.read.pdf.table_cells import TablePart
from poytakirja.read.pdf.table_joining import cells_of, mark_tables, tables_of
from poytakirja.read.text_page_heads import mark_heads

if TYPE_CHECKING:
    from poytakirja.read.ocr.tesseract import Engine
    from poytakirja.read.pdf import document as pdf

__all__ = ["MAX_BYTES", "document", "with_words"]

MAX_BYTES = 512 * 1024 * 1024
TEXT_SUFFIXES = frozenset({".txt", ".text", ""})


def document(path: Path, *, max_bytes: int = MAX_BYTES, structure: bool = True, engine: Engine | None = None) -> Document:
    """Read a file. ``structure`` False leaves the structure tree of a tagged PDF unread; ``engine`` recognises scanned pages.

    Raises ReadError, and nothing else, where the file cannot be read.
    """
    data = _content(path, max_bytes)
    suffix = path.suffix.lower()
    # A PDF may begin with rubbish, and a text may speak of PDF.
    if data.lstrip().startswith(b"%PDF") or (suffix != ".txt" and b"%PDF" in data[:1024]):
        return _printed(data, structure, engine)
    if suffix == ".pdf":
        raise ReadError("broken", "the file is named .pdf but holds no PDF; export the document again")
    if suffix not in TEXT_SUFFIXES:
        raise ReadError("unsupported", f"files of type {suffix} are not read; save the document as PDF or plain text")
    return _plain(data)


def _content(path: Path, max_bytes: int) -> bytes:
    """The bytes of the file."""
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise ReadError("unreadable", "it is a folder, not a file; give the files in it")
        if not stat.S_ISREG(about.st_mode):
            raise ReadError("unreadable", "it is a device or a pipe, not a file; save its content as a file")
        data = path.read_bytes() if about.st_size <= max_bytes else None
    except FileNotFoundError as error:
        raise ReadError("unreadable", "the file is not there any more; check the path") from error
    except PermissionError as error:
        raise ReadError("unreadable", "no permission to read the file; ask its owner for it") from error
    except (OSError, ValueError) as error:
        raise ReadError("unreadable", f"the file cannot be read ({_cause(error)}); check the disk or the path") from error
    if data is None:
        raise ReadError("too_large", f"the file has more than {max_bytes:,} bytes; split it or raise the limit")
    if not data.strip():
        raise ReadError("empty", "the file is empty; fetch it again")
    return data


def _cause(error: OSError | ValueError) -> str:
    """Why a file cannot be read, without its name, which may hold what no table is to hold."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def _plain(data: bytes) -> Document:
    """A text file."""
    sheets = text.read(data)
    if not any(row.pieces for sheet in sheets for row in sheet.rows):
        raise ReadError("empty", "the file holds only white space; fetch it again")
    mark_frames(sheets, printed=False)
    masked = mask(sheets)
    found = compose(sheets)
    digest = hashlib.sha256(data).hexdigest()
    plain = Document(found.text, found.pages, found.lines, [], "text", digest, "text/plain", masked.findings(found))
    mark_heads(plain.body())
    return plain


def _printed(data: bytes, structure: bool, engine: Engine | None) -> Document:
    """A PDF."""
    printed, reader = _read_pdf(data, structure, engine=engine)
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
    from poytakirja.read.pdf import document as pdf  # noqa: PLC0415 (pdfium loads when the first PDF comes)

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
    findings = masked.findings(found)
    digest = hashlib.sha256(data).hexdigest()
    tables = tables_of(wholes, found)
    problem = _problem(printed)
    whole = Document(found.text, found.pages, found.lines, tables, reader, digest, "application/pdf", findings, problem)
    if printed.recognised:
        whole.recogniser, whole.confidence = str(printed.recognised.engine), printed.recognised.confidence()
        for page in whole.pages:
            page.confidence = printed.recognised.confidence(page.number)
    return whole


def _problem(printed: pdf.PdfPages) -> ReadError | None:
    """What could not be read of a document."""
    if printed.refused:
        return ReadError("broken", f"{_pages(printed.refused)} cannot be read; export the document again")
    return _unread(printed)


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
