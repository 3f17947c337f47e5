"""What fuzzing has found, and that it looks."""

from __future__ import annotations

import random
import time
from pathlib import Path

import fuzz
import pytest

from extract import extract_document, segment
from extract.batch import Limits
from rules import project_names


def test_damaged_files_have_a_row_each(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        fuzz.make(tmp_path / folder, 25, random.Random(3))
    assert [p.read_bytes() for p in sorted((tmp_path / "one").iterdir())] == [
        p.read_bytes() for p in sorted((tmp_path / "two").iterdir())
    ]
    fates = fuzz.read(tmp_path / "one", tmp_path / "out", tmp_path / "kept", Limits(seconds=30, memory_mb=1024))
    assert fates.total() == 25
    assert not fuzz.FINDINGS & set(fates)
    assert fates["ok"] > 12


def test_no_rows_make_no_blocks() -> None:
    """Every row of a document was a page header."""
    assert segment.blocks([]) == []
    assert segment.rows_of([], 3) == []


@pytest.mark.parametrize("end", ["§ 7\nPäätös:", "§ 7 Avustus\nPäätös: hyväksyttiin\n\nKhall 1.2.2024\n"])
def test_an_item_with_no_rows_of_its_own_is_read(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.txt").write_text(f"Kunnanhallitus\n§ 6 Hanke\n{end}")
    assert len(extract_document(tmp_path / "a.txt").items) == 2


def test_a_title_as_long_as_a_table_is_searched_in_linear_time() -> None:
    title = "Silta Oy " * 8000 + "Pihat kuntoon -hanke"
    began = time.perf_counter()
    start, end = project_names.name_in_title(title, "Muuta.")
    assert title[start:end].endswith("Pihat kuntoon")
    assert time.perf_counter() - began < 2
