"""The state of an OUTPUT: what its tables hold, what failed, and whether the run that made it has ended."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from poytakirja.archive import ledger
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.upkeep import removed
from poytakirja.files import read_json
from poytakirja.tables.schema import SCHEMA_VERSION, is_readable, is_same

_STATES = {
    "complete": "complete",
    "interrupted": "interrupted: the same command goes on from here",
    "damaged": "its notes (_run/manifest.json) are damaged: run the same command again",
    "running": "stopped before its end: the same command goes on from here",
}


def of(output: Path) -> dict[str, Any]:
    """The state of an OUTPUT as JSON can hold it; UsageError where it holds no tables."""
    place = OutputFolder(output)
    place.check_known()
    manifest, found = place.manifest(), ledger.find(place)
    entries = found.ledger
    statuses, rows = ledger.totals(entries)
    holder = place.holder()
    state = str(manifest.get("state", "damaged"))
    begun = [read_json(path) or {} for path in sorted(place.note("begun").glob("part-*.json"))]
    return {
        "state": "running" if holder else "stopped" if state == "running" else state,
        "told": f"running: {holder}" if holder else _STATES[state],
        "planned": manifest.get("documents", sum(statuses.values())),
        "committed": sum(statuses.values()),
        "begun": sum(int(shard.get("documents", 0)) for shard in begun),
        "documents": dict(sorted(statuses.items())),
        "failures": dict(Counter(r.code for r in ledger.records(entries) if r.status in ("failed", "partial")).most_common()),
        "damaged": len({record.source for records in found.to_repair.values() for record in records}),
        "damaged_parts": len(found.to_repair),
        "removed": sum(len(one.sources) for one in removed.listed(place)),
        "rows": {table: count for table, count in rows.items() if table != "documents"},
        "parts": len(entries),
        "bytes": sum(sum(entry.sizes.values()) for entry in entries.values()),
        "versions": manifest.get("versions", {}),
        "schema": _schema(place),
        "inputs": manifest.get("inputs", []),
    }


def _schema(place: OutputFolder) -> dict[str, Any]:
    """The schema's version of the tables, and what to do where it is not that of this software."""
    written = place.schema()
    told = "" if is_same(written) else f"this software writes {SCHEMA_VERSION}: a run into OUTPUT reads all again"
    return {"version": written, "readable": is_readable(written), "told": told}
