"""A page as a document."""

from __future__ import annotations

from functools import cache
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

import regex

from poytakirja.document import Document, Finding
from poytakirja.errors import ReadError
from poytakirja.read.flowed import Flowed, FlowedTable, document_of, row_of
from poytakirja.read.flowed_tables import trimmed
from poytakirja.read.formats import HowToRead
from poytakirja.read.html import content
from poytakirja.read.html.flow import Flow
from poytakirja.read.html.style import Style
from poytakirja.read.html.tree import Element, parse, text_of
from poytakirja.read.pdf.rows import Row, Sheet
from poytakirja.rules.layout import identity_codes

_AROUND = 300
"""Among so many elements at its beginning a site says whose it is."""
SHORT = 700
"""A page with fewer letters than this and a link to minutes does not hold them itself."""


def document(data: bytes, _: HowToRead) -> Document:
    """Read a page."""
    root = parse(data)
    main = content.main_of(root)
    tables: list[FlowedTable] = []
    hidden: list[int] = []
    flow = Flow(tables, hidden)
    flow.walk(main, Style())
    flow.end_row()
    rows = trimmed(flow.rows)
    organisation = _organisation(root, rows)
    title = text_of(found) if (found := next(root.iter("title"), None)) is not None else ""
    elsewhere = _elsewhere(root, rows)
    if not rows:
        if elsewhere is None or not title:
            where = f"; the minutes are at {elsewhere}" if elsewhere else ""
            raise ReadError("empty", f"the page holds no text{where}; save the page that does")
        rows = [row_of(title)]
    flowed = Flowed([Sheet(1, [*organisation, *rows])], tables)
    if hidden:
        said = f"Text of the page that is not shown was left out, at {len(hidden)} place{'s' if len(hidden) > 1 else ''}."
        at = next((row for row in rows[min(hidden[0], len(rows) - 1) :] if row.pieces), None)
        flowed.notes.append((Finding("warning", "hidden_text", said), at))
    if elsewhere is not None:
        flowed.notes.append(
            (Finding("warning", "no_minutes_in_page", f"The page holds no minutes; they are at {elsewhere}"), None)
        )
        flowed.problem = ReadError("unsupported", f"the page holds no minutes; save and read what it leads to: {elsewhere}")
    return document_of(data, flowed, "html", "text/html")


# ---------------------------------------------------------------- whose page it is


@cache
def _whose() -> regex.Pattern[str]:
    """A part of a title or a row that names an organisation and nothing else."""
    whole = "kunta|kaupunki|stad|kommun|liitto|seurakunta|församling"  # a lautakunta is a body of one
    ends = "kuntayhtymä|samkommun|hyvinvointialue|välfärdsområde|seurakuntayhtymä|kaupunki"
    return regex.compile(rf"(?i)(?<!\p{{L}})(?:[\p{{L}}-]+ ){{0,5}}(?:[\p{{L}}-]+ (?:{whole})|[\p{{L}}-]*(?:{ends}))(?!\p{{L}})")


def _organisation(root: Element, rows: list[Row]) -> list[Row]:
    """Whose minutes they are, where the site around them says so and the first rows do not: as the page's head."""
    if any(_whose().search(row.text) for row in [row for row in rows if row.pieces][:8]):
        return []
    for element in islice(root.iter("title", "header", "div", "a", "span"), _AROUND):
        for text in (element.text, *(child.tail for child in element)):
            for part in regex.split(r"\s[-–|•·:]\s|[|]", " ".join(text.split()) if text and len(text) < 200 else ""):
                if _whose().fullmatch(part.strip()) and part.strip()[:1].isupper():
                    return [row_of(part.strip()), Row([], 0, 0)]
    return []


# ---------------------------------------------------------------- pages that hold no minutes


@cache
def _to_minutes() -> regex.Pattern[str]:
    """The words of a link to minutes, or of a file that holds them."""
    return regex.compile(
        r"(?i)pöytäkirja|poytakirja|esityslista|kokousasia|protokoll|föredragningslista|päätös|viranhaltija|meeting|\.pdf\b"
    )


def _elsewhere(root: Element, rows: list[Row]) -> str | None:
    """Where the minutes are that a page only leads to: its largest frame, or its first link to minutes; None where it holds
    them."""
    letters = sum(len(row.text) for row in rows if row.pieces)
    if letters >= SHORT or any("§" in row.text for row in rows if row.pieces):
        return None
    frames = [frame for frame in root.iter("frame", "iframe") if (frame.get("src") or "").strip()]
    if frames and letters < SHORT / 2:
        named = [frame for frame in frames if _to_minutes().search(" ".join(filter(None, (frame.get("src"), frame.get("name")))))]
        return _address((named or frames[-1:])[0].get("src") or "")
    for link in root.iter("a", "object", "embed"):
        target = link.get("href") or link.get("data") or link.get("src") or ""
        if (
            target
            and not target.startswith(("#", "mailto:", "javascript:", "tel:"))
            and _to_minutes().search(f"{text_of(link)} {target}")
        ):
            return _address(target)
    return None


def _address(target: str) -> str:
    """An address as it may be said: without a name and a password in it, without identity codes."""
    try:
        parts = urlsplit(target.strip())
    except ValueError:
        return "an address that cannot be read"
    whole = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return identity_codes.masked(whole, stated=True)[:300]
