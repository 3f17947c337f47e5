"""Where names begin and end in running text, by their words alone (nimen rajat).

>>> reader = Reader("Kristiina von Bergen ja Eino ”Eikka” Rinne")
>>> reader.name_at(0), reader.name_at(4)
((2, 0.98), (6, 0.98))
"""

from __future__ import annotations

from functools import lru_cache

from poytakirja.rules.names.base_form import is_family, is_family_form, is_given, is_place
from poytakirja.rules.names.declension import candidates
from poytakirja.rules.names.lexicon import capitals_down, ends_of, use_of, words_of
from poytakirja.rules.names.name_shapes import (
    COLON_CASE,
    NICKNAME_CLOSES,
    NICKNAME_OPENS,
    family_leads,
    is_patronymic,
    joins_on,
    tied,
)
from poytakirja.rules.names.not_a_person import is_namesake
from poytakirja.rules.names.titles import SPACE, TitleReader, title_base


class Reader(TitleReader):
    """A text cut to tokens, asked for the titles that end and for the names that begin at a token."""

    def name_at(self, first: int) -> tuple[int, float] | None:
        """The name that begins at a token: its last token and how sure that is, as far as it can be told from the words alone."""
        if first >= len(self.tokens) or not capital(self.tokens[first].text):
            return None
        run = self._capitals(first)
        if len(run) < 2 or barred(run[0]):
            return None
        given = 0
        while given < len(run) - 1 and given < 4 and _is_of_given(run, given):
            given += 1
        last = self._family_end(run, given)
        whole = max(given, 1)
        if last and last > whole and not joins_on(run[whole]) and self._is_namesake(first, first + last):
            last = whole  # Leo Kivimäki Koskisen koululta
        if last is None or self._is_namesake(first, first + last):
            return None
        return first + last, _sureness(run[: last + 1], given)

    def _is_namesake(self, first: int, last: int) -> bool:
        return is_namesake(self.text, self.tokens[first].start, self.tokens[last].end)

    def _capitals(self, first: int) -> list[str]:
        """The capitalised words, initials, particles and the nickname (as ``”Eikka”``) in a row from a token on."""
        run = [self.tokens[first].text]
        at = first
        while at + 1 < len(self.tokens) and len(run) < 6:
            gap, word = self.gap(at), self.tokens[at + 1].text
            if self._is_nickname(at + 1) and is_given(run[0]):
                run.append(f"”{word}”")
                at += 1
                continue
            joined = gap == " " or (len(run) == 1 and bool(SPACE.fullmatch(gap))) or (gap in (". ", ".") and len(run[-1]) == 1)
            joined |= gap == ".-" and len(run[-1]) == len(word) == 1  # J.-P.
            joined |= run[-1][0] == "”"  # what closes the nickname was seen
            declined = COLON_CASE.fullmatch(word)
            if not joined or not (capital(word) or word in words_of("particle") or declined or tied().fullmatch(word)):
                break
            if title_base(word) or word.endswith("-"):
                break
            run.append(word.partition(":")[0])
            at += 1
            if declined:
                break
        while run[-1] in words_of("particle") or run[-1][0] == "”":
            run.pop()
        return run

    def _is_nickname(self, at: int) -> bool:
        """Whether a token stands in quotation marks or brackets between two capitalised words: ``Eino ”Eikka” Rinne``."""
        if at + 1 >= len(self.tokens) or not NICKNAME_OPENS.fullmatch(self.gap(at - 1)):
            return False
        stop = self.tokens[at].end - self.tokens[at].text.endswith(("'", "’"))  # which a word may hold
        if not NICKNAME_CLOSES.fullmatch(self.text, stop, self.tokens[at + 1].start):
            return False
        words = self.tokens[at].text, self.tokens[at + 1].text
        return all(capital(word) and not word.isupper() and not title_base(word) for word in words)

    def _family_end(self, run: list[str], given: int) -> int | None:
        if family_leads(run):
            return len(run) - 1
        if given == 0 and is_given(run[1]) and is_family(run[0]):  # Savinainen Eino
            return 2 if len(run) > 2 and is_patronymic(run[2]) else 1
        at = max(given, 1)
        while at < len(run) - 1 and joins_on(run[at]):
            at += 1
        if given == 0 and barred(run[at]):
            return None
        if run[at].lower() in words_of("no_name") | words_of("institution") or (not is_given(run[0]) and barred(run[at])):
            at -= 1
            return at if at >= 1 else None
        return _family_goes_on(run, at)


def _is_of_given(run: list[str], at: int) -> bool:
    """Whether a word of a name is a given name, or behind one a patronymic or a nickname."""
    word = run[at]
    return is_given(word.rstrip(".")) or (at > 0 and (word[0] == "”" or is_patronymic(word)))


def _family_goes_on(run: list[str], at: int) -> int:
    """The last word of a family name: ``Munck af Rosen`` behind a particle, ``García López`` at the row's end."""
    beyond = at + 1
    while beyond < len(run) - 1 and run[beyond] in words_of("particle"):
        beyond += 1
    if at + 1 < beyond < len(run) and not barred(run[beyond]):
        return beyond
    return at + 1 if at + 2 == len(run) and _is_second_family(run[at + 1]) else at


@lru_cache(maxsize=1 << 14)
def _is_second_family(word: str) -> bool:
    """Whether a word behind a whole name is its second family name: a known one, neither a place nor someone's given name."""
    if (
        word[0] == "”"
        or barred(word)
        or is_place(word)
        or (use_of(word, "given") == "common" and use_of(word, "family") != "common")
    ):
        return False
    return any(use_of(base, "family") for base, _ in candidates(capitals_down(word)))


def capital(word: str) -> bool:
    """Whether a word may stand in a name for its capital."""
    return word[0].isupper() and not word.endswith("-") and ":" not in word


@lru_cache(maxsize=1 << 15)
def barred(word: str) -> bool:
    """Whether a capitalised word is none of a name: a heading, an institution, a place in some case."""
    low = word.lower()
    if low in words_of("no_name") or title_base(word):
        return True
    if use_of(capitals_down(word), "family") == "common" or is_given(word):
        return False
    if low.endswith(ends_of("institution")) and len(low) > 4:
        return True
    return is_place(word) and not is_family_form(word)


@lru_cache(maxsize=1 << 15)
def is_institution(word: str) -> bool:
    """Whether a capitalised word by itself is a heading, a body, a law or a street, and not a known family name.

    >>> is_institution("Julkisuuslaki"), is_institution("Höykinsaaritie"), is_institution("Talvitie")
    (True, True, True)
    >>> is_institution("Hämäläinen"), is_institution("Hakala")
    (False, False)
    """
    low = word.lower()
    return low in words_of("no_name") or (len(low) > 4 and low.endswith(ends_of("institution")) and not is_family_form(word))


def _sureness(run: list[str], given: int) -> float:
    family = run[-1]
    known = is_family_form(family) or is_family(family)
    if given:
        return 0.98 if known else 0.95
    if len(run) == 2 and use_of(family, "given") == "common" and is_family_form(run[0]) and not is_given(run[0]):
        return 0.9  # Aho Liisa
    return 0.9 if known else 0.8
