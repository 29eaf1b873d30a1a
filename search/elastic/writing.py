"""One write: look, decide, send; whoever was faster makes us look again.

Every item says which document it replaces, so nothing that another process wrote
meanwhile is overwritten unseen. What a rebuild has just taken out of use refuses it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import orjson

from search import ahead
from search.article import ArticleId, Version
from search.elastic.changes import Batch, Draft, Known, Row, known
from search.elastic.cluster import BULK_SECONDS, Cluster
from search.elastic.fates import PATIENCE, Fate, fate, unfinished, wait
from search.elastic.faults import BUSY
from search.elastic.generation import GONE, WRITING
from search.elastic.lookup import Looked, Lookup
from search.elastic.sending import BYTES, TOGETHER, Item, action, items_of, length
from search.elastic.storing import Stored, Storing
from search.errors import (
    EngineBusyError,
    EngineUnavailableError,
    QueryTooComplexError,
)
from search.parts import parts
from search.result import Outcome

_PART: Final = 1_500_000  # bytes of articles; their documents have three times that
_WANTED: Final = ["article.version", "article.digest", "article.arrival"]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to what an alias stands for: the archive in use, or a new generation."""

    lookup: Lookup

    @property
    def cluster(self) -> Cluster:
        """The cluster that is written to."""
        return self.lookup.cluster

    def write(
        self, drafts: Iterable[Draft], if_version: Version | None = None
    ) -> Iterator[Stored]:
        """Store the drafts, part by part; yield what became of each part.

        Making the documents takes as long as the cluster takes to index them: those of
        the next part are made meanwhile. Of parts behind one that fails none is sent.
        """
        several = batches(drafts)
        first = next(several, None)
        if first is None:
            return
        storings = self._storings(chain([first], several), if_version)
        if len(first) < TOGETHER:  # all there is, or long ones: not worth a thread
            yield from map(Storing.finish, map(Storing.prepared, storings))
        else:
            yield from ahead.done(map(Storing.prepared, storings), Storing.finish)

    def _storings(
        self, several: Iterable[Sequence[Draft]], if_version: Version | None
    ) -> Iterator[Storing]:
        last: Storing | None = None
        for drafts in several:
            last = Storing(drafts, if_version, self._looked, self._all, last)
            yield last

    def rehearse(
        self, batch: Batch, drafts: Sequence[Draft], if_version: Version | None
    ) -> list[Outcome]:
        """Return what would happen, after what the batch has seen; store nothing."""
        seen, _ = self._looked(
            draft.article.id for draft in drafts if draft.article.id not in batch.known
        )
        batch.known |= seen.known
        outcomes = []
        for draft in drafts:
            batch.require(draft.article.id, if_version)
            outcomes.append(batch.put(draft))
        return outcomes

    def delete(self, ids: Sequence[ArticleId], if_version: Version | None) -> int:
        """Delete articles; return how many were there."""
        count, left, until = 0, list(ids), time.monotonic() + PATIENCE
        while left:
            batch, looked = self._looked(left)
            for article_id in left:
                batch.require(article_id, if_version)
            there = {i: k for i, k in batch.known.items() if k.digest is not None}
            fates = self._remove(looked.burying, there)
            count += sum(fate is Fate.DONE for fate in fates.values())
            again = unfinished(fates)
            left = [i for i in left if i in again]
            wait(fates.values(), until)
        return count

    def force(self, rows: Mapping[ArticleId, Row]) -> None:
        """Write the rows over whatever is there."""
        self._insist(self._all(items_of(rows, self.lookup.alias + WRITING)))

    def bury(self, versions: Mapping[ArticleId, Version]) -> None:
        """Remember the versions of deleted articles."""
        self._insist(self._bury(self.lookup.alias + GONE + WRITING, versions))

    def drop(self, ids: Sequence[ArticleId]) -> None:
        """Delete articles, whatever is there."""
        door = self.lookup.alias + WRITING
        self._insist(self._all((i, [action(door, i, None, "delete")]) for i in ids))

    @staticmethod
    def _insist(fates: Mapping[ArticleId, Fate]) -> None:
        if set(fates.values()) - {Fate.DONE, Fate.ABSENT}:
            raise EngineBusyError(BUSY, retry_after=30)

    def _looked(self, ids: Iterable[ArticleId]) -> tuple[Batch, Looked]:
        """Return what is stored of the articles, and in which indexes."""
        found, looked = Batch(), Looked([], [])
        wanted = [i for i in dict.fromkeys(ids) if _is_id(i)]
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            looked = self.lookup.look(some, _WANTED, gone=True)
            answers = zip(some, looked.articles, looked.gone, strict=True)
            found.known |= {i: known(a, old, looked.door(a)) for i, a, old in answers}
        return found, looked

    def _bury(
        self, door: str, versions: Mapping[ArticleId, Version]
    ) -> dict[ArticleId, Fate]:
        items = (
            (i, [action(door, i, None), orjson.dumps({"version": version})])
            for i, version in versions.items()
        )
        return self._all(items)

    def _remove(
        self, burying: str, there: Mapping[ArticleId, Known]
    ) -> dict[ArticleId, Fate]:
        """Remember the versions first: what is remembered too much does no harm."""
        noted = self._bury(burying, {i: known.version for i, known in there.items()})
        failed = {i: fate for i, fate in noted.items() if fate is not Fate.DONE}
        items = (
            (i, [action(known.door, i, known.guard, "delete")])
            for i, known in there.items()
            if i not in failed
        )
        return failed | self._all(items)

    def _all(self, items: Iterable[Item]) -> dict[ArticleId, Fate]:
        fates: dict[ArticleId, Fate] = {}
        for part in parts(items, TOGETHER, BYTES, length):
            fates |= self._bulk(part)
        return fates

    def _bulk(self, items: Sequence[Item]) -> dict[ArticleId, Fate]:
        lines = [line for _, some in items for line in some]
        try:
            answer = self.cluster.ask_lines(
                "/_bulk",
                lines,
                seconds=max(BULK_SECONDS, self.cluster.access.seconds),
                filter_path="items.*.status,items.*.error,errors",
                timeout="2s",
            )
        except QueryTooComplexError as fault:  # too large for one request
            if len(items) == 1:
                raise EngineUnavailableError(
                    "The article is too large for the search cluster: send less, or "
                    "raise its http.max_content_length.",
                    retry_after=None,
                ) from fault
            half = len(items) // 2
            return self._bulk(items[:half]) | self._bulk(items[half:])
        found = (next(iter(item.values())) for item in answer["items"])
        return {i: fate(one) for (i, _), one in zip(items, found, strict=True)}


def _is_id(text: str) -> bool:
    try:
        return 0 < len(text.encode()) <= 512
    except UnicodeEncodeError:
        return False


def batches(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    """Yield the drafts in parts that are looked up and sent together."""
    return parts(drafts, TOGETHER, _PART, _size)


def _size(draft: Draft) -> int:
    return len(draft.head) + len(draft.body)
