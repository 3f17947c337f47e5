"""What fuzzing has found, and that it looks."""

from __future__ import annotations

import random
import time
from pathlib import Path

import fuzz
import pytest

from poytakirja import extract_document
from poytakirja.archive.run import Limits
from poytakirja.outline import blocks as segment
from poytakirja.rules.projects import item_titles
from poytakirja.tables import rows as tables


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


ENTRIES = {
    "its latest handling has no rows": """Kaupunginhallitus           § 110                       26.03.2007
POROVESI ELÄMÄÄN -HANKKEEN KUNTARAHOITUSOSUUS
                    -hankkeeseen. Pyyntö on 9.500 euroa.
                    Ehdotus:
KHALL 26.03.2007 § 110
""",
    "its name seems to run on into an earlier handling": """Kaupunginhallitus           § 111  tteet hyväksyttiin.
KHALL 26.03.2007 § 111
                    Valmistelija: koulutussuunnittelija Aino Virtanen

                    Tavoite 1 -ohjelmaan kuulunut ESR-projekti Oppisopimuk-
""",
    "a sum has more digits than money": "Hankkeet\n1) Silta (ESR) 2021-2022, kustannusarvio 5" + "0" * 53 + " euroa\n",
}


NOT_FOUND = pytest.mark.xfail(strict=True, reason="an item cut off after its first words is not found to be a project")


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=NOT_FOUND) if case.startswith("its name seems") else case for case in ENTRIES]
)
def test_an_entry_is_read(tmp_path: Path, case: str) -> None:
    (tmp_path / "a.txt").write_text(ENTRIES[case])
    extraction = extract_document(tmp_path / "a.txt")
    assert len(extraction.projects) == 1
    assert tables.misplaced(extraction) == []
    assert tables.rows(extraction, "a.txt")["documents"].num_rows == 1


def test_a_title_as_long_as_a_table_is_searched_in_linear_time() -> None:
    title = "Silta Oy " * 8000 + "Pihat kuntoon -hanke"
    began = time.perf_counter()
    start, end = item_titles.name_in_title(title, "Muuta.")
    assert title[start:end].endswith("Pihat kuntoon")
    assert time.perf_counter() - began < 2
