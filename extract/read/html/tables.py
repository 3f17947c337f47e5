"""The cells of a page's tables, where they stand in the grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial

from poytakirja.read.flowed_tables import Box, data_rows, is_data, layout_rows
from poytakirja.read.html import content
from poytakirja.read.html.style import Page, Style
from poytakirja.read.html.tree import Element, is_bold, is_hidden, tag_of, text_of
from poytakirja.read.pdf.rows import Row

MANY = 200_000
"""So many boxes a table has at most: cells that cover more are cut."""
_PARTS = frozenset({"table", "h1", "h2", "h3", "h4", "form"})
_PARAGRAPHS = 4
"""A cell with more paragraphs than this is a part of a page."""


def lay_out(page: Page, element: Element, style: Style, depth: int) -> None:
    """Put a table among the rows of a page."""
    for caption in element.iter("caption"):
        if next(caption.iterancestors("table"), None) is element:
            page.element(caption, style, depth + 1)
            page.end_row()
    cells = _cells(element)
    boxes = [_box(page, cell, style, depth) for cell in cells]
    if is_data(boxes, _has_lines(element, [cell for cell, *_ in cells])):
        rows, table = data_rows(boxes, len(page.tables))
        page.tables.append(table)
        page.take(rows)
        return
    _drop_menus(boxes, cells)
    page.take(layout_rows(boxes, style.tag, style.bold))


_Placed = tuple[Element, int, int, int, int]
"""A cell with its row and column, and how many of each it covers."""


def _box(page: Page, placed: _Placed, style: Style, depth: int) -> Box:
    cell, row, col, down, across = placed
    text = "" if content.is_of_the_site(cell, tag_of(cell)) else text_of(cell)
    lines = _broken(cell)
    paragraphs = sum(tag_of(inner) in ("p", "div", "ul", "hr") for inner in cell)
    inner = any(tag_of(one) in _PARTS for one in cell.iterdescendants())
    return Box(
        row, col, text, partial(_laid, page, cell, style, depth), down, across, tag_of(cell) == "th", _all_bold(cell),
        inner or paragraphs > _PARAGRAPHS, max((len(line) for line in lines), default=0),
    )  # fmt: skip


def _laid(page: Page, cell: Element, style: Style, depth: int, tag: str | None, bold: bool) -> list[Row]:
    return page.laid(cell, Style(bold=style.bold or bold or is_bold(cell, tag_of(cell)), tag=tag), depth + 1)


def _drop_menus(boxes: Sequence[Box], cells: Sequence[_Placed]) -> None:
    """Take away the text of cells that hold the menu beside the page."""
    by_row: dict[int, list[int]] = {}
    for n, box in enumerate(boxes):
        by_row.setdefault(box.row, []).append(n)
    for row in by_row.values():
        elements, lengths = [cells[n][0] for n in row], [len(boxes[n].text) for n in row]
        menus = [n for at, n in enumerate(row) if len(row) > 1 and content.is_menu_beside(elements, lengths, at)]
        for n in menus:
            boxes[n].text = ""


def _rows_of(element: Element) -> list[Element]:
    """The rows of a table, not of those in its cells."""
    found = []
    stack = list(reversed(element))
    while stack:
        one = stack.pop()
        tag = tag_of(one)
        if tag == "tr":
            found.append(one)
        elif tag in ("thead", "tbody", "tfoot", "form"):
            stack += reversed(one)
    return found


def _span(cell: Element, key: str, most: int) -> int:
    said = (cell.get(key) or "").strip()
    return max(1, min(int(said), most)) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _cells(element: Element) -> list[_Placed]:
    """The cells of a table in the grid, those that cover several rows or columns with how many."""
    rows = [row for row in _rows_of(element) if not is_hidden(row)]
    taken: set[tuple[int, int]] = set()
    found = []
    for n, row in enumerate(rows):
        col = 0
        for cell in row:
            if tag_of(cell) not in ("td", "th") or is_hidden(cell):
                continue
            while (n, col) in taken:
                col += 1
            across, down = _span(cell, "colspan", 100), _span(cell, "rowspan", len(rows) - n)
            if len(taken) + across * down < MANY:
                taken.update((n + k, col + m) for k in range(down) for m in range(across))
            found.append((cell, n, col, down, across))
            col += across
    return found


@cache
def _bordered() -> re.Pattern[str]:
    return re.compile(r"(?i)border(?:-(?:top|bottom|left|right|width|style))?\s*:\s*[^;]*(?:solid|[1-9]\d*(?:\.\d+)?p[tx])")


def _has_lines(element: Element, cells: Sequence[Element]) -> bool:
    """Whether lines are drawn around the cells."""
    border = (element.get("border") or "0").strip()
    if border not in ("0", "", "none") or (element.get("rules") or "none") in ("all", "rows", "groups"):
        return True
    styled = sum(_bordered().search(cell.get("style") or "") is not None for cell in cells)
    names = (element.get("class") or "").lower().split()
    return styled > len(cells) / 2 or any(name in ("table-bordered", "bordered", "msotablegrid", "taulukko") for name in names)


def _all_bold(cell: Element) -> bool:
    """Whether all text of a cell is bold."""
    if is_bold(cell, tag_of(cell)):
        return True
    bold = sum(len(text_of(inner)) for inner in cell.iter("b", "strong"))
    return bold >= len(text_of(cell)) > 0


def _broken(cell: Element) -> list[str]:
    """The lines of a simple cell."""
    parts = [cell.text or ""]
    for inner in cell.iterdescendants():
        if tag_of(inner) in ("br", "p", "div"):
            parts.append("")
        parts[-1] += (inner.text or "") if tag_of(inner) else ""
        parts[-1] += inner.tail or ""
    return [" ".join(part.split()) for part in parts]
