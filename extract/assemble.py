"""Facts to one project record: the only place that decides what belongs to what (koonti).

Each decision names its rule, so that ``evidence.rule_id`` tells why a date is the project's start or a sum its total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import regex

from extract.document import Amount, Document, Evidence, Item, Meeting, Organisation, Period, Person, Project, Span
from extract.parse import Reading
from rules import item_titles, organisations, project_names, projects_in_text
from rules import projects as signs
from rules.dates import PeriodMatch
from rules.money import AmountMatch
from rules.municipalities import Municipality
from rules.persons import NamedPerson

_LIST_LAYOUTS = frozenset({"numbered", "bulleted", "labelled", "table_row"})
_LABELS_OF_DURATION = frozenset(
    {"hankeaika", "toteutusaika", "rahoituskausi", "käyttöaika", "kesto", "aikataulu", "toteutetaan", "ajalle", "ajalla",
     "aikavälillä", "välisenä aikana", "duration"}
)  # fmt: skip
_OFFERED = frozenset({"käytettävissä", "talousarvio", "käyttämättä"})
"""Labels of what a call for applications or a budget offers, or has left: no sum of the project."""
_BESIDE_A_TOTAL = frozenset({None, "own_contribution", "municipal_share", "partner_share", "earmarked"})
"""Kinds of sums that leave a lone one without a label to be the total; beside a grant it may be anything."""
_IN_MID_SENTENCE = frozenset({"project_names.title", "project_names.notice", "project_names.after_word"})
"""Where a name may stand in a case of its sentence; elsewhere it is printed as a name."""
_STATUS_ORDER = ("rejected", "ended", "granted", "running", "applied", "planned")


def projects(document: Document, readings: Sequence[Reading], items: Sequence[Item], municipality: str | None) -> list[Project]:
    """The records of a document's entries. ``municipality`` is the publishing organisation (``Kemin kaupunki``), where known."""
    by_ordinal: dict[int | None, Item] = {item.ordinal: item for item in items}
    return [project(document, r, n, municipality, by_ordinal.get(r.entry.item)) for n, r in enumerate(readings)]


def stated_count(document: Document, meeting: Meeting) -> None:
    """Set the number of projects that the text itself claims, the first where several are."""
    for number, match in signs.find_stated_count(document.text)[:1]:
        meeting.stated_project_count = number
        meeting.evidence.append(Evidence("stated_project_count", match.surface, match.rule_id, match.start, match.end))


def project(document: Document, reading: Reading, ordinal: int, municipality: str | None, item: Item | None = None) -> Project:
    """The record of one entry, which stands in ``item``."""
    entry = reading.entry
    duration = choose_duration(reading)
    name = _within_handling(reading, *name_span(reading, duration))
    record = Project(
        ordinal=ordinal,
        layout=entry.layout,
        text=reading.text,
        start=entry.span.start,
        end=entry.span.end,
        item=entry.item,
    )
    _set_outline(document, record, reading)
    _set_name(document, record, reading, name)
    _set_code(document, record, reading, item)
    _set_duration(document, record, reading, duration)
    record.amounts = amounts(document, reading)
    record.periods = periods(document, reading, duration)
    _set_payers_and_doers(document, record, reading, municipality)
    record.persons = contacts(document, reading)
    _set_status(document, record, reading)
    for fact in (*record.amounts, *record.periods, *record.persons, *record.organisations):
        fact.item, fact.project = record.item, record.ordinal
    return record


# ---------------------------------------------------------------- outline and name


def _evidence(document: Document, field: str, span: Span, rule: str) -> Evidence:
    return Evidence(field, document.text[span.start : span.end], rule, span.start, span.end)


def _set_outline(document: Document, record: Project, reading: Reading) -> None:
    entry = reading.entry
    if entry.number and entry.number_span:
        record.entry_number = entry.number
        record.evidence.append(_evidence(document, "entry_number", entry.number_span, "segment.number"))
    if entry.heading and entry.heading_span:
        record.section = entry.heading
        record.evidence.append(_evidence(document, "section", entry.heading_span, "segment.heading"))


def name_span(reading: Reading, duration: PeriodMatch | None) -> tuple[int, int, str]:
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


def _within_handling(reading: Reading, start: int, end: int, rule: str) -> tuple[int, int, str]:
    """A name that ends with the latest handling of an item, where it seemed to run on into an earlier one."""
    if reading.earlier is not None and start < reading.earlier < end:
        end = start + len(reading.text[start : reading.earlier].rstrip())
    return start, end, rule


