"""Meetings, items and mentions beside their truth: the comparison by hand, the shared scorer's figures, real minutes."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poytakirja.quality.evaluate import run
from poytakirja.quality.evaluate_minutes import MinutesReport, evaluate_minutes, kind_of
from poytakirja.terminal import InputError

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
MINUTES = SHARED / "minutes"
needs_minutes = pytest.mark.skipif(not MINUTES.is_dir(), reason=f"NO REAL MINUTES at {MINUTES}: figures are NOT tested")

NO_PREPARERS = ("002", "009", "016", "045", "073")
"""Minutes whose truth has no preparer at all, while every item of the PDF prints ``Valmistelija / lisätiedot:`` with names."""


# ---------------------------------------------------------------- by hand

ITEM = {
    "number": 5, "title": "Talousarvio", "case_id": "1/2023", "preparers": [{"name": "Aino Aho", "role": "vs. rehtori"}],
    "presenter": {"name": "Ilmari Niemi", "role": "Johtaja"}, "proposal": "1. Hyväksytään.", "decision": "Palautettiin.",
    "tables": [[["Hanke", "€"], ["Silta", "5"]]],
}  # fmt: skip
TRUTH = {
    "document": "a.txt", "organisation": "Kuusilahden kunta", "body": "Valtuusto", "meeting_number": "1/2023", "date": "3.4.2023",
    "start": "17:00", "end": None, "place": "Sali", "attendance": [{"name": "Aino Aho", "part": "member"}], "items": [ITEM],
}  # fmt: skip
PERSON = {"document_id": "d", "item_id": None, "project_id": None, "role": None, "surface": "", "char_start": 0, "char_end": 0}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The truth above with a wrong place, the presenter's role amiss, the decision not read and one table cell misread."""
    start = dt.datetime(2023, 4, 3, 17, 0)
    tables: dict[str, list[dict[str, Any]]] = {
        "documents": [
            {"source": "x/a.txt", "document_id": "d", "organisation": "Kuusilahden kunta", "body": "VALTUUSTO",
             "meeting_number": "1/2023", "meeting_date": start.date(), "meeting_start": start, "meeting_end": None,
             "meeting_place": "Aula"}
        ],
        "items": [
            {"document_id": "d", "item_id": "d/i0", "number": 5, "title": "Talousarvio", "case_id": "1/2023",
             "proposal": "Hyväksytään", "decision": None}
        ],
        "persons": [
            PERSON | {"part": "member", "person_name": "Aino Aho", "surface": "Aino Aho", "char_start": 3, "char_end": 11},
            PERSON | {"part": "preparer", "person_name": "Aino Aho", "role": "rehtori", "item_id": "d/i0"},
            PERSON | {"part": "presenter", "person_name": "Ilmari Niemi", "role": "sihteeri", "item_id": "d/i0"},
        ],
        "cells": [
            {"document_id": "d", "item_id": "d/i0", "table_no": 0, "row": row, "col": col, "text": text}
            for row, col, text in ((0, 0, "Hanke"), (0, 1, "€"), (1, 0, "Silta"), (1, 1, "6"))
        ],
    }  # fmt: skip
    for name, rows in tables.items():
        (tmp_path / "out" / name).mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / "out" / name / "part-0.parquet")
    return tmp_path / "out"


def _saved(folder: Path, truth: dict[str, Any]) -> Path:
    path = folder / "truth.jsonl"
    path.write_text(json.dumps(truth, ensure_ascii=False) + "\n", "utf-8")
    return path


def test_items_worked_out_by_hand(output: Path, tmp_path: Path) -> None:
    path = _saved(tmp_path, TRUTH)
    assert kind_of(path) == "items"
    counts = {name: (c.tp, c.fp, c.fn) for name, c in evaluate_minutes(output, "items", [path]).fields().items()}
    assert counts == {
        "meeting_date": (1, 0, 0), "meeting": (3, 1, 1), "meeting_time": (1, 0, 0), "attendance": (1, 0, 0),
        "item number": (1, 0, 0), "title": (1, 0, 0), "case_id": (1, 0, 0), "proposal": (1, 0, 0), "decision": (0, 0, 1),
        "presenter": (1, 0, 0), "presenter role": (0, 1, 1), "preparer": (1, 0, 0),
        "preparer role": (1, 0, 0), "table row": (1, 1, 1),
    }  # fmt: skip


def test_mentions_worked_out_by_hand(output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A family name alone may be given the whole name it stands for; a place that is a letter off is wrong."""
    mentions = [(3, 11, "Aino Aho", "Aho"), (20, 24, "Aholle", "Aino Aho")]
    truth = {"document": "a.txt", "mentions": [dict(zip(("start", "end", "surface", "name"), m, strict=True)) for m in mentions]}
    path = _saved(tmp_path, truth)
    assert kind_of(path) == "mentions"
    fields = evaluate_minutes(output, "mentions", [path]).fields()
    assert (fields["mention"].tp, fields["mention"].fn) == (1, 1)
    assert fields["name of mention"].tp == 1
    assert run(output, [path], as_json=True, misses=-1) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["mentions"]["fields"]["mention"]["fn"] == 1
    assert any("20–24 Aholle" in miss["gold"] for miss in told["misses"])


@pytest.mark.parametrize("wrong", [{"items": 3, "body": "V", "date": "x"}, {"mentions": [{}]}])
def test_truth_that_cannot_be_read(output: Path, tmp_path: Path, wrong: dict[str, Any]) -> None:
    path = _saved(tmp_path, {"document": "a.txt"} | wrong)
    with pytest.raises(InputError, match="not in the form of"):
        evaluate_minutes(output, kind_of(path), [path])


# ---------------------------------------------------------------- real minutes


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("minutes")
    command = [
        sys.executable,
        "-c",
        "from poytakirja.cli.main import main; main()",
        "extract",
        str(MINUTES),
        "--out",
        str(out),
        "--quiet",
    ]
    subprocess.run(command, check=True)
    return out


@pytest.fixture(scope="module")
def report(extracted: Path) -> MinutesReport:
    return evaluate_minutes(extracted, "items", [MINUTES])


@needs_minutes
def test_the_same_as_the_shared_scorer(extracted: Path, report: MinutesReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SHARED / "tools"))
    theirs = importlib.import_module("score_items").main(str(extracted), str(MINUTES))
    counts = {name: (c.tp, c.fp, c.fn) for name, c in report.fields().items()}
    assert counts == {name: (c["tp"], c["fp"], c["fn"]) for name, c in theirs.c.items()}


@needs_minutes
def test_the_promised_figures_on_real_minutes(report: MinutesReport) -> None:
    """0.995 for all fields but decisions, proposals (0.99) and rows of tables (0.97).

    Preparers count where the truth has any: in five files it has none, though the minutes print them.
    """
    fields = report.fields()
    least = {"proposal": 0.99, "decision": 0.99, "table row": 0.97}
    told = [c for c in report.comparisons if c.field.startswith("preparer") and c.document.partition(".")[0] not in NO_PREPARERS]
    preparers = MinutesReport("items", told).fields()
    assert preparers["preparer"].f1 >= 0.995
    assert {name: c.f1 for name, c in fields.items() if not name.startswith("preparer") and c.f1 < least.get(name, 0.995)} == {}
