"""A walk through everything that matches, on one snapshot, by date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from search.article import StoredArticle, moment_of
from search.embedded.mapping import order_key
from search.embedded.ranking import Ranking, numbers
from search.embedded.searching import Search
from search.request import SearchRequest

_AT_ONCE: Final = 500


def scan(
    search: Search, request: SearchRequest, after: tuple[int, StoredArticle] | None
) -> Iterator[StoredArticle]:
    """Yield the matches, oldest first unless the request wants the newest first.

    An article replaced during the walk comes in its new form, a deleted one not.
    """
    newest = request.sort == "newest"
    ranking = Ranking(search.snapshot, search.compiler, request.date)
    base = search.restricted(request)
    edge = after and order_key(moment_of(after[1].article(), request.date), after[0])
    while True:
        query = base
        if edge is not None:
            low, high = (None, edge) if newest else (edge, None)
            behind = search.compiler.order_range(request.date, low, high)
            query = search.compiler.within(base, behind)
        hits = ranking.by_date(query, 0, _AT_ONCE, newest=newest, known=0).hits
        found = search.store.articles(numbers(hits), body=True)
        yield from (found[n] for n in numbers(hits) if n in found)
        if len(hits) < _AT_ONCE:
            return
        edge = hits[-1][1]
