"""All tables in order: the source of the Arrow schemas, datapackage.json, docs/tables.md and the contract's test."""

from __future__ import annotations

from poytakirja.tables.columns import SCHEMA_VERSION, TYPE_NAMES, Column, Row, Table, is_readable, is_same
from poytakirja.tables.document_tables import CELLS, DOCUMENTS, ITEMS, PAGES
from poytakirja.tables.fact_tables import (
    AMOUNTS,
    CORRECTIONS,
    EVIDENCE,
    FINDINGS,
    ORGANISATIONS,
    PERIODS,
    PERSONS,
    PROJECTS,
    VOTES,
)
from poytakirja.tables.linked_tables import LATEST_VALUES, PROJECT_LINKS, PROJECTS_LATEST

__all__ = [
    "ACROSS", "DOCUMENTS", "FINDINGS", "ITEMS", "LATEST_VALUES", "PROJECTS", "PROJECTS_LATEST", "PROJECT_LINKS",
    "SCHEMA_VERSION", "TABLES", "TYPE_NAMES", "Column", "Row", "Table", "is_readable", "is_same",
]  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        DOCUMENTS,
        PAGES,
        ITEMS,
        CELLS,
        PROJECTS,
        AMOUNTS,
        PERIODS,
        PERSONS,
        ORGANISATIONS,
        VOTES,
        EVIDENCE,
        CORRECTIONS,
        PROJECT_LINKS,
        PROJECTS_LATEST,
        FINDINGS,
    )
}

ACROSS = (PROJECT_LINKS.name, PROJECTS_LATEST.name)
"""The tables that are made of all documents together."""
