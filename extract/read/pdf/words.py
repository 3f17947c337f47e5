"""The words of a PDF page by pdfium's raw calls: its whole text once, two boxes a word, never a call per character."""

from __future__ import annotations

import ctypes
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat
from math import cos, isfinite, pi
from operator import sub
from typing import Any

import pypdfium2.raw as pdfium
import regex

from poytakirja.read.normalise import BREAK, SOFT_HYPHEN, normalise, strange_places
from poytakirja.read.pdf.pdfium_calls import Address, places, quick
from poytakirja.read.pdf.rows import DESCENT, SUPERSCRIPTS, UNITS, Row, Words
from poytakirja.read.pdf.tables.ruling_lines import FAR, Grid

HYPHENS = "\ufffe\x02"
"""What pdfium puts in its text for a hyphen at the end of a line; the next word then begins a line without a sign of it."""
ROOM = 4096
"""So many boxes are asked for at once."""
SPACES = frozenset("\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
"""Whatever parts words besides the common space."""
FORCE_BOLD = 1 << 18


@cache
def _token() -> regex.Pattern[str]:
    """A word, with the hyphen that ends its line, on pages that have such."""
    return regex.compile(r"[^ \n\ufffe\x02]++[\ufffe\x02]?|[\ufffe\x02]|\n")


@dataclass(slots=True)
class Frame:
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


def frame_of(page: Any) -> Frame:
    """The visible box of a page; A4 where it is nonsense."""
    box = pdfium.FS_RECTF()
    fine = pdfium.FPDF_GetPageBoundingBox(page, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    if not (fine and -FAR < left < right < FAR and -FAR < bottom < top < FAR):
        left, bottom, right, top = 0.0, 0.0, 595.0, 842.0
    return Frame(left, bottom, right, top, pdfium.FPDFPage_GetRotation(page) % 4)


@cache
def _room(count: int) -> Any:
    """Memory for the text of a page."""
    return (ctypes.c_ushort * count)()


def raw_text(textpage: Any) -> str:
    """The page's whole text, one character for each of pdfium's, so that indices are shared."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    room = _room(max(1 << 14, 1 << count.bit_length()))
    written = pdfium.FPDFText_GetText(textpage, 0, count, room) - 1
    text = str(memoryview(room).cast("B")[: 2 * max(0, written)], "utf-16-le", "surrogatepass")
    if len(text) == written == count:
        return text
    # Characters beyond the sixteen bits, or without any meaning: rare, so ask one by one.
    codes = (pdfium.FPDFText_GetUnicode(textpage, n) for n in range(count))
    return "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)


def _cut_words(raw: str) -> Words:
    """The words of a page's raw text, line by line."""
    w = Words()
    text, at, end, lines = w.text, w.at, w.end, w.lines
    position = 0
    for line in raw.split("\n"):
        if line:
            before, start = len(text), position
            for token in line.split(" "):
                if token:
                    text.append(token)
                    at.append(start)
                    start += len(token)
                    end.append(start)
                start += 1
            if len(text) > before:
                lines.append(range(before, len(text)))
            position += len(line)
        position += 1
    return w


def _cut_at_hyphens(raw: str) -> Words:
    """The same for a page where pdfium marks hyphens at line ends: these end a line without a sign of it."""
    w = Words()
    start = 0
    for found in _token().finditer(raw + "\n"):
        token = found.group()
        if token != "\n":
            w.text.append(token)
            w.at.append(found.start())
            w.end.append(found.end())
        if (token == "\n" or token[-1] in HYPHENS) and len(w.text) > start:
            w.lines.append(range(start, len(w.text)))
            start = len(w.text)
    return w


def _tell_ends(w: Words, raw: str) -> None:
    """Tell what stands after each line of the raw text, and before it."""
    ends = raw + "\n"
    w.after = [None] * len(w.text)
    for line in w.lines:
        last = line[-1]
        end = w.end[last]
        if ends[w.at[line[0]] - 1] == " ":
            w.led.add(line[0])
        w.after[last] = " " if ends[end] == " " else BREAK if raw[end - 1] in (BREAK, SOFT_HYPHEN) else ""


def _settle(w: Words, strange: Sequence[int]) -> None:
    """Give the words that hold strange characters their canonical text; words of which nothing is left leave their line."""
    for n in {bisect_right(w.at, place) - 1 for place in strange}:
        token = w.text[n]
        w.text[n] = normalise(token[:-1] + "-" if token[-1] in HYPHENS else token)
    if not all(w.text):
        kept = ([n for n in line if w.text[n]] for line in w.lines)
        w.lines = [line for line in kept if line]


class Boxes:
    """Asks a text page for the boxes of words, by the characters they begin and end with."""

    def __init__(self, textpage: Any, frame: Frame) -> None:
        self.textpage = textpage
        self.frame = frame
        self.numbers = [ctypes.c_double() for _ in range(4)]
        self.by_numbers = [ctypes.byref(n) for n in self.numbers]
        self.uneven: list[int] = []
        """Words whose last letter stands higher than their first."""

    def ask(self, w: Words) -> None:
        """All words of a page at once."""
        frame, count = self.frame, len(w.at)
        letters = [0] * (2 * count)
        letters[0::2] = w.at
        letters[1::2] = [end - 1 for end in w.end]
        memory, addresses = places(4, ROOM)
        found = array("f")
        for start in range(0, 2 * count, ROOM):
            part = letters[start : start + ROOM]
            deque(map(quick("FPDFText_GetLooseCharBox"), repeat(self.textpage), part, addresses), 0)
            found.frombytes(memoryview(memory).cast("B")[: 16 * len(part)])
        # Left, top, right and bottom of each word's first letter, then of its last.
        numbers: Any = memoryview(found)
        w.x0, w.x1, tops, bottoms = (numbers[n::8].tolist() for n in (0, 6, 1, 3))
        if frame.left:
            w.x0, w.x1 = [x - frame.left for x in w.x0], [x - frame.left for x in w.x1]
        w.top = [frame.top - y for y in tops]
        w.bottom = [frame.top - y for y in bottoms]
        ends = numbers[7::8].tolist()
        slant = 0.0 if ends == bottoms else max(map(abs, map(sub, bottoms, ends)))
        if slant > 0.5:
            self.uneven = [n for n, (low, end) in enumerate(zip(bottoms, ends, strict=True)) if end - low > 0.5]
        if frame.turn or not self.sensible(w, slant):
            self.repair(w, letters, numbers)

    @staticmethod
    def sensible(w: Words, slant: float) -> bool:
        """Whether all boxes of a page make sense: finite, on paper, neither empty nor slanted."""
        if not w.x0:
            return True
        finite = isfinite(sum(w.x0) + sum(w.x1) + sum(w.top) + sum(w.bottom) + slant)
        if not finite or min(*w.x0, *w.top, 0.0) < -FAR or max(*w.x1, *w.bottom, 0.0) > FAR:
            return False
        low = min(map(sub, w.bottom, w.top))
        return bool(low > 0.5 and slant < low and min(map(sub, w.x1, w.x0)) >= 0)

    def repair(self, w: Words, letters: list[int], numbers: Sequence[float]) -> None:
        """Take the long way for the words whose boxes make no sense."""
        for n in range(len(w.at)):
            box = (w.x0[n], w.x1[n], w.top[n], w.bottom[n], numbers[8 * n + 7])
            size = w.bottom[n] - w.top[n]
            fine = all(-FAR < value < FAR for value in box) and size > 0.5 and w.x0[n] <= w.x1[n]
            if self.frame.turn or not fine or abs(numbers[8 * n + 3] - numbers[8 * n + 7]) >= size:
                w.x0[n], w.x1[n], w.top[n], w.bottom[n] = self.turned(letters[2 * n], letters[2 * n + 1])
                angle = pdfium.FPDFText_GetCharAngle(self.textpage, letters[2 * n]) + self.frame.turn * pi / 2
                if cos(angle) < 0.99:
                    w.turned.add(n)

    def turned(self, first: int, last: int) -> tuple[float, float, float, float]:
        """x0, x1, top and bottom on turned pages, of turned words and of fonts without measures: by tight boxes."""
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
        return min(xs), max(xs), top, bottom


def _sane(number: float) -> float:
    """A number that may stand on paper."""
    return number if -FAR < number < FAR else 0.0


def _mark_words(w: Words, textpage: Any) -> None:
    """The marked-content id of each word: of each line's first and last word, of all only where these differ in their object."""
    object_at = quick("FPDFText_GetTextObject", Address)
    ask = quick("FPDFPageObj_GetMarkedContentID")
    marks: dict[int | None, int] = {None: -1}
    w.mark = [-1] * len(w.at)
    for line in w.lines:
        first, last = line[0], line[-1]
        item = object_at(textpage, w.at[first])
        if (key := item.value) not in marks:
            marks[key] = ask(item)
        if first == last or object_at(textpage, w.at[last]).value == key:
            w.mark[first : last + 1] = [marks[key]] * (last + 1 - first)
            continue
        for n in line:
            item = object_at(textpage, w.at[n])
            if (key := item.value) not in marks:
                marks[key] = ask(item)
            w.mark[n] = marks[key]


def _nameless(textpage: Any, raw: str, strange: Sequence[int]) -> float:
    """The share of a page's letters whose font does not say what they are: they stand as control characters in its text."""
    doubtful = [place for place in strange if raw[place] < " " and raw[place] not in "\n\t"]
    lost = sum(pdfium.FPDFText_HasUnicodeMapError(textpage, place) == 1 for place in doubtful)
    return lost / max(1, sum(c > " " for c in raw) + sum(c < " " and c not in "\n\t" for c in raw)) if lost else 0.0


def words_of(textpage: Any, frame: Frame, marked: bool) -> Words:
    """The words of a page."""
    raw = raw_text(textpage).replace("\r\n", "\n\n").replace("\r", "\n")
    strange = list(strange_places(raw))
    nameless = _nameless(textpage, raw, strange) if strange else 0.0
    for space in {raw[place] for place in strange} & SPACES:
        raw = raw.replace(space, " ")
    w = _cut_at_hyphens(raw) if HYPHENS[0] in raw or HYPHENS[1] in raw else _cut_words(raw)
    w.nameless = nameless
    _tell_ends(w, raw)
    if strange and w.text:
        _settle(w, strange)
    boxes = Boxes(textpage, frame)
    boxes.ask(w)
    for n in boxes.uneven:
        if n not in w.turned:
            _raise_tail(w, boxes, n)
    if any(sign in raw for sign in ACCENTS):
        join_accents(w)
    if marked:
        _mark_words(w, textpage)
    return w


def _raise_tail(w: Words, boxes: Boxes, n: int) -> None:
    """Write the small raised digits at the end of a word as such: ``0001`` is ``000¹`` where a note's number stands behind it."""
    text = w.text[n]
    if len(text) != w.end[n] - w.at[n] or not text[-1].isdigit():
        return
    _, (at_box, *_) = places(4, 1)
    box, _ = places(4, 1)
    ask = quick("FPDFText_GetLooseCharBox")
    heights = []
    for place in range(w.at[n], w.end[n]):
        heights.append((box[1] - box[3], box[3]) if ask(boxes.textpage, place, at_box) else (0.0, 0.0))
    size, base = heights[0]
    k = len(text)
    while k > 1 and text[k - 1].isdigit() and abs(heights[k - 1][0]) < 0.85 * abs(size) and heights[k - 1][1] > base + 0.5:
        k -= 1
    if 0 < len(text) - k < 3 and not text[:k].endswith(UNITS):
        w.text[n] = text[:k] + text[k:].translate(SUPERSCRIPTS)


ACCENTS = {"¨": "\u0308", "´": "\u0301", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c"}
"""Accents that stand as letters of their own, and as parts of one."""


@cache
def _accented() -> regex.Pattern[str]:
    """A letter with its accent behind it; the ring belongs to å alone."""
    return regex.compile(
        r"(?P<letter>[aouAOUeEszSZ]) ?(?P<sign>[¨´ˇ])|(?P<letter>[aA]) ?(?P<sign>˚)|(?P<letter>[oOuU])(?P<sign>˝)"
    )


def join_accents(w: Words) -> None:
    """Make letters of letters and their accents, which some fonts draw one by one: ``Tyo¨`` is ``Työ``."""
    for at, line in enumerate(w.lines):
        words = list(line)
        if not any(sign in w.text[n] for n in words for sign in ACCENTS):
            continue
        kept: list[int] = []
        for n in words:
            if kept and w.text[kept[-1]][-1] in ACCENTS and w.x0[n] - w.x1[kept[-1]] < 0.2 * (w.bottom[n] - w.top[n]):
                last = kept[-1]  # the accent hides the letter's own width: a gap that is none
                w.text[last] += w.text[n]
                w.x1[last], w.end[last], w.after[last] = w.x1[n], w.end[n], w.after[n]
            else:
                kept.append(n)
        for n in kept:
            w.text[n] = _accented().sub(lambda m: normalise(m["letter"] + ACCENTS[m["sign"]]), w.text[n])
        w.lines[at] = kept


def turned_by(w: Words, textpage: Any) -> int | None:
    """The turn of a page, in right angles, by which most of its text would run from left to right; None where it does."""
    if len(w.turned) < 0.6 * len(w.at):
        return None
    angles: dict[int, int] = {}
    for n in list(w.turned)[:200]:
        angle = pdfium.FPDFText_GetCharAngle(textpage, w.at[n])
        quarter = round(angle / (pi / 2)) % 4
        if abs(angle / (pi / 2) - round(angle / (pi / 2))) < 0.1:
            angles[quarter] = angles.get(quarter, 0) + 1
    return -max(angles, key=lambda quarter: angles[quarter]) % 4 if angles else None


def cut_at_edge(w: Words, boxes: Boxes, n: int, grid: Grid) -> int | None:
    """Cut a word at the first cell edge that it runs over, and give what is beyond as a new word.

    pdfium takes two words for one where they nearly touch.
    """
    y = (w.top[n] + w.bottom[n]) / 2
    first = grid.at(w.x0[n] + 1.0, y)
    if len(w.text[n]) != w.end[n] - w.at[n]:
        return None  # characters were dropped: which letter is whose is not known
    for at in range(w.at[n] + 1, w.end[n]):
        x0, x1, *_ = boxes.turned(at, at)
        if grid.at((x0 + x1) / 2, y) != first:
            if w.end[n] - at < 3 and not _apart(w, boxes, at):
                return None  # the last letters of a word that finds no room in its cell
            k = at - w.at[n]
            new = (w.text[n][k:], x0, w.x1[n], w.top[n], w.bottom[n], w.after[n], at, w.end[n])
            w.text[n], w.x1[n], w.end[n], w.after[n] = w.text[n][:k], x0, at, ""
            columns: tuple[list[Any], ...] = (w.text, w.x0, w.x1, w.top, w.bottom, w.after, w.at, w.end)
            for column, value in zip(columns, new, strict=True):
                column.append(value)
            return len(w.text) - 1
    return None


def _apart(w: Words, boxes: Boxes, at: int) -> bool:
    """Whether a letter stands a little away from the one before it."""
    left, right = boxes.turned(at - 1, at - 1), boxes.turned(at, at)
    return right[0] - left[1] > 0.12 * (left[3] - left[2])


def dress(w: Words, textpage: Any, rows: list[Row]) -> None:
    """Size and weight of each row, asked of its first letter; and how wide that is, where the row before may end in a word."""
    name, flags, (box, (at_box,)) = ctypes.create_string_buffer(128), ctypes.c_int(), places(4, 1)
    by_flags, room = ctypes.byref(flags), ctypes.c_ulong(128)
    font_of = quick("FPDFText_GetFontInfo", ctypes.c_ulong)
    size_of = quick("FPDFText_GetFontSize", ctypes.c_double)
    box_of = quick("FPDFText_GetLooseCharBox")
    generated = quick("FPDFText_IsGenerated")
    sizes: dict[tuple[bytes, int], float] = {}
    after: str | None = " "
    for row in rows:
        at = w.at[row.words[0]]
        row.led = row.words[0] in w.led
        if row.after is None:
            # Another cell follows on the line of the raw text: its space counts only if it is printed.
            row.after = "" if generated(textpage, w.end[row.words[-1]]) else " "
        if after != " " and box_of(textpage, at, at_box):
            row.letter = abs(box[2] - box[0])
        after = row.after
        font = name.value if 0 < font_of(textpage, at, name, room, by_flags) <= 128 else b""
        row.bold = bool(flags.value & FORCE_BOLD) or _is_bold(font)
        if (look := (font, int(8 * row.size))) not in sizes:
            size = size_of(textpage, at)
            # A font may also be scaled by the page's matrix: then only the height of its letters tells.
            sizes[look] = size if row.size / 2.5 < size < row.size * 1.5 else row.size / 1.2
        row.size = sizes[look]


@lru_cache(512)
def _is_bold(name: bytes) -> bool:
    return any(word in name.lower() for word in (b"bold", b"black", b"heavy"))
