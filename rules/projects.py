"""What marks a stretch of text as a project, and where its name ends (hanke: merkit, nimi, tila, kunnan rooli).

>>> name_end("Pihapelit ja puistot (ESR-hanke), kustannusarvio 12 000 €", [(23, 26)])
21
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import regex

from rules._load import rows
from rules.persons import title_base

_PROJECT_WORD = regex.compile(
    r"""(?i) (?<![\p{L}])
    (?: [\p{L}-]* (?: hanke (?: tta | kokonaisuu\p{Ll}+ | hakemu\p{Ll}+ | haku\p{Ll}* | avustu\p{Ll}+ | rahoitu\p{Ll}+ )?
                    | hankke (?: en | et | essa | esta | elle | ella | elta | eseen | iden | ista | isiin | issa ) )
      | [\p{L}-]* projekti (?: n | t | in | a | ssa | sta | lle )?
      | [\p{L}-]* avustu (?: s | ksen | sta | kseen | kset | ksella )
      | kehittämis\p{L}+ )
    (?![\p{L}])""",
    regex.VERBOSE,
)
_LIST_OF_PROJECTS = regex.compile(
    r"""(?i) (?<![\p{L}]) [\p{L}-]*
    (?: hank (?: keita | keet | keista | keiden | keisiin | eluettelo\p{Ll}* | ekatsau\p{Ll}+ )
      | projekti (?: t | en | a | eja | luettelo\p{Ll}* )
      | avustukse (?: t | en )? | kehittämistoim\p{Ll}+ | investoin\p{Ll}+ )
    (?![\p{L}])""",
    regex.VERBOSE,
)


@cache
def _stems(name: str) -> str:
    """A vocabulary's stems as one alternation, each to be followed by its ending or by none."""
    forms = sorted(rows(name), key=lambda row: len(row["stem"]), reverse=True)
    spaced = [(r"\s+".join(map(regex.escape, row["stem"].split())), row["match"]) for row in forms]
    return "|".join(form + (r"\b" if match == "word" else r"\p{Ll}*") for form, match in spaced)


def mentions_project(text: str) -> bool:
    """Whether a project, a grant or a programme is named in so many words."""
    return bool(_PROJECT_WORD.search(text))


def announces_projects(heading: str) -> bool:
    """Whether a heading or a lead-in says that projects follow (``Käynnissä olevat hankkeet``)."""
    return bool(_LIST_OF_PROJECTS.search(heading))


@cache
def _otherwise() -> regex.Pattern[str]:
    return regex.compile(rf"(?i)(?<![\p{{L}}])(?:{_stems('not_projects')})(?![\p{{L}}])")


def looks_otherwise(text: str) -> bool:
    """Whether the words are those of something that is no project: a vacancy, a plot, a purchase, a meeting."""
    return bool(_otherwise().search(text))


# ---------------------------------------------------------------- the name


@cache
def _lead() -> regex.Pattern[str]:
    """Where a clause about the project begins behind its name: ``, kustannusarvio``, ``. Hankkeelle``, ``(haettu``."""
    return regex.compile(
        rf"""(?ix)
        (?: [,;.:]\s+ | \s[–-]\s+ | \(\s* | (?<=[”"])\s+ )
        (?: (?: (?: hankkeen | projektin | hankkeessa | hankkeelle | hanke | projekti | hanketta | toiminnan | sen | avustuksen
                  | avustusta | avustus | kaupungin | kunnan | \p{{L}}+n ) \s+ ){{0,3}} (?: {_stems("name_ends")} )
          | (?: hankkeen | hankkeelle | hankkeessa | hankkeella | hanketta | projektin | projektille | projektissa
              | avustusta ) \b )"""
    )


