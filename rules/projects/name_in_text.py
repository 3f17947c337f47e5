"""Where a sentence names a project (hankkeen nimi tekstissä): in quotation marks, beside the word for it, before a verb.

>>> text = "Aluehallintovirasto on myöntänyt avustusta Pihojen aika -hankkeelle."
>>> text[slice(*named_before_word(text))]
'Pihojen aika'
"""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.vocabulary_tables.tables import alternation, has_any, rows, with_funds

_QUOTED = regex.compile(r"[\"”“„»](?=\S)([^\"”“„»«]{3,200})[\"”“«»](?=\s?-?\s?(?:\p{L}*hank|\p{L}*projekt|\p{L}*hakem)?)")
_IN_SENTENCE = regex.compile(
    r"""(?x) (?: ^ | [.!?]\s+ | :\s+ ) (?P<name> \p{Lu} (?: [^.;:()\n!?"”“„»] | \.(?=\d) | [!?](?=\s-) ){2,110}? )
        (?: \s? -\s?(?:kehittämis|yhteis|investointi)?(?:hank|projekt|kokeil)\p{Ll}+ | (?<=\s-(?:esi)?selvity[sk]\p{Ll}{0,6})\b
          | (?= \s+on\s+ (?:\p{L}[\p{L}-]*\s+){0,6} (?:rahoittama|(?:[\p{L}+]+-)?\p{Ll}*(?:hanke|projekti))\b ) )"""
)
_IN_SENTENCE_NEEDS = ("hank", "projekt", "rahoittama", "kokeil", "selvity")
_NOTICE = regex.compile(
    r"""(?x)
    (?: \b(?:käsiteltyyn|esiteltyyn|jätettyyn|lähetettyyn|hyväksyttyyn|tehtyyn)\s+
          (?: (?:hanke|avustus)?hakemukseen\s+ (?P<a> .{3,200}? ) (?= \s+(?:ajalle|vuosille|on\s+(?:tullut|saatu|annettu))\b )
            | (?P<b> .{3,200}? ) \s* -?\s? \b(?:hanke|projekti|avustus|rahoitus)?hakemu(?:kseen|ksesta|s)\b )
      | , \s (?:hanke|projekti) \s (?P<c> \p{Lu}[^.,;()]{2,120} )
      | \bpäätös \s (?:valtion)?(?:avustuksesta|rahoituksesta) ,? \s (?P<d> \p{Lu}[^.,;()]{2,120} )
      | \b(?:hylännyt|hylkäsi|hyväksynyt|hyväksyi|puoltanut|käsitellyt|palauttanut|saanut|merkinnyt) \s
          (?P<e> \p{Lu}[^.,;()]{2,120}? )
          (?: \s?-\s?(?:hankkeen|projektin) \s (?:\p{Ll}+)?(?:hakemu(?:ksen|sta)|raporti[na]|selvityksen)
            | \s (?:loppu|väli)(?:raporti[na]|selvityksen) )
      | ^ \s* (?P<f> \p{Lu}[^.;()]{2,120}? ) \s?-\s?(?:hankkeen|projektin) \s (?:\p{Ll}+)?hakemu(?:kseen|ksesta)
          \s on \s (?:tullut|saatu)\b
      | \b(?:hanke|projekti) \s on \s (?P<g> \p{Lu}[^.,;()]{2,120}? ) (?= ,\s jo\p{Ll} ) )"""
)


