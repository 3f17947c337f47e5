"""``poytakirja evaluate``, ``gold``, ``explain``, ``rules`` and ``diff``: how right the tables are, and why."""

# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from poytakirja.cli.common import Json, Ocr, Output, Rules, errors_in_a_line, fail

gold_app = typer.Typer(
    help="Gold: what a careful reader of a document would write down.", no_args_is_help=True, rich_markup_mode=None
)

_Golds = Annotated[list[Path], typer.Argument(metavar="GOLD", help="Gold files (.jsonl): projects, items or mentions.")]


def evaluate(
    output: Output,
    golds: _Golds,
    misses: Annotated[int, typer.Option("--misses", metavar="N", help="List so many misses; -1: all.")] = 0,
    as_json: Json = False,
    gate: Annotated[
        Path | None, typer.Option("--gate", metavar="FILE", help="Fail where a figure is below its floor there.")
    ] = None,
    update_gate: Annotated[bool, typer.Option("--update-gate", help="Raise the floors to the figures.")] = False,
    allow_lower: Annotated[bool, typer.Option("--allow-lower", help="Let --update-gate lower them, too.")] = False,
) -> None:
    """Compare the tables with gold: precision, recall and F1 of each field."""
    from poytakirja.quality import evaluate as evaluation
    from poytakirja.quality.gate import Gate

    if gate is None and (update_gate or allow_lower):
        fail("--update-gate and --allow-lower go with --gate FILE", 2)
    kept = None if gate is None else Gate(gate, update=update_gate, allow_lower=allow_lower)
    raise typer.Exit(evaluation.run(output, golds, misses=misses, as_json=as_json, gate=kept))


@gold_app.command("check")
def gold_check(files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Gold files (.jsonl).")]) -> None:
    """Validate gold files."""
    from poytakirja.quality import gold

    raise typer.Exit(gold.run_check(files))


@gold_app.command("draft")
def gold_draft(
    output: Output,
    document: Annotated[str | None, typer.Option("--document", help="Only this one (file name or source).")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to FILE, which must be new.")] = None,
) -> None:
    """Write the tables in the gold's form, for a person to correct."""
    from poytakirja.quality import gold_from_output as predicted

    raise typer.Exit(predicted.run_draft(output, document=document, out=out))


def explain(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Minutes.")],
    entry: Annotated[int | None, typer.Option("--entry", min=0, metavar="N", help="Only this entry; 0 is the first.")] = None,
    rules: Rules = None,
    ocr: Ocr = False,
) -> None:
    """Show a document's project entries, each value marked at its place, with its rule, and the findings."""
    from poytakirja.custom_rules import load as own_rules
    from poytakirja.quality import explain as explaining

    with errors_in_a_line(str(path)), own_rules.using(own_rules.checked(rules)):
        raise typer.Exit(explaining.run(path, entry=entry, ocr=ocr))


def check_rules(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="CSV tables, and examples.toml.")],
) -> None:
    """Check a folder of rules of your own.

    Says what it adds; exit status 2, with every problem, where it cannot be used.
    """
    from poytakirja.custom_rules import load as own_rules

    with errors_in_a_line(str(folder)):
        for line in own_rules.describe(folder):
            print(line)


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The tables of a run.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The tables of a later one.")],
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="List so many changes; -1: all.")] = 50,
    as_json: Json = False,
) -> None:
    """List the rows that differ between two runs; status 1 where some do."""
    from poytakirja.quality import diff as difference

    raise typer.Exit(difference.run(old, new, as_json=as_json, limit=limit))
