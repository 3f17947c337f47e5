"""Finnish minutes in, tables out: the public API.

>>> from extract import extract_document
>>> extract_document("poytakirja.pdf").projects  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from poytakirja._version import __version__
from poytakirja.document import Extraction, ReadError

if TYPE_CHECKING:
    from poytakirja.read.ocr.tesseract import Engine

__all__ = ["Extraction", "ReadError", "__version__", "extract_document", "find_persons"]


def extract_document(path: str | Path, persons: str = "keep", ocr: bool | Engine = False) -> Extraction:
    """Read one file of minutes (PDF or text) and extract all that the tables hold of it.

    ``persons`` tells what becomes of persons' names: ``keep`` them, ``hash`` them to tokens under the key in the environment
    variable POYTAKIRJA_KEY, or ``drop`` them. ``ocr`` has scanned pages read by tesseract: True, or one found before.

    Raises ``ReadError`` (code and remedy) where the file cannot be read, ``poytakirja.archive.inputs.UsageError`` where hash finds no key or
    ocr no tesseract.
    ``Extraction.seconds`` tells the time of each stage.
    """
    from poytakirja.privacy.redact import hide  # noqa: PLC0415  # import is quick
    from poytakirja.privacy.pseudonyms import Pseudonyms  # noqa: PLC0415

    pseudonyms = Pseudonyms.of(persons)
    if ocr is True:
        from poytakirja.read.ocr.tesseract import find  # noqa: PLC0415

        ocr = find()
    return hide(_extract(Path(path), ocr or None), pseudonyms)


def _extract(path: Path, engine: Engine | None) -> Extraction:
    """All that one file gives, names and all."""
    from poytakirja.minutes import item_numbers as agenda, items, meeting  # noqa: PLC0415
    from poytakirja.projects.record import assemble, findings as check, facts as parse  # noqa: PLC0415
    from poytakirja.projects.entries import find as entries  # noqa: PLC0415
    from poytakirja.people import mentions, find as people  # noqa: PLC0415
    from poytakirja import read  # noqa: PLC0415

    clock = _Clock()
    document = read.document(path, engine=engine)
    clock.lap("read")
    body = agenda.Body.of(document)
    about, attending, notes = meeting.read(document, body)
    points, officers, more = items.read(document, body)
    found = entries.find(document, points)
    clock.lap("segment")
    readings = [parse.entry(entry) for entry in found]
    assemble.stated_count(document, about)
    records = assemble.projects(document, readings, points, about.organisation)
    doubts = check.findings(about, readings, records)
    clock.lap("parse")
    persons = [*attending, *officers]
    named = [*persons, *(person for record in records for person in record.persons)]
    people.agree(named)
    persons += mentions.find(document, points, records, named)
    clock.lap("people")
    return Extraction(
        document, about, points, records, persons=persons,
        findings=[*document.findings, *notes, *more, *doubts], seconds=clock.laps,
    )  # fmt: skip


def find_persons(texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
    """The persons named in each of the texts, as (start, end, name in base form); streaming."""
    from poytakirja.people import find as people  # noqa: PLC0415

    return people.find_persons(texts)


class _Clock:
    """Laps of wall time by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap to a stage."""
        now = perf_counter()
        self.laps[stage] = self.laps.get(stage, 0.0) + now - self._last
        self._last = now
