"""What a sum of money is: the label of its clause that governs it (kustannusarvio, omarahoitus, Kemin osuus, haettu avustus).

``vocabulary/amount_labels.csv`` lists the labels. The nearest one before the sum governs, else one behind it (``60 000 euron
avustus``); a bracket speaks for itself first. A grant's verb tells whether it was granted or applied for, and the party of a
share whether it is the municipality's, a partner's or a payer's (``party_kinds.csv``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal, cast

import regex

from poytakirja.rules.organisations import municipalities
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Kind = Literal[
    "total_cost", "municipal_share", "own_contribution", "grant", "applied_grant", "partner_share", "earmarked", "annual",
    "loan", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the words around a sum say it is: ``label`` in its normal form, ``party`` and the words that name it as printed."""

    kind: Kind
    label: str
    party: str | None = None
    year: int | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class AmountContext:
    """Where a sum stands: between the sum before it (``floor``) and the one behind it (``ceiling``).

    ``genitive``: its unit stands in the genitive (``50 000 euron avustus``), so that what it is follows; ``elative``: in the
    elative, as the word before it that names it does (``haetusta 84 000 eurosta``).
    """

    start: int
    end: int
    genitive: bool
    floor: int
    ceiling: int
    elative: bool = False


def verdicts(text: str, place: AmountContext) -> list[Verdict]:
    """What the labels around say that the sum is: nothing, one thing, or two where it stands under two labels."""
    around = _around(text, place)
    year = _year(text, place, around)
    if year is not None:
        return [Verdict("annual", "vuosi", year=year)]
    clause, before = _before_cues(around, place)
    behind = _behind_cues(around, place)
    verbs = _Verbs([cue for cue in before if cue.strength == "verb"], _granter(clause))
    bracketed = _noun(around.bracketed, _cues(around.bracketed, "after"), verbs)
    ahead = _noun(clause, before[::-1], verbs)
    after = _noun(around.after, behind, verbs)
    if place.genitive and after:
        return [after]
    if bracketed:
        return [ahead, bracketed] if ahead and ahead.kind != bracketed.kind else [bracketed]
    if ahead:
        return [ahead, *_second(clause, before, ahead)]
    if after:
        return [after]
    verbs_behind = _Verbs([cue for cue in behind if cue.strength == "verb"], verbs.by)
    alone = _municipality_pays(clause) or _verb(clause, verbs) or _verb(around.after, verbs_behind) or _payer(around)
    return [alone] if alone else []


# ---------------------------------------------------------------- labels where they stand


@dataclass(frozen=True, slots=True)
class _Cue:
    """A label where it stands in its clause, with its line of the vocabulary."""

    row: dict[str, str]
    word: str
    start: int
    end: int

    @property
    def strength(self) -> str:
        return self.row["strength"]


@cache
def _labels() -> tuple[regex.Pattern[str], dict[str, dict[str, str]]]:
    """All labels as one pattern, and the row of each: a whole word, its beginning (``stem*``) or a part of it (``*stem*``)."""
    by_key: dict[str, dict[str, str]] = {}
    for row in rows("amount_labels"):
        ends = "*" if row["inflects"] == "yes" else ""
        by_key[row["stem"] + ends] = row
        if row["compound"] == "yes":
            by_key["*" + row["stem"] + ends] = row
    within = [key for key in by_key if key[0] == "*"]
    pattern = rf"""
        (?<!\p{{L}}) (?P<whole> {alternation(key for key in by_key if "*" not in key)} ) (?!\p{{L}})
      | (?<!\p{{L}}) (?P<begun> {alternation(key[:-1] for key in by_key if key[-1] == "*" and key[0] != "*")} ) \p{{L}}*
      | (?<=\p{{L}}) (?P<ending> {alternation(key[1:] for key in within if key[-1] != "*")} ) (?!\p{{L}})
      | (?<=\p{{L}}) (?P<within> {alternation(key[1:-1] for key in within if key[-1] == "*")} ) \p{{L}}*
    """
    return regex.compile(pattern, regex.VERBOSE | regex.IGNORECASE), by_key


_KEY = {"whole": "{}", "begun": "{}*", "ending": "*{}", "within": "*{}*"}


