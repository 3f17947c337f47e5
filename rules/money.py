"""Sums of money (rahasummat) in running text.

``_sums`` finds numbers with a unit (``295 600 €``, ``n. 1,3 milj.``), numbers that a label introduces (``omarahoitus 23 065``)
and the words that say there is none (``ei omarahoitusta``). The nearest label of the same clause then says what each sum is:
``vocabulary/amount_labels.csv`` lists the labels, ``party_kinds.csv`` whose share is of which kind.

A number that breaks the rules of writing numbers has no value (``money.malformed``): it is never repaired.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Literal, cast

import regex

from rules._load import alternation, rows

Kind = Literal[
    "total_cost", "municipal_share", "own_contribution", "grant", "applied_grant", "partner_share", "earmarked", "annual",
    "loan", "other",
]  # fmt: skip

DASH = r"[-‐‑‒–—―−]"


@dataclass(frozen=True, slots=True)
class AmountMatch:
    """A sum of money: where it stands, what it is worth, and what the words around it say it is.

    ``start`` and ``end`` bound the number with its unit, without the hedge (noin) before it. ``value`` is in euros, None where
    the number is malformed; ``unit`` is None where none is printed. ``kind`` is None where no label is near. ``party`` is whose
    share or grant it is, as printed. A price per unit (``36 €/h``) has ``per_unit`` and no kind; the ends of a range have
    ``in_range``. A sum that stands under two labels gives two matches with one span.
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
    >>> [(str(m.value), m.approximate, m.kind) for m in find("n. 1,3 milj., (ei omarahoitusta)")]
    [('1300000.00', True, None), ('0.00', False, 'own_contribution')]
    >>> [(m.rule_id, m.value) for m in find("haettava avustus 13,800.000 €, 25 000 asukasta, puh. 040 123 4567")]
    [('money.malformed', None)]
    """
    sums = _sums(text)
    matches: list[AmountMatch] = []
    for i, found in enumerate(sums):
        floor = sums[i - 1].end if i else 0
        ceiling = sums[i + 1].start if i + 1 < len(sums) else len(text)
        matches += _matches(text, found, floor, ceiling)
    return matches


def parse_number(cell: str) -> tuple[Decimal | None, bool]:
    """The value of a cell in a column of euros and whether it is approximate; (None, False) where the cell is no sum.

    >>> parse_number("14.559,94")
    (Decimal('14559.94'), False)
    >>> parse_number("n. 5 000 €")
    (Decimal('5000.00'), True)
    >>> parse_number("30 %")
    (None, False)
    """
    match = _cell().fullmatch(cell)
    value = _decimal(match["number"], _factor(match["factor"])) if match else None
    if match is None or value is None:
        return None, False
    return (-value if match["sign"] else value), match["hedge"] is not None


# ---------------------------------------------------------------- numbers

_SPACE = "[ \u00a0\u2007\u2009\u202f\n]"
_NUMBER = rf"(?:\d{{1,3}}(?:[.,]\d{{3}})*(?:{_SPACE}\d{{3}}(?!\d))+|\d+)(?:[.,]\d+)*"
_STRICT = regex.compile(
    rf"""
    (?: (?P<whole> \d{{1,3}} (?: {_SPACE} \d{{3}} )+ ) (?P<cents> ,\d{{1,2}} | \.\d\d )?      # 24 403 148,64
      | (?P<whole> \d{{1,3}} (?: \. \d{{3}} )+ ) (?P<cents> ,\d{{1,2}} )?                     # 47.981,80
      | (?P<whole> 0 | [1-9]\d* ) (?P<cents> ,\d{{1,2}} | \.\d\d )?                           # 1467,53 and 36.00
    )
    """,
    regex.VERBOSE,
)
_SCALED = regex.compile(r"(?:0|[1-9]\d{0,3})(?:[.,]\d{1,3})?")
_NO_DIGIT = regex.compile(r"\D")
_CENT = Decimal("0.01")


def _decimal(number: str, factor: int = 1) -> Decimal | None:
    """The value of a number as officials write it, None where it breaks the rules.

    >>> [str(_decimal(n)) for n in ("24 403 148,64", "47.981,80", "1467,53", "36.00", "13,800.000", "1.000 000", "0123")]
    ['24403148.64', '47981.80', '1467.53', '36.00', 'None', 'None', 'None']
    >>> str(_decimal("1,3", 1_000_000))
    '1300000.00'
    """
    if factor > 1:
        value = Decimal(number.replace(",", ".")) * factor if _SCALED.fullmatch(number) else None
        return value.quantize(_CENT) if value is not None and value == value.quantize(_CENT) else None
    parts = _STRICT.fullmatch(number)
    if parts is None or _zero_led(parts["whole"]):
        return None
    cents = (parts["cents"] or ",0")[1:]
    return Decimal(f"{_NO_DIGIT.sub('', parts['whole'])}.{cents:0<2}")


def _zero_led(whole: str) -> bool:
    return len(whole) > 1 and whole[0] == "0"


_HEDGE = (
    r"(?:noin|n\.?(?=\s?\d)|n\.|arviolta|enintään|enint\.|vähintään|väh\.|yli|alle|lähes|korkeintaan|runsaa[nt]|reilut?|vajaat?"
    r"|liki|maks(?:\.|imissaan)?|max\.?|~|≈|cirka|ca\.?|högst|minst|ungefär|omkring)"
)
_TOTALS = r"(?:yhteensä|kaikkiaan|vain|noin|n\.)"
_HEDGED = regex.compile(rf"(?<!\p{{L}}){_HEDGE}(?:\s{{1,2}}{_TOTALS})?\s{{0,3}}[-−–]?$", regex.IGNORECASE)

_FACTOR = r"""
    (?P<factor> (?i: milj(?:oon\p{L}{1,6}|\.|oner)? | miljard\p{L}{1,6} | mrd\.? | tuhatta | tuhannen | tuhan\p{L}{1,5} )
              | [tTmMk] (?= €|eur\b|EUR\b ) | M (?= \s?€|e\b ) )?
