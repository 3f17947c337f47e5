"""Organisations by their names alone (yhdistykset, yritykset, viranomaiset): a legal form, a kind or a known name.

>>> [body.name for body in find("Tarjouksen jättivät Savon Kaivuu Oy ja Putki & Pojat Ky sekä Tuurin Eräseura ry.")]
['Savon Kaivuu Oy', 'Putki & Pojat Ky', 'Tuurin Eräseura ry']
>>> [body.name for body in find("Lausunto pyydettiin Lapin ELY-keskukselta, Vaasan hallinto-oikeudelta ja Kelalta.")]
['Lapin ELY-keskus', 'Vaasan hallinto-oikeus', 'Kela']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.organisations import municipalities
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

_LONGEST = 80
"""So many characters a word of a name has at most."""
_MOST_WORDS = 7
"""So many words a name has before its last one at most; each mention looks back no further."""


@dataclass(frozen=True, slots=True)
class NamedBody:
    """An organisation where it is named: ``name`` in base form, ``start`` and ``end`` bound the name as printed."""

    start: int
    end: int
    name: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A word: ``core`` without the punctuation around it; ``opens`` and ``closes``: whether punctuation stands before, behind."""

    start: int
    end: int
    core: str
    opens: bool
    closes: bool


_TOKEN = re.compile(r"(?P<open>[(\[\"”“'’»/]{0,3})(?P<core>\w(?:[\w&’'./:+-]*[\w.-])?|&)(?P<close>[^\w\s]*)")
_LEGAL = re.compile(
    r"(?P<form>(?i:ry|rf|oyj|oy|abp|ab|ky|osk|rp|tmi|oü)|r\.y\.|R\.Y\.)(?P<ending>:[a-zåäö]{1,4}|n|ltä|lle|tä)?\.?$"
)


def find(text: str) -> list[NamedBody]:
    """Every organisation that a text names, in order, none over another."""
    words = _words(text)
    found: list[NamedBody] = []
    for at, word in enumerate(words):
        if found and word.end < found[-1].end:
            continue
        body = _legal(text, words, at) or _kind(text, words, at) or _club(text, words, at) or _headed(text, words, at)
        if body is None:
            continue
        while found and body.start <= found[-1].start:
            found.pop()  # the longer name, whose head was taken for one: Kangasniemen Palloilijat 78 ry
        if not found or body.start >= found[-1].end:
            found.append(body)
    return _with_known(text, found)


def _words(text: str) -> list[_Word]:
    """The words of a text; a stroke, a dash or a wide gap between two closes the first."""
    words = [_word(m) for m in _TOKEN.finditer(text)]
    for n, (a, b) in enumerate(pairwise(words)):
        between = text[a.end : b.start]
        if not a.closes and (len(between) > 1 or not between.isspace()) and between != "\n":
            words[n] = replace(a, closes=True)
    return words


def _word(m: re.Match[str]) -> _Word:
    core, end = m["core"], m.end("core")
    closes = bool(m["close"])
    if core.endswith(".") and not _ABBREVIATED.fullmatch(core):
        core, end, closes = core[:-1], end - 1, True
    return _Word(m.start("core"), end, core, bool(m["open"]), closes)


_ABBREVIATED = re.compile(r"[A-ZÅÄÖ]\.|r\.y\.|R\.Y\.")


# ---------------------------------------------------------------- by legal form


def _legal(text: str, words: Sequence[_Word], at: int) -> NamedBody | None:
    """A name that ends with its legal form (``Hake Oy``), or begins with one (``Oy Hake Ab``, ``Kiinteistö Oy Hake``)."""
    m = _LEGAL.fullmatch(words[at].core)
    if m is None or (m["ending"] and not m["ending"].startswith(":") and m["form"].lower() not in ("ry", "r.y.")):
        return None
    if words[at].core.isupper() and len(words[at].core) > 2 and m["form"].lower() not in ("oyj", "abp", "tmi"):
        return None
    first = _begin(words, at, lower_run=3 if m["form"].lower() in ("ry", "rf", "r.y.") else 2)
    last, end = at, words[at].start + len(m["form"])
    if not words[at].closes and (first == at or words[at - 1].core.lower() in ("kiinteistö", "asunto", "as", "fastighets")):
        last = _run_of_capitals(words, at)
        end = words[last].end if last > at else end
    elif not words[at].closes and at + 2 < len(words) and words[at + 2].core == "&":
        last = at + 3 if at + 3 < len(words) and words[at + 3].core == "Co" else at
        end = words[last].end if last > at else end
    if first == last:
        return None
    return NamedBody(words[first].start, end, _folded(text[words[first].start : end]), "organisations.legal_form")


