"""Inputs elsewhere: whatever fsspec opens by URL (``s3://``, ``https://``, ``zip://::minutes.zip``), listed, hashed and fetched.

Each kind of storage has its own package (s3fs for ``s3://``) and its own manner of finding credentials.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import fsspec

from poytakirja.archive.sources import Failure, File
from poytakirja.errors import UsageError
from poytakirja.files import write_json
from poytakirja.formats import SUFFIXES
from poytakirja.read import MAX_BYTES

_AT_ONCE = 8
_BLOCK = 1 << 20


def check(url: str) -> None:
    """Refuse a URL that leads nowhere; UsageError says why."""
    try:
        files, top = fsspec.core.url_to_fs(url)
        if not files.exists(top):
            raise UsageError(f"{public(url)}: no such file or folder: check the spelling")
    except ImportError as error:
        raise UsageError(f"{public(url)}: its kind of storage needs a package that is not here: {error}") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{public(url)}: cannot be opened ({error}): check the URL and the credentials") from error


def public(url: str) -> str:
    """A URL as the tables may show it: without user and password.

    >>> public("ftp://aino:salasana@minutes.example/2024/a.pdf")
    'ftp://minutes.example/2024/a.pdf'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", url)


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


def walk(url: str) -> Iterator[tuple[str, dict[str, Any]] | None]:
    """The documents under a URL, each with what its storage says of it; None for each other file. Hidden folders are left out."""
    files, top = fsspec.core.url_to_fs(url)
    if not files.isdir(top):
        yield url, files.info(top)
        return
    head, chained, rest = url.partition("::")
    for name, info in sorted(files.find(top, detail=True).items()):
        place = name[len(top) :].lstrip("/")
        *folders, last = place.split("/")
        if any(folder.startswith(".") for folder in folders):
            continue
        wanted = last.lower().endswith(SUFFIXES) and not last.startswith(".")
        yield (_inside(head, place) + chained + rest, info) if wanted else None


def hashed(listed: Sequence[tuple[str, str, dict[str, Any]]], notes: Path) -> list[File]:
    """The files, of which URL, source and the storage's word are given, with their hashes, or why they cannot be read.

    ``notes`` keeps the hashes: they hold as long as the storage says the same of a file (its ETag or time).
    """
    known: dict[str, list[str]] = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else {}
    states = [hashlib.sha256(json.dumps(info, sort_keys=True, default=str).encode()).hexdigest() for *_, info in listed]

    def file(told: tuple[str, str, dict[str, Any]], state: str) -> File:
        noted = known.get(told[1])
        return _file(*told, noted[1] if noted is not None and noted[0] == state else None)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        files = list(pool.map(file, listed, states))
    if notes.parent.is_dir():
        write_json(notes, {f.source: [state, f.sha256] for f, state in zip(files, states, strict=True) if f.sha256 is not None})
    return files


def _file(url: str, source: str, info: dict[str, Any], sha256: str | None) -> File:
    size = int(info.get("size") or 0)
    if size > MAX_BYTES:
        return File(source, url, size, failure=Failure("too_large", f"the file has more than {MAX_BYTES:,} bytes; split it"))
    try:
        sha256 = sha256 or _hash(url)
    except Exception as error:  # every kind of storage has errors of its own
        return File(source, url, failure=_unreadable(error))
    failure = Failure("empty", "the file is empty; fetch it again") if info.get("size") == 0 else None
    return File(source, url, size, sha256, failure)


def fetch(file: File, folder: Path) -> File:
    """A file brought here; with the reason where that fails."""
    path = folder / f"{hashlib.sha256(file.source.encode()).hexdigest()}{os.path.splitext(file.source.partition('::')[0])[1]}"
    try:
        with fsspec.open(file.path, "rb") as content, path.open("wb") as copy:
            while block := content.read(_BLOCK):
                copy.write(block)
    except Exception as error:  # every kind of storage has errors of its own
        return File(file.source, file.path, file.size, file.sha256, _unreadable(error))
    return File(file.source, str(path), file.size, file.sha256)


def _hash(url: str) -> str:
    digest = hashlib.sha256()
    with fsspec.open(url, "rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _unreadable(error: Exception) -> Failure:
    said = (isinstance(error, OSError) and error.strerror) or type(error).__name__  # its own words may name what no table is to
    return Failure("unreadable", f"{said}; check that it is there and may be read")
