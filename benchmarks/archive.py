"""What an archive costs: made of the samples, read by one worker and by two, read again, made compact, asked questions.

    python benchmarks/archive.py [--documents N] [--pages N] [--sizes PAGES...] [--jobs N...] [--folder FOLDER] [--write]

Memory and open files are those of the command, and of the largest of its workers, looked at every half second. ``--write`` puts
the figures into docs/benchmarks-archive.md. ``make bench-archive`` reads 20,000 documents of 200,000 pages.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from make_archive import make

ROOT = Path(__file__).resolve().parents[1]
MILLION = 1_000_000
_LOOK_SECONDS = 0.5


@dataclass
class Run:
    """A run of the command: what it said, and what was seen of it meanwhile."""

    summary: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    memory: list[float] = field(default_factory=list)
    worker_memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """Pages read."""
        return int(self.summary["pages"])

    @property
    def milliseconds(self) -> float:
        """Wall time a page."""
        return 1000 * self.seconds / max(self.pages, 1)


def extract(given: Sequence[Path], output: Path, jobs: int) -> Run:
    """Run the command, and look at its processes meanwhile."""
    words = [sys.executable, "-c", "from poytakirja.cli.main import main; main()", "extract", *map(str, given)]
    words += ["--out", str(output), "--jobs", str(jobs), "--json", "--quiet"]
    began, run = time.perf_counter(), Run()
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as log:
        with subprocess.Popen(words, stdout=said, stderr=log) as process:
            while process.poll() is None:
                look(process.pid, run)
                time.sleep(_LOOK_SECONDS)
        run.seconds = time.perf_counter() - began
        said.seek(0)
        log.seek(0)
        if process.returncode not in (0, 3):
            raise SystemExit(log.read())
        run.summary = json.load(said)
    print(
        f"{jobs} workers: {run.pages} pages in {run.seconds:.0f} s, of which {run.summary['seconds']}",
        file=sys.stderr,
        flush=True,
    )
    return run


def look(pid: int, run: Run) -> None:
    """Note the memory (MB) and the open files of the command, and the memory of its largest worker."""
    try:
        run.memory.append(own_megabytes(pid))
        run.files.append(len(os.listdir(f"/proc/{pid}/fd")))
        run.worker_memory.append(max(map(own_megabytes, below(pid)), default=0.0))
    except OSError:  # it has just ended
        return


def own_megabytes(pid: int) -> float:
    """Memory that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) / 1000


def below(pid: int) -> Iterator[int]:
    """The processes below one."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(child)
        yield from below(int(child))


# ---------------------------------------------------------------- what is measured


def flat(values: Sequence[float]) -> str:
    """How a figure went over a run: medians of its second and its last fifth, and the highest."""
    fifth = max(1, len(values) // 5)
    early, late = statistics.median(values[fifth : 2 * fifth] or values), statistics.median(values[-fifth:])
    return f"{early:.0f} → {late:.0f}, at most {max(values):.0f}"


def speeds(runs: dict[int, Run]) -> list[str]:
    """Pages a second, memory and open files, for each number of workers."""
    lines = [
        "| workers | pages | pages a second | ms a page | memory of the command, MB | of the largest worker, MB | open files |",
        "|---:|---:|---:|---:|---|---|---|",
    ]
    for jobs, run in sorted(runs.items()):
        seen = f"{flat(run.memory)} | {flat(run.worker_memory)} | {flat(run.files)}"
        lines.append(f"| {jobs} | {run.pages} | {1000 / run.milliseconds:.0f} | {run.milliseconds:.2f} | {seen} |")
    return lines


def growth(archive: Path, sizes: Sequence[int], whole: tuple[Run, Path], jobs: int, home: Path) -> list[str]:
    """The cost of a page in the whole archive, of which a run stands, and in parts of it."""
    files = sorted(path for path in archive.rglob("*") if path.is_file())
    lines = ["| documents | pages | seconds | ms a page | part files | MB a thousand pages |", "|---:|---:|---:|---:|---:|---:|"]
    for pages in sizes:
        part = home / f"first-{pages}"
        for path in files[: max(1, round(len(files) * pages / whole[0].pages))]:
            (part / path.parent.name).mkdir(parents=True, exist_ok=True)
            os.link(path, part / path.parent.name / path.name)
        lines.append(_grown(extract([part], home / "grown", jobs), home / "grown"))
        shutil.rmtree(home / "grown")
        shutil.rmtree(part)
    return [*lines, _grown(*whole)]


def _grown(run: Run, output: Path) -> str:
    parts = list(output.glob("*/*.parquet"))
    size = sum(path.stat().st_size for path in parts) / 1e6
    figures = f"{run.pages} | {run.seconds:.1f} | {run.milliseconds:.2f} | {len(parts)} | {1000 * size / run.pages:.2f}"
    return f"| {run.summary['read']} | {figures} |"


def again(archive: Path, output: Path, jobs: int) -> list[str]:
    """Runs over what stands already: nothing changed, and one document of a hundred."""
    unchanged = extract([archive], output, jobs)
    files = sorted(path for path in archive.rglob("*") if path.is_file())
    for path in files[::100]:
        path.write_bytes(path.read_bytes() + b"\n%\n")
    changed = extract([archive], output, jobs)
    return [
        f"- Nothing changed: {unchanged.seconds:.1f} s for {unchanged.summary['kept']} documents, "
        f"{unchanged.summary['read']} read.",
        f"- One document of a hundred changed: {changed.seconds:.1f} s, {changed.summary['read']} read.",
    ]


def sizes_of(folder: Path) -> str:
    """How many part files, and how large the largest table's are."""
    parts = list(folder.glob("*/*.parquet"))
    tables = {
        table: [p.stat().st_size / 1e6 for p in parts if p.parent.name == table] for table in {p.parent.name for p in parts}
    }
    largest = max(tables, key=lambda table: sum(tables[table]))
    sizes = tables[largest]
    total = sum(map(sum, tables.values()))
    return (
        f"{len(parts)} files, {total:.1f} MB; of the largest table, `{largest}`, {len(sizes)} of "
        f"{min(sizes):.2f}–{max(sizes):.2f} MB, median {statistics.median(sizes):.2f} MB"
    )


