"""Lines in the manner of minutes, with their persons marked, to train the recogniser on: names, bodies and places are invented.

A made document has a handful of people, places and firms of its own, named again and again in all cases, so that the second
reading learns what a document is evidence of. Templates stand in training/templates.txt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import regex

from poytakirja.rules.names.declension import decline
from poytakirja.rules.names.lexicon import Kind, lexicon
from poytakirja.rules.vocabulary_tables.tables import rows

TEMPLATES = Path(__file__).parent / "templates.txt"
Tagged = list[tuple[str, str]]
TRADES = ("", "Rakennus", "Kuljetus", "Kiinteistö", "Konsultointi", "Ravintola", "Kahvila", "Sähkö")
PROJECTS = ("Silver", "Green", "Living", "Vahva", "Uusi", "Liikkuva", "Digi", "Smart", "Arctic", "Hyvä", "Elävä")
PROJECTS_END = ("Economy", "Lab", "Kunta", "Arki", "Polku", "Startti", "Hub", "Path", "Silta")
SLOTS = ("name", "family", "given", "swapped", "capitals", "place", "firm", "street", "project", "title", "email", "number")
_SLOT = regex.compile(r"\{(\w+)(?::(\w+))?\}")


class Names:
    """Names by kind, drawn at random, each in any case."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._pools: dict[tuple[str, str], list[str]] = {}
        for name, kinds in sorted(lexicon().items()):
            for kind, use in kinds.items():
                self._pools.setdefault((kind, use), []).append(name)

    def draw(self, kind: Kind, foreign: float = 0.25) -> str:
        """A name; ``foreign`` is how often one that is not in the Finnish and Swedish lists."""
        use = "foreign" if self.random.random() < foreign and (kind, "foreign") in self._pools else "common"
        return self.random.choice(self._pools[kind, use])

    def given(self, foreign: float) -> str:
        """A given name, sometimes a double one or an initial."""
        name, luck = self.draw("given", foreign), self.random.random()
        if luck < 0.06 and "-" not in name:
            return f"{name}-{self.draw('given', 0)}"
        return f"{name[0]}." if luck > 0.98 else name

    def family(self, foreign: float) -> str:
        """A family name, sometimes a double one."""
        name = self.draw("family", foreign)
        return f"{name}-{self.draw('family', 0)}" if self.random.random() < 0.06 and "-" not in name else name


def inflect(name: str, case: str) -> str:
    """A name in a case; only its last word declines."""
    head, space, last = name.rpartition(" ")
    return head + space + decline(last).get(case, (last,))[0]


class _Case:
    """A made document: its people, places and firms."""

    def __init__(self, names: Names) -> None:
        random = self.random = names.random
        foreign = random.choice((0.05, 0.05, 0.4, 0.8))
        self.people = [(names.given(foreign), names.family(foreign)) for _ in range(random.randint(4, 9))]
        self.places = [names.draw("place") for _ in range(3)]
        self.firms = [names.draw("family", 0.5) if random.random() < 0.5 else names.draw("place") for _ in range(3)]
        self.titles = [row for row in rows("roles") if row["kind"] in ("title", "office") and row["place"] == "end"]
        self.makers: dict[str, Callable[[str], Tagged]] = {kind: getattr(self, f"_{kind}") for kind in SLOTS}

    def _person(self, words: list[str]) -> Tagged:
        return [(word, "B-PER" if n == 0 else "I-PER") for n, word in enumerate(words)]

    def _name(self, case: str) -> Tagged:
        given, family = self.random.choice(self.people)
        return self._person([given, inflect(family, case)])

    def _family(self, case: str) -> Tagged:
        return self._person([inflect(self.random.choice(self.people)[1], case)])

    def _given(self, case: str) -> Tagged:
        return self._person([inflect(self.random.choice(self.people)[0].rstrip("."), case)])

    def _swapped(self, case: str) -> Tagged:
        given, family = self.random.choice(self.people)
        return self._person([family, inflect(given, case)])

    def _capitals(self, case: str) -> Tagged:
        given, family = self.random.choice(self.people)
        return self._person([family.upper(), given])

    def _place(self, case: str) -> Tagged:
        return [(inflect(self.random.choice(self.places), case), "B-LOC")]

    def _firm(self, case: str) -> Tagged:
        form = self.random.choice(("Oy", "Ab", "ry", "Oyj", "Oy", "ry", ""))
        ending = {"gen": ":n", "all": ":lle", "abl": ":ltä"}.get(case, "")
        trade = self.random.choice(TRADES if form else TRADES[1:])
        name = self.random.choice(self.firms)
        words = [*([trade] if trade else []), name if form else inflect(name, case), *([form + ending] if form else [])]
        return [(word, "B-ORG" if n == 0 else "I-ORG") for n, word in enumerate(words)]

    def _street(self, case: str) -> Tagged:
        stem = inflect(self.random.choice((self.random.choice(self.people)[1], self.random.choice(self.places))), "gen")
        return [(stem + self.random.choice(("tie", "katu", "tiellä", "kadun", "polku", "kuja", "kuja 3")), "B-LOC")]

    def _project(self, case: str) -> Tagged:
        last = self.random.choice((*PROJECTS_END, self.random.choice(self.places)))
        return [(self.random.choice(PROJECTS), "B-X"), (last, "I-X")]

    def _title(self, case: str) -> Tagged:
        row = self.random.choice(self.titles)
        prefix = self.random.choice(("", "projekti", "talous", "hallinto", "sivistys", "opetus", "kunnan", "palvelu", "hanke"))
        form = {"nom": row["base"], "part": row["partitive"], "gen": f"{row['stem']}n"}.get(case, row["base"])
        form = prefix + form
        return [(form.capitalize() if case == "cap" else form, "O")]

    def _email(self, case: str) -> Tagged:
        given, family = self.random.choice(self.people)
        plain = f"{given}.{family}@{self.places[0]}.fi".lower().translate(str.maketrans("äöå", "aoa"))
        return [(plain, "O")]

    def _number(self, case: str) -> Tagged:
        return [(str(self.random.randint(1, 240)), "O")]

    def fill(self, template: str) -> Tagged:
        """A line of the document from a template, word by word."""
        line: Tagged = []
        for word in template.split():
            slot = _SLOT.fullmatch(word)
            line += self.makers[slot[1]](slot[2] or "nom") if slot else [(word, "O")]
        return line


def documents(count: int, seed: int) -> Iterator[list[Tagged]]:
    """Made documents of some twenty lines, the same for the same seed."""
    templates = [line for line in TEMPLATES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    names = Names(Random(seed))
    for _ in range(count):
        case = _Case(names)
        yield [case.fill(case.random.choice(templates)) for _ in range(case.random.randint(12, 28))]
