"""What the cover of minutes says in words of its own (kansilehden sanat): organisations, kinds of documents, days, times."""

from __future__ import annotations

import datetime as dt
from functools import cache

import regex

from poytakirja.rules.names.titles import title_base
from poytakirja.rules.organisations import bodies


@cache
def organisation() -> regex.Pattern[str]:
    """An organisation by name: ``Kaislan kunta``."""
    kinds = (
        "kaupunki|kunta|kuntayhtymä|hyvinvointialue|seurakunta|seurakuntayhtymä|hyvinvointikuntayhtymä|maakuntaliitto|liitto|"
        "koulutuskuntayhtymä|stad|kommun|samkommun|välfärdsområde|ammattiopisto|pelastuslaitos|konserni"
    )
    return regex.compile(rf"(?i)\p{{L}}[\p{{L}}-]+(?:[ ](?!§)[\p{{L}}-]+){{0,5}}?[ ](?:[\p{{L}}-]*(?:{kinds}))(?!\p{{L}})")


BASES = {"kaupungin": "kaupunki", "kunnan": "kunta", "kuntayhtymän": "kuntayhtymä", "hyvinvointialueen": "hyvinvointialue"}


@cache
def owner() -> regex.Pattern[str]:
    """An organisation in the genitive before what is its own: ``Kaislan kunnan vanhusneuvosto``."""
    return regex.compile(rf"(?P<name>\p{{Lu}}[\p{{L}}-]*n(?: [\p{{L}}-]+n){{0,2}}?) (?P<kind>{'|'.join(BASES)})(?= \p{{L}})")


@cache
def kinds() -> dict[str, regex.Pattern[str]]:
    """The words for what kind a document is."""
    return {
        "extract": regex.compile(r"(?i)\b(?:pöytäkirjan?ote|ote pöytäkirjasta|protokollsutdrag)\b"),
        "minutes": regex.compile(
            r"(?i)\b(?:(?:kokous)?pöytäkirja|kokousmuistio|muistio(?=\s+(?:nro\s+)?\d)|"
            r"(?:sammanträdes)?protokoll|p ö y t ä k i r j a)\b"
        ),
        "agenda": regex.compile(r"(?i)\b(?:esityslista|kokouskutsu|asialista|föredragningslista|kallelse)\b"),
    }


@cache
def bilingual() -> regex.Pattern[str]:
    """Between the two names of a bilingual body: ``Kommunstyrelsen – Kunnanhallitus``."""
    return regex.compile(r"\s[–/|-]\s")


@cache
def bare_number() -> regex.Pattern[str]:
    """The number of a meeting without its year: ``Nro 6``."""
    return regex.compile(r"(?i)\s*(?:nro|n:o)\.? ?(?P<number>\d{1,3})\s*")


@cache
def list_word() -> regex.Pattern[str]:
    """The words for lists of projects."""
    word = r"\b[\p{L}-]*(?:luettelo|lista|listaus|listaan|hankekortit|hanketaulukko)\b"
    return regex.compile(rf"(?i){word}|\bhankkeet(?=\s*(?:$|\d|[(,–-]))")


@cache
def trailing_date() -> regex.Pattern[str]:
    """A day at the end of a row."""
    return regex.compile(r"\s*(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}\s*$")


def undated(text: str) -> str:
    """A row without the day at its end."""
    m = trailing_date().search(text)
    return text[: m.start()] if m else text


@cache
def speaker() -> regex.Pattern[str]:
    """A text that names a division of its own municipality."""
    whose = r"(?P<whose>(?P<name>\p{Lu}[\p{L}-]+) (?P<kind>kaupungin|kunnan))"
    own = "toimial|palvelu|virasto|hallin|organisaatio|konserni|hankkei|hankeluettelo|hankekatsau"
    return regex.compile(rf"\s*{whose} (?:[\p{{L}}-]+ ){{0,4}}?[\p{{L}}-]*(?:{own})")


@cache
def clock() -> regex.Pattern[str]:
    """A time of the day, or from when to when: ``klo 17.00–18.45``."""
    d = "[0-9OolI]"  # text recognition's digits
    return regex.compile(
        rf"(?:\b(?i:klo|kello|klockan|kl\(o\)|kl\.?(?:\s?/\s?klo)?)\s*(?P<h1>{d}{{1,2}})(?:[.:](?P<m1>{d}{{2}}))?|(?<![\d.])(?P<h1>\d{{1,2}})[.:](?P<m1>\d{{2}}))"
        rf"(?:\s*[-–—]\s*(?:klo\s*)?(?P<h2>{d}{{1,2}})(?:[.:](?P<m2>{d}{{2}}))?(?![\d.]))?"
    )


