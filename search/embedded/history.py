"""What the registry's stamp is, and which profiles have changed since one."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection
from typing import Final, cast

from search.entities.profile import Kind
from search.entities.registry import CHANGES

_KEPT: Final = 10 * CHANGES  # changes that are remembered
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS change (
  place INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER, mark INTEGER,
  kind TEXT, id TEXT)
"""
_MANY: Final = [("", "")]  # stands for more than are remembered


def move(db: sqlite3.Connection, changed: Collection[tuple[Kind, str]] = ()) -> None:
    """Give the registry another stamp, inside the transaction that changes it.

    No other change has it, in no copy and no other file under this name: what is made
    of the profiles is known by it. None that are `changed`: many are.
    """
    mark = secrets.randbits(31)
    db.execute("UPDATE state SET seq = seq + 1")
    db.execute(f"PRAGMA user_version = {mark}")
    db.execute(_TABLE)
    told = changed if 0 < len(changed) <= CHANGES else _MANY
    db.executemany(
        "INSERT INTO change (seq, mark, kind, id) SELECT seq, ?, ?, ? FROM state",
        ((mark, kind, entity_id) for kind, entity_id in told),
    )
    db.execute(
        "DELETE FROM change WHERE place <= (SELECT max(place) FROM change) - ?",
        (_KEPT,),
    )


def stamp(db: sqlite3.Connection) -> str:
    """Return the stamp, empty before the first change."""
    seq, mark = db.execute(
        "SELECT seq, user_version FROM state, pragma_user_version"
    ).fetchone()
    return f"{seq}.{mark}" if seq else ""


def changed(db: sqlite3.Connection, since: str) -> frozenset[tuple[Kind, str]] | None:
    """Return the profiles put or deleted since a stamp; None: unknown, or many."""
    if since == stamp(db):
        return frozenset()
    seq, _, mark = since.partition(".")
    told = "SELECT 1 FROM sqlite_master WHERE name = 'change'"
    if not db.execute(told).fetchone() or not _is_known(db, seq, mark):
        return None
    rows = db.execute(
        "SELECT DISTINCT kind, id FROM change WHERE seq > ? LIMIT ?",
        (int(seq), CHANGES + 1),
    ).fetchall()
    if len(rows) > CHANGES or _MANY[0] in rows:
        return None
    return frozenset((cast("Kind", kind), entity_id) for kind, entity_id in rows)


def _is_known(db: sqlite3.Connection, seq: str, mark: str) -> bool:
    rows = db.execute("SELECT 1 FROM change WHERE seq = ? AND mark = ?", (seq, mark))
    return rows.fetchone() is not None
