"""Who answers for a project."""

from __future__ import annotations

import regex

_PROJECT_TITLE = regex.compile(r"(?i)\b(?:projekt|hanke)\p{L}+")


_CONTACT = regex.compile(
    r"(?i)\b(?:hankkee(?:n|sta|ssa)|projekti(?:n|sta|ssa)|hankevetäj\p{Ll}*|vetäjä\p{Ll}*|(?:vastuu|yhteys|yhdys)henkilö\p{Ll}*|vastaa"
    r"|koordinaattori(?:na|ksi|n)?|(?:hanketta|projektia)\s+(?:johta|vetä|koordinoi)\p{Ll}*|kontaktperson\p{Ll}*|ansvarig\p{Ll}*)\b[^.!?]*$"
)


def is_project_title(role: str) -> bool:
    """Whether a title is that of a project's own people: ``projektipäällikkö``, ``hanketyöntekijä``."""
    return bool(_PROJECT_TITLE.match(role))


_ASIDE = regex.compile(r".*,\s+(?:ja|jo[ns]ka|jota|joka|jolle|jossa|joista|mutta|sekä)\s+(?=[^,]*$)", regex.DOTALL)
"""What is told besides, in a clause of its own: ``…, ja lukuvinkit antoi``, ``…, jonka loppuraportin tarkasti``."""


def leads_to_contact(before: str) -> bool:
    """Whether the words before a person say that the person answers for a project.

    >>> leads_to_contact("Hankkeesta vastaa "), leads_to_contact("Lautakunta kuuli "), leads_to_contact("vetäjänä toimii A, ja B")
    (True, False, False)
    """
    aside = _ASIDE.match(before)
    said = before[aside.end() :] if aside else before
    return bool(_CONTACT.search(said)) and not regex.search(r"(?i)\bkuuli\b|\besteelli", before)


_CONTACT_AFTER = regex.compile(r"(?i)\s*(?:vastuulla|johdolla|vetämänä|vastaa\s+hankkee|vetää\s+hanke|antaa\s+lisätieto)")


def follows_contact(after: str) -> bool:
    """Whether the words behind a person say that the person answers for a project: ``… on rehtori X:n vastuulla``.

    >>> follows_contact(" vastuulla."), follows_contact(" poistui.")
    (True, False)
    """
    return _CONTACT_AFTER.match(after) is not None
