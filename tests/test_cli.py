"""The command as a person meets it: help at once, a summary at the end, README's own examples."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from poytakirja import __version__

ROOT = Path(__file__).parent.parent
LIST = """Hankkeet
1) Silta töihin (ESR) 1.2.2021-31.3.2022, kustannusarvio 10 000 €
2) Pyörätie kylälle (EAKR) 1.5.2022-31.12.2023, kustannusarvio 250 000 €
"""
MAIN = [sys.executable, "-c", "from poytakirja.cli.main import main; main()"]


def command(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MAIN, *arguments], capture_output=True, text=True, cwd=cwd, check=False, timeout=120)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables of the samples in output/, and what the command said in said.json."""
    here = tmp_path_factory.mktemp("cli")
    result = command("extract", "samples", "--out", here / "output", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    (here / "said.json").write_text(result.stdout)
    return here


def test_help_comes_at_once() -> None:
    """Under a second, since nothing heavy is loaded for it."""
    heavy = (
        "{'pyarrow', 'pandas', 'numpy', 'spacy', 'pypdfium2', 'pdfplumber', 'poytakirja.archive.run', 'poytakirja.quality.gold'}"
    )
    code = f"import sys, poytakirja.cli.main; print(sorted(set(sys.modules) & {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--help",),
        ("extract", "--help"),
        ("evaluate", "--help"),
        ("gold", "draft", "-h"),
        ("diff", "-h"),
        ("status", "-h"),
        ("remove", "-h"),
    ],
)
def test_help_tells(words: tuple[str, ...]) -> None:
    result = command(*words)
    assert result.stdout.startswith("Usage: ") or result.stderr.startswith("Usage: ")


def test_no_help_in_one_line_is_cut() -> None:
    assert "..." not in command("--help").stdout.partition("Commands:")[2]


def test_a_reader_that_closes_the_pipe_is_no_error(here: Path) -> None:
    long = here / "long.txt"
    long.write_text("Hankkeet\n" + "".join(f"{n}) Silta {n} (ESR) 1.2.2021-31.3.2022, 10 000 €\n" for n in range(1, 900)))
    words = " ".join(map(shlex.quote, [*MAIN, "explain", str(long)]))
    for reader, first in (("head -1", "seen"), ("true", "")):
        said = subprocess.run(["bash", "-c", f"{words} | {reader}"], capture_output=True, text=True, check=False)
        assert (said.stdout[:4], said.stderr) == (first, "")


def test_what_would_be_done_is_said_and_not_done(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(LIST + name)
    command("extract", "a.txt", "b.txt", "--out", "out", cwd=tmp_path)
    (tmp_path / "a.txt").write_text(LIST)
    (tmp_path / "b.txt").unlink()
    before = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "out").rglob("*"))
    said = command("extract", "a.txt", "c.txt", "--out", "out", "--dry-run", cwd=tmp_path)
    assert said.stdout.splitlines() == [
        "A run would leave OUTPUT with: 1 new, 1 changed; 1 kept that are not under INPUT; nothing was written",
        "new\tc.txt",
        "changed\ta.txt",
    ]
    assert sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "out").rglob("*")) == before


def test_the_version() -> None:
    assert command("--version").stdout == f"poytakirja {__version__}\n"


def test_the_summary_counts_what_the_tables_hold(here: Path) -> None:
    said = json.loads((here / "said.json").read_text())
    for table, count in said["rows"].items():
        assert pq.read_table(here / "output" / table).num_rows == count
    assert Counter(pq.read_table(here / "output" / "documents")["status"].to_pylist()) == said["documents"]
    assert {"read", "segment", "parse", "people", "write"} >= set(said["seconds"]) >= {"read", "segment", "parse", "write"}
    assert said == json.loads((here / "output" / "_run" / "summary.json").read_text())


def test_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(LIST)
    (tmp_path / "in" / "b.pdf").write_text("no PDF")
    (tmp_path / "in" / "c.xlsx").write_text("")
    result = command("extract", "in", "--out", "out", cwd=tmp_path)
    assert result.returncode == 3
    assert result.stderr.startswith("poytakirja: in/b.pdf: failed (broken): ")
    lines = result.stdout.splitlines()
    assert lines[0] == "Documents: 2 (1 ok, 1 failed); 1 pages"
    assert lines[1] == "This run: 2 new"
    assert lines[2].startswith("Read: 2 documents, 1 pages in ")
    assert lines[3] == "Other files in the folders, not read: 1"
    assert lines[4].startswith("Found: 0 items, 2 projects, 2 amounts, 2 periods, ")
    assert lines[5].startswith("Time, and ms a page: read ")
    assert lines[7:9] == ['  pandas   pandas.read_parquet("out/projects")', "  DuckDB   SELECT * FROM 'out/projects/*.parquet'"]
    assert lines[9:] == [
        "Failed or partly read",
        "reason\tstatus\tdocuments\tthe first",
        "broken\tfailed\t1\tin/b.pdf",
        "",
    ]
    quiet = command("extract", "in", "--out", "out", "--quiet", cwd=tmp_path)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (3, "", result.stderr)


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LIST)
    ours, theirs = pty.openpty()
    arguments = [*MAIN, "extract", "a.txt", "--out", "out"]
    env = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=theirs, env=env, cwd=tmp_path) as process:
        os.close(theirs)
        shown = b"".join(_terminal(ours)).decode()
        said = process.communicate()[0]
    os.close(ours)
    assert process.returncode == 0
    assert "Reading" in shown
    assert "1/1" in shown
    assert "pages/s, 0 failed" in shown
    assert b"\x1b" not in said


def _terminal(ours: int) -> Iterator[bytes]:
    """What is shown on a terminal until its other side hangs up (which Linux tells by an error)."""
    with suppress(OSError):
        while shown := os.read(ours, 4096):
            yield shown


def test_the_examples_of_the_readme_run(here: Path) -> None:
    blocks = re.findall(r"(?s)```(python|sql)\n(.*?)```", (ROOT / "README.md").read_text())
    assert [kind for kind, _ in blocks] == ["python", "sql", "python"]
    for kind, block in blocks:
        if kind == "sql":
            names = f"duckdb.sql({block!r}).fetchall()"
            code = f"import duckdb; rows = {names}; assert rows"
        else:
            code = block.replace("poytakirja.pdf", str(next((ROOT / "samples").glob("*.pdf"))))
        result = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=False)
        assert (result.returncode, result.stderr) == (0, "")


def test_the_other_commands_are_reached(here: Path) -> None:
    gold = "samples/gold.jsonl"
    output = here / "output"
    assert "micro F1" in command("evaluate", output, gold).stdout
    assert json.loads(command("evaluate", output, gold, "--json", "--misses", "1").stdout)
    assert (
        command("evaluate", output, gold, "--update-gate").stderr
        == "poytakirja: --update-gate and --allow-lower go with --gate FILE\n"
    )
    assert command("gold", "check", gold).returncode == 0
    draft = command("gold", "draft", output, "--out", here / "draft.jsonl")
    assert (draft.returncode, (here / "draft.jsonl").exists()) == (0, True)
    assert command("diff", output, output).returncode == 0
    assert command("evaluate", here, gold).returncode == 2


def test_every_package_is_installed() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    names = {"extract": "poytakirja", "rules": "poytakirja.rules"}
    there = [path.parent.relative_to(ROOT).parts for top in names for path in (ROOT / top).rglob("__init__.py")]
    data = {name for name in told if name.rpartition(".")[2] in ("model", "assets", "templates", "examples", "vocabulary")}
    assert sorted(set(told) - data) == sorted(".".join((names[top], *parts)) for top, *parts in there)
