"""What speaks for and against each candidate (todisteet): named numbers, computed for all candidates of a scope at once.

``evidence(scope, candidates, mentions)`` gives a matrix, a row per candidate and a column per name in ``NAMES``. No number
decides by itself; the trees weigh them (score.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from poytakirja.outline.units import Unit
from poytakirja.projects.entries.generate import KINDS, Candidate, Scope, name_column
from poytakirja.projects.facts import Mentions, Places
from poytakirja.rules.layout import headings
from poytakirja.rules.names.base_form import is_given
from poytakirja.rules.projects import field_labels, item_titles, name_in_text, signs
from poytakirja.rules.projects.name_trimming import continues_entry

Column = npt.NDArray[np.float64]

FACTS = (
    "duration",
    "range",
    "date",
    "total",
    "share sum",
    "grant sum",
    "plain sum",
    "other sum",
    "unit sum",
    "payer",
    "vague payer",
    "name",
)
COUNTED = (*FACTS, *signs.SIGN_KINDS)
_OUTER = ("duration", "any sum", "payer", "name", "project")
_SHARED = ("duration", "range", "any sum", "payer", "name", "project", "two facts", "otherwise", "decides")
_HEAD = (
    "head length", "head is heading", "head ends sentence", "head ends colon", "head has digits", "head capitals",
    "head title case", "head begins with name",
    "head is person", "head is subheading", "head is known label", "head announces", "head verb", "head otherwise",
    "head named", "head continues", "head comma",
    "head words", "head funder first",
)  # fmt: skip
_ABOVE = (
    "above announces",
    "above otherwise",
    "above notices",
    "above decides",
    "above project",
    "above is heading",
    "above colon",
    "above grant",
    "above distance",
)
_TITLE = (
    "title exists", "title one project", "title many", "title may", "title notices", "title otherwise", "title announces",
    "title length", "title dashed",
    "title works", "title grant", "title decides", "title post", "title property", "title purchase", "title budget",
    "title meeting", "title programme", "title project",
)  # fmt: skip
_SHAPE = (
    "length", "units", "labels", "known labels", "telling labels", "markers inside", "headings inside", "sentences",
    "share of scope", "inside part", "after part decision", "ends sentence",
    "next begins same", "columns", "row filled", "row sum", "grid labels", "grid telling", "grid rows", "grid numbers",
    "grid name label", "group heading",
    "marker number", "marker letter", "marker bullet", "behind continues",
)  # fmt: skip
_PER = ("nested durations", "nested names", "nested sums")
NAMES: tuple[str, ...] = (
    *(f"is {kind}" for kind in KINDS if kind != "marker"),
    *(f"n {kind}" for kind in COUNTED),
    "any sum", "two facts", "facts", "facts per length",
    *(f"far {kind}" for kind in ("name", "project", "duration", "payer", "any sum", "otherwise", "decides")),
    *(f"scope {kind}" for kind in _OUTER), *(f"around {kind}" for kind in _OUTER), *(f"first {kind}" for kind in _OUTER),
    *(f"second {kind}" for kind in _OUTER),
    "group size", *(f"group {kind}" for kind in _SHARED),
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
    if not found:
        return np.zeros((0, len(NAMES)))
    starts = np.array([c.start for c in found], dtype=np.int64)
    ends = np.array([c.end for c in found], dtype=np.int64)
    known = _with_sums(known)
    columns: dict[str, Column] = {f"is {kind}": np.array([float(kind in c.kinds) for c in found]) for kind in KINDS}
    for kind in COUNTED:
        columns[f"n {kind}"] = known.count(kind, starts, ends)
    _weigh_facts(columns, known, starts, ends)
    _around(columns, known, scope, found)
    _groups(columns, found)
    _texts(columns, scope, found)
    _shapes(columns, scope, found, ends - starts)
    return np.stack([columns[name] for name in NAMES], axis=1)


_HOPE = ("duration", "payer", "vague payer", "name", "project", "works", "investment", "grant", *_SUMS)


def hopeful(found: Sequence[Candidate], known: Mentions) -> list[Candidate]:
    """The candidates that hold anything that a project has: a fact, a name, a word for it; of lists and tables all but sums."""
    starts = np.array([c.start for c in found], dtype=np.int64)
    ends = np.array([c.end for c in found], dtype=np.int64)
    held = np.sum([known.count(kind, starts, ends) for kind in _HOPE], axis=0) > 0
    listed = [c.kind == "marker" or (c.row is not None and not c.row.is_sum) for c in found]
    return [c for c, holds, kept in zip(found, held, listed, strict=True) if kept or (holds and c.row is None)]


def _with_sums(known: Mentions) -> Mentions:
    every = [places for kind in _SUMS if (places := known.places.get(kind)) is not None]
    return Mentions(known.found, {**known.places, "any sum": np.sort(np.concatenate(every))} if every else known.places)


def _weigh_facts(columns: dict[str, Column], known: Mentions, starts: Places, ends: Places) -> None:
    columns["any sum"] = known.count("any sum", starts, ends)
    present = [columns["n duration"] > 0, columns["any sum"] > 0, (columns["n payer"] > 0) | (columns["n vague payer"] > 0)]
    facts = np.sum(present, axis=0).astype(np.float64)
    columns["facts"], columns["two facts"] = facts, (facts >= 2).astype(np.float64)
    columns["facts per length"] = (
        1000 * (columns["n duration"] + columns["any sum"] + columns["n payer"]) / np.maximum(ends - starts, 40)
    )
    for kind in ("name", "project", "duration", "payer", "any sum", "otherwise", "decides"):
        columns[f"far {kind}"] = np.minimum(known.distance(kind, starts, ends), 2000)
    columns["nested durations"] = columns["n range"] + columns["n duration"]
    columns["nested names"] = columns["n name"] / np.maximum(columns["n project"], 1)
    columns["nested sums"] = columns["n total"]


def _around(columns: dict[str, Column], known: Mentions, scope: Scope, found: Sequence[Candidate]) -> None:
    """What the whole scope, the units that a candidate lies in but it does not take up, and its first two units hold."""
    begins = np.array([unit.start for unit in scope.units] + [scope.units[-1].end], dtype=np.int64)
    first, last = np.array([c.first for c in found]), np.array([c.last for c in found])
    start, end = begins[:1], begins[-1:]
    for kind in _OUTER:
        own = columns[kind if kind == "any sum" else f"n {kind}"]
        columns[f"scope {kind}"] = known.count(kind, start, end) - own
        columns[f"around {kind}"] = np.maximum(known.count(kind, begins[first], begins[last]) - own, 0)
        columns[f"first {kind}"] = known.count(kind, begins[first], begins[first + 1])
        columns[f"second {kind}"] = known.count(
            kind, begins[np.minimum(first + 1, len(begins) - 1)], begins[np.minimum(first + 2, len(begins) - 1)]
        )


def _groups(columns: dict[str, Column], found: Sequence[Candidate]) -> None:
    """How many a candidate stands among, and what share has a fact: of each beginning what its candidates hold at most."""
    ids: dict[str, int] = {}
    firsts: dict[tuple[int, int], int] = {}
    group = np.array([ids.setdefault(c.group, len(ids)) for c in found])
    beginning = np.array([firsts.setdefault((g, c.start), len(firsts)) for g, c in zip(group.tolist(), found, strict=True)])
    of_group = np.zeros(len(firsts), dtype=np.int64)
    of_group[beginning] = group
    sizes = np.bincount(of_group, minlength=len(ids)).astype(np.float64)
    columns["group size"] = np.minimum(sizes[group], 30)
    for kind in _SHARED:
        held = np.zeros(len(firsts))
        np.maximum.at(held, beginning, (columns[kind if kind in columns else f"n {kind}"] > 0).astype(np.float64))
        columns[f"group {kind}"] = (np.bincount(of_group, held, minlength=len(ids)) / sizes)[group]


COMPANY: tuple[str, ...] = (
    "own odds", "group mean", "group most", "group others", "group over half", "group members", "before", "behind",
    "scope most", "scope others", "two facts", "facts",
    *(f"is {kind}" for kind in KINDS if kind != "marker"),
)  # fmt: skip
"""What is weighed a second time: a candidate's own probability and that of its company."""


