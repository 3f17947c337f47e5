"""The made parts of a page: what stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``."""

from __future__ import annotations

import re

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b(?= with version)")


def block(text: str, name: str) -> str:
    """What stands between the marks of a name."""
    found = re.search(_between(name), text)
    if not found:
        raise SystemExit(f"there is no <!-- {name} --> … <!-- /{name} --> to fill")
    return found.group().strip("\n")


def filled(text: str, name: str, new: str) -> str:
    """A page with a block made anew; one that says the same, and only was measured on another day, stays.

    >>> filled("<!-- x -->\\nold\\n<!-- /x -->", "x", "new")
    '<!-- x -->\\nnew\\n<!-- /x -->'
    >>> filled("<!-- x -->\\n2024-01-01 with version 1: 3\\n<!-- /x -->", "x", "2025-02-02 with version 1: 3")
    '<!-- x -->\\n2024-01-01 with version 1: 3\\n<!-- /x -->'
    """
    if _DAY.sub("", block(text, name)) == _DAY.sub("", new.strip("\n")):
        return text
    return re.sub(_between(name), lambda _: new + "\n", text, count=1)


def _between(name: str) -> str:
    return rf"(?s)(?<=<!-- {re.escape(name)} -->\n).*?(?=<!-- /{re.escape(name)} -->)"
