"""What changed between two OUTPUTs: rows found, lost and changed, ids that shift aside."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_gold import DOCUMENT, PROJECT, SECOND, Tables, add_project, day, tables_of, write_output

from poytakirja.quality.diff import Difference, diff, run

THIRD = PROJECT | {"number": 3, "name": "Kaiku", "name_also": [], "amounts": [], "events": []}
GOLD: list[dict[str, Any]] = [DOCUMENT | {"projects": [PROJECT, SECOND, THIRD]}, DOCUMENT | {"document": "b.txt"}]
VIRTAA = PROJECT["name"]


def changed(tmp_path: Path, change: Callable[[Tables], object], gold: list[dict[str, Any]] = GOLD) -> Difference:
    """What a change of the tables is told as."""
    old, new = tables_of(gold), tables_of(gold)
    change(new)
    return diff(write_output(tmp_path / "old", old), write_output(tmp_path / "new", new))


def told(difference: Difference) -> list[tuple[str, str, str, str]]:
    return [(c.table, c.what, c.owner, c.row) for c in difference.listed()]


def set_value(table: str, index: int, **values: Any) -> Callable[[Tables], object]:
    return lambda tables: tables[table][index].update(values)


def test_the_same_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Versions and the cut into parts do not count."""
    old, new = tables_of(GOLD), tables_of(GOLD)
    for row in new["documents"]:
        row["rules_version"] = "other"
    new["documents"].reverse()
    a, b = write_output(tmp_path / "a", old), write_output(tmp_path / "b", new)
    assert run(a, b) == 0
    assert "the same rows" in capsys.readouterr().out
    assert run(a, b, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["identical"] is True


def test_a_changed_field_is_told_with_both_values(tmp_path: Path) -> None:
    difference = changed(tmp_path, set_value("projects", 1, end_date=day("2025-01-31"), status=None))
    (change,) = difference.changes
    assert (change.source, change.table, change.row) == ("kansio/ylikoski.txt", "projects", "Hiljainen ranta")
    assert change.fields == {"end_date": (day("2024-12-31"), day("2025-01-31")), "status": ("running", None)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (set_value("amounts", 0, approximate=False), [("amounts", "changed", VIRTAA, "total_cost 184500.00")]),
        (
            set_value("amounts", 0, value_eur=Decimal("184.50")),
            [("amounts", "removed", VIRTAA, "total_cost 184500.00"), ("amounts", "added", VIRTAA, "total_cost 184.50")],
        ),
        (lambda t: t["amounts"].pop(0), [("amounts", "removed", VIRTAA, "total_cost 184500.00")]),
        (lambda t: t["amounts"].append(t["amounts"][0]), [("amounts", "added", VIRTAA, "total_cost 184500.00")]),
        (set_value("persons", 0, role=None), [("persons", "changed", "", "presenter Eino Takala")]),
        (set_value("documents", 1, stated_project_count=None), [("documents", "changed", "", "kansio/b.txt")]),
        (set_value("projects", 0, project_name="Virtaa"), [("projects", "changed", "", "Virtaa")]),
        (set_value("projects", 0, char_end=800), [("projects", "changed", "", VIRTAA)]),
        (set_value("projects", 0, project_name="Virtaa", char_start=5), [("projects", "changed", "", "Virtaa")]),
        (set_value("projects", 1, item_id=None), [("projects", "changed", "", "Hiljainen ranta")]),
    ],
)
def test_changes(tmp_path: Path, change: Callable[[Tables], object], expected: list[tuple[str, str, str, str]]) -> None:
    assert told(changed(tmp_path, change)) == expected


def without_the_first_project(tables: Tables) -> None:
    """The first entry of the first document is not found any more; the ordinals of the others move up."""
    fresh = tables_of([GOLD[0] | {"projects": GOLD[0]["projects"][1:]}, GOLD[1]])
    for row, old in zip(fresh["projects"], tables["projects"][1:], strict=False):
        row |= {place: old[place] for place in ("char_start", "char_end")}
    tables |= fresh


