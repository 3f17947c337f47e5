"""The tables of what documents say: projects, facts, evidence, findings and corrections."""

from __future__ import annotations

from poytakirja.tables.columns import (
    BOOL,
    CONFIDENCE,
    COUNT,
    DATE,
    DOCUMENT,
    EURO,
    MENTION,
    ONE_ITEM,
    OWNER,
    PLACE,
    PRECISION,
    REAL,
    SPAN_OF_TIME,
    TEXT,
    TEXTS,
    TIME,
    Table,
    may,
    must,
    read,
)

PROJECTS = Table(
    "projects",
    "One row per project entry (hanke).",
    (
        must("project_id", TEXT, "document_id + /p + ordinal."),
        DOCUMENT,
        may("item_id", TEXT, "The agenda item in which the entry stands.", ONE_ITEM),
        must("ordinal", COUNT, "Its place in the document, from 0."),
        must("layout", TEXT, "numbered | bulleted | labelled | table_row | item | prose."),
        read("entry_number", TEXT, "Number or letter of the entry, without bracket or full stop."),
        read("section", TEXT, "The nearest heading above the list, or the table's caption."),
        read("project_name", TEXT, "Name as printed."),
        may("project_name_base", TEXT, "The name in base form where its case ending can be undone safely, else as printed."),
        read("project_code", TEXT, "Cost centre, project number or case number printed with the entry."),
        read("status", TEXT, "granted | rejected | applied | planned | running | ended | cancelled."),
        read("municipality_role", TEXT, "lead | co_implementer | partner | participant: what the publishing municipality is."),
        read("start_date", DATE, "First day of the project, inclusive."),
        read("start_precision", TEXT, PRECISION),
        read("end_date", DATE, "Last day of the project, inclusive."),
        read("end_precision", TEXT, PRECISION),
        must("funder_codes", TEXTS, "Codes of those who pay, sorted (EAKR, ESR, OKM …); empty where none is said."),
        read("total_cost_eur", EURO, "The amount of kind total_cost, if there is exactly one."),
        read("municipal_share_eur", EURO, "The amount of kind municipal_share, if there is exactly one."),
        read("own_contribution_eur", EURO, "The amount of kind own_contribution, if there is exactly one."),
        read("grant_eur", EURO, "The amount of kind grant, if there is exactly one."),
        read("applied_grant_eur", EURO, "The amount of kind applied_grant, if there is exactly one."),
        read("contact_name", TEXT, "The first project_contact, in base form; as person_name in persons_mode hash and drop."),
        read("contact_role", TEXT, "That person's role, in base form."),
        must("text", TEXT, "The entry, cleaned of page headers; need not equal the slice."),
        must("confidence", REAL, "How probable it is that this is a project entry, 0…1, calibrated (accuracy.md)."),
        *PLACE,
    ),
    key=("project_id",),
)


AMOUNTS = Table(
    "amounts",
    "Sums of money: one row per distinct value of a project, and of an agenda item outside its projects.",
    (
        *OWNER,
        must(
            "kind",
            TEXT,
            "total_cost | municipal_share | own_contribution | grant | applied_grant | partner_share | earmarked | annual "
            "| loan | other.",
        ),
        must("value_eur", EURO, "The sum in euros."),
        must("approximate", BOOL, "Whether the text says about, at most, at least, or rounds."),
        may("year", COUNT, "The year of an annual sum, else null."),
        may("party", TEXT, "Whose share or grant it is."),
        may("label", TEXT, "The words that name the sum, as printed (omarahoitusosuus); null where none do."),
        CONFIDENCE,
        *MENTION,
    ),
)


PERIODS = Table(
    "periods",
    "Times: one row per distinct value of a project, and of an agenda item outside its projects.",
    (
        *OWNER,
        must("kind", TEXT, "duration | transfer | deadline | other (a school year or season: null dates)."),
        *SPAN_OF_TIME,
        CONFIDENCE,
        *MENTION,
    ),
)


