"""Persons beside a title (henkilöt nimikkeineen) in running text; the rows of lists are read by ``person_lists``.

>>> [(p.name, p.role, p.acting) for p in find_titled("Lautakunta kuuli vs. opetuspäällikkö Helena Jussinmäkeä asiassa.")]
[('Helena Jussinmäki', 'opetuspäällikkö', True)]
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from poytakirja.rules.names.base_form import NOBODY, BaseName, Known, base_form, base_word, is_family, is_given, is_place
from poytakirja.rules.names.case_cues import NOMINATIVE, standing_of
from poytakirja.rules.names.lexicon import likeness, use_of, words_of
from poytakirja.rules.names.name_reader import Reader, barred, capital
from poytakirja.rules.names.name_shapes import is_particle, without_nickname
from poytakirja.rules.names.titles import JOIN, SPACE, Title, head_of


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person named in a text; ``start`` and ``end`` bound the name, ``name`` is its base form, given name first.

    ``role`` is the title beside it, in base form; ``role_start`` and ``role_end`` bound it.
    """

    start: int
    end: int
    name: str
    given_name: str | None
    family_name: str | None
    role: str | None
    role_start: int | None
    role_end: int | None
    acting: bool
    rule_id: str
    confidence: float


# ---------------------------------------------------------------- running text

AFTER_TITLE = regex.compile(r"\s+|,\s|\s*:\s*|\s*[-–]\s+|\.?\s*,?\s*puh\.?\s")
_ESSIVE_VERB = regex.compile(
    r"(?:toimii|toimi|toimiva|toimivan|toimivaa|toimivat|toimia|toiminut|toimineet|on|oli|ovat|aloittaa|aloitti|aloittanut|jatkaa|jatkoi|työskentelee|työskenteli|"
    r"valittiin|valitaan|valittu|valita|valitsi|valitsee|nimettiin|nimetään|nimetty|nimetä|nimesi|nimeää|palkattiin|palkattu|palkata|"
    r"kutsuttiin|tulee|tuli|määrättiin|määrätään|määrätty|määrätä|esitetään|ehdotetaan)"
)


def find_titled(text: str, known: Known = NOBODY) -> list[NamedPerson]:
    """The persons who stand beside a title or a part, in order; ``known`` are full names the document states elsewhere.

    The title may stand before the name in any case form, after it behind a comma or in brackets, or in the essive
    (``hankkeen vetäjänä toimii Leo Kivimäki``). ``role`` is None where only a function is said (Valmistelija, Yhteyshenkilö).
    """
    reader = Reader(text)
    found: dict[int, NamedPerson] = {}
    for index in range(len(reader.tokens)):
        title = reader.title_at(index) or reader.coined_at(index)
        if not title and reader.tokens[index].text in words_of("degree"):
            found.update({hit.start: hit for hit in _with_degree(reader, index, known) if hit.start not in found})
        if title:
            for hit in _beside(reader, title, known):
                best = found.get(hit.start)
                if best is None or _rank(best) < _rank(hit):
                    found[hit.start] = hit
    return _disjoint(sorted(found.values(), key=lambda hit: hit.start))


def _with_degree(reader: Reader, at: int, known: Known) -> list[NamedPerson]:
    """``KM Petra Sandelin``: a degree says that what follows is a person, not what the person does."""
    named = reader.name_at(at + 1)
    if not named or named[1] < 0.9 or reader.gap(at) != " ":
        return []
    start, end = reader.tokens[at + 1].start, reader.tokens[named[0]].end
    base = base_form(reader.text[start:end], known, standing_of(reader.text, start, end))
    return [NamedPerson(start, end, base.full, base.given, base.family, None, None, None, False, "persons.degree", 0.95)]


def _rank(hit: NamedPerson) -> tuple[bool, bool, bool]:
    """How much a title is the person's: a project's own one first (``hanketyöntekijänä toimi kirjastonhoitaja …``).

    Then one beside the name; what one is chosen or acts as otherwise is no title: ``vetäjäksi palkattiin agrologi …``.
    """
    own = hit.role is not None and hit.role.startswith(("hanke", "projekt"))
    return hit.role is not None, own, hit.rule_id not in ("persons.essive", "persons.copula")


