"""Batches: what is planned, that nothing a document does harms another, and that the same input gives the same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faults
import pyarrow.parquet as pq
import pytest
from runs import FAKE, LIMITS, extract, parts, rows, write

from poytakirja import errors
from poytakirja.archive import inputs as plan
from poytakirja.archive.engines import EngineError
from poytakirja.archive.engines import process_pool as isolate
from poytakirja.archive.engines.process_pool import Pool
from poytakirja.archive.run import Limits, ReadOptions


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of four documents, so that a few dozen fill several."""
    monkeypatch.setattr(plan, "_BUCKET", 4)


# ---------------------------------------------------------------- what is planned


def sources(*inputs: Path | str, out: Path | str = "/nowhere/out") -> list[str]:
    return [f.source for f in plan.make([str(given) for given in inputs], Path(out)).files]


def test_folders_are_searched_and_others_counted(tmp_path: Path) -> None:
    for name in ("b.txt", "A.PDF", "sub/c.Txt", "note.xlsx", ".hidden.txt", ".git/d.txt", "sub/README", "txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    planned = plan.make([f"{tmp_path}/"], tmp_path / "out")
    assert [f.source for f in planned.files] == [f"{tmp_path}/{name}" for name in ("A.PDF", "b.txt", "sub/c.Txt")]
    assert planned.others == 4


def test_the_path_as_given_names_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a__x="one", y="two")
    monkeypatch.chdir(tmp_path)
    assert sources("a", "y.txt") == ["a/x.txt", "y.txt"]
    assert sources(".") == ["./a/x.txt", "./y.txt"]
    assert sources("a", "a/x.txt", "./a", tmp_path / "a") == [min(f"{tmp_path}/a/x.txt", "./a/x.txt")]


def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path / "in", z__x="one")
    (tmp_path / "in" / "a").symlink_to(tmp_path / "in" / "z")
    (tmp_path / "in" / "z" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "away").mkdir()
    write(tmp_path / "away", w="two")
    (tmp_path / "in" / "elsewhere").symlink_to(tmp_path / "away")
    assert sources(tmp_path / "in") == [f"{tmp_path}/in/elsewhere/w.txt", f"{tmp_path}/in/z/x.txt"]


def test_the_output_is_no_input(tmp_path: Path) -> None:
    write(tmp_path, x="fine one", out__sly="fine two")
    (tmp_path / "out" / "sly.txt").rename(tmp_path / "out" / ".keep")
    extract(tmp_path / "out", tmp_path)
    write(tmp_path / "out", sly="fine three")
    assert sources(tmp_path, out=tmp_path / "out") == [f"{tmp_path}/x.txt"]
    with pytest.raises(errors.UsageError, match="both INPUT and OUTPUT"):
        extract(tmp_path / "out", tmp_path / "out")


def test_odd_names_stay_apart_and_can_be_written(tmp_path: Path) -> None:
    names = [b"p\xf6yt\xe4.txt", b"line\nend.txt", "ä".encode() * 125 + b".txt", rb"p\xf6yt\xe4.txt"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"fine " + name.replace(b"\xf6", b"o").replace(b"\xe4", b"a"))
    extract(tmp_path / "out", tmp_path, reading=ReadOptions("faults:extraction"))
    found = [r["source"].rpartition("/")[2] for r in rows(tmp_path / "out", "documents")]
    assert found == sorted(["line\nend.txt", "ä" * 125 + ".txt", r"p\xf6yt\xe4.txt", r"p\xf6yt\xe4.txt'"])


def test_what_cannot_be_opened_has_a_row(tmp_path: Path) -> None:
    write(tmp_path, good="fine")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.pdf").symlink_to(tmp_path / "nowhere.pdf")
    (tmp_path / "void.txt").touch()
    (tmp_path / "copy.txt").touch()
    summary = extract(tmp_path / "out", tmp_path)
    found = {Path(f.source).name: f.code for f in summary.failures}
    assert found == {"pipe.txt": "unreadable", "gone.pdf": "unreadable", "void.txt": "empty", "copy.txt": "empty"}
    assert summary.exit_code == 3


# ---------------------------------------------------------------- duplicates


