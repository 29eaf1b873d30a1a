"""The indexer: one thread of one process, elected, feeds the index from the store.

A process that takes in much leaves the indexing to another that stands: in one process
both would share an interpreter lock, and a bulk load would take half as long again.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from pathlib import Path
from typing import Final

from search.embedded import mapping
from search.embedded.election import Election
from search.embedded.faults import translated
from search.embedded.feed import Feed
from search.embedded.generations import Folder
from search.embedded.handover import Handover
from search.embedded.merging import Merger
from search.embedded.reader import Reader
from search.embedded.rebuilding import LOCK, renew
from search.embedded.store import Store
from search.errors import EngineError, SearchError

_ELECTION: Final = 0.2  # seconds between attempts to become the indexer
_ABSENCE: Final = 0.5  # seconds for another process to be elected
_TERM: Final = 10.0  # seconds before a process leaves its office again
_LOOK: Final = 0.025  # seconds between looks for changes of other processes
_MEMORY: Final = 3_600_000_000  # microseconds that a version outlives its article
_PAUSE: Final = 1.0  # seconds after a failure, which a full disk repeats

log = logging.getLogger(__name__)


class Indexer:
    """Tries to become the indexer as long as it lives; start it after a fork."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.failed = False
        self.handover = Handover()
        self._election = Election(folder)
        self._left = -_TERM
        self._leaving = threading.Event()
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="dateline-indexer", daemon=True
        )

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def nudge(self) -> None:
        """Say that there is a change to index."""
        self._wake.set()

    def leave(self) -> None:
        """Let another process index, if one would; this one has much else to do."""
        now = time.monotonic()
        if now - self._left < _TERM or self.is_alone():
            return
        self._left = now
        self._leaving.set()
        self._wake.set()

    def is_alone(self) -> bool:
        """Say whether no other process would index."""
        return self._election.is_alone()

    def stop(self) -> None:
        """End the thread after the step it is in; what is left is done later."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with translated(), self._election.standing():
                    self._stand()
            except (SearchError, OSError) as fault:
                self._failed(fault)

    def _failed(self, fault: Exception) -> None:
        if not self.failed:
            log.error("The indexer will try again: %s", fault, exc_info=fault)
        self.failed = True
        self._stopping.wait(_PAUSE)

    def _stand(self) -> None:
        while not self._stopping.is_set():
            with self._election.won() as won:
                if won:
                    self._lead()
            self._stopping.wait(_ABSENCE if self._leaving.is_set() else _ELECTION)
            self._leaving.clear()

    def _lead(self) -> None:
        while self._is_leading():
            self.folder.sweep()
            self._follow()

    def _is_leading(self) -> bool:
        return not (self._stopping.is_set() or self._leaving.is_set())

    def _follow(self) -> None:
        """Feed the index in use until another one is."""
        generation = self.folder.current()
        index = self.folder.path / generation.index
        with contextlib.closing(self.folder.store(generation)) as store:
            if generation.stamp != mapping.STAMP or not is_sound(index, store.last()):
                log.warning("The index does not fit and is made anew.")
                renew(self.folder)
                return
            feed = Feed(index, store, self.handover)
            self._forget(store, feed.applied)
            merger = Merger(self.folder.path, index)
            self.handover.open()
            try:
                while self._is_leading():
                    if self.folder.current() != generation:
                        return
                    self._step(feed, merger)
            finally:
                self.handover.close()
                merger.close()
                feed.close()

    def _forget(self, store: Store, applied: int) -> None:
        """Forget what is long gone, unless a rebuild has still to hear of it."""
        with self.folder.locked(LOCK, wait=False) as won:
            if won:
                store.forget(applied, time.time_ns() // 1000 - _MEMORY)

    def _step(self, feed: Feed, merger: Merger) -> None:
        self._wake.clear()
        if feed.store.last() == feed.applied or not feed.step():
            merger.look(feed.applied)
            self._wake.wait(_LOOK)
        self.failed = False


def is_sound(index: Path, last: int) -> bool:
    """Say whether the index can be read and is not ahead of the database."""
    try:
        with translated():
            return Reader(index).snapshot().applied <= last
    except (EngineError, FileNotFoundError):
        return False
