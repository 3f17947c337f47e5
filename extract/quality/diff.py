"""What a change of rules changed: the rows that differ between two OUTPUTs.

Documents are matched by source; within a document items and projects by name, place and span, everything else by what it says.
Ids hold ordinals, which shift when an entry is found or lost: those of the old side are first put in terms of the new one.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from poytakirja.publish.stored import Row, read_rows
from poytakirja.tables.schema import LATEST_VALUES
from poytakirja.terminal import InputError, guarded, say, show

# What tells a row from the others of its table in one document; a table that is not listed is compared by whole rows.
_IDENTITY: dict[str, tuple[str, ...]] = {
    "documents": ("source",),
    "items": ("number_label", "title"),
    "projects": ("project_name",),
    "amounts": ("kind", "value_eur", "year"),
    "periods": ("kind", "start_date", "end_date"),
    "persons": ("part", "person_name"),
    "organisations": ("organisation_name", "role"),
    "findings": ("code",),
    "project_links": ("reason",),
    "projects_latest": ("project_name",),
    "cells": ("table_no", "row", "col"),
    "pages": ("page_no",),
    "evidence": ("table", "field"),
}
_OWNERS = ("project_id", "item_id", "row_id")
_IDS = (*_OWNERS, "project_key", *LATEST_VALUES.values())
_PLACES = ("page_no", "char_start", "char_end")
_NEVER_COMPARED = ("document_id", "document_ids", "project_ids", "ordinal", "software_version", "rules_version", "model_version")
_GONE = "gone:"  # before the id of an old row that no new row matches

What = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is only in one OUTPUT, or has other values in the new one (``fields``: column to old and new value).

    ``owner`` is the project or item it belongs to; ``told_by_owner`` where that is itself added or removed.
    """

    table: str
    source: str
    what: What
    owner: str
    row: str
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    told_by_owner: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        keys = ("table", "source", "what", "owner", "row", "fields")
        return {key: getattr(self, key) for key in keys}


@dataclass(slots=True)
class Difference:
    """All changes, and how many rows each table has on either side."""

    rows: dict[str, tuple[int, int]]
    changes: list[Change]

    def counts(self) -> dict[str, dict[str, int]]:
        """By table: rows old and new, and how many were added, removed and changed."""
        kinds = Counter((c.table, c.what) for c in self.changes)
        return {
            table: {"old": old, "new": new} | {what: kinds[table, what] for what in ("added", "removed", "changed")}
            for table, (old, new) in self.rows.items()
        }

    def listed(self) -> list[Change]:
        """The changes worth a line each: not those that go with an added or removed owner."""
        return [c for c in self.changes if not c.told_by_owner]


# ---------------------------------------------------------------- which row is which

Key = Callable[[Row], Hashable]


def _pair(old: list[Row], new: list[Row], keys: Sequence[Key]) -> list[tuple[Row, Row]]:
    """Rows of equal key, in order, by the first key that pairs them; a null key pairs nothing. Takes them out of both lists."""
    pairs = []
    for key in keys:
        waiting: defaultdict[Hashable, list[Row]] = defaultdict(list)
        for row in reversed(new):
            if key(row) is not None:
                waiting[key(row)].append(row)
        met = [(row, waiting[key(row)].pop()) for row in old if waiting.get(key(row))]
        pairs += met
        paired = {id(row) for pair in met for row in pair}
        old[:] = [row for row in old if id(row) not in paired]
        new[:] = [row for row in new if id(row) not in paired]
    return pairs


def _overlapping(old: list[Row], new: list[Row]) -> list[tuple[Row, Row]]:
    """Each old row with the new one still free that it overlaps most. Takes them out of both lists."""

    def overlap(a: Row, b: Row) -> int:
        return int(min(a["char_end"], b["char_end"]) - max(a["char_start"], b["char_start"]))

    pairs = []
    for a in list(old):
        best = max(new, key=lambda b: overlap(a, b), default=None)
        if best is not None and overlap(a, best) > 0:
            pairs.append((a, best))
            old.remove(a)
            new.remove(best)
    return pairs


def _values(*columns: str) -> Key:
    """A key of several columns, null where the first is."""
    return lambda row: tuple(row.get(c) for c in columns) if row.get(columns[0]) is not None else None


