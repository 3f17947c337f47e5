"""Whether an OUTPUT is whole: every part file against the hash it was written with, its columns, keys and places in the text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from poytakirja.archive import ledger
from poytakirja.archive import run as batch
from poytakirja.archive.ledger import Ledger, PartRecord, persons_of
from poytakirja.archive.output_folder import PART_FILES, OutputFolder
from poytakirja.custom_rules import load as own_rules
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.options import Limits, Options, ReadOptions
from poytakirja.privacy.pseudonyms import Pseudonyms
from poytakirja.read.ocr.tesseract import find as find_tesseract
from poytakirja.tables.schema import TABLES, Table


@dataclass(slots=True)
class Checked:
    """What was found: ``parts`` are those whose documents have to be read again; ``read`` so many have been."""

    files: int = 0
    documents: int = 0
    read: int = 0
    problems: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """It as JSON can hold it."""
        return asdict(self)


def check(output: Path) -> Checked:
    """Check all of an OUTPUT; UsageError where it holds no tables or is being written."""
    place = OutputFolder(output)
    place.check_known()
    if holder := place.holder():
        raise UsageError(f"{printable(str(output))}: {holder} is writing it: wait for it to end")
    found = ledger.find(place, wholly=True)
    checked = Checked(
        files=sum(len(entry.sizes) for entry in found.ledger.values()),
        documents=sum(len(entry.records) for entry in found.ledger.values()),
        parts=sorted(found.to_repair),
    )
    checked.problems += [f"{part}: is damaged, lost or of an older version" for part in checked.parts]
    checked.problems += _strays(place, found.ledger)
    checked.problems += _wrong_columns(place, found.ledger)
    if not checked.problems:
        checked.problems += _wrong_keys(place, found.ledger)
        for entry in found.ledger.values():
            checked.problems += _wrong_places(place, entry)
    return checked


def repair(output: Path, checked: Checked) -> Checked:
    """Read the documents of damaged parts again, with the options of the last run, then check all once more.

    Raises UsageError where those options cannot be had, or the documents' files are not where they were.
    """
    summary = batch.repair(output, _options(OutputFolder(output)))
    again = check(output)
    again.read = summary.read
    return again


def _options(place: OutputFolder) -> Options:
    """The options of the last run, from its manifest."""
    stated = place.manifest().get("options")
    if stated is None:
        raise UsageError(f"{printable(str(place.out))}: its notes are damaged: repair it with the command that made it")
    persons = Pseudonyms.of(stated["persons"])
    if persons_of(persons.stated()) != persons_of(stated):
        raise UsageError("--repair: POYTAKIRJA_KEY is another one than that of the run")
    reading = ReadOptions(
        persons=persons, rules=own_rules.of_manifest(place.manifest()), ocr=find_tesseract() if stated["ocr"] else None
    )
    return Options(os.cpu_count() or 1, Limits(**stated["limits"]), reading)


# ---------------------------------------------------------------- what can be wrong


def _strays(place: OutputFolder, known: Ledger) -> Iterator[str]:
    """Files in the folders of the tables that other programs would take for parts of them."""
    for table in TABLES:
        for path in sorted((place.out / table).glob("[!._]*")):
            is_part = path.match(PART_FILES) and path.stem in known and table in known[path.stem].sizes
            if not is_part:
                yield f"{table}/{printable(path.name)}: is no part of the table; programs may take it for one"


def _wrong_columns(place: OutputFolder, known: Ledger) -> Iterator[str]:
    for part, entry in known.items():
        for table in entry.sizes:
            schema = pq.read_schema(place.part(table, part))
            if not _same_columns(schema, TABLES[table].schema):
                yield f"{table}/{part}: its columns are not those of the table"


def _same_columns(found: pa.Schema, wanted: pa.Schema) -> bool:
    """Whether a file has a table's columns; a time in seconds is read as one in milliseconds, which Parquet has."""
    kinds = zip(found.types, wanted.types, strict=False)
    return found.names == wanted.names and all(
        a == b or pa.types.is_timestamp(a) == pa.types.is_timestamp(b) is True for a, b in kinds
    )


def _wrong_keys(place: OutputFolder, known: Ledger) -> Iterator[str]:
    """Rows with the key of another one, and references to rows that there are not."""
    ids = {(table.name, column): _column(place, known, table.name, column) for table, column in _targets()}
    for table in TABLES.values():
        if len(table.key) == 1:
            values = _column(place, known, table.name, table.key[0])
            if len(values) != len(pc.unique(values)):
                yield f"{table.name}: two rows have the same {table.key[0]}"
        for column, target in table.references.items():
            values = _column(place, known, table.name, column).drop_null()
            missing = pc.sum(pc.invert(pc.is_in(values, value_set=ids[target]))).as_py() or 0
            if missing:
                yield f"{table.name}.{column}: {missing} rows name a row of {target[0]} that there is not"


def _targets() -> set[tuple[Table, str]]:
    return {(TABLES[name], column) for table in TABLES.values() for name, column in table.references.values()}


def _column(place: OutputFolder, known: Ledger, table: str, column: str) -> pa.Array:
    parts = [place.part(table, part) for part, entry in known.items() if table in entry.sizes]
    columns = [pq.read_table(path, columns=[column])[column].combine_chunks() for path in parts]
    return pa.concat_arrays(columns) if columns else pa.array([], TABLES[table].schema.field(column).type)


def _wrong_places(place: OutputFolder, entry: PartRecord) -> Iterator[str]:
    """Values whose words are not at their place in the text."""
    if "pages" not in entry.sizes:
        return
    pages = pq.read_table(place.part("pages", entry.part), columns=["document_id", "text"]).to_pydict()
    texts: dict[str, list[str]] = {}
    for document_id, text in zip(pages["document_id"], pages["text"], strict=True):
        texts.setdefault(document_id, []).append(text)
    whole = {document_id: "".join(own) for document_id, own in texts.items()}
    for table in sorted(entry.sizes):
        if "surface" in TABLES[table].schema.names:
            wrong = _misplaced(place.part(table, entry.part), whole)
            if wrong:
                yield f"{table}/{entry.part}: {wrong} values are not at their place in the text"


def _misplaced(path: Path, texts: dict[str, str]) -> int:
    columns = ["document_id", "surface", "char_start", "char_end"]
    rows = zip(*(pq.read_table(path, columns=columns)[name].to_pylist() for name in columns), strict=True)
    return sum(texts.get(document_id, "")[start:end] != surface for document_id, surface, start, end in rows)
