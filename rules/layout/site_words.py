"""Words of the sites around minutes (sivuston sanat): what parts of a page are called, and what its links say."""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.vocabulary_tables import tables


@cache
def _parts(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in tables.rows("site_words") if row["kind"] == kind)


@cache
def _word() -> regex.Pattern[str]:
    return regex.compile(r"\p{Lu}?\p{Ll}+|\p{Lu}+")


_ABOUT = frozenset(
    {"has", "no", "with", "without", "wrap", "wrapper", "content", "main", "page", "hide", "margin", "padding", "border"}
)
"""A name with one of these is not the part's own: ``has-sidebar``, ``content-menu-wrapper``."""


def is_site_part(names: str) -> bool:
    """Whether the class or the id of an element calls it a part of a site that holds no minutes.

    >>> is_site_part("main-navbar"), is_site_part("murupolku"), is_site_part("has-sidebar"), is_site_part("margin-top")
    (True, True, False, False)
    """
    for name in names.split():
        if name.lower() in _parts("whole"):
            return True
        words = {word.lower() for word in _word().findall(name)}
        if not words.isdisjoint(_parts("part")) and words.isdisjoint(_ABOUT - {"main"}):
            return True
    return False


@cache
def _links() -> frozenset[str]:
    return frozenset(row["word"].casefold() for row in tables.rows("site_words") if row["kind"] == "link")


def leads_about(text: str) -> bool:
    """Whether the words of a link lead about the site rather than to what the text speaks of.

    >>> leads_about("Seuraava asia"), leads_about("« Edellinen asia"), leads_about("Liite 1 Hankesuunnitelma")
    (True, True, False)
    """
    return text.strip(" \u00a0«»‹›<>|[]()←→…-:.").casefold() in _links()
