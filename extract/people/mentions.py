"""Everyone named in the running text of a document (maininnat), once each place, whatever part else they have in it.

The recogniser finds names; what the page and the rest of the document say settles them: a name ends at a wide gap, a street
that bears a person's name is none, a family name alone stands for the one who was introduced with it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import regex

from poytakirja.document import Document, Line
from poytakirja.outline.blocks import blocks
from poytakirja.passage import Passage
from poytakirja.people import find as people
from poytakirja.people.ner.words import is_common
from poytakirja.records import Item, Person, Project
from poytakirja.rules.names import not_a_person as namesakes
from poytakirja.rules.names.base_form import BaseName, Known, base_form, is_given, is_place
from poytakirja.rules.names.case_cues import standing_of
from poytakirja.rules.names.declension import candidates
from poytakirja.rules.names.lexicon import capitals_down, words_of
from poytakirja.rules.names.titled_persons import NamedPerson
from poytakirja.rules.names.titles import title_base

FAMILY = "people.family"
"""The rule of a family name alone, of someone whom the document names in full."""


def find(document: Document, items: Sequence[Item], records: Sequence[Project], named: Sequence[Person]) -> list[Person]:
    """Persons with part ``mentioned``, in the order of their places.

    ``named`` are the persons already read (attendance, preparers, presenters, contacts): what stands at their places is not
    told twice, and their names help to recognise a surname alone and to undo its case.
    """
    passages = [(item, passage) for item, lines in _stretches(document, items) for passage in _paragraphs(lines)]
    known = sorted({person.name for person in named if person.name and person.family_name})
    read = people.find([passage.text for _, passage in passages], known)
    found = [
        replace(mention, start=span.start, end=span.end)
        for (_, passage), mentions in zip(passages, read, strict=True)
        for mention in mentions
        for span in [passage.span(mention.start, mention.end)]
    ]
    settled = _Settling(document.text, sorted((person.start, person.end) for person in named), known, Known.of(known))
    starts = [passage.place(0) for _, passage in passages]
    return [
        _person(document, m, passages[bisect_right(starts, m.start) - 1][0], _project_at(records, m.start))
        for m in settled.mentions(found, [passage for _, passage in passages])
    ]


def _stretches(document: Document, items: Sequence[Item]) -> Iterator[tuple[int | None, list[Line]]]:
    """The body's rows in order: those of each item, and those between, before and behind them."""
    at_item = {line.start: item.ordinal for item in items for line in item.lines}
    stretch: list[Line] = []
    current: int | None = None
    for line in document.body():
        item = at_item.get(line.start)
        if item != current and stretch:
            yield current, stretch
            stretch = []
        current = item
        stretch.append(line)
    if stretch:
        yield current, stretch


