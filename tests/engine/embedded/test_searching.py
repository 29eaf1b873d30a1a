"""Limits of the index and of what may be asked and kept."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from search.article import ArticleId, Entity
from search.connection import connect
from search.cursor import Cursor
from search.embedded import mapping
from search.embedded.compile import DEPTH
from search.embedded.engine import EmbeddedEngine
from search.embedded.handover import Handover
from search.errors import (
    CursorError,
    EngineConfigurationError,
    QueryTooComplexError,
)
from search.query.ast import Fuzzy, Node, Not, Prefix, Range, Term
from search.request import (
    WINDOW,
    Recency,
    SearchRequest,
    TimelineRequest,
)
from search.result import SearchResult
from tests.engine.embedded.plant import START, article, opened, total


def ask(engine: EmbeddedEngine, query: Node, **rest: object) -> SearchResult:
    return engine.search(SearchRequest(query=query, **rest))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("position", "sort"),
    [
        ((), "newest"),
        ((1, 2), "newest"),
        ((-1, 0, 2, "x"), "newest"),
        ((2**64, 0, 2, "x"), "oldest"),
        (("a", 0, 2, "x"), "newest"),
        ((True, 0, 2, "x"), "newest"),
        ((1, -1, 2, "x"), "newest"),
        ((1, 10_000, 2, "x"), "newest"),
        ((1, 2, 3), "relevance"),
        ((1, 2, 3, float("inf")), "relevance"),
        ((1, 2, 3, 1e300), "relevance"),
        ((2**63, 2, 3, 0.0), "relevance"),
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(
    letters: EmbeddedEngine, position: tuple[object, ...], sort: str
) -> None:
    cursor = Cursor(position)  # type: ignore[arg-type]
    recency = Recency(60, START) if sort == "relevance" else None
    with pytest.raises(CursorError):
        ask(letters, Term("a"), sort=sort, cursor=cursor, recency=recency)


def test_pages_beyond_the_window_are_refused(letters: EmbeddedEngine) -> None:
    for offset, limit in ((WINDOW, 1), (-1, 1), (0, -1), (2**40, 1), (0, 2**40)):
        with pytest.raises(QueryTooComplexError):
            ask(letters, Term("a"), offset=offset, limit=limit)


def test_a_tree_that_is_too_deep_is_refused(letters: EmbeddedEngine) -> None:
    node: Node = Term("a")
    for _ in range(DEPTH + 1):
        node = Not(node)
    with pytest.raises(QueryTooComplexError):
        ask(letters, node)


def test_ranges_may_be_open_endless_or_empty(letters: EmbeddedEngine) -> None:
    assert total(letters, Range("published")) == 1000
    assert total(letters, Range("published", -(10**30), 10**30)) == 1000
    assert total(letters, Range("published", 5, 5)) == 0
    assert total(letters, Range("published", 10**30)) == 0


def test_half_a_character_matches_nothing(letters: EmbeddedEngine) -> None:
    for leaf in (
        Term("a\ud800"),
        Prefix("\ud800x"),
        Fuzzy("\ud800x"),
        Term("\ud800", "tag"),
    ):
        assert total(letters, leaf) in (0, total(letters, Term("a")))


def test_a_timeline_that_ends_before_it_begins_has_no_buckets(
    letters: EmbeddedEngine,
) -> None:
    line = TimelineRequest(start=10, end=5)
    found = letters.search(SearchRequest(timeline=line)).timeline
    assert found is not None
    assert found.buckets == ()


@pytest.mark.parametrize("url", ["", "embedded:", "ftp://x:9200", "nonsense"])
def test_an_address_of_no_engine_says_what_is_possible(url: str) -> None:
    with pytest.raises(EngineConfigurationError, match="embedded:FOLDER"):
        connect(url)


def test_an_address_names_the_folder(tmp_path: Path) -> None:
    engine = connect(f"embedded:{tmp_path / 'a:b'}")
    engine.index([article(1)])
    assert (tmp_path / "a:b").is_dir()
    engine.close()


def test_the_order_key_keeps_seconds_from_1600_on_and_numbers() -> None:
    early = article(1).published_at.replace(year=1600, month=1, day=1)
    assert mapping.arrival_of(mapping.order_key(early, 12)) == 12
    assert mapping.order_key(early, 2**29) < mapping.order_key(
        early + timedelta(seconds=1), 0
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ArticleId("")},
        {"id": ArticleId("x" * 513)},
        {"published_at": START.replace(year=2150)},
        {"companies": (Entity("x" * 600, "x"),)},
        {"companies": (Entity("x", ""),)},
        {"title": "\ud800"},
        {"version": 2**63},
    ],
)
def test_an_article_that_cannot_be_kept_stops_no_other(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    with opened(tmp_path) as engine:
        bad = replace(article(1), **wrong)  # type: ignore[arg-type]
        report = engine.index([article(0), bad, article(2)], refresh=True)
        assert [o.status for o in report.outcomes] == ["created", "failed", "created"]
        assert report.outcomes[1].error
        assert total(engine) == 2


def test_what_is_handed_over_has_an_end() -> None:
    shelf = Handover()
    shelf.put(1, article(1))
    assert shelf.take(1) is None
    shelf.open()
    big = article(2, "x" * 20_000_000)
    shelf.put(2, big)
    shelf.put(3, big)
    assert shelf.take(3) is None
    assert shelf.take(2) is big
    shelf.put(4, big)
    shelf.close()
    assert shelf.take(4) is None
