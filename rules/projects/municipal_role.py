"""What the municipality is in a project (kunnan rooli)."""

from __future__ import annotations

import regex

from poytakirja.rules.projects.status import CueMatch

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
    | \b (?P<who> [Kk]unta | [Kk]aupunki ) \s+ (?P<lead> hakee | haki | on\s+hakenut | on\s+hakija(?:na)? | toimii\s+hakijana
          | (?:on\s+)? (?:jätti|jättänyt) \s+ (?:[\p{{L}}-]+\s+){{0,4}}? (?:rahoitus|avustus|hanke|tuki)?hakemuksen
          | toteuttaa \s+ (?! (?:hanketta|hankkeen)\s+(?:yhdessä|yhteistyössä)) (?:[\p{{L}}-]+\s+){{0,3}}?
            \p{{L}}*(?:hanket|hankke|projekti)\p{{L}}* ) \b
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


def find_municipal_payment(text: str) -> CueMatch | None:
    """Where the text says that a municipality pays a share of another's project (kuntarahoitus); None where it does not.

    >>> found = find_municipal_payment("Kaupunki maksaa kuntarahaosuuden 15.000 €")
    >>> found.surface, found.value, find_municipal_payment("omarahoitus 5 000 €")
    ('kuntarahaosuuden', 'participant', None)
    """
    m = _MUNICIPAL_PAYMENT.search(text)
    return CueMatch(m.start(), m.end(), m.group(), "participant", "projects.role.pays_a_share") if m else None


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


_PAYS = regex.compile(r"(?i)\b(?:kunta|kaupunki|kommunen|staden)\s+(?:rahoittaa|maksaa|tukee|finansierar|betalar)\b")


def municipality_pays(text: str) -> bool:
    """Whether the municipality is the subject of a verb of paying: ``yhdistys toteuttaa, kaupunki rahoittaa``.

    >>> municipality_pays("kaupunki rahoittaa vuonna 2020 2 000 eurolla"), municipality_pays("kaupunki toteuttaa")
    (True, False)
    """
    return _PAYS.search(text) is not None


_TOGETHER = regex.compile(
    r"(?i)(?<!\p{L})(?:\p{L}*kumppan|osa-?toteut|partner|\p{L}*konsorti|yhteishan|yhteisen\shank|mukana\b|osallis|delgenom|deltar)\p{L}*"
)


def done_together(text: str) -> bool:
    """Whether words say that several bodies do the project, so that an own share does not make its payer the lead.

    >>> done_together("Kaupunki on konsortiossa, omarahoitus 5 000 €"), done_together("kaupungin omarahoitus 5 000 €")
    (True, False)
    """
    return _TOGETHER.search(text) is not None
