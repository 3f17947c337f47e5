"""The second opinion: pdfplumber, for files and pages that pdfium does not open. Slow, but it forgives much."""

from __future__ import annotations

import io
import logging
from collections.abc import Collection
from typing import Any

import pdfplumber

from poytakirja.read.normalise import normalise
from poytakirja.read.pdf.reading_order import arranged, settle_columns, settle_labels
from poytakirja.read.pdf.rows import Sheet, Words, rows_of
from poytakirja.read.pdf.tables.cells import TablePart, ruled_tables
from poytakirja.read.pdf.tables.ruling_lines import FAR, MANY, Edge, grids_of

X_TOLERANCE = 0.15
"""Share of the letter size that parts words: the default glues sums in small type."""
MANY_PAGES = 2000
"""More pages than this are not read the slow way."""


def _words(page: Any) -> tuple[Words, list[str], list[float]]:
    """The words of a page, each a line of its own, with their fonts and sizes."""
    w = Words()
    fonts, sizes = [], []
    for word in page.extract_words(x_tolerance_ratio=X_TOLERANCE, extra_attrs=["fontname", "size"]):
        text = "".join(normalise(word["text"]).split())
        box = [float(word[side]) for side in ("x0", "x1", "top", "bottom")]
        if not text or not all(-FAR < side < FAR for side in box):
            continue
        w.lines.append(range(len(w.text), len(w.text) + 1))
        w.text.append(text)
        for values, side in zip((w.x0, w.x1, w.top, w.bottom), box, strict=True):
            values.append(side)
        w.after.append(None)
        fonts.append(str(word["fontname"]))
        sizes.append(float(word["size"]))
    return w, fonts, sizes


def _sheet(page: Any, shares: list[TablePart]) -> Sheet:
    """One page, its tables noted."""
    sheet = Sheet(page.page_number, width=float(page.width), height=float(page.height))
    w, fonts, sizes = _words(page)
    edges = [Edge(*(float(edge[side]) for side in ("x0", "top", "x1", "bottom"))) for edge in page.edges[:MANY]]
    found, lines = ruled_tables(sheet.number, w, w.lines, grids_of(edges))
    rows = settle_columns(w, settle_labels(rows_of(w, lines)))
    sheet.rows = arranged(rows, [share.rows() for share in found])
    for row in sheet.rows:
        first = row.words[0]
        row.after, row.letter = "", (w.x1[first] - w.x0[first]) / len(w.text[first])
        row.bold, row.size = "bold" in fonts[first].lower(), sizes[first]
        row.words = ()
    shares += sorted(found, key=lambda share: share.top)
    return sheet


def read(data: bytes, numbers: Collection[int] | None = None) -> tuple[list[Sheet], list[TablePart], int]:
    """The pages asked for (all by default) as far as they can be read, their tables, and how many pages there are at all."""
    for noisy in ("pdfminer", "pdfplumber"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    sheets: list[Sheet] = []
    shares: list[TablePart] = []
    count = 0
    # pdfminer fails on broken files in any way there is. Whatever goes wrong on a page, the others may be fine: every error
    # means "not this page", and the caller tells which pages are missing.
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            count = len(pdf.pages)
            for page in pdf.pages[:MANY_PAGES]:
                if numbers is None or page.page_number in numbers:
                    sheets += _try(page, shares)
    except Exception:
        logging.getLogger(__name__).debug("pdfplumber gave up", exc_info=True)
    return sheets, shares, count


def _try(page: Any, shares: list[TablePart]) -> list[Sheet]:
    """One page, or none."""
    try:
        return [_sheet(page, shares)]
    except Exception:
        logging.getLogger(__name__).debug("page %s cannot be read", page.page_number, exc_info=True)
        return []
    finally:
        page.close()
