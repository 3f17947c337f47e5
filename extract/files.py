"""File names, hashes and whole writes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def printable(path: str, escape_lines: bool = True) -> str:
    r"""A file name as text: bytes that are no UTF-8 escaped; for a message, line ends and other controls too.

    >>> printable("p\udcf6yt\u00e4\nkirja.txt")
    'p\\xf6ytä\\nkirja.txt'
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) if escape_lines else text


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, content: object) -> None:
    """Write a file whole or not at all, whatever ends the process or the machine meanwhile."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    flush(new)
    os.replace(new, path)
    flush(path.parent)


def read_json(path: Path) -> dict[str, Any] | None:
    """What a file of notes holds; None where it is missing or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def flush(path: Path) -> None:
    """See that a file or folder is on the disk, not only on its way there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def new_folder(place: Path) -> Iterator[Path]:
    """A folder to write to, which takes its place, that of an empty folder, once it is whole.

    What killed processes have left of such folders is removed.
    """
    for left in place.parent.glob(f".{place.name}.*.new"):
        shutil.rmtree(left, ignore_errors=True)
    new = place.with_name(f".{place.name}.{os.getpid()}.new")
    new.mkdir(parents=True)
    try:
        yield new
        if place.exists():
            place.rmdir()
        os.rename(new, place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
