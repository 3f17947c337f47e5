"""Who pays, does and answers for a project (rahoittajat, toteuttajat, yhteyshenkilöt)."""

from __future__ import annotations

from dataclasses import replace

import regex

from poytakirja.document import Document, Span
from poytakirja.projects.record.facts import EntryFacts
from poytakirja.records import Organisation, Person, Project
from poytakirja.rules.names.titled_persons import NamedPerson
from poytakirja.rules.organisations import business_ids, funders, organisations
from poytakirja.rules.organisations.municipalities import Municipality
from poytakirja.rules.projects import contacts, municipal_role, status
from poytakirja.rules.projects import payers as payer_words

_OWN_WORDS = ("kaupunki", "kunta", "kaupungin", "kunnan", "kommunen", "staden")
"""Words for the publishing municipality itself."""


def set_payers_and_doers(document: Document, record: Project, reading: EntryFacts, municipality: str | None) -> None:
    """Who pays and who does. The publishing municipality's own part is its role, not an organisation's."""
    home = organisations.municipality_of(municipality) if municipality else None
    own = _own_role(reading, home)
    payers = [f for f in reading.newest(reading.funders) if _pays(reading, f)]
    codes = {f.code for f in payers}
    if any(f.code == "MUU" and payer_words.is_of_the_state(f.name) for f in payers):
        codes.discard("VALTIO")  # the state's grant comes from the agency that is named
        payers = [f for f in payers if f.code != "VALTIO"]
    for match in payers:
        if match.code in funders.payer_codes(codes):
            start, name = funders.payer_name(reading.text, match)
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
    _set_stated_role(document, record, reading, own, home)
    codes |= _add_payer_of_heading(document, record, reading)
    if record.municipality_role != "lead":
        codes |= _municipal_payment(record, reading)
    if record.municipality_role is None and home:
        _set_role_by_share(document, record, reading, home, pays="KUNTA" in codes)
    record.funder_codes = funders.payer_codes(codes)


def _set_stated_role(
    document: Document, record: Project, reading: EntryFacts, own: status.CueMatch | None, home: Municipality | None
) -> None:
    """What the publisher is in the project, where the entry or its heading says so."""
    if own:
        span = reading.passage.span(own.start, own.end)
        record.municipality_role = own.value
        record.evidence.append(document.evidence("municipality_role", span, own.rule_id))
    elif told := _role_in_heading(reading, home):
        record.municipality_role = told
        span = reading.entry.heading_span or reading.entry.span
        record.evidence.append(document.evidence("municipality_role", span, f"projects.role.{told}.heading"))


_DOERS = frozenset({"coordinator", "implementer", "applicant"})


def _set_role_by_share(document: Document, record: Project, reading: EntryFacts, home: Municipality, *, pays: bool) -> None:
    """What the publisher's money makes it: participant in what another does, lead of what it pays its own share of."""
    if pays:
        _set_participant(document, record, reading)
    elif not municipal_role.done_together(reading.text):
        _set_lead_by_own_share(document, record, home)


def _set_participant(document: Document, record: Project, reading: EntryFacts) -> None:
    """The publisher only pays a share of another body's project; of one that is refused it pays nothing."""
    said = [*reading.statuses, *status.find_status(reading.entry.heading or "")]
    if not any(o.role in _DOERS for o in record.organisations) or any(m.value in ("rejected", "cancelled") for m in said):
        return
    share = next((a for a in record.amounts if a.kind == "municipal_share" and a.value), None)
    if share is not None:
        span, rule = Span(share.start, share.end), "projects.role.pays_a_share"
    elif told := municipal_role.find_municipal_payment(reading.text):
        span, rule = reading.passage.span(told.start, told.end), told.rule_id
    else:
        return
    record.municipality_role = "participant"
    record.evidence.append(document.evidence("municipality_role", span, rule))


def _set_lead_by_own_share(document: Document, record: Project, home: Municipality) -> None:
    """The publisher whose own contribution an entry states, and no other doer, leads: ``kunnan omarahoitus 5 000 €``."""
    if any(o.role in _DOERS for o in record.organisations):
        return
    for a in record.amounts:
        named = organisations.municipality_of(a.party) if a.party else None
        own = a.party is not None and (a.party.casefold() in _OWN_WORDS or (named is not None and named.code == home.code))
        if a.kind == "own_contribution" and a.value and own:
            record.municipality_role = "lead"
            record.evidence.append(document.evidence("municipality_role", Span(a.start, a.end), "projects.role.own_contribution"))
            return


