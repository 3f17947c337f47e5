"""What marks a stretch of text as a project, how far it is and what the municipality is in it (hanke: merkit, tila, rooli).

>>> announces_projects("Käynnissä olevat hankkeet"), looks_otherwise("Lehtorin viran täyttäminen")
(True, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation, has_any, lowered, rows

_PROJECT_WORD = regex.compile(
    r"""(?i) (?<![\p{L}-])
    (?: [\p{L}-]* (?: hanke (?: tta | kokonaisuu\p{Ll}+ | hakemu\p{Ll}+ | haku\p{Ll}* | avustu\p{Ll}+ | rahoitu\p{Ll}+ )?
                    | hankke (?: en | et | essa | esta | elle | ella | elta | eseen | iden | ista | isiin | issa ) )
      | [\p{L}-]* projekti (?: n | t | in | a | ssa | sta | lle )?
      | [\p{L}-]* avustu (?: s | ksen | sta | kseen | kset | ksella | ksesta )
      | (?:[\p{L}-]*-)? kehittämis\p{L}+ )
    (?![\p{L}])""",
    regex.VERBOSE,
)
_LIST_OF_PROJECTS = regex.compile(
    r"""(?i) (?<![\p{L}-]) [\p{L}-]*
    (?: hank (?: esalk\p{Ll}+ | keita | keet | keista | keiden | keisiin | keissa | keille | eluettelo\p{Ll}* | ekatsau\p{Ll}+ )
      | projekti (?: t | en | a | eja | luettelo\p{Ll}* )
      | avustukse (?: t | en )? | (?:hanke|rahoitus|avustus|tuki)päätökse (?: t | en ) | hakemukse (?: t | en )
      | kehittämistoim\p{Ll}+ | investoin\p{Ll}+ | projekten | projekt(?=\s*:?\s*$) )
    (?![\p{L}])""",
    regex.VERBOSE,
)


_PROJECT_STEMS = ("hanke", "hankke", "projekti", "avustu", "kehittämis")
_LIST_STEMS = ("hankke", "hankel", "hankek", "hankes", "projekt", "avustukse", "päätökse", "hakemukse", "kehittämist", "investoi")


def mentions_project(text: str) -> bool:
    """Whether a project, a grant or a programme is named in so many words."""
    return has_any(text.lower(), _PROJECT_STEMS) and _PROJECT_WORD.search(text) is not None


def announces_projects(heading: str) -> bool:
    """Whether a heading or a lead-in says that projects follow (``Käynnissä olevat hankkeet``)."""
    return has_any(heading.lower(), _LIST_STEMS) and _LIST_OF_PROJECTS.search(heading) is not None


_STATUS_ALONE = regex.compile(
    r"""(?xi) (?: jo\s+ )? (?: päättyneet | päättyvät | päättymässä\s+olevat | käynnissä(?:\s+olevat)? | alkavat | uudet | muut
        | vireillä(?:\s+olevat)? | valmistelussa(?:\s+olevat)?
        | suunnitteilla(?:\s+olevat)? | haetut | haettavat | haussa(?:\s+olevat)? | hylätyt | rahoitetut
        | rahoituspäätöstä\s+odottavat | hyväksytyt ) (?:\s+hankkeet)? [.:]?"""
)


def heads_projects(heading: str) -> bool:
    """Whether a heading among projects says that more follow, if only by how far they are: ``Päättyneet``, ``Hylätyt``.

    >>> heads_projects("Päättyneet"), heads_projects("Omat hankkeet"), heads_projects("Päättyneet asiat")
    (True, True, False)
    """
    return announces_projects(heading) or _STATUS_ALONE.fullmatch(heading.strip()) is not None


_TOLD = regex.compile(
    r"(?i)\bhankkeen\s+(?:suunniteltu\s+|arvioitu\s+)?(?:toteutusai|kokonaisbudjet|kokonaiskustannu|kustannusarvi|budjet|kesto)\p{L}*"
)
_RUNS = regex.compile(r"(?i)\b(?:hanke|projekti)\s+(?:toteutetaan|toteutuu|alkaa|käynnistyy|kestää|valmistuu|on\s+tarkoitus)\b")


def told_as_project(text: str) -> bool:
    """Whether a text tells of its matter as of a project with a time and costs of its own.

    >>> told_as_project("Hankkeen kokonaiskustannukset nousevat. Hanke toteutetaan keväällä."), told_as_project("Hanke etenee.")
    (True, False)
    """
    told = {m.group().split()[-1][:8].casefold() for m in _TOLD.finditer(text)}
    return len(told) + bool(_RUNS.search(text)) >= 2


_HANDLING = regex.compile(
    r"""(?x) \s* (?: \p{L}*(?:hallitus|valtuusto|lautakunta|jaosto|johtokunta)\s+ \d{1,2}\.\d{1,2}\.\d{4} ,? \s+ §
      | (?-i:\p{Ll}+) (?<= merkitsee | hyväksyy | päättää | valtuuttaa | myöntää | toteaa | esittää | antaa | nimeää | valitsee
          | osallistuu | osallistua | hyväksyä | merkitä | hakea | valtuuttaa | esittää | antaa | myöntää | saattaa ) \s )"""
)
"""Another body's handling (``Kaupunginhallitus 3.2.2025 § 29: …``), or a point of a decision (``merkitsee … tiedoksi``)."""


