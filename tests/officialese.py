"""Sentences in the manner of minutes that carry a date or a sum, and a plain text to compare speeds with."""

from __future__ import annotations

import time
from collections.abc import Callable

# One slot each; nothing else in them is a date or a sum, and no word says what the slot is for.
CARRIERS = (
    "Tietotuuli-hanke {}",
    "Tietotuuli (ESR-hanke), {}, toteuttajana Kuusilahden kaupunki.",
    "3) Kulttuurista voimaa Mäntyrannalle ({}). Projektipäällikkö Aino Esimerkki, puh. 040 123 4567.",
    "• Avoimet ovet – nuorten työpaja {}",
    "Kuusilahti, Dnro KUUSIdno-2023-282, § 31: {}",
    "Hanke perustuu lakiin (751/2023) ja sen 12 §:ään; {}; kumppanina Mieli ry",
    "Master plan Kuusilahti: palvelujen kehittäminen\n{}\nLisätietoja: esimerkki@kuusilahti.fi",
    "Vaihe 2 / Etsivä työ – {} – klo 9.00-16.00",
    "Osallistujia on 25 000, pinta-ala 1 200 m2 ja osuus 12,5 %: {}",
)

PLAIN = (
    "Lautakunta merkitsi tiedoksi selvityksen, jonka mukaan hankkeen toimenpiteet ovat edenneet suunnitelman mukaisesti. "
    "Kuusilahden Tietotuuli-hanke (ESR) toteutetaan 1.9.2021-31.7.2023, kustannusarvio 295 600 € (omarahoitus 29 560 €). "
    "Valmistelija / lisätiedot: Aino Esimerkki, palvelujohtaja, puh. 040 123 4567. Kunnanhallitus 12.3.2024 § 31. "
    "Toimialan henkilöstöä on koulutettu, ja yhteistyötä oppilaitosten kanssa on jatkettu entiseen tapaan vuonna 2023. "
)

_MEGABYTE = 1_000_000


def _seconds(read: Callable[[str], object], unit: str) -> float:
    """Processor time of one reading of a megabyte of a repeated text."""
    text = unit * (_MEGABYTE // len(unit))
    begin = time.process_time()
    read(text)
    return time.process_time() - begin


_plain: dict[Callable[[str], object], float] = {}


def slowness(read: Callable[[str], object], unit: str) -> float:
    """How many times longer a megabyte of a repeated unit takes to read than one of plain text."""
    if read not in _plain:
        _plain[read] = max(_seconds(read, PLAIN) for _ in range(2))
    return _seconds(read, unit) / _plain[read]
