"""A new generation, made beside the old one and then put in its place.

Writers go on with the old one, and the server numbers what they do. When the new one is
filled, the old one takes no more writes; what came meanwhile is carried over, and one
call puts the new one in use. A writer that was refused looks again and finds it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from threading import Event, Thread
from typing import Any, Final, TypeAlias

from search.article import Article, Version, moment_of
from search.elastic import changes, mapping
from search.elastic.changes import Draft, Row
from search.elastic.compile import EVERYTHING
from search.elastic.generation import Generation
from search.elastic.generations import Generations
from search.elastic.labels import Names
from search.elastic.lookup import Lookup
from search.elastic.scanning import walk
from search.elastic.searching import Search
from search.elastic.writing import Writer
from search.errors import EngineError, ShrinkError
from search.result import IndexReport, Outcome

Marks: TypeAlias = dict[tuple[str, str], int]
"""The number of the last write that every shard has done, by index and shard."""

_AT_ONCE: Final = 500
_BEAT: Final = 10.0  # seconds between two signs of life
_ARRIVED: Final = [{"arrival": "asc"}]
_NUMBERED: Final = [{"_seq_no": "asc"}]


@dataclass(frozen=True, slots=True)
class Rebuild:
    """One rebuild of an archive, from one generation to the next."""

    generations: Generations
    old: Generation
    new: Generation

    def fill(self, articles: Iterable[Article]) -> list[Outcome]:
        """Write the articles to the new generation, in their order."""
        return self._filled(map(changes.draft, articles))

    def copy(self) -> list[Outcome]:
        """Write to the new generation what the old one has, all in its place."""
        hits = walk(self._search(self.old.articles), EVERYTHING, _ARRIVED)
        return self._filled(map(_draft, hits))

    def remember(self, floor: Version | None) -> None:
        """Carry the versions of what was deleted; with `floor` also of articles that
        the new generation lacks and that have a higher version than that."""
        hits = walk(self._search(self.old.gone), EVERYTHING, [{"_doc": "asc"}])
        while some := list(islice(hits, _AT_ONCE)):
            self._writer.bury({h["_id"]: h["_source"]["version"] for h in some})
        if floor is None:
            return
        ahead = {"range": {"version": {"gt": floor}}}
        wanted = ["article.version"]
        hits = walk(self._search(self.old.articles), ahead, _ARRIVED, source=wanted)
        while some := list(islice(hits, _AT_ONCE)):
            found = {h["_id"]: h["_source"]["article"]["version"] for h in some}
            self._writer.bury(found)

    def marks(self) -> tuple[Marks, Marks]:
        """Return where the old generation stands; what it has is searchable then."""
        found = self._marks(self.old.articles), self._marks(self.old.gone)
        self.generations.refresh(self.old.everything)
        return found

    def carry(self, articles: Marks, gone: Marks) -> None:
        """Bring what the old generation got after the marks to the new one."""
        self.generations.refresh(self.old.everything)
        self._carry(gone, self._delete)
        self._carry(articles, self._put)

    def check(self, *, force: bool) -> None:
        """Raise ShrinkError where most articles would be lost."""
        self.generations.refresh(self.new.everything)
        before, after = self._count(self.old.articles), self._count(self.new.articles)
        if after * 10 < before * 9 and not force:
            raise ShrinkError(before, after)

    def _filled(self, drafts: Iterable[changes.Draft]) -> list[Outcome]:
        written = self._writer.write(drafts)
        return [outcome for outcomes, _ in written for outcome in outcomes]

    @property
    def _writer(self) -> Writer:
        return Writer(Lookup(self.generations.cluster, self.new.index))

    def _search(self, index: str) -> Search:
        return Search(self.generations.cluster, index, Names())

    def _count(self, index: str) -> int:
        return int(self.generations.cluster.ask("GET", f"/{index}/_count")["count"])

    def _marks(self, names: str) -> Marks:
        answer = self.generations.cluster.ask("GET", f"/{names}/_stats", level="shards")
        return {
            (index, shard): copy["seq_no"]["local_checkpoint"]
            for index, stats in answer["indices"].items()
            for shard, copies in stats["shards"].items()
            for copy in copies
            if copy["routing"]["primary"]
        }

    def _carry(
        self, marks: Marks, write: Callable[[list[dict[str, Any]]], None]
    ) -> None:
        for (index, shard), mark in marks.items():
            search = Search(
                self.generations.cluster, index, Names(), f"_shards:{shard}"
            )
            query = {"range": {"_seq_no": {"gt": mark}}}
            hits = walk(search, query, _NUMBERED)
            while some := list(islice(hits, _AT_ONCE)):
                write(some)

    def _put(self, hits: list[dict[str, Any]]) -> None:
        self._writer.force({hit["_id"]: _row(hit) for hit in hits})

    def _delete(self, hits: list[dict[str, Any]]) -> None:
        self._writer.bury({hit["_id"]: hit["_source"]["version"] for hit in hits})
        self._writer.drop([hit["_id"] for hit in hits])


def renew(generations: Generations) -> IndexReport:
    """Make the index anew of what it keeps itself."""
    with _making(generations) as rebuild:
        marks = rebuild.marks()
        outcomes = rebuild.copy()
        rebuild.remember(None)
        _switch(rebuild, marks, force=True)
    kept = (Outcome(one.id, "unchanged", one.version) for one in outcomes)
    return IndexReport(tuple(kept))


def replace_all(
    generations: Generations, articles: Iterable[Article], *, force: bool
) -> IndexReport:
    """Make the index anew of the articles; what is written meanwhile is kept."""
    with _making(generations) as rebuild:
        marks = rebuild.marks()
        outcomes = rebuild.fill(articles)
        rebuild.remember(time.time_ns() // 1000)
        _switch(rebuild, marks, force=force)
    return IndexReport(tuple(outcomes))


def _switch(rebuild: Rebuild, marks: tuple[Marks, Marks], *, force: bool) -> None:
    generations = rebuild.generations
    generations.block(rebuild.old)
    try:
        rebuild.carry(*marks)
        rebuild.check(force=force)
        generations.switch(rebuild.old, rebuild.new)
    except BaseException:
        generations.unblock(rebuild.old)
        raise


@contextmanager
def _making(generations: Generations) -> Iterator[Rebuild]:
    """Hold a new generation that nobody else makes; remove it, or else the old one."""
    new = generations.create(generations.sweep(), in_use=False)
    obsolete = new
    # From here on nobody else changes which indexes are in use.
    old = generations.current()
    try:
        with _alive(generations, new):
            yield Rebuild(generations, old, new)
        obsolete = old
    finally:
        with suppress(EngineError):  # the next rebuild sweeps what stays
            generations.remove(obsolete)


@contextmanager
def _alive(generations: Generations, generation: Generation) -> Iterator[None]:
    """Show signs of life while a generation is being made."""
    stop = Event()

    def beat() -> None:
        while not stop.wait(_BEAT):
            with suppress(EngineError):
                generations.beat(generation)

    thread = Thread(target=beat, name="dateline-rebuild", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _draft(hit: dict[str, Any]) -> Draft:
    """Return what was stored, analysed anew, in its place in the order."""
    article = mapping.stored(hit).article()
    return changes.draft(article, hit["_source"]["article"]["arrival"])


def _row(hit: dict[str, Any]) -> Row:
    draft = _draft(hit)
    article = draft.article
    return Row(
        draft,
        article.version or 0,
        moment_of(article, "indexed"),
        hit["_source"]["article"]["arrival"],
        None,
    )
