"""Linking: which entries of many documents describe one project, and what is made of it."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from poytakirja.archive import run as batch
from poytakirja.links import scoring as link
from poytakirja.links.scoring import LINKED, Day, LinkRecord, Sum, evidence, forbids, links
from poytakirja.quality.evaluate_links import evaluate_links, read_pairs
from poytakirja.rules.projects.name_similarity import likeness, name_of, score, weights

ROOT = Path(__file__).parent.parent
SEEDS = next((p / "shared" / "seeds" for p in ROOT.parents if (p / "shared").is_dir()), ROOT.parent / "shared" / "seeds")

# ---------------------------------------------------------------- names

NAMES = [
    pytest.param(*pair, case["links"], id=" | ".join(pair)[:70])
    for case in examples("project_likeness", "alike")
    for pair in case["pairs"]
]


@pytest.mark.parametrize(("a", "b", "links"), NAMES)
def test_names_alone_link_in_one_municipality_or_do_not(a: str, b: str, links: bool) -> None:
    found = likeness(a, b)
    assert found == likeness(b, a)
    together = {*found, "same_municipality"}
    assert (bool(found) and not forbids(together) and score(together) >= LINKED) is links


def test_the_names_of_evidence_are_those_of_the_vocabulary() -> None:
    assert all(weight.words for weight in weights().values())
    assert {name for name, weight in weights().items() if weight.forbids} == {
        "rest_differs", "phase_differs", "year_differs", "stage_differs", "periods_apart", "same_list",
    }  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="aAäkKpst nI2.0()-–/:,”", max_size=40))
def test_any_text_is_a_name_and_like_itself(text: str) -> None:
    assert likeness(text, text) == frozenset() or "same_name" in likeness(text, text)
    assert bool(name_of(text).whole) is bool(likeness(text, text))


# ---------------------------------------------------------------- entries


def day(text: str) -> Day:
    return Day(dt.date.fromisoformat(text))


def entry(id: str, name: str = "Norppareitti kylille", **told: Any) -> LinkRecord:
    return LinkRecord(id, told.pop("place", id), name, **{"municipality": "005", **told})


def one(a: LinkRecord, b: LinkRecord) -> bool:
    first, second = links([a, b])
    return first.key == second.key


PERIOD = {"start": day("2021-09-01"), "end": day("2023-07-31")}
LATER = {"start": day("2023-08-01"), "end": day("2024-07-31")}
ESR = frozenset(["ESR"])
SUM = {"total_cost": Sum(Decimal(295600))}


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        pytest.param({}, {}, True, id="a telling name in one municipality"),
        pytest.param({}, {"municipality": "010"}, False, id="nothing but the name in two municipalities"),
        pytest.param({"funders": ESR, **PERIOD}, {"municipality": "010", "funders": ESR, **PERIOD}, True, id="one grant"),
        pytest.param({"municipality": None}, {"municipality": None}, False, id="nothing but the name, municipalities unknown"),
        pytest.param({"municipality": None, **PERIOD}, PERIOD, True, id="name and period, one municipality unknown"),
        pytest.param(PERIOD, LATER, False, id="the next period"),
        pytest.param(PERIOD, {"start": day("2021-09-01"), "end": day("2023-12-31")}, True, id="prolonged"),
        pytest.param({"name": "Kehittämishanke"}, {"name": "Kehittämishanke"}, False, id="a generic name"),
        pytest.param({"name": "Kehittämishanke", **PERIOD, "sums": SUM}, {"name": "Kehittämishanke", **PERIOD, "sums": SUM}, True,
                     id="a generic name, one period and sum"),
        pytest.param({"place": "list"}, {"place": "list"}, False, id="two entries of one list"),
        pytest.param({"name": "Norppareitti 2", **PERIOD, "sums": SUM}, {"name": "Norppareitti", **PERIOD, "sums": SUM}, True,
                     id="a phase left out, one period and sum"),
        pytest.param({"funders": frozenset(["ESR"]), **PERIOD, "municipality": "010"},
                     {"funders": frozenset(["OKM"]), **PERIOD}, False, id="other payers in two municipalities"),
        pytest.param({"name": ""}, {"name": ""}, False, id="no names"),
    ],
)  # fmt: skip
def test_two_entries_are_one_project_or_not(a: Mapping[str, Any], b: Mapping[str, Any], same: bool) -> None:
    assert one(entry("a", **a), entry("b", **b)) is same


def test_days_and_sums_agree_as_exactly_as_both_are_known() -> None:
    assert Day(dt.date(2021, 12, 31), "year").agrees(Day(dt.date(2021, 7, 31), "month"))
    assert not Day(dt.date(2021, 12, 31), "month").agrees(Day(dt.date(2021, 11, 30), "month"))
    assert Sum(Decimal(1300000), approximate=True).agrees(Sum(Decimal(1275000)))
    assert not Sum(Decimal(1300000)).agrees(Sum(Decimal(1275000)))


def test_a_chain_does_not_join_what_must_stay_apart() -> None:
    """The middle entry says neither phase nor period; it goes with one of the two, and they stay apart."""
    third = entry("c", "Norppareitti kylille 3", **LATER)
    middle = entry("b", "Norppareitti kylille", sums=SUM, contact="Aino Kyrö")
    second = entry("a", "Norppareitti kylille 2", sums=SUM, contact="Aino Kyrö", **PERIOD)
    third = replace(third, sums=SUM, contact="Aino Kyrö")
    keys = {link.id: link.key for link in links([third, middle, second])}
    assert keys["a"] != keys["c"]
    assert keys["b"] in (keys["a"], keys["c"])


def test_a_link_tells_its_reason() -> None:
    a, b = links([entry("a", **PERIOD), entry("b", **PERIOD)])
    assert (b.key, b.reason) == ("a", "as a: same name, distinctive name, same period, same municipality")
    assert a.score == b.score == pytest.approx(score(evidence(entry("a", **PERIOD), entry("b", **PERIOD))))
    (alone,) = links([entry("x")])
    assert (alone.key, alone.score, alone.reason) == ("x", 1.0, None)


_SOME = st.builds(
    lambda n, name, town, years, payer, place: entry(
        f"{n:03}", name, municipality=town, place=place or n, funders=frozenset([payer]),
        start=day(f"20{years[0]}-01-01"), end=day(f"20{years[0] + years[1]}-12-31"),
    ),
    st.integers(0, 999),
    st.sampled_from(["Norppareitti", "Norppareitin kylät", "Norppareitti 2", "Kylätalo", "Kylätalot", "Hanke"]),
    st.sampled_from(["005", "010", None]), st.tuples(st.integers(10, 14), st.integers(0, 2)), st.sampled_from(["ESR", "OKM"]),
    st.sampled_from([None, None, "a list", "another"]),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_SOME, unique_by=lambda e: e.id, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_the_entries_changes_nothing(entries: list[LinkRecord], chance: random.Random) -> None:
    found = links(entries)
    assert links(chance.sample(entries, len(entries))) == found
    by_id = {e.id: e for e in entries}
    for told in found:
        group = [by_id[other.id] for other in found if other.key == told.key]
        assert told.key == min(e.id for e in group)
        assert not any(forbids(evidence(a, b)) for a in group for b in group if a is not b)


def test_what_repeats_itself_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[LinkRecord, LinkRecord]] = []
    of_told = link._of_told
    monkeypatch.setattr(link, "_of_told", lambda a, b: asked.append((a, b)) or of_told(a, b))
    told = [PERIOD, {"start": day("2021-09-01")}, {"sums": SUM}]
    found = links([entry(f"{n:04}", **told[n % 3]) for n in range(300)])
    assert len({one.key for one in found}) == 1
    assert len(asked) <= 2 * len(told) ** 2


# ---------------------------------------------------------------- the tables


def rows(output: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(output / table).to_pylist()
    return found


EARLY = """Iin kunta
Kunnanhallitus 3.2.2021

