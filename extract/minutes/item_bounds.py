"""Where agenda items begin and end (pykälien rajat), the words around their numbers among them."""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.minutes import signatures
from poytakirja.minutes.body_rows import Body, Mark
from poytakirja.minutes.cover.rows import first_matter
from poytakirja.rules.layout import case_numbers as cases
from poytakirja.rules.layout import frame_rows, headings
from poytakirja.rules.organisations import bodies

_TITLE_ROWS = 4
_NEAR = 11  # rows below a number among which its title may stand


_ABOVE = frozenset({"margin", "body_number", "body_section", "section_first", "section_last", "column"})
"""The layouts in which a title may stand above its number."""


def titles_above(body: Body) -> bool:
    """Whether the document prints titles above their numbers: as most of its items tell in which only one place may hold one."""
    votes = 0
    for n, mark in enumerate(body.marks):
        if mark.layout in _ABOVE:
            floor = body.marks[n - 1].at + 1 if n else 0
            above, below = _titled_from(body, mark, floor), _title_below(body, mark)
            capitals = above < mark.at and _in_capitals(body, above) and not (below and _in_capitals(body, mark.at))
            votes += (above < mark.at and (capitals or not below)) - (below and not capitals)
    return votes > 0


def _in_capitals(body: Body, at: int) -> bool:
    words = [word for word in body.lines[at].text.split() if word.isalpha() and len(word) > 3]
    return bool(words) and all(word.isupper() for word in words)


def first_line(body: Body, mark: Mark, floor: int, above: bool) -> int:
    """The item's first row: its title (``above``) and the list of its handlings may stand above its number."""
    if mark.layout == "section_page":
        return mark.at - (mark.at > floor and bodies.read(body.lines[mark.at - 1].text) is not None)
    if above and mark.layout in _ABOVE:
        return _titled_from(body, mark, floor)
    first = _listed_from(body, mark, floor)
    below = body.lines[mark.at + 1 : mark.at + 4]
    if first - 1 > floor + 2 and cases.read(body.lines[first - 1].text) and not any(cases.read(line.text) for line in below):
        first -= 1
    return _title_above(body, first, floor) if mark.layout == "margin" and not _title_below(body, mark) else first


def _listed_from(body: Body, mark: Mark, floor: int) -> int:
    """The first of the heads of handlings that stand right above a number."""
    first = mark.at
    while first > floor:
        handling = body.handlings[first - 1]
        if not handling or body.lines[first - 1].text[handling.end :].strip():
            break
        first -= 1
    return first


def _titled_from(body: Body, mark: Mark, floor: int) -> int:
    """The first row of the title above a number, or above the earlier handlings between; the number's own where none."""
    found = [(at, handling) for at in range(floor, mark.at) if (handling := body.handlings[at])]
    own, day = {other.number for other in body.marks}, getattr(body.handlings[mark.at], "date", None)
    shown = (at + 1 for at, h in found if h.number in own and (h.date is None or day is None or h.date == day))
    floor = max(shown, default=floor)  # a page head or a margin shows this item's number, or the last one's
    handled = [at for at, _ in found if at >= floor]
    for row in [*handled, mark.at]:
        first = row
        while first > floor and cases.read(body.lines[first - 1].text):
            first -= 1
        top = _title_above(body, first, floor)
        if top < first:
            return top
    return 0 if floor == 0 and mark.layout == "body_section" and _opens_with_title(body, mark) else mark.at


def _opens_with_title(body: Body, mark: Mark) -> bool:
    """Whether the document is one item without a cover: its title, then its case number, stand in its first rows."""
    case = next((at for at in range(min(_NEAR, mark.at)) if cases.read(body.lines[at].text)), 0)
    return 0 < case <= _TITLE_ROWS and not any(body.heads[: mark.at]) and len(body.marks) == 1


@cache
def _two_sentences() -> regex.Pattern[str]:
    return regex.compile(r"\p{Ll}{3}[.?!]\s+\p{Lu}")


def is_prose(text: str) -> bool:
    """Whether words that stand where a title may stand are running text: sentences, or a long one.

    >>> [is_prose(t) for t in ("Kokouksen avaus.", "Vs. rehtorin valinta", "Hanke alkaa. Se kestää vuoden.")]
    [False, False, True]
    """
    return text.rstrip().endswith((".", ":")) and (len(text.split()) > 15 or _two_sentences().search(text) is not None)


