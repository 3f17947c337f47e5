"""How Finnish names decline (nimien taivutus), and the way back: from a form as it stands in a text to the name as it signs.

A base form is never cut out of a form by its ending alone: every candidate is declined again, and only those that give the
form stand. Between several, what the document names elsewhere decides, then the known names, then how family names end.

>>> base_word("Hämäläisen"), base_word("Jussinmäkeä"), base_word("Savinaista"), base_word("Kivekkäälle")
('Hämäläinen', 'Jussinmäki', 'Savinainen', 'Kivekäs')
>>> base_form("Leena Mäki-Kuuselan")
BaseName(given='Leena', family='Mäki-Kuusela')
>>> base_form("Sahindalin"), base_form("Sahindalin", known=["Mustafa Sahindal"])
(BaseName(given=None, family='Sahindalin'), BaseName(given='Mustafa', family='Sahindal'))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import regex

from rules._load import rows

Kind = Literal["given", "family", "place"]

_VOWELS = "aeiouyåäöéè"

# Grades of a stop between vowels (astevaihtelu): strong → weak. The double stops always alternate; in a name the others may not.
_DOUBLE = {"kk": "k", "pp": "p", "tt": "t"}
_SINGLE = {"nk": "ng", "mp": "mm", "nt": "nn", "lt": "ll", "rt": "rr", "ht": "hd", "lp": "lv", "rp": "rv", "lk": "l", "rk": "r",
           "hk": "h", "p": "v", "t": "d", "k": ""}  # fmt: skip
_STRONG = sorted([*_DOUBLE, *_SINGLE], key=len, reverse=True)


_PRIOR = {"nom": 2.0, "gen": 1.5, "part": 1.3, "all": 0.8, "ade": 0.6, "abl": 0.7, "tra": 0.6, "ela": 0.5, "ill": 0.3, "ess": 0.3,
          "ine": 0.1, "abe": 0.1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BaseName:
    """A person's name in base form: given name (etunimi) and family name (sukunimi), either None where it is not said."""

    given: str | None
    family: str | None

    @property
    def full(self) -> str:
        """As it would sign: given name first."""
        return " ".join(part for part in (self.given, self.family) if part)


