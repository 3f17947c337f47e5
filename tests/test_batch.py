"""Batches: what is planned, that nothing a document does harms another, and that what stands in OUTPUT is whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import faults
import pyarrow.parquet as pq
import pytest

from extract import batch, plan
from extract.batch import Options, Summary
from extract.engines import isolate
from extract.engines.isolate import Pool
from extract.engines.worker import Limits
from extract.schema import TABLES

LIMITS = Limits(seconds=2, memory_mb=400)


def write(folder: Path, **texts: str) -> Path:
    """Text files by their stems; ``__`` stands for a folder."""
    for stem, text in texts.items():
        path = folder / (stem.replace("__", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def extract(out: Path, *inputs: Path | str, jobs: int = 2, limits: Limits = LIMITS, work: str = "faults:read") -> Summary:
    return batch.run([str(given) for given in inputs], out, Options(jobs, limits, work))


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = pq.read_table(out / table).to_pylist()
    return result


def parts(out: Path) -> dict[str, str]:
    """The hash of every part file."""
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in out.glob("*/*.parquet")}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of four documents, so that a few dozen fill several."""
    monkeypatch.setattr(plan, "_BUCKET", 4)


# ---------------------------------------------------------------- what is planned


def sources(*inputs: Path | str, out: Path | str = "/nowhere/out") -> list[str]:
    return [f.source for f in plan.make([str(given) for given in inputs], Path(out)).files]


def test_folders_are_searched_and_others_counted(tmp_path: Path) -> None:
    for name in ("b.txt", "A.PDF", "sub/c.Txt", "note.docx", ".hidden.txt", ".git/d.txt", "sub/README", "txt"):
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
    with pytest.raises(plan.UsageError, match="both INPUT and OUTPUT"):
        extract(tmp_path / "out", tmp_path / "out")


def test_odd_names_stay_apart_and_can_be_written(tmp_path: Path) -> None:
    names = [b"p\xf6yt\xe4.txt", b"line\nend.txt", "ä".encode() * 125 + b".txt", rb"p\xf6yt\xe4.txt"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"fine " + name.replace(b"\xf6", b"o").replace(b"\xe4", b"a"))
    extract(tmp_path / "out", tmp_path, work="faults:extraction")
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

HARM = {
    "wait": "timeout",
    "crash": "crashed",
    "exit": "crashed",
    "kill": "crashed",
    "eat": "out_of_memory",
    "gulp": "out_of_memory",
    "raise": "internal",
    "panic": "internal",
    "refuse": "encrypted",
    "invent": "broken",
}


def test_harm_costs_its_own_document_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "good", **{f"g{n}": f"fine {n}" for n in range(6)}, talk="talk", partly="partly")
    write(tmp_path / "bad", **{word: word for word in HARM})
    extract(tmp_path / "alone", tmp_path / "good")
    summary = extract(tmp_path / "both", tmp_path / "bad", tmp_path / "good")
    failed = {Path(f.source).stem: f for f in summary.failures}
    assert {word: f.code for word, f in failed.items()} == HARM | {"partly": "no_text_layer"}
    assert all(f.error for f in failed.values())
    assert "KeyError: 'on purpose, with <object object at 0x…>' in faults.py" in failed["raise"].error
    for table in TABLES:
        unharmed = [r for r in rows(tmp_path / "both", table) if "/bad/" not in r.get("source", "")]
        assert unharmed == rows(tmp_path / "alone", table)
    assert capfd.readouterr() == ("", "")


def test_a_document_that_changes_meanwhile_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="fine")
    make = plan.make

    def make_and_change(*args: Any) -> plan.Plan:
        planned = make(*args)
        write(tmp_path, a="fine no more")
        return planned

    monkeypatch.setattr(plan, "make", make_and_change)
    assert [f.code for f in extract(tmp_path / "out", tmp_path).failures] == ["unreadable"]


