"""Personal identity codes: which strings are codes, and that none reaches a table, wherever it stands and is broken."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from examples import examples, marked, unmark
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table
from runs import strings

from poytakirja import extract_document
from poytakirja.archive import run as batch
from poytakirja.projects.record.findings import CODES
from poytakirja.records import Extraction
from poytakirja.rules.layout import identity_codes
from poytakirja.rules.layout.identity_codes import check_character, masked
from poytakirja.tables import rows as tables
from poytakirja.tables.schema import TABLES

GROUPS = list(examples("identity_codes", "find"))
CODE = "010190-900P"
OTHER = "290204A902E"
MASK = "######-####"


@pytest.mark.parametrize(("group", "text"), marked(GROUPS))
def test_example(group: dict[str, Any], text: str) -> None:
    plain, surfaces = unmark(text)
    found = identity_codes.find(plain)
    assert [plain[code.start : code.end] for code in found] == surfaces
    assert {f"identity_codes.{code.kind}" for code in found} == {group["rule"]}
    assert (masked(plain) == plain) == (group["rule"] == "identity_codes.doubtful")


@pytest.mark.parametrize("text", [text for group in GROUPS for text in group.get("not", [])])
def test_no_code(text: str) -> None:
    assert identity_codes.find(text) == []


def test_a_document_that_speaks_of_codes_is_read_strictly() -> None:
    assert masked("Mallikas 010190-900R, puh. 0401234567", stated=True) == f"Mallikas {MASK}, puh. 0401234567"
    assert masked("toimitettu 320190-900R", stated=True) == "toimitettu 320190-900R"


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Any valid code."""
    day = draw(st.dates(dt.date(1800, 1, 1), dt.date(2099, 12, 31)))
    digits = f"{day:%d%m%y}{draw(st.integers(2, 999)):03}"
    return f"{digits[:6]}{draw(st.sampled_from('+-UVWXYABCDEF'))}{digits[6:]}{check_character(digits)}"


@given(codes(), st.sampled_from(["", " ", "(", "x", ", ", "é\n"]), st.sampled_from(["", " ", ")", ".", "y", "\nja"]))
def test_every_valid_code_is_masked(code: str, before: str, after: str) -> None:
    assert masked(before + code + after) == before + MASK + after


@given(st.text(alphabet="0123 \n-+AP", max_size=80))
def test_a_mask_keeps_the_length_and_leaves_no_code(text: str) -> None:
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert [c.kind for c in identity_codes.find(hidden) if c.kind != "doubtful"] == []
    assert [c for c in hidden if c.isspace()] == [c for c in text if c.isspace()]


