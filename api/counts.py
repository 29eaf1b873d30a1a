"""GET /v1/count: how many articles match, as JSON or as a bare number."""

from __future__ import annotations

from flask import Response

from api.answering import PLAIN, accepted, answer, asked
from api.openapi import JSON, Blueprint, documented
from schemas import answers, results
from schemas.results import Found
from schemas.views import VIEWS

blp = Blueprint("counts", __name__, description="How many articles match.")


@blp.route("/count", methods=["GET"])
@documented(
    query=VIEWS["count"],
    answers={200: {JSON: answers.COUNT, PLAIN: {"type": "string"}}, 304: {}},
    headers=("Accept", "If-None-Match"),
)
def count() -> Response:
    """Count the articles that match."""
    kind = accepted(JSON, PLAIN)
    response = answer(asked("count"), kind, _number if kind == PLAIN else results.count)
    response.vary.add("Accept")
    return response


@blp.route("/count.json", methods=["GET"])
@documented(
    query=VIEWS["count"],
    answers={200: {JSON: answers.COUNT}, 304: {}},
    headers=("If-None-Match",),
)
def count_json() -> Response:
    """Count the articles that match, as JSON whatever is accepted."""
    return answer(asked("count"), JSON, results.count)


def _number(found: Found) -> bytes:
    return b"%d\n" % found.result.total
