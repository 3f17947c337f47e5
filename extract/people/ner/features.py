"""Where a name can be, and the features of a word among its neighbours."""

from __future__ import annotations

from poytakirja.people.ner import Sentence, Stretch
from poytakirja.people.ner.words import EDGE, coarse, describe
from poytakirja.rules.names.lexicon import words_of


def stretches(sentence: Sentence) -> list[Stretch]:
    """The runs of words that may belong to names: those with a capital, and particles between them (``von``)."""
    found: list[Stretch] = []
    particles = words_of("particle")
    begin = None
    for i, word in enumerate(sentence):
        if word != word.lower():
            begin = i if begin is None else begin
        elif begin is not None and not (word in particles and any(w != w.lower() for w in sentence[i + 1 : i + 3])):
            found.append((begin, i))
            begin = None
    return found if begin is None else [*found, (begin, len(sentence))]


def pair_features(sentence: Sentence, i: int) -> list[str]:
    """What a word and its neighbours are together."""
    a2, a, b, c, c2 = (coarse(sentence[j]) if 0 <= j < len(sentence) else EDGE.coarse for j in range(i - 2, i + 3))
    before, after = (sentence[j].lower() if 0 <= j < len(sentence) else "" for j in (i - 1, i + 1))
    found = [f"1{a}|{b}", f"2{b}|{c}", f"3{a}|{b}|{c}", f"4{a2}|{a}|{b}", f"5{b}|{c}|{c2}", f"6{before}|{b}", f"7{b}|{after}"]
    if i == 0:
        found += ["first", f"first{b}"]
    elif i == 1 and not sentence[0][0].isalnum():
        found.append(f"second{b}")
    return found


OFFSETS = (-2, -1, 0, 1, 2)


def features(sentence: Sentence, i: int) -> list[str]:
    """All the features of a word that are strings, for training; ``Crf.scores`` sums their weights word by word."""
    found = []
    for offset in OFFSETS:
        word = describe(sentence[i + offset]) if 0 <= i + offset < len(sentence) else EDGE
        found += [f"{offset}|{feature}" for feature in (word.own if offset == 0 else word.near)]
    return found + pair_features(sentence, i)
