"""The indexer's side: merging at rest, memory of what is gone, the order of changes."""

import time
from contextlib import closing
from pathlib import Path

import pytest

from search.article import ArticleId
from search.embedded.engine import EmbeddedEngine
from search.embedded.feed import Feed
from search.embedded.generations import Folder
from search.embedded.merging import Merger, is_due, pieces
from search.embedded.rebuilding import renew, stride
from search.embedded.store import Change, Store
from search.request import FacetRequest, SearchRequest
from tests.engine.embedded.plant import article, oil, opened, planted, total


@pytest.mark.parametrize(
    ("segments", "due"),
    [
        ([], False),
        ([(100_000, 0)], False),
        ([(100_000, 0), (3_000, 0)], False),
        ([(100_000, 0), (9_000, 0)], True),
        ([(100_000, 30_000)], True),
        ([(2_000, 0), (2_000, 0)], False),
    ],
)
def test_an_index_in_pieces_is_worth_a_merge(
    segments: list[tuple[int, int]], due: bool
) -> None:
    assert is_due(segments) is due


@pytest.mark.parametrize(
    ("count", "commits"),
    [(1, 1), (8, 8), (100_000, 8), (240_000, 8), (240_001, 64), (3_000_000, 512)],
)
def test_a_rebuild_commits_a_power_of_eight_times(count: int, commits: int) -> None:
    assert -(-count // stride(count)) == commits
    assert stride(0) == 1


def test_a_rebuild_leaves_one_segment(tmp_path: Path) -> None:
    planted(tmp_path, 1000)
    renew(Folder(tmp_path))
    folder = Folder(tmp_path)
    assert len(pieces(tmp_path / folder.current().index)) == 1
    with opened(tmp_path) as engine:
        assert oil(engine) == 1000


class Restless(Store):
    """A database that has one change more whenever its changes were read."""

    writing: EmbeddedEngine

    def changes(self, after: int, limit: int) -> list[Change]:
        found = super().changes(after, limit)
        self.writing.index([article(self.last() + 1)])
        return found


def test_a_rebuild_does_not_wait_for_writes_to_end(tmp_path: Path) -> None:
    folder, aside = Folder(tmp_path / "archive"), Folder(tmp_path)
    planted(folder.path, 20)
    index = tmp_path / aside.fresh_index().index
    path = folder.path / folder.current().articles
    store = Restless(path, lambda: True, busy_seconds=5)
    with (
        opened(folder.path) as store.writing,
        closing(store),
        closing(Feed(index, store, stride=2)) as feed,
    ):
        feed.follow(passes=3)
        assert 20 < feed.applied < store.last() <= 40


@pytest.mark.slow
def test_an_index_at_rest_is_merged_by_a_process_of_its_own(tmp_path: Path) -> None:
    facet = SearchRequest(limit=0, facets=(FacetRequest("company"),))
    with opened(tmp_path) as engine:
        for start in (0, 1000, 2000):
            some = [article(i) for i in range(start, start + 1000)]
            engine.index(some, refresh=True)
        before, answer = engine.health().generation, engine.search(facet)
        assert before
        assert len(pieces(tmp_path / before)) > 1
        merger = Merger(tmp_path, tmp_path / before, rest=0, fewest=100)
        merger.look(3000)
        merger.look(3000)
        end = time.monotonic() + 30
        while engine.health().generation == before:
            engine.index([article(7)], refresh=True)
            assert time.monotonic() < end, "it was never merged"
            time.sleep(0.05)
        merger.close()
        assert engine.search(facet) == answer
        after = engine.health().generation
        assert after
        assert len(pieces(tmp_path / after)) == 1


def test_a_merge_under_way_ends_with_its_engine(
    tmp_path: Path,
) -> None:
    planted(tmp_path, 3)
    with opened(tmp_path) as engine:
        engine.index([article(9)], refresh=True)
        index = engine.health().generation
        assert index
        merger = Merger(tmp_path, tmp_path / index, rest=0, fewest=1)
        merger.look(4)
        merger.look(4)
        merger.close()
        assert oil(engine) == 4


def test_the_version_of_a_deleted_article_rises_when_it_comes_back(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as engine:
        first = engine.index([article(1)]).outcomes[0]
        engine.delete([ArticleId("a1")])
        again = engine.index([article(1)], refresh=True).outcomes[0]
        assert again.status == "created"
        assert again.version > first.version
        assert total(engine) == 1


def test_many_replacements_and_deletes_in_a_row_leave_each_article_once(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as engine:
        for round_ in range(6):
            engine.index([article(i, f"Oil {round_}") for i in range(20)])
            engine.delete([ArticleId(f"a{i}") for i in range(round_, 20, 3)])
            engine.index([article(i, "Gas") for i in range(round_, 20, 6)])
        engine.index([], refresh=True)
        ids = [stored.id for stored in engine.scan()]
        assert len(ids) == len(set(ids)) == total(engine)
        for stored in engine.scan():
            assert engine.get(stored.id) == stored


def test_what_is_long_gone_is_forgotten_when_it_is_indexed(tmp_path: Path) -> None:
    planted(tmp_path, 5)
    with opened(tmp_path) as engine:
        engine.delete([ArticleId("a1"), ArticleId("a2")], refresh=True)
    folder = Folder(tmp_path)
    store = folder.store(folder.current())
    assert [change.n for change in store.changes(5, 10)] == [None, None]
    store.forget(6, 2**62)
    assert len(store.changes(5, 10)) == 1
    store.forget(7, 0)
    assert len(store.changes(5, 10)) == 1
    store.close()


def test_a_write_is_searchable_soon_without_being_asked(tmp_path: Path) -> None:
    planted(tmp_path, 3)
    with opened(tmp_path) as engine:
        assert oil(engine) == 3
        engine.index([article(9)])
        end = time.monotonic() + 5
        while oil(engine) < 4:
            assert time.monotonic() < end
            time.sleep(0.005)


def test_a_dry_run_sees_its_own_articles_and_stores_nothing(tmp_path: Path) -> None:
    planted(tmp_path, 1)
    with opened(tmp_path) as engine:
        many = [article(i % 700) for i in range(1400)]
        report = engine.index(many, dry_run=True)
        assert report.count("created") == 699
        assert report.count("unchanged") == 701
        assert engine.health().articles == 1


def test_the_stamp_changes_with_every_write_and_every_commit(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        seen = [engine.stamp()]
        engine.index([article(1)], refresh=True)
        seen.append(engine.stamp())
        assert engine.stamp() == seen[-1]
        engine.index([article(1)], refresh=True)
        assert engine.stamp() == seen[-1]
        engine.delete([ArticleId("a1")], refresh=True)
        seen.append(engine.stamp())
        engine.rebuild()
        seen.append(engine.stamp())
        assert len(set(seen)) == 4
