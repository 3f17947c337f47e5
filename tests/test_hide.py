"""Names hashed or dropped: no known person's name is left in any string of any table, and every surface still is its span."""

from __future__ import annotations

import json
import time
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from runs import strings
from typer.testing import CliRunner

from poytakirja import extract_document
from poytakirja.archive import run as batch
from poytakirja.archive.engines.worker import read as read_in_worker
from poytakirja.archive.sources import File
from poytakirja.cli.main import app
from poytakirja.document import Document, Page
from poytakirja.errors import UsageError
from poytakirja.pipeline import run
from poytakirja.privacy.name_locator import Hit, Known
from poytakirja.privacy.pseudonyms import DROPPED, KEY, Pseudonyms
from poytakirja.privacy.redact import _Change, hide
from poytakirja.records import Extraction, Person
from poytakirja.rules.names.base_form import decline
from poytakirja.tables import rows as tables
from poytakirja.tables.schema import TABLES

ROOT = Path(__file__).parent.parent
GOLD = [json.loads(line) for name in ("gold", "gold-2") for line in (ROOT / "samples" / f"{name}.jsonl").open(encoding="utf-8")]
HASH = Pseudonyms("hash", b"a key of tests alone")
DROP = Pseudonyms("drop")
MODES = [pytest.param(HASH, id="hash"), pytest.param(DROP, id="drop")]
KEPT = {"Potoskavaaran nuorisoseura", "Österbotten Replot Byaförening"}
"""Names of things in the samples that hold the family name of someone in the document."""


def said(extraction: Extraction) -> str:
    """All strings of all tables, and the text whole, as rows break it and as it reads."""
    rows = {name: batch.to_pylist() for name, batch in tables.rows(extraction, "a.txt").items()}
    text = "".join(page["text"] for page in rows["pages"])
    assert text == extraction.document.text
    assert tables.misplaced(extraction) == []
    assert tables.without_evidence(tables.rows(extraction, "a.txt")) == []
    return "\n".join([*strings(rows), " ".join(text.split()), regex.sub(r"-\s+(?=\p{Ll})", "", text)])


def left(names: set[str], words: str) -> list[str]:
    """What is left of persons' names: family names in any form, alone or with given names."""
    for thing in KEPT:
        words = words.replace(thing, "")
    found = []
    for name in names:
        given, _, family = name.rpartition(" ")
        forms = {form for case in decline(family).values() for form in case} if given else {name}
        forms |= {form.upper() for form in forms}
        pattern = regex.compile(r"(?<![\p{L}-])(?:\L<forms>)(?![\p{L}])", forms=forms)
        found += [f"{name}: {words[max(0, m.start() - 30) : m.end() + 20]!r}" for m in pattern.finditer(words)]
        address = ".".join(part.casefold().replace("ä", "a").replace("ö", "o") for part in name.split())
        found += [f"{name}: {address}"] if given and address in words.casefold() else []
    return found


@cache
def sample(name: str) -> Extraction:
    return run(ROOT / "samples" / name)


def gold_names(gold: dict[str, Any]) -> set[str]:
    people = [*gold["persons"], *(person for project in gold["projects"] for person in project["persons"])]
    return {person["name"] for person in people}


# ---------------------------------------------------------------- the samples


@pytest.mark.parametrize("pseudonyms", MODES)
@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold["document"])
def test_no_name_of_a_sample_is_left(gold: dict[str, Any], pseudonyms: Pseudonyms) -> None:
    """Neither of those the gold names (which the extraction may have missed) nor of those the extraction names."""
    kept = sample(gold["document"])
    hidden = hide(kept, pseudonyms)
    people = [*kept.persons, *(person for project in kept.projects for person in project.persons)]
    own = {person.name for person in people if person.name and person.given_name and person.family_name}
    assert left(gold_names(gold) | own, said(hidden)) == []


@pytest.mark.parametrize("pseudonyms", MODES)
def test_all_else_stays(pseudonyms: Pseudonyms) -> None:
    kept = sample("salo-kaupunginhallitus-2021.txt")
    hidden = hide(kept, pseudonyms)
    before, after = ({n: b.to_pylist() for n, b in tables.rows(x, "a.txt").items()} for x in (kept, hidden))
    assert {name: len(rows) for name, rows in before.items() if name != "evidence"} == {
        name: len(rows) for name, rows in after.items() if name != "evidence"
    }
    for table, columns in {
        "documents": ("document_id", "sha256", "organisation", "body", "meeting_date", "meeting_number", "page_count"),
        "items": ("item_id", "number", "number_label", "title", "case_id", "page_no"),
        "projects": ("project_id", "project_name", "start_date", "end_date", "funder_codes", "total_cost_eur", "status"),
        "persons": ("item_id", "project_id", "part", "role", "acting", "method", "confidence", "page_no"),
        "amounts": ("project_id", "kind", "value_eur", "surface"),
        "organisations": ("organisation_name", "role"),
    }.items():
        assert [[row[c] for c in columns] for row in after[table]] == [[row[c] for c in columns] for row in before[table]]
    assert {row["persons_mode"] for row in after["documents"]} == {pseudonyms.mode}
    assert all(row["given_name"] is None and row["family_name"] is None for row in after["persons"])
    names = {row["person_name"] for row in after["persons"]}
    assert names == {None} if pseudonyms is DROP else all(regex.fullmatch("P-[0-9a-f]{12}", name) for name in names)
    chairs = [row["surface"] for row in after["persons"] if row["part"] == "chair"]
    assert chairs == [DROPPED] if pseudonyms is DROP else chairs[0] in names


