"""The one place where characters are made alike, before any offset exists.

Every reader passes its text through here, so that the canonical text never holds what cannot be seen (zero-width characters,
soft hyphens, control characters) nor two ways of writing the same letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

SOFT_HYPHEN = "\u00ad"
BREAK = "\u200b"
"""Zero-width space: a place where a token may be broken."""
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SPACES = (0x09, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
_UNSEEN = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xD800, 0xDFFF),
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xFFFE, 0xFFFF),
)  # fmt: skip


@cache
def _table() -> dict[int, str | None]:
    """What becomes of a character: Unicode spaces are spaces, invisible ones are nothing, ligatures are letters."""
    table: dict[int, str | None] = {code: None for first, last in _UNSEEN for code in range(first, last + 1)}
    return table | dict.fromkeys(_SPACES, " ") | {ord(k): v for k, v in _LIGATURES.items()}


@cache
def _unlike() -> re.Pattern[str]:
    r"""Finds what the table changes, but for ``\n`` and ``\r``, which part the rows of a page's raw text.

    ``re``, since it looks a character of such a large class up at once: four times as fast as ``regex`` here.
    """
    codes = sorted(_table().keys() - {0x0A, 0x0D})
    return re.compile("[" + "".join(f"\\U{code:08X}" for code in codes) + "]")


def strange_places(text: str) -> Iterator[int]:
    """Where in a text characters stand that ``normalise`` may change; everything is strange in a text that is not composed."""
    if not unicodedata.is_normalized("NFC", text):
        return iter(range(len(text)))
    return (found.start() for found in _unlike().finditer(text))


def normalise(text: str) -> str:
    r"""One row of text, or one word, in its canonical form.

    >>> normalise("9.652,\u200b10\u00a0€, a\u0308iti, kun\u00adta, \ufb01rma")
    '9.652,10 €, äiti, kunta, firma'
    """
    # Dropping what is between them may bring a letter and its accent together: so compose last as well.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_table()))
