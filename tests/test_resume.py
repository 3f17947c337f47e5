"""Archives over time: runs go on where the last one ended, whatever ended it, and nothing is lost, shown half or read twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest
from runs import FAKE, LIMITS, command, descendants, extract, parts, replace_all, rows, wait_until, whole, write

from poytakirja import errors
from poytakirja.archive import inputs as plan
from poytakirja.archive import ledger
from poytakirja.archive.output_folder import OutputFolder, Superseded
from poytakirja.archive.run import Limits, Options, ReadOptions, preview
from poytakirja.archive.upkeep import removal, status
from poytakirja.privacy.pseudonyms import Pseudonyms
from poytakirja.tables.schema import TABLES

proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of four documents, so that a few dozen fill several; and no waiting for the disk."""
    monkeypatch.setattr(plan, "_BUCKET", 4)
    monkeypatch.setattr(os, "fsync", lambda _: None)


def archive(folder: Path, *numbers: int) -> Path:
    return write(folder, **{f"d{n}": f"fine {n}" for n in numbers})


def batch_options(**options: Any) -> Options:
    return Options(**{"reading": FAKE, "limits": LIMITS, **options})


def written_at(output: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in output.glob("*/*.parquet")}


# ---------------------------------------------------------------- what is read again


def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    given = archive(tmp_path / "in", *range(10))
    write(given, copy="fine 3", bad="refuse", void="", half="partly")
    first = extract(tmp_path / "out", given)
    before, written = parts(tmp_path / "out"), written_at(tmp_path / "out")
    again = extract(tmp_path / "out", given)
    assert (first.read, first.new, again.read, again.unchanged) == (12, 14, 0, 14)
    assert parts(tmp_path / "out") == before
    assert written_at(tmp_path / "out") == written, "nor linked again"
    assert (again.documents, again.rows, again.failures) == (first.documents, first.rows, first.failures)
    assert again.documents == {"duplicate": 1, "failed": 2, "ok": 10, "partial": 1}


