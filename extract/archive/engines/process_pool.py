"""Workers kept apart: whatever a document does to its process, it costs that document alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import spawn
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from multiprocessing.process import ORIGINAL_DIR  # type: ignore[attr-defined]  # what it takes an empty entry of the path for
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from poytakirja._safe_path import without_working_folder
from poytakirja.archive.engines import EngineError
from poytakirja.archive.engines.worker import BEGUN, More, serve
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.sources import File
from poytakirja.options import READER, Limits, ReadOptions

_WARM = "poytakirja.archive.engines.preload"
_TICK = 0.1
_START_SECONDS = 120.0
_STARTS = 3


@dataclass(slots=True)
class _Worker:
    """A child process and the document it is reading, None while it starts or waits; ``begun`` once it has said so."""

    process: ForkServerProcess
    connection: Connection
    deadline: float
    allowed: float = 0.0
    """Seconds that its document may take."""
    ready: bool = False
    shared_pages: int | None = None
    """Pages of memory that it had when it was first looked at: the models, loaded once and shared."""
    file: File | None = None
    begun: bool = False
    served: int = 0

    def give(self, file: File, limits: Limits) -> bool:
        """Hand it a document; False where it has died waiting."""
        try:
            self.connection.send(file)
        except OSError:
            return False
        self.file, self.begun = file, False
        self.allowed = limits.seconds_for(file.size)
        self.deadline = monotonic() + self.allowed
        return True

    def end(self) -> int | None:
        """End it, whatever it does; its exit code."""
        self.connection.close()
        self.process.kill()
        self.process.join()
        return self.process.exitcode

    def own_mb(self) -> float:
        """Its own memory now, without the models that all workers share; 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()
        except OSError:
            return 0.0
        resident, shared_files = int(pages[1]), int(pages[2])
        if self.shared_pages is None:
            self.shared_pages = resident - shared_files
        return (resident - shared_files - self.shared_pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Pool:
    """Long-lived child processes, each with one document at a time; one that dies is replaced under its number."""

    def __init__(self, jobs: int, limits: Limits, reading: ReadOptions) -> None:
        self.jobs = jobs
        self.limits = limits
        self.reading = reading
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([_WARM] if reading.work == READER else ["poytakirja.tables.rows", "pandas"])
        self._workers: dict[int, _Worker] = {}
        self._returned: list[File] = []
        self._failed_starts = 0

    def run(self, files: Iterable[File]) -> Generator[tuple[File, Outcome]]:
        """Read the files; each comes back once, in whatever order they are done."""
        todo = iter(files)
        try:
            for number in range(self.jobs):
                self._workers[number] = self._start()
            watched = monotonic()
            while self._workers:
                self._hand_out(todo)
                numbers = {id(worker.connection): number for number, worker in self._workers.items()}
                for connection in wait([worker.connection for worker in self._workers.values()], _TICK):
                    yield from self._hear(numbers[id(connection)])
                if monotonic() - watched >= _TICK:
                    for number in list(self._workers):
                        yield from self._watch(number)
                    watched = monotonic()
        finally:
            for worker in self._workers.values():
                worker.end()
            self._workers = {}

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self.reading, self.limits), daemon=True)
        try:
            with _on_its_own(), _safe_children():
                process.start()
        except OSError as error:  # no file handles left, or a path too long for a socket: set TMPDIR
            raise EngineError(f"no worker can be started: {error.strerror or error}") from error
        theirs.close()
        return _Worker(process, ours, monotonic() + _START_SECONDS)

    def _replace(self, number: int) -> int | None:
        code = self._workers[number].end()
        self._workers[number] = self._start()
        return code

    def _hand_out(self, todo: Iterator[File]) -> None:
        """Give each worker that waits its next document; where there is none, let it go."""
        for number, worker in list(self._workers.items()):
            if not worker.ready or worker.file is not None:
                continue
            file = self._returned.pop() if self._returned else next(todo, None)
            if file is None:
                self._workers.pop(number).end()
            elif not worker.give(file, self.limits):
                self._returned.append(file)
                self._replace(number)

    def _hear(self, number: int) -> Iterator[tuple[File, Outcome]]:
        """Take what a worker says, or see that it has died."""
        worker = self._workers[number]
        try:
            said: Outcome | More | str | None = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._bury(number)
            return
        if said == BEGUN:
            worker.begun = True
            return
        if isinstance(said, More):
            worker.allowed += said.seconds
            worker.deadline += said.seconds
            return
        file, worker.file, worker.ready = worker.file, None, True
        if file is None or not isinstance(said, Outcome):
            worker.own_mb()  # what it has before its first document is what all share
            return
        worker.served += 1
        if worker.served >= self.limits.recycle or said.code == "out_of_memory":
            self._replace(number)
        yield file, said

    def _bury(self, number: int) -> Iterator[tuple[File, Outcome]]:
        """Replace a worker that has died; what it was reading has failed, what it had not begun goes to another."""
        worker = self._workers[number]
        self._failed_starts = 0 if worker.ready else self._failed_starts + 1
        code = self._replace(number)
        if self._failed_starts == _STARTS:
            raise EngineError(f"no worker starts ({_cause(code)})")
        if worker.file is not None and not worker.begun:
            self._returned.append(worker.file)
        elif worker.file is not None:
            error = f"the reader's process died ({_cause(code)}); try a new print of the file, and report it if it is public"
            yield worker.file, Outcome.failed("crashed", error)

    def _watch(self, number: int) -> Iterator[tuple[File, Outcome]]:
        """End a worker whose document takes too long or too much."""
        worker, limits = self._workers[number], self.limits
        file = worker.file
        if file is None:
            if not worker.ready and monotonic() > worker.deadline:
                raise EngineError(f"a worker did not start within {_START_SECONDS:.0f} seconds")
        elif monotonic() > worker.deadline:
            self._replace(number)
            error = (
                f"not read within {worker.allowed:.0f} seconds, which such a document may take; split it or raise --time-limit"
            )
            yield file, Outcome.failed("timeout", error)
        elif worker.own_mb() > limits.memory_mb:
            self._replace(number)
            error = f"reading it took more than {limits.memory_mb} MB of memory; split it, or allow more with --memory"
            yield file, Outcome.failed("out_of_memory", error)


_SAFE_PATH = "PYTHONSAFEPATH"


@contextmanager
def _safe_children() -> Iterator[None]:
    """Let Python processes that are started meanwhile leave the working folder off their path.

    multiprocessing starts its fork server and resource tracker by ``python -c``, for which Python looks there first.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


_STARTING = Lock()


@contextmanager
def _on_its_own() -> Iterator[None]:
    """Start workers that need nothing of the program that runs the batch.

    They do not import it again (a script would run again), and nothing from the working folder.
    """
    with _STARTING:
        made = spawn.get_preparation_data

        def prepared(name: str) -> dict[str, Any]:
            told = {key: value for key, value in made(name).items() if not key.startswith("init_main")}
            return {**told, "sys_path": without_working_folder(told["sys_path"], ORIGINAL_DIR)}

        spawn.get_preparation_data = prepared
        try:
            yield
        finally:
            spawn.get_preparation_data = made


def _cause(exit_code: int | None) -> str:
    """How a worker died."""
    if exit_code is not None and exit_code < 0:
        return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"
