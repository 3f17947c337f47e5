"""Gold: what a careful reader of a document would write down, one JSON object a line and document.

The form is one set of typed dictionaries, which says at once what a line must hold (`check`), how an OUTPUT reads in the gold's
own words (`quality.gold_from_output`), and what `quality.evaluate` compares. People write gold; a draft only saves typing.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, cast

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError, with_config
from rich.console import Console
from typing_extensions import TypedDict

from poytakirja.records import Layout, Precision
from poytakirja.terminal import InputError, guarded, say

# ---------------------------------------------------------------- the form

FunderCode = Literal[
    "ESR", "EAKR", "JTF", "AMIF", "MASEURA", "INTERREG", "ERASMUS", "LEADER", "STM", "OKM", "YM", "TEM", "MMM", "LVM", "VM", "OM",
    "ELY", "AVI", "OPH", "BF", "MUSEOVIRASTO", "TAIKE", "SITRA", "LIITTO", "AKKE", "KUNTA", "EU", "VALTIO", "MUU",
]  # fmt: skip
AmountKind = Literal[
    "total_cost", "municipal_share", "own_contribution", "grant", "applied_grant", "partner_share", "earmarked", "annual", "loan",
    "other",
]  # fmt: skip
OrganisationRole = Literal["implementer", "co_implementer", "coordinator", "applicant", "partner", "beneficiary", "funder"]
MunicipalityRole = Literal["lead", "co_implementer", "partner", "participant"]
Status = Literal["granted", "rejected", "applied", "planned", "running", "ended", "cancelled"]
PersonPart = Literal[
    "preparer", "presenter", "chair", "secretary", "member", "deputy", "other_attendee", "absent", "minutes_checker", "signatory"
]  # fmt: skip
UnsureField = Literal[
    "number", "section", "name", "code", "start", "end", "start_precision", "end_precision", "funders", "amounts", "approximate",
    "persons", "organisations", "municipality_role", "status", "layout", "events", "transfer", "item",
]  # fmt: skip

_INVISIBLE = "\u200b\u200c\u200d\ufeff\u00ad\u2060"


def _iso_date(value: str) -> str:
    try:
        good = dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"not a date as YYYY-MM-DD: {value!r}")
    return value


def _money(value: str) -> str:
    if not re.fullmatch(r"\d+\.\d\d", value):
        raise ValueError(f"not euros with two decimals, as '25000.00': {value!r}")
    return value


def _clean(value: str) -> str:
    if not value or value != " ".join(value.split()) or any(c in value for c in _INVISIBLE):
        raise ValueError(f"empty, or not clean of line breaks, double spaces and invisible characters: {value!r}")
    return value


def _number(value: Any) -> Any:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and re.fullmatch(r"[^\W_]+(\.[^\W_]+)*", value) and not value.isdigit():
        return value
    raise ValueError(f"not an integer, nor a letter: {value!r}")


def _role(value: str) -> str:
    if re.match(r"v[st]\.", value.casefold()):
        raise ValueError(f"a role is written without vs. and vt.: {value!r}")
    return _clean(value)


def _codes(value: list[str]) -> list[str]:
    if value != sorted(set(value)):
        raise ValueError(f"not sorted, or one twice: {value}")
    return value


def _distinct(value: list[Any]) -> list[Any]:
    seen = Counter(json.dumps(v, sort_keys=True, ensure_ascii=False) for v in value)
    if twice := [v for v, n in seen.items() if n > 1]:
        raise ValueError(f"stands twice: {twice[0][:200]}")
    return value


Date = Annotated[str, AfterValidator(_iso_date)]
Money = Annotated[str, AfterValidator(_money)]
Text = Annotated[str, AfterValidator(_clean)]
Role = Annotated[str, AfterValidator(_role)]
_exactly = with_config(ConfigDict(extra="forbid", strict=True))


@_exactly
class GoldAmount(TypedDict):
    """A sum of the project: euros as a decimal string."""

    kind: AmountKind
    value: Money
    approximate: bool
    year: NotRequired[int]


@_exactly
class GoldPerson(TypedDict):
    """A person of a project (yhteyshenkilö, vastuuhenkilö), name in base form."""

    name: Text
    role: Role | None


@_exactly
class GoldAttendant(GoldPerson):
    """A person of the document or of an agenda item."""

    part: PersonPart


@_exactly
class GoldOrganisation(TypedDict):
    """An organisation in one role, name in base form."""

    name: Text
    role: OrganisationRole


@_exactly
class GoldEvent(TypedDict):
    """Another date of the project worth keeping."""

    kind: Literal["transfer"]
    date: Date


@_exactly
class GoldProject(TypedDict):
    """One project entry (hankkeen kuvaus)."""

    number: Annotated[Any, AfterValidator(_number)]
    section: Text | None
    name: Text
    name_also: list[Text]
    code: Text | None
    start: Date | None
    end: Date | None
    start_precision: Precision | None
    end_precision: Precision | None
    funders: Annotated[list[FunderCode], AfterValidator(_codes)]
    amounts: Annotated[list[Annotated[GoldAmount, AfterValidator(_check_year)]], AfterValidator(_distinct)]
    persons: Annotated[list[GoldPerson], AfterValidator(_distinct)]
    organisations: Annotated[list[GoldOrganisation], AfterValidator(_distinct)]
    municipality_role: MunicipalityRole | None
    status: Status | None
    layout: Layout
    events: Annotated[list[GoldEvent], AfterValidator(_distinct)]
    item: NotRequired[int | None]
    optional: NotRequired[bool]
    unsure: NotRequired[list[UnsureField]]


@_exactly
class GoldDocument(TypedDict):
    """One document: the file's name, and what stands in it."""

    document: Text
    stated_project_count: int | None
    persons: Annotated[list[GoldAttendant], AfterValidator(_distinct)]
    projects: list[Annotated[GoldProject, AfterValidator(_check_period)]]


