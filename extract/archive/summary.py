"""What a run says of itself: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from poytakirja.archive import ledger
from poytakirja.archive.ledger import Ledger, PartRecord
from poytakirja.tables.schema import TABLES


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that failed, or gave only a part."""

    source: str
    status: str
    code: str
    error: str


@dataclass(slots=True)
class Summary:
    """What the tables hold, and what the run did for it.

    ``documents`` counts by status, ``rows`` by table. Of the documents that the INPUTs hold, ``new`` were added, ``changed`` read
    again (another content, or another version or options to read with) and ``unchanged`` kept; ``elsewhere`` are kept though
    they are not under the INPUTs; ``removed`` went. ``read`` documents with ``pages`` were read by this run; ``again`` of them
    had been begun before, by a run or a worker that did not end them. ``seconds`` is the time of each stage, all workers.
    """

    output: str
    documents: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[Failed] = field(default_factory=list)
    others: int = 0
    read: int = 0
    pages: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    elsewhere: int = 0
    removed: int = 0
    again: int = 0
    elapsed: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 all read, 3 some failed or partial."""
        return 3 if self.failures else 0

    def as_dict(self) -> dict[str, Any]:
        """The summary as JSON can hold it."""
        return asdict(self)

    def note(self, entry: PartRecord) -> None:
        """Count what a part that has just been committed cost."""
        self.read += entry.read
        self.pages += entry.pages
        self.again += entry.read if entry.attempt > 1 else 0
        for stage, seconds in entry.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    def conclude(self, known: Ledger) -> None:
        """Say what the tables hold."""
        statuses, rows = ledger.totals(known)
        self.documents = dict(sorted(statuses.items()))
        self.rows = {name: rows[name] for name in TABLES if name != "documents"}
        failed = [r for r in ledger.records(known) if r.status in ("failed", "partial")]
        self.failures = [Failed(r.source, r.status, r.code or "", r.error or "") for r in sorted(failed, key=lambda r: r.source)]


@dataclass(slots=True)
class Progress:
    """How far a run is: documents ``done`` of ``total`` to read, the ``pages`` they gave, how many ``failed``.

    ``entry`` is what has just been committed, None between.
    """

    total: int = 0
    done: int = 0
    pages: int = 0
    failed: int = 0
    entry: PartRecord | None = None

    def count(self, documents: int, pages: int, failed: int) -> None:
        """Add documents that are done."""
        self.done += documents
        self.pages += pages
        self.failed += failed


Watch = Callable[[Progress], None]
