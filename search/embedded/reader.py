"""The readers' side of the index: a snapshot that follows the indexer's commits."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import tantivy
from tantivy import Query

from search.embedded import mapping


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at one commit, in which nothing moves while it is held.

    `applied` is the last change it has, `newest` the highest number of an article.
    """

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    name: str
    applied: int
    newest: int

    @property
    def stamp(self) -> str:
        """A text that no other snapshot has."""
        return f"{self.name}.{self.applied}"

    @property
    def single(self) -> bool:
        """Say whether it is one segment."""
        return bool(self.searcher.num_segments == 1)

    def count(self, query: Query) -> int:
        """Return how many articles match."""
        return total(self.searcher.search(query, limit=1))


class Reader:
    """One index folder, opened once in a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._meta = str(folder / "meta.json")
        self._lock = Lock()
        self._mark = self._look()
        self._view: TemporaryDirectory[str] | None = None
        self._index = self._open()
        self._snapshot = self._load()

    def snapshot(self) -> Snapshot:
        """Return the newest commit; costs one look at a file's date if nothing moved."""
        mark = self._look()
        if mark != self._mark:
            with self._lock:
                if mark != self._mark:
                    if self._view:
                        self._index = self._open()
                    self._snapshot = self._load()
                    self._mark = mark
        return self._snapshot

    def _look(self) -> tuple[int, int]:
        status = os.stat(self._meta)  # noqa: PTH116 (asked for by every search)
        return status.st_ino, status.st_mtime_ns

    def _open(self) -> tantivy.Index:
        folder = str(self.folder)
        if not os.access(folder, os.W_OK):
            # Tantivy makes a lock file even to read: it gets a folder of links.
            self._view = TemporaryDirectory(prefix="dateline-")
            folder = self._view.name
            for path in self.folder.glob("[!.]*"):
                Path(folder, path.name).symlink_to(path.absolute())
        index = tantivy.Index.open(folder)
        index.config_reader("manual")
        return index

    def _load(self) -> Snapshot:
        self._index.reload()
        searcher, schema = self._index.searcher(), self._index.schema
        return Snapshot(
            searcher,
            schema,
            self.folder.name,
            applied(searcher, schema),
            newest(searcher),
        )


def total(found: tantivy.SearchResult) -> int:
    """Return how many articles a search that counts has found."""
    return int(found.count or 0)  # type: ignore[attr-defined]  # tantivy.pyi lacks it


def applied(searcher: tantivy.Searcher, schema: tantivy.Schema) -> int:
    """Return the last change that the index has."""
    query = Query.term_query(schema, "id", mapping.CHECKPOINT)
    hits = searcher.search(query, limit=1, count=False).hits
    values = searcher.fast_field_values("checkpoint", [place for _, place in hits])
    return int(values[0] or 0) if values else 0


def newest(searcher: tantivy.Searcher) -> int:
    """Return the highest number of an article in the index."""
    found = searcher.search(
        Query.all_query(), limit=1, count=False, order_by_field="arrival"
    )
    return int(found.hits[0][0] or 0) if found.hits else 0