def _run_of_capitals(words: Sequence[_Word], at: int) -> int:
    """The last of the capitalised words that follow, legal form included."""
    last = at
    for n in range(at + 1, min(len(words), at + 6)):
        if not (words[n].core[0].isupper() or words[n].core == "&") or words[n].opens:
            break
        last = n
        if words[n].closes:
            break
    return last


_INFLECTED = re.compile(
    r".{3,}(?:taan|tään|tiin|nut|nyt|isi|ksi|lle|lta|ltä|ssa|ssä|jana|jänä|vat|vät|aan|een|iin|neet|lla|llä|sta|stä)",
    re.IGNORECASE,
)
"""What a verb or a local case at the head of a sentence ends with."""


def _is_a_lead(core: str) -> bool:
    """Whether a word before a name is no part of it: ``Valitaan``, ``Hakija``, ``Myös``."""
    return core.casefold() in _words_of("lead") or core.casefold() in _words_of("stop") or _INFLECTED.fullmatch(core) is not None


def _begin(words: Sequence[_Word], at: int, lower_run: int) -> int:
    """The first word of the name that ends with the word at ``at``; ``at`` where no name stands before it.

    Words in small letters belong to it between a genitive and the legal form alone (``Kosken vesi ja ympäristö ry``).
    """
    first, n, lower = at, at - 1, 0
    while n >= max(0, at - _MOST_WORDS) and not words[n].closes and not words[n + 1].opens:
        core = words[n].core
        if _LEGAL.fullmatch(core):
            return n if core.lower() in ("ab", "oy") and first == n + 1 and lower == 0 else _without_lead(words, first, at)
        if core[0].isupper() or (core[0].isdigit() and _joins_a_number(words, n, at)):
            if first == at and lower and not core.endswith(("n", "s", "-")):
                return at
            if lower == 0 or first == at:
                first, lower = n, 0
        elif core.lower() in _words_of("binding"):
            if n == 0 or not (words[n - 1].core[0].isupper() or words[n - 1].core.endswith("-") or first == at):
                break
        elif core in _words_of("within") and n > 0 and words[n - 1].core[0].isupper() and words[n - 1].core.endswith(("n", "s")):
            pass
        elif first == at and core.isalpha() and core not in _words_of("stop") and lower < lower_run:
            lower += 1
        else:
            break
        n -= 1
    return _without_lead(words, first, at)


def _joins_a_number(words: Sequence[_Word], n: int, at: int) -> bool:
    """A number within a name: ``Palloilijat 78 ry``, ``Malax 4H``, ``3S Isännöinti``; no sum, year of a date or count."""
    core = words[n].core
    if not core.isdigit():
        return core[-1].isalpha()
    behind_a_name = n > 0 and words[n - 1].core[0].isupper() and not words[n - 1].closes
    return len(core) <= 4 and n == at - 1 and behind_a_name


def _without_lead(words: Sequence[_Word], first: int, at: int) -> int:
    """Words at the head of a sentence or a row that are no part of the name, left out: ``Valitaan Hake Oy``."""
    while first < at and (_is_a_lead(words[first].core) or words[first].core in _words_of("binding")):
        first += 1
        while first < at and not words[first].core[0].isupper():
            first += 1
    return first


# ---------------------------------------------------------------- by kind


_ENDINGS = ("n", "ta", "tä", "lla", "llä", "lta", "ltä", "lle", "ssa", "ssä", "sta", "stä", "ksi", "s")


@cache
def _kinds() -> tuple[re.Pattern[str], dict[str, str]]:
    """What ends the names of authorities and associations, in any case, and the nominative of each form."""
    forms: dict[str, str] = {}
    for row in rows("body_names"):
        if row["match"] != "ends":
            continue
        base, stem = row["base"], row["form"]
        endings = (*_ENDINGS, *(f":{ending}" for ending in _ENDINGS))
        forms.update(dict.fromkeys((base, *(stem + ending for ending in endings)), base))
    return re.compile(rf"(?:.*?)(?P<form>{alternation(forms)})$"), forms


