"""Where the name of an entry stands, and its code (nimi ja koodi)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp

from poytakirja.document import Document
from poytakirja.projects.record.facts import EntryFacts
from poytakirja.records import Item, Project
from poytakirja.rules.projects import item_titles, name_candidates
from poytakirja.rules.projects import name_in_text as projects_in_text
from poytakirja.rules.projects import name_trimming as project_names
from poytakirja.rules.time.dates import PeriodMatch

_IN_MID_SENTENCE = frozenset({"project_names.title", "project_names.notice", "project_names.after_word"})
"""Where a name may stand in a case of its sentence; elsewhere it is printed as a name."""


def name_span(reading: EntryFacts, duration: PeriodMatch | None) -> tuple[int, int, str]:
    """Where the project's name stands in the passage, and the rule that found it."""
    text, layout = reading.text, reading.entry.layout
    begin, limit = reading.name_part or (0, len(text))
    titled = layout == "item" and item_titles.titles_project(text[begin:limit])
    if titled and (item_titles.names_project(text[begin:limit]) or not _named_in_text(text[limit:])):
        start, end = item_titles.name_in_title(text[begin:limit], text[limit:])
        return *_before_facts(reading, duration, begin + start, begin + end), "project_names.title"
    title = begin, limit
    if layout == "item":
        begin, limit = limit, len(text)
    lead: tuple[int, int] | None = None
    if layout != "item":
        _, start = project_names.split_code(text, begin, limit)
        if reading.name_part is None:
            start = name_candidates.head_of(text, start, limit)
        lead = _before_facts(reading, duration, start, limit)
    if reading.name_part is None or layout == "item":
        for find, rule in _finders(reading, lead):
            if named := find(text[begin:limit]):
                named = project_names.trim_name(text, begin + named[0], begin + named[1])
                return *_before_facts(reading, duration, *named), f"project_names.{rule}"
    if layout == "item":  # its title, which no word tells to be a project's, and a text that names it nowhere
        start, end = item_titles.name_in_title(text[slice(*title)])
        return *_before_facts(reading, duration, title[0] + start, title[0] + end), "project_names.title"
    return *(lead or _before_facts(reading, duration, begin, limit)), "project_names.lead"


def chosen_name(reading: EntryFacts, duration: PeriodMatch | None) -> tuple[int, int, str, float]:
    """The name by what most speaks for it: what the rules found, and every other stretch that may be one; and how sure it is."""
    found, *others = name_options(reading, duration)
    if not others:
        return found.start, found.end, found.rule, _ALONE
    total = sum(exp(one.score) for one in (found, *others))
    top = name_candidates.best([found, *others]) or found
    sure = _measured(exp(top.score) / total)
    if top is found:
        return found.start, found.end, found.rule, sure
    start, end = project_names.trim_name(reading.text, top.start, top.end)
    return start, end, f"project_names.{top.rule}_scored", sure


_ALONE = 0.93
_MEASURED = ((0.98, 0.9), (0.95, 0.87), (0.8, 0.78), (0.7, 0.59), (0.5, 0.46), (0.3, 0.36), (0.0, 0.1))
"""From which share of the best candidate on how many of a hundred names were right, counted over 598 entries."""


def _measured(share: float) -> float:
    """How probable a name is right whose candidate has such a share of what speaks for all."""
    return next(right for least, right in _MEASURED if share >= least)


def name_options(reading: EntryFacts, duration: PeriodMatch | None) -> list[name_candidates.NameCandidate]:
    """The candidates for an entry's name with their signs, first the one that the rules found."""
    start, end, rule = name_span(reading, duration)
    begin, limit = (reading.name_part or (0, len(reading.text))) if reading.entry.layout != "item" else (0, len(reading.text))
    begin = project_names.split_code(reading.text, begin, limit)[1]
    listed = reading.entry.layout in ("numbered", "bulleted", "labelled", "table_row")
    signs = name_candidates.signs_of(reading.text, start, end, begin, listed=listed) | {_RELIABLE.get(rule, "found_by_rule")}
    if rule in _RELIABLE:
        signs -= {"holds_owner"}
    found = name_candidates.NameCandidate(start, end, rule, signs)
    if rule == "project_names.title":
        return [found]
    others = name_candidates.candidates(reading.text, begin, limit, _fact_spans(reading, duration), listed=listed)
    if reading.name_part is not None and reading.entry.layout != "item":  # its label or column says where the name begins
        others = [one for one in others if one.rule == "lead"]
    if listed and name_candidates.is_plain(found):
        return [found]
    return [found, *(one for one in others if (one.start, one.end) != (start, end))]


_RELIABLE = {
    "project_names.notice": "found_by_mark", "project_names.quoted": "found_by_mark", "project_names.title": "found_by_mark",
    "project_names.sentence": "found_by_word", "project_names.capitals": "found_by_word",
    "project_names.before_verb": "found_by_word",
    "project_names.before_word": "found_by_word", "project_names.after_word": "found_by_word",
}  # fmt: skip
"""What it speaks for a name that a rule found it: by quotation marks or a form of speech, by a word beside it; else little."""


