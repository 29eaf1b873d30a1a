"""The reference engine: a list and a loop, obviously right, in memory.

It is the oracle of the contract tests and the engine of `tests/api`. It ranks nothing:
every score is 1 (halved by age where that is asked), and equal scores stand newest
first. One lock is held by whoever reads or writes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from threading import RLock

from search.article import (
    Article,
    ArticleId,
    Entity,
    StoredArticle,
    Version,
    milliseconds,
    moment_of,
)
from search.catalog import FACET_FIELDS
from search.cursor import Cursor
from search.entities.resolving import each, resolve
from search.errors import (
    ArticleNotFoundError,
    EngineUnavailableError,
    ShrinkError,
    UnknownFieldError,
)
from search.highlight import highlight
from search.request import HighlightRequest, SearchRequest, TimelineRequest
from search.result import (
    Fragment,
    Health,
    Hit,
    IndexReport,
    Resolution,
    SearchResult,
    Timeline,
)
from search.timeline import choose
from tests import almanac, counting, ordering
from tests.oracle import matches
from tests.ordering import Key
from tests.register import ReferenceRegistry
from tests.shelf import Kept, Shelf


class ReferenceEngine:
    """Keeps the whole `search.engine.Engine` protocol."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._arrivals = count(1)
        self._shelf = Shelf(self._arrivals)
        self._touched: list[ArticleId] = []
        self._registry = ReferenceRegistry()
        self._closed = False

    def index(
        self,
        articles: Iterable[Article],
        /,
        *,
        if_version: Version | None = None,
        refresh: bool = False,
        dry_run: bool = False,
    ) -> IndexReport:
        given = list(articles)
        with self._lock:
            self._open()
            shelf = self._shelf.copy()
            for article in given:
                shelf.require(article.id, if_version)
            report = IndexReport(tuple(shelf.put(article) for article in given))
            if not dry_run:
                self._shelf = shelf
                self._touched += [article.id for article in given]
            return report

    def delete(
        self,
        article_ids: Iterable[ArticleId],
        /,
        *,
        if_version: Version | None = None,
        refresh: bool = False,
    ) -> int:
        given = list(article_ids)
        with self._lock:
            self._open()
            for article_id in given:
                self._shelf.require(article_id, if_version)
            gone = [self._shelf.kept.pop(article_id, None) for article_id in given]
            self._touched += given
            return len(gone) - gone.count(None)

    def get(self, article_id: ArticleId, /) -> StoredArticle:
        with self._lock:
            self._open()
            return self._known(article_id).stored

    def search(self, request: SearchRequest, /) -> SearchResult:
        with self._lock:
            everything = self._articles()
            found = self._found(request)
        page = ordering.behind(found, request)[request.offset :]
        hits, rest = page[: request.limit], page[request.limit :]
        articles = [kept.article for _, kept in found]
        return SearchResult(
            total=len(found),
            sort=request.order,
            hits=tuple(_hit(kept, key, request) for key, kept in hits),
            facets=tuple(
                counting.facet(request, wanted, everything) for wanted in request.facets
            ),
            timeline=_timeline(articles, request) if request.timeline else None,
            next=Cursor(hits[-1][0]) if hits and rest else None,
            stamp=self.stamp(),
        )

    def search_all(
        self, requests: Iterable[SearchRequest], /
    ) -> tuple[SearchResult, ...]:
        with self._lock:
            return tuple(map(self.search, requests))

    def scan(
        self, request: SearchRequest | None = None, /, *, after: ArticleId | None = None
    ) -> Iterator[StoredArticle]:
        asked = request or SearchRequest()
        key = ordering.ORDERS["newest" if asked.sort == "newest" else "oldest"](asked)
        with self._lock:
            self._open()
            start = None if after is None else key(self._known(after))
            found = sorted((key(kept), kept.stored) for kept in self._matching(asked))
        return (stored for place, stored in found if start is None or place > start)

    def rebuild(
        self, articles: Iterable[Article] | None = None, /, *, force: bool = False
    ) -> IndexReport:
        with self._lock:
            known = self._articles()
            mark = len(self._touched)
        if articles is None:
            return IndexReport(tuple(map(self._shelf.put, known)))
        shelf = Shelf(self._arrivals)
        report = IndexReport(tuple(map(shelf.put, articles)))
        with self._lock:
            self._replace(shelf, self._touched[mark:], force=force)
        return report

    def _replace(
        self, shelf: Shelf, meanwhile: list[ArticleId], *, force: bool
    ) -> None:
        """Put the new shelf in place, with what was written while it was filled."""
        for article_id in meanwhile:
            shelf.kept.pop(article_id, None)
            if article_id in self._shelf.kept:
                shelf.kept[article_id] = self._shelf.kept[article_id]
        before, after = len(self._shelf.kept), len(shelf.kept)
        if after * 10 < before * 9 and not force:
            raise ShrinkError(before, after)
        shelf.versions = self._shelf.versions | shelf.versions
        self._shelf = shelf
        self._touched.append(ArticleId(""))

    def resolve(self, field: str, name: str, /, *, suggest: bool = True) -> Resolution:
        return self.resolve_all(((field, name),), suggest=int(suggest))[0]

    def resolve_all(
        self, names: Iterable[tuple[str, str]], /, *, suggest: int = 0
    ) -> tuple[Resolution, ...]:
        labels = counting.Labels(self._articles())

        def ask(field: str, name: str, near: bool, /) -> Resolution:
            return resolve(field, name, self._registry, labels, suggest=near)

        return each(names, ask, suggest)

    def spellings(self, word: str, /) -> tuple[str, ...]:
        return counting.spellings(word, self._articles())

    def beginning(self, field: str, text: str, /, size: int = 50) -> tuple[Entity, ...]:
        if field not in FACET_FIELDS:
            raise UnknownFieldError(f"There is no facet {field!r}.")
        return counting.beginning(field, text, self._articles())[:size]

    def _articles(self) -> list[Article]:
        with self._lock:
            self._open()
            return [kept.article for kept in self._shelf.kept.values()]

    @property
    def entities(self) -> ReferenceRegistry:
        return self._registry

    def stamp(self) -> str:
        with self._lock:
            return f"{id(self)}-{len(self._touched)}"

    def health(self) -> Health:
        with self._lock:
            if self._closed:
                return Health("down", "The engine is closed; start it again.")
            return Health("ready", "In memory.", len(self._shelf.kept), 0, "reference")

    def close(self) -> None:
        with self._lock:
            self._closed = True

    def _open(self) -> None:
        if self._closed:
            raise EngineUnavailableError("The engine is closed; start it again.")

    def _known(self, article_id: ArticleId) -> Kept:
        if article_id not in self._shelf.kept:
            raise ArticleNotFoundError(article_id)
        return self._shelf.kept[article_id]

    def _matching(self, request: SearchRequest) -> list[Kept]:
        everything = self._shelf.kept.values()
        return [kept for kept in everything if matches(request.whole, kept.article)]

    def _found(self, request: SearchRequest) -> list[tuple[Key, Kept]]:
        order = ordering.ORDERS[request.order](request)
        return sorted((order(kept), kept) for kept in self._matching(request))