def _paragraphs(lines: Sequence[Line]) -> list[Passage]:
    return [block.passage for block in blocks(lines) if block.kind != "table"]


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a span shares characters with one of some others, which are in order and do not nest."""
    n = bisect_right(taken, (start, end))
    return any(a < end and start < b for a, b in taken[max(0, n - 1) : n + 1])


def _project_at(records: Sequence[Project], place: int) -> int | None:
    """The project in whose entry a place stands; an agenda item about a project names others too."""
    return next((r.ordinal for r in records if r.layout != "item" and r.start <= place < r.end), None)


def _person(document: Document, mention: NamedPerson, item: int | None, project: int | None) -> Person:
    return Person(
        document.text[mention.start : mention.end], mention.rule_id, mention.start, mention.end, part="mentioned",
        name=mention.name, given_name=mention.given_name, family_name=mention.family_name, role=mention.role,
        acting=mention.acting, method=people.method_of(mention), confidence=mention.confidence, item=item, project=project,
    )  # fmt: skip


# ---------------------------------------------------------------- what the page and the document say


@cache
def _capital() -> regex.Pattern[str]:
    word = r"\p{Lu}\p{Ll}[\p{L}'’]*(?:-\p{L}[\p{L}'’]+)*(?::\p{Ll}+)?"
    return regex.compile(rf"(?<![\p{{L}}\p{{N}}@./'’-])(?:(?:af|von|van|de) )?{word}(?![\p{{L}}\p{{N}}@-])")


@cache
def _ending() -> regex.Pattern[str]:
    """Case endings that foreign names take as they are: ``N'Diayelta``, ``Le:n``, ``Beaumarchais'n``."""
    return regex.compile(r"['’:]?(?:i?n|i?ä|i?a|t[aä]|i?ll[eaä]|i?lt[aä]|i?ss[aä]|i?st[aä]|[ie]n|iksi|ksi|n[aä])?")


@dataclass(slots=True)
class _Settling:
    """Makes the recogniser's findings in a text those of its document; ``taken`` are places told already, in order."""

    text: str
    taken: list[tuple[int, int]]
    known: list[str]
    names: Known

    def mentions(self, found: Sequence[NamedPerson], passages: Sequence[Passage]) -> list[NamedPerson]:
        """The mentions in order, family names alone among them."""
        whole = [part for mention in found for part in self._parts(mention)]
        whole = [m for m in _united(self.text, whole) if not namesakes.is_namesake(self.text, m.start, m.end)]
        full = dict.fromkeys([*self.known, *(m.name for m in whole if " " in m.name)])
        families = _Families(full)
        kept = [self._known(m, families) for m in whole if self._is_whole(m) or families.of(self._words(m))]
        kept = [m for m in kept if not _overlaps(self.taken, m.start, m.end)]
        places = sorted([*self.taken, *((m.start, m.end) for m in kept)])
        alone = [m for passage in passages for m in self._alone(passage, places, families)]
        return sorted([*kept, *alone], key=lambda m: m.start)

    def _words(self, mention: NamedPerson) -> str:
        return " ".join(self.text[mention.start : mention.end].split())

    def _known(self, mention: NamedPerson, families: _Families) -> NamedPerson:
        """A family name with its particle under the name of its bearer: ``af Hällsten``."""
        words = self._words(mention)
        person = families.of(words) if words.partition(" ")[0] in words_of("particle") else None
        return replace(mention, name=person.full, given_name=person.given, family_name=person.family) if person else mention

    def _is_whole(self, mention: NamedPerson) -> bool:
        """Whether a mention names a person in full, or beside a title."""
        return " " in self._words(mention) or mention.role is not None

    def _parts(self, mention: NamedPerson) -> Iterator[NamedPerson]:
        """A finding as the page shows it: cut where a name cannot go on, grown by a particle or a nickname."""
        for begin, stop in namesakes.parts(self.text, mention.start, mention.end):
            start, end = namesakes.grown(self.text, begin, stop)
            words = " ".join(self.text[start:end].split())
            if namesakes.is_heading(words):
                continue
            if (start, end) == (mention.start, mention.end) and not (words.isupper() and len(words) > 3):
                yield mention
            else:
                standing = standing_of(self.text, start, end)
                base = base_form(" ".join(map(_down, words.split())), self.names, standing)
                yield replace(mention, start=start, end=end, name=base.full, given_name=base.given, family_name=base.family)

    def _alone(self, passage: Passage, places: list[tuple[int, int]], families: _Families) -> Iterator[NamedPerson]:
        """Family names alone in a passage, of persons whom the document names in full."""
        inside = passage.within(places)
        hits = [m for m in _capital().finditer(passage.text) if not _overlaps(inside, *m.span())]
        told = [(m, person) for m in hits if (person := families.of(m.group()))]
        alone = _Alone(passage.text, sorted([*inside, *(m.span() for m, _ in told)]))
        for m, person in told:
            if alone.is_person(m.group(), *m.span(), person.family or ""):
                span, given = passage.span(*m.span()), person.given
                yield NamedPerson(span.start, span.end, person.full, given, person.family, None, None, None, False, FAMILY, 0.9)


