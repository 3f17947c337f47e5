"""Files made to do harm, or far too large: each fails with a reason, soon, and costs no other. See docs/archives.md."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from poytakirja.archive import inputs as plan

TEXT = b"BT /F 12 Tf 50 700 Td (Kokous) Tj ET "


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at))


def stream(data: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    return b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(data), filters, data)


def page(content: bytes, more: bytes = b"") -> bytes:
    """A PDF of one page."""
    about = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R%s>>" % more
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, about, content, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")


def squeezed(unit: bytes, size: int) -> bytes:
    """So many bytes of repeated units, deflated."""
    packer = zlib.compressobj(9)
    block = unit * (1_000_000 // len(unit))
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def pages(kids: bytes, count: int, *more: bytes) -> bytes:
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), *more)


SHEET = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>"
DEEP = 20_000
BAD: dict[str, tuple[bytes, set[str]]] = {
    "bomb-of-blanks.pdf": (page(stream(squeezed(b" ", 600_000_000))), {"out_of_memory"}),
    "bomb-of-text.pdf": (page(stream(squeezed(TEXT, 60_000_000))), {"out_of_memory"}),
    "bomb-in-a-bomb.pdf": (
        page(stream(zlib.compress(squeezed(b" ", 600_000_000), 9), b"[/FlateDecode/FlateDecode]")),
        {"out_of_memory"},
    ),
    "100000-pages.pdf": (pages(b"3 0 R " * 100_000, 100_000, SHEET, stream(zlib.compress(TEXT))), {"too_large"}),
    "pages-in-themselves.pdf": (pages(b"2 0 R 2 0 R", 2), {"broken"}),
    "pages-in-pages.pdf": (
        pages(b"3 0 R", 1, *(b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 4) for n in range(DEEP)), SHEET),
        {"broken"},
    ),
    "long-line.txt": (b"kokous " * 2_000_000, {"out_of_memory"}),
    "form-feeds.txt": (b"a\f" * 1_000_000, {"out_of_memory"}),
}
READ: dict[str, bytes] = {
    "nested-arrays.pdf": page(stream(zlib.compress(TEXT)), b"/X" + b"[" * 1_000_000 + b"]" * 1_000_000),
    "nested-dictionaries.pdf": page(stream(zlib.compress(TEXT)), b"/X" + b"<</A " * 200_000 + b"1" + b">>" * 200_000),
    "long-word.txt": b"k" * 200_000,
    "good.txt": b"Kokous\n1) Silta (ESR) 2021-2022",
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The row of each file, all read in one run within narrow limits."""
    home = tmp_path_factory.mktemp("limits")
    (home / "in").mkdir()
    for name, content in {**{name: content for name, (content, _) in BAD.items()}, **READ}.items():
        (home / "in" / name).write_bytes(content)
    with (home / "in" / "gigabyte.txt").open("wb") as file:
        file.truncate(1_000_000_000)
    # A process of its own: in this one others may have started the server that workers are forked from, without the models.
    words = ["extract", str(home / "in"), "--out", str(home / "out"), "--memory", "150", "--time-limit", "30", "--jobs", "2"]
    subprocess.run(
        [sys.executable, "-c", "from poytakirja.cli.main import main; main()", *words], capture_output=True, check=False
    )
    return {Path(row["source"]).name: row for row in pq.read_table(home / "out" / "documents").to_pylist()}


@pytest.mark.parametrize("name", BAD)
def test_harm_fails_with_a_reason(read: dict[str, dict[str, Any]], name: str) -> None:
    row = read[name]
    assert (row["status"], row["error_code"] in BAD[name][1]) == ("failed", True), row["error_code"]
    assert "; " in row["error"]


@pytest.mark.parametrize("name", READ)
def test_what_only_looks_harmful_is_read(read: dict[str, dict[str, Any]], name: str) -> None:
    assert (read[name]["status"], read[name]["error"]) == ("ok", None)


def test_a_gigabyte_is_not_even_opened(read: dict[str, dict[str, Any]]) -> None:
    assert (read["gigabyte.txt"]["error_code"], len(read)) == ("too_large", len(BAD) + len(READ) + 1)


def test_folders_that_cannot_be_listed_have_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in" / "secret").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text("Kokous")
    scandir = os.scandir

    def refusing(path: str) -> Any:
        if str(path).rstrip("/").endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    files = plan.make([str(tmp_path / "in")], tmp_path / "out").files
    assert [(f.source, f.failure and f.failure.code) for f in files] == [
        (f"{tmp_path}/in/a.txt", None),
        (f"{tmp_path}/in/secret/", "unreadable"),
    ]


def test_folders_deeper_than_a_path_may_be_have_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    for _ in range(30):
        os.mkdir("x" * 200)
        os.chdir("x" * 200)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in" / "a.txt").write_text("Kokous")
    files = plan.make(["in"], tmp_path / "out").files
    assert [f.failure and f.failure.code for f in files] == [None, "unreadable"]
