"""Who indexes: one of the processes that stand, as long as it holds a lock."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import IO, Final

from search.embedded.generations import Folder, take

ELECTED: Final = "indexer.lock"
CANDIDATES: Final = "candidates.lock"


class Election:
    """One process's part in it. The kernel frees the locks of a process that dies."""

    def __init__(self, folder: Folder) -> None:
        """Take the data folder; nothing is opened yet."""
        self._folder = folder
        self._standing: IO[bytes] | None = None
        self._lock = Lock()

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Be one of those who would index."""
        with (self._folder.path / CANDIDATES).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            self._standing = file
            try:
                yield
            finally:
                with self._lock:
                    self._standing = None

    @contextmanager
    def won(self) -> Iterator[bool]:
        """Stand once: True for as long as this process alone indexes."""
        with self._folder.locked(ELECTED, wait=False) as won:
            yield won

    def is_alone(self) -> bool:
        """Say whether nobody else would index, were it not this process."""
        with self._lock:
            file = self._standing
            if file is None:
                return True
            # A lock that is shared with nobody can become one's own.
            alone = take(file.fileno(), wait=False)
            fcntl.flock(file, fcntl.LOCK_SH)
            return alone
