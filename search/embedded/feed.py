"""The writing side of one index: takes changes from the store, commits, says how far."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Final

import orjson
import tantivy

from search.article import StoredArticle
from search.embedded import mapping
from search.embedded.reader import applied
from search.embedded.store import Change, Store, swell

HEAP: Final = 64_000_000
"""Bytes the writer may fill before it makes a segment; one thread, to make few."""

_AT_ONCE: Final = 500
_COMMIT_CHANGES: Final = 20_000
_COMMIT_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


class Feed:
    """Feeds one index from one store. Only one may be open at a time.

    `fresh`: the index is empty and new, and no article can be in it already.
    """

    def __init__(
        self, folder: Path, store: Store, *, heap: int = HEAP, fresh: bool = False
    ) -> None:
        self.store = store
        self._index = tantivy.Index.open(str(folder))
        self._writer: tantivy.IndexWriter | None = self._index.writer(heap, 1)
        self._index.config_reader("manual")
        self._index.reload()
        self.applied = applied(self._index.searcher(), self._index.schema)
        self._first_pass = store.last() if fresh else 0

    def step(self) -> bool:
        """Bring pending changes into the index, durably; say whether there were any."""
        started, position, done = time.monotonic(), self.applied, 0
        target = self.store.last()
        while done < _COMMIT_CHANGES and time.monotonic() - started < _COMMIT_SECONDS:
            changes = self.store.changes(position, _AT_ONCE)
            for change in changes:
                self._put(change)
            done += len(changes)
            if len(changes) < _AT_ONCE:
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

    def close(self) -> None:
        """Wait for merges and let go of the index; may be called twice."""
        writer, self._writer = self._writer, None
        if writer:
            writer.wait_merging_threads()

    def _put(self, change: Change) -> None:
        assert self._writer
        if change.seq > self._first_pass:
            self._writer.delete_documents_by_term("id", change.id)
        if change.n is not None:
            stored = StoredArticle(change.id, 0, change.head, swell(change.body))
            self._writer.add_document(mapping.document(stored.article(), change.n))

    def _commit(self, position: int) -> None:
        assert self._writer
        self._writer.delete_documents_by_term("id", mapping.CHECKPOINT)
        self._writer.add_document(mapping.checkpoint(position))
        self._writer.commit()
        self.applied = position
