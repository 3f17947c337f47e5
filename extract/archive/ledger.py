"""The ledger: which documents are in which part, and what they were read with. What it does not name is not committed."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from poytakirja.archive.output_folder import OutputFolder
from poytakirja.files import hash_of, read_json, write_json
from poytakirja.options import ReadOptions
from poytakirja.tables import versions
from poytakirja.tables.schema import SCHEMA_VERSION, is_same

ACROSS = "part-across"
"""What needs more than one document is in parts of its own."""
_END_MARK = b"PAR1"
"""How a Parquet file ends."""
PENDING = "pending"
"""The status of a copy that has no row, as its original has none yet."""
_FORMAT = 4


class Record(NamedTuple):
    """A row of ``documents``, as far as it decides what to read again; ``key`` names what it was read with."""

    source: str
    sha256: str | None
    status: str
    code: str | None
    error: str | None
    recogniser: str | None
    key: str = ""


@dataclass(slots=True)
class PartRecord:
    """What a part holds. ``schema`` is the version of its columns; ``key`` names what the last run that wrote it reads with, or
    what rows about several documents were made of.

    ``rows``, ``sizes`` (in bytes), ``times`` (of the last change, in nanoseconds) and ``hashes`` (SHA-256) go by table.

    ``read``, ``pages`` (of those read) and ``seconds`` (by stage) tell of the reading that wrote it, ``attempt`` how often that
    was begun.
    """

    part: str
    key: str
    records: list[Record]
    rows: dict[str, int]
    sizes: dict[str, int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    schema: str = SCHEMA_VERSION
    read: int = 0
    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    elapsed: float = 0.0
    attempt: int = 1

    def statuses(self) -> Counter[str]:
        """How many documents of each status."""
        return Counter(record.status for record in self.records if record.status != PENDING)

    def as_dict(self) -> dict[str, Any]:
        """The entry as JSON can hold it."""
        return {"format": _FORMAT, **asdict(self)}


Ledger = dict[str, PartRecord]


def key(reading: ReadOptions) -> str:
    """What decides a document's rows beside its content: ``PERSONS:HASH``, and behind a ``+`` what recognises scanned pages.

    PERSONS is the mode, with the fingerprint of the key where there is one: rows that show names are told from those that do not.
    """
    stated = reading.stated()
    recogniser = stated.pop("ocr")
    made = {"reading": stated, "versions": asdict(versions.versions(reading.rules.version))}
    return f"{persons_of(stated)}:{digest(made)}" + (f"+{recogniser}" if recogniser else "")


def persons_of(stated: Mapping[str, Any]) -> str:
    """How persons are shown by options as a manifest states them: the mode, and the key's fingerprint.

    >>> persons_of({"persons": "drop", "persons_key": None}), persons_of({"persons": "hash", "persons_key": "3f9a"})
    ('drop', 'hash-3f9a')
    """
    return "-".join(filter(None, (stated.get("persons", "keep"), stated.get("persons_key"))))


def persons_in(key: str) -> str:
    """How persons are shown in rows read with this key."""
    return key.partition(":")[0]


def digest(made: Mapping[str, Any]) -> str:
    """A hash of what something was made with."""
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]


_WITHOUT_SCANS = frozenset({None, "empty", "unsupported", "unreadable", "encrypted"})
"""The error codes of documents in which no scanned pages were seen."""


def same_except_ocr(old: str, new: str) -> bool:
    """Whether two keys differ in text recognition at most."""
    return old.partition("+")[0] == new.partition("+")[0]


def still_valid(record: Record, key: str) -> bool:
    """Whether what a document gave is what it would give with this key: the same, or it has no scanned pages to recognise."""
    if record.key == key:
        return True
    return same_except_ocr(record.key, key) and record.recogniser is None and record.code in _WITHOUT_SCANS


@dataclass(frozen=True, slots=True)
class Found:
    """What the ledger of an OUTPUT names: parts that are whole, and those whose documents must be read again.

    The latter are damaged, lost, or of another version's format or columns. What is known of their documents is ``records``.
    """

    ledger: Ledger
    to_repair: dict[str, list[Record]] = field(default_factory=dict)


def load(place: OutputFolder) -> Ledger:
    """The entries whose part files are whole, as far as a quick look tells."""
    return find(place).ledger


def find(place: OutputFolder, *, wholly: bool = False) -> Found:
    """The entries of the ledger, each with its part files looked at: size, time of the last change and the mark at the end.

    Where the time is another one (the folder was copied, or somebody wrote into a file), or with ``wholly`` in any case, the
    content's hash decides.
    """
    found = Found({})
    for path in sorted(place.note("ledger").glob("part-*.json")):
        entry = _entry(read_json(path))
        if entry is None:
            found.to_repair[path.stem] = _records_in(place, path.stem)
        elif is_same(entry.schema) and all(is_whole(place, table, entry, wholly=wholly) for table in entry.sizes):
            found.ledger[entry.part] = entry
        else:
            found.to_repair[entry.part] = entry.records
    return found


def _entry(noted: dict[str, Any] | None) -> PartRecord | None:
    """An entry as it was noted; None where it is damaged or of another format."""
    try:
        if noted is None or noted.pop("format", None) != _FORMAT:
            return None
        return PartRecord(**{**noted, "records": [Record(*record) for record in noted["records"]]})
    except (TypeError, KeyError):
        return None


def _records_in(place: OutputFolder, part: str) -> list[Record]:
    """What a part's rows of ``documents`` say, where its entry is lost; nothing where they are lost, too."""
    try:
        return records_of(pq.read_table(place.part("documents", part), columns=_COLUMNS))
    except (OSError, pa.ArrowException):
        return []


