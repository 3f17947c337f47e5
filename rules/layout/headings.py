"""Headings of the parts of minutes (väliotsikot): which part of an agenda item or of the cover a line opens.

Kinds, of an item: decision, proposal, counter, presenter, preparer, information, attachment, material, discussion, vote,
dissent, disqualification, notice, extract, execution, appeal, appeal_guide, grounds, background, history; of the cover:
meeting, time, place, time_place, contents, present, members, deputies, chair, others, secretary, absent, checkers,
signatures, legality, display. The words stand in vocabulary/headings.csv.

>>> [(h.kind, h.form) for line in ("PÄÄTÖS:", "Päätös: Hyväksyttiin.", "Esittelijä Kunnanjohtaja Eeva Mäki") if (h := find(line))]
[('decision', 'line'), ('decision', 'label'), ('presenter', 'open')]
>>> find("Ehdotus liitteenä."), find("Esittelijä muutti ehdotustaan.")
(None, None)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import regex

from poytakirja.rules.vocabulary_tables.tables import has_any, rows

Form = Literal["line", "label", "open"]
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the beginning of a line.

    ``start`` and ``end`` bound its words, ``rest`` is where what follows begins (the line's length where nothing does).
    ``form``: it fills the line; it is a label set off by a colon or a wide gap; or the text runs on after one space.
    ``note`` bounds what stands in brackets after it: ``Ehdotus (esittelijä: …)``.
    """

    kind: str
    start: int
    end: int
    rest: int
    form: Form
    note: tuple[int, int] | None = None


@cache
def table() -> dict[str, str]:
    """Every heading of the vocabulary in lower case → its kind."""
    return {row["heading"].casefold(): row["kind"] for row in rows("headings")}


@cache
def _first_words() -> frozenset[str]:
    return frozenset(heading.split()[0] for heading in table())


@cache
def _label() -> regex.Pattern[str]:
    return regex.compile(
        r"""\s* (?P<label> \p{Lu}[\p{L}\d./-]*+ (?: \(t\) | :\p{L}{1,3}+(?=[ ]) )?
                (?: [ ]?[/–]?[ ]? [\p{L}\d.-]++ (?: :\p{L}{1,3}+(?=[ ]) )? ){0,7}? )
            (?: \s* \( (?P<note> [^()]{1,160} ) \) )? \s*?
            (?: (?P<colon> \s* : ) (?!\p{Ll}) | (?P<gap> \s{2,} | \t ) | (?P<end> \s* $ ) )""",
        regex.VERBOSE,
    )


_BODIES = "hallituksen|valtuuston|lautakunnan|jaoston?|toimikunnan|johtokunnan|neuvoston|valiokunnan|kh:n|khs:n|kv:n|ltk:n"
_OFFICERS = (
    "johtajan|päällikön|sihteerin|insinöörin|tarkastajan|rehtorin|esittelijän|lakimiehen|arkkitehdin|geodeetin|mestarin|lääkärin|ohjaajan|"
    r"suunnittelijan|asiantuntijan|koordinaattorin|kamreerin|pormestarin|joht\.|kj:n|pj:n|hj:n|tj:n"
)

_SWEDISH_BODIES = "styrelsens|nämndens|fullmäktiges|sektionens|utskottets|direktionens|rådets|kommitténs"
_SWEDISH_OFFICERS = "direktörens|chefens|föredragandens|ordförandens|sekreterarens|ingenjörens|rektorns|arkitektens|dir:s"
_WHOSE = ("ehdotus", "esitys", "päätös", "förslag", "beslut")


@cache
def _whose() -> regex.Pattern[str]:
    """`Kunnanjohtajan ehdotus`, `Kj:n muutettu päätösehdotus`, `Teknisen lautakunnan päätös`, `Stadsdirektörens förslag`."""
    proposal = "(?:muutettu[ ]|korjattu[ ]|uusi[ ])? (?P<proposal> päätösehdotus|päätösesitys|ehdotus|esitys )"
    return regex.compile(
        rf"""(?i) .{{0,80}} (?: (?:{_BODIES}|{_OFFICERS}) [ ] {proposal} | (?:{_BODIES}) [ ] (?P<decision> päätös )
             | (?:{_SWEDISH_BODIES}|{_SWEDISH_OFFICERS}) [ ] (?P<proposal> (?:ändrade[ ])? (?:besluts)?förslag )
             | (?:{_SWEDISH_BODIES}) [ ] (?P<decision> beslut ) ) $""",
        regex.VERBOSE,
    )


@cache
def _open() -> regex.Pattern[str]:
    """A label that runs on without a colon: only before what such a part begins with."""
    title_and_name = r"(?= \p{Lu} | v[st]\. | [\p{Ll}-]{3,40} (?:[ ][\p{Ll}-]{2,40}){0,4} [ ] \p{Lu} )"
    who = "Esittelijä|Valmistelijat?|Valmistelu|Asian[ ](?:valmistelija|on[ ]valmistellut|esittelee)"
    weekday = r"(?i:(?:ma|ti|ke|to|pe|la|su|\p{L}+tai|keskiviikko)(?:na)?|(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?)\b"
    return regex.compile(
        rf"""\s* (?: (?P<person> (?i:{who}) ) [ ] {title_and_name}
                  | (?P<text> Päätösehdotus|Päätösesitys|Ehdotus|Päätös|PÄÄTÖSEHDOTUS|EHDOTUS|PÄÄTÖS ) [ ] (?= \p{{Lu}}\p{{Ll}} )
                  | (?P<time> (?i:Kokousaika|Aika|Sammanträdestid|Mötestid|Tid) ) [ ] (?= \d | {weekday} )
                  | (?P<place> (?i:Kokouspaikka|Paikka|Sammanträdesplats|Mötesplats|Plats) ) [ ] (?= [\p{{Lu}}\d"”] )
                  | (?P<figure> (?i:Kokousnumero|Kokous|Nummer|Kokouspäivä|Kokouksen[ ](?:alku|alkamis|päättymis)aika) ) [ ]
                    (?= \d{{1,3}}/(?:19|20)\d\d | \d{{1,2}}[.:]\d )
                  | (?P<attachment> (?i:Esityslistan[ ])? (?i:Liitteet|Liitteenä|Liite|Oheismateriaali|Bilagor|Bilaga)
                                  (?:[ ](?:nro|n:o))? ) [ ]
                    (?= \d | [A-Z]\b )
                  )""",
        regex.VERBOSE,
    )


