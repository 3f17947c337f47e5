"""What is to be read: the inputs listed, each file once, named, hashed, and put in its bucket."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extract.document import ErrorCode
from rules import identity_codes

SUFFIXES = (".pdf", ".txt")
_BUCKET = 256
"""How many documents a bucket holds at most, on average: some thousand pages, part files of some megabytes."""


class UsageError(Exception):
    """Refused at once, with nothing written: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be read, as ``documents`` says it."""

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. ``source`` names it in the tables, ``path`` in the file system."""

    source: str
    path: str
    size: int = 0
    sha256: str | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The files in order of their source, and how many others the folders hold.

    ``copies`` are the files with the content of an earlier one, their original, by source.
    """

    files: list[File]
    others: int
    buckets: int
    copies: dict[str, File] = field(repr=False)

    def bucket(self, source: str) -> int:
        """The bucket of a document: a matter of its source alone, as long as the number of buckets stands."""
        digest = hashlib.sha256(source.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.buckets

    def part(self, bucket: int) -> str:
        """The name of a bucket's part files."""
        return f"part-{bucket:05d}-of-{self.buckets:05d}.parquet"

    def by_bucket(self) -> list[list[File]]:
        """The files of each bucket, in order of their source."""
        shards: list[list[File]] = [[] for _ in range(self.buckets)]
        for file in self.files:
            shards[self.bucket(file.source)].append(file)
        return shards


def make(inputs: Sequence[str], output: Path, shown: Callable[[str], str] = lambda path: path) -> Plan:
    """List what the inputs hold; ``output`` is not read, should it lie in one of them.

    ``shown`` makes a path what the tables may hold of it; identity codes are masked besides.
    """
    listed: dict[str, str] = {}
    others = 0
    for given in inputs:
        for path in _walk(given, output) if os.path.isdir(given) else [given]:
            if path is None:
                others += 1
                continue
            known = os.path.abspath(path)
            listed[known] = min(path, listed.get(known, path))
    files = sorted((_file(path, shown) for path in listed.values()), key=lambda f: (f.source, f.path))
    files = _distinct(files)
    buckets = 1
    while len(files) > buckets * _BUCKET:
        buckets *= 2
    return Plan(files, others, buckets, _copies(files))


def check(inputs: Sequence[str], output: Path) -> None:
    """Refuse inputs that are not there, or are the output."""
    missing = [given for given in inputs if not os.path.exists(given)]
    if missing:
        raise UsageError("\n".join(f"{printable(given)}: no such file or folder: check the spelling" for given in missing))
    for given in inputs:
        if output.exists() and os.path.samefile(given, output):
            raise UsageError(f"{printable(given)}: is both INPUT and OUTPUT: give the tables a folder of their own with --out")


def _walk(top: str, output: Path) -> Iterator[str | None]:
    """The documents under a folder; None for each other file. A folder that cannot be listed stands for itself, with a ``/``.

    Hidden files count as others. Links to folders are followed after the folders themselves, and each folder is read
    once, so that loops end and a file is named by its own place rather than by a link's.
    """
    seen = {_identity(str(output))} if output.exists() else set()
    folders, links = [top.rstrip("/") or "/"], deque[str]()
    while folders or links:
        folder = folders.pop() if folders else links.popleft()
        try:
            if (identity := _identity(folder)) in seen:
                continue
            seen.add(identity)
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError:
            yield folder + "/"
            continue
        for entry in entries:
            if entry.name.startswith("."):
                if not entry.is_dir():
                    yield None
            elif entry.is_dir():
                (links if entry.is_symlink() else folders).append(entry.path)
            else:
                yield entry.path if entry.name.lower().endswith(SUFFIXES) else None


def _identity(folder: str) -> tuple[int, int]:
    info = os.stat(folder)
    return info.st_dev, info.st_ino


def _file(path: str, shown: Callable[[str], str]) -> File:
    """A path as a file to read: its size and content's hash, or why it cannot be read."""
    source = shown(identity_codes.masked(printable(path.replace(os.sep, "/"), escape_lines=False), stated=True))
    try:
        if path.endswith("/"):
            os.scandir(path).close()
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            return File(source, path, failure=Failure("unreadable", "not a regular file; give the document itself"))
        with open(path, "rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        return File(
            source, path, failure=Failure("unreadable", f"{error.strerror or error}; check that it is there and may be read")
        )
    failure = None if info.st_size else Failure("empty", "the file is empty; fetch it again")
    return File(source, path, info.st_size, sha256, failure)


def printable(path: str, escape_lines: bool = True) -> str:
    r"""A file name as text: bytes that are no UTF-8 escaped; for a message, line ends and other controls too.

    >>> printable("p\udcf6yt\u00e4\nkirja.txt")
    'p\\xf6ytä\\nkirja.txt'
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) if escape_lines else text


def _distinct(files: list[File]) -> list[File]:
    """Files whose names differ only in bytes that are no UTF-8 keep sources of their own."""
    seen: set[str] = set()
    distinct = []
    for file in files:
        source = file.source
        while source in seen:
            source += "'"
        seen.add(source)
        distinct.append(File(source, file.path, file.size, file.sha256, file.failure))
    return distinct


def _copies(files: list[File]) -> dict[str, File]:
    """The originals of the files that repeat another one's content, by source.

    The first in order is the original; a file of a foreign type, which cannot be read, only where there is no other.
    """
    originals: dict[str, File] = {}
    copies = {}
    for file in sorted(files, key=lambda f: not f.source.lower().endswith(SUFFIXES)):
        if file.sha256 is not None and file.failure is None:
            original = originals.setdefault(file.sha256, file)
            if original is not file:
                copies[file.source] = original
    return copies
