"""The file of corrections: one line of JSON each, only ever appended to; a line that was acknowledged is on the disk."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as a_field
from pathlib import Path
from typing import Any, Literal

from poytakirja.corrections.anchors import Anchor
from poytakirja.files import flush

Action = Literal["confirm", "change", "reject", "add"]
ACTIONS = ("confirm", "change", "reject", "add")
WHOLE_ROW = "*"
"""The field of a correction that concerns a whole row."""
NAME = "_corrections.jsonl"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a reviewer said of a value, or (field ``*``) of a whole row.

    ``row`` is the row's id when it was said, a hint only; ``entry`` is the place of the row (of the project, for its facts),
    ``place`` that of the value itself, where it has one. ``record`` holds values of the row, as text, by which it is known
    again, or made again where rules find it no more; of an added row, all its values. ``at`` is in UTC.
    """

    action: Action
    sha256: str
    source: str
    table: str
    row: str | None
    field: str
    was: str | None = None
    value: str | None = None
    by: str | None = None
    entry: Anchor | None = None
    place: Anchor | None = None
    record: Mapping[str, str] = a_field(default_factory=dict)
    id: str = a_field(default_factory=lambda: secrets.token_hex(6))
    at: str = a_field(default_factory=lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))


@dataclass(frozen=True, slots=True)
class Corrections:
    """All lines of a file that are in force, in order; ``damaged`` are the numbers of lines that cannot be read."""

    lines: Sequence[Correction] = ()
    damaged: Sequence[int] = ()

    def by_content(self) -> dict[str, list[Correction]]:
        """The corrections of each document, by the SHA-256 of its content."""
        found: dict[str, list[Correction]] = {}
        for line in self.lines:
            found.setdefault(line.sha256, []).append(line)
        return found


def append(path: Path, lines: Iterable[Correction | Mapping[str, Any]]) -> None:
    """Add lines to the file, all or none of them, beside whoever else does; they are on the disk when this returns."""
    written = [json.dumps(asdict(x) if isinstance(x, Correction) else x, ensure_ascii=False) for x in lines]
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"  # somebody died while writing: theirs was not acknowledged
        content = (("\n" if torn else "") + "".join(f"{line}\n" for line in written)).encode()
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        flush(path.parent)


def undo(path: Path, ids: Iterable[str], by: str | None = None) -> None:
    """Take corrections back; their lines stay in the file, with a line each that says so."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    append(path, [{"action": "undo", "of": one, "by": by, "at": at} for one in ids])


def load(path: Path) -> Corrections:
    """The corrections of a file that nobody has taken back; none where there is no file."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Corrections()
    found: dict[str, Correction] = {}
    damaged = []
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            noted = json.loads(line)
            if noted["action"] == "undo":
                found.pop(noted["of"], None)
            else:
                found[noted["id"]] = _read(noted)
        except (ValueError, TypeError, KeyError, AttributeError):
            damaged.append(number)
    return Corrections(tuple(found.values()), tuple(damaged))


def _read(noted: dict[str, Any]) -> Correction:
    if noted["action"] not in ACTIONS:
        raise ValueError(noted["action"])
    anchors = {name: Anchor.read(noted.get(name)) for name in ("entry", "place")}
    return Correction(**{**noted, **anchors})
