"""Several indexes behind one alias: an index a year, and one again by a rebuild."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import count
from threading import Event

import pytest

from search.article import Article
from search.connection import connect
from search.elastic.engine import ElasticEngine
from search.errors import (
    ArticleNotFoundError,
    ConflictError,
    EngineBusyError,
    EngineConfigurationError,
    EngineUnavailableError,
)
from search.query.ast import Term
from search.request import FacetRequest, SearchRequest, Selection, TimelineRequest
from tests import cluster
from tests.corpus import article
from tests.engine.agreement import agree
from tests.reference import ReferenceEngine

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]


def plain(number: int, **changes: str) -> Article:
    return replace(article(number), version=None, indexed_at=None, **changes)


def counted(name: str) -> dict[str, int]:
    """Return how many articles each index has, looked up in the cluster itself."""
    cluster.ask("POST", f"/{name}-*/_refresh")
    found = sorted(cluster.ask("GET", f"/{name}-*/_alias"))
    return {
        index.removeprefix(f"{name}-"): cluster.ask("GET", f"/{index}/_count")["count"]
        for index in found
    }


@pytest.fixture
def years(engine: ElasticEngine) -> ElasticEngine:
    """An engine with a hundred articles in each of three indexes."""
    engine.index([article(n) for n in range(100)])
    for place, year in enumerate(("2026", "2027"), 1):
        engine.extend(year)
        engine.index([article(n) for n in range(100 * place, 100 * place + 100)])
    engine.index([], refresh=True)
    return engine


def test_new_articles_go_to_the_newest_index(years: ElasticEngine, name: str) -> None:
    assert counted(name) == {
        "000001": 100,
        "000001-2026": 100,
        "000001-2027": 100,
        "000001-gone": 0,
    }


def test_several_indexes_answer_as_one(years: ElasticEngine) -> None:
    corpus = [one.article() for one in years.scan()]
    oracle = ReferenceEngine()
    oracle.rebuild(sorted(corpus, key=lambda one: one.version or 0))
    facets = (FacetRequest("company", 2), FacetRequest("tag", None))
    for request in (
        SearchRequest(sort="newest", limit=50, facets=facets),
        SearchRequest(query=Term("tax"), sort="oldest", facets=facets),
        SearchRequest(
            selections=(Selection("company", ("Shell plc",)),),
            facets=facets,
            timeline=TimelineRequest("month"),
        ),
    ):
        agree(years, oracle, request, corpus)


def test_an_article_is_changed_and_deleted_where_it_is(
    years: ElasticEngine, name: str
) -> None:
    old = years.get(article(5).id)
    report = years.index([plain(5, title="Another")], if_version=old.version)
    assert report.outcomes[0].status == "updated"
    assert report.outcomes[0].version > old.version
    assert years.get(article(5).id).article().title == "Another"
    with pytest.raises(ConflictError):
        years.index([plain(5, title="Late")], if_version=old.version)
    assert years.delete([article(n).id for n in (6, 106, 206, 999)]) == 3
    with pytest.raises(ArticleNotFoundError):
        years.get(article(106).id)
    assert list(counted(name).values()) == [99, 99, 99, 3]


def test_an_article_that_is_brought_again_is_not_there_twice(
    years: ElasticEngine, name: str
) -> None:
    report = years.index([article(n) for n in range(0, 300, 3)])
    assert report.count("unchanged") == 100
    assert sum(counted(name).values()) == 300


def test_another_process_notices_a_further_index_at_its_next_write(name: str) -> None:
    address = f"{cluster.url()}/{name}"
    with closing(ElasticEngine(cluster.access(), name)) as mine:
        mine.index([plain(1)])
        with closing(connect(address)) as other:
            other.index([plain(2)])
            mine.extend("2027")
            assert other.index([plain(1), plain(3)]).count("created") == 1
            assert mine.get(plain(2).id).article().title == plain(2).title
    assert list(counted(name).values()) == [2, 1, 0]


def test_nothing_is_lost_or_twice_where_several_write_while_an_index_is_added(
    name: str,
) -> None:
    done = Event()
    numbers = count()

    def write(engine: ElasticEngine) -> int:
        wrote = 0
        while not done.is_set():
            report = engine.index([plain(next(numbers) // 3 % 400) for _ in range(5)])
            wrote += report.count("created")
        return wrote

    engines = [ElasticEngine(cluster.access(), name) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        written = [threads.submit(write, each) for each in engines]
        try:
            for year in ("a", "b", "c"):
                done.wait(0.4)
                engines[0].extend(year)
        finally:
            done.set()
        created = sum(each.result() for each in written)
    engines[0].index([], refresh=True)
    stored = [one.id for one in engines[0].scan()]
    assert len(stored) == len(set(stored)) == created
    assert len(counted(name)) == 5
    for each in engines:
        each.close()


def test_a_rebuild_makes_one_index_of_several_and_keeps_what_came_meanwhile(
    years: ElasticEngine, name: str
) -> None:
    versions = {one.id: one.version for one in years.scan()}
    kept = [one.article() for one in years.scan()]

    def slow() -> Iterator[Article]:
        yield from kept
        with closing(ElasticEngine(cluster.access(), name)) as other:
            other.delete([article(7).id, article(107).id])
            other.index([plain(8, title="Changed"), plain(500)])
            with pytest.raises(EngineBusyError):
                other.extend("2028")

    years.rebuild(slow())
    assert counted(name) == {"000002": 299, "000002-gone": 2}
    assert years.get(article(8).id).article().title == "Changed"
    assert years.get(article(250).id).version == versions[article(250).id]
    assert years.index([plain(9, title="After")]).count("updated") == 1
    years.extend("2028")
    years.index([plain(501)])
    assert counted(name)["000002-2028"] == 1


def test_an_extension_that_was_killed_is_finished_by_another(
    years: ElasticEngine, name: str
) -> None:
    cluster.ask("PUT", f"/{name}-000001,{name}-000001-2027/_block/write")
    years.extend("2027")
    assert years.index([plain(600), plain(1, title="New")]).count("created") == 1
    assert counted(name)["000001-2027"] == 101


@pytest.mark.parametrize("wrong", ["gone", "", "A", "a b", "x-y", "é"])
def test_a_name_that_no_index_can_have_is_refused(
    engine: ElasticEngine, wrong: str
) -> None:
    with pytest.raises(EngineConfigurationError, match="small letters"):
        engine.extend(wrong)


def test_an_alias_of_which_nobody_knows_where_to_write_is_refused(
    engine: ElasticEngine, name: str
) -> None:
    engine.index([article(1)])
    alias = {"index": f"{name}-000001", "alias": f"{name}-000001-write"}
    cluster.ask("POST", "/_aliases", {"actions": [{"remove": alias}]})
    with pytest.raises(EngineConfigurationError, match="exactly one"):
        connect(f"{cluster.url()}/{name}")


def test_an_alias_of_two_generations_is_refused(
    engine: ElasticEngine, name: str
) -> None:
    engine.index([article(1)])
    cluster.ask("PUT", f"/{name}-000002", {"aliases": {name: {}}})
    with pytest.raises(EngineConfigurationError, match="2 generations"):
        connect(f"{cluster.url()}/{name}")
    with (
        pytest.raises(EngineUnavailableError),
        closing(ElasticEngine(cluster.access(), name)) as other,
    ):
        other.search(SearchRequest())
