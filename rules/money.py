"""Sums of money (rahasummat) in running text.

``_sums`` finds numbers that carry a unit (``295 600 €``, ``n. 1,3 milj.``), numbers that a label introduces (``omarahoitus
23 065``) and the words that say there is none (``ei omarahoitusta``). The labels in the same clause then tell what each sum
is: ``vocabulary/amount_labels.csv`` names them. A number that breaks the rules of writing numbers has no value
(``money.malformed``): it is never repaired.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

import regex

from rules._load import rows

Kind = Literal[
    "total_cost", "municipal_share", "own_contribution", "grant", "applied_grant", "partner_share", "earmarked", "annual",
    "loan", "other",
]  # fmt: skip

DASH = r"[-‐‑‒–—―−]"
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class AmountMatch:
    """A sum of money: where it stands, what it is worth, and what the words around it say it is.

    ``start`` and ``end`` bound the number and its unit, without a hedge (noin) before it. ``value`` is in euros, None where the
    number is malformed. ``party`` is whose share or grant it is, as printed. A sum that stands under two labels gives two
    matches with one span.
    """

    start: int
    end: int
    rule_id: str
    value: Decimal | None
    approximate: bool = False
    unit: str | None = None
    kind: Kind | None = None
    label: str | None = None
    party: str | None = None
    year: int | None = None
    per_unit: bool = False
    in_range: bool = False


def find(text: str) -> list[AmountMatch]:
    """Every sum of a text, in order.

    >>> [(str(m.value), m.kind) for m in find("kustannusarvio 295 600 € (omarahoitus 29 560 €)")]
    [('295600.00', 'total_cost'), ('29560.00', 'own_contribution')]
    >>> [(str(m.value), m.approximate) for m in find("n. 1,3 milj., (ei omarahoitusta)")]
    [('1300000.00', True), ('0.00', False)]
    """
    sums = _sums(text)
    matches: list[AmountMatch] = []
    for i, found in enumerate(sums):
        floor = sums[i - 1].end if i else 0
        ceiling = sums[i + 1].start if i + 1 < len(sums) else len(text)
        matches.append(_match(text, found, floor, ceiling))
    return matches


# ---------------------------------------------------------------- numbers

_SPACE = "[ \u00a0\u2007\u2009\u202f\n]"
_NUMBER = rf"\d{{1,3}}(?:{_SPACE}\d{{3}}(?!\d))+(?:[.,]\d+)*|\d+(?:[.,]\d+)*"

_STRICT = regex.compile(
    rf"""
    (?: (?P<groups> \d{{1,3}} (?: {_SPACE} \d{{3}} )+ | \d{{1,3}} (?: \. \d{{3}} )+ ) (?P<cents> ,\d{{1,2}} )?
      | (?P<spaced> \d{{1,3}} (?: {_SPACE} \d{{3}} )+ ) (?P<point> \.\d\d )
      | (?P<plain> 0 | [1-9]\d* ) (?P<part> ,\d{{1,2}} | \.\d\d )?
    )
    """,
    regex.VERBOSE,
)
_SCALED = regex.compile(r"(?:0|[1-9]\d{0,5})(?:[.,]\d{1,3})?")
_NOT_DIGIT = regex.compile(r"\D")


def _decimal(number: str, factor: int = 1) -> Decimal | None:
    """The value of a number as Finnish officials write it, None where it breaks the rules.

    >>> [str(_decimal(n)) for n in ("24 403 148,64", "47.981,80", "1467,53", "36.00", "13,800.000", "1.000 000", "15,125")]
    ['24403148.64', '47981.80', '1467.53', '36.00', 'None', 'None', 'None']
    """
    if factor > 1:
        if _SCALED.fullmatch(number) is None:
            return None
        value = Decimal(number.replace(",", ".")) * factor
        return value.quantize(CENT) if value == value.quantize(CENT) else None
    parts = _STRICT.fullmatch(number)
    if parts is None:
        return None
    whole = _NOT_DIGIT.sub("", parts["groups"] or parts["spaced"] or parts["plain"])
    cents = (parts["cents"] or parts["point"] or parts["part"] or ".0")[1:]
    return Decimal(f"{whole}.{cents:0<2}")


_CELL = regex.compile(rf"\s*(?P<hedge>HEDGE)?\s*(?P<sign>[-−–]\s?)?(?P<number>{_NUMBER})\s*(?P<unit>,-|:-|€|euroa?|eur|e)?\s*")


def parse_number(cell: str) -> tuple[Decimal | None, bool]:
    """The value of a cell in a column of euros and whether it is approximate; (None, False) where it is no number.

    >>> parse_number("14.559,94")
    (Decimal('14559.94'), False)
    >>> parse_number("n. 5 000 €")
    (Decimal('5000.00'), True)
    >>> parse_number("30 %")
    (None, False)
    """
    match = _cell().fullmatch(cell)
    value = _decimal(match["number"]) if match else None
    if match is None or value is None:
        return None, False
    return (-value if match["sign"] else value), match["hedge"] is not None


# ---------------------------------------------------------------- sums as they stand

_HEDGE = (
    r"(?:noin|n\.|n(?=\s?\d)|arviolta|enintään|enint\.|vähintään|väh\.|yli|alle|lähes|korkeintaan|runsaat?|reilut?|vajaat?|"
    r"maks(?:\.|imissaan)?|max\.?|~|≈|ca\.?|liki)"
)
_HEDGED = regex.compile(rf"(?<!\p{{L}}){_HEDGE}(?:\s+(?:yhteensä|kaikkiaan|vain|noin|n\.))?\s*[-−–]?$", regex.IGNORECASE)


@cache
def _cell() -> regex.Pattern[str]:
    return regex.compile(_CELL.pattern.replace("HEDGE", _HEDGE), regex.IGNORECASE)


_FACTORS = {"milj": 1_000_000, "m": 1_000_000, "mrd": 1_000_000_000, "t": 1_000, "k": 1_000}
_UNIT = r"""
    (?P<factor> (?i: milj(?:oon\p{L}{1,6}|\.)? | mrd\.? | miljard\p{L}{1,6} | tuhat\p{L}{0,3} | tuhan\p{L}{1,5} | [tmk](?=€|eur\b|e\b) )
      (?! \p{L}{3} ) )? \s{0,2}
    (?: (?P<currency> € (?: :\p{L}{1,4} )? | (?i: euro\p{L}{0,8} | eur (?: :\p{L}{1,4} )? (?! \p{L} ) ) )
      | (?P<short> (?i:e) (?! [\p{L}\d:§-] | \s?§ | \s (?:ala)?koh ) )
      | (?P<old> ,- | :- ) (?: \s? (?:€|euroa?\b|e\b) )?
      | (?<= milj\. | milj | miljoonaa | mrd\.? | miljardia ) (?P<bare>) (?= \s* (?: [,;.()] | $ | ja\b | sekä\b | jo[ins] | vuo | on\b ) )
    )
