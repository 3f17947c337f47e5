"""The titles of agenda items (asian otsikko): whether one names a project, and where in it the name stands.

>>> title = "Hankehakemus, Pihojen aika / Tekninen lautakunta"
>>> titles_project(title), title[slice(*name_in_title(title))]
(True, 'Pihojen aika')
"""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.projects.name_in_text import quoted_names
from poytakirja.rules.projects.name_trimming import trim_name
from poytakirja.rules.vocabulary_tables.tables import alternation, rows, with_funds

_ABOUT_PROJECT = regex.compile(
    r"""(?ix) ^ \s* (?: hanke | hankehaku | hankehakemus | hankepäätös | hanke-esitys | projekti ) \s* [/:–-]
      | \b \p{L}* (?: hankesuunnitelma\p{Ll}* | loppuraport\p{Ll}+ | hankkeesta | hankkeelle | projektiin ) \b
      | [\p{L}\d”"!?] \s? [-–]\s? (?:\p{Ll}{3,14})? (?: hanke | hankke | projekti ) \p{Ll}* \b
      | \b \p{L}* (?: hankkeen | hankkeeseen | hanke | hankehakemu\p{Ll}* | hankeidea\p{Ll}* | projektin | projektiin ) \b
      | \b (?: valtionavustu | avustushakemu | rahoitushakemu | kuntarahaosuu | kuntarahoitu | hankerahoitu | hankeavustu
             | omarahoitusosuu | avustuspäätö | rahoituspäätö | avustukse[nt]\s+hakemi ) \p{Ll}*
      | \b (?: projekt(?:et|ets)? | \p{L}+projekt(?:et|ets)? | slutrapport | kommunandel | projektbidrag ) \b """
)
_ABOUT_MANY = regex.compile(
    r"""(?ix) \b (?: hankkeet | hankkeiden | hankkeita | \p{L}*hankkeisiin | projektit | projektien
        | \p{L}*avustukset | avustusten | \p{L}*hakemukset | \p{L}*hakemusten | \p{L}*päätökset | investoinnit
        | viranhaltijapäätökset | ilmoitusasiat | hankinta | hankinnan | hankintapäätös
        | jakaminen | yhtiökokou\p{Ll}+ | avustusperiaat\p{Ll}+ ) \b"""
)


def titles_project(title: str) -> bool:
    """Whether the title of an agenda item names one project.

    >>> titles_project("Hanke / Pihat kuntoon"), titles_project("Hankkeet 2025"), titles_project("Talousarvio 2026")
    (True, False, False)
    """
    return bool(_ABOUT_PROJECT.search(title)) and not _ABOUT_MANY.search(title)


_MAY_BE_PROJECT = regex.compile(
    r"(?i)\p{L}*avustus|valtionapu|saneerau|peruskorjau|perusparannu|rakentami|uudisrakennu|laajennu|kunnostu|väylä\b"
)
_GRANTS = regex.compile(r"(?i)\b(?:toiminta|kohde|yleis|yksityistie|järjestö|kylä|seura)-?avustu|yksityisti|avustukset\b")


def may_title_project(title: str) -> bool:
    """Whether a title may be that of one project without the word: a grant to a measure, a building; its text must tell.

    >>> may_title_project("Kirkkokadun saneeraus"), may_title_project("Seurojen toiminta-avustukset")
    (True, False)
    """
    return bool(_MAY_BE_PROJECT.search(title)) and not _GRANTS.search(title) and not titles_many(title)


def names_project(title: str) -> bool:
    """Whether a title names its project by the word itself: ``Pihat kuntoon -hankkeen ohjausryhmä``, ``Hanke / Pihat``."""
    return bool(_DASHED.search(title) or regex.match(r"(?i)\s*hanke(?:haku|hakemus)?\s*[/:]", title)) and not titles_many(title)


