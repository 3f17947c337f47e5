"""The package of the tables: the frictionless library finds it valid, data and all, and it names what is there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from runs import command, extract, kill, parts, replace_all, wait_until, write

from poytakirja.archive import inputs as plan
from poytakirja.archive import run as batch
from poytakirja.archive.upkeep import removal
from poytakirja.publish import compact, export
from poytakirja.tables.schema import SCHEMA_VERSION, TABLES

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of some minutes in several parts, with a copy and a file that failed: something in every table but cells."""
    home = tmp_path_factory.mktemp("package")
    (home / "in").mkdir()
    samples = sorted((ROOT / "samples").glob("*.txt"), key=lambda path: path.stat().st_size)[:4]
    for path in samples:
        shutil.copy(path, home / "in")
    shutil.copy(samples[0], home / "in" / "copy.txt")
    (home / "in" / "empty.txt").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "_BUCKET", 2)
        batch.run([str(home / "in")], home / "output", batch.Options(jobs=2))
    return home / "output"


def package(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return told


def validated(folder: Path) -> frictionless.Report:
    return frictionless.validate(str(folder / "datapackage.json"))


def errors(report: frictionless.Report) -> set[tuple[str, str]]:
    """The kinds of errors found, with their tables."""
    return {("", error.type) for error in report.errors} | {(task.name, e.type) for task in report.tasks for e in task.errors}


def whole(folder: Path, table: str) -> pa.Table:
    return pq.read_table(folder / table)


# ---------------------------------------------------------------- what the library says


def test_the_library_finds_tables_and_all_their_rows_valid(output: Path) -> None:
    report = validated(output)
    assert errors(report) == set()
    assert report.valid
    assert {task.name: task.stats.get("rows", 0) for task in report.tasks} == {t: whole(output, t).num_rows for t in TABLES}
    assert len(list((output / "projects").iterdir())) > 1


def test_csv_and_all_its_rows_are_valid(output: Path, tmp_path: Path) -> None:
    assert export.run(output, "csv", tmp_path, quiet=True) == 0
    report = validated(tmp_path)
    assert errors(report) == set()
    assert report.valid
    assert {task.name: task.stats.get("rows", 0) for task in report.tasks} == {t: whole(output, t).num_rows for t in TABLES}
    read = frictionless.Package(str(tmp_path / "datapackage.json")).get_resource("projects").read_rows()
    stored = whole(output, "projects").to_pylist()
    for name in ("funder_codes", "start_date", "grant_eur", "ordinal"):
        assert [row[name] or [] for row in read] == [row[name] or [] for row in stored]


def test_a_csv_of_some_tables_refers_to_no_other(output: Path, tmp_path: Path) -> None:
    export.run(output, "csv", tmp_path, ("amounts", "projects"), quiet=True)
    assert validated(tmp_path).valid
    told = {one["name"]: one["schema"].get("foreignKeys") for one in package(tmp_path)["resources"]}
    assert told == {"amounts": [{"fields": ["project_id"], "reference": {"resource": "projects", "fields": ["project_id"]}}],
                    "projects": None}  # fmt: skip


def changed(**values: object) -> Callable[[pa.Table], pa.Table]:
    """What gives the first row of a table other values."""

    def change(table: pa.Table) -> pa.Table:
        first, *others = table.to_pylist()
        return pa.Table.from_pylist([first | values, *others], table.schema)

    return change


DAMAGE: dict[str, tuple[Callable[[pa.Table], pa.Table], set[str]]] = {
    "amounts": (changed(project_id="none/p0", kind="gift"), {"foreign-key", "constraint-error"}),
    "projects": (changed(text=None), {"constraint-error"}),
    "project_links": (lambda table: pa.concat_tables([table, table]), {"primary-key", "row-count"}),
    "findings": (lambda table: table.slice(1), {"row-count"}),
    "pages": (lambda table: table.drop_columns(table.column_names[-1:]), {"missing-label"}),
}


def test_what_is_wrong_is_not_valid(tmp_path: Path) -> None:
    """So that what is found valid above says something."""
    out = tmp_path / "out"
    extract(out, write(tmp_path / "in", d1="fine 1", d2="fine 2"))
    assert errors(validated(out)) == set()
    for table, (damage, _) in DAMAGE.items():
        path = max((out / table).iterdir(), key=lambda part: pq.read_metadata(part).num_rows)
        read = pq.read_table(path)
        pq.write_table(damage(read.cast(pa.schema([field.with_nullable(True) for field in read.schema]))), path)
    assert errors(validated(out)) == {(table, kind) for table, (_, kinds) in DAMAGE.items() for kind in kinds}


# ---------------------------------------------------------------- what it names


def named(folder: Path) -> dict[str, tuple[int, int, str]]:
    found = [part for one in package(folder)["resources"] for part in one["parts"]]
    return {part["path"]: (part["rows"], part["bytes"], part["hash"]) for part in found}


def standing(folder: Path) -> dict[str, tuple[int, int, str]]:
    return {
        path.relative_to(folder).as_posix(): (
            pq.read_metadata(path).num_rows,
            path.stat().st_size,
            f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        )
        for path in folder.glob("*/*.parquet")
    }


def test_it_names_every_file_with_its_rows_bytes_and_hash(output: Path) -> None:
    assert named(output) == standing(output)
    told = package(output)
    assert told["schema_version"] == told["versions"]["schema"] == SCHEMA_VERSION
    assert [one["name"] for one in told["resources"]] == list(TABLES)
    for one in told["resources"]:
        assert one["rows"] == sum(part["rows"] for part in one["parts"])
        assert [field["name"] for field in one["schema"]["fields"]] == whole(output, one["name"]).schema.names
        assert all(field["description"] for field in one["schema"]["fields"])


def test_keys_and_references_hold_in_the_tables(output: Path) -> None:
    tables = {name: whole(output, name) for name in TABLES}
    for name, table in TABLES.items():
        if table.key:
            assert tables[name].group_by(list(table.key)).aggregate([]).num_rows == tables[name].num_rows
        for column, (other, target) in table.references.items():
            assert pc.all(pc.is_in(tables[name][column].drop_null(), tables[other][target])).as_py() in (True, None), (
                name,
                column,
            )
    assert TABLES["projects"].references == {"document_id": ("documents", "document_id"), "item_id": ("items", "item_id")}


def test_the_same_tables_give_the_same_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_BUCKET", 2)
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(6)})
    extract(tmp_path / "one", given, jobs=1)
    extract(tmp_path / "two", tmp_path / "in" / "d1.txt", jobs=2)
    extract(tmp_path / "two", given, jobs=2)
    first, second = ((tmp_path / name / "datapackage.json").read_bytes() for name in ("one", "two"))
    assert first == second
    extract(tmp_path / "two", given)
    assert (tmp_path / "two" / "datapackage.json").read_bytes() == first