def _title_below(body: Body, mark: Mark) -> bool:
    """Whether words that may be a title, no sentence, stand beside a number or right under it."""
    words = [body.lines[mark.at].text[mark.rest :].strip()]
    for at in range(mark.at + 1, min(mark.at + _NEAR, len(body.lines))):
        if body.heads[at] or body.handlings[at] or (any(words) and body.gap(at) > 0.6):
            break
        words.append(body.lines[at].text.strip())
    text = " ".join(filter(None, words))
    return bool(text) and not headings.find(text) and not is_prose(text) and not regex.search(r"\p{Ll}{3}\.$", text)


def _title_above(body: Body, first: int, floor: int) -> int:
    """The first row of a title that stands above its number, apart from what comes before it; ``first`` where none does."""
    top = first
    while top > floor and first - top < _TITLE_ROWS and _may_be_titles(body, top - 1) and (top == first or body.gap(top) <= 0.6):
        top -= 1
    apart = top < first and body.gap(top) > 0.6 and (top == 0 or _ends(body, top - 1))
    text = " ".join(line.text.strip() for line in body.lines[top:first])
    return top if apart and text[0].isupper() and not is_prose(text) else first


def _ends(body: Body, at: int) -> bool:
    """Whether a row may be the last of the item above: no heading whose words still follow."""
    head = body.heads[at]
    return head is None or bool(body.lines[at].text[head.rest :].strip())


_TITLE_KINDS = frozenset({"checkers", "legality"})
"""Headings of the cover that are titles of items too."""


def _may_be_titles(body: Body, at: int) -> bool:
    """Whether a row may be one of a title's: words in one piece, which end no sentence and name no body."""
    line, text = body.lines[at], body.lines[at].text.strip()
    head = body.heads[at]
    if (
        (head and head.kind not in _TITLE_KINDS)
        or body.handlings[at]
        or len(line.segments) > 1
        or line.table is not None
        or cases.read(text)
    ):
        return False
    if frame_rows.is_sheet_row(text):
        return False
    return any(c.isalpha() for c in text) and not text.endswith((".", ":", ";")) and bodies.read(text) is None


def end_of(body: Body, mark: Mark, stop: int) -> int:
    """Where an item's rows end: before the next item, an appeal guide at the head of a page, or the closing signatures."""
    if stop < len(body.lines):
        return _appeal_guide(body, mark.at + 1, stop)
    return min(_appeal_guide(body, mark.at + 1, stop), signed_from(body))


def signed_from(body: Body) -> int:
    """Where the closing signatures begin: below the last item, or else behind the appeal guide under it."""
    first = first_matter(body) + 1
    if body.marks:
        mark = body.marks[-1]
        first = mark.at + 1 + (not body.lines[mark.at].text[mark.rest :].strip())  # under a number alone stands the title
    guide = _appeal_guide(body, first, len(body.lines))
    signed = signatures.begin(body, first, guide)
    return signed if signed < guide else signatures.begin(body, guide, len(body.lines))


def _appeal_guide(body: Body, first: int, stop: int) -> int:
    """Where a guide of appeals begins, by its heading at the head of a page or, behind the last item, by its page head."""
    for at in range(first, stop):
        head = body.heads[at]
        if head and head.form == "line" and head.kind == "appeal_guide" and not _goes_on(body, at, stop):
            new_page = body.lines[at].page_no != body.lines[at - 1].page_no
            if new_page or (body.document.flowed and body.gap(at) >= 1):
                return at
    return _appeal_sheet(body, first, stop) if stop == len(body.lines) else stop


def _goes_on(body: Body, at: int, stop: int) -> bool:
    """Whether the item goes on behind a guide of appeals, as in Ahjo's minutes: its proposal or its grounds follow."""
    return any((head := body.heads[below]) and head.kind in ("proposal", "presenter", "grounds") for below in range(at + 1, stop))


def _guides_appeal(text: str) -> bool:
    return (headings.kind_of(text.strip()) or "").startswith("appeal")


def _appeal_sheet(body: Body, first: int, stop: int) -> int:
    """Where a sheet begins whose page head says that it guides appeals (``MUUTOKSENHAKUOHJE``); ``stop`` where none does."""
    if first >= stop:
        return stop
    above = body.lines[first - 1].start
    heads = [line for line in body.document.lines if line.role == "header" and line.start > above]
    guide = next((h for h in heads if any(_guides_appeal(piece.text) for piece in h.segments)), None)
    return next((at for at in range(first, stop) if guide and body.lines[at].start > guide.start), stop)
