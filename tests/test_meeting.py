"""Meetings and attendance lists in the manners of several document systems."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path

import pytest

from poytakirja.document import Cell, Document, Line, Page, Segment, Table
from poytakirja.minutes import items, meeting
from poytakirja.minutes import person_rows as listing
from poytakirja.read import document

MANNERS = sorted((Path(__file__).parent / "minutes").glob("*.toml"))
REAL = Path(__file__).parents[2] / "shared" / "minutes"
PARTS = ("chair", "member", "deputy", "secretary", "other_attendee", "absent", "signatory", "minutes_checker")


def attended(doc: Document) -> dict[str, list[str]]:
    people = meeting.read(doc)[1]
    return {part: names for part in PARTS if (names := [p.name for p in people if p.part == part])}


def saved(text: str, tmp_path: Path) -> Document:
    file = tmp_path / "minutes.txt"
    file.write_text(text, encoding="utf-8")
    return document(file)


@pytest.mark.parametrize("path", MANNERS, ids=lambda p: p.stem)
def test_meeting_in_each_manner(path: Path, tmp_path: Path) -> None:
    sample = tomllib.loads(path.read_text(encoding="utf-8"))
    doc = saved(sample["text"], tmp_path)
    found, _, findings = meeting.read(doc)
    assert {name: getattr(found, name) for name in sample["meeting"]} == sample["meeting"]
    assert attended(doc) == sample["attendance"]
    assert not findings


@pytest.mark.parametrize(
    ("text", "organisation", "code", "kind"),
    [
        ("Kemin kaupungin perusturvan toimialalla on käynnissä hankkeita.", "Kemin kaupunki", "240", "other"),
        ("Rovaniemen kaupungin hankeluettelo 2024\n\n• Polku 2024", "Rovaniemen kaupunki", "698", "list"),
        ("Hanketta koordinoi Kolarin kunta.\nKaupunki on mukana.", None, None, "other"),
        ("LAPIN HYVINVOINTIALUE\nHANKKEET 2024", "Lapin hyvinvointialue", None, "list"),
        ("Kolarin kunnan osuus on 3 000 euroa.", None, None, "other"),
    ],
)
def test_whose_text_it_is(text: str, organisation: str | None, code: str | None, kind: str, tmp_path: Path) -> None:
    found, people, _ = meeting.read(saved(text + "\n", tmp_path))
    assert (found.organisation, found.municipality_code, found.document_kind) == (organisation, code, kind)
    assert (found.meeting_date, found.body, people) == (None, None, [])


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("17.12.2024, klo 16:56 - 18:08", "2024-12-17T16:56", "2024-12-17T18:08"),
        ("Tiistai 12.3.2019 klo 17.00–19.35", "2019-03-12T17:00", "2019-03-12T19:35"),
        ("12. päivänä maaliskuuta 2019 klo 17", "2019-03-12T17:00", None),
        ("12.3.2019 kello 22.30 - 0.15", "2019-03-12T22:30", "2019-03-13T00:15"),
        ("klo 17.00 - 18.30, 12.3.2019", "2019-03-12T17:00", "2019-03-12T18:30"),
        ("12.3.2019", None, None),
        ("12.3.2019 klockan 16.00–17.15", "2019-03-12T16:00", "2019-03-12T17:15"),
        ("12.3.2019 kl./klo 16.00–17.15", "2019-03-12T16:00", "2019-03-12T17:15"),
        ("12.3.2019 klo 16.00, kokous päättyi klo 17.15", "2019-03-12T16:00", "2019-03-12T17:15"),
        ("Alkoi 12.3.2019 klo 16.00    Päättyi klo 17.15", "2019-03-12T16:00", "2019-03-12T17:15"),
        ("12.3.2019\n              Alkoi klo 16.00\n              Päättyi klo 17.15", "2019-03-12T16:00", "2019-03-12T17:15"),
    ],
)
def test_times_of_a_meeting(value: str, start: str | None, end: str | None, tmp_path: Path) -> None:
    text = f"Ahvenniemen kunta   Pöytäkirja   1/2019\n\nKokousaika   {value}\n\n§ 1 Avaus\n\nPäätös: Avattiin.\n"
    found, _, _ = meeting.read(saved(text, tmp_path))
    expected = [dt.datetime.fromisoformat(t) if t else None for t in (start, end)]
    assert [found.meeting_start, found.meeting_end] == expected
    assert found.meeting_date
    assert found.meeting_place is None


def test_time_and_place_under_one_label(tmp_path: Path) -> None:
    label = "Aika ja paikka: 12.3.2019 klo 17.00–18.10, Kunnantalo, kabinetti"
    text = f"Pöytäkirja 1/2019\n\n{label}\n\n1 § Avaus\n\nPäätös: Avattiin.\n"
    found, _, _ = meeting.read(saved(text, tmp_path))
    assert found.meeting_place == "Kunnantalo, kabinetti"
    assert found.meeting_end == dt.datetime(2019, 3, 12, 18, 10)


def test_attendance_in_the_cells_of_a_table() -> None:
    """Cells stand one below the other in the text; a row's cells are read together."""
    rows = [("Nimi", "Klo", "Tehtävä"), ("Aho Kauko", "17:00 - 18:00", "puheenjohtaja"), ("Salo Irma", "17:00 - 18:00", "jäsen"),
            ("Vuori Aila-Maija", "", "poissa"), ("Tikka Eeva", "17:00 - 18:00", "pöytäkirjanpitäjä")]  # fmt: skip
    text, lines, table = "", [], Table()

    def add(words: str, index: int | None, top: float) -> Line:
        nonlocal text
        piece = Segment(words, len(text), len(text) + len(words), 0, 9)
        line = Line(words, piece.start, piece.end, 1, 0, 9, top, top + 1, (piece,), table=index)
        lines.append(line)
        text += words + "\n"
        return line

    add("Ahvenniemen kunta   Pöytäkirja", None, 0)
    add("Läsnä", None, 2)
    for number, row in enumerate(rows):
        for column, words in enumerate(row):
            if words:
                line = add(words, 0, 3 + number)
                table.cells.append(Cell(number, column, number == 0, words, line.start, line.end, 1))
    for words in ("§ 1", "Avaus", "Päätös", "Avattiin."):
        add(words, None, 20)
    doc = Document(text, [Page(1, 0, text)], lines, [table], "pdf_tagged", "0" * 64, "application/pdf")
    expected = {"chair": ["Kauko Aho"], "member": ["Irma Salo"], "secretary": ["Eeva Tikka"], "absent": ["Aila-Maija Vuori"]}
    assert attended(doc) == expected
    assert all(doc.text[p.start : p.end] == p.surface for p in meeting.read(doc)[1])


