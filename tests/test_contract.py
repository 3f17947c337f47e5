"""The tables as they are promised: names, types, nulls, ids, places and evidence."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poytakirja import extract_document
from poytakirja.archive import run as batch
from poytakirja.document import Cell, Document, Evidence, Finding, Page, Table
from poytakirja.records import Amount, Extraction, Fact, Item, Meeting, Organisation, Period, Person, Project
from poytakirja.tables import rows as tables
from poytakirja.tables import versions
from poytakirja.tables.schema import ACROSS, TABLES

ROOT = Path(__file__).parent.parent

# Name and type of every column; ! where it is never null.
CONTRACT = """
documents: source string! document_id string sha256 string media_type string status string! duplicate_of string
  error_code string error string reader string recogniser string confidence float page_count int32 char_count int64
  language string organisation string municipality_code string body string document_kind string meeting_number string
  meeting_date date32[day]
  meeting_start timestamp[s] meeting_end timestamp[s] meeting_place string stated_project_count int32
  persons_mode string software_version string! rules_version string! model_version string
pages: document_id string! page_no int32! char_start int64! text string! confidence float
items: item_id string! document_id string! ordinal int32! number int32 number_label string title string case_id string
  proposal string decision string outcome string page_no int32! char_start int64! char_end int64!
cells: document_id string! item_id string table_no int32! row int32! col int32! is_header bool! text string!
  page_no int32! char_start int64! char_end int64!
projects: project_id string! document_id string! item_id string ordinal int32! layout string! entry_number string section string
  project_name string project_name_base string project_code string status string municipality_role string
  start_date date32[day] start_precision string end_date date32[day] end_precision string funder_codes list<string>!
  total_cost_eur decimal128(16,2)
  municipal_share_eur decimal128(16,2) own_contribution_eur decimal128(16,2) grant_eur decimal128(16,2)
  applied_grant_eur decimal128(16,2) contact_name string contact_role string text string! confidence float!
  page_no int32! char_start int64! char_end int64!
amounts: OWNER kind string! value_eur decimal128(16,2)! approximate bool! year int32 party string label string
  confidence float! MENTION
periods: OWNER kind string! start_date date32[day] start_precision string end_date date32[day] end_precision string
  confidence float! MENTION
persons: OWNER part string! person_name string given_name string family_name string role string acting bool! method string!
  confidence float! MENTION
organisations: OWNER organisation_name string! role string! funder_code string business_id string confidence float! MENTION
votes: OWNER subject string votes_for int32! votes_against int32! votes_empty int32 votes_absent int32 confidence float! MENTION
evidence: document_id string! table string! row_id string! field string! confidence float! MENTION
corrections: document_id string! table string! row_id string field string! action string! was string value string by string
  at timestamp[s] status string! page_no int32 char_start int64 char_end int64
project_links: project_id string! project_key string! score float! reason string
projects_latest: project_key string! project_name string project_name_from string municipality_code string organisation string
  status string status_from string start_date date32[day] start_precision string start_from string end_date date32[day]
  end_precision string end_from string funder_codes list<string>! funder_codes_from string
  total_cost_eur decimal128(16,2) total_cost_from string municipal_share_eur decimal128(16,2) municipal_share_from string
  own_contribution_eur decimal128(16,2) own_contribution_from string grant_eur decimal128(16,2) grant_from string
  applied_grant_eur decimal128(16,2) applied_grant_from string entry_count int32! project_ids list<string>!
  document_ids list<string>! first_meeting_date date32[day] last_meeting_date date32[day]
