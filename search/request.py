"""What a search is asked: frozen values, no options of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from search.cursor import Cursor
from search.query.ast import All, And, Node, Or, Term, scores

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]
DateField: TypeAlias = Literal["published", "updated", "indexed"]
Interval: TypeAlias = Literal["hour", "day", "week", "month", "quarter", "year"]
FacetMode: TypeAlias = Literal["or", "and"]

WINDOW = 10_000
"""How deep `offset + limit` may go, and how far relevance order is paged."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Values chosen in one facet field, any of which will do.

    `values` are names or ids, as a `Term` has them; `ids` are ids and nothing else.
    """

    field: str
    values: tuple[str, ...]
    ids: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """What is chosen, a clause each."""
        named = (Term(value, self.field) for value in self.values)
        return (*named, *(Term(each, self.field, exact=True) for each in self.ids))

    @property
    def node(self) -> Node:
        """The selection as a clause."""
        return Or(self.terms)


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Counts by value of one field.

    `size` values are listed (None: all), after the value with the id `after` in the
    order of `sort`; `match` keeps values that one of the articles has under a name with
    these folded characters, and counts all articles that have them.
    `only` these ids are counted (None: all). `mode` "or" counts as if the field's own
    selection were not there. `seen` says of each value when it was first and last seen.
    With `whole` the number of distinct values is exact however few are listed, which
    costs more, and a selected value below the cut waits for its turn: a walk by `after`
    lists each value once.
    """

    field: str
    size: int | None = 10
    sort: Literal["count", "name"] = "count"
    mode: FacetMode = "or"
    match: str | None = None
    after: str | None = None
    whole: bool = False
    only: tuple[str, ...] | None = None
    seen: bool = False


@dataclass(frozen=True, slots=True)
class TimelineRequest:
    """Counts over time. `interval` None: chosen to give about 30 buckets.

    `start` and `end` are the first and last moments in milliseconds (end excluded);
    None: the first and the last hit.
    """

    interval: Interval | None = None
    tz: str = "UTC"
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class HighlightRequest:
    """Pieces of text around what was found: about `size` characters, up to `count`."""

    fields: tuple[str, ...]
    size: int = 150
    count: int = 3


@dataclass(frozen=True, slots=True)
class Recency:
    """The score halves for every `half_life` seconds before `origin` (not after it)."""

    half_life: float
    origin: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One question.

    `query` is what was asked in words and scores; `filter` restricts and does not
    score; `selections` restrict too, each apart so that its own facet can leave it out.
    `offset` and `cursor` exclude each other. `limit` 0 asks for counts only.
    """

    query: Node = All()
    filter: Node = All()
    selections: tuple[Selection, ...] = ()
    sort: Sort = "relevance"
    date: DateField = "published"
    recency: Recency | None = None
    limit: int = 10
    offset: int = 0
    cursor: Cursor | None = None
    body: bool = False
    facets: tuple[FacetRequest, ...] = ()
    timeline: TimelineRequest | None = None
    highlight: HighlightRequest | None = None

    def restriction(self, *, without: str | None = None) -> Node:
        """Return filter and selections as one clause, leaving out one field's own."""
        chosen = [s.node for s in self.selections if s.field != without]
        if not chosen:
            return self.filter
        return And((*(() if self.filter == All() else (self.filter,)), *chosen))

    @property
    def order(self) -> Sort:
        """The order that is used: without a clause that scores, relevance is newest."""
        if self.sort == "relevance" and not scores(self.query):
            return "newest"
        return self.sort

    @property
    def whole(self) -> Node:
        """The query with every restriction."""
        return And((self.query, self.restriction()))
