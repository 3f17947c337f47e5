"""One document's entries with every fact marked where it stands, the rule that read it, and the findings (selitys).

The tool that rule authors debug with: ``poytakirja explain FILE [--entry N]``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from poytakirja.document import Document
from poytakirja.errors import ReadError
from poytakirja.one_document import extract_document
from poytakirja.projects.entries import find
from poytakirja.projects.entries.evidence import FACTS
from poytakirja.projects.entries.score import model
from poytakirja.records import Amount, Extraction, Fact, Organisation, Period, Person, Project
from poytakirja.terminal import InputError, guarded, say

_STYLES = {
    "project_name": "bold", "duration": "green", "amount": "cyan", "organisation": "magenta", "person": "yellow", "other": "blue",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of an entry: what it is, what it was read as, by which rule, and where it stands in the document."""

    field: str
    value: str
    rule_id: str
    start: int
    end: int


def marks_of(project: Project) -> list[Mark]:
    """All values of an entry in the order of their places."""
    evidence = [
        Mark(e.field, _plain(getattr(project, e.field)), e.rule_id, e.start, e.end)
        for e in project.evidence
        if e.field not in ("start_date", "end_date")
    ]
    facts = [*project.periods, *project.amounts, *project.organisations, *project.persons]
    marks = [*evidence, *(Mark(*_told(fact), fact.rule_id, fact.start, fact.end) for fact in facts)]
    return sorted(marks, key=lambda mark: (mark.start, mark.end, mark.field))


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _told(fact: Fact) -> tuple[str, str]:
    """What a fact is, and its value."""
    match fact:
        case Amount():
            extra = [f"year {fact.year}"] * (fact.year is not None) + ["approximate"] * fact.approximate
            extra += [f"party {fact.party}"] * (fact.party is not None)
            return f"amount {fact.kind}", " ".join([f"{fact.value} €", *(f"({word})" for word in extra)])
        case Period():
            ends = [f"{date or '…'} ({precision})" if date else "…" for date, precision in _ends(fact)]
            return f"period {fact.kind}", " – ".join(ends)
        case Organisation():
            return f"organisation {fact.role}", fact.name + (f" [{fact.funder_code}]" if fact.funder_code else "")
        case Person():
            return f"person {fact.part}", (fact.name or "–") + (f", {fact.role}" if fact.role else "")
        case _:
            raise TypeError(f"no such fact: {fact!r}")


def _ends(period: Period) -> tuple[tuple[object, object], tuple[object, object]]:
    return (period.start_date, period.start_precision), (period.end_date, period.end_precision)


# ---------------------------------------------------------------- the text with its marks


def marked_text(document: Document, project: Project, marks: Sequence[Mark], *, colour: bool) -> Text:
    """The entry as it stands, page headers left out, each value followed by its number: ``[1.9.2021–31.7.2023]²``."""
    out = Text()
    opened = {start: [n for n, m in enumerate(marks, 1) if m.start == start] for start in {m.start for m in marks}}
    closed = {end: [n for n, m in enumerate(marks, 1) if m.end == end] for end in {m.end for m in marks}}
    for line in document.lines:
        if line.end <= project.start or line.start >= project.end or line.role != "body":
            continue
        for place in range(max(line.start, project.start), min(line.end, project.end) + 1):
            for _ in closed.get(place, ()):
                out.append("]", "dim")
            out.append("".join(map(_small, closed.get(place, ()))), "bold dim")
            for _ in opened.get(place, ()):
                out.append("[", "dim")
            if place < min(line.end, project.end):
                out.append(document.text[place], _style(marks, place) if colour else "")
        out.append("\n")
    return out


def _small(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _style(marks: Sequence[Mark], place: int) -> str:
    field = next((m.field.split()[0] for m in reversed(marks) if m.start <= place < m.end), "")
    return _STYLES.get("duration" if field == "period" else field, _STYLES["other"]) if field else ""


# ---------------------------------------------------------------- the command


def run(path: str | Path, *, entry: int | None = None, ocr: bool = False) -> int:
    """Print a document's entries, or the one of a number (0 is the first), with its facts and findings."""
    return guarded(lambda: _explain(Path(path), entry, ocr=ocr))


def _explain(path: Path, entry: int | None, *, ocr: bool) -> int:
    try:
        extraction = extract_document(path, ocr=ocr)
    except ReadError as error:
        raise InputError(f"{path}: {error.message}") from error
    chosen = [p for p in extraction.projects if entry is None or p.ordinal == entry]
    if entry is not None and not chosen:
        raise InputError(f"{path}: it has no entry {entry}; its entries are numbered from 0 to {len(extraction.projects) - 1}")
    console = Console()
    if not chosen:
        say(console, f"{path}: no project entries")
    if entry is None:
        for line in considered(extraction):
            say(console, line)
    for project in chosen:
        _show(console, extraction, project)
    return 0


def considered(extraction: Extraction) -> Iterator[str]:
    """Every candidate above .05 with what spoke most for it and against it, and the facts that were seen at all."""
    document = extraction.document
    weighed = find.weigh(document, extraction.items)
    facts = Counter(mention.kind for scope in weighed for mention in scope.known.found)
    seen = (f"{facts[kind]} × {kind}" for kind in (*FACTS, "project") if facts[kind])
    yield f"seen: {', '.join(seen) or 'no period, sum, payer or name'}"
    for scope in weighed:
        for n, c in enumerate(scope.candidates):
            confidence = model().confidence(scope.probability[n])
            if confidence < 0.05 and n not in scope.chosen:
                continue
            words = " ".join(document.text[c.start : min(c.end, c.start + 60)].split())
            mark = "chosen" if n in scope.chosen else "not chosen"
            yield f"{confidence:.2f} {mark}: {c.kind} {c.start}–{c.end} {words}"
            yield f"     {'; '.join(find.reasons(scope, n))}"


def _show(console: Console, extraction: Extraction, project: Project) -> None:
    marks = marks_of(project)
    item = next((i.number_label for i in extraction.items if i.ordinal == project.item), None)
    place = f"page {extraction.document.page_of(project.start)}" + (f", {item}" if item else "")
    say(console, f"── {project.ordinal}: {project.layout}, {place} ──", "bold")
    text = marked_text(extraction.document, project, marks, colour=console.is_terminal)
    if console.is_terminal:
        console.print(text, soft_wrap=True)
    else:
        say(console, text.plain)
    for line in _lines(extraction, project, marks):
        say(console, line)
    say(console, "")


def _lines(extraction: Extraction, project: Project, marks: Sequence[Mark]) -> Iterator[str]:
    for n, mark in enumerate(marks, 1):
        outside = "" if project.start <= mark.start < project.end else f" (at {mark.start}–{mark.end}, outside the entry)"
        yield f"  {_small(n):>3} {mark.field}: {mark.value}   {mark.rule_id}{outside}"
    if project.funder_codes:
        yield f"      funders: {', '.join(project.funder_codes)}"
    for finding in extraction.findings:
        if finding.project == project.ordinal:
            yield f"   ! {finding.severity} {finding.code}: {finding.message}"
