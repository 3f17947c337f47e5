"""Which rows open agenda items (pykälät).

An item is found by its number. Systems print it in different places; each place is a small layout (``_layouts``). Numbers
that run on from one another are the items; a contents list, a paragraph of a law or a page head that shows them again is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import regex

from poytakirja.document import Document, Line
from poytakirja.minutes.body_rows import STRONG, Body, Mark
from poytakirja.read.text_page_heads import KINDS
from poytakirja.rules.layout import case_numbers as cases
from poytakirja.rules.layout import item_labels as labels
from poytakirja.rules.layout.item_labels import ItemLabel
from poytakirja.rules.organisations import bodies
from poytakirja.rules.organisations.bodies import Handling

_GAP = 10  # how far one item's number may be from the next: secret items are left out of published minutes
_TOP = 30  # rows at the top of a decision among which its one number may stand
_NEAR = 11  # rows below a number that weigh for it; an item's long account may stand before its first heading
_TELLING = STRONG | {"notice", "discussion"}
_COVER = frozenset({
    "time", "place", "time_place", "present", "members", "deputies", "chair", "others", "secretary", "absent", "signatures",
})  # fmt: skip


# ---------------------------------------------------------------- where a row shows a number


def body_of(document: Document) -> Body:
    """A document's rows with the marks of its items."""
    body = Body.of(document)
    body.marks = starts(body)
    body.voices_to_heads()
    return body


def _mark(at: int, label: ItemLabel, start: int) -> Mark:
    return Mark(at, label.layout, label.number, label.letter, start + label.start, start + label.end, label.rest)


def _marks_of(line: Line, at: int, handling: Handling | None) -> Iterable[Mark]:
    """The number that a row may show, in the first layout that fits; a row like ``Khall § 57`` also in that of body_section."""
    for label in labels.read(line.text):
        yield _mark(at, label, line.start)
        return
    if handling:
        start, end = (line.start + place for place in handling.label)
        layout = "body_section" if handling.is_name else "margin"
        yield Mark(at, layout, handling.number, handling.letter, start, end, handling.end)
        return
    if len(line.segments) > 1 and (right := labels.read_right(line.segments[-1].text)):
        yield replace(_mark(at, right, line.segments[-1].start), rest=0)


# ---------------------------------------------------------------- which numbers are items


def starts(body: Body) -> list[Mark]:
    """The rows with which the items begin: of each layout the numbers that run on best, and of those the best told.

    A number that breaks the layout of its neighbours (text recognition lost its §) is taken from between them.
    """
    found = [
        mark
        for at, (line, handling) in enumerate(zip(body.lines, body.handlings, strict=True))
        if handling or labels.may_show(line.text)
        for mark in _marks_of(line, at, handling)
    ]
    if not found:
        found = _page_head_marks(body)
    listed = _listed_in_contents(body, found)
    chosen: list[Mark] = []
    for first, stop in _meetings(body):
        mine = [mark for mark in found if first <= mark.at < stop]
        chain = _chosen(body, mine, listed)
        if len(chain) < 3 or not _follow(chain):
            bare = _without_sign(body, first, stop)
            other = _best_chain(body, [mark for mark in bare if mark.at not in _listed_in_contents(body, bare)])
            chain = other if len(other) > max(2, len(chain)) and _follow(other) else chain
            chain = chain or _in_title(body, first, stop) or _in_column(body, first, stop)
        chosen += _filled(body, chain, [mark for mark in mine if mark.at not in listed])
    return chosen


def _chosen(body: Body, mine: list[Mark], listed: set[int]) -> list[Mark]:
    """The best chain of some marks: of pages that hold an item each, of rows, of tables' rows, of what is left."""
    free = _of_the_meeting(body, [mark for mark in mine if mark.at not in listed])
    handlings = _mere_handlings(body, free)
    # Khall § 57 opens an item only where nothing else does
    named = [mark for mark in free if mark.layout != "margin" and mark.at not in handlings]
    running = [mark for mark in named if body.lines[mark.at].table is None]
    pages = [mark for mark in running if mark.layout == "section_page"]
    if chain := _best_chain(body, pages):  # each page is one item, whatever other numbers it shows
        return chain
    chains = [_best_chain(body, some) for some in (running, named, free, mine)]
    longest = max(map(len, chains))
    return next((chain for chain in chains if chain and 2 * len(chain) >= longest), [])


