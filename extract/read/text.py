"""Text files: bytes in any encoding that officials' systems write → rows."""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import chain

import regex

from poytakirja.errors import ReadError
from poytakirja.read.normalise import SOFT_HYPHEN, normalise
from poytakirja.read.pdf.rows import Piece, Row, Sheet

TAB = "    "
_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


@cache
def _gap() -> re.Pattern[str]:
    """What parts the pieces of a row. The pieces themselves, of millions of words, are more than an engine remembers."""
    return re.compile(" {3,}")


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    sample = data[:4096]
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if len(data) % 2 or max(even, odd) < 0.6 or min(even, odd) > 0.1:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def decode(data: bytes) -> str:
    """The text of a file, whatever its encoding; a ReadError where it is no text at all."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _wide(data) or "utf-8"
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    if encoding == "utf-8" and lost and 4 * lost > sum(c > "\x7f" for c in text):
        # Not a few bytes damaged, but another encoding: all of Latin-1's letters are lost as UTF-8.
        text = data.decode("cp1252", errors="replace")
    strange = sum(text.count(chr(c)) for c in (*range(9), *range(14, 27), *range(28, 32), 0xFFFD))
    if strange > max(2.0, 0.02 * len(text)):
        raise ReadError("broken", "the file holds no readable text; save it as plain text in UTF-8 and try again")
    return text


def _rows(text: str) -> list[Row]:
    """The rows of one page, the empty ones too."""
    rows = []
    for number, raw in enumerate(text.split("\n")):
        line = normalise(raw.replace("\t", TAB))
        ends = raw.rstrip().endswith(SOFT_HYPHEN)
        indent, stop = len(line) - len(line.lstrip()), len(line.rstrip())
        gaps = [m.span() for m in _gap().finditer(line, indent, stop)]
        bounds = [indent, *chain.from_iterable(gaps), stop] if stop else []
        pieces = [Piece(line[start:end], start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
        widths = [line[start:end] for start, end in gaps]
        rows.append(Row(pieces, number, number + 1, gaps=widths, indent=indent if stop else 0, breaks_word=ends))
    return rows


def read(data: bytes) -> list[Sheet]:
    """The pages of a text file: one, or as many as form feeds cut."""
    text = regex.sub(r"\r\n?|\u0085|\u2028|\u2029|\v", "\n", decode(data))
    parts = text.split("\f")
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    sheets = []
    for number, part in enumerate(parts, 1):
        # The line end that closes a page is its own; one after a form feed only finishes the form feed's line.
        body = part.removesuffix("\n")
        rows = _rows(body.removeprefix("\n") if number > 1 else body)
        sheets.append(Sheet(number, rows, max((row.x1 for row in rows), default=0), len(rows)))
    return sheets
