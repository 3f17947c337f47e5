"""The tables of a run as they stand in OUTPUT, and what its manifest says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from extract.schema import TABLES
from extract.terminal import InputError


def manifest_of(output: Path) -> dict[str, Any]:
    """The manifest of the run whose tables stand in OUTPUT; empty where there is none.

    Raises InputError where it cannot be read, or where the run has not ended: after Ctrl-C what it committed is whole, too.
    """
    path = output / "_run" / "manifest.json"
    if not path.is_file():
        return {}
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error}); extract again") from error
    if manifest.get("state", "complete") not in ("complete", "interrupted"):
        raise InputError(f"{output}: a run into it was cut short and its tables are not whole; extract again")
    return manifest


def tables_of(output: Path) -> dict[str, ds.Dataset]:
    """Every table that stands in OUTPUT, by name, in the order of the schema.

    Raises InputError where there are none, or where one cannot be read.
    """
    manifest_of(output)
    found = {}
    for name in TABLES:
        parts = sorted((output / name).glob("*.parquet"))
        if not parts:
            continue
        try:
            found[name] = ds.dataset([str(part) for part in parts], format="parquet")
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{output / name}: cannot be read as Parquet ({error}); extract again") from error
    if "documents" not in found:
        raise InputError(f"{output}: holds no table `documents`; is it the OUTPUT of `poytakirja extract`?")
    return found