findings: OWNER severity string! code string! message string! page_no int32 char_start int64 char_end int64
"""
OWNER = "document_id string! item_id string project_id string"
MENTION = "surface string! rule_id string! page_no int32! char_start int64! char_end int64!"


def contract() -> dict[str, list[tuple[str, str, bool]]]:
    text = CONTRACT.replace("\n  ", " ").replace("OWNER", OWNER).replace("MENTION", MENTION)
    promised = {}
    for line in text.strip().splitlines():
        name, _, columns = line.partition(": ")
        words = columns.split()
        promised[name] = [(c, t.rstrip("!"), not t.endswith("!")) for c, t in zip(words[::2], words[1::2], strict=True)]
    return promised


def told(schema: pa.Schema) -> list[tuple[str, str, bool]]:
    kinds = {"list<element: string>": "list<string>", "decimal128(16, 2)": "decimal128(16,2)", "timestamp[ms]": "timestamp[s]"}
    return [(f.name, kinds.get(str(f.type), str(f.type)), f.nullable) for f in schema]


def test_the_schemas_are_the_contract() -> None:
    assert {name: told(table.schema) for name, table in TABLES.items()} == contract()


def test_every_column_is_described() -> None:
    for table in TABLES.values():
        assert table.schema.metadata[b"description"]
        assert all(field.metadata[b"description"] for field in table.schema)


# ---------------------------------------------------------------- a document that has everything

TEXT = """Iin kunta
§ 7 Hankkeet
1) Silta töihin, 1.2.2021-31.3.2022, 10 000 €, tuki 5000 e ja 500 e, Aino Kyrö (vs. sihteeri)
\fToinen sivu
2) Nimetön
"""
PAGES = [Page(1, 0, TEXT[: TEXT.index("\f")]), Page(2, TEXT.index("\f"), TEXT[TEXT.index("\f") :])]


def at(surface: str) -> tuple[str, str, int, int]:
    """A surface with its rule and place, as facts begin."""
    start = TEXT.index(surface)
    return surface, f"rule.{surface[:2]}", start, start + len(surface)


def shown(field: str, surface: str) -> Evidence:
    return Evidence(field, *at(surface))


@pytest.fixture
def extraction() -> Extraction:
    cells = [Cell(0, 1, False, "Nimetön", TEXT.index("Nimetön"), TEXT.index("Nimetön") + 7, 2)]
    document = Document(TEXT, PAGES, [], [Table(cells)], "text", "ab" * 32, "text/plain")
    meeting = Meeting("fi", "Iin kunta", "139", evidence=[shown("organisation", "Iin kunta")])
    start = TEXT.index("§")
    item = Item(
        0, start, len(TEXT), [], 7, "§ 7", "Hankkeet", evidence=[shown("number_label", "§ 7"), shown("title", "Hankkeet")]
    )
    first = Project(0, "numbered", "Silta töihin …", TEXT.index("1)"), TEXT.index("\f"), 0, "1", project_name="Silta töihin")
    first.start_date, first.start_precision = dt.date(2021, 2, 1), "day"
    first.funder_codes = ["OKM", "ESR"]
    first.evidence = [shown("entry_number", "1"), shown("project_name", "Silta töihin"), shown("start_date", "1.2.2021")]
    first.amounts = [
        Amount(*at("500 e"), kind="grant", value=Decimal(500)),
        Amount(*at("5000 e"), kind="grant", value=Decimal("5000.00"), approximate=True),
        Amount(*at("10 000 €"), kind="total_cost", value=Decimal("10000")),
    ]
    first.periods = [Period(*at("1.2.2021-31.3.2022"), "duration", dt.date(2021, 2, 1), "day", None, None)]
    first.persons = [Person(*at("Aino Kyrö"), "project_contact", "Aino Kyrö", "Aino", "Kyrö", "sihteeri", True)]
    second = Project(1, "table_row", "Nimetön", TEXT.index("2)"), len(TEXT), 0)
    return Extraction(
        document,
        meeting,
        [item],
        [first, second],
        organisations=[Organisation(*at("Iin kunta"), "Iin kunta", "applicant", item=0)],
        persons=[Person(*at("Kyrö"), "mentioned", "Aino Kyrö", project=1)],
        findings=[Finding("info", "no_money", "none", project=1), Finding("warning", "number_gap", "gap", 3, 8)],
    )


def made(extraction: Extraction) -> dict[str, list[dict[str, Any]]]:
    return {name: rows.to_pylist() for name, rows in tables.rows(extraction, "in/a.txt").items()}


def test_rows_carry_ids_and_places(extraction: Extraction) -> None:
    found = made(extraction)
    owner = ("document_id", "item_id", "project_id")
    d = "abababababababab"
    assert [r["document_id"] for r in found["documents"]] == [d]
    assert [tuple(r[c] for c in owner) for r in found["amounts"]] == [(d, f"{d}/i0", f"{d}/p0")] * 3
    assert [tuple(r[c] for c in owner) for r in found["organisations"]] == [(d, f"{d}/i0", None)]
    assert [tuple(r[c] for c in owner) for r in found["findings"]] == [(d, f"{d}/i0", f"{d}/p1"), (d, None, None)]
    assert [(r["page_no"], r["char_start"]) for r in found["findings"]] == [(None, None), (1, 3)]
    assert [(r["page_no"], r["item_id"], r["table_no"], r["col"]) for r in found["cells"]] == [(2, f"{d}/i0", 0, 1)]
    assert [r["page_no"] for r in found["projects"]] == [1, 2]
    assert "".join(r["text"] for r in found["pages"]) == TEXT
    assert [r["surface"] for r in found["amounts"]] == ["10 000 €", "5000 e", "500 e"]  # in the order of the text
    for table in ("amounts", "periods", "persons", "organisations", "evidence"):
        assert all(TEXT[r["char_start"] : r["char_end"]] == r["surface"] for r in found[table])


def test_a_projects_columns_repeat_its_facts(extraction: Extraction) -> None:
    first, second = made(extraction)["projects"]
    assert (first["total_cost_eur"], first["grant_eur"]) == (Decimal("10000.00"), None)  # two grants: neither is the grant
    assert (first["contact_name"], first["contact_role"], first["funder_codes"]) == ("Aino Kyrö", "sihteeri", ["ESR", "OKM"])
    assert (second["contact_name"], second["total_cost_eur"], second["funder_codes"]) == (None, None, [])


def test_every_value_has_evidence(extraction: Extraction) -> None:
    batches = tables.rows(extraction, "in/a.txt")
    assert tables.without_evidence(batches) == []
    said = {(e["field"], e["surface"]) for e in batches["evidence"].to_pylist()}
    assert {
        ("start_precision", "1.2.2021"),
        ("total_cost_eur", "10 000 €"),
        ("contact_role", "Aino Kyrö"),
        ("number", "§ 7"),
    } <= said
    extraction.meeting.evidence.clear()
    extraction.projects[0].status = "granted"
    d = "abababababababab"
    missing = [("documents", d, "organisation"), ("documents", d, "municipality_code"), ("projects", f"{d}/p0", "status")]
    assert tables.without_evidence(tables.rows(extraction, "in/a.txt")) == missing


@pytest.mark.parametrize("span", [(5, 5), (-1, 3), (5, 4), (3, 10_000)])
def test_a_fact_that_stands_nowhere_is_refused(extraction: Extraction, span: tuple[int, int]) -> None:
    extraction.amounts.append(Amount("", "rule", *span, kind="other", value=Decimal(1)))
    assert tables.misplaced(extraction) == extraction.amounts
    with pytest.raises(ValueError, match=r"span|names no text"):
        tables.rows(extraction, "a.txt")


@pytest.mark.parametrize(("column", "value"), [("layout", None), ("text", None), ("start_date", "soon"), ("ordinal", 2**40)])
def test_a_value_that_the_contract_forbids_is_refused(extraction: Extraction, column: str, value: object) -> None:
    setattr(extraction.projects[0], column, value)
    with pytest.raises((ValueError, TypeError, OverflowError)):
        tables.rows(extraction, "a.txt")


def test_a_fraction_of_a_cent_is_refused(extraction: Extraction) -> None:
    extraction.amounts.append(Amount(*at("500 e"), kind="other", value=Decimal("0.005")))
    with pytest.raises(ValueError, match="Rescaling"):
        tables.rows(extraction, "a.txt")


def test_the_rules_version_is_of_rules_and_words_not_of_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "rules"
    (home / "examples").mkdir(parents=True)
    for name in ("__init__.py", "money.py", "words.csv", "examples/money.toml", "notes.txt"):
        (home / name).write_text(name)
    monkeypatch.setattr(versions.rules, "__file__", str(home / "__init__.py"))
    hashes = []
    for changed in ("", "notes.txt", "examples/money.toml", "words.csv", "money.py"):
        if changed:
            (home / changed).write_text("other")
        versions.versions.cache_clear()
        hashes.append(versions.versions().rules)
    versions.versions.cache_clear()
    assert hashes[0] == hashes[1] == hashes[2]
    assert len(set(hashes)) == 3


# ---------------------------------------------------------------- the samples


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the samples."""
    out = tmp_path_factory.mktemp("contract") / "output"
    summary = batch.run([str(ROOT / "samples")], out, batch.Options(jobs=2))
    assert summary.failures == []
    return out


