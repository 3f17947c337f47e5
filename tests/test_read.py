"""The reader: bytes to canonical text, rows and roles."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from poytakirja import extract_document
from poytakirja.document import Document
from poytakirja.errors import ReadError
from poytakirja.read import document
from poytakirja.read.pdf import document as pdf
from poytakirja.read.pdf import pdfplumber_fallback as plumber

SAMPLE = "Pöytäkirja 3/2022\r\n\r\n1) Äänekosken hanke   25\u00a0000 €\r\n\tliite\tsivu\n"


def check_offsets(doc: Document) -> None:
    """Every span of a document holds what it says, and nothing of the text is left out."""
    assert doc.text == "".join(page.text for page in doc.pages)
    for page in doc.pages:
        assert doc.text[page.start : page.start + len(page.text)] == page.text
        assert page.text.endswith("\n") or not page.text
    at = 0
    for line in doc.lines:
        assert doc.text[at : line.start].strip() == ""
        assert doc.text[line.start : line.end] == line.text == line.text.strip() != ""
        assert doc.page_of(line.start) == line.page_no
        assert "".join(s.text for s in line.segments).replace(" ", "") == line.text.replace(" ", "")
        for segment in line.segments:
            assert doc.text[segment.start : segment.end] == segment.text
        at = line.end
    assert doc.text[at:].strip() == ""
    for table in doc.tables:
        for cell in table.cells:
            assert "".join(cell.text.split()) == "".join(doc.text[cell.start : cell.end].split()) or cell.start == cell.end


def read_bytes(tmp_path: Path, data: bytes, name: str = "a.txt") -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    doc = document(path)
    check_offsets(doc)
    return doc


def pdf_of(pages: list[list[tuple[float, float, str]]], size: float = 11) -> bytes:
    """A PDF with text at (x, y from the top) on each page."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for x, y, text in page:
            canvas.drawString(x, A4[1] - y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    doc = read_bytes(tmp_path, SAMPLE.encode(encoding))
    assert doc.text == "Pöytäkirja 3/2022\n\n1) Äänekosken hanke   25 000 €\n    liite    sivu\n"
    assert [[s.text for s in line.segments] for line in doc.lines] == [
        ["Pöytäkirja 3/2022"],
        ["1) Äänekosken hanke", "25 000 €"],
        ["liite", "sivu"],
    ]
    assert [line.x0 for line in doc.lines] == [0, 0, 4]
    assert (doc.reader, doc.media_type) == ("text", "text/plain")


def test_a_damaged_letter_spoils_no_other(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, "Pöytäkirja määrärahasta ä".encode()[:-1]).text == "Pöytäkirja määrärahasta \ufffd\n"


def test_a_text_may_speak_of_pdf(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"Liite: %PDF-1.7 tiedosto").reader == "text"
    assert read_bytes(tmp_path, b"roskaa\n" + pdf_of([[(60, 200, "asia")]]), "a.pdf").reader == "pdf"


def test_form_feeds_cut_pages(tmp_path: Path) -> None:
    doc = read_bytes(tmp_path, b"yksi\n\fkaksi\r\n\r\nkolme\n\f\n")
    assert [page.text for page in doc.pages] == ["yksi\n", "kaksi\n\nkolme\n"]
    assert [line.page_no for line in doc.lines] == [1, 2, 2]


def test_soft_hyphen_joins_and_invisible_characters_go(tmp_path: Path) -> None:
    doc = read_bytes(tmp_path, "kun\u00adta\u200b on kehittä\u00ad\nminen 9.652,\u200b10\n".encode())
    assert doc.text == "kunta on kehittä\nminen 9.652,10\n"
    assert [line.breaks_word for line in doc.lines] == [True, False]


WORDS = "Työttömyyden hoito, Päätös § 7: Åbo, ÄÄNI 5 000 euroa"
ENCODED = {
    "DOS": WORDS.encode("cp850"),
    "Macintosh": WORDS.encode("mac_roman"),
    "Windows": WORDS.encode("cp1252"),
    "UTF-8 read as Windows and saved": WORDS.encode().decode("cp1252", "replace").encode(),
    "UTF-8 read as Latin-1 and saved": WORDS.encode().decode("latin-1").encode(),
}


@pytest.mark.parametrize("case", ENCODED)
def test_other_encodings_make_words(tmp_path: Path, case: str) -> None:
    assert read_bytes(tmp_path, ENCODED[case]).text.strip() == WORDS


def test_a_sign_of_currency_is_a_euro(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, "Tuki 5 000 €, Äänekoski".encode("iso-8859-15")).text.strip() == "Tuki 5 000 €, Äänekoski"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda t: t.strip()))
def test_any_text_keeps_its_offsets(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    code = None
    try:
        read_bytes(tmp_path_factory.mktemp("any"), text.encode())
    except ReadError as error:
        code = error.code
    assert code in (None, "broken", "empty")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \r\n\t\n", "empty"),
        ("a.txt", "\u200b\ufeff \u00a0".encode(), "empty"),
        ("a.pdf", b"", "empty"),
        ("a.docx", b"PK\x03\x04", "broken"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "unsupported"),
        ("a.rtf", b"{\\rtf1 Kunnanhallitus", "unsupported"),
        ("a.odt", b"PK\x03\x04mimetype", "unsupported"),
        ("a.txt", bytes(range(256)) * 8, "broken"),
        ("a.pdf", b"ei tama ole PDF", "broken"),
        ("a.pdf", b"%PDF-1.7\nrikki", "broken"),
        ("a.pdf", pdf_of([[]]), "no_text_layer"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(tmp_path, data, name)
    assert caught.value.code == code
    assert len(caught.value.message) > 20


def test_missing_folder_and_large(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "putki.txt")
    for path in (tmp_path / "poissa.pdf", tmp_path, tmp_path / "putki.txt", Path("\x00.txt"), tmp_path / ("x" * 300)):
        with pytest.raises(ReadError) as caught:
            document(path)
        assert caught.value.code == "unreadable"
    large = tmp_path / "iso.txt"
    large.write_text("sana " * 100)
    with pytest.raises(ReadError) as caught:
        document(large, max_bytes=100)
    assert caught.value.code == "too_large"


def segments(doc: Document) -> list[list[str]]:
    return [[s.text for s in line.segments] for line in doc.lines]


def roles(doc: Document) -> list[str]:
    return [f"{line.page_no}{line.role[0]} {line.text}" for line in doc.lines]


# ---------------------------------------------------------------- rows of a printed page


def test_rows_and_segments_of_a_page(tmp_path: Path) -> None:
    data = pdf_of([[(60, 200, "Virtanen Maija"), (300, 200, "puheenjohtaja"), (60, 215, "Koskinen Pekka, jäsen")]])
    doc = read_bytes(tmp_path, data, "a.pdf")
    assert segments(doc) == [["Virtanen Maija", "puheenjohtaja"], ["Koskinen Pekka, jäsen"]]
    assert doc.lines[0].text == "Virtanen Maija   puheenjohtaja"
    assert doc.lines[0].x0 == pytest.approx(60, abs=1)
    assert doc.lines[0].size == pytest.approx(11, abs=0.5)
    assert (doc.reader, doc.media_type, doc.problem) == ("pdf", "application/pdf", None)


def test_a_hyphen_at_a_line_end_stays_and_ends_its_row(tmp_path: Path) -> None:
    doc = read_bytes(tmp_path, pdf_of([[(60, 200, "kunnan kehittä-"), (60, 215, "minen jatkuu")]]), "a.pdf")
    assert segments(doc) == [["kunnan kehittä-"], ["minen jatkuu"]]


def test_raised_letters_make_no_row_of_their_own(tmp_path: Path) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for x, y, size, text in ((60, 600, 12, "ala 300 m"), (112.5, 605, 7, "2"), (120, 600, 12, "on"), (60, 580, 12, "toinen")):
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, text)
    canvas.save()
    assert segments(read_bytes(tmp_path, file.getvalue(), "a.pdf")) == [["ala 300 m2 on"], ["toinen"]]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_turned_pages_read_as_they_are_seen(tmp_path: Path, angle: int) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(800, 600))
    canvas.setPageRotation(angle)
    canvas.translate(*{0: (0, 0), 90: (800, 0), 180: (800, 600), 270: (0, 600)}[angle])
    canvas.rotate(angle)
    for n in range(3):
        canvas.drawString(100, 400 - 20 * n, f"rivi {n}")
        canvas.drawString(300, 400 - 20 * n, "sarake")
    canvas.save()
    assert segments(read_bytes(tmp_path, file.getvalue(), "a.pdf")) == [[f"rivi {n}", "sarake"] for n in range(3)]


