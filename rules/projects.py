"""What marks a stretch of text as a project, how far it is and what the municipality is in it (hanke: merkit, tila, rooli).

>>> announces_projects("Käynnissä olevat hankkeet"), looks_otherwise("Lehtorin viran täyttäminen")
(True, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from rules._load import alternation, rows

_PROJECT_WORD = regex.compile(
    r"""(?i) (?<![\p{L}-])
    (?: [\p{L}-]* (?: hanke (?: tta | kokonaisuu\p{Ll}+ | hakemu\p{Ll}+ | haku\p{Ll}* | avustu\p{Ll}+ | rahoitu\p{Ll}+ )?
                    | hankke (?: en | et | essa | esta | elle | ella | elta | eseen | iden | ista | isiin | issa ) )
      | [\p{L}-]* projekti (?: n | t | in | a | ssa | sta | lle )?
      | [\p{L}-]* avustu (?: s | ksen | sta | kseen | kset | ksella )
      | (?:[\p{L}-]*-)? kehittämis\p{L}+ )
    (?![\p{L}])""",
    regex.VERBOSE,
)
_LIST_OF_PROJECTS = regex.compile(
    r"""(?i) (?<![\p{L}-]) [\p{L}-]*
    (?: hank (?: keita | keet | keista | keiden | keisiin | keissa | keille | eluettelo\p{Ll}* | ekatsau\p{Ll}+ )
      | projekti (?: t | en | a | eja | luettelo\p{Ll}* )
      | avustukse (?: t | en )? | (?:hanke|rahoitus|avustus|tuki)päätökse (?: t | en ) | hakemukse (?: t | en )
      | kehittämistoim\p{Ll}+ | investoin\p{Ll}+ )
    (?![\p{L}])""",
    regex.VERBOSE,
)


def mentions_project(text: str) -> bool:
    """Whether a project, a grant or a programme is named in so many words."""
    return bool(_PROJECT_WORD.search(text))


def announces_projects(heading: str) -> bool:
    """Whether a heading or a lead-in says that projects follow (``Käynnissä olevat hankkeet``)."""
    return bool(_LIST_OF_PROJECTS.search(heading))


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


def lists_otherwise(heading: str) -> bool:
    """Whether a lead-in opens a list of decisions, goals or conditions, which may speak of projects but are none.

    >>> lists_otherwise("Kaupunginhallitus päättää"), lists_otherwise("Hanketoiminnan tavoitteet"), lists_otherwise("Hankkeet")
    (True, True, False)
    """
    return bool(_DECIDES.search(heading))


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


_STATUS = regex.compile(
    r"""(?ix)
      (?P<rejected> \bei\s+(?:ole\s+)? (?: myönnet\p{Ll}* | myöntänyt | saanut\s+(?:rahoitusta|avustusta)
            | lähtenyt\s+rahoittamaan )
        | \bhylät (?: ty | tiin | yt ) \b | \bhylkäsi\b | \bhylännyt\b | \bevännyt\b | \beväsi\b | \bevättiin\b
        | \bkielteinen\s+(?:rahoitus|avustus|tuki)?päätö | \bkielteisen\b | \bavslag | \bavslogs\b )
    | (?P<granted> \b(?:on\s+)?myöntänyt\b | \bmyönnetty\p{Ll}* | \bmyönnettiin\b | \bmyönsi\b | \bluvannut\b
        | \b(?:on\s+)?saanut\s+ (?:[\p{L}-]+\s+){0,3} (?:rahoitu|avustu|tuk)\p{Ll}*
        | \bmyöntei(?:nen|sen)\s+(?:rahoitus|avustus|tuki)?päätö
        | \bavustus\s+on\s+saatu\b | \b(?:on|oli)\s+saatu\b | \bbeviljat?\p{Ll}*\b )
    | (?P<ended> (?<!haku)(?<!hakuaika\s)(?<!hakuaika\son\s) \b(?:on\s+)?päättyn (?: yt | eet | eiden ) \b
        | \b(?:hanke|projekti|hankkeen\s+toteutus)\s+päättyi\b | \blopetettiin\b | \bloppurapor\p{Ll}+ | \bloppuselvity\p{Ll}+
        | \bslutrapport\p{Ll}* | \bavslutades\b )
    | (?P<planned> \bsuunnitteilla\b | \bvalmisteilla\b | \bon\s+tarkoitus\s+(?:toteuttaa|käynnistää|hakea)\b
        | \b(?:suunnitellut?|valmisteltavat?|tulevat)\s+hank\p{Ll}+ | \bhankesuunnitelma\p{Ll}* | \baiotaan\s+hakea\b
        | \bplaneras\b )
    | (?P<applied> \bhaetaan\b | \bhaettiin\b | \banotaan\b | \banottiin\b | \b(?:on\s+)?haettu\b(?!\s+summa)
        | \b(?:on\s+)?hakenut\b | \bhakee\b | \bhaettava\p{Ll}*
        | \bhakemu(?:s|kset?)\s+(?:on\s+)?(?:jätetty|lähetetty|vireillä) | \bjätetty\s+(?:rahoitus|avustus)?hakemu\p{Ll}+
        | \bpäätöstä\s+(?:ei\s+ole|odotetaan)\b | \bpäätös\s+odotetaan\b | \bansök\p{Ll}+ )
    | (?P<running> \bkäynnissä\b | \bmeneillään\b | \bkäynnistynyt\b | \bkäynnistyi\b | \bpågår\b | \bpågående\b )
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


