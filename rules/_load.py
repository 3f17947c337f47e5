"""The vocabulary (sanasto): tables that a Finnish reader can edit without Python."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def rows(name: str) -> list[dict[str, str]]:
    """The rows of ``rules/vocabulary/NAME.csv``, cells stripped; an empty or missing cell is the empty string.

    The file is UTF-8 with a header row; rows whose first cell is empty or begins with ``#`` are notes to the reader.
    """
    text = (resources.files("rules") / "vocabulary" / f"{name}.csv").read_text(encoding="utf-8-sig")
    read = csv.DictReader(text.splitlines())
    cleaned = [{key: (value or "").strip() for key, value in row.items() if key is not None} for row in read]
    return [row for row in cleaned if (first := next(iter(row.values()))) and not first.startswith("#")]
