"""A worker's side: a child process that reads one document at a time and answers with its rows."""

from __future__ import annotations

import os
import re
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from poytakirja.archive.outcome import Outcome
from poytakirja.archive.sources import File
from poytakirja.custom_rules import load as own_rules
from poytakirja.errors import ReadError
from poytakirja.options import READER, Limits, ReadOptions
from poytakirja.read.ocr import tesseract as ocr
from poytakirja.read.ocr.tesseract import OcrBudget
from poytakirja.records import Extraction
from poytakirja.rules.vocabulary_tables import own_tables as own

Work = Callable[..., Extraction]


BEGUN = "begun"
"""A worker's word that it has a document in hand: from here on, its death is the document's."""


_GRACE = 60
"""So many seconds after its time is up a worker ends itself."""


@dataclass(frozen=True, slots=True)
class More:
    """A worker's word that its document has scanned pages, and takes so many seconds more."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Task(File):
    """Something else that a worker does with a file than to extract it."""

    def run(self) -> Outcome:
        """Do it."""
        raise NotImplementedError


def serve(connection: Connection, reading: ReadOptions, limits: Limits) -> None:
    """Answer files with outcomes until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _be_quiet()
    _limit_memory(limits.memory_mb)
    _take_up(reading)
    ocr.PACE.set(OcrBudget(limits.scans_at_once, limits.seconds_per_scan, partial(_ask, connection)))
    connection.send(None)
    while True:
        try:
            file: File = connection.recv()
        except EOFError:
            return
        connection.send(BEGUN)
        # Should the parent be gone, nobody else ends a document that hangs.
        signal.alarm(int(limits.seconds_for(file.size)) + _GRACE)
        outcome = read(file, reading)
        signal.alarm(0)
        connection.send(outcome)
        if outcome.code == "out_of_memory":
            return


def _take_up(reading: ReadOptions) -> None:
    """Take up an organisation's own rules, and what they need loaded, before the first document is charged for it."""
    if reading.rules != own.active():
        own_rules.activate(reading.rules)
        if reading.work == READER:
            from poytakirja.archive.engines import preload as warm  # noqa: PLC0415  the fork server has it

            warm.read_some()


def _ask(connection: Connection, seconds: float) -> None:
    """Ask for more time, for pages that nobody knew of."""
    signal.alarm(signal.alarm(0) + int(seconds) + 1)
    connection.send(More(seconds))


def read(file: File, reading: ReadOptions) -> Outcome:
    """Read one document, whatever it does; its persons as ``reading`` shows them."""
    try:
        return file.run() if isinstance(file, Task) else _read(file, reading)
    except ReadError as error:
        return Outcome.failed(error.code, _clean(error.message))
    except MemoryError:
        return Outcome.failed(
            "out_of_memory", "reading it took more memory than a document may; split it, or allow more with --memory"
        )
    except BaseException as error:  # a panic of an extension is no Exception
        return Outcome.failed("internal", _describe(error, in_words=not reading.persons.hides))


def _read(file: File, reading: ReadOptions) -> Outcome:
    from poytakirja.privacy import redact as hide  # noqa: PLC0415  here, so that whoever only plans or prints loads no Arrow
    from poytakirja.tables import rows as tables  # noqa: PLC0415  here, so that whoever only plans or prints loads no Arrow

    extraction = hide.hide(_work(reading)(file.path), reading.persons)
    document = extraction.document
    if document.sha256 != file.sha256:
        raise ReadError("unreadable", "the file changed while it was read; run again")
    began = perf_counter()
    batches = tables.rows(extraction, file.source, reading.rules.version)
    messages = {name: batch.serialize().to_pybytes() for name, batch in batches.items()}
    seconds = {**extraction.seconds, "write": perf_counter() - began}
    counts = {name: batch.num_rows for name, batch in batches.items() if name != "documents"}
    if document.problem:
        return Outcome("partial", document.problem.code, _clean(document.problem.message), messages, counts, seconds)
    return Outcome("ok", None, None, messages, counts, seconds)


def _work(reading: ReadOptions) -> Work:
    """What reads a document."""
    return partial(_resolve(reading.work), ocr=reading.ocr) if reading.ocr else _resolve(reading.work)


@cache
def _resolve(work: str) -> Work:
    """``package.module:function``."""
    module, _, name = work.partition(":")
    function: Work = getattr(import_module(module), name)
    return function


def _clean(message: str) -> str:
    """A message that any table can hold: names in it may have bytes that are no UTF-8."""
    return message.encode("utf-8", "backslashreplace").decode()


def _describe(error: BaseException, *, in_words: bool) -> str:
    """An error of the program in one line, alike in every run: what, where, and whom to tell.

    Its own words may quote the document: they are left out where names are hidden.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    what = re.sub(r"\b0x[0-9a-fA-F]+", "0x…", f"{type(error).__name__}: {error}"[:500] if in_words else type(error).__name__)
    return _clean(f"{what}{where}; an error of this program, please report it, with the file if it is public")


def _be_quiet() -> None:
    """Libraries' own words would stand between the lines of the progress bar."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def _limit_memory(megabytes: int) -> None:
    """Let an allocation far above the limit fail at once; what grows slowly, the parent sees growing."""
    import resource  # noqa: PLC0415  not everywhere

    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # no /proc: the parent's watch does not work there either
        return
    most = pages * resource.getpagesize() + 2 * megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
