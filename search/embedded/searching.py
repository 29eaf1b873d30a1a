"""One search over one snapshot: compile, ask, collect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tantivy import Query

from search.article import StoredArticle
from search.embedded import cursors
from search.embedded.compile import Compiler
from search.embedded.facets import Counter
from search.embedded.labels import Labels
from search.embedded.ranking import Ranked, numbers
from search.embedded.reader import Snapshot
from search.embedded.store import Store
from search.embedded.timelines import timeline
from search.highlight import highlights
from search.query.ast import All
from search.request import SearchRequest
from search.result import Facet, Hit, SearchResult, Timeline


@dataclass(frozen=True, slots=True)
class Search:
    """What one question needs."""

    snapshot: Snapshot
    compiler: Compiler
    store: Store

    def answer(self, request: SearchRequest) -> SearchResult:
        """Answer the question."""
        stamp = self.stamp  # before the search: what is older than it looks is no harm
        base = self.restricted(request)
        page, following = cursors.page(self.snapshot, self.compiler, request, base)
        return SearchResult(
            total=page.total,
            sort=request.order,
            hits=tuple(self._hits(request, page.hits)),
            facets=self._facets(request, base) if request.facets else (),
            timeline=self._timeline(request, base),
            next=following,
            stamp=stamp,
        )

    @property
    def stamp(self) -> str:
        """A text that changes with every commit and every write."""
        return f"{self.snapshot.stamp}.{self.store.last()}"

    @property
    def labels(self) -> Labels:
        """The names of facet values."""
        return Labels(self.store, self.snapshot, self.compiler)

    def restricted(
        self, request: SearchRequest, *, without: str | None = None
    ) -> Query:
        """Return the query with every restriction, but for one field's selection."""
        restriction = request.restriction(without=without)
        query = self.compiler.query(request.query)
        if restriction == All():
            return query
        narrowed = self.compiler.query(restriction)
        if request.query == All():
            return narrowed
        return self.compiler.within(query, narrowed)

    def _facets(self, request: SearchRequest, base: Query) -> tuple[Facet, ...]:
        without = {
            field: self.restricted(request, without=field)
            for field in {selection.field for selection in request.selections}
        }
        return Counter(self.snapshot, self.labels).facets(request, base, without)

    def _timeline(self, request: SearchRequest, base: Query) -> Timeline | None:
        if request.timeline is None:
            return None
        return timeline(self.snapshot, base, request.timeline, request.date)

    def _hits(self, request: SearchRequest, ranked: list[Ranked]) -> Iterator[Hit]:
        wanted = request.highlight
        marked = wanted is not None and "body" in wanted.fields
        places = numbers(ranked)
        articles = self.store.articles(places, body=request.body or marked)
        scored = request.order == "relevance"
        for place, (score, _) in zip(places, ranked, strict=True):
            article = articles.get(place)
            if article is None:  # deleted since the last commit of the index
                continue
            marks = highlights(request, article)
            if not request.body and article.body is not None:
                article = StoredArticle(article.id, article.version, article.head)
            yield Hit(article, score if scored else None, marks)
