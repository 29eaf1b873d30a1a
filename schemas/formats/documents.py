"""JSON texts that are no lines: ninjs, JSON Feed, or articles of our own in a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.decode import decode
from schemas.formats import channels, ninjs
from schemas.formats.drafts import Draft, UnreadableError
from schemas.problems import Invalid


def read(data: bytes) -> list[Draft]:
    """Return the articles of a JSON text; raises UnreadableError if it has none."""
    value = load(data)
    if is_feed(value):
        return channels.read_json(value)
    if is_own(value):
        return [Draft(dict(value), strict=True)]
    if isinstance(value, list) and value and all(map(is_own, value)):
        return [Draft(dict(each), strict=True) for each in value]
    try:
        return ninjs.read(value)
    except UnreadableError:
        raise UnreadableError(
            "This JSON is no kind that is read here: articles of Dateline (title, "
            "published_at), ninjs (uri, headlines) or JSON Feed (version, items)."
        ) from None


def load(data: bytes) -> Any:
    """Return the values of a JSON text; raises UnreadableError."""
    try:
        return decode(data)
    except Invalid as error:
        raise UnreadableError(str(error)) from None


def is_feed(value: object) -> bool:
    """Say whether a decoded text is a JSON Feed."""
    if not isinstance(value, Mapping):
        return False
    return "jsonfeed.org/version" in str(value.get("version", ""))[:100]


def is_own(value: object) -> bool:
    """Say whether a decoded text is an article as Dateline takes it."""
    return isinstance(value, Mapping) and {"title", "published_at"} <= value.keys()
