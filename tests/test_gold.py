"""Gold: what `check` finds, and that a draft says what the tables say. Also the small OUTPUTs that other tests read."""

import copy
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poytakirja.quality.evaluate import evaluate
from poytakirja.quality.gold import GoldDocument, check, fold, read_gold, run_check
from poytakirja.quality.gold_from_output import draft, run_draft, write_gold
from poytakirja.terminal import InputError

SHARED = Path(__file__).parents[2] / "shared"
SHARED_GOLD = [SHARED / "seeds" / "gold.jsonl", SHARED / "gold" / "lapua-dev.jsonl"]

TEXT = """\
Käynnissä olevat hankkeet:

1) Virtaa verstaalta - taitoja ja kohtaa-
misia (ESR-hanke) 1.2.2022 - 30.11.2023, kustannusarvio n. 184 500 €
(omarahoitus 36 900 €). Projektipäällikkö Anneli Koivuranta.

2) Hiljainen ranta 2024, Maakuntaliitto ja Ylikosken kunta.
"""

PROJECT: dict[str, Any] = {
    "number": 1,
    "section": "Käynnissä olevat hankkeet",
    "name": "Virtaa verstaalta - taitoja ja kohtaamisia",
    "name_also": ["Virtaa verstaalta"],
    "code": None,
    "start": "2022-02-01",
    "end": "2023-11-30",
    "start_precision": "day",
    "end_precision": "day",
    "funders": ["ESR"],
    "amounts": [
        {"kind": "total_cost", "value": "184500.00", "approximate": True},
        {"kind": "own_contribution", "value": "36900.00", "approximate": False},
    ],
    "persons": [{"name": "Anneli Koivuranta", "role": "projektipäällikkö"}],
    "organisations": [],
    "municipality_role": None,
    "status": "running",
    "layout": "numbered",
    "events": [{"kind": "transfer", "date": "2023-01-01"}],
}
SECOND: dict[str, Any] = PROJECT | {
    "number": 2,
    "name": "Hiljainen ranta",
    "name_also": [],
    "code": "8812",
    "start": "2024-01-01",
    "end": "2024-12-31",
    "start_precision": "year",
    "end_precision": "year",
    "funders": ["KUNTA", "LIITTO"],
    "amounts": [{"kind": "annual", "value": "5000.00", "approximate": False, "year": 2024}],
    "persons": [],
    "organisations": [{"name": "Ylikosken kunta", "role": "funder"}],
    "events": [],
    "item": 12,
}
DOCUMENT: dict[str, Any] = {
    "document": "ylikoski.txt",
    "stated_project_count": 2,
    "persons": [{"name": "Eino Takala", "role": "sivistysjohtaja", "part": "presenter"}],
    "projects": [PROJECT, SECOND],
}

# ---------------------------------------------------------------- an OUTPUT made from gold

DAY, TEXT_COLUMN = pa.date32(), pa.string()
SCHEMAS = {
    "documents": {"source": TEXT_COLUMN, "document_id": TEXT_COLUMN, "status": TEXT_COLUMN, "stated_project_count": pa.int32()}
    | dict.fromkeys(("software_version", "rules_version"), TEXT_COLUMN),
    "items": {"item_id": TEXT_COLUMN, "document_id": TEXT_COLUMN, "ordinal": pa.int32(), "number": pa.int32()},
    "projects": dict.fromkeys(("project_id", "document_id", "item_id"), TEXT_COLUMN)
    | {"ordinal": pa.int32()}
    | dict.fromkeys(
        ("layout", "entry_number", "section", "project_name", "project_code", "status", "municipality_role"), TEXT_COLUMN
    )
    | {"start_date": DAY, "start_precision": TEXT_COLUMN, "end_date": DAY, "end_precision": TEXT_COLUMN}
    | {"funder_codes": pa.list_(TEXT_COLUMN), "page_no": pa.int32(), "char_start": pa.int64(), "char_end": pa.int64()},
    "amounts": dict.fromkeys(("document_id", "item_id", "project_id", "kind"), TEXT_COLUMN)
    | {"value_eur": pa.decimal128(16, 2), "approximate": pa.bool_(), "year": pa.int32(), "surface": TEXT_COLUMN},
    "periods": dict.fromkeys(("document_id", "project_id", "kind"), TEXT_COLUMN) | {"start_date": DAY, "end_date": DAY},
    "persons": dict.fromkeys(("document_id", "item_id", "project_id", "part", "person_name", "role"), TEXT_COLUMN),
    "organisations": dict.fromkeys(
        ("document_id", "project_id", "organisation_name", "role", "funder_code", "business_id"), TEXT_COLUMN
    ),
    "pages": {"document_id": TEXT_COLUMN, "page_no": pa.int32(), "char_start": pa.int64(), "text": TEXT_COLUMN},
}
Tables = dict[str, list[dict[str, Any]]]


