"""What stands in the place of a person's name: the name itself (keep), a keyed token (hash), or one mark for all (drop).

A token is ``P-`` and twelve hex digits of the HMAC-SHA-256 of the name in base form, capitals and accents aside, under the key in
the environment variable POYTAKIRJA_KEY: the same name has the same token in every document and run that has this key, and
nobody without it can test a guess. Of ten thousand names two share a token with a chance of one in five million.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, get_args
from urllib.parse import unquote

import regex

from poytakirja.errors import UsageError
from poytakirja.rules.names.declension import candidates
from poytakirja.rules.names.lexicon import Kind, use_of

Mode = Literal["keep", "hash", "drop"]

KEY = "POYTAKIRJA_KEY"
_Kinds = tuple[str | None, str | None]
_KINDS: tuple[Kind, Kind] = ("given", "family")
SHORTEST = 16
"""So many characters a key has at least."""
DROPPED = "[henkilö]"


@lru_cache(maxsize=1 << 14)
def folded(name: str) -> str:
    """A name as an e-mail address may spell it: no capitals, no accents.

    >>> folded("Väinö Åström-Hämäläinen")
    'vaino astrom-hamalainen'
    """
    apart = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


_NAME_IN_PATH = regex.compile(r"\p{L}++(?:[ _.,-]++\p{L}++)++")


@lru_cache(maxsize=1 << 12)
def _name_kinds(word: str) -> _Kinds:
    """The common given name and the common family name that a word of a path is a form of."""
    bases = [base for base, _ in candidates(word.capitalize())] if len(word) > 2 else []
    given, family = (next((base for base in bases if use_of(base, kind) == "common"), None) for kind in _KINDS)
    return given, family


def _in_order(kinds: Sequence[_Kinds], *, given_first: bool, at: int) -> str:
    """A name in base form, given name first; ``at`` is the last word of what comes first in the path."""
    one, other = kinds[: at + 1], kinds[at + 1 :]
    given, family = (one, other) if given_first else (other, one)
    return " ".join(("-".join(g or f or "" for g, f in given), "-".join(f or g or "" for g, f in family)))


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """How persons' names are shown. ``key`` is needed for mode hash alone, and goes into no file."""

    mode: Mode = "keep"
    key: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, mode: str) -> Pseudonyms:
        """The mode, with the key of the environment where it takes one.

        Raises UsageError for an unknown mode, and where the key is missing or too short.
        """
        if mode not in get_args(Mode):
            raise UsageError(f"persons: {mode} is none of {', '.join(get_args(Mode))}")
        if mode != "hash":
            return cls(mode)  # type: ignore[arg-type]
        key = os.environ.get(KEY, "")
        if len(key) < SHORTEST:
            wrong = f"has {len(key)} characters" if key else "is not set"
            raise UsageError(
                f"persons hash: {KEY} {wrong}: set it to a secret of at least {SHORTEST} characters, "
                "as docs/personal-data.md tells"
            )
        return cls("hash", key.encode("utf-8", "surrogateescape"))

    @property
    def hides(self) -> bool:
        """Whether names are replaced at all."""
        return self.mode != "keep"

    @property
    def fingerprint(self) -> str | None:
        """What tells one key from another without giving it away; None where none is used."""
        return self._digest("key\0")[:16] if self.mode == "hash" else None

    def shown(self, name: str) -> str:
        """What stands in the place of a name in base form."""
        if self.mode == "keep":
            return name
        return DROPPED if self.mode == "drop" else "P-" + self._digest("name\0" + folded(name))[:12]

    def stated(self) -> dict[str, str | None]:
        """What a manifest says of the mode: another mode, or another key, is another run."""
        return {"persons": self.mode, "persons_key": self.fingerprint}

    def of_path(self, path: str) -> str:
        """A path without the names in it: a given name beside a family name, as the name lists know them.

        >>> Pseudonyms("drop").of_path("Salo/2023/valitus_virtanen-matti.pdf")
        'Salo/2023/valitus_[henkilö].pdf'
        >>> Pseudonyms("drop").of_path("Korhonen-Salo Aino-Maija.pdf"), Pseudonyms("drop").of_path("matti%20virtanen.pdf")
        ('[henkilö].pdf', '[henkilö].pdf')
        """
        if not self.hides:
            return path
        composed = unicodedata.normalize("NFC", path)
        decoded = unquote(composed) if "%" in composed else composed
        hidden = _NAME_IN_PATH.sub(lambda m: self._path_part(m.group()), decoded)
        return hidden if hidden != decoded else path

    def _path_part(self, words: str) -> str:
        """Words of a path that are side by side, names among them replaced."""
        parts = regex.split(r"(?<=\p{L})([ _.,-]+)(?=\p{L})", words)
        kinds = [_name_kinds(part) for part in parts[::2]]
        for n in range(len(kinds) - 1):
            (given, family), (given_after, family_after) = kinds[n], kinds[n + 1]
            if (given and family_after) or (family and given_after):
                first, last = self._whole_name(parts, kinds, n)
                before, after = "".join(parts[: 2 * first]), "".join(parts[2 * last + 1 :])
                name = _in_order(kinds[first : last + 1], given_first=bool(given and family_after), at=n - first)
                return self._path_part(before) + self.shown(name) + self._path_part(after)
        return words

    @staticmethod
    def _whole_name(parts: list[str], kinds: Sequence[_Kinds], n: int) -> tuple[int, int]:
        """The first and last word of a name of which two words are side by side, halves of double names included."""
        first, last = n, n + 1
        while first and parts[2 * first - 1] == "-" and any(kinds[first - 1]):
            first -= 1
        while last + 1 < len(kinds) and parts[2 * last + 1] == "-" and any(kinds[last + 1]):
            last += 1
        return first, last

    def _digest(self, words: str) -> str:
        return hmac.new(self.key, words.encode(), hashlib.sha256).hexdigest()
