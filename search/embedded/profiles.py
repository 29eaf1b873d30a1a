"""The tables of the registry, and what is asked of them inside a transaction."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from search.embedded.store import chunks
from search.entities import marks
from search.entities.profile import Kind, Profile, packed, unpacked
from search.entities.registry import Found, RegistryReport

_PAGE: Final = 5_000
_SLIPS: Final = 2
_TABLES: Final = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
CREATE TABLE profile (
  n INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, packed BLOB NOT NULL,
  UNIQUE (kind, id));
CREATE TABLE mark (
  kind TEXT, mark TEXT, n INTEGER, PRIMARY KEY (kind, mark, n)) WITHOUT ROWID;
CREATE TABLE part (
  kind TEXT, part TEXT, id TEXT, PRIMARY KEY (kind, part, id)) WITHOUT ROWID;
CREATE TABLE state (seq INTEGER NOT NULL);
INSERT INTO state VALUES (0);
"""


def create(path: Path) -> None:
    """Make an empty database, whole under its name or not at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(draft)) as db:
        db.executescript(_TABLES)
    draft.replace(path)


def put(
    db: sqlite3.Connection, given: Mapping[tuple[Kind, str], Profile]
) -> RegistryReport:
    """Add or replace the profiles."""
    old = known(db, given)
    changed = [
        profile
        for key, profile in given.items()
        if key not in old or old[key][1] != profile
    ]
    replaced = [old[key] for one in changed if (key := (one.kind, one.id)) in old]
    remove(db, replaced)
    add(db, changed)
    return RegistryReport(
        len(changed) - len(replaced), len(replaced), len(given) - len(changed)
    )


def add(db: sqlite3.Connection, given: Iterable[Profile]) -> None:
    """Add profiles that are not there; sorted, as that is how the tables are kept."""
    rows = list(enumerate(given, next_number(db)))
    db.executemany(
        "INSERT INTO profile VALUES (?, ?, ?, ?)",
        ((n, one.kind, one.id, packed(one)) for n, one in rows),
    )
    db.executemany(
        "INSERT INTO mark VALUES (?, ?, ?)",
        sorted((one.kind, mark, n) for n, one in rows for mark in marks.marks(one)),
    )
    db.executemany(
        "INSERT INTO part VALUES (?, ?, ?)",
        sorted(
            (one.kind, part, one.id) for _, one in rows for part in marks.parts(one)
        ),
    )


def remove(db: sqlite3.Connection, old: Iterable[tuple[int, Profile]]) -> None:
    """Remove profiles by their numbers."""
    for n, one in old:
        db.execute("DELETE FROM profile WHERE n = ?", (n,))
        db.executemany(
            "DELETE FROM mark WHERE kind = ? AND mark = ? AND n = ?",
            ((one.kind, mark, n) for mark in marks.marks(one)),
        )
        db.executemany(
            "DELETE FROM part WHERE kind = ? AND part = ? AND id = ?",
            ((one.kind, part, one.id) for part in marks.parts(one)),
        )


def known(
    db: sqlite3.Connection, keys: Iterable[tuple[Kind, str]]
) -> dict[tuple[Kind, str], tuple[int, Profile]]:
    """Return the profiles of these kinds and ids with their numbers."""
    ids: dict[Kind, list[str]] = {}
    for kind, entity_id in keys:
        ids.setdefault(kind, []).append(entity_id)
    found: dict[tuple[Kind, str], tuple[int, Profile]] = {}
    for kind, values in ids.items():
        for some in chunks(values):
            rows = db.execute(
                "SELECT n, packed FROM profile WHERE kind = ? AND id IN"
                f" ({_places(some)})",
                (kind, *some),
            )
            for n, data in rows:
                profile = unpacked(data)
                found[kind, profile.id] = (n, profile)
    return found


def meant(
    db: sqlite3.Connection, kind: Kind, texts: Collection[str]
) -> dict[str, tuple[Found, ...]]:
    """Return whom each text means."""
    asked = {text: marks.asked(kind, text) for text in texts}
    known = _marked(db, kind, asked)
    found = {text: marks.chosen(kind, text, known[text]) for text in texts}
    for text, found_so_far in found.items():
        surname = () if found_so_far else marks.asked_surname(kind, text)
        if surname:
            found[text] = marks.chosen(kind, text, _first(db, kind, surname))
    return found


def beginning(
    db: sqlite3.Connection, text: str, kinds: Collection[Kind]
) -> list[Profile]:
    """Return profiles of which a name, or a word in it, begins so."""
    found: list[tuple[Kind, str]] = []
    for kind in kinds:
        rows = db.execute(
            "SELECT id FROM part WHERE kind = ? AND part >= ? AND part < ?"
            " ORDER BY part, id LIMIT ?",
            (kind, text, text + "\U0010ffff", marks.ENTRIES // len(kinds)),
        )
        found += [(kind, entity_id) for (entity_id,) in rows]
    return [profile for _, profile in known(db, dict.fromkeys(found)).values()]


def near(db: sqlite3.Connection, kind: Kind, text: str) -> list[Profile]:
    """Return the profiles of a kind with a part that is a slip or two away."""
    found: dict[tuple[Kind, str], None] = {}
    for head in marks.heads(text):
        rows = db.execute(
            "SELECT part, id FROM part WHERE kind = ? AND part >= ? AND part < ?"
            " AND length(part) BETWEEN ? AND ?",
            (
                *(kind, head, head + "\U0010ffff"),
                *(len(text) - _SLIPS, len(text) + _SLIPS),
            ),
        )
        found |= {(kind, i): None for part, i in rows if marks.is_near(part, text)}
    return [profile for _, profile in known(db, found).values()]


def page(db: sqlite3.Connection, kind: Kind, after: str) -> list[tuple[str, bytes]]:
    """Return the next profiles of a kind by id, packed."""
    return db.execute(
        "SELECT id, packed FROM profile WHERE kind = ? AND id > ? ORDER BY id LIMIT ?",
        (kind, after, _PAGE),
    ).fetchall()


def next_number(db: sqlite3.Connection) -> int:
    """Return the number that the next profile gets."""
    return number(db, "SELECT coalesce(max(n), 0) FROM profile") + 1


def number(db: sqlite3.Connection, question: str) -> int:
    """Return the one number that is asked for."""
    return int(db.execute(question).fetchone()[0])


def _marked(
    db: sqlite3.Connection, kind: Kind, asked: Mapping[str, Sequence[str]]
) -> dict[str, list[Profile]]:
    """Return the first profiles of a kind, by id, that have a mark of each text."""
    numbers: dict[str, set[int]] = {}
    for some in chunks(dict.fromkeys(chain.from_iterable(asked.values()))):
        for mark, n in db.execute(
            f"SELECT mark, n FROM mark WHERE kind = ? AND mark IN ({_places(some)})",
            (kind, *some),
        ):
            numbers.setdefault(mark, set()).add(n)
    wanted = {
        text: set().union(*(numbers.get(mark, ()) for mark in found))
        for text, found in asked.items()
    }
    few = {text for text, each in wanted.items() if len(each) <= marks.MOST}
    known = _numbered(db, {n for text in few for n in wanted[text]})
    return {
        text: [known[n] for n in wanted[text] if n in known]
        if text in few
        else _first(db, kind, found)
        for text, found in asked.items()
    }


def _numbered(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Profile]:
    return {
        n: unpacked(data)
        for some in chunks(numbers)
        for n, data in db.execute(
            f"SELECT n, packed FROM profile WHERE n IN ({_places(some)})", some
        )
    }


def _first(db: sqlite3.Connection, kind: Kind, asked: Sequence[str]) -> list[Profile]:
    """Return the first profiles of a kind, by id, that have one of the marks."""
    rows = db.execute(
        "SELECT packed FROM profile WHERE n IN (SELECT n FROM mark WHERE kind = ?"
        f" AND mark IN ({_places(asked)})) ORDER BY id LIMIT ?",
        (kind, *asked, marks.MOST),
    )
    return [unpacked(data) for (data,) in rows]


def _places(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
