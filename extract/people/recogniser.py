"""The recogniser of persons in running text (nimien tunnistin): a spaCy pipeline whose component holds a linear-chain CRF.

    nlp = load()
    [ent.text for ent in nlp("Hankkeen vetäjä on Leena Mäki-Kuusela.").ents]     # label PER

Only words with a capital, and the small words between them, can be a name: the CRF reads each stretch of them between words
that cannot, so that the rest of a text costs no more than its tokens. It reads a batch of texts twice. The second time it
knows what the first made of each name's other mentions, near and far: a document is evidence for itself.

What a word looks like is told by its letters, by Voikko's classes (pyvoikko), the name lists of ``rules``, titles, floret
vectors and in which cases it is used; see docs/people.md. Training lives in training/train_people.py and calls the functions
of ``poytakirja.people.ner``, so that both see the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from poytakirja.people.ner import BATCH, MODEL, Array, Place, Run, Sentence, Stretch
from poytakirja.people.ner.crf import Crf
from poytakirja.people.ner.evidence import ELSEWHERE, evidence
from poytakirja.people.ner.features import stretches
from poytakirja.people.ner.tokens import Text, cut, pieces

__all__ = ["Found", "PersonRecogniser", "Recogniser", "believe", "load", "read"]

Doc = Any  # spaCy's, which loads with the first text


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
        likely = [run for run in _runs(places) if _likely(run, belief, more)]
        found: list[list[Found]] = [[] for _ in batch]
        for (s, begin, _), persons in zip(likely, self._persons(batch, likely, more), strict=True):
            found[s] += [Found(begin + hit.first, begin + hit.end, hit.confidence) for hit in persons]
        self.first.forget()
        self.second.forget()
        return found

    def _persons(self, batch: Sequence[Sentence], runs: Sequence[Run], more: Mapping[Place, list[str]]) -> Iterator[list[Found]]:
        """The persons of each run, as places in it."""
        scores = self.second.scores(batch, runs, more)
        paths = self.second.best(scores)
        named = [n for n, path in enumerate(paths) if 1 in path or 2 in path]
        sure = dict(zip(named, self.second.probabilities([scores[n] for n in named]), strict=True))
        return (list(_found(path, sure[n])) if n in sure else [] for n, path in enumerate(paths))


def _found(path: Sequence[int], sure: Array) -> Iterator[Found]:
    """The persons that some labels tell, as sure as the least sure of their words."""
    begin = None
    for n, label in enumerate([*path, 0]):
        if begin is not None and label != 2:
            least = min(sure[k, path[k]] for k in range(begin, n))
            yield Found(begin, n, round(float(least), 4))
            begin = None
        if label == 1 or (label == 2 and begin is None):
            begin = n


def _runs(places: Sequence[Sequence[Stretch]]) -> list[Run]:
    return [(s, begin, end) for s, row in enumerate(places) for begin, end in row]


def _likely(run: Run, belief: Mapping[Place, Array], more: Mapping[Place, list[str]]) -> bool:
    """Whether a run is worth a second reading: the first thought of a person, here or where its words stand elsewhere."""
    s, *stretch = run
    return any(belief[s, i][1] + belief[s, i][2] > 0.01 or not ELSEWHERE.isdisjoint(more[s, i]) for i in range(*stretch))


def believe(crf: Crf, batch: Sequence[Sentence], places: Sequence[Sequence[Stretch]]) -> dict[Place, Array]:
    """The first reading: the probabilities of the labels of each word that may be a name."""
    runs = _runs(places)
    read = crf.probabilities(crf.scores(batch, runs))
    return {
        (s, i): row for (s, *stretch), rows in zip(runs, read, strict=True) for i, row in zip(range(*stretch), rows, strict=True)
    }


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
        for _, token in pieces(text):
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