def _disjoint(hits: list[NamedPerson]) -> list[NamedPerson]:
    kept: list[NamedPerson] = []
    for hit in hits:
        if kept and hit.start < kept[-1].end:
            if (hit.confidence, hit.end - hit.start) > (kept[-1].confidence, kept[-1].end - kept[-1].start):
                kept[-1] = hit
        else:
            kept.append(hit)
    return kept


def _beside(reader: Reader, title: Title, known: Known) -> list[NamedPerson]:
    after = _names_after(reader, title, known)
    before = None if after and reader.gap(title.last) == " " else _name_before(reader, title, known)
    if before or after:
        return [before] if before else after
    if title.head.case in ("ess", "tra"):
        essive = _essive(reader, title, known)
        return [essive] if essive else []
    linked = _linked(reader, title, known) if title.head.case == "nom" and not title.head.coined else None
    return [linked] if linked else []


def _person(reader: Reader, span: tuple[int, int], title: Title, rule: str, sure: float, known: Known) -> NamedPerson:
    start, end = reader.tokens[span[0]].start, reader.tokens[span[1]].end
    standing = NOMINATIVE if title.head.swedish else standing_of(reader.text, start, end)
    base: BaseName = base_form(without_nickname(regex.sub(r"\s+", " ", reader.text[start:end])), known, standing)
    role = None if title.head.kind == "function" else title.base
    return NamedPerson(
        start, end, base.full, base.given, base.family, role, title.start, title.end, title.acting, f"persons.{rule}", sure
    )


def _names_after(reader: Reader, title: Title, known: Known) -> list[NamedPerson]:
    """``projektipäällikkö Taimi Kaarnalinna``, ``valtuutetut A B, C D ja E F``."""
    at = title.last
    school = at + 2 < len(reader.tokens) and reader.tokens[at + 1].text in ("AMK", "YAMK") and reader.gap(at + 1) == ") "
    at += school
    if at + 1 >= len(reader.tokens) or not (school or AFTER_TITLE.fullmatch(reader.gap(at))):
        return []
    if turned := _turned(reader, title):
        return [turned]
    found: list[NamedPerson] = []
    first = at + 1
    while named := _pair_at(reader, title, first) or reader.name_at(first):
        last, sure = named
        if sure < (0.98 if title.head.coined else 0.9) and (title.head.coined or reader.gap(at) != " "):
            break
        paired = _pair_at(reader, title, first) is not None
        person = _person(reader, (first + 2 * paired, last), title, "title_before", sure, known)
        found += [*([_partner(reader, first, person)] if paired else []), person]
        if title.head.case != "plural" or last + 1 >= len(reader.tokens):
            break
        first = _next_in_list(reader, last)
    if not found and title.head.kind != "function" and not title.head.coined and SPACE.fullmatch(reader.gap(at)):
        return _lone_family(reader, title, known)
    return found


def _pair_at(reader: Reader, title: Title, first: int) -> tuple[int, float] | None:
    """Two given names that share a family name, behind a plural or a label: ``Yhteyshenkilöt: Eino ja Aino Rinne``."""
    tokens = reader.tokens
    if first + 3 >= len(tokens) or tokens[first + 1].text not in JOIN or reader.gap(first) != " " or reader.gap(first + 1) != " ":
        return None
    several = title.head.case == "plural" or ":" in reader.gap(title.last)
    given = capital(tokens[first].text) and is_given(tokens[first].text) and is_given(tokens[first + 2].text)
    return reader.name_at(first + 2) if several and given else None


def _partner(reader: Reader, at: int, person: NamedPerson) -> NamedPerson:
    """Who bears the family name of the person named next."""
    token = reader.tokens[at]
    name = " ".join(part for part in (token.text, person.family_name) if part)
    return replace(person, start=token.start, end=token.end, name=name, given_name=token.text)


