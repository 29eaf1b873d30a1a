"""Any question about any corpus: every engine answers as the reference does."""

from dataclasses import replace

import pytest
from hypothesis import given, note, strategies as st

from search.article import Article
from search.engine import Engine
from search.query.ast import Fuzzy, Node, Prefix, Term
from search.request import SearchRequest
from search.result import SearchResult
from tests.corpus import corpora
from tests.engine.agreement import agree, answer
from tests.engine.archive import Archive, filled
from tests.engine.examples import ASKED, FILLED, WALKED
from tests.questions import requests


@given(requests())
@ASKED
def test_every_engine_answers_as_the_reference_does(
    archive: Archive, request: SearchRequest
) -> None:
    agree(archive.engine, archive.oracle, request, archive.corpus)


@given(corpora(), st.lists(requests(), min_size=1, max_size=12))
@FILLED
def test_the_answer_is_right_for_any_corpus(
    shared_engine: Engine, corpus: list[Article], asked: list[SearchRequest]
) -> None:
    full = filled(shared_engine, corpus)
    for request in asked:
        note(repr(request))
        agree(full.engine, full.oracle, request, corpus)


@given(st.lists(requests(), max_size=6))
@WALKED
def test_several_questions_are_answered_as_each_alone(
    archive: Archive, asked: list[SearchRequest]
) -> None:
    alone = [(each, answer(archive.engine, each)) for each in asked]
    possible = [(each, found) for each, found in alone if not isinstance(found, type)]
    together = archive.engine.search_all(each for each, _ in possible)
    assert list(map(shown, together)) == [shown(found) for _, found in possible]


@pytest.mark.parametrize(
    "node", [Prefix("x" * 64), Prefix("X" * 70), Fuzzy("x" * 69), Fuzzy("x" * 71)]
)
def test_a_word_longer_than_what_is_indexed_is_found_by_beginning_and_by_slip(
    archive: Archive, node: Node
) -> None:
    whole = archive.engine.search(SearchRequest(query=Term("x" * 70))).total
    assert archive.engine.search(SearchRequest(query=node)).total == whole


def shown(found: SearchResult) -> tuple[SearchResult, bool]:
    """Return what is equal whenever it is asked: a cursor may name its own snapshot."""
    return replace(found, next=None), found.next is None
