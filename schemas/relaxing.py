"""Questions that find more than one: a filter less, a word less, a longer period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from schemas.changing import asking, naming, plain
from schemas.echo import Echo
from schemas.instants import limits
from schemas.queries import Query
from schemas.urls import Pair
from schemas.views import ALL, NOT
from search.article import milliseconds
from search.catalog import FACET_FIELDS
from search.query.ast import All, Span
from search.query.printer import show
from search.query.relax import any_word, parts, relaxed, span

Change: TypeAlias = Literal[
    "spelling", "name", "drop", "words", "anywhere", "any", "widen", "only"
]
CHANGES: dict[Change, str] = {
    "spelling": "another spelling of a word",
    "name": "another name, one that is here",
    "drop": "without it",
    "words": "the words of the phrase, wherever they stand",
    "anywhere": "in any text field",
    "any": "any of the words, not all",
    "widen": "a longer period",
    "only": "nothing but this",
}

_DAY: Final = 24 * 60 * 60 * 1000
_EIGHTHS: Final = (1, 2, 4, 8, 16, 32, 64, 128)
"""By how many eighths of its length a period is made longer."""

_FILTERS: Final = frozenset(
    field + suffix for field in FACET_FIELDS for suffix in ("", ALL, NOT)
)
_PERIOD: Final = frozenset(("from", "to"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another question, and what was changed for it.

    `value` is what the parameter had, or the clause of it that is meant, which stands
    at `span`; None for all of its values. `instead` is what it has now.
    """

    change: Change
    parameter: str
    value: str | None
    pairs: tuple[Pair, ...]
    instead: str | None = None
    span: Span | None = None


def relaxations(query: Query, echo: Echo) -> Iterator[Proposal]:
    """Yield the questions that come nearest, the order of the question kept."""
    pairs = plain(query)
    yield from _named(query, echo)
    yield from _of_words(query, pairs)
    yield from _of_filters(pairs)
    yield from _of_dates(query, pairs)
    yield from _alone(query, pairs)


def _named(query: Query, echo: Echo) -> Iterator[Proposal]:
    for name in query.names:
        for instead in echo.near.get(name, ()):
            changed = naming(query, name, instead)
            yield Proposal("name", name.parameter, name.text, changed, instead)


def _of_words(query: Query, pairs: list[Pair]) -> Iterator[Proposal]:
    node = query.asked.node
    if not query.asked.text:
        return
    for each in relaxed(node):
        instead = show(each.node) or None
        clause, place = show(each.clause), span(each.clause)
        changed = asking(pairs, each.node)
        yield Proposal(each.change, "q", clause, changed, instead, place)
    if (loose := any_word(node)) is not None:
        text = query.asked.text
        yield Proposal("any", "q", text, asking(pairs, loose), show(loose))
    if any(name in _FILTERS | _PERIOD for name, _ in pairs):
        yield Proposal("drop", "q", query.asked.text, asking(pairs, All()))


def _of_filters(pairs: list[Pair]) -> Iterator[Proposal]:
    for name in dict.fromkeys(name for name, _ in pairs if name in _FILTERS):
        values = [value for each, value in pairs if each == name]
        if name.endswith(ALL) and len(values) > 1:
            for at, pair in enumerate(pairs):
                if pair[0] == name:
                    rest = (*pairs[:at], *pairs[at + 1 :])
                    yield Proposal("drop", name, pair[1], rest)
        whole = values[0] if len(values) == 1 else None
        rest = tuple(pair for pair in pairs if pair[0] != name)
        yield Proposal("drop", name, whole, rest)


def _of_dates(query: Query, pairs: list[Pair]) -> Iterator[Proposal]:
    given = {name: value for name, value in pairs if name in _PERIOD}
    for name, value in given.items():
        for moment in _wider(query, name):
            changed = tuple((k, moment if k == name else v) for k, v in pairs)
            yield Proposal("widen", name, value, changed, moment)
        rest = tuple(pair for pair in pairs if pair[0] != name)
        yield Proposal("drop", name, value, rest)


def _alone(query: Query, pairs: list[Pair]) -> Iterator[Proposal]:
    rest = [pair for pair in pairs if pair[0] not in {*_FILTERS, *_PERIOD, "q"}]
    wanted = (name for name, _ in pairs if name in _FILTERS)
    for name in dict.fromkeys(name for name in wanted if not name.endswith(NOT)):
        own = [pair for pair in pairs if pair[0] == name]
        whole = own[0][1] if len(own) == 1 else None
        yield Proposal("only", name, whole, (*own, *rest))
    for clause in parts(query.asked.node):
        text = show(clause)
        changed = asking([("q", text), *rest], clause)
        yield Proposal("only", "q", text, changed, span=span(clause))


def _wider(query: Query, name: str) -> Iterator[str]:
    """Yield values of `from` or `to` that make the period longer, step by step."""
    now = milliseconds(query.place.now)
    start, end = query.span.start, query.span.end
    first = min(now, end or now) if start is None else start
    last = max(now, first) if end is None else end
    length = max(last - first, _DAY)
    for eighths in _EIGHTHS:
        more = length * eighths // 8
        if name == "from":
            found = limits((first - more) // _DAY * _DAY, last)
        else:
            found = limits(first, -(-(last + more) // _DAY) * _DAY)
        if found:
            yield found[0] if name == "from" else found[1]