@cache
def ended() -> regex.Pattern[str]:
    """The end of the meeting in words of its own: ``kokous päättyi klo 17.15``, ``Päättyi klo 17.15``."""
    return regex.compile(
        r"(?i)\b(?:päättyi|päätettiin|päättyminen|päättynyt|avslutades|slutade)\s?:?\s*(?:(?:klo|kello|klockan|kl\.?)\s*)?"
        r"(?P<h2>\d{1,2})(?:[.:](?P<m2>\d{2}))?(?![\d.:]*\d)"
    )


@cache
def whose_minutes() -> regex.Pattern[str]:
    """``Yhtymähallituksen pöytäkirja 10/2018``, ``Kirkkoneuvoston kokouspöytäkirja``."""
    bodies_ = "hallituksen|valtuuston|lautakunnan|jaoston|neuvoston|toimikunnan|johtokunnan|valiokunnan"
    kinds_ = "(?:kokous)?pöytäkirja|esityslista|kokouskutsu"
    return regex.compile(
        rf"(?i)\s*(?P<body>\p{{Lu}}[\p{{L}} -]{{0,60}}?(?:{bodies_})) (?:{kinds_})"
        rf"(?:\s+(?:nro\s*)?(?P<number>\d{{1,3}}\s?/\s?\d{{4}}))?\s*$"
    )


@cache
def page_date() -> regex.Pattern[str]:
    """The day in the head of a page of one item: ``Pöytäkirja 12.6.2023/Pykälä 164``."""
    kinds_ = "pöytäkirja|esityslista|pöytäkirjanote|protokoll|föredragningslista"
    return regex.compile(
        rf"(?i)\s*(?:\d{{1,3}}\.\s+)?(?:{kinds_})\s+(?P<day>\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:19|20)\d{{2}})\s*[/,–-]?\s*(?:pykälä|paragraf|§)"
    )


@cache
def number() -> regex.Pattern[str]:
    """A meeting number with its year."""
    return regex.compile(r"\d{1,3}\s?/\s?(?:19|20)\d{2}")


@cache
def hour() -> regex.Pattern[str]:
    """A time of the day alone."""
    return regex.compile(r"(?<!\d)(?P<h>\d{1,2})(?:[.:](?P<m>\d{2}))?(?!\d)")


_OFFICIAL = 90  # letters


def is_official(words: str) -> bool:
    """Whether words name an official by title alone, as the head of the official's decision does: no name, no sentence.

    >>> [is_official(words) for words in ("Kehittämisjohtaja", "rehtori, kampus 5", "Rehtori Aino Mäki", "Valtuusto", "Osoite 5")]
    [True, True, False, False, False]
    """
    first = regex.split(r"(?<!-),", words, maxsplit=1)[0].split()
    while first and (first[-1].isdigit() or regex.fullmatch(r"\d+\.\d+", first[-1])):
        first.pop()
    if not first or len(words) > _OFFICIAL or words.endswith((".", ":")) or bodies.read(words):
        return False
    return title_base(first[-1]) not in (None, "viranhaltija") and not any(word[:1].isupper() for word in first[1:])


def cleared(text: str) -> str:
    """A text in which letters that text recognition reads for digits beside digits are digits: ``3l.3.2004``."""
    return _beside_digit().sub(lambda m: m.group().translate(CLEAR), text)


@cache
def _beside_digit() -> regex.Pattern[str]:
    return regex.compile(r"(?<=\d)[OolI](?=[\d.:])|(?<![\p{L}])[OolI](?=\d)")


CLEAR = str.maketrans("OolI", "0011")


def at(day: dt.date, hour: str, minute: str | None) -> dt.datetime | None:
    """A time on a day; None where there is no such time."""
    try:
        h, m = (int((part or "0").translate(CLEAR)) for part in (hour, minute))
    except ValueError:
        return None
    if h == 24 and m == 0:
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(h, m)) if h < 24 and m < 60 else None
