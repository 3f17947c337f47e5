"""The examples of an organisation's own rules: texts and what is to be read of them, each group like those of rules/examples."""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from poytakirja.one_document import extract_document
from poytakirja.rules.layout.headings import kind_of
from poytakirja.rules.names.titles import title_base
from poytakirja.rules.organisations.bodies import read as body
from poytakirja.rules.organisations.funders import find_funders, payer_codes
from poytakirja.rules.organisations.organisations import find_organisations
from poytakirja.rules.projects.field_labels import field_of
from poytakirja.tables.rows import rows
from poytakirja.tables.schema import PROJECTS

_KEYS = {"why", "value", "text", "not"}


def _funders(text: str) -> list[str]:
    return payer_codes({match.code for match in find_funders(text)})


def _organisations(text: str) -> list[list[str]]:
    return [[match.name, match.role] for match in find_organisations(text)]


def _label(text: str) -> str | None:
    label = field_of(text)
    return label.field if label else None


def _project(text: str) -> dict[str, Any]:
    """The columns of the first project of a text, as JSON has them; none where there is no project."""
    with tempfile.TemporaryDirectory(prefix="poytakirja-") as folder:
        path = Path(folder, "minutes.txt")
        path.write_text(text, encoding="utf-8")
        projects = rows(extract_document(path), "minutes.txt")[PROJECTS.name].to_pylist()
    return {column: _plain(value) for column, value in projects[0].items()} if projects else {}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, list, type(None))) else str(value)


READERS: dict[str, Callable[[str], Any]] = {
    "funders": _funders,
    "organisations": _organisations,
    "titles": title_base,
    "labels": _label,
    "headings": kind_of,
    "bodies": body,
    "projects": _project,
}
"""What reads the texts of each kind of group: codes, [name, role] of each, a base form, a field, a kind, a name, columns."""


def failures(toml: str) -> list[str]:
    """What is wrong with the examples: what cannot be understood, or else what does not come out, with its line."""
    try:
        told = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        return [f"is not TOML: {error}"]
    except RecursionError:
        return ["is not TOML that can be read: its lists are too deep in one another"]
    return [*_malformed(told)] or [*_failing(told, toml)]


def count(toml: str) -> int:
    """How many examples there are."""
    return sum(len(group.get(key, ())) for groups in tomllib.loads(toml).values() for group in groups for key in ("text", "not"))


def _malformed(told: dict[str, Any]) -> Iterator[str]:
    for kind, groups in told.items():
        if kind not in READERS:
            yield f"[[{kind}]] is unknown: one of {', '.join(READERS)}"
            continue
        for n, group in enumerate(groups if isinstance(groups, list) else [groups], 1):
            where = f"[[{kind}]] number {n}"
            if not isinstance(groups, list) or not isinstance(group, dict):
                yield f"{kind} is no list of groups: write [[{kind}]]"
            elif strange := set(group) - _KEYS:
                yield f"{where}: {', '.join(sorted(strange))} is unknown: it may have {', '.join(sorted(_KEYS))}"
            elif "value" not in group or not any(group.get(key) for key in ("text", "not")):
                yield f"{where}: it needs a value, and text or not"
            elif any(not _is_list_of_texts(group.get(key, [])) for key in ("text", "not")):
                yield f"{where}: text and not are lists of texts"
            elif kind == "projects" and (wrong := _wrong_columns(group["value"])):
                yield f"{where}: {wrong}"


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _wrong_columns(value: Any) -> str:
    if not isinstance(value, dict):
        return 'its value is a table of columns: value = { project_name = "…" }'
    unknown = set(value) - {column.name for column in PROJECTS.columns}
    return f"projects has no column {', '.join(sorted(unknown))}" if unknown else ""


def _failing(told: dict[str, Any], toml: str) -> Iterator[str]:
    for kind, groups in told.items():
        for group in groups:
            expected = group["value"]
            for text in group.get("text", ()):
                came = _as_asked(READERS[kind](text), expected)
                if came != expected:
                    yield f"line {_line(toml, text)}: {kind}: {_shown(text)}: expected {_shown(expected)}, read {_shown(came)}"
            for text in group.get("not", ()):
                if _as_asked(READERS[kind](text), expected) == expected:
                    yield f"line {_line(toml, text)}: {kind}: {_shown(text)}: not to be read as {_shown(expected)}, but is"


def _as_asked(came: Any, expected: Any) -> Any:
    """Of many columns, those that an example tells of."""
    return {column: came.get(column) for column in expected} if isinstance(expected, dict) else came


def _line(toml: str, text: str) -> int:
    """The line in which an example begins: that of its first words, as far as TOML writes them as they are."""
    words = text.strip().split("\n")[0].split('"')[0].split("\\")[0]
    return toml[: max(toml.find(words), 0)].count("\n") + 1


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