def day(iso: str | None) -> dt.date | None:
    return None if iso is None else dt.date.fromisoformat(iso)


def add_project(tables: Tables, gold: dict[str, Any], document_id: str, ordinal: int) -> None:
    ids = {"document_id": document_id, "project_id": f"{document_id}/p{ordinal}"}
    item = gold.get("item")
    if item is not None and f"{document_id}/i{item}" not in {row["item_id"] for row in tables["items"]}:
        tables["items"].append({"item_id": f"{document_id}/i{item}", "document_id": document_id, "ordinal": item, "number": item})
    same = ("layout", "section", "status", "municipality_role", "start_precision", "end_precision")
    number = gold["number"] if gold["number"] is None else f"{gold['number']})"
    place = {"page_no": 1, "char_start": ordinal * 1000, "char_end": ordinal * 1000 + 900}
    tables["projects"].append(
        ids
        | {"ordinal": ordinal, "item_id": None if item is None else f"{document_id}/i{item}", "entry_number": number}
        | {"project_name": gold["name"], "project_code": gold["code"], "funder_codes": gold["funders"]}
        | {"start_date": day(gold["start"]), "end_date": day(gold["end"])}
        | {key: gold[key] for key in same}
        | place
    )
    for a in gold["amounts"]:
        kind = {"kind": a["kind"], "value_eur": Decimal(a["value"]), "approximate": a["approximate"], "year": a.get("year")}
        tables["amounts"].append(ids | kind)
    for e in gold["events"]:
        tables["periods"].append(ids | {"kind": e["kind"], "start_date": day(e["date"])})
    for p in gold["persons"]:
        tables["persons"].append(ids | {"part": "project_contact", "person_name": p["name"], "role": p["role"]})
    for o in gold["organisations"]:
        tables["organisations"].append(ids | {"organisation_name": o["name"], "role": o["role"]})
    coded = ids | {"organisation_name": "Euroopan sosiaalirahasto", "role": "funder", "funder_code": "ESR"}
    tables["organisations"] += [coded] if "ESR" in gold["funders"] else []


def tables_of(documents: list[dict[str, Any]]) -> Tables:
    """The tables of an OUTPUT that says just what the gold says."""
    tables: Tables = {name: [] for name in SCHEMAS}
    for number, gold in enumerate(documents):
        document_id = f"{number:016x}"
        row = {"source": f"kansio/{gold['document']}", "document_id": document_id, "status": "ok"}
        tables["documents"].append(row | {"stated_project_count": gold["stated_project_count"]})
        tables["pages"].append({"document_id": document_id, "page_no": 1, "char_start": 0, "text": "…"})
        for p in gold["persons"]:
            person = {"document_id": document_id, "part": p["part"], "person_name": p["name"], "role": p["role"]}
            tables["persons"] += [person, person | {"part": "mentioned"}]
        for ordinal, project in enumerate(gold["projects"]):
            add_project(tables, project, document_id, ordinal)
    return tables


def write_output(folder: Path, tables: Tables) -> Path:
    """Write tables as an OUTPUT, `documents` in two parts."""
    for name, rows in tables.items():
        schema = pa.schema(SCHEMAS[name])
        (folder / name).mkdir(parents=True)
        half = len(rows) // 2 if name == "documents" else 0
        for part, chunk in enumerate((rows[:half], rows[half:])):
            pq.write_table(pa.Table.from_pylist(chunk, schema), folder / name / f"part-{part}.parquet")
    return folder


def write_lines(path: Path, documents: list[Any]) -> Path:
    path.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), "utf-8")
    return path


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    (tmp_path / "ylikoski.txt").write_text(TEXT, "utf-8")
    return write_lines(tmp_path / "gold.jsonl", [DOCUMENT])


# ---------------------------------------------------------------- check


