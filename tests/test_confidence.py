"""Confidence: between 0 and 1 everywhere, a rule's own share where it was seen often, and what was weighed elsewhere stays."""

from __future__ import annotations

import pytest

import poytakirja
from poytakirja.projects import confidence
from poytakirja.projects.confidence import Reliability
from poytakirja.records import Amount

MINUTES = """KURJENMAAN KUNTA
Kunnanhallitus 12.3.2024

§ 14 Hankkeet

- Kylien polut (Leader) 1.1.2023-31.12.2024, kustannusarvio 12 500 €
- Rannan valot (EAKR) 1.5.2023-30.6.2025, kustannusarvio 84 300,50 €, omarahoitus 8 430 €

Aurauksen tarjosi Kaivu Aho Oy hintaan 9 900 €.
"""


def test_every_value_says_how_sure_it_is() -> None:
    tables = poytakirja.extract_text(MINUTES).to_dict()
    for name in ("projects", "amounts", "periods", "organisations", "evidence"):
        assert all(0 < row["confidence"] < 1 for row in tables[name]), name
    assert {row["project_id"] is None for row in tables["amounts"]} == {True, False}


def test_a_value_is_no_surer_than_its_entry() -> None:
    tables = poytakirja.extract_text(MINUTES).to_dict()
    sure = {row["project_id"]: row["confidence"] for row in tables["projects"]}
    assert all(row["confidence"] <= sure[row["project_id"]] for row in tables["amounts"] if row["project_id"])


def test_what_was_weighed_stays() -> None:
    found = poytakirja.extract_text(MINUTES)
    found.amounts.append(Amount("9", "weighed", 0, 1, kind="other", value=found.amounts[0].value, confidence=0.123))
    confidence.set_confidences(found)
    assert found.amounts[-1].confidence == 0.123


@pytest.mark.parametrize(
    ("right", "seen", "low", "high"), [(100, 100, 0.97, 1.0), (1, 1, 0.8, 0.9), (0, 0, 0.8, 0.8), (0, 100, 0.0, 0.1)]
)
def test_a_rule_is_believed_as_often_as_it_was_seen(right: int, seen: int, low: float, high: float) -> None:
    measured = Reliability.of([("status", "rule", "prose, some", right, seen)])
    assert low - 1e-9 <= measured.probability("status", "rule", "prose, some") <= high + 1e-9
