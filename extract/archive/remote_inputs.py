"""Inputs elsewhere: whatever fsspec opens by URL (``s3://``, ``https://``, ``zip://::minutes.zip``), listed, hashed and fetched.

Each kind of storage has its own package (s3fs for ``s3://``) and its own manner of finding credentials.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any, TypeVar

import fsspec

from poytakirja.archive.sources import Failure, File
from poytakirja.errors import UsageError
from poytakirja.files import read_json, write_json
from poytakirja.read import MAX_BYTES
from poytakirja.read.formats import SUFFIXES

_AT_ONCE = 8
_BLOCK = 1 << 20
SECONDS = 300.0
"""So long a file may take to come, and each listing of a folder."""
_DEPTH, _FOLDERS, _LISTING_SECONDS = 30, 20_000, 3600.0
"""So deep below a URL, so many folders and for so long is listed: pages of links may lead on without end."""
T = TypeVar("T")
_USER = re.compile(r"(?<=://)[^/\s?#]*@")
_QUERY = re.compile(r"\?(?:(?!::)[^\s'\"<>)])*")


def check(url: str) -> None:
    """Refuse a URL that leads nowhere; UsageError says why."""
    try:
        files, top = fsspec.core.url_to_fs(url)
        if not within(SECONDS, lambda: files.exists(top)):
            raise UsageError(f"{public(url)}: no such file or folder: check the spelling")
    except ImportError as error:
        raise UsageError(f"{public(url)}: its kind of storage needs a package that is not here: {public(str(error))}") from error
    except UsageError:
        raise
    except Exception as error:  # every kind of storage has errors of its own
        raise UsageError(f"{public(url)}: cannot be opened ({public(str(error))}): check the URL and the credentials") from error


def public(url: str) -> str:
    """A URL, or a message that quotes one, as tables and notes may hold it: without user, password and query.

    >>> public("ftp://aino:sala@sana@minutes.example/2024/a.pdf"), public("https://minutes.example/a.pdf?X-Amz-Signature=T")
    ('ftp://minutes.example/2024/a.pdf', 'https://minutes.example/a.pdf')
    >>> public("zip://a.pdf::https://aino:salasana@minutes.example/b.zip?key=1")
    'zip://a.pdf::https://minutes.example/b.zip'
    """
    return _QUERY.sub("", _USER.sub("", url))


def folder(url: str) -> tuple[str, str]:
    """How the sources of the files under a URL begin and end."""
    head, chained, rest = url.partition("::")
    files, top = fsspec.core.url_to_fs(url)
    return public(_inside(head, "") if files.isdir(top) else head), public(chained + rest)


def _inside(head: str, place: str) -> str:
    """The URL of a place inside a folder.

    >>> _inside("s3://minutes/2024/", "a.pdf"), _inside("zip://", "a.pdf")
    ('s3://minutes/2024/a.pdf', 'zip://a.pdf')
    """
    return (head if head.endswith("://") else head.rstrip("/") + "/") + place


@dataclass(frozen=True, slots=True)
class Listed:
    """A document under a URL, with what its storage says of it, or why what is there cannot be listed."""

    url: str
    info: dict[str, Any] = field(default_factory=dict)
    failure: Failure | None = None


def walk(url: str) -> Iterator[Listed | None]:
    """The documents under a URL; None for each other file. Hidden folders are left out."""
    files, top = fsspec.core.url_to_fs(url)
    if not files.isdir(top):
        yield Listed(url, files.info(top))
        return
    head, chained, rest = url.partition("::")
    for name, found in _entries(files, top):
        place = name[len(top) :].lstrip("/")
        *folders, last = place.split("/")
        if any(folder.startswith(".") for folder in folders):
            continue
        there = _inside(head, place) + chained + rest
        if isinstance(found, Failure):
            yield Listed(there, failure=found)
        else:
            wanted = public(last).lower().endswith(SUFFIXES) and not last.startswith(".")
            yield Listed(there, found) if wanted else None


def _entries(files: Any, top: str) -> Iterator[tuple[str, dict[str, Any] | Failure]]:
    """All files below a folder in order of their names, with what the storage says of them; what cannot be listed, with why."""
    found: dict[str, dict[str, Any] | Failure] = {}
    waiting, seen, end = deque([(top, 0)]), {top.rstrip("/")}, monotonic() + _LISTING_SECONDS
    while waiting:
        folder, depth = waiting.popleft()
        if depth > _DEPTH or len(seen) > _FOLDERS or monotonic() > end:
            why = f"more than {_DEPTH} folders in one another, or {_FOLDERS} in all, or too slow; give what is wanted as INPUT"
            found[folder] = Failure("unreadable", why)
            continue
        try:
            entries = within(SECONDS, lambda folder=folder: files.ls(folder, detail=True))  # type: ignore[misc]
        except Exception as error:  # every kind of storage has errors of its own
            found[folder] = _unreadable(error)
            continue
        for entry in entries:
            name = str(entry["name"])
            if entry["type"] != "directory":
                found[name] = entry
            elif name.rstrip("/") not in seen:
                seen.add(name.rstrip("/"))
                waiting.append((name, depth + 1))
    return iter(sorted(found.items()))


def within(seconds: float, work: Callable[[], T]) -> T:
    """What a call gives; TimeoutError where it takes longer. A server that never ends its answer then keeps a thread, no more."""
    answer: Queue[tuple[T | None, BaseException | None]] = Queue()

    def call() -> None:
        try:
            answer.put((work(), None))
        except BaseException as error:  # handed to whoever waits
            answer.put((None, error))

    Thread(target=call, daemon=True).start()
    try:
        result, error = answer.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no answer within {seconds:.0f} seconds") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]


def hashed(listed: Sequence[tuple[Listed, str]], notes: Path) -> list[File]:
    """The files that were listed, each with its source, with their hashes, or why they cannot be read.

    ``notes`` keeps the hashes: they hold as long as the storage says the same of a file (its ETag or time).
    """
    known: dict[str, list[str]] = read_json(notes) or {}
    states = [hashlib.sha256(json.dumps(one.info, sort_keys=True, default=str).encode()).hexdigest() for one, _ in listed]

    def file(pair: tuple[Listed, str], state: str) -> File:
        noted = known.get(pair[1])
        return _file(*pair, noted[1] if noted is not None and noted[0] == state else None)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        files = list(pool.map(file, listed, states))
    new = {f.source: [state, f.sha256] for f, state in zip(files, states, strict=True) if f.sha256 is not None}
    if notes.parent.is_dir():
        write_json(notes, {**known, **new})
    return files


def _file(listed: Listed, source: str, sha256: str | None) -> File:
    size = int(listed.info.get("size") or 0)
    if listed.failure or size > MAX_BYTES:
        return File(source, listed.url, size, failure=listed.failure or _TOO_LARGE)
    try:
        sha256 = sha256 or within(SECONDS, lambda: _hash(listed.url))
    except _TooLargeError:
        return File(source, listed.url, failure=_TOO_LARGE)
    except Exception as error:  # every kind of storage has errors of its own
        return File(source, listed.url, failure=_unreadable(error))
    failure = Failure("empty", "the file is empty; fetch it again") if sha256 == _OF_NOTHING else None
    return File(source, listed.url, size, sha256, failure)


_TOO_LARGE = Failure("too_large", f"the file has more than {MAX_BYTES:,} bytes; split it")
_OF_NOTHING = hashlib.sha256().hexdigest()


class _TooLargeError(Exception):
    """More bytes came than a document may have."""


def fetch(file: File, folder: Path) -> File:
    """A file brought here; with the reason where that fails."""
    path = folder / f"{hashlib.sha256(file.source.encode()).hexdigest()}{os.path.splitext(file.source.partition('::')[0])[1]}"
    try:
        within(SECONDS, lambda: _copy(file.path, path))
    except _TooLargeError:
        return replace(file, failure=_TOO_LARGE)
    except Exception as error:  # every kind of storage has errors of its own
        return replace(file, failure=_unreadable(error))
    return replace(file, path=str(path))


def _copy(url: str, path: Path) -> None:
    with path.open("wb") as copy:
        for block in _blocks(url):
            copy.write(block)


def _hash(url: str) -> str:
    digest = hashlib.sha256()
    for block in _blocks(url):
        digest.update(block)
    return digest.hexdigest()


def _blocks(url: str) -> Iterator[bytes]:
    """The content under a URL, no more of it than a document may have, and for no longer than it may take."""
    size, end = 0, monotonic() + SECONDS
    with fsspec.open(url, "rb") as content:
        while block := content.read(_BLOCK):
            size += len(block)
            if size > MAX_BYTES:
                raise _TooLargeError
            if monotonic() > end:  # nobody waits any more
                raise TimeoutError
            yield block


def _unreadable(error: Exception) -> Failure:
    if isinstance(error, TimeoutError):
        return Failure("timeout", f"it did not come within {SECONDS:.0f} seconds; try again, or fetch it yourself")
    said = (isinstance(error, OSError) and error.strerror) or type(error).__name__  # its own words may name what no table is to
    return Failure("unreadable", f"{said}; check that it is there and may be read")