def test_good_gold_has_no_problems(gold_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(gold_file) == []
    assert run_check([gold_file]) == 0
    assert capsys.readouterr().out == "1 documents in 1 gold files: 0 errors\n"


BAD = [  # key of the first project, bad value, where it is told
    ("number", True, "number"),
    ("number", "12", "number"),
    ("name", "", "name"),
    ("name", "Virtaa  verstaalta", "name"),
    ("name", "Virtaa\u200b verstaalta", "name"),
    ("name", "Virtaa rannalta", "name"),
    ("start", "1.2.2022", "start"),
    ("start", None, ""),
    ("start", "2022-02-30", "start"),
    ("end_precision", None, ""),
    ("end_precision", "week", "end_precision"),
    ("end", "2024-11-30", ""),
    ("funders", ["ESR+"], "funders[0]"),
    ("funders", ["OKM", "ESR"], "funders"),
    ("funders", ["ESR", "ESR"], "funders"),
    ("amounts", [{"kind": "budget", "value": "1.00", "approximate": False}], "amounts[0].kind"),
    ("amounts", [{"kind": "grant", "value": "1", "approximate": False}], "amounts[0].value"),
    ("amounts", [{"kind": "grant", "value": 1.0, "approximate": False}], "amounts[0].value"),
    ("amounts", [{"kind": "grant", "value": "-1.00", "approximate": False}], "amounts[0].value"),
    ("amounts", [{"kind": "grant", "value": "1.00"}], "amounts[0].approximate"),
    ("amounts", [{"kind": "grant", "value": "1.00", "approximate": "no"}], "amounts[0].approximate"),
    ("amounts", [{"kind": "grant", "value": "1.00", "approximate": False, "year": 2024}], "amounts[0]"),
    ("amounts", [{"kind": "annual", "value": "1.00", "approximate": False}], "amounts[0]"),
    ("amounts", [PROJECT["amounts"][0]] * 2, "amounts"),
    ("persons", [{"name": "Eino Takala", "role": "vs. johtaja"}], "persons[0].role"),
    ("persons", [{"name": "Eino Takala", "role": None, "part": "chair"}], "persons[0].part"),
    ("organisations", [{"name": "Mieli ry", "role": "payer"}], "organisations[0].role"),
    ("municipality_role", "owner", "municipality_role"),
    ("status", "finished", "status"),
    ("layout", "list", "layout"),
    ("layout", None, "layout"),
    ("events", [{"kind": "start", "date": "2022-01-01"}], "events[0].kind"),
    ("unsure", ["budget"], "unsure[0]"),
    ("colour", "red", "colour"),
]


@pytest.mark.parametrize(("key", "value", "where"), BAD, ids=lambda v: str(v)[:40])
def test_a_bad_value_is_told_with_its_line_and_path(gold_file: Path, key: str, value: Any, where: str) -> None:
    bad = copy.deepcopy(DOCUMENT)
    bad["projects"][1][key] = value
    write_lines(gold_file, [DOCUMENT | {"document": "muu.txt"}, bad])
    (gold_file.parent / "muu.txt").write_text(TEXT, "utf-8")
    problems = check(gold_file)
    assert [(p.line, p.path) for p in problems] == [(2, f"projects[1].{where}".rstrip("."))]
    assert run_check([gold_file]) == 1


@pytest.mark.parametrize("key", ["number", "name_also", "amounts", "layout"])
def test_a_missing_key_is_told(gold_file: Path, key: str) -> None:
    write_lines(gold_file, [DOCUMENT | {"projects": [{k: v for k, v in PROJECT.items() if k != key}]}])
    assert [p.path for p in check(gold_file)] == [f"projects[0].{key}"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('{"document": \n', "not JSON"),
        ('{"document": "a.txt", "document": "b.txt"}\n', "the key 'document' stands twice"),
        ('["a.txt"]\n', "dictionary"),
    ],
)
def test_a_line_that_is_no_object(gold_file: Path, lines: str, told: str) -> None:
    gold_file.write_text("\n" + lines, "utf-8")
    (problem,) = check(gold_file)
    assert problem.line == 2
    assert told in problem.message
    with pytest.raises(InputError, match=r"gold\.jsonl:2"):
        list(read_gold(gold_file))


