"""Files on their way to a pool: those elsewhere are brought here, a few ahead of the reading, and gone after it."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from poytakirja.archive.engines.process_pool import Pool
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.sources import File, is_url

_AHEAD = 4
"""So many files more than there are workers are fetched ahead of the reading."""


def outcomes(pool: Pool, files: Iterable[File]) -> Generator[tuple[File, Outcome]]:
    """Read the files in the pool; each comes back once, named by its source, in whatever order they are done."""
    with tempfile.TemporaryDirectory(prefix="poytakirja-") as folder, ThreadPoolExecutor(_AHEAD) as fetcher:
        failed = deque[File]()
        for file, outcome in pool.run(_brought(files, Path(folder), fetcher, pool.jobs + _AHEAD, failed)):
            if file.path.startswith(folder):
                Path(file.path).unlink(missing_ok=True)
            yield file, outcome
            yield from _told(failed)
        yield from _told(failed)


def _brought(files: Iterable[File], folder: Path, fetcher: ThreadPoolExecutor, ahead: int, failed: deque[File]) -> Iterator[File]:
    """The files, each at hand; those that cannot be fetched go to ``failed``."""
    waiting: deque[File | Future[File]] = deque()
    for file in files:
        waiting.append(_fetched(file, folder, fetcher) if is_url(file.path) else file)
        while len(waiting) > (ahead if any(isinstance(one, Future) for one in waiting) else 0):
            yield from _at_hand(waiting.popleft(), failed)
    while waiting:
        yield from _at_hand(waiting.popleft(), failed)


def _fetched(file: File, folder: Path, fetcher: ThreadPoolExecutor) -> Future[File]:
    from poytakirja.archive import remote_inputs as remote  # noqa: PLC0415  loads only where it is needed

    return fetcher.submit(remote.fetch, file, folder)


def _at_hand(one: File | Future[File], failed: deque[File]) -> Iterator[File]:
    file = one.result() if isinstance(one, Future) else one
    if file.failure is None:
        yield file
    else:
        failed.append(file)


def _told(failed: deque[File]) -> Iterator[tuple[File, Outcome]]:
    while failed:
        file = failed.popleft()
        if file.failure is not None:
            yield file, Outcome.failed(file.failure.code, file.failure.message)
