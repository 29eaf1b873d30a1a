"""A filter's value that is an id and nothing else: `id:apple`.

A plain `apple` finds all that articles call Apple. A bucket counts one id; where more is
found by that id, the bucket's address says that only the id is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

from search.article import Entity
from search.engine import Engine
from search.entities.profile import KINDS
from search.result import Meaning, Resolution

PREFIX: Final = "id:"
Texts: TypeAlias = dict[tuple[str, str], str]
"""What filters are given, by field and id."""

_MOST: Final = 20_000
_states: WeakKeyDictionary[Engine, tuple[str, Texts]] = WeakKeyDictionary()


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


def texts(
    engine: Engine, values: Iterable[tuple[str, str]], archive: str = ""
) -> Texts:
    """Return what a filter must be given to find just the articles with a value.

    `values` are (field, id), of one question all at once: each call looks at the
    registry. `archive` is the engine's stamp, if it is known; while that and the
    registry's stay, the answers are remembered: a front end asks for the same values
    again and again.
    """
    wanted = list(values)
    registry = engine.entities.stamp()
    if not registry:
        return {(field, each): each for field, each in wanted}
    known = _remembered(engine, f"{archive or engine.stamp()} {registry}")
    new = dict.fromkeys(value for value in wanted if value not in known)
    found = {(field, each): each for field, each in new}
    named = [(field, each) for field, each in new if field in KINDS]
    if named:
        for value, resolution in zip(named, engine.resolve_all(named), strict=True):
            if not _is_only(value[1], resolution):
                found[value] = PREFIX + value[1]
    known |= found
    return {value: known[value] for value in wanted}


def _remembered(engine: Engine, stamp: str) -> Texts:
    state = _states.get(engine)
    if state is None or state[0] != stamp or len(state[1]) > _MOST:
        state = _states[engine] = (stamp, {})
    return state[1]


def _is_only(entity_id: str, found: Resolution) -> bool:
    """Say whether an id, as it is, means no other one (see `meant`)."""
    exact = [one for one in found.meanings if one.entity.id == entity_id]
    meanings = exact or found.meanings
    return all(one == entity_id for meaning in meanings for one in meaning.ids)
