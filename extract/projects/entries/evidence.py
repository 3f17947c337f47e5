"""What speaks for and against each candidate (todisteet): named numbers, computed for all candidates of a scope at once.

``evidence(scope, candidates, mentions)`` gives a matrix, a row per candidate and a column per name in ``NAMES``. No number decides
by itself; the trees weigh them (score.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from poytakirja.outline.units import Unit
from poytakirja.projects.entries.generate import KINDS, Candidate, Scope
from poytakirja.projects.facts import Mentions, Places
from poytakirja.rules.layout import headings
from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.projects import field_labels, item_titles, name_in_text, signs

Column = npt.NDArray[np.float64]

FACTS = ("duration", "range", "date", "total", "share sum", "grant sum", "plain sum", "other sum", "unit sum", "payer", "vague payer", "name")
COUNTED = (*FACTS, *signs.SIGN_KINDS)
_SHARED = ("duration", "range", "any sum", "payer", "name", "project", "two facts", "otherwise", "decides")
_HEAD = (
    "head length", "head is heading", "head ends sentence", "head ends colon", "head has digits", "head capitals", "head title case", "head begins with name",
    "head is person", "head is subheading", "head is known label", "head announces", "head verb", "head otherwise", "head named", "head bold", "head comma",
    "head words", "head funder first",
)  # fmt: skip
_ABOVE = ("above announces", "above otherwise", "above notices", "above decides", "above project", "above is heading", "above colon", "above grant", "above distance")
_TITLE = (
    "title exists", "title one project", "title many", "title may", "title notices", "title otherwise", "title announces", "title length", "title dashed",
    "title works", "title grant", "title decides", "title post", "title property", "title purchase", "title budget", "title meeting", "title programme", "title project",
)  # fmt: skip
_SHAPE = (
    "length", "units", "rows", "chars per row", "labels", "known labels", "telling labels", "markers inside", "headings inside", "sentences",
    "digits share", "first place", "share of scope", "scope units", "scope length", "inside part", "after part decision", "gap above", "gap below", "ends sentence",
    "next begins same", "indent", "columns", "row filled", "row sum", "grid labels", "grid telling", "grid rows", "grid numbers", "grid name label", "group heading", "item kind doc",
    "marker number", "marker letter", "marker bullet",
)  # fmt: skip
_PER = ("nested durations", "nested names", "nested sums")
NAMES: tuple[str, ...] = (
    *(f"is {kind}" for kind in KINDS),
    *(f"n {kind}" for kind in COUNTED),
    "any sum", "two facts", "facts", "facts per length",
    *(f"far {kind}" for kind in ("name", "project", "duration", "payer", "any sum", "otherwise", "decides")),
    *(f"scope {kind}" for kind in ("duration", "any sum", "payer", "name", "project", "otherwise", "meeting", "appeal")),
    "group size", "group place", *(f"group {kind}" for kind in _SHARED),
    *_HEAD, *_ABOVE, *_TITLE, *_SHAPE, *_PER,
)  # fmt: skip

_SUMS = ("total", "share sum", "grant sum", "plain sum", "other sum")
_SUBHEADING = regex.compile(
    r"(?i)\W*(?:hankkeen\s+|projektin\s+)?(?:kuvaus|toteutus|tausta\w*|tavoit\w+|aikataulu|rahoitus\w*|kustannu\w+|budjetti|toimenpit\w+|tulokset|johtopäät\w+|yhteenveto|"
    r"perustelut|perustelu|selostus|asian\s+\w+|lisätie\w+|hakija|hakijat|toteuttaja\w*|hyöty\w*|vaikut\w+|ohjausryhmä|organisointi|riskit|liitteet|johdanto|"
    r"bakgrund|mål|syfte|tidtabell|finansiering|kostnader|resultat|jakelu|ote|sammanfattning)\W*"
)


def evidence(scope: Scope, found: Sequence[Candidate], known: Mentions) -> npt.NDArray[np.float64]:
    """The matrix of evidence of some candidates of one scope."""
    starts = np.array([c.start for c in found], dtype=np.int64)
    ends = np.array([c.end for c in found], dtype=np.int64)
    known = _with_sums(known)
    columns: dict[str, Column] = {f"is {kind}": np.array([float(kind in c.kinds) for c in found]) for kind in KINDS}
    for kind in COUNTED:
        columns[f"n {kind}"] = known.count(kind, starts, ends)
    _weigh_facts(columns, known, starts, ends)
    _scope(columns, known, scope, len(found))
    _groups(columns, found)
    _texts(columns, scope, found)
    _shapes(columns, scope, found, ends - starts)
    return np.stack([columns[name] for name in NAMES], axis=1)


def _with_sums(known: Mentions) -> Mentions:
    every = [places for kind in _SUMS if (places := known.places.get(kind)) is not None]
    return Mentions(known.found, {**known.places, "any sum": np.sort(np.concatenate(every))} if every else known.places)


def _weigh_facts(columns: dict[str, Column], known: Mentions, starts: Places, ends: Places) -> None:
    columns["any sum"] = known.count("any sum", starts, ends)
    present = [columns["n duration"] > 0, columns["any sum"] > 0, (columns["n payer"] > 0) | (columns["n vague payer"] > 0)]
    facts = np.sum(present, axis=0).astype(np.float64)
    columns["facts"], columns["two facts"] = facts, (facts >= 2).astype(np.float64)
    columns["facts per length"] = 1000 * (columns["n duration"] + columns["any sum"] + columns["n payer"]) / np.maximum(ends - starts, 40)
    for kind in ("name", "project", "duration", "payer", "any sum", "otherwise", "decides"):
        columns[f"far {kind}"] = np.minimum(known.distance(kind, starts, ends), 2000)
    columns["nested durations"] = columns["n range"] + columns["n duration"]
    columns["nested names"] = columns["n name"] / np.maximum(columns["n project"], 1)
    columns["nested sums"] = columns["n total"]


def _scope(columns: dict[str, Column], known: Mentions, scope: Scope, size: int) -> None:
    start, end = np.array([scope.lines[0].start]), np.array([scope.lines[-1].end])
    for kind in ("duration", "any sum", "payer", "name", "project", "otherwise", "meeting", "appeal"):
        columns[f"scope {kind}"] = np.repeat(known.count(kind, start, end), size)


def _groups(columns: dict[str, Column], found: Sequence[Candidate]) -> None:
    """How many a candidate stands among, its place, and the shares of them that have a fact."""
    ids: dict[str, int] = {}
    group = np.array([ids.setdefault(c.group, len(ids)) for c in found])
    sizes = np.bincount(group, minlength=len(ids)).astype(np.float64)
    columns["group size"] = sizes[group]
    order = np.zeros(len(found))
    seen = dict.fromkeys(range(len(ids)), 0)
    for n, g in enumerate(group.tolist()):
        order[n] = seen[g]
        seen[g] += 1
    columns["group place"] = order
    for kind in _SHARED:
        present = (columns[kind if kind in columns else f"n {kind}"] > 0).astype(np.float64)
        columns[f"group {kind}"] = (np.bincount(group, present, minlength=len(ids)) / sizes)[group]


# ---------------------------------------------------------------- words at the beginning, above and in the title


def _texts(columns: dict[str, Column], scope: Scope, found: Sequence[Candidate]) -> None:
    heads = np.array([_head_of(scope, c) for c in found], dtype=np.float64)
    columns.update({name: heads[:, n] for n, name in enumerate(_HEAD)})
    by_unit: dict[int, tuple[float, ...]] = {}
    above = np.array([by_unit.get(c.first) or by_unit.setdefault(c.first, _above(scope, c.first)) for c in found])
    columns.update({name: above[:, n] for n, name in enumerate(_ABOVE)})
    title = _title(scope.item.title if scope.item and scope.item.title else "")
    columns.update({name: np.full(len(found), title[n]) for n, name in enumerate(_TITLE)})


def _head_of(scope: Scope, c: Candidate) -> tuple[float, ...]:
    unit = scope.units[c.first]
    if c.row is not None:
        first = c.row.cells[_name_column(c)].text
        return _head(first, heading=False, bold=False)
    text = unit.text if c.kind not in ("sentences", "clause") else scope.document.text[c.start : min(c.end, c.start + 200)]
    return _head(text[:160], heading=unit.is_heading and c.start == unit.start, bold=unit.lines[0].bold)


def _name_column(c: Candidate) -> int:
    """The column of names: the one with such a label, else the first one that holds words."""
    assert c.row is not None and c.grid is not None
    labelled = next((n for n, label in c.grid.labels.items() if label.field == "name" and n in c.row.cells), None)
    if labelled is not None:
        return labelled
    worded = (n for n, cell in sorted(c.row.cells.items()) if sum(map(str.isalpha, cell.text)) >= 4)
    return next(worded, min(c.row.cells))


@lru_cache(maxsize=1 << 13)
def _head(text: str, *, heading: bool, bold: bool) -> tuple[float, ...]:
    text = " ".join(text.split())
    words = text.split()
    sentence = regex.split(r"[.!?;]\s", text, maxsplit=1)[0]
    letters = [c for c in text[:60] if c.isalpha()]
    begins = name_in_text.name_signs(text)
    label = field_labels.split_label(text)
    person = len(words) >= 2 and is_given(words[0].strip(",.")) and words[1][:1].isupper()
    return (
        float(len(sentence)), float(heading), float(text.endswith(".")), float(text.endswith(":")), float(any(map(str.isdigit, text[:60]))),
        sum(map(str.isupper, letters)) / max(len(letters), 1), sum(w[0].isupper() for w in words[:6]) / max(min(len(words), 6), 1),
        float(begins[0][0] if begins else 999), float(person), float(_SUBHEADING.fullmatch(text) is not None),
        float(label is not None) + float(label is not None and label[0].field == "name"), float(signs.is_project_heading(text)),
        float(name_in_text.starts_with_verb_phrase(text[:80])), float(signs.is_not_a_project(text)), float(name_in_text.named_in_sentence(text) is not None),
        float(bold), float(text.find(",") if 0 <= text.find(",") else 200), float(len(words)), float(headings.find(text) is not None),
    )  # fmt: skip


def _above(scope: Scope, n: int) -> tuple[float, ...]:
    """The nearest heading or lead-in above a unit."""
    own = scope.units[n]
    for m in range(n - 1, max(-1, n - 40), -1):
        unit = scope.units[m]
        if unit.is_heading and not unit.marker or unit.text.endswith(":"):
            if own.is_heading and unit.is_heading and not _announces(unit.text):
                continue
            return (*_lead(unit.text[-300:]), float(unit.is_heading), float(unit.text.endswith(":")), *_lead_grant(unit.text[-300:]), float(n - m))
    return (0.0,) * len(_ABOVE)


@lru_cache(maxsize=1 << 12)
def _announces(text: str) -> bool:
    return signs.is_project_heading(text)


@lru_cache(maxsize=1 << 12)
def _lead(text: str) -> tuple[float, ...]:
    return (
        float(signs.announces_projects(text)) + float(signs.is_project_heading(text)), float(signs.lists_otherwise(text)), float(signs.lists_notices(text)),
        float(signs.decides_on_projects(text)), float(signs.mentions_project(text)),
    )  # fmt: skip


@lru_cache(maxsize=1 << 12)
def _lead_grant(text: str) -> tuple[float]:
    return (float(any(kind in ("grant", "granted", "applied", "investment", "works") for _, kind in signs.find_signs(text))),)


@lru_cache(maxsize=1 << 10)
def _title(text: str) -> tuple[float, ...]:
    kinds = {kind for _, kind in signs.find_signs(text)}
    tests: list[Callable[[str], bool]] = [
        bool, item_titles.titles_project, item_titles.titles_many, item_titles.may_title_project, signs.lists_notices, signs.is_not_a_project,
        signs.announces_projects,
    ]  # fmt: skip
    words = ("works", "grant", "decides", "post", "property", "purchase", "budget", "meeting", "programme", "project")
    return (*(float(test(text)) for test in tests), float(len(text)), float(item_titles.names_project(text)), *(float(word in kinds) for word in words))


# ---------------------------------------------------------------- shape


def _shapes(columns: dict[str, Column], scope: Scope, found: Sequence[Candidate], lengths: Places) -> None:
    units = scope.units
    sums = {name: np.concatenate([[0.0], np.cumsum([count(u) for u in units])]) for name, count in _COUNTS.items()}
    first, last = np.array([c.first for c in found]), np.array([c.last for c in found])
    for name, total in sums.items():
        columns[name] = total[last] - total[first]
    columns["length"] = np.minimum(lengths, 20000).astype(np.float64)
    columns["units"] = (last - first).astype(np.float64)
    columns["chars per row"] = columns["length"] / np.maximum(columns["rows"], 1)
    total_length = scope.lines[-1].end - scope.lines[0].start
    columns["first place"] = first / max(len(units), 1)
    columns["share of scope"] = lengths / max(total_length, 1)
    columns["scope units"], columns["scope length"] = np.full(len(found), float(len(units))), np.full(len(found), float(total_length))
    parts = _parts(units)
    rest = np.array([_edges(scope, c, parts) for c in found], dtype=np.float64)
    columns.update({name: rest[:, n] for n, name in enumerate(_EDGES)})
    tables = np.array([_table(scope, c) for c in found], dtype=np.float64)
    columns.update({name: tables[:, n] for n, name in enumerate(_TABLE)})


_COUNTS: dict[str, Callable[[Unit], float]] = {
    "rows": lambda u: float(len(u.lines)),
    "labels": lambda u: float(u.label is not None),
    "known labels": lambda u: float(_field(u) is not None),
    "telling labels": lambda u: float(_field(u) in field_labels.TELLING),
    "markers inside": lambda u: float(u.marker is not None),
    "headings inside": lambda u: float(u.is_heading),
    "sentences": lambda u: float(u.text.count(". ") + u.text.endswith(".")),
    "digits share": lambda u: float(sum(map(str.isdigit, u.text))),
}
_EDGES = (
    "inside part", "after part decision", "gap above", "gap below", "ends sentence", "next begins same", "indent", "item kind doc", "marker number",
    "marker letter", "marker bullet",
)  # fmt: skip
_TABLE = ("columns", "row filled", "row sum", "grid labels", "grid telling", "grid rows", "grid numbers", "grid name label", "group heading")


def _field(unit: Unit) -> str | None:
    known = field_labels.field_of(unit.label) if unit.label else None
    return known.field if known else None


def _parts(units: Sequence[Unit]) -> list[tuple[float, float]]:
    """For each unit whether it stands in a part of the item under a heading, and whether that is a proposal or a decision."""
    out, part = [], ""
    for unit in units:
        part = unit.part or part
        out.append((float(bool(part)), float(part in ("proposal", "decision", "counter", "appeal", "appeal_guide"))))
    return out


def _edges(scope: Scope, c: Candidate, parts: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    units = scope.units
    first, behind = units[c.first], units[c.last] if c.last < len(units) else None
    alike = behind is not None and (behind.is_heading == first.is_heading) and ((behind.marker is None) == (first.marker is None))
    marker = first.marker if c.kind != "row" else None
    return (
        *parts[c.first], float(first.gap_above), float(behind is None or behind.gap_above), float(scope.document.text[c.end - 1 : c.end] in ".!?"),
        float(alike), first.lines[0].x0, float(scope.item is None), float(marker is not None and marker.style not in ("bullet", "letter")),
        float(marker is not None and marker.style == "letter"), float(marker is not None and marker.style == "bullet"),
    )  # fmt: skip


def _table(scope: Scope, c: Candidate) -> tuple[float, ...]:
    if c.row is None or c.grid is None:
        return (0.0,) * len(_TABLE)
    fields = {label.field for label in c.grid.labels.values()}
    numbers = sum(cell.text[:1].isdigit() for row in c.grid.rows for cell in row.cells.values())
    return (
        float(c.grid.columns), float(len(c.row.cells)), float(c.row.is_sum), float(len(fields)), float(len(fields & field_labels.TELLING)), float(len(c.grid.rows)),
        numbers / max(len(c.grid.rows), 1), float("name" in fields), float(c.row.group is not None),
    )  # fmt: skip
