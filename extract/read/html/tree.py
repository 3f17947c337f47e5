"""Bytes of a page → its elements; what an element says of how it looks."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from lxml import etree

from poytakirja.errors import ReadError
from poytakirja.read.encodings import decode

HEAD = 4096
"""So many bytes of a page may hold the declaration of its encoding."""

Element = etree._Element


@cache
def _declared() -> re.Pattern[bytes]:
    return re.compile(
        rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})"""
    )


def parse(data: bytes) -> Element:
    """The root element of a page; a ReadError where it holds none."""
    found = _declared().search(data[:HEAD])
    declared = (found[1] or found[2]).decode("ascii") if found else None
    text = decode(data, declared).replace("\0", "")
    text = re.sub(r"^\s*<\?xml[^>]{0,200}>", "", text)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("broken", "the page cannot be read as HTML; save it again from the browser") from error
    if root is None:
        raise ReadError("empty", "the page holds no elements; fetch it again")
    return root


def tag_of(element: Element) -> str:
    """The name of an element, without a prefix (``o:p``); comments and the like have none."""
    name = element.tag
    return _plain(name) if isinstance(name, str) else ""


@lru_cache(1024)
def _plain(name: str) -> str:
    return name.rpartition(":")[2].rpartition("}")[2].lower()


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile(
        r"(?i)display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)"
    )


_UNSEEN = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader", "hidden", "offscreen"})


def is_hidden(element: Element) -> bool:
    """Whether an element says itself that it is not to be seen."""
    style = element.get("style")
    if (style and _hidden().search(style)) or element.get("hidden") is not None:
        return True
    said = element.get("class")
    return said is not None and not _UNSEEN.isdisjoint(said.lower().split())


def is_struck(element: Element, tag: str) -> bool:
    """Whether a line is drawn through the text of an element."""
    return tag in ("s", "strike", "del") or "line-through" in (element.get("style") or "")


def is_bold(element: Element, tag: str) -> bool:
    """Whether an element sets its text in bold."""
    if tag in ("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"):
        return True
    style = element.get("style")
    return style is not None and re.search(r"(?i)font-weight\s*:\s*(?:bold|[6-9]00)", style) is not None


def text_of(element: Element) -> str:
    """All text of an element on one line."""
    return " ".join("".join(map(str, element.itertext())).split())
