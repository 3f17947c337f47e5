"""What joins the words of a name (nimen osat): particles, patronymics, nicknames, families that lead.

>>> [joins_on(word) for word in ("von", "El", "Gräsbeck-von", "Gräsbeck")]
[True, True, True, False]
>>> is_patronymic("Sergejevna"), is_patronymic("Kanerva")
(True, False)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from poytakirja.rules.names.lexicon import words_of


def is_particle(word: str) -> bool:
    """Whether a word is a particle of a family name, in small letters or with a capital: ``von``, ``El``."""
    return word.lower() in words_of("particle")


def joins_on(word: str) -> bool:
    """Whether the family name goes on behind a word: a particle, or a name that a hyphen ties to one (``Gräsbeck-von Essen``)."""
    return is_particle(word) or ("-" in word and word.rpartition("-")[2] in words_of("particle"))


@cache
def tied() -> regex.Pattern[str]:
    """A name with a particle tied to it in small letters: ``al-Sayed``, ``d'Alba``."""
    particles = "|".join(sorted(words_of("particle")))
    return regex.compile(rf"(?:(?:{particles})-|d['’])\p{{Lu}}[\p{{L}}'’´]*")


_PATRONYMIC = regex.compile(
    r"\p{Lu}\p{Ll}*(?:[oe]vna|[iy]ni[cč]h?na|initšna|initshna|[oe]vi(?:t[sš]h?|t[jz]|č|ch))(?:in|ille|iltä|ilta|ia|iä|a|n|lle|lta)?"
)


def is_patronymic(word: str) -> bool:
    """Whether a word is the father's name (isännimi) between given name and family name: ``Ivanovna``, ``Petrovitš``."""
    return _PATRONYMIC.fullmatch(word) is not None


def family_leads(words: Sequence[str]) -> bool:
    """Whether a name of three words or more keeps its family name in front, as Vietnamese ones do.

    >>> family_leads(["Tran", "Thi", "Hoa"]), family_leads(["Le", "Van", "Duc"]), family_leads(["Kim", "Le", "Salo"])
    (True, True, False)
    """
    if len(words) < 3 or len(words) > 4:
        return False
    first, second = words[0].lower(), words[1].lower()
    return first in words_of("family_leads") or (first in words_of("family_may_lead") and second in words_of("middle_name"))


NICKNAME_OPENS = regex.compile(r" [\"”“„»('’‘]")
NICKNAME_CLOSES = regex.compile(r"[\"”“»)'’] ")
_NICKNAME = regex.compile(r"\s+(?:[\"”“„»'’‘]\p{Lu}[\p{L}-]*[\"”“»'’]|\(\p{Lu}[\p{L}-]*\))(?=\s)")


def without_nickname(surface: str) -> str:
    """A name without the nickname inside it.

    >>> without_nickname('Eino ”Eikka” Rinne'), without_nickname("Eino (Eikka) Rinne"), without_nickname("Eino Rinne")
    ('Eino Rinne', 'Eino Rinne', 'Eino Rinne')
    """
    return _NICKNAME.sub("", surface)


COLON_CASE = regex.compile(r"\p{Lu}[\p{L}'’´-]*\p{Ll}:\p{Ll}{1,4}")
"""A name that takes its case ending behind a colon: ``Ng:n``."""
