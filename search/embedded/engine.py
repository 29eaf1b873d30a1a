"""The embedded engine: articles in SQLite, an index in tantivy, one data folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from search.article import Article, ArticleId, Entity, StoredArticle, Version
from search.catalog import FACET_FIELDS
from search.embedded import changes, faults, rebuilding, vocabulary, writing
from search.embedded.generations import Folder
from search.embedded.process import Opened, Process
from search.embedded.registry import EmbeddedRegistry
from search.embedded.scanning import scan
from search.entities.resolving import Resolver
from search.errors import ArticleNotFoundError, UnknownFieldError
from search.parts import parts
from search.request import SearchRequest
from search.result import Health, IndexReport, Outcome, Resolution, SearchResult

_AT_ONCE: Final = 500  # articles in one transaction
_LARGE: Final = 16_000_000  # their bytes

_T = TypeVar("_T")


class EmbeddedEngine:
    """Keeps the protocol `search.engine.Engine` in one folder of this machine.

    Any number of processes may share the folder; one of them indexes for all. Files and
    the thread are opened by the first call in a process, so it may be made before a fork.
    """

    def __init__(self, folder: Path, *, busy_seconds: float = 10.0) -> None:
        """Take the folder; a write waits `busy_seconds` for the writes of others."""
        files = Folder(folder, busy_seconds)
        self._process = Process(files)
        self._registry = EmbeddedRegistry(files)
        self._resolver = Resolver(self._registry)

    @property
    def entities(self) -> EmbeddedRegistry:
        """The registry of this archive."""
        return self._registry

    def index(
        self,
        articles: Iterable[Article],
        /,
        *,
        if_version: Version | None = None,
        refresh: bool = False,
        dry_run: bool = False,
    ) -> IndexReport:
        """Add or replace articles; durable when it returns."""
        if dry_run:
            return self._rehearse(articles, if_version)
        outcomes: list[Outcome] = []
        for drafts in _drafts(articles):
            action = partial(writing.write, drafts=drafts, if_version=if_version)
            found, batch, seq = self._process.again(action)
            outcomes += found
            if seq:
                self._process.hand_over(batch, seq)
        if refresh:
            self._process.wait()
        return IndexReport(tuple(outcomes))

    def delete(
        self,
        article_ids: Iterable[ArticleId],
        /,
        *,
        if_version: Version | None = None,
        refresh: bool = False,
    ) -> int:
        """Remove articles; return how many were there."""
        ids = list(dict.fromkeys(article_ids))
        count, seq = self._process.again(
            lambda opened: writing.delete(opened, ids, if_version)
        )
        if seq:
            self._process.hand_over(changes.Batch(), seq)
        if refresh:
            self._process.wait()
        return count

    def get(self, article_id: ArticleId, /) -> StoredArticle:
        """Return the newest version, whole, also before it can be searched."""
        return self._find(article_id)[1]

    def search(self, request: SearchRequest, /) -> SearchResult:
        """Answer a question from the newest commit of the index."""
        return self._process.again(lambda opened: opened.search().answer(request))

    def search_all(
        self, requests: Iterable[SearchRequest], /
    ) -> tuple[SearchResult, ...]:
        """Answer several questions from one commit of the index."""
        asked = tuple(requests)
        return self._process.again(lambda o: tuple(map(o.search().answer, asked)))

    def scan(
        self, request: SearchRequest | None = None, /, *, after: ArticleId | None = None
    ) -> Iterator[StoredArticle]:
        """Yield every match once, whole, lazily; None: everything that is stored."""
        if request is None:
            self._process.wait()
        start = None if after is None else self._find(after)
        search = self._process.again(Opened.search)
        return _translated(scan(search, request or SearchRequest(), start))

    def rebuild(
        self, articles: Iterable[Article] | None = None, /, *, force: bool = False
    ) -> IndexReport:
        """Make the index anew, of `articles` or of what is stored."""
        self._process.again(lambda _: None)
        folder = self._process.folder
        with faults.translated():
            if articles is not None:
                return rebuilding.replace_all(folder, articles, force=force)
            rebuilding.renew(folder)
        outcomes = self._process.again(lambda o: tuple(o.store.unchanged()))
        return IndexReport(outcomes)

    def resolve(self, field: str, name: str, /, *, suggest: bool = True) -> Resolution:
        """Say what a name means in a facet field, by the registry and the archive."""
        return self.resolve_all(((field, name),), suggest=int(suggest))[0]

    def resolve_all(
        self, names: Iterable[tuple[str, str]], /, *, suggest: int = 0
    ) -> tuple[Resolution, ...]:
        """Say what each name means, by one state of the registry and the archive."""
        asked = tuple(names)
        return self._process.again(lambda o: self._resolved(o, asked, suggest))

    def spellings(self, word: str, /) -> tuple[str, ...]:
        """Return words of this archive that a misspelt one may mean, best first."""
        return self._process.again(
            lambda opened: vocabulary.spellings(opened.search().snapshot.searcher, word)
        )

    def beginning(self, field: str, text: str, /, size: int = 50) -> tuple[Entity, ...]:
        """Return values of which the name, or a word in it, begins so."""
        if field not in FACET_FIELDS:
            raise UnknownFieldError(f"There is no facet {field!r}.")
        return self._process.again(
            lambda opened: opened.search().labels.beginning(field, text, size)
        )

    def stamp(self) -> str:
        """Return a text that changes with every commit and every write."""
        return self._process.again(lambda opened: opened.search().stamp)

    def health(self) -> Health:
        """Say how the engine is; never raises."""
        return self._process.health()

    def close(self) -> None:
        """Let go of files, thread and connections."""
        self._process.close()
        self._registry.close()

    def _resolved(
        self, opened: Opened, names: tuple[tuple[str, str], ...], suggest: int
    ) -> tuple[Resolution, ...]:
        search = opened.search()
        stamp = search.snapshot.stamp
        return self._resolver.resolve_all(names, search.labels, stamp, suggest)

    def _rehearse(
        self, articles: Iterable[Article], if_version: Version | None
    ) -> IndexReport:
        outcomes: list[Outcome] = []
        batch = changes.Batch()
        for drafts in _drafts(articles):
            action = partial(
                writing.rehearse, batch=batch, drafts=drafts, if_version=if_version
            )
            outcomes += self._process.again(action)
        return IndexReport(tuple(outcomes))

    def _find(self, article_id: ArticleId) -> tuple[int, StoredArticle]:
        found = self._process.again(lambda opened: opened.store.find(article_id))
        if found is None:
            raise ArticleNotFoundError(article_id)
        return found


def _drafts(articles: Iterable[Article]) -> Iterator[list[changes.Draft]]:
    return parts(map(changes.draft, articles), _AT_ONCE, _LARGE, _size)


def _size(draft: changes.Draft) -> int:
    return len(draft.head) + len(draft.body)


def _translated(articles: Iterator[_T]) -> Iterator[_T]:
    """Yield the same with the errors below made ours."""
    following = partial(next, articles, None)
    while True:
        with faults.translated():
            article = following()
        if article is None:
            return
        yield article
