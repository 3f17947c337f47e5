"""Persons named in texts (henkilöt): beside their titles, and by a recogniser in running text.

``find`` serves the pipeline: all passages of a document in one batch, so that one person gets one spelling. ``find_persons``
is public, for running text without layout, streaming.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rules.persons import NamedPerson, find_titled


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in a text; ``name`` in base form, given name first, ``start`` and ``end`` bound what is printed.

    ``role`` stands beside the name (``role_start``, ``role_end``), in base form; ``method`` is cue where a title showed the
    name, ner where the recogniser did.
    """

    start: int
    end: int
    name: str
    given_name: str | None
    family_name: str | None
    role: str | None
    role_start: int | None
    role_end: int | None
    acting: bool
    method: Literal["cue", "ner"]
    rule_id: str
    confidence: float


def find(texts: Sequence[str], known: Sequence[str] = ()) -> list[list[Mention]]:
    """The persons of each text of one document, in order; ``known`` are full names it states elsewhere (lists, signatures)."""
    return [[_cued(hit) for hit in find_titled(text, known)] for text in texts]


def _cued(hit: NamedPerson) -> Mention:
    return Mention(
        hit.start, hit.end, hit.name, hit.given_name, hit.family_name, hit.role, hit.role_start, hit.role_end, hit.acting,
        "cue", hit.rule_id, hit.confidence,
    )  # fmt: skip


def find_persons(texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
    """The persons of each text as (start, end, name in base form), text by text.

    >>> list(find_persons(["Lautakunta kuuli opetuspäällikkö Carita Jussinmäkeä."]))
    [[(33, 51, 'Carita Jussinmäki')]]
    """
    for text in texts:
        yield [(hit.start, hit.end, hit.name) for hit in find([text])[0]]
