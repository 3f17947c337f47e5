"""The page on which people review: who may ask it, what comes first, and that what was decided is kept whatever happens."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from browser import browser
from runs import rows, wait_until
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from poytakirja.archive import run as batch
from poytakirja.archive.run import Options
from poytakirja.corrections import store
from poytakirja.report.labels import labels
from poytakirja.review.queue import queue, score
from poytakirja.review.session import Session

MINUTES = """Kaislarannan kaupunki                 Pöytäkirja        3/2024

Sivistyslautakunta                     14.3.2024

§ 21 Hankkeiden tilanne

Meneillään olevat hankkeet:

1) Kotiseutu <b>soimaan</b> (EAKR) 1.2.2023-31.1.2025. Kustannusarvio 82 000 euroa, kaupungin omarahoitusosuus 8 200 euroa.
2) Rantaraitin digipolku (OKM) 1.1.2024-31.12.2024. Kustannusarvio 40 000 euroa, myönnetty avustus 48 000 euroa.
3) Nuorten paja (ESR) 2023-2025. Kokonaiskustannukset 120 000 euroa.
"""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "maaliskuu <img src=x onerror=alert(1)>.txt").write_text(MINUTES)
    batch.run([str(tmp_path / "in")], tmp_path / "out", Options())
    return tmp_path / "out"


@contextmanager
def served(output: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The page being served; its address, and the process."""
    run = [sys.executable, "-m", "poytakirja", "review", str(output), *words]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().removeprefix("Review: ").strip()
        try:
            yield address, process
        finally:
            process.kill()


