"""The recogniser of persons in running text (nimien tunnistin): a spaCy pipeline whose component holds a linear-chain CRF.

    nlp = load()
    [ent.text for ent in nlp("Hankkeen vetäjä on Leena Mäki-Kuusela.").ents]     # label PER

Only words with a capital, and the small words between them, can be a name: the CRF reads each stretch of them between words
that cannot, so that the rest of a text costs no more than its tokens. It reads a batch of texts twice. The second time it
knows what the first made of each name's other mentions, near and far: a document is evidence for itself.

What a word looks like is told by its letters, by Voikko's classes (pyvoikko), the name lists of ``rules``, titles, floret
vectors and in which cases it is used; see docs/people.md. Training lives in training/train_people.py and calls the functions
of this module, so that both see the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import regex
from numpy.typing import NDArray

from extract import floret
from rules.names import candidates, lexicon, likeness, words_of
from rules.persons import head_of

MODEL = Path(__file__).parent / "model"
LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-X", "I-X")
BATCH = 400
"""How many texts are read together, as evidence for each other."""

Array = NDArray[np.float32]
Doc = Any  # spaCy's, which loads with the first text
Sentence = Sequence[str]
Stretch = tuple[int, int]

# ---------------------------------------------------------------- what a word looks like


@dataclass(frozen=True, slots=True)
class Word:
    """A word form as the CRF sees it: its features as the word in question and as a neighbour, and its coarse class."""

    text: str
    own: tuple[str, ...]
    near: tuple[str, ...]
    coarse: str


_EDGE = Word("", ("edge",), ("edge",), "edge")


def _shape(word: str) -> str:
    kinds = "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in word)
    return regex.sub(r"(.)\1{2,}", r"\1\1", kinds)


_CLASS, _CASE = regex.compile(r"\[L(\w+)\]"), regex.compile(r"\[S(\w+)\]")
_NUMBER, _BASE = regex.compile(r"\[N(\w)\]"), regex.compile(r"\[Xp\](.*?)\[X\]")


@cache
def _voikko() -> Any:
    from pyvoikko import VOIKKO_FST  # noqa: PLC0415  # half a second and 250 MB, for those who look for names only

    return VOIKKO_FST


@cache
def _tokenization_error() -> type[Exception]:
    import kfst  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    error: type[Exception] = kfst.TokenizationException
    return error


_LONGEST_WORD = 80


@lru_cache(maxsize=1 << 17)
def _readings(word: str) -> tuple[tuple[str, str, str], ...]:
    """Voikko's (class, case and number, base form) of a word's last part, in order; of what is too long for a word, none."""
    if len(word) > _LONGEST_WORD:
        return ()
    try:
        found = _voikko().lookup(word.lower())
    except _tokenization_error():
        return ()  # a letter that Voikko does not know
    readings = set()
    for output, _ in found:
        last = output.rpartition("[Bc]")[2]
        kind, case, number, base = (pattern.search(last) for pattern in (_CLASS, _CASE, _NUMBER, _BASE))
        form = (case[1] if case else "-") + (number[1] if number else "")
        readings.add((kind[1] if kind else "?", form, base[1].replace("=", "").lower() if base else ""))
    return tuple(sorted(readings))


_COMMON, _NAME, _PLACE = frozenset(("n", "nl", "l", "t", "s")), frozenset(("ee", "es")), frozenset(("ep", "em"))


@lru_cache(maxsize=1 << 17)
def _listed(word: str) -> tuple[str, ...]:
    """In which name lists a word stands, in base form (0) or another (1): ``gc0`` is a common given name."""
    known = lexicon()
    flags: set[str] = set()
    for form in {word, word.rpartition("-")[2] or word}:
        for base, case in candidates(form)[:12] if len(form) > 1 else ():
            flags.update(f"{kind[0]}{use[0]}{int(case != 'nom')}" for kind, use in known.get(base, {}).items())
    return tuple(sorted(flags))


@lru_cache(maxsize=1 << 17)
def describe(word: str) -> Word:
    """A word's features."""
    low, capital = word.lower(), word[0].isupper()
    own = [f"w={low}", f"s={_shape(word)}", f"n={min(len(word), 12)}"]
    own += [f"x{n}={low[-n:]}" for n in range(1, 7) if len(low) > n]
    own += [f"p{n}={low[:n]}" for n in range(1, 5) if len(low) > n]
    near = [f"w={low}", f"s={_shape(word)}", f"x3={low[-3:]}"]
    title = head_of(word)
    kind = f"{title[1].kind[0]}{title[1].case}" if title else ""
    if title:
        own += [f"T={title[1].base}", f"Tk={kind}"]
        near += [f"T={title[1].base}", f"Tk={kind}"]
    readings = _readings(word) if word[0].isalpha() else ()
    classes = f"V={'+'.join(sorted({r[0] for r in readings})) or '0'}"
    bases = [f"b={r[2]}" for r in readings]
    own += [classes, *bases]
    near += [classes, *bases, *(f"vc={r[0]}{r[1]}" for r in readings)]
    lists = _listed(word) if capital else ()
    if capital:
        own += [f"Vc={'+'.join(sorted({r[1] for r in readings}))}", *(f"v{r[0]}_{r[1]}" for r in readings)]
        shares = words().case_shares(word)
        own += [f"L{flag}" for flag in lists] + ["like"] * (likeness(word) > 2) + shares
        near += shares[-1:]
    coarse = _coarse(word, lists, readings, kind)
    own.append(f"c={coarse}")
    near.append(f"c={coarse}")
    return Word(word, tuple(dict.fromkeys(own)), tuple(dict.fromkeys(near)), coarse)


