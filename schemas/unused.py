"""Parameters that a path takes, so that a question fits every path, and does not need.

They shape the lists that its addresses lead to, and nothing else: who gives one may
have meant another, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any, Final

from schemas.queries import Query
from schemas.urls import encode
from schemas.views import VIEWS, View, size_of

CODE: Final = "unused-parameter"

_SHAPES: Final = VIEWS["articles"].fields.keys() - VIEWS["significant"].fields.keys()
_TAKEN: Final[dict[View, Set[str]]] = {
    "count": frozenset(),
    "facets": frozenset(("match", "size", "after", "sort", "facet.mode")),
    "timeline": frozenset(("interval",)),
}
_BY: Final = frozenset(("facet.size", "facet.sort"))
_TOP: Final = frozenset(("sort", "fields"))


def unused(query: Query) -> Iterator[dict[str, Any]]:
    """Yield a warning of each parameter that changes nothing of this answer."""
    if query.view not in _TAKEN:
        return
    taken = _taken(query)
    for name, value in query.pairs:
        if name in _SHAPES and name not in taken:
            meant = _meant(query.view, name)
            more = {"suggestions": [meant]} if meant else {}
            yield {"code": CODE, "parameter": name, "value": value, **more}


def within(warning: dict[str, Any]) -> str:
    """Return what a warning is about as it stands in a question inside of another."""
    return encode([(warning["parameter"], warning["value"])])


def _taken(query: Query) -> Set[str]:
    taken = _TAKEN[query.view]
    if query.view != "timeline":
        return taken
    by = query.given["by"]
    beside = {*_BY, size_of(by)} if by else set()
    return taken | beside | (_TOP if query.given["top"] else set())


def _meant(view: View, name: str) -> str | None:
    """Return the parameter of a view that somebody may have meant."""
    if view == "facets":
        if name == "limit" or (name.endswith(".size") and name.startswith("facet")):
            return "size"
        return "sort" if name == "facet.sort" else None
    if view == "timeline":
        if name in _TOP:
            return "top"
        return "by" if name.startswith("facet") and name != "facet.mode" else None
    return None
