"""Pages one after the other, of which nothing is lost and nothing comes twice.

By date, a cursor is the last second and arrival: the next page is what sorts behind it. By
score it is a position and the article there: scores move when articles come, so the new
ones (arrived behind the fence) stay out of the walk, and it goes on behind the article.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, TypeVar

from search.cursor import Cursor, Position
from search.elastic.changes import arrival_at
from search.elastic.compile import Query
from search.errors import CursorError, QueryTooComplexError
from search.request import WINDOW, SearchRequest

Hits: TypeAlias = Sequence[Mapping[str, Any]]

_BACK: Final = 50  # places that an article may have moved between two pages
_AHEAD: Final = 1_000  # and how far others may have pushed it down
_SKEW: Final = 1.0  # seconds that the clocks of two processes may differ

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DateCursor:
    """Behind the article of this second and arrival."""

    second: int
    arrival: int


@dataclass(frozen=True, slots=True)
class ScoreCursor:
    """Behind this article at this place; later arrivals than `fence` take no part."""

    place: int
    arrival: int
    fence: int
    origin: float


_TYPES: Final[dict[type, tuple[type, ...]]] = {
    DateCursor: (int, int),
    ScoreCursor: (int, int, int, float),
}


@dataclass(frozen=True, slots=True)
class Window:
    """What is read for a page: `size` hits from `first` on, in the order of `sort`.

    The page begins behind the article `arrival`, or at `place` where that is not found.
    """

    request: SearchRequest
    first: int
    size: int
    place: int
    start: DateCursor | ScoreCursor | None = None
    wide: bool = False

    @property
    def fence(self) -> Query | None:
        """The filter that keeps what came later out of a walk by score."""
        if isinstance(self.start, ScoreCursor):
            return {"range": {"arrival": {"lte": self.start.fence}}}
        return None

    def body(self) -> dict[str, Any]:
        """Return what the body of a search says about it."""
        found: dict[str, Any] = {"from": self.first, "size": self.size}
        if self.size:
            found["sort"] = order(self.request)
        if isinstance(self.start, DateCursor):
            found["search_after"] = [self.start.second, self.start.arrival]
        return found

    def cut(self, hits: Hits) -> tuple[Hits, Cursor | None]:
        """Return the hits of the page, and the cursor to the next one."""
        limit = self.request.limit
        skipped = self._skipped(hits)
        page = hits[skipped : skipped + limit]
        if not page or len(hits) <= skipped + limit:
            return page, None
        *_, second, arrival = page[-1]["sort"]
        if self.request.order != "relevance":
            return page, Cursor((second, arrival))
        end = self.first + skipped + len(page)
        if end >= WINDOW:
            return page, None
        return page, Cursor((end, arrival, self._fence(), self._origin()))

    def moved(self, hits: Hits) -> Window | None:
        """Return the window to read instead, if this one missed the page.

        That is when articles that had come before were made searchable since, and push
        the others down.
        """
        end = self.first + self.size
        if len(hits) < self.size or end > WINDOW or self.wide:
            return None
        found = self._found(hits)
        if found is None and isinstance(self.start, ScoreCursor):
            size = min(self.size + _AHEAD, WINDOW + 1 - self.first)
            return replace(self, size=size, wide=True)
        if found is None or found + self.request.limit < len(hits):
            return None
        place = self.first + found
        size = min(place + self.request.limit, WINDOW) - self.first + 1
        return replace(self, size=size, wide=True)

    def _skipped(self, hits: Hits) -> int:
        """Return how many hits stand before the page: those up to the last one shown."""
        found = self._found(hits)
        if found is not None:
            return found
        return self.place - self.first if isinstance(self.start, ScoreCursor) else 0

    def _found(self, hits: Hits) -> int | None:
        """Return the place behind the article that the cursor names, if it is here."""
        if not isinstance(self.start, ScoreCursor):
            return None
        for place, hit in enumerate(hits):
            if hit["sort"][-1] == self.start.arrival:
                return place + 1
        return None

    def _fence(self) -> int:
        if isinstance(self.start, ScoreCursor):
            return self.start.fence
        return arrival_at(time.time() + _SKEW)

    def _origin(self) -> float:
        recency = self.request.recency
        return recency.origin.timestamp() if recency else 0.0


def window(request: SearchRequest) -> Window:
    """Return what to read for the page asked for.

    Raises QueryTooComplexError beyond the first `WINDOW` hits, CursorError.
    """
    end = request.offset + request.limit
    if request.offset < 0 or request.limit < 0 or end > WINDOW:
        raise QueryTooComplexError(
            f"Only the first {WINDOW} hits can be reached by page: go on with the cursor."
        )
    if request.limit == 0:
        return Window(request, 0, 0, 0)
    if request.cursor is None:
        return Window(request, request.offset, request.limit + 1, request.offset)
    if request.order != "relevance":
        date = load(DateCursor, request.cursor.position)
        return Window(request, 0, request.limit + 1, 0, date)
    return _scored(request, load(ScoreCursor, request.cursor.position))


def _scored(request: SearchRequest, start: ScoreCursor) -> Window:
    if start.place > WINDOW:
        raise CursorError("The cursor is damaged. Start again without one.")
    recency = request.recency
    if recency:
        recency = replace(recency, origin=datetime.fromtimestamp(start.origin, UTC))
    first = max(0, start.place - _BACK)
    size = min(start.place + request.limit, WINDOW) - first + 1
    asked = replace(request, recency=recency)
    return Window(asked, first, size, start.place, start)


def order(request: SearchRequest) -> list[dict[str, str]]:
    """Return the order of the hits: always total, as no two arrivals are the same."""
    way = "asc" if request.order == "oldest" else "desc"
    dated = [{f"{request.date}_second": way}, {"arrival": way}]
    return [{"_score": "desc"}, *dated] if request.order == "relevance" else dated


def load(kind: type[_T], position: Position) -> _T:
    """Return the cursor of a position, or raise CursorError."""
    if tuple(map(type, position)) != _TYPES[kind] or any(
        isinstance(part, int) and not -(2**63) <= part < 2**63 for part in position
    ):
        raise CursorError("The cursor is damaged. Start again without one.")
    return kind(*position)
