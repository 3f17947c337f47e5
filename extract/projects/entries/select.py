"""The best set of candidates that do not overlap (valinta): weighted intervals, the same for the same weights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


def select(spans: Sequence[tuple[int, int]], weights: Sequence[float]) -> list[int]:
    """The numbers of the spans whose weights add up to most while none overlaps another, in order; weights of 0 or less never.

    >>> select([(0, 10), (0, 4), (5, 10), (12, 15)], [1.0, 0.7, 0.6, -0.1])
    [1, 2]
    """
    order = sorted((n for n in range(len(spans)) if weights[n] > 0), key=lambda n: (spans[n][1], spans[n][0], n))
    ends = [spans[n][1] for n in order]
    best = [0.0]
    before: list[int] = []
    for i, n in enumerate(order):
        before.append(bisect_right(ends, spans[n][0], 0, i))
        best.append(max(best[i], best[before[i]] + weights[n]))
    chosen = []
    i = len(order)
    while i > 0:
        if best[i] > best[i - 1]:
            chosen.append(order[i - 1])
            i = before[i - 1]
        else:
            i -= 1
    return sorted(chosen, key=lambda n: spans[n])
