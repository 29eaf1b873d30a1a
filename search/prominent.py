"""The most used entities of an archive, under all names by which they may be typed.

Read at once, as a facet is: what most people look for is answered from here, without a
question to the engine for each of the names that begin so.
"""

from __future__ import annotations

import contextlib
import time
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain
from threading import Lock, Thread
from typing import Final, TypeAlias

from search.article import Entity
from search.engine import Engine
from search.entities import marks
from search.entities.profile import KINDS, Kind, Profile
from search.entities.resolving import owners
from search.errors import SearchError
from search.request import FacetRequest, SearchRequest
from search.result import Facet
from search.text import slug

USED: Final = 4_000
"""How many of the most used values of each kind are read."""

MANY: Final = 500
"""Values whose profiles are looked up in some milliseconds; nobody waits for more."""

FRESH: Final = 30.0
"""Seconds for which values are remembered while articles come."""

_LAST: Final = "\U0010ffff"

Name: TypeAlias = tuple[Kind, str]
"""The kind and the id of an entity."""

Owned: TypeAlias = Mapping[tuple[Kind, Entity], Profile | None]
"""The profile to which each value belongs; None: it stands for itself."""


@dataclass(frozen=True, slots=True)
class Values:
    """The most used values as articles have them, under one stamp of the archive.

    A value of a kind that is not here has at most as many articles as its `floors` say;
    0: all values of the kind are here.
    """

    stamp: str
    counts: Mapping[tuple[Kind, Entity], int]
    floors: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class Known:
    """An entity: `ids` are its values here, `count` is the sum of their articles."""

    kind: Kind
    id: str
    name: str
    count: int
    ids: tuple[str, ...]
    profile: Profile | None

    @property
    def key(self) -> Name:
        """Its kind and id."""
        return self.kind, self.id


class Prominent:
    """Finds the entities of values by how their names begin; it does not change."""

    def __init__(self, values: Values, owned: Owned, registry: str | None) -> None:
        """Take values, and whose they are by a state (stamp) of the registry.

        None: that is not known yet, and each stands for itself.
        """
        self.values = values
        self.registry = registry
        self._entities = sorted(_entities(values, owned), key=_order)
        self._keys = {known.key: known for known in self._entities}
        self._tails = sorted(
            (tail, place)
            for place, known in enumerate(self._entities)
            for tail in set(_tails(known))
        )

    def beginning(self, text: str, kinds: Collection[Kind], most: int) -> list[Known]:
        """Return the first entities with a name, or a word in it, that begins so.

        The text is a slug. Most used first; among equals those with shorter names.
        """
        start = bisect_left(self._tails, (text,))
        end = bisect_left(self._tails, (text + _LAST,))
        places = {place for _, place in self._tails[start:end]}
        wanted = (place for place in places if self._entities[place].kind in kinds)
        return [self._entities[place] for place in nsmallest(most, wanted)]

    def find(self, key: Name) -> Known | None:
        """Return an entity, None if it is not among the most used."""
        return self._keys.get(key)

    def settles(self, found: Sequence[Known], kinds: Collection[Kind]) -> bool:
        """Say whether nothing that is not here has as many articles as these."""
        floor = max((self.values.floors[kind] for kind in kinds), default=0)
        return all(known.count > floor for known in found)