def _coarse(word: str, lists: Sequence[str], readings: Sequence[tuple[str, str, str]], title: str) -> str:
    """One of some hundred classes: is it capitalised, a known name, a common word, a title."""
    if not word[0].isupper():
        first = word[0]
        if first.isalpha():
            return f"T{title}" if title else f"x{readings[0][0] if readings else '0'}"
        return "d" if first.isdigit() else f".{first}"
    flags, classes = {flag[:2] for flag in lists}, {r[0] for r in readings}
    given = "g" if "gc" in flags else "G" if "gf" in flags else ""
    family = "f" if "fc" in flags else "F" if "ff" in flags else ""
    known = "".join(letter for letter, group in (("n", _COMMON), ("e", _NAME), ("l", _PLACE)) if classes & group)
    return ("A" if word.isupper() else "C") + given + family + ("p" if "pc" in flags else "") + known


def hash_of(feature: str) -> int:
    """A string's hash, by which the model knows it."""
    return crc32(feature.encode())


class _Words:
    """Vectors of words, and in which cases they are used (words.npz, made by training/make_vectors.py)."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as file:
            self._rows, self._step = file["rows"], file["step"]
            keys = file["keys"].tolist()
            self._shares = dict(zip(keys, zip(file["codes"].tolist(), file["weights"].tolist(), strict=True), strict=True))

    @property
    def table(self) -> tuple[NDArray[np.int8], Array]:
        """The rows of the vectors in bytes, and the size of a step in each dimension."""
        return self._rows, self._step

    @property
    def width(self) -> int:
        """The number of dimensions."""
        return int(self._rows.shape[1])

    def vector(self, word: str) -> Array:
        """A word's vector, of length three: on a par with the other features."""
        row = floret.vector(word, self._rows, self._step)
        return row * np.float32(3.0 / (float(np.linalg.norm(row)) + 1e-9))

    def case_shares(self, word: str) -> list[str]:
        """How much the word's base form is used in inner and in outer local cases, as features."""
        found = [self._shares.get(hash_of(base.lower())) for base, _ in candidates(word)[:6]]
        best = max((share for share in found if share), key=lambda share: share[1], default=None)
        if best is None:
            return ["D-"]
        inner, outer = divmod(best[0], 7)
        return [f"DI{inner}", f"DO{outer}", f"D{inner}_{outer}"]


@cache
def words() -> _Words:
    """What is known of words, loaded once."""
    return _Words(MODEL / "words.npz")


# ---------------------------------------------------------------- where a name can be


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
    here = describe(sentence[i])
    before, after = (describe(sentence[j]) if 0 <= j < len(sentence) else _EDGE for j in (i - 1, i + 1))
    before2, after2 = (describe(sentence[j]) if 0 <= j < len(sentence) else _EDGE for j in (i - 2, i + 2))
    a, b, c = before.coarse, here.coarse, after.coarse
    found = [
        f"1{a}|{b}", f"2{b}|{c}", f"3{a}|{b}|{c}", f"4{before2.coarse}|{a}|{b}", f"5{b}|{c}|{after2.coarse}",
        f"6{before.text.lower()}|{b}", f"7{b}|{after.text.lower()}",
    ]  # fmt: skip
    if i == 0:
        found += ["first", f"first{b}"]
    elif i == 1 and not sentence[0][0].isalnum():
        found.append(f"second{b}")
    return found


