"""How this project's rules read days and sums beside dateparser and price-parser, on the same project entries.

    pip install -c constraints.txt -e '.[bench]'
    python benchmarks/peers.py [--rounds N] [--write]

The documents are extracted, each entry of the gold is paired with the entry found by name, and every way is given that entry's
text (``projects.text``). ``--write`` puts the tables into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import regex

from poytakirja._version import __version__
from poytakirja.archive import run as batch
from poytakirja.publish.stored import read_rows
from poytakirja.quality.evaluate import align
from poytakirja.quality.gold import GoldProject, read_gold
from poytakirja.quality.gold_from_output import read_output
from poytakirja.rules.money import sums as money
from poytakirja.rules.time import dates

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "accuracy.md"
MARK = "<!-- peers -->", "<!-- /peers -->"
PEERS = ("dateparser", "price-parser")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents with their gold."""

    name: str
    documents: Path
    golds: tuple[Path, ...]


CORPORA = (
    Corpus("samples", ROOT / "samples", (ROOT / "samples" / "gold.jsonl", ROOT / "samples" / "gold-2.jsonl")),
    Corpus("founding documents", SHARED / "seeds", (SHARED / "seeds" / "gold.jsonl",)),
    Corpus("real minutes", SHARED / "minutes", (SHARED / "gold" / "lapua-dev.jsonl",)),
)


# ---------------------------------------------------------------- the entries


@dataclass(frozen=True, slots=True)
class Asked:
    """Values that gold gives an entry, and those of which nothing is said: finding them is neither right nor wrong."""

    values: frozenset[Hashable]
    open: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of a project entry, what the tables say of it, and what is asked; where gold is unsure of sums, None."""

    text: str
    record: GoldProject
    days: Asked
    sums: Asked | None


def _days(project: GoldProject) -> Asked:
    """Starts and ends that are stated to the day. A day that gold is unsure of, or of a transfer, stays open."""
    asked: set[dt.date] = set()
    left = {dt.date.fromisoformat(e["date"]) for e in project["events"]}
    unsure = set(project.get("unsure", ()))
    for side, date, precision in (
        ("start", project["start"], project["start_precision"]),
        ("end", project["end"], project["end_precision"]),
    ):
        if date and precision == "day":
            (left if unsure & {side, f"{side}_precision"} else asked).add(dt.date.fromisoformat(date))
    return Asked(frozenset(asked), frozenset(left - asked))


def _sums(project: GoldProject) -> Asked | None:
    """The values of its sums. A zero stands for words (ei omarahoitusta), which is no sum to find."""
    if "amounts" in project.get("unsure", ()):
        return None
    return Asked(frozenset(Decimal(a["value"]) for a in project["amounts"]) - {Decimal(0)})


def entries(output: Path, golds: Iterable[Path]) -> Iterator[Entry]:
    """The gold's entries that were found, each with the text found."""
    texts: dict[str, list[str]] = {}
    named = {row["document_id"]: Path(row["source"]).name for row in read_rows(output, "documents", ("document_id", "source"))}
    for row in sorted(read_rows(output, "projects", ("document_id", "ordinal", "text")), key=lambda r: r["ordinal"]):
        texts.setdefault(named[row["document_id"]], []).append(row["text"])
    records = {read.form["document"]: read.form["projects"] for read in read_output(output)}
    for path in golds:
        for _, document in read_gold(path):
            found = records.get(document["document"], [])
            for i, j in align(document["projects"], found).items():
                gold = document["projects"][i]
                if not gold.get("optional"):
                    yield Entry(texts[document["document"]][j], found[j], _days(gold), _sums(gold))


# ---------------------------------------------------------------- the ways to read days


def record_days(entry: Entry) -> set[dt.date]:
    """The start and the end that the tables give the project."""
    start, end = entry.record["start"], entry.record["end"]
    exact = [(start, entry.record["start_precision"]), (end, entry.record["end_precision"])]
    return {dt.date.fromisoformat(date) for date, precision in exact if date and precision == "day"}


def rule_days(entry: Entry) -> set[dt.date]:
    """Every day that the rules read in the text, whatever it is of."""
    read = dates.find(entry.text)
    ends = [(m.start_date, m.start_precision) for m in read] + [(m.end_date, m.end_precision) for m in read]
    return {date for date, precision in ends if date and precision == "day"}


