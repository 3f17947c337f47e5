"""Titles and parts of persons (virkanimikkeet) in any case form, with what belongs to them in running text.

>>> reader = TitleReader("Kuuli vs. liikunta- ja nuorisotoimenpäällikköä asiassa")
>>> title = reader.title_at(4)
>>> title.base, title.acting
('liikunta- ja nuorisotoimenpäällikkö', True)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from poytakirja.rules.names.base_form import is_family_form, is_given, is_place
from poytakirja.rules.names.lexicon import ends_of, words_of
from poytakirja.rules.vocabulary_tables.tables import rows


@dataclass(frozen=True, slots=True)
class Role:
    """A title or part (virkanimike) in base form, lower case, without ``vs.`` and ``vt.``, which ``acting`` tells."""

    base: str
    acting: bool
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Head:
    """A form of a title's head word: its base, case (or ``plural``), kind and whether it may, or must, end a compound."""

    base: str
    case: str
    kind: str
    compound: bool
    tail: bool = False
    swedish: bool = False
    coined: bool = False


_CASE_ENDINGS = {"gen": "n", "all": "lle", "abl": "lt{a}", "ade": "ll{a}", "ela": "st{a}", "ine": "ss{a}", "tra": "ksi"}


@cache
def _heads() -> dict[str, Head]:
    """Every form of every head word that may stand by itself."""
    heads = {form: head for form, head in _all_heads() if not head.tail}
    return heads | {short: Head(base, "nom", "office", False) for short, base in _SHORT.items()}


@cache
def _tails() -> dict[str, Head]:
    """Every form of every head word that may end a compound."""
    return {form: head for form, head in _all_heads() if head.compound}


def _all_heads() -> list[tuple[str, Head]]:
    """The forms of all head words; of two that are spelled alike the one first in the vocabulary comes last."""
    found = [hit for row in rows("roles") for hit in _finnish(row)] + [hit for row in rows("roles_sv") for hit in _swedish(row)]
    return found[::-1]


def _finnish(row: dict[str, str]) -> list[tuple[str, Head]]:
    base, stem = row["base"], row["stem"]
    a = "a" if next((c for c in reversed(base) if c in "aouäöy"), "ä") in "aou" else "ä"
    strong = base if base[-1] in "aeiouyäö" and not base.endswith("nen") else stem
    declined = [("nom", base), ("part", row["partitive"]), ("ess", f"{strong}n{a}"), ("plural", f"{stem}t")]
    declined += [(case, stem + ending.format(a=a)) for case, ending in _CASE_ENDINGS.items()]
    place = row["place"]
    return [(form, Head(base, case, row["kind"], place != "word", place == "tail")) for case, form in declined]


def _swedish(row: dict[str, str]) -> list[tuple[str, Head]]:
    forms = [(case, word + ending) for word in (row["base"], row["definite"]) for case, ending in (("nom", ""), ("gen", "s"))]
    return [(form, Head(row["base"], case, row["kind"], row["place"] != "word", swedish=True)) for case, form in forms]


@cache
def _longest_head() -> int:
    return max(map(len, _tails()))


_SWEDISH_BEFORE = frozenset(("vice", "biträdande", "ledande", "teknisk", "verkställande"))
_SHORT = {"pj": "puheenjohtaja", "vpj": "varapuheenjohtaja", "siht": "sihteeri", "kj": "kaupunginjohtaja"}
_ACTING = frozenset(("vs", "vt", "ma", "v.s", "v.t", "v. s", "v. t", "tp", "tf", "t.f", "virkaatekevä", "väliaikainen"))


@lru_cache(maxsize=1 << 16)
def head_of(word: str) -> tuple[str, Head] | None:
    """The base form of a word that is or ends in a title's head, and that head.

    >>> head_of("S2-opettajan")[0], head_of("projektledarens")[0], head_of("hankevastaavaa")[0], head_of("vastaavaa")[1].kind
    ('S2-opettaja', 'projektledare', 'hankevastaava', 'adjective')
    """
    low = word.lower()
    if head := _heads().get(low):
        return head.base, head
    tails = _tails()
    for cut in range(max(2, len(low) - _longest_head()), len(low) - 3):
        head = tails.get(low[cut:])
        if not head or head.kind == "adjective":
            continue
        if low[cut - 1] != "-":
            return low[:cut] + head.base, head
        if cut > 2:
            return (word[:cut] if _abbreviation(word[:cut]) else low[:cut]) + head.base, head
    return None


def _abbreviation(part: str) -> bool:
    """Whether the first part of a compound keeps its capitals: ``S2-``, ``ICT-``."""
    return part[1:-1] != "" and not any(c.islower() for c in part)


