"""A filter's value that is an id and nothing else: `id:apple`.

A plain `apple` finds all that articles call Apple. A bucket counts one id; where more is
found by that id, the bucket's address says that only the id is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from search.article import Entity
from search.engine import Engine
from search.entities.profile import KINDS
from search.result import Meaning, Resolution

PREFIX: Final = "id:"


def plain(text: str) -> str:
    """Return a filter's value without the mark of an id."""
    return text.removeprefix(PREFIX)


def meant(text: str, found: Resolution) -> Resolution:
    """Return what a value means: an id means nobody else who bears it as a name, and
    with its mark, only articles that have just this id."""
    wanted = plain(text)
    exact = tuple(one for one in found.meanings if one.entity.id == wanted)
    if wanted == text:
        return replace(found, meanings=exact) if exact else found
    if wanted not in found.ids:
        return replace(found, meanings=())
    entity = exact[0].entity if exact else Entity(wanted, wanted)
    return replace(found, meanings=(Meaning(entity, "id", (wanted,)),))


def texts(engine: Engine, field: str, ids: Iterable[str]) -> dict[str, str]:
    """Return, by id, what a filter must be given to find just the articles with it."""
    known = list(ids)
    if field not in KINDS or not known or not engine.entities.stamp():
        return {each: each for each in known}
    found = engine.resolve_all([(field, each) for each in known])
    return {
        each: each if set(meant(each, resolution).ids) <= {each} else PREFIX + each
        for each, resolution in zip(known, found, strict=True)
    }
