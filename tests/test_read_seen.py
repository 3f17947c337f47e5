"""A page as a person sees it: what is drawn over, beside, twice, aslant or not at all; the names are invented."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from reportlab.lib.colors import black, white, yellow
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from poytakirja.document import Document
from poytakirja.read import document
from poytakirja.read.pdf.character_boxes import pages as placed_pages

TEXT = ["Kunnanhallitus päätti avustuksista.", "Silta saa 120 000 euroa kunnalta.", "Polku saa 9 500 euroa kunnalta."]


def pdf(draw: Callable[[Canvas], None]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, A4, invariant=1)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def write(
    canvas: Canvas, lines: list[str] = TEXT, x: float = 60, y: float = 780, mode: int | None = None, size: float = 10
) -> None:
    for n, line in enumerate(lines):
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y - 20 * n, line, mode=mode)


def read(tmp_path: Path, data: bytes) -> Document:
    (tmp_path / "a.pdf").write_bytes(data)
    doc = document(tmp_path / "a.pdf")
    assert all(doc.text[line.start : line.end] == line.text for line in doc.lines)
    again, _ = placed_pages(data)
    assert again.text == doc.text
    return doc


def body(doc: Document) -> list[str]:
    return [line.text for line in doc.lines if line.role == "body"]


# ---------------------------------------------------------------- not seen


def covered(canvas: Canvas, colour: object = black) -> None:
    write(canvas, [*TEXT, "Aino Salo"])
    canvas.setFillColor(colour)
    canvas.rect(55, 716, 80, 14, stroke=0, fill=1)


def on_layer_of_white(canvas: Canvas) -> None:
    write(canvas)
    canvas.setFillColor(white)
    write(canvas, ["Aino Salo"], y=600)


def beyond_the_page(canvas: Canvas) -> None:
    write(canvas)
    write(canvas, ["Aino Salo"], y=-40)


def cut_off(canvas: Canvas) -> None:
    write(canvas)
    path = canvas.beginPath()
    path.rect(300, 300, 100, 100)
    canvas.saveState()
    canvas.clipPath(path, stroke=0, fill=0)
    write(canvas, ["Aino Salo"], y=600)
    canvas.restoreState()


def drawn_in_no_way(canvas: Canvas) -> None:
    write(canvas)
    write(canvas, ["Aino Salo"], y=600, mode=3)


UNSEEN = {
    "under a black box": covered,
    "under a white box": lambda canvas: covered(canvas, white),
    "white on white": on_layer_of_white,
    "beyond the page": beyond_the_page,
    "cut off": cut_off,
    "drawn in no way": drawn_in_no_way,
}


@pytest.mark.parametrize("case", UNSEEN)
def test_what_nobody_sees_is_left_out_and_told_of(tmp_path: Path, case: str) -> None:
    doc = read(tmp_path, pdf(UNSEEN[case]))
    assert body(doc) == TEXT
    (finding,) = doc.findings
    assert (finding.code, "Salo" in finding.message, "page 1" in finding.message) == ("hidden_text", False, True)


def test_a_layer_that_is_off(tmp_path: Path) -> None:
    file = pikepdf.open(io.BytesIO(pdf(lambda canvas: write(canvas, [*TEXT, "Aino Salo"]))))
    page = file.pages[0]
    layer = file.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="luonnos"))
    page.Resources.Properties = pikepdf.Dictionary(L=layer)
    file.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer], Order=[]))
    content = page.Contents.read_bytes()
    at = content.rindex(b"BT")
    page.Contents = file.make_stream(content[:at] + b"/OC /L BDC\n" + content[at:].replace(b"ET", b"ET\nEMC", 1))
    out = io.BytesIO()
    file.save(out)
    doc = read(tmp_path, out.getvalue())
    assert (body(doc), [f.code for f in doc.findings]) == (TEXT, ["hidden_text"])


def marked(canvas: Canvas) -> None:
    canvas.setFillColor(yellow)
    canvas.rect(55, 755, 300, 14, stroke=0, fill=1)
    canvas.setFillColor(black)
    canvas.rect(55, 735, 300, 14, stroke=0, fill=1)
    write(canvas, TEXT[:2])
    canvas.setFillColor(white)
    write(canvas, TEXT[2:], y=739)


def test_a_coloured_ground_hides_nothing(tmp_path: Path) -> None:
    doc = read(tmp_path, pdf(marked))
    assert (body(doc), doc.findings) == (TEXT, [])


# ---------------------------------------------------------------- seen once


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_a_page_drawn_twice_is_read_once(tmp_path: Path, shift: float) -> None:
    def twice(canvas: Canvas) -> None:
        write(canvas, mode=1)
        write(canvas, x=60 + shift, y=780 - shift, mode=0)

    assert body(read(tmp_path, pdf(twice))) == TEXT


def test_recognised_text_over_letters_says_nothing_new(tmp_path: Path) -> None:
    def scanned(canvas: Canvas) -> None:
        write(canvas)
        write(canvas, [line.replace("ä", "a") for line in TEXT], x=61, mode=3)

    doc = read(tmp_path, pdf(scanned))
    assert (body(doc), doc.findings) == (TEXT, [])


def test_recognised_text_alone_is_the_text(tmp_path: Path) -> None:
    assert body(read(tmp_path, pdf(lambda canvas: write(canvas, mode=3)))) == TEXT


# ---------------------------------------------------------------- struck out, watermarks, margins


@pytest.mark.parametrize("thick", [False, True])
def test_struck_out_text_is_left_out(tmp_path: Path, thick: bool) -> None:
    def strike(canvas: Canvas) -> None:
        write(canvas)
        if thick:
            canvas.rect(60, 762.8, 158, 0.8, stroke=0, fill=1)
        else:
            canvas.line(60, 763, 218, 763)

    doc = read(tmp_path, pdf(strike))
    assert (body(doc), [f.code for f in doc.findings]) == ([TEXT[0], TEXT[2]], ["struck_out_text"])


def test_underlined_text_stays(tmp_path: Path) -> None:
    def underline(canvas: Canvas) -> None:
        write(canvas)
        canvas.line(60, 758, 218, 758)

    assert body(read(tmp_path, pdf(underline))) == TEXT


def test_a_watermark_stands_at_the_edge_of_the_page(tmp_path: Path) -> None:
    def stamp(canvas: Canvas) -> None:
        write(canvas, TEXT * 2)
        write(canvas, ["LUONNOS"], x=150, y=735, size=50)

    assert body(read(tmp_path, pdf(stamp))) == TEXT * 2


@pytest.mark.parametrize("step", [1, 5])
def test_numbers_of_lines_are_no_text(tmp_path: Path, step: int) -> None:
    def count(canvas: Canvas) -> None:
        write(canvas, TEXT * 7, x=80)
        for n in range(step, 22, step):
            write(canvas, [str(n)], x=40, y=800 - 20 * n)

    assert body(read(tmp_path, pdf(count))) == TEXT * 7


def test_a_list_of_contents_keeps_its_numbers(tmp_path: Path) -> None:
    def contents(canvas: Canvas) -> None:
        write(canvas)
        for n in range(61, 75):
            write(canvas, [str(n)], x=60, y=1900 - 20 * n)
            write(canvas, ["Hankkeen avustus"], x=110, y=1900 - 20 * n)

    assert [line.split()[0] for line in body(read(tmp_path, pdf(contents)))[3:]] == [str(n) for n in range(61, 75)]


# ---------------------------------------------------------------- turned pages, columns, raised marks


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_whose_text_is_turned_reads_as_if_it_were_not(tmp_path: Path, angle: int) -> None:
    def turn(canvas: Canvas) -> None:
        canvas.translate(300, 420)
        canvas.rotate(angle)
        write(canvas, x=-200, y=100)

    doc = read(tmp_path, pdf(turn))
    assert body(doc) == TEXT
    assert (round(doc.pages[0].width), round(doc.pages[0].height)) == (595, 842)


def test_two_columns_of_a_list_follow_each_other(tmp_path: Path) -> None:
    def columns(canvas: Canvas) -> None:
        write(canvas, ["1) Silta kylälle, 1.1.2023–", "31.12.2024, kustannusarvio", "120 000 euroa."])
        write(canvas, ["2) Polku metsään, kustannus-", "arvio 9 500 euroa, kunnan", "osuus 500 euroa."], x=300)

    assert [line[:2] for line in body(read(tmp_path, pdf(columns)))] == ["1)", "31", "12", "2)", "ar", "os"]


def test_a_list_in_rows_stays_in_rows(tmp_path: Path) -> None:
    def rows(canvas: Canvas) -> None:
        write(canvas, ["1) Silta kylälle", "3) Polku metsään", "5) Lava rantaan"])
        write(canvas, ["2) Tie kylälle", "4) Latu metsään", "6) Laituri rantaan"], x=300)

    assert body(read(tmp_path, pdf(rows)))[0] == "1) Silta kylälle   2) Tie kylälle"


def test_a_raised_mark_is_no_digit_of_the_sum(tmp_path: Path) -> None:
    def note(canvas: Canvas) -> None:
        write(canvas, ["Avustus on 120 000"])
        width = canvas.stringWidth("Avustus on 120 000", "Helvetica", 10)
        write(canvas, ["1"], x=60 + width, y=784, size=6)
        write(canvas, ["euroa."], x=60 + width + 7)

    assert body(read(tmp_path, pdf(note))) == ["Avustus on 120 000¹ euroa."]


def test_accents_drawn_as_letters_of_their_own(tmp_path: Path) -> None:
    assert body(read(tmp_path, pdf(lambda canvas: write(canvas, ["Tyo\u00a8tto\u00a8myyden hoito"])))) == ["Työttömyyden hoito"]


# ---------------------------------------------------------------- what must not be a silent ok


def test_a_cover_of_attached_files_says_what_to_do(tmp_path: Path) -> None:
    file = pikepdf.open(io.BytesIO(pdf(lambda canvas: write(canvas, ["Avaa portfolio."]))))
    file.attachments["minutes.pdf"] = pikepdf.AttachedFileSpec(file, b"%PDF-1.4")
    out = io.BytesIO()
    file.save(out)
    problem = read(tmp_path, out.getvalue()).problem
    assert problem is not None
    assert (problem.code, "1 file" in problem.message) == ("unsupported", True)


def test_letters_without_names_are_told_of(tmp_path: Path) -> None:
    file = pikepdf.open(io.BytesIO(pdf(write)))
    page = file.pages[0]
    for font in page.Resources.Font.values():
        font.Encoding = pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=pikepdf.Array([1, pikepdf.Name("/g97")]))
    page.Contents = file.make_stream(page.Contents.read_bytes().replace(b"a", b"\\001"))
    out = io.BytesIO()
    file.save(out)
    doc = read(tmp_path, out.getvalue())
    assert doc.problem is not None
    assert (doc.problem.code, [f.code for f in doc.findings]) == ("no_text_layer", ["garbled_text"])
