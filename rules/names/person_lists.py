"""The rows of attendance, signature and contact lists (osallistujaluettelot): names with titles, parts and notes.

>>> row = read_listing("Eino Savinainen, Liikunta- ja nuorisotoimenpäällikkö, saapui 16:48, poistui 16:53")
>>> row.name, [role.base for role in row.roles], row.notes
('Eino Savinainen', ['liikunta- ja nuorisotoimenpäällikkö'], ('saapui 16:48', 'poistui 16:53'))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.names.base_form import BaseName, family_at, is_family, is_family_form, is_given
from poytakirja.rules.names.base_form import family_first as printed_family_first
from poytakirja.rules.names.lexicon import capitals_down, ends_of, likeness, use_of, words_of
from poytakirja.rules.names.name_reader import Reader, barred
from poytakirja.rules.names.name_shapes import family_leads, is_particle, is_patronymic, joins_on, without_nickname
from poytakirja.rules.names.titled_persons import AFTER_TITLE
from poytakirja.rules.names.titles import Role, Title, lowered, title_base


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list of persons: the name (``start`` and ``end`` bound it), its titles and parts, and what else is noted."""

    start: int
    end: int
    name: str
    given_name: str | None
    family_name: str | None
    roles: tuple[Role, ...]
    notes: tuple[str, ...]
    email: str | None
    confidence: float
    row_end: int
    """Where what belongs to this person ends; behind it another one may stand."""


_BULLET = regex.compile(r"\s*(?:[•▪◦*·–-]\s+|\(?\d{1,3}[.)]\s+(?=\p{Lu}))?")
_EMAIL = regex.compile(r"[\p{L}\d._%+-]+(?:@|\(at\)|\[at\])[\p{L}\d-]+(?:\.[\p{L}\d-]+)+")
_PHONE = regex.compile(r"(?:puh(?:elin)?\.?|p\.|gsm|tel\.?)?\s*(?:\+358|\b0\d{1,3})[\d\s/-]{5,14}\d")
_PART_BEFORE = regex.compile(
    r"(?P<part>(?:\d\.\s*)?(?:pj|vpj|puh\.?\s?joht|vpuh\.?joht|siht|puheenjohtaja|varapuheenjohtaja|jäsen|varajäsen|sihteeri|esittelijä|valmistelija|"
    r"pöytäkirjanpitäjä|yhteyshenkilö|lisätietoja(?: antaa)?)(?:t)?(?:\s*/\s*lisätiedot)?)\.?\s*[:.]?\s+(?=\p{Lu})",
    regex.IGNORECASE,
)
_CUT = regex.compile(r"\s*[,;|()\t]\s*|\s{2,}|\s+[-–]\s+|\s*\n\s*|:\s+")
_NOTE = regex.compile(
    r"(?i)\b(?:saapui|poistui|paikalla|läsnä|poissa|klo|etänä|teams|§|§:t|pykäl\w+|esteellinen|estynyt|alkaen|asti|saakka|ajan|kutsuttuna|"
    r"äänivaltainen|x|kyllä|ei)\b|§|\d{1,2}[.:]\d{2}"
)


def read_listing(text: str, *, family_first: bool | None = None, in_list: bool = False) -> Listed | None:
    """A row of an attendance, signature or contact list (osallistujarivi); None where it names no person.

    Segments of a row are separated by two spaces, a tab or ``|``. ``family_first`` says how the list as a whole prints its
    names, where that is known; ``in_list`` that the row stands in a list of persons, so that names never seen before pass.

    >>> read_listing("Meikäläinen Maija (KOK) jäsen klo 17.00–18.20 §:t 1–5").name
    'Maija Meikäläinen'
    >>> read_listing("Saapuvilla olleet jäsenet"), read_listing("Tapiolan koulu, Koulukatu 4")
    (None, None)
    """
    return _read_person(text, 0, family_first, in_list)


def read_listings(text: str, *, family_first: bool | None = None, in_list: bool = False) -> list[Listed]:
    """All persons of a row that holds several: ``Juha Aho  Susanna Salo``, ``Mari Aho, Elsa Talvitie ja Riina Salo``.

    >>> [p.name for p in read_listings("Ossi Hella Orvokki Suokko")], [p.name for p in read_listings("Mari Aho, Heli Salo")]
    (['Ossi Hella', 'Orvokki Suokko'], ['Mari Aho', 'Heli Salo'])
    """
    found: list[Listed] = []
    begin = 0
    while begin < len(text) and (person := _read_person(text, begin, family_first, in_list)):
        found.append(person)
        begin = person.row_end
    return found


