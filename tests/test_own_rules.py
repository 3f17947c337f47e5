"""Rules of an organisation's own: checked with clear errors, held to their examples, in use for as long as they are asked for."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from runs import parts, rows
from typer.testing import CliRunner

from poytakirja import extract_document
from poytakirja.archive import ledger
from poytakirja.archive import run as batch
from poytakirja.archive.run import Options, ReadOptions
from poytakirja.archive.upkeep import removal
from poytakirja.cli.main import app
from poytakirja.custom_rules import check_examples as own_examples
from poytakirja.custom_rules import load as own_rules
from poytakirja.errors import UsageError
from poytakirja.rules.organisations.funders import find_funders
from poytakirja.rules.projects.field_labels import field_of
from poytakirja.rules.vocabulary_tables import own_tables as own
from poytakirja.rules.vocabulary_tables.own_tables import CustomRules, CustomRulesError
from poytakirja.rules.vocabulary_tables.tables import shipped
from poytakirja.tables import rows as tables
from poytakirja.tables import versions

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "own-rules"
MINUTES, FOLDER = EXAMPLE / "minutes.txt", EXAMPLE / "rules"
FUND = "code,form,match,name\nMUU,Kylärahasto,stem,Toivolan kylärahasto\n"


def command(*words: str | Path) -> tuple[int, str]:
    """The command's status, and all that it says."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


# ---------------------------------------------------------------- what is refused

