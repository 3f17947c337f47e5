"""Born-digital PDF by pdfium: page after page, each closed as soon as it is read.

pdfium is not thread-safe: one process reads one document at a time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pypdfium2  # noqa: F401 (its import initialises the library)
import pypdfium2.raw as pdfium

from poytakirja.errors import ReadError
from poytakirja.read.ocr import scanned_pages as scans
from poytakirja.read.ocr.scanned_pages import Recognised
from poytakirja.read.ocr.tesseract import Engine
from poytakirja.read.pdf.reading_order import arranged, settle_columns, settle_labels, turned_rows
from poytakirja.read.pdf.rows import Path, Row, Sheet, Words, rows_of
from poytakirja.read.pdf.ruling_lines import edges_of, grids_of
from poytakirja.read.pdf.structure_tree import Tree, tree_of
from poytakirja.read.pdf.table_cells import TablePart, ruled_tables, tagged_tables
from poytakirja.read.pdf.words import Boxes, Frame, cut_at_edge, dress, frame_of, words_of

__all__ = ["PdfPages", "PdfiumError", "read"]

MANY_PAGES = 20_000
LOOK_FOR_IMAGES = 2000
"""So many objects of a page without text are looked at to tell a scan from an empty page."""
STAMP = 6
"""So many words beside a picture of the whole page, numbers or as short as this, are a stamp or a page's number on a scan."""
WHOLE_PAGE = 0.8
"""A picture of this share of a page is one of all of it."""


