"""GET /v1/articles.ndjson and .csv: everything that matches, as one stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeAlias

import structlog
from flask import Response

from api.answering import find, known, tagged, warned
from api.current import engine, now
from api.formats import CSV, NDJSON, Format
from api.openapi import pairs
from api.request import at_hand
from schemas import answers, exporting
from schemas.exporting import Export
from schemas.views import VIEWS, View
from search.article import ArticleId, StoredArticle

Streamed: TypeAlias = Callable[[Format], Response]

log = structlog.get_logger("dateline")


def lines(form: Format) -> Response:
    """Stream all matches, an article a line."""
    return streamed(form, exporting.load(pairs(), "export", now=now()))


def table(form: Format) -> Response:
    """Stream all matches as a table."""
    return streamed(form, exporting.load(pairs(), "table", now=now()))


def streams(
    name: str, lines: Streamed, line_view: View, table: Streamed, table_view: View
) -> tuple[Format, Format]:
    """Return the two formats of everything at once; `name` is that of their files."""
    ndjson, csv = VIEWS[line_view], VIEWS[table_view]
    dump, text = exporting.pieces, answers.TEXT
    return (
        Format("ndjson", NDJSON, text, dump, f"{name}.ndjson", ndjson, lines),
        Format("csv", CSV, text, dump, f"{name}.csv", csv, table),
    )


FORMATS = streams("articles", lines, "export", table, "table")


def streamed(form: Format, export: Export) -> Response:
    """Return all of an export as one stream, or 304 to a client that has it already."""
    if same := known(export.query, form.kind):
        return same
    found = find(export.query)
    articles = exporting.articles(export, found.echo.request, engine())
    pieces = form.dump(export, _watched(export, articles, at_hand().request_id))
    # The first piece is made now: what is wrong becomes a problem, not half a file.
    first = next(pieces, b"")
    response = Response(chain((first,), pieces), mimetype=form.kind)
    response.headers["X-Total-Count"] = str(found.result.total)
    return tagged(warned(response, found), found, form.kind)


def _watched(
    export: Export, articles: Iterator[StoredArticle], request_id: str
) -> Iterator[StoredArticle]:
    """Yield the articles; say in the log behind which one the stream broke.

    The error goes on to gunicorn, which then cuts the connection: that is how a client
    learns that something is missing.
    """
    last: ArticleId | None = export.after
    try:
        for article in articles:
            yield article
            last = article.id
    except Exception:
        log.exception("export broken", request_id=request_id, after=last)
        raise
