"""What reviewers say of values: kept whatever happens, found again, and applied to all that follows from it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from runs import rows, strings

from poytakirja.archive import run as batch
from poytakirja.archive.run import Options, ReadOptions
from poytakirja.archive.upkeep import removal
from poytakirja.corrections import store
from poytakirja.corrections.anchors import Anchor, SearchedText
from poytakirja.corrections.apply import apply
from poytakirja.corrections.names import Shown
from poytakirja.corrections.values import parse
from poytakirja.custom_rules import load as own_rules
from poytakirja.errors import UsageError
from poytakirja.privacy.pseudonyms import Pseudonyms
from poytakirja.review import correcting

MINUTES = """Kaislarannan kaupunki                 Pöytäkirja        3/2024

Sivistyslautakunta                     14.3.2024

§ 21 Hankkeiden tilanne

Meneillään olevat hankkeet:

1) Kotiseutu soimaan (EAKR) 1.2.2023-31.1.2025. Kustannusarvio 82 000 euroa, kaupungin omarahoitusosuus 8 200 euroa.
   Yhteyshenkilö projektipäällikkö Aino Virtanen.
2) Rantaraitin digipolku (OKM) 1.1.2024-31.12.2024. Kustannusarvio 40 000 euroa, myönnetty avustus 28 000 euroa.
3) Nuorten paja (ESR) 2023-2025. Kokonaiskustannukset 120 000 euroa.