def within_handling(reading: EntryFacts, start: int, end: int, rule: str) -> tuple[int, int, str]:
    """A name that ends with the latest handling of an item, where it seemed to run on into an earlier one."""
    if reading.earlier is not None and start < reading.earlier < end:
        end = start + len(reading.text[start : reading.earlier].rstrip())
    return start, end, rule


def _named_in_text(text: str) -> bool:
    """Whether an item's text names its project beside the word or in quotation marks, better than a title without it can."""
    finders = (projects_in_text.named_in_notice, projects_in_text.quoted_project, projects_in_text.named_after_word)
    return any(find(text[:1500]) is not None for find in finders)


_Finder = Callable[[str], tuple[int, int] | None]


def _finders(reading: EntryFacts, lead: tuple[int, int] | None) -> list[tuple[_Finder, str]]:
    """The ways to find a name told in a sentence, for an entry that does not begin with its name."""
    finders: list[tuple[_Finder, str]] = [
        (projects_in_text.named_in_notice, "notice"),
        (projects_in_text.quoted_project, "quoted"),
    ]
    running = reading.entry.layout in ("item", "prose")
    if running:
        finders.append((projects_in_text.named_in_sentence, "sentence"))
    if reading.entry.layout == "prose":
        finders += [(projects_in_text.named_in_capitals, "capitals"), (projects_in_text.named_before_verb, "before_verb")]
    if running or lead is None or _begins_a_sentence(reading, lead):
        finders += [(projects_in_text.named_after_word, "after_word"), (projects_in_text.named_before_word, "before_word")]
        finders += [(projects_in_text.first_quoted, "quoted")] if running else []
    return finders


def _begins_a_sentence(reading: EntryFacts, lead: tuple[int, int]) -> bool:
    """Whether what stands first in an entry is no name but who decided: ``Opetushallitus on myöntänyt …``."""
    start, end = lead
    payer = any(
        start <= f.start <= start + 30 and not project_names.is_fund_compound(reading.text, f.start) for f in reading.funders
    )
    return payer or end <= start or projects_in_text.starts_with_verb_phrase(reading.text[start:end])


def _before_facts(reading: EntryFacts, duration: PeriodMatch | None, start: int, limit: int) -> tuple[int, int]:
    """The name's span, ended where the first fact begins."""
    inside = [(a - start, b - start) for a, b in _fact_spans(reading, duration) if start < a < limit]
    text = reading.text
    return project_names.trim_name(text, start, start + project_names.name_end(text[start:limit], inside))


def _fact_spans(reading: EntryFacts, duration: PeriodMatch | None) -> list[tuple[int, int]]:
    """The spans of what is no part of a name: the duration, sums, payers, persons with their titles, organisations in a role."""
    text = reading.text
    return [
        *((p.start, p.end) for p in reading.periods if p is duration or (p.form == "range" and p.start_precision == "day")),
        *((a.start, a.end) for a in reading.amounts),
        *(span for f in reading.funders if (span := _payer_clause(text, f.start, f.end))),
        *(((p.start if p.role_start is None else min(p.start, p.role_start)), p.end) for p in reading.persons),
        *((o.start, o.end) for o in reading.organisations if o.rule_id != "organisations.together_with"),
        *((m.start, m.end) for _, m in reading.roles),
    ]


def _payer_clause(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of what names a payer: its bracket or the clause that opens with it; a payer inside a name has none."""
    bracket = text.rfind("(", 0, start)
    if bracket >= 0 and ")" not in text[bracket:start]:
        return start, end
    clause = project_names.clause_of(text, start)
    return None if clause is None else (clause, end)


def set_name(document: Document, record: Project, reading: EntryFacts, name: tuple[int, int, str], sure: float) -> None:
    """The name as it is printed, and in base form where its sentence may have put it in a case; ``sure`` is its confidence."""
    start, end, rule = name
    if end > start:
        span = reading.passage.span(start, end)
        record.project_name = project_names.clean_name(reading.text[start:end])
        inflected = rule in _IN_MID_SENTENCE and not reading.text[end : end + 3].lstrip('”" ').startswith(("-", "–"))
        record.project_name_base = project_names.base_form(record.project_name) if inflected else record.project_name
        record.evidence.append(replace(document.evidence("project_name", span, rule), confidence=sure))


def set_code(document: Document, record: Project, reading: EntryFacts, item: Item | None) -> None:
    """The code printed with the entry: behind its label, before its name; for an item its case number."""
    if record.layout == "item":
        case = next((e for e in item.evidence if e.field == "case_id"), None) if item else None
        if item and case:
            record.project_code = item.case_id
            record.evidence.append(replace(case, field="project_code"))
        return
    begin, limit = reading.name_part or (0, len(reading.text))
    code, _ = project_names.split_code(reading.text, begin, limit)
    at = code or next(iter(reading.codes), None) or project_names.code_behind_label(reading.text)
    if at:
        record.project_code = reading.text[at[0] : at[1]]
        rule = "project_names.code" if code else "labels.code"
        record.evidence.append(document.evidence("project_code", reading.passage.span(*at), rule))