CHANGES: dict[str, tuple[Callable[[Path], Any], int, int]] = {
    "a document is added": (lambda d: archive(d, 10), 1, 0),
    "a document has changed": (lambda d: write(d, d3="fine new"), 1, 0),
    "a document is gone": (lambda d: (d / "d3.txt").unlink(), 0, 1),
    "a failed one is mended": (lambda d: write(d, bad="fine now"), 1, 0),
    "a copy comes, later in order": (lambda d: write(d, e="fine 3"), 0, 0),
    "a copy comes, earlier in order": (lambda d: write(d, a="fine 3"), 1, 0),
    "an original goes, its copy stays": (lambda d: (d / "d5.txt").unlink(), 1, 1),
    "a failed one's copy comes": (lambda d: write(d, worse="refuse"), 0, 0),
    "a file is emptied": (lambda d: write(d, d3=""), 0, 0),
    "it grows over the bound of its buckets": (lambda d: archive(d, *range(10, 30)), 20, 0),
    "it shrinks below that": (lambda d: [(d / f"d{n}.txt").unlink() for n in range(5)], 0, 5),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_later_run_with_prune_gives_what_a_fresh_one_would(tmp_path: Path, change: str) -> None:
    given = archive(tmp_path / "in", *range(10))
    write(given, bad="refuse", d5copy="fine 5")
    extract(tmp_path / "out", given)
    alter, read, gone = CHANGES[change]
    alter(given)
    summary = replace_all(tmp_path / "out", given)
    fresh = extract(tmp_path / "fresh", given)
    assert (summary.read, summary.removed) == (read, gone)
    assert (summary.documents, summary.rows, summary.failures) == (fresh.documents, fresh.rows, fresh.failures)
    assert parts(tmp_path / "out") == parts(tmp_path / "fresh")


def test_failed_ones_are_read_again_on_request(tmp_path: Path) -> None:
    given = write(tmp_path / "in", a="fine", b="wait", c="refuse", copy="refuse", void="")
    assert extract(tmp_path / "out", given, limits=Limits(seconds=3)).read == 3
    assert extract(tmp_path / "out", given, limits=Limits(seconds=4)).read == 0
    retried = extract(tmp_path / "out", given, limits=Limits(seconds=4), retry_failed=True)
    assert retried.read == 2
    assert "not read within 4 seconds" in next(f.error for f in retried.failures if f.code == "timeout")


def test_another_manner_of_reading_reads_all_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = archive(tmp_path / "in", *range(6))
    extract(tmp_path / "out", given)
    assert extract(tmp_path / "out", given, reading=ReadOptions("faults:extraction")).read == 6
    current = ledger.versions.versions()
    monkeypatch.setattr(ledger.versions, "versions", lambda _="": replace(current, software="9.9"))
    assert extract(tmp_path / "out", given, reading=ReadOptions("faults:extraction")).read == 6


def test_part_files_that_are_lost_are_made_again(tmp_path: Path) -> None:
    given = archive(tmp_path / "in", *range(10))
    extract(tmp_path / "out", given)
    before = parts(tmp_path / "out")
    lost = sorted((tmp_path / "out" / "pages").iterdir())
    lost[0].unlink()
    lost[1].write_bytes(b"cut")
    (tmp_path / "out" / "projects" / "part-strange.parquet").write_bytes(b"")
    summary = extract(tmp_path / "out", given)
    assert 0 < summary.read < 10
    assert parts(tmp_path / "out") == before


# ---------------------------------------------------------------- runs add


def sources(out: Path) -> list[str]:
    return sorted(Path(row["source"]).stem for row in rows(out, "documents"))


def test_other_inputs_are_added_to_the_earlier_ones(tmp_path: Path) -> None:
    write(tmp_path / "one", a="fine a", b="fine b", c="refuse")
    write(tmp_path / "two", b="fine b", d="fine d")
    extract(tmp_path / "out", tmp_path / "one")
    summary = extract(tmp_path / "out", tmp_path / "two")
    assert (summary.new, summary.changed, summary.elsewhere, summary.removed) == (2, 0, 3, 0)
    extract(tmp_path / "fresh", tmp_path / "one", tmp_path / "two")
    assert parts(tmp_path / "out") == parts(tmp_path / "fresh")
    manifest = json.loads((tmp_path / "out" / "_run" / "manifest.json").read_text())
    assert (manifest["state"], manifest["documents"]) == ("complete", 5)


def test_prune_takes_out_what_its_own_inputs_hold_no_more(tmp_path: Path) -> None:
    archive(tmp_path / "one", *range(12))
    write(tmp_path / "two", **{f"e{n}": f"fine e{n}" for n in range(12)})
    extract(tmp_path / "out", tmp_path / "one", tmp_path / "two")
    for n in range(3):
        (tmp_path / "one" / f"d{n}.txt").unlink()
    (tmp_path / "two" / "e1.txt").unlink()
    with pytest.raises(errors.UsageError, match=r"3 of 24 documents, more than one in 10: .* --yes"):
        extract(tmp_path / "out", tmp_path / "one", prune=True)
    changes = preview([str(tmp_path / "one")], tmp_path / "out", batch_options(prune=True, sure=True))
    assert [Path(source).stem for source in changes.removed] == ["d0", "d1", "d2"]
    assert len(sources(tmp_path / "out")) == 24
    assert replace_all(tmp_path / "out", tmp_path / "one").removed == 3
    assert sources(tmp_path / "out") == sorted([f"d{n}" for n in range(3, 12)] + [f"e{n}" for n in range(12)])
    assert extract(tmp_path / "out", tmp_path / "two", prune=True).removed == 1


def test_what_prune_took_out_can_be_put_back_until_compact_deletes_it(tmp_path: Path) -> None:
    given = archive(tmp_path / "in", *range(9))
    write(given, d5copy="fine 5", bad="refuse")
    extract(tmp_path / "out", given)
    shutil.copytree(tmp_path / "out", tmp_path / "before")
    for name in ("d1", "d2", "d5", "d5copy"):
        (given / f"{name}.txt").unlink()
    replace_all(tmp_path / "out", given)
    assert status.of(tmp_path / "out")["removed"] == 4
    with pytest.raises(errors.UsageError, match=r"d3\.txt: is not among"):
        removal.restore(tmp_path / "out", [f"{given}/d3.txt"])
    assert removal.restore(tmp_path / "out", [f"{given}/d1.txt"]) == [f"{given}/d1.txt"]
    assert len(removal.restore(tmp_path / "out")) == 4 - 1
    assert sources(tmp_path / "out") == sources(tmp_path / "before")
    whole(tmp_path / "out", tmp_path / "before")
    replace_all(tmp_path / "out", given)
    assert removal.compact_removed(tmp_path / "out")[0] == 4
    with pytest.raises(errors.UsageError, match="nothing was taken out"):
        removal.restore(tmp_path / "out")


def test_a_copy_that_is_kept_takes_the_rows_of_its_original_over(tmp_path: Path) -> None:
    write(tmp_path / "one", a="fine same", b="fine b")
    write(tmp_path / "two", copy="fine same", other="fine other")
    extract(tmp_path / "out", tmp_path / "one", tmp_path / "two")
    write(tmp_path / "one", a="fine changed")
    summary = extract(tmp_path / "out", tmp_path / "one")
    assert (summary.read, summary.changed, summary.elsewhere) == (1, 1, 2)
    extract(tmp_path / "fresh", tmp_path / "one", tmp_path / "two")
    assert parts(tmp_path / "out") == parts(tmp_path / "fresh")


def test_documents_read_in_another_manner_are_kept_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "one", a="fine a", b="fine b")
    write(tmp_path / "two", c="fine c")
    extract(tmp_path / "out", tmp_path / "one")
    assert extract(tmp_path / "out", tmp_path / "two", reading=ReadOptions("faults:extraction")).elsewhere == 2
    again = extract(tmp_path / "out", tmp_path / "one", tmp_path / "two", reading=ReadOptions("faults:extraction"))
    assert (again.read, again.changed, again.unchanged) == (2, 2, 1)


