"""Finnish minutes in, tables out: the public API.

>>> from poytakirja import extract_document
>>> extract_document("poytakirja.pdf").projects  # doctest: +SKIP
"""
# no `from __future__`: it would be looked for in the working folder, before that is off the path

from poytakirja import _safe_path  # isort: skip  # noqa: F401  first: it makes the imports below safe

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from poytakirja._version import __version__
from poytakirja.errors import ReadError, UsageError
from poytakirja.one_document import Source

if TYPE_CHECKING:
    from poytakirja.archive.summary import Progress, Summary
    from poytakirja.options import Options
    from poytakirja.publish.loaded import Loaded
    from poytakirja.read.ocr.tesseract import Engine
    from poytakirja.rules.vocabulary_tables.own_tables import CustomRules
    from poytakirja.tables.frames import Money
    from poytakirja.tables.results import Extraction

__all__ = [
    "ReadError", "UsageError", "__version__", "extract_document", "extract_folder", "extract_text", "find_persons", "load",
]  # fmt: skip

# ruff: noqa: PLC0415  import is quick: each function loads what it needs


def extract_document(
    source: Source,
    *,
    name: str | None = None,
    persons: str = "keep",
    ocr: "bool | Engine" = False,
    rules: "str | Path | CustomRules | None" = None,
) -> "Extraction":
    """Read one document (PDF, Word, HTML or text) and extract all that the tables hold of it.

    ``source`` is a path, the document's bytes, or a file open for reading bytes; ``name`` is what it is called where the source
    does not say it (its ending helps to tell the format). ``persons`` says what becomes of persons' names: ``keep`` them,
    ``hash`` them to tokens under the key in the environment variable POYTAKIRJA_KEY, or ``drop`` them. ``ocr`` has scanned pages
    read by tesseract: True, or one found before. ``rules`` is a folder of an organisation's own rules (own-rules.md), read and
    checked by each call; calls with different rules may go side by side in threads, where one waits for the other.

    Raises ``ReadError`` (code and remedy) where the document cannot be read, ``UsageError`` where hash finds no key, ocr no
    tesseract, or the rules do not hold, TypeError where the source is none of these.
    ``Extraction.seconds`` says the time of each stage.
    """
    from poytakirja import one_document

    return one_document.extract_document(source, name=name, persons=persons, ocr=ocr, rules=_rules(rules))


def extract_text(
    text: str, *, name: str | None = None, persons: str = "keep", rules: "str | Path | CustomRules | None" = None
) -> "Extraction":
    """Extract all that the tables hold of a text, whose pages form feeds cut; options as in ``extract_document``.

    >>> found = extract_text("Hankkeet\\n\\n- Kylien polut (Leader), kustannusarvio 12 500 €, 2023-2024\\n")
    >>> found.projects[0].project_name, str(found.projects[0].amounts[0].value_eur)
    ('Kylien polut', '12500.00')
    """
    from poytakirja import one_document

    return one_document.extract_text(text, name=name, persons=persons, rules=_rules(rules))


def _rules(rules: "str | Path | CustomRules | None") -> "CustomRules | None":
    """The rules of a folder, checked."""
    from poytakirja.custom_rules import load as custom_rules

    return custom_rules.checked(Path(rules)) if isinstance(rules, str | Path) else rules


def extract_folder(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path,
    options: "Options | None" = None,
    *,
    watch: "Callable[[Progress], None] | None" = None,
) -> "Summary":
    """Extract minutes into a folder of tables, as the command ``poytakirja extract`` does; the summary says what came of it.

    ``inputs`` are files, folders and URLs. ``watch`` is called with how far the run is (``Progress``: documents and pages done,
    of how many) at its beginning and after each document. Raises ``UsageError`` as the command does with exit status 2.
    """
    from poytakirja.archive import run

    given = [inputs] if isinstance(inputs, str | Path) else inputs
    return run.run([str(one) for one in given], out, options, watch)


def load(output: str | Path, *, money: "Money" = "float") -> "Loaded":
    """The tables of an OUTPUT as pandas frames: ``load("output").projects``.

    Dates are datetimes, counts whole numbers that may be missing, sums floats (``money="decimal"``: exact Decimals), closed
    lists of words categories. ``.sql(…)`` asks all tables, ``.joined(…)`` puts the document's columns beside a table's.
    Raises ``UsageError`` where OUTPUT holds no tables that this version reads.
    """
    from poytakirja.publish.loaded import Loaded

    return Loaded(Path(output), money)


def find_persons(texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
    """The persons named in each of the texts, as (start, end, name in base form); streaming. One text is a list of one.

    Raises TypeError for a bare string, whose characters would be taken for texts.
    """
    if isinstance(texts, str | bytes):
        raise TypeError("find_persons takes several texts: give one as a list, find_persons([text])")
    from poytakirja.people import find as people

    return people.find_persons(texts)