def adjective_of(word: str) -> Head | None:
    """The adjective before titles that a lower-case word is a form of (teknisen, johtavaa)."""
    head = _heads().get(word)
    return head if head and head.kind == "adjective" else None


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
_TOKEN = regex.compile(
    r"v\.\s?[st]\.?|\p{Lu}{1,3}\d(?=-\p{Ll}{4})[-\p{L}]+"
    r"|\p{L}[\p{L}\p{M}'’´]*(?:[-‑–][\p{L}'’´]+)*(?::\p{Ll}{1,4})?-?|\d+"
)
JOIN = frozenset(("ja", "sekä", "tai"))
_SUSPENSION = regex.compile(r",?[ \t]*\n?[ \t]*")
SPACE = regex.compile(r"[ \t]*\n?[ \t]*(?<=\s)")
_SENTENCE_END = regex.compile(r"[.!?:;•\n\"”(]\s*$|[-–]\s$")


# How titles are derived: opetta-ja, graaf-ikko, geo-nomi, gymnas-ist; what else ends so.
_DERIVED = regex.compile(
    r"[\p{Ll}-]{4,}(?:[aä]j[aä]|ijä|ija|ikko|ikkö|nomi|logi|grafi|isti|ööri|ääri|eeri|aattori|uuttori|mestari|terapeutti|mies|nainen|henkilö"
    r"|are|ör|man|ist|log|nom|ant|ent|ator)"
)
_NOT_DERIVED = regex.compile(
    r"(?:raja|haja|maja|pitäjä|vaja|kaja|dialogi|katalogi|analogi|blogi|autonomi|vesimies|asiakasmies|närvarande|moment|procent)$"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text; ``start`` and ``end`` bound it."""

    text: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The words and numbers of a text."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@dataclass(frozen=True, slots=True)
class Title:
    """A title phrase: ``first`` and ``last`` are its tokens' places."""

    first: int
    last: int
    base: str
    acting: bool
    head: Head
    start: int
    end: int


class TitleReader:
    """A text cut to tokens, asked for the titles that end at a token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)

    def gap(self, left: int) -> str:
        """What stands between a token and the next."""
        return self.text[self.tokens[left].end : self.tokens[left + 1].start]

    def opens(self, index: int) -> bool:
        """Whether a token begins a sentence, a row or a bracket."""
        begin = self.tokens[index - 1].end if index else 0
        return bool(_SENTENCE_END.search(self.text[begin : self.tokens[index].start])) or index == 0

    def title_at(self, last: int, *, whole: bool = False) -> Title | None:
        """The title phrase whose head is a token; ``whole`` takes in whose title it is (kunnan, lautakunnan)."""
        found = head_of(self.tokens[last].text)
        if not found or found[1].kind == "adjective":
            return None
        base, head = found
        words, first, acting = [base], last, False
        while first and len(words) < 9 and words[0] != "henkilökohtainen":
            step = self._before(first, last, head, whole=whole)
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
        return Title(first, last, lowered(" ".join(words)), acting, head, start, end)

    def coined_at(self, at: int) -> Title | None:
        """A title that the vocabulary lacks, told by how it is derived, before a capital (ympäristökasvattaja Anna)."""
        token = self.tokens[at]
        if at + 1 == len(self.tokens) or not (self.tokens[at + 1].text[0].isupper() and SPACE.fullmatch(self.gap(at))):
            return None
        if not _DERIVED.fullmatch(token.text) or _NOT_DERIVED.search(token.text):
            return None
        head = Head(token.text, "nom", "title", compound=False, coined=True)
        return Title(at, at, token.text, False, head, token.start, token.end)

    def _before(self, first: int, last: int, head: Head, *, whole: bool) -> tuple[int, str] | None:
        """The next word to the left that belongs to a title: how many tokens, and how the base form spells it."""
        word, gap = self.tokens[first - 1].text, self.gap(first - 1)
        low = word.lower().rstrip(".")
        if low in _ACTING and gap in (".", ". ", " ", "", ".\n"):
            return 1, low
        if not SPACE.fullmatch(gap):
            return None
        suspended = self._suspended(first - 1)
        if low in JOIN and suspended:
            return suspended
        adjective = adjective_of(low)
        if adjective and adjective.case == head.case and (first == last or head.case != "gen"):
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
        if head.swedish:
            return low in _SWEDISH_BEFORE or (whole and low.endswith("s") and len(low) > 4)
        if not low.endswith("n") or len(low) < 4 or low.endswith("nen") or _NO_GENITIVE.search(low):
            return False
        if whole:
            return True
        if head.kind != "title" or low.endswith(ends_of("whose")) or low in words_of("no_attribute"):
            return False
        first = self.opens(at) or self.gap(at - 1) == ", "
        return word[0].islower() or (first and not is_place(word) and not is_given(word) and not is_family_form(word))


_LEGAL = regex.compile(r"(?:oyj?|ab|ry|sr|rf|ky|osk)(?::n)?", regex.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def lowered(phrase: str) -> str:
    """A title phrase without the capital of its first word, unless that is a name or an abbreviation."""
    phrase = regex.sub(r"\s+", " ", phrase)
    word, _, rest = phrase.partition(" ")
    company = _LEGAL.fullmatch(rest.partition(" ")[0])
    if company or word[1:2].isupper() or word[1:2].isdigit() or ":" in word or (is_place(word) and rest):
        return phrase
    return phrase[0].lower() + phrase[1:]
