"""Finland's municipalities (kunnat) with their three-digit code (Statistics Finland), those merged since 2015 included.

>>> [known.code for name in ("Lapuan kaupunki", "Porvoon kaupunki", "Borgå stad") if (known := of_organisation(name))]
['408', '638', '638']
>>> of_organisation("Lapin hyvinvointialue") is None
True
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.vocabulary_tables.tables import rows


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: ``until`` is the last year of one that has been merged, else None."""

    name: str
    genitive: str
    code: str
    swedish: str | None
    kind: str
    until: int | None

    @property
    def organisation(self) -> str:
        """As it calls itself: ``Lapuan kaupunki``."""
        return f"{self.genitive} {self.kind}"


@cache
def all_municipalities() -> tuple[Municipality, ...]:
    """The table, in the order of vocabulary/municipalities.csv."""
    return tuple(
        Municipality(r["name"], r["genitive"], r["code"], r["swedish"] or None, r["kind"], int(r["until"] or 0) or None)
        for r in rows("municipalities")
    )


@cache
def _by_name() -> dict[str, Municipality]:
    found: dict[str, Municipality] = {}
    for m in all_municipalities():
        for name in (m.name, m.genitive, m.swedish):
            if name:
                found.setdefault(name.casefold(), m)
    return found


def by_name(name: str) -> Municipality | None:
    """The municipality of a name: nominative, genitive or Swedish.

    >>> by_name("Koski Tl").code, by_name("Seinäjoen").name, by_name("Karleby").name, by_name("Suomi")
    ('284', 'Seinäjoki', 'Kokkola', None)
    """
    return _by_name().get(" ".join(name.split()).casefold())


@cache
def _organisation() -> regex.Pattern[str]:
    return regex.compile(
        r"(?i)(?P<name>\p{L}[\p{L}-]+(?: Tl)?)(?::n)? (?:kaupunki|kunta|kaupungin|kunnan|stad|kommun)(?:n)?"
        r"|(?:kaupunki|kunta) (?P<after>\p{L}[\p{L}-]+)"
    )


def of_organisation(organisation: str) -> Municipality | None:
    """The municipality whose own organisation this is: ``Lapuan kaupunki``, ``IIN KUNTA``, ``Vasa stad``; else None."""
    m = _organisation().fullmatch(" ".join(organisation.split()))
    if not m:
        return by_name(organisation) if organisation.endswith(("kaupunki", "stad")) else None  # Kristiinankaupunki, Jakobstad
    name = m["name"] or m["after"]
    return by_name(name) or (by_name(name[:-1]) if name.endswith("s") else None)  # Lovisa stad, Esbos kommun
