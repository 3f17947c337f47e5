"""What is to be read: the inputs listed, each file once, named, hashed, and put in its bucket with what OUTPUT has already."""

# ruff: noqa: PLC0415  (what URLs need loads only where there are any)

from __future__ import annotations

import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from poytakirja.archive.sources import Failure, File, is_url
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.read.formats import SUFFIXES
from poytakirja.rules.layout import identity_codes

if TYPE_CHECKING:
    from poytakirja.archive.remote_inputs import Listed

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


@dataclass(frozen=True, slots=True)
class Listing:
    """What the INPUTs hold, not read yet: paths here, URLs elsewhere with what their storage says of them, other files.

    ``folders`` are the folders among the INPUTs, as the sources of their files begin and end (``zip://a.pdf::minutes.zip``).
    """

    paths: list[str]
    elsewhere: list[Listed]
    others: int
    folders: list[tuple[str, str]]


def make(inputs: Sequence[str], output: Path, shown: Callable[[str], str] = lambda path: path) -> Plan:
    """The plan of what the inputs hold alone; ``output`` is not read, should it be in one of them.

    ``shown`` makes a path what the tables may hold of it; identity codes are masked besides.
    """
    return planned(hashed(listed(inputs, output), output, shown))


def listed(inputs: Sequence[str], output: Path) -> Listing:
    """List what the inputs hold, each file once."""
    paths: dict[str, str] = {}
    urls: dict[str, Listed] = {}
    folders = []
    others = 0
    for given in inputs:
        if is_url(given):
            from poytakirja.archive import remote_inputs as remote

            found = list(remote.walk(given))
            urls.update({one.url: one for one in found if one})
            others += found.count(None)
            folders.append(remote.folder(given))
            continue
        if is_folder := os.path.isdir(given):
            folders.append((given.rstrip("/") + "/", ""))
        for path in _walk(given, output) if is_folder else [given]:
            if path is None:
                others += 1
                continue
            known = os.path.abspath(path)
            paths[known] = min(path, paths.get(known, path))
    return Listing(list(paths.values()), list(urls.values()), others, folders)


def hashed(listing: Listing, output: Path, shown: Callable[[str], str] = lambda path: path) -> Hashed:
    """The files of a listing with their hashes, or why they cannot be read, in order of their source."""
    files = [file_at(path, source_of(path, shown)) for path in listing.paths]
    if listing.elsewhere:
        from poytakirja.archive import remote_inputs as remote

        there = [(one, source_of(one.url, shown)) for one in listing.elsewhere]
        files += remote.hashed(there, output / "_run" / "remote.json")
    return Hashed(_distinct(sorted(files, key=lambda f: (f.source, f.path))), listing.others)


@dataclass(frozen=True, slots=True)
class Hashed:
    """The files that the INPUTs hold, and how many others there are."""

    files: list[File]
    others: int = 0


def planned(given: Hashed, stored: Sequence[File] = ()) -> Plan:
    """The plan of the files given and those whose rows OUTPUT has and keeps."""
    files = sorted([*given.files, *stored], key=lambda f: f.source)
    buckets = 1
    while len(files) > buckets * _BUCKET:
        buckets *= 2
    return Plan(files, given.others, buckets, _copies(files))


def under(
    folders: Sequence[tuple[str, str]], sources: Iterable[str], shown: Callable[[str], str] = lambda path: path
) -> set[str]:
    """The sources that lie under one of the folders of a listing.

    Raises UsageError where a folder's own name is masked or replaced in the tables: it cannot be told from others there.
    """
    for words in folders:
        name = "".join(words)
        if source_of(name, shown) != printable(name, escape_lines=False):
            raise UsageError(
                f"--prune: {source_of(name, shown)}: its name is masked in the tables and may be that of others, too: "
                "take documents out by name, with poytakirja remove"
            )
    plain = [(printable(begin, escape_lines=False), printable(end, escape_lines=False)) for begin, end in folders]
    return {s for s in sources if any(s.startswith(begin) and s.endswith(end) for begin, end in plain)}


def source_of(given: str, shown: Callable[[str], str]) -> str:
    """A path or URL as the tables and notes may hold it: no credentials, no identity code, names as ``shown``."""
    if is_url(given):
        from poytakirja.archive import remote_inputs as remote

        given = remote.public(given)
    path = printable(given.replace(os.sep, "/"), escape_lines=False)
    masked = identity_codes.masked(path, stated=True)
    if "%" in path and (decoded := printable(unquote(path), escape_lines=False)) != path:
        hidden = identity_codes.masked(decoded, stated=True)
        masked = hidden if hidden != decoded else masked
    return shown(masked)


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
    """The documents under a folder; None for each other file. A folder that cannot be listed is given itself, with a ``/``.

    Hidden files count as others. Links to folders are followed after the folders themselves, and each folder is read
    once, so that loops end and a file is named by its own place rather than by a link's. An entry of which the system does not
    even say what it is counts as a document: its row says why it cannot be read.
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
            is_folder = _is_folder(entry)
            if entry.name.startswith("."):
                if not is_folder:
                    yield None
            elif is_folder is None:
                yield entry.path
            elif is_folder:
                (links if entry.is_symlink() else folders).append(entry.path)
            else:
                yield entry.path if entry.name.lower().endswith(SUFFIXES) else None


def _is_folder(entry: os.DirEntry[str]) -> bool | None:
    """Whether it is a folder; None where the system does not say: a link to itself, or into a folder that may not be searched."""
    try:
        return entry.is_dir()
    except OSError:
        return None


def _identity(folder: str) -> tuple[int, int]:
    info = os.stat(folder)
    return info.st_dev, info.st_ino


def file_at(path: str, source: str) -> File:
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
        distinct.append(replace(file, source=source))
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
