"""One file to read, and why it cannot be."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from poytakirja.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be read, as ``documents`` says it."""

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. ``source`` names it in the tables, ``path`` in the file system.

    ``stored``: it is not among the INPUTs; OUTPUT has its rows from an earlier run, and keeps them.
    """

    source: str
    path: str
    size: int = 0
    sha256: str | None = None
    failure: Failure | None = None
    stored: bool = False


def is_url(given: str) -> bool:
    """Whether an input is elsewhere, for fsspec to open.

    >>> is_url("s3://minutes/2024"), is_url("zip://::minutes.zip"), is_url("minutes/2024")
    (True, True, False)
    """
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*(?=::|://)", given) is not None and not os.path.lexists(given)
