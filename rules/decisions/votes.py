"""Votes (äänestykset): what was voted on, and how many were for and against it.

``votes_for`` counts what the subject names: the base proposal (JAA) unless the text names another first.

>>> [(v.votes_for, v.against) for v in find("Annettiin 6 jaa-ääntä ja 2 ei-ääntä.")]
[(6, 2)]
>>> [(v.subject, v.votes_for, v.against) for v in find("Äänestyksessä päätösesitys sai 3 ääntä ja Ahon ehdotus 2 ääntä.")]
[('päätösesitys', 3, 2)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import regex

_NUMERALS = {
    "yksi": 1, "kaksi": 2, "kolme": 3, "neljä": 4, "viisi": 5, "kuusi": 6, "seitsemän": 7, "kahdeksan": 8, "yhdeksän": 9,
    "kymmenen": 10, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10,
}  # fmt: skip
_FAR = 600  # letters between the two sides of a vote


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote: counts are None where they are not said; ``start`` and ``end`` bound where both sides are told."""

    subject: str | None
    votes_for: int
    against: int
    empty: int | None
    absent: int | None
    start: int
    end: int
    decides: bool = True
    """Whether the matter itself was voted on, not whether to go on with it."""
    names_for: str = ""
    names_against: str = ""
    rule_id: str = "votes.yes_no"


_COUNT = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMERALS)})"
_VOTES = r"(?:ään(?:tä|en|ellä)?|röst(?:er)?|jäsentä|ledamöter)"
_NAMES = r"(?:\s*\((?P<names>[^()]{1,600})\))?"


@cache
def _side(which: str) -> regex.Pattern[str]:
    """How a side is told: ``4 JAA-ääntä (…)``, ``JAA (…) 4 ääntä``, ``Jaa-äänet 5``, ``(JAA) sai 5``, ``JAA sanoivat: … (8)``."""
    word = "(?:jaa|ja)" if which == "yes" else "(?:ei|nej)"
    return regex.compile(
        rf"""(?i)(?<![\p{{L}}\d]) (?|
            (?P<n>\d{{1,3}}) \s* {word} (?:[ -]? {_VOTES})? (?!\p{{L}}) {_NAMES}
          | \( {word} \) \s* (?:sai|saivat|fick)? \s* (?P<n>\d{{1,3}}) (?P<names>)
          | {word} \s sanoivat: \s* (?P<names>[^()]{{1,600}}?) \s* \( (?P<n>\d{{1,3}}) \)
          | {word} [ -]? (?:ään(?:et|iä|estivät)|röster)? \s* (?:\((?P<what>[^()]{{1,120}})\))? \s* :? \s* (?P<n>\d{{1,3}})
            (?: \s* {_VOTES})? (?!\d|[.,:]\d) (?: \s* (?P<names>\p{{Lu}}[^.:]{{3,600}}?) (?=\.|\s*(?:Ei|Nej|Tyhj|Poissa)) )?
        )""",
        regex.VERBOSE,
    )


@cache
def _got() -> regex.Pattern[str]:
    """What was voted on by name: ``kunnanjohtajan ehdotus sai 4 ääntä``, ``esityksen puolesta 6 ääntä``, ``kannatti 2``."""
    matter = r"[\p{L}.:-]*(?:ehdotu|esity|palautu|ratkaisemi|jatkami|förslag|återremiss)\p{L}*"
    what = rf"(?P<what>(?:[\p{{L}}.:-]+\s+){{0,5}}?{matter}|[Ee]sittelijän?|\p{{Lu}}[\p{{L}}-]+)"
    verb = r"(?:sai|saivat|fick|kannatti(?:vat)?|puolesta(?:\s+annettiin)?|annettiin|äänesti)"
    return regex.compile(
        rf"""{what} \s+ (?:{verb} \s+)? (?:(?:yhteensä|tässä\s+kokouksessa) \s+)? {_COUNT}
             (?! [\p{{L}}\d%] | [.,:]\d | \s*(?:euro|prosent|€|%|§|momen|kohta) )
             (?: \s+ {_VOTES} (?!\p{{L}}) )? {_NAMES}""",
        regex.VERBOSE,
    )


@cache
def _named_count() -> regex.Pattern[str]:
    """Supporters by name with their number behind: ``esitystä kannattivat Aho, Mäki ja Salo (3)``."""
    what = r"(?P<what>(?:[\p{L}.-]+\s+){0,3}?[\p{L}-]*(?:ehdotu|esity)\p{L}*)"
    names = r"(?P<names>\p{Lu}[\p{L}-]+(?:(?:,\s*|\s+(?:ja|sekä)\s+)\p{Lu}[\p{L}-]+)*)"
    return regex.compile(rf"{what}\s+(?:kannatti(?:vat)?\s+)?{names}\s*\((?P<n>\d{{1,3}})\)")


@cache
def _about() -> regex.Pattern[str]:
    """What says that there was a vote at all; asked before any pattern is tried."""
    return regex.compile(r"(?i)äänest|ääntä|äänin|äänet|röst|JAA\b")


@cache
def _margin() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\b(?:äänin|äänillä|rösterna|med)\s+(?P<a>\d{1,3})\s*[-–]\s*(?P<b>\d{1,3})(?!\d|\.\d)")


