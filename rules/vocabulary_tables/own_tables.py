"""Rules of an organisation's own (omat säännöt): rows added to the vocabulary, checked before anything is read with them.

What a table may hold, the shipped one tells: a cell may be empty where one of its is, a column of key words (codes, kinds,
roles) takes the words that it has there, and a row that repeats one of its words is refused.

>>> own = CustomRules.of({"funders": "code,form,match,name\\nMUU,Kylärahasto,stem,Toivolan kylärahasto"})
>>> own.counts(), CustomRules().version, len(own.version)
({'funders': 1}, '', 16)
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import regex

from poytakirja.rules.vocabulary_tables import tables as _load
from poytakirja.rules.vocabulary_tables.tables import Row, parsed, shipped


class Shape(NamedTuple):
    """A table's key, which no two rows share; the columns of key words; those of them that go together as in the shipped rows."""

    key: tuple[str, ...]
    closed: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


TABLES = {
    "amount_labels": Shape(("stem",), ("inflects", "compound", "kind", "strength", "where", "unitless"), ("strength", "kind")),
    "body_names": Shape(("form", "match"), ("match",)),
    "bodies": Shape(("ending",)),
    "change_words": Shape(("word", "where"), ("inflects", "where", "reach", "change"), ("change",)),
    "column_stems": Shape(("stem", "field"), ("field", "holds"), ("field", "holds")),
    "debate_words": Shape(("words", "kind"), ("kind",)),
    "frame_rows": Shape(("words", "where"), ("where",)),
    "funders": Shape(("form",), ("code", "match")),
    "headings": Shape(("heading",), ("kind",)),
    "labels": Shape(("form",), ("field",)),
    "link_words": Shape(("word",), ("kind",)),
    "money_columns": Shape(("stem",), ("match", "use")),
    "name_ends": Shape(("stem",), ("match",)),
    "name_words": Shape(("word", "kind"), ("kind",)),
    "names": Shape(("name", "kind"), ("kind", "use")),
    "namesakes": Shape(("stem",), ("kind",)),
    "not_projects": Shape(("stem",), ("match",)),
    "organisation_cues": Shape(("form",), ("match", "role")),
    "organisation_heads": Shape(("base",)),
    "outcome_words": Shape(("words", "where"), ("outcome", "where")),
    "party_kinds": Shape(("stem",), ("kind", "alone")),
    "period_bounds": Shape(("words", "where"), ("inflects", "where", "form")),
    "period_cues": Shape(("cue", "where"), ("inflects", "kind", "where", "reach", "applies", "generic")),
    "prose_words": Shape(("word", "use"), ("use",)),
    "regions": Shape(("genitive",)),
    "roles": Shape(("base",), ("kind", "place")),
    "roles_sv": Shape(("base",), ("kind", "place")),
    "site_words": Shape(("word", "kind"), ("kind",)),
    "title_words": Shape(("stem", "use"), ("use",)),
}
"""The tables that may be added to. Months, municipalities, the weights of links and names, and the signs that a trained
model weighs are the same for everybody."""

_FREE = ("note", "label", "name", "as")
"""Columns, beside a key, that hold what people read rather than what a text is searched for."""
_PLAIN = regex.compile(r"[\p{L}\p{M}\p{N} .,:;/&+()'’§%€–-]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a table: in which line, if it is one's."""

    table: str
    line: int | None
    message: str


class CustomRulesError(ValueError):
    """Tables that cannot be used, with every problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{p.table}.csv{f', line {p.line}' if p.line else ''}: {p.message}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class CustomRules:
    """Tables of an organisation's own: (name, CSV) in the order of their names. None of them are the shipped rules alone."""

    tables: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, tables: Mapping[str, str]) -> CustomRules:
        """The tables, each the text of a CSV file, once they are checked. Raises CustomRulesError."""
        if problems := [problem for name in sorted(tables) for problem in problems_of(name, tables[name])]:
            raise CustomRulesError(problems)
        return cls(tuple(sorted(tables.items())))

    @property
    def version(self) -> str:
        """16 hex digits that tell these tables from others; empty where there are none."""
        return hashlib.sha256(repr(self.tables).encode()).hexdigest()[:16] if self.tables else ""

    def counts(self) -> dict[str, int]:
        """How many rows each table adds."""
        return {name: len(parsed(text)) for name, text in self.tables}


# ---------------------------------------------------------------- in use

_in_use = CustomRules()


def active() -> CustomRules:
    """What the rules of this process read with beside their own vocabulary."""
    return _in_use


def activate(own: CustomRules) -> None:
    """Let the rules of this process read with these tables. Only for ``custom_rules.load``, which drops what was compiled."""
    global _in_use  # noqa: PLW0603  what is compiled is the process's too
    _in_use = own
    _load.add({name: [row for _, row in parsed(text)] for name, text in own.tables})


# ---------------------------------------------------------------- checks


@dataclass(frozen=True, slots=True)
class _Column:
    """What the shipped rows have in a column."""

    words: frozenset[str]
    lower: bool
    capital: bool
    starred: bool
    """Whether ``*`` stands for the rest of a word in it."""

    @property
    def needed(self) -> bool:
        """Whether no cell is empty."""
        return "" not in self.words


