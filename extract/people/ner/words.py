"""What a word looks like: its letters, Voikko's classes, the name lists, titles, floret vectors, the cases it is used in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from sys import intern
from typing import Any
from zlib import crc32

import numpy as np
import regex
from numpy.typing import NDArray

from poytakirja.people.ner import MODEL, Array, floret
from poytakirja.rules.names.declension import candidates
from poytakirja.rules.names.lexicon import lexicon, likeness
from poytakirja.rules.names.titles import head_of


@dataclass(frozen=True, slots=True)
class Word:
    """A word form as the CRF sees it: its features as the word in question and as a neighbour, and its coarse class."""

    own: tuple[str, ...]
    near: tuple[str, ...]
    coarse: str


EDGE = Word(("edge",), ("edge",), "edge")


def _shape(word: str) -> str:
    kinds = "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in word)
    return regex.sub(r"(.)\1{2,}", r"\1\1", kinds)


_CLASS, _CASE = regex.compile(r"\[L(\w+)\]"), regex.compile(r"\[S(\w+)\]")
_NUMBER, _BASE = regex.compile(r"\[N(\w)\]"), regex.compile(r"\[Xp\](.*?)\[X\]")


@cache
def _voikko() -> Any:
    from pyvoikko import VOIKKO_FST  # noqa: PLC0415  # half a second and 250 MB, for those who look for names only

    return VOIKKO_FST


@cache
def _tokenization_error() -> type[Exception]:
    import kfst  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    error: type[Exception] = kfst.TokenizationException
    return error


_LONGEST_WORD = 80


@lru_cache(maxsize=1 << 17)
def _readings(word: str) -> tuple[tuple[str, str, str], ...]:
    """Voikko's (class, case and number, base form) of the last part of a word in small letters, in order.

    Of what is too long for a word, none.
    """
    if len(word) > _LONGEST_WORD:
        return ()
    try:
        found = _voikko().lookup(word)
    except _tokenization_error():
        return ()  # a letter that Voikko does not know
    readings = set()
    for output, _ in found:
        last = output.rpartition("[Bc]")[2]
        kind, case, number, base = (pattern.search(last) for pattern in (_CLASS, _CASE, _NUMBER, _BASE))
        form = (case[1] if case else "-") + (number[1] if number else "")
        readings.add((kind[1] if kind else "?", form, base[1].replace("=", "").lower() if base else ""))
    return tuple(sorted(readings))


_COMMON, _NAME, _PLACE = frozenset(("n", "nl", "l", "t", "s")), frozenset(("ee", "es")), frozenset(("ep", "em"))


def is_common(word: str) -> bool:
    """Whether a word may be a common noun, adjective or verb.

    >>> is_common("Oja"), is_common("Pöyhönen")
    (True, False)
    """
    return any(kind in _COMMON for kind, _, _ in _readings(word.lower()))


@lru_cache(maxsize=1 << 17)
def _listed(word: str) -> tuple[str, ...]:
    """In which name lists a word stands, in base form (0) or another (1): ``gc0`` is a common given name."""
    known = lexicon()
    flags: set[str] = set()
    for form in {word, word.rpartition("-")[2] or word}:
        for base, case in candidates(form)[:12] if len(form) > 1 else ():
            flags.update(f"{kind[0]}{use[0]}{int(case != 'nom')}" for kind, use in known.get(base, {}).items())
    return tuple(sorted(flags))


@lru_cache(maxsize=1 << 13)
def describe(word: str) -> Word:
    """A word's features. They are large, and asked for but once or twice for each place a word may stand in: few are kept."""
    low, capital = word.lower(), word[0].isupper()
    own = [f"w={low}", f"s={_shape(word)}", f"n={min(len(word), 12)}"]
    own += [f"x{n}={low[-n:]}" for n in range(1, 7) if len(low) > n]
    own += [f"p{n}={low[:n]}" for n in range(1, 5) if len(low) > n]
    near = [f"w={low}", f"s={_shape(word)}", f"x3={low[-3:]}"]
    title = head_of(word)
    kind = f"{title[1].kind[0]}{title[1].case}" if title else ""
    if title:
        own += [f"T={title[1].base}", f"Tk={kind}"]
        near += [f"T={title[1].base}", f"Tk={kind}"]
    readings = _readings(low) if word[0].isalpha() else ()
    classes = f"V={'+'.join(sorted({r[0] for r in readings})) or '0'}"
    bases = [f"b={r[2]}" for r in readings]
    own += [classes, *bases]
    near += [classes, *bases, *(f"vc={r[0]}{r[1]}" for r in readings)]
    lists = _listed(word) if capital else ()
    if capital:
        own += [f"Vc={'+'.join(sorted({r[1] for r in readings}))}", *(f"v{r[0]}_{r[1]}" for r in readings)]
        shares = words().case_shares(word)
        own += [f"L{flag}" for flag in lists] + ["like"] * (likeness(word) > 2) + shares
        near += shares[-1:]
    rough = _coarse(word, lists, readings, kind)
    own.append(f"c={rough}")
    near.append(f"c={rough}")
    return Word(tuple(dict.fromkeys(own)), tuple(dict.fromkeys(near)), rough)


