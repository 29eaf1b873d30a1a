"""Two entities that are one: everything known of one goes over to the other.

At every moment articles are found by either name: the registry says at once that both
are one, and what articles carry follows, an article at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from search.article import (
    Article,
    ArticleId,
    Entity,
    StoredArticle,
    facet_values,
)
from search.catalog import FIELDS
from search.engine import Engine
from search.entities.profile import Kind, Profile
from search.errors import (
    ArticleNotFoundError,
    ConflictError,
    EntityNotFoundError,
)
from search.request import SearchRequest, Selection
from search.text import slug

_TRIES: Final = 20
_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge left: the profile, and how many articles got its id."""

    profile: Profile
    articles: int


def merge(engine: Engine, kind: Kind, source: str, target: str) -> Merged:
    """Make one entity of two ids: `source` becomes a name of `target`.

    Articles get the target's id and name, each by a write of its own that loses nothing
    written meanwhile. May be repeated after an interruption. Raises EntityNotFoundError
    where neither the registry nor an article has one of the ids.
    """
    if source == target:
        return Merged(_known(engine, kind, target), 0)
    profile = _united(_known(engine, kind, source), _known(engine, kind, target))
    engine.entities.put([profile])
    engine.entities.delete(kind, [source])
    count = 0
    for _ in range(_ROUNDS):  # others may write the old id until they see the change
        changed = _relabelled(engine, kind, source, Entity(profile.id, profile.name))
        if not changed:
            break
        count += changed
    return Merged(profile, count)


def _known(engine: Engine, kind: Kind, entity_id: str) -> Profile:
    """Return the profile, or what articles say where there is none."""
    try:
        return engine.entities.get(kind, entity_id)
    except EntityNotFoundError:
        found = engine.resolve(kind, entity_id, suggest=False)
        if entity_id not in found.ids:
            raise
        wanted = Selection(kind, (), (entity_id,))
        for stored in engine.scan(SearchRequest(selections=(wanted,))):
            values = facet_values(stored.article(), kind)
            names = [value.name for value in values if value.id == entity_id]
            return Profile(kind=kind, id=entity_id, name=names[0])
        raise


def _united(source: Profile, target: Profile) -> Profile:
    """Return the target with all that is known of the source."""
    slugs = {slug(name) for name in (*source.names, *target.names)}
    former = () if source.id in slugs else (source.id,)
    aliases = (*target.aliases, source.name, *source.aliases, *former)
    return replace(
        target,
        aliases=_others(aliases, (target.name, *target.former_names)),
        former_names=_others((*target.former_names, *source.former_names), aliases),
        tickers=_others((*target.tickers, *source.tickers), ()),
        identifiers=tuple(
            {**dict(source.identifiers), **dict(target.identifiers)}.items()
        ),
        parent=target.parent if target.parent != source.id else None,
    )


def _others(names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that are not known, each once."""
    return tuple(name for name in dict.fromkeys(names) if name not in known)


def _relabelled(engine: Engine, kind: Kind, source: str, target: Entity) -> int:
    """Give all articles of one id another; return how many there were."""
    engine.index((), refresh=True)
    count = 0
    wanted = Selection(kind, (), (source,))
    for stored in engine.scan(SearchRequest(selections=(wanted,))):
        count += _rewritten(engine, kind, stored, source, target)
    engine.index((), refresh=True)
    return count


def _rewritten(
    engine: Engine, kind: Kind, stored: StoredArticle, source: str, target: Entity
) -> bool:
    """Write one article anew as it is now; say whether it had the id."""
    for _ in range(_TRIES):
        article = stored.article()
        fresh = _with(article, kind, source, target)
        if fresh is None:
            return False
        try:
            engine.index([fresh], if_version=stored.version)
        except ConflictError:
            try:
                stored = engine.get(ArticleId(article.id))
            except ArticleNotFoundError:
                return False
        else:
            return True
    return False


def _with(article: Article, kind: Kind, source: str, target: Entity) -> Article | None:
    """Return the article with the target in place of the source; None: it has none."""
    key = FIELDS[kind].key
    values: Any = getattr(article, key)
    if isinstance(values, str):
        fresh: Any = target.name if slug(values) == source else values
    else:
        fresh = _each_once(values, source, target)
    if fresh == values:
        return None
    return replace(replace(article, **{key: fresh}), version=None, indexed_at=None)


def _each_once(
    values: tuple[Entity, ...], source: str, target: Entity
) -> tuple[Entity, ...]:
    """Return the values with the source as the target; a given one outlives a found."""
    found: dict[str, Entity] = {}
    for value in values:
        one = value
        if value.id == source:
            one = replace(value, id=target.id, name=target.name)
        known = found.get(one.id)
        if known is None or (known.about is not None and one.about is None):
            found[one.id] = one
    return tuple(found.values())
