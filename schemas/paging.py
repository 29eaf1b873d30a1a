"""Where in the results an answer begins: pages, and cursors that belong to a query.

A walk by cursor keeps the time of its first answer, so that `from=7d` and
`boost.recent` mean the same on its last page: the cursor carries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.given import Given
from schemas.problems import ParameterError
from schemas.urls import Pair, encode
from schemas.views import LISTS, View
from search import cursor as cursors
from search.article import EPOCH, milliseconds
from search.cursor import Cursor
from search.errors import CursorError
from search.request import WINDOW

PAGING = frozenset(("page", "cursor"))
_SHAPE = PAGING | {"limit", "fields", "interval", "strict"}
_SHAPES = ("facet", "highlight")
_TOKEN = re.compile(r"([0-9a-f]{1,11})\.(.+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer begins. `binding` names the query and its time, for cursors."""

    now: datetime
    binding: str
    offset: int = 0
    cursor: Cursor | None = None


def shapes(name: str) -> bool:
    """Say whether a parameter shapes the answer and leaves the order of hits alone."""
    return name in _SHAPE or name.startswith(_SHAPES)


def place(given: Given, view: View, now: datetime) -> Place:
    """Return where the answer begins.

    Raises ParameterError, and CursorError for a cursor of another query.
    """
    if "cursor" in given and "page" in given:
        raise ParameterError("page", "Give page or cursor, not both.")
    depth = given["page"] * given["limit"]
    if depth > WINDOW:
        raise ParameterError(
            "page",
            f"page x limit is {depth:,}; up to {WINDOW:,} are paged. Go on with the "
            "cursor in links.next, or ask for a shorter period.",
        )
    if view not in LISTS:
        return _at(milliseconds(now), given.pairs)
    if "cursor" in given:
        return _resumed(given["cursor"], given.pairs)
    return _at(milliseconds(now), given.pairs, depth - given["limit"])


def token(cursor: Cursor, now: datetime, binding: str) -> str:
    """Return the value of the parameter `cursor` that goes on behind an answer."""
    return f"{milliseconds(now):x}.{cursors.dump(cursor, binding)}"


def _at(moment: int, pairs: Iterable[Pair], offset: int = 0) -> Place:
    bound = sorted(pair for pair in pairs if not shapes(pair[0]))
    now = EPOCH + timedelta(milliseconds=moment)
    return Place(now, f"{encode(bound)} {moment}", offset)


def _resumed(text: str, pairs: Iterable[Pair]) -> Place:
    found = _TOKEN.fullmatch(text)
    if found is None:
        raise CursorError("The cursor is damaged. Start again without one.")
    start = _at(int(found[1], 16), pairs)
    cursor = cursors.load(found[2], start.binding)
    return Place(start.now, start.binding, cursor=cursor)
