"""Which stretch of an entry is the project's name (nimiehdokkaat): candidates, what speaks for and against each, the best.

An entry may begin with its name (``Rantapolku, kustannusarvio …``) or name it in mid-sentence, in capitals
(``Pelastuslaitoksen Turvallinen koti sai …``), before a word for it (``Seurakseni sinä -toiminta``) or behind who carries it out
(``Lapin liitto: Rantapolku``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import regex

from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.organisations import municipalities
from poytakirja.rules.organisations.funders import find_funders
from poytakirja.rules.organisations.organisations import ends_as_organisation
from poytakirja.rules.vocabulary_tables.tables import alternation, rows


@dataclass(frozen=True, slots=True)
class NameCandidate:
    """A stretch that may be the name, with its signs."""

    start: int
    end: int
    rule: str
    signs: frozenset[str] = field(default_factory=frozenset)

    @property
    def score(self) -> float:
        """The sum of what its signs are worth."""
        return sum(weights().get(sign, 0.0) for sign in self.signs)


@cache
def weights() -> dict[str, float]:
    """What each sign is worth: ``name_signs.csv``."""
    return {row["sign"]: float(row["weight"]) for row in rows("name_signs")}


_LIST_MARK = regex.compile(r"\s*(?:→|[ivxIVX]{1,5}\)|[-–•*·]\s)\s*")
_LED_BY = regex.compile(r"(?P<who>\p{Lu}[^.:;()\n]{2,60}?)(?:(?:\s\d{1,2}\.\d{1,2}\.\d{4})?:|;)\s+(?=[\p{Lu}\"”])")
_CALLED = regex.compile(
    r"[\"”“»]?(?:\s?-\s?(?:kehittämis|yhteis|investointi|esi)?(?:hank|projekt)"
    r"|\s-\s?\p{Ll}*(?:hank|projekt|ohjelma|kokonaisuu|toiminta|toiminna|verkosto|kokeilu|kampanja|kehittämistyö))\p{Ll}*"
)
_LOCAL = regex.compile(r"(?:ll[aä]|ss[aä]|st[aä]|lt[aä])$|(?:\s\S+){6}")
_CALLED_BEFORE = regex.compile(
    r"(?i)(?:hanke|hanketta|hankkeelle|hankkeeseen|hankkeen|projekti|projektia|projektille|projektin|projektet|projekt|ohjelma)\s[\"”“»]?$"
)
_PARTICIPLE = regex.compile(
    r"(?:(?:[aou]va|[äöy]vä|eva|evä|iva|ivä)n?|yhteinen|yhteisen|yhteistä|oma|oman|[td][uy]n?|niminen|nimisen)\s[\"”“»]?$"
)
_GENITIVE = regex.compile(r"(?:^|[.;:]\s|,\s)\p{Lu}[\p{Ll}-]+(?:n|sa|sä|na|nä|ta|tä|lla|llä)\s[\"”“»]?$")
_SMALL_BEFORE = regex.compile(r"\p{Ll}\s[\"”“»]?$")
_STOPS = regex.compile(r"[.](?=\s+[\p{Lu}\"”]|\s*$)|[;:(\n\"”“»]|,\s|\s[–/]\s|\s-\s(?=\p{Lu})|\?\s|!\s(?!-)")
_SENTENCE_END = regex.compile(r"(?<=\p{L}{2}|\d)\.\s+\p{Lu}")
_MONEY = regex.compile(
    r"(?i)(?<!\p{L})(?:kustannu|kokonaiskustannu|kustannusarvio|budjet|euro|rahoitu(?:sta|ksen|s)|avustu(?:sta|ksen)|myönn|hakemu|haettu|dnro)"
)
_TAIL = regex.compile(
    r"(?i),\s(?:\p{L}{2,5}:n\s)?(?:avustus|tuki|rahoitus|noin|n\.|arviolta|partneri|hakija|toteuttaja|haettu|myönnetty|yhteensä)$"
)
"""What at its end says that a name ran on: ``Rantapolku, avustus``."""
_TAIL_BEHIND = regex.compile(
    r"(?i),\s(?:\p{L}{2,5}:n\s)?(?:avustus|tuki|rahoitus|noin|n\.|arviolta|partneri|hakija|toteut|haet|haku|myön|yhteensä|kustannu|budjet|joka|jossa|jota"
    r"|jonka|som|ajal|vuo|päätty|alka|hank|projekt|kunn|kaupun|oma|omara|koordin|hallinn|rahoit|kesto|on|ei|alk)"
)
_DATE = regex.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_TAIL_HOUSE = regex.compile(r"\s[–/-]\s(\p{Lu}[^–/]{3,60}(?<!oon|een|iin|uun|aan|ään))$")
_LEGAL = regex.compile(r"(?:\s(?:Oy|Oyj|Ab|ry|rf|r\.f|r\.y)\.?)$", regex.IGNORECASE)
_OWNER = regex.compile(r"(\p{Lu}\p{Ll}{3,}(?:n|ll[aä]|ss[aä]))\s(?=\p{Lu}\p{Ll})")
_AS_SENTENCE = regex.compile(
    r"(?i)(?:lisäksi|samoin|vuonna|syksyllä|keväällä|niistä|näistä|hankkee|projekti|lautakunta|kunnan?hallitus|kunta|kaupunki|hakemu|toiminta-?avustu"
    r"|avustu|rahoitu|tiedoksi|valmis|budjet|inom|i den|under|styrelsen|kommunen|projekten?|ansökan)\p{L}*(?=\s(?-i:\p{Ll})|$)"
)


@cache
def _verb() -> regex.Pattern[str]:
    words = alternation(row["word"] for row in rows("prose_words") if row["use"] in ("verb", "within") and row["word"] != "joka")
    passive = r"\p{Ll}{3,}(?:ttiin|ltiin|stiin)|\p{Ll}{4,}(?:etaan|etään|detaan|taisiin)"
    return regex.compile(rf"(?<!\p{{L}})(?:{words}|{passive})(?!\p{{L}})")


def candidates(text: str, begin: int, limit: int, facts: Sequence[tuple[int, int]], *, listed: bool) -> list[NameCandidate]:
    """The stretches that may be the name, between ``begin`` and ``limit``; ``facts`` are the spans of what is no name."""
    limit = min(limit, begin + 420)
    seen: dict[tuple[int, int], NameCandidate] = {}
    for start, rule in _starts(text, begin, limit):
        for end in _ends(text, start, limit, facts):
            if end - start >= 3 and (start, end) not in seen:
                seen[start, end] = NameCandidate(start, end, rule, signs_of(text, start, end, begin, listed=listed))
    return list(seen.values())


def head_of(text: str, begin: int, limit: int) -> int:
    """Where an entry's first words begin, behind a marker and who carries it out (``Lapin liitto: Rantapolku``)."""
    if mark := _LIST_MARK.match(text, begin, limit):
        begin = mark.end()
    led = _LED_BY.match(text, begin, limit)
    if led and not _LOCAL.search(led["who"]) and (ends_as_organisation(led["who"].strip()) or find_funders(led["who"])):
        begin = led.end()
    return begin


