"""How to run: every option in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from poytakirja.privacy.pseudonyms import Pseudonyms
from poytakirja.read.ocr.tesseract import Engine
from poytakirja.rules.vocabulary_tables.own_tables import CustomRules

READER = "poytakirja:extract_document"
"""The function that reads a document."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What decides a document's rows, beside its content and the versions: where one of these differs, it is read again.

    ``work`` names the function that reads, as ``package.module:function``; ``persons`` says what becomes of persons' names;
    ``rules`` are an organisation's own, which the versions tell; ``ocr`` is what recognises scanned pages, or None.
    """

    work: str = READER
    persons: Pseudonyms = field(default_factory=Pseudonyms)
    rules: CustomRules = field(default_factory=CustomRules)
    ocr: Engine | None = None

    def stated(self) -> dict[str, str | None]:
        """What may be noted of it: no key."""
        return {"work": self.work, **self.persons.stated(), "ocr": str(self.ocr) if self.ocr else None}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost, and how many a worker reads before a fresh one takes its place.

    ``recycle`` bounds what a leak could hold, beside ``memory_mb``: a fresh worker has each word form to learn anew, for seconds.
    ``scans_at_once`` is how many of its scanned pages are recognised beside each other.
    """

    seconds: float = 60.0
    seconds_per_mb: float = 20.0
    seconds_per_scan: float = 10.0
    scans_at_once: int = 1
    memory_mb: int = 2048
    recycle: int = 1024

    def seconds_for(self, size: int) -> float:
        """The time a document of so many bytes may take: some hundred times what minutes of that size do."""
        return self.seconds + self.seconds_per_mb * size / 1e6


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes about it. Only ``reading`` changes what a document's rows say; limits decide which documents fail.

    ``scheduler`` is the address of a dask scheduler, for the engine of that name. ``prune`` takes out the documents that lie
    under the INPUTs no more; ``sure`` allows it where they are more than a tenth of all. ``corrections`` is a file of reviewers'
    corrections beside OUTPUT, None for the one in it.
    """

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    reading: ReadOptions = field(default_factory=ReadOptions)
    retry_failed: bool = False
    engine: Literal["local", "dask"] = "local"
    scheduler: str | None = None
    prune: bool = False
    sure: bool = False
    corrections: Path | None = None