def test_turned_text_is_one_row_and_disturbs_no_other(tmp_path: Path) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for n in range(6):
        canvas.drawString(100, 700 - 15 * n, f"rivi {n} jatkuu")
    canvas.translate(40, 600)
    canvas.rotate(90)
    canvas.drawString(0, 0, "sähköisesti allekirjoitettu tänään")
    canvas.save()
    rows = [line.text for line in read_bytes(tmp_path, file.getvalue(), "a.pdf").lines]
    assert sorted(rows) == sorted(["sähköisesti allekirjoitettu tänään", *(f"rivi {n} jatkuu" for n in range(6))])


def test_a_label_centred_beside_two_rows_joins_the_first(tmp_path: Path) -> None:
    page = [
        (120, 200, "Avustusten jakaminen yhdistyksille"),
        (60, 207, "§ 12"),
        (120, 214, "kevään haussa"),
        (60, 240, "§ 13"),
    ]
    assert segments(read_bytes(tmp_path, pdf_of([page]), "a.pdf")) == [
        ["§ 12", "Avustusten jakaminen yhdistyksille"],
        ["kevään haussa"],
        ["§ 13"],
    ]


def test_columns_of_prose_are_read_one_after_the_other_and_lists_row_by_row(tmp_path: Path) -> None:
    left = [f"vasemman palstan rivi numero {n} jatkuu" for n in range(10)]
    right = [f"oikean palstan rivi numero {n} jatkuu" for n in range(10)]
    page = [(x, 200 + 14 * n, text) for n in range(10) for x, text in ((50, left[n]), (310, right[n]))]
    assert [line.text for line in read_bytes(tmp_path, pdf_of([page]), "a.pdf").lines] == left + right
    names = [(x, 200 + 14 * n, text) for n in range(10) for x, text in ((50, f"Virtanen Ville{n}"), (310, "jäsen"))]
    assert segments(read_bytes(tmp_path, pdf_of([names]), "b.pdf"))[0] == ["Virtanen Ville0", "jäsen"]


