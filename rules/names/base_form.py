"""How Finnish names decline (nimien taivutus), and the way back: from a form as it stands in a text to the name as it signs.

A base form is never cut out of a form by its ending alone: every candidate is declined again, and only those that give the
form stand. Between several, what the document names elsewhere decides, then the known names, then how family names end.

>>> base_word("Hämäläisen"), base_word("Jussinmäkeä"), base_word("Savinaista"), base_word("Kivekkäälle")
('Hämäläinen', 'Jussinmäki', 'Savinainen', 'Kivekäs')
>>> base_form("Leena Mäki-Kuuselan")
BaseName(given='Leena', family='Mäki-Kuusela')
>>> base_form("Korvelle"), base_form("Korvelle", Known.of(["Mirva Korve"]))
(BaseName(given=None, family='Korpi'), BaseName(given='Mirva', family='Korve'))
>>> base_form("Kaj Rönnin", standing=(("nom", 6.0),)), base_form("Kaj Rönnin", standing=(("gen", 5.0),))
(BaseName(given='Kaj', family='Rönnin'), BaseName(given='Kaj', family='Rönni'))
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import regex

from poytakirja.rules.names.declension import candidates, decline
from poytakirja.rules.names.lexicon import Kind, capitals_down, commonness, lexicon, likeness, use_of, words_of
from poytakirja.rules.names.name_shapes import family_leads, is_particle, is_patronymic, joins_on

# Logarithms of odds, tuned on one half of examples/names.toml and on forms of listed names that the list was made to lack:
# how usual each case is; how much rarer names in a consonant are, and ways to decline that are not their kind's usual one.
_PRIOR = {"nom": 0.0, "gen": -1.0, "part": -1.2, "all": -2.3, "ade": -4.0, "abl": -2.6, "tra": -5.0, "ela": -5.0, "ill": -5.0,
          "ess": -6.0, "ine": -5.5, "abe": -8.0, "plur": -5.0}  # fmt: skip
_CONSONANT = 1.7
_RARER = 2.0
_NO_NAME = regex.compile(r"(?:[aeiouyäö]sen|[aouyäö]e)$")
"""How no name ends, though their stems do: Nykäse-n, Mäe-n."""
_STATED = 6.0
_INITIAL = regex.compile(r"\p{Lu}\.?")
_CLITIC = regex.compile(r"(?<=.{4})k(?:in|aan|ään)$")


Standing = tuple[tuple[str, float], ...]
"""In which cases a name may stand and how much its context speaks for each, as logarithms of odds (``names.case_cues``)."""


@dataclass(frozen=True, slots=True)
class BaseName:
    """A person's name in base form: given name (etunimi) and family name (sukunimi), either None where it is not said."""

    given: str | None
    family: str | None
    leads: bool = field(default=False, repr=False)
    """Whether the family name stands first where the person is named in full (``Tran Thi Hoa``)."""

    @property
    def full(self) -> str:
        """As it would sign: given name first, unless the family name leads."""
        parts = (self.family, self.given) if self.leads else (self.given, self.family)
        return " ".join(part for part in parts if part)


def _worth(base: str, case: str, *, form: str, kind: Kind, standing: Standing = ()) -> float:
    """How likely a candidate is: how common the name, how usual its case and told by the words around, how the name declines."""
    score = commonness(base, kind) + _PRIOR[case] + next((weight for told, weight in standing if told == case), 0.0)
    if len(base) < 3 or (_NO_NAME.search(base) and not use_of(base, kind)):
        score -= 4.0
    if case != "nom":
        if base[-1] not in "aeiouyåäöéès" and not base.endswith("nen"):
            score -= _CONSONANT
        forms = decline(base).get(case, ())
        score -= _RARER * min(1, forms.index(form)) if form in forms else 0
    return score


def base_word(form: str, kind: Kind = "family", known: frozenset[str] = frozenset(), standing: Standing = ()) -> str:
    """One name in base form; ``known`` are names of this kind that the document states in base form elsewhere.

    ``standing`` is what the words around tell of its case.

    >>> base_word("Mikan", "given"), base_word("Korvelle"), base_word("Korvelle", known=frozenset({"Korve"}))
    ('Mika', 'Korpi', 'Korve')
    """
    if form in known:
        return form
    hits = [hit for hit in candidates(form) if hit[0] in known] if known else []
    return _likeliest(hits, form, kind)[0] if hits else _base_word(form, kind, standing)