def test_it_follows_what_goes_and_what_is_compacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_BUCKET", 2)
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(9)})
    out = tmp_path / "out"
    extract(out, given)
    many = len(named(out))
    removal.remove(out, [str(given / "d3.txt")])
    assert named(out) == standing(out)
    compact.run(out, tmp_path / "few")
    assert named(tmp_path / "few") == standing(tmp_path / "few")
    (given / "d0.txt").write_text("fine again")
    for n in range(2, 9):
        (given / f"d{n}.txt").unlink()
    replace_all(out, given)
    assert named(out) == standing(out)
    assert len(named(out)) < many


def test_tables_of_nothing_have_a_package(tmp_path: Path) -> None:
    extract(tmp_path / "out", write(tmp_path / "in", void=""))
    assert {one["name"] for one in package(tmp_path / "out")["resources"]} == set(TABLES)
    assert named(tmp_path / "out") == standing(tmp_path / "out")
    assert validated(tmp_path / "out").valid


def test_whoever_is_killed_leaves_no_package_that_is_wrong(tmp_path: Path) -> None:
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(9)})
    out = tmp_path / "out"
    extract(out, given)
    write(given, d3="other 3", hang="hang")
    with command("extract", given, "--out", out, "--quiet") as process:
        wait_until(lambda: (out / "_run" / "begun").is_dir() and list((out / "_run" / "begun").iterdir()))
        kill(process)
    assert not (out / "datapackage.json").exists()
    (given / "hang.txt").unlink()
    extract(out, given)
    assert named(out) == standing(out)
    assert parts(out)