OFFSETS = (-2, -1, 0, 1, 2)


def features(sentence: Sentence, i: int) -> list[str]:
    """All the features of a word that are strings, for training; ``Crf.score`` sums their weights word by word."""
    found = []
    for offset in OFFSETS:
        word = describe(sentence[i + offset]) if 0 <= i + offset < len(sentence) else _EDGE
        found += [f"{offset}|{feature}" for feature in (word.own if offset == 0 else word.near)]
    return found + pair_features(sentence, i)


# ---------------------------------------------------------------- the document as evidence

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


Place = tuple[int, int]


def evidence(batch: Sequence[Sentence], belief: dict[Place, Array]) -> dict[Place, list[str]]:
    """For each word that may be a name (sentence, word), what the batch's other mentions of it say of it.

    ``belief`` holds the first reading's probabilities of the labels.
    """
    kinds = {place: _KIND_OF @ p for place, p in belief.items()}
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
        found = [f"o{kind}{_bin(p)}" for kind, p in zip(_KINDS[:3], kinds[s, i].tolist()[:3], strict=True)]
        if name := family.get(word):
            found += [*pools[name].without((s, i)), f"low{min(2, lower[word.lower()])}{int(i == 0)}"]
        own[s, i] = found
    return {place: _joined(own, place) for place in own}


class _Pool:
    """The mentions of one name in a batch."""

    def __init__(self, batch: Sequence[Sentence], places: list[Place], kinds: dict[Place, Array]) -> None:
        self.places = places
        rows = []
        for s, i in places:
            _, inner, outer = _bases(batch[s][i])
            after = i + 1 < len(batch[s]) and batch[s][i + 1][0].isupper()
            rows.append([*kinds[s, i].tolist(), inner, outer, i > 0 and batch[s][i - 1][0].isupper(), after])
        self._rows = np.array(rows, dtype=np.float32)
        self._sum = self._rows.sum(0)
        order = np.sort(self._rows[:, :4], axis=0)
        self._top, self._second = order[-1], order[-2] if len(rows) > 1 else order[-1]
        self._index = {place: n for n, place in enumerate(places)}

    def without(self, place: Place) -> list[str]:
        """What all mentions but one say."""
        others = len(self.places) - 1
        count = f"N{others if others < 4 else 4 + (others > 8)}"
        if not others:
            return [count, "alone"]
        row = self._rows[self._index[place]]
        means = ((self._sum - row) / others).tolist()
        tops = np.where(row[:4] >= self._top, self._second, self._top).tolist()
        found = [count]
        for kind, mean, top in zip(_KINDS, means[:4], tops, strict=True):
            found += [f"a{kind}{_bin(mean)}", f"m{kind}{_bin(top)}"]
        return found + [f"{name}{_bin(mean)}" for name, mean in zip(("in", "out", "C-", "C+"), means[4:], strict=True)]


def _joined(own: dict[Place, list[str]], place: Place) -> list[str]:
    """The evidence on a word and on its neighbours."""
    s, i = place
    before, here, after = own.get((s, i - 1), []), own[place], own.get((s, i + 1), [])
    found = [f"E0{feature}" for feature in here]
    found += [f"E-{feature}" for feature in before] + [f"E+{feature}" for feature in after]
    return [*found, f"EE{here[0]}{before[0] if before else ''}|{after[0] if after else ''}"]


# ---------------------------------------------------------------- the CRF


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


@dataclass(frozen=True, slots=True)
class Found:
    """A person in a sentence: its first word, the one behind its last, and how probable the labels are."""

    first: int
    end: int
    confidence: float