REFUSED = tomllib.loads(Path(__file__).with_name("own_rules_refused.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_with_a_table_is_told(case: str) -> None:
    with pytest.raises(CustomRulesError) as error:
        CustomRules.of({REFUSED[case]["table"]: REFUSED[case]["text"]})
    assert REFUSED[case]["said"] in str(error.value)


@pytest.mark.parametrize("name", own.TABLES)
def test_the_shipped_tables_keep_to_what_is_asked_of_others(name: str) -> None:
    text = (resources.files("poytakirja.rules") / "vocabulary" / f"{name}.csv").read_text(encoding="utf-8-sig")
    told = [problem.message for problem in own.problems_of(name, text)]
    assert len(told) == len(shipped(name))
    assert all("is in the shipped rules already" in message for message in told)


def test_every_table_of_the_vocabulary_is_known_or_closed() -> None:
    every = {path.name.removesuffix(".csv") for path in (resources.files("poytakirja.rules") / "vocabulary").iterdir()}
    assert every - set(own.TABLES) == {"months", "municipalities", "link_evidence", "name_signs", "sign_words"}


def _folder(tmp_path: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "it has no CSV file"),
        ({"README.md": "", ".x": ""}, "it has no CSV file"),
        ({"funders.txt": FUND}, "funders.txt: is no table: rules are NAME.csv and examples.toml"),
        ({"funders.csv": FUND.encode("latin-1")}, "funders.csv, line 2: is not UTF-8: save it as CSV UTF-8"),
        ({"funders.csv": FUND, "examples.toml": "[[funders"}, "examples.toml, is not TOML: "),
        ({"funders.csv": FUND, "examples.toml": "[[funds]]\nvalue = 1"}, "[[funds]] is unknown: one of funders, "),
        ({"funders.csv": FUND, "examples.toml": "funders = 3"}, "funders is no list of groups"),
        ({"funders.csv": FUND, "examples.toml": "[[funders]]\nvalue = []"}, "number 1: it needs a value, and text or not"),
        ({"funders.csv": FUND, "examples.toml": "[[funders]]\nvalue = []\ntext = 'x'"}, "text and not are lists of texts"),
        ({"funders.csv": FUND, "examples.toml": "[[funders]]\nvalue = []\ntext = ['x']\nnott = ['x']"}, "nott is unknown"),
        ({"funders.csv": FUND, "examples.toml": "[[projects]]\nvalue = {sum = 1}\ntext = ['x']"}, "projects has no column sum"),
        (
            {
                "funders.csv": FUND,
                "examples.toml": '[[funders]]\nvalue = ["MUU"]\ntext = [\n  "Kylärahastolta",\n  "kyläraha",\n]',
            },
            'examples.toml, line 5: funders: "kyläraha": expected ["MUU"], read []',
        ),
        (
            {"funders.csv": FUND, "examples.toml": '[[funders]]\nvalue = ["MUU"]\nnot = ["kylärahaston"]'},
            'line 3: funders: "kylärahaston": not to be read as ["MUU"], but is',
        ),
        (
            {"funders.csv": FUND, "examples.toml": '[[projects]]\nvalue = {project_name = "Polku"}\ntext = ["Kokous alkoi."]'},
            'expected {"project_name": "Polku"}, read {"project_name": null}',
        ),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_and_nothing_is_read(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        own_rules.checked(_folder(tmp_path, files))
    assert said in str(error.value)
    assert own.active() == CustomRules()


def test_every_problem_is_told_at_once_with_status_2(tmp_path: Path) -> None:
    _folder(tmp_path, {"funders.csv": FUND.replace("stem", "steem"), "labels.csv": "form,field\npaja,\n", "x.csv": "a\n"})
    for words in (("rules",), ("extract", MINUTES, "--out", tmp_path / "out", "--rules"), ("explain", MINUTES, "--rules")):
        status, said = command(*words, tmp_path)
        assert (status, said.count("\n")) == (2, 3)
        assert all(f"poytakirja: {tmp_path}/{name}.csv" in said for name in ("funders", "labels", "x"))
    assert not (tmp_path / "out").exists()
    assert command("rules", tmp_path / "nowhere")[0] == 2


# ---------------------------------------------------------------- in use


def test_rules_are_in_use_until_the_end_whatever_ends_it() -> None:
    def found() -> list[str]:
        return [match.name for match in find_funders("Avustus Kylärahastolta ja Pajasäätiöltä.")]

    other = CustomRules.of({"funders": "code,form,match,name\nMUU,Pajasäätiö,stem,Pajasäätiö"})
    assert found() == []
    with own_rules.using(CustomRules.of({"funders": FUND})):
        assert found() == ["Toivolan kylärahasto"]
        with suppress(ZeroDivisionError), own_rules.using(other):
            assert found() == ["Pajasäätiö"]
            _ = 1 / 0
        assert found() == ["Toivolan kylärahasto"]
    assert found() == []


def test_nothing_of_the_vocabulary_is_read_before_a_rule_is_asked() -> None:
    """What a module compiled when it is imported would never know rules of one's own."""
    code = """
import importlib, pkgutil
import poytakirja
from poytakirja import rules
from poytakirja.rules.vocabulary_tables import tables
def rows(name): raise AssertionError(f"{name} is read at import")
tables.rows = tables.shipped = rows
for package in (rules, poytakirja):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith(("preload", "__main__")):
            importlib.import_module(module.name)
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr == ""


def _unheard(name: str) -> str:
    """A table with rows like the shipped ones, one of each kind, whose words occur nowhere."""
    every = {tuple(row[column] for column in own.TABLES[name].closed): row for row in shipped(name)}
    lines = [",".join(shipped(name)[0])]
    for n, row in enumerate(every.values()):
        word = "qvzx" + "".join(chr(97 + int(digit)) for digit in str(n))
        free = {column for column, cell in row.items() if cell and column not in own.TABLES[name].closed}
        new = {**row, **{c: word.capitalize() if row[c][:1].isupper() or name == "names" else word for c in free}}
        lines.append(",".join(new.values()))
    return "\n".join(lines)


def test_rows_of_every_table_and_kind_do_no_harm_where_their_words_are_not() -> None:
    sample = Path(__file__).parent.parent / "samples"
    path = next(path for path in sorted(sample.glob("*.txt")) if path.stat().st_size > 3000)
    without = tables.rows(extract_document(path), "a")
    with own_rules.using(CustomRules.of({name: _unheard(name) for name in own.TABLES})):
        assert sum(own.active().counts().values()) > 150
        assert tables.rows(extract_document(path), "a") == without


# ---------------------------------------------------------------- the example of docs/own-rules.md


def test_the_example_reads_more_with_its_rules_than_without(tmp_path: Path) -> None:
    def read() -> dict[str, tuple[Any, ...]]:
        told = tables.rows(extract_document(MINUTES), "a")["projects"].to_pylist()
        return {p["project_name"]: (p["funder_codes"], str(p["grant_eur"]), p["contact_name"], p["layout"]) for p in told}

    without = read()
    assert len(without) == 3
    assert without["Metsäkylän muistipolku (KYLÄRA)"] == ([], "None", None, "numbered")
    assert without["Rannan työpaja"] == (["ESR", "MUU"], "None", None, "numbered")
    with own_rules.using(own_rules.checked(FOLDER)):
        label = field_of("Pajan aikataulu")
        assert label
        assert label.field == "duration"
        assert extract_document(MINUTES).meeting.body == "Kyläraati"
        assert read() == {
            "Metsäkylän muistipolku": (["MUU"], "15000.00", "Aino Virtanen", "numbered"),
            "Rannan työpaja": (["ESR", "MUU"], "None", "Eero Salo", "numbered"),
            "Tarinapuisto": ([], "None", None, "labelled"),
        }
    assert read() == without


@pytest.mark.xfail(strict=True, reason="a name runs on into a label that no vocabulary knows: Tarinapuisto Pajan")
def test_a_label_that_is_not_known_is_no_part_of_the_name() -> None:
    assert "Tarinapuisto" in {project.project_name for project in extract_document(MINUTES).projects}


def test_the_commands_of_the_page(tmp_path: Path) -> None:
    status, said = command("rules", FOLDER)
    assert status == 0
    assert said.splitlines()[-2:] == ["14 examples hold", f"version {own_rules.read(FOLDER).version}"]
    assert "project_contact: Aino Virtanen, muistipolkuri" in command("explain", MINUTES, "--rules", FOLDER)[1]
    assert "funders.csv" in (EXAMPLE.parent.parent / "own-rules.md").read_text(encoding="utf-8")


def test_an_example_that_fails_names_file_line_and_what_came(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "rules")
    (tmp_path / "rules" / "amount_labels.csv").unlink()
    status, said = command("extract", MINUTES, "--out", tmp_path / "out", "--rules", tmp_path / "rules")
    assert status == 2
    assert "examples.toml, line 31: projects: " in said
    assert '"grant_eur": null' in said


# ---------------------------------------------------------------- a run


def test_a_run_with_own_rules(tmp_path: Path) -> None:
    """Workers read with them, versions and manifest tell them, what was read otherwise is read again, removing keeps to them."""
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.txt").write_text(MINUTES.read_text(encoding="utf-8").replace("2024\n", f"2024 {name}\n"))
    shutil.copy(tmp_path / "in" / "a.txt", tmp_path / "in" / "copy.txt")
    (tmp_path / "in" / "void.txt").touch()
    rules = own_rules.read(FOLDER)

    def run(out: str, jobs: int, own_rules: CustomRules) -> batch.Summary:
        return batch.run([str(tmp_path / "in")], tmp_path / out, Options(jobs=jobs, reading=ReadOptions(rules=own_rules)))

    assert run("out", 2, CustomRules()).rows["projects"] == 6
    assert run("out", 2, rules).read == 2
    assert run("out", 2, rules).read == 0
    run("one", 1, rules)
    assert parts(tmp_path / "out") == parts(tmp_path / "one")

    said = rows(tmp_path / "out", "documents")
    assert {row["status"] for row in said} == {"ok", "duplicate", "failed"}
    assert {row["rules_version"] for row in said} == {f"{versions.versions().rules}+{rules.version}"}
    assert len(rows(tmp_path / "out", "projects")) == 6
    manifest = json.loads((tmp_path / "out" / "_run" / "manifest.json").read_text(encoding="utf-8"))
    assert own_rules.of_manifest(manifest) == rules
    assert manifest["versions"]["rules"] == said[0]["rules_version"]

    source = next(row["source"] for row in said if row["source"].endswith("b.txt"))
    removal.remove(tmp_path / "out", [source])
    assert {row["rules_version"] for row in rows(tmp_path / "out", "documents")} == {said[0]["rules_version"]}
    assert own.active() == CustomRules()


def test_the_key_of_a_reading_is_that_of_its_tables() -> None:
    reading = ReadOptions(rules=own_rules.read(FOLDER))
    key = ledger.key(reading)
    assert ledger.key(pickle.loads(pickle.dumps(reading))) == key
    assert len({key, ledger.key(ReadOptions()), ledger.key(replace(reading, rules=CustomRules.of({"funders": FUND})))}) == 3


def test_damaged_rules_in_a_manifest_are_told() -> None:
    with pytest.raises(UsageError, match=r"the rules in _run/manifest.json cannot be used"):
        own_rules.of_manifest({"rules": {"funders": "code"}})


def test_examples_are_counted() -> None:
    assert own_examples.count('[[titles]]\nvalue = "x"\ntext = ["a", "b"]\nnot = ["c"]') == 3


def test_a_pipe_and_deep_lists_are_refused(tmp_path: Path) -> None:
    (tmp_path / "funders.csv").write_text(FUND, encoding="utf-8")
    (tmp_path / "examples.toml").write_text("x = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(UsageError, match="too deep in one another"):
        own_rules.checked(tmp_path)
    os.mkfifo(tmp_path / "titles.csv")
    with pytest.raises(UsageError, match=r"titles\.csv: is no file"):
        own_rules.checked(tmp_path)
