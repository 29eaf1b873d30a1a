"""The registry of the embedded engine: a database of its own in the data folder.

No rebuild touches it. It is made by the first `put`; until then there is nothing to find.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import Final

from search.embedded import faults, history, profiles, staging
from search.embedded.generations import Folder
from search.embedded.store import Store
from search.entities import marks
from search.entities.profile import KINDS, Kind, Profile, unpacked
from search.entities.registry import Completion, Found, RegistryReport
from search.errors import EngineUnavailableError, EntityNotFoundError

FILE: Final = "entities.db"

_AT_ONCE: Final = 5_000


class EmbeddedRegistry:
    """Keeps the protocol `search.entities.registry.Registry` in one file."""

    def __init__(self, folder: Folder) -> None:
        """Take the folder; the file is opened by the first question."""
        self._folder = folder
        self._path = folder.path / FILE
        self._lock = Lock()
        self._pid = os.getpid()
        self._store: Store | None = None
        self._inherited: object = None
        self._closed = False

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._folder.path

    def put(self, given: Iterable[Profile], /) -> RegistryReport:
        """Add or replace profiles; durable when it returns, and all at once."""
        self._prepare()
        source = iter(given)
        some = list(islice(source, _AT_ONCE))
        if len(some) == _AT_ONCE:
            return self._put_many(chain(some, source))
        latest = {(one.kind, one.id): one for one in some}
        with self._written(latest) as db:
            return profiles.put(db, latest)

    def _put_many(self, given: Iterable[Profile]) -> RegistryReport:
        """Put profiles of any number: nobody waits while they are read."""
        with self._read() as db:
            if db is None:
                raise EngineUnavailableError(faults.AWAY)
            return staging.put(db, given)

    def delete(self, kind: Kind, ids: Iterable[str], /) -> int:
        """Remove profiles; return how many were there."""
        if not self._path.exists():
            return 0
        keys = [(kind, each) for each in ids]
        with self._written(keys) as db:
            known = profiles.known(db, keys)
            profiles.remove(db, known.values())
            return len(known)

    def get(self, kind: Kind, entity_id: str, /) -> Profile:
        """Return a profile."""
        with self._read() as db:
            found = profiles.known(db, [(kind, entity_id)]) if db else {}
        if not found:
            raise EntityNotFoundError(kind, entity_id)
        return found[kind, entity_id][1]

    def find(self, kind: Kind, text: str, /) -> tuple[Found, ...]:
        """Return whom a text means."""
        return self.find_all(kind, (text,))[text]

    def find_all(
        self, kind: Kind, texts: Collection[str], /
    ) -> Mapping[str, tuple[Found, ...]]:
        """Return whom each text means."""
        with self._read() as db:
            return profiles.meant(db, kind, texts) if db else dict.fromkeys(texts, ())

    def complete(
        self, text: str, /, kinds: Collection[Kind] = KINDS, size: int = 10
    ) -> tuple[Completion, ...]:
        """Return profiles with a word that begins so."""
        beginning = marks.typed(text)
        with self._read() as db:
            known = profiles.beginning(db, beginning, kinds) if db and beginning else []
        return marks.completed(text, known, size)

    def near(self, kind: Kind, text: str, /, size: int = 5) -> tuple[str, ...]:
        """Return names a slip or two away."""
        beginning = marks.typed(text)
        with self._read() as db:
            known = profiles.near(db, kind, beginning) if db and beginning else []
        return marks.nearest(known, beginning, size)

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        """Yield every profile once."""
        for one in KINDS if kind is None else (kind,):
            yield from self._scan(one)

    def count(self) -> int:
        """Return how many profiles there are."""
        with self._read() as db:
            return profiles.number(db, "SELECT count(*) FROM profile") if db else 0

    def stamp(self) -> str:
        """Return a text that changes with every change; empty before the first."""
        with self._read() as db:
            return history.stamp(db) if db else ""

    def changed(self, since: str, /) -> frozenset[tuple[Kind, str]] | None:
        """Return the profiles put or deleted since a stamp."""
        with self._read() as db:
            return history.changed(db, since) if db else None

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        with self._lock:
            store, self._store, self._closed = self._store, None, True
        if store and self._pid == os.getpid():
            store.close()

    def _scan(self, kind: Kind) -> Iterator[Profile]:
        """Yield the profiles of a kind, some at a time: nobody waits for the reader."""
        after = ""
        while True:
            with self._read() as db:
                rows = profiles.page(db, kind, after) if db else []
            yield from (unpacked(data) for _, data in rows)
            if not rows:
                return
            after = rows[-1][0]

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection | None]:
        """Lend a connection, or None where nothing was ever put."""
        with faults.translated():
            store = self._open()
            if store is None:
                yield None
                return
            with store.read() as db:
                yield db

    @contextmanager
    def _written(
        self, keys: Collection[tuple[Kind, str]]
    ) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a transaction that moves the stamp, if it changes
        something: of these profiles."""
        with faults.translated():
            store = self._open()
            if store is None:
                raise EngineUnavailableError(faults.AWAY)
            with store.write() as db:
                before = db.total_changes
                yield db
                if db.total_changes != before:
                    history.move(db, keys)

    def _open(self) -> Store | None:
        store = self._store
        if store and self._pid == os.getpid():
            return store
        if self._closed:
            raise EngineUnavailableError(faults.CLOSED, retry_after=None)
        if not self._path.exists():
            return None
        with self._lock:
            if self._pid != os.getpid():
                # Kept, not closed: what SQLite has open is the parent's.
                self._inherited, self._store = self._store, None
                self._pid = os.getpid()
            if self._store is None:
                self._store = Store(self._path, lambda: True, self._folder.busy_seconds)
            return self._store

    def _prepare(self) -> None:
        if self._path.exists():
            return
        with faults.translated():
            self._folder.path.mkdir(parents=True, exist_ok=True)
            with self._folder.locked("entities.lock"):
                if not self._path.exists():
                    profiles.create(self._path)
