"""The newcomer's path, from clone to a chart in a notebook, done as docs/tutorial.md has it."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent


def blocks() -> list[tuple[str, str]]:
    """The blocks of the tutorial that name their language, in order."""
    tokens = MarkdownIt("commonmark").parse((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"))
    return [(token.info, token.content) for token in tokens if token.type == "fence"]


def done(commands: str, folder: Path) -> str:
    """What commands print; they must succeed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=folder, env={**env, "POYTAKIRJA": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, f"{commands}\n{run.stdout}\n{run.stderr}"
    return run.stdout


def lend_environment(clone: Path) -> None:
    """Give a clone this environment in place of one of its own, with the stamps that tell make it is set up."""
    own = clone / ".venv"
    own.mkdir()
    for name in ("bin", "lib"):
        (own / name).symlink_to(Path(sys.prefix, name))
    shutil.copy(Path(sys.prefix, "pyvenv.cfg"), own)
    for name in ("run", "notebook"):
        (own / f"{name}.stamp").touch()


def test_a_newcomer_comes_to_a_chart(tmp_path: Path) -> None:
    """Every command and cell is run as written, in a fresh clone of what is committed.

    One thing is lent: the environment. Installing takes minutes and the network, so `.venv` is this one, and the code that runs
    is that of this tree; that it installs is what `make test` has just shown.
    """
    if not (ROOT / ".git").exists():
        pytest.skip("no repository to clone: this tree was unpacked from an archive")
    if not Path(sys.prefix, "bin", "poytakirja").exists():
        pytest.skip("no environment to lend: run the tests by make test")
    (first, clone), *others = blocks()
    assert first == "sh"
    done(clone, tmp_path)
    home = tmp_path / "poytakirja"
    lend_environment(home)
    printed = ""
    for language, content in others:
        if language == "sh":
            printed = done(content, home)
        elif language == "text":
            assert printed == content
        else:
            assert language == "python"
            draw(home / "docs" / "notebook" / "own.ipynb", content)


def draw(path: Path, cell: str) -> None:
    """Add a cell to a notebook and run it, after those that load the tables. Each chart is a picture, this cell's too."""
    notebook = nbformat.read(path, as_version=4)
    assert len(pictures(notebook)) >= 5
    notebook.cells = [*notebook.cells[:4], nbformat.v4.new_code_cell(cell)]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert pictures(notebook)[-1] == len(notebook.cells) - 1


def pictures(notebook: nbformat.NotebookNode) -> list[int]:
    """The cells that show a picture."""
    shown = {
        number: base64.b64decode(output["data"]["image/png"])
        for number, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    }
    assert all(picture.startswith(b"\x89PNG") for picture in shown.values())
    return list(shown)
