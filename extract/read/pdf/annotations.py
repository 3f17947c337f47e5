"""The annotations of a page (huomautukset): values of form fields and typed notes become its text; what they strike out or cover.

Links are most annotations, and say nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

MOST = 2000
"""So many annotations of a page are looked at."""
_WRITTEN = frozenset({pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET})
_COVERING = frozenset({
    pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE, pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_STAMP,
    pdfium.FPDF_ANNOT_REDACT,
})  # fmt: skip

Quad = list[tuple[float, float]]
"""The corners of a stretch of text, in the page's own points."""


@dataclass(slots=True)
class Annotations:
    """What the annotations of a page do: whether some hold text, whether some may cover it, and what is struck out by them."""

    written: bool = False
    covering: bool = False
    struck: list[Quad] = field(default_factory=list)


def annotations_of(page: Any) -> Annotations:
    """The annotations of a page."""
    found = Annotations()
    quads = pdfium.FS_QUADPOINTSF()
    for n in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            found.written = found.written or kind in _WRITTEN
            found.covering = found.covering or kind in _COVERING
            if kind == pdfium.FPDF_ANNOT_STRIKEOUT:
                for k in range(min(pdfium.FPDFAnnot_CountAttachmentPoints(annotation), 100)):
                    if pdfium.FPDFAnnot_GetAttachmentPoints(annotation, k, quads):
                        found.struck.append([(getattr(quads, f"x{c}"), getattr(quads, f"y{c}")) for c in range(1, 5)])
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def flattened(handle: Any, index: int, page: Any) -> Any:
    """A page whose annotations are made part of its drawing, so that their text is its text; itself where that fails."""
    if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return page
    again = pdfium.FPDF_LoadPage(handle, index)
    if not again:
        return page
    pdfium.FPDF_ClosePage(page)
    return again