def _cues(clause: str, *where: str) -> list[_Cue]:
    """The labels of a clause that may stand ``where`` (before or after a sum, or behind one in the genitive), in order."""
    pattern, by_key = _labels()
    cues = []
    for hit in pattern.finditer(clause):
        kind = str(hit.lastgroup)
        row = by_key[_KEY[kind].format(" ".join(hit[kind].lower().split()))]
        if row["where"] in (*where, "both") and row["strength"] != "none":
            cues.append(_Cue(row, hit[0].lower(), hit.start(), hit.end()))
    return cues


# ---------------------------------------------------------------- the clause of a sum

_WINDOW = 130
_REACH_AFTER = 45
_WHICH = r"(?:jo(?:sta|ista|hon|ihin|nka|iden|ka|tka|lle|ille|ten|lloin|ssa|issa|lla|illa)|mistä|varav)\b"
_BREAK = regex.compile(rf"[.!?]\s+(?=\p{{Lu}})|[;•]|\n\s*\n|,\s(?={_WHICH})")
_BREAK_AFTER = regex.compile(rf"[.!?]\s+(?=\p{{Lu}})|[;•(),]|[.!?]$|\n\s*\n|\s(?=(?:ja|sekä|och|{_WHICH})\b)")
_ONE_WORD = regex.compile(r"(?<=\p{L}\s?)\((\p{L}+)\)")
_BRACKETS = regex.compile(r"\([^()]*\)")
_LABEL_IN_BRACKETS = regex.compile(r"\s{0,2}\(([^()\d]{3,40})\)")


@dataclass(frozen=True, slots=True)
class _Around:
    """The words of the clause around a sum: before it (``inner``: in its own open bracket), behind it, bracketed behind it."""

    outer: str
    inner: str
    after: str
    bracketed: str
    crowded: bool
    """Another sum follows in the same clause, so that a label between the two may be that one's."""


def _around(text: str, place: AmountContext) -> _Around:
    window = text[max(place.floor, place.start - _WINDOW) : place.start]
    cut = 0
    for boundary in _BREAK.finditer(window):
        cut = boundary.end()
    said_twice = _ONE_WORD.sub(r"/\1/", window[cut:])  # kuntaosuus (omarahoitus) 10 000 €
    outer = _BRACKETS.sub(lambda closed: " " * len(closed[0]), said_twice)
    window = text[place.end : min(place.ceiling, place.end + _REACH_AFTER)]
    turn = _BREAK_AFTER.search(window)
    label = _LABEL_IN_BRACKETS.match(text, place.end, place.ceiling)
    return _Around(
        outer=outer,
        inner=outer[outer.rfind("(") + 1 :],
        after=window[: turn.start()] if turn else window,
        bracketed=label[1] if label else "",
        crowded=turn is None and place.end + len(window) == place.ceiling < len(text),
    )


_NAMES_ANOTHER = regex.compile(r"(?:[aeio]st[aä]|kseen|ksiin|ioon|ttiin|uteen|hin|ll[eaä]|lt[aä]|ss[aä])$")


def _before_cues(around: _Around, place: AmountContext) -> tuple[str, list[_Cue]]:
    """The clause before the sum and its labels: those of its own bracket, where there are any, else those outside.

    A label in a local case names another sum than the one behind it: ``kustannusarviosta 20 % eli 19 420 €``,
    ``osallistuu rahoitukseen 5 000 eurolla``, ``haetusta avustuksesta myönnettiin 5 000 €``.
    """
    for clause in (around.inner, around.outer) if _BARE.fullmatch(around.inner) else (around.inner,):
        cues = [cue for cue in _cues(clause, "before") if not _of_another(clause, cue, place)]
        if cues:
            return clause, cues
    return around.inner, []


_BARE = regex.compile(r"(?:[\s\d,.%=]|eli|on|noin|n\.|yhteensä|enintään|arviolta)*")  # omarahoitus 30 % (noin 30 000 €)


_ACCORDING = regex.compile(r"\smuka(?:an|isesti)\b")


