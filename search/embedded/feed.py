"""The writing side of one index: takes changes from the store, commits, says how far."""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path
from typing import Final

import tantivy

from search.embedded import mapping
from search.embedded.handover import Handover
from search.embedded.reader import applied, newest
from search.embedded.store import Change, Store

HEAP: Final = 64_000_000
"""Bytes the writer may fill before it makes a segment; one thread, to make few."""

_AT_ONCE: Final = 500
_COMMIT_CHANGES: Final = 20_000
_COMMIT_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


class Feed:
    """Feeds one index from one store. Only one may be open at a time."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        handover: Handover | None = None,
        *,
        heap: int = HEAP,
        stride: int | None = None,
    ) -> None:
        """`stride`: commit after this many changes, whatever the time it takes."""
        self.store = store
        self._stride = stride or _COMMIT_CHANGES
        self._seconds = math.inf if stride else _COMMIT_SECONDS
        self._handover = handover or Handover()
        self._index = tantivy.Index.open(str(folder))
        self._writer = self._index.writer(heap, 1)
        self._closed = False
        self._index.config_reader("manual")
        self._index.reload()
        self.applied = applied(self._index.searcher(), self._index.schema)
        self._newest = newest(self._index.searcher())

    def step(self) -> bool:
        """Bring pending changes into the index, durably; say whether there were any."""
        started, position, done = time.monotonic(), self.applied, 0
        target = self.store.last()
        while done < self._stride and time.monotonic() - started < self._seconds:
            limit = min(_AT_ONCE, self._stride - done)
            changes = self.store.changes(position, limit)
            self._put(changes)
            done += len(changes)
            if len(changes) < limit:
                position = max(target, *(change.seq for change in changes[-1:]), 0)
                break
            position = changes[-1].seq
        if position == self.applied:
            return False
        self._commit(position)
        return True

    def catch_up(self) -> None:
        """Bring everything that is pending into the index."""
        while self.step():
            pass

    def follow(self, passes: int = 5) -> None:
        """Bring in what is pending, then what came meanwhile, `passes` times in all.

        Something may be left: under steady writes there is no end to wait for. The
        stride holds for the first pass alone.
        """
        for _ in range(passes):
            target = self.store.last()
            while self.applied < target and self.step():
                pass
            self._stride = max(self._stride, _COMMIT_CHANGES)

    def close(self) -> None:
        """Wait for merges and let go of the index; may be called twice."""
        if not self._closed:
            self._closed = True
            self._writer.wait_merging_threads()

    def _put(self, changes: list[Change]) -> None:
        taken = {c.seq: self._handover.take(c.seq) for c in changes}
        missing = [c.n for c in changes if c.n is not None and not taken[c.seq]]
        stored = self.store.articles(missing, body=True)
        for change in changes:
            if change.n is None or change.n <= self._newest:
                self._writer.delete_documents_by_term("id", change.id)
            if change.n is None:
                continue
            # Numbers rise for ever: a higher one cannot be in the index yet.
            self._newest = max(self._newest, change.n)
            article = taken[change.seq]
            if article is None and change.n in stored:
                article = stored[change.n].article()
            if article is not None:
                self._writer.add_document(mapping.document(article, change.n))

    def _commit(self, position: int) -> None:
        self._writer.delete_documents_by_term("id", mapping.CHECKPOINT)
        self._writer.add_document(mapping.checkpoint(position))
        self._writer.commit()
        self.applied = position