"""
_CURRENCY = r"""
    (?P<currency> € (?: :\p{L}{1,4} )?
      | (?i: euro (?: n|a|on|ssa|sta|lla|lta|lle|ksi|na|t|ja|jen|ista|illa|ihin | :\p{L}{1,4} )?
           | eur (?: :\p{L}{1,4} )? ) (?!\p{L})
      | (?<= M\s? ) e (?!\p{L}) )
"""


@cache
def _cell() -> regex.Pattern[str]:
    return regex.compile(
        rf"\s*(?P<hedge>{_HEDGE})? \s* (?P<sign>[-−–]\s?)? (?P<number>{_NUMBER}) \s* {_FACTOR} \s* (?:,-|:-|{_CURRENCY}|e)? \s*",
        regex.VERBOSE | regex.IGNORECASE,
    )


def _factor(printed: str | None) -> int:
    if not printed:
        return 1
    lowered = printed.lower()
    if lowered.startswith(("mrd", "miljard")):
        return 1_000_000_000
    return 1_000_000 if lowered[0] == "m" else 1_000


# ---------------------------------------------------------------- sums as they stand


@dataclass(frozen=True, slots=True)
class _Sum:
    start: int
    end: int
    rule_id: str
    value: Decimal | None
    unit: str | None = "euro"
    genitive: bool = False
    """The unit stands in the genitive (50 000 euron avustus): what it is follows."""
    in_range: bool = False
    per_unit: bool = False


@cache
def _sum_pattern() -> regex.Pattern[str]:
    return regex.compile(
        rf"""
        (?=\d) (?<! [\p{{L}}\d_] ) (?<! \d[.,:/] )
        (?<= (?P<first> (?<!\d\s?)€ | \bEUR )\s? | (?: ^|[\s(])(?P<sign> [-−] ) | )
        (?P<number> {_NUMBER} )
        (?: \s{{0,3}} (?:
              {_FACTOR} \s{{0,2}} {_CURRENCY}
            | (?P<bare> milj(?:\.|oonaa)? | mrd\.? | miljardia )
              (?= \s* (?: [,;.()] | $ | (?:ja|sekä|on|jo[ins]\p{{L}}*|vuo\p{{L}}*)\b ) )
            | (?P<short> e ) (?! [\p{{L}}\d:§-] | \s?§ | \s(?:ala)?koh | \s?mom ) )
          | (?P<old> ,- | :- ) (?! \d ) (?: \s?(?:€|euroa?\b|e\b) )?
          | (?P<none> ) (?<= \d{{3}} | \d,\d\d ) (?<! (?<!\d) (?:19|20)\d\d )
            (?= \s* (?: [),;] | \.(?!\d) | $ | \s\p{{Lu}}\p{{Ll}} ) )
        )
        """,
        regex.VERBOSE,
    )


def _sums(text: str) -> list[_Sum]:
    """Every sum of the text in order: with a unit, without one after a label, and denied."""
    found: list[_Sum] = list(_denials(text))
    for match in _sum_pattern().finditer(text):
        found += _read(text, match) if match["none"] is None or match["first"] else _unitless(text, match)
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[_Sum] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.in_range:  # the lower end of a range, read again with its upper end
            kept[-1] = one
    return kept


_DASHED = regex.compile(rf"{DASH}\s?$")
_PER_UNIT = regex.compile(
    r"\s?/\s?\p{L}|\s(?:per|/)\s?\p{L}|\s\p{L}+\s(?:kohti|kohden)\b"
    r"|\s(?:tunnilta|tunnissa|kuukaudessa|kuukaudelta|vuodessa|päivässä|päivältä|kappale|kpl|asukas)\b"
)
_TIMES = regex.compile(r"\d\s?[x×*]\s?$")
_GENITIVE = ("euron", "€:n", "eur:n")


def _read(text: str, match: regex.Match[str]) -> Iterator[_Sum]:
    """The sum of a hit with a unit, after the lower end where it is the upper end of a range."""
    if match["short"] and len(match["number"]) < 3:
        return
    factor = _factor(match["factor"] or match["bare"])
    value = _decimal(match["number"], factor)
    start = match.start("first") if match["first"] else match.start("number")
    low = _low_end(text, match, factor, value)
    if low is None and match["sign"]:
        start, value = match.start("sign"), -value if value is not None else None
    per_unit = _PER_UNIT.match(text, match.end()) is not None or _TIMES.search(text, max(0, start - 4), start) is not None
    genitive = (match["currency"] or "").lower() in _GENITIVE
    if low is not None:
        yield replace(low, genitive=genitive, per_unit=per_unit)
    rule = "money.malformed" if value is None else "money.range" if low else _rule(match, factor)
    yield _Sum(start, match.end(), rule, value, "euro", genitive, low is not None, per_unit)


@cache
def _low_pattern() -> regex.Pattern[str]:
    unit = r"\s?(?:€|euroa|eur|milj\.?|[tm]€)"
    return regex.compile(rf"(?<![\p{{L}}\d_]|\d[.,:/])(?P<number>{_NUMBER})(?P<unit>{unit})?(?P<dash>\s?{DASH}\s?)$")


def _low_end(text: str, match: regex.Match[str], factor: int, value: Decimal | None) -> _Sum | None:
    """The lower end of ``145 000 – 155 000 €``; None for ``2025 - 5 000 €`` and ``kohta 3 - 5 000 €``, which are no ranges.

    What ``10–15 000 €`` begins with, ten or ten thousand, is not stated: such an end has no value.
    """
    begin = match.start("number")
    if value is None or begin < 2 or not _DASHED.search(text, begin - 2, begin):
        return None
    hit = _low_pattern().search(text, max(0, begin - 30), begin)
    if hit is None:
        return None
    printed, unit = hit["number"], hit["unit"]
    scaled = factor > 1 and _SMALL.fullmatch(printed) is not None
    low = _decimal(printed, factor if scaled else 1)
    if low is None or (not unit and _is_year(printed)):
        return None
    end = hit.end("unit") if unit else hit.end("number")
    if not unit and not scaled and low < 1000 <= value:
        tight = hit["dash"].strip() == hit["dash"]
        return _Sum(hit.start("number"), end, "money.malformed", None, None, in_range=True) if tight else None
    return _Sum(hit.start("number"), end, "money.range", low, in_range=True)


_SMALL = regex.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in ("19", "20")


def _rule(match: regex.Match[str], factor: int) -> str:
    if factor > 1:
        return "money.scaled"
    if match["first"]:
        return "money.unit_first"
    return "money.old" if match["old"] else "money.euro"


@cache
def _label_before_number() -> regex.Pattern[str]:
    stems = alternation(row["stem"] for row in rows("amount_labels") if row["unitless"] == "yes")
    between = r"(?:\s?(?:summa|määrä)?\s?:?\s?(?:(?:on|ovat|oli|yhteensä|noin|n\.|är)\s?){0,2})"
    return regex.compile(rf"{stems}\p{{L}}{{0,12}}{between}$", regex.IGNORECASE)


def _unitless(text: str, match: regex.Match[str]) -> Iterator[_Sum]:
    """A number without a unit is a sum right after a label that takes one, if it is neither small nor a year."""
    number, start = match["number"], match.start("number")
    if start == 0 or not (text[start - 1].isspace() or text[start - 1] == ":"):
        return
    last = text[max(0, start - 3) : start].rstrip()[-1:]
    value = _decimal(number) if last.isalpha() or last in (":", ".") else None
    if value is None or value < 100 or _is_year(number):
        return
    if _label_before_number().search(text, max(0, start - 60), start):
        yield _Sum(start, match.end("number"), "money.unitless", value, None)


@cache
def _denied() -> regex.Pattern[str]:
    verb = r"(?:sisällä|sisälly|ole|edellytä|edellytetä|vaadi|vaadita|tarvita|tarvitse|kohdistu|aiheudu|liity)"
    no = rf"(?:ei\s+(?:{verb}\s+)?(?:lainkaan\s+|ollenkaan\s+)?|ei\s+{verb}\s+\p{{L}}+\s+|ilman\s+)"
    return regex.compile(
        rf"""
        oma (?<= \b (?P<no> {no} )? oma ) (?: a\s )? (?: rahoitu|vastuu|osuu ) \p{{L}}{{0,12}} (?<= t[aä]|us|uu ) (?! \p{{L}} )
        (?P<not> \s+ ei \s+ {verb} \b )?
        """,
        regex.VERBOSE | regex.IGNORECASE,
    )


@cache
def _denied_in_swedish() -> regex.Pattern[str]:
    return regex.compile(
        r"finansiering\b (?<= \b (?P<no> ingen\s+ ) (?: själv | egen\s? ) finansiering )", regex.VERBOSE | regex.IGNORECASE
    )


def _denials(text: str) -> Iterator[_Sum]:
    """Where the text says that there is no own contribution: ``ei omarahoitusta``."""
    for match in (*_denied().finditer(text), *_denied_in_swedish().finditer(text)):
        start = match.start("no") if match["no"] else match.start()
        if match["no"] or match.groupdict().get("not"):
            yield _Sum(start, match.end(), "money.no_own_contribution", Decimal("0.00"), None)


# ---------------------------------------------------------------- the labels around


@dataclass(frozen=True, slots=True)
class _Cue:
    """A label where it stands in its clause. ``row`` is its line of the vocabulary."""

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
_OF_WHICH = regex.compile(r"(?:[eio]st[aä]|kseen|ksiin|ioon|ttiin|uteen)$", regex.IGNORECASE)


def _cues(clause: str, *where: str) -> list[_Cue]:
    """The labels of a clause that may stand there (before or after a sum, or behind one in the genitive), in order.

    Before a sum a label in the elative or illative (kustannusarviosta, rahoitukseen) names another sum than the one that follows.
    """
    pattern, by_key = _labels()
    cues = []
    for hit in pattern.finditer(clause):
        stem = " ".join(hit[str(hit.lastgroup)].lower().split())
        row = by_key[_KEY[str(hit.lastgroup)].format(stem)]
        if row["where"] not in (*where, "both") or ("before" in where and _OF_WHICH.search(hit[0])):
            continue
        cues.append(_Cue(row, hit[0].lower(), hit.start(), hit.end()))
    return [cue for cue in cues if cue.strength != "none"]


_WINDOW = 130
_WHICH = r"jo(?:sta|ista|hon|ihin|nka|iden|ka|tka|lle|ille)\b"
_BREAK = regex.compile(rf"[.!?]\s+(?=\p{{Lu}})|[;•]|\n\s*\n|,\s(?={_WHICH})")
_BREAK_AFTER = regex.compile(rf"[.!?]\s+(?=\p{{Lu}})|[;•(),]|[.!?]$|\n\s*\n|\s(?=(?:ja|sekä|{_WHICH})\b)")
_BRACKETS = regex.compile(r"\([^()]*\)")
_LABEL_IN_BRACKETS = regex.compile(r"\s{0,2}\(([^()\d]{3,40})\)")
_REACH_AFTER = 45


@dataclass(frozen=True, slots=True)
class _Around:
    """The words of the clause around a sum: before it (``inner``: within its own open bracket), and after it."""

    outer: str
    inner: str
    after: str
    bracketed: str
    crowded: bool
    """Another sum follows in the same clause, so that a label between the two may be that one's."""


