"""How Finnish names decline (nimien taivutus), and the way back: every name and case whose declension gives a form.

>>> decline("Lampi")["gen"], decline("Rinne")["all"][0], decline("Kangas")["part"]
(('Lammen', 'Lampen', 'Lammin', 'Lampin'), 'Rinteelle', ('Kangasta',))
>>> candidates("Korvelle")
(('Korvelle', 'nom'), ('Korve', 'all'), ('Korpi', 'all'))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import regex

from poytakirja.rules.names.lexicon import ends_of

_VOWELS = "aeiouyåäöéè"

# Grades of a stop between vowels (astevaihtelu): strong → weak. The double stops always alternate; in a name the others may not.
_DOUBLE = {"kk": "k", "pp": "p", "tt": "t"}
_SINGLE = {"nk": "ng", "mp": "mm", "nt": "nn", "lt": "ll", "rt": "rr", "ht": "hd", "lp": "lv", "rp": "rv", "lk": "l", "rk": "r",
           "hk": "h", "p": "v", "t": "d", "k": ""}  # fmt: skip
_STRONG = sorted([*_DOUBLE, *_SINGLE], key=len, reverse=True)


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
    yield "plur", f"{weak}t"
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


def _without(base: str, a: str) -> Iterator[tuple[str, str]]:
    """Kevätön : Kevättömän, beside Hamilton : Hamiltonin."""
    if base.lower().endswith(("ton", "tön")) and len(base) > 5:
        stem = f"{base[:-3]}tt{base[-2]}m{'a' if base[-2] == 'o' else 'ä'}"
        yield from _forms(stem, stem, [f"{base}t{a}"], f"{stem}{stem[-1]}n", a)


def _declined(base: str, a: str) -> Iterator[tuple[str, str]]:
    low = base.lower()
    if low.endswith("nen"):
        stem = f"{base[:-3]}s"
        yield from _forms(f"{stem}e", f"{stem}e", [f"{stem}t{a}"], f"{stem}een", a)
    elif low.endswith("mies"):
        stem = f"{base[:-1]}he"  # Ahomies : Ahomiehen
        yield from _forms(stem, stem, [f"{base}t{a}"], f"{stem}en", a)
    elif low.endswith("s"):
        yield from _in_s(base, a)
    elif low[-1] not in _VOWELS:
        yield from _without(base, a)
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

_ENDINGS = regex.compile(r"(?:n|t|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|ksi|tt[aä]|n[aä])$")
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
    if stem.endswith(("ttoma", "ttömä")):
        yield f"{stem[:-5]}{stem[-4:-2]}n"
    if stem.endswith("miehe"):
        yield f"{stem[:-2]}s"
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