class Almanac:
    """Keeps the most used entities up to their archive. Safe for threads.

    Values are read anew `fresh` seconds after they were, if there are other articles;
    aside where somebody asks before that, but not long before.
    Whose they are is asked aside where more than `many` are new, or after a change of
    the registry: meanwhile it is known only what is used.
    """

    def __init__(
        self,
        engine: Engine,
        many: int = MANY,
        used: int = USED,
        fresh: float = FRESH,
    ) -> None:
        """Keep the engine; nothing is read yet."""
        self._engine = engine
        self._many = many
        self._used = used
        self._fresh = fresh
        self._lock = Lock()
        self._read: tuple[Values, float] | None = None
        self._known: Prominent | None = None
        self._bare: Prominent | None = None
        self._owned: tuple[str, Owned] = ("", {})
        self._aside: Thread | None = None

    def current(self, stamp: str, registry: str) -> Prominent:
        """Return the entities, for these stamps of the archive and the registry."""
        with self._lock:
            values = self._values(stamp, registry)
            known = self._known
            if known and known.values is values and known.registry == registry:
                return known
            return self._newer(values, registry)

    def _values(self, stamp: str, registry: str) -> Values:
        values, when = self._read or (None, 0.0)
        if values and values.stamp == stamp:
            return values
        age = time.monotonic() - when
        if values is None or age > self._fresh:
            return self._reread()
        if age > self._fresh / 2:
            self._start(registry)
        return values

    def _reread(self) -> Values:
        found = read(self._engine, self._used)
        self._read = found, time.monotonic()
        return found

    def _newer(self, values: Values, registry: str) -> Prominent:
        known = self._known
        new = values.counts.keys() - self._whose(registry).keys()
        if not registry or len(new) <= self._many:
            return self._learn(values, registry)
        self._start(registry, values)
        if known is None or known.registry not in (registry, None):
            # What it knows of profiles may be wrong by now.
            known = self._known = self._unowned(values)
        return known

    def _unowned(self, values: Values) -> Prominent:
        if self._bare is None or self._bare.values is not values:
            self._bare = Prominent(values, {}, None)
        return self._bare

    def _start(self, registry: str, values: Values | None = None) -> None:
        if self._aside is None or not self._aside.is_alive():
            self._aside = Thread(
                target=self._follow, args=(registry, values), daemon=True
            )
            self._aside.start()

    def _follow(self, registry: str, values: Values | None) -> None:
        # What fails here is tried again for the next question.
        with contextlib.suppress(SearchError):
            self._learn(values or self._reread(), registry)

    def _learn(self, values: Values, registry: str) -> Prominent:
        owned = self._whose(registry)
        new = values.counts.keys() - owned.keys() if registry else ()
        every = {**owned, **belonging(self._engine, new)}
        owned = {each: every[each] for each in values.counts if each in every}
        known = Prominent(values, owned, registry)
        self._owned, self._known = (registry, owned), known
        return known

    def _whose(self, registry: str) -> Owned:
        return self._owned[1] if registry == self._owned[0] else {}


def read(engine: Engine, used: int = USED) -> Values:
    """Return the `used` most used values of each kind in an archive."""
    asked = tuple(FacetRequest(kind, size=used) for kind in KINDS)
    stamp = engine.stamp()  # before the counts: what is older than it looks is no harm
    answer = engine.search(SearchRequest(limit=0, facets=asked))
    facets = dict(zip(KINDS, answer.facets, strict=True))
    counts = {
        (kind, Entity(value.id, value.name)): value.count
        for kind, facet in facets.items()
        for value in facet.values
    }
    return Values(stamp, counts, {kind: _floor(one) for kind, one in facets.items()})


def belonging(
    engine: Engine, wanted: Iterable[tuple[Kind, Entity]]
) -> dict[tuple[Kind, Entity], Profile | None]:
    """Return the profiles to which values belong by the registry."""
    held: dict[Kind, list[Entity]] = {}
    for kind, entity in wanted:
        held.setdefault(kind, []).append(entity)
    return {
        (kind, entity): profile
        for kind, some in held.items()
        for entity, profile in owners(kind, some, engine.entities).items()
    }


def tails_of(name: str) -> Iterator[str]:
    """Yield the slug of a name from each of its words on."""
    found = slug(name).split("-")
    return ("-".join(found[start:]) for start in range(len(found)) if found[start])


def _floor(facet: Facet) -> int:
    return min((value.count for value in facet.values), default=0) if facet.more else 0


def _entities(values: Values, owned: Owned) -> Iterable[Known]:
    """Return the entities: values that belong to one profile are one of them."""
    found: dict[Name, Known] = {}
    for (kind, entity), count in values.counts.items():
        profile = owned.get((kind, entity))
        it = profile or entity
        same = found.get((kind, it.id))
        ids, before = (same.ids, same.count) if same else ((), 0)
        found[kind, it.id] = Known(
            kind, it.id, it.name, before + count, (*ids, entity.id), profile
        )
    return found.values()


def _order(known: Known) -> tuple[int, int, str, Name]:
    return -known.count, len(known.name), known.name, known.key


def _tails(known: Known) -> Iterator[str]:
    if known.profile is None:
        return tails_of(known.name)
    names = chain.from_iterable(map(tails_of, known.profile.names))
    return chain(names, marks.symbols(known.profile))
