"""Measure how often each rule is right, for the confidences: ``python training/measure_reliability.py GOLD...``.

GOLD are files of gold beside a folder of the same name that holds their documents, and folders of minutes with their truth.
Rules that were made on some documents look better there than elsewhere: so the samples are no part of it. Writes
extract/model/reliability.csv, and into docs/accuracy.md how honest the confidences are where a document's own counts are left
out: the mean error over ten steps, and how many of the sure are right.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from poytakirja.archive import run as batch
from poytakirja.projects.confidence import Reliability
from poytakirja.quality.reliability import Judged, judged, of_minutes

sys.path.append(str(Path(__file__).parent.parent / "docs"))
from blocks import filled

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
TABLE = Path(__file__).parent.parent / "extract" / "model" / "reliability.csv"
READ_BY_EYE = [
    ("outside.amount", "", "", 29, 30),
    ("outside.period", "", "", 29, 30),
    ("outside.organisation", "", "", 28, 30),
]
"""What no gold lists: facts outside projects, of which 30 of each kind, drawn by lot from real minutes, were read one by one."""

Counts = tuple[str, str, str, int, int]


def values_of(gold: Path) -> tuple[list[Judged], list[Counts]]:
    """The values that the rules read in the documents of a gold file, each judged; of a folder how right its minutes were."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        batch.run([str(gold.with_suffix(""))], output, batch.Options(jobs=2))
        if gold.is_dir():
            return [], [(column, "", "", right, seen) for column, right, seen in of_minutes(output, [gold])]
        return list(judged(output, [gold])), []


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


def honesty(folds: Sequence[Sequence[Judged]]) -> str:
    """How the confidences of each fold's values, measured on the others, agree with what was right: a table and a line."""
    told: list[tuple[float, bool]] = []
    for n, values in enumerate(folds):
        others = Reliability.of(counted([v for m, more in enumerate(folds) if m != n for v in more]))
        told += [(_told(others, v), v.right) for v in values]
    steps: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for p, right in told:
        steps[min(9, int(p * 10))].append((p, right))
    error = sum(abs(sum(p for p, _ in step) - sum(right for _, right in step)) for step in steps.values()) / len(told)
    sure = [right for p, right in told if p >= 0.9]
    lines = ["| confidence | values | right |", "| :-- | --: | --: |"]
    for n, step in sorted(steps.items()):
        lines.append(f"| {n / 10:.1f}–{n / 10 + 0.1:.1f} | {len(step)} | {sum(right for _, right in step) / len(step):.3f} |")
    share = f"{sum(sure) / len(sure):.3f}" if sure else "none"
    line = f"{len(told)} values; mean error {error:.3f}; of the {len(sure)} values at 0.9 or more {share} are right."
    return "\n".join([*lines, "", line])


def _told(measured: Reliability, value: Judged) -> float:
    """The confidence that a value would have."""
    return (
        value.entry
        if value.field == "projects"
        else value.entry * measured.probability(value.field, value.rule_id, value.context)
    )


def folded(values: Sequence[Judged]) -> list[list[Judged]]:
    """The values in twenty folds, a document with its other formats in one."""
    folds: list[list[Judged]] = [[] for _ in range(20)]
    for value in values:
        name = Path(value.document).stem
        folds[int(hashlib.sha256(name.encode()).hexdigest(), 16) % len(folds)].append(value)
    return folds


def main() -> None:
    """Write the table; print how honest it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    golds: list[Path] = parser.parse_args().gold
    measured = [values_of(gold) for gold in golds if not gold.stem.endswith(("-facts", "-dev"))]
    values = [value for judged, _ in measured for value in judged]
    minutes = [count for _, counts in measured for count in counts]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["field", "rule_id", "context", "right", "seen"])
    writer.writerows(sorted([*READ_BY_EYE, *minutes, *counted(values)]))
    TABLE.write_text(out.getvalue(), encoding="utf-8")
    block = honesty(folded(values))
    print(block)
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), "reliability", block), encoding="utf-8")


if __name__ == "__main__":
    main()
