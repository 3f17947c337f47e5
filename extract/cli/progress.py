"""What a run tells while it goes on: a line that moves on a terminal, a line of JSON for each shard in a log."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poytakirja.archive.run import Progress, Watch


@contextmanager
def on_terminal() -> Iterator[Watch]:
    """Documents, pages a second, failures and time left, on standard error."""
    from rich.console import Console  # noqa: PLC0415  loads only where it is shown
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}"))
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Listing", total=None, told="")
        rate = _Rate()

        def watch(progress: Progress) -> None:
            told = f"{rate.of(progress):.0f} pages/s, {progress.failed} failed"
            bar.update(task, description="Reading", completed=progress.done, total=progress.total, told=told)

        yield watch


@contextmanager
def counted() -> Iterator[Callable[[int, int], None]]:
    """How many documents of how many are done, on standard error."""
    from rich.console import Console  # noqa: PLC0415  loads only where it is shown
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def in_log() -> Watch:
    """A line of JSON on standard error for each shard committed: what it gave, and how far the run is."""
    rate = _Rate()

    def watch(progress: Progress) -> None:
        per_second, entry = rate.of(progress), progress.entry
        if entry is None:
            return
        line = {
            "part": entry.part,
            "documents": len(entry.records),
            "read": entry.read,
            "pages": entry.pages,
            "failed": entry.statuses()["failed"],
            "seconds": round(entry.elapsed, 3),
            "attempt": entry.attempt,
            "done": progress.done,
            "total": progress.total,
            "pages_per_second": round(per_second, 1),
        }
        print(json.dumps(line), file=sys.stderr, flush=True)

    return watch


class _Rate:
    """Pages a second since the reading began."""

    def __init__(self) -> None:
        self._began: float | None = None

    def of(self, progress: Progress) -> float:
        if self._began is None:
            self._began = perf_counter()
        return progress.pages / max(perf_counter() - self._began, 1e-9)