Käynnissä olevat hankkeet:

1) Norppareitti kylille (ESR-hanke) 1.9.2021 - 31.7.2023, kustannusarvio 295 600 € (omarahoitus 29 560 €).

2) Kunta Helmi 2 (ympäristöministeriö) 1.1.2022-31.12.2023, kustannusarvio 40 000 €.
"""
LATE = """Iin kunta
Kunnanhallitus 3.5.2022

Käynnissä olevat hankkeet:

1) Norppareitti kylille - opasteet ja palvelut (ESR-hanke) 1.9.2021 - 31.12.2023, kustannusarvio 312 000 €.

2) Kunta Helmi (ympäristöministeriö) 1.1.2021-31.12.2022, kustannusarvio 40 000 €.
"""


@pytest.fixture(scope="module")
def told_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("link")
    (home / "in").mkdir()
    (home / "in" / "b-early.txt").write_text(EARLY, "utf-8")
    (home / "in" / "a-late.txt").write_text(LATE, "utf-8")
    assert batch.run([str(home / "in")], home / "out").failures == []
    return home / "out"


def test_projects_latest_has_one_row_for_each_project_with_its_newest_figures(told_twice: Path) -> None:
    latest = {row["project_name"]: row for row in rows(told_twice, "projects_latest")}
    assert set(latest) == {"Norppareitti kylille - opasteet ja palvelut", "Kunta Helmi", "Kunta Helmi 2"}
    row = latest["Norppareitti kylille - opasteet ja palvelut"]
    old, new = row["project_ids"]
    assert (row["entry_count"], row["first_meeting_date"], row["last_meeting_date"]) == (
        2,
        dt.date(2021, 2, 3),
        dt.date(2022, 5, 3),
    )
    assert (row["end_date"], row["end_from"]) == (dt.date(2023, 12, 31), new)
    assert (row["total_cost_eur"], row["total_cost_from"]) == (312000, new)
    assert (row["own_contribution_eur"], row["own_contribution_from"]) == (29560, old)
    assert (row["grant_eur"], row["grant_from"]) == (None, None)
    assert row["document_ids"] == [old.split("/")[0], new.split("/")[0]]
    assert row["project_key"] == min(old, new)


def test_what_two_documents_tell_differently_is_a_finding_in_both(told_twice: Path) -> None:
    found = [row for row in rows(told_twice, "findings") if row["code"].endswith("_elsewhere")]
    assert sorted(row["code"] for row in found) == ["other_period_elsewhere"] * 2 + ["other_sum_elsewhere"] * 2
    assert len({row["document_id"] for row in found}) == 2
    texts = {p["document_id"]: p["text"] for p in rows(told_twice, "pages")}
    assert all(texts[r["document_id"]][r["char_start"] :].startswith("1) Norppareitti") for r in found)
    (message,) = {row["message"] for row in found if "295600.00 € here" in row["message"]}
    assert message.endswith(
        "elsewhere: 312000.00 € (" + next(d["source"] for d in rows(told_twice, "documents") if "late" in d["source"]) + ")."
    )


# ---------------------------------------------------------------- gold


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples") / "output"
    pairs = list(read_pairs(ROOT / "samples" / "links.jsonl"))
    documents = sorted({place.document for pair in pairs for place in (pair.a, pair.b)})
    batch.run([str(ROOT / "samples" / name) for name in documents], out, batch.Options(jobs=2))
    return out


def test_the_links_of_the_samples(samples: Path) -> None:
    """No false link; what is missing is what the reader of the pages did not find."""
    (counts,) = evaluate_links(samples, [ROOT / "samples" / "links.jsonl"]).fields().values()
    assert counts.precision == 1.0
    assert counts.recall >= 0.875


def test_the_gold_of_links_is_of_entries_in_the_gold() -> None:
    golds = [json.loads(line) for path in (ROOT / "samples").glob("gold*.jsonl") for line in path.open(encoding="utf-8")]
    known = {(gold["document"], project["name"]) for gold in golds for project in gold["projects"]}
    pairs = list(read_pairs(ROOT / "samples" / "links.jsonl"))
    assert len(pairs) >= 40
    assert sum(not pair.same for pair in pairs) * 2 >= len(pairs)
    assert [p for pair in pairs for p in (pair.a, pair.b) if (p.document, p.name) not in known] == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"{SEEDS} is not here")
def test_the_founding_documents_tell_of_four_projects_twice(tmp_path: Path) -> None:
    batch.run([str(SEEDS)], tmp_path)
    keys = {row["project_id"]: row["project_key"] for row in rows(tmp_path, "project_links")}
    names: dict[str, set[str]] = {}
    for project in rows(tmp_path, "projects"):
        names.setdefault(keys[project["project_id"]], set()).add(project["project_name"][:14])
    assert sorted(map(sorted, (group for group in names.values() if len(group) > 1))) == [
        ["Irtisanomisest", "Irtisanoutumis"],
        ["Lapin Tulevais", "Tulevaisuuden "],
        ["Vahvax - digio", "Vahvax-digiosa"],
    ]
    assert len(keys) - len(names) == 4  # and Kehittäjäkuraattoritoiminta, under one name
    told = [row["project_id"] for row in rows(tmp_path, "findings") if row["code"] == "other_period_elsewhere"]
    named = {p["project_id"]: p["project_name"].split()[0] for p in rows(tmp_path, "projects")}
    assert {named[project] for project in told} == {"Irtisanomisesta", "Irtisanoutumisesta"}