def test_keep_changes_nothing() -> None:
    kept = sample("salo-kaupunginhallitus-2021.txt")
    assert hide(kept, Pseudonyms()) is kept
    assert kept.persons_mode == "keep"


# ---------------------------------------------------------------- where names stand

PEOPLE = [
    "Matti Virtanen",
    "Liisa Korpi",
    "Anna-Maija Salo",
    "Väinö Åström",
    "Eero Mäki-Kuusela",
    "Carl von Hellens",
    "Onni Lahti",
]


def known(pseudonyms: Pseudonyms = DROP, home: str | None = None) -> Known:
    people = [Person(name, "", 0, 0, "member", name, *name.split(" ", 1)) for name in PEOPLE]
    return Known(people, pseudonyms, home)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Matti Virtanen, puheenjohtaja", "*, puheenjohtaja"),
        ("jäsen Virtanen Matti ja Korpi, Liisa", "jäsen * ja *"),
        ("VIRTANEN MATTI   jäsen", "*   jäsen"),
        ("M. Virtasen ja M.Virtasen ja Matti J. Virtasen ehdotus", "* ja * ja * ehdotus"),
        ("Matti\nVirtaselle", "*"),
        ("Virtanen esitti Korven kannattamana", "* esitti * kannattamana"),
        ("Virtaselta, Virtasesta, Virtasella, Virtaseen, Virtasta, Virtaseksi", "*, *, *, *, *, *"),
        ("Virtasenkin mielestä, Virtanen:n, Åströmin, Åström’n", "* mielestä, *, *, *"),
        ("Virtaset ja Virtasten tila", "* ja * tila"),
        ("Mäki-Kuuselaa kuultiin, Carl von Hellensin ja von Hellensin poissa ollessa", "* kuultiin, * ja * poissa ollessa"),
        ("Meri Virtanen ja Pekka Korpi-Virtanen", "* ja *"),
        ("matti.virtanen@lapua.fi, virtanen.matti(at)lapua.fi, M.Virtanen@lapua.fi", "*@lapua.fi, *(at)lapua.fi, *@lapua.fi"),
        ("vaino.astrom@lapua.fi mvirtanen@lapua.fi liisa@korpi.fi", "*@lapua.fi *@lapua.fi liisa@*.fi"),
        ("tuntematon: pirkko.pellavainen@lapua.fi", "tuntematon: *@lapua.fi"),
        ("sivu www.lapua.fi/matti.virtanen", "sivu www.lapua.fi/*"),
        ("Tmi Matti Virtanen", "Tmi *"),
        ("Salo esitti, että Lahti valitaan", "* esitti, että * valitaan"),
        ("Virtas-Matti isännöi, Virtanen–Korpi poistui", "* isännöi, * poistui"),
        ("Mäki-Kuuselan, Mäen-Kuuselan ja Mäki–Kuusela", "*, * ja *"),
    ],
)
def test_a_name_is_found(text: str, hidden: str) -> None:
    assert known().hidden(text) == hidden.replace("*", DROPPED)


@pytest.mark.parametrize(
    "text",
    [
        "Virtasenkatu 3, Korpitie, Lahdentie", "Virtanen Oy:n tarjous", "Kuljetus Virtanen Oy", "Virtasen säätiö", "Korven koulu",
        "Salon kaupunki", "Lahdessa ja Salossa", "Lahden kaupungille",
        "Aalto-yliopisto", "Kuusela-Heinola", "korpi ja lahti",
        "kirjaamo@lapua.fi, etunimi.sukunimi@lapua.fi", "www.lapua.fi", "Matti meni", "1.2.2024",
    ],
)  # fmt: skip
def test_what_merely_holds_a_name_stays(text: str) -> None:
    assert known().hidden(text) == text


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("valitus_virtanen-matti.pdf", "valitus_*.pdf"),
        ("Korhonen-Salo Aino-Maija.pdf", "*.pdf"),
        ("oikaisu-virtanen-matti-2023.pdf", "oikaisu-*-2023.pdf"),
        (unicodedata.normalize("NFD", "in/hämäläinen_väinö.pdf"), "in/*.pdf"),
        ("https://minutes.example/matti%20virtanen.pdf", "https://minutes.example/*.pdf"),
        ("minutes/2024/Mattila/a%20b.pdf", "minutes/2024/Mattila/a%20b.pdf"),
    ],
)
def test_a_name_in_a_path_is_found(path: str, hidden: str) -> None:
    assert DROP.of_path(path) == hidden.replace("*", DROPPED)
    assert Pseudonyms().of_path(path) == path


