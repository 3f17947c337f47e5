"""Errors with a reason and a remedy."""

from __future__ import annotations

from typing import Literal

ErrorCode = Literal[
    "empty", "unsupported", "unreadable", "encrypted", "broken", "no_text_layer", "too_large",
    "timeout", "out_of_memory", "crashed", "internal",
]  # fmt: skip


class ReadError(Exception):
    """A document that cannot be read: a reason from the contract's closed list, and what to do about it."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(code, message)
        self.code: ErrorCode = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class UsageError(Exception):
    """Refused at once, with nothing written: what is wrong and what to do."""
