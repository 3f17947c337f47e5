"""The one place where characters are made alike, and where a text can be masked, before any offset exists.

Every reader passes its text through here row by row, so that the canonical text never holds what cannot be seen (zero-width
characters, soft hyphens, control characters) nor two ways of writing the same letter.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import regex

SOFT_HYPHEN = "\u00ad"
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


@cache
def _table() -> dict[int, str | None]:
    """What becomes of a character: Unicode spaces are spaces, invisible ones are nothing, ligatures are letters."""
    table: dict[int, str | None] = {ord(k): v for k, v in _LIGATURES.items()}
    table |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F)])
    table |= dict.fromkeys([*range(0x2060, 0x2070), 0xFEFF, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000), *range(0xFFF9, 0xFFFC)])
    return table | dict.fromkeys([0x09, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000], " ")


@cache
def _unlike() -> regex.Pattern[str]:
    """Finds a character that the table changes."""
    return regex.compile("[" + "".join(f"\\U{code:08X}" for code in sorted(_table()) if code != 0x20) + "]")


def is_plain(text: str) -> bool:
    """Whether normalising leaves the text as it is (asked once a page, so that ordinary text costs nothing more)."""
    return (text.isascii() and text.isprintable()) or (not _unlike().search(text) and unicodedata.is_normalized("NFC", text))


def normalise(text: str) -> str:
    r"""One row of text in its canonical form.

    >>> normalise("9.652,\u200b10\u00a0€, a\u0308iti, kun\u00adta, \ufb01rma")
    '9.652,10 €, äiti, kunta, firma'
    """
    if is_plain(text):
        return text
    # Composing may bring about what the table changes, never the other way round: so compose first.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_table()))


def mask(text: str) -> str:
    """The hook for masking what must reach no table: called with each whole row, already normalised.

    Nothing is masked yet. Whatever comes here must keep a row a row (no line ends added).
    """
    return text
