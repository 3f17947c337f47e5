"""Gold: what a careful reader of a document would write down, one JSON object a line and document.

The form is one set of typed dictionaries, which says at once what a line must hold (`check`), how an OUTPUT reads in the gold's
own words (`read_output`, `draft`), and what `extract.evaluate` compares. Gold is written by people; a draft only saves typing.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, cast

import pyarrow as pa
import pyarrow.dataset as ds
from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError, with_config
from rich.console import Console
from typing_extensions import TypedDict

from extract.document import Layout, Precision
from extract.terminal import InputError, guarded, say

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
Status = Literal["granted", "rejected", "applied", "planned", "running", "ended"]
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


# ---------------------------------------------------------------- an OUTPUT in the gold's words

_COLUMNS = {
    "documents": ("source", "document_id", "status", "stated_project_count"),
    "items": ("item_id", "number"),
    "projects": (
        "project_id", "document_id", "item_id", "ordinal", "layout", "entry_number", "section", "project_name", "project_code",
        "status", "municipality_role", "start_date", "start_precision", "end_date", "end_precision", "funder_codes",
    ),
    "amounts": ("project_id", "kind", "value_eur", "approximate", "year"),
    "periods": ("project_id", "kind", "start_date"),
    "persons": ("document_id", "project_id", "part", "person_name", "role"),
    "organisations": ("project_id", "organisation_name", "role", "funder_code"),
}  # fmt: skip

Row = dict[str, Any]


def read_rows(output: Path, table: str, columns: Sequence[str] | None = None) -> list[Row]:
    """The rows of one table of an OUTPUT; a column it lacks is null, a table it lacks is empty."""
    folder = output / table
    if not folder.is_dir():
        return []
    try:
        data = ds.dataset(folder, format="parquet")
        present = data.schema.names if columns is None else [c for c in columns if c in data.schema.names]
        rows: list[Row] = data.to_table(columns=present).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{folder}: cannot be read as Parquet ({error})") from error
    blank = dict.fromkeys(columns or ())
    return [blank | row for row in rows]


@dataclass(frozen=True, slots=True)
class Predicted:
    """A document of an OUTPUT: where it came from, how its reading went, and what it says in the gold's form."""

    source: str
    status: str
    form: GoldDocument


def read_output(output: Path) -> list[Predicted]:
    """All documents of an OUTPUT, in the order of its table; one that failed says nothing."""
    tables = {name: read_rows(output, name, columns) for name, columns in _COLUMNS.items()}
    if not tables["documents"]:
        raise InputError(f"{output}: holds no table `documents`; is it the OUTPUT of `poytakirja extract`?")
    facts = {name: _grouped(tables[name], "project_id") for name in ("amounts", "periods", "persons", "organisations")}
    attendants = _grouped([row for row in tables["persons"] if row["project_id"] is None], "document_id")
    projects = _grouped(sorted(tables["projects"], key=lambda p: p["ordinal"]), "document_id")
    item_number = {row["item_id"]: row["number"] for row in tables["items"]}

    def form(row: Row) -> GoldDocument:
        return {
            "document": Path(row["source"]).name,
            "stated_project_count": row["stated_project_count"],
            "persons": _once(_attendant(p) for p in attendants[row["document_id"]] if _takes_part(p)),
            "projects": [
                _project(p, item_number.get(p["item_id"]), {name: of[p["project_id"]] for name, of in facts.items()})
                for p in projects[row["document_id"]]
            ],
        }

    return [Predicted(row["source"], row["status"], form(row)) for row in tables["documents"]]


def _grouped(rows: Iterable[Row], key: str) -> defaultdict[Any, list[Row]]:
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row[key] is not None:
            groups[row[key]].append(row)
    return groups


def _once(values: Iterable[Any]) -> list[Any]:
    """Each value once, in order."""
    return list({json.dumps(v, sort_keys=True): v for v in values}.values())


