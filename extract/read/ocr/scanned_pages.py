"""Scanned pages (skannatut sivut): drawn by pdfium, recognised some at a time, and made into rows like any page's.

A scan lies aslant as often as not. Its rows are told by baselines laid straight; the boxes that the report shows stay where
they are.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from statistics import fmean, median
from time import monotonic
from typing import Any

import pypdfium2.raw as pdfium

from poytakirja.errors import ErrorCode
from poytakirja.read.ocr import ruling_lines as strokes
from poytakirja.read.ocr import tesseract as ocr
from poytakirja.read.ocr.tesseract import Engine, Image, OcrBudget, ReadLine, ReadWord
from poytakirja.read.pdf.reading_order import arranged, settle_columns, settle_labels
from poytakirja.read.pdf.rows import DESCENT, GAP, Row, Sheet, Words, rows_of
from poytakirja.read.pdf.tables.cells import TablePart, ruled_tables
from poytakirja.read.pdf.tables.ruling_lines import Edge, grids_of
from poytakirja.rules.layout import ocr_corrections as misreadings

__all__ = ["Recognised", "recognise"]

DPI = 300
MOST_PIXELS = 18_000_000
"""Two pages of A4; a larger page is drawn with fewer dots."""
MOST_PAGES = 2000
"""So many scanned pages of one document are recognised."""
GIVE_UP = 3
"""After so many pages that took too long, the others are left."""
HIGH = 1.25
"""The height of a line of type, descent and all, in heights of its letters from lowest to highest."""
ALIKE = 0.15
"""Letters whose height differs from the page's usual one by no more of it have that: how exact tesseract is."""


SPECK = 0.08
"""A mark that is no larger, in heights of letters, is dirt: a full stop is an eighth."""
DOUBT = 0.9
"""A dash of which tesseract is less sure, and that has no place of its own in its line, is a wide gap."""


@dataclass(slots=True)
class Recognised:
    """What recognition gave: words and how sure of each, by page; tables; the pages that it could not read, and why."""

    engine: Engine
    words: dict[int, Words] = field(default_factory=dict)
    shares: list[TablePart] = field(default_factory=list)
    sure: dict[int, list[float]] = field(default_factory=dict)
    failed: dict[int, ErrorCode] = field(default_factory=dict)

    def confidence(self, number: int | None = None) -> float | None:
        """The mean over the words of a page, or of all pages; None where there are none."""
        sure = self.sure.get(number, []) if number is not None else [one for page in self.sure.values() for one in page]
        return round(fmean(sure), 4) if sure else None


def recognise(handle: Any, sheets: Sequence[Sheet], engine: Engine) -> Recognised:
    """Fill the sheets of scanned pages of an open document with their rows."""
    found = Recognised(engine)
    pace = ocr.PACE.get()
    for sheet in sheets[MOST_PAGES:]:
        found.failed[sheet.number] = "too_large"
    for sheet, page in _read(handle, sheets[:MOST_PAGES], engine, pace):
        if isinstance(page, ocr.Failure):
            found.failed[sheet.number] = "timeout" if page.slow else "broken"
            continue
        found.sure[sheet.number] = [word.confidence for line in page.lines for word in line.words]
        found.words[sheet.number], shares = _fill(sheet, page)
        found.shares += shares
    _mend_sections(found.words, [sheet for sheet in sheets if sheet.number in found.words])
    return found


@dataclass(frozen=True, slots=True)
class _Page:
    """What was seen on a page: its lines in dots, how much they fall to the right, and its ruling lines in points."""

    lines: list[ReadLine]
    slant: float
    edges: list[Edge]


def _page(engine: Engine, image: Image, seconds: float) -> _Page:
    """Read a page; Failure where that fails."""
    lines = list(filter(None, map(_printed, ocr.recognise(engine, image, seconds))))
    slant = _slant(lines)
    return _Page(lines, slant, strokes.edges_of(image, slant))


# ---------------------------------------------------------------- some at a time, in their order


def _read(handle: Any, sheets: Sequence[Sheet], engine: Engine, pace: OcrBudget) -> Iterator[tuple[Sheet, _Page | ocr.Failure]]:
    """The lines of each page, or why there are none; pages are drawn as they are needed, so that memory stays flat."""
    allowed = ocr.STARVED * len(sheets) * pace.seconds
    pace.ask(allowed + ocr.STARVED * pace.patience * 2)  # the last page, in two languages
    end = monotonic() + allowed
    slow = 0
    with ThreadPoolExecutor(pace.at_once) as pool:
        waiting: deque[tuple[Sheet, Future[_Page] | ocr.Failure]] = deque()

        def first() -> tuple[Sheet, _Page | ocr.Failure]:
            nonlocal slow
            sheet, coming = waiting.popleft()
            try:
                return sheet, coming if isinstance(coming, ocr.Failure) else coming.result()
            except ocr.Failure as failure:
                slow += failure.slow
                return sheet, failure

        for sheet in sheets:
            if slow >= GIVE_UP or monotonic() > end:
                waiting.append((sheet, ocr.Failure(slow=True)))
            elif (image := _draw(handle, sheet)) is None:
                waiting.append((sheet, ocr.Failure(slow=False)))
            else:
                waiting.append((sheet, pool.submit(_page, engine, image, pace.patience)))
            if len(waiting) > pace.at_once:
                yield first()
        while waiting:
            yield first()


