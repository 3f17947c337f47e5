"""What people really give: refused at once, failed with a reason and a remedy, or read without fuss. All by the command itself.

Each of ``REFUSED``, ``FAILED`` and ``READ`` is a bad input; good files stand beside them, and their rows do not change.
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from poytakirja.tables.schema import ACROSS, TABLES

TEXT = """Näsijärven kunta
Hankkeet
1) Silta töihin (ESR) 1.2.2021–31.3.2022, kustannusarvio 10 000 €, omarahoitus 1 500 €
2) Pyörätie kylälle (EAKR) 1.5.2022–31.12.2023, kustannusarvio 250 000 €, omarahoitus 50 000 €
"""
NOISE = random.Random(1).randbytes(5000)


def command(*arguments: str | bytes | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-c", "from poytakirja.cli.main import main; main()", *arguments]
    return subprocess.run(run, capture_output=True, text=True, cwd=cwd, check=False, timeout=120)


def pdf(*pages: str, **options: Any) -> bytes:
    """A PDF with these lines on its pages."""
    out = io.BytesIO()
    canvas = Canvas(out, A4, invariant=1, **options)
    for page in pages:
        for n, line in enumerate(page.splitlines()):
            canvas.drawString(60, 780 - 20 * n, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pictures() -> bytes:
    """A PDF whose page is a picture of text."""
    out = io.BytesIO()
    canvas = Canvas(out, A4, invariant=1)
    canvas.drawInlineImage(_picture(), 50, 50, 400, 600)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _picture() -> Any:
    from PIL import Image  # noqa: PLC0415  it comes with pdfplumber

    return Image.frombytes("L", (40, 60), bytes(n % 251 for n in range(2400)))


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "<w:document>" + TEXT + NOISE.hex())
    return out.getvalue()


PLAIN = pdf(TEXT.replace("–", "-"))

# ---------------------------------------------------------------- refused at once: exit 2, nothing written

Arguments = Callable[[Path], list[str | bytes | Path]]
REFUSED: dict[str, tuple[Arguments, str]] = {
    "no input": (lambda d: ["--out", d / "out"], "Missing argument"),
    "no output": (lambda d: [d / "good"], "Missing option '--out'"),
    "an input that is not there": (lambda d: [d / "goood", "--out", d / "out"], "goood: no such file or folder"),
    "one of two that is not there": (lambda d: [d / "good", d / "x.pdf", "--out", d / "out"], "x.pdf: no such file or folder"),
    "an input without a name": (lambda d: ["", "--out", d / "out"], "no such file or folder"),
    "a link to nowhere": (lambda d: [d / "nowhere.pdf", "--out", d / "out"], "nowhere.pdf: no such file or folder"),
    "a name far too long": (lambda d: [d / ("x" * 5000), "--out", d / "out"], "no such file or folder"),
    "a name that is no UTF-8": (
        lambda d: [os.fsencode(d) + b"/\xff.pdf", "--out", d / "out"],
        r"\xff.pdf: no such file or folder",
    ),
    "an output that is a file": (lambda d: [d / "good", "--out", d / "file"], "file: is no folder"),
    "an output inside a file": (lambda d: [d / "good", "--out", d / "file" / "out"], "file/out: cannot be written"),
    "an output that holds something else": (
        lambda d: [d / "good", "--out", d / "else"],
        "else: is not empty and was not made",
    ),
    "an output that is the input": (
        lambda d: [d / "good", "--out", d / "good"],
        "good: is not empty and was not made",
    ),
    "an output that nobody may write": (lambda d: [d / "good", "--out", "/proc/out"], "/proc/out: cannot be written"),
    "a negative number of jobs": (lambda d: [d / "good", "--out", d / "out", "--jobs", "-1"], "'--jobs'"),
    "an option that is not there": (lambda d: [d / "good", "--out", d / "out", "--job", "1"], "--job"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(tmp_path: Path, case: str) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "a.txt").write_text(TEXT)
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "thesis.docx").touch()
    (tmp_path / "file").touch()
    (tmp_path / "nowhere.pdf").symlink_to(tmp_path / "gone.pdf")
    before = sorted(tmp_path.rglob("*"))
    arguments, said = REFUSED[case]
    result = command("extract", *arguments(tmp_path))
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


# ---------------------------------------------------------------- failed: exit 3, a row with reason and remedy

FAILED: dict[str, tuple[bytes, str, str]] = {
    "empty.txt": (b"", "empty", "fetch it again"),
    "empty.pdf": (b"", "empty", "fetch it again"),
    "blank.txt": (b" \r\n\t\n\x0c\n", "empty", "fetch it again"),
    "mark-only.txt": (b"\xef\xbb\xbf\r\n", "empty", "fetch it again"),
    "page.pdf": (b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "broken", "export the document again"),
    "words.pdf": (TEXT.encode(), "broken", "export the document again"),
    "head.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "broken", "export the document again"),
    "cut.pdf": (PLAIN[:300], "broken", "export the document again"),
    "noise.pdf": (b"%PDF-1.4\n" + NOISE, "broken", "export the document again"),
    "no-pages.pdf": (
        PLAIN.replace(b"/Count 1", b"/Count 0").replace(b"/Kids [", b"/Kids [] /X [").replace(b"/Type /Page\n", b"/Type /Pact\n"),
        "broken",
        "export the document",
    ),
    "locked.pdf": (pdf(TEXT, encrypt=StandardEncryption("secret", strength=128)), "encrypted", "without one"),
    "picture.pdf": (pictures(), "no_text_layer", "--ocr"),
    "white.pdf": (pdf("", ""), "no_text_layer", "no text and no pictures"),
    "noise.txt": (NOISE, "broken", "plain text in UTF-8"),
    "zip.txt": (zipped("mimetype"), "broken", "plain text in UTF-8"),
    "named/minutes.docx": (zipped("word/document.xml"), "broken", "save it again"),
    "named/photo.jpg": (b"\xff\xd8\xff\xe0" + NOISE, "unsupported", "save the document as PDF, Word (.docx) or plain text"),
    "pipe.txt": (b"FIFO", "unreadable", "give the document itself"),
    "gone.pdf": (b"LINK", "unreadable", "check that it is there"),
}

# ---------------------------------------------------------------- read without fuss: exit 0

READ: dict[str | bytes, bytes] = {
    "latin-1.txt": TEXT.replace("–", "-").replace("€", "e").encode("latin-1"),
    "windows.txt": TEXT.encode("cp1252"),
    "mark.txt": TEXT.encode("utf-8-sig"),
    "utf-16-little.txt": TEXT.encode("utf-16"),
    "utf-16-big.txt": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16-unmarked.txt": TEXT.encode("utf-16-le"),
    "windows-lines.txt": TEXT.replace("\n", "\r\n").encode(),
    "old-mac-lines.txt": TEXT.replace("\n", "\r").encode(),
    "no-last-line-end.txt": TEXT.rstrip().encode(),
    "decomposed.txt": TEXT.replace("ä", "a\u0308").replace("ö", "o\u0308").encode(),
    "soft.txt": TEXT.replace("kustannus", "kustan\u00adnus").replace("10 000 €", "10\u00a0000\u200b\u00a0€").encode(),
    "form-feeds.txt": TEXT.replace("2)", "\f2)").encode(),
    "CAPITALS.TXT": (TEXT + "\n").encode(),
    "two\nlines.txt": (TEXT + "\n\n").encode(),
    b"p\xf6yt\xe4kirja.txt": (TEXT + "\n\n\n").encode(),
    "ä" * 125 + ".txt": (TEXT + "\n\n\n\n").encode(),
    "folder.pdf/in-a-folder.txt": (TEXT + "\n\n\n\n\n").encode(),
    "plain.pdf": PLAIN,
    "named-text.txt": PLAIN + b"\n",
    "owner-locked.pdf": pdf(TEXT.replace("–", "-"), encrypt=StandardEncryption("", "owner", canPrint=0, strength=128)),
    "junk-first.pdf": b"\r\n\r\n" + PLAIN,
}


def fill(folder: Path, files: dict[Any, bytes]) -> Path:
    for name, content in files.items():
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        if content == b"FIFO":
            os.mkfifo(path)
        elif content == b"LINK":
            path.symlink_to(folder / "nowhere")
        else:
            path.write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good files in good/, the failing in bad/, the odd in odd/; their tables in good-out, bad-out and odd-out."""
    top = tmp_path_factory.mktemp("inputs")
    fill(top / "good", {"a.txt": TEXT.replace("Silta", "Katto").encode(), "b.pdf": pdf("Kokous", "1) Hanke (ESR) 2021-2022")})
    fill(top / "bad", {name: content for name, (content, _, _) in FAILED.items()})
    fill(top / "odd", READ)
    (top / "odd" / "up").symlink_to(top / "odd")
    (top / "odd" / "notes.xlsx").write_bytes(NOISE)
    named = [top / "bad" / name for name in FAILED if name.startswith("named/")]
    runs: dict[str, list[str | Path]] = {"good": ["good"], "bad": ["good", "bad", *named], "odd": ["odd", "good"]}
    for name, given in runs.items():
        result = command("extract", *given, "--out", f"{name}-out", "--jobs", "2", cwd=top)
        (top / f"{name}-out" / "status").write_text(str(result.returncode))
        (top / f"{name}-out" / "said").write_text(result.stdout + result.stderr)
    return top


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = pq.read_table(out / table).to_pylist()
    return result


