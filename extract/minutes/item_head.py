"""The head of an agenda item (pykälän otsikko): its title and its case number, above, beside or below its number."""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.document import Evidence, Line
from poytakirja.minutes import item_bounds as bounds
from poytakirja.minutes.body_rows import PARTS, STRONG, Body, Mark
from poytakirja.passage import Passage
from poytakirja.records import Item, Rows
from poytakirja.rules.layout import case_numbers as cases
from poytakirja.rules.layout import headings
from poytakirja.rules.layout import item_labels as labels
from poytakirja.rules.organisations.bodies import Handling

_FAR = 30  # rows of a page above the item's own number


def read_head(body: Body, mark: Mark, first: int, stop: int, item: Item) -> int:
    """Read the title and the case number of ``item``, whose rows are ``first`` to ``stop``; the first row below them."""
    return _HeadParser(body, mark, first, stop, item).read()


class _HeadParser:
    """The rows around an item's number, read into ``item``."""

    def __init__(self, body: Body, mark: Mark, first: int, stop: int, item: Item) -> None:
        self.body, self.mark, self.first, self.stop, self.item = body, mark, first, stop, item
        self.text = body.document.text
        self.under = mark.at
        """The first row below a title that stands above the number: an earlier handling may stand between."""

    def _say(self, name: str, start: int, end: int, rule: str) -> None:
        self.item.evidence.append(Evidence(name, self.text[start:end], rule, start, end))

    def read(self) -> int:
        """Read the title and the case number; the first row below them."""
        rows = self._above()
        below = self.under if rows else self._below(rows)
        if rows:
            passage = Passage.of(rows)
            kind = _kind_of_matter().search(passage.text)  # TWeb marks what kind of matter it is
            self.item.title = passage.text[: kind.start()] if kind else passage.text
            span = passage.span(0, len(self.item.title))
            self._say("title", span.start, span.end, "items.title")
        self._case_below(below)
        return below

    def _above(self) -> Rows:
        """The title and the case number that stand above the item's number."""
        rows: Rows = []
        for at in range(self.first, self.mark.at if self.mark.layout != "section_page" else self.first):
            line = self.body.lines[at]
            if case := cases.read(line.text):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)
                if rows and not any(self.body.handlings[at + 1 : at + 3]):
                    self.under = at + 1
                    break
            elif self.body.handlings[at] and rows:
                self.under = at
                break
            elif not self.body.handlings[at]:
                self._take_pieces(line, 0, rows)
        return rows

    def _below(self, rows: Rows) -> int:
        """Read the title's ``rows`` and the case number from the item's number on; the first row below them."""
        lines, mark = self.body.lines, self.mark
        at = begin = mark.at
        if mark.layout == "section_page" and (row := self._own_number_below()):
            at = begin = row
        elif mark.layout != "page_head":
            self._take_pieces(lines[at], mark.rest, rows)
            at += 1
        last, closed = at - 1, False
        while at < self.stop:
            line, head = lines[at], self.body.heads[at]
            own = None if rows else self._own_handling(at)
            if not rows and self._shows_own_number(at):
                at += 1
                last = at - 1
                continue
            parts_here = (
                head and head.kind in PARTS and (rows or self.item.case_id or (head.kind in STRONG and head.form != "open"))
            )
            if parts_here or at in self.body.margins or (self.body.handlings[at] and not own):
                break
            if case := cases.read(line.text):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)
                closed = closed or bool(rows)
            elif closed or (rows and not self._goes_on(last, at)):
                break
            else:
                begin = begin if rows else at
                self._take_pieces(line, own.end if own else 0, rows)
                last = at
            at += 1
        if bounds.is_prose(Passage.of(rows).text):
            rows.clear()
            return begin if self.body.handlings[begin] else max(begin, mark.at + 1)
        return at

    def _own_number_below(self) -> int | None:
        """On a page that holds one item: the row below its own §; lists of attachments and handlings may stand above that."""
        for at in range(self.mark.at + 1, min(self.mark.at + _FAR, self.stop)):
            line, head = self.body.lines[at], self.body.heads[at]
            if head and head.kind in STRONG:
                return None
            if case := cases.read(line.text):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)
            if any(label.number == self.item.number for label in labels.read(line.text)) and not self.body.handlings[at]:
                label = labels.read(line.text)[0]
                return at if line.text[label.rest :].strip() else at + 1
        return None

    def _shows_own_number(self, at: int) -> bool:
        """Whether a row above the title only shows the item's number again, or lists a handling above that number."""
        line, handling = self.body.lines[at], self.body.handlings[at]
        if handling:
            if line.text[handling.end :].strip() or at in self.body.margins:
                return False
            near = range(at + 1, min(at + 4, self.stop))
            return handling.number == self.item.number or any(self._shows_own_number(below) for below in near)
        return any(label.number == self.item.number and not line.text[label.rest :].strip() for label in labels.read(line.text))

    def _own_handling(self, at: int) -> Handling | None:
        """The head of the item's own handling, beside which its title may stand: ``KHALL § 188    Talousarvion muutos``."""
        handling = self.body.handlings[at]
        if not handling or handling.number != self.item.number:
            return None
        beside = self.body.lines[at].text[handling.end :]
        return handling if beside.strip() and not headings.find(" " * handling.end + beside) else None

    def _take_pieces(self, line: Line, rest: int, rows: Rows) -> None:
        """The words of a row after the item's number: pieces of the title, or its case number."""
        for segment in line.segments:
            begin = max(segment.start, line.start + rest)
            end = segment.end
            if self.mark.layout == "title_section" and segment.start <= self.mark.start < end:
                end = line.start + line.text.rindex(",", 0, self.mark.start - line.start)
            if begin >= end or (segment.start <= self.mark.start < segment.end and self.mark.layout == "section_right"):
                continue
            words = self.text[begin:end]
            labelled = len(line.segments) > 1 and segment is line.segments[0] and words.strip(" :") in _LABELS
            if labelled or rule_line().fullmatch(words) or _day_alone().fullmatch(words):
                continue
            if case := cases.read(words):
                self._take_case(case.value, begin + case.start, begin + case.end, case.rule_id)
            elif words.strip():
                words, case = cases.split(words)
                if case:
                    self._take_case(case.value, begin + case.start, begin + case.end, case.rule_id)
                rows.append((words, begin, line.breaks_word))

    def _take_case(self, value: str, start: int, end: int, rule: str) -> None:
        if self.item.case_id is None:
            self.item.case_id = value
            self._say("case_id", start, end, rule)

    def _case_below(self, at: int) -> None:
        """A case number a few rows below the title, as its label tells."""
        for line in self.body.lines[at : min(at + 6, self.stop)]:
            if self.item.case_id is not None:
                return
            labelled = (case for case in cases.find(line.text) if case.labelled)
            if case := cases.read(line.text) or next(labelled, None):
                self._take_case(case.value, line.start + case.start, line.start + case.end, case.rule_id)

    def _goes_on(self, last: int, at: int) -> bool:
        """Whether a title goes on from one row to the next."""
        body = self.body
        before, line = body.lines[last], body.lines[at]
        if at == self.mark.at + 1 and last == self.mark.at and not self._title_begun():
            return True
        if body.gap(at) > 0.6 or (line.bold, round(line.size)) != (before.bold, round(before.size)) or line.tag != before.tag:
            return False
        if body.stands_out(before):
            return body.gap(at) < 0.35
        words, above = line.text.strip(), before.text.strip()
        if above.isupper() or words.isupper():
            return above.isupper() and words.isupper()
        if above.endswith(("-", "–", "/", ",")) or words[0].islower() or words[0] in "-–/(":
            return True
        right = max((row.x1 for row in body.lines[self.mark.at : self.stop]), default=0.0)
        return before.x1 > 0.85 * right and at + 1 < self.stop and body.gap(at + 1) > 0.6

    def _title_begun(self) -> bool:
        line = self.body.lines[self.mark.at]
        return bool(line.text[self.mark.rest :].strip()) and not cases.read(line.text[self.mark.rest :])


_LABELS = frozenset({"Asia", "Otsikko", "ASIA", "Ärende", "Rubrik"})
"""What forms print beside a title."""


@cache
def _kind_of_matter() -> regex.Pattern[str]:
    return regex.compile(r"(?i)(?<=\S)\s*\((?:ilmoitus|päätös|kokous)?asia\)$")


@cache
def _day_alone() -> regex.Pattern[str]:
    return regex.compile(r"\s*\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}\s*")


@cache
def rule_line() -> regex.Pattern[str]:
    """A line drawn of signs, as it closes an item."""
    return regex.compile(r"\s*+(?:(?:[_=–—-]\s?){3,}+|(?:\*\s?){3,5})\s*")
