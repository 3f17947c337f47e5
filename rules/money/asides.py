"""Sums that do not count (sivusummat): what was replaced, by how much a sum changed, parts of a sum, what is only hoped for.

``nousi 100 000 eurosta 120 000 euroon`` states one sum, the new one; ``korotettiin 10 000 eurolla 94 000 euroon`` one;
``50 000 € + 70 000 € = 120 000 €`` one, with its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import regex

from poytakirja.rules.projects.changes import change_of
from poytakirja.rules.vocabulary_tables.tables import alternation, rows

Aside = Literal["old", "delta", "part", "condition", "several", "average", "marks"]
"""Why a sum does not count."""

_WINDOW = 110
_SENTENCE = regex.compile(r"[.!?]\s+(?=\p{Lu})|[;•]|\n\s*\n")
_ELATIVE = regex.compile(r"(?:eurosta|€:sta|eur:sta|euroista)$", regex.IGNORECASE)
_ADESSIVE = regex.compile(r"(?:eurolla|€:lla|eur:lla|euro med)$", regex.IGNORECASE)
_ARROW = regex.compile(r"\s?(?:→|[-=]>|➔|⇒)\s?$")
_PLUS = regex.compile(r"\s{0,2}(?:\([^()]{1,40}\))?\s{0,2}\+\s{0,2}")
_TOTAL = regex.compile(r"\s{0,2}(?:\([^()]{1,40}\))?\s{0,2}(?:=|,?\s(?:eli\s)?yhteensä|,?\s(?:eli\s)?yht\.)\s{0,2}")
_RATHER = regex.compile(r"\s?,?\s?vaan\s$")
_NOT = regex.compile(r"(?<!\p{L})ei(?:vät)?\s(?:ole\s|olisi\s)?(?:enää\s)?$", regex.IGNORECASE)
_AVERAGE = regex.compile(r"(?<!\p{L})(?:keskimäär\p{L}+|i genomsnitt|genomsnittlig\p{L}*)(?:\s\p{L}+){0,3}\s$", regex.IGNORECASE)
_FIRST_ASKED = regex.compile(r"alun\s?perin\s(?:\p{L}+\s){0,3}?(?:hae|hak|ano)\p{L}*\s(?:\p{L}+\s){0,2}$", regex.IGNORECASE)
_BETWEEN_CHANGE = regex.compile(r"(?:\s(?:\p{L}+\s){0,4})?$")


@cache
def _changing() -> regex.Pattern[str]:
    """A verb or noun of change right before a sum: ``nousi``, ``ylittyi``, ``korotus``."""
    words = [row for row in rows("change_words") if row["where"] == "change"]
    begun = alternation(row["word"] for row in words if row["inflects"] == "yes")
    whole = alternation(row["word"] for row in words if row["inflects"] != "yes")
    gap = r"(?:\s(?:noin|n\.|yhteensä|vuodessa|nykyisestä|\p{L}+sta|\p{L}+stä|\p{L}+ssa|\p{L}+vuonna))?"
    return regex.compile(rf"(?<!\p{{L}})(?:{whole}(?!\p{{L}})|{begun}\p{{L}}*){gap}\s?:?\s?$", regex.IGNORECASE)


def asides(text: str, spans: Sequence[tuple[int, int]]) -> list[Aside | None]:
    """For each sum of a text, by its span, why it is none that counts; None for those that do.

    >>> t = "kustannusarvio nousi 100 000 eurosta 120 000 euroon"
    >>> asides(t, [(21, 36), (37, 51)])
    ['old', None]
    """
    found: list[Aside | None] = [None] * len(spans)
    for i, (start, end) in enumerate(spans):
        following = spans[i + 1] if i + 1 < len(spans) else None
        found[i] = found[i] or _changed(text, start, end, following)
        if following and start < following[0] and _PLUS.fullmatch(text, end, following[0]):
            _mark_parts(text, spans, found, i)
    return found


def _changed(text: str, start: int, end: int, following: tuple[int, int] | None) -> Aside | None:
    """Whether a sum is what another replaced (old), or by how much one changed (delta), or an average."""
    before, surface = _clause(text, start), text[start:end]
    if _AVERAGE.search(before):
        return "average"
    gap = text[end : following[0]] if following and end <= following[0] <= end + 60 else None
    if gap is not None and (_ARROW.fullmatch(gap) or (_RATHER.search(gap) and _NOT.search(before))):
        return "old"
    changing = _changing().search(before) is not None
    if _ELATIVE.search(surface) and (changing or (gap is not None and _to_another(text, gap, following))):
        return "old"
    if (_ADESSIVE.search(surface) or surface.lower().endswith(("euroa", "€", "euro"))) and changing:
        return "delta"
    if _FIRST_ASKED.search(before):
        return None  # alun perin haettiin 91 000 euroa
    return "old" if change_of(before, text[end : end + 30]) == "old" else None


def _to_another(text: str, gap: str, following: tuple[int, int] | None) -> bool:
    """Whether the sum behind one in the elative is what it became: ``eurosta 120 000 euroon``."""
    to = following is not None and regex.search(r"(?:euroon|€:oon)$", text[slice(*following)]) is not None
    return to and _BETWEEN_CHANGE.fullmatch(gap) is not None


def _mark_parts(text: str, spans: Sequence[tuple[int, int]], found: list[Aside | None], i: int) -> None:
    """Mark the summands from ``i`` on as parts, where their sum follows them."""
    last = i
    while last + 1 < len(spans) and _PLUS.fullmatch(text, spans[last][1], spans[last + 1][0]):
        last += 1
    if last > i and last + 1 < len(spans) and _TOTAL.fullmatch(text, spans[last][1], spans[last + 1][0]):
        found[i : last + 1] = ["part"] * (last + 1 - i)


def _clause(text: str, start: int) -> str:
    """The words of the sentence before a place."""
    window = text[max(0, start - _WINDOW) : start]
    cut = 0
    for boundary in _SENTENCE.finditer(window):
        cut = boundary.end()
    return window[cut:]


_CONDITION = regex.compile(
    r"(?<!\p{L})(?:(?:mikäli|jos|toivo(?:o|taan|i)|edellyttää|edellyttäen|ehdolla|sikäli|ifall)(?!\p{L})"
    r"|(?:voidaan|voisi|voi|voitaisiin|kan)\s(?:\p{L}+\s){0,3}?(?:myöntä\p{L}+|saada|rahoittaa|tukea|bevilja\p{L}*|få))[^;]*$",
    regex.IGNORECASE,
)
_CLAUSE_ENDS = regex.compile(r",\s(?!jos|mikäli|että|jolloin)")


def is_conditional(text: str, start: int, end: int) -> bool:
    """Whether a grant is only possible or hoped for: ``jos sille myönnetään``, ``voidaan myöntää``, ``toivoo, että``.

    >>> t = "Toteutetaan vain, jos sille myönnetään avustusta 84 000 €."
    >>> is_conditional(t, t.index("84"), len(t) - 1), is_conditional("Jos ei muuta, niin myönnettiin 5 000 €", 32, 39)
    (True, False)
    """
    before = _clause(text, start)
    condition = _CONDITION.search(before)
    return condition is not None and _CLAUSE_ENDS.search(before, condition.end() - len(condition[0])) is None


_SEVERAL = regex.compile(
    r"(?<!\p{L})(?:yhteenlask\p{L}+|molem(?:pien|piin|mille|mat)|kummankin|kumpaankin|(?:hankkeiden|projektien|hankkeet|hankkeisiin"
    r"|hankkeille)\s(?:yhteensä|yhteis\p{L}+|yhteenlask\p{L}+|kokonais\p{L}+|kustannu\p{L}+|kustannusarvio\p{L}*|rahoitu\p{L}+"
    r"|omarahoitu\p{L}+|kuntaosuu\p{L}+|osuu\p{L}+))(?!\p{L})[^,;]*$",
    regex.IGNORECASE,
)


def is_of_several(text: str, start: int) -> bool:
    """Whether a sum is that of several projects together, which belongs to none of them.

    >>> t = "Hankkeiden yhteenlaskettu kustannusarvio on 300 000 €"
    >>> is_of_several(t, t.index("300")), is_of_several("Hankkeen kustannusarvio on 300 000 €", 28)
    (True, False)
    """
    return _SEVERAL.search(_clause(text, start)) is not None
