"""Train the finder of project entries and write extract/model/entries.npz; the same input makes the same bytes.

    python training/train_entries.py [--out FILE] [--judge]

It learns from all gold under samples/, and from ../shared where that is there. Text documents are read a second and a third
time with another layout (other bullets, numbers, blank rows, wraps), since no layout of its own should decide. ``--judge``
writes nothing but prints entry precision, recall and F1 of each set by trees that were made without it.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import sys
import tempfile
import textwrap
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from boost import Settings, fit
from entry_gold import GoldEntry, Labels, Letters, label

from poytakirja import read
from poytakirja.errors import ReadError
from poytakirja.minutes import item_numbers, items
from poytakirja.projects.entries.evidence import COMPANY, NAMES, company
from poytakirja.projects.entries.find import gathered, scopes
from poytakirja.projects.entries.generate import Candidate
from poytakirja.projects.entries.score import FILE, Matrix, Trees
from poytakirja.projects.entries.select import select
from poytakirja.projects.facts import mentions

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
if not SHARED.exists() and (ROOT.parents[1] / "shared").exists():
    SHARED = ROOT.parents[1] / "shared"
FIRST = Settings(trees=130, depth=5, rate=0.14, restraint=6.0, share=0.2)
SECOND = Settings(trees=50, depth=3, rate=0.12, restraint=6.0, share=0.6)
HELD_OUT = frozenset({"readings-3/gold"})
"""The newest first readings: the model is not trained on them, so that a change can be judged by them."""
TOGETHER = {"lapua-2": "lapua", "lapua-dev": "lapua"}
"""Sets of the same body, which are left out together."""


@dataclass
class Case:
    """A scope: candidates with evidence and labels; ``set`` names the writers' set, ``edited`` the layout it was given."""

    set: str
    document: str
    spans: list[tuple[int, int]]
    kinds: list[str]
    evidence: Matrix
    candidates: list[Candidate]
    labels: Labels
    edited: str
    wanted: int


# ---------------------------------------------------------------- documents and their other layouts

U = "A-ZÅÄÖ"
Edit = Callable[[str], str]


def _sub(pattern: str, repl: str, flags: int = re.M) -> Edit:
    return lambda text: re.sub(pattern, repl, text, flags=flags)


def _wrapped(text: str, width: int) -> str:
    return "\n".join(
        textwrap.fill(row, width, subsequent_indent=" " * (len(row) - len(row.lstrip())))
        if len(row) > width and "   " not in row.strip() and "\t" not in row
        else row
        for row in text.split("\n")
    )


_BULLET = r"^([ \t]*)[-•*·–]([ \t]+)(?=\S)"
_NUMBER = rf"^([ \t]*)\(?(\d{{1,2}})[.)]([ \t]+)(?=[{U}])"
EDITS: dict[str, Edit] = {
    "bullet ▪": _sub(_BULLET, r"\1▪\2"), "bullet »": _sub(_BULLET, r"\1»\2"), "bullet o": _sub(_BULLET, r"\1o\2"),
    "bullet +": _sub(_BULLET, r"\1+\2"),
    "number -": _sub(_NUMBER, r"\1\2 -\3"), "number ()": _sub(_NUMBER, r"\1(\2)\3"), "number :": _sub(_NUMBER, r"\1\2:\3"),
    "all 1.": _sub(_NUMBER, r"\g<1>1.\3"),
    "tight": _sub(r"\n[ \t]*\n+", "\n", 0), "loose": _sub(r"\n", "\n\n", 0), "indented": _sub(r"^", "      "),
    "wrapped": lambda text: _wrapped(text, 60), "narrow": lambda text: _wrapped(text, 48), "tabs": _sub(r"(?<=\S) {2,}(?=\S)",
    "\t"),
    "kohteet": _sub(r"^([ \t]*[^\n]{0,60}?)hankkeet(?=[ \t]*:?[ \t]*$)", r"\1kohteet"),
    "sentence more": _sub(r"^([ \t]*(?:\(?\d{1,2}[.)]|[-•*·–])[ \t]+[^\n]*\d{4}[^\n]*\.)[ \t]*$",
    r"\1 Hankkeesta on tehty yhteistyösopimus naapurikunnan kanssa."),
}  # fmt: skip


