"""How right scanned minutes are read, and how fast: the sample PDFs drawn as a scanner would hand them over, beside their gold.

    python benchmarks/scans.py [--jobs N]

Clean: 300 dots an inch, straight. Worn: 200 dots, 0.7 degrees askew, grey, blurred, specked (tests/scanned.py). Needs tesseract.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from scanned import scan  # noqa: E402

from poytakirja.archive import run as batch  # noqa: E402
from poytakirja.archive.run import Limits, Options, ReadOptions  # noqa: E402
from poytakirja.quality.evaluate import evaluate_all  # noqa: E402
from poytakirja.read.ocr.tesseract import find  # noqa: E402

KINDS = {"clean": {"dpi": 300}, "worn": {"dpi": 200, "degrees": 0.7}}


def gold_of(names: set[str], folder: Path) -> list[Path]:
    """The gold of some documents alone."""
    files = []
    for path in (*sorted((ROOT / "samples").glob("gold*.jsonl")), ROOT / "samples" / "items.jsonl"):
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if json.loads(line).get("document") in names]
        if kept:
            files.append(folder / path.name)
            files[-1].write_text("\n".join(kept) + "\n", encoding="utf-8")
    return files


def main() -> None:
    """Scan, read, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    jobs = parser.parse_args().jobs
    engine = find()
    print(f"{engine}, {jobs} jobs")
    for kind, manner in KINDS.items():
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home, "scans")
            folder.mkdir()
            for path in sorted((ROOT / "samples").glob("*.pdf")):
                (folder / path.name).write_bytes(scan(path.read_bytes(), **manner))  # type: ignore[arg-type]
            options = Options(jobs, Limits(seconds=300, seconds_per_scan=60), ReadOptions(ocr=engine))
            summary = batch.run([str(folder)], Path(home, "out"), options)
            report, minutes = evaluate_all(Path(home, "out"), gold_of({path.name for path in folder.iterdir()}, Path(home)))
            print(f"{kind}: {summary.pages} pages in {summary.elapsed:.0f} s, {summary.pages / summary.elapsed:.2f} pages/s")
            print(f"  {report.closing_line()}; spurious {report.micro.spurious}")
            print("  " + ", ".join(f"{name} {counts.f1:.3f} ({counts.n})" for name, counts in report.fields().items()))
            for one in minutes:
                print(f"  {one.closing_line()}")


if __name__ == "__main__":
    main()
