"""How attendance lists mark who was there (läsnäolomerkinnät): crosses, words for present and absent, deputies."""

from __future__ import annotations

from functools import cache

import regex

DEPUTIES = ("varajäsen", "ersättare", "varavaltuutettu")


@cache
def crossings() -> regex.Pattern[str]:
    """The marks before names side by side: ``x Mäki Aino, pj.   - Aho Eero``."""
    return regex.compile(r"(?<!\S)(?P<mark>[xX×–-])\s{1,3}(?=\p{Lu}[\p{L}'’-]+\s\p{Lu})")


@cache
def _status_behind() -> regex.Pattern[str]:
    """Whether someone was there, behind the part: ``Mäki Aino Jäsen Läsnä etänä``, ``Aho Eero, jäsen (POISSA)``."""
    return regex.compile(r"(?<=\p{L}[ (.])\(?(?P<told>(?i:läsnä|poissa|närvarande|frånvarande))\b\)?")


def status(text: str) -> tuple[str, str]:
    """A row without the word that says who was there, and what it says: ``x`` or ``-``; the row itself where it says nothing."""
    m = _status_behind().search(text) if len(text) < _STATUS else None
    if not m or len(text[: m.start()].split()) < 2:
        return text, ""
    there = m["told"].casefold() in ("läsnä", "närvarande")
    return f"{text[: m.start()]}{' ' * (m.end() - m.start())}{text[m.end() :]}", "x" if there else "-"


NOTE = 60  # letters behind a name among which it is said that someone was absent


@cache
def absent() -> regex.Pattern[str]:
    """That someone was absent, said behind the name: ``Aho Eero, jäsen (POISSA)``."""
    return regex.compile(r"[^;]{0,50}?\((?i:poissa|frånvarande)\)")


@cache
def vice() -> regex.Pattern[str]:
    """``vj.``: the deputy chair (varajohtaja) where one of a list has it, deputies where several do."""
    return regex.compile(r"[\s,(]vj\.?(?=\s*(?:$|[,)]|\s{2}))")


@cache
def _in_place() -> regex.Pattern[str]:
    return regex.compile(r"(?<=[;,)])\s*(?:sij\.|sijalla|tilalla|ers\.)\s+(?=\p{Lu})")


def substituted(text: str) -> list[str]:
    """A row in which the deputy stands behind who was absent, as two: ``Aho Eero (POISSA); sij. Mäki Aino``."""
    m = _in_place().search(text)
    return [text] if not m else [text[: m.start()], f"{' ' * m.end()}{text[m.end() :].rstrip()}, varajäsen"]


_STATUS = 160  # letters of a row that names one person


@cache
def _legend() -> regex.Pattern[str]:
    """Pieces of ``(ja merkintä siitä, kuka toimi puheenjohtajana)`` in the margin beside the names."""
    return regex.compile(r"\s*(?:\(ja merkintä siitä,?|kuka toimii?|puheenjohtajana\)|puheen-|johtajana\))\s+(?=\p{Lu})")


def unlabelled(text: str) -> str:
    """A row without what its margin says of the whole list."""
    m = _legend().match(text)
    told = " " * m.end() + text[m.end() :] if m else text
    told = _other_name().sub(lambda born: " " * len(born.group()), told)
    return _part_behind().sub(",", told)


@cache
def _other_name() -> regex.Pattern[str]:
    """Under which other name someone goes or went, behind the name: ``Mäki Aino o.s. Aho``, ``Mäki Aino "Ainikki"``."""
    name = r"\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?"
    nickname = r"(?<=\p{Ll}) [\"”“„]\p{Lu}\p{Ll}[\p{L}-]*[\"”“](?=\s{2}|,|\s*$|\s\p{Ll})"
    born = rf"(?:o\.? ?s\.|omaa sukua|ent\.|entinen|aiemmin|f\.|född) {name}"
    return regex.compile(rf"(?<=\p{{Ll}}),? (?:\({born}\)|{born}(?=\s|,|$))|{nickname}")


@cache
def _part_behind() -> regex.Pattern[str]:
    """The one space between a name and the part that follows it: ``Mäki Aino Jäsen``."""
    parts = r"Puheenjohtaja|Varapuheenjohtaja|Jäsen|Varajäsen|\d\. ?(?:vpj|varapuheenjohtaja)|Ordförande|Ledamot|Ersättare"
    return regex.compile(rf"(?<=\p{{Lu}}[\p{{L}}-]{{0,30}} \p{{Lu}}[\p{{L}}-]{{1,30}}) (?=(?:{parts})\b)")


@cache
def for_whom() -> regex.Pattern[str]:
    """Whose deputy someone is: ``Eero Ahon varajäsen``."""
    return regex.compile(r"\p{Lu}\p{L}*n (?:varajäsen|varavaltuutettu|tilalla|sijalla|sijaan)\s*$")


@cache
def _marks() -> regex.Pattern[str]:
    return regex.compile(r"\s{2,}(?P<mark>-?[xX]-?|[×✓✗–-])(?=\s{2}|\s*$)")


def mark(text: str) -> str | None:
    """The mark behind a person in the row: ``x`` present, ``-`` not, None where there is none."""
    m = _marks().search(text)
    return None if not m else "-" if m["mark"] in ("-", "–", "✗") else "x"
