"""The tables of an OUTPUT as frames: ``poytakirja.load(OUTPUT)``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poytakirja.publish.query import connect
from poytakirja.publish.stored import tables_of
from poytakirja.tables.frames import Money, frame, untabled
from poytakirja.tables.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_OF_DOCUMENT = ("source", "organisation", "municipality_code", "body", "document_kind", "meeting_number", "meeting_date")
"""What a table is joined with where nothing else is asked for."""


class Loaded:
    """The tables, each read when it is first asked for: ``tables.projects``, ``tables["amounts"]``."""

    def __init__(self, output: Path, money: Money = "float") -> None:
        self._output = output
        self._money: Money = money
        self._stored = tables_of(output)
        self._frames: dict[str, pd.DataFrame] = {}

    def __iter__(self) -> Iterator[str]:
        """The names of the tables."""
        return iter(TABLES)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The frame of a table; a table that OUTPUT lacks has no rows."""
        if name not in TABLES:
            raise KeyError(f"there is no table {name}: one of {', '.join(TABLES)}")
        if name not in self._frames:
            table = TABLES[name]
            data = self._stored[name].to_table() if name in self._stored else table.schema.empty_table()
            self._frames[name] = frame(table, data, self._money)
        return self._frames[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in TABLES:
            raise AttributeError(f"there is no table {name}: one of {', '.join(TABLES)}")
        return self[name]

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {data.count_rows()}" for name, data in self._stored.items())
        return f"<tables of {self._output}: {rows}>"

    def joined(self, name: str, columns: Sequence[str] = _OF_DOCUMENT) -> pd.DataFrame:
        """A table with columns of its rows' documents beside it, called ``document_…`` where they do not begin so already."""
        documents = self["documents"].dropna(subset=["document_id"])[["document_id", *columns]]
        named = {c: c if c.startswith("document_") else f"document_{c}" for c in columns}
        return self[name].merge(documents.rename(columns=named), on="document_id", how="left")

    def polars(self, name: str) -> pl.DataFrame:
        """A table as a polars frame, in the types of the Parquet files: dates, exact decimals, lists."""
        import polars as pl  # noqa: PLC0415  whoever has it

        table = TABLES[name]
        data = self._stored[name].to_table() if name in self._stored else table.schema.empty_table()
        return pl.DataFrame(data)

    def sql(self, query: str) -> pd.DataFrame:
        """What a query gives, asked of all tables by DuckDB, which reads nothing else; typed as the frames."""
        found: Any = connect(self._output).sql(query).to_arrow_table()
        return untabled(found, self._money)
