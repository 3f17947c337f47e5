"""Persons' names in corrections, shown as the tables show them: as they are, as tokens, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from poytakirja.corrections.store import Correction
from poytakirja.corrections.values import NAMES
from poytakirja.errors import UsageError
from poytakirja.people import find as people
from poytakirja.privacy.pseudonyms import DROPPED, Pseudonyms
from poytakirja.rules.layout import identity_codes

_TOKEN = re.compile(r"P-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Shown:
    """How names are shown. ``pseudonyms`` is asked for only where there is a name to replace: a token needs the key."""

    mode: str
    pseudonyms: Callable[[], Pseudonyms]

    @classmethod
    def of(cls, mode: str | None) -> Shown:
        """As the rows of a document show them (persons_mode); raises UsageError where a key is needed and missing."""
        known = mode or "keep"
        return cls(known, lambda: Pseudonyms.of(known))

    def line(self, line: Correction) -> Correction:
        """A correction without the names that the tables do not show; no identity code in it."""
        given = {field: shown for field, value in line.record.items() if (shown := self.value(field, value)) is not None}
        was, value = self.value(line.field, line.was), self.value(line.field, line.value)
        by = line.by if self.mode == "keep" or not line.by else self._name(line.by)
        return replace(line, was=was, value=value, by=by, record=given)

    def value(self, field: str, value: str | None) -> str | None:
        """A value as the tables may hold it."""
        if value is None:
            return None
        value = identity_codes.masked(value, stated=True)
        if self.mode == "keep":
            return value
        return self._name(value) if field in NAMES else self._text(value)

    def _name(self, name: str) -> str | None:
        if self.mode == "drop":
            return None
        return name if _TOKEN.fullmatch(name) else self.pseudonyms().shown(name)

    def _text(self, text: str) -> str:
        """A text with the persons that it names replaced."""
        for start, end, name in reversed(next(iter(people.find_persons([text])))):
            text = text[:start] + (DROPPED if self.mode == "drop" else self.pseudonyms().shown(name)) + text[end:]
        return text


def check_name(shown: Shown, field: str, value: str | None) -> None:
    """Refuse a name where the tables show none."""
    if value is not None and field in NAMES and shown.mode == "drop":
        raise UsageError(f"{field}: the tables hold no names of persons (--persons drop): reject the value, or leave it")
