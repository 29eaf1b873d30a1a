"""Which database and which index are in use, and how others take their place."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import orjson
import tantivy

from search.embedded import mapping, store
from search.errors import EngineConfigurationError

FORMAT: Final = 1
CURRENT: Final = "CURRENT"


@dataclass(frozen=True, slots=True)
class Generation:
    """What is in use: the database's file, the index's folder and how it was made."""

    articles: str
    index: str
    stamp: str
    format: int = FORMAT


class Folder:
    """The data folder of an embedded engine."""

    def __init__(self, path: Path, busy_seconds: float = 10.0) -> None:
        self.path = path
        self.busy_seconds = busy_seconds
        self._current = str(path / CURRENT)
        self._seen: tuple[tuple[int, int], Generation] | None = None

    def current(self) -> Generation:
        """Return what is in use now; costs one look at a file's date."""
        status = os.stat(self._current)  # noqa: PTH116 (asked for by every search)
        mark = (status.st_ino, status.st_mtime_ns)
        seen = self._seen
        if seen is None or seen[0] != mark:
            seen = self._seen = (mark, parse((self.path / CURRENT).read_bytes()))
        return seen[1]

    def store(self, generation: Generation, *, free: bool = False) -> store.Store:
        """Open the generation's database; `free`: nobody else knows of it yet."""
        return store.Store(
            self.path / generation.articles,
            lambda: free or self.current().articles == generation.articles,
            self.busy_seconds,
        )

    def prepare(self) -> None:
        """Make an empty database and index in a folder that has none.

        A single database without CURRENT, as a partial copy leaves it, is put in use.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with self.locked("prepare.lock"):
            if (self.path / CURRENT).exists():
                return
            found = [path.name for path in self.path.glob("articles-*.db")]
            if len(found) > 1:
                raise EngineConfigurationError(
                    f"The data folder has several databases ({', '.join(found)}) and no "
                    "file CURRENT: keep the one to be used and move the others away."
                )
            fresh = self.fresh_index()
            if found:
                self.switch(replace(fresh, articles=found[0]))
            else:
                self.switch(self.fresh_articles(fresh))

    def fresh_index(self) -> Generation:
        """Make an empty index and return it beside a database that is to be named."""
        name = f"index-{secrets.token_hex(4)}"
        folder = self.path / name
        folder.mkdir()
        index = tantivy.Index(mapping.schema(), str(folder))
        writer = index.writer(15_000_000, 1)
        writer.add_document(mapping.checkpoint(0))
        writer.commit()
        writer.wait_merging_threads()
        return Generation("", name, mapping.STAMP)

    def fresh_articles(self, generation: Generation) -> Generation:
        """Make an empty database and return it beside the index."""
        name = f"articles-{secrets.token_hex(4)}.db"
        store.create(self.path / name)
        return replace(generation, articles=name)

    def switch(self, generation: Generation) -> None:
        """Put the generation in use, atomically and durably."""
        temporary = self.path / f"{CURRENT}.{secrets.token_hex(4)}"
        with temporary.open("wb") as file:
            file.write(orjson.dumps(generation))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path / CURRENT)
        sync_folder(self.path)

    def sweep(self) -> None:
        """Remove databases and indexes that are not in use and that nobody is making."""
        with self.locked("rebuild.lock", wait=False) as won:
            if not won:
                return
            kept = self.current()
            for path in self.path.glob("index-*"):
                if path.name != kept.index:
                    shutil.rmtree(path, ignore_errors=True)
            for path in self.path.glob("articles-*"):
                if not path.name.startswith(kept.articles):
                    path.unlink(missing_ok=True)
            for path in self.path.glob(f"{CURRENT}.*"):
                path.unlink(missing_ok=True)

    @contextmanager
    def locked(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        """Hold a lock that the kernel frees when the process dies; False: not won."""
        with (self.path / name).open("ab") as file:
            yield take(file.fileno(), wait=wait)


def take(descriptor: int, *, wait: bool) -> bool:
    """Lock an open file against all other openings; say whether it worked."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        return True
    return False


def sync_folder(path: Path) -> None:
    """Make the folder's list of names durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def parse(text: bytes) -> Generation:
    """Return the generation that CURRENT names, or raise EngineConfigurationError."""
    damaged = EngineConfigurationError(
        "The data folder's file CURRENT is damaged: restore the folder from a "
        "backup, or name an empty folder and load the articles again."
    )
    try:
        values = orjson.loads(text)
        found = values["format"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise damaged from None
    if found != FORMAT:
        raise EngineConfigurationError(
            f"The data folder has format {found}, this version of Dateline reads "
            f"format {FORMAT}: use the version that made it, or another folder."
        )
    try:
        return Generation(**values)
    except TypeError:
        raise damaged from None
