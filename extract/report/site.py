"""The report as a folder of pages: made beside its place, then put there whole."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from poytakirja._version import __version__
from poytakirja.archive.engines.process_pool import Pool
from poytakirja.archive.outcome import Outcome
from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.options import Limits, ReadOptions
from poytakirja.publish.stored import manifest_of, parts_of, read_rows
from poytakirja.read.ocr.tesseract import Engine, find
from poytakirja.report import charts, labels
from poytakirja.report.overview import PROJECT_COLUMNS, Overview, overview
from poytakirja.report.page import PageTask, environment
from poytakirja.report.rows import Row
from poytakirja.report.source import Places, Shown, keeps_persons
from poytakirja.tables.schema import TABLES
from poytakirja.terminal import InputError

_MARK = "report.json"
_PAGES = ("index", "projects", "findings")
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to make a report. ``inputs`` is the folder to look for the files in; None: where the run found them."""

    inputs: Path | None = None
    images: bool = True
    language: labels.Language = "fi"
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class Made:
    """What a report holds: its documents by how their pages are shown, pages of its own that failed, images and marks."""

    place: str
    documents: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    sources: dict[str, list[str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, source: str, shown: str) -> None:
        """Count a document by how its pages are shown."""
        self.shown[shown] += 1
        if shown in ("missing", "changed", "refused"):
            self.sources.setdefault(shown, []).append(source)

    def as_dict(self) -> dict[str, Any]:
        """What the report says of itself, in an order that does not depend on which worker was first."""
        sources = {shown: sorted(names) for shown, names in sorted(self.sources.items())}
        counts = {"shown": dict(sorted(self.shown.items())), **dict(sorted(self.counts.items()))}
        return {"documents": self.documents, **counts, "sources": sources, "failed": sorted(self.failed)}


def write(output: Path, place: Path, options: Options, watch: Watch | None = None) -> Made:
    """Write the report of OUTPUT's tables to a folder; ``watch`` hears how many documents of how many are done.

    Raises InputError where OUTPUT holds no tables, or where the folder holds something else than a report.
    """
    documents = _documents(output)
    manifest = manifest_of(output)
    with _staged(place) as site:
        made = Made(str(place), len(documents))
        for name in ("documents", "images", "data"):
            (site / name).mkdir()
        shown = _write_pages(output, site, documents, manifest, options, made, watch or (lambda _done, _total: None))
        _write_overview(output, site, [document for _, document in documents], manifest, options, made, shown)
        told = {"made_by": f"poytakirja {__version__}", **made.as_dict()}
        (site / _MARK).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return made


def _documents(output: Path) -> list[tuple[str, Row]]:
    """Every document with the name of its part file, in order of source."""
    if not read_rows(output, "documents", ("source",)):
        raise InputError(f"{output}: holds no table `documents`; is it the OUTPUT of `poytakirja extract`?")
    parts = parts_of(output, "documents")
    rows = [(part.name, row) for part in parts for row in pq.read_table(part, schema=TABLES["documents"].schema).to_pylist()]
    return sorted(rows, key=lambda pair: pair[1]["source"])


@contextmanager
def _staged(place: Path) -> Iterator[Path]:
    """A folder to make the report in; it takes the place of an earlier report once it is whole."""
    if place.is_dir():
        if any(place.iterdir()) and not (place / _MARK).is_file():
            raise InputError(f"{place}: holds something else than a report; name a new or an empty folder with --out")
    elif os.path.lexists(place):
        raise InputError(f"{place}: is no folder; name a new or an empty folder with --out")
    for left in (*place.parent.glob(f".{place.name}.*.new"), *place.parent.glob(f".{place.name}.*.old")):  # of killed reports
        shutil.rmtree(left, ignore_errors=True)
    new = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        new.mkdir(parents=True)
        yield new
        old = place.with_name(f".{place.name}.{os.getpid()}.old")
        if place.exists():
            place.rename(old)
        new.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise InputError(f"{error.filename or place}: {error.strerror or error}; the report was not written") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


# ---------------------------------------------------------------- a page for each document


def _write_pages(
    output: Path, site: Path, documents: Sequence[tuple[str, Row]], manifest: Mapping[str, Any], options: Options, made: Made,
    watch: Watch,
) -> dict[str, str]:  # fmt: skip
    """Write the documents' pages beside each other; gives how the pages of each are shown, by document_id."""
    places = Places(output, options.inputs, manifest.get("inputs", ()))
    tasks = [
        _task(output, site, part, row, places, _wanted(row, manifest, options), options.language)
        for part, row in documents
        if row["document_id"]
    ]
    if any(task.shown == "shown" and task.document["recogniser"] for task in tasks):
        engine = _engine()
        tasks = [replace(task, engine=engine) if task.document["recogniser"] else task for task in tasks]
    tasks.sort(key=lambda task: task.part)  # a worker keeps the rows of one part at hand
    shown: dict[str, str] = {}
    again: list[PageTask] = []
    watch(0, len(tasks))
    for task, outcome in _carried_out(tasks, options):
        if outcome.status == "ok" and outcome.error:
            shown[task.document["document_id"]] = outcome.error
            made.note(task.source, outcome.error)
            made.counts.update(outcome.counts)
        else:
            # Whatever its PDF did to the worker, its record and its text can still be shown.
            shutil.rmtree(site / "images" / task.document["document_id"], ignore_errors=True)
            again.append(task.without_images("refused"))
        watch(len(shown), len(tasks))
    for task, outcome in _carried_out(again, options):
        if outcome.status != "ok":
            made.failed.append(f"{task.source}: {outcome.error}")
            continue
        shown[task.document["document_id"]] = "refused"
        made.note(task.source, "refused")
        watch(len(shown), len(tasks))
    return shown


def _engine() -> Engine | None:
    """What recognises scanned pages, to find where on them the values stand; None where it is not here."""
    try:
        return find()
    except UsageError:
        return None  # their text can still be shown


def _carried_out(tasks: Sequence[PageTask], options: Options) -> Iterator[tuple[PageTask, Outcome]]:
    """Do the tasks in processes of their own, within limits."""
    if not tasks:
        return
    pool = Pool(min(options.jobs, len(tasks)), options.limits, ReadOptions("poytakirja.report.page:PageTask"))
    for task, outcome in pool.run(tasks):
        assert isinstance(task, PageTask)
        yield task, outcome


def _wanted(document: Row, manifest: Mapping[str, Any], options: Options) -> Shown:
    """Whether a document's pages may be shown as images at all."""
    if document["media_type"] != "application/pdf":
        return "text"
    if not keeps_persons(document, manifest):
        return "persons"
    return "shown" if options.images else "off"


def _task(
    output: Path, site: Path, part: str, document: Row, places: Places, shown: Shown, language: labels.Language
) -> PageTask:  # fmt: skip
    paths = places.existing(document["source"]) if shown == "shown" else ()
    size = max((os.path.getsize(path) for path in paths), default=0)
    return PageTask(
        document["source"], paths[0] if paths else "", size, document=document, output=str(output), part=part, site=str(site),
        language=language, shown=shown, paths=paths,
    )  # fmt: skip


# ---------------------------------------------------------------- the pages about all


def _write_overview(
    output: Path, site: Path, documents: Sequence[Row], manifest: Mapping[str, Any], options: Options, made: Made,
    shown: Mapping[str, str],
) -> None:  # fmt: skip
    """Write the pages about all documents, what their script reads, and the script."""
    place = {document["document_id"]: n for n, document in enumerate(documents)}
    projects = [row for row in read_rows(output, "projects", PROJECT_COLUMNS) if row["document_id"] in place]
    about = overview(
        documents,
        sorted(projects, key=lambda row: (place[row["document_id"]], row["ordinal"])),
        read_rows(output, "findings"),
        read_rows(output, "project_links", ("project_id", "project_key")),
        shown,
    )
    for name in ("documents", "projects", "findings", "money"):
        _write_data(site, name, getattr(about, name))
    _write_data(site, "charts", charts.charts())
    _write_data(site, "labels", labels.labels())
    _copy_assets(site)
    _write_html(site, about, manifest, options, made)


def _write_data(site: Path, name: str, content: object) -> None:
    """Content as a script: a page opened from a folder may not fetch it. Rows go column by column, in a third of the bytes."""
    if isinstance(content, list):
        columns = {key: [row[key] for row in content] for key in (content[0] if content else ())}
        told = f"report.rows({_json(columns)})"
    else:
        told = _json(content)
    (site / "data" / f"{name}.js").write_text(f"report.{name}={told};\n", encoding="ascii")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))


def _copy_assets(site: Path) -> None:
    with as_file(files("poytakirja.report").joinpath("assets")) as assets:
        shutil.copytree(assets, site / "assets")
    (site / "assets" / "vega.js").write_text(charts.bundle(), encoding="utf-8")


def _write_html(site: Path, about: Overview, manifest: Mapping[str, Any], options: Options, made: Made) -> None:
    for name in _PAGES:
        template = environment(options.language).get_template(f"{name}.html.j2")
        html = template.render(about=about, versions=manifest.get("versions", {}), made=made, root="")
        (site / f"{name}.html").write_text(html, encoding="utf-8")


def complain(made: Made) -> None:
    """Name on standard error what could not be shown, and what to do."""
    for shown, sources in made.sources.items():
        why = labels.label(f"shown.{shown}", "en")
        names = ", ".join(printable(source) for source in sources[:5]) + (" …" if len(sources) > 5 else "")
        print(f"poytakirja: {len(sources)} {shown}: {names}: {why}", file=sys.stderr)
    for line in made.failed:
        print(f"poytakirja: no page for {printable(line)}", file=sys.stderr)
