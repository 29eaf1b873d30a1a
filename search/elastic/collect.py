"""An answer of the cluster as hits: the bytes that were stored, and what was found."""

from __future__ import annotations

from collections.abc import Iterator

from search.article import StoredArticle
from search.elastic.cluster import Answer
from search.elastic.cursors import Hits
from search.elastic.mapping import stored
from search.highlight import highlights
from search.request import SearchRequest
from search.result import Hit


def hits(request: SearchRequest, found: Hits) -> Iterator[Hit]:
    """Yield the hits of a page."""
    scored = request.order == "relevance"
    for each in found:
        article = stored(dict(each))
        marks = highlights(request, article)
        if not request.body and article.body is not None:
            article = StoredArticle(article.id, article.version, article.head)
        yield Hit(article, each["sort"][0] if scored else None, marks)


def total(answer: Answer) -> int:
    """Return how many articles an answer has found."""
    return int(answer["hits"]["total"]["value"])