def _add_payer_of_heading(document: Document, record: Project, reading: EntryFacts) -> set[str]:
    """The fund whose projects a heading announces: ``EAKR-hankkeet``; its code, where the entry does not name it itself."""
    entry = reading.entry
    found = funders.fund_of_heading(entry.heading or "")
    if found is None or entry.heading_span is None or any(o.funder_code == found.code for o in record.organisations):
        return set()
    span = Span(entry.heading_span.start + found.start, entry.heading_span.start + found.end)
    surface = document.text[span.start : span.end]
    if surface == found.surface:
        fund = Organisation(surface, f"{found.rule_id}.heading", span.start, span.end, name=found.name, role="funder")
        record.organisations.append(replace(fund, funder_code=found.code))
    return {found.code}


def _role_in_heading(reading: EntryFacts, home: Municipality | None) -> str | None:
    """The municipality's part where the lead-in of a list states it: ``Kunta on kumppanina kolmessa hankkeessa:``."""
    for who, match in municipal_role.find_municipality_role(reading.entry.heading or ""):
        named = organisations.municipality_of(who)
        ours = who.casefold() in _OWN_WORDS or (named is not None and home is not None and named.code == home.code)
        if ours and match.value != "participant":
            return match.value
    return None


def _pays(reading: EntryFacts, payer: funders.FunderMatch) -> bool:
    """Whether a payer named pays here: not one that coordinates, nor in an item one whose sentence is not about money."""
    if any(o.role != "funder" and o.start < payer.end and payer.start < o.end for o in reading.organisations):
        return False
    if payer_words.denies(reading.text[max(0, payer.start - 70) : payer.start], reading.text[payer.end : payer.end + 90]):
        return False
    return reading.entry.layout != "item" or payer_words.speaks_of_money(_sentence(reading.text, payer.start))


def _municipal_payment(record: Project, reading: EntryFacts) -> set[str]:
    """``KUNTA`` where the municipality pays a share of another body's project, by its words or by who leads it."""
    if municipal_role.find_municipal_payment(f"{reading.entry.heading or ''}\n{reading.text}"):
        return {"KUNTA"}
    kinds = {a.kind for a in record.amounts}
    share = "municipal_share" in kinds and "own_contribution" not in kinds  # else the share is one of the costs
    yearly = "annual" in kinds and municipal_role.municipality_pays(reading.text)
    others = any(o.role in _DOERS for o in record.organisations)
    return {"KUNTA"} if (share or yearly) and others else set()


_OWN_ROLES = {
    "coordinator": "lead", "implementer": "lead", "applicant": "lead", "co_implementer": "co_implementer", "partner": "partner",
}  # fmt: skip


def _as_own_role(doer: organisations.OrganisationMatch) -> status.CueMatch | None:
    """The municipality named as a doer: ``hallinnoijana toimii Kemin kaupunki`` makes it the lead."""
    value = _OWN_ROLES.get(doer.role)
    return status.CueMatch(doer.start, doer.end, doer.surface, value, f"{doer.rule_id}.own") if value else None


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


def _own_role(reading: EntryFacts, home: Municipality | None) -> status.CueMatch | None:
    """What the publishing municipality is in the project; another municipality's part is none of it."""
    for who, match in reading.roles:
        named = organisations.municipality_of(who)
        own_word = who.casefold() in _OWN_WORDS
        if own_word or (named is not None and (home is None or named.code == home.code)):
            return match
    return None


def _add_organisation(
    document: Document, record: Project, reading: EntryFacts, match: funders.FunderMatch | organisations.OrganisationMatch,
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
            business_id=business_ids.business_id_of(reading.text, match.end),
        )
    )


def contact_persons(document: Document, reading: EntryFacts) -> list[Person]:
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
    if contacts.follows_contact(text[person.end : person.end + 40]):
        return True
    return contacts.is_project_title(person.role or "") or contacts.leads_to_contact(text[max(0, first - 90) : first])
