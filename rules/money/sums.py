"""Sums of money (rahasummat) in running text.

``_sums`` finds numbers with a unit (``295 600 €``, ``n. 1,3 milj.``), numbers that a label introduces (``omarahoitus 23 065``)
and the words that say there is none (``ei omarahoitusta``); ``sum_labels`` then asks the words around what each sum is.

A number that breaks the rules of writing numbers has no value (``money.malformed``): it is never repaired.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import regex

from poytakirja.rules.money.kinds import AmountContext, Kind, verdicts
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

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
    matches: list[AmountMatch] = []
    sums = _sums(text)
    for i, found in enumerate(sums):
        start, end = found.whole or (found.start, found.end)
        floor = max((before.end for before in sums[max(0, i - 2) : i] if before.end <= start), default=0)
        ceiling = min((after.start for after in sums[i + 1 : i + 3] if after.start >= end), default=len(text))
        matches += _matches(text, found, AmountContext(start, end, found.genitive, floor, ceiling))
    return matches


def _matches(text: str, found: _Sum, place: AmountContext) -> list[AmountMatch]:
    """The sum with its kind; two where it stands under two labels."""
    ranged = found.whole is not None
    hedged = ranged or _HEDGED.search(text, max(place.floor, found.start - 40), found.start) is not None
    plain = AmountMatch(
        found.start, found.end, found.rule_id, found.value, hedged, found.unit, per_unit=found.per_unit, in_range=ranged
    )  # fmt: skip
    if found.rule_id == "money.no_own_contribution":
        return [replace(plain, approximate=False, kind="own_contribution", label="omarahoitus")]
    if found.per_unit:
        return [plain]
    said = verdicts(text, place)
    return [replace(plain, kind=v.kind, label=v.label, party=v.party, year=v.year) for v in said] or [plain]


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
_LONGEST = 14
"""So many digits the euros of a sum have at most: what is longer is no sum, and no column of the tables holds it."""


def _decimal(number: str, factor: int = 1) -> Decimal | None:
    """The value of a number as officials write it, None where it breaks the rules.

    >>> [str(_decimal(n)) for n in ("24 403 148,64", "47.981,80", "1467,53", "36.00", "13,800.000", "1.000 000", "0123")]
    ['24403148.64', '47981.80', '1467.53', '36.00', 'None', 'None', 'None']
    >>> _decimal("9" * 15) is None
    True
    >>> str(_decimal("1,3", 1_000_000))
    '1300000.00'
    """
    if factor > 1:
        value = Decimal(number.replace(",", ".")) * factor if _SCALED.fullmatch(number) else None
        return value.quantize(_CENT) if value is not None and value == value.quantize(_CENT) else None
    parts = _STRICT.fullmatch(number)
    if parts is None or _zero_led(parts["whole"]):
        return None
    whole, cents = _NO_DIGIT.sub("", parts["whole"]), (parts["cents"] or ",0")[1:]
    return Decimal(f"{whole}.{cents:0<2}") if len(whole) <= _LONGEST else None


def _zero_led(whole: str) -> bool:
    return len(whole) > 1 and whole[0] == "0"


_HEDGE = (
    r"(?:noin|n\.?|arviolta|enintään|enint\.|vähintään|väh\.|yli|alle|lähes|korkeintaan|runsaa[nt]|reilut?|vajaat?"
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
        rf"""
        \s* (?P<hedge> {_HEDGE} )? \s* (?: €|EUR )? \s* (?P<sign> [-−–]\s? )? (?P<number> {_NUMBER} )
        \s* {_FACTOR} \s* (?: ,-|:- )? \s* (?: {_CURRENCY} | e )? \s*
        """,
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
    per_unit: bool = False
    whole: tuple[int, int] | None = None
    """For an end of a range: where both ends stand."""


@cache
def _sum_pattern() -> regex.Pattern[str]:
    return regex.compile(
        rf"""
        (?=\d) (?<! [\p{{L}}\d_] ) (?<! \d[.,:/] )
        (?P<number> (?> {_NUMBER} ) )
        (?: (?= \s{{0,3}} [€eEmMtTkK] | :n\s ) (?: :n )? \s{{0,3}} (?:
              {_FACTOR} \s{{0,2}} {_CURRENCY}
            | (?P<bare> milj(?:\.|oonaa)?+ | mrd\.?+ | miljardia )
              (?= \s* (?: [,;.()] | $ | (?:ja|sekä|on|jo[ins]\p{{L}}*|vuo\p{{L}}*)\b ) )
            | (?P<short> e ) (?! [\p{{L}}\d:§-] | \s?§ | \s(?:ala)?koh | \s?mom ) )
          | (?P<old> ,- | :- ) (?! \d ) (?: \s?(?:€|euroa?\b|e\b) )?
          | (?P<none> ) (?<= \d{{3}} | \d,\d\d ) (?<! (?<!\d) (?:19|20)\d\d )
            (?= \s* (?: [),;] | \.(?!\d) | $ | \s\p{{Lu}}\p{{Ll}} ) )
        )
        """,
        regex.VERBOSE,
    )


@cache
def _unit_first() -> regex.Pattern[str]:
    return regex.compile(rf"(?:(?<!\d\s?)€|\bEUR)\s?(?P<number>(?>{_NUMBER}))(?!\d|\s?%)")


def _sums(text: str) -> list[_Sum]:
    """Every sum of the text in order: with a unit, without one after a label, and denied."""
    found: list[_Sum] = list(_denials(text))
    for match in _sum_pattern().finditer(text):
        found += _unitless(text, match) if match["none"] is not None else _read(text, match)
    for match in _unit_first().finditer(text):
        value = _decimal(match["number"])
        found.append(_Sum(match.start(), match.end(), "money.unit_first" if value is not None else "money.malformed", value))
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[_Sum] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.whole:  # the lower end of a range, read again with its upper end
            kept[-1] = one
    return kept


_DASHED = regex.compile(rf"{DASH}\s?$")
_PER_UNIT = regex.compile(
    r"\s?/\s?(?!v(?:uonna|\.)\s\d{4})\p{L}|\s(?:per\s|/\s?)(?!v(?:uonna|\.)\s\d{4})\p{L}|\s\p{L}+\s(?:kohti|kohden)\b"
    r"|\s(?:tunnilta|tunnissa|kuukaudessa|kuukaudelta|vuodessa|päivässä|päivältä|kappale|kpl|asukas)\b"
)
_SIGNED = regex.compile(r"(?:^|[\s(])[-−]$")
_TIMES = regex.compile(r"\d\s?[x×*]\s?$")
_GLUED = regex.compile(rf"(?<=\p{{L}})\d{{1,3}}{_SPACE}$")
_GENITIVE = ("euron", "€:n", "eur:n")


def _read(text: str, match: regex.Match[str]) -> Iterator[_Sum]:
    """The sum of a hit with a unit, after the lower end where it is the upper end of a range."""
    if match["short"] and len(match["number"]) < 3:
        return
    factor = _factor(match["factor"] or match["bare"])
    value = _decimal(match["number"], factor)
    start = match.start()
    low = _low_end(text, match, factor, value)
    if low is None and _SIGNED.search(text, max(0, start - 2), start):
        start, value = start - 1, -value if value is not None else None
    per_unit = _PER_UNIT.match(text, match.end()) is not None or _TIMES.search(text, max(0, start - 4), start) is not None
    genitive = (match["currency"] or "").lower() in _GENITIVE
    whole = (low.start, match.end()) if low else None
    if low is not None:
        yield replace(low, genitive=genitive, per_unit=per_unit, whole=whole)
    elif glued := _GLUED.search(text, max(0, start - 5), start):
        start, value = glued.start(), None  # enintään11 608 €: nobody knows where the number begins
    rule = "money.malformed" if value is None else "money.range" if low else _rule(match, factor)
    yield _Sum(start, match.end(), rule, value, "euro", genitive, per_unit, whole)


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
        return _Sum(hit.start("number"), end, "money.malformed", None) if tight else None
    return _Sum(hit.start("number"), end, "money.range", low)


_SMALL = regex.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in ("19", "20")


def _rule(match: regex.Match[str], factor: int) -> str:
    if factor > 1:
        return "money.scaled"
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
    no = rf"(?:ei\s+(?:{verb}\s+)?(?:lainkaan\s+|ollenkaan\s+)?|ei\s+{verb}\s+\p{{L}}+\s+|ei\s+\p{{L}}+n\s+|ilman\s+)"
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
