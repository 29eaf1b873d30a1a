"""Everything that matches, as a stream: NDJSON or a table. Both doors write it.

The articles go by date, the oldest first unless `sort=newest`: what comes later stands
behind, so that `after` the last one received brings what is new, and an archive loaded
from an export is the same archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from schemas import queries
from schemas.chosen import ALWAYS, chosen
from schemas.formats.spread import rows
from schemas.given import Given
from schemas.paging import shapes
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.shown import show
from schemas.tables import MARK, liner
from schemas.urls import Pair
from schemas.views import VIEWS
from search.article import ArticleId, StoredArticle
from search.catalog import KEYS
from search.engine import Engine
from search.errors import ArticleNotFoundError
from search.request import SearchRequest

Shape: TypeAlias = Literal["export", "table"]
Line: TypeAlias = Callable[[StoredArticle], bytes]

PIECE = 1 << 16
"""Bytes that are sent at once, about: one article at a time costs half the rate."""

OWN = frozenset(("fields", "after", "bom"))
"""The parameters that do not decide which articles match, nor in which order."""

_ASKED = {*VIEWS["table"].fields, *VIEWS["export"].fields}


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be exported: `lines` makes the bytes of an article.

    `head` stands before the first one; nothing does where an export goes on.
    """

    query: Query
    after: ArticleId | None
    head: bytes
    line: Line


def load(pairs: Iterable[Pair], shape: Shape, *, now: datetime) -> Export:
    """Return what the parameters ask for; `shape` "export" is NDJSON.

    Raises ParameterError, also for what would mean nothing in an export.
    """
    given = Given(VIEWS[shape], _checked(pairs))
    asked = [pair for pair in given.pairs if pair[0] not in OWN]
    query = queries.load(asked, "count", now=now)
    request = replace(query.request, sort=given["sort"])
    query = replace(query, view=shape, pairs=given.pairs, request=request)
    after = given["after"] and ArticleId(given["after"])
    if shape == "export":
        return Export(query, after, b"", _ndjson(chosen(given["fields"], KEYS)))
    usual = tuple(key for key in KEYS if key != "body")
    keys = chosen(given["fields"], usual) or usual
    if keys == (ALWAYS, *given["fields"]):
        keys = (*given["fields"], ALWAYS)  # it begins with what was asked for
    head = (MARK if given["bom"] else b"") + liner()(keys)
    return Export(query, after, b"" if after else head, rows(keys, ZoneInfo(query.tz)))


def articles(
    export: Export, request: SearchRequest | None, engine: Engine
) -> Iterator[StoredArticle]:
    """Return the articles; the first ones are read before it returns.

    `request` is the question with its names resolved. What is wrong with it is raised
    here, and ParameterError where the article that is to be behind is gone.
    """
    try:
        found = engine.scan(request, after=export.after)
        first = next(found, None)
    except ArticleNotFoundError:
        raise ParameterError(
            "after",
            f"There is no article {export.after} any more. Go on behind the one "
            "before it, or start again without after.",
        ) from None
    return chain(() if first is None else (first,), found)


def pieces(export: Export, found: Iterable[StoredArticle]) -> Iterator[bytes]:
    """Yield the bytes in pieces that end with an article's line."""
    waiting, size = [export.head], len(export.head)
    for article in found:
        line = export.line(article)
        waiting.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)


def _checked(pairs: Iterable[Pair]) -> Iterator[Pair]:
    for name, value in pairs:
        known = name in _ASKED
        if not known and (shapes(name) or name == "boost.recent"):
            if value.strip():
                raise ParameterError(
                    name,
                    f"An export has every match, by date: leave {name} out, or search "
                    "(/v1/articles, dateline search).",
                    slug="unknown-parameter",
                )
            continue
        if (name, value.strip()) == ("sort", "relevance"):
            raise ParameterError(
                name,
                "An export goes by date, as far as it reaches: take oldest or newest. "
                "The best ones are where one searches (/v1/articles, dateline search).",
                "newest",
            )
        yield name, value


def _ndjson(keys: tuple[str, ...] | None) -> Line:
    if keys is None:
        return lambda article: article.json() + b"\n"
    return lambda article: show(article, keys) + b"\n"