def _of_another(clause: str, cue: _Cue, place: AmountContext) -> bool:
    if _ACCORDING.match(clause, cue.end):  # kustannusarvion mukaan kaupungin tuki on 5 000 €
        return True
    if place.genitive:
        return False
    if cue.strength == "verb":
        return cue.word.endswith(("tusta", "tystä")) and not place.elative
    return cue.row["inflects"] == "yes" and _NAMES_ANOTHER.search(cue.word) is not None


_OBLIQUE = regex.compile(r"(?:t[aä]|n|l[lt][aäe]|ss[aä]|st[aä]|ksi)$")


def _behind_cues(around: _Around, place: AmountContext) -> list[_Cue]:
    """The labels behind the sum (60 000 euron avustus, 5 000 € omarahoitusta); a nominative before the next sum is that one's."""
    if place.genitive:
        return _cues(around.after, "genitive", "after")
    cues = [cue for cue in _cues(around.after, "after") if cue.row["kind"] != "total_cost"]
    return [cue for cue in cues if not around.crowded or _OBLIQUE.search(cue.word)]


# ---------------------------------------------------------------- which label governs


@dataclass(frozen=True, slots=True)
class _Verbs:
    """The verbs of the clause before the sum, and who grants (``by``)."""

    cues: list[_Cue]
    by: str | None


_CLAUSE_TURNS = regex.compile(r",|\s(?:ja|sekä|mutta|och)\s")


def _noun(clause: str, nearest_first: list[_Cue], verbs: _Verbs) -> Verdict | None:
    """What the nearest noun says (omarahoitus, Kemin osuus, haettu avustus), unless a verb behind it began another clause."""
    for i, cue in enumerate(nearest_first):
        if cue.strength == "noun":
            if any(verb.start > cue.end and _CLAUSE_TURNS.search(clause, cue.end, verb.start) for verb in verbs.cues):
                return None
            party = _party(clause, cue)
            kind = cast(Kind, cue.row["kind"])
            if kind == "own_contribution" and party and _share_kind(party) == "grant":
                kind = "grant"  # valtion vastinrahoitus
            return Verdict(kind, cue.row["label"], party, words=clause[cue.start : cue.end])
        if cue.strength == "share":
            attribute = any(other.end == cue.start - 1 for other in nearest_first[i + 1 :])  # kuntarahoituksen osuus
            party = None if attribute else _party(clause, cue)
            if party:
                return Verdict(_share_kind(party), cue.row["label"], party, words=clause[cue.start : cue.end])
        if cue.strength in ("grant", "support"):
            near = [verb for verb in nearest_first[:i] if verb.strength == "verb"] or verbs.cues[-1:]
            return _granted(clause, near[0], verbs, _party(clause, cue)) if near else _given(clause, cue)
    return None


def _given(clause: str, cue: _Cue) -> Verdict:
    """A grant or support without a verb: what the municipality gives in support of a project is its share."""
    party = _party(clause, cue)
    own = cue.strength == "support" and "municipal_share" in map(_party_kind, (party or "").split())
    return Verdict("municipal_share" if own else "grant", cue.row["label"], party, words=clause[cue.start : cue.end])


_BY_MUNICIPALITY = regex.compile(r"(?:kaupunki|kunta|kommunen|staden)\s(?:\p{L}+\s){0,2}$", regex.IGNORECASE)


def _granted(clause: str, verb: _Cue, verbs: _Verbs, party: str | None = None) -> Verdict:
    """A grant as its verb says it: applied for, or granted by somebody."""
    if verb.row["label"] == "rahoittaa" and _BY_MUNICIPALITY.search(clause, 0, verb.start):
        return Verdict("municipal_share", verb.row["label"], words=verb.word)
    by = verbs.by if verb.row["kind"] == "grant" else None
    return Verdict(cast(Kind, verb.row["kind"]), verb.row["label"], by or party, words=verb.word)


_MUNICIPALITY_PAYS = regex.compile(
    r"(?<![\p{L}-])(?P<who>(?:\p{Lu}[\p{L}-]+n\s)?(?:kaupunki|kunta)|kommunen|staden|\p{Lu}[\p{L}-]+)\s(?:maksaa|maksoi|maksaisi|betalar)\s"
    r"(?:\p{Ll}+\s){0,3}$",
    regex.IGNORECASE,
)


