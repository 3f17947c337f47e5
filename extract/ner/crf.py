"""The linear-chain CRF: scores of labels, the likeliest path, the probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.ner import LABELS, Array, Sentence
from extract.ner.features import OFFSETS, pair_features
from extract.ner.words import describe, hash_of, words


class Crf:
    """A linear-chain CRF as trained by python-crfsuite: weights of features by label, and of a label after another."""

    def __init__(self, weights: dict[int, Array], dense: Array, transitions: Array) -> None:
        self._weights = weights
        self._dense = dense
        self._transitions = transitions
        self._nothing = np.zeros(len(LABELS), dtype=np.float32)
        self._known: dict[tuple[str, int], Array] = {}
        self._pairs: dict[str, Array] = {}

    @classmethod
    def load(cls, file: Any, name: str) -> Crf:
        """One of the two CRFs of model/crf.npz."""
        table = file[f"{name}_table"].astype(np.float32) * file[f"{name}_step"]
        weights = dict(zip(file[f"{name}_keys"].tolist(), table, strict=True))
        return cls(weights, file[f"{name}_dense"], file[f"{name}_transitions"])

    def arrays(self) -> tuple[NDArray[np.uint32], Array, Array, Array]:
        """Hashes of the features and their weights, in order; the weights of vectors; the transitions."""
        keys = sorted(self._weights)
        table = np.array([self._weights[key] for key in keys], dtype=np.float32)
        return np.array(keys, dtype=np.uint32), table, self._dense, self._transitions

    def _sum(self, found: Iterable[str]) -> Array:
        total = self._nothing.copy()
        for feature in found:
            row = self._weights.get(hash_of(feature))
            if row is not None:
                total += row
        return total

    def _word(self, word: str, offset: int) -> Array:
        """What a word says of the one ``offset`` before it."""
        key = (word, offset)
        if key not in self._known:
            described = describe(word)
            total = self._sum(f"{offset}|{feature}" for feature in (described.own if offset == 0 else described.near))
            if abs(offset) < 2:
                total += self._dense[offset + 1] @ words().vector(word)
            self._known[key] = total
        return self._known[key]

    def _pair(self, feature: str) -> Array:
        if feature not in self._pairs:
            self._pairs[feature] = self._sum((feature,))
        return self._pairs[feature]

    def score(self, sentence: Sentence, i: int, more: Iterable[str] = ()) -> Array:
        """How well each label suits a word, transitions aside."""
        total = self._sum(more)
        for offset in OFFSETS:
            if 0 <= i + offset < len(sentence):
                total += self._word(sentence[i + offset], offset)
            else:
                total += self._pair(f"{offset}|edge")
        for feature in pair_features(sentence, i):
            total += self._pair(feature)
        return total

    def forget(self) -> None:
        """Drop what was kept of words, when it has grown large."""
        if len(self._known) + len(self._pairs) > 1_000_000:
            self._known.clear()
            self._pairs.clear()

    def best(self, scores: Array) -> list[int]:
        """The likeliest labels of a stretch (Viterbi)."""
        back = []
        reach = scores[0]
        for row in scores[1:]:
            steps = reach[:, None] + self._transitions
            back.append(steps.argmax(0))
            reach = steps.max(0) + row
        path = [int(reach.argmax())]
        for arrows in reversed(back):
            path.append(int(arrows[path[-1]]))
        return path[::-1]

    def probabilities(self, scores: Array) -> Array:
        """The probability of each label for each word of a stretch (forward–backward)."""
        if len(scores) == 1:
            alone: Array = np.exp(scores - scores.max())
            alone /= alone.sum()
            return alone
        ahead, behind = [scores[0]], [np.zeros_like(scores[0])]
        for row in scores[1:]:
            ahead.append(_log_sum(ahead[-1][:, None] + self._transitions, 0) + row)
        for row in scores[:0:-1]:
            behind.append(_log_sum(self._transitions + (row + behind[-1])[None, :], 1))
        together = np.array(ahead) + np.array(behind[::-1])
        likely = np.exp(together - together.max(1, keepdims=True))
        shares: Array = likely / likely.sum(1, keepdims=True)
        return shares


def _log_sum(values: Array, axis: int) -> Array:
    top = values.max(axis)
    found: Array = top + np.log(np.exp(values - np.expand_dims(top, axis)).sum(axis))
    return found
