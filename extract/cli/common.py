"""What the verbs share: their arguments, and how an error becomes a line and a status."""

# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

Output = Annotated[Path, typer.Argument(metavar="OUTPUT", help="The tables of a run.")]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="A folder of rules of your own, see docs/own-rules.md."),
]
Ocr = Annotated[bool, typer.Option("--ocr", help="Read scanned pages with tesseract and its Finnish.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Worker processes; 0: one a core.")]


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def fail(message: str, status: int) -> NoReturn:
    """End the command with a message on standard error."""
    print("\n".join(f"poytakirja: {line}" for line in message.splitlines()), file=sys.stderr)
    raise typer.Exit(status)


@contextmanager
def errors_in_a_line(out: str) -> Iterator[None]:
    """What ends a command is said in a line: 2 where the user gave what cannot be used, 1 where something failed."""
    from poytakirja.archive.engines import EngineError
    from poytakirja.errors import UsageError
    from poytakirja.files import printable

    try:
        yield
    except UsageError as error:
        fail(str(error), 2)
    except EngineError as error:
        fail(f"{error}; finished parts are kept", 1)
    except BrokenPipeError:  # whoever reads the output has closed it: for main to answer
        raise
    except OSError as error:
        place = printable(os.fsdecode(error.filename or out))
        fail(f"{place}: {error.strerror or error}: finished parts are kept; correct that and run again", 1)
