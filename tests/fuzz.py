"""Damaged files by the thousand, each read like any other: ``make fuzz``, or

    python tests/fuzz.py [--files N] [--seconds N] [--seed N] [--keep FOLDER]

PDF files with bytes changed, texts torn and mixed, pages of HTML with elements anywhere, Word files with parts changed, ruled
tables with anything in their cells. Each must have its row in ``documents``, read or failed with a reason; an ``internal``
error, a crash, or a file that takes too long or too much is a
finding: it is kept in the folder, and becomes a test once it is mended. Status 1 where there is one.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import docx
import pyarrow.parquet as pq
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from poytakirja.archive import run as batch
from poytakirja.archive.run import Limits, Options

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FINDINGS = {"internal", "crashed", "timeout", "out_of_memory"}
_ROUND = 500
_TOKENS = rb"""<< >> [ ] ( ) stream endstream endobj obj /Length /Kids /Count /Parent /Type /Page /Font /Filter /FlateDecode
 /W /Size 0 -1 99999999999 2147483648 1.5e308 null true R xref trailer BT ET Tj TJ Tm Td re l m h S f q Q cm BDC /MCID""".split()
_SAID = """§ 1) • – - . , ; : ( ) € e 1.2.2021-31.3.2022 2021–2022 31.2.2020 10.000,00 1,2 milj. n. 0 % alv EAKR ESR hankeaika
 Aino kustannusarvio Virtanen projektipäällikkö Puheenjohtaja Pöytäkirja 4/2025 Päätös: Liite 𝟙 ﬁ A\u0308 ٣ １ ² ㎡"""
_WORDS = [*_SAID.split(), "", "\u200b", "\u00ad", "\u202e", "\ufeff", "\x00", "\x1b", "\ud7ff", "\u00a0", "\u2028"]


def bytes_changed(samples: list[bytes], chance: random.Random) -> bytes:
    """A file with some bytes changed, left out, doubled, or put in from elsewhere."""
    data = bytearray(chance.choice(samples))
    for _ in range(chance.choice((1, 1, 2, 5, 20, 100))):
        at = chance.randrange(len(data) or 1)
        span = min(len(data) - at, chance.choice((1, 1, 4, 32, 400)))
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + span]
            case 2:
                data[at:at] = data[at : at + span] * chance.choice((1, 2, 50))
            case 3:
                data[at : at + span] = chance.choice(_TOKENS)
            case 4:
                other = chance.choice(samples)
                start = chance.randrange(len(other))
                data[at : at + span] = other[start : start + span]
            case _:
                digits = [n for n in range(at, min(at + 400, len(data))) if 48 <= data[n] < 58]
                if digits:
                    data[chance.choice(digits)] = chance.randrange(48, 58)
    return bytes(data[: chance.randrange(1, len(data) + 1)] if chance.random() < 0.1 else data) or b"x"


def text_torn(samples: list[bytes], chance: random.Random) -> bytes:
    """Lines of several texts in any order, words among them; in any encoding."""
    lines = [line for _ in range(3) for line in chance.choice(samples).decode().splitlines()]
    start = chance.randrange(len(lines))
    taken = lines[start : start + chance.choice((1, 10, 100, 1000))]
    if chance.random() < 0.5:
        chance.shuffle(taken)
    for _ in range(chance.choice((0, 3, 30))):
        taken.insert(chance.randrange(len(taken) + 1), _phrase(chance) * chance.choice((1, 1, 1, 200)))
    joiner = chance.choice(("\n", "\n", "\n", "\n\n", " ", "\f", "\r\n", "\t"))
    text = joiner.join(taken) or "x"
    return text.encode(chance.choice(("utf-8", "utf-8", "utf-8", "latin-1", "utf-16")), "replace")


_TAGS = [
    "<p>",
    "</p>",
    "<table>",
    "<tr>",
    "<td>",
    "<td rowspan=9>",
    "<th colspan=99>",
    "</table>",
    "<div>",
    "</div>",
    "<ul>",
    "<li>",
    "<ol start=9999999>",
    "<dl>",
    "<dt>\n",
    "<dd>",
    "<b>",
    "</i>",
    "<br>",
    "<hr>",
    "<pre>",
    "<nav>",
    "<main>",
    "</main>",
    "<sup>",
    "<s>",
    "<form>",
    "<frameset>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "&nbsp;",
    "&euro\n",
    "&#x110000;",
    '<div style="display:none">',
    "<a href=x>",
    "<meta charset=utf-16>",
    '<?xml encoding="x"?>',
]


def page_torn(samples: list[bytes], chance: random.Random) -> bytes:
    """A page of HTML made of lines of a text, elements anywhere among them; in any encoding."""
    lines = [line for _ in range(2) for line in chance.choice(samples).decode().splitlines() if line.strip()]
    start = chance.randrange(len(lines))
    parts = ["<!DOCTYPE html><html><body>"]
    for line in lines[start : start + chance.choice((1, 20, 200))]:
        tags = " ".join(chance.choices(_TAGS, k=chance.choice((0, 1, 1, 3))))
        parts.append(tags * chance.choice((1, 1, 1, 1, 300)) + line)
    if chance.random() < 0.2:
        parts.insert(0, _phrase(chance))
    return "\n".join(parts).encode(chance.choice(("utf-8", "utf-8", "cp1252", "utf-16")), "replace")


def word_changed(samples: list[bytes], chance: random.Random) -> bytes:
    """A Word file with a table and a list, the bytes of its parts changed or of the whole."""
    word = docx.Document()
    lines = [line for line in chance.choice(samples).decode().splitlines() if line.strip()][: chance.choice((3, 40))]
    for line in lines:
        word.add_paragraph(line, style=chance.choice((None, None, "List Number", "List Bullet", "Heading 2")))
    table = word.add_table(2, 3, style="Table Grid")
    for cell in table._cells:
        cell.text = "".join(c for c in _phrase(chance) if c.isprintable())
    out = io.BytesIO()
    word.save(out)
    changed = io.BytesIO()
    whole_parts = chance.random() < 0.3
    with zipfile.ZipFile(out) as whole, zipfile.ZipFile(changed, "w") as parts:
        for name in whole.namelist():
            data = whole.read(name)
            hit = not whole_parts and name.endswith(".xml") and chance.random() < (0.6 if name == "word/document.xml" else 0.1)
            parts.writestr(zipfile.ZipInfo(name), bytes_changed([data], chance) if hit else data)
    return bytes_changed([changed.getvalue()], chance) if whole_parts else changed.getvalue()


def table_drawn(_: list[bytes], chance: random.Random) -> bytes:
    """A page with ruled tables, whose cells hold anything, and whose lines may be missing, doubled or askew."""
    out = io.BytesIO()
    canvas = Canvas(out, A4, invariant=1, pageCompression=0)
    for _page in range(chance.choice((1, 1, 2, 4))):
        top = 780.0
        for _table in range(chance.choice((1, 1, 2))):
            columns = sorted(chance.uniform(30, 560) for _ in range(chance.choice((2, 3, 5, 9, 40))))
            rows = [top - n * chance.choice((0, 5, 14, 14, 40)) for n in range(chance.choice((2, 4, 12, 60)))]
            _ruled(canvas, columns, rows, chance)
            top = rows[-1] - 30
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _ruled(canvas: Canvas, columns: list[float], rows: list[float], chance: random.Random) -> None:
    canvas.setFont("Helvetica", chance.choice((0.1, 4, 8, 8, 12, 60)))
    for y in rows:
        if chance.random() < 0.95:
            canvas.line(columns[0], y, columns[-1], y + chance.choice((0, 0, 0, 0.4, 3)))
        for x in columns[:-1]:
            if chance.random() < 0.7:
                canvas.drawString(x + 2, y - chance.choice((9, 9, 3, 30)), _phrase(chance))
    for x in columns:
        if chance.random() < 0.95:
            canvas.line(x, rows[0], x + chance.choice((0, 0, 0, 0.4, 3)), rows[-1])


def _phrase(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.choice((1, 1, 2, 4, 12))))


KINDS: dict[str, tuple[str, str, Callable[[list[bytes], random.Random], bytes]]] = {
    "bytes": ("*.pdf", "pdf", bytes_changed),
    "text bytes": ("*.txt", "txt", bytes_changed),
    "text": ("*.txt", "txt", text_torn),
    "tables": ("*.pdf", "pdf", table_drawn),
    "pages": ("*.txt", "html", page_torn),
    "word": ("*.txt", "docx", word_changed),
}


def make(folder: Path, files: int, chance: random.Random) -> None:
    """Write so many damaged files."""
    folder.mkdir(parents=True)
    samples = {pattern: [p.read_bytes() for p in sorted(SAMPLES.glob(pattern))] for pattern in ("*.pdf", "*.txt")}
    for number in range(files):
        kind = chance.choice(list(KINDS))
        pattern, suffix, damage = KINDS[kind]
        (folder / f"{number:05d}-{kind.replace(' ', '-')}.{suffix}").write_bytes(damage(samples[pattern], chance))


def read(folder: Path, output: Path, keep: Path, limits: Limits) -> Counter[str]:
    """Read the files; how many there are of each fate. Findings are told, and kept."""
    batch.run([str(folder)], output, Options(2, limits))
    documents = pq.read_table(output / "documents").to_pylist()
    given = {str(path) for path in folder.iterdir()}
    if {row["source"] for row in documents} != given or len(documents) != len(given):
        raise SystemExit(f"{len(given)} files gave {len(documents)} rows: see {output}")
    for row in documents:
        if row["error_code"] in FINDINGS:
            keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(row["source"], keep)
            print(f"FOUND {keep / Path(row['source']).name}: {row['error_code']}: {row['error']}", flush=True)
    return Counter(row["error_code"] or row["status"] for row in documents)


def main() -> int:
    """Read the arguments, fuzz, tell."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="where findings are kept")
    told = parser.parse_args()
    chance, fates, end = random.Random(told.seed), Counter[str](), time.monotonic() + told.seconds
    while fates.total() < told.files and time.monotonic() < end:
        with tempfile.TemporaryDirectory(prefix="poytakirja-fuzz-") as home:
            folder = Path(home, f"{fates.total():05d}")
            make(folder, min(_ROUND, told.files - fates.total()), chance)
            fates += read(folder, Path(home, "output"), told.keep, Limits(seconds=30, memory_mb=1024))
            print(f"{fates.total()} files: {', '.join(f'{n} {fate}' for fate, n in fates.most_common())}", flush=True)
    return int(any(fates[finding] for finding in FINDINGS))


if __name__ == "__main__":
    sys.exit(main())
