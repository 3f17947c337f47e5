"""How fast it is: the real minutes read in one process, round after round, by pdfium alone, by this reader, whole, and by others.

    python benchmarks/read.py [FOLDER] [--rounds N] [--write]

Every round reads each file by each way in turn; medians are given, and what the whole pipeline takes the first time, when it has
to look up words that no document before had. ``--write`` puts the table into docs/benchmarks-read.md.
"""

from __future__ import annotations

import argparse
import ctypes
import datetime as dt
import gc
import logging
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium

from poytakirja import extract_document
from poytakirja.read import document
from poytakirja.tables import rows as tables

ROOT = Path(__file__).resolve().parents[1]


def raw_text(paths: Sequence[Path]) -> int:
    """What pdfium itself needs: open, load each page and its text, take the text."""
    pages = 0
    for path in paths:
        handle = pdfium.FPDF_LoadDocument(str(path).encode(), None)
        for index in range(pdfium.FPDF_GetPageCount(handle)):
            page = pdfium.FPDF_LoadPage(handle, index)
            textpage = pdfium.FPDFText_LoadPage(page)
            count = pdfium.FPDFText_CountChars(textpage)
            buffer = (ctypes.c_ushort * (count + 1))()
            pdfium.FPDFText_GetText(textpage, 0, count, buffer)
            bytes(buffer).decode("utf-16-le", "replace")
            pdfium.FPDFText_ClosePage(textpage)
            pdfium.FPDF_ClosePage(page)
            pages += 1
        pdfium.FPDF_CloseDocument(handle)
    return pages


def this_reader(paths: Sequence[Path], structure: bool = True) -> int:
    """This reader, with or without the structure tree."""
    return sum(len(document(path, structure=structure).pages) for path in paths)


def without_tree(paths: Sequence[Path]) -> int:
    """This reader on geometry alone."""
    return this_reader(paths, False)


def pipeline(paths: Sequence[Path]) -> int:
    """Everything, from the file to the rows of all tables, persons included."""
    pages = 0
    for path in paths:
        extraction = extract_document(path)
        tables.rows(extraction, path.name)
        pages += len(extraction.document.pages)
    return pages


def plumber(paths: Sequence[Path]) -> int:
    """pdfplumber's ``extract_text``."""
    pages = 0
    for path in paths:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()
                page.close()
                pages += 1
    return pages


_WHOLE = "the whole pipeline, to rows"
WAYS: dict[str, Callable[[Sequence[Path]], int]] = {
    "pdfium, raw text": raw_text,
    "this reader, without the structure tree": without_tree,
    "this reader": this_reader,
    _WHOLE: pipeline,
    "pdfplumber, extract_text": plumber,
}


def megabytes() -> float:
    """Memory that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def timed(way: Callable[[Sequence[Path]], int], paths: Sequence[Path]) -> tuple[float, int]:
    """Milliseconds of processor time, and how many pages. What another way left to be thrown away is thrown away first."""
    gc.collect()
    start = time.process_time()
    pages = way(paths)
    return (time.process_time() - start) * 1000, pages


def one_round(paths: Sequence[Path]) -> tuple[dict[str, float], int]:
    """Milliseconds a page of each way. They take turns file by file, so that a busy machine slows all alike."""
    spent = dict.fromkeys(WAYS, 0.0)
    pages = 0
    for path in paths:
        for name, way in WAYS.items():
            milliseconds, count = timed(way, [path])
            spent[name] += milliseconds
        pages += count
    return {name: milliseconds / pages for name, milliseconds in spent.items()}, pages


def measure(paths: Sequence[Path], rounds: int) -> tuple[dict[str, float], int, list[float]]:
    """Median milliseconds a page of each way, the number of pages, and the memory held after each round."""
    import_module("poytakirja.archive.engines.preload")  # models and patterns, as a worker has them before its first document
    results, memory, pages = [], [], 0
    for _ in range(rounds + 1):  # the first round warms up
        result, pages = one_round(paths)
        results.append(result)
        memory.append(megabytes())
        gc.freeze()  # as the workers do: the recogniser's lexicon is not walked again and again
    medians = {name: statistics.median(result[name] for result in results[1:]) for name in WAYS}
    return medians | {"the whole pipeline, each document for the first time": results[0][_WHOLE]}, pages, memory


def table(medians: dict[str, float], pages: int, memory: list[float], rounds: int) -> str:
    """The figures as Markdown."""
    raw = medians["pdfium, raw text"]
    slow = medians["pdfplumber, extract_text"]
    lines = [
        "# How fast the reader is",
        "",
        f"{dt.date.today()}: {pages} pages of real minutes, one core, {rounds} rounds, medians of processor time.",
        f"Python {platform.python_version()}, pypdfium2 {pypdfium2.version.PYPDFIUM_INFO}, pdfplumber {pdfplumber.__version__}.",
        f"Memory held after the first round {memory[0]:.0f} MB, after the last {memory[-1]:.0f} MB"
        f" ({pages * len(WAYS) * len(memory)} pages read).",
        "",
        "| way | ms a page | pages a second | of raw pdfium's time | faster than pdfplumber |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [f"| {name} | {ms:.2f} | {1000 / ms:.0f} | {ms / raw:.2f} | {slow / ms:.1f} × |" for name, ms in medians.items()]
    return "\n".join([*lines, "", "`make bench` makes this page anew.", ""])


def main() -> int:
    """Read the arguments, measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "minutes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-read.md")
    options = parser.parse_args()
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    paths = sorted(options.folder.glob("*.pdf"))
    if not paths:
        print(f"no PDF in {options.folder}: NOTHING is measured", file=sys.stderr)
        return 0 if options.folder == ROOT.parent / "shared" / "minutes" else 2
    text = table(*measure(paths, options.rounds), options.rounds)
    print(text)
    if options.write:
        (ROOT / "docs" / "benchmarks-read.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
