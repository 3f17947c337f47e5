"""Who pays (rahoittajat): funds and payers by their code.

>>> [(m.code, m.surface) for m in find_funders("Rahoitusta haetaan Lapin ELY-keskukselta (ESR+) ja Lapin liitolta.")]
[('ELY', 'ELY-keskukselta'), ('ESR', 'ESR+'), ('LIITTO', 'Lapin liitolta')]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation, has_any, lowered, rows, word_heads

_SPECIFIC_STATE = frozenset(
    {"STM", "OKM", "YM", "TEM", "MMM", "LVM", "VM", "OM", "ELY", "AVI", "OPH", "BF", "MUSEOVIRASTO", "TAIKE"}
)
_SPECIFIC_EU = frozenset({"ESR", "EAKR", "JTF", "AMIF", "MASEURA", "INTERREG", "ERASMUS", "LEADER"})


@dataclass(frozen=True, slots=True)
class FunderMatch:
    """A mention of a fund or a payer (rahoittaja). ``name`` is the payer's own name, ``code`` the GUIDE's."""

    start: int
    end: int
    surface: str
    code: str
    name: str
    rule_id: str


_LONGEST = 400
"""So many characters a name has at most; what looks no further takes no longer in a long text."""


@cache
def _funder_pattern() -> tuple[regex.Pattern[str], dict[str, tuple[str, str]]]:
    table = {row["form"].casefold(): (row["code"], row["name"]) for row in rows("funders")}
    words = alternation(r["form"] for r in rows("funders") if r["match"] == "word")
    stems = alternation(r["form"].lower() for r in rows("funders") if r["match"] == "stem").replace(r"\-", r"\s?-\s?")
    pattern = regex.compile(
        rf"""(?<![\p{{L}}\d])
        (?:
            (?i:(?P<stem>{stems})) \p{{Ll}}{{0,12}} \+?
          | (?P<word>{words}) (?: \s?\+ | \s+plus\b | (?<=\p{{Lu}}{{3}})(?:n|lt[aä]|st[aä]|lle|lla) )?
            (?= [^\p{{L}}\d] | $ ) (?: :\p{{Ll}}{{1,4}} )?
        )""",
        regex.VERBOSE,
    )
    return pattern, table


@cache
def _funder_heads() -> re.Pattern[str]:
    return word_heads(row["form"] for row in rows("funders"))


@lru_cache(maxsize=1 << 10)
def _payer_of(form: str) -> tuple[str, str]:
    """The code and the name of a payer as it is written, white space and hyphens aside."""
    _, table = _funder_pattern()
    spaced = " ".join(form.split()).casefold()
    closed = regex.sub(r"\s?-\s?", "-", spaced)
    return table[closed] if closed in table else table[spaced]  # a hyphen keeps its space in "sosiaali- ja terveysministeriö"


def find_funders(text: str) -> list[FunderMatch]:
    """Every mention of a fund or payer with a code, in order; a word of a longer name (``ESRI``) is none.

    A compound such as ``valtionavustushaku`` (a call, not a payer) is left out.
    """
    pattern, _ = _funder_pattern()
    found: list[FunderMatch] = []
    reached = 0
    for head in _funder_heads().finditer(lowered(text)):
        m = pattern.match(text, head.start(), head.start() + _LONGEST) if head.start() >= reached else None
        if m is None:
            continue
        reached = m.end()
        form = m["word"] or m["stem"]
        if has_any(m.group()[len(form) :].lower(), ("haku", "hakem", "haus")):
            continue
        code, name = _payer_of(form)
        found.append(
            FunderMatch(m.start(), m.end(), m.group(), code, name, f"organisations.funder.{'word' if m['word'] else 'stem'}")
        )
    for m in _IN_PLAN.finditer(text):
        code, name = ("EU", "Euroopan unioni") if m.lastgroup == "eu" else ("VALTIO", "Suomen valtio")
        found.append(FunderMatch(m.start(), m.end(), m.group(), code, name, "organisations.funder.plan"))
    return sorted(found, key=lambda f: f.start)


_FUND_HEADING = regex.compile(r"(?:\p{Lu}{3,5}\+?|Leader|Interreg)(?=-(?:hankkeet|projektit|rahoitteiset\s+hankkeet)[\s.:]*$)")


def fund_of_heading(heading: str) -> FunderMatch | None:
    """The fund whose projects stand under a heading.

    >>> fund_of_heading("EAKR-hankkeet").code, fund_of_heading("EU-hankkeet"), fund_of_heading("Omat hankkeet")
    ('EAKR', None, None)
    """
    m = _FUND_HEADING.match(heading)
    return next((f for f in find_funders(heading) if f.start == 0), None) if m else None


_IN_PLAN = regex.compile(
    r"""(?x) (?<![\p{L}-]) (?: (?: (?P<eu>EU) | (?P<state>[Vv]altio) ) (?= \s* (?: :\s* )? \d[\d\s.,]{0,16}(?:€|euroa|%) )
      | (?<= (?:EAKR|ESR|JTF|EU) (?: \sja\s | \s?/\s? | \s?\+\s? ) ) (?P<joined>valtio)\b )"""
)
"""The EU and the state in a plan of who pays what: ``EU 60 000 €, valtio 33 %``, ``EAKR ja valtio``."""


_PLACE = regex.compile(r"(?:\p{Lu}\p{L}+(?:-\p{Lu}\p{L}+)*n\s+)+$")


def payer_name(text: str, match: FunderMatch) -> tuple[int, str]:
    """Where a payer's own name begins, the place before it included, and the name in base form.

    >>> t = "Hankkeelle on saatu Pohjois-Savon TE-keskuksen rahoitus."
    >>> payer_name(t, find_funders(t)[0])
    (20, 'Pohjois-Savon TE-keskus')
    """
    place = _PLACE.search(text, max(0, match.start - 60), match.start)
    if place is None or match.name.count(" ") or match.name.endswith("+"):
        return match.start, match.name
    return place.start(), f"{' '.join(place.group().split())} {match.name}"


def payer_codes(codes: set[str]) -> list[str]:
    """The codes that stand, sorted: ``VALTIO`` and ``EU`` only where no more exact payer of theirs is named."""
    kept = set(codes)
    if kept & _SPECIFIC_STATE:
        kept.discard("VALTIO")
    if kept & _SPECIFIC_EU:
        kept.discard("EU")
    return sorted(kept)
