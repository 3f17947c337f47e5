"""Sentences that give an organisation a role in a project (roolin ilmaukset), as patterns."""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.organisations.name_ends import LEGAL, head_forms
from poytakirja.rules.vocabulary_tables.tables import alternation, rows


def _forms(match: str) -> dict[str, list[str]]:
    """The cue words of one kind by role."""
    forms: dict[str, list[str]] = {}
    for row in rows("organisation_cues"):
        if row["match"] == match:
            forms.setdefault(row["role"], []).append(row["form"])
    return forms


@cache
def cue_pattern() -> regex.Pattern[str]:
    """A noun of a role, with what may lead to it: ``hankkeen toteuttajana``, ``muina kumppaneina``."""
    stems, words = _forms("stem"), _forms("word")
    nouns = []
    for role in {**stems, **words}:
        forms = [alternation(stems[role]) + r"\p{Ll}*"] if role in stems else []
        forms += [alternation(words[role])] if role in words else []
        nouns.append(f"(?P<{role}>{'|'.join(forms)})")
    return regex.compile(
        rf"""(?ix) (?<![\p{{L}}-]) (?: (?: hankkeen | projektin | hankkeessa | hankkeella | sen | jonka | avustuksen ) \s+ )?
             (?: (?:muut?|muina) \s+ )? (?: {"|".join(nouns)} ) (?![\p{{L}}-])"""
    )


@cache
def verb_pattern() -> regex.Pattern[str]:
    """``hanketta koordinoi ja hallinnoi``, ``sitä tukee``: the name follows."""
    verbs = "|".join(f"(?P<{role}>{alternation(forms)})" for role, forms in _forms("verb").items())
    return regex.compile(
        rf"""(?ix) \b (?: hanketta | projektia | hankkeen | hankekokonaisuutta | kokonaisuutta | sitä | jota | jonka ) \s+
             (?: {verbs} ) \s+"""
    )


@cache
def from_payer() -> regex.Pattern[str]:
    """``haettu 62 000 euroa Harjun säätiöltä``: a name in the ablative where money is applied for or granted."""
    ablatives = sorted(
        form for form in head_forms() if form.endswith(("lta", "ltä")) and head_forms()[form] in ("säätiö", "rahasto", "järjestö")
    )
    return regex.compile(
        rf"""(?x) (?i:\b(?:haettu|haetaan|hakee|hakenut|saatu|saanut|myönnetty)\b) [^.;()]{{0,80}}?
             (?P<name> \p{{Lu}}[\p{{L}}-]* (?:\s+\p{{Lu}}[\p{{L}}-]*){{0,4}}
                 (?: (?<=\p{{L}})(?:{"|".join(ablatives)}) | \s+(?:[\p{{Ll}}-]*(?:{"|".join(ablatives)})) ) ) \b"""
    )


_CAPITALS = r"(?:\d{1,2})?+\p{Lu}[\p{L}&’'-]*(?:\s+(?:(?:ja|och)\s+)?\p{Lu}[\p{L}&’'-]*){0,5}"
_SUBJECT = rf"(?P<name> {_CAPITALS} (?: \s+ (?: (?i:{LEGAL})\b | [\p{{Ll}}-]{{4,40}}\b ) )?? )"
"""Words that may be an organisation's name; whether they are, its last word tells."""


@cache
def applicant() -> regex.Pattern[str]:
    """``Lämpö Oy hakee liitolta rahoitusta``: an organisation as the subject of a sentence about applying."""
    return regex.compile(
        rf"""(?x) (?: ^ | (?<=[.!?:”"]\s) ) {_SUBJECT}
             \s+ (?: (?:hakee | hakevat | pyytää | pyytävät | anoo | on\s+(?:hakenut|pyytänyt|anonut) )\b
                     (?= [^.!?]{{0,120}} (?:rahoitu|avustu|tuk[ei]|euro|€) )
                   | on\s+jättänyt\s+\p{{L}}*hakemuksen\b )"""
    )