@cache
def _columns(name: str) -> dict[str, _Column]:
    found = {column: frozenset(row[column] for row in shipped(name)) for column in shipped(name)[0]}
    return {
        column: _Column(
            words, all(w == w.lower() for w in words), all(w[:1].isupper() for w in words if w), any("*" in w for w in words)
        )
        for column, words in found.items()
    }


def problems_of(name: str, text: str) -> Iterator[Problem]:
    """What is wrong with a table."""
    if name not in TABLES:
        yield Problem(name, None, f"there is no such table to add to: one of {', '.join(TABLES)}")
        return
    read = csv.reader(text.splitlines(), strict=True)
    try:
        cells = {line: row for row in read if (line := read.line_num)}
    except csv.Error as error:
        yield Problem(name, None, f"is no CSV: {error}: look for a quote that does not close")
        return
    header = cells.pop(1, [])
    columns = _columns(name)
    needed = [column for column, held in columns.items() if held.needed]
    if missing := [column for column in needed if column not in header]:
        hint = "; its columns are parted by semicolons: save it with commas" if ";" in "".join(header) else ""
        yield Problem(name, 1, f"columns that are missing: {', '.join(missing)}; it needs {','.join(needed)}{hint}")
    elif unknown := [column for n, column in enumerate(header) if column not in columns or column in header[:n]]:
        strange = ", ".join(map(repr, unknown))
        yield Problem(name, 1, f"columns that are unknown, or there twice: {strange}; it may have {','.join(columns)}")
    else:
        wide = {line for line, row in cells.items() if len(row) > len(header)}
        nameless = [line for line, row in cells.items() if row and not row[0].strip() and any(map(str.strip, row))]
        yield from (Problem(name, line, f"{header[0]} is empty") for line in nameless)
        yield from _problems_of_rows(name, text, wide)


def _problems_of_rows(name: str, text: str, wide: Set[int]) -> Iterator[Problem]:
    shape = TABLES[name]
    known = {_key(shape, row): row for row in shipped(name)}
    seen: dict[tuple[str, ...], int] = {}
    for line, row in parsed(text):
        wrong = ["more cells than columns: put quotes around a cell with a comma"] if line in wide else [*_wrong(name, row)]
        yield from (Problem(name, line, message) for message in wrong)
        if wrong:
            continue
        key, word = _key(shape, row), repr(row[shape.key[0]])
        if key in known:
            told = ", ".join(f"{column} {known[key][column]}" for column in shape.closed if known[key][column])
            yield Problem(name, line, f"{word} is in the shipped rules already{f' ({told})' if told else ''}: remove the row")
        elif key in seen:
            yield Problem(name, line, f"{word} stands in line {seen[key]} already: remove one")
        seen.setdefault(key, line)


def _key(shape: Shape, row: Row) -> tuple[str, ...]:
    return tuple(row[column].casefold() for column in shape.key)


def _wrong(name: str, row: Row) -> Iterator[str]:
    """What is wrong with a row by itself."""
    shape, columns = TABLES[name], _columns(name)
    cells = [message for column, cell in row.items() for message in _wrong_cell(shape, column, cell, columns[column])]
    yield from cells
    if not cells:
        yield from _wrong_together(name, shape, row)


def _wrong_cell(shape: Shape, column: str, cell: str, known: _Column) -> Iterator[str]:
    if not cell:
        if known.needed:
            yield f"{column} is empty"
    elif column in shape.closed:
        if cell not in known.words:
            yield f"{column} {cell!r} is unknown: one of {', '.join(sorted(known.words - {''}))}"
    elif column in shape.key or column not in _FREE:
        plain = cell.replace("*", "") if known.starred else cell
        if not _PLAIN.fullmatch(plain):
            strange = "".join(sorted(set(_PLAIN.sub("", plain))))
            yield f"{column} {cell!r}: a word or stem stands as it is printed, it is no pattern: take out {strange!r}"
        elif cell != cell.lower() and known.lower:
            yield f"{column} {cell!r}: write it in lower case, as all of this column"
        elif cell[0].islower() and known.capital:
            yield f"{column} {cell!r}: begin it with a capital, as all of this column"


def _wrong_together(name: str, shape: Shape, row: Row) -> Iterator[str]:
    """What is wrong with cells that are right each by itself."""
    said = tuple(row.get(column, "") for column in shape.together)
    if shape.together and said not in {tuple(known[column] for column in shape.together) for known in shipped(name)}:
        pairs = " and ".join(f"{column} {word!r}" for column, word in zip(shape.together, said, strict=True))
        yield f"{pairs} do not go together in any shipped row"
    inflected = row.get("match") == "stem" or row.get("inflects") == "yes" or "partitive" in row
    word = row.get("form") or row.get("stem") or next(iter(row.values()))
    if inflected and sum(map(str.isalpha, word)) < 3:
        yield f"{word!r}: a word that endings may follow needs three letters, or it is found everywhere"
    if word.startswith("-") and row.get("inflects") == "no":
        yield f"{word!r} is a part of words: inflects must be yes"
    if "base" in row and "stem" in row and row["stem"][:2] != row["base"][:2]:
        yield f"stem {row['stem']!r} is of another word than base {row['base']!r}"
