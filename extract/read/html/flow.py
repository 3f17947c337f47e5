"""Elements → rows, as a browser lays them out: paragraphs with an empty row between, lists with their marks, tables row by
row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from poytakirja.read.flowed import FlowedTable, row_of
from poytakirja.read.flowed_tables import WIDEST, beside, trimmed
from poytakirja.read.html import content, tables
from poytakirja.read.html.style import Style
from poytakirja.read.html.tree import Element, is_bold, is_hidden, is_struck, tag_of, text_of
from poytakirja.read.pdf.rows import Row

SHALLOW = 40
"""Parts of the site lie no deeper than this: deeper elements are not asked, each of whom would cost its whole content."""
DEEPEST = 150
"""Elements nested deeper than this are read as running text."""
_APART = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre hr fieldset figure address article section".split())  # noqa: SIM905
"""Elements with empty space above and below."""
_OWN_ROW = frozenset(
    "div li dt dd center form header footer main nav aside tr td th caption figcaption legend summary details hgroup".split()  # noqa: SIM905
)
"""Elements that begin on a row of their own."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def _space() -> re.Pattern[str]:
    return re.compile(r"[ \t\r\n\f]+")


@cache
def _no_margin() -> re.Pattern[str]:
    return re.compile(r"(?i)(?:^|;)\s*margin\s*:\s*0[a-z]*\s*(?:;|$)")


@cache
def _marked() -> re.Pattern[str]:
    """A text that has a mark of its own: a bullet, a number with a stop, a section."""
    return re.compile(r"\s*(?:[•·▪◦*–—-]\s|\(?\d{1,3}[.)]|[a-zA-Z]\)|§|\d+\s?§)")


@dataclass(slots=True)
class _Run:
    """The text gathered for a row: its parts, which of them are bold, the texts of its links."""

    parts: list[str] = field(default_factory=list)
    light: bool = False
    """Whether a letter of it is not bold."""
    links: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    """What stands outside its links."""


