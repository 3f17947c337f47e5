"""How right the meetings, agenda items and mentions of persons are, beside their truth.

Two forms of truth, told apart by their keys, one JSON object a document. *Items*: what the minutes say of the meeting, who
attended, and of each agenda item (number, title, case_id, preparers, presenter, proposal, decision, tables). *Mentions*: each
place where a person is named, ``{"start", "end", "surface", "name"}``, in offsets of the canonical text.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from poytakirja.publish.stored import Row, read_rows
from poytakirja.quality.comparison import Comparison, Counts, tally
from poytakirja.quality.gold import fold
from poytakirja.terminal import InputError

Kind = Literal["projects", "items", "mentions", "links"]
ATTENDING = frozenset(("chair", "member", "deputy", "secretary", "other_attendee", "absent"))
_ALIKE = 0.995
"""Long texts this much alike are the same: a list marker or a line end makes the difference."""
_MARKER = re.compile(r"(?:(?<=\s)|^)(?:\d{1,2}[.)]|[a-z][.)]|[•·▪◦*-])(?=\s)")


@dataclass(slots=True)
class MinutesReport:
    """All documents of one kind of truth beside an OUTPUT, and the truth's files with their hashes."""

    kind: Kind
    comparisons: list[Comparison] = field(default_factory=list)
    gold: dict[Path, str] = field(default_factory=dict)

    def fields(self) -> dict[str, Counts]:
        """The counts of each field, in the order they are met."""
        return tally(self.comparisons, lambda c: c.field)

    @property
    def macro(self) -> float:
        """The mean F1 of the fields."""
        fields = self.fields().values()
        return sum(c.f1 for c in fields) / len(fields) if fields else 0.0

    def figures(self) -> dict[str, float]:
        """What a gate pins: each field's `f1.KIND: FIELD`."""
        return {f"f1.{self.kind}: {name}": c.f1 for name, c in self.fields().items()}

    def misses(self) -> list[Comparison]:
        """Each comparison with a value missing or false."""
        return [c for c in self.comparisons if c.gold != c.got]

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON has them."""
        return {"macro": self.macro, "fields": {name: c.as_dict() for name, c in self.fields().items()}}

    def closing_line(self) -> str:
        """The figures in one line."""
        return f"{self.kind}: macro F1 {self.macro:.3f} over {len(self.fields())} fields"


def kind_of(path: Path) -> Kind:
    """What a gold file tells of; a folder holds one file of items for each document (``NNN.json`` for ``NNN.pdf``)."""
    if path.is_dir():
        return "items"
    try:
        first: Mapping[str, Any] = next(_truths(path), ("", {}))[1]
    except InputError:
        return "projects"  # whose reader tells what is wrong, and where
    told: tuple[tuple[Kind, str], ...] = (("items", "items"), ("mentions", "mentions"), ("links", "other_document"))
    return next((kind for kind, key in told if key in first), "projects")


def _truths(path: Path) -> Iterator[tuple[str, Any]]:
    """The documents of a file or folder of truth, by file name."""
    try:
        if path.is_dir():
            files = sorted(path.glob("*.json"))
            if not files:
                raise InputError(f"{path}: a folder without *.json holds no gold")
            yield from ((f"{file.stem}.pdf", json.loads(file.read_text("utf-8"))) for file in files)
            return
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                truth = json.loads(line)
                yield truth["document"], truth
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: cannot be read as gold ({error!r})") from error


def evaluate_minutes(output: Path, kind: Kind, paths: Iterable[Path]) -> MinutesReport:
    """Compare an OUTPUT with the truth of items or of mentions. Documents are matched by file name."""
    found = _Output(output)
    compare = _compared_items if kind == "items" else _compared_mentions
    report = MinutesReport(kind)
    for path in paths:
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        report.gold[path] = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
        for name, truth in _truths(path):
            try:
                report.comparisons += compare(name, truth, found)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                raise InputError(f"{path}: {name}: {error!r}: not in the form of {kind}") from error
    return report


class _Output:
    """The tables of a run, by document and by item."""

    def __init__(self, output: Path) -> None:
        self.documents = {Path(row["source"]).name: row for row in read_rows(output, "documents")}
        self.items = _by(read_rows(output, "items"), "document_id")
        self.persons = _by(read_rows(output, "persons"), "document_id")
        self.cells = _by(read_rows(output, "cells"), "item_id")
        if not self.documents:
            raise InputError(f"{output}: holds no table `documents`; is it the OUTPUT of `poytakirja extract`?")


def _by(rows: Iterable[Row], key: str) -> defaultdict[Any, list[Row]]:
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


# ---------------------------------------------------------------- meetings and items


@dataclass(slots=True)
class _Sheet:
    """Collects the comparisons of one document."""

    document: str
    found: list[Comparison] = field(default_factory=list)

    def sets(self, name: str, gold: Iterable[Hashable], got: Iterable[Hashable], entry: str | None = None) -> None:
        """Two sets of values; nothing is compared where both are empty."""
        a, b = frozenset(gold), frozenset(got)
        if a or b:
            self.found.append(Comparison(self.document, entry, None, name, a, b))

    def value(self, name: str, gold: Hashable | None, got: Hashable | None, entry: str | None = None) -> None:
        """One value of each side; an empty one is none."""
        self.sets(name, {gold} if gold else (), {got} if got else (), entry)


def _compared_items(name: str, truth: Mapping[str, Any], output: _Output) -> list[Comparison]:
    """A set of minutes beside its truth: the meeting, who attended, the agenda items. Without a body nothing is compared."""
    if not truth.get("body") or "." in truth["body"]:
        return []
    sheet, row = _Sheet(name), output.documents.get(name, {})
    _meeting(sheet, truth, row)
    persons, items = (table[row["document_id"]] if row.get("document_id") else [] for table in (output.persons, output.items))
    attending = [p for p in persons if not (p["item_id"] or p["project_id"]) and p["part"] in ATTENDING]
    sheet.sets(
        "attendance",
        {(fold(a["name"]), a["part"]) for a in truth["attendance"]},
        {(fold(p["person_name"]), p["part"]) for p in attending},
    )
    numbers = [row["number"] for row in items if row["number"] is not None]
    sheet.sets("item number", [item["number"] for item in truth["items"]], numbers)
    by_number = {row["number"]: row for row in items}
    for item in truth["items"]:
        got = by_number.get(item["number"], {})
        mine = [p for p in persons if got and p["item_id"] == got["item_id"] and not p["project_id"]]
        _item(sheet, item, got, mine)
        cells = output.cells[got["item_id"]] if got else []
        sheet.sets("table row", _true_rows(item["tables"]), _rows_of(cells), f"§ {item['number']}")
    return sheet.found


def _meeting(sheet: _Sheet, truth: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """When, where, who met."""
    day, month, year = (int(part) for part in truth["date"].split("."))
    sheet.value("meeting_date", f"{year}-{month:02}-{day:02}", row.get("meeting_date") and str(row["meeting_date"]))
    names = {"organisation": "organisation", "body": "body", "meeting_number": "meeting_number", "place": "meeting_place"}
    for key, column in names.items():
        gold, got = fold(truth.get(key)), fold(row.get(column))
        sheet.value("meeting", gold and f"{key}: {gold}", got and f"{key}: {got}")
    for key in ("start", "end"):
        time = row.get(f"meeting_{key}")
        sheet.value("meeting_time", truth.get(key) and f"{key} {truth[key]}", time and f"{key} {time:%H:%M}")


def _item(sheet: _Sheet, truth: Mapping[str, Any], row: Mapping[str, Any], persons: Sequence[Row]) -> None:
    """One agenda item."""
    entry = f"§ {truth['number']}"
    for key in ("title", "case_id"):
        sheet.value(key, fold(truth.get(key)), fold(row.get(key)), entry)
    for key in ("proposal", "decision"):
        gold, got = fold(truth.get(key)), fold(row.get(key))
        same = bool(gold and got) and _near(truth[key], row[key])
        sheet.value(key, gold, gold if same else got, entry)
    presenter = truth.get("presenter")
    for part, people in (("presenter", [presenter] if presenter else []), ("preparer", truth["preparers"])):
        if any(person.get("unsure") for person in people):
            continue
        mine = [p for p in persons if p["part"] == part]
        sheet.sets(part, {fold(p["name"]) for p in people}, {fold(p["person_name"]) for p in mine}, entry)
        sheet.sets(
            f"{part} role",
            {(fold(p["name"]), _role(p["role"])) for p in people},
            {(fold(p["person_name"]), _role(p["role"])) for p in mine},
            entry,
        )


def _role(role: str | None) -> str:
    """A role without vs. and vt."""
    return re.sub(r"^(vs|vt|v\.t|v\.s)\.?\s*", "", fold(role))


def _near(gold: str, got: str) -> bool:
    """Whether two long texts are the same, list markers aside."""
    a, b = (fold(_MARKER.sub("", text)) for text in (gold, got))
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return a == b or (matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE)


def _true_rows(tables: Iterable[Sequence[Sequence[str]]]) -> set[str]:
    """The rows of an item's tables as texts; a table of one row, or a row of one cell, tells nothing."""
    return {_as_row(row) for table in tables if len(table) > 1 for row in table if len(row) > 1} - {""}


