"""The pages made from the code: nothing of the examples is lost in Markdown, and blocks go where they belong."""

from __future__ import annotations

import importlib
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from poytakirja.cli.main import app
from poytakirja.tables.schema import TABLES

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "docs"))
MADE_BY = ("accuracy_page", "blocks", "generate", "pictures", "rules_page")
accuracy_page, blocks, generate, pictures, rules_page = map(importlib.import_module, MADE_BY)

MARKDOWN = MarkdownIt("commonmark").enable("table")


def spans(markdown: str) -> Iterator[tuple[str, str]]:
    """The kinds and contents of what stands in lines: text, code_inline."""
    for token in MARKDOWN.parse(markdown):
        for child in token.children or ():
            yield child.type, child.content


def codes(markdown: str) -> list[str]:
    return [content for kind, content in spans(markdown) if kind == "code_inline"]


def words(value: Any) -> Iterator[str]:
    """Every string inside a value of an examples file, what is said in prose aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from words(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from words(one) if key not in ("why", "reason") else ()


def spelled(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# ---------------------------------------------------------------- docs/rules.md


@pytest.mark.parametrize("path", sorted(rules_page.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_stands_on_the_page(path: Path) -> None:
    examples = tomllib.loads(path.read_text(encoding="utf-8"))
    shown = "\n".join(codes(rules_page.rules_page()))
    assert [text for text in words(examples) if spelled(text) not in shown] == []


def test_whatever_shape_a_group_has_it_is_shown() -> None:
    group = {
        "rule": ["a.b", "c.d"],
        "why": "- First *things* first.\nThen | the <rest>.",
        "value": [["Silta | ry", "partner"]],
        "text": ["x | y", ""],
        "pairs": [["a | b", "", 3], ["short"]],
        "todo": [{"text": "later", "value": "v", "reason": "not *yet*"}, "plain"],
        "new_key": {"deep": [1, "one"]},
    }
    markdown = "\n\n".join(rules_page._group(group))
    shown = codes(markdown)
    expected = [
        "a.b",
        "c.d",
        '[["Silta | ry", "partner"]]',
        "x | y",
        "a | b",
        "3",
        "short",
        "later",
        "v",
        "plain",
        '{"deep": [1, "one"]}',
    ]
    assert [text for text in expected if text not in shown] == []
    text = "".join(content for kind, content in spans(markdown) if kind == "text")
    assert "First *things* first. Then | the <rest>." in text
    assert "not *yet*" in text
    assert MARKDOWN.render(markdown).count("<td") == 6


@given(st.text(alphabet=st.characters(exclude_characters="\\"), min_size=1))
def test_code_shows_a_text_as_it_is(text: str) -> None:
    code = rules_page.code(text)
    assert codes(code) == [spelled(text)]
    assert codes(f"| a | b |\n| :-- | :-- |\n| {rules_page.cell(code)} | c |") == [spelled(text)]


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_prose_has_no_markup(text: str) -> None:
    tokens = list(spans(rules_page.prose(text)))
    assert {kind for kind, _ in tokens} <= {"text", "text_special"}
    assert "".join(content for _, content in tokens) == " ".join(text.split())


# ---------------------------------------------------------------- docs/mapping.md, docs/notebook


def test_every_column_of_the_mapping_is_there() -> None:
    named = re.findall(r"`([a-z]+(?:_[a-z]+)*)\.([a-z_0-9]+)`", (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8"))
    known = {(table.name, c.name) for table in TABLES.values() for c in table.columns}
    assert len(named) > 50
    assert set(named) <= known


def test_the_mapping_has_every_point_of_the_list_of_operations() -> None:
    points = re.findall(r"^\| \((.)\) \|", (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert "".join(points) == "abcdefghijklmn"


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "notebook").glob("hank*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_speaks_two_languages_and_tells_of_no_machine(path: Path) -> None:
    """That it runs and is current is tested with the other generated pages."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    headings = [line for cell in cells if cell["cell_type"] == "markdown" for line in cell["source"] if line.startswith("#")]
    assert len(headings) >= 7
    assert [heading for heading in headings if " / " not in heading] == []
    shown = json.dumps([cell.get("outputs") for cell in cells if cell["cell_type"] == "code"])
    assert [place for place in ("/home/", "/root/", "/tmp/", str(ROOT)) if place in shown] == []
    assert '"stderr"' not in shown


