"""Render the sample minutes: plain text or a small markup to A4 PDF, the same bytes every time.

    python samples/render.py                     every samples/source/*.src to samples/*.pdf
    python samples/render.py FILE.txt OUT.pdf --header "Kemin kaupunki|Pöytäkirja|3/2022" [--lines-per-page N]

Needs reportlab only. Nothing but the source decides the output: no clock, no random, the fonts every PDF reader has.

A source (`*.src`) begins with settings, one a line:

    %header Kemin kaupunki|Pöytäkirja|3/2022    organisation, kind and number at the head of each page
    %sub Kaupunginhallitus|14.3.2022            second line of the head, left and right (optional)
    %footer text                                foot of each page (optional)
    %font Times-Roman                           or Helvetica
    %align justify                              or left
    %indent 70                                  indent of body text in points (Dynasty style)
    %items beside                               or above: where the number of a § stands
    %plain 40                                   the rest is plain text, rendered by `render_text` with that many lines a page

and then holds blocks separated by empty lines; the lines of a block are joined:

    = Title              large bold line
    == Heading           bold line
    § 57 § | Title | D   agenda item: label, title, case number (may be left out)
    ! keep               lines of this block are kept as they are
    | left | right       row of a two-column list (any number of rows)
    : Label | text       label in the margin, text beside it
    > 1) text            list entry with a hanging indent; the marker is the first word
    +table 60 120 80     a ruled table, widths in points; add `break` to let cells break words anywhere;
    a | b | c            one row a line, the first row is the head,
    ^ caption            a row that is one cell over all columns,
    +end                 until here
    ~ 12                 empty space in points
    ---                  new page
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 62.0, 56.0, 92.0, 62.0
BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
LOOKALIKE = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "–", "\u202f": "\u00a0", "\u25cf": "•", "\t": "    "})

Header = tuple[str, str, str]


@dataclass(frozen=True)
class Look:
    """What the settings at the head of a source say."""

    header: Header = ("", "Pöytäkirja", "")
    sub: tuple[str, str] = ("", "")
    footer: str = ""
    font: str = "Helvetica"
    justify: bool = False
    indent: float = 0.0
    beside: bool = False
    plain: int = 0


def clean(text: str) -> str:
    """Text the standard PDF fonts can show: invisible characters dropped, rare dashes, spaces and bullets replaced."""
    shown = text.translate(INVISIBLE).translate(LOOKALIKE)
    return shown.encode("cp1252", errors="replace").decode("cp1252")


def draw_frame(canvas: Canvas, look: Look, page: int, pages: int) -> None:
    """The head and foot of one page."""
    canvas.setFont(look.font, 9)
    y = HEIGHT - 40
    organisation, kind, number = map(clean, look.header)
    canvas.drawString(LEFT, y, organisation)
    canvas.drawString(WIDTH * 0.5, y, kind)
    canvas.drawString(WIDTH * 0.66, y, number)
    canvas.drawRightString(WIDTH - RIGHT, y, f"{page} ({pages})")
    if any(look.sub):
        canvas.drawString(LEFT, y - 13, clean(look.sub[0]))
        canvas.drawString(WIDTH * 0.66, y - 13, clean(look.sub[1]))
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, y - 20, WIDTH - RIGHT, y - 20)
    if look.footer:
        canvas.setFont(look.font, 8)
        canvas.drawString(LEFT, 34, clean(look.footer))


def counted_canvas(look: Look) -> Callable[..., Canvas]:
    """A canvas class that holds its pages back until their number is known, then frames each."""

    class Counted(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "invariant": 1})
            self.held: list[dict[str, object]] = []
            self._code: list[str]

        def showPage(self) -> None:  # noqa: N802 (reportlab's name)
            self.held.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page, state in enumerate(self.held, 1):
                self.__dict__.update(state)
                body, self._code = self._code, []
                self.saveState()
                draw_frame(self, look, page, len(self.held))
                self.restoreState()
                self._code += body  # the frame stands first in the page, as in print
                Canvas.showPage(self)
            Canvas.save(self)

    return Counted


def wrapped(line: str, font: str, size: float, room: float) -> Iterator[str]:
    """The line itself where it fits, else its parts, broken at spaces where there are any."""
    rest = line
    while stringWidth(rest, font, size) > room:
        fits = [i for i in range(1, len(rest)) if stringWidth(rest[:i], font, size) <= room]
        cut = max((i for i in fits if rest[i] == " " and rest[:i].strip()), default=max(fits, default=1))
        yield rest[:cut]
        rest = rest[cut:].lstrip(" ")
    yield rest


def render_text(text: str, path: Path, header: Header, footer: str, lines_per_page: int = 40) -> None:
    """Render plain text as A4: its lines are kept (only those wider than the page are broken), a form feed starts a page."""
    look = Look(header=header, footer=footer)
    leading = min((HEIGHT - TOP - BOTTOM) / lines_per_page, 16.0)
    size = min(10.5, leading * 0.82)
    pages: list[list[str]] = []
    for part in clean(text.replace("\f", "\x00")).split("\x00"):
        lines = [x for line in part.split("\n") for x in wrapped(line.rstrip(), look.font, size, WIDTH - LEFT - RIGHT)]
        while lines and not lines[-1]:
            lines.pop()
        pages += [lines[i : i + lines_per_page] for i in range(0, max(len(lines), 1), lines_per_page)]
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setTitle(clean(" ".join(header)))
    for number, lines in enumerate(pages, 1):
        draw_frame(canvas, look, number, len(pages))
        canvas.setFont(look.font, size)
        for i, line in enumerate(lines):
            canvas.drawString(LEFT, HEIGHT - TOP - i * leading, line)
        canvas.showPage()
    canvas.save()


def settings(source: str) -> tuple[Look, str]:
    """Read the settings of a source; return them and the rest."""
    found: dict[str, str] = {}
    lines = source.split("\n")
    while lines and lines[0].startswith("%"):
        key, _, value = lines.pop(0)[1:].partition(" ")
        found[key] = value.strip()
    one, two, three = [*found.get("header", "||").split("|"), "", ""][:3]
    left, right = [*found.get("sub", "|").split("|"), ""][:2]
    look = Look(
        header=(one, two, three),
        sub=(left, right),
        footer=found.get("footer", ""),
        font=found.get("font", "Helvetica"),
        justify=found.get("align") == "justify",
        indent=float(found.get("indent", 0)),
        beside=found.get("items") == "beside",
        plain=int(found.get("plain", 0)),
    )
    return look, "\n".join(lines)


class Builder:
    """Turns the blocks of a source into flowables."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.room = WIDTH - LEFT - RIGHT
        bold = BOLD[look.font]
        align = TA_JUSTIFY if look.justify else TA_LEFT
        self.body = ParagraphStyle("body", fontName=look.font, fontSize=10.5, leading=13.2, spaceAfter=7, alignment=align)
        self.body.leftIndent = look.indent
        self.flush = ParagraphStyle("flush", parent=self.body, leftIndent=0, alignment=TA_LEFT, spaceAfter=0)
        self.keep = ParagraphStyle("keep", parent=self.body, alignment=TA_LEFT)
        self.head = ParagraphStyle("head", parent=self.body, fontName=bold, alignment=TA_LEFT, spaceBefore=4)
        self.title = ParagraphStyle("title", parent=self.flush, fontName=bold, fontSize=14, leading=18, spaceAfter=8)
        self.entry = ParagraphStyle("entry", parent=self.body, leftIndent=look.indent + 18, bulletIndent=look.indent)
        self.entry.bulletFontName, self.entry.bulletFontSize = look.font, self.body.fontSize

    @staticmethod
    def para(text: str, style: ParagraphStyle, bullet: str | None = None) -> Paragraph:
        """Plain text as a paragraph; its line ends are kept."""
        return Paragraph(escape(clean(text)).replace("\n", "<br/>"), style, bulletText=bullet)

    def grid(self, rows: list[list[object]], widths: list[float]) -> Table:
        """A table without rules."""
        cells = (0, 0), (-1, -1)
        plain = TableStyle([("VALIGN", *cells, "TOP"), ("PADDING", *cells, 1), ("LEFTPADDING", (0, 0), (0, -1), 0)])
        return Table(rows, colWidths=widths, hAlign="LEFT", style=plain)

    def item(self, text: str) -> Iterator[Flowable]:
        """The head of an agenda item: label, title, case number."""
        label, title, case = (*(x.strip() for x in text.split(" | ")), "")[:3]
        yield Spacer(1, 8)
        if self.look.beside:
            right = [self.para(title, ParagraphStyle("t", parent=self.head, leftIndent=0))]
            if case:
                right.insert(0, self.para(case, self.flush))
            left = [self.para(label, ParagraphStyle("n", parent=self.head, leftIndent=0))]
            width = self.look.indent or 70
            yield self.grid([[left, right]], [width, self.room - width])
        else:
            head = ParagraphStyle("h", parent=self.head, spaceAfter=1)
            yield self.para(label, head)
            yield self.para(title, head)
            if case:
                yield self.para(case, self.body)

    def table(self, lines: list[str]) -> Table:
        """A ruled table; its head is repeated on each page."""
        words = lines[0].split()[1:]
        anywhere = "break" in words
        cell = ParagraphStyle("cell", parent=self.flush, fontSize=9, leading=11, wordWrap="CJK" if anywhere else None)
        head = ParagraphStyle("cellhead", parent=cell, fontName=BOLD[self.look.font], wordWrap=None)
        spans = [i for i, x in enumerate(lines[1:]) if x.startswith("^ ")]
        rows = [[self.para(c.strip(), cell if i else head) for c in f"{x} ".split("| ")] for i, x in enumerate(lines[1:])]
        for i in spans:
            rows[i] = [self.para(lines[i + 1][2:], head), *[""] * (len(rows[0]) - 1)]
        ruled = TableStyle(
            [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP"), ("PADDING", (0, 0), (-1, -1), 3)]
        )
        for i in spans:
            ruled.add("SPAN", (0, i), (-1, i))
        return Table(rows, [float(w) for w in words if w != "break"], hAlign="LEFT", style=ruled, repeatRows=1, spaceAfter=9)

    def block(self, lines: list[str]) -> Iterator[Flowable]:
        """What one block of the markup becomes."""
        first, joined = lines[0], " ".join(lines)
        mark, _, rest = joined.partition(" ")
        if first == "---":
            yield PageBreak()
        elif mark == "~":
            yield Spacer(1, float(rest))
        elif mark in ("=", "=="):
            yield self.para(rest, self.title if mark == "=" else self.head)
        elif first.startswith("§ ") and " | " in joined:
            yield from self.item(rest)
        elif mark == "!":
            yield self.para("\n".join([first[2:], *lines[1:]]), self.keep)
        elif mark == "|":
            cells = [[*x[2:].rstrip(" |").split(" | "), ""][:2] for x in lines]
            rows: list[list[object]] = [[self.para(c, self.flush) for c in pair] for pair in cells]
            yield self.grid(rows, [self.room * 0.42, self.room * 0.58])
        elif mark == ":":
            label, _, text = rest.partition(" | ")
            width = self.look.indent or 110
            beside = ParagraphStyle("b", parent=self.body, leftIndent=0)
            yield self.grid([[self.para(label, self.flush), self.para(text, beside)]], [width, self.room - width])
        elif mark == ">":
            bullet, _, text = rest.partition(" ")
            yield self.para(text, self.entry, clean(bullet))
        elif mark == "+table":
            yield self.table(lines[:-1])
        else:
            yield self.para(joined, self.body)


def blocks(text: str) -> Iterator[list[str]]:
    """Lists of lines that stand together; rows and entries need no empty line between them where their marks differ."""
    held: list[str] = []
    for line in text.split("\n"):
        if not line.strip():
            if held:
                yield held
            held = []
        elif held and not held[0].startswith("+table") and line[:2] in ("> ", ": ", "§ "):
            yield held
            held = [line]
        else:
            held.append(line)
    if held:
        yield held


def render_source(source: Path, path: Path) -> None:
    """Render one `*.src` file."""
    look, text = settings(source.read_text(encoding="utf-8"))
    if look.plain:
        render_text(text, path, look.header, look.footer, look.plain)
        return
    builder = Builder(look)
    story = [flowable for lines in blocks(text) for flowable in builder.block(lines)]
    document = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=LEFT,
        rightMargin=RIGHT,
        topMargin=TOP - 14,
        bottomMargin=BOTTOM,
        invariant=1,
        title=clean(" ".join(look.header)),
    )
    document.build(story, canvasmaker=counted_canvas(look))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", nargs="?", type=Path, help="plain text file; without it every sample is rendered again")
    parser.add_argument("out", nargs="?", type=Path, help="PDF file to write")
    parser.add_argument("--header", default="|Pöytäkirja|", help='"organisation|kind|number"')
    parser.add_argument("--footer", default="", help="foot of each page")
    parser.add_argument("--lines-per-page", type=int, default=40)
    given = parser.parse_args(arguments)
    if given.file is None:
        for source in sorted((HERE / "source").glob("*.src")):
            render_source(source, HERE / f"{source.stem}.pdf")
        return 0
    parts = given.header.split("|")
    if given.out is None or len(parts) != 3 or given.lines_per_page < 1:
        parser.error('give FILE.txt OUT.pdf, --header "organisation|kind|number" and a positive --lines-per-page')
    header = (parts[0], parts[1], parts[2])
    render_text(given.file.read_text(encoding="utf-8"), given.out, header, given.footer, given.lines_per_page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