def _rows_of(cells: Iterable[Row]) -> set[str]:
    rows: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for cell in sorted(cells, key=lambda c: (c["table_no"], c["row"], c["col"])):
        rows[cell["table_no"], cell["row"]].append(cell["text"])
    return {_as_row(row) for row in rows.values() if len(row) > 1} - {""}


def _as_row(cells: Iterable[str]) -> str:
    return " | ".join(filter(None, map(fold, cells)))


# ---------------------------------------------------------------- mentions


def _compared_mentions(name: str, truth: Mapping[str, Any], output: _Output) -> list[Comparison]:
    """The places where persons are named, and under which name, whatever part they have there."""
    sheet, row = _Sheet(name), output.documents.get(name, {})
    persons = output.persons[row["document_id"]] if row.get("document_id") else []
    gold = {_place(m["start"], m["end"], m["surface"]): fold(m["name"]) for m in truth["mentions"]}
    got = {_place(p["char_start"], p["char_end"], p["surface"]): fold(p["person_name"]) for p in persons}
    sheet.sets("mention", gold, got)
    for place, name_ in got.items():
        if name_.endswith(f" {gold.get(place)}"):  # a family name alone, given the whole name it stands for
            got[place] = gold[place]
    sheet.sets("name of mention", gold.items(), ((place, name_) for place, name_ in got.items() if name_))
    return sheet.found


def _place(start: int, end: int, surface: str) -> str:
    return f"{start}–{end} {' '.join(surface.split())}"
