"""The pages as a site: built strictly, whole, and without a network; the page of commands says what the commands say."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import browser
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from poytakirja import __version__

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "docs"))
generate = importlib.import_module("generate")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site. Strict: a link or an anchor that leads nowhere, or a page that the nav lacks, fails."""
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(place)]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return place


class _Loaded(HTMLParser):
    """What a page loads, and the text of its code."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.code: list[str] = []
        self._in_code = False
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in ("script", "img", "iframe") or (tag == "link" and told.get("rel") != "canonical"):
            self.urls.append(told.get("src") or told.get("href") or "")
        self._in_code = tag == "code"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code.append(data)


def test_every_page_is_there(site: Path) -> None:
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} | {"changelog", "contributing"}
    assert pages <= {path.stem for path in site.glob("*.html")}
    assert not list(site.rglob("*.py"))


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert [url for url in _Loaded(page).urls if re.match(r"(?:https?:)?//", url)] == [], page
    for style in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import\s*)[\"']?(?:https?:)?//", style.read_text(encoding="utf-8")), style


def test_examples_stand_on_the_site_as_they_are(site: Path) -> None:
    """Markdown of two makes: what GitHub shows in code, the site shows so too."""
    code = _Loaded(site / "rules.html").code
    assert "STM:n rahoitus" in code
    assert "Lapin liitto / EAKR" in code
    assert "Kunnanhallitus|57||2019-03-12|" in code


def test_the_search_works_from_a_folder(site: Path, tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as chrome:
        chrome.get(f"{site.as_uri()}/index.html")
        chrome.execute_script("document.querySelector('[data-md-toggle=search]').click()")
        chrome.find_element(By.NAME, "query").send_keys("kylärahasto")
        links = (By.CSS_SELECTOR, "a.md-search-result__link")
        found = WebDriverWait(chrome, 20).until(lambda _: chrome.find_elements(*links))
        assert f"{site.as_uri()}/own-rules.html" in str(found[0].get_attribute("href"))
        assert chrome.get_log("browser") == []


def test_the_page_of_commands_is_current() -> None:
    path, make = generate.PAGES["cli.md"]
    assert path.read_text(encoding="utf-8") == make("")


def test_the_changelog_names_the_version() -> None:
    assert re.search(rf"^## .*{re.escape(__version__)}", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
