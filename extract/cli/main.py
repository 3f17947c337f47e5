"""The command. Each sub-command loads what it needs when it runs, so that help comes at once."""

# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from poytakirja._version import __version__

if TYPE_CHECKING:
    from poytakirja.archive.run import Summary
    from poytakirja.options import Options

app = typer.Typer(
    help="Finnish municipal minutes in, Parquet tables out.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
gold_app = typer.Typer(
    help="Gold: what a careful reader of a document would write down.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(gold_app, name="gold")

PersonsMode = Literal["keep", "hash", "drop"]
_SHOWN = 20
"""How many failed files are named on the terminal; the table names all."""


def main() -> None:
    """The entry point of ``poytakirja``."""
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"poytakirja {__version__}")
        raise typer.Exit


@app.callback()
def _app(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


# ---------------------------------------------------------------- extract

_EXTRACT = """Extract minutes into tables, a folder of Parquet files each.

A run goes on where the last one into the same OUTPUT ended, whatever ended it: what has not changed is not read again, and
what is no longer among the inputs goes.

\b
Examples:
  poytakirja extract samples --out output
  poytakirja extract minutes/ more/extra.pdf --out tables --jobs 4
  poytakirja extract s3://minutes/2024 --out tables --log-json
  poytakirja extract minutes/ --out tables --retry-failed --memory 4096
  poytakirja extract minutes/ --out tables --persons drop
  poytakirja extract scanned/ --out tables --ocr

\b
Exit status:
  0    all read
  2    wrong usage: nothing was written
  3    finished, but some documents failed or are partial: the table
       documents says which, why, and what to do
  130  interrupted: what was committed stands
"""

_Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Files, folders and URLs (s3://… and all that fsspec knows); folders are searched for .pdf and .txt.",
    ),
]
_Out = Annotated[
    str, typer.Option("--out", "-o", metavar="OUTPUT", help="Folder for the tables: new, empty, or of an earlier run.")
]
_Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Worker processes; 0 is one for each core.")]
_Memory = Annotated[int, typer.Option("--memory", min=100, metavar="MB", help="Memory that one document may take.")]
_Time = Annotated[
    float, typer.Option("--time-limit", min=1, metavar="S", help="Seconds one document may take, and 20 for each MB.")
]
_Retry = Annotated[bool, typer.Option("--retry-failed", help="Read again what failed in an earlier run.")]
_Engine = Annotated[
    Literal["local", "dask"], typer.Option("--engine", help="What carries the work: this machine, or a dask cluster.")
]
_Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Of the dask scheduler, as tcp://host:8786.")
]
_Persons = Annotated[
    PersonsMode, typer.Option("--persons", help="Names of persons: keep, hash to tokens by the key in POYTAKIRJA_KEY, or drop.")
]
_Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules", metavar="DIR", help="Rules of your own beside the shipped ones: a folder, as docs/own-rules.md tells."
    ),
]
_Ocr = Annotated[bool, typer.Option("--ocr", help="Read scanned pages with tesseract, which must be installed with Finnish.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what went wrong.")]
_Log = Annotated[bool, typer.Option("--log-json", help="Print a line of JSON for each shard, on standard error.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(help=_EXTRACT)
def extract(
    inputs: _Inputs,
    out: _Out,
    jobs: _Jobs = 0,
    memory: _Memory = 2048,
    time_limit: _Time = 60,
    retry_failed: _Retry = False,
    engine: _Engine = "local",
    scheduler: _Scheduler = None,
    persons: _Persons = "keep",
    rules: _Rules = None,
    ocr: _Ocr = False,
    quiet: _Quiet = False,
    log_json: _Log = False,
    as_json: _Json = False,
) -> None:
    """Extract minutes into tables."""
    from poytakirja.custom_rules import load as own_rules
    from poytakirja.options import Limits, Options, ReadOptions
    from poytakirja.privacy.pseudonyms import Pseudonyms
    from poytakirja.read.ocr.tesseract import find

    if (engine == "dask") != (scheduler is not None):
        _fail("--engine dask and --scheduler ADDRESS go together", 2)
    with _told(out):
        reading = ReadOptions(persons=Pseudonyms.of(persons), rules=own_rules.checked(rules), ocr=find() if ocr else None)
    jobs = jobs or _cores()
    limits = Limits(seconds=time_limit, memory_mb=memory, seconds_per_scan=time_limit / 6, scans_at_once=max(1, _cores() // jobs))
    options = Options(jobs, limits, reading, retry_failed, engine, scheduler)
    summary = _run(inputs, out, options, quiet=quiet, log_json=log_json)
    _report_failures(summary)
    if as_json:
        print(json.dumps(summary.as_dict(), ensure_ascii=False, indent=1))
    elif not quiet:
        _print_summary(summary)
    raise typer.Exit(summary.exit_code)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run(inputs: list[str], out: str, options: Options, *, quiet: bool, log_json: bool) -> Summary:
    """Run the batch; what stops it is said in a line."""
    from poytakirja.archive import run as batch
    from poytakirja.cli import progress
    from poytakirja.files import printable

    with _told(out):
        try:
            if log_json:
                return batch.run(inputs, out, options, progress.in_log())
            if not quiet and sys.stderr.isatty():
                with progress.on_terminal() as watch:
                    return batch.run(inputs, out, options, watch)
            return batch.run(inputs, out, options)
        except KeyboardInterrupt:
            _fail(f"interrupted: what was committed stands in {printable(out)}; the same command goes on from there", 130)


@contextmanager
def _told(out: str) -> Iterator[None]:
    """What stops a command is said in a line."""
    from poytakirja.archive.engines import EngineError
    from poytakirja.errors import UsageError
    from poytakirja.files import printable

    try:
        yield
    except UsageError as error:
        _fail(str(error), 2)
    except EngineError as error:
        _fail(f"{error}; what was committed stands", 1)
    except OSError as error:
        place = printable(os.fsdecode(error.filename or out))
        _fail(f"{place}: {error.strerror or error}: what was committed stands; mend that and run again", 1)


def _fail(message: str, status: int) -> NoReturn:
    print("\n".join(f"poytakirja: {line}" for line in message.splitlines()), file=sys.stderr)
    raise typer.Exit(status)


def _report_failures(summary: Summary) -> None:
    """Name the files that failed, why, and what to do."""
    from poytakirja.files import printable

    for failed in summary.failures[:_SHOWN]:
        print(f"poytakirja: {printable(failed.source)}: {failed.status} ({failed.code}): {failed.error}", file=sys.stderr)
    if len(summary.failures) > _SHOWN:
        more = len(summary.failures) - _SHOWN
        print(f"poytakirja: and {more} more: see status, error_code and error in {summary.output}/documents", file=sys.stderr)


def _print_summary(summary: Summary) -> None:
    """What stands in the tables, what the run did, and where to find it."""
    from rich.console import Console

    from poytakirja.terminal import say, show

    console = Console()
    for line in _summary_lines(summary):
        say(console, line)
    if summary.failures:
        count = Counter((failed.code, failed.status) for failed in summary.failures)
        one = {(failed.code, failed.status): failed.source for failed in reversed(summary.failures)}
        lines = [(code, status, str(n), _escaped(one[code, status])) for (code, status), n in count.most_common()]
        show(console, "Not read, or not wholly", ("reason", "status", "documents", "the first"), lines, numeric=False)


def _escaped(source: str) -> str:
    from poytakirja.files import printable

    return printable(source)


def _summary_lines(summary: Summary) -> Iterator[str]:
    rows, documents = summary.rows, summary.documents
    kinds = ", ".join(
        f"{documents[status]} {status}" for status in ("ok", "partial", "failed", "duplicate") if status in documents
    )
    yield f"Documents: {sum(documents.values())} ({kinds or 'none found'}); {rows['pages']} pages"
    done = f"Read: {summary.read} documents, {summary.pages} pages in {summary.elapsed:.1f} s"
    done += f" ({summary.pages / summary.elapsed:.0f} pages/s)" if summary.pages else ""
    done += f"; {summary.kept} stood there already" if summary.kept else ""
    yield done + (f"; {summary.gone} taken out" if summary.gone else "")
    if summary.again:
        yield f"Begun before, by a run or a worker that did not end them: {summary.again} of those read"
    if summary.others:
        yield f"Other files in the folders, not read: {summary.others}"
    found = ("items", "projects", "amounts", "periods", "persons", "organisations", "findings")
    yield f"Found: {', '.join(f'{rows[name]} {name}' for name in found)}"
    if summary.pages:
        spent = (f"{stage} {seconds:.2f} s ({1000 * seconds / summary.pages:.2f})" for stage, seconds in summary.seconds.items())
        yield f"Time, and ms a page: {', '.join(spent)}"
    yield f"Tables: {summary.output}/"
    yield f'  pandas   pandas.read_parquet("{summary.output}/projects")'
    yield f"  DuckDB   SELECT * FROM '{summary.output}/projects/*.parquet'"


# ---------------------------------------------------------------- status, remove, compact

_Output = Annotated[Path, typer.Argument(metavar="OUTPUT", help="The tables of a run.")]


@app.command()
def status(output: _Output, as_json: _Json = False) -> None:
    """Tell what stands in the tables, what failed, and whether the run has ended; status 1 where it has not."""
    from poytakirja.archive import status as state

    with _told(str(output)):
        raise typer.Exit(state.run(output, as_json=as_json))


@app.command()
def remove(
    output: _Output,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", help="Documents, by their source in the table documents.")],
) -> None:
    """Take documents out of the tables, with the copies of their content.

    A later run reads them again, as long as their files are among its inputs.
    """
    from poytakirja.archive import run as batch
    from poytakirja.files import printable

    with _told(str(output)):
        for source in batch.remove(output, sources):
            print(f"removed {printable(source)}")


@app.command()
def compact(
    output: _Output,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="A new or an empty folder.")],
    size: Annotated[int, typer.Option("--size", min=1, metavar="MB", help="How large a file may grow.")] = 256,
) -> None:
    """Copy the tables into few large files, which queries read faster; OUTPUT stays as it is, and runs go on from there."""
    from rich.console import Console

    from poytakirja.publish import compact as compacting
    from poytakirja.terminal import show

    with _told(str(out)):
        done = compacting.run(output, out, megabytes=size)
    lines = [(t.table, str(t.rows), str(t.parts), str(t.files), f"{t.bytes / 1e6:.1f}") for t in done]
    show(Console(), "Compacted", ("table", "rows", "parts", "files", "MB"), lines)


# ---------------------------------------------------------------- evaluate, gold, diff

_Golds = Annotated[
    list[Path], typer.Argument(metavar="GOLD", help="Gold files (.jsonl): of projects, items or mentions; or a folder of items.")
]


@app.command()
def evaluate(
    output: _Output,
    golds: _Golds,
    misses: Annotated[int, typer.Option("--misses", metavar="N", help="List so many misses; -1: all.")] = 0,
    as_json: _Json = False,
    gate: Annotated[
        Path | None, typer.Option("--gate", metavar="FILE", help="Fail where a figure is below its floor in FILE.")
    ] = None,
    update_gate: Annotated[bool, typer.Option("--update-gate", help="Raise the floors to the present figures.")] = False,
    allow_lower: Annotated[bool, typer.Option("--allow-lower", help="Let --update-gate lower them too.")] = False,
) -> None:
    """Compare the tables with gold: precision, recall and F1 of each field."""
    from poytakirja.quality import evaluate as evaluation
    from poytakirja.quality.gate import Gate

    if gate is None and (update_gate or allow_lower):
        _fail("--update-gate and --allow-lower go with --gate FILE", 2)
    kept = None if gate is None else Gate(gate, update=update_gate, allow_lower=allow_lower)
    raise typer.Exit(evaluation.run(output, golds, misses=misses, as_json=as_json, gate=kept))


@gold_app.command("check")
def gold_check(files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Gold files (.jsonl).")]) -> None:
    """Validate gold files."""
    from poytakirja.quality import gold

    raise typer.Exit(gold.run_check(files))


@gold_app.command("draft")
def gold_draft(
    output: _Output,
    document: Annotated[str | None, typer.Option("--document", help="Only this one (file name or source).")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to FILE, which must not exist.")] = None,
) -> None:
    """Write the tables in the gold's form, for a person to correct."""
    from poytakirja.quality import gold_from_output as predicted

    raise typer.Exit(predicted.run_draft(output, document=document, out=out))


@app.command()
def explain(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Minutes: a PDF or a text file.")],
    entry: Annotated[int | None, typer.Option("--entry", min=0, metavar="N", help="Only this entry; 0 is the first.")] = None,
    rules: _Rules = None,
    ocr: _Ocr = False,
) -> None:
    """Show a document's project entries, each value marked where it stands, with its rule, and the findings."""
    from poytakirja.custom_rules import load as own_rules
    from poytakirja.quality import explain as explaining

    with _told(str(path)), own_rules.using(own_rules.checked(rules)):
        raise typer.Exit(explaining.run(path, entry=entry, ocr=ocr))


@app.command("rules")
def check_rules(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Rules of your own: CSV tables, and examples.toml.")],
) -> None:
    """Check a folder of rules of your own, and tell what it adds; status 2, with every problem, where it cannot be used."""
    from poytakirja.custom_rules import load as own_rules

    with _told(str(folder)):
        for line in own_rules.describe(folder):
            print(line)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The tables of a run.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The tables of a later one.")],
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="List so many changes; -1: all.")] = 50,
    as_json: _Json = False,
) -> None:
    """List the rows that differ between two runs; status 1 where some do."""
    from poytakirja.quality import diff as difference

    raise typer.Exit(difference.run(old, new, as_json=as_json, limit=limit))


# ---------------------------------------------------------------- report

_REPORT = """Write a report to look at: a folder of pages that work without a network.

\b
It shows the documents, projects, money, timeline and findings of a run, and
each document's pages with every value marked where it stands. The PDFs are
looked for where the run found them; what is missing or changed is said.

\b
Examples:
  poytakirja report output
  poytakirja report output --inputs ~/minutes --out report --lang en
"""

_Place = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="REPORT", help="Folder for the report: new, empty, or of an earlier one.  [default: OUTPUT-report]"
    ),
]
_Files = Annotated[Path | None, typer.Option("--inputs", metavar="DIR", help="Look for the files of the run in this folder.")]
_Images = Annotated[bool, typer.Option("--images/--no-images", help="Show the pages of PDFs as images.")]
_Language = Annotated[str, typer.Option("--lang", metavar="fi|en", help="Language of the labels; the pages can switch.")]


