"""The accept path: what a schema's `load` returns, for what is ordinary, much sooner.

`compile_schema` makes it from the schema's own fields. It takes what has nothing unusual
about it and raises for everything else, also for what is wrong: `Schema.load` then
decides, so results and messages are the schema's. A schema with hooks, or with a class of
field that is not known here, has no accept path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from marshmallow import Schema, fields as plain

from schemas import fields, values
from search.article import Entity, Image

Step: TypeAlias = Callable[[Any], Any]


_ORDINARY: dict[type, type] = {
    fields.Text: str,
    fields.Name: str,
    fields.Identifier: str,
    fields.Address: str,
    fields.Language: str,
    fields.Moment: str,
    fields.Metadata: dict,
    fields.Whole: int,
    fields.EntityId: str,
    fields.Identifiers: dict,
    plain.String: str,
}


class Unusual(Exception):  # noqa: N818 - nothing is wrong yet
    """Not for the accept path to decide."""


def compile_schema(schema: Schema) -> Step:
    """Return a function from an object's values to what `schema.load` makes of them.

    Keys that are absent or null are left out. The function raises, Unusual or anything
    else, wherever `schema.load` must be asked. Raises TypeError for a schema that
    cannot be compiled.
    """
    if any(schema._hooks.values()):  # noqa: SLF001 - there is no other way to see them
        raise TypeError("A schema with hooks has no accept path.")
    every = {_key(name, field): field for name, field in schema.fields.items()}
    return _accept(
        {key: _step(field) for key, field in every.items()},
        frozenset(key for key, field in every.items() if field.required),
        frozenset(key for key, field in every.items() if field.allow_none),
    )


def _accept(
    steps: dict[str, tuple[type, Step]],
    needed: frozenset[str],
    nullable: frozenset[str],
) -> Step:
    def accept(given: Any) -> dict[str, Any]:
        if type(given) is not dict:
            raise Unusual
        loaded = {}
        for key, value in given.items():
            if value is not None:
                kind, step = steps[key]
                if type(value) is not kind:
                    raise Unusual
                loaded[key] = step(value)
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


def _step(field: plain.Field[Any]) -> tuple[type, Step]:
    """Return the type of a field's ordinary values, and what loads them."""
    if field.pre_load or field.post_load:
        raise TypeError("A field with hooks has no accept path.")
    kind, step = _bare(field)
    if not field.validators:
        return kind, step

    def check(value: Any) -> Any:
        loaded = step(value)
        for validator in field.validators:
            validator(loaded)
        return loaded

    return kind, check


def _bare(field: plain.Field[Any]) -> tuple[type, Step]:
    if type(field) is fields.Entities:
        return list, _entities
    if type(field) is fields.Items:
        return list, _items(*_step(field.inner))
    if type(field) is fields.Picture:
        return dict, _picture(compile_schema(field.schema))
    kind = _ORDINARY.get(type(field))
    if kind is None:
        raise TypeError(f"{type(field).__name__} has no accept path.")
    return kind, getattr(field, "read", field.deserialize)


def _items(kind: type, step: Step) -> Step:
    def check(given: list[Any]) -> tuple[Any, ...]:
        if len(given) > fields.MOST_ITEMS:
            raise Unusual
        if not {kind}.issuperset(map(type, given)):
            raise Unusual
        return tuple([step(value) for value in given])

    return check


def _entities(given: list[Any]) -> tuple[Entity, ...]:
    if len(given) > fields.MOST_ITEMS:
        raise Unusual
    first: dict[str, Entity] = {}
    for value in given:
        entity = _entity(value)
        first.setdefault(entity.id, entity)
    return tuple(first.values())


def _entity(value: Any) -> Entity:
    if type(value) is str:
        return values.entity(value)
    if type(value) is not dict or len(value) > 4:
        raise Unusual
    entity = values.identified(value["id"], value["name"])
    return entity if len(value) == 2 else _origin(entity, value)


def _origin(entity: Entity, value: dict[str, Any]) -> Entity:
    """Return the entity as an export says where it is from."""
    if len(value) == 3 and value["from"] == "given":
        return entity
    if value["from"] != "found" or type(value["about"]) is not bool:
        raise Unusual
    return Entity(entity.id, entity.name, value["about"])


def _picture(accept: Step) -> Step:
    def check(given: dict[str, Any]) -> Image:
        return Image(**accept(given))

    return check
