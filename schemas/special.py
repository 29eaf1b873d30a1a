"""What is special about the articles of a question, on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson

from schemas import echo as echoes, links
from schemas.finding import blaming
from schemas.queries import Query
from schemas.results import Found, head
from schemas.series import resolved, told
from schemas.tables import table
from schemas.urls import Pair, url
from schemas.views import ALL, WORD
from search.engine import Engine
from search.errors import QueryError
from search.naming import Naming, naming
from search.query.ast import All, Node, Term
from search.query.join import every
from search.query.parser import parse
from search.query.printer import show as written
from search.request import SearchRequest
from search.significance import Sides, Special, Standout, compare, stand_outs
from search.significant_words import SAMPLE, stand_out_words

_COLUMNS = ("id", "name", "count", "background", "score")


@dataclass(frozen=True, slots=True)
class Told(Found):
    """What is special; `background` is how many articles it is compared with."""

    field: str
    special: Special
    background: int
    against: dict[str, Any] | None


def find(query: Query, engine: Engine) -> Told:
    """Return what is special, names resolved.

    Raises ParameterError as `schemas.finding.find`.
    """
    field: str = query.given["field"]
    started = perf_counter()
    echo = echoes.resolve(query, engine)
    other = resolved(query.other, engine, "against")
    with blaming(query):
        sides = compare(engine, echo.request, other.request if other else None)
        found = _special(engine, sides, echo.request, query, field)
    against = None
    if query.other and other:
        echo.warnings.extend(told(other, "against"))
        against = echoes.show(query.other, other, "newest")
    if sides.result.total and not sides.outside:
        echo.warnings.append(
            {"code": "nothing-to-compare", "parameter": "against", "value": ""}
        )
    took_ms = round((perf_counter() - started) * 1000)
    return Told(
        *(query, sides.result, echo, took_ms, None),
        *(field, found, sides.background, against),
    )


def _special(
    engine: Engine, sides: Sides, request: SearchRequest, query: Query, field: str
) -> Special:
    size: int = query.given["size"]
    if field == WORD:
        own = naming(engine, request, None)
        return stand_out_words(engine, sides, size, _is_word(own))
    own = naming(engine, request, field)
    return stand_outs(engine, sides, field, size, _is_value(own))


def _is_word(own: Naming) -> Callable[[Standout], bool]:
    return lambda value: own.is_word(value.name)


def _is_value(own: Naming) -> Callable[[Standout], bool]:
    return lambda value: own.is_value(value.id, value.name)


def dump(found: Told) -> bytes:
    """Return what is special as JSON."""
    answer = {
        **head(found),
        "field": found.field,
        "against": found.against,
        "background": {"value": found.background, "exact": True},
        "values": list(_values(found, found.special.values)),
        "own": list(_values(found, found.special.own)),
    }
    if found.field == WORD:
        answer["sampled"] = min(SAMPLE, found.result.total)
    answer["warnings"] = found.echo.warnings
    answer["links"] = links.of_view(found.query, "significant")
    return orjson.dumps(answer)


def dump_table(found: Told) -> bytes:
    """Return what is special as a table: `id,name,count,background,score`."""
    rows = (
        [getattr(each, column) for column in _COLUMNS] for each in found.special.values
    )
    return table(_COLUMNS, rows)


def _values(found: Told, values: Sequence[Standout]) -> Iterator[dict[str, Any]]:
    field = found.field
    texts = {(field, each.id): each.name for each in values}
    if field != WORD:
        texts = found.echo.exactly(texts)
    for value in values:
        yield _value(found, value, texts[field, value.id])


def _value(found: Told, value: Standout, text: str) -> dict[str, Any]:
    query = found.query
    behind = query.other
    kept = [] if behind is None else links.listing(behind)
    return {
        **{column: getattr(value, column) for column in _COLUMNS},
        "url": _address(found.field, text, links.listing(query), query.asked.node),
        "background_url": _address(
            *(found.field, text, kept), behind.asked.node if behind else None
        ),
    }


def _address(field: str, text: str, kept: list[Pair], node: Node | None) -> str | None:
    """Return the address of a question's articles that have the value too; None for a
    question that with one word more cannot be asked."""
    if field != WORD:
        return url(links.ARTICLES, [*kept, (field + ALL, text)])
    words = written(every((node or All(), Term(text))))
    try:
        parse(words)
    except QueryError:
        return None
    rest = [pair for pair in kept if pair[0] not in ("q", "q.syntax")]
    return url(links.ARTICLES, [*rest, ("q", words)])
