"""The pictures of docs/assets, drawn from the code: the stages of the pipeline, and the tables with their keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from poytakirja.tables.schema import TABLES

PIPELINE = Path(__file__).parent.parent / "extract" / "pipeline.py"
_STAGE = re.compile(r"^    # (\d+)\. (.+)$", re.MULTILINE)
_STYLE = """<style>
 .box { fill: #e8eaf6; stroke: #3f51b5 } .title { font-weight: 600 } text { font: 13px sans-serif; fill: #1a1a1a }
 .key { fill: #555 } .arrow { stroke: #3f51b5; fill: none; marker-end: url(#head) }
 @media (prefers-color-scheme: dark) { .box { fill: #2b2f45; stroke: #9fa8da } text { fill: #eee } .key { fill: #bbb }
   .arrow { stroke: #9fa8da } }
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0L8 4L0 8z" fill="#3f51b5"/></marker></defs>"""


def stages(source: str) -> list[str]:
    """What each stage does, as the numbered comments of the pipeline say it.

    >>> stages("    # 1. Bytes become text.\\n    document = read(path)\\n    # 2. Text becomes items.\\n")
    ['Bytes become text.', 'Text becomes items.']
    """
    return [words for _, words in _STAGE.findall(source)]


def pipeline_picture(_: str) -> str:
    """The stages from a file to its tables, one below the other."""
    rows = ["A file: PDF, HTML, DOCX or text", *stages(PIPELINE.read_text(encoding="utf-8")), "Rows of the tables"]
    height, step = 38, 62
    parts = []
    for n, words in enumerate(rows):
        y = 10 + n * step
        parts.append(f'<rect class="box" x="10" y="{y}" width="560" height="{height}" rx="6"/>')
        parts.append(f'<text x="24" y="{y + 24}">{escape(words)}</text>')
        if n:
            parts.append(f'<path class="arrow" d="M290 {y - step + height}V{y - 2}"/>')
    return _svg(580, 20 + len(rows) * step, "The stages of the pipeline", parts)


_COLUMNS: Sequence[Sequence[str]] = (
    ("pages", "cells", "evidence", "findings", "corrections"),
    ("documents", "items", "projects", "project_links", "projects_latest"),
)
"""What stands in the two left columns of the picture; all other tables are in the right one."""


def tables_picture(_: str) -> str:
    """Each table with its key and the tables that its rows refer to."""
    placed = {name for column in _COLUMNS for name in column}
    columns = [*_COLUMNS, [name for name in TABLES if name not in placed]]
    boxes: dict[str, tuple[int, int]] = {}
    for n, names in enumerate(columns):
        for row, name in enumerate(name for name in names if name in TABLES):
            boxes[name] = (10 + n * 310, 10 + row * 96)
    parts = [line for name in boxes for line in _arrows(name, boxes)]
    for name, (x, y) in boxes.items():
        key = ", ".join(TABLES[name].key) or "no key"
        refers = list(TABLES[name].references)
        parts.append(f'<rect class="box" x="{x}" y="{y}" width="250" height="66" rx="6"/>')
        parts.append(f'<text class="title" x="{x + 12}" y="{y + 20}">{name}</text>')
        parts.append(f'<text class="key" x="{x + 12}" y="{y + 38}">key: {escape(key)}</text>')
        parts.append(f'<text class="key" x="{x + 12}" y="{y + 56}">{escape(_short(refers))}</text>')
    bottom = max(y for _, y in boxes.values()) + 90
    return _svg(10 + len(columns) * 310, bottom, "The tables and their keys", parts)


def _short(refers: Sequence[str]) -> str:
    """The columns that name rows of other tables, as many as fit a box."""
    names = ", ".join(refers)
    return f"refers by {names}" if refers and len(names) <= 30 else f"refers by {len(refers)} columns" if refers else ""


def _arrows(name: str, boxes: Mapping[str, tuple[int, int]]) -> list[str]:
    """An arrow to each table that a table refers to."""
    x, y = boxes[name]
    lines = []
    for target in sorted({table for table, _ in TABLES[name].references.values()} - {name}):
        to_x, to_y = boxes[target]
        if to_x == x:
            start, end = (y, to_y + 68) if to_y < y else (y + 66, to_y - 2)
            lines.append(f'<path class="arrow" d="M{x + 125} {start}V{end}"/>')
        else:
            start, end = (x, to_x + 252) if to_x < x else (x + 250, to_x - 2)
            middle = (start + end) // 2
            lines.append(f'<path class="arrow" d="M{start} {y + 33}C{middle} {y + 33} {middle} {to_y + 33} {end} {to_y + 33}"/>')
    return lines


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">'
    return "\n".join([head, f"<title>{title}</title>", _STYLE, *parts, "</svg>"]) + "\n"
