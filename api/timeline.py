"""GET /v1/timeline: counts over time, as JSON or CSV."""

from __future__ import annotations

from flask import Response

from api.answering import answer, asked
from api.current import engine
from api.formats import CSV, Format, offered
from api.openapi import JSON, Blueprint
from schemas import answers, series, view_answers
from schemas.queries import Query
from schemas.views import VIEWS

blp = Blueprint("timeline", __name__, description="Counts over time.")


@offered(
    blp,
    "/timeline",
    Format("json", JSON, view_answers.SERIES, series.dump),
    Format("csv", CSV, answers.TEXT, series.dump_table, file="timeline.csv"),
    query=VIEWS["timeline"],
)
def timeline(form: Format) -> Response:
    """Count the articles that match over time; as a table: `from,to,count`, with `by`
    `from,to,id,name,count`."""

    def find(query: Query) -> series.Charted:
        return series.find(query, engine())

    return answer(asked("timeline"), form.kind, form.dump, find)