def _named_in_text(text: str) -> bool:
    """Whether an item's text names its project beside the word or in quotation marks, better than a title without it can."""
    finders = (projects_in_text.named_in_notice, projects_in_text.quoted_project, projects_in_text.named_after_word)
    return any(find(text[:1500]) is not None for find in finders)


_Finder = Callable[[str], tuple[int, int] | None]


def _finders(reading: Reading, lead: tuple[int, int] | None) -> list[tuple[_Finder, str]]:
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


def _begins_a_sentence(reading: Reading, lead: tuple[int, int]) -> bool:
    """Whether what stands first in an entry is no name but who decided: ``Opetushallitus on myöntänyt …``."""
    start, end = lead
    payer = any(
        start <= f.start <= start + 30 and not project_names.is_fund_compound(reading.text, f.start) for f in reading.funders
    )
    return payer or end <= start or projects_in_text.starts_with_verb_phrase(reading.text[start:end])


def _before_facts(reading: Reading, duration: PeriodMatch | None, start: int, limit: int) -> tuple[int, int]:
    """The name's span, ended where the first fact begins."""
    text = reading.text
    facts = [
        *((p.start, p.end) for p in reading.periods if p is duration or (p.form == "range" and p.start_precision == "day")),
        *((a.start, a.end) for a in reading.amounts),
        *(span for f in reading.funders if (span := _payer_clause(text, f.start, f.end))),
        *(((p.start if p.role_start is None else min(p.start, p.role_start)), p.end) for p in reading.persons),
        *((o.start, o.end) for o in reading.organisations if o.rule_id != "organisations.together_with"),
        *((m.start, m.end) for _, m in reading.roles),
    ]
    inside = [(a - start, b - start) for a, b in facts if start < a < limit]
    return project_names.trim_name(text, start, start + project_names.name_end(text[start:limit], inside))


