"""How alike the names of two projects are, and in what: the evidence has names, the weights stand in link_evidence.csv.

>>> sorted(likeness("Digiloikan polku - apua kylille", "Digiloikka-polut"))
['alias', 'distinctive_name', 'inflection']
>>> sorted(likeness("Kerhot pyörivät 3", "Kerhot pyörivät 4"))
['distinctive_name', 'phase_differs', 'same_name']
>>> sorted(likeness("Rantakylän koulun piha", "Kirkonkylän koulun piha"))
[]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp

import regex
from rapidfuzz.distance import Indel

from poytakirja.rules.names.declension import candidates
from poytakirja.rules.organisations.municipalities import all_municipalities
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Words = tuple[str, ...]

_LONG_WORD = 12
"""A compound of this many letters names a project by itself."""
_STEM = 3
"""Forms of one word begin with so many letters alike."""
_ALIKE, _SPELLED = 0.9, 8
"""How alike two words of at least so many letters are that are spelled differently."""


# ---------------------------------------------------------------- the vocabulary


@dataclass(frozen=True, slots=True)
class Weight:
    """What a kind of evidence counts: added to the log-odds; where it ``forbids``, two entries never stand in one group."""

    value: float
    forbids: bool
    words: str


@cache
def weights() -> dict[str, Weight]:
    """The kinds of evidence by name, in the order in which reasons tell of them."""
    return {r["evidence"]: Weight(float(r["weight"]), r["forbids"] == "yes", r["words"]) for r in rows("link_evidence")}


@cache
def forbidding() -> frozenset[str]:
    """The kinds of evidence that keep two entries apart whatever else is known."""
    return frozenset(name for name, weight in weights().items() if weight.forbids)


def score(evidence: Iterable[str]) -> float:
    """How likely two entries are one project, 0…1.

    >>> round(score(["same_name", "distinctive_name", "same_period"]), 3), round(score(["same_name", "generic_name"]), 3)
    (0.998, 0.047)
    """
    known = weights()
    return 1 / (1 + exp(-sum(known[name].value for name in ("chance", *evidence))))


@cache
def _kind(kind: str) -> frozenset[str]:
    return frozenset(r["word"] for r in rows("link_words") if r["kind"] == kind)


@cache
def _places() -> frozenset[str]:
    """Municipalities, and the words of regions, in base form."""
    names = (word for m in all_municipalities() for word in regex.findall(r"\p{L}+", m.name.casefold()))
    return _kind("place").union(names)


@cache
def _programmes() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(name.split()) for name in _kind("programme"))


@cache
def _spelled() -> tuple[regex.Pattern[str], dict[str, str]]:
    known = {r["word"]: r["as"] for r in rows("link_words") if r["kind"] == "spelled"}
    return regex.compile(rf"\b(?:{alternation(known)})"), known


# ---------------------------------------------------------------- a name


@dataclass(frozen=True, slots=True)
class Name:
    """A project's name in parts: ``whole`` without what stands in brackets, ``parts`` as dashes, stops and brackets set them off.

    ``phases`` are its numbers (``2``, ``II``; a first phase is none), ``years`` those of four digits, ``stages`` its words
    for a part, a study or a sequel.
    """

    whole: Words
    parts: tuple[Words, ...]
    phases: frozenset[int]
    years: frozenset[int]
    stages: frozenset[str]
    stems: tuple[frozenset[str], ...]
    """The beginnings of the words: of all, then of each reading. Of names that are alike one has a reading within the other."""


_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}
_YEAR = regex.compile(r"(?<![\d.,])(?:19|20)\d{2}(?!\d|,\d)")
_NUMBER = regex.compile(r"(?<![\p{L}\d.,])(?:(?P<digits>\d{1,3})(?:[.,]\d+)?|(?P<roman>(?-i:VI{0,3}|IV|I{1,3})))(?![\p{L}\d])")
_BRACKETS = regex.compile(r"\(([^()]*)\)?")
_SET_OFF = regex.compile(r"\s+[-–—]+\s*|[–—]\s+|[:;,/]\s+|\s/\s*|(?<=\p{L}{2})\.\s+")


@lru_cache(maxsize=1 << 18)
def name_of(text: str) -> Name:
    """A name as it is compared.

    >>> name_of("Kunta Helmi 2, rannat (vaihe II)").parts, name_of("Arki 2.0 vuosille 2023-2024").phases
    ((('kunta', 'helmi'), ('rannat',)), frozenset({2}))
    """
    text = regex.sub("[\"”“»«'’]", " ", text)
    years = frozenset(map(int, _YEAR.findall(text)))
    rest = _YEAR.sub(" ", text)
    numbers = {int(m["digits"]) if m["digits"] else _ROMAN[m["roman"]] for m in _NUMBER.finditer(rest)}
    rest = _NUMBER.sub(" ", rest).casefold()
    pattern, known = _spelled()
    rest = pattern.sub(lambda m: known[" ".join(m.group().split())] + " ", rest)
    inner = [_words(part) for part in _BRACKETS.findall(rest)]
    rest = _BRACKETS.sub(" ", rest)
    outer = [_words(part) for part in _SET_OFF.split(rest)]
    parts = tuple(part for part in (*outer, *inner) if part)
    whole = _words(rest) or next(iter(parts), ())
    parts = parts if len(parts) > 1 else (whole,)
    readings = [frozenset(word[:_STEM] for word in reading) for reading in dict.fromkeys((whole, *parts)) if reading]
    stems = (frozenset().union(*readings), *readings)
    return Name(whole, parts, frozenset(numbers - {1}), years, _stages_of(whole), stems)


def _words(text: str) -> Words:
    return tuple(word for word in regex.findall(r"\p{L}+", text) if len(word) > 1 and word not in _kind("stop"))


def _stages_of(words: Words) -> frozenset[str]:
    return frozenset(stem for word in words for stem in _kind("stage") if word.startswith(stem))


# ---------------------------------------------------------------- words


@lru_cache(maxsize=1 << 18)
def bases(word: str) -> frozenset[str]:
    """What a word may be a form of; a plural in -t is read as the genitive it is made like.

    >>> bases("rata") & bases("radat"), bases("digiloikan") & bases("digiloikka"), bases("kylä") & bases("kyynä")
    (frozenset({'rata'}), frozenset({'digiloikka'}), frozenset())
    """
    forms = [word, f"{word[:-1]}n"] if len(word) > 3 and word[-1] == "t" and word[-2] in "aeiouyäö" else [word]
    return frozenset(base for form in forms for base, _ in candidates(form))


def _is_of(word: str, known: frozenset[str]) -> bool:
    return word in known or not known.isdisjoint(bases(word))


@lru_cache(maxsize=1 << 18)
def is_distinctive(word: str) -> bool:
    """Whether a word helps to tell which project is meant.

    >>> is_distinctive("norppareitti"), is_distinctive("koulun"), is_distinctive("Lapin".casefold())
    (True, False, False)
    """
    return not _is_of(word, _kind("generic")) and not _is_of(word, _places()) and not _stages_of((word,))


def _same_word(a: str, b: str) -> str | None:
    """As what two different words are the same: ``inflection`` or ``spelling``; None where they are not."""
    if a[:_STEM] != b[:_STEM]:
        return None
    if not bases(a).isdisjoint(bases(b)):
        return "inflection"
    if min(len(a), len(b)) >= _SPELLED and Indel.normalized_similarity(a, b) >= _ALIKE:
        return "spelling"
    return None


@dataclass(frozen=True, slots=True)
class _Match:
    """Two readings beside each other: which words both have, how, and which one alone has."""

    common: Words
    how: frozenset[str]
    only_a: Words
    only_b: Words


def _match(a: Words, b: Words) -> _Match:
    common = [word for word in a if word in b]
    left, right = [w for w in a if w not in b], [w for w in b if w not in a]
    how = set()
    for word in list(left):
        for other in right:
            if kind := _same_word(word, other):
                how.add(kind)
                common.append(word)
                left.remove(word)
                right.remove(other)
                break
    return _Match(tuple(common), frozenset(how), tuple(left), tuple(right))


# ---------------------------------------------------------------- two names


@lru_cache(maxsize=1 << 16)
def likeness(a: str, b: str) -> frozenset[str]:
    """The evidence that two names give; none where they are not alike."""
    one, other = name_of(a), name_of(b)
    if not (_has_reading_in(one, other) or _has_reading_in(other, one)):
        return frozenset()
    found = _kind_of_match(one, other)
    if found is None:
        return frozenset()
    kinds, match = found
    return frozenset({*kinds, *match.how, *_weight_of_words(match), *_differences(one, other)})


def _has_reading_in(a: Name, b: Name) -> bool:
    """Whether the words of some reading may all be in another name: a quick look before the slow one."""
    return any(reading <= b.stems[0] for reading in a.stems[1:])


def _kind_of_match(a: Name, b: Name) -> tuple[tuple[str, ...], _Match] | None:
    """The best of what is the same in two names."""
    whole = _match(a.whole, b.whole)
    if not whole.common and len(a.parts) == len(b.parts) == 1:
        return None
    if whole.common and not whole.only_a and not whole.only_b:
        return ("same_name",), whole
    if alias := next(_equal([(a.whole, part) for part in b.parts] + [(part, b.whole) for part in a.parts]), None):
        return ("alias",), alias
    if not (whole.only_a and whole.only_b) and whole.common:
        more = whole.only_a or whole.only_b
        return ("name_within" if any(map(is_distinctive, more)) else "part_of_name",), whole
    if part := next(_equal([(x, y) for x in a.parts for y in b.parts]), None):
        return ("same_part", "rest_differs"), part
    return None


def _equal(pairs: Iterable[tuple[Words, Words]]) -> Iterator[_Match]:
    """The readings that are equal and not merely generic."""
    for x, y in pairs:
        match = _match(x, y)
        if match.common and not match.only_a and not match.only_b and any(map(is_distinctive, match.common)):
            yield match


def _weight_of_words(match: _Match) -> Iterator[str]:
    """How much the words say that both names have."""
    telling = [word for word in match.common if is_distinctive(word)]
    if _is_programme(match.common):
        yield "programme_name"
    elif not telling:
        yield "generic_name"
    elif len(telling) > 1 or len(telling[0]) >= _LONG_WORD:
        yield "distinctive_name"


def _is_programme(words: Words) -> bool:
    """Whether nothing but a programme's name is common to two names; places aside."""
    kept = [word for word in words if not _is_of(word, _places())]
    return frozenset(words) in _programmes() or any(
        len(kept) == len(known) and all(_is_of(word, known) for word in kept) for known in _programmes()
    )


def _differences(a: Name, b: Name) -> Iterator[str]:
    if a.phases != b.phases:
        yield "phase_differs" if a.phases and b.phases else "phase_missing"
    if a.years and b.years and a.years.isdisjoint(b.years):
        yield "year_differs"
    if a.stages != b.stages:
        yield "stage_differs"