def _without_sign(body: Body, first: int, stop: int) -> list[Mark]:
    """The rows that open with a number without a sign: ``Kvalt 42``, ``121 VUOKRASOPIMUS``."""
    rows = ((at, body.lines[at]) for at in range(first, stop) if body.lines[at].table is None)
    read = ((at, line, labels.read_body_number(line.text) or labels.read_number_title(line.text)) for at, line in rows)
    return [_mark(at, label, line.start) for at, line, label in read if label]


def _in_title(body: Body, first: int, stop: int) -> list[Mark]:
    """The one number at the end of a title, as officials' decisions on web pages print it."""
    rows = ((at, body.lines[at], labels.read_title_end(body.lines[at].text)) for at in range(first, min(stop, first + _TOP)))
    found = [replace(_mark(at, label, line.start), rest=0) for at, line, label in rows if label and label.start > 3]
    return found if len(found) == 1 and _telling(body, range(found[0].at, stop)) else []


def _in_column(body: Body, first: int, stop: int) -> list[Mark]:
    """The one number below the head ``Pykälä`` of a column, as forms print it: ``Viranhaltija   Päivämäärä   Pykälä``."""
    for at in range(first, min(stop, first + _TOP) - 1):
        heads, values = body.lines[at].segments, body.lines[at + 1].segments
        column = next((n for n, piece in enumerate(heads) if piece.text.strip().casefold() in ("pykälä", "§", "paragraf")), None)
        if column and len(heads) == len(values) and values[column].text.strip().isdigit():
            piece = values[column]
            return [Mark(at + 1, "column", int(piece.text), None, piece.start, piece.end, len(body.lines[at + 1].text))]
    return []


def _follow(chain: Sequence[Mark]) -> bool:
    """Whether the numbers of a chain follow one another, as numbers without a sign have to; and most of them tell."""
    steps = sum(b.number == a.number + 1 for a, b in pairwise(chain))
    return 5 * steps >= 4 * (len(chain) - 1) and 5 * sum(mark.tells for mark in chain) >= 3 * len(chain)


_FILLING = frozenset({"section_first", "section_last", "section_right"})


def _filled(body: Body, chain: list[Mark], others: Sequence[Mark]) -> list[Mark]:
    """A chain with the numbers that its layout lacks, where another layout shows them between their neighbours."""
    if len(chain) < 3:
        return chain
    filled = chain[:1]
    for before, after in pairwise(chain):
        for number in range(before.number + 1, after.number if after.number - before.number <= _GAP else 0):
            between = range(filled[-1].at + 1, after.at)
            found = [m for m in others if m.at in between and m.number == number and m.layout in _FILLING]
            found += [_mark(at, label, body.lines[at].start) for at, label in _misread(body, between) if label.number == number]
            if found and _telling(body, range(found[0].at, after.at)):
                filled.append(found[0])
        filled.append(after)
    for at, label in _misread(body, range(filled[-1].at + 1, len(body.lines))):
        if label.number == filled[-1].number + 1:
            filled.append(_mark(at, label, body.lines[at].start))
    return filled


def _misread(body: Body, rows: Iterable[int]) -> Iterable[tuple[int, ItemLabel]]:
    """The numbers whose § text recognition misread among some rows."""
    for at in rows:
        if label := labels.read_misread(body.lines[at].text):
            yield at, label


def _of_the_meeting(body: Body, marks: list[Mark]) -> list[Mark]:
    """The marks without those of handlings on an earlier day than most: what went before this meeting."""
    days = {mark.at: handling.date for mark in marks if (handling := body.handlings[mark.at]) and handling.date}
    counts = Counter(days.values())
    usual = max(counts, key=lambda day: (counts[day], day), default=None)
    return [mark for mark in marks if usual is None or days.get(mark.at, usual) >= usual]


def _mere_handlings(body: Body, marks: Sequence[Mark]) -> set[int]:
    """The rows ``Kunnanhallitus, § 57, 12.3.2019`` that only list or head handlings, since the items have their § elsewhere.

    So it is where the number of such a row also stands alone with the item under it, unless the same body has on that day
    other numbers that do not: then a paragraph that some text quotes bears the number of an item by chance.
    """
    named = [mark for mark in marks if mark.layout == "body_section"]
    alone = _opening(body, marks) if named else set()
    shown: dict[tuple[str, object], set[bool]] = {}
    for mark in named:
        if handling := body.handlings[mark.at]:
            shown.setdefault((handling.body.casefold(), handling.date), set()).add(mark.name in alone)
    mere = any(True in both for both in shown.values()) and all(len(both) == 1 for both in shown.values())
    return {mark.at for mark in named} if mere else set()