Päätös: Lautakunta merkitsi tiedoksi.
"""
ANOTHER = MINUTES.replace("14.3.2024", "11.4.2024").replace("3/2024", "4/2024")
SAMPLES = Path(__file__).parent.parent / "samples"


def extract(out: Path, *inputs: Path, **options: Any) -> None:
    batch.run([str(given) for given in inputs], out, Options(**options))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "maaliskuu.txt").write_text(MINUTES)
    extract(tmp_path / "out", tmp_path / "in")
    return tmp_path / "out"


def project(output: Path, name: str) -> dict[str, Any]:
    return next(row for row in rows(output, "projects") if row["project_name"] == name)


def correct(
    output: Path, name: str, field: str | None, value: str | None = None, action: str = "change", by: str = "Kaija"
) -> str:
    said = correcting.correct(output, project(output, name)["project_id"], field, action, value, by)  # type: ignore[arg-type]
    assert said.endswith("applied")
    return said.split(";")[0].removeprefix("kept as ")


def tables(output: Path) -> dict[str, list[dict[str, Any]]]:
    return {path.name: rows(output, path.name) for path in output.iterdir() if path.is_dir() and path.name != "_run"}


# ---------------------------------------------------------------- a value


def test_a_changed_sum_stands_everywhere_with_its_rule_and_who_said_so(output: Path) -> None:
    correct(output, "Rantaraitin digipolku", "grant_eur", "30 000 €")
    row = project(output, "Rantaraitin digipolku")
    assert row["grant_eur"] == Decimal("30000.00")
    [amount] = [a for a in rows(output, "amounts") if a["project_id"] == row["project_id"] and a["kind"] == "grant"]
    assert (amount["value_eur"], amount["rule_id"], amount["confidence"]) == (Decimal("30000.00"), "correction", 1.0)
    [evidence] = [e for e in rows(output, "evidence") if (e["row_id"], e["field"]) == (row["project_id"], "grant_eur")]
    assert (evidence["surface"], evidence["rule_id"], evidence["confidence"]) == ("28 000 euroa", "correction", 1.0)
    [latest] = [r for r in rows(output, "projects_latest") if r["project_name"] == "Rantaraitin digipolku"]
    assert latest["grant_eur"] == Decimal("30000.00")
    [noted] = rows(output, "corrections")
    assert (noted["action"], noted["was"], noted["value"], noted["by"], noted["status"]) == (
        "change", "28000.00", "30000.00", "Kaija", "applied",
    )  # fmt: skip


def test_what_was_odd_about_the_old_value_is_found_no_more_and_of_the_new_one_is(output: Path) -> None:
    correct(output, "Rantaraitin digipolku", "grant_eur", "90000")
    found = {
        f["code"] for f in rows(output, "findings") if f["project_id"] == project(output, "Rantaraitin digipolku")["project_id"]
    }
    assert "share_above_total" in found
    correct(output, "Rantaraitin digipolku", "grant_eur", "28000")
    assert "share_above_total" not in {f["code"] for f in rows(output, "findings")}


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("end_date", "2/2025", {"end_date": "2025-02-28", "end_precision": "month"}),
        ("status", "ended", {"status": "ended"}),
        ("funder_codes", "okm, EAKR", {"funder_codes": "['EAKR', 'OKM']"}),
        ("contact_name", "Veikko Salo", {"contact_name": "Veikko Salo"}),
        ("project_name", "Nuorten verkkopaja", {"project_name": "Nuorten verkkopaja", "project_name_base": "Nuorten verkkopaja"}),
        ("municipal_share_eur", "1 200,50", {"municipal_share_eur": "1200.50"}),
    ],
)
def test_every_kind_of_value_can_be_given(output: Path, field: str, typed: str, expected: dict[str, str]) -> None:
    row_id = project(output, "Nuorten paja")["project_id"]
    correct(output, "Nuorten paja", field, typed)
    [row] = [r for r in rows(output, "projects") if r["project_id"] == row_id]
    assert {name: str(row[name]) for name in expected} == expected
    if field == "end_date":
        [period] = [p for p in rows(output, "periods") if p["project_id"] == row_id and p["kind"] == "duration"]
        assert str(period["end_date"]) == "2025-02-28"
    if field == "contact_name":
        assert ("Veikko", "Salo") in {(p["given_name"], p["family_name"]) for p in rows(output, "persons")}


def test_a_rejected_value_is_null_and_a_rejected_row_is_gone_but_its_sums_stay_with_the_item(output: Path) -> None:
    correct(output, "Nuorten paja", "total_cost_eur", action="reject")
    assert project(output, "Nuorten paja")["total_cost_eur"] is None
    correct(output, "Kotiseutu soimaan", None, action="reject")
    assert "Kotiseutu soimaan" not in {row["project_name"] for row in rows(output, "projects")}
    stays = [a for a in rows(output, "amounts") if a["value_eur"] == Decimal("82000.00")]
    assert [(a["project_id"], a["item_id"] is not None) for a in stays] == [(None, True)]


def test_a_confirmed_value_is_certain_and_stays_what_it_is(output: Path) -> None:
    before = project(output, "Nuorten paja")
    correct(output, "Nuorten paja", "total_cost_eur", action="confirm")
    after = project(output, "Nuorten paja")
    assert after == {**before, "confidence": 1.0}
    assert {
        e["rule_id"] for e in rows(output, "evidence") if (e["row_id"], e["field"]) == (after["project_id"], "total_cost_eur")
    } == {"correction"}


def test_what_was_missed_is_added_by_the_words_that_say_it(output: Path) -> None:
    document = rows(output, "documents")[0]["document_id"]
    correcting.add(
        output, document, "projects", "Lautakunta merkitsi tiedoksi", ["project_name=Lautakunnan hanke", "status=planned"], "a"
    )
    new = project(output, "Lautakunnan hanke")
    assert (new["status"], new["item_id"] is not None, new["confidence"]) == ("planned", True, 1.0)
    correcting.add(
        output, new["project_id"], "amounts", "Lautakunta merkitsi", ["kind=grant", "value_eur=500", "approximate=true"], "a"
    )
    assert project(output, "Lautakunnan hanke")["grant_eur"] == Decimal("500.00")


def test_a_fact_is_named_by_its_place_and_its_project_follows(output: Path) -> None:
    mine = project(output, "Nuorten paja")
    [fact] = [a for a in rows(output, "amounts") if a["project_id"] == mine["project_id"]]
    correcting.correct(output, f"{fact['document_id']}/amounts@{fact['char_start']}", "kind", "change", "grant", "a")
    now = project(output, "Nuorten paja")
    assert (now["total_cost_eur"], now["grant_eur"]) == (None, Decimal("120000.00"))


@pytest.mark.parametrize(
    ("table", "field", "typed"),
    [
        ("projects", "start_date", "31.2.2024"), ("projects", "grant_eur", "paljon"), ("projects", "status", "done"),
        ("projects", "funder_codes", "ABC"), ("projects", "project_id", "x"), ("amounts", "year", "ensi"), ("pages", "text", "x"),
        ("projects", "project_name", "  "), ("projects", "project_name", "a\x00b"), ("documents", "meeting_start", "illalla"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(table: str, field: str, typed: str) -> None:
    with pytest.raises(UsageError):
        parse(table, field, typed)


def test_undo_gives_back_what_was_read_to_the_byte(output: Path) -> None:
    before = tables(output)
    ids = [
        correct(output, "Nuorten paja", "total_cost_eur", "1"),
        correct(output, "Kotiseutu soimaan", None, action="reject"),
        correct(output, "Nuorten paja", "total_cost_eur", "2"),
    ]
    correcting.undo(output, ids[2:], "Kaija")
    assert project(output, "Nuorten paja")["total_cost_eur"] == Decimal("1.00")
    correcting.undo(output, ids[:2], "Kaija")
    assert tables(output) == before
    assert not list((output / "_run" / "as_read").iterdir())
    with pytest.raises(UsageError, match="no such correction"):
        correcting.undo(output, ids[:1], "Kaija")


# ---------------------------------------------------------------- over time


@pytest.fixture(scope="module")
def corrected_samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Samples in which a scripted reviewer has changed fifty values, confirmed some of them again, and their rows."""
    out = tmp_path_factory.mktemp("reviewed") / "out"
    inputs = sorted(SAMPLES.glob("*.txt"))[:12]
    extract(out, *inputs, jobs=2)
    dice = random.Random(50)
    fields = {
        "total_cost_eur": "77 777,77",
        "grant_eur": "55 555",
        "status": "cancelled",
        "end_date": "30.6.2031",
        "project_code": "X-77",
    }
    wanted: list[dict[str, Any]] = []
    lines = []
    for row in sorted(rows(out, "projects"), key=lambda row: str(row["project_id"])):
        if row["project_name"] and len(wanted) < 50:
            field = dice.choice([*fields])
            found, table, own = correcting.find_row(out, row["project_id"])
            lines.append(correcting.correction(found, table, own, field, "change", fields[field], "scripted"))
            wanted.append({"field": field, "value": lines[-1].value, "sha256": lines[-1].sha256, "name": row["project_name"]})
    correcting.keep(out, lines)
    assert len(wanted) == 50
    return out, wanted