def test_the_first_source_is_the_original(tmp_path: Path) -> None:
    write(tmp_path, b="fine same", a__z="fine same", c="fine other", d="refuse", e="refuse", f="partly")
    (tmp_path / "g.txt").write_text("partly")
    (tmp_path / "0.md").write_text("fine same")
    extract(tmp_path / "out", tmp_path, tmp_path / "0.md")
    found = {Path(r["source"]).name: r for r in rows(tmp_path / "out", "documents")}
    status = {name: r["status"] for name, r in found.items()}
    same, partial = found["z.txt"]["document_id"], found["f.txt"]["document_id"]
    duplicates = dict.fromkeys(("b.txt", "0.md", "g.txt"), "duplicate")
    failed = dict.fromkeys(("d.txt", "e.txt"), "failed")
    assert status == {"z.txt": "ok", "c.txt": "ok", "f.txt": "partial", **duplicates, **failed}
    assert {name: r["duplicate_of"] for name, r in found.items() if r["duplicate_of"]} == {
        "b.txt": same,
        "0.md": same,
        "g.txt": partial,
    }
    assert all(r["document_id"] is None for name, r in found.items() if status[name] in ("duplicate", "failed"))
    assert found["e.txt"]["error_code"] == "encrypted"
    assert found["e.txt"]["sha256"] == found["d.txt"]["sha256"]
    assert len(rows(tmp_path / "out", "pages")) == 3


# ---------------------------------------------------------------- isolation


def test_a_document_that_changes_meanwhile_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="fine")
    hashed = plan.hashed

    def hash_and_change(*args: Any) -> plan.Hashed:
        found = hashed(*args)
        write(tmp_path, a="fine no more")
        return found

    monkeypatch.setattr(plan, "hashed", hash_and_change)
    assert [f.code for f in extract(tmp_path / "out", tmp_path).failures] == ["unreadable"]


def test_a_reader_that_is_not_there_is_told_for_every_document(tmp_path: Path) -> None:
    write(tmp_path, a="fine", b="fine too")
    summary = extract(tmp_path / "out", tmp_path, reading=ReadOptions("faults:nobody"))
    assert [(f.code, "AttributeError" in f.error) for f in summary.failures] == [("internal", True)] * 2


def test_a_worker_that_dies_waiting_costs_nothing(tmp_path: Path) -> None:
    write(tmp_path, a="fine", b="fine too")
    first, second = plan.make([str(tmp_path)], tmp_path / "out").files
    pool = Pool(1, LIMITS, FAKE)

    def files() -> Iterator[sources.File]:
        yield first
        process = pool._workers[0].process
        process.kill()
        process.join()
        yield second

    assert [(file, outcome.status) for file, outcome in pool.run(files())] == [(first, "ok"), (second, "ok")]


def test_workers_that_cannot_start_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", a="fine")
    monkeypatch.setattr(isolate, "serve", faults.serve_nobody)
    with pytest.raises(EngineError, match=r"no worker starts \(exit code 3\)"):
        extract(tmp_path / "out", tmp_path / "in")
    across = ("findings", "project_links", "projects_latest")
    assert set(parts(tmp_path / "out")) == {f"{name}/part-across.parquet" for name in across}


# ---------------------------------------------------------------- determinism


@pytest.mark.usefixtures("few")
def test_any_number_of_jobs_gives_the_same_bytes(tmp_path: Path) -> None:
    write(
        tmp_path / "in", **{f"d{n}": f"fine {n % 25}\nhere" for n in range(30)}, slow="slow", bad="raise", worse="crash", void=""
    )
    found = []
    for name, jobs, recycle in (("a", 1, 100), ("b", 2, 100), ("c", 3, 2), ("c", 2, 1)):
        summary = extract(tmp_path / name, tmp_path / "in", jobs=jobs, limits=Limits(seconds=20, recycle=recycle))
        found.append(parts(tmp_path / name))
        assert summary.documents == {"ok": 26, "duplicate": 5, "failed": 3}
    assert found[0] == found[1] == found[2] == found[3]
    assert sum(p.startswith("documents/part-0") for p in found[0]) == 16


@pytest.mark.usefixtures("few")
def test_a_bucket_holds_its_documents_in_order(tmp_path: Path) -> None:
    write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(20)})
    extract(tmp_path / "out", tmp_path / "in")
    buckets = plan.make([str(tmp_path / "in")], tmp_path / "out").buckets
    seen = []
    for part in sorted((tmp_path / "out" / "documents").iterdir()):
        of_part = pq.read_table(part)["source"].to_pylist()
        projects = pq.read_table(tmp_path / "out" / "projects" / part.name)["document_id"].to_pylist()
        assert of_part == sorted(of_part)
        assert projects == pq.read_table(part)["document_id"].to_pylist()
        assert {plan.part_name(plan.bucket_of(source, buckets), buckets) for source in of_part} <= {
            part.stem
        }  # none, where it is empty
        seen += of_part
    assert sorted(seen) == sources(tmp_path / "in")
    links = rows(tmp_path / "out", "project_links")
    assert [r["project_key"] for r in links] == [r["project_id"] for r in links]
    assert {r["project_id"] for r in links} == {r["project_id"] for r in rows(tmp_path / "out", "projects")}
