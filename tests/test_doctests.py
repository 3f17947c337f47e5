"""Every example in a docstring of the package holds."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import poytakirja
from poytakirja import rules

NAMES = {m.name for package in (poytakirja, rules) for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")}
MODULES = sorted(name for name in NAMES if not name.endswith(("preload", "__main__")))


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings_hold(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.failed == 0


def test_the_rules_are_among_them() -> None:
    assert "poytakirja.rules.time.dates" in MODULES