def _around(text: str, found: _Sum, floor: int, ceiling: int) -> _Around:
    window = text[max(floor, found.start - _WINDOW) : found.start]
    cut = 0
    for boundary in _BREAK.finditer(window):
        cut = boundary.end()
    outer = _BRACKETS.sub(lambda closed: " " * len(closed[0]), window[cut:])
    inner = outer[outer.rfind("(") + 1 :]
    window = text[found.end : min(ceiling, found.end + _REACH_AFTER)]
    boundary = _BREAK_AFTER.search(window)
    label = _LABEL_IN_BRACKETS.match(text, found.end, ceiling)
    after = window[: boundary.start()] if boundary else window
    return _Around(
        outer, inner, after, label[1] if label else "", boundary is None and found.end + len(window) == ceiling < len(text)
    )


# ---------------------------------------------------------------- which label governs


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: Kind
    label: str
    party: str | None = None
    year: int | None = None


def _matches(text: str, found: _Sum, floor: int, ceiling: int) -> list[AmountMatch]:
    """The sum with its kind; two where it stands under two labels."""
    around = _around(text, found, floor, ceiling)
    hedged = found.in_range or _HEDGED.search(around.outer[-30:]) is not None
    plain = AmountMatch(
        found.start, found.end, found.rule_id, found.value, hedged, found.unit, per_unit=found.per_unit, in_range=found.in_range
    )  # fmt: skip
    if found.rule_id == "money.no_own_contribution":
        return [replace(plain, approximate=False, kind="own_contribution", label="omarahoitus")]
    verdicts = [] if found.per_unit else _verdicts(text, found, around)
    return [replace(plain, kind=v.kind, label=v.label, party=v.party, year=v.year) for v in verdicts] or [plain]