def _hit(kept: Kept, key: Key, request: SearchRequest) -> Hit:
    stored = kept.stored if request.body else replace(kept.stored, body=None)
    score = -key[0] if request.order == "relevance" else None
    if request.highlight is None:
        return Hit(stored, score)
    return Hit(stored, score, tuple(_highlights(kept, request, request.highlight)))


def _highlights(
    kept: Kept, request: SearchRequest, wanted: HighlightRequest
) -> Iterator[tuple[str, tuple[Fragment, ...]]]:
    for field in wanted.fields:
        text = getattr(kept.article, field) or ""
        if fragments := highlight(request.query, field, text, wanted):
            yield field, fragments


def _timeline(articles: list[Article], request: SearchRequest) -> Timeline:
    wanted = request.timeline or TimelineRequest()
    moments = [milliseconds(moment_of(one, request.date)) for one in articles]
    first = min(moments, default=None) if wanted.start is None else wanted.start
    last = max(moments, default=None) if wanted.end is None else wanted.end - 1
    if first is None or last is None or last < first:
        return Timeline(wanted.interval or "day", ())
    interval = wanted.interval or choose(first, last)
    counted = [moment for moment in moments if first <= moment <= last]
    return Timeline(
        interval, almanac.buckets(counted, first, last, interval, wanted.tz)
    )