def test_a_reader_that_is_not_there_is_told_for_every_document(tmp_path: Path) -> None:
    write(tmp_path, a="fine", b="fine too")
    summary = extract(tmp_path / "out", tmp_path, work="faults:nobody")
    assert [(f.code, "AttributeError" in f.error) for f in summary.failures] == [("internal", True)] * 2


def test_a_worker_that_dies_waiting_costs_nothing(tmp_path: Path) -> None:
    write(tmp_path, a="fine", b="fine too")
    first, second = plan.make([str(tmp_path)], tmp_path / "out").files
    pool = Pool(1, LIMITS, "faults:read")

    def files() -> Iterator[plan.File]:
        yield first
        process = pool._workers[0].process
        process.kill()
        process.join()
        yield second

    assert [(file, outcome.status) for file, outcome in pool.run(files())] == [(first, "ok"), (second, "ok")]


def test_workers_that_cannot_start_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", a="fine")
    monkeypatch.setattr(isolate, "serve", faults.serve_nobody)
    with pytest.raises(RuntimeError, match=r"no worker starts \(exit code 3\)"):
        extract(tmp_path / "out", tmp_path / "in")
    assert not parts(tmp_path / "out")


# ---------------------------------------------------------------- determinism


@pytest.mark.usefixtures("few")
def test_any_number_of_jobs_gives_the_same_bytes(tmp_path: Path) -> None:
    write(
        tmp_path / "in", **{f"d{n}": f"fine {n % 25}\nhere" for n in range(30)}, slow="slow", bad="raise", worse="crash", void=""
    )
    found = []
    for name, jobs, recycle in (("a", 1, 100), ("b", 2, 100), ("c", 3, 2), ("c", 2, 100)):
        summary = extract(tmp_path / name, tmp_path / "in", jobs=jobs, limits=Limits(seconds=20, recycle=recycle))
        found.append(parts(tmp_path / name))
        assert summary.documents == {"ok": 26, "duplicate": 5, "failed": 3}
    assert found[0] == found[1] == found[2] == found[3]
    assert sum(p.startswith("documents/") for p in found[0]) == 16


@pytest.mark.usefixtures("few")
def test_a_bucket_holds_its_documents_in_order(tmp_path: Path) -> None:
    write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(20)})
    extract(tmp_path / "out", tmp_path / "in")
    seen = []
    for part in sorted((tmp_path / "out" / "documents").iterdir()):
        of_part = pq.read_table(part)["source"].to_pylist()
        projects = pq.read_table(tmp_path / "out" / "projects" / part.name)["document_id"].to_pylist()
        assert of_part == sorted(of_part)
        assert projects == pq.read_table(part)["document_id"].to_pylist()
        seen += of_part
    assert sorted(seen) == sources(tmp_path / "in")
    planned = plan.make([str(tmp_path / "in")], tmp_path / "out")
    assert planned.bucket(seen[0]) == 0
    links = rows(tmp_path / "out", "project_links")
    assert all(r["project_key"] == r["project_id"] for r in links)
    source_of = {r["document_id"]: r["source"] for r in rows(tmp_path / "out", "documents")}
    in_order = sorted(rows(tmp_path / "out", "projects"), key=lambda r: source_of[r["document_id"]])
    assert [r["project_id"] for r in links] == [r["project_id"] for r in in_order]


# ---------------------------------------------------------------- the output


def test_a_run_replaces_an_earlier_one_whole(tmp_path: Path) -> None:
    write(tmp_path / "one", a="fine a", b="fine b")
    write(tmp_path / "two", b="fine b")
    extract(tmp_path / "out", tmp_path / "one")
    (tmp_path / "out" / "projects" / "stale.parquet").write_bytes(b"")
    extract(tmp_path / "out", tmp_path / "two")
    extract(tmp_path / "fresh", tmp_path / "two")
    assert parts(tmp_path / "out") == parts(tmp_path / "fresh")
    manifest = json.loads((tmp_path / "out" / "_run" / "manifest.json").read_text())
    assert (manifest["state"], manifest["documents"]) == ("complete", 1)
    assert not (tmp_path / "out" / "_run" / "staged").exists()


