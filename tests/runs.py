"""What tests share: inputs written, runs made, tables and processes looked at."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from poytakirja.archive import run as batch
from poytakirja.archive.run import Limits, Options, ReadOptions, Summary
from poytakirja.tables.schema import ACROSS, TABLES

LIMITS = Limits(seconds=30, memory_mb=400)
TIGHT = Limits(seconds=5, memory_mb=400)
"""For documents that hang; the others have to be read within it too, on a machine that may be busy."""
FAKE = ReadOptions("faults:read")


def write(folder: Path, **texts: str) -> Path:
    """Text files by their stems; ``__`` stands for a folder."""
    for stem, text in texts.items():
        path = folder / (stem.replace("__", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def extract(out: Path, *inputs: Path | str, **options: Any) -> Summary:
    """A run with the reader of faults.py, two jobs and narrow limits, as long as nothing else is said."""
    chosen = Options(**{"jobs": 2, "limits": LIMITS, "reading": FAKE, **options})
    return batch.run([str(given) for given in inputs], out, chosen)


def replace_all(out: Path, *inputs: Path | str, **options: Any) -> Summary:
    """A run after which OUTPUT holds what the inputs hold, and nothing else of their folders."""
    return extract(out, *inputs, prune=True, sure=True, **options)


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = pq.read_table(out / table).to_pylist()
    return result


def parts(out: Path) -> dict[str, str]:
    """The hash of every part file."""
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in out.glob("*/*.parquet")}


def whole(out: Path, reference: Path) -> None:
    """Each document that has a row has all its facts, and no row stands twice."""
    shown = rows(out, "documents") if any((out / "documents").glob("*.parquet")) else []
    sources = [r["source"] for r in shown]
    assert len(sources) == len(set(sources))
    ids = {r["document_id"] for r in shown} - {None}
    for table in set(TABLES) - {"documents", *ACROSS}:
        own = [r for r in rows(out, table) if r["document_id"] in ids] if any((out / table).glob("*.parquet")) else []
        assert sorted(own, key=str) == sorted((r for r in rows(reference, table) if r["document_id"] in ids), key=str)


def strings(value: object) -> Iterator[str]:
    """Every string inside a value of a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in strings(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in strings(one))


COMMAND = """
import sys
from poytakirja import options
from poytakirja.archive import inputs as plan
from poytakirja.cli import main as cli
made = options.ReadOptions.__init__
made.__defaults__ = ("faults:read", *made.__defaults__[1:])
plan._BUCKET = 4
sys.argv[0] = "poytakirja"
cli.main()
"""


@contextmanager
def command(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """The command with the reader of faults.py and small buckets, in a process group that does not outlive the context."""
    run = [sys.executable, "-c", COMMAND, *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    pipe = subprocess.PIPE
    with subprocess.Popen(run, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """End a command and all its processes at once, as a power cut would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def descendants(pid: int) -> set[int]:
    """The processes below one."""
    of = {
        int(p.name): int(p.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
        for p in Path("/proc").glob("[0-9]*")
        if p.exists()
    }
    found = {pid}
    while grown := {child for child, parent in of.items() if parent in found} - found:
        found |= grown
    return found - {pid}


def wait_until(true: Callable[[], Any], seconds: float = 30) -> None:
    """Wait for something to come to pass; AssertionError where it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"it did not come to pass within {seconds} seconds"
        time.sleep(0.02)