@lru_cache(maxsize=1 << 15)
def _base_word(form: str, kind: Kind, standing: Standing = ()) -> str:
    if len(form) > 6 and (m := _CLITIC.search(form)) and use_of(form, kind) is None and _known_somehow(form[: m.start()], kind):
        form = form[: m.start()]
    return _likeliest(candidates(form), form, kind, standing)[0]


def _likeliest(hits: Sequence[tuple[str, str]], form: str, kind: Kind, standing: Standing = ()) -> tuple[str, str]:
    return max(hits, key=lambda hit: _worth(*hit, form=form, kind=kind, standing=standing))


def common_base(forms: Iterable[tuple[str, Standing]], kind: Kind = "family", stated: frozenset[str] = frozenset()) -> str:
    """The one name that the most of several forms are forms of, as a person mentioned several times has one.

    With each form comes what the words around it tell of its case; ``stated`` are names that others of the document bear.

    >>> common_base([("Turjaa", ()), ("Turjan", ())]), common_base([("Korvelle", ()), ("Korpea", ())])
    ('Turja', 'Korpi')
    """
    worth: dict[str, list[float]] = {}
    for form, standing in forms:
        for base in dict.fromkeys(base for base, _ in candidates(form)):
            best = max(_worth(b, case, form=form, kind=kind, standing=standing) for b, case in candidates(form) if b == base)
            worth.setdefault(base, []).append(best)
    return max(worth, key=lambda base: (len(worth[base]), sum(worth[base]) + _STATED * (base in stated)))


def _known_somehow(form: str, kind: Kind) -> bool:
    return any(use_of(base, kind) == "common" for base, _ in candidates(form))


@lru_cache(maxsize=1 << 15)
def is_given(word: str) -> bool:
    """Whether a word is a given name in base form, an initial (``J.``) or a double given name.

    >>> [is_given(w) for w in ("Riina", "Eeva-Maria", "J.", "Kaupunki")]
    [True, True, True, False]
    """
    if _INITIAL.fullmatch(word):
        return True
    parts = capitals_down(word).replace("İ", "I").split("-")  # the lists know Ibrahim
    return all(_INITIAL.fullmatch(part) or use_of(part, "given") is not None or _two_in_one(part) for part in parts)


@lru_cache(maxsize=1 << 15)
def _two_in_one(word: str) -> bool:
    """Two common given names written as one: Sannamarja, Annemari."""
    known = lexicon()
    cuts = ((word[:i], word[i:].capitalize()) for i in range(3, len(word) - 2) if len(word) <= 40)
    return any(known.get(a, {}).get("given") == known.get(b, {}).get("given") == "common" for a, b in cuts)


@lru_cache(maxsize=1 << 15)
def is_family(word: str) -> bool:
    """Whether a word is a family name in some case: a known one, or one that ends as they do."""
    base = base_word(capitals_down(word))
    return use_of(base, "family") is not None or likeness(base) >= 2.0


@lru_cache(maxsize=1 << 15)
def is_place(word: str) -> bool:
    """Whether a word is a known place in some case, and no known given name."""
    return not is_given(word) and any(use_of(base, "place") for base, _ in candidates(word))


def family_first(words: list[str]) -> bool:
    """Whether a name of several words is printed family name first (``Savinainen Eino``)."""
    first, last = (capitals_down(w) for w in (words[0], words[-1]))
    if not is_given(last) or _INITIAL.fullmatch(first):
        return False
    if words[0].isupper() and not words[-1].isupper() and len(first) > 2:
        return True
    given_first, given_last = use_of(first, "given"), use_of(last, "given")
    if given_first == "common" or (given_first and given_last != "common"):
        return False
    return is_family(first) or (given_first is None and given_last == "common")


@dataclass(frozen=True, slots=True)
class Known:
    """Full names that a document states elsewhere: their families, those that go with a first word, and who bears a family's."""

    families: frozenset[str]
    of_first: Mapping[str, frozenset[str]]
    bearers: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, names: Iterable[str]) -> Known:
        """The names to look up, each in the order given, family.

        >>> Known.of(["Anna Liisa Korve", "Aho"]).bearers, sorted(Known.of(["Anna Liisa Korve", "Aho"]).families)
        ({'Korve': frozenset({'Anna Liisa'})}, ['Aho', 'Korve'])
        """
        of_first: defaultdict[str, set[str]] = defaultdict(set)
        bearers: defaultdict[str, set[str]] = defaultdict(set)
        named = [words for words in map(str.split, names) if words]
        for *given, family in named:
            if given:
                of_first[given[0]].add(family)
                bearers[family].add(" ".join(given))
        families = frozenset(words[-1] for words in named)
        return cls(families, *({key: frozenset(of) for key, of in told.items()} for told in (of_first, bearers)))


