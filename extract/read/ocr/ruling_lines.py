"""Ruling lines (viivat) of a scanned page, from its dots: long runs of dark ones, once the page lies straight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poytakirja.read.ocr.tesseract import Image
from poytakirja.read.pdf.tables.ruling_lines import MANY, THIN, Edge

LEVEL, UPRIGHT = 30.0, 13.0
"""Points of the shortest line: words of running text hold together less far, and its letters are lower."""
WHOLE = 0.94
"""This share of a line's dots is dark: scanners lose some."""
DARK = 0.6
"""Of the greys between black and the paper's own."""
STRIP = 32
"""So many dots side by side are laid straight together: a page a degree askew steps half a dot between them."""

Dots = NDArray[np.bool_]


def edges_of(image: Image, slant: float) -> list[Edge]:
    """The edges of a page in points, as they lie when it is straight; none where there are so many that it is a drawing."""
    greys = np.frombuffer(image.greys, np.uint8).reshape(image.height, image.width)
    greys = greys[: image.height // 2 * 2, : image.width // 2 * 2]
    # Half the dots, each as dark as the darkest of four: thin lines stay whole, and wobble less.
    half = np.minimum(np.minimum(greys[::2, ::2], greys[1::2, ::2]), np.minimum(greys[::2, 1::2], greys[1::2, 1::2]))
    dark = half < DARK * float(np.median(half))
    scale = image.scale / 2
    found = []
    for upright, dots, lean in ((False, dark, slant), (True, dark.T, -slant)):
        shortest = (UPRIGHT if upright else LEVEL) * scale
        for along, across, end, thick in _lines(_straightened(dots, lean), shortest, THIN * scale):
            box = (across, along, across + thick, end) if upright else (along, across, end, across + thick)
            found.append(Edge(*(side / scale for side in box)))
            if len(found) > MANY:
                return []
    return found


def _straightened(dots: Dots, lean: float) -> Dots:
    """The dots with each strip of columns shifted by what the page leans there."""
    shifts = [round(lean * (start + STRIP / 2)) for start in range(0, dots.shape[1], STRIP)]
    if not any(shifts):
        return dots
    strips = (dots[:, STRIP * n : STRIP * (n + 1)] for n in range(len(shifts)))
    return np.concatenate([np.roll(strip, -shift, axis=0) for strip, shift in zip(strips, shifts, strict=True)], axis=1)


def _lines(dots: Dots, shortest: float, thickest: float) -> Iterator[tuple[float, float, float, float]]:
    """The level lines: where each begins, its upper edge, where it ends, how thick it is."""
    length = int(shortest)
    if dots.shape[1] <= length or not dots.size:
        return
    # A line that wobbles by a dot is whole in neither of its rows, but in both together.
    both = dots.copy()
    both[1:] |= dots[:-1]
    counts = np.cumsum(both, axis=1, dtype=np.int32)
    full = counts[:, length:] - counts[:, :-length] >= WHOLE * length
    open_runs: list[list[int]] = []
    for row in np.flatnonzero(full.any(axis=1)).tolist():
        runs = list(_runs(full[row], length))
        still = []
        for run in open_runs:
            if run[3] >= row - 1 and any(_meet(run, start, end) for start, end in runs):
                still.append(run)
            else:
                yield from _told(run, thickest)
        for start, end in runs:
            if (known := next((run for run in still if _meet(run, start, end)), None)) is None:
                still.append([start, row, end, row])
            else:
                known[0], known[2], known[3] = min(known[0], start), max(known[2], end), row
        open_runs = still
    for run in open_runs:
        yield from _told(run, thickest)


def _runs(full: Any, length: int) -> Iterator[tuple[int, int]]:
    """Where in a row lines begin and end, a window's length of dots being dark from each place that is marked."""
    marks = np.flatnonzero(np.diff(np.concatenate(([False], full, [False]))))
    for start, end in zip(marks[::2].tolist(), marks[1::2].tolist(), strict=True):
        yield start + 1, end + length


def _meet(run: list[int], start: int, end: int) -> bool:
    return run[0] < end and start < run[2]


def _told(run: list[int], thickest: float) -> Iterator[tuple[float, float, float, float]]:
    """A run as a line, unless it is an area."""
    start, top, end, bottom = run
    if bottom - top <= thickest + 1:
        yield float(start), float(top), float(end), float(bottom - top)
