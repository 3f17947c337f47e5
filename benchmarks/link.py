"""How the time for linking grows with the number of entries: invented names, municipalities and years, a third told again.

python benchmarks/link.py [ENTRIES...]
"""

from __future__ import annotations

import datetime as dt
import random
import resource
import sys
from collections.abc import Iterator
from decimal import Decimal
from time import perf_counter

from poytakirja.links.scoring import Day, LinkRecord, Sum, links
from poytakirja.rules.organisations.municipalities import all_municipalities

_HEADS = ["rantaraitti", "lukupolku", "digiloikka", "liikuntapuisto", "kylätalo", "marjatiet", "vesiluonto", "yrityspalvelut"]
_FIRST = ["Sujuvat", "Vihreät", "Yhteiset", "Hiljaiset", "Kestävät", "Nuorten", "Liikkuvat", "Rohkeat", "Elävät", "Kotoisat"]
_SHARED = ["Etsivä nuorisotyö", "Harrastamisen Suomen malli", "Kehittämishanke", "Tulevaisuuden sosiaali- ja terveyskeskus"]
_FUNDERS = ["ESR", "EAKR", "OKM", "STM", "LEADER", "AVI"]


def entries(count: int, seed: int = 1) -> Iterator[LinkRecord]:
    """So many entries: of projects of their own, of programmes that all have, and a third of them told again."""
    chance = random.Random(seed)
    towns = [m for m in all_municipalities() if m.until is None]
    told: list[LinkRecord] = []
    for n in range(count):
        if told and chance.random() < 1 / 3:
            old = chance.choice(told)
            yield LinkRecord(f"{n:016x}/p0", n, old.name, old.municipality, None, None, old.start, old.end, old.funders, {})
            continue
        town = chance.choice(towns)
        own = f"{chance.choice(_FIRST)} {town.genitive} {chance.choice(_HEADS)}"
        name = chance.choice(_SHARED) if chance.random() < 0.2 else own + chance.choice(["", "", " 2", " II", " - osallisuutta"])
        start = dt.date(chance.randint(2005, 2024), chance.choice([1, 8]), 1)
        end = start + dt.timedelta(days=chance.choice([364, 729]))
        sums = {"total_cost": Sum(Decimal(chance.randint(10, 900)) * 500)} if chance.random() < 0.5 else {}
        payer = frozenset([chance.choice(_FUNDERS)])
        told.append(LinkRecord(f"{n:016x}/p0", n, name, town.code, None, None, Day(start), Day(end), payer, sums))
        yield told[-1]


def main() -> None:
    """Time each size."""
    for count in map(int, sys.argv[1:] or ["10000", "30000", "100000"]):
        made = list(entries(count))
        began = perf_counter()
        found = links(made)
        seconds = perf_counter() - began
        groups = len({link.key for link in found})
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{count} entries: {seconds:.1f} s, {1e6 * seconds / count:.0f} µs each, {groups} projects, peak {peak} MB")


if __name__ == "__main__":
    main()
