"""The accept path: what a schema's `load` returns, for what is ordinary, much sooner.

`compile_schema` makes it from the schema's own fields. It takes what has nothing unusual
about it and raises `Unusual` for everything else, also for what is wrong: `Schema.load`
then decides, so results and messages are the schema's. Fields whose class is not known
here are loaded by themselves; a schema with hooks is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from marshmallow import Schema, fields as plain

from schemas import fields, values
from search.article import Entity, Image

Step: TypeAlias = Callable[[Any], Any]


class Unusual(Exception):  # noqa: N818 - nothing is wrong yet
    """Not for the accept path to decide."""


def compile_schema(schema: Schema) -> Step:
    """Return a function from an object's values to what `schema.load` makes of them.

    Keys that are absent or null are left out. It raises, Unusual or anything else,
    wherever `schema.load` must be asked.
    """
    if any(schema._hooks.values()):  # noqa: SLF001 - there is no other way to see them
        raise TypeError("A schema with hooks has no accept path.")
    steps = {_key(name, field): _step(field) for name, field in schema.fields.items()}
    every = schema.fields.items()
    needed = frozenset(_key(name, field) for name, field in every if field.required)
    nullable = frozenset(_key(name, field) for name, field in every if field.allow_none)

    def accept(given: Any) -> dict[str, Any]:
        if type(given) is not dict:
            raise Unusual
        loaded = {}
        for key, value in given.items():
            if value is not None:
                loaded[key] = steps[key](value)
            elif key not in nullable:
                raise Unusual
        if not needed <= loaded.keys():
            raise Unusual
        return loaded

    return accept


def _key(name: str, field: plain.Field[Any]) -> str:
    if field.data_key not in (None, name) or field.attribute not in (None, name):
        raise TypeError("A renamed field has no accept path.")
    return name


def _step(field: plain.Field[Any]) -> Step:
    step = _bare(field)
    if not field.validators or step == field.deserialize:
        return step

    def check(value: Any) -> Any:
        loaded = step(value)
        for validator in field.validators:
            validator(loaded)
        return loaded

    return check


def _bare(field: plain.Field[Any]) -> Step:
    if field.pre_load or field.post_load:
        return field.deserialize
    if type(field) is fields.Entities:
        return _entities(_step(field.inner))
    if type(field) is fields.Items:
        return _items(_step(field.inner))
    if type(field) is fields.Picture:
        return _picture(compile_schema(field.schema))
    return _READS.get(type(field)) or field.deserialize


def _entity(value: Any) -> Entity:
    if type(value) is str:
        return values.entity(value)
    if type(value) is not dict or len(value) != 2:
        raise Unusual
    return values.identified(value["id"], value["name"])


def _reading(read: Step, kind: type) -> Step:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise Unusual
        return read(value)

    return check


_READS: dict[type, Step] = {
    **{
        kind: _reading(kind.read, str)
        for kind in (
            fields.Text,
            fields.Name,
            fields.Identifier,
            fields.Address,
            fields.Language,
            fields.Moment,
        )
    },
    fields.Entity: _entity,
    fields.Metadata: _reading(fields.Metadata.read, dict),
}


def _items(step: Step) -> Step:
    def check(given: Any) -> tuple[Any, ...]:
        if type(given) is not list or len(given) > fields.MOST_ITEMS:
            raise Unusual
        return tuple([step(value) for value in given])

    return check


def _entities(step: Step) -> Step:
    listed = _items(step)

    def check(given: Any) -> tuple[Entity, ...]:
        return fields.distinct(listed(given))

    return check


def _picture(accept: Step) -> Step:
    def check(given: Any) -> Image:
        return Image(**accept(given))

    return check
