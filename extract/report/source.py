"""The files of a run found again: by the run's manifest, or under a folder that the user names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from poytakirja.read import MAX_BYTES
from poytakirja.report.rows import Row

Shown = Literal["shown", "text", "missing", "changed", "persons", "refused", "off"]
"""Whether a document's pages are shown as images; if not, why: it is a text file, its PDF is not there, is another one now, the
run did not keep the names of persons, the PDF cannot be read again, or nobody wants images."""


def keeps_persons(document: Row, manifest: Mapping[str, Any]) -> bool:
    """Whether the run kept the names of persons, so that a page may be shown as it is."""
    mode = document.get("persons_mode") or manifest.get("options", {}).get("persons")
    return mode in (None, "keep")


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look for the files of a run."""

    output: Path
    inputs: Path | None
    given: Sequence[str]

    def candidates(self, source: str) -> Iterator[Path]:
        """The paths where a source may lie, the likeliest first."""
        if self.inputs is None:
            yield Path(source)
            if not Path(source).is_absolute():
                yield self.output.absolute().parent / source
            return
        for given in self.given:
            prefix = given.rstrip("/") + "/"
            if source.startswith(prefix):
                yield self.inputs / source.removeprefix(prefix)
        yield self.inputs / source.lstrip("/")
        yield self.inputs / Path(source).name

    def existing(self, source: str) -> tuple[str, ...]:
        """Those of them that are files, each once."""
        found = []
        for path in self.candidates(source):
            if _is_file(path) and str(path) not in found:
                found.append(str(path))
        return tuple(found)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def content(paths: Sequence[str], sha256: str) -> tuple[bytes, Shown]:
    """The bytes of the first of the files that has a hash; else nothing, and why."""
    read = False
    for path in paths:
        try:
            with open(path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError:
            continue  # as good as missing
        read = True
        if hashlib.sha256(data).hexdigest() == sha256:
            return data, "shown"
    return b"", "changed" if read else "missing"