class Recogniser:
    """The two readings of a batch of sentences."""

    def __init__(self, path: Path = MODEL / "crf.npz") -> None:
        with np.load(path) as file:
            self.first, self.second = Crf.load(file, "first"), Crf.load(file, "second")

    def find(self, batch: Sequence[Sentence]) -> list[list[Found]]:
        """The persons of each sentence."""
        places = [stretches(sentence) for sentence in batch]
        belief = believe(self.first, batch, places)
        more = evidence(batch, belief)
        found = []
        for s, stretches_ in enumerate(places):
            likely = [stretch for stretch in stretches_ if _likely(s, stretch, belief, more)]
            found.append([hit for stretch in likely for hit in self._persons(batch, s, stretch, more)])
        self.first.forget()
        self.second.forget()
        return found

    def _persons(self, batch: Sequence[Sentence], s: int, stretch: Stretch, more: dict[Place, list[str]]) -> Iterator[Found]:
        scores = np.array([self.second.score(batch[s], i, more[s, i]) for i in range(*stretch)])
        path = self.second.best(scores)
        if not any(label in (1, 2) for label in path):
            return
        sure = self.second.probabilities(scores)
        begin = None
        for n, label in enumerate([*path, 0]):
            if begin is not None and label != 2:
                confidence = float(min(sure[k, path[k]] for k in range(begin, n)))
                yield Found(stretch[0] + begin, stretch[0] + n, confidence)
                begin = None
            if label == 1 or (label == 2 and begin is None):
                begin = n


def _likely(s: int, stretch: Stretch, belief: dict[Place, Array], more: dict[Place, list[str]]) -> bool:
    """Whether a stretch is worth a second reading: the first thought of a person, here or where its words stand elsewhere."""
    return any(belief[s, i][1] + belief[s, i][2] > 0.01 or not _ELSEWHERE.isdisjoint(more[s, i]) for i in range(*stretch))


# The other mentions' highest probability of a person is a fiftieth or more.
_ELSEWHERE = frozenset(f"E0mPER{n}" for n in range(1, len(_BOUNDS) + 1))


def believe(crf: Crf, batch: Sequence[Sentence], places: Sequence[Sequence[Stretch]]) -> dict[Place, Array]:
    """The first reading: the probabilities of the labels of each word that may be a name."""
    belief: dict[Place, Array] = {}
    for s, sentence in enumerate(batch):
        for begin, end in places[s]:
            rows = crf.probabilities(np.array([crf.score(sentence, i) for i in range(begin, end)]))
            belief.update({(s, i): row for i, row in zip(range(begin, end), rows, strict=True)})
    return belief


# ---------------------------------------------------------------- texts

_TOKEN = regex.compile(
    r"\s+|(?:\d+(?:[.,:/–-]\d+)*|[\p{L}\d][\p{L}\p{M}\d'’´]*(?:[-‑–&:.@][\p{L}\d][\p{L}\p{M}\d'’´]*)*-?)(\.?)|-?\S"
)
_SHORTENED = frozenset(
    [
        "esim",
        "mm",
        "ym",
        "yms",
        "jne",
        "ns",
        "ks",
        "vrt",
        "o.s",
        "n",
        "s",
        "puh",
        "p",
        "tri",
        "prof",
        "nk",
        "em",
        "ko",
        "milj",
        "mrd",
        "maist",
        "pj",
        "vpj",
        "siht",
        "jr",
        "sr",
        "mr",
        "mrs",
        "st",
        "dr",
        "vs",
        "vt",
        "v.s",
        "v.t",
    ]
)
_ACTING = regex.compile(r"v\.?[st]\.(?=\w)", regex.IGNORECASE)


def _keeps_point(word: str, text: str, end: int) -> bool:
    """Whether the point behind a word is its own: of an abbreviation, an initial or an ordinal."""
    if word[-1].isdigit():
        return text[end : end + 1] == " " and text[end + 1 : end + 2].islower()
    initial = word[0].isupper() and (len(word) == 1 or word[1:2] in (".", "-")) and len(word) < 6
    return initial or word.lower() in _SHORTENED


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Tokens and white space of a text with their places, nothing left out."""
    for match in _TOKEN.finditer(text):
        token, start = match.group(), match.start()
        if (token[0] in "vV") and (acting := _ACTING.match(token)):
            yield start, acting.group()
            token, start = token[acting.end() :], start + acting.end()
        if match.group(1) and len(token) > 1 and not _keeps_point(token[:-1], text, match.end()):
            yield start, token[:-1]
            token, start = ".", match.end() - 1
        yield start, token


_ENDS = frozenset(".!?…")
_CLOSING = frozenset("\"'”’»)]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text cut to tokens, white space left out, with their places."""

    tokens: list[str]
    starts: list[int]
    sentences: list[list[int]]


