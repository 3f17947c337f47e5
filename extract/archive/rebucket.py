"""An archive that has grown or shrunk gets another number of buckets: rows move to their new parts, and nothing is read again."""

from __future__ import annotations

import re

from poytakirja.archive import shard
from poytakirja.archive.commit import PartTransaction
from poytakirja.archive.inputs import bucket_of, part_name
from poytakirja.archive.ledger import Ledger, PartRecord
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.shard import ExistingRows, ReusedRows

_PART = re.compile(r"part-(?P<bucket>\d+)-of-(?P<buckets>\d+)")


def move_to_buckets(place: OutputFolder, ledger: Ledger, buckets: int, key: str, token: str) -> bool:
    """Move the rows of all parts to so many buckets; whether there was anything to move.

    Numbers of buckets are powers of two, so that what is in some old buckets goes to some new ones and to no other: each such
    group moves at once. Where rows read in different ways would meet in a part, those with another ``key`` are left out.
    """
    old = {part: (int(found["bucket"]), int(found["buckets"])) for part in ledger if (found := _PART.fullmatch(part))}
    moving = {part: place_of for part, place_of in old.items() if place_of[1] != buckets}
    groups: dict[tuple[int, int], list[str]] = {}
    for part, (bucket, count) in moving.items():
        fewest = min(count, buckets)
        groups.setdefault((bucket % fewest, fewest), []).append(part)
    for parts in groups.values():
        _move(place, ledger, sorted(parts), buckets, key, token)
    return bool(moving)


def _move(place: OutputFolder, ledger: Ledger, parts: list[str], buckets: int, key: str, token: str) -> None:
    """Move the rows of a group of parts."""
    keys = {ledger[part].key for part in parts}
    kept = [part for part in parts if len(keys) == 1 or ledger[part].key == key]
    standing = ExistingRows(place, kept)
    sources = sorted(record.source for part in kept for record in ledger[part].records)
    new: dict[str, list[str]] = {}
    for source in sources:
        new.setdefault(part_name(bucket_of(source, buckets), buckets), []).append(source)
    with PartTransaction(place, f"{parts[0]}-into-{buckets:05d}") as change:
        change.remove(parts)
        for part in parts:
            del ledger[part]
        for part, own in new.items():
            entry = PartRecord(part, key if len(keys) > 1 else next(iter(keys)), [], {})
            shard.write(change, entry, [ReusedRows(source, standing) for source in own])
            ledger[part] = entry
        change.commit(token)
