"""Whoever follows `next` sees everything once, also while others write."""

from collections import Counter
from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given, strategies as st

from search.article import Article, ArticleId
from search.engine import Engine
from search.query.ast import Term
from search.request import SearchRequest, Selection, Sort
from tests.corpus import SAME, article
from tests.engine.agreement import agree, ids, pages, whole
from tests.engine.archive import Archive
from tests.engine.engines import Entry
from tests.engine.examples import WALKED
from tests.questions import requests
from tests.reference import ReferenceEngine

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


def bare(number: int, text: str) -> Article:
    return Article(id=ArticleId(f"b{number}"), title=text, published_at=SAME)


@given(requests(), st.lists(st.integers(2, 9), min_size=1, max_size=3))
@WALKED
def test_the_pages_together_are_everything_once(
    archive: Archive, request: SearchRequest, limits: list[int]
) -> None:
    walk = replace(request, facets=(), timeline=None, offset=0)
    every = archive.engine.search(whole(walk))
    seen = list(pages(archive.engine, walk, limits))
    assert [key for page in seen for key in ids(page)] == ids(every)
    assert {page.total for page in seen} == {every.total}


@given(requests(), st.integers(1, 9))
@WALKED
def test_next_is_none_on_the_last_page_and_only_there(
    archive: Archive, request: SearchRequest, limit: int
) -> None:
    walk = replace(request, limit=limit, offset=0, facets=(), timeline=None)
    seen = list(pages(archive.engine, walk))
    assert len(seen) == max(1, ceil(seen[0].total / limit))
    assert all(page.hits for page in seen[:-1])


def test_a_search_for_counts_only_has_no_next(engine: Engine) -> None:
    engine.index([bare(number, "tax") for number in range(3)], refresh=True)
    result = engine.search(SearchRequest(limit=0))
    assert (result.total, result.hits, result.next) == (3, (), None)


@pytest.mark.parametrize("sort", SORTS)
def test_facets_and_total_are_the_same_on_every_page(
    engine: Engine, sort: Sort
) -> None:
    corpus = [article(number) for number in range(40)]
    engine.index(corpus, refresh=True)
    oracle = ReferenceEngine()
    oracle.index(corpus)
    request = SearchRequest(
        query=Term("tax"), sort=sort, selections=(Selection("tag", ("energy",)),)
    )
    first = engine.search(replace(request, limit=2))
    later = engine.search(replace(request, limit=2, cursor=first.next))
    assert (first.total, first.facets) == (later.total, later.facets)
    agree(engine, oracle, request, corpus)


@pytest.mark.slow
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("texts", [("tax",), ("tax", "tax tax", "the tax of a bank")])
def test_articles_of_one_second_are_all_seen_once_while_others_arrive(
    entry: Entry, engine: Engine, sort: Sort, texts: tuple[str, ...]
) -> None:
    given = [bare(n, texts[n % len(texts)]) for n in range(entry.many)]
    engine.index(given, refresh=True)
    request = SearchRequest(query=Term("tax"), sort=sort, limit=23)
    seen: Counter[ArticleId] = Counter()
    arriving = iter(range(entry.many, entry.many + 100))
    every = max(1, entry.many // request.limit // 100)
    for number, page in enumerate(pages(engine, request)):
        seen.update(ids(page))
        if number % every == 0 and (new := next(arriving, None)):
            refresh = new % 10 == 0
            engine.index([bare(new, texts[new % len(texts)])], refresh=refresh)
    assert set(seen.values()) == {1}
    assert not {one.id for one in given} - set(seen)
