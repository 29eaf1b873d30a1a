"""A profile on the wire: what may be sent, and the page of an entity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import orjson
from marshmallow import ValidationError, fields as plain, validate

from schemas import fields, values
from schemas.decode import decode
from schemas.fast import compile_schema
from schemas.parameters import AnyField
from schemas.problems import Fault, Invalid, flatten
from search.entities.profile import KINDS, Kind, Profile
from search.query.nearest import nearest

PLURALS: Final[dict[str, Kind]] = {
    "companies": "company",
    "people": "person",
    "places": "place",
    "tags": "tag",
    "sources": "source",
}
"""The kinds of entities by the word that addresses have."""

_NAMES: Final = ("aliases", "former_names")


def _names(doc: str) -> AnyField:
    return fields.Items(fields.Name(), metadata={"description": doc})


_declared: dict[str, AnyField] = {
    "kind": plain.String(
        validate=validate.OneOf(KINDS, error="Kinds are {choices}."),
        metadata={"description": "What it is."},
    ),
    "id": fields.EntityId(metadata={"description": "What articles carry."}),
    "name": fields.Name(required=True, metadata={"description": "For people to read."}),
    "aliases": _names("Other names that it has."),
    "former_names": _names("Names that it had."),
    "tickers": _names("Symbols, perhaps with their exchange: NASDAQ:AAPL."),
    "identifiers": fields.Identifiers(
        keys=plain.String(
            validate=validate.Regexp(
                fields.SCHEME,
                error="A scheme has small letters and digits, like isin or cik.",
            )
        ),
        values=fields.Name(),
        metadata={"description": "Ids elsewhere by scheme: isin, cik, wikidata."},
    ),
    "parent": fields.EntityId(
        allow_none=True,
        metadata={"description": "The id, of the same kind, that it belongs to."},
    ),
    "origin": fields.Text(
        allow_none=True, metadata={"description": "Where these facts are from."}
    ),
}
ProfileSchema = fields.Strict.from_dict(_declared, name="ProfileSchema")
"""A profile as it may be sent."""

_SCHEMA = ProfileSchema()
_ACCEPT: Callable[[Any], dict[str, Any]] = compile_schema(
    _SCHEMA
)  # a registry may have a million


def load_json(
    raw: bytes, *, kind: Kind | None = None, entity_id: str | None = None
) -> Profile:
    """Return the profile of a JSON text; otherwise as `load`."""
    return load(decode(raw), kind=kind, entity_id=entity_id)


def load(
    body: object, *, kind: Kind | None = None, entity_id: str | None = None
) -> Profile:
    """Return the profile of a decoded JSON object.

    `kind` and `entity_id` are what it must have, or is given. Without an id it gets the
    slug of its name. Raises Invalid.
    """
    if not isinstance(body, Mapping):
        raise Invalid([Fault("", fields.MESSAGES["type"])])
    for key, wanted in (("kind", kind), ("id", entity_id)):
        if wanted is not None and body.get(key, wanted) != wanted:
            raise Invalid([Fault(f"/{key}", f"The address says {wanted!r}.")])
    found = _loaded(body if entity_id is None else {**body, "id": entity_id})
    found["kind"] = found.get("kind", kind)
    if found["kind"] is None:
        raise Invalid([Fault("/kind", f"Say which: {', '.join(KINDS)}.")])
    found.setdefault("id", values.entity(found["name"]).id)
    return Profile(**{**found, **_once(found)})


def _loaded(body: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the values of the keys that are not null; raises Invalid."""
    try:
        return _ACCEPT(body)
    except Exception:  # noqa: BLE001 - whatever it was, the schema says it in words
        return _load_slowly(body)


def _load_slowly(body: Mapping[Any, Any]) -> dict[str, Any]:
    try:
        found = _SCHEMA.load(body)
    except ValidationError as error:
        raise Invalid(list(_faults(error.messages))) from None
    return {key: value for key, value in found.items() if value is not None}


def _once(found: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the other names, each once and none that is the name itself."""
    seen = {found["name"]: None}
    kept: dict[str, tuple[str, ...]] = {}
    for key in _NAMES:
        kept[key] = tuple(dict.fromkeys(n for n in found.get(key, ()) if n not in seen))
        seen |= dict.fromkeys(kept[key])
    return kept


def _faults(messages: Any) -> Iterator[Fault]:
    for fault in map(_placed, flatten(messages)):
        key = fault.pointer.strip("/").partition("/")[0]
        meant = None if key in _declared else nearest(key[:100], _declared)
        if meant:
            detail = f"There is no such key. Did you mean {meant!r}?"
            yield Fault(fault.pointer[:200], detail)
        else:
            yield fault


def _placed(fault: Fault) -> Fault:
    """Return the fault of an object's key or value as one of that entry."""
    place, _, part = fault.pointer.rpartition("/")
    inside = place.startswith("/identifiers/") and part in ("key", "value")
    return Fault(place, fault.detail) if inside else fault


def values_of(profile: Profile) -> dict[str, Any]:
    """Return a profile as JSON values: what `load` reads is the same profile."""
    return {
        "kind": profile.kind,
        "id": profile.id,
        "name": profile.name,
        "aliases": list(profile.aliases),
        "former_names": list(profile.former_names),
        "tickers": list(profile.tickers),
        "identifiers": dict(profile.identifiers),
        "parent": profile.parent,
        "origin": profile.origin,
    }


def dump(profile: Profile) -> bytes:
    """Return a profile as JSON."""
    return orjson.dumps(values_of(profile))
