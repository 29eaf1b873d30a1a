"""Quotes of what an engine finds: the same on every engine."""

from hypothesis import given

from search.article import StoredArticle
from search.catalog import TEXT_FIELDS
from search.query.ast import Node, Term
from search.quotes import Quote, quotes
from search.request import SearchRequest
from tests.engine.archive import Archive
from tests.engine.examples import ASKED
from tests.questions import requests, words


def quoted(stored: StoredArticle, node: Node) -> list[Quote]:
    article = stored.article()
    texts = {field: getattr(article, field) for field in TEXT_FIELDS}
    made = list(quotes(node, texts, 30))
    assert all((texts[q.field] or "")[q.start : q.end] == q.match for q in made)
    return made


@given(requests())
@ASKED
def test_what_is_quoted_is_the_same_on_every_engine(
    archive: Archive, request: SearchRequest
) -> None:
    mine, theirs = (
        {one.id: quoted(one, request.query) for one in engine.scan(request)}
        for engine in (archive.engine, archive.oracle)
    )
    assert mine == theirs


@given(words())
@ASKED
def test_every_article_found_by_a_word_has_a_quote(archive: Archive, word: str) -> None:
    node = Term(word)
    for one in archive.engine.scan(SearchRequest(query=node)):
        assert quoted(one, node)
