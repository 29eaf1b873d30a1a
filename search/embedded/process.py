"""What one process has open of the data folder, and how it follows a rebuild."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from threading import Lock
from typing import Final, Literal, TypeVar

from search.embedded import changes, faults, mapping
from search.embedded.compile import Compiler
from search.embedded.generations import Folder, Generation
from search.embedded.indexer import Indexer
from search.embedded.reader import Reader, Snapshot
from search.embedded.searching import Search
from search.embedded.store import MovedError, Store
from search.errors import EngineError, EngineTimeoutError, EngineUnavailableError
from search.result import Health

_PATIENCE: Final = 30.0  # seconds without progress of the indexer
_LOOK: Final = 0.003
_TRIES: Final = 20
_MUCH: Final = 100  # articles in one transaction: there are more to come

_T = TypeVar("_T")


class Opened:
    """What is open of one generation; `labels` are known to be in its database.

    The index is opened when it is first asked for: without it articles can still be
    written and read.
    """

    def __init__(self, folder: Folder, generation: Generation) -> None:
        self.generation = generation
        self.store: Store = folder.store(generation)
        self.labels: set[tuple[str, ...]] = set()
        self._index = folder.path / generation.index
        self._reader: Reader | None = None
        self._lock = Lock()

    def snapshot(self) -> Snapshot:
        """Return the newest commit of the index."""
        reader = self._reader
        if reader is None:
            with self._lock:
                reader = self._reader = self._reader or Reader(self._index)
        return reader.snapshot()

    def search(self) -> Search:
        """Return a search over the newest commit."""
        if mapping.layout(self.generation.stamp) != mapping.LAYOUT:
            raise EngineUnavailableError(faults.REBUILDING, retry_after=30)
        snapshot = self.snapshot()
        return Search(snapshot, Compiler(snapshot, self.store), self.store)

    def applied(self) -> int:
        """Return the last change that can be searched."""
        return self.snapshot().applied


class Process:
    """Opens files and starts the indexer at the first use, after a fork once more."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._lock = Lock()
        self._pid = os.getpid()
        self._opened: Opened | None = None
        self._indexer: Indexer | None = None
        self._inherited: object = None
        self._closed = False
        self._progress = (-1, 0.0)

    def again(self, action: Callable[[Opened], _T]) -> _T:
        """Do it, and once more if a rebuild took away what it was done on."""
        for attempt in range(_TRIES):
            opened = None
            try:
                with faults.translated():
                    opened = self.open()
                    return action(opened)
            except (EngineError, MovedError) as fault:
                if not self._has_moved(opened, fault):
                    raise
            except FileNotFoundError as fault:
                if not self._has_moved(opened, fault):
                    raise EngineUnavailableError(faults.INDEX) from fault
            time.sleep(0.002 * attempt)
        raise EngineUnavailableError(faults.AWAY)

    def open(self) -> Opened:
        """Return what is open of the generation in use."""
        if self._closed:
            raise EngineUnavailableError(faults.CLOSED, retry_after=None)
        opened, generation = self._opened, self._current()
        if opened and opened.generation == generation and self._pid == os.getpid():
            return opened
        with self._lock:
            return self._reopen(generation)

    def hand_over(self, batch: changes.Batch, seq: int) -> None:
        """Tell the indexer of this process what was written, up to change `seq`."""
        indexer = self._indexer
        if not indexer or not indexer.handover.is_open:
            return  # another process indexes, and looks for changes by itself
        first = seq - len(batch.rows) + 1
        for change, row in enumerate(batch.rows.values(), first):
            indexer.handover.put(change, row.article)
        indexer.nudge()
        if len(batch.rows) >= _MUCH:
            indexer.leave()

    def wait(self) -> None:
        """Wait until all that is stored now can be searched.

        Raises EngineTimeoutError where the indexer makes no progress.
        """
        seq = self.again(lambda opened: opened.store.last())
        seen, since = -1, time.monotonic()
        while (applied := self.again(Opened.applied)) < seq:
            if applied != seen:
                seen, since = applied, time.monotonic()
            if time.monotonic() - since > _PATIENCE:
                raise EngineTimeoutError(
                    "The change is stored, but cannot be searched yet: ask again later."
                )
            time.sleep(_LOOK)

    def health(self) -> Health:
        """Say how the engine is; never raises."""
        try:
            return self.again(self._health)
        except (EngineError, OSError) as fault:
            return Health("down", str(fault))

    def close(self) -> None:
        """Let go of everything; may be called twice."""
        with self._lock:
            self._closed = True
            ours = self._pid == os.getpid()
            indexer, self._indexer = self._indexer, None
            opened, self._opened = self._opened, None
        if ours and indexer:
            indexer.stop()
        if ours and opened:
            opened.store.close()

    def _current(self) -> Generation:
        try:
            return self.folder.current()
        except FileNotFoundError:
            self.folder.prepare()
            return self.folder.current()

    def _reopen(self, generation: Generation) -> Opened:
        if self._closed:
            raise EngineUnavailableError(faults.CLOSED, retry_after=None)
        if self._pid != os.getpid():
            # Kept, not closed: what SQLite and tantivy have open is the parent's.
            self._inherited = (self._opened, self._indexer)
            self._opened, self._indexer, self._pid = None, None, os.getpid()
        if self._indexer is None:
            self._indexer = Indexer(self.folder)
            self._indexer.start()
        opened = self._opened
        if opened is None or opened.generation != generation:
            opened = self._opened = Opened(self.folder, generation)
        return opened

    def _has_moved(self, opened: Opened | None, fault: Exception) -> bool:
        """Say whether another generation is in use than the one that failed."""
        if opened is None:
            return isinstance(fault, FileNotFoundError)
        with faults.translated():
            return self.folder.current() != opened.generation

    def _health(self, opened: Opened) -> Health:
        pending = opened.store.last() - opened.applied()
        status, detail = self._condition(opened, pending)
        return Health(
            status,
            detail,
            articles=opened.store.count(),
            pending=pending,
            generation=opened.generation.index,
        )

    def _condition(
        self, opened: Opened, pending: int
    ) -> tuple[Literal["ready", "degraded"], str]:
        applied, now = opened.applied(), time.monotonic()
        if not pending or applied != self._progress[0]:
            self._progress = (applied, now)
        if not os.access(self.folder.path, os.W_OK):
            return "degraded", faults.READ_ONLY
        if now - self._progress[1] > _PATIENCE:
            return "degraded", faults.STUCK
        return "ready", "Searching and writing."
