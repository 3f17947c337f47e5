"""Texts cut to tokens and sentences, as the recogniser reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

_TOKEN = regex.compile(
    r"\s+|(?:\d+(?:[.,:/–-]\d+)*|[\p{L}\d][\p{L}\p{M}\d'’´]*(?:[-‑–&:.@][\p{L}\d][\p{L}\p{M}\d'’´]*)*-?)(\.?)|-?\S"
)
_SHORTENED = frozenset(
    "esim mm ym yms jne ns ks vrt o.s n s puh p tri prof nk em ko milj mrd maist".split()  # noqa: SIM905 (reads better)
    + "pj vpj siht jr sr mr mrs st dr vs vt v.s v.t".split()  # noqa: SIM905
)
_ACTING = regex.compile(r"v\.?[st]\.(?=\w)", regex.IGNORECASE)


def _keeps_point(word: str, text: str, end: int) -> bool:
    """Whether the point behind a word is its own: of an abbreviation, an initial or an ordinal."""
    if word[-1].isdigit():
        return text[end : end + 1] == " " and text[end + 1 : end + 2].islower()
    initial = word[0].isupper() and (len(word) == 1 or word[1:2] in (".", "-")) and len(word) < 6
    return initial or word.lower() in _SHORTENED


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Tokens and white space of a text with their places, nothing left out."""
    for match in _TOKEN.finditer(text):
        token, start = match.group(), match.start()
        if (token[0] in "vV") and (acting := _ACTING.match(token)):
            yield start, acting.group()
            token, start = token[acting.end() :], start + acting.end()
        if match.group(1) and len(token) > 1 and not _keeps_point(token[:-1], text, match.end()):
            yield start, token[:-1]
            token, start = ".", match.end() - 1
        yield start, token


_ENDS = frozenset(".!?…")
_CLOSING = frozenset("\"'”’»)]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text cut to tokens, white space left out, with their places."""

    tokens: list[str]
    starts: list[int]
    sentences: list[list[int]]


def cut(text: str) -> Text:
    """Tokens and sentences of a text.

    >>> cut("Kuuli vt.rehtori A. Ahoa. Asia jäi pöydälle").tokens
    ['Kuuli', 'vt.', 'rehtori', 'A.', 'Ahoa', '.', 'Asia', 'jäi', 'pöydälle']
    """
    tokens: list[str] = []
    starts: list[int] = []
    rows: list[list[int]] = [[]]
    for start, token in pieces(text):
        if token.isspace():
            if "\n" in token:
                rows.append([])
            continue
        rows[-1].append(len(tokens))
        tokens.append(token)
        starts.append(start)
    return Text(tokens, starts, [found for row in rows for found in sentences([tokens[i] for i in row], row)])


def sentences(tokens: Sequence[str], places: Sequence[int] | None = None) -> list[list[int]]:
    """The tokens' places by sentence: a name does not run over its end."""
    found: list[list[int]] = [[]]
    last = ""
    for place, token in zip(places if places is not None else range(len(tokens)), tokens, strict=True):
        if last in _ENDS and not token[0].islower() and token not in _CLOSING:
            found.append([])
        found[-1].append(place)
        last = token
    return [sentence for sentence in found if sentence]
