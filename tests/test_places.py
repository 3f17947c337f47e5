"""Places on the page: the letters within a value's boxes, as another reader sees them, are the value's."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from PIL import ImageDraw, ImageOps
from reportlab.pdfgen.canvas import Canvas

from poytakirja import extract_document
from poytakirja.read.normalise import normalise
from poytakirja.read.pdf import character_boxes as places
from poytakirja.read.pdf.character_boxes import Box, Letters, PlacedPage
from poytakirja.records import Extraction

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared" / "minutes"
PDFS = sorted((ROOT / "samples").glob("*.pdf"))[::2]
INK = 140


def spans(extraction: Extraction) -> Iterator[tuple[int, int]]:
    """Where every value of a document stands."""
    facts = [*extraction.persons, *extraction.meeting.evidence, *(e for item in extraction.items for e in item.evidence)]
    for project in extraction.projects:
        facts += [*project.evidence, *project.amounts, *project.periods, *project.persons, *project.organisations]
    for fact in facts:
        if fact.start < fact.end:
            yield fact.start, fact.end


def boxes(data: bytes, wanted: list[tuple[int, int]]) -> Iterator[tuple[PlacedPage, int, int, list[Box]]]:
    """The boxes of stretches of text, page by page."""
    _, pages = places.pages(data)
    with closing(pypdfium2.PdfDocument(data)) as pdf:
        for page in pages.values():
            handle = pdf[page.number - 1]
            textpage = handle.get_textpage()
            letters = Letters(page, handle.raw, textpage.raw)
            for start, end in wanted:
                a, b = max(start, page.start), min(end, page.start + len(page.text))
                if a < b:
                    yield page, a, b, letters.boxes(a, b)


def bare(text: str) -> str:
    return "".join(sorted(c for c in normalise(text) if not c.isspace()))


def seen_by_pdfplumber(plumbed: pdfplumber.page.Page) -> Iterator[tuple[str, float, float]]:
    """The letters of a page with their middles. It takes the euro sign of the standard fonts for one without width:
    set right, by the width that it has in pdfium's font."""
    shift, before = 0.0, None
    for char in plumbed.chars:
        if before is None or abs(char["x0"] - before["x1"]) > 0.01 or char["top"] != before["top"]:
            shift = 0.0
        width = 0.796 * char["size"] if char["text"] == "€" and char["x1"] == char["x0"] else char["x1"] - char["x0"]
        yield char["text"], char["x0"] + shift + width / 2, (char["top"] + char["bottom"]) / 2
        shift += width - (char["x1"] - char["x0"])
        before = char


def letters_within(plumbed: pdfplumber.page.Page, found: list[Box]) -> str:
    """What pdfplumber sees in boxes: the letters whose middle lies in one."""
    letters = seen_by_pdfplumber(plumbed)
    return "".join(c for c, x, y in letters if any(box.x0 <= x <= box.x1 and box.top <= y <= box.bottom for box in found))


def wrong(path: Path, most: int = 10_000) -> list[tuple[str, str]]:
    """The values whose boxes hold other letters than theirs: as read, and as seen."""
    data = path.read_bytes()
    extraction = extract_document(path)
    wanted = sorted(set(spans(extraction)))[:most]
    assert wanted
    found = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page, start, end, at in boxes(data, wanted):
            read = extraction.document.text[start:end]
            seen = letters_within(pdf.pages[page.number - 1], at)
            if bare(read) != bare(seen) or not all(box.exact for box in at):
                found.append((read, seen))
    return found


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_boxes_hold_the_letters_of_their_values(path: Path) -> None:
    assert wrong(path) == []


def test_and_so_they_do_in_real_minutes() -> None:
    if not REAL.is_dir():
        pytest.skip(f"NOT TESTED ON REAL MINUTES: there is no {REAL}")
    paths = sorted(REAL.glob("*.pdf"), key=lambda path: path.stat().st_size)[:2]
    assert [wrong(path, 150) for path in paths] == [[], []]


# ---------------------------------------------------------------- the image and the boxes


def page_with_words(turn: int, crop: tuple[int, int, int, int] | None) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(700, 500) if turn % 180 else (500, 700))  # reportlab turns the sheet with the page
    canvas.setFont("Helvetica", 14)
    for n, line in enumerate(("Hankkeet 2024", "Silta toihin 1.2.2021-31.3.2022", "kustannusarvio 10 000 euroa")):
        canvas.drawString(120 + 20 * n, 400 - 40 * n, line)
    canvas.setPageRotation(turn)
    if crop:
        canvas.setCropBox(crop)
    canvas.save()
    return made.getvalue()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (60, 80, 450, 650)], ids=["whole", "cropped"])
def test_the_ink_of_the_image_lies_in_the_boxes(turn: int, crop: tuple[int, int, int, int] | None) -> None:
    """However a page is turned and cropped: each word's box has ink, and beside all boxes there is none."""
    data = page_with_words(turn, crop)
    _, pages = places.pages(data)
    page = pages[1]
    with closing(pypdfium2.PdfDocument(data)) as pdf:
        image = pdf[0].render(scale=2).to_pil().convert("L")
    assert len(page.words) == 9
    rest = image.copy()
    for word in page.words:
        corners = [2 * word.box.x0 - 2, 2 * word.box.top - 2, 2 * word.box.x1 + 2, 2 * word.box.bottom + 2]
        assert 0 < corners[0] < corners[2] < image.width
        assert 0 < corners[1] < corners[3] < image.height
        assert image.crop(tuple(map(int, corners))).getextrema()[0] < INK, word
        ImageDraw.Draw(rest).rectangle(corners, fill=255)
    assert ImageOps.invert(rest).getbbox() is None


def test_a_part_of_a_word_with_unseen_letters() -> None:
    """Letters dropped from the text keep their place on the page: those after them are not marked one too early."""
    word = places.Word(10, 14, Box(0, 0, 40, 10), range(3, 8))

    class Asked(Letters):
        def __init__(self, raw: str) -> None:
            self.__dict__["_raw"] = raw

    assert Asked("xxxab\u200bcd")._seen(word) == [3, 4, 6, 7]
    assert len(Asked("xxxab\ufb01cd")._seen(word)) == 4
