"""What the site needs beside docs/: two pages from the root, links that lead out of it as plain words, a nav of what is there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

DOCS = Path(__file__).parent
ROOT = DOCS.parent
FROM_ROOT = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
_CELL_CODE = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^()\s]+)\)")


def on_config(config: Any) -> Any:
    """Leave out of the nav what is not there."""
    docs = Path(config["docs_dir"])
    config["nav"] = _present(config["nav"], docs)
    return config


def _present(entry: Any, docs: Path) -> Any:
    if isinstance(entry, list):
        return [kept for one in entry if (kept := _present(one, docs))]
    if isinstance(entry, dict):
        return {title: kept for title, place in entry.items() if (kept := _present(place, docs))}
    return entry if entry in FROM_ROOT.values() or (docs / entry).exists() else None


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that stand in the root."""
    for name, page in FROM_ROOT.items():
        files.append(File.generated(config, page, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A page whose links lead to the site's pages; what is no page of it stays as words."""
    at = page.file.src_uri
    here = ROOT if at in FROM_ROOT.values() else (DOCS / at).parent
    return _LINK.sub(lambda m: _link(m, here, posixpath.dirname(at)), markdown)


def on_page_content(html: str, **_: Any) -> str:
    """A bar in the code of a table's cell: Markdown writes it with a backslash, which this Markdown leaves there."""
    return _CELL_CODE.sub(lambda m: m.group().replace(r"\|", "|"), html)


def _link(match: re.Match[str], here: Path, folder: str) -> str:
    """A link of a page whose file stands ``here`` and that is in ``folder`` of the site."""
    words, target = match.groups()
    path, mark, anchor = target.partition("#")
    place = (here / path).resolve()
    if not path or "://" in path or not place.exists():  # what leads nowhere, mkdocs refuses
        return match.group()
    if place.parent == ROOT and place.name in FROM_ROOT:
        page = FROM_ROOT[place.name]
    elif DOCS in place.parents and place.is_file() and place.suffix != ".py":
        page = place.relative_to(DOCS).as_posix()
    else:
        return words
    return f"[{words}]({posixpath.relpath(page, folder or '.')}{mark}{anchor})"
