"""Born-digital PDF by pdfium's raw calls: the whole text of a page once, two boxes a word, never a call per character.

pdfium is not thread-safe: one process reads one document at a time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pypdfium2  # its import initialises the library
import pypdfium2.raw as pdfium
import regex

from extract.document import ReadError
from extract.read.normalise import BREAK, SOFT_HYPHEN, normalise, strange_places
from extract.read.rows import Path, Row, Sheet, Word, rows_of, settle_labels
from extract.read.rulings import edges_of, grids_of
from extract.read.structure import Tree, tree_of
from extract.read.tables import Lines, Share, ruled_tables, tagged_tables

__all__ = ["Printed", "Trouble", "read"]

_ = pypdfium2
FAR = 20_000.0
"""No paper is so large: coordinates beyond are nonsense."""
DESCENT = 0.205
"""Share of the line of type below the baseline, near enough for all text fonts."""
HYPHENS = "\ufffe\x02"
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
        self.first, self.last = pdfium.FS_RECTF(), pdfium.FS_RECTF()
        self.by_first, self.by_last = ctypes.byref(self.first), ctypes.byref(self.last)
        self.numbers = [ctypes.c_double() for _ in range(4)]
        self.by_numbers = [ctypes.byref(n) for n in self.numbers]

    def box(self, first: int, last: int) -> tuple[float, float, float, float, float]:
        """x0, x1, top, bottom and baseline of a word, by the characters it begins and ends with."""
        frame = self.frame
        if frame.turn == 0 and pdfium.FPDFText_GetLooseCharBox(self.textpage, first, self.by_first):
            a = b = self.first
            if first != last and pdfium.FPDFText_GetLooseCharBox(self.textpage, last, self.by_last):
                b = self.last
            x0, x1, top, bottom = a.left - frame.left, b.right - frame.left, frame.top - a.top, frame.top - a.bottom
            size = bottom - top
            # Slanted words and fonts without measures have boxes that make no sense: those take the long way.
            if size > 0.5 and -FAR < x0 <= x1 < FAR and top > -FAR and bottom < FAR and -size < a.bottom - b.bottom < size:
                return x0, x1, top, bottom, bottom - DESCENT * size
        return self.turned(first, last)

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


def _mark_of(textpage: Any, at: int) -> int:
    """The marked-content id of a character."""
    item = pdfium.FPDFText_GetTextObject(textpage, at)
    return int(pdfium.FPDFPageObj_GetMarkedContentID(item)) if item else -1


def _lines(textpage: Any, frame: _Frame, marked: bool) -> Lines:
    """The words of a page with their boxes, line by line of its raw text."""
    raw = _raw_text(textpage)
    box = _Boxes(textpage, frame).box
    strange = strange_places(raw)
    next_strange = next(strange, len(raw))
    lines: Lines = []
    line: list[Word] = []
    for found in _token().finditer(raw):
        text = found.group()
        if text[0] in "\r\n":
            if line:
                lines.append(line)
                line = []
            continue
        start, end = found.span()
        after = " " if raw[end : end + 1] in SPACES else ""
        if next_strange < end:
            while next_strange < end:
                next_strange = next(strange, len(raw))
            if text[-1] in HYPHENS:
                text = text[:-1] + "-"
            elif not after and text[-1] in (BREAK, SOFT_HYPHEN):
                after = BREAK
            text = normalise(text)
            if not text:
                continue
        mark = _mark_of(textpage, start) if marked else -1
        line.append(Word(text, *box(start, end - 1), after, start, mark))
        if raw[end - 1] in HYPHENS:
            lines.append(line)
            line = []
    return [*lines, line] if line else lines


def _dress(textpage: Any, rows: list[Row]) -> None:
    """Size and weight of each row, and how wide its first letter is, asked of that letter."""
    rect = pdfium.FS_RECTF()
    by_rect = ctypes.byref(rect)
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    by_flags = ctypes.byref(flags)
    for row in rows:
        at = row.words[0].at
        if pdfium.FPDFText_GetLooseCharBox(textpage, at, by_rect):
            row.letter = abs(rect.right - rect.left)
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
    """What a PDF gave.

    ``scans`` are the pages that show a picture but no text, ``refused`` those that do not open; ``tagged`` says that the
    structure tree was there and used. ``known`` remembers which of its tables hold data.
    """

    sheets: list[Sheet] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    tagged: bool = False
    known: dict[Path, bool] = field(default_factory=dict)


def _tell_tags(rows: Sequence[Row], tree: Tree) -> None:
    """Give each row the element of the tree that its first word stands in."""
    for row in rows:
        place = tree.places.get(row.words[0].mark)
        row.tag, row.block = (place.tag, place.block) if place else ("Artifact", None)


def _laid(page: Any, sheet: Sheet, lines: Lines, tree: Tree | None, found: Printed, frame: _Frame) -> list[Row]:
    """The rows of a page in reading order, its tables noted."""
    edges = edges_of(page, frame.seen)
    grids = grids_of(edges)
    shares: list[Share] = []
    rows: list[Row] = []
    if tree is not None:
        tagged = tagged_tables(sheet.number, lines, tree, edges, grids, found.known)
        shares, rows, lines = tagged.shares, tagged.layout, tagged.rest
    if grids:
        ruled, lines = ruled_tables(sheet.number, lines, grids)
        shares += ruled
    found.shares += sorted(shares, key=lambda share: share.top)
    loose = settle_labels(rows_of(lines))
    if not rows and not shares:
        return loose
    blocks = [(row.top, [row]) for row in (*loose, *rows)] + [(share.top, share.rows()) for share in shares]
    return [row for _, block in sorted(blocks, key=lambda block: block[0]) for row in block]


def _sheet(handle: Any, index: int, found: Printed, structure: bool) -> Sheet:
    """One page; it and its text are closed at once, so that memory stays flat."""
    sheet = Sheet(index + 1)
    page = pdfium.FPDF_LoadPage(handle, index)
    if not page:
        found.refused.append(sheet.number)
        return sheet
    try:
        frame = _frame_of(page)
        sheet.width, sheet.height = frame.width, frame.height
        tree = tree_of(page) if structure else None
        textpage = pdfium.FPDFText_LoadPage(page)
        if not textpage:
            found.refused.append(sheet.number)
            return sheet
        try:
            lines = _lines(textpage, frame, tree is not None)
            if lines:
                sheet.rows = _laid(page, sheet, lines, tree, found, frame)
                _dress(textpage, sheet.rows)
            elif _has_images(page):
                found.scans.append(sheet.number)
        finally:
            pdfium.FPDFText_ClosePage(textpage)
        if tree is not None:
            found.tagged = True
            _tell_tags(sheet.rows, tree)
        for row in sheet.rows:
            row.words = ()
    finally:
        pdfium.FPDF_ClosePage(page)
    return sheet


def read(data: bytes, structure: bool = True) -> Printed:
    """The pages of a PDF; Trouble where pdfium does not open it."""
    found = Printed()
    with _opened(data) as handle:
        count = pdfium.FPDF_GetPageCount(handle)
        if count <= 0:
            raise Trouble("no pages")
        tagged = structure and bool(pdfium.FPDFCatalog_IsTagged(handle))
        for index in range(count):
            found.sheets.append(_sheet(handle, index, found, tagged))
    return found
