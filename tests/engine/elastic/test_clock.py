"""The clock of one machine that writes jumps: versions rise all the same."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from search.article import Article
from search.elastic.cluster import Access
from search.elastic.engine import ElasticEngine
from search.errors import ConflictError
from tests import cluster
from tests.corpus import article

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]

DAY = timedelta(days=1)


def plain(title: str) -> Article:
    return replace(article(1), version=None, indexed_at=None, title=title)


def written(name: str, title: str, shift: timedelta = timedelta()) -> int:
    """Write by a machine whose clock is wrong by so much; return the version."""
    with (
        time_machine.travel(datetime.now(UTC) + shift),
        closing(ElasticEngine(Access((cluster.url(),)), name)) as machine,
    ):
        (outcome,) = machine.index([plain(title)]).outcomes
        return outcome.version


def test_versions_rise_by_one_where_the_last_writer_was_ahead_of_time(
    engine: ElasticEngine, name: str
) -> None:
    ahead = written(name, "ahead", DAY)
    assert written(name, "on time") == ahead + 1
    assert written(name, "behind", -DAY) == ahead + 2
    assert engine.get(article(1).id).article().title == "behind"
    with pytest.raises(ConflictError):
        engine.index([plain("late")], if_version=ahead)


def test_a_version_is_not_given_twice_by_a_deletion_under_another_clock(
    engine: ElasticEngine, name: str
) -> None:
    ahead = written(name, "ahead", DAY)
    assert engine.delete([article(1).id]) == 1
    assert written(name, "again") > ahead


def test_a_rebuild_under_another_clock_loses_no_version(
    engine: ElasticEngine, name: str
) -> None:
    ahead = written(name, "ahead", DAY)
    engine.rebuild()
    assert engine.get(article(1).id).version == ahead
    engine.rebuild([plain("from a file")])
    assert written(name, "after") > ahead


def test_what_was_written_meanwhile_survives_a_rebuild_behind_the_time(
    engine: ElasticEngine, name: str
) -> None:
    written(name, "first")

    def slow() -> object:
        written(name, "meanwhile", DAY)
        yield plain("from a file")

    with time_machine.travel(datetime.now(UTC) - DAY):
        engine.rebuild(slow())
    assert engine.get(article(1).id).article().title == "meanwhile"