def test_the_own_municipality_is_no_person() -> None:
    assert known(home="Salo").hidden("Salo ja Turku; Anna-Maija Salon ehdotus") == f"Salo ja Turku; {DROPPED} ehdotus"


def test_one_person_one_token() -> None:
    """Inflected, family name alone, family name first, by address: where one person of the document fits."""
    tokens = set(regex.findall(r"P-\w+", known(HASH).hidden("Matti Virtasen, Virtaselle, VIRTANEN MATTI, m.virtanen@lapua.fi")))
    assert tokens == {HASH.shown("Matti Virtanen")}
    assert known(HASH).hidden("Meri Virtasen") == HASH.shown("Meri Virtanen") != HASH.shown("Matti Virtanen")


@given(st.text(alphabet="Matti Virtanen.,-\n@(a)ä", max_size=60))
def test_any_text_is_read(text: str) -> None:
    words = known()
    hits = words.find(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(a.end <= b.start for a, b in pairwise(hits))


@pytest.mark.parametrize("unit", ["Matti ", "Virtanen ", "virtanen.", "m.virtanen@", "A. ", "Virtanen, "])
def test_the_time_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        begin = time.process_time()
        known().find(unit * (size // len(unit)))
        return time.process_time() - begin

    assert seconds(40_000) < 0.5 or seconds(80_000) < 3 * seconds(40_000)


# ---------------------------------------------------------------- offsets


@given(st.text(alphabet="ab \n", max_size=40), st.data())
def test_offsets_go_forward_and_names_are_whole(text: str, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(1, 6)), max_size=6))
    hits = [Hit(a, min(a + n, len(text)), "X" * data.draw(st.integers(1, 9))) for a, n in places if a < len(text)]
    change = _Change(Document(text, [Page(1, 0, text)], [], [], "text", "", ""), hits)
    starts = [change.start(n) for n in range(len(text) + 1)]
    ends = [change.end(n) for n in range(len(text) + 1)]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert (starts[0], starts[-1], ends[-1]) == (0, len(change.text), len(change.text))
    covered = {n for hit in hits for n in range(hit.start, hit.end)}
    for n in range(len(text)):
        a, b = change.span(n, n + 1)
        assert set(change.text[a:b]) == {"X"} if n in covered else change.text[a:b] == text[n]


def of_text(folder: Path, text: str, mode: str = "drop") -> Extraction:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return extract_document(folder / "a.txt", persons=mode)


MINUTES = """Testilän kunta   Pöytäkirja   1/2024   1 (2)
Kunnanhallitus   5.2.2024

Läsnä
Virtanen Matti   puheenjohtaja
Korpela Liisa   jäsen
Hämäläi-
nen Kaarina   jäsen

§ 1 Hankkeet
Lisätietoja antaa rehtori Matti Vir-
tanen (matti.virta-
nen@testila.fi), ja asiaa esitteli Liisa
\fTestilän kunta   Pöytäkirja   1/2024   2 (2)
Kunnanhallitus   5.2.2024

Korpela. Virtasentiellä toimii Virtanen Oy.
1) Silta (ESR) 1.2.2021-31.3.2022, 10 000 €, projektipäällikkö Kaarina Hämäläinen
2) Tie (EAKR) 2022-2023, 5 000 €, yhteyshenkilö Kaarina Hämä-
läinen

Päätös
Virtasen ehdotus hyväksyttiin.
"""


def test_names_broken_over_rows_and_pages(tmp_path: Path) -> None:
    hidden = of_text(tmp_path, MINUTES)
    words = said(hidden)
    assert left({"Matti Virtanen", "Liisa Korpela", "Kaarina Hämäläinen"}, words.replace("Virtanen Oy", "")) == []
    text = hidden.document.text
    assert "Virtasentiellä toimii Virtanen Oy." in text
    for piece in ("Vir-", "virta", "tanen", "nen@", "läinen", "Hämäläi", "Liisa", "Kaarina"):
        assert piece not in text.replace("Virtanen Oy", "")
    assert [text.count("\n", 0, page.start) for page in hidden.document.pages] == [0, 13]
    assert text.count("\n") == MINUTES.count("\n")
    assert text.count("Testilän kunta   Pöytäkirja") == 2
    for line in hidden.document.lines:
        assert text[line.start : line.end] == line.text
        assert [text[s.start : s.end] for s in line.segments] == [s.text for s in line.segments]


def test_findings_and_roles_are_rewritten(tmp_path: Path) -> None:
    text = "Hankkeet\n" + "".join(
        f"{n}) Hanke {n} (ESR), 1.1.2020-31.12.2021, 10 000 €, Matti Virtasen varajäsen Liisa Korpela\n" for n in (1, 2, 4)
    )
    hidden = of_text(tmp_path, text)
    assert [f.code for f in hidden.findings] == ["number_gap"]
    assert left({"Matti Virtanen", "Liisa Korpela"}, said(hidden)) == []
    finding = hidden.findings[0]
    assert finding.start is not None
    assert hidden.document.text[finding.start :].startswith("4) Hanke 4")


# ---------------------------------------------------------------- key, command, batch


@pytest.mark.parametrize("key", [None, "", "too short"])
def test_hash_asks_for_a_key(key: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(KEY, raising=False)
    if key is not None:
        monkeypatch.setenv(KEY, key)
    (tmp_path / "a.txt").write_text("Iin kunta")
    with pytest.raises(UsageError, match=KEY):
        extract_document(tmp_path / "a.txt", persons="hash")
    result = CliRunner().invoke(app, ["extract", str(tmp_path), "--out", str(tmp_path / "out"), "--persons", "hash"])
    assert result.exit_code == 2
    assert KEY in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none of keep, hash, drop"):
        extract_document(tmp_path / "a.txt", persons="forget")
    assert CliRunner().invoke(app, ["extract", str(tmp_path), "--out", "x", "--persons", "forget"]).exit_code == 2


def test_a_token_is_of_the_name_and_the_key() -> None:
    other = Pseudonyms("hash", b"another key of tests")
    assert HASH.shown("Väinö Åström") == HASH.shown("vaino astrom") != HASH.shown("Väinö Åstrand")
    assert HASH.shown("Väinö Åström") != other.shown("Väinö Åström")
    assert HASH.fingerprint != other.fingerprint
    assert DROP.fingerprint is None


def test_a_batch_states_its_mode_and_keeps_its_key(tmp_path: Path) -> None:
    home = tmp_path / "in"
    home.mkdir()
    (home / "valitus Virtanen Matti.txt").write_text(MINUTES, encoding="utf-8")
    (home / "b.txt").write_text(MINUTES.replace("§ 1", "§ 2"), encoding="utf-8")
    (home / "copy.txt").write_text(MINUTES, encoding="utf-8")
    (home / "broken.pdf").write_text("no PDF")
    for jobs in (1, 2):
        batch.run([str(home)], tmp_path / f"out{jobs}", batch.Options(jobs=jobs, reading=batch.ReadOptions(persons=HASH)))
    out = tmp_path / "out1"
    parts = sorted(path.relative_to(out) for path in out.glob("*/*.parquet"))
    assert [p for p in parts if (out / p).read_bytes() != (tmp_path / "out2" / p).read_bytes()] == []
    rows = {name: pq.read_table(out / name).to_pylist() for name in TABLES}
    words = "\n".join(strings(rows)).replace("Virtanen Oy", "")
    assert left({"Matti Virtanen", "Liisa Korpela", "Kaarina Hämäläinen"}, words) == []
    assert {row["persons_mode"] for row in rows["documents"]} == {"hash", None}
    assert f"{home}/valitus {HASH.shown('Matti Virtanen')}.txt" in {row["source"] for row in rows["documents"]}
    tokens = [
        {row["person_name"] for row in rows["persons"] if row["document_id"] == d["document_id"]} for d in rows["documents"]
    ]
    assert [t for t in tokens if t] == 2 * [next(t for t in tokens if t)]
    for file in (out / "_run").rglob("*"):
        assert file.is_dir() or HASH.key not in file.read_bytes()
    manifest = json.loads((out / "_run" / "manifest.json").read_text())
    assert (manifest["options"]["persons"], manifest["options"]["persons_key"]) == ("hash", HASH.fingerprint)


def test_an_error_does_not_quote_the_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Matti Virtanen", encoding="utf-8")
    file = File("a.txt", str(tmp_path / "a.txt"))
    errors = [read_in_worker(file, batch.ReadOptions("test_hide:quoting", mode)).error or "" for mode in (Pseudonyms(), DROP)]
    assert ["Virtanen" in error for error in errors] == [True, False]
    assert errors[1].startswith("ValueError in test_hide.py")


def quoting(path: str) -> Extraction:
    """A reading that fails with the document's words."""
    raise ValueError(Path(path).read_text(encoding="utf-8"))
