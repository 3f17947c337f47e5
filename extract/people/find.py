"""Persons named in texts (henkilöt): beside their titles, and by a recogniser in running text.

``find`` serves the pipeline: all passages of a document in one batch, so that each is evidence for the others and one person
gets one spelling. ``find_persons`` is public, for running text without layout, streaming.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import accumulate, islice, pairwise
from typing import Literal

import regex

from poytakirja.people import recogniser
from poytakirja.people.ner import BATCH
from poytakirja.people.ner.tokens import Text, cut
from poytakirja.records import Person
from poytakirja.rules.names.base_form import BaseName, Known, Standing, base_form, base_word, common_base, family_first, is_family
from poytakirja.rules.names.case_cues import merged, standing_of
from poytakirja.rules.names.declension import candidates
from poytakirja.rules.names.lexicon import use_of
from poytakirja.rules.names.name_reader import barred, is_institution
from poytakirja.rules.names.not_a_person import acts, is_namesake
from poytakirja.rules.names.titled_persons import NamedPerson, find_titled
from poytakirja.rules.names.titles import adjective_of, title_base

NER = "people.ner"
"""The rule of what the recogniser alone found."""


def method_of(person: NamedPerson) -> Literal["cue", "ner"]:
    """How a person was found: by the recogniser alone, or (cue) shown by a title or a list of the document."""
    return "ner" if person.rule_id == NER else "cue"


def find(texts: Sequence[str], known: Sequence[str] = ()) -> list[list[NamedPerson]]:
    """The persons of each text of one document, in order; ``known`` are full names it states elsewhere (lists, signatures)."""
    tokens = [cut(text) for text in texts]
    recognised = [_recognised(*row) for row in zip(texts, tokens, recogniser.read(tokens), strict=True)]
    names = Known.of(known)
    found = [_merged(text, find_titled(text, names), ner) for text, ner in zip(texts, recognised, strict=True)]
    stated = _Stated([*known, *(text[m.start : m.end] for text, row in zip(texts, found, strict=True) for m in row)])
    found = [
        _with_stated(text, row, [*stated.find(words), *stated.find_alone(text, words)])
        for text, words, row in zip(texts, tokens, found, strict=True)
    ]
    spelling = _Spelling(_surfaces(texts, found), known, _addresses(texts))
    return [[spelling.of(text, mention) for mention in row] for text, row in zip(texts, found, strict=True)]


def find_persons(texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
    """The persons of each text as (start, end, name in base form), in order and streaming.

    Texts are read some hundred at a time, each evidence for its neighbours.

    >>> list(find_persons(["Lautakunta kuuli opetuspäällikkö Helena Jussinmäkeä."]))
    [[(33, 51, 'Helena Jussinmäki')]]
    """
    stream = iter(texts)
    while batch := list(islice(stream, BATCH)):
        yield from ([(m.start, m.end, m.name) for m in row] for row in find(batch))


# ---------------------------------------------------------------- what stands where

Recognised = tuple[int, int, float]
Stretch = tuple[int, int]


def _recognised(printed: str, text: Text, persons: list[recogniser.Found]) -> list[Recognised]:
    """The recogniser's persons in a text, a title at their head cut off."""
    found = []
    for hit in persons:
        if hit.end - hit.first == 1 and (is_institution(text.tokens[hit.first]) or _abbreviation(text.tokens[hit.first])):
            continue
        first, last = hit.first, hit.end - 1
        while first < last and (title_base(text.tokens[first]) or _degree(text.tokens, first)):
            first += 1
        while last > first + 1 and (is_institution(text.tokens[last]) or adjective_of(text.tokens[last].lower())):
            last -= 1
        start, end = text.starts[first], text.starts[last] + len(text.tokens[last])
        if not _NO_END.search(text.tokens[last]) and not is_namesake(printed, start, end):
            first, last = _completed(text, first, last)
            found.append((text.starts[first], text.starts[last] + len(text.tokens[last]), hit.confidence))
    return found


_NO_END = regex.compile(r"-$|^R[Nn]:?[oO]$")


def _abbreviation(word: str) -> bool:
    """Whether a word by itself is one of capitals (``KD``, ``HTV2``), which signs nobody."""
    return len(word) < 5 and word.upper() == word