NOBODY = Known.of(())


def base_form(surface: str, known: Known = NOBODY, standing: Standing = ()) -> BaseName:
    """The name of a mention in base form, as the names help that the document states elsewhere.

    ``standing`` is what the words around tell of its case (``poytakirja.rules.names.case_cues``).

    The last word declines, the given name before it does not. A lone word is a family name unless it is a given name only.

    >>> base_form("Savinaisen Einon"), base_form("Tuulalle"), base_form("MEIKÄLÄINEN Maija").full
    (BaseName(given='Eino', family='Savinainen'), BaseName(given='Tuula', family=None), 'Maija Meikäläinen')
    """
    words = surface.split()
    if len(words) > 1:
        return _full(words, known, standing)
    return _lone(capitals_down(surface), known, standing)


def _full(words: list[str], known: Known, standing: Standing) -> BaseName:
    words = [capitals_down(w) for w in words] if all(w.isupper() for w in words) else words
    words[-1], colon, _ = words[-1].partition(":")  # Ng:n, whose ending is told apart
    last_given = base_word(words[-1], "given")
    if family_leads(words):
        return BaseName(" ".join([*words[1:-1], last_given]), words[0], leads=True)
    if is_particle(words[0]) and is_given(words[-1]):
        return BaseName(words[-1], " ".join(words[:-1]))  # von Bergen Kristiina
    if len(words) > 2 and is_patronymic(words[-1]) and is_given(words[1]) and not is_given(words[0]):
        return BaseName(" ".join(words[1:]), words[0])  # Petrova Irina Sergejevna
    if all(map(is_given, words[1:-1])) and family_first([*words[:-1], last_given]):
        return BaseName(" ".join([*words[1:-1], last_given]), base_word(capitals_down(words[0])))
    cut = family_at(words)
    given = " ".join(words[:cut])
    families = known.of_first.get(words[0], known.families)
    last = capitals_down(words[-1])
    base = last if colon else base_word(last, "family", families, standing)
    if base != last and is_particle(words[-2]) and words[-2].lower() not in words_of("particle_before_i"):
        base = _foreign(last, base)
    return BaseName(given or None, " ".join([*words[cut:-1], base]))


def _foreign(form: str, base: str) -> str:
    """The base form behind a particle: such names end in a consonant rather than in -i, and never in -nen.

    >>> _foreign("Beekin", "Beeki"), _foreign("Rosen", "Ronen")
    ('Beek', 'Rosen')
    """
    if base.endswith("nen"):
        return form
    return base[:-1] if base[-1] == "i" and any(base[:-1] == other for other, _ in candidates(form)) else base


def family_at(words: Sequence[str]) -> int:
    """Where in a name printed given name first the family name begins: at its particle, or the first of two family names.

    >>> [family_at(name.split()) for name in ("Anna Liisa Aho", "Carl Munck af Rosen", "María José García López")]
    [2, 1, 2]
    """
    joint = next((i for i in range(1, len(words) - 1) if joins_on(words[i])), None)
    given = 1
    while given < len(words) - 1 and (is_given(words[given]) or is_patronymic(words[given])):
        given += 1
    if joint:
        return min(given, joint)
    return given if is_given(words[0]) and all(map(is_family, words[given:-1])) else len(words) - 1


def _lone(word: str, known: Known, standing: Standing) -> BaseName:
    hits = [hit for hit in candidates(word) if hit[0] in known.bearers]
    if hits:
        family = _likeliest(hits, word, "family")[0]
        bearers = known.bearers[family]
        return BaseName(next(iter(bearers)) if len(bearers) == 1 else None, family)
    given, family = base_word(word, "given", standing=standing), base_word(word, standing=standing)
    if use_of(given, "given") and use_of(family, "family") != "common":
        return BaseName(given, None)
    return BaseName(None, family)


@lru_cache(maxsize=1 << 15)
def is_family_form(word: str) -> bool:
    """Whether a word is some case of a known family name."""
    return any(use_of(base, "family") == "common" for base, _ in candidates(capitals_down(word)))
