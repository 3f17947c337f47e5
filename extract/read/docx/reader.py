"""A Word file as a document."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO

import docx
from docx.document import Document as WordFile
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from poytakirja.document import Document, Finding
from poytakirja.errors import ReadError
from poytakirja.read.docx.numbering import Element, Numbering, W, number_of, value_of
from poytakirja.read.docx.styles import Paragraph, Styles, is_on
from poytakirja.read.flowed import Flowed, FlowedTable, document_of, row_of
from poytakirja.read.flowed_tables import Box, data_rows, is_data, layout_rows, trimmed
from poytakirja.read.formats import HowToRead
from poytakirja.read.pdf.rows import Row, Sheet

MAX_UNPACKED = 256 * 1024 * 1024
"""More bytes than this a document's parts do not have: a small file may unpack to any size."""
DEEPEST = 40
"""Tables in tables deeper than this are left out."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT = {*(W + name for name in ("del", "moveFrom", "commentReference", "annotationRef", "pPr", "rPr")), _MC + "Fallback"}
_THROUGH = {
    *(W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")),
    *(_MC + name for name in ("AlternateContent", "Choice")),
}  # fmt: skip
"""Elements whose content is the document's: controls, accepted changes, the first of several ways to draw something."""
_DAMAGE = (
    zipfile.BadZipFile, PackageNotFoundError, etree.LxmlError, KeyError, ValueError, OSError, EOFError, NotImplementedError,
    AttributeError, TypeError, IndexError, RuntimeError, zlib.error,
)  # fmt: skip
"""What python-docx raises on damaged files: it has no error of its own for most."""
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def document(data: bytes, _: HowToRead) -> Document:
    """Read a Word file."""
    package = _opened(data)
    if (body := package.element.find(W + "body")) is None:
        raise ReadError("broken", "the Word file has no text part; save it again in Word")
    reading = _Reading(
        Styles.of(_part(package, "styles")), Numbering.of(_part(package, "numbering")), _notes(package, "footnotes")
    )
    reading.blocks(body, 0)
    reading.end_page()
    sheets = [sheet for sheet in reading.sheets if any(row.pieces for row in sheet.rows)]
    heads, feet = _frames(package, reading)
    if not sheets and not heads:
        raise ReadError("empty", "the document holds no text; look at it, it may hold pictures only")
    sheets = sheets or [Sheet(1)]
    for number, sheet in enumerate(sheets, 1):
        sheet.number = number
    sheets[0].rows = [*heads, *sheets[0].rows]
    sheets[-1].rows = [*sheets[-1].rows, *reading.said_below(), *feet]
    flowed = Flowed(sheets, reading.tables)
    if reading.hidden:
        at = next((row for sheet in sheets for row in sheet.rows if row.pieces), None)
        said = f"Hidden text was left out, at {len(reading.hidden)} place{'s' if len(reading.hidden) > 1 else ''}."
        near = next((row for row in reading.hidden if row is not None), at)
        flowed.notes.append((Finding("warning", "hidden_text", said), near))
    return document_of(data, flowed, "docx", _TYPE)


def _opened(data: bytes) -> WordFile:
    """The document, unless it is damaged or unpacks to too much."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                what = f"the document unpacks to more than {MAX_UNPACKED:,} bytes"
                raise ReadError("too_large", f"{what}; save it without its pictures")
        return docx.Document(BytesIO(data))
    except ReadError:
        raise
    except _DAMAGE as error:
        raise ReadError("broken", "the Word file is damaged and cannot be opened; save it again in Word") from error


def _part(package: WordFile, name: str) -> Element | None:
    """The root of a part of the document, by the end of its relation's type; None where there is none or it is damaged."""
    for relation in package.part.rels.values():
        if relation.reltype.endswith("/" + name) and not relation.is_external:
            try:
                parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
                return etree.fromstring(relation.target_part.blob, parser)
            except (etree.XMLSyntaxError, ValueError):
                return None
    return None


