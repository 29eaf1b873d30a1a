"""GET /v1/count: how many articles match, as JSON or as a bare number."""

from __future__ import annotations

from flask import Response

from api.answering import answer, asked
from api.formats import PLAIN, Format, offered
from api.openapi import JSON, Blueprint
from schemas import answers, results
from schemas.results import Found
from schemas.views import VIEWS

blp = Blueprint("counts", __name__, description="How many articles match.")


def number(found: Found) -> bytes:
    """Return how many articles match, and a line's end."""
    return b"%d\n" % found.result.total


@offered(
    blp,
    "/count",
    Format("json", JSON, answers.COUNT, results.count),
    Format("txt", PLAIN, answers.TEXT, number),
    query=VIEWS["count"],
)
def count(form: Format) -> Response:
    """Count the articles that match; as plain text, a bare number."""
    return answer(asked("count"), form.kind, form.dump)
