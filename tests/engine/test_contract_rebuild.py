"""What `rebuild`, `stamp`, `health` and `close` promise."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from search.article import Article, ArticleId
from search.engine import Engine
from search.errors import ArticleNotFoundError, ShrinkError
from search.query.ast import Term
from search.request import FacetRequest, SearchRequest
from tests.corpus import article
from tests.engine.agreement import ids

EVERYTHING = SearchRequest(sort="oldest", limit=1000)


def corpus(*numbers: int) -> list[Article]:
    return [article(number) for number in numbers]


def stored(engine: Engine) -> dict[ArticleId, Article]:
    return {one.id: one.article() for one in engine.scan()}


def test_a_rebuild_of_what_is_there_changes_no_answer(engine: Engine) -> None:
    engine.index(corpus(*range(30)))
    engine.index([replace(article(4), title="tax", version=None)], refresh=True)
    engine.delete([article(7).id], refresh=True)
    asked = replace(
        EVERYTHING, facets=(FacetRequest("company", None), FacetRequest("tag", 2))
    )
    before, kept = engine.search(asked), stored(engine)
    engine.rebuild()
    after = engine.search(asked)
    assert ids(after) == ids(before)
    assert (after.total, after.facets) == (before.total, before.facets)
    assert stored(engine) == kept


def test_what_was_written_a_moment_before_a_rebuild_is_in_it(engine: Engine) -> None:
    engine.index(corpus(1, 2))
    engine.rebuild()
    assert engine.search(SearchRequest()).total == 2


def test_a_rebuild_of_given_articles_leaves_these_and_no_other(engine: Engine) -> None:
    engine.index(corpus(*range(20)), refresh=True)
    report = engine.rebuild(iter(corpus(*range(10, 40))))
    assert len(report.outcomes) == 30
    assert stored(engine) == {one.id: one for one in corpus(*range(10, 40))}
    assert set(ids(engine.search(EVERYTHING))) == {f"a{n}" for n in range(10, 40)}
    with pytest.raises(ArticleNotFoundError):
        engine.get(article(1).id)


def test_a_rebuild_keeps_versions_and_times_also_older_ones(engine: Engine) -> None:
    engine.index([replace(article(1), version=2 * 10**15)])
    engine.rebuild([article(1)])
    assert engine.get(article(1).id).article() == article(1)


def test_a_copy_by_scan_is_the_same_archive(engine: Engine) -> None:
    engine.index(corpus(*range(30)), refresh=True)
    kept, order = stored(engine), ids(engine.search(EVERYTHING))
    engine.rebuild([one.article() for one in engine.scan()])
    assert stored(engine) == kept
    assert ids(engine.search(EVERYTHING)) == order


def test_a_bad_article_in_a_rebuild_fails_and_stops_no_other(engine: Engine) -> None:
    bad = replace(article(2), title="half a \ud83d")
    report = engine.rebuild([article(1), bad, article(3)])
    assert [one.status for one in report.outcomes] == ["created", "failed", "created"]
    assert set(stored(engine)) == {"a1", "a3"}


def test_a_rebuild_that_would_lose_articles_is_refused(engine: Engine) -> None:
    engine.index(corpus(*range(20)), refresh=True)
    with pytest.raises(ShrinkError) as caught:
        engine.rebuild(corpus(*range(17)))
    assert (caught.value.before, caught.value.after) == (20, 17)
    assert engine.search(SearchRequest()).total == 20
    with pytest.raises(ShrinkError):
        engine.rebuild([])
    assert len(stored(engine)) == 20


def test_a_rebuild_may_leave_nine_tenths(engine: Engine) -> None:
    engine.index(corpus(*range(20)), refresh=True)
    engine.rebuild(corpus(*range(18)))
    assert engine.search(SearchRequest()).total == 18


def test_force_lets_a_rebuild_lose_everything(engine: Engine) -> None:
    engine.index(corpus(*range(20)), refresh=True)
    engine.rebuild([], force=True)
    assert engine.search(SearchRequest()).total == 0
    engine.index(corpus(1), refresh=True)
    assert ids(engine.search(SearchRequest())) == ["a1"]


def test_after_an_error_while_it_reads_the_old_index_stays(engine: Engine) -> None:
    engine.index(corpus(*range(20)), refresh=True)
    kept = stored(engine)

    def broken() -> Iterator[Article]:
        yield from corpus(*range(50))
        raise RuntimeError("the source is gone")

    with pytest.raises(RuntimeError, match="the source is gone"):
        engine.rebuild(broken())
    assert stored(engine) == kept
    engine.index(corpus(30), refresh=True)
    assert engine.search(SearchRequest()).total == 21


def test_readers_see_the_old_index_until_the_new_one_is_whole(engine: Engine) -> None:
    engine.index(corpus(*range(10)), refresh=True)
    totals = []

    def watched() -> Iterator[Article]:
        for number in range(100, 130):
            totals.append(engine.search(SearchRequest()).total)
            yield article(number)

    engine.rebuild(watched())
    assert set(totals) == {10}
    assert engine.search(SearchRequest()).total == 30


def test_what_is_written_while_a_rebuild_reads_is_kept(engine: Engine) -> None:
    engine.index(corpus(*range(20)), refresh=True)

    def slow() -> Iterator[Article]:
        yield from corpus(*range(10))
        engine.index([article(99), replace(article(3), title="tax", version=None)])
        engine.delete([article(4).id])
        yield from corpus(*range(10, 20))

    engine.rebuild(slow())
    engine.index([], refresh=True)
    expected = {f"a{number}" for number in (*range(20), 99)} - {"a4"}
    assert set(ids(engine.search(EVERYTHING))) == expected
    assert set(stored(engine)) == expected
    assert engine.get(article(3).id).article().title == "tax"


def test_no_search_fails_and_no_write_is_lost_while_rebuilds_go_on(
    engine: Engine,
) -> None:
    engine.index(corpus(*range(50)), refresh=True)
    totals = []

    def read() -> None:
        totals.append(engine.search(SearchRequest()).total)

    def write(number: int) -> None:
        engine.index([article(number)])

    with ThreadPoolExecutor(2) as threads:
        written = [threads.submit(write, number) for number in range(100, 160)]
        asked = [threads.submit(read) for _ in range(60)]
        for _ in range(3):
            engine.rebuild()
        for one in (*written, *asked):
            one.result()
    engine.index([], refresh=True)
    assert all(50 <= total <= 110 for total in totals)
    assert sorted(ids(engine.search(EVERYTHING))) == sorted(
        f"a{number}" for number in (*range(50), *range(100, 160))
    )


def test_the_stamp_changes_with_every_change_that_can_be_seen(engine: Engine) -> None:
    stamps = [engine.stamp()]
    engine.index(corpus(1), refresh=True)
    stamps.append(engine.stamp())
    engine.index([replace(article(1), title="tax", version=None)], refresh=True)
    stamps.append(engine.stamp())
    engine.delete([article(1).id], refresh=True)
    stamps.append(engine.stamp())
    engine.rebuild(corpus(1, 2))
    stamps.append(engine.stamp())
    assert len(set(stamps)) == 5


def test_the_stamp_stays_where_nothing_happens(engine: Engine) -> None:
    engine.index(corpus(1), refresh=True)
    before = engine.stamp()
    engine.search(SearchRequest(query=Term("tax")))
    assert engine.stamp() == before


def test_health_counts_what_is_there(engine: Engine) -> None:
    engine.index(corpus(1, 2), refresh=True)
    health = engine.health()
    assert (health.status, health.articles, health.pending) == ("ready", 2, 0)
    assert health.detail


def test_a_closed_engine_may_be_closed_again_and_says_that_it_is_down(
    engine: Engine,
) -> None:
    engine.index(corpus(1))
    engine.close()
    engine.close()
    assert engine.health().status == "down"
