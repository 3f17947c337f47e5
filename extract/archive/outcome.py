"""What came of reading one document."""

from __future__ import annotations

from dataclasses import dataclass, field

from poytakirja.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: its rows as Arrow messages by table, or why there are none (or, in part, too few)."""

    status: str
    code: ErrorCode | None = None
    error: str | None = None
    tables: dict[str, bytes] = field(default_factory=dict, repr=False)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def failed(cls, code: ErrorCode, error: str) -> Outcome:
        """A document that gives no rows."""
        return cls("failed", code, error)
