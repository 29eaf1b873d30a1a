"""GET /v1/timeline: counts over time, as JSON or CSV."""

from __future__ import annotations

from flask import Response

from api.answering import answer, asked
from api.formats import CSV, Format, offered
from api.openapi import JSON, Blueprint
from schemas import answers, results
from schemas.views import VIEWS

blp = Blueprint("timeline", __name__, description="Counts over time.")


@offered(
    blp,
    "/timeline",
    Format("json", JSON, answers.TIMELINE, results.timeline),
    Format("csv", CSV, answers.CSV, results.timeline_csv, file="timeline.csv"),
    query=VIEWS["timeline"],
)
def timeline(form: Format) -> Response:
    """Count the articles that match over time; as a table: `from,to,count`."""
    return answer(asked("timeline"), form.kind, form.dump)
