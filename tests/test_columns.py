"""Project tables without ruling lines: columns by gaps and by bars."""

from __future__ import annotations

from pathlib import Path

import pytest

from poytakirja import extract_document

_HEAD = "Kuhmon kaupunki   Pöytäkirja   4/2009\nKaupunginhallitus   25.3.2009\n\n§ 12\nHankkeet\n\n"

_TABLES = {
    "gaps": (
        """
Hanke                 Rahoittaja     Kesto                  Kok.kust. €   Kunnan osuus €
Metsäpolku            EAKR           1.1.2008-31.12.2010    420 000       42 000
Rantaraitti           Leader         2009                    85 000            0
YHTEENSÄ                                                    505 000       42 000
""",
        ["Metsäpolku 2008-01-01 2010-12-31 municipal_share 42000 total_cost 420000",
         "Rantaraitti 2009-01-01 2009-12-31 municipal_share 0 total_cost 85000"],
    ),
    "bars": (
        """
| Hanke | Rahoittaja | Kesto | Omarah. |
|---|---|---|---|
| Metsäpolku | EAKR | 2008-2010 | 1 000 |
| Rantaraitti |  | 2009 | 500 |
""",
        ["Metsäpolku 2008-01-01 2010-12-31 own_contribution 1000", "Rantaraitti 2009-01-01 2009-12-31 own_contribution 500"],
    ),
    "rows that wrap": (
        """
KP     Hanke                     Rahoittaja              Kesto            Kust.arvio
6871   Metsäpolku ja rannan      Kainuun liitto,         1.1.2008-        100 000
       virkistysalueet           ELY-keskus              31.12.2010
6872   Rantaraitti               Leader                  2009              50 000
""",
        ["Metsäpolku ja rannan virkistysalueet 2008-01-01 2010-12-31 total_cost 100000",
         "Rantaraitti 2009-01-01 2009-12-31 total_cost 50000"],
    ),
    "header of two rows, printed again": (
        """
Hanke                 Rahoittaja     Kokonais-       Kunnan      Aika
                                     kustannus       osuus
Metsäpolku            EAKR             100 000       10 000      2008-2010
Hanke                 Rahoittaja     Kokonais-       Kunnan      Aika
                                     kustannus       osuus
Rantaraitti           Leader            50 000        5 000      2009
""",
        ["Metsäpolku 2008-01-01 2010-12-31 municipal_share 10000 total_cost 100000",
         "Rantaraitti 2009-01-01 2009-12-31 municipal_share 5000 total_cost 50000"],
    ),
    "attendance": (
        """
Nimi                  Klo            Tehtävä
Matti Aho             18.00-20.00    puheenjohtaja
Liisa Aho             18.00-20.00    jäsen
""",
        [],
    ),
    "tenders": (
        """
Tarjoaja              Kohde          Hinta
Rakennus Aho Oy       Koulu          1 245 000 €
Kuhmon Talot Oy       Koulu          1 310 500 €
""",
        [],
    ),
    "a header alone names no project": (
        """
Hanke                 Rahoittaja     Kesto
Tämä on tekstiä, joka jatkuu pitkään rivin loppuun saakka ja sen yli, eikä kerro mistään hankkeesta.
""",
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", _TABLES)
def test_table(case: str, tmp_path: Path) -> None:
    text, expected = _TABLES[case]
    path = tmp_path / "a.txt"
    path.write_text(f"{_HEAD}{text.strip()}\n\nPäätös\nMerkittiin tiedoksi.\n", encoding="utf-8")
    found = extract_document(path)
    told = [
        " ".join(
            [str(p.project_name), str(p.start_date), str(p.end_date)]
            + [f"{a.kind} {a.value.normalize():f}" for a in sorted(p.amounts, key=lambda a: a.kind)]
        )
        for p in found.projects
    ]
    assert told == expected
    for project in found.projects:
        assert project.layout == "table_row"
        for evidence in project.evidence:
            assert found.document.text[evidence.start : evidence.end] == evidence.surface