def held(out: Path, wanted: list[dict[str, Any]]) -> int:
    """How many of the corrected values are in the tables."""
    sha = {row["document_id"]: row["sha256"] for row in rows(out, "documents") if row["document_id"]}
    known = {(sha[r["document_id"]], f, str(r[f])) for r in rows(out, "projects") for f in {w["field"] for w in wanted}}
    evident = {(sha[e["document_id"]], e["field"]) for e in rows(out, "evidence") if e["rule_id"] == "correction"}
    assert {row["status"] for row in rows(out, "corrections")} == {"applied"}
    return sum((w["sha256"], w["field"], w["value"]) in known and (w["sha256"], w["field"]) in evident for w in wanted)


def test_fifty_corrections_hold_with_other_rules_and_another_file_name(
    corrected_samples: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    out, wanted = corrected_samples
    assert held(out, wanted) == 50
    for n, path in enumerate(sorted(SAMPLES.glob("*.txt"))[:12]):
        shutil.copy(path, tmp_path / f"siirretty-{n}.txt")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "labels.csv").write_text("form,field\nHankkeen tavoitehinta,total_cost\n")
    (tmp_path / "rules" / "examples.toml").write_text("")
    new = tmp_path / "tables"
    new.mkdir()
    shutil.copy(out / store.NAME, new)
    try:
        own = own_rules.checked(tmp_path / "rules")
    except UsageError:
        own = own_rules.checked(None)
    extract(new, tmp_path, jobs=2, reading=ReadOptions(rules=own))
    assert held(new, wanted) == 50
    assert all("siirretty" in row["source"] for row in rows(new, "documents"))


def test_a_correction_holds_where_rules_find_the_entry_no_more(output: Path) -> None:
    correct(output, "Nuorten paja", "total_cost_eur", "121 000")
    lines = store.load(output / store.NAME).lines
    found = correcting.find_row(output, project(output, "Nuorten paja")["project_id"])[0]
    without = {**found.tables, "projects": [], "amounts": [], "evidence": [], "corrections": [], "findings": []}
    made = apply(without, lines, Shown.of("keep"))
    assert [(row["project_name"], row["total_cost_eur"]) for row in made["projects"]] == [("Nuorten paja", Decimal("121000.00"))]
    assert [row["value_eur"] for row in made["amounts"]] == [Decimal("121000.00")]


