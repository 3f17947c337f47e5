"""The schema's version: it rises as docs/schema.md tells, and tables of another one are not taken for today's."""

from __future__ import annotations

import copy
import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from runs import extract, parts, rows, write

from poytakirja import errors
from poytakirja.archive import ledger
from poytakirja.archive import run as batch
from poytakirja.archive.upkeep import removal, status
from poytakirja.publish import compact, query, stored
from poytakirja.read.formats import MEDIA_TYPES
from poytakirja.report import command
from poytakirja.tables import columns
from poytakirja.tables.schema import SCHEMA_VERSION, TABLES
from poytakirja.terminal import InputError

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "docs"))
schema_lock = importlib.import_module("schema_lock")

Schema = dict[str, Any]


# ---------------------------------------------------------------- the rule


def test_the_schema_is_as_its_version_was_made_known() -> None:
    known = json.loads(schema_lock.LOCK.read_text(encoding="utf-8"))
    present = schema_lock.present()
    assert known == present, schema_lock.problem(known, present) or "docs/schema.lock.json is not current: make schema"


def column(**facts: Any) -> Schema:
    return {"type": "string", "null": True, "evident": False, "words": [], "meaning": "m", **facts}


def known() -> Schema:
    columns = {"id": column(null=False), "kind": column(words=["a", "b"]), "sum": column(type="int32")}
    return {"version": "1.2.3", "tables": {"t": {"meaning": "m", "key": ["id"], "columns": columns}}}


def of_table(new: Schema) -> Schema:
    return new["tables"]["t"]["columns"]


CHANGES: dict[str, tuple[str, Callable[[Schema], object]]] = {
    "t is gone": ("major", lambda new: new["tables"].clear()),
    "u is new": ("minor", lambda new: new["tables"].update(u={"meaning": "", "key": [], "columns": {}})),
    "t has another key": ("major", lambda new: new["tables"]["t"].update(key=["id", "kind"])),
    "t is described otherwise": ("patch", lambda new: new["tables"]["t"].update(meaning="n")),
    "t.sum is gone": ("major", lambda new: of_table(new).pop("sum")),
    "t.x is new": ("minor", lambda new: of_table(new).update(x=column())),
    "t.y is new": ("major", lambda new: of_table(new).update(y=column(null=False))),
    "t.sum is int64 and was int32": ("major", lambda new: of_table(new)["sum"].update(type="int64")),
    "t.id is now null at times": ("major", lambda new: of_table(new)["id"].update(null=True)),
    "t.sum is no more null at times": ("minor", lambda new: of_table(new)["sum"].update(null=False)),
    "t.kind has no more b": ("major", lambda new: of_table(new)["kind"].update(words=["a"])),
    "t.kind has new values c": ("minor", lambda new: of_table(new)["kind"].update(words=["a", "b", "c"])),
    "t.sum has now evidence": ("minor", lambda new: of_table(new)["sum"].update(evident=True)),
    "t.sum is described otherwise": ("patch", lambda new: of_table(new)["sum"].update(meaning="n")),
    "t has its columns in another order": ("minor", lambda new: of_table(new).update(id=of_table(new).pop("id"))),
}


@pytest.mark.parametrize(("told", "level", "change"), [(told, *rest) for told, rest in CHANGES.items()], ids=list(CHANGES))
def test_a_change_asks_for_its_version(told: str, level: str, change: Callable[[Schema], object]) -> None:
    new = copy.deepcopy(known())
    change(new)
    assert schema_lock.changes(known(), new) == [(level, told)]
    lowest = {"major": "2.0.0", "minor": "1.3.0", "patch": "1.2.4"}[level]
    refused = schema_lock.problem(known(), new)
    assert told in refused
    assert f"Raise SCHEMA_VERSION in extract/tables/columns.py to {lowest}" in refused
    assert schema_lock.problem(known(), {**new, "version": lowest}) is None
    if level != "patch":
        assert schema_lock.problem(known(), {**new, "version": "1.2.4"})


def test_the_version_rises_for_a_change_alone() -> None:
    assert schema_lock.problem(known(), known()) is None
    assert "nothing has changed" in schema_lock.problem(known(), {**known(), "version": "1.3.0"})


