"""What the registry and the archive say, asked once: many names cost what one costs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol, TypeVar

from search.article import Entity
from search.entities.profile import Kind
from search.entities.registry import Found, Registry

_T = TypeVar("_T")


class Archive(Protocol):
    """The values that articles have in facet fields."""

    def bearers(
        self, field: str, keys: Collection[str], /
    ) -> Mapping[str, Collection[Entity]]:
        """Return, by key, the values that some article has under it, by id.

        A key is an id, the slug of a name, or one of `search.entities.names.labels`.
        """
        ...

    def near(self, field: str, key: str, /) -> tuple[str, ...]:
        """Return names near a slug, best first."""
        ...


class Asked:
    """Both, of which no question is asked twice; for one state of them, and one thread."""

    def __init__(self, registry: Registry, archive: Archive) -> None:
        self.registry = registry
        self.archive = archive
        self._meant: dict[Kind, dict[str, tuple[Found, ...]]] = {}
        self._borne: dict[str, dict[str, Collection[Entity]]] = {}

    def meant(
        self, kind: Kind, texts: Iterable[str]
    ) -> Mapping[str, tuple[Found, ...]]:
        """Return whom the registry means by each text."""
        known = self._meant.setdefault(kind, {})
        return _some(known, texts, lambda new: self.registry.find_all(kind, new))

    def borne(
        self, field: str, keys: Iterable[str]
    ) -> Mapping[str, Collection[Entity]]:
        """Return the values that some article has under each key."""
        known = self._borne.setdefault(field, {})
        return _some(known, keys, lambda new: self.archive.bearers(field, new))


def _some(
    known: dict[str, _T],
    wanted: Iterable[str],
    ask: Callable[[list[str]], Mapping[str, _T]],
) -> dict[str, _T]:
    every = list(dict.fromkeys(wanted))
    new = [each for each in every if each not in known]
    if new:
        known |= ask(new)
    return {each: known[each] for each in every}