def _verdicts(text: str, found: _Sum, around: _Around) -> list[_Verdict]:
    """What the labels say the sum is, in the order in which they are asked."""
    year = _year(text, found, around)
    if year is not None:
        return [_Verdict("annual", "vuosi", year=year)]
    before = _before_cues(around)
    behind = _behind_cues(found, around)
    verbs = [cue for cue in before[1] if cue.strength == "verb"]
    bracketed = _noun(around.bracketed, _cues(around.bracketed, "after"), verbs)
    ahead = _noun(*before, verbs)
    after = _noun(around.after, behind, verbs, reverse=False)
    if found.genitive and after:
        return [after]
    if bracketed:
        return [ahead, bracketed] if ahead and ahead.kind != bracketed.kind else [bracketed]
    if ahead:
        other = _second(*before, ahead, verbs)
        return [ahead, other] if other else [ahead]
    if after:
        return [after]
    chosen = _verb(before[0], verbs) or _verb(around.after, [cue for cue in behind if cue.strength == "verb"]) or _payer(around)
    return [chosen] if chosen else []


def _before_cues(around: _Around) -> tuple[str, list[_Cue]]:
    """The clause before the sum and its labels: those of its own bracket, where there are any, else those outside."""
    cues = _cues(around.inner, "before")
    return (around.inner, cues) if cues else (around.outer, _cues(around.outer, "before"))