@cache
def _empty() -> regex.Pattern[str]:
    return regex.compile(
        r"(?i)(?:tyhj(?:ä|ää|iä|iä ääniä)|blanka?)\s*:?\s*(?P<n>\d{1,3})(?!\d)|(?P<n>\d{1,3})\s+(?:äänesti\s+)?(?:tyhjä|blank)"
        r"|tyhjää äänesti (?P<who>\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)?)(?P<n>)"
    )


@cache
def _away() -> regex.Pattern[str]:
    return regex.compile(r"(?i)\b(?:poissa|frånvarande)\s*:?\s*(?P<n>\d{1,3})(?!\d)(?!\s*§)")


@cache
def _going_on() -> regex.Pattern[str]:
    return regex.compile(r"(?i)jatkami|palautu|palauttami|fortsatt|återremiss|ratkaisemi")


def find(text: str) -> list[Vote]:
    """The votes that a text tells, in order."""
    if not _about().search(text):
        return []
    votes = [*_yes_no(text)] or [*_by_name(text)] or [*_lone_margin(text)]
    stops = [*(vote.start for vote in votes[1:]), len(text)] if votes else []
    told = [_with_rest(vote, text, stop) for vote, stop in zip(votes, stops, strict=True)]
    again = {n for n in range(1, len(told)) if _counts(told[n]) == _counts(told[n - 1])}  # said in the other language
    return [vote for n, vote in enumerate(told) if n not in again or told[n - 1].rule_id == told[n].rule_id == "votes.margin"]


def _counts(vote: Vote) -> tuple[int | None, ...]:
    return vote.votes_for, vote.against, vote.empty, vote.absent


def _yes_no(text: str) -> Iterable[Vote]:
    """Votes by yes and no."""
    at = 0
    while yes := _side("yes").search(text, at):
        no = _side("no").search(text, yes.end(), yes.end() + _FAR)
        if not no:
            return
        subject = (yes["what"] if "what" in yes.groupdict() and yes["what"] else None) or _voted_on(text, yes.start())
        vote = Vote(subject, int(yes["n"]), int(no["n"]), None, None, yes.start(), no.end())
        yield replace(
            vote, decides=not _going_on().search(subject or ""), names_for=yes["names"] or "", names_against=no["names"] or ""
        )
        at = no.end()


@cache
def _voting_yes() -> regex.Pattern[str]:
    """``jotka kannattavat asian jatkamista, äänestävät JAA``, ``jaa = esittelijän esitys``, ``pohjaehdotuksen (JAA)``."""
    return regex.compile(
        r"(?i)kannattavat\s+(?P<what>[^,.;]{3,120}?),?\s+(?:äänestävät|sanovat|vastaavat)\s+JAA\b"
        r"|JAA\s*[=-]\s?(?:ehdotus:\s*)?(?P<what>[^,.;:]{3,100})"
        r"|omfattar\s+(?P<what>[^,.;]{3,120}?)\s+röstar\s+JA\b|(?P<what>(?:[\p{L}-]+\s+){0,3}?[\p{L}-]+)\s+\(JAA?\)"
    )


def _voted_on(text: str, before: int) -> str | None:
    """What a yes stood for, as it is said before the vote, or with it."""
    found = [m for m in _voting_yes().finditer(text, 0, min(len(text), before + 80)) if m.start() <= before]
    return found[-1]["what"].strip() if found else None


def _by_name(text: str) -> Iterable[Vote]:
    """Votes between proposals that are named, or between persons."""
    for pattern in (_named_count(), _got()):
        sides = [m for m in pattern.finditer(text) if _is_voted(text, m)]
        n = 0
        while n + 1 < len(sides):
            first, second = sides[n], sides[n + 1]
            if second.start() - first.end() > _FAR:
                n += 1
                continue
            subject = _lead().sub("", " ".join(first["what"].split()))
            vote = Vote(subject, _number(first["n"]), _number(second["n"]), None, None, first.start(), second.end())
            yield replace(
                vote, decides=not _going_on().search(subject), names_for=first["names"] or "",
                names_against=second["names"] or "", rule_id="votes.named",
            )  # fmt: skip
            n += 2
        if len(sides) > 1:
            return


@cache
def _lead() -> regex.Pattern[str]:
    """What leads up to a subject: ``Toimitetussa äänestyksessä``."""
    return regex.compile(r"(?i)^(?:\S+\s+){0,3}(?:äänesty\S*|annettiin|omröstning\S*)\s+")


@cache
def _voting_words() -> regex.Pattern[str]:
    return regex.compile(r"(?i)äänest|ääntä|äänten|röst|kannatti")


def _is_voted(text: str, m: regex.Match[str]) -> bool:
    """Whether a count is one of votes: a word for it stands in its sentence or in the one before."""
    begin = max(0, m.start() - 250)
    return _voting_words().search(text, begin, min(len(text), m.end() + 120)) is not None


def _lone_margin(text: str) -> Iterable[Vote]:
    """A vote of which only the numbers are said: ``äänin 4–3``."""
    for m in _margin().finditer(text):
        yield Vote(None, int(m["a"]), int(m["b"]), None, None, m.start(), m.end(), rule_id="votes.margin")


def _with_rest(vote: Vote, text: str, stop: int) -> Vote:
    """A vote with how many voted empty or were away, as it is said behind it."""
    empty, away = _empty().search(text, vote.start, stop), _away().search(text, vote.end, min(stop, vote.end + 200))
    count = (1 if empty["n"] == "" else int(empty["n"])) if empty else None
    return replace(vote, empty=count, absent=int(away["n"]) if away else None)


def _number(told: str) -> int:
    return _NUMERALS.get(told.casefold()) or int(told)
