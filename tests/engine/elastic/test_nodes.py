"""Three nodes, of which one dies while articles come in and are asked for, then two.

They take a minute to start: only at `--hypothesis-profile thorough`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from threading import Event, Thread

import pytest
from hypothesis import settings

from search.article import Article, ArticleId
from search.elastic.cluster import Access, Cluster
from search.elastic.engine import ElasticEngine
from search.errors import (
    EngineBusyError,
    EngineError,
    EngineTimeoutError,
    EngineUnavailableError,
)
from search.query.ast import Term
from search.request import FacetRequest, SearchRequest
from tests import nodes
from tests.corpus import article
from tests.nodes import Nodes

pytestmark = [
    *(pytest.mark.elasticsearch, pytest.mark.slow),
    pytest.mark.xdist_group("elasticsearch"),
]

KNOWN, SECONDS = 3000, 10.0
OLD = SearchRequest(
    query=Term("steadfast"), limit=5, facets=(FacetRequest("tag", None),)
)


@dataclass(slots=True)
class Record:
    """What was seen while nodes died; times are seconds since it began."""

    acknowledged: set[ArticleId] = field(default_factory=set)
    refused: list[EngineError] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    counts: set[int] = field(default_factory=set)
    answered: list[float] = field(default_factory=list)
    failures: list[EngineError] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    left: set[ArticleId] = field(default_factory=set)
    alone: list[tuple[EngineError | None, float]] = field(default_factory=list)


def plain(number: int, title: str = "Newcomer") -> Article:
    one = article(number)
    return replace(one, id=f"n{number}", version=None, indexed_at=None, title=title)


def master(access: Access) -> int:
    """Return the place of the node that leads."""
    with closing(Cluster(access)) as asked:
        (first,) = asked.ask("GET", "/_cat/master", format="json")["answer"]
        return int(first["node"].rpartition("-")[2]) - 1


def green(access: Access) -> None:
    with closing(Cluster(access)) as asked:
        asked.ask(
            *("GET", "/_cluster/health"),
            wait_for_status="green",
            timeout="60s",
            seconds=70.0,
        )


def bring(engine: ElasticEngine, record: Record, stop: Event) -> None:
    """Bring articles; one that was refused is brought again, as a client would."""
    for number in count(KNOWN, 50):
        batch = [plain(n) for n in range(number, number + 50)]
        while not stop.is_set():
            try:
                report = engine.index(batch)
            except EngineError as fault:
                record.refused.append(fault)
                stop.wait(0.2)
                continue
            assert report.count("failed") == 0
            record.acknowledged |= {one.id for one in batch}
            break
        if stop.is_set():
            return


def ask(engine: ElasticEngine, record: Record, stop: Event) -> None:
    start = time.monotonic()
    while not stop.wait(0.01):
        asked = time.monotonic()
        try:
            found = engine.search(OLD)
        except EngineError as fault:
            record.failures.append(fault)
        else:
            record.totals.append(found.total)
            record.counts.add(sum(value.count for value in found.facets[0].values))
            record.answered.append(time.monotonic() - start)
        record.waits.append(time.monotonic() - asked)


def timed(action: Callable[[], object]) -> tuple[EngineError | None, float]:
    started, fault = time.monotonic(), None
    try:
        action()
    except EngineError as found:
        fault = found
    return fault, time.monotonic() - started


def polled(promise: Callable[[], bool]) -> None:
    """Wait until it holds, a minute at most: whoever asks then says what is missing."""
    until = time.monotonic() + 60
    while not promise() and time.monotonic() < until:
        time.sleep(0.05)


def during(access: Access, action: Callable[[], object], record: Record) -> None:
    """Bring and ask before and after something happens, with an engine for each."""
    stop = Event()
    engines = [ElasticEngine(access, "dateline", shards=3) for _ in range(3)]
    threads = [
        Thread(target=work, args=(engine, record, stop))
        for work, engine in zip((bring, ask, ask), engines, strict=True)
    ]
    for each in threads:
        each.start()
    try:
        polled(lambda: len(record.acknowledged) >= 500 and len(record.totals) >= 50)
        action()
        brought, asked = len(record.acknowledged), len(record.totals)
        polled(lambda: len(record.acknowledged) >= brought + 1000)
        polled(lambda: len(record.totals) >= asked + 100)
    finally:
        stop.set()
        for each in threads:
            each.join()
        for engine in engines:
            engine.close()


@pytest.fixture(scope="module")
def record() -> Iterator[Record]:
    if settings.get_current_profile_name() != "thorough":
        pytest.skip("Three nodes are started at --hypothesis-profile thorough only.")
    with nodes.started(3) as three:
        yield drama(three)


def drama(three: Nodes) -> Record:
    """Kill the node that leads in the middle of all, and later another one."""
    access = Access(three.urls, seconds=SECONDS)
    record, patient = Record(), replace(access, seconds=60.0)
    with closing(ElasticEngine(patient, "dateline", shards=3)) as engine:
        engine.index([plain(n, title="Steadfast") for n in range(KNOWN)], refresh=True)
        green(access)
        first = master(access)
        during(access, lambda: three.kill(first), record)
        record.left = {one.id for one in engine.scan()}
    with closing(ElasticEngine(access, "dateline", shards=3)) as engine:
        engine.search(OLD)
        three.kill((first + 1) % 3)
        polled(lambda: engine.health().status == "down")
        actions: list[Callable[[], object]] = [
            lambda: engine.search(OLD),
            lambda: engine.index([plain(10**6)]),
            lambda: engine.get(plain(1).id),
            lambda: list(engine.scan(OLD)),
        ]
        record.alone = [timed(each) for each in actions]
        record.alone.append((None, timed(engine.health)[1]))
        assert engine.health().status == "down"
    return record


def test_nothing_that_was_acknowledged_is_lost_with_a_node(record: Record) -> None:
    assert len(record.acknowledged) >= 1500
    known = {f"n{n}" for n in range(KNOWN)}
    assert known | record.acknowledged <= record.left


def test_no_answer_has_a_part_missing_while_a_node_dies(record: Record) -> None:
    assert len(record.totals) >= 150
    assert set(record.totals) == {KNOWN}
    assert len(record.counts) == 1


def test_what_is_not_answered_is_said_to_be_away_in_time(record: Record) -> None:
    possible = (EngineUnavailableError, EngineTimeoutError, EngineBusyError)
    for fault in (*record.failures, *record.refused):
        assert isinstance(fault, possible)
    assert max(record.waits) < SECONDS + 2


def test_searches_go_on_without_the_node(record: Record) -> None:
    answered = sorted(record.answered)
    gaps = [after - before for before, after in pairwise(answered)]
    print(
        f"{len(record.acknowledged)} acknowledged, {len(record.refused)} refused; "
        f"{len(record.totals)} of {len(record.waits)} searches answered, longest gap "
        f"{max(gaps):.1f} s; alone: {record.alone}"
    )
    assert max(gaps) < 20


def test_one_node_of_three_says_that_it_cannot_in_time(record: Record) -> None:
    for fault, seconds in record.alone:
        assert fault is None or isinstance(
            fault, (EngineUnavailableError, EngineTimeoutError)
        )
        assert seconds < 3 * SECONDS
    written = record.alone[1][0]
    assert written is not None
