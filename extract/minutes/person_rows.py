"""Rows that name persons (nimirivit), as attendance lists, signatures and the heads of items print them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import regex

from poytakirja.passage import Passage
from poytakirja.records import Person
from poytakirja.rules.layout import headings
from poytakirja.rules.names.base_form import family_first as stands_swapped
from poytakirja.rules.names.base_form import is_family, is_given
from poytakirja.rules.names.lexicon import capitals_down, use_of
from poytakirja.rules.names.name_shapes import family_leads, is_patronymic, joins_on
from poytakirja.rules.names.person_lists import Listed, read_listing, read_listings
from poytakirja.rules.names.titles import Role, title_base

_SAID_BY_PART = frozenset({
    "jäsen", "varajäsen", "ledamot", "ersättare", "tarkastaja", "pöytäkirjantarkastaja", "pöytäkirjan tarkastaja",
    "protokolljusterare",
})  # fmt: skip
_FUNCTIONS = frozenset({"esittelijä", "valmistelija", "yhteyshenkilö", "sihteeri", "pöytäkirjanpitäjä"})


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person read from a row: ``start`` and ``end`` bound the name, ``parts`` are all titles and parts printed (base form)."""

    name: str
    given: str | None
    family: str | None
    start: int
    end: int
    role: str | None
    acting: bool
    parts: tuple[str, ...]
    notes: tuple[str, ...]
    confidence: float

    def person(self, text: str, part: str, rule: str, item: int | None = None) -> Person:
        """The person as a fact of the document's ``text``."""
        return Person(
            text[self.start : self.end], rule, self.start, self.end, part, self.name, self.given, self.family,
            self.role, self.acting, "list", confidence=self.confidence, item=item,
        )  # fmt: skip

    def moved(self, passage: Passage) -> ListedPerson:
        """The same person, found in a passage, at its place in the document."""
        span = passage.span(self.start, self.end)
        return replace(self, start=span.start, end=span.end)


def read(text: str, offset: int, *, family_first: bool | None = None, in_list: bool = False) -> list[ListedPerson]:
    """The persons of a row that begins at ``offset`` of the document, in order.

    >>> [(p.name, p.role) for p in read("Lindgren, Hannele   vs. kasvatuksen ja koulutuksen toimialajohtaja", 0)]
    [('Hannele Lindgren', 'kasvatuksen ja koulutuksen toimialajohtaja')]
    """
    if m := _ordered(text, family_first):
        return _without_substituted(_ordered_row(m, text, offset, family_first, in_list), text, offset)
    found: list[ListedPerson] = []
    at = 0
    for joint in [*_and().finditer(text), None]:
        stop = joint.start() if joint else len(text)
        more = [_named(person, offset + at) for person in _listed(text[at:stop], family_first, in_list)]
        if not more and not in_list:
            return []  # Taisto Aho ja Aune Aho hakevat lupaa
        found += more
        at = joint.end() if joint else stop
    if in_list and not found:
        m = _given_first().match(text)
        if m and is_given(m["given"].split()[0]) and not title_base(m["family"]):
            return [_named_so(m, text[m.end() :], offset)]
        m = _family_first().match(text)
        if m and all(map(is_given, m["given"].split())) and not title_base(m["family"]):
            return [_named_so(m, text[m.end() :], offset)]
    return _without_substituted(found, text, offset)


def _ordered_row(m: regex.Match[str], text: str, offset: int, family_first: bool | None, in_list: bool) -> list[ListedPerson]:
    """A name whose order the list tells, and who follows it in its row: ``Mäki Aino, valt. pj., Aho Eero, rehtori``."""
    first = [_named_so(m, text[m.end() :], offset)]
    lead = "Matti Virtanen"
    listed = _listed(lead + text[m.end() :], False, True)
    stop = listed[0].row_end - len(lead) + m.end() if listed else len(text)
    return (
        first + read(" " * stop + text[stop:], offset, family_first=family_first, in_list=in_list) if stop < len(text) else first
    )


@cache
def _joints() -> regex.Pattern[str]:
    return regex.compile(r",\s+|\s+(?:ja|sekä|och|samt)\s+")


@cache
def _part_held() -> regex.Pattern[str]:
    """What someone is in the meeting, before the title: ``sihteerinä hallintojohtaja Aino Mäki``."""
    return regex.compile(
        r"\s*(?:varsinaisten jäsenten ollessa estyneinä?ä?\s+)?(?P<part>sihteerinä|pöytäkirjanpitäjänä|esittelijänä)\s+"
    )


