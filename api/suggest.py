"""GET /v1/suggest: names that begin as somebody types."""

from __future__ import annotations

from flask import Response

from api.current import completer
from api.formats import accepted
from api.openapi import JSON, Blueprint, documented, pairs
from schemas import suggestions

blp = Blueprint("suggest", __name__, description="Names that begin as somebody types.")


@blp.route("/suggest", methods=["GET"])
@documented(query=suggestions.PARAMETERS, answers={200: {JSON: suggestions.ANSWER}})
def suggest() -> Response:
    """Complete the name of a company, person, place, tag or source; most used first."""
    typed = suggestions.load(pairs())
    kind = accepted(JSON)
    found = completer().complete(typed.text, typed.kinds, typed.size)
    return Response(suggestions.dump(found), mimetype=kind)