@lru_cache(maxsize=1 << 17)
def coarse(word: str) -> str:
    """A word's coarse class."""
    return intern(describe(word).coarse)


def _coarse(word: str, lists: Sequence[str], readings: Sequence[tuple[str, str, str]], title: str) -> str:
    """One of some hundred classes: is it capitalised, a known name, a common word, a title."""
    if not word[0].isupper():
        first = word[0]
        if first.isalpha():
            return f"T{title}" if title else f"x{readings[0][0] if readings else '0'}"
        return "d" if first.isdigit() else f".{first}"
    flags, classes = {flag[:2] for flag in lists}, {r[0] for r in readings}
    given = "g" if "gc" in flags else "G" if "gf" in flags else ""
    family = "f" if "fc" in flags else "F" if "ff" in flags else ""
    known = "".join(letter for letter, group in (("n", _COMMON), ("e", _NAME), ("l", _PLACE)) if classes & group)
    return ("A" if word.isupper() else "C") + given + family + ("p" if "pc" in flags else "") + known


def hash_of(feature: str) -> int:
    """A string's hash, by which the model knows it."""
    return crc32(feature.encode())


class Lexicon:
    """Vectors of words, and in which cases they are used (words.npz, made by training/make_vectors.py)."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as file:
            self._rows, self._step = file["rows"], file["step"]
            keys = file["keys"].tolist()
            self._shares = dict(zip(keys, zip(file["codes"].tolist(), file["weights"].tolist(), strict=True), strict=True))

    @property
    def table(self) -> tuple[NDArray[np.int8], Array]:
        """The rows of the vectors in bytes, and the size of a step in each dimension."""
        return self._rows, self._step

    @property
    def width(self) -> int:
        """The number of dimensions."""
        return int(self._rows.shape[1])

    def vector(self, word: str) -> Array:
        """A word's vector, of length three: on a par with the other features."""
        row = floret.vector(word, self._rows, self._step)
        return row * np.float32(3.0 / (float(np.linalg.norm(row)) + 1e-9))

    def case_shares(self, word: str) -> list[str]:
        """How much the word's base form is used in inner and in outer local cases, as features."""
        found = [self._shares.get(hash_of(base.lower())) for base, _ in candidates(word)[:6]]
        best = max((share for share in found if share), key=lambda share: share[1], default=None)
        if best is None:
            return ["D-"]
        inner, outer = divmod(best[0], 7)
        return [f"DI{inner}", f"DO{outer}", f"D{inner}_{outer}"]


@cache
def words() -> Lexicon:
    """What is known of words, loaded once."""
    return Lexicon(MODEL / "words.npz")
