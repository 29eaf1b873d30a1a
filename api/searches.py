"""GET /v1/articles and POST /v1/search: articles, facets and a timeline in one answer."""

from __future__ import annotations

from flask import Response, request

from api import exports, feeds
from api.answering import answer, asked, find, fresh
from api.current import now
from api.formats import Format, accepted, offered
from api.incoming import whole
from api.openapi import JSON, Blueprint, documented, pairs
from api.problems import KINDS, Problem
from schemas import answers, bodies, results
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.views import VIEWS
from search.errors import CursorError

FORM = "application/x-www-form-urlencoded"
LARGEST_BODY = 1_000_000
"""Bytes of a question; 100 names in every filter are a tenth of it."""

blp = Blueprint("searches", __name__, description="Questions to the archive.")


@offered(
    blp,
    "/articles",
    Format("json", JSON, answers.SEARCH, results.articles),
    *exports.FORMATS,
    *feeds.FORMATS,
    query=VIEWS["articles"],
)
def search(form: Format) -> Response:
    """Search; facets and timeline in the same answer."""
    return answer(asked("articles"), form.kind, form.dump)


@blp.route("/search", methods=["POST"])
@documented(
    body={JSON: VIEWS["articles"], FORM: VIEWS["articles"]},
    answers={200: {JSON: answers.SEARCH}},
    problems=tuple(
        KINDS[slug].status
        for slug in ("too-large", "unsupported-media-type", "invalid-body")
    ),
)
def search_body() -> Response:
    """Search with the parameters in the body, for what is too long for an address.

    To go on, send the same body with the `cursor` of `links.next`.
    """
    kind = accepted(JSON)
    return fresh(_found(), kind, results.articles)


def _found() -> results.Found:
    query = _body()
    try:
        return find(query)
    except (ParameterError, CursorError) as error:
        if request.mimetype == JSON:
            raise bodies.invalid(error) from None
        raise


def _body() -> Query:
    for name, _ in pairs():
        raise ParameterError(name, "Give all parameters in the body here.")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem("unsupported-media-type", "Send the body without encoding.")
    loaders = {JSON: bodies.load_json, FORM: bodies.load_form}
    if request.mimetype not in loaders:
        raise Problem("unsupported-media-type", f"Send {JSON} or {FORM}.")
    raw = whole(LARGEST_BODY, "A question")
    return loaders[request.mimetype](raw, now=now())
