"""The pages of a PDF as images, and on them the boxes of the record's values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from poytakirja.read.ocr.tesseract import Engine
from poytakirja.read.pdf import character_boxes as places
from poytakirja.read.pdf.character_boxes import Box, Letters, PlacedPage
from poytakirja.report.record import Value
from poytakirja.report.rows import Row

WIDTH = 1000
"""Pixels across a page: two for each that it takes on most screens."""
MOST_PIXELS = 4_000_000
"""A page of an odd shape is drawn smaller, so that it takes no more."""
COLOURS = 16
"""Enough for print: a quarter of the bytes of full colour."""
GREY = 12
"""Where the shares of red, green and blue differ by no more anywhere on a page, it has no colour."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a page, in per cent of its width and height, of the values that stand there; ``first`` is the one to go to."""

    here: tuple[Value, ...]
    left: float
    top: float
    width: float
    height: float
    exact: bool
    first: bool

    @property
    def breadth(self) -> tuple[bool, int]:
        """What to draw below what: by how many letters it marks, those that show only while chosen last."""
        value = self.here[0]
        return value.wide, (value.end or 0) - (value.start or 0)


@dataclass(slots=True)
class Picture:
    """A page's image by its place in the report, its size in pixels, and the marks, the widest first."""

    path: str
    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)


def pictures(
    data: bytes,
    pages: Sequence[Row],
    values: Sequence[Value],
    folder: Path,
    hidden: Collection[int],
    engine: Engine | None = None,
) -> tuple[dict[int, Picture], dict[int, str]]:
    """Draw the pages into a folder; gives the pictures by page, and of the pages without one why (a key of labels).

    ``pages`` are the run's rows, ``engine`` is what recognises scanned ones. A page whose text is now another is not drawn, nor
    one that is to be ``hidden``.
    Raises ReadError where the PDF cannot be read.
    """
    _, placed = places.pages(data, engine)
    folder.mkdir(parents=True, exist_ok=True)
    drawn: dict[int, Picture] = {}
    seen: set[int] = set()
    why: dict[int, str] = {}
    with closing(pypdfium2.PdfDocument(data)) as pdf:
        for row in pages:
            number = row["page_no"]
            page = placed.get(number)
            if number in hidden or (page is not None and page.hides):
                why[number] = "shown.masked_page"
            elif page is None or page.text != row["text"]:
                why[number] = "shown.other_text"
            else:
                try:
                    drawn[number] = _draw(pdf, page, row["char_start"] - page.start, values, folder, seen)
                except pypdfium2.PdfiumError:
                    why[number] = "shown.broken_page"
    return drawn, why


def _draw(pdf: Any, placed: PlacedPage, shift: int, values: Sequence[Value], folder: Path, seen: set[int]) -> Picture:
    """One page. ``shift`` is how far the run's text is ahead of the text as it is read now, ``seen`` the values marked before."""
    with closing(pdf[placed.number - 1]) as page:
        width, height = page.get_size()
        scale = min(WIDTH / width, (MOST_PIXELS / (width * height)) ** 0.5)
        image = page.render(scale=scale).to_pil()
        path = folder / f"{placed.number}.png"
        _few_colours(image.convert("RGB")).save(path, bits=4)
        picture = Picture(f"{folder.name}/{path.name}", image.width, image.height)
        with closing(page.get_textpage()) as textpage:
            letters = Letters(placed, page.raw, textpage.raw)
            found = _marks(letters, placed, shift, values, seen)
            picture.marks = sorted(found, key=lambda mark: mark.breadth, reverse=True)
    return picture


def _few_colours(image: Image.Image) -> Image.Image:
    """A page in few colours; print without colour goes the quick way, by its greys."""
    red, green, blue = image.split()
    if any(sum(ImageChops.difference(green, other).histogram()[GREY + 1 :]) for other in (red, blue)):
        return image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    greys = green.point([(shade * (COLOURS - 1) + 127) // 255 for shade in range(256)])
    greys.putpalette([shade * 255 // (COLOURS - 1) for shade in range(COLOURS) for _ in range(3)])
    return greys


def _marks(letters: Letters, page: PlacedPage, shift: int, values: Sequence[Value], seen: set[int]) -> Iterator[Mark]:
    """The boxes of the values that stand on a page."""
    end = page.start + len(page.text)
    across, down = 100 / (page.width or 1.0), 100 / (page.height or 1.0)
    by_span: dict[tuple[int, int], list[Value]] = defaultdict(list)
    for value in values:
        if value.start is not None and value.end is not None:
            by_span[max(page.start, value.start - shift), min(end, value.end - shift)].append(value)
    for (start, stop), same in by_span.items():
        here = sorted(same, key=lambda value: value.kind == "field")  # a sum or a period rather than what it tells besides
        for whole in letters.boxes(start, stop) if start < stop else ():
            box = _cut(whole, page)
            if box.x0 >= box.x1 or box.top >= box.bottom:
                continue  # printed beside the paper
            yield Mark(
                tuple(here), round(box.x0 * across, 3), round(box.top * down, 3), round((box.x1 - box.x0) * across, 3),
                round((box.bottom - box.top) * down, 3), box.exact, here[0].number not in seen,
            )  # fmt: skip
            seen.add(here[0].number)


def _cut(box: Box, page: PlacedPage) -> Box:
    """A box without what lies beyond the edges of its page."""
    return Box(max(0.0, box.x0), max(0.0, box.top), min(page.width, box.x1), min(page.height, box.bottom), box.exact)