def test_nothing_to_read_gives_empty_tables(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".gitkeep").touch()
    assert extract(tmp_path / "out", tmp_path / "in").exit_code == 0
    assert {name: rows(tmp_path / "out", name) for name in TABLES} == {name: [] for name in TABLES}


def test_a_run_that_dies_while_it_commits_shows_nothing_partial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever step of putting in place is the last: where there are rows of ``documents``, they and all facts are of one run."""
    write(tmp_path / "in" / "old", a="fine a", b="fine b")
    write(tmp_path / "in" / "new", b="fine b", c="fine c")
    for name in ("old", "new"):
        extract(tmp_path / name, tmp_path / "in" / name)
    (tmp_path / "old" / "projects" / "stale.parquet").write_bytes(b"")
    old, new = parts(tmp_path / "old"), parts(tmp_path / "new")
    left = 0

    def limited(step: Callable[..., None]) -> Callable[..., None]:
        def limited_step(*args: Any, **options: Any) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError(28, "No space left on device")
            step(*args, **options)

        return limited_step

    monkeypatch.setattr(os, "replace", limited(os.replace))
    monkeypatch.setattr(Path, "unlink", limited(Path.unlink))
    seen = set()
    for steps in range(100):
        out = tmp_path / f"out{steps}"
        shutil.copytree(tmp_path / "old", out)
        staged = out / "_run" / "staged"
        for name in TABLES:
            shutil.copytree(tmp_path / "new" / name, staged / name)
        (staged / "ledger").mkdir()
        left = steps
        try:
            batch._put_in_place(out, staged, {})
        except OSError:
            stood = parts(out)
            assert stood in (old, new) or not any(p.startswith("documents/") for p in stood)
            seen.add("old" if stood == old else "new" if stood == new else "none")
        else:
            break
    assert parts(out) == new
    assert steps > len(TABLES)
    assert seen == {"old", "new", "none"}


def test_two_runs_do_not_write_one_output(tmp_path: Path) -> None:
    write(tmp_path / "in", a="fine")
    extract(tmp_path / "out", tmp_path / "in")
    before = parts(tmp_path / "out")
    with batch._hold(tmp_path / "out"), pytest.raises(plan.UsageError, match=f"process {os.getpid()} is writing it"):
        extract(tmp_path / "out", tmp_path / "in")
    assert parts(tmp_path / "out") == before


INTERRUPTED = """
import functools, sys
from extract import batch, cli
from extract.engines import isolate
from extract.engines.isolate import Pool
from extract.engines.worker import Limits
batch.Options = functools.partial(batch.Options, work="faults:read")
sys.argv = ["poytakirja", "extract", sys.argv[1], "--out", sys.argv[2], "--jobs", "2"]
cli.main()
"""


def descendants(pid: int) -> set[int]:
    """The processes below one."""
    of = {
        int(p.name): int(p.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
        for p in Path("/proc").glob("[0-9]*")
        if p.exists()
    }
    found = {pid}
    while grown := {child for child, parent in of.items() if parent in found} - found:
        found |= grown
    return found - {pid}


def wait_until(true: Callable[[], Any]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass within 30 seconds")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command on a document that hangs, over the tables of an earlier run."""
    write(tmp_path / "one", a="fine a")
    write(tmp_path / "two", b="fine b", c="wait")
    extract(tmp_path / "out", tmp_path / "one")
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "two"), str(tmp_path / "out")]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_ctrl_c_ends_it_cleanly(tmp_path: Path, running: subprocess.Popen[str]) -> None:
    before = parts(tmp_path / "out")
    wait_until(lambda: (tmp_path / "out" / "_run" / "staged" / "manifest.json").exists() and len(descendants(running.pid)) >= 3)
    time.sleep(0.5)
    workers = descendants(running.pid)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    assert errors == f"poytakirja: interrupted: {tmp_path}/out is as it was before\n"
    assert parts(tmp_path / "out") == before
    assert not (tmp_path / "out" / "_run" / "staged").exists()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
