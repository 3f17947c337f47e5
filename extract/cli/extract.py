"""``poytakirja extract``."""

# ruff: noqa: PLC0415

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from poytakirja.cli.common import Jobs, Json, Ocr, Quiet, Rules, cores, errors_in_a_line, fail

if TYPE_CHECKING:
    from poytakirja.archive.changes import Changes
    from poytakirja.archive.run import Summary
    from poytakirja.options import Options

HELP = """Extract minutes into tables, a folder of Parquet files each.

Documents are added to OUTPUT, or renewed where they have changed; the others
in it are kept. The same command again goes on where the last run ended,
whatever ended it. A bad file does not stop the run.

\b
Examples:
  poytakirja extract samples --out output
  poytakirja extract minutes/ more/extra.pdf --out tables --jobs 4
  poytakirja extract minutes/ --out tables --prune --dry-run
  poytakirja extract s3://minutes/2024 --out tables --log-json
  poytakirja extract minutes/ --out tables --retry-failed --memory 4096
  poytakirja extract minutes/ --out tables --persons drop
  poytakirja extract scanned/ --out tables --ocr

\b
Exit status:
  0    all read
  2    wrong usage, or INPUT holds no document: nothing was written
  3    finished, but some documents failed or are partial: the table
       documents says which, why, and what to do
  130  interrupted: finished parts are kept
"""

_SHOWN = 20
"""How many files are named on the terminal; the table names all."""

_Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT", help="Files, folders (searched for minutes) and URLs (s3://… and others)."),
]
_Out = Annotated[str, typer.Option("--out", "-o", metavar="OUTPUT", help="Folder of the tables: new, empty, or of a run.")]
_Memory = Annotated[int, typer.Option("--memory", min=100, metavar="MB", help="Memory that one document may take.")]
_Time = Annotated[float, typer.Option("--time-limit", min=1, metavar="S", help="Seconds for a document, and 20 for each MB.")]
_Retry = Annotated[bool, typer.Option("--retry-failed", help="Read again what failed in an earlier run.")]
_Prune = Annotated[bool, typer.Option("--prune", help="Take out documents that INPUT holds no more.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Let --prune take out more than a tenth of all.")]
_Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")]
_Engine = Annotated[Literal["local", "dask"], typer.Option("--engine", help="Where to run: this machine, or a dask cluster.")]
_Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Of the dask scheduler, as tcp://host:8786.")
]
_Persons = Annotated[
    Literal["keep", "hash", "drop"],
    typer.Option("--persons", help="Keep names, hash them (POYTAKIRJA_KEY) or drop them."),
]
_Log = Annotated[bool, typer.Option("--log-json", help="A line of JSON for each shard, on standard error.")]
_Corrections = Annotated[
    Path | None,
    typer.Option("--corrections", metavar="FILE", help="Reviewers' corrections, if not OUTPUT/_corrections.jsonl."),
]