@cache
def _otherwise() -> regex.Pattern[str]:
    stems, words = ([r["stem"] for r in rows("not_projects") if r["match"] == match] for match in ("stem", "word"))
    return regex.compile(rf"(?i)(?<!\p{{L}})(?:{alternation(stems)}\p{{Ll}}*|{alternation(words)})(?!\p{{L}})")


def looks_otherwise(text: str) -> bool:
    """Whether the words are those of something that is no project: a vacancy, a plot, a purchase, a meeting."""
    return bool(_otherwise().search(text)) or bool(_HANDLING.match(text))


_DECIDES = regex.compile(
    r"(?i)\b(?:päättää|päätti|esittää|ehdottaa|päättänee|päätetään|päätettiin|seuraavaa|että|merkitsee|\p{L}*tavoit\p{Ll}+|painopist\p{Ll}+|periaat\p{Ll}+|"
    r"edellyty\p{Ll}+|ehdot|kriteeri\p{Ll}*|toimenpite\p{Ll}+|vaikutu\p{Ll}+|liitteet|liite)\b[^.]*$"
)


_CALL = regex.compile(r"(?i)\b(?:on|ovat)\s+(?:\p{Ll}+\s+)?haettav(?:ana|issa)\b(?!\s+olev)")
_THE_FOLLOWING = regex.compile(r"(?i)\bseuraav\p{Ll}+\s+(?:\p{L}[\p{L}-]*\s+){0,2}?(?:hankke|hankkei|projekte)\p{Ll}+")


def decides_on_projects(heading: str) -> bool:
    """Whether a lead-in decides on the projects it lists: ``Lautakunta päättää hakea tukea seuraaviin hankkeisiin``.

    >>> decides_on_projects("päättää, että toteutetaan seuraavien hankkeiden toimet"), decides_on_projects("päättää seuraavaa")
    (True, False)
    """
    return _THE_FOLLOWING.search(heading) is not None


def lists_otherwise(heading: str) -> bool:
    """Whether a lead-in opens a list of decisions, goals, conditions or calls, which may speak of projects but are none.

    >>> lists_otherwise("Kaupunginhallitus päättää"), lists_otherwise("Hanketoiminnan tavoitteet"), lists_otherwise("Hankkeet")
    (True, True, False)
    >>> lists_otherwise("Lisäksi on haettavana investointiavustuksia"), lists_otherwise("Haettavana olevat avustukset")
    (True, False)
    """
    return bool(_DECIDES.search(heading) or _CALL.search(heading))


_NOTICES = regex.compile(r"(?i)ilmoitus|ilmoitet|tiedoksi|saapune|kirje|viranhaltija|päätöslu|päätöksiä|muut\s+asiat|otto-oikeu")


def lists_notices(heading: str) -> bool:
    """Whether a list holds notices, letters or decisions taken, of which some may be about a project.

    >>> lists_notices("Ilmoitusasiat"), lists_notices("Haettavana olevat hankkeet")
    (True, False)
    """
    return bool(_NOTICES.search(heading))


# ---------------------------------------------------------------- status and the municipality's role


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


