"""The time to read and extract a document grows with its size, whatever is repeated in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from poytakirja import extract_document
from poytakirja.read import document

SIZE = 8_000
"""Characters of the smaller text; the larger one has twice as many."""
NOTICEABLE = 0.5
"""Seconds that even a steep growth may take at these sizes."""

_HEAD = "Kuhmon kaupunki   Pöytäkirja   4/2019\nKunnanhallitus    25.3.2019\n\n"
_ENTRY = "Pihat (ESR-hanke) 1.1.2020-31.12.2021, kustannusarvio 1 000 euroa "
_FRAMES: dict[str, Callable[[str], str]] = {
    "bullet": lambda text: f"Hankkeet\n\n- {_ENTRY}{text}\n",
    "bare": lambda text: f"Hankkeet\n\n- {text}\n",
    "item": lambda text: f"{_HEAD}§ 1\nPihat -hankkeen rahoitus\n\n{_ENTRY}{text}\n\nPäätös\nHyväksyttiin.\n",
}
_RUNS = [
    "-", "a", "A", "aA", "(", "”", "„a”", "1", "1.1.2018-", "ESR, ", "ESR-hanke ", "-hanke ", "johtaja", "hanke-", "Oulun ",
    "Matti ",
]  # fmt: skip
_UNITS = {
    "paragraphs": "Rannan polku sai tukea 1 000 euroa ja päättyy 31.12.2022.\n\n",
    "bullets": "- Pihat (EAKR) 1.1.2018-31.12.2019 100 000 €\n",
    "cards": "Hankkeen nimi: Pihat\nToteutusaika: 2019-2020\nRahoittaja: ESR\nBudjetti: 1 000 €\n\n",
    "items": "§ 1\nPihat -hankkeen loppuraportti\n\nPäätös\nHyväksyttiin.\n",
    "columns": "Hanke    Rahoittaja    Kesto    Omarahoitus\n" + 2 * "Pihat    EAKR          2019     1 000\n",
    "members": "Aho Matti    jäsen\n",
}


def _seconds(path: Path, text: str) -> float:
    path.write_text(text, encoding="utf-8")
    begin = process_time()
    extract_document(path)
    return process_time() - begin


def _grows_linearly(path: Path, text_of: Callable[[int], str]) -> bool:
    """Whether twice the size takes at most three times as long; measured again where a busy machine may have disturbed."""
    for _ in range(3):
        larger = _seconds(path, text_of(2 * SIZE))
        if larger < NOTICEABLE or larger <= 3 * _seconds(path, text_of(SIZE)):
            return True
    return False


@pytest.fixture(scope="module", autouse=True)
def _warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is loaded and compiled once is no part of the growth."""
    path = tmp_path_factory.mktemp("warm") / "a.txt"
    for frame in _FRAMES.values():
        _seconds(path, frame("Matti Aho, Oulun yliopisto, "))


@pytest.mark.parametrize("unit", _RUNS)
@pytest.mark.parametrize("frame", _FRAMES)
def test_one_long_row(frame: str, unit: str, tmp_path: Path) -> None:
    assert _grows_linearly(tmp_path / "a.txt", lambda size: _FRAMES[frame](unit * (size // len(unit))))


@pytest.mark.parametrize("unit", _UNITS)
def test_many_rows(unit: str, tmp_path: Path) -> None:
    rows = _UNITS[unit]
    assert _grows_linearly(tmp_path / "a.txt", lambda size: f"Hankkeet\n\n{rows * (size // len(rows))}")


def test_many_rows_of_words_in_an_attendance_list(tmp_path: Path) -> None:
    listed = f"{_HEAD}Saapuvilla olleet jäsenet\n      Aino Mäki       jäsen\n"
    rest = "\n§ 1\nKokouksen avaus\n\nPäätös\nHyväksyttiin.\n"
    assert _grows_linearly(tmp_path / "a.txt", lambda size: listed + "      poistui\n" * (size // 14) + rest)


def test_a_row_of_millions_of_words_is_read(tmp_path: Path) -> None:
    """More words than a pattern's engine remembers."""
    (tmp_path / "a.txt").write_text("1 " * 5_000_000, encoding="utf-8")
    assert len(document(tmp_path / "a.txt").text.rstrip()) == 9_999_999