def documents(out: Path) -> dict[str, dict[str, Any]]:
    return {r["source"]: r for r in rows(out, "documents")}


@pytest.mark.parametrize("name", FAILED)
def test_failed(folder: Path, name: str) -> None:
    _, code, remedy = FAILED[name]
    source = f"{folder}/bad/{name}" if name.startswith("named/") else f"bad/{name}"
    row = documents(folder / "bad-out")[source]
    assert (row["status"], row["error_code"], row["document_id"], row["duplicate_of"]) == ("failed", code, None, None)
    assert remedy in row["error"]
    assert (row["sha256"] is None) == (code == "unreadable")
    assert f"{source}: failed ({code}): {row['error']}" in (folder / "bad-out" / "said").read_text()


@pytest.mark.parametrize("name", READ)
def test_read(folder: Path, name: str | bytes) -> None:
    source = f"odd/{name}" if isinstance(name, str) else r"odd/p\xf6yt\xe4kirja.txt"
    row = documents(folder / "odd-out")[source]
    assert (row["status"], row["error"]) == ("ok", None)
    found = [r for r in rows(folder / "odd-out", "projects") if r["document_id"] == row["document_id"]]
    told = [(r["project_name"], str(r["start_date"]), str(r["end_date"]), r["funder_codes"]) for r in found]
    assert told == [
        ("Silta töihin", "2021-02-01", "2022-03-31", ["ESR"]),
        ("Pyörätie kylälle", "2022-05-01", "2023-12-31", ["EAKR"]),
    ]
    assert [float(r["total_cost_eur"]) for r in found] == [10_000, 250_000]


@pytest.mark.parametrize(("run", "status"), [("good", "0"), ("bad", "3"), ("odd", "0")])
def test_the_exit_status_tells(folder: Path, run: str, status: str) -> None:
    assert (folder / f"{run}-out" / "status").read_text() == status
    assert "Traceback" not in (folder / f"{run}-out" / "said").read_text()


def _of_two(row: dict[str, Any]) -> bool:
    """Whether a row is a finding about two documents."""
    return str(row.get("code")).endswith("_elsewhere")


@pytest.mark.parametrize("run", ["bad", "odd"])
def test_good_files_beside_bad_ones_keep_their_rows(folder: Path, run: str) -> None:
    alone = folder / "good-out"
    ids = {r["document_id"] for r in rows(alone, "documents")}
    for table in (name for name in TABLES if name not in ACROSS):
        own = [r for r in rows(folder / f"{run}-out", table) if r["document_id"] in ids and not _of_two(r)]
        assert own == [r for r in rows(alone, table) if not _of_two(r)]
    assert len(documents(folder / "bad-out")) == len(FAILED) + 2
    assert len(documents(folder / "odd-out")) == len(READ) + 2