def test_names_are_not_hidden_beside_documents_that_show_them(tmp_path: Path) -> None:
    write(tmp_path / "one", a="fine a")
    write(tmp_path / "two", c="fine c")
    extract(tmp_path / "out", tmp_path / "one")
    hidden = ReadOptions("faults:read", persons=Pseudonyms("drop"))
    with pytest.raises(errors.UsageError, match="holds 1 documents read with --persons keep"):
        extract(tmp_path / "out", tmp_path / "two", reading=hidden)
    assert extract(tmp_path / "out", tmp_path / "one", tmp_path / "two", reading=hidden).read == 2


@pytest.mark.parametrize("inside", [(), ("note.md", ".hidden.txt")])
def test_inputs_without_a_document_are_refused(tmp_path: Path, inside: tuple[str, ...]) -> None:
    given = archive(tmp_path / "in", 1, 2)
    extract(tmp_path / "out", given)
    before = parts(tmp_path / "out")
    (tmp_path / "empty").mkdir()
    for name in inside:
        (tmp_path / "empty" / name).write_text("x")
    for out in ("out", "new"):
        with pytest.raises(errors.UsageError, match="INPUT holds no document"):
            extract(tmp_path / out, tmp_path / "empty", prune=True, sure=True)
    assert parts(tmp_path / "out") == before
    assert not (tmp_path / "new").exists()


# ---------------------------------------------------------------- taking out


def test_a_document_is_taken_out_with_its_copies(tmp_path: Path) -> None:
    given = archive(tmp_path / "in", *range(10))
    write(given, d5copy="fine 5", d6copy="fine 6")
    extract(tmp_path / "out", given)
    before = parts(tmp_path / "out")
    with pytest.raises(errors.UsageError, match=r"d99\.txt: not in documents"):
        removal.remove(tmp_path / "out", [f"{given}/d5.txt", f"{given}/d99.txt"])
    assert parts(tmp_path / "out") == before
    wanted = [f"{given}/d5.txt", f"{given}/d6copy.txt", f"{given}/d7.txt"]
    assert removal.remove(tmp_path / "out", wanted) == [wanted[0], f"{given}/d5copy.txt", *wanted[1:]]
    for name in ("d5", "d5copy", "d6copy", "d7"):
        (given / f"{name}.txt").unlink()
    assert extract(tmp_path / "out", given).read == 0
    extract(tmp_path / "fresh", given)
    assert parts(tmp_path / "out") == parts(tmp_path / "fresh")


# ---------------------------------------------------------------- whatever step is the last


