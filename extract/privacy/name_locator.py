"""Where the persons whom a document names stand in any text of it: in whatever form, order and spelling (tunnistaminen).

Whoever is in the table ``persons`` is known. A family name of theirs is found as a word of its own, in every case form and in
capitals, with the given names, initials and particles beside it (``Virtanen, Matti``, ``M. Virtasen``); an e-mail address by its
local part. A word that merely holds the name is another word (``Virtasenkatu``, ``Aalto-yliopisto``).

A family name alone may also be part of the name of a thing, and stays:

- before a legal form, a body, a building or a street (``Virtanen Oy``, ``Virtasen säätiö``, ``Salon kaupunki``);
- where it is a place too and stands in a local case (``Salossa``), or is the municipality whose minutes these are.

A full name is a person's wherever it stands (``Tmi Matti Virtanen``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from poytakirja.privacy.pseudonyms import Pseudonyms, folded
from poytakirja.records import Person
from poytakirja.rules.names.base_form import base_word, is_given, is_place
from poytakirja.rules.names.declension import candidates, decline
from poytakirja.rules.names.lexicon import capitals_down, lexicon, use_of, words_of
from poytakirja.rules.names.titles import is_adjective_of_title
from poytakirja.rules.organisations.organisations import is_organisation_word

_DASH = regex.compile("[-‐‑–]")
_LOCAL = frozenset({"ine", "ela", "ill"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in a text, and what is shown for it."""

    start: int
    end: int
    shown: str


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


@cache
def _word() -> regex.Pattern[str]:
    letter = r"\p{L}\p{M}'’´"
    return regex.compile(rf"\p{{L}}[{letter}]*+(?:[-‐‑–]\p{{L}}[{letter}]*+)*+(?::\p{{Ll}}{{1,4}})?+")


@cache
def _address() -> regex.Pattern[str]:
    """An e-mail address, or words joined by full stops or low lines as such an address begins."""
    at = r"\s?(?:@|\(at\)|\[at\]|\(a\))\s?"
    local = r"[\p{L}\d](?:[\p{L}\d+-]|[._](?=[\p{L}\d]))*+"
    return regex.compile(rf"(?<![\p{{L}}\d._+-])(?P<local>{local})(?:(?P<at>{at})(?P<domain>[\p{{L}}\d-]+(?:\.[\p{{L}}\d-]+)*))?")


@lru_cache(maxsize=1 << 14)
def _forms(name: str) -> tuple[tuple[str, str], ...]:
    """The forms of a name with their cases, in small letters; those of the plural of ``-nen``, for a family, too."""
    forms = [(form.casefold(), case) for case, found in decline(name).items() for form in found]
    if name.endswith("nen"):
        stem = name[:-3].casefold()
        forms += [(stem + end, "plural") for end in ("set", "sten", "sille", "sia", "siä", "silla", "sillä", "silta", "siltä")]
    return tuple(forms)


def _before_given(name: str) -> tuple[str, ...]:
    """A family name as it is put before a given name in one word, in small letters.

    >>> _before_given("Virtanen"), _before_given("Salo")
    (('virtas',), ())
    """
    return (name[:-3].casefold() + "s",) if name.endswith("nen") else ()


@lru_cache(maxsize=1 << 14)
def _bare(word: str) -> str:
    """A word without colon ending, apostrophe ending and clitic, in small letters."""
    low = word.casefold().partition(":")[0]
    return regex.sub(r"['’´].{0,4}$|(?<=.{4})(?:kin|kaan|kään|han|hän)$", "", low)