SETTINGS = {"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
LANGUAGES = ["fi", "sv"]


def _searched(text: str) -> set[dt.date]:
    found = import_module("dateparser.search").search_dates(text, languages=LANGUAGES, settings=SETTINGS)
    return {when.date() for _, when in found or ()}


def dateparser_search(entry: Entry) -> set[dt.date]:
    """dateparser's search in the text as it stands."""
    return _searched(entry.text)


_DASH = re.compile(r"(?<=[\d.])\s?[-–—]\s?(?=\d)")


def dateparser_spaced(entry: Entry) -> set[dt.date]:
    """The same with white space put around the dashes between figures."""
    return _searched(_DASH.sub(" - ", entry.text))


@cache
def _date_parser() -> Any:
    return import_module("dateparser.date").DateDataParser(languages=LANGUAGES, settings=SETTINGS)


def dateparser_tokens(entry: Entry) -> set[dt.date]:
    """dateparser's parser, given three, two or one words of the text at a time, none of them twice."""
    words = [word.strip(",;:()") for word in _DASH.sub(" - ", entry.text).split()]
    found, i = set(), 0
    while i < len(words):
        for size in (3, 2, 1):
            when = _date_parser().get_date_data(" ".join(words[i : i + size])).date_obj
            if when:
                found.add(when.date())
                break
        i += size if when else 1
    return found


# ---------------------------------------------------------------- the ways to read sums


def record_sums(entry: Entry) -> set[Decimal]:
    """The sums that the tables give the project."""
    return {Decimal(a["value"]) for a in entry.record["amounts"]} - {Decimal(0)}


def rule_sums(entry: Entry) -> set[Decimal]:
    """Every sum that the rules read in the text, whatever it is of."""
    return {m.value for m in money.find(entry.text) if m.value}


def _prices(snippets: Iterable[str]) -> set[Decimal]:
    price = import_module("price_parser").Price
    read = (price.fromstring(snippet, currency_hint="€").amount for snippet in snippets)
    return {amount.quantize(Decimal("0.01")) for amount in read if amount}


def price_whole(entry: Entry) -> set[Decimal]:
    """price-parser, given the whole entry: it gives one price at most."""
    return _prices([entry.text])


_TO_EURO = re.compile(r"(?:(?![;:()]|[.,]\s).)*?(?:€|\beuro\w*|\beur\b)", re.IGNORECASE | re.DOTALL)


def price_clauses(entry: Entry) -> set[Decimal]:
    """price-parser, given what stands before each euro mark, back to the mark before or the beginning of its clause."""
    return _prices(m.group() for m in _TO_EURO.finditer(entry.text))


def price_surfaces(entry: Entry) -> set[Decimal]:
    """price-parser, given just the sums that this project's rules cut out: what it is made for."""
    return _prices(entry.text[m.start : m.end] for m in money.find(entry.text) if m.value)


# ---------------------------------------------------------------- what counts

Way = Callable[[Entry], set[Any]]
Stated = Callable[[str, Any], bool]
DAYS: dict[str, Way] = {
    "poytakirja: start and end in the tables": record_days,
    "poytakirja: every day (`rules.time.dates`)": rule_days,
    "dateparser: `search_dates`": dateparser_search,
    "dateparser: `search_dates`, dashes spaced": dateparser_spaced,
    "dateparser: `DateDataParser`, words in turn": dateparser_tokens,
}
SUMS: dict[str, Way] = {
    "poytakirja: sums in the tables": record_sums,
    "poytakirja: every sum (`rules.money.sums`)": rule_sums,
    "price-parser: whole entry": price_whole,
    "price-parser: each stretch before a euro mark": price_clauses,
    "price-parser: sums cut out by `rules.money.sums`": price_surfaces,
}
UNTIMED: tuple[Way, ...] = (record_days, record_sums)  # they come out of the whole extraction

_MONTHS = (
    "tammi|januari helmi|februari maalis|mars huhti|april touko|maj kesä|juni "
    "heinä|juli elo|augusti syys|september loka|oktober marras|november joulu|december"
)


def states_day(text: str, day: dt.date) -> bool:
    """Whether a text prints a day, with its year somewhere. Plain and apart from the rules: it judges both sides.

    >>> states_day("kokous 1.10.–3.11.2025", dt.date(2025, 10, 1)), states_day("1.10.–3.11.2025", dt.date(2025, 11, 1))
    (True, False)
    """
    year = rf"(?:{day.year}|{day.year % 100:02}(?!\d))"
    month = rf"(?:0?{day.month}|(?:päivänä\s)?(?i:{_MONTHS.split()[day.month - 1]})\p{{L}}*)"
    whole = rf"\.?\s?(?:[-–]\s?\d\d?\.\s?)?{month}[.\s]\s?"
    to_later = r"(?:[-–]\s?\d\d?[.\s]\s?(?:\d\d?|\p{L}+)[.\s]\s?)?"
    return bool(regex.search(rf"(?<!\d)0?{day.day}{whole}{to_later}{year}|{day:%Y-%m-%d}", text))


def states_sum(text: str, value: Decimal) -> bool:
    """Whether a text prints a sum of euros, in figures, thousands or millions. Plain and apart from the rules, too.

    >>> states_sum("n. 1,3 milj. euroa", Decimal("1300000.00")), states_sum("n. 1,3 milj. euroa", Decimal("1.30"))
    (True, False)
    """
    euro = r"(?:,-|:-|\s?(?:€|eur|e\b))"
    scales = ((1, euro), (1000, r"\s?(?:t€|tuhat|tuhan)"), (10**6, r"\s?(?:milj|m€|meur|me\b)"))
    shown = [_figures(value / factor) + unit for factor, unit in scales]
    shown.append(_figures(value) + r"(?<=,\d\d)")  # in a column, the unit in its head
    return any(regex.search(rf"(?i)(?<![\p{{L}}\d])(?<!\d[.,]){figures}", text) for figures in shown)


def _figures(value: Decimal) -> str:
    """A pattern of a number: its groups of three all apart or none, zeros behind the comma or not.

    >>> _figures(Decimal("1250.50"))
    '(?:1[\\\\s.]250|1250)[.,]50?'
    """
    whole, _, cents = f"{value.normalize():f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", r"[\s.]")
    return f"(?:{grouped}|{whole})" + (rf"[.,]{cents}0?" if cents else r"(?:[.,]00?)?")


