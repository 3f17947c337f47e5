"""How far a project is (hankkeen tila)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A value that a cue word gives, and where the words stand."""

    start: int
    end: int
    surface: str
    value: str
    rule_id: str


_PATTERNS: dict[str, str] = {
    # what only looks like a status: an appeal that was rejected, a proposal, a denial
    "none": r"""
          (?:hakemusta|hakemuksia|hanketta|hankkeita|esitystä|avustusta) \s+ ei \s+ (?:ole\s+)? hylätty?
        | (?:oikaisuvaatimu|valitu|kantelu)\p{Ll}* \s+ (?:\p{L}+\s+){0,3} (?:hyl|jät)\p{Ll}+
        | hyl(?:kä|ät|jä)\p{Ll}+ \s+ (?:\p{L}+\s+){0,4} (?:oikaisuvaatimu|valitu)\p{Ll}*
        | (?:ehdotti|ehdottaa|esitti) [^.;]{0,60} \b hyl(?:ät|kä)\p{Ll}+
        | ei(?:vät)? \s+ (?:ole\s+)? (?:vielä\s+)? loppurapor\p{Ll}+
        | loppurapor\p{Ll}+ \s+ (?:\p{L}+\s+){0,2} (?:jätettävä|toimitettava|annettava|mennessä)
        | (?:on\s+)? (?:haet|hake|anot|ano)\p{Ll}+ \s+ (?:\p{L}+\s+){0,1}? (?:jatkoai|lisäai|lykkäys|lisäaja)\p{Ll}*
        | (?:jatkoaikaa|lisäaikaa) \s+ (?:on\s+)? (?:haet|hake|anot|ano)\p{Ll}+
        | myönnetty\p{Ll}* \s+ (?:jatkoai|lisäai|lykkäys|lisäaja)\p{Ll}*
        | (?:mikäli|jos|ellei) \s+ (?:[\p{L}:-]+\s+){0,5} (?:myönnet|myöntä|saada|saa)\p{Ll}*
        | (?:haku|hakuaika) \s+ (?:on\s+|oli\s+)? (?:käynnissä|päättyn\p{Ll}+|meneillään) """,
    "running": r"""
          ei(?:vät)? \s+ (?:ole|olla) \s+ (?:vielä\s+)? (?:päättyn\p{Ll}+ | saatu\s+päätökseen | valmistun\p{Ll}+ | valmis)
        | käynnissä | meneillään | käynnistynyt | käynnistyneet | käynnistyi | pågår | pågående | alkanut | aloitettu
        | aloitettiin
        | toteutetaan\s+parhaillaan | jatkuu\s+(?:edelleen|suunnitellusti|vuoden) | etenee\s+(?:aikataulussa|suunnitel\p{Ll}+)
        | har\s+(?:startat|inletts|påbörjats) """,
    "planned": r"""
          ei(?:vät)? \s+ (?:ole|olla) \s+ (?:vielä\s+)? (?:käynnisty\p{Ll}+ | alkan\p{Ll}+ | aloitet\p{Ll}+
        | käynnistet\p{Ll}+ | haettu)
        | suunnitteilla | suunnitteluvaiheessa | valmisteilla | valmisteluvaiheessa
        | on\s+tarkoitus\s+(?:toteuttaa|käynnistää|hakea)
        | (?:suunnitellut?|valmisteltavat?|tulevat)\s+hank\p{Ll}+ | hankesuunnitelma\p{Ll}* | aiotaan\s+(?:hakea|toteuttaa)
        | (?:suunnittelee|suunnitellaan|valmistelee|valmistellaan)\s+(?:\p{L}[\p{L}-]*\s+){0,2}?(?:hanketta|projektia)
        | planeras """,
    "applied": r"""
          (?:rahoitus|avustus|tuki)?päätöstä \s+ ei \s+ (?:ole\s+)? (?:vielä\s+)? (?:tehty|saatu|annettu|tullut)
        | ei \s+ ole \s+ (?:vielä\s+)? (?:saanut|saatu|tehty|annettu|tullut) \s+ \p{L}*päätös(?:tä)?
        | (?:päättää|päätti|päätetään|päättänyt)\s+hakea | haetaan | haettiin | anotaan | anottiin
        | (?:on\s+)?haettu(?!\s+summa)
        | (?:on\s+)?hakenut | hakee | hakevat | haki | haettava\p{Ll}* | haussa(?=\s*$|\s+olev)
        | vireillä\s+olevat\s+hakemukset | haettaisiin | puolletaan | puoltaa | puolsi | puoltanut
        | hakemu(?:s|kset?)\s+(?:on\s+)?(?:jätetty|lähetetty|vireillä|saapunut|käsittelyssä)
        | jätetty\s+(?:rahoitus|avustus)?hakemu\p{Ll}+
        | jätti\s+hakemuksen | päätöstä\s+odotetaan | päätös\s+odotetaan | i\s+ansökningsskede | ansök\p{Ll}+ """,
    "rejected": r"""
          ei\s+(?:ole\s+)? (?: myönnet\p{Ll}* | myöntänyt | saanut\s+(?:rahoitusta|avustusta|tukea) | lähtenyt\s+rahoittamaan )
        | (?:rahoitusta|avustusta|tukea)\s+ei\s+(?:ole\s+)? (?:saatu|saada|myönnetty|tullut|tule)
        | jäi\s+(?:vaille|ilman)\s+(?:rahoitusta|avustusta|tukea) | ei\s+(?:päätti\s+)?rahoiteta
        | et?tei\s+ (?:[\p{L}-]+\s+){0,3}? (?: myönnä | myöntänyt | myönnet\p{Ll}* | osallistu | lähde | rahoita | myönnetä )
        | ei\s+myönnä\s+(?:hakijalle|hankkeelle|kunnalle|kaupungille|haettua|avustusta|rahoitusta)
        | (?:kunta|kaupunki|kaupunginhallitus|kunnanhallitus|lautakunta)\s+ei\s+(?:osallistu|lähde|rahoita)
        | hylät (?: ty | yt | tiin | yn | ään ) | hylkäsi | hylkää | hylkäävä\p{Ll}* | hylännyt | evännyt | eväsi
        | evättiin | evätty
        | kielteinen\s+(?:rahoitus|avustus|tuki)?päätö\p{Ll}* | kielteisen | avslag | avslogs | avslagits | fick\s+avslag """,
    "granted": r"""
          (?:on\s+)?myöntänyt | (?:päättänyt|päätti)\s+myöntää | myönnetty\p{Ll}* | myönnettiin | myönsi | luvannut
        | (?:on\s+)?saanut\s+ (?:[\p{L}:-]+\s+){0,3} (?:\p{L}+-)?(?:rahoitu|avustu|tuk)\p{Ll}*
        | (?:rahoitu|avustu|tuki)\p{Ll}*\s+saane (?: et | iden | ista | ita ) | saaduista\s+rahoituspäätö\p{Ll}+
        | myöntei(?:nen|sen)\s+(?:rahoitus|avustus|tuki)?päätö\p{Ll}*
        | (?<!kielteinen\s)rahoituspäätös\s+\d{1,2}\.\d{1,2}\.\d{4} | avustus\s+on\s+saatu
        | (?:on|oli)\s+saatu(?!\s+päätökseen) | beviljat?\p{Ll}* | har\s+godkänts """,
    "ended": r"""
          (?<!haku)(?<!hakuaika\s)(?<!hakuaika\son\s) (?:on\s+)?päättyn (?: yt | eet | eiden )
        | (?:hanke|projekti|hankkeen\s+toteutus)\s+päättyi | lopetettiin | saatu\s+päätökseen | saatettiin\s+päätökseen
        | loppurapor\p{Ll}+ | loppuselvity\p{Ll}+ | slutrapport\p{Ll}* | avslutades | avslutats | avslutade | keskeytettiin """,
    "cancelled": r"""
          (?:hakemus|hanke|projekti|hakemuksen|hankkeen)\s+ (?:on\s+)?
            (?:peruttu|peruutettu|peruttiin|peruutettiin|peruuntui|raukesi
            |rauennut|vedettiin\s+(?:pois|takaisin)|vedetty\s+(?:pois|takaisin))
        | (?:perui|peruutti|veti)\s+(?:\p{L}+\s+){0,3}?hakemuksensa | (?:luovuttiin|luopui|luopunut|luovutaan)\s+hankkeesta
        | hankkeesta\s+(?:luovuttiin|on\s+luovuttu|luovutaan) | rauen(?:nut|neet) | peru(?:tut|utetut)\s+hankkeet """,
}
"""How the words of each status are written; ``none`` are words that only look so."""
_ORDER = ("none", "cancelled", "rejected", "granted", "ended", "planned", "applied", "running")
"""Which is tried first where several begin at one place: a denial before what it denies."""