@dataclass(slots=True)
class _Alone:
    """Tells by where a word stands whether it is a family name; ``names`` are the places of names in the text."""

    text: str
    names: list[tuple[int, int]]

    def is_person(self, word: str, start: int, end: int, family: str) -> bool:
        """What may as well be a place or a given name, or is a common word that begins a sentence, needs a sign."""
        if namesakes.is_namesake(self.text, start, end) or self._joined(start, end):
            return False
        if namesakes.acts(self.text, end) or self._in_list(start, end) or self._titled(start):
            return True
        if self._told_before(start, family) and not any(case in _LOCAL for base, case in candidates(word) if base == family):
            return True
        bases = [base for base, _ in candidates(word)]
        return not (any(map(is_place, bases)) or any(map(is_given, bases)) or (self._opens(start) and is_common(word)))

    def _joined(self, start: int, end: int) -> bool:
        """Whether another word with a capital stands right beside: then it is part of another name."""
        before, after = self.text[max(0, start - 30) : start], self.text[end : end + 2]
        if after[:1] == " " and after[1:].isupper() and not self.text[end + 1 : end + 4].isupper():
            return True
        word = regex.search(r"(\p{Lu}[\p{L}'’-]*) $", before)
        return word is not None and not self._opens(start - len(word.group())) and title_base(word[1]) is None

    def _opens(self, start: int) -> bool:
        """Whether a word begins a sentence."""
        return regex.search(r"(?:[.!?:\n•]\s*|^\s*)$", self.text[max(0, start - 6) : start]) is not None

    def _titled(self, start: int) -> bool:
        word = regex.search(r"([\p{L}-]+)\s+$", self.text[max(0, start - 40) : start])
        return word is not None and title_base(word[1]) is not None

    def _in_list(self, start: int, end: int) -> bool:
        """Whether it stands in a row of names: ``Oja, Perho ja Rinne``."""
        at = bisect_right(self.names, (start, end))
        neighbours = [(self.names[at - 2][1], start)] if at > 1 else []
        neighbours += [(end, self.names[at][0])] if at < len(self.names) else []
        return any(_comma().fullmatch(self.text, a, b) for a, b in neighbours if a <= b)

    def _told_before(self, start: int, family: str) -> bool:
        """Whether a sentence before names the bearer: ``Esityksen teki Niilo Kaski. Kasken ehdotus …``."""
        first, behind = bisect_left(self.names, (start - _NEAR,)), bisect_left(self.names, (start,))
        near = (self.text[a:b].split() for a, b in self.names[first:behind] if b <= start)
        return any(len(words) > 1 and any(base == family for base, _ in candidates(words[-1])) for words in near)


_LOCAL = frozenset(("ine", "ela", "ill", "ade", "abl", "all"))
_NEAR = 250
"""So far back, in letters, a name is still in the reader's mind."""


@cache
def _comma() -> regex.Pattern[str]:
    return regex.compile(r",?\s+|,?\s+(?:ja|sekä|och|eller|tai)\s+")


def _down(word: str) -> str:
    return capitals_down(word) if word.isupper() and len(word) > 2 else word


def _united(text: str, mentions: Iterable[NamedPerson]) -> list[NamedPerson]:
    """Mentions in order, those that one name was torn into united: initials and a family name; what a nickname took in."""
    out: list[NamedPerson] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        last = out[-1] if out else None
        if last and mention.start < last.end:
            continue
        if last and namesakes.goes_on(text, last.end, mention.start):
            words = " ".join(text[last.start : mention.end].split())
            out[-1] = replace(mention, start=last.start, name=words, given_name=words.rpartition(" ")[0] or None)
        else:
            out.append(mention)
    return out


class _Families:
    """The family names of those whom the document names in full."""

    def __init__(self, full: Iterable[str]) -> None:
        self._by_family: dict[str, BaseName] = {}
        for name in full:
            given, _, family = name.rpartition(" ")
            first, _, particle = given.rpartition(" ")
            if first and particle in words_of("particle"):
                self._add(f"{particle} {family}", BaseName(first, f"{particle} {family}"))
            if given:
                self._add(family, BaseName(given, family))

    def _add(self, family: str, name: BaseName) -> None:
        """Two of one family: the family name alone does not tell which."""
        known = self._by_family.setdefault(family, name)
        if known.full != name.full:
            self._by_family[family] = BaseName(None, name.family)

    def of(self, word: str) -> BaseName | None:
        """Who is meant by a word that is a family name, in any case form."""
        particle, _, last = word.rpartition(" ")
        lead = f"{particle} " if particle else ""
        for base, _ in candidates(last):
            if lead + base in self._by_family:
                return self._by_family[lead + base]
        for length in range(len(word), max(1, len(word) - 5), -1):
            if word[:length] in self._by_family and _ending().fullmatch(word, length):
                return self._by_family[word[:length]]
        return None
