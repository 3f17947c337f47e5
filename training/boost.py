"""Gradient boosting of symmetric trees (poytakirja.projects.entries.score), in numpy: the same input makes the same trees.

A symmetric tree asks the same question of all its nodes on a level: small to store, quick to evaluate, hard to fit to one
document.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from poytakirja.projects.entries.score import Matrix, Trees

BINS = 32


@dataclass(frozen=True)
class Settings:
    """How trees are grown: how many, how deep, how fast they learn, what keeps them from fitting noise, the share of features."""

    trees: int = 160
    depth: int = 4
    rate: float = 0.1
    restraint: float = 8.0
    share: float = 0.25
    seed: int = 1


def _cuts(column: Matrix) -> Matrix:
    """The cuts of a feature: between its quantiles."""
    values = np.unique(column)
    if len(values) > BINS:
        values = np.unique(np.quantile(column, np.linspace(0, 1, BINS), method="nearest"))
    cuts: Matrix = (values[:-1] + values[1:]) / 2
    return cuts


def fit(x: Matrix, y: Matrix, weight: Matrix, settings: Settings) -> Trees:
    """Grow trees for the logistic loss; ``y`` may lie between 0 and 1."""
    draw = np.random.default_rng(settings.seed)
    cuts = [_cuts(x[:, n]) for n in range(x.shape[1])]
    usable = np.array([n for n, c in enumerate(cuts) if len(c)])
    binned = np.stack([np.searchsorted(c, x[:, n]) for n, c in enumerate(cuts)]).astype(np.int32)
    mean = float(np.average(y, weights=weight))
    base = float(np.log(mean / (1 - mean)))
    margin = np.full(len(x), base)
    features: list[list[int]] = []
    chosen: list[list[float]] = []
    leaves: list[Matrix] = []
    size = 1 << settings.depth
    for _ in range(settings.trees):
        p = 1 / (1 + np.exp(-margin))
        gradient, hessian = weight * (p - y), weight * p * (1 - p)
        sample = np.sort(draw.choice(usable, max(1, int(len(usable) * settings.share)), replace=False))
        node = np.zeros(len(x), np.int64)
        picked = []
        for level in range(settings.depth):
            n, at = _best(binned, node * (BINS + 1), 1 << level, (gradient, hessian), sample, settings.restraint)
            picked.append((n, float(cuts[n][at])))
            node += (binned[n] > at).astype(np.int64) << level
        g, h = np.bincount(node, gradient, size), np.bincount(node, hessian, size)
        leaf = np.round(-settings.rate * g / (h + settings.restraint), 6)
        margin += leaf[node]
        features.append([n for n, _ in picked])
        chosen.append([c for _, c in picked])
        leaves.append(leaf)
    return Trees(np.array(features), np.array(chosen), np.array(leaves), base)


def _best(
    binned: npt.NDArray[np.int32], offset: npt.NDArray[np.int64], nodes: int, slopes: tuple[Matrix, Matrix],
    sample: npt.NDArray[np.int64], restraint: float,
) -> tuple[int, int]:  # fmt: skip
    """The feature, and the bin up to which it goes left, that lower the loss most, over all nodes of a level together."""
    best, where = -np.inf, (int(sample[0]), 0)
    bins = BINS + 1
    for n in sample.tolist():
        index = offset + binned[n]
        g, h = (np.bincount(index, slope, nodes * bins).reshape(nodes, bins).cumsum(axis=1) for slope in slopes)
        left = g[:, :-1] ** 2 / (h[:, :-1] + restraint)
        right = (g[:, -1:] - g[:, :-1]) ** 2 / (h[:, -1:] - h[:, :-1] + restraint)
        gain = (left + right).sum(axis=0)[: int(binned[n].max())]
        if len(gain) and (at := int(gain.argmax())) is not None and gain[at] > best:
            best, where = float(gain[at]), (n, at)
    return where
