"""The seam: what every engine promises. The contract tests are named after this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from search.article import Article, ArticleId, Entity, StoredArticle, Version
from search.entities.registry import Registry
from search.request import SearchRequest
from search.result import Health, IndexReport, Resolution, SearchResult


class Engine(Protocol):
    """Articles in, hits out. Safe to use from several threads and processes."""

    def index(
        self,
        articles: Iterable[Article],
        /,
        *,
        if_version: Version | None = None,
        refresh: bool = False,
        dry_run: bool = False,
    ) -> IndexReport:
        """Add the articles, or replace those with the same id.

        Durable when it returns; searchable too with `refresh`. Each change gets the
        version `max(last + 1, now in microseconds)` and `indexed_at`, unless the
        article brings its own (both kept, if its version is above the stored one). An
        article equal to the stored one is "unchanged" and keeps its version. A bad
        article is "failed" and stops no other. One outcome an article, in order.
        `if_version` (one article only): the version it must have, 0 for none at all;
        ConflictError otherwise. `dry_run` reports what would happen, stores nothing.
        """
        ...

    def delete(
        self,
        article_ids: Iterable[ArticleId],
        /,
        *,
        if_version: Version | None = None,
        refresh: bool = False,
    ) -> int:
        """Remove articles; return how many were there. `if_version` as in `index`."""
        ...

    def get(self, article_id: ArticleId, /) -> StoredArticle:
        """Return the newest version, whole, also before it can be searched.

        Raises ArticleNotFoundError.
        """
        ...

    def search(self, request: SearchRequest, /) -> SearchResult:
        """Answer a question.

        Every hit satisfies every filter; the order is total; a facet counts as if its
        own selection were not there; `next` is None on the last page and only there.
        Raises VanishedValueError for a facet that is to go on, by count, behind a value
        that no article has: where it stood is not known.
        """
        ...

    def search_all(
        self, requests: Iterable[SearchRequest], /
    ) -> tuple[SearchResult, ...]:
        """Answer several questions, as `search` does each, in their order.

        Made for dozens of small ones: counts, a facet of each of many selections.
        Cheaper than one after the other wherever the engine is not in this process.
        """
        ...

    def scan(
        self, request: SearchRequest | None = None, /, *, after: ArticleId | None = None
    ) -> Iterator[StoredArticle]:
        """Yield every match once, whole, lazily, oldest first by the request's date,
        or newest first if it is sorted so; go on behind the article `after`. The
        request's limit, offset and cursor are ignored; None asks for everything.

        Raises ArticleNotFoundError, before the first article, if `after` is gone.
        """
        ...

    def rebuild(
        self, articles: Iterable[Article] | None = None, /, *, force: bool = False
    ) -> IndexReport:
        """Make the index anew: of `articles` (which then are all there is, versions
        kept), or of what the engine itself keeps.

        Readers see the old index until the new one is whole; writes meanwhile are kept;
        on any error the old one stays. Raises ShrinkError where fewer than 90 % of the
        articles would be left, unless `force`.
        """
        ...

    def resolve(self, field: str, name: str, /, *, suggest: bool = True) -> Resolution:
        """Say what a name means in a facet field, by the registry and the archive.

        Whoever filters by the `ids` of the answer finds all articles about it, also
        those labelled with another of its names before the registry knew it.
        Near names are looked for only where nothing bears it, and only with `suggest`:
        they cost as much as a search, and a question may have thousands of names.
        """
        ...

    def resolve_all(
        self, names: Iterable[tuple[str, str]], /, *, suggest: int = 0
    ) -> tuple[Resolution, ...]:
        """Return `resolve` of each (field, name), in order, for the cost of about one.

        All are answered by one state of the registry and the archive. Near names are
        looked for until `suggest` names were nobody's.
        """
        ...

    def spellings(self, word: str, /) -> tuple[str, ...]:
        """Return words of this archive that a misspelt one may mean, best first.

        The rules are those of `search.spelling`; words of titles, summaries and bodies,
        ten at most, in bounded time. Words of articles that are gone may be among them
        for a while: count before you promise anything.
        """
        ...

    def beginning(self, field: str, text: str, /, size: int = 50) -> tuple[Entity, ...]:
        """Return values of a facet field of which the name, or a word in it, begins so.

        Up to `size`, in no promised order, without regard to case and marks; among them
        may be values that no article has any more.
        """
        ...

    @property
    def entities(self) -> Registry:
        """What the archive knows of entities; survives every rebuild."""
        ...

    def stamp(self) -> str:
        """Return a text that changes whenever an answer may change; cheap."""
        ...

    def health(self) -> Health:
        """Say how the engine is; never raises."""
        ...

    def close(self) -> None:
        """Let go of files, threads and connections; may be called twice."""
        ...
