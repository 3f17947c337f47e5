"""How entries are found: the outline of a text whatever it is about, the candidates in it, and which of them are chosen."""

from __future__ import annotations

import pytest

from poytakirja import extract_text, read
from poytakirja.document import Document
from poytakirja.outline.grid import grids
from poytakirja.outline.units import Unit, units
from poytakirja.projects.entries.generate import Scope, candidates
from poytakirja.projects.entries.select import select


def _read(text: str) -> Document:
    return read.document(text.encode(), suffix=".txt")


def outline(text: str) -> list[Unit]:
    return units(_read(text).body())


NAMES = ("Metsäpolku", "Rantasauna", "Kylien valo")


@pytest.mark.parametrize(
    "form", ["{n}) ", "{n}. ", "({n}) ", "{n} - ", "{n}: ", "1. ", "• ", "- ", "» ", "▪ ", "o ", "+ ", "{r}. ", "Hanke {n}: "]
)
def test_whatever_begins_several_rows_alike_marks_a_list(form: str) -> None:
    rows = [form.format(n=n + 1, r=("I", "II", "III")[n]) + name for n, name in enumerate(NAMES)]
    assert [unit.text for unit in outline("Kohteet\n" + "\n".join(rows)) if unit.marker] == list(NAMES)


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\n\n"])
def test_blank_rows_are_one_sign_of_several(between: str) -> None:
    text = between.join(
        [
            "Rantasauna",
            "Hanke alkoi 1.1.2020 ja päättyy 31.12.2021.",
            "Kylien valo",
            "Sitä tukee Leader-ryhmä 5 000 eurolla vuoden loppuun asti.",
        ]
    )
    assert [unit.is_heading for unit in outline(text)] == [True, False, True, False]


@pytest.mark.parametrize("gap", ["      ", "\t", " | "])
def test_rows_in_columns_are_a_grid(gap: str) -> None:
    rows = [
        ("Kohde", "Maksaja", "Kulut"),
        ("Metsäpolku", "Säätiö", "1 000 €"),
        ("Rantasauna", "Leader", "2 000 €"),
        ("Yhteensä", "", "3 000 €"),
    ]
    (grid,) = grids(_read("\n".join(gap.join(row) for row in rows)).body())
    assert list(grid.header.values()) == ["Kohde", "Maksaja", "Kulut"]
    assert [(row.cells[0].text, row.is_sum) for row in grid.rows] == [
        ("Metsäpolku", False),
        ("Rantasauna", False),
        ("Yhteensä", True),
    ]


def test_a_row_that_adds_up_those_above_is_a_sum() -> None:
    text = "Kohde        Kulut\nMetsäpolku    1 000\nRantasauna    2 500\nKaikkiaan     3 500"
    (grid,) = grids(_read(text).body())
    assert [row.is_sum for row in grid.rows] == [False, False, True]


def test_the_decision_below_a_table_is_no_row_of_it() -> None:
    text = "Hanke        Kulut\nMetsäpolku    1 000 €\nRantasauna    2 500 €\nPäätös        Merkittiin tiedoksi."
    (grid,) = grids(_read(text).body())
    assert [row.cells[0].text for row in grid.rows] == ["Metsäpolku", "Rantasauna"]


def test_clauses_sentences_and_paragraphs_are_candidates() -> None:
    text = "Käynnissä: Metsäpolku (ESR, 2020–2021); Rantasauna (EAKR, 2021–2022). Kylien valo alkoi 1.1.2020. Sitä tukee Leader."
    document = _read(text)
    found = {(c.kind, text[c.start : c.end]) for c in candidates(Scope.of(document, document.body(), None))}
    assert ("clause", "Rantasauna (EAKR, 2021–2022).") in found or ("clause", "Rantasauna (EAKR, 2021–2022)") in found
    assert ("sentences", "Kylien valo alkoi 1.1.2020. Sitä tukee Leader.") in found


@pytest.mark.parametrize(
    ("weights", "chosen"), [([0.9, 0.2, 0.3, 0.1], [0, 3]), ([0.9, 0.6, 0.5, -0.1], [1, 2]), ([-1.0, -1.0, -1.0, -1.0], [])]
)
def test_the_set_without_overlaps_that_weighs_most_is_chosen(weights: list[float], chosen: list[int]) -> None:
    assert select([(0, 10), (0, 4), (5, 10), (12, 15)], weights) == chosen


_LIST = """Kunnanhallitus

§ 12 Käynnissä olevat hankkeet

1) Rantareitti kuntoon (EAKR-hanke), 1.8.2023–31.12.2024, kustannusarvio 120 000 €, kunnan osuus 36 000 €.{more}

2) Osaava kylä (ESR-hanke), 1.3.2023–28.2.2025, kustannusarvio 40 000 €, kunnan osuus 4 000 €.

3) Metsien polut (Leader), 1.5.2023–31.12.2023, kustannusarvio 9 000 €, kunnan osuus 900 €.

Päätös: Merkittiin tiedoksi.
"""


@pytest.mark.parametrize(
    "more",
    ["", " Hankkeesta on tehty yhteistyösopimus.", " Hankintaan saatiin kolme tarjousta.", " Rehtorin sijaisuus kestää vuoden."],
)
def test_no_single_word_drops_an_entry(more: str) -> None:
    found = extract_text(_LIST.format(more=more)).projects
    assert [p.project_name for p in found] == ["Rantareitti kuntoon", "Osaava kylä", "Metsien polut"]
    assert all(p.confidence is not None and 0.5 < p.confidence <= 1 for p in found)


def test_a_purchase_and_a_vacancy_are_none() -> None:
    purchase = "§ 3 Kuorma-auton hankinta\n\nTarjouksia saatiin kolme: 80 000 €, 82 000 € ja 90 000 €.\n\n"
    vacancy = "§ 4 Lehtorin viran täyttäminen\n\nVirka täytetään 1.8.2024 alkaen."
    assert extract_text(purchase + vacancy).projects == []
