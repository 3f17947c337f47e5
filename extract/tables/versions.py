"""Versions of the software, rules, model and schema."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from poytakirja import rules
from poytakirja._version import __version__
from poytakirja.tables.schema import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Versions:
    """What made the rows."""

    software: str
    rules: str
    model: str | None
    schema: str


def _hash(folder: Path, files: Iterable[Path]) -> str:
    """A hash of files' names and contents, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


@cache
def versions(own: str = "") -> Versions:
    """The versions of the software, of the rules with their vocabulary (examples aside), of the model and of the schema.

    The software's has a hash of its source behind the number, so that a change of the code reads everything again. ``own`` is the
    version of an organisation's own rules: it stands behind that of the shipped ones, after a plus too.
    """
    code = Path(__file__).parents[1]
    home = Path(rules.__file__).parent
    read = [p for p in home.rglob("*") if p.suffix in {".py", ".csv", ".toml"} and "examples" not in p.relative_to(home).parts]
    model = code / "model"
    parts = [p for p in model.rglob("*") if p.is_file() and p.suffix not in {".py", ".pyc"}]
    software = f"{__version__}+{_hash(code, (p for p in code.rglob('*.py') if not p.is_relative_to(code / 'rules')))[:8]}"
    shipped = _hash(home, read)
    return Versions(software, f"{shipped}+{own}" if own else shipped, _hash(model, parts) if parts else None, SCHEMA_VERSION)
