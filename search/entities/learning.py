"""The names of a registry as texts are searched for them: read anew when it changes."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection, Iterable, Iterator
from threading import Lock, Thread
from typing import Final

from search.entities.lexicon import Amended, Lexicon
from search.entities.profile import Kind, Profile
from search.entities.registry import CHANGES, Registry
from search.entities.shelf import Shelf, Stamped
from search.entities.tagger import Tagger
from search.errors import EntityNotFoundError, SearchError

LARGE: Final = 50_000
"""Profiles that are read in less than a second or two; nobody waits for more."""

_ALONE: Final = (
    "The names of the registry cannot be shared, each process reads them for itself: %s"
)

SOME: Final = CHANGES // 2
"""Changed profiles with which a large registry need not be laid out anew."""

log = logging.getLogger(__name__)


class Learner:
    """Keeps a tagger up to its registry. Safe for threads.

    Whoever comes first waits until the names are read, and after a change of a small
    registry whoever comes first again. A large one is laid out once, for all processes,
    and changes are laid over it. A thread has it laid out anew when they are many; if
    they are too many, the names that were read before count until that is done.
    """

    def __init__(self, registry: Registry, large: int = LARGE) -> None:
        """Keep the registry; nothing is read yet."""
        self._registry = registry
        self._large = large
        self._lock = Lock()
        self._read: tuple[str, Tagger] | None = None
        self._base: Stamped | None = None
        self._reading: Thread | None = None

    def tagger(self, stamp: str) -> Tagger:
        """Return what finds the names of the registry as it is under this stamp.

        Of a large one of which a lot has changed perhaps as it was before.
        """
        read = self._read
        if read and read[0] == stamp:
            return read[1]
        with self._lock:
            return self._newer(stamp)

    def _newer(self, stamp: str) -> Tagger:
        read = self._read
        if read and read[0] == stamp:
            return read[1]
        found = self._names(stamp) if stamp else ("", Lexicon(()))
        if found is None and read:
            return read[1]
        known, lexicon = found or self._base or ("", Lexicon(()))
        tagger = Tagger(lexicon)
        self._read = known, tagger
        return tagger

    def _names(self, stamp: str) -> Stamped | None:
        """Return the names as they are now, None where that takes too long."""
        if self._base is None:
            if self._registry.count() <= self._large:
                return stamp, Lexicon(self._registry.scan())
            if self._read:
                self._lay_out_aside(stamp)
                return None
            self._base = self._laid_out(stamp)
        lexicon = self._amended(self._base, stamp)
        return None if lexicon is None else (stamp, lexicon)

    def _amended(self, base: Stamped, stamp: str) -> Lexicon | None:
        changed = self._changed(base[0], stamp)
        if changed is None or len(changed) > SOME:
            self._lay_out_aside(stamp)
        if not changed:
            return None if changed is None else base[1]
        return Amended(base[1], changed, self._profiles(changed))

    def _changed(self, since: str, stamp: str) -> Collection[tuple[Kind, str]] | None:
        return () if since == stamp else self._registry.changed(since)

    def _profiles(self, keys: Iterable[tuple[Kind, str]]) -> Iterator[Profile]:
        for kind, entity_id in keys:
            with contextlib.suppress(EntityNotFoundError):
                yield self._registry.get(kind, entity_id)

    def _lay_out_aside(self, stamp: str) -> None:
        if self._reading is None or not self._reading.is_alive():
            self._reading = Thread(target=self._follow, args=(stamp,), daemon=True)
            self._reading.start()

    def _follow(self, stamp: str) -> None:
        # What fails here is tried again for the next article.
        with contextlib.suppress(SearchError):
            self._base = self._laid_out(stamp)

    def _laid_out(self, stamp: str) -> Stamped:
        """Return all names, of a state that is not long ago; from where all share them."""

        def will_do(known: str) -> bool:
            changed = self._changed(known, stamp)
            return changed is not None and len(changed) <= SOME

        folder = self._registry.folder
        if folder:
            try:
                return Shelf(folder).lexicon(stamp, will_do, self._registry.scan)
            except OSError as fault:
                log.warning(_ALONE, fault)
        return stamp, Lexicon(self._registry.scan())
