"""The tables in few large files: the same rows in the same order."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from runs import extract, parts, write

from poytakirja import errors
from poytakirja.archive import inputs as plan
from poytakirja.publish import compact
from poytakirja.tables.schema import TABLES


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(plan, "_BUCKET", 4)
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(30)}, copy="fine 3", bad="refuse")
    extract(tmp_path / "out", given)
    return tmp_path / "out"


def whole(folder: Path, table: str) -> pa.Table:
    read = [pq.read_table(path).cast(TABLES[table].schema) for path in sorted((folder / table).iterdir())]
    return pa.concat_tables(read).combine_chunks()


@pytest.mark.parametrize("rows", [7, 100_000])
def test_the_same_rows_in_fewer_files(tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(compact, "_ROWS", rows)
    before = parts(output)
    done = {told.table: told for told in compact.run(output, tmp_path / "few")}
    assert set(done) == set(TABLES) == {path.name for path in (tmp_path / "few").iterdir() if path.is_dir()}
    for table, told in done.items():
        assert whole(tmp_path / "few", table).equals(whole(output, table))
        assert told.rows == whole(output, table).num_rows
        assert [path.name for path in (tmp_path / "few" / table).iterdir()] == ["part-00000-of-00001.parquet"]
        groups = pq.ParquetFile(tmp_path / "few" / table / "part-00000-of-00001.parquet").metadata
        assert all(groups.row_group(n).num_rows <= rows for n in range(groups.num_row_groups))
    assert parts(output) == before
    assert len(before) > 4 * len(TABLES)


def test_files_keep_to_their_size(tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact, "_ROWS", 5)
    compact.run(output, tmp_path / "few", megabytes=0)
    names = sorted(path.name for path in (tmp_path / "few" / "projects").iterdir())
    assert names == [f"part-{n:05d}-of-00006.parquet" for n in range(6)]
    assert whole(tmp_path / "few", "projects").equals(whole(output, "projects"))


def test_folders_that_cannot_be_used_are_refused(tmp_path: Path, output: Path) -> None:
    for folder, said in ((tmp_path / "in", "is there already"), (output / "new", "lies in the tables")):
        with pytest.raises(errors.UsageError, match=said):
            compact.run(output, folder)
    with pytest.raises(errors.UsageError, match="holds no tables"):
        compact.run(tmp_path / "in", tmp_path / "few")
    assert not (tmp_path / "few").exists()


def test_what_a_killed_copy_left_is_no_hindrance(tmp_path: Path, output: Path) -> None:
    (tmp_path / ".few.999.new" / "projects").mkdir(parents=True)
    (tmp_path / "few").mkdir()
    compact.run(output, tmp_path / "few")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["few", "in", "out"]
