"""A place in a document's text that is found again when the text around it moved.

White space and soft hyphens aside, so that a reader which breaks lines or columns elsewhere changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_AROUND = 48
"""So many characters before and behind a place are kept, white space aside."""
_HEAD = 240
"""So much of a long place is kept; a hash tells of the rest."""
_BEGINNING = 50
"""So much of a long place has to be there at least."""
_ALIKE = 0.4
"""The least share of the characters around a place that stand around it again."""


def folded(text: str) -> str:
    r"""A text without white space and soft hyphens.

    >>> folded("85\u00a0800\n€")
    '85800€'
    """
    return "".join(text.split()).replace("\u00ad", "")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place: its offsets when it was noted, its words, and what stands around it (``before``, ``after``: folded).

    ``surface`` is the beginning of the words, ``length`` and ``digest`` tell of all of them, folded.
    """

    start: int
    end: int
    surface: str
    before: str
    after: str
    length: int
    digest: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Anchor:
        """The anchor of ``text[start:end]``."""
        words = folded(text[start:end])
        before = folded(text[max(0, start - 4 * _AROUND) : start])[-_AROUND:]
        after = folded(text[end : end + 4 * _AROUND])[:_AROUND]
        return cls(start, end, text[start : min(end, start + _HEAD)], before, after, len(words), _digest(words))

    @classmethod
    def read(cls, noted: dict[str, Any] | None) -> Anchor | None:
        """An anchor as a line of the file has it; TypeError where it is none."""
        return None if noted is None else cls(**noted)


@dataclass(frozen=True, slots=True)
class Found:
    """Where an anchor is now; ``same``: its words are what they were, all of them."""

    start: int
    end: int
    same: bool


class SearchedText:
    """A document's canonical text, searched for anchors."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _offsets(self) -> list[int]:
        """The offset in the text of each character of the folded text."""
        return [n for n, c in enumerate(self.text) if not c.isspace() and c != "\u00ad"]

    @cached_property
    def _folded(self) -> str:
        return "".join([self.text[n] for n in self._offsets])

    def find(self, anchor: Anchor) -> Found | None:
        """The place of an anchor; None where it is not there any more, or cannot be told from others."""
        if self.text[anchor.start : anchor.end] and Anchor.of(self.text, anchor.start, anchor.end) == anchor:
            return Found(anchor.start, anchor.end, same=True)
        words = folded(anchor.surface)
        places = list(self._occurrences(words))
        if not places and len(words) > _BEGINNING:
            places = list(self._occurrences(words[:_BEGINNING], cut=True))
        ranked = sorted(((self._likeness(anchor, at), at) for at in places), reverse=True)
        if not ranked or ranked[0][0] < _ALIKE or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
            return None
        at = ranked[0][1]
        last = min(at + anchor.length, len(self._offsets)) - 1
        same = _digest(self._folded[at : at + anchor.length]) == anchor.digest
        return Found(self._offsets[at], self._offsets[last] + 1, same)

    def _occurrences(self, words: str, *, cut: bool = False) -> Iterator[int]:
        """Where words begin in the folded text, as words of their own; ``cut``: they may go on."""
        at = self._folded.find(words) if words else -1
        while at >= 0:
            if self._is_whole(at, at + len(words) - 1, cut=cut):
                yield at
            at = self._folded.find(words, at + 1)

    def _is_whole(self, first: int, last: int, *, cut: bool) -> bool:
        """Whether what begins and (unless it is ``cut``) ends there is no part of a longer word or number."""
        for inner, outer in ((first, first - 1), *(() if cut else ((last, last + 1),))):
            if 0 <= outer < len(self._offsets) and abs(self._offsets[outer] - self._offsets[inner]) == 1:
                a, b = self._folded[inner], self._folded[outer]
                if (a.isdigit() and b.isdigit()) or (a.isalpha() and b.isalpha()):
                    return False
        return True

    def _likeness(self, anchor: Anchor, at: int) -> float:
        """The share of the characters around an anchor that stand around a place, from the place outwards."""
        end = at + anchor.length
        before = self._folded[max(0, at - len(anchor.before)) : at]
        same = _common(before[::-1], anchor.before[::-1]) + _common(self._folded[end : end + len(anchor.after)], anchor.after)
        known = len(anchor.before) + len(anchor.after)
        return same / known if known else 1.0


def _common(a: str, b: str) -> int:
    """How many characters two strings begin with alike."""
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    return n
