"""Agenda items in the manners of several document systems, and on real minutes where they lie beside the repository."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from extract import items
from extract.read import document

MANNERS = sorted((Path(__file__).parent / "minutes").glob("*.toml"))


def composed(path: Path, tmp_path: Path) -> tuple[dict[str, Any], Any]:
    sample = tomllib.loads(path.read_text())
    file = tmp_path / f"{path.stem}.txt"
    file.write_text(sample["text"])
    return sample, document(file)


@pytest.mark.parametrize("path", MANNERS, ids=lambda p: p.stem)
def test_items_in_each_manner(path: Path, tmp_path: Path) -> None:
    sample, doc = composed(path, tmp_path)
    found, people, _ = items.read(doc)
    assert [i.number for i in found] == [i["number"] for i in sample["items"]]
    for item, expected in zip(found, sample["items"], strict=True):
        mine = [p for p in people if p.item == item.ordinal]
        told = {
            "number": item.number,
            "number_label": item.number_label if "number_label" in expected else None,
            "title": item.title,
            "case_id": item.case_id,
            "proposal": item.proposal,
            "decision": item.decision,
            "preparers": [[p.name, p.role or ""] for p in mine if p.part == "preparer"] or None,
            "presenter": next(([p.name, p.role or ""] for p in mine if p.part == "presenter"), None),
        }
        assert {k: v for k, v in told.items() if v is not None} == expected


@pytest.mark.parametrize("path", MANNERS, ids=lambda p: p.stem)
def test_each_value_stands_where_its_evidence_says(path: Path, tmp_path: Path) -> None:
    _, doc = composed(path, tmp_path)
    found, people, _ = items.read(doc)
    for item in found:
        assert {e.field for e in item.evidence} == {
            name for name in ("number", "title", "case_id", "proposal", "decision") if getattr(item, name) is not None
        }
        for said in item.evidence:
            assert said.surface
            assert doc.text[said.start : said.end] == said.surface
            assert item.start <= said.start < said.end <= item.end
    for person in people:
        assert doc.text[person.start : person.end] == person.surface