def quoted_names(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, the marks left out."""
    return [m.span(1) for m in _QUOTED.finditer(text)]


_QUOTED_PROJECT = regex.compile(
    r"""(?|[\"”“„»](?=\S)([^\"”“„»«]{3,200})[\"”“«»]\s?-?\s?\p{L}*(?:hank|projekt|hakem)
      |(?:hank|projekt)\p{Ll}*\s[\"”“„»](?=\S)([^\"”“„»«]{3,200})[\"”“«»])""",
    regex.VERBOSE,
)


def quoted_project(text: str) -> tuple[int, int] | None:
    """The first name in quotation marks that is called a project or an application: ``”X” -hankkeeseen``."""
    m = _QUOTED_PROJECT.search(text)
    return m.span(1) if m else None


def named_in_notice(text: str) -> tuple[int, int] | None:
    """The project that a notice of a decision is about: ``… käsiteltyyn ”X”-hankehakemukseen on tullut päätös``.

    >>> t = "Lautakunnassa 1.2.2024 § 5 esiteltyyn Pihat kuntoon hankehakemukseen on tullut päätös."
    >>> t[slice(*named_in_notice(t))]
    'Pihat kuntoon'
    """
    m = _NOTICE.search(text)
    if m is None:
        return None
    return next(m.span(group) for group in "abcdefg" if m[group] is not None)


def first_quoted(text: str) -> tuple[int, int] | None:
    """The first name in quotation marks that begins with a capital.

    >>> t = "Yksikön suurin ponnistus oli ”Kiertokortteli”."
    >>> t[slice(*first_quoted(t))]
    'Kiertokortteli'
    """
    return next((span for span in quoted_names(text) if text[span[0]].isupper()), None)


_NAME_SIGN = regex.compile(
    r"""(?x) [\"”“„»] (?=\p{Lu}) [^\"”“„»«\n]{3,120} [\"”“«»]
      | (?<![\p{L}\d]) (?: \p{Lu} [\p{L}\d!?.&+:-]* (?: [ ] [\p{L}\d!?&+:-]{1,30} ){0,7}? | \p{Lu}[\p{L}\d]+ )
        [ ]?[-–‑] [ ]? \p{Ll}{0,16} (?: hank | projekt | kokeil | pilot | investoin ) \p{Ll}*
      | (?: hank(?:e|ke)\p{Ll}* | projekt\p{Ll}* | Projektet ) [ ] (?=\p{Lu}\p{Ll}|”|") """
)


def name_signs(text: str) -> list[tuple[int, int]]:
    """Spans that look like the name of a project wherever they stand: in quotation marks, before -hanke, behind the word.

    >>> [t[a:b] for t in ("Kunta haki ”Pihat” ja Kylien aika -hankkeeseen tukea.",) for a, b in name_signs(t)]
    ['”Pihat”', 'Kylien aika -hankkeeseen']
    """
    return [m.span() for m in _NAME_SIGN.finditer(text)]


_AFTER_WORD = regex.compile(
    r"""(?x) (?<![\p{L}-]) (?i: hank(?:e|etta|keelle|keeseen|keen|keesta) | (?:esi)?selvity(?:kseen|kselle|stä)
        | projekt(?:i|ille|iin|in|ia|et)? )
        (?: \s*,?\s+jo(?:nka|n)\s+nimi\s+on )? \s+
        (?P<name> \p{Lu} (?: [^.,;:()\n"”“»] | \.(?=\d) | ,(?=\d) ){2,90}? (?: \s\d{1,2} (?= \s*$ | [.,;]\s+\p{Lu} ) )? )
        (?= \s+\d | \s*[.,;:(\n] | \s*$
          | \s+ (?: on | oli | ovat | saa | sai | haetaan | haettiin | haettava | myönn\p{Ll}+ | toteut\p{Ll}+ | kestää | alkaa
                 | joka | jonka | jossa | ja \s+ (?:on|sen) | med | har | är
                 | får | fick | beviljas | genomförs | genomfördes | inleds | inleddes | inleder | avslutas | avslutades | pågår
                 | pågick | finansieras | finansierades | som | och | under | börjar | för | till ) \b )"""
)
_FUND_ALONE = r"FUND\+?|\p{Lu}[\p{L}-]*n\s+liiton\sFUND"
_BEFORE_WORD = regex.compile(r"\s?-\s?(?:\p{Ll}*hank|projekt|kokeil)\p{Ll}+")


@cache
def _verb() -> regex.Pattern[str]:
    return regex.compile(rf"\b(?:{alternation([*_prose_words('verb'), *_prose_words('within')])})\b")


def named_after_word(text: str) -> tuple[int, int] | None:
    """The project named right behind the word: ``hankkeelle Pihat kuntoon on myönnetty``, ``hanketta Pihat kuntoon.``

    >>> t = "Liitto on myöntänyt hankkeelle Pihat kuntoon 500 euroa."
    >>> t[slice(*named_after_word(t))]
    'Pihat kuntoon'
    >>> named_after_word("Pihat-hankkeen Kuopion osuus on maksettu.") is None
    True
    """
    m = next((m for m in _AFTER_WORD.finditer(text) if m["name"].split()[0] not in _prose_words("no name")), None)
    return m.span("name") if m else None


def named_before_word(text: str) -> tuple[int, int] | None:
    """The project named right before -hanke in mid-sentence: from the last capital on that begins a run of words.

    >>> t = "Liitto on myöntänyt päätöksellä Tulevaisuuden kieliluokka -hankkeelle 500 euroa."
    >>> t[slice(*named_before_word(t))]
    'Tulevaisuuden kieliluokka'
    """
    for m in _BEFORE_WORD.finditer(text):
        clause = max(text.rfind(mark, 0, m.start()) for mark in '.:;()"”“') + 1
        words = list(regex.finditer(r"\S+", text, pos=max(clause, m.start() - 110), endpos=m.start()))
        starts = [n for n, w in enumerate(words) if _may_begin(w.group()) and not (n and _carries(words[n - 1].group()))]
        if not starts:
            continue
        begin = words[starts[-1]].start()
        name = text[begin : m.start()]
        if (
            len(name) >= 4
            and name.split()[0] not in _prose_words("no name")
            and not _verb().search(name)
            and not with_funds(_FUND_ALONE).fullmatch(name)
        ):
            return begin, m.start()
    return None


_NUMERAL = regex.compile(r"[IVX]+")


def _may_begin(word: str) -> bool:
    """Whether a name may begin with a word: with a capital, but no numeral (``Kieliluokka II -hanke``)."""
    return word[0].isupper() and not _NUMERAL.fullmatch(word)


def _carries(word: str) -> bool:
    """Whether a name goes on behind a word: ``Hämeen`` Härkätie, Lupaus nuorelle ``–`` Kunnan takuu."""
    return word[0].isupper() or word in ("-", "–")


def named_in_sentence(text: str) -> tuple[int, int] | None:
    """The project that a sentence begins with: ``Pihat kuntoon -hanketta rahoittaa …``, ``”Pihat kuntoon” -hanke``.

    >>> t = "Pihat kuntoon -hanketta rahoittaa ministeriö."
    >>> t[slice(*named_in_sentence(t))]
    'Pihat kuntoon'
    >>> t = "Opetushallitus rahoittaa Pihat kuntoon -hanketta."
    >>> t[slice(*named_in_sentence(t))]
    'Pihat kuntoon'
    >>> named_in_sentence("Hankkeen tavoitteena on lisätä liikuntaa.") is None
    True
    """
    quoted = _QUOTED.search(text, 0, 400)
    m = _IN_SENTENCE.search(text, 0, 600) if has_any(text, _IN_SENTENCE_NEEDS) else None
    if quoted and (m is None or quoted.start() <= m.start("name") + 1):
        return quoted.span(1)
    if m is None:
        return None
    return named_before_word(text[: m.end()]) if _verb().search(m["name"]) else m.span("name")


_CAPITALS = regex.compile(
    r"""(?x) (?P<name> \p{Lu}[\p{L}\d-]+ (?:\s\p{Lu}[\p{L}\d-]+){1,4} ) \s+ \p{Ll}[^.!?]{2,200} [.!?] \s+
        (?: Hank(?:e|etta|keen|keelle|keella|keessa|keesta) | Projekt(?:i|ia|in|ille|illa|issa|ista) ) \b"""
)


@cache
def _told_verb() -> regex.Pattern[str]:
    return regex.compile(rf"\s(?=(?:{alternation(_prose_words('verb'))})\b)")


@cache
def _prose_words(use: str) -> frozenset[str]:
    return frozenset(row["word"] for row in rows("prose_words") if row["use"] == use)


def named_before_verb(text: str) -> tuple[int, int] | None:
    """What a sentence begins with, up to its verb: the name, in a paragraph of which it is known that it tells of a project.

    >>> t = "Nuorten paja Kipinä sai jatkoa vuoden 2010 loppuun."
    >>> t[slice(*named_before_verb(t))]
    'Nuorten paja Kipinä'
    >>> [named_before_verb(t) for t in ("Kunta sai avustusta.", "Aino Aalto sai tehtävän.", "Ministeriö rahoittaa hanketta.")]
    [None, None, None]
    """
    verb = _told_verb().search(text, 0, 120)
    name = text[: verb.start()] if verb else ""
    words = name.split()
    if not words or not name[0].isupper() or any(mark in name for mark in ".:;()") or words[0] in _prose_words("no name"):
        return None
    return None if is_given(words[0]) and len(words) <= 3 else (0, len(name))


def named_in_capitals(text: str) -> tuple[int, int] | None:
    """The project that a paragraph begins with, in capitals, before a sentence that calls it one.

    >>> t = "Golden Letters tuo ikäihmiset kirjastoon. Hanketta rahoittaa ministeriö."
    >>> t[slice(*named_in_capitals(t))]
    'Golden Letters'
    >>> named_in_capitals("Aino Aalto esitteli asian. Hanketta rahoittaa ministeriö.") is None
    True
    """
    m = _CAPITALS.match(text)
    return m.span("name") if m and not is_given(m["name"].split()[0]) else None


def starts_with_verb_phrase(text: str) -> bool:
    """Whether what was taken for a name is the beginning of a sentence: ``Opetushallitus on myöntänyt``."""
    return bool(_verb().search(text))
