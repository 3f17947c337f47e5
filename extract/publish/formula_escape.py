"""Text that a spreadsheet takes for a formula, made harmless: a document's words must not run on a reader's machine."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

_FORMULA = "^[ \u00a0]*[=+\\-@\t\r\n＝＋－＠]"
"""How a cell begins that some spreadsheet evaluates; the last four are the wide forms of the same signs."""
_INSIDE = "([;\t\r\n][ \u00a0]*)([=+\\-@＝＋－＠])"
"""Where a cell could begin inside a text: a spreadsheet that takes semicolons or tabs for separators (as Excel does in Finland)
does not know the quotes of a field with commas, and takes each line of it for a row."""
_BEGINS = re.compile(_FORMULA)
_CELL_INSIDE = re.compile(_INSIDE)


def defused(text: str) -> str:
    """A text with an apostrophe wherever a formula could begin; spreadsheets take what follows one as text.

    >>> defused('=HYPERLINK("http://x")'), defused("- Silta töihin"), defused("Silta = tie")
    ('\\'=HYPERLINK("http://x")', "'- Silta töihin", 'Silta = tie')
    >>> defused("a;=cmd|' /C calc'!A0;b")
    "a;'=cmd|' /C calc'!A0;b"
    """
    text = _CELL_INSIDE.sub(r"\1'\2", text)
    return "'" + text if _BEGINS.match(text) else text


def defused_column(texts: pa.Array) -> pa.Array:
    """The same for a column of texts."""
    texts = pc.replace_substring_regex(texts, _INSIDE, r"\1'\2")
    return pc.if_else(pc.match_substring_regex(texts, _FORMULA), pc.binary_join_element_wise("'", texts, ""), texts)
