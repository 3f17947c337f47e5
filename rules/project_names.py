"""Where a project's name stands (hankkeen nimi): in an entry, in the title of an agenda item, in a notice of a decision.

>>> text = "Pihapelit ja puistot (ESR-hanke), kustannusarvio 12 000 €"
>>> text[: name_end(text, [(23, 26)])]
'Pihapelit ja puistot '
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from rules._load import alternation, has_any, lowered, rows
from rules.names import is_given
from rules.titles import title_base

_QUOTES = "\"”“„»«'’‘"


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    """A pattern in which FUND is a fund by its abbreviation, which before -hanke names the payer (``ESR-hanke``)."""
    funds = alternation(row["form"] for row in rows("funders") if row["match"] == "word" and row["form"].isupper())
    return regex.compile(pattern.replace("FUND", rf"(?:{funds}|EU|[Ll]eader)"))


def _vocabulary(name: str, column: str, value: str) -> list[str]:
    return [row["stem"] for row in rows(name) if row[column] == value]


# ---------------------------------------------------------------- at the beginning of an entry


@cache
def _lead() -> regex.Pattern[str]:
    """Where a clause about the project begins behind its name: ``, kustannusarvio``, ``. Hankkeelle``, ``(haettu``."""
    stems = alternation(_vocabulary("name_ends", "match", "stem"))
    words = alternation(_vocabulary("name_ends", "match", "word"))
    return regex.compile(
        rf"""(?ix)
        (?: [,;.:]\s+ | \s[–-]\s+ | \(\s* | (?<=[”"])\s+ )
        (?: (?: (?: hankkeen | projektin | hankkeessa | hankkeelle | hanke | projekti | hanketta | toiminnan | sen | avustuksen
                  | avustusta | avustus | kaupungin | kunnan | \p{{L}}+n ) \s+ ){{0,3}} (?: {stems} | (?:{words}) \b )
          | (?: hankkeen | hankkeelle | hankkeessa | hankkeella | hanketta | projektin | projektille | projektissa
              | avustusta ) \b
          | (?: hakemukseen \s+ on | hakemus \s+ on ) \b )"""
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
    if lead := _lead().search(text, 1):
        ends.append(lead.start())
    ends += [m.start() for m in (_TOLD.search(text, 1), _compiled(_CALLED).search(text, 1)) if m]
    return min(ends)


_CALLED = r"""(?ix) (?<=[\p{L}\d”"!?])(?<!(?-i:\bFUND\+?)) (?: \s[-–]\s?(?:\p{Ll}{3,14})? | \s?[-–]\s? )
        (?:hank|projekt)\p{Ll}*
        (?= \s*[.:,;(] | \s+\d | \s+(?:on|oli|päätt|alka|alko|kest|toteut|jatku)\p{Ll}* )"""
"""``Rantapolku -hanke.``, ``Rantapolku -hanke päättyi``: the word for project ends the name."""
_TOLD = regex.compile(
    r"""(?x) (?: : \s (?= [^.:()]{0,160} (?&verb) ) | \s[–-]\s (?= \p{Lu} [^.,:()]{0,70} (?&verb) ) )
      | : \s (?= [^.:()]{0,60} \b rahoittama ) | ,\s (?= [^.,]{0,80} \b kanssa \s toteutettava )
      | \s\( (?= (?:hanke|projekti)(?:koodi|numero|nro)\b )
      | ,\s (?= jo (?: ka | nka | ta | ssa | sta | hon | lla | lle | issa | ista | ihin ) \b )
      | \s (?= (?: siirtyy | siirtyi | siirretään | siirtyvät ) \s )
      | \. \s (?= [Yy]hteishanke \b )
      | \s on \s (?:\p{L}[\p{L}-]*\s){0,3}? (?:hanke|projekti|investointi|valmistunut|päättynyt|alkanut|käynnistynyt)\b
      (?(DEFINE) (?P<verb> \b (?:on|ovat|oli|hakee|haettu|haetaan|maksaa|myönsi|rahoittaa|osallistuu) \b ) )"""
)
"""A name and what is told of it: ``Pyöräparkki: virasto on myöntänyt …``, ``Tyhjät tilat on hanke, jota …``."""


_OPENS = regex.compile(r"(?:^|[,;:(]\s*|[.!?]\s+)(?:\p{L}[\p{L}-]*(?:n|:n)\s+|ja\s+|\p{Lu}[\p{L}-]*-\s+){0,4}$")


def clause_of(text: str, fact: int) -> int | None:
    """Where the clause begins that opens with a fact: ``Nimi, Lapin liiton EAKR-hanke`` → the comma; None in mid-clause.

    Only words in the genitive (whose payer it is) may stand between the comma, bracket or full stop and the fact.
    """
    m = _OPENS.search(text, max(0, fact - 120), fact)
    if m is None or m.start() == 0:
        return None
    named_by_fund = text[m.start()] in ".!?" and _compiled(_FUND_COMPOUND).match(
        text, fact
    )  # "Nimi. Yhteinen ESR-hanke" is all name
    return None if named_by_fund else m.start()


_FUND_COMPOUND = r"FUND\+?-(?:hank|projekt)"


def is_fund_compound(text: str, start: int) -> bool:
    """Whether a fund stands in a compound such as ``ESR-hanke``, which may end a name.

    >>> is_fund_compound("Yhteinen ESR-hanke", 9)
    True
    """
    return _compiled(_FUND_COMPOUND).match(text, start) is not None


def tells_more(text: str) -> bool:
    """Whether a row begins with words that tell more of a project already named: a title, a payer, a share.

    >>> tells_more("Osatoteuttajana Oulun yliopisto."), tells_more("Projektipäällikkö Aada Salo."), tells_more("Keskusvirasto")
    (True, True, False)
    """
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return bool(_lead().match(". " + text)) or title_base(first) is not None


_WANTS_MORE = regex.compile(
    r"""(?ix) (?: [,(–-] | \b (?: ja | sekä | tai | eli | on | ovat | toimii | koordinoi | hallinnoi
        | \p{L}* (?: toteuttaja | rahoittaja | kumppani | hakija | hallinnoija ) \p{Ll}* ) ) \s* $"""
)


def wants_more(text: str) -> bool:
    """Whether a row cannot be the end of what it says: it ends with a comma, a conjunction, or a role still without its name.

    >>> wants_more("1.1.2022, hankkeen toteuttajana"), wants_more("toteuttajana Harjulan Setlementti ry")
    (True, False)
    """
    return bool(_WANTS_MORE.search(text[-40:]))


# ---------------------------------------------------------------- trimming

_CODE = regex.compile(r"\s*(?P<code>\d{3,8}|[A-Z]\d{4,6}|[A-Z]{1,4}-?\d{3,6})(?P<sign>\s*[/–:]\s*|\s+-\s+|\s+)(?=[\p{L}\d\"”])")
_PREFIX = r"""(?ix) \s* (?: (?: (?-i:FUND\+?-)?hanke | hankkeet | hankkeen\s+nimi | projekti | loppuraportti
        | (?:hanke|avustus|rahoitus)(?:haku|hakemus|päätös) ) \s* (?: / | : | – | -\s ) \s*
        | (?-i:(?:ESR|EAKR|JTF|AMIF|OKM|STM|AVI|ELY)\+?) (?: :\s+ | -hanke\s+ (?=(?-i:\p{Lu})) )
        | (?-i:[Ll]eader)-hanke\s+ (?=(?-i:\p{Lu}))
        | (?-i:\p{Lu}[\p{L}-]*(?:\s\p{Lu}[\p{L}-]*){0,4}\s(?:Oy|Ab|ry|rf):\s+) (?=(?-i:\p{Lu})) )"""
_SUFFIX = r"""(?ix) \s* (?: (?<=[\p{L}\d”"’!?])(?<!(?-i:\bFUND\+?))\s*[-–]\s?(?:hanke|hankke|projekti)\p{Ll}*
        | \s-\s?(?:kehittämis|investointi|yhteistyö)?(?:hanke|hankke)\p{Ll}*
    ) $"""
_HOUSE = regex.compile(
    r"""(?x) (?: \s\( (?:\p{Lu}[\p{L}-]*\s){1,5} (?:Oy|Ab|ry|rf) \)
               | ,\s \p{Lu}[\p{L}-]*\s (?:\p{L}[\p{L}-]*\s){0,4} (?:Oy|Ab|ry|rf) ) $"""
)
"""Whose project it is, behind its name: ``Rantapolku (Lämpö Oy)``, ``Rantapolun peruskorjaus, Rannan kyläyhdistys ry``."""
_LONGEST_TAIL = 80
_PERIOD_WORD = regex.compile(
    r"""(?ix) \s*\( (?:v\.?\s?)? \d{4} (?:\s?[-–]\s?\d{4})? \) $
      | \s*\(asia\)$ | [\s,]+ (?: vuosille | vuosina | vuodelle | vuonna | vuosiksi | ajalle | ajalla | aikavälillä | kaudelle
                 | (?:planeras\s+)?för\s+åren | åren ) $"""
)
_HYPHEN_GAP = regex.compile(r"(?<=[\p{L}\d])-\s+(?!(?:ja|tai|sekä|eli|och|eller)\b)(?=\p{Ll})")


def trim_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a name's span to the name itself: no quotation marks, prefix ``Hanke /``, trailing ``-hanke`` or punctuation.

    >>> t = ' "Pihat kuntoon" -hankkeen, '
    >>> t[slice(*trim_name(t, 0, len(t)))]
    'Pihat kuntoon'
    """
    housed = False
    while True:
        before = start, end
        while start < end and (text[start].isspace() or text[start] in ",;:.–-/•" + _QUOTES):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:–-/(." + _QUOTES):
            end -= 1
        if m := _compiled(_PREFIX).match(text, start, end):
            start = m.end()
        if not housed and (m := _HOUSE.search(text, max(start + 1, end - _LONGEST_TAIL), end)):
            housed, end = True, m.start()
        for tail in (_compiled(_SUFFIX), _PERIOD_WORD):
            if (m := tail.search(text, max(start, end - _LONGEST_TAIL), end)) and m.start() > start:
                end = m.start()
        if (start, end) == before:
            return start, end


def split_code(text: str, start: int, end: int) -> tuple[tuple[int, int] | None, int]:
    """The span of the cost centre or project number printed before a name, and where the name begins.

    ``6876 / Pihat`` has the code 6876, ``4410 Pihat`` the code 4410; a year is no code, nor a short number without a slash.
    """
    m = _CODE.match(text, start, end)
    if m is None:
        return None, start
    loose = not m["sign"].strip()
    if regex.fullmatch(r"(?:19|20)\d\d", m["code"]) and "/" not in m["sign"]:
        return None, start
    if loose and (len(m["code"]) < 4 or not text[m.end()].isupper()):
        return None, start
    return m.span("code"), m.end()


_LABELLED_CODE = regex.compile(r"(?i)\b(?:hanke|projekti)(?:koodi|numero|nro|n:o)\s*:?\s*(?P<code>(?-i:[A-Z])?\d{3,8})\b")


def code_behind_label(text: str) -> tuple[int, int] | None:
    """The span of a project's code behind its label in running text.

    >>> t = "Vasu verkossa (hankekoodi 52317), Opetushallitus"
    >>> t[slice(*code_behind_label(t))]
    '52317'
    """
    m = _LABELLED_CODE.search(text)
    return m.span("code") if m else None


def clean_name(text: str) -> str:
    """A name as a register prints it: white space folded, a word split by a stray space joined.

    >>> clean_name("Lapin  SOTE- keskus"), clean_name("sosiaali- ja terveys"), clean_name("Malli - uusi alku")
    ('Lapin SOTE-keskus', 'sosiaali- ja terveys', 'Malli - uusi alku')
    """
    return _HYPHEN_GAP.sub("-", regex.sub(r"\s+", " ", text)).strip()


_ENDINGS = (
    (r"hank(?:keen|keeseen|keelle|keesta|keessa|etta)", "hanke"),
    (r"projekt(?:in|iin|ille|ista|issa|ia)", "projekti"),
    (r"mi(?:sen|seen|selle|sesta|sestä|sta|stä)", "minen"),
    (r"(?<=\p{L}{3}[uy])k(?:sen|seen|selle|sesta|sestä|sessa|sessä)", "s"),
    (r"toimin(?:nan|taan|nalle|nasta|nassa|taa)", "toiminta"),
    (r"(?<=ohjelma|suunnitelma|järjestelmä|verkosto|kokeilu|palvelu|malli)(?:n|an|än|on|un|in|lle|sta|stä|ssa|ssä)", ""),
)
_ENDED = regex.compile("|".join(rf"(?P<e{n}>{ending})" for n, (ending, _) in enumerate(_ENDINGS)))
_AGREES = regex.compile(r"(?:is(?:en|een|elle|ten|iin)|[aou]van|[äöy]vän|uden|neen|m[aä]n|t[uy]n|e[aä]n|ien)$")
"""Words that may be adjectives in the case of the name's last word: undone alone, it would no longer agree with them."""


def base_form(name: str) -> str:
    """A name whose last word goes to the nominative, where its ending is one of those that mean one thing only.

    >>> base_form("Kirkkokadun saneerauksen"), base_form("nuorten työpajatoimintaan"), base_form("Lupaus nuorelle")
    ('Kirkkokadun saneeraus', 'nuorten työpajatoiminta', 'Lupaus nuorelle')
    >>> base_form("Alueellisen hankkeen")
    'Alueellisen hankkeen'
    """
    head, space, last = name.rpartition(" ")
    m = next((m for m in _ENDED.finditer(last) if m.end() == len(last)), None)
    if m is None or (head and _AGREES.search(head.rpartition(" ")[2])):
        return name
    return f"{head}{space}{last[: m.start()]}{_ENDINGS[int(str(m.lastgroup)[1:])][1]}"


# ---------------------------------------------------------------- named in a sentence

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
            and not _compiled(_FUND_ALONE).fullmatch(name)
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


_CALLED_BESIDE = regex.compile(r"[”\"]?\s?[-–]\s?\p{Ll}*(?:hank|projekt|investoin)")


def called_project(name: str, text: str) -> bool:
    """Whether a text calls something by its name a project or an investment: ``Rantakampus-investointiin``.

    >>> called_project("Rantakampus", "Tukea Rantakampus-investointiin"), called_project("Rantakampus", "Rantakampus-vierailu")
    (True, False)
    """
    low, wanted = lowered(text), lowered(name)
    at = low.find(wanted) if len(name) >= 4 else -1
    while at >= 0:
        end = at + len(wanted)
        if not low[at - 1 : at].isalpha() and _CALLED_BESIDE.match(low, end, end + 60):
            return True
        at = low.find(wanted, end)
    return False


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


# ---------------------------------------------------------------- titles of agenda items

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


@cache
def _step() -> regex.Pattern[str]:
    stems = alternation(_vocabulary("title_words", "use", "step"))
    return regex.compile(rf"(?i)\s*(?:(?:\b{stems}\p{{Ll}}*+|(?<=\s)\d{{4}}\b)[\s,-]*+)++$")


@cache
def _opening() -> regex.Pattern[str]:
    words = alternation(sorted(_vocabulary("title_words", "use", "opening")))
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
    if dashed and not _compiled(_FUND_BEFORE).search(title, start, dashed.start()):
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


def starts_with_verb_phrase(text: str) -> bool:
    """Whether what was taken for a name is the beginning of a sentence: ``Opetushallitus on myöntänyt``."""
    return bool(_verb().search(text))


def _best_segment(title: str) -> tuple[int, int]:
    """The part of a title between slashes that names the project: the first that is no step and no organisation."""
    bounds, begin = [], 0
    for m in _SLASH.finditer(title):
        bounds.append((begin, m.start()))
        begin = m.end()
    bounds.append((begin, len(title)))
    named = [b for b in bounds if not _step().match(title[slice(*b)]) and not _ORGANISATION.search(title[slice(*b)])]
    return next((b for b in named if _DASHED.search(title, *b)), named[0] if named else bounds[0])