@app.command(help=_REPORT)
def report(
    output: _Output,
    out: _Place = None,
    inputs: _Files = None,
    images: _Images = True,
    language: _Language = "fi",
    jobs: _Jobs = 0,
    quiet: _Quiet = False,
) -> None:
    """Write a report to look at."""
    from poytakirja.cli.progress import counted
    from poytakirja.report import command

    show_progress = not quiet and sys.stderr.isatty()
    options = {"inputs": inputs, "images": images, "language": language, "jobs": jobs or _cores()}
    with counted() if show_progress else nullcontext() as watch:
        raise typer.Exit(command.run(output, out, options, quiet=quiet, watch=watch))


# ---------------------------------------------------------------- export, sql

_EXPORT = """Write the tables as CSV, a workbook, JSON lines or a DuckDB file.

\b
Examples:
  poytakirja export output --format xlsx
  poytakirja export output --format csv --table projects --out sheets
"""

_SQL = """Ask the tables by SQL; each is a view of its name.

\b
The query reads the tables and nothing else: no other file, no network.
In a pipe the answer is CSV.

\b
Examples:
  poytakirja sql output "select project_name, grant_eur from projects"
  poytakirja sql output "describe amounts"
  poytakirja sql output "select * from findings" --format jsonl
"""

_Form = Annotated[str, typer.Option("--format", "-f", metavar="csv|xlsx|jsonl|duckdb", help="The form.")]
_Into = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="PLACE", help="A folder (csv, jsonl) or a file.  [default: beside OUTPUT, named after it]"
    ),
]
_Some = Annotated[list[str] | None, typer.Option("--table", "-t", metavar="TABLE", help="Only this table; may be repeated.")]
_Sql = Annotated[str, typer.Argument(metavar="QUERY", help="One query that only reads.")]
_Answer = Annotated[
    str,
    typer.Option("--format", "-f", metavar="table|csv|json|jsonl", help="A table on a terminal, else CSV.", show_default=False),
]


@app.command(help=_EXPORT)
def export(output: _Output, form: _Form, out: _Into = None, tables: _Some = None, quiet: _Quiet = False) -> None:
    """Write the tables in another form."""
    from poytakirja.publish import export as exporting

    raise typer.Exit(exporting.run(output, form, out, tables or (), quiet=quiet))


@app.command(help=_SQL)
def sql(output: _Output, query: _Sql, form: _Answer = "auto") -> None:
    """Ask the tables by SQL."""
    from poytakirja.publish import query as asking

    raise typer.Exit(asking.run(output, query, form))
