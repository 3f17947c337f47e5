"""Text that a spreadsheet takes for a formula, made harmless: a document's words must not run on a reader's machine."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

_FORMULA = "^[ \u00a0]*[=+\\-@\t\r\n＝＋－＠]"
"""How a cell begins that some spreadsheet evaluates; the last four are the wide forms of the same signs."""
_BEGINS = re.compile(_FORMULA)


def defused(text: str) -> str:
    """A text with an apostrophe before it if it could be a formula; spreadsheets take what follows one as text.

    >>> defused('=HYPERLINK("http://x")'), defused("- Silta töihin"), defused("Silta = tie")
    ('\\'=HYPERLINK("http://x")', "'- Silta töihin", 'Silta = tie')
    """
    return "'" + text if _BEGINS.match(text) else text


def defused_column(texts: pa.Array) -> pa.Array:
    """The same for a column of texts."""
    return pc.if_else(pc.match_substring_regex(texts, _FORMULA), pc.binary_join_element_wise("'", texts, ""), texts)