class Steps:
    """The steps that change the disk; after so many the program ends."""

    def __init__(self, patch: pytest.MonkeyPatch, left: int) -> None:
        self.left = self.all = left
        for owner, name in ((os, "replace"), (os, "rename"), (Path, "unlink"), (Path, "mkdir"), (shutil, "rmtree")):
            patch.setattr(owner, name, self._limited(getattr(owner, name)))

    def _limited(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def limited(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise SystemExit("killed here")
            return step(*args, **options)

        return limited

    @property
    def taken(self) -> int:
        return self.all - self.left


@pytest.mark.parametrize(("job", "size"), [("remove", 4), ("grow", 2), ("shrink", 100)])
def test_a_command_that_dies_at_any_step_shows_nothing_half_and_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, size: int
) -> None:
    """Some steps by chance; STEPS=1000 tries all."""
    given = archive(tmp_path / "in", *range(6))
    write(given, d5copy="fine 5")
    extract(tmp_path / "old", given)
    gone = given / "d5.txt"
    if job == "remove":
        gone.unlink()
        (given / "d5copy.txt").unlink()
    monkeypatch.setattr(plan, "_BUCKET", size)

    def carry_out(out: Path, left: int) -> Steps:
        shutil.copytree(tmp_path / "old", out)
        with monkeypatch.context() as patch:
            steps = Steps(patch, left)
            with suppress(SystemExit):
                removal.remove(out, [str(gone)]) if job == "remove" else extract(out, given)
        return steps

    taken = carry_out(tmp_path / "new", 10**9).taken
    wanted = parts(tmp_path / "new")
    assert taken > 2 * len(TABLES)
    tried = random.Random(size).sample(range(taken), min(taken, int(os.environ.get("STEPS", "8"))))
    for last in sorted(tried):
        out = tmp_path / f"out{last}"
        assert carry_out(out, last).left < 0
        whole(out, tmp_path / "old")
        assert replace_all(out, given).read == 0
        assert parts(out) == wanted


# ---------------------------------------------------------------- killed


@proc
def test_ctrl_c_ends_it_cleanly_with_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # so that sources, and buckets with them, are the same wherever the test runs
    given = archive(Path("in"), *range(12))
    write(given, copy="fine 3", z="wait")
    out = tmp_path / "out"
    with command("extract", given, "--out", out, "--jobs", "2") as process:
        wait_until(lambda: (out / "_run" / "manifest.json").exists() and status.of(out)["committed"] > 4)
        assert status.of(out)["state"] == "running"
        with command("extract", given, "--out", out) as second:
            _, said = second.communicate(timeout=20)
        assert second.returncode == 2
        assert f"process {process.pid} on " in said
        workers = descendants(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors == f"poytakirja: interrupted: finished parts are kept in {out}; the same command goes on from there\n"
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    state = status.of(out)
    assert (state["state"], state["documents"].get("duplicate", 0) <= 1) == ("interrupted", True)
    assert len(rows(out, "project_links")) == len(rows(out, "projects"))
    (given / "z.txt").unlink()
    summary = extract(out, given)
    assert summary.unchanged >= 4
    assert 0 < summary.again < 12
    extract(tmp_path / "fresh", given)
    assert parts(out) == parts(tmp_path / "fresh")


@proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_no_copy_of_what_was_fetched_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    (tmp_path / "copies").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "copies"))
    given = write(tmp_path / "in", a="wait")
    with command("extract", f"file://{given}", "--out", tmp_path / "out", "--quiet") as process:
        wait_until(lambda: list((tmp_path / "copies").glob("poytakirja-*/*.txt")))
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, "finished parts are kept" in said) == (128 + number, True)
    assert list((tmp_path / "copies").glob("poytakirja-*")) == []
    assert status.of(tmp_path / "out")["state"] == "interrupted"


def test_what_an_earlier_runs_worker_still_has_in_hand_is_dropped(tmp_path: Path) -> None:
    place = OutputFolder(tmp_path)
    with place.held() as earlier:
        pass
    with place.held() as later:
        with place.commit_of(later):
            pass
        with pytest.raises(Superseded), place.commit_of(earlier):
            pass


# ---------------------------------------------------------------- status, log


