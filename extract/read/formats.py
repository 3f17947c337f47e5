"""The formats that are read (tiedostomuodot): by what a file's content and name tell a format, and which module reads it.

Adding one is a module with ``document(data, how) -> Document`` and a line in ``FORMATS``. Planning takes the suffixes that
folders are searched for from here, reading the module, the schema and the documentation the words.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from poytakirja.document import Document, Reader
from poytakirja.errors import ReadError

if TYPE_CHECKING:
    from poytakirja.read.ocr.tesseract import Engine

HEAD = 4096
"""So many bytes at the beginning of a file tell its format."""
_SHORT = 500
"""Fewer letters than this are no minutes."""


class HowToRead(NamedTuple):
    """What a reader may use: the structure tree of a tagged PDF, and an engine that recognises scanned pages."""

    structure: bool = True
    engine: Engine | None = None


class _ReaderModule(Protocol):
    """What a module that reads a format has."""

    def document(self, data: bytes, how: HowToRead) -> Document:
        """The document that the bytes of a file hold; raises ReadError where they hold none."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read.

    ``suffixes`` are those that folders are searched for, ``media_type`` is what ``documents`` says of it, ``readers`` are the
    words of ``documents.reader``, ``holds`` is whether bytes under a suffix are of the format, ``module`` the module that reads
    it, ``tells`` what it can say of a document beside its words.
    """

    name: str
    suffixes: tuple[str, ...]
    media_type: str
    readers: tuple[Reader, ...]
    holds: Callable[[bytes, str], bool]
    module: str
    tells: str

    def read(self, data: bytes, how: HowToRead) -> Document:
        """Read a file of this format. Its module loads when the first one comes."""
        return cast(_ReaderModule, import_module(self.module)).document(data, how)


# ---------------------------------------------------------------- what content tells


def _is_pdf(data: bytes, suffix: str) -> bool:
    """A PDF may begin with rubbish, and a text may speak of PDF."""
    return data[:HEAD].lstrip().startswith(b"%PDF") or (suffix not in (".txt", ".html", ".htm") and b"%PDF" in data[:1024])


def _is_docx(data: bytes, suffix: str) -> bool:
    """A zip archive that holds a document of Word."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return suffix == ".docx"


@cache
def _html_start() -> re.Pattern[bytes]:
    """How HTML begins, comments and an XML declaration aside: with its type, or with an element."""
    return re.compile(
        rb"(?i)\s*(?:(?:<\?xml[^>]{0,200}>|<!--[^>]{0,2000}-->)\s*){0,9}"
        rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|center|font|h[1-6]|p|frameset|script|style|main|article)\b"
    )


def _is_html(data: bytes, suffix: str) -> bool:
    """HTML by its beginning, under whatever name; a file named so in any case, unless it holds no element at all.

    A short page in the place of a PDF or a Word file is what a server says that has not got it.
    """
    if suffix in (".pdf", ".docx") and len(re.sub(rb"<[^<>]{0,2000}>", b"", data[: 4 * HEAD])) < _SHORT:
        return False
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    begins = _html_start().match(head) is not None
    if suffix in (".html", ".htm"):
        return begins or re.search(rb"<[A-Za-z!/]", data.replace(b"\0", b"") if b"\0" in head else data) is not None
    return begins and re.search(rb"</?[A-Za-z]", data.replace(b"\0", b"")[1:]) is not None


_TEXT = frozenset({".txt", ".text", "", ".html", ".htm", ".xhtml"})
"""What a text is named; a page that holds no HTML at all is one."""


def _is_text(_: bytes, suffix: str) -> bool:
    """Any other content, under a name of a text."""
    return suffix in _TEXT


FORMATS = (
    Format(
        "PDF", (".pdf",), "application/pdf", ("pdf", "pdf_tagged", "pdf_source", "pdfplumber", "ocr"), _is_pdf,
        "poytakirja.read.pdf.reader", "pages, lines with their places, ruled and tagged tables, headings of tagged files",
    ),
    Format(
        "Word", (".docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",), _is_docx,
        "poytakirja.read.docx", "headings, lists with their numbers, tables, headers, footers; pages where breaks cut them",
    ),
    Format(
        "HTML", (".html", ".htm"), "text/html", ("html",), _is_html,
        "poytakirja.read.html", "headings, lists, tables; no pages",
    ),
    Format(
        "plain text", (".txt",), "text/plain", ("text",), _is_text,
        "poytakirja.read.text", "lines and the gaps in them; pages where form feeds cut them",
    ),
)  # fmt: skip
"""All formats, in the order in which a file's content is compared with them."""

SUFFIXES = tuple(suffix for format_ in FORMATS for suffix in format_.suffixes)
"""What folders are searched for."""
MEDIA_TYPES = tuple(format_.media_type for format_ in FORMATS)
READERS = tuple(reader for format_ in FORMATS for reader in format_.readers)


# ---------------------------------------------------------------- what is not read

_OLE = b"\xd0\xcf\x11\xe0"
_REMEDY = "save the document as PDF, Word (.docx) or plain text"
_FOREIGN: tuple[tuple[bytes, str], ...] = ((_OLE, "files of old Word (.doc)"), (b"{\\rtf", "files of rich text (.rtf)"))
"""How files begin that are no text whatever they are named."""


def format_of(data: bytes, suffix: str) -> Format:
    """The format of a file, by its content and then by its name; a ReadError with a remedy where it is none that is read.

    >>> format_of(b"<!DOCTYPE html><p>Kunnanhallitus</p>", ".txt").name
    'HTML'
    """
    suffix = suffix.lower()
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadError("encrypted", "the document asks for a password; save it without one and try again")
    if what := next((what for start, what in _FOREIGN if data.startswith(start)), None):
        raise ReadError("unsupported", f"{what} are not read; {_REMEDY}")
    if found := next((format_ for format_ in FORMATS if format_.holds(data, suffix)), None):
        return found
    if named := next((format_ for format_ in FORMATS if suffix in format_.suffixes), None):
        raise ReadError("broken", f"the file is named {suffix} but holds no {named.name}; export the document again")
    raise ReadError("unsupported", f"files of type {suffix} are not read; {_REMEDY}")