def _notes(package: WordFile, name: str) -> dict[str, Element]:
    """The footnotes by their ids."""
    root = _part(package, name)
    return {value_of(note, "id") or "": note for note in root} if root is not None else {}


def _frames(package: WordFile, reading: _Reading) -> tuple[list[Row], list[Row]]:
    """The header of the first page and the footer of the last section: each once, as rows at the edges of the text."""
    found: list[list[Row]] = []
    for kind in ("header", "footer"):
        rows: list[Row] = []
        sections = list(package.sections)
        for section in sections[:1] if kind == "header" else sections[-1:]:
            first = section.different_first_page_header_footer
            frames = [getattr(section, f"first_page_{kind}")] if first else []
            for frame in [*frames, getattr(section, kind)]:
                if not frame.is_linked_to_previous and not rows:
                    rows = reading.apart(frame._element)
        for row in rows:
            row.role = "header" if kind == "header" else "footer"
        found.append([row for row in rows if row.pieces])
    return found[0], found[1]


# ---------------------------------------------------------------- paragraphs and tables in their order


@dataclass(slots=True)
class _Line:
    """The text gathered for a row, and whether a letter of it is not bold."""

    text: str = ""
    light: bool = False


@dataclass(slots=True)
class _Reading:
    """Reads the blocks of a document into the rows of its pages."""

    styles: Styles
    numbering: Numbering
    footnotes: dict[str, Element]
    rows: list[Row] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    tables: list[FlowedTable] = field(default_factory=list)
    hidden: list[Row | None] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    in_cell: bool = False

    def end_page(self) -> None:
        """Close the page; the next row begins another."""
        if any(row.pieces for row in self.rows):
            self.sheets.append(Sheet(len(self.sheets) + 1, trimmed(self.rows)))
        self.rows = []

    def leave_space(self) -> None:
        """An empty row, unless one is there."""
        if self.rows and self.rows[-1].pieces:
            self.rows.append(Row([], 0, 0))

    def blocks(self, element: Element, depth: int) -> None:
        """The paragraphs and tables of an element, those within changes and controls too."""
        for child in element:
            if child.tag == W + "p":
                self.paragraph(child, depth)
            elif child.tag == W + "tbl":
                if depth < DEEPEST:
                    self.table(child, depth)
            elif child.tag in _THROUGH:
                self.blocks(child, depth)

    def apart(self, element: Element, depth: int = 0) -> list[Row]:
        """The rows of an element laid out for itself."""
        kept, cell = self.rows, self.in_cell
        self.rows, self.in_cell = [], True
        self.blocks(element, depth)
        rows, self.rows, self.in_cell = trimmed(self.rows), kept, cell
        return rows

    # ------------------------------------------------ paragraphs

    def paragraph(self, element: Element, depth: int) -> None:
        """A paragraph: its rows as line breaks part them, its list's mark before the first."""
        own = element.find(W + "pPr")
        about = self.styles.paragraph(own)
        if own is not None and (is_on(own.find(W + "pageBreakBefore"))) and not self.in_cell:
            self.end_page()
        if about.space[0]:
            self.leave_space()
        writing = _Writing(self, about)
        if about.list is not None and _has_text(element):
            mark = self.numbering.next(*about.list)
            writing.line.text = f"{mark} " if mark else ""
        writing.walk(element, depth)
        writing.end_row()
        if not writing.wrote:
            self.leave_space()
        if about.space[1]:
            self.leave_space()
        section = own.find(W + "sectPr") if own is not None and not self.in_cell else None
        if section is not None and value_of(section.find(W + "type")) not in ("continuous", "nextColumn"):
            self.end_page()

    def said_below(self) -> list[Row]:
        """The footnotes that were referred to, each with its number."""
        rows: list[Row] = []
        for number, key in enumerate(self.noted, 1):
            if (note := self.footnotes.get(key)) is not None:
                text = " ".join(row.text for row in self.apart(note) if row.pieces)
                rows += [row_of(f"{str(number).translate(_RAISED)} {text}")] if text else []
        return [Row([], 0, 0), *rows] if rows else []

    # ------------------------------------------------ tables

    def table(self, element: Element, depth: int) -> None:
        """A table: of data with its cells, else as rows with gaps."""
        boxes = self._boxes(element, depth)
        if is_data(boxes, self._has_lines(element)):
            self.leave_space()
            rows, table = data_rows(boxes, len(self.tables))
            self.tables.append(table)
            self.rows += rows
        else:
            self.rows += layout_rows(boxes)
        self.leave_space()

    def _boxes(self, element: Element, depth: int) -> list[Box]:
        found: list[Box] = []
        above: dict[int, Box] = {}
        for n, row in enumerate(_children(element, "tr")):
            properties = row.find(W + "trPr")
            head = properties is not None and is_on(properties.find(W + "tblHeader"))
            if properties is not None and properties.find(W + "del") is not None:
                continue
            col = number_of(properties.find(W + "gridBefore")) or 0 if properties is not None else 0
            for cell in _children(row, "tc"):
                about = cell.find(W + "tcPr")
                across = max(1, min(number_of(about.find(W + "gridSpan")) or 1, 100)) if about is not None else 1
                merged = about.find(W + "vMerge") if about is not None else None
                if merged is not None and value_of(merged) != "restart" and col in above:
                    above[col].row_span = n - above[col].row + 1
                else:
                    box = self._box(cell, n, col, across, head, depth)
                    found.append(box)
                    above[col] = box
                col += across
        return found

    def _box(self, cell: Element, row: int, col: int, across: int, head: bool, depth: int) -> Box:
        rows = self.apart(cell, depth + 1)
        filled = [one for one in rows if one.pieces]
        text = " ".join(one.text for one in filled)
        part = any(one.table is not None or (one.tag or "").startswith("H") for one in filled) or len(filled) > 12

        def lay(tag: str | None, bold: bool) -> list[Row]:
            for one in rows:
                one.tag, one.bold = tag or one.tag, one.bold or bold
            return rows

        return Box(
            row, col, text, lay, 1, across, head, bool(filled) and all(one.bold for one in filled), part,
            max((int(one.x1) for one in filled), default=0),
        )  # fmt: skip

    def _has_lines(self, element: Element) -> bool:
        """Whether lines are drawn between the cells of a table: its own, its style's, or most cells'."""
        about = element.find(W + "tblPr")
        own = about.find(W + "tblBorders") if about is not None else None
        if own is not None:
            return _draws(own.find(W + "insideH")) or _draws(own.find(W + "insideV"))
        cells = [cell for row in _children(element, "tr") for cell in _children(row, "tc")]
        drawn = sum(any(_draws(side) for side in cell.iterfind(f"{W}tcPr/{W}tcBorders/*")) for cell in cells)
        if drawn > len(cells) / 2:
            return True
        for style in self.styles.chain(value_of(about.find(W + "tblStyle")) if about is not None else None):
            borders = style.find(f"{W}tblPr/{W}tblBorders")
            if borders is not None and value_of(style, "type") == "table":
                return _draws(borders.find(W + "insideH"))
        return False


