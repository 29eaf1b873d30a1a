"""The answer of GET /v1/: where everything is, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from marshmallow import Schema, fields

from schemas.samples import Sample
from schemas.urls import ROOT
from search.catalog import FACET_FIELDS, FIELDS, QUERY_FIELDS


class EndpointSchema(Schema):
    """A path and what may be done there."""

    path = fields.String(required=True)
    methods = fields.List(fields.String(), required=True)


class FieldSchema(Schema):
    """An article's field: `name` in queries and parameters, `key` in the article."""

    name = fields.String(required=True)
    key = fields.String(required=True)
    kind = fields.String(required=True)
    many = fields.Boolean(required=True)
    in_queries = fields.Boolean(required=True)
    description = fields.String(required=True)


class SampleSchema(Schema):
    """A question that this archive can answer, and how many articles match it."""

    title = fields.String(required=True)
    url = fields.String(required=True)
    count = fields.Integer(required=True)


class IndexSchema(Schema):
    """Where everything is."""

    name = fields.String(required=True)
    articles = fields.Integer(required=True)
    endpoints = fields.List(fields.Nested(EndpointSchema), required=True)
    fields_ = fields.List(fields.Nested(FieldSchema), required=True, data_key="fields")
    facets = fields.List(fields.String(), required=True)
    samples = fields.List(fields.Nested(SampleSchema), required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


@dataclass(frozen=True, slots=True)
class Index:
    """What there is: `endpoints` are the methods of each path."""

    articles: int
    samples: Sequence[Sample]
    endpoints: Mapping[str, Sequence[str]]


def dump(index: Index) -> bytes:
    """Return the answer for programs."""
    body = {
        "name": "Dateline",
        "articles": index.articles,
        "endpoints": [
            {"path": path, "methods": methods}
            for path, methods in index.endpoints.items()
        ],
        "fields": [_field(name) for name in FIELDS],
        "facets": list(FACET_FIELDS),
        "samples": [
            {"title": each.title, "url": each.url, "count": each.count}
            for each in index.samples
        ],
        "links": {"docs": "/docs", "openapi": f"{ROOT}openapi.json"},
    }
    return orjson.dumps(body)


def text(index: Index, host: str) -> bytes:
    """Return the answer for people; `host` is where the server is, `http://…`."""
    return ("\n".join(_lines(index, host)) + "\n").encode()


def _lines(index: Index, host: str) -> Iterator[str]:
    yield f"Dateline: {index.articles:,} articles. Documentation: {host}/docs"
    yield ""
    if index.samples:
        yield "Questions that this archive can answer, each a line to copy:"
        yield ""
        for each in index.samples:
            yield f"  curl '{host}{each.url.replace(chr(39), '%27')}'"
            yield f"      {each.title} ({each.count:,})"
    else:
        yield "There are no articles yet: load some with  dateline load FILE"
    yield ""
    yield "Paths:"
    yield ""
    width = max(map(len, index.endpoints), default=0)
    for path, methods in index.endpoints.items():
        yield f"  {path:{width}}  {' '.join(methods)}"
    yield ""
    yield f"Filters, repeat for OR, .all for AND, .not for none: {_listed(FACET_FIELDS)}"
    yield f"Fields in q (title:word): {_listed(QUERY_FIELDS)}"
    yield f"The same as JSON: curl -H 'Accept: application/json' {host}{ROOT}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


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
