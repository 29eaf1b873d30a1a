"""The registry of the reference engine: a dict and a loop."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from threading import RLock

from search.entities import marks
from search.entities.profile import KINDS, Kind, Profile
from search.entities.registry import CHANGES, Completion, Found, RegistryReport
from search.errors import EntityNotFoundError


class ReferenceRegistry:
    """Keeps the whole `search.entities.registry.Registry` protocol."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._known: dict[tuple[Kind, str], Profile] = {}
        self._changes = 0
        self._history: list[tuple[int, tuple[Kind, str]]] = []

    @property
    def folder(self) -> Path | None:
        return None

    def put(self, given: Iterable[Profile], /) -> RegistryReport:
        latest = {(profile.kind, profile.id): profile for profile in given}
        with self._lock:
            created = [key for key in latest if key not in self._known]
            same = [key for key in latest if self._known.get(key) == latest[key]]
            self._known |= latest
            updated = len(latest) - len(created) - len(same)
            self._changes += bool(created or updated)
            self._history += [(self._changes, key) for key in latest]
        return RegistryReport(len(created), updated, len(same))

    def delete(self, kind: Kind, ids: Iterable[str], /) -> int:
        with self._lock:
            ids = list(ids)
            gone = [self._known.pop((kind, each), None) for each in ids]
            count = len(gone) - gone.count(None)
            self._changes += bool(count)
            self._history += [(self._changes, (kind, each)) for each in ids]
            return count

    def get(self, kind: Kind, entity_id: str, /) -> Profile:
        with self._lock:
            if (kind, entity_id) not in self._known:
                raise EntityNotFoundError(kind, entity_id)
            return self._known[kind, entity_id]

    def find(self, kind: Kind, text: str, /) -> tuple[Found, ...]:
        return marks.chosen(kind, text, self.scan(kind)) if marks.typed(text) else ()

    def find_all(
        self, kind: Kind, texts: Collection[str], /
    ) -> Mapping[str, tuple[Found, ...]]:
        return {text: self.find(kind, text) for text in texts}

    def complete(
        self, text: str, /, kinds: Collection[Kind] = KINDS, size: int = 10
    ) -> tuple[Completion, ...]:
        beginning, found = marks.typed(text), []
        for kind in kinds if beginning else ():
            entries = sorted(
                (part, profile.id)
                for profile in self.scan(kind)
                for part in marks.parts(profile)
                if part.startswith(beginning)
            )[: marks.ENTRIES // len(kinds)]
            found += [self.get(kind, each) for each in {i for _, i in entries}]
        return marks.completed(text, found, size)

    def near(self, kind: Kind, text: str, /, size: int = 5) -> tuple[str, ...]:
        typed = marks.typed(text)
        return marks.nearest(self.scan(kind), typed, size) if typed else ()

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        with self._lock:
            known = sorted(self._known)
        return (self._known[key] for key in known if kind in (None, key[0]))

    def count(self) -> int:
        return len(self._known)

    def stamp(self) -> str:
        with self._lock:
            return str(self._changes) if self._changes else ""

    def changed(self, since: str, /) -> Collection[tuple[Kind, str]] | None:
        with self._lock:
            if not since.isdigit():
                return None
            told = {key for n, key in self._history if n > int(since)}
        return told if len(told) <= CHANGES else None
