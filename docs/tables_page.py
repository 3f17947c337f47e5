"""docs/tables.md: every table and column, from ``poytakirja.tables.schema``."""

from __future__ import annotations

from poytakirja.tables.schema import SCHEMA_VERSION, TABLES, TYPE_NAMES

_HEAD = f"""\
# The tables

Version {SCHEMA_VERSION} of the schema ([schema.md](schema.md)). Made by `make docs`; the same words stand in the metadata of the
Parquet files and in `datapackage.json`. A meaning that begins with words between bars lists all the values there are.

A value that the document does not state is null (a list: empty). Columns marked ✓ under *evidence* were read from the text: the
table `evidence` says where each of their values stands. Parquet has no second-resolution timestamp: `timestamp[s]` is stored, and
read back, in milliseconds.

![The tables, their keys, and which rows refer to which](assets/tables.svg)
"""


def tables_page(_: str = "") -> str:
    """docs/tables.md."""
    lines = [_HEAD]
    for table in TABLES.values():
        lines += [f"## {table.name}", "", table.meaning, ""]
        if table.key:
            lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}.", ""]
        lines += ["| column | type | null | evidence | meaning |", "| --- | --- | --- | --- | --- |"]
        for c in table.columns:
            meaning = c.meaning.replace("|", r"\|")
            null, evident = "yes" if c.nullable else "no", "✓" if c.evident else ""
            lines.append(f"| `{c.name}` | {TYPE_NAMES[c.type]} | {null} | {evident} | {meaning} |")
        lines.append("")
    return "\n".join(lines)
