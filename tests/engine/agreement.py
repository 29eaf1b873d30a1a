"""Does an engine answer as the reference does?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from search.article import Article, ArticleId, facet_values
from search.engine import Engine
from search.errors import QueryError
from search.request import SearchRequest
from search.result import Facet, Hit, SearchResult

Answer: TypeAlias = SearchResult | type[QueryError]
Names: TypeAlias = dict[tuple[str, str], set[str]]


def answer(engine: Engine, request: SearchRequest) -> Answer:
    """Return the result, or the kind of refusal."""
    try:
        return engine.search(request)
    except QueryError as fault:
        return type(fault)


def agree(
    engine: Engine, oracle: Engine, request: SearchRequest, corpus: Iterable[Article]
) -> None:
    """Assert that both engines give the same answer to a question."""
    given, expected = answer(engine, request), answer(oracle, request)
    if isinstance(given, type) or isinstance(expected, type):
        assert given == expected
        return
    assert (given.total, given.sort) == (expected.total, expected.sort)
    assert (given.next is None) == (expected.next is None)
    same_hits(given, expected, oracle, request)
    assert given.timeline == expected.timeline
    names = names_of(request, corpus)
    assert len(given.facets) == len(expected.facets)
    for mine, theirs in zip(given.facets, expected.facets, strict=True):
        same_facet(mine, theirs, names)


def same_hits(
    given: SearchResult, expected: SearchResult, oracle: Engine, request: SearchRequest
) -> None:
    if given.sort != "relevance":
        assert ids(given) == ids(expected)
        assert all(hit.score is None for hit in given.hits)
        assert list(map(visible, given.hits)) == list(map(visible, expected.hits))
        return
    assert len(given.hits) == len(expected.hits)
    every = oracle.search(whole(request, 10**6))
    known = {hit.article.id: hit for hit in every.hits}
    ranked(given.hits, ids(every))
    assert [visible(hit) for hit in given.hits] == [
        visible(known[hit.article.id]) for hit in given.hits
    ]


def ranked(hits: Sequence[Hit], newest: Sequence[ArticleId]) -> None:
    """Assert that scores fall, and that equal scores stand newest first."""
    place = {article_id: number for number, article_id in enumerate(newest)}
    for one, two in pairwise(hits):
        assert (-score(one), place[one.article.id]) < (
            -score(two),
            place[two.article.id],
        )


def score(hit: Hit) -> float:
    assert hit.score is not None
    return hit.score


def whole(request: SearchRequest, limit: int = 1000) -> SearchRequest:
    """Return the request for every hit at once, in order of time where all is equal."""
    return replace(request, limit=limit, offset=0, facets=(), timeline=None)


def visible(hit: Hit) -> tuple[object, ...]:
    """Return what must be the same on every engine."""
    marked = {field: pieces for field, pieces in hit.highlights if pieces}
    return hit.article, marked


def same_facet(mine: Facet, theirs: Facet, names: Names) -> None:
    for value in mine.values:
        expected = {other.name for other in theirs.values if other.id == value.id}
        assert value.name in names.get((mine.field, value.id), expected)
    counts = [replace(value, name="") for value in mine.values]
    assert counts == [replace(value, name="") for value in theirs.values]
    assert mine.exact
    assert (mine.field, mine.mode) == (theirs.field, theirs.mode)
    assert (mine.missing, mine.other) == (theirs.missing, theirs.other)
    assert mine.more == theirs.more
    assert mine.distinct == theirs.distinct or not mine.distinct_exact


def names_of(request: SearchRequest, corpus: Iterable[Article]) -> Names:
    """Return all names of every id in the fields whose facets are asked for."""
    names: Names = {}
    for article in corpus:
        for facet in request.facets:
            for entity in facet_values(article, facet.field):
                names.setdefault((facet.field, entity.id), set()).add(entity.name)
    return names


def ids(result: SearchResult) -> list[ArticleId]:
    return [hit.article.id for hit in result.hits]


def pages(
    engine: Engine, request: SearchRequest, limits: Sequence[int] = ()
) -> Iterator[SearchResult]:
    """Yield page after page, following `next`; `limits` are taken in turn."""
    number = 0
    while True:
        if limits:
            request = replace(request, limit=limits[number % len(limits)])
        page = engine.search(request)
        yield page
        if page.next is None:
            return
        request, number = replace(request, cursor=page.next, offset=0), number + 1
