"""Names for a box that completes them: registered ones and those of articles.

Names come from three places: the most used values of the archive under all names of their
profiles, all labels of articles, and the registry. The last two are asked only where they
may have something to say: most of what is typed begins names that are used more than
theirs. They are ranked by the number of articles that have them, which is exact for all
that are listed. Nothing here knows an engine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, TypeAlias

from search.engine import Engine
from search.entities import marks
from search.entities.profile import KINDS, Kind, Profile
from search.prominent import MANY, USED, Almanac, Known, Name, Prominent
from search.query.ast import Or, Term
from search.request import SearchRequest
from search.text import slug, spans

_TRIED: Final = 40  # labels of a kind, and profiles, that are looked at for one list
_REMEMBERED: Final = 1_000  # beginnings for which the registry is asked once
_SPARE: Final = 10  # so many more are counted than are listed

_Asked: TypeAlias = tuple[str, frozenset[Kind], str]


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
class _Found:
    """Of an entity: its name, the name that begins as was typed, and what is known.

    `ids` are its values, None where the archive has to be asked for them or for the
    `count` of their articles. Only what is `kept` is listed without an article.
    """

    name: str
    matched: str
    kept: bool = False
    ids: tuple[str, ...] | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of the most used: `fresh` if the archive is still the same,
    `registered` if the registry is."""

    known: Prominent
    fresh: bool
    registered: bool

    def has_all(self, kind: Kind) -> bool:
        """Say whether all values of the kind, and whose they are, are known."""
        whole = not self.known.values.floors[kind]
        return whole and self.fresh and self.registered

    def found(self, known: Known, beginning: str) -> _Found:
        """Return what is known of one of the most used."""
        matched = known.profile and marks.matching(known.profile, beginning)
        kept = known.profile is not None
        name = _Found(known.name, matched or known.name, kept)
        if not self.registered or (kept and not self.has_all(known.kind)):
            return name
        count = known.count if self.fresh and len(known.ids) == 1 else None
        return replace(name, ids=known.ids, count=count)

    def unused(self, kind: Kind, name: str, matched: str) -> _Found:
        """Return what is known of a profile that is not among the most used."""
        if self.has_all(kind):
            return _Found(name, matched, kept=True, ids=(), count=0)
        return _Found(name, matched, kept=True)

    def place(self, key: Name, one: _Found) -> tuple[int, int, str, str, str]:
        """Return where an entity stands before what is unknown is counted."""
        known = self.known.find(key)
        return -(known.count if known else 0), *_tie(*key, one.matched)