def titles_many(title: str) -> bool:
    """Whether the title of an agenda item is about many things: ``Hankkeet 2025``, ``Ilmoitusasiat``."""
    return bool(_ABOUT_MANY.search(title))


def _title_words(use: str) -> list[str]:
    return [row["stem"] for row in rows("title_words") if row["use"] == use]


@cache
def _step() -> regex.Pattern[str]:
    stems = alternation(_title_words("step"))
    return regex.compile(rf"(?i)\s*(?:(?:\b{stems}\p{{Ll}}*+|(?<=\s)\d{{4}}\b)[\s,-]*+)++$")


@cache
def _opening() -> regex.Pattern[str]:
    words = alternation(sorted(_title_words("opening")))
    return regex.compile(
        rf"""(?ix) \s* (?: {words} ) \s+
             (?: (?:[\p{{L}}-]+\s+){{0,4}}?
                 (?: rahoittamaan | yhteiseen | seudulliseen | alueelliseen | valtakunnalliseen ) \s+ )?"""
    )


_ORGANISATION = regex.compile(r"(?i)\b(?:oy|ab|oyj|ry|rf|osk|säätiö|kaupunki|kunta|kuntayhtymä|yhdistys)\s*$")
_SLASH = regex.compile(r"\s/\s|(?<=\S)/\s|\s/(?=\S)")
_DASHED = regex.compile(
    r"(?i)(?:\s[-–]\s?(?:\p{Ll}{3,14})?|\s?[-–]\s?)(?:(?:hanke|hankke|projekti)(?!\p{L}*haku)|valtionavustu|avustu)\p{L}*\b"
)
_TAIL = regex.compile(r"(?i)\s*(?:\([^()]*\)|,\s*[^,]*)?\s*$")


def name_in_title(title: str, body: str = "") -> tuple[int, int]:
    """The project's name in the title of an agenda item: without steps, organisations and openings.

    ``body``, the item's text, tells where a name begins that the title has in mid-sentence.

    >>> def named(t, body=""): return t[slice(*name_in_title(t, body))]
    >>> named("Lämpö Oy / Vihreät pihat -hankkeen kuntarahaosuus"), named("Pihat kuntoon -hanke / loppuraportti")
    ('Vihreät pihat', 'Pihat kuntoon')
    >>> named("Osallistuminen Euroopan unionin rahoittamaan Pihat kuntoon -hankkeeseen")
    'Pihat kuntoon'
    >>> named("Edustajan nimeäminen Iin Pihat kuntoon -hankkeen ohjausryhmään", "Pihat kuntoon -hanke alkaa.")
    'Pihat kuntoon'
    """
    if quoted := quoted_names(title):
        return quoted[0]
    start, end = _without_step(title, *_best_segment(title))
    dashed = _DASHED.search(title, start + 1, end)
    if dashed and not with_funds(_FUND_BEFORE).search(title, start, dashed.start()):
        told = _told_in(body, title, start, dashed.start())
        start, end = (told, dashed.start()) if told is not None else _without_opening(title, start, dashed.start())
    else:
        start, end = _without_opening(title, start, end)
        paper = _PAPER.search(title, start, end)
        end = paper.start() if paper else end
    return trim_name(title, start, end)


