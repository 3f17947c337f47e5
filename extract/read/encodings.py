"""Bytes → text, whatever the encoding: that of a mark or a declaration where the bytes bear it out, else the one that makes
words.

Whatever was once decoded wrongly and saved so (``TyÃ¶ttÃ¶myyden``) is put right where that is certain, by ftfy.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from poytakirja.errors import ReadError

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_OF_ONE_BYTE = ("cp1252", "cp850", "mac_roman", "cp437")
"""What officials' systems have written, Windows, DOS and Macintosh, the likeliest first."""
_SAMPLE = 1 << 16
"""So many letters beyond ASCII tell an encoding of one byte."""


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    sample = data[:4096]
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if len(data) % 2 or max(even, odd) < 0.6 or min(even, odd) > 0.1:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a file, whatever its encoding; a ReadError where it is no text at all.

    ``declared`` is the encoding that the file says it has; bytes that cannot be of it, or that are UTF-8 beyond doubt, are
    stronger.
    """
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _wide(data)
    text = data.decode(encoding, errors="replace") if encoding else _narrow(data, declared)
    strange = sum(text.count(chr(c)) for c in (*range(9), *range(14, 27), *range(28, 32), 0xFFFD))
    if strange > max(2.0, 0.02 * len(text)):
        raise ReadError("broken", "the file holds no readable text; save it as plain text in UTF-8 and try again")
    return repaired(text)


def _narrow(data: bytes, declared: str | None) -> str:
    """Text in UTF-8, or in an encoding of one byte a letter."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    if not lost or 4 * lost <= sum(c > "\x7f" for c in text):
        return text  # a few bytes damaged at most
    if (known := _known(declared)) is not None:
        return data.decode(known, errors="replace")
    return data.decode(_likeliest(data), errors="replace")


def _known(declared: str | None) -> str | None:
    """A declared encoding as Python knows it; Latin-1 is that of Windows, as browsers have it. None for UTF-8 and unknown
    ones."""
    try:
        name = codecs.lookup(declared or "utf-8").name
    except LookupError:
        return None
    if name.startswith(("utf", "ascii")):
        return None
    return "cp1252" if name == "iso8859-1" else name


_GOOD = frozenset("äöåÄÖÅéÉüÜšŠžŽ§€–—”“’‘•°½£æøÆØàèáóñç´»«…²³¹·±÷×µ")
"""What stands in Finnish and Swedish texts beyond ASCII."""


def _likeliest(data: bytes) -> str:
    """The encoding of one byte whose letters are those of the language: ``ä`` and ``ö`` between letters, ``§`` beside a
    number."""
    foreign = re.sub(rb"[\x00-\x7f]{3,}", lambda m: m.group()[:1] + b" " + m.group()[-1:], data)[:_SAMPLE]
    return max(_OF_ONE_BYTE, key=lambda name: (_fitness(foreign.decode(name, errors="replace")), -_OF_ONE_BYTE.index(name)))


@cache
def _vowels() -> re.Pattern[str]:
    """Letters of the language where a word has them: in small letters beside small ones, in capitals before or beside letters."""
    return re.compile(r"[äöåé](?=[a-zäöåé])|(?<=[a-zäöåé])[äöåé]|(?<![a-zäöåé])[ÄÖÅ](?=[A-Za-zäöåÄÖÅ])|(?<=[A-ZÄÖÅ])[ÄÖÅ]|§")


def _fitness(text: str) -> int:
    """How well letters beyond ASCII fit: those of the language in their places count for it, strange ones against it."""
    strange = sum(c > "\x7f" and c not in _GOOD for c in text)
    return 2 * len(_vowels().findall(text)) - 3 * strange


@cache
def _twice() -> re.Pattern[str]:
    """What UTF-8 looks like that was read as an encoding of one byte: ``Ã¶``, ``â‚¬``, ``Â§``."""
    return re.compile(r"[ÃÂ][\u0080-\u00bf\u0152-\u0178\u02c6-\u2122]|â[\u0080-\u00bf€‚„“”™¬]|√[§∂•¶]")


def repaired(text: str) -> str:
    """A text whose wrong decoding is put right, as far as that is certain.

    >>> repaired("TyÃ¶ttÃ¶myyden tyÃ¶kalut 120 000 â‚¬"), repaired("120 000 ¤")
    ('Työttömyyden työkalut 120 000 €', '120 000 €')
    """
    if _twice().search(text):
        from ftfy import fix_encoding  # noqa: PLC0415 (takes long to load, and is seldom needed)

        text = "\n".join(fix_encoding(line) if _twice().search(line) else line for line in text.split("\n"))
    return text.replace("¤", "€")  # ISO-8859-15 read as ISO-8859-1; no minutes have the sign of currency itself
