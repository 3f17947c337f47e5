"""What the columns of a table hold (sarakkeet): by a known label, else by a word of the header and by what the cells are.

A header is evidence, and so are the cells: ``Loppuu`` is an end only above dates, ``Kok.kust.`` a cost only above numbers; two
columns of dates without a word are the beginning and the end.

>>> columns = {0: ["Satama", "Reitti"], 1: ["1.9.2016", "1.1.2017"], 2: ["31.8.2018", "31.12.2019"], 3: ["412", "85,5"]}
>>> {n: label.field for n, label in column_labels({0: "Hanke", 1: "Alkaa", 2: "Loppuu", 3: "Kok.kust."}, columns).items()}
{0: 'name', 1: 'start', 2: 'end', 3: 'total_cost'}
>>> {n: label.field for n, label in column_labels({0: "Hanke"}, columns).items()}
{0: 'name', 1: 'start', 2: 'end'}
>>> column_labels({1: "Tuki-%"}, {1: ["50", "65"]})
{}
>>> column_labels({3: "EAKR+valtio"}, {3: ["maaliskuu", "syksy"]})
{}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import regex

from poytakirja.rules.money.numbers import parse_number
from poytakirja.rules.projects.field_labels import Label, field_of
from poytakirja.rules.vocabulary_tables.tables import rows

_LONGEST_HEADER = 80
_DAY = r"(?:\d{1,2}\.\s?)?\d{1,2}[./]\s?(?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d"
_DATE = regex.compile(rf"\s*(?:{_DAY})\s*(?:saakka|asti|mennessä)?\s*")
_RANGE = regex.compile(rf"\s*(?:\d{{1,2}}\.(?:\d{{1,2}}\.)?|{_DAY})\s?[-–—]\s?(?:{_DAY})\s*")


@cache
def _stems() -> tuple[tuple[str, str, str], ...]:
    return tuple((row["stem"], row["field"], row["holds"]) for row in rows("column_stems"))


def content_of(cells: Sequence[str]) -> str | None:
    """What most filled cells of a column are: ``date``, ``range``, ``money`` (a plain number) or ``words``; None without any."""
    kinds = [_kind(cell) for cell in cells if any(map(str.isalnum, cell))]
    if not kinds:
        return None
    best = max(("date", "range", "money", "words"), key=kinds.count)
    return best if 2 * kinds.count(best) > len(kinds) else "words"


def _kind(cell: str) -> str:
    if _RANGE.fullmatch(cell):
        return "range"
    if _DATE.fullmatch(cell):
        return "date"
    return "money" if cell.strip()[:1].isdigit() and parse_number(cell)[0] is not None else "words"


def column_labels(header: Mapping[int, str], columns: Mapping[int, Sequence[str]]) -> dict[int, Label]:
    """The field of each column that its header or its cells show; ``columns`` are the texts of its cells below the header."""
    labels: dict[int, Label] = {}
    dated = []
    for n, cells in sorted(columns.items()):
        words = header.get(n, "")
        if len(words) > _LONGEST_HEADER or "%" in words:  # a share is no sum
            continue
        content = content_of(cells)
        if (known := field_of(words) if words else None) and "/" not in words:
            labels[n] = known
            continue
        if (field := _by_stem(words, content)) is not None:
            labels[n] = Label(field)
        elif content == "range":
            labels[n] = Label("duration")
        elif content == "date":
            dated.append(n)
    return labels | _beginning_and_end(dated, labels, columns)


def may_head_column(words: str) -> bool:
    """Whether words could be the header of a column of projects, whatever its cells are.

    >>> may_head_column("Loppuu"), may_head_column("EAKR+valtio"), may_head_column("Aino Virtanen")
    (True, True, False)
    """
    return field_of(words) is not None or any(_by_stem(words, content) for content in ("date", "range", "money", "words"))


def _by_stem(header: str, content: str | None) -> str | None:
    """The field that a word of a header begins to name, if the cells are what it needs."""
    for word in regex.findall(r"\p{L}+", header.casefold()):
        for stem, field, holds in _stems():
            if holds == content and word.startswith(stem):
                return field
    return None


def _beginning_and_end(
    dated: Sequence[int], labels: Mapping[int, Label], columns: Mapping[int, Sequence[str]]
) -> dict[int, Label]:
    """Two columns of days side by side without a word are the beginning and the end; years alone may be anything."""
    fields = {label.field for label in labels.values()}
    if len(dated) != 2 or dated[1] - dated[0] != 1 or fields & {"start", "end", "duration"}:
        return {}
    if any(cell.strip().isdigit() for n in dated for cell in columns[n]):
        return {}
    return {dated[0]: Label("start"), dated[1]: Label("end")}
