"""Articles like one, on the wire: found, and shown as a search shows its articles."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import quote

import orjson

from schemas import echo as echoes, links
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.results import Found, head, item
from schemas.urls import url
from search.article import Article, ArticleId
from search.engine import Engine
from search.result import Hit, SearchResult
from search.similar import CANDIDATES, similar


@dataclass(frozen=True, slots=True)
class Alike(Found):
    """What was found like `article`; `copies` are the ids of near copies of it."""

    article: ArticleId
    copies: frozenset[ArticleId]


def find(query: Query, engine: Engine, article: Article) -> Alike:
    """Return a page of the articles that are most like one, names resolved.

    Raises ParameterError for a page behind the last article that is compared, and for
    names that a strict query may not give.
    """
    last = query.request.offset + query.request.limit
    if last > CANDIDATES:
        raise ParameterError(
            "page",
            f"page x limit is {last:,}; the {CANDIDATES} most alike are listed. Ask for "
            "a lower page, or narrow the question by filters.",
        )
    started, stamp = perf_counter(), engine.stamp()
    echo = echoes.resolve(query, engine)
    found = similar(engine, article, echo.request)
    took_ms = round((perf_counter() - started) * 1000)
    page = found.articles[query.request.offset : last]
    hits = tuple(Hit(each.article, each.likeness) for each in page)
    result = SearchResult(found.total, "relevance", hits, stamp=stamp)
    copies = frozenset(each.article.id for each in page if each.near_copy)
    following = None
    if len(found.articles) > last and query.request.limit:
        after = [*links.unpaged(query), ("page", str(query.page + 1))]
        following = url(path(article.id), after)
    return Alike(query, result, echo, took_ms, following, article.id, copies)


def dump(found: Alike) -> bytes:
    """Return the answer; each article says how alike it is and whether it is a copy."""
    query, hits = found.query, found.result.hits
    shown = (item(hit, query, near_copy=hit.article.id in found.copies) for hit in hits)
    return orjson.dumps(
        {
            **head(found),
            "items": list(shown),
            "warnings": found.echo.warnings,
            "links": _links(found),
        }
    )


def path(article: ArticleId) -> str:
    """Return the path, below the root, of what is like an article."""
    return f"{_article(article)}/similar"


def _links(found: Alike) -> dict[str, Any]:
    pages = links.pages(found.query, path(found.article), found.next)
    return {**pages, "article": url(_article(found.article), ())}


def _article(article: ArticleId) -> str:
    return f"articles/{quote(article, safe=':,=@+~')}"
