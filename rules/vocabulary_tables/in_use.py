"""Which rules are in use (käytössä olevat säännöt): the shipped ones, or an organisation's own beside them.

What is compiled from the vocabulary belongs to the process. So a document is read under a claim on the rules it needs: claims on
the same rules go side by side, in as many threads as there are, and a claim on others waits until those are done.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Condition

from poytakirja.rules.vocabulary_tables import own_tables as own
from poytakirja.rules.vocabulary_tables.own_tables import CustomRules

_claimed: ContextVar[CustomRules | None] = ContextVar("_claimed", default=None)
"""The rules that the code at work has claimed."""


class _Claims:
    """How many threads read with the rules that are in use."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._readers = 0
        self.usual = CustomRules()
        """The rules of whoever asks for none."""

    def take(self, rules: CustomRules) -> None:
        """Wait until these rules can be used, and put them in use."""
        with self._changed:
            while self._readers and rules != own.active():
                self._changed.wait()
            _put_in_use(rules)
            self._readers += 1

    def give_back(self) -> None:
        """Let others have the rules of their choice."""
        with self._changed:
            self._readers -= 1
            self._changed.notify_all()

    def settle(self) -> None:
        """Put the usual rules in use, unless somebody reads."""
        with self._changed:
            if not self._readers:
                _put_in_use(self.usual)

    def make_usual(self, rules: CustomRules) -> None:
        """Use these rules from now on where none are asked for."""
        with self._changed:
            self.usual = rules
        self.settle()


_claims = _Claims()


def _put_in_use(rules: CustomRules) -> None:
    if rules != own.active():
        own.activate(rules)
        _forget()


def _forget() -> None:
    """Drop what was compiled from other rules: whatever the modules of the rules and of the pipeline keep."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "poytakirja":
            for kept in vars(module).values():
                if clear := getattr(kept, "cache_clear", None):
                    clear()


@contextmanager
def reading_with(rules: CustomRules | None) -> Iterator[CustomRules]:
    """Read with these rules, whatever other threads read with, and give them; None: those claimed around, else the usual ones.

    The rules stay compiled afterwards: the next claim on the same ones costs nothing.
    """
    around = _claimed.get()
    wanted = rules if rules is not None else around if around is not None else _claims.usual
    if around is not None:
        _claims.give_back()
    _claims.take(wanted)
    token = _claimed.set(wanted)
    try:
        yield wanted
    finally:
        _claimed.reset(token)
        _claims.give_back()
        if around is not None:
            _claims.take(around)


@contextmanager
def using(rules: CustomRules) -> Iterator[None]:
    """Read with these rules until the end, and leave the usual ones in use behind."""
    try:
        with reading_with(rules):
            yield
    finally:
        _claims.settle()


def activate(rules: CustomRules) -> None:
    """Let this process read with these rules from now on."""
    _claims.make_usual(rules)
