"""Persons in running text: cues and recogniser together, one spelling a person, the pipeline, its score and its training."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from spacy.vectors import Vectors

from poytakirja import extract_document, find_persons
from poytakirja.people import find as people
from poytakirja.people import recogniser
from poytakirja.people.ner import BATCH, LABELS, MODEL, floret
from poytakirja.people.ner.crf import Crf
from poytakirja.people.ner.features import stretches
from poytakirja.people.ner.tokens import cut
from poytakirja.people.ner.words import words

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

MINUTES = [
    "Saapuvilla olleet jäsenet\nTuija Ollikainen, puheenjohtaja\nRauno Kaskela\nHelmi Suojanen, varajäsen",
    "Lautakunta kuuli hyvinvointikoordinaattori Tuula Turjaa asiassa ja hyväksyi ehdotuksen.",
    "Hyvinvointikoordinaattori Tuula Turja esitteli Silver Economy -hanketta Kangasniemen koulussa.",
    "Keskustelussa Rauno Kaskela teki Helmi Suojasen kannattamana ehdotuksen. Kaskelan ehdotus raukesi.",
    "Avustus myönnetään Kajaanin Palloilijat ry:lle. Koivukadun peruskorjaus siirtyy, Oulun kaupunki osallistuu.",
    "Tarkastajiksi valittiin Helmi Suojanen ja Mustafa Sahindal. Puheenvuoro annettiin Mustafa Sahindalille.",
]


def _named(texts: list[str], known: tuple[str, ...] = ()) -> list[list[tuple[str, str]]]:
    found = people.find(texts, known)
    return [[(text[m.start : m.end], m.name) for m in row] for text, row in zip(texts, found, strict=True)]


def test_minutes_read_whole() -> None:
    found = _named(MINUTES)
    assert found[0] == [(n, n) for n in ("Tuija Ollikainen", "Rauno Kaskela", "Helmi Suojanen")]
    assert found[1:3] == [[("Tuula Turjaa", "Tuula Turja")], [("Tuula Turja", "Tuula Turja")]]
    assert found[3][:2] == [("Rauno Kaskela", "Rauno Kaskela"), ("Helmi Suojasen", "Helmi Suojanen")]
    assert found[4] == []
    assert found[5][1:] == [("Mustafa Sahindal", "Mustafa Sahindal"), ("Mustafa Sahindalille", "Mustafa Sahindal")]


def test_a_cue_gives_the_role() -> None:
    row = people.find(["Projektipäällikkö Outi Saarenketo jatkaa, vt. rehtori Aino Holappa kertoi."])[0]
    assert [(m.name, m.role, m.acting, people.method_of(m)) for m in row] == [
        ("Outi Saarenketo", "projektipäällikkö", False, "cue"),
        ("Aino Holappa", "rehtori", True, "cue"),
    ]


def test_names_that_the_document_states() -> None:
    """A name of the attendance list is found again in any case form, under the spelling of the list."""
    assert _named(["Asian selosti Mirva Korvelle Jari Lehto."], ("Mirva Korve", "Jari Lehto"))[0] == [
        ("Mirva Korvelle", "Mirva Korve"),
        ("Jari Lehto", "Jari Lehto"),
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Asian selosti Kaj Rönnin.", "Uusiminen tehdään Kaj Rönnin johdolla."], ["Kaj Rönni"] * 2),
        (["Lisätietoja Kaj Rönnin, kaj.ronnin@kunta.fi", "Uusiminen tehdään Kaj Rönnin johdolla."], ["Kaj Rönnin"] * 2),
        (["Kuultiin Anna Söderkullaa.", "Yhteyshenkilönä toimii Anna Söderkulla."], ["Anna Söderkulla"] * 2),
    ],
)
def test_one_person_has_one_spelling(texts: list[str], expected: list[str]) -> None:
    """A verb, a postposition, another form, an e-mail address: each tells how the name signs, wherever it stands."""
    assert [name for row in _named(texts) for _, name in row] == expected


def test_a_family_name_alone_that_the_document_introduced() -> None:
    found = _named(["Rauno Kaskela avasi kokouksen.", "Kaskela poistui. Honka poistui. Kaskelan ehdotus raukesi."])
    assert [name for _, name in found[1] if name != "Honka"] == ["Rauno Kaskela"] * 2


def test_a_body_taken_for_a_family_name_proposes_nothing_as_a_person() -> None:
    assert people.find(["Kaupunginhallitus ehdottaa, että asia palautetaan."], ["Pekka Kaupunginhallitus"]) == [[]]


@pytest.mark.parametrize(
    "text",
    [
        "Timo Virtanen Oy toteuttaa työn.",
        "Tila Perälä RN:o 4:12 liitetään verkkoon.",
        "Pekka Töpöhäntä -hanke jatkuu.",
        "Läsnä vpj ja KD:n ryhmä.",
    ],
)
def test_firms_estates_and_projects_are_nobody(text: str) -> None:
    assert _named([text]) == [[]]


def test_minutes_name_no_estates(tmp_path: Path) -> None:
    """A family name that no person of the document bears is a bridge's or an estate's."""
    path = tmp_path / "a.txt"
    path.write_text(
        "Kuhmon kaupunki   Pöytäkirja   4/2019\nKunnanhallitus    25.3.2019\n\n"
        "Saapuvilla olleet jäsenet\nMirva Korve\nEero Salonen\n\n"
        "§ 1\nRiipisen sillan kannen kunnostus\n\nTyön johtaa Mirva Korvelle raportoiva Eero Salonen. Hautasen talo puretaan.\n",
        encoding="utf-8",
    )
    named = {person.name for person in extract_document(path).persons}
    assert named == {"Mirva Korve", "Eero Salonen"}


@pytest.mark.parametrize("text", ["", " ", "\n\n", "12.3.2024 § 5", "ääni", "Ä", "\u200b", "A" * 3000, "Anna " * 400])
def test_any_text_is_read(text: str) -> None:
    for start, end, name in next(find_persons([text])):
        assert text[start:end].strip() == text[start:end] != ""
        assert name


def test_streaming() -> None:
    """Texts are taken a batch at a time, never all at once."""
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "Kokous alkoi."

    next(find_persons(endless()))
    assert taken == BATCH


def test_the_spacy_pipeline_finds_the_same() -> None:
    docs = list(recogniser.load().pipe(MINUTES, batch_size=100))
    texts = [cut(text) for text in MINUTES]
    found = [
        [(text.starts[hit.first], text.starts[hit.end - 1] + len(text.tokens[hit.end - 1])) for hit in row]
        for text, row in zip(texts, recogniser.read(texts), strict=True)
    ]
    assert [[(e.start_char, e.end_char) for e in doc.ents] for doc in docs] == found
    assert {e.label_ for doc in docs for e in doc.ents} == {"PER"}
    assert all(0 < e._.confidence <= 1 for doc in docs for e in doc.ents)
    assert [doc.text for doc in docs] == MINUTES


def test_where_a_name_can_be() -> None:
    sentence = ["eilen", "Carl", "von", "Hellens", "ja", "Anna", "kävivät", "von", "oven", "Lapualla"]
    assert [sentence[b:e] for b, e in stretches(sentence)] == [["Carl", "von", "Hellens"], ["Anna"], ["Lapualla"]]


def test_cost_is_linear() -> None:
    """Ten times the text in one go costs about ten times as much: nothing compares every name with every other."""
    texts = MINUTES * 20
    list(find_persons(texts))
    costs = []
    for batch in (texts, texts * 10):
        begin = time.process_time()
        people.find(batch)
        costs.append(time.process_time() - begin)
    assert costs[1] < 25 * costs[0] + 0.5


def test_score_on_the_development_texts() -> None:
    """Exact spans of persons in running Finnish, by the shared scorer: 0.82 is what is promised."""
    texts = SHARED / "ner" / "turku-dev.tsv"
    if not texts.exists():
        pytest.skip("no ../shared/ner here: the recogniser's score is not checked")
    scorer = subprocess.run(
        [sys.executable, SHARED / "tools" / "score_persons.py", texts], check=True, capture_output=True, text=True, cwd=ROOT
    )
    told = scorer.stdout.split()
    assert float(told[told.index("F1") + 1]) >= 0.82, scorer.stdout


def _training() -> ModuleType:
    sys.path.insert(0, str(ROOT / "training"))
    spec = importlib.util.spec_from_file_location("train_people", ROOT / "training" / "train_people.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_same_input_trains_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training = _training()
    monkeypatch.setattr(training, "OPTIONS", {"c1": 0.1, "c2": 0.1, "max_iterations": 5})
    monkeypatch.setattr(training, "RESTRAINTS", ({"c1": 0.1, "c2": 0.1},))
    for name in ("one.npz", "two.npz"):
        docs = list(training.documents(6, training.SEED))
        first, second = training.two_readings(training.Sample(docs), len(docs))
        training.save(tmp_path / name, {"first": first, "second": second})
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    found = recogniser.Recogniser(tmp_path / "one.npz").find([["Kuuli", "rehtori", "Anna", "Ahoa"]])
    assert len(found) == 1


def test_crf_prefers_the_likeliest_path() -> None:
    """Viterbi and forward–backward agree with all paths written out."""
    random = np.random.default_rng(1)
    size = len(LABELS)
    transitions = random.normal(size=(size, size)).astype(np.float32)
    scores = random.normal(size=(3, size)).astype(np.float32)
    crf = Crf({}, np.zeros((3, size, 1), dtype=np.float32), transitions)
    paths = np.indices((size,) * 3).reshape(3, -1).T
    worth = np.array([sum(scores[n, p] for n, p in enumerate(path)) + transitions[path[:-1], path[1:]].sum() for path in paths])
    alone = scores[:1]
    assert crf.best([scores, alone, scores]) == [best := paths[worth.argmax()].tolist(), [int(alone.argmax())], best]
    likely = np.exp(worth - worth.max())
    for n in range(3):
        expected = [likely[paths[:, n] == label].sum() / likely.sum() for label in range(size)]
        np.testing.assert_allclose(crf.probabilities([alone, scores])[1][n], expected, rtol=1e-3, atol=1e-5)


def test_vectors_are_those_of_spacy() -> None:
    table, step = words().table
    spacy = Vectors(data=table * step, mode="floret", minn=4, maxn=5, hash_count=2, hash_seed=2166136261, bow="<", eow=">")
    for word in ("Anna", "ä", "Kangasniemeläinen", "hyvinvointikoordinaattorin", "Łódź", "天津飯"):
        mine, theirs = floret.vector(word, table, step), spacy.get_batch([word])[0]
        np.testing.assert_allclose(mine / np.linalg.norm(mine), theirs / np.linalg.norm(theirs), atol=1e-4)


def test_the_model_fits_its_room() -> None:
    assert sum(file.stat().st_size for file in MODEL.iterdir()) <= 8_000_000


def test_an_officer_is_named_in_the_order_of_the_attendance_list(tmp_path: Path) -> None:
    text = (
        "Kuusilahden kunta   Pöytäkirja   4/2021\nKunnanhallitus   12.4.2021\n\nLäsnä\nThu Le, puheenjohtaja\nPauli Aho\n\n"
        "§ 1\nHankehaku\n\nValmistelijat:\nLe Thu\nAho Pauli\n\nPäätös\n\nHyväksyttiin.\n"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    prepared = [p for p in extract_document(tmp_path / "a.txt").persons if p.part == "preparer"]
    assert [(p.name, p.given_name, p.family_name) for p in prepared] == [("Thu Le", "Thu", "Le"), ("Pauli Aho", "Pauli", "Aho")]