def name_end(text: str, facts: Sequence[tuple[int, int]]) -> int:
    """Where the name that begins an entry ends: before the first fact, its bracket or the clause that leads to it.

    ``facts`` are the spans of what is no part of a name (the duration, sums, funders, persons with their title, organisations
    with their cue). Source: entries of municipal project lists, ``Nimi (rahasto) kesto, kustannusarvio …``.
    """
    ends = [len(text)]
    for start, _ in sorted(facts)[:12]:
        bracket = text.rfind("(", 0, start)
        inside = bracket > 0 and ")" not in text[bracket:start]
        ends.append(bracket if inside else start)
    ends += [m.start() for m in _lead().finditer(text, 1)][:1]
    return min(ends)


def tells_more(text: str) -> bool:
    """Whether a row begins with words that tell more of a project already named: a title, a payer, a share.

    >>> tells_more("Osatoteuttajana Oulun yliopisto."), tells_more("Projektipäällikkö Aada Salo."), tells_more("Keskusvirasto")
    (True, True, False)
    """
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return bool(_lead().match(". " + text)) or title_base(first) is not None


_WANTS_MORE = regex.compile(
    r"(?i)(?:[,(–-]|\b(?:ja|sekä|tai|eli|on|ovat|toimii|koordinoi|hallinnoi|\p{L}*(?:toteuttaja|rahoittaja|kumppani|hakija|hallinnoija)\p{Ll}*))\s*$"
)


def wants_more(text: str) -> bool:
    """Whether a row cannot be the end of what it says: it ends with a comma, a conjunction, or a role still without its name.

    >>> wants_more("1.1.2022, hankkeen toteuttajana"), wants_more("toteuttajana Harjulan Setlementti ry")
    (True, False)
    """
    return bool(_WANTS_MORE.search(text))


_CODE = regex.compile(r"^\s*(?P<code>\d{3,8}|[A-Z]\d{4,6}|[A-Z]{1,4}-?\d{3,6})\s*(?:/|–|-|:|\s)\s*(?=[\p{L}\d\"”])")
_PREFIX = regex.compile(
    r"""(?ix) ^ \s* (?: hanke | hankkeet | hankkeen\s+nimi | projekti | loppuraportti
        | (?:hanke|avustus|rahoitus)(?:haku|hakemus|päätös) ) \s* (?: / | : | – | -\s ) \s*"""
)
_SUFFIX = regex.compile(
    r"""(?ix) \s* (?: (?<=[\p{L}\d”"’!?])(?<!\b\p{Lu}{2,5}\+?)\s*-\s?(?:hanke|hankke|projekti)\p{Ll}*
        | \s-\s?(?:kehittämis|investointi|yhteistyö)?(?:hanke|hankke)\p{Ll}* ) $"""
)
_QUOTES = "\"”“„»«'’‘"


def trim_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a name's span to the name itself: no quotation marks, prefix ``Hanke /``, trailing ``-hanke`` or punctuation.

    >>> t = ' "Pihat kuntoon" -hankkeen, '
    >>> t[slice(*trim_name(t, 0, len(t)))]
    'Pihat kuntoon'
    """
    while True:
        before = start, end
        while start < end and (text[start].isspace() or text[start] in ",;:.–-/•" + _QUOTES):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:–-/(." + _QUOTES):
            end -= 1
        if m := _PREFIX.match(text, start, end):
            start = m.end()
        if (m := _SUFFIX.search(text, start, end)) and m.start() > start:
            end = m.start()
        if (start, end) == before:
            return start, end


def split_code(text: str, start: int, end: int) -> tuple[str | None, int, int]:
    """The cost centre or project number printed before a name and the rest: ``6876 / Pihat`` → ("6876", span of ``Pihat``).

    A year is no code: ``2025 Pihat`` keeps it.
    """
    m = _CODE.match(text, start, end)
    if not m or (regex.fullmatch(r"(?:19|20)\d\d", m["code"]) and "/" not in m.group()):
        return None, start, end
    if "/" not in m.group() and not regex.search(r"\d[\s]*[-–:]", m.group()) and len(m["code"]) < 4:
        return None, start, end
    return m["code"], m.end(), end


_HYPHEN_GAP = regex.compile(r"(?<=[\p{L}\d])-\s+(?!(?:ja|tai|sekä|eli|och|eller)\b)(?=\p{Ll})")


def clean_name(text: str) -> str:
    """A name as a register prints it: white space folded, a word split by a stray space joined.

    >>> clean_name("Lapin  SOTE- keskus"), clean_name("sosiaali- ja terveys"), clean_name("Malli - uusi alku")
    ('Lapin SOTE-keskus', 'sosiaali- ja terveys', 'Malli - uusi alku')
    """
    return _HYPHEN_GAP.sub("-", regex.sub(r"\s+", " ", text)).strip()


_QUOTED = regex.compile(r"[\"”“„»]([^\"”“„»«]{3,200})[\"”“«»]")


def quoted_names(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, the marks left out."""
    return [m.span(1) for m in _QUOTED.finditer(text)]


