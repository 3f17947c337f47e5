"""The reader: bytes to canonical text, rows and roles."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extract.document import Document, ReadError
from extract.read import document

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


def test_form_feeds_cut_pages(tmp_path: Path) -> None:
    doc = read_bytes(tmp_path, b"yksi\n\fkaksi\r\n\r\nkolme\n\f\n")
    assert [page.text for page in doc.pages] == ["yksi\n", "kaksi\n\nkolme\n"]
    assert [line.page_no for line in doc.lines] == [1, 2, 2]


def test_soft_hyphen_joins_and_invisible_characters_go(tmp_path: Path) -> None:
    doc = read_bytes(tmp_path, "kun\u00adta\u200b on kehittä\u00ad\nminen 9.652,\u200b10\n".encode())
    assert doc.text == "kunta on kehittä\nminen 9.652,10\n"
    assert [line.breaks_word for line in doc.lines] == [True, False]


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
        ("a.docx", b"PK\x03\x04", "unsupported"),
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
    for path, code in ((tmp_path / "poissa.pdf", "unreadable"), (tmp_path, "unreadable")):
        with pytest.raises(ReadError) as caught:
            document(path)
        assert caught.value.code == code
    large = tmp_path / "iso.txt"
    large.write_text("sana " * 100)
    with pytest.raises(ReadError) as caught:
        document(large, max_bytes=100)
    assert caught.value.code == "too_large"


def test_rows_and_segments_of_a_page(tmp_path: Path) -> None:
    data = pdf_of([[(60, 200, "Virtanen Maija"), (300, 200, "puheenjohtaja"), (60, 215, "Koskinen Pekka, jäsen")]])
    doc = read_bytes(tmp_path, data, "a.pdf")
    assert [[s.text for s in line.segments] for line in doc.lines] == [
        ["Virtanen Maija", "puheenjohtaja"],
        ["Koskinen Pekka, jäsen"],
    ]
    assert doc.lines[0].x0 == pytest.approx(60, abs=1)
    assert doc.lines[0].size == pytest.approx(11, abs=0.5)
    assert doc.reader == "pdf"
