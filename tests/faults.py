"""A stand-in for the reader that does what the file's words tell: the batch's tests send it where a real one may go.

``fine`` gives a document with one project; ``wait``, ``crash``, ``eat``, ``raise`` … do harm.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from poytakirja.archive.outcome import Outcome
from poytakirja.document import Document, Evidence, Finding, Line, Page
from poytakirja.errors import ReadError
from poytakirja.records import Amount, Extraction, Meeting, Project
from poytakirja.report.page import PageTask


def extraction(path: str | Path) -> Extraction:
    """A text as a document of one page and one project, whose name is the first line."""
    content = Path(path).read_bytes()
    text = content.decode()
    name = text.split("\n", 1)[0]
    line = Line(name, 0, len(name), 1, 0, len(name), 0, 1, ())
    document = Document(text, [Page(1, 0, text)], [line], [], "text", hashlib.sha256(content).hexdigest(), "text/plain")
    evidence = [Evidence("project_name", name, "fake", 0, len(name))]
    project = Project(0, "prose", text, 0, len(text), project_name=name, evidence=evidence)
    project.amounts.append(Amount(name, "fake", 0, len(name), kind="grant", value=Decimal("12.50")))
    findings = [Finding("info", "no_period", "nothing said", 0, len(name), project=0)]
    return Extraction(document, Meeting(), projects=[project], findings=findings, seconds={"read": 0.001})


def _eat() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(os.urandom(1 << 20)) * 20)


def _gulp() -> None:
    bytearray(1 << 40)


def _raise() -> None:
    raise KeyError(f"on purpose, with {object()}")


def _refuse() -> None:
    raise ReadError("encrypted", "on purpose: ask for another")


def _panic() -> None:
    raise SystemExit("on purpose")


def _invent() -> None:
    raise ReadError("broken", "a name with \udcff in it")


def _tell(once: bool, word: str) -> None:
    """Write the own process's number to a file and wait for what comes; once only, if so wanted."""
    if not (once and os.path.exists(word)):
        Path(word).write_text(str(os.getpid()))
        time.sleep(600)


def serve_nobody(*_: object) -> None:
    """A worker that ends at once."""
    os._exit(3)


_DEEDS: dict[str, Callable[[], object]] = {
    "wait": lambda: time.sleep(600),
    "crash": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(7),
    "kill": lambda: os.kill(os.getpid(), 9),
    "eat": _eat,
    "gulp": _gulp,
    "raise": _raise,
    "refuse": _refuse,
    "panic": _panic,
    "invent": _invent,
    "slow": lambda: time.sleep(0.05),
    "talk": lambda: os.write(1, b"noise"),
}


def read(path: str | Path) -> Extraction:
    """Do what the first word says, then read the file."""
    word, *more = Path(path).read_text().split(maxsplit=1)
    if word in ("tell", "once"):
        _tell(word == "once", more[0])
    _DEEDS.get(word, lambda: None)()
    result = extraction(path)
    if word == "partly":
        result.document.problem = ReadError("no_text_layer", "on purpose: a page is a picture")
    return result


class BrokenPageTask(PageTask):
    """A page of the report whose PDF kills the worker that draws it."""

    def run(self) -> Outcome:
        """Die while drawing; write the page where nothing is to be drawn."""
        if self.shown == "shown":
            os.abort()
        return PageTask.run(self)
