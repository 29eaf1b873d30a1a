"""Timelines whose ends are guessed from others: the same counts with a question less."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scripts.bench.elastic_raw import Recorder
from search.article import Article
from search.elastic.engine import ElasticEngine
from search.elastic.labels import Names
from search.elastic.searching import Search
from search.errors import QueryMisuseError, QueryTooComplexError
from search.query.ast import Term
from search.request import Interval, SearchRequest, TimelineRequest
from tests import cluster
from tests.corpus import article
from tests.reference import ReferenceEngine

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]

BEGIN = datetime(2024, 1, 30, 22, 30, tzinfo=UTC)
ALL = SearchRequest(timeline=TimelineRequest("month"), limit=0)


def dated(number: int) -> Article:
    """Return an article of a day of some two years; few words are in all of them."""
    when = BEGIN + timedelta(days=11 * number, hours=5 * number)
    title = f"common n{number} {'early' if number < 9 else 'late'}"
    return replace(article(number), title=title, published_at=when)


CORPUS = [dated(number) for number in range(70)]


@pytest.fixture(scope="module")
def oracle() -> ReferenceEngine:
    made = ReferenceEngine()
    made.index(CORPUS)
    return made


@pytest.fixture(scope="module")
def name(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster.archive(tmp_path_factory.mktemp("timelines")) as address:
        name = address.rpartition("/")[2]
        with closing(ElasticEngine(cluster.access(), name)) as engine:
            engine.index(CORPUS, refresh=True)
        yield name


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with closing(Recorder(cluster.access())) as made:
        yield made


@pytest.fixture
def search(recorder: Recorder, name: str) -> Search:
    """A search that knows of no timeline yet."""
    return Search(recorder, name, Names())


def asked(word: str, interval: Interval | None, **more: object) -> SearchRequest:
    timeline = TimelineRequest(interval, **more)  # type: ignore[arg-type]
    return SearchRequest(query=Term(word), timeline=timeline, limit=0)


@pytest.mark.parametrize("word", ["common", "early", "late", "n33", "nowhere"])
@pytest.mark.parametrize(
    ("interval", "tz"),
    [("day", "Europe/Berlin"), ("week", "UTC"), ("month", "Asia/Kolkata")],
)
def test_a_guess_shows_just_the_time_of_what_is_found(
    search: Search, oracle: ReferenceEngine, word: str, interval: Interval, tz: str
) -> None:
    search.answer(ALL)
    request = asked(word, interval, tz=tz)
    assert search.answer(request).timeline == oracle.search(request).timeline


def test_what_lies_outside_a_guess_is_counted_all_the_same(
    search: Search, oracle: ReferenceEngine
) -> None:
    for word in ("n33", "early", "late", "common"):
        request = asked(word, "month")
        assert search.answer(request).timeline == oracle.search(request).timeline


@pytest.mark.parametrize("interval", ["hour", "week", None])
def test_a_time_that_is_given_on_one_side_is_kept(
    search: Search, oracle: ReferenceEngine, interval: Interval | None
) -> None:
    search.answer(ALL)
    middle = int(datetime(2025, 1, 1, 9, 30, tzinfo=UTC).timestamp()) * 1000
    for ends in ({"start": middle}, {"end": middle}):
        for word in ("n27", "n33"):
            request = asked(word, interval, tz="Europe/Berlin", **ends)
            assert search.answer(request).timeline == oracle.search(request).timeline


def test_after_the_first_a_timeline_is_one_question(
    search: Search, recorder: Recorder
) -> None:
    counts = []
    for word in ("common", "early", "n33"):
        recorder.sent.clear()
        search.answer(asked(word, "month"))
        counts.append(len(recorder.sent))
    assert counts == [2, 1, 1]


def test_a_guess_that_would_be_too_much_is_none(
    search: Search, oracle: ReferenceEngine
) -> None:
    search.answer(ALL)
    request = asked("n33", "hour")
    assert search.answer(request).timeline == oracle.search(request).timeline
    with pytest.raises(QueryTooComplexError):
        search.answer(asked("common", "hour"))


def test_a_zone_that_does_not_exist_is_told_after_a_guess_too(search: Search) -> None:
    search.answer(ALL)
    with pytest.raises(QueryMisuseError, match="time zone"):
        search.answer(asked("common", "month", tz="Mars/Base"))