# ---------------------------------------------------------------- status and the municipality's role


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A value that a cue word gives, and where the words stand."""

    start: int
    end: int
    surface: str
    value: str
    rule_id: str


_STATUS = regex.compile(
    r"""(?ix)
      (?P<rejected> \bei\s+(?:ole\s+)? (?: myönnet\p{Ll}* | myöntänyt | saanut\s+(?:rahoitusta|avustusta) )
        | \bhylät (?: ty | tiin | yt ) \b | \bhylännyt\b | \bkielteinen\s+(?:rahoitus|avustus)?päätös | \bkielteisen\b )
    | (?P<granted> \b(?:on\s+)?myöntänyt\b | \bmyönnetty\p{Ll}* | \bmyönnettiin\b
        | \b(?:on\s+)?saanut\s+ (?:[\p{L}-]+\s+){0,3} (?:rahoitu|avustu|tuk)\p{Ll}* | \bmyönteinen\s+(?:rahoitus|avustus)?päätös )
    | (?P<ended> \b(?:on\s+)?päättyn (?: yt | eet | eiden ) \b | \bloppurapor\p{Ll}+ )
    | (?P<planned> \bsuunnitteilla\b | \bvalmisteilla\b | \b(?:suunnitellut?|valmisteltavat?|tulevat)\s+hank\p{Ll}+ )
    | (?P<applied> \bhaetaan\b | \b(?:on\s+)?haettu\b(?!\s+summa) | \b(?:on\s+)?hakenut\b | \bhakee\b | \bhaettava\p{Ll}*
        | \bhakemu(?:s|kset?)\s+(?:on\s+)?(?:jätetty|lähetetty|vireillä) | \bjätetty\s+(?:rahoitus|avustus)?hakemu\p{Ll}+ )
    | (?P<running> \bkäynnissä\b | \bmeneillään\b | \bkäynnistynyt\b | \bkäynnistyi\b )
    """
)


def find_status(text: str) -> list[CueMatch]:
    """Words that say how far a project is (tila): granted, rejected, applied, planned, running, ended.

    >>> [m.value for m in find_status("Aluehallintovirasto on myöntänyt hankkeelle 5 000 euroa")]
    ['granted']
    """
    return [
        CueMatch(m.start(), m.end(), m.group(), m.lastgroup or "", f"projects.status.{m.lastgroup}")
        for m in _STATUS.finditer(text)
    ]


_MUNICIPAL = r"(?:\p{Lu}\p{L}+n\s+)?(?:kaupunki|kunta)|\p{Lu}\p{L}+"
_ROLE = regex.compile(
    rf"""(?x)
      \b (?: (?P<who>{_MUNICIPAL}) \s+ (?:on|toimii|oli)? \s* (?:hankkeessa\s+)? (?:mukana\s+)? )
        (?: (?P<co_implementer> osa-?toteuttaja(?:na)? (?:\s+hankkeessa)? )
          | (?P<lead> (?:pää|hankkeen\s+)? (?:hakija|toteuttaja|hallinnoija|vastuutoteuttaja) na | päähakija
              | päätoteuttaja | hankkeen\s+hallinnoija )
          | (?P<partner> (?:hanke|yhteistyö)?kumppani(?:na)? )
          | (?P<participant> (?:on\s+)? mukana \s+ (?:myös\s+)? (?:hankkeessa|kehittäjäkumppanina)?
              | osallistujana | osallistuu\s+hankkeeseen ) )
    """
)


def find_municipality_role(text: str) -> list[tuple[str, CueMatch]]:
    """What a municipality is in the project: (its name as printed, the match).

    >>> [(who, m.value) for who, m in find_municipality_role("Kemi osatoteuttajana. Kemi mukana hankkeessa.")]
    [('Kemi', 'co_implementer'), ('Kemi', 'participant')]
    """
    found = []
    for m in _ROLE.finditer(text):
        role = next(name for name in ("co_implementer", "lead", "partner", "participant") if m[name] is not None)
        found.append((m["who"], CueMatch(m.start(), m.end(), m.group().rstrip(), role, f"projects.role.{role}")))
    return found


_NUMERAL_WORDS = (
    "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen yksitoista kaksitoista kolmetoista neljätoista "
    "viisitoista kuusitoista seitsemäntoista kahdeksantoista yhdeksäntoista kaksikymmentä"
)
_NUMERALS = {word: n for n, word in enumerate(_NUMERAL_WORDS.split(), start=1)}
_NUMBER = rf"\d{{1,3}}|{'|'.join(_NUMERALS)}"
_COUNT = regex.compile(
    rf"""(?ix) \b
      (?: (?:hankkeita|projekteja) \s+ (?:\p{{Ll}}+\s+){{0,4}}? (?:on|oli) \s+ (?:\p{{Ll}}+\s+){{0,3}}? (?P<a>{_NUMBER})
            (?:\s+(?:kappaletta|kpl))?
        | (?:yhteensä|kaikkiaan|käynnissä\s+on(?:\s+(?:tällä\s+hetkellä|yhteensä|kaikkiaan))?) \s+ (?P<b>{_NUMBER}) \s+
            (?:\p{{L}}+\s+)? (?:\p{{L}}*hanketta|projektia) )
      \b (?! \s*(?:euro|€|%|\.\d) )"""
)


def find_stated_count(text: str) -> list[tuple[int, CueMatch]]:
    """How many projects the text says there are (hankkeiden ilmoitettu määrä).

    >>> [n for n, _ in find_stated_count("Kaikkiaan hankkeita on yhdeksän kappaletta.")]
    [9]
    """
    found = []
    for m in _COUNT.finditer(text):
        group = "a" if m["a"] else "b"
        word = m[group].casefold()
        number = int(word) if word.isdigit() else _NUMERALS[word]
        found.append((number, CueMatch(*m.span(group), m[group], str(number), "projects.stated_count")))
    return found


# ---------------------------------------------------------------- titles of agenda items

_TITLE = regex.compile(
    r"""(?ix) ^ \s* (?: hanke | hankehaku | hankehakemus | hankepäätös | projekti ) \s* [/:–-]
      | [\p{L}”"] \s? -\s? (?: hanke | hankke | projekti ) \p{Ll}* \b
      | \b \p{L}* (?: hankkeen | hankkeeseen | hanke | hankehakemu\p{Ll}* | projektin | projektiin ) \b
      | \b (?: valtionavustu | avustushakemu | rahoitushakemu | kuntarahaosuu | kuntarahoitu | hankerahoitu | hankeavustu | omarahoitusosuu ) \p{Ll}* """
)
_PLURAL_TITLE = regex.compile(
    r"(?ix) \b (?: hankkeet | hankkeiden | hankkeita | projektit | projektien | avustukset | avustusten | avustushakemukset | hankehakemukset"
    r" | investoinnit | viranhaltijapäätökset | ilmoitusasiat | hankinta\p{Ll}* | hankintapäätös ) \b"
)


def titles_project(title: str) -> bool:
    """Whether the title of an agenda item names one project.

    >>> titles_project("Hanke / Pihat kuntoon"), titles_project("Hankkeet 2025"), titles_project("Talousarvio 2026")
    (True, False, False)
    """
    return bool(_TITLE.search(title)) and not _PLURAL_TITLE.search(title)
