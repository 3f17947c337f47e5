"""The report: complete, honest about what it cannot show, deaf to hostile text; and, in a browser, marks over the right words."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pdfplumber
import pyarrow.parquet as pq
import pytest
from browser import browser
from faults import BrokenPageTask
from reportlab.pdfgen.canvas import Canvas
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from test_places import bare, letters_within

from poytakirja.archive import run as batch
from poytakirja.privacy.pseudonyms import Pseudonyms
from poytakirja.projects.record.findings import CODES
from poytakirja.read.pdf.character_boxes import Box
from poytakirja.report import command, page, picture, site, source
from poytakirja.report.labels import LANGUAGES, labels
from poytakirja.report.record import Value

ROOT = Path(__file__).parent.parent
SAMPLES = ("kuhmo-hanketaulukko-2016.pdf", "nurmes-kaupunginhallitus-2014.pdf", "suomussalmi-kunnanhallitus-2009.txt")
HOSTILE = """Hankkeet
1) <script>window.pwned=1</script> Silta (ESR) 1.2.2021-31.3.2022, kustannusarvio 10 000 €
2) ><img src=x onerror=window.pwned=2> Polku (EAKR) 1.5.2022-31.12.2023, kustannusarvio 250 000 €
3) </script><svg onload=window.pwned=3> Tori {{ 7*7 }} ${7*7} 1.5.2022-31.12.2023, avustus 5 000 €
"""


def pdf(*lines: str) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    for n, line in enumerate(lines):
        canvas.drawString(72, 760 - 20 * n, line)
    canvas.save()
    return made.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents in ``minutes``, their tables in ``output``."""
    home = tmp_path_factory.mktemp("report")
    minutes = home / "minutes"
    minutes.mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "samples" / name, minutes)
    (minutes / "hostile<b>&.txt").write_text(HOSTILE)
    (minutes / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    (minutes / "gone.pdf").write_bytes(pdf("Hankkeet", "1) Silta toihin 1.2.2021-31.3.2022, kustannusarvio 10 000 euroa"))
    (minutes / "changed.pdf").write_bytes(pdf("Hankkeet", "1) Pyoratie kylaan 1.2.2021-31.3.2022, kustannusarvio 7 000 euroa"))
    assert batch.run([str(minutes)], home / "output", batch.Options(jobs=2)).documents == {"ok": 6, "failed": 1}
    (minutes / "gone.pdf").unlink()
    (minutes / "changed.pdf").write_bytes(pdf("Something else"))
    return home


@pytest.fixture(scope="module")
def made(home: Path) -> site.Made:
    return site.write(home / "output", home / "site", site.Options(jobs=2))


def rows(home: Path, table: str) -> list[dict[str, Any]]:
    return list(pq.read_table(home / "output" / table).to_pylist())


def document(home: Path, name: str) -> str:
    return next(row["document_id"] for row in rows(home, "documents") if row["source"].endswith(name))


def data(home: Path, name: str) -> list[dict[str, Any]]:
    """The rows that a page's script makes of its columns."""
    text = (home / "site" / "data" / f"{name}.js").read_text()
    columns = json.loads(text[text.index("(") + 1 : text.rindex(")")])
    found = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    if "anchor" in columns:
        documents = data(home, "documents")
        return [{**row, "href": f"{documents[row['document']]['href']}#{row['anchor']}"} for row in found]
    return found


class Page(HTMLParser):
    """What a browser would take of a page: its elements, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> set[str | None]:
        return {attributes.get("id") for _, attributes in self.tags}


# ---------------------------------------------------------------- what is written


def test_what_could_not_be_shown_is_said(home: Path, made: site.Made) -> None:
    assert made.shown == {"shown": 2, "text": 2, "missing": 1, "changed": 1}
    assert {shown: [Path(name).name for name in names] for shown, names in made.sources.items()} == {
        "missing": ["gone.pdf"],
        "changed": ["changed.pdf"],
    }
    for name, key in (("gone.pdf", "shown.missing"), ("changed.pdf", "shown.changed")):
        text = Page(home / "site" / "documents" / f"{document(home, name)}.html").text
        assert labels()["fi"][key] in text
    assert "Pyoratie kylaan" in text
    assert [row["state"] for row in data(home, "documents")].count("failed") == 1
    assert made.counts["inexact"] == 0


def test_every_project_and_finding_leads_to_its_source(home: Path, made: site.Made) -> None:
    listed = data(home, "projects")
    assert len(listed) == len(rows(home, "projects")) > 20
    for row in [*listed, *data(home, "findings")]:
        path, _, anchor = row["href"].partition("#")
        assert anchor in Page(home / "site" / path).ids, row


def test_every_value_with_a_place_has_a_mark(home: Path, made: site.Made) -> None:
    for path in sorted((home / "site" / "documents").glob("*.html")):
        page = Page(path)
        values = [a["href"] for tag, a in page.tags if tag == "a" and (a.get("id") or "").startswith("v")]
        assert values
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {href.removeprefix("#") for href in values if href} <= page.ids


def test_the_text_is_whole_and_its_marks_are_the_surfaces(home: Path, made: site.Made) -> None:
    """The pieces of a page are its text, and those of a value are its surface."""
    for row in rows(home, "pages"):
        here = [fact for fact in rows(home, "amounts") if fact["document_id"] == row["document_id"]]
        values = [
            Value(n, "amount.other", "amount", "", start=fact["char_start"], end=fact["char_end"]) for n, fact in enumerate(here)
        ]
        pieces = list(page.pieces(row, values))
        assert "".join(piece.text for piece in pieces) == row["text"]
        for value, fact in zip(values, here, strict=True):
            marked = "".join(piece.text for piece in pieces if value in piece.covering)
            assert marked in ("", fact["surface"])


def test_hostile_text_stays_text(home: Path, made: site.Made) -> None:
    paths = [*(home / "site").glob("*.html"), *(home / "site" / "documents").glob("*.html")]
    for path in paths:
        page = Page(path)
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        assert all(re.fullmatch(r"(\.\./)?(assets|data)/\w+\.js", attributes.get("src") or "") for attributes in scripts)
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
        assert not any(tag in ("svg", "b", "iframe", "object") for tag, _ in page.tags)
    hostile = Page(home / "site" / "documents" / f"{document(home, 'hostile<b>&.txt')}.html")
    assert "<script>window.pwned=1</script>" in hostile.text
    assert "{{ 7*7 }} ${7*7}" in hostile.text


def test_nothing_is_fetched_from_elsewhere(home: Path, made: site.Made) -> None:
    for path in (home / "site").rglob("*.html"):
        for _, attributes in Page(path).tags:
            for name in ("src", "href"):
                assert not re.match(r"\w+:|//", attributes.get(name) or "")


@pytest.mark.parametrize("name", ["index", "projects", "findings", "document"])
def test_every_label_has_both_languages(home: Path, made: site.Made, name: str) -> None:
    path = next((home / "site" / "documents").glob("*.html")) if name == "document" else home / "site" / f"{name}.html"
    keys = {value for _, attributes in Page(path).tags for key, value in attributes.items() if key.startswith("data-t")}
    assert keys
    assert [(key, language) for key in keys if key for language in LANGUAGES if not labels()[language].get(key)] == []


def test_the_same_tables_give_the_same_pages(home: Path, made: site.Made) -> None:
    site.write(home / "output", home / "again", site.Options(jobs=1))
    files = {path.relative_to(home / "site") for path in (home / "site").rglob("*") if path.is_file()}
    assert files == {path.relative_to(home / "again") for path in (home / "again").rglob("*") if path.is_file()}
    assert [str(name) for name in files if (home / "site" / name).read_bytes() != (home / "again" / name).read_bytes()] == []


# ---------------------------------------------------------------- where files are looked for, and whether they may be shown


def test_files_are_found_in_another_folder(home: Path) -> None:
    places = source.Places(home / "output", home / "elsewhere", [str(home / "minutes")])
    (home / "elsewhere" / "deep").mkdir(parents=True)
    for at in ("deep/a.pdf", "a.pdf"):
        (home / "elsewhere" / at).write_bytes(b"x")
    given = str(home / "minutes")
    assert places.existing(f"{given}/deep/a.pdf") == (str(home / "elsewhere/deep/a.pdf"), str(home / "elsewhere/a.pdf"))
    assert places.existing(f"{given}/other/a.pdf") == (str(home / "elsewhere/a.pdf"),)
    assert places.existing("\0") == ()


@pytest.mark.parametrize(
    ("document", "manifest", "keeps"),
    [
        ({}, {}, True),
        ({"persons_mode": None}, {"options": {"limits": {}}}, True),
        ({"persons_mode": "keep"}, {}, True),
        ({"persons_mode": "hash"}, {}, False),
        ({"persons_mode": "drop"}, {"options": {"persons": "keep"}}, False),
        ({}, {"options": {"persons": "drop"}}, False),
        ({}, {"options": {"persons": "unheard of"}}, False),
    ],
)
def test_pages_are_shown_only_if_persons_were_kept(document: dict[str, Any], manifest: dict[str, Any], keeps: bool) -> None:
    assert source.keeps_persons(document, manifest) is keeps


def test_a_run_without_persons_shows_no_images_and_no_names(tmp_path: Path) -> None:
    shutil.copy(ROOT / "samples" / SAMPLES[1], tmp_path)
    batch.run(
        [str(tmp_path / SAMPLES[1])], tmp_path / "output", batch.Options(reading=batch.ReadOptions(persons=Pseudonyms("drop")))
    )
    found = site.write(tmp_path / "output", tmp_path / "site", site.Options())
    assert found.shown == {"persons": 1}
    assert not list((tmp_path / "site" / "images").iterdir())
    told = "".join(path.read_text() for path in (tmp_path / "site").rglob("*.html"))
    assert "[henkilö]" in told
    assert "Karjalaisniemi" not in told


@pytest.mark.parametrize(
    ("start", "end", "hidden"), [(12, 14, {2}), (8, 14, {1, 2}), (10, 20, {2}), (None, None, {1, 2, 3})], ids=str
)
def test_pages_with_a_masked_identity_code_are_known(start: int | None, end: int | None, hidden: set[int]) -> None:
    found = [
        {"code": "no_money", "char_start": 1, "char_end": 2},
        {"code": "personal_identity_code", "char_start": start, "char_end": end},
    ]
    pages = [{"page_no": n, "char_start": 10 * (n - 1), "text": "." * 10} for n in (1, 2, 3)]
    assert page.hidden_pages({"findings": found, "pages": pages}) == hidden


def test_a_page_with_a_masked_identity_code_is_not_drawn(tmp_path: Path) -> None:
    """Neither where the finding says so, nor where only the page itself tells."""
    made = pdf("Hankkeet", "1) Silta toihin 1.2.2021-31.3.2022, henkilotunnus 131052-308T, 10 000 euroa")
    (tmp_path / "a.pdf").write_bytes(made)
    batch.run([str(tmp_path / "a.pdf")], tmp_path / "output", batch.Options())
    assert site.write(tmp_path / "output", tmp_path / "site", site.Options()).counts["images"] == 0
    (row,) = rows(tmp_path, "pages")
    assert "######-####" in row["text"]
    assert picture.pictures(made, [row], [], tmp_path, ()) == ({}, {1: "shown.masked_page"})
    told = "".join(path.read_text() for path in (tmp_path / "site").rglob("*.html"))
    assert labels()["fi"]["shown.masked_page"] in told
    assert "308T" not in told


def test_a_pdf_that_kills_its_worker_costs_its_images_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "PageTask", BrokenPageTask)
    found = site.write(home / "output", home / "survived", site.Options(jobs=2))
    assert found.shown == {"refused": 4, "text": 2}
    assert found.failed == []
    assert len(list((home / "survived" / "documents").iterdir())) == 6


# ---------------------------------------------------------------- the command


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    code = "from poytakirja.cli.main import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=120)


def test_the_command(home: Path) -> None:
    result = run("report", home / "output", "--out", home / "told", "--lang", "en", "--jobs", "2")
    assert result.returncode == 3
    assert "1 missing: " in result.stderr
    assert "gone.pdf" in result.stderr
    assert result.stdout.splitlines()[-1] == f"Report: {home / 'told' / 'index.html'}"
    assert '<html lang="en">' in (home / "told" / "index.html").read_text()


@pytest.mark.parametrize(
    ("output", "options", "said"),
    [
        ("nowhere", {}, "holds no table"),
        ("output", {"place": "minutes"}, "holds something else than a report"),
        ("output", {"place": "minutes/broken.pdf"}, "is no folder"),
        ("output", {"inputs": "nowhere"}, "no such folder"),
        ("output", {"language": "xx"}, "labels in fi and en"),
    ],
)
def test_what_is_refused(home: Path, capsys: pytest.CaptureFixture[str], output: str, options: dict[str, Any], said: str) -> None:
    place = home / options.get("place", "refused")
    inputs = home / options["inputs"] if "inputs" in options else None
    assert command.run(home / output, place, {"inputs": inputs, "language": options.get("language", "fi")}) == 2
    assert said in capsys.readouterr().err
    assert not (home / "refused").exists()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    monkeypatch.setattr("poytakirja.terminal.find_spec", lambda name: None if name == "altair" else object())
    assert command.run(home / "output", home / "x", {"inputs": None, "language": "fi"}) == 2
    assert "report needs altair; install with: pip install 'poytakirja[report]'" in capsys.readouterr().err


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    with browser(tmp_path_factory.mktemp("profile")) as chrome:
        yield chrome


def visit(chrome: WebDriver, place: Path, anchor: str = "") -> None:
    chrome.get("about:blank")
    chrome.get(f"{place.as_uri()}{anchor}")


def seen(chrome: WebDriver, element: WebElement) -> bool:
    """Whether an element stands in the window."""
    inside = "const b = arguments[0].getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight + 1 && b.height > 0"
    return bool(chrome.execute_script(inside, element))


def untroubled(chrome: WebDriver) -> bool:
    """No error, nothing loaded but files, no hostile word heard."""
    loaded = chrome.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in loaded if not name.startswith("file:")] == []
    assert chrome.execute_script("return window.pwned") is None
    assert [entry for entry in chrome.get_log("browser") if entry["level"] == "SEVERE"] == []
    return True


def test_the_overview_draws_itself(home: Path, made: site.Made, chrome: WebDriver) -> None:
    visit(chrome, home / "site" / "index.html")
    WebDriverWait(chrome, 10).until(lambda _: chrome.execute_script("return document.documentElement.dataset.drawn"))
    assert len(chrome.find_elements(By.CSS_SELECTOR, "#timeline-chart .mark-rect path")) > 10
    assert len(chrome.find_elements(By.CSS_SELECTOR, "#money-chart .mark-rect path")) > 3
    assert len(chrome.find_elements(By.CSS_SELECTOR, "#documents tbody tr")) == 7
    assert "<script>window.pwned=1</script>" in chrome.find_element(By.ID, "timeline-chart").text
    assert untroubled(chrome)


def test_projects_sort_and_filter_and_lead_to_their_source(home: Path, made: site.Made, chrome: WebDriver) -> None:
    visit(chrome, home / "site" / "projects.html")

    def column(n: int) -> list[str]:
        return [cell.text for cell in chrome.find_elements(By.CSS_SELECTOR, f"#projects tbody tr > :nth-child({n})")]

    assert len(column(1)) == len(rows(home, "projects"))
    head = chrome.find_element(By.CSS_SELECTOR, '#projects th[data-key="start"] button')
    head.click()
    starts = [row["start"] for row in data(home, "projects") if row["start"]]
    assert [text.split(".")[-1].split("/")[-1] for text in column(4) if text] == [day[:4] for day in sorted(starts)]
    head.click()
    assert chrome.find_element(By.CSS_SELECTOR, "#projects th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert column(4)[-1] == "" or all(column(4))  # what is not told stands last both ways
    chrome.find_element(By.NAME, "search").send_keys("polku pwned")
    assert column(1) == ["><img src=x onerror=window.pwned=2> Polku"]
    assert "search=polku" in chrome.current_url
    chrome.find_element(By.CSS_SELECTOR, "#projects tbody a").click()
    assert chrome.current_url.endswith(f"documents/{document(home, 'hostile<b>&.txt')}.html#p1")
    assert seen(chrome, chrome.find_element(By.CSS_SELECTOR, "#p1 h3"))
    assert seen(chrome, chrome.find_element(By.CSS_SELECTOR, "#pages .chosen"))
    assert untroubled(chrome)


@pytest.mark.parametrize("view", ["image", "text"])
def test_values_and_marks_show_each_other(home: Path, made: site.Made, chrome: WebDriver, view: str) -> None:
    visit(chrome, home / "site" / "documents" / f"{document(home, SAMPLES[1])}.html")
    chrome.find_element(By.CSS_SELECTOR, f'input[name="view"][value="{view}"]').click()
    value = chrome.find_elements(By.CSS_SELECTOR, ".project .k-amount [data-m]")[-1]
    value.click()
    number = value.get_attribute("data-m")
    mark = chrome.find_element(By.CSS_SELECTOR, f'#pages .{view} [data-m~="{number}"]')
    assert "chosen" in (mark.get_attribute("class") or "")
    assert seen(chrome, mark)
    assert chrome.switch_to.active_element == mark
    chrome.switch_to.active_element.send_keys(Keys.ENTER)
    assert chrome.switch_to.active_element.get_attribute("id") == f"v{number}"
    chrome.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert chrome.find_elements(By.CSS_SELECTOR, ".chosen") == []
    assert untroubled(chrome)


def test_marks_lie_over_their_words(home: Path, made: site.Made, chrome: WebDriver) -> None:
    """As the browser lays them out over the page's image, the boxes of a sum or a period hold its surface, letter by letter."""
    name = SAMPLES[1]
    known = document(home, name)
    visit(chrome, home / "site" / "documents" / f"{known}.html")
    chrome.find_element(By.CSS_SELECTOR, 'input[name="view"][value="image"]').click()
    measure = """
      const found = {};
      for (const mark of document.querySelectorAll('.mark:is(.k-amount, .k-period)')) {
        const image = mark.parentElement.getBoundingClientRect(), box = mark.getBoundingClientRect();
        const page = mark.closest('.page').id.slice(5), text = document.getElementById('t' + mark.dataset.m.split(' ')[0]);
        (found[text.id] = found[text.id] || []).push([
          page, (box.left - image.left) / image.width, (box.top - image.top) / image.height,
          (box.right - image.left) / image.width, (box.bottom - image.top) / image.height]);
      }
      return Object.values(found);"""
    held = []
    with pdfplumber.open(ROOT / "samples" / name) as pdf:
        for boxes in chrome.execute_script(measure):
            printed = pdf.pages[int(boxes[0][0]) - 1]
            sides = (printed.width, printed.height, printed.width, printed.height)
            points = [Box(*(share * side for share, side in zip(box[1:], sides, strict=True))) for box in boxes]
            held.append(bare(letters_within(printed, points)))
    surfaces = {
        table: {bare(row["surface"]) for row in rows(home, table) if row["document_id"] == known}
        for table in ("amounts", "periods", "evidence")
    }
    assert len(held) > 20
    assert surfaces["amounts"] | surfaces["periods"] <= set(held) <= set().union(*surfaces.values())


def test_hovering_lights_both(home: Path, made: site.Made, chrome: WebDriver) -> None:
    visit(chrome, home / "site" / "documents" / f"{document(home, SAMPLES[2])}.html")
    value = chrome.find_element(By.CSS_SELECTOR, ".project .k-name [data-m]")
    number = value.get_attribute("data-m")
    over = "arguments[0].dispatchEvent(new MouseEvent(arguments[1], {bubbles: true}))"
    mark = chrome.find_element(By.CSS_SELECTOR, f'#pages [data-m~="{number}"]')
    for one, other in ((value, mark), (mark, value)):
        chrome.execute_script(over, one, "mouseover")
        assert "lit" in (other.get_attribute("class") or "").split()
        chrome.execute_script(over, one, "mouseout")
        assert "lit" not in (other.get_attribute("class") or "").split()


def test_the_language_changes_and_is_remembered(home: Path, made: site.Made, chrome: WebDriver) -> None:
    visit(chrome, home / "site" / "findings.html")
    assert chrome.find_element(By.TAG_NAME, "h1").text == "Huomiot"
    chrome.find_element(By.ID, "language").click()
    assert chrome.find_element(By.TAG_NAME, "h1").text == "Findings"
    visit(chrome, home / "site" / "projects.html")
    assert chrome.find_element(By.TAG_NAME, "h1").text == "Projects"
    assert chrome.execute_script("return document.documentElement.lang") == "en"
    chrome.find_element(By.ID, "language").click()
    assert untroubled(chrome)


def test_the_keyboard_reaches_the_record_first(home: Path, made: site.Made, chrome: WebDriver) -> None:
    visit(chrome, home / "site" / "documents" / f"{document(home, SAMPLES[0])}.html")
    skip = chrome.find_element(By.CSS_SELECTOR, "body > .skip")
    skip.send_keys(Keys.ENTER)
    reached = []
    for _ in range(4):
        chrome.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(chrome.switch_to.active_element.get_attribute("href") or "")
    assert reached[0].endswith("#pages")
    assert "#m" in reached[1]


@pytest.mark.parametrize("name", ["index.html", "projects.html", "findings.html", "documents"])
def test_nothing_is_wider_than_a_narrow_window(home: Path, made: site.Made, chrome: WebDriver, name: str) -> None:
    at = home / "site" / name
    visit(chrome, at if at.suffix else at / f"{document(home, SAMPLES[0])}.html")
    chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        assert chrome.execute_script("return document.documentElement.scrollWidth") <= 400
    finally:
        chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_address_keeps_filters_order_and_page_and_the_back_button_returns(
    home: Path, made: site.Made, chrome: WebDriver
) -> None:
    visit(chrome, home / "site" / "projects.html")
    first = [cell.text for cell in chrome.find_elements(By.CSS_SELECTOR, "#projects tbody th")]
    chrome.find_element(By.CSS_SELECTOR, '#projects th[data-key="start"] button').click()
    assert ".sort=start" in chrome.current_url
    chrome.back()
    assert [cell.text for cell in chrome.find_elements(By.CSS_SELECTOR, "#projects tbody th")] == first
    chrome.find_element(By.NAME, "search").send_keys("ei mitään tällaista")
    assert labels()["fi"]["ui.no_rows"] in chrome.find_element(By.ID, "projects-count").text
    chrome.find_element(By.ID, "language").click()
    assert chrome.title == "Projects – Projects in the minutes"
    chrome.find_element(By.ID, "language").click()


def test_every_finding_has_a_finnish_name_and_errors_come_first(home: Path, made: site.Made) -> None:
    assert [code for code in CODES if labels()["fi"][f"finding.{code}"] == labels()["en"][f"finding.{code}"]] == []
    order = [("error", "warning", "info").index(row["severity"]) for row in data(home, "findings")]
    assert order == sorted(order)
