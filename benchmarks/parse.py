"""How fast text becomes records, persons left out: on real minutes, and on texts made to be slow.

    python benchmarks/parse.py [FOLDER] [--rounds N] [--megabytes N] [--write]

The documents are read before the clock starts. ``--write`` puts the tables into docs/benchmarks-parse.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from poytakirja import read
from poytakirja.document import Document
from poytakirja.minutes import item_numbers as agenda
from poytakirja.minutes import items, meeting
from poytakirja.projects.entries import find as entries
from poytakirja.projects.record import assemble
from poytakirja.projects.record import facts as parse
from poytakirja.projects.record import findings as check

ROOT = Path(__file__).resolve().parents[1]
_ROW = 90
_PATTERNS = {
    "a letter": "a",
    "a capital": "A",
    "a digit": "1",
    "a space between digits": "1 ",
    "a bracket": "(",
    "brackets": "()",
    "a dash": "-",
    "dashes and digits": "1-",
    "full stops and digits": "1.",
    "dates": "1.2.2023 ",
    "ranges of dates": "1.2.2023-",
    "sums": "10 000 € ",
    "quotation marks": "”",
    "section signs": "§ 1 ",
    "funds": "ESR ",
    "capitals between spaces": "Aa ",
    "the word for project": "hanke ",
    "list markers": "1) ",
}


def records(document: Document) -> int:
    """Everything from a document's rows to its records and findings, but for the recogniser of persons; how many projects."""
    body = agenda.Body.of(document)
    about, _, _ = meeting.read(document, body)
    found, _, _ = items.read(document, body)
    readings = [parse.entry(entry) for entry in entries.find(document, found)]
    assemble.stated_count(document, about)
    projects = assemble.projects(document, readings, found, about.organisation)
    check.findings(about, readings, projects)
    return len(projects)


def megabytes(documents: Sequence[Document]) -> float:
    """How much text they hold, as UTF-8."""
    return sum(len(document.text.encode()) for document in documents) / 1e6


def timed(documents: Sequence[Document]) -> float:
    """Seconds of processor time for all of them."""
    gc.collect()
    start = time.process_time()
    for document in documents:
        records(document)
    return time.process_time() - start


def rounds_over(paths: Sequence[Path], rounds: int) -> tuple[float, list[float]]:
    """The megabytes of some files, and the seconds of each round over them; each round reads the files anew."""
    seconds, size = [], 0.0
    for _ in range(rounds + 1):
        documents = [read.document(path) for path in paths]
        size = megabytes(documents)
        seconds.append(timed(documents))
    return size, seconds


def made(pattern: str, size: float) -> Iterator[tuple[str, str]]:
    """A pattern as rows of a page's width, and as one row without end (name of the manner, text)."""
    row = (pattern * _ROW)[:_ROW] + "\n"
    yield "rows", row * int(size * 1e6 / len(row.encode()))
    yield "one row", pattern * int(size * 1e6 / len(pattern.encode()))


def hostile(paths: Sequence[Path], size: float) -> list[tuple[str, str, float]]:
    """Seconds a megabyte of each made text, that of the real minutes as one long text first."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.txt"
        real = "\n".join(read.document(path).text for path in paths)
        texts = [("the real minutes as text", "rows", real * max(1, round(size * 1e6 / len(real.encode()))))]
        texts += [(name, manner, text) for name, pattern in _PATTERNS.items() for manner, text in made(pattern, size)]
        for name, manner, text in texts:
            file.write_text(text, encoding="utf-8")
            document = read.document(file)
            results.append((name, manner, timed([document]) / (len(text.encode()) / 1e6)))
    return results


def page(real: tuple[float, list[float]], pages: int, slow: list[tuple[str, str, float]], size: float) -> str:
    """The figures as Markdown."""
    megabyte, (first, *rest) = real
    warm = statistics.median(rest)
    normal = slow[0][2]
    lines = [
        "# How fast text becomes records",
        "",
        f"{dt.date.today()}: {pages} pages of real minutes, {megabyte:.2f} MB of text, one core, persons left out.",
        f"Processor time, Python {platform.python_version()}.",
        "",
        "| | MB a second | ms a page |",
        "|---|---:|---:|",
        f"| the first time, patterns compiled on the way | {megabyte / first:.2f} | {1000 * first / pages:.2f} |",
        f"| median of {len(rest)} further rounds | {megabyte / warm:.2f} | {1000 * warm / pages:.2f} |",
        "",
        f"Texts of {size:g} MB made to be slow, as rows of {_ROW} characters and as one row; the real minutes as one text first:",
        "",
        "| text | set as | seconds a MB | of the real text's time |",
        "|---|---|---:|---:|",
        *(f"| {name} | {manner} | {seconds:.2f} | {seconds / normal:.1f} |" for name, manner, seconds in slow),
        "",
        "`make bench` makes this page anew.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Read the arguments, measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "minutes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=float, default=10.0, help="size of the texts made to be slow")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-parse.md")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.pdf"))
    if not paths:
        print(f"no PDF in {options.folder}: NOTHING is measured", file=sys.stderr)
        return 0 if options.folder == ROOT.parent / "shared" / "minutes" else 2
    pages = sum(len(read.document(path).pages) for path in paths)
    real = rounds_over(paths, options.rounds)
    text = page(real, pages, hostile(paths, options.megabytes), options.megabytes)
    print(text)
    if options.write:
        (ROOT / "docs" / "benchmarks-parse.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
