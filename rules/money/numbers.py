"""Numbers of sums as officials write them (luvut): groups of three, cents, thousands and millions, the unit of a column.

A number that breaks the rules of writing numbers has no value: it is never repaired.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import regex

DASH = r"[-‐‑‒–—―−]"


def parse_number(cell: str, unit: int = 1) -> tuple[Decimal | None, bool]:
    """The value of a cell in a column of euros and whether it is approximate; (None, False) where the cell is no sum.

    ``unit`` is what a bare number of the column counts (1000 in a column of thousands); a number too large for it has no value.

    >>> parse_number("14.559,94")
    (Decimal('14559.94'), False)
    >>> parse_number("n. 5 000 €")
    (Decimal('5000.00'), True)
    >>> parse_number("30 %")
    (None, False)
    >>> parse_number("120", 1000), parse_number("0,12", 1_000_000), parse_number("120 000", 1000)
    ((Decimal('120000.00'), False), (Decimal('120000.00'), False), (None, False))
    """
    match = _cell().fullmatch(cell)
    if match is None:
        return None, False
    bare = unit > 1 and not (match["factor"] or match["currency"] or match["first"])
    value = _counted(match["number"], unit) if bare else decimal_of(match["number"], factor_of(match["factor"]))
    if value is None:
        return None, False
    return (-value if match["sign"] else value), match["hedge"] is not None


_MOST_UNITS = 100_000
"""So many thousands or millions no project costs: a number as large was printed in euros whatever its column says."""


def _counted(number: str, unit: int) -> Decimal | None:
    """A bare number in a column of thousands or millions; None where it is too large to be counted so."""
    value = decimal_of(number, 1) if "," not in number else decimal_of(number, unit)
    if value is None or value >= _MOST_UNITS * (1 if "," not in number else unit):
        return None
    return (value * unit if "," not in number else value).quantize(_CENT)


_THOUSANDS = (
    r"(?: (?<!\d[\s.]?) 1[\s.]?000 \s? (?:€|euro\p{L}*|e(?!\p{L})|eur(?!\p{L})) | (?<!\p{L})[tk]€ | (?<!\p{L})[tk]eur(?!\p{L})"
)
_THOUSANDS += r"| (?<!\d\s?)tuhat(?:ta|ansissa|)\s(?:€|euro\p{L}*) | tuhansi(?:na|ssa|en)\s(?:€|euro\p{L}*) | tusen\s(?:€|euro) )"
_MILLIONS = r"(?: (?<!\d\s?)milj\.?\s?(?:€|euro\p{L}*|e(?!\p{L})|eur(?!\p{L})) | (?<!\d\s?)(?<!\p{L})M€ | (?<!\p{L})meur(?!\p{L})"
_MILLIONS += r"| miljooni(?:na|ssa)\s(?:€|euro\p{L}*) | miljoner\seuro )"
UNIT_WORDS = rf"(?: (?P<thousands> {_THOUSANDS} ) | (?P<millions> {_MILLIONS} ) )"
UNIT = regex.compile(UNIT_WORDS, regex.VERBOSE | regex.IGNORECASE)
_UNIT_OF_CAPTION = regex.compile(
    rf"""(?: \(\s? (?:luvut\s|summat\s)?
           | \b(?:luvut|summat|tiedot|esitetty|ilmoitettu|siffrorna|beloppen)\s (?:\p{{L}}+\s){{0,3}}? ) {UNIT_WORDS}""",
    regex.VERBOSE | regex.IGNORECASE,
)


def unit_of_label(label: str, caption: str = "") -> int:
    """What a bare number under a label or column counts, by the label's own words, else by the table's caption: 1, 1000 …

    >>> unit_of_label("Kustannusarvio (1 000 €)"), unit_of_label("Kustannusarvio, milj. €"), unit_of_label("Kustannusarvio (€)")
    (1000, 1000000, 1)
    >>> unit_of_label("Kustannusarvio", "Hankkeet (luvut tuhansina euroina)"), unit_of_label("Hinta", "Yli 1 milj. euron työt")
    (1000, 1)
    """
    found = UNIT.search(label) or (None if "€" in label or "euro" in label.lower() else _UNIT_OF_CAPTION.search(caption))
    if found is None:
        return 1
    return 1000 if found["thousands"] else 1_000_000


SPACE = "[ \u00a0\u2007\u2009\u202f\n]"
NUMBER = rf"(?:\d{{1,3}}(?:[.,]\d{{3}})*(?:{SPACE}\d{{3}}(?!\d))+|\d+)(?:[.,]\d+)*"
_STRICT = regex.compile(
    rf"""
    (?: (?P<whole> \d{{1,3}} (?: {SPACE} \d{{3}} )+ ) (?P<cents> ,\d{{1,2}} | \.\d\d )?      # 24 403 148,64
      | (?P<whole> \d{{1,3}} (?: \. \d{{3}} )+ ) (?P<cents> ,\d{{1,2}} )?                     # 47.981,80
      | (?P<whole> 0 | [1-9]\d* ) (?P<cents> ,\d{{1,2}} | \.\d\d )?                           # 1467,53 and 36.00
    )
    """,
    regex.VERBOSE,
)
_SCALED = regex.compile(r"(?:0|[1-9]\d{0,3})(?:[.,]\d{1,3}|,\d{4,6})?")
_NO_DIGIT = regex.compile(r"\D")
_CENT = Decimal("0.01")
_LONGEST = 14
"""So many digits the euros of a sum have at most: what is longer is no sum, and no column of the tables holds it."""


def decimal_of(number: str, factor: int = 1) -> Decimal | None:
    """The value of a number as officials write it, None where it breaks the rules.

    >>> [str(decimal_of(n)) for n in ("24 403 148,64", "47.981,80", "1467,53", "36.00", "13,800.000", "1.000 000", "0123")]
    ['24403148.64', '47981.80', '1467.53', '36.00', 'None', 'None', 'None']
    >>> decimal_of("9" * 15) is None
    True
    >>> str(decimal_of("1,3", 1_000_000))
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


HEDGE = (
    r"(?:noin|n\.?|arviolta|enintään|enint\.|vähintään|väh\.|yli|alle|lähes|korkeintaan|runsaa[nt]|reilut?|vajaat?"
    r"|liki|maks(?:\.|imissaan)?|max\.?|~|≈|cirka|ca\.?|högst|minst|ungefär|omkring)"
)
_TOTALS = r"(?:yhteensä|kaikkiaan|vain|noin|n\.)"
HEDGED = regex.compile(rf"(?<!\p{{L}}){HEDGE}(?:\s{{1,2}}{_TOTALS})?\s{{0,3}}[-−–]?$", regex.IGNORECASE)

FACTOR = r"""
    (?P<factor> (?i: milj(?:oon\p{L}{1,6}|\.|oner)? | miljard\p{L}{1,6} | mrd\.? | tuhatta | tuhannen | tuhan\p{L}{1,5} )
              | [tTmMk] (?= €|eur\b|EUR\b ) | M (?= \s?€|e\b ) )?
"""
CURRENCY = r"""
    (?P<currency> € (?: :\p{L}{1,4} )?
      | (?i: euro (?: n|a|on|ssa|sta|lla|lta|lle|ksi|na|t|ja|jen|ista|illa|ihin | :\p{L}{1,4} )?
           | eur (?: :\p{L}{1,4} )? ) (?!\p{L})
      | (?<= M\s? ) e (?!\p{L}) )
"""


@cache
def _cell() -> regex.Pattern[str]:
    return regex.compile(
        rf"""
        \s* (?P<hedge> {HEDGE} )? \s* (?P<first> €|EUR )? \s* (?P<sign> [-−–]\s? )? (?P<number> {NUMBER} )
        \s* {FACTOR} \s* (?: ,-|:- )? \s* (?: {CURRENCY} | e )? \s*
        """,
        regex.VERBOSE | regex.IGNORECASE,
    )


def factor_of(printed: str | None) -> int:
    """By what a word behind a number multiplies it: ``milj.``, ``t``, ``tuhatta``; 1 without one."""
    if not printed:
        return 1
    lowered = printed.lower()
    if lowered.startswith(("mrd", "miljard")):
        return 1_000_000_000
    return 1_000_000 if lowered[0] == "m" else 1_000
