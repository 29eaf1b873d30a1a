"""From bytes to JSON values: the one parser of bodies, strict."""

from __future__ import annotations

import json
from typing import Any

import orjson

from schemas.problems import Fault, Invalid

_MARK = b"\xef\xbb\xbf"
_BEFORE = b'" \t\n\r'
_CONTAINERS = (dict, list)
_SHOWN = 100


def decode(raw: bytes) -> Any:
    """Return the values of a JSON text.

    Refuses what parsers read differently: NaN, halves of surrogate pairs, a key that
    stands twice in an object; and nesting beyond 1,024 levels. A byte order mark is
    skipped. Raises Invalid with line and column.
    """
    try:
        values = orjson.loads(raw.removeprefix(_MARK))
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        detail = f"This is not valid JSON: {error.msg} ({place})."
        raise Invalid([Fault("", detail)]) from None
    if _count_colons(raw) != _count_keys(values):
        _check_keys(raw.removeprefix(_MARK))
    return values


def _count_colons(raw: bytes) -> int:
    """Return how many keys there may be: of them all none was lost, if all are there.

    Behind a key stands a colon; before that a quote or white space.
    """
    pieces = raw.split(b":")
    return len([1 for piece in pieces if piece[-1:] in _BEFORE]) - (
        pieces[-1][-1:] in _BEFORE
    )


def _count_keys(values: Any) -> int:
    count = 0
    waiting = [values] if type(values) in _CONTAINERS else []
    while waiting:
        value = waiting.pop()
        if type(value) is dict:
            count += len(value)
            value = value.values()
        waiting += [each for each in value if type(each) in _CONTAINERS]
    return count


def _check_keys(raw: bytes) -> None:
    try:
        json.loads(raw, object_pairs_hook=_distinct, parse_int=str, parse_float=str)
    except RecursionError:
        raise Invalid([Fault("", "This is nested too deeply.")]) from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            detail = f"The key {key[:_SHOWN]!r} stands twice in an object. Keep one."
            raise Invalid([Fault("", detail)])
        found[key] = value
    return found
