"""Persons where officials put them (henkilöt): beside a title, and in the rows of attendance and contact lists.

>>> [(p.name, p.role, p.acting) for p in find_titled("Lautakunta kuuli vs. opetuspäällikkö Helena Jussinmäkeä asiassa.")]
[('Helena Jussinmäki', 'opetuspäällikkö', True)]
>>> row = read_listing("Eino Savinainen, Liikunta- ja nuorisotoimenpäällikkö, saapui 16:48, poistui 16:53")
>>> row.name, [role.base for role in row.roles], row.notes
('Eino Savinainen', ['liikunta- ja nuorisotoimenpäällikkö'], ('saapui 16:48', 'poistui 16:53'))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from rules._load import rows
from rules.names import (
    BaseName,
    base_form,
    base_word,
    candidates,
    capitals_down,
    ends_of,
    is_family,
    is_given,
    is_place,
    lexicon,
    likeness,
    use_of,
    words_of,
)
from rules.names import (
    family_first as printed_family_first,
)


@dataclass(frozen=True, slots=True)
class Role:
    """A title or part (virkanimike) in base form, lower case, without ``vs.`` and ``vt.``, which ``acting`` tells."""

    base: str
    acting: bool
    start: int
    end: int
    kind: str


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


# ---------------------------------------------------------------- titles


@dataclass(frozen=True, slots=True)
class Head:
    """A form of a title's head word: its base, case (or ``plural``), kind and whether it may end a compound."""

    base: str
    case: str
    kind: str
    compound: bool


_CASE_ENDINGS = {"gen": "n", "all": "lle", "abl": "lt{a}", "ade": "ll{a}", "ela": "st{a}", "ine": "ss{a}", "tra": "ksi"}


@cache
def _heads() -> dict[str, Head]:
    forms: dict[str, Head] = {}
    for row in rows("roles"):
        base, stem = row["base"], row["stem"]
        a = "a" if next((c for c in reversed(base) if c in "aouäöy"), "ä") in "aou" else "ä"
        strong = base if base[-1] in "aeiouyäö" and not base.endswith("nen") else stem
        declined = [("part", row["partitive"]), ("ess", f"{strong}n{a}"), ("plural", f"{stem}t")]
        declined += [(case, stem + ending.format(a=a)) for case, ending in _CASE_ENDINGS.items()]
        for case, form in [("nom", base), *declined]:
            forms.setdefault(form, Head(base, case, row["kind"], row["place"] == "end"))
    forms |= {short: Head(base, "nom", "office", False) for short, base in _SHORT.items()}
    return forms


@cache
def _longest_head() -> int:
    return max(map(len, _heads()))


_SHORT = {"pj": "puheenjohtaja", "vpj": "varapuheenjohtaja", "siht": "sihteeri", "kj": "kaupunginjohtaja"}
_ACTING = frozenset(("vs", "vt", "ma", "v.s", "v.t", "v. s", "v. t", "tp", "virkaatekevä", "väliaikainen"))


@lru_cache(maxsize=1 << 16)
def head_of(word: str) -> tuple[str, Head] | None:
    """The base form of a word that is or ends in a title's head, and that head."""
    low = word.lower()
    heads = _heads()
    if low in heads:
        return heads[low].base, heads[low]
    for cut in range(max(2, len(low) - _longest_head()), len(low) - 3):
        head = heads.get(low[cut:])
        if head and head.compound and head.kind != "adjective" and low[cut - 1] != "-":
            return low[:cut] + head.base, head
        if head and head.compound and low[cut - 1] == "-" and cut > 2:
            return low[:cut] + head.base, head
    return None


def title_base(word: str) -> str | None:
    """The base form of one word that is a title, in lower case; None where it is none.

    >>> title_base("Projektipäälliköllä"), title_base("hyvinvointikoordinaattoria"), title_base("hanke")
    ('projektipäällikkö', 'hyvinvointikoordinaattori', None)
    """
    found = head_of(word)
    return found[0] if found and found[1].kind != "adjective" else None