def test_what_stands_twice(gold_file: Path) -> None:
    write_lines(gold_file, [DOCUMENT | {"projects": [PROJECT, PROJECT, SECOND, SECOND | {"number": 3}]}, DOCUMENT])
    assert [(p.line, p.path) for p in check(gold_file)] == [(1, "projects[1].name"), (1, "projects[3].name"), (2, "document")]


def test_documents_that_are_not_there(gold_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    moved = gold_file.rename(apart / "gold.jsonl")
    assert [p.severity for p in check(moved)] == ["warning"]
    assert run_check([moved]) == 0
    assert "names not looked up" in capsys.readouterr().out
    assert check(moved, documents=tmp_path) == []
    write_lines(moved, [DOCUMENT, DOCUMENT | {"document": "toinen.txt"}])
    assert [(p.line, p.severity) for p in check(moved, documents=tmp_path)] == [(2, "error")]
    assert run_check([tmp_path / "none.jsonl"]) == 2


@pytest.mark.parametrize("path", SHARED_GOLD, ids=lambda p: p.stem)
def test_shared_gold_is_in_form(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"SKIPPED: {path} is not there")
    documents = SHARED / "minutes" if path.stem == "lapua-dev" else None
    assert check(path, documents) == []


# ---------------------------------------------------------------- draft


def test_a_draft_is_the_gold_that_the_tables_were_made_from(tmp_path: Path, gold_file: Path) -> None:
    output = write_output(tmp_path / "out", tables_of([DOCUMENT]))
    drafted = tmp_path / "draft.jsonl"
    assert run_draft(output, out=drafted) == 0
    expected = copy.deepcopy(DOCUMENT)
    expected["projects"][0]["name_also"] = []
    assert json.loads(drafted.read_text("utf-8")) == expected
    assert check(drafted) == []
    assert run_draft(output, out=drafted) == 2  # a person may have corrected it


def test_keys_come_in_the_order_of_the_guide(tmp_path: Path) -> None:
    (form,) = draft(write_output(tmp_path, tables_of([DOCUMENT])))
    order = list(GoldDocument.__annotations__)
    assert list(form) == order
    assert " ".join(form["projects"][1]) == (
        "number section name name_also code start end start_precision end_precision funders amounts persons organisations "
        "municipality_role status layout events item"
    )


def test_what_a_draft_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = tables_of([DOCUMENT, DOCUMENT | {"document": "b.txt"}, DOCUMENT | {"document": "c.txt"}])
    tables["documents"][1] |= {"status": "failed", "document_id": None}
    tables["projects"][0] |= {"project_name": None, "funder_codes": None, "entry_number": None}
    output = write_output(tmp_path / "out", tables)
    assert [d["document"] for d in draft(output)] == ["ylikoski.txt", "c.txt"]
    assert [d["document"] for d in draft(output, "c.txt")] == ["c.txt"]
    (first,) = draft(output, "kansio/ylikoski.txt")
    assert (first["projects"][0]["name"], first["projects"][0]["funders"], first["projects"][0]["number"]) == ("", [], None)
    assert run_draft(output, document="b.txt") == 2
    assert "b.txt" in capsys.readouterr().err
    assert run_draft(tmp_path / "nowhere") == 2
    assert run_draft(output, document="c.txt") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["document"] == "c.txt"


@pytest.mark.parametrize("path", SHARED_GOLD, ids=lambda p: p.stem)
def test_an_output_is_all_right_by_its_own_draft(path: Path, tmp_path: Path) -> None:
    if not path.exists():
        pytest.skip(f"SKIPPED: {path} is not there")
    output = write_output(tmp_path / "out", tables_of([dict(d) for _, d in read_gold(path)]))
    drafted = tmp_path / "draft.jsonl"
    drafted.write_text(write_gold(draft(output)), "utf-8")
    report = evaluate(output, [drafted])
    assert report.entries
    assert report.misses() == []
    assert all(e.all_right for e in report.entries)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("SOTE- keskus", "SOTE–keskus"),
        ("\u201dSilta\u201d", "silta."),
        ("Etsivä\u00a0 nuorisotyö", "etsivä nuorisotyö"),
        ("Verk\u00adko", "VERKKO"),
        (None, ""),
    ],
)
def test_folding(a: str | None, b: str) -> None:
    assert fold(a) == fold(b)


def test_folding_keeps_what_differs() -> None:
    assert fold("Silta 2") != fold("Silta 3")
    assert fold("sosiaali- ja terveys") != fold("sosiaali ja terveys")
