"""Corrections made, listed and taken back: written to their file first, then applied to the tables."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from poytakirja.archive import ledger
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.upkeep import corrections as applying
from poytakirja.corrections import store
from poytakirja.corrections.describe import addition, correction
from poytakirja.corrections.document_rows import DocumentRows, Place
from poytakirja.corrections.store import WHOLE_ROW, Action, Correction
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.publish.stored import read_rows
from poytakirja.review.rows import find_row

_WAIT = 30.0
"""So many seconds a correction waits for another one that is being applied."""


def correct(output: Path, row_id: str, field: str | None, action: Action, value: str | None, by: str | None) -> str:
    """Say something of a value or of a row; what became of it, in words."""
    _finish(output)
    rows, table, row = find_row(output, row_id)
    line = correction(rows, table, row, field or WHOLE_ROW, action, value, by)
    return keep(output, [line])


def add(output: Path, row_id: str, table: str, at: str, given: Sequence[str], by: str | None) -> str:
    """Add a row that was missed to a document, an item or a project; what became of it, in words."""
    _finish(output)
    rows, kind, owner = find_row(output, row_id)
    values = {}
    for pair in given:
        field, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"--set {pair}: give FIELD=VALUE")
        values[field.strip()] = value
    place = _place(rows, at, rows.span_of(kind, owner))
    line = addition(rows, table, place, values, owner if kind == "projects" else None, by)
    return keep(output, [line])


def _place(rows: DocumentRows, at: str, within: Place) -> Place:
    """The place that a reviewer names: words that the text has once, or offsets."""
    start, dash, end = at.partition("-")
    if dash and start.isdigit() and end.isdigit():
        return int(start), int(end)
    if not at.strip():
        raise UsageError("--add wants --at WORDS: the words of the text that say it")
    text = rows.text[within[0] : within[1]]
    first = text.find(at)
    if first < 0 or text.find(at, first + 1) >= 0:
        raise UsageError(f"--at {at}: the text has these words {'not at all' if first < 0 else 'more than once'}; give START-END")
    return within[0] + first, within[0] + first + len(at)


def _finish(output: Path) -> None:
    """Finish what a command that was killed had begun to put in the tables: some rows may be missing meanwhile."""
    if any(OutputFolder(output).note("ready").glob("[!.]*")):
        apply(output)


def keep(output: Path, lines: Sequence[Correction]) -> str:
    """Write corrections to the file, and apply them where no run is writing the tables; what became of them, in words."""
    place = OutputFolder(output)
    store.append(place.corrections(), lines)
    ids = ", ".join(line.id for line in lines)
    return f"kept as {ids}; {apply(output)}"


def undo(output: Path, ids: Sequence[str], by: str | None) -> str:
    """Take corrections back; what became of that, in words."""
    place = OutputFolder(output)
    place.check_known()
    known = {line.id for line in store.load(place.corrections()).lines}
    missing = [one for one in ids if one not in known]
    if missing:
        raise UsageError("\n".join(f"{printable(one)}: there is no such correction, or it was taken back" for one in missing))
    store.undo(place.corrections(), ids, by)
    return f"taken back: {', '.join(ids)}; {apply(output)}"


def apply(output: Path, wait: float = _WAIT) -> str:
    """Apply what is in the file to the tables, as soon as nobody writes them; what became of it, in words."""
    end = time.monotonic() + wait
    place = OutputFolder(output)
    while True:
        try:
            applying.apply_now(output)
        except UsageError:
            if not place.holder():
                raise
            if time.monotonic() > end:
                return "another command is writing the tables: it is applied when the next one ends"
            time.sleep(0.05)
        else:
            return "applied"


def listed(output: Path) -> list[dict[str, Any]]:
    """All corrections in force, with what became of each; ``replaced`` where a later one took its place."""
    place = OutputFolder(output)
    place.check_known()
    known = store.load(place.corrections())
    if known.damaged:
        numbers = ", ".join(map(str, known.damaged))
        raise UsageError(f"{printable(str(place.corrections()))}: cannot be read in line {numbers}: correct them")
    noted: dict[tuple[str, ...], list[str]] = {}
    for row in read_rows(output, "corrections"):
        noted.setdefault(_mark(row), []).append(row["status"])
    records = list(ledger.records(ledger.load(place)))
    contents = {record.sha256 for record in records}
    of_source = {record.source: record.sha256 for record in records}
    found = []
    for line in known.lines:
        here = line.sha256 if line.sha256 in contents else of_source.get(line.source)
        value = line.value if line.action != "add" else " ".join(f"{k}={v}" for k, v in line.record.items())
        found.append({
            "id": line.id, "status": _status(line, here, noted) if here else "elsewhere", "action": line.action,
            "row": line.row or line.sha256[:16], "field": f"{line.table}.{line.field}", "was": line.was, "value": value,
            "by": line.by, "at": line.at, "source": line.source,
        })  # fmt: skip
    return found


def _status(line: Correction, sha256: str, noted: dict[tuple[str, ...], list[str]]) -> str:
    """What became of a correction; those made alike within a second are taken in order."""
    found = noted.get((sha256[:16], line.table, line.field, line.action, line.at))
    return found.pop(0) if found else "replaced"


def _mark(row: dict[str, Any]) -> tuple[str, ...]:
    """What tells a row of the table of corrections from others."""
    at = row["at"].strftime("%Y-%m-%dT%H:%M:%SZ") if row["at"] else ""
    return row["document_id"], row["table"], row["field"], row["action"], at