# ---------------------------------------------------------------- known names


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of a kind in vocabulary/name_words.csv, which says what each kind is."""
    return frozenset(row["word"] for row in rows("name_words") if row["kind"] == kind)


@cache
def ends_of(kind: str) -> tuple[str, ...]:
    """The same as ends of words, for ``str.endswith``."""
    return tuple(sorted(words_of(kind)))


@cache
def lexicon() -> dict[str, dict[str, str]]:
    """Every known name → its kinds, each ``common`` (Finnish and Swedish lists) or ``foreign``."""
    names: dict[str, dict[str, str]] = {}
    for row in rows("names"):
        names.setdefault(row["name"], {})[row["kind"]] = row["use"]
    return names


def use_of(name: str, kind: Kind) -> str | None:
    """Whether a name in base form is a ``common`` or ``foreign`` given name, family name or place; None where unknown.

    A double name (Eeva-Maria, Mäki-Kuusela) is as common as its last part.

    >>> use_of("Eeva-Maria", "given"), use_of("Kamunen", "given")
    ('common', None)
    """
    known = lexicon()
    if name not in known and "-" in name:
        name = name.rpartition("-")[2]
    return known.get(name, {}).get(kind)


@cache
def _endings() -> dict[str, int]:
    counts: Counter[str] = Counter()
    for name, kinds in lexicon().items():
        if "common" in (kinds.get("family"), kinds.get("place")):
            counts.update(name[-n:].lower() for n in range(2, 8) if len(name) > n)
    return {ending: count for ending, count in counts.items() if count >= 3}


@lru_cache(maxsize=1 << 15)
def likeness(name: str) -> float:
    """How much a word ends as Finnish family names and places do: 0 (not at all) to 5.

    >>> likeness("Nivukoski") > likeness("Nivukosken")
    True
    """
    known = _endings()
    return next((0.7 * n for n in range(7, 1, -1) if name[-n:].lower() in known), 0.0)


# ---------------------------------------------------------------- declension


def _harmonies(word: str) -> tuple[str, ...]:
    """The vowel of its endings; a compound whose last part has e and i alone takes ä (Kallioniemeä), a foreign name may.

    >>> _harmonies("Turja"), _harmonies("Kallioniemi"), _harmonies("Andersén")
    (('a',), ('ä', 'a'), ('a', 'ä'))
    """
    low = word.lower()
    last = next((c for c in reversed(low) if c in "aouåäöy"), "ä")
    if last in "äöy":
        return ("ä",)
    if any(c in "aouå" for c in low[-4:]):
        return ("a",)
    return ("ä", "a") if low.endswith(("tie", "mies", "meri", *ends_of("e_stem"))) else ("a", "ä")


def _split(stem: str) -> tuple[str, str, str]:
    """A vowel stem before, in and after the consonants that alternate: ('Koivis', 't', 'o')."""
    vowel = stem[-1:]
    cluster = next((c for c in _STRONG if stem[:-1].lower().endswith(c)), "")
    return stem[: len(stem) - len(vowel) - len(cluster)], cluster, vowel


def _weak(stem: str) -> list[str]:
    """The stem in the weak grade, likeliest first; a name may also keep its single stop (Mika : Mikan).

    >>> _weak("Virta"), _weak("Pekka"), _weak("Koivisto"), _weak("Kurke")
    (['Virra', 'Virta'], ['Peka'], ['Koivisto'], ['Kurje', 'Kure', 'Kurke'])
    """
    head, cluster, vowel = _split(stem)
    before = head[-1:].lower()
    if cluster in _DOUBLE:
        return [head + _DOUBLE[cluster] + vowel]
    if not cluster or not head or (cluster in "ptk" and before not in _VOWELS):
        return [stem]
    graded = [head + _SINGLE[cluster] + vowel]
    if cluster in ("lk", "rk") and vowel == "e":
        graded.insert(0, f"{head}{cluster[0]}je")
    if cluster == "k" and before == vowel and vowel in "uy":
        graded.insert(0, f"{head}v{vowel}")
    return [*graded, stem]


@cache
def _strengthened() -> dict[str, list[str]]:
    inverse: dict[str, list[str]] = {}
    for strong, weak in {**_DOUBLE, **_SINGLE}.items():
        inverse.setdefault(weak, []).append(strong)
    return inverse


def _strong(stem: str) -> list[str]:
    """Every stem whose weak grade this may be, itself included."""
    vowel, body = stem[-1:], stem[:-1]
    found = [stem]
    for weak, strongs in _strengthened().items():
        if weak in ("d", "v") and body[-2:-1].lower() not in _VOWELS:
            continue
        if body.lower().endswith(weak or tuple(_VOWELS)) and len(body) > len(weak):
            found += [body[: len(body) - len(weak)] + strong + vowel for strong in strongs]
    if body.endswith(("lj", "rj")) and vowel == "e":
        found.append(f"{body[:-1]}k{vowel}")
    if body.endswith("v") and vowel in "uy":
        found.append(f"{body[:-1]}k{vowel}")
    return found


_SURELY_STRONGER = ("k", "p", "t", "ng", "mm", "nn", "ll", "rr")


def _long(stem: str) -> list[str]:
    """Stems of Kivekäs : Kivekkää-, Rinne : Rintee-, likeliest first."""
    long = [s + s[-1] for s in _strong(stem)]
    return long[1:] + long[:1] if stem[:-1].lower().endswith(_SURELY_STRONGER) else long


def _forms(weak: str, strong: str, partitives: Iterable[str], illative: str, a: str) -> Iterator[tuple[str, str]]:
    yield "gen", f"{weak}n"
    yield from (("part", form) for form in partitives)
    endings = {"ine": f"ss{a}", "ela": f"st{a}", "ade": f"ll{a}", "abl": f"lt{a}", "all": "lle", "tra": "ksi", "abe": f"tt{a}"}
    yield from ((case, weak + ending) for case, ending in endings.items())
    yield "ill", illative
    yield "ess", f"{strong}n{a}"


def _vowel_stem(base: str, strong: str, a: str) -> Iterator[tuple[str, str]]:
    """Stems in a short vowel: Virta : Virran, Mäki : Mäen."""
    partitives = [strong + a]
    if strong[-2:-1] in ("i", "e") and strong[-1] in "aoäö":
        partitives.append(f"{strong}t{a}")
    if strong != base and strong[-2] in "lrnh":
        partitives.insert(0, f"{strong[:-1]}t{a}")
    for weak in _weak(strong):
        yield from _forms(weak, strong, partitives, f"{strong}{strong[-1]}n", a)


def _in_s(base: str, a: str) -> Iterator[tuple[str, str]]:
    """Markus : Markuksen, Kivekäs : Kivekkään, Kallis : Kalliin, Adams : Adamsin."""
    stem, part = base[:-1], f"{base}t{a}"
    if stem[-1].lower() not in _VOWELS:
        yield from _forms(f"{base}i", f"{base}i", [f"{base}i{a}"], f"{base}iin", a)
        return
    for contracted in _long(stem) if stem[-1] in "aäi" else [f"{stem}e"] if base.endswith("es") else ():
        yield from _forms(contracted, contracted, [part], f"{contracted}seen", a)
    yield from _forms(f"{stem}kse", f"{stem}kse", [part], f"{stem}kseen", a)


def _in_e(base: str, a: str) -> Iterator[tuple[str, str]]:
    """Rinne : Rinteen, and as given names and foreign ones do, Ville : Villen."""
    for long in _long(base):
        yield from _forms(long, long, [f"{base}tt{a}"], f"{long}seen", a)
    yield from _forms(base, base, [base + a], f"{base}en", a)


def _in_i(base: str, a: str) -> Iterator[tuple[str, str]]:
    """Antti : Antin, Niemi : Niemen, Uusi : Uuden."""
    low = base.lower()
    if low.endswith(ends_of("si_stem")):
        strong = f"{base[:-2]}te"
        yield from _forms(_weak(strong)[0], strong, [f"{base[:-2]}tt{a}", f"{base[:-2]}t{a}"], f"{strong}en", a)
    if low.endswith(ends_of("e_stem")):
        yield from _vowel_stem(base, f"{base[:-1]}e", "a" if low.endswith("meri") else a)
    yield from _vowel_stem(base, base, a)


def _declined(base: str, a: str) -> Iterator[tuple[str, str]]:
    low = base.lower()
    if low.endswith("nen"):
        stem = f"{base[:-3]}s"
        yield from _forms(f"{stem}e", f"{stem}e", [f"{stem}t{a}"], f"{stem}een", a)
    elif low.endswith("s"):
        yield from _in_s(base, a)
    elif low[-1] not in _VOWELS:
        vowel = "e" if low.endswith(ends_of("consonant_e_stem")) else "i"
        yield from _forms(base + vowel, base + vowel, [base + vowel + a], f"{base}{vowel}{vowel}n", a)
    elif len(low) > 2 and (low[-1] == low[-2] or low[-2:] in ("uo", "yö", "ie")):
        yield from _forms(base, base, [f"{base}t{a}", base + a], f"{base}h{low[-1]}n", a)
    elif low[-1] == "e":
        yield from _in_e(base, a)
    elif low[-1] == "i":
        yield from _in_i(base, a)
    else:
        yield from _vowel_stem(base, base, a)


@lru_cache(maxsize=1 << 16)
def decline(base: str) -> dict[str, tuple[str, ...]]:
    """The forms of a name by case, likeliest first; only the last part of a double name declines.

    >>> decline("Lampi")["gen"], decline("Rinne")["all"][0], decline("Kangas")["part"]
    (('Lammen', 'Lampen', 'Lammin', 'Lampin'), 'Rinteelle', ('Kangasta',))
    """
    prefix, hyphen, last = base.rpartition("-")
    if len(last) < 2:
        return {"nom": (base,)}
    forms: dict[str, dict[str, None]] = {"nom": {base: None}}
    for a in _harmonies(last):
        for case, form in _declined(last, a):
            forms.setdefault(case, {})[prefix + hyphen + form] = None
    return {case: tuple(found) for case, found in forms.items()}


# ---------------------------------------------------------------- the way back

_ENDINGS = regex.compile(r"(?:n|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|ksi|tt[aä]|n[aä])$")
_INITIAL = regex.compile(r"\p{Lu}\.?")
_CLITIC = regex.compile(r"(?<=.{4})k(?:in|aan|ään)$")
_APOSTROPHE = regex.compile(r"['’´](?:n|[stl]{0,2}[aä]|lle|ksi|i[nm]|[hs]?[eioua]{1,2}n)$")


def _undone(stem: str) -> Iterator[str]:
    """Nominatives that a vowel stem may belong to."""
    yield from _strong(stem)
    if stem.endswith("se") and stem[-3:-2] in _VOWELS:
        yield f"{stem[:-2]}nen"
    if stem.endswith("kse"):
        yield f"{stem[:-3]}s"
    if stem[-1:] in "ie" and stem[-2:-1].lower() not in _VOWELS:
        yield stem[:-1]
    if stem.endswith("e"):
        yield from (f"{s[:-1]}i" for s in _strong(stem))
        yield from (f"{s[:-2]}si" for s in _strong(stem) if s.endswith("te"))
    if stem[-2:] in ("aa", "ää", "ii", "ee"):
        yield from (f"{s}s" for s in (*_weak(stem[:-1]), stem[:-1]))
    if stem.endswith("ee"):
        yield from (*_weak(stem[:-1]), stem[:-1])


def _unpartitive(form: str) -> Iterator[str]:
    yield from _undone(form[:-1])
    if form[-2:] in ("ta", "tä"):
        body = form[:-2]
        yield from (body, f"{body}i", f"{body}si")
        if body.endswith("s"):
            yield f"{body[:-1]}nen"
        if body.endswith("t"):
            yield from (body[:-1], f"{body[:-1]}si")


def _unillative(form: str) -> Iterator[str]:
    if form.endswith("seen"):
        yield from (f"{form[:-4]}nen", *_undone(form[:-4]))
    if form[-2:-1] == form[-3:-2]:
        yield from _undone(form[:-2])
    if form[-3:-2] == "h":
        yield form[:-3]


@lru_cache(maxsize=1 << 16)
def candidates(form: str) -> tuple[tuple[str, str], ...]:
    """Each (name, case) whose declension gives the form, the form itself as nominative first.

    >>> candidates("Korvelle")
    (('Korvelle', 'nom'), ('Korve', 'all'), ('Korpi', 'all'))
    """
    if m := _APOSTROPHE.search(form):
        return ((form[: m.start()], "gen"),)
    bases: dict[str, None] = {}
    if m := _ENDINGS.search(form):
        bases.update(dict.fromkeys(_undone(form[: m.start()])))
    if form.endswith(("a", "ä")):
        bases.update(dict.fromkeys(_unpartitive(form)))
    if form.endswith("n"):
        bases.update(dict.fromkeys(_unillative(form)))
    found = {(form, "nom"): None}
    for base in bases:
        if len(base) > 1 and base != form:
            found.update({(base, case): None for case, forms in decline(base).items() if form in forms})
    return tuple(found)


# Ends of words that a name in the nominative hardly has.
_OBLIQUE = regex.compile(
    r"(?:ss[aä]|st[aä]|lt[aä]|lle|ksi|tt[aä]|(?<=\p{L}{4})ll[aä]|(?<!m|[^p]p)(?:aa|ää)|[ei][aä]|[oö][aä]|[uy][aä]|(?<=[aeiouyäö])t[aä]"
    r"|(?<=[aeiouyäö]{2}|h[aeiouyäö])n|(?<=[aeiouyäö][kptgdvmnlrsjh])[oöuyaä]n|(?<=[hklnprst][dhjklnprtv])[aouyäö]n|(?<=[^n])sen|(?<=sk|[mn]|rv|mm|rr|ll|hd|nn|r|l|k|v)en)$"
)


def _worth(base: str, case: str, *, form: str, kind: Kind) -> float:
    """How likely a candidate is, by the known names, how names of its kind end, and the case."""
    use = use_of(base, kind)
    score = {"common": 8.0, "foreign": 5.0}.get(use or "", 0.0) + _PRIOR[case]
    if kind == "family":
        score += likeness(base)
    if kind == "family" and case != "nom" and base.lower().endswith(ends_of("e_stem")):
        score += 5.0 if base.lower() in words_of("e_stem") else 1.0
    if len(base) < 3:
        score -= 4.0
    if case == "nom" and not use and not base.endswith("nen") and _OBLIQUE.search(base):
        score -= 4.0
    if case != "nom":
        score -= 0.4 * decline(base)[case].index(form) if form in decline(base)[case] else 0
    return score


def base_word(form: str, kind: Kind = "family", known: frozenset[str] = frozenset()) -> str:
    """One name in base form; ``known`` are names of this kind that the document states in base form elsewhere.

    >>> base_word("Mikan", "given"), base_word("Korvelle"), base_word("Korvelle", known=frozenset({"Korve"}))
    ('Mika', 'Korpi', 'Korve')
    """
    return _base_word(form, kind) if not known else _known_word(form, kind, known)


def _known_word(form: str, kind: Kind, known: frozenset[str]) -> str:
    if form in known:
        return form
    hits = [(base, case) for base, case in candidates(form) if base in known]
    return max(hits, key=lambda hit: _worth(*hit, form=form, kind=kind))[0] if hits else _base_word(form, kind)


@lru_cache(maxsize=1 << 15)
def _base_word(form: str, kind: Kind) -> str:
    if len(form) > 6 and (m := _CLITIC.search(form)) and use_of(form, kind) is None and _known_somehow(form[: m.start()], kind):
        form = form[: m.start()]
    return max(candidates(form), key=lambda hit: _worth(*hit, form=form, kind=kind))[0]


def common_base(forms: Iterable[str], kind: Kind = "family") -> str:
    """The one name that the most of several forms are forms of, as a person mentioned several times has one.

    >>> common_base(["Turjaa", "Turjan"]), common_base(["Korvelle", "Korpea"])
    ('Turja', 'Korpi')
    """
    worth: dict[str, list[float]] = {}
    for form in forms:
        for base in dict.fromkeys(base for base, _ in candidates(form)):
            best = max(_worth(b, case, form=form, kind=kind) for b, case in candidates(form) if b == base)
            worth.setdefault(base, []).append(best)
    return max(worth, key=lambda base: (len(worth[base]), sum(worth[base])))


def _known_somehow(form: str, kind: Kind) -> bool:
    return any(use_of(base, kind) == "common" for base, _ in candidates(form))


def capitals_down(word: str) -> str:
    """A name in capitals as it is usually written: ``ALA-NISSILÄ`` → ``Ala-Nissilä``; others as they are."""
    return word.title() if word.isupper() and len(word) > 2 else word


@lru_cache(maxsize=1 << 15)
def is_given(word: str) -> bool:
    """Whether a word is a given name in base form, an initial (``J.``) or a double given name.

    >>> [is_given(w) for w in ("Riina", "Eeva-Maria", "J.", "Kaupunki")]
    [True, True, True, False]
    """
    if _INITIAL.fullmatch(word):
        return True
    return all(use_of(part, "given") is not None or _two_in_one(part) for part in capitals_down(word).split("-"))


@lru_cache(maxsize=1 << 15)
def _two_in_one(word: str) -> bool:
    """Two common given names written as one: Sannamarja, Annemari."""
    known = lexicon()
    cuts = ((word[:i], word[i:].capitalize()) for i in range(3, len(word) - 2) if len(word) <= 40)
    return any(known.get(a, {}).get("given") == known.get(b, {}).get("given") == "common" for a, b in cuts)


@lru_cache(maxsize=1 << 15)
def is_family(word: str) -> bool:
    """Whether a word is a family name in some case: a known one, or one that ends as they do."""
    base = base_word(capitals_down(word))
    return use_of(base, "family") is not None or likeness(base) >= 2.0


@lru_cache(maxsize=1 << 15)
def is_place(word: str) -> bool:
    """Whether a word is a known place in some case, and no known given name."""
    return not is_given(word) and any(use_of(base, "place") for base, _ in candidates(word))


def family_first(words: list[str]) -> bool:
    """Whether a name of several words is printed family name first (``Savinainen Eino``)."""
    first, last = (capitals_down(w) for w in (words[0], words[-1]))
    if not is_given(last) or _INITIAL.fullmatch(first):
        return False
    if words[0].isupper() and not words[-1].isupper() and len(first) > 2:
        return True
    given_first, given_last = use_of(first, "given"), use_of(last, "given")
    if given_first == "common" or (given_first and given_last != "common"):
        return False
    return is_family(first) or (given_first is None and given_last == "common")


def base_form(surface: str, known: Iterable[str] = ()) -> BaseName:
    """The name of a mention in base form; ``known`` are full names that the document states elsewhere.

    The last word declines, the given name before it does not. A lone word is a family name unless it is a given name only.

    >>> base_form("Savinaisen Einon"), base_form("Tuulalle"), base_form("MEIKÄLÄINEN Maija").full
    (BaseName(given='Eino', family='Savinainen'), BaseName(given='Tuula', family=None), 'Maija Meikäläinen')
    """
    words = surface.split()
    evidence = [name.split() for name in known]
    if len(words) > 1:
        return _full(words, evidence)
    return _lone(capitals_down(surface), evidence)


def _full(words: list[str], evidence: list[list[str]]) -> BaseName:
    words = [capitals_down(w) for w in words] if all(w.isupper() for w in words) else words
    last_given = base_word(words[-1], "given")
    if family_first([*words[:-1], last_given]):
        return BaseName(last_given, base_word(capitals_down(words[0])))
    cut = next((i for i in range(1, len(words)) if words[i].lower() in words_of("particle")), len(words) - 1)
    given = " ".join(words[:cut])
    families = frozenset(name[-1] for name in evidence if len(name) > 1 and name[0] == words[0])
    families = families or frozenset(name[-1] for name in evidence)
    family = " ".join([*words[cut:-1], base_word(capitals_down(words[-1]), known=families)])
    return BaseName(given or None, family)


def _lone(word: str, evidence: list[list[str]]) -> BaseName:
    families = {name[-1]: name for name in evidence if len(name) > 1}
    hits = [hit for hit in candidates(word) if hit[0] in families]
    if hits:
        family = max(hits, key=lambda hit: _worth(*hit, form=word, kind="family"))[0]
        bearers = {tuple(name[:-1]) for name in evidence if name[-1] == family and len(name) > 1}
        return BaseName(" ".join(bearers.pop()) if len(bearers) == 1 else None, family)
    given, family = base_word(word, "given"), base_word(word)
    if use_of(given, "given") and use_of(family, "family") != "common":
        return BaseName(given, None)
    return BaseName(None, family)


@lru_cache(maxsize=1 << 15)
def is_family_form(word: str) -> bool:
    """Whether a word is some case of a known family name."""
    return any(use_of(base, "family") == "common" for base, _ in candidates(capitals_down(word)))
