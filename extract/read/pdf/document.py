"""Born-digital PDF by pdfium: page after page, each closed as soon as it is read.

pdfium is not thread-safe: one process reads one document at a time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import pypdfium2  # noqa: F401 (its import initialises the library)
import pypdfium2.raw as pdfium

from poytakirja.errors import ReadError
from poytakirja.read.ocr import scanned_pages as scans
from poytakirja.read.ocr.scanned_pages import Recognised
from poytakirja.read.ocr.tesseract import Engine
from poytakirja.read.pdf.annotations import Annotations, annotations_of, flattened
from poytakirja.read.pdf.overprints import drop_line_numbers, struck, twins, watermarks, within, without
from poytakirja.read.pdf.reading_order import arranged, settle_columns, settle_labels, settle_lists, turned_rows
from poytakirja.read.pdf.rows import Path, Row, Sheet, Words, rows_of
from poytakirja.read.pdf.structure_tree import Tree, tree_of
from poytakirja.read.pdf.tables.cells import TablePart, ruled_tables, tagged_tables
from poytakirja.read.pdf.tables.ruling_lines import Edge, Grid, edges_of, grids_of
from poytakirja.read.pdf.visibility import Objects, doubled_by, drawn_by, may_hide, outside, unseen
from poytakirja.read.pdf.words import Boxes, Frame, cut_at_edge, dress, frame_of, turned_by, words_of

__all__ = ["PdfPages", "PdfiumError", "read"]

MANY_PAGES = 20_000
LOOK_FOR_IMAGES = 2000
"""So many objects of a page without text are looked at to tell a scan from an empty page."""
STAMP = 6
"""So many words beside a picture of the whole page, numbers or as short as this, are a stamp or a page's number on a scan."""
NAMELESS = 0.01
"""A page of whose letters a larger share is not named by the fonts is garbled: a few may be signs of lists."""
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
    return _is_picture(page, frame)


def _is_picture(page: Any, frame: Frame) -> bool:
    """Whether a picture covers a page: a scan, then."""
    sides = [ctypes.c_float() for _ in range(4)]
    for n in range(min(pdfium.FPDFPage_CountObjects(page), LOOK_FOR_IMAGES)):
        item = pdfium.FPDFPage_GetObject(page, n)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(item, *sides):
            left, bottom, right, top = (side.value for side in sides)
            if (right - left) * (top - bottom) >= WHOLE_PAGE * frame.width * frame.height:
                return True
    return False


class OpenPage(NamedTuple):
    """An open page of pdfium: the page, its text, and what its annotations do."""

    handle: Any
    textpage: Any
    notes: Annotations


