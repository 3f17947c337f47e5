"""The numbers of lists (numerointi) as Word prints them: they stand nowhere in a paragraph's text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

Element = etree._Element
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 9
"""Word knows so many levels of a list."""


def value_of(element: Element | None, name: str = "val") -> str | None:
    """An attribute of Word's, None where the element is not there."""
    return element.get(W + name) if element is not None else None


def number_of(element: Element | None, name: str = "val") -> int | None:
    """The same as a whole number."""
    said = value_of(element, name)
    return int(said) if said is not None and re.fullmatch(r"-?\d{1,9}", said) else None


@dataclass(slots=True)
class _Level:
    """A level of a list: how its number is written, in what words, from which one it counts."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The lists of a document: their levels, and how far each is counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element | None) -> Numbering:
        """The lists that the part ``numbering.xml`` knows."""
        found = cls()
        if root is None:
            return found
        shapes = {value_of(one, "abstractNumId") or "": _levels(one) for one in root.iter(W + "abstractNum")}
        for one in root.iter(W + "num"):
            key = value_of(one, "numId") or ""
            shape = value_of(one.find(W + "abstractNumId")) or ""
            found.abstract[key] = shape
            found.levels[key] = dict(shapes.get(shape, {}))
            for changed in one.iter(W + "lvlOverride"):
                level = number_of(changed, "ilvl") or 0
                start = number_of(changed.find(W + "startOverride"))
                if (own := changed.find(W + "lvl")) is not None:
                    found.levels[key][level] = _level(own)
                if start is not None:
                    known = found.levels[key].get(level, _Level())
                    found.levels[key][level] = _Level(known.kind, known.text, start)
                    found.abstract[key] = key + "*"  # counts for itself
        return found

    def next(self, key: str, level: int) -> str | None:
        """The mark of the next paragraph of a list; None where it has none."""
        levels = self.levels.get(key)
        if levels is None or not 0 <= level < DEEPEST:
            return None
        counts = self.counts.setdefault(self.abstract[key], {})
        shape = levels.get(level, _Level())
        counts[level] = counts[level] + 1 if level in counts else shape.start
        for deeper in [n for n in counts if n > level]:
            del counts[deeper]
        if shape.kind == "bullet":
            return "•"
        if shape.kind == "none":
            return None

        def number(m: re.Match[str]) -> str:
            n = int(m[1]) - 1
            its = levels.get(n, _Level())
            return written(counts.get(n, its.start), its.kind)

        return re.sub(r"%([1-9])", number, shape.text).strip() or None


def _levels(shape: Element) -> dict[int, _Level]:
    return {number_of(one, "ilvl") or 0: _level(one) for one in shape.iter(W + "lvl")}


def _level(one: Element) -> _Level:
    start = number_of(one.find(W + "start"))
    text = value_of(one.find(W + "lvlText")) or ""
    return _Level(value_of(one.find(W + "numFmt")) or "decimal", text, 1 if start is None else start)


@cache
def written(number: int, kind: str) -> str:
    """A number in the kind of writing that Word names.

    >>> [written(n, kind) for n, kind in ((3, "decimal"), (2, "lowerLetter"), (28, "upperLetter"), (4, "lowerRoman"))]
    ['3', 'b', 'BB', 'iv']
    """
    if kind in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 9)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        signs = [(1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")]
        out = ""
        for value, sign in (*signs, (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
            out += sign * (number // value)
            number %= value
        return out.upper() if kind == "upperRoman" else out
    return f"{number:02d}" if kind == "decimalZero" else str(number)
