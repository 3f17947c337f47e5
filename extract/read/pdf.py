"""Born-digital PDF by pdfium's raw calls: the whole text of a page once, two boxes a word, never a call per character.

pdfium is not thread-safe: one process reads one document at a time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pypdfium2  # its import initialises the library
import pypdfium2.raw as pdfium
import regex

from extract.document import ReadError
from extract.read.normalise import is_plain, normalise
from extract.read.rows import Row, Sheet, Word, rows_of

__all__ = ["Trouble", "read"]

_ = pypdfium2
FAR = 20_000.0
"""No paper is so large: coordinates beyond are nonsense."""
DESCENT = 0.205
"""Share of the line of type below the baseline, near enough for all text fonts."""
HYPHEN = "\ufffe"
"""What pdfium puts in its text for a hyphen at the end of a line; the next word then begins a line without a sign of it."""
SPACES = frozenset(" \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
FORCE_BOLD = 1 << 18
LOOK_FOR_IMAGES = 2000
"""So many objects of a page without text are looked at to tell a scan from an empty page."""


class Trouble(Exception):  # noqa: N818 (not the document's error yet: the second opinion comes first)
    """pdfium does not open the file or a page of it."""


@cache
def _token() -> regex.Pattern[str]:
    """A word, or a line end. A lone ``\r`` or ``\n`` ends a line too."""
    return regex.compile(r"[^\s\ufffe\x02]++[\ufffe\x02]?|[\ufffe\x02]|\r?\n|\r")


@dataclass(slots=True)
class _Frame:
    """How the points of a page become points from the top left corner of what is seen."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def width(self) -> float:
        """Of the page as seen."""
        return self.top - self.bottom if self.turn % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Of the page as seen."""
        return self.right - self.left if self.turn % 2 else self.top - self.bottom

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """A point as seen."""
        match self.turn:
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case 3:
                return self.top - y, self.right - x
        return x - self.left, self.top - y


def _frame_of(page: Any) -> _Frame:
    """The visible box of a page; A4 where it is nonsense."""
    box = pdfium.FS_RECTF()
    fine = pdfium.FPDF_GetPageBoundingBox(page, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    if not (fine and -FAR < left < right < FAR and -FAR < bottom < top < FAR):
        left, bottom, right, top = 0.0, 0.0, 595.0, 842.0
    return _Frame(left, bottom, right, top, pdfium.FPDFPage_GetRotation(page) % 4)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The document, closed after use; ``data`` must outlive it."""
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        code = pdfium.FPDF_GetLastError()
        if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadError("encrypted", "the PDF asks for a password; save it without one and try again")
        raise Trouble(f"pdfium error {code}")
    try:
        yield handle
    finally:
        pdfium.FPDF_CloseDocument(handle)


