"""Questions that are too long for an address: the same parameters as a body.

A form has them as an address does. A JSON object has repeated values as an array, and
comma lists as a string or an array; its faults have a JSON pointer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import fields

from schemas.decode import decode
from schemas.parameters import AnyField, Listing, Names
from schemas.problems import Fault, Invalid, ParameterError, flatten
from schemas.queries import Query, load
from schemas.urls import Pair
from schemas.views import VIEWS, View
from search.errors import CursorError
from search.query.nearest import nearest

_VIEW: View = "articles"
_FIELDS = VIEWS[_VIEW].fields


def load_form(raw: bytes, *, now: datetime) -> Query:
    """Return the query of `application/x-www-form-urlencoded`.

    Raises as `schemas.queries.load` does, and Invalid for what is not UTF-8.
    """
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Invalid([Fault("", "Send the form in UTF-8.")]) from None
    return load(pairs, _VIEW, now=now)


def load_json(raw: bytes, *, now: datetime) -> Query:
    """Return the query of a JSON object; raises Invalid with pointers."""
    body = decode(raw)
    if not isinstance(body, dict):
        raise Invalid([Fault("", "Send a JSON object of parameters.")])
    pairs, messages = _read(body)
    if messages:
        raise Invalid(list(flatten(messages)))
    try:
        return load(pairs, _VIEW, now=now)
    except (ParameterError, CursorError) as error:
        raise invalid(error) from None


def invalid(error: ParameterError | CursorError) -> Invalid:
    """Return the fault of a parameter as one of a body."""
    if isinstance(error, CursorError):
        return Invalid(list(flatten({"cursor": str(error)})))
    parts = [error.detail]
    if error.position is not None and error.context is not None:
        parts.append(f"It is at character {error.position}.")
    if error.suggestion is not None:
        parts.append(f"Try: {error.suggestion}")
    return Invalid(list(flatten({error.parameter: " ".join(parts)})))


def _read(body: Mapping[str, Any]) -> tuple[list[Pair], dict[str, Any]]:
    pairs: list[Pair] = []
    messages: dict[str, Any] = {}
    for name, value in body.items():
        field = _FIELDS.get(name)
        if field is None:
            messages[name[:100]] = _unknown(name)
            continue
        faults = dict(_faults(field, value))
        if faults:
            messages[name] = faults
        else:
            pairs += ((name, text) for text in _texts(field, value))
    return pairs, messages


def _unknown(name: str) -> str:
    near = nearest(name[:100], _FIELDS)
    hint = f" Do you mean {near}?" if near else ""
    return f"There is no such parameter.{hint}"


def _faults(field: AnyField, value: Any) -> Iterator[tuple[str | int, str]]:
    if isinstance(field, (Names, Listing)) and isinstance(value, list):
        for place, each in enumerate(value):
            if not isinstance(each, str):
                yield place, "Send a string."
    elif value is not None and not isinstance(value, str):
        kinds, sentence = _expected(field)
        if type(value) not in kinds:
            yield "_schema", sentence


def _expected(field: AnyField) -> tuple[tuple[type, ...], str]:
    """Return the JSON types beside strings that a parameter takes."""
    if isinstance(field, (Names, Listing)):
        return (), "Send a string or an array of strings."
    if isinstance(field, fields.Integer):
        return (int,), "Send a whole number."
    if isinstance(field, fields.Boolean):
        return (bool,), "Send true or false."
    return (), "Send a string."


def _texts(field: AnyField, value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if not isinstance(value, list):
        return [str(value)]
    return value if isinstance(field, Names) else [",".join(value)]
