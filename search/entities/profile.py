"""A profile: what is known of a company, a person, a place, a tag or a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import orjson

Kind: TypeAlias = Literal["company", "person", "place", "tag", "source"]
KINDS: Final[tuple[Kind, ...]] = ("company", "person", "place", "tag", "source")
"""The facet fields whose values may have a profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One entity of the registry; `kind` and `id` together are its key.

    `id` is what articles carry. `tickers` are written as an exchange prints them,
    `identifiers` are (scheme, value), for example `("isin", "US30303M1027")`. `parent`
    is the id of a profile of the same kind. `origin` names where the facts are from.
    """

    kind: Kind
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    parent: str | None = None
    origin: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is or was called, its name first."""
        return (self.name, *self.aliases, *self.former_names)


def packed(profile: Profile) -> bytes:
    """Return the form that engines keep: equal bytes for equal profiles."""
    return orjson.dumps(profile)


def unpacked(data: bytes | str) -> Profile:
    """Return the profile that `packed` was given."""
    values = orjson.loads(data)
    for name in ("aliases", "former_names", "tickers"):
        values[name] = tuple(values[name])
    values["identifiers"] = tuple(map(tuple, values["identifiers"]))
    return Profile(**values)
