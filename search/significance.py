"""What is special about some articles: values and words far more frequent there.

The score is the log-likelihood ratio G² of the two-by-two table of articles inside and
outside, with and without the value: T. Dunning, "Accurate methods for the statistics of
surprise and coincidence", Computational Linguistics 19(1), 1993. It weighs how many times
more frequent a value is against how many articles say so, so that neither what is in two
articles by chance nor what is a little more frequent everywhere comes first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from search.engine import Engine
from search.graph import counting
from search.query.ast import And
from search.request import FacetRequest, SearchRequest
from search.result import FacetValue, SearchResult

LEAST = 2
"""In how many of the articles a value must be: once is chance."""

_PAGES = (200, 2_000, None)
_COUNTED = 1_000  # ids that are counted at once


@dataclass(frozen=True, slots=True)
class Standout:
    """A value in `count` articles, and in `background` of those compared with."""

    id: str
    name: str
    count: int
    background: int
    score: float


Own: TypeAlias = Callable[[Standout], bool]
"""Says whether a question itself names the value."""


@dataclass(frozen=True, slots=True)
class Special:
    """What scores highest, best first: `values`, and apart from them those that the
    question itself names, which are frequent because they were asked for."""

    values: tuple[Standout, ...] = ()
    own: tuple[Standout, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared: `inside` with `against`; `both` is what they share.

    `shared` is how many articles both have, `outside` how many only `against` has.
    """

    inside: SearchRequest
    against: SearchRequest
    both: SearchRequest
    result: SearchResult
    background: int
    shared: int

    @property
    def outside(self) -> int:
        """How many articles are compared with."""
        return self.background - self.shared

    def rated(self, value: FacetValue, background: int, shared: int) -> Standout:
        """Return the value with its score."""
        table = (value.count, self.result.total, background - shared, self.outside)
        return Standout(value.id, value.name, value.count, background, rate(*table))

    def best(self, count: int) -> float:
        """Return the highest score that a value in so many articles may have."""
        return rate(count, self.result.total, 0, self.outside)


def rate(inside: int, articles: int, outside: int, others: int) -> float:
    """Return how surprising it is that a value is in `inside` of some `articles`, and in
    `outside` of the `others`: 0 where it is not more frequent inside."""
    if not others or not inside or inside * others <= outside * articles:
        return 0.0
    total, having = articles + others, inside + outside
    cells = (
        (inside, having * articles),
        (outside, having * others),
        (articles - inside, (total - having) * articles),
        (others - outside, (total - having) * others),
    )
    return 2 * sum(n * math.log(n * total / rest) for n, rest in cells if n > 0)


def compare(
    engine: Engine, request: SearchRequest, against: SearchRequest | None
) -> Sides:
    """Return the two sides; without `against` all articles are compared with."""
    inside, other = counting(request), counting(against or SearchRequest())
    both = inside
    if against is not None:
        both = SearchRequest(filter=And((inside.whole, other.whole)), limit=0)
    first, second, third = engine.search_all((inside, other, both))
    return Sides(inside, other, both, first, second.total, third.total)


def stand_outs(
    engine: Engine, sides: Sides, field: str, size: int, own: Own
) -> Special:
    """Return the values of a facet field that score highest.

    Exact: values come by count, and none is left out that could score higher.
    """
    known: dict[str, Standout] = {}
    found = Special()
    for page in _PAGES:
        asked = FacetRequest(field, page)
        [facet] = engine.search(replace(sides.inside, facets=(asked,))).facets
        fresh = [each for each in facet.values if each.id not in known]
        fresh = [each for each in fresh if each.count >= LEAST]
        known |= {each.id: each for each in _rated(engine, sides, field, fresh)}
        found = best(known.values(), size, own)
        last = facet.values[-1].count if facet.values else 0
        if not facet.more or last < LEAST:
            break
        if len(found.values) == size and sides.best(last) < found.values[-1].score:
            break
    return found


def best(values: Iterable[Standout], size: int, own: Own) -> Special:
    """Return the values that score highest, and those that the question names."""
    news: list[Standout] = []
    mine: list[Standout] = []
    for each in values:
        if each.score > 0:
            (mine if own(each) else news).append(each)
    news.sort(key=_worth)
    mine.sort(key=_worth)
    return Special(tuple(news[:size]), tuple(mine[:size]))


def _worth(value: Standout) -> tuple[float, int, str]:
    return -value.score, -value.count, value.id


def _rated(
    engine: Engine, sides: Sides, field: str, values: Sequence[FacetValue]
) -> list[Standout]:
    ids = [value.id for value in values]
    background = _counts(engine, sides.against, field, ids)
    shared = {value.id: value.count for value in values}
    if sides.both != sides.inside:
        shared = _counts(engine, sides.both, field, ids)
    return [
        sides.rated(each, background.get(each.id, 0), shared.get(each.id, 0))
        for each in values
    ]


def _counts(
    engine: Engine, request: SearchRequest, field: str, ids: Sequence[str]
) -> dict[str, int]:
    asked = [
        FacetRequest(field, None, only=tuple(ids[start : start + _COUNTED]))
        for start in range(0, len(ids), _COUNTED)
    ]
    found = engine.search_all(replace(request, facets=(each,)) for each in asked)
    return {each.id: each.count for one in found for each in one.facets[0].values}
