"""What `scan` promises."""

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given

from search.article import ArticleId
from search.engine import Engine
from search.errors import ArticleNotFoundError
from search.query.ast import Term
from search.request import SearchRequest, Sort
from tests.corpus import article
from tests.engine.agreement import ids, whole
from tests.engine.archive import Archive
from tests.engine.examples import ASKED
from tests.questions import requests


@given(requests())
@ASKED
def test_a_scan_yields_every_match_once_in_order_of_time(
    archive: Archive, request: SearchRequest
) -> None:
    sort: Sort = "newest" if request.sort == "newest" else "oldest"
    expected = archive.engine.search(replace(whole(request), sort=sort))
    assert [one.id for one in archive.engine.scan(request)] == ids(expected)


def test_a_scan_of_nothing_in_particular_yields_whole_articles(
    archive: Archive,
) -> None:
    assert list(archive.engine.scan()) == list(archive.oracle.scan())
    assert {one.id: one.article() for one in archive.engine.scan()} == {
        one.id: one for one in archive.corpus
    }


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_a_scan_goes_on_behind_the_article_named(engine: Engine, sort: Sort) -> None:
    engine.index([article(number) for number in range(30)], refresh=True)
    request = SearchRequest(sort=sort)
    every = [one.id for one in engine.scan(request)]
    for place in (0, 1, 14, 28, 29):
        behind = engine.scan(request, after=every[place])
        assert [one.id for one in behind] == every[place + 1 :]


def test_a_scan_goes_on_behind_an_article_that_no_longer_matches(
    engine: Engine,
) -> None:
    engine.index([article(number) for number in range(30)], refresh=True)
    request = SearchRequest(filter=Term("energy", "tag"))
    every = [one.id for one in engine.scan()]
    found = {one.id for one in engine.scan(request)}
    behind = [one.id for one in engine.scan(request, after=every[10])]
    assert behind == [one for one in every[11:] if one in found]


def test_a_scan_behind_an_article_that_is_gone_is_refused(engine: Engine) -> None:
    engine.index([article(1)], refresh=True)
    with pytest.raises(ArticleNotFoundError):
        next(engine.scan(after=ArticleId("gone")), None)


def test_a_scan_ignores_limit_and_offset(engine: Engine) -> None:
    engine.index([article(number) for number in range(30)], refresh=True)
    assert len(list(engine.scan(SearchRequest(limit=0, offset=7)))) == 30


def test_a_scan_may_be_given_up_and_written_beside(engine: Engine) -> None:
    engine.index([article(number) for number in range(30)], refresh=True)
    scan = engine.scan()
    seen = [one.id for one in islice(scan, 10)]
    engine.index([article(99)], refresh=True)
    engine.delete([seen[0]], refresh=True)
    seen += [one.id for one in scan]
    assert len(seen) == len(set(seen))
    assert {f"a{number}" for number in range(30)} <= set(seen)
    given_up = engine.scan()
    assert next(given_up).id in seen
    del given_up
    assert engine.search(SearchRequest()).total == 30


def test_more_articles_than_one_reading_holds_are_all_yielded(engine: Engine) -> None:
    many = [replace(article(n % 50), id=ArticleId(f"m{n}")) for n in range(2500)]
    engine.index(many, refresh=True)
    seen = [one.id for one in engine.scan()]
    assert len(seen) == 2500
    assert set(seen) == {one.id for one in many}
