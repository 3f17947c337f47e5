"""The structure of the code: rooms build on those below them, and stay small enough to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = [
    "_safe_path", "rules", "files", "errors", "document", "passage", "records", "terminal", "_version",
    "read", "outline", "minutes", "projects", "people", "privacy", "tables", "corrections", "links", "options", "pipeline",
    "one_document", "custom_rules", "archive", "publish", "quality", "report", "review", "poytakirja", "cli", "__main__",
]  # fmt: skip
"""From the ground up: a room imports from itself and from rooms before it."""
FILES = sorted([*(ROOT / "extract").rglob("*.py"), *(ROOT / "rules").rglob("*.py")])
MOST_LINES = 450
MOST_FILES = 14


def module(path: Path) -> str:
    """The name that a file is imported by."""
    top, *rest = path.relative_to(ROOT).with_suffix("").parts
    names = ["poytakirja", *(["rules"] if top == "rules" else []), *rest]
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def room(name: str) -> str:
    """The room of a module; the public API is a room of its own, above what it calls."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "poytakirja"


def imports(path: Path) -> Iterator[str]:
    """The modules of the package that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "poytakirja":
            inner = [f"{node.module}.{name.name}" for name in node.names]
            yield from (name if name in MODULES else node.module for name in inner)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.partition(".")[0] == "poytakirja")


MODULES = {module(path): path for path in FILES}


@pytest.mark.parametrize("name", MODULES)
def test_a_room_imports_only_from_rooms_below_it(name: str) -> None:
    own = ROOMS.index(room(name))
    assert {other for other in imports(MODULES[name]) if ROOMS.index(room(other)) > own} == set()


def test_no_modules_import_each_other() -> None:
    graph = {name: set(imports(path)) & set(MODULES) for name, path in MODULES.items()}
    while free := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in free}
    assert sorted(graph) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_file_is_read_in_one_sitting(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda f: f.relative_to(ROOT).as_posix())
def test_a_folder_is_seen_at_a_glance(folder: Path) -> None:
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= MOST_FILES


def test_the_rules_know_nothing_of_the_pipeline() -> None:
    foreign = {f"{name}: {other}" for name, path in MODULES.items() if room(name) == "rules" for other in imports(path)
               if room(other) != "rules"}  # fmt: skip
    assert foreign == set()