COVERS = {
    "pairs in one row": (
        """
Läsnä           Hukkala Eero, puheenjohtaja
Allekirjoitukset

Puheenjohtaja   Eero Hukkala        Pöytäkirjanpitäjä   Kirsi Saukkoniemi
""",
        {"chair": ["Eero Hukkala"], "signatory": ["Eero Hukkala", "Kirsi Saukkoniemi"]},
    ),
    "pairs of the cover": (
        """
Puheenjohtaja   Eero Hukkala        Sihteeri   Kirsi Saukkoniemi
Jäsenet         Outi Ketola
""",
        {"chair": ["Eero Hukkala"], "secretary": ["Kirsi Saukkoniemi"], "member": ["Outi Ketola"]},
    ),
    "unknown family names first, with clocks": (
        """
Osallistujat    Nimi                    Klo              Tehtävä
Läsnä           Hukkala Eero            17:00 - 18:31    Puheenjohtaja
                Mäkinen Outi            17:00 - 18:31    Jäsen
                Zvärkö Kirsi            17:00 - 18:10    Jäsen
Poissa          Qvimblö Anna                             Jäsen
""",
        {"chair": ["Eero Hukkala"], "member": ["Outi Mäkinen", "Kirsi Zvärkö"], "absent": ["Anna Qvimblö"]},
    ),
    "given names first": (
        """
Läsnä           Eero Hukkala, puheenjohtaja
                Kirsi Zvärkö
                Anna Qvimblö
""",
        {"chair": ["Eero Hukkala"], "member": ["Kirsi Zvärkö", "Anna Qvimblö"]},
    ),
    "in both orders": (
        """
Jäsenet         Mäkinen Outi
                Kirsi Zvärkö
                Qvimblö Anna
                Eero Hukkala
""",
        {"member": ["Outi Mäkinen", "Kirsi Zvärkö", "Anna Qvimblö", "Eero Hukkala"]},
    ),
    "names of three parts, the order told by the list": (
        """
Läsnä           Hukkala Eero                  puheenjohtaja
                Ali Hassan Abdi               jäsen
                Sokolova Olga Petrovna        jäsen
                Sánchez Romero María José     jäsen
                Zvärkö Kirsi (Kippe)          jäsen
                Qvimblö Anna o.s. Saukko      jäsen, saapui klo 18.20
""",
        {
            "chair": ["Eero Hukkala"],
            "member": ["Hassan Abdi Ali", "Olga Petrovna Sokolova", "María José Sánchez Romero", "Kirsi Zvärkö", "Anna Qvimblö"],
        },
    ),
    "particles before and behind the name, a deputy with whom they stand in for": (
        """
Läsnä           Hukkala Eero                  puheenjohtaja
                von Sund Kirsi                jäsen
                Rosenlund Carola af           jäsen
                De Wahlbeck Georg             jäsen
                Ketola Outi                   varajäsen (Saukkoniemi Annan sijaan)
""",
        {
            "chair": ["Eero Hukkala"],
            "member": ["Kirsi von Sund", "Carola af Rosenlund", "Georg De Wahlbeck"],
            "deputy": ["Outi Ketola"],
        },
    ),
    "others present": (
        """
Saapuvilla olleet jäsenet

Hukkala Eero        puheenjohtaja

Saapuvilla olleet muut henkilöt

Ketola Outi         tekninen johtaja
Saukkoniemi Kirsi   pöytäkirjanpitäjä
""",
        {"chair": ["Eero Hukkala"], "secretary": ["Kirsi Saukkoniemi"], "other_attendee": ["Outi Ketola"]},
    ),
    "a label of two rows, who keeps the minutes in short": (
        """
SAAPUVILLA        Hukkala Eero, pj
MUUT SAAPUVILLA   Ketola Outi, tekninen johtaja, esittelijä
OLLEET            Saukkoniemi Kirsi, talouspäällikkö, ptk:n pitäjä
""",
        {"chair": ["Eero Hukkala"], "secretary": ["Kirsi Saukkoniemi"], "other_attendee": ["Outi Ketola"]},
    ),
    "numbered, side by side, with crosses": (
        """
Saapuvilla olleet valtuutetut
1   Hukkala Eero, pj        x       3   Ketola Outi            -
2   Mäkinen Aino            x           Salo Veikko, vara      x
POISSA    Aho Kauko         Tikka Eeva
""",
        {
            "chair": ["Eero Hukkala"],
            "member": ["Aino Mäkinen"],
            "deputy": ["Veikko Salo"],
            "absent": ["Outi Ketola", "Kauko Aho", "Eeva Tikka"],
        },
    ),
    "columns of those present and absent": (
        """
Nimi                   Läsnä    Poissa    Huom.
Hukkala Eero             x                puheenjohtaja
Ketola Outi                       x
Mäkinen Aino             x                Outi Ketolan varajäsen
Muut osallistujat
Salo Veikko                       x       rehtori
""",
        {"chair": ["Eero Hukkala"], "deputy": ["Aino Mäkinen"], "absent": ["Outi Ketola", "Veikko Salo"]},
    ),
    "members and their personal deputies": (
        """
SAAPUVILLA   Jäsen                       Varajäsen
             Hukkala Eero, pj       x    Aho Kauko
             Ketola Outi            -    Mäkinen Aino      x
             Salo Veikko            -    Tikka Eeva        -
""",
        {"chair": ["Eero Hukkala"], "deputy": ["Aino Mäkinen"], "absent": ["Outi Ketola", "Veikko Salo"]},
    ),
    "pairs with brackets": (
        """
Läsnä   Varsinaiset jäsenet:      Henkilökohtaiset varajäsenet:
        (x) Hukkala Eero, pj      ( ) Aho Kauko
        ( ) Ketola Outi           (x) Mäkinen Aino
""",
        {"chair": ["Eero Hukkala"], "deputy": ["Aino Mäkinen"], "absent": ["Outi Ketola"]},
    ),
    "deputies in other words": (
        """
Läsnä       Puheenjohtaja        Eero Hukkala
            I varapuheenjohtaja  Outi Ketola
            Jäsenet              Aino Mäkinen, Kauko Ahon tilalla
                                 Veikko Salo (vara)
            Varajäsen            Eeva Tikka (Kauko Aho)
Kutsuttuna  klo 16.00-17.15      Irma Laakso
""",
        {
            "chair": ["Eero Hukkala"],
            "member": ["Outi Ketola"],
            "deputy": ["Aino Mäkinen", "Veikko Salo", "Eeva Tikka"],
            "other_attendee": ["Irma Laakso"],
        },
    ),
    "a paragraph of names": (
        """
Läsnä: Eero Hukkala (pj), Outi Ketola, Aino Mäkinen, Anna-Liisa
Salo (saapui klo 16.20), Kauko Aho, Eeva Tikka (sihteeri)
""",
        {
            "chair": ["Eero Hukkala"],
            "member": ["Outi Ketola", "Aino Mäkinen", "Anna-Liisa Salo", "Kauko Aho"],
            "secretary": ["Eeva Tikka"],
        },
    ),
    "in Swedish": (
        """
Närvarande:
Ordförande       Eero Hukkala
Viceordförande   Outi Ketola
Frånvarande/Poissa  Aino Mäkinen
""",
        {"chair": ["Eero Hukkala"], "member": ["Outi Ketola"], "absent": ["Aino Mäkinen"]},
    ),
}


