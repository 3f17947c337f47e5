"""Hold the schema to its version: ``python docs/schema_lock.py [--check]``.

schema.lock.json beside this file is the schema as its version was last made known. Where the code says otherwise, the version
has to be raised as schema.md tells, before the new schema is written there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from poytakirja.tables.schema import SCHEMA_VERSION, TABLES, TYPE_NAMES, Column

LOCK = Path(__file__).parent / "schema.lock.json"
LEVELS = ("major", "minor", "patch")
Schema = dict[str, Any]


def present() -> Schema:
    """The schema as the code has it."""
    tables = {
        table.name: {"meaning": table.meaning, "key": list(table.key), "columns": {c.name: _column(c) for c in table.columns}}
        for table in TABLES.values()
    }
    return {"version": SCHEMA_VERSION, "tables": tables}


def _column(column: Column) -> dict[str, Any]:
    facts = {"type": TYPE_NAMES[column.type], "null": column.nullable, "evident": column.evident, "words": column.words}
    return {**facts, "meaning": column.meaning}


def changes(old: Schema, new: Schema) -> list[tuple[str, str]]:
    """What has changed between two schemas: the level of each change and what it is."""
    found: list[tuple[str, str]] = []
    for name in old["tables"].keys() | new["tables"].keys():
        before, after = old["tables"].get(name), new["tables"].get(name)
        if after is None:
            found.append(("major", f"{name} is gone"))
        elif before is None:
            found.append(("minor", f"{name} is new"))
        else:
            found += _of_table(name, before, after)
    return sorted(found, key=lambda change: (LEVELS.index(change[0]), change[1]))


def _of_table(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if before["key"] != after["key"]:
        yield "major", f"{name} has another key"
    if before["meaning"] != after["meaning"]:
        yield "patch", f"{name} is described otherwise"
    old, new = before["columns"], after["columns"]
    for column in old.keys() - new.keys():
        yield "major", f"{name}.{column} is gone"
    for column in new.keys() - old.keys():
        yield ("minor" if new[column]["null"] else "major"), f"{name}.{column} is new"
    for column in old.keys() & new.keys():
        yield from _of_column(f"{name}.{column}", old[column], new[column])
    if [c for c in old if c in new] != [c for c in new if c in old]:
        yield "minor", f"{name} has its columns in another order"


def _of_column(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if before["type"] != after["type"]:
        yield "major", f"{name} is {after['type']} and was {before['type']}"
    if before["null"] != after["null"]:
        yield ("major" if after["null"] else "minor"), f"{name} is {'now' if after['null'] else 'no more'} null at times"
    if gone := [word for word in before["words"] if word not in after["words"]]:
        yield "major", f"{name} has no more {', '.join(gone)}"
    if new := [word for word in after["words"] if word not in before["words"]]:
        yield "minor", f"{name} has new values {', '.join(new)}"
    if before["evident"] != after["evident"]:
        yield "minor", f"{name} has {'now' if after['evident'] else 'no more'} evidence"
    if before["meaning"] != after["meaning"]:
        yield "patch", f"{name} is described otherwise"


def needed(version: str, level: str) -> str:
    """The lowest version after another that a change of this level allows.

    >>> needed("1.2.3", "major"), needed("1.2.3", "minor"), needed("1.2.3", "patch")
    ('2.0.0', '1.3.0', '1.2.4')
    """
    numbers = [int(number) for number in version.split(".")]
    at = LEVELS.index(level)
    return ".".join(map(str, [*numbers[:at], numbers[at] + 1, *[0] * (2 - at)]))


def problem(old: Schema, new: Schema) -> str | None:
    """Why the new schema cannot have the version that it has, and what to do."""
    found = changes(old, new)
    if not found:
        return None if old["version"] == new["version"] else f"nothing has changed: leave SCHEMA_VERSION {old['version']}"
    level = found[0][0]
    lowest = needed(old["version"], level)
    if _numbers(new["version"]) >= _numbers(lowest):
        return None
    told = "\n".join(f"  {level}: {what}" for level, what in found)
    return (
        f"the schema has changed since version {old['version']}:\n{told}\n"
        f"Raise SCHEMA_VERSION in extract/tables/columns.py to {lowest}, then: make schema"
    )


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def main() -> int:
    """Write the schema to its lock, or say why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the lock is not current")
    check = parser.parse_args().check
    new = present()
    old = json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.exists() else None
    if old == new:
        return 0
    told = problem(old, new) if old else None
    if told or check:
        print(f"docs/schema.lock.json: {told or 'not current: make schema'}", file=sys.stderr)
        return 1
    LOCK.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