_MUNICIPAL = r"(?:\p{Lu}\p{L}+n\s+)?(?:kaupunki|kunta)|\p{Lu}\p{L}+"
_ROLE = regex.compile(
    rf"""(?x)
      \b (?: (?P<who>{_MUNICIPAL}) \s+ (?:on|toimii|oli)? \s*
            (?:hankkeessa\s+|siinä\s+|lisäksi\s+|myös\s+)? (?:mukana\s+)?
            (?:osallistuu\s+(?:hankkeeseen|hankkeessa)\s+)? )
        (?: (?P<co_implementer> osa[-\s]?toteuttaja(?:na)? (?:\s+hankkeessa)? )
          | (?P<lead> (?:pää|hankkeen\s+)? (?:hakija|toteuttaja|hallinnoija|vastuutoteuttaja) na | päähakija
              | päätoteuttaja | hankkeen\s+hallinnoija )
          | (?P<partner> (?:hanke|yhteistyö)?kumppani(?:na)? )
          | (?P<participant> (?:on\s+)? mukana \s+ (?:myös\s+)? (?:hankkeessa|kehittäjäkumppanina)?
              | osallistujana | osallistuu\s+hankkeeseen ) )
    | \b (?P<who> [Kk]aupungin | [Kk]unnan ) \s+ (?P<lead> hallinnoima|koordinoima|vetämä|toteuttama ) \b
    | \b (?P<who> \p{{Lu}}\p{{L}}+ ) \s+ on \s+ (?P<lead> hakijakuntana | vetäjäkuntana | vastuukuntana | hallinnoijakuntana ) \b
    | \b (?P<who> \p{{Lu}}\p{{L}}+n | [Kk]aupungin | [Kk]unnan ) \s+ rooli \s* (?: : | \s(?:hankkeessa\s)?on\s ) \s*
        (?: (?P<co_implementer> osa[-\s]?toteuttaja ) | (?P<lead> (?:pää|vastuu)?toteuttaja | päähakija | hakija | hallinnoija )
          | (?P<partner> (?:hanke|yhteistyö)?kumppani | partneri ) | (?P<participant> osallistuja ) ) \b
    | \b (?P<who> \p{{Lu}}\p{{L}}+(?:\s(?:kommun|stad))? | [Kk]ommunen | [Ss]taden ) \s+ (?:är|var|fungerar\ssom|deltar\ssom) \s+
        (?: (?P<co_implementer> delgenomförare ) | (?P<lead> huvudgenomförare | huvudsökande | projektägare )
          | (?P<partner> (?:projekt|samarbets)?partner ) ) \b
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


_MUNICIPAL_PAYMENT = regex.compile(
    r"(?i)\b(?:kunnan|kaupungin)\s+(?:rahoitus|maksu)osuu\p{Ll}*|(?<!\bei\s)\bkuntarah(?:a|oitu)\p{Ll}*|\bkuntaosuu\p{Ll}*|\b(?:kunta|kaupunki)\s+(?:on\s+)?(?:mukana\s+)?osarahoittaja\p{Ll}*"
    r"|(?<!\p{L})kunnat\s+\d[\d\s.,]{0,16}(?:€|euroa|%)|(?<!\p{L})kunta\s+\d[\d\s.,]{0,16}(?:€|euroa)|\bjosta\s+(?:\p{L}+n\s+)?(?:kunta|kaupunki)\s+maksaa\b|\bmaksaa\s+osuutenaan\b"
    r"|(?<!ingen\s)\bkommunal(?:a)?\s+andel\p{Ll}*|\bkommunandel\p{Ll}*|\bkommunfinansiering\p{Ll}*"
)


def find_municipal_payment(text: str) -> str | None:
    """``KUNTA`` where the text says that a municipality pays a share of another's project (kuntarahoitus), else None.

    >>> find_municipal_payment("Kaupunki maksaa kuntarahaosuuden 15.000 €"), find_municipal_payment("omarahoitus 5 000 €")
    ('KUNTA', None)
    """
    return "KUNTA" if _MUNICIPAL_PAYMENT.search(text) else None


_ROLE_ALONE = regex.compile(
    r"""(?ix) \s* (?: (?P<co_implementer> osa[-\s]?toteuttaja(?:na)? )
          | (?P<lead> (?: (?:pää|vastuu)?toteuttaja | (?:pää)?hakija | hallinnoija )(?:na)? )
          | (?P<partner> (?: (?:hanke|yhteistyö)?kumppani | partneri )(?:na)? ) | (?P<participant> osallistuja(?:na)? ) )
        (?= \s*(?:[.,;(/]|$) )"""
)


def role_of(value: str) -> CueMatch | None:
    """The municipality's part as the value of a label such as ``Kunnan rooli``.

    >>> role_of("kumppani").value, role_of("ei tiedossa")
    ('partner', None)
    """
    m = _ROLE_ALONE.match(value)
    return CueMatch(m.start(), m.end(), m.group(), m.lastgroup or "", f"projects.role.{m.lastgroup}.label") if m else None


_APPLIES = regex.compile(
    r"(?i)\b(?:hakee|hakevat|haetaan|haettiin|hakea|on\s+hakenut|on\s+haettu)\s+(?:\p{L}[\p{L}-]*\s+){0,3}?\p{L}*(?:rahoitusta|avustusta|avustuksia|tukea)\b"
)


def applies_for_money(heading: str) -> bool:
    """Whether a lead-in says that money is applied for, so that a bare sum below it is what is asked.

    >>> applies_for_money("Kunta hakee rahoitusta seuraaviin hankkeisiin"), applies_for_money("Haettavat hankkeet")
    (True, False)
    """
    return _APPLIES.search(heading) is not None


_OF_THE_STATE = regex.compile(r"(?i)(?:virasto|konttori|keskus|hallitus|tekes|traficom)$|virasto\s")


def is_of_the_state(name: str) -> bool:
    """Whether a payer without a code of its own is an agency of the state.

    >>> is_of_the_state("Digi- ja väestötietovirasto"), is_of_the_state("Svenska kulturfonden")
    (True, False)
    """
    return _OF_THE_STATE.search(name) is not None


_PAYS = regex.compile(r"(?i)\b(?:kunta|kaupunki|kommunen|staden)\s+(?:rahoittaa|maksaa|tukee|finansierar|betalar)\b")


def municipality_pays(text: str) -> bool:
    """Whether the municipality is the subject of a verb of paying: ``yhdistys toteuttaa, kaupunki rahoittaa``.

    >>> municipality_pays("kaupunki rahoittaa vuonna 2020 2 000 eurolla"), municipality_pays("kaupunki toteuttaa")
    (True, False)
    """
    return _PAYS.search(text) is not None


_MONEY_WORD = regex.compile(r"(?i)rahoit|avustu|\btuk[ei]|\btuella|myön[nt]|\bha[ek]|\bjät|euro|€|hank[ek]|projekt|päätö|rahasto")


_PERMIT = regex.compile(r"(?i)\b(?:lup(?:a|aa|ia)|luvan|lausun(?:to|non|toa)|poikkeami)\p{L}*")
_PLAIN_MONEY = regex.compile(r"(?i)rahoit|avustu|\btuk[ei]|\btuella|euro|€")


def speaks_of_money(sentence: str) -> bool:
    """Whether a sentence is about money or a project, so that an agency named in it may be a payer and not, say, a permit's.

    >>> speaks_of_money("ELY-keskus on myöntänyt tukea"), speaks_of_money("Aluehallintovirasto on myöntänyt luvan hankkeelle")
    (True, False)
    """
    return bool((_PLAIN_MONEY if _PERMIT.search(sentence) else _MONEY_WORD).search(sentence))


_PROLONGED = regex.compile(
    r"(?i)\bjatkoai\p{L}*\s+(?:\p{L}+\s+){0,2}$|\b(?:jatkettu|jatkettiin)\s+(?:\p{L}+\s+){0,1}$|\bförlängts?\s+(?:\p{L}+\s+){0,2}$"
)
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


_DENIES = regex.compile(r"(?i)\bei\s+(?:ole|olla|saada|saatu|haeta|haettu|myönnetä)\b[^.!?]*$")


_DENIED_BEHIND = regex.compile(r"(?i)^[^.!?]{0,70}\bei\s+(?:ole\s+)?(?:tullut|tulla|saatu|saada|haettu|haeta|myönnetty)\b")


def denies(before: str, after: str = "") -> bool:
    """Whether the words around a payer deny its money: ``hankkeelle ei ole saatavissa`` valtionavustusta.

    >>> denies("Hankkeelle ei ole saatavissa "), denies("Hanke ei ole valmis. Tukea antaa ")
    (True, False)
    >>> denies("", " avustusta ei tullut haettavaksi"), denies("", " tukea. Muuta ei ole haettu")
    (True, False)
    """
    return _DENIES.search(before) is not None or _DENIED_BEHIND.match(after) is not None


_PROJECT_TITLE = regex.compile(r"(?i)\b(?:projekt|hanke)\p{L}+")
_CONTACT = regex.compile(
    r"(?i)\b(?:hankkee(?:n|sta|ssa)|projekti(?:n|sta|ssa)|hankevetäj\p{Ll}*|vetäjä\p{Ll}*|(?:vastuu|yhteys|yhdys)henkilö\p{Ll}*|vastaa"
    r"|koordinaattori(?:na|ksi|n)?|(?:hanketta|projektia)\s+(?:johta|vetä|koordinoi)\p{Ll}*|kontaktperson\p{Ll}*|ansvarig\p{Ll}*)\b[^.!?]*$"
)


def is_project_title(role: str) -> bool:
    """Whether a title is that of a project's own people: ``projektipäällikkö``, ``hanketyöntekijä``."""
    return bool(_PROJECT_TITLE.match(role))


_ASIDE = regex.compile(r".*,\s+(?:ja|jo[ns]ka|jota|joka|jolle|jossa|joista|mutta|sekä)\s+(?=[^,]*$)", regex.DOTALL)
"""What is told besides, in a clause of its own: ``…, ja lukuvinkit antoi``, ``…, jonka loppuraportin tarkasti``."""


def leads_to_contact(before: str) -> bool:
    """Whether the words before a person say that the person answers for a project.

    >>> leads_to_contact("Hankkeesta vastaa "), leads_to_contact("Lautakunta kuuli "), leads_to_contact("vetäjänä toimii A, ja B")
    (True, False, False)
    """
    aside = _ASIDE.match(before)
    said = before[aside.end() :] if aside else before
    return bool(_CONTACT.search(said)) and not regex.search(r"(?i)\bkuuli\b|\besteelli", before)


_CONTACT_AFTER = regex.compile(r"(?i)\s*(?:vastuulla|johdolla|vetämänä|vastaa\s+hankkee|vetää\s+hanke|antaa\s+lisätieto)")


def follows_contact(after: str) -> bool:
    """Whether the words behind a person say that the person answers for a project: ``… on rehtori X:n vastuulla``.

    >>> follows_contact(" vastuulla."), follows_contact(" poistui.")
    (True, False)
    """
    return _CONTACT_AFTER.match(after) is not None


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
        | (?:on|koottu|esitellään|lueteltu|yhteensä|kaikkiaan) \s+ (?:\p{{Ll}}+\s+){{0,3}}? (?P<b>{_NUMBER}) \s+
            (?:\p{{L}}+\s+){{0,3}}? (?:[\p{{L}}-]*hanketta|projektia) )
      \b (?! \s*(?:euro|€|%|\.\d) )"""
)


_COUNTED = regex.compile(r"hankkeita|projekteja|hanketta|projektia")
_AROUND = 200
"""How many characters from its word a count may stand."""


def find_stated_count(text: str) -> list[tuple[int, CueMatch]]:
    """How many projects the text says there are (hankkeiden ilmoitettu määrä).

    >>> [n for n, _ in find_stated_count("Kaikkiaan hankkeita on yhdeksän kappaletta.")]
    [9]
    """
    found = []
    reached = 0
    for counted in _COUNTED.finditer(lowered(text)):  # which is much faster than to try the pattern everywhere
        m = _COUNT.search(text, max(reached, counted.start() - _AROUND), counted.end() + _AROUND)
        if m is None:
            continue
        reached = m.end()
        group = "a" if m["a"] else "b"
        word = m[group].casefold()
        number = int(word) if word.isdigit() else _NUMERALS[word]
        found.append((number, CueMatch(*m.span(group), m[group], str(number), "projects.stated_count")))
    return found