def test_the_state_of_the_tables(tmp_path: Path) -> None:
    given = write(tmp_path / "in", a="fine", b="refuse", c="fine")
    with pytest.raises(errors.UsageError, match="holds no tables"):
        status.of(tmp_path / "in")
    extract(tmp_path / "out", given)
    state = status.of(tmp_path / "out")
    assert (state["state"], state["committed"], state["planned"], state["begun"]) == ("complete", 3, 3, 0)
    assert state["documents"] == {"duplicate": 1, "failed": 1, "ok": 1}
    assert state["failures"] == {"encrypted": 1}
    assert state["bytes"] == sum(p.stat().st_size for p in (tmp_path / "out").glob("*/*.parquet"))
    assert state["rows"]["pages"] == 1


def test_a_line_of_json_for_each_shard(tmp_path: Path) -> None:
    given = archive(tmp_path / "in", *range(10))
    write(given, bad="refuse")
    with command("extract", given, "--out", tmp_path / "out", "--log-json", "--quiet") as process:
        _, said = process.communicate(timeout=30)
    *lines, last = said.splitlines()
    told = [json.loads(line) for line in lines]
    assert last.startswith("poytakirja: ")
    assert len(told) == 4
    assert (sum(t["read"] for t in told), sum(t["pages"] for t in told), sum(t["failed"] for t in told)) == (11, 10, 1)
    assert (told[-1]["done"], told[-1]["total"]) == (11, 11)


# ---------------------------------------------------------------- inputs elsewhere


@pytest.fixture
def memory() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def test_documents_are_read_by_url(tmp_path: Path, memory: Any) -> None:
    for name, text in {
        "a.txt": "fine a",
        "b/c.TXT": "fine c",
        ".d.txt": "x",
        ".e/f.txt": "x",
        "g.md": "x",
        "void.txt": "",
    }.items():
        memory.pipe(f"/archive/{name}", text.encode())
    given = write(tmp_path / "in", here="fine a")
    summary = extract(tmp_path / "out", "memory://archive", given)
    found = {r["source"]: (r["status"], r["error_code"]) for r in rows(tmp_path / "out", "documents")}
    assert found == {
        f"{given}/here.txt": ("ok", None),
        "memory://archive/a.txt": ("duplicate", None),
        "memory://archive/b/c.TXT": ("ok", None),
        "memory://archive/void.txt": ("failed", "empty"),
    }
    assert (summary.read, summary.others) == (2, 2)
    assert [r["text"] for r in rows(tmp_path / "out", "pages")] == ["fine a", "fine c"]


def test_a_url_that_leads_nowhere_is_refused(tmp_path: Path, memory: Any) -> None:
    for url, said in (
        ("memory://nothing", "no such file"),
        ("nosuch://x", "Protocol not known"),
        ("zip://::gone.zip", "gone.zip"),
    ):
        with pytest.raises(errors.UsageError, match=said):
            extract(tmp_path / "out", url)
    assert not (tmp_path / "out").exists()


def test_what_has_not_changed_elsewhere_is_not_even_fetched(tmp_path: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe("/archive/a.txt", b"fine a")
    memory.pipe("/archive/b.txt", b"fine b")
    extract(tmp_path / "out", "memory://archive")
    memory.pipe("/archive/b.txt", b"fine changed")
    opened = []
    first = fsspec.open
    monkeypatch.setattr(fsspec, "open", lambda url, *args: opened.append(url) or first(url, *args))
    assert extract(tmp_path / "out", "memory://archive").read == 1
    assert opened == ["memory://archive/b.txt"] * 2


def test_what_cannot_be_fetched_costs_itself_alone(tmp_path: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        memory.pipe(f"/archive/{name}.txt", f"fine {name}".encode())
    first, opened = fsspec.open, []

    def refusing(url: str, *args: Any) -> Any:
        opened.append(url)
        if url.endswith("a.txt") or (url.endswith("b.txt") and opened.count(url) == 2):
            raise PermissionError(13, "Forbidden", url)
        return first(url, *args)

    monkeypatch.setattr(fsspec, "open", refusing)
    summary = extract(tmp_path / "out", "memory://archive")
    assert [(f.source[-5:], f.code, f.error) for f in summary.failures] == [
        (name, "unreadable", "Forbidden; check that it is there and may be read") for name in ("a.txt", "b.txt")
    ]
    monkeypatch.setattr(fsspec, "open", first)
    assert extract(tmp_path / "out", "memory://archive").documents == {"ok": 3}