class Flow:
    """Lays elements out. ``rows`` is what came of it, ``tables`` the tables of data among them, ``hidden`` where text was left
    out."""

    def __init__(self, tables: list[FlowedTable], hidden: list[int], x0: int = 0) -> None:
        self.rows: list[Row] = []
        self.tables = tables
        self.hidden = hidden
        self._x0 = x0
        self._run = _Run()
        self._mark = ""
        self._tag: str | None = None

    # ------------------------------------------------ rows

    def end_row(self, *, forced: bool = False) -> None:
        """End the row; ``forced`` also an empty one (a line break)."""
        run, self._run = self._run, _Run()
        text = "".join(run.parts)
        if not text.strip(" \u00a0\u200b"):
            if forced:
                self.leave_space()
            return
        if content.leads_about(run.links, "".join(run.beside)):
            return
        mark, self._mark = self._mark, ""
        if mark and _marked().match(text):
            mark = ""
        row = row_of(
            mark + text.strip(" ") if mark else text.rstrip(" ").removeprefix(" "), x0=self._x0, tag=self._tag, bold=not run.light
        )
        if row.pieces:
            self.rows.append(row)

    def leave_space(self) -> None:
        """An empty row, unless one is there."""
        if self.rows and self.rows[-1].pieces:
            self.rows.append(Row([], 0, 0))

    def take(self, rows: list[Row]) -> None:
        """Rows laid out elsewhere, less the empty ones at their ends."""
        self.rows += trimmed(rows)

    def say(self, text: str | None, style: Style) -> None:
        """Put text on the row."""
        if not text:
            return
        if style.kept:
            *lines, text = text.replace("\r\n", "\n").expandtabs(8).split("\n")
            for line in lines:
                self._put(line, style)
                if not self._run.parts or not "".join(self._run.parts).strip():
                    self._run = _Run()
                    self.leave_space()
                self.end_row()
            self._put(text, style)
            return
        self._put(_space().sub(" ", text), style)

    def _put(self, text: str, style: Style) -> None:
        run = self._run
        if text.startswith(" ") and not style.kept and (not run.parts or run.parts[-1].endswith(" ")):
            text = text[1:]
        if not text:
            return
        if style.raised and text.strip().isdigit() and not _after_unit(run.parts):
            text = text.translate(_RAISED)
        run.parts.append(text)
        self._tag = style.tag
        if not style.bold and any(c.isalnum() for c in text):
            run.light = True
        if style.link:
            run.links.append(text)
        else:
            run.beside.append(text)

    # ------------------------------------------------ elements

    def walk(self, element: Element, style: Style, depth: int = 0) -> None:
        """Lay out an element's content."""
        self.say(element.text, style)
        for child in element:
            self.element(child, style, depth + 1)
            self.say(child.tail, style)

    def element(self, element: Element, style: Style, depth: int) -> None:
        """Lay out an element."""
        tag = tag_of(element)
        if not tag or tag in content.NEVER or is_struck(element, tag):
            return
        if is_hidden(element):
            if depth < SHALLOW and content.has_hidden_text(element) and not content.is_of_the_site(element, tag):
                self.hidden.append(len(self.rows))
            return
        if depth < SHALLOW and content.is_of_the_site(element, tag):
            return
        if depth > DEEPEST:
            self.say(" " + text_of(element) + " ", style)
            return
        match tag:
            case "br":
                self.end_row(forced=True)
            case "hr":
                self.end_row()
                self.leave_space()
            case "table":
                self._apart(lambda: self._table(element, style, depth))
            case "ul" | "ol":
                self._list(element, style, depth)
            case "dl":
                self._apart(lambda: self._definitions(element, style, depth))
            case _:
                self._plain(element, tag, style, depth)

    def _apart(self, lay: Callable[[], None]) -> None:
        self.end_row()
        self.leave_space()
        lay()
        self.end_row()
        self.leave_space()

    def _plain(self, element: Element, tag: str, style: Style, depth: int) -> None:
        """An element of no special layout."""
        inner = Style(
            style.bold or is_bold(element, tag),
            style.raised or tag == "sup",
            style.link or tag == "a",
            style.kept or tag == "pre",
            tag.upper() if tag in _HEADINGS else "P" if tag == "p" else style.tag,
        )  # fmt: skip
        own = tag in _OWN_ROW or tag in _APART
        space = tag in _APART and not (tag == "p" and _no_margin().search(element.get("style") or ""))
        if own:
            self.end_row()
        if space:
            self.leave_space()
        self.walk(element, inner, depth)
        if own:
            self.end_row()
        if space:
            self.leave_space()

    def _list(self, element: Element, style: Style, depth: int) -> None:
        """A list: a mark before each entry that has none of its own and is no part of the page's layout."""
        nested = style.tag == "LI"
        self.end_row()
        if not nested:
            self.leave_space()
        number = _integer(element.get("start"), 1)
        kind = element.get("type") or ""
        plain = "list-style" in (element.get("style") or "") and "none" in (element.get("style") or "")
        for child in element:
            tag = tag_of(child)
            if tag != "li":
                self.element(child, style, depth + 1)
                continue
            number = _integer(child.get("value"), number)
            laid_out = any(tag_of(inner) in _HEADINGS for inner in child.iter())
            self.end_row()
            self._mark = "" if plain or laid_out else f"{_counted(number, kind)}. " if tag_of(element) == "ol" else "• "
            self._plain(
                child, "li", Style(style.bold, style.raised, style.link, style.kept, None if laid_out else "LI"), depth + 1
            )
            self._mark = ""
            number += 1
        if not nested:
            self.leave_space()

    def _definitions(self, element: Element, style: Style, depth: int) -> None:
        """Terms with what is said of them: beside each other, as a label and its value."""
        term: list[Row] = []
        for child in _terms(element):
            tag = tag_of(child)
            rows = self.laid(child, Style(style.bold, tag=tag.upper()), depth + 1)
            if tag == "dt":
                self.take(term)
                term = rows
            else:
                self.take(beside([term, rows], [0, _width(term)]))
                term = []
        self.take(term)

    def laid(self, element: Element, style: Style, depth: int) -> list[Row]:
        """What an element's content is when laid out for itself."""
        flow = Flow(self.tables, self.hidden)
        flow.walk(element, style, depth)
        flow.end_row()
        return trimmed(flow.rows)

    def _table(self, element: Element, style: Style, depth: int) -> None:
        tables.lay_out(self, element, style, depth)


def _terms(element: Element) -> list[Element]:
    """The terms and definitions of a list, those in groups (``div``) too."""
    return [found for found in element.iter("dt", "dd") if next(found.iterancestors("dl"), None) is element]


def _after_unit(parts: list[str]) -> bool:
    """Whether a raised digit stands behind a unit of length: m2, km2."""
    return re.search(r"(?:^|[^\w])(?:[kcdm]?m)$", "".join(parts[-3:])) is not None


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.strip().isdigit() and len(text) < 7 else otherwise


def _counted(number: int, kind: str) -> str:
    """A number of a list as it is printed."""
    if kind in ("a", "A") and 0 < number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in ("i", "I") and 0 < number < 40:
        roman = "x" * (number // 10) + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][number % 10]
        return roman.upper() if kind == "I" else roman
    return str(number)


def _width(rows: list[Row]) -> int:
    return min(WIDEST, max((int(row.x1) for row in rows), default=0)) + 3
