"""Measure how often each rule is right, for the confidences: ``python training/measure_reliability.py GOLD... [--check]``.

GOLD are files of gold beside a folder of the same name that holds their documents. Rules that were made on some documents look
better there than elsewhere: so the samples are no part of it. Writes extract/model/reliability.csv, and prints how honest the
confidences are where each file's own counts are left out (the mean error over ten steps, and how many of the sure are right).
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from poytakirja.archive import run as batch
from poytakirja.projects.confidence import Reliability
from poytakirja.quality.reliability import Judged, judged

TABLE = Path(__file__).parent.parent / "extract" / "model" / "reliability.csv"
READ_BY_EYE = [
    ("outside.amount", "", "", 59, 60),
    ("outside.period", "", "", 46, 50),
    ("outside.organisation", "", "", 66, 70),
]
"""What no gold lists: facts outside projects, a sample of real minutes read by a person."""

Counts = tuple[str, str, str, int, int]


def values_of(gold: Path) -> list[Judged]:
    """The values that the rules read in the documents of a gold file, each judged."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        batch.run([str(gold.with_suffix(""))], output, batch.Options(jobs=2))
        return list(judged(output, [gold]))


def counted(values: Sequence[Judged]) -> list[Counts]:
    """How often each rule was right, by field and context, in order."""
    counts: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for value in values:
        if value.field != "projects" and not value.in_gold:
            continue  # whether there is an entry at all is a question of its own
        count = counts[value.field, value.rule_id, value.context]
        count[0] += value.right
        count[1] += 1
    return [(*key, right, seen) for key, (right, seen) in sorted(counts.items())]


def honesty(folds: dict[str, list[Judged]]) -> str:
    """How the confidences of each file's values, measured on the others, agree with what was right."""
    told: list[tuple[float, bool]] = []
    for name, values in folds.items():
        others = Reliability.of(counted([v for other, more in folds.items() if other != name for v in more]))
        for v in values:
            entry = others.probability("projects", v.layout, v.context)
            sure = entry if v.field == "projects" else entry * others.probability(v.field, v.rule_id, v.context)
            told.append((sure, v.right))
    steps: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for p, right in told:
        steps[min(9, int(p * 10))].append((p, right))
    error = sum(abs(sum(p for p, _ in step) - sum(right for _, right in step)) for step in steps.values()) / len(told)
    lines = [f"| {n / 10:.1f}–{n / 10 + 0.1:.1f} | {len(step)} | {sum(r for _, r in step) / len(step):.3f} |" for n, step in sorted(steps.items())]
    sure = [right for p, right in told if p >= 0.9]
    share = f"{sum(sure) / len(sure):.3f}" if sure else "none"
    head = ["| confidence | values | right |", "| :-- | --: | --: |"]
    return "\n".join([*head, *lines, "", f"{len(told)} values; mean error {error:.3f}; of the {len(sure)} at 0.9 or more {share} are right."])


def main() -> None:
    """Write the table; print how honest it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    golds: list[Path] = parser.parse_args().gold
    folds = {gold.stem: values_of(gold) for gold in golds}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["field", "rule_id", "context", "right", "seen"])
    writer.writerows(sorted([*READ_BY_EYE, *counted([v for values in folds.values() for v in values])]))
    TABLE.write_text(out.getvalue(), encoding="utf-8")
    print(honesty(folds))


if __name__ == "__main__":
    main()
