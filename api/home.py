"""GET /v1/: where everything is, with sample questions made from what is here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, current_app

from api.current import engine
from api.openapi import JSON, Blueprint, documented, pairs
from schemas.fields import Strict
from schemas.given import Given
from schemas.index import IndexSchema
from search.catalog import FACET_FIELDS, FIELDS, QUERY_FIELDS
from search.request import FacetRequest, SearchRequest
from search.result import SearchResult

blp = Blueprint("home", __name__, description="Where everything is.")

_NOTHING = Strict()
_SAMPLED = ("tag", "company", "person", "source")


@blp.route("/")
@documented(answers={200: {JSON: IndexSchema()}})
def index() -> Response:
    """List endpoints, fields, facets, and questions that this archive can answer."""
    Given(_NOTHING, pairs())
    result = engine().search(_question())
    body = {
        "name": "Dateline",
        "articles": result.total,
        "endpoints": list(_endpoints()),
        "fields": [_field(name) for name in FIELDS],
        "facets": list(FACET_FIELDS),
        "samples": list(_samples(result)),
        "links": {"docs": "/docs", "openapi": "/v1/openapi.json"},
    }
    return Response(orjson.dumps(body), mimetype=JSON)


def _question() -> SearchRequest:
    facets = tuple(FacetRequest(name, size=2) for name in _SAMPLED)
    return SearchRequest(limit=0, facets=facets)


def _endpoints() -> Iterator[dict[str, Any]]:
    methods: defaultdict[str, set[str]] = defaultdict(set)
    for rule in current_app.url_map.iter_rules():
        path = rule.rule.replace("<", "{").replace(">", "}")
        methods[path] |= (rule.methods or set()) - {"HEAD", "OPTIONS"}
    for path in sorted(methods):
        if not path.startswith("/docs/"):
            yield {"path": path, "methods": sorted(methods[path])}


def _field(name: str) -> dict[str, Any]:
    field = FIELDS[name]
    return {
        "name": name,
        "key": field.key,
        "kind": field.kind.value,
        "many": field.many,
        "in_queries": name in QUERY_FIELDS,
        "description": field.doc,
    }


def _samples(result: SearchResult) -> Iterator[dict[str, Any]]:
    yield {"title": "The newest articles", "url": "/v1/articles?sort=newest"}
    for facet in result.facets:
        for value in facet.values:
            query = urlencode({facet.field: value.id, "facet": "tag,company,person"})
            yield {
                "title": f"{facet.field}: {value.name}",
                "url": f"/v1/articles?{query}",
                "count": value.count,
            }
