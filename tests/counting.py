"""Facets and names by counting: one pass over a list of articles for each question."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from search import catalog
from search.article import (
    Article,
    Entity,
    facet_values,
    keys_of,
    milliseconds,
    moment_of,
)
from search.entities.names import labels
from search.errors import VanishedValueError
from search.request import FacetRequest, SearchRequest
from search.result import Facet, FacetValue
from search.text import fold, slug, words
from tests.oracle import edits, matches


def facet(
    request: SearchRequest, wanted: FacetRequest, everything: Sequence[Article]
) -> Facet:
    """Count the values of a field in the articles that count for this facet."""
    own = wanted.field if wanted.mode == "or" else None
    base = [
        article
        for article in everything
        if matches(request.query, article)
        and matches(request.restriction(without=own), article)
    ]
    names = dict(_names(wanted.field, everything))
    chosen = _chosen(request, wanted.field, everything)
    counts = _counts(wanted, base)
    values = [
        FacetValue(key, (names | chosen)[key], counts[key], key in chosen)
        for key in sorted(counts, key=lambda key: _place(wanted, key, counts[key]))
    ]
    counted = set(counts)
    behind = _behind(wanted, values, base)
    listed = behind[: wanted.size]
    below = [
        FacetValue(key, name, counts[key], selected=True)
        for key, name in chosen.items()
        if wanted.after is None
        and key not in {value.id for value in listed}
        and not (wanted.whole and key in counted)
    ]
    below.sort(key=lambda value: _place(wanted, value.id, value.count))
    return Facet(
        field=wanted.field,
        mode=wanted.mode,
        values=tuple(_seen(request, wanted, each, base) for each in (*listed, *below)),
        distinct=len(values),
        distinct_exact=True,
        missing=sum(not facet_values(article, wanted.field) for article in base),
        other=counts.total() - sum(value.count for value in listed),
        more=len(behind) > len(listed),
    )


def _counts(wanted: FacetRequest, base: Iterable[Article]) -> Counter[str]:
    pattern = fold(wanted.match or "")
    found = [e for article in base for e in facet_values(article, wanted.field)]
    kept = {entity.id for entity in found if pattern in fold(entity.name)}
    if wanted.only is not None:
        kept &= set(wanted.only)
    return Counter(entity.id for entity in found if entity.id in kept)


def _seen(
    request: SearchRequest,
    wanted: FacetRequest,
    value: FacetValue,
    base: Iterable[Article],
) -> FacetValue:
    if not wanted.seen or not value.count:
        return value
    moments = [
        milliseconds(moment_of(article, request.date))
        for article in base
        if value.id in {entity.id for entity in facet_values(article, wanted.field)}
    ]
    return replace(value, first=min(moments), last=max(moments))


def _place(wanted: FacetRequest, key: str, count: int) -> tuple[int, str]:
    return (-count if wanted.sort == "count" else 0, key)


def _behind(
    wanted: FacetRequest, values: list[FacetValue], base: Sequence[Article]
) -> list[FacetValue]:
    if wanted.after is None:
        return values
    start = sum(
        wanted.after == entity.id
        for article in base
        for entity in facet_values(article, wanted.field)
    )
    if not start and wanted.sort == "count":
        raise VanishedValueError(wanted.field, wanted.after)
    place = _place(wanted, wanted.after, start)
    return [each for each in values if _place(wanted, each.id, each.count) > place]


def _names(field: str, everything: Iterable[Article]) -> Iterable[tuple[str, str]]:
    for article in everything:
        for entity in facet_values(article, field):
            yield entity.id, entity.name


def _chosen(
    request: SearchRequest, field: str, everything: Sequence[Article]
) -> dict[str, str]:
    """Return ids and names of what is selected; unknown text stands for itself."""
    chosen: dict[str, str] = {}
    for selection in request.selections:
        if selection.field != field:
            continue
        for text in selection.values:
            known = bearers(field, text, everything) or [Entity(slug(text), text)]
            chosen |= {entity.id: entity.name for entity in known if entity.id}
        for key in selection.ids:
            names = [name for each, name in _names(field, everything) if each == key]
            chosen[key] = names[-1] if names else key
    return chosen


def bearers(field: str, name: str, everything: Iterable[Article]) -> list[Entity]:
    """Return the values that have this id or name, one for each id, by id."""
    found = {
        entity.id: entity
        for article in everything
        for entity in facet_values(article, field)
        if slug(name) in keys_of(entity)
    }
    return [found[key] for key in sorted(found)]


def beginning(
    field: str, text: str, everything: Sequence[Article]
) -> tuple[Entity, ...]:
    """Return the values of which the name, or a word in it, begins so."""
    found = {
        key: Entity(key, name)
        for key, name in _names(field, everything)
        if slug(text)
        and any(
            part.startswith(slug(text))
            for part in (slug(name) or key, *(slug(name) or key).split("-"))
        )
    }
    return tuple(found.values())


@dataclass(frozen=True)
class Labels:
    """What the articles are labelled with: `search.entities.resolving.Archive`."""

    everything: Sequence[Article]

    def bearers(self, field: str, keys: Collection[str]) -> dict[str, list[Entity]]:
        found: dict[str, dict[str, Entity]] = {key: {} for key in keys}
        for article in self.everything:
            for entity in facet_values(article, field):
                own = keys_of(entity) | labels(field, entity.id, entity.name)
                for key in own & set(keys):
                    found[key][entity.id] = entity
        return {
            key: [e for _, e in sorted(some.items())] for key, some in found.items()
        }

    def near(self, field: str, key: str) -> tuple[str, ...]:
        return near(field, key, self.everything)


def near(field: str, name: str, everything: Sequence[Article]) -> tuple[str, ...]:
    """Return names within two edits, nearest first."""
    found = {
        (edits(slug(other), slug(name)), other)
        for _, other in _names(field, everything)
    }
    return tuple(other for far, other in sorted(found) if far <= 2)


def spellings(text: str, everything: Iterable[Article]) -> tuple[str, ...]:
    """Try every word of every text."""
    wanted = words(text)
    if len(wanted) != 1 or not 3 <= len(word := wanted[0]) <= 40:
        return ()
    if any(char.isdigit() for char in word):
        return ()
    counts = Counter(
        other
        for article in everything
        for field in catalog.TEXT_FIELDS
        for other in set(words(getattr(article, catalog.FIELDS[field].key) or ""))
    )
    near = []
    for other, count in counts.items():
        distance = edits(word, other)
        if distance == 1 or (distance == 2 and len(word) > 4 and word[0] == other[0]):
            near.append((distance, -count, other))
    return tuple(other for _, _, other in sorted(near)[:10])
