"""Finnish minutes in, tables out: the public API.

>>> from poytakirja import extract_document
>>> extract_document("poytakirja.pdf").projects  # doctest: +SKIP
"""
# no `from __future__`: it would be looked for in the working folder, before that is off the path

from poytakirja import _safe_path  # isort: skip  # noqa: F401  first: it makes the imports below safe

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from poytakirja._version import __version__
from poytakirja.errors import ReadError
from poytakirja.records import Extraction

if TYPE_CHECKING:
    from poytakirja.read.ocr.tesseract import Engine

__all__ = ["Extraction", "ReadError", "__version__", "extract_document", "find_persons"]


def extract_document(path: str | Path, persons: str = "keep", ocr: "bool | Engine" = False) -> Extraction:
    """Read one file of minutes (PDF or text) and extract all that the tables hold of it.

    ``persons`` tells what becomes of persons' names: ``keep`` them, ``hash`` them to tokens under the key in the environment
    variable POYTAKIRJA_KEY, or ``drop`` them. ``ocr`` has scanned pages read by tesseract: True, or one found before.

    Raises ``ReadError`` (code and remedy) where the file cannot be read, ``errors.UsageError`` where hash finds no key or
    ocr no tesseract.
    ``Extraction.seconds`` tells the time of each stage.
    """
    from poytakirja.pipeline import run  # noqa: PLC0415  # import is quick
    from poytakirja.privacy.pseudonyms import Pseudonyms  # noqa: PLC0415
    from poytakirja.privacy.redact import hide  # noqa: PLC0415  # import is quick

    pseudonyms = Pseudonyms.of(persons)
    if ocr is True:
        from poytakirja.read.ocr.tesseract import find  # noqa: PLC0415

        ocr = find()
    return hide(run(Path(path), ocr or None), pseudonyms)


def find_persons(texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
    """The persons named in each of the texts, as (start, end, name in base form); streaming."""
    from poytakirja.people import find as people  # noqa: PLC0415

    return people.find_persons(texts)