def _opening(body: Body, marks: Sequence[Mark]) -> set[tuple[int, str | None]]:
    """The numbers that stand alone with an item's parts under them, before any other number."""
    found: set[tuple[int, str | None]] = set()
    told = False
    for mark, below in zip(reversed(marks), [None, *reversed(marks[1:])], strict=True):
        told = told and below is not None and below.name == mark.name
        told = told or _telling(body, range(mark.at, below.at if below else len(body.lines)))
        if told and mark.layout in ("section_first", "section_last"):
            found.add(mark.name)
    return found


def _telling(body: Body, following: Iterable[int]) -> bool:
    """Whether any of some rows has what only items have: a heading, a voice, a case number, a word of secrecy."""
    return any(
        ((head := body.heads[at]) and head.kind in _TELLING)
        or body.voices[at]
        or cases.read(body.lines[at].text)
        or _secret(body, at)
        for at in following
    )


def _secret(body: Body, at: int) -> bool:
    return body.lines[at].text.lstrip().startswith(("Salassa pidettävä", "Sekretessbelag", "Salainen asia"))


def _meetings(body: Body) -> list[tuple[int, int]]:
    """The rows of each meeting in a file, told by the meeting numbers in the page heads."""
    at_line = {line.start: at for at, line in enumerate(body.lines)}
    cuts = [0]
    known: str | None = None
    changed = False
    for line in body.document.lines:
        if line.role == "header":
            number = next((found.value for s in line.segments if (found := bodies.read_meeting_number(s.text))), None)
            changed = changed or (number is not None and known is not None and number != known)
            known = number or known
        elif changed and line.start in at_line:
            cuts.append(at_line[line.start])
            changed = False
    return list(pairwise([*cuts, len(body.lines)]))


def _best_chain(body: Body, marks: list[Mark]) -> list[Mark]:
    by_layout: dict[str, list[Mark]] = {}
    for mark in marks:
        same = by_layout.setdefault(mark.layout, [])
        if not same or same[-1].name != mark.name:  # a page head shows the number again
            same.append(mark)
    best: list[Mark] = []
    score = 0.0
    for same in by_layout.values():
        _weigh(body, same)
        chain, total = _chain(same)
        if total > score and (any(mark.tells for mark in chain) or _plain_agenda(body, chain)):
            best, score = chain, total
    return best


def _plain_agenda(body: Body, chain: Sequence[Mark]) -> bool:
    """Whether numbers without any known heading are items: three or more that follow one another, in minutes, not in a statute.

    Small councils write ``§ 30  Kokouksen avaus`` and below it what was done, no more.
    """
    if len(chain) < 3 or any(b.number != a.number + 1 for a, b in pairwise(chain)) or chain[0].layout not in _BARE:
        return False
    heads = [line.text for line in body.document.lines if line.role == "header"]
    top = "\n".join([*heads, *(line.text for line in body.lines[: min(chain[0].at, 15)])]).casefold()
    return _of_a_meeting().search(top) is not None and "sääntö" not in top


_BARE = frozenset({"section_first", "section_last"})


@cache
def _of_a_meeting() -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\p{{L}})(?:{KINDS})(?!\p{{L}})")


def _weigh(body: Body, marks: Sequence[Mark]) -> None:
    """How well a number is told to be an item's: what follows it, how it is set, where on the page it stands."""
    for n, mark in enumerate(marks):
        stop = marks[n + 1].at if n + 1 < len(marks) else len(body.lines)
        near = min(mark.at + _NEAR, stop)
        soon = _telling(body, range(mark.at, near)) or any(cases.read(piece.text) for piece in body.lines[mark.at].segments[1:])
        mark.tells = soon or any(
            body.voices[at] or ((head := body.heads[at]) and head.kind in STRONG) for at in range(near, stop)
        )
        new_page = mark.at == 0 or body.lines[mark.at].page_no != body.lines[mark.at - 1].page_no
        mark.weight = 1.0 + soon + 0.5 * body.stands_out(body.lines[mark.at]) + 0.5 * new_page


