"""The names of a registry as texts are searched for them: read anew when it changes."""

from __future__ import annotations

import contextlib
from threading import Lock, Thread
from typing import Final

from search.entities.lexicon import Lexicon
from search.entities.registry import Registry
from search.entities.shelf import Shelf
from search.entities.tagger import Tagger
from search.errors import SearchError

LARGE: Final = 50_000
"""Profiles that are read in less than a second or two; nobody waits for more."""


class Learner:
    """Keeps a tagger up to its registry. Safe for threads.

    Whoever comes first waits until the names are read, and after a change whoever comes
    first again. Of a large registry a thread reads the change: until it is done, the
    names that were read before count.
    """

    def __init__(self, registry: Registry, large: int = LARGE) -> None:
        """Keep the registry; nothing is read yet."""
        self._registry = registry
        self._large = large
        self._lock = Lock()
        self._read: tuple[str, Tagger] | None = None
        self._reading: Thread | None = None

    def tagger(self, stamp: str) -> Tagger:
        """Return what finds the names of the registry as it is under this stamp.

        Of a large one perhaps as it was before its last changes.
        """
        read = self._read
        if read and read[0] == stamp:
            return read[1]
        with self._lock:
            return self._newer(stamp)

    def _newer(self, stamp: str) -> Tagger:
        read = self._read
        if read is None:
            return self._learn(stamp)
        if read[0] == stamp or (self._reading and self._reading.is_alive()):
            return read[1]
        if self._registry.count() <= self._large:
            return self._learn(stamp)
        self._reading = Thread(target=self._follow, args=(stamp,), daemon=True)
        self._reading.start()
        return read[1]

    def _follow(self, stamp: str) -> None:
        # What fails here is tried again for the next article.
        with contextlib.suppress(SearchError):
            self._learn(stamp)

    def _learn(self, stamp: str) -> Tagger:
        tagger = Tagger(self._lexicon(stamp) if stamp else ())
        self._read = stamp, tagger
        return tagger

    def _lexicon(self, stamp: str) -> Lexicon:
        """Return the names of the registry, of a large one from where all share them."""
        folder = self._registry.folder
        if folder and self._registry.count() > self._large:
            # What cannot be shared every process has for itself.
            with contextlib.suppress(OSError):
                return Shelf(folder).lexicon(stamp, self._registry.scan)
        return Lexicon(self._registry.scan())
