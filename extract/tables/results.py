"""What one document gave, as whoever called for it takes it: records, dictionaries, frames, JSON."""

from __future__ import annotations

import json
from collections.abc import Sized
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from poytakirja import records
from poytakirja.tables.frames import Money, frame
from poytakirja.tables.rows import rows
from poytakirja.tables.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(slots=True)
class Extraction(records.Extraction):
    """All that one document gave, with its records in ``items``, ``projects``, ``persons`` …

    ``source`` is what the document is called, ``own_rules`` the version of the rules of one's own that it was read with.
    """

    source: str = ""
    own_rules: str = ""

    @classmethod
    def of(cls, found: records.Extraction, source: str, own_rules: str = "") -> Extraction:
        """The same, called so."""
        return cls(**{f.name: getattr(found, f.name) for f in fields(records.Extraction)}, source=source, own_rules=own_rules)

    def to_arrow(self) -> dict[str, pa.Table]:
        """The rows of each table, the facts of projects among them, as the command writes them."""
        made = rows(self, self.source, self.own_rules)
        return {name: pa.Table.from_batches([batch]) for name, batch in made.items()}

    def to_pandas(self, money: Money = "float") -> dict[str, pd.DataFrame]:
        """The tables as pandas frames, typed as those of ``poytakirja.load``."""
        return {name: frame(TABLES[name], data, money) for name, data in self.to_arrow().items()}

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """The tables as lists of rows by column: dates and sums as Python has them."""
        return {name: data.to_pylist() for name, data in self.to_arrow().items()}

    def to_json(self, indent: int | None = None) -> str:
        """The tables as JSON: dates as ISO 8601, sums as texts, so that no cent is lost."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, default=str)

    def __repr__(self) -> str:
        """In one line: what it is called and how much there is."""
        persons = [*self.persons, *(person for project in self.projects for person in project.persons)]
        known: dict[str, Sized] = {"items": self.items, "projects": self.projects, "persons": persons}
        told = ", ".join(f"{len(found)} {name}" for name, found in known.items())
        return f"<Extraction of {self.source or 'a document'}: {len(self.document.pages)} pages, {told}>"
