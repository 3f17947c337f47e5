"""What the styles of a Word file say of a paragraph: heading or not, its space, its tabulators, its list; each from the style it
is based on where its own is silent."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from poytakirja.read.docx.numbering import Element, W, number_of, value_of

LETTER = 110
"""The width of a letter, in twentieths of a point: that of the usual type of eleven points."""
TAB = 1304
"""Where the tabulators stand that nobody has set, in twentieths of a point: Word's own in Finnish and Swedish, 2.3 cm."""
SPACE = 60
"""Paragraphs with more space than this between them, in twentieths of a point, stand apart."""


@dataclass(slots=True)
class Styles:
    """The styles of a document by their ids."""

    by_id: dict[str, Element] = field(default_factory=dict)
    defaults: Element | None = None
    usual: str | None = None

    @classmethod
    def of(cls, root: Element | None) -> Styles:
        """The styles that the part ``styles.xml`` knows."""
        found = cls()
        if root is None:
            return found
        found.defaults = root.find(f"{W}docDefaults")
        for style in root.iter(W + "style"):
            key = value_of(style, "styleId") or ""
            found.by_id[key] = style
            if value_of(style, "type") == "paragraph" and value_of(style, "default") in ("1", "true"):
                found.usual = key
        return found

    def chain(self, key: str | None) -> list[Element]:
        """A style and those that it is based on, itself first."""
        found: list[Element] = []
        key = key or self.usual
        while key in self.by_id and len(found) < 20:
            style = self.by_id[key or ""]
            if style in found:
                break
            found.append(style)
            key = value_of(style.find(W + "basedOn"))
        return found

    def paragraph(self, own: Element | None) -> Paragraph:
        """What holds for a paragraph with these properties of its own."""
        key = value_of(own.find(W + "pStyle")) if own is not None else None
        chain = self.chain(key)
        properties = [p for style in chain if (p := style.find(W + "pPr")) is not None]
        if self.defaults is not None and (usual := self.defaults.find(f"{W}pPrDefault/{W}pPr")) is not None:
            properties.append(usual)
        return Paragraph([own, *properties] if own is not None else properties, chain)


@dataclass
class Paragraph:
    """What holds for a paragraph: its properties, its own first, and its styles."""

    properties: list[Element]
    styles: list[Element]

    def find(self, name: str) -> Element | None:
        """The first word on something."""
        return next((found for p in self.properties if (found := p.find(W + name)) is not None), None)

    @cached_property
    def heading(self) -> int | None:
        """The level of a heading, 1 for the highest; None for other paragraphs."""
        for style in self.styles:
            name = (value_of(style.find(W + "name")) or "").lower()
            if name.startswith(("heading ", "otsikko ", "rubrik ")) and name[-1].isdigit():
                return max(1, int(name[-1]))
            if name in ("title", "subtitle"):
                return 1
        level = number_of(self.find("outlineLvl"))
        return level + 1 if level is not None and 0 <= level < 6 else None

    @cached_property
    def bold(self) -> bool:
        """Whether its styles set it in bold."""
        for style in self.styles:
            found = style.find(f"{W}rPr/{W}b")
            if found is not None:
                return is_on(found)
        return False

    @cached_property
    def space(self) -> tuple[bool, bool]:
        """Whether it stands apart from what is above and below."""
        sides = []
        for side in ("before", "after"):
            found = next((n for p in self.properties if (n := number_of(p.find(W + "spacing"), side)) is not None), 0)
            sides.append(found > SPACE)
        if (close := self.find("contextualSpacing")) is not None and is_on(close) and self.list is not None:
            return False, False
        return sides[0], sides[1]

    @cached_property
    def list(self) -> tuple[str, int] | None:
        """Its list and level; None where it stands in none."""
        for p in self.properties:
            if (found := p.find(W + "numPr")) is not None:
                key, level = value_of(found.find(W + "numId")), number_of(found.find(W + "ilvl"))
                if key is not None:
                    return (key, level or 0) if key != "0" else None
        return None

    @cached_property
    def indent(self) -> int:
        """How many letters it is indented."""
        found = self.find("ind")
        left = next((n for name in ("left", "start") if (n := number_of(found, name)) is not None), 0)
        return max(0, left) // LETTER

    def tab_after(self, column: int) -> int:
        """The column of the next tabulator."""
        here = column * LETTER
        found = self.find("tabs")
        stops = sorted(n for tab in (found if found is not None else ()) if (n := number_of(tab, "pos")) is not None)
        place = next((stop for stop in stops if stop > here + LETTER), (here // TAB + 1) * TAB)
        return max(column + 3, place // LETTER)


def is_on(found: Element | None) -> bool:
    """Whether a switch of Word's is on: it is there and does not say otherwise."""
    return found is not None and value_of(found) not in ("0", "false", "off", "none")
