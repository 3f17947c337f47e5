"""Organisations with their role in a project (toteuttajat, hakijat, kumppanit), named in base form.

>>> [(m.role, m.name) for m in find_organisations("Kukkaniityt, hankkeen toteuttajana Toivolan Setlementti ry")]
[('implementer', 'Toivolan Setlementti ry')]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.names.declension import candidates
from poytakirja.rules.names.lexicon import ends_of
from poytakirja.rules.organisations import municipalities
from poytakirja.rules.organisations.municipalities import Municipality
from poytakirja.rules.organisations.name_ends import LEGAL, LEGAL_END, head_forms
from poytakirja.rules.organisations.role_patterns import (
    applicant,
    cue_pattern,
    from_payer,
    granter,
    led_by,
    left_to,
    subject_verb,
    verb_pattern,
    with_legal_form,
)  # fmt: skip
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

_LONGEST = 400
"""So many characters a name has at most; what looks no further takes no longer in a long text."""


@dataclass(frozen=True, slots=True)
class OrganisationMatch:
    """An organisation in a role; ``name`` in base form, ``start`` and ``end`` bound the name as printed."""

    start: int
    end: int
    surface: str
    name: str
    role: str
    rule_id: str


# ---------------------------------------------------------------- names of organisations


def is_organisation_word(word: str) -> bool:
    """Whether a word makes what stands before it the name of a body, a building or a street: ``Virtasen säätiö``, ``Aho Oy:n``.

    >>> [is_organisation_word(w) for w in ("Oy:n", "kaupungin", "palvelutalossa", "kadulla", "ehdotus")]
    [True, True, True, True, False]
    """
    low = word.casefold()
    if LEGAL_END.search(low):
        return True
    ends = (*ends_of("institution"), *head_forms())
    return low.endswith(ends) or any(base.endswith(ends) for base, _ in candidates(low))


@cache
def _longest_head() -> int:
    return max(map(len, head_forms()))


def base_form(name: str) -> str:
    """An organisation's name with its last word in the nominative; a name whose case cannot be told stays as printed.

    A municipality named alone goes to the nominative too: ``Simon`` → ``Simo``.

    >>> base_form("Mieli ry:n"), base_form("Kuusamon kaupungin"), base_form("Lapin ammattikorkeakoululta")
    ('Mieli ry', 'Kuusamon kaupunki', 'Lapin ammattikorkeakoulu')
    """
    name = regex.sub(r"\s+", " ", name).strip(" ,.;:")
    if m := LEGAL_END.search(name):
        return name[: m.start()] + m[1]
    if known := municipalities.by_name(name):
        return known.name
    head, space, last = name.rpartition(" ")
    base = _base_word(last)
    return f"{head}{space}{base}"


@cache
def _base_word(word: str) -> str:
    """The nominative of a head word, alone or at the end of a compound (``ammattikorkeakoulun`` → ``ammattikorkeakoulu``)."""
    low = word.casefold()
    heads = head_forms()
    for cut in range(max(0, len(low) - _longest_head()), len(low) - 2):
        if base := heads.get(low[cut:]):
            return word[:cut] + (base if word[cut].islower() or cut else base.capitalize() if word[0].isupper() else base)
    return word


@cache
def _name_pattern() -> regex.Pattern[str]:
    """A name: capitalised words, their hyphenated parts and what binds them, to a head word, a legal form or the last capital."""
    heads = "|".join(sorted(map(regex.escape, head_forms()), key=len, reverse=True))
    word = r"\p{Lu}[\p{L}\d&+’'-]*"
    labels = alternation(row["form"].capitalize() for row in rows("organisation_cues") if row["match"] != "verb")
    begin = rf"(?:\d{{1,2}})?+ (?!(?:{labels})\p{{Ll}}{{0,4}}\b) {word}"  # the label of the next field is no part of a name
    paired = rf"(?<=-) \s+ ja (?= \s+ \p{{Lu}}[\p{{L}}-]* \s+ (?:{LEGAL})\b )"  # Erä- ja Kyläseura ry
    legal = rf"(?i:{LEGAL})\b (?::\p{{Ll}}{{1,4}})?"
    return regex.compile(
        rf"""
        (?P<name>
{begin} (?: {paired} )?
            (?: \s+ (?: {begin} (?: {paired} )? | {legal} | [\p{{Ll}}-]{{0,24}}(?:{heads})\b
                      | (?: \p{{L}}+-\s+ja\s+ )? [\p{{L}}-]+ (?: \s+ \p{{Ll}}[\p{{L}}-]* ){{0,2}} \s+ {legal} ) ){{0,6}}
        )
        """,
        regex.VERBOSE,
    )


_SHORT_NAME = regex.compile(r"\s*\(\p{Lu}[\p{L} .-]{1,14}\)")
_FUNCTION_WORD = regex.compile(r"(?:Myös|Lisäksi|Muut|Sekä|Hankkeessa|Hankkeen|Siinä|Projektissa|Sitä|Mukana|Nyt)\s+(?=\p{L})")
_LOWER_PAYER = regex.compile(r"\p{Ll}[\p{L}-]*(?:ministeriö|virasto|hallitus|keskus)\s*(?:,|ja|sekä|/)\s+(?=\p{Lu})")
"""A payer known by its code, written in small letters, before the names that follow: ``ympäristöministeriö ja Iin kunta``."""
_JOIN = regex.compile(r"\s*(?:,\s*(?:sekä|ja)?|/|\bja\b|\bsekä\b|\beli\b)\s*")


def names_at(text: str, pos: int, end: int | None = None) -> list[tuple[int, int]]:
    """The list of names that begins at ``pos``: ``A, B ja C`` → three spans; empty if none begins there."""
    pattern, spans = _name_pattern(), []
    end = len(text) if end is None else end
    if lead := _FUNCTION_WORD.match(text, pos, end):
        pos = lead.end()  # a name begins with a capital: "Hankkeessa kaupunki" leads to none
    if payer := _LOWER_PAYER.match(text, pos, end):
        pos = payer.end()
    while m := pattern.match(text, pos, min(end, pos + _LONGEST)):  # to the end, each would look through all that follows
        spans.append((m.start(), m.end()))
        near = min(end, m.end() + _LONGEST)
        bracket = _SHORT_NAME.match(text, m.end(), near)
        joint = _JOIN.match(text, bracket.end() if bracket else m.end(), near)
        if not joint:
            break
        pos = joint.end()
    return spans


def as_names(text: str, role: str) -> list[OrganisationMatch]:
    """The value of a label such as ``Toteuttaja:`` as names, each in that role; a value that begins with no name gives none.

    >>> [m.name for m in as_names("Oulun yliopisto, Mieli ry ja Iin kunta", "partner")]
    ['Oulun yliopisto', 'Mieli ry', 'Iin kunta']
    """
    spans = [
        span for span in names_at(text, _skip_space(text, 0)) if not text[span[0] : span[1]].endswith(("ohjelma", "ohjelman"))
    ]
    return [
        OrganisationMatch(a, b, text[a:b], base_form(text[a:b]), role, "organisations.label")
        for a, b in spans
        if _is_name(text[a:b])
    ]


# ---------------------------------------------------------------- municipalities


def municipality_of(name: str) -> Municipality | None:
    """The municipality that a name means: ``Simo``, ``Simon``, ``Simon kunta``.

    >>> municipality_of("Keminmaa").code, municipality_of("Simon kunta").name, municipality_of("Mieli ry")
    ('241', 'Simo', None)
    """
    return municipalities.by_name(name) or municipalities.of_organisation(base_form(name))


def municipality_at_head(name: str) -> Municipality | None:
    """The municipality whose own unit a name is: ``Simon kunnan sivistystoimi``, ``Simo``; another's house is none.

    >>> municipality_at_head("Simon kunnan sivistystoimi").name, municipality_at_head("Simon seurakunta")
    ('Simo', None)
    """
    m = _OWN_UNIT.match(name)
    return municipalities.by_name(m[1]) if m else municipality_of(name)


_OWN_UNIT = regex.compile(r"(\p{Lu}[\p{L}-]+(?:\s\p{Lu}[\p{L}-]+)?)\s+(?:kaupun[gk]i|kun[nt]a)\p{Ll}*\s+\p{Ll}")
_LOCAL_CASE = regex.compile(r"(?:ll[aäe]|lt[aä]|ss[aä]|st[aä]|ksi)$")


def party_base(words: str) -> str:
    """Whose share or grant a sum is, in base form: a municipality by its name, an organisation by its last word.

    >>> party_base("Kemin"), party_base("Kemille"), party_base("Lämpö Oy:n"), party_base("kaupungille")
    ('Kemi', 'Kemi', 'Lämpö Oy', 'kaupunki')
    """
    known = municipalities.by_name(words) or municipalities.by_name(_LOCAL_CASE.sub("n", words))
    return known.name if known else base_form(words)


# ---------------------------------------------------------------- roles


_FILL = regex.compile(
    r"(?i)\s*(?::|-|–|on|ovat|oli|olivat|toimii|toimivat|toimi|myös|sekä|lisäksi|mukana|hankkeessa|ovat\s+mukana)?"
    r"(?:\s*(?:on|ovat|toimii|toimivat|myös|ovat\s+myös|lisäksi|hankkeessa))?\s*"
)
_TOGETHER = regex.compile(r"(?i)\b(?:kanssa|yhteistyössä)\b")
_WITH = regex.compile(r"(?i)\byhteis(?:työ|hanke|työhanke)\p{Ll}*\s+(?=\p{Lu})|\byhdessä\s+(?=\p{Lu})")


_OWN_HEADS = ("kaupunki", "kunta", "hallitus", "palvelut", "toimikunta", "stad", "kommun", "kommune")
"""Heads of municipalities and their bodies: that these apply says what the municipality is, or nothing."""
_PAYING_HEADS = ("säätiö", "rahasto", "stiftelse", "fond", "fonden")


def _is_house(name: str, heads: frozenset[str] | tuple[str, ...]) -> bool:
    """Whether words end as an organisation's name does in the nominative, with one of the heads."""
    low = name.casefold()
    return len(low) > 8 and low.endswith(tuple(heads))


