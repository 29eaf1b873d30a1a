"""The articles database (SQLite): the truth, the queue of changes, the real-time get."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from search.article import ArticleId, StoredArticle, Version
from search.embedded.faults import CLOSED
from search.errors import EngineUnavailableError, SearchError
from search.result import Outcome

_AT_ONCE: Final = 500  # values in one question to SQLite

_TABLES = """
PRAGMA page_size = 16384;
PRAGMA journal_mode = WAL;
CREATE TABLE article (
  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL UNIQUE, version INTEGER NOT NULL,
  digest BLOB NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE gone (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE label (
  field TEXT, id TEXT, name TEXT, slug TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (field, id, name)) WITHOUT ROWID;
CREATE INDEX label_slug ON label (field, slug);
CREATE TABLE part (
  field TEXT, part TEXT, id TEXT, PRIMARY KEY (field, part, id)) WITHOUT ROWID;
CREATE TABLE state (seq INTEGER NOT NULL);
INSERT INTO state VALUES (0);
"""


_SEQ: Final = "(SELECT seq FROM state)"


class MovedError(SearchError):
    """A rebuild has put another database in this one's place: look again, try again."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to an article; `n` is None where it went."""

    seq: int
    id: ArticleId
    n: int | None


def squeeze(body: bytes) -> bytes:
    """Return the body as it is kept."""
    return zlib.compress(body, 1)


def swell(body: bytes) -> bytes:
    """Return what `squeeze` was given."""
    return zlib.decompress(body)


def create(path: Path) -> None:
    """Make an empty database."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(_TABLES)


class Store:
    """One articles database. Safe in several threads; not over a fork."""

    def __init__(
        self, path: Path, in_use: Callable[[], bool], busy_seconds: float
    ) -> None:
        """`in_use` is asked by every write, when it has the database to itself."""
        self._path = path.absolute()
        self._in_use = in_use
        self._busy_seconds = busy_seconds
        self._free: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._writing = Lock()
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection."""
        db = self._take()
        try:
            yield db
        finally:
            self._give(db)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a transaction that is durable when it ends.

        Raises MovedError, and changes nothing, if the database is not in use any more.
        """
        with self._writing, self.read() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                self._check_in_use()
                yield db
                db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise

    def _check_in_use(self) -> None:
        if not self._in_use():
            raise MovedError

    def last(self) -> int:
        """Return the number of the last change."""
        db = self._take()  # not read(): every search asks this
        try:
            return last(db)
        finally:
            self._give(db)

    def find(self, article_id: ArticleId) -> tuple[int, StoredArticle] | None:
        """Return the article's number and the article, whole."""
        with self.read() as db:
            row = db.execute(
                "SELECT n, version, head, body FROM article WHERE id = ?", (article_id,)
            ).fetchone()
        if row is None:
            return None
        n, version, head, body = row
        return n, StoredArticle(article_id, version, head, swell(body))

    def articles(
        self, numbers: Sequence[int], *, body: bool
    ) -> dict[int, StoredArticle]:
        """Return the articles with these numbers that are still there."""
        return self.moment(numbers, body=body)[1]

    def moment(
        self, numbers: Sequence[int], *, body: bool
    ) -> tuple[int, dict[int, StoredArticle]]:
        """Return the last change, and these articles as they were then or later."""
        columns = f"{_SEQ}, n, id, version, head" + (", body" if body else "")
        rows: list[tuple[Any, ...]] = []
        db = self._take()  # not read(): every search asks this
        try:
            for some in chunks(numbers):
                marks = ",".join("?" * len(some))
                rows += db.execute(
                    f"SELECT {columns} FROM article WHERE n IN ({marks})", some
                )
            seq = rows[0][0] if rows else last(db)
        finally:
            self._give(db)
        if body:
            return seq, {
                n: StoredArticle(i, v, head, swell(b)) for _, n, i, v, head, b in rows
            }
        return seq, {n: StoredArticle(i, v, head) for _, n, i, v, head in rows}

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return the next changes in their order; of an article only the latest."""
        with self.read() as db:
            rows = db.execute(
                "SELECT seq, id, n FROM article WHERE seq > ?1"
                " UNION ALL SELECT seq, id, NULL FROM gone WHERE seq > ?1"
                " ORDER BY seq LIMIT ?2",
                (after, limit),
            )
            return [Change(*row) for row in rows]

    def unchanged(self) -> Iterator[Outcome]:
        """Yield the outcome of every article that stays as it is."""
        with self.read() as db:
            for article_id, version in db.execute("SELECT id, version FROM article"):
                yield Outcome(article_id, "unchanged", version)

    def count(self) -> int:
        """Return the number of articles."""
        with self.read() as db:
            return int(db.execute("SELECT count(*) FROM article").fetchone()[0])

    def forget(self, applied: int, before: Version) -> None:
        """Drop what is known of articles long gone: indexed, and of an old version."""
        with self.write() as db:
            db.execute(
                "DELETE FROM gone WHERE seq <= ? AND version < ?", (applied, before)
            )

    def close(self) -> None:
        """Close all connections; what is lent is closed when it comes back."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for db in free:
            db.close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise EngineUnavailableError(CLOSED, retry_after=None)
            if self._free:
                return self._free.pop()
        return self._open()

    def _give(self, db: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._free.append(db)
                return
        db.close()

    def _mode(self) -> str:
        """Return how to open the file: never made, and in a read-only folder as it is.

        SQLite itself cannot read there without the files that a last writer removed.
        """
        if os.access(self._path.parent, os.W_OK):
            return "mode=rw"
        log = self._path.with_name(self._path.name + "-wal")
        return "mode=ro" if log.exists() else "mode=ro&immutable=1"

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            f"{self._path.as_uri()}?{self._mode()}",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        db.execute("PRAGMA synchronous = FULL")
        return db


def last(db: sqlite3.Connection) -> int:
    """Return the number of the last change in this database."""
    return int(db.execute(f"SELECT {_SEQ}").fetchone()[0])


def chunks(values: Iterable[int | str]) -> Iterator[list[int | str]]:
    """Yield the values in pieces that one question to SQLite can hold."""
    pending = list(values)
    for start in range(0, len(pending), _AT_ONCE):
        yield pending[start : start + _AT_ONCE]
