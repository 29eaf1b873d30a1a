"""The registry: what an archive knows of entities, kept by its engine.

It is there beside the articles and survives every rebuild. All processes and machines
of an archive share it and see a change within two seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from search.entities.profile import KINDS, Kind, Profile

Matched: TypeAlias = Literal[
    "id", "name", "alias", "former name", "ticker", "identifier", "surname"
]


CHANGES: Final = 500
"""How many changed profiles are told one by one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A profile that a text means, and by what of it."""

    profile: Profile
    matched: Matched


@dataclass(frozen=True, slots=True)
class Completion:
    """A profile of which a name, or a word in it, begins as somebody typed."""

    profile: Profile
    name: str


@dataclass(frozen=True, slots=True)
class RegistryReport:
    """What became of profiles that were put."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


class Registry(Protocol):
    """Profiles by kind and id, and whom a name means. Safe for threads and processes."""

    @property
    def folder(self) -> Path | None:
        """A folder of this registry on this machine, for what is made of its profiles
        and may be lost; None: there is none."""
        ...

    def put(self, given: Iterable[Profile], /) -> RegistryReport:
        """Add profiles, or replace those with the same kind and id.

        Durable when it returns, and found by this process from then on. Of several with
        one kind and id the last one stays.
        """
        ...

    def delete(self, kind: Kind, ids: Iterable[str], /) -> int:
        """Remove profiles; return how many were there."""
        ...

    def get(self, kind: Kind, entity_id: str, /) -> Profile:
        """Return a profile. Raises EntityNotFoundError."""
        ...

    def find(self, kind: Kind, text: str, /) -> tuple[Found, ...]:
        """Return whom a text means, by id: none, one, or all where it is ambiguous.

        The text is an id, a name (see `search.entities.names`), a ticker, an identifier
        or a surname; what comes first in this list is taken, and of an exact name and
        one that differs in a legal form the exact one.
        """
        ...

    def find_all(
        self, kind: Kind, texts: Collection[str], /
    ) -> Mapping[str, tuple[Found, ...]]:
        """Return `find` of each text, with few questions to whatever keeps them."""
        ...

    def complete(
        self, text: str, /, kinds: Collection[Kind] = KINDS, size: int = 10
    ) -> tuple[Completion, ...]:
        """Return profiles with a name, or a ticker, that has a word beginning so.

        A profile stands there once. Whole names come first, then beginnings of names,
        then words inside, shorter ones first.
        """
        ...

    def near(self, kind: Kind, text: str, /, size: int = 5) -> tuple[str, ...]:
        """Return names of profiles a slip or two away from the text, best first."""
        ...

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        """Yield every profile once, lazily, by kind and id."""
        ...

    def count(self) -> int:
        """Return how many profiles there are."""
        ...

    def stamp(self) -> str:
        """Return a text that changes with every change; empty if there never was one.

        Cheap: it may be asked for with every question.
        """
        ...

    def changed(self, since: str, /) -> Collection[tuple[Kind, str]] | None:
        """Return the kinds and ids of the profiles put or deleted since a stamp.

        None where that is not known, or where they are more than `CHANGES`.
        """
        ...
