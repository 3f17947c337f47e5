"""Train the recogniser of persons and write extract/model/crf.npz; the same input makes the same bytes.

    python training/train_people.py [--train FILE] [--documents N] [--out FILE]

The CRF reads the stretches of words that may be names (poytakirja.people.ner). The first reading's weights come from the corpus
and from made lines (training/make_lines.py); the second learns from what first readings that had not seen a document said of it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite
from make_lines import Tagged, documents

from poytakirja.people import recogniser
from poytakirja.people.ner import BATCH, LABELS, MODEL, Array, Place, Stretch
from poytakirja.people.ner.crf import Crf
from poytakirja.people.ner.evidence import evidence
from poytakirja.people.ner.features import features, stretches
from poytakirja.people.ner.tokens import sentences
from poytakirja.people.ner.words import hash_of, words

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "ner" / "turku-train.tsv"
SEED = 20250101
FOLDS = 3
RESTRAINTS = ({"c1": 0.1, "c2": 0.1}, {"c1": 0.02, "c2": 0.3}, {"c1": 0.05, "c2": 1.0})
OPTIONS = {"c1": 0.1, "c2": 0.1, "max_iterations": 80}
Doc = list[Tagged]


def read_corpus(path: Path) -> list[Doc]:
    """The documents of a two-column IOB2 file, labels cut down to the recogniser's."""
    found: list[Doc] = [[]]
    line_tokens: Tagged = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        token, _, tag = line.partition("\t")
        if token.strip() and token != "-DOCSTART-":
            line_tokens.append((token, _label(tag.strip())))
            continue
        if line_tokens:
            found[-1].append(line_tokens)
            line_tokens = []
        if token == "-DOCSTART-":
            found.append([])
    return [doc for doc in found if doc]


def _label(tag: str) -> str:
    return tag if tag in LABELS else f"{tag[0]}-X"


def split(doc: Doc) -> Doc:
    """A document's lines by sentence, as the recogniser cuts texts."""
    return [[line[i] for i in places] for line in doc for places in sentences([token for token, _ in line])]


class Sample:
    """Sentences with their stretches, and what the CRF is to learn of each."""

    def __init__(self, docs: Sequence[Doc]) -> None:
        self.lines = [line for doc in docs for line in split(doc)]
        self.words = [[word for word, _ in line] for line in self.lines]
        self.doc_of = [n for n, doc in enumerate(docs) for _ in split(doc)]
        self.places = [stretches(words) for words in self.words]
        self.strings = {
            (s, i): features(words, i) for s, words in enumerate(self.words) for b, e in self.places[s] for i in range(b, e)
        }

    def labels(self, s: int, stretch: Stretch) -> list[str]:
        """The gold labels of a stretch; a name cut by its edge begins there."""
        found = [label for _, label in self.lines[s][slice(*stretch)]]
        return [f"B{found[0][1:]}" if found[0].startswith("I") else found[0], *found[1:]]

    def item(self, s: int, i: int, more: Sequence[str]) -> dict[str, float]:
        """All features of a word with their values."""
        found = dict.fromkeys((*self.strings[s, i], *more), 1.0)
        for offset in (-1, 0, 1):
            if 0 <= i + offset < len(self.words[s]):
                found |= {f"z{offset}_{k}": v for k, v in enumerate(_vector(self.words[s][i + offset]))}
        return found

    def evidence(self, belief: dict[Place, Array]) -> dict[Place, list[str]]:
        """The evidence of each word, batch by batch as at run time, documents kept whole."""
        found: dict[Place, list[str]] = {}
        for begin, end in self._batches():
            local = {(s - begin, i): p for (s, i), p in belief.items() if begin <= s < end}
            found |= {(s + begin, i): f for (s, i), f in evidence(self.words[begin:end], local).items()}
        return found

    def _batches(self) -> Iterator[tuple[int, int]]:
        for begin in range(0, len(self.words), BATCH):
            yield begin, min(begin + BATCH, len(self.words))


_VECTORS: dict[str, list[float]] = {}


def _vector(word: str) -> list[float]:
    if word not in _VECTORS:
        _VECTORS[word] = [float(v) for v in words().vector(word)]
    return _VECTORS[word]