def company(found: Sequence[Candidate], matrix: npt.NDArray[np.float64], probability: Column) -> npt.NDArray[np.float64]:
    """How probable the other members of a candidate's list, table or run are, of each beginning the most probable one."""
    ids: dict[str, int] = {}
    firsts: dict[tuple[int, int], int] = {}
    group = [ids.setdefault(c.group, len(ids)) for c in found]
    at = np.array([firsts.setdefault((g, c.start), len(firsts)) for g, c in zip(group, found, strict=True)])
    of_group = np.zeros(len(firsts), dtype=np.int64)
    of_group[at] = group
    most = np.zeros(len(firsts))
    np.maximum.at(most, at, probability)
    size = np.bincount(of_group, minlength=len(ids)).astype(np.float64)
    total, over = (
        np.bincount(of_group, most, minlength=len(ids)),
        np.bincount(of_group, (most > 0.4).astype(np.float64), minlength=len(ids)),
    )
    top = np.zeros(len(ids))
    np.maximum.at(top, of_group, most)
    before, behind = np.zeros(len(firsts)), np.zeros(len(firsts))
    last: dict[int, int] = {}
    for n, g in enumerate(of_group.tolist()):
        if g in last:
            before[n], behind[last[g]] = most[last[g]], most[n]
        last[g] = n
    mine = of_group[at]
    others = (total[mine] - most[at]) / np.maximum(size[mine] - 1, 1)
    everything = float(most.max())
    columns = [
        np.log(np.clip(probability, 1e-6, 1 - 1e-6) / np.clip(1 - probability, 1e-6, 1)),
        (total / size)[mine], top[mine], others, (over / size)[mine],
        np.minimum(size[mine], 30), before[at], behind[at], np.full(len(found), everything),
        np.full(len(found), float(np.sum(most > 0.4))),
        *(matrix[:, NAMES.index(name)] for name in COMPANY[10:]),
    ]  # fmt: skip
    return np.stack(columns, axis=1)


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
        first = c.row.cells[name_column(c)].text
        return _head(first, heading=False)
    text = unit.text if c.kind not in ("sentences", "clause") else scope.document.text[c.start : min(c.end, c.start + 200)]
    return _head(text[:160], heading=unit.is_heading and c.start == unit.start)


