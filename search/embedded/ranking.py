"""Pages of hits in a total order: by date, by score, by score and age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import tantivy
from tantivy import Order, Query

from search.embedded.ageing import Ageing
from search.embedded.compile import Compiler
from search.embedded.mapping import arrival_of
from search.embedded.reader import Snapshot, total
from search.request import Recency

Ranked: TypeAlias = tuple[float, int]  # score, order key

_PAD: Final = 12  # hits read beyond a page, so that most ties end inside
_DENSER: Final = 25  # places further down, one more: scores come closer together
_GROWTH: Final = 6


@dataclass(frozen=True, slots=True)
class Page:
    """Hits in their order; `total` is what the query found, if that was counted."""

    hits: list[Ranked]
    total: int


class Ranking:
    """The orders of one snapshot by one date."""

    def __init__(self, snapshot: Snapshot, compiler: Compiler, date: str) -> None:
        self.snapshot = snapshot
        self.searcher = snapshot.searcher
        self.compiler = compiler
        self.date = date
        self.key = f"{date}_key"

    def by_date(
        self,
        query: Query,
        start: int,
        count: int,
        *,
        newest: bool,
        known: int | None = None,
    ) -> Page:
        """Return hits by second and arrival, from the `start`th on.

        `known` is the total, if it need not be counted.
        """
        found = self.searcher.search(
            query,
            limit=max(count, 1),
            offset=start,
            count=known is None,
            order_by_field=self.key,
            order=Order.Desc if newest else Order.Asc,
        )
        hits = [(0.0, key) for key, _ in found.hits[:count]]
        return Page(hits, total(found) if known is None else known)

    def by_score(self, query: Query, start: int, count: int) -> Page:
        """Return hits by score, equal scores newest first, from the `start`th on."""
        pad = _PAD + start // _DENSER
        while True:
            low = max(0, start - pad)
            wanted = start + count + pad - low
            found = self.searcher.search(query, limit=wanted, offset=low)
            hits = found.hits
            first, end = start - low, min(len(hits), start - low + count)
            if whole(hits, first, end, at_start=low == 0, at_end=len(hits) < wanted):
                begin, behind = _tied(hits, first, end)
                rows = self._keyed(hits[begin:behind])
                if len({score for score, _ in rows}) < len(rows):
                    rows.sort(key=_order)
                return Page(rows[first - begin : end - begin], total(found))
            pad *= _GROWTH

    def by_recency(
        self, query: Query, start: int, count: int, recency: Recency
    ) -> Page:
        """Return hits by score halved with age, from the `start`th on."""
        ageing = Ageing(self.snapshot, self.compiler, self.date, query, recency)
        best, found = ageing.best(start + count)
        return Page(best[start:], found)

    def _keyed(self, hits: list[tuple[float, tantivy.DocAddress]]) -> list[Ranked]:
        keys = self.searcher.fast_field_values(self.key, [place for _, place in hits])
        return [
            (score, int(key or 0)) for (score, _), key in zip(hits, keys, strict=True)
        ]


def whole(
    rows: Sequence[tuple[float, Any]],
    first: int,
    end: int,
    *,
    at_start: bool,
    at_end: bool,
) -> bool:
    """Say whether the groups of equal scores at both edges are all inside the rows."""
    if not rows or first >= end:
        return True
    left = at_start or rows[0][0] != rows[first][0]
    right = at_end or rows[-1][0] != rows[end - 1][0]
    return left and right


def _tied(rows: Sequence[tuple[float, Any]], first: int, end: int) -> tuple[int, int]:
    """Return from where to where the scores at the edges of a page reach."""
    while 0 < first < end and rows[first - 1][0] == rows[first][0]:
        first -= 1
    while first < end < len(rows) and rows[end][0] == rows[end - 1][0]:
        end += 1
    return first, end


def _order(hit: Ranked) -> tuple[float, int]:
    return -hit[0], -hit[1]


def numbers(hits: list[Ranked]) -> list[int]:
    """Return the articles' numbers."""
    return [arrival_of(key) for _, key in hits]
