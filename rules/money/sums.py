"""Sums of money (rahasummat) in running text.

``_sums`` finds numbers with a unit (``295 600 €``, ``n. 1,3 milj.``), numbers that a label introduces (``omarahoitus 23 065``)
and the words that say there is none (``ei omarahoitusta``); ``asides`` leaves out those that do not count
(``nousi 100 000 eurosta …``); ``kinds`` then asks the words around what each sum is.

A number that breaks the rules of writing numbers has no value (``money.malformed``): it is never repaired.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import regex

from poytakirja.rules.money.asides import Aside, asides, is_conditional, is_of_several
from poytakirja.rules.money.kinds import AmountContext, Kind, verdicts
from poytakirja.rules.money.numbers import (
    CURRENCY,
    DASH,
    FACTOR,
    HEDGED,
    NUMBER,
    SPACE,
    UNIT_WORDS,
    decimal_of,
    factor_of,
    parse_number,
)
from poytakirja.rules.vocabulary_tables.tables import alternation, rows


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
    aside: Aside | None = None
    """Why it does not count: replaced, by how much one changed, a part of one, hoped for, of several projects, not euros."""
    words: str | None = None
    """The words that name it, as printed."""


def find(text: str) -> list[AmountMatch]:
    """Every sum of a text, in order. The label of what was replaced, or of parts, is that of the sum behind it.

    >>> [(str(m.value), m.kind) for m in find("kustannusarvio 295 600 € (omarahoitus 29 560 €)")]
    [('295600.00', 'total_cost'), ('29560.00', 'own_contribution')]
    >>> [(str(m.value), m.approximate, m.kind) for m in find("n. 1,3 milj., (ei omarahoitusta)")]
    [('1300000.00', True, None), ('0.00', False, 'own_contribution')]
    >>> [(m.rule_id, m.value) for m in find("haettava avustus 13,800.000 €, 25 000 asukasta, puh. 040 123 4567")]
    [('money.malformed', None)]
    """
    matches: list[AmountMatch] = []
    sums = _sums(text)
    spans = [found.whole or (found.start, found.end) for found in sums]
    whys = asides(text, spans)
    for i, found in enumerate(sums):
        start, end = spans[i]
        before = (k for k in range(max(0, i - 4), i) if spans[k][1] <= start and not (whys[k] or _passes(text, sums[k], start)))
        floor = max((spans[k][1] for k in before), default=0)
        ceiling = min((s for s, _ in spans[i + 1 : i + 3] if s >= end), default=len(text))
        context = AmountContext(start, end, found.genitive, floor, ceiling, found.elative)
        matches += _matches(text, found, context, whys[i])
    return matches


_ASKED = regex.compile(r"(?:haetusta|anotusta)\s(?:\p{L}+sta\s)?$", regex.IGNORECASE)
_TOGETHER = regex.compile(r"\s?/?\p{L}*\.?\s?(?:\p{L}+\s\d{4}\s?[–-]\s?\d{4})?,?\s(?:eli\s)?yhteensä\s$", regex.IGNORECASE)


def _passes(text: str, found: _Sum, start: int) -> bool:
    """Whether the label before a sum is that of the sum at ``start`` too: ``kuntarahaa 500 €/vuosi, yhteensä 1 500 €``."""
    if found.elative and _ASKED.search(text, max(0, found.start - 40), found.start):
        return True  # myönsi haetusta 150 000 eurosta 112 500 euroa
    return found.per_year and _TOGETHER.fullmatch(text, found.end, start) is not None


def _matches(text: str, found: _Sum, place: AmountContext, aside: Aside | None) -> list[AmountMatch]:
    """The sum with its kind; two where it stands under two labels."""
    ranged = found.whole is not None
    hedged = ranged or HEDGED.search(text, max(place.floor, found.start - 40), found.start) is not None
    plain = AmountMatch(
        found.start, found.end, found.rule_id, found.value, hedged, found.unit, per_unit=found.per_unit, in_range=ranged
    )  # fmt: skip
    if found.rule_id == "money.no_own_contribution":
        return [replace(plain, approximate=False, kind="own_contribution", label="omarahoitus")]
    if found.rule_id == "money.marks":
        return [replace(plain, aside="marks")]
    if aside:
        return [replace(plain, aside=aside)]
    if found.per_unit:
        return [_each_year(text, found, plain, place)]
    said = verdicts(text, place)
    if any(v.kind == "grant" for v in said) and is_conditional(text, place.start, place.end):
        return [replace(plain, aside="condition")]
    if said and is_of_several(text, place.start):
        return [replace(plain, aside="several")]
    return [replace(plain, kind=v.kind, label=v.label, party=v.party, year=v.year, words=v.words) for v in said] or [plain]


_YEARLY = ("municipal_share", "grant", "own_contribution", "partner_share", "applied_grant")


def _each_year(text: str, found: _Sum, plain: AmountMatch, place: AmountContext) -> AmountMatch:
    """A share or grant that is paid each year, or by each municipality; another price per unit has no kind."""
    if _PER_MUNICIPALITY.match(text, found.end):
        return replace(plain, kind="municipal_share", label="osuus", per_unit=False, words=None)
    said = next(iter(verdicts(text, place)), None) if found.per_year else None
    if said is None or said.kind not in _YEARLY:
        return plain
    return replace(plain, kind="annual", label=said.label, party=said.party, per_unit=False, words=said.words)


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
    elative: bool = False
    """The unit stands in the elative (haetusta 84 000 eurosta)."""
    per_unit: bool = False
    per_year: bool = False
    """It is paid each year (420 euroa/vuosi)."""
    whole: tuple[int, int] | None = None
    """For an end of a range: where both ends stand."""


@cache
def _sum_pattern() -> regex.Pattern[str]:
    return regex.compile(
        rf"""
        (?=\d) (?<! [\p{{L}}\d_] ) (?<! \d[.,:/] )
        (?P<number> (?> {NUMBER} ) )
        (?P<note> [*¹²³⁴⁵⁶⁷⁸⁹]{{1,3}} (?=\s{{0,3}}[€eE]) )?
        (?: (?= \s{{0,3}} (?: [€eEmMtTkK] | SEK|USD|NOK|dollar ) | :n\s ) (?: :n )? \s{{0,3}} (?:
              {FACTOR} \s{{0,2}} {CURRENCY} (?: \s (?P<cents> \d{{1,2}} ) \s (?:senttiä|sentti|snt|centtiä|cent)(?!\p{{L}}) )?
              (?: \s (?P<late> milj(?:\.|oonaa)? | mrd\.? | tuhatta )(?!\p{{L}}) )?
            | (?P<marks> mk | markkaa | markan | SEK | USD | NOK | kruunua | kronor | dollaria )(?!\p{{L}})
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
    factor = r"(?:\s?(?P<factor>milj(?:\.|oonaa)?|mrd\.?|tuhatta|[Mk])(?!\p{L}))?"
    return regex.compile(rf"(?:(?<!\d\s?)€|\bEUR)\s?(?P<number>(?>{NUMBER}))(?!\d|\s?%){factor}")


@cache
def _unit_ahead() -> regex.Pattern[str]:
    """``kustannusarvio (1 000 €): 120``, ``kustannusarvio, t€: 120``: the unit before its number."""
    return regex.compile(
        rf"""(?: \( | ,\s ) (?P<unit> {UNIT_WORDS} ) (?: \s?\) \s?:? | \s?: ) \s{{0,3}} (?P<number> (?>{NUMBER}) )
             (?! \d | \s{{0,2}} (?:[€%/]|eur|\p{{Ll}}) )""",
        regex.VERBOSE | regex.IGNORECASE,
    )


_LETTER_O = regex.compile(r"(?<![\p{L}\d])(?=[\d. ]{1,9}[Oo])\d[\dOo]{0,2}(?:[. ][\dOo]{3}){1,3}\s?(?:€|euro\p{L}*)")
"""A nought read as a letter (``132.OOO €``): a sum that cannot be read for certain."""


def _sums(text: str) -> list[_Sum]:
    """Every sum of the text in order: with a unit, without one after a label, and denied."""
    found: list[_Sum] = list(_denials(text))
    for match in _sum_pattern().finditer(text):
        found += _unitless(text, match) if match["none"] is not None else _read(text, match)
    for match in _unit_first().finditer(text):
        value = decimal_of(match["number"], factor_of(match["factor"]))
        found.append(_Sum(match.start(), match.end(), "money.unit_first" if value is not None else "money.malformed", value))
    units = []
    for match in _unit_ahead().finditer(text):
        value, _ = parse_number(match["number"], 1000 if match["thousands"] else 1_000_000)
        units.append(match.span("unit"))
        found.append(_Sum(*match.span("number"), "money.unit_ahead" if value is not None else "money.malformed", value, None))
    found += [_Sum(*match.span(), "money.malformed", None) for match in _LETTER_O.finditer(text)]
    found = [one for one in found if not any(a <= one.start < b for a, b in units)]
    found.sort(key=lambda one: (one.start, -one.end, one.rule_id == "money.unitless"))
    kept: list[_Sum] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.whole:  # the lower end of a range, read again with its upper end
            kept[-1] = one
    return kept


_PER_UNIT = regex.compile(
    r"\s?/\s?(?!v(?:uonna|\.)\s\d{4})\p{L}|\s(?:per\s|/\s?)(?!v(?:uonna|\.)\s\d{4})\p{L}|\s\p{L}+\s(?:kohti|kohden)\b"
    r"|\s(?:tunnilta|tunnissa|kuukaudessa|kuukaudelta|vuodessa|päivässä|päivältä|kappale|kpl|asukas)\b"
)
_PER_YEAR = regex.compile(
    r"\s?/\s?(?:vuosi|v\b\.?|a\b|år)|\s(?:vuodessa|vuosittain|per\svuosi|om\såret|per\sår)\b", regex.IGNORECASE
)
_PER_MUNICIPALITY = regex.compile(r"\s?/\s?kunta\b|\sper\skunta\b|\skuntaa\skohden\b", regex.IGNORECASE)
_SIGNED = regex.compile(r"(?:^|[\s(])(?:[-−]|−\s)$")
_TIMES = regex.compile(r"\d\s?[x×*]\s?$")
_GLUED = regex.compile(rf"(?<=\p{{L}})\d{{1,3}}{SPACE}$")
_GENITIVE = ("euron", "€:n", "eur:n")
_ELATIVE = ("eurosta", "€:sta", "eur:sta")


def _read(text: str, match: regex.Match[str]) -> Iterator[_Sum]:
    """The sum of a hit with a unit, after the lower end where it is the upper end of a range."""
    if match["short"] and len(match["number"]) < 3:
        return
    if match["marks"]:
        yield _Sum(match.start(), match.end(), "money.marks", None, match["marks"])
        return
    factor = factor_of(match["factor"] or match["bare"] or match["late"])
    value = decimal_of(match["number"], factor)
    if match["cents"]:
        value = value + Decimal(match["cents"]) / 100 if value is not None and value == int(value) else None
    start = match.start()
    low = _low_end(text, match, factor, value)
    if low is None and (sign := _SIGNED.search(text, max(0, start - 3), start)):
        start, value = sign.end() - len(sign[0].lstrip(" \n(")), -value if value is not None else None
    per_unit = _PER_UNIT.match(text, match.end()) is not None or _TIMES.search(text, max(0, start - 4), start) is not None
    genitive = (match["currency"] or "").lower() in _GENITIVE
    elative = (match["currency"] or "").lower() in _ELATIVE
    whole = (low.start, match.end()) if low else None
    if low is not None:
        yield replace(low, genitive=genitive, per_unit=per_unit, whole=whole)
    elif glued := _GLUED.search(text, max(0, start - 5), start):
        start, value = glued.start(), None  # enintään11 608 €: nobody knows where the number begins
    rule = "money.malformed" if value is None else "money.range" if low else _rule(match, factor)
    per_year = _PER_YEAR.match(text, match.end()) is not None
    yield _Sum(start, match.end(), rule, value, "euro", genitive, elative, per_unit, per_year, whole)


@cache
def _low_pattern() -> regex.Pattern[str]:
    unit = r"\s?(?:€|euroa|eur|milj\.?|[tm]€)"
    words = r"\s(?:tai|-)\s|\sja\s(?:enintään|korkeintaan)\s"
    return regex.compile(
        rf"(?<![\p{{L}}\d_]|\d[.,:/])(?P<number>{NUMBER})(?P<unit>{unit})?(?P<dash>\s?{DASH}\s?|{words})$", regex.IGNORECASE
    )


_BEHIND_LOW = regex.compile(rf"(?:{DASH}\s?|\s(?:tai|enintään|korkeintaan)\s)$", regex.IGNORECASE)


def _low_end(text: str, match: regex.Match[str], factor: int, value: Decimal | None) -> _Sum | None:
    """The lower end of ``145 000 – 155 000 €``; None for ``2025 - 5 000 €`` and ``kohta 3 - 5 000 €``, which are no ranges.

    What ``10–15 000 €`` begins with, ten or ten thousand, is not stated: such an end has no value.
    """
    begin = match.start("number")
    if value is None or begin < 2 or not _BEHIND_LOW.search(text, max(0, begin - 13), begin):
        return None
    hit = _low_pattern().search(text, max(0, begin - 40), begin)
    if hit is None:
        return None
    printed, unit = hit["number"], hit["unit"]
    scaled = factor > 1 and _SMALL.fullmatch(printed) is not None
    low = decimal_of(printed, factor if scaled else 1)
    if low is None or (not unit and _is_year(printed)):
        return None
    end = hit.end("unit") if unit else hit.end("number")
    if hit["dash"].strip(" -‐‑‒–—―−") and not unit and not scaled and low < 1000:
        return None  # "luokka 3 tai 5 000 euroa"
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
    value = decimal_of(number) if last.isalpha() or last in (":", ".") else None
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