def cut(text: str) -> Text:
    """Tokens and sentences of a text.

    >>> cut("Kuuli vt.rehtori A. Ahoa. Asia jäi pöydälle").tokens
    ['Kuuli', 'vt.', 'rehtori', 'A.', 'Ahoa', '.', 'Asia', 'jäi', 'pöydälle']
    """
    tokens: list[str] = []
    starts: list[int] = []
    rows: list[list[int]] = [[]]
    for start, token in _tokens(text):
        if token.isspace():
            if "\n" in token:
                rows.append([])
            continue
        rows[-1].append(len(tokens))
        tokens.append(token)
        starts.append(start)
    return Text(tokens, starts, [found for row in rows for found in sentences([tokens[i] for i in row], row)])


def sentences(tokens: Sequence[str], places: Sequence[int] | None = None) -> list[list[int]]:
    """The tokens' places by sentence: a name does not run over its end."""
    found: list[list[int]] = [[]]
    last = ""
    for place, token in zip(places if places is not None else range(len(tokens)), tokens, strict=True):
        if last in _ENDS and not token[0].islower() and token not in _CLOSING:
            found.append([])
        found[-1].append(place)
        last = token
    return [sentence for sentence in found if sentence]


@cache
def _recogniser() -> Recogniser:
    return Recogniser()


def read(texts: Iterable[Text]) -> list[list[Found]]:
    """The persons of each of a batch of texts, as places of tokens; each text is evidence for the others."""
    texts = list(texts)
    rows = [(n, places) for n, text in enumerate(texts) for places in text.sentences]
    hits = _recogniser().find([[texts[n].tokens[i] for i in places] for n, places in rows])
    found: list[list[Found]] = [[] for _ in texts]
    for (n, places), row in zip(rows, hits, strict=True):
        found[n] += [Found(places[hit.first], places[hit.end - 1] + 1, hit.confidence) for hit in row]
    return found


# ---------------------------------------------------------------- the spaCy pipeline


class PersonRecogniser:
    """The component: sets ``doc.ents`` (label PER) and ``span._.confidence``, a batch of documents at a time."""

    def __call__(self, doc: Doc) -> Doc:
        """Read one document by itself."""
        return next(self._read([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Read documents in batches, each evidence for the others of its batch."""
        stream = iter(docs)
        while batch := list(islice(stream, batch_size)):
            yield from self._read(batch)

    def _read(self, docs: list[Doc]) -> Iterator[Doc]:
        texts = [cut(doc.text) for doc in docs]
        for doc, text, found in zip(docs, texts, read(texts), strict=True):
            spans = []
            for hit in found:
                end = text.starts[hit.end - 1] + len(text.tokens[hit.end - 1])
                span = doc.char_span(text.starts[hit.first], end, label="PER", alignment_mode="expand")
                span._.confidence = hit.confidence
                spans.append(span)
            doc.ents = spans
            yield doc


class _Tokenizer:
    """spaCy's tokens as the recogniser cuts them."""

    def __init__(self, vocab: Any) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        from spacy.tokens import Doc as SpacyDoc  # noqa: PLC0415

        words_: list[str] = []
        spaces: list[bool] = []
        for _, token in _tokens(text):
            if token == " " and words_ and not spaces[-1]:
                spaces[-1] = True
            else:
                words_.append(token)
                spaces.append(False)
        return SpacyDoc(self._vocab, words=words_, spaces=spaces)


@cache
def load() -> Any:
    """The pipeline: spaCy's blank Finnish with the recogniser."""
    import spacy  # noqa: PLC0415  # a second that only those who look for names should spend
    from spacy.language import Language  # noqa: PLC0415
    from spacy.tokens import Span  # noqa: PLC0415

    if not Span.has_extension("confidence"):
        Span.set_extension("confidence", default=None)
    if not Language.has_factory("person_recogniser"):
        Language.factory("person_recogniser", func=lambda nlp, name: PersonRecogniser())
    nlp = spacy.blank("fi")
    nlp.tokenizer = _Tokenizer(nlp.vocab)
    nlp.add_pipe("person_recogniser")
    return nlp
