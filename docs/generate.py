"""Write the pages that are made from the code: ``python docs/generate.py [--check] [PAGE...]``.

cli.md, tables.md, findings.md and rules.md are made whole; in links.md, accuracy.md and README.md what stands between
``<!-- NAME -->`` and ``<!-- /NAME -->`` is; the notebook is run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import typer
from accuracy_page import accuracy_page, extracted, readme_block
from blocks import filled
from notebook_page import FOLDER, notebook_page
from pictures import pipeline_picture, tables_picture
from rules_page import rules_page
from tables_page import tables_page
from typer.testing import CliRunner

from poytakirja.cli.main import app
from poytakirja.projects.record.findings import CODES
from poytakirja.read.formats import FORMATS
from poytakirja.rules.projects.name_similarity import weights

ROOT = Path(__file__).parent.parent
_SHOWN = {
    "project_name": "project",
    "start_date": "start",
    "end_date": "end",
    "funder_codes": "funders",
    "total_cost_eur": "total cost €",
    "grant_eur": "grant €",
    "status": "status",
    "contact_name": "contact",
}


def findings_page(_: str) -> str:
    """docs/findings.md."""
    lines = [
        "# Findings",
        "",
        "What a reader should look at: the closed list of `findings.code`. Made by `python docs/generate.py`.",
        "",
    ]
    lines += ["| code | severity | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{code}` | {severity} | {meaning} |" for code, (severity, meaning) in sorted(CODES.items())]
    return "\n".join(lines) + "\n"


def formats_page(_: str) -> str:
    """Formats that are read, from the registry."""
    rows = ["| format | suffixes | `documents.reader` | what it tells beside the words |", "| --- | --- | --- | --- |"]
    for one in FORMATS:
        suffixes, readers = (" ".join(f"`{word}`" for word in words) for words in (one.suffixes, one.readers))
        rows.append(f"| {one.name} | {suffixes} | {readers} | {one.tells} |")
    return _FORMATS.replace("TABLE", "\n".join(rows))


_FORMATS = """# Formats

What is read. Made by `python docs/generate.py` from `extract/read/formats.py`: a new format is a module and a line there.

TABLE

Folders are searched for these suffixes. A file that is named itself is known by its content: HTML saved as `.txt` is read as
HTML. Offsets and cells mean the same in all formats; the text of HTML and Word is laid out as that of a text file: an empty row
between paragraphs, cells of tables of data one after the other, short cells of other tables side by side.

What else there is: `unsupported`, with what to save it as ([Limits](limits.md)).
"""


def cli_page(_: str) -> str:
    """docs/cli.md: what each command says of itself."""
    parts = [
        "# The commands",
        "What `--help` says, command by command. Made by `python docs/generate.py`.",
        f"```\n{_told()}\n```",
    ]
    for words in _commands(typer.main.get_command(app), ()):
        parts += [f"## {' '.join(words)}", f"```\n{_told(*words)}\n```"]
    return "\n\n".join(parts) + "\n"


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of every command that is no group."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, (*words, name)) if hasattr(inner, "commands") else [(*words, name)]


def _told(*words: str) -> str:
    """The help of a command as a terminal of a hundred columns shows it."""
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="poytakirja", env={"COLUMNS": "100", "NO_COLOR": "1"})
    return "\n".join(line.rstrip() for line in shown.output.strip().splitlines())


def links_page(text: str) -> str:
    """docs/links.md with the table of evidence made anew."""
    lines = ["| evidence | weight | keeps apart | in the reason |", "| :-- | --: | :-- | :-- |"]
    lines += [f"| `{name}` | {w.value:g} | {'yes' if w.forbids else ''} | {w.words} |" for name, w in weights().items()]
    return filled(text, "evidence", "\n".join(lines))


def readme(text: str) -> str:
    """README.md with its blocks made anew."""
    text = filled(filled(text, "projects", _projects()), "help", f"```\n{_told('extract')}\n```")
    return filled(text, "accuracy: samples", readme_block((ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")))


def _projects() -> str:
    """The fullest project of each of the eight samples that have the fullest, as a table."""
    rows: list[dict[str, Any]] = pq.read_table(extracted(ROOT / "samples") / "projects").to_pylist()
    projects = sorted(rows, key=lambda row: str(row["project_id"]))  # buckets are a matter of the folder's own path
    best: dict[str, dict[str, Any]] = {}
    for project in projects:
        known = best.setdefault(project["document_id"], project)
        if _fullness(project) > _fullness(known):
            best[project["document_id"]] = project
    fullest = sorted(best.values(), key=_fullness, reverse=True)[:8]
    cells = [[_cell(project[column]) for column in _SHOWN] for project in fullest]
    lines = [list(_SHOWN.values()), ["---:" if "€" in title else "---" for title in _SHOWN.values()], *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _fullness(project: dict[str, Any]) -> int:
    return sum(project[column] not in (None, []) for column in _SHOWN)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value).replace("|", r"\|")


PAGES: dict[str, tuple[Path, Callable[[str], str]]] = {
    "formats.md": (ROOT / "docs" / "formats.md", formats_page),
    "cli.md": (ROOT / "docs" / "cli.md", cli_page),
    "tables.md": (ROOT / "docs" / "tables.md", tables_page),
    "findings.md": (ROOT / "docs" / "findings.md", findings_page),
    "rules.md": (ROOT / "docs" / "rules.md", rules_page),
    "links.md": (ROOT / "docs" / "links.md", links_page),
    "accuracy.md": (ROOT / "docs" / "accuracy.md", accuracy_page),
    "README.md": (ROOT / "README.md", readme),
    "pipeline.svg": (ROOT / "docs" / "assets" / "pipeline.svg", pipeline_picture),
    "tables.svg": (ROOT / "docs" / "assets" / "tables.svg", tables_picture),
    "hankkeet.ipynb": (FOLDER / "hankkeet.ipynb", notebook_page),
}


def main() -> int:
    """Write the pages, or say which are not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=", ".join(PAGES))
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is not current")
    arguments = parser.parse_args()
    stale = []
    for name in arguments.pages or PAGES:
        path, make = PAGES[name]
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = make(old)
        if new != old:
            stale.append(name)
            if not arguments.check:
                path.write_text(new, encoding="utf-8")
    if stale:
        print(f"{', '.join(stale)}: " + ("not current: run make docs" if arguments.check else "written"), file=sys.stderr)
    return int(bool(stale) and arguments.check)


if __name__ == "__main__":
    sys.exit(main())
