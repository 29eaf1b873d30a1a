"""What can be wrong with what a client sent, and the shape in which it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

MOST_FAULTS = 50
"""How many faults of one body are told; the rest is counted in the last one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a body: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


class Invalid(Exception):  # noqa: N818 - reads as what it says
    """A body that is not what it should be: `faults` has at least one, at most 50."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the first faults and say how many more there are."""
        super().__init__(_summed(faults))
        self.faults = _cut(faults)


@dataclass(eq=False)
class ParameterError(Exception):
    """A query parameter that cannot be taken: becomes a 400 that names it.

    `position` counts characters into the parameter's value; `suggestion` is a value
    (or a name, where the name is the fault) that would work.
    """

    parameter: str
    detail: str
    suggestion: str | None = None
    position: int | None = None
    context: str | None = None
    slug: str = "invalid-parameter"

    def __str__(self) -> str:
        return self.detail


def flatten(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Yield marshmallow's nested messages as faults with JSON pointers.

    Keys may be integers (positions in a list); "_schema" is the object itself.
    """
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            step = "" if key == "_schema" else "/" + _escape(str(key))
            yield from flatten(value, pointer + step)
    elif isinstance(messages, str):
        yield Fault(pointer, messages)
    else:
        for message in messages:
            yield from flatten(message, pointer)


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _summed(faults: Sequence[Fault]) -> str:
    """Return the first fault with its place, and how many there are."""
    if not faults:
        return ""
    place = f"{faults[0].pointer}: " if faults[0].pointer else ""
    more = f" `errors` has all {len(faults)}." if len(faults) > 1 else ""
    return f"{place}{faults[0].detail}{more}"


def _cut(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    if len(faults) <= MOST_FAULTS:
        return tuple(faults)
    rest = len(faults) - MOST_FAULTS + 1
    return (*faults[: MOST_FAULTS - 1], Fault("", f"There are {rest} more faults."))


class FaultSchema(Schema):
    """One fault of a request body."""

    pointer = fields.String(metadata={"description": "JSON pointer into the body"})
    detail = fields.String(metadata={"description": "What is wrong, and what to do"})


class ProblemSchema(Schema):
    """An error (RFC 9457)."""

    type = fields.String(required=True, metadata={"example": "/problems/query-syntax"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True)
    parameter = fields.String()
    position = fields.Integer()
    context = fields.String()
    suggestion = fields.String()
    errors = fields.List(fields.Nested(FaultSchema))
