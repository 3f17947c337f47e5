"""Meetings and attendance lists in the manners of several document systems."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from extract import meeting
from extract.read import document

MANNERS = sorted((Path(__file__).parent / "minutes").glob("*.toml"))


@pytest.mark.parametrize("path", MANNERS, ids=lambda p: p.stem)
def test_meeting_in_each_manner(path: Path, tmp_path: Path) -> None:
    sample = tomllib.loads(path.read_text())
    file = tmp_path / f"{path.stem}.txt"
    file.write_text(sample["text"])
    doc = document(file)
    found, people, findings = meeting.read(doc)
    assert {name: getattr(found, name) for name in sample["meeting"]} == sample["meeting"]
    attended = {
        part: [p.name for p in people if p.part == part]
        for part in ("chair", "member", "deputy", "secretary", "other_attendee", "absent", "signatory", "minutes_checker")
    }
    assert {part: names for part, names in attended.items() if names} == sample["attendance"]
    assert not findings
    for said in [*found.evidence, *people]:
        assert said.surface
        assert doc.text[said.start : said.end] == said.surface
