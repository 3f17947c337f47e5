"""Damage to an OUTPUT heals with the next run, or is said: parts, notes, links, strange files, runs that were cut short."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from runs import FAKE, extract, parts, rows, write

from poytakirja import errors
from poytakirja.archive import inputs as plan
from poytakirja.archive import run as batch
from poytakirja.archive.run import ReadOptions
from poytakirja.archive.upkeep import check, removal, status
from poytakirja.privacy.pseudonyms import Pseudonyms
from poytakirja.publish import compact, export, query
from poytakirja.publish.stored import tables_of
from poytakirja.terminal import InputError


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of four documents, so that a few dozen fill several; and no waiting for the disk."""
    monkeypatch.setattr(plan, "_BUCKET", 4)
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The tables of ten documents, a copy and a failed one, in four parts."""
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(10)}, copy="fine 3", bad="refuse")
    extract(tmp_path / "out", given)
    return tmp_path / "out"


def zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def part(out: Path, table: str) -> Path:
    return next(path for path in sorted((out / table).glob("part-0*")) if pq.read_metadata(path).num_rows)


# ---------------------------------------------------------------- part files


@pytest.mark.parametrize("table", ["documents", "projects", "pages"])
@pytest.mark.parametrize("harm", [zeros, lambda p: p.write_bytes(p.read_bytes()[:-9]), Path.unlink], ids=["zeros", "cut", "lost"])
def test_a_damaged_part_is_read_again(tmp_path: Path, out: Path, table: str, harm: Callable[[Path], Any]) -> None:
    before = parts(out)
    harm(part(out, table))
    assert status.of(out)["damaged_parts"] == 1
    with pytest.raises(errors.UsageError, match="parts of it are damaged"):
        compact.run(out, tmp_path / "few")
    write(tmp_path / "in", d3="fine 3")
    assert 0 < extract(out, tmp_path / "in" / "d9.txt").read < 10, "though its documents are not among the inputs"
    assert parts(out) == before
    assert status.of(out)["damaged_parts"] == 0


def test_damage_that_nobody_sees_is_found_by_check_and_repaired(out: Path) -> None:
    before = parts(out)
    assert check.check(out).problems == []
    path = part(out, "projects")
    time = path.stat().st_mtime_ns
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(time, time))
    assert status.of(out)["damaged_parts"] == 0
    found = check.check(out)
    assert found.parts == [path.stem]
    repaired = batch.repair(out, batch.Options(2, reading=FAKE))
    assert repaired.changed > 0
    assert check.check(out).problems == []
    assert parts(out) == before


def test_a_copied_output_is_whole(out: Path) -> None:
    for path in out.glob("*/*.parquet"):
        os.utime(path, (1, 1))
    assert (status.of(out)["damaged_parts"], extract(out, out.parent / "in").read) == (0, 0)


@pytest.mark.parametrize("lost", ["copy", "d0"], ids=["an original", "another"])
def test_documents_of_a_damaged_part_that_are_gone_are_not_dropped_in_silence(tmp_path: Path, out: Path, lost: str) -> None:
    source = f"{tmp_path}/in/{lost}.txt"
    damaged = next(path for path in (out / "_run" / "ledger").glob("part-0*") if source in path.read_text())
    (out / "projects" / f"{damaged.stem}.parquet").unlink()
    Path(source).unlink()
    other = write(tmp_path / "other", x="fine x")
    with pytest.raises(errors.UsageError, match="damaged or of an older version, and their files are not where they were"):
        extract(out, other)
    removal.remove(out, [source])
    extract(out, other)
    assert len(rows(out, "documents")) == 12


# ---------------------------------------------------------------- notes, strange files, bad entries


@pytest.mark.parametrize("content", [b"", b"[1", b'{"x": 1}'], ids=["empty", "cut", "other"])
def test_notes_that_are_damaged_stop_nothing(out: Path, tmp_path: Path, content: bytes) -> None:
    before = parts(out)
    notes = [out / "_run" / name for name in ("manifest.json", "remote.json", "summary.json", "begun/part-00000-of-00004.json")]
    notes.append(next((out / "_run" / "ledger").iterdir()))
    for note in notes:
        note.parent.mkdir(exist_ok=True)
        note.write_bytes(content)
    assert status.of(out)["state"] == "damaged"
    assert extract(out, tmp_path / "in").exit_code == 3
    assert parts(out) == before


def test_files_of_others_stop_nothing_and_stay(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [".DS_Store", "projects/._part-00000-of-00004.parquet", "projects/.DS_Store", "projects/mine.txt"]
    names += [
        "_run/ready/.DS_Store",
        "_run/ledger/.DS_Store",
        "_run/ledger/._part.json",
        "_run/begun/.x",
        "_run/removed/.DS_Store",
    ]
    for name in names:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("x")
    write(tmp_path / "in", new="fine new")
    assert extract(out, tmp_path / "in").new == 1
    assert query.run(out, "select count(*) from projects") == 0
    assert export.run(out, "csv", tmp_path / "csv") == 0
    assert removal.remove(out, [f"{tmp_path}/in/new.txt"]) == [f"{tmp_path}/in/new.txt"]
    assert [name for name in names if not (out / name).exists()] == []
    assert check.check(out).problems == ["projects/mine.txt: is no part of the table; programs may take it for one"]
    capsys.readouterr()


def test_a_bad_entry_of_a_folder_has_its_row(tmp_path: Path) -> None:
    given = write(tmp_path / "in", a="fine")
    (given / "self.txt").symlink_to("self.txt")
    (given / "round").symlink_to("round")
    summary = extract(tmp_path / "out", given)
    assert {Path(f.source).name: f.code for f in summary.failures} == {"self.txt": "unreadable", "round": "unreadable"}
    assert summary.documents == {"failed": 2, "ok": 1}


# ---------------------------------------------------------------- cut short


def test_names_that_a_run_cut_short_was_to_hide_are_not_published(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = ReadOptions("faults:read", persons=Pseudonyms("drop"))
    local = batch.local.run

    def cut_short(*args: Any) -> Any:
        yield next(iter(local(*args)))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(batch.local, "run", cut_short)
        with pytest.raises(KeyboardInterrupt):
            extract(out, tmp_path / "in", reading=hidden)
    assert status.of(out)["state"] == "interrupted"
    with pytest.raises(InputError, match=r"the run with --persons drop has not ended, and .* documents show names"):
        tables_of(out)
    assert (query.run(out, "select 1"), export.run(out, "csv", tmp_path / "csv")) == (2, 2)
    extract(out, tmp_path / "in", reading=hidden)
    assert len(tables_of(out)) > 10
    capsys.readouterr()


def test_what_prune_kept_goes_when_names_are_to_be_hidden(out: Path, tmp_path: Path) -> None:
    (tmp_path / "in" / "d1.txt").unlink()
    extract(out, tmp_path / "in", prune=True, sure=True)
    assert status.of(out)["removed"] == 1
    extract(out, tmp_path / "in", reading=ReadOptions("faults:read", persons=Pseudonyms("drop")))
    assert status.of(out)["removed"] == 0