@cache
def _said_by() -> regex.Pattern[str]:
    """Who proposes, behind a comma: ``Päätösehdotus, tekninen johtaja Eeva Mäki:``, ``Ehdotus, vs. rehtori Eero Aho``."""
    title = r"(?:v[st]\.[ ]?)?[\p{L}-]{3,40}(?:[ ][\p{Ll}-]{2,40}){0,4}"
    name = r"(?:[ ]\p{Lu}[\p{L}'’.-]+){2,4}"
    return regex.compile(rf"\s*(?P<label>\p{{Lu}}\p{{L}}+(?:[ ]\p{{Ll}}+)?),[ ](?P<note>{title}{name})\s?(?::\s*|$)")


@cache
def _proposed_by() -> regex.Pattern[str]:
    """Whose proposal, by name: ``Tekninen johtaja Eeva Mäen ehdotus:``."""
    who = r"\p{Lu}[\p{L}-]{3,40}(?:[ ][\p{Ll}-]{2,40}){0,3}(?:[ ]\p{Lu}[\p{L}'’-]+){1,3}[ ]\p{Lu}[\p{L}'’-]*n"
    swedish = r"\p{Lu}[\p{L}-]{3,40}(?:[ ][\p{Ll}-]{2,40}){0,3}(?:[ ]\p{Lu}[\p{L}'’-]+){1,3}s"
    fi, sv = "(?:päätös)?(?:ehdotus|esitys)", "(?:besluts)?förslag"
    return regex.compile(rf"\s*(?|(?P<who>{who})[ ](?P<word>{fi})|(?P<who>{swedish})[ ](?P<word>{sv}))\s?:\s*")


def kind_of(label: str) -> str | None:
    """The kind of a heading that stands alone: its words, capitals and spaces aside.

    >>> kind_of("SAAPUVILLA OLLEET JÄSENET"), kind_of("Kunnanjohtajan ehdotus"), kind_of("Päätösvalta")
    ('members', 'proposal', None)
    """
    words = label.casefold().split()
    key = " ".join(" ".join(words).replace("/", " / ").replace(" – ", " / ").split())
    kind = table().get(key)
    if kind is None and any(c.isdigit() for c in key):  # K0KOUSAIKA, as text recognition reads it
        kind = table().get(key.translate(_LETTERS))
    if kind is None and " / " in key:  # Förslag / Ehdotus
        kinds = {table().get(part) for part in key.split(" / ")}
        kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None and words and words[-1].endswith(_WHOSE) and (m := _whose().match(key)):
        return m.lastgroup
    return kind


_LETTERS = str.maketrans("01", "ol")


@lru_cache(maxsize=1 << 12)  # a document's rows are asked by every stage
def find(text: str) -> Heading | None:
    """The heading with which a line begins, or None. A word of running text (``Ehdotus liitteenä.``) is none.

    Who prepared or presents a matter may stand in brackets: ``(Valmistelija: kunnanjohtaja Eeva Mäki)``.
    """
    bare = text.strip()
    if not (bare.startswith("(") and bare.endswith(")")):
        return _find(text)
    found = _find(text.replace("(", " ", 1).rstrip()[:-1])
    return found if found and found.form == "label" and found.kind in ("preparer", "presenter", "information") else None


def may_begin(text: str) -> bool:
    """Whether a row begins with the first word of a heading; asked before any pattern is tried."""
    bare = text.lstrip()
    if not bare or not bare[0].isupper():
        return False
    first = bare.partition(" ")[0].partition("/")[0].rstrip(":").casefold()
    return (first.translate(_LETTERS) if first[1:2] == "0" else first) in _first_words()


def _find(text: str) -> Heading | None:
    bare = text.lstrip()
    if not bare or not bare[0].isupper():
        return None
    if not may_begin(text) and not has_any(text[:_LONGEST].lower(), _WHOSE):
        return None
    m = _label().match(text)
    if m and (kind := kind_of(m["label"]) or kind_of(m["label"].rstrip(". "))):
        note = m.span("note") if m["note"] else None
        rest = len(text) - len(text[m.end() :].lstrip())
        form: Form = "line" if rest == len(text) else "label"
        return Heading(kind, m.start("label"), m.end("label"), rest, form, note)
    if (m := _said_by().match(text)) and (kind := kind_of(m["label"])) in ("proposal", "counter"):
        return Heading(
            kind, m.start("label"), m.end("label"), m.end(), "line" if m.end() == len(text) else "label", m.span("note")
        )
    if m := _proposed_by().match(text):
        return Heading(
            "proposal", m.start("word"), m.end("word"), m.end(), "line" if m.end() == len(text) else "label", m.span("who")
        )
    if m := _open().match(text):
        group = m.lastgroup or ""
        kind = "attachment" if group == "attachment" else kind_of(m[group])
        if kind:
            return Heading(kind, m.start(group), m.end(group), m.end(), "open")
    return None
