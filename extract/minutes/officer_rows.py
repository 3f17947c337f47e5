"""Rows that say who prepared or presents an item (valmistelijat, esittelijät): a person a row, or names and titles apart."""

from __future__ import annotations

from dataclasses import replace

from poytakirja.minutes import person_rows as listing
from poytakirja.minutes.person_rows import ListedPerson
from poytakirja.passage import Passage
from poytakirja.records import Rows
from poytakirja.rules.names.titled_persons import find_titled


def people(rows: Rows) -> tuple[list[ListedPerson], int]:
    """The persons at the head of rows ``(text, offset, breaks_word)``, and how many rows they take.

    Known shapes: a person a row (``Riina Aho, Hyvinvointikoordinaattori, riina.aho@…``); a row of names, one of addresses, one of
    titles; a title above its name.
    """
    named: list[ListedPerson] = []
    n = used = 0
    while n < len(rows):
        text, offset, _ = rows[n]
        if text.rstrip().endswith(":") and named:
            break  # Tekninen johtaja Eeva Mäki: who presents
        if not text.strip() or listing.is_contact(text):
            n += 1
            used = n if named else used
            continue
        found = listing.read(text, offset) or listing.read_titled(text, offset)
        titled = row_of_titled(text, offset)
        found = titled if len(titled) > len(found) else found
        if found and _is_told(found[-1]):
            break
        taken = 1
        if found and not any(person.role for person in found):
            found, taken = _titled_below(found, rows[n:])
        elif not found:
            found, taken = _titled_above(rows[n:])
        if not found:
            break
        named += found
        n += taken
        used = n
    return named, used


_BETWEEN = frozenset({"", "ja", "sekä", "och", "puh"})


def row_of_titled(text: str, offset: int) -> list[ListedPerson]:
    """Persons behind their titles, nothing else in the row: ``hallintosihteeri Anna Aho ja vs. rehtori Eero Mäki``."""
    persons = [p for p in find_titled(text) if p.role]
    rest = text
    for p in reversed(persons):
        places = [place for place in (p.start, p.end, p.role_start, p.role_end) if place is not None]
        start, end = min(places), max(places)
        rest = f"{rest[:start]} {rest[end:]}"
    if any(word.strip(".,;:/()") not in _BETWEEN for word in listing.contact().sub(" ", rest).split()):
        return []
    return [
        ListedPerson(
            p.name, p.given_name, p.family_name, offset + p.start, offset + p.end, p.role, p.acting, (p.role or "",), (),
            p.confidence,
        )
        for p in persons
    ]  # fmt: skip


def _is_told(person: ListedPerson) -> bool:
    """Whether a sentence goes on behind a name at the head of a row: ``Aino Mäki (KOK) on pyytänyt eroa``."""
    last = person.notes[-1].split() if person.notes else []
    return person.role is None and len(last) > 2 and last[0].islower() and not listing.is_contact(person.notes[-1])


def _titled_below(found: list[ListedPerson], rows: Rows) -> tuple[list[ListedPerson], int]:
    """Names without titles: the titles may stand in a row of their own, behind the addresses."""
    below = 1
    while below < len(rows) and listing.is_contact(rows[below][0]):
        below += 1
    said = listing.titles(rows[below][0]) if below < len(rows) else None
    if not said:
        return found, 1
    if len(said) == len(found):
        roles = [listing.role_from(title) for title in said]
    elif len(found) == 1:
        roles = [listing.role_from(", ".join(said))]
    else:
        roles = [(None, False)] * len(found)  # which title is whose is not said
    return [replace(person, role=role, acting=acting) for person, (role, acting) in zip(found, roles, strict=True)], below + 1


def _titled_above(rows: Rows) -> tuple[list[ListedPerson], int]:
    """A title in a row or two of its own, the name below it; or a person broken over two rows."""
    for height in (1, 2):
        if len(rows) <= height:
            break
        above = Passage.of(rows[:height])
        named = listing.read(*rows[height][:2])
        if listing.titles(above.text) and len(named) == 1 and not named[0].role:
            role, acting = listing.role_from(above.text)
            return [replace(named[0], role=role, acting=acting)], height + 1
    if listing.shaped(*rows[0][:2]) and len(rows) > 1 and listing.shaped(*rows[1][:2]):
        return listing.shaped(*rows[0][:2]), 1  # a name a row, no list knows the first
    if len(rows) > 1:
        both = Passage.of(rows[:2])
        return [person.moved(both) for person in listing.read(both.text, 0)], 2
    return [], 1