# ---------------------------------------------------------------- page headers and footers

HEAD = [(60, 40, "Kemin kaupunki"), (300, 40, "Pöytäkirja 3/2022")]


def numbered(n: int, of: int, *body: str) -> list[tuple[float, float, str]]:
    """A page with a header of two rows, a footer and a body."""
    rows = [(60.0, 120.0 + 14 * k, text) for k, text in enumerate(body)]
    return [*HEAD, (500, 40, f"{n} ({of})"), (60, 55, "Kaupunginhallitus"), (300, 55, "14.3.2022"), *rows, (60, 810, "kirjaamo")]


def test_frames_repeat_and_bodies_do_not(tmp_path: Path) -> None:
    pages = [numbered(n, 4, f"§ {n + 10}", "Päätös", f"rivi {n * n} jatkuu") for n in range(1, 5)]
    doc = read_bytes(tmp_path, pdf_of(pages), "a.pdf")
    assert roles(doc)[:6] == [
        "1h Kemin kaupunki   Pöytäkirja 3/2022   1 (4)",
        "1h Kaupunginhallitus   14.3.2022",
        "1b § 11",
        "1b Päätös",
        "1b rivi 1 jatkuu",
        "1f kirjaamo",
    ]
    assert [line.text for line in doc.body()][3:5] == ["§ 12", "Päätös"]


@pytest.mark.parametrize("pages", [1, 2])
def test_short_documents_have_frames_too(tmp_path: Path, pages: int) -> None:
    doc = read_bytes(tmp_path, pdf_of([numbered(n, pages, f"kokous {7 * n} alkoi") for n in range(1, pages + 1)]), "a.pdf")
    assert [line.text for line in doc.body() if line.text != "kirjaamo"] == [f"kokous {7 * n} alkoi" for n in range(1, pages + 1)]


def test_a_first_page_may_differ(tmp_path: Path) -> None:
    title = [(60.0, 60.0, "KEMIN KAUPUNKI"), (60.0, 120.0, "Kokouskutsu")]
    doc = read_bytes(tmp_path, pdf_of([title, *(numbered(n, 4, f"asia {n * n}") for n in range(2, 5))]), "a.pdf")
    assert [line.text for line in doc.body()] == ["KEMIN KAUPUNKI", "Kokouskutsu", "asia 4", "asia 9", "asia 16"]


def test_what_only_looks_like_a_frame_stays(tmp_path: Path) -> None:
    """A table's head repeated at the top, rows of figures, a meeting's number that equals the page's."""
    pages = [[(60.0, 100.0, "Hanke"), (300.0, 100.0, "Summa"), (60.0, 120.0, f"{n}"), (300.0, 120.0, "50")] for n in range(1, 3)]
    pages[0].insert(0, (60.0, 60.0, "Kokous 1/2022 pidettiin"))
    assert all(line.role == "body" for line in read_bytes(tmp_path, pdf_of(pages[:1]), "a.pdf").lines)
    cards = [[(60.0, 90.0 + 40 * n, f"KORTTI {n} on tämä"), (60.0, 150.0, "Hanke")] for n in range(2)]
    other = [[(60.0, 90.0, f"Tuotot {n * n * 7919} euroa")] for n in range(1, 5)]
    assert all(line.role == "body" for line in read_bytes(tmp_path, pdf_of(cards + other), "b.pdf").lines)