def _completed(text: Text, first: int, last: int) -> tuple[int, int]:
    """A given name by itself, with the family name that stands before it in a list: ``/ Pajukangas Riikka``."""
    if first != last or first == 0 or use_of(text.tokens[first], "given") != "common":
        return first, last
    before, gap = text.tokens[first - 1], text.starts[first] - text.starts[first - 1] - len(text.tokens[first - 1])
    family = gap == 1 and before[0].isupper() and len(before) > 3 and use_of(before, "given") is None
    return (first - 1, last) if family and is_family(before) and not barred(before) else (first, last)


def _degree(tokens: Sequence[str], first: int) -> bool:
    """Whether a word is a degree before a name (``KM``, ``FM``)."""
    return len(tokens[first]) <= 4 and tokens[first].isupper() and tokens[first].isalpha() and not tokens[first + 1].isupper()


class _Stated:
    """Full names that stand elsewhere in the document, wherever they stand again, in any case form."""

    def __init__(self, names: Iterable[str]) -> None:
        self._families: dict[str, set[str]] = {}
        self._all: set[str] = set()
        for words in (name.split() for name in dict.fromkeys(names)):
            if len(words) > 1:
                bases = [base for base, _ in candidates(words[-1])]
                self._families.setdefault(words[0], set()).update(bases)
                self._all.update(base for base in bases if len(base) > 2)

    def find(self, text: Text) -> list[Stretch]:
        """Where a known given name stands before a form of its bearer's family name."""
        found = []
        for row in text.sentences if self._families else ():
            for i, j in pairwise(row):
                families = self._families.get(text.tokens[i])
                if families and any(base in families for base, _ in candidates(text.tokens[j])):
                    found.append((text.starts[i], text.starts[j] + len(text.tokens[j])))
        return found

    def find_alone(self, printed: str, text: Text) -> list[Stretch]:
        """Where a family name stands by itself and does or has something: ``Honka poistui``, ``Hongan ehdotus``."""
        found = []
        for row in text.sentences if self._all else ():
            for before, i in pairwise((-1, *row)):
                word, start, end = text.tokens[i], text.starts[i], text.starts[i] + len(text.tokens[i])
                if not word[0].isupper() or (before >= 0 and text.tokens[before][0].isupper()) or is_institution(word):
                    continue
                if acts(printed, end) and any(base in self._all for base, _ in candidates(word)):
                    found.append((start, end))
        return found


def _with_stated(text: str, row: list[NamedPerson], stated: list[Stretch]) -> list[NamedPerson]:
    """A text's mentions, and those that only the rest of the document shows."""
    met = _Spans(row)
    more = [stretch for stretch in stated if not met.meeting(*stretch)]
    found = [*row, *(_bare(text, start, end, "people.stated", 0.95) for start, end in more)]
    return sorted(found, key=lambda m: m.start)


def _merged(text: str, cued: list[NamedPerson], recognised: list[Recognised]) -> list[NamedPerson]:
    """Both kinds of findings in order; where they meet, the cue's role and the longer name stand."""
    found = {hit.start: hit for hit in cued}
    cues = _Spans(list(found.values()))
    for start, end, confidence in recognised:  # none of these meets another one
        meeting = cues.meeting(start, end)
        if not meeting:
            found[start] = _bare(text, start, end, NER, _calibrated(confidence))
        elif len(meeting) == 1 and start == meeting[0].start and meeting[0].end < end:
            found[start] = replace(meeting[0], end=end)
    return [found[start] for start in sorted(found)]


class _Spans:
    """Mentions by their place, to be asked which of them share characters with a stretch."""

    def __init__(self, mentions: Sequence[NamedPerson]) -> None:
        self._mentions = sorted(mentions, key=lambda m: m.start)
        self._starts = [m.start for m in self._mentions]
        self._reach = list(accumulate((m.end for m in self._mentions), max))

    def meeting(self, start: int, end: int) -> list[NamedPerson]:
        """The mentions that share characters with a stretch."""
        n = bisect_left(self._starts, end)
        found = []
        while n and self._reach[n - 1] > start:
            n -= 1
            if self._mentions[n].end > start:
                found.append(self._mentions[n])
        return found


def _bare(text: str, start: int, end: int, rule_id: str, confidence: float) -> NamedPerson:
    return NamedPerson(start, end, text[start:end], None, None, None, None, None, False, rule_id, confidence)


def _calibrated(confidence: float) -> float:
    """The CRF's own probability held on the development texts, but for its surest findings: one in thirty of those was wrong."""
    return min(confidence, 0.97)


# ---------------------------------------------------------------- one person, one spelling


