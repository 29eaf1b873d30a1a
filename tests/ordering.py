"""The order of the reference engine: by date, or by a score that age may halve."""

from collections.abc import Callable
from typing import Final, TypeAlias

from search.article import milliseconds, moment_of
from search.errors import CursorError
from search.request import SearchRequest
from tests.shelf import Kept

Key: TypeAlias = tuple[float, ...]


def newest(request: SearchRequest) -> Callable[[Kept], Key]:
    return lambda kept: tuple(-part for part in oldest(request)(kept))


def oldest(request: SearchRequest) -> Callable[[Kept], Key]:
    return lambda kept: (
        milliseconds(moment_of(kept.article, request.date)) // 1000,
        kept.arrival,
    )


def best(request: SearchRequest) -> Callable[[Kept], Key]:
    return lambda kept: (-_score(kept, request), *newest(request)(kept))


def _score(kept: Kept, request: SearchRequest) -> float:
    if request.recency is None:
        return 1.0
    moment = moment_of(kept.article, request.date)
    age = (request.recency.origin - moment).total_seconds()
    halves = max(age, 0) / request.recency.half_life
    return float(0.5**halves)


def behind(
    found: list[tuple[Key, Kept]], request: SearchRequest
) -> list[tuple[Key, Kept]]:
    if request.cursor is None:
        return found
    start = request.cursor.position
    try:
        return [(key, kept) for key, kept in found if key > start]
    except TypeError:
        raise CursorError("The cursor is damaged. Start again without one.") from None


ORDERS: Final = {"newest": newest, "oldest": oldest, "relevance": best}
