"""Sentences in the manner of minutes that carry a date or a sum, and a plain text to compare speeds with."""

from __future__ import annotations

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
