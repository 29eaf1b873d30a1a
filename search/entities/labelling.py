"""From an article as it came to the article as it is indexed: whom its names mean.

Both doors let every article through here, once. What the registry learns later changes
nothing in articles that are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias, get_args

from search.article import Article, Entity
from search.catalog import ENTITY_FIELDS, FIELDS
from search.entities.learning import Learner
from search.entities.lexicon import TAGGED
from search.entities.profile import KINDS, Kind
from search.entities.registry import Found, Registry
from search.entities.tagger import Tag, Tagger
from search.text import slug

Naming: TypeAlias = Literal["auto", "always", "off"]
"""When names are looked for in texts; `auto`: where an article brings none itself."""

NAMINGS: Final[tuple[Naming, ...]] = get_args(Naming)

MOST_FOUND: Final = 100
"""How many of a kind are found in an article; the first ones stay."""

_KEYS: Final[dict[Kind, str]] = {
    kind: FIELDS[kind].key for kind in KINDS if kind in ENTITY_FIELDS
}
Known: TypeAlias = dict[Kind, dict[str, Entity | None]]
"""Whom given names mean; None: nobody, or several."""

_MEANT: Final = frozenset(("id", "name", "alias", "former name"))
_SYMBOL: Final = 5  # letters of a ticker that is given for a name
_REMEMBERED: Final = 100_000


class Labeller:
    """Labels articles by a registry, and follows its changes. Safe for threads.

    The names of the registry are read when the text of an article is first looked at.
    """

    def __init__(self, registry: Registry) -> None:
        """Keep the registry; nothing is read yet."""
        self._registry = registry
        self._learner = Learner(registry)
        self._state = _State("")

    def label(self, articles: Iterable[Article], naming: Naming) -> list[Article]:
        """Return the articles with the registry's ids, and with what their texts name.

        A given name that means one profile gets its id and name; none is ever removed.
        Where names are looked for, those found before make room for those found now.
        """
        waiting = list(articles)
        state = self._current()
        if state.stamp:
            self._learn(state, waiting)
            waiting = [_resolved(article, state.known) for article in waiting]
        if not any(_is_wanted(article, naming) for article in waiting):
            return waiting
        tagger = self._learner.tagger(state.stamp)
        return [
            _tagged(article, tagger) if _is_wanted(article, naming) else article
            for article in waiting
        ]

    def _current(self) -> _State:
        """Return what is remembered of the registry as it is now."""
        stamp, state = self._registry.stamp(), self._state
        if stamp != state.stamp or state.size > _REMEMBERED:
            self._state = state = _State(stamp)
        return state

    def _learn(self, state: _State, articles: list[Article]) -> None:
        """Ask the registry, once a kind, for the given names not asked for before."""
        for kind, key in _KEYS.items():
            known = state.known[kind]
            new = {
                entity.name
                for article in articles
                for entity in getattr(article, key)
                if entity.name not in known
            }
            if new:
                found = self._registry.find_all(kind, new)
                known |= {name: _only(name, found[name]) for name in new}


class _State:
    """What is remembered of one state of the registry."""

    __slots__ = ("known", "stamp")

    def __init__(self, stamp: str) -> None:
        self.stamp = stamp
        self.known: Known = {kind: {} for kind in _KEYS}

    @property
    def size(self) -> int:
        return sum(map(len, self.known.values()))


def _is_plain(entity: Entity) -> bool:
    """Say whether an entity was given by its name: another id is left as it is."""
    return entity.about is None and entity.id == slug(entity.name)


def _only(name: str, found: tuple[Found, ...]) -> Entity | None:
    """Return the one profile that a given name means; None of none and of several."""
    if len(found) != 1:
        return None
    ticker = found[0].matched == "ticker" and name.isupper() and len(name) <= _SYMBOL
    if not ticker and found[0].matched not in _MEANT:
        return None
    return Entity(found[0].profile.id, found[0].profile.name)


def _resolved(article: Article, known: Known) -> Article:
    changed: dict[str, Any] = {}
    for kind, key in _KEYS.items():
        given: tuple[Entity, ...] = getattr(article, key)
        names = known[kind]
        if any(names.get(each.name) for each in given):
            changed[key] = _distinct(_meant(each, names) for each in given)
    return replace(article, **changed) if changed else article


def _meant(entity: Entity, names: Mapping[str, Entity | None]) -> Entity:
    return (names.get(entity.name) if _is_plain(entity) else None) or entity


def _is_wanted(article: Article, naming: Naming) -> bool:
    if naming == "off":
        return False
    return naming == "always" or not any(
        entity.about is None for kind in TAGGED for entity in _entities(article, kind)
    )


def _tagged(article: Article, tagger: Tagger) -> Article:
    language = article.language or "en"
    english = language == "en" or language.startswith("en-")
    tags = tagger.find(article.title, article.summary, article.body, english=english)
    named: dict[str, Any] = {
        _KEYS[kind]: _named(article, kind, tags) for kind in TAGGED
    }
    return replace(article, **named)


def _named(article: Article, kind: Kind, tags: tuple[Tag, ...]) -> tuple[Entity, ...]:
    given = tuple(each for each in _entities(article, kind) if each.about is None)
    found = [tag for tag in tags if tag.known.kind == kind][:MOST_FOUND]
    return _distinct(
        (*given, *(Entity(t.known.id, t.known.name, t.about) for t in found))
    )


def _entities(article: Article, kind: Kind) -> tuple[Entity, ...]:
    values: tuple[Entity, ...] = getattr(article, _KEYS[kind])
    return values


def _distinct(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    first: dict[str, Entity] = {}
    for entity in entities:
        first.setdefault(entity.id, entity)
    return tuple(first.values())
