"""What commands say: tables and colour on a terminal, plain lines in a pipe; what the user must mend, with status 2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from rich.console import Console
from rich.table import Table
from rich.text import Text

from poytakirja.errors import UsageError


class InputError(UsageError):
    """What the user gave cannot be used; the message says why and what to do."""


def guarded(command: Callable[[], int]) -> int:
    """Run a command to its exit status; what the user must mend is said on standard error, with status 2."""
    try:
        return command()
    except InputError as error:
        say(Console(stderr=True), f"error: {error}", "red")
        return 2


def require_extra(command: str, extra: str, *modules: str) -> None:
    """Refuse where a command's libraries, which an extra brings, are not installed."""
    if missing := [module for module in modules if find_spec(module) is None]:
        raise InputError(f"{command} needs {', '.join(missing)}; install with: pip install 'poytakirja[{extra}]'")


def say(console: Console, line: str, style: str = "") -> None:
    """One line as it is, however long; coloured on a terminal."""
    if console.is_terminal:
        console.print(Text(line, style), soft_wrap=True)
    else:
        console.file.write(line + "\n")


def show(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: bool = True) -> None:
    """A table on a terminal; in a pipe plain lines: aligned figures, or (``numeric`` false) fields with tabs between."""
    if console.is_terminal:
        table = Table(title=title, title_justify="left")
        for i, column in enumerate(columns):
            table.add_column(column, justify="right" if numeric and i else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
        return
    lines = [columns, *rows]
    if numeric:
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        lines = [[c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))] for line in lines]
    for line in [title, *(("  " if numeric else "\t").join(line) for line in lines), ""]:
        say(console, line)
