"""Names for a box that completes them: registered ones and those of articles.

Names come from three places: the most used values of the archive, all of its labels, and
the registry. They are ranked by the number of articles that have them, which is exact
for all that are listed. Nothing here knows an engine.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as data
from itertools import chain
from threading import Lock
from typing import Final, TypeAlias

from search.engine import Engine
from search.entities.profile import KINDS, Kind
from search.query.ast import Or, Term
from search.request import FacetRequest, SearchRequest
from search.result import Resolution
from search.text import slug, spans

USED: Final = 1_000
"""How many of the most used values of each kind are looked through first."""

_FRESH: Final = 30.0  # seconds for which these are remembered while articles come
_TRIED: Final = 40  # labels of a kind, and profiles, that are looked at for one list
_SPARE: Final = 10  # of those, so many more are counted than twice what is listed

Name: TypeAlias = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Completed:
    """An entity that somebody may mean.

    `matched` is the name of it that begins so, from `start` up to `end`, in characters;
    `count` is the number of articles that have the entity.
    """

    kind: Kind
    id: str
    name: str
    count: int
    matched: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Used:
    """The most used values: names and counts, and where each word of a name begins."""

    values: dict[Name, tuple[str, int]]
    tails: Sequence[tuple[str, Name]]


@dataclass(slots=True)
class Completer:
    """Completes names of one archive; safe for threads."""

    engine: Engine
    _used: _Used | None = None
    _stamp: str = ""
    _until: float = 0.0
    _lock: Lock = data(default_factory=Lock)

    def complete(
        self, text: str, kinds: Collection[Kind] = KINDS, size: int = 10
    ) -> tuple[Completed, ...]:
        """Return entities with a name, or a word in it, that begins so.

        Most used first, then shorter names, then by name, kind and id.
        """
        beginning = slug(text)
        if not beginning:
            return ()
        used = self._current()
        profiles = self.engine.entities.complete(text, kinds, _TRIED)
        registered = {(one.profile.kind, one.profile.id): one for one in profiles}
        found = {key: one.name for key, one in registered.items()}
        for key, name in chain(
            _among(used, beginning, kinds), self._labelled(text, kinds)
        ):
            found.setdefault(key, name)
        ranked = sorted(found, key=lambda each: _place(each, found[each], used))
        called = {key: one.profile.name for key, one in registered.items()}
        some = {key: found[key] for key in ranked[: 2 * size + _SPARE]}
        return self._counted(some, called, beginning)[:size]

    def stamp(self) -> str:
        """Return a text that changes whenever a completion may; cheap.

        What is remembered of the most used names lags behind: it counts as well.
        """
        self._current()
        return f"{self.engine.stamp()} {self.engine.entities.stamp()} {self._stamp}"

    def _labelled(
        self, text: str, kinds: Collection[Kind]
    ) -> Iterator[tuple[Name, str]]:
        for kind in kinds:
            for entity in self.engine.beginning(kind, text, _TRIED):
                yield (kind, entity.id), entity.name

    def _counted(
        self, found: dict[Name, str], called: dict[Name, str], beginning: str
    ) -> tuple[Completed, ...]:
        """Return the entities by use, without labels that no article has any more.

        What the registry knows under another id stands there once, under that one.
        """
        known = list(found)
        resolved = self.engine.resolve_all(known)
        ids = {key: _ids(key, each) for key, each in zip(known, resolved, strict=True)}
        shared = _shared(ids, called)
        kept = [key for key in known if ids[key] and key not in shared]
        asked = [
            SearchRequest(filter=Or(_terms(key[0], ids[key])), limit=0) for key in kept
        ]
        counts = [answer.total for answer in self.engine.search_all(asked)]
        rows = [
            _completed(key, called.get(key, found[key]), found[key], count, beginning)
            for key, count in zip(kept, counts, strict=True)
            if count or key in called
        ]
        return tuple(sorted(rows, key=_rank))

    def _current(self) -> _Used:
        stamp, now = self.engine.stamp(), time.monotonic()
        with self._lock:
            if self._used is None or (stamp != self._stamp and now > self._until):
                self._used = _read(self.engine)
                self._stamp, self._until = stamp, now + _FRESH
            return self._used


def _read(engine: Engine) -> _Used:
    facets = tuple(FacetRequest(kind, size=USED) for kind in KINDS)
    answer = engine.search(SearchRequest(limit=0, facets=facets))
    values = {
        (kind, value.id): (value.name, value.count)
        for kind, facet in zip(KINDS, answer.facets, strict=True)
        for value in facet.values
    }
    tails = (
        (tail, key) for key, (name, _) in values.items() for tail in tails_of(name)
    )
    return _Used(values, sorted(tails))


def tails_of(name: str) -> Iterator[str]:
    """Yield the slug of a name from each of its words on."""
    found = slug(name).split("-")
    return ("-".join(found[start:]) for start in range(len(found)) if found[start])


def _among(
    used: _Used, beginning: str, kinds: Collection[Kind]
) -> Iterator[tuple[Name, str]]:
    start = bisect_left(used.tails, (beginning,))
    for place in range(start, len(used.tails)):
        tail, key = used.tails[place]
        if not tail.startswith(beginning):
            return
        if key[0] in kinds:
            yield key, used.values[key][0]


def _place(key: Name, name: str, used: _Used) -> tuple[int, int, str, str, str]:
    _, count = used.values.get(key, ("", 0))
    return -count, *_tie(*key, name)


def _ids(key: Name, found: Resolution) -> tuple[str, ...]:
    """Return the ids of the articles about an entity; none if it is another's label."""
    exact = [one.ids for one in found.meanings if one.entity.id == key[1]]
    if exact:
        return exact[0]
    return () if key[1] in found.ids else (key[1],)


def _shared(ids: Mapping[Name, tuple[str, ...]], called: Collection[Name]) -> set[Name]:
    """Return what only articles know, of which the articles are those of a profile that
    is there too: listed, it would be the same entity twice."""
    found = ((key[0], each) for key in called for each in ids.get(key, ()))
    return {one for one in found if one not in called}


def _terms(kind: Kind, ids: tuple[str, ...]) -> tuple[Term, ...]:
    return tuple(Term(each, kind, exact=True) for each in ids)


def _rank(one: Completed) -> tuple[int, int, str, str, str]:
    return -one.count, *_tie(one.kind, one.id, one.matched)


def _tie(kind: Kind, entity_id: str, name: str) -> tuple[int, str, str, str]:
    return len(name), name, kind, entity_id


def _completed(
    key: Name, name: str, matched: str, count: int, beginning: str
) -> Completed:
    return Completed(*key, name, count, matched, *part(matched, beginning))


def part(name: str, beginning: str) -> tuple[int, int]:
    """Return where in a name its part begins and ends that has this slug's letters.

    (0, 0) if there is none: a ticker was typed.
    """
    for _, start, _ in spans(name):
        if slug(name[start:]).startswith(beginning):
            ends = range(start + 1, len(name) + 1)
            close = (e for e in ends if slug(name[start:e]).startswith(beginning))
            return start, next(close)
    return 0, 0
