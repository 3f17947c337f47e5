"""Bytes to Document: ``document(path)`` picks the reader by what the file holds."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from poytakirja.document import Document
from poytakirja.errors import ReadError
from poytakirja.read.formats import HowToRead, format_of

if TYPE_CHECKING:
    from poytakirja.read.ocr.tesseract import Engine

__all__ = ["MAX_BYTES", "document"]

MAX_BYTES = 512 * 1024 * 1024


def document(
    source: Path | bytes,
    *,
    suffix: str = "",
    max_bytes: int = MAX_BYTES,
    structure: bool = True,
    engine: Engine | None = None,
) -> Document:
    """Read a file, or its content, whose name ends with ``suffix`` where it has one.

    ``structure`` False leaves the structure tree of a tagged PDF unread; ``engine`` recognises scanned pages.

    Raises ReadError, and nothing else, where the file cannot be read.
    """
    if isinstance(source, Path):
        suffix = source.suffix
    data = _content(source, max_bytes) if isinstance(source, Path) else _whole(source, max_bytes)
    return format_of(data, suffix).read(data, HowToRead(structure, engine))


def _whole(data: bytes | None, max_bytes: int) -> bytes:
    """The bytes, if they are neither too many (None) nor none."""
    if data is None or len(data) > max_bytes:
        raise ReadError("too_large", f"the file has more than {max_bytes:,} bytes; split it or raise the limit")
    if not data.strip():
        raise ReadError("empty", "the file is empty; fetch it again")
    return data


def _content(path: Path, max_bytes: int) -> bytes:
    """The bytes of the file."""
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise ReadError("unreadable", "it is a folder, not a file; give the files in it")
        if not stat.S_ISREG(about.st_mode):
            raise ReadError("unreadable", "it is a device or a pipe, not a file; save its content as a file")
        data = path.read_bytes() if about.st_size <= max_bytes else None
    except FileNotFoundError as error:
        raise ReadError("unreadable", "file not found; check the path") from error
    except PermissionError as error:
        raise ReadError("unreadable", "no permission to read the file; ask its owner for it") from error
    except (OSError, ValueError) as error:
        raise ReadError("unreadable", f"the file cannot be read ({_cause(error)}); check the disk or the path") from error
    return _whole(data, max_bytes)


def _cause(error: OSError | ValueError) -> str:
    """Why a file cannot be read, without its name, which may hold what no table is to hold."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
