"""Any question about any corpus: every engine answers as the reference does."""

from hypothesis import HealthCheck, given, note, settings, strategies as st

from search.article import Article
from search.engine import Engine
from search.request import SearchRequest
from tests.corpus import corpora
from tests.engine.agreement import agree
from tests.questions import requests
from tests.reference import ReferenceEngine

MANY = settings(suppress_health_check=list(HealthCheck))


def filled(engine: Engine, corpus: list[Article]) -> Engine:
    """Return a reference that holds the same articles as the engine now does."""
    engine.rebuild(corpus, force=True)
    oracle = ReferenceEngine()
    oracle.rebuild(corpus)
    return oracle


@given(corpora(), st.lists(requests(), min_size=1, max_size=12))
@MANY
def test_every_engine_answers_as_the_reference_does(
    shared_engine: Engine, corpus: list[Article], asked: list[SearchRequest]
) -> None:
    oracle = filled(shared_engine, corpus)
    for request in asked:
        note(repr(request))
        agree(shared_engine, oracle, request, corpus)


@given(corpora(near=False), st.lists(requests(), min_size=1, max_size=12))
@MANY
def test_articles_of_1600_and_of_next_year_are_found_like_any_other(
    shared_engine: Engine, corpus: list[Article], asked: list[SearchRequest]
) -> None:
    oracle = filled(shared_engine, corpus)
    for request in asked:
        note(repr(request))
        agree(shared_engine, oracle, request, corpus)
