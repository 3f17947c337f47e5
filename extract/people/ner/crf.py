"""The linear-chain CRF: scores of labels, the likeliest path, the probabilities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poytakirja.people.ner import LABELS, Array, Place, Run, Sentence
from poytakirja.people.ner.features import OFFSETS, pair_features
from poytakirja.people.ner.words import describe, hash_of, words

_KEPT = 500_000
"""So many words and features are remembered."""
_TOGETHER = 4096
"""So many words are scored at a time."""


class Crf:
    """A linear-chain CRF as trained by python-crfsuite: weights of features by label, and of a label after another.

    Runs of words are read many at a time. A table has a row of weights for each feature, and behind them one for each word met
    so far and each place beside it; what a word scores is the sum of some rows.
    """

    def __init__(self, weights: dict[int, Array], dense: Array, transitions: Array) -> None:
        self._row_of_hash = {key: n for n, key in enumerate(weights, start=1)}
        nothing = np.zeros(len(LABELS), dtype=np.float32)
        self._table = np.array([nothing, *weights.values()], dtype=np.float32)
        self._used = self._learnt = len(self._table)
        self._dense = dense
        self._transitions = transitions
        self._rows: dict[Hashable, int] = {}

    @classmethod
    def load(cls, file: Any, name: str) -> Crf:
        """One of the two CRFs of model/crf.npz."""
        table = file[f"{name}_table"].astype(np.float32) * file[f"{name}_step"]
        weights = dict(zip(file[f"{name}_keys"].tolist(), table, strict=True))
        return cls(weights, file[f"{name}_dense"], file[f"{name}_transitions"])

    def arrays(self) -> tuple[NDArray[np.uint32], Array, Array, Array]:
        """Hashes of the features and their weights, in order; the weights of vectors; the transitions."""
        keys = sorted(self._row_of_hash)
        table = self._table[[self._row_of_hash[key] for key in keys]]
        return np.array(keys, dtype=np.uint32), table, self._dense, self._transitions

    # ---------------------------------------------------------------- scores

    def scores(
        self, batch: Sequence[Sentence], runs: Iterable[Run], more: Mapping[Place, list[str]] | None = None
    ) -> list[Array]:
        """How well each label suits each word of some runs, transitions aside; ``more`` has features beside those of words."""
        runs = list(runs)
        places = ((s, i) for s, begin, end in runs for i in range(begin, end))
        found: list[Array] = []
        while together := list(islice(places, _TOGETHER)):
            rows: list[int] = []
            starts = []
            for s, i in together:
                starts.append(len(rows))
                rows += self._of_word(batch[s], i)
                if more:
                    rows += [self._feature(feature) for feature in more[s, i]]
            found.append(np.add.reduceat(self._table[rows], starts, axis=0))
        return np.split(np.concatenate(found), np.cumsum([end - begin for _, begin, end in runs])[:-1]) if runs else []

    def _of_word(self, sentence: Sentence, i: int) -> list[int]:
        """The rows of a word among its neighbours."""
        rows = [self._beside(sentence, i + offset, offset) for offset in OFFSETS]
        return rows + [self._feature(feature) for feature in pair_features(sentence, i)]

    def _feature(self, feature: str) -> int:
        row = self._rows.get(feature)
        if row is None:
            row = self._rows[feature] = self._row_of_hash.get(hash_of(feature), 0)
        return row

    def _beside(self, sentence: Sentence, at: int, offset: int) -> int:
        """The row of what a word says of the one ``offset`` before it."""
        if not 0 <= at < len(sentence):
            return self._feature(f"{offset}|edge")
        key = (sentence[at], offset)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._added(self._said(sentence[at], offset))
        return row

    def _said(self, word: str, offset: int) -> Array:
        described = describe(word)
        rows = [self._row_of_hash.get(hash_of(f"{offset}|{f}"), 0) for f in (described.own if offset == 0 else described.near)]
        total: Array = self._table[rows].sum(0)
        return total + self._dense[offset + 1] @ words().vector(word) if abs(offset) < 2 else total

    def _added(self, weights: Array) -> int:
        """The number of a new row."""
        if self._used == len(self._table):
            self._table = np.concatenate([self._table, np.zeros_like(self._table)])
        self._table[self._used] = weights
        self._used += 1
        return self._used - 1

    def forget(self) -> None:
        """Drop what was kept of words, when it has grown large."""
        if len(self._rows) > _KEPT:
            self._rows.clear()
            self._table = self._table[: self._learnt].copy()
            self._used = self._learnt

    # ---------------------------------------------------------------- labels

    def best(self, scores: Sequence[Array]) -> list[list[int]]:
        """The likeliest labels of each run (Viterbi)."""
        found: list[list[int]] = [[] for _ in scores]
        for places, runs in _of_one_length(scores):
            for place, path in zip(places, self._best(runs), strict=True):
                found[place] = path
        return found

    def _best(self, runs: Array) -> list[list[int]]:
        back = []
        reach = runs[:, 0]
        for n in range(1, runs.shape[1]):
            steps = reach[:, :, None] + self._transitions
            back.append(steps.argmax(1))
            reach = steps.max(1) + runs[:, n]
        path = [reach.argmax(1)]
        for arrows in reversed(back):
            path.append(arrows[np.arange(len(runs)), path[-1]])
        labels: list[list[int]] = np.array(path[::-1]).T.tolist()
        return labels

    def probabilities(self, scores: Sequence[Array]) -> list[Array]:
        """The probability of each label for each word of each run (forward–backward)."""
        found = list(scores)
        for places, runs in _of_one_length(scores):
            for place, shares in zip(places, self._probabilities(runs), strict=True):
                found[place] = shares
        return found

    def _probabilities(self, runs: Array) -> Array:
        length = runs.shape[1]
        ahead, behind = [runs[:, 0]], [np.zeros_like(runs[:, 0])]
        for n in range(1, length):
            ahead.append(_log_sum(ahead[-1][:, :, None] + self._transitions, 1) + runs[:, n])
        for n in range(length - 1, 0, -1):
            behind.append(_log_sum(self._transitions + (runs[:, n] + behind[-1])[:, None, :], 2))
        together = np.stack(ahead, axis=1) + np.stack(behind[::-1], axis=1)
        likely = np.exp(together - together.max(2, keepdims=True))
        shares: Array = likely / likely.sum(2, keepdims=True)
        return shares


def _of_one_length(scores: Sequence[Array]) -> Iterator[tuple[list[int], Array]]:
    """Runs of one length in one array, and which they are."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for n, run in enumerate(scores):
        places[len(run)].append(n)
    for alike in places.values():
        yield alike, np.stack([scores[n] for n in alike])


def _log_sum(values: Array, axis: int) -> Array:
    top = values.max(axis, keepdims=True)
    found: Array = top.squeeze(axis) + np.log(np.exp(values - top).sum(axis))
    return found
