"""Rows of a document as running text, each character mapped back to its offset."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from poytakirja.document import Line, Span

_SUSPENDED = ("ja", "tai", "sekä", "eli", "och", "eller")


_VOWELS = frozenset("aeiouyäöå")


def _joint(left: str, right: str, breaks_word: bool) -> tuple[int, str]:
    """How two rows join: how many characters to drop from the end of the left one, and what to put between.

    >>> _joint("kehittä-", "minen", False)       # a word split at a line end
    (1, '')
    >>> _joint("SOTE-", "keskus", False)         # a hyphen of its own
    (0, '')
    >>> _joint("sosiaali-", "ja terveys", False)  # a suspended hyphen keeps its space
    (0, ' ')
    """
    if breaks_word:
        return 0, ""
    if len(left) < 2 or left[-1] != "-" or not right or left[-2] in " -–":
        return 0, " "
    if not right[0].isalpha():
        return 0, "" if right[0].isdigit() else " "
    if right.split(maxsplit=1)[0].strip(",.;:") in _SUSPENDED:
        return 0, " "
    a, b = left[-2], right[0]
    own_hyphen = not (a.islower() and b.islower()) or (a == b and a in _VOWELS)
    return (0, "") if own_hyphen else (1, "")


@dataclass(slots=True)
class Passage:
    """Rows of a document as running text, each character mapped to its place in the canonical text.

    Rows are joined by a space, or by nothing where a word or a token was split between them. Rules read ``text``;
    ``span`` tells where in the document what they found stands.
    """

    text: str
    _at: list[int]
    _doc: list[int]

    @classmethod
    def of(cls, parts: Iterable[tuple[str, int, bool]]) -> Passage:
        """Join ``(text, offset in the document, breaks_word)`` rows."""
        out: list[str] = []
        at: list[int] = []
        doc: list[int] = []
        length = 0
        breaks = False
        for text, offset, breaks_next in parts:
            body = text.strip()
            if not body:
                continue
            if out:
                drop, glue = _joint(out[-1], body, breaks)
                if drop:
                    out[-1] = out[-1][:-drop]
                    length -= drop
                out.append(glue)
                length += len(glue)
            at.append(length)
            doc.append(offset + len(text) - len(text.lstrip()))
            out.append(body)
            length += len(body)
            breaks = breaks_next
        return cls("".join(out), at, doc)

    @classmethod
    def of_lines(cls, lines: Sequence[Line]) -> Passage:
        """Join whole lines."""
        return cls.of((line.text, line.start, line.breaks_word) for line in lines)

    @classmethod
    def joined(cls, passages: Sequence[Passage]) -> tuple[Passage, list[int]]:
        """Several passages as one, a space between, and where in it each begins."""
        texts: list[str] = []
        at: list[int] = []
        doc: list[int] = []
        begins: list[int] = []
        length = 0
        for passage in passages:
            begins.append(length)
            at += [length + i for i in passage._at]
            doc += passage._doc
            texts.append(passage.text)
            length += len(passage.text) + 1
        return cls(" ".join(texts), at, doc), begins

    def place(self, index: int) -> int:
        """The offset in the document of the character at ``index``."""
        i = max(0, bisect_right(self._at, index) - 1)
        return self._doc[i] + index - self._at[i]

    def span(self, start: int, end: int) -> Span:
        """The span in the document of ``text[start:end]`` (not empty)."""
        return Span(self.place(start), self.place(end - 1) + 1)

    def within(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The spans of the document that begin in the passage, as places in its text; its rows and the spans are in order."""
        first, last = self._doc[0], self.place(len(self.text) - 1)
        inside = spans[bisect_left(spans, (first, 0)) : bisect_right(spans, (last, last + 1))]
        return [(self._index(start), self._index(end - 1) + 1) for start, end in inside]

    def _index(self, place: int) -> int:
        i = max(0, bisect_right(self._doc, place) - 1)
        end = self._at[i + 1] if i + 1 < len(self._at) else len(self.text)
        return min(self._at[i] + place - self._doc[i], end - 1)