def read_titles_first(text: str, offset: int) -> list[ListedPerson]:
    """The persons of a run-in list, each behind a title; none where any of its parts is something else.

    >>> [p.name for p in read_titles_first("rehtori Mäki Aino, kunnanjohtaja Aho Eero sekä sihteerinä kanslisti Salo Eva", 0)]
    ['Aino Mäki', 'Eero Aho', 'Eva Salo']
    """
    if "," not in text and " sekä " not in text and " ja " not in text:
        return []
    found: list[ListedPerson] = []
    at = 0
    for joint in [*_joints().finditer(text), None]:
        stop = joint.start() if joint else len(text)
        part = _part_held().match(text, at, stop)
        begin = part.end() if part else at
        named = read(" " * begin + text[begin:stop], offset, in_list=True)
        if len(named) != 1 or not named[0].role or named[0].start <= offset + begin + 2:
            return []
        keeps = part is not None and part["part"] != "esittelijänä"
        found.append(replace(named[0], parts=(*named[0].parts, "sihteeri")) if keeps else named[0])
        at = joint.end() if joint else stop
    return found


def read_titled(text: str, offset: int) -> list[ListedPerson]:
    """A person behind a title that the vocabulary lacks: ``utvecklingschef Pia Kvistbacka``."""
    m = _behind_title().match(text)
    if not m or not is_given(m["given"].split()[0]) or m["title"].split()[-1] in _NO_TITLE:
        return []
    role, acting = _plain_title(m["title"])
    return [replace(_named_so(m, text[m.end() :], offset), role=role, acting=acting)]


def shaped(text: str, offset: int, family_first: bool | None = None) -> list[ListedPerson]:
    """A name that no list knows, where only a name can stand: two to four words with capitals, no title among them.

    >>> [p.name for row in ("Pirita Koste   lautakunnan sihteeri", "Muut läsnä olleet") for p in shaped(row, 0)]
    ['Pirita Koste']
    """
    m = (_family_first() if family_first else _given_first()).match(text)
    if not m or any(map(title_base, m.group().replace(",", "").split())) or headings.kind_of(m.group().strip()):
        return []
    return [replace(_named_so(m, text[m.end() :], offset), confidence=0.6)]


@cache
def _behind_title() -> regex.Pattern[str]:
    title = r"(?P<title>[\p{Ll}-]{4,}(?: [\p{Ll}-]+){0,4})"
    return regex.compile(rf"\s*+{title} (?P<given>{_NAME}) (?P<family>{_FAMILY}){_ENDS}")


@cache
def _and() -> regex.Pattern[str]:
    """Between two persons: ``Saara Aho ja Martti Mäki``, not in ``Liikunta- ja nuorisopäällikkö``."""
    return regex.compile(r"(?<=\p{L}) (?:ja|sekä|och) (?=\p{Lu}[\p{Ll}-]+ \p{Lu})")


def _without_substituted(found: list[ListedPerson], text: str, offset: int) -> list[ListedPerson]:
    """A deputy's row may say for whom: ``Pentti Aho   Hannu Mäen varajäsen``, ``Aho Pentti (Mäki Hannu)`` name one person."""
    kept: list[ListedPerson] = []
    for person in found:
        behind = text[person.end - offset :].lstrip(" (")
        bracketed = text[: person.start - offset].rstrip().endswith("(") and behind.startswith(")")
        if kept and behind.startswith(("varajäsen", "varaj.", "varavaltuutettu")):
            last = kept[-1]
            kept[-1] = replace(last, role=last.role or "varajäsen", parts=(*last.parts, "varajäsen"))
        elif not (kept and bracketed):
            kept.append(person)
    stops = [*(person.start for person in kept[1:]), offset + len(text)]
    return [
        replace(person, parts=(*person.parts, "varajäsen"))
        if _deputy().search(text, person.end - offset, stop - offset)
        else person
        for person, stop in zip(kept, stops, strict=False)
    ]


@cache
def _deputy() -> regex.Pattern[str]:
    """A deputy in other words: ``(vara)``, ``vj.``, ``Kaija Korven tilalla``, ``Sirkka Keräsen varajäsen``."""
    short = r"[\s,(](?:vara|varaj|v\.jäsen|ers)\.?(?=\s*(?:$|[,)]|\s{2}))"
    whose = r"\p{Lu}[\p{L}-]*n \(?(?:tilalla|tilalle|sijalla|sijaan|sijasta|(?:henk\S* )?vara(?:jäsen|valtuutettu))(?!\p{L})"
    return regex.compile(rf"{short}|{whose}|[\s,(]ersättare för \p{{Lu}}")


@lru_cache(maxsize=1 << 13)
def _listed(text: str, family_first: bool | None, in_list: bool) -> tuple[Listed, ...]:
    return tuple(read_listings(text, family_first=family_first, in_list=in_list))


