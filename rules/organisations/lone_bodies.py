"""A body beside a project's name in a clause of its own, with no word of its role (hakijat luetteloissa)."""

from __future__ import annotations

import regex

from poytakirja.rules.organisations import named
from poytakirja.rules.organisations.named import NamedBody

_LONGEST = 240
"""So many characters of an entry hold its name and the body beside it."""
_BEFORE = regex.compile(r"\s*(?:[^\s;:,][^;:,€]{2,110}[,;]\s+)?")
"""Nothing, or one clause: the project's name."""
_BEHIND = regex.compile(r"\s*(?:[;:.,]|$)")
_JOINED = regex.compile(r"\s+(?:ja|sekä|och)\s+")
_DOER = regex.compile(
    r"(?i)(?:\b(?:ry|rf|oy|oyj|ab|ky|osk|sr|tmi|r\.y\.)|yhdistys|seura|osakaskunta|tiekunta|osuuskunta|yliopisto|korkeakoulu|opisto"
    r"|kuntayhtymä|\skunta|\skaupunki|\skommun|\sstad|samkommun|förening)$"
)
"""How the names of those end who apply for money and carry out projects; foundations and offices of the state rather pay."""


def find(text: str) -> list[NamedBody]:
    """The bodies of an entry that stand first, or right behind its name, each a clause of its own.

    >>> [body.name for body in find("Rannan seura ry; Pihat kuntoon. Kustannusarvio 5 000 €")]
    ['Rannan seura ry']
    >>> [body.name for body in find("Pihat kuntoon, Rannan seura ry ja Kolin Kylät ry, haettu 5 000 €")]
    ['Rannan seura ry', 'Kolin Kylät ry']
    >>> find("Pihat kuntoon, 5 000 €, Rannan seura ry"), find("Rannan seura ry on kokoontunut"), find("Pihat, Rannan säätiö, 5 €")
    ([], [], [])
    """
    head = text[:_LONGEST]
    out: list[NamedBody] = []
    for body in named.find(head):
        begins = _JOINED.fullmatch(head, out[-1].end, body.start) if out else _BEFORE.fullmatch(head, 0, body.start)
        if begins is None:
            if out:
                break
            continue
        out.append(body)
    closed = bool(out) and _BEHIND.match(head, out[-1].end) is not None
    return out if closed and all(_DOER.search(body.name) for body in out) else []