def _read_person(text: str, at: int, family_first: bool | None, in_list: bool) -> Listed | None:
    bullet = _BULLET.match(text, at)
    begin = bullet.end() if bullet else at
    roles: list[Role] = []
    if m := _PART_BEFORE.match(text, begin):
        roles += _role_of(text, m.start("part"), m.end("part"))
        begin = m.end()
    elif title := _leading_title(text, begin):
        roles.append(Role(title.base, title.acting, title.start, title.end, title.head.kind))
        begin = title.end + len(text[title.end :]) - len(text[title.end :].lstrip(" .:,"))
    named = _listed_name(text, begin)
    if not named:
        return None
    start, end, sure = named
    rest = _rest(text, end, family_first, in_list)
    if rest is None or sure < (0.4 if in_list else 0.5 if roles or rest.roles else 0.7):
        return None
    base = _listed_base(text[start:end], family_first)
    return Listed(
        start, end, base.full, base.given, base.family, tuple(roles + rest.roles), tuple(rest.notes), rest.email, sure, rest.end
    )


def _leading_title(text: str, begin: int) -> Title | None:
    """A title before the name in a row: ``Projektipäällikkö Taimi Kaarnalinna``."""
    reader = Reader(" " * begin + text[begin:])
    for index in range(min(7, len(reader.tokens) - 2)):
        title = reader.title_at(index, whole=True)
        if title and title.first == 0 and reader.name_at(index + 1) and AFTER_TITLE.fullmatch(reader.gap(index)):
            return title
        if index and reader.gap(index - 1) not in (" ", ". ", "."):
            return None
    return None


def _listed_base(surface: str, family_first: bool | None) -> BaseName:
    words = without_nickname(surface).split()
    joined = len(words) > 2 and any(map(joins_on, words))
    if family_first is not None and len(words) > 1 and not joined and not family_leads(words):
        cut = given_at(words) if family_first else family_at(words)
        order = (words[cut:], words[:cut]) if family_first else (words[:cut], words[cut:])
        given, family = (" ".join(capitals_down(w) for w in part) for part in order)
        return BaseName(given, family)
    if joined and family_first and (cut := _behind_joint(words, turned=True)):
        return BaseName(" ".join(map(capitals_down, words[cut:])), " ".join(map(capitals_down, words[:cut])))
    return _nominative(words)


def _nominative(words: list[str]) -> BaseName:
    """The name of a row, whose words stand in the nominative: only their order is to be told."""
    down = [capitals_down(w) for w in words] if any(w.isupper() and len(w) > 2 for w in words) else words
    if len(down) == 1:
        return BaseName(None, down[0])
    if family_leads(down):
        return BaseName(" ".join(down[1:]), down[0], leads=True)
    if _particle_behind(words):
        plain = [w for w in down if not is_particle(w)]
        return BaseName(" ".join(plain[1:]), " ".join([*words[len(plain) :], plain[0]]))
    if cut := _behind_joint(words):
        return BaseName(" ".join(down[cut:]), " ".join(down[:cut]))
    turned = printed_family_first(words) or (is_patronymic(down[-1]) and len(down) > 2 and not is_given(down[0]))
    if turned and not any(map(joins_on, words[1:])):
        cut = given_at(down)
        return BaseName(" ".join(down[cut:]), " ".join(down[:cut]))
    cut = family_at(down)
    return BaseName(" ".join(down[:cut]), " ".join(down[cut:]))


def _behind_joint(words: Sequence[str], *, turned: bool = False) -> int:
    """Where the given name begins behind a family name with a particle (``Munck af Rosen Carl``); 0 where there is none."""
    cut = max((i + 2 for i in range(len(words) - 2) if joins_on(words[i])), default=0)
    behind = cut > 0 and all(map(is_given, words[cut:]))
    return cut if behind and (turned or joins_on(words[0]) or not is_given(words[0])) else 0


def given_at(words: Sequence[str]) -> int:
    """Where in a name printed family name first the given name begins.

    >>> [given_at(name.split()) for name in ("Aho Anna Liisa", "García López María José", "Petrova Irina Sergejevna")]
    [1, 2, 1]
    """
    two = len(words) > 2 and not is_given(words[1]) and not is_patronymic(words[1]) and is_family(words[1])
    return 2 if two and all(map(is_given, words[2:])) else 1