_NAME = r"\p{Lu}[\p{L}'’]+(?:-\p{L}[\p{L}'’]+)*"
_FAMILY = rf"(?:(?:af|von|de|van) )?{_NAME}"
_ENDS = r"(?=\s{2,}|\s*$|,|\s*\()"


@cache
def _family_first() -> regex.Pattern[str]:
    """``Lindgren, Hannele   puheenjohtaja``, ``Kuoppa-aho Raija``"""
    return regex.compile(rf"\s*+(?P<family>{_FAMILY})(?P<comma>,?) (?P<given>{_NAME}(?: {_NAME})?){_ENDS}")


@cache
def _given_first() -> regex.Pattern[str]:
    return regex.compile(rf"\s*+(?P<given>{_NAME}(?: {_NAME})?) (?P<family>{_FAMILY}){_ENDS}")


def _ordered(text: str, family_first: bool | None) -> regex.Match[str] | None:
    """A name printed family name first, as its comma or the list as a whole says."""
    m = _family_first().match(text)
    if not m or not (m["comma"] or family_first) or not all(map(_is_of_given, m["given"].split())) or title_base(m["family"]):
        return None
    return m if not m["comma"] or is_family(m["family"]) or not is_given(m["family"]) else None


def _is_of_given(word: str) -> bool:
    return is_given(word) or is_patronymic(word)


def _named_so(m: regex.Match[str], rest: str, offset: int) -> ListedPerson:
    """A name whose parts are told by where they stand; what follows is read as behind any name."""
    found = _listed(f"Matti Virtanen{rest}", False, True)
    other = _named(found[0], 0) if found else ListedPerson("", None, None, 0, 0, None, False, (), (), 0.9)
    given, family = capitals_down(m["given"]), capitals_down(m["family"])
    start, end = offset + min(m.start("given"), m.start("family")), offset + max(m.end("given"), m.end("family"))
    leads = m.start("family") < m.start("given") and not m[0].count(",") and family_leads([family, *given.split()])
    name = f"{family} {given}" if leads else f"{given} {family}"
    return replace(other, name=name, given=given, family=family, start=start, end=end, confidence=0.95)


def _named(found: Listed, offset: int) -> ListedPerson:
    role, acting = role_of(found.roles)
    notes = list(found.notes)
    if not found.roles and notes and _may_be_title(notes[0]):
        role, acting = _plain_title(notes[0])
    parts = tuple(r.base for r in found.roles)
    start, end = offset + found.start, offset + found.end
    return ListedPerson(
        found.name, found.given_name, found.family_name, start, end, role, acting, parts, tuple(notes), found.confidence
    )


def role_of(roles: Sequence[Role]) -> tuple[str | None, bool]:
    """The title of a person among the roles printed, and whether it is an acting one (vs., vt.).

    A part in the meeting (esittelijä) is the role only where no title stands; where one of two titles is acting, that one
    keeps its ``vs.``, since one flag cannot tell which.
    """
    titled = [r for r in roles if r.base not in _FUNCTIONS] or list(roles)
    if not titled:
        return None, False
    acting = {r.acting for r in titled}
    if len(acting) == 1:
        return ", ".join(dict.fromkeys(r.base for r in titled)), acting.pop()
    return ", ".join(f"vs. {r.base}" if r.acting else r.base for r in titled), False


def order_of(rows: Iterable[str]) -> bool | None:
    """Whether a list as a whole prints the family name first; None where its rows do not agree.

    >>> order_of(["Heikkilä-Paaso Taina", "Kurttila Eero", "Paakkola Jari"]), order_of(["Eero Kurttila", "Jari Paakkola"])
    (True, False)
    """
    votes = [vote for row in rows if (vote := own_order(row)) is not None]
    if len(votes) < 2:
        return None
    swapped = sum(votes)
    return True if swapped >= 0.6 * len(votes) else False if swapped <= 0.25 * len(votes) else None


def own_order(row: str) -> bool | None:
    """Whether a row's first name tells by itself that the family name stands first: only its last word is a given name.

    >>> own_order("Kurttila Eero   jäsen"), own_order("Eero Kurttila"), own_order("Aino Eero")
    (True, False, None)
    """
    m = _family_first().match(row)
    if m and m["comma"]:  # which tells of this name, not of its list
        return None
    named = _listed(row, None, True)
    words = row[named[0].start : named[0].end].split() if named else []
    if not named and m and not title_base(m["family"]):  # a family name that no list knows
        words = [m["family"], m["given"]]
    if not 2 <= len(words) <= 5 or family_leads(words):
        return None
    if len(words) > 2 and any(map(joins_on, words)):  # von Bergen Aino; Aino von Bergen
        return True if joins_on(words[0]) and is_given(words[-1]) else False if is_given(words[0]) else None
    if len(words) == 2 and stands_swapped(words):
        return True
    first, last = is_given(words[0]), is_given(words[-1]) or (len(words) > 2 and is_patronymic(words[-1]))
    return None if first == last else last


