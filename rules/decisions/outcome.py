"""The outcome of an agenda item (päätöksen lopputulos): how what was decided stands to what was proposed.

Words of the decision are evidence (vocabulary/outcome_words.csv); where they tell nothing, the decision is laid beside the
proposal: the same words in another form are the proposal, other figures are a change.

>>> outcome("Ehdotus hyväksyttiin.", "Myönnetään avustus.").value, outcome("Asia jätettiin pöydälle.", "Myönnetään lupa.").value
('as_proposed', 'tabled')
>>> outcome("Kokous todettiin lailliseksi.", None)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.decisions.votes import Vote
from poytakirja.rules.vocabulary_tables.tables import rows

_ORDER = ("withdrawn", "tabled", "returned", "amended", "rejected", "elected", "noted", "as_proposed")
"""Of two outcomes that words tell, the one that comes first counts."""
_ALIKE = 0.75  # share of the words of a decision that a proposal has too, in any form


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome; ``start`` and ``end`` bound the words of the decision that tell it."""

    value: str
    start: int
    end: int
    rule_id: str


@cache
def _patterns(where: str) -> dict[str, regex.Pattern[str]]:
    found: dict[str, list[str]] = {}
    for row in rows("outcome_words"):
        if row["where"] == where:
            words = (
                regex.escape(row["words"])
                .replace(r"\ \*\ ", r"\s+(?:\S+\s+){0,6}?")
                .replace(r"\*", r"\w*")
                .replace(r"\ ", r"\s+")
            )
            found.setdefault(row["outcome"], []).append(words)
    return {value: regex.compile(rf"(?i)(?<!\p{{L}})(?:{'|'.join(words)})(?!\p{{L}})") for value, words in found.items()}


def outcome(decision: str, proposal: str | None, course: str = "", votes: Sequence[Vote] = ()) -> Outcome | None:
    """The outcome that a decision tells, beside its proposal, the course of the discussion and its votes."""
    found = {value: m for value, pattern in _patterns("decision").items() if (m := pattern.search(decision))}
    told = next(((value, found[value]) for value in _ORDER if value in found), None)
    if told and told[0] in ("withdrawn", "tabled", "returned", "amended", "rejected"):
        return _told(told[0], told[1])
    whole = (0, len(decision.rstrip()))
    lost = next((vote for vote in reversed(votes) if vote.decides and vote.against > vote.votes_for), None)
    if lost and proposal:
        return Outcome("rejected" if _turns_down(decision, proposal) else "amended", *whole, "outcome.vote")
    if told and told[0] == "elected":
        return _told(*told)
    if proposal and not _refers(decision) and _changed(decision, proposal, course):
        return Outcome("amended", *whole, "outcome.compared")
    if told and (proposal or told[0] == "noted" or len(decision.split()) <= _SHORT):
        return _told(_by_proposal(told[0], proposal), told[1])
    if proposal and _alike(decision, proposal):
        return Outcome(_by_proposal("as_proposed", proposal), *whole, "outcome.compared")
    return None


_SHORT = 6  # words of a decision that only says that something was approved, no proposal being printed


def _told(value: str, m: regex.Match[str]) -> Outcome:
    return Outcome(value, m.start(), m.end(), "outcome.words")


@cache
def _only_noted() -> regex.Pattern[str]:
    return regex.compile(r"(?i)[^.]*\b(?:merki(?:tä|tsee|tään)|antecknar?s?)\b[^.]*\b(?:tiedoksi|tiedokseen|till kännedom)\.?\s*")


@cache
def _checkers() -> regex.Pattern[str]:
    """A proposal that elects who checks the minutes."""
    return regex.compile(r"(?i)^(?=[^.]*\b(?:pöytäkirjan\s?)?tarkastaj(?:iksi|aksi)\b)(?=[^.]*\bvali(?:taan|tsee|tsisi)\b)")


def _by_proposal(value: str, proposal: str | None) -> str:
    """What approving a proposal comes to: to note or to elect, where it proposes just that."""
    if value != "as_proposed" or proposal is None:
        return value
    if _checkers().search(proposal):
        return "elected"
    noted = _only_noted().fullmatch(proposal)
    return "noted" if noted and " ja " not in proposal.partition("tiedoksi")[2] else value


@cache
def _reference() -> regex.Pattern[str]:
    words = "ehdotu|esity|hyväksyttiin|suostuttiin|förslag|godkän|päätökseksi|todettiin|merkittiin|antecknades|yhdyttiin"
    return regex.compile(rf"(?i)\b\p{{L}}*(?:{words})")


def _refers(decision: str) -> bool:
    """Whether a decision refers to the proposal, or only says that it was approved."""
    return _reference().search(decision) is not None


def _words(text: str) -> set[str]:
    """The words of a text without their endings, figures left out."""
    return {word[:5] for word in regex.findall(r"\p{L}{4,}", text.casefold())}


def _figures(text: str) -> set[str]:
    return set(regex.findall(r"\d+(?:[ .,]\d+)*", text))


@cache
def _beside() -> regex.Pattern[str]:
    """What a decision says beside what was decided: by how many votes, who dissented."""
    return regex.compile(r"(?i)\s*\b(?:äänin|rösterna)\s+\d{1,3}\s*[-–]\s*\d{1,3}|(?<=\.)[^.]*\b(?:eriävä|avvikande)[^.]*\.?")


def _alike(decision: str, proposal: str) -> bool:
    """Whether a decision has the words and the figures of the proposal, in other forms."""
    decision = _beside().sub("", decision)
    a, b = _words(decision), _words(proposal)
    return bool(a) and len(a & b) >= _ALIKE * len(a) and _figures(decision) <= _figures(proposal)


def _changed(decision: str, proposal: str, course: str) -> bool:
    """Whether a decision that is worded like the proposal has other figures, or more words after a change was approved."""
    decision = _beside().sub("", decision)
    a, b = _words(decision), _words(proposal)
    shared = len(a & b) / max(len(a), 1)
    if shared >= 0.5 and not _figures(decision) <= _figures(proposal):
        return True
    return shared < 1 and _patterns("course")["amended"].search(course) is not None and not _alike(decision, proposal)


@cache
def _negated() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\b(?:ei|eivät|ettei|olla \p{L}+mat(?:ta|tä)|hylät\p{L}*|hylkä\p{L}*|inte|avsl\p{L}*)\b")


def _turns_down(decision: str, proposal: str) -> bool:
    """Whether a decision only denies what was proposed: ``olla osallistumatta``."""
    return _negated().search(decision) is not None and _negated().search(proposal) is None
