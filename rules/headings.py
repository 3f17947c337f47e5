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
from functools import cache
from typing import Literal

import regex

from rules._load import rows

Form = Literal["line", "label", "open"]


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
def _table() -> dict[str, str]:
    return {row["heading"].casefold(): row["kind"] for row in rows("headings")}


@cache
def _first_words() -> frozenset[str]:
    return frozenset(heading.split()[0] for heading in _table())


@cache
def _label() -> regex.Pattern[str]:
    return regex.compile(
        r"""\s* (?P<label> \p{Lu}[\p{L}\d./-]*+ (?::\p{Ll}{1,3}+)? (?: [ ]?/?[ ]? [\p{L}\d.-]++ (?::\p{Ll}{1,3}+)? ){0,7}? )
            (?: \s* \( (?P<note> [^()]{1,160} ) \) )? \s*?
            (?: (?P<colon> \s* : ) (?!\p{Ll}) | (?P<gap> \s{2,} | \t ) | (?P<end> \s* $ ) )""",
        regex.VERBOSE,
    )


@cache
def _whose() -> regex.Pattern[str]:
    """`Kunnanjohtajan ehdotus`, `Kj:n muutettu päätösehdotus`, `Teknisen lautakunnan päätös`."""
    body = r"hallituksen|valtuuston|lautakunnan|jaoston?|toimikunnan|johtokunnan|neuvoston|valiokunnan|kh:n|khs:n|kv:n|ltk:n|khall:n|kvalt:n"
    officer = (
        r"johtajan|päällikön|sihteerin|insinöörin|tarkastajan|rehtorin|esittelijän|lakimiehen|arkkitehdin|geodeetin|mestarin|lääkärin|"
        r"ohjaajan|suunnittelijan|asiantuntijan|koordinaattorin|kamreerin|pormestarin|joht\.|kj:n|pj:n|hj:n|tj:n"
    )
    return regex.compile(
        rf"""(?i) (?: .{{0,80}} (?:{body}|{officer}) [ ] (?:muutettu[ ]|korjattu[ ]|uusi[ ])? (?P<proposal> päätösehdotus|päätösesitys|ehdotus|esitys )
               |  .{{0,80}} (?:{body}) [ ] (?P<decision> päätös ) ) $""",
        regex.VERBOSE,
    )


@cache
def _open() -> regex.Pattern[str]:
    """A label that runs on without a colon: only before what such a part begins with."""
    return regex.compile(
        r"""\s* (?: (?P<person> Esittelijä | Valmistelijat? | Valmistelu | Asian[ ]valmistelija | ESITTELIJÄ | VALMISTELIJA | VALMISTELU )
                    [ ] (?= \p{Lu} | v[st]\. | [\p{Ll}-]{3,40} (?:[ ][\p{Ll}-]{2,40}){0,4} [ ] \p{Lu} )
              | (?P<text> Päätösehdotus | Päätösesitys | Ehdotus | Päätös | PÄÄTÖSEHDOTUS | EHDOTUS | PÄÄTÖS ) [ ] (?= \p{Lu}\p{Ll} )
              | (?P<time> Kokousaika | Aika | KOKOUSAIKA | AIKA ) [ ] (?= \d | (?i:ma|ti|ke|to|pe|la|su|\p{L}+tai|keskiviikko)(?:na)?\b )
              | (?P<place> Kokouspaikka | Paikka | KOKOUSPAIKKA | PAIKKA ) [ ] (?= [\p{Lu}\d"”] )
              | (?P<attachment> (?:Esityslistan[ ])? (?: Liitteet | Liite | Liitteenä | LIITTEET | LIITE | Oheismateriaali ) (?:[ ](?:nro|n:o))? ) [ ] (?= \d | [A-Z]\b )
            )""",
        regex.VERBOSE,
    )


def kind_of(label: str) -> str | None:
    """The kind of a heading that stands alone: its words, capitals and spaces aside.

    >>> kind_of("SAAPUVILLA OLLEET JÄSENET"), kind_of("Kunnanjohtajan ehdotus"), kind_of("Päätösvalta")
    ('members', 'proposal', None)
    """
    words = label.casefold().split()
    key = regex.sub(r"\s?/\s?", " / ", " ".join(words)) if "/" in label else " ".join(words)
    kind = _table().get(key)
    if kind is None and words and words[-1].endswith(("ehdotus", "esitys", "päätös")) and (m := _whose().match(key)):
        return m.lastgroup
    return kind


def find(text: str) -> Heading | None:
    """The heading with which a line begins, or None. A word of running text (``Ehdotus liitteenä.``) is none."""
    bare = text.lstrip()
    if not bare or not bare[0].isupper():
        return None
    first = bare.split(maxsplit=1)[0].rstrip(":").partition("/")[0].casefold()
    if first not in _first_words() and not ("hdotus" in text or "sitys" in text or "äätös" in text or "HDOTUS" in text or "ÄÄTÖS" in text):
        return None
    m = _label().match(text)
    if m and (kind := kind_of(m["label"].rstrip(". "))):
        note = m.span("note") if m["note"] else None
        rest = len(text) - len(text[m.end() :].lstrip())
        form: Form = "line" if rest == len(text) else "label"
        return Heading(kind, m.start("label"), m.end("label"), rest, form, note)
    if m := _open().match(text):
        group = m.lastgroup or ""
        kind = "attachment" if group == "attachment" else kind_of(m[group])
        if kind:
            return Heading(kind, m.start(group), m.end(group), m.end(), "open")
    return None
