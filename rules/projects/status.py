"""How far a project is (hankkeen tila)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A value that a cue word gives, and where the words stand."""

    start: int
    end: int
    surface: str
    value: str
    rule_id: str


_STATUS_WORDS = (
    "aio ano ansök av bevil ei ett ev hae hai hak hank hau hyl jät kielt käyn lop luv men myön oli on planer proj pågå päät "
    "rahoit saa slut suun tu vali valm vire"
)


_STATUS_BEGINS = alternation(_STATUS_WORDS.split())
"""How the words of a status begin: the pattern looks no further where none of them does."""


_STATUS = regex.compile(
    rf"""(?ix) \b (?= {_STATUS_BEGINS} ) (?:
      (?P<rejected> ei\s+(?:ole\s+)? (?: myönnet\p{{Ll}}* | myöntänyt | saanut\s+(?:rahoitusta|avustusta)
            | lähtenyt\s+rahoittamaan )
        | et?tei\s+ (?:[\p{{L}}-]+\s+){{0,3}}? (?: myönnä | myöntänyt | myönnet\p{{Ll}}* )\b
        | ei\s+myönnä\s+(?:hakijalle|hankkeelle|kunnalle|kaupungille|haettua|avustusta|rahoitusta)\b
        | hylät (?: ty | tiin | yt ) \b | hylkäsi\b | hylännyt\b | evännyt\b | eväsi\b | evättiin\b | evätty\b
        | kielteinen\s+(?:rahoitus|avustus|tuki)?päätö | kielteisen\b | avslag | avslogs\b | avslagits\b )
    | (?P<granted> (?:on\s+)?myöntänyt\b | (?:päättänyt|päätti)\s+myöntää\b
        | myönnetty\p{{Ll}}* | myönnettiin\b | myönsi\b | luvannut\b
        | (?:on\s+)?saanut\s+ (?:[\p{{L}}:-]+\s+){{0,3}} (?:\p{{L}}+-)?(?:rahoitu|avustu|tuk)\p{{Ll}}*
        | (?:rahoitu|avustu|tuki)\p{{Ll}}*\s+saane (?: et | iden | ista | ita )\b | saaduista\s+rahoituspäätö\p{{Ll}}+
        | myöntei(?:nen|sen)\s+(?:rahoitus|avustus|tuki)?päätö
        | (?<!kielteinen\s)rahoituspäätös\s+\d{{1,2}}\.\d{{1,2}}\.\d{{4}} | avustus\s+on\s+saatu\b
        | (?:on|oli)\s+saatu\b(?!\s+päätökseen) | beviljat?\p{{Ll}}*\b )
    | (?P<ended> (?<!haku)(?<!hakuaika\s)(?<!hakuaika\son\s) (?:on\s+)?päättyn (?: yt | eet | eiden ) \b
        | (?:hanke|projekti|hankkeen\s+toteutus)\s+päättyi\b | lopetettiin\b | saatu\s+päätökseen\b
        | loppurapor\p{{Ll}}+ | loppuselvity\p{{Ll}}+ | slutrapport\p{{Ll}}* | avslutades\b | avslutats\b | avslutade\b )
    | (?P<planned> suunnitteilla\b | valmisteilla\b | on\s+tarkoitus\s+(?:toteuttaa|käynnistää|hakea)\b
        | (?:suunnitellut?|valmisteltavat?|tulevat)\s+hank\p{{Ll}}+ | hankesuunnitelma\p{{Ll}}* | aiotaan\s+hakea\b
        | (?:suunnittelee|suunnitellaan|valmistelee)\s+(?:\p{{L}}[\p{{L}}-]*\s+){{0,2}}?(?:hanketta|projektia)\b | planeras\b )
    | (?P<applied> (?:päättää|päätti|päätetään|päättänyt)\s+hakea\b
        | haetaan\b | haettiin\b | anotaan\b | anottiin\b | (?:on\s+)?haettu\b(?!\s+summa)
        | (?:on\s+)?hakenut\b | hakee\b | haettava\p{{Ll}}* | haussa\b(?=\s*$|\s+olev)
        | vireillä\s+olevat\s+hakemukset\b
        | hakemu(?:s|kset?)\s+(?:on\s+)?(?:jätetty|lähetetty|vireillä) | jätetty\s+(?:rahoitus|avustus)?hakemu\p{{Ll}}+
        | päätöstä\s+(?:ei\s+ole|odotetaan)\b | päätös\s+odotetaan\b | ansök\p{{Ll}}+ )
    | (?P<running> käynnissä\b | meneillään\b | käynnistynyt\b | käynnistyi\b | pågår\b | pågående\b ) )
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


_PROLONGED = regex.compile(
    r"(?i)\bjatkoai\p{L}*\s+(?:\p{L}+\s+){0,2}$|\b(?:jatkettu|jatkettiin)\s+(?:\p{L}+\s+){0,1}$|\bförlängts?\s+(?:\p{L}+\s+){0,2}$"
)


_CUT_SHORT = regex.compile(
    r"(?i)(?:ennenaikaisesti|etuajassa|keskeytet\p{L}+|keskeytyi|i förtid)\s+(?:\p{L}+\s+){0,3}$"
    r"|(?:päättymi\p{L}+|päätty\p{L}*)\s+(?:on\s+)?(?:siirret\p{L}+|aikaistet\p{L}+|muutet\p{L}+)\s+(?:\p{L}+\s+){0,2}$"
)


def moves_end(text: str, start: int, end: int) -> bool:
    """Whether a date is the end that a project came to have, later or earlier than planned.

    >>> moves_end("hanke päättyi ennenaikaisesti 30.6.2023", 30, 39), moves_end("hanke päättyy 30.6.2023", 14, 23)
    (True, False)
    """
    return _CUT_SHORT.search(text, max(0, start - 60), start) is not None or prolongs(text, start, end)


_GRANTED = regex.compile(r"(?i)\b(?:sai|saa|myön|jatkettu|jatkettiin|förläng|bevilj)\p{L}*")


_ASKED = regex.compile(r"(?i)\b(?:hae|hake|hait|ano|anot|esit|ehdot|ansök)\p{L}*")


def prolongs(text: str, start: int, end: int) -> bool:
    """Whether a date is the new end of a project that was given more time, not one that more time is asked for.

    >>> prolongs("jatkoaikaa saatiin 30.6.2024 saakka", 19, 28), prolongs("haettu jatkoaikaa 30.6.2024 asti", 18, 27)
    (True, False)
    """
    before = text[max(0, start - 60) : start]
    if not _PROLONGED.search(before):
        return False
    clause = before[max(before.rfind(". "), before.rfind(", ")) + 1 :] + text[end : end + 30].partition(". ")[0]
    return bool(_GRANTED.search(clause)) and not _ASKED.search(clause)