def ends_as_organisation(name: str) -> bool:
    """Whether a name ends with a legal form, an organisation's head word or is a municipality's.

    >>> ends_as_organisation("Suomen ympäristökeskus"), ends_as_organisation("Laajakaista")
    (True, False)
    """
    base = base_form(name)
    return bool(LEGAL_END.search(base)) or _is_house(base, frozenset(head_forms().values())) or municipality_of(name) is not None


@cache
def _other_heads() -> frozenset[str]:
    return frozenset(head_forms().values()) - {*_OWN_HEADS}


def find_organisations(text: str) -> list[OrganisationMatch]:
    """Organisations whose role the text names, in order: cue before the name, name before the cue, or ``X:n kanssa``."""
    found: dict[tuple[int, int], OrganisationMatch] = {}
    for rule, role, spans in (*_by_nouns(text), *_by_sentences(text), *_by_company(text)):
        for start, end in spans:
            surface = text[start:end]
            if (start, end) not in found and _is_name(surface):
                found[start, end] = OrganisationMatch(start, end, surface, base_form(surface), role, f"organisations.{rule}")
    return sorted(found.values(), key=lambda f: f.start)


_Told = tuple[str, str, list[tuple[int, int]]]
"""A rule, the role that it reads, and the names it found."""


def _by_nouns(text: str) -> Iterator[_Told]:
    """By a noun of the role, before the name or behind it, and by verbs before the name."""
    for m in cue_pattern().finditer(text):
        role = m.lastgroup or ""
        filler = _FILL.match(text, m.end())
        after = names_at(text, filler.end() if filler else m.end())
        yield ("cue_before", role, after) if after else ("cue_after", role, _names_before(text, m.start()))
    for m in verb_pattern().finditer(text):
        yield "verb", m.lastgroup or "", names_at(text, m.end())


