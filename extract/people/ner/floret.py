"""Word vectors from letters (floret): a word's vector is the sum of rows for its n-grams, each found by a hash.

spaCy reads such vectors too, but takes most of a second to import; the recogniser needs no more of it than this.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_MASK = (1 << 64) - 1
_C1, _C2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
_SEED = 2166136261
_SHORTEST, _LONGEST = 4, 5


def _turn(value: int, by: int) -> int:
    return ((value << by) | (value >> (64 - by))) & _MASK


def _mixed(value: int) -> int:
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & _MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ (value >> 33)


def murmur(data: bytes, seed: int = _SEED) -> int:
    """The lower half of MurmurHash3_x64_128.

    >>> hex(murmur(b"", 0)), hex(murmur(b"hello", 0))
    ('0x0', '0xcbd8a7b341bd9b02')
    """
    a = b = seed
    whole = len(data) - len(data) % 16
    for at in range(0, whole, 16):
        left = int.from_bytes(data[at : at + 8], "little")
        right = int.from_bytes(data[at + 8 : at + 16], "little")
        a ^= _turn(left * _C1 & _MASK, 31) * _C2 & _MASK
        a = ((_turn(a, 27) + b) * 5 + 0x52DCE729) & _MASK
        b ^= _turn(right * _C2 & _MASK, 33) * _C1 & _MASK
        b = ((_turn(b, 31) + a) * 5 + 0x38495AB5) & _MASK
    tail = data[whole:]
    if len(tail) > 8:
        b ^= _turn(int.from_bytes(tail[8:], "little") * _C2 & _MASK, 33) * _C1 & _MASK
    if tail:
        a ^= _turn(int.from_bytes(tail[:8], "little") * _C1 & _MASK, 31) * _C2 & _MASK
    a ^= len(data)
    b ^= len(data)
    a = (a + b) & _MASK
    b = (a + b) & _MASK
    return (_mixed(a) + _mixed(b)) & _MASK


@lru_cache(maxsize=1 << 18)
def _rows(ngram: str, size: int) -> tuple[int, int]:
    found = murmur(ngram.encode())
    return (found & 0xFFFFFFFF) % size, (found >> 32) % size


def rows_of(word: str, size: int) -> list[int]:
    """The rows of a table of some size that make up a word's vector."""
    padded = f"<{word}>"
    ngrams = [padded]
    for length in range(_SHORTEST, _LONGEST + 1):
        ngrams += [padded[i : i + length] for i in range(len(padded) - length + 1)]
    return [row for ngram in ngrams for row in _rows(ngram, size)]


def vector(word: str, table: NDArray[np.int8], step: NDArray[np.float32]) -> NDArray[np.float32]:
    """A word's vector from a table in bytes and the size of a step in each dimension."""
    total: NDArray[np.float32] = table[rows_of(word, len(table))].sum(0, dtype=np.int32) * step
    return total