def sure_order(row: str) -> bool | None:
    """The same where the name leaves no doubt, whatever the list does: one word a common given name, the other none.

    >>> sure_order("Eija Virta-Mattila, esittelijä"), sure_order("Virta-Mattila Eija"), sure_order("Martti Antti")
    (False, True, None)
    """
    m = _two_names().match(row)
    if not m:
        return None
    first, last = m["first"], m["last"]
    if use_of(first, "given") == "common" and not is_given(last):
        return False
    return True if use_of(last, "given") == "common" and not is_given(first) else None


@cache
def _two_names() -> regex.Pattern[str]:
    return regex.compile(rf"\s*+(?P<first>{_NAME}) (?P<last>{_NAME}){_ENDS}")


@cache
def contact() -> regex.Pattern[str]:
    """An e-mail address or a telephone number."""
    mail = r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\(a\))\s?[\w-]+(?:\.[\w-]+)+"
    return regex.compile(rf"{mail}|(?:puh(?:elin)?\.?|p\.|gsm|tel\.?)?\s*(?:\+358|0\d{{1,3}})[\d\s/-]{{4,14}}\d")


def is_contact(text: str) -> bool:
    """Whether a row holds only e-mail addresses and telephone numbers."""
    if not ("@" in text or "(a" in text or "[at]" in text or any(c.isdigit() for c in text)):
        return False
    return not contact().sub("", text).strip(" ,;/()ja")


def titles(text: str) -> list[str] | None:
    """The titles of a row that holds nothing else (``Kaupunginjohtaja, Hallintopäällikkö``), else None."""
    pieces = [piece.strip() for piece in text.split(",")]
    if not all(pieces) or len(text) > 160 or text.rstrip().endswith("."):
        return None
    return pieces if all(_is_title(piece) for piece in pieces) else None


_SWEDISH = frozenset({"ordförande", "vice ordförande", "sekreterare", "protokollförare"})


def _is_title(piece: str) -> bool:
    if piece.casefold() in _SWEDISH:
        return True
    words = piece.replace(".", " ").split()
    return 0 < len(words) <= 9 and not any(c.isdigit() for c in piece) and title_base(words[-1]) is not None


@lru_cache(maxsize=1 << 10)
def role_from(title: str) -> tuple[str | None, bool]:
    """A title that stands apart from its name, in base form.

    >>> role_from("vt.opetuspäällikkö"), role_from("Ympäristöinsinööri, vs. tekninen johtaja")
    (('opetuspäällikkö', True), ('ympäristöinsinööri, vs. tekninen johtaja', False))
    """
    found = read_listing(f"Matti Virtanen, {title}")
    return role_of(found.roles) if found and found.roles else _plain_title(title)


_NO_TITLE = frozenset({
    "etänä", "etä", "vara", "läsnä", "paikalla", "poissa", "saapui", "poistui", "kutsuttuna", "estynyt", "esteellinen", "puhelin",
    "teams", "ajan", "tilalla", "tilalle", "sijalla", "sijaan", "sijasta", "puolesta",
})  # fmt: skip


def role_beside_part(role: str | None) -> str | None:
    """A role, unless the part says it already: ``jäsen``, ``varajäsen``, ``pöytäkirjantarkastaja``."""
    return None if role in _SAID_BY_PART else role


def _may_be_title(note: str) -> bool:
    """Whether words behind a name, no known title, may be one (``fritidschef``): plain words, not when or how someone came."""
    words = note.split()
    return (
        len(words) <= 6
        and len(note) > 4
        and bool(_acting_title().fullmatch(note))
        and not _NO_TITLE & {word.casefold() for word in words}
        and not (len(words) > 1 and all(word[0].isupper() for word in words))
    )


def _plain_title(title: str) -> tuple[str | None, bool]:
    """A title whose words are taken as they stand: its head known, the rest in lower case."""
    m = _acting_title().fullmatch(title.strip())
    bare = m["title"] if m else title.strip()
    lowered = bare[:1].lower() + bare[1:]
    return lowered or None, bool(m and m["acting"])


@cache
def _acting_title() -> regex.Pattern[str]:
    return regex.compile(r"(?P<acting>[Vv]\.?[st]\. ?|[Vv][st] )?(?P<title>\p{L}[\p{L} -]*)")
