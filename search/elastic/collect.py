"""An answer of the cluster as hits: the bytes that were stored, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from search.article import StoredArticle
from search.elastic.cluster import Answer
from search.elastic.cursors import Hits
from search.elastic.mapping import stored
from search.highlight import highlight
from search.request import HighlightRequest, SearchRequest
from search.result import Fragment, Hit


def hits(request: SearchRequest, found: Hits) -> Iterator[Hit]:
    """Yield the hits of a page."""
    scored, wanted = request.order == "relevance", request.highlight
    for each in found:
        article = stored(dict(each))
        marks = tuple(_marks(request, article, wanted)) if wanted else ()
        if not request.body and article.body is not None:
            article = replace(article, body=None)
        yield Hit(article, each["sort"][0] if scored else None, marks)


def total(answer: Answer) -> int:
    """Return how many articles an answer has found."""
    return int(answer["hits"]["total"]["value"])


def _marks(
    request: SearchRequest, article: StoredArticle, wanted: HighlightRequest
) -> Iterator[tuple[str, tuple[Fragment, ...]]]:
    values = orjson.loads(article.json())
    for field in wanted.fields:
        text = values.get(field)
        fragments = highlight(request.query, field, text, wanted) if text else ()
        if fragments:
            yield field, fragments
