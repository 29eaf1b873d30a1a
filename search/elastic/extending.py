"""A further index behind the alias, to which new articles go: a year's, for example."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from search.elastic import faults, mapping
from search.elastic.generation import PART, Part
from search.elastic.generations import Generations
from search.errors import EngineConfigurationError, EngineError


def extend(generations: Generations, name: str) -> None:
    """Let new articles go to the part of this name; it is made if need be.

    An empty next generation shows meanwhile that no rebuild may begin. Raises
    EngineBusyError while one runs, EngineConfigurationError for a name that will not do.
    """
    if not re.fullmatch(PART, name):
        raise EngineConfigurationError(
            f"No index can be called by {name!r}: write small letters and digits, "
            "like 2027."
        )
    sign = generations.create(generations.sweep(), in_use=False)
    try:
        _extend(generations, name)
    finally:
        generations.remove(sign)


def _extend(generations: Generations, name: str) -> None:
    """Hand over while nobody writes: else, of two who bring the same article, one could
    have looked before and write after it."""
    used = generations.current()
    (before,) = (part for part in used.parts if part.grows)
    after = Part(f"{used.index}-{name}", grows=False)
    if after.index == before.index:  # as one that was killed has left it
        generations.unblock(used)
        return
    # It joins the alias when its shards are there: an answer without them is refused.
    try:
        mappings = mapping.mappings()
        generations.put(after.index, mappings, generations.shards, after.door)
    except EngineError as fault:  # one that was killed has made it
        if not faults.is_kind(fault, "resource_already_exists_exception"):
            raise
    generations.block(used)
    try:
        _hand_over(generations, before, after)
    finally:
        generations.unblock(used)


def _hand_over(generations: Generations, before: Part, after: Part) -> None:
    alias = {"index": after.index, "alias": generations.alias}
    actions: list[dict[str, Any]] = [{"add": alias}]
    for old in (before, after):
        new = replace(old, grows=not old.grows)
        actions.append({"remove": {"index": old.index, "alias": old.door}})
        actions.append({"add": {"index": new.index, "alias": new.door}})
    generations.cluster.ask("POST", "/_aliases", {"actions": actions})
