"""An OUTPUT in the gold's own words: what the tables say of each document, and drafts of gold for a person to correct."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from poytakirja.publish.stored import Row, read_rows
from poytakirja.quality.gold import GoldAmount, GoldAttendant, GoldDocument, GoldProject
from poytakirja.terminal import InputError, guarded, say

_COLUMNS = {
    "documents": ("source", "document_id", "status", "stated_project_count"),
    "items": ("item_id", "number"),
    "projects": (
        "project_id", "document_id", "item_id", "ordinal", "layout", "entry_number", "section", "project_name", "project_code",
        "status", "municipality_role", "start_date", "start_precision", "end_date", "end_precision", "funder_codes",
    ),
    "amounts": ("project_id", "kind", "value_eur", "approximate", "year"),
    "periods": ("project_id", "kind", "start_date"),
    "persons": ("document_id", "project_id", "part", "person_name", "role"),
    "organisations": ("project_id", "organisation_name", "role", "funder_code"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Predicted:
    """A document of an OUTPUT: where it came from, how its reading went, and what it says in the gold's form."""

    source: str
    status: str
    form: GoldDocument


def read_output(output: Path) -> list[Predicted]:
    """All documents of an OUTPUT, in the order of its table; one that failed says nothing."""
    tables = {name: read_rows(output, name, columns) for name, columns in _COLUMNS.items()}
    if not tables["documents"]:
        raise InputError(f"{output}: holds no table `documents`; is it the OUTPUT of `poytakirja extract`?")
    facts = {name: _grouped(tables[name], "project_id") for name in ("amounts", "periods", "persons", "organisations")}
    attendants = _grouped([row for row in tables["persons"] if row["project_id"] is None], "document_id")
    projects = _grouped(sorted(tables["projects"], key=lambda p: p["ordinal"]), "document_id")
    item_number = {row["item_id"]: row["number"] for row in tables["items"]}

    def form(row: Row) -> GoldDocument:
        return {
            "document": Path(row["source"]).name,
            "stated_project_count": row["stated_project_count"],
            "persons": _once(_attendant(p) for p in attendants[row["document_id"]] if _takes_part(p)),
            "projects": [
                _project(p, item_number.get(p["item_id"]), {name: of[p["project_id"]] for name, of in facts.items()})
                for p in projects[row["document_id"]]
            ],
        }

    return [Predicted(row["source"], row["status"], form(row)) for row in tables["documents"]]


def _grouped(rows: Iterable[Row], key: str) -> defaultdict[Any, list[Row]]:
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row[key] is not None:
            groups[row[key]].append(row)
    return groups


def _once(values: Iterable[Any]) -> list[Any]:
    """Each value once, in order."""
    return list({json.dumps(v, sort_keys=True): v for v in values}.values())


def _takes_part(row: Row) -> bool:
    return row["part"] not in ("mentioned", "project_contact", "dissenting", "disqualified")


def _attendant(row: Row) -> GoldAttendant:
    return {"name": row["person_name"], "role": row["role"], "part": row["part"]}


def _amount(row: Row) -> GoldAmount:
    amount: GoldAmount = {"kind": row["kind"], "value": f"{row['value_eur']:.2f}", "approximate": bool(row["approximate"])}
    return amount if row["year"] is None else {**amount, "year": row["year"]}


def _entry_number(printed: str | None) -> int | str | None:
    """The printed number of an entry, as gold has it.

    >>> _entry_number("12)"), _entry_number("(b)"), _entry_number(None)
    (12, 'b', None)
    """
    number = (printed or "").strip(" .)(")
    return int(number) if number.isdecimal() and str(int(number)) == number else number or None


def _is_named_payer(row: Row) -> bool:
    """Payers known by a code of their own stand in ``funders``, not among the organisations."""
    return row["role"] != "funder" or row["funder_code"] in (None, "MUU", "KUNTA")


def _iso(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()[:10]


def _project(row: Row, item: int | None, facts: dict[str, list[Row]]) -> GoldProject:
    transfers = [{"kind": "transfer", "date": _iso(p["start_date"])} for p in facts["periods"] if p["kind"] == "transfer"]
    contacts = [{"name": p["person_name"], "role": p["role"]} for p in facts["persons"] if p["part"] == "project_contact"]
    organisations = [{"name": o["organisation_name"], "role": o["role"]} for o in filter(_is_named_payer, facts["organisations"])]
    project = GoldProject(
        number=_entry_number(row["entry_number"]),
        section=row["section"],
        name=row["project_name"] or "",
        name_also=[],
        code=row["project_code"],
        start=_iso(row["start_date"]),
        end=_iso(row["end_date"]),
        start_precision=row["start_precision"],
        end_precision=row["end_precision"],
        funders=sorted(set(row["funder_codes"] or ())),
        amounts=_once(_amount(a) for a in facts["amounts"] if a["value_eur"] is not None),
        persons=_once(contacts),
        organisations=_once(organisations),
        municipality_role=row["municipality_role"],
        status=row["status"],
        layout=row["layout"],
        events=_once(transfers),
    )
    if item is not None:
        project["item"] = item
    return project


def draft(output: Path, document: str | None = None) -> list[GoldDocument]:
    """The documents of an OUTPUT that were read, in the gold's form; ``document`` (file name or source) picks one."""
    read = [p for p in read_output(output) if p.status in ("ok", "partial")]
    if document is not None:
        read = [p for p in read if document in (p.source, p.form["document"])]
        if not read:
            raise InputError(f"{output}: no document {document!r} was read there")
    forms = [p.form for p in read]
    if twice := [name for name, n in Counter(f["document"] for f in forms).items() if n > 1]:
        raise InputError(f"{output}: gold knows documents by file name, and {twice[0]!r} is there twice: pick one by its source")
    return forms


def write_gold(forms: Iterable[GoldDocument]) -> str:
    """Gold as text, a document a line."""
    return "".join(json.dumps(form, ensure_ascii=False) + "\n" for form in forms)


# ---------------------------------------------------------------- the command


def run_draft(output: Path, *, document: str | None = None, out: Path | None = None) -> int:
    """`gold draft`: write an OUTPUT in the gold's form to a file or to standard output."""
    console = Console()

    def command() -> int:
        forms = draft(output, document)
        if out is None:
            console.file.write(write_gold(forms))
            return 0
        if out.exists():
            raise InputError(f"{out}: is there already; a draft does not overwrite what a person may have corrected")
        out.write_text(write_gold(forms), "utf-8")
        say(console, f"{len(forms)} documents drafted to {out}: correct them against their text")
        return 0

    return guarded(command)
