"""The last touches to the OpenAPI document: what marshmallow says of Python, not of us."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

JsonObject = dict[str, Any]

_NOT_GIVEN: tuple[Any, ...] = (None, "()", [])
_METHODS = ("get", "put", "post", "delete")
_ABOUT = ("description", "default")
_FOREIGN = "PaginationMetadata"


def tidy(document: JsonObject) -> JsonObject:
    """Return the document with what a client may send, no more and no less.

    A parameter that is not given has no value, and no null can be written in an
    address; a schema of flask-smorest that nothing refers to goes.
    """
    for parameter in _parameters(document):
        _clean(parameter["schema"])
        if parameter["in"] == "query":
            parameter["allowEmptyValue"] = True
    schemas = document["components"]["schemas"]
    schemas.pop(_FOREIGN, None)
    _open(schemas["Problem"])
    for body in _questions(document):
        schemas[body]["additionalProperties"] = False
        properties = schemas[body]["properties"]
        for name, schema in properties.items():
            properties[name] = _in_json(schema)
    return document


def _open(problem: JsonObject) -> None:
    """Let a problem have more members: that of refused lines has the whole report."""
    problem["additionalProperties"] = True
    faults = problem["properties"]["errors"]
    line = {"$ref": "#/components/schemas/Line"}
    faults["items"] = {"anyOf": [faults["items"], line]}


def _parameters(document: JsonObject) -> Iterator[JsonObject]:
    for path in document["paths"].values():
        for method in _METHODS:
            yield from path.get(method, {}).get("parameters", ())


def _questions(document: JsonObject) -> set[str]:
    """Return the schemas of bodies that hold parameters: those sent as forms."""
    found = set()
    for path in document["paths"].values():
        content = path.get("post", {}).get("requestBody", {}).get("content", {})
        form = content.get("application/x-www-form-urlencoded")
        if form:
            found.add(form["schema"]["$ref"].rpartition("/")[2])
    return found


def _clean(schema: JsonObject) -> None:
    if schema.get("default", ...) in _NOT_GIVEN:
        del schema["default"]
    if isinstance(schema.get("type"), list):
        [schema["type"]] = [kind for kind in schema["type"] if kind != "null"]
    if "enum" in schema:
        schema["enum"] = [word for word in schema["enum"] if word is not None]


def _in_json(schema: JsonObject) -> JsonObject:
    """Return the schema of a parameter in a JSON body, where more ways are open."""
    _clean(schema)
    about: JsonObject = {k: schema.pop(k) for k in _ABOUT if k in schema}
    return {**about, "anyOf": [schema, *_other_ways(schema), {"type": "null"}]}


def _other_ways(schema: JsonObject) -> Iterator[JsonObject]:
    match schema["type"]:
        case "array":
            yield {"type": "string"}
        case "integer":
            yield {"type": "string", "pattern": r"^\s*([0-9]{1,9})?\s*$"}
        case "boolean":
            yield {"type": "string", "pattern": r"^\s*(true|false)?\s*$"}
        case _ if "pattern" in schema:
            yield {"type": "array", "items": {"type": "string"}}
        case _ if "enum" in schema:
            yield {"type": "string", "pattern": r"^\s*$"}