_MUNICIPAL_PAYMENT = regex.compile(
    r"(?i)\b(?:kunnan|kaupungin)\s+(?:rahoitus|maksu)osuu\p{Ll}*|(?<!\bei\s)\bkuntarah(?:a|oitu)\p{Ll}*|\bkuntaosuu\p{Ll}*|\b(?:kunta|kaupunki)\s+(?:on\s+)?(?:mukana\s+)?osarahoittaja\p{Ll}*"
)


def find_municipal_payment(text: str) -> str | None:
    """``KUNTA`` where the text says that a municipality pays a share of another's project (kuntarahoitus), else None.

    >>> find_municipal_payment("Kaupunki maksaa kuntarahaosuuden 15.000 €"), find_municipal_payment("omarahoitus 5 000 €")
    ('KUNTA', None)
    """
    return "KUNTA" if _MUNICIPAL_PAYMENT.search(text) else None


_MONEY_WORD = regex.compile(r"(?i)rahoit|avustu|\btuk[ei]|\btuella|myön[nt]|\bha[ek]|\bjät|euro|€|hank[ek]|projekt|päätö|rahasto")


def speaks_of_money(sentence: str) -> bool:
    """Whether a sentence is about money or a project, so that an agency named in it may be a payer and not, say, a permit's.

    >>> speaks_of_money("ELY-keskus on myöntänyt tukea"), speaks_of_money("Aluehallintovirasto antoi vesiluvan")
    (True, False)
    """
    return bool(_MONEY_WORD.search(sentence))


_DENIES = regex.compile(r"(?i)\bei\s+(?:ole|olla|saada|saatu|haeta|haettu|myönnetä)\b[^.!?]*$")


def denies(before: str) -> bool:
    """Whether the words before a payer deny its money: ``hankkeelle ei ole saatavissa`` valtionavustusta.

    >>> denies("Hankkeelle ei ole saatavissa "), denies("Hanke ei ole valmis. Tukea antaa ")
    (True, False)
    """
    return _DENIES.search(before) is not None


_PROJECT_TITLE = regex.compile(r"(?i)\b(?:projekt|hanke)\p{L}+")
_CONTACT = regex.compile(
    r"(?i)\b(?:hankkee(?:n|sta|ssa)|projekti(?:n|sta|ssa)|hankevetäj\p{Ll}*|vetäjä\p{Ll}*|(?:vastuu|yhteys|yhdys)henkilö\p{Ll}*|vastaa"
    r"|koordinaattori(?:na|ksi|n)?|kontaktperson\p{Ll}*|ansvarig\p{Ll}*)\b[^.!?]*$"
)


def is_project_title(role: str) -> bool:
    """Whether a title is that of a project's own people: ``projektipäällikkö``, ``hanketyöntekijä``."""
    return bool(_PROJECT_TITLE.match(role))


def leads_to_contact(before: str) -> bool:
    """Whether the words before a person say that the person answers for a project.

    >>> leads_to_contact("Hankkeesta vastaa "), leads_to_contact("Lautakunta kuuli ")
    (True, False)
    """
    return bool(_CONTACT.search(before)) and not regex.search(r"(?i)\bkuuli\b|\besteelli", before)


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
