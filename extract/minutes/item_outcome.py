"""What an agenda item came to (pykälän tulos): its outcome, its votes, who dissented and who was disqualified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import regex

from poytakirja.document import Evidence
from poytakirja.minutes import person_rows as listing
from poytakirja.minutes.item_parts import Parts
from poytakirja.minutes.person_rows import ListedPerson
from poytakirja.passage import Passage
from poytakirja.records import Item, Vote
from poytakirja.rules.decisions import outcome, votes
from poytakirja.rules.layout.debate import person_words


def decided(item: Item, parts: Parts, text: str, as_proposed: bool) -> list[tuple[str, ListedPerson]]:
    """Read outcome and votes into ``item``; who dissented or was disqualified, as the parts say.

    ``text`` is the document's; ``as_proposed``: whether the proposal is said to be what was decided.
    """
    if not parts.decision and not parts.course:
        return []
    course, decision = Passage.of(parts.course), Passage.of(parts.decision)
    found = _votes(item, course, text) or _votes(item, decision, text)
    if as_proposed and decision.text:
        _say(item, decision, text, outcome.Outcome("as_proposed", 0, len(decision.text), "outcome.referred"))
    elif decision.text:
        told = outcome.outcome(decision.text, item.proposal, course.text, found)
        if told:
            _say(item, decision, text, told)
    return [*_who(course), *_who(decision)]


def _say(item: Item, decision: Passage, text: str, told: outcome.Outcome) -> None:
    span = decision.span(told.start, told.end)
    item.outcome = told.value
    item.evidence.append(Evidence("outcome", text[span.start : span.end], told.rule_id, span.start, span.end))


def _votes(item: Item, passage: Passage, text: str) -> Sequence[votes.Vote]:
    """The votes that a passage tells, as facts of the item."""
    found = votes.find(passage.text)
    for vote in found:
        span = passage.span(vote.start, vote.end)
        counts = (vote.votes_for, vote.against, vote.empty, vote.absent)
        surface = text[span.start : span.end]
        item.votes.append(Vote(surface, vote.rule_id, span.start, span.end, vote.subject, *counts, item=item.ordinal))
    return found


@cache
def _dissenting() -> regex.Pattern[str]:
    return regex.compile(r"(?i)eriävä(?:n|t)?\s+mielipi\p{L}+|avvikande\s+(?:åsikt|mening)\p{L}*")


@cache
def _disqualified() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\besteelli\p{L}+|\bjääv\p{L}+|\b\p{L}*jäävi\b|\banmälde\s+(?:sig\s+)?jäv\p{L}*|\bjävig\p{L}*")


def _who(passage: Passage) -> Iterable[tuple[str, ListedPerson]]:
    """Who is said to dissent or to be disqualified, by full name, in the same sentence."""
    for part, pattern in (("dissenting", _dissenting()), ("disqualified", _disqualified())):
        for m in pattern.finditer(passage.text):
            begin, end = _sentence(passage.text, m.start(), m.end())
            for start, stop in _names(passage.text, begin, end, m):
                named = listing.read(" " * start + passage.text[start:stop], 0, in_list=True)
                yield from ((part, person.moved(passage)) for person in named if person.end <= stop)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence around a place."""
    begin = max((text.rfind(mark, 0, start) + 2 for mark in (". ", "! ", "? ")), default=0)
    stop = text.find(". ", end)
    return max(begin, 0) if begin > 1 else 0, len(text) if stop < 0 else stop


@cache
def _name_run() -> regex.Pattern[str]:
    name = r"\p{Lu}[\p{L}'’-]+(?: (?:af|von|de|van|der))*(?: \p{Lu}[\p{L}'’-]+){1,3}"
    return regex.compile(rf"{name}(?:(?:, | ja | och | sekä ){name})*")


def _names(text: str, begin: int, end: int, m: regex.Match[str]) -> Iterable[tuple[int, int]]:
    """Where the names of a sentence stand to which its words belong: at its head, or behind the words where they head it."""
    lead = person_words(text[begin : m.start()])
    runs = [run.span() for run in _name_run().finditer(text, begin + lead, end)]
    before = [span for span in runs if span[1] <= m.start()]
    return before[:1] or [span for span in runs if span[0] >= m.end() and span[0] - m.end() < _CLOSE]


_CLOSE = 30  # letters between what heads a sentence and the names behind it