def _check_year(amount: GoldAmount) -> GoldAmount:
    if (amount["kind"] == "annual") != ("year" in amount):
        raise ValueError("kind annual has a year, and no other kind has")
    return amount


def _check_period(project: GoldProject) -> GoldProject:
    for side, date, precision in (
        ("start", project["start"], project["start_precision"]),
        ("end", project["end"], project["end_precision"]),
    ):
        if (date is None) != (precision is None):
            raise ValueError(f"{side} and {side}_precision are given both or neither")
        if date and precision and date != widened(dt.date.fromisoformat(date), precision, side == "end").isoformat():
            raise ValueError(f"{side} {date} is not the {'last' if side == 'end' else 'first'} day of its {precision}")
    return project


def widened(date: dt.date, precision: Precision, to_end: bool) -> dt.date:
    """The first or the last day of the date's month or year.

    >>> widened(dt.date(2024, 2, 1), "month", to_end=True)
    datetime.date(2024, 2, 29)
    """
    if precision == "day":
        return date
    month = date.month if precision == "month" else 12 if to_end else 1
    return date.replace(month=month, day=calendar.monthrange(date.year, month)[1] if to_end else 1)


# ---------------------------------------------------------------- reading gold

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\u02d7"
_FOLDING = str.maketrans(dict.fromkeys(_INVISIBLE + "\"'”“„»«") | dict.fromkeys(_DASHES, "-"))


def fold(text: str | None) -> str:
    """A text as compared: case, quotation marks, kinds of dash, white space and closing punctuation aside.

    >>> fold('”Silta – kohti  työtä”.')
    'silta-kohti työtä'
    """
    words = " ".join((text or "").translate(_FOLDING).split())
    return re.sub(" ?- ?", "-", words).strip(" .,;:").casefold()


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise InputError(f"the key {key!r} stands twice in one object")
    return dict(pairs)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    yield from ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())


def _parse(line: str) -> Any:
    try:
        return json.loads(line, object_pairs_hook=_no_key_twice)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at column {error.colno}") from error


def read_gold(path: Path) -> Iterator[tuple[int, GoldDocument]]:
    """The documents of a gold file with their line numbers. Only `check` validates them."""
    for number, line in _lines(path):
        try:
            document = _parse(line)
            if not (isinstance(document, dict) and "document" in document and isinstance(document.get("projects"), list)):
                raise InputError("not an object with a `document` and its `projects`")
        except InputError as error:
            raise InputError(f"{path}:{number}: {error}; `poytakirja gold check {path}` tells more") from error
        yield number, cast(GoldDocument, document)


