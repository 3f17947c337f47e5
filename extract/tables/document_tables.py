"""The tables of a document as it stands: files, pages, agenda items, cells."""

from __future__ import annotations

from poytakirja.read.formats import MEDIA_TYPES, READERS
from poytakirja.tables.columns import (
    BOOL,
    COUNT,
    DATE,
    DOCUMENT,
    OFFSET,
    ONE_DOCUMENT,
    ONE_ITEM,
    PLACE,
    REAL,
    TEXT,
    TIME,
    Table,
    may,
    must,
    read,
)

DOCUMENTS = Table(
    "documents",
    "One row per input file, failed ones too.",
    (
        must("source", TEXT, "The path as given, with the file's place in a given folder added; unique."),
        may("document_id", TEXT, "First 16 hex digits of the content's SHA-256; null where status is failed or duplicate."),
        may("sha256", TEXT, "SHA-256 of the content; null where the file could not be read at all."),
        may("media_type", TEXT, " | ".join(MEDIA_TYPES) + "."),
        must("status", TEXT, "ok | partial | failed | duplicate."),
        may("duplicate_of", TEXT, "document_id of the first source with the same content.", ONE_DOCUMENT),
        may(
            "error_code",
            TEXT,
            "empty | unsupported | unreadable | encrypted | broken | no_text_layer | too_large | timeout | out_of_memory "
            "| crashed | internal.",
        ),
        may("error", TEXT, "What happened and what to do."),
        may("reader", TEXT, " | ".join(READERS) + ": pdf_source is the HTML that a PDF holds of itself."),
        may("recogniser", TEXT, "Where scanned pages were read: what recognised their text, with version, languages and models."),
        may("confidence", REAL, "How sure it was of the words it read, 0–1: the mean of them all."),
        may("page_count", COUNT, "Number of pages."),
        may("char_count", OFFSET, "Length of the canonical text in code points."),
        may("language", TEXT, "fi | sv: the language of most of the text."),
        read("organisation", TEXT, "Whose minutes they are, in base form (Lapuan kaupunki)."),
        read("municipality_code", TEXT, "Three digits, Statistics Finland; from the organisation's name."),
        read("body", TEXT, "The body that met, toimielin (Sivistyslautakunta); who decided, as printed."),
        read(
            "document_kind",
            TEXT,
            "minutes | agenda | extract | list | decision | other (nothing says what it is).",
        ),
        read("meeting_number", TEXT, 'Number of the meeting ("4/2025").'),
        read("meeting_date", DATE, "Day of the meeting."),
        read("meeting_start", TIME, "Beginning of the meeting, Finnish local time."),
        read("meeting_end", TIME, "End of the meeting, Finnish local time."),
        read("meeting_place", TEXT, "Where they met."),
        read("stated_project_count", COUNT, "How many projects the text itself says it lists."),
        may("persons_mode", TEXT, "keep | hash | drop: what became of persons' names; null where the file gave no rows."),
        must("software_version", TEXT, "Version of the software, with a hash of its source."),
        must("rules_version", TEXT, "Hash of the rules and vocabulary; after a plus, that of rules of one's own."),
        may("model_version", TEXT, "Hash of the person recogniser's model, null where there is none."),
    ),
    key=("source",),
)


PAGES = Table(
    "pages",
    "The canonical text: all pages in order, nothing between.",
    (
        DOCUMENT,
        must("page_no", COUNT, "Number of the page, from 1."),
        must("char_start", OFFSET, "Where the page begins in the canonical text."),
        must("text", TEXT, "Its text: NFC, NBSP as space, no zero-width or soft hyphens, lines ended by a line feed."),
        may("confidence", REAL, "Of a scanned page: how sure text recognition was of its words, 0–1, the mean; else null."),
    ),
    key=("document_id", "page_no"),
)


ITEMS = Table(
    "items",
    "One row per agenda item (pykälä); a text without § has none.",
    (
        must("item_id", TEXT, "document_id + /i + ordinal."),
        DOCUMENT,
        must("ordinal", COUNT, "Its place in the document, from 0."),
        read("number", COUNT, "Number of the item."),
        read("number_label", TEXT, "The number as printed (12 a §)."),
        read("title", TEXT, "Title."),
        read("case_id", TEXT, "Case number (diaarinumero)."),
        read("proposal", TEXT, "The proposal (päätösehdotus), without its heading."),
        read("decision", TEXT, "The decision (päätös), without its heading."),
        read(
            "outcome",
            TEXT,
            "as_proposed | amended | rejected | returned | tabled | withdrawn | noted | elected: how the decision stands to the "
            "proposal; null where the decision tells none of these.",
        ),
        *PLACE,
    ),
    key=("item_id",),
)


CELLS = Table(
    "cells",
    "Tables as they stand in the document, one row per cell.",
    (
        DOCUMENT,
        may("item_id", TEXT, "The agenda item in which the table stands.", ONE_ITEM),
        must("table_no", COUNT, "Number of the table in the document, from 0."),
        must("row", COUNT, "Row in the table, from 0."),
        must("col", COUNT, "Column in the table, from 0."),
        must("is_header", BOOL, "Whether it is a heading."),
        must("text", TEXT, "Its text on one line; a token broken by a narrow column is joined."),
        *PLACE,
    ),
    key=("document_id", "table_no", "row", "col"),
)