@lru_cache(maxsize=1 << 13)
def _continues(text: str) -> float:
    """Whether words go on with what stands above them: ``Hankkeen kesto …``, ``Projektipäällikkö …``."""
    return float(continues_entry(text.lstrip(" ;,.•")))


@lru_cache(maxsize=1 << 13)
def _head(text: str, *, heading: bool) -> tuple[float, ...]:
    text = " ".join(text.split())
    words = text.split()
    sentence = regex.split(r"[.!?;]\s", text, maxsplit=1)[0]
    letters = [c for c in text[:60] if c.isalpha()]
    begins = name_in_text.name_signs(text)
    label = field_labels.split_label(text)
    person = len(words) >= 2 and is_given(words[0].strip(",.")) and words[1][:1].isupper()
    return (
        float(len(sentence)), float(heading), float(text.endswith(".")), float(text.endswith(":")),
        float(any(map(str.isdigit, text[:60]))),
        sum(map(str.isupper, letters)) / max(len(letters), 1),
        sum(w[0].isupper() for w in words[:6]) / max(min(len(words), 6), 1),
        float(begins[0][0] if begins else 999), float(person), float(_SUBHEADING.fullmatch(text) is not None),
        float(label is not None) + float(label is not None and label[0].field == "name"), float(signs.is_project_heading(text)),
        float(name_in_text.starts_with_verb_phrase(text[:80])), float(signs.is_not_a_project(text)),
        float(name_in_text.named_in_sentence(text) is not None),
        _continues(text[:60]), float(text.find(",") if text.find(",") >= 0 else 200),
        float(len(words)), float(headings.find(text) is not None),
    )  # fmt: skip


def _above(scope: Scope, n: int) -> tuple[float, ...]:
    """The nearest heading or lead-in above a unit."""
    own = scope.units[n]
    for m in range(n - 1, max(-1, n - 40), -1):
        unit = scope.units[m]
        if (unit.is_heading and not unit.marker) or unit.text.endswith(":"):
            if own.is_heading and unit.is_heading and not _announces(unit.text):
                continue
            return (
                *_lead(unit.text[-300:]),
                float(unit.is_heading),
                float(unit.text.endswith(":")),
                *_lead_grant(unit.text[-300:]),
                float(n - m),
            )
    return (0.0,) * len(_ABOVE)