_PAPER = regex.compile(
    r"""(?ix) (?<=n) \s+ (?: hankesuunnitelma | tarveselvity | loppurapor | loppuselvity | väliraport | hankehakemu ) \p{Ll}*
        (?: \s+ (?: hyväksymi | käsittely | jättämi | tarkistami | päivittämi | vahvistami ) \p{Ll}* )? $"""
)
"""What is decided on behind whose it is: ``Rannan koulun uudisrakennuksen hankesuunnitelman hyväksyminen``."""
_FUND_BEFORE = r"\bFUND\+?$"
_HEAD = regex.compile(
    r"""(?xi) ^.{0,160} \b
    (?: (?: hake | nimeä | myöntä | osallistu | hyväksy | käynnistä | aloitta | liitty | jatka | maksa | rahoitta | asetta
          | valitse | sitoutu | palkkaa | siirtä | päättä | peruutta ) mi(?:nen|sen|sesta|sestä)
      | \p{L}*(?:hakemus|raportti|lausunto|esitys|sopimus|aloite|vaatimus|suostumus|sitoumus|ohjelman)
      | (?:Oy|Ab|ry|rf|osk):(?:n|lle|ltä)
      | \p{L}*(?:rahasto|liito|säätiö|yhdistykse|keskukse|virasto)(?:n|lle|lta|ltä|on)
      | \p{L}*(?:rahoitus|avustus|laina|tuki|osuus)\s+(?:hankkeelle|hankkeeseen|projektille)
    ) \s+ (?=(?-i:\p{Lu}))"""
)
_HOUSE_LAST = regex.compile(r"(?i)(?:säätiö|keskukse|virasto|rahasto|liito)\p{L}+\s+$")
"""In capitals nothing tells an organisation before the name from the name's own first word: ``KOULUKESKUKSEN PERUSKORJAUS``."""
_HEAD_WORD = regex.compile(r"(?i)\s*(?:hanke|hankkeen|hankkeelle|hankkeeseen|projektin|projektiin)\s*:?\s+(?=(?-i:\p{Lu}))")


def _without_opening(title: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of a title without what leads to the name: ``Jatkoajan hakeminen``, ``Lämpö Oy:n``, ``… rahoittamaan``."""
    if m := _opening().match(title, start, end):
        start = m.end()
    if (m := _HEAD.match(title[start:end])) and not (title[start:end].isupper() and _HOUSE_LAST.search(m.group())):
        start += m.end()
    if m := _HEAD_WORD.match(title, start, end):
        start, end = m.end(), _step_before(title, m.end(), end)
    return start, end


def _step_before(title: str, start: int, end: int) -> int:
    """Where a name ends that steps follow: ``Hankkeen Pihat kuntoon käynnistäminen``."""
    words = list(regex.finditer(r"\S+", title, pos=start, endpos=end))
    while len(words) > 1 and _step().match(words[-1].group()):
        end = words.pop().start()
    return end


_LONGEST = 200
"""So many characters a name has at most."""


def _told_in(body: str, title: str, start: int, end: int) -> int | None:
    """Where the longest run of words up to ``end`` begins that the body too calls a project (``X -hanke``, ``”X”``)."""
    for word in regex.finditer(r"(?<!\S)[\p{Lu}\d]", title, pos=max(start, end - _LONGEST), endpos=end):
        name = regex.escape(title[word.start() : end].strip())
        if regex.search(rf"(?i){name}[”\"]?\s?[-–]\s?\p{{Ll}}*(?:hank|projekt)|[”“\"]{name}[”\"]", body):
            return word.start()
    return None


def _without_step(title: str, start: int, end: int) -> tuple[int, int]:
    """A part of a title without a step set off by a comma or a colon: ``Loppuraportti, Pihat``, ``Pihat, hankesuunnitelma``."""
    for m in regex.finditer(r"[,:;]\s+", title, pos=start, endpos=end):
        if _step().match(title[start : m.start()]):
            return m.end(), end
        if _step().match(title[m.end() : end]):
            return start, m.start()
    return start, end


def _best_segment(title: str) -> tuple[int, int]:
    """The part of a title between slashes that names the project: the first that is no step and no organisation."""
    bounds, begin = [], 0
    for m in _SLASH.finditer(title):
        bounds.append((begin, m.start()))
        begin = m.end()
    bounds.append((begin, len(title)))
    named = [b for b in bounds if not _step().match(title[slice(*b)]) and not _ORGANISATION.search(title[slice(*b)])]
    return next((b for b in named if _DASHED.search(title, *b)), named[0] if named else bounds[0])
