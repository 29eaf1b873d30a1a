"""One spelling for the names of one thing: what is compared when a name is resolved.

`key` sees through case, marks, apostrophes, initials, `&` and "and"; in companies and
sources through a "The" in front; in companies through legal forms behind; in people
through "Last, First" and forms of address. It is a slug, so keys and ids of articles can
be compared. Both engines and the names found in text use these functions and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from search.entities.profile import KINDS
from search.text import fold, slug


def _every(words: str) -> frozenset[str]:
    return frozenset(words.split())


LEGAL_FORMS: Final = _every(
    "inc incorporated corp corporation co company cos companies ltd limited llc llp lp "
    "lllp plc pte pty pvt private ag se sa sas sarl srl spa sapa nv bv cv kg kgaa gmbh "
    "mbh ggmbh ohg ug ab asa oy oyj aps kk gk kabushiki kaisha bhd sdn tbk pt jsc pjsc "
    "ojsc oao pao ooo zao doo dd ead ad eood ood nyrt zrt kft rt sro spzoo zoo saa sab "
    "sae saog psc qsc pcl scpa scrl scs sca snc unlimited ulc dac"
)
"""Words that say what kind of company it is, folded and without dots."""

_TAILS: Final = (("sa", "de", "cv"), ("sab", "de", "cv"), ("s", "de", "rl"))
_ADDRESS: Final = _every("mr mrs ms miss mx dr prof professor sir dame lord lady rev")
_GENERATIONS: Final = _every("jr sr ii iii iv")
_PARTICLES: Final = _every(
    "al af ap ben bin da das de del della den der des di do dos du el ibn la las le los "
    "mac san st ten ter van vom von zu zum zur"
)
_APOSTROPHE: Final = re.compile(r"(?<=\w)['\u2018\u2019\u02bc\u2032`\u00b4](?=\w)")
_DOTTED: Final = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_]\.)")
_SLASHED: Final = re.compile(r"\b(\w)/(\w)\b")
_PLAIN: Final = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})*")
_THE: Final = ("company", "source")


@lru_cache(50_000)
def key(field: str, name: str) -> str:
    """Return the one spelling of a name in a facet field; empty if it has no word.

    Two names with one key are spellings of one name. Words are never all taken away:
    the company "Limited" stays "limited".
    """
    if field == "person":
        return person_key(name)
    found = [word for word in _words(name) if word != "and"] or _words(name)
    if field in _THE and len(found) > 1 and found[0] == "the":
        found = found[1:]
    if field == "company":
        found = _unformed(found)
    return "-".join(found)


def labels(field: str, entity_id: str, name: str) -> frozenset[str]:
    """Return by what a value of an article is found, beside its id and its slug.

    `=` and the key where that is another text, `~` and each surname.
    """
    if field not in KINDS:
        return frozenset()
    found = {f"~{each}" for each in surnames(name)} if field == "person" else set()
    spelled = key(field, name)
    if spelled and spelled not in (entity_id, slug(name)):
        found.add(f"={spelled}")
    return frozenset(found)


def sought(field: str, text: str) -> tuple[tuple[str, ...], ...]:
    """Return what a text may be of the `labels`: better before worse.

    Its slug; then its key; then, of a person, its surname.
    """
    name = slug(text)
    if not name or field not in KINDS:
        return ((name,),) if name else ()
    spelled = key(field, text)
    found = ((name,), (spelled, f"={spelled}"))
    return (*found, (f"~{spelled}",)) if field == "person" else found


def person_key(name: str) -> str:
    """Return the one spelling of a person's name, first name first."""
    return "-".join(_person(name))


def surnames(name: str) -> frozenset[str]:
    """Return the slugs by which a person is called without the first name.

    The last word, and with the particles before it: "Ursula von der Leyen" is "leyen",
    "der-leyen" and "von-der-leyen". One word alone is no surname.
    """
    found = key("person", name).split("-")
    while len(found) > 2 and found[-1] in _GENERATIONS:
        found = found[:-1]
    if len(found) < 2 or len(found[-1]) < 2:
        return frozenset()
    start = len(found) - 1
    called = {found[start]}
    while start > 1 and found[start - 1] in _PARTICLES:
        start -= 1
        called.add("-".join(found[start:]))
    return frozenset(called)


def _person(name: str) -> list[str]:
    """Return the words of a person's name, first names first."""
    last, *rest = [found for part in name.split(",") if (found := _words(part))] or [[]]
    behind = [each for each in rest if each[0] in _GENERATIONS]
    first = [each for each in rest if each[0] not in _GENERATIONS]
    found = [word for part in (*first, last, *behind) for word in part]
    while len(found) > 1 and found[0] in _ADDRESS:
        found = found[1:]
    return found


def _words(name: str) -> list[str]:
    """Return the folded words, with dotted initials and apostrophes closed up."""
    if _PLAIN.fullmatch(name):
        return name.lower().split(" ")
    plain = _APOSTROPHE.sub("", fold(name).replace("&", " and "))
    plain = _SLASHED.sub(r"\1\2", _DOTTED.sub(r"\1", plain))
    return list(_joined(slug(plain).split("-"))) if slug(plain) else []


def _joined(words: list[str]) -> Iterator[str]:
    """Yield the words, single letters in a row as one: J. P. Morgan is jp morgan."""
    letters = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        if letters:
            yield letters
            letters = ""
        yield word
    if letters:
        yield letters


def _unformed(words: list[str]) -> list[str]:
    """Return the words without the legal forms at their end, but never none."""
    while len(words) > 1:
        tail = next((t for t in _TAILS if tuple(words[-len(t) :]) == t), None)
        if tail and len(words) > len(tail):
            words = words[: -len(tail)]
        elif words[-1] in LEGAL_FORMS or words[-1] in ("as", "sa"):
            words = words[:-1]
        else:
            break
    return words
