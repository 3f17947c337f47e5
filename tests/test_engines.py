"""What every engine must do, driven by one suite: this machine, and a dask cluster of two worker processes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from runs import TIGHT, command, descendants, extract, kill, parts, rows, wait_until, whole, write

from poytakirja.archive import inputs as plan
from poytakirja.archive.engines import EngineError, dask
from poytakirja.archive.run import ReadOptions
from poytakirja.archive.upkeep import status
from poytakirja.rules.vocabulary_tables.own_tables import CustomRules
from poytakirja.tables import versions
from poytakirja.tables.schema import TABLES

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")

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


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dask scheduler with two worker processes, all on loopback."""
    home = tmp_path_factory.mktemp("dask")
    told = ["--scheduler-file", str(home / "scheduler.json"), "--no-dashboard"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}

    def start(*words: str) -> subprocess.Popen[bytes]:
        run = [sys.executable, "-m", *words, *told]
        return subprocess.Popen(run, env=env, cwd=home, stderr=subprocess.DEVNULL, start_new_session=True)

    with ExitStack() as stack:
        for words in (
            ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"],
            ["distributed.cli.dask_worker", "--nworkers", "2", "--nthreads", "1", "--host", "127.0.0.1"],
        ):
            process = stack.enter_context(start(*words))
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, signal.SIGTERM)
        told_at = home / "scheduler.json"
        wait_until(lambda: told_at.exists() and told_at.read_text().rstrip().endswith("}"), 60)  # written whole
        yield json.loads(told_at.read_text())["address"]


@pytest.fixture(params=["local", "dask"])
def engine(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The options of each engine."""
    if request.param == "local":
        return {"engine": "local"}
    return {"engine": "dask", "scheduler": request.getfixturevalue("cluster")}


def flags(engine: dict[str, Any]) -> list[str]:
    return [word for name, value in engine.items() for word in (f"--{name}", value)]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of four documents, so that a few dozen fill several."""
    monkeypatch.setattr(plan, "_BUCKET", 4)


# ---------------------------------------------------------------- isolation


def test_harm_costs_its_own_document_alone(tmp_path: Path, engine: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "good", **{f"g{n}": f"fine {n}" for n in range(6)}, talk="talk", partly="partly")
    write(tmp_path / "bad", **{word: word for word in HARM})
    (tmp_path / "bad" / "scrap.pdf").write_bytes(b"\xff scrap")
    extract(tmp_path / "alone", tmp_path / "good")
    summary = extract(tmp_path / "both", tmp_path / "bad", tmp_path / "good", limits=TIGHT, **engine)
    failed = {Path(f.source).stem: f for f in summary.failures}
    assert {word: f.code for word, f in failed.items()} == HARM | {"partly": "no_text_layer", "scrap": "internal"}
    assert all(f.error for f in failed.values())
    assert "KeyError: 'on purpose, with <object object at 0x…>' in faults.py" in failed["raise"].error
    assert summary.again == 0
    in_order = {"key": lambda row: json.dumps(row, default=str)}
    for table in TABLES:
        unharmed = [r for r in rows(tmp_path / "both", table) if "/bad/" not in r.get("source", "")]
        assert sorted(unharmed, **in_order) == sorted(rows(tmp_path / "alone", table), **in_order)
    assert capfd.readouterr() == ("", "")


def test_a_worker_that_is_killed_costs_the_document_in_its_hand(tmp_path: Path, engine: dict[str, Any]) -> None:
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(9)}, victim=f"tell {tmp_path}/pid")
    out = tmp_path / "out"
    with command("extract", given, "--out", out, "--quiet", *flags(engine)) as process:
        wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "in/victim.txt: failed (crashed): the reader's process died (SIGKILL)" in said
    assert len(said.splitlines()) == 1
    assert status.of(out)["documents"] == {"failed": 1, "ok": 9}


# ---------------------------------------------------------------- the same bytes, whatever happens


def test_engines_give_the_same_bytes(tmp_path: Path, cluster: str) -> None:
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n % 25}\nhere" for n in range(30)}, bad="raise", worse="crash", void="")
    own = ReadOptions("faults:read", rules=CustomRules.of({"funders": "code,form,match,name\nMUU,Kylärahasto,stem,Kylärahasto"}))
    for name, chosen in (("local", {}), ("dask", {"engine": "dask", "scheduler": cluster})):
        summary = extract(tmp_path / name, given, reading=own, **chosen)
        assert (summary.read, summary.documents) == (27, {"ok": 25, "duplicate": 5, "failed": 3})
    assert parts(tmp_path / "local") == parts(tmp_path / "dask")
    used = {row["rules_version"] for row in rows(tmp_path / "dask", "documents")}
    assert used == {versions.versions(own.rules.version).rules}


