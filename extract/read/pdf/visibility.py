"""What of a page's words a person sees: not those that are covered, cut off, white, invisible, in a layer that is off.

Signs that cost next to nothing tell the pages on which anything may be unseen; only these are drawn. A word is unseen where its
place on the drawn page is of one colour. Invisible letters over a scan are its recognised text, and count, unless visible ones
stand there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from poytakirja.read.pdf.pdfium_calls import Address, places, quick
from poytakirja.read.pdf.rows import Words
from poytakirja.read.pdf.tables.ruling_lines import MANY
from poytakirja.read.pdf.words import Frame

SCALE = 1.5
"""Dots for each point of a page that is drawn to see what it shows."""
MOST_DOTS = 12_000_000
"""A larger page is drawn with fewer."""
SHADES = 14
"""Greys between the lightest and the darkest dot of a place of one colour: drawing rounds."""
BLANK = 0.75
"""Where this share of a word's columns of dots is of one colour each, a person does not read it."""
PALE = 245
"""A colour whose darkest part is lighter than this is white."""
THICK = 4.0
"""A box that covers words is thicker than this."""
_UNSEEN_MODES = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})


class Objects:
    """The objects of a page in the order in which they are drawn, those of forms (drawings within it) at the forms' places."""

    def __init__(self, page: Any) -> None:
        count = min(pdfium.FPDFPage_CountObjects(page), 3 * MANY)
        self.items = list(map(quick("FPDFPage_GetObject", Address), repeat(page), range(count)))
        self.kinds = list(map(quick("FPDFPageObj_GetType"), self.items))
        self.flat: list[tuple[Any, int]] = []
        if pdfium.FPDF_PAGEOBJ_FORM in self.kinds:
            self._open(self.items, self.kinds, 0)
        else:
            self.flat = list(zip(self.items, self.kinds, strict=True))

    def _open(self, items: Sequence[Any], kinds: Sequence[int], depth: int) -> None:
        child = quick("FPDFFormObj_GetObject", Address)
        for item, kind in zip(items, kinds, strict=True):
            self.flat.append((item, kind))
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 4 and len(self.flat) < 3 * MANY:
                count = min(quick("FPDFFormObj_CountObjects")(item), MANY)
                inner = [found for n in range(count) if (found := child(item, ctypes.c_ulong(n)))]
                self._open(inner, list(map(quick("FPDFPageObj_GetType"), inner)), depth + 1)

    def invisible(self) -> set[int]:
        """The text objects, by their addresses, whose letters are drawn in no way."""
        mode = quick("FPDFTextObj_GetTextRenderMode")
        texts = [item for item, kind in self.flat if kind == pdfium.FPDF_PAGEOBJ_TEXT]
        return {item.value for item, its in zip(texts, map(mode, texts), strict=True) if its in _UNSEEN_MODES}


def may_hide(objects: Objects) -> bool:
    """Whether a page has any sign of text that is not to be seen."""
    texts = [item for item, kind in objects.flat if kind == pdfium.FPDF_PAGEOBJ_TEXT]
    if _has_pale(texts) or _is_layered(texts) or _has_clips(texts):
        return True
    return _covers_late(objects)


def _has_pale(texts: Sequence[Any]) -> bool:
    """Whether letters are white or see-through."""
    whole = (ctypes.c_uint * 4)()
    at = [ctypes.byref(whole, 4 * n) for n in range(4)]
    ask = quick("FPDFPageObj_GetFillColor")
    for item in texts:  # noqa: SIM110 (a loop asks in half the time)
        if ask(item, *at) and (whole[3] < 20 or (whole[0] >= PALE and min(whole[:3]) >= PALE)):
            return True
    return False


def _is_layered(texts: Sequence[Any]) -> bool:
    """Whether letters are marked as part of a layer: a mark beside that of their place in the structure, or without such."""
    count, tagged = quick("FPDFPageObj_CountMarks"), quick("FPDFPageObj_GetMarkedContentID")
    mark_of, name_of = quick("FPDFPageObj_GetMark", Address), quick("FPDFPageObjMark_GetName")
    name, length = ctypes.create_string_buffer(64), ctypes.c_ulong()
    for item, marks in zip(texts, map(count, texts), strict=True):
        if marks > 1 or (marks and tagged(item) < 0):
            for n in range(min(marks, 8)):
                mark = mark_of(item, ctypes.c_ulong(n))
                if name_of(mark, name, ctypes.c_ulong(64), ctypes.byref(length)) and name.raw[: length.value] == _LAYER:
                    return True
    return False


_LAYER = "OC\0".encode("utf-16-le")


def _has_clips(texts: Sequence[Any]) -> bool:
    """Whether letters stand outside of what they are cut to."""
    memory, addresses = places(1, 6)
    clip_of, count = quick("FPDFPageObj_GetClipPath", Address), quick("FPDFClipPath_CountPaths")
    segments, segment = quick("FPDFClipPath_CountPathSegments"), quick("FPDFClipPath_GetPathSegment", Address)
    point, bounds = quick("FPDFPathSegment_GetPoint"), quick("FPDFPageObj_GetBounds")
    for item in texts:
        clip = clip_of(item)
        for n in range(min(count(clip), 8) if clip else 0):
            xs, ys = [], []
            for k in range(min(segments(clip, n), 12)):
                point(segment(clip, n, k), *addresses[:2])
                xs.append(memory[0])
                ys.append(memory[1])
            if len(xs) > 2 and bounds(item, *addresses[:4]):
                left, bottom, right, top = memory[:4]
                if right > left and (
                    min(right, max(xs)) - max(left, min(xs)) < 0.9 * (right - left) or not min(ys) < (top + bottom) / 2 < max(ys)
                ):
                    return True
    return False