def _turned(reader: Reader, title: Title) -> NamedPerson | None:
    """A family name, a comma and a given name behind a label: ``Yhteyshenkilö: Rinne, Aino``."""
    first = title.last + 1
    comma = next((i for i in range(first, min(first + 4, len(reader.tokens) - 1)) if reader.gap(i) != " "), first)
    if comma + 1 >= len(reader.tokens) or ":" not in reader.gap(title.last) or reader.gap(comma) != ", ":
        return None
    last = comma + 1
    while last + 1 < len(reader.tokens) and reader.gap(last) == " " and capital(reader.tokens[last + 1].text):
        last += 1
    family = [token.text for token in reader.tokens[first : comma + 1]]
    given = [token.text for token in reader.tokens[comma + 1 : last + 1]]
    led = is_particle(family[0])
    named = all(is_particle(word) or (capital(word) and (led or not (barred(word) or is_given(word)))) for word in family)
    known = use_of(given[0], "given") == "common" or (is_given(given[0]) and is_family(family[-1]))
    if not named or not known or len(given) > 3 or not all(map(is_given, given)):
        return None
    role = None if title.head.kind == "function" else title.base
    names = " ".join([*given, *family]), " ".join(given), " ".join(family)
    start, end = reader.tokens[first].start, reader.tokens[last].end
    return NamedPerson(start, end, *names, role, title.start, title.end, title.acting, "persons.title_before", 0.95)


def _next_in_list(reader: Reader, last: int) -> int:
    gap = reader.gap(last)
    if gap == ", ":
        return last + 1
    if gap == " " and reader.tokens[last + 1].text in JOIN:
        return last + 2
    return len(reader.tokens)


def _lone_family(reader: Reader, title: Title, known: Known) -> list[NamedPerson]:
    """``projektipäällikkö Kaarnalinna esitteli``: a family name that is known, or that the document states."""
    at = title.last + 1
    word = reader.tokens[at].text
    follows = at + 1 < len(reader.tokens) and reader.gap(at) == " " and capital(reader.tokens[at + 1].text)
    base = base_word(word, known=known.families) if capital(word) and len(word) > 2 else ""
    if not base or follows or word.isupper() or head_of(word) or word.lower() in words_of("no_name"):
        return []
    known_name = base in known.families or (use_of(base, "family") == "common" and not is_place(word))
    if not known_name and not (base.endswith("nen") and likeness(base) > 2):
        return []
    return [_person(reader, (at, at), title, "title_before_family", 0.85, known)]


def _name_before(reader: Reader, title: Title, known: Known) -> NamedPerson | None:
    """``Elsa Talvitie, kulttuuripäällikkö`` or in brackets, ``Mika Alho, Tunturi Oy:n toimitusjohtaja``."""
    if title.head.case != "nom":
        return None
    at = title.first
    for _ in range(4):
        if at == 0:
            return None
        gap = reader.gap(at - 1)
        if _APPOSED.fullmatch(gap):
            break
        word = reader.tokens[at - 1].text
        if not SPACE.fullmatch(gap) or not (word[0].isupper() or word.lower().endswith(("n", "-", "ja"))):
            return None
        at -= 1
    else:
        return None
    for length in (4, 3, 2):
        first = at - length
        named = reader.name_at(first) if first >= 0 else None
        if named and named[0] == at - 1 and named[1] >= 0.9 and not (first and _mid_name(reader, first)):
            whose = reader.title_at(title.last, whole=True) if title.head.kind == "office" else None
            title = whose if whose and whose.first == at else title
            return _person(reader, (first, at - 1), title, "title_after", named[1], known)
    return None


_APPOSED = regex.compile(r",\s|\s\(|,?\s[-–]\s|,\s?\n")


def _mid_name(reader: Reader, first: int) -> bool:
    """Whether a name could begin one word earlier: ``Anna Maria Aho`` is not Maria Aho."""
    return reader.gap(first - 1) == " " and is_given(reader.tokens[first - 1].text)


