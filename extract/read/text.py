"""Text files → rows."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from itertools import chain

import regex

from poytakirja.document import Document
from poytakirja.errors import ReadError
from poytakirja.read.canonical_text import compose
from poytakirja.read.encodings import decode
from poytakirja.read.formats import HowToRead
from poytakirja.read.identity_masking import mask
from poytakirja.read.normalise import SOFT_HYPHEN, normalise
from poytakirja.read.page_furniture import mark_frames
from poytakirja.read.pdf.rows import Piece, Row, Sheet
from poytakirja.read.text_page_heads import mark_heads

TAB = "    "


@cache
def _gap() -> re.Pattern[str]:
    """What parts the pieces of a row. The pieces themselves, of millions of words, are more than an engine remembers."""
    return re.compile(" {3,}")


def _rows(text: str) -> list[Row]:
    """The rows of one page, the empty ones too."""
    rows = []
    for number, raw in enumerate(text.split("\n")):
        row = cut_row(normalise(raw.replace("\t", TAB)), number)
        row.breaks_word = raw.rstrip().endswith(SOFT_HYPHEN)
        rows.append(row)
    return rows


def cut_row(line: str, number: int) -> Row:
    """A row of normalised text, its pieces parted by gaps."""
    indent, stop = len(line) - len(line.lstrip()), len(line.rstrip())
    gaps = [m.span() for m in _gap().finditer(line, indent, stop)]
    bounds = [indent, *chain.from_iterable(gaps), stop] if stop else []
    pieces = [Piece(line[start:end], start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    widths = [line[start:end] for start, end in gaps]
    return Row(pieces, number, number + 1, gaps=widths, indent=indent if stop else 0)


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


def document(data: bytes, _: HowToRead) -> Document:
    """Read a text file."""
    sheets = read(data)
    if not any(row.pieces for sheet in sheets for row in sheet.rows):
        raise ReadError("empty", "the file holds only white space; fetch it again")
    mark_frames(sheets, printed=False)
    masked = mask(sheets)
    found = compose(sheets)
    digest = hashlib.sha256(data).hexdigest()
    whole = Document(found.text, found.pages, found.lines, [], "text", digest, "text/plain", masked.findings(found))
    mark_heads(whole.body())
    return whole
