"""The words of the report in Finnish and English (labels.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from markupsafe import Markup, escape

from poytakirja.projects.record.findings import CODES

Language = Literal["fi", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "en")


@cache
def labels() -> Mapping[Language, Mapping[str, str]]:
    """Every label by language and key (``status.granted``)."""
    told = tomllib.loads(files("poytakirja.report").joinpath("labels.toml").read_text(encoding="utf-8"))
    pairs = {f"{group}.{key}": words for group, keys in told.items() for key, words in keys.items()}
    for code, (_, meaning) in CODES.items():
        finnish = pairs.get(f"finding.{code}", [meaning])[0]
        pairs[f"finding.{code}"] = [finnish, meaning]
    return {language: {key: words[n] for key, words in pairs.items()} for n, language in enumerate(LANGUAGES)}


def label(key: str, language: Language) -> str:
    """A label; a word of the tables that has none stands for itself.

    >>> label("amount.grant", "fi"), label("amount.unheard_of", "fi")
    ('Avustus', 'unheard_of')
    """
    return labels()[language].get(key) or key.partition(".")[2]


def spoken(key: str, language: Language) -> Markup:
    """A label as HTML that the page's script can say in the other language."""
    return Markup('<span data-t="{}">{}</span>').format(key, label(key, language))


def attribute(name: str, key: str, language: Language) -> Markup:
    """The same as an attribute."""
    return Markup('{0}="{1}" data-t-{0}="{2}"').format(escape(name), label(key, language), key)
