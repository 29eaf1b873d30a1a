"""GET /v1/significant: what is over-represented in the articles that match."""

from __future__ import annotations

from flask import Response

from api.answering import answer, asked
from api.current import engine
from api.formats import CSV, Format, offered
from api.openapi import JSON, Blueprint
from schemas import answers, special, view_answers
from schemas.queries import Query
from schemas.views import VIEWS

blp = Blueprint("significant", __name__, description="What is special.")


@offered(
    blp,
    "/significant",
    Format("json", JSON, view_answers.SIGNIFICANT, special.dump),
    Format("csv", CSV, answers.TEXT, special.dump_table, file="significant.csv"),
    query=VIEWS["significant"],
)
def significant(form: Format) -> Response:
    """List values or words that are far more frequent in the articles that match than
    elsewhere; as a table: `id,name,count,background,score`."""

    def find(query: Query) -> special.Told:
        return special.find(query, engine())

    return answer(asked("significant"), form.kind, form.dump, find)