@pytest.mark.parametrize("name", COVERS)
def test_lists_of_the_cover(name: str, tmp_path: Path) -> None:
    cover, expected = COVERS[name]
    text = f"Ahvenniemen kunta   Pöytäkirja   1/2019\n{cover}\n1 § Avaus\n\nPäätös: Avattiin.\n"
    assert attended(saved(text, tmp_path)) == expected


@pytest.mark.parametrize(
    ("decision", "checkers"),
    [
        ("Pöytäkirjantarkastajiksi valittiin Outi Ketola ja\nEero Hukkala. Kokous jatkui.", ["Outi Ketola", "Eero Hukkala"]),
        ("Valittiin pöytäkirjan tarkastajaksi Outi Ketola, varalle Eero Hukkala.", ["Outi Ketola"]),
        ("Till protokolljusterare valdes Outi Ketola och Eero Hukkala.", ["Outi Ketola", "Eero Hukkala"]),
        ("Tilintarkastajiksi valittiin Outi Ketola ja Eero Hukkala.", None),
        ("Pöytäkirjantarkastajiksi valitaan Outi Ketola.", None),
    ],
)
def test_checkers_whom_the_meeting_elected(decision: str, checkers: list[str] | None, tmp_path: Path) -> None:
    text = f"Ahvenniemen kunta   Pöytäkirja   1/2019\n\nLäsnä: Kirsi Saukkoniemi, pj\n\n1 § Avaus\n\nPäätös: {decision}\n"
    assert attended(saved(text, tmp_path)).get("minutes_checker") == checkers


