"""A request as the body of a search: one question to the cluster, whatever it asks for.

What all facets share restricts the query; a selection that its own facet leaves out is
applied behind it, to the hits (`post_filter`) and inside every other facet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from search.article import milliseconds
from search.elastic import facets
from search.elastic.compile import Query, compiled, filters, is_keyword, restricted
from search.elastic.cursors import Window, window
from search.elastic.timelines import Axis, ends
from search.query.ast import Term
from search.request import FacetRequest, SearchRequest

TOTAL: Final = "total"
TIMELINE: Final = "timeline"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `apart` are selections that do not restrict the query itself.

    `guesses` are, by field, the ids that are probably selected: most ids are the slugs
    of their names.
    """

    window: Window
    query: Query
    apart: Sequence[tuple[str, Query]]
    guesses: Mapping[str, list[str]]

    @property
    def request(self) -> SearchRequest:
        """The request, with what its cursor says."""
        return self.window.request

    @property
    def named(self) -> list[str]:
        """The fields with both a facet and a selection, each once."""
        counted = {wanted.field for wanted in self.request.facets}
        return [field for field in self.guesses if field in counted]

    @property
    def whole(self) -> Query:
        """The query with every restriction."""
        return restricted(self.query, [each for _, each in self.apart])

    def base(self, wanted: FacetRequest) -> Query:
        """Return the query of the articles that a facet counts."""
        return restricted(self.query, self._others(wanted))

    def body(self, axis: Axis | None) -> dict[str, Any]:
        """Return the body of the search."""
        found = {
            "query": self.query,
            "track_total_hits": True,
            "_source": self._source(),
            **self.window.body(),
        }
        behind = [each for _, each in self.apart]
        if self.window.fence:
            behind.append(self.window.fence)
        if behind:
            found["post_filter"] = {"bool": {"filter": behind}}
        if plans := self._plans(axis):
            found["aggs"] = plans
        return found

    def again(self, wanted: FacetRequest, plans: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of a search that counts more for one facet."""
        return {
            "query": self.base(wanted),
            "size": 0,
            "track_total_hits": False,
            "aggs": dict(plans),
        }

    def extent(self, axis: Axis | None = None) -> dict[str, Any]:
        """Return the body of a search for the first and last moment, or the counts."""
        date = self.request.date
        return {
            "query": self.whole,
            "size": 0,
            "track_total_hits": False,
            "aggs": ends(date) if axis is None else axis.plans(date),
        }

    def _plans(self, axis: Axis | None) -> dict[str, Any]:
        every = [each for _, each in self.apart]
        found = {
            name_of(place): facets.wrapped(
                facets.plans(wanted, self.guesses.get(wanted.field, [])),
                self._others(wanted),
            )
            for place, wanted in enumerate(self.request.facets)
        }
        if axis is not None and axis.marks:
            found[TIMELINE] = facets.wrapped(axis.plans(self.request.date), every)
        if self.window.fence:  # the hits are fewer: those behind it do not count
            found[TOTAL] = facets.wrapped({}, every)
        return found

    def _others(self, wanted: FacetRequest) -> list[Query]:
        own = wanted.field if wanted.mode == "or" else None
        return [each for field, each in self.apart if field != own]

    def _source(self) -> list[str]:
        wanted = self.request.highlight
        marked = wanted is not None and "body" in wanted.fields
        return ["article.head"] + ["article.body"] * (self.request.body or marked)


def question(request: SearchRequest) -> Question:
    """Return what is asked; raises QueryError and CursorError."""
    asked = window(request)
    own = {wanted.field for wanted in request.facets if wanted.mode == "or"}
    inside = [s.node for s in request.selections if s.field not in own]
    scored = _aged(asked.request, compiled(request.query))
    return Question(
        asked,
        restricted(scored, filters(request.filter, *inside)),
        [(s.field, compiled(s.node)) for s in request.selections if s.field in own],
        _guesses(request),
    )


def name_of(place: int) -> str:
    """Return what the facet at this place is called in the body."""
    return f"facet{place}"


def selected(request: SearchRequest, field: str) -> list[Term]:
    """Return what is selected in a field."""
    return [term for s in request.selections if s.field == field for term in s.terms]


def _guesses(request: SearchRequest) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for selection in request.selections:
        for key in map(facets.key_of, selection.terms):
            if is_keyword(key):
                found.setdefault(selection.field, {})[key] = None
    return {field: list(keys) for field, keys in found.items()}


def _aged(request: SearchRequest, query: Query) -> Query:
    """Return the query with scores halved by age; what is yet to come has no age."""
    recency = request.recency
    if recency is None or request.order != "relevance":
        return query
    origin = milliseconds(recency.origin)
    decay = {"origin": origin, "scale": recency.half_life * 1000, "decay": 0.5}
    return {
        "function_score": {
            "query": query,
            "functions": [
                {"filter": {"range": {request.date: {"gt": origin}}}, "weight": 1},
                {"exp": {request.date: decay}},
            ],
            "score_mode": "first",
            "boost_mode": "multiply",
        }
    }
