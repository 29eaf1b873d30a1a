"""One article as it is shown: whole, or with the keys that `fields` asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from marshmallow import Schema

from schemas import answers
from schemas.chosen import chosen
from schemas.fields import Strict
from schemas.given import Given
from schemas.parameters import AnyField, Listing
from schemas.urls import Pair
from search.article import Article, StoredArticle, content
from search.catalog import BY_KEY, FIELDS, KEYS

_LARGE = "body"
_declared: dict[str, AnyField] = {
    "fields": Listing(
        "Keys in the answer, with commas; -key removes from all of them.",
        KEYS,
        removable=True,
    )
}
PARAMETERS = Strict.from_dict(_declared, name="ArticleParameters")()
NONE = Strict.from_dict({}, name="NoParameters")()
"""For forms that are what their standard says they are."""
ARTICLE = Schema.from_dict(
    {key: answers.ITEM.declared_fields[key] for key in BY_KEY}, name="Article"
)()
"""An article as it comes back, for the document."""


def asked(
    pairs: Iterable[Pair], parameters: Schema = PARAMETERS
) -> tuple[str, ...] | None:
    """Return the keys that are asked for, None for all.

    Raises ParameterError.
    """
    given = Given(parameters, pairs)
    return chosen(given["fields"], KEYS) if "fields" in given else None


def show(stored: StoredArticle, keys: tuple[str, ...] | None = None) -> bytes:
    """Return a stored article as JSON, with the keys that are asked for."""
    if keys is None:
        return stored.json()
    known = orjson.loads(stored.head)
    if stored.body is not None:
        known[_LARGE] = orjson.Fragment(stored.body)
    return orjson.dumps({key: known.get(key) for key in keys})


def changed(stored: StoredArticle) -> datetime:
    """Return when this version of an article reached us."""
    known: str = orjson.loads(stored.head)["indexed_at"]
    return datetime.fromisoformat(known)


def preview(article: Article) -> bytes:
    """Return an article as JSON as it would be stored; what we set is null."""
    head, body = content(article)
    ours: dict[str, Any] = {f.key: None for f in FIELDS.values() if f.server}
    return b'%b,%b,"body":%b}' % (head[:-1], orjson.dumps(ours)[1:-1], body)