def test_corrections_outlive_prune_remove_restore_and_a_new_run(output: Path, tmp_path: Path) -> None:
    correct(output, "Nuorten paja", "status", "ended")
    (tmp_path / "in" / "huhtikuu.txt").write_text(ANOTHER)
    (tmp_path / "in" / "maaliskuu.txt").rename(tmp_path / "kept.txt")
    extract(output, tmp_path / "in", prune=True, sure=True)
    assert {row["status"] for row in rows(output, "projects") if row["project_name"] == "Nuorten paja"} != {"ended"}
    removal.restore(output)
    both = [row["status"] for row in rows(output, "projects") if row["project_name"] == "Nuorten paja"]
    assert sorted(both, key=str) == ["ended", "running"]
    removal.remove(output, [row["source"] for row in rows(output, "documents") if "maalis" in row["source"]])
    (tmp_path / "kept.txt").rename(tmp_path / "in" / "toinen nimi.txt")
    extract(output, tmp_path / "in")
    both = [row["status"] for row in rows(output, "projects") if row["project_name"] == "Nuorten paja"]
    assert sorted(both, key=str) == ["ended", "running"]


def test_a_changed_document_keeps_what_is_still_there_and_says_what_is_not(output: Path, tmp_path: Path) -> None:
    correct(output, "Kotiseutu soimaan", "total_cost_eur", "83 000")
    correct(output, "Rantaraitin digipolku", "grant_eur", "29 000")
    moved = MINUTES.replace("Hankkeiden tilanne", "Hankkeiden tilanne ja niiden vaikutukset alueella").replace("28 000", "31 000")
    (tmp_path / "in" / "maaliskuu.txt").write_text(moved)
    extract(output, tmp_path / "in")
    assert project(output, "Kotiseutu soimaan")["total_cost_eur"] == Decimal("83000.00")
    assert project(output, "Rantaraitin digipolku")["grant_eur"] == Decimal("31000.00")
    assert sorted((c["field"], c["status"]) for c in rows(output, "corrections")) == [
        ("grant_eur", "stale"), ("total_cost_eur", "applied"),
    ]  # fmt: skip
    assert "correction_stale" in {f["code"] for f in rows(output, "findings")}
    assert [one["status"] for one in correcting.listed(output)] == ["applied", "stale"]


def test_two_who_disagree_unseen_are_a_conflict_until_somebody_decides(output: Path) -> None:
    row_id = project(output, "Nuorten paja")["project_id"]
    found = correcting.find_row(output, row_id)
    lines = [correcting.correction(*found, "status", "change", value, by) for value, by in (("ended", "A"), ("planned", "B"))]
    correcting.keep(output, lines)
    assert project(output, "Nuorten paja")["status"] == "planned"
    assert [c["status"] for c in rows(output, "corrections")] == ["conflict", "applied"]
    assert "correction_conflict" in {f["code"] for f in rows(output, "findings")}
    correct(output, "Nuorten paja", "status", "ended", by="A")
    assert project(output, "Nuorten paja")["status"] == "ended"
    assert "conflict" not in {c["status"] for c in rows(output, "corrections")}


# ---------------------------------------------------------------- nothing is lost

APPEND = """
import sys
from pathlib import Path
from poytakirja.corrections.store import Correction, append
for n in range(1000):
    line = Correction("confirm", "0" * 64, "a.txt", "documents", None, "body", id=f"{sys.argv[2]}{n}")
    append(Path(sys.argv[1]), [line])
    print(n, flush=True)
"""