_BEGINS = "(?:a[ilnv]|be|e[hilstv]|fi|h[ay]|i\\s|j[aoä]|k[aiuä]|l[aou]|m[eiy]|o[ino]|p[elruåä]|r[a]|s[alu]|t[ou]|v[aei])"
"""How the words of a status begin: the pattern looks no further where none of them does."""


@cache
def _status() -> regex.Pattern[str]:
    body = "\n | ".join(f"(?P<{name}> {_PATTERNS[name]} )" for name in _ORDER)
    return regex.compile(rf"(?ix) (?<!\p{{L}}) (?= {_BEGINS} ) (?: {body} ) (?!\p{{L}})")


def find_status(text: str) -> list[CueMatch]:
    """Words that say how far a project is (tila): granted, rejected, applied, planned, running, ended, cancelled.

    >>> [m.value for m in find_status("Aluehallintovirasto on myöntänyt hankkeelle 5 000 euroa")]
    ['granted']
    >>> [m.value for m in find_status("Hanke ei ole vielä päättynyt. Hakemusta ei hylätty, vaan se palautettiin.")]
    ['running']
    """
    return [
        CueMatch(m.start(), m.end(), m.group(), str(m.lastgroup), f"projects.status.{m.lastgroup}")
        for m in _status().finditer(text)
        if m.lastgroup != "none"
    ]


