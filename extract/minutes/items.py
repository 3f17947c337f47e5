"""Agenda items (pykälät): the title, case, preparers, presenter, proposal and decision of each.

What an earlier body did with the matter (aikaisempi käsittely) may stand inside an item: only its own, latest handling counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import regex

from poytakirja.document import Document, Evidence, Finding
from poytakirja.minutes import item_bounds as bounds
from poytakirja.minutes import officer_rows as officers
from poytakirja.minutes import person_rows as listing
from poytakirja.minutes.body_rows import STRONG, Body, Mark
from poytakirja.minutes.item_head import read_head
from poytakirja.minutes.item_numbers import body_of
from poytakirja.minutes.item_outcome import decided
from poytakirja.minutes.item_parts import read_parts
from poytakirja.passage import Passage
from poytakirja.records import Item, Person, Rows
from poytakirja.rules.organisations.bodies import Handling


def read(
    document: Document, body: Body | None = None, attending: Sequence[Person] = ()
) -> tuple[list[Item], list[Person], list[Finding]]:
    """The items of a document in order, their preparers and presenters, and what a reader should look at.

    A document without items gives the preparers and presenters it names, with ``item`` None. Who has its ``body`` hands it in.
    A proposal headed by a title alone (``Kunnanjohtajan ehdotus``) is presented by who of those ``attending`` bears it.
    """
    body = body or body_of(document)
    marks = body.marks
    if not marks:
        return [], _loose_persons(body), []
    items: list[Item] = []
    persons: list[Person] = []
    above = bounds.titles_above(body)
    firsts = [bounds.first_line(body, mark, marks[n - 1].at + 1 if n else 0, above) for n, mark in enumerate(marks)]
    for ordinal, (mark, first, stop) in enumerate(zip(marks, firsts, [*firsts[1:], len(body.lines)], strict=True)):
        parser = _ItemParser(body, mark, first, bounds.end_of(body, mark, stop), ordinal)
        item, people = parser.result()
        if not any(person.part == "presenter" for person in people):
            people += _bearers(parser.proposer, attending, ordinal)
        items.append(item)
        persons += people
    return items, persons, []


def _bearers(title: str | None, attending: Sequence[Person], ordinal: int) -> list[Person]:
    """The one person attending who bears a title, as the presenter of an item; none where nobody or several do."""
    if title is None:
        return []
    bearers = {p.name: p for p in attending if p.role and title in p.role.casefold().split(", ")}
    return [
        replace(person, part="presenter", role=title, rule_id="items.presenter.title", item=ordinal)
        for person in bearers.values()
        if len(bearers) == 1
    ]


# ---------------------------------------------------------------- one item


class _ItemParser:
    """The reading of one item: rows ``first`` to ``stop`` of the body."""

    def __init__(self, body: Body, mark: Mark, first: int, stop: int, ordinal: int) -> None:
        self.body, self.mark, self.first, self.stop = body, mark, first, stop
        self.text = body.document.text
        lines = body.lines[first:stop]
        label = self.text[mark.start : mark.end]
        self.item = Item(ordinal, lines[0].start, lines[-1].end, lines, mark.number, label)
        self.proposer: str | None = None
        self._say("number", mark.start, mark.end, f"items.{mark.layout}")

    def result(self) -> tuple[Item, list[Person]]:
        """The item with its fields, and its preparers and presenters."""
        below = read_head(self.body, self.mark, self.first, self.stop, self.item)
        own = self._own_rows(below)
        parts = read_parts(self.body, own, self.stop)
        self.proposer = parts.proposer
        self._keep("decision", parts.decision)
        as_proposed = _refers_to_decision(parts.proposal)
        if not as_proposed:
            self._keep("proposal", parts.proposal)
        people = [*parts.people, *decided(self.item, parts, self.text, as_proposed)]
        seen: dict[tuple[str, str | None], Person] = {}
        for part, named in people:
            person = named.person(self.text, part, f"items.{part}", self.item.ordinal)
            known = seen.setdefault((part, person.name), person)
            known.role = known.role or person.role
        return self.item, list(seen.values())

    def _say(self, name: str, start: int, end: int, rule: str) -> None:
        self.item.evidence.append(Evidence(name, self.text[start:end], rule, start, end))

    # -- its own handling

    def _own_rows(self, below: int) -> list[int]:
        """The rows of the item's own, latest handling: what stands before any handling's head, and what stands under its own."""
        groups: list[tuple[Handling | None, list[int]]] = [(None, [])]
        for at in range(below, self.stop):
            if handling := self.body.handlings[at]:
                groups.append((handling, []))
                if not self.body.lines[at].text[handling.end :].strip():
                    continue
            groups[-1][1].append(at)
        while len(groups) > 1 and not groups[-1][1]:  # the head of the next sheet
            groups.pop()
        own = [h for h, _ in groups if h and h.number == self.item.number and (h.letter or None) == (self.mark.letter or None)]
        if not own and len(groups) > 1 and not self._has_decision(groups[0][1]):
            return groups[0][1] + self._unlabelled(groups[-1][1])
        latest = max((h.date for h in own if h.date), default=None)
        return [at for h, rows in groups if h is None or (h in own and (h.date is None or h.date == latest)) for at in rows]

    def _has_decision(self, rows: Sequence[int]) -> bool:
        return any((head := self.body.heads[at]) and head.kind == "decision" for at in rows)

    def _unlabelled(self, rows: list[int]) -> list[int]:
        """The own part of an item that goes on without a head of its own below what earlier bodies did.

        In minutes the last decision is its own, in an agenda what follows the last decision.
        """
        kinds = [head.kind if (head := self.body.heads[at]) else None for at in rows]
        decided = [n for n, kind in enumerate(kinds) if kind == "decision"]
        if self.body.is_minutes:
            decided = decided[:-1]
        cut = decided[-1] + 1 if decided else 0
        start = next((n for n in range(cut, len(rows)) if kinds[n] in STRONG), len(rows))
        return rows[start:]

    # -- parts

    def _keep(self, name: str, rows: Rows) -> None:
        """A proposal or a decision as running text, and where it stands."""
        if not rows:
            return
        setattr(self.item, name, Passage.of(self._cell_by_cell(rows)).text)
        start = min(offset + len(text) - len(text.lstrip()) for text, offset, _ in rows)
        end = max(offset + len(text.rstrip()) for text, offset, _ in rows)
        self._say(name, start, end, f"items.{name}")

    def _cell_by_cell(self, rows: Rows) -> Iterable[tuple[str, int, bool]]:
        """The rows with each table in the order of its cells, which a page break may have torn apart."""
        last = rows[-1][1] + len(rows[-1][0])
        done: set[int] = set()
        for row in rows:
            table = self.body.tables.get(row[1])
            if table is None:
                yield row
            elif table not in done:
                done.add(table)
                cells = [cell for cells in self.body.document.tables[table].rows() for cell in cells]
                yield from ((cell.text, cell.start, False) for cell in cells if rows[0][1] <= cell.start < last)


@cache
def _as_proposed() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\s*(?:päätös|esitys|lausunto) on (?:päätös|esitys|lausunto)?ehdotuksen mukainen\.?\s*")


def _refers_to_decision(rows: Rows) -> bool:
    """Whether a proposal is not printed since the decision is the same: ``Päätös on ehdotuksen mukainen.``"""
    return len(rows) == 1 and _as_proposed().fullmatch(rows[0][0]) is not None


# ---------------------------------------------------------------- texts without items


@cache
def _inner_label() -> regex.Pattern[str]:
    return regex.compile(r"(?<=\s)(?P<part>Esittelijä|Valmistelijat?|Valmistelu)\s?:?\s+(?=\p{Lu}|v[st]\.)")


def _loose_persons(body: Body) -> list[Person]:
    """Preparers and presenters of a document without items, wherever in a row their label stands."""
    persons: list[Person] = []
    for at, (line, head) in enumerate(zip(body.lines, body.heads, strict=True)):
        if head and head.kind in ("preparer", "presenter"):
            rest = [(line.text[head.rest :], line.start + head.rest, line.breaks_word)]
            rest += [(row.text, row.start, row.breaks_word) for row in body.lines[at + 1 : at + 5]]
            named, _ = officers.people(rest[: 1 + next((n for n, h in enumerate(body.heads[at + 1 : at + 5]) if h), 4)])
            persons += [person.person(body.document.text, head.kind, f"items.{head.kind}") for person in named]
        elif m := _inner_label().search(line.text):
            part = "presenter" if m["part"] == "Esittelijä" else "preparer"
            named = [person for person in listing.read(line.text[m.end() :], line.start + m.end()) if person.role]
            persons += [person.person(body.document.text, part, f"items.{part}.inner") for person in named]
    return persons