def _takes_part(row: Row) -> bool:
    return row["part"] not in ("mentioned", "project_contact")


def _attendant(row: Row) -> GoldAttendant:
    return {"name": row["person_name"], "role": row["role"], "part": row["part"]}


def _amount(row: Row) -> GoldAmount:
    amount: GoldAmount = {"kind": row["kind"], "value": f"{row['value_eur']:.2f}", "approximate": bool(row["approximate"])}
    return amount if row["year"] is None else {**amount, "year": row["year"]}


def _entry_number(printed: str | None) -> int | str | None:
    """The printed number of an entry, as gold has it.

    >>> _entry_number("12)"), _entry_number("(b)"), _entry_number(None)
    (12, 'b', None)
    """
    number = (printed or "").strip(" .)(")
    return int(number) if number.isdecimal() and str(int(number)) == number else number or None


def _is_named_payer(row: Row) -> bool:
    """Payers known by a code of their own stand in ``funders``, not among the organisations."""
    return row["role"] != "funder" or row["funder_code"] in (None, "MUU", "KUNTA")


def _iso(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()[:10]


def _project(row: Row, item: int | None, facts: dict[str, list[Row]]) -> GoldProject:
    transfers = [{"kind": "transfer", "date": _iso(p["start_date"])} for p in facts["periods"] if p["kind"] == "transfer"]
    contacts = [{"name": p["person_name"], "role": p["role"]} for p in facts["persons"] if p["part"] == "project_contact"]
    organisations = [{"name": o["organisation_name"], "role": o["role"]} for o in filter(_is_named_payer, facts["organisations"])]
    project = GoldProject(
        number=_entry_number(row["entry_number"]),
        section=row["section"],
        name=row["project_name"] or "",
        name_also=[],
        code=row["project_code"],
        start=_iso(row["start_date"]),
        end=_iso(row["end_date"]),
        start_precision=row["start_precision"],
        end_precision=row["end_precision"],
        funders=sorted(set(row["funder_codes"] or ())),
        amounts=_once(_amount(a) for a in facts["amounts"] if a["value_eur"] is not None),
        persons=_once(contacts),
        organisations=_once(organisations),
        municipality_role=row["municipality_role"],
        status=row["status"],
        layout=row["layout"],
        events=_once(transfers),
    )
    if item is not None:
        project["item"] = item
    return project


def draft(output: Path, document: str | None = None) -> list[GoldDocument]:
    """The documents of an OUTPUT that were read, in the gold's form; ``document`` (file name or source) picks one."""
    read = [p for p in read_output(output) if p.status in ("ok", "partial")]
    if document is not None:
        read = [p for p in read if document in (p.source, p.form["document"])]
        if not read:
            raise InputError(f"{output}: no document {document!r} was read there")
    forms = [p.form for p in read]
    if twice := [name for name, n in Counter(f["document"] for f in forms).items() if n > 1]:
        raise InputError(f"{output}: gold knows documents by file name, and {twice[0]!r} is there twice: pick one by its source")
    return forms


def write_gold(forms: Iterable[GoldDocument]) -> str:
    """Gold as text, a document a line."""
    return "".join(json.dumps(form, ensure_ascii=False) + "\n" for form in forms)


# ---------------------------------------------------------------- the commands


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


def run_draft(output: Path, *, document: str | None = None, out: Path | None = None) -> int:
    """`gold draft`: write an OUTPUT in the gold's form to a file or to standard output."""
    console = Console()

    def command() -> int:
        forms = draft(output, document)
        if out is None:
            console.file.write(write_gold(forms))
            return 0
        if out.exists():
            raise InputError(f"{out}: is there already; a draft does not overwrite what a person may have corrected")
        out.write_text(write_gold(forms), "utf-8")
        say(console, f"{len(forms)} documents drafted to {out}: correct them against their text")
        return 0

    return guarded(command)
