"""What of a page is text of the minutes, and what belongs to the site around them: menus, search boxes, cookie notes, footers.

An element goes by its kind, by the words of its class and id, or by its links: a cell or a list that holds little but links
beside a cell that holds the minutes is a menu. Nothing goes that holds a section number (``§``) outside its links.
"""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.read.html.tree import Element, is_hidden, tag_of, text_of
from poytakirja.rules.layout import site_words

NEVER = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "select",
        "option",
        "optgroup",
        "datalist",
        "button",
        "input",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
        "frame",
        "frameset",
        "noframes",
        "link",
        "meta",
        "base",
        "basefont",
        "param",
        "source",
        "track",
        "progress",
        "meter",
    ]
)
"""Elements whose text is no text of the page."""
_SITE = frozenset({"nav", "footer", "aside", "dialog", "menu", "search"})
_ROLES = frozenset(
    {"navigation", "search", "banner", "contentinfo", "complementary", "dialog", "alertdialog", "menu", "menubar", "toolbar"}
)
LONG = 1500
"""So many letters are no menu, whatever the element's name."""
MOST = 0.5
"""Where one element for the main content holds this share of a page's letters, the rest belongs to the site."""
LINKED = 0.7
"""Where this share of the letters stands in links, it is a menu or a list of contents."""


@cache
def _section() -> regex.Pattern[str]:
    return regex.compile(r"§|\bPykälä\b|\bParagraf\b")


def main_of(root: Element) -> Element:
    """The element that holds the minutes: the page's main content where that is most of it, else its body."""
    body = next((child for child in root.iter("body")), root)
    named = [found for found in body.iter("main", "div", "article", "section") if _is_main(found)]
    whole = _letters(body) if named else 0
    return next((found for found in named if _letters(found) >= MOST * whole), body)


def _is_main(element: Element) -> bool:
    """Whether an element is called the page's main content."""
    return element.tag == "main" or element.get("role") == "main" or (element.get("id") or "").lower() == "main"


def _letters(element: Element) -> int:
    """How many letters of an element may be text of the page."""
    total = 0
    stack = [element]
    while stack:
        one = stack.pop()
        if tag_of(one) in NEVER:
            continue
        total += len((one.text or "").strip())
        for child in one:
            total += len((child.tail or "").strip())
            stack.append(child)
    return total


def is_of_the_site(element: Element, tag: str) -> bool:
    """Whether an element belongs to the site around the minutes."""
    if tag in ("html", "body", "main", "td", "tr", "tbody", "table", "p", "span", "a", "b", "br", "li", "h1", "h2", "h3", "h4"):
        return tag in ("table", "td") and _is_named_so(element)
    if tag == "form":
        return _is_short(element)
    if tag in _SITE or (element.get("role") or "") in _ROLES:
        return _is_short(element)
    if tag == "header":
        return _links(element) or any(tag_of(child) in ("nav", "form") for child in element.iter())
    return _is_named_so(element)


def _is_named_so(element: Element) -> bool:
    """Whether class or id name a part of a site."""
    names = " ".join(filter(None, (element.get("class"), element.get("id"))))
    return bool(names) and site_words.is_site_part(names) and _is_short(element)


def _is_short(element: Element) -> bool:
    """Whether an element holds no minutes: little text, or little but links, and no section number that is no link."""
    text = text_of(element)
    if _section().search(text) and not _links(element):
        return False
    return len(text) < LONG or _links(element)


def _links(element: Element) -> bool:
    """Whether an element holds little but links."""
    linked, whole = share_of_links(element)
    return whole > 0 and linked >= LINKED * whole


def share_of_links(element: Element) -> tuple[int, int]:
    """How many letters of an element stand in links, and how many it has; each is looked at once, however links are nested."""
    linked = whole = 0
    stack = [(element, False)]
    while stack:
        one, within = stack.pop()
        within = within or one.tag == "a"
        own = len((one.text or "").strip()) if isinstance(one.tag, str) else 0
        whole += own
        linked += own if within else 0
        for child in one:
            tail = len((child.tail or "").strip())
            whole += tail
            linked += tail if within else 0
            stack.append((child, within))
    return linked, whole


def is_menu_beside(cells: list[Element], lengths: list[int], at: int) -> bool:
    """Whether a cell of a layout table is the menu beside the page: little but links, and another cell holds the text.

    ``lengths`` are those of the cells' texts.
    """
    if not any(length > max(1000, 2 * lengths[at]) for n, length in enumerate(lengths) if n != at):
        return False
    linked, whole = share_of_links(cells[at])
    return linked >= LINKED * max(whole, 1) and sum(1 for _ in cells[at].iter("a")) > 1


def leads_about(links: list[str], rest: str) -> bool:
    """Whether a row is the site's own: nothing but links, one of which leads about the site (``Edellinen asia | Seuraava asia``).

    >>> leads_about(["Edellinen asia", "Seuraava asia"], " | "), leads_about(["Liite 1"], ""), leads_about(["Haku"], "Päätös:")
    (True, False, False)
    """
    return bool(links) and not any(c.isalnum() for c in rest) and any(site_words.leads_about(link) for link in links)


def has_hidden_text(element: Element) -> bool:
    """Whether an element hides text that might be of the minutes: more than a word or two."""
    return is_hidden(element) and len(text_of(element)) > 20
