"""A query string becomes a request: the parameters of a view, checked and compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from schemas.chosen import chosen
from schemas.clauses import Named, Period, names, restriction, selections, span_of
from schemas.given import Given
from schemas.other import OTHER, beside
from schemas.paging import Place, place
from schemas.questions import Asked, ask
from schemas.urls import Pair
from schemas.views import AUTO, LISTS, VIEWS, View, size_of
from search.article import EPOCH
from search.catalog import FACET_FIELDS, KEYS, TEXT_FIELDS
from search.query.ast import Term
from search.query.check import leaves
from search.request import (
    FacetRequest,
    HighlightRequest,
    Recency,
    SearchRequest,
    Sort,
    TimelineRequest,
)

_SORTED: dict[View, Sort] = {"facets": "relevance", "feeds": "newest"}
_MOVING = frozenset(("from", "to", "cursor", "boost.recent", *OTHER.values()))
"""Parameters with which a question means another thing at another time."""

_SHORT = 300
_LARGE = "body"
_USUAL = tuple(key for key in KEYS if key != _LARGE)
"""The keys of an article in an answer; the body only where it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, as it came and as the engine is asked.

    `pairs` are the given parameters in their order, without empty ones. `fields` are
    the keys of the articles in the answer, None for the usual ones; `offsets`, whether
    highlights are offsets and not HTML. `asked` is what `q` means; `names` are to be
    resolved. `place.binding` is what cursors are bound to, and relative dates count
    from `place.now`. `given` are all values by parameter; `other` is the question that
    it is compared with, of `compare` or `against`.
    """

    view: View
    request: SearchRequest
    pairs: tuple[Pair, ...]
    asked: Asked
    names: tuple[Named, ...]
    span: Period
    place: Place
    tz: str
    page: int
    strict: bool
    offsets: bool
    fields: tuple[str, ...] | None
    given: Given
    other: Query | None = None


def load(
    pairs: Iterable[Pair], view: View, *, now: datetime, field: str | None = None
) -> Query:
    """Return the query of decoded (name, value) pairs; `field` is the facets view's.

    What a question means is remembered, if it is short and means the same at any time.
    Raises ParameterError, and CursorError for a cursor of another query.
    """
    given = tuple(pairs)
    if not _is_lasting(given):
        return _load(given, view, now, field)
    known = _remembered(given, view, field)
    return replace(known, place=place(known.given, view, now))


def _is_lasting(pairs: tuple[Pair, ...]) -> bool:
    length = 0
    for name, value in pairs:
        if name in _MOVING:
            return False
        length += len(name) + len(value)
    return length <= _SHORT


@lru_cache(maxsize=1024)  # front ends ask the same again and again
def _remembered(pairs: tuple[Pair, ...], view: View, field: str | None) -> Query:
    return _load(pairs, view, EPOCH, field)


def _load(
    pairs: tuple[Pair, ...], view: View, now: datetime, field: str | None
) -> Query:
    given = Given(VIEWS[view], pairs)
    start = place(given, view, now)
    asked = ask(given)
    span = span_of(given, start.now)
    fields = chosen(given["fields"], _USUAL)
    return Query(
        view=view,
        request=_request(given, view, (start, asked, span), fields, field),
        pairs=given.pairs,
        asked=asked,
        names=(*names(given), *_names_in(asked)),
        span=span,
        place=start,
        tz=given["tz"],
        page=given["page"],
        strict=given["strict"],
        offsets=given["highlight.format"] == "offsets",
        fields=fields,
        given=given,
        other=_other(given, view, start.now),
    )


def _other(given: Given, view: View, now: datetime) -> Query | None:
    name = OTHER.get(view)
    if name is None or name not in given:
        return None
    return beside(given, name, lambda pairs: load(pairs, "count", now=now))


def _request(
    given: Given,
    view: View,
    parts: tuple[Place, Asked, Period],
    fields: tuple[str, ...] | None,
    field: str | None,
) -> SearchRequest:
    start, asked, span = parts
    listed = view in LISTS
    shown = view == "articles"
    return SearchRequest(
        query=asked.node,
        filter=restriction(given, span),
        selections=selections(given),
        sort=_sort(given, view),
        date=given["date"],
        recency=_recency(given, start) if listed else None,
        limit=given["limit"] if listed else 0,
        offset=start.offset,
        cursor=start.cursor,
        body=view == "feeds" or (listed and fields is not None and _LARGE in fields),
        facets=_facets(given, view, field),
        timeline=_timeline(given, span) if shown or view == "timeline" else None,
        highlight=_highlight(given, view),
    )


def _sort(given: Given, view: View) -> Sort:
    sort: Sort = _SORTED.get(view) or given["sort"]
    return sort


def _recency(given: Given, start: Place) -> Recency | None:
    half_life = given["boost.recent"]
    return None if half_life is None else Recency(half_life, start.now)


def _facets(given: Given, view: View, field: str | None) -> tuple[FacetRequest, ...]:
    if view == "articles":
        return tuple(_facet(given, each) for each in given["facet"])
    if field is None:
        return ()
    return (
        FacetRequest(
            field,
            given["size"],
            given["sort"],
            given["facet.mode"],
            given["match"],
            given["after"],
            whole=True,
            seen=True,
        ),
    )


def _facet(given: Given, field: str) -> FacetRequest:
    size = given[size_of(field)] or given["facet.size"]
    return FacetRequest(field, size, given["facet.sort"], given["facet.mode"])


def _timeline(given: Given, span: Period) -> TimelineRequest | None:
    interval = given["interval"]
    if interval is None:
        return None
    return TimelineRequest(
        None if interval == AUTO else interval, given["tz"], span.start, span.end
    )


def _highlight(given: Given, view: View) -> HighlightRequest | None:
    quoted = view.startswith("quote")
    fields = given["highlight"] or (TEXT_FIELDS if quoted else ())
    if not fields or not (quoted or view == "articles"):
        return None
    return HighlightRequest(fields, given["highlight.size"], given["highlight.count"])


def _names_in(asked: Asked) -> Iterator[Named]:
    """Yield the names that `q` gives facet fields."""
    for leaf in leaves(asked.node):
        if isinstance(leaf, Term) and leaf.field in FACET_FIELDS:
            yield Named("q", leaf.field, "any", leaf.text)
