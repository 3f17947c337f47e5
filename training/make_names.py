"""Make rules/vocabulary/names.csv: the given names, family names and places that the name rules and the recogniser know.

    python training/make_names.py

Sources, both installed by pip: the proper nouns of Voikko's Finnish lexicon (pyvoikko, GPL-3.0-or-later), and the names of
Faker's locales (MIT). A name is ``common`` when it stands in the Finnish or Swedish lists, else ``foreign``.
"""

from __future__ import annotations

import csv
import importlib
import lzma
import struct
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyvoikko
import regex

OUT = Path(__file__).parents[1] / "rules" / "vocabulary" / "names.csv"
HOME = ("fi_FI", "sv_SE")
ABROAD = (
    "cs_CZ", "da_DK", "de_AT", "de_DE", "en_GB", "en_KE", "en_US", "es_ES", "et_EE", "fr_FR", "hr_HR", "hu_HU", "it_IT",
    "lt_LT", "lv_LV", "nl_NL", "no_NO", "pl_PL", "pt_PT", "ro_RO", "tr_TR", "vi_VN",
)  # fmt: skip
# Names common among people who have moved to Finland, which Faker has in other scripts only.
NEWCOMERS = {
    "given": """
    Abdi Abdullah Abdullahi Abdulrahman Adam Ahmed Ahmad Ali Aisha Amina Amir Asha Ayan Bashir Dmitri Elena Fadumo Farah
    Fatima Galina Habiba Halima Hamza Hassan Hawa Hussein Ibrahim Idris Igor Irina Ismail Ivan Jamal Karim Khadija
    Khalid Larisa Layla Linh Ludmila Mahmoud Mariam Mehdi Mohamed Mohammad Mohammed Muhammad Muna Mustafa Nadia Natalia
    Nasra Oksana Olga Omar Osman Reza Sahra Said Salim Samir Sergei Svetlana Tatjana Tamara Thanh Thi Tuan Vladimir
    Volodymyr Yasmin Yusuf Zahra Zainab
    """,
    "family": """
    Abdi Abdullah Abdullahi Aden Ahmed Ahmadi Al-Sayed Ali Aziz Bui Chen Dang Farah Haidari Hassan Hosseini Hussein
    Ibrahim Isse Ivanov Ivanova Jama Karimi Khan Kuznetsov Kuznetsova Kovalenko Le Mahmoud Mohamed Mohammadi Morozov
    Muse Nguyen Nur Omar Osman Petrov Petrova Pham Popov Rahimi Rahman Rezaei Saleh Shevchenko Smirnov Smirnova Tran
    Volkov Warsame Yusuf Zhang
    """,
}
KINDS = {"[Lee]": "given", "[Les]": "family", "[Lep]": "place"}
LATIN = regex.compile(r"[A-ZÅÄÖÉÈÁÓØÆÜŠŽČ][\p{Latin}'’]+(?:-\p{Lu}[\p{Latin}'’]+)*")


def voikko_names() -> dict[str, set[str]]:
    """The base forms of the transducer's given names, family names and places, by kind."""
    data = (Path(pyvoikko.__file__).parent / "voikko.kfst").read_bytes()
    symbol_count, arc_count, _, _ = struct.unpack("!HII?", data[6:17])
    at, symbols = 17, []
    for _ in range(symbol_count):
        end = data.index(b"\0", at)
        symbols.append(data[at:end].decode())
        at = end + 1
    arcs = np.frombuffer(
        lzma.decompress(data[at:])[: arc_count * 12],
        dtype=[("source", ">u4"), ("target", ">u4"), ("input", ">u2"), ("output", ">u2")],
    )
    following: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for source, target, _, output in arcs.tolist():
        following[source].append((target, symbols[output]))
    starts = {tag: {t for arcs in following.values() for t, out in arcs if out == tag} for tag in KINDS}
    return {kind: _bases(following, starts[tag]) for tag, kind in KINDS.items()}


def _bases(following: dict[int, list[tuple[int, str]]], starts: set[int]) -> set[str]:
    """What stands between [Xp] and [X] behind the states at which a word class begins."""
    found: set[str] = set()
    stack: list[tuple[int, str | None]] = [(s, None) for s in starts]
    seen: set[tuple[int, str | None]] = set(stack)
    while stack:
        state, read = stack.pop()
        for target, out in following.get(state, ()):
            if read is None:
                after = "" if out == "[Xp]" else None
                if after is None and not out.startswith(("[I", "[D", "@")):
                    continue
            elif out == "[X]":
                found.add(read.replace("=", ""))
                continue
            else:
                after = read + ("" if out.startswith("@") else out)
            if (target, after) not in seen:
                seen.add((target, after))
                stack.append((target, after))
    return found


def faker_names(locale: str) -> dict[str, set[str]]:
    """The given and family names of a locale."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider

    def gather(*fields: str) -> set[str]:
        values = (getattr(provider, field, ()) for field in fields)
        return {name for value in values if not isinstance(value, property) for name in value}

    given = gather("first_names", "first_names_male", "first_names_female")
    return {"given": given, "family": gather("last_names", "last_names_male", "last_names_female")}


def main() -> None:
    """Write the list, in order."""
    rows: dict[tuple[str, str], str] = {}
    for locale in ABROAD:
        for kind, names in faker_names(locale).items():
            rows.update({(name, kind): "foreign" for name in names})
    for kind, names in NEWCOMERS.items():
        rows.update({(name, kind): "foreign" for name in names.split()})
    for source in [voikko_names(), *map(faker_names, HOME)]:
        for kind, names in source.items():
            rows.update({(name, kind): "common" for name in names})
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "kind", "use"))
        writer.writerows((name, kind, rows[name, kind]) for name, kind in sorted(rows) if LATIN.fullmatch(name))


if __name__ == "__main__":
    main()
