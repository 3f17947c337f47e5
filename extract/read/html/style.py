"""How the text of an element is shown, and what else a table needs of the page that it is laid out on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from poytakirja.read.flowed import FlowedTable
from poytakirja.read.html.tree import Element
from poytakirja.read.pdf.rows import Row


@dataclass(slots=True)
class Style:
    """What holds for the text of an element: bold, raised, a link, its white space kept, its tag."""

    bold: bool = False
    raised: bool = False
    link: bool = False
    kept: bool = False
    tag: str | None = None


class Page(Protocol):
    """What lays elements out: a table asks it for the rows of its cells, as each cell is laid out as a page."""

    tables: list[FlowedTable]

    def element(self, element: Element, style: Style, depth: int) -> None:
        """Put an element among the rows."""

    def end_row(self, *, forced: bool = False) -> None:
        """End the row; ``forced`` also an empty one."""

    def take(self, rows: list[Row]) -> None:
        """Rows laid out elsewhere."""

    def laid(self, element: Element, style: Style, depth: int) -> list[Row]:
        """What an element's content is when laid out for itself."""