_ADJECTIVAL = regex.compile(r"(?:t[aä]|n|l[lt][aäe]|ss[aä]|st[aä]|ksi)$")


def _behind_cues(found: _Sum, around: _Around) -> list[_Cue]:
    """The labels behind the sum (60 000 euron avustus, 5 000 € omarahoitusta); a nominative before the next sum is that one's."""
    if found.genitive:
        return _cues(around.after, "genitive", "after")
    cues = [cue for cue in _cues(around.after, "after") if cue.row["kind"] != "total_cost"]
    return [cue for cue in cues if not around.crowded or _ADJECTIVAL.search(cue.word)]


_CLAUSE_TURNS = regex.compile(r",|\s(?:ja|sekä|mutta|och)\s")


def _noun(clause: str, cues: list[_Cue], verbs: list[_Cue], reverse: bool = True) -> _Verdict | None:
    """What the nearest noun says: kustannusarvio, omarahoitus, Kemin osuus, haettava avustus."""
    for cue in reversed(cues) if reverse else cues:
        if cue.strength == "noun":
            turned = [v for v in verbs if reverse and v.start > cue.end and _CLAUSE_TURNS.search(clause[cue.end : v.start])]
            if turned:
                return None
            return _Verdict(cast(Kind, cue.row["kind"]), cue.row["label"], _party(clause, cue))
        if cue.strength == "share" and (party := _party(clause, cue)):
            return _Verdict(_share_kind(party), cue.row["label"], party)
        if cue.strength == "grant":
            near = [v for v in cues if v.strength == "verb"] or verbs
            return _granted(clause, near[-1], cue) if near else _Verdict("grant", cue.row["label"], _party(clause, cue))
    return None


