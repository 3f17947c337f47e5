"""Project entry to facts: the rules of ``rules/`` applied to an entry's running text (jäsennys).

A ``EntryFacts`` keeps every match in offsets of its passage; ``assemble`` decides which of them are the project's, and maps them
to the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar, cast

import regex

from poytakirja.passage import Passage
from poytakirja.records import EntryCandidate, Part
from poytakirja.rules.money import numbers
from poytakirja.rules.money import sums as money
from poytakirja.rules.money.kinds import Kind
from poytakirja.rules.names import person_lists
from poytakirja.rules.names import titled_persons as persons
from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.organisations import lone_bodies, organisations
from poytakirja.rules.organisations.funders import FunderMatch, find_funders
from poytakirja.rules.projects import field_labels as labels
from poytakirja.rules.projects import municipal_role, payers, status
from poytakirja.rules.projects import name_trimming as project_names
from poytakirja.rules.time import dates


class _Match(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


M = TypeVar("M", bound=_Match)


@dataclass(slots=True)
class EntryFacts:
    """An entry, its running text and what the rules found in it."""

    entry: EntryCandidate
    passage: Passage
    name_part: tuple[int, int] | None = None
    """Where the part that holds the name stands, for entries of labels, columns or a title."""
    periods: list[dates.PeriodMatch] = field(default_factory=list)
    amounts: list[money.AmountMatch] = field(default_factory=list)
    funders: list[FunderMatch] = field(default_factory=list)
    organisations: list[organisations.OrganisationMatch] = field(default_factory=list)
    persons: list[persons.NamedPerson] = field(default_factory=list)
    statuses: list[status.CueMatch] = field(default_factory=list)
    roles: list[tuple[str, status.CueMatch]] = field(default_factory=list)
    codes: list[tuple[int, int]] = field(default_factory=list)
    earlier: int | None = None
    """Where the text of earlier handlings begins, which gives what the latest one does not say."""

    def newest(self, matches: Sequence[M]) -> list[M]:
        """The matches of the latest handling; those of earlier ones where it has none."""
        own = [m for m in matches if self.earlier is None or m.start < self.earlier]
        return own or list(matches)

    @property
    def text(self) -> str:
        """The entry as running text."""
        return self.passage.text


def entry(found: EntryCandidate) -> EntryFacts:
    """Read all facts of one entry, part by part."""
    passages = [Passage.of(part.rows) for part in found.parts]
    passage, begins = Passage.joined(passages)
    reading = EntryFacts(found, passage)
    for part, own, begin in zip(found.parts, passages, begins, strict=True):
        _read_part(reading, part, own.text, begin)
    reading.organisations += _beside_name(reading)
    reading.persons = [p for p in reading.persons if not _is_an_organisation(p, reading.organisations)]
    return reading


def _beside_name(reading: EntryFacts) -> list[organisations.OrganisationMatch]:
    """The bodies beside the name of an entry of a list that names no doer: ``Pihat kuntoon, Rannan seura ry, haettu 5 000 €``."""
    doers = any(o.role != "funder" for o in reading.organisations)
    if doers or reading.entry.layout in ("item", "table_row") or (reading.name_part and reading.entry.layout != "prose"):
        return []
    role = payers.role_beside_name(reading.entry.heading or "", reading.text)
    begin = project_names.split_code(reading.text, 0, len(reading.text))[1]
    bodies = [] if role is None else lone_bodies.find(reading.text[begin:])
    found = [(begin + body.start, begin + body.end, body.name) for body in bodies]
    rule = "organisations.beside_name"
    return [organisations.OrganisationMatch(a, b, reading.text[a:b], name, role or "", rule) for a, b, name in found]


def _is_an_organisation(person: persons.NamedPerson, named: Sequence[organisations.OrganisationMatch]) -> bool:
    """Whether what stands beside a title is an organisation in a role: ``koordinaattorina Tartu Linnavalitsus``."""
    beside = any(o.start < person.end and person.start < o.end for o in named)
    return beside and not (person.given_name and is_given(person.given_name))


def _moved(matches: Iterable[M], by: int) -> list[M]:
    """Matches of a part in the offsets of the whole."""
    return [replace(m, start=m.start + by, end=m.end + by) for m in matches] if by else list(matches)  # type: ignore[type-var]


def _read_part(reading: EntryFacts, part: Part, text: str, begin: int) -> None:
    """Read a part by what its label says it holds; running text and unlabelled values by all rules."""
    if part.field == "earlier":
        reading.earlier = begin
    if part.field in ("name", "title"):
        reading.name_part = begin, begin + len(text)
    if part.field == "code":
        reading.codes.append((begin, begin + len(text)))
        return
    periods = _periods(part, text)
    reading.periods += _moved(periods, begin)
    reading.amounts += _moved(_amounts(part, text, _unit_of_heading(reading.entry)), begin)
    reading.funders += _moved(find_funders(text), begin)
    reading.organisations += _moved(_organisations(part, text), begin)
    reading.persons += [_person_moved(p, begin) for p in _persons(part, text)]
    reading.statuses += _moved(status.find_status(text), begin)
    if part.field == "role" and (told := municipal_role.role_of(text)):
        reading.roles += [("kunta", m) for m in _moved([told], begin)]
    reading.roles += [(who, m) for who, match in municipal_role.find_municipality_role(text) for m in _moved([match], begin)]


def _periods(part: Part, text: str) -> list[dates.PeriodMatch]:
    """The dates of a part; under a label of time a month or a year is one without any word beside it (``8/2018``)."""
    if part.field not in ("duration", "start", "end"):
        return dates.find(text)
    lead = "toteutusaika "
    found = dates.find(text) or [replace(p, start=p.start - len(lead), end=p.end - len(lead)) for p in dates.find(lead + text)]
    return [_as_duration(p, part.field) for p in found]


def _as_duration(period: dates.PeriodMatch, label: str) -> dates.PeriodMatch:
    """A date in a column of durations; a lone date under ``Päättyy`` is an end."""
    if label == "end" and period.form == "point":
        return replace(period, kind="duration", cue=label, form="until", start_date=None, start_precision=None)
    if label == "start" and period.form == "point":
        return replace(period, kind="duration", cue=label, form="from", end_date=None, end_precision=None)
    return replace(period, kind="duration", cue=period.cue or label)


_NOTE_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹* "
"""Marks of notes behind a number."""


def _amounts(part: Part, text: str, unit: int) -> list[money.AmountMatch]:
    """The sums of a part: under a label of money the label gives the first one's kind, and a bare number is a sum too.

    ``unit`` is what a bare number counts by the table's caption, where the label itself does not say.
    """
    found = money.find(text)
    if part.field not in labels.MONEY:
        return found
    bare = text.rstrip(_NOTE_MARKS)
    value, approximate = numbers.parse_number(bare, part.unit if part.unit > 1 else unit)
    if not found and value is not None:
        found = [money.AmountMatch(0, len(bare), "money.column", value, approximate)]
    kind = _kind_of_funding(text, found) if part.field == "funding" else cast(Kind, part.field)
    return [
        replace(amount, kind=kind or amount.kind, year=part.year or amount.year) if n == 0 or amount.kind is None else amount
        for n, amount in enumerate(found)
    ]


def _unit_of_heading(entry: EntryCandidate) -> int:
    """What a bare number of a table or card counts by the words above it: ``(1 000 euroa)``, ``luvut tuhansina euroina``."""
    return numbers.unit_of_label("", entry.heading) if entry.heading else 1


_OF_MUNICIPALITIES = regex.compile(r"(?i)(?<!\p{L})(?:kun(?:ta|na|tien)|kaupun|omara)")


def _kind_of_funding(text: str, found: Sequence[money.AmountMatch]) -> Kind | None:
    """The kind of the one sum under ``Rahoitus``: beside its payer it is a grant, unless municipalities pay too."""
    alone = len(found) == 1 and found[0].kind is None and not _OF_MUNICIPALITIES.search(text)
    return "grant" if alone and find_funders(text) else None


def _organisations(part: Part, text: str) -> list[organisations.OrganisationMatch]:
    """The organisations of a part; the value of a label such as ``Toteuttaja`` is a list of names."""
    found = organisations.find_organisations(text)
    role = part.field if part.field in labels.ORGANISATIONS else "funder" if part.field == "funder" else None
    if role is None or found:
        return found
    named = organisations.as_names(text, role)
    if role == "funder" and find_funders(text):
        return [one for one in named if organisations.ends_as_organisation(one.surface)]
    return named


def _persons(part: Part, text: str) -> list[persons.NamedPerson]:
    """The people of a part; the value of a label such as ``Yhteyshenkilö`` is a name with its title."""
    found = persons.find_titled(text)
    if part.field != "contact" or len(found) > 1 or (found and not text.startswith(found[0].name)):
        return found
    listed = person_lists.read_listing(text)
    if listed is None or (found and not listed.roles):
        return found
    role = listed.roles[0] if listed.roles else None
    title, acting = (role.base, role.acting) if role else (None, False)
    name = listed.name, listed.given_name, listed.family_name
    return [persons.NamedPerson(listed.start, listed.end, *name, title, None, None, acting, "persons.contact", 1.0)]


def _person_moved(person: persons.NamedPerson, by: int) -> persons.NamedPerson:
    def at(place: int | None) -> int | None:
        return None if place is None else place + by

    moved = replace(person, start=person.start + by, end=person.end + by)
    return replace(moved, role_start=at(person.role_start), role_end=at(person.role_end))
