"""What marks a stretch of text as a project, how far it is and what the municipality is in it (hanke: merkit, tila, rooli).

>>> announces_projects("Käynnissä olevat hankkeet"), is_not_a_project("Lehtorin viran täyttäminen")
(True, True)
"""

from __future__ import annotations

from functools import cache

import regex

from poytakirja.rules.vocabulary_tables.tables import alternation, has_any, lowered, rows

_PROJECT_WORD = regex.compile(
    r"""(?i) (?<![\p{L}-])
    (?: [\p{L}-]* (?: hanke (?: tta | kokonaisuu\p{Ll}+ | hakemu\p{Ll}+ | haku\p{Ll}* | avustu\p{Ll}+ | rahoitu\p{Ll}+ )?
                    | hankke (?: en | et | essa | esta | elle | ella | elta | eseen | iden | ista | isiin | issa ) )
      | [\p{L}-]* projekti (?: n | t | in | a | ssa | sta | lle )?
      | [\p{L}-]* avustu (?: s | ksen | sta | kseen | kset | ksella | ksesta )
      | (?:[\p{L}-]*-)? kehittämis\p{L}+ )
    (?![\p{L}])""",
    regex.VERBOSE,
)
_LIST_OF_PROJECTS = regex.compile(
    r"""(?i) (?<![\p{L}-]) [\p{L}-]*
    (?: hank (?: esalk\p{Ll}+ | keita | keet | keista | keiden | keisiin | keissa | keille | eluettelo\p{Ll}* | ekatsau\p{Ll}+ )
      | projekti (?: t | en | a | eja | luettelo\p{Ll}* )
      | avustukse (?: t | en )? | (?:hanke|rahoitus|avustus|tuki)päätökse (?: t | en ) | hakemukse (?: t | en )
      | kehittämistoim\p{Ll}+ | investoin\p{Ll}+ | projekten | projekt(?=\s*:?\s*$) )
    (?![\p{L}])""",
    regex.VERBOSE,
)


_PROJECT_STEMS = ("hanke", "hankke", "projekti", "avustu", "kehittämis")
_LIST_STEMS = ("hankke", "hankel", "hankek", "hankes", "projekt", "avustukse", "päätökse", "hakemukse", "kehittämist", "investoi")


def mentions_project(text: str) -> bool:
    """Whether a project, a grant or a programme is named in so many words."""
    return has_any(text.lower(), _PROJECT_STEMS) and _PROJECT_WORD.search(text) is not None


def announces_projects(heading: str) -> bool:
    """Whether a heading or a lead-in says that projects follow (``Käynnissä olevat hankkeet``)."""
    return has_any(heading.lower(), _LIST_STEMS) and _LIST_OF_PROJECTS.search(heading) is not None


_STATUS_ALONE = regex.compile(
    r"""(?xi) (?: jo\s+ )? (?: päättyneet | päättyvät | päättymässä\s+olevat | käynnissä(?:\s+olevat)? | alkavat | uudet | muut
        | vireillä(?:\s+olevat)? | valmistelussa(?:\s+olevat)?
        | suunnitteilla(?:\s+olevat)? | haetut | haettavat | haussa(?:\s+olevat)? | hylätyt | rahoitetut
        | rahoituspäätöstä\s+odottavat | hyväksytyt ) (?:\s+hankkeet)? [.:]?"""
)


def is_project_heading(heading: str) -> bool:
    """Whether a heading among projects says that more follow, if only by how far they are: ``Päättyneet``, ``Hylätyt``.

    >>> is_project_heading("Päättyneet"), is_project_heading("Omat hankkeet"), is_project_heading("Päättyneet asiat")
    (True, True, False)
    """
    return announces_projects(heading) or _STATUS_ALONE.fullmatch(heading.strip()) is not None


_HANDLING = regex.compile(
    r"""(?x) \s* (?: \p{L}*(?:hallitus|valtuusto|lautakunta|jaosto|johtokunta)\s+ \d{1,2}\.\d{1,2}\.\d{4} ,? \s+ §
      | (?-i:\p{Ll}+) (?<= merkitsee | hyväksyy | päättää | valtuuttaa | myöntää | toteaa | esittää | antaa | nimeää | valitsee
          | osallistuu | osallistua | hyväksyä | merkitä | hakea | valtuuttaa | esittää | antaa | myöntää | saattaa ) \s )"""
)
"""Another body's handling (``Kaupunginhallitus 3.2.2025 § 29: …``), or a point of a decision (``merkitsee … tiedoksi``)."""


