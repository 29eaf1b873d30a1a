"""Who is mentioned with whom, on the wire: JSON, a table of edges, GraphML."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson

from schemas import echo as echoes, links
from schemas.finding import blaming
from schemas.formats.graphml import Values, graphml
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.results import Found, head
from schemas.tables import table
from schemas.urls import Pair
from schemas.views import ALL
from search.engine import Engine
from search.graph import Edge, Graph, Vertex, graph

_FIELDS = ("company", "person")
_VERTICES = 200
"""How many values a graph may have: each is asked for its neighbours."""

_COLUMNS = (
    *("source", "source_name", "target", "target_name"),
    *("count", "npmi", "jaccard"),
)


@dataclass(frozen=True, slots=True)
class Drawn(Found):
    """Who is mentioned with whom."""

    graph: Graph


def find(query: Query, engine: Engine) -> Drawn:
    """Return the graph of a question, names resolved.

    Raises ParameterError as `schemas.finding.find`, and for too many values.
    """
    fields: tuple[str, ...] = query.given["field"] or _FIELDS
    size: int = query.given["size"]
    if len(fields) * size > _VERTICES:
        raise ParameterError(
            "size",
            f"{len(fields)} fields with {size} values each are {len(fields) * size}; a "
            f"graph has up to {_VERTICES}. Take fewer fields or values.",
            str(_VERTICES // len(fields)),
        )
    started = perf_counter()
    echo = echoes.resolve(query, engine)
    with blaming(query):
        found = graph(engine, echo.request, fields, size)
    took_ms = round((perf_counter() - started) * 1000)
    return Drawn(query, found.result, echo, took_ms, None, found)


def dump(found: Drawn) -> bytes:
    """Return the graph as JSON."""
    query, pairs = found.query, _pairs(found)
    return orjson.dumps(
        {
            **head(found),
            "nodes": [_node(query, vertex, pairs) for vertex in found.graph.vertices],
            "edges": [_edge(query, edge, pairs) for edge in found.graph.edges],
            "warnings": found.echo.warnings,
            "links": links.of_view(query, "graph"),
        }
    )


def dump_table(found: Drawn) -> bytes:
    """Return the edges as a table:
    `source,source_name,target,target_name,count,npmi,jaccard`."""
    rows = (
        (
            *(_id(edge.source), edge.source.name, _id(edge.target), edge.target.name),
            *(edge.count, edge.npmi, edge.jaccard),
        )
        for edge in found.graph.edges
    )
    return table(_COLUMNS, rows)


def dump_graphml(found: Drawn) -> bytes:
    """Return the graph as GraphML."""
    return graphml(map(_mark, found.graph.vertices), map(_line, found.graph.edges))


def _pairs(found: Drawn) -> dict[str, Pair]:
    """Return the parameter that restricts to each value."""
    vertices = found.graph.vertices
    texts = found.echo.exactly((each.field, each.id) for each in vertices)
    return {
        _id(each): (each.field + ALL, texts[each.field, each.id]) for each in vertices
    }


def _node(query: Query, vertex: Vertex, pairs: dict[str, Pair]) -> dict[str, Any]:
    return {
        "id": _id(vertex),
        "field": vertex.field,
        "value": vertex.id,
        "name": vertex.name,
        "count": vertex.count,
        "url": links.listed(query, pairs[_id(vertex)]),
    }


def _edge(query: Query, edge: Edge, pairs: dict[str, Pair]) -> dict[str, Any]:
    ends = (pairs[_id(each)] for each in (edge.source, edge.target))
    return {
        "source": _id(edge.source),
        "target": _id(edge.target),
        "count": edge.count,
        "npmi": edge.npmi,
        "jaccard": edge.jaccard,
        "url": links.listed(query, *ends),
    }


def _mark(vertex: Vertex) -> tuple[str, Values]:
    known: Values = {"label": vertex.name, "field": vertex.field, "count": vertex.count}
    return _id(vertex), known


def _line(edge: Edge) -> tuple[str, str, Values]:
    known: Values = {
        "count": edge.count,
        "weight": edge.count,
        "npmi": edge.npmi,
        "jaccard": edge.jaccard,
    }
    return _id(edge.source), _id(edge.target), known


def _id(vertex: Vertex) -> str:
    """Return what names a value among those of several fields."""
    return f"{vertex.field}:{vertex.id}"
