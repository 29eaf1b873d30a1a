"""Timelines on the wire: one, and beside it those on the same axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from schemas import echo as echoes, links
from schemas.echo import Echo
from schemas.finding import blaming
from schemas.instants import instant
from schemas.other import blamed
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.results import Found, head, item
from schemas.tables import table
from schemas.unused import CODE, within
from schemas.views import ALL, size_of
from search.article import Article
from search.engine import Engine
from search.request import FacetRequest
from search.result import Bucket, FacetValue, Hit, SearchResult, Timeline
from search.series import Series, Wanted, series

_TOP = ("id", "title", "source", "url", "published_at")
"""Keys of a top article where the question chooses none."""


@dataclass(frozen=True, slots=True)
class Second:
    """The question of `compare`, and what was found for it."""

    query: Query
    echo: Echo
    result: SearchResult


@dataclass(frozen=True, slots=True)
class Charted(Found):
    """A timeline and those beside it."""

    series: Series
    second: Second | None


def find(query: Query, engine: Engine) -> Charted:
    """Return the timelines that a question asks for, names resolved.

    Raises ParameterError as `schemas.finding.find`, and for too much at once.
    """
    started = perf_counter()
    echo = echoes.resolve(query, engine)
    other = resolved(query.other, engine, "compare")
    wanted = Wanted(
        by=_facet(query),
        share=query.given["share"],
        other=other.request if other else None,
        top=query.given["top"],
    )
    with blaming(query):
        found = series(engine, echo.request, wanted)
    second = None
    if query.other and other and found.other:
        second = Second(query.other, other, found.other)
        echo.warnings.extend(told(other, "compare"))
    took_ms = round((perf_counter() - started) * 1000)
    return Charted(query, found.result, echo, took_ms, None, found, second)


def resolved(query: Query | None, engine: Engine, name: str) -> Echo | None:
    """Return what the names of a second question mean; its errors name `name`."""
    if query is None:
        return None
    try:
        return echoes.resolve(query, engine)
    except ParameterError as error:
        raise blamed(error, name, query.pairs) from None


def told(echo: Echo, name: str) -> list[dict[str, Any]]:
    """Return the warnings of a second question as those of the parameter `name`."""
    return [
        {**warning, "parameter": name}
        | ({"value": within(warning)} if warning["code"] == CODE else {})
        for warning in echo.warnings
    ]


def dump(found: Charted) -> bytes:
    """Return the timelines as JSON."""
    query, known = found.query, found.series
    steps = list(_steps(found, known.timeline, links.of_buckets(query)))
    for step, hit in zip(steps, known.tops, strict=False):
        step["top"] = _top(hit, query)
    answer = {**head(found), "interval": known.timeline.interval, "buckets": steps}
    if known.facet:
        answer["by"] = {
            "field": known.facet.field,
            "distinct": known.facet.distinct,
            "distinct_exact": known.facet.distinct_exact,
            "missing": known.facet.missing,
            "values": list(_values(found)),
        }
    if found.second:
        answer["compare"] = _second(found, found.second)
    answer["warnings"] = found.echo.warnings
    answer["links"] = links.of_view(query, "timeline")
    return orjson.dumps(answer)


def dump_table(found: Charted) -> bytes:
    """Return the timelines as a table: `from,to,count`, times in the question's zone.

    With `by` a row for each bucket and value, `from,to,id,name,count`. Behind that
    stand `all,share`, `compare` and `top_id,top_title,top_url` where they are wanted:
    but for the share, they are of the bucket, also beside a value.
    """
    known = found.series
    header = ["from", "to", *(("id", "name") if known.facet else ()), "count"]
    header += ["all", "share"] if known.everything else []
    header += ["compare"] if known.other else []
    header += ["top_id", "top_title", "top_url"] if found.query.given["top"] else []
    return table(header, _rows(found))


def _facet(query: Query) -> FacetRequest | None:
    field = query.given["by"]
    if field is None:
        return None
    size = query.given[size_of(field)] or query.given["facet.size"]
    return FacetRequest(field, size, query.given["facet.sort"])


def _steps(
    found: Charted, line: Timeline, address: Callable[[Bucket], str | None]
) -> Iterator[dict[str, Any]]:
    zone = ZoneInfo(found.query.tz)
    for place, bucket in enumerate(line.buckets):
        yield {
            "from": instant(bucket.start, zone),
            "to": instant(bucket.end, zone),
            "count": bucket.count,
            "url": address(bucket),
            **_share(found.series, place, bucket.count),
        }


def _share(known: Series, place: int, count: int) -> dict[str, Any]:
    """Return how many articles of all there are, and which part these are of them."""
    if known.everything is None:
        return {}
    every = known.everything.buckets[place].count
    return {"all": every, "share": count / every if every else None}


def _values(found: Charted) -> Iterator[dict[str, Any]]:
    query, field = found.query, found.query.given["by"]
    lines = [*_lines(found)]
    texts = found.echo.exactly((field, value.id) for value, _ in lines)
    for value, line in lines:
        more = (field + ALL, texts[field, value.id])
        yield {
            "id": value.id,
            "name": value.name,
            "count": value.count,
            "url": links.listed(query, more),
            "buckets": list(_steps(found, line, links.of_buckets(query, more))),
        }


def _lines(found: Charted) -> Iterable[tuple[FacetValue, Timeline]]:
    values = found.series.facet.values if found.series.facet else ()
    return zip(values, found.series.values, strict=True)


def _second(found: Charted, second: Second) -> dict[str, Any]:
    address = links.of_buckets(second.query)
    line = second.result.timeline or found.series.timeline
    edges = found.series.timeline.buckets
    whole = Bucket(edges[0].start, edges[-1].end, 0) if edges else None
    return {
        "query": echoes.show(second.query, second.echo, second.result.sort),
        "total": {"value": second.result.total, "exact": True},
        "url": address(whole) if whole else None,
        "buckets": list(_steps(found, line, address)),
    }


def _top(hit: Hit | None, query: Query) -> Any:
    if hit is None:
        return None
    if query.fields is not None:
        return item(hit, query)
    known = orjson.loads(hit.article.head)
    return {key: known.get(key) for key in _TOP}


def _rows(found: Charted) -> Iterator[list[object]]:
    known, zone = found.series, ZoneInfo(found.query.tz)
    for place, bucket in enumerate(known.timeline.buckets):
        ends = [instant(bucket.start, zone), instant(bucket.end, zone)]
        rest = list(_beside(found, place))
        if known.facet is None:
            share = _share(known, place, bucket.count).values()
            yield [*ends, bucket.count, *share, *rest]
        for value, line in _lines(found):
            count = line.buckets[place].count
            share = _share(known, place, count).values()
            yield [*ends, value.id, value.name, count, *share, *rest]


def _beside(found: Charted, place: int) -> Iterator[object]:
    known = found.series
    if known.other and known.other.timeline:
        yield known.other.timeline.buckets[place].count
    if known.tops:
        hit = known.tops[place]
        top: Article | None = hit.article.article() if hit else None
        yield from (top.id, top.title, top.url) if top else (None,) * 3
