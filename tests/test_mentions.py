"""Persons in a document's running text: what is a name and what bears one, family names alone, the page's part in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import pairs, texts, unmark

from poytakirja import extract_document
from poytakirja.rules.names import not_a_person as namesakes


def _span(marked: str) -> tuple[str, int, int]:
    text, (name,) = unmark(marked)
    start = marked.index("{")
    return text, start, start + len(name)


@pytest.mark.parametrize(("marked", "_"), texts("namesakes", "namesake"))
def test_what_bears_a_name_is_no_person(marked: str, _: None) -> None:
    assert namesakes.is_namesake(*_span(marked))


@pytest.mark.parametrize(("marked", "_"), texts("namesakes", "namesake", "not"))
def test_a_person_is_no_namesake(marked: str, _: None) -> None:
    assert not namesakes.is_namesake(*_span(marked))


@pytest.mark.parametrize(("marked", "_"), texts("namesakes", "acts"))
def test_what_only_persons_do(marked: str, _: None) -> None:
    text, _start, end = _span(marked)
    assert namesakes.acts(text, end)


@pytest.mark.parametrize(("marked", "_"), texts("namesakes", "acts", "not"))
def test_what_places_do(marked: str, _: None) -> None:
    text, _start, end = _span(marked)
    assert not namesakes.acts(text, end)


@pytest.mark.parametrize(("written", "names"), pairs("namesakes", "parts"))
def test_where_a_name_ends(written: str, names: list[str]) -> None:
    assert [written[a:b] for a, b in namesakes.parts(written, 0, len(written))] == names


# ---------------------------------------------------------------- whole documents

MINUTES = """\
Kuusilahden kunta                  Pöytäkirja                 4/2021
Kunnanhallitus                     12.4.2021

Läsnä
Saara Ojanperä, puheenjohtaja
Tapani Pori, jäsen
Carola af Hällman, jäsen
Reijo Oja, jäsen

§ 12
Kadun nimi

Keskustelussa Tapani Pori teki Saara Ojan-
perän kannattamana vastaehdotuksen. {paragraph}

Päätös

Hyväksyttiin.
"""


@pytest.mark.parametrize(
    ("paragraph", "named"),
    [
        ("Porin ehdotus raukesi.", [("Porin", "Tapani Pori")]),
        ("Matka Poriin peruttiin. Porin kaupunki osallistuu.", []),
        ("Oja perataan keväällä.", []),
        ("Äänestyksessä Ojanperä, Oja ja af Hällman äänestivät jaa.", [
            ("Ojanperä", "Saara Ojanperä"), ("Oja", "Reijo Oja"), ("af Hällman", "Carola af Hällman"),
        ]),
        ("Lopuksi Ojanperältä kysyttiin tiestä.", [("Ojanperältä", "Saara Ojanperä")]),
        ("Tie 5 on nyt Reijo Ojan tie.", []),
        ("Jäsen Kankaanranta Jaakon esitys tiestä hylättiin.", [("Kankaanranta Jaakon", "Jaakko Kankaanranta")]),
        ('Vuoden kuntalainen on Eino "Eikka" Hallamaa.', [('Eino "Eikka" Hallamaa', 'Eino "Eikka" Hallamaa')]),
        ("Kunnan edustajana toimi Marja Hallamaa.\n\nVIRAN TÄYTTÄMINEN siirtyi.", [("Marja Hallamaa", "Marja Hallamaa")]),
        ("Silver Economy -hanke ja Outi Ruusun päiväkoti jatkuvat.", []),
    ],
)  # fmt: skip
def test_mentions_of_a_document(paragraph: str, named: list[tuple[str, str]], tmp_path: Path) -> None:
    """After the two who are named in the first sentence, one of them over a line's end."""
    (tmp_path / "a.txt").write_text(MINUTES.replace("{paragraph}", paragraph), encoding="utf-8")
    found = [p for p in extract_document(tmp_path / "a.txt").persons if p.part == "mentioned"]
    told = [(" ".join(p.surface.split()), p.name) for p in found]
    assert told == [("Tapani Pori", "Tapani Pori"), ("Saara Ojan- perän", "Saara Ojanperä"), *named]