@pytest.fixture
def page(output: Path, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with browser(tmp_path / "profile") as chrome, served(output) as (address, _):
        chrome.get(address)
        wait_until(lambda: chrome.find_elements(By.CSS_SELECTOR, "#sheet pre"))
        yield chrome


def press(page: webdriver.Chrome, key: str) -> None:
    """A key pressed while nothing is being typed, and what it does waited for."""
    page.find_element(By.ID, "card").send_keys(key)


def current(page: webdriver.Chrome) -> str:
    return page.find_element(By.CSS_SELECTOR, "#queue button[aria-current]").get_attribute("data-id") or ""


def lines(output: Path) -> list[store.Correction]:
    return list(store.load(output / store.NAME).lines)


# ---------------------------------------------------------------- what comes first


def test_doubts_and_money_come_first(output: Path) -> None:
    found = queue(output)
    assert [e["score"] for e in found] == sorted((e["score"] for e in found), reverse=True)
    assert {e["project"] for e in found[:4]} == {"Rantaraitin digipolku"}, "its grant is above its total"
    assert score(0.6, [], Decimal(100_000)) > score(0.6, [], Decimal(100)) > score(0.95, [], Decimal(100))


# ---------------------------------------------------------------- who may ask


def ask(address: str, path: str = "", given: Any = None, **headers: str) -> int:
    """The status of an answer."""
    data = None if given is None else json.dumps(given).encode()
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_only_the_page_itself_may_ask(output: Path) -> None:
    with served(output) as (address, process):
        host = re.sub(r"^http://([^/]+)/.*", r"\1", address)
        assert ask(address) == 200
        assert ask(address, "queue") == 200
        assert ask(f"http://{host}/", "queue") == 403, "no token"
        assert ask(address[:-3] + "xx/", "queue") == 403, "another token"
        assert ask(address, "queue", Host="evil.example") == 403, "a name that was made to lead here"
        assert ask(address, "undo", {}, Origin="http://evil.example") == 403, "another page"
        assert ask(address, "decide", {"ids": ["a"], "action": "confirm"}, **{"Content-Type": "text/plain"}) == 415
        assert ask(address, "decide", {"ids": ["a"], "action": "confirm"}) == 422
        assert ask(address, "decide", {"x": "y" * 100_000}) == 413
        assert ask(address, "decide", [1]) == 400
        assert ask(address, "assets/..%2Fserver.py") == 404
        with urllib.request.urlopen(address) as answer:
            policy = answer.headers["Content-Security-Policy"]
            html = answer.read().decode()
        assert "default-src 'none'" in policy
        assert "http://" not in html.replace(address, "")
        assert "https://" not in html
        listening = Path(f"/proc/{process.pid}/net/tcp")
        port = f"{int(host.rpartition(':')[2]):04X}"
        if listening.exists():
            here = [line.split()[1] for line in listening.read_text().splitlines()[1:] if line.split()[3] == "0A"]
            assert [one for one in here if one.endswith(f":{port}")] == [f"0100007F:{port}"], "loopback alone"


# ---------------------------------------------------------------- at work


def test_accept_edit_reject_and_undo_by_keys(page: webdriver.Chrome, output: Path) -> None:
    first = current(page)
    page.find_element(By.ID, "by").send_keys("Kaija", Keys.TAB)
    press(page, "a")
    wait_until(lambda: current(page) != first)
    assert [(line.action, line.by) for line in lines(output)] == [("confirm", "Kaija")]
    entry = page.find_element(By.CSS_SELECTOR, '#queue button[data-id$="grant_eur"]')
    entry.click()
    wait_until(lambda: current(page).endswith("grant_eur"))
    press(page, "e")
    field = page.find_element(By.ID, "value")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("paljon")
    wait_until(lambda: field.get_attribute("aria-invalid") == "true")
    assert page.find_element(By.ID, "why").text == labels()["fi"]["review.bad_sum"]
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("28 000", Keys.ENTER)
    wait_until(lambda: len(lines(output)) == 2)
    wait_until(lambda: [r for r in rows(output, "projects") if r["grant_eur"] == Decimal("28000.00")])
    wait_until(lambda: not current(page).endswith("grant_eur"))
    press(page, "x")
    wait_until(lambda: len(lines(output)) == 3)
    assert lines(output)[-1].action == "reject"
    press(page, "u")
    wait_until(lambda: len(lines(output)) == 2)
    press(page, "?")
    assert page.find_element(By.ID, "keys").is_displayed()
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE" and "422" not in entry["message"]] == []


def test_names_are_words_and_never_markup(page: webdriver.Chrome) -> None:
    assert not page.find_elements(By.CSS_SELECTOR, "#queue b, #card b, #card img, #sheet b")
    assert "<img src=x" in page.find_element(By.ID, "where").text


def test_a_reload_and_a_second_reviewer_see_what_was_decided(page: webdriver.Chrome, output: Path) -> None:
    press(page, "a")
    wait_until(lambda: len(lines(output)) == 1)
    decided = f"{lines(output)[0].row}|{lines(output)[0].field}"
    address = page.current_url
    page.switch_to.new_window("tab")
    page.get(address)
    wait_until(lambda: page.find_elements(By.CSS_SELECTOR, "#queue button"))
    assert not page.find_elements(By.CSS_SELECTOR, f'#queue button[data-id="{decided}"]')
    page.find_element(By.NAME, "all").click()
    wait_until(lambda: page.find_elements(By.CSS_SELECTOR, f'#queue button.decided[data-id="{decided}"]'))


def test_filters_and_the_other_language(page: webdriver.Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, '[name="funds"] option[value="ESR"]').click()
    wait_until(lambda: {e.text for e in page.find_elements(By.CSS_SELECTOR, "#queue strong")} == {"Nuorten paja"})
    page.find_element(By.NAME, "search").send_keys("ei mitään")
    wait_until(lambda: page.find_element(By.ID, "shown").text == labels()["fi"]["review.nothing"])
    page.find_element(By.ID, "language").click()
    assert page.title == labels()["en"]["review.title"]


def test_a_missed_project_is_added_by_marking_text(page: webdriver.Chrome, output: Path) -> None:
    page.execute_script(
        "const text = document.querySelector('#sheet pre').firstChild; const at = text.data.indexOf('Sivistyslautakunta');"
        "getSelection().setBaseAndExtent(text, at, text, at + 18);"
    )
    page.find_element(By.ID, "add").click()
    name = page.find_element(By.CSS_SELECTOR, '#new [name="project_name"]')
    assert name.get_attribute("value") == "Sivistyslautakunta"
    name.send_keys("n lukuhanke", Keys.ENTER)
    wait_until(
        lambda: [r for r in rows(output, "projects") if r["project_name"] == "Sivistyslautakunnan lukuhanke"] or lines(output)
    )
    assert lines(output)[0].action == "add"


def test_a_killed_server_has_lost_nothing(output: Path, tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as chrome, served(output) as (address, process):
        chrome.get(address)
        wait_until(lambda: chrome.find_elements(By.CSS_SELECTOR, "#queue button"))
        press(chrome, "a")
        wait_until(lambda: chrome.find_element(By.ID, "said").text)
        process.send_signal(signal.SIGKILL)
        process.wait()
        press(chrome, "a")
        wait_until(lambda: labels()["fi"]["review.no_server"] == chrome.find_element(By.ID, "said").text)
    assert len(lines(output)) == 1
    session = Session(output)
    assert [e for e in session.queue()["entries"] if e["decided"]]
    assert [row["status"] for row in rows(output, "corrections")] == ["applied"]


def test_the_page_fits_a_narrow_screen_and_every_control_has_a_name(page: webdriver.Chrome) -> None:
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 420, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    nameless = page.execute_script(
        "return [...document.querySelectorAll('button, input, select')].filter((e) => !e.hidden && e.type !== 'hidden' &&"
        " !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length))).map((e) => e.outerHTML)"
    )
    assert nameless == []
