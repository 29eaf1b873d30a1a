"""Fields of the article on the wire, as marshmallow declares them.

A field's `read` is the pure function that gives its values their meaning; `schemas.fast`
calls it without the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    validate,
    validates_schema,
)

from schemas import dates, values
from search.article import Entity as ArticleEntity, Image

MOST_ITEMS = 1000
"""How long a list may be; checked before its items are."""

CLOCK: ContextVar[datetime] = ContextVar("CLOCK")
"""The moment that a load counts as now."""

ORIGINS = ("given", "found")
"""Where an entity of an article is from: it came with it, or its text names it."""

MESSAGES: dict[str, Any] = {
    "required": "This is needed.",
    "null": "This may not be null.",
    "blank": "This may not be blank.",
    "invalid": "This must be a text.",
    "unknown": "There is no such key here. Leave it out.",
    "list": "This must be a list.",
    "type": "This must be an object.",
    "items": f"A list may have at most {MOST_ITEMS:,} items.",
    "entity": "This must be a name, or an object of a name and perhaps an id.",
    "number": "This must be a whole number.",
    "origin": "This must be 'given' or 'found'. Leave it out where you give a name.",
    "about": "This must be true or false.",
    "given": 'Only what was found in the text has this. Add "from": "found".',
}


class Strict(Schema):
    """An object without unknown keys, told in our words."""

    error_messages = MESSAGES

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE


class Text(fields.String):
    """A text of one or more lines; blank is null where null may stand."""

    default_error_messages = MESSAGES
    read: ClassVar[staticmethod[[str], Any]] = staticmethod(values.text)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            return type(self).read(value)
        except values.Blank:
            if self.allow_none:
                return None
            raise self.make_error("blank") from None
        except ValueError as error:
            raise ValidationError(str(error)) from None


class Name(Text):
    """The name of somebody or something."""

    read = staticmethod(values.name)


class Identifier(Text):
    """The id of an article."""

    read = staticmethod(values.article_id)


class Address(Text):
    """An absolute http or https URL."""

    read = staticmethod(values.address)


class Language(Text):
    """A BCP 47 tag."""

    read = staticmethod(values.language)


def _moment(text: str) -> datetime:
    if not text or text.isspace():
        raise values.Blank
    return dates.moment(text, now=CLOCK.get())


class Moment(Text):
    """A date of an article, in UTC."""

    read = staticmethod(_moment)


class Whole(fields.Integer):
    """A whole number, not a text that looks like one."""

    default_error_messages = MESSAGES | {"invalid": MESSAGES["number"]}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _validated(self, value: Any) -> int:
        if not isinstance(value, int):
            raise self.make_error("invalid")
        return super()._validated(value)


class Items(fields.List[Any]):
    """A list, as a tuple."""

    default_error_messages = MESSAGES | {"invalid": MESSAGES["list"]}

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        if isinstance(value, list | tuple) and len(value) > MOST_ITEMS:
            raise self.make_error("items")
        if not isinstance(value, list | tuple):
            raise self.make_error("invalid")
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class EntityId(Text):
    """The id of an entity: its own slug."""

    read = staticmethod(values.entity_id)


class EntitySchema(Strict):
    """A company, person, tag or place.

    What was found in a text comes back as it was shown: `from` and `about` are read too.
    """

    id = EntityId(
        allow_none=True,
        metadata={"description": "The folded name with hyphens."},
    )
    name = Name(required=True, metadata={"description": "For people to read."})
    origin = fields.String(
        data_key="from",
        validate=validate.OneOf(ORIGINS, error=MESSAGES["origin"]),
        error_messages={"invalid": MESSAGES["origin"], "null": MESSAGES["null"]},
        metadata={"description": "Whether it came with the article or was found."},
    )
    about = fields.Boolean(
        truthy={True},
        falsy={False},
        allow_none=True,
        error_messages={"invalid": MESSAGES["about"]},
        metadata={"description": "If found: the article is about it."},
    )

    @validates_schema
    def check_found(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse `about` where nothing was found."""
        if data.get("about") is not None and data.get("origin") != "found":
            raise ValidationError(MESSAGES["given"], "about")


class Entity(Text):
    """A company, person, tag or place: a plain name, or an object of id and name."""

    default_error_messages = MESSAGES | {"invalid": MESSAGES["entity"]}
    read = staticmethod(values.entity)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        if not isinstance(value, Mapping):
            return super()._deserialize(value, attr, data, **kwargs)
        loaded = _ENTITY.load(value)
        name = loaded["name"]
        found = loaded.get("origin") == "found"
        about = bool(loaded.get("about")) if found else None
        return ArticleEntity(loaded.get("id") or values.entity(name).id, name, about)


_ENTITY = EntitySchema()


class Entities(Items):
    """A list of entities with distinct ids; of equal ones the first stays."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        return distinct(super()._deserialize(value, attr, data, **kwargs))


def distinct(found: Iterable[ArticleEntity]) -> tuple[ArticleEntity, ...]:
    """Return the first entity of each id, in their order."""
    first: dict[str, ArticleEntity] = {}
    for entity in found:
        first.setdefault(entity.id, entity)
    return tuple(first.values())


class NewPictureSchema(Strict):
    """A picture that belongs to an article."""

    url = Address(required=True)
    caption = Text(allow_none=True)
    credit = Text(allow_none=True)


class Picture(fields.Nested):
    """A picture, as `search.article.Image`."""

    default_error_messages = MESSAGES

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(NewPictureSchema, **kwargs)

    # `partial` is among the kwargs.
    def _deserialize(  # type: ignore[override]
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        return Image(**super()._deserialize(value, attr, data, **kwargs))


class Metadata(fields.Dict):
    """An object of anything that JSON can say."""

    default_error_messages = MESSAGES | {"invalid": MESSAGES["type"]}
    read = staticmethod(values.metadata)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        try:
            return values.metadata(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None


SCHEME = r"[a-z][a-z0-9_-]{0,31}\Z"
"""The pattern of what identifiers are by: isin, cik, wikidata."""

_SCHEME = re.compile(SCHEME)


def _identifiers(given: dict[Any, Any]) -> tuple[tuple[str, str], ...]:
    """Return ids elsewhere by scheme; raises ValueError where one is none."""
    if len(given) > MOST_ITEMS or not all(map(_SCHEME.match, given)):
        raise ValueError(MESSAGES["items"])
    return tuple(sorted((key, values.name(value)) for key, value in given.items()))


class Identifiers(fields.Dict):
    """An object of schemes and values, as sorted pairs."""

    default_error_messages = MESSAGES | {"invalid": MESSAGES["type"]}
    read = staticmethod(_identifiers)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        if isinstance(value, Mapping) and len(value) > MOST_ITEMS:
            raise self.make_error("items")
        found: dict[str, str] = super()._deserialize(  # type: ignore[no-untyped-call]
            value, attr, data, **kwargs
        )
        return tuple(sorted(found.items()))