def _by_sentences(text: str) -> Iterator[_Told]:
    """By what a sentence says that it does: pays, applies, leads, carries out."""
    for m in from_payer().finditer(text):
        yield "from_payer", "funder", [m.span("name")]
    for m in applicant().finditer(text):
        if LEGAL_END.search(m["name"]) or (" " in m["name"] and _is_house(m["name"], _other_heads())):
            yield "applies", "applicant", [m.span("name")]
    for m in granter().finditer(text):
        if _is_house(m["name"], _PAYING_HEADS):
            yield "granter", "funder", [m.span("name")]
    for m in left_to().finditer(text):
        yield "left_to", "implementer", [m.span("name")]
    for m in led_by().finditer(text):
        yield "led_by", "coordinator", [m.span("name")]
    for m in subject_verb().finditer(text):
        yield "subject", "coordinator" if m["coordinator"] else "implementer", [m.span("name")]


def _by_company(text: str) -> Iterator[_Told]:
    """By whom it is done with: ``yhteistyössä X:n kanssa``."""
    for m in with_legal_form().finditer(text):
        yield "together_with", "partner", [m.span("name")]
    for m in _WITH.finditer(text):
        spans = names_at(text, m.end())
        if spans and _TOGETHER.match(text, _skip_space(text, spans[-1][1])):
            doer = cue_pattern().search(text, max(0, m.start() - 30), m.start())
            with_doer = doer is not None and not text[doer.end() : m.start()].strip()
            yield "together_with", (doer.lastgroup or "") if doer and with_doer else "partner", spans


