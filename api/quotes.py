"""GET /v1/quotes: keyword in context, as JSON by the page or as one stream."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Response

from api.answering import find, fresh, known, tagged
from api.current import now
from api.exports import streamed, streams
from api.formats import Format, offered
from api.openapi import JSON, Blueprint, pairs
from schemas import listed, quoting
from schemas.views import VIEWS

blp = Blueprint("quotes", __name__, description="Where the words stand.")


def lines(form: Format) -> Response:
    """Stream every match, one a line."""
    return streamed(form, quoting.stream(pairs(), "quote_lines", now=now()))


def table(form: Format) -> Response:
    """Stream every match as a table."""
    return streamed(form, quoting.stream(pairs(), "quote_table", now=now()))


@offered(
    blp,
    "/quotes",
    Format("json", JSON, listed.QUOTES, quoting.dump),
    *streams("quotes", lines, "quote_lines", table, "quote_table"),
    query=VIEWS["quotes"],
)
def quotes(form: Format) -> Response:
    """Show where the words of the question stand, with the text round them."""
    wanted = quoting.load(pairs(), "quotes", now=now())
    if same := known(wanted.query, form.kind):
        return same
    found = find(wanted.query)
    found = replace(found, next=quoting.following(found))
    response = fresh(found, form.kind, partial(form.dump, wanted))
    return tagged(response, found, form.kind)
