"""Where agenda items begin and end (pykälien rajat), the words around their numbers among them."""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.minutes import signatures
from poytakirja.minutes.cover import first_matter
from poytakirja.minutes.item_numbers import Body, Mark
from poytakirja.rules.layout import case_numbers as cases
from poytakirja.rules.layout import headings
from poytakirja.rules.organisations import bodies

_TITLE_ROWS = 4
_NEAR = 11  # rows below a number among which its title may stand


def first_line(body: Body, mark: Mark, floor: int) -> int:
    """The item's first row: the list of its handlings may stand above its number."""
    first = mark.at
    while first > floor:
        handling = body.handlings[first - 1]
        if not handling or body.lines[first - 1].text[handling.end :].strip():
            break
        first -= 1
    below = body.lines[mark.at + 1 : mark.at + 4]
    if first - 1 > floor + 2 and cases.read(body.lines[first - 1].text) and not any(cases.read(line.text) for line in below):
        first -= 1
    return _title_above(body, first, floor) if mark.layout == "margin" and not _title_below(body, mark) else first


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
    apart = top < first and body.gap(top) > 0.6 and (top == 0 or not body.heads[top - 1])
    text = " ".join(line.text.strip() for line in body.lines[top:first])
    return top if apart and text[0].isupper() and not is_prose(text) else first


def _may_be_titles(body: Body, at: int) -> bool:
    """Whether a row may be one of a title's: words in one piece, which end no sentence and name no body."""
    line, text = body.lines[at], body.lines[at].text.strip()
    if body.heads[at] or body.handlings[at] or len(line.segments) > 1 or line.table is not None or cases.read(text):
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
        if head and head.form == "line" and head.kind == "appeal_guide":
            new_page = body.lines[at].page_no != body.lines[at - 1].page_no
            if new_page or (body.document.reader == "text" and body.gap(at) >= 1):
                return at
    return _appeal_sheet(body, first, stop) if stop == len(body.lines) else stop


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
