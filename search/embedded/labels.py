"""Names of facet values: what ids are called, who bears a name, what is near it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search.article import Entity
from search.embedded.compile import Compiler
from search.embedded.mapping import label_key
from search.embedded.reader import Snapshot
from search.embedded.store import Store, chunks
from search.entities.names import labels as spellings
from search.matching import distance_within
from search.text import fold, is_text, slug

_SUGGESTED: Final = 5
_TRIED: Final = 30
_SHORT: Final = 4  # letters, up to which one slip is all that is allowed


@dataclass(frozen=True, slots=True)
class Labels:
    """The names in one database, of values that one snapshot still has."""

    store: Store
    snapshot: Snapshot
    compiler: Compiler

    def names(self, field: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the newest name of each id."""
        found = self.all_names(field, ids)
        return {key: self._latest(field, key, names) for key, names in found.items()}

    def all_names(self, field: str, ids: Iterable[str]) -> dict[str, list[str]]:
        """Return all names of each id, oldest first."""
        found: dict[str, list[str]] = {}
        with self.store.read() as db:
            for some in chunks(ids):
                for key, name in _named(db, field, some):
                    found.setdefault(key, []).append(name)
        return found

    def called(self, field: str, name: str, *, exact: bool = False) -> list[Entity]:
        """Return the values of this id or name that some article has, by id.

        `exact`: of this id.
        """
        key = name if exact else slug(name)
        if not exact:
            return self.bearers(field, [key])[key] if key else []
        known = self.all_names(field, [key]) if is_text(key) else {}
        return [
            Entity(each, self._latest(field, each, names))
            for each, names in known.items()
            if self.snapshot.count(self.compiler.keyword(field, each))
        ]

    def bearers(self, field: str, keys: Collection[str]) -> dict[str, list[Entity]]:
        """Return the values that some article has under each key, by id."""
        wanted = [key for key in keys if key and is_text(key)]
        found: dict[str, list[Entity]] = {key: [] for key in keys}
        with self.store.read() as db:
            known = _under(db, field, wanted)
        for key, names in known.items():
            for each, every in sorted(names.items()):
                if any(self._is_borne(field, each, key, name) for name in every):
                    entity = Entity(each, self._latest(field, each, every))
                    found[key].append(entity)
        return found

    def containing(self, field: str, text: str) -> dict[str, list[str]]:
        """Return ids and their names that have the folded text in the name."""
        pattern = fold(text)
        found: dict[str, list[str]] = {}
        with self.store.read() as db:
            rows = db.execute("SELECT id, name FROM label WHERE field = ?", (field,))
            for key, name in rows:
                if pattern in fold(name):
                    found.setdefault(key, []).append(name)
        return found

    def beginning(self, field: str, text: str, size: int) -> tuple[Entity, ...]:
        """Return values of which the name, or a word in it, begins so."""
        key = slug(text)
        if not key:
            return ()
        with self.store.read() as db:
            rows = db.execute(
                "SELECT DISTINCT id FROM part WHERE field = ? AND part >= ?"
                " AND part < ? LIMIT ?",
                (field, key, key + "\U0010ffff", size),
            ).fetchall()
        names = self.names(field, [entity_id for (entity_id,) in rows])
        return tuple(Entity(entity_id, name) for entity_id, name in names.items())

    def _latest(self, field: str, key: str, names: Sequence[str]) -> str:
        """Return the name that the newest article gives, of those of an id."""
        if len(names) == 1:
            return names[0]
        return max(names, key=lambda name: self._last(field, key, name))

    def _last(self, field: str, key: str, name: str) -> int:
        """Return the number of the newest article that has an id by this name."""
        found = self.snapshot.searcher.search(
            self.compiler.keyword(f"{field}_key", label_key(key, name)),
            limit=1,
            count=False,
            order_by_field="arrival",
        )
        return int(found.hits[0][0] or 0) if found.hits else 0

    def _is_borne(self, field: str, entity_id: str, key: str, name: str) -> bool:
        """Say whether some article has the value under this key by this name."""
        own = (entity_id, slug(name) or entity_id)
        if key not in own and key not in spellings(field, entity_id, name):
            return False
        if key == entity_id:
            return self.snapshot.count(self.compiler.keyword(field, entity_id)) > 0
        term = self.compiler.keyword(f"{field}_key", label_key(entity_id, name))
        return self.snapshot.count(term) > 0

    def near(self, field: str, key: str) -> tuple[str, ...]:
        """Return names near a slug, best first."""
        return tuple(self._near(field, key)) if is_text(key) else ()

    def _near(self, field: str, key: str) -> Iterator[str]:
        """Yield names of which a part has the same first letter and a slip or two."""
        distances: dict[str, int] = {}
        for part, entity_id in self._parts(field, key):
            distance = _distance(part, key)
            if distance is not None:
                known = distances.get(entity_id, distance)
                distances[entity_id] = min(distance, known)
        nearest = sorted(distances, key=lambda each: (distances[each], each))[:_TRIED]
        counts = {
            each: self.snapshot.count(self.compiler.keyword(field, each))
            for each in nearest
        }
        alive = [each for each in nearest if counts[each]]
        alive.sort(key=lambda each: (distances[each], -counts[each], each))
        names = self.names(field, alive[:_SUGGESTED])
        yield from (names[each] for each in alive[:_SUGGESTED])

    def _parts(self, field: str, key: str) -> list[tuple[str, str]]:
        with self.store.read() as db:
            return db.execute(
                "SELECT part, id FROM part WHERE field = ? AND part >= ? AND part < ?"
                " AND length(part) BETWEEN ? AND ?",
                (field, key[0], key[0] + "\U0010ffff", len(key) - 2, len(key) + 2),
            ).fetchall()


def _distance(part: str, key: str) -> int | None:
    """Return how many edits are between, if they are few for the length."""
    allowed = 1 if len(key) <= _SHORT else 2
    return next((n for n in range(allowed + 1) if distance_within(part, key, n)), None)


def _named(
    db: sqlite3.Connection, field: str, ids: Sequence[int | str]
) -> Iterable[tuple[str, str]]:
    return db.execute(
        "SELECT id, name FROM label WHERE field = ?"
        f" AND id IN ({_places(ids)}) ORDER BY seq",
        (field, *ids),
    )


def _under(
    db: sqlite3.Connection, field: str, keys: Collection[str]
) -> dict[str, dict[str, list[str]]]:
    """Return, by key, all names of ids that have, or had, a name under it, by id."""
    ids: dict[str, set[str]] = {key: {key} for key in keys}
    marked = [key for key in keys if key[0] in "=~"]
    for some in chunks(marked):
        for key, each in db.execute(
            f"SELECT part, id FROM part WHERE field = ? AND part IN ({_places(some)})",
            (field, *some),
        ):
            ids[key].add(each)
    for some in chunks(key for key in keys if key[0] not in "=~"):
        for key, each in db.execute(
            f"SELECT slug, id FROM label WHERE field = ? AND slug IN ({_places(some)})",
            (field, *some),
        ):
            ids[key].add(each)
    names: dict[str, list[str]] = {}
    for some in chunks(set().union(*ids.values())):
        for each, name in _named(db, field, some):
            names.setdefault(each, []).append(name)
    return {
        key: {each: names[each] for each in found if each in names}
        for key, found in ids.items()
    }


def _places(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