def _granted(clause: str, verb: _Cue, noun: _Cue | None = None) -> _Verdict:
    """A grant as its verb says it: applied for or granted, and by whom."""
    by = _GRANTER.search(clause) if verb.row["kind"] == "grant" else None
    party = by[1] if by else _party(clause, noun) if noun else None
    return _Verdict(cast(Kind, verb.row["kind"]), verb.row["label"], party)


def _verb(clause: str, verbs: list[_Cue]) -> _Verdict | None:
    return _granted(clause, verbs[-1]) if verbs else None


_EITHER = regex.compile(r"\s*(?:/|eli)\s*")


def _second(clause: str, cues: list[_Cue], first: _Verdict, verbs: list[_Cue]) -> _Verdict | None:
    """The other label of a sum that stands under two: ``kuntarahoitus/omarahoitus``, ``omavastuu eli kuntarahaosuus``."""
    for a, b in pairwise(cues):
        if a.strength == b.strength == "noun" and _EITHER.fullmatch(clause, a.end, b.start):
            verdict = _noun(clause, [a], verbs)
            return verdict if verdict and verdict.kind != first.kind else None
    return None


_PAYER = regex.compile(r"(?<![\p{L}-])(\p{L}{2,20})\+?\s?[:–-]?\s?$")


def _payer(around: _Around) -> _Verdict | None:
    """Who pays, named right before the sum without any label: ``EAKR 80 000 €, kunnat 15 000 €``."""
    match = _PAYER.search(around.inner[-25:])
    kind = _party_table().get(match[1].lower()) if match else None
    return _Verdict(kind[0], "rahoittaja", match[1]) if match and kind and kind[1] else None


# ---------------------------------------------------------------- whose, and of which year


@cache
def _party_table() -> dict[str, tuple[Kind, bool]]:
    return {row["stem"]: (cast(Kind, row["kind"]), row["alone"] == "yes") for row in rows("party_kinds")}