def test_ids_that_shift_are_no_change(tmp_path: Path) -> None:
    difference = changed(tmp_path, without_the_first_project)
    assert told(difference) == [("projects", "removed", "", VIRTAA)]
    counts = difference.counts()
    assert counts["projects"] == {"old": 5, "new": 4, "added": 0, "removed": 1, "changed": 0}
    assert counts["amounts"]["removed"] == len(PROJECT["amounts"])  # counted, but not a line each
    assert counts["amounts"]["changed"] == counts["amounts"]["added"] == 0


def test_the_other_way_round_it_is_found(tmp_path: Path) -> None:
    new, old = tables_of(GOLD), tables_of(GOLD)
    without_the_first_project(old)
    difference = diff(write_output(tmp_path / "old", old), write_output(tmp_path / "new", new))
    assert told(difference) == [("projects", "added", "", VIRTAA)]


def test_places_do_not_count_in_a_text_that_changed(tmp_path: Path) -> None:
    def moved(tables: Tables) -> None:
        tables["pages"][0]["text"] = "muu"
        for row in tables["projects"]:
            row["char_start"] += 3

    assert told(changed(tmp_path, moved, GOLD[:1])) == [("pages", "changed", "", "1")]


def test_a_document_of_one_side_is_one_line(tmp_path: Path) -> None:
    def lost(tables: Tables) -> None:
        tables |= tables_of(GOLD[:1])

    def failed(tables: Tables) -> None:
        lost(tables)
        tables["documents"].append({"source": "kansio/b.txt", "document_id": None, "status": "failed"})

    difference = changed(tmp_path / "lost", lost)
    assert told(difference) == [("documents", "removed", "", "kansio/b.txt")]
    assert difference.counts()["projects"]["removed"] == 2
    assert told(changed(tmp_path / "failed", failed)) == [("documents", "changed", "", "kansio/b.txt")]


def test_a_table_of_one_side(tmp_path: Path) -> None:
    old, new = tables_of(GOLD), tables_of(GOLD)
    del old["periods"]
    difference = diff(write_output(tmp_path / "old", old), write_output(tmp_path / "new", new))
    assert told(difference) == [("periods", "added", VIRTAA, "transfer 2023-01-01")] * 2


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tables_of(GOLD), tables_of(GOLD)
    for row in new["projects"]:
        row |= {"status": "ended", "funder_codes": ["OKM"]}
    a, b = write_output(tmp_path / "a", old), write_output(tmp_path / "b", new)
    assert run(a, b) == 1
    out = capsys.readouterr().out
    assert (
        "kansio/b.txt\tprojects\tchanged\t\tHiljainen ranta\tstatus: running → ended; funder_codes: KUNTA, LIITTO → OKM\n" in out
    )
    assert out.endswith("5 rows differ\n")
    assert run(a, b, limit=2) == 1
    assert "and 3 more" in capsys.readouterr().out
    assert run(a, b, as_json=True, limit=-1) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["identical"], len(report["changes"]), report["tables"]["projects"]["changed"]) == (False, 5, 5)
    assert run(a, tmp_path / "nowhere") == 2
    assert "poytakirja extract" in capsys.readouterr().err


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from([PROJECT, SECOND, THIRD]), max_size=4),
    st.lists(st.sampled_from([PROJECT, SECOND, THIRD]), max_size=4),
)
def test_both_ways_say_the_same(tmp_path_factory: pytest.TempPathFactory, a: list[Any], b: list[Any]) -> None:
    """What is added one way is removed the other; nothing differs from itself; the counts add up."""
    folder = tmp_path_factory.mktemp("both")
    outputs = []
    for name, projects in (("a", a), ("b", b)):
        tables = tables_of([DOCUMENT | {"projects": []}])
        for ordinal, project in enumerate(projects):
            add_project(tables, copy.deepcopy(project), f"{0:016x}", ordinal)
        outputs.append(write_output(folder / name, tables))
    there, back = diff(*outputs), diff(*reversed(outputs))
    assert diff(outputs[0], outputs[0]).changes == []
    for table, counts in there.counts().items():
        assert counts["new"] - counts["old"] == counts["added"] - counts["removed"]
        assert (counts["added"], counts["removed"]) == (back.counts()[table]["removed"], back.counts()[table]["added"])
    assert bool(there.changes) == ([p["name"] for p in a] != [p["name"] for p in b])
