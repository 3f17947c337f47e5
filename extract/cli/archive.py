"""``poytakirja status``, ``check``, ``remove``, ``restore`` and ``compact``: looking after the tables."""

# ruff: noqa: PLC0415

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poytakirja.cli.common import Json, Output, errors_in_a_line, fail

if TYPE_CHECKING:
    from poytakirja.publish.compact import Compacted


def status(output: Output, as_json: Json = False) -> None:
    """Say what the tables hold, what failed, and whether the run has ended.

    Exit status 1: documents are still to be read, or parts are damaged.
    """
    from poytakirja.archive.upkeep import status as states

    with errors_in_a_line(str(output)):
        state = states.of(output)
    if as_json:
        print(json.dumps(state, ensure_ascii=False, indent=1))
    else:
        _print_state(state)
    raise typer.Exit(int(state["state"] != "complete" or bool(state["damaged"])))


def _print_state(state: dict[str, Any]) -> None:
    from rich.console import Console

    from poytakirja.terminal import say, show

    console = Console()
    say(console, f"State: {state['told']}")
    if state["schema"]["told"]:
        say(console, f"Schema: {state['schema']['version']}; {state['schema']['told']}")
    kinds = ", ".join(f"{count} {status}" for status, count in state["documents"].items())
    say(console, f"Documents: {state['committed']} of {state['planned']} ({kinds or 'none yet'}), {state['begun']} in progress")
    if state["damaged"]:
        say(console, f"Damaged: {state['damaged']} documents, in {state['damaged_parts']} parts; the next run reads them again")
    if state["removed"]:
        say(console, f"Removed by --prune: {state['removed']} documents; restore puts them back, compact deletes them")
    say(console, f"Size: {state['bytes'] / 1e6:.1f} MB in {state['parts']} parts")
    show(console, "Rows", ("table", "rows"), [(table, str(count)) for table, count in state["rows"].items()])
    if state["failures"]:
        rows = [(code, str(n)) for code, n in state["failures"].items()]
        show(console, "Failed or partly read", ("reason", "documents"), rows)


def check(
    output: Output,
    repair: Annotated[bool, typer.Option("--repair", help="Read the documents of damaged parts again.")] = False,
    as_json: Json = False,
) -> None:
    """Check every part file: its hash, columns, keys, and that each value is at its place.

    With --repair the documents of damaged parts are read again, from where they
    were read. Exit status 1: something is wrong, and was not repaired.
    """
    from poytakirja.archive.upkeep import check as checking

    with errors_in_a_line(str(output)):
        checked = checking.check(output)
        if repair and checked.parts:
            checked = checking.repair(output, checked)
    if as_json:
        print(json.dumps(checked.as_dict(), ensure_ascii=False, indent=1))
    else:
        for problem in checked.problems:
            print(problem)
        print(f"{checked.files} files of {checked.documents} documents checked: {len(checked.problems)} problems")
        if repair and checked.read:
            print(f"{checked.read} documents read again")
    raise typer.Exit(int(bool(checked.problems)))


def remove(
    output: Output,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", help="Documents, by their source in documents.")],
) -> None:
    """Delete documents from the tables, with the copies of their content.

    They are deleted at once and for good. A later run reads them again, as long
    as their files are among its INPUTs.
    """
    from poytakirja.archive.upkeep import removal
    from poytakirja.files import printable

    with errors_in_a_line(str(output)):
        for source in removal.remove(output, sources):
            print(f"removed {printable(source)}")


def restore(
    output: Output,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]", help="Only these documents.", show_default=False)
    ] = None,
) -> None:
    """Put back what extract --prune took out, unless compact has deleted it."""
    from poytakirja.archive.upkeep import removal
    from poytakirja.files import printable

    with errors_in_a_line(str(output)):
        for source in removal.restore(output, sources or ()):
            print(f"restored {printable(source)}")


COMPACT = """Delete what --prune took out, or copy the tables into few large files.

Without --out, documents that extract --prune took out are deleted for good.
With --out FOLDER, the tables are copied into few large files, which queries
read faster; OUTPUT stays as it is, and runs go on from there.

\b
Examples:
  poytakirja compact tables
  poytakirja compact tables --out tables-large
"""


def compact(
    output: Output,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="A new or an empty folder.")] = None,
    size: Annotated[int, typer.Option("--size", min=1, metavar="MB", help="How large a file may grow.")] = 256,
) -> None:
    """Delete what was taken out, or copy the tables into few large files."""
    from poytakirja.archive.upkeep import removal
    from poytakirja.publish import compact as compacting

    with errors_in_a_line(str(out or output)):
        if out is None:
            documents, freed = removal.compact_removed(output)
            if not documents:
                fail("nothing to delete: --prune took out no documents (--out FOLDER copies the tables)", 2)
            print(f"deleted {documents} documents that --prune took out: {freed / 1e6:.1f} MB")
            return
        done = compacting.run(output, out, megabytes=size)
    _print_compacted(done)


def _print_compacted(done: list[Compacted]) -> None:
    from rich.console import Console

    from poytakirja.terminal import show

    lines = [(t.table, str(t.rows), str(t.parts), str(t.files), f"{t.bytes / 1e6:.1f}") for t in done]
    show(Console(), "Compacted", ("table", "rows", "parts", "files", "MB"), lines)