@dataclass(slots=True)
class Score:
    """Values asked and found; values found that the text states of something else; values that it does not state."""

    asked: int = 0
    found: int = 0
    other: int = 0
    false: int = 0

    def add(self, entry: Entry, asked: Asked, got: set[Any], stated: Stated) -> None:
        """Count one entry."""
        rest = got - asked.values - asked.open
        other = sum(stated(entry.text, value) for value in rest)
        self.asked += len(asked.values)
        self.found += len(got & asked.values)
        self.other += other
        self.false += len(rest) - other


@dataclass(frozen=True, slots=True)
class Trade:
    """What is read: the ways to read it, what gold asks of an entry, and the judge of what a text states."""

    title: str
    ways: dict[str, Way]
    asked: Callable[[Entry], Asked | None]
    stated: Stated

    def score(self, way: Way, read: Iterable[Entry]) -> Score:
        """How a way reads entries; those of which gold is unsure are left out."""
        score = Score()
        for entry in read:
            asked = self.asked(entry)
            if asked is not None:
                score.add(entry, asked, way(entry), self.stated)
        return score


TRADES = (
    Trade("Days", DAYS, lambda entry: entry.days, states_day),
    Trade("Sums", SUMS, lambda entry: entry.sums, states_sum),
)


def seconds_a_megabyte(way: Way, read: Sequence[Entry], rounds: int) -> float:
    """The median of some rounds, in processor time."""
    size = sum(len(entry.text.encode()) for entry in read) / 1e6
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        for entry in read:
            way(entry)
        spent.append((time.process_time() - begun) / size)
    return statistics.median(spent)


# ---------------------------------------------------------------- the page

