"""What an importer makes of a foreign text: articles in draft, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from schemas.problems import Fault

Values: TypeAlias = dict[str, Any]
"""An article on the wire, as JSON says it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a foreign text has it: not checked yet, nothing empty in it.

    `warnings` say what was left out, or stands in for something that is missing. Of a
    `strict` one nothing is left out: it is an article as Dateline takes it.
    """

    values: Values
    warnings: tuple[Fault, ...] = ()
    strict: bool = False


class UnreadableError(Exception):
    """A text out of which no article can be made; the sentence says why."""


def draft(values: Mapping[str, Any], *warnings: Fault | None) -> Draft:
    """Return the draft of values, without those that say nothing."""
    told = tuple(warning for warning in warnings if warning)
    return Draft({key: kept for key, v in values.items() if (kept := _full(v))}, told)


def _full(value: Any) -> Any:
    if isinstance(value, str):
        # Half of a surrogate pair, which JSON can write and nothing can store.
        return value.encode("utf-8", "replace").decode().strip()
    if isinstance(value, Mapping):
        return {key: kept for key, each in value.items() if (kept := _full(each))}
    if isinstance(value, list | tuple):
        return [kept for each in value if (kept := _full(each))]
    return value