def _kind(text: str, words: Sequence[_Word], at: int) -> NamedBody | None:
    """A name that ends with the kind of body, a place or a name before it: ``Oulun lääninhallitus``, ``Vöyrin kunta``."""
    pattern, forms = _kinds()
    core = words[at].core
    m = pattern.fullmatch(core) if 2 < len(core) < _LONGEST else None
    if m is None or at == 0 or words[at - 1].closes or words[at].opens:
        return None
    base = forms[m["form"]]
    first = _places_before(words, at)
    if first == at:
        return None
    head = text[words[first].start : words[at].start]
    if base in ("kunta", "kaupunki", "kommun", "stad"):
        known = municipalities.by_name(head.strip()) or municipalities.by_name(head.strip().removesuffix("s"))
        if known is None or m["form"] != core:
            return None
    name = f"{_folded(head)} {core[: m.start('form')]}{base}"
    return NamedBody(words[first].start, words[at].end, name, "organisations.kind")


def _places_before(words: Sequence[_Word], at: int) -> int:
    """The first of the genitives, a capitalised one at their head, before the word at ``at``."""
    first, n = at, at - 1
    while n >= max(0, at - 4) and not words[n].closes and not words[n + 1].opens:
        core = words[n].core
        if core[0].isupper() and (core.endswith(("n", "s", "-")) or core.isupper()) and not _is_a_lead(core):
            first = n
        elif n == 0 or not _binds(core, words[n - 1].core, first == at):
            break
        n -= 1
    return first


def _binds(core: str, before: str, nearest: bool) -> bool:
    """A word in small letters within a name: ``Länsi- ja Sisä-Suomen``, ``Raahen seudun``."""
    if core in ("ja", "och"):
        return before.endswith("-")
    return nearest and core.islower() and core.endswith("n") and core not in _words_of("stop") and before[0].isupper()


# ---------------------------------------------------------------- clubs, firms without a legal form, known names


@cache
def _words_of(match: str) -> dict[str, str]:
    return {row["form"]: row["base"] for row in rows("body_names") if row["match"] == match}


def _club(text: str, words: Sequence[_Word], at: int) -> NamedBody | None:
    """A club behind its place: ``Kolin Eräveikot``, ``Lieksan Työväen Näyttämö``."""
    if words[at].core not in _words_of("club") or at == 0 or words[at - 1].closes or words[at].opens:
        return None
    if at + 1 < len(words) and not words[at].closes and _LEGAL.fullmatch(words[at + 1].core):
        return None
    first = _places_before(words, at)
    if first == at:
        return None
    name = _folded(text[words[first].start : words[at].end])
    return NamedBody(words[first].start, words[at].end, name, "organisations.club")


def _headed(text: str, words: Sequence[_Word], at: int) -> NamedBody | None:
    """A firm or an association by its first word: ``Rakennusliike Koskensalo``, ``Leader Kaislikko``."""
    if words[at].core not in _words_of("heads") or words[at].closes:
        return None
    last = _run_of_capitals(words, at)
    if last == at or (last == at + 1 and is_given(words[last].core) and words[at].core == "Taksi"):
        return None
    legal = _LEGAL.fullmatch(words[last].core)
    end = words[last].start + len(legal["form"]) if legal else words[last].end
    return NamedBody(words[at].start, end, _folded(text[words[at].start : end]), "organisations.headed")


@cache
def _known() -> tuple[re.Pattern[str], dict[str, str]]:
    known = _words_of("whole")
    return re.compile(rf"(?<![\w-])(?P<form>{alternation(sorted(known, key=len, reverse=True))})[a-zåäö]{{0,6}}(?![\w-])"), known


def _with_known(text: str, found: list[NamedBody]) -> list[NamedBody]:
    """The bodies found, and those of known names beside them."""
    pattern, known = _known()
    taken = iter([*found, None])
    ahead = next(taken)
    out: list[NamedBody] = []
    for m in pattern.finditer(text):
        while ahead is not None and ahead.end <= m.start():
            out.append(ahead)
            ahead = next(taken)
        if ahead is None or m.end() <= ahead.start:
            form = " ".join(m["form"].split())
            out.append(NamedBody(m.start(), m.end(), known[form], "organisations.known"))
    return [*out, *_rest(ahead, taken)]


def _rest(ahead: NamedBody | None, taken: Iterator[NamedBody | None]) -> Iterator[NamedBody]:
    if ahead is not None:
        yield ahead
        yield from (body for body in taken if body is not None)


def _folded(name: str) -> str:
    return " ".join(name.split())