@cache
def _name_word() -> regex.Pattern[str]:
    particles = "|".join(sorted(words_of("particle")))
    capital = rf"(?:(?:{particles})-)?\p{{Lu}}[\p{{L}}'’´]*(?:-\p{{Lu}}[\p{{L}}'’´]+)*+(?:-(?:{particles})(?= ))?"
    return regex.compile(rf"(?:{capital}|\p{{Lu}}\.(?:-?\p{{Lu}}\.)?|{particles})(?=$|[\s,;:|()])")


def _listed_name(text: str, begin: int) -> tuple[int, int, float] | None:
    """Where the name of a row stands, and how sure it is one."""
    words: list[tuple[str, int, int]] = []
    at = begin
    if m := _DEGREE.match(text, at):
        at = m.end()
    while len(words) < 5 and (m := _name_word().match(text, at)):
        words.append((m.group(), m.start(), m.end()))
        if text[m.end() : m.end() + 1] != " " or text[m.end() : m.end() + 2] == "  ":
            break
        at = m.end() + 1
        if (nick := _nickname().match(text, at)) and all(is_given(word) for word, _, _ in words):
            at = nick.end()
    words = _first_person(_without_title(text, words))
    while words and words[-1][0] in words_of("particle") and not _particle_behind([w for w, _, _ in words]):
        words.pop()
    if len(words) < 2:
        return None
    sure = _listed_sureness([w for w, _, _ in words if w not in words_of("particle")])
    return (words[0][1], words[-1][2], sure) if sure else None


@cache
def _nickname() -> regex.Pattern[str]:
    return regex.compile(r"(?:[\"”“„]\p{Lu}\p{Ll}[\p{L}-]*[\"”“]|\(\p{Lu}\p{Ll}[\p{L}-]*\)) (?=\p{Lu}\p{Ll})")


def _particle_behind(words: Sequence[str]) -> bool:
    """Whether a list that prints the family name first puts its particle last: ``Rosenskog Carola af``."""
    plain = [w for w in words if w not in words_of("particle")]
    return 1 < len(plain) < len(words) and plain == list(words[: len(plain)]) and is_given(plain[-1]) and not is_given(plain[0])


_KEEPER = regex.compile(r"(?i)(?:^|[\s/])(?P<keeper>(?:pöytäk|pk|ptk|pöytäkirjan)(?:[.:-]?n?[.\s-]\s?)?pitäjä)\.?$")
"""Who keeps the minutes, in short: ``ptk-pitäjä``, ``ptk:n pitäjä``, ``pöytäkirjan pitäjä``."""
_DEGREE = regex.compile(r"(?:(?:[A-ZÄÖ][a-zäö]?){1,3}[MTKLD]|DI|BBA|MBA|tri|mr|ms|rva|hra)\.? (?=\p{Lu}\p{Ll})")


