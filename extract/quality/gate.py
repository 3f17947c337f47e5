"""The gate: figures of `poytakirja.quality.evaluate` that must not fall, pinned in a TOML file with the hash of their gold."""

from __future__ import annotations

import json
import math
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from poytakirja.terminal import InputError

_NOTE = """\
# The least figures that `poytakirja evaluate --gate` lets through, and the SHA-256 of the gold they were measured on.
# Written by --update-gate, which only raises; lowering a floor or changing the gold takes --allow-lower as well.
"""


@dataclass(frozen=True, slots=True)
class Floors:
    """Figures by name (a field's F1 as ``f1.FIELD``), and hashes by the gold file's path from the gate's folder."""

    gold: dict[str, str]
    figures: dict[str, float]

    @classmethod
    def present(cls, figures: Mapping[str, float], gold: Mapping[Path, str], folder: Path) -> Floors:
        """The figures as now measured, rounded down."""
        paths = {path: os.path.relpath(path.resolve(), folder.resolve()) for path in gold}
        hashes = {Path(paths[path]).as_posix(): digest for path, digest in gold.items()}
        return cls(hashes, {name: math.floor(value * 1e4) / 1e4 for name, value in figures.items()})

    @classmethod
    def read(cls, path: Path) -> Floors:
        """From a gate's file."""
        try:
            data = tomllib.loads(path.read_text("utf-8"))
            by_field = {f"f1.{name}": value for name, value in data["floors"].pop("f1").items()}
            figures = {name: float(value) for name, value in {**data["floors"], **by_field}.items()}
            return cls({str(name): str(digest) for name, digest in data["gold"].items()}, figures)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}: no gate can be read there ({error!r}); --update-gate writes one") from error

    def write(self, path: Path) -> None:
        """To a gate's file."""
        whole = {name: value for name, value in self.figures.items() if not name.startswith("f1.")}
        by_field = {name.removeprefix("f1."): value for name, value in self.figures.items() if name not in whole}
        tables: dict[str, Mapping[str, object]] = {"gold": self.gold, "floors": whole, "floors.f1": by_field}
        lines = [_NOTE]
        for title, values in tables.items():
            lines += [f"[{title}]", *(f"{json.dumps(k, ensure_ascii=False)} = {json.dumps(v)}" for k, v in values.items()), ""]
        path.write_text("\n".join(lines), "utf-8")

    def breaches(self, present: Floors) -> Iterator[str]:
        """Why the present figures are not let through."""
        for name in sorted(self.gold.keys() | present.gold.keys()):
            if name not in present.gold:
                yield f"gold {name}: pinned, but not evaluated"
            elif self.gold.get(name) != present.gold[name]:
                yield f"gold {name}: " + (
                    "changed since the floors were set" if name in self.gold else "evaluated, but not pinned"
                )
        for name, floor in self.figures.items():
            figure = present.figures.get(name)
            if figure is None:
                yield f"{name}: not measured any more, its floor is {floor:g}"
            elif figure < floor:
                yield f"{name}: {figure:g} is below its floor {floor:g}"


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate's file and what is to be done with it: checked, or its floors raised to the present figures (``update``)."""

    path: Path
    update: bool = False
    allow_lower: bool = False

    def breaches(self, figures: Mapping[str, float], gold: Mapping[Path, str]) -> list[str]:
        """Why the figures are not let through; an update that would lower a floor without leave writes nothing."""
        if self.allow_lower and not self.update:
            raise InputError("--allow-lower goes with --update-gate")
        present = Floors.present(figures, gold, self.path.parent)
        new = self.update and (self.allow_lower or not self.path.exists())
        told = [] if new else list(Floors.read(self.path).breaches(present))
        if self.update and not told:
            present.write(self.path)
        elif self.update:
            told.append(f"{self.path} is left as it was: lowering a floor or changing the gold takes --allow-lower")
        return told
