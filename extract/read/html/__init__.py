"""HTML pages of minutes (verkkosivut): Dynasty, TWeb, CloudNC, CaseM, Ahjo, and what municipalities make by hand.

lxml parses them: it reads the unclosed and misnested elements of old pages as browsers do, it is fast, and the reader of Word
files needs it anyway.
"""

from poytakirja.read.html.reader import document

__all__ = ["document"]
