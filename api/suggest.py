"""GET /v1/suggest: names that begin as somebody types."""

from __future__ import annotations

from flask import Response

from api.answering import unless_known
from api.current import completer
from api.formats import accepted
from api.openapi import JSON, Blueprint, documented, pairs
from schemas import suggestions

blp = Blueprint("suggest", __name__, description="Names that begin as somebody types.")


@blp.route("/suggest", methods=["GET"])
@documented(
    query=suggestions.PARAMETERS,
    answers={200: {JSON: suggestions.ANSWER}, 304: {}},
    headers=("If-None-Match",),
)
def suggest() -> Response:
    """Complete the name of a company, person, place, tag or source; most used first."""
    typed = suggestions.load(pairs())
    kind = accepted(JSON)
    seed = f"{completer().stamp()} {typed!r}"
    return unless_known(seed, kind, lambda: _completed(typed))


def _completed(typed: suggestions.Typed) -> bytes:
    found = completer().complete(typed.text, typed.kinds, typed.size)
    return suggestions.dump(found)
