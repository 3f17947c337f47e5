"""In which case a name stands (sijamuoto), as far as the words around it tell: its title, a verb, a postposition, a label.

A form such as ``Rönnin`` may be a name or a name's genitive; ``Rönnin johdolla`` is the latter, ``Yhteyshenkilö: … Rönnin`` the
former. What the words say is weighed with how common the names are, so it is given as odds, not as a verdict.

>>> text = "Yhteyshenkilö: liikuntasuunnittelija Nico Söderkulla."
>>> standing_of(text, 37, 52)
(('nom', 6.0),)
>>> standing_of("Työ alkaa Vesa-Matti Rönnin johdolla.", 10, 27)
(('gen', 5.0),)
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import regex

from poytakirja.rules.names.base_form import Standing
from poytakirja.rules.names.lexicon import words_of
from poytakirja.rules.names.titles import adjective_of, head_of

NOMINATIVE: Standing = (("nom", 6.0),)
"""How the value of a label stands, or a name in a list."""

_BEFORE, _BEHIND = 160, 60


def standing_of(text: str, start: int, end: int) -> Standing:
    """The cases that the words around a name speak for; empty where they tell nothing."""
    left, right = text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]
    weights: dict[str, float] = {}
    for case, weight in (*_behind(right), *_before(left, right)):
        weights[case] = max(weight, weights.get(case, 0.0))
    return tuple(sorted(weights.items()))


def merged(standings: Iterable[Standing]) -> Standing:
    """What several places say together of one form."""
    weights: dict[str, float] = {}
    for standing in standings:
        for case, weight in standing:
            weights[case] = max(weight, weights.get(case, 0.0))
    return tuple(sorted(weights.items()))


# ---------------------------------------------------------------- behind the name

_WORD_BEHIND = regex.compile(r"[ \t]*\n?[ \t]*(\p{Ll}[\p{Ll}-]*)")
_APPOSED = regex.compile(r"(?:,[ \t]*\n?|[ \t]*\n?\()[ \t]*((?:[\p{L}\d:.-]+[ \t\n]+){0,4}?)([\p{L}-]+)(?=[\s,.;)]|$)")
_AGENT = regex.compile(r"\p{Ll}{3,}(?:am|äm|om|öm|em|im|um|ym)(?:a|ä|an|än|ana|änä|assa|ässä|asta|ästä|alla|ällä|at|ät)")


@cache
def _verbs(kind: str) -> frozenset[str]:
    return words_of(f"verb_{kind}")


def _behind(right: str) -> list[tuple[str, float]]:
    if m := _WORD_BEHIND.match(right):
        word = m[1]
        if word in words_of("takes_genitive") or _AGENT.fullmatch(word):
            return [("gen", 5.0)]
        if word in _verbs("subject"):
            return [("nom", 5.0)]
        return []
    if m := _APPOSED.match(right):
        return _apposed(right)
    return []


def _apposed(right: str) -> list[tuple[str, float]]:
    """A title behind a comma or in brackets stands in the same case as the name."""
    words = regex.split(r"[\s,.;)]+", right.lstrip(" ,(\n"), maxsplit=5)[:5]
    for word in words:
        found = head_of(word) if len(word) > 2 else None
        if found and found[1].kind != "adjective":
            case = found[1].case
            return [(case, 5.0)] if case not in ("plural", "ess", "tra") else []
        if not word or not (word.islower() or word.endswith(("n", "-"))):
            return []
    return []


# ---------------------------------------------------------------- before it

_PIECE = regex.compile(r"\p{L}[\p{L}\d'’-]*(?:[.:]\p{L}+)*|[:;,()]|\.(?=\s)|\n\s*\n|[-–•*·](?=\s)")


def _before(left: str, right: str) -> list[tuple[str, float]]:
    """The nearest word before the name that is no title and no other name: a verb, a label; and the title's own case."""
    found: list[tuple[str, float]] = []
    pieces = _PIECE.findall(left)
    near = True
    for word in reversed(pieces[-14:]):
        if word in ".;()" or word.startswith("\n") or word in "-–•*·":
            return found or _row(right)
        if word == ":":
            return [("nom", 6.0)]
        if word == ",":
            near = False
            continue
        title = head_of(word.rstrip("."))
        if title and title[1].kind != "adjective":
            if near and title[1].case not in ("nom", "plural", "ess", "tra"):
                found.append((title[1].case, 3.0))
            near = False
            continue
        if told := _verb(word):
            return [*found, told]
        if not _skipped(word):
            return found
    return found or _row(right)


def _row(right: str) -> list[tuple[str, float]]:
    """A name at the start of a row or a sentence: in a list where the row ends with it, else often the subject."""
    return [("nom", 3.0 if regex.match(r"\s*(?:$|\n|,|\(|\s{2})", right) else 1.0)]


def _verb(word: str) -> tuple[str, float] | None:
    low = word.lower()
    if low in _verbs("partitive"):
        return "part", 4.0
    if low in _verbs("subject"):
        return "nom", 2.5 if low in ("on", "oli", "ovat", "olivat") else 5.0
    return None


def _skipped(word: str) -> bool:
    """Whether a word between verb and name tells nothing: another name, a title's attribute, a conjunction."""
    low = word.lower().rstrip(".")
    return word[0].isupper() or low in _SKIPPED or low.endswith(("-", "n")) or adjective_of(low) is not None


_SKIPPED = frozenset(("ja", "sekä", "och", "vs", "vt", "v.s", "v.t"))
