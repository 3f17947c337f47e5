"""Sums, times and organisations outside projects: with their item, without a project, each value once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from poytakirja import extract_document
from poytakirja.records import Extraction

MINUTES = """KURJENMAAN KUNTA
Tekninen lautakunta 12.3.2024

§ 14 Auraustöiden hankinta

Tarjouksen antoivat Kaivu Aho Oy (hinta 84 300 €) ja Murske Kallio Ky (hinta 91 750 €).
Sopimus on voimassa 1.10.2024–30.4.2026. Hakuaika päättyi 1.3.2024. Puh. 040 123 4567.
Halvimman tarjouksen hinta on 84 300 €.

Päätös: Hyväksyttiin.

§ 15 Kylätalojen avustukset

Kohde                 Avustus, €    Asukkaita
Mäntylän kylätalo          1 200          340
Rantakylän kylätalo          850          120

Päätös: Hyväksyttiin.
"""


@pytest.fixture(scope="module")
def extraction(tmp_path_factory: pytest.TempPathFactory) -> Extraction:
    path = tmp_path_factory.mktemp("outside") / "tekninen.txt"
    path.write_text(MINUTES, encoding="utf-8")
    return extract_document(path)


def test_a_sum_is_once_in_its_item(extraction: Extraction) -> None:
    assert [(a.item, a.value, a.kind) for a in extraction.amounts if a.item == 0] == [
        (0, Decimal("84300.00"), "other"), (0, Decimal("91750.00"), "other"),
    ]  # fmt: skip


def test_bare_numbers_count_in_columns_of_money_alone(extraction: Extraction) -> None:
    assert [(a.value, a.kind, a.label) for a in extraction.amounts if a.item == 1] == [
        (Decimal("1200.00"), "grant", "Avustus, €"), (Decimal("850.00"), "grant", "Avustus, €"),
    ]  # fmt: skip


def test_times_are_ranges_and_deadlines_and_no_days(extraction: Extraction) -> None:
    found = [
        (p.kind, p.start_date and p.start_date.isoformat(), p.end_date and p.end_date.isoformat()) for p in extraction.periods
    ]
    assert found == [("other", "2024-10-01", "2026-04-30"), ("deadline", None, "2024-03-01")]


def test_organisations_are_those_named_but_the_publisher(extraction: Extraction) -> None:
    assert [(o.name, o.role) for o in extraction.organisations] == [
        ("Kaivu Aho Oy", "mentioned"),
        ("Murske Kallio Ky", "mentioned"),
    ]


UNITS = [
    ("Investoinnit, luvut 1 000 €", "Kohde        Kustannusarvio", "415 000"),
    ("Investoinnit", "Kohde        Kustannusarvio, milj. €", "415 000 000"),
    ("Investoinnit", "Kohde        Kustannusarvio, €", "415"),
]


@pytest.mark.parametrize(("caption", "header", "value"), UNITS)
def test_the_unit_of_a_column_is_that_of_its_header_or_of_its_own_caption(
    tmp_path: Path, caption: str, header: str, value: str
) -> None:
    loans = "Lainat, milj. €\n\nLaina     Määrä, milj. €\nA         1,5\nB         2,5\n"
    table = f"{loans}\n{caption}\n\n{header}\nKoulu        415\nSilta        320\n"
    path = tmp_path / "taulukko.txt"
    path.write_text(table, encoding="utf-8")
    sums = {a.value for a in extract_document(path).amounts}
    assert Decimal(value.replace(" ", "")) in sums
