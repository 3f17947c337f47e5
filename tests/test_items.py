"""Agenda items in the manners of several document systems, and on real minutes where they lie beside the repository."""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poytakirja import extract_document
from poytakirja.document import Document, Line, LineRole, Page, Segment
from poytakirja.minutes import item_numbers as agenda
from poytakirja.minutes import items, meeting
from poytakirja.read import document

MANNERS = sorted((Path(__file__).parent / "minutes").glob("*.toml"))
REAL = Path(__file__).parents[2] / "shared" / "minutes"


def composed(path: Path, tmp_path: Path) -> tuple[dict[str, Any], Document]:
    sample = tomllib.loads(path.read_text(encoding="utf-8"))
    file = tmp_path / f"{path.stem}.txt"
    file.write_text(sample["text"], encoding="utf-8")
    return sample, document(file)


def typed(*pages: str) -> Document:
    """A document of pages whose rows begin with ``^`` where they are page heads."""
    text, sheets, lines = "", [], []
    for number, page in enumerate(pages, 1):
        start = len(text)
        for top, row in enumerate(page.splitlines()):
            role: LineRole = "header" if row.startswith("^") else "body"
            words = row.removeprefix("^")
            if words.strip():
                at = len(text)
                pieces = tuple(
                    Segment(m, at + words.index(m), at + words.index(m) + len(m), 0.0, 0.0) for m in words.split("   ") if m
                )
                lines.append(Line(words, at, at + len(words), number, 0, len(words), top, top + 1, pieces, role=role))
            text += words + "\n"
        sheets.append(Page(number, start, text[start:]))
    return Document(text, sheets, lines, [], "pdf", "0" * 64, "application/pdf")


def told(item: items.Item, people: list[items.Person]) -> dict[str, Any]:
    mine = [p for p in people if p.item == item.ordinal]
    return {
        "number": item.number,
        "number_label": item.number_label,
        "title": item.title,
        "case_id": item.case_id,
        "proposal": item.proposal,
        "decision": item.decision,
        "preparers": [[p.name, p.role or ""] for p in mine if p.part == "preparer"] or None,
        "presenter": next(([p.name, p.role or ""] for p in mine if p.part == "presenter"), None),
    }


@pytest.mark.parametrize("path", MANNERS, ids=lambda p: p.stem)
def test_items_in_each_manner(path: Path, tmp_path: Path) -> None:
    sample, doc = composed(path, tmp_path)
    found, people, _ = items.read(doc)
    assert [i.number for i in found] == [i["number"] for i in sample["items"]]
    for item, expected in zip(found, sample["items"], strict=True):
        given_fields = told(item, people)
        if "number_label" not in expected:
            del given_fields["number_label"]
        assert {k: v for k, v in given_fields.items() if v is not None} == expected


def check_evidence(doc: Document) -> None:
    found, people, _ = items.read(doc)
    about, attendance, _ = meeting.read(doc)
    for item in found:
        assert {e.field for e in item.evidence} == {
            name for name in ("number", "title", "case_id", "proposal", "decision", "outcome") if getattr(item, name) is not None
        }
        assert item.lines
        assert (item.start, item.end) == (item.lines[0].start, item.lines[-1].end)
        assert all(item.start <= said.start < said.end <= item.end for said in item.evidence)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for said in [*(e for item in found for e in item.evidence), *people, *about.evidence, *attendance]:
        assert said.surface
        assert doc.text[said.start : said.end] == said.surface


@pytest.mark.parametrize("path", MANNERS, ids=lambda p: p.stem)
def test_each_value_stands_where_its_evidence_says(path: Path, tmp_path: Path) -> None:
    check_evidence(composed(path, tmp_path)[1])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(MANNERS), seed=st.randoms(use_true_random=False), keep=st.floats(0.3, 1))
def test_minutes_torn_and_shuffled_are_read_without_harm(path: Path, seed: Any, keep: float, tmp_path: Path) -> None:
    rows = [row for row in tomllib.loads(path.read_text(encoding="utf-8"))["text"].splitlines() if seed.random() < keep]
    at, to = sorted((seed.randrange(len(rows) + 1), seed.randrange(len(rows) + 1)))
    middle = rows[at:to]
    seed.shuffle(middle)
    file = tmp_path / "torn.txt"
    file.write_text("\n".join([*rows[:at], *middle, *rows[to:], "x"]), encoding="utf-8")
    check_evidence(document(file))


