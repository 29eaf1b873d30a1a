"""A timeline with others on the same axis: of values, of everything, of another question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from search.engine import Engine
from search.errors import QueryTooComplexError
from search.graph import within
from search.query.ast import All, Node, Range, Term
from search.request import FacetRequest, SearchRequest, TimelineRequest
from search.result import Bucket, Facet, Hit, SearchResult, Timeline

POINTS: Final = 20_000
"""How many counts all timelines of an answer may have together."""

TOPS: Final = 366
"""For how many buckets the top article is looked for: the days of a year."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted beside the timeline: the same of the values of a facet, of all
    articles (`share`), of `other`; and the first hit of each bucket (`top`)."""

    by: FacetRequest | None = None
    share: bool = False
    other: SearchRequest | None = None
    top: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Timelines with the same edges: of `result` and, where they were wanted, of each
    value of `facet`, of all articles (`everything`), of `other`; `tops` by place."""

    result: SearchResult
    timeline: Timeline
    facet: Facet | None = None
    values: tuple[Timeline, ...] = ()
    everything: Timeline | None = None
    other: SearchResult | None = None
    tops: tuple[Hit | None, ...] = ()


def series(engine: Engine, request: SearchRequest, wanted: Wanted) -> Series:
    """Return the timeline of a request, and what is wanted beside it.

    Each value is counted within the request; `other` within the axis. Raises
    QueryTooComplexError for more than `POINTS` counts, or more than `TOPS` top articles.
    """
    by = () if wanted.by is None else (replace(wanted.by, mode="and"),)
    result = engine.search(replace(request, facets=by))
    line = result.timeline
    if line is None:
        raise TypeError("A series is of a request with a timeline.")
    facet = result.facets[0] if by else None
    ids = [value.id for value in facet.values] if facet else []
    _check(line, len(ids) + 1 + wanted.share + (wanted.other is not None))
    questions = list(_questions(request, line, ids, wanted))
    found = engine.search_all(questions)
    lines = [each.timeline or line for each in found]
    return Series(
        result,
        line,
        facet,
        tuple(lines[: len(ids)]),
        lines[len(ids)] if wanted.share else None,
        found[-1] if wanted.other else None,
        _tops(engine, request, line.buckets) if wanted.top else (),
    )


def _check(line: Timeline, lines: int) -> None:
    points = len(line.buckets) * lines
    if points > POINTS:
        raise QueryTooComplexError(
            f"These timelines have {points:,} buckets together; up to {POINTS:,} are "
            "counted. Take a longer interval, a shorter time, or fewer values."
        )


def _questions(
    request: SearchRequest, line: Timeline, ids: Sequence[str], wanted: Wanted
) -> Iterator[SearchRequest]:
    """Yield one of each value, then of everything, then the other one."""
    asked = request.timeline or TimelineRequest()
    axis = _axis(line, asked.tz)
    plain = replace(request, facets=(), timeline=axis, limit=0)
    if wanted.by:
        for each in ids:
            yield within(plain, Term(each, wanted.by.field, exact=True))
    if wanted.share:
        period = _within(request.date, asked.start, asked.end)
        yield SearchRequest(filter=period, date=request.date, limit=0, timeline=axis)
    if wanted.other:
        span = Range(request.date, axis.start, axis.end)
        if not line.buckets:
            span = Range(request.date, 0, 0)
        other = replace(wanted.other, date=request.date, facets=(), limit=0)
        yield replace(within(other, span), timeline=axis)


def _axis(line: Timeline, tz: str) -> TimelineRequest:
    """Return the request for the same buckets again."""
    if not line.buckets:
        return TimelineRequest(line.interval, tz, 0, 0)
    start, end = line.buckets[0].start, line.buckets[-1].end
    return TimelineRequest(line.interval, tz, start, end)


def _within(date: str, start: int | None, end: int | None) -> Node:
    return All() if start is None and end is None else Range(date, start, end)


def _tops(
    engine: Engine, request: SearchRequest, buckets: Sequence[Bucket]
) -> tuple[Hit | None, ...]:
    counted = [bucket for bucket in buckets if bucket.count]
    if len(counted) > TOPS:
        raise QueryTooComplexError(
            f"{len(counted):,} buckets have articles; a top article is looked for in up "
            f"to {TOPS}. Take a longer interval, a shorter time, or leave out top."
        )
    plain = replace(request, facets=(), timeline=None, limit=1, offset=0)
    spans = (Range(request.date, each.start, each.end) for each in counted)
    found = engine.search_all(within(plain, each) for each in spans)
    hits = {
        bucket.start: each.hits[0]
        for bucket, each in zip(counted, found, strict=True)
        if each.hits
    }
    return tuple(hits.get(bucket.start) for bucket in buckets)
