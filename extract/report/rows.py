"""The rows of one document, from the part files of its bucket."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from poytakirja.tables.schema import ACROSS, TABLES

Row = dict[str, Any]

OF_A_DOCUMENT = tuple(name for name in TABLES if name not in ("documents", "cells", *ACROSS))
_ACROSS = "part-across.parquet"


@lru_cache(1)
def _bucket(output: Path, part: str) -> dict[str, pa.Table]:
    """A bucket's rows of every table; with what of them needed several documents, which stands in a part of its own."""
    tables = {}
    for name in OF_A_DOCUMENT:
        parts = [path for path in (output / name / part, output / name / _ACROSS) if path.is_file()]
        schema = TABLES[name].schema
        tables[name] = pa.concat_tables([schema.empty_table(), *(pq.read_table(path, schema=schema) for path in parts)])
    return tables


def rows_of(output: Path, part: str, document_id: str) -> dict[str, list[Row]]:
    """The rows of a document in every table but ``documents``, in the order of the tables."""
    found = {}
    for name, table in _bucket(output, part).items():
        found[name] = table.filter(pc.equal(table["document_id"], document_id)).to_pylist()
    return found
