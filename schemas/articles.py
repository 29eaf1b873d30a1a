"""The article on the wire: its schema, and the one way from a body to an `Article`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from marshmallow import ValidationError, fields as plain, validate

from schemas import fields, values
from schemas.decode import decode
from schemas.fast import compile_schema
from schemas.problems import Fault, Invalid, flatten
from search import catalog
from search.article import Article, ArticleId, identity
from search.query.nearest import nearest

TITLE_LENGTH = 2000
MOST_KEYS = 100
"""How many keys a body may have; of more, none is looked at."""

LAST_VERSION = 2**53 - 1
"""The highest version that may be restored: JSON's numbers are exact up to it."""

Option: TypeAlias = Literal["required", "allow_none"]

_POINTER_LENGTH = 200
_REQUIRED = frozenset(("title", "published_at"))
_NAME_OR_ENTITY = {
    "type": ["string", "object"],
    "required": ["name"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "from": {"type": "string", "enum": list(fields.ORIGINS)},
        "about": {"type": ["boolean", "null"]},
    },
    "additionalProperties": False,
    "description": "A plain name, or id and name; as it was shown, where it is from too.",
}
_ABOUT: dict[str, dict[str, Any]] = {
    "id": {"pattern": f"^{values.ID}$"},
    "title": {"minLength": 1},
    "url": {"format": "uri", "maxLength": values.ADDRESS_LENGTH},
    "published_at": {"examples": ["2024-05-17T10:00:00Z", "2024-05-17", "2024-05"]},
    "language": {"examples": ["en", "de-AT", "zh-Hant"]},
}

_KINDS: dict[catalog.Kind, Callable[..., plain.Field[Any]]] = {
    catalog.Kind.TEXT: fields.Text,
    catalog.Kind.FACET: fields.Name,
    catalog.Kind.DATE: fields.Moment,
}
_SINGLE: dict[str, Callable[..., plain.Field[Any]]] = {
    "id": fields.Identifier,
    "url": fields.Address,
    "language": fields.Language,
    "image": fields.Picture,
    "metadata": fields.Metadata,
    "version": fields.Whole,
}
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "title": validate.Length(
        max=TITLE_LENGTH, error="At most {max} characters fit in here."
    ),
    "version": validate.Range(
        min=1, max=LAST_VERSION, error="A version is from {min} to {max}."
    ),
}


def _field(field: catalog.Field) -> plain.Field[Any]:
    """Return the field on the wire that an entry of the catalogue becomes."""
    needed = field.key in _REQUIRED
    options: dict[str, Any] = {"required": needed, "allow_none": not needed}
    options["metadata"] = {"description": field.doc, **_ABOUT.get(field.key, {})}
    options["validate"] = _CHECKS.get(field.key)
    if field.entity:
        return fields.Entities(fields.Entity(metadata=_NAME_OR_ENTITY), **options)
    if field.many:
        return fields.Items(fields.Name(), **options)
    return (_SINGLE.get(field.key) or _KINDS[field.kind])(**options)


ArticleSchema = fields.Strict.from_dict(
    {f.key: _field(f) for f in catalog.FIELDS.values() if not f.server},
    name="NewArticleSchema",
)
"""An article as it may be sent."""

RestoredSchema = fields.Strict.from_dict(
    {f.key: _field(f) for f in catalog.FIELDS.values()}, name="RestoredArticleSchema"
)
"""An article of an export, with what the server set."""

_SCHEMAS = {False: ArticleSchema(), True: RestoredSchema()}
_ACCEPT = {restore: compile_schema(schema) for restore, schema in _SCHEMAS.items()}


def load_json(
    raw: bytes,
    *,
    now: datetime,
    restore: bool = False,
    article_id: str | None = None,
) -> Article:
    """Return the article of a JSON text; otherwise as `load`."""
    return load(decode(raw), now=now, restore=restore, article_id=article_id)


def load(
    body: object,
    *,
    now: datetime,
    restore: bool = False,
    article_id: str | None = None,
) -> Article:
    """Return the article of a decoded JSON object, `body`.

    `restore` takes what the server set (`indexed_at`, `version`), which is refused
    otherwise. `article_id` is the id that the article must have, or is given. Raises
    Invalid.
    """
    if article_id is not None:
        body = _identified(body, article_id)
    token = fields.CLOCK.set(now)
    try:
        loaded = _ACCEPT[restore](body)
    except Exception:  # noqa: BLE001 - whatever it was, the schema says it in words
        loaded = _load_slowly(body, restore=restore)
    finally:
        fields.CLOCK.reset(token)
    if "id" not in loaded:
        loaded["id"] = _identity(loaded)
    return Article(**loaded)


def _identified(body: object, article_id: str) -> object:
    if not isinstance(body, Mapping):
        return body
    given = body.get("id")
    if given is not None and given != article_id:
        detail = "The address names another article. Leave the id out here."
        raise Invalid([Fault("/id", detail)])
    return {**body, "id": article_id}


def _load_slowly(body: object, *, restore: bool) -> dict[str, Any]:
    if isinstance(body, Mapping) and len(body) > MOST_KEYS:
        raise Invalid([Fault("", f"An article has at most {MOST_KEYS} keys.")])
    try:
        loaded = _SCHEMAS[restore].load(body)  # type: ignore[arg-type]
    except ValidationError as error:
        raise Invalid(list(_faults(error.messages, restore=restore))) from None
    return {key: value for key, value in loaded.items() if value is not None}


def _identity(loaded: Mapping[str, Any]) -> ArticleId:
    return identity(
        loaded["title"],
        loaded["published_at"],
        loaded.get("url"),
        loaded.get("source"),
    )


def _faults(messages: Any, *, restore: bool) -> Iterator[Fault]:
    known = _SCHEMAS[restore].fields
    strange = sorted(str(key) for key in messages if key not in known)
    for fault in flatten({key: messages[key] for key in messages if key in known}):
        yield _shortened(fault)
    for key in strange:
        told = messages[key] if key == "_schema" else _unknown(key)
        yield from map(_shortened, flatten({key: told}))


def _unknown(key: str) -> str:
    if key in catalog.BY_KEY:
        return "The server sets this. Leave it out; an export keeps it by restore=true."
    meant = nearest(key, catalog.KEYS)
    if meant:
        return f"There is no such key. Did you mean {meant!r}?"
    return "There is no such key. What has no key of its own fits into 'metadata'."


def _shortened(fault: Fault) -> Fault:
    # A key is the client's text and may be as long as the body.
    if len(fault.pointer) <= _POINTER_LENGTH:
        return fault
    return Fault(fault.pointer[: fault.pointer.rindex("/")], fault.detail)