def test_killed_at_random_moments_and_resumed_it_gives_the_same_bytes(tmp_path: Path, engine: dict[str, Any]) -> None:
    """KILLS=20 for more of them."""
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(12)}, copy="fine 3", bad="raise", worse="crash")
    write(given, **{f"s{n}": f"slow {n}" for n in range(40)})
    extract(tmp_path / "whole", given)
    chance, committed, out = random.Random(7), [0], tmp_path / "out"
    token = out / "_run" / "token"
    for number in range(int(os.environ.get("KILLS", "5"))):
        before = token.read_text() if token.exists() else None
        with command("extract", given, "--out", out, "--jobs", "2", *flags(engine)) as process:
            wait_until(lambda before=before: token.exists() and token.read_text() != before)
            if number % 2:  # not before it has come further than the last one
                wait_until(lambda: process.poll() is not None or status.of(out)["committed"] > committed[-1])
            time.sleep(chance.uniform(0, 1))
            kill(process)
        if (out / "_run" / "manifest.json").exists():
            committed.append(status.of(out)["committed"])
            if any((out / "documents").glob("*.parquet")):
                whole(out, tmp_path / "whole")
    summary = extract(out, given, **engine)
    assert parts(out) == parts(tmp_path / "whole")
    assert summary.unchanged + summary.new + summary.changed == 55
    assert committed == sorted(committed)
    assert committed[-1] > 0
    assert status.of(out)["state"] == "complete"


# ---------------------------------------------------------------- the cluster's own ways to fail


def test_a_machine_that_dies_has_its_shard_read_by_another(tmp_path: Path, cluster: str) -> None:
    given = write(tmp_path / "in", **{f"d{n}": f"fine {n}" for n in range(9)}, victim=f"once {tmp_path}/pid")
    out = tmp_path / "out"
    with command("extract", given, "--out", out, "--engine", "dask", "--scheduler", cluster, "--json") as process:
        wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        os.kill(_dask_worker_of(int((tmp_path / "pid").read_text())), signal.SIGKILL)
        said, _ = process.communicate(timeout=60)
    summary = json.loads(said)
    assert (process.returncode, summary["documents"]) == (0, {"ok": 10})
    assert 0 < summary["again"] < 10
    extract(tmp_path / "whole", given)
    assert parts(out) == parts(tmp_path / "whole")


def _dask_worker_of(pid: int) -> int:
    """The worker of the cluster that a reader's process belongs to."""
    for stat in Path("/proc").glob("[0-9]*/cmdline"):
        other = int(stat.parent.name)
        if b"spawn_main" in stat.read_bytes() and pid in descendants(other):
            return other
    raise AssertionError(f"no dask worker above {pid}")


REFUSALS: dict[str, tuple[Callable[[Path, pytest.MonkeyPatch], Any], str]] = {
    "output not shared": (lambda d, _: (d / "out" / "_run" / "token").unlink(), "does not see .*out: put OUTPUT on storage"),
    "inputs not shared": (lambda d, _: (d / "in" / "a.txt").unlink(), "does not see .*a.txt: put the inputs on storage"),
    "another version": (lambda _, patch: patch.setattr(dask.ledger, "key", lambda _: "other"), "another version of poytakirja"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_machine_unlike_the_others_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    write(tmp_path / "in", a="fine")
    spoil, said = REFUSALS[case]

    class Cluster:
        @staticmethod
        def run(shards: Any, job: Any, _: str) -> Iterator[Any]:
            spoil(tmp_path, monkeypatch)
            yield dask.read(shards[0], job)

    with monkeypatch.context() as patch:
        patch.setattr(dask, "run", Cluster.run)
        with pytest.raises(EngineError, match=said):
            extract(tmp_path / "out", tmp_path / "in", engine="dask", scheduler="tcp://127.0.0.1:1")


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "_CONNECT_SECONDS", 1)
    with pytest.raises(EngineError, match=r"tcp://127\.0\.0\.1:1: no dask scheduler answers"):
        extract(tmp_path / "out", write(tmp_path / "in", a="fine"), engine="dask", scheduler="tcp://127.0.0.1:1")
