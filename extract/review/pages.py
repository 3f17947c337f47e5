"""A page of a document with one value marked: as an image where the PDF is there and unchanged, else as text.

PDFs are drawn in a process of its own: one that is built to crash its reader ends that process and no more.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poytakirja.corrections.document_rows import DocumentRows, Row
from poytakirja.errors import ReadError
from poytakirja.publish.stored import manifest_of
from poytakirja.report.page import hidden_pages
from poytakirja.report.record import Value
from poytakirja.report.source import Places, content, keeps_persons

_TIME = 60
_KEPT = 200


@dataclass(slots=True)
class Pages:
    """The pages of an OUTPUT's documents, drawn as they are asked for."""

    output: Path
    inputs: Path | None = None
    _images: dict[tuple[str, int], bytes] = field(default_factory=dict)
    _pool: ProcessPoolExecutor | None = None

    def page(self, rows: DocumentRows, page_no: int, start: int, end: int) -> dict[str, Any]:
        """The page as its text, and where it can be drawn the boxes of a stretch of it, in per cent; the image is kept."""
        page = next((row for row in rows.pages if row["page_no"] == page_no), rows.pages[0])
        told: dict[str, Any] = {
            "number": page["page_no"], "count": len(rows.pages), "text": page["text"], "at": page["char_start"], "marks": None,
        }  # fmt: skip
        drawn = self._drawn(rows, page, start, end)
        if drawn is not None:
            self._images[rows.id, page["page_no"]], told["marks"] = drawn
            while len(self._images) > _KEPT:
                self._images.pop(next(iter(self._images)))
        return told

    def image(self, document_id: str, page_no: int) -> bytes | None:
        """The image of a page that was asked for."""
        return self._images.get((document_id, page_no))

    def close(self) -> None:
        """End the process that draws."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _drawn(self, rows: DocumentRows, page: Row, start: int, end: int) -> tuple[bytes, list[dict[str, Any]]] | None:
        document, manifest = rows.document, manifest_of(self.output)
        if document["media_type"] != "application/pdf" or document["recogniser"] or not keeps_persons(document, manifest):
            return None
        if page["page_no"] in hidden_pages(rows.tables):
            return None
        places = Places(self.output, self.inputs, manifest.get("inputs", ()))
        data, shown = content(places.existing(document["source"]), document["sha256"])
        if shown != "shown":
            return None
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
        try:
            return self._pool.submit(draw, data, page, start, end).result(timeout=_TIME)
        except (BrokenProcessPool, TimeoutError):
            self.close()
            self._pool = None
            return None


def draw(data: bytes, page: Row, start: int, end: int) -> tuple[bytes, list[dict[str, Any]]] | None:
    """A page as a PNG image, and the boxes of a stretch of its text, in per cent of its width and height."""
    from poytakirja.report import picture  # noqa: PLC0415  (pdfium loads when the first PDF comes)

    with tempfile.TemporaryDirectory() as folder:
        try:
            drawn, _ = picture.pictures(data, [page], [Value(1, "", "field", "", start=start, end=end)], Path(folder), ())
        except ReadError:
            return None
        if page["page_no"] not in drawn:
            return None
        marks = [{"left": m.left, "top": m.top, "width": m.width, "height": m.height} for m in drawn[page["page_no"]].marks]
        return (Path(folder) / f"{page['page_no']}.png").read_bytes(), marks