@pytest.mark.parametrize("unit", ["1", "1 ", "1   ", "010190-", "010190-900 ", "010190-\n", "-1", "hetu "])
def test_the_time_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        begin = time.process_time()
        identity_codes.find(unit * (size // len(unit)))
        return time.process_time() - begin

    assert seconds(200_000) < 0.5 or seconds(400_000) < 3 * seconds(200_000)


# ---------------------------------------------------------------- no table holds one


def said(extraction: Extraction, source: str = "a.txt") -> str:
    """Every string of every table, white space left out: a code broken anywhere would stand whole."""
    rows = {name: batch.to_pylist() for name, batch in tables.rows(extraction, source).items()}
    assert tables.misplaced(extraction) == []
    return "\n".join("".join(text.split()) for text in strings(rows))


def of_text(folder: Path, text: str) -> Extraction:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return extract_document(folder / "a.txt")


@pytest.mark.parametrize(
    "text",
    [
        f"Hakija {CODE} on kuultu.",
        "Hakija 010190-\n900P on kuultu.",
        "Hakija 010190\u200b-\u00ad900P on kuultu.",
        "Hakija 010190\u00a0-\u00a0900P on kuultu.",
        "Hakija\t010190-\t900P",
        "Matti Mallikas   010190-   Testitie 1\nVirtanen         900P      12345 TESTILÄ",
        "Sivu\n" + "rivi\n" * 40 + "Hakija 010190-\f900P on kuultu.",
        f"Kunnanhallitus 1.2.2024\n§ 1 Hakijan {CODE} asia\n\nPäätös\nMyönnetään hakijalle {CODE} 100 €.\n",
        f"Hankkeet\n1) Silta {CODE} (ESR) 1.2.2021-31.3.2022, 10 000 €, projektipäällikkö Aino Kyrö {CODE}\n2) Tie, 2022, 50 €\n",
    ],
)
def test_no_code_of_a_text_file(text: str, tmp_path: Path) -> None:
    extraction = of_text(tmp_path, text)
    assert "900P" not in said(extraction)
    found = [f for f in extraction.findings if f.code == "personal_identity_code"]
    assert found
    for finding in found:
        assert finding.start is not None
        assert "#" in extraction.document.text[finding.start : finding.end]


def test_findings_tell_place_and_count(tmp_path: Path) -> None:
    extraction = of_text(tmp_path, f"Hakijat {CODE} ja {OTHER}.\nLiite 010190-900R\n")
    text = extraction.document.text
    assert text == f"Hakijat {MASK} ja {MASK}.\nLiite 010190-900R\n"
    assert [(f.code, f.message[:46], text[f.start : f.end]) for f in extraction.findings] == [
        ("personal_identity_code", "A personal identity code was masked (1 of 2).", MASK),
        ("personal_identity_code", "A personal identity code was masked (2 of 2).", MASK),
        ("doubtful_identity_code", "Here is the shape of a personal identity code,", "010190-900R"),
    ]
    assert all(CODES[f.code][0] == f.severity for f in extraction.findings)


def test_masking_moves_nothing(tmp_path: Path) -> None:
    """The same rows, segments and boxes as of a text with another word of that length."""
    text = f"Nimi   {CODE}   Testitie 1\nHakija {CODE} on kuultu.\n"
    with_codes = of_text(tmp_path, text).document
    without = of_text(tmp_path, text.replace(CODE, "abcdefghijk")).document
    assert [
        (a.start, a.end, a.x0, a.x1, [(s.start, s.end, s.x0) for s in a.segments]) for a in with_codes.lines
    ] == [(b.start, b.end, b.x0, b.x1, [(s.start, s.end, s.x0) for s in b.segments]) for b in without.lines]  # fmt: skip
    for line in with_codes.lines:
        assert with_codes.text[line.start : line.end] == line.text
        assert [with_codes.text[s.start : s.end] for s in line.segments] == [s.text for s in line.segments]


def test_no_code_of_a_pdf(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for page in range(3):
        canvas.drawString(60, 810, f"Hakijan {CODE} asia")  # a page header
        canvas.drawString(60, 700, f"Hakija {OTHER} on kuultu, ja toinen hakija 010190-")
        canvas.drawString(60, 686, f"900P myös. Sivu {page}.")
        canvas.drawString(60, 600, "010190-")
        canvas.drawString(300, 600, "Testitie 1")
        canvas.drawString(60, 586, "900P")
        canvas.drawString(300, 586, "12345 TESTILÄ")
        canvas.showPage()
    canvas.save()
    words = said(extract_document(tmp_path / "a.pdf"))
    assert "Testitie" in words
    assert not {"900P", "902E"} & {words[i : i + 4] for i in range(len(words))}


def test_no_code_of_a_ruled_table(tmp_path: Path) -> None:
    """Broken over the rows of a cell, over two cells, and over the page end."""
    rows = [["Nimi", "Tunnus", "", "Summa"], ["Aho Oy", "010190-\n900P", "", "10,00"], ["Mäki Oy", "010190-", "900P", "20,00"]]
    rows += [[f"Rivi {n}", "0101\n90-9\n00P", "", f"{n},00"] for n in range(40)]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONTSIZE", (0, 0), (-1, -1), 9)]
    SimpleDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4).build([Table(rows, style=grid, repeatRows=1)])
    extraction = extract_document(tmp_path / "a.pdf")
    assert len(extraction.document.tables[0].rows()) > 40
    assert "00P" not in said(extraction)


def test_no_code_of_a_file_name_or_an_error(tmp_path: Path) -> None:
    """Names stay unique; files that fail and copies too."""
    home = tmp_path / "in"
    home.mkdir()
    for name, text in ((CODE, "Iin kunta"), (OTHER, "Oulun kaupunki"), ("copy 010190-900R", "Iin kunta"), ("b 010190A900P", "")):
        (home / f"{name}.txt").write_text(text)
    (home / f"{CODE}.pdf").write_text("no PDF")
    out = tmp_path / "out"
    batch.run([str(home)], out, batch.Options(jobs=1))
    rows = [row for name in TABLES for row in pq.read_table(out / name).to_pylist()]
    assert not any(check in text for text in strings(rows) for check in ("900P", "902E", "900R"))
    sources = [row["source"].rpartition("/")[2] for row in pq.read_table(out / "documents").to_pylist()]
    assert sources == sorted([f"{MASK}.txt", f"{MASK}.txt'", f"copy {MASK}.txt", f"b {MASK}.txt", f"{MASK}.pdf"])
    for file in (out / "_run").rglob("*.json"):
        assert "900P" not in file.read_text()
