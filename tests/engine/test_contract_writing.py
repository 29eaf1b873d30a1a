"""What `index`, `delete` and `get` promise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from search.article import Article, ArticleId, content
from search.engine import Engine
from search.errors import ArticleNotFoundError, ConflictError
from search.query.ast import Term
from search.request import SearchRequest
from tests.corpus import article
from tests.engine.agreement import ids
from tests.engine.engines import Entry

NOBODY = ArticleId("nobody")
SECOND = datetime(2024, 5, 17, 10, 0, 0, tzinfo=UTC)


def plain(number: int, **changes: Any) -> Article:
    """Return an article that brings neither version nor `indexed_at`."""
    fresh: dict[str, Any] = {"version": None, "indexed_at": None}
    return replace(article(number), **fresh | changes)


def microseconds() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def statuses(engine: Engine, *given: Article, dry_run: bool = False) -> list[str]:
    report = engine.index(given, dry_run=dry_run)
    assert [outcome.id for outcome in report.outcomes] == [one.id for one in given]
    return [outcome.status for outcome in report.outcomes]


def test_a_new_article_is_created_with_a_version_of_now_in_microseconds(
    engine: Engine,
) -> None:
    before = microseconds()
    (outcome,) = engine.index([plain(1)]).outcomes
    assert outcome.status == "created"
    assert before <= outcome.version <= microseconds()
    assert engine.get(outcome.id).version == outcome.version


def test_the_time_of_indexing_is_set(engine: Engine) -> None:
    before = datetime.now(UTC)
    engine.index([plain(1)])
    indexed_at = engine.get(plain(1).id).article().indexed_at
    assert indexed_at is not None
    assert before - timedelta(milliseconds=1) <= indexed_at <= datetime.now(UTC)


def test_a_stored_article_comes_back_whole(engine: Engine) -> None:
    given = plain(3, body="Ján\n\n" + "東京 🙂 " * 3000)
    engine.index([given])
    stored = engine.get(given.id)
    assert content(stored.article()) == content(given)


def test_a_changed_article_is_updated_with_a_higher_version(engine: Engine) -> None:
    (first,) = engine.index([plain(1)]).outcomes
    (second,) = engine.index([plain(1, title="tax")]).outcomes
    assert second.status == "updated"
    assert second.version > first.version
    assert engine.get(first.id).article().title == "tax"


def test_an_equal_article_is_unchanged_and_keeps_its_version(engine: Engine) -> None:
    (first,) = engine.index([plain(1)]).outcomes
    stored = engine.get(first.id)
    (second,) = engine.index([plain(1)]).outcomes
    assert second.status == "unchanged"
    assert second.version == first.version
    assert engine.get(first.id) == stored


def test_a_version_rises_above_one_that_lies_in_the_future(engine: Engine) -> None:
    ahead = microseconds() + 10**12
    engine.index([plain(1, version=ahead)])
    (second,) = engine.index([plain(1, title="tax")]).outcomes
    assert second.version == ahead + 1


def test_a_restored_article_keeps_its_version_and_its_time(engine: Engine) -> None:
    given = article(4)
    (outcome,) = engine.index([given]).outcomes
    assert outcome.version == given.version
    assert engine.get(given.id).article() == given


def test_an_older_version_does_not_come_back_under_its_old_number(
    engine: Engine,
) -> None:
    (first,) = engine.index([plain(1)]).outcomes
    older = plain(1, title="tax", version=first.version - 1)
    (second,) = engine.index([older]).outcomes
    assert second.version > first.version


def test_a_bad_article_fails_and_stops_no_other(engine: Engine) -> None:
    surrogate = plain(2, title="half a \ud83d")
    not_json = plain(3, metadata={"x": object()})
    report = engine.index([plain(1), surrogate, not_json, plain(4)], refresh=True)
    assert [one.status for one in report.outcomes] == [
        *("created", "failed", "failed", "created")
    ]
    assert all(bool(one.error) == (one.status == "failed") for one in report.outcomes)
    assert engine.search(SearchRequest()).total == 2
    with pytest.raises(ArticleNotFoundError):
        engine.get(surrogate.id)


def test_the_last_of_two_articles_with_one_id_in_a_batch_stays(engine: Engine) -> None:
    twice = (plain(1), plain(2), plain(1, title="tax"), plain(1, title="tax"))
    assert statuses(engine, *twice) == ["created", "created", "updated", "unchanged"]
    assert engine.get(plain(1).id).article().title == "tax"


def test_of_many_articles_in_one_call_the_last_of_each_id_stays(engine: Engine) -> None:
    """More than an engine stores at once, and an id both near and far from itself."""
    numbers = [n % 280 for n in range(830)]
    given = [plain(n, title=f"Take {k}") for k, n in enumerate(numbers)]
    report = engine.index(iter(given), refresh=True)
    assert [outcome.id for outcome in report.outcomes] == [one.id for one in given]
    told = [outcome.status for outcome in report.outcomes]
    assert told == ["created"] * 280 + ["updated"] * 550
    assert len(list(engine.scan(SearchRequest()))) == 280
    last = {one.id: one.title for one in given}
    assert {i: engine.get(i).article().title for i in last} == last
    again = engine.index(given[-280:])
    assert {outcome.status for outcome in again.outcomes} == {"unchanged"}


def test_articles_of_one_second_come_in_the_order_of_one_call(engine: Engine) -> None:
    given = [plain(n, published_at=SECOND) for n in range(600)]
    engine.index(given, refresh=True)
    found = [stored.id for stored in engine.scan(SearchRequest(sort="oldest"))]
    assert found == [one.id for one in given]


def test_a_dry_run_says_what_would_happen_and_stores_nothing(engine: Engine) -> None:
    engine.index([plain(1), plain(2)], refresh=True)
    kept = engine.get(plain(1).id)
    given = (
        *(plain(1, title="tax"), plain(2), plain(3), plain(3)),
        plain(4, title="half a \ud83d"),
    )
    expected = ["updated", "unchanged", "created", "unchanged", "failed"]
    assert statuses(engine, *given, dry_run=True) == expected
    assert engine.get(plain(1).id) == kept
    with pytest.raises(ArticleNotFoundError):
        engine.get(plain(3).id)
    assert statuses(engine, *given) == expected


def test_an_article_with_the_required_version_is_replaced(engine: Engine) -> None:
    (first,) = engine.index([plain(1)]).outcomes
    report = engine.index([plain(1, title="tax")], if_version=first.version)
    assert report.outcomes[0].status == "updated"


def test_another_version_than_the_required_one_is_a_conflict(engine: Engine) -> None:
    (first,) = engine.index([plain(1)]).outcomes
    with pytest.raises(ConflictError) as caught:
        engine.index([plain(1, title="tax")], if_version=first.version - 1)
    assert (caught.value.expected, caught.value.actual) == (
        *(first.version - 1, first.version),
    )
    assert engine.get(first.id).version == first.version


def test_version_0_is_required_of_an_article_that_must_not_exist(
    engine: Engine,
) -> None:
    report = engine.index([plain(1)], if_version=0)
    assert report.outcomes[0].status == "created"
    with pytest.raises(ConflictError):
        engine.index([plain(1, title="tax")], if_version=0)
    with pytest.raises(ConflictError) as caught:
        engine.index([plain(2)], if_version=5)
    assert caught.value.actual == 0


def test_an_article_can_be_read_before_it_can_be_searched(engine: Engine) -> None:
    for number in range(20):
        engine.index([plain(number)])
        assert engine.get(plain(number).id).article().title == plain(number).title


def test_after_a_refresh_everything_written_is_found(engine: Engine) -> None:
    for number in range(10):
        engine.index([plain(number, title="merger")], refresh=number % 2 == 1)
        if number % 2:
            found = engine.search(SearchRequest(query=Term("merger", "title")))
            assert found.total == number + 1


def test_an_empty_batch_with_refresh_makes_earlier_writes_searchable(
    engine: Engine,
) -> None:
    engine.index([plain(1)])
    assert engine.index([], refresh=True).outcomes == ()
    assert engine.search(SearchRequest()).total == 1


def test_a_replaced_article_is_no_longer_found_by_what_it_said(engine: Engine) -> None:
    engine.index([plain(1, title="merger", summary=None, body=None)])
    engine.index([plain(1, title="tax", summary=None, body=None)], refresh=True)
    assert engine.search(SearchRequest(query=Term("merger"))).total == 0
    assert engine.search(SearchRequest(query=Term("tax"))).total == 1


def test_delete_says_how_many_were_there(engine: Engine) -> None:
    engine.index([plain(1), plain(2), plain(3)])
    assert engine.delete([plain(1).id, NOBODY, plain(3).id], refresh=True) == 2
    assert ids(engine.search(SearchRequest())) == [plain(2).id]
    with pytest.raises(ArticleNotFoundError) as caught:
        engine.get(plain(1).id)
    assert caught.value.article_id == plain(1).id


def test_an_article_named_twice_is_deleted_once(engine: Engine) -> None:
    engine.index([plain(1)])
    assert engine.delete([plain(1).id, plain(1).id]) == 1


def test_an_article_with_another_version_is_not_deleted(engine: Engine) -> None:
    (first,) = engine.index([plain(1)]).outcomes
    with pytest.raises(ConflictError):
        engine.delete([first.id], if_version=first.version - 1)
    assert engine.get(first.id).version == first.version
    assert engine.delete([first.id], if_version=first.version) == 1
    with pytest.raises(ConflictError) as caught:
        engine.delete([first.id], if_version=first.version)
    assert caught.value.actual == 0


def test_a_version_rises_over_a_deletion(engine: Engine) -> None:
    ahead = microseconds() + 10**12
    engine.index([plain(1, version=ahead)], refresh=True)
    engine.delete([plain(1).id], refresh=True)
    (again,) = engine.index([plain(1)]).outcomes
    assert again.status == "created"
    assert again.version > ahead


def test_an_update_does_not_move_an_article_among_those_of_its_second(
    engine: Engine,
) -> None:
    moment = plain(1).published_at
    engine.index([plain(number, published_at=moment) for number in range(5)])
    engine.index([plain(2, published_at=moment, title="tax")], refresh=True)
    assert ids(engine.search(SearchRequest(sort="oldest"))) == [
        f"a{number}" for number in range(5)
    ]


def test_an_article_that_comes_again_stands_behind_those_of_its_second(
    engine: Engine,
) -> None:
    moment = plain(1).published_at
    engine.index([plain(number, published_at=moment) for number in range(5)])
    engine.delete([plain(2).id])
    engine.index([plain(2, published_at=moment)], refresh=True)
    assert ids(engine.search(SearchRequest(sort="oldest"))) == [
        *("a0", "a1", "a3", "a4", "a2")
    ]


def test_what_was_written_is_there_when_the_folder_is_opened_again(
    entry: Entry, tmp_path: Path
) -> None:
    if not entry.keeps:
        pytest.skip("This engine lives in memory.")
    with entry.make(tmp_path / "again") as engine:
        engine.index([article(1), article(2)])
        engine.delete([article(2).id])
    with entry.make(tmp_path / "again") as engine:
        assert engine.get(article(1).id).article() == article(1)
        engine.index([], refresh=True)
        assert ids(engine.search(SearchRequest())) == [article(1).id]
