"""The ledger: which documents stand in which part, and how they came there. What it does not name is not committed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa

from poytakirja.archive.output_folder import OutputFolder
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.options import ReadOptions
from poytakirja.tables import versions
from poytakirja.tables.schema import SCHEMA_VERSION

ACROSS = "part-across"
"""What needs more than one document stands in parts of its own."""
_FORMAT = 3


class Record(NamedTuple):
    """A row of ``documents``, as far as it decides what to read again."""

    source: str
    sha256: str | None
    status: str
    code: str | None
    error: str | None
    recogniser: str | None


@dataclass(slots=True)
class PartRecord:
    """What stands in a part. ``key`` names what its rows were read with, ``schema`` the version of its columns.

    ``rows``, ``sizes`` (in bytes) and ``hashes`` (SHA-256) go by table.

    ``read``, ``pages`` (of those read) and ``seconds`` (by stage) tell of the reading that wrote it, ``attempt`` how often that
    was begun.
    """

    part: str
    key: str
    records: list[Record]
    rows: dict[str, int]
    sizes: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    schema: str = SCHEMA_VERSION
    read: int = 0
    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    elapsed: float = 0.0
    attempt: int = 1

    def statuses(self) -> Counter[str]:
        """How many documents of each status."""
        return Counter(record.status for record in self.records)

    def as_dict(self) -> dict[str, Any]:
        """The entry as JSON can hold it."""
        return {"format": _FORMAT, **asdict(self)}


Ledger = dict[str, PartRecord]


def key(reading: ReadOptions) -> str:
    """A hash of all that decides a document's rows, beside its content; behind a ``+``, what recognises scanned pages."""
    stated = reading.stated()
    recogniser = stated.pop("ocr")
    made = {"reading": stated, "versions": asdict(versions.versions(reading.rules.version))}
    return digest(made) + (f"+{recogniser}" if recogniser else "")


def digest(made: Mapping[str, Any]) -> str:
    """A hash of what something was made with."""
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]


_WITHOUT_SCANS = frozenset({None, "empty", "unsupported", "unreadable", "encrypted"})
"""The error codes of documents in which no scanned pages were seen."""


def same_except_ocr(old: str, new: str) -> bool:
    """Whether two keys differ in text recognition at most."""
    return old.partition("+")[0] == new.partition("+")[0]


def still_valid(record: Record, old: str, new: str) -> bool:
    """Whether what a document gave with one key is what it would give with another that is alike: it has no scanned pages."""
    return old == new or (record.recogniser is None and record.code in _WITHOUT_SCANS)


def load(place: OutputFolder) -> Ledger:
    """The entries whose part files are all there, as long as they were written."""
    found: Ledger = {}
    for path in sorted(place.note("ledger").glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told.pop("format", None) != _FORMAT:
                continue
            entry = PartRecord(**{**told, "records": [Record(*record) for record in told["records"]]})
        except (ValueError, TypeError, KeyError) as error:
            raise UsageError(f"{printable(str(path))}: damaged ({error}): delete it, and its documents are read again") from error
        if all(_stands(place, table, entry.part, size) for table, size in entry.sizes.items()):
            found[entry.part] = entry
    return found


def _stands(place: OutputFolder, table: str, part: str, size: int) -> bool:
    path = place.part(table, part)
    return path.is_file() and path.stat().st_size == size


def totals(ledger: Mapping[str, PartRecord]) -> tuple[Counter[str], Counter[str]]:
    """How many documents of each status, and rows of each table, stand in the tables."""
    statuses, rows = Counter[str](), Counter[str]()
    for entry in ledger.values():
        statuses.update(entry.statuses())
        rows.update(entry.rows)
    return statuses, rows


def records(ledger: Mapping[str, PartRecord]) -> Iterator[Record]:
    """Every row of ``documents``."""
    for entry in ledger.values():
        yield from entry.records


def records_of(documents: pa.Table | pa.RecordBatch) -> list[Record]:
    """What the ledger says of rows of ``documents``."""
    columns = documents.select(["source", "sha256", "status", "error_code", "error", "recogniser"]).to_pydict().values()
    return [Record(*row) for row in zip(*columns, strict=True)]