_ITEM_KEYS = (
    _values("number_label", "title", "char_start"), _values("number_label", "title"), _values("number"), _values("char_start")
)  # fmt: skip
_PROJECT_KEYS = (
    _values("project_name", "char_start"), _values("project_name", "item_id"), _values("project_name"), _values("char_start")
)  # fmt: skip


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


# ---------------------------------------------------------------- one document


@dataclass(slots=True)
class _Sides:
    """The rows of one document in both OUTPUTs, by table, old ids put in terms of the new side."""

    source: str
    old: dict[str, list[Row]]
    new: dict[str, list[Row]]
    same_text: bool
    ids: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)

    def records(self, table: str, own_id: str, label: str, keys: Sequence[Key]) -> Iterator[Change]:
        """Items or projects: match them, learn their ids, tell what changed."""
        old, new = self._rows(table)
        self.labels |= {row[own_id]: row.get(label) or row[own_id] for row in new}
        pairs = _pair(old, new, keys)
        if self.same_text:
            pairs += _overlapping(old, new)
        self.ids |= {a[own_id]: b[own_id] for a, b in pairs} | {row[own_id]: _GONE + row[own_id] for row in old}
        self.labels |= {_GONE + row[own_id]: row.get(label) or row[own_id] for row in old}
        self.alone |= {_GONE + row[own_id] for row in old} | {row[own_id] for row in new}
        for a, b in pairs:
            a[own_id] = b[own_id]
        return self._changes(table, old, new, pairs)

    def facts(self, table: str) -> Iterator[Change]:
        """Rows of any other table: equal ones aside, those of one identity are changed, the rest are added or removed."""
        old, new = self._rows(table)
        columns = self._compared(table, [*old[:1], *new[:1]])
        _pair(old, new, [lambda row: tuple(_hashable(row.get(c)) for c in columns)])
        identity = (*_OWNERS, *_IDENTITY.get(table, columns))
        pairs = _pair(old, new, [lambda row: tuple(_hashable(row.get(c)) for c in identity)])
        return self._changes(table, old, new, pairs)

    def _rows(self, table: str) -> tuple[list[Row], list[Row]]:
        """Copies of the rows of both sides, ids of the old ones translated."""
        old = [row | {c: self.ids.get(row[c], row[c]) for c in _IDS if c in row} for row in self.old.get(table, ())]
        return old, list(self.new.get(table, ()))

    def _compared(self, table: str, rows: Iterable[Row]) -> list[str]:
        """The columns that count: places only in a text that is the same on both sides."""
        left_out = {*_NEVER_COMPARED, *(() if self.same_text or table == "pages" else _PLACES)}
        return list(dict.fromkeys(c for row in rows for c in row if c not in left_out))

    def _changes(self, table: str, removed: list[Row], added: list[Row], pairs: list[tuple[Row, Row]]) -> Iterator[Change]:
        yield from (self._change(table, "removed", row, {}) for row in removed)
        yield from (self._change(table, "added", row, {}) for row in added)
        for a, b in pairs:
            if fields := {c: (a.get(c), b.get(c)) for c in self._compared(table, (a, b)) if a.get(c) != b.get(c)}:
                yield self._change(table, "changed", b, fields)

    def _change(self, table: str, what: What, row: Row, fields: dict[str, tuple[Any, Any]]) -> Change:
        owners = [] if table in ("items", "projects") else [row[c] for c in _OWNERS if row.get(c) is not None]
        owner = owners[0] if owners else ""
        label = " ".join(str(row[c]) for c in _IDENTITY.get(table, sorted(row)) if row.get(c) is not None)
        return Change(table, self.source, what, self.labels.get(owner, owner), label, fields, owner in self.alone)


def _document_changes(source: str, old: dict[str, list[Row]], new: dict[str, list[Row]]) -> Iterator[Change]:
    """The changes of one document. Where only one side has read it, its row in `documents` says so and the rest is counted."""
    sides = _Sides(source, old, new, _text(old) == _text(new))
    sides.ids |= {a["document_id"]: b["document_id"] for a in old["documents"] for b in new["documents"] if b["document_id"]}
    yield from sides.facts("documents")
    tables = [name for name in dict.fromkeys([*old, *new]) if name != "documents"]
    if len(old) == 1 or len(new) == 1:
        for name in tables:
            what: What = "removed" if name in old else "added"
            yield from (Change(name, source, what, source, "", told_by_owner=True) for _ in (old if name in old else new)[name])
        return
    yield from sides.records("items", "item_id", "title", _ITEM_KEYS)
    yield from sides.records("projects", "project_id", "project_name", _PROJECT_KEYS)
    for name in tables:
        if name not in ("items", "projects"):
            yield from sides.facts(name)