"""


@dataclass(slots=True)
class _Sum:
    start: int
    end: int
    rule_id: str
    value: Decimal | None
    unit: str | None
    genitive: bool = False
    in_range: bool = False
    per_unit: bool = False
    kind: Kind | None = None


@cache
def _sum_pattern() -> regex.Pattern[str]:
    left = r"(?<! [\p{L}\d_] ) (?<! \d[.,:/] )"
    sign = r"(?: (?<= (?:^|[\s(]) ) (?P<sign> [-−] ) )?"
    low = rf"(?: (?P<low> {_NUMBER} ) (?P<low_unit> \s?(?:€|euroa|eur|milj\.?|[tmk]€) )? \s? {DASH} \s? )?"
    return regex.compile(
        rf"""
        {left} {sign} {low} (?P<number> {_NUMBER} ) \s{{0,3}} {_UNIT}
      | (?: (?<! \d\s? ) € | \b EUR ) \s? (?P<prefixed> {_NUMBER} ) (?! [\d%] )
        """,
        regex.VERBOSE,
    )


_PER_UNIT = regex.compile(
    r"\s?/\s?\p{L}|\s(?:per|/)\s?\p{L}|\s(?:tunnilta|kuukaudessa|vuodessa|päivässä|kappale|kpl|asukasta kohti|asukas)\b"
)


def _factor(printed: str | None) -> int:
    if not printed:
        return 1
    lowered = printed.lower()
    if lowered.startswith("miljard") or lowered.startswith("mrd"):
        return 1_000_000_000
    return 1_000_000 if lowered[0] == "m" else 1_000


def _sums(text: str) -> list[_Sum]:
    """Every sum of the text in order: with a unit, without one after a label, and denied."""
    found = [one for match in _sum_pattern().finditer(text) for one in _with_unit(text, match)]
    found += [_Sum(m.start(), m.end(), "money.no_own_contribution", Decimal("0.00"), None, kind="own_contribution")
              for m in _denied().finditer(text)]  # fmt: skip
    taken = {one.start for one in found}
    for match in _unitless().finditer(text):
        value = _decimal(match["number"])
        if match.start("number") not in taken and value is not None and value >= 100:
            found.append(_Sum(match.start("number"), match.end("number"), "money.unitless", value, None))
    found.sort(key=lambda one: one.start)
    return [one for i, one in enumerate(found) if i == 0 or one.start >= found[i - 1].end]


def _with_unit(text: str, match: regex.Match[str]) -> Iterator[_Sum]:
    if match["prefixed"]:
        value = _decimal(match["prefixed"])
        yield _Sum(match.start(), match.end(), "money.unit_first" if value is not None else "money.malformed", value, "euro")
        return
    if match["short"] and len(match["number"]) < 3:
        return
    factor = _factor(match["factor"])
    value = _decimal(match["number"], factor)
    if value is not None and match["sign"] and not match["low"]:
        value = -value
    currency = (match["currency"] or "").lower()
    per_unit = _PER_UNIT.match(text, match.end()) is not None
    genitive = currency in ("euron", "€:n")
    rule = _rule(value, factor, match)
    if match["low"]:
        low = _decimal(match["low"], factor)
        end = match.end("low_unit") if match["low_unit"] else match.end("low")
        yield _Sum(match.start("low"), end, "money.range" if low is not None else "money.malformed", low, "euro", genitive, True, per_unit)
        rule = "money.range" if value is not None else rule
    start = match.start("number") if match["low"] or not match["sign"] else match.start("sign")
    yield _Sum(start, match.end(), rule, value, "euro", genitive, match["low"] is not None, per_unit)


def _rule(value: Decimal | None, factor: int, match: regex.Match[str]) -> str:
    if value is None:
        return "money.malformed"
    if factor > 1:
        return "money.scaled"
    return "money.old" if match["old"] else "money.euro"


@cache
def _denied() -> regex.Pattern[str]:
    own = r"(?:oma(?:a\s)?rahoitus(?:ta|osuutta|osuus)?|omavastuu(?:ta|osuutta|osuus)?|omaosuutta)"
    verb = r"(?:sisällä|sisälly|ole|edellytä|edellytetä|vaadi|vaadita|tarvita|tarvitse|kohdistu|aiheudu)"
    return regex.compile(
        rf"\b(?:ei\s+(?:{verb}\s+)?(?:lainkaan\s+|ollenkaan\s+)?{own}|ilman\s+{own}|{own}\s+ei\s+{verb})(?!\p{{L}})", regex.IGNORECASE
    )


@cache
def _unitless() -> regex.Pattern[str]:
    stems = sorted({row["stem"] for row in rows("amount_labels") if row["unitless"] == "yes"}, key=len, reverse=True)
    return regex.compile(
        rf"""
        \b (?: {"|".join(regex.escape(stem, literal_spaces=True).replace(" ", "[ ]") for stem in stems)} ) \p{{L}}{{0,16}}
        \s?:? \s? (?: (?:on|ovat|yhteensä|noin|n\.) \s? ){{0,2}}
        (?P<number> \d{{1,3}} (?: {_SPACE}\d{{3}} | \.\d{{3}} )+ (?:,\d\d)? | \d{{3,}},\d\d | (?! (?:19|20)\d\d(?!\d) ) \d{{3,7}} )
        (?= \s* (?: [),;] | \.(?!\d) | $ | \p{{Lu}}(?!\p{{Lu}}) ) )
        """,
        regex.VERBOSE | regex.IGNORECASE,
    )


# ---------------------------------------------------------------- what the words around say


@dataclass(frozen=True, slots=True)
class _Label:
    kind: str
    strength: str
    where: str
    label: str


@dataclass(frozen=True, slots=True)
class _Cue:
    label: _Label
    start: int
    end: int


@cache
def _labels() -> tuple[regex.Pattern[str], dict[int, _Label]]:
    stems = sorted(rows("amount_labels"), key=lambda row: (-len(row["stem"]), row["stem"]))
    groups, meaning = [], {}
    for i, row in enumerate(stems, 1):
        words = r"\s+".join(regex.escape(word) for word in row["stem"].split())
        groups.append(f"({'' if row['compound'] == 'yes' else NOT_INSIDE}{words})")
        meaning[i] = _Label(row["kind"], row["strength"], row["where"], row["label"])
    return regex.compile("(?:" + "|".join(groups) + r")\p{L}*", regex.IGNORECASE), meaning


NOT_INSIDE = r"(?<!\p{L})"
_WINDOW = 160
_BREAK = regex.compile(r"[.!?]\s+(?=\p{Lu})|[;•]|\n\s*\n|\((?![^()]*\))|,\s(?=jo(?:sta|ista|nka|iden|ka|tka)\b)")
_BREAK_AFTER = regex.compile(r"[.!?]\s+(?=\p{Lu})|[;•(),]|\n\s*\n|\s(?=(?:ja|sekä|jo(?:sta|ista|nka|iden|ka|tka))\b)")
_ELATIVE = regex.compile(r"[eio]st[aä]$", regex.IGNORECASE)
_INTO = regex.compile(r"(?:ksiin|ioon|ttiin)$", regex.IGNORECASE)
_BRACKETS = regex.compile(r"\([^()]*\)")
_AFTER_REACH = 45


def _clause_before(text: str, floor: int, start: int) -> str:
    window = text[max(floor, start - _WINDOW) : start]
    cut = 0
    for boundary in _BREAK.finditer(window):
        cut = boundary.end()
    return _BRACKETS.sub(lambda closed: " " * len(closed[0]), window[cut:])


def _clause_after(text: str, end: int, ceiling: int) -> str:
    window = text[end : min(ceiling, end + _AFTER_REACH)]
    boundary = _BREAK_AFTER.search(window)
    return window[: boundary.start()] if boundary else window


def _cues(clause: str, where: str) -> list[_Cue]:
    """The labels of a clause in order. A label in the elative or illative (kustannusarviosta) names another sum."""
    pattern, meaning = _labels()
    cues = []
    for hit in pattern.finditer(clause):
        label = meaning[hit.lastindex or 0]
        of_which = label.strength != "modifier" and (_ELATIVE.search(hit[0]) or label.kind == "total_cost" and _INTO.search(hit[0]))
        if label.where in (where, "both") and not of_which:
            cues.append(_Cue(label, hit.start(), hit.end()))
    return cues


_YEAR_BEFORE = regex.compile(
    r"(?:(?:vuonna|vuodelle|vuodeksi|vuoden|vuosi|v\.)\s*((?:19|20)\d\d)|(?<![\d.])((?:19|20)\d\d)(?=\s*[:=]|\s+$))"
    r"(?:[\s:,=–-]|yhteensä|on|ovat|eli|noin|n\.|arviolta|enintään|lisämäärärahan?|määrärahan?)*$",
    regex.IGNORECASE,
)
_YEAR_AFTER = regex.compile(r"\s*\(?(?:(?:vuonna|vuodelle|vuodeksi|v\.)\s*((?:19|20)\d\d)|\(((?:19|20)\d\d)\))(?!\s?[-–]\s?\d)", regex.IGNORECASE)


def _year(pattern: regex.Pattern[str], clause: str) -> int | None:
    match = pattern.search(clause) if pattern is _YEAR_BEFORE else pattern.match(clause)
    return int(match[1] or match[2]) if match else None


def _match(text: str, found: _Sum, floor: int, ceiling: int) -> AmountMatch:
    before = _clause_before(text, floor, found.start)
    after = _clause_after(text, found.end, ceiling)
    if found.kind is not None:
        return AmountMatch(found.start, found.end, found.rule_id, found.value, kind=found.kind, label="omarahoitus")
    hedged = _HEDGED.search(before[-30:]) is not None or found.in_range
    kind, label, party, year = (None, None, None, None) if found.per_unit else _governing(text, found, before, after)
    return AmountMatch(
        found.start, found.end, found.rule_id, found.value, hedged, found.unit, kind, label, party, year, found.per_unit, found.in_range
    )  # fmt: skip


Governing = tuple[Kind | None, str | None, str | None, int | None]


def _governing(text: str, found: _Sum, before: str, after: str) -> Governing:
    """Which label the sum stands under: its kind, its normal form, the party, the year."""
    ahead, behind = _cues(before, "before"), _cues(after, "after")
    if found.genitive and behind:
        ahead, behind = [cue for cue in ahead if cue.label.strength == "modifier"], behind
    named = _nearest(ahead, behind, "strong")
    year = _year(_YEAR_BEFORE, before)
    if year is not None:
        return "annual", "vuosi", None, year
    if named is None and not any(cue.label.strength == "modifier" for cue in ahead):
        year = _year(_YEAR_AFTER, text[found.end : found.end + 30])
        if year is not None and not ahead:
            return "annual", "vuosi", None, year
    if named is not None:
        return named.label.kind, named.label.label, _party(before, named) if named in ahead else None, None  # type: ignore[return-value]
    share = _nearest(ahead, behind, "share")
    if share is not None:
        party = _party(before, share) if share in ahead else None
        return _share_kind(party), "osuus", party, None
    weak, verb = _nearest(ahead, behind, "weak"), _nearest(ahead, behind, "modifier")
    if weak is None and verb is None:
        return None, None, None, None
    if weak is not None and weak.label.kind == "other":
        return "other", weak.label.label, None, None
    applied = any(cue.label.kind == "applied_grant" for cue in ahead + behind if cue.label.strength == "modifier")
    chosen = weak or verb
    label = verb.label.label if verb else chosen.label.label  # type: ignore[union-attr]
    return ("applied_grant" if applied else "grant"), label, _granter(before), None


def _nearest(ahead: list[_Cue], behind: list[_Cue], strength: str) -> _Cue | None:
    for cue in [*reversed(ahead), *behind]:
        if cue.label.strength == strength:
            return cue
    return None


_PARTY = regex.compile(r"((?:[\p{L}\d-]+(?::n|n)|\p{Lu}[\p{L}-]*)(?:\s(?:[\p{L}-]+(?::n|n)|Oy|ry)){0,3})\s+$")
_NO_PARTY = regex.compile(r"(?:hankkeen|projektin|toiminnan|sen|jonka|josta|haettavan|myönnetyn|kustannusarvion|budjetin)\s+", regex.IGNORECASE)


def _party(before: str, cue: _Cue) -> str | None:
    """Whose share it is, as printed: the genitive before the label."""
    match = _PARTY.search(before[: cue.start])
    if match is None:
        return None
    party = match[1]
    while (skip := _NO_PARTY.match(party + " ")) is not None:
        party = party[skip.end() :]
        if not party:
            return None
    return party or None


@cache
def _party_kinds() -> list[tuple[str, Kind]]:
    return [(row["stem"], row["kind"]) for row in rows("party_kinds")]  # type: ignore[misc]


def _share_kind(party: str | None) -> Kind | None:
    if party is None:
        return None
    words = regex.split(r"[\s:-]+", party.lower())
    for stem, kind in _party_kinds():
        if any(word == stem if len(stem) <= 4 else word.startswith(stem) for word in words):
            return kind
    return "municipal_share"


_GRANTER = regex.compile(r"(\p{Lu}[\p{L}-]*(?:\s[\p{L}-]+){0,3}?)\s(?:on\s)?myön(?:tänyt|si|tää)\b")


def _granter(before: str) -> str | None:
    match = _GRANTER.search(before)
    return match[1] if match else None
