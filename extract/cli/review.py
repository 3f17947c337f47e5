"""``poytakirja correct`` and ``corrections``: what reviewers say of values, kept and applied."""

# ruff: noqa: PLC0415

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer

from poytakirja.cli.common import Json, Output, errors_in_a_line, fail

CORRECT = """Correct a value, confirm it, reject it, or add what was missed.

The correction is kept in OUTPUT/_corrections.jsonl and applied to the tables
at once; later runs apply it again, whatever the file is called by then.

\b
Examples:
  poytakirja correct output 39aa51c0d6e3f201/p3 grant_eur "13 000"
  poytakirja correct output 39aa51c0d6e3f201/p3 end_date --reject
  poytakirja correct output 39aa51c0d6e3f201/p3 --reject
  poytakirja correct output 39aa51c0d6e3f201/amounts@1204 kind grant
  poytakirja correct output 39aa51c0d6e3f201/p3 --add amounts \\
      --at "omarahoitus 2 000 euroa" --set kind=own_contribution --set value_eur=2000
"""

_Field = Annotated[str | None, typer.Argument(metavar="[FIELD]", help="The column; none: the whole row.", show_default=False)]
_Value = Annotated[str | None, typer.Argument(metavar="[VALUE]", help="The right value.", show_default=False)]
_By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so.  [default: the name you log in with]")]


def correct(
    output: Output,
    row_id: Annotated[str, typer.Argument(metavar="ROW_ID", help="document_id, item_id, project_id or DOCUMENT/amounts@START.")],
    field: _Field = None,
    value: _Value = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="The value, or the row, is right.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="The value, or the row, is wrong, and none is right.")] = False,
    add: Annotated[str | None, typer.Option("--add", metavar="TABLE", help="Add a row that was missed.")] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="WORDS", help="With --add: the text that says it, or START-END.")
    ] = None,
    given: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="With --add: a value.")] = None,
    by: _By = None,
) -> None:
    """Correct, confirm, reject or add."""
    from poytakirja.review import correcting

    ways = [confirm, reject, add is not None, value is not None]
    if sum(ways) != 1:
        fail("give one of: FIELD VALUE, --confirm, --reject, --add TABLE", 2)
    by = by if by is not None else _login()
    with errors_in_a_line(str(output)):
        if add is not None:
            done = correcting.add(output, row_id, add, at or "", given or [], by)
        else:
            done = correcting.correct(
                output, row_id, field, "confirm" if confirm else "reject" if reject else "change", value, by
            )
    print(done)


def corrections(
    output: Output,
    undo: Annotated[list[str] | None, typer.Option("--undo", metavar="ID", help="Take this correction back.")] = None,
    stale: Annotated[bool, typer.Option("--stale", help="Only those that are not applied.")] = False,
    by: _By = None,
    as_json: Json = False,
) -> None:
    """List the corrections of the tables, or take some back.

    Exit status 1: some are stale or in conflict.
    """
    from poytakirja.review import correcting

    with errors_in_a_line(str(output)):
        if undo:
            print(correcting.undo(output, undo, by if by is not None else _login()))
            return
        listed = correcting.listed(output)
    shown = [one for one in listed if not stale or one["status"] != "applied"]
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        _print(shown)
    raise typer.Exit(int(any(one["status"] in ("stale", "conflict") for one in listed)))


REVIEW = """Review values on a local page: the most doubtful and costly first.

The page is served to this machine alone, at the address that is printed; it
asks nothing of other servers. Each decision is kept in the file of corrections
before the next value is shown. Ctrl-C ends it.

\b
Examples:
  poytakirja review output
  poytakirja review output --inputs ~/minutes --lang en --port 8123
"""


def review(
    output: Output,
    inputs: Annotated[Path | None, typer.Option("--inputs", metavar="DIR", help="Look for the files of the run there.")] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0: any that is free.")] = 0,
    language: Annotated[str, typer.Option("--lang", metavar="fi|en", help="Language; the page can switch.")] = "fi",
) -> None:
    """Review values on a local page."""
    from poytakirja.terminal import InputError, require_extra

    try:
        require_extra("review", "review", "starlette", "uvicorn", "jinja2", "pypdfium2")
    except InputError as error:
        fail(str(error), 2)
    from poytakirja.review import server

    if language not in ("fi", "en"):
        fail(f"--lang {language}: there are labels in fi and en", 2)
    with errors_in_a_line(str(output)):
        server.serve(output, inputs, port, language, lambda address: print(f"Review: {address}", flush=True))  # type: ignore[arg-type]


def _print(listed: list[dict[str, str | None]]) -> None:
    from rich.console import Console

    from poytakirja.terminal import show

    columns = ("id", "status", "action", "row", "field", "was", "value", "by", "at")
    show(Console(), "Corrections", columns, [tuple(one[c] or "" for c in columns) for one in listed], numeric=False)


def _login() -> str | None:
    """The name that a person logs in with; None where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None
