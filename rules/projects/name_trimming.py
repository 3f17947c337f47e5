"""The name that an entry begins with (hankkeen nimi): where it ends, what is trimmed off it, its code, its base form.

>>> text = "Pihapelit ja puistot (ESR-hanke), kustannusarvio 12 000 €"
>>> text[: name_end(text, [(23, 26)])]
'Pihapelit ja puistot '
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from poytakirja.rules.names.titles import title_base
from poytakirja.rules.projects import field_labels
from poytakirja.rules.vocabulary_tables.tables import alternation, rows, with_funds

_QUOTES = "\"”“„»«'’‘"


# ---------------------------------------------------------------- at the beginning of an entry


def _ends(match: str) -> list[str]:
    return [row["stem"] for row in rows("name_ends") if row["match"] == match]


@cache
def _lead() -> regex.Pattern[str]:
    """Where a clause about the project begins behind its name: ``, kustannusarvio``, ``. Hankkeelle``, ``(haettu``."""
    stems = alternation(_ends("stem"))
    words = alternation(_ends("word"))
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
    ends += [m.start() for m in (_TOLD.search(text, 1), with_funds(_CALLED).search(text, 1)) if m]
    ends += _first_label(text[: min(ends)], text[: min(ends) + 3])
    return min(ends)


_LABEL = regex.compile(r"(?<=[\s;,.])(?P<label>\p{L}[\p{L}.-]*(?:\s\p{L}[\p{L}.-]*){0,2}?)(?P<behind>\s?:|\s(?=\p{Lu})|\s*$)")


def _first_label(text: str, wider: str) -> list[int]:
    """Where the first label of a field begins behind the name: before a colon (``Rantapolku. Hakija: …``), or who carries it
    out in capitals before who that is (``Rantapolku Päätoteuttaja Kylä ry``). ``wider`` shows whether a colon follows the text.

    >>> [text[:n] for text in ("Rantapolku; hakija", "Rantapolku Hakija Kylä ry") for n in _first_label(text, text + ":")]
    ['Rantapolku; ', 'Rantapolku ']
    >>> _first_label("Kylien aika", "Kylien aika, ")
    []
    """
    for m in _LABEL.finditer(text, 1, overlapped=True):
        label = field_labels.field_of(m["label"])
        colon = ":" in m["behind"] or wider[m.end() :].lstrip()[:1] == ":"
        doer = label is not None and label.field in field_labels.ORGANISATIONS and m["label"][:1].isupper()
        if label is not None and label.field != "name" and (colon or doer):
            return [m.start()]
    return []


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
    named_by_fund = text[m.start()] in ".!?" and is_fund_compound(text, fact)  # "Nimi. Yhteinen ESR-hanke" is all name
    return None if named_by_fund else m.start()


_FUND_COMPOUND = r"FUND\+?-(?:hank|projekt)"


def is_fund_compound(text: str, start: int) -> bool:
    """Whether a fund stands in a compound such as ``ESR-hanke``, which may end a name.

    >>> is_fund_compound("Yhteinen ESR-hanke", 9)
    True
    """
    return with_funds(_FUND_COMPOUND).match(text, start) is not None


def continues_entry(text: str) -> bool:
    """Whether a row begins with words that tell more of a project already named: a title, a payer, a share.

    >>> continues_entry("Osatoteuttajana Oulun yliopisto."), continues_entry("Projektipäällikkö Aada Salo.")
    (True, True)
    >>> continues_entry("Keskusvirasto")
    False
    """
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return bool(_lead().match(". " + text)) or title_base(first) is not None


_WANTS_MORE = regex.compile(
    r"""(?ix) (?: [,(–-] | \b (?: ja | sekä | tai | eli | on | ovat | toimii | koordinoi | hallinnoi
        | \p{L}* (?: toteuttaja | rahoittaja | kumppani | hakija | hallinnoija ) \p{Ll}* ) ) \s* $"""
)


def is_incomplete(text: str) -> bool:
    """Whether a row cannot be the end of what it says: it ends with a comma, a conjunction, or a role still without its name.

    >>> is_incomplete("1.1.2022, hankkeen toteuttajana"), is_incomplete("toteuttajana Harjulan Setlementti ry")
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
        if m := with_funds(_PREFIX).match(text, start, end):
            start = m.end()
        if not housed and (m := _HOUSE.search(text, max(start + 1, end - _LONGEST_TAIL), end)):
            housed, end = True, m.start()
        for tail in (with_funds(_SUFFIX), _PERIOD_WORD):
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
