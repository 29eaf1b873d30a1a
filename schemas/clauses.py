"""Filters become the nodes that the parser makes: one language, two notations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from schemas.dates import period
from schemas.given import Given, attempt
from schemas.problems import ParameterError
from schemas.views import ALL, NOT
from search.article import EPOCH, MILLISECOND, milliseconds
from search.catalog import FACET_FIELDS
from search.query.ast import All, And, Node, Not, Or, Range, Term
from search.request import Selection

Span: TypeAlias = tuple[datetime, datetime]
Rule: TypeAlias = Literal["any", "all", "none"]
_Filter: TypeAlias = tuple[str, str, Rule]

_RULES: tuple[tuple[str, Rule], ...] = (("", "any"), (ALL, "all"), (NOT, "none"))
_FILTERS: tuple[_Filter, ...] = tuple(
    (field + suffix, field, rule) for field in FACET_FIELDS for suffix, rule in _RULES
)
"""Parameters that filter, with their field and what they mean."""

_PARAMETERS = frozenset(parameter for parameter, _, _ in _FILTERS)


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a question gives a facet field, and under which parameter."""

    parameter: str
    field: str
    rule: Rule
    text: str


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, not including, `end`, in milliseconds; None is open."""

    start: int | None = None
    end: int | None = None


_ALWAYS = Period()


def _filters(given: Given) -> Iterator[_Filter]:
    """Yield the filters that were given; most questions have none."""
    if not _PARAMETERS.isdisjoint(given):
        yield from (each for each in _FILTERS if each[0] in given)


def names(given: Given) -> Iterator[Named]:
    """Yield every name that a filter gives, field by field."""
    for parameter, field, rule in _filters(given):
        for text in given[parameter]:
            yield Named(parameter, field, rule, text)


def selections(given: Given) -> tuple[Selection, ...]:
    """Return the selections, one for each field that has one."""
    return tuple(
        Selection(field, given[field])
        for _, field, rule in _filters(given)
        if rule == "any"
    )


def restriction(given: Given, span: Period) -> Node:
    """Return what restricts beside the selections: `.all`, `.not` and the dates."""
    clauses: list[Node] = []
    for parameter, field, rule in _filters(given):
        if rule == "any":
            continue
        terms = tuple(Term(text, field) for text in given[parameter])
        if rule == "all":
            clauses += terms
        else:
            clauses.append(Not(Or(terms) if len(terms) > 1 else terms[0]))
    if span.start is not None or span.end is not None:
        clauses.append(Range(given["date"], span.start, span.end))
    if len(clauses) > 1:
        return And(tuple(clauses))
    return clauses[0] if clauses else All()


def span_of(given: Given, now: datetime) -> Period:
    """Return the period from `from` to `to`; raises ParameterError."""
    if "from" not in given and "to" not in given:
        return _ALWAYS
    zone = ZoneInfo(given["tz"])
    edges = {
        name: attempt(name, partial(period, given[name], now, zone))
        for name in ("from", "to")
        if name in given
    }
    start = milliseconds(edges["from"][0]) if "from" in edges else None
    end = -((EPOCH - edges["to"][1]) // MILLISECOND) if "to" in edges else None
    if start is not None and end is not None and _turned(edges["from"], edges["to"]):
        raise ParameterError("from", "from is after to. Exchange them.")
    return Period(start, end)


def _turned(first: Span, last: Span) -> bool:
    """Say whether `last` ends before `first` begins; `7d` to `7d` is one moment."""
    return first[0] >= last[1] and first[0] != last[0]
