"""The structure tree of a tagged PDF: under which element each piece of marked content stands.

An element is known by its path, the child numbers from the root, which are the same on every page: so a row of a table that
runs over a page break is one row. The tree is evidence, not truth; ``tables`` compares it with where the words stand.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pypdfium2.raw as pdfium

from poytakirja.read.pdf.pdfium_calls import Address, quick
from poytakirja.read.pdf.rows import Path

DEEP = 60
MANY = 20_000
"""A tree of a page that is deeper or has more elements is broken: the rest of it is left unread."""

_BLOCKS = frozenset([
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private", "P",
    "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH",
    "TD", "THead", "TBody", "TFoot", "Note", "FENote", "Title", "Aside", "Figure", "Formula", "Form", "Artifact",
])  # fmt: skip
_CELLS = frozenset({"TH", "TD"})


@dataclass(slots=True)
class TaggedCell:
    """A cell as the tree has it: its row and column in its table, and whether it heads them."""

    table: Path
    row: Path
    col: int
    path: Path
    is_header: bool


@dataclass(slots=True)
class TagLocation:
    """Where a piece of marked content stands: its nearest block element, and the innermost cell around it."""

    tag: str
    block: Path
    cell: TaggedCell | None


@dataclass(slots=True)
class Tree:
    """What the tree says of one page: the place of each marked-content id, the tables that hold tables, the cells of a row."""

    places: dict[int, TagLocation] = field(default_factory=dict)
    nesting: set[Path] = field(default_factory=set)
    widths: dict[Path, int] = field(default_factory=dict)
    seen: int = 0


@lru_cache(256)
def _name(raw: bytes) -> str:
    return raw.decode("utf-16-le", "replace")


def _spans(element: Any) -> tuple[int, int]:
    """Over how many columns and rows a cell that has attributes reaches."""
    found = {b"ColSpan": 1, b"RowSpan": 1}
    number = ctypes.c_float()
    handle = ctypes.cast(element, pdfium.FPDF_STRUCTELEMENT)
    for n in range(min(pdfium.FPDF_StructElement_GetAttributeCount(handle), 8)):
        attributes = pdfium.FPDF_StructElement_GetAttributeAtIndex(handle, n)
        for name in found if attributes else ():
            value = pdfium.FPDF_StructElement_Attr_GetValue(attributes, name)
            fine = value and pdfium.FPDF_StructElement_Attr_GetNumberValue(value, ctypes.byref(number))
            if fine and 1 <= number.value <= 100:
                found[name] = int(number.value)
    return found[b"ColSpan"], found[b"RowSpan"]


class _Walk:
    """One walk over the tree of a page."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.hanging: dict[Path, dict[int, int]] = {}
        self.buffer = ctypes.create_string_buffer(128)
        self.room = ctypes.c_ulong(128)
        self.ask_type = quick("FPDF_StructElement_GetType", ctypes.c_ulong)
        self.count = quick("FPDF_StructElement_CountChildren")
        self.child = quick("FPDF_StructElement_GetChildAtIndex", Address)
        self.mark = quick("FPDF_StructElement_GetChildMarkedContentID")
        self.attributes = quick("FPDF_StructElement_GetAttributeCount")

    def type_of(self, element: Any) -> str:
        """The standard type of an element."""
        length = self.ask_type(element, self.buffer, self.room)
        return _name(self.buffer.raw[: length - 2]) if 2 < length <= 128 else ""

    def visit(self, element: Any, path: Path, tag: str, block: Path, cell: TaggedCell | None, table: Path | None) -> None:
        """Note an element's own content, then visit its children. ``table`` is the innermost table around it."""
        tree = self.tree
        tree.seen += 1
        if tree.seen > MANY or len(path) > DEEP:
            return
        kind = self.type_of(element)
        if kind in _BLOCKS:
            tag, block = kind, path
        if kind == "Table":
            if table is not None:
                tree.nesting.add(table)
            table, cell = path, None
        elif kind == "TR" and table is not None:
            self.row(element, path, tag, block, table)
            return
        place = None
        for n in range(min(self.count(element), MANY)):
            child = self.child(element, n)
            if child:
                self.visit(child, (*path, n), tag, block, cell, table)
                continue
            mark = self.mark(element, n)
            if mark < 0:
                continue
            known = tree.places.get(mark)
            if known is None or len(known.block) < len(block):  # listed twice: the inner element has it
                place = place or TagLocation(tag, block, cell)
                tree.places[mark] = place

    def row(self, element: Any, path: Path, tag: str, block: Path, table: Path) -> None:
        """A row of a table: its cells with their columns, cells that hang down from rows above left free."""
        hanging = self.hanging.setdefault(table, {})
        col = 0
        for n in range(min(self.count(element), 1000)):
            while hanging.get(col, 0) > 0:
                col += 1
            child = self.child(element, n)
            if not child:
                col += 1
                continue
            kind = self.type_of(child)
            cell = TaggedCell(table, path, col, (*path, n), kind == "TH") if kind in _CELLS else None
            self.visit(child, (*path, n), tag, block, cell, table)
            width, height = _spans(child) if self.attributes(child) > 0 else (1, 1)
            if height > 1:
                hanging.update(dict.fromkeys(range(col, col + width), height))
            col += width
        self.tree.widths[path] = col
        for n in [n for n, left in hanging.items() if left > 0]:
            hanging[n] -= 1


def tree_of(page: Any) -> Tree | None:
    """What the structure tree says of a page; None where it says nothing."""
    root = pdfium.FPDF_StructTree_GetForPage(page)
    if not root:
        return None
    try:
        walk = _Walk()
        for n in range(min(pdfium.FPDF_StructTree_CountChildren(root), MANY)):
            if element := pdfium.FPDF_StructTree_GetChildAtIndex(root, n):
                walk.visit(element, (n,), "", (n,), None, None)
        return walk.tree if walk.tree.places else None
    finally:
        pdfium.FPDF_StructTree_Close(root)