_CHECKED = "Pöytäkirja tarkastettu\n\nAino Mäkinen          Kauko Aho"


@pytest.mark.parametrize(
    "closing",
    [
        f"Tekninen lautakunta\n\nEero Hukkala\npuheenjohtaja\n\nOuti Ketola\npöytäkirjanpitäjä\n\n{_CHECKED}",
        f"Ahvenniemi 14.4.2019\n\nEero Hukkala          Outi Ketola\npuheenjohtaja         sihteeri\n\n{_CHECKED}",
        f"__________________    ______________\nEero Hukkala          Outi Ketola\npj                    sihteeri\n\n{_CHECKED}",
        f"Puheenjohtaja         Pöytäkirjanpitäjä\n\nEero Hukkala          Outi Ketola\n\n{_CHECKED}",
        f"Puheenjohtaja\n\nEero Hukkala\n\nSihteeri\n\nOuti Ketola\n\n{_CHECKED}",
        f"Puheenjohtaja         Eero Hukkala\n\nSihteeri              Outi Ketola\n\n{_CHECKED}",
        f"Vakuudeksi\n\nEero Hukkala          Outi Ketola\npuheenjohtaja         sihteeri\n\n{_CHECKED}",
        "Eero Hukkala          Outi Ketola\npuheenjohtaja         pöytäkirjanpitäjä\n\nTarkastettu ja hyväksytty\n\n"
        "Aino Mäkinen          Kauko Aho",
        "Eero Hukkala\npuheenjohtaja\n\nOuti Ketola\npöytäkirjanpitäjä\n\nPöytäkirja on tarkastettu ja todettu kokouksen kulun "
        "mukaiseksi.\nAhvenniemi 14.4.2019\n\nAino Mäkinen           Kauko Aho\npöytäkirjantarkastaja  pöytäkirjantarkastaja",
        "Allekirjoitukset\n\nPöytäkirja on allekirjoitettu sähköisesti.\n\n"
        "Eero Hukkala, puheenjohtaja\nOuti Ketola, pöytäkirjanpitäjä\n\n"
        "Pöytäkirjantarkastajat: Aino Mäkinen ja Kauko Aho",
    ],
)
@pytest.mark.parametrize("matter", ["1 § Avaus\n\nPäätös: Avattiin.", "1. Kokouksen avaus\n\nAvattiin."])
def test_signatures_below_the_last_matter(matter: str, closing: str, tmp_path: Path) -> None:
    text = f"Ahvenniemen kunta   Pöytäkirja   1/2019\n\nLäsnä: Eero Hukkala, pj\nPoissa: Irma Laakso\n\n{matter}\n\n{closing}\n"
    signed = {"signatory": ["Eero Hukkala", "Outi Ketola"], "minutes_checker": ["Aino Mäkinen", "Kauko Aho"]}
    doc = saved(text, tmp_path)
    assert attended(doc) == {"chair": ["Eero Hukkala"], "absent": ["Irma Laakso"], **signed}
    assert [item.decision for item in items.read(doc)[0]] == ["Avattiin."] * matter.startswith("1 §")