def _raw_text(textpage: Any) -> str:
    """The page's whole text, one character for each of pdfium's, so that indices are shared."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * max(0, written)].decode("utf-16-le", "surrogatepass")
    if len(text) == written == count:
        return text
    # Characters beyond the sixteen bits, or without any meaning: rare, so ask one by one.
    codes = (pdfium.FPDFText_GetUnicode(textpage, n) for n in range(count))
    return "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)


class _Boxes:
    """Asks a text page for the boxes of words. The memory that pdfium writes to is made once."""

    def __init__(self, textpage: Any, frame: _Frame) -> None:
        self.textpage = textpage
        self.frame = frame
        self.rect = pdfium.FS_RECTF()
        self.by_rect = ctypes.byref(self.rect)
        self.numbers = [ctypes.c_double() for _ in range(4)]
        self.by_numbers = [ctypes.byref(n) for n in self.numbers]

    def plain(self, first: int, last: int) -> tuple[float, float, float, float, float] | None:
        """x0, x1, top, bottom and baseline of a word on an upright page; None where the quick way fails."""
        rect, frame, ask = self.rect, self.frame, pdfium.FPDFText_GetLooseCharBox
        if not ask(self.textpage, first, self.by_rect):
            return None
        x0, top, bottom = rect.left - frame.left, frame.top - rect.top, frame.top - rect.bottom
        if first != last and not ask(self.textpage, last, self.by_rect):
            return None
        x1 = rect.right - frame.left
        if (
            -FAR < x0 <= x1 < FAR
            and -FAR < top < bottom - 0.5
            and bottom < FAR
            and abs(frame.top - rect.bottom - bottom) < bottom - top
        ):
            return x0, x1, top, bottom, bottom - DESCENT * (bottom - top)
        return None

    def turned(self, first: int, last: int) -> tuple[float, float, float, float, float]:
        """The same for turned pages, turned words and fonts without measures: from tight boxes and origins."""
        corners = []
        for n in {first, last}:
            pdfium.FPDFText_GetCharBox(self.textpage, n, *self.by_numbers)
            left, right, low, high = (_sane(number.value) for number in self.numbers)
            corners += [self.frame.seen(left, low), self.frame.seen(right, high)]
        pdfium.FPDFText_GetCharOrigin(self.textpage, first, *self.by_numbers[:2])
        _, base = self.frame.seen(_sane(self.numbers[0].value), _sane(self.numbers[1].value))
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        size = _sane(abs(pdfium.FPDFText_GetFontSize(self.textpage, first))) or 1.0
        top, bottom = min(ys), max(ys)
        if bottom - top <= 2 * size:  # upright: give it the height of its line of type, not of its letters
            top, bottom = min(top, base - (1 - DESCENT) * 1.2 * size), max(bottom, base + DESCENT * 1.2 * size)
        return min(xs), max(xs), top, bottom, base


def _sane(number: float) -> float:
    """A number that may stand on paper."""
    return number if -FAR < number < FAR else 0.0


def _lines(textpage: Any, frame: _Frame) -> list[list[Word]]:
    """The words of a page with their boxes, line by line of its raw text."""
    raw = _raw_text(textpage)
    boxes = _Boxes(textpage, frame)
    upright = frame.turn == 0
    plain = is_plain(raw.replace("\r\n", " "))
    lines: list[list[Word]] = []
    line: list[Word] = []
    for found in _token().finditer(raw):
        text = found.group()
        if text[0] in "\r\n":
            if line:
                lines.append(line)
                line = []
            continue
        start, end = found.span()
        hyphen = text[-1] in "\ufffe\x02"
        if hyphen:
            text = text[:-1] + "-"
        if not plain:
            text = normalise(text)
            if not text:
                continue
        box = (boxes.plain(start, end - 1) if upright else None) or boxes.turned(start, end - 1)
        line.append(Word(text, *box, spaced=raw[end : end + 1] in SPACES, at=start))
        if hyphen:
            lines.append(line)
            line = []
    return [*lines, line] if line else lines


def _dress(textpage: Any, rows: list[Row]) -> None:
    """Size and weight of each row, asked of its first letter."""
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    by_flags = ctypes.byref(flags)
    for row in rows:
        at = row.words[0].at
        length = pdfium.FPDFText_GetFontInfo(textpage, at, name, 128, by_flags)
        row.bold = bool(flags.value & FORCE_BOLD) or (0 < length <= 128 and _is_bold(name.value))
        size = pdfium.FPDFText_GetFontSize(textpage, at)
        if row.size / 2.5 < size < row.size * 1.5:
            row.size = size
        else:  # scaled by the page's matrix instead
            row.size /= 1.2


@cache
def _is_bold(name: bytes) -> bool:
    return any(word in name.lower() for word in (b"bold", b"black", b"heavy"))


def _has_images(page: Any) -> bool:
    """Whether a page without text shows a picture: a scan, then."""
    count = min(pdfium.FPDFPage_CountObjects(page), LOOK_FOR_IMAGES)
    kinds = {pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, n)) for n in range(count)}
    return pdfium.FPDF_PAGEOBJ_IMAGE in kinds or pdfium.FPDF_PAGEOBJ_FORM in kinds


@dataclass(slots=True)
class Printed:
    """What a PDF gave: its pages, and the numbers of those that show a picture but no text, or could not be opened."""

    sheets: list[Sheet]
    scans: list[int]
    refused: list[int]


def _sheet(handle: Any, index: int, found: Printed) -> Sheet:
    """One page; it and its text are closed at once, so that memory stays flat."""
    sheet = Sheet(index + 1)
    page = pdfium.FPDF_LoadPage(handle, index)
    if not page:
        found.refused.append(sheet.number)
        return sheet
    try:
        frame = _frame_of(page)
        sheet.width, sheet.height = frame.width, frame.height
        textpage = pdfium.FPDFText_LoadPage(page)
        if not textpage:
            found.refused.append(sheet.number)
            return sheet
        try:
            sheet.rows = rows_of(_lines(textpage, frame))
            _dress(textpage, sheet.rows)
        finally:
            pdfium.FPDFText_ClosePage(textpage)
        if not sheet.rows and _has_images(page):
            found.scans.append(sheet.number)
    finally:
        pdfium.FPDF_ClosePage(page)
    return sheet


def read(data: bytes) -> Printed:
    """The pages of a PDF; Trouble where pdfium does not open it."""
    found = Printed([], [], [])
    with _opened(data) as handle:
        count = pdfium.FPDF_GetPageCount(handle)
        if count <= 0:
            raise Trouble("no pages")
        for index in range(count):
            found.sheets.append(_sheet(handle, index, found))
    return found
