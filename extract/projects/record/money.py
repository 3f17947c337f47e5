"""What each sum of an entry is (rahat)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from poytakirja.document import Document
from poytakirja.projects.record.facts import EntryFacts
from poytakirja.records import Amount
from poytakirja.rules.money.sums import AmountMatch
from poytakirja.rules.organisations import organisations
from poytakirja.rules.projects import payers

_LIST_LAYOUTS = frozenset({"numbered", "bulleted", "labelled", "table_row"})
_OFFERED = frozenset({"käytettävissä", "talousarvio", "käyttämättä"})
"""Labels of what a call for applications or a budget offers, or has left: no sum of the project."""
_BESIDE_A_TOTAL = frozenset({None, "own_contribution", "municipal_share", "partner_share", "earmarked"})
"""Kinds of sums that leave a lone one without a label to be the total; beside a grant it may be anything."""


def amounts(document: Document, reading: EntryFacts) -> list[Amount]:
    """The entry's sums as facts, one per kind and value. A lone sum without a label in a list is the project's total."""
    usable = [a for a in reading.amounts if a.value is not None and not a.per_unit and a.aside is None]
    kinds = {a.kind for a in usable}
    usable = [a for kind in kinds for a in reading.newest([a for a in usable if a.kind == kind])]
    usable.sort(key=lambda a: (a.start, a.end, str(a.kind)))
    unlabelled = [a for a in usable if a.kind is None]
    listed = reading.entry.layout in _LIST_LAYOUTS or (reading.entry.layout == "prose" and len(reading.text) < 200)
    lone = len(unlabelled) == 1 and kinds <= _BESIDE_A_TOTAL and listed
    usable = [_added_up(reading.text, a, usable) for a in usable]
    applied = bool(lone and reading.entry.heading and payers.applies_for_money(reading.entry.heading))
    out: dict[tuple[object, ...], Amount] = {}
    for match in usable:
        kind = match.kind or (("applied_grant" if applied else "total_cost") if lone else None)
        aside = match.label in _OFFERED or (kind == "other" and reading.entry.layout == "item")
        if kind is None or match.value is None or aside:
            continue
        rule = match.rule_id if match.kind else "assemble.lone_sum"
        out.setdefault((kind, match.value, match.year), _amount(document, reading, match, kind, match.value, rule))
    return list(out.values())


_PARTS_OF_A_TOTAL = frozenset({"grant", "applied_grant", "own_contribution", "municipal_share", "partner_share"})


def _added_up(text: str, match: AmountMatch, found: Sequence[AmountMatch]) -> AmountMatch:
    """A sum told as the whole of those before it (``yhteensä 50 000 €``) is the total, where they do add up to it."""
    if match.kind is not None or not text[: match.start].rstrip(" :=").lower().endswith(
        ("yhteensä", "yht.", "sammanlagt", "totalt")
    ):
        return match
    parts = [a.value for a in found if a.start < match.start and a.kind in _PARTS_OF_A_TOTAL and a.value is not None]
    whole = len(parts) > 1 and sum(parts) == match.value and not any(a.kind == "total_cost" for a in found)
    return replace(match, kind="total_cost", label="yhteensä", rule_id="assemble.parts_add_up") if whole else match


def _amount(document: Document, reading: EntryFacts, match: AmountMatch, kind: str, value: Decimal, rule: str) -> Amount:
    span = reading.passage.span(match.start, match.end)
    year = match.year if kind == "annual" else None
    return Amount(
        document.text[span.start : span.end], rule, span.start, span.end,
        kind=kind, value=value, approximate=match.approximate, year=year,
        party=organisations.party_base(match.party) if match.party else None, label=match.words,
    )  # fmt: skip
