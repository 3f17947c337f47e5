"""Word files as documents; the names are invented."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from poytakirja.document import Document
from poytakirja.errors import ReadError
from poytakirja.read import document


def read(tmp_path: Path, word: Any) -> Document:
    word.save(tmp_path / "a.docx")
    doc = document(tmp_path / "a.docx")
    assert all(doc.text[line.start : line.end] == line.text for line in doc.lines)
    return doc


def xml(paragraph: Any, inner: str) -> None:
    for child in parse_xml(f"<w:x {nsdecls('w')}>{inner}</w:x>"):
        paragraph._p.append(child)


def lines(doc: Document) -> list[str]:
    return [line.text for line in doc.lines]


def test_paragraphs_headings_breaks_and_tabs(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_heading("Päätös", 2)
    word.add_paragraph("Hyväksyttiin.\nMerkittiin tiedoksi.")
    word.add_paragraph("Aika\t3.4.2023 klo 18")
    doc = read(tmp_path, word)
    assert (doc.reader, doc.media_type.rpartition(".")[2]) == ("docx", "document")
    assert lines(doc)[:3] == ["Päätös", "Hyväksyttiin.", "Merkittiin tiedoksi."]
    assert (doc.lines[0].tag, doc.lines[0].bold, doc.lines[1].bold) == ("H2", True, False)
    assert [s.text for s in doc.lines[3].segments] == ["Aika", "3.4.2023 klo 18"]


def test_numbers_of_lists_are_printed(tmp_path: Path) -> None:
    word = docx.Document()
    for text in ("Silta", "Polku"):
        word.add_paragraph(text, style="List Number")
    word.add_paragraph("Luistelu", style="List Bullet")
    assert lines(read(tmp_path, word)) == ["1. Silta", "2. Polku", "• Luistelu"]


def test_changes_as_accepted_and_no_comments(tmp_path: Path) -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("Avustus on ")
    xml(paragraph, '<w:del w:id="1" w:author="a"><w:r><w:delText>5 000</w:delText></w:r></w:del>')
    xml(paragraph, '<w:ins w:id="2" w:author="a"><w:r><w:t>6 000</w:t></w:r></w:ins><w:r><w:commentReference w:id="0"/></w:r>')
    paragraph.add_run(" euroa").font.strike = False
    paragraph.add_run(" (kumottu)").font.strike = True
    assert lines(read(tmp_path, word)) == ["Avustus on 6 000 euroa"]


def test_hidden_text_is_left_out_and_told_of(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph("Kunnanhallitus").add_run(" salaiset tiedot").font.hidden = True
    doc = read(tmp_path, word)
    assert (doc.text.strip(), [f.code for f in doc.findings]) == ("Kunnanhallitus", ["hidden_text"])


def test_tables_of_data_and_of_layout(tmp_path: Path) -> None:
    word = docx.Document()
    layout = word.add_table(2, 2)
    for cell, text in zip(layout._cells, ("Läsnä", "Salo Eero", "", "Aalto Tea"), strict=True):
        cell.text = text
    data = word.add_table(3, 3, style="Table Grid")
    for cell, text in zip(data._cells, ("Hanke", "Kesto", "Osuus", "Silta", "2023", "5 000 €", "Polku", "2024", ""), strict=True):
        cell.text = text
    data.cell(1, 2).merge(data.cell(2, 2))
    doc = read(tmp_path, word)
    assert [[s.text for s in line.segments] for line in doc.lines[:2]] == [["Läsnä", "Salo Eero"], ["Aalto Tea"]]
    (table,) = doc.tables
    assert [[cell.text for cell in row] for row in table.rows()][1:] == [
        ["Silta", "2023", "5 000 €"],
        ["Polku", "2024", "5 000 €"],
    ]


def test_headers_footers_and_page_breaks(tmp_path: Path) -> None:
    word = docx.Document()
    word.sections[0].header.paragraphs[0].text = "Ahvenniemen kunta\tPöytäkirja 3/2023"
    word.sections[0].footer.paragraphs[0].text = "Tarkastettu"
    word.add_paragraph("§ 1 Avaus")
    word.add_page_break()
    word.add_paragraph("§ 2 Avustus")
    doc = read(tmp_path, word)
    assert [(line.role, line.page_no, line.segments[0].text) for line in doc.lines] == [
        ("header", 1, "Ahvenniemen kunta"), ("body", 1, "§ 1 Avaus"), ("body", 2, "§ 2 Avustus"), ("footer", 2, "Tarkastettu"),
    ]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), [(b"PK\x03\x04 rikki", "broken"), (None, "broken")])
def test_damaged_files_say_so(tmp_path: Path, data: bytes | None, code: str) -> None:
    if data is None:
        out = io.BytesIO()
        docx.Document().save(out)
        whole = out.getvalue()
        data = whole[: len(whole) // 2] + b"\0" * 400 + whole[len(whole) // 2 + 400 :]
    (tmp_path / "a.docx").write_bytes(data)
    with pytest.raises(ReadError) as caught:
        document(tmp_path / "a.docx")
    assert caught.value.code == code


def test_an_empty_document_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        read(tmp_path, docx.Document())
    assert caught.value.code == "empty"