def _starts(text: str, begin: int, limit: int) -> Iterator[tuple[int, str]]:
    """Where a name may begin: at the head of the entry, of a sentence in it, at a capital in mid-sentence, in quotation marks."""
    yield head_of(text, begin, limit), "lead"
    for m in _CAPITAL.finditer(text, begin + 1, limit):
        if text.count("(", begin, m.start()) <= text.count(")", begin, m.start()):
            yield m.start(), "capital"


_CAPITAL = regex.compile(r"(?<=[\s\"”“»])(?:\p{Lu}|\d{1,2}\p{L}?(?=\s\p{L}))(?=[\p{L}\d])")


def _ends(text: str, start: int, limit: int, facts: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Where a name that begins at ``start`` may end: before the word that calls it a project, at a boundary, a fact or a verb."""
    near = min(limit, start + 110)
    stop = _STOPS.search(text, start + 2, near)
    first_fact = min((a for a, _ in facts if a > start), default=near)
    end = min(stop.start() if stop else near, first_fact)
    called = _CALLED.search(text, start + 2, min(near, stop.end() + 30 if stop else near))
    if called and called.start() <= end + 1:
        yield called.start()
    verb = _verb().search(text, start + 2, end)
    if verb:
        yield verb.start()
    yield end


def signs_of(text: str, start: int, end: int, begin: int, *, listed: bool) -> frozenset[str]:
    """What speaks for and against a stretch as the entry's name."""
    name, before = text[start:end].strip(' ,:–-"”“»'), text[max(0, start - 40) : start]
    words = len(name.split())
    head = head_of(text, begin, end)
    signs = set()
    if start <= head:
        signs |= {"at_head", "listed"} if listed else {"at_head"}
    if start < head:
        signs.add("before_head")
    if head > begin + 4 and start == head:
        signs.add("behind_organisation")
    if _CALLED.match(text, end) or _CALLED.match(text, end - 1):
        signs.add("before_project_word")
    if _CALLED_BEFORE.search(before):
        signs.add("after_project_word")
    if before[-1:] in '"”“»' and before and text[end : end + 1] in ('"', "”", "“", "«", "»"):
        signs.add("in_quotes")
    if start > head and _SMALL_BEFORE.search(before):
        signs.add("mid_capital")
        signs |= {"behind_participle"} if _PARTICIPLE.search(before) else set()
    if listed and start > head and not _CALLED_BEFORE.search(before) and "in_quotes" not in signs:
        signs.add("mid_in_list")
    if start > head and _GENITIVE.search(before) and not _ends_with_place(before):
        signs.add("behind_genitive")
    if not text[end : end + 1].isalnum() and (_STOPS.match(text, end) or _verb().match(text, end) or end >= len(text)):
        signs.add("ends_at_boundary")
    signs |= (
        {"two_to_six_words"}
        if 2 <= words <= 6
        else {"seven_to_nine_words"}
        if 7 <= words <= 9
        else {"ten_words"}
        if words > 9
        else set()
    )
    signs |= {"one_short_word"} if words == 1 and len(name) < 4 else set()
    signs |= _against(name)
    signs |= _cut(text, end)
    if start - begin > 160:
        signs.add("later")
    return frozenset(signs)


_ORGANISATION_BEHIND = regex.compile(r"\s?[–/-]\s(?P<who>[^,;.()\n]{3,60}(?:\.f)?)")


def _cut(text: str, end: int) -> set[str]:
    """Signs that the stretch ends in mid-name: at a comma with small letters behind, at a dash that no organisation follows."""
    behind = text[end : end + 70]
    if behind[:1] == "," and behind[2:3].islower() and not _TAIL_BEHIND.match(behind):
        return {"cut_at_comma"}
    organisation = _ORGANISATION_BEHIND.match(behind)
    if regex.match(r"\s[–-]\s|:\s|[!?]\s", behind) and not (organisation and ends_as_organisation(organisation["who"].strip())):
        return {"cut_at_dash"}
    return set()


def _against(name: str) -> set[str]:
    """Signs that speak for or against a stretch by its own words."""
    inner = name[name.find(" ") + 1 :] if " " in name else ""
    ended = _SENTENCE_END.search(name)
    whole_sentence = ended and (len(name[ended.start() :].split()) > 12 or _verb().search(name, ended.start()))
    payers = find_funders(name)
    joined = regex.search(r",\s|\s[–-]\s", name) is not None  # "Kaksi kieltä, yksi koulu" is no school
    tail = _TAIL_HOUSE.search(name)
    housed = _LEGAL.search(name) or (tail is not None and ends_as_organisation(tail[1]))
    organisation = housed if joined else ends_as_organisation(name)
    organisation = bool(organisation) or any(f.end - f.start >= len(name) - 3 for f in payers)
    first, _, second = name.partition(" ")
    owner = _OWNER.match(name)
    signs = {
        "holds_verb": _verb().search(inner),
        "begins_small": name[:1].islower(),
        "holds_sentence_end": whole_sentence,
        "holds_second_part": ended and not whole_sentence,
        "holds_money_word": _MONEY.search(name),
        "begins_as_sentence": _AS_SENTENCE.match(name),
        "is_organisation": organisation,
        "holds_payer": not organisation and any(f.start > 0 for f in payers),
        "is_place": municipalities.by_name(name),
        "is_person": second and " " not in second and second[:1].isupper() and is_given(first),
        "holds_date": _DATE.search(name),
        "unbalanced": name.count("(") != name.count(")"),
        "holds_tail": _TAIL.search(name),
        "holds_owner": owner and not _ends_with_place(owner[1]),
    }
    return {sign for sign, says in signs.items() if says}


def _ends_with_place(before: str) -> bool:
    """Whether the genitive before a name is a place's, which belongs to it: ``Kainuun HYTE-askel``."""
    last = before.strip().rsplit(" ", 1)[-1]
    return municipalities.by_name(last) is not None or last in _regions()


@cache
def _regions() -> frozenset[str]:
    return frozenset(row["genitive"] for row in rows("regions"))


def is_plain(candidate: NameCandidate) -> bool:
    """Whether nothing speaks against a candidate but its length."""
    return all(weights().get(sign, 0.0) > -1 for sign in candidate.signs - {"ten_words", "holds_owner"})


def best(found: Sequence[NameCandidate]) -> NameCandidate | None:
    """The candidate that most speaks for; the earlier, longer one of equals. None without any.

    >>> t = "Pelastuslaitoksen Turvallinen koti sai ministeriöltä avustusta."
    >>> top = best(candidates(t, 0, len(t), [], listed=False))
    >>> t[top.start : top.end].strip()
    'Turvallinen koti'
    """
    return max(found, key=lambda c: (c.score, -c.start, c.end), default=None)
