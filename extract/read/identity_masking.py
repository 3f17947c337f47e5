"""Personal identity codes out of the rows (henkilötunnukset), before the text is composed: no table can hold what is not there.

A mask is as long as what it hides, so boxes and offsets stay true. A code is found where it stands in one row, and where it goes
on in the next row, column, cell or page. All this costs some 0.05 ms a page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from poytakirja.document import Finding
from poytakirja.read.canonical_text import Composed
from poytakirja.read.pdf.rows import GAP, Row, Sheet
from poytakirja.rules.layout import identity_codes
from poytakirja.rules.layout.identity_codes import Kind

_SAID = {
    "code": "A personal identity code was masked ({n} of {count}).",
    "labelled": "A personal identity code was masked ({n} of {count}); its check character fails, but the text calls it one.",
    "doubtful": "Here is the shape of a personal identity code, but its check character fails and nothing calls it one: it was "
    "not masked.",
}


@dataclass(frozen=True, slots=True)
class _TextPlace:
    """A place in a row: the piece, and the character in it."""

    row: Row
    piece: int
    at: int

    def in_text(self, composed: Composed) -> int:
        """The same place in the canonical text."""
        return composed.line_of[id(self.row)].segments[self.piece].start + self.at


@dataclass(slots=True)
class Masked:
    """The codes found, each with its first and last character."""

    codes: list[tuple[Kind, _TextPlace, _TextPlace]] = field(default_factory=list)

    def findings(self, composed: Composed) -> list[Finding]:
        """Where codes were masked and how many, never what they were; where one may stand that was not."""
        places = sorted({(first.in_text(composed), last.in_text(composed) + 1, kind) for kind, first, last in self.codes})
        count = sum(kind != "doubtful" for _, _, kind in places)
        found, n = [], 0
        for start, end, kind in places:
            n += kind != "doubtful"
            code = "doubtful_identity_code" if kind == "doubtful" else "personal_identity_code"
            found.append(Finding("warning", code, _SAID[kind].format(n=n, count=count), start, end))
        return found


def mask(sheets: Sequence[Sheet], cells: Iterable[Sequence[Row]] = ()) -> Masked:
    """Mask the identity codes in the rows of a document; ``cells`` are the rows of those table cells that have several."""
    rows = [row for sheet in sheets for row in sheet.rows if row.pieces]
    body = [row for row in rows if row.role == "body"]
    streams = [_Stream(body), _Stream([row for row in rows if row.role != "body"])]
    streams += [_Stream(pair, only) for pair, only in _columns(body)]
    streams += [_Stream(cell) for cell in cells]
    suspects = [stream for stream in streams if identity_codes.possible(stream.text)]
    if not suspects:
        return Masked()
    stated = any(identity_codes.speaks_of_codes(stream.text) for stream in streams)
    masked = Masked()
    for stream in suspects:
        masked.codes += stream.hide(stated)
    return masked


def _columns(rows: Sequence[Row]) -> Iterator[tuple[tuple[Row, Row], tuple[int, int]]]:
    """A piece and the one below it in its column, where the first may begin a code and they do not follow one another."""
    for above, below in pairwise(rows):
        if len(above.pieces) + len(below.pieces) == 2:
            continue
        for n, piece in enumerate(above.pieces):
            if identity_codes.may_go_on(piece.text):
                for m, other in enumerate(below.pieces):
                    follows = m == 0 and n == len(above.pieces) - 1
                    if not follows and piece.x0 < other.x1 and other.x0 < piece.x1:
                        yield (above, below), (n, m)


class _Stream:
    """Rows as one text, so that what goes on from one to the next stands together; with ``only``, that piece of each."""

    def __init__(self, rows: Sequence[Row], only: Sequence[int] | None = None) -> None:
        self._rows = rows
        self._only = only
        self.text = self._read()

    def _read(self) -> str:
        if self._only is None:
            return "\n".join([row.text for row in self._rows])
        return "\n".join(row.pieces[n].text for row, n in zip(self._rows, self._only, strict=True))

    def _pieces(self) -> list[tuple[Row, int]]:
        """The pieces it is made of: their rows and numbers."""
        if self._only is None:
            return [(row, n) for row in self._rows for n in range(len(row.pieces))]
        return list(zip(self._rows, self._only, strict=True))

    def hide(self, stated: bool) -> list[tuple[Kind, _TextPlace, _TextPlace]]:
        """Mask the codes; their first and last places. The text is read anew, as another stream may have masked some."""
        text = self._read()
        codes = identity_codes.find(text, stated=stated)
        pieces = self._pieces()
        starts = []
        at = 0
        for row, n in pieces:
            starts.append(at)
            ends_row = self._only is not None or n == len(row.pieces) - 1
            at += len(row.pieces[n].text) + (1 if ends_row else len(GAP))

        def place(at: int) -> _TextPlace:
            n = bisect_right(starts, at) - 1
            return _TextPlace(*pieces[n], at - starts[n])

        for code in codes:
            if code.kind != "doubtful":
                text = text[: code.start] + identity_codes.mask_of(text[code.start : code.end]) + text[code.end :]
        for n in {bisect_right(starts, at) - 1 for code in codes for at in range(code.start, code.end)}:
            piece = pieces[n][0].pieces[pieces[n][1]]
            piece.text = text[starts[n] : starts[n] + len(piece.text)]
        return [(code.kind, place(code.start), place(code.end - 1)) for code in codes]