class PageNote(NamedTuple):
    """Words that were left out of a page: the finding's code, how many, and the height of the first."""

    number: int
    code: str
    words: int
    top: float


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
    notes: list[PageNote] = field(default_factory=list)
    """What was left out of the pages."""
    garbled: dict[int, float] = field(default_factory=dict)
    """Pages of whose letters this share has no name in the fonts, and that were not recognised."""
    attached: int = 0
    """How many files lie in the PDF."""
    turned: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Pages whose text runs up or down, read as if the page were turned: their width and height as they lie."""

    def note(self, number: int, code: str, w: Words, gone: set[int]) -> None:
        """Note that words were left out, unless there are none."""
        if gone:
            self.notes.append(PageNote(number, code, len(gone), min(w.top[n] for n in gone)))


def _tell_tags(w: Words, rows: Sequence[Row], tree: Tree) -> None:
    """Give each row the element of the tree that its first word stands in."""
    for row in rows:
        place = tree.places.get(w.mark[row.words[0]])
        row.tag, row.block = (place.tag, place.block) if place else ("Artifact", None)


def _laid(sheet: Sheet, w: Words, tree: Tree | None, found: PdfPages, boxes: Boxes, edges: Sequence[Edge]) -> list[Row]:
    """The rows of a page in reading order, its tables noted."""
    grids = grids_of(edges)
    askew = [line for line in w.lines if not w.turned.isdisjoint(line) and not _in_grid(w, line, grids)] if w.turned else []
    rows = turned_rows(w, askew)
    lines: Sequence[Sequence[int]] = [line for line in w.lines if line not in askew] if askew else w.lines
    shares: list[TablePart] = []
    if tree is not None:
        tagged = tagged_tables(sheet.number, w, lines, tree, edges, grids, found.known)
        shares, lines = tagged.shares, tagged.rest
        rows += tagged.layout
    if grids:
        ruled, lines = ruled_tables(sheet.number, w, lines, grids, None if tree else partial(cut_at_edge, w, boxes))
        shares += ruled
    found.shares += sorted(shares, key=lambda share: share.top)
    loose = settle_lists(w, settle_columns(w, settle_labels(drop_line_numbers(w, rows_of(w, lines)))))
    if rows:
        loose = sorted(loose + rows, key=lambda row: row.top)
    return arranged(loose, [share.rows() for share in shares])


def _in_grid(w: Words, line: Sequence[int], grids: Sequence[Grid]) -> bool:
    """Whether a line that runs up or down stands in a cell, as the heads of narrow columns do."""
    middle = (w.x0[line[0]] + w.x1[line[-1]]) / 2, (w.top[line[0]] + w.bottom[line[-1]]) / 2
    return any(grid.at(*middle) is not None and len(grid.cells) > 3 for grid in grids)


def _sheet(handle: Any, index: int, found: PdfPages, structure: bool) -> Sheet:
    """One page; it and its text are closed at once, so that memory stays flat."""
    sheet = Sheet(index + 1)
    page = pdfium.FPDF_LoadPage(handle, index)
    if not page:
        found.refused.append(sheet.number)
        return sheet
    notes = annotations_of(page)
    if notes.written:
        page = flattened(handle, index, page)
    try:
        textpage = pdfium.FPDFText_LoadPage(page)
        if not textpage:
            found.refused.append(sheet.number)
            return sheet
        try:
            _fill(sheet, OpenPage(page, textpage, notes), found, structure)
        finally:
            pdfium.FPDFText_ClosePage(textpage)
    finally:
        pdfium.FPDF_ClosePage(page)
    return sheet


def _fill(sheet: Sheet, page: OpenPage, found: PdfPages, structure: bool) -> None:
    """The rows of an open page."""
    frame = upright = frame_of(page.handle)
    tree = tree_of(page.handle) if structure else None
    w = words_of(page.textpage, frame, tree is not None)
    if w.turned and (turn := turned_by(w, page.textpage)) is not None:
        upright = replace(frame, turn=turn)
        w = words_of(page.textpage, upright, tree is not None)
        found.turned[sheet.number] = (frame.width, frame.height)
    sheet.width, sheet.height = upright.width, upright.height
    objects = Objects(page.handle)
    _leave_unseen(sheet.number, page, objects, upright, w, found)
    if not w.lines:
        if _has_images(page.handle):
            found.scans.append(sheet.number)
        return
    if _is_stamped(page.handle, w, frame):
        found.scans.append(sheet.number)
    if w.nameless > NAMELESS:
        found.garbled[sheet.number] = w.nameless
    edges = edges_of(objects.items, objects.kinds, upright.seen)
    _leave_struck(sheet.number, page, edges, upright, w, found)
    if w.lines:
        aside = _aside(w)
        sheet.rows = [*aside, *_laid(sheet, w, tree, found, Boxes(page.textpage, upright), edges)]
        dress(w, page.textpage, sheet.rows)
    if tree is not None:
        found.tagged = True
        _tell_tags(w, sheet.rows, tree)
    if found.words is not None:
        if upright is not frame:
            Boxes(page.textpage, frame).ask(w)
        found.words[sheet.number] = w
        return
    for row in sheet.rows:
        row.words = ()


def _leave_unseen(number: int, page: OpenPage, objects: Objects, frame: Frame, w: Words, found: PdfPages) -> None:
    """Take out the words that nobody sees, and those that are drawn twice."""
    gone = outside(w, frame)
    invisible = objects.invisible()
    if w.lines and (invisible or page.notes.covering or may_hide(objects)):
        blank = unseen(page.handle, frame, w)
        faint = drawn_by(w, invisible, page.textpage) if invisible else set()
        if faint and (_is_picture(page.handle, frame) or faint.issuperset(n for line in w.lines for n in line)):
            blank -= faint  # recognised text, beside the letters of a scan that is faint or was left out
        gone |= blank
    if invisible and (doubled := doubled_by(w, invisible, page.textpage)):
        without(w, doubled)  # they say what is seen, a second time
    found.note(number, "hidden_text", w, gone)
    without(w, gone)
    without(w, twins(w))


def _leave_struck(number: int, page: OpenPage, edges: Sequence[Edge], frame: Frame, w: Words, found: PdfPages) -> None:
    """Take out the words that are struck out."""
    gone = struck(w, edges, Boxes(page.textpage, frame))
    for quad in page.notes.struck:
        gone |= within(w, [frame.seen(x, y) for x, y in quad])
    found.note(number, "struck_out_text", w, gone)
    without(w, gone)


def _aside(w: Words) -> list[Row]:
    """The rows of a watermark, to stand at the top of the page, and no longer among its words."""
    if not (large := watermarks(w)):
        return []
    rows = rows_of(w, [[n] for n in large])
    for row in rows:
        row.role, row.tag, row.top, row.bottom = "header", "Artifact", 0.0, 0.0  # above all that is printed
    without(w, set(large))
    return rows


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
        found.attached = max(0, pdfium.FPDFDoc_GetAttachmentCount(handle))
        if engine:
            found.scans, found.garbled = sorted({*found.scans, *found.garbled}), {}
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