def _covers_late(objects: Objects) -> bool:
    """Whether a thick filled box is drawn after letters that lie under it."""
    memory, addresses = places(1, 6)
    bounds, mode_of = quick("FPDFPageObj_GetBounds"), quick("FPDFPath_GetDrawMode")
    through = quick("FPDFPageObj_HasTransparency")
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    under: list[tuple[float, float, float, float]] = []
    waiting: list[Any] = []
    for item, kind in objects.flat:
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            waiting.append(item)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and (waiting or under) and bounds(item, *addresses[:4]):
            left, bottom, right, top = memory[:4]
            if right - left <= THICK or top - bottom <= THICK:
                continue
            if not mode_of(item, ctypes.byref(fill), ctypes.byref(stroke)) or not fill.value or through(item):
                continue
            under += [tuple(memory[:4]) for text in waiting if bounds(text, *addresses[:4])]
            waiting = []
            if any(b < top and bottom < t and a < right and left < c for a, b, c, t in under):
                return True
    return False


# ---------------------------------------------------------------- the page drawn


Greys = NDArray[np.uint8]


def drawn(page: Any, frame: Frame) -> tuple[Greys, float]:
    """A page in grey as a person sees it, annotations and all, and its dots for each point."""
    scale = min(SCALE, (MOST_DOTS / max(frame.width * frame.height, 1.0)) ** 0.5)
    width, height = max(1, int(frame.width * scale)), max(1, int(frame.height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return np.zeros((0, 0), np.uint8), scale
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
        return np.frombuffer(raw, np.uint8).reshape(height, stride)[:, :width], scale
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


def unseen(page: Any, frame: Frame, w: Words) -> set[int]:
    """The words of a page whose places are of one colour when it is drawn, for the most part at least."""
    greys, scale = drawn(page, frame)
    found: set[int] = set()
    if not greys.size:
        return found
    for line in w.lines:
        shown = [n for n in line if w.text[n].strip(_POINTS) and not _is_blank(greys, scale, w, n)]
        found.update(n for n in line if w.text[n].strip(_POINTS) and n not in shown)
        if not shown and not found.isdisjoint(line):
            found.update(line)  # its stops and commas too
    return found


_POINTS = ".,:;'-–—_ "


def _is_blank(greys: Greys, scale: float, w: Words, n: int) -> bool:
    """Whether most of a word's place shows no letters: between its first and its last letter or digit, column by column."""
    text = w.text[n]
    first, last = len(text) - len(text.lstrip(_POINTS)), len(text.rstrip(_POINTS))
    size, wide = w.bottom[n] - w.top[n], (w.x1[n] - w.x0[n]) / len(text)
    left, right = w.x0[n] + first * wide, w.x0[n] + last * wide
    top, bottom = w.top[n] + 0.15 * size, w.bottom[n] - 0.15 * size
    height, width = greys.shape
    box = greys[
        max(0, int(top * scale)) : min(height, int(bottom * scale) + 1),
        max(0, int(left * scale)) : min(width, int(right * scale) + 1),
    ]
    if not box.size:
        return True
    blank = (box.max(axis=0).astype(np.int16) - box.min(axis=0)) <= SHADES
    return bool(blank.mean() >= (BLANK if last - first > 2 else 0.95))


def outside(w: Words, frame: Frame) -> set[int]:
    """The words that lie beyond the edges of what is seen of a page."""
    if not w.x0 or (min(w.x0) >= -1 and min(w.top) >= -1 and max(w.x1) <= frame.width + 1 and max(w.bottom) <= frame.height + 1):
        return set()
    return {
        n
        for line in w.lines
        for n in line
        if not (0 < (w.x0[n] + w.x1[n]) / 2 < frame.width and 0 < (w.top[n] + w.bottom[n]) / 2 < frame.height)
    }


def drawn_by(w: Words, objects: set[int], textpage: Any) -> set[int]:
    """The words that some text objects draw."""
    object_at = quick("FPDFText_GetTextObject", Address)
    return {n for line in w.lines for n in line if object_at(textpage, w.at[n]).value in objects}


def doubled_by(w: Words, invisible: set[int], textpage: Any) -> set[int]:
    """The invisible words that stand where visible ones do: a layer of recognised text over letters that are text themselves."""
    hidden = drawn_by(w, invisible, textpage)
    shown = sorted((w.top[n], n) for line in w.lines for n in line if n not in hidden)
    if not shown or not hidden:
        return set()
    found, at = set(), 0
    tallest = max(w.bottom[n] - w.top[n] for _, n in shown)
    for n in sorted(hidden, key=lambda n: w.top[n]):
        while at < len(shown) and shown[at][0] < w.top[n] - tallest:
            at += 1
        for top, m in shown[at:]:
            if top > w.bottom[n]:
                break
            level = min(w.bottom[n], w.bottom[m]) - max(w.top[n], w.top[m]) > 0.4 * (w.bottom[n] - w.top[n])
            if level and min(w.x1[n], w.x1[m]) - max(w.x0[n], w.x0[m]) > 0.3 * (w.x1[n] - w.x0[n]):
                found.add(n)
                break
    return found
