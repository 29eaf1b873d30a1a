"""What a profile is found by, and how well a text fits it: pure functions.

Engines keep the `marks` of each profile and look up those `asked` of a text; `chosen` then
decides. So that all of them choose alike, nothing else decides whom a text means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from search.entities.names import key, surnames
from search.entities.profile import Kind, Profile
from search.entities.registry import Completion, Found, Matched
from search.matching import distance_within
from search.text import is_text, slug

ENTRIES: Final = 100
"""Among how many beginnings of names, all kinds together, completions are looked for:
of each kind the first by the beginning, then by id."""

MOST: Final = 1_000
"""How many profiles a text may mean; the first by id where there are more."""

_SHORT: Final = 4  # letters, up to which one slip is all that is allowed


@lru_cache(10_000)
def asked(kind: Kind, text: str) -> tuple[str, ...]:
    """Return the marks that a text may mean, but for a surname; none without a word."""
    name = slug(text)
    if not name or not is_text(text):
        return ()
    found = {text, name, key(kind, text), f"#{_value(text)}"}
    return tuple(sorted(found | {f"${each}" for each in _symbols(text)}))


def asked_surname(kind: Kind, text: str) -> tuple[str, ...]:
    """Return the marks that a text means as a surname.

    They are looked up where nothing has those `asked`: many people share a surname.
    """
    surname = key(kind, text) if kind == "person" and is_text(text) else ""
    return (f"~{surname}",) if surname else ()


def marks(profile: Profile) -> frozenset[str]:
    """Return all that a profile is found by."""
    found = {profile.id}
    for name in profile.names:
        found |= {slug(name), key(profile.kind, name)}
        if profile.kind == "person":
            found |= {f"~{each}" for each in surnames(name)}
    for ticker in profile.tickers:
        found |= {f"${each}" for each in _symbols(ticker)}
    for scheme, value in profile.identifiers:
        found |= {f"#{_value(value)}", f"#{_value(f'{scheme}:{value}')}"}
    return frozenset(found - {"", "$", "#", "~"})


def chosen(kind: Kind, text: str, profiles: Iterable[Profile]) -> tuple[Found, ...]:
    """Return those of the profiles that a text means best, by id."""
    fits: dict[int, list[Found]] = {}
    for profile in profiles:
        fit = _fit(kind, text, profile)
        if fit:
            fits.setdefault(fit[0], []).append(Found(profile, fit[1]))
    best = fits[min(fits)] if fits else []
    return tuple(sorted(best, key=lambda found: found.profile.id)[:MOST])


def parts(profile: Profile) -> frozenset[str]:
    """Return how it may be typed: each name from each of its words on, and its key."""
    found = {part for name in profile.names for part in _tails(slug(name))}
    found |= {key(profile.kind, name) for name in profile.names}
    found |= {_symbol(ticker) for ticker in profile.tickers}
    return frozenset(found - {""})


def symbols(profile: Profile) -> Iterator[str]:
    """Yield how its tickers are typed, without their exchanges."""
    return filter(None, map(_symbol, profile.tickers))


def matching(profile: Profile, text: str) -> str | None:
    """Return the name of a profile that begins so: its own one, or else the best."""
    beginning = slug(text)
    if any(tail.startswith(beginning) for tail in _tails(slug(profile.name))):
        return profile.name
    place = _place(profile, beginning)
    return place[2] if place else None


def typed(text: str) -> str:
    """Return the slug by which parts are looked up; empty where nothing can have it."""
    return slug(text) if is_text(text) else ""


def completed(
    text: str, profiles: Iterable[Profile], size: int
) -> tuple[Completion, ...]:
    """Return the completions of a text among profiles, best first."""
    beginning = slug(text)
    ranked = sorted(
        (*place, profile.kind, profile.id, profile)
        for profile in profiles
        for place in [_place(profile, beginning)]
        if place
    )
    return tuple(Completion(row[-1], row[2]) for row in ranked[:size])


def nearness(profile: Profile, text: str) -> int | None:
    """Return how many slips are between a text and the nearest part of a name.

    None: too many for its length, or the first letter is another.
    """
    found = [
        number
        for part in parts(profile)
        if is_near(part, text)
        for number in range(3)
        if distance_within(part, text, number)
    ]
    return min(found, default=None)


def is_near(part: str, text: str) -> bool:
    """Say whether two slugs begin alike and are a slip or two apart: one if short."""
    most = slips(text)
    if not part.startswith(heads(text)) or sum(c not in text for c in part) > most:
        return False
    return distance_within(part, text, most)


def heads(text: str) -> tuple[str, ...]:
    """Return how a slug near the text may begin: its letters, one left out or turned.

    Only these are looked at: among a million names all of a letter are too many.
    """
    first, rest = text[:1], text[1:]
    found = (rest[:2], rest[1:3], rest[:1] + rest[2:3], rest[1:2] + rest[:1])
    return tuple(sorted({first + each for each in found}))


def slips(text: str) -> int:
    """Return how many slips are taken for one in a text of this length."""
    return 1 if len(text) <= _SHORT else 2


def nearest(profiles: Iterable[Profile], text: str, size: int) -> tuple[str, ...]:
    """Return the names of profiles near the slug `text`, best first, each once."""
    places = {
        (far, each.name, each.id)
        for each in profiles
        if (far := nearness(each, text)) is not None
    }
    names = dict.fromkeys(name for _, name, _ in sorted(places))
    return tuple(names)[:size]


def _fit(kind: Kind, text: str, profile: Profile) -> tuple[int, Matched] | None:
    """Return how a text fits a profile: a lower number is a better fit."""
    name = slug(text)
    if profile.id == text:
        return 0, "id"
    if name == slug(profile.name):
        return 1, "name"
    if profile.id == name:
        return 1, "id"
    called: tuple[tuple[Matched, tuple[str, ...]], ...] = (
        ("name", (profile.name,)),
        ("alias", profile.aliases),
        ("former name", profile.former_names),
    )
    for matched, names in called:
        if name in map(slug, names):
            return 2, matched
    spelled = key(kind, text)
    for matched, names in called:
        if spelled in (key(kind, each) for each in names):
            return 3, matched
    return _outside(kind, text, profile)


def _outside(kind: Kind, text: str, profile: Profile) -> tuple[int, Matched] | None:
    if any(_is_same_symbol(text, each) for each in profile.tickers):
        return 4, "ticker"
    value = _value(text)
    for scheme, known in profile.identifiers:
        if value in (_value(known), _value(f"{scheme}:{known}")):
            return 5, "identifier"
    if kind == "person" and any(
        key(kind, text) in surnames(name) for name in profile.names
    ):
        return 6, "surname"
    return None


def _place(profile: Profile, beginning: str) -> tuple[int, int, str] | None:
    """Return where a profile stands among completions, and under which name."""
    places = []
    for name in profile.names:
        whole = slug(name)
        if any(tail.startswith(beginning) for tail in _tails(whole)):
            order = 2 - whole.startswith(beginning) - (whole == beginning)
            places.append((order, len(name), name))
    symbols = [_symbol(ticker) for ticker in profile.tickers]
    if any(each.startswith(beginning) for each in symbols):
        order = 0 if beginning in symbols else 2
        places.append((order, len(profile.name), profile.name))
    return min(places, default=None)


def _tails(name: str) -> Iterator[str]:
    words = name.split("-")
    for start in range(len(words)):
        yield "-".join(words[start:])


def _symbols(ticker: str) -> set[str]:
    """Return a ticker with and without its exchange: NASDAQ:AAPL and AAPL."""
    exchange, _, symbol = ticker.strip().lstrip("$").rpartition(":")
    bare = slug(symbol)
    return {bare, f"{slug(exchange)}:{bare}"} - {""} if exchange else {bare} - {""}


def _symbol(ticker: str) -> str:
    return slug(ticker.rpartition(":")[2])


def _is_same_symbol(one: str, other: str) -> bool:
    """Say whether two tickers are one; the exchange counts where both name it."""
    if ":" in one and ":" in other:
        return _symbols(one) == _symbols(other)
    return bool(_symbol(one.lstrip("$"))) and _symbol(one.lstrip("$")) == _symbol(other)


def _value(text: str) -> str:
    """Return an identifier in one spelling; zeros in front do not count."""
    scheme, _, value = text.rpartition(":")
    bare = slug(value).replace("-", "").lstrip("0") or slug(value)
    return f"{slug(scheme)}:{bare}" if scheme else bare