def test_frames_of_a_text_with_pages(tmp_path: Path) -> None:
    text = "\f".join(f"Kemin kaupunki   {n} (3)\n\n§ {n}\nasia {n * n}\n\nkirjaamo\n" for n in range(1, 4))
    doc = read_bytes(tmp_path, text.encode())
    assert [line.text for line in doc.body()] == ["§ 1", "asia 1", "§ 2", "asia 4", "§ 3", "asia 9"]


# ---------------------------------------------------------------- what is broken


def test_a_document_of_page_heads_alone(tmp_path: Path) -> None:
    data = pdf_of([[(60, 50, "Kuusilahden kunta"), (300, 50, "Pöytäkirja"), (500, 50, "1 (1)")]])
    (tmp_path / "a.pdf").write_bytes(data)
    found = extract_document(tmp_path / "a.pdf")
    assert (found.document.body(), found.items, found.projects) == ([], [], [])


def test_pages_without_text_make_a_document_partial(tmp_path: Path) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.drawString(60, 700, "ensimmäinen sivu")
    canvas.showPage()
    canvas.drawImage(ImageReader(Image.new("RGB", (20, 20), "black")), 60, 400, 300, 300)
    canvas.save()
    doc = read_bytes(tmp_path, file.getvalue(), "a.pdf")
    assert doc.problem is not None
    assert doc.problem.code == "no_text_layer"
    assert "2" in doc.problem.message


def test_a_password_is_asked_for(tmp_path: Path) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("salainen", "omistaja"))
    canvas.drawString(60, 700, "salattu")
    canvas.save()
    with pytest.raises(ReadError) as caught:
        read_bytes(tmp_path, file.getvalue(), "a.pdf")
    assert caught.value.code == "encrypted"


def test_the_second_opinion_reads_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf_of([numbered(n, 3, f"§ {n} asia", "Virtanen Maija") for n in range(1, 4)])
    first = read_bytes(tmp_path, data, "a.pdf")

    def refuse(*_: object) -> None:
        raise pdf.PdfiumError

    monkeypatch.setattr(pdf, "read", refuse)
    second = read_bytes(tmp_path, data, "a.pdf")
    assert (first.reader, second.reader) == ("pdf", "pdfplumber")
    assert second.text == first.text
    assert roles(second) == roles(first)


@pytest.mark.parametrize("second_opinion", [True, False])
def test_a_page_that_pdfium_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second_opinion: bool) -> None:
    data = pdf_of([numbered(n, 3, f"asia {n * n}") for n in range(1, 4)])
    load = pdf.pdfium.FPDF_LoadPage
    monkeypatch.setattr(pdf.pdfium, "FPDF_LoadPage", lambda handle, index: None if index == 1 else load(handle, index))
    if not second_opinion:
        monkeypatch.setattr(plumber, "_words", lambda page: 1 / 0)
    doc = read_bytes(tmp_path, data, "a.pdf")
    assert [line.text for line in doc.body()] == (["asia 1", "asia 4", "asia 9"] if second_opinion else ["asia 1", "asia 9"])
    assert (doc.problem is None) is second_opinion
    assert second_opinion or (doc.problem is not None and doc.problem.code == "broken" and "2" in doc.problem.message)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_pdf_gives_a_document_or_says_why(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = bytearray(pdf_of([numbered(n, 3, f"§ {n} asia") for n in range(1, 4)]))
    for _ in range(data.draw(st.integers(1, 30))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(40, len(whole)))
    path = tmp_path_factory.mktemp("rikki") / "a.pdf"
    path.write_bytes(bytes(whole[:cut]))
    try:
        check_offsets(extract_document(path).document)
    except ReadError as error:
        said = error.code
    else:
        said = "ok"
    assert said in ("ok", "broken", "no_text_layer", "encrypted")


def test_absurd_pages_cost_little(tmp_path: Path) -> None:
    """Words far off the page, thousands on one baseline, a drawing of many lines."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.drawString(1e9, -1e9, "kaukana")
    canvas.setFont("Helvetica", 2)
    for n in range(3000):
        canvas.drawString(n * 37 % 590, 400, f"w{n}")
        canvas.line(n % 500, n % 700, n * 7 % 500, n * 3 % 700)
    canvas.save()
    start = time.process_time()
    assert read_bytes(tmp_path, file.getvalue(), "a.pdf").tables == []
    assert time.process_time() - start < 5
