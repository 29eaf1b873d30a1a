"""GET /v1/: where everything is, with sample questions made from what is here."""

from __future__ import annotations

from collections import defaultdict

from flask import Response, current_app

from api.answering import unless_known
from api.current import engine, now
from api.formats import PLAIN, accepted
from api.host import address
from api.openapi import JSON, Blueprint, documented, pairs
from api.varying import vary
from schemas import index as indexes
from schemas.fields import Strict
from schemas.given import Given
from schemas.samples import collect

blp = Blueprint("home", __name__, description="Where everything is.")

_NOTHING = Strict()


@blp.route("/")
@documented(
    answers={200: {PLAIN: {"type": "string"}, JSON: indexes.IndexSchema()}, 304: {}},
    headers=("Accept", "If-None-Match"),
)
def index() -> Response:
    """List paths, fields, facets, and questions that this archive can answer: as text
    for people with curl, as JSON where `Accept` asks for it."""
    Given(_NOTHING, pairs())
    kind = accepted(PLAIN, JSON)
    # The text has the server's name in it, as this client writes it.
    here = address() if kind == PLAIN else ""
    seed = f"{engine().stamp()} {engine().entities.stamp()} {here}"
    response = unless_known(seed, kind, lambda: _index(kind, here))
    vary(response, "Accept")
    return response


def _index(kind: str, here: str) -> bytes:
    articles, samples = collect(engine(), now())
    found = indexes.Index(articles, samples, _endpoints())
    return indexes.dump(found) if kind == JSON else indexes.text(found, here)


def _endpoints() -> dict[str, list[str]]:
    methods: defaultdict[str, set[str]] = defaultdict(set)
    for rule in current_app.url_map.iter_rules():
        path = rule.rule.replace("<", "{").replace(">", "}")
        methods[path] |= (rule.methods or set()) - {"HEAD", "OPTIONS"}
    shown = (path for path in sorted(methods) if not path.startswith("/docs/"))
    return {path: sorted(methods[path]) for path in shown}
