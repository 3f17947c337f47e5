"""Other forms of the tables: every value arrives, nothing in them runs; and SQL that can only read."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poytakirja.archive import run as batch
from poytakirja.publish import export, query
from poytakirja.publish.formula_escape import defused, defused_column
from poytakirja.tables.schema import TABLES

ROOT = Path(__file__).parent.parent
SIGNS = "=+-@\t\r\n＝＋－＠"
FORMULA = '=HYPERLINK("http://127.0.0.1/"&A1;"Silta")'
MINUTES = f"""Hankkeet
1) {FORMULA} (ESR, EAKR) 1.2.2021-31.3.2022, kustannusarvio 10 000 €
2) Pyörätie "kylälle", uusi (EAKR) 1.5.2022-31.12.2023, kustannusarvio 250 000,50 €
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of two documents, one of them hostile."""
    home = tmp_path_factory.mktemp("export")
    (home / "in").mkdir()
    shutil.copy(ROOT / "samples" / "suomussalmi-kunnanhallitus-2009.txt", home / "in")
    (home / "in" / "=cmd.txt").write_text(MINUTES)
    batch.run([str(home / "in")], home / "output", batch.Options(jobs=2))
    return home / "output"


def stored(output: Path, table: str) -> list[dict[str, Any]]:
    return list(pq.read_table(output / table).to_pylist())


def flat(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value


# ---------------------------------------------------------------- export


def test_csv_holds_every_value(output: Path, tmp_path: Path) -> None:
    assert export.run(output, "csv", tmp_path, quiet=True) == 0
    assert {path.name for path in tmp_path.iterdir()} == {*(f"{name}.csv" for name in TABLES), "datapackage.json"}
    for table in TABLES:
        with (tmp_path / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            read = list(csv.DictReader(file))
        rows = stored(output, table)
        assert len(read) == len(rows)
        texts = [c.name for c in TABLES[table].columns if c.type == pa.string()]
        for got, row in zip(read, rows, strict=True):
            assert {name: got[name] for name in texts} == {name: defused(row[name] or "") for name in texts}
    projects = pd.read_csv(tmp_path / "projects.csv")
    assert projects["funder_codes"].iloc[0] == "EAKR ESR"
    assert projects["total_cost_eur"].iloc[1] == 250000.5


def test_csv_is_opened_without_danger(output: Path, tmp_path: Path) -> None:
    export.run(output, "csv", tmp_path, quiet=True)
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert [cell for cell in row if cell.lstrip(" ").startswith(tuple(SIGNS)) and not _is_number(cell)] == []


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@given(st.text(alphabet=st.sampled_from([*SIGNS, " ", "a", "'", '"', "1", ","])))
def test_no_text_begins_as_a_formula(text: str) -> None:
    harmless = defused(text)
    assert not harmless.lstrip(" ").startswith(tuple(SIGNS))
    for cell in re.split("[;\t\r\n]", harmless):  # as a spreadsheet with semicolons or tabs cuts it
        assert not cell.lstrip(" ").startswith(tuple(set(SIGNS) - set("\t\r\n")))
    assert harmless.replace("'", "") == text.replace("'", "")

    assert defused_column(pa.array([text, None])).to_pylist() == [harmless, None]


def test_a_workbook_holds_values_as_what_they_are(output: Path, tmp_path: Path) -> None:
    place = tmp_path / "tables.xlsx"
    assert export.run(output, "xlsx", place, quiet=True) == 0
    book = openpyxl.load_workbook(place)
    assert book.sheetnames == list(TABLES)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not any(cell.hyperlink for cell in cells)
    head, *rows = book["projects"].iter_rows(values_only=True)
    for got, row in zip(rows, stored(output, "projects"), strict=True):
        told = dict(zip(head, got, strict=True))
        assert told["text"] == row["text"]
        assert told["total_cost_eur"] == (None if row["total_cost_eur"] is None else float(row["total_cost_eur"]))
        assert told["start_date"] is None or told["start_date"].date() == row["start_date"]
        assert (told["funder_codes"] or "") == flat(row["funder_codes"])
    assert any(FORMULA in str(cell.value) for cell in cells)


def test_a_text_longer_than_a_cell_is_cut_and_said(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(export, "CELL", 100)
    monkeypatch.setattr(export, "SHEET", 4)
    export.run(output, "xlsx", tmp_path / "short.xlsx", ("pages", "amounts"), quiet=True)
    assert "2 texts are longer than a cell holds" in capsys.readouterr().err
    book = openpyxl.load_workbook(tmp_path / "short.xlsx")
    assert [cell.value.endswith(export.CUT) for (cell,) in book["pages"].iter_rows(2, min_col=4, max_col=4)] == [True, True]
    amounts = len(stored(output, "amounts"))
    assert book.sheetnames == ["pages", "amounts", *(f"amounts_{n}" for n in range(2, -(-amounts // 3) + 1))]
    assert sum(book[name].max_row - 1 for name in book.sheetnames[1:]) == amounts


def test_the_same_tables_give_the_same_workbook(output: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        export.run(output, "xlsx", tmp_path / name, quiet=True)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_json_lines_hold_texts_as_they_are(output: Path, tmp_path: Path) -> None:
    assert export.run(output, "jsonl", tmp_path, ("projects",), quiet=True) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["projects.jsonl"]
    lines = (tmp_path / "projects.jsonl").read_text(encoding="utf-8").splitlines()
    for line, row in zip(lines, stored(output, "projects"), strict=True):
        told = json.loads(line, parse_float=Decimal)
        told |= {name: float(told[name]) for name in row if isinstance(row[name], float)}
        assert {name: told[name] for name in row if "date" not in name} == {name: row[name] for name in row if "date" not in name}
        assert told["start_date"] == (row["start_date"] and row["start_date"].isoformat())


def test_a_database_holds_the_tables_and_their_meanings(output: Path, tmp_path: Path) -> None:
    place = tmp_path / "tables.duckdb"
    assert export.run(output, "duckdb", place, quiet=True) == 0
    with duckdb.connect(str(place), read_only=True) as connection:
        for table in TABLES:
            assert connection.sql(f'SELECT count(*) FROM "{table}"').fetchall() == [(len(stored(output, table)),)]
        comments = dict(connection.sql("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        assert comments == {name: table.meaning for name, table in TABLES.items()}


@pytest.mark.parametrize(
    ("form", "place", "tables", "said"),
    [
        ("parquet", "x", (), "choose one of csv, xlsx, jsonl, duckdb"),
        ("csv", "x", ("nothing",), "holds documents, pages"),
        ("csv", "file", (), "is no folder"),
        ("xlsx", "folder", (), "is a folder"),
    ],
)
def test_what_export_refuses(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, place: str, tables: tuple[str, ...], said: str
) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    assert export.run(output, form, tmp_path / place, tables) == 2
    assert said in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "duckdb"])
def test_a_file_of_the_users_own_is_not_replaced(output: Path, tmp_path: Path, form: str) -> None:
    shutil.copytree(output, tmp_path / "output")
    place = tmp_path / "out"
    assert export.run(tmp_path / "output", form, place, quiet=True) == 0
    assert export.run(tmp_path / "output", form, place, quiet=True) == 0, "an unchanged export is"
    changed = place / f"projects.{form}" if place.is_dir() else place
    changed.write_bytes(changed.read_bytes() + b"\nnotes of my own")
    before = changed.read_bytes()
    assert export.run(tmp_path / "output", form, place, quiet=True) == 2
    assert changed.read_bytes() == before
    assert export.run(tmp_path / "output", form, place, quiet=True, force=True) == 0


@pytest.mark.parametrize(("form", "place"), [("csv", "."), ("xlsx", "projects/part-00000-of-00001.parquet"), ("duckdb", "x")])
def test_nothing_is_written_into_the_tables(output: Path, form: str, place: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    assert export.run(output, form, output / place, quiet=True, force=True) == 2
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == before


@pytest.mark.parametrize("form", ["xlsx", "duckdb", "csv", "jsonl"])
def test_a_full_disk_is_said(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    monkeypatch.setattr(export, "flush", lambda path: (_ for _ in ()).throw(OSError(28, "No space left on device", str(path))))
    assert export.run(output, form, tmp_path / "out", quiet=True) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_run_that_was_cut_short_is_not_exported(output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(output, tmp_path / "output")
    (tmp_path / "output" / "_run" / "manifest.json").write_text('{"state": "committing"}')
    assert export.run(tmp_path / "output", "csv") == 2
    assert "cut short" in capsys.readouterr().err


# ---------------------------------------------------------------- sql


def asked(output: Path, sql: str, capsys: pytest.CaptureFixture[str], form: str = "auto") -> tuple[int, str, str]:
    status = query.run(output, sql, form)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_every_table_is_a_view(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = asked(output, "SHOW TABLES", capsys)
    assert (status, sorted(out.split()[1:])) == (0, sorted(TABLES))


def test_answers_in_their_forms(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = "project_name AS nimi, total_cost_eur, funder_codes, start_date"
    sql = f"SELECT {columns} FROM projects WHERE project_name LIKE '=%'"
    typed = {"nimi": FORMULA, "total_cost_eur": 10000.0, "funder_codes": ["EAKR", "ESR"], "start_date": "2021-02-01"}
    told = {"nimi": "'" + FORMULA, "total_cost_eur": "10000.00", "funder_codes": "EAKR ESR", "start_date": "2021-02-01"}
    assert list(csv.DictReader(io.StringIO(asked(output, sql, capsys)[1]))) == [told]
    assert json.loads(asked(output, sql, capsys, "json")[1]) == [typed]
    assert json.loads(asked(output, sql, capsys, "jsonl")[1]) == typed
    assert asked(output, sql, capsys, "table")[1].startswith("1 rows\nnimi\t")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{secret}')", "SELECT * FROM read_csv('{secret}')", "SELECT * FROM read_blob('{secret}')",
        "SELECT * FROM '{secret}'", "SELECT * FROM glob('/*')", "SELECT * FROM sniff_csv('{secret}')",
        "SELECT * FROM read_parquet('{output}/projects/*.parquet')",
        "SELECT * FROM parquet_metadata('{output}/projects/*.parquet')",
        "COPY projects TO '{home}/stolen.csv'", "EXPORT DATABASE '{home}/stolen'", "ATTACH '{home}/stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs", "SET enable_external_access = true", "SELECT 1; COPY projects TO '{home}/stolen.csv'",
        "DROP VIEW projects",
        "CREATE TABLE x AS SELECT 1", "PRAGMA database_list", "CALL pragma_version()", "SELECT * FROM frame", "", "SELEC 1",
        "SELECT nothing FROM projects", "WITH x AS (SELECT * FROM read_text('{secret}')) SELECT * FROM x",
        "EXPLAIN ANALYZE SELECT * FROM read_text('{secret}')", "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
        "SELECT * FROM query_table('{secret}')", "SELECT getenv('HOME')",
    ],
)  # fmt: skip
def test_a_query_can_only_read_the_tables(output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nhush\n")
    frame = pd.DataFrame({"a": ["hush"]})
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    status, out, err = asked(output, sql.format(secret=secret, home=tmp_path, output=output), capsys)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert "hush" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert before == {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    assert len(frame) == 1


def test_what_is_missing_is_named(output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("poytakirja.terminal.find_spec", lambda _: None)
    assert "pip install 'poytakirja[query]'" in asked(output, "SELECT 1", capsys)[2]
    assert export.run(output, "xlsx") == 2
    assert "pip install 'poytakirja[query]'" in capsys.readouterr().err


def test_the_commands(output: Path, tmp_path: Path) -> None:
    def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        code = "from poytakirja.cli.main import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60
        )

    count = command("sql", output, "select count(*) as n from projects")
    assert (count.returncode, count.stdout) == (0, f"n\n{len(stored(output, 'projects'))}\n")
    written = command("export", output, "--format", "csv", "--table", "projects", "--out", "out")
    assert (written.returncode, written.stdout, sorted(path.name for path in (tmp_path / "out").iterdir())) == (
        0,
        "out\n",
        ["datapackage.json", "projects.csv"],
    )
    assert command("sql", output, "copy projects to 'x'").returncode == 2
