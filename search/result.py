"""What comes back from an engine: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field as data
from typing import Literal, TypeAlias

from search.article import ArticleId, Entity, StoredArticle, Version
from search.cursor import Cursor
from search.request import FacetMode, Interval, Sort

Status: TypeAlias = Literal["created", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a field: `text` stands at `start` to `end` (characters of the field);
    `matches` are (start, end) of what was found, also in characters of the field.
    `more`: the field goes on behind the piece."""

    start: int
    end: int
    text: str
    matches: tuple[tuple[int, int], ...]
    more: bool = False


Marked: TypeAlias = tuple[tuple[str, tuple[Fragment, ...]], ...]
"""Pieces by field."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found; `score` only in relevance order."""

    article: StoredArticle
    score: float | None = None
    highlights: Marked = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of articles that have it.

    `first` and `last` are the moments of the first and last of them, by the question's
    date, in milliseconds; None where that was not asked for, or there is none.
    """

    id: str
    name: str
    count: int
    selected: bool = False
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a field, over the facet's own base.

    Ordered by count (high first) then id, or by id; selected values below the cut
    follow behind. `other` sums the counts not listed above the cut; `missing` counts
    articles without any value. `more`: there are values after the last one listed.
    """

    field: str
    mode: FacetMode
    values: tuple[FacetValue, ...]
    distinct: int
    distinct_exact: bool
    missing: int
    other: int
    exact: bool = True
    more: bool = False


@dataclass(frozen=True, slots=True)
class Bucket:
    """Articles from `start` up to, not including, `end` (milliseconds)."""

    start: int
    end: int
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Contiguous buckets, zero-filled."""

    interval: Interval
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a `SearchRequest`. `total` is exact; `sort` is the order used:
    relevance needs a clause that scores, without one it is newest. `stamp` is what
    `Engine.stamp` said, or would have said, just before."""

    total: int
    sort: Sort
    hits: tuple[Hit, ...] = ()
    facets: tuple[Facet, ...] = ()
    timeline: Timeline | None = None
    next: Cursor | None = None
    stamp: str = data(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article, in the order they were given."""

    id: ArticleId
    status: Status
    version: Version = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What became of the articles of one `Engine.index`."""

    outcomes: tuple[Outcome, ...]

    def count(self, status: Status) -> int:
        """Return how many articles ended with this status."""
        return sum(outcome.status == status for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whom a name means: `entity` as the registry or else the archive calls it.

    `matched` says what of it the name is: "id", "name", "alias", "former name",
    "ticker", "identifier" or "surname". `ids` are those that articles about it have.
    """

    entity: Entity
    matched: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name means in the archive: several where it is ambiguous; where there is
    nothing, `suggestions` of near names, best first, if they were asked for."""

    meanings: tuple[Meaning, ...]
    suggestions: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Whom it means."""
        return tuple(meaning.entity for meaning in self.meanings)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids by which all articles that it means are found, each once."""
        return tuple(dict.fromkeys(i for each in self.meanings for i in each.ids))


@dataclass(frozen=True, slots=True)
class Health:
    """How the engine is. `pending`: changes stored, not yet searchable."""

    status: Literal["ready", "degraded", "down"]
    detail: str
    articles: int | None = None
    pending: int | None = None
    generation: str | None = None