def _payer_clause(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of what names a payer: its bracket or the clause that opens with it; a payer inside a name has none."""
    bracket = text.rfind("(", 0, start)
    if bracket >= 0 and ")" not in text[bracket:start]:
        return start, end
    clause = project_names.clause_of(text, start)
    return None if clause is None else (clause, end)


def _set_name(document: Document, record: Project, reading: Reading, name: tuple[int, int, str]) -> None:
    start, end, rule = name
    if end > start:
        span = reading.passage.span(start, end)
        record.project_name = project_names.clean_name(reading.text[start:end])
        inflected = rule in _IN_MID_SENTENCE and not reading.text[end : end + 3].lstrip('”" ').startswith(("-", "–"))
        record.project_name_base = project_names.base_form(record.project_name) if inflected else record.project_name
        record.evidence.append(_evidence(document, "project_name", span, rule))


def _set_code(document: Document, record: Project, reading: Reading, item: Item | None) -> None:
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
        record.evidence.append(_evidence(document, "project_code", reading.passage.span(*at), rule))


# ---------------------------------------------------------------- the duration


def choose_duration(reading: Reading) -> PeriodMatch | None:
    """The period that is the project's own (hankeaika), or None where none is stated.

    In order: a range behind its label (``toteutusaika``), a range with days, one with months, one of years, an end or a
    beginning alone that is labelled, and last a year at the end of the name or of the entry.
    """
    tests: tuple[Callable[[PeriodMatch], bool], ...] = (
        lambda p: p.form == "range" and p.cue in _LABELS_OF_DURATION,
        lambda p: p.form == "range" and "day" in (p.start_precision, p.end_precision),
        lambda p: p.form == "range" and "month" in (p.start_precision, p.end_precision),
        lambda p: p.form == "range" and _stands_alone(reading.text, p),
        lambda p: p.form in ("until", "from"),
        lambda p: (
            p.form == "point" and p.start_precision == "year" and _stands_alone(reading.text, p) and not _years_a_sum(reading, p)
        ),
    )
    dated = [p for p in reading.periods if p.kind == "duration" or (p.kind == "other" and p.start_precision == "year")]
    dated = [p for p in dated if not any(f.start <= p.start < f.end for f in reading.funders)]  # Horizon 2020
    known = [p for p in dated if p.start_date or p.end_date]
    for pool in (reading.newest(known), known):  # what the latest handling does not say, an earlier one may
        for test in tests:
            if chosen := next((p for p in pool if test(p)), None):
                prolonged = [p for p in pool if p.form == "until" and signs.prolongs(reading.text, p.start, p.end)]
                return _exactly(_prolonged(_with_its_end(chosen, pool), prolonged[-1] if prolonged else None, pool), pool)
    return _term(reading)


def _exactly(chosen: PeriodMatch, dated: Sequence[PeriodMatch]) -> PeriodMatch:
    """Years with the day on which the text says that they begin: ``vuosina 2025–2026``, ``alkoi 1.1.2025``."""
    if chosen.form != "range" or chosen.start_precision != "year":
        return chosen
    begins = (p for p in dated if p.form == "from" and p.start_precision == "day" and p.start_date == chosen.start_date)
    return replace(chosen, start_precision="day") if next(begins, None) else chosen


def _prolonged(chosen: PeriodMatch, prolonged: PeriodMatch | None, dated: Sequence[PeriodMatch]) -> PeriodMatch:
    """The period with the later end that a prolongation gave it; an application for one changes nothing."""
    if prolonged is None or prolonged is chosen or not prolonged.end_date:
        return chosen
    if chosen.end_date and chosen.end_date >= prolonged.end_date:
        return chosen
    if chosen.start_date is None:
        return _with_its_end(prolonged, dated)
    ends = {"end_date": prolonged.end_date, "end_precision": prolonged.end_precision}
    start, end = min(chosen.start, prolonged.start), max(chosen.end, prolonged.end)
    return replace(chosen, start=start, end=end, form="range", rule_id="assemble.prolonged", **ends)  # type: ignore[arg-type]


def _term(reading: Reading) -> PeriodMatch | None:
    """A term (toimikausi) with its days, where an entry states no other time; an item may tell of a body's."""
    if reading.entry.layout == "item":
        return None
    terms = [p for p in reading.periods if p.form == "range" and p.cue == "toimikausi" and p.start_precision == "day"]
    return terms[0] if len(terms) == 1 else None


def _with_its_end(chosen: PeriodMatch, dated: Sequence[PeriodMatch]) -> PeriodMatch:
    """A beginning joined with an end that is told apart from it: columns ``Alkaa`` and ``Päättyy``, or two sentences."""
    if chosen.form not in ("from", "until"):
        return chosen
    other = next((p for p in dated if {p.form, chosen.form} == {"from", "until"}), None)
    if other is None:
        return chosen
    first, last = (chosen, other) if chosen.form == "from" else (other, chosen)
    if not (first.start_date and last.end_date and first.start_date <= last.end_date):
        return chosen
    start, end = min(first.start, last.start), max(first.end, last.end)
    ends = {"end_date": last.end_date, "end_precision": last.end_precision}
    return replace(first, start=start, end=end, form="range", rule_id="assemble.begins_and_ends", **ends)  # type: ignore[arg-type]


def _years_a_sum(reading: Reading, year: PeriodMatch) -> bool:
    """Whether a lone year says when a sum beside it is paid: ``10 000 euroa vuodelle 2019``, ``vuonna 2019 5 000 €``."""
    if year.cue is None or year.cue in _LABELS_OF_DURATION:
        return False
    return any(0 <= year.start - a.end < 30 or 0 <= a.start - year.end < 30 for a in reading.amounts)


def _stands_alone(text: str, period: PeriodMatch) -> bool:
    """Whether years end the entry or a part of it, and are not in the middle of a name (``vuosille 2023-2025 hanke``)."""
    rest = text[period.end :].lstrip()
    return (bool(period.cue) and period.cue != "nimi") or not rest or rest[0] in ".,;()"


def _set_duration(document: Document, record: Project, reading: Reading, duration: PeriodMatch | None) -> None:
    if duration is None:
        return
    span = reading.passage.span(duration.start, duration.end)
    if duration.start_date:
        record.start_date, record.start_precision = duration.start_date, duration.start_precision
        record.evidence.append(_evidence(document, "start_date", span, duration.rule_id))
    if duration.end_date:
        record.end_date, record.end_precision = duration.end_date, duration.end_precision
        record.evidence.append(_evidence(document, "end_date", span, duration.rule_id))


def periods(document: Document, reading: Reading, duration: PeriodMatch | None) -> list[Period]:
    """The entry's periods as facts: its duration, transfers, deadlines, and what other ranges it names."""
    out: dict[tuple[object, ...], Period] = {}
    for match in reading.periods:
        if match is duration:
            kind = "duration"
        elif match.kind in ("transfer", "deadline"):
            kind = match.kind
        elif match.form == "range":
            kind = "other"
        else:
            continue
        span = reading.passage.span(match.start, match.end)
        fact = Period(
            document.text[span.start : span.end], match.rule_id, span.start, span.end,
            kind=kind, start_date=match.start_date, start_precision=match.start_precision,
            end_date=match.end_date, end_precision=match.end_precision,
        )  # fmt: skip
        out.setdefault((kind, match.start_date, match.end_date), fact)
    return list(out.values())


# ---------------------------------------------------------------- money


def amounts(document: Document, reading: Reading) -> list[Amount]:
    """The entry's sums as facts, one per kind and value. A lone sum without a label in a list is the project's total."""
    usable = [a for a in reading.amounts if a.value is not None and not a.per_unit]
    kinds = {a.kind for a in usable}
    usable = [a for kind in kinds for a in reading.newest([a for a in usable if a.kind == kind])]
    usable.sort(key=lambda a: (a.start, a.end, str(a.kind)))
    unlabelled = [a for a in usable if a.kind is None]
    listed = reading.entry.layout in _LIST_LAYOUTS or (reading.entry.layout == "prose" and len(reading.text) < 200)
    lone = len(unlabelled) == 1 and kinds <= _BESIDE_A_TOTAL and listed
    usable = [_added_up(reading.text, a, usable) for a in usable]
    applied = bool(lone and reading.entry.heading and signs.applies_for_money(reading.entry.heading))
    out: dict[tuple[object, ...], Amount] = {}
    for match in usable:
        kind = match.kind or (("applied_grant" if applied else "total_cost") if lone else None)
        aside = match.label in _OFFERED or (kind == "other" and reading.entry.layout == "item")
        if kind is None or match.value is None or aside:
            continue
        rule = match.rule_id if match.kind else "assemble.lone_sum"
        out.setdefault((kind, match.value, match.year), _amount(document, reading, match, kind, match.value, rule))
    return list(out.values())


_PARTS_OF_A_TOTAL = frozenset({"grant", "applied_grant", "own_contribution", "municipal_share", "partner_share"})


def _added_up(text: str, match: AmountMatch, found: Sequence[AmountMatch]) -> AmountMatch:
    """A sum told as the whole of those before it (``yhteensä 50 000 €``) is the total, where they do add up to it."""
    if match.kind is not None or not text[: match.start].rstrip(" :=").lower().endswith(
        ("yhteensä", "yht.", "sammanlagt", "totalt")
    ):
        return match
    parts = [a.value for a in found if a.start < match.start and a.kind in _PARTS_OF_A_TOTAL and a.value is not None]
    whole = len(parts) > 1 and sum(parts) == match.value and not any(a.kind == "total_cost" for a in found)
    return replace(match, kind="total_cost", label="yhteensä", rule_id="assemble.parts_add_up") if whole else match


def _amount(document: Document, reading: Reading, match: AmountMatch, kind: str, value: Decimal, rule: str) -> Amount:
    span = reading.passage.span(match.start, match.end)
    year = match.year if kind == "annual" else None
    return Amount(
        document.text[span.start : span.end], rule, span.start, span.end,
        kind=kind, value=value, approximate=match.approximate, year=year,
        party=organisations.party_base(match.party) if match.party else None,
    )  # fmt: skip


# ---------------------------------------------------------------- payers, doers, people


def _set_payers_and_doers(document: Document, record: Project, reading: Reading, municipality: str | None) -> None:
    """Who pays and who does. The publishing municipality's own part is its role, not an organisation's."""
    home = organisations.municipality_of(municipality) if municipality else None
    own = _own_role(reading, home)
    payers = [f for f in reading.newest(reading.funders) if _pays(reading, f)]
    codes = {f.code for f in payers}
    if any(f.code == "MUU" and signs.is_of_the_state(f.name) for f in payers):
        codes.discard("VALTIO")  # the state's grant comes from the agency that is named
        payers = [f for f in payers if f.code != "VALTIO"]
    for match in payers:
        if match.code in organisations.payer_codes(codes):
            start, name = organisations.payer_name(reading.text, match)
            _add_organisation(document, record, reading, replace(match, start=start), name, "funder", match.code)
    for doer in reading.newest(reading.organisations):
        if any(p.start < doer.end and doer.start < p.end for p in reading.persons) or (own and own.start <= doer.start < own.end):
            continue
        known = organisations.municipality_at_head(doer.name)
        if home and known and known.code == home.code:
            own = own or _as_own_role(doer)
            codes |= {"KUNTA"} if doer.role == "funder" else set()
            continue
        code = None
        if doer.role == "funder":
            if any(f.start < doer.end and doer.start < f.end for f in reading.funders):
                continue
            code = "KUNTA" if organisations.municipality_of(doer.name) else "MUU"
            codes.add(code)
        _add_organisation(document, record, reading, doer, doer.name, doer.role, code)
    record.organisations = _one_each(record.organisations)
    if own:
        span = reading.passage.span(own.start, own.end)
        record.municipality_role = own.value
        record.evidence.append(_evidence(document, "municipality_role", span, own.rule_id))
    elif told := _role_in_heading(reading, home):
        record.municipality_role = told
        span = reading.entry.heading_span or reading.entry.span
        record.evidence.append(_evidence(document, "municipality_role", span, f"projects.role.{told}.heading"))
    codes |= _add_payer_of_heading(document, record, reading)
    if own is None or own.value != "lead":
        codes |= _municipal_payment(record, reading)
    record.funder_codes = organisations.payer_codes(codes)


def _add_payer_of_heading(document: Document, record: Project, reading: Reading) -> set[str]:
    """The fund whose projects a heading announces: ``EAKR-hankkeet``; its code, where the entry does not name it itself."""
    entry = reading.entry
    found = organisations.fund_of_heading(entry.heading or "")
    if found is None or entry.heading_span is None or any(o.funder_code == found.code for o in record.organisations):
        return set()
    span = Span(entry.heading_span.start + found.start, entry.heading_span.start + found.end)
    surface = document.text[span.start : span.end]
    if surface == found.surface:
        fund = Organisation(surface, f"{found.rule_id}.heading", span.start, span.end, name=found.name, role="funder")
        record.organisations.append(replace(fund, funder_code=found.code))
    return {found.code}


def _role_in_heading(reading: Reading, home: Municipality | None) -> str | None:
    """The municipality's part where the lead-in of a list states it: ``Kunta on kumppanina kolmessa hankkeessa:``."""
    for who, match in signs.find_municipality_role(reading.entry.heading or ""):
        named = organisations.municipality_of(who)
        ours = who.casefold() in ("kaupunki", "kunta") or (named is not None and home is not None and named.code == home.code)
        if ours and match.value != "participant":
            return match.value
    return None


def _pays(reading: Reading, payer: organisations.FunderMatch) -> bool:
    """Whether a payer named pays here: not one that coordinates, nor in an item one whose sentence is not about money."""
    if any(o.role != "funder" and o.start < payer.end and payer.start < o.end for o in reading.organisations):
        return False
    if signs.denies(reading.text[max(0, payer.start - 70) : payer.start], reading.text[payer.end : payer.end + 90]):
        return False
    return reading.entry.layout != "item" or signs.speaks_of_money(_sentence(reading.text, payer.start))


def _municipal_payment(record: Project, reading: Reading) -> set[str]:
    """``KUNTA`` where the municipality pays a share of another body's project, by its words or by who leads it."""
    if signs.find_municipal_payment(f"{reading.entry.heading or ''}\n{reading.text}"):
        return {"KUNTA"}
    kinds = {a.kind for a in record.amounts}
    share = "municipal_share" in kinds and "own_contribution" not in kinds  # else the share is one of the costs
    yearly = "annual" in kinds and signs.municipality_pays(reading.text)
    others = any(o.role in ("coordinator", "implementer", "applicant") for o in record.organisations)
    return {"KUNTA"} if (share or yearly) and others else set()


_OWN_ROLES = {
    "coordinator": "lead", "implementer": "lead", "applicant": "lead", "co_implementer": "co_implementer", "partner": "partner",
}  # fmt: skip


def _as_own_role(doer: organisations.OrganisationMatch) -> signs.CueMatch | None:
    """The municipality named as a doer: ``hallinnoijana toimii Kemin kaupunki`` makes it the lead."""
    value = _OWN_ROLES.get(doer.role)
    return signs.CueMatch(doer.start, doer.end, doer.surface, value, f"{doer.rule_id}.own") if value else None


def _one_each(found: list[Organisation]) -> list[Organisation]:
    """A municipality named both ``Simo`` and ``Simon kunta`` in one role is one: the fuller name stays."""
    kept: dict[tuple[str, str], Organisation] = {}
    for organisation in found:
        known = organisations.municipality_of(organisation.name)
        key = (known.code if known else organisation.name, organisation.role)
        if key not in kept or len(organisation.name) > len(kept[key].name):
            kept[key] = organisation
    return [
        o
        for o in kept.values()
        if not any(k is not o and k.role == o.role and k.name.endswith(" " + o.name) for k in kept.values())
    ]


def _sentence(text: str, place: int) -> str:
    """The sentence around a place, cut at full stops before capitals."""
    begin = max((m.end() for m in _SENTENCE.finditer(text, max(0, place - 400), place)), default=max(0, place - 400))
    end = _SENTENCE.search(text, place)
    return text[begin : end.start() if end else place + 400]


_SENTENCE = regex.compile(r"(?<=\p{Ll}{2}|\d{4}|\))[.!?]\s+(?=\p{Lu})")


def _own_role(reading: Reading, home: Municipality | None) -> signs.CueMatch | None:
    """What the publishing municipality is in the project; another municipality's part is none of it."""
    for who, match in reading.roles:
        named = organisations.municipality_of(who)
        own_word = who.casefold() in ("kaupunki", "kunta")
        if own_word or (named is not None and (home is None or named.code == home.code)):
            return match
    return None


def _add_organisation(
    document: Document, record: Project, reading: Reading, match: organisations.FunderMatch | organisations.OrganisationMatch,
    name: str, role: str, code: str | None,
) -> None:  # fmt: skip
    span = reading.passage.span(match.start, match.end)
    if any((o.name, o.role, o.funder_code) == (name, role, code) for o in record.organisations):
        return
    surface = document.text[span.start : span.end]
    record.organisations.append(
        Organisation(
            surface,
            match.rule_id,
            span.start,
            span.end,
            name=name,
            role=role,
            funder_code=code,
            business_id=organisations.business_id_of(reading.text, match.end),
        )
    )


def contacts(document: Document, reading: Reading) -> list[Person]:
    """The people who answer for the project (yhteyshenkilöt), one row each."""
    out: dict[str, Person] = {}
    answering = [p for p in reading.persons if _answers_for_it(reading.text, p)]
    if reading.entry.layout not in ("item", "prose") or (reading.entry.layout == "prose" and not answering):
        answering = reading.persons  # an entry names those who answer for it; a paragraph may tell of others besides
    for match in reading.newest(answering):
        span = reading.passage.span(match.start, match.end)
        person = Person(
            document.text[span.start : span.end], match.rule_id, span.start, span.end,
            part="project_contact", name=match.name, given_name=match.given_name, family_name=match.family_name,
            role=match.role, acting=match.acting, method="cue", confidence=match.confidence,
        )  # fmt: skip
        out.setdefault(match.name, person)
    return list(out.values())


def _answers_for_it(text: str, person: NamedPerson) -> bool:
    """Whether an item says that a person answers for its project; those heard, present or disqualified do not."""
    first = person.start if person.role_start is None else min(person.start, person.role_start)
    if signs.follows_contact(text[person.end : person.end + 40]):
        return True
    return signs.is_project_title(person.role or "") or signs.leads_to_contact(text[max(0, first - 90) : first])


# ---------------------------------------------------------------- status


def _set_status(document: Document, record: Project, reading: Reading) -> None:
    """The status that the entry states, else the one its heading states."""
    decided = _status_of_sums(record)
    chosen = first_status(reading.newest(reading.statuses))
    if decided and (chosen is None or chosen.value in ("applied", "planned")):
        amount, record.status = decided
        record.evidence.append(_evidence(document, "status", Span(amount.start, amount.end), "assemble.status_of_sums"))
        return
    if chosen:
        record.status = chosen.value
        record.evidence.append(_evidence(document, "status", reading.passage.span(chosen.start, chosen.end), chosen.rule_id))
        return
    entry = reading.entry
    if entry.heading and entry.heading_span and (chosen := first_status(signs.find_status(entry.heading))):
        record.status = chosen.value
        record.evidence.append(_evidence(document, "status", entry.heading_span, f"{chosen.rule_id}.heading"))


def _status_of_sums(record: Project) -> tuple[Amount, str] | None:
    """A sum applied for beside the sum granted tells of a decision: ``haettu 30.000 €, myönnetty 24.000 €``."""
    granted = [a for a in record.amounts if a.kind == "grant"]
    if len(granted) != 1 or not any(a.kind == "applied_grant" for a in record.amounts):
        return None
    return granted[0], "granted" if granted[0].value else "rejected"


def first_status(found: Iterable[signs.CueMatch]) -> signs.CueMatch | None:
    """The status that counts where words say several: a decision before an application, a refusal before a grant."""
    return min(found, key=lambda m: (_STATUS_ORDER.index(m.value), m.start), default=None)
