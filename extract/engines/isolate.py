"""Workers kept apart: whatever a document does to its process, it costs that document alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic
from types import ModuleType

from extract.engines.worker import Limits, Outcome, serve
from extract.plan import File
from extract.pseudonyms import Pseudonyms

_TICK = 0.1
_START_SECONDS = 120.0
_STARTS = 3


@dataclass(slots=True)
class _Worker:
    """A child process and the document it is reading, None while it starts or waits."""

    process: ForkServerProcess
    connection: Connection
    deadline: float
    ready: bool = False
    shared_pages: int | None = None
    """Pages of memory that it had when it was first looked at: the models, loaded once and shared."""
    file: File | None = None
    served: int = 0

    def give(self, file: File, limits: Limits) -> bool:
        """Hand it a document; False where it has died waiting."""
        try:
            self.connection.send(file)
        except OSError:
            return False
        self.file = file
        self.deadline = monotonic() + limits.seconds_for(file.size)
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
    """Long-lived child processes, each with one document at a time; one that dies is replaced."""

    def __init__(self, jobs: int, limits: Limits, work: str, persons: Pseudonyms | None = None) -> None:
        self.jobs = jobs
        self.limits = limits
        self.work = work
        self.persons = persons or Pseudonyms()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["extract.engines.warm"])
        self._workers: list[_Worker] = []
        self._returned: list[File] = []
        self._failed_starts = 0

    def run(self, files: Iterable[File]) -> Generator[tuple[File, Outcome]]:
        """Read the files; each comes back once, in whatever order they are done."""
        todo = iter(files)
        try:
            self._workers = [self._start() for _ in range(self.jobs)]
            watched = monotonic()
            while self._workers:
                self._hand_out(todo)
                connections = [worker.connection for worker in self._workers]
                heard = {id(c) for c in wait(connections, _TICK)}
                for worker in [w for w in self._workers if id(w.connection) in heard]:
                    yield from self._hear(worker)
                if monotonic() - watched >= _TICK:
                    for worker in list(self._workers):
                        yield from self._watch(worker)
                    watched = monotonic()
        finally:
            for worker in self._workers:
                worker.end()
            self._workers = []

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self.work, self.limits, self.persons), daemon=True)
        with _no_main():
            process.start()
        theirs.close()
        return _Worker(process, ours, monotonic() + _START_SECONDS)

    def _replace(self, worker: _Worker) -> int | None:
        code = worker.end()
        self._workers[self._workers.index(worker)] = self._start()
        return code

    def _hand_out(self, todo: Iterator[File]) -> None:
        """Give each worker that waits its next document; where there is none, let it go."""
        for worker in [w for w in self._workers if w.ready and w.file is None]:
            file = self._returned.pop() if self._returned else next(todo, None)
            if file is None:
                worker.end()
                self._workers.remove(worker)
            elif not worker.give(file, self.limits):
                self._returned.append(file)
                self._replace(worker)

    def _hear(self, worker: _Worker) -> Iterator[tuple[File, Outcome]]:
        """Take what a worker says, or see that it has died."""
        try:
            said: Outcome | None = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._bury(worker)
            return
        file, worker.file, worker.ready = worker.file, None, True
        if file is None or said is None:
            worker.own_mb()  # what it has before its first document is what all share
            return
        worker.served += 1
        if worker.served >= self.limits.recycle or said.code == "out_of_memory":
            self._replace(worker)
        yield file, said

    def _bury(self, worker: _Worker) -> Iterator[tuple[File, Outcome]]:
        """Replace a worker that has died; what it was reading has failed."""
        file, started = worker.file, worker.ready
        self._failed_starts = 0 if started else self._failed_starts + 1
        code = self._replace(worker)
        if self._failed_starts == _STARTS:
            raise RuntimeError(f"no worker starts ({_cause(code)})")
        if file is not None:
            error = f"the reader's process died ({_cause(code)}); try a new print of the file, and report it if it is public"
            yield file, Outcome.failed("crashed", error)

    def _watch(self, worker: _Worker) -> Iterator[tuple[File, Outcome]]:
        """End a worker whose document takes too long or too much."""
        file, limits = worker.file, self.limits
        if file is None:
            if not worker.ready and monotonic() > worker.deadline:
                raise RuntimeError(f"a worker did not start within {_START_SECONDS:.0f} seconds")
        elif monotonic() > worker.deadline:
            self._replace(worker)
            seconds = limits.seconds_for(file.size)
            error = (
                f"not read within {seconds:.0f} seconds, which a document of its size may take; split it, or raise --time-limit"
            )
            yield file, Outcome.failed("timeout", error)
        elif worker.own_mb() > limits.memory_mb:
            self._replace(worker)
            error = f"reading it took more than {limits.memory_mb} MB of memory; split it, or allow more with --memory"
            yield file, Outcome.failed("out_of_memory", error)


@contextmanager
def _no_main() -> Iterator[None]:
    """A worker needs nothing of the program that runs the batch: it does not import it again (a script would run again)."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _cause(exit_code: int | None) -> str:
    """How a worker died."""
    if exit_code is not None and exit_code < 0:
        return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"
