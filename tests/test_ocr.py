"""Scanned minutes: told apart without recognition, read with it, and no page of theirs costs more than itself."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from runs import parts, rows
from scanned import engine, scan
from test_cli import command

from poytakirja.archive import run as batch
from poytakirja.archive.run import Limits, Options, ReadOptions
from poytakirja.errors import ReadError, UsageError
from poytakirja.quality.evaluate import evaluate
from poytakirja.read.formats import HowToRead
from poytakirja.read.ocr import ruling_lines as strokes
from poytakirja.read.ocr import tesseract as ocr
from poytakirja.read.ocr.tesseract import PACE, Engine, Image, OcrBudget
from poytakirja.read.pdf import reader
from poytakirja.read.pdf.character_boxes import pages as placed_pages

SAMPLES = Path(__file__).parent.parent / "samples"
MINUTES, TABLE, LIST = "forssa-kaupunginhallitus-2015", "kuhmo-hanketaulukko-2016", "saarijarvi-hankkeet-2024"
LIMITS = Limits(seconds=120, seconds_per_scan=60)


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.pdf").read_bytes()


def bound(*parts_: tuple[bytes, list[int]]) -> bytes:
    """Pages of several PDFs as one."""
    whole = pypdfium2.PdfDocument.new()
    for data, pages in parts_:
        whole.import_pages(pypdfium2.PdfDocument(data), pages)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def mixed() -> bytes:
    """A page with text, one without, one with text."""
    return bound((sample(LIST), [0]), (scan(sample(LIST), [1], dpi=150), [0]), (sample(LIST), [2]))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# ---------------------------------------------------------------- without recognition


def test_a_scan_has_failed_and_a_document_with_scanned_pages_is_partial(tmp_path: Path) -> None:
    written(tmp_path / "scan.pdf", scan(sample(LIST), [1], dpi=100))
    written(tmp_path / "mixed.pdf", mixed())
    assert batch.run([str(tmp_path)], tmp_path / "out", Options(limits=LIMITS)).exit_code == 3
    told = {
        Path(row["source"]).stem: (row["status"], row["error_code"], row["error"]) for row in rows(tmp_path / "out", "documents")
    }
    assert told["scan"][:2] == ("failed", "no_text_layer")
    assert told["mixed"][:2] == ("partial", "no_text_layer")
    assert told["mixed"][2].startswith("pages 2 hold pictures")
    assert all("--ocr" in error for *_, error in told.values())


# ---------------------------------------------------------------- no tesseract, or not the right one

FAKE = """#!{python}
import sys, time
if sys.argv[1] == "--version": print("tesseract 5.9.9")
elif sys.argv[1] == "--list-langs": print('List of available languages in "/nowhere" ({count}):\\n{languages}')
else:
    sys.stdin.buffer.read()
{deed}
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Engine]:
    """Puts a program named tesseract before all others, which has some languages, and does a deed when it is to read."""

    def put(deed: str, languages: str = "fin\nosd") -> Engine:
        folder = tmp_path / "bin"
        folder.mkdir()
        lines = "\n".join("    " + line for line in deed.splitlines())
        words = FAKE.format(python=sys.executable, count=2, languages=languages.replace("\n", "\\n"), deed=lines)
        written(folder / "tesseract", words.encode()).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return ocr.find()

    return put


def test_without_tesseract_nothing_is_read_and_the_command_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = command("extract", SAMPLES / "gate.toml", "--out", tmp_path / "out", "--ocr")
    assert done.returncode == 2
    assert "--ocr needs tesseract" in done.stderr
    assert "sudo apt install tesseract-ocr tesseract-ocr-fin" in done.stderr
    assert "brew install tesseract" in done.stderr
    assert not (tmp_path / "out").exists()


def test_finnish_is_needed_and_swedish_is_welcome(fake: Callable[..., Engine]) -> None:
    with pytest.raises(UsageError, match=r"not its Finnish model \(fin"):
        fake("pass", languages="eng\nosd")


def test_the_engine_is_named_with_its_version_and_languages(fake: Callable[..., Engine]) -> None:
    assert str(fake("pass", languages="eng\nfin\nswe")) == "tesseract 5.9.9 fin+swe unknown"


# ---------------------------------------------------------------- what goes wrong on a page


def read(data: bytes, recogniser: Engine, pace: OcrBudget) -> Any:
    """A document read in this process at some pace."""
    before = PACE.set(pace)
    try:
        return reader.document(data, HowToRead(engine=recogniser))
    finally:
        PACE.reset(before)


