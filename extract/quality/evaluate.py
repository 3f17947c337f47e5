"""How right an OUTPUT is: its documents beside gold, field by field.

Both sides come in the gold's form (`quality.gold`), so that one table of fields, `PROJECT_FIELDS`, says what is compared and
how a value is folded before it is. Each field of an entry is one `Comparison` of two sets of values; every figure is a sum
over those.
"""

from __future__ import annotations

import argparse
import datetime as dt
import difflib
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from poytakirja._version import __version__
from poytakirja.quality.comparison import HEAD, MISS, Comparison, Counts, cells, miss_row, sum_of, tally
from poytakirja.quality.evaluate_links import evaluate_links
from poytakirja.quality.evaluate_minutes import MinutesReport, evaluate_minutes, kind_of
from poytakirja.quality.gate import Gate
from poytakirja.quality.gold import GoldDocument, GoldProject, fold, read_gold
from poytakirja.quality.gold_from_output import read_output
from poytakirja.terminal import InputError, guarded, say, show

# ---------------------------------------------------------------- what is compared


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the gold: its values, folded for comparison.

    ``key`` fields are those an analyst cannot do without. ``unstated`` says what becomes of values found where gold has none:
    they count as false (*scored*), are only told (*told*), or left out, as gold need not list them (*skipped*).
    """

    name: str
    values: Callable[[Any], Iterable[Hashable]]
    key: bool = False
    unstated: Literal["scored", "told", "skipped"] = "scored"
    unsure_with: str | None = None  # unsure too where that field is

    def of(self, form: GoldProject | GoldDocument | None) -> frozenset[Hashable]:
        """The distinct values of this field; a null is none."""
        return frozenset(v for v in self.values(form) if v is not None and v != "") if form else frozenset()

    def is_unsure(self, gold: GoldProject) -> bool:
        """Whether two careful readers could differ here."""
        return not {self.name, self.unsure_with}.isdisjoint(gold.get("unsure", ()))


def _end_point(side: str) -> Callable[[Mapping[str, Any]], list[str]]:
    """A date with its precision."""
    return lambda p: [f"{p[side]}/{p.get(side + '_precision')}"] if p[side] else []


def _plain(key: str) -> Callable[[Mapping[str, Any]], list[Hashable]]:
    return lambda form: [form.get(key)]


def _folded(key: str) -> Callable[[Mapping[str, Any]], list[str]]:
    return lambda form: [fold(form.get(key))]


def _euros(amount: Mapping[str, Any]) -> Decimal:
    return Decimal(amount["value"]).quantize(Decimal("0.01"))


PROJECT_FIELDS = (
    Field("name", lambda p: [fold(p["name"])], key=True),
    Field("start", _end_point("start"), key=True),
    Field("end", _end_point("end"), key=True),
    Field("amounts", lambda p: [(a["kind"], _euros(a), a.get("year")) for a in p["amounts"]], key=True),
    Field("approximate", lambda p: [_euros(a) for a in p["amounts"] if a["approximate"]], unsure_with="amounts"),
    Field("transfer", lambda p: [(e["kind"], e["date"]) for e in p.get("events", ())], unstated="told"),
    Field("funders", lambda p: p["funders"]),
    Field("persons", lambda p: [(fold(x["name"]), fold(x["role"])) for x in p["persons"]]),
    Field("organisations", lambda p: [(fold(x["name"]), x["role"]) for x in p.get("organisations", ())]),
    Field("number", lambda p: [None if p.get("number") is None else str(p["number"])]),
    Field("section", _folded("section")),
    Field("code", _folded("code")),
    Field("status", _plain("status")),
    Field("municipality_role", _plain("municipality_role")),
    Field("layout", _plain("layout")),
)
DOCUMENT_FIELDS = (
    Field("stated count", _plain("stated_project_count"), unstated="told"),
    Field(
        "document persons",
        lambda d: [(fold(x["name"]), fold(x["role"]), x["part"]) for x in d.get("persons", ())],
        unstated="skipped",
    ),
)

# ---------------------------------------------------------------- which entry is which

_LEAST_LIKENESS = 0.55
_CONTAINED = 0.75  # the likeness of two names of which one contains the other
_OTHER_ITEM = 0.4  # taken off where both name their agenda item, and not the same one
_PER_PLACE = 0.001  # taken off for each place that the two lists differ: of equals, the nearest


def _names(gold: GoldProject) -> list[str]:
    return [fold(name) for name in (gold["name"], *gold.get("name_also", ()))]


def _name_likeness(gold: Sequence[str], got: str) -> float:
    """How alike the names of two entries are; what cannot reach the least likeness may be called 0."""
    matcher = difflib.SequenceMatcher(b=got, autojunk=False)
    best = 0.0
    for name in gold:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= _LEAST_LIKENESS and matcher.quick_ratio() >= _LEAST_LIKENESS:
            best = max(best, matcher.ratio())
    if gold[0] and (gold[0] in got or (len(got) > 7 and got in gold[0])):
        best = max(best, _CONTAINED)
    return best


def align(gold: Sequence[GoldProject], got: Sequence[GoldProject]) -> dict[int, int]:
    """Which entry found is which entry of the gold: the most alike pair first, each entry once."""
    gold_names, got_names = [_names(g) for g in gold], [fold(p["name"]) for p in got]
    candidates = []
    for i, g in enumerate(gold):
        for j, p in enumerate(got):
            likeness = _name_likeness(gold_names[i], got_names[j])
            if g.get("item") is not None and p.get("item") is not None and g["item"] != p["item"]:
                likeness -= _OTHER_ITEM
            candidates.append((likeness - _PER_PLACE * abs(i - j), i, j))
    pairs: dict[int, int] = {}
    for likeness, i, j in sorted(candidates, reverse=True):
        if likeness >= _LEAST_LIKENESS and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


@dataclass(slots=True)
class EntryComparison:
    """An entry of the gold with its comparisons; ``found`` where the OUTPUT has it."""

    found: bool
    comparisons: list[Comparison]

    @property
    def all_right(self) -> bool:
        """Whether every scored field is as gold has it."""
        return self.found and all(c.right for c in self.comparisons)

    @property
    def key_right(self) -> bool:
        """Whether every key field is."""
        return self.found and all(c.right for c in self.comparisons if c.key)


def _compared(document: str, gold: GoldProject, got: GoldProject | None) -> EntryComparison:
    if got and fold(got["name"]) in _names(gold):
        got = {**got, "name": gold["name"]}
    comparisons = []
    for f in PROJECT_FIELDS:
        if f.is_unsure(gold):
            continue
        a, b = f.of(gold), f.of(got)
        scored = bool(a) or f.unstated == "scored"
        comparisons.append(Comparison(document, gold["name"], gold.get("layout"), f.name, a, b, scored, f.key))
    return EntryComparison(got is not None, comparisons)


@dataclass(slots=True)
class DocumentReport:
    """One document of the gold beside the OUTPUT. ``status`` is that of its row there, or `absent`."""

    document: str
    status: str
    entries: list[EntryComparison] = field(default_factory=list)
    others: list[Comparison] = field(default_factory=list)

    @property
    def comparisons(self) -> Iterator[Comparison]:
        """Those of the document, then those of its entries."""
        yield from self.others
        for entry in self.entries:
            yield from entry.comparisons


def compare(gold: GoldDocument, got: GoldDocument | None, status: str) -> DocumentReport:
    """A document beside its gold. Optional entries of the gold count neither as a miss nor as a false hit."""
    name = gold["document"]
    report = DocumentReport(name, status)
    found = got["projects"] if got else []
    pairs = align(gold["projects"], found)

    def entry(project: GoldProject, in_gold: bool, in_output: bool) -> Comparison:
        label = project["name"] or "(no name)"
        gold_side, got_side = (frozenset({label} if there else ()) for there in (in_gold, in_output))
        return Comparison(name, label, project.get("layout"), "entry", gold_side, got_side)

    for i, project in enumerate(gold["projects"]):
        if not project.get("optional"):
            report.others.append(entry(project, True, i in pairs))
            report.entries.append(_compared(name, project, found[pairs[i]] if i in pairs else None))
    report.others += [entry(p, False, True) for j, p in enumerate(found) if j not in pairs.values()]
    for f in DOCUMENT_FIELDS:
        a, b = f.of(gold), f.of(got)
        if a or f.unstated != "skipped":
            report.others.append(Comparison(name, None, None, f.name, a, b, scored=bool(a)))
    return report


# ---------------------------------------------------------------- the report

_FIRM = 10  # gold values a field needs to count in the macro mean


@dataclass(slots=True)
class Report:
    """All documents of the gold beside an OUTPUT, and the gold files with their hashes."""

    documents: list[DocumentReport]
    gold: dict[Path, str]

    @property
    def comparisons(self) -> list[Comparison]:
        """Of all documents."""
        return [c for d in self.documents for c in d.comparisons]

    @property
    def entries(self) -> list[EntryComparison]:
        """Of all documents."""
        return [e for d in self.documents for e in d.entries]

    def fields(self) -> dict[str, Counts]:
        """The counts of each field that was scored, in the order of the table of fields."""
        counts = tally(self.comparisons, lambda c: c.field)
        scored = {c.field for c in self.comparisons if c.scored}
        order = ["entry", *(f.name for f in PROJECT_FIELDS + DOCUMENT_FIELDS)]
        return {name: counts[name] for name in order if name in scored}

    @property
    def micro(self) -> Counts:
        """All values of all fields."""
        return sum(map(Counts.of, self.comparisons), Counts())

    @property
    def firm(self) -> list[Counts]:
        """The fields with enough gold values to count in the macro mean."""
        return [c for c in self.fields().values() if c.n >= _FIRM]

    @property
    def macro(self) -> float:
        """The mean F1 of the firm fields."""
        return sum(c.f1 for c in self.firm) / len(self.firm) if self.firm else 0.0

    def figures(self) -> dict[str, float]:
        """What a gate pins: `micro`, `macro`, `key_right`, `all_right` and each field's `f1.FIELD`."""
        right = {"key_right": sum(e.key_right for e in self.entries), "all_right": sum(e.all_right for e in self.entries)}
        return {"micro": self.micro.f1, "macro": self.macro, **right, **{f"f1.{f}": c.f1 for f, c in self.fields().items()}}

    def misses(self) -> list[Comparison]:
        """Each comparison with a value missing, false or spurious."""
        return [c for c in self.comparisons if c.gold != c.got]

    def closing_line(self) -> str:
        """The figures in one line."""
        total, f = len(self.entries), self.figures()
        return (
            f"micro F1 {self.micro.f1:.3f}, macro F1 {self.macro:.3f} over {len(self.firm)} fields, "
            f"key fields right {f['key_right']}/{total}, all fields right {f['all_right']}/{total}"
        )

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON has them."""
        whole = {name: value for name, value in self.figures().items() if not name.startswith("f1.")}
        return {
            **whole,
            "macro_fields": len(self.firm),
            "entries": len(self.entries),
            "spurious": self.micro.spurious,
            "fields": {name: c.as_dict() for name, c in self.fields().items()},
            "layouts": {name: c.as_dict() for name, c in tally(self.comparisons, lambda c: c.layout).items()},
            "documents": {d.document: {"status": d.status, **sum_of(d.comparisons).as_dict()} for d in self.documents},
        }


def evaluate(output: Path, golds: Sequence[Path]) -> Report:
    """Compare an OUTPUT with gold files. Documents are matched by file name; of several of one name the last counts."""
    read = read_output(output)
    found = {p.form["document"]: p for p in read}
    namesakes = Counter(p.form["document"] for p in read)
    documents = []
    for path in golds:
        for line, gold in read_gold(path):
            got = found.get(gold["document"])
            status = got.status if got else "absent"
            if namesakes[gold["document"]] > 1:
                status += f", last of {namesakes[gold['document']]}"
            try:
                documents.append(compare(gold, got.form if got else None, status))
            except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
                raise InputError(f"{path}:{line}: {error!r}; `poytakirja gold check {path}` tells what is wrong") from error
    return Report(documents, {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in golds})


def evaluate_all(output: Path, golds: Sequence[Path]) -> tuple[Report, list[MinutesReport]]:
    """Compare an OUTPUT with gold of all kinds: of projects, and of items, mentions and links where such is among it."""
    kinds = {path: kind_of(path) for path in golds}
    of_kind = {kind: [path for path in golds if kinds[path] == kind] for kind in dict.fromkeys(kinds.values())}
    report = evaluate(output, of_kind.pop("projects", []))
    links = [evaluate_links(output, paths)] if (paths := of_kind.pop("links", [])) else []
    return report, [evaluate_minutes(output, kind, paths) for kind, paths in of_kind.items()] + links


# ---------------------------------------------------------------- how it is shown


def _told_only(report: Report) -> dict[str, Counts]:
    """The fields that were not scored, but of which values were got where gold has none."""
    scored = report.fields()
    told = tally(report.comparisons, lambda c: c.field)
    return {name: counts for name, counts in told.items() if name not in scored and counts.spurious}


def print_report(report: Report, misses: Sequence[Comparison], console: Console) -> None:
    """The figures by field, layout and document, the misses asked for, and the closing line."""
    fields = [[name, *cells(c)] for name, c in report.fields().items()]
    fields += [[name, *["-"] * 6, str(c.spurious)] for name, c in _told_only(report).items()]
    show(console, "Fields", ("field", *HEAD), fields)
    layouts = tally(report.comparisons, lambda c: c.layout)
    if len(layouts) > 1:
        show(console, "Entries by layout", ("layout", *HEAD), [[name, *cells(c)] for name, c in sorted(layouts.items())])
    if len(report.documents) > 1 or any(d.status != "ok" for d in report.documents):
        rows = [[d.document, d.status, _right(d), *cells(sum_of(d.comparisons))] for d in report.documents]
        show(console, "Documents", ("document", "status", "all right", *HEAD), rows)
    if misses:
        show(console, "Misses", MISS, list(map(miss_row, misses)), numeric=False)
    say(console, f"spurious values {report.micro.spurious}: got where gold has none")
    say(console, report.closing_line())


def _right(d: DocumentReport) -> str:
    return f"{sum(e.all_right for e in d.entries)}/{len(d.entries)}"


def accuracy_table(report: Report) -> str:
    """The figures by field as a Markdown table, with the closing line below it.

    ``n`` is the number of values in the gold.
    """
    rows = [("field", "P", "R", "F1", "n"), (":--", "--:", "--:", "--:", "--:")]
    rows += [(name, f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}", str(c.n)) for name, c in report.fields().items()]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(
        [*lines, "", f"{len(report.documents)} documents: {report.closing_line()}; spurious values {report.micro.spurious}."]
    )


def publish(page: Path, block: str, report: Report, day: dt.date) -> None:
    """Put the accuracy table between ``<!-- accuracy: BLOCK -->`` and ``<!-- /accuracy: BLOCK -->`` of a Markdown page."""
    text = page.read_text("utf-8")
    opening, closing = f"<!-- accuracy: {block} -->", f"<!-- /accuracy: {block} -->"
    before, found, rest = text.partition(opening)
    _, found_too, after = rest.partition(closing)
    if not (found and found_too):
        raise InputError(f"{page}: has no {opening} … {closing} to fill")
    gold = ", ".join(f"`{path.name}` {digest[:12]}" for path, digest in report.gold.items())
    note = f"Measured {day.isoformat()} with version {__version__}; gold (SHA-256): {gold}."
    page.write_text(f"{before}{opening}\n{accuracy_table(report)}\n\n{note}\n{closing}{after}", "utf-8")


def print_all(report: Report, others: Sequence[MinutesReport], misses: Sequence[Comparison], console: Console) -> None:
    """The figures of every kind of gold that was given, and the misses asked for."""
    for other in others:
        show(console, other.kind.capitalize(), ("field", *HEAD), [[name, *cells(c)] for name, c in other.fields().items()])
    if report.documents:
        print_report(report, misses, console)
    elif misses:
        show(console, "Misses", MISS, list(map(miss_row, misses)), numeric=False)
    for other in others:
        say(console, other.closing_line())


# ---------------------------------------------------------------- the command


def run(output: Path, golds: Sequence[Path], *, misses: int = 0, as_json: bool = False, gate: Gate | None = None) -> int:
    """`evaluate`: print the figures; 1 where the gate does not let them through, 2 where the input cannot be used.

    ``misses`` is how many to list; a negative number lists all.
    """
    console = Console()

    def command() -> int:
        report, others = evaluate_all(output, golds)
        figures = report.figures() if report.documents else {}
        pinned = dict(report.gold)
        for other in others:
            figures |= other.figures()
            pinned |= other.gold
        breaches = gate.breaches(figures, pinned) if gate else []
        wrong = report.misses() + [c for other in others for c in other.misses()]
        listed = wrong[: misses if misses >= 0 else None]
        if as_json:
            told: dict[str, Any] = {other.kind: other.as_dict() for other in others}
            told |= {
                "misses": [dict(zip(MISS, row, strict=True)) for row in map(miss_row, listed)],
                "gate": breaches if gate else None,
            }
            console.file.write(json.dumps(report.as_dict() | told, ensure_ascii=False, indent=1) + "\n")
        else:
            print_all(report, others, listed, console)
            for breach in breaches:
                say(console, f"gate: {breach}", "red")
            if gate and not breaches:
                say(console, f"gate: {gate.path} {'written' if gate.update else 'holds'}", "green")
        return 1 if breaches else 0

    return guarded(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """The accuracy table for a Markdown page: `python -m poytakirja.quality.evaluate OUTPUT GOLD...`."""
    parser = argparse.ArgumentParser(
        prog="python -m poytakirja.quality.evaluate", description="Print the accuracy table in Markdown."
    )
    parser.add_argument("output", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--into", type=Path, help="put it into this page")
    parser.add_argument("--block", default="samples", help="between the marks of this name there")
    a = parser.parse_args(arguments)

    def command() -> int:
        report = evaluate(a.output, a.gold)
        if a.into:
            publish(a.into, a.block, report, dt.date.today())
        else:
            print(accuracy_table(report))
        return 0

    return guarded(command)


if __name__ == "__main__":
    sys.exit(main())
