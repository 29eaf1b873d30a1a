"""Many profiles at once: read aside, sorted, then written in one transaction.

Rows that come in the order of their table cost a fifth of rows that come anyhow, once
the tables are larger than what is held in memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from search.embedded import history, profiles
from search.entities import marks
from search.entities.profile import Profile, packed, unpacked
from search.entities.registry import RegistryReport

_AT_ONCE: Final = 2_000
_CACHE: Final = 64_000  # kB, for as long as it lasts
_TABLES: Final = """
CREATE TEMP TABLE one (n INTEGER PRIMARY KEY, kind TEXT, id TEXT, packed BLOB);
CREATE TEMP TABLE its_mark (n INTEGER, kind TEXT, mark TEXT);
CREATE TEMP TABLE its_part (n INTEGER, kind TEXT, part TEXT, id TEXT);
"""
_TEMPORARY: Final = ("one", "its_mark", "its_part")
_LATEST: Final = "SELECT max(n) FROM one GROUP BY kind, id"


def put(db: sqlite3.Connection, given: Iterable[Profile]) -> RegistryReport:
    """Add or replace the profiles: all of them, or none."""
    with _staged(db):
        _stage(db, given)
        db.execute("BEGIN IMMEDIATE")
        try:
            report = _settle(db)
            if report.created or report.updated:
                history.move(db)
            db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise
    return report


@contextmanager
def _staged(db: sqlite3.Connection) -> Iterator[None]:
    """Lend tables that only this connection sees, and memory."""
    db.execute(f"PRAGMA cache_size = -{_CACHE}")
    db.executescript(_TABLES)
    try:
        yield
    finally:
        for name in _TEMPORARY:
            db.execute(f"DROP TABLE temp.{name}")
        db.execute("PRAGMA cache_size = -2000")
        db.execute("PRAGMA shrink_memory")


def _stage(db: sqlite3.Connection, given: Iterable[Profile]) -> None:
    source = iter(enumerate(given, profiles.next_number(db)))
    while some := list(islice(source, _AT_ONCE)):
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO one VALUES (?, ?, ?, ?)",
            ((n, each.kind, each.id, packed(each)) for n, each in some),
        )
        db.executemany(
            "INSERT INTO its_mark VALUES (?, ?, ?)",
            ((n, each.kind, m) for n, each in some for m in marks.marks(each)),
        )
        db.executemany(
            "INSERT INTO its_part VALUES (?, ?, ?, ?)",
            ((n, each.kind, p, each.id) for n, each in some for p in marks.parts(each)),
        )
        db.execute("COMMIT")


def _settle(db: sqlite3.Connection) -> RegistryReport:
    """Write what was staged and is new."""
    db.execute(f"DELETE FROM one WHERE n NOT IN ({_LATEST})")
    total = profiles.number(db, "SELECT count(*) FROM one")
    db.execute(
        "DELETE FROM one WHERE EXISTS (SELECT 1 FROM profile p WHERE p.kind = one.kind"
        " AND p.id = one.id AND p.packed = one.packed)"
    )
    fresh = profiles.number(db, "SELECT count(*) FROM one")
    old = db.execute(
        "SELECT p.n, p.packed FROM one JOIN profile p USING (kind, id)"
    ).fetchall()
    profiles.remove(db, ((n, unpacked(data)) for n, data in old))
    # Numbers were given before others were kept out: some may be taken by now.
    start = profiles.next_number(db)
    shift = start - profiles.number(db, f"SELECT coalesce(min(n), {start}) FROM one")
    db.execute(
        "INSERT INTO profile SELECT n + ?, kind, id, packed FROM one ORDER BY n",
        (shift,),
    )
    kept = "WHERE n IN (SELECT n FROM one)"
    db.execute(
        f"INSERT INTO mark SELECT kind, mark, n + ? FROM its_mark {kept}"
        " ORDER BY kind, mark, n",
        (shift,),
    )
    db.execute(
        f"INSERT INTO part SELECT kind, part, id FROM its_part {kept}"
        " ORDER BY kind, part, id"
    )
    return RegistryReport(fresh - len(old), len(old), total - fresh)