# ---------------------------------------------------------------- blocks and the accuracy pages


def test_a_block_is_filled_and_stays_where_only_the_day_differs() -> None:
    page = "<!-- a: b -->\n<!-- /a: b -->\n<!-- c -->\nkept\n<!-- /c -->"
    first = blocks.filled(page, "a: b", r"2026-01-02 with version 1: \1 0.9")
    assert first == page.replace("-->\n<!-- /a", "-->\n2026-01-02 with version 1: \\1 0.9\n<!-- /a")
    assert blocks.filled(first, "a: b", r"2026-03-04 with version 1: \1 0.9") == first
    assert "2026-03-04 with version 1: 0.8" in blocks.filled(first, "a: b", "2026-03-04 with version 1: 0.8")
    assert blocks.block(first, "c") == "kept"
    with pytest.raises(SystemExit, match="no <!-- d -->"):
        blocks.filled(page, "d", "x")


@pytest.mark.parametrize("corpus", accuracy_page.CORPORA, ids=lambda corpus: corpus.name)
def test_the_readme_has_every_table_of_the_accuracy_page(corpus: Any) -> None:
    figures = blocks.block((ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8"), f"accuracy: {corpus.name}")
    tables = list(accuracy_page._tables(corpus, figures))
    assert len(tables) == figures.count("| field |") > 0
    assert all("entry" in table.fields and "micro F1" in table.closing and table.measured for table in tables)


def test_the_readme_has_every_row_of_the_peers() -> None:
    figures = blocks.block((ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8"), "peers")
    rows = list(accuracy_page._PEER.finditer(figures))
    assert len(rows) == sum(figures.count(f"| {who}: ") for who in ("poytakirja", "dateparser", "price-parser")) > 0
    assert {row["corpus"] for row in rows} <= {corpus.title for corpus in accuracy_page.CORPORA}


# ---------------------------------------------------------------- pictures


def test_the_pictures_show_each_stage_and_each_table() -> None:
    source = pictures.PIPELINE.read_text(encoding="utf-8")
    assert len(pictures.stages(source)) >= 5
    assert all(words in pictures.pipeline_picture("") for words in pictures.stages(source))
    assert all(f">{name}</text>" in pictures.tables_picture("") for name in TABLES)


@pytest.mark.parametrize("name", ["pipeline.svg", "tables.svg"])
def test_the_pictures_are_current(name: str) -> None:
    path, make = generate.PAGES[name]
    assert path.read_text(encoding="utf-8") == make("")


# ---------------------------------------------------------------- commands

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


def commands(page: Path) -> Iterator[list[str]]:
    """The command lines of a page, and what its help pages give as examples."""
    for line in re.sub(r"\\\n\s*", "", page.read_text(encoding="utf-8")).splitlines():
        if m := re.match(r"(?:    |  )(?:[A-Z_]+=\S+ )?poytakirja (?P<words>.+)", line):
            yield shlex.split(m["words"].replace("…", "x"), comments=True)


@pytest.mark.parametrize(("page", "words"), [(p.name, words) for p in PAGES for words in commands(p)], ids=str)
def test_a_command_of_the_docs_is_understood(page: str, words: list[str]) -> None:
    command = typer.main.get_command(app)
    context = command.make_context("poytakirja", ["--help"], resilient_parsing=True)
    while hasattr(command, "commands"):
        word, *words = words
        command = command.get_command(context, word)
        assert command is not None, f"{page}: {word} is no command"
    command.make_context("x", words)  # raises where an option or an argument is not known


# ---------------------------------------------------------------- CONTRIBUTING.md


def test_contributing_names_only_what_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:rules|extract|tests|samples)/[\w./-]*)`", text))
    assert len(named) >= 15
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
