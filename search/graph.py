"""Who is mentioned with whom: values that share articles, and how closely."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.engine import Engine
from search.query.ast import And, Node, Term
from search.request import FacetRequest, SearchRequest
from search.result import SearchResult


@dataclass(frozen=True, slots=True)
class Vertex:
    """A value and the number of articles that have it."""

    field: str
    id: str
    name: str
    count: int

    @property
    def term(self) -> Term:
        """The articles that have it."""
        return Term(self.id, self.field, exact=True)


@dataclass(frozen=True, slots=True)
class Edge:
    """Two values that share `count` of all `total` articles."""

    source: Vertex
    target: Vertex
    count: int
    total: int

    @property
    def jaccard(self) -> float:
        """How many of the articles that have one have both: 0 to 1."""
        either = self.source.count + self.target.count - self.count
        return self.count / max(either, self.count)

    @property
    def npmi(self) -> float:
        """How much more often they meet than by chance: -1 never, 0 by chance, 1 always.

        Normalised pointwise mutual information: G. Bouma, "Normalized (pointwise) mutual
        information in collocation extraction", GSCL 2009. It is 1, too, where both are
        in every article, of which the formula says nothing.
        """
        if self.count >= self.total:
            return 1.0
        chance = self.source.count * self.target.count / self.total
        found = math.log(self.count / chance) / math.log(self.total / self.count)
        return min(max(found, -1.0), 1.0)  # rounding may lead a bit beyond


@dataclass(frozen=True, slots=True)
class Graph:
    """The most frequent values by count, and every two of them that share an article,
    those that share most first; `result` is what all of it was counted in."""

    result: SearchResult
    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]


def graph(
    engine: Engine, request: SearchRequest, fields: Sequence[str], size: int
) -> Graph:
    """Return the graph of the `size` most frequent values of each field.

    All counts are of articles that the request matches, and exact.
    """
    base = counting(request)
    facets = tuple(FacetRequest(field, size) for field in fields)
    result = engine.search(replace(base, facets=facets))
    vertices = tuple(
        Vertex(facet.field, value.id, value.name, value.count)
        for facet in result.facets
        for value in facet.values
    )
    edges = sorted(_edges(engine, base, result.total, vertices), key=_place)
    return Graph(result, vertices, tuple(edges))


def counting(request: SearchRequest) -> SearchRequest:
    """Return the request for nothing but the number of its articles; what it selects
    restricts all of its facets."""
    return SearchRequest(
        query=request.query,
        filter=request.restriction(),
        date=request.date,
        limit=0,
    )


def within(request: SearchRequest, *nodes: Node) -> SearchRequest:
    """Return the request restricted further."""
    return replace(request, filter=And((request.filter, *nodes)))


def _edges(
    engine: Engine, base: SearchRequest, total: int, vertices: Sequence[Vertex]
) -> Iterator[Edge]:
    """Yield each edge once: every vertex is asked for its neighbours behind it."""
    known = {(vertex.field, vertex.id): vertex for vertex in vertices}
    asked = list(vertices[:-1])
    questions = [
        replace(within(base, vertex.term), facets=_facets(vertices[place:]))
        for place, vertex in enumerate(asked, 1)
    ]
    for vertex, found in zip(asked, engine.search_all(questions), strict=True):
        for facet in found.facets:
            for value in facet.values:
                other = known[facet.field, value.id]
                yield Edge(vertex, other, value.count, total)


def _facets(vertices: Sequence[Vertex]) -> tuple[FacetRequest, ...]:
    ids: dict[str, list[str]] = {}
    for vertex in vertices:
        ids.setdefault(vertex.field, []).append(vertex.id)
    return tuple(
        FacetRequest(field, None, only=tuple(some)) for field, some in ids.items()
    )


def _place(edge: Edge) -> tuple[int, str, str, str, str]:
    one, other = edge.source, edge.target
    return (-edge.count, one.field, one.id, other.field, other.id)