def test_whoever_is_killed_at_whatever_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / store.NAME
    dice = random.Random(7)
    acknowledged: set[str] = set()
    for name in ("a", "b", "c"):
        command = [sys.executable, "-c", APPEND, str(path), name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            first = process.stdout.readline()
            time.sleep(dice.uniform(0, 0.2))
            process.send_signal(signal.SIGKILL)
            acknowledged |= {
                f"{name}{line.strip()}" for line in (first, *process.stdout.read().splitlines(keepends=True)) if line[-1:] == "\n"
            }
    kept = store.load(path)
    assert acknowledged <= {line.id for line in kept.lines}
    path.write_bytes(path.read_bytes() + b'{"action": "conf')
    store.append(path, [])
    store.undo(path, ["a0"])
    after = store.load(path)
    assert {line.id for line in kept.lines} - {line.id for line in after.lines} == {"a0"}, "a torn line costs itself alone"
    assert len(after.damaged) == 1


def test_two_reviewers_at_once_lose_nothing(output: Path) -> None:
    names = [row["project_name"] for row in rows(output, "projects")]
    ids = {name: project(output, name)["project_id"] for name in names}
    fields = ("project_code", "municipality_role")
    jobs = [(name, field, by) for by, field in zip("AB", fields, strict=True) for name in names]
    with ThreadPoolExecutor(4) as pool:
        said = list(
            pool.map(
                lambda j: correcting.correct(
                    output, ids[j[0]], j[1], "change", {"project_code": "77", "municipality_role": "lead"}[j[1]], j[2]
                ),
                jobs,
            )
        )
    assert all(one.endswith("applied") for one in said)
    assert {(row["project_code"], row["municipality_role"]) for row in rows(output, "projects")} == {("77", "lead")}
    assert len(rows(output, "corrections")) == len(jobs)


KILLED = "import sys; from poytakirja.cli.main import app; app(sys.argv[1:])"


def test_a_kill_while_corrections_are_applied_loses_none(output: Path) -> None:
    dice = random.Random(3)
    row_id = project(output, "Nuorten paja")["project_id"]
    for n in range(4):
        words = ["correct", str(output), row_id, "project_code", f"K-{n}", "--by", "A"]
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            before = (output / store.NAME).stat().st_size if (output / store.NAME).exists() else 0
            while process.poll() is None and not (
                (output / store.NAME).exists() and (output / store.NAME).stat().st_size > before
            ):
                time.sleep(0.005)
            time.sleep(dice.uniform(0, 0.15))
            process.kill()
    assert correcting.apply(output) == "applied"
    assert project(output, "Nuorten paja")["project_code"] == "K-3"
    assert len(rows(output, "projects")) == 3


# ---------------------------------------------------------------- names of persons


@pytest.mark.parametrize("mode", ["hash", "drop"])
def test_a_name_in_a_correction_is_shown_as_the_tables_show_names(
    mode: str, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POYTAKIRJA_KEY", "avain-" * 4)
    correct(output, "Kotiseutu soimaan", "contact_name", "Matti Korhonen", by="Maija Nieminen")
    correct(output, "Kotiseutu soimaan", "section", "Matti Korhosen hankkeet", by="Maija Nieminen")
    hidden = tmp_path / mode
    reading = ReadOptions(persons=Pseudonyms.of(mode))
    extract(hidden, tmp_path / "in", reading=reading, corrections=output / store.NAME)
    said = {text for name, found in tables(hidden).items() for row in found for text in strings(row)}
    assert not [text for text in said if "Korho" in text or "Niemi" in text or "Virta" in text]
    assert {c["status"] for c in rows(hidden, "corrections")} == {"applied"}
    assert len(rows(hidden, "projects")) == 3
    contact = project(hidden, "Kotiseutu soimaan")["contact_name"]
    assert contact is None if mode == "drop" else contact.startswith("P-")
    if mode == "drop":
        with pytest.raises(UsageError, match="no names of persons"):
            correct(hidden, "Kotiseutu soimaan", "contact_name", "Matti Korhonen")


# ---------------------------------------------------------------- places


def test_a_place_is_found_where_lines_break_otherwise_and_never_in_another_number() -> None:
    text = "Hanke A 1 000 euroa. Hanke B 11 000 euroa. Hanke C 1 000 euroa, josta kunnan osuus 100 euroa."
    start = text.index("1 000 euroa, josta")
    anchor = Anchor.of(text, start, start + 11)
    moved = SearchedText("Esipuhe.\n" + text.replace("1 000 euroa, josta", "1\n000  euroa, josta"))
    found = moved.find(anchor)
    assert found
    assert found.same
    assert moved.text[found.start : found.end] == "1\n000  euroa"
    assert SearchedText(text.replace("1 000 euroa, josta", "2 000 euroa, josta")).find(anchor) is None
