"""Archives of any size, made of the samples: ``python benchmarks/make_archive.py FOLDER [--documents N] [--pages N] [--seed N]``.

Each document puts pages of several samples together, years shifted in the texts; no two are the same. The same numbers give the
same bytes.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
from pathlib import Path

import pypdfium2

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
_LINES = 45
_PRINTED = 0.6
"""The share of documents that are PDF."""


def make(folder: Path, documents: int, pages: int, seed: int = 1) -> int:
    """Write so many documents, with about so many pages in all, a thousand to a folder; how many pages they have."""
    chance = random.Random(seed)
    texts = [_sheets(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.txt"))]
    prints = [pypdfium2.PdfDocument(path) for path in sorted(SAMPLES.glob("*.pdf"))]
    made = 0
    for number in range(documents):
        wanted = max(1, round(chance.expovariate(documents / pages)))
        if chance.random() < _PRINTED:
            suffix, (content, count) = "pdf", _printed(prints, wanted, number, chance)
        else:
            suffix, (content, count) = "txt", _typed(texts, wanted, number, chance)
        path = folder / f"{number // 1000:04d}" / f"poytakirja-{number:07d}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        made += count
    return made


def _sheets(text: str) -> list[str]:
    """A text cut into pages."""
    lines = text.splitlines()
    return ["\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]


def _typed(texts: list[list[str]], wanted: int, number: int, chance: random.Random) -> tuple[bytes, int]:
    """A text file of so many pages, and their number."""
    sheets: list[str] = []
    while len(sheets) < wanted:
        sheets += chance.choice(texts)
    shift = chance.randint(-5, 5)
    text = re.sub(r"(?<!\d)20[012]\d(?!\d)", lambda year: str(int(year[0]) + shift), "\f".join(sheets[:wanted]))
    return f"{text}\nTallenne {number}\n".encode(), wanted


def _printed(prints: list[pypdfium2.PdfDocument], wanted: int, number: int, chance: random.Random) -> tuple[bytes, int]:
    """A PDF of so many pages, and their number."""
    document, count = pypdfium2.PdfDocument.new(), 0
    while count < wanted:
        sample = chance.choice(prints)
        taken = min(len(sample), wanted - count)
        document.import_pages(sample, list(range(taken)))
        count += taken
    content = io.BytesIO()
    document.save(content)
    document.close()
    named = re.sub(rb"/ID\[.*?\]", b"/ID[<%032x><%032x>]" % (number, number), content.getvalue())  # pdfium names it by the clock
    return named + f"% {number}\n".encode(), count


def main() -> int:
    """Make an archive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    print(f"{told.documents} documents, {make(told.folder, told.documents, told.pages, told.seed)} pages in {told.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
