"""OUTPUT: where its tables and its own notes are, who holds it, and what the user must correct about it."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poytakirja.corrections.store import NAME as CORRECTIONS
from poytakirja.errors import UsageError
from poytakirja.files import flush, printable, read_json
from poytakirja.tables.schema import SCHEMA_VERSION, is_same

PART_FILES = "part-*.parquet"
"""How the files of a table are named; other files in its folder are somebody else's, neither read nor removed."""


class Superseded(Exception):  # noqa: N818  nothing is wrong: the work is another's now
    """Another run has taken OUTPUT over: what this one had not committed is dropped."""


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """An OUTPUT folder.

    Under ``_run/``: ``ledger`` (an entry for each part of the tables), ``staged`` (parts being made), ``ready``
    (whole, on their way to the tables), ``begun`` (a note of each shard being read),
    ``removed`` (what ``--prune`` took out, until ``compact``), ``manifest.json`` and ``summary.json``.
    """

    out: Path

    @property
    def home(self) -> Path:
        """The folder of notes."""
        return self.out / "_run"

    def note(self, *names: str) -> Path:
        """A file or folder of notes."""
        return self.home.joinpath(*names)

    def part(self, table: str, name: str) -> Path:
        """A part file of a table."""
        return self.out / table / f"{name}.parquet"

    def manifest(self) -> dict[str, Any]:
        """What the last run noted of itself; empty where there was none, or it is damaged."""
        return read_json(self.note("manifest.json")) or {}

    def corrections(self) -> Path:
        """The file of reviewers' corrections: that of OUTPUT, unless a run was given another one."""
        named = self.manifest().get("corrections")
        return Path(named) if named else self.out / CORRECTIONS

    # -- before anything is written

    def check(self) -> None:
        """Refuse an OUTPUT that cannot be written or holds something else."""
        out, name = self.out, printable(str(self.out))
        if out.is_dir():
            held = {entry.name for entry in out.iterdir() if not entry.name.startswith(".")}
            if held - {"_run", CORRECTIONS} and not self.note("manifest.json").is_file():
                raise UsageError(f"{name}: is not empty and was not made by poytakirja: name a new or an empty folder with --out")
        elif os.path.lexists(out):
            raise UsageError(f"{name}: is no folder: name a new or an empty folder with --out")
        home = next(place for place in (out, *out.absolute().parents) if place.exists())
        if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
            raise UsageError(
                f"{name}: cannot be written, as {printable(str(home))} does not allow it: choose another place with --out"
            )

    def check_known(self) -> None:
        """Refuse an OUTPUT that holds no tables."""
        if not self.note("manifest.json").is_file():
            raise UsageError(f"{printable(str(self.out))}: holds no tables of poytakirja: check the spelling")

    def check_schema(self) -> None:
        """Refuse an OUTPUT whose rows cannot stand beside those that this version writes."""
        if not is_same(written := self.schema()):
            told = f"its tables are of schema version {written}, not {SCHEMA_VERSION}"
            raise UsageError(f"{printable(str(self.out))}: {told}: extract into it again")

    def schema(self) -> str:
        """The version of the schema that its tables were written with."""
        return str(self.manifest().get("versions", {}).get("schema", "none"))

    # -- one at a time

    @contextmanager
    def held(self) -> Iterator[str]:
        """Keep OUTPUT for one command alone; gives the token by which its workers know it.

        Raises UsageError, with the holder's name, where another one has it.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = self.note("lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"{printable(str(self.out))}: cannot be written ({error.strerror}): choose another place with --out"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise UsageError(
                    f"{printable(str(self.out))}: {lock.read().strip() or 'another process'} is writing it: wait for it to end"
                ) from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()} on {socket.gethostname()}, since {time.strftime('%Y-%m-%d %H:%M:%S')}\n")
            lock.flush()
            yield self.new_token()

    def new_token(self) -> str:
        """Take OUTPUT from all workers of the run so far; the token of what comes now."""
        token = secrets.token_hex(8)
        with self._committing():
            self.note("token").write_text(token, encoding="utf-8")
            flush(self.note("token"))
        return token

    def holder(self) -> str | None:
        """Who is writing OUTPUT now."""
        try:
            lock = self.note("lock").open(encoding="utf-8")
        except FileNotFoundError:
            return None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or "another process"
        return None

    @contextmanager
    def commit_of(self, token: str) -> Iterator[None]:
        """Put parts in place on behalf of the run with this token; Superseded where another run has begun since.

        A worker on another machine may outlive its run.
        """
        with self._committing():
            self.check_token(token)
            yield

    def check_token(self, token: str) -> None:
        """Superseded where OUTPUT has been taken from the run of this token."""
        if self.note("token").read_text(encoding="utf-8") != token:
            raise Superseded(str(self.out))

    @contextmanager
    def _committing(self) -> Iterator[None]:
        with self.note("commit.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