def _first_person(words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Of ``Ossi Hella Orvokki Suokko`` the first two words: a common given name behind a family name is another person's."""
    for i in range(2, len(words) - 1):
        common = use_of(words[i][0], "given") == "common" and use_of(words[0][0], "given") == "common"
        if common and use_of(words[i - 1][0], "given") != "common":
            return words[:i]
    return words


def _without_title(text: str, words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Words of the name only: ``Inkeri Lahti Kaupunginhallituksen edustaja`` ends its name before whose representative she is."""
    if not words:
        return words
    last_end = words[-1][2]
    cut = next((i for i, (word, _, _) in enumerate(words) if title_base(word) and i), len(words))
    if cut == len(words) and regex.match(r"\s?(?:\p{Ll}|[\p{L}]+- )", text[last_end:]):
        cut = next((i for i in range(2, len(words)) if words[i][0].endswith("n") and _institutional(words[i][0])), cut)
    while cut > 2 and _institutional(words[cut - 1][0]) and cut < len(words):
        cut -= 1
    return words[:cut]


def _institutional(word: str) -> bool:
    low = word.lower()
    if low.endswith(ends_of("institution")) or low.endswith(ends_of("whose")):
        return True
    return low.endswith("n") and not is_given(word) and not is_family_form(word)


def _listed_sureness(words: list[str]) -> float:
    """0 where the words cannot be a person's name; else by how many of them are known as names."""
    known = words and use_of(capitals_down(words[0]), "given") == "common"
    never = words_of("institution") | words_of("no_name")
    if len(words) < 2 or any(w.lower() in never or (barred(w) and not known) for w in words):
        return 0.0
    if family_leads(words) or (len(words) > 2 and is_patronymic(words[-1]) and is_given(words[1])):
        return 0.95
    plain = [capitals_down(w) for w in words]
    if len(plain) > 2 and not is_given(plain[0]) and is_given(plain[1]) and not any(is_given(w) for w in plain[2:]):
        return 0.0  # a firm called after a person
    given = any(is_given(w) and len(w) > 2 for w in plain)
    common = any(use_of(w, "given") == "common" for w in plain)
    family = any(use_of(w, "family") or likeness(w) >= 2.1 for w in plain)
    both = given and family
    return 0.99 if common and family else 0.95 if common or both else 0.7 if given else 0.6 if family else 0.4


_DEPUTY = frozenset({"varajäsen", "varavaltuutettu"})
_TITLE_WORD = regex.compile(r"\p{L}{2}|^[1-4]\.$")  # 1. varapuheenjohtaja; a list's own number is none


def _role_of(text: str, start: int, end: int) -> list[Role]:
    """The roles of one piece of a row; a piece that is no title gives none."""
    reader = Reader(" " * start + text[start:end])  # the name before it is no part of the title: Kristiina von Bergen   jäsen
    at = next((i for i, token in enumerate(reader.tokens) if token.start >= start), None)
    if at is None:
        return []
    for last in range(len(reader.tokens) - 1, at - 1, -1):
        title = reader.title_at(last, whole=True)
        if not title or title.head.case not in ("nom", "plural"):
            continue
        words = text[start : title.start].strip() if title.start > start else ""
        if len(words.split()) > 4 or regex.search(r"(?:^|\s)(?:ja|sekä|on|oli)$", words):
            continue
        whose = title.base in _DEPUTY and len(words.split()) > 1 and words.istitle()  # Aalto Matin varajäsen
        shown = "" if whose or title.base.startswith("henkilökohtainen") or not _TITLE_WORD.search(words) else words
        acting = title.acting or bool(regex.search(r"(?i)\bv[st]\.", shown))
        base = lowered(f"{shown} {title.base}") if shown else title.base
        return [Role(base, acting, start if shown else title.start, title.end, title.head.kind)]
    return []


@dataclass(slots=True)
class _Rest:
    """What follows the name in its row."""

    roles: list[Role]
    notes: list[str]
    email: str | None
    end: int


def _rest(text: str, end: int, family_first: bool | None, in_list: bool) -> _Rest | None:
    """Roles, notes and an e-mail address behind a name, up to the next person; None where a sentence goes on instead."""
    rest = _Rest([], [], None, len(text))
    at = end
    while at < len(text):
        cut = _CUT.search(text, at)
        stop, after = (cut.start(), cut.end()) if cut else (len(text), len(text))
        piece = text[at:stop].strip()
        start = at + len(text[at:stop]) - len(text[at:stop].lstrip())
        if piece and _another(text, start, family_first, in_list):
            rest.end = start
            break
        if piece and not _add(rest, text, start, start + len(piece)) and start == end + 1 and text[end] == " ":
            return None
        at = max(after, at + 1)
    email = _EMAIL.search(text, end, rest.end)
    rest.email = email.group() if email else None
    return rest


_AND = regex.compile(r"(?:ja|sekä|&)\s+")


def _another(text: str, start: int, family_first: bool | None, in_list: bool) -> bool:
    """Whether another person of the row begins here."""
    joint = _AND.match(text, start)
    named = _listed_name(text, joint.end() if joint else start)
    return named is not None and named[2] >= 0.9


def _add(rest: _Rest, text: str, start: int, end: int) -> bool:
    """Take a piece of the row in as role or note; False where it is a note that may as well be a sentence."""
    piece = text[start:end]
    if _is_note(piece):
        rest.notes.append(piece)
        return True
    keeper = _KEEPER.search(piece)
    if keeper:
        end = start + keeper.start()
    roles = _role_of(text, start, end) if text[start:end].strip() else []
    if keeper:
        roles.append(Role("pöytäkirjanpitäjä", False, start + keeper.start("keeper"), start + keeper.end(), "office"))
        end = start + keeper.end()
    remainder = text[roles[-1].end : end].strip(" .") if roles else piece.strip(" .")
    rest.roles += roles
    rest.notes += [remainder] if remainder else []
    return bool(roles) or not remainder or bool(regex.fullmatch(r"[\d.,\s]+", remainder))


def _is_note(piece: str) -> bool:
    """Whether a piece of a row tells when someone came, their party or how to reach them, not what they are."""
    if piece.lower().rstrip(".") in words_of("party") or _EMAIL.search(piece) or _PHONE.search(piece):
        return True
    first = piece.split(maxsplit=1)[0].lower()
    return bool(_NOTE.match(first)) or first in ("saapui", "poistui")
