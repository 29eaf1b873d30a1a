"""The Elasticsearch engine: articles and index in a cluster, behind one alias."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from search.article import Article, ArticleId, Entity, StoredArticle, Version
from search.catalog import FACET_FIELDS
from search.elastic import changes, extending, faults, mapping, rebuilding
from search.elastic.cluster import Access, Cluster
from search.elastic.generation import GONE
from search.elastic.generations import Generations
from search.elastic.labels import Names
from search.elastic.lookup import Lookup
from search.elastic.registry import ElasticRegistry
from search.elastic.scanning import scan
from search.elastic.searching import Search
from search.elastic.timelines import Spans
from search.elastic.writing import Writer, batches
from search.entities.resolving import Resolver
from search.errors import (
    ArticleNotFoundError,
    EngineError,
    SearchError,
    UnknownFieldError,
)
from search.request import SearchRequest
from search.result import Health, IndexReport, Outcome, Resolution, SearchResult

ALIAS: Final = "dateline"

_FRESH: Final = 1.0  # seconds in which the cluster makes writes searchable by itself
_MOVED: Final = (
    "index_not_found_exception",
    "no_shard_available_action_exception",
    "shard_not_found_exception",
    "alias_not_found_exception",
)

_T = TypeVar("_T")


class ElasticEngine:
    """Keeps the protocol `search.engine.Engine` in a cluster.

    Any number of processes may share the archive. Nothing is sent before the first call,
    so it may be made before a fork.
    """

    def __init__(self, access: Access, alias: str = ALIAS, *, shards: int = 1) -> None:
        self._cluster = Cluster(access)
        self._alias = alias
        self._generations = Generations(self._cluster, alias, shards)
        self._names = Names()
        self._spans = Spans()
        self._lookup = Lookup(self._cluster, alias)
        self._writer = Writer(self._lookup)
        self._registry = ElasticRegistry(self._cluster, alias)
        self._resolver = Resolver(self._registry)
        self._stamp: tuple[str, float] = ("", 0.0)
        self._unseen: tuple[int, float] = (0, 0.0)

    def check(self) -> None:
        """Raise EngineConfigurationError unless the cluster is one that will do.

        A cluster that is away now may come later: that raises EngineError.
        """
        self._generations.check()

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
        self._generations.open()
        drafts = map(changes.draft, articles)
        if dry_run:
            return self._rehearse(drafts, if_version)
        outcomes: list[Outcome] = []
        for found, rows in self._writer.write(drafts, if_version):
            outcomes += found
            self._changed(len(rows))
        if refresh:
            self._refresh()
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
        self._generations.open()
        ids = list(dict.fromkeys(article_ids))
        count = self._writer.delete(ids, if_version)
        self._changed(count)
        if refresh:
            self._refresh()
        return count

    def get(self, article_id: ArticleId, /) -> StoredArticle:
        """Return the newest version, whole, also before it can be searched."""
        self._generations.open()
        return self._find(article_id)[0]

    def search(self, request: SearchRequest, /) -> SearchResult:
        """Answer a question from what the cluster has made searchable."""
        stamp = self.stamp()
        found = self._again(lambda: self._search().answer(request))
        return replace(found, stamp=stamp)

    def search_all(
        self, requests: Iterable[SearchRequest], /
    ) -> tuple[SearchResult, ...]:
        """Answer several questions with one call."""
        asked = tuple(requests)
        return self._again(lambda: tuple(self._search().answers(asked)))

    def scan(
        self, request: SearchRequest | None = None, /, *, after: ArticleId | None = None
    ) -> Iterator[StoredArticle]:
        """Yield every match once, whole, lazily; None: everything that is stored."""
        self._generations.open()
        if request is None:
            self._refresh()
        start = None if after is None else self._find(after)
        return scan(self._search(), request or SearchRequest(), start)

    def rebuild(
        self, articles: Iterable[Article] | None = None, /, *, force: bool = False
    ) -> IndexReport:
        """Make the index anew, of `articles` or of what is stored."""
        try:
            if articles is None:
                return rebuilding.renew(self._generations)
            return rebuilding.replace_all(self._generations, articles, force=force)
        finally:
            self._changed(0)

    def extend(self, name: str) -> None:
        """Let new articles go to a further index behind the alias, `…-NAME`.

        What is stored stays where it is; `rebuild` makes one index of all. Raises
        EngineBusyError while a rebuild runs.
        """
        extending.extend(self._generations, name)

    def resolve(self, field: str, name: str, /, *, suggest: bool = True) -> Resolution:
        """Say what a name means in a facet field, by the registry and the archive."""
        return self.resolve_all(((field, name),), suggest=int(suggest))[0]

    def resolve_all(
        self, names: Iterable[tuple[str, str]], /, *, suggest: int = 0
    ) -> tuple[Resolution, ...]:
        """Say what each name means, by one state of the registry and the archive."""
        asked = tuple(names)
        return self._again(
            lambda: self._resolver.resolve_all(
                asked, self._search(), self.stamp(), suggest
            )
        )

    @property
    def entities(self) -> ElasticRegistry:
        """The registry of this archive."""
        return self._registry

    def spellings(self, word: str, /) -> tuple[str, ...]:
        """Return words of this archive that a misspelt one may mean, best first."""
        return self._again(lambda: self._search().spellings(word))

    def beginning(self, field: str, text: str, /, size: int = 50) -> tuple[Entity, ...]:
        """Return values of which the name, or a word in it, begins so."""
        if field not in FACET_FIELDS:
            raise UnknownFieldError(f"There is no facet {field!r}.")
        return self._again(lambda: self._search().beginning(field, text, size))

    def stamp(self) -> str:
        """Return a text that changes with every write and every refresh.

        It may be a second old where others write, as what they write is.
        """
        known, until = self._stamp
        if time.monotonic() > until:
            known = self._again(self._read_stamp)
            self._stamp = (known, time.monotonic() + _FRESH)
        return known

    def health(self) -> Health:
        """Say how the engine is; never raises."""
        try:
            if not self._generations.is_there():
                return Health("ready", "Nothing has been stored yet.", 0, 0)
            return self._again(self._health)
        except SearchError as fault:
            return Health("down", str(fault))

    def close(self) -> None:
        """Let go of all connections."""
        self._cluster.close()

    def _search(self) -> Search:
        stamp, until = self._stamp
        self._names.stamp = stamp if time.monotonic() <= until else ""
        return Search(self._cluster, self._alias, self._names, spans=self._spans)

    def _again(self, action: Callable[[], _T]) -> _T:
        """Do it, and once more if a rebuild took away what it was done on."""
        self._generations.open()
        try:
            return action()
        except EngineError as fault:
            if not any(faults.is_kind(fault, kind) for kind in _MOVED):
                raise
        time.sleep(0.02)
        return action()

    def _find(self, article_id: ArticleId) -> tuple[StoredArticle, int]:
        (found,) = self._again(lambda: self._lookup.look([article_id])).articles
        if not found.get("found"):
            raise ArticleNotFoundError(article_id)
        return mapping.stored(found), found["_source"]["article"]["arrival"]

    def _refresh(self) -> None:
        names = f"{self._alias},{self._alias}{GONE}"
        self._again(lambda: self._generations.refresh(names))
        self._changed(0)
        self._unseen = (0, 0.0)

    def _rehearse(
        self, drafts: Iterator[changes.Draft], if_version: Version | None
    ) -> IndexReport:
        batch, outcomes = changes.Batch(), list[Outcome]()
        for some in batches(drafts):
            outcomes += self._writer.rehearse(batch, some, if_version)
            batch.rows.clear()
        return IndexReport(tuple(outcomes))

    def _changed(self, count: int) -> None:
        """Forget what a write of ours may have changed."""
        self._names.forget()
        self._stamp = ("", 0.0)
        now = time.monotonic()
        before = self._unseen[0] if now < self._unseen[1] else 0
        self._unseen = (before + count, now + _FRESH)

    def _read_stamp(self) -> str:
        answer = self._cluster.ask(
            "GET",
            f"/{self._alias}/_stats/refresh",
            level="shards",
            filter_path="indices.*.uuid,indices.*.shards.*.seq_no.max_seq_no,"
            "indices.*.shards.*.refresh.external_total",
        )
        return "".join(_flat(answer.get("indices", {})))

    def _health(self) -> Health:
        cluster = self._cluster.ask(
            "GET", f"/_cluster/health/{self._alias}", timeout="1s", seconds=2.0
        )
        if cluster["status"] == "red":
            return Health("down", faults.PARTIAL)
        count = self._cluster.ask("GET", f"/{self._alias}/_count", seconds=2.0)
        pending = self._unseen[0] if time.monotonic() < self._unseen[1] else 0
        used = self._generations.current().index
        return Health(
            "ready", "Searching and writing.", int(count["count"]), pending, used
        )


def _flat(values: object) -> Iterator[str]:
    """Yield the numbers and texts of an answer in their order."""
    if isinstance(values, dict):
        for each in values.values():
            yield from _flat(each)
    elif isinstance(values, list):
        for each in values:
            yield from _flat(each)
    else:
        yield f"{values}."