def extract(
    inputs: _Inputs,
    out: _Out,
    jobs: Jobs = 0,
    memory: _Memory = 2048,
    time_limit: _Time = 60,
    retry_failed: _Retry = False,
    prune: _Prune = False,
    sure: _Yes = False,
    dry_run: _Dry = False,
    engine: _Engine = "local",
    scheduler: _Scheduler = None,
    persons: _Persons = "keep",
    rules: Rules = None,
    ocr: Ocr = False,
    corrections: _Corrections = None,
    quiet: Quiet = False,
    log_json: _Log = False,
    as_json: Json = False,
) -> None:
    """Extract minutes into tables."""
    from poytakirja.custom_rules import load as own_rules
    from poytakirja.options import Limits, Options, ReadOptions
    from poytakirja.privacy.pseudonyms import Pseudonyms
    from poytakirja.read.ocr.tesseract import find

    if (engine == "dask") != (scheduler is not None):
        fail("--engine dask and --scheduler ADDRESS go together", 2)
    with errors_in_a_line(out):
        reading = ReadOptions(persons=Pseudonyms.of(persons), rules=own_rules.checked(rules), ocr=find() if ocr else None)
    jobs = jobs or cores()
    limits = Limits(seconds=time_limit, memory_mb=memory, seconds_per_scan=time_limit / 6, scans_at_once=max(1, cores() // jobs))
    options = Options(jobs, limits, reading, retry_failed, engine, scheduler, prune, sure, corrections)
    if dry_run:
        _preview(inputs, out, options, as_json=as_json)
        return
    summary = _run(inputs, out, options, quiet=quiet, log_json=log_json)
    _report_failures(summary)
    if as_json:
        print(json.dumps(summary.as_dict(), ensure_ascii=False, indent=1))
    elif not quiet:
        _print_summary(summary)
    raise typer.Exit(summary.exit_code)


# ---------------------------------------------------------------- what would be done


def _preview(inputs: list[str], out: str, options: Options, *, as_json: bool) -> None:
    """Print what a run would do."""
    from dataclasses import replace

    from poytakirja.archive import run as batch

    with errors_in_a_line(out):
        changes = batch.preview(inputs, out, replace(options, sure=True))
    named = {"new": changes.new, "changed": changes.changed, "removed": changes.removed}
    counts = {"unchanged": len(changes.unchanged), "elsewhere": len(changes.elsewhere)}
    if as_json:
        print(json.dumps({**named, **counts}, ensure_ascii=False, indent=1))
        return
    print(f"A run would leave OUTPUT with: {_changes(changes)}; nothing was written")
    for word, sources in named.items():
        for line in _some(sources):
            print(f"{word}\t{line}")


def _changes(changes: Changes) -> str:
    counts = {word: len(getattr(changes, word)) for word in ("new", "changed", "unchanged", "removed")}
    told = ", ".join(f"{n} {word}" for word, n in counts.items() if n) or "no change"
    return told + (f"; {len(changes.elsewhere)} kept that are not under INPUT" if changes.elsewhere else "")


def _some(sources: Sequence[str]) -> Iterator[str]:
    from poytakirja.files import printable

    yield from map(printable, sources[:_SHOWN])
    if len(sources) > _SHOWN:
        yield f"… and {len(sources) - _SHOWN} more: --json lists all"


# ---------------------------------------------------------------- a run


def _run(inputs: list[str], out: str, options: Options, *, quiet: bool, log_json: bool) -> Summary:
    """Run the batch; what ends it is said in a line."""
    from poytakirja.archive import run as batch
    from poytakirja.cli import progress
    from poytakirja.files import printable

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    with errors_in_a_line(out):
        try:
            if log_json:
                return batch.run(inputs, out, options, progress.in_log())
            if not quiet and sys.stderr.isatty():
                with progress.on_terminal() as watch:
                    return batch.run(inputs, out, options, watch)
            return batch.run(inputs, out, options)
        except KeyboardInterrupt as interrupt:
            status = 128 + (interrupt.args[0] if interrupt.args else signal.SIGINT)
            fail(f"interrupted: finished parts are kept in {printable(out)}; the same command goes on from there", status)


def _end(number: int, _: object) -> NoReturn:
    """End as Ctrl-C does: copies of what was fetched are deleted, finished parts are shown."""
    raise KeyboardInterrupt(number)


def _report_failures(summary: Summary) -> None:
    """Name the files that failed, why, and what to do."""
    from poytakirja.files import printable

    for failed in summary.failures[:_SHOWN]:
        print(f"poytakirja: {printable(failed.source)}: {failed.status} ({failed.code}): {failed.error}", file=sys.stderr)
    if len(summary.failures) > _SHOWN:
        more = len(summary.failures) - _SHOWN
        print(f"poytakirja: and {more} more: see status, error_code and error in {summary.output}/documents", file=sys.stderr)


def _print_summary(summary: Summary) -> None:
    """What the tables hold, what the run did, and where to find it."""
    from rich.console import Console

    from poytakirja.files import printable
    from poytakirja.terminal import say, show

    console = Console()
    for line in _summary_lines(summary):
        say(console, line)
    if summary.failures:
        count = Counter((failed.code, failed.status) for failed in summary.failures)
        one = {(failed.code, failed.status): failed.source for failed in reversed(summary.failures)}
        lines = [(code, status, str(n), printable(one[code, status])) for (code, status), n in count.most_common()]
        show(console, "Failed or partly read", ("reason", "status", "documents", "the first"), lines, numeric=False)


def _summary_lines(summary: Summary) -> Iterator[str]:
    rows, documents = summary.rows, summary.documents
    kinds = ", ".join(
        f"{documents[status]} {status}" for status in ("ok", "partial", "failed", "duplicate") if status in documents
    )
    yield f"Documents: {sum(documents.values())} ({kinds or 'none'}); {rows['pages']} pages"
    counts = {word: getattr(summary, word) for word in ("new", "changed", "unchanged", "removed")}
    done = ", ".join(f"{n} {word}" for word, n in counts.items() if n)
    yield f"This run: {done}" + (f"; {summary.elsewhere} kept that are not under INPUT" if summary.elsewhere else "")
    rate = f" ({summary.pages / summary.elapsed:.0f} pages/s)" if summary.pages else ""
    yield f"Read: {summary.read} documents, {summary.pages} pages in {summary.elapsed:.1f} s{rate}"
    if summary.again:
        yield f"Begun before, by a run or a worker that did not end them: {summary.again} of those read"
    if summary.others:
        yield f"Other files in the folders, not read: {summary.others}"
    if summary.removed:
        yield f"Removed documents can be put back (poytakirja restore {summary.output}) until poytakirja compact deletes them"
    found = ("items", "projects", "amounts", "periods", "persons", "organisations", "findings")
    yield f"Found: {', '.join(f'{rows[name]} {name}' for name in found)}"
    if summary.pages:
        spent = (f"{stage} {seconds:.2f} s ({1000 * seconds / summary.pages:.2f})" for stage, seconds in summary.seconds.items())
        yield f"Time, and ms a page: {', '.join(spent)}"
    yield f"Tables: {summary.output}/"
    yield f'  pandas   pandas.read_parquet("{summary.output}/projects")'
    yield f"  DuckDB   SELECT * FROM '{summary.output}/projects/*.parquet'"