def test_the_files_hold_what_the_schemas_say(output: Path) -> None:
    assert {name: told(pq.read_schema(next((output / name).iterdir()))) for name in TABLES} == contract()
    for name, table in TABLES.items():
        assert (
            pq.read_schema(next((output / name).iterdir())).field(0).metadata[b"description"].decode() == table.columns[0].meaning
        )


def test_one_worker_gives_the_same_bytes_as_two(output: Path, tmp_path: Path) -> None:
    batch.run([str(ROOT / "samples")], tmp_path, batch.Options(jobs=1))
    parts = sorted(p.relative_to(output) for p in output.glob("*/*.parquet"))
    shards = len([part for part in parts if part.parent.name == "documents"])
    linked = len(ACROSS) + 1  # findings about two documents have a part of their own
    assert len(parts) == shards * (len(TABLES) - len(ACROSS)) + linked
    assert [p for p in parts if (output / p).read_bytes() != (tmp_path / p).read_bytes()] == []


def test_each_surface_is_its_span_and_each_value_has_evidence(output: Path) -> None:
    found = {name: pq.read_table(output / name) for name in TABLES}
    text: dict[str, str] = {}
    for page in found["pages"].to_pylist():
        assert page["char_start"] == len(text.get(page["document_id"], ""))
        text[page["document_id"]] = text.get(page["document_id"], "") + page["text"]
    said = [row for name in ("amounts", "periods", "persons", "organisations", "evidence") for row in found[name].to_pylist()]
    assert len(said) > 1000
    assert [r for r in said if text[r["document_id"]][r["char_start"] : r["char_end"]] != r["surface"]] == []
    assert tables.without_evidence(found) == []


