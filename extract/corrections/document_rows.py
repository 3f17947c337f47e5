"""The rows of one document, as corrections see them: by table, with the text that they were read from."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from poytakirja.corrections.anchors import SearchedText, folded
from poytakirja.corrections.values import Day
from poytakirja.rules.money import sums
from poytakirja.rules.time import dates
from poytakirja.tables.schema import TABLES

Row = dict[str, Any]
Place = tuple[int, int]
RULE = "correction"
IDS = {"documents": "document_id", "items": "item_id", "projects": "project_id"}
"""The tables whose rows have an id, and its column; their values have rows in ``evidence``."""
FACTS = ("amounts", "periods", "persons", "organisations")


class DocumentRows:
    """The rows of one document by table; they may be changed."""

    def __init__(self, tables: Mapping[str, list[Row]]) -> None:
        self.tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
        self.document = self.tables["documents"][0]
        self.pages = sorted(self.tables["pages"], key=lambda page: page["page_no"])
        self.searched = SearchedText("".join(page["text"] for page in self.pages))

    @property
    def id(self) -> str:
        """The document's id."""
        return str(self.document["document_id"])

    @property
    def text(self) -> str:
        """The canonical text."""
        return self.searched.text

    @cached_property
    def _page_starts(self) -> list[int]:
        return [page["char_start"] for page in self.pages]

    def page_of(self, offset: int) -> int:
        """The number of the page on which a character is."""
        return int(self.pages[max(0, bisect_right(self._page_starts, offset) - 1)]["page_no"])

    def mention(self, place: Place) -> Row:
        """The columns of a fact or of evidence that tell where it is, for what a reviewer gave."""
        start, end = place
        where = {"page_no": self.page_of(start), "char_start": start, "char_end": end}
        return {"surface": self.text[start:end], "rule_id": RULE, "confidence": 1.0, **where}

    # -- rows by id, and what belongs to them

    def by_id(self, table: str, row_id: str) -> Row | None:
        """A row of documents, items or projects."""
        return next((row for row in self.tables[table] if row[IDS[table]] == row_id), None)

    def project_of(self, row: Row) -> Row | None:
        """The project that a fact belongs to."""
        return self.by_id("projects", row["project_id"]) if row.get("project_id") else None

    def facts_of(self, project: Row, table: str) -> Iterator[Row]:
        """The facts of a project in a table."""
        return (row for row in self.tables[table] if row["project_id"] == project["project_id"])

    def evidence_of(self, table: str, row: Row, field: str) -> Row | None:
        """The row of evidence for a value; None where it has none."""
        wanted = table, row[IDS[table]], field
        return next((e for e in self.tables["evidence"] if (e["table"], e["row_id"], e["field"]) == wanted), None)

    def span_of(self, table: str, row: Row) -> Place:
        """The place of a row: of a document, all of it."""
        return (0, len(self.text)) if table == "documents" else (row["char_start"], row["char_end"])

    def item_at(self, offset: int) -> str | None:
        """The agenda item in which a character is."""
        inside = [row for row in self.tables["items"] if row["char_start"] <= offset < row["char_end"]]
        return inside[0]["item_id"] if inside else None

    def new_row(self, table: str, /, **values: Any) -> Row:
        """A row with these values, null elsewhere, put among the others of its table."""
        row = {c.name: None for c in TABLES[table].columns} | values
        self.tables[table].append(row)
        return row

    def drop(self, table: str, *gone: Row) -> None:
        """Take rows out of a table."""
        ids = set(map(id, gone))
        self.tables[table] = [row for row in self.tables[table] if id(row) not in ids]

    def sort(self) -> None:
        """Put rows in the order of the text, those at one place as they came."""
        for table in ("projects", *FACTS, "evidence"):
            self.tables[table].sort(key=lambda row: (row["char_start"], row["char_end"]))

    # -- evidence

    def set_evidence(self, table: str, row: Row, field: str, place: Place | None) -> None:
        """Note where a corrected value is, ``place`` or as before; no evidence where the value is null."""
        known = self.evidence_of(table, row, field)
        if row[field] in (None, []):
            if known is not None:
                self.drop("evidence", known)
            return
        place = place or ((known["char_start"], known["char_end"]) if known else None) or self.span_of(table, row)
        if place[0] == place[1]:  # an empty document
            return
        if known is None:
            known = self.new_row("evidence", document_id=self.id, table=table, row_id=row[IDS[table]], field=field)
        known |= self.mention(place)

    def find_value(self, value: Any, within: Place) -> Place | None:
        """Where a value is printed in a stretch of the text; None where it is not, or cannot be told."""
        start, end = within
        text = self.text[start:end]
        spans: list[Place] = []
        if isinstance(value, Decimal):
            spans = [(m.start, m.end) for m in sums.find(text) if m.value == value]
        elif isinstance(value, Day):
            spans = [(m.start, m.end) for m in dates.find(text) if value.date in (m.start_date, m.end_date)]
        elif isinstance(value, str) and folded(value):
            return self._find_words(value, start, end)
        elif isinstance(value, int | dt.datetime) and not isinstance(value, bool):
            return None
        return (start + spans[0][0], start + spans[0][1]) if spans else None

    def _find_words(self, words: str, start: int, end: int) -> Place | None:
        at = self.text.find(words, start, end)
        return (at, at + len(words)) if at >= 0 else None
