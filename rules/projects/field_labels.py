"""Labels and column headers of project descriptions (otsikkosanat): ``Hankeaika:``, ``Myönnetty avustus``.

>>> field_of("Hankkeen toteutusaika"), field_of("Rahoitus vuodelle 2025"), field_of("Tontin pinta-ala")
(Label(field='duration', year=None, unit=1), Label(field='annual', year=2025, unit=1), None)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.money.numbers import UNIT, unit_of_label
from poytakirja.rules.vocabulary_tables.tables import rows

MONEY = frozenset(
    {"total_cost", "municipal_share", "own_contribution", "grant", "applied_grant", "loan", "annual", "partner_share", "funding"}
)
ORGANISATIONS = frozenset({"implementer", "co_implementer", "coordinator", "applicant", "partner", "beneficiary"})
TELLING = frozenset({"duration", "start", "end", "funder", *MONEY})
"""Fields that only a project (or a grant) has; a name, a contact or a goal may belong to anything."""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands behind a label: a field of a project, for one year where the label says which."""

    field: str
    year: int | None = None
    unit: int = 1
    """What a bare number behind it counts: 1, 1000 or 1 000 000 euros."""


@cache
def _fields() -> dict[str, str]:
    return {row["form"]: row["field"] for row in rows("labels")}


@cache
def _closed_up() -> dict[str, str]:
    """The labels without their spaces: a narrow column breaks a word anywhere (``Kustannus paikka``, ``Kokonaisbu djetti``)."""
    return {form.replace(" ", "").replace("-", ""): field for form, field in _fields().items()}


_YEAR = regex.compile(r"\b(?:v(?:uosi|uonna|uodelle|uoden)?\.?\s*)?(20\d\d|19\d\d)\b")
_WHOSE = regex.compile(r"^(?:hankkeen|projektin|avustuksen|hankkeiden)\s+")
_NOISE = regex.compile(r"\([^()]{0,40}\)|\b(?:eur|euroa?|t€|€|alv\s*0\s*%)\b|[€*:,.]|\byhteensä\b|\bnoin\b")


@cache
def field_of(label: str) -> Label | None:
    """The field that a label or a column header names, or None. Brackets, units and a plural's colon do not matter."""
    low = regex.sub(r"\s+", " ", label.casefold()).strip()
    unit = unit_of_label(low)
    low = UNIT.sub(" ", low) if unit > 1 else low
    year = _YEAR.search(low)
    low = regex.sub(r"\s+", " ", _NOISE.sub(" ", _YEAR.sub(" ", low))).strip(" -–/")
    if year and (not low or low in ("rahoitus", "avustus", "osuus", "budjetti", "määräraha", "rahoitus vuodelle", "vuosi")):
        return Label("annual", int(year[1]), unit)
    bare = _WHOSE.sub("", low)
    forms = (low, bare, bare.split("/")[0].strip())
    field = next((f for form in forms if (f := _fields().get(form))), None) or _closed_up().get(low.replace(" ", ""))
    if field is None:
        return None
    return Label("annual", int(year[1]), unit) if year and field in MONEY else Label(field, None, unit)


_LABELLED = regex.compile(r"\s*(?P<label>\p{Lu}[\p{L}\d /()€-]{1,48}?)\s*(?::|(?:\s\s+|\t)(?=\S))\s*(?P<value>.*)")


def split_label(text: str) -> tuple[Label, str, int] | None:
    """A row ``Label: value`` as (label, the label's words, where the value begins), or None where the label is unknown.

    >>> split_label("Hankeaika: 1.1.2023–31.12.2024")
    (Label(field='duration', year=None, unit=1), 'Hankeaika', 11)
    """
    m = _LABELLED.match(text) if ":" in text or "  " in text or "\t" in text else None
    if not m:
        return None
    label = field_of(m["label"])
    return None if label is None else (label, m["label"], m.start("value"))
