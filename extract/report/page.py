"""The page of one document: its record beside its pages, written by a worker of its own."""

from __future__ import annotations

import shutil
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from poytakirja.archive.engines.worker import Task
from poytakirja.archive.outcome import Outcome
from poytakirja.errors import ReadError
from poytakirja.read.ocr.tesseract import Engine
from poytakirja.report import labels
from poytakirja.report.record import Record, Value, record_of
from poytakirja.report.record import shown as shown_value
from poytakirja.report.rows import Row, rows_of
from poytakirja.report.source import Shown, content


@cache
def environment(language: labels.Language) -> Environment:
    """The templates, every value escaped; ``t`` says a label, ``attr`` says one in an attribute."""
    made = Environment(
        loader=PackageLoader("poytakirja.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        t=lambda key: labels.spoken(key, language),
        attr=lambda name, key: labels.attribute(name, key, language),
        plain=lambda key: labels.label(key, language),
        language=language,
    )
    made.filters["told"] = shown_value
    return made


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page's text that the same values cover, the innermost first; ``begins`` are those that begin here."""

    text: str
    covering: tuple[Value, ...]
    begins: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class PageTask(Task):
    """Write one document's page and its images."""

    document: Row = field(default_factory=dict)
    output: str = ""
    part: str = ""
    site: str = ""
    language: labels.Language = "fi"
    shown: Shown = "text"
    paths: tuple[str, ...] = ()
    engine: Engine | None = None

    def without_images(self, shown: Shown) -> PageTask:
        """The same, once it is known that its PDF is not to be drawn."""
        return replace(self, shown=shown, paths=(), size=0)

    def run(self) -> Outcome:
        """Write the page; how its images went is the outcome's ``error``."""
        document_id = self.document["document_id"]
        rows = rows_of(Path(self.output), self.part, document_id)
        rows["pages"].sort(key=lambda row: row["page_no"])
        record = record_of(self.document, rows)
        shown, pictures, why = self._pictures(rows, record)
        values = record.values()
        marks = [mark for picture in pictures.values() for mark in picture.marks]
        template = environment(self.language).get_template("document.html.j2")
        html = template.render(
            document=self.document, record=record, shown=shown, pictures=pictures, why=why, root="../",
            pages=[(row, list(pieces(row, values))) for row in rows["pages"]],
            pictured={value.number: mark.here[0].number for mark in marks for value in mark.here},
        )  # fmt: skip
        (Path(self.site) / "documents" / f"{document_id}.html").write_text(html, encoding="utf-8")
        counts = {"images": len(pictures), "marks": len(marks), "inexact": sum(not mark.exact for mark in marks)}
        return Outcome("ok", error=shown, counts=counts)

    def _pictures(self, rows: dict[str, list[Row]], record: Record) -> tuple[Shown, dict[int, Any], dict[int, str]]:
        if self.shown != "shown":
            return self.shown, {}, {}
        data, shown = content(self.paths, self.document["sha256"])
        if shown != "shown":
            return shown, {}, {}
        from poytakirja.report import picture  # noqa: PLC0415 (pdfium loads when the first PDF comes)

        folder = Path(self.site) / "images" / self.document["document_id"]
        try:
            return shown, *picture.pictures(data, rows["pages"], record.values(), folder, hidden_pages(rows), self.engine)
        except ReadError:
            shutil.rmtree(folder, ignore_errors=True)
            return "refused", {}, {}


def hidden_pages(rows: dict[str, list[Row]]) -> frozenset[int]:
    """The pages on which a personal identity code was masked: all of them where the finding has no place."""
    masked = [row for row in rows["findings"] if row["code"] == "personal_identity_code"]
    return frozenset(page["page_no"] for page in rows["pages"] if any(_stands_on(finding, page) for finding in masked))


def _stands_on(finding: Row, page: Row) -> bool:
    """Whether a finding stands on a page, wholly or in part."""
    if finding["char_start"] is None:
        return True
    end = page["char_start"] + len(page["text"])
    return bool(finding["char_start"] < end and finding["char_end"] > page["char_start"])


def pieces(page: Row, values: Sequence[Value]) -> Iterator[Piece]:
    """A page's text cut wherever a value begins or ends."""
    begin, text = page["char_start"], page["text"]
    end = begin + len(text)
    here = [v for v in values if v.placed and v.start is not None and v.end is not None and v.start < end and v.end > begin]
    spans = [(max(begin, v.start or 0), min(end, v.end or 0), v) for v in here]
    spans.sort(key=lambda span: (span[0], -span[1]))
    cuts = sorted({begin, end, *(s for s, _, _ in spans), *(e for _, e, _ in spans)})
    inside: list[list[tuple[int, Value]]] = [[] for _ in cuts]
    for s, e, value in spans:
        for n in range(bisect_right(cuts, s) - 1, bisect_right(cuts, e - 1)):
            inside[n].append((e - s, value))
    for n, at in enumerate(cuts[:-1]):
        covering = tuple(value for _, value in sorted(inside[n], key=lambda item: (item[1].wide, item[0])))
        begins = tuple(value for _, _, value in spans if value.start == at)
        yield Piece(text[at - begin : cuts[n + 1] - begin], covering, begins)
