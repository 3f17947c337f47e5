"""Rules of an organisation's own: read from a folder, held to their examples, and put in use for as long as they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poytakirja.errors import UsageError
from poytakirja.files import printable
from poytakirja.rules.vocabulary_tables.in_use import activate, using
from poytakirja.rules.vocabulary_tables.own_tables import CustomRules, CustomRulesError

__all__ = ["activate", "checked", "describe", "of_manifest", "read", "stated", "using"]

EXAMPLES = "examples.toml"


def checked(folder: Path | None) -> CustomRules:
    """The rules of a folder, whose examples hold; none of one's own where there is no folder.

    Raises UsageError, with every problem, for a folder whose files cannot be used or whose examples do not come out.
    """
    if folder is None:
        return CustomRules()
    found = read(folder)
    if (folder / EXAMPLES).exists():
        from poytakirja.custom_rules import check_examples as own_examples  # noqa: PLC0415  it loads the whole pipeline

        with using(found):
            failed = own_examples.failures(_text(folder / EXAMPLES))
        if failed:
            raise UsageError("\n".join(f"{printable(str(folder / EXAMPLES))}, {failure}" for failure in failed))
    return found


def read(folder: Path) -> CustomRules:
    """The tables of a folder, checked; its examples are not run. Raises UsageError, with every problem."""
    if not folder.is_dir():
        raise UsageError(f"{printable(str(folder))}: no such folder: give --rules a folder of CSV files, see docs/own-rules.md")
    files = [path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "README"))]
    strange = [path for path in files if path.name != EXAMPLES and path.suffix != ".csv"]
    if strange:
        raise UsageError("\n".join(f"{printable(str(path))}: is no table: rules are NAME.csv and {EXAMPLES}" for path in strange))
    tables = {path.stem: _text(path) for path in files if path.suffix == ".csv"}
    if not tables:
        raise UsageError(f"{printable(str(folder))}: it has no CSV file: see docs/own-rules.md")
    try:
        return CustomRules.of(tables)
    except CustomRulesError as error:
        raise UsageError("\n".join(printable(f"{folder}/{line}") for line in str(error).split("\n"))) from error


def _text(path: Path) -> str:
    try:
        if not path.is_file():  # a pipe would never end
            raise UsageError(f"{printable(str(path))}: is no file")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(f"{printable(str(path))}, line {line}: is not UTF-8: save it as CSV UTF-8") from error
    except OSError as error:
        raise UsageError(f"{printable(str(path))}: {error.strerror or error}") from error


def stated(rules: CustomRules) -> dict[str, str]:
    """What a manifest says of rules: the tables as they are."""
    return dict(rules.tables)


def of_manifest(manifest: Mapping[str, Any]) -> CustomRules:
    """The rules that a manifest states; UsageError where they are damaged or of another version."""
    try:
        return CustomRules.of(manifest.get("rules", {}))
    except CustomRulesError as error:
        raise UsageError(f"the rules in _run/manifest.json cannot be used: run extract again\n{error}") from error


# ---------------------------------------------------------------- the command


def describe(folder: Path) -> list[str]:
    """What a folder of rules adds, in lines, once it is checked. Raises UsageError."""
    from poytakirja.custom_rules import check_examples as own_examples  # noqa: PLC0415  it loads the whole pipeline

    found = checked(folder)
    examples = own_examples.count(_text(folder / EXAMPLES)) if (folder / EXAMPLES).exists() else 0
    rows = [f"{name}: {count} row{'s' * (count != 1)}" for name, count in found.counts().items()]
    return [*rows, f"{examples} examples hold", f"version {found.version}"]
