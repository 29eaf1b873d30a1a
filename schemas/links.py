"""Addresses in answers: every one leads to an answer with the promised count.

An address keeps the parameters in the order they came, and drops those that would make
it another page. Lists of articles (`listing`) drop also what only counts.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import lru_cache
from typing import TYPE_CHECKING

from schemas.instants import limits
from schemas.paging import PAGING, shapes, token
from schemas.queries import Query
from schemas.urls import ROOT, Pair, encode, fitting, quoted, stem, url, whole
from schemas.views import ALL, VIEWS, View
from schemas.ways import ELSEWHERE, FORMATS, Way
from search.result import Bucket, Facet, FacetValue, SearchResult

if TYPE_CHECKING:
    from schemas.echo import Echo  # whose warnings have addresses from here
    from schemas.exact import Texts

ARTICLES: View = "articles"
_ONE_FACET = frozenset(("match", "size", "after", "sort"))
_OWN: dict[View, Set[str]] = {
    view: VIEWS[view].fields.keys() - VIEWS[ARTICLES].fields.keys()
    for view in ("timeline", "significant", "graph")
} | {"facets": _ONE_FACET}
_ORDER = frozenset(("sort", "boost.recent"))


def facet_path(field: str) -> str:
    """Return the path of one facet's page."""
    return f"facets/{field}"


def of_articles(query: Query, following: str | None) -> dict[str, str | None]:
    """Return the links of a list of articles; None for what is too long to ask for."""
    return pages(query, ARTICLES, following) | elsewhere(query, ARTICLES)


def pages(query: Query, path: str, following: str | None) -> dict[str, str | None]:
    """Return the links of a page to itself and to other pages."""
    start = unpaged(query)
    back = [*start, ("page", str(query.page - 1))]
    first = url(path, start)
    paged = len(start) < len(query.pairs)
    return {
        "self": url(path, query.pairs) if paged else first,
        "first": first,
        "prev": url(path, back) if query.page > 1 else None,
        "next": following,
    }


def unpaged(query: Query) -> list[Pair]:
    """Return the parameters of the first page."""
    return [pair for pair in query.pairs if pair[0] not in PAGING]


def of_view(query: Query, path: str) -> dict[str, str | None]:
    """Return the links of a view that lists no articles."""
    return {
        "self": url(path, query.pairs),
        "articles": url(ARTICLES, listing(query)),
        **elsewhere(query, path),
    }


def elsewhere(query: Query, path: str) -> dict[str, str | None]:
    """Return the links to the same answer in other formats, and to other views."""
    found = _addresses(path, query.view, _shown(query))
    views = _addresses("", None, selecting(query))
    words = query.asked.words
    for way in ELSEWHERE:
        if way.path != path:
            found[way.name] = views[way.name] if words or not way.words else None
    return found


def _addresses(
    path: str, view: View | None, pairs: list[Pair]
) -> dict[str, str | None]:
    """Return the addresses of a view's formats, or of other views."""
    given = encode(pairs)
    tail = f"?{given}" if given else ""
    found = {}
    for way, every in _ways(view, frozenset([name for name, _ in pairs])):
        if every:
            found[way.name] = fitting(f"{ROOT}{path}{way.path}{tail}")
        else:
            found[way.name] = url(path + way.path, way.taken(pairs))
    return found


@lru_cache(maxsize=256)
def _ways(view: View | None, names: frozenset[str]) -> tuple[tuple[Way, bool], ...]:
    """Return the ways, and whether each takes all parameters of these names."""
    ways = FORMATS.get(view, ()) if view else ELSEWHERE
    return tuple((way, way.takes_all(names)) for way in ways)


def _shown(query: Query) -> list[Pair]:
    """Return the parameters of a whole answer in another format."""
    if query.view != ARTICLES:
        return unpaged(query)
    return [
        (name, value)
        for name, value in listing(query)
        if name != "limit" and not name.startswith("highlight")
    ]


def next_page(query: Query, result: SearchResult, path: str = ARTICLES) -> str | None:
    """Return the address of the next page; None on the last page and only there.

    It is whole at any length: who asks in a body takes the cursor from it.
    """
    if result.next is None or not query.request.limit:
        return None
    cursor = token(result.next, query.place.now, query.place.binding)
    # No letter of a cursor needs encoding, and no two answers have the same one.
    return whole(path, [*unpaged(query), ("cursor", "")]) + cursor