def _known_party(word: str) -> Kind | None:
    """The kind of share that a party's word gives: a short stem must be the whole word (EU:n), a long one begins it."""
    bare = word.lower().partition(":")[0]
    for part in (bare, *bare.split("-")):
        for stem, (kind, _) in _party_table().items():
            if part == stem or (len(stem) > 4 and part.startswith(stem)):
                return kind
    return None


_WORDS = regex.compile(r"\S+")
_NO_PARTY = frozenset(("hankkeen", "projektin", "toiminnan", "haettavan", "myönnetyn", "jonka", "sen", "hakemuksen"))


def _party(clause: str, cue: _Cue) -> str | None:
    """Whose it is, as printed: the genitive before the label (Lapuan kaupungin osuus), or a compound's first part (EU-tuki)."""
    if cue.row["kind"] == "earmarked":
        target = _TARGET.search(clause)
        return target[0] if target else None
    prefix = _PREFIX.search(clause, max(0, cue.start - 30), cue.start)
    if prefix:
        return str(prefix[1])
    taken: list[regex.Match[str]] = []
    for word in reversed(list(_WORDS.finditer(clause, max(0, cue.start - 60), cue.start))):
        genitive = word[0][-1] == "n" and word[0].lower() not in _NO_PARTY
        if not genitive and (not taken or not (word[0][0].isupper() and word[0][-1].isalpha())):
            break
        taken.append(word)
    while taken and not (taken[-1][0][0].isupper() or _known_party(taken[-1][0])):
        taken.pop()
    return clause[taken[-1].start() : taken[0].end()] if taken else None


_PREFIX = regex.compile(r"(?<![\p{L}-])([\p{L}\d+]+)-$")
_TARGET = regex.compile(r"\p{Lu}[\p{L}-]*(?:\s\p{Ll}+)?lle(?!\p{L})|(?:kaupungille|kunnalle)(?!\p{L})")
_GRANTER = regex.compile(r"(\p{Lu}[\p{L}-]*(?:\s[\p{L}-]+){0,3}?)\s(?:on\s|oli\s)?myön(?:tänyt|si|tää)(?!\p{L})")


def _share_kind(party: str) -> Kind:
    """Of which kind a party's share is. A name that no row knows is taken for a municipality's (Kemin osuus)."""
    known = [kind for word in party.split() if (kind := _known_party(word))]
    return known[-1] if known else "municipal_share"


_YEAR = r"((?:19|20)\d\d)"
_YEAR_CASE = r"(?:vuonna|vuodelle|vuodeksi|vuoden|vuosi|v\.|år)"
_FILLING = (
    r"(?:[\s:,=(]|[–-](?=\s)|(?:yhteensä|on|ovat|oli|eli|noin|n\.|arviolta|enintään|lisämäärärahan?|määrärahan?)(?!\p{L}))*"
)
_YEAR_BEFORE = regex.compile(
    rf"(?:(?<!\p{{L}}){_YEAR_CASE}\s{{0,2}}{_YEAR}{_FILLING}|(?<![\d.–-]|[–-]\s|\d{{4}}\sja\s){_YEAR}(?:\s?[:=]\s*|\s{{1,2}}\(?))$",
    regex.IGNORECASE,
)
_YEAR_IN_BRACKETS = regex.compile(rf"\s{{0,2}}\((?:{_YEAR_CASE}\s{{0,2}})?{_YEAR}\)", regex.IGNORECASE)
_YEAR_AFTER = regex.compile(rf"\s{{1,2}}(?:vuonna|vuodelle|vuodeksi|v\.|år)\s{_YEAR}(?!\s?[–-]|\sja\s\d)", regex.IGNORECASE)


def _year(text: str, found: _Sum, around: _Around) -> int | None:
    """The year whose sum it is, where nothing but filling stands between the two: ``vuonna 2025 yhteensä 409 euroa``."""
    before = _YEAR_BEFORE.search(around.outer[-60:])
    if before:
        return int(before[1] or before[2])
    behind = _YEAR_IN_BRACKETS.match(text, found.end)
    if behind is None and not _before_cues(around)[1]:
        behind = _YEAR_AFTER.match(text, found.end)
    return int(behind[1]) if behind else None
