"""Make extract/model/words.npz: what the recogniser knows of words that no name list holds.

    pip download --no-deps -d build/sources spacy-fi-experimental-web-md wordfreq
    pip install --no-deps --target build/sources/lib build/sources/*.whl msgpack
    python training/make_vectors.py build/sources/lib

Two things are cut down from packages on PyPI. The floret vectors of spacy-fi-experimental-web-md (MIT; made without labels)
to their 64 main dimensions, one byte each. And from wordfreq's Finnish frequencies (data CC BY-SA 4.0) how often a word stands
in the inner local cases, as places do (Oulussa), or in the ablative and allative, as people do (Matille).
"""

from __future__ import annotations

import gzip
import importlib
import sys
from pathlib import Path

import numpy as np
from spacy.vectors import Vectors

from poytakirja.people.ner.words import hash_of
from poytakirja.rules.names.declension import decline
from poytakirja.rules.names.lexicon import lexicon

ROOT = Path(__file__).parents[1]
OUT = ROOT / "extract" / "model" / "words.npz"
CORPUS = ROOT.parent / "shared" / "ner" / "turku-train.tsv"
DIMENSIONS = 64
INNER, OUTER = ("ine", "ela", "ill"), ("all", "abl")
SHARES = (0.005, 0.02, 0.05, 0.1, 0.2, 0.35)


def floret(lib: Path) -> Vectors:
    """The package's vectors."""
    folder = next((lib / "spacy_fi_experimental_web_md").glob("fi_experimental_web_md-*")) / "vocab"
    vectors = Vectors()
    vectors.from_disk(folder, exclude=["strings"])
    return vectors


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length one."""
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)


def main_axes(vectors: Vectors, words: list[str]) -> np.ndarray:
    """The main axes of the words' vectors."""
    rows = unit(vectors.get_batch(words))
    rows = rows - rows.mean(0)
    _, axes = np.linalg.eigh(rows.T @ rows)
    axes = axes[:, ::-1][:, :DIMENSIONS]
    return axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(DIMENSIONS)])


def frequencies(lib: Path) -> dict[str, float]:
    """Occurrences of Finnish words in a thousand million."""
    sys.path.insert(0, str(lib))
    packed = gzip.decompress((lib / "wordfreq" / "data" / "large_fi.msgpack.gz").read_bytes())
    bins = importlib.import_module("msgpack").unpackb(packed, raw=False)[1:]
    return {word: 10 ** (9 - centibels / 100) for centibels, words in enumerate(bins) for word in words}


def case_shares(frequency: dict[str, float]) -> dict[str, tuple[int, int]]:
    """Each word seen in three forms or more → (its shares of inner and outer cases as one code, its weight)."""
    shares: dict[str, tuple[int, int]] = {}
    for word, count in frequency.items():
        if count < 3 or len(word) < 3 or not word.replace("-", "").isalpha():
            continue
        seen = {case: sum(frequency.get(form, 0.0) for form in forms[:2]) for case, forms in decline(word).items()}
        total = sum(seen.values())
        if sum(value > 0 for value in seen.values()) < 3 or total - count < 2:
            continue
        inner, outer = (sum(seen.get(case, 0) for case in cases) / total for cases in (INNER, OUTER))
        code = sum(inner > s for s in SHARES) * (len(SHARES) + 1) + sum(outer > s for s in SHARES)
        shares[word] = (code, min(255, int(16 * np.log10(total))))
    return shares


def main() -> None:
    """Write the file."""
    lib = Path(sys.argv[1])
    vectors = floret(lib)
    words = {line.split("\t")[0] for line in CORPUS.read_text(encoding="utf-8").splitlines() if line.strip()}
    rows = vectors.data @ main_axes(vectors, sorted(words | set(lexicon())))
    step = np.abs(rows).max(0) / 127
    shares = case_shares(frequencies(lib))
    order = sorted(shares)
    OUT.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        OUT,
        rows=np.round(rows / step).astype(np.int8),
        step=step.astype(np.float32),
        keys=np.array([hash_of(word) for word in order], dtype=np.uint32),
        codes=np.array([shares[word][0] for word in order], dtype=np.uint8),
        weights=np.array([shares[word][1] for word in order], dtype=np.uint8),
    )
    print(f"{OUT}: {OUT.stat().st_size:,} bytes, {len(order):,} words")


if __name__ == "__main__":
    main()
