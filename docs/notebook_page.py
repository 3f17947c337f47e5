"""The notebook, run anew on the tables of samples/, with what it shows."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
from accuracy_page import extracted
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "notebook"
_SECONDS = 120


def notebook_page(text: str) -> str:
    """A notebook with what its cells show. Pictures alone, which each machine draws its own way, do not make it another."""
    new = run(text, extracted(ROOT / "samples"))
    if _without_pictures(new) == _without_pictures(nbformat.reads(text, as_version=4)):
        return text
    return nbformat.writes(new) + "\n"


def run(text: str, output: Path) -> nbformat.NotebookNode:
    """A notebook run from its folder on the tables of OUTPUT; CellExecutionError where a cell fails."""
    notebook = nbformat.reads(text, as_version=4)
    options = {"timeout": _SECONDS, "record_timing": False, "extra_arguments": ["--log-level=40"]}
    with mock.patch.dict(os.environ, POYTAKIRJA_OUTPUT=str(output)):
        NotebookClient(notebook, resources={"metadata": {"path": str(FOLDER)}}, **options).execute()
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def _without_pictures(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    plain: dict[str, Any] = copy.deepcopy(notebook)
    for cell in plain["cells"]:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop("image/png", None)
    return plain
