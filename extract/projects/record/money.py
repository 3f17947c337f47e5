"""What each sum of an entry is (rahat)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import regex

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
    """The entry's sums as facts, one per kind and value. A lone sum without a label in a list is the project's total.

    What the heading says of its sums (``Haettu tuki``), and who pays right beside one (``OPH, 5 000 €``), comes before that.
    """
    usable = [a for a in reading.amounts if a.value is not None and not a.in_range and not a.per_unit and a.aside is None]
    usable = [_paid_by(reading, a) if a.kind is None else a for a in usable]
    kinds = {a.kind for a in usable}
    usable = [a for kind in kinds for a in reading.newest([a for a in usable if a.kind == kind])]
    usable.sort(key=lambda a: (a.start, a.end, str(a.kind)))
    unlabelled = [a for a in usable if a.kind is None]
    listed = reading.entry.layout in _LIST_LAYOUTS or (reading.entry.layout == "prose" and len(reading.text) < 200)
    lone = len(unlabelled) == 1 and kinds <= _BESIDE_A_TOTAL and listed
    usable = [_added_up(reading.text, a, usable) for a in usable]
    headed = _by_heading(reading)
    out: dict[tuple[object, ...], Amount] = {}
    for match in usable:
        kind = match.kind or ((headed or "total_cost") if lone else None)
        if kind == "grant" and headed == "applied_grant" and match.label in _PLAIN_GRANT:
            kind = "applied_grant"
        if kind is None or match.value is None or _is_beside_the_project(reading, match, kind):
            continue
        rule = match.rule_id if match.kind else "assemble.lone_sum"
        out.setdefault((kind, match.value, match.year), _amount(document, reading, match, kind, match.value, rule))
    return list(out.values())


_PLAIN_GRANT = frozenset({"avustus", "tuki", "rahoitus", "kehittämisraha", "rahoittaja"})
"""Labels of a grant that do not say whether it was granted: the heading may."""
_OTHER_OF_A_PROJECT = frozenset(
    {"talkootyö", "takaus", "pääomasijoitus", "toteuma", "ennakko", "muu rahoitus", "julkinen rahoitus", "valtionosuudet"}
)
"""Sums of no other kind that belong to a project also where running text speaks of more than the project."""


def _by_heading(reading: EntryFacts) -> str | None:
    """What the heading above an entry says of its sums; an entry that speaks of a grant itself is not asked for."""
    heading = reading.entry.heading
    if not heading or reading.entry.layout == "item":
        return None
    said = "applied_grant" if payers.applies_for_money(heading) else payers.money_of_heading(heading)
    return said if said == "applied_grant" else None


def _is_beside_the_project(reading: EntryFacts, match: AmountMatch, kind: str) -> bool:
    """Whether a sum is what a call offers, or in running text a price, a rent or a budget line."""
    if match.label in _OFFERED:
        return True
    running = reading.entry.layout in ("item", "prose")
    return kind == "other" and running and (reading.entry.layout == "item" or match.label not in _OTHER_OF_A_PROJECT)


_BESIDE = regex.compile(r"[\s,:(–-]{1,4}")
_FROM = regex.compile(r"l[lt][aä]$")


def _paid_by(reading: EntryFacts, match: AmountMatch) -> AmountMatch:
    """A sum without a label right behind its payer, or before the payer in the ablative, is that payer's grant."""
    named = [(f.start, f.end) for f in reading.funders if f.code not in ("KUNTA", "EU", "VALTIO")]
    named += [(o.start, o.end) for o in reading.organisations if o.role == "funder"]
    text = reading.text
    for start, end in named:
        ahead = end < match.start and _BESIDE.fullmatch(text, end, match.start)
        behind = match.end < start <= match.end + 2 and _FROM.search(text[start:end])
        if ahead or behind:
            return replace(match, kind="grant", label="rahoittaja", rule_id="assemble.beside_payer")
    return match


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
