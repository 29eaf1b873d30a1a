"""The embedded engine: articles in SQLite, an index in tantivy, one data folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from search.article import Article, ArticleId, StoredArticle, Version
from search.catalog import FACET_FIELDS
from search.embedded import changes, faults
from search.embedded.compile import Compiler
from search.embedded.generations import Folder, Generation
from search.embedded.indexer import Indexer
from search.embedded.labels import Labels
from search.embedded.reader import Reader, Snapshot
from search.embedded.rebuilding import reindex, replace_all
from search.embedded.scanning import scan
from search.embedded.searching import Search
from search.embedded.store import MovedError, Store
from search.errors import (
    ArticleNotFoundError,
    EngineError,
    EngineTimeoutError,
    EngineUnavailableError,
    UnknownFieldError,
)
from search.request import SearchRequest
from search.result import Health, IndexReport, Outcome, Resolution, SearchResult

_AT_ONCE: Final = 500  # articles in one transaction
_PATIENCE: Final = 30.0  # seconds without progress of the indexer
_LOOK: Final = 0.003
_TRIES: Final = 50
_LABELS: Final = 200_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a process has open of one generation."""

    generation: Generation
    store: Store
    reader: Reader

    def search(self) -> Search:
        """Return a search over the newest commit."""
        snapshot = self.reader.snapshot()
        return Search(snapshot, Compiler(snapshot.schema), self.store)