def train(sample: Sample, docs: set[int], more: dict[Place, list[str]] | None, **options: Any) -> Crf:
    """A CRF from some of a sample's documents."""
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params({**OPTIONS, **options})
    for s, places in enumerate(sample.places):
        if sample.doc_of[s] in docs:
            for begin, end in places:
                items = [sample.item(s, i, more[s, i] if more else ()) for i in range(begin, end)]
                trainer.append(pycrfsuite.ItemSequence(items), sample.labels(s, (begin, end)))
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/crf"
        trainer.train(path)
        return _read(path)


def _read(path: str) -> Crf:
    """What python-crfsuite learnt, as arrays."""
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    learnt = tagger.info()
    place = {label: n for n, label in enumerate(LABELS)}
    transitions = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for (before, after), weight in learnt.transitions.items():
        transitions[place[before], place[after]] = weight
    dense = np.zeros((3, len(LABELS), words().width), dtype=np.float32)
    weights: dict[int, Array] = {}
    for (feature, label), weight in learnt.state_features.items():
        if feature.startswith("z") and "_" in feature and feature[1:].replace("_", "").lstrip("-").isdigit():
            offset, k = feature[1:].split("_")
            dense[int(offset) + 1, place[label], int(k)] = weight
        else:
            row = weights.setdefault(hash_of(feature), np.zeros(len(LABELS), dtype=np.float32))
            row[place[label]] += weight
    return Crf(weights, dense, transitions)


def believe(crf: Crf, sample: Sample, docs: set[int]) -> dict[Place, Array]:
    """A first reading of some of a sample's documents."""
    places = [p if sample.doc_of[s] in docs else [] for s, p in enumerate(sample.places)]
    return recogniser.believe(crf, sample.words, places)


def average(crfs: Sequence[Crf]) -> Crf:
    """One CRF whose weights are the mean of several's: steadier than each, at the cost of one."""
    total: dict[int, Array] = {}
    parts = [crf.arrays() for crf in crfs]
    for keys, table, _, _ in parts:
        for key, row in zip(keys.tolist(), table, strict=True):
            total[key] = total[key] + row if key in total else row.copy()
    dense, transitions = (np.mean([part[n] for part in parts], axis=0, dtype=np.float32) for n in (2, 3))
    return Crf({key: row / len(parts) for key, row in total.items()}, dense, transitions)


def two_readings(sample: Sample, count: int) -> tuple[Crf, Crf]:
    """Both CRFs; the second learns from first readings by CRFs that had not seen the document.

    The first reading is the mean of those CRFs, so that what it says is as sure as what the second learnt from; the second is
    the mean of CRFs of different restraint and of different parts of the documents.
    """
    everything = set(range(count))
    parts = [{n for n in everything if n % FOLDS != fold} for fold in range(FOLDS)]
    firsts, belief = [], {}
    for part in parts:
        firsts.append(train(sample, part, None, max_iterations=50))
        belief |= believe(firsts[-1], sample, everything - part)
    more = sample.evidence(belief)
    seconds = [train(sample, everything, more, **restraint) for restraint in RESTRAINTS]
    seconds += [train(sample, part, more) for part in parts]
    return average(firsts), average(seconds)


def save(path: Path, crfs: dict[str, Crf]) -> None:
    """Weights in sixteen bits, features by their hash."""
    arrays: dict[str, Any] = {}
    for name, crf in crfs.items():
        keys, table, dense, transitions = crf.arrays()
        step = np.float32(np.abs(table).max() / 32767)
        arrays |= {f"{name}_keys": keys, f"{name}_table": np.round(table / step).astype(np.int16), f"{name}_step": step}
        arrays |= {f"{name}_dense": dense, f"{name}_transitions": transitions}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def main() -> None:
    """Train on the corpus and on made documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, default=CORPUS)
    parser.add_argument("--documents", type=int, default=250)
    parser.add_argument("--out", type=Path, default=MODEL / "crf.npz")
    options = parser.parse_args()
    clock = time.process_time()
    docs = [*read_corpus(options.train), *documents(options.documents, SEED)]
    sample = Sample(docs)
    first, second = two_readings(sample, len(docs))
    save(options.out, {"first": first, "second": second})
    seconds = round(time.process_time() - clock)
    print(json.dumps({"documents": len(docs), "words": sum(map(len, sample.words)), "seconds": seconds}))


if __name__ == "__main__":
    main()