def test_a_page_that_takes_too_long_is_left_and_after_three_such_all_are(fake: Callable[..., Engine]) -> None:
    slow = fake("time.sleep(60)")
    asked: list[float] = []
    page = (scan(sample(LIST), [1], dpi=30), [0])
    document = read(bound((sample(LIST), [0]), page), slow, OcrBudget(1, 0.1, asked.append))
    assert document.problem is not None
    assert (document.problem.code, document.reader) == ("timeout", "ocr")
    assert "pages 2 took" in document.problem.message
    assert "Hankkeiden tilannekatsaus" in document.text
    assert asked == [pytest.approx(4 * (0.1 + 0.6))]
    began = time.monotonic()
    told = read(bound((sample(LIST), [0]), *[page] * 40), slow, OcrBudget(1, 0.1)).problem.message
    assert "pages 2, 3, 4, 5" in told
    assert time.monotonic() - began < 14


def test_a_tesseract_that_dies_costs_its_page_alone(fake: Callable[..., Engine]) -> None:
    document = read(mixed(), fake("sys.exit(9)"), OcrBudget())
    assert (document.problem.code, len(document.pages)) == ("broken", 3)
    assert "Pajupuron liikuntapuisto" in document.text
    with pytest.raises(ReadError, match="recognition fails"):
        read(scan(sample(LIST), [1], dpi=30), ocr.find(), OcrBudget())


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux to end what outlives its parent")
def test_tesseract_dies_with_whoever_reads(fake: Callable[..., Engine], tmp_path: Path) -> None:
    fake(f"import os, pathlib\npathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\ntime.sleep(60)")
    path = written(tmp_path / "scan.pdf", scan(sample(LIST), [1], dpi=30))
    reader = subprocess.Popen([sys.executable, "-c", f"import poytakirja; poytakirja.extract_document({str(path)!r}, ocr=True)"])
    pid = tmp_path / "pid"
    end = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()):
        assert time.monotonic() < end
        time.sleep(0.02)
    reader.kill()
    reader.wait()
    for _ in range(100):
        if not Path(f"/proc/{pid.read_text()}").exists() or "(zombie)" in Path(f"/proc/{pid.read_text()}/status").read_text():
            return
        time.sleep(0.02)
    pytest.fail("tesseract outlived its reader")


def seen(x0: int, top: int, x1: int, bottom: int, word: str) -> str:
    """A line of one word as hOCR has it, on a page that falls by a fiftieth."""
    inner = f"<span class='ocrx_word' title='bbox {x0} {top} {x1} {bottom}; x_wconf 80'>{word}</span>"
    return f"<span class='ocr_line' title='bbox {x0} {top} {x1} {top + 40}; baseline 0.02 -10; x_size 40'>{inner}</span>"


def test_words_are_laid_straight_for_their_rows_and_boxed_where_they_lie(fake: Callable[..., Engine]) -> None:
    """Two parts of one row; a speck between them is no word."""
    words = seen(100, 300, 300, 340, "Aika") + seen(2000, 338, 2300, 378, "l6.2.2O15") + seen(700, 322, 702, 324, "-")
    recogniser = fake(f'print("""<html>{words}</html>""")')
    data = scan(sample(LIST), [1], dpi=30)
    document = read(data, recogniser, OcrBudget())
    assert document.text == "Aika   16.2.2015\n"
    assert (document.confidence, document.pages[0].confidence) == (0.8, 0.8)
    _, placed = placed_pages(data, recogniser)
    assert [round(word.box.top * 300 / 72) for word in placed[1].words] == [300, 338]


# ---------------------------------------------------------------- ruling lines


@pytest.mark.parametrize("slant", [0.0, 0.012, -0.012])
def test_ruling_lines_are_seen_on_a_page_that_lies_askew(slant: float) -> None:
    """A table of two rows and two columns, its lines a dot and a half thick, with a black picture beside it."""
    width, height = 1200, 900
    dots = bytearray(b"\xf0" * (width * height))

    def dot(x: float, y: float) -> None:
        x, y = x - slant * y, y + slant * x
        for dx in (0, 1):
            dots[round(y) * width + round(x) + dx] = dots[round(y + dx) * width + round(x)] = 40

    for x in range(200, 1001):
        for y in (300, 420, 540):
            dot(x, y)
    for y in range(300, 541):
        for x in (200, 600, 1000):
            dot(x, y)
    for y in range(650, 800):
        dots[y * width + 300 : y * width + 900] = bytes(600)
    edges = strokes.edges_of(Image(width, height, 300 / 72, bytes(dots)), slant)
    level = [edge for edge in edges if edge.level]
    assert sorted(round((edge.top + edge.bottom) / 2 * 300 / 72 / 10) for edge in level) == pytest.approx([30, 42, 54], abs=1)
    assert len(edges) - len(level) == 3


# ---------------------------------------------------------------- with tesseract