def _skip_space(text: str, pos: int) -> int:
    while pos < len(text) and text[pos].isspace():
        pos += 1
    return pos


_LINK = regex.compile(
    r"\s*(?:(?:toimii|toimivat|toimi|on|ovat|oli|olivat|är|var|fungerar\s+som)(?:\s+(?:hankkeessa|siinä|myös|mukana))?|,)?\s*$"
)


def _names_before(text: str, pos: int) -> list[tuple[int, int]]:
    """The names that end where a cue begins: ``…, Rantaopisto/Jokiopisto kumppanina``, ``ja Iin kunta osatoteuttaja``."""
    window = max(0, pos - 160)
    link = _LINK.search(text, window, pos)
    end = link.start() if link else pos
    chain: list[tuple[int, int]] = []
    for span in reversed([m.span() for m in _name_pattern().finditer(text, window, end)]):
        between = text[span[1] : chain[0][0]] if chain else ""
        listed = len(chain) > 1 or between.strip() != ","  # one comma parts the project's name from its only partner
        if not (_JOIN.fullmatch(between) and listed if chain else span[1] == end):
            break
        chain.insert(0, span)
    if chain and (lead := _FUNCTION_WORD.match(text, *chain[0])):
        chain[0] = (lead.end(), chain[0][1])
    return [span for span in chain if not text[span[0]].islower()]


_NOT_NAME = regex.compile(
    r"(?i)^(?:hanke|hankkeen|projekti|kaupunki|kunta|avustus|rahoitus|budjetti|kustannusarvio|hankkeessa|muut|lisäksi)$"
)


def _is_name(surface: str) -> bool:
    """Whether a run of capitals is an organisation: no common word, and no person."""
    first, *rest = surface.split()
    person = (
        len(rest) == 1
        and is_given(first)
        and rest[0][0].isupper()
        and not LEGAL_END.search(surface)
        and base_form(surface) == surface
    )
    return len(surface) > 1 and not _NOT_NAME.match(surface) and not person
