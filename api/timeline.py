"""GET /v1/timeline: counts over time, as JSON or CSV."""

from __future__ import annotations

from flask import Response

from api.answering import CSV, accepted, answer, asked
from api.openapi import JSON, Blueprint, documented
from schemas import answers, results
from schemas.views import VIEWS

blp = Blueprint("timeline", __name__, description="Counts over time.")


@blp.route("/timeline", methods=["GET"])
@documented(
    query=VIEWS["timeline"],
    answers={200: {JSON: answers.TIMELINE, CSV: answers.CSV}, 304: {}},
    headers=("Accept", "If-None-Match"),
)
def timeline() -> Response:
    """Count the articles that match over time."""
    response = _answer(accepted(JSON, CSV))
    response.vary.add("Accept")
    return response


@blp.route("/timeline.csv", methods=["GET"])
@documented(
    query=VIEWS["timeline"],
    answers={200: {CSV: answers.CSV}, 304: {}},
    headers=("If-None-Match",),
)
def timeline_csv() -> Response:
    """Count over time, as a table: `from,to,count`."""
    return _answer(CSV)


@blp.route("/timeline.json", methods=["GET"])
@documented(
    query=VIEWS["timeline"],
    answers={200: {JSON: answers.TIMELINE}, 304: {}},
    headers=("If-None-Match",),
)
def timeline_json() -> Response:
    """Count over time, as JSON whatever is accepted."""
    return _answer(JSON)


def _answer(kind: str) -> Response:
    dump = results.timeline_csv if kind == CSV else results.timeline
    response = answer(asked("timeline"), kind, dump)
    if kind == CSV:
        response.headers["Content-Disposition"] = 'attachment; filename="timeline.csv"'
    return response