_PROLONGED = regex.compile(
    r"(?i)\bjatkoai\p{L}*\s+(?:\p{L}+\s+){0,2}$|\b(?:jatkettu|jatkettiin)\s+(?:\p{L}+\s+){0,1}$|\bförlängts?\s+(?:\p{L}+\s+){0,2}$"
)


_CUT_SHORT = regex.compile(
    r"(?i)(?:ennenaikaisesti|etuajassa|keskeytet\p{L}+|keskeytyi|i förtid)\s+(?:\p{L}+\s+){0,3}$"
    r"|(?:\bja|,)\s+(?:se\s+|hanke\s+)?(?:jatkuu|jatkui|jatketaan)\s+$"
    r"|(?:päättymi\p{L}+|päätty\p{L}*)\s+(?:on\s+)?(?:siirret\p{L}+|aikaistet\p{L}+|muutet\p{L}+)\s+(?:\p{L}+\s+){0,2}$"
)


def moves_end(text: str, start: int, end: int) -> bool:
    """Whether a date is the end that a project came to have, later or earlier than planned.

    >>> moves_end("hanke päättyi ennenaikaisesti 30.6.2023", 30, 39), moves_end("hanke päättyy 30.6.2023", 14, 23)
    (True, False)
    >>> moves_end("1.9.–31.12.2022 ja jatkuu 30.6.2023", 26, 35)
    True
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