def is_adjective_of_title(word: str) -> bool:
    """Whether a word begins titles, and is none of a name.

    >>> is_adjective_of_title("Tekninen"), is_adjective_of_title("Virtanen")
    (True, False)
    """
    found = head_of(word)
    return found is not None and found[1].kind == "adjective"


# Genitives that say whose official someone is, not what the title is called (kaupungin, hankkeen), as ends of lower-case words.
_NO_GENITIVE = regex.compile(r"(?:[aä][aä]n|iin|oon|uun|yyn|öön|ssaan|ttävän|maan)$")
_TOKEN = regex.compile(r"v\.\s?[st]\.?|\p{L}[\p{L}\p{M}'’´]*(?:[-‑–][\p{L}'’´]+)*(?::\p{Ll}{1,4})?-?|\d+")
_JOIN = frozenset(("ja", "sekä", "tai"))
_SUSPENSION = regex.compile(r",?[ \t]*\n?[ \t]*")
_SPACE = regex.compile(r"[ \t]*\n?[ \t]*(?<=\s)")
_SENTENCE_END = regex.compile(r"[.!?:;•\n\"”(]\s*$|^\s*$|[-–]\s$")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [_Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@dataclass(frozen=True, slots=True)
class _Title:
    """A title phrase: ``first`` and ``last`` are its tokens' places."""

    first: int
    last: int
    base: str
    acting: bool
    head: Head
    start: int
    end: int


class _Reader:
    """A text cut to tokens, asked for the titles and names that begin or end at a token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)

    def gap(self, left: int) -> str:
        """What stands between a token and the next."""
        return self.text[self.tokens[left].end : self.tokens[left + 1].start]

    def opens(self, index: int) -> bool:
        """Whether a token begins a sentence, a row or a bracket."""
        begin = self.tokens[index - 1].end if index else 0
        return bool(_SENTENCE_END.search(self.text[begin : self.tokens[index].start])) or index == 0

    def title_at(self, last: int, *, whole: bool = False) -> _Title | None:
        """The title phrase whose head is a token; ``whole`` takes in whose title it is (kunnan, lautakunnan)."""
        found = head_of(self.tokens[last].text)
        if not found or found[1].kind == "adjective":
            return None
        base, head = found
        words, first, acting = [base], last, False
        while first and len(words) < 9 and words[0] != "henkilökohtainen":
            step = self._before(first, head, whole=whole)
            if not step:
                break
            taken, spelled = step
            if spelled in _ACTING:
                acting = True
            else:
                words.insert(0, spelled)
            first -= taken
            if acting and not whole:
                break
        start, end = self.tokens[first].start, self.tokens[last].end
        return _Title(first, last, _lowered(" ".join(words)), acting, head, start, end)

    def _before(self, first: int, head: Head, *, whole: bool) -> tuple[int, str] | None:
        """The next word to the left that belongs to a title: how many tokens, and how the base form spells it."""
        word, gap = self.tokens[first - 1].text, self.gap(first - 1)
        low = word.lower().rstrip(".")
        if low in _ACTING and gap in (".", ". ", " ", "", ".\n"):
            return 1, low
        if not _SPACE.fullmatch(gap):
            return None
        suspended = self._suspended(first - 1)
        if low in _JOIN and suspended:
            return suspended
        adjective = _heads().get(low)
        if adjective and adjective.kind == "adjective":
            return 1, adjective.base
        return (1, word) if self._attribute(first - 1, head, whole=whole) else None

    def _suspended(self, joint: int) -> tuple[int, str] | None:
        """``hoiva- ja``, ``liikunta-, nuoriso- ja`` left of a word, read from the word ``ja``."""
        at = joint
        while at and self.tokens[at - 1].text.endswith("-") and _SUSPENSION.fullmatch(self.gap(at - 1)):
            at -= 1
        if at == joint:
            return None
        parts = [self.tokens[i].text.lower() for i in range(at, joint)]
        return joint - at + 1, ", ".join(parts) + " " + self.tokens[joint].text

    def _attribute(self, at: int, head: Head, *, whole: bool) -> bool:
        """Whether a word is a genitive that names the post (``oppilashuollon palveluesihenkilö``)."""
        word = self.tokens[at].text
        low = word.lower()
        if not low.endswith("n") or len(low) < 4 or low.endswith("nen") or _NO_GENITIVE.search(low):
            return False
        if whole:
            return True
        if head.kind != "title" or low.endswith(ends_of("whose")) or low in words_of("no_attribute"):
            return False
        return word[0].islower() or (self.opens(at) and not is_place(word) and not is_given(word) and not _family_form(word))

    def name_at(self, first: int) -> tuple[int, float] | None:
        """The name that begins at a token: its last token and how sure that is, as far as it can be told from the words alone."""
        if first >= len(self.tokens) or not _capital(self.tokens[first].text):
            return None
        run = self._capitals(first)
        if len(run) < 2 or _barred(run[0]):
            return None
        given = 0
        while given < len(run) - 1 and is_given(run[given].rstrip(".")) and given < 3:
            given += 1
        last = self._family_end(run, given)
        if last is None or _COMPOUND.match(self.text, self.tokens[first + last].end):
            return None
        return first + last, _sureness(run[: last + 1], given)

    def _capitals(self, first: int) -> list[str]:
        """The capitalised words, initials and particles in a row from a token on."""
        run = [self.tokens[first].text]
        at = first
        while at + 1 < len(self.tokens) and len(run) < 5:
            gap, word = self.gap(at), self.tokens[at + 1].text
            joined = gap == " " or (len(run) == 1 and bool(_SPACE.fullmatch(gap))) or (gap in (". ", ".") and len(run[-1]) == 1)
            if not joined or not (_capital(word) or word in words_of("particle")) or title_base(word) or word.endswith("-"):
                break
            run.append(word)
            at += 1
        while run[-1] in words_of("particle"):
            run.pop()
        return run

    def _family_end(self, run: list[str], given: int) -> int | None:
        if given == 0:
            if is_given(run[1]) and is_family(run[0]):  # Savinainen Eino
                return 1
            return 1 if not _barred(run[1]) else None
        at = given
        while at < len(run) - 1 and run[at] in words_of("particle"):
            at += 1
        if run[at].lower() in words_of("no_name") | words_of("institution") or (not is_given(run[0]) and _barred(run[at])):
            at -= 1
        return at if at >= 1 else None


def _capital(word: str) -> bool:
    return word[0].isupper() and not word.endswith("-") and ":" not in word


@lru_cache(maxsize=1 << 15)
def _barred(word: str) -> bool:
    """Whether a capitalised word is none of a name: a heading, an institution, a place in some case."""
    low = word.lower()
    if low in words_of("no_name") or title_base(word):
        return True
    if use_of(capitals_down(word), "family") == "common" or is_given(word):
        return False
    if low.endswith(ends_of("institution")) and len(low) > 4:
        return True
    return is_place(word) and not _family_form(word)


@lru_cache(maxsize=1 << 15)
def is_institution(word: str) -> bool:
    """Whether a capitalised word by itself is a heading, a body, a law or a street, and not a known family name.

    >>> is_institution("Julkisuuslaki"), is_institution("Höykinsaaritie"), is_institution("Talvitie")
    (True, True, True)
    >>> is_institution("Hämäläinen"), is_institution("Hakala")
    (False, False)
    """
    low = word.lower()
    return low in words_of("no_name") or (len(low) > 4 and low.endswith(ends_of("institution")) and not _family_form(word))


@lru_cache(maxsize=1 << 15)
def _family_form(word: str) -> bool:
    """Whether a word is some case of a known family name."""
    return any(use_of(base, "family") == "common" for base, _ in candidates(capitals_down(word)))


def _sureness(run: list[str], given: int) -> float:
    family = run[-1]
    known = _family_form(family) or is_family(family)
    if given:
        return 0.98 if known else 0.95
    return 0.9 if known else 0.8


_LEGAL = regex.compile(r"(?:oyj?|ab|ry|sr|rf|ky|osk)(?::n)?", regex.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def _lowered(phrase: str) -> str:
    """A title phrase without the capital of its first word, unless that is a name or an abbreviation."""
    phrase = regex.sub(r"\s+", " ", phrase)
    word, _, rest = phrase.partition(" ")
    company = _LEGAL.fullmatch(rest.partition(" ")[0])
    if company or word[1:2].isupper() or ":" in word or (is_place(word) and rest):
        return phrase
    return phrase[0].lower() + phrase[1:]


# ---------------------------------------------------------------- running text

_TITLED = regex.compile(r"\s+|\s*:\s*|\s*[-–]\s+|\.?\s*,?\s*puh\.?\s")
_ESSIVE_VERB = regex.compile(
    r"(?:toimii|toimi|toimivat|toimia|toiminut|toimineet|on|oli|ovat|aloittaa|aloitti|aloittanut|jatkaa|jatkoi|työskentelee|työskenteli|"
    r"valittiin|valitaan|valittu|valita|valitsi|valitsee|nimettiin|nimetään|nimetty|nimetä|nimesi|nimeää|palkattiin|palkattu|palkata|"
    r"kutsuttiin|määrättiin|määrätään|määrätty|määrätä|esitetään|ehdotetaan)"
)


def find_titled(text: str, known: Iterable[str] = ()) -> list[NamedPerson]:
    """The persons who stand beside a title or a part, in order; ``known`` are full names the document states elsewhere.

    The title may stand before the name in any case form, after it behind a comma or in brackets, or in the essive
    (``hankkeen vetäjänä toimii Leo Kivimäki``). ``role`` is None where only a function is said (Valmistelija, Yhteyshenkilö).
    """
    reader = _Reader(text)
    evidence = tuple(known)
    found: dict[int, NamedPerson] = {}
    for index in range(len(reader.tokens)):
        title = reader.title_at(index)
        if title:
            for hit in _beside(reader, title, evidence):
                best = found.get(hit.start)
                if best is None or (best.role is None and hit.role is not None):
                    found[hit.start] = hit
    return _disjoint(sorted(found.values(), key=lambda hit: hit.start))


def _disjoint(hits: list[NamedPerson]) -> list[NamedPerson]:
    kept: list[NamedPerson] = []
    for hit in hits:
        if kept and hit.start < kept[-1].end:
            if (hit.confidence, hit.end - hit.start) > (kept[-1].confidence, kept[-1].end - kept[-1].start):
                kept[-1] = hit
        else:
            kept.append(hit)
    return kept


def _beside(reader: _Reader, title: _Title, known: tuple[str, ...]) -> list[NamedPerson]:
    after = _names_after(reader, title, known)
    before = None if after and reader.gap(title.last) == " " else _name_before(reader, title, known)
    if before or after:
        return [before] if before else after
    if title.head.case in ("ess", "tra"):
        essive = _essive(reader, title, known)
        return [essive] if essive else []
    return []


def _person(reader: _Reader, span: tuple[int, int], title: _Title, rule: str, sure: float, known: tuple[str, ...]) -> NamedPerson:
    start, end = reader.tokens[span[0]].start, reader.tokens[span[1]].end
    base: BaseName = base_form(regex.sub(r"\s+", " ", reader.text[start:end]), known)
    role = None if title.head.kind == "function" else title.base
    return NamedPerson(
        start, end, base.full, base.given, base.family, role, title.start, title.end, title.acting, f"persons.{rule}", sure
    )


def _names_after(reader: _Reader, title: _Title, known: tuple[str, ...]) -> list[NamedPerson]:
    """``projektipäällikkö Taimi Kaarnalinna``, ``valtuutetut A B, C D ja E F``."""
    at = title.last
    if at + 1 >= len(reader.tokens) or not _TITLED.fullmatch(reader.gap(at)):
        return []
    found: list[NamedPerson] = []
    first = at + 1
    while named := reader.name_at(first):
        last, sure = named
        if sure < 0.9 and reader.gap(at) != " ":
            break
        found.append(_person(reader, (first, last), title, "title_before", sure, known))
        if title.head.case != "plural" or last + 1 >= len(reader.tokens):
            break
        first = _next_in_list(reader, last)
    if not found and title.head.kind != "function" and _SPACE.fullmatch(reader.gap(at)):
        return _lone_family(reader, title, known)
    return found


def _next_in_list(reader: _Reader, last: int) -> int:
    gap = reader.gap(last)
    if gap == ", ":
        return last + 1
    if gap == " " and reader.tokens[last + 1].text in _JOIN:
        return last + 2
    return len(reader.tokens)


def _lone_family(reader: _Reader, title: _Title, known: tuple[str, ...]) -> list[NamedPerson]:
    """``projektipäällikkö Kaarnalinna esitteli``: a family name that is known, or that the document states."""
    at = title.last + 1
    word = reader.tokens[at].text
    follows = at + 1 < len(reader.tokens) and reader.gap(at) == " " and _capital(reader.tokens[at + 1].text)
    families = frozenset(name.rpartition(" ")[2] for name in known)
    base = base_word(word, known=families) if _capital(word) and len(word) > 2 else ""
    if not base or follows or word.isupper() or head_of(word) or word.lower() in words_of("no_name"):
        return []
    known_name = base in families or (use_of(base, "family") == "common" and not is_place(word))
    if not known_name and not (base.endswith("nen") and likeness(base) > 2):
        return []
    return [_person(reader, (at, at), title, "title_before_family", 0.85, known)]


def _name_before(reader: _Reader, title: _Title, known: tuple[str, ...]) -> NamedPerson | None:
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
        if not _SPACE.fullmatch(gap) or not (word[0].isupper() or word.lower().endswith(("n", "-", "ja"))):
            return None
        at -= 1
    else:
        return None
    for length in (4, 3, 2):
        first = at - length
        named = reader.name_at(first) if first >= 0 else None
        if named and named[0] == at - 1 and named[1] >= 0.9 and not (first and _mid_name(reader, first)):
            return _person(reader, (first, at - 1), title, "title_after", named[1], known)
    return None


_COMPOUND = regex.compile(r"\s[-–]\p{Ll}")  # Silver Economy -hanke
_APPOSED = regex.compile(r",\s|\s\(|,?\s[-–]\s|,\s?\n")


def _mid_name(reader: _Reader, first: int) -> bool:
    """Whether a name could begin one word earlier: ``Anna Maria Aho`` is not Maria Aho."""
    return reader.gap(first - 1) == " " and is_given(reader.tokens[first - 1].text)


def _essive(reader: _Reader, title: _Title, known: tuple[str, ...]) -> NamedPerson | None:
    """``hankkeen vetäjänä toimii Leo Kivimäki``, ``projektipäälliköksi valittiin Leo Kivimäki``."""
    end = next((i for i in range(title.last, min(title.last + 8, len(reader.tokens) - 1)) if "." in reader.gap(i)), None)
    stop = end + 1 if end is not None else min(title.last + 8, len(reader.tokens))
    verb = next((i for i in range(title.last + 1, stop) if _ESSIVE_VERB.fullmatch(reader.tokens[i].text)), None)
    if verb is not None:
        for first in range(verb + 1, stop):
            named = reader.name_at(first)
            if named and named[1] >= 0.9:
                return _person(reader, (first, named[0]), title, "essive", 0.95, known)
    return _essive_after(reader, title, known)


def _essive_after(reader: _Reader, title: _Title, known: tuple[str, ...]) -> NamedPerson | None:
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


# ---------------------------------------------------------------- lists

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


def _leading_title(text: str, begin: int) -> _Title | None:
    """A title before the name in a row: ``Projektipäällikkö Taimi Kaarnalinna``."""
    reader = _Reader(" " * begin + text[begin:])
    for index in range(min(7, len(reader.tokens) - 2)):
        title = reader.title_at(index, whole=True)
        if title and title.first == 0 and reader.name_at(index + 1) and _TITLED.fullmatch(reader.gap(index)):
            return title
        if index and reader.gap(index - 1) not in (" ", ". ", "."):
            return None
    return None


def _listed_base(surface: str, family_first: bool | None) -> BaseName:
    words = surface.split()
    if family_first is not None and len(words) > 1 and not any(w.lower() in words_of("particle") for w in words):
        order = (words[1:], words[:1]) if family_first else (words[:-1], words[-1:])
        given, family = (" ".join(capitals_down(w) for w in part) for part in order)
        return BaseName(given, family)
    return _nominative(words)


def _nominative(words: list[str]) -> BaseName:
    """The name of a row, whose words stand in the nominative: only their order is to be told."""
    down = [capitals_down(w) for w in words] if any(w.isupper() and len(w) > 2 for w in words) else words
    if len(down) == 1:
        return BaseName(None, down[0])
    if words[0].lower() in words_of("particle") and is_given(down[-1]):
        return BaseName(down[-1], " ".join(down[:-1]))
    if printed_family_first(words) and not any(w.lower() in words_of("particle") for w in words[1:]):
        return BaseName(" ".join(down[1:]), down[0])
    cut = next((i for i in range(1, len(down)) if down[i].lower() in words_of("particle")), len(down) - 1)
    return BaseName(" ".join(down[:cut]), " ".join(down[cut:]))


@cache
def _name_word() -> regex.Pattern[str]:
    particles = "|".join(sorted(words_of("particle")))
    capital = r"\p{Lu}[\p{L}'’´]*(?:-\p{Lu}[\p{L}'’´]+)*"
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
    words = _first_person(_without_title(text, words))
    while words and words[-1][0] in words_of("particle"):
        words.pop()
    if len(words) < 2:
        return None
    sure = _listed_sureness([w for w, _, _ in words if w not in words_of("particle")])
    return (words[0][1], words[-1][2], sure) if sure else None


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
    return low.endswith("n") and not is_given(word) and not _family_form(word)


def _listed_sureness(words: list[str]) -> float:
    """0 where the words cannot be a person's name; else by how many of them are known as names."""
    known = words and use_of(capitals_down(words[0]), "given") == "common"
    never = words_of("institution") | words_of("no_name")
    if len(words) < 2 or any(w.lower() in never or (_barred(w) and not known) for w in words):
        return 0.0
    plain = [capitals_down(w) for w in words]
    if len(plain) > 2 and not is_given(plain[0]) and is_given(plain[1]) and not any(is_given(w) for w in plain[2:]):
        return 0.0  # a firm called after a person
    given = any(is_given(w) and len(w) > 2 for w in plain)
    common = any(use_of(w, "given") == "common" for w in plain)
    family = any(use_of(w, "family") or likeness(w) >= 2.1 for w in plain)
    both = given and family
    return 0.99 if common and family else 0.95 if common or both else 0.7 if given else 0.6 if family else 0.4


def _role_of(text: str, start: int, end: int) -> list[Role]:
    """The roles of one piece of a row; a piece that is no title gives none."""
    reader = _Reader(text[:end])
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
        shown = "" if title.base.startswith("henkilökohtainen") else regex.sub(r"^\d\.\s*", "", words)
        acting = title.acting or bool(regex.search(r"(?i)\bv[st]\.", shown))
        base = _lowered(f"{shown} {title.base}") if shown else title.base
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
    roles = _role_of(text, start, end)
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


def known_given_names() -> frozenset[str]:
    """Every given name of the vocabulary, for a test of a line that costs little."""
    return frozenset(name for name, kinds in lexicon().items() if "given" in kinds)