@pytest.mark.parametrize(
    "decision",
    [
        "Avattiin. Tilinpäätös on\ntarkastettu ja hyväksytty.",
        "Avattiin.\n\nToimikuntaan valittiin\nPuheenjohtaja: Outi Ketola\nSihteeri: Aino Mäkinen",
        "Lautakunta:\n\nPuheenjohtaja   Outi Ketola, varalla Kauko Aho\nSihteeri   Aino Mäkinen, varalla Kauko Aho",
        "Avattiin.\n\nTekninen lautakunta",
    ],
)
def test_what_only_looks_like_signatures_is_decided(decision: str, tmp_path: Path) -> None:
    text = f"Ahvenniemen kunta   Pöytäkirja   1/2019\n\nLäsnä: Eero Hukkala, pj\n\n1 §\nAllekirjoitukset\n\nPäätös: {decision}\n"
    (item,) = items.read(saved(text, tmp_path))[0]
    assert (item.title, (item.decision or "").split()) == ("Allekirjoitukset", decision.split())


@pytest.mark.parametrize(
    ("head", "organisation"),
    [
        ("PARGAS STAD", "Pargas stad"),
        ("KEMIN KAUPUNKI", "Kemin kaupunki"),
        ("POHJOIS-AHVEN KUNTAYHTYMÄ", "Pohjois-Ahven kuntayhtymä"),
    ],
)
def test_organisations_in_capitals(head: str, organisation: str, tmp_path: Path) -> None:
    text = f"{head}   Pöytäkirja   1/2019\n\n1 § Avaus\n\nPäätös: Avattiin.\n"
    assert meeting.read(saved(text, tmp_path))[0].organisation == organisation


@pytest.mark.parametrize(
    ("row", "name", "role", "acting"),
    [
        ("Eva Aho, insinööri, vs. tekninen johtaja, esittelijä, läsnä 7:43", "Eva Aho", "insinööri, vs. tekninen johtaja", False),
        ("Riina Aho, Musiikkiopiston vt.rehtori, saapui 17:08", "Riina Aho", "musiikkiopiston rehtori", True),
        ("Aho, Riikka   vs. kasvun ja koulun toimialajohtaja", "Riikka Aho", "kasvun ja koulun toimialajohtaja", True),
        ("Minna Aho, Hallintopäällikkö, sihteeri", "Minna Aho", "hallintopäällikkö", False),
        ("Johanna Aho, sihteeri", "Johanna Aho", "sihteeri", False),
        ("Pekka Ala-aho", "Pekka Ala-aho", None, False),
        ("Kati Aho, saapui 17:43", "Kati Aho", None, False),
    ],
)
def test_rows_of_persons(row: str, name: str, role: str | None, acting: bool) -> None:
    found = listing.read(row, 0, in_list=True)
    assert [(p.name, p.role, p.acting) for p in found] == [(name, role, acting)]


@pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL MINUTES at {REAL}: meetings are tested on composed ones only")
@pytest.mark.parametrize("stem", ["052", "061", "085"])
def test_meeting_of_real_minutes(stem: str) -> None:
    truth = json.loads((REAL / f"{stem}.json").read_text(encoding="utf-8"))
    doc = document(REAL / f"{stem}.pdf")
    found, _, _ = meeting.read(doc)
    day, month, year = truth["date"].split(".")
    for name in ("organisation", "body", "meeting_number"):
        assert getattr(found, name) == truth[name]
    assert (found.meeting_place, str(found.meeting_date)) == (truth["place"], f"{year}-{month}-{day}")
    expected: dict[str, list[str]] = {}
    for person in truth["attendance"]:
        expected.setdefault(person["part"], []).append(person["name"])
    assert {part: names for part, names in attended(doc).items() if part in PARTS[:6]} == expected