class Completer:
    """Completes names of one archive; safe for threads."""

    def __init__(self, engine: Engine, many: int = MANY, used: int = USED) -> None:
        """Keep the engine; the `used` most used values of each kind are remembered.

        Whose they are is asked for aside, where they are more than `many`.
        """
        self._engine = engine
        self._almanac = Almanac(engine, many, used)
        self._asked: dict[_Asked, Sequence[tuple[Name, str, str]]] = {}
        self._lock = Lock()

    def complete(
        self, text: str, kinds: Collection[Kind] = KINDS, size: int = 10
    ) -> tuple[Completed, ...]:
        """Return entities with a name, or a word in it, that begins so.

        Most used first, then shorter names, then by name, kind and id.
        """
        beginning = slug(text)
        if not beginning:
            return ()
        state = self._current()
        most = state.known.beginning(beginning, kinds, size + _SPARE)
        found = {one.key: state.found(one, beginning) for one in most}
        enough = state.registered and len(most) >= size
        if not (enough and state.known.settles(most[:size], kinds)):
            found = self._searched(text, kinds, state, found)
            best = sorted(found, key=lambda key: state.place(key, found[key]))
            found = {key: found[key] for key in best[: size + _SPARE]}
        return self._counted(found, beginning)[:size]

    def stamp(self) -> str:
        """Return a text that changes whenever a completion may; cheap.

        What is remembered of the most used names lags behind: it counts as well.
        """
        stamp, registry = self._engine.stamp(), self._engine.entities.stamp()
        known = self._almanac.current(stamp, registry)
        return f"{stamp} {registry} {known.values.stamp} {known.registry}"

    def _current(self) -> _State:
        stamp, registry = self._engine.stamp(), self._engine.entities.stamp()
        known = self._almanac.current(stamp, registry)
        return _State(known, known.values.stamp == stamp, known.registry == registry)

    def _searched(
        self,
        text: str,
        kinds: Collection[Kind],
        state: _State,
        known: Mapping[Name, _Found],
    ) -> dict[Name, _Found]:
        """Return the known and what the registry and labels of articles have beside."""
        found: dict[Name, _Found] = {}
        for kind in kinds:
            if not state.has_all(kind):
                for entity in self._engine.beginning(kind, text, _TRIED):
                    found[kind, entity.id] = _Found(entity.name, entity.name)
        found |= known
        for key, name, matched in self._registered(text, kinds):
            if key not in found or not found[key].kept:
                found[key] = state.unused(key[0], name, matched)
        return found

    def _registered(
        self, text: str, kinds: Collection[Kind]
    ) -> Sequence[tuple[Name, str, str]]:
        """Return the keys of profiles, with their names and those that begin so.

        The same few letters are typed again and again: until the registry changes it is
        asked once for each.
        """
        registry = self._engine.entities
        asked = slug(text), frozenset(kinds), registry.stamp()
        with self._lock:
            known = self._asked.get(asked)
        if known is None:
            known = [
                _named(one.profile, text)
                for one in registry.complete(text, kinds, _TRIED)
            ]
            with self._lock:
                while len(self._asked) >= _REMEMBERED:
                    del self._asked[next(iter(self._asked))]
                self._asked[asked] = known
        return known

    def _counted(
        self, found: Mapping[Name, _Found], beginning: str
    ) -> tuple[Completed, ...]:
        """Return the entities by use, without labels that no article has any more."""
        known = dict(self._identified(found))
        for key in _shared(known):
            del known[key]
        asked = [key for key, one in known.items() if one.count is None]
        answers = self._engine.search_all([_wanted(key, known[key]) for key in asked])
        totals = {k: each.total for k, each in zip(asked, answers, strict=True)}
        rows = [
            _completed(key, one, count, beginning)
            for key, one in known.items()
            for count in [totals.get(key, one.count or 0)]
            if one.kept or count
        ]
        return tuple(sorted(rows, key=_rank))

    def _identified(
        self, found: Mapping[Name, _Found]
    ) -> Iterator[tuple[Name, _Found]]:
        """Yield the entities with their ids, without labels that are others'.

        What the registry knows under another id stands there once, under that one.
        """
        yield from ((key, one) for key, one in found.items() if one.ids is not None)
        unsure = [key for key, one in found.items() if one.ids is None]
        resolved = self._engine.resolve_all(unsure) if unsure else ()
        for key, meant in zip(unsure, resolved, strict=True):
            same = [each for each in meant.meanings if each.entity.id == key[1]]
            if same:
                name = same[0].entity.name
                yield key, replace(found[key], name=name, ids=same[0].ids)
            elif key[1] not in meant.ids:
                yield key, replace(found[key], kept=False, ids=(key[1],))


def _shared(known: Mapping[Name, _Found]) -> set[Name]:
    """Return what only articles know, of which the articles are those of a profile that
    is there too: listed, it would be the same entity twice."""
    profiles = {key: one.ids or () for key, one in known.items() if one.kept}
    every = {(key[0], each) for key, ids in profiles.items() for each in ids}
    return {key for key in every & known.keys() if key not in profiles}


def _named(profile: Profile, text: str) -> tuple[Name, str, str]:
    matched = marks.matching(profile, text) or profile.name
    return (profile.kind, profile.id), profile.name, matched


def _wanted(key: Name, one: _Found) -> SearchRequest:
    terms = tuple(Term(each, key[0], exact=True) for each in one.ids or ())
    return SearchRequest(filter=Or(terms), limit=0)


def _rank(one: Completed) -> tuple[int, int, str, str, str]:
    return -one.count, *_tie(one.kind, one.id, one.matched)


def _tie(kind: Kind, entity_id: str, name: str) -> tuple[int, str, str, str]:
    return len(name), name, kind, entity_id


def _completed(key: Name, one: _Found, count: int, beginning: str) -> Completed:
    where = part(one.matched, beginning)
    return Completed(*key, one.name, count, one.matched, *where)


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
