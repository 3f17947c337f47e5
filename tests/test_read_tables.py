"""Tables of printed pages: cells, rows over page breaks, values broken by narrow columns."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from poytakirja.document import Document
from poytakirja.read import document
from poytakirja.read import line_joins as joints
from poytakirja.read.normalise import normalise
from poytakirja.read.pdf.rows import Piece, Row

MINUTES = Path(__file__).resolve().parents[1].parent / "shared" / "minutes"
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=9, leading=11)
RULED = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])


def printed(tmp_path: Path, *story: Flowable) -> Document:
    """A PDF of flowables, read."""
    path = tmp_path / "a.pdf"
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(list(story))
    return document(path)


def ruled(rows: list[list[str]], widths: list[float], style: TableStyle = RULED, **options: int) -> Table:
    return Table([[Paragraph(text, CELL) for text in row] for row in rows], widths, style=style, **options)


def rows_of(doc: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in table.rows()] for table in doc.tables]


PROJECTS = [
    ["<b>Hanke</b>", "<b>Rahoittaja</b>", "<b>Avustus</b>"],
    ["Lukuinto kouluihin ja päiväkoteihin", "OKM / perusopetus", "12 500 €"],
    ["Silta työhön", "ESR", "148 300 €"],
]


def test_ruled_cells_stand_together_row_by_row(tmp_path: Path) -> None:
    doc = printed(tmp_path, Paragraph("Ennen taulukkoa."), ruled(PROJECTS, [90, 70, 70]), Paragraph("Sen jälkeen."))
    assert rows_of(doc) == [[[normalise(text.replace("<b>", "").replace("</b>", "")) for text in row] for row in PROJECTS]]
    assert [line.text for line in doc.lines[4:7]] == ["Lukuinto kouluihin", "ja päiväkoteihin", "OKM /"]
    assert [line.table for line in doc.lines] == [None, *[0] * (len(doc.lines) - 2), None]
    cells = doc.tables[0].cells
    assert [cell.is_header for cell in cells] == [True] * 3 + [False] * 6
    for cell in cells:
        assert doc.text[cell.start : cell.end].replace("\n", " ") == cell.text


def test_merged_cells_keep_their_columns(tmp_path: Path) -> None:
    style = TableStyle([*RULED.getCommands(), ("SPAN", (0, 1), (2, 1))])
    rows = [["Hanke", "Aika", "Summa"], ["Käynnissä olevat", "", ""], ["Silta", "2024", "5 €"]]
    assert rows_of(printed(tmp_path, ruled(rows, [90, 70, 70], style))) == [rows]


def test_a_lone_box_and_a_frame_are_no_tables(tmp_path: Path) -> None:
    doc = printed(tmp_path, ruled([["Huomautus kehyksessä"]], [200]), Spacer(1, 20), ruled([["Esittelijä", "Maija"]], [90, 90]))
    assert doc.tables == []
    assert [line.text for line in doc.lines] == ["Huomautus kehyksessä", "Esittelijä", "Maija"]


def test_a_table_over_a_page_break_is_one_and_its_head_stands_once(tmp_path: Path) -> None:
    rows = [["Hanke", "Summa"], *([f"Hanke {n * n}", f"{n} 000 €"] for n in range(1, 60))]
    doc = printed(tmp_path, ruled(rows, [200, 100], repeatRows=1))
    assert len(doc.pages) > 1
    assert rows_of(doc) == [rows]
    assert doc.text.count("Hanke\n") == len(doc.pages)


def test_a_row_over_a_page_break_is_one_row(tmp_path: Path) -> None:
    """The lines of the row are open where the page ends."""
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for page, ys, texts in ((0, (200, 150, 60), ("Hanke", "Kuvaus")), (1, (780, 740, 700), ("Toinen", "Muu kuvaus"))):
        top, middle, bottom = ys
        for x in (60, 160, 400):
            canvas.line(x, top, x, bottom)
        for y in (top, middle) if page == 0 else (middle, bottom):
            canvas.line(60, y, 400, y)
        canvas.drawString(65, top - 15 if page == 0 else bottom + 15, texts[0])
        canvas.drawString(165, top - 15 if page == 0 else bottom + 15, texts[1])
        if page == 0:
            canvas.drawString(65, 130, "Silta")
            canvas.drawString(165, 70, "jossa nuoret")
        else:
            canvas.drawString(165, 765, "löytävät työn")
        canvas.showPage()
    canvas.save()
    doc = document(path)
    assert rows_of(doc) == [[["Hanke", "Kuvaus"], ["Silta", "jossa nuoret löytävät työn"], ["Toinen", "Muu kuvaus"]]]
    cell = doc.tables[0].rows()[1][1]
    assert (doc.page_of(cell.start), doc.page_of(cell.end - 1)) == (1, 2)


def test_words_that_nearly_touch_are_cut_at_the_cells_edge(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for x in (100, 128, 156, 184):
        canvas.line(x, 710, x, 680)
    for y in (710, 695, 680):
        canvas.line(100, y, 184, y)
        for x in (128, 156, 184) if y < 710 else ():
            canvas.drawRightString(x - 0.1, y + 4, "12345")
    canvas.save()
    assert rows_of(document(path)) == [[["12345"] * 3] * 2]


@pytest.mark.parametrize(
    ("left", "rest", "habit", "room", "joined"),
    [
        ("1.1.20", "25-31", "kept", False, True),
        ("85.80", "0 €", "kept", False, True),
        ("Kokonaisbu", "djetti", "kept", False, True),
        ("Kokonaisbu", "djetti", "kept", True, False),  # the author ended the row: there was room for more
        ("avustukset", "15.3.2025", "kept", False, False),
        ("Kulttuurikuum", "e Kainuussa", "anywhere", False, True),
        ("Pohjois-Suomen", "AVI", "anywhere", False, False),
        ("1.1.2016-31.12.", "2017", "anywhere", False, True),
        ("31.12.2016", "1.1.2017", "anywhere", False, False),
        ("398 7", "60 €", "anywhere", False, True),
        ("uuteen", "käyttöön", "between", False, False),
        ("yritystilat uuteen", "osa", "between", False, False),
        ("kulttuuriminister", "iö", "between", False, True),
        ("opetustoimi", "ja muut", "between", False, False),
    ],
)
def test_a_token_broken_by_a_narrow_column(left: str, rest: str, habit: joints.Habit, room: bool, joined: bool) -> None:
    row = Row([Piece(left, 0, 50)], 0, 10, size=10)
    following = Row([Piece(rest, 0, 40)], 12, 22, head=20, letter=5, size=10)
    assert joints._breaks(row, following, 60 if room else 52, habit) is joined


# ---------------------------------------------------------------- real minutes


def minutes() -> list[Path]:
    return sorted(MINUTES.glob("*.pdf"))


needs_minutes = pytest.mark.skipif(not minutes(), reason="../shared/minutes is not here: real minutes are NOT tested")


def letters(text: str) -> Counter[str]:
    return Counter("".join(normalise(text).split()))


def raw_letters(path: Path) -> list[Counter[str]]:
    """What pdfium itself finds on each page."""
    from poytakirja.read.pdf import document as pdf  # noqa: PLC0415
    from poytakirja.read.pdf import words  # noqa: PLC0415

    counts = []
    with pdf._opened(path.read_bytes()) as handle:
        for index in range(pdf.pdfium.FPDF_GetPageCount(handle)):
            page = pdf.pdfium.FPDF_LoadPage(handle, index)
            textpage = pdf.pdfium.FPDFText_LoadPage(page)
            counts.append(letters(words.raw_text(textpage)))
            pdf.pdfium.FPDFText_ClosePage(textpage)
            pdf.pdfium.FPDF_ClosePage(page)
    return counts


@needs_minutes
@pytest.mark.parametrize("structure", [True, False])
@pytest.mark.parametrize("path", minutes()[::4], ids=lambda path: path.stem)
def test_every_character_stands_in_the_text_exactly_once(path: Path, structure: bool) -> None:
    doc = document(path, structure=structure)
    assert [letters(page.text) for page in doc.pages] == raw_letters(path)
    assert doc.reader == ("pdf_tagged" if structure else "pdf")
    for line in doc.lines:
        assert doc.text[line.start : line.end] == line.text
    for table in doc.tables:
        for cell in table.cells:
            if doc.page_of(cell.start) == doc.page_of(max(cell.start, cell.end - 1)):
                assert letters(doc.text[cell.start : cell.end]) == letters(cell.text)


@needs_minutes
def test_headers_are_found_on_every_page_and_nothing_else() -> None:
    for path in minutes()[::4]:
        doc = document(path)
        for page in doc.pages:
            frame = [line.text for line in doc.lines if line.page_no == page.number and line.role != "body"]
            assert len(frame) == 2, (path.stem, page.number, frame)
            assert frame[0].split()[-2] == str(page.number)


def folded(cells: list[str]) -> str:
    """The cells of a row as the truth is compared: dashes and white space alike, empty cells left out."""
    alike = (re.sub(r"\s*-\s*", "-", re.sub(r"[\u2010-\u2015\u2212]", "-", normalise(cell))) for cell in cells)
    return " | ".join(text.casefold() for cell in alike if (text := " ".join(cell.split()).strip(" .,;:")))


@needs_minutes
@pytest.mark.parametrize(("structure", "floor"), [(True, 0.985), (False, 0.97)])
def test_table_rows_of_real_minutes(structure: bool, floor: float) -> None:
    """Rows of tables with more than one row and column, against the truth of all agenda items."""
    hits = found = true = 0
    for path in minutes():
        items = json.loads(path.with_suffix(".json").read_text())["items"]
        tables = [table for item in items for table in item["tables"] if len(table) > 1]
        truth = {folded(row) for table in tables for row in table if len(row) > 1} - {""}
        rows = rows_of(document(path, structure=structure))
        got = {folded(row) for table in rows for row in table} - {""}
        hits, found, true = hits + len(truth & got), found + len(got), true + len(truth)
    assert 2 * hits / (found + true) >= floor
