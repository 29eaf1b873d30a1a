"""A question's newest articles as a feed."""

from __future__ import annotations

from datetime import datetime

from schemas import links
from schemas.formats.feeds import NAME, Feed
from schemas.queries import Query
from schemas.results import Found
from schemas.urls import encode, whole
from search.article import Article
from search.request import WINDOW


def feed(found: Found, base: str, suffix: str) -> Feed:
    """Return the feed of an answer; `base` is the address of this server."""
    query, path = found.query, f"{links.ARTICLES}.{suffix}"
    asked = links.selecting(query)
    return Feed(
        title=_title(query),
        base=base,
        path=whole(path, query.pairs),
        home=whole(links.ARTICLES, asked),
        key=f"{links.ARTICLES}?{encode(sorted(asked))}",
        articles=tuple(hit.article.article() for hit in found.result.hits),
        next=_next(found, path),
    )


def _next(found: Found, path: str) -> str | None:
    """Return the address of the articles behind: a page, as a cursor has a time in it
    and a feed that nothing happened to stays as it is."""
    query, limit = found.query, found.query.request.limit
    following = links.next_page(query, found.result, path)
    if query.request.cursor or (query.page + 1) * limit > WINDOW:
        return following
    after = [*links.unpaged(query), ("page", str(query.page + 1))]
    return following and whole(path, after)


def modified(articles: tuple[Article, ...]) -> datetime | None:
    """Return when the newest change of these articles reached us."""
    return max((each.indexed_at for each in articles if each.indexed_at), default=None)


def _title(query: Query) -> str:
    """Return the question as a person would write it on a folder."""
    asked = links.selecting(query)
    parts = (text if name == "q" else f"{name}: {text}" for name, text in asked)
    told = ", ".join(" ".join(part.split()) for part in parts)
    return f"{NAME}: {told}" if told else NAME