@cache
def granter() -> regex.Pattern[str]:
    """``Harjun säätiö on 20.3.2007 myöntänyt``, ``(Harjun säätiö, avustus 5 000 €)``: who grants, known by its kind."""
    return regex.compile(
        rf"""(?x) (?: ^ | (?<=[.!?:(,]\s?) ) {_SUBJECT}
             (?: \s+ (?:on\s+|oli\s+)? (?:\d{{1,2}}\.\d{{1,2}}\.\d{{4}}\s+)?
                 (?:myöntänyt|myönsi|myöntää|tukee|rahoittaa|rahoitti|har\s+beviljat|beviljade)\b
               | ,\s+ (?:avustus|apuraha|tuki|rahoitus|bidrag)\b )"""
    )


@cache
def subject_verb() -> regex.Pattern[str]:
    """``Tampereen kaupunki koordinoi ”X” -hanketta``: a name as the subject of a verb of leading or doing.

    What is led follows; a name with a legal form may end its clause with the verb (``X ry toteuttaa, kaupunki rahoittaa``).
    """
    bases = alternation(head_forms().values())
    return regex.compile(
        rf"""(?x) (?<![\p{{L}}-]) (?P<object> (?:jota|sitä|hanketta) \s+ )?
             (?P<name> \p{{Lu}}[\p{{L}}-]* (?:\s+\p{{Lu}}[\p{{L}}-]*){{0,5}}
                  (?: \s+ (?P<legal> (?i:{LEGAL})\b ) | \s+ [\p{{Ll}}-]{{0,24}}{bases}\b ) )
             \s+ (?: (?P<coordinator> koordinoi | hallinnoi | johtaa | koordinerar | administrerar )
                   | (?P<implementer> toteuttaa | genomför ) ) \b
             (?(object) | (?: \s+ (?= ["”“] | \p{{Lu}} | hanket | projekt ) | (?(legal) (?= \s*(?:[,.;]|$) ) | (?!) ) ) )"""
    )


@cache
def left_to() -> regex.Pattern[str]:
    """``toteutus jää Kylän Yrittäjät ry:n hoidettavaksi``, ``… ry:n toteuttama``: a name in the genitive before who does."""
    return regex.compile(
        rf"""(?x) (?<![\p{{L}}-]) (?P<name> \p{{Lu}}[\p{{L}}-]* (?:\s+(?:ja\s+)?\p{{Lu}}[\p{{L}}-]*){{0,5}} \s+ (?i:{LEGAL}) :n )
             \s+ (?: hoidettavaksi | hoidettavana | toteutettavaksi | toteutettavana | toteuttama\p{{Ll}}* ) \b"""
    )


@cache
def led_by() -> regex.Pattern[str]:
    """``Lahden kaupungin koordinoima hanke``, ``Rannan Setlementti ry:n hallinnoima``: by whom it is led."""
    bases = "kaupungin|kunnan|yhtymän|keskuksen|opiston|koulun|liiton"
    return regex.compile(
        rf"""(?x) (?<![\p{{L}}-]) (?P<name> \p{{Lu}}[\p{{L}}-]* (?:\s+(?:ja\s+)?\p{{Lu}}[\p{{L}}-]*){{0,5}} \s+
                 (?: (?i:{LEGAL}) :n | \p{{Ll}}{{0,24}}(?:{bases}) ) )
             \s+ (?: koordinoima | hallinnoima ) \p{{Ll}}* \b"""
    )


@cache
def with_legal_form() -> regex.Pattern[str]:
    """``yhteistyötä seurojen kanssa sekä Meren Toivo ry:n kanssa``: a name with a legal form in the genitive before kanssa."""
    return regex.compile(
        rf"""(?x) (?i:yhteisty)\p{{Ll}}* [^.;]{{0,160}}?
             (?P<name> \p{{Lu}}[\p{{L}}-]* (?:\s+(?:ja\s+)?\p{{Lu}}[\p{{L}}-]*){{0,5}} \s+ (?i:{LEGAL}) :n ) \s+ kanssa
          | (?<![\p{{L}}-]) (?P<name> \p{{Lu}}[\p{{L}}-]* (?:\s+(?:ja\s+)?\p{{Lu}}[\p{{L}}-]*){{0,5}} \s+ (?i:{LEGAL}) :n )
             \s+ kanssa \s+ toteut"""
    )