PERSONS = Table(
    "persons",
    "People: one row per part in an item, project or meeting, and one per mention with part mentioned.",
    (
        *OWNER,
        must(
            "part",
            TEXT,
            "chair | member | deputy | secretary | other_attendee | absent | minutes_checker | signatory | preparer | presenter "
            "| dissenting | disqualified | project_contact | mentioned: first eight of the meeting, then four of an item.",
        ),
        may("person_name", TEXT, "Name in base form, given name first; a token in persons_mode hash, null in drop."),
        may("given_name", TEXT, "Given name in base form; null in persons_mode hash and drop."),
        may("family_name", TEXT, "Family name in base form; null in persons_mode hash and drop."),
        may("role", TEXT, "Title in lower-case base form, without vs. or vt. (projektipäällikkö)."),
        must("acting", BOOL, "Whether the title is acting (vs., vt.)."),
        must("method", TEXT, "cue | list | ner: how the person was found."),
        must("confidence", REAL, "0…1."),
        *MENTION,
    ),
)


VOTES = Table(
    "votes",
    "Votes (äänestykset) on agenda items, one row per vote.",
    (
        *OWNER,
        may(
            "subject",
            TEXT,
            "What votes_for counts the votes for, as printed (kunnanjohtajan ehdotus); null where it is not said.",
        ),
        must("votes_for", COUNT, "Votes for the subject: for the base proposal (JAA), unless the text names another first."),
        must("votes_against", COUNT, "Votes against it, or for what stood against it."),
        may("votes_empty", COUNT, "Empty votes; null where nothing is said of them."),
        may("votes_absent", COUNT, "How many were away; null where nothing is said of them."),
        CONFIDENCE,
        *MENTION,
    ),
)


ORGANISATIONS = Table(
    "organisations",
    "Organisations in their roles: in a project, or in an agenda item outside its projects.",
    (
        *OWNER,
        must("organisation_name", TEXT, "Name in base form."),
        must(
            "role",
            TEXT,
            "implementer | co_implementer | coordinator | applicant | partner | beneficiary | funder | mentioned (no part said).",
        ),
        may("funder_code", TEXT, "Code of a known payer (EAKR, OKM …)."),
        may("business_id", TEXT, "Business id (Y-tunnus)."),
        CONFIDENCE,
        *MENTION,
    ),
)


EVIDENCE = Table(
    "evidence",
    "Where the other values stand: one row per value of documents, items and projects that was read from the text.",
    (
        DOCUMENT,
        must("table", TEXT, "documents | items | projects."),
        must("row_id", TEXT, "document_id, item_id or project_id."),
        must("field", TEXT, "The column."),
        CONFIDENCE,
        *MENTION,
    ),
)


FINDINGS = Table(
    "findings",
    "What a reader should look at.",
    (
        *OWNER,
        must("severity", TEXT, "info | warning | error."),
        must("code", TEXT, "What kind of finding: findings.md lists them all."),
        must("message", TEXT, "What was found, in words."),
        *(may(c.name, c.type, c.meaning) for c in PLACE),
    ),
)

CORRECTIONS = Table(
    "corrections",
    "What a reviewer said of a value: one row per correction of OUTPUT/_corrections.jsonl that concerns the document.",
    (
        DOCUMENT,
        must("table", TEXT, "The table of the corrected row."),
        may("row_id", TEXT, "item_id or project_id of the corrected row; null where the row has none or is no more there."),
        must("field", TEXT, "The column."),
        must("action", TEXT, "confirm | change | reject | add."),
        may("was", TEXT, "The value that the reviewer saw, as text; null where there was none."),
        may("value", TEXT, "The value that the reviewer gave, as text; null where the value was rejected."),
        may("by", TEXT, "Who corrected."),
        may("at", TIME, "When, in UTC."),
        must("status", TEXT, "applied | stale | conflict: stale: the row is no more there; conflict: two corrections disagree."),
        *(may(c.name, c.type, c.meaning) for c in PLACE),
    ),
)
