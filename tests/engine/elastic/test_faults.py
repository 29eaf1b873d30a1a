"""What is said when the cluster fails: the documented error, in time, never half."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from search.connection import connect
from search.elastic.cluster import Access
from search.elastic.engine import ElasticEngine
from search.elastic.mapping import mappings, settings
from search.engine import Engine
from search.errors import (
    EngineConfigurationError,
    EngineError,
    EngineTimeoutError,
    EngineUnavailableError,
)
from search.request import SearchRequest
from tests import cluster
from tests.corpus import article

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]


@contextmanager
def paused() -> Iterator[None]:
    """Stop the server without ending it."""
    pids = cluster.pids()
    if not pids:
        pytest.skip("The server was not started here: it cannot be paused.")
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_a_server_that_hangs_is_a_timeout_and_soon_said_at_once(name: str) -> None:
    with closing(ElasticEngine(cluster.access(), name)) as patient:
        patient.index([article(1)], refresh=True)
    engine = ElasticEngine(Access((cluster.url(),), seconds=0.7), name)
    with closing(engine):
        recovered(engine)
        with paused():
            for _ in range(3):
                started = time.monotonic()
                with pytest.raises(EngineTimeoutError):
                    engine.search(SearchRequest())
                assert 0.6 < time.monotonic() - started < 2.5
            # Of several, as this process may have to wait for a processor once.
            assert min(refusal(engine) for _ in range(3)) < 0.05
            assert engine.health().status == "down"
        recovered(engine)


def refusal(engine: Engine) -> float:
    """Return the seconds until the engine says that the cluster is away."""
    started = time.monotonic()
    with pytest.raises(EngineUnavailableError) as caught:
        engine.search(SearchRequest())
    assert caught.value.retry_after
    return time.monotonic() - started


def recovered(engine: Engine) -> None:
    """Wait until the engine answers again."""
    until = time.monotonic() + 60
    while engine.health().status != "ready" or total(engine) != 1:
        assert time.monotonic() < until
        time.sleep(0.1)


def total(engine: Engine) -> int | None:
    """Return how many articles there are, if the engine says so in time."""
    try:
        return engine.search(SearchRequest()).total
    except EngineError:
        return None


def test_where_nobody_listens_the_engine_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with closing(connect(f"http://127.0.0.1:{port}")) as engine:
        for _ in range(5):
            with pytest.raises(EngineUnavailableError) as caught:
                engine.search(SearchRequest())
            assert caught.value.retry_after
        assert engine.health().status == "down"


def test_a_closed_index_is_unavailable(engine: ElasticEngine, name: str) -> None:
    engine.index([article(1)], refresh=True)
    cluster.ask("POST", f"/{name}-000001/_close")
    try:
        with pytest.raises(EngineUnavailableError):
            engine.search(SearchRequest())
        with pytest.raises(EngineUnavailableError):
            engine.get(article(1).id)
    finally:
        cluster.ask("POST", f"/{name}-000001/_open")


def test_a_deleted_index_is_unavailable_and_not_made_anew(
    engine: ElasticEngine, name: str
) -> None:
    engine.index([article(1)], refresh=True)
    cluster.remove(name)
    for action in (
        lambda: engine.search(SearchRequest()),
        lambda: engine.get(article(1).id),
        lambda: engine.index([article(2)]),
        lambda: engine.delete([article(1).id]),
        lambda: next(engine.scan()),
    ):
        with pytest.raises(EngineUnavailableError):
            action()
    assert cluster.ask("GET", f"/{name}-*/_alias") == {}


def test_a_full_disk_lets_read_and_says_why_it_does_not_write(
    engine: ElasticEngine, name: str
) -> None:
    engine.index([article(1)], refresh=True)
    block = "index.blocks.read_only_allow_delete"
    cluster.ask("PUT", f"/{name}-000001/_settings", {block: True})
    try:
        with pytest.raises(EngineUnavailableError, match="read-only"):
            engine.index([article(2)])
        assert engine.search(SearchRequest()).total == 1
    finally:
        cluster.ask("PUT", f"/{name}-000001/_settings", {block: None})
    assert engine.index([article(2)]).count("created") == 1


def test_a_shard_that_is_away_is_never_half_an_answer(
    engine: ElasticEngine, name: str
) -> None:
    index = f"{name}-000001"
    one_of_two = settings(2, "0-1") | {"routing.allocation.total_shards_per_node": 1}
    body = {
        "aliases": {name: {}, f"{index}-write": {}},
        "settings": one_of_two,
        "mappings": mappings(),
    }
    cluster.ask("PUT", f"/{index}?wait_for_active_shards=0", body)
    gone = {f"{name}-gone": {}, f"{index}-gone-write": {}}
    cluster.ask("PUT", f"/{index}-gone", {"aliases": gone})
    started = time.monotonic()
    with pytest.raises(EngineUnavailableError):
        engine.search(SearchRequest())
    with pytest.raises(EngineUnavailableError):
        next(engine.scan(SearchRequest()))
    with pytest.raises(EngineError):
        engine.index([article(n) for n in range(10)])
    assert time.monotonic() - started < 25  # not the minute that writes wait
    assert engine.health().status == "down"


def test_an_archive_made_by_another_version_asks_for_a_rebuild(
    engine: ElasticEngine, name: str
) -> None:
    engine.index([article(n) for n in range(3)], refresh=True)
    older = {"_meta": {"dateline": {"layout": 0, "analysis": "0"}}}
    cluster.ask("PUT", f"/{name}-000001/_mapping", older)
    with closing(connect(f"{cluster.url()}/{name}")) as later:
        with pytest.raises(EngineUnavailableError, match="dateline rebuild"):
            later.search(SearchRequest())
        later.rebuild()
        assert later.search(SearchRequest()).total == 3


def test_an_index_of_somebody_else_is_left_alone(name: str) -> None:
    cluster.ask("PUT", f"/{name}-theirs", {"aliases": {name: {}}})
    with pytest.raises(EngineConfigurationError, match="somebody else"):
        connect(f"{cluster.url()}/{name}")


def test_a_closed_engine_says_so(engine: ElasticEngine) -> None:
    engine.index([article(1)])
    engine.close()
    with pytest.raises(EngineUnavailableError, match="closed"):
        engine.search(SearchRequest())
