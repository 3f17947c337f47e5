"""The stages of one document, in order: bytes → Document → meeting and items → entries → records → persons → Extraction."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from poytakirja import read
from poytakirja.minutes import item_numbers, items, meeting
from poytakirja.people import mentions
from poytakirja.people.find import agree
from poytakirja.projects import outside
from poytakirja.projects.confidence import set_confidences
from poytakirja.projects.entries import find
from poytakirja.projects.record import assemble, facts, findings
from poytakirja.read.ocr.tesseract import Engine
from poytakirja.records import Extraction


def run(source: Path | bytes, engine: Engine | None = None, suffix: str = "") -> Extraction:
    """All that one file, or its content, gives, names of persons included; ``engine`` recognises the text of scanned pages.

    ``suffix`` is that of the content's name, where it has one (``.pdf``).

    Raises ``ReadError`` where the file cannot be read.
    """
    clock = _Clock()
    # 1. Bytes become text with lines, tables and pages.
    document = read.document(source, suffix=suffix, engine=engine)
    clock.lap("read")
    # 2. The meeting and its agenda items.
    body = item_numbers.body_of(document)
    about, attending, notes = meeting.read(document, body)
    points, officers, more = items.read(document, body, attending)
    # 3. Which stretches describe a project each.
    weighed = find.weigh(document, points)
    entries = find.entries(weighed)
    clock.lap("segment")
    # 4. What each of them says: facts, then a record, then doubts.
    readings = [facts.entry(entry) for entry in entries]
    assemble.stated_count(document, about)
    records = assemble.projects(document, readings, points, about.organisation)
    doubts = findings.findings(about, readings, records) + findings.possible_projects(find.possible(weighed))
    # 5. What the items state outside the projects.
    rest = outside.find(document, points, records, about.organisation)
    clock.lap("parse")
    # 6. Persons wherever they are named.
    persons = [*attending, *officers]
    named = [*persons, *(person for record in records for person in record.persons)]
    agree(named)
    persons += mentions.find(document, points, records, named)
    clock.lap("people")
    extraction = Extraction(
        document, about, points, records, persons=persons,
        organisations=rest.organisations, amounts=rest.amounts, periods=rest.periods,
        findings=[*document.findings, *notes, *more, *doubts], seconds=clock.laps,
    )  # fmt: skip
    # 7. How sure each value is.
    set_confidences(extraction)
    return extraction


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