def gold_files() -> list[tuple[str, Path, Path]]:
    """All gold as (name of its set, file, folder of its documents)."""
    found = [
        (p.stem if p.parent.name == "samples" else f"{p.parent.name}/{p.stem}", p, p.parent)
        for p in sorted((ROOT / "samples").rglob("*.jsonl"))
    ]
    found = [one for one in found if one[0] not in HELD_OUT]
    if SHARED.exists():
        found += [(p.stem, p, p.with_suffix("")) for p in sorted((SHARED / "gold").glob("*.jsonl")) if p.with_suffix("").is_dir()]
        found += [
            ("lapua-dev", SHARED / "gold" / "lapua-dev.jsonl", SHARED / "minutes"),
            ("real", SHARED / "real" / "gold.jsonl", SHARED / "real" / "minutes"),
        ]
        found += [("seeds", SHARED / "seeds" / "gold.jsonl", SHARED / "seeds")]
    return found


def cases(edited: int) -> Iterator[Case]:
    """The cases of all gold; each text document ``edited`` times more in another layout."""
    for name, file, folder in gold_files():
        for line in file.read_text(encoding="utf-8").splitlines():
            gold = json.loads(line) if line.strip() else {}
            if "projects" not in gold:
                continue
            path = next((p for p in (folder / gold["document"], folder / file.stem / gold["document"]) if p.exists()), None)
            if path is None:
                continue
            yield from _cases(name, path, gold, "")
            if path.suffix == ".txt":
                yield from _alone(name, path, gold)
                first = zlib.crc32(path.name.encode())
                for n in range(edited):
                    yield from _cases(name, path, gold, list(EDITS)[(first + 5 * n) % len(EDITS)])


_TITLES = ("Käynnissä olevat hankkeet", "Hankkeet", "Hanketilanne", "Päättyneet hankkeet", "Haettavat hankkeet", "Muut hankkeet")
_LEADS = ("", "Kunnassa on käynnissä seuraavat hankkeet:\n\n", "Hankkeet:\n\n")
_ITEM = """{place} kunta               Pöytäkirja {number}/2023
Kunnanhallitus               27.3.2023

{number} §        {title}

{lead}{entry}

Päätös      Kunnanhallitus merkitsi asian tiedoksi.
"""


