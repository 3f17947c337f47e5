"""How accurate the tables are: the blocks of docs/accuracy.md, and README's, which stands on them.

The founding documents and the real minutes are not part of the repository: where they are absent, their figures stay.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from blocks import block, filled

from poytakirja._version import __version__
from poytakirja.archive import run as batch
from poytakirja.quality.evaluate import accuracy_table, evaluate

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents with their gold: under which name they have their block, and how they are called."""

    name: str
    title: str
    documents: Path
    golds: tuple[Path, ...]


CORPORA = (
    Corpus(
        "samples",
        "samples",
        ROOT / "samples",
        tuple(ROOT / "samples" / f"gold{n}.jsonl" for n in ("", "-2", "-3", "-4", "-5", "-6")),
    ),
    Corpus("seeds", "founding documents", SHARED / "seeds", (SHARED / "seeds" / "gold.jsonl",)),
    Corpus("minutes", "real minutes", SHARED / "minutes", (SHARED / "gold" / "lapua-dev.jsonl",)),
)


@cache
def _extracted(documents: Path) -> tuple[tempfile.TemporaryDirectory[str], Path]:
    folder = tempfile.TemporaryDirectory()  # removed with the process
    output = Path(folder.name, "output")
    batch.run([str(documents)], output, batch.Options(jobs=2))
    return folder, output


def extracted(documents: Path) -> Path:
    """The tables of a folder of documents, extracted once a process."""
    return _extracted(documents)[1]


# ---------------------------------------------------------------- docs/accuracy.md


def accuracy_page(text: str, only: str | None = None) -> str:
    """docs/accuracy.md with the figures of the corpora that are here; ``only`` names one of them."""
    for corpus in CORPORA:
        if only not in (None, corpus.name):
            continue
        golds = [gold for gold in corpus.golds if gold.exists()]
        if golds:
            text = filled(text, f"accuracy: {corpus.name}", _figures(corpus, golds))
        else:
            print(f"{corpus.documents} is not here: its figures stay as they are", file=sys.stderr)
    return text


def _figures(corpus: Corpus, golds: list[Path]) -> str:
    """A table for each gold, on which day and of what, and the commands."""
    documents, *paths = (_as_typed(path) for path in (corpus.documents, *golds))
    reports = [evaluate(extracted(corpus.documents), [gold]) for gold in golds]
    hashes = ", ".join(f"`{path}` {digest[:12]}" for path, r in zip(paths, reports, strict=True) for digest in r.gold.values())
    parts = [f"Measured {dt.date.today()} with version {__version__}; gold (SHA-256): {hashes}."]
    parts.append(f"    poytakirja extract {documents} --out output\n    poytakirja evaluate output {' '.join(paths)}")
    for path, report in zip(paths, reports, strict=True):
        parts += [f"`{path}`:", accuracy_table(report)]
    return "\n\n".join(parts)


def _as_typed(path: Path) -> str:
    """A path as one types it in the repository."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else f"../{path.relative_to(ROOT.parent).as_posix()}"


# ---------------------------------------------------------------- README's block


def readme_block(accuracy: str) -> str:
    """F1 by field for each gold, the figures of the whole, and the peers: what docs/accuracy.md says, samples/ measured now."""
    accuracy = accuracy_page(accuracy, only="samples")
    tables = [table for corpus in CORPORA for table in _tables(corpus, block(accuracy, f"accuracy: {corpus.name}"))]
    fields = dict.fromkeys(field for table in tables for field in table.fields)
    rows = [["field", *(table.title for table in tables)], [":--", *["--:"] * len(tables)]]
    rows += [[field, *(table.fields.get(field, "") for table in tables)] for field in fields]
    whole = "\n".join(f"- {table.title} (`{table.gold}`, {table.measured}): {table.closing}" for table in tables)
    return "\n\n".join([HEAD, _markdown(rows), whole, COMMANDS, *_peers(accuracy)])


HEAD = """\
F1 by field, and in brackets how many values the gold has. The rules have been made with all these documents at hand: on others
expect less, and what a field with few values says is little."""
COMMANDS = """\
    poytakirja extract samples --out output
    poytakirja evaluate output samples/*.jsonl       # --misses -1 lists each miss
    make docs                                        # all these figures"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of docs/accuracy.md: F1 and n of each field, as one cell."""

    title: str
    gold: str
    measured: str
    fields: dict[str, str]
    closing: str


_TABLE = re.compile(r"(?ms)^`(?P<gold>[^`\n]+)`:\n\n(?P<rows>\| field .*?)\n\n(?P<closing>[^\n]+)")
_FIELD = re.compile(r"(?m)^\| (?P<field>[\w ]+) \| [\d.]+ \| [\d.]+ \| (?P<f1>[\d.]+) \| (?P<n>\d+) \|$")


def _tables(corpus: Corpus, figures: str) -> Iterator[Table]:
    """The tables of a block."""
    measured = re.search(r"Measured (.*?);", figures)
    for number, m in enumerate(_TABLE.finditer(figures), 1):
        title = corpus.title if number == 1 else f"{corpus.title} {number}"
        fields = {f["field"]: f"{f['f1']} ({f['n']})" for f in _FIELD.finditer(m["rows"]) if f["n"] != "0"}
        yield Table(title, m["gold"], measured[1] if measured else "", fields, m["closing"])


_PEER = re.compile(
    r"(?m)^\| (?P<corpus>[\w ]+) \| (?P<way>[^|]+) \| (?P<found>\d+ of \d+) \| (?P<other>\d+) \| (?P<false>\d+) \|[^|]*\|$"
)


def _peers(accuracy: str) -> Iterator[str]:
    """The comparison with other libraries, a way a row."""
    figures = block(accuracy, "peers")
    found = list(_PEER.finditer(figures))
    measured = re.search(r"Measured (.*?), on", figures, re.DOTALL)
    if not found or not measured:
        return
    corpora, ways = (list(dict.fromkeys(m[group] for m in found)) for group in ("corpus", "way"))
    cells = {(m["way"], m["corpus"]): f"{m['found']}, {m['other']} other, {m['false']} false" for m in found}
    rows = [["read by", *corpora], [":--", *["--:"] * len(corpora)]]
    rows += [[way, *(cells.get((way, corpus), "") for corpus in corpora)] for way in ways]
    yield (
        "Days and sums of the same entries, beside libraries that are made for dates and for prices\n"
        f"({' '.join(measured[1].split())}).\n"
        "What those are not made for, and what counts as other and as false: "
        "[docs/accuracy.md](docs/accuracy.md#beside-other-libraries)."
    )
    yield _markdown(rows)


def _markdown(rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
