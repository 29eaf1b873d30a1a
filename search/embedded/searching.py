"""One search over one snapshot: compile, ask, collect."""

from __future__ import annotations

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
        base = self.restricted(request)
        page, following = cursors.page(self.snapshot, self.compiler, request, base)
        last, hits = self._hits(request, page.hits)
        # What is read from here on may be newer than the stamp, which is no harm.
        return SearchResult(
            total=page.total,
            sort=request.order,
            hits=hits,
            facets=self._facets(request, base) if request.facets else (),
            timeline=self._timeline(request, base),
            next=following,
            stamp=self._stamp(last),
        )

    @property
    def stamp(self) -> str:
        """A text that changes with every commit and every write."""
        return self._stamp(self.store.last())

    def _stamp(self, last: int) -> str:
        return f"{self.snapshot.stamp}.{last}"

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

    def _hits(
        self, request: SearchRequest, ranked: list[Ranked]
    ) -> tuple[int, tuple[Hit, ...]]:
        """Return the last change of the articles, and the hits as they were then."""
        wanted = request.highlight
        marked = wanted is not None and "body" in wanted.fields
        places = numbers(ranked)
        last, articles = self.store.moment(places, body=request.body or marked)
        scored = request.order == "relevance"
        hits = []
        for place, (score, _) in zip(places, ranked, strict=True):
            article = articles.get(place)
            if article is None:  # deleted since the last commit of the index
                continue
            marks = highlights(request, article) if wanted else ()
            if not request.body and article.body is not None:
                article = StoredArticle(article.id, article.version, article.head)
            hits.append(Hit(article, score if scored else None, marks))
        return last, tuple(hits)
