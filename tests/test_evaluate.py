"""The figures: worked out by hand on a small OUTPUT, and the same as the shared scorer's on many spoilt ones; the gate."""

import copy
import datetime as dt
import io
import json
import random
import re
import runpy
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from test_gold import DOCUMENT, PROJECT, SECOND, SHARED, SHARED_GOLD, Tables, tables_of, write_lines, write_output

from poytakirja.quality.evaluate import accuracy_table, evaluate, main, print_report, publish, run
from poytakirja.quality.gate import Gate
from poytakirja.quality.gold import read_gold
from poytakirja.terminal import InputError

THIRD = PROJECT | {"number": None, "name": "Kaiku", "name_also": [], "layout": "item", "unsure": ["amounts"], "events": []}
FOURTH = PROJECT | {"number": None, "name": "Valon kehä", "name_also": [], "layout": "item", "optional": True}
GOLD: list[dict[str, Any]] = [
    DOCUMENT | {"projects": [PROJECT, SECOND, THIRD, FOURTH]},
    DOCUMENT | {"document": "b.txt", "stated_project_count": None, "persons": [], "projects": []},
]


def spoil(tables: Tables, table: str, index: int, **values: Any) -> None:
    tables[table][index] |= values


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "gold.jsonl", GOLD)


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A sum, a name and a precision misread, a status and an entry missed, an entry made up, values where gold is silent."""
    tables = tables_of(GOLD)
    spoil(tables, "amounts", 1, value_eur=Decimal("36900.50"))
    spoil(tables, "projects", 1, project_name="Hiljainen ranto", start_precision="day", status=None)
    spoil(tables, "projects", 2, project_name="Aivan muu asia")
    spoil(tables, "documents", 1, stated_project_count=7)
    transfer = {"document_id": f"{0:016x}", "project_id": f"{0:016x}/p1", "kind": "transfer", "start_date": dt.date(2020, 1, 1)}
    tables["periods"].append(transfer)
    return write_output(tmp_path / "out", tables)


def test_figures_worked_out_by_hand(gold: Path, spoilt: Path) -> None:
    report = evaluate(spoilt, [gold])
    counts = {name: (c.tp, c.fp, c.fn, c.spurious) for name, c in report.fields().items()}
    assert counts["entry"] == (2, 1, 1, 1)  # the optional entry counts neither way
    assert counts["name"] == (1, 1, 2, 0)
    assert counts["start"] == (1, 1, 2, 0)
    assert counts["end"] == (2, 0, 1, 0)
    assert counts["amounts"] == (2, 1, 1, 0)  # unsure in the third
    assert counts["approximate"] == (1, 0, 0, 0)
    assert counts["transfer"] == (1, 0, 0, 1)  # told, not scored, where gold has none
    assert counts["stated count"] == (1, 0, 0, 1)
    assert counts["document persons"] == (1, 0, 0, 0)
    assert counts["status"] == (1, 0, 2, 0)
    assert [(e.found, e.key_right, e.all_right) for e in report.entries] == [
        (True, False, False),
        (True, False, False),
        (False, False, False),
    ]
    name = report.fields()["name"]
    assert (name.precision, name.recall, name.f1) == (pytest.approx(1 / 2), pytest.approx(1 / 3), pytest.approx(2 / 5))


def test_a_perfect_output(gold: Path, tmp_path: Path) -> None:
    report = evaluate(write_output(tmp_path / "out", tables_of(GOLD)), [gold])
    assert report.misses() == []
    assert report.micro.f1 == 1
    assert report.closing_line().endswith("key fields right 3/3, all fields right 3/3")


def test_another_reading_of_a_name_is_right(gold: Path, tmp_path: Path) -> None:
    tables = tables_of(GOLD)
    spoil(tables, "projects", 0, project_name="VIRTAA verstaalta.")
    assert evaluate(write_output(tmp_path / "out", tables), [gold]).entries[0].all_right


def test_a_document_that_is_absent_or_failed(gold: Path, tmp_path: Path) -> None:
    tables = tables_of(GOLD)
    spoil(tables, "documents", 0, status="failed", document_id=None)
    del tables["documents"][1]
    report = evaluate(write_output(tmp_path / "out", tables), [gold])
    assert [d.status for d in report.documents] == ["failed", "absent"]
    assert report.fields()["entry"].fn == 3
    assert report.closing_line().endswith("all fields right 0/3")


def test_of_documents_of_one_name_the_last_counts(gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = tables_of([GOLD[0] | {"projects": []}, *GOLD])
    spoil(tables, "documents", 0, source="toinen/ylikoski.txt")
    report = evaluate(output := write_output(tmp_path / "out", tables), [gold])
    assert [d.status for d in report.documents] == ["ok, last of 2", "ok"]
    assert report.micro.f1 == 1
    assert run(output, [gold]) == 0
    assert "ok, last of 2" in capsys.readouterr().out


def test_misses_are_listed(gold: Path, spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(spoilt, [gold], misses=-1) == 0
    out = capsys.readouterr().out
    virtaa = PROJECT["name"]
    assert f"ylikoski.txt\t{virtaa}\tamounts\town_contribution 36900.00\town_contribution 36900.50\n" in out
    assert "ylikoski.txt\tHiljainen ranta\tstart\t2024-01-01/year\t2024-01-01/day\n" in out
    assert "ylikoski.txt\tKaiku\tentry\tKaiku\t-\n" in out
    assert "ylikoski.txt\tAivan muu asia\tentry\t-\tAivan muu asia\n" in out
    assert "b.txt\t-\tstated count\t-\t7\n" in out
    listed = out.split("Misses\n")[1].split("\n\n")[0].count("\n")
    assert run(spoilt, [gold], misses=2) == 0
    assert capsys.readouterr().out.split("Misses\n")[1].split("\n\n")[0].count("\n") == 2 < listed
    assert run(spoilt, [gold]) == 0
    assert "Misses" not in capsys.readouterr().out


def test_json_is_nothing_but_json(gold: Path, spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(spoilt, [gold], as_json=True, misses=1) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["fields"]["start"] | {"f1": 0} == {
        "p": 0.5,
        "r": 1 / 3,
        "f1": 0,
        "n": 3,
        "tp": 1,
        "fp": 1,
        "fn": 2,
        "spurious": 0,
    }
    assert (told["all_right"], told["entries"], len(told["misses"]), told["gate"]) == (0, 3, 1, None)
    assert set(told["layouts"]) == {"numbered", "item"}


def test_a_table_on_a_terminal_and_plain_lines_in_a_pipe(gold: Path, spoilt: Path) -> None:
    report = evaluate(spoilt, [gold])
    printed = []
    for terminal in (True, False):
        stream = io.StringIO()
        print_report(report, report.misses(), Console(file=stream, force_terminal=terminal, width=160, color_system=None))
        printed.append(stream.getvalue())
        assert report.closing_line() in printed[-1]
    assert "┃" in printed[0]
    assert not re.search("[\u2500-\u257f\x1b]", printed[1])


@pytest.mark.parametrize(
    "wrong",
    [
        '{"document": "a.txt", "projects": [{"name": "a", "start": null, "end": null, "amounts": [{"value": "1,5"}]}]}',
        '{"document": "a.txt"}',
        '{"document": "a.txt", "projects": [{"name": "Silta"}]}',
        "[]",
        "{",
        "\N{BOM}",
    ],
)
def test_gold_that_cannot_be_read(spoilt: Path, tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(wrong + "\n", "utf-8")
    assert run(spoilt, [path]) == 2
    assert "wrong.jsonl:1" in capsys.readouterr().err


def test_an_output_that_is_none(gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nowhere", [gold]) == 2
    assert "poytakirja extract" in capsys.readouterr().err
    (tmp_path / "bad" / "documents").mkdir(parents=True)
    (tmp_path / "bad" / "documents" / "part-0.parquet").write_bytes(b"no parquet")
    assert run(tmp_path / "bad", [gold]) == 2


# ---------------------------------------------------------------- the same as the shared scorer


def some_value(rng: random.Random, column: str, rows: list[dict[str, Any]]) -> Any:
    """A value that stands elsewhere in the column, or null."""
    return rng.choice([row.get(column) for row in rows] + [None])


def spoil_at_random(tables: Tables, rng: random.Random) -> None:
    """Change, drop and double rows; null where the contract allows it, and values that fold to the same."""
    spoilable = {
        "projects": "project_name entry_number section project_code status municipality_role layout start_date end_date "
        "start_precision end_precision funder_codes item_id",
        "amounts": "kind value_eur approximate year project_id",
        "persons": "person_name role part project_id",
        "organisations": "organisation_name role funder_code project_id",
        "periods": "start_date project_id",
        "items": "number",
        "documents": "stated_project_count",
    }
    for table, columns in spoilable.items():
        rows = tables[table]
        for _ in range(rng.randint(0, 2 + len(rows) // 3)):
            if not rows:
                break
            row, column = rng.choice(rows), rng.choice(columns.split())
            value = some_value(rng, column, [r for r in rows if r["document_id"] == row["document_id"]])
            needed = {"kind", "value_eur", "approximate", "person_name", "organisation_name", "layout", "start_date", "part"}
            if value is None and table != "projects" and column in needed:
                continue
            row[column] = value
            if column == "project_name" and value and rng.random() < 0.7:
                start = rng.randint(0, len(value) // 2)
                row[column] = rng.choice(
                    [value.upper(), f"”{value}”.", value[start:], value.replace("-", " – "), value + " lisä"]
                )
            if row.get("start_date") and table == "projects" and rng.random() < 0.3:
                row["start_date"] += dt.timedelta(days=rng.randint(-40, 40))
        if table in ("projects", "amounts", "persons", "organisations") and rows:
            for _ in range(rng.randint(0, 3)):
                rows.insert(rng.randrange(len(rows)), copy.copy(rng.choice(rows)))
            del rows[rng.randrange(len(rows))]
    ids = {row["document_id"] for row in tables["documents"]}
    extra = {"kind": "transfer", "start_date": dt.date(2024, 1, 1), "document_id": min(ids), "project_id": f"{min(ids)}/p0"}
    tables["periods"] += [extra] if rng.random() < 0.5 else []
    if len(tables["documents"]) > 1 and rng.random() < 0.4:
        spoil(tables, "documents", rng.randrange(len(ids)), status="failed", document_id=None)
    if len(tables["documents"]) > 1 and rng.random() < 0.4:
        del tables["documents"][rng.randrange(len(ids))]


def shared_scorer(output: Path, golds: list[Path], capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """The figures and the closing line of ../shared/tools/score.py."""
    argv = sys.argv
    sys.argv = ["score.py", str(output), *map(str, golds), "--json"]
    try:
        runpy.run_path(str(SHARED / "tools" / "score.py"), run_name="__main__")
    finally:
        sys.argv = argv
    printed = capsys.readouterr().out.strip()
    figures, _, closing = printed.rpartition("\n")
    return json.loads(figures), closing


def invented_gold(folder: Path) -> list[Path]:
    return [write_lines(folder / "gold.jsonl", GOLD)]


def shared_gold(_: Path) -> list[Path]:
    return SHARED_GOLD


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("golds_of", [invented_gold, shared_gold], ids=["invented", "shared"])
def test_the_shared_scorer_says_the_same(
    golds_of: Callable[[Path], list[Path]], seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    golds = golds_of(tmp_path)
    if absent := [str(p) for p in (SHARED / "tools" / "score.py", *golds) if not p.exists()]:
        pytest.skip(f"SKIPPED: not there: {', '.join(absent)}")
    tables = tables_of([dict(document) for path in golds for _, document in read_gold(path)])
    if seed:
        spoil_at_random(tables, random.Random(seed))
    output = write_output(tmp_path / "out", tables)
    theirs, closing = shared_scorer(output, golds, capsys)
    report = evaluate(output, golds)
    ours = {name: c.as_dict() for name, c in report.fields().items()}
    assert set(ours) == set(theirs)
    for name, figures in theirs.items():
        expected = {{"f": "f1"}.get(key, key): round(value, 3) for key, value in figures.items()}
        assert {key: round(ours[name][key], 3) for key in expected} == expected, name
    assert report.closing_line() == closing
    assert (report.micro.f1 == 1) == (seed == 0)


# ---------------------------------------------------------------- the gate


@pytest.fixture
def perfect(tmp_path: Path) -> Path:
    return write_output(tmp_path / "perfect", tables_of(GOLD))


def test_the_gate_keeps_what_was_reached(
    gold: Path, spoilt: Path, perfect: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gate.toml"
    assert run(spoilt, [gold], gate=Gate(path)) == 2  # none there yet
    assert run(spoilt, [gold], gate=Gate(path, update=True)) == 0
    assert run(spoilt, [gold], gate=Gate(path)) == 0
    low = path.read_text("utf-8")
    assert run(perfect, [gold], gate=Gate(path)) == 0  # better is let through, and pins nothing
    assert path.read_text("utf-8") == low
    assert run(perfect, [gold], gate=Gate(path, update=True)) == 0
    high = path.read_text("utf-8")
    assert run(spoilt, [gold], gate=Gate(path, update=True)) == 1  # an update does not lower
    assert path.read_text("utf-8") == high
    capsys.readouterr()
    assert run(spoilt, [gold], gate=Gate(path)) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("gate: ")]
    assert "gate: f1.name: 0.4 is below its floor 1" in told
    assert "gate: all_right: 0 is below its floor 3" in told
    assert not any("f1.approximate" in line for line in told)
    assert run(spoilt, [gold], gate=Gate(path, update=True, allow_lower=True)) == 0
    assert path.read_text("utf-8") == low


def test_the_gate_knows_its_gold(gold: Path, perfect: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gate.toml"
    other = write_lines(tmp_path / "other.jsonl", GOLD[1:])
    assert run(perfect, [gold], gate=Gate(path, update=True)) == 0
    gold.write_text(gold.read_text("utf-8") + "\n", "utf-8")
    for golds, told in (([gold], "changed since"), ([other], "pinned, but not evaluated"), ([gold, other], "not pinned")):
        capsys.readouterr()
        assert run(perfect, golds, gate=Gate(path)) == 1
        assert told in capsys.readouterr().out
    assert run(perfect, [gold], gate=Gate(path, update=True)) == 1
    assert run(perfect, [gold], gate=Gate(path, update=True, allow_lower=True)) == 0
    assert run(perfect, [gold], gate=Gate(path)) == 0


def test_a_field_that_is_not_measured_any_more_is_told(
    gold: Path, perfect: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gate.toml"
    assert run(perfect, [gold], gate=Gate(path, update=True)) == 0
    path.write_text(path.read_text("utf-8") + "colour = 0.5\n", "utf-8")
    assert run(perfect, [gold], gate=Gate(path)) == 1
    assert "f1.colour: not measured any more" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", ["", "[gold]\n", "[gold]\n[floors]\nf1 = 3\n", "[gold]\n[floors]\nmicro = []\n[floors.f1]\n", "["]
)
def test_a_gate_that_cannot_be_read(gold: Path, perfect: Path, tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(wrong, "utf-8")
    assert run(perfect, [gold], gate=Gate(path)) == 2
    assert run(perfect, [gold], gate=Gate(path, update=True)) == 2
    assert run(perfect, [gold], gate=Gate(path, allow_lower=True)) == 2


# ---------------------------------------------------------------- the accuracy table


def test_the_accuracy_table_is_put_between_its_marks(
    gold: Path, spoilt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "accuracy.md"
    page.write_text("alku\n<!-- accuracy: samples -->\nvanha\n<!-- /accuracy: samples -->\nloppu\n", "utf-8")
    report = evaluate(spoilt, [gold])
    publish(page, "samples", report, dt.date(2025, 1, 31))
    once = page.read_text("utf-8")
    publish(page, "samples", report, dt.date(2025, 1, 31))
    assert page.read_text("utf-8") == once
    assert once.startswith("alku\n<!-- accuracy: samples -->\n| field | P | R | F1 | n |\n")
    assert once.endswith("<!-- /accuracy: samples -->\nloppu\n")
    assert "| name | 0.500 | 0.333 | 0.400 | 3 |\n" in once
    assert "vanha" not in once
    with pytest.raises(InputError, match="seeds"):
        publish(page, "seeds", report, dt.date(2025, 1, 31))
    assert main([str(spoilt), str(gold)]) == 0
    assert capsys.readouterr().out == accuracy_table(report) + "\n"
    assert main([str(spoilt), str(gold), "--into", str(page), "--block", "seeds"]) == 2
