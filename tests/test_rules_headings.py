"""The rules of headings, case numbers, bodies and municipalities against their examples."""

from __future__ import annotations

from time import process_time

import pytest
from examples import examples, pairs, texts
from hypothesis import given
from hypothesis import strategies as st

from poytakirja.rules.layout import case_numbers as cases
from poytakirja.rules.layout import headings
from poytakirja.rules.organisations import bodies, municipalities


def plain(name: str, group: str, key: str) -> list[str]:
    return [text for case in examples(name, group) for text in case.get(key, ())]


@pytest.mark.parametrize(("text", "value"), texts("headings", "find"))
def test_headings_are_found(text: str, value: list[str]) -> None:
    found = headings.find(text)
    assert found
    assert [found.kind, found.form, text[found.rest :]] == value


@pytest.mark.parametrize(("text", "value"), texts("headings", "find", "not"))
def test_running_text_is_no_such_heading(text: str, value: list[str]) -> None:
    found = headings.find(text)
    assert not found or found.kind != value[0] or text[found.rest :] != value[2]


@pytest.mark.parametrize(("label", "kind"), pairs("headings", "kind_of"))
def test_a_heading_has_its_kind(label: str, kind: str) -> None:
    assert headings.kind_of(label) == kind
    found = headings.find(f"{label}:")
    assert found
    assert found.kind == kind


def test_every_heading_of_the_vocabulary_is_found() -> None:
    for label, kind in headings.table().items():
        found = headings.find(label.capitalize())
        assert found, label
        assert found.kind == kind, label


@pytest.mark.parametrize(("text", "value"), pairs("cases", "find"))
def test_case_numbers_in_running_text(text: str, value: str) -> None:
    found = cases.find(text)
    assert [case.value for case in found] == [value]
    assert all(text[case.start : case.end] == case.value for case in found)


@pytest.mark.parametrize("text", plain("cases", "find", "not"))
def test_other_numbers_are_no_case(text: str) -> None:
    assert cases.find(text) == []


@pytest.mark.parametrize(("text", "value"), pairs("cases", "read"))
def test_a_row_that_is_a_case_number(text: str, value: str) -> None:
    case = cases.read(text)
    assert case
    assert (case.value, text[case.start : case.end]) == (value, value)


@pytest.mark.parametrize("text", plain("cases", "read", "not"))
def test_a_row_that_is_no_case_number(text: str) -> None:
    assert cases.read(text) is None


@pytest.mark.parametrize("text", plain("bodies", "read", "text"))
def test_names_of_bodies(text: str) -> None:
    assert bodies.read(text) == text


@pytest.mark.parametrize("text", plain("bodies", "read", "not"))
def test_no_names_of_bodies(text: str) -> None:
    assert bodies.read(text) is None


@pytest.mark.parametrize(("text", "value"), pairs("bodies", "handling"))
def test_heads_of_handlings(text: str, value: str) -> None:
    found = bodies.read_handling(text)
    assert found
    told = (found.body, found.number, found.letter or "", found.date or "", text[found.end :])
    assert "|".join(map(str, told)) == value


@pytest.mark.parametrize("text", plain("bodies", "handling", "not"))
def test_paragraphs_of_laws_are_no_handling(text: str) -> None:
    assert bodies.read_handling(text) is None


@pytest.mark.parametrize(("organisation", "code"), pairs("municipalities", "code_of"))
def test_codes_of_municipalities(organisation: str, code: str) -> None:
    found = municipalities.of_organisation(organisation)
    assert found
    assert found.code == code


@pytest.mark.parametrize("organisation", plain("municipalities", "code_of", "not"))
def test_other_organisations_have_no_code(organisation: str) -> None:
    assert municipalities.of_organisation(organisation) is None


def test_the_table_of_municipalities_is_whole() -> None:
    known = municipalities.all_municipalities()
    assert sum(m.until is None for m in known) == 308
    assert sum(m.kind == "kaupunki" and m.until is None for m in known) == 107
    assert len({m.code for m in known}) == len({m.name for m in known}) == len({m.genitive for m in known}) == len(known)
    assert all(len(m.code) == 3 and m.code.isdigit() and m.genitive.split()[0].endswith("n") for m in known)
    for m in known:
        assert municipalities.of_organisation(m.organisation) == m


_WORDS = ["Päätös", "Ehdotus", "Kunnanhallitus", "kh", "Dnro", "2020", "02.05.01", "12", "§", "   "]
_PIECES = st.sampled_from([*_WORDS, *":/()- \naÄn"])


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_rules_take_any_row(text: str) -> None:
    for found in (headings.find(text), bodies.read_handling(text), cases.read(text), *cases.find(text)):
        assert found is None or 0 <= found.start < found.end <= len(text)
    assert bodies.read(text) is None or text.strip()
    municipalities.of_organisation(text)


@pytest.mark.parametrize("unit", ["Päätös ", "Kunnanhallitus ja ", "Aa-", "12/", "1.2.", "Sosiaali-, ", "(Aa ", "Aaa Bbb "])
def test_rules_need_time_in_step_with_length(unit: str) -> None:
    begin = process_time()
    text = unit * (40_000 // len(unit))
    headings.find(text), bodies.read(text), bodies.read_handling(text + "§"), cases.find(text), cases.read(text)
    assert process_time() - begin < 1.0