@pytest.fixture(scope="module")
def read_scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three samples as a scanner hands them over, one with pages of text, one with text alone; read with --ocr."""
    home = tmp_path_factory.mktemp("scans")
    reading = ReadOptions(ocr=engine())
    (home / "in").mkdir()
    written(home / "in" / f"{MINUTES}.pdf", scan(sample(MINUTES), degrees=0.6))
    written(home / "in" / f"{TABLE}.pdf", scan(sample(TABLE), degrees=0.6))
    written(home / "in" / f"{LIST}.pdf", mixed())
    (home / "in" / "text.txt").write_text("Kunnanhallitus\n§ 1 Kokouksen avaus\n")
    batch.run([str(home / "in")], home / "out", Options(jobs=2, limits=LIMITS, reading=reading))
    return home


def test_scanned_minutes_give_items_entries_and_sums(read_scans: Path) -> None:
    """Laid askew, blurred and specked, at 200 dots an inch. docs/scans.md has the figures of all samples."""
    names = (MINUTES, TABLE, LIST)
    golds = [line for path in SAMPLES.glob("gold*.jsonl") for line in path.read_text().splitlines()]
    gold = read_scans / "gold.jsonl"
    gold.write_text("\n".join(line for line in golds if any(f'"{name}.pdf"' in line[:200] for name in names)) + "\n")
    report = evaluate(read_scans / "out", [gold])
    assert len(report.documents) == 3
    assert report.micro.f1 > 0.9
    assert report.fields()["amounts"].f1 > 0.9
    assert {row["number"] for row in rows(read_scans / "out", "items")} >= {38, 39, 40, 41}


def test_the_recogniser_and_its_confidence_are_told(read_scans: Path) -> None:
    told = {Path(row["source"]).stem: row for row in rows(read_scans / "out", "documents")}
    assert {row["status"] for row in told.values()} == {"ok"}
    assert {told[name]["reader"] for name in (MINUTES, TABLE, LIST)} == {"ocr"}
    assert told[MINUTES]["recogniser"] == str(engine())
    assert 0.8 < told[MINUTES]["confidence"] < 1
    assert (told["text"]["recogniser"], told["text"]["confidence"]) == (None, None)
    pages = [row for row in rows(read_scans / "out", "pages") if row["document_id"] == told[LIST]["document_id"]]
    assert [row["confidence"] is None for row in sorted(pages, key=lambda row: row["page_no"])] == [True, False, True]


def test_each_surface_stands_in_the_recognised_text(read_scans: Path) -> None:
    texts: dict[str, str] = {}
    for page in sorted(rows(read_scans / "out", "pages"), key=lambda row: row["page_no"]):
        texts[page["document_id"]] = texts.get(page["document_id"], "") + page["text"]
    facts = [row for table in ("amounts", "periods", "persons", "evidence") for row in rows(read_scans / "out", table)]
    assert len(facts) > 100
    assert all(texts[row["document_id"]][row["char_start"] : row["char_end"]] == row["surface"] for row in facts)


def test_only_scanned_documents_are_read_again_where_recognition_changes(read_scans: Path, tmp_path: Path) -> None:
    home = tmp_path / "in"
    home.mkdir()
    page = written(home / "scan.pdf", scan(sample(LIST), [1], share=0.3))
    (home / "text.txt").write_text("Kunnanhallitus\n§ 1 Kokouksen avaus\n")
    found = ReadOptions(ocr=engine())
    said = [
        batch.run([str(home)], tmp_path / "out", Options(jobs=jobs, limits=LIMITS, reading=reading))
        for jobs, reading in ((1, ReadOptions()), (1, found), (2, found), (2, ReadOptions()))
    ]
    assert [(one.read, one.documents) for one in said] == [
        (2, {"failed": 1, "ok": 1}), (1, {"ok": 2}), (0, {"ok": 2}), (1, {"failed": 1, "ok": 1}),
    ]  # fmt: skip
    batch.run([str(page)], tmp_path / "one", Options(jobs=1, limits=LIMITS, reading=found))
    batch.run([str(page)], tmp_path / "two", Options(jobs=2, limits=LIMITS, reading=found))
    assert parts(tmp_path / "one") == parts(tmp_path / "two")


def test_values_of_scanned_pages_are_marked_in_the_report(tmp_path: Path) -> None:
    page = written(tmp_path / "scan.pdf", scan(sample(LIST), [1], share=0.3))
    batch.run([str(page)], tmp_path / "out", Options(limits=LIMITS, reading=ReadOptions(ocr=engine())))
    done = command("report", tmp_path / "out", "--out", tmp_path / "report")
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "report" / "report.json").read_text())
    assert (told["shown"], told["images"]) == ({"shown": 1}, 1)
    assert told["marks"] > 5


def test_a_scanned_page_is_explained(tmp_path: Path) -> None:
    engine()
    page = written(tmp_path / "scan.pdf", scan(sample(LIST), [1], share=0.3))
    refused = command("explain", page)
    assert (refused.returncode, "(--ocr)" in refused.stderr) == (2, True)
    done = command("explain", page, "--ocr")
    assert done.returncode == 0, done.stderr
    assert "project_name: " in done.stdout
