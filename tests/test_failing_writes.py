"""Every write can fail: whichever write, flush or rename does, nothing is lost, and running again gives the same bytes."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from runs import extract, parts, replace_all, whole, write

from poytakirja.archive import inputs as plan
from poytakirja.archive.upkeep import removal
from poytakirja.errors import UsageError
from poytakirja.publish import compact, export


class Disk:
    """A disk on which one step fails: the n-th write, flush or rename; the others are counted and done."""

    def __init__(self, patch: pytest.MonkeyPatch, failing: int) -> None:
        self.failing = failing
        self.taken = 0
        for owner, name in ((os, "replace"), (os, "rename"), (Path, "rename"), (Path, "write_text"), (pq, "write_table")):
            patch.setattr(owner, name, self._step(getattr(owner, name)))
        patch.setattr(os, "fsync", self._step(lambda _: None))

    def _step(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **options: Any) -> Any:
            self.taken += 1
            if self.taken == self.failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return work(*args, **options)

        return step


def grow(home: Path) -> None:
    extract(home / "out", home / "in", home / "more")


def prune(home: Path) -> None:
    replace_all(home / "out", home / "few")


def remove(home: Path) -> None:
    with suppress(UsageError):  # it was removed before the disk was full
        removal.remove(home / "out", ["few/d5.txt"])


def restore(home: Path) -> None:
    with suppress(UsageError):
        removal.restore(home / "out")


def delete(home: Path) -> None:
    removal.compact_removed(home / "out")


def copy(home: Path) -> None:
    shutil.rmtree(home / "large", ignore_errors=True)
    compact.run(home / "out", home / "large")


def publish(home: Path) -> None:
    if export.run(home / "out", "csv", home / "csv", quiet=True, force=True):
        raise OSError


def files(home: Path) -> dict[str, str]:
    """The bytes of all that a command wrote for others to read."""
    found = [path for name in ("large", "csv") for path in (home / name).rglob("*") if path.is_file()]
    return parts(home / "out") | {str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


@pytest.mark.parametrize("command", [grow, prune, remove, restore, delete, copy, publish], ids=lambda c: c.__name__)
def test_a_write_that_fails_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: Callable[[Path], None]
) -> None:
    """Some steps by chance; STEPS=1000 tries all."""
    monkeypatch.setattr(plan, "_BUCKET", 3)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    before = tmp_path / "before"
    write(before / "in", **{f"d{n}": f"fine {n}" for n in range(8)}, copy="fine 5")
    write(before / "more", extra="fine extra")
    shutil.copytree(before / "in", before / "few")
    (before / "few" / "d1.txt").unlink()
    monkeypatch.chdir(before)
    extract(Path("out"), "in" if command is grow else "few")
    if command in (restore, delete):
        (before / "few" / "d2.txt").unlink()
        replace_all(Path("out"), "few")
    if command is prune:
        (before / "few" / "d2.txt").unlink()

    def carry_out(home: Path, failing: int) -> Disk:
        shutil.copytree(before, home)
        with monkeypatch.context() as patch:
            patch.chdir(home)
            disk = Disk(patch, failing)
            with suppress(OSError):
                command(Path())
        return disk

    taken = carry_out(tmp_path / "well", 0).taken
    assert taken > 0
    wanted = files(tmp_path / "well")
    for failing in sorted(random.Random(taken).sample(range(1, taken + 1), min(taken, int(os.environ.get("STEPS", "4"))))):
        home = tmp_path / f"fails{failing}"
        carry_out(home, failing)
        whole(home / "out", tmp_path / ("well" if command in (grow, restore) else "before") / "out")
        with monkeypatch.context() as patch:
            patch.chdir(home)
            command(Path())
        assert files(home) == wanted, f"step {failing} of {taken} failed"
    capsys.readouterr()