def _chain(marks: Sequence[Mark]) -> tuple[list[Mark], float]:
    """The heaviest run of rising numbers, each at most ``_GAP`` from the one before (a wider gap costs as much as a number)."""
    best: dict[tuple[int, str], tuple[float, int]] = {}
    back: list[int] = []
    scores: list[float] = []
    top = (0.0, -1)
    for n, mark in enumerate(marks):
        before = [best[key] for key in _nearest(mark) if key in best]
        score, previous = max(before, default=(0.0, -1))
        if top[1] >= 0 and marks[top[1]].number < mark.number and top[0] - 1 > score:
            score, previous = top[0] - 1, top[1]
        score += mark.weight
        scores.append(score)
        back.append(previous)
        key = (mark.number, mark.letter or "")
        if key not in best or score >= best[key][0]:
            best[key] = (score, n)
        if score >= top[0]:
            top = (score, n)
    chain, at = [], top[1]
    while at >= 0:
        chain.append(marks[at])
        at = back[at]
    return chain[::-1], top[0]


def _nearest(mark: Mark) -> Iterable[tuple[int, str]]:
    """The numbers that may come before: 12 before 12 a, 12 a before 12 b and 13."""
    letter = (mark.letter or "").lower()
    if letter:
        yield mark.number, ""
        yield from ((mark.number, chr(code)) for code in range(ord("a"), ord(letter[0])))
    for number in range(mark.number - 1, max(mark.number - _GAP, 0) - 1, -1):
        yield number, ""
        yield from ((number, extra) for extra in "abc")


def _listed_in_contents(body: Body, marks: Sequence[Mark]) -> set[int]:
    """The rows of contents lists (käsitellyt asiat) among the marks."""
    listed: set[int] = set()
    every = marks
    marks = [mark for mark in every if mark.layout not in ("margin", "body_section")]  # a list names no body
    by_line = {mark.at: mark for mark in marks}
    for at, head in enumerate(body.heads):
        if not head or head.kind != "contents" or head.form == "open":
            continue
        last, number = at, -1
        for below in range(at + 1, len(body.lines)):
            other = body.heads[below]
            if below - last > 7 or (other and (other.kind in _COVER or other.kind in _TELLING)):
                break
            if below in by_line:
                if by_line[below].number < number:
                    break
                last, number = below, by_line[below].number
                listed.add(below)
    run = _run_together(body, marks)
    pool = every if len(listed | run) > 2 else marks  # one row alone may be an item, whose margin shows its number again
    latest = {(mark.number, mark.letter): mark.at for mark in pool}
    again = {at for at in listed if latest[by_line[at].number, by_line[at].letter] > at}
    shown = {at for at in run if latest[by_line[at].number, by_line[at].letter] > at}
    again |= shown if 3 * len(shown) >= 2 * len(run) else set()
    return listed | again if len(again) >= 2 and len(listed) <= 2 * len(again) else again  # an extract leaves some items out


def _run_together(body: Body, marks: Sequence[Mark]) -> set[int]:
    """The rows of three or more numbers that follow one another with hardly a row between, as a list without a heading does."""
    listed: set[int] = set()
    run: list[Mark] = []
    for mark in marks:
        last = run[-1] if run else mark
        next_one = mark.layout == last.layout and mark.number == last.number + 1 and mark.at - last.at <= 3
        if not next_one or any(body.heads[at] for at in range(last.at, mark.at)):
            run = []
        run.append(mark)
        if len(run) > 2:
            listed |= {one.at for one in run}
    return listed


def _page_head_marks(body: Body) -> list[Mark]:
    """Dynasty's page heads (``Kunnanhallitus   § 57   12.3.2019``) where the rows themselves show no number."""
    marks: list[Mark] = []
    at_line = {line.start: at for at, line in enumerate(body.lines)}
    pending: tuple[Line, Handling] | None = None
    for line in body.document.lines:
        if line.role != "body":
            if handling := bodies.read_handling(line.text):
                pending = (line, handling)
        elif pending and line.start in at_line:
            head, handling = pending
            start, end = (head.start + place for place in handling.label)
            marks.append(Mark(at_line[line.start], "page_head", handling.number, handling.letter, start, end, 0))
            pending = None
    return marks
