"""The tables that are made of all documents together: which entries describe one project, and its newest values."""

from __future__ import annotations

from poytakirja.tables.columns import (
    COUNT,
    DATE,
    EURO,
    ONE_PROJECT,
    PRECISION,
    REAL,
    TEXT,
    TEXTS,
    Column,
    Table,
    may,
    must,
)

PROJECT_LINKS = Table(
    "project_links",
    "Which entries describe the same project.",
    (
        must("project_id", TEXT, "The entry.", ONE_PROJECT),
        must(
            "project_key",
            TEXT,
            "The project: entries with the same key describe the same one.",
            ("projects_latest", "project_key"),
        ),
        must("score", REAL, "How sure the entry's surest link is, 0…1; 1 where an entry stands alone."),
        may("reason", TEXT, "With which entry, and the evidence in words (links.md); null where an entry stands alone."),
    ),
    key=("project_id",),
)

LATEST_VALUES = {
    "project_name": "project_name_from",
    "status": "status_from",
    "start_date": "start_from",
    "end_date": "end_from",
    "funder_codes": "funder_codes_from",
    "total_cost_eur": "total_cost_from",
    "municipal_share_eur": "municipal_share_from",
    "own_contribution_eur": "own_contribution_from",
    "grant_eur": "grant_from",
    "applied_grant_eur": "applied_grant_from",
}
"""The columns of projects of which projects_latest has the newest, and the column that names the entry which states it."""


def _from(name: str) -> Column:
    return may(name, TEXT, "project_id of the newest entry that states it, from which it is taken.", ONE_PROJECT)


def _sum(kind: str) -> tuple[Column, Column]:
    return may(f"{kind}_eur", EURO, f"The newest {kind}_eur that an entry states."), _from(f"{kind}_from")


PROJECTS_LATEST = Table(
    "projects_latest",
    "One row per project, however many entries tell of it: each value from the newest entry that states it.",
    (
        must("project_key", TEXT, "The project, as in project_links."),
        may("project_name", TEXT, "Name as the newest entry prints it."),
        _from("project_name_from"),
        may("municipality_code", TEXT, "Of the newest document that has one; others may tell of the project too."),
        may("organisation", TEXT, "Whose minutes that document holds, in base form."),
        may("status", TEXT, "granted | rejected | applied | planned | running | ended | cancelled."),
        _from("status_from"),
        may("start_date", DATE, "First day, inclusive."),
        may("start_precision", TEXT, PRECISION),
        _from("start_from"),
        may("end_date", DATE, "Last day, inclusive."),
        may("end_precision", TEXT, PRECISION),
        _from("end_from"),
        must("funder_codes", TEXTS, "Codes of those who pay, of one entry, sorted; empty where no entry says any."),
        _from("funder_codes_from"),
        *_sum("total_cost"),
        *_sum("municipal_share"),
        *_sum("own_contribution"),
        *_sum("grant"),
        *_sum("applied_grant"),
        must("entry_count", COUNT, "How many entries tell of it."),
        must(
            "project_ids",
            TEXTS,
            "Those entries, the oldest first: undated ones, then by meeting_date; else by source.",
        ),
        must("document_ids", TEXTS, "Their documents, in the same order."),
        may("first_meeting_date", DATE, "Day of the first meeting that tells of it."),
        may("last_meeting_date", DATE, "Day of the last one."),
    ),
    key=("project_key",),
)