class Known:
    """The persons of a document, to be found in its texts. ``home`` is the municipality whose minutes these are."""

    def __init__(self, people: Iterable[Person], pseudonyms: Pseudonyms, home: str | None = None) -> None:
        self._pseudonyms = pseudonyms
        self._home = (home or "").casefold()
        self._full: dict[str, set[str]] = {}
        self._families: dict[str, dict[str, str]] = {}
        self._halves: dict[str, dict[str, str]] = {}  # forms that are part of a word with a hyphen: Korhosen-Salon, Virtas-Matti
        self._lone: dict[str, str] = {}
        self._given: set[str] = set()
        self._particles: set[str] = set()
        self._phrases: dict[str, str] = {}
        self._spelled: dict[str, set[str]] = {}
        people = [person for person in people if person.name]
        for person in people:
            self._learn(person)
        for person in people:
            self._learn_surface(person)

    def _learn(self, person: Person) -> None:
        """Note a person's names in all their forms."""
        family, given = person.family_name, person.given_name
        if family is None:
            return
        *particles, last = family.split()
        self._particles.update(particles)
        words = (given or "").split()
        # Where a name took a word too many (Satu Kankare Tekninen), the family name is among what seem given names.
        families = [word for word in words[1:] if not self._may_be_given(word)]
        if not (words and is_adjective_of_title(last)):
            families.append(last)
        for one in families:
            self._full.setdefault(one, set()).add(person.name or family)
            for form, case in _forms(one):
                self._families.setdefault(_DASH.sub("-", form), {})[one] = case
            for half in _DASH.split(one):
                for form in (*(form for form, _ in _forms(half)), *_before_given(half)):
                    self._halves.setdefault(form, {})[one] = "nom"
        for word in words:
            if word not in families:
                self._given.update(form for form, _ in _forms(word))
        parts = [folded(part) for part in (given or "").split()[:1]]
        self._spelled.setdefault(folded(last), set()).update(parts)

    def _learn_surface(self, person: Person) -> None:
        """Note what was printed, where the names' forms do not tell it: a given name alone, a misspelling."""
        words = " ".join(person.surface.split())
        shown = self._pseudonyms.shown(person.name or words)
        if [(hit.start, hit.end) for hit in self._names(words)] == [(0, len(words))]:
            return
        if " " in words:
            self._phrases[words] = shown
        elif words[:1].isupper() and not is_place(words):
            self._lone[words] = shown

    # -- what is asked

    def hidden(self, text: str) -> str:
        """A text with its persons' names replaced."""
        out, last = [], 0
        for hit in self.find(text):
            out += [text[last : hit.start], hit.shown]
            last = hit.end
        return "".join([*out, text[last:]]) if out else text

    def find(self, text: str) -> list[Hit]:
        """The names in a text in order; none shares characters with another."""
        return merged([*self._names(text), *self._addresses(text), *self._repeated(text)])

    def _repeated(self, text: str) -> Iterator[Hit]:
        """Surfaces of several words, as they were printed elsewhere."""
        for phrase, shown in self._phrases.items():
            at = text.find(phrase)
            while at >= 0:
                yield Hit(at, at + len(phrase), shown)
                at = text.find(phrase, at + len(phrase))

    # -- names

    def _names(self, text: str) -> Iterator[Hit]:
        words = [_Word(m.group(), m.start(), m.end()) for m in _word().finditer(text)]
        taken = -1
        for n, word in enumerate(words):
            if n <= taken or not word.text[0].isupper():
                continue
            if families := self._families_of(word.text):
                first, last = self._with_given(text, words, n, taken)
                if first == last and self._is_a_thing(text, words, n, families):
                    continue
                taken = last
                yield Hit(words[first].start, words[last].end, self._shown(words[first : last + 1], n - first, list(families)))
            elif word.text in self._lone:
                taken = n
                yield Hit(word.start, word.end, self._lone[word.text])

    def _families_of(self, word: str) -> dict[str, str]:
        """The family names that a word may be, each with the case."""
        word = _DASH.sub("-", word)
        low = word.casefold()
        found = self._families.get(low) or self._families.get(_bare(word))
        if found is None and "-" in low and word.rpartition("-")[2][:1].isupper():
            parts = [*low.split("-")[:-1], _bare(low.rpartition("-")[2])]
            found = next((self._families[part] for part in parts if part in self._families), None)
            if found is None and all(part in self._halves or self._may_be_given(part.capitalize()) for part in parts):
                found = next((self._halves[part] for part in parts if part in self._halves), None)
        return found or {}

    def _with_given(self, text: str, words: Sequence[_Word], n: int, taken: int) -> tuple[int, int]:
        """The first and last word of a name around its family name: given names before it, or else behind it."""
        first = n
        while first - 1 > taken and n - first < 5 and self._joins(text, words, first - 1):
            first -= 1
        while first < n and words[first].text in words_of("particle") - self._particles:
            first += 1
        if first < n:
            return first, n
        last = n
        while last + 1 < len(words) and last - n < 3 and self._follows(text, words, n, last + 1):
            last += 1
        return n, last

    def _joins(self, text: str, words: Sequence[_Word], n: int) -> bool:
        """Whether a word is a given name, an initial or a particle right before the next word."""
        word, gap = words[n].text, text[words[n].end : words[n + 1].start]
        if len(word) == 1:
            return word.isupper() and gap in (".", ". ", " ", ".\n")
        if gap not in (" ", "\n"):
            return False
        return word in words_of("particle") or self._may_be_given(word, declined=False)

    def _follows(self, text: str, words: Sequence[_Word], family: int, n: int) -> bool:
        """Whether a word is a given name behind its family name, not the beginning of another person's name."""
        gap = text[words[n - 1].end : words[n].start]
        if (gap not in (" ", "\n") and not (n == family + 1 and (gap == ", " or gap.isspace()))) or not self._may_be_given(
            words[n].text
        ):
            return False
        after = words[n + 1] if n + 1 < len(words) else None
        beside = after is not None and text[words[n].end : after.start] in (" ", "\n") and after.text[0].isupper()
        return not (beside and after is not None and self._families_of(after.text) and not is_given(capitals_down(after.text)))

    def _may_be_given(self, word: str, *, declined: bool = True) -> bool:
        """Whether a word is a given name; before a family name it does not decline."""
        if not word[0].isupper():
            return False
        plain = capitals_down(word)
        return word.casefold() in self._given or is_given(plain) or (declined and _is_form_of_given(plain))

    def _is_a_thing(self, text: str, words: Sequence[_Word], n: int, families: dict[str, str]) -> bool:
        """Whether a family name alone is part of the name of an organisation, a building, a street or a place."""
        cases = set(families.values())
        if any(family.casefold() == self._home for family in families):
            return True
        if cases <= _LOCAL and is_place(capitals_down(words[n].text)):
            return True
        if not cases & {"nom", "gen"}:
            return False
        for at in range(n + 1, min(n + 4, len(words))):
            if text[words[at - 1].end : words[at].start] not in (" ", " -", "\n"):
                return False
            if is_organisation_word(words[at].text):
                return True
            if not words[at].text[0].isupper():
                return False
        return False

    def _shown(self, run: Sequence[_Word], family_at: int, families: list[str]) -> str:
        """What is shown for a name: its person's, where the document has one of that name."""
        given = [word.text for n, word in enumerate(run) if n != family_at and word.text not in words_of("particle")]
        named = sorted({name for family in families for name in self._full[family]})
        if given:
            named = [name for name in named if _given_fits(given, name)] or named[:0]
        if len(named) == 1:
            return self._pseudonyms.shown(named[0])
        base = [base_word(capitals_down(word), "given") for word in given]
        return self._pseudonyms.shown(" ".join([*base, families[0]]))

    # -- addresses

    def _addresses(self, text: str) -> Iterator[Hit]:
        """The local parts of e-mail addresses that spell a name."""
        if not any(sign in text for sign in ("@", "(at)", "[at]", "(a)", ".", "_")):
            return
        for m in _address().finditer(text):
            if not m["at"] and not ("." in m["local"] or "_" in m["local"]):
                continue
            name = self._name_spelled(m["local"], at=m["at"] is not None)
            if name:
                yield Hit(*m.span("local"), self._pseudonyms.shown(name))
            for label in regex.finditer(r"[\p{L}\d-]+", m["domain"] or ""):
                if folded(label.group()) in self._spelled:
                    start = m.start("domain")
                    yield Hit(start + label.start(), start + label.end(), self._pseudonyms.shown(label.group()))

    def _name_spelled(self, local: str, *, at: bool) -> str | None:
        """The name that a local part spells: of a person known, or, in an address, of a given name and another word."""
        parts = [part for part in regex.split(r"[._+]|(?<=\p{L})\d+$", folded(local)) if part]
        for family in (part for part in parts if part in self._spelled):
            others = [part for part in parts if part != family]
            name = self._person_spelled(family, others)
            if name and (at or others):
                return name
        if at and len(parts) == 1:
            return next((name for family in self._spelled if (name := self._glued(parts[0], family))), None)
        if at and len(parts) > 1 and (parts[0] in _folded_given() or parts[0].partition("-")[0] in _folded_given()):
            return " ".join(parts)
        return None

    def _person_spelled(self, family: str, others: Sequence[str]) -> str | None:
        """The person of a folded family name whom the other parts fit; without other parts the family."""
        named = sorted(name for names in self._full.values() for name in names if folded(name).endswith(family))
        fitting = [name for name in named if any(folded(name).startswith(part) for part in others)]
        if others and not fitting:
            return " ".join([*others, family])
        chosen = fitting or named
        return chosen[0] if len(chosen) == 1 else family

    def _glued(self, part: str, family: str) -> str | None:
        """The person whose initial or given name and family name are written as one: ``mvirtanen``, ``virtanenm``."""
        if len(family) < 4 or family not in part:
            return None
        rest = part.replace(family, "", 1)
        fits = any(given.startswith(rest) for given in self._spelled[family])
        return self._person_spelled(family, [rest]) if rest and fits else None


def merged(hits: Iterable[Hit]) -> list[Hit]:
    """Hits in order; of those that share characters one that covers them all, shown as the longest."""
    out: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if out and hit.start < out[-1].end:
            last = out[-1]
            shown = last.shown if last.end - last.start >= hit.end - hit.start else hit.shown
            out[-1] = Hit(last.start, max(last.end, hit.end), shown)
        else:
            out.append(hit)
    return out


def _given_fits(given: Sequence[str], name: str) -> bool:
    """Whether given names or initials beside a family name can be a person's."""
    own = [word.casefold() for word in name.split()[:-1]]
    first = capitals_down(given[0])
    bases = {base.casefold() for base, _ in candidates(first)} if len(first) > 1 else set()
    return bool(own) and (own[0] in bases or (len(first) == 1 and own[0].startswith(first.casefold())))


@lru_cache(maxsize=1 << 14)
def _is_form_of_given(word: str) -> bool:
    """Whether a word is some form of a common given name."""
    return any(use_of(base, "given") == "common" for base, _ in candidates(word))


@cache
def _folded_given() -> frozenset[str]:
    """The given names as e-mail addresses spell them."""
    return frozenset(folded(name) for name, kinds in lexicon().items() if "given" in kinds and len(name) > 2)
