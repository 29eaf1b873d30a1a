"""The parts that declarations of answers are made of."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from schemas.parameters import AnyField


def text(*, null: bool = False, doc: str | None = None, **kind: Any) -> fields.String:
    """Return the field of a text that is always there."""
    metadata = {"description": doc, **kind} if doc else kind
    return fields.String(required=True, allow_none=null, metadata=metadata)


def word(options: tuple[str, ...], *, null: bool = False) -> fields.String:
    """Return the field of one of a few words."""
    known = [*options, None] if null else options
    return fields.String(required=True, allow_none=null, validate=validate.OneOf(known))


def number() -> fields.Integer:
    """Return the field of a number of something."""
    return fields.Integer(required=True, validate=validate.Range(min=0))


def address(doc: str) -> fields.String:
    """Return the field of an address: null where it would be too long to ask for."""
    return text(null=True, doc=doc, format="uri-reference")


def made(name: str, declared: dict[str, AnyField]) -> Schema:
    """Return the schema of these fields, known to the document by this name."""
    return Schema.from_dict(declared, name=name)()


def each(schema: Schema, doc: str | None = None) -> fields.List[Any]:
    """Return the field of a list that is always there."""
    metadata = {"description": doc} if doc else {}
    return fields.List(fields.Nested(schema), required=True, metadata=metadata)
