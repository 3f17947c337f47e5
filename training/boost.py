"""Gradient boosting of symmetric trees (boostatut puut), in numpy: the same input makes the same trees.

A symmetric tree asks the same question of all its nodes on a level, so that its leaf is a number of ``DEPTH`` bits: small to store,
quick to evaluate, and hard to fit to single documents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
BINS = 32


@dataclass(frozen=True)
class Settings:
    """How trees are grown: how many, how deep, how fast they learn, and what keeps them from fitting noise."""

    trees: int = 160
    depth: int = 4
    rate: float = 0.1
    restraint: float = 8.0
    share: float = 0.3
    seed: int = 1


@dataclass(frozen=True)
class Trees:
    """``feature`` and ``cut``: trees × depth; ``leaf``: trees × 2^depth; a value above its cut sets its level's bit."""

    feature: npt.NDArray[np.int64]
    cut: Matrix
    leaf: Matrix
    base: float

    def margin(self, x: Matrix) -> Matrix:
        """The log odds of each row."""
        bits = x[:, self.feature.ravel()] > self.cut.ravel()
        index = bits.reshape(len(x), *self.feature.shape) @ (1 << np.arange(self.feature.shape[1]))
        return self.base + self.leaf[np.arange(len(self.feature)), index].sum(axis=1)

    def probability(self, x: Matrix) -> Matrix:
        """The probability of each row, not calibrated."""
        return 1 / (1 + np.exp(-self.margin(x)))


def _cuts(column: Matrix) -> Matrix:
    """The cuts of a feature: between its quantiles."""
    values = np.unique(column)
    if len(values) > BINS:
        values = np.unique(np.quantile(column, np.linspace(0, 1, BINS), method="nearest"))
    return (values[:-1] + values[1:]) / 2


def fit(x: Matrix, y: Matrix, weight: Matrix, settings: Settings) -> Trees:
    """Grow trees for the logistic loss; ``y`` may lie between 0 and 1."""
    draw = np.random.default_rng(settings.seed)
    cuts = [_cuts(x[:, n]) for n in range(x.shape[1])]
    usable = np.array([n for n, c in enumerate(cuts) if len(c)])
    binned = np.stack([np.searchsorted(cuts[n], x[:, n]) if len(cuts[n]) else np.zeros(len(x), np.int64) for n in range(x.shape[1])]).astype(np.int32)
    mean = float(np.average(y, weights=weight))
    base = float(np.log(mean / (1 - mean)))
    margin = np.full(len(x), base)
    features, chosen_cuts, leaves = [], [], []
    for _ in range(settings.trees):
        p = 1 / (1 + np.exp(-margin))
        gradient, hessian = weight * (p - y), weight * p * (1 - p)
        sample = np.sort(draw.choice(usable, max(1, int(len(usable) * settings.share)), replace=False))
        node = np.zeros(len(x), np.int64)
        picked: list[tuple[int, float]] = []
        for level in range(settings.depth):
            n, at = _best(binned, node, 1 << level, gradient, hessian, sample, settings.restraint)
            picked.append((n, float(cuts[n][at])))
            node += (binned[n] > at).astype(np.int64) << level
        size = 1 << settings.depth
        g, h = np.bincount(node, gradient, size), np.bincount(node, hessian, size)
        leaf = -settings.rate * g / (h + settings.restraint)
        margin += leaf[node]
        features.append([n for n, _ in picked])
        chosen_cuts.append([c for _, c in picked])
        leaves.append(leaf)
    return Trees(np.array(features), np.array(chosen_cuts), np.array(leaves), base)


def _best(
    binned: npt.NDArray[np.int32], node: npt.NDArray[np.int64], nodes: int, gradient: Matrix, hessian: Matrix,
    sample: npt.NDArray[np.int64], restraint: float,
) -> tuple[int, int]:  # fmt: skip
    """The feature and the bin up to which it goes left that lower the loss most, over all nodes of a level together."""
    best, where = -np.inf, (int(sample[0]), 0)
    offset = (node * (BINS + 1)).astype(np.int32)
    for n in sample.tolist():
        index = offset + binned[n]
        g = np.bincount(index, gradient, nodes * (BINS + 1)).reshape(nodes, -1).cumsum(axis=1)
        h = np.bincount(index, hessian, nodes * (BINS + 1)).reshape(nodes, -1).cumsum(axis=1)
        left = g[:, :-1] ** 2 / (h[:, :-1] + restraint)
        right = (g[:, -1:] - g[:, :-1]) ** 2 / (h[:, -1:] - h[:, :-1] + restraint)
        gain = (left + right).sum(axis=0)
        at = int(gain.argmax())
        if gain[at] > best:
            best, where = float(gain[at]), (n, at)
    return where
