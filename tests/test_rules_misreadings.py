"""What text recognition misreads is put right where the shape leaves no doubt, and left where it does not."""

from __future__ import annotations

from time import process_time

import pytest
from examples import examples, pairs
from hypothesis import example, given
from hypothesis import strategies as st

from poytakirja.rules.layout import ocr_corrections as misreadings

ROWS = [pytest.param(case["read"], case["right"], id=case["why"][:60]) for case in examples("misreadings", "sections")]
SIGNS = st.text("0158SOlI$§—–-•e., :/€CaÄ\u00e9", max_size=40)


@pytest.mark.parametrize(("read", "printed"), pairs("misreadings", "line"))
def test_a_line_is_mended(read: str, printed: str) -> None:
    assert " ".join(misreadings.mended(read.split())) == printed


@pytest.mark.parametrize(("read", "printed"), ROWS)
def test_the_sections_of_items_are_told_by_their_numbers(read: list[str], printed: list[str]) -> None:
    places = misreadings.sections(read)
    assert [row if at is None else row[:at] + "§" + row[at + 1 :] for row, at in zip(read, places, strict=True)] == printed


@example("--–")
@given(SIGNS)
def test_words_stay_as_many_as_they_were_and_a_mended_line_stays(text: str) -> None:
    once = misreadings.mended(text.split())
    assert len(once) == len(text.split())
    assert misreadings.mended(once) == once


@given(st.lists(SIGNS, max_size=12))
def test_any_rows_can_be_asked_for_sections(rows: list[str]) -> None:
    assert all(at is None or row[at] in "§8S5" for row, at in zip(rows, misreadings.sections(rows), strict=True))


@pytest.mark.parametrize("unit", ["1", "O", "—", "$", "1 ", "8 ", "1.l", "$ 1 ", "a—", "1 000 "])
def test_long_lines_take_time_in_proportion(unit: str) -> None:
    def cost(count: int) -> float:
        began = process_time()
        misreadings.mended((unit * count).split())
        misreadings.sections([unit * 4] * (count // 10))
        return process_time() - began

    cost(100)
    assert min(cost(20_000) for _ in range(3)) < 40 * min(cost(2_000) for _ in range(3)) + 0.05
