"""Build plain sample documents and their person mentions from marked texts.

Every ``marked/NAME.marked`` is a document in which each mention of a person is
marked inline as ``[[surface|Base Form]]``.  The surface stands exactly as it is
printed (a line end inside it included); the base form is the name as its bearer
would sign it.  This script strips the marks and writes

* ``samples/NAME.txt``: the document as it would be printed, and
* ``samples/mentions.jsonl``: one JSON object per document, in order of name,
  ``{"document": "NAME.txt", "mentions": [{"start", "end", "surface", "name"}]}``.

Offsets count Unicode code points of the canonical text, ``end`` exclusive: form feeds cut
pages and do not count. The texts are checked to be free of whatever else a reader would
normalise away.

    python samples/marked/build.py
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import TypedDict

MARKED = Path(__file__).resolve().parent
SAMPLES = MARKED.parent

MARK = re.compile(r"\[\[([^\[\]|]+)\|([^\[\]|\n]+)\]\]")
FORBIDDEN = re.compile("[\t\r\u00a0\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]")
TRAILING_SPACE = re.compile(r" +$", re.MULTILINE)


class Mention(TypedDict):
    """One printed mention of a person."""

    start: int
    end: int
    surface: str
    name: str


def strip_marks(marked: str) -> tuple[str, list[Mention]]:
    """Return the text without marks, and the mentions with their offsets in it."""
    pieces: list[str] = []
    mentions: list[Mention] = []
    length = 0
    position = 0
    for mark in MARK.finditer(marked):
        before = marked[position : mark.start()]
        surface, name = mark.groups()
        start = length + len(before) - before.count("\f")
        length = start + len(surface)
        pieces += [before, surface]
        mentions.append({"start": start, "end": length, "surface": surface, "name": name})
        position = mark.end()
    pieces.append(marked[position:])
    return "".join(pieces), mentions


def check(document: str, text: str, mentions: list[Mention]) -> None:
    """Raise AssertionError if the text or an offset is not as promised."""
    assert unicodedata.is_normalized("NFC", text), f"{document}: not NFC"
    assert not FORBIDDEN.search(text), f"{document}: forbidden character"
    assert not TRAILING_SPACE.search(text), f"{document}: trailing spaces"
    assert text.endswith("\n"), f"{document}: no line end at the end"
    for stray in ("[[", "]]", "|"):
        assert stray not in text, f"{document}: stray {stray!r}"
    canonical = text.replace("\f", "")
    for mention in mentions:
        surface, name = mention["surface"], mention["name"]
        assert canonical[mention["start"] : mention["end"]] == surface, f"{document}: {surface!r}"
        assert surface == surface.strip(), f"{document}: spaces about {surface!r}"
        assert name == " ".join(name.split()), f"{document}: spaces in {name!r}"
        assert unicodedata.is_normalized("NFC", name), f"{document}: {name!r} not NFC"


def main() -> int:
    """Build all documents and print how many mentions each of them holds."""
    lines: list[str] = []
    total = 0
    for path in sorted(MARKED.glob("*.marked")):
        document = path.stem + ".txt"
        text, mentions = strip_marks(path.read_bytes().decode("utf-8"))
        check(document, text, mentions)
        target = SAMPLES / document
        target.write_bytes(text.encode("utf-8"))
        lines.append(json.dumps({"document": document, "mentions": mentions}, ensure_ascii=False))
        total += len(mentions)
        print(f"{document}: {len(text)} characters, {len(mentions)} mentions")
    (SAMPLES / "mentions.jsonl").write_bytes(("\n".join(lines) + "\n").encode("utf-8"))
    print(f"{len(lines)} documents, {total} mentions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
