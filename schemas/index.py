"""The answer of GET /v1/, for the document."""

from __future__ import annotations

from marshmallow import Schema, fields


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
    """A question that this archive can answer."""

    title = fields.String(required=True)
    url = fields.String(required=True)
    count = fields.Integer()


class IndexSchema(Schema):
    """Where everything is."""

    name = fields.String(required=True)
    articles = fields.Integer(required=True)
    endpoints = fields.List(fields.Nested(EndpointSchema), required=True)
    fields_ = fields.List(fields.Nested(FieldSchema), required=True, data_key="fields")
    facets = fields.List(fields.String(), required=True)
    samples = fields.List(fields.Nested(SampleSchema), required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