class PdfiumError(Exception):
    """pdfium does not open the file or a page of it."""


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The document, closed after use; ``data`` must outlive it."""
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        code = pdfium.FPDF_GetLastError()
        if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadError("encrypted", "the PDF asks for a password; save it without one and try again")
        raise PdfiumError(f"pdfium error {code}")
    try:
        yield handle
    finally:
        pdfium.FPDF_CloseDocument(handle)


def _has_images(page: Any) -> bool:
    """Whether a page without text shows a picture: a scan, then."""
    count = min(pdfium.FPDFPage_CountObjects(page), LOOK_FOR_IMAGES)
    kinds = {pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, n)) for n in range(count)}
    return pdfium.FPDF_PAGEOBJ_IMAGE in kinds or pdfium.FPDF_PAGEOBJ_FORM in kinds


def _is_stamped(page: Any, w: Words, frame: Frame) -> bool:
    """Whether a page shows a scan, and its text is but what the scanner put on it: ``Sivu 3/7``, ``12.3.2020``."""
    if len(w.text) > STAMP or not all(len(word) < STAMP or any(map(str.isdigit, word)) for word in w.text):
        return False
    sides = [ctypes.c_float() for _ in range(4)]
    for n in range(min(pdfium.FPDFPage_CountObjects(page), LOOK_FOR_IMAGES)):
        item = pdfium.FPDFPage_GetObject(page, n)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(item, *sides):
            left, bottom, right, top = (side.value for side in sides)
            if (right - left) * (top - bottom) >= WHOLE_PAGE * frame.width * frame.height:
                return True
    return False


@dataclass(slots=True)
class PdfPages:
    """What a PDF gave.

    ``scans`` are the pages that show a picture but no text (a stamp aside) and were not recognised, ``recognised`` is what
    recognition gave of such (None where nobody asked for it), ``refused`` are those that do not open; ``tagged`` says that the
    structure tree was there and used. ``known`` remembers which of its tables hold data. ``words`` are those of each page, by
    its number, that the rows' own ``words`` point at; None where nobody asks for them.
    """

    sheets: list[Sheet] = field(default_factory=list)
    shares: list[TablePart] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    tagged: bool = False
    known: dict[Path, bool] = field(default_factory=dict)
    words: dict[int, Words] | None = None
    recognised: Recognised | None = None


def _tell_tags(w: Words, rows: Sequence[Row], tree: Tree) -> None:
    """Give each row the element of the tree that its first word stands in."""
    for row in rows:
        place = tree.places.get(w.mark[row.words[0]])
        row.tag, row.block = (place.tag, place.block) if place else ("Artifact", None)


def _laid(page: Any, sheet: Sheet, w: Words, tree: Tree | None, found: PdfPages, boxes: Boxes) -> list[Row]:
    """The rows of a page in reading order, its tables noted."""
    edges = edges_of(page, boxes.frame.seen)
    grids = grids_of(edges)
    rows = turned_rows(w) if w.turned else []
    lines: Sequence[Sequence[int]] = [line for line in w.lines if w.turned.isdisjoint(line)] if w.turned else w.lines
    shares: list[TablePart] = []
    if tree is not None:
        tagged = tagged_tables(sheet.number, w, lines, tree, edges, grids, found.known)
        shares, lines = tagged.shares, tagged.rest
        rows += tagged.layout
    if grids:
        ruled, lines = ruled_tables(sheet.number, w, lines, grids, None if tree else partial(cut_at_edge, w, boxes))
        shares += ruled
    found.shares += sorted(shares, key=lambda share: share.top)
    loose = settle_columns(w, settle_labels(rows_of(w, lines)))
    if rows:
        loose = sorted(loose + rows, key=lambda row: row.top)
    return arranged(loose, [share.rows() for share in shares])


def _sheet(handle: Any, index: int, found: PdfPages, structure: bool) -> Sheet:
    """One page; it and its text are closed at once, so that memory stays flat."""
    sheet = Sheet(index + 1)
    page = pdfium.FPDF_LoadPage(handle, index)
    if not page:
        found.refused.append(sheet.number)
        return sheet
    try:
        textpage = pdfium.FPDFText_LoadPage(page)
        if not textpage:
            found.refused.append(sheet.number)
            return sheet
        try:
            _fill(sheet, page, textpage, found, structure)
        finally:
            pdfium.FPDFText_ClosePage(textpage)
    finally:
        pdfium.FPDF_ClosePage(page)
    return sheet


def _fill(sheet: Sheet, page: Any, textpage: Any, found: PdfPages, structure: bool) -> None:
    """The rows of an open page."""
    frame = frame_of(page)
    sheet.width, sheet.height = frame.width, frame.height
    tree = tree_of(page) if structure else None
    w = words_of(textpage, frame, tree is not None)
    if not w.lines:
        if _has_images(page):
            found.scans.append(sheet.number)
        return
    if _is_stamped(page, w, frame):
        found.scans.append(sheet.number)
    sheet.rows = _laid(page, sheet, w, tree, found, Boxes(textpage, frame))
    dress(w, textpage, sheet.rows)
    if tree is not None:
        found.tagged = True
        _tell_tags(w, sheet.rows, tree)
    if found.words is not None:
        found.words[sheet.number] = w
        return
    for row in sheet.rows:
        row.words = ()


def read(data: bytes, structure: bool = True, keep_words: bool = False, engine: Engine | None = None) -> PdfPages:
    """The pages of a PDF, scanned ones too where an engine is there for them; PdfiumError where pdfium does not open it."""
    found = PdfPages(words={} if keep_words else None)
    with _opened(data) as handle:
        count = pdfium.FPDF_GetPageCount(handle)
        if count <= 0:
            raise PdfiumError("no pages")
        if count > MANY_PAGES:
            raise ReadError("too_large", f"the PDF says it has {count} pages; split it into files of at most {MANY_PAGES}")
        tagged = structure and bool(pdfium.FPDFCatalog_IsTagged(handle))
        for index in range(count):
            found.sheets.append(_sheet(handle, index, found, tagged))
        if engine and found.scans:
            _recognise(handle, found, engine)
    return found


def _recognise(handle: Any, found: PdfPages, engine: Engine) -> None:
    """Read the scanned pages."""
    recognised = found.recognised = scans.recognise(handle, [found.sheets[number - 1] for number in found.scans], engine)
    found.scans = []
    found.shares = sorted(found.shares + recognised.shares, key=lambda share: (share.page, share.top))
    for number, words in recognised.words.items():
        if found.words is not None:
            found.words[number] = words
            continue
        for row in found.sheets[number - 1].rows:
            row.words = ()
