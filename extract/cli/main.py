"""The command. Each sub-command loads what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from poytakirja._version import __version__
from poytakirja.cli import archive, extract, publish, quality, review

app = typer.Typer(
    help="Finnish municipal minutes in, Parquet tables out.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command(help=extract.HELP)(extract.extract)
app.command(short_help="Say what the tables hold, what failed, and what is to do.")(archive.status)
app.command(short_help="Check that every part file is whole, and repair what is not.")(archive.check)
app.command(short_help="Delete documents from the tables.")(archive.remove)
app.command(short_help="Put back what extract --prune took out.")(archive.restore)
app.command(help=archive.COMPACT, short_help="Delete what --prune took out, or copy into large files.")(archive.compact)
app.command(short_help="Compare the tables with gold.")(quality.evaluate)
app.add_typer(quality.gold_app, name="gold")
app.command(short_help="Show each value of a document at its place, with its rule.")(quality.explain)
app.command("rules")(quality.check_rules)
app.command(short_help="List the rows that differ between two runs.")(quality.diff)
app.command(help=review.CORRECT, short_help="Correct a value, confirm it, reject it, or add one.")(review.correct)
app.command(short_help="List the corrections, or take some back.")(review.corrections)
app.command(help=review.REVIEW, short_help="Review values on a local page, doubts first.")(review.review)
app.command(help=publish.REPORT, short_help="Write a report to look at, a folder of pages.")(publish.report)
app.command(help=publish.EXPORT, short_help="Write the tables as CSV, Excel, JSON lines or DuckDB.")(publish.export)
app.command(help=publish.SQL)(publish.sql)


def main() -> None:
    """The entry point of ``poytakirja``."""
    try:
        app()
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:  # as in `poytakirja explain a.pdf | head`; Python would complain at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
