"""From a query to what was found: the way of both doors, HTTP and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from schemas import advice, echo as echoes
from schemas.links import ARTICLES
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.results import Found, collect
from search.engine import Engine
from search.errors import QueryTooComplexError, VanishedValueError


def find(query: Query, engine: Engine) -> Found:
    """Return what the engine answers, names resolved.

    Raises ParameterError for names that a strict query may not give, and for a
    timeline of too many steps.
    """
    started = perf_counter()
    echo = echoes.resolve(query, engine)
    with blaming(query):
        result = engine.search(echo.request)
    lost = query.view == ARTICLES and not result.total
    proposed = advice.collect(query, echo, engine) if lost else ()
    took_ms = round((perf_counter() - started) * 1000)
    return collect(query, result, echo, took_ms, proposed)


@contextmanager
def blaming(query: Query) -> Iterator[None]:
    """Let what an engine refuses name the parameter that asks it."""
    try:
        yield
    except QueryTooComplexError as error:
        # The parser has measured q: what an engine finds too much is the timeline.
        name = "interval" if query.request.timeline else "q"
        raise ParameterError(
            name, error.detail, error.suggestion, slug="query-too-complex"
        ) from None
    except VanishedValueError as error:
        raise ParameterError("after", error.detail) from None