SQL = {
    "documents by status": "SELECT status, count(*) FROM '{0}/documents/*.parquet' GROUP BY ALL",
    "grants by funder and year": (
        "SELECT f, year(start_date), sum(grant_eur) FROM (SELECT unnest(funder_codes) f, start_date, grant_eur "
        "FROM '{0}/projects/*.parquet') GROUP BY ALL"
    ),
    "projects beside their documents": (
        "SELECT d.organisation, count(*), sum(p.total_cost_eur) FROM '{0}/projects/*.parquet' p "
        "JOIN '{0}/documents/*.parquet' d USING (document_id) GROUP BY ALL"
    ),
    "a word in all pages": "SELECT count(*) FROM '{0}/pages/*.parquet' WHERE text ILIKE '%silta%'",
    "one document's evidence": (
        "SELECT * FROM '{0}/evidence/*.parquet' WHERE document_id = (SELECT max(document_id) FROM '{0}/documents/*.parquet')"
    ),
}
PANDAS: dict[str, Callable[[Path], Any]] = {
    "pandas: all projects": lambda folder: pd.read_parquet(folder / "projects"),
    "pandas: amounts beside their projects": lambda folder: pd.read_parquet(folder / "amounts").merge(
        pd.read_parquet(folder / "projects", columns=["project_id", "project_name"]), on="project_id"
    ),
}


def queries(places: dict[str, Path]) -> list[str]:
    """Seconds of some questions, the best of three."""
    asked: dict[str, Callable[[Path], Any]] = {
        f"DuckDB: {name}": lambda folder, sql=sql: duckdb.sql(sql.format(folder)).fetchall() for name, sql in SQL.items()
    }
    lines = [f"| question | {' | '.join(places)} |", f"|---|{'---:|' * len(places)}"]
    for name, ask in (asked | PANDAS).items():
        seconds = [min(timed(ask, folder) for _ in range(3)) for folder in places.values()]
        lines.append(f"| {name} | {' | '.join(f'{s:.3f} s' for s in seconds)} |")
    return lines


def timed(ask: Callable[[Path], Any], folder: Path) -> float:
    """Seconds of one question."""
    began = time.perf_counter()
    ask(folder)
    return time.perf_counter() - began


def million(runs: dict[int, Run], output: Path) -> list[str]:
    """What a million pages cost, by arithmetic."""
    size = sum(path.stat().st_size for path in output.glob("*/*.parquet"))
    pages = next(iter(runs.values())).pages
    hours = ", ".join(f"{MILLION * run.milliseconds / 3.6e6:.1f} hours with {jobs}" for jobs, run in sorted(runs.items()))
    return [f"A million pages, by arithmetic: {hours} workers; {size / pages * MILLION / 1e9:.1f} GB of tables."]


# ---------------------------------------------------------------- the page


def measure(told: argparse.Namespace, home: Path) -> str:
    """All figures as Markdown."""
    archive, compacted = home / "archive", home / "compact"
    began = time.perf_counter()
    pages = make(archive, told.documents, told.pages)
    size = sum(path.stat().st_size for path in archive.rglob("*.*")) / 1e6
    made = f"{told.documents} documents, {pages} pages, {size:.0f} MB, made of the samples in {time.perf_counter() - began:.0f} s"
    runs = {jobs: extract([archive], home / f"output-{jobs}", jobs) for jobs in told.jobs}
    most = max(told.jobs)
    output = home / f"output-{most}"
    alike = all(same_bytes(output, home / f"output-{jobs}") for jobs in told.jobs)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from poytakirja.cli.main import main; main()", "compact", str(output), "--out", str(compacted)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    lines = [
        "# What an archive costs",
        "",
        f"{dt.date.today()}: {made}.",
        f"Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        *speeds(runs),
        "",
        f"Each {'gave the same bytes' if alike else 'GAVE OTHER BYTES'}. {million(runs, output)[0]}",
        "",
        "## As it grows",
        "",
        *growth(archive, told.sizes, (runs[most], output), most, home),
        "",
        "## Part files",
        "",
        f"- As written: {sizes_of(output)}.",
        f"- After `poytakirja compact` ({seconds:.1f} s): {sizes_of(compacted)}.",
        "",
        "## Questions",
        "",
        *queries({"as written": output, "compact": compacted}),
        "",
        "## Again",
        "",
        *again(archive, output, most),
    ]
    return "\n".join([*lines, "", "`make bench-archive` makes this page anew.", ""])


def same_bytes(one: Path, other: Path) -> bool:
    """Whether two outputs have the same part files."""
    of_one, of_other = ({p.relative_to(top): p.read_bytes() for p in top.glob("*/*.parquet")} for top in (one, other))
    return of_one == of_other


def main() -> int:
    """Read the arguments, measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000], help="pages of the parts that show its growth")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-archive.md")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="poytakirja-bench-", dir=told.folder) as home:
        text = measure(told, Path(home))
    print(text)
    if told.write:
        (ROOT / "docs" / "benchmarks-archive.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