def _municipality_pays(clause: str) -> Verdict | None:
    """What a municipality pays of a project: ``josta Kuusilahden kaupunki maksaa 5 000 euroa``, ``Kemi maksaa 5 000 euroa``."""
    match = _MUNICIPALITY_PAYS.search(clause, max(0, len(clause) - 90))
    if match is None or not (_party_kind(match["who"].split()[-1]) == "municipal_share" or municipalities.by_name(match["who"])):
        return None
    return Verdict("municipal_share", "maksaa", match["who"])


_REACH_OF_VERB = 90


def _verb(clause: str, verbs: _Verbs) -> Verdict | None:
    """What a verb says without a noun: haetaan 5 000 euroa."""
    near = verbs.cues and len(clause) - verbs.cues[-1].end <= _REACH_OF_VERB
    return _granted(clause, verbs.cues[-1], verbs) if near else None


_EITHER = regex.compile(r"\s*(?:/|eli)\s*")


def _second(clause: str, cues: list[_Cue], first: Verdict) -> list[Verdict]:
    """The other label of a sum under two: ``kuntarahoitus/omarahoitus``, ``omavastuu eli kuntarahaosuus``."""
    for a, b in pairwise(cues):
        if a.strength == b.strength == "noun" and _EITHER.fullmatch(clause, a.end, b.start) and a.row["kind"] != first.kind:
            return [Verdict(cast(Kind, a.row["kind"]), a.row["label"], _party(clause, a), words=clause[a.start : a.end])]
    return []


_PAYER = regex.compile(r"(?<![\p{L}-])(\p{L}{2,20})\+?\s?[:–-]?\s?$")


def _payer(around: _Around) -> Verdict | None:
    """Who pays, named right before the sum without any label: ``EAKR 80 000 €, kunnat 15 000 €``."""
    match = _PAYER.search(around.inner[-25:])
    kind, alone = _parties().get(match[1].lower(), (None, False)) if match else (None, False)
    return Verdict(kind, "rahoittaja", match[1]) if match and kind and alone else None


# ---------------------------------------------------------------- whose


@cache
def _parties() -> dict[str, tuple[Kind, bool]]:
    return {row["stem"]: (cast(Kind, row["kind"]), row["alone"] == "yes") for row in rows("party_kinds")}


def _party_kind(word: str) -> Kind | None:
    """The kind of a party's share: a short stem must be all of a word (EU:n, ELY-keskuksen), a long one begin it."""
    for part in (name := word.lower().partition(":")[0], *name.split("-")):
        for stem, (kind, _) in _parties().items():
            if part == stem or (len(stem) > 4 and part.startswith(stem)):
                return kind
    return None


_WORD = regex.compile(r"\S+")
_PREFIX = regex.compile(r"(?<![\p{L}-])([\p{L}\d+]+)-$")
_TARGET = regex.compile(r"\p{Lu}[\p{L}-]*(?:\s\p{Ll}+)?lle(?!\p{L})|(?:kaupungille|kunnalle)(?!\p{L})")
_GRANTER = regex.compile(r"(\p{Lu}[\p{L}-]*(?:\s[\p{L}-]+){0,3}?)\s(?:on\s|oli\s)?myön(?:tänyt|si|tää)(?!\p{L})")


def _granter(clause: str) -> str | None:
    match = _GRANTER.search(clause)
    return match[1] if match else None


_NO_NAME = regex.compile(
    r"hankkee|projekti|toiminna|hakemuk|jonka|sen$|.*(?:tavan|tävän|tun|tyn|neen|uksen|yksen|isen|mman)$", regex.IGNORECASE
)


_WITHOUT_PARTY = ("total_cost", "other")