def _scale(sheet: Sheet) -> float:
    """Pixels for each point of a page."""
    area = max(sheet.width * sheet.height, 1.0)
    return float(min(DPI / 72, (MOST_PIXELS / area) ** 0.5))


def _draw(handle: Any, sheet: Sheet) -> Image | None:
    """A page in grey; None where pdfium has no room for it or cannot."""
    scale = _scale(sheet)
    width, height = max(1, int(sheet.width * scale)), max(1, int(sheet.height * scale))
    page = pdfium.FPDF_LoadPage(handle, sheet.number - 1)
    if not page:
        return None
    try:
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
        if not bitmap:
            return None
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_GRAYSCALE)
            return Image(width, height, scale, _greys(bitmap, width, height))
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
    finally:
        pdfium.FPDF_ClosePage(page)


def _greys(bitmap: Any, width: int, height: int) -> bytes:
    """The dots of a bitmap, without the padding of its rows."""
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    return raw if stride == width else b"".join(raw[at : at + width] for at in range(0, stride * height, stride))


# ---------------------------------------------------------------- lines → words → rows


def _fill(sheet: Sheet, page: _Page) -> tuple[Words, list[TablePart]]:
    """Give a sheet the rows of a page; its words, with their boxes as they lie on it, and its tables."""
    scale = _scale(sheet)
    w = _straight(page.lines, page.slant, scale)
    shares, lines = ruled_tables(sheet.number, w, w.lines, grids_of(page.edges))
    sheet.rows = arranged(settle_columns(w, settle_labels(rows_of(w, lines))), [share.rows() for share in shares])
    for row in sheet.rows:
        first = row.words[0]
        row.after, row.letter = "", (w.x1[first] - w.x0[first]) / len(w.text[first])
        row.size = (w.bottom[first] - w.top[first]) / HIGH
    boxes = [word.box for line in page.lines for word in line.words]
    if boxes:
        w.x0, w.top, w.x1, w.bottom = ([side / scale for side in sides] for sides in zip(*boxes, strict=True))
    return w, sorted(shares, key=lambda share: share.top)


def _straight(lines: Sequence[ReadLine], slant: float, scale: float) -> Words:
    """The words in points, turned so that the page is straight, each as high as its line of type."""
    usual = median([line.size for line in lines]) if lines else 0.0
    w = Words()
    for line in lines:
        size = HIGH / scale * (usual if abs(line.size - usual) <= ALIKE * usual else line.size)
        middle = (line.words[0].box[0] + line.words[-1].box[2]) / 2
        level = line.base + line.slope * middle
        base, aside = (level - slant * middle) / scale, slant * level
        w.lines.append(range(len(w.text), len(w.text) + len(line.words)))
        w.text += misreadings.mended([word.text for word in line.words])
        w.x0 += [(word.box[0] + aside) / scale for word in line.words]
        w.x1 += [(word.box[2] + aside) / scale for word in line.words]
        w.top += [base - (1 - DESCENT) * size] * len(line.words)
        w.bottom += [base + DESCENT * size] * len(line.words)
    w.after = [None] * len(w.text)
    w.at = w.end = [0] * len(w.text)
    return w


def _printed(line: ReadLine) -> ReadLine | None:
    """A line without dirt and without the dashes that wide gaps are read as; None where nothing is left."""
    words = line.words
    edges = ["", *(word.text for word in words), ""]
    kept = [
        word
        for n, word in enumerate(words)
        if word.text[0].isalnum() or not _is_trace(word, line.size, f"{edges[n][-1:]}{edges[n + 2][:1]}".isdigit())
    ]
    return replace(line, words=kept) if kept else None


def _is_trace(mark: ReadWord, size: float, in_range: bool) -> bool:
    """Whether a word without letters is no print. A dash between digits always is."""
    x0, top, x1, bottom = mark.box
    if not any(c.isalnum() for c in mark.text) and max(x1 - x0, bottom - top) <= SPECK * size:
        return True
    return mark.text in ("-", "—") and bottom - top > size / 2 and mark.confidence < DOUBT and not in_range


def _slant(lines: Sequence[ReadLine]) -> float:
    """How much the rows of a page fall for each step to the right: the median of its lines, long ones counting more."""
    slopes = [line.slope for line in lines for _ in line.words]
    return median(slopes) if slopes else 0.0


def _mend_sections(words: dict[int, Words], sheets: Sequence[Sheet]) -> None:
    """Put the ``§`` of items' numbers right, which only the numbers of other rows can tell."""
    rows = [(row, words[sheet.number]) for sheet in sheets for row in sheet.rows]
    for (row, w), at in zip(rows, misreadings.sections([row.text for row, _ in rows]), strict=True):
        if at is not None and row.text[at] != "§":
            _put_section(row, w, at)


def _put_section(row: Row, w: Words, at: int) -> None:
    """Make a character of a row a ``§``, in its piece and in its word."""
    begin = 0
    for piece in row.pieces:
        if begin <= at < begin + len(piece.text):
            piece.text = _with_section(piece.text, at - begin)
        begin += len(piece.text) + len(GAP)
    letter = len("".join(row.text[:at].split()))
    for n in sorted(row.words, key=w.x0.__getitem__):
        if 0 <= letter < len(w.text[n]):
            w.text[n] = _with_section(w.text[n], letter)
            return
        letter -= len(w.text[n])


def _with_section(text: str, at: int) -> str:
    return text[:at] + "§" + text[at + 1 :]
