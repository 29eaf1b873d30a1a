"""GET /v1/graph: who is mentioned with whom, as JSON, CSV or GraphML."""

from __future__ import annotations

from flask import Response

from api.answering import answer, asked
from api.current import engine
from api.formats import CSV, GRAPHML, Format, offered
from api.openapi import JSON, Blueprint
from schemas import answers, graph as graphs, view_answers
from schemas.queries import Query
from schemas.views import VIEWS

blp = Blueprint("graph", __name__, description="Who is mentioned with whom.")


@offered(
    blp,
    "/graph",
    Format("json", JSON, view_answers.GRAPH, graphs.dump),
    Format("csv", CSV, answers.TEXT, graphs.dump_table, file="graph.csv"),
    Format("graphml", GRAPHML, answers.TEXT, graphs.dump_graphml, file="graph.graphml"),
    query=VIEWS["graph"],
)
def graph(form: Format) -> Response:
    """Return the most frequent values and how many articles each two share; as a table
    of edges: `source,source_name,target,target_name,count,npmi,jaccard`."""

    def find(query: Query) -> graphs.Drawn:
        return graphs.find(query, engine())

    return answer(asked("graph"), form.kind, form.dump, find)