HEAD = "| documents | way | found | of something else | false | s/MB |\n| :-- | :-- | --: | --: | --: | --: |"
COMMANDS = "    pip install -c constraints.txt -e '.[bench]'\n    python benchmarks/peers.py --write"
PROSE = """\
**Found**: of the days and sums that the gold gives, those read. **Of something else**: read, and printed in the entry, but
not the project's period or sums: the day of a meeting, the price of an hour; in the rows of the tables, which are to hold the
project's own, that is an error. **False**: read, but printed nowhere in the entry. Each value counts once an entry; days of a
transfer, and what the gold is unsure of, count neither way. Periods told by month or year only, and own contributions denied
in words, are not asked.

What the peers are not made for. dateparser reads a date that somebody has cut out, relative ones too, in two hundred
languages; its search through a text is a help beside that. A dash without spaces around it joins two days into one for it:
put the spaces there, and it misses little but the day whose year stands only behind the next one (1.5.–31.12.2022).
price-parser reads the price cut out of a web shop's page, in any currency: one price from one short text. Given sums already
cut out, it errs where a multiplier follows (1,3 milj. €, 125 t€), which prices do not have; the sums missing besides stand in
table columns without a unit. Neither claims to say which day begins and which ends a project, or which sum is the grant: the
tables do, and that is the row to compare for it.

dateparser was given Finnish and Swedish, days before months (`DATE_ORDER`), and whole and absolute dates only
(`REQUIRE_PARTS`, `PARSERS`): with its defaults it finds fewer days in these documents, and several times as many false ones."""


def row(corpus: str, way: str, s: Score, seconds: float | None) -> str:
    """A row of the table."""
    timed = "" if seconds is None else f"{seconds:.2f}"
    return f"| {corpus} | {way} | {s.found} of {s.asked} | {s.other} | {s.false} | {timed} |"


def measure(trade: Trade, corpora: dict[str, list[Entry]], rounds: int) -> str:
    """The table of days or of sums."""
    lines = [HEAD]
    for corpus, read in corpora.items():
        for name, way in trade.ways.items():
            score = trade.score(way, read)  # also warms up
            lines.append(row(corpus, name, score, None if way in UNTIMED else seconds_a_megabyte(way, read, rounds)))
    return f"{trade.title}:\n\n" + "\n".join(lines)


def read_corpora() -> tuple[dict[str, list[Entry]], list[str]]:
    """The entries of the documents that are here, and how many of the gold's they are."""
    read, sizes = {}, []
    for corpus in CORPORA:
        golds = [path for path in corpus.golds if path.exists()]
        if not golds:
            print(f"{corpus.documents}: not here, left out", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as folder:
            batch.run([str(corpus.documents)], f"{folder}/output", batch.Options())
            read[corpus.name] = list(entries(Path(folder, "output"), golds))
        asked = sum(not p.get("optional") for path in golds for _, d in read_gold(path) for p in d["projects"])
        sizes.append(f"{corpus.name} ({len(read[corpus.name])} of {asked} entries)")
    return read, sizes


def page(rounds: int) -> str:
    """The block of docs/accuracy.md."""
    corpora, sizes = read_corpora()
    versions = ", ".join(f"{peer} {metadata.version(peer)}" for peer in PEERS)
    intro = (
        f"Measured {dt.date.today()} with version {__version__} beside {versions}, on the texts of the entries that were\n"
        f"found: {', '.join(sizes)}. Processor time of one core, medians of {rounds} rounds."
    )
    return "\n\n".join([intro, COMMANDS, *(measure(trade, corpora, rounds) for trade in TRADES), PROSE])


def publish(path: Path, block: str) -> None:
    """Put a block between the marks of a page."""
    text = path.read_text(encoding="utf-8")
    before, opening, rest = text.partition(MARK[0])
    _, closing, after = rest.partition(MARK[1])
    if not (opening and closing):
        raise SystemExit(f"{path} has no {MARK[0]} … {MARK[1]} to fill")
    path.write_text(f"{before}{opening}\n{block}\n{closing}{after}", encoding="utf-8")


def main() -> int:
    """Read the arguments, measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/accuracy.md")
    options = parser.parse_args()
    missing = [peer for peer in PEERS if not _installed(peer)]
    if missing:
        print(f"not installed: {', '.join(missing)}: pip install -c constraints.txt -e '.[bench]'", file=sys.stderr)
        return 2
    text = page(options.rounds)
    print(text)
    if options.write:
        publish(PAGE, text)
    return 0


def _installed(package: str) -> bool:
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(main())
