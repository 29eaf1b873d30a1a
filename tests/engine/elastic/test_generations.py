"""Several processes at one archive: rebuilds, what a crash left, races of writers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from threading import Barrier

import pytest

from search.article import Article
from search.elastic.engine import ElasticEngine
from search.elastic.mapping import mappings
from search.errors import ConflictError, EngineBusyError
from search.query.ast import Term
from search.request import FacetRequest, SearchRequest, Selection
from tests import cluster
from tests.corpus import article
from tests.engine.agreement import agree, ids
from tests.reference import ReferenceEngine

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]


def indexes(name: str) -> set[str]:
    return set(cluster.ask("GET", f"/{name}-*/_alias"))


def opened(name: str, *, shards: int = 1) -> ElasticEngine:
    return ElasticEngine(cluster.access(), name, shards=shards)


@contextmanager
def several(name: str, count: int) -> Iterator[list[ElasticEngine]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(opened(name))) for _ in range(count)]


def plain(number: int, **changes: str) -> Article:
    return replace(article(number), version=None, indexed_at=None, **changes)


def left(name: str, beat: float) -> None:
    """Make what a rebuild leaves that was killed at this time."""
    body = {"mappings": mappings()}
    body["mappings"]["_meta"]["dateline"]["beat"] = beat
    cluster.ask("PUT", f"/{name}-000002", body)
    cluster.ask("PUT", f"/{name}-000002-gone")


def test_a_rebuild_sweeps_what_a_crash_left(engine: ElasticEngine, name: str) -> None:
    engine.index([article(1)], refresh=True)
    left(name, beat=1.0)
    cluster.ask("PUT", f"/{name}-000001/_block/write")
    engine.rebuild()
    assert indexes(name) == {f"{name}-000003", f"{name}-000003-gone"}
    assert engine.index([article(2)]).count("created") == 1
    assert engine.search(SearchRequest()).total == 1


def test_two_rebuilds_at_once_are_one_too_many(
    engine: ElasticEngine, name: str
) -> None:
    engine.index([article(1)], refresh=True)

    def slow() -> Iterator[Article]:
        with closing(opened(name)) as other, pytest.raises(EngineBusyError):
            other.rebuild()
        yield article(1)

    engine.rebuild(slow())
    assert engine.search(SearchRequest()).total == 1


def test_a_failed_rebuild_leaves_nothing_and_no_block(
    engine: ElasticEngine, name: str
) -> None:
    engine.index([article(n) for n in range(20)], refresh=True)
    with pytest.raises(ArithmeticError):
        engine.rebuild(replace(article(n), id=str(1 // (5 - n))) for n in range(9))
    assert indexes(name) == {f"{name}-000001", f"{name}-000001-gone"}
    assert engine.index([article(99)]).count("created") == 1


def test_several_processes_make_one_archive(name: str) -> None:
    barrier = Barrier(4)

    def start(engine: ElasticEngine) -> int:
        barrier.wait()
        return engine.search(SearchRequest()).total

    with several(name, 4) as engines, ThreadPoolExecutor(4) as threads:
        assert list(threads.map(start, engines)) == [0] * 4
    assert indexes(name) == {f"{name}-000001", f"{name}-000001-gone"}


def replaced_if(
    engine: ElasticEngine, one: Article, *, barrier: Barrier, version: int
) -> str | None:
    """Replace an article together with others; return its title if that worked."""
    barrier.wait()
    try:
        engine.index([one], if_version=version)
    except ConflictError:
        return None
    return one.title


def test_of_two_who_replace_the_same_version_one_wins(name: str) -> None:
    with several(name, 2) as engines, ThreadPoolExecutor(2) as threads:
        for number in range(10):
            one = plain(number)
            version = engines[0].index([one]).outcomes[0].version
            changes = [replace(one, title=title) for title in ("a", "b")]
            replaced = partial(replaced_if, barrier=Barrier(2), version=version)
            won = [title for title in threads.map(replaced, engines, changes) if title]
            assert len(won) == 1
            assert engines[0].get(one.id).article().title == won[0]


def test_versions_rise_while_several_write_the_same_article(name: str) -> None:
    with several(name, 3) as engines, ThreadPoolExecutor(3) as threads:

        def write(engine: ElasticEngine) -> list[int]:
            titled = (plain(1, title=f"{id(engine)} {n}") for n in range(15))
            return [engine.index([one]).outcomes[0].version for one in titled]

        versions = [v for each in threads.map(write, engines) for v in each]
        assert len(set(versions)) == 45
        assert engines[0].get(article(1).id).version == max(versions)


def test_a_scan_goes_on_over_a_rebuild(engine: ElasticEngine) -> None:
    many = [replace(article(n % 50), id=f"m{n:04}", version=n + 1) for n in range(2500)]
    engine.index(many, refresh=True)
    scan = engine.scan()
    seen = [one.id for one in islice(scan, 10)]
    engine.rebuild()
    seen += [one.id for one in scan]
    assert len(seen) == len(set(seen)) == 2500


def test_three_shards_answer_as_one_and_rebuild_without_a_loss(name: str) -> None:
    corpus = [article(number) for number in range(300)]
    oracle = ReferenceEngine()
    oracle.index(corpus)
    facets = (
        FacetRequest("company", 2),
        FacetRequest("tag", None),
        FacetRequest("source"),
    )
    asked = [
        SearchRequest(sort="newest", limit=50, facets=facets),
        SearchRequest(query=Term("tax"), sort="oldest", facets=facets),
        SearchRequest(
            selections=(Selection("company", ("Shell plc",)),), facets=facets
        ),
    ]
    with closing(opened(name, shards=3)) as engine:
        engine.index(corpus, refresh=True)

        def slow() -> Iterator[Article]:
            yield from corpus
            engine.index([article(1000), plain(3, title="tax")])
            engine.delete([corpus[4].id])

        engine.rebuild(slow())
        kept = [one.article() for one in engine.scan()]
        assert {one.id for one in kept} == {
            *(one.id for one in corpus if one.id != corpus[4].id),
            article(1000).id,
        }
        assert engine.get(corpus[3].id).article().title == "tax"
        oracle.rebuild(kept, force=True)
        for request in asked:
            agree(engine, oracle, request, corpus)


def test_more_values_than_are_counted_at_once_are_walked(
    engine: ElasticEngine, name: str
) -> None:
    tagged = [
        replace(article(n), authors=tuple(f"Author {n} {k}" for k in range(100)))
        for n in range(620)
    ]
    engine.index(tagged, refresh=True)
    request = SearchRequest(limit=0, facets=(FacetRequest("author", None),))
    (facet,) = engine.search(request).facets
    assert facet.distinct == 62_000
    assert len(ids(engine.search(SearchRequest(limit=10)))) == 10


def test_a_hundred_long_values_may_be_selected(engine: ElasticEngine) -> None:
    corpus = [article(number) for number in range(50)]
    engine.index(corpus, refresh=True)
    oracle = ReferenceEngine()
    oracle.index(corpus)
    names = (*(f"{'a.b*' * 100} {n}" for n in range(99)), "Shell plc")
    request = SearchRequest(
        selections=(Selection("company", names, ids=("bp", "x" * 70_000)),),
        facets=(FacetRequest("company"),),
    )
    agree(engine, oracle, request, corpus)


def test_a_selected_value_below_the_cut_under_another_name_is_counted(
    engine: ElasticEngine,
) -> None:
    corpus = [article(number) for number in range(200)]
    engine.index(corpus, refresh=True)
    oracle = ReferenceEngine()
    oracle.index(corpus)
    for company in ("Shell plc", "Tesla, Inc.", "Facebook", "BP"):
        request = SearchRequest(
            selections=(Selection("company", (company,)),),
            facets=(FacetRequest("company", 1),),
        )
        agree(engine, oracle, request, corpus)
