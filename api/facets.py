"""GET /v1/facets/{field}: all values of a facet, as JSON or CSV."""

from __future__ import annotations

from flask import Response

from api.answering import CSV, accepted, answer, asked, suffixed
from api.openapi import JSON, Blueprint, documented
from api.problems import KINDS, Problem
from schemas import answers, results
from schemas.views import VIEWS
from search.catalog import FACET_FIELDS
from search.query.nearest import nearest

blp = Blueprint("facets", __name__, description="The values of a facet.")


@blp.route("/facets/<field>", methods=["GET"])
@documented(
    query=VIEWS["facets"],
    answers={200: {JSON: answers.FACET, CSV: answers.CSV}, 304: {}},
    problems=(KINDS["not-found"].status,),
    headers=("Accept", "If-None-Match"),
)
def facet(field: str) -> Response:
    """List the values of a facet and how many articles have each; also as
    `field.csv`: `id,name,count`."""
    name, kind = suffixed(field)
    if name not in FACET_FIELDS:
        raise Problem(
            "not-found",
            f"There is no such facet. Facets: {', '.join(FACET_FIELDS)}.",
            suggestion=nearest(name[:100], FACET_FIELDS),
        )
    response = _answer(name, kind or accepted(JSON, CSV))
    if kind is None:
        response.vary.add("Accept")
    return response


def _answer(name: str, kind: str) -> Response:
    dump = results.facet_csv if kind == CSV else results.facet
    response = answer(asked("facets", name), kind, dump)
    if kind == CSV:
        file = f'attachment; filename="{name}.csv"'
        response.headers["Content-Disposition"] = file
    return response
