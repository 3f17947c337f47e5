"""``poytakirja report``: what it is given checked, and what came out told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poytakirja.terminal import InputError, guarded, require_extra


def run(output: Path, place: Path | None, options: Mapping[str, Any], *, quiet: bool = False, watch: Any = None) -> int:
    """Write the report of OUTPUT to a folder, by default beside it.

    Status 0; 2 where it cannot be written; 3 where a document has no page or its PDF was missing or changed.
    """
    return guarded(lambda: _report(output, place, options, quiet, watch))


def _report(output: Path, place: Path | None, options: Mapping[str, Any], quiet: bool, watch: Any) -> int:
    require_extra("report", "report", "jinja2", "altair", "vl_convert")
    if options["language"] not in ("fi", "en"):
        raise InputError(f"--lang {options['language']}: there are labels in fi and en")
    if options["inputs"] is not None and not options["inputs"].is_dir():
        raise InputError(f"{options['inputs']}: no such folder; name the one that holds the files of the run")
    from poytakirja.report import site  # noqa: PLC0415 (what it needs may be missing)

    place = place or output.absolute().with_name(f"{output.absolute().name}-report")
    made = site.write(output, place, site.Options(**options), watch)
    site.complain(made)
    if not quiet:
        images, marks = made.counts["images"], made.counts["marks"]
        print(f"Documents: {made.documents}; pages as images: {images}, with {marks} marks")
        if made.counts["inexact"]:
            print(f"Marks that cover a whole word or line: {made.counts['inexact']}")
        print(f"Report: {place / 'index.html'}")
    return 3 if made.failed or made.sources else 0
