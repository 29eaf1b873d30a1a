"""GET /v1/facets/{field}: all values of a facet, as JSON or CSV."""

from __future__ import annotations

from flask import Response

from api.answering import answer, asked
from api.formats import CSV, Format, offered
from api.openapi import JSON, Blueprint
from api.problems import KINDS, Problem
from schemas import answers, results
from schemas.views import VIEWS
from search.catalog import FACET_FIELDS
from search.query.nearest import nearest

blp = Blueprint("facets", __name__, description="The values of a facet.")


@offered(
    blp,
    "/facets/<field>",
    Format("json", JSON, answers.FACET, results.facet),
    Format("csv", CSV, answers.TEXT, results.facet_csv, file="{field}.csv"),
    query=VIEWS["facets"],
    problems=(KINDS["not-found"].status,),
)
def facet(form: Format, field: str) -> Response:
    """List the values of a facet and how many articles have each; as a table:
    `id,name,count,first_seen,last_seen`."""
    if field not in FACET_FIELDS:
        raise Problem(
            "not-found",
            f"There is no such facet. Facets: {', '.join(FACET_FIELDS)}.",
            suggestion=nearest(field[:100], FACET_FIELDS),
        )
    return answer(asked("facets", field), form.kind, form.dump)
