"""Hits by score halved with age, exactly, without reading all of them.

Age only lowers a score. So the hits are read in slices of time, the newest first, each by
its plain score; a slice, and all older ones, end when even the best score with the age at
its newest edge would not come into the page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import tantivy
from tantivy import Order, Query

from search.article import milliseconds
from search.embedded.compile import Compiler
from search.embedded.reader import Snapshot, total
from search.query.ast import Range
from search.request import Recency

_CHUNK = 200
_GROWTH = 5
_FUTURE = 2**62


@dataclass(frozen=True, slots=True)
class Ageing:
    """The order by score and age of one query, by one date."""

    snapshot: Snapshot
    compiler: Compiler
    date: str
    query: Query
    recency: Recency

    def best(self, wanted: int) -> tuple[list[tuple[float, int]], int]:
        """Return the first hits as (score, order key), and how many there are."""
        found = self.snapshot.searcher.search(self.query, limit=1)
        best: list[tuple[float, int]] = []
        edge, width = _FUTURE, self._halving
        while found.hits:
            if self._is_enough(best, wanted, found.hits[0][0] * self._decay(edge)):
                break
            newest = self._newest_before(edge)
            if newest is None:
                break
            if not self._decay(newest):
                best += self._faded(newest, wanted - len(best))
                break
            low = int(min(newest, self._origin) - width)
            slice_ = self._slice(low, newest, best, wanted)
            width *= 1 if len(slice_) >= wanted else 2
            best = sorted(best + slice_, key=_order)[:wanted]
            edge = low
        return best, total(found)

    @property
    def _origin(self) -> int:
        return milliseconds(self.recency.origin)

    @property
    def _halving(self) -> float:
        return max(1.0, self.recency.half_life * 1000)

    def _decay(self, moment: int) -> float:
        age = max(0, self._origin - moment)
        return math.exp2(-age / (self.recency.half_life * 1000))

    def _is_enough(
        self, best: list[tuple[float, int]], wanted: int, bound: float
    ) -> bool:
        return len(best) >= wanted and best[wanted - 1][0] > bound

    def _within(self, low: int | None, high: int) -> Query:
        restriction = self.compiler.query(Range(self.date, low, high))
        return self.compiler.within(self.query, restriction)

    def _newest_before(self, edge: int) -> int | None:
        found = self.snapshot.searcher.search(
            self._within(None, edge), limit=1, count=False, order_by_field=self.date
        )
        return int(found.hits[0][0]) if found.hits else None

    def _faded(self, newest: int, wanted: int) -> list[tuple[float, int]]:
        """Return the newest of those whose score is nothing any more."""
        found = self.snapshot.searcher.search(
            self._within(None, newest + 1),
            limit=max(1, wanted),
            count=False,
            order_by_field=f"{self.date}_key",
            order=Order.Desc,
        )
        return [(0.0, key) for key, _ in found.hits[:wanted]]

    def _slice(
        self, low: int, newest: int, best: list[tuple[float, int]], wanted: int
    ) -> list[tuple[float, int]]:
        """Return the hits between, as many as can matter beside `best`."""
        query, size = self._within(low, newest + 1), max(_CHUNK, 2 * wanted)
        while True:
            hits = self.snapshot.searcher.search(query, limit=size, count=False).hits
            aged = self._aged(hits)
            if len(hits) < size:
                return aged
            ranked = sorted(best + aged, key=_order)
            if self._is_enough(ranked, wanted, hits[-1][0] * self._decay(newest)):
                return aged
            size *= _GROWTH

    def _aged(
        self, hits: list[tuple[float, tantivy.DocAddress]]
    ) -> list[tuple[float, int]]:
        places = [place for _, place in hits]
        fast = self.snapshot.searcher.fast_field_values
        moments, keys = fast(self.date, places), fast(f"{self.date}_key", places)
        return [
            (score * self._decay(int(moment or 0)), int(key or 0))
            for (score, _), moment, key in zip(hits, moments, keys, strict=True)
        ]


def _order(hit: tuple[float, int]) -> tuple[float, int]:
    return -hit[0], -hit[1]
