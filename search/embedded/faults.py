"""Every exception of SQLite, tantivy and the file system becomes ours, here."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import AbstractContextManager

from search.errors import (
    EngineBusyError,
    EngineError,
    EngineUnavailableError,
    SearchError,
)

FULL = "The disk is full: free some space, then send this again."
READ_ONLY = (
    "The data folder is read-only: searching works, writing needs write permission."
)
DAMAGED = (
    "The articles database is damaged: stop the server and restore it from a backup."
)
BUSY = "Another write is taking long: send this again in a moment."
CLOSED = "The engine is closed; start it again."
AWAY = "The data folder cannot be read: check that it exists and its permissions."
DENIED = (
    "This user may not read the index: ask as the user whom the server runs as, or give "
    "the permission to read every file of the data folder."
)
INDEX = "The index failed to answer: ask again; `dateline rebuild` makes it anew."
REBUILDING = "The index is being made anew after an update: ask again in a minute."
STUCK = (
    "Changes are stored, but not being indexed: check the server's log and the disk."
)

_SQLITE: dict[int, tuple[str, float | None]] = {
    sqlite3.SQLITE_FULL: (FULL, 30),
    sqlite3.SQLITE_IOERR: (FULL, 30),
    sqlite3.SQLITE_READONLY: (READ_ONLY, None),
    sqlite3.SQLITE_CORRUPT: (DAMAGED, None),
    sqlite3.SQLITE_NOTADB: (DAMAGED, None),
    sqlite3.SQLITE_CANTOPEN: (AWAY, 5),
    sqlite3.SQLITE_PERM: (AWAY, None),
    sqlite3.SQLITE_AUTH: (AWAY, None),
}
_FILES: dict[int | None, tuple[str, float | None]] = {
    errno.ENOSPC: (FULL, 30),
    errno.EFBIG: (FULL, 30),
    errno.EDQUOT: (FULL, 30),
    errno.EROFS: (READ_ONLY, None),
}
_NO_PERMISSION = "PermissionDenied"
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class _Translating:
    """A context that every search passes: a generator's would cost twice as much."""

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: object, fault: BaseException | None, trace: object
    ) -> None:
        if fault is not None and (translation := _ours(fault)):
            raise translation from fault


_TRANSLATING = _Translating()


def translated() -> AbstractContextManager[None]:
    """Raise a `SearchError` for whatever the libraries below raise inside."""
    return _TRANSLATING


def _ours(fault: BaseException) -> EngineError | None:
    """Return our error for one of theirs; None for what goes on as it is."""
    if isinstance(fault, SearchError | FileNotFoundError):
        return None
    if isinstance(fault, sqlite3.Error):
        return of_sqlite(fault)
    if isinstance(fault, OSError):
        detail, after = _FILES.get(fault.errno, (AWAY, 5))
        return EngineUnavailableError(detail, retry_after=after)
    # A ValueError is the only one that tantivy knows.
    if isinstance(fault, ValueError) and _NO_PERMISSION in str(fault):
        return EngineUnavailableError(DENIED)
    if isinstance(fault, ValueError) or is_panic(fault):
        return EngineError(INDEX)
    return None


def is_panic(fault: BaseException) -> bool:
    """Say whether it is Rust's panic, which is no `Exception` and cannot be imported."""
    return type(fault).__name__ == "PanicException"


def of_sqlite(fault: sqlite3.Error) -> EngineError:
    """Return our error for one of SQLite's."""
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return EngineBusyError(BUSY, retry_after=1)
    if isinstance(fault, sqlite3.ProgrammingError):
        return EngineUnavailableError(CLOSED, retry_after=None)
    if code in _SQLITE:
        detail, after = _SQLITE[code]
        return EngineUnavailableError(detail, retry_after=after)
    return EngineError(DAMAGED)
