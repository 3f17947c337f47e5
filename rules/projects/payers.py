"""Who pays, asks and is denied money."""

from __future__ import annotations

import regex

_APPLIES = regex.compile(
    r"(?i)\b(?:hakee|hakevat|haetaan|haettiin|hakea|on\s+hakenut|on\s+haettu)\s+(?:\p{L}[\p{L}-]*\s+){0,3}?\p{L}*(?:rahoitusta|avustusta|avustuksia|tukea)\b"
)


def applies_for_money(heading: str) -> bool:
    """Whether a lead-in says that money is applied for, so that a bare sum below it is what is asked.

    >>> applies_for_money("Kunta hakee rahoitusta seuraaviin hankkeisiin"), applies_for_money("Haettavat hankkeet")
    (True, False)
    """
    return _APPLIES.search(heading) is not None


_ASKED_FOR = regex.compile(
    r"(?i)(?<!\p{L})(?:haet(?:tu|ut|un|aan)|haettava\s(?:avustus|tuki|rahoitus)|haettiin|anot(?:tu|ut|aan)|\p{L}*hakemu(?:s|kset|ksia)|ansökningar|sökt|sökta|ansökt)(?!\p{L})"
)
_GIVEN = regex.compile(
    r"(?i)(?<!\p{L})(?:myönn?et(?:ty|yt|tiin|ään)|myöntämät|myöntänyt|myönsi|rahoitetut|hyväksytyt|beviljade|beviljats|beviljat)(?!\p{L})"
)


def money_of_heading(heading: str) -> str | None:
    """What the bare sums under a heading are: asked for, or granted; None where it does not say, or says both.

    >>> money_of_heading("Haettu tuki"), money_of_heading("Opetushallituksen myöntämät avustukset"), money_of_heading("Hankkeet")
    ('applied_grant', 'grant', None)
    """
    asked, given = _ASKED_FOR.search(heading), _GIVEN.search(heading)
    return None if bool(asked) == bool(given) else "applied_grant" if asked else "grant"


_REQUESTED = regex.compile(
    r"(?i)(?<!\p{L})(?:pyyde|pyynn|puolle|hyljä|hylä|pöydälle\sjä|ei\smyönnet|jäi\silman|puoltaa|Leader)\p{L}*"
)
_CARRIED_OUT = regex.compile(
    r"(?i)(?<!\p{L})(?:käynnissä|käynnistyn|päättynee|toteutetut|toteutuneet|rahoitettavat|myönnetään)\p{L}*"
)


def role_beside_name(heading: str, text: str) -> str | None:
    """What a body is that stands beside a project's name without a word of its role; None where nothing says it.

    >>> [role_beside_name(heading, "") for heading in ("Puollettavat hankkeet", "Käynnissä olevat hankkeet", "Hankkeet")]
    ['applicant', 'implementer', None]
    """
    for said in (text, heading):
        if _REQUESTED.search(said) or (_ASKED_FOR.search(said) and not _GIVEN.search(said)):
            return "applicant"
        if _CARRIED_OUT.search(said) or _GIVEN.search(said):
            return "implementer"
    return None


_OF_THE_STATE = regex.compile(r"(?i)(?:virasto|konttori|keskus|hallitus|tekes|traficom)$|virasto\s")


def is_of_the_state(name: str) -> bool:
    """Whether a payer without a code of its own is an agency of the state.

    >>> is_of_the_state("Digi- ja väestötietovirasto"), is_of_the_state("Svenska kulturfonden")
    (True, False)
    """
    return _OF_THE_STATE.search(name) is not None


_MONEY_WORD = regex.compile(r"(?i)rahoit|avustu|\btuk[ei]|\btuella|myön[nt]|\bha[ek]|\bjät|euro|€|hank[ek]|projekt|päätö|rahasto")


_PERMIT = regex.compile(r"(?i)\b(?:lup(?:a|aa|ia)|luvan|lausun(?:to|non|toa)|poikkeami)\p{L}*")


_PLAIN_MONEY = regex.compile(r"(?i)rahoit|avustu|\btuk[ei]|\btuella|euro|€")


def speaks_of_money(sentence: str) -> bool:
    """Whether a sentence is about money or a project, so that an agency named in it may be a payer and not, say, a permit's.

    >>> speaks_of_money("ELY-keskus on myöntänyt tukea"), speaks_of_money("Aluehallintovirasto on myöntänyt luvan hankkeelle")
    (True, False)
    """
    return bool((_PLAIN_MONEY if _PERMIT.search(sentence) else _MONEY_WORD).search(sentence))


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