def _party(clause: str, cue: _Cue) -> str | None:
    """Whose it is, as printed: the genitive before the label (Lapuan kaupungin osuus), or a compound's first part (EU-tuki)."""
    if cue.row["kind"] == "earmarked":
        target = _TARGET.search(clause)
        return target[0] if target else None
    if cue.row["kind"] in _WITHOUT_PARTY:
        return None
    prefix = _PREFIX.search(clause, max(0, cue.start - 30), cue.start)
    if prefix and (prefix[1].isupper() or _party_kind(prefix[1])):
        return str(prefix[1])
    if not clause[cue.start - 1 : cue.start].isspace():
        return None
    taken: list[regex.Match[str]] = []
    for word in reversed(list(_WORD.finditer(clause, max(0, cue.start - 60), cue.start))):
        if not _of_name(word[0]) or (not taken and word[0][-1] not in "ns" and _party_kind(word[0]) is None):
            break
        taken.append(word)
    return clause[taken[-1].start() : taken[0].end()] if taken else None


def _of_name(word: str) -> bool:
    """A word of a party's name: known as one, or a capitalised word that is no participle at the head of a sentence."""
    return word[-1].isalpha() and (_party_kind(word) is not None or (word[0].isupper() and _NO_NAME.match(word) is None))


def _share_kind(party: str) -> Kind:
    """Of which kind a party's share is. A name that no row knows is taken for a municipality's (Kemin osuus)."""
    known = [kind for word in party.split() if (kind := _party_kind(word))]
    return known[-1] if known else "municipal_share"


# ---------------------------------------------------------------- of which year

_YEAR = r"((?:19|20)\d\d)"
_YEAR_CASE = r"(?:vuonna|vuodelle|vuodeksi|vuoden|vuosi|v\.|år)"
_FILLER = (
    r"(?:yhteensä|on|ovat|oli|eli|noin|n\.|arviolta|enintään|varattu|budjetoitu|osoitettu|maksetaan|käytetään|kohdistuu|varataan"
    r"|(?:lisä)?määräraha\p{L}*)(?!\p{L})"
)
_FILLING = rf"(?:[\s:,=(]|[–-](?=\s)|{_FILLER})*"
_YEAR_BEFORE = regex.compile(
    rf"(?:(?<!\p{{L}}){_YEAR_CASE}\s{{0,2}}{_YEAR}{_FILLING}|(?<![\d.–-]|[–-]\s|\d{{4}}\sja\s){_YEAR}(?:\s?[:=]\s*|\s{{1,2}}\(?))$",
    regex.IGNORECASE,
)
_YEAR_IN_BRACKETS = regex.compile(rf"\s{{0,2}}\((?:{_YEAR_CASE}\s{{0,2}})?{_YEAR}\)", regex.IGNORECASE)
_YEAR_AFTER = regex.compile(
    rf"\s{{1,2}}(?:/\s)?(?:vuonna|vuodelle|vuodeksi|v\.|år)\s{_YEAR}(?!\s?[–-]|\sja\s(?:19|20)\d\d(?!\d))",
    regex.IGNORECASE,
)
_NEXT_OF_A_YEAR = regex.compile(
    rf"\s{{0,2}}(?:,|ja|sekä|och)\s[^.;€]{{1,30}}?(?:€|euroa?n?|e|t€)(?=\s)(?<year>\s{{1,2}}(?:/\s)?(?:vuonna|vuodelle|v\.|år)\s{_YEAR})",
    regex.IGNORECASE,
)
"""Behind the year of a sum, the next sum with its own: ``5 400 € vuonna 2019 ja 5 600 € vuonna 2020``."""


def _year(text: str, place: AmountContext, around: _Around) -> int | None:
    """The year whose sum it is, where nothing but filling stands between the two: ``vuonna 2025 yhteensä 409 euroa``."""
    outer = around.outer[-60:]
    before = _YEAR_BEFORE.search(outer)
    behind = _YEAR_IN_BRACKETS.match(text, place.end) or _YEAR_AFTER.match(text, place.end)
    if before and behind and place.floor and not outer[: before.start()].strip(" /\n"):
        return int(behind[1])  # 409 € vuonna 2025, 500 € vuonna 2026
    if behind and behind.re is _YEAR_AFTER and not before and _NEXT_OF_A_YEAR.match(text, behind.end()):
        return int(behind[1])
    if before:
        return int(before[1] or before[2])
    if behind and (behind.re is _YEAR_IN_BRACKETS or not _before_cues(around, place)[1]):
        return int(behind[1])
    return None