def is_whole(place: OutputFolder, table: str, entry: PartRecord, *, wholly: bool = False) -> bool:
    """Whether a part file is as it was written."""
    path = place.part(table, entry.part)
    try:
        about = path.stat()
        if about.st_size != entry.sizes[table]:
            return False
        if not wholly and about.st_mtime_ns == entry.times.get(table):
            with path.open("rb") as file:
                file.seek(-len(_END_MARK), os.SEEK_END)
                return file.read() == _END_MARK
        return hash_of(path) == entry.hashes[table]
    except OSError:
        return False


def note_times(place: OutputFolder, ledger: Mapping[str, PartRecord]) -> None:
    """Note the times of part files whose content has been looked at since they are others, so that it is not looked at again."""
    for entry in ledger.values():
        times = {table: place.part(table, entry.part).stat().st_mtime_ns for table in entry.sizes}
        if times != entry.times:
            entry.times = times
            write_json(place.note("ledger", f"{entry.part}.json"), entry.as_dict())


def totals(ledger: Mapping[str, PartRecord]) -> tuple[Counter[str], Counter[str]]:
    """How many documents of each status, and rows of each table, there are."""
    statuses, rows = Counter[str](), Counter[str]()
    for entry in ledger.values():
        statuses.update(entry.statuses())
        rows.update(entry.rows)
    return statuses, rows


def records(ledger: Mapping[str, PartRecord]) -> Iterator[Record]:
    """Every row of ``documents``."""
    for entry in ledger.values():
        yield from entry.records


_COLUMNS = ["source", "sha256", "status", "error_code", "error", "recogniser"]


def records_of(documents: pa.Table | pa.RecordBatch, keys: Mapping[str, str] | None = None, key: str = "") -> list[Record]:
    """What the ledger says of rows of ``documents``, read with ``key`` unless ``keys`` has another one for their source."""
    columns = documents.select(_COLUMNS).to_pydict().values()
    keys = keys or {}
    return [Record(*row, keys.get(row[0], key)) for row in zip(*columns, strict=True)]  # type: ignore[call-arg]
