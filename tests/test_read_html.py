"""Pages of the net as documents: what is text of the minutes, how it is laid out, in which encoding; the names are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from poytakirja.document import Document
from poytakirja.errors import ReadError
from poytakirja.read import document


def page(tmp_path: Path, html: str | bytes, name: str = "page.html") -> Document:
    path = tmp_path / name
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    doc = document(path)
    assert all(doc.text[line.start : line.end] == line.text for line in doc.lines)
    assert all(doc.text[s.start : s.end] == s.text for line in doc.lines for s in line.segments)
    return doc


def rows(tmp_path: Path, html: str) -> list[str]:
    return page(tmp_path, f"<html><body>{html}</body></html>").text.rstrip("\n").split("\n")


# ---------------------------------------------------------------- layout

LAID_OUT = {
    "paragraphs stand apart, line breaks do not": ("<p>Yksi<br>kaksi</p><p>kolme</p>", ["Yksi", "kaksi", "", "kolme"]),
    "white space is one space": ("<p>Kunnan\n   hallitus\t päätti</p>", ["Kunnan hallitus päätti"]),
    "boxes begin on a row of their own": ("<div>§ 12</div><div>Avustus</div>", ["§ 12", "Avustus"]),
    "a list has its marks": ("<ul><li>silta</li><li>- polku</li></ul>", ["• silta", "- polku"]),
    "a numbered list counts": ("<ol start=3><li>silta<li>polku</ol>", ["3. silta", "4. polku"]),
    "a list that lays out the page has none": ("<ol><li><h3>§ 5</h3><p>Avustus</p></li></ol>", ["§ 5", "", "Avustus"]),
    "a term stands beside what it says": ("<dl><dt>Aika</dt><dd>klo 18</dd><dt>Paikka</dt><dd>Talo</dd></dl>",
                                          ["Aika   klo 18", "Paikka   Talo"]),
    "short cells stand side by side": ("<table><tr><td>Salo Eero<td>jäsen</tr><tr><td>Aalto Tea<td>varajäsen</tr></table>",
                                       ["Salo Eero   jäsen", "Aalto Tea   varajäsen"]),
    "a label stands beside the first row of its text": ("<table><tr><td>Päätös</td><td>Hyväksyttiin.<br>Merkittiin.</table>",
                                                        ["Päätös   Hyväksyttiin.", "         Merkittiin."]),
    "two languages side by side follow each other": (
        "<table><tr><td>Kunta osallistuu hankkeeseen neljällä tuhannella.<td>Kommunen deltar i projektet med fyra tusen.</table>",
        ["Kunta osallistuu hankkeeseen neljällä tuhannella.", "", "Kommunen deltar i projektet med fyra tusen."]),
    "typed text keeps its rows": ("<pre>Aika:   klo 18\n\nPaikka: Talo</pre>", ["Aika:   klo 18", "", "Paikka: Talo"]),
    "entities are letters": ("<p>Ty&ouml;tt&#246;myys 5&nbsp;000&nbsp;&euro;</p>", ["Työttömyys 5 000 €"]),
    "a raised mark is no digit of the sum": ("<p>120 000<sup>1</sup> € ja 20 m<sup>2</sup></p>", ["120 000¹ € ja 20 m2"]),
    "struck out text is none": ("<p>Summa <s>100 000</s> 120 000 €</p>", ["Summa 120 000 €"]),
}  # fmt: skip


@pytest.mark.parametrize("case", LAID_OUT)
def test_laid_out_as_in_a_browser(tmp_path: Path, case: str) -> None:
    html, expected = LAID_OUT[case]
    assert rows(tmp_path, html) == expected


def test_headings_are_tagged_and_bold(tmp_path: Path) -> None:
    doc = page(tmp_path, "<html><h2>Päätös</h2><p>Hyväksyttiin.</p><p><b>§ 4</b></p></html>")
    assert [(line.tag, line.bold) for line in doc.lines] == [("H2", True), ("P", False), ("P", True)]


# ---------------------------------------------------------------- tables

GRANTS = """<table border=1><tr><th>Hanke</th><th>Rahoittaja</th><th>Osuus</th></tr>
<tr><td>Rantapolku</td><td rowspan=2>ELY-keskus</td><td>12 000 €</td></tr><tr><td>Metsäsilta</td><td>3 000 €</td></tr></table>"""


def test_a_table_of_data_has_its_cells_where_they_stand(tmp_path: Path) -> None:
    doc = page(tmp_path, f"<html><p>Avustukset</p>{GRANTS}</html>")
    (table,) = doc.tables
    assert [[cell.text for cell in row] for row in table.rows()] == [
        ["Hanke", "Rahoittaja", "Osuus"], ["Rantapolku", "ELY-keskus", "12 000 €"], ["Metsäsilta", "ELY-keskus", "3 000 €"],
    ]  # fmt: skip
    assert [cell.is_header for cell in table.cells] == [True] * 3 + [False] * 6
    assert all(doc.text[cell.start : cell.end] == cell.text for cell in table.cells)


NO_DATA = {
    "labels": "<table><tr><td>Aika</td><td>1.2.2020</td></tr><tr><td>Paikka</td><td>Talo</td></tr></table>",
    "a page": "<table border=1><tr><td><h2>§ 1</h2></td><td>x</td></tr><tr><td>y</td><td>z</td></tr></table>",
    "one row": "<table border=1><tr><td>1</td><td>2</td></tr></table>",
}


@pytest.mark.parametrize("case", NO_DATA)
def test_other_tables_lay_out_text(tmp_path: Path, case: str) -> None:
    assert page(tmp_path, f"<html>{NO_DATA[case]}</html>").tables == []


# ---------------------------------------------------------------- the site around the minutes

MINUTES = "<h2>§ 5 Avustus</h2><p>Lautakunta myönsi hankkeelle 5 000 euroa.</p><p>" + "Päätöksen perustelu. " * 60 + "</p>"
AROUND = {
    "a menu": "<nav><ul><li>Asuminen</li></ul></nav>{}",
    "a search box": "<form><label>Etsi</label><input></form>{}",
    "a note about cookies": "<div id='cookie-bar'>Käytämme evästeitä <button>Hyväksyn</button></div>{}",
    "a footer": "{}<footer>Palvelunumero 0100 200</footer>",
    "a breadcrumb": "<div class='murupolku'>Etusivu &gt; Hallinto</div>{}",
    "links of the system": "<a href=a>Edellinen asia</a> | <a href=b>Seuraava asia</a><br>{}",
    "a menu beside the page": "<table><tr><td><a>Haku</a><br><a>§ 4 Avaus</a></td><td>{}</td></tr></table>",
    "all but the main content": "<div>Tapahtumat</div><main>{}</main><div>Uutiset</div>",
    "what is for readers of screens": "<span class='sr-only'>Hyppää</span>{}",
    "scripts": "<script>var a = '<p>x</p>';</script><style>p {{}}</style>{}",
}


@pytest.mark.parametrize("case", AROUND)
def test_the_site_is_no_text_of_the_minutes(tmp_path: Path, case: str) -> None:
    text = page(tmp_path, f"<html><body>{AROUND[case].format(MINUTES)}</body></html>").text
    assert text.split("\n")[0] == "§ 5 Avustus"
    assert text.rstrip().endswith("Päätöksen perustelu.")


def test_the_site_says_whose_minutes_they_are(tmp_path: Path) -> None:
    site = "<title>Kunnanhallitus – Ahvenniemen kunta</title><body><header><a>Ahvenniemen kunta</a><nav>Haku</nav></header>"
    assert page(tmp_path, f"<html>{site}{MINUTES}</html>").text.startswith("Ahvenniemen kunta\n\n§ 5")


def test_hidden_text_is_left_out_and_told_of(tmp_path: Path) -> None:
    doc = page(tmp_path, f"<html>{MINUTES}<p style='display: none'>Aino Salon henkilökohtaiset tiedot ovat tässä</p></html>")
    assert "Salon" not in doc.text
    assert [(f.code, "Salo" in f.message) for f in doc.findings] == [("hidden_text", False)]


# ---------------------------------------------------------------- encodings

WORDS = "Työttömyyden hoito § 7: 5 000 €"
ENCODED = {
    "declared": b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">' + WORDS.encode("cp1252"),
    "declared as Latin-9": b'<meta charset="iso-8859-15">' + WORDS.encode("iso-8859-15"),
    "not declared": b"<html>" + WORDS.encode("cp1252"),
    "declared otherwise than it is": b'<meta charset="iso-8859-1">' + WORDS.encode(),
    "UTF-16": f"<html>{WORDS}</html>".encode("utf-16"),
    "an XML declaration": b'<?xml version="1.0" encoding="windows-1252"?><html>' + WORDS.encode("cp1252"),
    "UTF-8 saved twice": f"<html>{WORDS.encode().decode('cp1252')}".encode(),
}


@pytest.mark.parametrize("case", ENCODED)
def test_encodings(tmp_path: Path, case: str) -> None:
    assert page(tmp_path, ENCODED[case]).text.strip() == WORDS


# ---------------------------------------------------------------- other names, other content


def test_html_is_known_by_its_content(tmp_path: Path) -> None:
    for name in ("a.txt", "b.html", "c", "d.aspx"):
        assert page(tmp_path, f"<!DOCTYPE html><html>{MINUTES}</html>", name).reader == "html"
    assert page(tmp_path, "§ 5 <hankkeen> omavastuu", "e.txt").reader == "text"


def test_a_page_that_leads_to_the_minutes_says_where(tmp_path: Path) -> None:
    frames = "<title>Kunnanhallitus</title><frameset><frame src='haku.htm'><frame src='kokous/poytakirja.htm'></frameset>"
    link = "<html><p>Kunnanhallituksen kokous</p><a href='http://aino:sala@arkisto.example/Poytakirja.pdf'>Pöytäkirja</a></html>"
    for html, where in ((frames, "kokous/poytakirja.htm"), (link, "http://arkisto.example/Poytakirja.pdf")):
        doc = page(tmp_path, html)
        (finding,) = doc.findings
        assert (finding.code, doc.problem is not None and doc.problem.code) == ("no_minutes_in_page", "unsupported")
        assert finding.message.endswith(f" {where}")


@pytest.mark.parametrize("html", ["<html></html>", "<html><body><script>x</script></body></html>", "<html>" + "<div>" * 5000])
def test_a_page_without_text_is_empty(tmp_path: Path, html: str) -> None:
    with pytest.raises(ReadError) as caught:
        page(tmp_path, html)
    assert caught.value.code == "empty"


def test_nested_without_end(tmp_path: Path) -> None:
    assert "Syvällä" in page(tmp_path, "<html>" + "<div>" * 1500 + "Syvällä").text
    assert "Rivi" in page(tmp_path, "<html>" + "<table><tr><td>" * 60 + "Rivi").text