def _alone(name: str, path: Path, gold: dict[str, Any]) -> Iterator[Case]:
    """An entry as the only one of its list, under a title that speaks of projects: that item is not about one project."""
    document = read.document(path, engine=None)
    found, _, _ = items.read(document, item_numbers.body_of(document))
    letters = Letters.of(document.text)
    draw = zlib.crc32(path.name.encode())
    for scope in scopes(document, found):
        if not scope.units:
            continue
        known = mentions(document, scope.units).found
        entries = [GoldEntry.of(entry, letters, known) for entry in gold["projects"]]
        candidates, _, _ = gathered(scope)
        if not candidates:
            continue
        labels = label(candidates, entries, scope.item.number if scope.item else None)
        best = [
            n for n, c in enumerate(candidates)
            if labels.quality[n] > 0.9 and c.kind == "marker" and not entries[int(labels.owner[n])].gold.get("optional")
        ]  # fmt: skip
        if not best:
            continue
        chosen = best[draw % len(best)]
        entry, number = entries[int(labels.owner[chosen])].gold, draw % 90 + 1
        text = _ITEM.format(
            place="Ruoveden", number=number, title=_TITLES[draw % len(_TITLES)], lead=_LEADS[draw // 7 % len(_LEADS)],
            entry=document.text[candidates[chosen].start : candidates[chosen].end],
        )  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            copy.write_text(text, encoding="utf-8")
            for case in _cases(name, copy, {"projects": [{**entry, "item": number}]}, ""):
                case.edited = "alone"
                yield case


def _cases(name: str, path: Path, gold: dict[str, Any], edit: str) -> Iterator[Case]:
    with tempfile.TemporaryDirectory() as folder:
        if edit:
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            path = Path(folder) / path.name
            path.write_bytes(EDITS[edit](text).encode("utf-8", "surrogateescape"))
        try:
            document = read.document(path, engine=None)
        except ReadError as error:
            print(f"left out: {path.name}: {error.message}", file=sys.stderr)
            return
    found, _, _ = items.read(document, item_numbers.body_of(document))
    places = [scope for scope in scopes(document, found) if scope.units]
    letters = Letters.of(document.text)
    known = [m for scope in places for m in mentions(document, scope.units).found]
    entries = [GoldEntry.of(entry, letters, known) for entry in gold["projects"]]
    seen: set[int] = set()
    for scope in places:
        candidates, evidence, _ = gathered(scope)
        if candidates:
            labels = label(candidates, entries, scope.item.number if scope.item else None)
            owners = set(labels.owner[labels.owner >= 0].tolist()) - seen
            seen |= owners
            spans, kinds = [(c.start, c.end) for c in candidates], [c.kind for c in candidates]
            bare = [Candidate(c.kind, c.start, c.end, c.first, c.last, c.group, c.head, kinds=c.kinds) for c in candidates]
            yield Case(name, path.name, spans, list(kinds), evidence, bare, labels, edit, len(owners))
    lost = sum(not e.gold.get("optional") for n, e in enumerate(entries) if n not in seen)
    if lost:
        yield Case(
            name,
            path.name,
            [],
            [],
            np.zeros((0, len(NAMES))),
            [],
            Labels(np.zeros(0), np.zeros(0, np.int64), np.zeros(0, bool)),
            edit,
            lost,
        )


# ---------------------------------------------------------------- trees


def grown(found: Sequence[Case], matrices: Sequence[Matrix], settings: Settings) -> Trees:
    """Trees that learned from some cases; edited copies weigh less than what was printed."""
    x = np.concatenate(matrices)
    quality = np.concatenate([c.labels.quality for c in found])
    y = np.where(quality > 0.35, 0.5 + 0.5 * quality, 0.5 * quality)  # whether it is one matters more than how closely it is cut
    weight = np.concatenate([np.full(len(c.spans), 0.5 if c.edited else 1.0) * c.labels.counts for c in found])
    keep = weight > 0
    return fit(x[keep], y[keep], weight[keep], settings)


FOLDS = 5


def by_set(case: Case) -> str:
    """The writers' set of a case, those of one body together."""
    return TOGETHER.get(case.set, case.set)


def by_municipality(case: Case) -> str:
    """One of some folds; a municipality's documents (the beginning of their names) are in one."""
    name = re.sub(r"^\d+-|\W.*$|\d+$", "", case.document)
    return str(zlib.crc32(name.encode()) % FOLDS) if name else "number " + str(zlib.crc32(case.document.encode()) % FOLDS)


def out_of_fold(
    found: Sequence[Case], matrices: Sequence[Matrix], part: Callable[[Case], str], settings: Settings
) -> list[Matrix]:
    """The probability of each case's candidates by trees that saw nothing of its part."""
    fold = [part(c) for c in found]
    out = [np.zeros(0)] * len(found)
    for left_out in sorted(set(fold)):
        seen = [n for n, f in enumerate(fold) if f != left_out]
        trees = grown([found[n] for n in seen], [matrices[n] for n in seen], settings)
        for n, f in enumerate(fold):
            if f == left_out and found[n].spans:
                out[n] = trees.probability(matrices[n])
    return out


def in_company(found: Sequence[Case], probability: Sequence[Matrix]) -> list[Matrix]:
    """What the second trees weigh, from what the first ones said of cases that they had not seen."""
    return [
        company(c.candidates, c.evidence, p) if c.spans else np.zeros((0, len(COMPANY)))
        for c, p in zip(found, probability, strict=True)
    ]


def hits(case: Case, probability: Matrix, threshold: float) -> tuple[list[tuple[int, bool]], int]:
    """The chosen candidates of a case, each with whether it is an entry found first; and how many entries it has."""
    chosen = select(case.spans, (probability - threshold).tolist())
    known: set[int] = set()
    out = []
    for n in chosen:
        owner = int(case.labels.owner[n])
        right = owner >= 0 and owner not in known
        known.add(owner)
        if right or case.labels.counts[n]:
            out.append((n, right))
    return out, case.wanted


def table(
    found: Sequence[Case], probability: Sequence[Matrix], threshold: float, of: Callable[[Case], str]
) -> dict[str, tuple[int, int, int]]:
    """True positives, false positives and misses by set."""
    out: dict[str, tuple[int, int, int]] = {}
    for n, case in enumerate(found):
        chosen, wanted = hits(case, probability[n], threshold) if case.spans else ([], case.wanted)
        right = sum(ok for _, ok in chosen)
        tp, fp, fn = out.get(of(case), (0, 0, 0))
        out[of(case)] = tp + right, fp + len(chosen) - right, fn + wanted - right
    return out


def scores(tp: int, fp: int, fn: int) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    return tp / max(tp + fp, 1), tp / max(tp + fn, 1), 2 * tp / max(2 * tp + fp + fn, 1)


def calibration(found: Sequence[Case], probability: Sequence[Matrix], threshold: float) -> tuple[Matrix, Matrix]:
    """Steps from a probability to the share of chosen candidates that were right, rising (pool adjacent violators).

    Below the threshold it is the share of all candidates that no chosen one overlaps.
    """
    points = sorted(
        (float(probability[n][k]), float(ok))
        for n, c in enumerate(found)
        if c.spans
        for k, ok in hits(c, probability[n], 0.05)[0]
    )
    pools: list[list[float]] = []
    for p, ok in points:
        pools.append([p, ok, 1.0])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [
                (pools[-1][0] * pools[-1][2] + last[0] * last[2]) / (pools[-1][2] + last[2]),
                pools[-1][1] + last[1],
                pools[-1][2] + last[2],
            ]
    kept = [pool for pool in pools if pool[2] >= 5] or pools
    return np.array([0.0, *(p for p, _, _ in kept), 1.0]), np.array(
        [0.0, *((ok + 0.5) / (n + 1.0) for _, ok, n in kept), kept[-1][1] / kept[-1][2]]
    )


def best_threshold(found: Sequence[Case], probability: Sequence[Matrix]) -> float:
    """The threshold with the best mean of F1 and F½ out of fold: a false entry harms more than a missing one."""

    def worth(threshold: float) -> float:
        tp, fp, fn = np.sum(list(table(found, probability, threshold, lambda c: c.set).values()), axis=0).tolist()
        half = 1.25 * tp / max(1.25 * tp + 0.25 * fn + fp, 1)
        return 0.5 * scores(tp, fp, fn)[2] + 0.5 * half

    return float(max(np.round(np.arange(0.08, 0.6, 0.02), 2), key=worth))


def main() -> None:
    """Train, or judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--judge", action="store_true")
    parser.add_argument("--edited", type=int, default=1)
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args()
    if asked.cache and asked.cache.exists():
        found = pickle.loads(asked.cache.read_bytes())
    else:
        found = list(cases(asked.edited))
        if asked.cache:
            asked.cache.write_bytes(pickle.dumps(found))
    part = by_set if asked.judge else by_municipality
    matrices = [c.evidence for c in found]
    second = in_company(found, out_of_fold(found, matrices, part, FIRST))
    probability = out_of_fold(found, second, part, SECOND)
    plain = [n for n, c in enumerate(found) if not c.edited]
    printed, of_printed = [found[n] for n in plain], [probability[n] for n in plain]
    threshold = best_threshold(printed, of_printed)
    rows = table(printed, of_printed, threshold, lambda c: c.set)
    for name, row in [*rows.items(), ("all", tuple(np.sum(list(rows.values()), axis=0).tolist()))]:
        print("{:44} P {:.3f} R {:.3f} F1 {:.3f}".format(name, *scores(*row)), *row)
    for name, row in table(found, probability, threshold, lambda c: f"edit {c.edited}").items():
        print("{:44} P {:.3f} R {:.3f} F1 {:.3f}".format(name, *scores(*row)), *row)
    raw, calibrated = calibration(printed, of_printed, threshold)
    print(f"threshold {threshold}; calibration", *(f"{a:.2f}→{b:.2f}" for a, b in zip(raw, calibrated, strict=True)))
    if not asked.judge:
        written: dict[str, Any] = {}
        for name, trees in (("first", grown(found, matrices, FIRST)), ("second", grown(found, second, SECOND))):
            written |= {f"{name}.feature": trees.feature.astype(np.int16), f"{name}.cut": trees.cut.astype(np.float32)}
            written |= {f"{name}.leaf": trees.leaf.astype(np.float32), f"{name}.base": np.array(trees.base)}
        np.savez_compressed(
            asked.out, **written, names=np.array(NAMES), raw=raw, calibrated=calibrated, threshold=np.array(threshold)
        )
        print(f"{asked.out}: {os.path.getsize(asked.out) // 1024} KB")


if __name__ == "__main__":
    main()