def test_closed_lists_are_what_begins_a_meaning() -> None:
    words = {(table.name, c.name): c.words for table in TABLES.values() for c in table.columns if c.words}
    assert words["documents", "status"] == ["ok", "partial", "failed", "duplicate"]
    assert words["documents", "media_type"] == list(MEDIA_TYPES)
    assert words["persons", "part"][-1] == "mentioned"
    assert ("documents", "error") not in words
    assert all(c.type == pa.string() for table in TABLES.values() for c in table.columns if c.words)


# ---------------------------------------------------------------- tables of another version


@pytest.fixture
def output(tmp_path: Path) -> Path:
    extract(tmp_path / "out", write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(3)}))
    return tmp_path / "out"


def aged(output: Path, version: str, without: str = "") -> Path:
    """An OUTPUT as if another version had written it, which lacked a column of ``projects``."""
    for path in output.glob("*/*.parquet"):
        table = pq.read_table(path)
        if path.parent.name == "projects" and without:
            table = table.drop_columns([without])
        pq.write_table(table.replace_schema_metadata({"schema_version": version}), path)
    for note in (output / "_run" / "ledger").iterdir():
        told = json.loads(note.read_text())
        sizes = {name: (output / name / f"{told['part']}.parquet").stat().st_size for name in told["sizes"]}
        note.write_text(json.dumps({**told, "sizes": sizes, "schema": version, "key": "old"}))
    manifest = output / "_run" / "manifest.json"
    told = json.loads(manifest.read_text())
    told["versions"]["schema"] = version
    manifest.write_text(json.dumps(told))
    return output


def test_every_file_tells_the_version(output: Path) -> None:
    for path in output.glob("*/*.parquet"):
        assert pq.read_schema(path).metadata[b"schema_version"] == SCHEMA_VERSION.encode()
    assert status.of(output)["versions"]["schema"] == SCHEMA_VERSION
    assert status.of(output)["schema"] == {"version": SCHEMA_VERSION, "readable": True, "told": ""}


@pytest.mark.parametrize("version", ["0.9.0", "3.0.0", "none"])
def test_tables_of_another_major_version_are_refused_and_left_alone(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], version: str
) -> None:
    aged(output, version)
    before = parts(output)
    said = f"schema version {version}, and this software reads {SCHEMA_VERSION}"
    assert query.run(output, "select 1") == 2
    assert said in capsys.readouterr().err
    with pytest.raises(InputError, match=said):
        stored.tables_of(output)
    assert command.run(output, tmp_path / "report", {"inputs": None, "images": False, "language": "fi", "jobs": 1}) == 2
    assert said in capsys.readouterr().err
    for refused in (lambda: compact.run(output, tmp_path / "few"), lambda: removal.remove(output, ["d1.txt"])):
        with pytest.raises(errors.UsageError, match=f"schema version {version}, not {SCHEMA_VERSION}: extract into it again"):
            refused()
    assert f"this software writes {SCHEMA_VERSION}" in status.of(output)["schema"]["told"]
    assert parts(output) == before


def test_tables_of_an_older_minor_version_lack_what_is_new(
    output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(columns, "SCHEMA_VERSION", "2.7.0")
    aged(output, "2.2.0", without="municipality_role")
    assert query.run(output, "select count(*) as n, count(municipality_role) as r, count(project_id) as p from projects") == 0
    count = len(rows(output, "projects"))
    assert capsys.readouterr().out == f"n,r,p\n{count},0,{count}\n"


@pytest.mark.parametrize(("version", "without"), [("0.9.0", "municipality_role"), ("3.0.0", "project_name"), ("none", "")])
def test_a_run_into_them_reads_all_again(output: Path, tmp_path: Path, version: str, without: str) -> None:
    before = parts(output)
    aged(output, version, without)
    assert extract(output, tmp_path / "in").read == 3
    assert parts(output) == before


def test_parts_of_another_version_go_though_the_run_ends_early(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(output, "0.9.0", without="project_name")

    def stopped(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch.local, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        extract(output, tmp_path / "in")
    assert {path.stem for path in output.glob("*/*.parquet")} == {ledger.ACROSS}


def test_make_schema_says_what_to_do() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "docs" / "schema_lock.py", "--check"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stderr) == (0, "")
