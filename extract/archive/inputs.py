"""What is to be read: the inputs listed, each file once, named, hashed, and put in its bucket."""

# ruff: noqa: PLC0415  (what URLs need loads only where there are any)

from __future__ import annotations

import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from poytakirja.archive.sources import SUFFIXES, Failure, File, is_url
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.rules.layout import identity_codes

_BUCKET = 256
"""How many documents a bucket holds at most, on average: some thousand pages, part files of some megabytes."""


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
        return bucket_of(source, self.buckets)

    def part(self, bucket: int) -> str:
        """The name of a bucket's part files."""
        return part_name(bucket, self.buckets)

    def by_bucket(self) -> list[list[File]]:
        """The files of each bucket, in order of their source."""
        shards: list[list[File]] = [[] for _ in range(self.buckets)]
        for file in self.files:
            shards[self.bucket(file.source)].append(file)
        return shards


def bucket_of(source: str, buckets: int) -> int:
    """The bucket of a document among so many."""
    return int.from_bytes(hashlib.sha256(source.encode()).digest()[:8], "big") % buckets


def part_name(bucket: int, buckets: int) -> str:
    """The name of a bucket's part in every table."""
    return f"part-{bucket:05d}-of-{buckets:05d}"


def make(inputs: Sequence[str], output: Path, shown: Callable[[str], str] = lambda path: path) -> Plan:
    """List what the inputs hold; ``output`` is not read, should it lie in one of them.

    ``shown`` makes a path what the tables may hold of it; identity codes are masked besides.
    """
    listed: dict[str, str] = {}
    elsewhere: list[str] = []
    others = 0
    for given in inputs:
        if is_url(given):
            elsewhere.append(given)
            continue
        for path in _walk(given, output) if os.path.isdir(given) else [given]:
            if path is None:
                others += 1
                continue
            known = os.path.abspath(path)
            listed[known] = min(path, listed.get(known, path))
    files = [_file(path, _source(path.replace(os.sep, "/"), shown)) for path in listed.values()]
    if elsewhere:
        remote, more = _elsewhere(elsewhere, output, shown)
        files, others = files + remote, others + more
    files = _distinct(sorted(files, key=lambda f: (f.source, f.path)))
    buckets = 1
    while len(files) > buckets * _BUCKET:
        buckets *= 2
    return Plan(files, others, buckets, _copies(files))


def _source(path: str, shown: Callable[[str], str]) -> str:
    """A path as the tables may hold it."""
    return shown(identity_codes.masked(printable(path, escape_lines=False), stated=True))


def _elsewhere(urls: Sequence[str], output: Path, shown: Callable[[str], str]) -> tuple[list[File], int]:
    """The files under URLs, each once, and how many others there are; their hashes are kept with the output."""
    from poytakirja.archive import remote_inputs as remote

    found = [one for url in urls for one in remote.walk(url)]
    listed = dict(filter(None, found))
    files = [(url, _source(remote.public(url), shown), info) for url, info in listed.items()]
    return remote.hashed(files, output / "_run" / "remote.json"), found.count(None)


def check(inputs: Sequence[str], output: Path) -> None:
    """Refuse inputs that are not there, or are the output."""
    here = [given for given in inputs if not is_url(given)]
    missing = [given for given in here if not os.path.exists(given)]
    if missing:
        raise UsageError("\n".join(f"{printable(given)}: no such file or folder: check the spelling" for given in missing))
    for given in here:
        if output.exists() and os.path.samefile(given, output):
            raise UsageError(f"{printable(given)}: is both INPUT and OUTPUT: give the tables a folder of their own with --out")
    if len(here) < len(inputs):
        from poytakirja.archive import remote_inputs as remote

        for given in inputs:
            if is_url(given):
                remote.check(given)


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


def _file(path: str, source: str) -> File:
    """A path as a file to read: its size and content's hash, or why it cannot be read."""
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