def _text(rows: dict[str, list[Row]]) -> list[str]:
    return [page["text"] for page in sorted(rows.get("pages", ()), key=lambda page: page["page_no"])]


# ---------------------------------------------------------------- all documents


def _tables(output: Path) -> dict[str, list[Row]]:
    """All tables of an OUTPUT, `documents` first."""
    names = sorted(p.name for p in output.iterdir() if p.is_dir() and p.name[0] not in "_.") if output.is_dir() else []
    if "documents" not in names:
        raise InputError(f"{output}: holds no table `documents`; is it the OUTPUT of `poytakirja extract`?")
    return {name: read_rows(output, name) for name in sorted(names, key=_place)}


def _place(table: str) -> tuple[int, str]:
    """Where a table stands in the order of telling: further tables last."""
    return (list(_IDENTITY).index(table) if table in _IDENTITY else len(_IDENTITY)), table


def _by_document(tables: dict[str, list[Row]]) -> dict[str, dict[str, list[Row]]]:
    """The rows of each source, by table."""
    source_of = {row["document_id"]: row["source"] for row in tables["documents"] if row["document_id"] is not None}
    grouped: dict[str, dict[str, list[Row]]] = {row["source"]: {"documents": [row]} for row in tables["documents"]}
    for table, rows in tables.items():
        for row in rows if table != "documents" else ():
            owner = row.get("project_id") or row.get("project_key")
            document_id = row.get("document_id") or str(owner).partition("/")[0]
            if document_id not in source_of:
                raise InputError(f"table {table} has a row of document {document_id}, which is not in `documents`")
            grouped[source_of[document_id]].setdefault(table, []).append(row)
    return grouped


def diff(old: Path, new: Path) -> Difference:
    """Compare two OUTPUTs row by row; versions do not count."""
    before, after = _tables(old), _tables(new)
    old_rows, new_rows = _by_document(before), _by_document(after)
    nothing: dict[str, list[Row]] = {"documents": []}
    changes = [
        change
        for source in sorted(old_rows.keys() | new_rows.keys())
        for change in _document_changes(source, old_rows.get(source, nothing), new_rows.get(source, nothing))
    ]
    tables = sorted({*before, *after}, key=_place)
    return Difference({t: (len(before.get(t, ())), len(after.get(t, ()))) for t in tables}, changes)


# ---------------------------------------------------------------- the command

_LONGEST = 100


def _brief(value: Any) -> str:
    """A value on one line, not too long.

    >>> _brief(None), _brief(["EAKR", "OKM"])
    ('null', 'EAKR, OKM')
    """
    text = "null" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _line(change: Change) -> list[str]:
    fields = "; ".join(f"{name}: {_brief(a)} → {_brief(b)}" for name, (a, b) in change.fields.items())
    return [change.source, change.table, change.what, _brief(change.owner), _brief(change.row), fields]


def print_difference(difference: Difference, limit: int, console: Console) -> None:
    """Counts by table, then the changes."""
    head = ("old", "new", "added", "removed", "changed")
    show(console, "Rows", ("table", *head), [[t, *(str(c[h]) for h in head)] for t, c in difference.counts().items()])
    listed = difference.listed()
    lines = [_line(change) for change in listed[: limit if limit >= 0 else None]]
    if lines:
        show(console, "Changes", ("source", "table", "what", "of", "row", "fields"), lines, numeric=False)
    if len(lines) < len(listed):
        say(console, f"and {len(listed) - len(lines)} more: --limit -1 lists all")
    say(console, "the same rows" if not difference.changes else f"{len(difference.changes)} rows differ")


def run(old: Path, new: Path, *, as_json: bool = False, limit: int = 50) -> int:
    """`diff`: 0 where the rows are the same, 1 where not, 2 where the input cannot be used. A negative limit lists all."""

    def command() -> int:
        difference = diff(old, new)
        if as_json:
            changes = [c.as_dict() for c in difference.listed()[: limit if limit >= 0 else None]]
            told = {"identical": not difference.changes, "tables": difference.counts(), "changes": changes}
            print(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        else:
            print_difference(difference, limit, Console())
        return 1 if difference.changes else 0

    return guarded(command)
