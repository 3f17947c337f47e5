"""Where on the page a stretch of the canonical text is printed: the PDF read again, its letters looked up.

Each letter of a word has its own box, but in a word whose letters the reader joined or parted (a ligature): there the whole word
stands for its part. Where the words of a line are not to be told, the whole line does. Such a box is not ``exact``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from poytakirja.document import Document, Line
from poytakirja.read.normalise import normalise
from poytakirja.read.ocr.tesseract import Engine
from poytakirja.read.pdf.reader import with_words
from poytakirja.read.pdf.rows import Words
from poytakirja.read.pdf.words import HYPHENS, Boxes, frame_of, raw_text
from poytakirja.rules.layout import identity_codes

SAME_ROW = 0.5
"""Boxes that share so much of their height stand in one row."""
APART = 1.5
"""Words of one row that stand farther apart than so many heights of theirs are boxed one by one: a column ends between them."""


class Box(NamedTuple):
    """A rectangle on a page, in points from the top left corner of what is seen."""

    x0: float
    top: float
    x1: float
    bottom: float
    exact: bool = True


class Word(NamedTuple):
    """A word at its place in the canonical text, and its letters on the page; none where the page has none of its own."""

    start: int
    end: int
    box: Box
    letters: range = range(0)


@dataclass(slots=True)
class PlacedPage:
    """A page: its canonical text and where that begins, its size in points, and its words in the order of the text.

    ``hides`` says that words are printed on it which the text does not hold: an identity code was masked.
    """

    number: int
    start: int
    text: str
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    hides: bool = False

    def between(self, start: int, end: int) -> list[Word]:
        """The words that stand, wholly or in part, in ``[start, end)`` of the canonical text."""
        first = max(0, bisect_right(self.words, start, key=lambda word: word.start) - 1)
        last = bisect_right(self.words, end - 1, key=lambda word: word.start)
        return [word for word in self.words[first:last] if word.end > start]


class Letters:
    """The letters of an open page of pdfium, ``page`` and ``textpage`` being its handles."""

    def __init__(self, placed: PlacedPage, page: Any, textpage: Any) -> None:
        self.placed = placed
        self._textpage = textpage
        self._boxes = Boxes(textpage, frame_of(page))

    def boxes(self, start: int, end: int) -> list[Box]:
        """The boxes that cover ``[start, end)`` of the canonical text: one for each row of it, or for each column in a row."""
        words = self.placed.between(start, end)
        return list(_joined(self._part(word, max(start, word.start), min(end, word.end)) for word in words))

    def _part(self, word: Word, start: int, end: int) -> Box:
        if (start, end) == (word.start, word.end):
            return word.box
        letters = self._seen(word)
        if len(letters) != word.end - word.start:
            return word.box._replace(exact=False)
        x0, x1, top, bottom = self._boxes.turned(letters[start - word.start], letters[end - 1 - word.start])
        return Box(x0, top, x1, bottom)

    def _seen(self, word: Word) -> Sequence[int]:
        """The letters of a word that stand in the canonical text: those dropped as unseen have none there."""
        if len(word.letters) == word.end - word.start:
            return word.letters
        return [n for n in word.letters if self._raw[n] in HYPHENS or len(normalise(self._raw[n])) == 1]

    @cached_property
    def _raw(self) -> str:
        return raw_text(self._textpage)


def _joined(boxes: Iterable[Box]) -> Iterator[Box]:
    """Boxes that follow one another in a row, as one."""
    last: Box | None = None
    for box in boxes:
        if last is None:
            last = box
        elif _follows(last, box):
            tops, ends = (last.top, box.top), (last.bottom, box.bottom)
            last = Box(min(last.x0, box.x0), min(tops), max(last.x1, box.x1), max(ends), last.exact and box.exact)
        else:
            yield last
            last = box
    if last is not None:
        yield last


def _follows(a: Box, b: Box) -> bool:
    low = min(a.bottom - a.top, b.bottom - b.top)
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared >= SAME_ROW * low and -low < b.x0 - a.x1 < APART * low


def pages(data: bytes, engine: Engine | None = None) -> tuple[Document, dict[int, PlacedPage]]:
    """A PDF read again, its scanned pages by an engine, and its pages by number.

    Raises ReadError where it cannot be read.
    """
    document, sheets, words = with_words(data, engine)
    placed = {p.number: PlacedPage(p.number, p.start, p.text, p.width, p.height) for p in document.pages}
    rows = [row for sheet in sheets for row in sheet.rows if row.pieces]
    for row, line in zip(rows, document.lines, strict=True):
        _place(placed[line.page_no], line, row.words, words.get(line.page_no))
    return document, placed


def _place(page: PlacedPage, line: Line, indices: Sequence[int], words: Words | None) -> None:
    """Find the words of a line, each in its text in turn, under a mask too; the line itself where they do not make it up."""
    found: list[Word] = []
    rest = line.text
    for n in indices:
        assert words is not None  # rows have indices only where the page's words were kept
        text = words.text[n]
        rest = rest.lstrip()
        if (read := rest[: len(text)]) != text:
            page.hides = True
            if not _masks(read, text):
                break
        start = line.end - len(rest)
        box = Box(words.x0[n], words.top[n], words.x1[n], words.bottom[n])
        found.append(Word(start, start + len(text), box, range(words.at[n], words.end[n])))
        rest = rest[len(text) :]
    if rest:
        found = [Word(line.start, line.end, Box(line.x0, line.top, line.x1, line.bottom, exact=False))]
    page.words += found


def _masks(read: str, printed: str) -> bool:
    """Whether a word as read is the printed one under a mask, which is as long."""
    return len(read) == len(printed) and all(
        a == b or a in (identity_codes.MASK, "-") for a, b in zip(read, printed, strict=True)
    )
