"""What the review page asks and says: the queue, places, checks as one types, decisions, undo."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from poytakirja.archive.output_folder import OutputFolder
from poytakirja.corrections import store
from poytakirja.corrections.describe import addition, correction
from poytakirja.corrections.store import ACTIONS, Correction
from poytakirja.corrections.values import Day, as_text, column_of, parse
from poytakirja.errors import UsageError
from poytakirja.review import correcting
from poytakirja.review.pages import Pages
from poytakirja.review.queue import queue
from poytakirja.review.rows import document_rows, find_row
from poytakirja.tables import columns
from poytakirja.tables.columns import Column

_AT_ONCE = 500
"""So many values may be decided at once."""
_PAUSE = 1.0
"""Corrections are applied to the tables when nobody has decided anything for so many seconds."""
_KIND = {columns.DATE: "date", columns.EURO: "sum", columns.COUNT: "number", columns.TEXTS: "codes", columns.TIME: "time"}


class Session:
    """Reviewers at work on one OUTPUT. What they decide is in the file of corrections before they hear that it is."""

    def __init__(self, output: Path, inputs: Path | None = None) -> None:
        place = OutputFolder(output)
        place.check_known()
        self.output = output
        self.corrections = place.corrections()
        self.pages = Pages(output, inputs)
        self._queue: list[dict[str, Any]] = []
        self._lock = threading.RLock()
        self._due = threading.Event()
        correcting.apply(output)
        self._load()

    def close(self) -> None:
        """Apply what is left, and end."""
        if self._due.is_set():
            correcting.apply(self.output)
        self.pages.close()

    def keep_applying(self, stop: threading.Event) -> None:
        """Apply corrections to the tables in the pauses between them, until ``stop``."""
        while not stop.is_set():
            if self._due.wait(0.2):
                self._due.clear()
                if stop.wait(_PAUSE) or self._due.is_set():
                    self._due.set()
                    continue
                with self._lock:
                    correcting.apply(self.output)
                    self._load()

    def _load(self) -> None:
        with self._lock:
            self._queue = queue(self.output)

    # -- what is asked

    def queue(self) -> dict[str, Any]:
        """All values in the order of the queue, with what has been decided of them."""
        decided = {(line.row, line.field): line for line in store.load(self.corrections).lines if line.table == "projects"}
        with self._lock:
            entries = [dict(entry) for entry in self._queue]
        for entry in entries:
            line = decided.get((entry["row"], entry["field"]))
            entry["decided"], entry["by"] = (line.action, line.by) if line else (None, None)
            if line and line.action == "change" and line.value is not None:
                entry["value"] = entry["text"] = line.value
        return {"entries": entries}

    def place(self, entry_id: str, page: str | None = None) -> dict[str, Any]:
        """The page on which a value is, with its place marked."""
        entry = self._entry(entry_id)
        number = int(page) if page and page.isdigit() else entry["page"]
        return self.pages.page(document_rows(self.output, entry["document"]), number, entry["start"], entry["end"])

    def _entry(self, entry_id: str) -> dict[str, Any]:
        with self._lock:
            found = next((entry for entry in self._queue if entry["id"] == entry_id), None)
        if found is None:
            raise UsageError(f"{entry_id}: is not in the queue any more: load the page again")
        return found

    def check(self, given: dict[str, Any]) -> dict[str, Any]:
        """Whether what was typed is a value of its field, and whether it fits the others of its project."""
        field, typed = str(given["field"]), str(given["value"])
        column = column_of("projects", field)
        try:
            value = parse("projects", field, typed)
        except UsageError as error:
            return {"ok": False, "why": kind_of(column), "error": str(error)}
        return {"ok": True, "value": as_text(value), "warning": self._odd(str(given["row"]), field, value)}

    def _odd(self, row_id: str, field: str, value: Any) -> str | None:
        """What a new value would make odd: the key of a finding."""
        _, _, row = find_row(self.output, row_id)
        if isinstance(value, Day):
            start = value.date if field == "start_date" else row["start_date"]
            end = value.date if field == "end_date" else row["end_date"]
            return "end_before_start" if start and end and end < start else None
        if field.endswith("_eur"):
            total = value if field == "total_cost_eur" else row["total_cost_eur"]
            shares = [value if name == field else row[name] for name in ("grant_eur", "municipal_share_eur")]
            return "share_above_total" if total is not None and any(s is not None and s > total for s in shares) else None
        return None

    # -- what is said

    def decide(self, given: dict[str, Any]) -> dict[str, Any]:
        """Confirm, change or reject values: ``ids`` of the queue, with one action and (change) one value."""
        action, by, ids = str(given["action"]), _name(given.get("by")), list(given["ids"])
        if action not in ACTIONS or action == "add" or not 0 < len(ids) <= _AT_ONCE:
            raise UsageError("action: confirm, change or reject is wanted, of 1 to 500 values")
        lines: list[Correction] = []
        for entry_id in ids:
            entry = self._entry(str(entry_id))
            found = find_row(self.output, entry["row"])
            value = str(given["value"]) if action == "change" else None
            lines.append(correction(*found, entry["field"], action, value, by))  # type: ignore[arg-type]
        return self._keep(lines)

    def add(self, given: dict[str, Any]) -> dict[str, Any]:
        """Add a project that was missed: the text from ``start`` to ``end`` of a document, its name and other values."""
        rows = document_rows(self.output, str(given["document"]))
        values = {str(field): str(value) for field, value in dict(given["values"]).items() if str(value).strip()}
        return self._keep(
            [addition(rows, "projects", (int(given["start"]), int(given["end"])), values, None, _name(given.get("by")))]
        )

    def undo(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take back corrections by their ids, or the last one of a reviewer."""
        by, lines = _name(given.get("by")), store.load(self.corrections).lines
        mine = [line.id for line in lines if line.by == by]
        ids = [str(one) for one in given.get("ids") or mine[-1:]]
        known = {line.id: line for line in lines}
        if not ids or any(one not in known for one in ids):
            raise UsageError("there is nothing to take back")
        store.undo(self.corrections, ids, by)
        self._due.set()
        return {"undone": [f"{known[one].row}|{known[one].field}" for one in ids]}

    def _keep(self, lines: list[Correction]) -> dict[str, Any]:
        store.append(self.corrections, lines)
        self._due.set()
        return {"kept": [line.id for line in lines]}


def kind_of(column: Column) -> str:
    """What kind of value a field wants, as a label names it."""
    if column.words:
        return "word"
    return _KIND.get(column.type, "text")


def _name(given: object) -> str | None:
    """A reviewer's name as it was typed, on one line."""
    name = " ".join(str(given or "").split())
    return "".join(c for c in name if c.isprintable())[:100] or None