def _surfaces(texts: Sequence[str], found: Sequence[Sequence[NamedPerson]]) -> dict[str, Standing]:
    """Each form in which a name is printed, with what the words around it tell of its case, all places together."""
    told: dict[str, list[Standing]] = {}
    for text, row in zip(texts, found, strict=True):
        for m in row:
            told.setdefault(text[m.start : m.end], []).append(standing_of(text, m.start, m.end))
    return {surface: merged(standings) for surface, standings in told.items()}


class _Spelling:
    """The base forms of a document's names, each told by all mentions of it."""

    def __init__(self, surfaces: Mapping[str, Standing], known: Sequence[str], addresses: AbstractSet[str]) -> None:
        families: dict[str, set[str]] = {}
        for name in known:
            given, _, family = name.rpartition(" ")
            families.setdefault(given, set()).add(family)
        others = frozenset(family for bearers in families.values() for family in bearers)
        self._standings = surfaces
        forms: dict[str, dict[str, Standing]] = {}
        for surface, standing in surfaces.items():
            words = _words(surface)
            if len(words) > 1 and not family_first([*words[:-1], base_word(words[-1], "given")]):  # Aho Jaakon tilalla
                told = forms.setdefault(" ".join(words[:-1]), {})
                told[words[-1]] = merged([standing, told.get(words[-1], ())])
        self._family: dict[tuple[str, str], str] = {}
        for given, ends in forms.items():
            for bases, members in _grouped(ends):
                own = bases & families.get(given, set()) or {b for b in bases if _address(given, b) in addresses}
                stated = frozenset(own) or others
                base = min(own) if len(own) == 1 else common_base(((form, ends[form]) for form in members), stated=stated)
                self._family |= {(given, form): base for form in members}
        self._people = Known.of([*known, *(f"{given} {family}" for (given, _), family in self._family.items())])

    def of(self, text: str, mention: NamedPerson) -> NamedPerson:
        """A mention under its person's one name."""
        surface = text[mention.start : mention.end]
        words = _words(surface)
        family = self._family.get((" ".join(words[:-1]), words[-1]))
        base = (
            BaseName(" ".join(words[:-1]), family)
            if family
            else base_form(" ".join(words), self._people, self._standings[surface])
        )
        return replace(mention, name=base.full, given_name=base.given, family_name=base.family)


def _words(surface: str) -> list[str]:
    return surface.split() or [surface]


def _grouped(forms: Iterable[str]) -> list[tuple[set[str], list[str]]]:
    """Forms of family names beside one given name, those that can be one name's together with the names they can be."""
    groups: list[tuple[set[str], list[str]]] = []
    for form in forms:
        bases = {base for base, _ in candidates(form)}
        home = next((group for group in groups if group[0] & bases), None)
        if home:
            home[0].intersection_update(bases)
            home[1].append(form)
        else:
            groups.append((bases, [form]))
    return groups


_ADDRESS = regex.compile(r"(?<![\p{L}.-])([\p{L}-]{2,30}\.[\p{L}-]{2,40})(?=@|\(at\)|\[at\])")
_PLAIN = str.maketrans("äöåéüø", "aoaeuo")


def _addresses(texts: Iterable[str]) -> frozenset[str]:
    """The names in the e-mail addresses of some texts: ``maija.makela@kunta.fi``."""
    return frozenset(
        m[1].lower().translate(_PLAIN) for text in texts if "@" in text or "at" in text for m in _ADDRESS.finditer(text)
    )


def _address(given: str, family: str) -> str:
    """How an e-mail address spells a name."""
    return f"{given}.{family}".lower().translate(_PLAIN)


def agree(persons: Sequence[Person]) -> None:
    """Give every person the spelling of the document's attendance list, where what is printed may be a form of it.

    So for the order of the names: ``Le Xuan``, who prepares an item, is the list's ``Xuan Le``.
    """
    listed: dict[str, set[str]] = {}
    attending = {person.name: person for person in persons if person.method == "list" and person.item is None}
    for person in persons:
        swapped = attending.get(f"{person.family_name} {person.given_name}")
        if swapped and person.name not in attending:
            person.name, person.given_name, person.family_name = swapped.name, swapped.given_name, swapped.family_name
        if person.method == "list" and person.given_name and person.family_name:
            listed.setdefault(person.given_name, set()).add(person.family_name)
    for person in persons:
        stated = listed.get(person.given_name or "", set())
        if person.method == "list" or not person.surface.split() or person.family_name in stated:
            continue
        hits = stated & {base for base, _ in candidates(person.surface.split()[-1])}
        if len(hits) == 1:
            person.family_name = hits.pop()
            person.name = f"{person.given_name} {person.family_name}"
