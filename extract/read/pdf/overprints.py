"""What is printed over a page's words or twice: words of a second pass, lines through words, watermarks, numbers of lines.

Each has a sign that is looked for first, at the cost of a few comparisons a page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from poytakirja.read.pdf.rows import DESCENT, Row, Words
from poytakirja.read.pdf.tables.ruling_lines import THIN, Edge
from poytakirja.read.pdf.words import Boxes

SHIFT = 3.2
"""Points by which a word that is drawn twice may be off."""
LARGE = 2.2
"""Letters so many times as high as the page's usual ones may be a watermark."""
WIDE = 0.7
"""A line through a word covers this share of it."""


def without(w: Words, gone: set[int]) -> None:
    """Take words out of the lines of a page."""
    if gone:
        w.lines = [kept for line in w.lines if (kept := line if gone.isdisjoint(line) else [n for n in line if n not in gone])]


# ---------------------------------------------------------------- drawn twice


def twins(w: Words) -> set[int]:
    """The words of a second pass: the same letters at nearly the same place as words before (fill and stroke, a shadow).

    Looked for where a line begins as one before it does, at its place, or where words of one row lie on each other.
    """
    if not _begins_again(w):
        return set()
    seen: dict[tuple[str, int, int], list[int]] = {}
    found: set[int] = set()
    for line in w.lines:
        for n in line:
            text, x, y = w.text[n], int(w.x0[n] // SHIFT), int(w.bottom[n] // SHIFT)
            near = (m for dx in (-1, 0, 1) for dy in (-1, 0, 1) for m in seen.get((text, x + dx, y + dy), ()))
            if any(abs(w.x0[m] - w.x0[n]) < SHIFT and abs(w.bottom[m] - w.bottom[n]) < SHIFT for m in near):
                found.add(n)
            else:
                seen.setdefault((text, x, y), []).append(n)
    return found


def _begins_again(w: Words) -> bool:
    """Whether two lines of the raw text begin with one word at one place."""
    starts: dict[str, list[int]] = {}
    for line in w.lines:
        first = line[0]
        for other in starts.get(w.text[first], ()):
            if abs(w.x0[other] - w.x0[first]) < SHIFT and abs(w.bottom[other] - w.bottom[first]) < SHIFT:
                return True
        starts.setdefault(w.text[first], []).append(first)
    return False


# ---------------------------------------------------------------- struck out


def struck(w: Words, edges: Sequence[Edge], boxes: Boxes) -> set[int]:
    """The words that a line is drawn through: level, at the height of their middle, no longer than they are.

    A word of which only a part is struck out loses that part (``1.1.2023-31.12.2023`` with a line through its end).
    """
    level = sorted([e for e in edges if e.x1 - e.x0 > 2 * THIN and e.bottom - e.top <= THIN], key=_height)
    if not level:
        return set()
    heights = list(map(_height, level))
    found: set[int] = set()
    for line in w.lines:
        top, bottom = w.top[line[0]], w.bottom[line[0]]
        size = bottom - top
        base = bottom - DESCENT * size
        first, last = bisect_left(heights, base - 0.5 * size), bisect_right(heights, base - 0.08 * size)
        for edge in level[first:last]:
            under = [n for n in line if min(edge.x1, w.x1[n]) - max(edge.x0, w.x0[n]) > 0.5 * size]
            if under and edge.x0 > w.x0[under[0]] - size and edge.x1 < w.x1[under[-1]] + size:
                for n in under:
                    if min(edge.x1, w.x1[n]) - max(edge.x0, w.x0[n]) > WIDE * (w.x1[n] - w.x0[n]):
                        found.add(n)
                    else:
                        _cut(w, n, edge, boxes)
    return found


def _cut(w: Words, n: int, edge: Edge, boxes: Boxes) -> None:
    """Take the letters under a line out of a word."""
    text = w.text[n]
    if len(text) != w.end[n] - w.at[n]:
        return
    kept = []
    for place in range(w.at[n], w.end[n]):
        x0, x1, *_ = boxes.turned(place, place)
        if not edge.x0 < (x0 + x1) / 2 < edge.x1:
            kept.append(place)
    if 0 < len(kept) < len(text):
        w.text[n] = "".join(text[place - w.at[n]] for place in kept)
        if kept == list(range(kept[0], kept[-1] + 1)):
            w.x0[n], w.x1[n] = boxes.turned(kept[0], kept[0])[0], boxes.turned(kept[-1], kept[-1])[1]
            w.at[n], w.end[n] = kept[0], kept[-1] + 1


def _height(edge: Edge) -> float:
    return (edge.top + edge.bottom) / 2


def within(w: Words, corners: Sequence[tuple[float, float]]) -> set[int]:
    """The words whose middles lie in the box around some points."""
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    return {
        n
        for line in w.lines
        for n in line
        if left < (w.x0[n] + w.x1[n]) / 2 < right and top < (w.top[n] + w.bottom[n]) / 2 < bottom
    }


# ---------------------------------------------------------------- watermarks


def watermarks(w: Words) -> list[int]:
    """The words of a watermark: one or two in letters far larger than the page's, lying on or between rows of its text."""
    heights = [w.bottom[n] - w.top[n] for line in w.lines for n in line]
    if len(heights) < 12 or max(heights) < LARGE * (usual := median(heights)):
        return []
    large = [n for line in w.lines for n in line if w.bottom[n] - w.top[n] >= LARGE * usual and n not in w.turned]
    if not large or len(large) > 4:
        return []
    others = [n for line in w.lines for n in line if w.bottom[n] - w.top[n] < LARGE * usual]
    left, right = min(w.x0[n] for n in large), max(w.x1[n] for n in large)
    top, bottom = min(w.top[n] for n in large) + 0.2 * usual, max(w.bottom[n] for n in large) - 0.2 * usual
    lies_on = any(w.top[n] < bottom and top < w.bottom[n] and w.x0[n] < right and left < w.x1[n] for n in others)
    middle = (top + bottom) / 2
    return large if lies_on and any(w.bottom[n] < middle for n in others) and any(w.top[n] > middle for n in others) else []


# ---------------------------------------------------------------- numbers of lines in the margin


def drop_line_numbers(w: Words, rows: list[Row]) -> list[Row]:
    """Rows without the numbers that count them in the margin: every row, or every fifth, from the top of the page to its end."""
    numbered = [(at, row) for at, row in enumerate(rows) if row.pieces and row.pieces[0].text.isdigit()]
    if len(numbered) < 3 or any(len(row.pieces[0].text) > 3 for _, row in numbered):
        return rows
    numbers = [int(row.pieces[0].text) for _, row in numbered]
    step = numbers[1] - numbers[0]
    edge = max(row.pieces[0].x1 for _, row in numbered)
    others = [piece.x0 for at, row in enumerate(rows) for piece in (row.pieces[1:] if (at, row) in numbered else row.pieces)]
    level = max(row.pieces[0].x1 for _, row in numbered) - min(row.pieces[0].x1 for _, row in numbered) < 4.0 or (
        max(row.pieces[0].x0 for _, row in numbered) - min(row.pieces[0].x0 for _, row in numbered) < 4.0
    )
    if step not in (1, 5) or any(b - a != step for a, b in pairwise(numbers)) or not level or (others and min(others) <= edge):
        return rows
    if numbers[0] % step or not _counts_rows(rows, numbered, step):
        return rows
    kept = []
    for row in rows:
        if row.pieces and any(row is one for _, one in numbered):
            first = len(row.pieces[0].text.split())
            words = sorted(row.words, key=w.x0.__getitem__)
            row.pieces, row.words = row.pieces[1:], words[first:]
            if not row.pieces:
                continue
            row.head = w.x1[row.words[0]] - w.x0[row.words[0]]
        kept.append(row)
    return kept


def _counts_rows(rows: Sequence[Row], numbered: Sequence[tuple[int, Row]], step: int) -> bool:
    """Whether the numbers stand at even distances, one at each row or at each fifth, empty rows counted too."""
    tops = [row.bottom for _, row in numbered]
    gaps = [b - a for a, b in pairwise(tops)]
    if max(gaps) - min(gaps) > 0.25 * median(gaps):
        return False
    if step == 5:
        return True
    between = sum(tops[0] - 1 < row.bottom < tops[-1] + 1 for row in rows)
    alone = sum(len(row.pieces) == 1 for _, row in numbered)
    first = int(numbered[0][1].pieces[0].text)
    return len(numbered) >= 10 and between <= len(numbered) + 1 and (alone > 0 or first == 1) and len(numbered) > 0.8 * len(rows)
