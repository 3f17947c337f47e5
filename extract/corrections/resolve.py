"""Which row a correction is about, now that rules, text or file name may be others than when it was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from poytakirja.corrections.anchors import Found
from poytakirja.corrections.document_rows import IDS, DocumentRows, Place, Row
from poytakirja.corrections.store import WHOLE_ROW, Correction
from poytakirja.corrections.values import NAMES, Day, parse
from poytakirja.errors import UsageError
from poytakirja.tables.schema import TABLES

KNOWN_BY = {
    "amounts": ("kind", "value_eur", "year"), "periods": ("kind", "start_date", "end_date"),
    "persons": ("part", "person_name"), "organisations": ("role", "organisation_name"),
    "projects": ("project_name", "layout"), "items": ("number_label",), "documents": (),
}  # fmt: skip
"""The columns that a row of a table is known by, beside its place."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a correction is about: the row, None where it is gone (and ``stale`` says why), and the place of the value."""

    row: Row | None
    place: Place | None
    stale: str | None = None


class Resolver:
    """Finds the rows of one document that its corrections are about; makes those again that rules find no more."""

    def __init__(self, rows: DocumentRows) -> None:
        self.rows = rows

    def target(self, line: Correction) -> Target:
        """The row and the place of a correction."""
        entry = self.rows.searched.find(line.entry) if line.entry else None
        place = self.rows.searched.find(line.place) if line.place else None
        if why := self._stale(line, entry, place):
            return Target(None, _span(place or entry), why)
        if line.table == "documents":
            return Target(self.rows.document, _span(place))
        row = self._find(line, _span(entry), _span(place))
        if row is None and line.action != "reject":
            row = self._made_again(line, _span(entry), _span(place))
        if row is None:
            gone = None if line.action == "reject" else "its row is not found any more"
            return Target(None, _span(place or entry), gone)
        return Target(row, _span(place))

    def _stale(self, line: Correction, entry: Found | None, place: Found | None) -> str | None:
        """Why a correction cannot be applied: the words that it is about have changed."""
        hidden = line.field in NAMES and line.table in IDS and self.rows.document["persons_mode"] != "keep"
        if line.place is not None and not (hidden and place is None):
            return None if place and place.same else "its words are not found in the text any more"
        if line.entry is not None:
            same = entry is not None and (entry.same or line.sha256 == self.rows.document["sha256"])
            return None if same else "the text of its entry has changed"
        return None if line.sha256 == self.rows.document["sha256"] else "the document has changed"

    def _find(self, line: Correction, entry: Place | None, place: Place | None) -> Row | None:
        """The row of a correction among those of its table."""
        if line.table in IDS:
            wanted = entry or place
            found = [r for r in self.rows.tables[line.table] if wanted and _shared((r["char_start"], r["char_end"]), wanted)]
            return max(found, key=lambda r: (place is None or _within(place, r), _likeness(r, wanted)), default=None)
        owner = self._owner(line, entry)
        found = [r for r in self.rows.tables[line.table] if place and _shared((r["char_start"], r["char_end"]), place)]
        ranked = sorted(found, key=lambda r: self._rank(line, r, owner, place), reverse=True)
        named = line.record.get(KNOWN_BY[line.table][0])
        if ranked and named and ranked[0][KNOWN_BY[line.table][0]] != named:
            exact = [r for r in ranked if (r["char_start"], r["char_end"]) == place]
            return exact[0] if len(exact) == 1 and line.action != "reject" else None
        return ranked[0] if ranked else None

    def _owner(self, line: Correction, entry: Place | None) -> Row | None:
        """The project that a fact belongs to."""
        if entry is None:
            return None
        found = [r for r in self.rows.tables["projects"] if _shared((r["char_start"], r["char_end"]), entry)]
        return max(found, key=lambda r: _likeness(r, entry), default=None)

    def _rank(self, line: Correction, row: Row, owner: Row | None, place: Place | None) -> tuple[bool, int, float]:
        """How well a fact fits: its project, the values that it is known by, its place."""
        own = row["project_id"] == (owner["project_id"] if owner else None)
        same = [str(row[field]) == line.record.get(field) for field in KNOWN_BY[line.table]]
        return same[0], own + sum(same), _likeness(row, place)

    # -- rows that rules find no more

    def _made_again(self, line: Correction, entry: Place | None, place: Place | None) -> Row | None:
        """The row of a correction, made of what the correction says of it; None where that does not do."""
        if line.table == "items" or not (entry or place):
            return None
        if line.table == "projects":
            return self.add_project(line, entry)
        return self.add_fact(line, self._owner(line, entry), place or entry)

    def add(self, line: Correction) -> Target:
        """The row that a reviewer added, or the one that rules find there by now."""
        place = self.rows.searched.find(line.place) if line.place else None
        entry = self.rows.searched.find(line.entry) if line.entry else None
        if place is None or not place.same:
            return Target(None, _span(place), "the text that was marked has changed")
        span = (place.start, place.end)
        found = self._find(line, span, span) if line.table == "projects" else None
        if found is not None and _likeness(found, span) > 0.5:
            return Target(found, span)
        if line.table == "projects":
            return Target(self.add_project(line, span), span)
        return Target(self.add_fact(line, self._owner(line, _span(entry)), span), span)

    def add_project(self, line: Correction, place: Place | None) -> Row | None:
        """A row of projects at a place of the text."""
        if place is None:
            return None
        rows, (start, end) = self.rows, place
        ordinal = 1 + max((row["ordinal"] for row in rows.tables["projects"]), default=-1)
        given = dict(_values(line))
        name = given.get("project_name")
        row = rows.new_row(
            "projects", project_id=f"{rows.id}/p{ordinal}", document_id=rows.id, item_id=rows.item_at(start), ordinal=ordinal,
            layout=line.record.get("layout") or "prose", funder_codes=[], text=" ".join(rows.text[start:end].split()),
            confidence=1.0, page_no=rows.page_of(start), char_start=start, char_end=end,
        )  # fmt: skip
        if name:
            row["project_name"] = row["project_name_base"] = name
            rows.set_evidence("projects", row, "project_name", rows.find_value(name, place) or place)
        return row

    def add_fact(self, line: Correction, owner: Row | None, place: Place | None) -> Row | None:
        """A row of a table of facts at a place of the text; None where a value that it must have is not known."""
        if place is None:
            return None
        rows = self.rows
        given: Row = {"approximate": False, "acting": False, "method": "cue", **dict(_values(line))}
        item_id = owner["item_id"] if owner else rows.item_at(place[0])
        whose = {"document_id": rows.id, "item_id": item_id, "project_id": owner["project_id"] if owner else None}
        values: Row = {}
        for field, value in given.items():
            if isinstance(value, Day):
                values |= {field: value.date, field.replace("date", "precision"): value.precision}
            elif any(c.name == field for c in TABLES[line.table].columns):
                values[field] = value
        made = {**values, **whose, **rows.mention(place)}
        if any(made.get(c.name) is None for c in TABLES[line.table].columns if not c.nullable):
            return None
        if line.table == "persons":
            split_name(made)
        return rows.new_row(line.table, **made)


def split_name(person: Row) -> None:
    """Give a person the given and family name that the name in base form has."""
    given, _, family = (person["person_name"] or "").rpartition(" ")
    person["given_name"], person["family_name"] = given or None, family if given else None


def _values(line: Correction) -> Iterator[tuple[str, Any]]:
    """The values that a correction gives of its row, and the one that it gives the field."""
    given = dict(line.record)
    if line.field != WHOLE_ROW and line.value is not None:
        given[line.field] = line.value
    for field, typed in given.items():
        try:
            yield field, parse(line.table, field, typed)
        except UsageError:  # a column of another version of the tables, or a word that it has no more
            continue


def _span(found: Found | None) -> Place | None:
    return (found.start, found.end) if found else None


def _shared(a: Place, b: Place) -> int:
    """How many characters two places share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _within(place: Place, row: Row) -> bool:
    return bool(row["char_start"] <= place[0] and place[1] <= row["char_end"])


def _likeness(row: Row, place: Place | None) -> float:
    """The share of two places that both have, 0…1."""
    if place is None:
        return 0.0
    own = row["char_start"], row["char_end"]
    shared = _shared(own, place)
    return float(shared / max(1, own[1] - own[0] + place[1] - place[0] - shared))
