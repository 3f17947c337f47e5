"""What is installed: one package, poytakirja, that works anywhere, also beside packages of others named rules and extract."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

ROOT = Path(__file__).parent.parent
BUILD = "from setuptools import build_meta as b; print(b.build_wheel({out!r})); print(b.build_sdist({out!r}))"
SOURCES = ("extract", "rules", "pyproject.toml", "README.md", "LICENSE")
API = """
import rules, extract
assert rules.OTHERS and extract.OTHERS
from poytakirja import extract_document, find_persons
print(len(extract_document("in/a.txt").projects), [len(found) for found in find_persons(["Matti Virtanen puhui."])])
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive, made of a copy of the sources without a warning."""
    home = tmp_path_factory.mktemp("build")
    (home / "src").mkdir()
    for path in (ROOT / name for name in SOURCES):
        if path.is_dir():
            shutil.copytree(path, home / "src" / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, home / "src")
    words = [sys.executable, "-W", "default", "-c", BUILD.format(out=str(home))]
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(words, cwd=home / "src", env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    said = (done.stdout + done.stderr).splitlines()
    assert [line for line in said if "warning" in line.lower() and "BetaConfiguration" not in line] == []
    return home


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, what it needs, and packages named rules and extract by others."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home / "env", with_pip=False, symlinks=True)
    site = next((home / "env").glob("lib/python*/site-packages"))
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        assert {name.split("/")[0].partition("-")[0] for name in wheel.namelist()} == {"poytakirja"}
        wheel.extractall(site)
    needed = Path(pa.__file__).parent.parent  # added by a .pth file, so that no .pth file in it is read: the editable install
    (site / "needed.pth").write_text(f"{needed}\n")
    for name in ("rules", "extract"):
        (site / name).mkdir()
        (site / name / "__init__.py").write_text("OTHERS = True\n")
    (home / "in").mkdir()
    (home / "in" / "a.txt").write_text("Hankkeet\n1) Silta töihin (ESR) 1.2.2021-31.3.2022, kustannusarvio 10 000 €\n")
    return home


def test_it_runs_where_it_is_installed(installed: Path) -> None:
    python = str(next((installed / "env" / "bin").glob("python")))
    verbs = [
        "extract in --out out --jobs 1 --quiet", "report out --jobs 1 --quiet", "export out --format csv --quiet",
        "sql out select(1)", "explain in/a.txt", "status out", "check out",
    ]  # fmt: skip
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def run(*words: str) -> str:
        done = subprocess.run([python, *words], cwd=installed, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert (done.returncode, done.stderr) == (0, ""), words
        return done.stdout

    where = run("-c", "import poytakirja; print(poytakirja.__file__)")
    assert str(installed) in where
    for verb in verbs:
        run("-m", "poytakirja", *verb.split())
    assert run("-c", API) == "1 [1]\n"
    assert (installed / "out-report" / "index.html").exists()


def test_the_source_archive_holds_what_the_wheel_is_made_of(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = [
        path.relative_to(ROOT).as_posix() for top in ("extract", "rules") for path in (ROOT / top).rglob("*") if path.is_file()
    ]
    assert [name for name in wanted if "__pycache__" not in name and name not in names] == []
