"""Pages one after the other, of which nothing is lost and nothing comes twice.

By date, a cursor is the last order key: the next page is a range behind it, or, while
nothing has changed, so many hits further on. By score it is a position and the article there: scores move when articles come, so the new ones
(numbered above the fence) stay out of the walk, and the walk goes on behind the article.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeVar

from tantivy import Query

from search.article import EPOCH, MILLISECOND, milliseconds
from search.cursor import Cursor, Position
from search.embedded.compile import Compiler
from search.embedded.mapping import ARRIVALS, arrival_of
from search.embedded.ranking import Page, Ranking
from search.embedded.reader import Snapshot
from search.errors import CursorError, QueryTooComplexError
from search.request import WINDOW, SearchRequest

_BACK: Final = 50  # places that an article may have moved between two pages
_FAR: Final = 5_000  # hits: to skip fewer takes half the time of a range behind a key
_MOMENTS: Final = range(
    milliseconds(datetime.min.replace(tzinfo=UTC)),
    milliseconds(datetime.max.replace(tzinfo=UTC)),
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DateCursor:
    """Behind this order key; `total` is right while the snapshot is this one.

    So is `seen`, how many hits came before, up to `_FAR`.
    """

    key: int
    seen: int
    total: int
    stamp: str


@dataclass(frozen=True, slots=True)
class ScoreCursor:
    """Behind this article at this place; `fence` is the last number that takes part."""

    place: int
    arrival: int
    fence: int
    origin: int


_NUMBERS: Final = range(2**ARRIVALS)
_PARTS: Final[dict[type, tuple[range | None, ...]]] = {
    DateCursor: (range(2**64), range(_FAR + 1), range(2**62), None),
    ScoreCursor: (range(WINDOW + 1), _NUMBERS, _NUMBERS, _MOMENTS),
}
"""What each part may be: a number in the range, or a text."""


def page(
    snapshot: Snapshot, compiler: Compiler, request: SearchRequest, base: Query
) -> tuple[Page, Cursor | None]:
    """Return the page asked for, with the total of all pages, and the next cursor."""
    if (
        request.offset < 0
        or request.limit < 0
        or request.offset + request.limit > WINDOW
    ):
        raise QueryTooComplexError(
            f"Only the first {WINDOW} hits can be reached by page: go on with the cursor."
        )
    if request.limit == 0:
        return Page([], snapshot.count(base)), None
    if request.order == "relevance":
        return _scored(snapshot, compiler, request, base)
    return _dated(snapshot, compiler, request, base)


def _dated(
    snapshot: Snapshot, compiler: Compiler, request: SearchRequest, base: Query
) -> tuple[Page, Cursor | None]:
    newest = request.order == "newest"
    ranking = Ranking(snapshot, compiler, request.date)
    query, total, offset, seen = base, None, request.offset, request.offset
    if request.cursor:
        start = _load(DateCursor, request.cursor.position)
        same = start.stamp == snapshot.stamp
        total = start.total if same else snapshot.count(base)
        seen = offset = start.seen if same else _FAR
        if seen >= _FAR:
            low, high = (None, start.key) if newest else (start.key, None)
            behind = compiler.order_range(request.date, low, high)
            query, offset = compiler.within(base, behind), 0
    found = ranking.by_date(
        query, offset, request.limit + 1, newest=newest, known=total
    )
    hits = found.hits[: request.limit]
    if len(found.hits) <= request.limit:
        return Page(hits, found.total), None
    seen = min(seen + len(hits), _FAR)
    position = (hits[-1][1], seen, found.total, snapshot.stamp)
    return Page(hits, found.total), Cursor(position)


def _scored(
    snapshot: Snapshot, compiler: Compiler, request: SearchRequest, base: Query
) -> tuple[Page, Cursor | None]:
    ranking = Ranking(snapshot, compiler, request.date)
    start, query, recency = None, base, request.recency
    if request.cursor:
        start = _load(ScoreCursor, request.cursor.position)
        if start.fence < snapshot.newest:
            query = compiler.within(base, compiler.arrived(start.fence))
        if recency:
            recency = replace(recency, origin=EPOCH + start.origin * MILLISECOND)
    place = start.place if start else request.offset
    first = max(0, place - _BACK) if start else place
    wanted = min(place + request.limit, WINDOW) - first + 1
    if recency:
        found = ranking.by_recency(query, first, wanted, recency)
    else:
        found = ranking.by_score(query, first, wanted)
    skipped = _skipped(found, start, place - first)
    hits = found.hits[skipped : skipped + request.limit]
    end = first + skipped + len(hits)
    total = found.total if query is base else snapshot.count(base)
    if len(found.hits) <= skipped + len(hits) or end >= WINDOW or not hits:
        return Page(hits, total), None
    origin = milliseconds(recency.origin) if recency else 0
    fence = start.fence if start else snapshot.newest
    return Page(hits, total), Cursor((end, arrival_of(hits[-1][1]), fence, origin))


def _skipped(found: Page, start: ScoreCursor | None, usual: int) -> int:
    """Return how many hits stand before the page: those up to the last one shown."""
    if start is None:
        return 0
    for place, (_, key) in enumerate(found.hits):
        if arrival_of(key) == start.arrival:
            return place + 1
    return usual


def _load(kind: type[_T], position: Position) -> _T:
    allowed = _PARTS[kind]
    if len(position) != len(allowed) or not all(map(_fits, position, allowed)):
        raise CursorError("The cursor is damaged. Start again without one.")
    return kind(*position)


def _fits(part: object, allowed: range | None) -> bool:
    if allowed is None:
        return isinstance(part, str)
    return type(part) is int and part in allowed
