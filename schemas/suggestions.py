"""Completions on the wire: what a box that completes names asks, and what it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import orjson
from marshmallow import Schema, fields, validate

from schemas.fields import Strict
from schemas.given import Given
from schemas.parameters import AnyField, Listing, Plain, Whole
from schemas.urls import Pair, url
from search.completion import Completed
from search.entities.profile import KINDS, Kind

_declared: dict[str, AnyField] = {
    "q": Plain("The first letters of a name, or of a word in it.", example="merk"),
    "kind": Listing("Kinds of entities, with commas; not given: all.", KINDS),
    "size": Whole("Names in the answer, at most.", 1, 50, 10),
}
PARAMETERS = Strict.from_dict(_declared, name="SuggestParameters")()

_ITEM: dict[str, AnyField] = {
    "kind": fields.String(required=True, validate=validate.OneOf(KINDS)),
    "id": fields.String(required=True),
    "name": fields.String(required=True),
    "count": fields.Integer(
        required=True, metadata={"description": "Articles that have it."}
    ),
    "matched": fields.String(
        required=True, metadata={"description": "The name of it that begins so."}
    ),
    "highlight": fields.String(
        required=True,
        metadata={"description": "That name as HTML, with <em> round what was typed."},
    ),
    "url": fields.String(
        required=True,
        metadata={"description": "Its articles.", "format": "uri-reference"},
    ),
}
_ANSWER: dict[str, AnyField] = {
    "items": fields.List(
        fields.Nested(Schema.from_dict(_ITEM, name="Suggestion")()), required=True
    )
}
ANSWER = Schema.from_dict(_ANSWER, name="Suggestions")()
"""What is told, for the document."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, for which kinds, and how many names are wanted."""

    text: str
    kinds: tuple[Kind, ...]
    size: int


def load(pairs: Iterable[Pair]) -> Typed:
    """Return what was typed; nothing is an empty text. Raises ParameterError."""
    given = Given(PARAMETERS, pairs)
    return Typed(given["q"] or "", given["kind"] or KINDS, given["size"])


def dump(found: Iterable[Completed]) -> bytes:
    """Return completions as JSON."""
    return orjson.dumps({"items": [_item(each) for each in found]})


def _item(one: Completed) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "id": one.id,
        "name": one.name,
        "count": one.count,
        "matched": one.matched,
        "highlight": _html(one),
        "url": url("articles", [(one.kind, one.id)]),
    }


def _html(one: Completed) -> str:
    before, found = one.matched[: one.start], one.matched[one.start : one.end]
    marked = f"<em>{escape(found)}</em>" if found else ""
    return f"{escape(before)}{marked}{escape(one.matched[one.end :])}"
