"""The state of an OUTPUT: what stands in its tables, what failed, and whether the run that made it has ended."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console

from poytakirja.archive import ledger
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.tables.schema import SCHEMA_VERSION, is_readable, is_same
from poytakirja.terminal import say, show

_STATES = {
    "complete": "complete",
    "interrupted": "interrupted: the same command goes on from here",
    "running": "stopped before its end: the same command goes on from here",
}


def of(output: Path) -> dict[str, Any]:
    """The state of an OUTPUT as JSON can hold it; UsageError where it holds no tables."""
    place = OutputFolder(output)
    place.check_known()
    manifest, entries = place.manifest(), ledger.load(place)
    statuses, rows = ledger.totals(entries)
    holder = place.holder()
    begun = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(place.note("begun").glob("*.json"))]
    return {
        "state": "running" if holder else "stopped" if manifest["state"] == "running" else manifest["state"],
        "told": f"running: {holder}" if holder else _STATES[manifest["state"]],
        "planned": manifest["documents"],
        "committed": sum(statuses.values()),
        "begun": sum(shard["documents"] for shard in begun),
        "documents": dict(sorted(statuses.items())),
        "failures": dict(Counter(r.code for r in ledger.records(entries) if r.status in ("failed", "partial")).most_common()),
        "rows": {table: count for table, count in rows.items() if table != "documents"},
        "parts": len(entries),
        "bytes": sum(sum(entry.sizes.values()) for entry in entries.values()),
        "versions": manifest["versions"],
        "schema": _schema(place),
        "inputs": manifest["inputs"],
    }


def _schema(place: OutputFolder) -> dict[str, Any]:
    """The schema's version of the tables, and what to do where it is not that of this software."""
    written = place.schema()
    told = "" if is_same(written) else f"this software writes {SCHEMA_VERSION}: a run into OUTPUT reads all again"
    return {"version": written, "readable": is_readable(written), "told": told}


def run(output: Path, *, as_json: bool) -> int:
    """Print the state; 0 where the last run has ended, 1 where documents are still to be read."""
    state = of(output)
    if as_json:
        print(json.dumps(state, ensure_ascii=False, indent=1))
    else:
        console = Console()
        say(console, f"State: {state['told']}")
        if state["schema"]["told"]:
            say(console, f"Schema: {state['schema']['version']}; {state['schema']['told']}")
        kinds = ", ".join(f"{count} {status}" for status, count in state["documents"].items())
        say(console, f"Documents: {state['committed']} of {state['planned']} ({kinds or 'none yet'}), in hand {state['begun']}")
        say(console, f"Size: {state['bytes'] / 1e6:.1f} MB in {state['parts']} parts")
        show(console, "Rows", ("table", "rows"), [(table, str(count)) for table, count in state["rows"].items()])
        if state["failures"]:
            show(console, "Not read, or not wholly", ("reason", "documents"), [(c, str(n)) for c, n in state["failures"].items()])
    return int(state["state"] != "complete")
