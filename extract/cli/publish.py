"""``poytakirja report``, ``export`` and ``sql``: the tables for people and other programs."""

# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from poytakirja.cli.common import Jobs, Output, Quiet, cores

REPORT = """Write a report to look at: a folder of pages that work without a network.

\b
It shows the documents, projects, money, timeline and findings of a run, and
each document's pages with every value marked at its place. The PDFs are
looked for where the run found them; what is missing or changed is said.

\b
Examples:
  poytakirja report output
  poytakirja report output --inputs ~/minutes --out report --lang en
"""

_Place = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="REPORT", help="Folder of the report.  [default: OUTPUT-report]"),
]
_Files = Annotated[Path | None, typer.Option("--inputs", metavar="DIR", help="Look for the files of the run here.")]
_Images = Annotated[bool, typer.Option("--images/--no-images", help="Show the pages of PDFs as images.")]
_Language = Annotated[str, typer.Option("--lang", metavar="fi|en", help="Language of the labels; the pages can switch.")]


def report(
    output: Output,
    out: _Place = None,
    inputs: _Files = None,
    images: _Images = True,
    language: _Language = "fi",
    jobs: Jobs = 0,
    quiet: Quiet = False,
) -> None:
    """Write a report to look at."""
    from poytakirja.cli.progress import counted
    from poytakirja.report import command

    show_progress = not quiet and sys.stderr.isatty()
    options = {"inputs": inputs, "images": images, "language": language, "jobs": jobs or cores()}
    with counted() if show_progress else nullcontext() as watch:
        raise typer.Exit(command.run(output, out, options, quiet=quiet, watch=watch))


EXPORT = """Write the tables as CSV, a workbook, JSON lines or a DuckDB file.

\b
Examples:
  poytakirja export output --format xlsx
  poytakirja export output --format csv --table projects --out sheets
"""

SQL = """Query the tables by SQL; each is a view of its name.

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
    typer.Option("--out", "-o", metavar="PLACE", help="A folder (csv, jsonl) or a file.  [default: beside OUTPUT]"),
]
_Some = Annotated[list[str] | None, typer.Option("--table", "-t", metavar="TABLE", help="Only this table; may be repeated.")]
_Force = Annotated[bool, typer.Option("--force", help="Replace files that are no unchanged export.")]
_Sql = Annotated[str, typer.Argument(metavar="QUERY", help="One query that only reads.")]
_Answer = Annotated[
    str,
    typer.Option("--format", "-f", metavar="table|csv|json|jsonl", help="A table on a terminal, else CSV.", show_default=False),
]


def export(
    output: Output, form: _Form, out: _Into = None, tables: _Some = None, force: _Force = False, quiet: Quiet = False
) -> None:
    """Write the tables in another form."""
    from poytakirja.publish import export as exporting

    raise typer.Exit(exporting.run(output, form, out, tables or (), quiet=quiet, force=force))


def sql(output: Output, query: _Sql, form: _Answer = "auto") -> None:
    """Query the tables by SQL."""
    from poytakirja.publish import query as asking

    raise typer.Exit(asking.run(output, query, form))
