"""Paragraphs that tell the course of a discussion (kokouskäsittely), not what was proposed or decided.

Older minutes put no heading between a proposal and what members said of it. The words stand in vocabulary/debate_words.csv.

>>> opens_debate("Aino Mäki ehdotti Eero Ahon kannattamana, että asia jätetään pöydälle.")
True
>>> opens_debate("Kunnanhallitus esitti valtuustolle, että hanke hyväksytään."), opens_debate("Toimeen valitaan Aino Mäki.")
(False, False)
"""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.organisations import bodies
from poytakirja.rules.vocabulary_tables.tables import rows

_SUBJECT = 12  # words at the beginning of a sentence among which its verb stands


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(row["words"] for row in rows("debate_words") if row["kind"] == kind)


@cache
def _verbs() -> frozenset[str]:
    return frozenset(_words("verb"))


@cache
def _name() -> regex.Pattern[str]:
    return regex.compile(r"\p{Lu}[\p{L}'’.-]+")


def opens_debate(paragraph: str) -> bool:
    """Whether a paragraph begins to tell what was said, voted, or who came and went."""
    bare = paragraph.lstrip(" -–•*")
    if bare.startswith(_words("opens")):
        return True
    sentence = bare[:200].split(". ")[0].split()[:_SUBJECT]
    if len(sentence) < 3 or not _name().fullmatch(sentence[0].rstrip(",")):
        return False
    told = next((n for n, word in enumerate(sentence) if word.strip(",.;:()") in _verbs()), None)
    if not told:
        return False
    person = sentence[0] in _words("person")
    named = _name().fullmatch(sentence[1].rstrip(",")) is not None and bodies.read(sentence[0]) is None
    alone = (
        told == 1 and bodies.read(sentence[0]) is None and not bodies.is_body(sentence[0]) and sentence[0].lower() not in _BODIES
    )
    return person or named or alone


def person_words(text: str) -> int:
    """How many letters of the words before a name (``Jäsen``, ``Valtuutettu``) open a sentence.

    >>> person_words("Jäsen Aino Mäki"), person_words("Aino Mäki")
    (6, 0)
    """
    first = text.split(maxsplit=1)[:1]
    return text.index(first[0]) + len(first[0]) + 1 if first and first[0] in _words("person") else 0


_BODIES = frozenset({"hallitus", "valtuusto", "lautakunta", "neuvosto", "jaosto", "nämnden", "styrelsen", "fullmäktige"})


def is_closing(paragraph: str) -> bool:
    """Whether a paragraph stands behind the last decision: how to appeal, when the minutes were on display."""
    bare = paragraph.lstrip()
    first = bare.partition(" ")[0]
    return (first.capitalize() + bare[len(first) :] if first.isupper() else bare).startswith(_words("closes"))
