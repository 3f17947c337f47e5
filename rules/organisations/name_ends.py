"""What organisations' names end with (nimien loput): legal forms, and head words such as ``kaupunki`` in every case."""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.vocabulary_tables.tables import rows

LEGAL = "ry|rf|oy|oyj|ab|abp|ky|osk|rp|sr|r\\.y\\."
LEGAL_END = regex.compile(rf"(?i)\b({LEGAL})(?::\p{{Ll}}{{1,4}}|(?<=r\.?y)(?:n|ltä|lle|tä))?$")


@cache
def head_forms() -> dict[str, str]:
    """Every declined form of a head word → its base form."""
    forms: dict[str, str] = {}
    for row in rows("organisation_heads"):
        base, stem, partitive = row["base"], row["stem"], row["partitive"]
        front = not any(c in "aou" for c in base)
        a = "ä" if front else "a"
        forms[base] = forms[partitive] = base
        for ending in ("n", f"ll{a}", f"lt{a}", "lle", f"ss{a}", f"st{a}", "ksi"):
            forms[stem + ending] = base
    return forms
