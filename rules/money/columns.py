"""Headers of columns of money: whether the bare numbers under a header are sums, in what unit, and of which kind.

>>> read_header("Kustannusarvio €", "Hankkeet"), read_header("Asukkaita", "Maksuosuudet, euroa")
(MoneyColumn(kind='total_cost', year=None, scale=1), None)
>>> read_header("2018", "Investoinnit 2017–2019, luvut 1 000 €")
MoneyColumn(kind='annual', year=2018, scale=1000)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from poytakirja.rules.money import sums
from poytakirja.rules.projects import field_labels
from poytakirja.rules.vocabulary_tables.tables import alternation, rows


@dataclass(frozen=True, slots=True)
class MoneyColumn:
    """What the numbers of a column are: their kind (None where the header names none), their year, euros per unit."""

    kind: str | None
    year: int | None
    scale: int


_EURO = re.compile(r"€|\beur(?:oa?|oina)?\b|\be/v", re.IGNORECASE)
_THOUSANDS = re.compile(
    r"1[ .]?000\s?(?:€|e\b|eur)|\bt€|\bte\b|\bk€|\btuh(?:at|\.|ansi)\w{0,8}\s?(?:€|eur)|\btuhansi(?:na|ssa)\s+euro", re.IGNORECASE
)
_MILLIONS = re.compile(r"\bmilj(?:\.|oon)\w{0,6}\s?(?:€|eur)|\bM€|\bmn\s?€", re.IGNORECASE)
_YEAR = re.compile(r"\D{0,20}((?:19|20)\d\d)(?!\d)\D{0,12}")


@cache
def _words(use: str) -> re.Pattern[str]:
    """The words of a use: beginnings of words, and whole words."""
    stems = alternation(row["stem"] for row in rows("money_columns") if row["use"] == use and row["match"] == "stem")
    whole = alternation(row["stem"] for row in rows("money_columns") if row["use"] == use and row["match"] == "word")
    return re.compile(rf"(?<![^\W\d_])(?:{stems}|{whole}(?!\w))")


@lru_cache(maxsize=1 << 12)
def read_header(header: str, caption: str = "") -> MoneyColumn | None:
    """What stands under a header; None: no money. ``caption``: the words above the table, which may give the unit."""
    low = header.lower()
    in_euros = _EURO.search(header) is not None or _MILLIONS.search(header) is not None
    if "%" in header or (_words("count").search(low) and not in_euros):
        return None
    label = field_labels.field_of(header)
    is_money = label is not None and label.field in field_labels.MONEY
    year = _YEAR.fullmatch(header)
    said = _EURO.search(caption) is not None
    if not (in_euros or is_money or (said and (year or _words("money").search(low)))):
        return None
    if label is not None and label.field == "annual":
        return MoneyColumn("annual", label.year, scale_of(header, caption))
    kind = label.field if is_money and label and label.field != "funding" else _kind_of_words(header)
    if kind is None and year:
        return MoneyColumn("annual", int(year[1]), scale_of(header, caption))
    return MoneyColumn(kind, None, scale_of(header, caption))


def _kind_of_words(header: str) -> str | None:
    """The kind that the words of a header give the sum behind them: ``Kaupungin osuus``, ``Haettu avustus``."""
    bare = _EURO.sub(" ", header).strip(" ,:()")
    found = sums.find(f"{bare} 1 000 euroa")
    return found[-1].kind if found and found[-1].kind != "annual" else None


def names_a_unit(text: str) -> bool:
    """Whether words name the euro or its thousands: ``luvut 1 000 €``, ``Hinnat, euroa``."""
    return any(unit.search(text) for unit in (_EURO, _THOUSANDS, _MILLIONS))


def scale_of(header: str, caption: str = "") -> int:
    """How many euros the unit of a column is: the header's own unit, else that of the nearest row above the table.

    >>> scale_of("Kokonaisbudjetti, milj. €"), scale_of("Avustus", "luvut 1 000 €"), scale_of("Hinta €", "1 000 €")
    (1000000, 1000, 1)
    """
    for text in (header, *reversed(caption.splitlines())):
        if _MILLIONS.search(text):
            return 1_000_000
        if _THOUSANDS.search(text):
            return 1_000
        if _EURO.search(text):
            return 1
    return 1