def test_facts_keep_to_their_words(output: Path) -> None:
    """The closed lists: each value of a column whose meaning is a list of words is one of them."""
    for name, table in TABLES.items():
        values = pq.read_table(output / name).to_pydict()
        for column in table.columns:
            words = column.meaning.split(":")[0].rstrip(".").split(" (")[0]
            if " | " in words:
                assert set(values[column.name]) - {None} <= set(words.split(" | ")), (name, column.name)


def test_a_project_has_one_row_for_each_value(output: Path) -> None:
    for name, key in (
        ("amounts", ("project_id", "kind", "value_eur", "year", "party")),
        ("periods", ("project_id", "kind", "start_date", "end_date", "start_precision", "end_precision")),
        ("organisations", ("project_id", "organisation_name", "role")),
    ):
        rows = [tuple(r[c] for c in key) for r in pq.read_table(output / name).to_pylist() if r["project_id"]]
        dated = [r for r in rows if name != "periods" or r[2:4] != (None, None)]
        assert len(dated) == len(set(dated)), name


def test_a_fact_of_the_extraction_is_where_it_says(output: Path) -> None:
    wrong: list[Fact | Evidence] = []
    for source in pq.read_table(output / "documents")["source"].to_pylist():
        wrong += tables.misplaced(extract_document(source))
    assert wrong == []


# ---------------------------------------------------------------- the pages made from the code


@pytest.mark.parametrize("pages", ["tables.md", "findings.md", "formats.md", "rules.md", "README.md hankkeet.ipynb"])
def test_generated_pages_are_current(pages: str) -> None:
    """Also: the notebook runs."""
    result = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check", *pages.split()], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
