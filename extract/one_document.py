"""One document, whatever it comes in: a path, bytes, an open file or a string."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from poytakirja.rules.vocabulary_tables.in_use import reading_with
from poytakirja.rules.vocabulary_tables.own_tables import CustomRules

if TYPE_CHECKING:
    from poytakirja.read.ocr.tesseract import Engine
    from poytakirja.tables.results import Extraction

Source = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO
"""What a document may come in: a path, its bytes, or a file open for reading bytes."""


def extract_document(
    source: Source,
    *,
    name: str | None = None,
    persons: str = "keep",
    ocr: bool | Engine = False,
    rules: CustomRules | None = None,
) -> Extraction:
    """Read one document; ``poytakirja.extract_document`` says what each option means.

    ``rules`` are an organisation's own, checked; None: those in use.
    """
    from poytakirja.pipeline import run  # noqa: PLC0415  import is quick
    from poytakirja.privacy.pseudonyms import Pseudonyms  # noqa: PLC0415
    from poytakirja.privacy.redact import hide  # noqa: PLC0415
    from poytakirja.tables.results import Extraction  # noqa: PLC0415

    pseudonyms = Pseudonyms.of(persons)
    if ocr is True:
        from poytakirja.read.ocr.tesseract import find  # noqa: PLC0415

        ocr = find()
    content, called = _opened(source, name)
    with reading_with(rules) as used:
        found = hide(run(content, ocr or None, Path(called).suffix), pseudonyms)
    return Extraction.of(found, called, used.version)


def extract_text(text: str, *, name: str | None = None, persons: str = "keep", rules: CustomRules | None = None) -> Extraction:
    """The same of a text, pages cut by form feeds."""
    if not isinstance(text, str):
        raise TypeError(f"extract_text takes a string, not {type(text).__name__}: extract_document reads files and bytes")
    return extract_document(text.encode(), name=name or "text.txt", persons=persons, rules=rules)


def _opened(source: Source, name: str | None) -> tuple[Path | bytes, str]:
    """The path or the content of a source, and what it is called."""
    if isinstance(source, str) and "\n" in source and not os.path.lexists(source):  # a file's name may hold a line break
        raise TypeError("a string is a path: extract_text reads a text")
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return path, name or str(path)
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), name or ""
    content = source.read() if hasattr(source, "read") else None
    if not isinstance(content, bytes):
        raise TypeError(f"a document is a path, bytes or a file open for reading bytes, not {type(source).__name__}")
    called = getattr(source, "name", "")
    return content, name or (called if isinstance(called, str) else "")