def _draws(side: Element | None) -> bool:
    return side is not None and value_of(side) not in (None, "nil", "none")


def _children(element: Element, name: str) -> list[Element]:
    """The rows of a table or the cells of a row, those within changes and controls too."""
    found = []
    stack = list(reversed(element))
    while stack:
        one = stack.pop()
        if one.tag == W + name:
            found.append(one)
        elif one.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            stack += reversed(one)
    return found


def _has_text(element: Element) -> bool:
    return any((text.text or "").strip() for text in element.iter(W + "t"))


# ---------------------------------------------------------------- the text of a paragraph


@dataclass(slots=True)
class _Writing:
    """Writes the rows of a paragraph."""

    reading: _Reading
    about: Paragraph
    line: _Line = field(default_factory=_Line)
    boxes: list[Element] = field(default_factory=list)
    wrote: bool = False

    def end_row(self) -> None:
        """End the row; an empty one is none."""
        line, self.line = self.line, _Line()
        heading = self.about.heading
        tag = f"H{heading}" if heading else "LI" if self.about.list else "P"
        if line.text.strip():
            row = row_of(line.text.rstrip(), x0=self.about.indent, tag=tag, bold=not line.light)
            if row.pieces:
                self.reading.rows.append(row)
                self.wrote = True
        for box in self.boxes:
            self.reading.rows += self.reading.apart(box)
            self.wrote = True
        self.boxes = []

    def walk(self, element: Element, depth: int) -> None:
        """The runs of a paragraph, those in links, fields, controls and accepted changes too."""
        for child in element:
            if child.tag in _LEFT_OUT:
                continue
            if child.tag == W + "r":
                self.run(child, depth)
            elif depth < DEEPEST and isinstance(child.tag, str):
                self.walk(child, depth + 1)

    def run(self, element: Element, depth: int) -> None:
        """A run: text of one look."""
        look = element.find(W + "rPr")
        if look is not None and (is_on(look.find(W + "strike")) or is_on(look.find(W + "dstrike"))):
            return
        if look is not None and (is_on(look.find(W + "vanish")) or _is_white(look)):
            if _has_text(element):
                self.reading.hidden.append(next((row for row in reversed(self.reading.rows) if row.pieces), None))
            return
        bold = is_on(look.find(W + "b")) if look is not None and look.find(W + "b") is not None else None
        bold = (self.about.bold or self.about.heading is not None) if bold is None else bold
        raised = look is not None and value_of(look.find(W + "vertAlign")) == "superscript"
        for child in element:
            self.piece(child, bold, raised, depth)

    def piece(self, child: Element, bold: bool, raised: bool, depth: int) -> None:
        """A piece of a run."""
        match child.tag.removeprefix(W) if isinstance(child.tag, str) else "":
            case "t":
                text = child.text or ""
                mark = raised and text.strip().isdigit() and not _after_unit(self.line.text)
                self.put(text.translate(_RAISED) if mark else text, bold)
            case "tab" | "ptab":
                column = self.about.tab_after(self.about.indent + len(self.line.text)) - self.about.indent
                self.line.text += " " * (column - len(self.line.text))
            case "br" if value_of(child, "type") in ("page", "column"):
                self.end_row()
                if value_of(child, "type") == "page" and not self.reading.in_cell:
                    self.reading.end_page()
            case "br" | "cr":
                self.end_row()
            case "noBreakHyphen":
                self.put("-", bold)
            case "sym":
                self.put("•", bold)
            case "footnoteReference":
                self.reading.noted.append(value_of(child, "id") or "")
                self.put(str(len(self.reading.noted)).translate(_RAISED), bold)
            case "delText" | "instrText" | "rPr":
                return
            case _:
                drawn = child.iter(W + "txbxContent")
                self.boxes += [box for box in drawn if next(box.iterancestors(_MC + "Fallback"), None) is None]

    def put(self, text: str, bold: bool) -> None:
        """Put text on the row."""
        self.line.text += text.replace("\n", " ").replace("\t", "    ")
        if not bold and any(c.isalnum() for c in text):
            self.line.light = True


def _after_unit(text: str) -> bool:
    """Whether a raised digit stands behind a unit of length: m2, km2."""
    return re.search(r"(?:^|[^\w])(?:[kcdm]?m)$", text[-4:]) is not None


def _is_white(look: Element) -> bool:
    """Whether the letters are white on no ground of their own."""
    colour = (value_of(look.find(W + "color")) or "").upper()
    return colour == "FFFFFF" and look.find(W + "shd") is None and look.find(W + "highlight") is None