@cache
def _otherwise() -> regex.Pattern[str]:
    stems, words = ([r["stem"] for r in rows("not_projects") if r["match"] == match] for match in ("stem", "word"))
    return regex.compile(rf"(?i)(?<!\p{{L}})(?:{alternation(stems)}\p{{Ll}}*|{alternation(words)})(?!\p{{L}})")


def is_not_a_project(text: str) -> bool:
    """Whether the words are those of something that is no project: a vacancy, a plot, a purchase, a meeting."""
    return bool(_otherwise().search(text)) or bool(_HANDLING.match(text))


@cache
def _sign_kinds() -> dict[str, str]:
    return {row["stem"]: row["kind"] for row in rows("sign_words")}


@cache
def _signs() -> regex.Pattern[str]:
    stems = sorted(_sign_kinds())
    short = alternation(stem for stem in stems if len(stem) <= 3)
    longer = alternation(stem for stem in stems if len(stem) > 3)
    return regex.compile(rf"(?:(?<![^\W\d_])(?:{longer}|(?:{short})(?![^\W\d_]))|(?<=[^\W\d_]-?)(?:hank(?=e|ke)|projekt|avustu))")


SIGN_KINDS = (
    "project", "plan", "survey", "programme", "investment", "works", "grant", "granted", "applied", "applicant",
    "application", "runs",
    "goal", "share", "cost", "contact", "doer", "decides", "meeting", "appeal", "notice", "call", "budget", "purchase",
    "principle",
    "property", "post", "steering", "motion", "contract", "school", "attachment", "routine", "association", "company",
    "municipality",
    "otherwise",
)  # fmt: skip


def find_signs(text: str) -> list[tuple[int, str]]:
    """The telling words of a text: where each begins and what it is a sign of (``vocabulary/sign_words.csv``).

    >>> find_signs("Kehittämishanke sai avustusta")
    [(0, 'goal'), (10, 'project'), (20, 'grant')]
    """
    low, kinds = lowered(text), _sign_kinds()
    found = []
    for m in _signs().finditer(low):
        word = m.group()
        found.append((m.start(), kinds.get(word) or ("grant" if word == "avustu" else "project")))
    found += [(m.start(), "otherwise") for m in _otherwise().finditer(text)]
    return found


_DECIDES = regex.compile(
    r"(?i)\b(?:päättää|päätti|esittää|ehdottaa|päättänee|päätetään|päätettiin|seuraavaa|että|merkitsee|\p{L}*tavoit\p{Ll}+|painopist\p{Ll}+|periaat\p{Ll}+|"
    r"edellyty\p{Ll}+|ehdot|kriteeri\p{Ll}*|toimenpite\p{Ll}+|vaikutu\p{Ll}+|liitteet|liite)\b[^.]*$"
)


_CALL = regex.compile(r"(?i)\b(?:on|ovat)\s+(?:\p{Ll}+\s+)?haettav(?:ana|issa)\b(?!\s+olev)")
_THE_FOLLOWING = regex.compile(r"(?i)\bseuraav\p{Ll}+\s+(?:\p{L}[\p{L}-]*\s+){0,2}?(?:hankke|hankkei|projekte)\p{Ll}+")


def decides_on_projects(heading: str) -> bool:
    """Whether a lead-in decides on the projects it lists: ``Lautakunta päättää hakea tukea seuraaviin hankkeisiin``.

    >>> decides_on_projects("päättää, että toteutetaan seuraavien hankkeiden toimet"), decides_on_projects("päättää seuraavaa")
    (True, False)
    """
    return _THE_FOLLOWING.search(heading) is not None


def lists_otherwise(heading: str) -> bool:
    """Whether a lead-in opens a list of decisions, goals, conditions or calls, which may speak of projects but are none.

    >>> lists_otherwise("Kaupunginhallitus päättää"), lists_otherwise("Hanketoiminnan tavoitteet"), lists_otherwise("Hankkeet")
    (True, True, False)
    >>> lists_otherwise("Lisäksi on haettavana investointiavustuksia"), lists_otherwise("Haettavana olevat avustukset")
    (True, False)
    """
    return bool(_DECIDES.search(heading) or _CALL.search(heading))


_NOTICES = regex.compile(r"(?i)ilmoitus|ilmoitet|tiedoksi|saapune|kirje|viranhaltija|päätöslu|päätöksiä|muut\s+asiat|otto-oikeu")


def lists_notices(heading: str) -> bool:
    """Whether a list holds notices, letters or decisions taken, of which some may be about a project.

    >>> lists_notices("Ilmoitusasiat"), lists_notices("Haettavana olevat hankkeet")
    (True, False)
    """
    return bool(_NOTICES.search(heading))


# ---------------------------------------------------------------- status and the municipality's role
