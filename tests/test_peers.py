"""The comparison with dateparser and price-parser: what it counts, and as what."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from poytakirja.archive import run as batch
from poytakirja.quality.gold import GoldProject, read_gold

ROOT = Path(__file__).parent.parent


sys.path.append(str(ROOT / "benchmarks"))
peers = importlib.import_module("peers")


@pytest.mark.parametrize(
    ("text", "day", "stated"),
    [
        ("1.5.-31.12.2022", "2022-05-01", True),
        ("1.5.-31.12.2022", "2022-12-31", True),
        ("01.05.2022 –31.12.2022", "2022-05-01", True),
        ("8.–27.3.2023", "2023-03-08", True),
        ("9. helmikuuta 2024", "2024-02-09", True),
        ("1. tammikuuta – 30. kesäkuuta 2024", "2024-01-01", True),
        ("den 9 februari 2024", "2024-02-09", True),
        ("1.8.21-31.7.23", "2023-07-31", True),
        ("2024-08-01", "2024-08-01", True),
        ("1.8.2020-31.12.2022", "2020-12-31", False),  # read over the dash
        ("1.5.-31.12.2022", "2031-05-01", False),
        ("11.5.2022", "2022-05-01", False),
        ("toukokuu 2022", "2022-05-01", False),
        ("", "2022-05-01", False),
    ],
)
def test_a_day_is_stated_where_it_is_printed(text: str, day: str, stated: bool) -> None:
    assert peers.states_day(text, dt.date.fromisoformat(day)) is stated


@pytest.mark.parametrize(
    ("text", "value", "stated"),
    [
        ("295 600 €", "295600.00", True),
        ("47.981,80 euroa", "47981.80", True),
        ("47.981,8 euroa", "47981.80", True),
        ("tuki 125 t€", "125000.00", True),
        ("n. 1,3 milj.", "1300000.00", True),
        ("Museovirasto 5.724,45", "5724.45", True),
        ("85 000:-", "85000.00", True),
        ("tuki 125 t€", "125.00", False),
        ("n. 1,3 milj. euroa", "1.30", False),
        ("A76123 285 000 €", "76123285000.00", False),
        ("1 295 600 €", "95600.00", False),
        ("vuonna 2022", "2022.00", False),
        ("", "5.00", False),
    ],
)
def test_a_sum_is_stated_where_it_is_printed(text: str, value: str, stated: bool) -> None:
    assert peers.states_sum(text, Decimal(value)) is stated


def project(**fields: Any) -> GoldProject:
    whole: dict[str, Any] = {
        "start": None,
        "end": None,
        "start_precision": None,
        "end_precision": None,
        "amounts": [],
        "events": [],
    }
    return GoldProject(**(whole | fields))


def test_months_transfers_and_what_gold_is_unsure_of_are_not_asked() -> None:
    gold = project(
        start="2022-05-01",
        start_precision="day",
        end="2023-12-31",
        end_precision="month",
        events=[{"kind": "transfer", "date": "2023-01-01"}],
        amounts=[{"kind": "own_contribution", "value": "0.00"}, {"kind": "grant", "value": "500.00"}],
    )
    assert peers._days(gold) == peers.Asked(frozenset({dt.date(2022, 5, 1)}), frozenset({dt.date(2023, 1, 1)}))
    assert peers._sums(gold) == peers.Asked(frozenset({Decimal(500)}))
    gold["unsure"] = ["start", "amounts"]
    assert peers._days(gold) == peers.Asked(frozenset(), frozenset({dt.date(2022, 5, 1), dt.date(2023, 1, 1)}))
    assert peers._sums(gold) is None


def test_found_of_something_else_and_false() -> None:
    text = "kokous 3.4.2022, hanke 1.5.2022-31.12.2022, siirtyy 1.1.2023"
    gold = project(
        start="2022-05-01",
        start_precision="day",
        end="2022-12-31",
        end_precision="day",
        events=[{"kind": "transfer", "date": "2023-01-01"}],
    )
    entry = peers.Entry(text, gold, peers._days(gold), None)
    days, sums = peers.TRADES
    got = {dt.date(2022, 5, 1), dt.date(2022, 4, 3), dt.date(2031, 5, 1), dt.date(2023, 1, 1)}
    assert days.score(lambda _: got, [entry, entry]) == peers.Score(asked=4, found=2, other=2, false=2)
    assert days.score(peers.rule_days, [entry]) == peers.Score(asked=2, found=2, other=1)
    assert days.score(peers.record_days, [entry]) == peers.Score(asked=2, found=2)
    assert sums.score(lambda _: {Decimal(1)}, [entry]) == peers.Score()


def test_entries_are_the_golds_with_the_texts_of_the_tables(tmp_path: Path) -> None:
    source = ROOT / "samples" / "juva-hankekatsaus-2017.txt"
    batch.run([str(source)], tmp_path / "output", batch.Options(jobs=1))
    gold = next(d for _, d in read_gold(ROOT / "samples" / "gold.jsonl") if d["document"] == source.name)
    read = list(peers.entries(tmp_path / "output", [ROOT / "samples" / "gold.jsonl"]))
    assert 0 < len(read) <= len(gold["projects"])
    assert all(entry.record["name"] in entry.text for entry in read)
    assert any(entry.days.values for entry in read)


def test_each_peer_reads_what_it_is_made_for() -> None:
    for package in ("dateparser", "price_parser"):
        pytest.importorskip(package, reason="the extra `bench` is not installed: the peers themselves are not tried")
    entry = peers.Entry(
        "Silta 1.2.2015 - 31.12.2016 (kustannusarvio 425 000 €, tuki 2 500,50 euroa)", project(), peers.Asked(frozenset()), None
    )
    for way in (peers.dateparser_search, peers.dateparser_spaced, peers.dateparser_tokens):
        assert way(entry) == {dt.date(2015, 2, 1), dt.date(2016, 12, 31)}, way
    for way in (peers.price_clauses, peers.price_surfaces):
        assert way(entry) == {Decimal("425000.00"), Decimal("2500.50")}, way


def test_the_tables_go_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n<!-- peers -->\nold\n<!-- /peers -->\nend\n", encoding="utf-8")
    peers.publish(page, "new")
    assert page.read_text(encoding="utf-8") == "# Title\n<!-- peers -->\nnew\n<!-- /peers -->\nend\n"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(SystemExit, match="no <!-- peers -->"):
        peers.publish(page, "new")