def test_preparer_and_presenter_of_a_text_without_items(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    text = "Valmistelu vs. Hoitotyön päällikkö Mari Aho\n\nHankkeita on viisi.  Esittelijä Perusturvajohtaja Eero Salo\n"
    file.write_text(text, encoding="utf-8")
    found, people, _ = items.read(document(file))
    assert not found
    assert [(p.part, p.name, p.role, p.acting, p.item, p.surface) for p in people] == [
        ("preparer", "Mari Aho", "hoitotyön päällikkö", True, None, "Mari Aho"),
        ("presenter", "Eero Salo", "perusturvajohtaja", False, None, "Eero Salo"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Hallintosääntö\n\n1 §\nSoveltaminen\n\nTätä sääntöä noudatetaan.\n\n2 §\nToimielimet\n\nKunnassa on valtuusto.\n",
        "Hankkeet\n\n§ 12 mukaan avustus myönnetään.\nKaupunginhallitus 20.5.2024 § 164 on päättänyt asiasta.\n",
        "Käsitellyt asiat\n\n§ 1 Avaus\n§ 2 Muut asiat\n",
    ],
    ids=["statute", "references", "contents"],
)
def test_paragraphs_that_are_no_items(text: str, tmp_path: Path) -> None:
    file = tmp_path / "other.txt"
    file.write_text(text)
    assert items.read(document(file))[0] == []


def test_numbers_in_page_heads_open_items_where_the_rows_show_none() -> None:
    head = "^Hiidenkosken kunta   Pöytäkirja   4/2019\n^Kunnanhallitus   § {}   12.03.2019\n"
    doc = typed(
        head.format(57) + "Laiturihanke\n\n88/02.05.01/2019\n\nPäätös: Hyväksyttiin.",
        head.format(57) + "Merkittiin, että kokous keskeytettiin.",
        head.format(58) + "Muut asiat\n\nPäätös: Ei ollut.",
    )
    found, people, _ = items.read(doc)
    assert [(i.number, i.title, i.case_id) for i in found] == [(57, "Laiturihanke", "88/02.05.01/2019"), (58, "Muut asiat", None)]
    assert found[0].decision == "Hyväksyttiin. Merkittiin, että kokous keskeytettiin."
    assert not people


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ("Kaislan kunta      Pöytäkirja    7/2024    {} (3)", "Hyvinvointilautakunta      12.03.2024", 2),
        ("Kaislan kunta      Pöytäkirja nro 7/2024", "Hyvinvointilautakunta", 2),
        ("Kaislan kunta Pöytäkirja 7/2024 {} (3)", "Kunnanhallitus", 2),
        ("Kaislan kunta      12.3.2024      {}", "Kunnanhallitus", 2),
        ("Kaislan kunta      {}000 €", "Kunnanhallitus      12.3.2024", 6),
        ("Hanke {}      1/2024", "Kunnanhallitus", 6),
        ("§ {}      Pöytäkirja", "Tarkastajat", 6),
    ],
)
def test_heads_between_the_rows_of_a_text_are_no_rows(first: str, second: str, left: int, tmp_path: Path) -> None:
    """Only the first sheet's head stays, in a file without items too."""
    file = tmp_path / "sheets.txt"
    file.write_text(
        "\n\n".join(f"{first.format(n)}\n{second}\n\nHanke {'abc'[n - 1]} jatkuu." for n in (1, 2, 3)), encoding="utf-8"
    )
    doc = document(file)
    body = agenda.Body.of(doc)
    assert [line.text for line in body.lines] == [line.text for line in doc.body()]
    assert sum("jatkuu" not in line.text for line in doc.body()) == left
    assert sum("jatkuu" in line.text for line in doc.body()) == 3


def test_several_meetings_in_one_file() -> None:
    sheet = "^Hiidenkosken kunta   Pöytäkirja   {}/2019\n§ {}\nAvaus\n\nPäätös: Avattiin.\n§ {}\nMuut asiat\n\nPäätös: Ei ollut."
    doc = typed(sheet.format(4, 11, 12), sheet.format(5, 13, 14), sheet.format(6, 1, 2))
    found, _, _ = items.read(doc)
    about, _, findings = meeting.read(doc)
    assert [i.number for i in found] == [11, 12, 13, 14, 1, 2]
    assert about.meeting_number == "4/2019"
    assert [(f.code, f.severity) for f in findings] == [("several_meetings", "warning")]


def test_time_in_step_with_length(tmp_path: Path) -> None:
    text = tomllib.loads((Path(__file__).parent / "minutes" / "casem.toml").read_text(encoding="utf-8"))["text"]
    spent = []
    for times in (4, 32):
        file = tmp_path / "long.txt"
        file.write_text(text * times, encoding="utf-8")
        doc = document(file)
        begin = process_time()
        items.read(doc), meeting.read(doc)
        spent.append(process_time() - begin)
    assert spent[1] < 8 * spent[0] * 2.5 + 0.1


@pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL MINUTES at {REAL}: items are tested on composed ones only")
@pytest.mark.parametrize("name", ["052", "061", "085"])
def test_items_of_real_minutes(name: str) -> None:
    truth = json.loads((REAL / f"{name}.json").read_text(encoding="utf-8"))
    found, people, _ = items.read(document(REAL / f"{name}.pdf"))
    assert [(i.number, i.title, i.case_id) for i in found] == [(i["number"], i["title"], i["case_id"]) for i in truth["items"]]
    for item, expected in zip(found, truth["items"], strict=True):
        assert [p.name for p in people if p.item == item.ordinal and p.part == "presenter"] == (
            [expected["presenter"]["name"]] if "presenter" in expected else []
        )


def test_a_contents_list_of_an_extract_is_none_of_its_items(tmp_path: Path) -> None:
    """The first items it lists are left out of the extract; who attended stands below it."""
    text = (
        "Kuusilahden kunta   Pöytäkirja   4/2021\nKunnanhallitus   12.4.2021\n\nKäsitellyt asiat\n§ 41  Kokouksen avaus\n"
        "§ 42  Tarkastajat\n§ 43  Tontin myynti\n§ 44  Hankehaku\n\n"
        "Saapuvilla olleet jäsenet\nPauli Aho, puheenjohtaja\nAino Salo\n\n"
        "§ 43\nTontin myynti\n\nPäätös\n\nHyväksyttiin.\n\n§ 44\nHankehaku\n\nPäätös\n\nHyväksyttiin.\n"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    found = extract_document(tmp_path / "a.txt")
    assert [item.number for item in found.items] == [43, 44]
    assert [(p.name, p.part) for p in found.persons if p.item is None] == [("Pauli Aho", "chair"), ("Aino Salo", "member")]