@lru_cache(maxsize=1 << 12)
def _announces(text: str) -> bool:
    return signs.is_project_heading(text)


@lru_cache(maxsize=1 << 12)
def _lead(text: str) -> tuple[float, ...]:
    return (
        float(signs.announces_projects(text)) + float(signs.is_project_heading(text)), float(signs.lists_otherwise(text)),
        float(signs.lists_notices(text)),
        float(signs.decides_on_projects(text)), float(signs.mentions_project(text)),
    )  # fmt: skip


@lru_cache(maxsize=1 << 12)
def _lead_grant(text: str) -> tuple[float]:
    return (float(any(kind in ("grant", "granted", "applied", "investment", "works") for _, kind in signs.find_signs(text))),)


@lru_cache(maxsize=1 << 10)
def _title(text: str) -> tuple[float, ...]:
    kinds = {kind for _, kind in signs.find_signs(text)}
    tests: list[Callable[[str], bool]] = [
        bool, item_titles.titles_project, item_titles.titles_many, item_titles.may_title_project,
        signs.lists_notices, signs.is_not_a_project,
        signs.announces_projects,
    ]  # fmt: skip
    words = ("works", "grant", "decides", "post", "property", "purchase", "budget", "meeting", "programme", "project")
    return (
        *(float(test(text)) for test in tests),
        float(len(text)),
        float(item_titles.names_project(text)),
        *(float(word in kinds) for word in words),
    )


# ---------------------------------------------------------------- shape


def _shapes(columns: dict[str, Column], scope: Scope, found: Sequence[Candidate], lengths: Places) -> None:
    units = scope.units
    sums = {name: np.concatenate([[0.0], np.cumsum([count(u) for u in units])]) for name, count in _COUNTS.items()}
    first, last = np.array([c.first for c in found]), np.array([c.last for c in found])
    for name, total in sums.items():
        columns[name] = total[last] - total[first]
    columns["length"] = np.minimum(lengths, 20000).astype(np.float64)
    columns["units"] = (last - first).astype(np.float64)
    total_length = scope.lines[-1].end - scope.lines[0].start
    columns["share of scope"] = lengths / max(total_length, 1)
    parts = _parts(units)
    rest = np.array([_edges(scope, c, parts) for c in found], dtype=np.float64)
    columns.update({name: rest[:, n] for n, name in enumerate(_EDGES)})
    tables = np.array([_table(scope, c) for c in found], dtype=np.float64)
    columns.update({name: tables[:, n] for n, name in enumerate(_TABLE)})


_COUNTS: dict[str, Callable[[Unit], float]] = {
    "labels": lambda u: float(u.label is not None),
    "known labels": lambda u: float(_field(u) is not None),
    "telling labels": lambda u: float(_field(u) in field_labels.TELLING),
    "markers inside": lambda u: float(u.marker is not None),
    "headings inside": lambda u: float(u.is_heading),
    "sentences": lambda u: float(u.text.count(". ") + u.text.endswith(".")),
}
_EDGES = (
    "inside part",
    "after part decision",
    "ends sentence",
    "next begins same",
    "marker number",
    "marker letter",
    "marker bullet",
    "behind continues",
)
_TABLE = (
    "columns",
    "row filled",
    "row sum",
    "grid labels",
    "grid telling",
    "grid rows",
    "grid numbers",
    "grid name label",
    "group heading",
)


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
        *parts[c.first], float(scope.document.text[c.end - 1 : c.end] in ".!?"), float(alike),
        float(marker is not None and marker.style not in ("bullet", "letter")),
        float(marker is not None and marker.style == "letter"), float(marker is not None and marker.style == "bullet"),
        _continues(scope.document.text[c.end : c.end + 60]),
    )  # fmt: skip


def _table(scope: Scope, c: Candidate) -> tuple[float, ...]:
    if c.row is None or c.grid is None:
        return (0.0,) * len(_TABLE)
    fields = {label.field for label in c.grid.labels.values()}
    return (
        float(c.grid.columns), float(len(c.row.cells)), float(c.row.is_sum), float(len(fields)),
        float(len(fields & field_labels.TELLING)), float(len(c.grid.rows)),
        c.grid.numbers, float("name" in fields), float(c.row.group is not None),
    )  # fmt: skip