class EmbeddedEngine:
    """Keeps the protocol `search.engine.Engine` in one folder of this machine.

    Any number of processes may share the folder; one of them indexes for all. Files and
    the thread are opened by the first call in a process, so it may be made before a fork.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder)
        self._lock = Lock()
        self._process = os.getpid()
        self._opened: Opened | None = None
        self._indexer: Indexer | None = None
        self._labels: set[tuple[str, ...]] = set()
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
        """Add or replace articles; durable when it returns."""
        outcomes: list[Outcome] = []
        batch, seq = changes.Batch(), 0
        source = iter(articles)
        while some := list(islice(source, _AT_ONCE)):
            drafts = [changes.draft(article) for article in some]
            if dry_run:
                outcomes += self._again(lambda: self._tried(drafts, batch, if_version))
            else:
                found, seq = self._again(lambda: self._written(drafts, if_version))
                outcomes += found
        if refresh and seq:
            self._wait(seq)
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
        count, seq = self._again(lambda: self._removed(ids, if_version))
        if refresh and seq:
            self._wait(seq)
        return count

    def get(self, article_id: ArticleId, /) -> StoredArticle:
        """Return the newest version, whole, also before it can be searched."""
        found = self._again(lambda: self._open().store.find(article_id))
        if found is None:
            raise ArticleNotFoundError(article_id)
        return found[1]

    def search(self, request: SearchRequest, /) -> SearchResult:
        """Answer a question from the newest commit of the index."""
        return self._again(lambda: self._search().answer(request))

    def resolve(self, field: str, name: str, /) -> Resolution:
        """Say what a name or id means in a facet field of this archive."""
        if field not in FACET_FIELDS:
            raise UnknownFieldError(f"There is no facet {field!r}.")
        return self._again(lambda: self._labelled().resolve(field, name))

    def stamp(self) -> str:
        """Return a text that changes with every commit and every write."""
        return self._again(self._stamp)

    def health(self) -> Health:
        """Say how the engine is; never raises."""
        try:
            return self._again(self._health)
        except EngineError as fault:
            return Health("down", str(fault))

    def close(self) -> None:
        """Let go of files, thread and connections."""
        with self._lock:
            self._closed = True
            indexer, self._indexer = self._indexer, None
            opened, self._opened = self._opened, None
            ours = self._process == os.getpid()
        if indexer and ours:
            indexer.stop()
        if opened and ours:
            opened.store.close()

    def _again(self, action: Callable[[], _T]) -> _T:
        """Do it, once more on what is in use now if a rebuild came in between."""
        for attempt in range(_TRIES):
            try:
                with faults.translated():
                    return action()
            except (MovedError, FileNotFoundError) as fault:
                moved = fault
                self._forget()
                time.sleep(0.001 * attempt)
        raise EngineUnavailableError(faults.AWAY) from moved

    def _open(self) -> Opened:
        """Return what is open of the generation in use."""
        if self._closed:
            raise EngineUnavailableError(faults.CLOSED, retry_after=None)
        opened = self._opened
        generation = self._current()
        if opened and opened.generation == generation and self._process == os.getpid():
            return opened
        with self._lock:
            return self._reopen(generation)

    def _current(self) -> Generation:
        try:
            return self._folder.current()
        except FileNotFoundError:
            self._folder.prepare()
            return self._folder.current()

    def _reopen(self, generation: Generation) -> Opened:
        if self._process != os.getpid():
            self._opened, self._indexer, self._process = None, None, os.getpid()
        opened = self._opened
        if opened is None or opened.generation != generation:
            path = self._folder.path
            store = self._folder.store(generation)
            opened = Opened(generation, store, Reader(path / generation.index))
            self._opened, self._labels = opened, set()
        if self._indexer is None:
            self._indexer = Indexer(self._folder)
            self._indexer.start()
        return opened

    def _forget(self) -> None:
        with self._lock:
            self._opened = None

    def _written(
        self, drafts: list[changes.Draft], if_version: Version | None
    ) -> tuple[list[Outcome], int]:
        opened = self._open()
        batch = changes.Batch()
        with opened.store.write() as db:
            batch.look(db, (draft.article.id for draft in drafts))
            outcomes = _decide(batch, drafts, if_version)
            seq = changes.save(db, batch, self._labels) if batch.rows else 0
        self._hand_over(batch, seq)
        return outcomes, seq

    def _tried(
        self,
        drafts: list[changes.Draft],
        batch: changes.Batch,
        if_version: Version | None,
    ) -> list[Outcome]:
        with self._open().store.read() as db:
            batch.look(db, (draft.article.id for draft in drafts))
        outcomes = _decide(batch, drafts, if_version)
        batch.rows.clear()
        return outcomes

    def _removed(
        self, ids: list[ArticleId], if_version: Version | None
    ) -> tuple[int, int]:
        batch = changes.Batch()
        with self._open().store.write() as db:
            batch.look(db, ids)
            for article_id in ids:
                batch.require(article_id, if_version)
            there = sum(known.digest is not None for known in batch.known.values())
            seq = changes.remove(db, batch.known) if there else 0
        self._nudge()
        return there, seq

    def _hand_over(self, batch: changes.Batch, seq: int) -> None:
        indexer = self._indexer
        if indexer:
            first = seq - len(batch.rows) + 1
            for change, row in enumerate(batch.rows.values(), first):
                indexer.handover.put(change, row.article)
            indexer.nudge()

    def _nudge(self) -> None:
        if self._indexer:
            self._indexer.nudge()

    def _wait(self, seq: int) -> None:
        """Wait until the index has the change."""
        seen, since = -1, time.monotonic()
        while True:
            applied = self._again(lambda: self._open().reader.snapshot().applied)
            if applied >= seq:
                return
            if applied != seen:
                seen, since = applied, time.monotonic()
            if time.monotonic() - since > _PATIENCE:
                raise EngineTimeoutError(
                    "The change is stored, but cannot be searched yet: ask again later."
                )
            time.sleep(_LOOK)

    def _search(self) -> Search:
        return self._open().search()

    def _labelled(self) -> Labels:
        search = self._search()
        return Labels(search.store, search.snapshot, search.compiler)

    def _stamp(self) -> str:
        opened = self._open()
        return f"{opened.reader.snapshot().stamp}.{opened.store.last()}"

    def _health(self) -> Health:
        opened = self._open()
        snapshot = opened.reader.snapshot()
        return Health(
            "ready",
            "Searching and writing.",
            articles=opened.store.count(),
            pending=opened.store.last() - snapshot.applied,
            generation=opened.generation.index,
        )

    def scan(
        self, request: SearchRequest | None = None, /, *, after: ArticleId | None = None
    ) -> Iterator[StoredArticle]:
        """Yield every match once, whole, lazily; None: everything that is stored."""
        if request is None:
            self._wait(self._again(lambda: self._open().store.last()))
        start = None
        if after is not None:
            start = self._again(lambda: self._open().store.find(after))
            if start is None:
                raise ArticleNotFoundError(after)
        search = self._again(self._search)
        return _translated(scan(search, request or SearchRequest(), start))

    def rebuild(
        self, articles: Iterable[Article] | None = None, /, *, force: bool = False
    ) -> IndexReport:
        """Make the index anew, of `articles` or of what is stored."""
        self._again(self._open)
        with faults.translated():
            if articles is not None:
                return replace_all(self._folder, articles, force=force)
            reindex(self._folder)
            return IndexReport(tuple(self._open().store.unchanged()))


def _decide(
    batch: changes.Batch, drafts: list[changes.Draft], if_version: Version | None
) -> list[Outcome]:
    outcomes = []
    for draft in drafts:
        batch.require(draft.article.id, if_version)
        outcomes.append(batch.put(draft))
    return outcomes


def _translated(articles: Iterator[_T]) -> Iterator[_T]:
    while True:
        with faults.translated():
            try:
                article = next(articles)
            except StopIteration:
                return
        yield article