# ---------------------------------------------------------------- checking gold


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a gold file: the line, and the path to the bad key."""

    file: Path
    line: int
    path: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.path}: " if self.path else "")
        return where + ("warning: " if self.severity == "warning" else "") + self.message


@cache
def _adapter() -> TypeAdapter[GoldDocument]:
    return TypeAdapter(GoldDocument)


def _path(location: Iterable[int | str]) -> str:
    """The place of a key as one would write it.

    >>> _path(("projects", 2, "amounts", 0, "value"))
    'projects[2].amounts[0].value'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _form_errors(document: Any) -> Iterator[tuple[str, str]]:
    """Where a line departs from the form: (path, message)."""
    try:
        _adapter().validate_python(document)
    except ValidationError as error:
        for e in error.errors(include_url=False, include_input=False):
            yield _path(e["loc"]), e["msg"].removeprefix("Value error, ")


def _repeated_entries(document: GoldDocument) -> Iterator[tuple[str, str]]:
    """One project is one entry an item; elsewhere an entry that says the very same twice was entered twice."""
    first: dict[Any, int] = {}
    for i, project in enumerate(document["projects"]):
        item = project.get("item")
        key = (item, fold(project["name"])) if item is not None else json.dumps(project, sort_keys=True)
        if first.setdefault(key, i) != i:
            yield f"projects[{i}].name", f"the same project as projects[{first[key]}]"


def _squeezed(text: str) -> str:
    """Folded, without hyphens and spaces, so that a line end inside a word or a name does not matter."""
    return re.sub("[- ]", "", fold(text))


def _unfound_names(document: GoldDocument, text: str) -> Iterator[tuple[str, str]]:
    """A name is as printed; a bracket inside it (the fund) is left out of it."""
    printed = (_squeezed(text), _squeezed(re.sub(r"\([^()]*\)", "", text)))
    for i, project in enumerate(document["projects"]):
        if not any(_squeezed(project["name"]) in p for p in printed):
            yield f"projects[{i}].name", f"does not stand in {document['document']}: {project['name']!r}"


def _decode(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def check(path: Path, documents: Path | None = None) -> list[Problem]:
    """What is wrong in a gold file, in line order; ``documents`` is the folder of its documents, else the gold file's own."""
    parsed: list[tuple[int, GoldDocument]] = []
    problems: list[Problem] = []
    for number, line in _lines(path):
        try:
            document = _parse(line)
            errors = list(_form_errors(document))
        except InputError as error:
            errors = [("", str(error))]
        problems += [Problem(path, number, *e) for e in errors]
        if not errors:
            parsed.append((number, document))
    return sorted([*problems, *_content_problems(path, parsed, documents)], key=lambda p: p.line)


def _content_problems(path: Path, gold: list[tuple[int, GoldDocument]], documents: Path | None) -> Iterator[Problem]:
    """What is wrong with lines of good form: documents that are not there or come twice, entries repeated, names not printed.

    Where no document at all is there, the gold is kept apart from them, and one warning says that nothing was looked up.
    """
    files = {file.name: file for file in sorted((documents or path.parent).rglob("*")) if file.is_file()} if gold else {}
    apart = documents is None and bool(gold) and not any(d["document"] in files for _, d in gold)
    if apart:
        yield Problem(path, gold[0][0], "document", "its documents are not beside or under it: names not looked up", "warning")
    first: dict[str, int] = {}
    for number, document in gold:
        name = document["document"]
        if first.setdefault(name, number) != number:
            yield Problem(path, number, "document", f"{name!r} stands in line {first[name]} too")
        if name not in files and not apart:
            yield Problem(path, number, "document", f"no file {name!r} beside or under {documents or 'the gold file'}")
        yield from (Problem(path, number, *p) for p in _repeated_entries(document))
        if name in files and name.lower().endswith(".txt"):
            yield from (Problem(path, number, *p) for p in _unfound_names(document, _decode(files[name])))


# ---------------------------------------------------------------- the command


def run_check(files: Sequence[Path], *, documents: Path | None = None) -> int:
    """`gold check`: print what is wrong in gold files; 1 where there are errors."""
    console = Console()

    def command() -> int:
        problems = [problem for file in files for problem in check(file, documents)]
        for problem in problems:
            say(console, str(problem), "red" if problem.severity == "error" else "yellow")
        errors = sum(p.severity == "error" for p in problems)
        count = sum(1 for file in files for _ in _lines(file))
        say(console, f"{count} documents in {len(files)} gold files: {errors} errors")
        return 1 if errors else 0

    return guarded(command)