def _essive(reader: Reader, title: Title, known: Known) -> NamedPerson | None:
    """``hankkeen vetäjänä toimii Leo Kivimäki``, ``projektipäälliköksi valittiin Leo Kivimäki``."""
    end = next((i for i in range(title.last, min(title.last + 8, len(reader.tokens) - 1)) if "." in reader.gap(i)), None)
    stop = end + 1 if end is not None else min(title.last + 8, len(reader.tokens))
    verb = next((i for i in range(title.last + 1, stop) if _ESSIVE_VERB.fullmatch(reader.tokens[i].text)), None)
    if verb is None and title.first and _ESSIVE_VERB.fullmatch(reader.tokens[title.first - 1].text):
        verb = title.last  # valitsi projektipäälliköksi filosofian maisteri Leo Kivimäen
    if verb is not None:
        for first in range(verb + 1, stop):
            named = reader.name_at(first)
            if named and named[1] >= 0.9:
                return _person(reader, (first, named[0]), title, "essive", 0.95, known)
    return _essive_after(reader, title, known)


def _essive_after(reader: Reader, title: Title, known: Known) -> NamedPerson | None:
    """``Leo Kivimäki toimii projektipäällikkönä``."""
    begin = title.first
    while begin and title.first - begin < 8 and not regex.search(r"[.;:]", reader.gap(begin - 1)):
        begin -= 1
    verb = next((i for i in range(title.first - 1, begin - 1, -1) if _ESSIVE_VERB.fullmatch(reader.tokens[i].text)), None)
    if verb is None:
        return None
    for first in range(max(begin, verb - 4), verb):
        named = reader.name_at(first)
        if named and named[0] == verb - 1 and named[1] >= 0.9:
            return _person(reader, (first, verb - 1), title, "essive", 0.95, known)
    return None


_IS = frozenset(
    ("on", "oli", "ovat", "olivat", "är", "var", "blir", "blev", "fungerar", "fungerade", "verkar", "valdes", "väljs", "utsågs")
)
_BEEN = frozenset(("ollut", "olleet", "toiminut", "varit", "blivit", "fungerat", "verkat"))


def _linked(reader: Reader, title: Title, known: Known) -> NamedPerson | None:
    """``Vetäjä on Leo Kivimäki``, ``Kontaktperson har varit Göran Kvistbacka``; ``Leo Kivimäki on hankkeen vetäjä``."""
    words = [token.text for token in reader.tokens[title.last + 1 : title.last + 3]]
    first = 0
    if words[:1] and words[0] in _IS:
        first = title.last + 2 + (words[1:] != [] and words[1] in _BEEN)
    elif words[:1] and words[0] in ("har", "hade") and words[1:] and words[1] in _BEEN:
        first = title.last + 3
    named = reader.name_at(first) if first and _one_sentence(reader, title.last, first) else None
    if named and named[1] >= 0.9:
        return _person(reader, (first, named[0]), title, "copula", 0.95, known)
    return _linked_before(reader, title, known)


def _linked_before(reader: Reader, title: Title, known: Known) -> NamedPerson | None:
    verb = title.first - 1
    while verb > 0 and title.first - verb < 4 and reader.tokens[verb].text not in _IS:
        if not reader.tokens[verb].text.endswith(("n", "s", "som")):
            return None
        verb -= 1
    if verb < 2 or reader.tokens[verb].text not in _IS or not _one_sentence(reader, verb - 1, title.first):
        return None
    for first in range(max(0, verb - 4), verb - 1):
        named = reader.name_at(first)
        if named and named[0] == verb - 1 and named[1] >= 0.9:
            return _person(reader, (first, verb - 1), title, "copula", 0.95, known)
    return None


def _one_sentence(reader: Reader, first: int, last: int) -> bool:
    """Whether only white space stands between some words."""
    return last < len(reader.tokens) and all(SPACE.fullmatch(reader.gap(i)) for i in range(first, last))
