"""The library as a program uses it: any source, records under the tables' names, frames that can be reckoned with, own rules."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import poytakirja
from poytakirja.publish.loaded import Loaded

MINUTES = """KURJENMAAN KUNTA
Kunnanhallitus 12.3.2024

§ 14 Hankkeet

- Kylien polut (Leader) 1.1.2023-31.12.2024, kustannusarvio 12 500 €, yhteyshenkilö Aino Mäki
- Rannan valot (EAKR) 1.5.2023-30.6.2025, kustannusarvio 84 300,50 €, omarahoitus 8 430 €

Päätös: Hyväksyttiin.
"""
NAMES = ["Kylien polut", "Rannan valot"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = tmp_path_factory.mktemp("api") / "in" / "kh.txt"
    given.parent.mkdir()
    given.write_text(MINUTES, encoding="utf-8")
    return given


@pytest.fixture(scope="module")
def loaded(path: Path) -> Loaded:
    seen: list[int] = []
    summary = poytakirja.extract_folder(
        path.parent, path.parent.parent / "out", watch=lambda progress: seen.append(progress.total)
    )
    assert summary.exit_code == 0
    assert seen[0] == 1
    return poytakirja.load(path.parent.parent / "out")


# ---------------------------------------------------------------- one document


@pytest.mark.parametrize("kind", ["path", "str", "bytes", "file", "open"])
def test_a_document_comes_in_anything(path: Path, kind: str) -> None:
    with path.open("rb") as file:
        source = {"path": path, "str": str(path), "bytes": path.read_bytes(), "file": io.BytesIO(path.read_bytes()), "open": file}
        found = poytakirja.extract_document(source[kind], name="kh.txt")
    assert [p.project_name for p in found.projects] == NAMES
    assert found.source == "kh.txt"


def test_a_text_is_a_document() -> None:
    assert [p.project_name for p in poytakirja.extract_text(MINUTES).projects] == NAMES


@pytest.mark.parametrize(
    "call",
    [
        lambda: poytakirja.extract_document(MINUTES),
        lambda: poytakirja.extract_document(io.StringIO(MINUTES)),  # type: ignore[arg-type]
        lambda: poytakirja.extract_document(None),  # type: ignore[arg-type]
        lambda: poytakirja.extract_text(MINUTES.encode()),  # type: ignore[arg-type]
        lambda: poytakirja.find_persons("Aino Mäki"),
    ],
)
def test_what_is_no_source_is_refused_with_a_hint(call: object) -> None:
    with pytest.raises(TypeError, match=r"extract_text|extract_document|bytes|list"):
        call()  # type: ignore[operator]


def test_records_have_the_names_of_the_tables() -> None:
    found = poytakirja.extract_text(MINUTES)
    project = found.projects[1]
    assert project.to_dict()["project_name"] == "Rannan valot"
    assert project.amounts[0].to_dict()["value_eur"] == project.amounts[0].value_eur == Decimal("84300.50")
    assert found.projects[0].persons[0].person_name == found.projects[0].persons[0].to_dict()["person_name"] == "Aino Mäki"
    assert repr(project) == "<Project 'Rannan valot': 2023-05-01–2025-06-30; total_cost 84300.50 €, own_contribution 8430.00 €>"
    assert repr(found) == "<Extraction of text.txt: 1 pages, 1 items, 2 projects, 1 persons>"


def test_an_extraction_gives_all_tables() -> None:
    found = poytakirja.extract_text(MINUTES)
    assert [row["value_eur"] for row in found.to_dict()["amounts"]] == [
        Decimal("12500.00"),
        Decimal("84300.50"),
        Decimal("8430.00"),
    ]
    assert json.loads(found.to_json())["projects"][0]["start_date"] == "2023-01-01"
    assert found.to_pandas()["projects"]["total_cost_eur"].sum() == pytest.approx(96800.5)


# ---------------------------------------------------------------- frames


def test_frames_can_be_reckoned_with(loaded: Loaded) -> None:
    projects = loaded.projects
    assert projects[projects["end_date"] > "2025-01-01"]["project_name"].tolist() == ["Rannan valot"]
    assert projects["start_date"].dt.year.tolist() == [2023, 2023]
    assert projects.nlargest(1, "total_cost_eur")["project_name"].tolist() == ["Rannan valot"]
    assert projects["own_contribution_eur"].round().isna().tolist() == [True, False]
    by_fund = projects.explode("funder_codes").groupby("funder_codes")["total_cost_eur"].sum()
    assert by_fund.to_dict() == {"EAKR": 84300.5, "LEADER": 12500.0}
    assert loaded.amounts.groupby("kind")["value_eur"].count().to_dict() == {"total_cost": 2, "own_contribution": 1}
    assert loaded.documents["page_count"].dtype == "Int32"
    assert loaded.corrections.empty


def test_sums_are_exact_where_that_is_asked_for(path: Path, loaded: Loaded) -> None:
    exact = poytakirja.load(path.parent.parent / "out", money="decimal").projects["total_cost_eur"]
    assert exact.sum() == Decimal("96800.50")
    with pytest.raises(ValueError, match="float or decimal"):
        poytakirja.load(path.parent.parent / "out", money="cents").projects  # type: ignore[arg-type]  # noqa: B018


def test_a_table_is_joined_with_its_documents(loaded: Loaded) -> None:
    joined = loaded.joined("projects")
    assert joined["document_organisation"].unique().tolist() == ["Kurjenmaan kunta"]
    assert joined["document_meeting_date"].dt.strftime("%d.%m.%Y").unique().tolist() == ["12.03.2024"]


def test_a_query_gives_a_frame(loaded: Loaded) -> None:
    found = loaded.sql("select project_name, total_cost_eur, start_date from projects order by 2 desc")
    assert found.loc[0, "total_cost_eur"] == pytest.approx(84300.5)
    assert found["start_date"].dtype == "datetime64[ns]"
    assert isinstance(loaded["projects"], pd.DataFrame)


def test_what_is_no_table_is_said(loaded: Loaded, tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match="one of documents"):
        loaded.project  # noqa: B018
    with pytest.raises(poytakirja.UsageError, match="holds no table"):
        poytakirja.load(tmp_path)


# ---------------------------------------------------------------- rules of one's own


def test_threads_read_with_rules_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "funders.csv").write_text(
        "code,form,match,name\nMUU,Kurkirahasto,stem,Kurjenmaan kurkirahasto\n", encoding="utf-8"
    )
    text = MINUTES.replace("(Leader)", "(Kurkirahasto)")

    def codes(own: bool) -> list[str]:
        found = poytakirja.extract_text(text, rules=tmp_path if own else None)
        assert len(found.projects) == 2
        return found.projects[0].funder_codes

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(codes, [True, False] * 3)) == [["MUU"], []] * 3
