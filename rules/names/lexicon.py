"""Which names are known (nimistö), and how much a word is like a name in base form.

>>> use_of("Riina", "given"), use_of("Kamunen", "given")
('common', None)
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from math import exp, log
from typing import Literal

from poytakirja.rules.vocabulary_tables.tables import rows

Kind = Literal["given", "family", "place"]
_LONGEST = 24


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of a kind in vocabulary/name_words.csv, which says what each kind is."""
    return frozenset(row["word"] for row in rows("name_words") if row["kind"] == kind)


@cache
def ends_of(kind: str) -> tuple[str, ...]:
    """The same as ends of words, for ``str.endswith``."""
    return tuple(sorted(words_of(kind)))


@cache
def lexicon() -> dict[str, dict[str, str]]:
    """Every known name → its kinds, each ``common`` (Finnish and Swedish lists) or ``foreign``."""
    names: dict[str, dict[str, str]] = {}
    for row in rows("names"):
        names.setdefault(row["name"], {})[row["kind"]] = row["use"]
    return names


def use_of(name: str, kind: Kind) -> str | None:
    """Whether a name in base form is a ``common`` or ``foreign`` given name, family name or place; None where unknown.

    A double name (Eeva-Maria, Mäki-Kuusela) is as common as its last part.

    >>> use_of("Eeva-Maria", "given"), use_of("Kamunen", "given")
    ('common', None)
    """
    known = lexicon()
    if name not in known and "-" in name:
        name = name.rpartition("-")[2]
    return known.get(name, {}).get(kind)


@cache
def _endings() -> dict[str, int]:
    counts: Counter[str] = Counter()
    for name, kinds in lexicon().items():
        if "common" in (kinds.get("family"), kinds.get("place")):
            counts.update(name[-n:].lower() for n in range(2, 8) if len(name) > n)
    return {ending: count for ending, count in counts.items() if count >= 3}


@lru_cache(maxsize=1 << 15)
def likeness(name: str) -> float:
    """How much a word ends as Finnish family names and places do: 0 (not at all) to 5.

    >>> likeness("Nivukoski") > likeness("Nivukosken")
    True
    """
    known = _endings()
    return next((0.7 * n for n in range(7, 1, -1) if name[-n:].lower() in known), 0.0)


def capitals_down(word: str) -> str:
    """A name in capitals as it is usually written: ``ALA-NISSILÄ`` → ``Ala-Nissilä``; others as they are."""
    return word.title() if word.isupper() and len(word) > 2 else word


# ---------------------------------------------------------------- how much a word is like a name

_DEPTH = 5
_WEIGHT = {"common": 1.0, "foreign": 0.1}
_NOUN_WEIGHT = 5.0
_PLACE_WEIGHT = 0.5
_UNSEEN = 1.0
_ANY_LETTER = 1 / 40
_BORNE_BY_MANY = 2.5
"""A third of all bear a name in -nen, of the different names it is fewer."""
_LISTED = {"common": 0.7 / 3500, "foreign": 0.04 / 8000}
_UNLISTED = {"family": 0.4, "given": 0.1, "place": 0.4}


@cache
def _weights(kind: Kind) -> dict[str, float]:
    """How much each known name of a kind counts; of a double name its last part, of a noun that ends names the noun."""
    weights: dict[str, float] = {}
    for name, kinds in lexicon().items():
        last = name.rpartition("-")[2].lower()
        if kind in kinds:
            weights[last] = weights.get(last, 0.0) + _WEIGHT[kinds[kind]]
        elif kind == "family" and "place" in kinds:
            weights[last] = weights.get(last, 0.0) + _PLACE_WEIGHT
    for noun in sorted(words_of("name_noun") | words_of("e_stem")) if kind == "family" else ():
        weights[noun] = weights.get(noun, 0.0) + _NOUN_WEIGHT
    return weights


@cache
def _followers(kind: Kind) -> dict[str, tuple[dict[str, float], float, float]]:
    """Of the known names, read from their end: after each few letters, how often which letter comes next.

    With it how often any does, and how much of that a letter never seen there may take.
    """
    counts: dict[str, dict[str, float]] = {}
    for name, weight in _weights(kind).items():
        spelled = f"^{name[::-1]}#"
        for at in range(1, len(spelled)):
            for begin in range(max(0, at - _DEPTH), at + 1):
                after = counts.setdefault(spelled[begin:at], {})
                after[spelled[at]] = after.get(spelled[at], 0.0) + weight
    return {
        letters: (after, sum(after.values()), _UNSEEN * sum(min(1.0, n) for n in after.values()))
        for letters, after in counts.items()
    }


@lru_cache(maxsize=1 << 16)
def commonness(name: str, kind: Kind) -> float:
    """How likely a name of a kind is this one: the logarithm of its share among all such names, never seen ones included.

    >>> commonness("Nivukoski", "family") > commonness("Nivukosken", "family")
    True
    """
    counts = _followers(kind)
    spelled = f"^{name.rpartition('-')[2].lower()[-_LONGEST:][::-1]}#"
    unlisted = _BORNE_BY_MANY if name.endswith("nen") else 0.0
    for at in range(1, len(spelled)):
        likely = _ANY_LETTER
        for begin in range(at, max(-1, at - _DEPTH - 1), -1):
            seen = counts.get(spelled[begin:at])
            if not seen:
                break
            after, total, unseen = seen
            likely = (after.get(spelled[at], 0.0) + unseen * likely) / (total + unseen)
        unlisted += log(likely)
    return log(_LISTED.get(use_of(name, kind) or "", 0.0) + _UNLISTED[kind] * exp(unlisted))