def next_values(query: Query, result: SearchResult) -> str | None:
    """Return the address of a facet's next values, None behind the last one.

    Selected values that were listed below the cut do not count.
    """
    for wanted, found in zip(query.request.facets, result.facets, strict=True):
        listed = found.values[: wanted.size]
        if found.more and listed:
            rest = [pair for pair in query.pairs if pair[0] != "after"]
            return url(facet_path(found.field), [*rest, ("after", listed[-1].id)])
    return None


def selecting(query: Query) -> list[Pair]:
    """Return the parameters that decide which articles match."""
    drop = _ORDER | _OWN.get(query.view, set())
    return [pair for pair in query.pairs if not shapes(pair[0]) and pair[0] not in drop]


def listing(query: Query) -> list[Pair]:
    """Return the parameters of the list of all articles that match."""
    return [*_listing(query.pairs, query.view)]


@lru_cache(maxsize=256)  # an answer with facets needs them for each
def _listing(pairs: tuple[Pair, ...], view: View) -> tuple[Pair, ...]:
    drop = {*PAGING, *_OWN.get(view, ()), "interval"}
    taken = VIEWS[ARTICLES].fields
    return tuple(
        (name, value)
        for name, value in pairs
        if name in taken
        and name not in drop
        and not name.startswith("facet")
        and (name, value.strip()) != ("limit", "0")
    )


def listed(query: Query, *more: Pair) -> str | None:
    """Return the address of the articles that match and have `more`."""
    return url(ARTICLES, [*listing(query), *more])


def whole_facet(query: Query, facet: Facet) -> str | None:
    """Return the address of all values of a facet."""
    mode = [pair for pair in query.pairs if pair[0] == "facet.mode"]
    return url(facet_path(facet.field), [*selecting(query), *mode])


def of_values(
    query: Query, facet: Facet, echo: Echo, texts: Texts
) -> Callable[[FacetValue], tuple[str | None, str | None, str | None]]:
    """Return what gives a facet's values their addresses, three each.

    The first lists the articles that were counted, the second adds the value to the
    question, the third takes it away. `texts` are what filters are given for them.
    """
    field, kept = facet.field, listing(query)
    shown = unpaged(query) if query.view == ARTICLES else kept
    apply = stem(ARTICLES, shown, field)
    if facet.mode == "or":
        others = [pair for pair in kept if pair[0] != field]
        counted = stem(ARTICLES, others, field)
    else:
        counted = stem(ARTICLES, kept, field + ALL)

    def addresses(value: FacetValue) -> tuple[str | None, str | None, str | None]:
        key = quoted(texts[field, value.id])
        lists = counted and counted + key
        if not value.selected:
            return lists, apply and apply + key, None
        # Without this the longest questions would be written once for every value.
        return lists, None, apply and _without(shown, value, field, echo)

    return addresses


def of_buckets(query: Query, *more: Pair) -> Callable[[Bucket], str | None]:
    """Return what gives a timeline's buckets their addresses, `more` parameters in them.

    The first and the last bucket may reach beyond the question's own period; None is
    for one that lies outside of all years that a question may name.
    """
    rest = [pair for pair in listing(query) if pair[0] not in ("from", "to")]
    rest += more
    begin = stem(ARTICLES, rest, "from")
    first, end = query.span.start, query.span.end

    def address(bucket: Bucket) -> str | None:
        start = bucket.start if first is None else max(first, bucket.start)
        close = bucket.end if end is None else min(end, bucket.end)
        asked = _from_to(start, close)
        return begin and asked and begin + asked

    return address


@lru_cache(maxsize=4096)  # the next question has the same months
def _from_to(start: int, end: int) -> str | None:
    asked = limits(start, end)
    return asked and f"{quoted(asked[0])}&to={quoted(asked[1])}"


def _without(
    shown: list[Pair], value: FacetValue, field: str, echo: Echo
) -> str | None:
    rest = [
        (name, text)
        for name, text in shown
        if name != field
        or value.id not in echo.selected.get((field, text.strip()), frozenset())
    ]
    return url(ARTICLES, rest)
