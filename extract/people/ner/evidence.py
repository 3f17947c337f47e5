"""The document as evidence: what the first reading made of a name's other mentions, near and far."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from poytakirja.people.ner import LABELS, Array, Place, Sentence
from poytakirja.rules.names.declension import candidates

_INNER, _OUTER = frozenset(("ine", "ela", "ill")), frozenset(("all", "abl", "ade"))
_KINDS = ("PER", "LOC", "ORG", "X")
_KIND_OF = np.array([[label.endswith(kind) for label in LABELS] for kind in _KINDS], dtype=np.float32)


@lru_cache(maxsize=1 << 16)
def _bases(word: str) -> tuple[tuple[str, ...], bool, bool]:
    """The names a form may belong to, and whether it may stand in an inner or an outer local case."""
    found = [(base, case) for base, case in candidates(word) if len(base) >= 3]
    cases = {case for _, case in found}
    return tuple(dict.fromkeys(base for base, _ in found)) or (word,), bool(cases & _INNER), bool(cases & _OUTER)


def _families(capitals: Iterable[str]) -> dict[str, str]:
    """Word forms that may be forms of one name, by a common representative."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    forms = dict.fromkeys(capitals)
    for form in forms:
        bases = _bases(form)[0]
        for base in bases:
            parent.setdefault(base, base)
        for base in bases[1:]:
            parent[root(base)] = root(bases[0])
    return {form: root(_bases(form)[0][0]) for form in forms}


_BOUNDS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)


def _bin(share: float) -> int:
    return bisect_right(_BOUNDS, share)


def evidence(batch: Sequence[Sentence], belief: dict[Place, Array]) -> dict[Place, list[str]]:
    """For each word that may be a name (sentence, word), what the batch's other mentions of it say of it.

    ``belief`` holds the first reading's probabilities of the labels.
    """
    kinds = dict(zip(belief, (np.array(list(belief.values())) @ _KIND_OF.T).tolist(), strict=True)) if belief else {}
    family = _families(batch[s][i] for s, i in belief if len(batch[s][i]) > 1 and batch[s][i][0].isupper())
    mentions: dict[str, list[Place]] = {}
    for s, i in belief:
        if name := family.get(batch[s][i]):
            mentions.setdefault(name, []).append((s, i))
    lower = Counter(word for sentence in batch for word in sentence if word.islower())
    pools = {name: _Pool(batch, places, kinds) for name, places in mentions.items()}
    own = {}
    for s, i in belief:
        word = batch[s][i]
        found = [f"o{kind}{_bin(p)}" for kind, p in zip(_KINDS[:3], kinds[s, i][:3], strict=True)]
        if name := family.get(word):
            found += [*pools[name].without((s, i)), f"low{min(2, lower[word.lower()])}{int(i == 0)}"]
        own[s, i] = found
    return {place: _joined(own, place) for place in own}


class _Pool:
    """The mentions of one name in a batch."""

    def __init__(self, batch: Sequence[Sentence], places: list[Place], kinds: Mapping[Place, list[float]]) -> None:
        self._index = {place: n for n, place in enumerate(places)}
        if len(places) > 1:
            rows = np.array([_signs(batch[s], i, kinds[s, i]) for s, i in places], dtype=np.float32)
            second, top = np.sort(rows[:, :4], axis=0)[-2:]
            self._means = ((rows.sum(0) - rows) / (len(places) - 1)).tolist()
            self._tops = np.where(rows[:, :4] >= top, second, top).tolist()

    def without(self, place: Place) -> list[str]:
        """What all mentions but one say."""
        others = len(self._index) - 1
        count = f"N{others if others < 4 else 4 + (others > 8)}"
        if not others:
            return [count, "alone"]
        means, tops = self._means[self._index[place]], self._tops[self._index[place]]
        found = [count]
        for kind, mean, top in zip(_KINDS, means[:4], tops, strict=True):
            found += [f"a{kind}{_bin(mean)}", f"m{kind}{_bin(top)}"]
        return found + [f"{name}{_bin(mean)}" for name, mean in zip(("in", "out", "C-", "C+"), means[4:], strict=True)]


def _signs(sentence: Sentence, i: int, kinds: list[float]) -> list[float]:
    """What a mention says: of what kind it may be, whether it is in a local case, and whether words with a capital are beside."""
    _, inner, outer = _bases(sentence[i])
    after = i + 1 < len(sentence) and sentence[i + 1][0].isupper()
    return [*kinds, inner, outer, i > 0 and sentence[i - 1][0].isupper(), after]


def _joined(own: dict[Place, list[str]], place: Place) -> list[str]:
    """The evidence on a word and on its neighbours."""
    s, i = place
    before, here, after = own.get((s, i - 1), []), own[place], own.get((s, i + 1), [])
    found = [f"E0{feature}" for feature in here]
    found += [f"E-{feature}" for feature in before] + [f"E+{feature}" for feature in after]
    return [*found, f"EE{here[0]}{before[0] if before else ''}|{after[0] if after else ''}"]


# The other mentions' highest probability of a person is a fiftieth or more.
ELSEWHERE = frozenset(f"E0mPER{n}" for n in range(1, len(_BOUNDS) + 1))
