"""Inputs elsewhere: what is shown of their URLs, and that no server keeps a run from ending."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from runs import extract, rows

from poytakirja import errors
from poytakirja.archive import remote_inputs


class Server(fsspec.AbstractFileSystem):
    """A storage of which every folder holds a document and another folder, for ever."""

    protocol = "endless"
    cachable = False

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        folder = path.rstrip("/")
        return [
            {"name": f"{folder}/a.txt", "type": "file", "size": None},
            {"name": f"{folder}/next", "type": "directory", "size": 0},
        ]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "type": "file" if path.endswith(".txt") else "directory", "size": None}

    def _open(self, path: str, *_: Any, **__: Any) -> Any:
        return {"slow": Slow, "large": Large}.get(path.split("/", maxsplit=1)[0], io.BytesIO)()


class Slow(io.RawIOBase):
    """A byte, and then another one, for ever."""

    def read(self, _: int = -1) -> bytes:
        time.sleep(0.05)
        return b"x"


class Large(io.RawIOBase):
    def read(self, _: int = -1) -> bytes:
        return b"x" * 1000


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.register_implementation("endless", Server, clobber=True)
    monkeypatch.setattr(remote_inputs, "MAX_BYTES", 100_000)
    monkeypatch.setattr(remote_inputs, "SECONDS", 0.5)
    monkeypatch.setattr(remote_inputs, "_DEPTH", 3)


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("endless://slow/a.txt", ["timeout"]),
        ("endless://large/a.txt", ["too_large"]),
        ("endless://tree", ["empty"] * 4 + ["unreadable"]),
    ],
)
def test_a_server_without_end_costs_a_row(tmp_path: Path, url: str, codes: list[str]) -> None:
    extract(tmp_path / "out", url)
    assert sorted(row["error_code"] for row in rows(tmp_path / "out", "documents")) == codes


def test_the_folder_of_a_zip_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("minutes.zip", "w") as archive:
        archive.writestr("a.txt", "fine a")
        archive.writestr("2024/b.txt", "fine b")
    extract(tmp_path / "out", "zip://::minutes.zip")
    extract(tmp_path / "out", "zip://2024::minutes.zip", prune=True)
    found = {row["source"]: row["status"] for row in rows(tmp_path / "out", "documents")}
    assert found == {"zip://2024/b.txt::minutes.zip": "ok", "zip://a.txt::minutes.zip": "ok"}


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "minutes.zip").write_bytes(b"PK no zip")
    with pytest.raises(errors.UsageError, match="cannot be opened"):
        extract(tmp_path / "out", f"zip://::{tmp_path}/minutes.zip")


@pytest.fixture
def memory() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def test_no_password_and_no_signature_is_written(tmp_path: Path, memory: Any) -> None:
    memory.pipe("/aino:sala@sana@host/a.txt?X-Amz-Signature=T0KEN", b"fine a")
    memory.pipe("/aino:sala@sana@host/b.txt", b"fine b")
    summary = extract(tmp_path / "out", "memory://aino:sala@sana@host/")
    extract(tmp_path / "out", "memory://aino:sala@sana@host/a.txt?X-Amz-Signature=T0KEN")
    assert summary.documents == {"ok": 2}
    assert sorted(row["source"] for row in rows(tmp_path / "out", "documents")) == ["memory://host/a.txt", "memory://host/b.txt"]
    for path in filter(Path.is_file, (tmp_path / "out").rglob("*")):
        for secret in (b"sala", b"sana", b"T0KEN", b"aino"):
            assert secret not in path.read_bytes(), path
    with pytest.raises(errors.UsageError) as refused:
        extract(tmp_path / "out", "memory://aino:sala@sana@host/gone.txt?T0KEN")
    assert "sala" not in str(refused.value)
    assert "T0KEN" not in str(refused.value)
