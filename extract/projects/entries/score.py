"""How probable it is that a candidate is an entry (pisteytys): symmetric trees, and the calibration of their sum.

The trees stand in ``extract/model/entries.npz``, made by training/train_entries.py. A tree asks one question on each of its
levels; the answers are the bits of its leaf's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
FILE = Path(__file__).parents[2] / "model" / "entries.npz"


@dataclass(frozen=True, slots=True)
class Trees:
    """``feature`` and ``cut``: trees × depth; ``leaf``: trees × 2^depth; a value above its cut sets its level's bit."""

    feature: npt.NDArray[np.int64]
    cut: Matrix
    leaf: Matrix
    base: float

    def margins(self, x: Matrix) -> Matrix:
        """The share of each tree in the log odds of each row."""
        bits = x[:, self.feature.ravel()] > self.cut.ravel()
        index = bits.reshape(len(x), *self.feature.shape) @ (1 << np.arange(self.feature.shape[1]))
        shares: Matrix = self.leaf[np.arange(len(self.feature)), index]
        return shares

    def probability(self, x: Matrix) -> Matrix:
        """The probability of each row, before calibration."""
        odds: Matrix = self.base + self.margins(x).sum(axis=1)
        return 1 / (1 + np.exp(-odds))

    def reasons(self, x: Matrix) -> Matrix:
        """For one row how much each feature adds to its log odds: a tree's share goes to its levels by what they changed.

        The share of a level is the mean of the leaves that agree with the answers up to it, less that of the level before.
        """
        shares = np.zeros(x.shape[0])
        for feature, cut, leaf in zip(self.feature, self.cut, self.leaf, strict=True):
            numbers = np.arange(len(leaf))
            agree = np.ones(len(leaf), bool)
            before = float(leaf.mean())
            for level, (n, at) in enumerate(zip(feature, cut, strict=True)):
                agree &= ((numbers >> level) & 1) == int(x[n] > at)
                mean = float(leaf[agree].mean())
                shares[n] += mean - before
                before = mean
        return shares


@dataclass(frozen=True, slots=True)
class Model:
    """The trees, those that weigh a candidate in its company, features, calibration and threshold."""

    trees: Trees
    second: Trees
    names: tuple[str, ...]
    raw: Matrix
    calibrated: Matrix
    threshold: float

    def confidence(self, probability: float) -> float:
        """How many in one candidates of this probability were right, out of fold."""
        return round(float(np.interp(probability, self.raw, self.calibrated)), 4)


@cache
def model() -> Model:
    """The model that the package holds."""
    with np.load(FILE) as held:
        first, second = (
            Trees(
                held[f"{part}.feature"].astype(np.int64),
                held[f"{part}.cut"].astype(float),
                held[f"{part}.leaf"].astype(float),
                float(held[f"{part}.base"]),
            )
            for part in ("first", "second")
        )
        names = tuple(str(name) for name in held["names"])
        return Model(first, second, names, held["raw"].astype(float), held["calibrated"].astype(float), float(held["threshold"]))
